/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: what changed, by a view or by a filtered search, and then what
 * was deleted; records by id, and by value through the look-up.  Each call goes on from its token alone.  Called
 * through the table of freshsales.c.
 *
 * Views page by number, newest change first.  What changes meanwhile moves to the top and
 * pushes others down, what is deleted pulls others up; so a number alone would lose
 * records.  A listing therefore goes on by the time of change of the last record, and the
 * number is only a guess where that is: a page begins with a record that was listed, or
 * the page before is read. */
#include "freshsales.h"

#define BY_VIEW   'V'          /* The kinds of our tokens. */
#define BY_SEARCH 'S'
#define BY_BIN    'D'
#define BY_NAME   'N'
#define SEEN_MAX  120u         /* Ids of one time of change that a token carries. */
#define SECOND_MS 1000
#define LAG_MS    5000

/* ---- Records ------------------------------------------------------------------------- */

static void
put_slot(const struct rk_listing *l, struct rk_value *values, const char *name,
         const cJSON *item)
{
	int64_t slot = rk_columns_find(&l->columns, rk_z(name));

	if (slot >= 0)
		values[slot] = freshsales_read_value(l->host, &l->query->fields[slot], item);
}

/* The account that a contact belongs to first. */
static void
put_account(const struct rk_listing *l, struct rk_value *values, const cJSON *accounts)
{
	static const cJSON nothing = { .type = cJSON_NULL };
	const cJSON *primary = accounts->child;

	rk_json_each(account, accounts)
		if (rk_json_true(account, "is_primary"))
			primary = account;
	put_slot(l, values, "sales_account_id",
	         primary ? rk_json_get(primary, "id") : &nothing);
	put_slot(l, values, "sales_account_name",
	         primary ? rk_json_get(primary, "name") : &nothing);
}

/* Reads one record into the page.
 *
 * Shape:  {"id":70012345678,"first_name":"Aya","custom_field":{"cf_plan":"Gold"},
 *         "sales_accounts":[{"id":1,"name":"..","is_primary":true}],"is_deleted":false,
 *         "updated_at":"2026-03-01T09:00:00+09:00"}; accounts only if asked for
 * Errors: RK_BUG if it has no id or no time of change. */
static int32_t
read_record(struct rk_listing *l, const cJSON *item)
{
	struct rk_record *record = rk_listing_add(l, item);
	struct rk_value *values = rk_columns_read(l->host, &l->columns,
	                                          rk_json_get(item, "custom_field"), l->read);
	const cJSON *accounts = rk_json_get(item, "sales_accounts");
	const char *page = freshsales_is_classic(l->host) ? "" : "/crm/sales";

	for (uint64_t i = 0; i < l->query->field_count; i++)
		if (values[i].type == RK_ABSENT)
			values[i] = record->values[i];
	if (rk_json_is(accounts, cJSON_Array))
		put_account(l, values, accounts);
	record->values = values;
	record->id = rk_json_str(l->host, item, "id");
	record->version = rk_json_str(l->host, item, "updated_at");
	record->link = rk_textf(l->host, "%.*s%s/%.*s/%.*s", RK_S(rk_base_url(l->host, "host")),
	                        page, RK_S(l->query->object), RK_S(record->id));
	if (rk_json_true(item, "is_deleted"))
		record->flags |= RK_RECORD_DELETED;
	if (record->id.len && rk_time_parse(record->version, &record->modified_ms))
		return RK_OK;
	return rk_fail_bug(l->err, "a record without id or updated_at");
}

static const struct freshsales_object *
object_of(const struct rk_listing *l)
{
	return l->own;
}

/* "include=sales_accounts" where a contact's account is wanted. */
static const char *
include_of(const struct rk_listing *l)
{
	return object_of(l)->contact &&
	       (rk_columns_find(&l->columns, rk_z("sales_account_id")) >= 0 ||
	        rk_columns_find(&l->columns, rk_z("sales_account_name")) >= 0)
	     ? "include=sales_accounts" : "";
}

/* ---- Which view ------------------------------------------------------------------------ */

static int
is_number(struct rk_text text, int64_t *number)
{
	return rk_text_int(text, number) && *number > 0;
}

/* Accounts rename and translate their views, and some have none of all deals: the one of
 * the settings, by number or name, the usual name, else one that begins so. */
