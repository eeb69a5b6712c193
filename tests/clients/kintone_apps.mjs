// SPDX-License-Identifier: Apache-2.0
// kintone_apps.mjs BASE TOKEN CONTROL - what the vendor's own client does with
// cursors, tables, lookups, people, process status, guest spaces, revisions and
// bulk requests, case by case; "ok - ..." or "not ok - ..." a case.  CONTROL is
// the simulator itself, which defines the apps.
import assert from 'node:assert/strict';
import { KintoneRestAPIClient } from '@kintone/rest-api-client';

const [baseUrl, apiToken, control] = process.argv.slice(2);
const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken } });
const guest = new KintoneRestAPIClient({ baseUrl, auth: { apiToken }, guestSpaceId: 7 });
const user = new KintoneRestAPIClient({ baseUrl, auth: { username: 'sim', password: 'sim' } });

const define = async (app) => {
  const answer = await fetch(`${control}/_control/app`,
    { method: 'POST', body: JSON.stringify(app) });
  if (!answer.ok) throw new Error(await answer.text());
};
const fields = {
  番号: { type: 'SINGLE_LINE_TEXT', unique: true, maxLength: '64' },
  数: { type: 'NUMBER' },
  日時: { type: 'DATETIME' },
  担当者: { type: 'USER_SELECT' },
  明細: { type: 'SUBTABLE', fields: { 品名: { type: 'SINGLE_LINE_TEXT' }, 数量: { type: 'NUMBER' } } },
  会社: { type: 'SINGLE_LINE_TEXT',
          lookup: { relatedApp: { app: '22', code: '' }, relatedKeyField: '会社番号',
                    fieldMappings: [{ field: '会社名', relatedField: '名称' }],
                    lookupPickerFields: [], filterCond: '', sort: '' } },
  会社名: { type: 'SINGLE_LINE_TEXT' },
  ステータス: { type: 'STATUS', enabled: true },
};
const app = 20;
await define({ app: '20', code: 'CRM', fields });
await define({ app: '21', guest_space: '7', fields });
await define({ app: '22', fields: { 会社番号: { type: 'SINGLE_LINE_TEXT', unique: true },
                                    名称: { type: 'SINGLE_LINE_TEXT' } } });

const refused = async (call, code) => {
  await assert.rejects(call, (error) => error.code === code);
};
const row = (name, count, id) => ({ ...(id && { id }),
  value: { 品名: { value: name }, 数量: { value: count } } });
const rows = async (id) => {
  const { record } = await client.record.getRecord({ app, id });
  return record.明細.value.map((r) => [r.id, r.value.品名.value, r.value.数量.value]);
};

