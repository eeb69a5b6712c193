/* SPDX-License-Identifier: Apache-2.0
 *
 * rogue.c - a connector that breaks the contract in every way there is, one a
 * name: the object that is listed or written to, or the setting "open", says
 * which.  Not shipped; the tests of the runner and of whole runs load it. */
#include <renkei/manifest.h>
#include <renkei/values.h>

#include "tests/connectors/deeds.h"

extern char **environ;

RK_MANIFEST(rogue_manifest,
	name = "rogue"; title = "Rogue"; version = "1.0.0"; vendor = "renkei";
	licence = "Apache-2.0"; abi = 1;
	settings = (
		{ name = "host"; type = "url"; required = true; hint = "Any address"; },
		{ name = "open"; type = "text"; hint = "How to fail at once"; }
	);
	hosts = ( "${host}" );
	objects = (
		{ name = "*"; operations = ( "list", "ids", "field", "upsert", "create", "update" );
		  page = 100; batch = 100; guarantee = "E1"; }
	);
);

struct rk_conn {
	const struct rk_host *host;
	uint32_t call;                 /* As the run counts them. */
};

static struct rk_conn the_conn;

/* ---- How a call goes wrong before it answers -----------------------------------------  */

/* A result whose status no table knows. */
static void
send_odd_status(void)
{
	static const unsigned char odd[] = { 1, 8, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0 };
	send_frame(RESULT, the_conn.call, 0, odd, sizeof odd);
}

static void
send_other_call(void)
{
	send_frame(RESULT, the_conn.call + 7, 0, "", 0);
}

static void
send_other_type(void)
{
	send_frame(99, the_conn.call, 0, "", 0);
}

/* A message without an end. */
static void
send_endless(void)
{
	static char part[256 * 1024];
	for (int i = 0; i < 2000; i++)
		send_frame(RESULT, the_conn.call, 1, part, sizeof part);
}

static void
say_much(void)
{
	for (int i = 0; i < 20000; i++)
		the_conn.host->log(the_conn.host, RK_LOG_WARN, rk_z("again\nand again"));
}

static const struct deed ways[] = {
	{ "odd-status", send_odd_status }, { "other-call", send_other_call },
	{ "other-type", send_other_type }, { "endless", send_endless },
	{ "say-much", say_much },
};

static void
happen(struct rk_text name)
{
	for (size_t i = 0; i < RK_COUNT(ways); i++)
		if (rk_text_is(name, ways[i].name))
			ways[i].act();
	do_deed(name);
}

/* ---- The slots -------------------------------------------------------------------------  */

static int32_t
rogue_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	the_conn.host = deed_host = host;
	the_conn.call = 1;
	happen(host->setting(host, "open"));
	*conn = &the_conn;
	if (rk_text_is(host->setting(host, "open"), "refuse"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "the setting \"open\" says so");
	return RK_OK;
}

static void
rogue_close(struct rk_conn *conn)
{
	(void)conn;
}

/* An error whose texts have no end. */
static int32_t
fail_without_end(struct rk_err *err)
{
	err->category = 1000;
	err->http_status = -1;
	memset(err->code, 'x', sizeof err->code);
	memset(err->message, 'x', sizeof err->message);
	return RK_AGAIN;
}

static int32_t
rogue_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	(void)err;
	conn->call++;
	account->account = rk_z("rogue");
	return RK_OK;
}

#define ANY .min_length = -1, .max_length = -1, .integer_digits = -1, .decimals = -1

static const struct rk_object objects[] = { { .name = RK_LIT("hang") } };
static const struct rk_field fields[] = {
	{ .name = RK_LIT("email"), .label = RK_LIT("E-mail"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_UNIQUE | RK_FIELD_WRITABLE | RK_FIELD_KEY },
	{ .name = RK_LIT("name"), .label = RK_LIT("Name"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_WRITABLE },
};

static int32_t
rogue_describe(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
               struct rk_err *err)
{
	conn->call++;
	if (rk_text_is(object, "error"))
		return fail_without_end(err);
	schema->objects = object.len == 0 ? objects : NULL;
	schema->object_count = object.len == 0 ? RK_COUNT(objects) : 0;
	schema->fields = object.len == 0 ? NULL : fields;
	schema->field_count = object.len == 0 ? 0 : RK_COUNT(fields);
	return RK_OK;
}

static struct rk_record *
new_record(const struct rk_host *host, const struct rk_query *query, struct rk_text id)
{
	struct rk_record *record = host->alloc(host, sizeof *record);
	struct rk_value *values = host->alloc(host, query->field_count * sizeof *values);
	for (uint64_t i = 0; i < query->field_count; i++)
		values[i] = rk_value_of(RK_TEXT, id);
	*record = (struct rk_record){ .id = id, .modified_ms = RK_NO_TIME, .values = values };
	return record;
}

/* What this process was given: a record for each open descriptor and variable. */
static void
look_around(const struct rk_host *host, const struct rk_query *query, struct rk_page *page)
{
	struct rk_record *records = host->alloc(host, 1000 * sizeof *records);
	for (int fd = 0; fd < 900; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			records[page->record_count++] =
				*new_record(host, query, rk_textf(host, "fd %d", fd));
	for (char **at = environ; at != NULL && *at != NULL; at++)
		records[page->record_count++] = *new_record(host, query, rk_z(*at));
	page->records = records;
}

static int32_t
rogue_list(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
           struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	conn->call++;
	happen(query->object);
	page->source_time_ms = host->now_ms(host);
	page->records = new_record(host, query, rk_z("a@x.example"));
	page->record_count = 1;
	if (rk_text_is(query->object, "status"))
		return 99;
	if (rk_text_is(query->object, "negative"))
		return -5;
	if (rk_text_is(query->object, "pending"))
		return RK_PENDING;
	if (rk_text_is(query->object, "error"))
		return fail_without_end(err);
	if (rk_text_is(query->object, "surroundings")) {
		page->record_count = 0;
		look_around(host, query, page);
	}
	if (rk_text_is(query->object, "long-token"))
		page->token = rk_text_of(host->alloc(host, 5000), 5000);
	if (rk_text_is(query->object, "long-id"))
		page->records = new_record(host, query,
		                           rk_text_of(host->alloc(host, 5000), 5000));
	if (rk_text_is(query->object, "large")) {
		uint64_t bytes = 80u << 20;
		page->records = new_record(host, query,
		                           rk_text_of(host->alloc(host, bytes), bytes));
	}
	return RK_OK;
}

static int32_t
rogue_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
             struct rk_err *err)
{
	(void)err;
	conn->call++;
	happen(batch->object);
	for (uint64_t i = 0; i < batch->row_count; i++) {
		struct rk_outcome *outcome = &result->outcomes[i];
		if (rk_text_is(batch->object, "silent"))
			continue;
		outcome->status = rk_text_is(batch->object, "odd-outcome") ? 99 : RK_CREATED;
		outcome->id = rk_textf(conn->host, "%llu", (unsigned long long)i + 1);
	}
	return RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = rogue_manifest,
	.open = rogue_open, .auth = rogue_auth, .describe_fields = rogue_describe,
	.list_changed = rogue_list, .upsert = rogue_upsert, .close = rogue_close,
};
