/* SPDX-License-Identifier: Apache-2.0
 *
 * oauth.c - see oauth.h.  The loop (server.c) drives it; what an answer of the token
 * endpoint says is in token_answer.c, the browser's way back in login.c. */
#include "net/oauth.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "net/channel.h"
#include "net/encode.h"
#include "net/jwt.h"
#include "net/token_answer.h"

#define CALL_MS 30000
#define LOCK_MS 40000                  /* More than any renewal takes. */
#define LOCK_LOOK_MS 50
#define RETRY_MS 1000                  /* After a renewal that failed, for any reason. */
/* A new token that is refused from the start is not mended by another one. */
#define YOUNG_MS 30000
#define CLAIM_LIFE_S 180
#define ANSWER_MAX (1024 * 1024)
#define REFRESH_TOKEN "oauth.refresh_token"
#define CLIENT_ID "oauth.client_id"
#define CODE "oauth.code"
#define VERIFIER "oauth.code_verifier"
#define ASSERTION "oauth.assertion"

/* ---- Its terms ----------------------------------------------------------------- */

static const char *
keep_text(struct oauth *o, struct rk_text text)
{
	return arena_text(&o->arena, text).ptr;
}

static void
take_terms(struct oauth *o, const struct net_open *open)
{
	const struct net_oauth *from = &open->oauth;
	arena_clear(&o->arena);
	o->terms = *from;
	o->terms.token_url = arena_text(&o->arena, from->token_url);
	o->terms.revoke_url = arena_text(&o->arena, from->revoke_url);
	o->terms.authorize_url = arena_text(&o->arena, from->authorize_url);
	o->terms.client_id = arena_text(&o->arena, from->client_id);
	o->terms.redirect_uri = arena_text(&o->arena, from->redirect_uri);
	o->terms.scopes = arena_text(&o->arena, from->scopes);
	o->terms.subject = arena_text(&o->arena, from->subject);
	o->terms.audience = arena_text(&o->arena, from->audience);
	o->origins = arena_new_array(&o->arena, open->origin_count, struct origin);
	o->origin_count = 0;
	for (size_t i = 0; i < open->origin_count; i++)
		if (origin_parse(open->origins[i], &o->arena,
		                 &o->origins[o->origin_count]))
			o->origin_count++;
	o->route.proxy = keep_text(o, open->proxy);
	o->route.ca_file = open->ca_file.len > 0 ? keep_text(o, open->ca_file) : NULL;
	o->deadline_ms =
	    open->request_deadline_ms < CALL_MS ? open->request_deadline_ms : CALL_MS;
}

static struct oauth *
oauth_new(struct account *a)
{
	struct oauth *o = calloc(1, sizeof *o);
	if (o == NULL)
		abort();
	o->lock = -1;
	o->failure = (struct rk_err)ERR_INIT;
	login_init(&o->login);
	transfer_open(&o->transfer, a, &o->calls);
	return o;
}

/* While a call is on its way its terms stay as they are; the next channel brings the
 * new ones again. */
void
oauth_set(struct account *a, const struct net_open *open)
{
	if (open->oauth.token_url.len == 0)
		return;
	if (a->oauth == NULL)
		a->oauth = oauth_new(a);
	if (a->oauth->state == OAUTH_IDLE && a->oauth->login.listener < 0)
		take_terms(a->oauth, open);
}

void
oauth_free(struct oauth *o)
{
	if (o == NULL)
		return;
	transfer_close(&o->transfer);
	request_free(&o->request);
	io_close(&o->lock);
	login_forget(&o->login);
	grant_clear(&o->grant);
	arena_free(&o->arena);
	free(o);
}

static struct grant_place
place_of(const struct net *net, const struct account *a)
{
	return (struct grant_place){ .dir = net->dir, .state_dir = net->state_dir,
	                             .connection = a->name,
	                             .seal_key = a->secrets.seal_key };
}

/* ---- The token at hand --------------------------------------------------------- */

