/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: everything, a window of changes, ids, or values of a field.
 * Changes go in keyset order of (SystemModstamp, Id), for a stamp counts in seconds and
 * many records share one; each call goes on from its token alone, no query locator is
 * kept.  Called through the table of salesforce.c. */
#include "salesforce.h"

#define PAGE_MAX   2000u       /* Records of one answer. */
#define LONG_TEXT  4000        /* Characters; and pages where such may be. */
#define LONG_PAGE_MAX 200u
#define URL_MAX    14000u      /* Of a query: with its headers a call ends at 16,384. */
#define URL_NAMES  9000u       /* Of fields in it; more fields go by further queries. */
#define URL_REST   500u        /* What may stand there beside fields and values. */
#define URL_HINT   3000u       /* Of hints, all together. */
#define SECOND_MS  INT64_C(1000)
#define MINUTE_MS  INT64_C(60000)
/* How far back deletions are known, 15 days; less a little, for its clock goes on. */
#define LOG_SPAN_MS (15 * 24 * 60 * MINUTE_MS - 2 * MINUTE_MS)

/* ---- SOQL ------------------------------------------------------------------------------ */

/* These say into whom a record was merged; selecting it elsewhere is an error. */
static const char mergeable[] = "Account Contact Lead Case";

int32_t
salesforce_put_select(struct rk_json_out *out, struct rk_listing *l, uint64_t from,
                      uint64_t to)
{
	static const char *const own[] = { "Id", "SystemModstamp", "IsDeleted",
	                                   "MasterRecordId" };
	int merges = rk_text_among(l->query->object, mergeable);
	int32_t status = salesforce_check_name(l->query->object, l->err);
	const char *before = "SELECT ";

	for (size_t i = 0; i < RK_COUNT(own) - !merges; i++, before = ",")
		rk_putf(out, "%s%s", before, own[i]);
	for (uint64_t i = from; i < to && status == RK_OK; i++) {
		struct rk_text name = l->query->fields[i].name;
		size_t j = 0;

		status = salesforce_check_name(name, l->err);
		while (j < RK_COUNT(own) - !merges && !rk_text_is(name, own[j]))
			j++;
		if (j == RK_COUNT(own) - !merges)
			rk_putf(out, ",%.*s", RK_S(name));
	}
	rk_putf(out, " FROM %.*s WHERE ", RK_S(l->query->object));
	return status;
}

static const char specials[] = "\\'\"\n\r\t\b\f";

/* Puts a condition, its order, and that 'most' records are wanted; 0: there can be none. */
typedef int condition_putter(struct rk_json_out *out, const struct rk_listing *l,
                             uint64_t most);

/* One value as the type of the field wants it; 0: none of that type is like it. */
static int
put_value(struct rk_json_out *out, const struct rk_field *field, struct rk_text value)
{
	uint32_t type = field ? field->type : RK_TEXT;
	struct rk_value read = rk_value_read(out->host, type, value);

	if (!field && !salesforce_is_id(value))
		return 0;
	if (field && (rk_text_starts(field->native, "id") || field->type == RK_REF ||
	              field->type == RK_USER) && !salesforce_is_id(value))
		return 0;
	if (type == RK_BOOL || type == RK_DECIMAL || type == RK_DATE || type == RK_DATETIME) {
		if (read.type != type)
			return 0;
		rk_putf(out, "%.*s", RK_S(rk_value_text(out->host, &read, 0)));
		return 1;
	}
	rk_put_quoted(out, '\'', value, specials, "\\'\"nrtbf");
	return 1;
}

/* What a value takes of a URL, in quotes and with its comma, at most. */
static uint64_t
url_bytes(struct rk_text value)
{
	uint64_t sum = 9;

	for (uint64_t i = 0; i < value.len; i++)
		sum += isalnum((unsigned char)value.ptr[i]) ? 1
		     : value.ptr[i] && strchr(specials, value.ptr[i]) ? 6 : 3;
	return sum;
}

/* Amounts without a currency beside them are taken for the organisation's own where there
 * are several. */
