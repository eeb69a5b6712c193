// SPDX-License-Identifier: Apache-2.0
// tls_front.mjs TARGET KEY CERT - a TLS server on loopback before a plain HTTP
// one: kintone's client speaks TLS only, and the sync under test need not.
// Prints its address, ends when its standard input does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { request } from 'node:http';

const [target, key, cert] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(cert) };

const front = createServer(options, (from, to) => {
  const onward = request(target + from.url, { method: from.method, headers: from.headers },
    (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
});
front.listen(0, '127.0.0.1', () => {
  console.log(`https://127.0.0.1:${front.address().port}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
