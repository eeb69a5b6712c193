// SPDX-License-Identifier: Apache-2.0
//
// browse.mjs LINK HUBSPOT KINTONE WORK [PICTURES] - an operator's day in the console, by keyboard
// alone: the first password, three errors that come, are mended and sent again, the export,
// the allocation, who is told, a pause, one record, a viewer, the language.  Then every view
// by axe in both themes, and on a phone.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [link, hubspot, kintone, work, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const base = link.replace(/#.*/, '');
const password = 'only-for-this-test';
const ids = ['601', '602', '604'];
const views = ['overview', 'syncs', 'syncs/contacts', 'syncs/both', 'syncs/contacts/plan', 'errors', 'connections',
	'connections/hubspot', 'usage', 'history', 'record/contacts/503', 'notices', 'changes', 'users',
	'doctor'];
let bad = 0;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB',
	timezoneId: 'Asia/Tokyo', colorScheme: 'light', acceptDownloads: true });
context.setDefaultTimeout(60000);
const page = await context.newPage();
const complaints = [];
page.on('pageerror', error => complaints.push(error.message));
page.on('request', request => request.url().startsWith(base) || request.url().startsWith('blob:')
	|| complaints.push('it asks elsewhere: ' + request.url()));

async function test(what, work_of) {
	if (bad > 0) {
		console.log('not ok - ' + what + ' (not tried)');
		return;
	}
	try {
		await work_of();
		console.log('ok - ' + what);
	} catch (error) {
		bad++;
		console.log('not ok - ' + what);
		console.log('    ' + String(error.message).split('\n').slice(0, 12).join('\n    '));
		console.log('    ' + (await page.innerText('main').catch(() => '')).slice(0, 800)
			.replaceAll('\n', '\n    '));
	}
}

function expect(true_, what) {
	if (!true_)
		throw new Error(what);
}

// Until it is so, a minute at most; Playwright's own waiting is what the page's policy forbids.
async function until(what, is_so, value) {
	for (const end = Date.now() + 60000; Date.now() < end;) {
		if (await page.evaluate(is_so, value))
			return;
		await new Promise(done => setTimeout(done, 100));
	}
	throw new Error('it did not come to be: ' + what);
}

// Until the view stands, with what it fetches afterwards.
async function settled() {
	await page.waitForSelector('main:not([aria-busy]) h1');
	await until('the mapping', () => !document.querySelector('#mapping')
		|| document.querySelector('#mapping table, #mapping .note'));
}

// By the Tab key, as a person would; never by the mouse.
async function tab_to(id) {
	for (let i = 0; i < 150; i++) {
		if (await page.evaluate(() => document.activeElement?.id) === id)
			return;
		await page.keyboard.press('Tab');
	}
	throw new Error('the Tab key does not come to ' + id);
}

async function said(pattern) {
	await until(pattern.source, text => new RegExp(text).test(
		document.getElementById('said').textContent), pattern.source);
}

async function press(id, key = 'Enter') {
	await page.waitForSelector('[id="' + id + '"]:not([aria-disabled="true"])');
	await tab_to(id);
	await page.keyboard.press(key);
}

async function open(name, heading) {
	await press('to-' + name);
	await until(heading, said => document.querySelector('main:not([aria-busy]) h1')
		?.textContent === said, heading);
}

async function control(what, body, crm = hubspot) {
	const answer = await fetch(crm + '/_control/' + what, { method: 'POST',
		body: JSON.stringify(body) });
	expect(answer.ok, 'the simulator: ' + await answer.text());
}

async function edit_three(phone) {
	for (const id of ids)
		await control('edit', { object: 'contacts', id: Number(id), values: { phone } });
	await control('clock', { advance_ms: 300000 });
}

const rows = () => page.$$eval('#list table tbody th', found => found.map(f => f.textContent));

/* The app of the sync "both", which `run` has put into the configuration. */
const text = more => ({ type: 'SINGLE_LINE_TEXT', ...more });
await control('app', { app: '5', fields: { メール: text({ unique: true }), 会社名: text(),
	電話: text() } }, kintone);

/* ---- A day ---------------------------------------------------------------------- */

await test('the link of the first start sets a password, by keyboard', async () => {
	await page.goto(link);
	await page.waitForSelector('#again');
	await tab_to('password');
	await page.keyboard.type(password);
	await press('again', 'End');
	await page.keyboard.type(password);
	await page.keyboard.press('Enter');
	await page.waitForSelector('#to-errors');
});