static int
is_hinted(const struct rk_field *field, const struct rk_hint *hint)
{
	return field && !rk_text_find(hint->field, ".") &&
	       (field->type == RK_CHOICE || field->type == RK_DATE ||
	        (field->type == RK_DECIMAL &&
	         (!hint->value_count || !rk_text_is(field->native, "currency"))));
}

/* A hint as a condition, ended by " AND "; what is no value of the type, or too long for a
 * URL, is none.  Choices compare without case here, so more may come, never less. */
static void
put_hint(struct rk_json_out *out, const struct rk_listing *l, const struct rk_hint *hint)
{
	static const char *const signs[] = { "IN (", "<= ", ">= ", "= null", "!= null" };
	const struct rk_field *field = rk_query_field(l->query, hint->field);
	uint64_t before = out->len, bytes = 0;
	int good = is_hinted(field, hint);

	rk_putf(out, "%.*s %s", RK_S(hint->field), signs[hint->test]);
	for (uint64_t i = 0; i < hint->value_count && good; i++) {
		bytes += url_bytes(hint->values[i]);
		rk_putf(out, i ? "," : "");
		good = put_value(out, field, hint->values[i]) && bytes < URL_HINT;
	}
	rk_putf(out, hint->test == RK_HINT_IN ? ") AND " : " AND ");
	if (!good)
		out->len = before;
}

void
salesforce_put_hints(struct rk_json_out *out, const struct rk_listing *l)
{
	uint64_t before = out->len;

	for (uint64_t i = 0; i < rk_hint_count(l->query); i++) {
		uint64_t kept = out->len;

		put_hint(out, l, &l->query->hints[i]);
		if (rk_url_text(l->host, rk_text_of(out->buf + before, out->len - before)).len
		    > URL_HINT)
			out->len = kept;
	}
}

/* Stamps compare by the second that the service keeps: since rounds down, until up, so
 * that both ends may repeat a record and never lose one. */
static int
put_window(struct rk_json_out *out, const struct rk_listing *l, uint64_t most)
{
	const struct rk_host *host = l->host;
	int64_t since = l->query->since_ms, until = l->at.until_ms;
	const char *before = "";

	salesforce_put_hints(out, l);
	if (since != RK_NO_TIME) {
		rk_putf(out, "SystemModstamp >= %s", rk_time_text(host,
		        since < 0 ? 0 : rk_ms_down(since, SECOND_MS), 0).ptr);
		before = " AND ";
	}
	if (until != RK_NO_TIME) {
		rk_putf(out, "%sSystemModstamp < %s", before,
		        rk_time_text(host, rk_ms_up(until, SECOND_MS), 0).ptr);
		before = " AND ";
	}
	if (l->at.note.len) {
		const char *last = rk_time_text(host, l->at.last_id, 0).ptr;

		rk_putf(out, "%s(SystemModstamp > %s OR (SystemModstamp = %s AND Id > '%.*s'))",
		        before, last, last, RK_S(l->at.note));
		before = " AND ";
	}
	if (!*before)                   /* There is no empty condition. */
		rk_putf(out, "Id != null");
	rk_putf(out, " ORDER BY SystemModstamp ASC, Id ASC LIMIT %llu",
	        (unsigned long long)most);
	return 1;
}

/* Long text areas make pages that no answer should hold; queries of two are cut to as
 * many by the service itself. */
static uint64_t
page_max(const struct rk_query *query)
{
	for (uint64_t i = 0; i < query->field_count; i++)
		if (query->fields[i].max_length > LONG_TEXT)
			return LONG_PAGE_MAX;
	return PAGE_MAX;
}

/* How many records the next query shall tell at most. */
static uint64_t
next_limit(const struct rk_listing *l)
{
	uint64_t left = l->limit - l->page->record_count, most = page_max(l->query);

	return left < most ? left : most;
}

