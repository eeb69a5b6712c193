/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: everything, a window of changes, ids, or values of a
 * field; all in keyset order of $id, since an offset ends at 10,000.  Each call goes on
 * from its token alone.
 *
 * An import may create records with an older time of change, which no window meets.  So a
 * window also holds what has an id above the greatest of the listing before: its last
 * token, of kind 'M', carries that id to the next.  Called through the table of kintone.c. */
#include "kintone.h"

#define PAGE_MAX  500u
#define MINUTE_MS INT64_C(60000)

/* The code of the UPDATED_TIME field differs by language and by app: found by its
 * type among the wanted fields, else in the form; the token keeps it as its note. */
static int32_t
find_updated(struct rk_listing *l)
{
	struct rk_answer answer;
	const cJSON *properties;
	int32_t status;

	for (uint64_t i = 0; i < l->query->field_count && l->at.note.len == 0; i++)
		if (rk_text_is(l->query->fields[i].native, "UPDATED_TIME"))
			l->at.note = rk_z(rk_text_z(l->host, l->query->fields[i].name));
	if (l->at.note.len)
		return RK_OK;
	status = kintone_ask_fields(l->host, l->query->object, &answer, &properties,
	                            l->err);
	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	rk_json_each(property, properties)
		if (rk_text_is(rk_json_str(l->host, property, "type"), "UPDATED_TIME"))
			l->at.note = rk_z(property->string);
	if (l->at.note.len == 0)
		return rk_fail_bug(l->err, "the app has no UPDATED_TIME field");
	return RK_OK;
}

/* Puts a text of the query language, where raw tabs and line ends are syntax errors inside
 * of quotes (measured).  A value out of a URL or a record cannot leave them. */
static void
put_quoted(struct rk_json_out *out, struct rk_text text)
{
	rk_put_quoted(out, '"', text, "\"\\\t\n\r", "\"\\tnr");
}

/* Whether the window is one of a sync, which goes on without an end. */
static int
has_mark(const struct rk_query *query)
{
	return query->mode == RK_BY_WINDOW && query->until_ms == RK_NO_TIME;
}

/* Times compare by the minute that the service keeps: since rounds down, until up,
 * so that both ends may repeat a record and never lose one. */
static void
put_window(struct rk_json_out *out, const struct rk_listing *l)
{
	int64_t since = l->query->since_ms, until = l->query->until_ms;
	const char *before = "(";

	if (since != RK_NO_TIME) {
		since = since < 0 ? 0 : rk_ms_down(since, MINUTE_MS);
		rk_putf(out, "%s%.*s >= \"%s\"", before, RK_S(l->at.note),
		        rk_time_text(l->host, since, 0).ptr);
		before = " and ";
	}
	if (since != RK_NO_TIME && has_mark(l->query))
		rk_putf(out, " or $id > %llu", (unsigned long long)l->at.mark);
	if (until != RK_NO_TIME) {
		rk_putf(out, "%s%.*s < \"%s\"", before, RK_S(l->at.note),
		        rk_time_text(l->host, rk_ms_up(until, MINUTE_MS), 0).ptr);
	}
	if (out->len)
		rk_putf(out, ") and ");
}

/* "CRM-12" is how a record number is shown where the app has a code; 12 is compared. */
static struct rk_text
plain_number(struct rk_text text)
{
	uint64_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != '-')
		at--;
	return rk_text_of(text.ptr + at, text.len - at);
}

/* NAME in ("a","b"), or (NAME = "a" or NAME = "b") for the types that know no "in". */
static void
put_values(struct rk_json_out *out, const struct rk_listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text name = query->mode == RK_BY_IDS ? rk_z("$id") : query->field;
	const struct rk_field *field = rk_field_find(query->fields, query->field_count,
	                                             name);
	int equals = field && (field->type == RK_DATE || field->type == RK_TIME ||
	                       field->type == RK_DATETIME);
	int numbers = field && rk_text_is(field->native, "RECORD_NUMBER");

	rk_putf(out, equals ? "(" : "(%.*s in (", RK_S(name));
	for (uint64_t i = 0; i < l->value_count; i++) {
		if (equals)
			rk_putf(out, "%s%.*s = ", i ? " or " : "", RK_S(name));
		else if (i)
			rk_put_bytes(out, ",", 1);
		put_quoted(out, numbers ? plain_number(l->values[i]) : l->values[i]);
	}
	rk_putf(out, equals ? ") and " : ")) and ");
}

