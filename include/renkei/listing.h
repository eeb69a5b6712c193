/* SPDX-License-Identifier: MIT-0
 *
 * listing.h - list_changed, as far as CRMs are alike: where a listing stands, as the
 * text of a token; one call's records; the next ids or values; what a page tells at
 * its end.  What to ask for is the connector's.  Header only, C11 and C++17.
 *
 *     rk_listing_begin -> rk_listing_ask ... -> rk_listing_more -> rk_listing_end */
#ifndef RENKEI_LISTING_H
#define RENKEI_LISTING_H

#include <renkei/http.h>
#include <renkei/values.h>

#define RK_PAGE_TOKEN_MAX 1000u   /* Of a CRM, that we carry in ours. */

/* Where a listing stands. */
struct rk_cursor {
	char kind;                     /* The connector's way of listing.     */
	int64_t source_ms, until_ms;   /* Of the first answer; of the window. */
	int64_t last_id;               /* Keyset: the greatest id so far.     */
	int64_t offset;                /* Ids, values: how many are done.     */
	int64_t steps, power;          /* See rk_listing_follow().            */
	uint64_t mark;
	struct rk_text note;           /* The CRM's page token, or a name.    */
};

/* How many hints the query has; of a host that knows none: none. */
static inline uint64_t
rk_hint_count(const struct rk_query *query)
{
	return query->struct_size >= offsetof(struct rk_query, hint_count) +
	                             sizeof query->hint_count ? query->hint_count : 0;
}

struct rk_listing {
	const struct rk_host *host;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	rk_value_reader *read;
	struct rk_columns columns;
	struct rk_cursor at;
	struct rk_record *records;     /* Room for 'limit'.                   */
	uint64_t limit;
	const struct rk_text *values;  /* The next ids or values, in the query. */
	uint64_t value_count;
	void *own;                     /* Of the connector; NULL at first.    */
};

/* A way of listing; a connector has one at least for each mode that it serves. */
struct rk_way {
	char kind;                     /* Of its tokens.                      */
	uint64_t most;                 /* Records of a page, or of one turn.  */

	/* Adds the records of a page, l->limit at most, and tells by rk_listing_more()
	 * whether more follow.  Of ids and values there is one page alone: it is called in
	 * turns, until nothing follows. */
	int32_t (*read)(struct rk_listing *l);

	/* Of ids and values, how many are read in one turn, and of about how many bytes; 0:
	 * as many as a turn may give records, and of any length. */
	uint64_t values, bytes;

	/* Instead of 'read': adds the records that have one of them, which is not "", but no
	 * more than there is room for, which is two at least if l->limit is. */
	int32_t (*one)(struct rk_listing *l, struct rk_text value);
};

/* Reads one record of an answer into the page. */
typedef int32_t rk_record_reader(struct rk_listing *l, const cJSON *item);

static inline struct rk_listing
rk_listing_of(const struct rk_host *host, const struct rk_query *query,
              struct rk_page *page, struct rk_err *err, rk_value_reader *read)
{
	struct rk_listing l;

	memset(&l, 0, sizeof l);
	l.host = host;
	l.query = query;
	l.page = page;
	l.err = err;
	l.read = read;
	return l;
}

/* The wanted field 'name', or NULL. */
static inline const struct rk_field *
rk_query_field(const struct rk_query *query, struct rk_text name)
{
	return rk_field_find(query->fields, query->field_count, name);
}

static inline struct rk_text
rk_cursor_text(const struct rk_host *host, const struct rk_cursor *c)
{
	return rk_textf(host, "%c1 %lld %lld %lld %lld %lld %lld %llx %.*s", c->kind,
	                (long long)c->source_ms, (long long)c->until_ms,
	                (long long)c->last_id, (long long)c->offset, (long long)c->steps,
	                (long long)c->power, (unsigned long long)c->mark, RK_S(c->note));
}

static inline int
rk_cursor_parse(const struct rk_host *host, struct rk_text token, struct rk_cursor *c)
{
	struct rk_text text = rk_textf(host, "%.*s", RK_S(token));
	long long n[6];
	unsigned long long mark;
	char kind;
	int end = 0;

	if (sscanf(text.ptr, "%c1 %lld %lld %lld %lld %lld %lld %llx%n", &kind, &n[0],
	           &n[1], &n[2], &n[3], &n[4], &n[5], &mark, &end) != 8 || !end ||
	    text.ptr[end] != ' ' || kind != c->kind || n[2] < 0 || n[3] < 0)
		return 0;
	c->source_ms = n[0];
	c->until_ms = n[1];
	c->last_id = n[2];
	c->offset = n[3];
	c->steps = n[4];
	c->power = n[5];
	c->mark = mark;
	c->note = rk_z(text.ptr + end + 1);
	return 1;
}

