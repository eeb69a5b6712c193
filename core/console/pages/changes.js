// SPDX-License-Identifier: Apache-2.0
//
// changes.js - what holds otherwise than configured, and who did what when.
import { api } from './api.js';
import { act, head, may, say, show } from './act.js';
import { empty, h, section, state, table } from './dom.js';
import { mistakes, time } from './told.js';
import { number, t } from './words.js';

/* How each kind is taken back; what only a terminal set is taken back there. */
const back = {
	'allocation': o => api.allocation_clear(o.name, o.item),
	'notify.send': o => api.notify_clear(o.name),
	'enabled': o => o.value !== 'false' ? null
		: o.item === 'all' ? api.resume_all()
			: o.item === 'connection' ? api.connection_resume(o.name) : api.resume(o.name),
};

function clear(o, i) {
	if (!may() || !back[o.what] || (o.what === 'enabled' && o.value !== 'false'))
		return '';
	return act('clear-' + i, h('span', {}, t('take-back'), h('span', { class: 'unseen' },
		': ' + [o.what, o.name, o.item].join(' '))), async () => {
		await back[o.what](o);
		say(t('done'));
		show(true);
	}, 'plain');
}

function overrides(rows) {
	return section(t('overrides'), h('p', { class: 'soft' }, t('overrides-lead')),
		rows.length === 0 ? empty(t('no-overrides')) : table(t('overrides'), [
			{ head: t('setting'), cell: o => h('code', {}, [o.what, o.name, o.item].filter(Boolean).join(' ')) },
			{ head: t('value'), cell: o => o.value },
			{ head: t('configured'), cell: o => o.configured ?? '–' },
			{ head: t('who'), cell: o => o.who },
			{ head: t('time'), cell: o => time(o.at) },
			may() && { head: t('change'), cell: o => clear(o, rows.indexOf(o)) },
		].filter(Boolean), rows));
}

// The codes with which a command ends.
const ended = code => state(code === 0 ? 'good' : [3, 4].includes(code) ? 'warn' : 'bad',
	code >= 0 && code <= 5 ? t('exit-' + code) : number(code));

export async function changes() {
	const [set, audit] = await Promise.all([api.overrides(), api.audit()]);
	const rows = audit.actions ?? [];
	return [head(t('changes-made')), mistakes(set), overrides(set.overrides ?? []),
		section(t('audit'), rows.length === 0 ? empty(t('no-audit')) : table(t('audit'), [
			{ head: t('time'), cell: a => time(a.at) },
			{ head: t('who'), cell: a => a.who },
			{ head: t('action'), cell: a => h('code', {}, a.action) },
			{ head: t('result'), cell: a => ended(a.code) },
		], rows))];
}