/* Renewed at 80 % of its life, a little earlier by chance: tokens that were had at the
 * same time need not be renewed so. */
static void
adopt(struct account *a)
{
	struct oauth *o = a->oauth;
	int64_t life = o->grant.expires_ms - o->grant.obtained_ms;
	uint32_t most_s = life > 0 ? (uint32_t)(life / 20000) : 0;
	int64_t chance = (int64_t)randombytes_uniform(most_s + 1) * 1000;
	o->renew_ms = o->grant.obtained_ms + life * 4 / 5 - chance;
	o->refused = false;
	o->loaded = true;
	secret_put(&a->secrets, NET_ACCESS_TOKEN, text_of(o->grant.access));
	secret_put(&a->secrets, REFRESH_TOKEN, text_of(o->grant.refresh));
	/* Some servers say a refresh token again. */
	mask_add_secret(&a->secrets.mask, text_of(o->grant.refresh));
}

/* The host of an address, with what stands before it; paths change with versions. */
static struct rk_text
origin_part(const char *url)
{
	const char *host = strstr(url, "://");
	size_t before = host != NULL ? (size_t)(host - url) + 3 : 0;
	return (struct rk_text){ url, before + strcspn(url + before, "/?#") };
}

static bool
is_for_us(const struct oauth *o)
{
	return o->grant.client_id != NULL && o->grant.token_url != NULL
	       && text_is(o->terms.client_id, o->grant.client_id)
	       && text_eq(origin_part(o->terms.token_url.ptr),
	                  origin_part(o->grant.token_url));
}

/* A clock that was put back makes every span a guess. */
static bool
holds(const struct oauth *o, int64_t until, int64_t wall)
{
	return o->loaded && !o->unsaved && !o->refused && o->grant.access != NULL
	       && is_for_us(o) && wall < until && wall >= o->grant.obtained_ms - 60000;
}

bool
oauth_refused(struct account *a)
{
	struct oauth *o = a->oauth;
	int64_t now = clock_mono_ms();
	if (o->unproven && now - o->renewed_at < YOUNG_MS)
		return false;
	o->refused = true;
	return true;
}

void
oauth_accepted(struct account *a)
{
	a->oauth->unproven = false;
}

static int32_t
fail(struct rk_err *err, const char *code, const char *connection, const char *words)
{
	int32_t status =
	    err_set(err, RK_PAUSE, RK_CAT_AUTH, "connection '%s': %s", connection, words);
	text_copy(err->code, sizeof err->code, text_of(code));
	return status;
}

/* ---- Ending -------------------------------------------------------------------- */

static void
finish(struct net *net, struct account *a, int32_t status)
{
	struct oauth *o = a->oauth;
	enum oauth_work work = o->work;
	int64_t now = clock_mono_ms();
	request_clear(&o->request);
	io_close(&o->lock);
	o->state = OAUTH_IDLE;
	o->work = OAUTH_NOTHING;
	o->status = status;
	o->retry_at = 0;
	if (status != RK_OK) {
		int64_t wait = o->failure.retry_after_ms;
		o->retry_at = now + (wait > RETRY_MS ? wait : RETRY_MS);
		o->failed_with = a->secrets.changes;
		mask_apply(&a->secrets.mask, o->failure.message,
		           strlen(o->failure.message));
		log_warn("net.oauth", "conn=%s: %s", a->name, o->failure.message);
	}
	secret_put(&a->secrets, CODE, TEXT_LIT(""));
	secret_put(&a->secrets, VERIFIER, TEXT_LIT(""));
	secret_put(&a->secrets, ASSERTION, TEXT_LIT(""));
	/* A login that waits for its browser does not end with a renewal. */
	if (o->login.channel != 0 && (work != OAUTH_RENEW || o->login.verifier[0] == '\0')
	    && o->wanted == OAUTH_NOTHING)
		channel_tell_login(net, a, status, &o->failure);
	if (o->wanted != OAUTH_NOTHING) {
		enum oauth_work next = o->wanted;
		o->wanted = OAUTH_NOTHING;
		oauth_begin(net, a, next);
	}
	channel_resume(net, a);
}

