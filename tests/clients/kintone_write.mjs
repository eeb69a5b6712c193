// SPDX-License-Identifier: Apache-2.0
// kintone_write.mjs BASE TOKEN APP COUNT - writes COUNT made-up records with
// the vendor's own client (adding, upserting, updating, deleting the last one)
// and prints {"added": N, "upserted": N, "left": N, "refused": "CODE"}.
import { KintoneRestAPIClient } from '@kintone/rest-api-client';

const [baseUrl, apiToken, app, count] = process.argv.slice(2);
const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken } });
const n = Number(count);
const key = (i) => `direct-${i}@clients.example.com`;

const added = await client.record.addAllRecords({
  app,
  records: Array.from({ length: n }, (_, i) => ({
    メールアドレス: { value: key(i) }, 氏名: { value: `直接 ${i}` },
  })),
});
const upserted = await client.record.updateRecords({
  app,
  upsert: true,
  records: [{ updateKey: { field: 'メールアドレス', value: key(0) },
              record: { 会社名: { value: '更新' } } }],
});
const last = added.records[n - 1].id;
await client.record.deleteRecords({ app, ids: [last] });
const { properties } = await client.app.getFormFields({ app });
let refused = 'none';
try {
  await client.record.addRecord({ app, record: { 段階: { value: '無い' } } });
} catch (error) {
  refused = error.code;
}
const left = await client.record.getAllRecordsWithOffset({ app });
console.log(JSON.stringify({
  added: added.records.length, upserted: upserted.records.length, left: left.length,
  refused, fields: Object.keys(properties).length,
}));
