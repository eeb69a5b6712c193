// SPDX-License-Identifier: Apache-2.0
//
// syncs.js - the syncs; one of them: its rule, its mapping, one record tried, its runs;
// and its plan.
import { api } from './api.js';
import { act, head, look, say, show } from './act.js';
import { empty, fill, h, link, note, page, section, state, table, terms } from './dom.js';
import { runs_chart, runs_table } from './history.js';
import { count, due, mistakes, sync_link, sync_state, time, word } from './told.js';
import { conflicts } from './conflicts.js';
import { drift, extent, step, withheld } from './standing.js';
import { number, t } from './words.js';

const paused = s => ['paused', 'off'].includes(s.state);

export async function syncs() {
	const [status, check] = await Promise.all([api.status(), api.check()]);
	const rows = status.syncs ?? [];
	const sides = Object.fromEntries((check.syncs ?? []).map(s => [s.name, s]));
	if (rows.length === 0)
		return [head(t('syncs')), mistakes(status), empty(t('no-syncs'), t('no-syncs-do'))];
	return [head(t('syncs')), mistakes(status), section(t('syncs'), table(t('syncs'), [
		{ head: t('sync'), cell: s => sync_link(s.name) },
		{ head: t('from'), cell: s => sides[s.name]?.from ?? '–' },
		{ head: t('to'), cell: s => sides[s.name]?.to ?? '–' },
		{ head: t('state'), cell: sync_state },
		{ head: t('last-run'), cell: s => time(s.last_run) },
		{ head: t('next-due'), cell: due },
		{ head: t('failed'), cell: s => count(s.failed, 'bad'), number: true },
	], rows))];
}

/* ---- One sync --------------------------------------------------------------- */

async function run(name) {
	const before = (await api.history(name, 1)).runs?.[0]?.id ?? 0;
	await api.run(name);
	say(t('started', name));
	setTimeout(() => follow(name, before, Date.now() + 600e3), 500);
}

// Shows the run when the list of runs has it, and again when it has ended.
async function follow(name, before, until) {
	const here = location.hash.startsWith('#/syncs/' + encodeURIComponent(name));
	if (!here || Date.now() > until)
		return;
	const last = (await api.history(name, 1).catch(() => ({}))).runs?.[0];
	const ended = last && last.id > before && last.result !== 'open';
	if (ended)
		say(name + ': ' + word('result', last.result));
	if (last && last.id > before)
		show(true);
	if (!ended)
		setTimeout(() => follow(name, before, until), 1500);
}

function buttons(s) {
	const name = s.name;
	return h('div', { class: 'doing' },
		act('run', t('run-now'), () => run(name), 'main'),
		paused(s)
			? act('resume', t('resume'), async () => { await api.resume(name); show(true); })
			: act('pause', t('pause'), async () => { await api.pause(name); show(true); }),
		h('a', { id: 'plan', class: 'button', href: '#/syncs/' + encodeURIComponent(name) + '/plan' },
			t('review')));
}

function tried(told) {
	return (told.records ?? []).map(r => [
		h('p', {}, h('strong', {}, t(r.action ?? 'record')), ' ', link(r.link, r.id), ' ', r.key),
		table(t('one-record'), [
			{ head: t('source-field'), cell: v => v.from },
			{ head: t('source-value'), cell: v => v.source ?? '' },
			{ head: t('target-field'), cell: v => v.to },
			{ head: t('mapped-value'), cell: v => v.mapped ?? '' },
			{ head: t('there-now'), cell: v => v.there ?? '' },
		], r.values ?? [])]).flat();
}

function one_record(name) {
	const shown = h('div', { id: 'tried', 'aria-live': 'polite' });
	const field = id => document.getElementById(id).value.trim();
	const match = () => field('match-field') + '=' + field('match-value');
	const preview = async () => {
		const told = await api.preview(name, match());
		fill(shown, mistakes(told), tried(told), (told.records ?? []).length > 0 &&
			h('p', {}, act('send', t('send-one'), send)));
	};
	const send = async () => {
		const told = await api.test(name, match());
		fill(shown, mistakes(told), note('good', h('p', {}, t('sent', match()))), tried(told));
	};
	return section(t('one-record'), h('p', {}, t('one-record-lead')),
		h('form', { class: 'row', onsubmit: e => {
			e.preventDefault();
			document.getElementById('preview').click();
		} },
		h('label', {}, h('span', {}, t('match-field')),
			h('input', { id: 'match-field', value: 'email', required: true, maxlength: 200 })),
		h('label', {}, h('span', {}, t('match-value')),
			h('input', { id: 'match-value', required: true, maxlength: 1000 })),
		look('preview', t('preview'), preview)), shown);
}

const tones = { mapped: 'good', unfit: 'bad' };

const rule_lead = told => h('p', {}, t(told.direction === 'both' ? 'rule-both' : 'rule-lead',
	told.from, told.to));

function rule(told) {
	return [rule_lead(told), terms([
		[t('key'), h('code', {}, told.key)], [t('filter'), told.filter && h('code', {}, told.filter)],
		[t('every'), told.every ?? told.cron ?? t('by-hand')], [t('window'), told.window]])];
}