/* Makes the page ready, of as many records as asked for but at most 'most', and goes
 * on from the query's token; 'kind' is the way that this query is listed.  l->at is zeros,
 * or what the connector has set before.
 *
 * Errors: RK_RESYNC if the token is of another kind of query, or none of ours. */
static inline int32_t
rk_listing_begin(struct rk_listing *l, char kind, uint64_t most)
{
	const struct rk_query *query = l->query;

	l->at.kind = kind;
	l->at.source_ms = RK_NO_TIME;
	l->at.until_ms = query->until_ms;
	if (query->token.len && !rk_cursor_parse(l->host, query->token, &l->at))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is not of this query");
	l->limit = query->limit && query->limit < most ? query->limit : most;
	l->columns = rk_columns_make(l->host, query->fields, query->field_count);
	l->records = (struct rk_record *)l->host->alloc(
		l->host, (l->limit + 1) * sizeof *l->records);
	l->page->records = l->records;
	l->page->record_count = 0;
	l->page->more = 0;
	return RK_OK;
}

/* Takes the next values of the query, at most 'most' of them and about 'bytes' of
 * text.  Returns how many; 0: all are done. */
static inline uint64_t
rk_listing_values(struct rk_listing *l, uint64_t most, uint64_t bytes)
{
	uint64_t done = (uint64_t)l->at.offset, all = l->query->value_count, sum = 0;

	l->value_count = 0;
	if (done > all)
		done = all;
	l->values = l->query->values + done;
	while (done + l->value_count < all && l->value_count < most) {
		sum += l->values[l->value_count].len + 3;
		if (l->value_count && sum > bytes)
			break;
		l->value_count++;
	}
	return l->value_count;
}

/* The page's next record, with the values that 'members' gives. */
static inline struct rk_record *
rk_listing_add(struct rk_listing *l, const cJSON *members)
{
	struct rk_record *record = &l->records[l->page->record_count++];

	memset(record, 0, sizeof *record);
	record->modified_ms = RK_NO_TIME;
	record->values = rk_columns_read(l->host, &l->columns, members, l->read);
	return record;
}

/* Where on the page the record of that id stands; its end: nowhere. */
static inline uint64_t
rk_listing_place(const struct rk_listing *l, struct rk_text id)
{
	uint64_t i = 0;

	while (i < l->page->record_count && !rk_text_eq(l->records[i].id, id))
		i++;
	return i;
}

/* Takes the page's last record off again if it lies outside of the window, as searches
 * tell some that changed after it.  A stamp may count in whole seconds. */
static inline void
rk_listing_trim(struct rk_listing *l)
{
	int64_t stamp = l->records[l->page->record_count - 1].modified_ms;

	if (l->query->mode == RK_BY_WINDOW && stamp != RK_NO_TIME &&
	    (stamp + 999 < l->query->since_ms ||
	     (l->at.until_ms != RK_NO_TIME && stamp >= l->at.until_ms)))
		l->page->record_count--;
}

/* Moves the greatest id on, in keyset paging.
 *
 * Errors: RK_BUG if 'id' is no number above the one before: paging by it would not
 *         end, or would miss records. */
static inline int32_t
rk_listing_advance(struct rk_listing *l, struct rk_text id)
{
	int64_t number;

	if (!rk_text_int(id, &number) || number <= l->at.last_id)
		return rk_fail_bug(l->err, "the id \"%.*s\" of a record does not follow "
		                   "%lld", RK_S(id), (long long)l->at.last_id);
	l->at.last_id = number;
	return RK_OK;
}

/* Goes on to the page token 'after' of the CRM, unless it leads in a circle. */
static inline int32_t
rk_listing_follow(struct rk_listing *l, struct rk_text after)
{
	struct rk_cursor *c = &l->at;
	struct rk_circle circle = { c->mark, c->steps, c->power };

	if (after.len > RK_PAGE_TOKEN_MAX)
		return rk_fail_bug(l->err, "a page token of %llu bytes",
		                   (unsigned long long)after.len);
	if (rk_text_eq(after, c->note) ||
	    rk_circle_closes(&circle, rk_hash(after.ptr, after.len)))
		return rk_fail_bug(l->err, "the page token \"%.*s\" came back, a loop",
		                   RK_S(after));
	c->mark = circle.mark;
	c->steps = circle.steps;
	c->power = circle.power;
	c->note = after;
	return RK_OK;
}

