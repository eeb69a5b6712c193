// SPDX-License-Identifier: Apache-2.0
//
// notices.js - who is told, how often, whether the way works; and what was sent last.
import { api } from './api.js';
import { act, attempt, head, may, say } from './act.js';
import { empty, h, section, state, table } from './dom.js';
import { mistakes, time, word } from './told.js';
import { number, t } from './words.js';

const often = ['immediate', 'daily', 'weekly', 'off'];

function frequency(n) {
	return !may() ? t(n.send) : h('select', { id: 'send-' + n.name,
		'aria-label': t('send') + ': ' + n.name,
		onchange: e => attempt(e.target, async () => {
			await api.notify(n.name, e.target.value);
			say(t('saved', n.name + ': ' + t(e.target.value)));
		}) }, often.map(o => h('option', { value: o, selected: o === n.send }, t(o))));
}

async function tried(name) {
	const told = await api.notify_test(name);
	if (told.errors?.length > 0)
		throw new Error(told.errors[0].message);
	say(t('tested', name));
}

// Stands beside the errors too: whoever looks at them decides here who hears of them.
export function targets(told) {
	const rows = told.to ?? [];
	return section(t('notices'), rows.length === 0 ? empty(t('no-notices'), t('no-notices-do'))
		: table(t('notices'), [
			{ head: t('name'), cell: n => n.name },
			{ head: t('way'), cell: n => n.ways.join(', ') },
			{ head: t('send'), cell: frequency },
			may() && { head: t('check'), cell: n =>
				act('test-' + n.name, h('span', {}, t('notify-test'),
					h('span', { class: 'unseen' }, ': ' + n.name)), () => tried(n.name)) },
		].filter(Boolean), rows));
}

const tones = { waiting: 'warn', sent: 'good' };

const sent = rows => section(t('outbox'), rows.length === 0 ? empty(t('no-outbox'))
	: table(t('outbox'), [
		{ head: t('time'), cell: n => time(n.at) },
		{ head: t('name'), cell: n => n.name },
		{ head: t('way'), cell: n => n.way },
		{ head: t('message'), cell: n => n.subject },
		{ head: t('state'), cell: n => h('span', {},
			state(tones[n.state] ?? 'bad', word('outbox', n.state)), n.error ? ' ' + n.error : '') },
		{ head: t('attempts'), cell: n => number(n.tries), number: true },
	], rows));

export async function notices() {
	const told = await api.notices();
	return [head(t('notices')), mistakes(told), targets(told), sent(told.notices ?? [])];
}
