/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to kintone: how it is sent, and what a bad answer means as a whole.
 * Which row of a batch an error means is for refusal.c. */
#include "kintone.h"

static const struct rk_spend spend_app[] = {
	{ RK_LIT("parallel"), 1 }, { RK_LIT("app-day"), 1 },
};

static const struct rk_piece token_pieces[] = {
	{ RK_PIECE_SECRET, RK_ENC_RAW, RK_LIT("api_token"), RK_LIT("") },
};

static const struct rk_piece login_pieces[] = {
	{ RK_PIECE_SECRET, RK_ENC_BASIC, RK_LIT("login"), RK_LIT("password") },
};

static const struct rk_piece json_pieces[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("application/json"), RK_LIT("") },
};

static const struct rk_piece get_pieces[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("GET"), RK_LIT("") },
};

/* Sends one call.  RK_OK: an answer arrived, good or bad.  Content-Type goes only
 * with a body: a GET that had it was refused (measured). */
int32_t
kintone_ask(const struct rk_host *host, const struct call *call, struct rk_answer *answer,
    struct rk_err *err)
{
	struct rk_text base = rk_base_url(host, "host");
	struct rk_text guest = host->setting(host, "guest_space");
	struct rk_piece body = { RK_PIECE_TEXT, RK_ENC_RAW, call->body, RK_LIT("") };
	struct rk_header headers[3] = {
		{ RK_LIT("X-Cybozu-API-Token"), token_pieces, 1 },
	};
	struct rk_request request = { .struct_size = sizeof request };
	uint64_t count = 1;

	if (!host->has_setting(host, "api_token")) {
		headers[0].name = rk_z("X-Cybozu-Authorization");
		headers[0].pieces = login_pieces;
	}
	if (call->body.len)
		headers[count++] = (struct rk_header){ RK_LIT("Content-Type"),
		                                       json_pieces, 1 };
	if (call->body.len && call->reads)
		headers[count++] = (struct rk_header){ RK_LIT("X-HTTP-Method-Override"),
		                                       get_pieces, 1 };
	request.flags = call->reads ? RK_HTTP_SAFE : 0;
	request.method = rk_z(call->reads && call->body.len ? "POST" : call->method);
	request.url = rk_textf(host, "%.*s/k/%s%.*s%sv1/%s", RK_S(base),
	                       guest.len ? "guest/" : "", RK_S(guest),
	                       guest.len ? "/" : "", call->api);
	request.headers = headers;
	request.header_count = count;
	request.body = &body;
	request.body_count = call->body.len != 0;
	request.object = call->object;
	request.spends = spend_app;
	/* Calls of no app count for none. */
	request.spend_count = call->object.len ? 2 : 1;
	return rk_json_ask(host, &request, answer, err);
}

/* Vendor code -> what it means.  RK_REJECT: the request was refused and nothing
 * was stored.  kintone publishes no list of codes; these were measured or stand
 * in its clients, and the same code came with 400 and with 520. */