/* ---- Asking -------------------------------------------------------------------- */

#define LIT(literal) { (literal), sizeof(literal) - 1 }
#define SAYS(text) { RK_PIECE_TEXT, RK_ENC_RAW, LIT(text), { NULL, 0 } }
#define FILL(name) { RK_PIECE_SECRET, RK_ENC_FORM, LIT(name), { NULL, 0 } }

static const struct rk_piece renew_body[] = {
	SAYS("grant_type=refresh_token&refresh_token="),
	FILL(REFRESH_TOKEN),
};
static const struct rk_piece own_body[] = {
	SAYS("grant_type=client_credentials"),
};
static const struct rk_piece signed_body[] = {
	SAYS("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="),
	FILL(ASSERTION),
};
static const struct rk_piece exchange_body[] = {
	SAYS("grant_type=authorization_code&code="),
	FILL(CODE),
};
static const struct rk_piece revoke_body[] = {
	SAYS("token_type_hint=refresh_token&token="),
	FILL(REFRESH_TOKEN),
};
static const struct rk_piece verifier_body[] = {
	SAYS("&code_verifier="),
	FILL(VERIFIER),
};
static const struct rk_piece client_body[] = {
	SAYS("&client_id="),
	FILL(CLIENT_ID),
	SAYS("&client_secret="),
	FILL(NET_CLIENT_SECRET),
};
#define PIECES_MAX 16

struct form {
	struct rk_piece pieces[PIECES_MAX];
	uint64_t count;
};

static void
add_pieces(struct form *form, const struct rk_piece *pieces, size_t count)
{
	memcpy(form->pieces + form->count, pieces, count * sizeof *pieces);
	form->count += count;
}
#define ADD(form, pieces) add_pieces((form), (pieces), sizeof(pieces) / sizeof *(pieces))

static struct form
make_form(struct oauth *o)
{
	struct form form = { .count = 0 };
	BUF_AUTO redirect = BUF_INIT(8192);
	if (o->work == OAUTH_RENEW && o->terms.grant == NET_GRANT_CLIENT)
		ADD(&form, own_body);
	else if (o->work == OAUTH_RENEW && o->terms.grant == NET_GRANT_JWT)
		ADD(&form, signed_body);
	else if (o->work == OAUTH_RENEW)
		ADD(&form, renew_body);
	if (o->work == OAUTH_REVOKE)
		ADD(&form, revoke_body);
	if (o->work == OAUTH_EXCHANGE) {
		ADD(&form, exchange_body);
		buf_adds(&redirect, "&redirect_uri=");
		encode_form(&redirect, o->terms.redirect_uri);
		form.pieces[form.count++] = (struct rk_piece){
			RK_PIECE_TEXT, RK_ENC_RAW,
			arena_text(&o->request.arena, buf_text(&redirect)), { NULL, 0 } };
		if (o->terms.pkce)
			ADD(&form, verifier_body);
	}
	if (!o->terms.basic && o->terms.grant != NET_GRANT_JWT)
		ADD(&form, client_body);
	return form;
}

/* A claim for one call: good for three minutes, and signed for this address alone. */
static int32_t
sign(struct account *a, struct rk_err *err)
{
	struct oauth *o = a->oauth;
	struct jwt_claim claim = { o->terms.client_id, o->terms.subject, o->terms.audience,
	                           clock_now_ms() / 1000 + CLAIM_LIFE_S };
	struct rk_text key;
	int32_t status = secret_get(&a->secrets, TEXT_LIT(NET_JWT_KEY), SECRET_HIDDEN, &key,
	                            err);
	return status == RK_OK ? jwt_sign(&claim, key, &a->secrets, ASSERTION, err) : status;
}

