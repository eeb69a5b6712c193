/* SPDX-License-Identifier: MIT-0
 *
 * sample.c - the smallest connector that does everything: it reads and writes the
 * contacts of a made-up CRM with a plain JSON API.  Begin with a copy of it.
 *
 *     GET  /me                        {"account": string, "user": string}
 *     GET  /contacts?since=MS&after=TOKEN&limit=N
 *                                     {"contacts": [{"id", "modified", "email",
 *                                       "name"}...], "next": TOKEN or missing}
 *     GET  /contacts?ids=ID,ID        the same, of these ids
 *     GET  /contacts?emails=TEXT,TEXT the same, of these addresses
 *     POST /contacts                  [{"email", "name"}...] -> [{"id", "created"}
 *                                       or {"error"}...], one a row, in order
 *     PUT  /contacts                  the same, each with the "id" of its record */
#include <renkei/http.h>
#include <renkei/manifest.h>
#include <renkei/values.h>

RK_MANIFEST(sample_manifest,
	name = "sample"; title = "Sample CRM"; version = "1.0.0"; vendor = "renkei";
	licence = "MIT-0"; abi = 1;
	settings = (
		{ name = "host"; type = "url"; required = true;
		  hint = "Address of the CRM"; example = "https://crm.example"; },
		{ name = "token"; type = "secret"; required = true; hint = "Access token"; }
	);
	hosts = ( "${host}" );
	objects = (
		{ name = "contacts"; label = "Contacts"; operations = ( "list", "ids", "field", "upsert",
		  "update" );
		  page = 100; batch = 100; guarantee = "E1"; }
	);
);

struct rk_conn {
	const struct rk_host *host;
	struct rk_text base;
};

/* Host and connection live as long as the process, which serves one connection. */
static struct rk_conn the_conn;

static int32_t
sample_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	the_conn.host = host;
	the_conn.base = rk_base_url(host, "host");
	if (the_conn.base.len == 0)
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "the setting \"host\" is missing");
	*conn = &the_conn;
	return RK_OK;
}

static void
sample_close(struct rk_conn *conn)
{
	(void)conn;
}

/* What an answer's status means.  Only the host waits and tries again. */
static int32_t
judge(const struct rk_reply *reply, struct rk_err *err)
{
	if (reply->status >= 200 && reply->status < 300)
		return RK_OK;
	int32_t status = RK_BUG, category = RK_CAT_BUG;
	if (reply->status == 401 || reply->status == 403) {
		status = RK_PAUSE;
		category = reply->status == 401 ? RK_CAT_AUTH : RK_CAT_PERMISSION;
	} else if (reply->status == 410) {       /* The page token is dead. */
		status = RK_RESYNC;
		category = RK_CAT_OTHER;
	} else if (reply->status == 429) {
		status = RK_AGAIN;
		category = RK_CAT_RATE_LIMIT;
	} else if (reply->status >= 500) {
		status = RK_AGAIN;
		category = RK_CAT_SERVER;
	}
	rk_fail(err, status, category, "HTTP %d", (int)reply->status);
	err->http_status = reply->status;
	err->retry_after_ms = reply->retry_after_ms;
	/* A server that failed may have acted first. */
	err->maybe_sent = reply->status >= 500;
	return status;
}

/* One request, with the token that only the host knows, and its parsed answer. */
static int32_t
ask(struct rk_conn *conn, const char *method, struct rk_text path, struct rk_text body,
    cJSON **root, struct rk_err *err)
{
	static const struct rk_piece bearer[] = {
		{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("Bearer "), { NULL, 0 } },
		{ RK_PIECE_SECRET, RK_ENC_RAW, RK_LIT("token"), { NULL, 0 } },
	};
	static const struct rk_header headers[] = { { RK_LIT("Authorization"), bearer, 2 } };
	const struct rk_piece content = { RK_PIECE_TEXT, RK_ENC_RAW, body, { NULL, 0 } };
	struct rk_request request = {
		.struct_size = sizeof request, .method = rk_z(method),
		.url = rk_textf(conn->host, "%.*s%.*s", RK_S(conn->base), RK_S(path)),
		.headers = headers, .header_count = 1,
		.body = &content, .body_count = body.len > 0,
		.flags = body.len > 0 ? 0 : RK_HTTP_SAFE,
	};
	struct rk_reply reply = { .struct_size = sizeof reply };
	int32_t status = conn->host->http(conn->host, &request, &reply, err);
	if (status == RK_OK)
		status = judge(&reply, err);
	if (status == RK_OK)
		status = rk_json_parse(conn->host, reply.body, root, err);
	else
		return status;
	/* A write whose answer cannot be read may have been done. */
	err->maybe_sent = status != RK_OK && body.len > 0;
	return status;
}

