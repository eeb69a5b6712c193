/* SPDX-License-Identifier: Apache-2.0
 *
 * token_answer.c - see token_answer.h. */
#include "net/token_answer.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "record/http.h"
#include "record/json_reader.h"

#define YEARS_S ((int64_t)10 * 366 * 86400)
#define HOUR_S 3600
#define WAIT_MAX_MS ((int64_t)3600 * 1000)

/* ---- Refusals ------------------------------------------------------------------ */

static const struct refusal {
	const char *name;              /* Of the vendor, or of RFC 6749. */
	const char *code;
	const char *words;
} refusals[] = {
	{ "BAD_CLIENT_ID", "oauth-client",
	  "the CRM does not know client_id, or its app was deleted" },
	{ "BAD_CLIENT_SECRET", "oauth-client", "the CRM does not accept client_secret" },
	{ "BAD_HUB", "oauth-account", "the CRM no longer has this account" },
	{ "MISMATCH_REDIRECT_URI_AUTH_CODE", "oauth-redirect", "" },
	{ "BAD_REDIRECT_URI", "oauth-redirect", "" },
	{ "redirect_uri_mismatch", "oauth-redirect", "" },
	{ "BAD_SCOPES", "oauth-scope", "the CRM does not give these scopes to the app" },
	{ "invalid_scope", "oauth-scope",
	  "the CRM does not give these scopes to the app" },
	{ "BAD_CODE_VERIFIER", "oauth-code", "the code belongs to another login" },
	{ "BAD_AUTH_CODE", "oauth-code",
	  "the CRM does not know the code, or it was used already" },
	{ "EXPIRED_AUTH_CODE", "oauth-code", "the code has expired" },
	{ "BAD_REFRESH_TOKEN", "oauth-revoked", "the CRM no longer accepts the login" },
	{ "invalid_client_id", "oauth-client", "the CRM does not know client_id" },
	{ "invalid_client_credentials", "oauth-client",
	  "the CRM does not accept client_secret" },
	{ "inactive_user", "oauth-account", "the user is not active in the CRM" },
	{ "inactive_org", "oauth-account", "the CRM no longer has this account" },
	{ "invalid_client", "oauth-client",
	  "the CRM does not accept client_id and client_secret, or the app was deleted" },
	{ "unauthorized_client", "oauth-client", "the CRM does not let this app do so" },
	{ "access_denied", "oauth-account", "the CRM denies this account access" },
	{ "invalid_grant", "oauth-revoked", "the CRM no longer accepts the login" },
	{ "", "oauth-refused", "the CRM refused for a reason of its own" },
};

/* The vendor's name first, as it says more. */
static const struct refusal *
refusal_of(const char *name, const char *error)
{
	const struct refusal *found = NULL;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals && found == NULL; i++)
		if (refusals[i].name[0] == '\0' || strcmp(refusals[i].name, name) == 0)
			found = &refusals[i];
	for (size_t i = 0; found->name[0] == '\0' && refusals[i].name[0] != '\0'; i++)
		if (strcmp(refusals[i].name, error) == 0)
			return &refusals[i];
	return found;
}

static int32_t
refuse(const struct token_asked *asked, const struct rk_reply *reply, const char *name,
       const char *error, const char *says, struct rk_err *err)
{
	const struct refusal *row = refusal_of(name, error);
	const char *code = row->code, *words = row->words;
	bool dead = strcmp(code, "oauth-revoked") == 0;
	if (dead && asked->exchange) {
		code = "oauth-code";
		words = "the CRM does not accept the code";
	} else if (dead && asked->alone) {
		code = "oauth-client";
		words = "the CRM gives this app no token of its own";
	} else if (dead && asked->lost) {
		code = "oauth-lost";
		words = "an earlier renewal was cut off before its answer was stored, and "
		        "the CRM has put a new refresh token in the place of the one that "
		        "is here";
	}
	if (strcmp(code, "oauth-redirect") == 0)
		err_set(err, RK_PAUSE, RK_CAT_AUTH,
		        "connection '%s': redirect_uri here is %s, and the CRM says that "
		        "another one is registered with the app: %s",
		        asked->connection, asked->redirect_uri, says);
	else
		err_set(err, RK_PAUSE, RK_CAT_AUTH,
		        "connection '%s': %s (HTTP %d %s%s%s%s%.200s)", asked->connection,
		        words, reply->status, error, name[0] != '\0' ? " " : "", name,
		        says[0] != '\0' ? ": " : "", says);
	err->http_status = reply->status;
	text_copy(err->code, sizeof err->code, text_of(code));
	return RK_PAUSE;
}

