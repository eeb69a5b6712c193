/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.c - see oauth.h.  Consent is given at once, by a redirect, as if a person
 * had pressed the button; everything else is as strict as the sheets say: the client,
 * the redirect URI, the scopes of the app, codes that work once, PKCE, refresh tokens
 * that may be rotated, revoked, or lose their app. */
#include "oauth.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODES 64u
#define TOKENS 512u
#define CODE_LIFE_MS 600000
#define TOKEN_BYTES 640

struct oauth_code {
	char code[48], redirect[512], challenge[64], scopes[1024];
	int64_t until_ms;
	bool used;
};

struct oauth_token {
	char access[TOKEN_BYTES], refresh[64], scopes[1024];
	int64_t until_ms;
	bool access_dead, refresh_dead;
};

struct oauth {
	const struct oauth_vendor *vendor;
	char client_id[128], client_secret[128], redirect[512], scopes[1024];
	char user[128], key[4096];           /* Of what it signs: for whom, PEM. */
	int64_t life_s;
	bool rotates, app_deleted, account_gone, denies;
	struct oauth_code codes[CODES];
	struct oauth_token tokens[TOKENS];
	unsigned code_count, token_count;    /* Ever made. */
	uint64_t exchanges, refreshes, refused;
};

/* All but the redirect URI is what it was at first; what died stays dead. */
static void
restore(struct oauth *o)
{
	snprintf(o->client_id, sizeof o->client_id, "sim-client-id");
	snprintf(o->client_secret, sizeof o->client_secret, "sim-client-secret");
	snprintf(o->scopes, sizeof o->scopes, "%s", o->vendor->scopes);
	snprintf(o->user, sizeof o->user, "integration@sim.example.com");
	o->life_s = o->vendor->life_s;
	o->rotates = o->app_deleted = o->account_gone = o->denies = false;
}

struct oauth *
oauth_new(const struct oauth_vendor *vendor)
{
	struct oauth *o = sim_alloc(sizeof *o);

	o->vendor = vendor;
	snprintf(o->redirect, sizeof o->redirect, "http://localhost:47811/callback");
	restore(o);
	return o;
}

void
oauth_free(struct oauth *oauth)
{
	free(oauth);
}

/* ---- Scopes --------------------------------------------------------------- */

static bool
has_word(const char *words, struct text word)
{
	struct text rest = text_of(words);

	while (rest.len)
		if (text_equal(text_until(&rest, ' '), word))
			return true;
	return false;
}

/* Whether all words of 'some' stand in 'all'. */
static bool
covers(const char *all, struct text some)
{
	while (some.len)
		if (!has_word(all, text_until(&some, ' ')))
			return false;
	return true;
}

/* ---- Consent --------------------------------------------------------------- */

static void
page(struct reply *r, const char *words)
{
	r->type = "text/html;charset=utf-8";
	buf_fmt(reply_start(r, 400), "<html><body>%s</body></html>", words);
}

static void
add_encoded(struct buf *out, struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		buf_fmt(out, "%%%02X", (unsigned char)t.ptr[i]);
}

static void
redirect(struct reply *r, struct text to, const char *name, struct text value,
	 struct text state)
{
	struct buf where = { 0 };

	buf_text(&where, to);
	buf_fmt(&where, "%c%s=", memchr(to.ptr, '?', to.len) ? '&' : '?', name);
	add_encoded(&where, value);
	if (state.len) {
		buf_str(&where, "&state=");
		add_encoded(&where, state);
	}
	reply_start(r, 302);
	r->location = where;
}

/* What a person reads who was sent here with a bad address; NULL: it is good. */
static const char *
consent_fault(const struct request *q, const struct oauth *o)
{
	struct text scope = request_query(q, "scope");

	if (o->app_deleted || !text_is(request_query(q, "client_id"), o->client_id))
		return "Authorization failed: there is no app with this client id.";
	if (!text_is(request_query(q, "redirect_uri"), o->redirect))
		return "Authorization failed: the redirect URL does not match the registered "
		       "redirect URL of the app.";
	if (o->vendor->wants_response_type &&
	    !text_is(request_query(q, "response_type"), "code"))
		return "Authorization failed: response_type must be code.";
	if (o->vendor->wants_state && !request_query(q, "state").len)
		return "Authorization failed: state is missing.";
	if (!scope.len || !covers(o->scopes, scope))
		return "Authorization failed: the scopes do not match those of the app.";
	if (request_query(q, "code_challenge").len &&
	    !text_is(request_query(q, "code_challenge_method"), "S256"))
		return "Authorization failed: code_challenge_method must be S256.";
	return NULL;
}

