/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error answer that is known of kintone, and what the connector
 * makes of it.  kintone publishes no list: these codes were measured or stand in its
 * clients, and some came with 400 as with 520.  Run by make check. */
#include "plugins/testing/fake_host.h"

#include <renkei/http.h>

static const struct fake_setting settings[] = {
	{ "api_token", NULL }, { "host", "https://x.example.com/" }, { NULL, NULL },
};

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("mail", RK_TEXT, 0);
	fields[1] = fake_field("$updated", RK_DATETIME, 0);
	fake_query("5", mode, since, until);
}

static struct rk_field columns[2];
static struct rk_value line[2], lines;
static struct rk_option ranks[] = { { RK_LIT("A"), RK_LIT("A") },
                                    { RK_LIT("B"), RK_LIT("B") } };

/* One field of each kind that errors speak of, all with values that a look at the
 * description alone finds good. */
static void
prepare(uint32_t operation, uint64_t count)
{
	static const struct { const char *name, *native, *value; uint32_t type, flags;
	} have[] = {
		{ "no", "SINGLE_LINE_TEXT", "C-0", RK_TEXT, RK_FIELD_KEY | RK_FIELD_UNIQUE },
		{ "name", "SINGLE_LINE_TEXT", "N0", RK_TEXT, RK_FIELD_REQUIRED },
		{ "rank", "DROP_DOWN", "A", RK_CHOICE, 0 },
		{ "num", "NUMBER", "5", RK_TEXT, RK_FIELD_UNIQUE },
		{ "company", "SINGLE_LINE_TEXT LOOKUP", "acme", RK_TEXT, 0 },
		{ "tags", "CHECK_BOX", "x", RK_CHOICES, 0 },
		{ "who", "USER_SELECT", "sato", RK_USER, 0 },
		{ "sum", "CALC", "1", RK_DECIMAL, RK_FIELD_COMPUTED },
		{ "lines", "SUBTABLE", "", RK_TABLE, 0 },
	};
	static const char *const numbers[FAKE_ROWS] = { "C-0", "C-1", "C-2", "C-3",
	                                                "C-4", "C-5", "C-6", "C-7" };

	for (size_t i = 0; i < RK_COUNT(have); i++) {
		uint32_t writable = have[i].flags & RK_FIELD_COMPUTED ? 0
		                                                      : RK_FIELD_WRITABLE;

		fields[i] = fake_field(have[i].name, have[i].type,
		                       have[i].flags | writable);
		fields[i].native = rk_z(have[i].native);
	}
	fields[2].options = ranks;
	fields[2].option_count = RK_COUNT(ranks);
	fields[4].ref_object = rk_z("9");
	columns[0] = fake_field("colour", RK_CHOICE, RK_FIELD_WRITABLE);
	columns[0].options = ranks;
	columns[0].option_count = RK_COUNT(ranks);
	columns[1] = fake_field("qty", RK_DECIMAL, RK_FIELD_WRITABLE);
	fields[8].columns = columns;
	fields[8].column_count = RK_COUNT(columns);
	fake_batch("5", operation, RK_COUNT(have), count, numbers, 41);
	for (size_t i = 1; i < RK_COUNT(have); i++)
		cells[0][i] = rk_value_of(have[i].type == RK_CHOICES ? RK_TEXT : have[i].type,
		                          rk_z(have[i].value));
	cells[0][7].type = RK_ABSENT;
	line[0] = rk_value_of(RK_CHOICE, rk_z("Z"));
	line[1] = rk_value_of(RK_DECIMAL, rk_z("5"));
	lines = (struct rk_value){ .type = RK_ROW, .items = line, .count = 2 };
	cells[0][8] = (struct rk_value){ .type = RK_TABLE, .items = &lines, .count = 1 };
}

#define SAYS(code) "{\"code\":\"" code "\",\"id\":\"i-1\",\"message\":\"m\"}"
#define NAMES(key, words) "{\"code\":\"CB_VA01\",\"id\":\"i-1\",\"message\":" \
	"\"Missing or invalid input.\",\"errors\":{\"" key "\":{\"messages\":[\"" words \
	"\"]}}}"
#define REJECTED(http, code, category) \
	{ 'w', http, SAYS(code), RK_OK, category, RK_REJECTED, code, NULL, "m", 0, NULL, NULL }
#define FIELD(key, words, category, field) \
	{ 'w', 400, NAMES("records[0]." key, words), RK_OK, category, RK_REJECTED, \
	  "CB_VA01", field, words, 0, NULL, NULL }
