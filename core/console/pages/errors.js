// SPDX-License-Identifier: Apache-2.0
//
// errors.js - the health of syncs: records that could not be written, by cards, the list
// behind them, what helps, those chosen sent again, ignored or exported; beside them the
// calls that the connections have left, and who is told.
import { api } from './api.js';
import { act, copy, head, look, say, show } from './act.js';
import { empty, fill, h, note, page, section, table } from './dom.js';
import { mistakes, record_link, sync_link, time } from './told.js';
import { number, t } from './words.js';
import { all_limits } from './usage.js';
import { targets } from './notices.js';

const categories = ['picklist', 'property-value', 'property-mapping', 'duplicate', 'association',
	'permission', 'custom-code', 'other'];

// Of a two-way sync both sides may have a record of one id; its name tells which is meant.
const key = r => r.sync + '\n' + r.name;

function cards(records, chosen, choose) {
	const shown = [...new Set([...categories, ...records.map(r => r.category)])];
	const card = (name, title, found) => h('li', {}, h('button', { id: 'card-' + (name || 'all'),
		class: 'tile' + (found ? '' : ' none'), 'aria-pressed': String(chosen === name),
		onclick: () => choose(name) },
	h('span', { class: 'big' + (found ? ' bad' : '') }, number(found)),
	h('span', { class: 'what' }, title)));
	return h('ul', { class: 'tiles many' }, card('', t('all'), records.length), shown.map(name =>
		card(name, t('cat-' + name), records.filter(r => r.category === name).length)));
}

function advice(told, category) {
	const found = (told.advice ?? []).filter(a => a.category === category);
	/* A code with words of its own stands beside the others of its category. */
	return found.map(a => note('', a.code ? h('p', {}, h('strong', {}, a.title)) : null,
		h('strong', {}, t('why')), h('ul', {}, a.causes.map(c => h('li', {}, c))),
		h('strong', {}, t('what-to-do')), h('ul', {}, a.remedies.map(r => h('li', {}, r)))));
}

// One question for each sync that has chosen records.
async function each_sync(rows, ask) {
	const told = [];
	for (const sync of new Set(rows.map(r => r.sync)))
		told.push(await ask(sync, rows.filter(r => r.sync === sync).map(r => r.name)));
	return told;
}