void
oauth_authorize(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text to = request_query(q, "redirect_uri"), state = request_query(q, "state");
	const char *fault = consent_fault(q, o);
	char id[40];

	if (fault) {
		page(r, fault);
		return;
	}
	if (o->denies) {
		redirect(r, to, "error", TEXT("access_denied"), state);
		return;
	}
	struct oauth_code *code = &o->codes[o->code_count++ % CODES];
	struct text challenge = request_query(q, "code_challenge");
	struct text scope = request_query(q, "scope");
	sim_uuid(id);
	*code = (struct oauth_code){ .until_ms = q->now_ms + CODE_LIFE_MS };
	snprintf(code->code, sizeof code->code, "code-%s", id);
	snprintf(code->redirect, sizeof code->redirect, "%.*s", (int)to.len, to.ptr);
	snprintf(code->scopes, sizeof code->scopes, "%.*s", (int)scope.len, scope.ptr);
	snprintf(code->challenge, sizeof code->challenge, "%.*s", (int)challenge.len,
		 challenge.len ? challenge.ptr : "");
	redirect(r, to, "code", text_of(code->code), state);
}

/* ---- The token endpoint ------------------------------------------------------ */

static void
refuse(struct request *q, struct reply *r, int status, const char *error,
       const char *name, const char *words)
{
	struct oauth *o = q->sim->oauth;

	o->refused++;
	o->vendor->error(r, status, error, name, words);
}

static bool
is_client(const struct request *q, struct oauth *o, struct text *id, struct text *secret)
{
	struct text given = request_header(q, "Authorization");
	char plain[300];
	size_t len = 0;

	if (!o->vendor->basic) {
		*id = request_form(q, "client_id");
		*secret = request_form(q, "client_secret");
		return !given.len;
	}
	if (!text_starts(given, "Basic ") || request_form(q, "client_id").len ||
	    sodium_base642bin((unsigned char *)plain, sizeof plain, given.ptr + 6,
			      given.len - 6, NULL, &len, NULL,
			      sodium_base64_VARIANT_ORIGINAL))
		return false;
	*secret = arena_copy(q->arena, (struct text){ plain, len });
	*id = text_until(secret, ':');
	return true;
}

/* True: the client is not who it says, and that was answered. */
static bool
client_refused(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text id = { 0 }, secret = { 0 };
	int status = o->vendor->basic ? 401 : 400;
	bool form = text_starts(request_header(q, "Content-Type"),
				"application/x-www-form-urlencoded");

	if (!form || q->query_count || !text_is(q->method, "POST")) {
		refuse(q, r, 400, "invalid_request", "BAD_REQUEST",
		       "parameters belong into a form in the body");
		return true;
	}
	if (!is_client(q, o, &id, &secret) || o->app_deleted || !text_is(id, o->client_id)) {
		refuse(q, r, status, "invalid_client", "BAD_CLIENT_ID",
		       "missing or unknown client id");
		return true;
	}
	if (!text_is(secret, o->client_secret)) {
		refuse(q, r, status, "invalid_client", "BAD_CLIENT_SECRET",
		       "missing or invalid client secret");
		return true;
	}
	if (o->account_gone) {
		refuse(q, r, 400, "access_denied", "BAD_HUB", "missing or unknown hub id");
		return true;
	}
	return false;
}

/* 'refreshes': with a refresh token, the old one if there is one. */
static void
give(struct request *q, struct reply *r, const char *scopes, const char *old_refresh,
     bool refreshes)
{
	struct oauth *o = q->sim->oauth;
	struct oauth_token *t = &o->tokens[o->token_count++ % TOKENS];
	struct buf *out = reply_start(r, 200);
	size_t wanted = o->vendor->access_bytes < TOKEN_BYTES ? o->vendor->access_bytes
							      : TOKEN_BYTES - 1;
	char id[40];

	*t = (struct oauth_token){ .until_ms = q->now_ms + o->life_s * 1000 };
	while (strlen(t->access) < wanted) {
		size_t has = strlen(t->access);

		sim_uuid(id);
		snprintf(t->access + has, wanted - has + 1, "%s%s", has ? "" : "access-", id);
	}
	sim_uuid(id);
	snprintf(t->refresh, sizeof t->refresh, "%s", old_refresh ? old_refresh : "");
	if (refreshes && (!old_refresh || o->rotates))
		snprintf(t->refresh, sizeof t->refresh, "refresh-%s", id);
	snprintf(t->scopes, sizeof t->scopes, "%s", scopes);
	buf_fmt(out, "{\"access_token\":\"%s\",\"token_type\":\"bearer\"", t->access);
	if (!o->vendor->alone)
		buf_fmt(out, ",\"expires_in\":%lld", (long long)o->life_s);
	if (refreshes)
		buf_fmt(out, ",\"refresh_token\":\"%s\"", t->refresh);
	o->vendor->grant(out, q->sim, t->scopes);
	buf_str(out, "}");
}

