/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: everything, a window of changes, ids, or values of a
 * field.  Each call goes on from its token alone.  Called through the table of
 * kintone.c. */
#include "kintone.h"

#define PAGE_MAX  500u
#define MINUTE_MS INT64_C(60000)

/* Where a listing stands; text of a token. */
struct cursor {
	int64_t source_ms;             /* The clock of the first answer.      */
	int64_t last_id;
	int64_t offset;                /* Ids and values that are done.       */
	struct rk_text updated;        /* Code of the UPDATED_TIME field.     */
};

struct listing {
	const struct rk_host *host;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	struct cursor at;
	struct rk_columns columns;
	uint64_t limit, values;        /* Rows asked for; values in this page. */
};

static int
cursor_parse(const struct rk_host *host, struct rk_text token, struct cursor *c)
{
	struct rk_text text = rk_textf(host, "%.*s", RK_S(token));
	long long n[3];
	int end = 0;

	if (sscanf(text.ptr, "K1 %lld %lld %lld%n", &n[0], &n[1], &n[2], &end) != 3 ||
	    !end || text.ptr[end] != ' ' || n[1] < 0 || n[2] < 0)
		return 0;
	c->source_ms = n[0];
	c->last_id = n[1];
	c->offset = n[2];
	c->updated = rk_z(text.ptr + end + 1);
	return c->updated.len != 0;
}

/* The code of the UPDATED_TIME field differs by language and by app: found by its
 * type among the wanted fields, else in the form. */
static int32_t
find_updated(struct listing *l)
{
	struct rk_answer answer;
	const cJSON *properties;
	int32_t status;

	for (uint64_t i = 0; i < l->query->field_count; i++)
		if (rk_text_is(l->query->fields[i].native, "UPDATED_TIME"))
			l->at.updated = l->query->fields[i].name;
	if (l->at.updated.len)
		return RK_OK;
	status = kintone_ask_fields(l->host, l->query->object, &answer, &properties,
	                            l->err);
	if (status != RK_OK)
		return status;
	if (answer.reply.date_ms >= 0)
		l->at.source_ms = answer.reply.date_ms;
	rk_json_each(property, properties)
		if (rk_text_is(rk_json_str(l->host, property, "type"), "UPDATED_TIME"))
			l->at.updated = rk_z(property->string);
	if (l->at.updated.len == 0)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		               "the app has no UPDATED_TIME field");
	return RK_OK;
}

/* A text of the query language: in double quotes, \ and " escaped; raw tabs and
 * line ends inside of quotes are syntax errors (measured). */
static struct rk_text
query_text(const struct rk_host *host, struct rk_text text)
{
	static const char from[] = "\"\\\t\n\r", to[] = "\"\\tnr";
	char *out = host->alloc(host, text.len * 2 + 3);
	uint64_t len = 0;

	out[len++] = '"';
	for (uint64_t i = 0; i < text.len; i++) {
		const char *special = text.ptr[i] ? strchr(from, text.ptr[i]) : NULL;

		if (special)
			out[len++] = '\\';
		out[len++] = special ? to[special - from] : text.ptr[i];
	}
	out[len++] = '"';
	return rk_text_of(out, len);
}

/* Times compare by the minute that the service keeps: since rounds down, until up,
 * so that both ends may repeat a record and never lose one. */
