/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error answer that is known of Freshsales, and what the connector
 * makes of it.  Its errors have no codes, and bodies of at least three shapes.  Run by
 * make check. */
#include "plugins/testing/fake_host.h"

#include <renkei/http.h>

static const struct fake_setting settings[] = {
	{ "api_key", NULL }, { "host", "https://x.example.com" }, { NULL, NULL },
};

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("email", RK_TEXT, 0);
	fields[1] = fake_field("last_name", RK_TEXT, 0);
	fake_query("contacts", mode, since, until);
}

static struct rk_option stages[] = { { RK_LIT("7"), RK_LIT("Lead") } };

/* One field of each kind that errors speak of. */
static void
prepare(uint32_t operation, uint64_t count)
{
	static const struct { const char *name, *label, *value; uint32_t type; } have[] = {
		{ "email", "Email", "a@example.com", RK_TEXT },
		{ "last_name", "Last name", "N0", RK_TEXT },
		{ "lifecycle_stage_id", "Lifecycle stage", "7", RK_CHOICE },
		{ "amount", "Amount", "5", RK_DECIMAL },
		{ "sales_account_id", "Primary account", "5", RK_REF },
		{ "mobile_number", "Mobile", "090", RK_TEXT },
	};
	static const char *const mails[FAKE_ROWS] = { "a@example.com", "b@example.com",
		"c@example.com", "d@example.com", "e@example.com", "f@example.com",
		"g@example.com", "h@example.com" };

	for (size_t i = 0; i < RK_COUNT(have); i++) {
		fields[i] = fake_field(have[i].name, have[i].type, RK_FIELD_WRITABLE);
		fields[i].label = rk_z(have[i].label);
	}
	fields[0].flags |= RK_FIELD_KEY | RK_FIELD_UNIQUE | RK_FIELD_KEY_NOCASE;
	fields[2].options = stages;
	fields[2].option_count = RK_COUNT(stages);
	fields[4].ref_object = rk_z("sales_accounts");
	fake_batch("contacts", operation, RK_COUNT(have), count, mails, 41);
	for (size_t i = 1; i < RK_COUNT(have); i++)
		cells[0][i] = rk_value_of(have[i].type, rk_z(have[i].value));
}

#define LIST(words) "{\"errors\":{\"code\":400,\"message\":[\"" words "\"]}}"
#define REJECTED(http, body, category, field) \
	{ 'w', http, body, RK_OK, category, RK_REJECTED, NULL, field, NULL, 0, NULL, NULL }
#define SAYS(words, category, field) \
	{ 'w', 400, LIST(words), RK_OK, category, RK_REJECTED, NULL, field, words, 0, NULL, NULL }
#define AS_A_WHOLE(http, body, status, category, told, wait) \
	{ 'w', http, body, status, category, RK_RETRY, NULL, NULL, told, wait, NULL, NULL }
#define READING(http, body, status, category, told) \
	{ 'r', http, body, status, category, 0, NULL, NULL, told, 0, NULL, NULL }
#define UNSURE(http, body, category) \
	{ 'w', http, body, RK_AGAIN, category, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL }
#define HOUR (3600000 - FAKE_NOW % 3600000)

