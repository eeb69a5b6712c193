// SPDX-License-Identifier: Apache-2.0
//
// told.js - what commands tell of runs and syncs, as short parts of a view.
import { h, page, state } from './dom.js';
import { known, number, t, when } from './words.js';

export const time = stamp => stamp
	? h('time', { datetime: stamp, title: new Date(stamp).toString(), class: 'once' }, when(stamp))
	: h('span', { class: 'soft' }, t('never'));

// Of a sync or of a run, by the codes of "renkei status" and "renkei history".
export function tone(row) {
	if (['off', 'paused'].includes(row.state))
		return 'off';
	if (row.state && !['on', 'running'].includes(row.state))
		return 'bad';
	if (row.state === 'running' || ['never', 'open', 'stopped'].includes(row.result))
		return 'off';
	if (row.result === 'done')
		return row.failed > 0 ? 'warn' : 'good';
	return row.result === 'records' ? 'warn' : 'bad';
}

// A code as a word of the page; one that is not known stands as it is.
export const word = (kind, code) => known(kind + '-' + code) ? t(kind + '-' + code) : code ?? '';

export const sync_link = name => page('syncs/' + encodeURIComponent(name), name);
export const record_link = (sync, name, id = name) =>
	page('record/' + encodeURIComponent(sync) + '/' + encodeURIComponent(name), id);

export function sync_state(row) {
	const said = row.state === 'on' && row.result ? word('result', row.result)
		: word('state', row.state);
	return h('span', {}, state(tone(row), said), row.reason ? ' ' + row.reason : '');
}

// When a sync runs next: at a time, after another one, or when somebody says so.
export const due = s => s.next_due ? time(s.next_due)
	: s.after ? t('after', s.after) : t('by-hand');

export const count = (value, word) => value > 0 ? h('span', { class: word }, number(value))
	: number(value);

// What a failed question told instead of its answer.
export function mistakes(answer) {
	const found = answer?.errors ?? [];
	return found.length === 0 ? null : h('div', { class: 'note bad', role: 'alert' },
		found.map(e => [h('p', {}, (e.about ? e.about + ': ' : '') + e.message),
			e.remedies?.length > 0 && h('ul', {}, e.remedies.map(r => h('li', {}, r)))]));
}
