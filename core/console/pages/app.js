// SPDX-License-Identifier: Apache-2.0
//
// app.js - which view stands in the page, who is logged in, what was said last.  A
// view is a function (parts of the address, values behind "?") -> its nodes; views
// know nothing of each other.
import { api, Refusal } from './api.js';
import { fill, h, note } from './dom.js';
import { choose, lang, t, zone } from './words.js';
import { overview } from './overview.js';
import { connection, connections } from './connections.js';
import { plan, sync, syncs } from './syncs.js';
import { errors } from './errors.js';
import { usage } from './usage.js';
import { history } from './history.js';
import { record } from './record.js';
import { notices } from './notices.js';
import { changes } from './changes.js';
import { users } from './users.js';
import { doctor } from './doctor.js';
import { first, login } from './login.js';
import { may, me } from './act.js';

/* The first word of an address; those with a title stand in the menu. */
const views = {
	overview: { menu: 'overview', view: overview, fresh: 10 },
	syncs: { menu: 'syncs', view: (parts, values) => parts.length > 1 ? plan(parts, values)
		: parts.length ? sync(parts, values) : syncs(parts, values) },
	errors: { menu: 'health', view: errors },
	connections: { menu: 'connections',
		view: (parts, values) => parts.length ? connection(parts, values) : connections() },
	usage: { menu: 'usage', view: usage },
	history: { menu: 'history', view: history },
	record: { view: record },
	notices: { menu: 'notices', view: notices },
	changes: { menu: 'changes-made', view: changes },
	users: { menu: 'users', view: users, operator: true },
	doctor: { menu: 'doctor', view: doctor },
	first: { view: first, open: true },
};

const main = document.getElementById('main');
let turn = 0, timer = 0;

function address() {
	/* The link that is printed at the first start: nothing of it reaches a log. */
	if (location.hash.startsWith('#link='))
		return { name: 'first', parts: [location.hash.slice(6)], values: {} };
	const [path, values] = location.hash.replace(/^#\/?/, '').split('?');
	const parts = path.split('/').filter(Boolean).map(p => {
		try { return decodeURIComponent(p); } catch { return p; }
	});
	return { name: parts[0] ?? 'overview', parts: parts.slice(1),
		values: Object.fromEntries(new URLSearchParams(values)) };
}

/* ---- The head of the page --------------------------------------------------- */

function picker(label, id, options, chosen, change) {
	return h('select', { id, 'aria-label': label, onchange: e => change(e.target.value) },
		options.map(([value, word]) => h('option', { value, selected: value === chosen,
			lang: id === 'language' && value }, word)));
}

function themes() {
	const now = localStorage.getItem('renkei.theme') ?? 'auto';
	return picker(t('theme'), 'theme', ['auto', 'light', 'dark'].map(n => [n, t('theme-' + n)]),
		now, value => {
			localStorage.setItem('renkei.theme', value);
			dress();
		});
}

function dress() {
	const theme = localStorage.getItem('renkei.theme') ?? 'auto';
	document.documentElement.lang = lang();
	if (theme === 'auto')
		delete document.documentElement.dataset.theme;
	else
		document.documentElement.dataset.theme = theme;
	document.getElementById('skip').textContent = t('skip');
}

function menu(current) {
	return h('nav', { 'aria-label': t('views') }, h('ul', {}, Object.entries(views)
		.filter(([, v]) => v.menu && (!v.operator || may())).map(([name, v]) => h('li', {}, h('a', { id: 'to-' + name,
			href: '#/' + name, 'aria-current': name === current && 'page' }, t(v.menu))))));
}

function top(current) {
	fill(document.getElementById('top'), h('div', { class: 'bar' },
		h('a', { class: 'brand', href: '#/overview' },
			h('img', { src: 'icon.svg', alt: '' }), 'renkei'),
		h('div', { class: 'tools' },
			me.user && h('span', { class: 'who' }, me.user),
			picker(t('language'), 'language', [['en', 'English'], ['ja', '日本語']], lang(), value => {
				choose(value);
				dress();
				show();
			}),
			themes(),
			me.user && h('button', { id: 'logout', class: 'plain', onclick: leave }, t('logout'))),
		me.user && menu(current)));
}

/* ---- Views ------------------------------------------------------------------ */

function trouble(error) {
	return [h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('failed-at'))),
		note('bad', h('p', { role: 'alert' }, error.message), error.remedy && h('p', {}, error.remedy)),
		h('button', { id: 'again', onclick: () => show() }, t('retry'))];
}

async function nodes_of(view, { parts, values }) {
	try {
		return [await view.view(parts, values), true].flat();
	} catch (error) {
		if (!(error instanceof Refusal))
			console.error(error);
		if (error.status !== 401)
			return trouble(error);
		me.user = null;
		return login(t('expired'));
	}
}

// 'took': a view that costs the host much is not asked for all the time.
function settle(view, quietly, took = 0) {
	const title = main.querySelector('h1');
	document.title = (title ? title.textContent + ' – ' : '') + 'renkei';
	main.removeAttribute('aria-busy');
	if (!quietly) {
		title?.setAttribute('tabindex', '-1');
		const held = document.activeElement;
		if (!held || held === document.body || main.contains(held))
			(main.querySelector('[autofocus]') ?? title)?.focus({ preventScroll: true });
	}
	clearTimeout(timer);
	if (view.fresh && me.user)
		timer = setTimeout(() => document.hidden ? settle(view, true, took) : show(true),
			Math.max(view.fresh * 1000, 10 * took));
}

// 'quietly': the same view anew; scroll and focus stay.
export async function show(quietly = false) {
	const mine = ++turn, where = address(), begun = Date.now();
	let view = views[where.name] ?? { view: () => [h('h1', {}, t('nothing-here'))] };
	if (!me.user && !view.open)
		view = { view: () => login() };
	top(where.name);
	if (!quietly)
		main.setAttribute('aria-busy', 'true');
	const found = await nodes_of(view, where), took = Date.now() - begun;
	if (mine !== turn)
		return;
	if (!me.user)
		top(where.name);
	fill(main, found.filter(n => n !== true), me.user
		? h('p', { class: 'foot' }, t('zone', zone())) : null);
	if (!quietly && !location.hash.includes('keep'))
		scrollTo(0, 0);
	settle(view, quietly, took);
}

async function leave() {
	await api.logout().catch(() => {});
	me.user = null;
	location.hash = '#/overview';
	show();
}

addEventListener('hashchange', () => show());
addEventListener('renkei:show', e => show(e.detail));
document.getElementById('skip').addEventListener('click', e => {
	e.preventDefault();
	main.focus();
});
dress();
try {
	Object.assign(me, await api.session());
} catch { /* Nobody is logged in: the form says so. */ }
show();
