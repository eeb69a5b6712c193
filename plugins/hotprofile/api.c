/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to HotProfile: a form with the key in it, and what its errors say,
 * which have words and no codes.  What a good answer holds is for the callers. */
#include "hotprofile.h"

#define SLOT_MS INT64_C(300000)        /* Calls are counted by five minutes. */

/* ---- Errors ---------------------------------------------------------------------- */

/* Words that stand behind a field's name, and what they mean; the first that fits.
 * Source: the vendor's sheets of each object.  A field that is a choice, of the API or
 * of the administrator, is sorted out in write.c. */
static const struct rk_phrase phrases[] = {
	{ "アクセス回数の上限", RK_CAT_RATE_LIMIT },
	{ "既に登録されている会社名", RK_CAT_DUPLICATE },
	{ "同じ名寄せキーを持つリード", RK_CAT_DUPLICATE },
	{ "名寄せキーが重複", RK_CAT_DUPLICATE },
	{ "重複しています", RK_CAT_DUPLICATE },
	{ "権限がありません", RK_CAT_PERMISSION },
	{ "カスタム項目IDは不正", RK_CAT_PROPERTY_MAPPING },
	{ "商談ステージIDを指定", RK_CAT_PROPERTY_MAPPING },
	{ "会社IDは不正", RK_CAT_ASSOCIATION },
	{ "会社IDを指定", RK_CAT_ASSOCIATION },
	{ "拠点IDは不正", RK_CAT_ASSOCIATION },
	{ "部署IDは不正", RK_CAT_ASSOCIATION },
	{ "親組織IDは不正", RK_CAT_ASSOCIATION },
	{ "相手先担当者ID", RK_CAT_ASSOCIATION },
	{ "営業担当者ユーザーID", RK_CAT_ASSOCIATION },
	{ "名刺所有者ID", RK_CAT_ASSOCIATION },
	{ "メール通知先ユーザーID", RK_CAT_ASSOCIATION },
	{ "存在しません", RK_CAT_ASSOCIATION },
	{ "使用中のため削除", RK_CAT_ASSOCIATION },
	{ "階層が深すぎ", RK_CAT_ASSOCIATION },
	{ "を指定してください", RK_CAT_PROPERTY_MAPPING },
	{ "緯度は不正な値です", RK_CAT_PROPERTY_VALUE },
	{ "経度は不正な値です", RK_CAT_PROPERTY_VALUE },
	{ "日付は不正な値です", RK_CAT_PROPERTY_VALUE },
	{ "は不正な値です", RK_CAT_PICKLIST },
	{ "は不正なIDです", RK_CAT_PICKLIST },
	{ "文字以内で入力", RK_CAT_PROPERTY_VALUE },
	{ "桁以下で入力", RK_CAT_PROPERTY_VALUE },
	{ "数値で入力", RK_CAT_PROPERTY_VALUE },
	{ "整数で入力", RK_CAT_PROPERTY_VALUE },
	{ "を入力してください", RK_CAT_PROPERTY_VALUE },
	{ "を選択してください", RK_CAT_PROPERTY_VALUE },
	{ "許可されていない拡張子", RK_CAT_PROPERTY_VALUE },
	{ NULL, RK_CAT_NONE },
};

/* The first text in a list, in an object of texts or lists, or the text itself. */
static struct rk_text
first_words(const struct rk_host *host, const cJSON *errors)
{
	for (int depth = 0; depth < 3; depth++)
		if (rk_json_is(errors, cJSON_Array) || rk_json_is(errors, cJSON_Object))
			errors = errors->child;
	return rk_json_text(host, errors, NULL);
}

/* When the calls of the slot begin anew; a little later, for clocks. */
static int64_t
until_next_slot(const struct rk_host *host, const struct rk_answer *answer)
{
	int64_t now = answer->reply.date_ms >= 0 ? answer->reply.date_ms
	                                         : host->now_ms(host);

	return SLOT_MS - now % SLOT_MS + 5000;
}

/* Shape:  {"errors":["WORDS"]}, seen; the sheets call it a hash of field to words; a
 *         plain text, "error" and "message" are taken too.
 * Errors: the HTTP status of a refusal is not told, so its words decide, but for a 5xx,
 *         which may have acted whatever it says. */
