// SPDX-License-Identifier: Apache-2.0
//
// connections.js - what is connected, what each connection may do, how to log in again.
import { api } from './api.js';
import { copy, head, look, may, say } from './act.js';
import { empty, h, note, page, section, state, table, terms } from './dom.js';
import { mistakes, sync_link, time } from './told.js';
import { number, t } from './words.js';

const of = (told, name) => (told.syncs ?? []).filter(s =>
	s.from.startsWith(name + ' ') || s.to.startsWith(name + ' '));

// What is known without asking: a run of late that read from it, or wrote to it.
function last_known(name, told, status) {
	const runs = (status.syncs ?? []).filter(s => s.last_run).map(s => ({ ...s,
		side: (told.syncs ?? []).find(x => x.name === s.name) })).filter(s => s.side);
	const worked = runs.filter(s => ['done', 'records'].includes(s.result)
		&& ((s.side.from.startsWith(name + ' ') && s.read > 0)
			|| (s.side.to.startsWith(name + ' ') && s.written > 0)));
	const refused = runs.filter(s => s.result === 'credentials'
		&& [s.side.from, s.side.to].some(x => x.startsWith(name + ' ')));
	if (refused.length > 0)
		return h('span', {}, state('bad', t('login-refused')), ' ',
			joined(refused.map(s => sync_link(s.name))));
	const last = worked.map(s => s.last_run).sort().pop();
	return last ? h('span', {}, state('good', t('worked-at')), ' ', time(last))
		: state('off', t('not-known'));
}

const joined = nodes => nodes.flatMap((n, i) => i ? [', ', n] : [n]);

export async function connections() {
	const [told, status] = await Promise.all([api.check(), api.status()]);
	const rows = told.connections ?? [];
	if (rows.length === 0)
		return [head(t('connections')), mistakes(told), empty(t('no-connections'))];
	return [head(t('connections')), mistakes(told), section(t('connections'), table(t('connections'), [
		{ head: t('name'), cell: c => page('connections/' + encodeURIComponent(c.name), c.name) },
		{ head: t('state'), cell: c => last_known(c.name, told, status) },
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

// A key is made at the CRM and stands where the setting says; a page never sees one.
function key_again(told) {
	const keys = (told.settings ?? []).filter(s => s.type === 'secret' && s.value);
	return section(t('key-again'), h('p', {}, t('key-again-lead')),
		terms(keys.map(s => [h('code', {}, s.name),
			h('span', {}, h('code', {}, s.value), h('div', { class: 'soft' }, s.hint))])),
		command('renkei help ' + told.name));
}

const command = text => h('p', {}, h('code', {}, text), ' ',
	look('copy', t('copy'), () => copy(text), 'plain'));

// The CRM's page of consent leads back to a port of the machine where renkei runs.
const login_again = (name, oauth) => section(t('login-again'), h('p', {}, t('login-again-lead')),
	command('renkei login ' + name),
	terms([[t('obtained'), oauth.obtained && time(oauth.obtained)],
		[t('expires'), oauth.expires && time(oauth.expires)],
		[t('state'), oauth.access_token ? null : state('bad', t('no-login'))]]));

export async function connection([name]) {
	const [check_told, status, told] = await Promise.all([api.check(), api.status(),
		may() ? api.connection(name) : {}]);
	const known = (check_told.connections ?? []).find(c => c.name === name);
	return [head(name, h('p', { class: 'crumb' }, page('connections', t('back', t('connections')))),
		h('div', { class: 'doing' },
			h('a', { class: 'button', href: '#/errors?connection=' + encodeURIComponent(name) }, t('health')),
			look('check', t('check-now'), () => check(name), 'main'))),
	mistakes(told),
	h('div', { class: 'grid' },
		section(t('state'), h('div', { id: 'account' }, terms([[t('last-known'),
			last_known(name, check_told, status)]])),
		terms([[t('connector'), told.title ?? known?.connector], [t('version'), known?.version],
			[t('vendor'), told.vendor]])),
		may() && (told.oauth ? login_again(name, told.oauth) : key_again(told))),
	may() ? settings(told.settings ?? []) : note('', t('settings-operator')),
	may() && abilities(told.objects ?? [])];
}
