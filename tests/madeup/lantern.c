/* SPDX-License-Identifier: MIT-0
 *
 * lantern.c - the connector of Lantern, a CRM that there is not: people, read and written
 * over its API (api.md).  Written from the guide, the headers and that page alone, by
 * someone who was shown nothing else; tests/certify shows that it certifies.
 *
 *     GET  /api/2/whoami, /api/2/people/fields
 *     GET  /api/2/people?page_size=N[&changed_since=][&changed_before=][&page_token=]
 *     GET  /api/2/people/by-id?ids=    POST /api/2/people/find    (reads, both)
 *     POST /api/2/people/upsert, /change, /archive
 *
 * "API:" in a comment names the chapter of Lantern's own page that a fact comes from;
 * "guess:" marks one that the page does not tell. */
#include <renkei/connection.h>
#include <renkei/http.h>
#include <renkei/listing.h>
#include <renkei/manifest.h>
#include <renkei/writing.h>

#define PAGE_MAX  50               /* API: Reading; also ids and values of one call. */
#define BATCH_MAX 25               /* API: Writing. */
#define LATE_MS   5000             /* API: Reading, "up to 5 seconds late". */

/* API: Limits: per site, thus scope "host".  guess: clock, t_land, t_visible. */
RK_MANIFEST(lantern_manifest,
	name = "lantern"; title = "Lantern"; version = "0.1.0"; vendor = "Lantern";
	licence = "MIT-0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+/*";
	    hint = "Address of your Lantern site, with https:// and without a path";
	    hint_ja = "Lantern のサイトのアドレス。https:// を付け、パスは付けない";
	    example = "https://yoursite.lantern.example"; },
	  { name = "key"; type = "secret"; required = true;
	    hint = "A key of that site with people.read and people.write";
	    hint_ja = "people.read と people.write の権限を持つ、そのサイトのキー";
	    example = "env:LANTERN_KEY"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "second"; calls = "20"; per = "1s"; scope = "host"; },
	  { name = "day"; calls = "50000"; per = "1d"; scope = "host";
	    resets = "00:00"; zone = "UTC"; told_left = "x-lantern-day-left"; }
	);
	objects = (
	  { name = "people"; label = "People"; label_ja = "人";
	    operations = ( "list", "ids", "field", "upsert", "update", "archive" );
	    page = 50; batch = 25; guarantee = "E1";
	    read_scopes = ( "people.read" ); write_scopes = ( "people.write" );
	    links = "${host}/people/${id}"; }
	);
	lags = { late_commit = "5s"; index_lag = "5s"; clock = "5s";
	         t_land = "30s"; t_visible = "10s"; };
	texts = (
	  { code = "taken";
	    cause = "Another person in Lantern holds this value of a unique field.";
	    remedy = "Correct one of the two, or merge them.";
	    cause_ja = "一意であるべきこの値を、Lantern の別の人がすでに持っている。";
	    remedy_ja = "どちらかを直すか、一つにまとめる。"; },
	  { code = "missing";
	    cause = "A field that Lantern requires has no value.";
	    remedy = "Fill it in at the source, or map a default.";
	    cause_ja = "Lantern の必須フィールドに値がない。";
	    remedy_ja = "元の値を入れるか、既定値を対応付ける。"; },
	  { code = "no_such_person";
	    cause = "The person is not in Lantern any more, or is archived.";
	    remedy = "Restore the person in Lantern, or let go of the link.";
	    cause_ja = "この人は Lantern にもういないか、アーカイブされている。";
	    remedy_ja = "Lantern で戻すか、リンクを外す。"; }
	);
);

/* ---- Calls ------------------------------------------------------------------------- */

/* API: Errors, Limits. */
static const struct rk_code codes[] = {
	{ "missing too_long bad_format", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "bad_option", RK_REJECT, RK_CAT_PICKLIST },
	{ "taken", RK_REJECT, RK_CAT_DUPLICATE },
	{ "unknown_field", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "no_such_person malformed", RK_REJECT, RK_CAT_OTHER },
	{ "bad_key", RK_PAUSE, RK_CAT_AUTH },
	{ "not_allowed", RK_PAUSE, RK_CAT_PERMISSION },
	{ "no_such_path", RK_PAUSE, RK_CAT_CONFIG },
	{ "page_token_expired", RK_RESYNC, RK_CAT_OTHER },
	{ "slow_down", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "allowance_used", RK_HOLD, RK_CAT_QUOTA },
	{ NULL, 0, 0 },
};

