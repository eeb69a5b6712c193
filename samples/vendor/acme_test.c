/* SPDX-License-Identifier: MIT-0
 *
 * acme_test.c - what acme.c makes of single answers, with a host of a few lines that
 * gives them.  `make check` runs it; `renkei vendor certify` tries all the rest. */
#include <assert.h>

#include <renkei/values.h>

extern const struct rk_connector renkei_connector_v1;

static int32_t answer_status;
static const char *answer_body;
static char asked[1000];               /* Method and URL of the last request. */

static int32_t
test_http(const struct rk_host *host, const struct rk_request *request,
          struct rk_reply *reply, struct rk_err *err)
{
	(void)host;
	(void)err;
	snprintf(asked, sizeof asked, "%.*s %.*s", RK_S(request->method), RK_S(request->url));
	reply->status = answer_status;
	reply->body = rk_z(answer_body);
	reply->date_ms = reply->retry_after_ms = -1;
	return RK_OK;
}

static struct rk_text
test_setting(const struct rk_host *host, const char *name)
{
	(void)host;
	return rk_z(strcmp(name, "host") == 0 ? "https://crm.acme.example/" : "");
}

static int32_t
test_has_setting(const struct rk_host *host, const char *name)
{
	(void)host;
	(void)name;
	return 1;
}

/* The arena of a test lives as long as the test. */
static void *
test_alloc(const struct rk_host *host, uint64_t bytes)
{
	(void)host;
	return calloc(1, bytes + 1);
}

static const struct rk_host host = {
	.struct_size = sizeof host, .abi = RK_ABI, .http = test_http,
	.setting = test_setting, .has_setting = test_has_setting, .alloc = test_alloc,
};

static struct rk_conn *conn;
static struct rk_err err = { .struct_size = sizeof err };

static int32_t
list(int32_t http, const char *body, struct rk_page *page)
{
	static const struct rk_field fields[] = {
		{ .name = RK_LIT("name"), .type = RK_TEXT }, { .name = RK_LIT("email"), .type = RK_TEXT },
	};
	struct rk_query query = { .struct_size = sizeof query, .object = rk_z("contacts"),
		.fields = fields, .field_count = 2, .since_ms = 5, .until_ms = RK_NO_TIME,
		.limit = 2 };

	answer_status = http;
	answer_body = body;
	memset(page, 0, sizeof *page);
	return renkei_connector_v1.list_changed(conn, &query, page, &err);
}

/* One contact by its id, when the answer is 'body'. */
static int32_t
update(const char *body, struct rk_outcome *outcome)
{
	static const struct rk_field fields[] = { { .name = RK_LIT("name"), .type = RK_TEXT } };
	struct rk_value value = { .type = RK_TEXT, .text = rk_z("Mori") };
	struct rk_row row = { .id = rk_z("7"), .values = &value };
	struct rk_batch batch = { .struct_size = sizeof batch, .operation = RK_OP_UPDATE,
		.object = rk_z("contacts"), .fields = fields, .field_count = 1, .rows = &row,
		.row_count = 1 };
	struct rk_result result = { .struct_size = sizeof result, .outcomes = outcome };

	answer_status = 200;
	answer_body = body;
	memset(outcome, 0, sizeof *outcome);
	return renkei_connector_v1.upsert(conn, &batch, &result, &err);
}

int
main(void)
{
	struct rk_outcome outcome;
	struct rk_page page;

	assert(renkei_connector_v1.open(&host, &conn, &err) == RK_OK);
	assert(list(200, "{\"contacts\":[{\"id\":\"7\",\"updated\":9,\"email\":\"a@x.example\","
	            "\"name\":null}],\"next\":\"p2\"}", &page) == RK_OK);
	assert(strcmp(asked, "GET https://crm.acme.example/v1/contacts?updated_since=5&limit=2") == 0);
	assert(page.record_count == 1 && page.more && rk_text_is(page.token, "p2"));
	assert(rk_text_is(page.records[0].id, "7") && page.records[0].modified_ms == 9);
	assert(page.records[0].values[0].type == RK_NULL);
	assert(rk_text_is(page.records[0].values[1].text, "a@x.example"));

	assert(list(401, "{\"error\":{\"code\":\"no\",\"message\":\"who?\"}}", &page) == RK_PAUSE);
	assert(err.category == RK_CAT_AUTH);
	assert(list(200, "{}", &page) == RK_BUG);
	assert(list(503, "<html>", &page) == RK_AGAIN);
	assert(list(500, "{\"error\":{\"code\":\"invalid_value\"}}", &page) == RK_AGAIN);

	assert(update("{\"results\":[{\"id\":\"7\",\"created\":false}]}", &outcome) == RK_OK);
	assert(strcmp(asked, "POST https://crm.acme.example/v1/contacts/update") == 0);
	assert(outcome.status == RK_UPDATED && rk_text_is(outcome.id, "7"));
	renkei_connector_v1.close(conn);
	puts("acme_test: all is well");
	return 0;
}
