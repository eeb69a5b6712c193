// SPDX-License-Identifier: Apache-2.0
// salesforce_calls.mjs BASE TOKEN - what jsforce does against the simulator: describe,
// single records and collections, SOQL with pages, what changed, jobs both ways, and a
// login that refreshes itself; "ok - ..." or "not ok - ..." a case.  Not there, as the
// simulator has no such routes: metadata, tooling, Apex, streaming, the first Bulk API.
import assert from 'node:assert/strict';
import jsforce from '@jsforce/jsforce-node';

const [instanceUrl, accessToken] = process.argv.slice(2);
const client = new jsforce.Connection({ instanceUrl, accessToken, version: '67.0' });
const contacts = client.sobject('Contact');
const refused = (call, code) => assert.rejects(call, (e) => {
  assert.equal(e.errorCode ?? e.name, code);
  return true;
});
const control = async (path, body) => {
  const reply = await fetch(`${instanceUrl}/_control/${path}`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(reply.status, 200);
  return reply.json();
};
let one;

const cases = {
  'objects and fields are described': async () => {
    const all = await client.describeGlobal();
    assert.ok(all.sobjects.some((o) => o.name === 'Lead' && o.keyPrefix === '00Q'));
    const fields = (await contacts.describe()).fields;
    const key = fields.find((f) => f.name === 'Renkei_Id__c');
    assert.ok(key.externalId && key.unique);
    assert.ok(fields.find((f) => f.name === 'Stage__c').restrictedPicklist);
  },
  'a record is created, read, updated and destroyed': async () => {
    const made = await contacts.create({ LastName: '髙﨑', Email: 'one@example.com' });
    assert.ok(made.success && made.id.length === 18);
    one = made.id;
    assert.equal((await contacts.retrieve(one)).LastName, '髙﨑');
    assert.ok((await contacts.update({ Id: one, LastName: 'B', Phone: null })).success);
    const gone = await contacts.create({ LastName: 'Gone' });
    assert.ok((await contacts.destroy(gone.id)).success);
    await refused(contacts.retrieve(gone.id), 'NOT_FOUND');
  },
  'several records are told one by one': async () => {
    const rows = await contacts.create([{ LastName: 'C' }, { FirstName: 'no last name' }]);
    assert.deepEqual(rows.map((r) => r.success), [true, false]);
    assert.equal(rows[1].errors[0].statusCode ?? rows[1].errors[0].errorCode,
      'REQUIRED_FIELD_MISSING');
    const changed = await contacts.update([{ Id: rows[0].id, LastName: 'C2' }]);
    assert.ok(changed[0].success);
  },
  'an upsert by external id creates, then updates': async () => {
    const row = { Renkei_Id__c: 'js/1 +', LastName: 'U' };
    await client.sobject('Account').create({ Name: 'Acme', Renkei_Id__c: 'acme' });
    const first = await contacts.upsert([{ Renkei_Id__c: 'js1', LastName: 'U' },
      { Renkei_Id__c: 'js2', LastName: 'V', Account: { Renkei_Id__c: 'acme' } }],
      'Renkei_Id__c');
    assert.deepEqual(first.map((r) => r.success), [true, true]);
    const again = await contacts.upsert({ ...row, Renkei_Id__c: 'js1', LastName: 'U2' },
      'Renkei_Id__c');
    assert.ok(again.success);
    const found = await client.query("SELECT LastName, Account.Name FROM Contact WHERE "
      + "Renkei_Id__c IN ('js1','js2') ORDER BY Renkei_Id__c");
    assert.deepEqual(found.records.map((r) => [r.LastName, r.Account?.Name]),
      [['U2', undefined], ['V', 'Acme']]);
  },
  'what is wrong is refused by its code': async () => {
    await refused(contacts.create({ LastName: 'x', Nope: 1 }), 'INVALID_FIELD');
    await refused(contacts.create({ LastName: 'x', Employees__c: 'five' }),
      'JSON_PARSER_ERROR');
    await refused(contacts.create({ LastName: 'x', Stage__c: 'nonsense' }),
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
    await refused(contacts.create({ LastName: 'x', Renkei_Id__c: 'js1' }), 'DUPLICATE_VALUE');
    await refused(client.query('SELECT Id FROM Nope'), 'INVALID_TYPE');
    await refused(client.query('SELECT Id FROM Contact WHERE'), 'MALFORMED_QUERY');
  },
  'a query goes on from page to page': async () => {
    await control('seed', { object: 'Contact', count: 500 });
    await control('options', { page: 120 });
    const seen = [];
    let page = await client.query('SELECT Id FROM Contact ORDER BY Id');
    for (;;) {
      seen.push(...page.records.map((r) => r.Id));
      if (page.done)
        break;
      page = await client.queryMore(page.nextRecordsUrl);
    }
    assert.equal(seen.length, page.totalSize);
    assert.equal(new Set(seen).size, seen.length);
    const found = await contacts.find({ LastName: 'U2' }, 'Id, LastName').limit(5);
    assert.equal(found.length, 1);
    await control('options', { page: 0 });
  },
  'what changed and what was deleted': async () => {
    const end = new Date(Date.now() + 60000), start = new Date(Date.now() - 3600000);
    const changed = await contacts.updated(start.toISOString(), end.toISOString());
    assert.ok(changed.ids.includes(one) && changed.latestDateCovered);
    const deleted = await contacts.deleted(start.toISOString(), end.toISOString());
    assert.equal(deleted.deletedRecords.length, 1);
  },
  'a job writes rows and tells each': async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ Renkei_Id__c: `bulk-${i}`,
      LastName: i === 7 ? '' : `Bulk "${i}", \n x` }));
    const told = await client.bulk2.loadAndWaitForResults({ object: 'Contact',
      operation: 'upsert', externalIdFieldName: 'Renkei_Id__c', input: rows,
      pollInterval: 50, pollTimeout: 20000 });
    assert.equal(told.successfulResults.length, 29);
    assert.equal(told.failedResults.length, 1);
    assert.match(told.failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING/);
  },
  'a job reads rows': async () => {
    client.bulk2.pollInterval = 50;
    const stream = await client.bulk2.query("SELECT Id, LastName FROM Contact WHERE "
      + "Renkei_Id__c LIKE 'bulk-%' ORDER BY Renkei_Id__c");
    const rows = await stream.toArray();
    assert.equal(rows.length, 29);
    assert.ok(rows.some((r) => r.LastName === 'Bulk "3", \n x'));
  },
  'calls that are left are told': async () => {
    await client.limits();
    assert.ok(client.limitInfo.apiUsage.used > 0);
    assert.equal(client.limitInfo.apiUsage.limit, 100000);
  },
  'a login refreshes itself when its token has ended': async () => {
    const oauth2 = { loginUrl: instanceUrl, clientId: 'sim-client-id',
      clientSecret: 'sim-client-secret', redirectUri: 'http://localhost:47811/callback' };
    const app = new jsforce.OAuth2(oauth2);
    const consent = await fetch(app.getAuthorizationUrl({ scope: 'api refresh_token' }),
      { redirect: 'manual' });
    const code = new URL(consent.headers.get('location')).searchParams.get('code');
    const tokens = await app.requestToken(code);
    const own = new jsforce.Connection({ oauth2, instanceUrl, version: '67.0',
      accessToken: tokens.access_token, refreshToken: tokens.refresh_token });
    await control('oauth', { expire: true });
    let renewed = 0;
    own.on('refresh', () => { renewed += 1; });
    assert.equal((await own.query('SELECT Id FROM Contact LIMIT 1')).records.length, 1);
    assert.equal(renewed, 1);
    await refused(new jsforce.Connection({ instanceUrl, version: '67.0',
      accessToken: 'none' }).query('SELECT Id FROM Contact'), 'INVALID_SESSION_ID');
  },
};

let bad = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok - jsforce: ${name}`);
  } catch (error) {
    bad = 1;
    console.log(`not ok - jsforce: ${name}: ${error.stack ?? error}`);
  }
}
process.exit(bad);
