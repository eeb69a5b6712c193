// SPDX-License-Identifier: Apache-2.0
// back_equal.mjs KINTONE TOKEN HUBSPOT TOKEN - compares the records of app 30, read
// with kintone's own client, with the contacts that HubSpot's own client reads.  What
// is expected is computed here, from the vendors' documentation and the mapping in
// renkei.conf, by nothing that the program under test contains.
import hubspot from '@hubspot/api-client';
import { KintoneRestAPIClient } from '@kintone/rest-api-client';

const [baseUrl, apiToken, basePath, accessToken] = process.argv.slice(2);
const kintone = new KintoneRestAPIClient({ baseUrl, auth: { apiToken } });
const client = new hubspot.Client({ accessToken, basePath });

const stages = { 見込み: 'lead', 顧客: 'customer' };
const interests = { 製品: 'product', 催し: 'event', 支援: 'support' };
const expected = {
  email: (r) => r.メール.value,
  lastname: (r) => r.姓.value,
  firstname: (r) => r.名.value,
  message: (r) => r.備考.value,
  employee_count: (r) => r.人数.value,
  contract_date: (r) => r.契約日.value,
  closedate: (r) => r.面談.value && new Date(r.面談.value).toISOString(),
  lifecyclestage: (r) => stages[r.段階.value],
  interests: (r) => r.興味.value.map((name) => interests[name]).join(';'),
  member_no: (r) => r.番号.value,
  jobtitle: (r) => r.担当者.value.map((user) => user.code).join('/'),
  fax: (r) => r.レコード番号.value,
};
const records = await kintone.record.getAllRecordsWithCursor({ app: 30 });
const contacts = await client.crm.contacts.getAll(100, undefined, Object.keys(expected));
const byKey = new Map(contacts.map((c) => [c.properties.email, c.properties]));
let different = 0;
let fields = 0;
for (const record of records) {
  const contact = byKey.get(record.メール.value);
  for (const [name, want] of Object.entries(expected)) {
    const wanted = want(record) || null;
    const found = contact?.[name] || null;
    fields += 1;
    if (wanted !== found) {
      different += 1;
      console.log(`record ${record.$id.value}, ${name}: expected ${wanted}, found ${found}`);
    }
  }
}
console.log(`compared ${records.length} records, ${fields} fields: ${different} different`);
process.exit(different === 0 && records.length > 0 ? 0 : 1);
