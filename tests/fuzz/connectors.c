/* SPDX-License-Identifier: Apache-2.0
 *
 * connectors.c - what a CRM, or whoever sits in its place, answers to the connectors
 * that we ship: byte 0 is which connector, byte 1 the operation, then line after line
 * an HTTP status and a body.  Each call ends with a status of the contract and words,
 * asks nobody but the host of its settings, and hands on texts that are UTF-8 and
 * messages that can be written. */
#include "fuzz.h"
#include "host.h"

#include "mapping/mapping_fields.h"
#include "record/record.h"
#include "record/schema.h"

#define SITE "https://crm.example"
#define PAGE 5u
#define MOST_REQUESTS 64
#define MOST_PAGES 8

extern const struct rk_connector fuzz_hubspot, fuzz_kintone, fuzz_salesforce;

static struct rk_text answers;         /* Not given yet. */
static unsigned requests;

static int32_t
http(const struct rk_host *host, const struct rk_request *request, struct rk_reply *reply,
     struct rk_err *err)
{
	(void)host;
	int64_t status;
	MUST(request->url.len >= strlen(SITE)
	     && memcmp(request->url.ptr, SITE, strlen(SITE)) == 0);
	MUST(++requests <= MOST_REQUESTS);
	if (answers.len == 0)
		return rk_fail(err, RK_AGAIN, RK_CAT_UNREACHABLE, "nothing came");
	reply->status = 200;
	if (text_int64(fuzz_line(&answers), &status) && status >= 100 && status <= 599)
		reply->status = (int32_t)status;
	reply->body = arena_text(&arena, fuzz_line(&answers));
	reply->date_ms = INT64_C(1795000000000);
	reply->retry_after_ms = -1;
	return RK_OK;
}

static struct rk_text
setting(const struct rk_host *host, const char *name)
{
	(void)host;
	bool site = strcmp(name, "host") == 0 || strcmp(name, "base_url") == 0;
	return site ? TEXT_LIT(SITE) : (struct rk_text){ 0 };
}

static int32_t
has_setting(const struct rk_host *host, const char *name)
{
	(void)host;
	return strstr(name, "token") != NULL;
}

static void
log_nothing(const struct rk_host *host, int32_t level, struct rk_text text)
{
	(void)host;
	(void)level;
	MUST(text_utf8_valid(text));
}

static int64_t
now(const struct rk_host *host)
{
	(void)host;
	return INT64_C(1795000000000);
}

static const struct rk_host host = {
	.struct_size = sizeof host, .abi = RK_ABI, .http = http, .setting = setting,
	.has_setting = has_setting, .log = log_nothing, .now_ms = now, .deadline_ms = now,
	.alloc = host_alloc,
};

static void
check_status(int32_t status, const struct rk_err *err)
{
	MUST(status >= RK_OK && status <= RK_BUG);
	if (status == RK_OK)
		return;
	MUST(err->category > RK_CAT_NONE && err->category < RK_CAT_COUNT);
	MUST(memchr(err->message, '\0', sizeof err->message) != NULL);
	MUST(err->message[0] != '\0' && text_utf8_valid(text_of(err->message)));
}

static void
check_values(const struct rk_value *values, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		MUST(values[i].type < RK_TYPE_COUNT && text_utf8_valid(values[i].text));
		check_values(values[i].items, values[i].count);
	}
}

/* Whether records of other objects are read and written too. */
static bool references;

static void
auth(const struct rk_connector *c, struct rk_conn *conn, struct rk_err *err)
{
	struct rk_account account = { .struct_size = sizeof account };
	BUF_AUTO wire = BUF_INIT(1u << 24);
	check_status(c->auth(conn, &account, err), err);
	account_encode(&wire, &account);
	MUST(!wire.over);
}

static void
describe(const struct rk_connector *c, struct rk_conn *conn, struct rk_text object,
         struct rk_err *err)
{
	struct rk_schema schema = { .struct_size = sizeof schema };
	BUF_AUTO wire = BUF_INIT(1u << 24);
	int32_t status = c->describe_fields(conn, object, &schema, err);
	check_status(status, err);
	if (status != RK_OK)
		return;
	schema_encode(&wire, &schema);
	MUST(!wire.over);
	for (uint64_t i = 0; i < schema.field_count; i++)
		MUST(text_utf8_valid(schema.fields[i].name)
		     && schema.fields[i].type < RK_TYPE_COUNT);
}