static int32_t
prepare(struct account *a, struct rk_err *err)
{
	static const struct rk_piece type = SAYS("application/x-www-form-urlencoded");
	static const struct rk_piece json = SAYS("application/json");
	static const struct rk_piece basic[] = {
		SAYS("Basic "),
		{ RK_PIECE_SECRET, RK_ENC_BASIC, LIT(CLIENT_ID), LIT(NET_CLIENT_SECRET) },
	};
	static const struct rk_header headers[] = {
		{ LIT("Content-Type"), &type, 1 },
		{ LIT("Accept"), &json, 1 },
		{ LIT("Authorization"), basic, 2 },
	};
	struct oauth *o = a->oauth;
	struct form form = make_form(o);
	struct request_rules rules = {
		.connection = a->name,
		.origins = o->origins,
		.origin_count = o->origin_count,
		.secrets = &a->secrets,
		.route = &o->route,
		.max_body_bytes = ANSWER_MAX,
		.own = true,
	};
	bool revokes = o->work == OAUTH_REVOKE;
	secret_put(&a->secrets, CLIENT_ID, o->terms.client_id);
	if (o->work == OAUTH_RENEW && o->terms.grant == NET_GRANT_JWT
	    && sign(a, err) != RK_OK)
		return RK_PAUSE;
	o->request.asked = (struct rk_request){
		.struct_size = sizeof o->request.asked,
		.method = TEXT_LIT("POST"),
		.url = revokes ? o->terms.revoke_url : o->terms.token_url,
		.headers = headers,
		.header_count = o->terms.basic && o->terms.grant != NET_GRANT_JWT ? 3 : 2,
		.body = form.pieces,
		.body_count = form.count,
	};
	return request_prepare(&o->request, &rules, err);
}

static void
ask(struct net *net, struct account *a)
{
	struct oauth *o = a->oauth;
	int32_t status = prepare(a, &o->failure);
	if (status != RK_OK) {
		finish(net, a, status);
		return;
	}
	o->state = OAUTH_ASKING;
	transfer_start(&o->transfer, net->loop.multi, &o->request, o->deadline_ms);
}

/* ---- Under the lock ------------------------------------------------------------ */

/* What another net, or a try that could not be saved, left; RK_OK with '*done' when there
 * is nothing left to do. */
static int32_t
catch_up(struct net *net, struct account *a, bool *done, struct rk_err *err)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	int64_t before = o->loaded ? o->grant.generation : -1, had_ms = o->grant.obtained_ms;
	int32_t status = o->unsaved ? grant_save(&o->grant, &place, err)
	                            : grant_load(&o->grant, &place, err);
	*done = false;
	if (status != RK_OK)
		return status;
	/* A logout begins to count anew. */
	bool newer = o->unsaved || o->grant.generation != before
	             || o->grant.obtained_ms != had_ms;
	o->unsaved = false;
	if (!newer)
		return RK_OK;
	adopt(a);
	*done = holds(o, o->renew_ms, clock_now_ms());
	return RK_OK;
}

static int32_t
mark(struct net *net, struct account *a, bool renewing, struct rk_err *err)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	o->grant.renewing_ms = renewing ? clock_now_ms() : 0;
	return grant_save(&o->grant, &place, err);
}

/* Whatever the CRM says of a token that is to die, nobody is logged in any more. */
static int32_t
forget_tokens(struct net *net, struct account *a, int32_t said)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	int32_t status = grant_remove(&place, &o->failure);
	grant_clear(&o->grant);
	adopt(a);
	return status != RK_OK ? status : said;
}

static void
begin_renewal(struct net *net, struct account *a)
{
	struct oauth *o = a->oauth;
	bool done;
	int32_t status = catch_up(net, a, &done, &o->failure);
	bool logs_in = o->terms.grant == NET_GRANT_CODE;
	if (status == RK_OK && !done && logs_in && o->grant.refresh == NULL)
		status = fail(&o->failure, "oauth-login", a->name,
		              "nobody has logged in yet");
	else if (status == RK_OK && !done && logs_in && !is_for_us(o))
		status = fail(&o->failure, "oauth-changed", a->name,
		              "its tokens were given for another client_id or another "
		              "host");
	if (status != RK_OK || done) {
		finish(net, a, status);
		return;
	}
	o->lost = logs_in && o->grant.renewing_ms != 0;
	status = mark(net, a, true, &o->failure);
	if (status == RK_OK)
		ask(net, a);
	else
		finish(net, a, status);
}