const cases = {
  'a cursor reads in an order of its own, page by page': async () => {
    await client.record.addAllRecords({ app,
      records: Array.from({ length: 250 }, (_, i) => ({ 番号: { value: `N-${i}` },
                                                        数: { value: 250 - i } })) });
    const { id, totalCount } = await client.record.createCursor({ app, size: 100,
      fields: ['$id', '数'], query: 'order by 数 asc, $id asc' });
    assert.equal(totalCount, '250');
    const seen = [];
    for (let next = true; next;) {
      const page = await client.record.getRecordsByCursor({ id });
      seen.push(...page.records.map((r) => Number(r.数.value)));
      next = page.next;
    }
    assert.deepEqual(seen, Array.from({ length: 250 }, (_, i) => i + 1));
    await refused(client.record.getRecordsByCursor({ id }), 'GAIA_CN01');
  },
  'ten cursors are there, and one that is given back is free again': async () => {
    const make = () => client.record.createCursor({ app, query: '' });
    const held = [];
    for (let i = 0; i < 10; i += 1) held.push(await make());
    await refused(make(), 'GAIA_TM12');
    await client.record.deleteCursor({ id: held[0].id });
    held[0] = await make();
    for (const { id } of held) await client.record.deleteCursor({ id });
    await refused(client.record.deleteCursor({ id: held[0].id }), 'GAIA_CN01');
  },
  'a cursor takes no limit and no more than 500 a page': async () => {
    await assert.rejects(client.record.createCursor({ app, query: 'limit 5' }));
    await assert.rejects(client.record.createCursor({ app, size: 501 }));
  },
  'an offset ends at 10,000': async () => {
    await refused(client.record.getRecords({ app, query: 'limit 1 offset 10001' }), 'GAIA_QU02');
    await refused(client.record.getRecords({ app, query: 'limit 501' }), 'GAIA_QU01');
  },
  'rows of a table keep their ids, and those not sent are gone': async () => {
    const { id } = await client.record.addRecord({ app, record: {
      番号: { value: 'T-1' }, 明細: { value: [row('a', 1), row('b', 2)] } } });
    const [[first]] = await rows(id);
    await client.record.updateRecord({ app, id, record: {
      明細: { value: [row('c', 3, first), row('d', 4)] } } });
    const after = await rows(id);
    assert.deepEqual(after.map((r) => r.slice(1)), [['c', '3'], ['d', '4']]);
    assert.equal(after[0][0], first);
    await client.record.updateRecord({ app, id, record: { 数: { value: 5 } } });
    assert.deepEqual(await rows(id), after);
    await client.record.updateRecord({ app, id, record: { 明細: { value: [] } } });
    assert.deepEqual(await rows(id), []);
  },
  'a lookup copies, and refuses what is not there': async () => {
    await client.record.addRecord({ app: 22, record: { 会社番号: { value: 'C-1' },
                                                       名称: { value: '例示商会' } } });
    const { id } = await client.record.addRecord({ app, record: { 会社: { value: 'C-1' } } });
    const { record } = await client.record.getRecord({ app, id });
    assert.equal(record.会社名.value, '例示商会');
    await refused(client.record.updateRecord({ app, id, record: { 会社: { value: 'C-2' } } }),
      'GAIA_LO04');
  },
  'people go by code': async () => {
    const { id } = await client.record.addRecord({ app, record: {
      担当者: { value: [{ code: 'sato' }] } } });
    const { record } = await client.record.getRecord({ app, id });
    assert.equal(record.担当者.value[0].code, 'sato');
    await refused(client.record.updateRecord({ app, id, record: {
      担当者: { value: [{ code: 'nobody' }] } } }), 'GAIA_IL26');
  },
  'times lose their seconds, and numbers their exponent': async () => {
    const { id } = await client.record.addRecord({ app, record: {
      日時: { value: '2026-02-03T13:05:06+09:00' }, 数: { value: '1.5e1' } } });
    const { record } = await client.record.getRecord({ app, id });
    assert.equal(record.日時.value, '2026-02-03T04:05:00Z');
    assert.equal(record.数.value, '15');
    assert.match(record.更新日時.value, /:00Z$/);
  },
  'a status is read where it is on, and never written with the record': async () => {
    const { id } = await client.record.addRecord({ app, record: {
      ステータス: { value: '完了' } } });
    const { record } = await client.record.getRecord({ app, id });
    assert.equal(record.ステータス.value, '未処理');
    assert.equal(record.レコード番号.value, `CRM-${id}`);
    assert.equal('作業者' in record, false);
  },
  'a revision that is old is refused': async () => {
    const { id, revision } = await client.record.addRecord({ app, record: {} });
    await client.record.updateRecord({ app, id, revision, record: { 数: { value: 1 } } });
    await refused(client.record.updateRecord({ app, id, revision, record: {} }), 'GAIA_CO02');
  },
  'a guest space has a path of its own': async () => {
    const { id } = await guest.record.addRecord({ app: 21, record: { 番号: { value: 'G' } } });
    const { record } = await guest.record.getRecord({ app: 21, id });
    assert.equal(record.番号.value, 'G');
    assert.equal((await guest.record.getAllRecordsWithCursor({ app: 21 })).length, 1);
    await refused(client.record.getRecord({ app: 21, id }), 'GAIA_IL23');
    await assert.rejects(guest.record.getRecord({ app, id }));
  },
  'a bulk request is one, or nothing': async () => {
    const before = await client.record.getRecords({ app, totalCount: true, query: 'limit 1' });
    await assert.rejects(client.bulkRequest({ requests: [
      { method: 'POST', api: '/k/v1/record.json', payload: { app, record: {} } },
      { method: 'POST', api: '/k/v1/record.json',
        payload: { app, record: { 数: { value: 'many' } } } },
    ] }));
    const after = await client.record.getRecords({ app, totalCount: true, query: 'limit 1' });
    assert.equal(after.totalCount, before.totalCount);
  },
  'apps are listed for a password and not for a token': async () => {
    const { apps } = await user.app.getApps({});
    assert.ok(apps.some((a) => a.appId === '20' && a.code === 'CRM'));
    await refused(client.app.getApps({}), 'GAIA_NO01');
  },
  'what is not simulated is refused, not made up': async () => {
    await assert.rejects(client.record.getRecordComments({ app, record: 1 }));
    await assert.rejects(client.file.downloadFile({ fileKey: 'x' }));
    await assert.rejects(client.app.getProcessManagement({ app }));
  },
};

let bad = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok - kintone's client: ${name}`);
  } catch (error) {
    bad = 1;
    console.log(`not ok - kintone's client: ${name}: ${error.message}`);
  }
}
process.exit(bad);
