// SPDX-License-Identifier: Apache-2.0
//
// usage.js - calls made, the CRM's own limit, the share that renkei may use, which an
// operator changes here, and what becomes of it at this pace.
import { api } from './api.js';
import { act, head, say, show } from './act.js';
import { meter } from './chart.js';
import { empty, fill, h, section, table } from './dom.js';
import { mistakes, time } from './told.js';
import { number, t, when } from './words.js';

const title = l => l.limit + (l.of ? ' (' + l.of + ')' : '');

const id_of = (l, i) => 'allocation-' + i;

function editor(l, i) {
	const id = id_of(l, i);
	const save = async () => {
		const value = document.getElementById(id + '-value').value.trim();
		await api.allocate(l.connection, l.limit, value);
		say(t('saved', l.connection + ' ' + l.limit + ' = ' + value));
		show(true);
	};
	const close = () => fill(document.getElementById(id), opener(l, i));
	const form = h('form', { class: 'row', onsubmit: e => {
		e.preventDefault();
		document.getElementById(id + '-save').click();
	} },
	h('label', {}, h('span', {}, t('allocation')), h('input', { id: id + '-value', size: 8,
		value: l.allocation ?? l.allowed, required: true, maxlength: 20,
		'aria-describedby': 'allocation-lead' })),
	act(id + '-save', t('save'), save, 'main'),
	h('button', { type: 'button', id: id + '-cancel', onclick: () => {
		close();
		document.getElementById(id + '-open').focus();
	} }, t('cancel')));
	return form;
}

function opener(l, i) {
	const id = id_of(l, i);
	return [h('span', {}, number(l.allowed), ' '),
		l.per && act(id + '-open', h('span', {}, t('change'), h('span', { class: 'unseen' },
			' ' + t('allocation-of', l.connection + ' ' + title(l)))), async () => {
			fill(document.getElementById(id), editor(l, i));
			document.getElementById(id + '-value').select();
		}, 'plain')];
}

// What becomes of it at this pace, and whose calls are in it too.
const forecast = l => h('span', { class: l.used_up || l.others > 0 ? 'warn' : 'soft' },
	l.used_up ? t('used-up', when(l.used_up)) : t('suffices'),
	l.others > 0 && h('span', {}, ' ' + t('others', number(l.others))));

// 'told' is what usage tells; only those of 'names', if given.
export function all_limits(told, names) {
	const limits = (told.limits ?? []).map((l, at) => ({ ...l, at }));
	return [...new Set(limits.map(l => l.connection))].filter(n => !names || names.includes(n))
		.map(n => limits_of(n, limits.filter(l => l.connection === n)));
}

function limits_of(connection, rows) {
	return section(t('usage') + ': ' + connection, table(t('usage') + ': ' + connection, [
		{ head: t('limit'), cell: l => h('span', {}, title(l), ' ', h('span', { class: 'soft' },
			l.per ? t('per', l.per) : t('at-once'))) },
		{ head: t('used'), cell: l => h('span', {}, number(l.used) + ' / ' + number(l.allowed),
			meter(l.used, Math.max(l.crm_allows ?? 0, l.allowed), l.allowed)) },
		{ head: t('allowed'), cell: l => h('div', { id: id_of(l, l.at) }, opener(l, l.at)) },
		{ head: t('crm-limit'), cell: l => number(l.crm_allows), number: true },
		{ head: t('left'), cell: l => number(l.crm_left), number: true },
		{ head: t('last-24h'), cell: l => number(l.last_24h), number: true },
		{ head: t('forecast'), cell: forecast },
		{ head: t('resets'), cell: l => l.paused_until ? t('held-until', when(l.paused_until))
			: l.resets ? time(l.resets) : '–' },
	], rows));
}

export async function usage() {
	const told = await api.usage();
	const limits = all_limits(told);
	if (limits.length === 0)
		return [head(t('usage')), mistakes(told), empty(t('no-usage'))];
	return [head(t('usage'), h('p', { class: 'lead', id: 'allocation-lead' }, t('allocation-lead'))),
		mistakes(told), limits,
		(told.calls ?? []).length > 0 && section(t('by-sync'), table(t('by-sync'), [
			{ head: t('connections'), cell: c => c.connection },
			{ head: t('sync'), cell: c => c.by },
			{ head: t('calls'), cell: c => number(c.last_24h), number: true },
		], told.calls))].flat();
}
