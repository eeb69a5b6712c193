// SPDX-License-Identifier: Apache-2.0
//
// history.js - runs: a chart of what each wrote and what failed, and the table of them.
import { api } from './api.js';
import { bars } from './chart.js';
import { empty, h, section, state, table } from './dom.js';
import { head } from './act.js';
import { count, mistakes, sync_link, time, tone, word } from './told.js';
import { number, t } from './words.js';

export function runs_chart(runs) {
	if (runs.length === 0)
		return empty(t('no-runs'));
	return h('div', {}, h('p', { class: 'soft' }, t('runs-chart')),
		bars([...runs].reverse().map(r => [
			{ value: r.created + r.updated, tone: 'good' }, { value: r.failed, tone: 'bad' }])),
		h('p', { class: 'legend' }, h('span', {}, t('good')), h('span', { class: 'bad' }, t('bad'))));
}

export function runs_table(runs, named = true) {
	return table(t('history'), [
		{ head: t('time'), cell: r => time(r.started) },
		named && { head: t('sync'), cell: r => sync_link(r.sync) },
		{ head: t('run'), cell: r => number(r.id), number: true },
		{ head: t('result'), cell: r => h('span', {}, state(tone(r), word('result', r.result)),
			r.message ? ' ' + r.message : '') },
		{ head: t('read'), cell: r => number(r.read), number: true },
		{ head: t('created'), cell: r => number(r.created), number: true },
		{ head: t('updated'), cell: r => number(r.updated), number: true },
		{ head: t('failed'), cell: r => count(r.failed, 'bad'), number: true },
		{ head: t('calls'), cell: r => number(r.calls), number: true },
	].filter(Boolean), runs);
}

export async function history(parts, { sync }) {
	const told = await api.history(sync, 100), runs = told.runs ?? [];
	if (runs.length === 0)
		return [head(t('history')), mistakes(told), empty(t('no-runs'))];
	return [head(t('history')), mistakes(told), section(t('last-runs'), runs_chart(runs)),
		section(t('history'), runs_table(runs))];
}