await test('log out, and in again', async () => {
	await press('logout');
	await page.waitForSelector('#user');
	await tab_to('user');
	await page.keyboard.type('admin');
	await press('password', 'End');
	await page.keyboard.type(password);
	await page.keyboard.press('Enter');
	await page.waitForSelector('#to-errors');
});

await test('a run is started and watched, and three records fail', async () => {
	await edit_three('03-0000-0000, ask for extension 1234');
	await page.goto(base + '#/syncs/contacts');
	await settled();
	const before = await page.$$eval('main table:last-of-type tbody tr', found => found.length);
	await press('run');
	await until('four failed', () => [...document.querySelectorAll('dd a')]
		.some(a => a.textContent === '4'));
	await open('errors', 'Sync health');
	const found = await rows();
	expect([...ids, '503'].every(id => found.includes(id)), 'errors: ' + found);
	expect(before > 0, 'there was a history');
});

await test('a card shows its list, with what helps', async () => {
	await press('card-property-value');
	await until('three rows', () => document.querySelectorAll('#list tbody tr').length === 3);
	expect((await page.innerText('#list .note')).includes('correct the value'), 'no remedy');
});

if (pictures) {
	await page.screenshot({ path: pictures + '/errors.png' });
}

await test('three are mended at the source, chosen and sent again', async () => {
	await edit_three('03-0000-0000');
	for (const id of ids)
		await press('pick-contacts-' + id, 'Space');
	expect((await page.innerText('.how')).includes('3'), 'three are chosen');
	await press('resync');
	await until('one row', () => document.querySelectorAll('#list tbody tr').length === 1);
	expect((await rows()).join() === '503', 'errors left: ' + await rows());
});

await test('the errors are exported', async () => {
	const path = work + '/errors.csv';
	const [coming] = await Promise.all([page.waitForEvent('download'), press('export')]);
	await coming.saveAs(path);
	const text = readFileSync(path, 'utf8');
	expect(text.startsWith('\ufeff') && /"503"/.test(text), text);
});

await test('the allocation is changed', async () => {
	await open('usage', 'API use');
	const id = await page.$eval('main section:first-of-type tbody tr:last-of-type button',
		b => b.id);
	await press(id);
	await page.keyboard.type('1234');
	await page.keyboard.press('Enter');
	await until('it is saved', () => /^Saved: hubspot .* = 1234$/.test(
		document.getElementById('said').textContent));
	const kept = await page.evaluate(async () => (await fetch('api/v1/overrides')).text());
	expect(kept.includes('1234') && kept.includes('admin'), 'overrides: ' + kept);
	await until('the limit shown is the new one', () => document.querySelector('main section tbody '
		+ 'tr:last-of-type [id^="allocation-"] span')?.textContent.trim() === '1,234');
});

await test('one view has the errors, the calls, and who is told of them; they are told no more', async () => {
	await open('errors', 'Sync health');
	const heads = await page.$$eval('main h2', found => found.map(f => f.textContent));
	expect(['Errors', 'API use: hubspot', 'API use: kintone', 'Notices'].every(h => heads.includes(h)),
		'sections: ' + heads);
	await tab_to('send-ops');
	await page.keyboard.press('End');
	await said(/^Saved: ops: Off$/);
	await open('notices', 'Notices');
	expect(await page.$eval('#send-ops', s => s.value) === 'off', 'kept');
	await press('test-ops');
	await said(/^A test is on its way by ops\.$/);
	expect(readFileSync(work + '/told', 'utf8').includes('test'), 'the command was not run');
});

await test('who did what is told, and what was set is taken back', async () => {
	await open('changes', 'Changes');
	const text = await page.innerText('main');
	expect(/override set notify\.send ops off/.test(text) && /console:admin/.test(text)
		&& /override set allocation hubspot/.test(text) && /errors resync contacts/.test(text), text);
	const clear = () => page.$$eval('[id^="clear-"]', found => found.map(f => f.id));
	const all = await clear();
	expect(all.length === 2, 'overrides: ' + all);
	await press(all[1]);
	await until('one is left', () => document.querySelectorAll('[id^="clear-"]').length === 1);
	await open('notices', 'Notices');
	expect(await page.$eval('#send-ops', s => s.value) === 'immediate', 'as configured');
});

await test('a sync is paused and goes on', async () => {
	await page.goto(base + '#/syncs/contacts');
	await settled();
	await press('pause');
	await until('it is paused', () => /paused/.test(document.querySelector('main dl').textContent)
		&& document.getElementById('resume'));
	await settled();
	await press('resume');
	await until('it goes on', () => document.getElementById('pause'));
});