/* One of the hint's values: choices take "in" alone, dates do not take it. */
static void
put_one_of(struct rk_json_out *out, const struct rk_hint *hint, int date)
{
	for (uint64_t i = 0; i < hint->value_count; i++) {
		if (i > 0 && !date)
			rk_put_bytes(out, ",", 1);
		else
			rk_putf(out, "%s%.*s %s", i ? " or " : "(", RK_S(hint->field),
			        date ? "= " : "in (");
		put_quoted(out, hint->values[i]);
	}
	rk_putf(out, date ? ") and " : ")) and ");
}

/* A hint as a condition of the query language, where that compares exactly. */
static void
put_hint(struct rk_json_out *out, const struct rk_listing *l, const struct rk_hint *hint)
{
	const struct rk_field *field = rk_field_find(l->query->fields, l->query->field_count,
	                                             hint->field);
	struct rk_text native = field ? field->native : rk_z("");
	int date = rk_text_is(native, "DATE");
	int choice = rk_text_is(native, "DROP_DOWN") || rk_text_is(native, "RADIO_BUTTON");
	int orders = hint->test == RK_HINT_MOST || hint->test == RK_HINT_LEAST;

	if (!choice && !date && !rk_text_is(native, "NUMBER"))
		return;
	if (hint->test == RK_HINT_IN) {
		put_one_of(out, hint, date);
	} else if (orders && !choice) {
		rk_putf(out, "%.*s %s ", RK_S(hint->field),
		        hint->test == RK_HINT_MOST ? "<=" : ">=");
		put_quoted(out, hint->values[0]);
		rk_putf(out, " and ");
	} else if (!orders && choice) {
		rk_putf(out, "%.*s %s (\"\") and ", RK_S(hint->field),
		        hint->test == RK_HINT_EMPTY ? "in" : "not in");
	}
}

/* {"app":5,"fields":["$id","$revision",...],"query":"... order by $id asc limit n"} */
static struct rk_text
listing_body(struct rk_listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text needed[] = { rk_z("$id"), rk_z("$revision"), l->at.note };
	struct rk_json_out out, text;

	rk_json_begin(&text, l->host, 1024, KINTONE_BODY_MAX);
	if (query->mode == RK_BY_WINDOW)
		put_window(&text, l);
	else
		put_values(&text, l);
	for (uint64_t i = 0; i < rk_hint_count(query); i++)
		put_hint(&text, l, &query->hints[i]);
	rk_putf(&text, "$id > %lld order by $id asc limit %llu",
	        (long long)l->at.last_id, (unsigned long long)l->limit);
	rk_json_begin(&out, l->host, 4096, KINTONE_BODY_MAX);
	rk_putf(&out, "{\"app\":%.*s,%s", RK_S(query->object),
	        rk_listing_is_first(l) && query->since_ms == RK_NO_TIME
	        ? "\"totalCount\":true," : "");
	rk_listing_put_names(l, &out, "fields", needed, RK_COUNT(needed), 1);
	rk_put_pair(&out, "query", rk_text_of(text.buf, text.len));
	rk_put_close(&out, '}');
	return rk_text_of(out.buf, out.len);
}

static struct rk_text
value_of(struct rk_listing *l, const cJSON *item, const char *code)
{
	return rk_json_str(l->host, rk_json_get(item, code), "value");
}

/* The greatest id that the app has now; of none 0. */
static int32_t
ask_greatest(struct rk_listing *l)
{
	struct rk_call call = kintone_call(l->host, "GET", l->query->object,
	                                   "records.json");
	struct rk_json_out out;
	struct rk_answer answer;
	const cJSON *records;
	int32_t status;

	rk_json_begin(&out, l->host, 128, KINTONE_BODY_MAX);
	rk_putf(&out, "{\"app\":%.*s,\"fields\":[\"$id\"],"
	        "\"query\":\"order by $id desc limit 1\"}", RK_S(l->query->object));
	call.body = rk_text_of(out.buf, out.len);
	status = rk_ask_list(l->host, &call, "records", &answer, &records, l->err);
	if (status == RK_OK && records->child)
		status = rk_listing_advance(l, value_of(l, records->child, "$id"));
	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	l->at.mark = (uint64_t)l->at.last_id;
	l->at.last_id = 0;
	return RK_OK;
}

