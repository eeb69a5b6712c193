/* SPDX-License-Identifier: MIT-0
 *
 * manifest.h - the keys of a connector's manifest.  Nothing to compile: the
 * manifest is text, read by the host without loading the connector's code.
 *
 *     RK_MANIFEST(acme_manifest,
 *       name = "acme"; title = "Acme CRM"; version = "1.0.0";
 *       vendor = "Acme Inc."; licence = "MIT-0"; abi = 1;
 *       settings = (
 *         { name = "host"; type = "url"; required = true;
 *           hint = "Address of your site, https://NAME.acme.example";
 *           hint_ja = "..."; },
 *         { name = "token"; type = "secret"; required = true; hint = "..."; }
 *       );
 *       hosts = ( "${host}" );
 *       limits = (
 *         { name = "burst"; calls = "100"; per = "10s"; scope = "connection"; },
 *         { name = "parallel"; concurrent = "5"; scope = "host"; },
 *         { name = "day"; calls = "10000"; per = "1d"; scope = "object";
 *           resets = "00:00"; zone = "UTC"; reserve = "10%"; }
 *       );
 *       objects = (
 *         { name = "contacts"; operations = ( "list", "upsert", "update" );
 *           page = 100; batch = 100; guarantee = "E1"; writers = 1;
 *           calls_page = 1; calls_batch = 1;
 *           read_scopes = ( "contacts.read" ); write_scopes = ( "contacts.write" ); }
 *       );
 *       lags = { late_commit = "0s"; index_lag = "60s"; clock = "5s";
 *                t_land = "30s"; t_visible = "30s"; };
 *     )
 *
 * Top level: name (same as the file's), title, title_ja, version, vendor,
 *   licence (SPDX), abi, min_host.
 * settings: name, type ("text", "url", "integer", "bool", "seconds", "secret",
 *   "choice", "path": an absolute path, for "directory" alone, whose files the connector
 *   gets as "renkei.files/1"), required, default (text), pattern (an extended regular
 *   expression that the whole value must match), reduce (one whose first group
 *   is taken when the pattern fails, such as the number in a pasted URL),
 *   choices, hint, hint_ja, example.
 * hosts: where requests may go: templates over the settings ("${host}",
 *   "https://api.acme.example"); a template that is a whole URL keeps its
 *   scheme and port.
 * limits: name, calls and per, or concurrent; scope ("connection", "object",
 *   "host"); resets and zone for windows that end at a time of day; reserve;
 *   reads_only (true: no write spends it);
 *   told_calls, told_left, told_used: headers, in lower case, in which the CRM
 *   tells its own limit and what is left of it, or taken by all who call; where the
 *   number is a part of the text, the header and what stands before the number, with
 *   '#' for digits: "x-usage calls=#/" for 100 of "calls=18/100".
 * objects: name ("*": any; "2-*": any that begins so), id_pattern and id_reduce for
 *   names that are numbers, label, label_ja, operations ("list", "ids", "field", "upsert",
 *   "create", "update", "archive"), page, batch, writers, guarantee ("E1" to
 *   "E4"), calls_page, calls_batch, rows_call (rows of one request that writes, if less
 *   than a batch: plans tell calls by it), resumes (true: the token of a listing's last page
 *   starts the next listing of the same sync), hints (what of a filter the connector may
 *   ask the CRM for: "TYPE in", "TYPE order", "TYPE empty" of integer, decimal and date,
 *   "choice in", "choice empty"; see struct rk_hint), read_scopes, write_scopes, links (template
 *   over settings, ${object} and ${id}: opens the record in the CRM; a part in
 *   brackets is left out when its setting is not given), told_as (see hook).
 * lags: how late a change may become visible; they give the overlap of
 *   reading and the waits after an unknown outcome.
 * oauth: grants ("authorization_code", "refresh_token", "client_credentials",
 *   "jwt_bearer"), authorize, token, revoke (templates of addresses over the
 *   settings; token and revoke at one of the hosts), audience (of a JWT: whom it is
 *   for), scope_separator, host_field,
 *   pkce, client_auth ("body", "basic": where the client tells who it is), scopes
 *   (that every use needs, beside those of the objects), more: read_scopes and
 *   write_scopes of uses of an object that need them beside the object's: object (a name
 *   of objects above), field (stands in a name or an expression that is mapped), setting
 *   with values (has one of them); what is left out is any.  A connection uses it
 *   that names its client_id; the connector then has the secret "access_token"
 *   and no other.
 * hook: what the CRM's webhooks look like: format ("json", "soap": an outbound message of
 *   Salesforce), header (with an HMAC-SHA256 under the secret of the connection's hook;
 *   without one the secret stands in the address), encoding ("hex", "base64"), over ("method",
 *   "url", "body", "time": what it covers, in this order), time (the header with the time in
 *   Unix ms), events (the member with the list of events; left out: the document itself),
 *   objects and ids (members of an event, "a.b" for one inside: the first that names an
 *   object counts, of all ids).  An object's told_as: what events call it, beside its name.
 * texts: ( { code = "..."; cause = "..."; remedy = "..."; cause_ja; remedy_ja } )
 *   words for operators by vendor code.
 * usual: ( { object = "..."; is = "person"; fields = ( ("MEANING", "FIELD"), ... ); } )
 *   what an object is ("person", "company", "department", "deal", "lead" or another
 *   word), and what fields of it mean, of which their names and labels do not tell:
 *   `renkei map` pairs objects and fields with the same of any other connector.  The
 *   host knows names such as "email" or "lastName" by itself; both sides may have a word
 *   that it does not know.  Words: docs/connector-guide.md. */
#ifndef RENKEI_MANIFEST_H
#define RENKEI_MANIFEST_H
#endif