// Asks both CRMs, so it comes after the rest of the view.
async function mapping(name) {
	const told = await api.mapping(name).catch(error => ({ errors: [error] }));
	const shown = document.getElementById('mapping'), words = document.getElementById('rule');
	if (!shown?.isConnected)
		return;
	if (told.from)
		fill(words, rule(told));
	fill(shown, mistakes(told), mapped_fields(told, () => true));
}

function mapped_fields(told, wanted) {
	const fields = (told.fields ?? []).filter(wanted);
	return fields.length > 0 && table(t('mapping'), [
		{ head: t('target-field'), cell: f => h('span', {}, f.to,
			f.label && f.label !== f.to ? h('span', { class: 'soft' }, ' ' + f.label) : null) },
		{ head: t('type'), cell: f => f.type ?? '–' },
		{ head: t('source-field'), cell: f => f.from ? h('span', {}, h('code', {}, f.from),
			f.values ? h('div', { class: 'soft' }, f.values) : null) : '–' },
		{ head: t('state'), cell: f => state(tones[f.state] ?? 'off', t(f.state)) },
		{ head: t('why'), cell: f => f.why ?? '' },
	], fields.sort((x, y) => (y.state === 'unfit') - (x.state === 'unfit')));
}

export async function sync([name]) {
	const [status, check, past, one] = await Promise.all([api.status(), api.check(),
		api.history(name, 20), api.sync(name).catch(() => ({}))]);
	const s = (status.syncs ?? []).find(x => x.name === name);
	const side = (check.syncs ?? []).find(x => x.name === name);
	const crumb = h('p', { class: 'crumb' }, page('syncs', t('back', t('syncs'))));
	if (!s)
		return [head(name, crumb), mistakes(status), empty(t('nothing-here'))];
	setTimeout(() => mapping(name), 0);
	const [waiting, asked, stepped] = await Promise.all([withheld(s), conflicts(s),
		step(name, side?.direction === 'both')]);
	return [head(name, crumb, buttons(s)), mistakes(status),
		h('div', { class: 'grid' },
			section(t('state'), terms([[t('state'), sync_state(s)], [t('last-run'), time(s.last_run)],
				[t('reading-all'), extent(s)],
				[t('next-due'), due(s)], [t('read-up-to'), time(s.read_up_to)],
				[t('waiting'), number(s.waiting)], [t('failed'), s.failed > 0
					? page('errors?sync=' + encodeURIComponent(name), number(s.failed)) : number(0)],
				[t('ignored'), number(s.ignored)],
				[t('conflicts'), s.conflicts > 0 && number(s.conflicts)]])),
			section(t('rule'), h('div', { id: 'rule' }, side && rule_lead(side)))),
		waiting, asked, drift(one),
		(past.runs ?? []).length > 1 && section(t('last-runs'), runs_chart(past.runs)),
		section(t('mapping'), h('p', { class: 'soft' }, t('mapping-lead')),
			h('div', { id: 'mapping' }, h('p', { class: 'soft' }, t('loading')))),
		one_record(name), (past.runs ?? []).length > 0
			&& section(t('history'), runs_table(past.runs, false)), stepped];
}

/* ---- Its plan --------------------------------------------------------------- */

const MANY = 200;

const changed = r => h('div', {}, (r.changes ?? []).map(c => h('div', { class: 'change' },
	h('span', { class: 'soft' }, c.field), h('span', {}, c.before !== null
		&& h('span', { class: 'before' }, c.before), c.before !== null && ' → ', c.after ?? ''))),
r.reason || r.value ? h('span', {}, r.field + ' ' + r.value + ' ' + r.reason) : null);

// Of limits by the hour and longer: what is used up is waited for.
const costs = of => (of.calls ?? []).filter(c => c.limit === null || c.per_ms >= 3600000).map(c =>
	h('p', { class: 'soft' }, c.limit === null ? t('plan-calls', c.connection, number(c.calls))
		: t('plan-limit', c.connection, c.limit, number(c.calls), number(c.allowed),
			number(c.left))));

export async function plan([name]) {
	const [told, rules] = await Promise.all([api.plan(name), api.mapping(name)]);
	const records = told.records ?? [], of = told.totals ?? {};
	return [head(t('review') + ': ' + name,
		h('p', { class: 'crumb' }, page('syncs/' + encodeURIComponent(name), t('back', name))),
		h('p', { class: 'lead' }, t('review-lead')),
		h('div', { class: 'doing' }, act('start', t('start'), async () => {
			await api.run(name);
			location.hash = '#/syncs/' + encodeURIComponent(name);
		}, 'main'))),
	mistakes(told), section(t('rule'),
		told.rule ? h('ul', {}, told.rule.map(r => h('li', {}, r.text))) : rule(rules)),
	section(t('mapping'), mapped_fields(rules, f => f.from)),
	h('p', {}, t('plan-totals', ...[of.read, of.create, of.update, of.unchanged, of.fail,
		of.write_calls].map(number))), ...costs(of),
	records.length === 0 ? empty(t('plan-none')) : section(t('plan'),
		records.length > MANY && h('p', { class: 'soft' }, t('plan-first', MANY)),
		table(t('plan'), [
			{ head: t('action'), cell: r => state({ fail: 'bad', create: 'good', update: 'good' }[r.action]
				?? 'off', t(r.action)) },
			{ head: t('record'), cell: r => h('span', {}, link(r.link, r.id), ' ', r.key) },
			{ head: t('changes'), cell: changed },
		], records.slice(0, MANY), 1))];
}