/* Reads one record in one pass over its fields; moves the last id on.  A record of a
 * guest space has an address of its own.
 *
 * Shape:  {"$id":{"type":"__ID__","value":"41"},"$revision":{..},CODE:{"type":..,
 *         "value":..}}
 * Errors: RK_BUG if the id is missing or not above the one before. */
static int32_t
read_record(struct rk_listing *l, const cJSON *item)
{
	struct rk_text guest = l->host->setting(l->host, "guest_space");
	struct rk_record *record = rk_listing_add(l, item);

	record->id = value_of(l, item, "$id");
	record->version = value_of(l, item, "$revision");
	rk_time_parse(value_of(l, item, l->at.note.ptr), &record->modified_ms);
	if (guest.len)
		record->link = rk_textf(l->host,
		                        "%.*s/k/guest/%.*s/%.*s/show#record=%.*s",
		                        RK_S(rk_base_url(l->host, "host")), RK_S(guest),
		                        RK_S(l->query->object), RK_S(record->id));
	return rk_listing_advance(l, record->id);
}

/* A listing that begins takes over the greatest id that the one before has left, or asks
 * for it. */
static int32_t
begin(struct rk_listing *l, struct rk_query *query)
{
	struct rk_cursor left = { .kind = 'M' };
	int marked = query->mode == RK_BY_WINDOW &&
	             rk_cursor_parse(l->host, query->token, &left);
	int32_t status;

	if (marked)
		query->token = rk_z("");
	status = rk_listing_begin(l, 'K', PAGE_MAX);
	if (status != RK_OK || query->token.len)
		return status;
	l->at.mark = left.mark;
	return marked || !has_mark(query) || query->since_ms == RK_NO_TIME
	     ? RK_OK : ask_greatest(l);
}

/* Leaves the greatest id for the next listing; 'status' is that of this one. */
static int32_t
leave_mark(struct rk_listing *l, int32_t status)
{
	struct rk_cursor left = { .kind = 'M', .mark = l->at.mark };

	if (status != RK_OK || l->page->more || !has_mark(l->query))
		return status;
	if ((uint64_t)l->at.last_id > left.mark)
		left.mark = (uint64_t)l->at.last_id;
	l->page->token = rk_cursor_text(l->host, &left);
	return status;
}

/* A filter that met too many records is answered 200 and cut short; only a header
 * says so. */
static int32_t
read_page(struct rk_listing *l)
{
	struct rk_call call = kintone_call(l->host, "GET", l->query->object,
	                                   "records.json");
	uint64_t most = l->query->mode == RK_BY_IDS ? l->limit : KINTONE_BATCH_MAX;
	struct rk_answer answer;
	struct rk_text warning;
	int64_t total;
	int32_t status;

	if (l->query->mode != RK_BY_WINDOW && rk_listing_values(l, most, UINT64_MAX) == 0)
		return RK_OK;
	status = find_updated(l);
	if (status != RK_OK)
		return status;
	call.body = listing_body(l);
	status = rk_listing_ask(l, &call, "records", l->limit, read_record, &answer);
	if (status != RK_OK)
		return status;
	warning = rk_reply_header(&answer.reply, "x-cybozu-warning");
	/* Then everything is listed, without hints. */
	if (rk_text_find(warning, "aborted") && rk_hint_count(l->query) > 0)
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "%.*s", RK_S(warning));
	if (rk_text_find(warning, "aborted"))
		return rk_fail_bug(l->err, "%.*s", RK_S(warning));
	if (rk_listing_is_first(l) &&
	    rk_text_int(rk_json_str(l->host, answer.root, "totalCount"), &total))
		rk_listing_total(l, total);
	rk_listing_more(l, l->page->record_count == l->limit);
	return RK_OK;
}

/* The open minute may still change under the same stamp, and one more is left for
 * clocks: what lies before is final. */
int32_t
kintone_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	struct rk_query asked = *query;
	struct rk_listing l = { .host = conn->host, .query = &asked, .page = page,
	                        .err = err, .read = kintone_read_field };
	int32_t status = kintone_check_app(query->object, err);

	if (status == RK_OK)
		status = begin(&l, &asked);
	if (status == RK_OK)
		status = read_page(&l);
	if (status == RK_OK)
		status = rk_listing_end(&l, MINUTE_MS, MINUTE_MS);
	return leave_mark(&l, status);
}
