// SPDX-License-Identifier: Apache-2.0
// hubspot_read.mjs BASE TOKEN - reads all contacts, the properties, the account
// and a search with the vendor's own client, and prints
// {"contacts": [...], "found": N, "properties": N}.
import hubspot from '@hubspot/api-client';

const [base, token] = process.argv.slice(2);
const client = new hubspot.Client({ accessToken: token, basePath: base });
const wanted = ['email', 'firstname', 'lastname', 'phone', 'employee_count'];

const contacts = await client.crm.contacts.getAll(100, undefined, wanted);
const properties = await client.crm.properties.coreApi.getAll('contacts');
const search = await client.crm.contacts.searchApi.doSearch({
  filterGroups: [{ filters: [
    { propertyName: 'lastmodifieddate', operator: 'GTE', value: '1000' },
    { propertyName: 'hs_object_id', operator: 'GT', value: '0' },
  ] }],
  sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
  properties: ['email'],
  limit: 200,
});
console.log(JSON.stringify({
  contacts: contacts.map(({ id, properties: p }) => ({ id, properties: p })),
  found: search.total,
  properties: properties.results.length,
}));
