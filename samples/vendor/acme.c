/* SPDX-License-Identifier: MIT-0
 *
 * acme.c - the connector of Acme: contacts, read and written over a JSON API.  It was
 * written by `renkei vendor new` and talks to a CRM that nobody has; put yours in its
 * place, one function at a time, and run `make certify` after each.
 *
 *     GET  /v1/me                        {"account": TEXT, "user": TEXT}
 *     GET  /v1/contacts?updated_since=MS[&updated_before=MS]&limit=N[&after=TOKEN]
 *     GET  /v1/contacts?ids=ID,ID&limit=N
 *     GET  /v1/contacts?emails=TEXT,TEXT&limit=N
 *          {"contacts": [{"id", "updated", "email", "name", "note"}], "next": TOKEN or null}
 *     POST /v1/contacts/upsert           {"contacts": [{"fields": {"email", ...}}]}
 *     POST /v1/contacts/update           {"contacts": [{"id", "fields": {...}}]}
 *          {"results": [{"id", "created"} or {"error": {"code", "message", "field"}}]},
 *          one a row, in order
 *     an error as a whole                {"error": {"code": TEXT, "message": TEXT}}
 *
 * Waiting, retrying, limits and secrets are the host's.  The contract:
 * renkei/connector.h; how to go on: renkei's docs/connector-guide.md. */
#include <renkei/connection.h>
#include <renkei/http.h>
#include <renkei/manifest.h>
#include <renkei/writing.h>

#define PAGE_MAX 100

RK_MANIFEST(acme_manifest,
	name = "acme"; title = "Acme"; version = "0.1.0"; vendor = "Acme Inc.";
	licence = "MIT-0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+";
	    hint = "Address of your Acme site, with https:// and without a path";
	    hint_ja = "Acme のアドレス。https:// を付け、パスは付けない";
	    example = "https://crm.acme.example"; },
	  { name = "api_key"; type = "secret"; required = true;
	    hint = "API key with the rights to read and write contacts";
	    hint_ja = "コンタクトの参照・更新権限を持つ API キー";
	    example = "env:ACME_API_KEY"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "burst"; calls = "100"; per = "10s"; scope = "connection"; }
	);
	objects = (
	  { name = "contacts"; label = "Contacts"; label_ja = "コンタクト";
	    operations = ( "list", "ids", "field", "upsert", "update" );
	    page = 100; batch = 100; guarantee = "E1";
	    links = "${host}/contacts/${id}"; }
	);
	lags = { late_commit = "10s"; index_lag = "0s"; clock = "5s";
	         t_land = "30s"; t_visible = "10s"; };
	usual = ( { object = "contacts"; is = "person"; } );
	texts = (
	  { code = "invalid_value";
	    cause = "Acme does not take this value for this field.";
	    remedy = "Correct the value at the source, or map it to another one.";
	    cause_ja = "この値は Acme のこのフィールドに使えない。";
	    remedy_ja = "元の値を直すか、対応付けで置き換える。"; }
	);
);

/* ---- Calls ------------------------------------------------------------------------- */

/* Codes of Acme -> what they mean.  RK_REJECT: nothing was stored. */
static const struct rk_code codes[] = {
	{ "invalid_value", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "unknown_option", RK_REJECT, RK_CAT_PICKLIST },
	{ "duplicate", RK_REJECT, RK_CAT_DUPLICATE },
	{ "bad_token", RK_RESYNC, RK_CAT_OTHER },
	{ NULL, 0, 0 },
};

/* Answers without a known code, by their status; behind it is what most CRMs mean. */
static const struct rk_http_class classes[] = {
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (this is not Acme's API: check host)" },
	{ 0 },
};

/* What {"code", "message", "field"} says. */
static struct rk_fault
fault_of(const struct rk_host *host, const cJSON *error)
{
	struct rk_fault fault = { .code = rk_json_str(host, error, "code"),
	                          .message = rk_json_str(host, error, "message"),
	                          .field = rk_json_str(host, error, "field"),
	                          .category = RK_CAT_OTHER };
	const struct rk_code *known = rk_code_find(codes, fault.code);

	if (known) {
		fault.status = known->status;
		fault.category = known->category;
	}
	return fault;
}

static struct rk_fault
read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = fault_of(host, rk_json_get(answer->root, "error"));

	if (answer->reply.status >= 500)
		fault.status = RK_OK;          /* It may have acted, whatever its code. */
	return fault;
}