/* What else a status means, most CRMs mean by it: rk_http_class_find(). */
static const struct rk_http_class classes[] = {
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (this is not Lantern's API: check host)" },
	{ 0 },
};

/* guess: "holder" stands beside "code". */
static struct rk_fault
fault_of(const struct rk_host *host, const cJSON *error)
{
	struct rk_fault fault = { .code = rk_json_str(host, error, "code"),
	                          .message = rk_json_str(host, error, "message"),
	                          .field = rk_json_str(host, error, "field"),
	                          .other_id = rk_json_str(host, error, "holder"),
	                          .category = RK_CAT_OTHER };
	const struct rk_code *known = rk_code_find(codes, fault.code);

	if (known) {
		fault.status = known->status;
		fault.category = known->category;
	}
	return fault;
}

/* API: Errors: only below 500 it is sure that nothing was stored, whatever the code. */
static struct rk_fault
read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = fault_of(host, rk_json_get(answer->root, "error"));

	if (answer->reply.status < 400 || answer->reply.status >= 500) {
		fault.status = RK_OK;
		fault.category = RK_CAT_OTHER;
	}
	return fault;
}

/* API: Access. */
static struct rk_call
lantern_call(const struct rk_host *host, const char *method, struct rk_text path)
{
	static const struct rk_piece key[] = { RK_SECRET("key", RK_ENC_RAW) };
	static const struct rk_header header = { RK_LIT("X-Lantern-Key"), key, RK_COUNT(key) };
	static const struct rk_spend spends[] = { { RK_LIT("second"), 1 }, { RK_LIT("day"), 1 } };
	static const struct rk_api api = { classes, read_fault };
	struct rk_text base = rk_base_url(host, "host");

	return (struct rk_call){ .api = &api, .method = method,
		.url = rk_textf(host, "%.*s%.*s", (int)base.len, base.ptr, (int)path.len, path.ptr),
		.headers = &header, .header_count = 1,
		.spends = spends, .spend_count = RK_COUNT(spends) };
}

static int32_t
check_object(struct rk_text object, struct rk_err *err)
{
	if (rk_text_is(object, "people"))
		return RK_OK;
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "there is no object \"%.*s\"",
	               RK_S(object));
}

/* ---- open, auth, describe_fields --------------------------------------------------- */

static int32_t
lantern_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	if (!host->has_setting(host, "key"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "key is missing");
	return rk_conn_open(host, conn);
}

static int32_t
lantern_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	static const char *const scopes[] = { "people.read", "people.write" };
	const struct rk_host *host = conn->host;
	struct rk_call call = lantern_call(host, "GET", rk_z("/api/2/whoami"));
	struct rk_answer answer;
	const cJSON *may;
	int32_t status = rk_ask_read(host, &call, &answer, err);

	if (status == RK_OK)
		status = rk_answer_get(&answer, "may", cJSON_Array, &may, err);
	if (status != RK_OK)
		return status;
	account->account = rk_json_str(host, answer.root, "site");
	account->user = rk_json_str(host, answer.root, "user");
	account->zone = rk_json_str(host, answer.root, "time_zone");
	account->expires_ms = -1;
	rk_grants_read(host, scopes, RK_COUNT(scopes), may,
	               "give the key this right in Lantern", account);
	return RK_OK;
}

/* API: Fields. */
static const struct rk_kind kinds[] = {
	{ "text", "", RK_TEXT, RK_FIELD_WRITABLE, NULL },
	{ "amount", "", RK_DECIMAL, RK_FIELD_WRITABLE, NULL },
	{ "day", "", RK_DATE, RK_FIELD_WRITABLE, NULL },
	{ "moment", "", RK_DATETIME, RK_FIELD_WRITABLE, NULL },
	{ "flag", "", RK_BOOL, RK_FIELD_WRITABLE, NULL },
	{ "option", "", RK_CHOICE, RK_FIELD_WRITABLE, NULL },
	{ "", "", RK_JSON, 0, "this kind of field is not known to the connector" },
};