function csv_of(records) {
	const heads = Object.keys(records[0] ?? {});
	/* A spreadsheet takes a leading =, +, - or @ for a formula. */
	const cell = v => '"' + String(v ?? '').replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""') + '"';
	return '\ufeff' + [heads, ...records.map(r => heads.map(k => r[k]))]
		.map(row => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function download(name, text) {
	const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
	h('a', { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 10000);
}

class List {
	constructor(told, values) {
		this.told = told;
		this.all = (told.syncs ?? []).flatMap(s => s.records.map(r => ({ ...r, sync: s.sync })))
			.filter(r => !values.syncs || values.syncs.includes(r.sync));
		this.category = values.category ?? '';
		this.chosen = new Set();
		this.node = h('div', { id: 'list' });
		this.draw();
	}

	rows() { return this.all.filter(r => !this.category || r.category === this.category); }

	picked() { return this.rows().filter(r => this.chosen.has(key(r))); }

	draw() {
		fill(this.node, cards(this.all, this.category, name => {
			this.category = this.category === name ? '' : name;
			this.chosen.clear();
			this.draw();
		}), advice(this.told, this.category), this.list());
		this.count();
	}

	// Only the words that tell how many: the list and its focus stay.
	count() {
		const picked = this.picked().length, rows = this.rows().length;
		const how = this.node.querySelector('.how'), all = this.node.querySelector('#choose-all');
		if (how)
			how.textContent = t('chosen', number(picked));
		if (all) {
			all.checked = picked === rows;
			all.indeterminate = picked > 0 && picked < rows;
		}
		for (const id of ['resync', 'ignore', 'copy-ids'])
			this.node.querySelector('#' + id)?.setAttribute('aria-disabled',
				String(picked === 0));
	}

	box(r) {
		return h('input', { type: 'checkbox', id: 'pick-' + r.sync + '-' + r.name,
			'aria-label': t('choose', r.id), checked: this.chosen.has(key(r)), onchange: e => {
				this.chosen[e.target.checked ? 'add' : 'delete'](key(r));
				this.count();
			} });
	}

	everything() {
		return h('input', { type: 'checkbox', id: 'choose-all', 'aria-label': t('choose-all'),
			onchange: e => {
				this.chosen = new Set(e.target.checked ? this.rows().map(key) : []);
				for (const r of this.rows())
					document.getElementById('pick-' + r.sync + '-' + r.name).checked = e.target.checked;
				this.count();
			} });
	}

	async resync() {
		const picked = this.picked();
		await each_sync(picked, (sync, ids) => api.resync(sync, ids));
		show(true);
		const left = (await api.errors()).syncs.flatMap(s => s.records.map(r => key({ ...r, sync: s.sync })));
		say(t('resynced', number(picked.length),
			number(picked.filter(r => left.includes(key(r))).length)));
	}

	async ignore() {
		await each_sync(this.picked(), (sync, ids) => api.ignore(sync, ids));
		say(t('done'));
		show(true);
	}

	async export() {
		const told = await api.exported();
		const wanted = new Set((this.picked().length ? this.picked() : this.rows()).map(key));
		const records = told.records.filter(r => wanted.has(key(r)));
		download('renkei-errors.csv', csv_of(records));
		say(t('exported', number(records.length)));
	}

	tools() {
		return h('div', { class: 'chosen', role: 'group', 'aria-label': t('chosen', '') },
			h('label', {}, this.everything()), h('span', { class: 'how', 'aria-live': 'polite' }),
			act('resync', t('resync'), () => this.resync(), 'main'),
			act('ignore', t('ignore'), () => this.ignore()),
			look('copy-ids', t('copy-ids'), () => copy(this.picked().map(r => r.name).join('\n'))),
			look('export', t('export'), () => this.export()));
	}

	list() {
		return section(this.category ? t('cat-' + this.category) : t('errors'), this.tools(),
			table(t('errors'), [
				{ head: h('span', { class: 'unseen' }, t('choose-all')), cell: r => this.box(r) },
				{ head: t('record'), cell: r => record_link(r.sync, r.name, r.id) },
				{ head: t('sync'), cell: r => h('span', {}, sync_link(r.sync),
					r.side && h('div', { class: 'soft' }, r.side)) },
				{ head: t('category'), cell: r => t('cat-' + r.category) },
				{ head: t('field'), cell: r => h('span', {}, r.field, r.value
					? [' ', h('code', {}, r.value)] : null) },
				{ head: t('message'), cell: r => r.message },
				{ head: t('next-try'), cell: r => r.next_try ? time(r.next_try) : '–' },
			], this.rows(), 1));
	}
}

const side = text => text.split(' ')[0];

// "#/errors?sync=NAME" or "?connection=NAME" shows those alone, and what they touch.
export async function errors(parts, { sync, connection, category }) {
	const [told, check, use, whom] = await Promise.all([api.errors(), api.check(), api.usage(),
		api.notices()]);
	const meant = (check.syncs ?? []).filter(s => sync ? s.name === sync
		: !connection || [s.from, s.to].some(x => side(x) === connection));
	const names = connection ? [connection] : meant.flatMap(s => [side(s.from), side(s.to)]);
	const list = new List(told, { category, syncs: sync ? [sync] : connection && meant.map(s => s.name) });
	const about = sync ?? connection;
	return [head(about ? t('health') + ': ' + about : t('health'),
		about && h('p', { class: 'crumb' }, page('errors', t('back', t('health'))))),
	mistakes(told), list.all.length === 0 ? section(t('errors'), empty(t('no-errors'), t('no-errors-do')))
		: list.node,
	h('p', { class: 'unseen', id: 'allocation-lead' }, t('allocation-lead')),
	all_limits(use, names), targets(whom)].flat();
}