/* ---- What passes --------------------------------------------------------------- */

static int32_t
pass(const struct token_asked *asked, const struct rk_reply *reply, struct rk_err *err)
{
	bool often = reply->status == 429;
	const char *what = asked->exchange ? "exchange the code"
	                   : asked->revoke ? "end the login"
	                                   : "renew the access token";
	err_set(err, RK_AGAIN, often ? RK_CAT_RATE_LIMIT : RK_CAT_SERVER,
	        "connection '%s': the CRM could not %s now: HTTP %d%s", asked->connection,
	        what, reply->status, reply->status < 300 ? " without JSON" : "");
	err->http_status = reply->status;
	err->retry_after_ms = reply->retry_after_ms;
	if (err->retry_after_ms > WAIT_MAX_MS)
		err->retry_after_ms = WAIT_MAX_MS;
	return RK_AGAIN;
}

/* ---- Tokens -------------------------------------------------------------------- */

static struct rk_text
join(const struct rk_host *host, const cJSON *list)
{
	struct rk_text all = { "", 0 };
	rk_json_each(item, list)
		all = rk_textf(host, "%.*s%s%.*s", RK_S(all), all.len ? " " : "",
		               RK_S(rk_json_text(host, item, NULL)));
	return all;
}

static int64_t
seconds_of(const struct rk_host *host, const cJSON *root)
{
	int64_t seconds;
	struct rk_text text = rk_json_str(host, root, "expires_in");
	if (!rk_text_int(text, &seconds) || seconds < 1)
		return HOUR_S;
	return seconds < YEARS_S ? seconds : YEARS_S;
}

static bool
is_token(struct rk_text text)
{
	for (uint64_t i = 0; i < text.len; i++)
		if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f)
			return false;
	return text.len > 0 && text.len <= 32768;
}

static bool
take(const struct rk_host *host, const cJSON *root, struct token_answer *answer)
{
	const cJSON *list = rk_json_get(root, "scopes");
	answer->access = rk_json_str(host, root, "access_token");
	answer->refresh = rk_json_str(host, root, "refresh_token");
	answer->expires_s = seconds_of(host, root);
	answer->scopes = rk_json_is(list, cJSON_Array) ? join(host, list)
	                                               : rk_json_str(host, root, "scope");
	return is_token(answer->access)
	       && (answer->refresh.len == 0 || is_token(answer->refresh));
}

int32_t
token_answer_read(const struct token_asked *asked, struct rk_text reply,
                  struct arena *arena, struct token_answer *answer, struct rk_err *err)
{
	struct json_reader reader = json_reader_in(arena);
	struct rk_reply whole;
	struct rk_err why = ERR_INIT;
	cJSON *root = NULL;
	int32_t status;
	if (!http_decode_reply(reply, arena, &status, err, &whole))
		return err_set(err, RK_BUG, RK_CAT_BUG, "an answer that is none");
	if (status != RK_OK)
		return status;
	*answer = (struct token_answer){ .expires_s = 0 };
	*err = (struct rk_err)ERR_INIT;
	bool good = whole.status >= 200 && whole.status < 300;
	bool parsed = rk_json_parse(&reader.host, whole.body, &root, &why) == RK_OK;
	if (good && asked->revoke)
		return RK_OK;
	/* Salesforce's word for too many logins comes with 400. */
	if (parsed
	    && rk_text_is(rk_json_str(&reader.host, root, "error"), "rate_limit_exceeded"))
		whole.status = 429;
	if (whole.status == 429 || whole.status == 408 || whole.status >= 500
	    || (good && !parsed))
		return pass(asked, &whole, err);
	if (good && take(&reader.host, root, answer))
		return RK_OK;
	if (!parsed)
		root = NULL;
	struct rk_text name = rk_json_str(&reader.host, root, "status");
	struct rk_text error = rk_json_str(&reader.host, root, "error");
	struct rk_text says = rk_json_str(&reader.host, root, "error_description");
	if (says.len == 0)
		says = rk_json_str(&reader.host, root, "message");
	return refuse(asked, &whole, arena_text(arena, name).ptr,
	              arena_text(arena, error).ptr, arena_text(arena, says).ptr, err);
}
