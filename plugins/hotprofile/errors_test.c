/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error that is known of HotProfile, and what the connector makes
 * of it.  Errors have words and no codes, and their HTTP status is not told, so each is
 * tried with more than one.  Run by make check. */
#include "plugins/testing/fake_host.h"

#include <renkei/http.h>

static const struct fake_setting settings[] = {
	{ "api_key", NULL }, { "host", "https://x.hot-profile.example/" },
	{ "lead_items", "区分:201:choice:2010=営業,2011=技術; 予算:204:number" },
	{ NULL, NULL },
};

/* To the next slot of five minutes after FAKE_NOW, and 5 s. */
#define NEXT_SLOT (INT64_C(300000) - FAKE_NOW % 300000 + 5000)

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("name", RK_TEXT, RK_FIELD_KEY);
	fields[1] = fake_field("note", RK_TEXT, 0);
	fake_query("clients", mode, since, until);
}

static void
name_field(size_t i, const char *name, const char *label, uint32_t type, const char *text)
{
	fields[i] = fake_field(name, type, RK_FIELD_WRITABLE);
	fields[i].label = rk_z(label);
	if (i)
		cells[0][i] = rk_value_of(type, rk_z(text));
}

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = { "a@example.jp" };

	fake_batch("leads", operation == RK_OP_UPSERT ? RK_OP_CREATE : operation, 6, count,
	           mails, 41);
	name_field(0, "email", "メールアドレス", RK_TEXT, "");
	name_field(1, "family_name", "姓", RK_TEXT, "森");
	name_field(2, "client_id", "会社ID", RK_REF, "5");
	name_field(3, "pref", "都道府県", RK_CHOICE, "東京都");
	name_field(4, "item.区分", "区分", RK_CHOICE, "営業");
	name_field(5, "item.予算", "予算", RK_DECIMAL, "12");
}

#define SAYS(words) "{\"errors\":[\"" words "\"]}"
#define REFUSED(words, category, field) \
	{ 'w', 400, SAYS(words), RK_OK, category, RK_REJECTED, NULL, field, words, 0, NULL, \
	  NULL }, \
	{ 'w', 200, SAYS(words), RK_OK, category, RK_REJECTED, NULL, field, words, 0, NULL, \
	  NULL }, \
	{ 'w', 422, "{\"errors\":{\"base\":[\"" words "\"]}}", RK_OK, category, RK_REJECTED, \
	  NULL, field, words, 0, NULL, NULL }
#define AS_A_WHOLE(http, body, category, told) \
	{ 'w', http, body, RK_PAUSE, category, RK_RETRY, NULL, NULL, told, 0, NULL, NULL }
#define UNSURE(http, body, category) \
	{ 'w', http, body, RK_AGAIN, category, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL }
#define READING(http, body, status, category, told) \
	{ 'r', http, body, status, category, 0, NULL, NULL, told, 0, NULL, NULL }

