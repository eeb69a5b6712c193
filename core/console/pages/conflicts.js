// SPDX-License-Identifier: Apache-2.0
//
// conflicts.js - fields of a two-way sync that both sides changed: what each has, and a
// person's choice.
import { api } from './api.js';
import { act, say, show } from './act.js';
import { h, section, table } from './dom.js';
import { mistakes, record_link, time, word } from './told.js';
import { number, t } from './words.js';

const MANY = 200;

// The mark stands for the values that are shown; about others nothing is decided.
async function settle(name, row, side, connection) {
	let said = t('taken', row.field, connection);
	try {
		await api.settle(name, row, side);
	} catch (error) {
		if (error.status !== 409)
			throw error;
		said = t('stale-choice', row.field);
	}
	say(said);
	show(true);
}

const waits = row => ['open', 'again'].includes(row.state);

function value(name, told, row, side) {
	return h('div', { class: 'choice' },
		row[side] ? h('span', {}, row[side]) : h('span', { class: 'soft' }, t('blank')),
		waits(row) && act('take-' + side + '-' + row.id + '-' + row.field, t('take', told[side]),
			() => settle(name, row, side, told[side])));
}

function standing(row) {
	const said = word('conflict', row.state);
	return row.decided_by ? said + ' (' + row.decided_by + ')' : said;
}

export async function conflicts(s) {
	if (!(s.conflicts > 0))
		return null;
	const answer = await api.conflicts(s.name, MANY).catch(error => ({ errors: [error] }));
	const told = answer.syncs?.[0], rows = told?.conflicts ?? [];
	return section(t('conflicts'), mistakes(answer), rows.length > 0 && [
		h('p', {}, t('conflicts-lead', number(told.open))),
		table(t('conflicts'), [
			{ head: t('record'), cell: r => record_link(s.name, r.id) },
			{ head: t('field'), cell: r => h('span', {}, r.field, r.target_field !== r.field
				&& h('div', { class: 'soft' }, r.target_field)) },
			{ head: told.from, cell: r => value(s.name, told, r, 'from') },
			{ head: told.to, cell: r => value(s.name, told, r, 'to') },
			{ head: t('had-both'), cell: r => r.base ?? '' },
			{ head: t('since'), cell: r => time(r.since) },
			{ head: t('seen-last'), cell: r => time(r.seen) },
			{ head: t('state'), cell: standing },
		], rows),
		told.open > rows.length
			&& h('p', { class: 'soft' }, t('first-of', number(rows.length), number(told.open)))]);
}
