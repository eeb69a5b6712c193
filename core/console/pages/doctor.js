// SPDX-License-Identifier: Apache-2.0
//
// doctor.js - the self-check: what needs a look first.
import { api } from './api.js';
import { head } from './act.js';
import { note, section, state, table } from './dom.js';
import { mistakes, word } from './told.js';
import { number, t } from './words.js';

const tones = { ok: 'good', note: 'warn' };
const weight = c => ({ good: 0, warn: 1, bad: 2 })[tones[c.state] ?? 'bad'];

export async function doctor() {
	const told = await api.doctor();
	const checks = [...(told.checks ?? [])].sort((a, b) => weight(b) - weight(a));
	const wrong = checks.filter(c => weight(c) > 0).length;
	return [head(t('doctor')), mistakes(told),
		wrong ? note('warn', t('doctor-count', number(wrong), number(checks.length)))
			: note('good', t('doctor-well')),
		section(t('doctor'), table(t('doctor'), [
			{ head: t('check'), cell: c => c.check },
			{ head: t('state'), cell: c => state(tones[c.state] ?? 'bad', word('doctor', c.state)) },
			{ head: t('found'), cell: c => c.found ?? '' },
			{ head: t('what-to-do'), cell: c => [c.why, c.remedy].filter(Boolean).join(': ') },
		], checks))];
}