await test('one record is looked at, then sent', async () => {
	await page.goto(base + '#/syncs/contacts');
	await page.reload();
	await settled();
	const mail = await fetch(hubspot + '/crm/v3/objects/contacts/601?properties=email',
		{ headers: { Authorization: 'Bearer sim-hubspot-token' } }).then(a => a.json());
	await tab_to('match-value');
	await page.keyboard.type(mail.properties.email);
	await press('preview');
	await until('it is shown', () => document.querySelector('#tried table'));
	expect((await page.innerText('#tried')).includes(mail.properties.email), 'its values');
	await press('send');
	await until('it is sent', () => /^Sent: email=/.test(document.querySelector('#tried .note')?.textContent));
});

await test('all rules are shown before it starts, and start begins the run', async () => {
	await page.goto(base + '#/syncs/contacts/plan');
	await settled();
	const heads = await page.$$eval('main h2', found => found.map(f => f.textContent));
	const text = await page.innerText('main');
	expect(['Rule', 'Mapping'].every(h => heads.includes(h)) && text.includes('メールアドレス')
		&& text.includes('contacts in hubspot') && /Of \d+ read/.test(text), heads + ' ' + text);
	const before = await page.evaluate(async () =>
		(await (await fetch('api/v1/syncs/contacts/history?limit=1')).json()).runs[0].id);
	await press('start');
	await page.waitForSelector('#run');
	await until('a run more', async id => (await (await fetch(
		'api/v1/syncs/contacts/history?limit=1')).json()).runs[0].id > id, before);
});

await test('a connection is as last known until it is asked; its key is renewed at the CRM', async () => {
	await page.goto(base + '#/connections/hubspot');
	await settled();
	const text = await page.innerText('main');
	expect(/As last known\s+worked/.test(text) && text.includes('This connection has no login')
		&& text.includes('file:'), text);
	expect(!text.includes('sim-hubspot-token'), 'a secret is shown');
	await press('check');
	await said(/^hubspot answers/);
	await page.goto(base + '#/connections');
	await settled();
	expect((await page.innerText('main')).includes('not known: check it'), 'what nobody used');
});

const text_of = async part => (await page.innerText(part)).replace(/\s+/g, ' ');

await test('what was written to a record is told, field by field', async () => {
	await page.goto(base + '#/record/contacts/601');
	await settled();
	const text = await text_of('main');
	expect(/What was written to it/.test(text) && /changed at the source/.test(text)
		&& text.includes('03-0000-0000'), text);
});

await test('deletions that wait are shown, and exactly these are approved', async () => {
	await control('delete', { object: 'contacts', ids: ['21', '22', '23'] });
	await control('clock', { advance_ms: 300000 });
	await page.goto(base + '#/syncs/contacts');
	await settled();
	await press('run');
	await page.waitForSelector('#approve');
	await page.goto(base + '#/overview');
	await settled();
	expect(/Deletions that wait for approval: 3/.test(await text_of('main')), await text_of('main'));
	await page.goto(base + '#/syncs/contacts');
	await settled();
	const text = await text_of('main');
	expect(/Approve exactly 3 deletions/.test(text) && /\b21\b/.test(text), text);
	await press('approve');
	await said(/^Done/);
	await until('none waits', () => !document.getElementById('approve'));
});

await test('a field that changed at the target is told with its line and what could stand there', async () => {
	for (const what of [{ remove: 'リード' }, { add: '新リード' }])
		await control('option', { app: '1', field: '段階', ...what }, kintone);
	await page.goto(base + '#/connections/kintone');
	await settled();
	await press('check');
	await said(/^kintone answers/);
	await control('edit', { object: 'contacts', id: 601, values: { phone: '03-1111-1111' } });
	await control('clock', { advance_ms: 300000 });
	await page.goto(base + '#/syncs/contacts');
	await settled();
	await press('run');
	await until('it is told', () => /has no option/.test(document.querySelector('main').innerText));
	const text = await text_of('main');
	expect(/Fields that changed/.test(text) && /renkei\.conf:\d+/.test(text)
		&& text.includes('新リード'), text);
	await page.goto(base + '#/overview');
	await settled();
	expect(/Fields at a CRM that changed: 1/.test(await text_of('main')), await text_of('main'));
});

await test('both sides are compared, and what differs is repaired', async () => {
	await control('option', { app: '1', field: '段階', add: 'リード' }, kintone);
	await page.goto(base + '#/connections/kintone');
	await settled();
	await press('check');
	await said(/^kintone answers/);
	await page.goto(base + '#/syncs/contacts');
	await settled();
	expect(/Never compared/.test(await text_of('main')), 'it was compared');
	await press('reconcile');
	await said(/^contacts: [\d.]+ % in step/);
	await until('the result', () => /% in step/.test(document.querySelector('main').innerText)
		&& document.querySelector('#repair'));
});