/* Keeps the clock of the first answer; there ends a window that was left open. */
static inline void
rk_listing_clock(struct rk_listing *l, const struct rk_answer *answer)
{
	if (l->at.source_ms == RK_NO_TIME && answer->reply.date_ms >= 0)
		l->at.source_ms = answer->reply.date_ms;
	if (l->at.until_ms == RK_NO_TIME)
		l->at.until_ms = l->at.source_ms;
}

/* Sends one reading call and adds the records of its list 'name' to the page.
 * '*count' is how many there were.
 *
 * Errors: RK_BUG if there are more than the 'most' that were asked for; those of
 *         rk_ask_read and of 'record'. */
static inline int32_t
rk_listing_ask(struct rk_listing *l, struct rk_call *call, const char *name,
               uint64_t most, rk_record_reader *record, struct rk_answer *answer)
{
	const cJSON *list;
	int32_t status = rk_ask_list(l->host, call, name, answer, &list, l->err);

	if (status != RK_OK)
		return status;
	if (rk_json_count(list) > most ||
	    rk_json_count(list) > l->limit - l->page->record_count)
		return rk_fail_bug(l->err, "\"%s\" holds %llu records, more than asked "
		                   "for", name, (unsigned long long)rk_json_count(list));
	rk_listing_clock(l, answer);
	rk_json_each(item, list)
		if (status == RK_OK)
			status = record(l, item);
	return status;
}

/* What is to be asked for: the 'count' names that the connector needs, then those of the
 * wanted fields, each once.  Returns how many. */
static inline uint64_t
rk_listing_names(const struct rk_listing *l, const struct rk_text *needed, uint64_t count,
                 struct rk_text **names)
{
	struct rk_text *all = (struct rk_text *)l->host->alloc(
		l->host, (count + l->query->field_count + 1) * sizeof *all);
	uint64_t found = count;

	for (uint64_t i = 0; i < count; i++)
		all[i] = needed[i];
	for (uint64_t i = 0; i < l->query->field_count; i++) {
		all[found] = l->query->fields[i].name;
		found += rk_text_place(needed, count, all[found]) == count;
	}
	*names = all;
	return found;
}

/* Adds the records with these 'count' ids to the page, in one call. */
typedef int32_t rk_ids_reader(struct rk_listing *l, const struct rk_text *ids,
                              uint64_t count);

/* The same by as many calls as it takes, of at most 'most' ids. */
static inline int32_t
rk_listing_ids(struct rk_listing *l, const struct rk_text *ids, uint64_t count,
               uint64_t most, rk_ids_reader *read)
{
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < count && status == RK_OK; i += most)
		status = read(l, ids + i, count - i < most ? count - i : most);
	return status;
}

/* Replaces the page's records, read with few fields, by the same with all of them. */
static inline int32_t
rk_listing_again(struct rk_listing *l, uint64_t most, rk_ids_reader *read)
{
	uint64_t count = l->page->record_count;
	struct rk_text *ids = (struct rk_text *)l->host->alloc(
		l->host, (count + 1) * sizeof *ids);

	for (uint64_t i = 0; i < count; i++)
		ids[i] = l->records[i].id;
	l->page->record_count = 0;
	return rk_listing_ids(l, ids, count, most, read);
}

/* Whether more follows a page; 'full' tells that more may match what was asked.  The
 * values of a page are done when it was not full; an id is one record at most. */
static inline void
rk_listing_more(struct rk_listing *l, int full)
{
	if (l->query->mode == RK_BY_IDS)
		full = 0;
	if (l->query->mode != RK_BY_WINDOW && !full) {
		l->at.offset += (int64_t)l->value_count;
		l->at.last_id = 0;
		full = (uint64_t)l->at.offset < l->query->value_count;
	}
	l->page->more = (uint32_t)full;
}

/* Whether this is the first page of a listing of what changed. */
static inline int
rk_listing_is_first(const struct rk_listing *l)
{
	return l->query->mode == RK_BY_WINDOW && l->query->token.len == 0;
}

/* Keeps what the answer to a first page tells of how many records the whole listing has:
 * a number, or its digits.  A host of before has no room for it. */