static int64_t
choose_view(const struct rk_host *host, const struct freshsales_object *object,
            const cJSON *filters)
{
	struct rk_text given = host->setting(host, object->view_setting);
	int64_t best = 0, number;
	int best_rank = 0;

	rk_json_each(filter, filters) {
		struct rk_text name = rk_json_str(host, filter, "name");
		struct rk_text id = rk_json_str(host, filter, "id");
		int rank = given.len ? 4 * (rk_text_eq(name, given) || rk_text_eq(id, given))
			: rk_text_is(name, object->view) ? 3
			: rk_text_starts(name, "All ") ? 2
			: rk_text_starts(name, "すべての") || rk_text_starts(name, "全");

		if (rank > best_rank && is_number(id, &number)) {
			best = number;
			best_rank = rank;
		}
	}
	return best;
}

int32_t
freshsales_find_view(const struct rk_host *host, const struct freshsales_object *object,
                     int64_t *view, struct rk_answer *answer, struct rk_err *err)
{
	struct rk_call call = freshsales_call(host, "GET",
	                                      rk_textf(host, "%s/filters", object->name));
	struct rk_text given = host->setting(host, object->view_setting);
	const cJSON *filters;
	int32_t status = rk_ask_list(host, &call, "filters", answer, &filters, err);

	if (status != RK_OK)
		return status;
	*view = choose_view(host, object, filters);
	if (*view || given.len == 0)
		return RK_OK;
	return rk_fail_config(err, "%s: there is no view \"%.*s\"", object->view_setting,
	                      RK_S(given));
}

/* ---- By a view -------------------------------------------------------------------------- */

struct rk_call
freshsales_view_call(const struct rk_host *host, const struct freshsales_object *object,
                     int64_t view, uint64_t page, uint64_t size)
{
	return freshsales_call(host, "GET", rk_textf(host,
		"%s/view/%lld?page=%llu&per_page=%llu&sort=updated_at&sort_type=desc",
		object->name, (long long)view, (unsigned long long)page,
		(unsigned long long)size));
}

/* A page of the view, and where it begins. */
struct stretch {
	uint64_t from, size;
	const cJSON *list;
	int64_t pages;                 /* -1: not told. */
};

/* Pages are multiples of their size: the size is chosen so that the page holds the record
 * before 'next', and as many behind it as are wanted, or as can be. */
static struct stretch
choose_stretch(uint64_t next, uint64_t wanted)
{
	struct stretch best = { .from = 0, .size = wanted < 2 ? 2 : wanted };
	uint64_t gained = 0;

	if (next == 0)
		return best;
	for (uint64_t size = 2; size <= FRESHSALES_PAGE_MAX && gained < wanted; size++) {
		uint64_t from = (next - 1) / size * size;

		if (from + size - next <= gained)
			continue;
		gained = from + size - next;
		best = (struct stretch){ .from = from, .size = size };
	}
	return best;
}

static int32_t
ask_stretch(struct rk_listing *l, struct stretch *s)
{
	const struct freshsales_object *object = object_of(l);
	struct rk_call call = freshsales_view_call(l->host, object, (int64_t)l->at.mark,
	                                           s->from / s->size + 1, s->size);
	const char *include = include_of(l);
	struct rk_answer answer;
	int64_t pages;
	int32_t status;

	if (*include)
		call.url = rk_textf(l->host, "%.*s&%s", RK_S(call.url), include);
	status = rk_ask_list(l->host, &call, object->name, &answer, &s->list, l->err);
	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	s->pages = rk_json_int(rk_json_get2(answer.root, "meta", "total_pages"), &pages)
	         ? pages : -1;
	if (rk_json_count(s->list) > s->size)
		return rk_fail_bug(l->err, "\"%s\" holds %llu records, more than asked "
		                   "for", object->name,
		                   (unsigned long long)rk_json_count(s->list));
	return RK_OK;
}

static int
was_seen(const struct rk_listing *l, struct rk_text id, int64_t stamp)
{
	return stamp > l->at.last_id ||
	       (stamp == l->at.last_id && rk_text_among(id, rk_text_z(l->host, l->at.note)));
}

/* Moves on behind a record; the token carries the ids of its time of change. */
static void
pass_record(struct rk_listing *l, struct rk_text id, int64_t stamp)
{
	struct rk_text ids = stamp == l->at.last_id ? l->at.note : rk_z("");
	uint64_t count = 0, cut = 0;

	for (uint64_t i = ids.len; i > 0 && count < SEEN_MAX; i--) {
		count += ids.ptr[i - 1] == ' ';
		cut = count == SEEN_MAX ? i : 0;
	}
	ids = rk_text_of(ids.ptr + cut, ids.len - cut);
	l->at.note = rk_text_join(l->host, ids, " ", id);
	l->at.last_id = stamp;
}