static void
read_field(const struct rk_host *host, const cJSON *item, struct rk_field *field)
{
	struct rk_text native = rk_json_str(host, item, "kind");
	struct rk_text name = rk_json_str(host, item, "name");

	rk_field_begin(field, rk_kind_find(kinds, native, rk_z("")), name,
	               rk_text_or(rk_json_str(host, item, "label"), name));
	field->native = native;
	field->max_length = rk_json_limit(rk_json_get(item, "longest"));
	field->decimals = (int32_t)rk_json_limit(rk_json_get(item, "decimals"));
	if (rk_json_bool(rk_json_get(item, "required"), 0))
		field->flags |= RK_FIELD_REQUIRED;
	if (rk_json_bool(rk_json_get(item, "unique"), 0))
		field->flags |= RK_FIELD_UNIQUE;
	if (rk_json_bool(rk_json_get(item, "read_only"), 0)) {
		field->flags &= ~RK_FIELD_WRITABLE;
		field->flags |= RK_FIELD_COMPUTED;
	}
	/* API: Writing: "upsert finds by external_key", and nothing else. */
	if (rk_text_is(name, "external_key") && (field->flags & RK_FIELD_UNIQUE) &&
	    (field->flags & RK_FIELD_WRITABLE))
		field->flags |= RK_FIELD_KEY;
	if (field->type == RK_CHOICE)
		rk_options_read(host, rk_json_get(item, "options"), "value", "label", NULL,
		                field);
}

static int32_t
lantern_describe_fields(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
                        struct rk_err *err)
{
	static const struct rk_object objects[] = {
		{ .name = RK_LIT("people"), .label = RK_LIT("People") },
	};
	const struct rk_host *host = conn->host;
	struct rk_field *fields;
	struct rk_call call;
	struct rk_answer answer;
	const cJSON *list;
	uint64_t count = 0;
	int32_t status;

	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects);
		return RK_OK;
	}
	status = check_object(object, err);
	if (status != RK_OK)
		return status;
	call = lantern_call(host, "GET", rk_z("/api/2/people/fields"));
	status = rk_ask_read(host, &call, &answer, err);
	if (status == RK_OK)
		status = rk_answer_get(&answer, "fields", cJSON_Array, &list, err);
	if (status != RK_OK)
		return status;
	fields = (struct rk_field *)host->alloc(host, (rk_json_count(list) + 1) * sizeof *fields);
	rk_json_each(item, list)
		read_field(host, item, &fields[count++]);
	schema->fields = fields;
	schema->field_count = count;
	return RK_OK;
}

/* ---- list_changed ------------------------------------------------------------------ */

/* API: Fields: null is no value; "" is a text, which rk_value_plain would make null. */
static struct rk_value
read_value(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	struct rk_value value;

	if (field->type != RK_TEXT || !rk_json_is(item, cJSON_String))
		return rk_value_plain(host, field, item);
	value = rk_value_of(RK_TEXT, rk_z(""));
	value.text = rk_json_text(host, item, &value.flags);
	return value;
}

static int32_t
read_person(struct rk_listing *l, const cJSON *item)
{
	struct rk_record *record = rk_listing_add(l, rk_json_get(item, "fields"));

	record->id = rk_json_str(l->host, item, "person_id");
	record->link = rk_json_str(l->host, item, "url");
	if (record->id.len == 0 || !rk_json_is(rk_json_get(item, "fields"), cJSON_Object))
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		               "a person without person_id or fields");
	if (!rk_time_parse(rk_json_str(l->host, item, "changed_at"), &record->modified_ms))
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "a person without changed_at");
	return RK_OK;
}

/* The clock of a listing's first answer; server_time is finer than the Date header. */
static int32_t
ask_people(struct rk_listing *l, struct rk_call *call, struct rk_answer *answer)
{
	int first = l->at.source_ms == RK_NO_TIME;
	int32_t status = rk_listing_ask(l, call, "people", l->limit, read_person, answer);
	int64_t ms;

	if (status == RK_OK && first &&
	    rk_time_parse(rk_json_str(l->host, answer->root, "server_time"), &ms))
		l->at.source_ms = ms;
	return status;
}

static struct rk_text
with_moment(const struct rk_host *host, struct rk_text path, const char *name, int64_t ms)
{
	return ms == RK_NO_TIME ? path
		: rk_textf(host, "%.*s&%s=%.*s", RK_S(path), name,
		           RK_S(rk_url_text(host, rk_time_text(host, ms, 1))));
}

