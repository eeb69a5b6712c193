// SPDX-License-Identifier: Apache-2.0
//
// overview.js - what is wrong first, then how all of it goes.
import { api } from './api.js';
import { head } from './act.js';
import { empty, h, note, page, section, table } from './dom.js';
import { count, due, mistakes, sync_link, sync_state, time, tone } from './told.js';
import { waits } from './standing.js';
import { number, t, when } from './words.js';
import { runs_chart } from './history.js';

function fullest(limits) {
	const shares = limits.filter(l => l.allowed > 0 && l.per)
		.map(l => ({ ...l, share: l.used / l.allowed })).sort((a, b) => b.share - a.share);
	return shares[0];
}

const tile = (big, what, tone = '') => h('li', { class: 'tile' },
	h('span', { class: 'big ' + tone }, big), h('span', { class: 'what' }, what));

function tiles(syncs, limits) {
	const failed = syncs.reduce((sum, s) => sum + s.failed, 0);
	const full = fullest(limits);
	return h('ul', { class: 'tiles' },
		tile(number(failed), t('failed'), failed ? 'bad' : 'good'),
		tile(number(syncs.filter(s => tone(s) !== 'off').length) + ' / ' + number(syncs.length),
			t('of-syncs')),
		tile(number(syncs.reduce((sum, s) => sum + s.waiting, 0)), t('waiting')),
		full && tile(Math.round(100 * full.share) + ' %',
			t('fullest') + ': ' + full.connection + ' ' + full.limit,
			full.share >= 0.9 ? 'bad' : ''));
}

function needs(syncs, limits) {
	const lines = [];
	for (const s of syncs) {
		if (tone(s) === 'bad')
			lines.push([h('strong', {}, sync_link(s.name)), sync_state(s)]);
		if (s.failed > 0)
			lines.push([h('strong', {}, sync_link(s.name)), t('records-failed', number(s.failed)),
				h('span', { class: 'go' }, page('errors?sync=' + encodeURIComponent(s.name),
					t('see-them')))]);
	}
	for (const s of syncs)
		for (const line of waits(s))
			lines.push([h('strong', {}, sync_link(s.name)), line]);
	for (const l of limits.filter(l => l.paused_until))
		lines.push([h('strong', {}, page('usage', l.connection + ' ' + l.limit)),
			t('held-until', when(l.paused_until))]);
	if (lines.length === 0)
		return note('good', h('h2', {}, t('all-well')), h('p', {}, t('all-well-lead')));
	return section(t('needs-you'), h('ul', { class: 'needs' }, lines.map(l => h('li', {}, l))));
}

function list(syncs) {
	return section(t('syncs'), table(t('syncs'), [
		{ head: t('sync'), cell: s => sync_link(s.name) },
		{ head: t('state'), cell: sync_state },
		{ head: t('last-run'), cell: s => time(s.last_run) },
		{ head: t('next-due'), cell: due },
		{ head: t('read'), cell: s => number(s.read), number: true },
		{ head: t('written'), cell: s => number(s.written), number: true },
		{ head: t('failed'), cell: s => count(s.failed, 'bad'), number: true },
	], [...syncs].sort((a, b) => (tone(b) === 'bad') - (tone(a) === 'bad') || b.failed - a.failed)));
}

export async function overview() {
	const [status, usage, history] = await Promise.all([api.status(), api.usage(), api.history()]);
	const syncs = status.syncs ?? [], limits = usage.limits ?? [];
	if (syncs.length === 0)
		return [head(t('overview')), mistakes(status), empty(t('no-syncs'), t('no-syncs-do'))];
	return [head(t('overview')), mistakes(status), needs(syncs, limits), tiles(syncs, limits),
		list(syncs), section(t('last-runs'), runs_chart(history.runs ?? []))];
}