/* The time of change of a record; 0 after an error. */
static int32_t
stamp_of(struct rk_listing *l, const cJSON *item, int64_t before, int64_t *stamp)
{
	if (!rk_time_parse(rk_json_str(l->host, item, "updated_at"), stamp) || *stamp <= 0)
		return rk_fail_bug(l->err, "a record without id or updated_at");
	if (before && *stamp > before)
		return rk_fail_bug(l->err, "the view is not sorted by updated_at: set "
		                   "read_mode to \"search\"");
	return RK_OK;
}

/* Takes the records of a stretch that were not listed yet.  '*ends': one is older than the
 * window. */
static int32_t
take_stretch(struct rk_listing *l, const struct stretch *s, int *ends)
{
	const struct rk_query *query = l->query;
	uint64_t at = s->from;
	int64_t stamp = 0, since = query->since_ms;

	*ends = 0;
	if (since != RK_NO_TIME)        /* Stamps are shown in whole seconds. */
		since = since > 0 ? rk_ms_down(since, SECOND_MS) : 0;
	rk_json_each(item, s->list) {
		struct rk_text id = rk_json_str(l->host, item, "id");
		int32_t status = stamp_of(l, item, stamp, &stamp);
		int seen = l->at.last_id && was_seen(l, id, stamp);
		int wanted = query->until_ms == RK_NO_TIME || stamp < query->until_ms;

		*ends = since != RK_NO_TIME && stamp < since;
		if (status != RK_OK || *ends)
			return status;
		if (!seen && wanted && l->page->record_count == l->limit)
			break;
		if (!seen && wanted)
			status = read_record(l, item);
		if (status != RK_OK)
			return status;
		if (!seen)
			pass_record(l, id, stamp);
		l->at.offset = (int64_t)++at;
	}
	return RK_OK;
}

/* Whether records may be missing before a stretch: it begins with one that was not
 * listed. */
static int
came_too_late(const struct rk_listing *l, const struct stretch *s)
{
	const cJSON *first = s->list->child;
	int64_t stamp;

	return s->from > 0 && l->at.last_id &&
	       (!first ||
	        !rk_time_parse(rk_json_str(l->host, first, "updated_at"), &stamp) ||
	        !was_seen(l, rk_json_str(l->host, first, "id"), stamp));
}

static int32_t
list_view(struct rk_listing *l)
{
	struct stretch s = choose_stretch((uint64_t)l->at.offset, l->limit);
	int32_t status = ask_stretch(l, &s);
	uint64_t count = status == RK_OK ? rk_json_count(s.list) : 0;
	int ends, more;

	if (status != RK_OK)
		return status;
	l->at.steps++;          /* No two tokens of a listing are the same. */
	if (came_too_late(l, &s)) {
		l->at.offset = s.from > FRESHSALES_PAGE_MAX
		             ? (int64_t)(s.from - FRESHSALES_PAGE_MAX) : 0;
		rk_listing_more(l, 1);
		return RK_OK;
	}
	status = take_stretch(l, &s, &ends);
	more = s.pages >= 0 ? s.from / s.size + 1 < (uint64_t)s.pages : count == s.size;
	rk_listing_more(l, !ends && ((uint64_t)l->at.offset < s.from + count ||
	                             (more && count)));
	return status;
}

/* ---- By a filtered search ----------------------------------------------------------------- */

/* {"filter_rule":[...],"sort":"updated_at","sort_type":"asc","detail":true}; without
 * "detail", custom fields are left out without a word.  Both ends are exclusive, and
 * count in seconds. */
static struct rk_text
search_body(const struct rk_listing *l)
{
	int64_t since = l->query->since_ms, until = l->at.until_ms;
	struct rk_json_out out;

	since = since == RK_NO_TIME || since < SECOND_MS ? 0 : since - SECOND_MS;
	rk_json_begin(&out, l->host, 512, FRESHSALES_BODY_MAX);
	rk_putf(&out, "{\"filter_rule\":[{\"attribute\":\"updated_at\",\"operator\":"
	        "\"is_after\",\"value\":\"%s\"}", rk_time_text(l->host, since, 0).ptr);
	if (until != RK_NO_TIME)
		rk_putf(&out, ",{\"attribute\":\"updated_at\",\"operator\":\"is_before\","
		        "\"value\":\"%s\"}",
		        rk_time_text(l->host, until + SECOND_MS - 1, 0).ptr);
	if (l->at.kind == BY_BIN)
		rk_putf(&out, ",{\"attribute\":\"deleted\",\"operator\":\"is\",\"value\":1}");
	rk_putf(&out, "],\"sort\":\"updated_at\",\"sort_type\":\"asc\",\"detail\":true}");
	return rk_text_of(out.buf, out.len);
}