static void
words_decide_the_category(void **state)
{
	static const struct fake_error cases[] = {
		SAYS("Name has already been taken", RK_CAT_DUPLICATE, NULL),
		SAYS("Mobile has already been taken", RK_CAT_DUPLICATE, "mobile_number"),
		SAYS("Contact already exists", RK_CAT_DUPLICATE, NULL),
		SAYS("The type for sales_accounts is invalid.", RK_CAT_ASSOCIATION, NULL),
		SAYS("contacts_added_list: no such contact", RK_CAT_ASSOCIATION, NULL),
		SAYS("targetable is invalid", RK_CAT_ASSOCIATION, NULL),
		SAYS("Primary account is invalid", RK_CAT_ASSOCIATION, "sales_account_id"),
		SAYS("Lifecycle stage is not included in the list", RK_CAT_PICKLIST,
		     "lifecycle_stage_id"),
		SAYS("Lifecycle stage is invalid", RK_CAT_PICKLIST, "lifecycle_stage_id"),
		SAYS("invalid choice", RK_CAT_PICKLIST, NULL),
		SAYS("The type for last_name is invalid.", RK_CAT_PROPERTY_MAPPING, "last_name"),
		SAYS("Amount is not a number", RK_CAT_PROPERTY_VALUE, "amount"),
		SAYS("Last name can't be blank", RK_CAT_PROPERTY_VALUE, "last_name"),
		SAYS("Email is invalid", RK_CAT_PROPERTY_VALUE, "email"),
		SAYS("Last name is too long", RK_CAT_PROPERTY_VALUE, "last_name"),
		SAYS("Validation rule: no entries on Sundays", RK_CAT_CUSTOM_CODE, NULL),
		SAYS("Something else", RK_CAT_OTHER, NULL),
		REJECTED(409, "{\"message\":\"no\"}", RK_CAT_DUPLICATE, NULL),
		REJECTED(422, LIST("Amount is not a number"), RK_CAT_PROPERTY_VALUE, "amount"),
		REJECTED(422, "", RK_CAT_OTHER, NULL),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
the_message_is_found_in_any_shape(void **state)
{
	static const struct fake_error cases[] = {
		REJECTED(400, "{\"errors\":{\"code\":400,\"message\":\"Email is invalid\"}}",
		         RK_CAT_PROPERTY_VALUE, "email"),
		REJECTED(400, "{\"errors\":[\"Email is invalid\",\"Amount is bad\"]}",
		         RK_CAT_PROPERTY_VALUE, "amount"),
		REJECTED(400, "{\"errors\":\"Email is invalid\"}", RK_CAT_PROPERTY_VALUE, "email"),
		REJECTED(400, "{\"error\":\"Email is invalid\"}", RK_CAT_PROPERTY_VALUE, "email"),
		REJECTED(400, "{\"message\":\"Email is invalid\"}", RK_CAT_PROPERTY_VALUE,
		         "email"),
		REJECTED(400, "{\"description\":\"Email is invalid\"}", RK_CAT_PROPERTY_VALUE,
		         "email"),
		REJECTED(400, "{\"errors\":{}}", RK_CAT_OTHER, NULL),
		REJECTED(400, "<html>", RK_CAT_OTHER, NULL),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

#define KEY_IS_BAD "{\"login\":\"failed\",\"message\":\"Incorrect or expired API key\"}"

static void
what_is_of_the_connection_is_told_by_its_status(void **state)
{
	static const struct fake_error cases[] = {
		AS_A_WHOLE(401, KEY_IS_BAD, RK_PAUSE, RK_CAT_AUTH, "expired API key", 0),
		READING(401, KEY_IS_BAD, RK_PAUSE, RK_CAT_AUTH, "expired API key"),
		AS_A_WHOLE(403, LIST("You are not authorised to perform this operation."),
		           RK_PAUSE, RK_CAT_PERMISSION, "not authorised", 0),
		READING(403, LIST("You are not authorised to perform this operation."),
		        RK_PAUSE, RK_CAT_PERMISSION, "not authorised"),
		READING(402, "{\"message\":\"no\"}", RK_PAUSE, RK_CAT_PERMISSION, "402"),
		READING(404, "<html>", RK_PAUSE, RK_CAT_CONFIG, "404 Not Found"),
		AS_A_WHOLE(404, "<html>", RK_PAUSE, RK_CAT_CONFIG, "404 Not Found", 0),
		READING(302, "", RK_PAUSE, RK_CAT_CONFIG, "check host"),
		READING(200, "<html>Log in</html>", RK_AGAIN, RK_CAT_UNREACHABLE, "web page"),
		READING(200, "{}", RK_BUG, RK_CAT_BUG, "filters"),
		AS_A_WHOLE(405, "", RK_AGAIN, RK_CAT_RATE_LIMIT, "405", 5000),
		{ 'r', 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, 0, NULL, NULL, "429", 90000,
		  "x-ratelimit-reset", "90" },
		{ 'w', 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, "429", HOUR,
		  NULL, NULL },
		UNSURE(408, "", RK_CAT_SERVER), UNSURE(500, "", RK_CAT_SERVER),
		UNSURE(502, "<html>", RK_CAT_SERVER), UNSURE(503, "", RK_CAT_SERVER),
		UNSURE(500, LIST("Name has already been taken"), RK_CAT_SERVER),
		UNSURE(200, "<html>", RK_CAT_UNREACHABLE), UNSURE(200, "", RK_CAT_SERVER),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(words_decide_the_category, settings),
		FAKE_TEST(the_message_is_found_in_any_shape, settings),
		FAKE_TEST(what_is_of_the_connection_is_told_by_its_status, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
