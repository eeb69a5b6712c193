// SPDX-License-Identifier: Apache-2.0
// equal.mjs CONTACTS RECORDS - compares what HubSpot's client wrote with what
// kintone's client read, field by field.  The expected values are computed here,
// from the vendors' documentation and the mapping in renkei.conf, by nothing
// that the program under test contains.
import { readFileSync } from 'node:fs';

const [contacts, records] = process.argv.slice(2)
  .map((file) => JSON.parse(readFileSync(file, 'utf8')));

const stages = { lead: 'リード', customer: '顧客' };
const interests = { product: '製品', event: 'イベント', support: 'サポート', newsletter: 'メールマガジン' };
const expected = {
  メールアドレス: (p) => p.email,
  氏名: (p) => `${p.lastname} ${p.firstname}`,
  会社名: (p) => p.company,
  電話: (p) => p.phone.replace(/\D/g, ''),
  段階: (p) => stages[p.lifecyclestage] ?? 'その他',
  従業員数: (p) => p.employee_count,
  契約日: (p) => p.contract_date,
  会員番号: (p) => p.member_no,
  ウェブ: (p) => p.website,
  備考: (p) => p.message,
  興味: (p) => (p.interests ? p.interests.split(';').map((v) => interests[v]) : []),
};

const byKey = new Map(records.map((r) => [r.メールアドレス.value, r]));
let different = 0;
let fields = 0;
for (const { id, properties } of contacts) {
  const record = byKey.get(properties.email);
  for (const [code, want] of Object.entries(expected)) {
    const wanted = JSON.stringify(want(properties));
    const found = JSON.stringify(record?.[code]?.value);
    fields += 1;
    if (wanted !== found) {
      different += 1;
      console.log(`contact ${id}, ${code}: expected ${wanted}, found ${found}`);
    }
  }
}
if (records.length !== contacts.length) {
  different += 1;
  console.log(`${contacts.length} contacts, ${records.length} records`);
}
console.log(`compared ${contacts.length} contacts, ${fields} fields: ${different} different`);
process.exit(different === 0 && contacts.length > 0 ? 0 : 1);