static int32_t
list_window(struct rk_listing *l)
{
	const struct rk_host *host = l->host;
	struct rk_text path = rk_textf(host, "/api/2/people?page_size=%llu",
	                               (unsigned long long)l->limit);
	struct rk_call call;
	struct rk_answer answer;
	const cJSON *next;
	int32_t status;

	path = with_moment(host, path, "changed_since", l->query->since_ms);
	path = with_moment(host, path, "changed_before", l->query->until_ms);
	if (l->at.note.len)
		path = rk_textf(host, "%.*s&page_token=%.*s", RK_S(path),
		                RK_S(rk_url_text(host, l->at.note)));
	call = lantern_call(host, "GET", path);
	status = ask_people(l, &call, &answer);
	if (status != RK_OK)
		return status;
	next = rk_json_get(answer.root, "next_page_token");
	if (!next || rk_json_is(next, cJSON_NULL)) {
		rk_listing_more(l, 0);
		return RK_OK;
	}
	if (!rk_json_is(next, cJSON_String) || !*next->valuestring)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "next_page_token is no text");
	rk_listing_more(l, 1);
	return rk_listing_follow(l, rk_z(next->valuestring));
}

/* API: A person: person_id is digits; nobody has another one, and a comma would part it. */
static int
is_person_id(struct rk_text id)
{
	for (uint64_t i = 0; i < id.len; i++)
		if (id.ptr[i] < '0' || id.ptr[i] > '9')
			return 0;
	return id.len > 0;
}

static int32_t
read_ids(struct rk_listing *l, const struct rk_text *ids, uint64_t count)
{
	struct rk_json_out path;
	struct rk_call call;
	struct rk_answer answer;
	uint64_t told = 0;

	rk_json_begin(&path, l->host, 64 + count * 16, RK_JSON_MAX_BYTES);
	rk_putf(&path, "/api/2/people/by-id?ids=");
	for (uint64_t i = 0; i < count; i++) {
		if (!is_person_id(ids[i]))
			continue;
		rk_putf(&path, "%s%.*s", told++ ? "," : "",
		        RK_S(rk_url_text(l->host, ids[i])));
	}
	if (told == 0)
		return RK_OK;
	call = lantern_call(l->host, "GET", rk_text_of(path.buf, path.len));
	return ask_people(l, &call, &answer);
}

static int32_t
read_found(struct rk_listing *l, const struct rk_text *values, uint64_t count)
{
	struct rk_call call = lantern_call(l->host, "POST", rk_z("/api/2/people/find"));
	struct rk_json_out out;
	struct rk_answer answer;
	int32_t status;

	rk_json_begin(&out, l->host, 64 + count * 32, RK_JSON_MAX_BYTES);
	rk_put_open(&out, '{');
	rk_put_pair(&out, "field", l->query->field);
	rk_put_texts(&out, "any_of", values, count);
	rk_put_close(&out, '}');
	status = rk_json_end(&out, &call.body, l->err);
	return status == RK_OK ? ask_people(l, &call, &answer) : status;
}

static int32_t
lantern_list_changed(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
                     struct rk_err *err)
{
	struct rk_listing l = { .host = conn->host, .query = query, .page = page, .err = err,
	                        .read = read_value };
	int by_window = query->mode == RK_BY_WINDOW;
	uint64_t most = by_window ? PAGE_MAX : query->limit > PAGE_MAX ? query->limit : PAGE_MAX;
	int32_t status = check_object(query->object, err);

	if (status == RK_OK && query->mode > RK_BY_FIELD)
		status = rk_fail(err, RK_BUG, RK_CAT_BUG, "mode %u is not known", query->mode);
	if (status == RK_OK)
		status = rk_listing_begin(&l, by_window ? 'w' : 'v', most);
	if (status == RK_OK)
		status = by_window ? list_window(&l)
			: rk_listing_ids(&l, query->values, query->value_count, PAGE_MAX,
			                 query->mode == RK_BY_IDS ? read_ids : read_found);
	return status == RK_OK ? rk_listing_end(&l, 1, LATE_MS) : status;
}

/* ---- upsert ------------------------------------------------------------------------ */

/* API: Fields: amounts, days and moments are texts. */
static void
put_value(struct rk_json_out *out, const struct rk_field *field, const struct rk_value *value)
{
	(void)field;
	if (value->type == RK_NULL)
		rk_put_raw(out, rk_z("null"));
	else if (value->type == RK_BOOL)
		rk_put_raw(out, rk_z(value->number ? "true" : "false"));
	else
		rk_put_text(out, rk_value_text(out->host, value, 1));
}

