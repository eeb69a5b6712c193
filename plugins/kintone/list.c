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
	if (until != RK_NO_TIME)
		rk_putf(out, "%s%.*s < \"%s\"", before, RK_S(l->at.note),
		        rk_time_text(l->host, rk_ms_up(until, MINUTE_MS), 0).ptr);
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

/* (NAME in ("a","b")), or (NAME = "a" or NAME = "b") for the types that know no "in". */
static void
put_one_of(struct rk_json_out *out, const struct rk_query *query, struct rk_text name,
           const struct rk_text *values, uint64_t count)
{
	const struct rk_field *field = rk_query_field(query, name);
	int equals = field && (field->type == RK_DATE || field->type == RK_TIME ||
	                       field->type == RK_DATETIME);
	int numbers = field && rk_text_is(field->native, "RECORD_NUMBER");

	rk_putf(out, equals ? "(" : "(%.*s in (", RK_S(name));
	for (uint64_t i = 0; i < count; i++) {
		if (equals)
			rk_putf(out, "%s%.*s = ", i ? " or " : "", RK_S(name));
		else if (i)
			rk_put_char(out, ',');
		put_quoted(out, numbers ? plain_number(values[i]) : values[i]);
	}
	rk_putf(out, equals ? ") and " : ")) and ");
}

/* A hint as a condition of the query language, where that compares exactly: choices have
 * an "in" that also knows the empty one, numbers and dates an order. */
static void
put_hint(struct rk_json_out *out, const struct rk_query *query,
         const struct rk_hint *hint)
{
	static const char *const signs[] = { "in ", "<= ", ">= ", "in (\"\")",
	                                     "not in (\"\")" };
	const struct rk_field *field = rk_query_field(query, hint->field);
	int choice = field && rk_text_among(field->native, "DROP_DOWN RADIO_BUTTON");
	int ordered = field && rk_text_among(field->native, "DATE NUMBER");

	if (hint->test == RK_HINT_IN && (choice || ordered)) {
		put_one_of(out, query, hint->field, hint->values, hint->value_count);
	} else if (hint->test < RK_HINT_EMPTY ? ordered : choice) {
		rk_putf(out, "%.*s %s", RK_S(hint->field), signs[hint->test]);
		if (ordered)
			put_quoted(out, hint->values[0]);
		rk_putf(out, " and ");
	}
}

/* {"app":5,"fields":["$id","$revision",...],"query":"... order by $id asc limit n"} */
static struct rk_text
listing_body(struct rk_listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text needed[] = { rk_z("$id"), rk_z("$revision"), l->at.note }, *names;
	uint64_t count = rk_listing_names(l, needed, RK_COUNT(needed), &names);
	struct rk_json_out out, text;

	rk_json_begin(&text, l->host, 1024, KINTONE_BODY_MAX);
	if (query->mode == RK_BY_WINDOW)
		put_window(&text, l);
	else
		put_one_of(&text, query, query->mode == RK_BY_IDS ? rk_z("$id")
		           : query->field, l->values, l->value_count);
	for (uint64_t i = 0; i < rk_hint_count(query); i++)
		put_hint(&text, query, &query->hints[i]);
	rk_putf(&text, "$id > %lld order by $id asc limit %llu",
	        (long long)l->at.last_id, (unsigned long long)l->limit);
	rk_json_begin(&out, l->host, 4096, KINTONE_BODY_MAX);
	rk_putf(&out, "{\"app\":%.*s,%s", RK_S(query->object),
	        rk_listing_is_first(l) && query->since_ms == RK_NO_TIME
	        ? "\"totalCount\":true," : "");
	rk_put_texts(&out, "fields", names, count);
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
	struct rk_answer answer;
	const cJSON *records;
	int32_t status;

	call.body = rk_textf(l->host, "{\"app\":%.*s,\"fields\":[\"$id\"],\"query\":"
	                     "\"order by $id desc limit 1\"}", RK_S(l->query->object));
	status = rk_ask_list(l->host, &call, "records", &answer, &records, l->err);
	if (status == RK_OK && records->child)
		status = rk_listing_advance(l, value_of(l, records->child, "$id"));
	l->at.mark = (uint64_t)l->at.last_id;
	l->at.last_id = 0;
	return status;
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
take_mark(struct rk_listing *l, struct rk_query *query)
{
	struct rk_cursor left = { .kind = 'M' };

	if (rk_cursor_parse(l->host, query->token, &left)) {
		query->token = rk_z("");
		l->at.mark = left.mark;
		return RK_OK;
	}
	return query->token.len || !has_mark(query) || query->since_ms == RK_NO_TIME
	     ? RK_OK : ask_greatest(l);
}

/* Leaves the greatest id for the next listing. */
static struct rk_text
leave_mark(const struct rk_listing *l)
{
	uint64_t last = (uint64_t)l->at.last_id;
	struct rk_cursor left = { .kind = 'M',
	                          .mark = last > l->at.mark ? last : l->at.mark };

	return rk_cursor_text(l->host, &left);
}

/* A filter that met too many records is answered 200 and cut short; only a header
 * says so.  Then everything is listed, without hints. */
static int32_t
read_page(struct rk_listing *l)
{
	struct rk_call call = kintone_call(l->host, "GET", l->query->object,
	                                   "records.json");
	struct rk_answer answer;
	struct rk_text warning;
	int32_t status = find_updated(l);

	if (status != RK_OK)
		return status;
	call.body = listing_body(l);
	status = rk_listing_ask(l, &call, "records", l->limit, read_record, &answer);
	if (status != RK_OK)
		return status;
	warning = rk_reply_header(&answer.reply, "x-cybozu-warning");
	if (rk_text_find(warning, "aborted"))
		return rk_hint_count(l->query)
		     ? rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "%.*s", RK_S(warning))
		     : rk_fail_bug(l->err, "%.*s", RK_S(warning));
	rk_listing_total(l, rk_json_get(answer.root, "totalCount"));
	rk_listing_more(l, l->page->record_count == l->limit);
	return RK_OK;
}

/* The open minute may still change under the same stamp, and one more is left for
 * clocks: what lies before is final. */
int32_t
kintone_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	static const struct rk_way ways[RK_BY_FIELD + 1] = {
		[RK_BY_WINDOW] = { .kind = 'K', .most = PAGE_MAX, .read = read_page },
		[RK_BY_IDS] = { .kind = 'K', .most = PAGE_MAX, .read = read_page },
		[RK_BY_FIELD] = { .kind = 'K', .most = PAGE_MAX, .read = read_page,
		                  .values = KINTONE_BATCH_MAX },
	};
	struct rk_query asked = *query;
	struct rk_listing l = rk_listing_of(conn->host, &asked, page, err,
	                                    kintone_read_field);
	int32_t status = kintone_check_app(query->object, err);

	if (status == RK_OK && query->mode == RK_BY_WINDOW)
		status = take_mark(&l, &asked);
	if (status == RK_OK)
		status = rk_list(&l, ways, MINUTE_MS, MINUTE_MS);
	if (status == RK_OK && has_mark(query) && !page->more)
		page->token = leave_mark(&l);
	return status;
}