static void
go_on(struct net *net, struct account *a)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	int64_t now = clock_mono_ms();
	o->lock = grant_lock(&place);
	if (o->lock < 0 && errno == EWOULDBLOCK && now < o->lock_until) {
		o->due = now + LOCK_LOOK_MS;
		return;
	}
	o->failure = (struct rk_err)ERR_INIT;
	if (o->lock < 0)
		finish(net, a,
		       err_errno(&o->failure, RK_AGAIN, RK_CAT_OTHER,
		                 "connection '%s': the lock of its tokens in %s/tokens "
		                 "cannot be had", a->name, net->state_dir));
	else if (o->work == OAUTH_RENEW)
		begin_renewal(net, a);
	else if (o->work == OAUTH_REVOKE
	         && (o->terms.revoke_url.len == 0 || o->grant.refresh == NULL))
		finish(net, a, forget_tokens(net, a, RK_OK));
	else
		ask(net, a);
}

void
oauth_begin(struct net *net, struct account *a, enum oauth_work work)
{
	struct oauth *o = a->oauth;
	if (o->state != OAUTH_IDLE) {
		o->wanted = work;
		return;
	}
	o->state = OAUTH_LOCKING;
	o->work = work;
	o->lock_until = clock_mono_ms() + LOCK_MS;
	go_on(net, a);
}

int64_t
oauth_wake(struct net *net, struct account *a)
{
	struct oauth *o = a->oauth;
	if (o->state == OAUTH_LOCKING && clock_mono_ms() >= o->due)
		go_on(net, a);
	int64_t login = login_wake(net, a);
	return o->state == OAUTH_LOCKING && o->due < login ? o->due : login;
}

bool
oauth_busy(const struct account *a)
{
	return a->oauth != NULL && a->oauth->state == OAUTH_ASKING;
}

/* ---- Answers ------------------------------------------------------------------- */

static void
take_tokens(struct oauth *o, const struct token_answer *answer)
{
	struct grant *g = &o->grant;
	int64_t wall = clock_now_ms();
	grant_keep(&g->access, answer->access);
	if (answer->refresh.len > 0)
		grant_keep(&g->refresh, answer->refresh);
	if (answer->scopes.len > 0 || o->work == OAUTH_EXCHANGE) {
		free(g->scopes);
		g->scopes = answer->scopes.len > 0 ? text_dup(answer->scopes) : NULL;
	}
	free(g->client_id);
	free(g->token_url);
	g->client_id = text_dup(o->terms.client_id);
	g->token_url = text_dup(o->terms.token_url);
	g->generation++;
	g->obtained_ms = wall;
	g->expires_ms = wall + answer->expires_s * 1000;
	g->renewing_ms = 0;
}

static int32_t
keep_tokens(struct net *net, struct account *a, const struct token_answer *answer)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	/* What renews an older login is of that one, perhaps of another account. */
	bool renewable = answer->refresh.len > 0
	                 || (o->work == OAUTH_RENEW && o->grant.refresh != NULL);
	if (o->terms.grant == NET_GRANT_CODE && !renewable)
		return fail(&o->failure, "oauth-refused", a->name,
		            "the CRM gave an access token without a refresh token");
	take_tokens(o, answer);
	int32_t status = grant_save(&o->grant, &place, &o->failure);
	o->loaded = true;
	o->unsaved = status != RK_OK;
	if (status != RK_OK)
		return status;
	o->renewed_at = clock_mono_ms();
	o->unproven = o->work == OAUTH_RENEW;
	adopt(a);
	log_info("net.oauth", "conn=%s generation=%lld life_s=%lld: %s", a->name,
	         (long long)o->grant.generation, (long long)answer->expires_s,
	         o->work == OAUTH_EXCHANGE ? "logged in" : "renewed");
	return RK_OK;
}