static int32_t
sample_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	cJSON *root;
	int32_t status = ask(conn, "GET", rk_z("/me"), rk_z(""), &root, err);
	if (status != RK_OK)
		return status;
	account->account = rk_json_str(conn->host, root, "account");
	account->user = rk_json_str(conn->host, root, "user");
	return RK_OK;
}

#define ANY .min_length = -1, .max_length = -1, .integer_digits = -1, .decimals = -1

static const struct rk_object objects[] = {
	{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
};
static const struct rk_field fields[] = {
	{ .name = RK_LIT("email"), .label = RK_LIT("E-mail"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_REQUIRED | RK_FIELD_UNIQUE | RK_FIELD_WRITABLE | RK_FIELD_KEY },
	{ .name = RK_LIT("name"), .label = RK_LIT("Name"), .type = RK_TEXT, ANY,
	  .flags = RK_FIELD_WRITABLE },
};

static int32_t
sample_describe(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
                struct rk_err *err)
{
	(void)conn;
	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects);
		return RK_OK;
	}
	if (!rk_text_is(object, "contacts"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "there is no object \"%.*s\"",
		               RK_S(object));
	schema->fields = fields;
	schema->field_count = RK_COUNT(fields);
	return RK_OK;
}

static struct rk_record
record_of(const struct rk_host *host, const struct rk_query *query, const cJSON *item)
{
	struct rk_record record = { .id = rk_json_str(host, item, "id"),
	                            .version = rk_json_str(host, item, "version"),
	                            .modified_ms = RK_NO_TIME };
	rk_json_int(rk_json_get(item, "modified"), &record.modified_ms);
	struct rk_value *values = (struct rk_value *)
		host->alloc(host, query->field_count * sizeof *values);
	for (uint64_t i = 0; i < query->field_count; i++) {
		struct rk_text name = query->fields[i].name;
		const cJSON *value = rk_json_get(item, rk_textf(host, "%.*s", RK_S(name)).ptr);
		if (value == NULL)
			continue;      /* Zeroed is RK_ABSENT: not told. */
		values[i].type = rk_json_is(value, cJSON_NULL) ? RK_NULL : RK_TEXT;
		values[i].text = rk_json_text(host, value, &values[i].flags);
	}
	record.values = values;
	return record;
}

static struct rk_text
path_of(const struct rk_host *host, const struct rk_query *query)
{
	long long since = query->since_ms == RK_NO_TIME ? 0 : (long long)query->since_ms;
	if (query->mode == RK_BY_WINDOW)
		return rk_textf(host, "/contacts?since=%lld&after=%.*s&limit=%llu", since,
		                RK_S(rk_url_text(host, query->token)),
		                (unsigned long long)query->limit);
	struct rk_text all = query->mode == RK_BY_IDS ? rk_z("/contacts?ids=")
	                                              : rk_z("/contacts?emails=");
	for (uint64_t i = 0; i < query->value_count; i++)
		all = rk_textf(host, "%.*s%s%.*s", (int)all.len, all.ptr, i > 0 ? "," : "",
		               RK_S(rk_url_text(host, query->values[i])));
	return all;
}

static int32_t
sample_list(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
            struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	if (query->mode != RK_BY_WINDOW && query->value_count == 0)
		return RK_OK;
	if (query->mode == RK_BY_FIELD && !rk_text_is(query->field, "email"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "contacts are found by email only");
	cJSON *root;
	int32_t status = ask(conn, "GET", path_of(host, query), rk_z(""), &root, err);
	if (status != RK_OK)
		return status;
	const cJSON *contacts = rk_json_get(root, "contacts");
	if (!rk_json_is(contacts, cJSON_Array))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "\"contacts\" is no list");
	struct rk_record *records = (struct rk_record *)
		host->alloc(host, rk_json_count(contacts) * sizeof *records);
	rk_json_each(item, contacts)
		records[page->record_count++] = record_of(host, query, item);
	page->records = records;
	page->token = rk_json_str(host, root, "next");
	page->more = page->token.len > 0;
	return RK_OK;
}

static int32_t
write_rows(struct rk_conn *conn, const struct rk_batch *batch, struct rk_text *body,
           struct rk_err *err)
{
	struct rk_json_out out;
	int by_id = batch->operation == RK_OP_UPDATE;
	struct rk_text key = by_id ? rk_z("id") : batch->key_field->name;
	int has_key = rk_field_find(batch->fields, batch->field_count, key) != NULL;
	rk_json_begin(&out, conn->host, 256 * batch->row_count, RK_JSON_MAX_BYTES);
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < batch->row_count; i++) {
		rk_put_open(&out, '{');
		if (!has_key) {
			rk_put_key(&out, key);
			rk_put_text(&out, by_id ? batch->rows[i].id : batch->rows[i].key->text);
		}
		if (batch->rows[i].version.len > 0) {
			rk_put_key(&out, rk_z("version"));
			rk_put_text(&out, batch->rows[i].version);
		}
		for (uint64_t k = 0; k < batch->field_count; k++) {
			const struct rk_value *value = &batch->rows[i].values[k];
			if (value->type == RK_ABSENT)
				continue;
			rk_put_key(&out, batch->fields[k].name);
			rk_put_text(&out, value->text);
		}
		rk_put_close(&out, '}');
	}
	rk_put_close(&out, ']');
	return rk_json_end(&out, body, err);
}

