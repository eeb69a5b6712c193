// SPDX-License-Identifier: Apache-2.0
// kintone_read.mjs BASE TOKEN APP - reads all records of an app with the
// vendor's own client, by ids and by a cursor, and prints them as one JSON
// array.  The client speaks TLS only: NODE_EXTRA_CA_CERTS names the
// certificate of the simulator.
import { KintoneRestAPIClient } from '@kintone/rest-api-client';

const [baseUrl, apiToken, app] = process.argv.slice(2);
const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken } });

const byId = await client.record.getAllRecordsWithId({ app });
const byCursor = await client.record.getAllRecordsWithCursor({ app, query: 'order by $id asc' });
if (JSON.stringify(byId.map((r) => r.$id.value)) !==
    JSON.stringify(byCursor.map((r) => r.$id.value)))
  throw new Error('the cursor and the walk by id differ');
console.log(JSON.stringify(byId));
