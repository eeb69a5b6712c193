// SPDX-License-Identifier: Apache-2.0
// back_write.mjs BASE TOKEN CONTROL COUNT - defines app 30 and writes COUNT made-up
// records into it with kintone's own client; CONTROL is the simulator itself.
import { KintoneRestAPIClient } from '@kintone/rest-api-client';

const [baseUrl, apiToken, control, count] = process.argv.slice(2);
const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken } });
const options = (...names) => Object.fromEntries(
  names.map((label, index) => [label, { label, index: String(index) }]));
const fields = {
  メール: { type: 'SINGLE_LINE_TEXT', unique: true, maxLength: '64' },
  姓: { type: 'SINGLE_LINE_TEXT' },
  名: { type: 'SINGLE_LINE_TEXT' },
  備考: { type: 'MULTI_LINE_TEXT' },
  人数: { type: 'NUMBER' },
  契約日: { type: 'DATE' },
  面談: { type: 'DATETIME' },
  段階: { type: 'DROP_DOWN', options: options('見込み', '顧客') },
  興味: { type: 'CHECK_BOX', options: options('製品', '催し', '支援') },
  担当者: { type: 'USER_SELECT' },
  明細: { type: 'SUBTABLE', fields: { 品名: { type: 'SINGLE_LINE_TEXT' } } },
  番号: { type: 'SINGLE_LINE_TEXT', unique: true, maxLength: '64' },
};
const answer = await fetch(`${control}/_control/app`,
  { method: 'POST', body: JSON.stringify({ app: '30', code: 'CRM', fields }) });
if (!answer.ok) throw new Error(await answer.text());

const interests = [[], ['製品'], ['支援', '催し']];
const record = (i) => ({
  メール: { value: `back-${String(i).padStart(5, '0')}@clients.example.com` },
  姓: { value: i % 2 ? '証人' : 'O"Neill \\ 𠮷' },
  名: { value: `第${i}号 😀` },
  備考: { value: i % 4 ? `一行目\n二行目 ${i}` : '' },
  人数: { value: i % 5 ? String(i * 7 - 20) : '' },
  契約日: { value: i % 3 ? `2026-02-${String(1 + (i % 28)).padStart(2, '0')}` : null },
  面談: { value: `2026-03-01T${String(i % 24).padStart(2, '0')}:30:45+09:00` },
  段階: { value: i % 3 === 0 ? null : i % 3 === 1 ? '見込み' : '顧客' },
  興味: { value: interests[i % 3] },
  担当者: { value: i % 2 ? [{ code: 'sato' }] : [{ code: 'sato' }, { code: 'suzuki' }] },
  明細: { value: [{ value: { 品名: { value: 'ねじ' } } }] },
  番号: { value: `B-${i}` },
});
const { records } = await client.record.addAllRecords({ app: 30,
  records: Array.from({ length: Number(count) }, (_, i) => record(i)) });
if (records.length !== Number(count)) throw new Error(`wrote ${records.length}`);