/* NAME IN ('a','b'), above the last id. */
static int
put_values(struct rk_json_out *out, const struct rk_listing *l, uint64_t most)
{
	const struct rk_query *query = l->query;
	int by_ids = query->mode == RK_BY_IDS;
	const struct rk_field *field = by_ids ? NULL
		: rk_field_find(query->fields, query->field_count, query->field);
	struct rk_text name = by_ids ? rk_z("Id") : query->field;
	struct rk_field plain = { .type = RK_TEXT };
	int count = 0;

	rk_putf(out, field && field->type == RK_CHOICES ? "%.*s INCLUDES (" : "%.*s IN (",
	        RK_S(name));
	for (uint64_t i = 0; i < l->value_count; i++) {
		uint64_t before = out->len;

		if (count)
			rk_put_bytes(out, ",", 1);
		if (put_value(out, by_ids ? NULL : field ? field : &plain, l->values[i]))
			count++;
		else
			out->len = before;
	}
	rk_putf(out, ")");
	if (l->at.note.len)
		rk_putf(out, " AND Id > '%.*s'", RK_S(l->at.note));
	rk_putf(out, " ORDER BY Id ASC LIMIT %llu", (unsigned long long)most);
	return count;
}

/* Takes the next values that one query can ask for, of whose URL 'used' is gone: one
 * at least.  Returns how many; 0: all are done. */
static uint64_t
next_values(struct rk_listing *l, uint64_t used)
{
	uint64_t all = l->query->value_count, at;

	l->values = l->query->values + l->at.offset;
	for (at = (uint64_t)l->at.offset; at < all; at++) {
		used += url_bytes(l->query->values[at]);
		if (at > (uint64_t)l->at.offset && used > URL_MAX - URL_REST)
			break;
	}
	l->value_count = at - (uint64_t)l->at.offset;
	l->at.offset = (int64_t)at;
	return l->value_count;
}

/* ---- Records ---------------------------------------------------------------------------- */

/* Reads one record; the order of a window must go on from the one before.
 *
 * Shape:  {"attributes":{..},"Id":"..","SystemModstamp":"..","IsDeleted":false,
 *         "MasterRecordId":null,NAME:value,PARENT:{NAME:value}}
 * Errors: RK_BUG if it has no id, or does not follow. */
static int32_t
read_record(struct rk_listing *l, const cJSON *item)
{
	int window = l->query->mode == RK_BY_WINDOW;
	struct rk_record *record = rk_listing_add(l, item);
	int64_t stamp;

	rk_columns_read_inner(l->host, &l->columns, item, l->read,
	                      (struct rk_value *)(uintptr_t)record->values);
	record->id = rk_json_str(l->host, item, "Id");
	record->version = rk_json_str(l->host, item, "SystemModstamp");
	record->merged_into = rk_json_str(l->host, item, "MasterRecordId");
	if (!salesforce_is_id(record->id) || !rk_time_parse(record->version, &record->modified_ms))
		return rk_fail_bug(l->err, "a record has no \"Id\" or no "
		                   "\"SystemModstamp\"");
	if (rk_json_true(item, "IsDeleted"))
		record->flags |= record->merged_into.len ? RK_RECORD_MERGED
		                                         : RK_RECORD_DELETED;
	stamp = record->modified_ms;
	if (l->at.note.len &&
	    ((window && stamp < l->at.last_id) ||
	     ((!window || stamp == l->at.last_id) &&
	      memcmp(record->id.ptr, l->at.note.ptr, 15) <= 0)))
		return rk_fail_bug(l->err, "the record \"%.*s\" does not follow \"%.*s\"",
		                   RK_S(record->id), RK_S(l->at.note));
	l->at.last_id = stamp < 0 ? 0 : stamp;
	l->at.note = record->id;
	return RK_OK;
}

/* A query for some of the fields.  What a page may hold is only a hint to the service,
 * which makes it smaller for wide rows.
 *
 * Errors: those of names; RK_REJECT if no record can match. */