static bool
verifies(const struct oauth_code *code, struct text verifier)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[64];

	if (!code->challenge[0])
		return true;
	crypto_hash_sha256(hash, (const unsigned char *)verifier.ptr, verifier.len);
	sodium_bin2base64(text, sizeof text, hash, sizeof hash,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return verifier.len && !strcmp(text, code->challenge);
}

static void
exchange(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text given = request_form(q, "code");
	struct oauth_code *code = NULL;

	for (unsigned i = 0; i < CODES; i++)
		if (given.len && text_is(given, o->codes[i].code))
			code = &o->codes[i];
	if (!code || code->used) {
		refuse(q, r, 400, "invalid_grant", "BAD_AUTH_CODE",
		       "missing or unknown auth code");
		return;
	}
	if (q->now_ms > code->until_ms) {
		refuse(q, r, 400, "invalid_grant", "EXPIRED_AUTH_CODE",
		       "the auth code has expired");
		return;
	}
	if (!text_is(request_form(q, "redirect_uri"), code->redirect)) {
		refuse(q, r, 400, "invalid_grant", "MISMATCH_REDIRECT_URI_AUTH_CODE",
		       "the redirect URI differs from that of the auth code");
		return;
	}
	if (!verifies(code, request_form(q, "code_verifier"))) {
		refuse(q, r, 400, "invalid_grant", "BAD_CODE_VERIFIER",
		       "the code verifier does not match");
		return;
	}
	code->used = true;
	o->exchanges++;
	give(q, r, code->scopes, NULL, true);
}

static struct oauth_token *
by_refresh(struct oauth *o, struct text given)
{
	for (unsigned i = 0; i < TOKENS; i++)
		if (given.len && !o->tokens[i].refresh_dead &&
		    text_is(given, o->tokens[i].refresh))
			return &o->tokens[i];
	return NULL;
}

static void
refresh(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct oauth_token *t = by_refresh(o, request_form(q, "refresh_token"));
	struct buf kept = { 0 };
	char old[64];

	if (!t) {
		refuse(q, r, 400, "invalid_grant", "BAD_REFRESH_TOKEN",
		       "refresh token is invalid, expired or revoked");
		return;
	}
	/* What the app may no longer do is not given again. */
	for (struct text rest = text_of(t->scopes); rest.len;) {
		struct text word = text_until(&rest, ' ');

		if (has_word(o->scopes, word))
			buf_fmt(&kept, "%s%.*s", kept.len ? " " : "", (int)word.len, word.ptr);
	}
	snprintf(old, sizeof old, "%s", t->refresh);
	for (unsigned i = 0; i < TOKENS && o->rotates; i++)
		o->tokens[i].refresh_dead |= !strcmp(o->tokens[i].refresh, old);
	o->refreshes++;
	give(q, r, kept.ptr ? kept.ptr : "", old, true);
	buf_clear(&kept);
}

/* The app's own signature stands for it: no secret is asked for. */
static void
take_claim(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct jwt_terms terms = { o->client_id, o->user, o->vendor->audience, o->key };
	const char *fault = oauth_claim_fault(q, &terms, request_form(q, "assertion"));

	if (fault || o->app_deleted)
		refuse(q, r, 400, "invalid_grant", "BAD_CLAIM", fault ? fault : "no such app");
	else
		give(q, r, o->scopes, NULL, false);
}

void
oauth_token(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text grant = request_form(q, "grant_type");

	if (o->vendor->alone &&
	    text_is(grant, "urn:ietf:params:oauth:grant-type:jwt-bearer")) {
		take_claim(q, r);
		return;
	}
	if (client_refused(q, r))
		return;
	if (o->vendor->alone && text_is(grant, "client_credentials")) {
		give(q, r, o->scopes, NULL, false);
		return;
	}
	if (text_is(grant, "authorization_code"))
		exchange(q, r);
	else if (text_is(grant, "refresh_token"))
		refresh(q, r);
	else
		refuse(q, r, 400, "unsupported_grant_type", "BAD_GRANT_TYPE",
		       "grant_type is missing or not known");
}

/* Access tokens live on (sheet of HubSpot, 1.2). */
void
oauth_revoke(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text given = request_form(q, "token");

	if (client_refused(q, r))
		return;
	for (unsigned i = 0; i < TOKENS; i++)
		if (given.len && text_is(given, o->tokens[i].refresh))
			o->tokens[i].refresh_dead = true;
	buf_str(reply_start(r, 200), "{}");
}