#define AS_A_WHOLE(http, code, status, category, wait) \
	{ 'w', http, SAYS(code), status, category, RK_RETRY, code, NULL, "(id i-1)", wait, \
	  NULL, NULL }
#define READING(http, body, status, category, told) \
	{ 'r', http, body, status, category, 0, NULL, NULL, told, 0, NULL, NULL }
#define UNSURE(http, body, category) \
	{ 'w', http, body, RK_AGAIN, category, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL }

static void
every_code_has_its_class(void **state)
{
	static const struct fake_error cases[] = {
		REJECTED(400, "CB_VA01", RK_CAT_OTHER),
		AS_A_WHOLE(400, "CB_IL02", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(400, "CB_IJ01", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(401, "CB_AU01", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(401, "CB_WA01", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(520, "CB_WA01", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(401, "CB_OA01", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(401, "CB_TW02", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(403, "CB_TW02", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(403, "CB_OA02", RK_PAUSE, RK_CAT_PERMISSION, 0),
		AS_A_WHOLE(400, "GAIA_IA02", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(520, "GAIA_IA02", RK_PAUSE, RK_CAT_AUTH, 0),
		AS_A_WHOLE(400, "GAIA_DA03", RK_PAUSE, RK_CAT_AUTH, 0),
		REJECTED(403, "CB_NO02", RK_CAT_PERMISSION),
		AS_A_WHOLE(403, "GAIA_NO01", RK_PAUSE, RK_CAT_PERMISSION, 0),
		REJECTED(403, "GAIA_FU01", RK_CAT_PERMISSION),
		REJECTED(400, "GAIA_FU01", RK_CAT_PERMISSION),
		AS_A_WHOLE(403, "GAIA_NO02", RK_AGAIN, RK_CAT_UNREACHABLE, 0),
		AS_A_WHOLE(404, "GAIA_AP01", RK_PAUSE, RK_CAT_CONFIG, 0),
		AS_A_WHOLE(400, "GAIA_IL23", RK_PAUSE, RK_CAT_CONFIG, 0),
		AS_A_WHOLE(520, "GAIA_IL23", RK_PAUSE, RK_CAT_CONFIG, 0),
		AS_A_WHOLE(400, "GAIA_IL25", RK_PAUSE, RK_CAT_CONFIG, 0),
		AS_A_WHOLE(520, "GAIA_IL25", RK_PAUSE, RK_CAT_CONFIG, 0),
		REJECTED(404, "GAIA_RE01", RK_CAT_OTHER),
		REJECTED(404, "GAIA_RE20", RK_CAT_OTHER),
		AS_A_WHOLE(409, "GAIA_CO02", RK_AGAIN, RK_CAT_SERVER, 0),
		{ 'w', 400, SAYS("GAIA_UN03"), RK_OK, RK_CAT_OTHER, RK_CONFLICT,
		  "GAIA_UN03", NULL, NULL, 0, NULL, NULL },
		REJECTED(409, "GAIA_CO03", RK_CAT_OTHER),
		{ 'w', 400, SAYS("GAIA_LO04"), RK_OK, RK_CAT_ASSOCIATION, RK_REJECTED,
		  "GAIA_LO04", "company", NULL, 0, NULL, NULL },
		{ 'w', 520, SAYS("GAIA_LO04"), RK_OK, RK_CAT_ASSOCIATION, RK_REJECTED,
		  "GAIA_LO04", "company", NULL, 0, NULL, NULL },
		REJECTED(400, "GAIA_LO03", RK_CAT_ASSOCIATION),
		REJECTED(400, "GAIA_IL26", RK_CAT_ASSOCIATION),
		{ 'w', 400, "{\"code\":\"GAIA_IL26\",\"message\":\"user sato is unknown\"}",
		  RK_OK, RK_CAT_ASSOCIATION, RK_REJECTED, "GAIA_IL26", "who", "sato", 0, NULL,
		  NULL },
		REJECTED(400, "GAIA_IL28", RK_CAT_ASSOCIATION),
		REJECTED(400, "GAIA_IL42", RK_CAT_ASSOCIATION),
		REJECTED(400, "GAIA_IR02", RK_CAT_PROPERTY_MAPPING),
		REJECTED(400, "GAIA_IQ11", RK_CAT_PROPERTY_MAPPING),
		REJECTED(400, "GAIA_FC01", RK_CAT_PROPERTY_MAPPING),
		REJECTED(400, "GAIA_IQ03", RK_CAT_PROPERTY_MAPPING),
		REJECTED(400, "GAIA_IQ07", RK_CAT_PROPERTY_MAPPING),
		REJECTED(400, "GAIA_IQ10", RK_CAT_PICKLIST),
		AS_A_WHOLE(400, "GAIA_IQ23", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(400, "GAIA_IQ25", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(400, "GAIA_IL08", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(400, "GAIA_QU01", RK_BUG, RK_CAT_BUG, 0),
		AS_A_WHOLE(400, "GAIA_QU02", RK_BUG, RK_CAT_BUG, 0),
		REJECTED(400, "GAIA_IL01", RK_CAT_CUSTOM_CODE),
		REJECTED(400, "GAIA_IL03", RK_CAT_CUSTOM_CODE),
		REJECTED(400, "GAIA_ST02", RK_CAT_CUSTOM_CODE),
		REJECTED(400, "GAIA_NT01", RK_CAT_CUSTOM_CODE),
		REJECTED(404, "GAIA_BL01", RK_CAT_PROPERTY_VALUE),
		REJECTED(400, "GAIA_RE02", RK_CAT_OTHER),
		AS_A_WHOLE(404, "GAIA_CN01", RK_RESYNC, RK_CAT_OTHER, 0),
		AS_A_WHOLE(429, "GAIA_TM12", RK_AGAIN, RK_CAT_RATE_LIMIT, 0),
		AS_A_WHOLE(429, "GAIA_TO04", RK_AGAIN, RK_CAT_RATE_LIMIT, 1000),
		AS_A_WHOLE(400, "GAIA_DA02", RK_AGAIN, RK_CAT_SERVER, 0),
		AS_A_WHOLE(400, "GAIA_RE18", RK_AGAIN, RK_CAT_SERVER, 0),
		AS_A_WHOLE(400, "GAIA_LT01", RK_AGAIN, RK_CAT_SERVER, 0),
		REJECTED(400, "GAIA_XX99", RK_CAT_OTHER),
		UNSURE(520, SAYS("GAIA_XX99"), RK_CAT_SERVER),
		UNSURE(500, SAYS("GAIA_XX99"), RK_CAT_SERVER),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

/* The key of an error, our own value and description tell more than the words, whose
 * language is the user's. */
static void
an_invalid_input_is_sorted_by_its_field(void **state)
{
	static const struct fake_error cases[] = {
		FIELD("ghost.value", "?", RK_CAT_PROPERTY_MAPPING, "ghost"),
		FIELD("sum.value", "?", RK_CAT_PROPERTY_MAPPING, "sum"),
		FIELD("rank.value", "The value, 'Z', is not in options.", RK_CAT_PICKLIST,
		      "rank"),
		FIELD("rank.value", "'Z'は選択肢にありません。", RK_CAT_PICKLIST, "rank"),
		FIELD("tags.values[1].value", "?", RK_CAT_PICKLIST, "tags"),
		FIELD("tags.values", "必須です。", RK_CAT_PROPERTY_VALUE, "tags"),
		FIELD("who.values.value", "Required.", RK_CAT_PROPERTY_VALUE, "who"),
		FIELD("company.value", "?", RK_CAT_ASSOCIATION, "company"),
		FIELD("num.value", "?", RK_CAT_DUPLICATE, "num"),
		FIELD("no.value", "?", RK_CAT_DUPLICATE, "no"),
		FIELD("updateKey.value", "?", RK_CAT_DUPLICATE, "no"),
		FIELD("name.value", "値がほかのレコードと重複しています。", RK_CAT_DUPLICATE,
		      "name"),
		FIELD("name.value", "This value already exists in another record.",
		      RK_CAT_DUPLICATE, "name"),
		FIELD("name.value", "必須です。", RK_CAT_PROPERTY_VALUE, "name"),
		FIELD("num.value", "Required.", RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("num.value", "64文字より短くなければなりません。",
		      RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("num.value", "2文字より長くなければなりません。", RK_CAT_PROPERTY_VALUE,
		      "num"),
		FIELD("num.value", "Enter less than 65 characters.", RK_CAT_PROPERTY_VALUE,
		      "num"),
		FIELD("num.value", "Enter more than 1 characters.", RK_CAT_PROPERTY_VALUE,
		      "num"),
		FIELD("num.value", "99以下である必要があります。", RK_CAT_PROPERTY_VALUE,
		      "num"),
		FIELD("num.value", "1以上である必要があります。", RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("num.value", "The value must be 99 or less.", RK_CAT_PROPERTY_VALUE,
		      "num"),
		FIELD("num.value", "数字でなければなりません。", RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("num.value", "Only numbers are allowed.", RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("num.value", "有効桁数を超えています。", RK_CAT_PROPERTY_VALUE, "num"),
		FIELD("name.value", "URL の形式が正しくありません。", RK_CAT_PROPERTY_VALUE,
		      "name"),
		FIELD("name.value", "此为必填项。", RK_CAT_PROPERTY_VALUE, "name"),
		FIELD("name.value", "2文字より長くなければなりません。", RK_CAT_PROPERTY_VALUE,
		      "name"),
		FIELD("rank.value", "此为必填项。", RK_CAT_PROPERTY_VALUE, "rank"),
		/* A number that cannot be parsed, whose key has another form. */
		{ 'w', 400, NAMES("records[0][num].value", "数字でなければなりません。"), RK_OK,
		  RK_CAT_PROPERTY_VALUE, RK_REJECTED, "CB_VA01", "num", NULL, 0, NULL, NULL },
		/* Cells of a table: of a row that was sent its value tells more. */
		FIELD("lines.value[0].value.colour.value", "?", RK_CAT_PICKLIST,
		      "lines.colour"),
		FIELD("lines.value[1].value.colour.value", "?", RK_CAT_PROPERTY_VALUE,
		      "lines.colour"),
		FIELD("lines.value[99999999999].value.colour.value", "?",
		      RK_CAT_PROPERTY_VALUE, "lines.colour"),
		FIELD("lines.value[1].value.colour.values[0].value", "?", RK_CAT_PICKLIST,
		      "lines.colour"),
		FIELD("lines.value[1].value.colour.value", "'Z'は選択肢にありません。",
		      RK_CAT_PICKLIST, "lines.colour"),
		FIELD("lines.value[0].value.qty.value", "99以下である必要があります。",
		      RK_CAT_PROPERTY_VALUE, "lines.qty"),
		FIELD("lines.value[0].value.ghost.value", "?", RK_CAT_PROPERTY_MAPPING,
		      "lines.ghost"),
		/* A parameter of ours: no record is to blame. */
		{ 'w', 400, NAMES("records", "A maximum of 100 records can be updated at one "
		  "time."), RK_BUG, RK_CAT_BUG, RK_RETRY, "CB_VA01", NULL, "records", 0, NULL,
		  NULL },
		{ 'w', 400, NAMES("app", "Required field."), RK_BUG, RK_CAT_BUG, RK_RETRY,
		  "CB_VA01", NULL, "app", 0, NULL, NULL },
		READING(400, NAMES("query", "クエリ記法が間違っています。"), RK_BUG, RK_CAT_BUG,
		        "query"),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

#define OWN RK_HEADER_OWN_ADDRESS

static void
what_never_reached_the_api_is_told_by_its_status(void **state)
{
	static const struct fake_error cases[] = {
		{ 'w', 403, "<html>Your IP address (203.0.113.7) is refused</html>",
		  RK_PAUSE, RK_CAT_PERMISSION, RK_RETRY, RK_CODE_IP_RULE, "",
		  "names the address 203.0.113.7; this machine asked from 10.0.0.5", 0,
		  OWN, "10.0.0.5" },
		{ 'r', 403, "Forbidden", RK_PAUSE, RK_CAT_PERMISSION, 0, RK_CODE_IP_RULE, "",
		  "this machine asked from 2001:db8::5", 0, OWN, "2001:db8::5" },
		{ 'r', 401, "<html>", RK_PAUSE, RK_CAT_PERMISSION, 0, RK_CODE_IP_RULE, "",
		  "Basic authentication or an IP rule", 0, NULL, NULL },
		{ 'w', 403, "", RK_PAUSE, RK_CAT_PERMISSION, RK_RETRY, RK_CODE_IP_RULE, "",
		  "IP rule of the domain", 0, NULL, NULL },
		{ 'r', 403, "{\"message\":\"IPアドレス制限\"}", RK_PAUSE,
		  RK_CAT_PERMISSION, 0, RK_CODE_IP_RULE, "", "IPアドレス制限", 0, NULL, NULL },
		{ 'r', 403, "{\"message\":\"ご契約のコースでは利用できません\"}", RK_PAUSE,
		  RK_CAT_PERMISSION, 0, RK_CODE_NOT_ENTITLED, "", "コース", 0, NULL, NULL },
		{ 'w', 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, "", "", "429", 0, NULL,
		  NULL },
		UNSURE(503, "Service Unavailable", RK_CAT_UNREACHABLE),
		UNSURE(503, "<html>maintenance</html>", RK_CAT_UNREACHABLE),
		UNSURE(408, "", RK_CAT_SERVER),
		UNSURE(500, "", RK_CAT_SERVER), UNSURE(502, "<html>", RK_CAT_SERVER),
		UNSURE(504, "", RK_CAT_SERVER), UNSURE(520, "", RK_CAT_SERVER),
		UNSURE(200, "<html>", RK_CAT_UNREACHABLE), UNSURE(200, "", RK_CAT_SERVER),
		/* Whole, and of no use: the rows are looked after as unknown. */
		{ 'w', 200, SAYS("GAIA_RE01"), RK_BUG, RK_CAT_BUG, RK_UNKNOWN, NULL, NULL,
		  "0 results for 1 rows", 0, NULL, NULL },
		READING(200, "<html>Please log in</html>", RK_AGAIN, RK_CAT_UNREACHABLE,
		        "web page"),
		READING(200, "", RK_AGAIN, RK_CAT_SERVER, NULL),
		READING(200, SAYS("CB_VA01"), RK_BUG, RK_CAT_BUG, "it says: m"),
		READING(302, "", RK_PAUSE, RK_CAT_CONFIG, "check host"),
		READING(404, "<html>", RK_PAUSE, RK_CAT_CONFIG, "404 Not Found"),
		READING(400, "<html>", RK_PAUSE, RK_CAT_CONFIG, "check host"),
		READING(413, "", RK_PAUSE, RK_CAT_CONFIG, "check host"),
		{ 'r', 401, SAYS("CB_WA01"), RK_PAUSE, RK_CAT_AUTH, 0, "CB_WA01", "", "id i-1",
		  0, NULL, NULL },
		READING(403, SAYS("CB_NO02"), RK_PAUSE, RK_CAT_PERMISSION, "CB_NO02"),
		READING(404, SAYS("GAIA_AP01"), RK_PAUSE, RK_CAT_CONFIG, "GAIA_AP01"),
		READING(403, SAYS("GAIA_NO01"), RK_PAUSE, RK_CAT_PERMISSION, "GAIA_NO01"),
		READING(403, SAYS("GAIA_NO02"), RK_AGAIN, RK_CAT_UNREACHABLE, "GAIA_NO02"),
		READING(400, SAYS("GAIA_IL23"), RK_PAUSE, RK_CAT_CONFIG, "GAIA_IL23"),
		READING(520, SAYS("GAIA_IL25"), RK_PAUSE, RK_CAT_CONFIG, "GAIA_IL25"),
		READING(400, SAYS("GAIA_IA02"), RK_PAUSE, RK_CAT_AUTH, "GAIA_IA02"),
		READING(401, SAYS("CB_OA01"), RK_PAUSE, RK_CAT_AUTH, "CB_OA01"),
		READING(400, SAYS("GAIA_QU02"), RK_BUG, RK_CAT_BUG, "GAIA_QU02"),
		READING(400, SAYS("GAIA_IQ03"), RK_PAUSE, RK_CAT_PROPERTY_MAPPING, "IQ03"),
		READING(400, SAYS("GAIA_IL42"), RK_PAUSE, RK_CAT_ASSOCIATION, "IL42"),
		{ 'r', 429, SAYS("GAIA_TO04"), RK_AGAIN, RK_CAT_RATE_LIMIT, 0, "GAIA_TO04",
		  NULL, "asked again", 1000, NULL, NULL },
		READING(400, SAYS("GAIA_DA02"), RK_AGAIN, RK_CAT_SERVER, "GAIA_DA02"),
		READING(400, SAYS("GAIA_IQ11"), RK_PAUSE, RK_CAT_PROPERTY_MAPPING, "IQ11"),
		READING(400, SAYS("GAIA_IQ10"), RK_PAUSE, RK_CAT_PICKLIST, "IQ10"),
		READING(404, SAYS("GAIA_CN01"), RK_RESYNC, RK_CAT_OTHER, "CN01"),
		READING(503, "Service Unavailable", RK_AGAIN, RK_CAT_UNREACHABLE, "maint"),
		READING(0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE, "failed"),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(every_code_has_its_class, settings),
		FAKE_TEST(an_invalid_input_is_sorted_by_its_field, settings),
		FAKE_TEST(what_never_reached_the_api_is_told_by_its_status, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