void
oauth_done(struct net *net, struct account *a, CURLcode result)
{
	static const struct mask nothing = { NULL, 0 };
	struct oauth *o = a->oauth;
	struct token_answer answer;
	struct arena arena = ARENA_INIT;
	transfer_finish(&o->transfer, result, &nothing, o->deadline_ms);
	struct token_asked asked = {
		.connection = a->name,
		.exchange = o->work == OAUTH_EXCHANGE,
		.revoke = o->work == OAUTH_REVOKE,
		.lost = o->lost,
		.alone = o->terms.grant != NET_GRANT_CODE,
		.redirect_uri = o->terms.redirect_uri.ptr,
	};
	int32_t status = token_answer_read(&asked, buf_text(&o->transfer.reply), &arena,
	                                   &answer, &o->failure);
	if (o->work == OAUTH_REVOKE)
		status = forget_tokens(net, a, status);
	else if (status == RK_OK)
		status = keep_tokens(net, a, &answer);
	else if (status == RK_PAUSE && o->work == OAUTH_RENEW && !o->lost) {
		/* A clear no: nothing was rotated.  The mark, unsaved, costs words only. */
		struct rk_err unused = ERR_INIT;
		mark(net, a, false, &unused);
	}
	if (o->transfer.reply.ptr != NULL)
		sodium_memzero(o->transfer.reply.ptr, o->transfer.reply.cap);
	transfer_forget(&o->transfer);
	arena_free(&arena);
	finish(net, a, status);
}

/* ---- For channels -------------------------------------------------------------- */

/* Whether there are tokens: where nobody logs in there is none to renew them by. */
static bool
is_given(const struct oauth *o)
{
	return o->grant.refresh != NULL
	       || (o->terms.grant != NET_GRANT_CODE && o->grant.access != NULL);
}

void
oauth_look(struct net *net, struct account *a, struct rk_err *err)
{
	struct oauth *o = a->oauth;
	struct grant_place place = place_of(net, a);
	if (!o->loaded && o->state == OAUTH_IDLE
	    && grant_load(&o->grant, &place, err) == RK_OK && is_given(o))
		adopt(a);
}

enum oauth_ready
oauth_ready(struct net *net, struct account *a, int32_t *status, struct rk_err *err)
{
	struct oauth *o = a->oauth;
	int64_t wall = clock_now_ms();
	oauth_look(net, a, err);
	if (holds(o, o->renew_ms, wall))
		return OAUTH_READY;
	bool usable = holds(o, o->grant.expires_ms, wall);
	bool tried =
	    clock_mono_ms() < o->retry_at && o->failed_with == a->secrets.changes;
	if (o->state == OAUTH_IDLE && !tried)
		oauth_begin(net, a, OAUTH_RENEW);
	if (usable || holds(o, o->renew_ms, wall))
		return OAUTH_READY;
	if (o->state != OAUTH_IDLE)
		return OAUTH_WAIT;
	*status = o->status != RK_OK ? o->status : RK_AGAIN;
	*err = o->failure;
	return OAUTH_FAILED;
}

/* "abcd...": enough to tell two apart, too little to be of use. */
static struct rk_text
show(const char *secret, struct arena *arena)
{
	size_t len = secret != NULL ? strlen(secret) : 0;
	return len == 0 ? (struct rk_text){ NULL, 0 }
	                : arena_printf(arena, "%.*s****", len >= 24 ? 4 : 0, secret);
}

void
oauth_tell(struct account *a, struct arena *arena, struct net_grant *told)
{
	const struct grant *g = &a->oauth->grant;
	*told = (struct net_grant){
		.present = is_given(a->oauth),
		.access = show(g->access, arena),
		.refresh = show(g->refresh, arena),
		.scopes = text_of(g->scopes),
		.obtained_ms = g->obtained_ms,
		.expires_ms = g->expires_ms,
		.renewing_ms = g->renewing_ms,
	};
}
