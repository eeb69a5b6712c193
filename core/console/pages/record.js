// SPDX-License-Identifier: Apache-2.0
//
// record.js - the story of one record: where it stands, why, and what happens next.
import { api } from './api.js';
import { act, head, say, show } from './act.js';
import { h, link, note, page, section, table, terms } from './dom.js';
import { mistakes, sync_link, time, word } from './told.js';
import { number, t, when } from './words.js';

async function again(sync, id) {
	await api.resync(sync, [id]);
	say(t('done'));
	show(true);
}

// What was written to it, where the sync keeps a history.
function changed(rows, title = t('field-changes')) {
	return rows.length > 0 && section(title, table(title, [
		{ head: t('time'), cell: c => time(c.at) },
		{ head: t('field'), cell: c => c.field ?? '' },
		{ head: t('changes'), cell: c => h('span', {}, c.before !== null
			&& h('span', { class: 'before' }, c.before), c.before !== null && ' → ', c.after ?? '') },
		{ head: t('cause'), cell: c => h('span', {}, word('cause', c.cause),
			c.note ? ' (' + c.note + ')' : '', c.known ? '' : ' – ' + t('not-known')) },
		{ head: t('rule'), cell: c => c.rule ? h('code', {}, c.rule) : '' },
		{ head: t('run'), cell: c => c.run, number: true },
	], rows, 1));
}

export async function record([sync, id]) {
	const told = await api.why(sync, id);
	const more = told.category && told.category !== 'none'
		? (await api.error(sync, id).catch(() => ({}))).records?.[0] : null;
	return [head(told.id ?? id,
		h('p', { class: 'crumb' }, page('errors?sync=' + encodeURIComponent(sync),
			t('back', t('health')))),
		h('div', { class: 'doing' }, act('resync', t('resync'), () => again(sync, id), 'main'),
			more && act('ignore', t('ignore'), async () => {
				await api.ignore(sync, [id]);
				say(t('done'));
				show(true);
			}))),
	mistakes(told),
	more && note('bad', h('strong', {}, more.title ?? ''), h('blockquote', {}, more.message),
		h('strong', {}, t('what-to-do')), h('ul', {}, (more.remedies ?? []).map(r => h('li', {}, r)))),
	section(t('where'), terms([
		[t('sync'), sync_link(sync)],
		[t('state'), word('pending', told.state)], [t('field'), told.field && h('span', {}, told.field, ' ',
			h('code', {}, told.value ?? ''))],
		[t('code'), told.code], [t('attempts'), told.attempts && number(told.attempts)],
		[t('first-seen'), told.first_seen && time(told.first_seen)],
		[t('next-try'), told.next_try && time(told.next_try)],
		[t('from'), told.link && link(told.link, t('source-record') + ' (' + told.id + ')')],
		[t('to'), told.target_id && link(told.target_link, t('target-record') + ' ('
			+ told.target_id + ')')],
		[t('last-run'), told.last_run && h('span', {}, time(told.last_run), ' ', word('result', told.result))],
		[t('read-up-to'), told.read_up_to && time(told.read_up_to)],
		[t('next'), told.next?.replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/, when)],
	])), (told.older ?? []).map(o => changed(o.changes, t('field-changes-older', o.id))),
	changed(told.changes ?? [])];
}
