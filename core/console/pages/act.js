// SPDX-License-Identifier: Apache-2.0
//
// act.js - what a person does: buttons that change something, what is said when they
// did, who may press them.
import { fill, h, note } from './dom.js';
import { t } from './words.js';

export const me = { user: null, role: null };

export const may = () => me.role === 'operator';

let hush = 0;

// Told by a screen reader, and shown for a while.
export function say(text) {
	fill(document.getElementById('said'), h('p', {}, text));
	clearTimeout(hush);
	hush = setTimeout(() => document.getElementById('said').replaceChildren(), 8000);
}

export const show = quietly => dispatchEvent(new CustomEvent('renkei:show', { detail: quietly }));

// Beside the head of the view; stays until the next attempt.
export function complain(error) {
	document.getElementById('trouble')?.remove();
	const told = note('bad', h('p', {}, error.message), error.remedy && h('p', {}, error.remedy));
	told.id = 'trouble';
	told.setAttribute('role', 'alert');
	document.querySelector('main .head').after(told);
}

export async function attempt(button, work) {
	if (button.getAttribute('aria-disabled') === 'true')
		return;
	button.setAttribute('aria-disabled', 'true');
	document.getElementById('trouble')?.remove();
	try {
		await work();
	} catch (error) {
		complain(error);
	} finally {
		button.setAttribute('aria-disabled', 'false');
	}
}

// A button that anybody may press.
export function look(id, word, work, kind = '') {
	return h('button', { id, type: 'button', class: kind, 'aria-disabled': 'false',
		onclick: e => attempt(e.currentTarget, work) }, word);
}

// One that is an operator's; a viewer has none.
export const act = (...button) => may() ? look(...button) : null;

export async function copy(text) {
	await navigator.clipboard.writeText(text);
	say(t('copied'));
}

export const head = (title, ...more) => h('div', { class: 'head' }, h('h1', {}, title), ...more);
