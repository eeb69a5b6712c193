/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to Sansan: how it is sent, by which of the keys, and what its errors
 * say.  What a good answer holds is for the callers: auth, fields.c, list.c, write.c. */
#include "sansan.h"

const char *const sansan_key_names[SANSAN_KEYS] = {
	"api_key", "api_key_2", "api_key_3", "api_key_4", "api_key_5",
};

static const struct rk_piece keys[SANSAN_KEYS] = {
	RK_SECRET("api_key", RK_ENC_RAW), RK_SECRET("api_key_2", RK_ENC_RAW),
	RK_SECRET("api_key_3", RK_ENC_RAW), RK_SECRET("api_key_4", RK_ENC_RAW),
	RK_SECRET("api_key_5", RK_ENC_RAW),
};

/* ---- Errors ---------------------------------------------------------------------- */

static struct rk_text
first_of(struct rk_text a, struct rk_text b, struct rk_text c)
{
	return rk_text_or(a, rk_text_or(b, c));
}

/* Shape:  not published; what is likely is looked for, and the status alone decides.
 *         {message} or {error:{message}} or {error:".."} or {errors:[{message}]} or
 *         {errors:[".."]} or {code}; of a 429 also {retry_after: seconds} (seen). */
struct rk_fault
sansan_read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	const cJSON *root = answer->root, *error = rk_json_get(root, "error");
	const cJSON *errors = rk_json_get(root, "errors");
	const cJSON *first = rk_json_is(errors, cJSON_Array) ? errors->child : NULL;
	struct rk_text code = first_of(rk_json_str(host, root, "code"),
	                               rk_json_str(host, error, "code"),
	                               rk_json_str(host, first, "code"));
	struct rk_fault fault = { .code = code, .category = RK_CAT_OTHER };
	struct rk_text raw = rk_text_trim(answer->reply.body);
	int64_t wait_s = 0;

	fault.message = first_of(rk_json_str(host, root, "message"),
	                         rk_json_str(host, error, "message"),
	                         rk_json_text(host, error, NULL));
	fault.message = first_of(fault.message, rk_json_str(host, first, "message"),
	                         first_of(rk_json_text(host, first, NULL), code,
	                                  rk_text_of(NULL, 0)));
	if (!root && raw.len && !rk_is_page(&answer->reply))
		fault.support = rk_text_of(raw.ptr, raw.len < 200 ? raw.len : 200);
	if (answer->reply.status == 429 &&
	    rk_json_int(rk_json_get(root, "retry_after"), &wait_s) && wait_s > 0 &&
	    wait_s <= 3600)
		fault.wait_ms = wait_s * 1000;
	return fault;
}

/* Nothing to split in a call that reads: what was asked wrongly stays wrong. */
static const struct rk_http_class reading_classes[] = {
	{ 402, 403, -1, RK_PAUSE, RK_CAT_PERMISSION,
	  " Forbidden (this user may not use the API, or app_id is missing)" },
	{ 404, 404, -1, RK_PAUSE, RK_CAT_UNREACHABLE,
	  " Not Found (check api_version and host)" },
	{ 400, 499, -1, RK_PAUSE, RK_CAT_OTHER, "" },
	{ 0 },
};

static const struct rk_api reading = { reading_classes, sansan_read_fault };

/* In which version cards can be made is not published. */
static const struct rk_http_class writing_classes[] = {
	{ 402, 403, -1, RK_PAUSE, RK_CAT_PERMISSION,
	  " Forbidden (this user may not add cards, or app_id is missing)" },
	{ 404, 405, -1, RK_PAUSE, RK_CAT_CONFIG,
	  " (this api_version cannot create cards)" },
	{ 0 },
};

/* What was refused of a new card is one of its values, or a tag that is not there. */
static struct rk_fault
read_refusal(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = sansan_read_fault(host, answer);

	fault.category = RK_CAT_PROPERTY_VALUE;
	if (rk_text_find(fault.message, "tagId")) {
		fault.category = RK_CAT_ASSOCIATION;
		fault.field = rk_z("tags");
	}
	return fault;
}

static const struct rk_api writing = { writing_classes, read_refusal };

/* ---- Calls ----------------------------------------------------------------------- */

static const struct rk_spend spend[] = { { RK_LIT("burst"), 1 } };

unsigned
sansan_key_from(const struct rk_host *host, unsigned key)
{
	while (key < SANSAN_KEYS && !host->has_setting(host, sansan_key_names[key]))
		key++;
	return key;
}

static struct rk_call
make_call(const struct rk_host *host, unsigned key, const char *method,
          struct rk_text rest)
{
	struct rk_header own = { RK_LIT("X-Sansan-Api-Key"), &keys[key], 1 };
	struct rk_text version = host->setting(host, "api_version");
	struct rk_text app = host->setting(host, "app_id");
	struct rk_call call = { .api = &reading, .method = method,
		.url = rk_textf(host, "%.*s/%.*s/%.*s", RK_S(rk_base_url(host, "host")),
		                RK_S(version), RK_S(rest)),
		.spends = spend, .spend_count = RK_COUNT(spend) };

	rk_call_add(host, &call, own);
	rk_call_says(host, &call, "Accept", rk_z("application/json"));
	if (app.len)
		rk_call_says(host, &call, "X-Sansan-App-Id", app);
	return call;
}

struct rk_call
sansan_get(const struct rk_host *host, unsigned key, struct rk_text rest)
{
	return make_call(host, key, "GET", rest);
}

struct rk_text
sansan_next_page(const struct rk_host *host, const struct rk_answer *answer)
{
	return rk_json_true(answer->root, "hasMore")
	     ? rk_json_str(host, answer->root, "nextPageToken") : rk_z("");
}

struct rk_call
sansan_post(const struct rk_host *host, struct rk_text object)
{
	struct rk_call call = make_call(host, sansan_key_from(host, 0), "POST",
	                                rk_z("bizCards"));

	call.api = &writing;
	call.object = object;
	return call;
}

int32_t
sansan_probe(const struct rk_host *host, unsigned key, struct rk_err *err)
{
	int64_t now = host->now_ms(host) / 60000 * 60000;
	struct rk_text from = rk_url_text(host, rk_time_text(host, now - 60000, 0));
	struct rk_text to = rk_url_text(host, rk_time_text(host, now, 0));
	struct rk_call call = sansan_get(host, key, rk_textf(host,
		"bizCards?updatedFrom=%.*s&updatedTo=%.*s&range=all&limit=1", RK_S(from),
		RK_S(to)));
	struct rk_answer answer;

	return rk_ask_proof(host, &call, "data", "Sansan", &answer, err);
}

int32_t
sansan_find(const struct rk_host *host, struct rk_text rest, struct rk_answer *answer,
            struct rk_err *err)
{
	unsigned key = sansan_key_from(host, 0);
	int32_t status = RK_OK;

	for (; key < SANSAN_KEYS && status == RK_OK;
	     key = sansan_key_from(host, key + 1)) {
		struct rk_call call = sansan_get(host, key, rest);

		status = rk_ask_read(host, &call, answer, err);
		if (status == RK_OK)
			return RK_OK;
		if (answer->reply.status == 404 && answer->root)
			status = RK_OK;         /* Not there, or not for this user. */
	}
	answer->root = NULL;
	return status;
}