static int32_t
read_found(struct rk_listing *l, const cJSON *item)
{
	const struct rk_record *record = &l->records[l->page->record_count];
	int32_t status = read_record(l, item);

	if (status != RK_OK)
		return status;
	if (l->at.kind == BY_BIN && !(record->flags & RK_RECORD_DELETED))
		l->page->record_count--;
	else
		rk_listing_trim(l);
	return RK_OK;
}

/* Its window ends where the listing began, so that a record can only leave it.  When one
 * did, the others have moved up by as many, and pages are read again from there.  A page
 * may be short before the end: only an empty one is it. */
static int32_t
list_search(struct rk_listing *l)
{
	const struct freshsales_object *object = object_of(l);
	const char *include = include_of(l);
	struct rk_call call = freshsales_call(l->host, "POST", rk_textf(l->host,
		"filtered_search/%s?page=%lld&per_page=%llu%s%s", object->one,
		(long long)l->at.offset + 1, (unsigned long long)l->limit, *include ? "&" : "",
		include));
	struct rk_answer answer;
	int64_t total, left;
	int32_t status;

	call.body = search_body(l);
	status = rk_listing_ask(l, &call, object->name, l->limit, read_found, &answer);
	if (status != RK_OK)
		return status;
	l->at.steps++;
	l->at.offset++;
	if (rk_json_int(rk_json_get2(answer.root, "meta", "total"), &total) && total >= 0) {
		left = l->at.power > total ? l->at.power - total : 0;
		if (left)
			l->at.offset -= 1 + (left + (int64_t)l->limit - 1) / (int64_t)l->limit;
		l->at.offset = l->at.offset < 0 ? 0 : l->at.offset;
		l->at.power = total;
		rk_listing_more(l, rk_json_count(rk_json_get(answer.root, object->name)) ||
		                   (left && total));
		return RK_OK;
	}
	rk_listing_more(l, rk_json_count(rk_json_get(answer.root, object->name)) != 0);
	return RK_OK;
}

/* ---- By id, by value ------------------------------------------------------------------------ */

/* Whether a 404 is of the record: where its body is a page, the address may be wrong. */
static int32_t
judge_missing(struct rk_listing *l, const struct rk_answer *answer)
{
	struct rk_answer views;
	int64_t view;

	return rk_is_page(&answer->reply)
	     ? freshsales_find_view(l->host, object_of(l), &view, &views, l->err) : RK_OK;
}

static int32_t
read_id(struct rk_listing *l, struct rk_text id)
{
	const struct freshsales_object *object = object_of(l);
	const char *include = include_of(l);
	struct rk_call call = freshsales_call(l->host, "GET", rk_textf(l->host, "%s/%.*s%s%s",
		object->name, RK_S(id), *include ? "?" : "", include));
	struct rk_answer answer;
	const cJSON *item;
	int64_t number;
	int32_t status;

	if (!is_number(id, &number))
		return RK_OK;
	status = rk_ask_read(l->host, &call, &answer, l->err);
	if (status != RK_OK)
		return answer.reply.status == 404 ? judge_missing(l, &answer) : status;
	rk_listing_clock(l, &answer);
	status = rk_answer_get(&answer, object->one, cJSON_Object, &item, l->err);
	return status == RK_OK ? read_record(l, item) : status;
}

/* A look-up may find more than what was asked for; addresses compare without case. */
static int
has_value(const struct rk_listing *l, const cJSON *item, struct rk_text value)
{
	const cJSON *holder = freshsales_is_custom(l->query->field)
		? rk_json_get(item, "custom_field") : item;
	struct rk_text has = rk_json_str(l->host, holder,
	                                 rk_text_z(l->host, l->query->field));

	if (!rk_text_is(l->query->field, "email"))
		return rk_text_eq(has, value);
	rk_json_each(email, rk_json_get(item, "emails"))
		if (rk_text_eq_nocase(rk_json_str(l->host, email, "value"), value))
			return 1;
	return rk_text_eq_nocase(has, value);
}