static int32_t
begin_query(struct rk_listing *l, const char *resource, condition_putter *put,
            uint64_t from, uint64_t to, uint64_t most, struct rk_call *call)
{
	struct rk_json_out soql;
	struct rk_text query;
	int32_t status;
	int any;

	rk_json_begin(&soql, l->host, 1024, SALESFORCE_BODY_MAX);
	status = salesforce_put_select(&soql, l, from, to);
	any = put(&soql, l, most);
	query = rk_url_text(l->host, rk_text_of(soql.buf, soql.len));
	if (status == RK_OK && query.len > URL_MAX)
		status = rk_fail_config(l->err, "a value is too long for Salesforce to "
		                        "be searched by it");
	if (status != RK_OK || !any)
		return status != RK_OK ? status : RK_REJECT;
	*call = salesforce_call(l->host, "GET", l->query->object,
	                        rk_textf(l->host, "/%s?q=%.*s", resource, (int)query.len,
	                                 query.ptr));
	if (most >= 200)
		rk_call_says(l->host, call, "Sforce-Query-Options",
		                      rk_textf(l->host, "batchSize=%llu",
		                               (unsigned long long)most));
	return RK_OK;
}

/* The end of the fields from 'from' on that one query can name. */
static uint64_t
part_end(const struct rk_query *query, uint64_t from)
{
	uint64_t used = 0, to = from;

	while (to < query->field_count && (used += query->fields[to].name.len + 3) <= URL_NAMES)
		to++;
	return to > from || to == query->field_count ? to : to + 1;
}

/* Gives the records of the page from 'first' on the fields of another answer to the same
 * condition; 'whole': it tells all that match.  Who is not there, or with another stamp, was
 * changed meanwhile: it comes once more with that change, where changes are listed.  What
 * lies behind the end of a part is for the next page. */
static int32_t
join_part(struct rk_listing *l, const cJSON *item, int whole, uint64_t first, uint64_t from,
          uint64_t to)
{
	uint64_t kept = first, count = l->page->record_count, i;

	for (i = first; i < count && (item || whole); i++) {
		struct rk_record record = l->records[i];
		const cJSON *at = item;
		struct rk_value *read;

		while (at && !rk_text_eq(rk_json_str(l->host, at, "Id"), record.id))
			at = at->next;
		if (!at || !rk_text_eq(rk_json_str(l->host, at, "SystemModstamp"), record.version))
			continue;
		item = at->next;
		read = rk_columns_read(l->host, &l->columns, at, l->read);
		rk_columns_read_inner(l->host, &l->columns, at, l->read, read);
		memcpy((struct rk_value *)(uintptr_t)record.values + from, read + from,
		       (to - from) * sizeof *read);
		l->records[kept++] = record;
	}
	if ((kept < i && l->query->mode != RK_BY_WINDOW) || (i < count && kept == first))
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
		               "records were changed while they were read");
	l->page->record_count = kept;
	if (i < count) {
		l->at.last_id = l->records[kept - 1].modified_ms;
		l->at.note = l->records[kept - 1].id;
	}
	return RK_OK;
}

/* The fields from 'from' on of the records from 'first' on, by the condition at 'before'. */
static int32_t
ask_rest(struct rk_listing *l, const char *resource, condition_putter *put,
         struct rk_listing *before, uint64_t first, uint64_t from, int *more)
{
	uint64_t most = next_limit(before), to;
	int32_t status = RK_OK;

	for (; status == RK_OK && from < l->query->field_count &&
	     l->page->record_count > first; from = to) {
		uint64_t count = l->page->record_count;
		struct rk_answer answer;
		struct rk_call call;
		const cJSON *list;
		int whole;

		to = part_end(l->query, from);
		status = begin_query(before, resource, put, from, to, most, &call);
		if (status == RK_OK)
			status = rk_ask_list(l->host, &call, "records", &answer, &list, l->err);
		if (status != RK_OK)
			return status;
		whole = rk_json_count(list) < most &&
		        rk_json_bool(rk_json_get(answer.root, "done"), 1);
		status = join_part(l, list->child, whole, first, from, to);
		*more |= !whole && l->page->record_count < count;
	}
	return status;
}

/* Sends a query, and further ones where one cannot name all fields.  Only "done" tells
 * that there are no more.
 *
 * Shape: {"totalSize":n,"done":true,"nextRecordsUrl":"..","records":[..]} */
