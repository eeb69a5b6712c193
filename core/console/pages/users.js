// SPDX-License-Identifier: Apache-2.0
//
// users.js - who may use the console.  Viewers are made and removed here; operators at a
// terminal alone, so that a page in wrong hands makes no lasting one.
import { api } from './api.js';
import { act, copy, head, look, may, me, say, show } from './act.js';
import { empty, fill, h, note, section, table } from './dom.js';
import { mistakes } from './told.js';
import { t } from './words.js';

let made = null;

async function link(name) {
	made = await api.user_link(name);
	await show(true);
	say(t('link-made', name));
}

// At the address of this page: a proxy may stand before the one that the console has.
function handed_over() {
	if (!made)
		return null;
	const address = location.href.split('#')[0] + '#' + made.link.split('#')[1];
	const told = note('good', h('p', {}, t('link-lead', made.user)),
		h('p', {}, h('code', { id: 'link' }, address), ' ',
			look('copy-link', t('copy'), () => copy(address), 'plain')));
	made = null;
	return told;
}

const buttons = u => u.role !== 'viewer' ? h('span', { class: 'soft' }, t('at-terminal'))
	: h('span', {}, act('link-' + u.user, h('span', {}, t('new-link'),
		h('span', { class: 'unseen' }, ': ' + u.user)), () => link(u.user), 'plain'), ' ',
	act('remove-' + u.user, h('span', {}, t('remove'),
		h('span', { class: 'unseen' }, ': ' + u.user)), async () => {
		await api.user_remove(u.user);
		say(t('done'));
		show(true);
	}, 'plain'));

function invite() {
	return section(t('invite'), h('p', { class: 'soft' }, t('invite-lead')),
		h('form', { class: 'row', onsubmit: e => {
			e.preventDefault();
			document.getElementById('invite').click();
		} },
		h('label', {}, h('span', {}, t('user')), h('input', { id: 'new-user', required: true,
			maxlength: 64, autocomplete: 'off', pattern: '[A-Za-z0-9._\\-]+' })),
		act('invite', t('make-link'), () => link(document.getElementById('new-user').value.trim()),
			'main')));
}

export async function users() {
	if (!may())
		return [head(t('users')), empty(t('viewer-only'))];
	const told = await api.users();
	return [head(t('users')), mistakes(told), handed_over(),
		section(t('users'), table(t('users'), [
			{ head: t('user'), cell: u => u.user === me.user ? u.user + ' ' + t('you') : u.user },
			{ head: t('role'), cell: u => t('role-' + u.role) },
			{ head: t('state'), cell: u => u.invited ? t('invited') : t('has-password') },
			{ head: t('change'), cell: buttons },
		], told.users ?? [])), invite()];
}