static struct rk_text
window_condition(struct listing *l)
{
	const struct rk_host *host = l->host;
	int64_t since = l->query->since_ms, until = l->query->until_ms;
	struct rk_text name = l->at.updated, from = rk_z(""), to = rk_z("");

	if (since != RK_NO_TIME) {
		since = since < 0 ? 0 : since / MINUTE_MS * MINUTE_MS;
		from = rk_textf(host, "%.*s >= \"%s\"", RK_S(name),
		                rk_time_text(host, since, 0).ptr);
	}
	if (until != RK_NO_TIME) {
		until = (until + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
		to = rk_textf(host, "%.*s < \"%s\"", RK_S(name),
		              rk_time_text(host, until, 0).ptr);
	}
	if (from.len + to.len == 0)
		return from;
	return rk_textf(host, "(%.*s%s%.*s) and ", RK_S(from),
	                from.len && to.len ? " and " : "", RK_S(to));
}

/* Dates and times know no "in". */
static int
compares_only(const struct rk_field *field)
{
	return field && (field->type == RK_DATE || field->type == RK_TIME ||
	                 field->type == RK_DATETIME);
}

/* NAME in ("a","b"), or (NAME = "a" or NAME = "b"), of the next values.  A list of
 * values that comes out of a URL or a record is text: it cannot leave its quotes. */
static struct rk_text
values_condition(struct listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text name = query->mode == RK_BY_IDS ? rk_z("$id") : query->field;
	int equals = compares_only(
		rk_field_find(query->fields, query->field_count, name));
	struct rk_json_out out;          /* Used as a plain buffer. */

	rk_json_begin(&out, l->host, 4096, KINTONE_BODY_MAX);
	rk_put_bytes(&out, "(", 1);
	for (uint64_t i = 0; i < l->values; i++) {
		struct rk_text value = query_text(l->host,
		                       query->values[(uint64_t)l->at.offset + i]);

		if (i == 0 || equals)
			rk_put_bytes(&out, i ? " or " : "", i ? 4 : 0);
		if (i == 0 || equals)
			rk_put_bytes(&out, name.ptr, name.len);
		if (i == 0 || equals)
			rk_put_bytes(&out, equals ? " = " : " in (", equals ? 3 : 5);
		if (i && !equals)
			rk_put_bytes(&out, ",", 1);
		rk_put_bytes(&out, value.ptr, value.len);
	}
	rk_put_bytes(&out, "))", equals ? 1 : 2);
	rk_put_bytes(&out, " and ", 5);
	return rk_text_of(out.buf, out.len);
}

/* {"app":5,"fields":["$id","$revision",...],"query":"... order by $id asc limit n"};
 * keyset paging by $id, since an offset ends at 10,000. */
static struct rk_text
listing_body(struct listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text condition = query->mode == RK_BY_WINDOW ? window_condition(l)
	                                                       : values_condition(l);
	struct rk_text tail = rk_textf(l->host, "$id > %lld order by $id asc limit %llu",
	                      (long long)l->at.last_id, (unsigned long long)l->limit);
	char *text = l->host->alloc(l->host, condition.len + tail.len);
	struct rk_json_out out;

	if (condition.len)
		memcpy(text, condition.ptr, condition.len);
	memcpy(text + condition.len, tail.ptr, tail.len);
	rk_json_begin(&out, l->host, 4096, KINTONE_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "app");
	kintone_put_app(&out, query->object);
	rk_put_name(&out, "fields");
	rk_put_open(&out, '[');
	rk_put_text(&out, rk_z("$id"));
	rk_put_text(&out, rk_z("$revision"));
	rk_put_text(&out, l->at.updated);
	for (uint64_t i = 0; i < query->field_count; i++)
		if (!rk_text_eq(query->fields[i].name, l->at.updated))
			rk_put_text(&out, query->fields[i].name);
	rk_put_close(&out, ']');
	rk_put_pair(&out, "query", rk_text_of(text, condition.len + tail.len));
	rk_put_close(&out, '}');
	return rk_text_of(out.buf, out.len);
}

static struct rk_text
guest_link(const struct rk_host *host, struct rk_text app, struct rk_text id)
{
	struct rk_text base = rk_base_url(host, "host");
	struct rk_text guest = host->setting(host, "guest_space");

	if (guest.len == 0)
		return guest;
	return rk_textf(host, "%.*s/k/guest/%.*s/%.*s/show#record=%.*s", RK_S(base),
	                RK_S(guest), RK_S(app), RK_S(id));
}

/* Reads one record in one pass over its fields; moves the last id on.
 *
 * Shape:  {"$id":{"type":"__ID__","value":"41"},"$revision":{..},CODE:{"type":..,
 *         "value":..}}
 * Errors: RK_BUG if the id is missing or not above the one before. */
static int32_t
read_record(struct listing *l, const cJSON *item, struct rk_record *record)
{
	const struct rk_host *host = l->host;
	struct rk_value *values = host->alloc(host,
	                          (l->query->field_count + 1) * sizeof *values);
	int64_t id = 0, slot;

	record->values = values;
	record->modified_ms = RK_NO_TIME;
	rk_json_each(field, item) {
		const cJSON *value = rk_json_get(field, "value");
		struct rk_text name = rk_z(field->string);

		if (rk_text_is(name, "$id"))
			record->id = rk_json_text(host, value, NULL);
		if (rk_text_is(name, "$revision"))
			record->version = rk_json_text(host, value, NULL);
		if (rk_text_eq(name, l->at.updated))
			rk_time_parse(rk_json_text(host, value, NULL),
			              &record->modified_ms);
		slot = rk_columns_find(&l->columns, name.ptr, name.len);
		if (slot >= 0)
			values[slot] = kintone_read_cell(host, &l->query->fields[slot],
			                                 value);
	}
	if (!rk_text_int(record->id, &id) || id <= l->at.last_id)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		               "records: $id \"%.*s\" does not follow %lld",
		               RK_S(record->id), (long long)l->at.last_id);
	l->at.last_id = id;
	record->link = guest_link(host, l->query->object, record->id);
	return RK_OK;
}

