/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error answer that is known of Sansan, and what the connector
 * makes of it.  The shape of an error is not published: the status decides, and words
 * are taken from wherever they stand.  Run by make check. */
#include "plugins/testing/fake_host.h"

#include <renkei/http.h>

static const struct fake_setting settings[] = {
	{ "api_key", NULL }, { "host", "https://api.example.com" }, { "api_version", "v3.2" },
	{ "range", "all" }, { "start_date", "2026-11-01" }, { "window_days", "30" },
	{ "allow_create", "true" }, { NULL, NULL },
};

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("email", RK_TEXT, 0);
	fields[1] = fake_field("title", RK_TEXT, 0);
	fake_query("cards", mode, since, until);
}

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = { "a@example.jp" };

	(void)operation;
	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_KEY);
	fields[1] = fake_field("lastName", RK_TEXT, RK_FIELD_WRITABLE);
	fake_batch("cards", RK_OP_CREATE, 2, count, mails, 1);
}

#define READING(http, body, status, category, told) \
	{ 'r', http, body, status, category, 0, NULL, NULL, told, 0, NULL, NULL }
#define REFUSED(http, body, category, field) \
	{ 'w', http, body, RK_OK, category, RK_REJECTED, NULL, field, NULL, 0, NULL, NULL }
#define AS_A_WHOLE(http, body, category, told) \
	{ 'w', http, body, RK_PAUSE, category, RK_RETRY, NULL, NULL, told, 0, NULL, NULL }
#define UNSURE(http, body, category) \
	{ 'w', http, body, RK_AGAIN, category, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL }

static void
every_status_has_its_class(void **state)
{
	static const struct fake_error cases[] = {
		READING(400, "{\"message\":\"bad date\"}", RK_PAUSE, RK_CAT_OTHER, "bad date"),
		READING(401, "{\"message\":\"m\"}", RK_PAUSE, RK_CAT_AUTH, "401 Unauthorized"),
		READING(401, "", RK_PAUSE, RK_CAT_AUTH, "401"),
		READING(403, "{\"message\":\"m\"}", RK_PAUSE, RK_CAT_PERMISSION,
		        "may not use the API"),
		{ 'r', 403, "{\"message\":\"ご契約のプランでは利用できません\"}", RK_PAUSE,
		  RK_CAT_PERMISSION, 0, RK_CODE_NOT_ENTITLED, NULL, "ご契約", 0, NULL, NULL },
		{ 'r', 402, "{}", RK_PAUSE, RK_CAT_PERMISSION, 0, RK_CODE_NOT_ENTITLED, NULL,
		  NULL, 0, NULL, NULL },
		{ 'r', 403, "<html>203.0.113.7</html>", RK_PAUSE, RK_CAT_PERMISSION, 0,
		  RK_CODE_IP_RULE, NULL, "203.0.113.7", 0, NULL, NULL },
		READING(404, "{\"message\":\"m\"}", RK_PAUSE, RK_CAT_UNREACHABLE,
		        "check api_version"),
		READING(404, "<html>", RK_PAUSE, RK_CAT_UNREACHABLE, "check api_version"),
		READING(405, "{}", RK_PAUSE, RK_CAT_OTHER, "405"),
		READING(408, "", RK_AGAIN, RK_CAT_SERVER, "408"),
		READING(302, "", RK_PAUSE, RK_CAT_CONFIG, "check host"),
		{ 'r', 429, "{\"message\":\"m\",\"retry_after\":2}", RK_AGAIN, RK_CAT_RATE_LIMIT,
		  0, NULL, NULL, "again in 2 s", 2000, NULL, NULL },
		{ 'r', 429, "{\"retry_after\":\"3\"}", RK_AGAIN, RK_CAT_RATE_LIMIT, 0, NULL,
		  NULL, NULL, 3000, NULL, NULL },
		{ 'r', 429, "{\"retry_after\":-5}", RK_AGAIN, RK_CAT_RATE_LIMIT, 0, NULL, NULL,
		  NULL, 0, NULL, NULL },
		{ 'r', 429, "{\"retry_after\":99999999}", RK_AGAIN, RK_CAT_RATE_LIMIT, 0, NULL,
		  NULL, NULL, 0, NULL, NULL },
		READING(429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, "429"),
		READING(500, "{\"message\":\"m\"}", RK_AGAIN, RK_CAT_SERVER, "m"),
		READING(502, "<html>", RK_AGAIN, RK_CAT_SERVER, "502"),
		READING(503, "maintenance", RK_AGAIN, RK_CAT_SERVER, "(maintenance)"),
		READING(504, "", RK_AGAIN, RK_CAT_SERVER, NULL),
		READING(200, "<html>login</html>", RK_AGAIN, RK_CAT_UNREACHABLE, "web page"),
		READING(200, "", RK_AGAIN, RK_CAT_SERVER, NULL),
		READING(200, "{\"message\":\"what?\"}", RK_BUG, RK_CAT_BUG, "it says: what?"),
		READING(0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE, "failed"),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
words_are_found_wherever_they_stand(void **state)
{
	static const struct fake_error cases[] = {
		READING(400, "{\"message\":\"w1\"}", RK_PAUSE, RK_CAT_OTHER, ": w1"),
		{ 'r', 400, "{\"error\":{\"code\":\"c\",\"message\":\"w2\"}}", RK_PAUSE,
		  RK_CAT_OTHER, 0, "c", NULL, "c: w2", 0, NULL, NULL },
		READING(400, "{\"error\":\"w3\"}", RK_PAUSE, RK_CAT_OTHER, ": w3"),
		READING(400, "{\"errors\":[{\"message\":\"w4\"}]}", RK_PAUSE, RK_CAT_OTHER, ": w4"),
		READING(400, "{\"errors\":[\"w5\"]}", RK_PAUSE, RK_CAT_OTHER, ": w5"),
		{ 'r', 400, "{\"code\":\"w6\"}", RK_PAUSE, RK_CAT_OTHER, 0, "w6", NULL, ": w6", 0,
		  NULL, NULL },
		READING(400, "w7, as it is", RK_PAUSE, RK_CAT_OTHER, "(w7, as it is)"),
		READING(400, "{\"errors\":{\"a\":[[]]},\"error\":[],\"code\":{}}", RK_PAUSE,
		        RK_CAT_OTHER, NULL),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
a_new_card_is_refused_or_may_have_been_made(void **state)
{
	static const struct fake_error cases[] = {
		REFUSED(400, "{\"error\":{\"message\":\"postalCode is too long.\"}}",
		        RK_CAT_PROPERTY_VALUE, NULL),
		REFUSED(400, "no json", RK_CAT_PROPERTY_VALUE, NULL),
		REFUSED(400, "{\"message\":\"tagIds: there is no tag 5.\"}",
		        RK_CAT_ASSOCIATION, "tags"),
		REFUSED(415, "{}", RK_CAT_PROPERTY_VALUE, NULL),
		AS_A_WHOLE(401, "{\"message\":\"m\"}", RK_CAT_AUTH, "401"),
		AS_A_WHOLE(403, "{\"message\":\"m\"}", RK_CAT_PERMISSION, "may not add cards"),
		AS_A_WHOLE(404, "{\"message\":\"m\"}", RK_CAT_CONFIG, "cannot create cards"),
		AS_A_WHOLE(405, "", RK_CAT_CONFIG, "cannot create cards"),
		AS_A_WHOLE(302, "", RK_CAT_CONFIG, "check host"),
		{ 'w', 429, "{\"retry_after\":1}", RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL,
		  NULL, NULL, 1000, NULL, NULL },
		UNSURE(500, "{\"message\":\"m\"}", RK_CAT_SERVER),
		UNSURE(502, "<html>", RK_CAT_SERVER), UNSURE(503, "", RK_CAT_SERVER),
		UNSURE(504, "", RK_CAT_SERVER), UNSURE(408, "", RK_CAT_SERVER),
		UNSURE(200, "<html>", RK_CAT_UNREACHABLE), UNSURE(201, "", RK_CAT_SERVER),
		UNSURE(201, "{}", RK_CAT_SERVER), UNSURE(201, "{\"id\":{}}", RK_CAT_SERVER),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(every_status_has_its_class, settings),
		FAKE_TEST(words_are_found_wherever_they_stand, settings),
		FAKE_TEST(a_new_card_is_refused_or_may_have_been_made, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