static int32_t
ask(struct rk_listing *l, const char *resource, condition_putter *put, int *more)
{
	struct rk_page told = *l->page;
	struct rk_listing before = *l;
	uint64_t most = next_limit(l), to = part_end(l->query, 0);
	struct rk_answer answer;
	struct rk_call call;
	int32_t status = begin_query(l, resource, put, 0, to, most, &call);

	*more = 0;
	before.page = &told;
	if (status == RK_REJECT)
		return RK_OK;
	if (status == RK_OK)
		status = rk_listing_ask(l, &call, "records", most, read_record, &answer);
	if (status != RK_OK)
		return status;
	rk_listing_total(l, rk_json_get(answer.root, "totalSize"));
	*more = l->page->record_count == told.record_count + most ||
	        !rk_json_bool(rk_json_get(answer.root, "done"), 1);
	if (*more && l->page->record_count == told.record_count)
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER, "a query promises more records "
		               "and tells none");
	return ask_rest(l, resource, put, &before, told.record_count, to, more);
}

/* ---- Until when all changes are visible -------------------------------------------------- */

/* These say that the object has no such list, or that it is too long to be told. */
static const char no_list[] = "INVALID_REPLICATION_DATE EXCEEDED_ID_LIMIT INVALID_TYPE "
                              "INVALID_TYPE_FOR_OPERATION NOT_FOUND";

/* Both lists ignore seconds, and their span must be a minute at least. */
static int32_t
ask_list(struct rk_listing *l, const char *which, int64_t start, int64_t end,
         struct rk_answer *answer)
{
	struct rk_text from = rk_time_text(l->host, rk_ms_down(start, MINUTE_MS), 0);
	struct rk_text to = rk_time_text(l->host, rk_ms_down(end, MINUTE_MS) + MINUTE_MS, 0);
	struct rk_call call;
	int32_t status = salesforce_check_name(l->query->object, l->err);

	answer->root = NULL;
	if (status != RK_OK)
		return status;
	from.len--;                     /* The zone as a number, as in the examples. */
	to.len--;
	call = salesforce_call(l->host, "GET", l->query->object,
		rk_textf(l->host, "/sobjects/%.*s/%s/?start=%.*s%%2B00%%3A00"
		         "&end=%.*s%%2B00%%3A00", RK_S(l->query->object), which,
		         RK_S(rk_url_text(l->host, from)), RK_S(rk_url_text(l->host, to))));
	status = rk_ask_read(l->host, &call, answer, l->err);
	if (status == RK_OK || !rk_text_among(rk_z(l->err->code), no_list))
		return status;
	answer->root = NULL;
	return RK_OK;
}

/* Asks for the beginning of the oldest transaction that is still under way: what it
 * changed is stamped already and not yet to be seen.
 *
 * Shape:  {"ids":[..],"latestDateCovered":"2026-03-01T08:59:00.000+0000"} */
static int32_t
ask_covered(struct rk_listing *l, int64_t *covered)
{
	int64_t now = l->host->now_ms(l->host);
	struct rk_answer answer;
	int32_t status = ask_list(l, "updated", now - MINUTE_MS, now, &answer);

	if (status == RK_OK && answer.root &&
	    !rk_time_parse(rk_json_str(l->host, answer.root, "latestDateCovered"), covered))
		return rk_fail_bug(l->err, "the answer has no \"latestDateCovered\"");
	return status;
}

/* Behind the last page of changes: what was deleted for good, which no query tells.  The
 * cursor's 'power' says that this has begun, 'offset' how many are done.
 *
 * Shape:  {"deletedRecords":[{"id":"..","deletedDate":".."}],"latestDateCovered":".."} */
static int32_t
list_deleted(struct rk_listing *l, int *more)
{
	int64_t end = l->at.until_ms == RK_NO_TIME ? l->host->now_ms(l->host) : l->at.until_ms;
	int64_t start = l->query->since_ms, at = 0;
	const cJSON *list = NULL;
	struct rk_answer answer;
	int32_t status;

	if (start < end - LOG_SPAN_MS) {
		start = end - LOG_SPAN_MS;
		l->host->log(l->host, RK_LOG_WARN, rk_textf(l->host, "records of %.*s that were "
			"deleted for good before %.*s are not told", RK_S(l->query->object),
			RK_S(rk_time_text(l->host, start, 0))));
	}
	status = ask_list(l, "deleted", start, end, &answer);
	if (status == RK_OK && answer.root)
		status = rk_answer_get(&answer, "deletedRecords", cJSON_Array, &list, l->err);
	l->at.power = 1;
	rk_json_each(item, list) {
		struct rk_text id = rk_json_str(l->host, item, "id");
		struct rk_record *record;

		if (at++ < l->at.offset)
			continue;
		*more = l->page->record_count == l->limit;
		if (*more)
			return status;
		l->at.offset = at;
		if (!salesforce_is_id(id) || rk_listing_place(l, id) < l->page->record_count)
			continue;
		record = rk_listing_add(l, NULL);
		record->id = id;
		record->flags = RK_RECORD_DELETED;
		rk_time_parse(rk_json_str(l->host, item, "deletedDate"), &record->modified_ms);
	}
	return status;
}