/* The key goes as a piece that names it: the connector never sees it. */
static struct rk_call
acme_call(const struct rk_host *host, const char *method, struct rk_text path)
{
	static const struct rk_piece bearer[] = {
		RK_SAYS("Bearer "), RK_SECRET("api_key", RK_ENC_RAW) };
	static const struct rk_header authorization = {
		RK_LIT("Authorization"), bearer, RK_COUNT(bearer) };
	static const struct rk_spend spend = { RK_LIT("burst"), 1 };
	static const struct rk_api api = { classes, read_fault };

	return (struct rk_call){ .api = &api, .method = method,
		.url = rk_textf(host, "%.*s%.*s", RK_S(rk_base_url(host, "host")),
		                RK_S(path)),
		.headers = &authorization, .header_count = 1,
		.spends = &spend, .spend_count = 1 };
}

/* ---- open, auth, describe_fields ------------------------------------------------------ */

static int32_t
acme_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	if (!host->has_setting(host, "api_key"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "api_key is missing");
	return rk_conn_open(host, conn);
}

static int32_t
acme_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	struct rk_call call = acme_call(conn->host, "GET", rk_z("/v1/me"));
	struct rk_answer answer;
	int32_t status = rk_ask_read(conn->host, &call, &answer, err);

	if (status != RK_OK)
		return status;
	account->account = rk_json_str(conn->host, answer.root, "account");
	account->user = rk_json_str(conn->host, answer.root, "user");
	account->expires_ms = -1;
	return RK_OK;
}

#define NO_LIMITS .min_length = -1, .integer_digits = -1, .decimals = -1

static const struct rk_object objects[] = {
	{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
};
static const struct rk_field fields[] = {
	{ .name = RK_LIT("email"), .label = RK_LIT("E-mail"), .type = RK_TEXT, NO_LIMITS,
	  .max_length = 254, .native = RK_LIT("string"),
	  .flags = RK_FIELD_REQUIRED | RK_FIELD_UNIQUE | RK_FIELD_WRITABLE | RK_FIELD_KEY },
	{ .name = RK_LIT("name"), .label = RK_LIT("Name"), .type = RK_TEXT, NO_LIMITS,
	  .max_length = 200, .native = RK_LIT("string"), .flags = RK_FIELD_WRITABLE },
	{ .name = RK_LIT("note"), .label = RK_LIT("Note"), .type = RK_TEXT, NO_LIMITS,
	  .max_length = -1, .native = RK_LIT("string"), .flags = RK_FIELD_WRITABLE },
};

static int32_t
check_object(struct rk_text object, struct rk_err *err)
{
	if (rk_text_is(object, "contacts"))
		return RK_OK;
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "there is no object \"%.*s\"",
	               RK_S(object));
}

static int32_t
acme_describe_fields(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
                     struct rk_err *err)
{
	(void)conn;
	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects);
		return RK_OK;
	}
	schema->fields = fields;
	schema->field_count = RK_COUNT(fields);
	return check_object(object, err);
}

/* ---- list_changed ------------------------------------------------------------------------ */

/* "a,b,c", each as it stands in a URL. */
static struct rk_text
joined(const struct rk_host *host, const struct rk_query *query)
{
	struct rk_text all = rk_z("");

	for (uint64_t i = 0; i < query->value_count; i++)
		all = rk_textf(host, "%.*s%s%.*s", (int)all.len, all.ptr, i ? "," : "",
		               RK_S(rk_url_text(host, query->values[i])));
	return all;
}

static struct rk_text
path_of(const struct rk_host *host, const struct rk_query *query, uint64_t limit)
{
	struct rk_text path, values;
	long long since = query->since_ms == RK_NO_TIME ? 0 : (long long)query->since_ms;

	if (query->mode != RK_BY_WINDOW) {
		values = joined(host, query);
		return rk_textf(host, "/v1/contacts?%s=%.*s&limit=%llu",
		                query->mode == RK_BY_IDS ? "ids" : "emails",
		                (int)values.len, values.ptr, (unsigned long long)limit);
	}
	path = rk_textf(host, "/v1/contacts?updated_since=%lld&limit=%llu", since,
	                (unsigned long long)limit);
	if (query->until_ms != RK_NO_TIME)
		path = rk_textf(host, "%.*s&updated_before=%lld", RK_S(path),
		                (long long)query->until_ms);
	return query->token.len == 0 ? path
		: rk_textf(host, "%.*s&after=%.*s", RK_S(path),
		           RK_S(rk_url_text(host, query->token)));
}

/* The values stand in the order of the query's fields, by name; what Acme does not tell
 * is absent. */
