// SPDX-License-Identifier: Apache-2.0
//
// told.js - what commands tell of runs and syncs, as short parts of a view.
import { h, page, state } from './dom.js';
import { number, t, when } from './words.js';

export const time = stamp => stamp
	? h('time', { datetime: stamp, title: new Date(stamp).toString(), class: 'once' }, when(stamp))
	: h('span', { class: 'soft' }, t('never'));

const good = new Set(['done', '完了']);
const on = new Set(['on', '有効']);
const off = new Set(['off', '無効', 'paused', '一時停止']);

// The command says it in words; what the words mean is told by the counts beside.
export function tone(row) {
	if (row.state && off.has(row.state))
		return 'off';
	if (row.state && !on.has(row.state))
		return 'bad';
	if (!row.result)
		return 'off';
	if (good.has(row.result))
		return row.failed > 0 ? 'warn' : 'good';
	return row.failed > 0 ? 'warn' : 'bad';
}

export const sync_link = name => page('syncs/' + encodeURIComponent(name), name);
export const record_link = (sync, id) =>
	page('record/' + encodeURIComponent(sync) + '/' + encodeURIComponent(id), id);

export function sync_state(row) {
	const word = on.has(row.state) && row.result ? row.result : row.state;
	return h('span', {}, state(tone(row), word), row.reason ? ' ' + row.reason : '');
}

// 'next_due' is a stamp, or a word such as "by hand".
export const due = value => /^\d{4}-/.test(value ?? '') ? time(value) : value ?? '–';

export const count = (value, word) => value > 0 ? h('span', { class: word }, number(value))
	: number(value);

// What a failed question told instead of its answer.
export function mistakes(answer) {
	const found = answer?.errors ?? [];
	return found.length === 0 ? null : h('div', { class: 'note bad', role: 'alert' },
		found.map(e => [h('p', {}, (e.about ? e.about + ': ' : '') + e.message),
			e.remedies?.length > 0 && h('ul', {}, e.remedies.map(r => h('li', {}, r)))]));
}
