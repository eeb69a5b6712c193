// SPDX-License-Identifier: Apache-2.0
// hubspot_write.mjs BASE TOKEN COUNT - writes COUNT made-up contacts with the
// vendor's own client, a hundred a batch, and prints what the CRM answered as
// one JSON array.  Run by the test of the official clients.
import hubspot from '@hubspot/api-client';

const [base, token, count] = process.argv.slice(2);
const client = new hubspot.Client({ accessToken: token, basePath: base });

const stages = ['lead', 'customer', 'opportunity'];
const contact = (i) => ({
  objectWriteTraceId: `row-${i}`,
  associations: [],
  properties: {
    email: `witness-${String(i).padStart(5, '0')}@clients.example.com`,
    lastname: i % 2 ? '証人' : 'Witness',
    firstname: `第${i}号 😀`,
    company: `Example "${i}" \\ 商店`,
    phone: `03-0000-${String(i % 10000).padStart(4, '0')}`,
    lifecyclestage: stages[i % stages.length],
    employee_count: String(i * 7),
    contract_date: `2026-01-${String(1 + (i % 28)).padStart(2, '0')}`,
    member_no: `W-${i}`,
    interests: i % 3 ? 'product;event' : 'support',
    website: `https://clients.example.com/${i}`,
    message: `一行目\n二行目 ${i}`,
  },
});

const results = [];
for (let from = 0; from < Number(count); from += 100) {
  const size = Math.min(100, Number(count) - from);
  const inputs = Array.from({ length: size }, (_, k) => contact(from + k));
  const answer = await client.crm.contacts.batchApi.create({ inputs });
  if (answer.numErrors) throw new Error(JSON.stringify(answer.errors));
  results.push(...answer.results.map(({ id, properties }) => ({ id, properties })));
}
results.sort((a, b) => Number(a.id) - Number(b.id));
console.log(JSON.stringify(results));
