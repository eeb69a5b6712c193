/* SPDX-License-Identifier: Apache-2.0
 *
 * calls_test.c - tests of renkei/http.h, listing.h and writing.h, with the fake host: what
 * the tests of the connectors do not reach by themselves.  Run by make check. */
#define FAKE_HOST_ALONE
#include "plugins/testing/fake_host.h"

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

static struct rk_err err;

static int
setup(void **state)
{
	(void)state;
	fake_reset(NULL);
	memset(&err, 0, sizeof err);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_reset(NULL);
	return 0;
}

/* ---- http.h ---------------------------------------------------------------------- */

static void
a_status_has_the_crm_s_own_meaning_else_the_usual_one(void **state)
{
	static const struct rk_http_class own[] = {
		{ 401, 401, 0, RK_PAUSE, RK_CAT_PERMISSION, " a gate" },
		{ 423, 423, -1, RK_AGAIN, RK_CAT_SERVER, " Locked" },
		{ 0 },
	};
	static const struct { int32_t http; int coded; int32_t status, category; } cases[] = {
		{ 401, 0, RK_PAUSE, RK_CAT_PERMISSION }, { 401, 1, RK_PAUSE, RK_CAT_AUTH },
		{ 423, 1, RK_AGAIN, RK_CAT_SERVER }, { 422, 1, RK_REJECT, RK_CAT_OTHER },
		{ 402, 0, RK_PAUSE, RK_CAT_PERMISSION }, { 403, 1, RK_PAUSE, RK_CAT_PERMISSION },
		{ 404, 0, RK_PAUSE, RK_CAT_CONFIG }, { 302, 0, RK_PAUSE, RK_CAT_CONFIG },
		{ 408, 0, RK_AGAIN, RK_CAT_SERVER }, { 429, 0, RK_AGAIN, RK_CAT_RATE_LIMIT },
		{ 500, 0, RK_AGAIN, RK_CAT_SERVER }, { 999, 1, RK_AGAIN, RK_CAT_SERVER },
		{ 100, 0, RK_AGAIN, RK_CAT_SERVER },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		const struct rk_http_class *row = rk_http_class_find(own, cases[i].http,
		                                                     cases[i].coded);

		assert_int_equal(row->status, cases[i].status);
		assert_int_equal(row->category, cases[i].category);
	}
	assert_int_equal(rk_http_class_find(NULL, 401, 0)->category, RK_CAT_AUTH);
}

static void
headers_are_added_and_one_of_a_name_is_replaced(void **state)
{
	static const struct fake_setting oauth[] = { { "access_token", NULL }, { NULL, NULL } };
	struct rk_answer answer;
	struct rk_call call = { .method = "GET", .url = rk_z("https://x.example/") };

	(void)state;
	fake_will_answer(200, "{}");
	fake_will_answer(200, "{}");
	rk_call_add(&fake.host, &call, rk_bearer(&fake.host));
	rk_call_says(&fake.host, &call, "Accept", rk_z("application/json"));
	rk_call_says(&fake.host, &call, "X-Third", rk_z("3"));
	rk_call_says(&fake.host, &call, "Accept", rk_z("text/csv"));
	assert_int_equal(rk_ask(&fake.host, &call, &answer, &err), RK_OK);
	assert_string_equal(fake.seen[0].headers,
	                    "Authorization: Bearer <token>\nAccept: text/csv\nX-Third: 3\n");
	fake.settings = oauth;
	rk_call_add(&fake.host, &call, rk_bearer(&fake.host));
	assert_int_equal(rk_ask(&fake.host, &call, &answer, &err), RK_OK);
	assert_string_equal(fake.seen[1].headers, "Authorization: Bearer <access_token>\n"
	                    "Accept: text/csv\nX-Third: 3\n");
}

static struct rk_fault
no_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = { .category = RK_CAT_OTHER };

	(void)host;
	(void)answer;
	return fault;
}

