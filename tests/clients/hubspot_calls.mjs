// SPDX-License-Identifier: Apache-2.0
// hubspot_calls.mjs BASE TOKEN - what the vendor's own client does to write: upserts,
// partial failures, keys, values by type, properties, merges and associations, case by
// case; "ok - ..." or "not ok - ..." a case.  Not there, as the simulator has no such
// routes: lists, imports, custom object schemas, pipelines' changes, webhooks.
import assert from 'node:assert/strict';
import hubspot from '@hubspot/api-client';

const [basePath, accessToken] = process.argv.slice(2);
const client = new hubspot.Client({ accessToken, basePath });
const { contacts, companies, deals, properties, associations, owners } = client.crm;
const api = contacts.batchApi;
const mail = (name) => `calls-${name}@clients.example.com`;
const input = (name, values = {}) => ({
  id: mail(name), idProperty: 'email', objectWriteTraceId: name,
  properties: { email: mail(name), ...values },
});
const made = (name, values = {}) => ({
  objectWriteTraceId: name, associations: [], properties: { email: mail(name), ...values },
});
const refused = async (call, status, text) => {
  await assert.rejects(call, (error) => {
    assert.equal(error.code, status);
    assert.match(JSON.stringify(error.body), text);
    return true;
  });
};
const byTrace = (list) => Object.fromEntries(list.map((r) => [r.objectWriteTraceId, r]));
const read = async (id, names) =>
  (await contacts.basicApi.getById(id, names)).properties;
const idOf = async (name) =>
  (await contacts.basicApi.getById(mail(name), ['email'], undefined, undefined, false, 'email')).id;