async function records_of(object, crm) {
	return (await (await fetch(crm + '/_control/records?object=' + object)).json()).records;
}

// Runs the sync that is shown, until 'what' is so.
async function run_until(what, is_so) {
	await press('run');
	for (const end = Date.now() + 60000; !await is_so();) {
		expect(Date.now() < end, 'it did not come to be: ' + what);
		await new Promise(done => setTimeout(done, 200));
	}
}

const at_kintone = async () => (await records_of('5', kintone))[0];

await test('a field that both sides changed is shown, and one side\'s value is taken', async () => {
	await control('load', { object: 'contacts', records: [{ updatedAt: Date.now() - 3600e3,
		properties: { email: 'both@example.jp', company: '前の社名', phone: '03-0000-0001' } }] });
	await control('clock', { advance_ms: 300000 });
	await page.goto(base + '#/syncs/both');
	await settled();
	await run_until('a record at kintone', at_kintone);
	const there = await at_kintone(), here = (await records_of('contacts', hubspot))
		.find(r => r.values.email === 'both@example.jp');
	await control('edit', { object: 'contacts', id: Number(here.id),
		values: { company: 'HubSpot 社', phone: '03-0000-0002' } });
	await control('edit', { object: '5', id: Number(there.id),
		values: { 会社名: { value: 'キントーン社' }, 電話: { value: '03-0000-0003' } } }, kintone);
	await control('clock', { advance_ms: 300000 });
	await page.goto(base + '#/overview');
	await page.goto(base + '#/syncs/both');
	await settled();
	const take = 'take-to-' + here.id + '-company';
	await run_until('a choice', () => page.$('[id="' + take + '"]'));
	const found = await text_of('main');
	expect(/2 wait for a choice/.test(found) && /kept in step, both ways/.test(found) && ['HubSpot 社', 'キントーン社', '前の社名']
		.every(value => found.includes(value)), found);
	expect(await page.$('#reconcile') && !await page.$('#repair'), 'a repair of both sides');
	await press(take);
	await said(/^company: the value of kintone stays$/);
	await until('one is left', () => document.querySelectorAll('[id^="take-"]').length === 2);
	const after = (await records_of('contacts', hubspot)).find(r => r.id === here.id);
	expect(after.values.company === 'キントーン社' && after.values.phone === '03-0000-0002',
		JSON.stringify(after.values));
	await page.goto(base + '#/overview');
	await settled();
	expect(/Conflicts that wait for a choice: 1/.test(await text_of('main')), await text_of('main'));
	await page.goto(base + '#/record/both/' + here.id);
	await settled();
	expect(/console:admin/.test(await text_of('main')), await text_of('main'));
});

/* As status tells it in the middle of a first load. */
await test('how far a first load is, of about how many', async () => {
	await page.route('**/api/v1/status', async route => {
		const answer = await route.fetch(), told = await answer.json();
		Object.assign(told.syncs.find(s => s.name === 'contacts'), { listed: 300, about: 1000 });
		await route.fulfill({ response: answer, json: told });
	});
	await page.goto(base + '#/syncs');
	await settled();
	await page.goto(base + '#/syncs/contacts');
	await settled();
	expect(/300 of about 1,000 records \(30 %\)/.test(await text_of('main'))
		&& await page.$eval('main progress', p => p.value) === 300, await text_of('main'));
	const found = await found_by_axe();
	expect(found.length === 0, found.join());
	await page.unroute('**/api/v1/status');
});

/* Another person, in another browser. */
let seen = null;
await test('an operator makes a link for a viewer', async () => {
	await open('users', 'Users');
	await tab_to('new-user');
	await page.keyboard.type('vera');
	await press('invite');
	await page.waitForSelector('#link');
	seen = await page.innerText('#link');
	expect(seen.startsWith(base + '#link='), seen);
	expect(!await page.$('#link-admin') && !await page.$('#remove-admin'), 'an operator is changed');
});