struct rk_fault
hot_read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = { .category = RK_CAT_OTHER };
	int32_t http = answer->reply.status, category;

	fault.message = rk_text_or(first_words(host, rk_json_get(answer->root, "errors")),
		rk_text_or(first_words(host, rk_json_get(answer->root, "error")),
		           rk_json_str(host, answer->root, "message")));
	category = rk_phrase_category(phrases, fault.message);
	if (http < 500 && category != RK_CAT_NONE) {
		fault.category = category;
		fault.status = category == RK_CAT_RATE_LIMIT ? RK_AGAIN : RK_REJECT;
	}
	if (http == 401 || http == 403 || http == 429)
		fault.status = RK_OK;           /* Of the connection, not of a row. */
	if (http == 429 || fault.category == RK_CAT_RATE_LIMIT)
		fault.wait_ms = until_next_slot(host, answer);
	return fault;
}

static const struct rk_http_class classes[] = {
	{ 403, 403, -1, RK_PAUSE, RK_CAT_PERMISSION,
	  " Forbidden (the key, or its owner's rights)" },
	{ 404, 404, -1, RK_PAUSE, RK_CAT_CONFIG, " Not Found (check host)" },
	{ 200, 299, -1, RK_PAUSE, RK_CAT_AUTH, " (refused: check host and api_key)" },
	{ 300, 399, -1, RK_PAUSE, RK_CAT_AUTH, " (a redirect: check host and api_key)" },
	{ 0 },
};

static const struct rk_api api = { classes, hot_read_fault };

/* ---- Calls ----------------------------------------------------------------------- */

static const struct rk_spend spend[] = {
	{ RK_LIT("slot"), 1 }, { RK_LIT("parallel"), 1 },
};

struct rk_json_out
hot_form(const struct rk_host *host)
{
	struct rk_json_out form;

	rk_json_begin(&form, host, 1024, HOT_BODY_MAX);
	return form;
}

void
hot_put(struct rk_json_out *form, const char *name, struct rk_text value)
{
	struct rk_text key = rk_url_text(form->host, rk_z(name));
	struct rk_text text = rk_url_text(form->host, value);

	rk_put_bytes(form, "&", 1);
	rk_put_bytes(form, key.ptr, key.len);
	rk_put_bytes(form, "=", 1);
	rk_put_bytes(form, text.ptr, text.len);
}

void
hot_put_number(struct rk_json_out *form, const char *name, int64_t number)
{
	hot_put(form, name, rk_textf(form->host, "%lld", (long long)number));
}

struct rk_call
hot_call(const struct rk_host *host, struct rk_text object, const char *verb,
         const struct rk_json_out *form)
{
	static const struct rk_piece key[] = {
		RK_SAYS("api_key="), RK_SECRET("api_key", RK_ENC_FORM),
	};
	struct rk_piece *pieces = host->alloc(host, 3 * sizeof *pieces);

	memcpy(pieces, key, sizeof key);
	pieces[2] = (struct rk_piece){ RK_PIECE_TEXT, RK_ENC_RAW,
	                               rk_text_of(form->buf, form->len), RK_LIT("") };
	return (struct rk_call){ .api = &api, .method = "POST",
		.url = rk_textf(host, "%.*s/rest_api/v1/%.*s/%s",
		                RK_S(rk_base_url(host, "host")), RK_S(object), verb),
		.object = object, .pieces = pieces, .piece_count = 3,
		.type = "application/x-www-form-urlencoded",
		.spends = spend, .spend_count = RK_COUNT(spend) };
}

/* Shape:  {"clients":[..],"pages":{"total_count":N,..}}; one sheet prints "pages" as a
 *         list of one. */
int32_t
hot_ask_list(const struct rk_host *host, struct rk_text object,
             const struct rk_json_out *form, struct rk_answer *answer,
             const cJSON **list, int64_t *total, struct rk_err *err)
{
	struct rk_call call = hot_call(host, object, "get_entry_list", form);
	const cJSON *pages;
	int32_t status;

	if (form->full)
		return rk_fail_bug(err, "a question of over 1 MiB");
	status = rk_ask_read(host, &call, answer, err);
	*list = rk_json_get(answer->root, rk_text_z(host, object));
	if (status == RK_OK && !rk_json_is(*list, cJSON_Array) &&
	    rk_json_get(answer->root, "errors"))
		return rk_judge_read(host, &api, answer, err);
	if (status == RK_OK)
		status = rk_answer_get(answer, rk_text_z(host, object), cJSON_Array, list,
		                       err);
	if (status != RK_OK || !total)
		return status;
	pages = rk_json_get(answer->root, "pages");
	if (rk_json_is(pages, cJSON_Array))
		pages = pages->child;
	if (!rk_json_int(rk_json_get(pages, "total_count"), total) || *total < 0)
		return rk_fail_bug(err, "the answer has no total_count");
	return RK_OK;
}