void
oauth_introspect(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct text given = request_form(q, "token");
	const char *scopes = "";
	int64_t left_s = 0;

	if (client_refused(q, r))
		return;
	struct buf *out = reply_start(r, 200);
	if (oauth_judge(q, given, &scopes, &left_s) != OAUTH_GOOD) {
		buf_str(out, "{\"active\":false}");
		return;
	}
	buf_fmt(out, "{\"active\":true,\"token_use\":\"access_token\",\"client_id\":\"%s\","
		"\"token_type\":\"Bearer\",\"expires_in\":%lld", o->client_id,
		(long long)-left_s);
	o->vendor->grant(out, q->sim, scopes);
	buf_str(out, "}");
}

enum oauth_verdict
oauth_judge(const struct request *q, struct text token, const char **scopes,
	    int64_t *expired_s)
{
	struct oauth *o = q->sim->oauth;

	for (unsigned i = 0; i < TOKENS; i++) {
		struct oauth_token *t = &o->tokens[i];

		if (!token.len || t->access_dead || !text_is(token, t->access))
			continue;
		*scopes = t->scopes;
		*expired_s = (q->now_ms - t->until_ms) / 1000;
		if (o->app_deleted)
			return OAUTH_UNKNOWN;
		return q->now_ms < t->until_ms ? OAUTH_GOOD : OAUTH_EXPIRED;
	}
	return OAUTH_UNKNOWN;
}

/* ---- Control ------------------------------------------------------------------- */

/* All that was issued, so that a test knows what to look for. */
void
oauth_look(struct request *q, struct reply *r)
{
	struct oauth *o = q->sim->oauth;
	struct buf *out = reply_start(r, o ? 200 : 400);
	bool first = true;

	if (!o) {
		buf_str(out, "{\"error\":\"this CRM has no OAuth\"}");
		return;
	}
	buf_fmt(out, "{\"exchanges\":%llu,\"refreshes\":%llu,\"refused\":%llu,\"tokens\":[",
		(unsigned long long)o->exchanges, (unsigned long long)o->refreshes,
		(unsigned long long)o->refused);
	for (unsigned i = 0; i < o->token_count && i < TOKENS; i++) {
		buf_comma(out, &first);
		buf_quotez(out, o->tokens[i].access);
		buf_str(out, ",");
		buf_quotez(out, o->tokens[i].refresh);
	}
	buf_str(out, "]}");
}

static void
set_text(const struct json *j, const char *name, char *into, size_t size)
{
	struct text t = json_text(j, name);

	if (t.ptr)
		snprintf(into, size, "%.*s", (int)t.len, t.ptr);
}

static void
set_truth(const struct json *j, const char *name, bool *into)
{
	if (json_get(j, name))
		*into = json_true(j, name);
}

/* expire, revoke and forget end what was issued: access tokens by their time, refresh
 * tokens, both at once; elsewhere: another one renewed, and has the new refresh token. */
static void
end_token(struct oauth_token *t, const struct json *j, int64_t now_ms)
{
	char id[40];

	if (json_true(j, "expire") && t->until_ms > now_ms)
		t->until_ms = now_ms - 1000;
	t->refresh_dead |= json_true(j, "revoke") || json_true(j, "forget");
	t->access_dead |= json_true(j, "forget");
	if (!json_true(j, "elsewhere") || !t->refresh[0])
		return;
	sim_uuid(id);
	snprintf(t->refresh, sizeof t->refresh, "refresh-%s", id);
}

/* {"user","key"}: of what the app signs.
 * {"restore","client_id","client_secret","redirect_uri","scopes","expires_in","rotate",
 *  "delete_app","delete_account","deny","expire","revoke","forget","elsewhere"} */
void
oauth_become(struct oauth *o, const struct json *j, int64_t now_ms)
{
	if (json_true(j, "restore"))
		restore(o);
	set_text(j, "client_id", o->client_id, sizeof o->client_id);
	set_text(j, "client_secret", o->client_secret, sizeof o->client_secret);
	set_text(j, "redirect_uri", o->redirect, sizeof o->redirect);
	set_text(j, "scopes", o->scopes, sizeof o->scopes);
	set_text(j, "user", o->user, sizeof o->user);
	set_text(j, "key", o->key, sizeof o->key);
	o->life_s = json_int(j, "expires_in", o->life_s);
	set_truth(j, "rotate", &o->rotates);
	set_truth(j, "delete_app", &o->app_deleted);
	set_truth(j, "delete_account", &o->account_gone);
	set_truth(j, "deny", &o->denies);
	for (unsigned i = 0; i < TOKENS; i++)
		end_token(&o->tokens[i], j, now_ms);
}

void
oauth_change(struct request *q, struct reply *r)
{
	if (q->sim->oauth)
		oauth_become(q->sim->oauth, q->json, q->now_ms);
	oauth_look(q, r);
}