static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	rk_put_open(out, '{');
	rk_put_pair(out, "ref", row->trace);
	if (batch->operation != RK_OP_UPSERT)
		rk_put_pair(out, "person_id", row->id);
	if (batch->operation != RK_OP_ARCHIVE) {
		rk_put_name(out, "fields");
		rk_put_fields(out, batch, row, 0, put_value);
	}
	rk_put_close(out, '}');
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	const struct rk_batch *batch = w->batch;
	const char *path = batch->operation == RK_OP_UPSERT ? "/api/2/people/upsert"
	                 : batch->operation == RK_OP_UPDATE ? "/api/2/people/change"
	                 : batch->operation == RK_OP_ARCHIVE ? "/api/2/people/archive" : NULL;
	struct rk_json_out out;
	int32_t status = check_object(batch->object, w->err);

	if (status != RK_OK)
		return status;
	if (!path)
		return rk_fail(w->err, RK_BUG, RK_CAT_BUG, "operation %u cannot be done",
		               batch->operation);
	if (batch->operation == RK_OP_UPSERT &&
	    !rk_text_is(batch->key_field->name, "external_key"))
		return rk_fail(w->err, RK_PAUSE, RK_CAT_CONFIG,
		               "people are upserted by external_key, not by \"%.*s\"",
		               RK_S(batch->key_field->name));
	*call = lantern_call(w->host, "POST", rk_z(path));
	rk_json_begin(&out, w->host, 64 + 256 * batch->row_count, RK_JSON_MAX_BYTES);
	rk_put_open(&out, '{');
	if (batch->operation == RK_OP_UPSERT)
		rk_put_pair(&out, "match_on", batch->key_field->name);
	rk_put_rows(&out, "items", batch, put_row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* RK_UNKNOWN: a word that this operation does not answer. */
static int32_t
outcome_of(uint32_t operation, struct rk_text word)
{
	if (operation == RK_OP_ARCHIVE)
		return rk_text_is(word, "archived") ? RK_ARCHIVED : RK_UNKNOWN;
	return rk_text_is(word, "updated") ? RK_UPDATED
	     : rk_text_is(word, "unchanged") ? RK_UNCHANGED
	     : operation == RK_OP_UPSERT && rk_text_is(word, "created") ? RK_CREATED
	     : RK_UNKNOWN;
}

/* API: Writing: the items come in any order, and ref tells which is which. */
static void
take_item(struct rk_writing *w, const cJSON *item)
{
	struct rk_naming by = { .trace = rk_json_str(w->host, item, "ref") };
	struct rk_text id = rk_json_str(w->host, item, "person_id");
	const cJSON *error = rk_json_get(item, "error");
	int32_t outcome = outcome_of(w->batch->operation, rk_json_str(w->host, item, "outcome"));
	int64_t at = by.trace.len ? rk_row_find(w, &by) : -1;

	if (at < 0)
		return;
	if (rk_json_is(error, cJSON_Object) && outcome == RK_UNKNOWN) {
		struct rk_fault fault = fault_of(w->host, error);

		rk_refuse_row(w, (uint64_t)at, &fault);
	} else if (outcome != RK_UNKNOWN && id.len &&
	           (!error || rk_json_is(error, cJSON_NULL)) &&
	           (w->batch->operation == RK_OP_UPSERT ||
	            rk_text_eq(id, w->batch->rows[at].id))) {
		rk_row_done(w, (uint64_t)at, outcome, id, rk_z(""));
	}
}

static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	const cJSON *list;
	int32_t status = rk_answer_get(answer, "items", cJSON_Array, &list, w->err);

	if (status != RK_OK) {
		w->err->maybe_sent = 1;
		return status;
	}
	rk_json_each(item, list)
		take_item(w, item);
	return RK_OK;
}

/* API: Errors: nothing was stored, and no row is named. */
static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = read_fault(w->host, answer);

	return rk_refuse_rest(w, &fault);
}

static int32_t
lantern_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
               struct rk_err *err)
{
	static const struct rk_writer writer = { BATCH_MAX, prepare, taken, refused };

	return rk_write(&writer, conn->host, batch, result, err);
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = lantern_manifest,
	.open = lantern_open, .auth = lantern_auth, .describe_fields = lantern_describe_fields,
	.list_changed = lantern_list_changed, .upsert = lantern_upsert, .close = rk_conn_close,
};