const cases = {
  'an upsert creates, then updates': async () => {
    const first = await api.upsert({ inputs: [input('a', { lastname: 'A' }), input('b')] });
    assert.deepEqual(first.results.map((r) => r._new), [true, true]);
    const again = await api.upsert({ inputs: [input('b', { lastname: 'B' }), input('c')] });
    const rows = byTrace(again.results);
    assert.equal(rows.b._new, false);
    assert.equal(rows.c._new, true);
    assert.equal(rows.b.id, byTrace(first.results).b.id);
    assert.equal((await read(rows.b.id, ['lastname'])).lastname, 'B');
  },
  'an address is one key in any case': async () => {
    const upper = { ...input('a'), id: mail('A').toUpperCase() };
    const answer = await api.upsert({ inputs: [{ ...upper, properties: { lastname: 'A2' } }] });
    assert.equal(answer.results[0]._new, false);
  },
  'by e-mail one bad input refuses all': async () => {
    const bad = { ...input('bad'), id: 'no address', properties: { email: 'no address' } };
    await refused(api.upsert({ inputs: [input('d'), bad] }), 400, /INVALID_EMAIL/);
    await refused(contacts.basicApi.getById(mail('d'), [], undefined, undefined, false, 'email'),
      404, /not found/i);
  },
  'by a property of one\'s own each input is answered': async () => {
    const own = (no, values) => ({
      id: no, idProperty: 'member_no', objectWriteTraceId: no, properties: values });
    const answer = await api.upsert({ inputs: [own('C-1', { lastname: 'ok' }),
      own('C-2', { lifecyclestage: 'nonsense' })] });
    assert.equal(answer.results.length, 1);
    assert.equal(answer.numErrors, 1);
    assert.deepEqual(answer.errors[0].context.objectWriteTraceId, ['C-2']);
    assert.match(answer.errors[0].message, /INVALID_OPTION/);
  },
  'a create tells each failure by its trace': async () => {
    const answer = await api.create({ inputs: [made('e'), made('a'),
      made('f', { employee_count: '1,000' }), made('g', { no_such: 'x' })] });
    assert.deepEqual(answer.results.map((r) => r.objectWriteTraceId), ['e']);
    const errors = Object.fromEntries(
      answer.errors.map((error) => [error.context.objectWriteTraceId[0], error]));
    assert.equal(errors.a.category, 'CONFLICT');
    assert.match(errors.a.message, /Existing ID: \d+/);
    assert.match(errors.f.message, /INVALID_INTEGER/);
    assert.match(errors.g.message, /PROPERTY_DOESNT_EXIST/);
  },
  'without traces one failure refuses all': async () => {
    const { objectWriteTraceId: x, ...h } = made('h');
    const { objectWriteTraceId: y, ...a } = made('a');
    await refused(api.create({ inputs: [h, a] }), 409, /CONFLICT/);
    await refused(contacts.basicApi.getById(mail('h'), [], undefined, undefined, false, 'email'),
      404, /not found/i);
  },
  'an id twice in a batch is refused': async () => {
    await refused(api.upsert({ inputs: [input('a'), input('a')] }), 400, /Duplicate IDs/);
  },
  'a hundred inputs are the most': async () => {
    const inputs = Array.from({ length: 101 }, (_, i) => input(`many-${i}`));
    await refused(api.upsert({ inputs }), 400, /exceeds the limit/);
  },
  'a batch update goes by id, and what is not there is told': async () => {
    const id = await idOf('a');
    const answer = await api.update({ inputs: [
      { id, objectWriteTraceId: 'x', properties: { city: '京都' } },
      { id: '999999999', objectWriteTraceId: 'y', properties: { city: '大阪' } }] });
    assert.equal(answer.results[0].properties.city, '京都');
    assert.equal(answer.errors[0].category, 'OBJECT_NOT_FOUND');
  },
  'one contact is made, changed by its address, and archived': async () => {
    const { id } = await contacts.basicApi.create({ properties: { email: mail('one') }, associations: [] });
    await contacts.basicApi.update(mail('one'), { properties: { city: '奈良' } }, 'email');
    assert.equal((await read(id, ['city'])).city, '奈良');
    await contacts.basicApi.archive(id);
    await refused(contacts.basicApi.getById(id), 404, /not found/i);
  },
  'a batch is archived, twice over': async () => {
    const ids = (await api.create({ inputs: [made('p'), made('q')] })).results;
    await api.archive({ inputs: ids.map(({ id }) => ({ id })) });
    await api.archive({ inputs: ids.map(({ id }) => ({ id })) });
    await refused(contacts.basicApi.getById(ids[0].id), 404, /not found/i);
  },
  'values of every type come back in their form': async () => {
    const id = await idOf('a');
    const sent = { employee_count: '1500.25', contract_date: '2024-02-29',
      closedate: '2026-01-31T09:08:07.123Z', interests: 'product;event', jobtitle: 'ab "c" \\ 漢字 😀' };
    await contacts.basicApi.update(id, { properties: sent });
    const { hs_object_id, createdate, lastmodifieddate, ...found } =
      await read(id, Object.keys(sent));
    assert.deepEqual(found, sent);
    await contacts.basicApi.update(id, { properties: { interests: ';support', closedate: '0' } });
    assert.equal((await read(id, ['interests'])).interests, 'product;event;support');
    assert.equal((await read(id, ['closedate'])).closedate, '1970-01-01T00:00:00.000Z');
  },
  'an empty text clears a value': async () => {
    const id = await idOf('a');
    await contacts.basicApi.update(id, { properties: { jobtitle: '', contract_date: '' } });
    const found = await read(id, ['jobtitle', 'contract_date']);
    assert.equal(found.jobtitle || null, null);
    assert.equal(found.contract_date || null, null);
  },
  'values that do not fit are named': async () => {
    const update = async (values) => contacts.basicApi.update(await idOf('a'), { properties: values });
    await refused(update({ employee_count: 'many' }), 400, /INVALID_INTEGER.*employee_count/);
    await refused(update({ lifecyclestage: 'Lead' }), 400, /INVALID_OPTION.*lifecyclestage/);
    await refused(update({ contract_date: 'soon' }), 400, /INVALID_DATE.*contract_date/);
    await refused(update({ closedate: 'soon' }), 400, /INVALID_LONG.*closedate/);
    await refused(update({ createdate: '2026-01-01T00:00:00Z' }), 400, /READ_ONLY_VALUE.*createdate/);
    await refused(update({ hubspot_owner_id: '7' }), 400, /hubspot_owner_id/);
    await refused(update({ message: '長'.repeat(65537) }), 400, /message/);
    await refused(update({}), 400, /No properties found/);
  },
  'a stage only moves forward': async () => {
    const id = await idOf('b');
    await contacts.basicApi.update(id, { properties: { lifecyclestage: 'customer' } });
    const kept = await contacts.basicApi.update(id, { properties: { lifecyclestage: 'lead' } });
    assert.equal(kept.properties.lifecyclestage, 'customer');
    await contacts.basicApi.update(id, { properties: { lifecyclestage: '' } });
    const back = await contacts.basicApi.update(id, { properties: { lifecyclestage: 'lead' } });
    assert.equal(back.properties.lifecyclestage, 'lead');
  },
  'a value that another record has is refused': async () => {
    await contacts.basicApi.update(await idOf('b'), { properties: { member_no: 'U-1' } });
    await refused(contacts.basicApi.update(await idOf('c'), { properties: { member_no: 'U-1' } }),
      400, /CONFLICTING_UNIQUE_VALUE/);
    await refused(contacts.basicApi.update(await idOf('c'), { properties: { email: mail('b') } }),
      409, /CONFLICT/);
  },
  'a domain is no key of companies, a unique property is': async () => {
    const upsert = (idProperty, id, values) => companies.batchApi.upsert(
      { inputs: [{ id, idProperty, objectWriteTraceId: id, properties: values }] });
    await refused(upsert('domain', 'x.example.com', { name: 'X' }), 400, /non-unique 0-2 property domain/);
    await refused(upsert('hs_object_id', '1', { name: 'X' }), 400, /non-unique/);
    const definition = { groupName: 'companyinformation', name: 'client_key', label: 'K',
      type: 'string', fieldType: 'text', hasUniqueValue: true };
    await properties.coreApi.create('companies', definition);
    await refused(properties.coreApi.create('companies', definition), 409, /OBJECT_ALREADY_EXISTS/);
    const answer = await upsert('client_key', 'K-1', { name: 'X' });
    assert.equal(answer.results[0]._new, true);
    assert.equal((await upsert('client_key', 'K-1', { name: 'Y' })).results[0]._new, false);
  },
  'what a new company or deal needs is named': async () => {
    await refused(companies.basicApi.create({ properties: { city: 'x' }, associations: [] }),
      400, /MISSING_REQUIRED_PROPERTY/);
    await refused(deals.basicApi.create({ properties: { dealname: 'x' }, associations: [] }),
      400, /MISSING_REQUIRED_PROPERTY.*dealstage/);
  },
  'two contacts are merged': async () => {
    const [keep, lose] = [await idOf('b'), await idOf('c')];
    await contacts.basicApi.merge({ primaryObjectId: keep, objectIdToMerge: lose });
    assert.match((await read(keep, ['hs_merged_object_ids'])).hs_merged_object_ids, new RegExp(lose));
    // Who asks for the one that lost is told of the other; a batch has it no more.
    assert.equal((await contacts.basicApi.getById(lose)).id, keep);
  },
  'a contact is made with its company': async () => {
    const company = await companies.basicApi.create({ properties: { name: 'With' }, associations: [] });
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }];
    const with_ = (id) => ({ properties: { email: mail('with') }, associations: [{ to: { id }, types }] });
    await refused(contacts.basicApi.create(with_('999999999')), 400, /associations are invalid/);
    const { id } = await contacts.basicApi.create(with_(company.id));
    const found = await associations.v4.batchApi.getPage('companies', 'contacts', { inputs: [{ id: company.id }] });
    assert.equal(String(found.results[0].to[0].toObjectId), id);
  },
  'associations are made, labelled, read from both ends and removed': async () => {
    const { batchApi } = associations.v4;
    const from = { id: await idOf('a') };
    const to = { id: (await companies.basicApi.create({ properties: { name: 'Y' }, associations: [] })).id };
    const ids = async (a, b, id) => (await batchApi.getPage(a, b, { inputs: [{ id }] })).results
      .flatMap((r) => r.to.map((t) => String(t.toObjectId)));
    await batchApi.createDefault('contacts', 'companies', { inputs: [{ _from: from, to }] });
    await batchApi.createDefault('contacts', 'companies', { inputs: [{ _from: from, to }] });
    assert.deepEqual(await ids('contacts', 'companies', from.id), [to.id]);
    assert.deepEqual(await ids('companies', 'contacts', to.id), [from.id]);
    const label = (associationTypeId) => batchApi.create('contacts', 'companies', { inputs: [
      { _from: from, to, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }] });
    assert.deepEqual((await label(1)).results[0].labels, ['Primary']);
    await refused(label(280), 400, /invalid from object type/);
    await batchApi.archive('contacts', 'companies', { inputs: [{ _from: from, to: [to] }] });
    assert.deepEqual(await ids('contacts', 'companies', from.id), []);
  },
  'an association with nobody is told': async () => {
    const from = { id: await idOf('a') };
    const answer = await associations.v4.batchApi.createDefault('contacts', 'companies',
      { inputs: [{ _from: from, to: { id: '999999999' } }] });
    assert.equal(answer.results.length, 0);
    assert.equal(answer.numErrors, 1);
  },
  'owners are listed': async () => {
    const { results } = await owners.ownersApi.getPage();
    assert.ok(results.every(({ id, email }) => id && email));
  },
};

let bad = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok - HubSpot's client: ${name}`);
  } catch (error) {
    bad = 1;
    console.log(`not ok - HubSpot's client: ${name}: ${error.message.slice(0, 600)}`);
  }
}
process.exit(bad);
