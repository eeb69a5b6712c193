// SPDX-License-Identifier: Apache-2.0
//
// api.js - every question to the server.  An answer is what the command of the same
// name prints with --json; a failure is an Error that says what happened and what to do.
import { lang, t } from './words.js';

let token = '';

export class Refusal extends Error {
	constructor(status, message, remedy) {
		super(message);
		this.status = status;
		this.remedy = remedy;
	}
}

async function reach(method, path, values) {
	const headers = { Accept: 'application/json', 'Accept-Language': lang() };
	if (method !== 'GET') {
		headers['X-CSRF-Token'] = token;
		headers['Content-Type'] = 'application/json';
	}
	try {
		return await fetch('api/v1/' + path, { method, headers, credentials: 'same-origin',
			cache: 'no-store', body: method === 'GET' ? undefined : JSON.stringify(values) });
	} catch {
		throw new Refusal(0, t('unreached'), t('unreached-do'));
	}
}

const pause = ms => new Promise(done => setTimeout(done, ms));

async function ask(method, path, body) {
	const answer = await reach(method, path, body);
	const text = await answer.text();
	let found = {};
	try {
		found = text ? JSON.parse(text) : {};
	} catch {
		throw new Refusal(answer.status, t('garbled'), t('garbled-do'));
	}
	if (found.csrf !== undefined)
		token = found.csrf;
	/* What takes long is asked for again until it is there. */
	if (answer.status === 202 && found.job !== undefined) {
		await pause(method === 'GET' ? 500 : 100);
		return ask('GET', 'jobs/' + found.job);
	}
	if (!answer.ok && !(answer.status === 400 && found.problems))
		throw refusal(answer.status, found);
	return found;
}

function refusal(status, found) {
	const first = found.errors?.[0] ?? found.error ?? {};
	const said = first.message ?? found.message ?? t('refused', status);
	return new Refusal(status, said, first.remedies?.join(' ') ?? first.remedy ?? found.remedy);
}

function query(values) {
	const kept = Object.entries(values ?? {}).filter(([, v]) => v !== undefined && v !== '');
	return kept.length ? '?' + new URLSearchParams(kept) : '';
}

const get = (path, values) => ask('GET', path + query(values));
const post = (path, values = {}) => ask('POST', path, values);
// A command that changes something and could not: 3 and 4 say that it did, in part.
const change = (path, values) => post(path, values).then(found => {
	if (![undefined, 0, 3, 4].includes(found.exit_code))
		throw refusal(200, found);
	return found;
});
const at = (...parts) => parts.map((p, i) => i % 2 ? encodeURIComponent(p) : p).join('/');

export const api = {
	session: () => get('session'),
	login: (user, password) => post('session', { user, password }),
	logout: () => ask('DELETE', 'session', {}),
	first: (link, password) => post('password', { link, password }),

	status: () => get('status'),
	sync: name => get(at('syncs', name)),
	check: () => get('check'),
	check_online: () => post('check'),
	connection: name => get(at('connections', name)),
	usage: () => get('usage'),
	errors: () => get('errors'),
	error: (sync, id) => get(at('syncs', sync, 'error'), { id }),
	exported: () => get('errors/export'),
	history: (sync, limit) => get(sync ? at('syncs', sync, 'history') : 'history', { limit }),
	why: (sync, record) => get(at('syncs', sync, 'why'), { record }),
	doctor: () => get('doctor'),
	mapping: sync => post(at('syncs', sync, 'mapping')),

	plan: sync => post(at('syncs', sync, 'plan')),
	reconciled: sync => get(at('syncs', sync, 'reconcile')),
	reconcile: (sync, repair) => change(at('syncs', sync, 'reconcile'), repair ? { repair } : {}),
	deletions: sync => get(at('syncs', sync, 'deletions')),
	approve: (sync, number) => change(at('syncs', sync, 'approve'), { number: String(number) }),
	conflicts: (sync, limit) => get(at('syncs', sync, 'conflicts'), { limit }),
	settle: (sync, { id, field, mark }, take) =>
		change(at('syncs', sync, 'conflicts/settle'), { id, field, take, seen: mark }),
	preview: (sync, match) => post(at('syncs', sync, 'preview'), { match }),
	test: (sync, match) => post(at('syncs', sync, 'test'), { match }),
	run: sync => change(at('syncs', sync, 'run')),
	pause: sync => change(at('syncs', sync, 'pause')),
	resume: sync => change(at('syncs', sync, 'resume')),
	resync: (sync, ids) => change(at('syncs', sync, 'errors/resync'), { ids }),
	ignore: (sync, ids) => change(at('syncs', sync, 'errors/ignore'), { ids }),
	connection_resume: name => change(at('connections', name, 'resume')),
	resume_all: () => change('resume'),
	notices: () => get('notices'),
	notify: (name, value) => change(at('notices', name, 'send'), { value }),
	notify_clear: name => change(at('notices', name, 'send/clear')),
	notify_test: name => post(at('notices', name, 'test')),
	overrides: () => get('overrides'),
	audit: () => get('audit', { limit: 100 }),
	users: () => get('users'),
	user_link: name => change(at('users', name, 'link')),
	user_remove: name => change(at('users', name, 'remove')),
	allocation_clear: (connection, limit) =>
		change(at('connections', connection, 'allocation/clear'), { limit }),
	allocate: (connection, limit, value) =>
		change(at('connections', connection, 'allocation'), { limit, value }),
};