/* A filter that met too many records is answered 200 and cut short; only a header
 * says so. */
static int32_t
check_whole(const struct rk_reply *reply, struct rk_err *err)
{
	for (uint64_t i = 0; i < reply->header_count; i++)
		if (rk_text_is(reply->headers[i].name, "x-cybozu-warning") &&
		    reply->headers[i].piece_count &&
		    rk_text_find(reply->headers[i].pieces[0].text, "aborted"))
			return rk_fail(err, RK_BUG, RK_CAT_BUG, "records: %.*s",
			               RK_S(reply->headers[i].pieces[0].text));
	return RK_OK;
}

static int32_t
read_page(struct listing *l)
{
	struct call call = { .api = "records.json", .object = l->query->object };
	struct rk_record *records;
	struct rk_answer answer;
	const cJSON *list;
	uint64_t count;
	int32_t status;

	call.body = listing_body(l);
	status = kintone_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = check_whole(&answer.reply, l->err);
	if (status != RK_OK)
		return status;
	list = rk_json_get(answer.root, "records");
	count = rk_json_count(list);
	if (!rk_json_is(list, cJSON_Array) || count > l->limit)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		               "records.json: no list \"records\" "
		               "of at most %llu",
		               (unsigned long long)l->limit);
	if (l->at.source_ms == RK_NO_TIME && answer.reply.date_ms >= 0)
		l->at.source_ms = answer.reply.date_ms;
	records = l->host->alloc(l->host, (count + 1) * sizeof *records);
	rk_json_each(item, list) {
		status = read_record(l, item, &records[l->page->record_count++]);
		if (status != RK_OK)
			return status;
	}
	l->page->records = records;
	l->page->more = count == l->limit;
	return RK_OK;
}

static uint64_t
values_left(const struct listing *l)
{
	uint64_t done = (uint64_t)l->at.offset, all = l->query->value_count;
	uint64_t left = done < all ? all - done : 0;
	uint64_t most = l->query->mode == RK_BY_IDS ? l->limit : KINTONE_BATCH_MAX;

	return left < most ? left : most;
}

/* The values of this page are done when it was short; an id is one record at most. */
static void
next_values(struct listing *l)
{
	if (l->page->more && l->query->mode != RK_BY_IDS)
		return;
	l->at.offset += (int64_t)l->values;
	l->at.last_id = 0;
	l->page->more = values_left(l) != 0;
}

/* The open minute may still change under the same stamp, and one more is left for
 * clocks: what lies before is final. */
static void
finish_page(struct listing *l)
{
	struct rk_page *page = l->page;
	int64_t source = l->at.source_ms;

	page->token = rk_z("");
	if (page->more)
		page->token = rk_textf(l->host, "K1 %lld %lld %lld %.*s",
		                       (long long)source, (long long)l->at.last_id,
		                       (long long)l->at.offset, RK_S(l->at.updated));
	page->wait_ms = 0;
	page->source_time_ms = source;
	page->safe_until_ms = source == RK_NO_TIME ? RK_NO_TIME
	                    : source / MINUTE_MS * MINUTE_MS - MINUTE_MS;
}

int32_t
kintone_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	struct listing l = { .host = conn->host,
		             .query = query,
		             .page = page,
		             .err = err,
		             .at = { .source_ms = RK_NO_TIME },
		             .limit = query->limit && query->limit < PAGE_MAX
		                              ? query->limit
		                              : PAGE_MAX };
	int32_t status = kintone_check_app(query->object, err);

	if (status != RK_OK)
		return status;
	if (query->token.len && !cursor_parse(conn->host, query->token, &l.at))
		return rk_fail(err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is not of this query");
	page->record_count = 0;
	page->records = NULL;
	page->more = 0;
	l.values = query->mode == RK_BY_WINDOW ? 0 : values_left(&l);
	if (query->mode != RK_BY_WINDOW && l.values == 0) {
		finish_page(&l);
		return RK_OK;
	}
	if (l.at.updated.len == 0)
		status = find_updated(&l);
	if (status != RK_OK)
		return status;
	l.columns = rk_columns_make(conn->host, query->fields, query->field_count);
	status = read_page(&l);
	if (status != RK_OK)
		return status;
	if (query->mode != RK_BY_WINDOW)
		next_values(&l);
	finish_page(&l);
	return RK_OK;
}
