// SPDX-License-Identifier: Apache-2.0
//
// login.js - logging in, and the first password by the link that is printed once.
import { api } from './api.js';
import { attempt, complain, head, me, show } from './act.js';
import { h } from './dom.js';
import { t } from './words.js';

function input(id, word, props) {
	return h('label', {}, h('span', {}, word), h('input', { id, name: id, required: true, ...props }));
}

function form(title, lead, fields, word, work) {
	return [h('section', { class: 'login', 'aria-label': title }, head(title),
		lead && h('p', {}, lead),
		h('form', { onsubmit: e => {
			e.preventDefault();
			attempt(e.submitter ?? e.target.querySelector('button'),
				() => work(new FormData(e.target)));
		} }, fields, h('button', { id: 'go', class: 'main' }, word)))];
}

async function enter(told) {
	Object.assign(me, told.user ? told : await api.session());
	if (location.hash.startsWith('#link='))
		location.hash = '#/overview';
	else
		show();
}

export function login(lead) {
	return form(t('login'), lead ?? '', [
		input('user', t('user'), { autocomplete: 'username', autofocus: true, maxlength: 64 }),
		input('password', t('password'), { type: 'password', autocomplete: 'current-password',
			maxlength: 256 }),
	], t('login'), async data =>
		enter(await api.login(data.get('user'), data.get('password'))));
}

export function first([link]) {
	return form(t('first'), t('first-lead'), [
		input('password', t('password'), { type: 'password', autocomplete: 'new-password',
			autofocus: true, minlength: 10, maxlength: 256, 'aria-describedby': 'rule' }),
		h('p', { id: 'rule', class: 'soft' }, t('password-rule')),
		input('again', t('password-again'), { type: 'password', autocomplete: 'new-password',
			minlength: 10, maxlength: 256 }),
	], t('first-do'), async data => {
		if (data.get('password') !== data.get('again'))
			return complain(new Error(t('password-differ')));
		return enter(await api.first(link, data.get('password')));
	});
}