static void
list(const struct rk_connector *c, struct rk_conn *conn, struct rk_text object,
     uint32_t mode, struct rk_err *err)
{
	static const struct rk_text ids[] = { T("1"), T("2") };
	static const struct rk_field few[] = {
		{ .name = T("associations.companies"), .type = RK_REFS, FREE },
		{ .name = T("text"), .type = RK_TEXT, FREE },
	};
	struct rk_query query = {
		.struct_size = sizeof query, .mode = mode, .object = object,
		.fields = references ? few : source_fields,
		.field_count = references ? COUNT(few) : COUNT(source_fields),
		.since_ms = 0, .until_ms = INT64_C(1795000000000), .limit = PAGE,
		.field = T("text"), .values = ids,
		.value_count = mode == RK_BY_WINDOW ? 0 : COUNT(ids),
	};
	for (int i = 0; i < MOST_PAGES; i++) {
		struct rk_page page = { .struct_size = sizeof page };
		BUF_AUTO wire = BUF_INIT(1u << 24);
		int32_t status = c->list_changed(conn, &query, &page, err);
		check_status(status, err);
		if (status != RK_OK)
			return;
		for (uint64_t k = 0; k < page.record_count; k++) {
			const struct rk_record *r = &page.records[k];
			MUST(text_utf8_valid(r->id) && text_utf8_valid(r->link));
			if (r->values != NULL)
				check_values(r->values, query.field_count);
		}
		record_encode_page(&wire, &page, query.field_count);
		MUST(!wire.over);
		if (!page.more)
			return;
		query.token = page.token;
	}
}

static void
upsert(const struct rk_connector *c, struct rk_conn *conn, struct rk_text object,
       uint32_t operation, struct rk_err *err)
{
	static const struct rk_field fields[] = {
		{ .name = T("text"), .type = RK_TEXT, FREE, .flags = W | RK_FIELD_KEY },
		{ .name = T("dec"), .type = RK_DECIMAL, FREE, .flags = W },
		{ .name = T("choice"), .type = RK_CHOICE, FREE, .flags = W },
		{ .name = T("associations.companies"), .type = RK_REFS, FREE, .flags = W },
	};
	static const struct rk_value nine = { .type = RK_REF, .text = T("9") };
	static const struct rk_value values[2][4] = {
		{ { .type = RK_TEXT, .text = T("a") }, { .type = RK_DECIMAL, .text = T("1.5") },
		  { .type = RK_CHOICE, .text = T("lead") },
		  { .type = RK_REFS, .items = &nine, .count = 1 } },
		{ { .type = RK_TEXT, .text = T("b") }, { .type = RK_NULL },
		  { .type = RK_ABSENT }, { .type = RK_NULL } },
	};
	uint64_t count = references ? COUNT(fields) : COUNT(fields) - 1;
	bool by_key = operation == RK_OP_UPSERT, bare = operation == RK_OP_ARCHIVE;
	struct rk_row rows[2] = {
		{ .trace = T("t1"), .values = bare ? NULL : values[0] },
		{ .trace = T("t2"), .values = bare ? NULL : values[1] },
	};
	for (int i = 0; i < 2; i++) {
		rows[i].key = by_key ? &values[i][0] : NULL;
		if (operation == RK_OP_UPDATE || bare)
			rows[i].id = i == 0 ? TEXT_LIT("1") : TEXT_LIT("2");
	}
	struct rk_outcome outcomes[2] = { 0 };
	struct rk_batch batch = {
		.struct_size = sizeof batch, .operation = operation, .object = object,
		.fields = fields, .field_count = count,
		.key_field = by_key ? &fields[0] : NULL, .rows = rows, .row_count = 2,
	};
	struct rk_result result = { .struct_size = sizeof result, .outcomes = outcomes };
	BUF_AUTO wire = BUF_INIT(1u << 24);
	check_status(c->upsert(conn, &batch, &result, err), err);
	for (int i = 0; i < 2; i++) {
		MUST(outcomes[i].status >= RK_UNKNOWN && outcomes[i].status < RK_OUTCOME_COUNT);
		MUST(outcomes[i].category >= 0 && outcomes[i].category < RK_CAT_COUNT);
		MUST(text_utf8_valid(outcomes[i].message) && text_utf8_valid(outcomes[i].id));
		if (outcomes[i].values != NULL)
			check_values(outcomes[i].values, count);
	}
	record_encode_outcomes(&wire, &result, 2, count);
	MUST(!wire.over);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rk_connector *const connectors[] = { &fuzz_hubspot,
		                                                 &fuzz_kintone,
		                                                 &fuzz_salesforce };
	static const struct rk_text objects[] = { T("contacts"), T("5"), T("Contact") };
	struct rk_err err = { .struct_size = sizeof err, .retry_after_ms = -1 };
	struct rk_conn *conn;
	answers = fuzz_text(data, size);
	unsigned first = fuzz_byte(&answers), operation = fuzz_byte(&answers) % 10;
	unsigned which = first & 128 ? 2 : first % 2;
	references = which == 0 && first & 2;
	const struct rk_connector *c = connectors[which];
	requests = 0;
	host_use_arena_for_json();
	MUST(c->open(&host, &conn, &err) == RK_OK);
	if (operation == 0)
		auth(c, conn, &err);
	else if (operation <= 2)
		describe(c, conn, operation == 1 ? TEXT_LIT("") : objects[which], &err);
	else if (operation <= 5)
		list(c, conn, objects[which], RK_BY_WINDOW + operation - 3, &err);
	else
		upsert(c, conn, objects[which], RK_OP_UPSERT + operation - 6, &err);
	c->close(conn);
	arena_free(&arena);
	return 0;
}