static void
every_text_of_a_refusal_has_its_category(void **state)
{
	static const struct fake_error cases[] = {
		REFUSED("既に登録されている会社名です。", RK_CAT_DUPLICATE, ""),
		REFUSED("同じ名寄せキーを持つリードが存在します。", RK_CAT_DUPLICATE, ""),
		REFUSED("名寄せキーが重複しています。", RK_CAT_DUPLICATE, ""),
		REFUSED("メールアドレスが重複しています。", RK_CAT_DUPLICATE, "email"),
		REFUSED("リードの編集権限がありません。", RK_CAT_PERMISSION, ""),
		REFUSED("会社IDは不正な値です。", RK_CAT_ASSOCIATION, "client_id"),
		REFUSED("会社IDを指定してください。", RK_CAT_ASSOCIATION, "client_id"),
		REFUSED("拠点IDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("部署IDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("親組織IDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("相手先担当者ID(リード)は不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("営業担当者ユーザーIDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("名刺所有者IDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("メール通知先ユーザーIDは不正な値です。", RK_CAT_ASSOCIATION, ""),
		REFUSED("会社は存在しません。", RK_CAT_ASSOCIATION, ""),
		REFUSED("使用中のため削除できません。", RK_CAT_ASSOCIATION, ""),
		REFUSED("部署の階層が深すぎるため登録できません。", RK_CAT_ASSOCIATION, ""),
		REFUSED("カスタム項目IDは不正です。（不正なID：9）", RK_CAT_PROPERTY_MAPPING, ""),
		REFUSED("商談ステージIDを指定してください。", RK_CAT_PROPERTY_MAPPING, ""),
		REFUSED("ステータスIDを指定してください。", RK_CAT_PROPERTY_MAPPING, ""),
		REFUSED("緯度は不正な値です。", RK_CAT_PROPERTY_VALUE, ""),
		REFUSED("経度は不正な値です。", RK_CAT_PROPERTY_VALUE, ""),
		REFUSED("日付は不正な値です。", RK_CAT_PROPERTY_VALUE, ""),
		REFUSED("姓は100文字以内で入力してください。", RK_CAT_PROPERTY_VALUE,
		        "family_name"),
		REFUSED("内線番号は8桁以下で入力してください。", RK_CAT_PROPERTY_VALUE, ""),
		REFUSED("予算は数値で入力してください。", RK_CAT_PROPERTY_VALUE, "item.予算"),
		REFUSED("予算は整数で入力してください。", RK_CAT_PROPERTY_VALUE, "item.予算"),
		REFUSED("姓を入力してください。", RK_CAT_PROPERTY_VALUE, "family_name"),
		REFUSED("区分を選択してください。", RK_CAT_PROPERTY_VALUE, "item.区分"),
		REFUSED("許可されていない拡張子です。", RK_CAT_PROPERTY_VALUE, ""),
		REFUSED("システムエラーが発生しました。", RK_CAT_OTHER, ""),
		REFUSED("知らない文面。", RK_CAT_OTHER, ""),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

/* Of a field that has options it is a matter of options, of another one of the value. */
static void
no_right_value_is_sorted_by_its_field(void **state)
{
	static const struct fake_error cases[] = {
		REFUSED("都道府県コードは不正な値です。", RK_CAT_PICKLIST, "pref"),
		REFUSED("区分は不正な値です。", RK_CAT_PICKLIST, "item.区分"),
		REFUSED("予算は不正な値です。", RK_CAT_PROPERTY_VALUE, "item.予算"),
		REFUSED("業界は不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("業種は不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("業種（旧分類）は不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("業種詳細は不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("従業員数IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("資本金IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("上場区分IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("リードステータスは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("リードソースIDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("興味商品は不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("タグIDは不正なIDです。", RK_CAT_PICKLIST, ""),
		REFUSED("商談ステージは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("受注確度IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("商品種別IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("次回対応IDは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("表示テンプレートは不正な値です。", RK_CAT_PICKLIST, ""),
		REFUSED("公開ステータスは不正な値です。", RK_CAT_PICKLIST, ""),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
errors_come_in_more_than_one_shape(void **state)
{
	static const struct fake_error cases[] = {
		{ 'w', 400, "{\"errors\":{\"email\":\"重複しています\"}}", RK_OK,
		  RK_CAT_DUPLICATE, RK_REJECTED, NULL, NULL, "重複", 0, NULL, NULL },
		{ 'w', 400, "{\"errors\":\"重複しています\"}", RK_OK, RK_CAT_DUPLICATE,
		  RK_REJECTED, NULL, NULL, "重複", 0, NULL, NULL },
		{ 'w', 400, "{\"error\":\"重複しています\"}", RK_OK, RK_CAT_DUPLICATE,
		  RK_REJECTED, NULL, NULL, "重複", 0, NULL, NULL },
		{ 'w', 400, "{\"message\":\"重複しています\"}", RK_OK, RK_CAT_DUPLICATE,
		  RK_REJECTED, NULL, NULL, "重複", 0, NULL, NULL },
		{ 'w', 400, "{\"errors\":[[[[]]],{}]}", RK_OK, RK_CAT_OTHER, RK_REJECTED, NULL,
		  NULL, NULL, 0, NULL, NULL },
		{ 'w', 400, "no json", RK_OK, RK_CAT_OTHER, RK_REJECTED, NULL, NULL, NULL, 0,
		  NULL, NULL },
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
what_is_of_the_connection_is_told_by_its_status(void **state)
{
	static const struct fake_error cases[] = {
		AS_A_WHOLE(401, SAYS("権限がありません"), RK_CAT_AUTH, "401"),
		AS_A_WHOLE(403, SAYS("x"), RK_CAT_PERMISSION, "403"),
		AS_A_WHOLE(404, "<html>", RK_CAT_CONFIG, "check host"),
		AS_A_WHOLE(302, "", RK_CAT_AUTH, "a redirect"),
		{ 'w', 429, SAYS("x"), RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, NULL,
		  NEXT_SLOT, NULL, NULL },
		{ 'w', 200, SAYS("アクセス回数の上限に達しました。"), RK_AGAIN,
		  RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, "上限", NEXT_SLOT, NULL, NULL },
		{ 'r', 400, SAYS("アクセス回数の上限に達しました。"), RK_AGAIN,
		  RK_CAT_RATE_LIMIT, 0, NULL, NULL, "上限", NEXT_SLOT, NULL, NULL },
		UNSURE(408, "", RK_CAT_SERVER), UNSURE(502, "<html>", RK_CAT_SERVER),
		/* Whatever a server says that failed, it may have acted. */
		UNSURE(500, SAYS("重複しています"), RK_CAT_SERVER),
		UNSURE(503, SAYS("x"), RK_CAT_SERVER), UNSURE(504, "", RK_CAT_SERVER),
		UNSURE(200, "<html>", RK_CAT_UNREACHABLE), UNSURE(200, "", RK_CAT_SERVER),
		{ 'w', 200, "{}", RK_BUG, RK_CAT_BUG, RK_UNKNOWN, NULL, NULL,
		  "neither id nor errors", 0, NULL, NULL },
		READING(200, SAYS("APIキーが不正です。"), RK_PAUSE, RK_CAT_AUTH, "APIキー"),
		READING(200, SAYS("権限がありません"), RK_PAUSE, RK_CAT_PERMISSION, "権限"),
		READING(200, "{\"clients\":[]}", RK_BUG, RK_CAT_BUG, "total_count"),
		READING(200, "{\"pages\":{}}", RK_BUG, RK_CAT_BUG, "\"clients\""),
		READING(200, "<html>", RK_AGAIN, RK_CAT_UNREACHABLE, "web page"),
		READING(400, SAYS("表示件数は不正な値です。"), RK_PAUSE, RK_CAT_PICKLIST,
		        "表示件数"),
		READING(500, "{\"status\":500}", RK_AGAIN, RK_CAT_SERVER, "500"),
		READING(0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE, "failed"),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(every_text_of_a_refusal_has_its_category, settings),
		FAKE_TEST(no_right_value_is_sorted_by_its_field, settings),
		FAKE_TEST(errors_come_in_more_than_one_shape, settings),
		FAKE_TEST(what_is_of_the_connection_is_told_by_its_status, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
