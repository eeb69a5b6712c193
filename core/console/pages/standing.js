// SPDX-License-Identifier: Apache-2.0
//
// standing.js - how one sync stands besides its runs: how far a first load is, deletions
// that wait for a person, fields that changed, and whether both sides are in step.
import { api } from './api.js';
import { act, say, show } from './act.js';
import { fill, h, link, section, state, table, terms } from './dom.js';
import { mistakes, record_link, time } from './told.js';
import { known, number, t } from './words.js';

const MANY = 200;

// A listing of everything that is open; how many there are is an estimate, or not known.
export function extent(s) {
	if (!s.listed)
		return null;
	if (!(s.about >= s.listed))
		return t('listed', number(s.listed));
	const said = t('listed-of', number(s.listed), number(s.about),
		Math.floor(100 * s.listed / s.about));
	return h('span', {}, h('progress', { max: s.about, value: s.listed, 'aria-label': said }),
		' ', said);
}

// What needs a person, in a line each; for the overview and the head of a sync.
export function waits(s) {
	return [s.withheld > 0 && t('withheld', number(s.withheld)),
		s.conflicts > 0 && t('conflicts-open', number(s.conflicts)),
		s.drifted > 0 && t('drifted', number(s.drifted))].filter(Boolean);
}

/* ---- Deletions ---------------------------------------------------------------- */

// The number that is shown is the number that is approved; another one is refused.
function deletions(name, told) {
	return [h('p', {}, t('deletions-lead', number(told.deletions))),
		table(t('deletions'), [
			{ head: t('record'), cell: r => record_link(name, r.id) },
			{ head: t('key'), cell: r => r.key ?? '' },
			{ head: t('to'), cell: r => link(r.target_link, r.target_id ?? '–') },
		], told.records ?? []),
		told.deletions > (told.records ?? []).length
			&& h('p', { class: 'soft' }, t('first-of', number(told.records.length), number(told.deletions))),
		h('p', {}, act('approve', t('approve', number(told.deletions)), async () => {
			await api.approve(name, told.deletions);
			say(t('done'));
			show(true);
		}))];
}

export async function withheld(s) {
	if (!(s.withheld > 0))
		return null;
	const told = await api.deletions(s.name).catch(error => ({ errors: [error] }));
	return section(t('deletions'), mistakes(told), told.deletions > 0 && deletions(s.name, told));
}

/* ---- Fields that changed --------------------------------------------------------- */

const tones = { 'will-fail': 'bad', 'may-fail': 'warn', ok: 'good' };

export function drift(told) {
	const rows = told.drift ?? [];
	return rows.length > 0 && section(t('drift'), h('p', { class: 'soft' }, t('drift-lead')),
		table(t('drift'), [
			{ head: t('field'), cell: d => h('span', {}, d.what, h('div', { class: 'soft' },
				d.connection + ' ' + d.object)) },
			{ head: t('means'), cell: d => state(tones[d.gravity] ?? 'off', t('drift-' + d.gravity)) },
			{ head: t('lines'), cell: d => d.lines },
			{ head: t('suggested'), cell: d => d.suggested ? h('code', {}, d.suggested) : '' },
			{ head: t('waiting'), cell: d => number(d.waiting), number: true },
			{ head: t('time'), cell: d => time(d.at) },
		], rows));
}

/* ---- In step ------------------------------------------------------------------------ */

const verdict = code => known('verdict-' + code) ? t('verdict-' + code) : code;

function differences(name, found) {
	return found.length > 0 && [table(t('differences'), [
		{ head: t('result'), cell: f => verdict(f.verdict) },
		{ head: t('record'), cell: f => f.id ? record_link(name, f.id) : f.target_id ?? '' },
		{ head: t('key'), cell: f => f.key ?? '' },
		{ head: t('field'), cell: f => f.field ?? '' },
		{ head: t('should-be'), cell: f => f.source ?? '' },
		{ head: t('there-now'), cell: f => f.target ?? '' },
		{ head: t('why'), cell: f => f.reason ?? '' },
	], found.slice(0, MANY), 1),
	found.length > MANY && h('p', { class: 'soft' }, t('first-of', number(MANY), number(found.length)))];
}

function last(name, told) {
	const r = told.results?.[0];
	if (!r)
		return h('p', { class: 'soft' }, t('step-never'));
	return [h('p', {}, h('strong', {}, r.in_step === null ? '–' : r.in_step + ' %'), ' ',
		t('step-at'), ' ', time(r.began)),
	terms([[t('equal'), number(r.equal)], [t('missing'), number(r.missing)],
		[t('different'), number(r.different)], [t('waiting'), number(r.waiting)],
		[t('extra'), number(r.extra)], [t('repaired'), number(r.repaired)]]),
	differences(name, told.found ?? [])];
}

async function compare(name, repair) {
	const shown = document.getElementById('step-result');
	fill(shown, h('p', { class: 'soft' }, t('comparing')));
	try {
		const told = await api.reconcile(name, repair);
		fill(shown, mistakes(told));
		say(t('compared', name, told.result?.in_step ?? '–'));
		show(true);
	} finally {
		shown.replaceChildren();
	}
}

// Of a two-way sync a difference may be an edit that goes the other way: no repair.
export async function step(name, both) {
	const told = await api.reconciled(name).catch(error => ({ errors: [error] }));
	return section(t('step'), h('p', { class: 'soft' }, t('step-lead')), mistakes(told),
		told.errors?.length > 0 ? null : last(name, told),
		h('div', { id: 'step-result', 'aria-live': 'polite' }),
		h('p', { class: 'doing' }, act('reconcile', t('compare'), () => compare(name, false)), ' ',
			!both && act('repair', t('compare-repair'), () => compare(name, true))));
}