#ifdef JOBS
/* Gives the rows as a job, or asks what became of the one that was given: it may have
 * acted, whatever becomes of the question. */
static int32_t
job(struct rk_conn *conn, const struct rk_batch *batch, struct rk_text body,
    struct rk_result *result, cJSON **root, struct rk_err *err)
{
	struct rk_text token = batch->token, name = rk_url_text(conn->host, token);
	int32_t status = token.len == 0
		? ask(conn, "POST", rk_z("/jobs"), body, root, err)
		: ask(conn, "GET", rk_textf(conn->host, "/jobs/%.*s", RK_S(name)), rk_z(""), root,
		      err);
	if (status != RK_OK && token.len > 0)
		err->maybe_sent = 1;
	if (status != RK_OK)
		return status;
	if (token.len == 0)
		token = rk_json_str(conn->host, *root, "job");
	*root = cJSON_GetObjectItemCaseSensitive(*root, "results");
	if (rk_json_is(*root, cJSON_Array))
		return RK_OK;
	if (token.len == 0) {
		rk_fail(err, RK_BUG, RK_CAT_BUG, "neither a job nor results");
		err->maybe_sent = 1;
		return RK_BUG;
	}
	result->token = token;
	result->wait_ms = 1000;
	return RK_PENDING;
}
#endif

static int32_t
sample_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
              struct rk_err *err)
{
	struct rk_text body;
	cJSON *root;
	if (batch->row_count == 0)
		return RK_OK;
	int by_id = batch->operation == RK_OP_UPDATE;
	if (!rk_text_is(batch->object, "contacts")
	    || (!by_id && (batch->operation != RK_OP_UPSERT || batch->key_field == NULL)))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "contacts are upserted or updated");
	int32_t status = write_rows(conn, batch, &body, err);
#ifdef JOBS
	if (status == RK_OK && !by_id)
		status = job(conn, batch, body, result, &root, err);
	else
#endif
	if (status == RK_OK)
		status = ask(conn, by_id ? "PUT" : "POST", rk_z("/contacts"), body, &root, err);
	if (status != RK_OK)
		return status;         /* The outcomes stay unknown: the host's rules. */
	uint64_t row = 0;
	rk_json_each(item, root) {
		if (row == batch->row_count) {
			rk_fail(err, RK_BUG, RK_CAT_BUG, "more answers than rows");
			err->maybe_sent = 1;
			return RK_BUG;
		}
		struct rk_outcome *outcome = &result->outcomes[row++];
		outcome->message = rk_json_str(conn->host, item, "error");
		outcome->id = rk_json_str(conn->host, item, "id");
		if (rk_text_is(outcome->message, "conflict")) {
			outcome->status = RK_CONFLICT;
		} else if (outcome->message.len > 0) {
			outcome->status = RK_REJECTED;
			outcome->category = RK_CAT_PROPERTY_VALUE;
		} else if (outcome->id.len > 0) {
			outcome->status = rk_json_bool(rk_json_get(item, "created"), 0)
			                          ? RK_CREATED : RK_UPDATED;
		}
	}
	return RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = sample_manifest,
	.open = sample_open, .auth = sample_auth, .describe_fields = sample_describe,
	.list_changed = sample_list, .upsert = sample_upsert, .close = sample_close,
};
