// SPDX-License-Identifier: Apache-2.0
//
// dom.js - elements from data.  Text is only ever set as text, so what a CRM
// answered cannot become markup.

const SVG = new Set(['svg', 'g', 'rect', 'line', 'path', 'text', 'circle']);

// 'props': attributes; on... is a listener; false and null leave it out.
export function h(name, props, ...children) {
	const node = SVG.has(name)
		? document.createElementNS('http://www.w3.org/2000/svg', name)
		: document.createElement(name);
	for (const [key, value] of Object.entries(props ?? {})) {
		if (value === false || value === null || value === undefined)
			continue;
		if (key.startsWith('on'))
			node.addEventListener(key.slice(2), value);
		else if (key === 'value' || key === 'checked')
			node[key] = value;
		else
			node.setAttribute(key, value === true ? '' : value);
	}
	node.append(...children.flat(3).filter(c => c !== null && c !== undefined && c !== false));
	return node;
}

// Puts 'nodes' in the place of what 'parent' holds; focus stays on the element of
// the same id, so that a refresh does not throw a keyboard's user out.
export function fill(parent, ...nodes) {
	const held = parent.contains(document.activeElement) ? document.activeElement.id : '';
	parent.replaceChildren(...nodes.flat().filter(Boolean));
	if (held)
		document.getElementById(held)?.focus({ preventScroll: true });
}

// Only http and https: an address comes from a CRM's record.
export function link(address, ...text) {
	return /^https?:\/\//.test(address ?? '')
		? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, ...text)
		: h('span', {}, ...text);
}

export const page = (address, ...text) => h('a', { href: '#/' + address }, ...text);

// 'columns': [{ head, cell: row => node or text, number }]; 'lead' is the column that
// names the row.  On a phone each row becomes a card.
export function table(caption, columns, rows, lead = 0) {
	const cell = (c, i, row) => h(i === lead ? 'th' : 'td', { scope: i === lead && 'row',
		'data-head': i !== lead && typeof c.head === 'string' && c.head,
		class: c.number && 'number' }, h('span', {}, c.cell(row)));
	return h('div', { class: 'scroll', role: 'group', 'aria-label': caption, tabindex: 0 },
		h('table', { class: 'cards' },
			h('caption', { class: 'unseen' }, caption),
			h('thead', {}, h('tr', {}, columns.map(c =>
				h('th', { scope: 'col', class: c.number && 'number' }, c.head)))),
			h('tbody', {}, rows.map(row => h('tr', {},
				columns.map((c, i) => cell(c, i, row)))))));
}

// [[term, what], ...]; what is empty is left out.
export const terms = pairs => h('dl', {}, pairs.filter(([, what]) => what || what === 0)
	.map(([term, what]) => [h('dt', {}, term), h('dd', {}, what)]));

export const state = (tone, word) => h('span', { class: 'state ' + tone }, word);

export const note = (tone, ...children) => h('div', { class: 'note ' + tone }, ...children);

export const empty = (...lines) => h('div', { class: 'empty' }, lines.map(l => h('p', {}, l)));

export function section(title, ...children) {
	const id = 'h-' + title.replace(/\W+/g, '-') + '-' + (section.count = (section.count ?? 0) + 1);
	return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), ...children);
}