static void
a_list_is_asked_for_and_nothing_else_passes_for_one(void **state)
{
	static const struct rk_api api = { NULL, no_fault };
	struct rk_call call = { .api = &api, .method = "GET",
	                        .url = rk_z("https://x.example/") };
	struct rk_answer answer;
	const cJSON *list;

	(void)state;
	fake_will_answer(200, "{\"data\":[1,2]}");
	fake_will_answer(200, "{\"data\":{}}");
	fake_will_answer(200, "{}");
	fake_will_answer(401, "{}");
	assert_int_equal(rk_ask_list(&fake.host, &call, "data", &answer, &list, &err), RK_OK);
	assert_int_equal(rk_json_count(list), 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(rk_ask_list(&fake.host, &call, "data", &answer, &list, &err),
		                 RK_BUG);
	assert_int_equal(rk_ask_list(&fake.host, &call, "data", &answer, &list, &err), RK_PAUSE);
	assert_int_equal(err.category, RK_CAT_AUTH);
}

/* ---- listing.h ------------------------------------------------------------------- */

static void
a_record_beside_the_window_is_taken_off_again(void **state)
{
	static const struct { uint32_t mode; int64_t stamp; uint64_t left; } cases[] = {
		{ RK_BY_WINDOW, 4000, 1 }, { RK_BY_WINDOW, 4001, 2 },
		{ RK_BY_WINDOW, 5999, 2 }, { RK_BY_WINDOW, 6000, 1 },
		{ RK_BY_WINDOW, RK_NO_TIME, 2 }, { RK_BY_FIELD, 4000, 2 },
	};
	struct rk_record records[2] = { { .id = rk_z("a") }, { .id = rk_z("b") } };

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_query query = { .mode = cases[i].mode, .since_ms = 5000 };
		struct rk_page page = { .record_count = 2 };
		struct rk_listing l = { .query = &query, .page = &page, .records = records,
		                        .at = { .until_ms = 6000 } };

		records[1].modified_ms = cases[i].stamp;
		assert_int_equal(rk_listing_place(&l, rk_z("b")), 1);
		rk_listing_trim(&l);
		assert_int_equal(page.record_count, cases[i].left);
		assert_int_equal(rk_listing_place(&l, rk_z("b")), 1);
		assert_int_equal(rk_listing_place(&l, rk_z("c")), cases[i].left);
	}
}

/* ---- writing.h ------------------------------------------------------------------- */

static const struct rk_field batch_fields[] = {
	{ .name = RK_LIT("email"), .type = RK_TEXT }, { .name = RK_LIT("age"), .type = RK_DECIMAL },
	{ .name = RK_LIT("note"), .type = RK_TEXT },
};
static const struct rk_field other_key = { .name = RK_LIT("code"), .type = RK_TEXT };

static const char *
put_with(uint32_t operation, const struct rk_field *key, int key_apart,
         const struct rk_value *values)
{
	struct rk_value key_value = rk_value_of(RK_TEXT, rk_z("k"));
	struct rk_row row = { .key = &key_value, .values = values };
	struct rk_batch batch = { .operation = operation, .fields = batch_fields,
	                          .field_count = RK_COUNT(batch_fields), .key_field = key,
	                          .rows = &row, .row_count = 1 };
	struct rk_json_out out;

	rk_json_begin(&out, &fake.host, 64, 1000);
	rk_put_fields(&out, &batch, &row, key_apart, rk_put_typed);
	return fake_string(rk_text_of(out.buf, out.len));
}

static void
a_row_tells_its_key_once(void **state)
{
	struct rk_value values[] = { rk_value_of(RK_TEXT, rk_z("a@x")),
		rk_value_of(RK_DECIMAL, rk_z("1.50")), rk_value_of(RK_ABSENT, rk_z("")) };
	const struct rk_field *email = &batch_fields[0];

	(void)state;
	assert_string_equal(put_with(RK_OP_UPSERT, email, 0, values),
	                    "{\"email\":\"a@x\",\"age\":1.50}");
	assert_string_equal(put_with(RK_OP_UPSERT, email, 1, values), "{\"age\":1.50}");
	assert_string_equal(put_with(RK_OP_CREATE, email, 1, values),
	                    "{\"email\":\"a@x\",\"age\":1.50}");
	assert_string_equal(put_with(RK_OP_CREATE, &other_key, 1, values),
	                    "{\"email\":\"a@x\",\"age\":1.50,\"code\":\"k\"}");
	assert_string_equal(put_with(RK_OP_UPSERT, &other_key, 1, values),
	                    "{\"email\":\"a@x\",\"age\":1.50}");
	assert_string_equal(put_with(RK_OP_UPDATE, &other_key, 0, values),
	                    "{\"email\":\"a@x\",\"age\":1.50}");
	assert_string_equal(put_with(RK_OP_CREATE, NULL, 0, values),
	                    "{\"email\":\"a@x\",\"age\":1.50}");
	values[0].type = RK_ABSENT;
	assert_string_equal(put_with(RK_OP_UPSERT, email, 0, values),
	                    "{\"age\":1.50,\"email\":\"k\"}");
	values[1] = rk_value_of(RK_NULL, rk_z(""));
	values[2] = rk_value_of(RK_BOOL, rk_z(""));
	assert_string_equal(put_with(RK_OP_UPDATE, NULL, 0, values),
	                    "{\"age\":null,\"note\":false}");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_status_has_the_crm_s_own_meaning_else_the_usual_one),
		TEST(headers_are_added_and_one_of_a_name_is_replaced),
		TEST(a_list_is_asked_for_and_nothing_else_passes_for_one),
		TEST(a_record_beside_the_window_is_taken_off_again),
		TEST(a_row_tells_its_key_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
