/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to kintone: how it is sent, and what a bad answer means as a whole.
 * Which row of a batch an error means is for refusal.c. */
#include "kintone.h"

/* Vendor codes -> what they mean.  RK_REJECT: the request was refused and nothing
 * was stored.  kintone publishes no list of codes; these were measured or stand
 * in its clients, and the same code came with 400 and with 520.  CB_VA01 and GAIA_CO02
 * are sorted out in refusal.c; CB_NO02 may be of one record, GAIA_NO02 is an app in
 * maintenance, GAIA_DA02 a lock of the database. */
static const struct rk_code codes[] = {
	{ "CB_VA01 GAIA_RE01 GAIA_RE20 GAIA_CO02 GAIA_UN03 GAIA_RE02",
	  RK_REJECT, RK_CAT_OTHER },
	{ "CB_IL02 CB_IJ01 GAIA_IQ23 GAIA_IQ25 GAIA_IL08 GAIA_QU01 GAIA_QU02",
	  RK_BUG, RK_CAT_BUG },
	{ "CB_AU01 CB_WA01 CB_OA01 CB_TW02 GAIA_IA02 GAIA_DA03",
	  RK_PAUSE, RK_CAT_AUTH },
	{ "CB_OA02 GAIA_NO01", RK_PAUSE, RK_CAT_PERMISSION },
	{ "CB_NO02 GAIA_FU01", RK_REJECT, RK_CAT_PERMISSION },
	{ "GAIA_NO02", RK_AGAIN, RK_CAT_UNREACHABLE },
	{ "GAIA_AP01 GAIA_IL23 GAIA_IL25", RK_PAUSE, RK_CAT_CONFIG },
	{ "GAIA_LO04 GAIA_LO03 GAIA_IL26 GAIA_IL28 GAIA_IL42",
	  RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IR02 GAIA_IQ11 GAIA_FC01 GAIA_IQ03 GAIA_IQ07",
	  RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ10", RK_REJECT, RK_CAT_PICKLIST },
	{ "GAIA_IL01 GAIA_IL03 GAIA_ST02 GAIA_NT01", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_BL01", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "GAIA_CN01", RK_RESYNC, RK_CAT_OTHER },
	{ "GAIA_TM12 GAIA_TO04", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "GAIA_DA02 GAIA_RE18 GAIA_LT01", RK_AGAIN, RK_CAT_SERVER },
	{ NULL, 0, 0 },
};

/* Answers without a known code, by status alone: what is no JSON never reached
 * the API. */
static const struct rk_http_class http_classes[] = {
	{ 401, 401, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: Basic authentication or an IP rule of the domain, or host is "
	  "another one" },
	{ 403, 403, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: an IP rule of the domain; allow this host's address" },
	{ 503, 503, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (maintenance or outage)" },
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG,
	  " (no kintone API answers: check host)" },
	{ 400, 499, 0, RK_PAUSE, RK_CAT_CONFIG,
	  " (no kintone API answers: check host; client_certificate, if it asks for one)" },
	{ 0 },
};

/* Shape: {"code":"..","id":"..","message":"..","errors":{key:{"messages":[..]}}};
 *        the id is what Cybozu's support asks for. */
static struct rk_fault
read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	struct rk_text id = rk_json_str(host, answer->root, "id");
	struct rk_fault fault = { .code = rk_json_str(host, answer->root, "code"),
	                          .message = rk_json_str(host, answer->root, "message"),
	                          .category = RK_CAT_OTHER };
	const struct rk_code *known = rk_code_find(codes, fault.code);

	if (known) {
		fault.status = known->status;
		fault.category = known->category;
	}
	if (rk_text_is(fault.code, "GAIA_TO04"))
		fault.wait_ms = 1000;   /* Requests under way end within moments. */
	if (rk_json_is(errors, cJSON_Object) && errors->child)
		fault.message = rk_textf(host, "%.*s, %s", RK_S(fault.message),
		                         errors->child->string);
	if (id.len)
		fault.support = rk_textf(host, "id %.*s", RK_S(id));
	return fault;
}

static const struct rk_api api = { http_classes, read_fault };

static const struct rk_spend spend_app[] = {
	{ RK_LIT("parallel"), 1 }, { RK_LIT("app-day"), 1 },
};

static const struct rk_piece token_piece = RK_SECRET("api_token", RK_ENC_RAW);
static const struct rk_piece login_piece = {
	RK_PIECE_SECRET, RK_ENC_BASIC, RK_LIT("login"), RK_LIT("password") };

static const struct rk_header by_token = {
	RK_LIT("X-Cybozu-API-Token"), &token_piece, 1 };
static const struct rk_header by_login = {
	RK_LIT("X-Cybozu-Authorization"), &login_piece, 1 };

/* Where several are sent kintone takes the password first, and OAuth after a token. */
static struct rk_header
credentials(const struct rk_host *host)
{
	if (host->has_setting(host, "access_token"))
		return rk_bearer(host);
	return host->has_setting(host, "api_token") ? by_token : by_login;
}

static const struct rk_piece gate_pieces[] = {
	RK_SAYS("Basic "),
	{ RK_PIECE_SECRET, RK_ENC_BASIC, RK_LIT("basic_login"), RK_LIT("basic_password") },
};
static const struct rk_header by_gate = {
	RK_LIT("Authorization"), gate_pieces, RK_COUNT(gate_pieces) };

/* Basic authentication, which a domain may ask for before its API, goes beside the
 * credentials proper. */
struct rk_call
kintone_call(const struct rk_host *host, const char *method, struct rk_text app,
             const char *name)
{
	struct rk_text guest = host->setting(host, "guest_space");
	struct rk_call call = { .api = &api, .method = method, .object = app,
		.url = rk_textf(host, "%.*s/k/%s%.*s%sv1/%s",
		                RK_S(rk_base_url(host, "host")),
		                guest.len ? "guest/" : "", RK_S(guest),
		                guest.len ? "/" : "", name),
		.spends = spend_app,
		.spend_count = app.len ? 2 : 1 };       /* Of no app: counts for none. */

	rk_call_add(host, &call, credentials(host));
	if (host->has_setting(host, "basic_login"))
		rk_call_add(host, &call, by_gate);
	return call;
}

int32_t
kintone_check_app(struct rk_text app, struct rk_err *err)
{
	int64_t id;

	if (rk_text_int(app, &id) && id > 0 && app.ptr[0] != '0')
		return RK_OK;
	return rk_fail_config(err, "\"%.*s\" is not the number of an app", RK_S(app));
}

int32_t
kintone_ask_fields(const struct rk_host *host, struct rk_text app,
                   struct rk_answer *answer, const cJSON **properties, struct rk_err *err)
{
	struct rk_call call = kintone_call(host, "GET", app,
		rk_textf(host, "app/form/fields.json?app=%.*s", RK_S(app)).ptr);
	int32_t status = kintone_check_app(app, err);

	if (status == RK_OK)
		status = rk_ask_read(host, &call, answer, err);
	return status == RK_OK ? rk_answer_get(answer, "properties", cJSON_Object,
	                                       properties, err) : status;
}