static const struct rk_code codes[] = {
	{ "CB_VA01", RK_REJECT, RK_CAT_OTHER },        /* See judge_field(). */
	{ "CB_IL02", RK_BUG, RK_CAT_BUG },
	{ "CB_IJ01", RK_BUG, RK_CAT_BUG },
	{ "CB_AU01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_WA01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_OA01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_OA02", RK_PAUSE, RK_CAT_PERMISSION },
	{ "CB_TW02", RK_PAUSE, RK_CAT_AUTH },
	{ "GAIA_IA02", RK_PAUSE, RK_CAT_AUTH },
	{ "GAIA_DA03", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_NO02", RK_REJECT, RK_CAT_PERMISSION },   /* May be of one record. */
	{ "GAIA_NO01", RK_PAUSE, RK_CAT_PERMISSION },
	{ "GAIA_FU01", RK_REJECT, RK_CAT_PERMISSION },
	{ "GAIA_NO02", RK_AGAIN, RK_CAT_UNREACHABLE }, /* App in maintenance. */
	{ "GAIA_AP01", RK_PAUSE, RK_CAT_CONFIG },
	{ "GAIA_IL23", RK_PAUSE, RK_CAT_CONFIG },      /* Guest space path. */
	{ "GAIA_IL25", RK_PAUSE, RK_CAT_CONFIG },
	{ "GAIA_RE01", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_RE20", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_CO02", RK_REJECT, RK_CAT_OTHER },      /* See kintone_take_refusal(). */
	{ "GAIA_UN03", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_LO04", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_LO03", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL26", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL28", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL42", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IR02", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ11", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_FC01", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ03", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ07", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ10", RK_REJECT, RK_CAT_PICKLIST },
	{ "GAIA_IQ23", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IQ25", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IL08", RK_BUG, RK_CAT_BUG },
	{ "GAIA_QU01", RK_BUG, RK_CAT_BUG },
	{ "GAIA_QU02", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IL01", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_IL03", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_ST02", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_NT01", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_BL01", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "GAIA_RE02", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_CN01", RK_RESYNC, RK_CAT_OTHER },
	{ "GAIA_TM12", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "GAIA_TO04", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "GAIA_DA02", RK_AGAIN, RK_CAT_SERVER },      /* Database lock. */
	{ "GAIA_RE18", RK_AGAIN, RK_CAT_SERVER },
	{ "GAIA_LT01", RK_AGAIN, RK_CAT_SERVER },
	{ NULL, 0, 0 },
};

/* Answers without a known code, by status alone: what is no JSON never reached
 * the API. */
static const struct http_class {
	int32_t from, to, json, status, category;
	const char *words;
} http_classes[] = {
	{ 401, 401, 1, RK_PAUSE, RK_CAT_AUTH, " Unauthorized" },
	{ 403, 403, 1, RK_PAUSE, RK_CAT_PERMISSION, " Forbidden" },
	{ 401, 401, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: Basic authentication or an IP rule of the domain" },
	{ 403, 403, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: an IP rule of the domain; allow this host's address" },
	{ 429, 429, -1, RK_AGAIN, RK_CAT_RATE_LIMIT, " Too Many Requests" },
	{ 503, 503, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (maintenance or outage)" },
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG,
	  " (no kintone API answers: check host)" },
	{ 404, 404, -1, RK_PAUSE, RK_CAT_CONFIG, " Not Found" },
	{ 400, 499, 1, RK_REJECT, RK_CAT_OTHER, "" },
	{ 400, 499, 0, RK_PAUSE, RK_CAT_CONFIG, " (no kintone API answers: check host)" },
	{ 0, INT32_MAX, -1, RK_AGAIN, RK_CAT_SERVER, "" },
};

/* What a bad answer means for the call as a whole; fills 'err'.
 *
 * Shape: {"code":"..","id":"..","message":"..","errors":{key:{"messages":[..]}}};
 *        the id is what Cybozu's support asks for. */
int32_t
kintone_judge(const struct rk_host *host, const struct rk_answer *answer,
              struct rk_err *err)
{
	struct rk_text code = rk_json_str(host, answer->root, "code");
	struct rk_text id = rk_json_str(host, answer->root, "id");
	const struct rk_code *known = rk_code_find(codes, code);
	const struct http_class *class = http_classes;
	const cJSON *errors = rk_json_get(answer->root, "errors");
	const cJSON *first = rk_json_is(errors, cJSON_Object) ? errors->child : NULL;
	int32_t http = answer->reply.status, json = code.len != 0;

	while (http < class->from || http > class->to ||
	       (class->json >= 0 && class->json != json))
		class++;
	rk_fail(err, RK_OK, known ? known->category : class->category,
	        "HTTP %d%s%s%.*s: %.*s%s%s%s%.*s%s", http, known ? "" : class->words,
	        json ? " " : "", RK_S(code),
	        RK_S(json ? rk_json_str(host, answer->root, "message")
	                  : rk_z("the answer is no JSON")),
	        first ? ", " : "", first ? first->string : "",
	        id.len ? " (id " : "", RK_S(id), id.len ? ")" : "");
	err->http_status = http;
	err->retry_after_ms = answer->reply.retry_after_ms;
	err->maybe_sent = !known && http >= 500;
	RK_ERR_SET(err->code, code);
	return known ? known->status : class->status;
}

/* As judge, for calls that only read: nothing there can be split. */
static int32_t
judge_read(const struct rk_host *host, const struct rk_answer *answer,
           struct rk_err *err)
{
	int32_t status = kintone_judge(host, answer, err);

	if (status != RK_REJECT)
		return status;
	if (err->category == RK_CAT_PERMISSION || err->category == RK_CAT_PICKLIST ||
	    err->category == RK_CAT_PROPERTY_MAPPING)
		return RK_PAUSE;
	err->category = RK_CAT_BUG;
	return RK_BUG;
}

/* A reading call whose good answer must be JSON. */
int32_t
kintone_ask_read(const struct rk_host *host, struct call *call, struct rk_answer *answer,
         struct rk_err *err)
{
	int32_t status;

	call->method = "GET";
	call->reads = 1;
	status = kintone_ask(host, call, answer, err);
	if (status != RK_OK)
		return status;
	if (answer->reply.status != 200)
		return judge_read(host, answer, err);
	if (!answer->root)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%s: %s", call->api,
		               answer->why.message);
	return RK_OK;
}

int32_t
kintone_check_app(struct rk_text object, struct rk_err *err)
{
	int64_t id;

	if (rk_text_int(object, &id) && id > 0)
		return RK_OK;
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
	               "\"%.*s\" is not the number of an app", RK_S(object));
}

/* The number of the app, which check_app has seen. */
void
kintone_put_app(struct rk_json_out *out, struct rk_text object)
{
	int64_t id = 0;

	rk_text_int(object, &id);
	rk_put_int(out, id);
}