/* Shape: {"contacts":{"contacts":[{..}]}} */
static int32_t
look_up(struct rk_listing *l, struct rk_text value)
{
	const struct freshsales_object *object = object_of(l);
	struct rk_call call = freshsales_call(l->host, "GET", rk_textf(l->host,
		"lookup?q=%.*s&f=%.*s&entities=%s", RK_S(rk_url_text(l->host, value)),
		RK_S(rk_url_text(l->host, l->query->field)), object->one));
	const cJSON *outer, *list;
	struct rk_answer answer;
	int32_t status;

	if (!freshsales_is_custom(l->query->field) &&
	    !rk_text_among(l->query->field, object->lookups))
		return rk_fail_config(l->err, "Freshsales cannot look up %s by \"%.*s\"",
		                      object->name, RK_S(l->query->field));
	status = rk_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = rk_answer_get(&answer, object->name, cJSON_Object, &outer, l->err);
	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	list = rk_json_get(outer, object->name);
	if (!rk_json_is(list, cJSON_Array))
		return rk_fail_bug(l->err, "the answer has no list \"%s\"", object->name);
	rk_json_each(item, list)
		if (status == RK_OK && has_value(l, item, value) &&
		    l->page->record_count < l->limit)
			status = read_record(l, item);
	return status;
}

/* ---- list_changed ------------------------------------------------------------------------- */

/* The first page chooses the way: a view that holds all records, else the search. */
static int32_t
choose_way(struct rk_listing *l)
{
	const struct freshsales_object *object = object_of(l);
	struct rk_text mode = l->host->setting(l->host, "read_mode");
	struct rk_answer answer;
	int64_t view = 0;
	int32_t status = freshsales_find_view(l->host, object, &view, &answer, l->err);

	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	if (rk_text_is(mode, "view") && !view)
		return rk_fail_config(l->err, "no view of %s holds all of them: name one "
		                      "in %s, or set read_mode to \"search\"",
		                      object->name, object->view_setting);
	l->at.mark = (uint64_t)view;
	if (!view || rk_text_is(mode, "search"))
		l->at.kind = BY_SEARCH;
	return RK_OK;
}

/* What lies in the recycle bin since the window began.  A key that may not see it has
 * none. */
static int32_t
list_bin(struct rk_listing *l)
{
	int32_t status;

	l->err->http_status = 0;
	status = list_search(l);
	if (status == RK_OK || (l->err->http_status != 400 && l->err->http_status != 403))
		return status;
	l->host->log(l->host, RK_LOG_INFO, rk_textf(l->host, "what was deleted is not told: "
	                                            "%s", l->err->message));
	rk_listing_more(l, 0);
	return RK_OK;
}

/* From the beginning there is nothing yet of which it matters that it was deleted. */
static int32_t
list_window(struct rk_listing *l)
{
	int32_t status = l->query->token.len ? RK_OK : choose_way(l);

	if (status != RK_OK)
		return status;
	if (l->at.kind == BY_BIN)
		return list_bin(l);
	status = l->at.kind == BY_SEARCH ? list_search(l) : list_view(l);
	if (status != RK_OK || l->page->more || l->query->since_ms == RK_NO_TIME)
		return status;
	l->at = (struct rk_cursor){ .kind = BY_BIN, .source_ms = l->at.source_ms,
	                            .until_ms = l->at.until_ms };
	rk_listing_more(l, 1);
	return RK_OK;
}

int32_t
freshsales_list_changed(struct rk_conn *conn, const struct rk_query *query,
                        struct rk_page *page, struct rk_err *err)
{
	char way = query->token.len ? query->token.ptr[0] : BY_VIEW;
	struct rk_way ways[RK_BY_FIELD + 1] = {
		[RK_BY_WINDOW] = { .kind = way == BY_SEARCH || way == BY_BIN ? way : BY_VIEW,
		                   .most = FRESHSALES_PAGE_MAX, .read = list_window },
		[RK_BY_IDS] = { .kind = BY_NAME, .most = FRESHSALES_PAGE_MAX, .one = read_id },
		[RK_BY_FIELD] = { .kind = BY_NAME, .most = FRESHSALES_PAGE_MAX, .one = look_up },
	};
	struct rk_listing l = rk_listing_of(conn->host, query, page, err,
	                                    freshsales_read_value);
	const struct freshsales_object *object;
	int32_t status = freshsales_object_find(conn->host, query->object, &object, err);

	l.own = (void *)(uintptr_t)object;
	return status == RK_OK ? rk_list(&l, ways, SECOND_MS, LAG_MS) : status;
}
