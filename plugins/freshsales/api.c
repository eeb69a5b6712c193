/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to Freshsales: where it goes, how it is sent, and what a bad answer
 * says.  Which row an error means is for write.c.
 *
 * Errors have no codes, and bodies of at least three shapes: the words decide, after the
 * HTTP status. */
#include "freshsales.h"

#define HOUR_MS  INT64_C(3600000)
#define EPOCH_S  INT64_C(1000000000)   /* Above it a reset is a moment, not a length. */
#define BUSY_MS  5000                  /* Between two tries to hand in a job. */

static const struct freshsales_object objects[] = {
	{ "contacts", "contact", "All Contacts", "contacts_view",
	  "email external_id mobile_number name", 1 },
	{ "sales_accounts", "sales_account", "All Accounts", "accounts_view", "name", 0 },
	{ "deals", "deal", "All Deals", "deals_view", "name", 0 },
	{ "leads", "lead", "All Leads", "leads_view", "email mobile_number name", 1 },
};

int
freshsales_is_classic(const struct rk_host *host)
{
	static const char domain[] = ".freshsales.io";
	struct rk_text base = rk_base_url(host, "host");
	const char *at = rk_text_find(base, domain);

	return at && (at + strlen(domain) == base.ptr + base.len ||
	              at[strlen(domain)] == ':');
}

int32_t
freshsales_object_find(const struct rk_host *host, struct rk_text name,
                       const struct freshsales_object **object, struct rk_err *err)
{
	for (size_t i = 0; i < RK_COUNT(objects); i++) {
		*object = &objects[i];
		if (!rk_text_is(name, objects[i].name))
			continue;
		if (!rk_text_is(name, "leads") || freshsales_is_classic(host))
			return RK_OK;
		return rk_fail_config(err, "leads exist at addresses of the form "
		                      "https://NAME.freshsales.io only");
	}
	return rk_fail_config(err, "Freshsales has no object \"%.*s\"", RK_S(name));
}

/* ---- What an error says ----------------------------------------------------------- */

/* A text, or the texts of a list joined by "; ". */
static struct rk_text
words_of(const struct rk_host *host, const cJSON *item)
{
	struct rk_text all = rk_z("");

	if (!rk_json_is(item, cJSON_Array))
		return rk_json_is(item, cJSON_String) ? rk_json_text(host, item, NULL) : all;
	rk_json_each(one, item)
		if (rk_json_is(one, cJSON_String))
			all = rk_text_join(host, all, "; ", rk_json_text(host, one, NULL));
	return all;
}

struct rk_text
freshsales_message(const struct rk_host *host, const cJSON *root)
{
	static const char *const places[] = { "errors", "error", "message", "description" };
	struct rk_text words = words_of(host, rk_json_get2(root, "errors", "message"));

	for (size_t i = 0; i < RK_COUNT(places) && words.len == 0; i++)
		words = words_of(host, rk_json_get(root, places[i]));
	return words;
}

/* In this order: "The type for sales_accounts is invalid." is of the association. */
static const struct rk_phrase categories[] = {
	{ "already been taken", RK_CAT_DUPLICATE }, { "already exist", RK_CAT_DUPLICATE },
	{ "sales_account", RK_CAT_ASSOCIATION },
	{ "contacts_added_list", RK_CAT_ASSOCIATION },
	{ "targetable", RK_CAT_ASSOCIATION },
	{ "not included in the list", RK_CAT_PICKLIST },
	{ "invalid choice", RK_CAT_PICKLIST },
	{ "not authorised", RK_CAT_PERMISSION },
	{ "the type ", RK_CAT_PROPERTY_MAPPING }, { "unexpected ", RK_CAT_PROPERTY_MAPPING },
	{ "not a number", RK_CAT_PROPERTY_VALUE }, { "be blank", RK_CAT_PROPERTY_VALUE },
	{ "too long", RK_CAT_PROPERTY_VALUE }, { "is invalid", RK_CAT_PROPERTY_VALUE },
	{ "required", RK_CAT_PROPERTY_VALUE },
	{ "workflow", RK_CAT_CUSTOM_CODE }, { "validation rule", RK_CAT_CUSTOM_CODE },
	{ NULL, RK_CAT_OTHER },
};

int32_t
freshsales_category(const struct rk_host *host, struct rk_text message)
{
	return rk_phrase_category(categories, rk_text_lower(host, message));
}

/* When the allowance begins anew: the header's unit is not published; without it, the
 * next full hour. */
static int64_t
reset_ms(const struct rk_host *host, const struct rk_reply *reply)
{
	int64_t now = reply->date_ms >= 0 ? reply->date_ms : host->now_ms(host), reset;

	if (!rk_text_int(rk_reply_header(reply, "x-ratelimit-reset"), &reset) || reset <= 0)
		return HOUR_MS - now % HOUR_MS;
	reset = reset > EPOCH_S ? reset * 1000 - now : reset * 1000;
	return reset < 1000 ? 1000 : reset > HOUR_MS ? HOUR_MS : reset;
}

static struct rk_fault
read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = { .message = freshsales_message(host, answer->root) };

	fault.category = freshsales_category(host, fault.message);
	if (answer->reply.status == 409 && fault.category == RK_CAT_OTHER)
		fault.category = RK_CAT_DUPLICATE;
	if (answer->reply.status == 429)
		fault.wait_ms = reset_ms(host, &answer->reply);
	if (answer->reply.status == 405) {      /* Too many jobs: it was not taken. */
		fault.status = RK_AGAIN;
		fault.category = RK_CAT_RATE_LIMIT;
		fault.wait_ms = BUSY_MS;
	}
	return fault;
}

/* The first is of writes by id. */
static const struct rk_http_class http_classes[] = {
	{ 404, 404, -1, RK_REJECT, RK_CAT_OTHER, " Not Found" },
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (no Freshsales API answers: check host)" },
	{ 0 },
};

static const struct rk_api api = { http_classes + 1, read_fault };
static const struct rk_api record_api = { http_classes, read_fault };

/* ---- A call ------------------------------------------------------------------------ */

static const struct rk_spend spend = { RK_LIT("hour"), 1 };
static const struct rk_piece key[] = {
	RK_SAYS("Token token="), RK_SECRET("api_key", RK_ENC_RAW),
};
static const struct rk_piece json_type = RK_SAYS("application/json");
static const struct rk_header headers[] = {
	{ RK_LIT("Authorization"), key, RK_COUNT(key) },
	{ RK_LIT("Accept"), &json_type, 1 },
};

struct rk_call
freshsales_call(const struct rk_host *host, const char *method, struct rk_text path)
{
	struct rk_text given = host->setting(host, "api_path");
	struct rk_text before = given.len ? given
		: rk_z(freshsales_is_classic(host) ? "/api" : "/crm/sales/api");

	return (struct rk_call){ .api = &api, .method = method,
		.url = rk_textf(host, "%.*s%.*s/%.*s", RK_S(rk_base_url(host, "host")),
		                RK_S(before), RK_S(path)),
		.headers = headers, .header_count = RK_COUNT(headers),
		.spends = &spend, .spend_count = 1 };
}

struct rk_call
freshsales_call_record(const struct rk_host *host, const char *method, struct rk_text path)
{
	struct rk_call call = freshsales_call(host, method, path);

	call.api = &record_api;
	return call;
}