/* ---- Ways ---------------------------------------------------------------------------------- */

/* Everything of a large object is read by a job.  *begun: the page is the job's. */
static int32_t
begin_job(struct rk_listing *l, int *begun)
{
	int much = 0;
	int32_t status = RK_OK;

	*begun = 0;
	if (l->query->since_ms == RK_NO_TIME)
		status = salesforce_is_much(l, &much);
	return status == RK_OK && much ? salesforce_read_begin(l, begun) : status;
}

static int32_t
list_window(struct rk_listing *l)
{
	int64_t covered = RK_NO_TIME;
	int more = 0, begun = 0;
	int32_t status = RK_OK;

	if (l->query->token.len == 0)
		status = ask_covered(l, &covered);
	if (status == RK_OK && l->query->token.len == 0)
		status = begin_job(l, &begun);
	if (status == RK_OK && !begun && !l->at.power)
		status = ask(l, "queryAll", put_window, &more);
	if (status == RK_OK && !begun && !more && l->query->since_ms != RK_NO_TIME &&
	    (l->query->token.len || covered != RK_NO_TIME))
		status = list_deleted(l, &more);
	if (status != RK_OK)
		return status;
	rk_listing_more(l, begun || more);
	status = rk_listing_end(l, SECOND_MS, SECOND_MS);
	if (covered != RK_NO_TIME && covered < l->page->safe_until_ms)
		l->page->safe_until_ms = covered;
	if (begun)
		l->page->wait_ms = SALESFORCE_FIRST_LOOK_MS;
	return status;
}

/* Asks for the values taken until all that have them are told: whom an answer with
 * "done":false leaves off is asked for again, from the last id on. */
static int32_t
ask_values(struct rk_listing *l)
{
	int more = 1;
	int32_t status = RK_OK;

	l->at.note = rk_z("");
	while (status == RK_OK && more && l->page->record_count < l->limit)
		status = ask(l, l->query->mode == RK_BY_IDS ? "queryAll" : "query", put_values,
		             &more);
	return status;
}

/* All ids or values in this one call.  What is deleted is told by its id, for who asks
 * so knows it; by a value it would stand in the way of a new one. */
static int32_t
list_values(struct rk_listing *l)
{
	uint64_t used = 0;
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < part_end(l->query, 0); i++)
		used += l->query->fields[i].name.len + 3;
	l->at.offset = 0;
	while (status == RK_OK && l->page->record_count < l->limit && next_values(l, used))
		status = ask_values(l);
	return status == RK_OK ? rk_listing_end(l, SECOND_MS, SECOND_MS) : status;
}

int32_t
salesforce_list_changed(struct rk_conn *conn, const struct rk_query *query,
                        struct rk_page *page, struct rk_err *err)
{
	struct rk_listing l = { .host = conn->host, .query = query, .page = page,
	                        .err = err, .read = rk_value_plain };
	int window = query->mode == RK_BY_WINDOW;
	int job = window && rk_text_starts(query->token, "B");
	int32_t status = rk_listing_begin(&l, job ? 'B' : window ? 'W' : 'V',
	                                  window ? page_max(query) : PAGE_MAX);

	if (status != RK_OK)
		return status;
	if (job)
		return salesforce_read_on(&l);
	if (l.at.note.len && !salesforce_is_id(l.at.note))
		return rk_fail(err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is not of this query");
	return window ? list_window(&l) : list_values(&l);
}