static inline void
rk_listing_total(struct rk_listing *l, const cJSON *told)
{
	int64_t total;

	if (rk_listing_is_first(l) && rk_json_int(told, &total) &&
	    l->page->struct_size >= offsetof(struct rk_page, total) + sizeof l->page->total)
		l->page->total = total > 0 ? total : 0;
}

/* Fills what the page tells beside its records.  Changes are final 'lag_ms' after they
 * were stamped, by stamps that count in 'grain_ms'.
 *
 * Errors: RK_BUG if a record has no id. */
static inline int32_t
rk_listing_end(struct rk_listing *l, int64_t grain_ms, int64_t lag_ms)
{
	int64_t source = l->at.source_ms;

	for (uint64_t i = 0; i < l->page->record_count; i++)
		if (l->page->records[i].id.len == 0)
			return rk_fail_bug(l->err, "the answer holds a record without id");
	l->page->token = l->page->more ? rk_cursor_text(l->host, &l->at) : rk_z("");
	l->page->wait_ms = 0;
	l->page->source_time_ms = source;
	l->page->safe_until_ms = source == RK_NO_TIME ? RK_NO_TIME
	                       : source / grain_ms * grain_ms - lag_ms;
	return RK_OK;
}

/* Adds the records of the ids or values that were taken, by a call for each, while there is
 * room for two: whether a value is there twice must be seen.  An empty one is left out: in
 * many CRMs it would find everybody. */
static inline int32_t
rk_listing_each(struct rk_listing *l, const struct rk_way *way)
{
	int32_t status = RK_OK;
	uint64_t i = 0;

	for (; i < l->value_count && status == RK_OK; i++) {
		if (i && l->limit - l->page->record_count < 2)
			break;
		if (l->values[i].len)
			status = way->one(l, l->values[i]);
	}
	l->value_count = i;
	rk_listing_more(l, 0);
	return status;
}

/* What was asked for by ids or values, all in one page: turn by turn, until nothing follows
 * or the page has as many as were asked for, of ids one each.
 *
 * Errors: those of the way; RK_BUG if a turn moves nothing on. */
static inline int32_t
rk_list_named(struct rk_listing *l, const struct rk_way *way)
{
	const struct rk_query *query = l->query;
	uint64_t room = query->mode == RK_BY_IDS && query->limit < query->value_count
		? query->value_count : query->limit ? query->limit : l->limit;
	struct rk_record *all = (struct rk_record *)l->host->alloc(
		l->host, (room + 1) * sizeof *all);
	struct rk_page *page = l->page;
	uint64_t count = 0;
	int32_t status = RK_OK;

	do {
		int64_t offset = l->at.offset, last_id = l->at.last_id;

		page->record_count = 0;
		page->more = 0;
		if (!rk_listing_values(l, way->values ? way->values : l->limit,
		                       way->bytes ? way->bytes : UINT64_MAX))
			break;
		status = way->one ? rk_listing_each(l, way) : way->read(l);
		for (uint64_t i = 0; i < page->record_count && count < room; i++)
			all[count++] = l->records[i];
		if (status == RK_OK && page->more && page->record_count == 0 &&
		    offset == l->at.offset && last_id == l->at.last_id)
			status = rk_fail_bug(l->err, "more records are promised, and none come");
	} while (status == RK_OK && page->more && count < room);
	page->more = 0;
	page->records = l->records = all;
	page->record_count = count;
	return status;
}

/* The page, the way it is listed: begun, read, ended.  Without ids or values there is
 * nothing to read.  One of zeros: there is no such way. */
static inline int32_t
rk_list_by(struct rk_listing *l, const struct rk_way *way, int64_t grain_ms,
           int64_t lag_ms)
{
	int32_t status = way->kind ? rk_listing_begin(l, way->kind, way->most)
	               : rk_fail_bug(l->err, "records cannot be listed so");

	if (status == RK_OK)
		status = l->query->mode == RK_BY_WINDOW ? way->read(l)
		                                        : rk_list_named(l, way);
	return status == RK_OK ? rk_listing_end(l, grain_ms, lag_ms) : status;
}

/* The same for a connector with one way for each mode, which is where it stands. */
static inline int32_t
rk_list(struct rk_listing *l, const struct rk_way ways[RK_BY_FIELD + 1],
        int64_t grain_ms, int64_t lag_ms)
{
	static const struct rk_way none = { 0, 0, NULL, 0, 0, NULL };

	return rk_list_by(l, l->query->mode <= RK_BY_FIELD ? &ways[l->query->mode] : &none,
	                  grain_ms, lag_ms);
}

#endif
