/* SPDX-License-Identifier: Apache-2.0
 *
 * jobs.c - a target that accepts every batch as a job (RK_PENDING) and tells what became
 * of it when it is asked by the job's token.  It keeps nothing, but asks its host, whose
 * trouble is then its own; a batch that is not full takes longer, so that it is the last
 * one under way.  A host that answers 409 has put off all rows of the job but the first. */
#include <renkei/helpers.h>
#include <renkei/http.h>
#include <renkei/manifest.h>
#include <renkei/values.h>

#define FULL 100u

RK_MANIFEST(jobs_manifest,
	name = "jobs"; title = "Jobs"; version = "1.0.0"; vendor = "renkei";
	licence = "Apache-2.0"; abi = 1;
	settings = ( { name = "host"; type = "url"; required = true; hint = "Any address"; } );
	hosts = ( "${host}" );
	objects = ( { name = "*";
		operations = ( "list", "ids", "field", "upsert", "create", "update" );
		page = 100; batch = 100; writers = 8; guarantee = "E1"; } );
);

struct rk_conn {
	const struct rk_host *host;
};

static struct rk_conn the_conn;

#define ANY .min_length = -1, .max_length = -1, .integer_digits = -1, .decimals = -1
static const struct rk_object objects[] = { { .name = RK_LIT("x") } };
static const struct rk_field fields[] = {
	{ .name = RK_LIT("email"), .label = RK_LIT("E-mail"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_UNIQUE | RK_FIELD_WRITABLE | RK_FIELD_KEY },
	{ .name = RK_LIT("name"), .label = RK_LIT("Name"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_WRITABLE },
};

static int32_t
jobs_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	(void)err;
	the_conn.host = host;
	*conn = &the_conn;
	return RK_OK;
}

static void
jobs_close(struct rk_conn *conn)
{
	(void)conn;
}

static int32_t
jobs_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	(void)conn;
	(void)err;
	account->account = rk_z("jobs");
	return RK_OK;
}

static int32_t
jobs_describe(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
              struct rk_err *err)
{
	(void)conn;
	(void)err;
	schema->objects = object.len == 0 ? objects : NULL;
	schema->object_count = object.len == 0 ? RK_COUNT(objects) : 0;
	schema->fields = object.len == 0 ? NULL : fields;
	schema->field_count = object.len == 0 ? 0 : RK_COUNT(fields);
	return RK_OK;
}

static int32_t
jobs_list(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
          struct rk_err *err)
{
	(void)query;
	(void)err;
	page->source_time_ms = conn->host->now_ms(conn->host);
	return RK_OK;
}

static int32_t
jobs_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
            struct rk_err *err)
{
	struct rk_text host = conn->host->setting(conn->host, "host");
	struct rk_call call = { .method = "GET", .safe = 1,
	                        .url = rk_textf(conn->host, "%.*s/job", RK_S(host)) };
	struct rk_answer answer;
	int32_t status;
	int put_off;

	if (batch->token.len == 0) {
		result->token = rk_z("job");
		result->wait_ms = batch->row_count < FULL ? 1000 : 100;
		return RK_PENDING;
	}
	status = rk_ask(conn->host, &call, &answer, err);
	if (status == RK_OK && answer.reply.status >= 500)
		status = rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "the job cannot be asked for");
	if (status != RK_OK) {
		err->maybe_sent = 1;
		return status;
	}
	put_off = answer.reply.status == 409;
	for (uint64_t i = 0; i < batch->row_count; i++) {
		result->outcomes[i].status = put_off && i > 0 ? RK_RETRY : RK_CREATED;
		if (!put_off || i == 0)
			result->outcomes[i].id = batch->rows[i].key->text;
	}
	return put_off ? rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "most rows were put off") : RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI, .manifest = jobs_manifest,
	.open = jobs_open, .auth = jobs_auth, .describe_fields = jobs_describe,
	.list_changed = jobs_list, .upsert = jobs_upsert, .close = jobs_close,
};
