// SPDX-License-Identifier: Apache-2.0
//
// connections.js - what is connected, what each connection may do, how to log in again.
import { api } from './api.js';
import { copy, head, look, say } from './act.js';
import { empty, h, note, page, section, state, table, terms } from './dom.js';
import { mistakes, sync_link, time } from './told.js';
import { number, t } from './words.js';

const of = (told, name) => (told.syncs ?? []).filter(s =>
	s.from.startsWith(name + ' ') || s.to.startsWith(name + ' '));

const joined = nodes => nodes.flatMap((n, i) => i ? [', ', n] : [n]);

export async function connections() {
	const told = await api.check();
	const rows = told.connections ?? [];
	if (rows.length === 0)
		return [head(t('connections')), mistakes(told), empty(t('no-connections'))];
	return [head(t('connections')), mistakes(told), section(t('connections'), table(t('connections'), [
		{ head: t('name'), cell: c => page('connections/' + encodeURIComponent(c.name), c.name) },
		{ head: t('connector'), cell: c => c.connector },
		{ head: t('version'), cell: c => c.version ?? '–' },
		{ head: t('used-by'), cell: c => joined(of(told, c.name).map(s => sync_link(s.name))) },
	], rows))];
}

/* ---- One of them ------------------------------------------------------------ */

function account(c) {
	const grants = (c.grants ?? []).filter(g => g.needed || g.granted);
	return [terms([[t('state'), state(c.state === 'ok' ? 'good' : 'bad', c.state ?? '–')],
		[t('user'), c.user || c.account]]),
	grants.length > 0 && table(t('scopes-read'), [
		{ head: t('name'), cell: g => h('code', {}, g.name) },
		{ head: t('state'), cell: g => state(g.granted ? 'good' : g.needed ? 'bad' : 'off',
			g.granted ? t('on') : t('off')) },
		{ head: t('why'), cell: g => g.detail ?? '' }], grants)];
}

async function check(name) {
	const told = await api.check_online();
	const found = (told.connections ?? []).find(c => c.name === name);
	const wrong = (told.errors ?? []).filter(e => e.about === name);
	document.getElementById('account').replaceChildren(...[found && account(found),
		mistakes({ errors: wrong })].flat(2).filter(Boolean));
	if (wrong.length === 0)
		say(t('check-good', name));
}

function settings(rows) {
	return section(t('settings'), table(t('settings'), [
		{ head: t('setting'), cell: s => h('code', {}, s.name) },
		{ head: t('value'), cell: s => h('code', {}, s.value ?? s.default ?? '–') },
		{ head: t('meaning'), cell: s => s.hint },
	], rows));
}

function abilities(rows) {
	return section(t('abilities'), table(t('abilities'), [
		{ head: t('object'), cell: o => h('span', {}, o.label, ' ', h('code', {}, o.name)) },
		{ head: t('operations'), cell: o => o.operations.join(', ') },
		{ head: t('scopes-read'), cell: o => o.read_scopes.join(', ') || '–' },
		{ head: t('scopes-write'), cell: o => o.write_scopes.join(', ') || '–' },
	], rows));
}

export async function connection([name]) {
	const told = await api.connection(name);
	const command = 'renkei login ' + name;
	return [head(name, h('p', { class: 'crumb' }, page('connections', t('back', t('connections')))),
		h('div', { class: 'doing' }, look('check', t('check-now'), () => check(name), 'main'))),
	mistakes(told),
	h('div', { class: 'grid' },
		section(t('state'), h('div', { id: 'account' }),
			terms([[t('connector'), told.title], [t('version'), told.version],
				[t('message'), told.vendor]])),
		section(t('login-again'), h('p', {}, t('login-again-lead')),
			h('p', {}, h('code', {}, command), ' ',
				look('copy', t('copy'), () => copy(command), 'plain')))),
	settings(told.settings ?? []), abilities(told.objects ?? [])];
}