await test('a viewer may look and not act, in the page and past it', async () => {
	const other = await (await browser.newContext({ locale: 'en-GB' })).newPage();
	await other.goto(seen);
	await other.fill('#password', password);
	await other.fill('#again', password);
	await other.keyboard.press('Enter');
	await other.waitForSelector('#to-errors');
	expect(!await other.$('#to-users'), 'users in the menu');
	for (const view of ['syncs/contacts', 'syncs/both', 'errors', 'notices', 'changes', 'connections/hubspot', 'usage',
		'syncs/contacts/plan', 'users', 'record/contacts/503']) {
		await other.goto(base + '#/' + view);
		await other.waitForSelector('main:not([aria-busy]) h1');
		for (const id of ['run', 'pause', 'resync', 'ignore', 'start', 'invite', 'send-ops', 'test-ops',
			'send', 'reconcile', 'repair', 'approve', 'allocation-0-open'])
			expect(!await other.$('[id="' + id + '"]'), view + ' has ' + id);
		expect(!await other.$('[id^="take-"]'), view + ' lets a viewer choose');
		expect(view !== 'syncs/both' || (await other.innerText('main')).includes('03-0000-0003'),
			'a viewer sees no conflict');
	}
	const answers = await other.evaluate(async () => {
		const { csrf } = await (await fetch('api/v1/session')).json();
		return Promise.all(['syncs/contacts/run', 'syncs/contacts/errors/resync', 'users/eve/link',
			'connections/hubspot/allocation', 'notices/ops/send', 'pause',
			'syncs/contacts/reconcile', 'syncs/contacts/approve', 'syncs/both/conflicts/settle'].map(async path =>
			(await fetch('api/v1/' + path, { method: 'POST', body: '{}', headers: {
				'Content-Type': 'application/json', 'X-CSRF-Token': csrf } })).status));
	});
	expect(answers.every(status => status === 403), 'answers: ' + answers);
	await other.context().close();
	await press('remove-vera');
	await until('she is gone', () => !document.getElementById('remove-vera'));
});

await test('the theme is switched, by keyboard, and stays', async () => {
	const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? 'auto');
	await tab_to('theme');
	await page.keyboard.press('End');
	expect(await theme() === 'dark', await theme());
	await page.reload();
	await settled();
	expect(await theme() === 'dark', await theme());
	await tab_to('theme');
	await page.keyboard.press('Home');
	expect(await theme() === 'auto', await theme());
});

await test('the language is switched, by keyboard', async () => {
	await open('usage', 'API use');
	await tab_to('language');
	await page.keyboard.press('ArrowDown');
	await until('the language', () => document.querySelector('h1')?.textContent === 'API 使用量');
	expect(await page.getAttribute('html', 'lang') === 'ja', 'lang');
	await open('errors', '同期の状態');
	await tab_to('language');
	await page.keyboard.press('ArrowUp');
	await until('the language', () => document.querySelector('h1')?.textContent === 'Sync health');
});

await test('the skip link leads past the menu', async () => {
	await page.evaluate(() => document.activeElement.blur());
	await page.goto(base + '#/doctor');
	await page.reload();
	await settled();
	await page.evaluate(() => document.activeElement.blur());
	await press('skip');
	expect(await page.evaluate(() => document.activeElement.id) === 'main', 'focus');
});

/* ---- Every view ------------------------------------------------------------------- */

async function found_by_axe(rules) {
	await page.evaluate(axe);
	const told = await page.evaluate(only => window.axe.run(document, { resultTypes: ['violations'],
		...(only ? { runOnly: { type: 'rule', values: only } } : {}) }), rules);
	return told.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '));
}

async function each_view(work_of) {
	const wrong = [];
	for (const view of views) {
		await page.goto(base + '#/' + view);
		await settled();
		for (const found of await work_of(view))
			wrong.push(view + ': ' + found);
	}
	expect(wrong.length === 0, wrong.join('\n'));
}

async function wide() {
	const over = await page.evaluate(() => document.documentElement.scrollWidth
		- document.documentElement.clientWidth);
	return over > 0 ? ['wider than the screen by ' + over] : [];
}

await test('axe finds nothing on any view, and none is too wide', () =>
	each_view(async view => {
		if (pictures && view === 'overview')
			await page.screenshot({ path: pictures + '/overview.png' });
		return [...await wide(), ...await found_by_axe()];
	}));

await page.emulateMedia({ colorScheme: 'dark' });
await test('nor in the dark theme', () => each_view(() => found_by_axe(['color-contrast'])));
if (pictures) {
	await page.evaluate(() => localStorage.setItem('renkei.lang', 'ja'));
	await page.goto(base + '#/overview');
	await page.reload();
	await settled();
	await page.screenshot({ path: pictures + '/overview-dark-ja.png' });
	await page.evaluate(() => localStorage.setItem('renkei.lang', 'en'));
}

await page.setViewportSize({ width: 360, height: 740 });
await test('on a phone nothing is too wide', () => each_view(wide));
await test('no script failed, and nothing was asked elsewhere', async () =>
	expect(complaints.length === 0, complaints.join('\n')));

await browser.close();
process.exit(bad ? 1 : 0);