static struct rk_record
record_of(const struct rk_host *host, const struct rk_columns *columns, const cJSON *item)
{
	struct rk_record record = { .id = rk_json_str(host, item, "id"),
	                            .modified_ms = RK_NO_TIME };

	rk_json_int(rk_json_get(item, "updated"), &record.modified_ms);
	record.values = rk_columns_read(host, columns, item, rk_value_plain);
	return record;
}

static int32_t
read_page(const struct rk_host *host, const struct rk_query *query,
          const struct rk_answer *answer, struct rk_page *page, struct rk_err *err)
{
	const cJSON *list;
	struct rk_columns columns = rk_columns_make(host, query->fields, query->field_count);
	struct rk_record *records;
	uint64_t count = 0;
	int32_t status = rk_answer_get(answer, "contacts", cJSON_Array, &list, err);

	if (status != RK_OK)
		return status;
	records = (struct rk_record *)host->alloc(
		host, (rk_json_count(list) + 1) * sizeof *records);
	rk_json_each(item, list)
		records[count++] = record_of(host, &columns, item);
	page->records = records;
	page->record_count = count;
	page->token = rk_json_str(host, answer->root, "next");
	page->more = page->token.len > 0;
	page->source_time_ms = answer->reply.date_ms < 0 ? RK_NO_TIME : answer->reply.date_ms;
	return RK_OK;
}

static int32_t
acme_list_changed(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
                  struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	uint64_t limit = query->limit && query->limit < PAGE_MAX ? query->limit : PAGE_MAX;
	struct rk_call call;
	struct rk_answer answer;
	int32_t status = check_object(query->object, err);

	if (status != RK_OK || (query->mode != RK_BY_WINDOW && query->value_count == 0))
		return status;
	if (query->mode == RK_BY_FIELD && !rk_text_is(query->field, "email"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "contacts are found by email only");
	call = acme_call(host, "GET", path_of(host, query, limit));
	status = rk_ask_read(host, &call, &answer, err);
	return status == RK_OK ? read_page(host, query, &answer, page, err) : status;
}

/* ---- upsert ----------------------------------------------------------------------------------- */

/* A record that the host knows is written by its id, a new one by its key. */
static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	rk_put_open(out, '{');
	if (batch->operation == RK_OP_UPDATE) {
		rk_put_key(out, rk_z("id"));
		rk_put_text(out, row->id);
	}
	rk_put_key(out, rk_z("fields"));
	rk_put_fields(out, batch, row, 0, rk_put_value);
	rk_put_close(out, '}');
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	struct rk_json_out out;
	int32_t status = check_object(w->batch->object, w->err);

	if (status != RK_OK)
		return status;
	if (w->batch->operation != RK_OP_UPSERT && w->batch->operation != RK_OP_UPDATE)
		return rk_fail(w->err, RK_BUG, RK_CAT_BUG, "contacts are upserted or updated");
	*call = acme_call(w->host, "POST", w->batch->operation == RK_OP_UPSERT
	                  ? rk_z("/v1/contacts/upsert") : rk_z("/v1/contacts/update"));
	rk_json_begin(&out, w->host, 256 * w->batch->row_count, RK_JSON_MAX_BYTES);
	rk_put_open(&out, '{');
	rk_put_rows(&out, "contacts", w->batch, put_row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* A good answer: a result a row, in order.  One of another length tells nothing. */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	const cJSON *list = rk_json_get(answer->root, "results");
	uint64_t at = 0;

	if (rk_rows_told(w, list) != RK_OK)
		return RK_BUG;
	rk_json_each(item, list) {
		const cJSON *error = rk_json_get(item, "error");
		struct rk_fault fault = fault_of(w->host, error);
		struct rk_text id = rk_json_str(w->host, item, "id");
		int created = rk_json_bool(rk_json_get(item, "created"), 0);

		if (cJSON_IsObject(error))
			rk_refuse_row(w, at, &fault);
		else if (id.len)
			rk_row_done(w, at, created ? RK_CREATED : RK_UPDATED, id, rk_z(""));
		at++;
	}
	return RK_OK;
}

/* The request as a whole was refused: of several rows the host finds the culprit. */
static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = read_fault(w->host, answer);

	return rk_refuse_rest(w, &fault);
}

static int32_t
acme_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
            struct rk_err *err)
{
	static const struct rk_writer writer = { PAGE_MAX, prepare, taken, refused };

	return rk_write(&writer, conn->host, batch, result, err);
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = acme_manifest,
	.open = acme_open, .auth = acme_auth, .describe_fields = acme_describe_fields,
	.list_changed = acme_list_changed, .upsert = acme_upsert, .close = rk_conn_close,
};
