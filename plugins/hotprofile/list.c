/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of companies, leads and deals: a window of changes, ids, or values of a
 * field.  Each call goes on from its token alone.  Called through the table of
 * hotprofile.c; departments.c walks over companies by it.
 *
 * Pages of the API have numbers, which slip when a record changes meanwhile, and for
 * leads no order is documented.  So a walk goes over ranges of ids instead: an answer
 * that holds as many rows as match is whole, whatever their order; one that does not
 * is asked for again with a smaller range. */
#include "hotprofile.h"

#define SPAN_MOST  (INT64_C(1) << 40)  /* Beyond it a range has no end. */
#define TRIES      8                   /* To find a range that fits, in one call. */
#define VALUES     10u                 /* Of one call by values. */
#define WALKS       3                   /* Over the pages of one search. */

/* ---- Forms ----------------------------------------------------------------------- */

/* yyyy/MM/dd HH:mm:ss of Japan; a part of a second counts as the whole one, so that both
 * ends, which the API takes in, may repeat a record and never lose one. */
static void
put_time(struct rk_json_out *form, const char *name, int64_t ms, int up)
{
	const struct rk_host *host = form->host;
	struct rk_text iso;

	ms = ms < 0 ? 0 : ms;
	iso = rk_time_text(host, rk_ms_down(ms + (up ? 999 : 0), 1000) + 9 * 3600000, 0);
	if (iso.len != 20)
		iso = rk_z("9999-12-31T23:59:59Z");
	hot_put(form, name, rk_textf(host, "%.4s/%.2s/%.2s %.8s", iso.ptr, iso.ptr + 5,
	                             iso.ptr + 8, iso.ptr + 11));
}

struct rk_json_out
hot_page_form(const struct rk_host *host, int page, uint64_t rows)
{
	struct rk_json_out form = hot_form(host);

	hot_put_number(&form, "page[number]", page);
	hot_put_number(&form, "page[display_number]", (int64_t)rows);
	hot_put(&form, "page[date_format_option]", rk_z("1"));
	return form;
}

static void
put_window(struct rk_json_out *form, const struct rk_query *query)
{
	if (query->since_ms != RK_NO_TIME)
		put_time(form, "search[from_datetime_updated_on]", query->since_ms, 0);
	if (query->until_ms != RK_NO_TIME)
		put_time(form, "search[to_datetime_updated_on]", query->until_ms, 1);
}

/* ---- One record ------------------------------------------------------------------ */

int64_t
hot_id(const struct rk_host *host, const cJSON *row, const char *name)
{
	int64_t id;

	return rk_text_int(rk_json_str(host, row, name), &id) && id > 0 ? id : -1;
}

/* The name of our field for one of a row's custom items. */
static struct rk_text
item_name(const struct rk_host *host, const cJSON *told)
{
	struct rk_text label = rk_text_trim(rk_json_str(host, told, "label"));

	return rk_textf(host, "item.%.*s", RK_S(label));
}

static void
read_items(struct rk_listing *l, const cJSON *row, struct rk_value *values)
{
	rk_json_each(told, rk_json_get(row, "items")) {
		struct rk_text name = item_name(l->host, told);
		int64_t slot = rk_columns_find(&l->columns, name);
		struct hot_item item;
		int known = slot >= 0 && hot_item_find(l->host, l->own,
		                                       hot_item_label(name), &item);

		if (slot >= 0)
			values[slot] = hot_read_item(l->host, &l->query->fields[slot],
			                             known ? &item : NULL,
			                             rk_json_get(told, "value"));
	}
}

static void
forget(struct rk_listing *l, struct rk_text name, struct rk_value *values)
{
	int64_t slot = rk_columns_find(&l->columns, name);

	if (slot >= 0)
		values[slot] = rk_value_of(RK_ABSENT, rk_text_of(NULL, 0));
}

/* A field that the key's owner may not see comes as "", and its name in a list apart:
 * that is not told, and nothing to be cleared at the target. */
static void
drop_hidden(struct rk_listing *l, const cJSON *row, struct rk_value *values)
{
	const cJSON *hidden = rk_json_get(row, "private_items");

	rk_json_each(name, rk_json_get(hidden, "items"))
		forget(l, rk_json_text(l->host, name, NULL), values);
	rk_json_each(id, rk_json_get(hidden, "custom_items"))
		rk_json_each(told, rk_json_get(row, "items"))
			if (rk_text_eq(rk_json_text(l->host, id, NULL),
			               rk_json_str(l->host, told, "id")))
				forget(l, item_name(l->host, told), values);
}

/* Departments are known by their company's id and their own. */
static void
join_department(struct rk_listing *l, const cJSON *row, struct rk_value *values)
{
	int64_t slot = rk_columns_find(&l->columns, rk_z("organization_id"));

	if (slot >= 0 && values[slot].type == RK_REF)
		values[slot].text = rk_textf(l->host, "%.*s-%.*s",
			RK_S(rk_json_str(l->host, row, "client_id")),
			RK_S(values[slot].text));
}

static void
read_row(struct rk_listing *l, const cJSON *row, struct rk_value *values)
{
	read_items(l, row, values);
	join_department(l, row, values);
	drop_hidden(l, row, values);
}

/* Data cleansing gives companies new ids and rewrites their names: a person must have
 * looked at the mapping before that flows on. */
int32_t
hot_check_cleansing(const struct rk_listing *l, const cJSON *company)
{
	const cJSON *histories = rk_json_get(company, "client_histories");

	if (!histories || !histories->child ||
	    rk_setting_is(l->host, "data_cleansing", "reviewed"))
		return RK_OK;
	return rk_fail_config(l->err, "data cleansing is switched on in HotProfile: "
	                      "company %.*s was merged; review the mapping, then set "
	                      "data_cleansing = \"reviewed\"",
	                      RK_S(rk_json_str(l->host, company, "id")));
}

/* Shape:  {"id":1,NAME:VALUE,..,"updated_at":"..+09:00",
 *         "items":[{"label":..,"value":..}],"private_items":{"items":[NAME],"custom_items":[ID]}} */
static int32_t
read_record(struct rk_listing *l, const cJSON *row)
{
	struct rk_record *record;

	if (hot_check_cleansing(l, row) != RK_OK)
		return RK_PAUSE;
	record = rk_listing_add(l, row);
	record->id = rk_json_str(l->host, row, "id");
	rk_time_parse(rk_json_str(l->host, row, "updated_at"), &record->modified_ms);
	read_row(l, row, (struct rk_value *)(uintptr_t)record->values);
	return RK_OK;
}

/* ---- Ranges of ids --------------------------------------------------------------- */

void
hot_range_add(struct hot_range *range, const cJSON *row, int64_t id)
{
	uint64_t at = range->count++;

	for (; at > 0 && range->ids[at - 1] > id; at--) {
		range->ids[at] = range->ids[at - 1];
		range->rows[at] = range->rows[at - 1];
	}
	range->ids[at] = id;
	range->rows[at] = row;
}

/* The cursor: 'last_id' is behind us, 'offset' the width of the next range (0: without an
 * end), 'mark' about how many rows are to come.  An answer that is not whole narrows the
 * range. */
static int32_t
ask_once(struct rk_listing *l, struct rk_text object, int windowed, uint64_t most,
         struct hot_range *range)
{
	struct rk_json_out form = hot_page_form(l->host, 1, most);
	int64_t from = l->at.last_id + 1, to = l->at.offset ? l->at.last_id + l->at.offset
	                                                    : INT64_MAX;
	int64_t total, low = INT64_MAX, high = 0;
	struct rk_answer answer;
	const cJSON *list;
	int32_t status;

	if (windowed)
		put_window(&form, l->query);
	hot_put_number(&form, "search[from_id]", from);
	if (l->at.offset)
		hot_put_number(&form, "search[to_id]", to);
	status = hot_ask_list(l->host, object, &form, &answer, &list, &total, l->err);
	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	memset(range, 0, sizeof *range);
	rk_json_each(row, list) {
		int64_t id = hot_id(l->host, row, "id");

		if (id < from || id > to || range->count == most)
			return rk_fail_bug(l->err, "the answer holds record %lld, which "
			                   "was not asked for", (long long)id);
		hot_range_add(range, row, id);
		low = id < low ? id : low;
		high = id > high ? id : high;
	}
	range->whole = (uint64_t)total == range->count;
	if (range->whole)
		return RK_OK;
	if ((uint64_t)total < range->count || range->count < most || l->at.offset == 1)
		return rk_fail_bug(l->err, "%llu rows came of %lld that match",
		                   (unsigned long long)range->count, (long long)total);
	/* Too many: as wide as the rows that came are apart, or a part of before. */
	if (!l->at.offset) {
		l->at.mark = (uint64_t)total;
		l->at.offset = high - low + 1;
	} else {
		l->at.offset = (int64_t)((double)l->at.offset * 0.75 * (double)most /
		                         (double)total) + 1;
		if (l->at.offset > to - from)
			l->at.offset = to - from;
	}
	return RK_OK;
}

int32_t
hot_ask_range(struct rk_listing *l, struct rk_text object, int windowed, uint64_t most,
              struct hot_range *range)
{
	int32_t status = ask_once(l, object, windowed, most, range);

	for (int i = 0; i < TRIES && status == RK_OK && !range->whole; i++)
		status = ask_once(l, object, windowed, most, range);
	return status;
}

void
hot_range_done(struct rk_listing *l, const struct hot_range *range, uint64_t most,
               int64_t until)
{
	int64_t *span = &l->at.offset, end = l->at.last_id + *span;
	uint64_t count = range->count;

	l->page->more = 1;
	if (!range->whole)
		return;
	if (until >= 0) {                       /* A part of the range is left. */
		*span = *span ? end - until : 0;
		l->at.last_id = until;
		return;
	}
	l->page->more = *span != 0;
	if (!*span)
		return;
	l->at.last_id = end;
	l->at.mark -= l->at.mark > count ? count : l->at.mark;
	if (count * 16 < most * 3)
		*span *= 4;
	else if (count * 4 < most * 3)
		*span = *span * (int64_t)most * 3 / ((int64_t)count * 4) + 1;
	if (l->at.mark <= most || *span > SPAN_MOST)
		*span = 0;
}

/* ---- Whole searches -------------------------------------------------------------- */

/* In its place; a row that slipped to the next page is there already. */
static void
add_row(const struct rk_host *host, struct hot_rows *all, const cJSON *row)
{
	int64_t id = hot_id(host, row, "id");
	uint64_t at = all->count;

	while (at > 0 && hot_id(host, all->list[at - 1], "id") > id)
		at--;
	if (all->count == HOT_ROWS_MAX ||
	    (at > 0 && hot_id(host, all->list[at - 1], "id") == id))
		return;
	memmove(&all->list[at + 1], &all->list[at],
	        (all->count++ - at) * sizeof *all->list);
	all->list[at] = row;
}

/* '*whole': the number of those that match stayed what it was, and so many came. */
static int32_t
walk_pages(struct rk_listing *l, struct rk_text object, const struct rk_json_out *search,
           struct hot_rows *all, int *whole)
{
	int64_t seen = 0, total = 1;

	*whole = 1;
	all->count = 0;
	for (int page = 1; seen < total; page++) {
		struct rk_json_out form = hot_page_form(l->host, page, HOT_PAGE_MAX);
		struct rk_answer answer;
		const cJSON *rows;
		int32_t status;

		rk_put_bytes(&form, search->buf, search->len);
		status = hot_ask_list(l->host, object, &form, &answer, &rows, &total,
		                      l->err);
		if (status != RK_OK)
			return status;
		rk_listing_clock(l, &answer);
		*whole &= page == 1 || total == all->total;
		all->total = total;
		if (total > HOT_ROWS_MAX)
			return RK_OK;
		rk_json_each(row, rows)
			add_row(l->host, all, row);
		seen += HOT_PAGE_MAX;
	}
	*whole &= all->count == (uint64_t)total;
	return RK_OK;
}

int32_t
hot_ask_all(struct rk_listing *l, struct rk_text object, const struct rk_json_out *search,
            struct hot_rows *all)
{
	int whole = 0;

	all->list = l->host->alloc(l->host, (HOT_ROWS_MAX + 1) * sizeof *all->list);
	for (int i = 0; i < WALKS && !whole; i++) {
		int32_t status = walk_pages(l, object, search, all, &whole);

		if (status != RK_OK || all->total > HOT_ROWS_MAX)
			return status;
	}
	return whole ? RK_OK : rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
		"%llu rows came of %lld that match", (unsigned long long)all->count,
		(long long)all->total);
}

static int32_t
list_window(struct rk_listing *l)
{
	uint64_t most = l->limit;
	struct hot_range range;
	int32_t status = hot_ask_range(l, l->query->object, 1, most, &range);

	if (status != RK_OK)
		return status;
	for (uint64_t i = 0; i < range.count && range.whole && status == RK_OK; i++)
		status = read_record(l, range.rows[i]);
	hot_range_done(l, &range, most, -1);
	return status;
}

/* ---- Ids, values ----------------------------------------------------------------- */

static int32_t
read_rows(struct rk_listing *l, const struct rk_json_out *form)
{
	struct rk_answer answer;
	const cJSON *list;
	int64_t total;
	int32_t status = hot_ask_list(l->host, l->query->object, form, &answer, &list,
	                              &total, l->err);

	if (status != RK_OK)
		return status;
	rk_listing_clock(l, &answer);
	rk_json_each(row, list) {
		struct rk_text id = rk_json_str(l->host, row, "id");

		if (rk_text_place(l->values, l->value_count, id) < l->value_count &&
		    l->page->record_count < l->limit && status == RK_OK)
			status = read_record(l, row);
	}
	return status;
}

/* Leads may be asked for by a list of ids. */
static int32_t
list_leads(struct rk_listing *l)
{
	struct rk_json_out form = hot_page_form(l->host, 1, HOT_PAGE_MAX);
	struct rk_text ids = rk_z("");
	int64_t id;

	for (uint64_t i = 0; i < l->value_count; i++)
		if (rk_text_int(l->values[i], &id) && id > 0)
			ids = rk_text_join(l->host, ids, ",", l->values[i]);
	hot_put(&form, "search[ids]", ids);
	return ids.len ? read_rows(l, &form) : RK_OK;
}

/* The least id that was taken above 'from'; INT64_MAX: there is none. */
static int64_t
next_id(const struct rk_listing *l, int64_t from)
{
	int64_t least = INT64_MAX, id;

	for (uint64_t i = 0; i < l->value_count; i++)
		if (rk_text_int(l->values[i], &id) && id > from && id < least)
			least = id;
	return least;
}

/* Ids that lie near each other are one range, which cannot hold more rows than a page. */
static int32_t
list_ids(struct rk_listing *l)
{
	int leads = rk_text_is(l->query->object, "leads");
	int32_t status = leads ? list_leads(l) : RK_OK;
	int64_t low = 0;

	rk_listing_more(l, 0);
	while (status == RK_OK && !leads) {
		struct rk_json_out form = hot_page_form(l->host, 1, HOT_PAGE_MAX);

		low = next_id(l, low);
		if (low > INT64_MAX - HOT_PAGE_MAX)
			return RK_OK;
		hot_put_number(&form, "search[from_id]", low);
		low += HOT_PAGE_MAX - 1;
		hot_put_number(&form, "search[to_id]", low);
		status = read_rows(l, &form);
	}
	return status;
}

/* What the API searches by: a part of the text, or the whole of a custom item. */
static int
put_search(struct rk_listing *l, struct rk_json_out *form, struct rk_text value)
{
	static const char *const searches[] = { "clients name", "clients name_kana",
		"clients main_tel", "leads email", "leads client_id" };
	const struct rk_query *query = l->query;
	struct rk_text name = rk_textf(l->host, "%.*s %.*s", RK_S(query->object),
	                               RK_S(query->field));
	struct hot_item item;

	if (hot_item_find(l->host, l->own, hot_item_label(query->field), &item)) {
		hot_put(form, rk_textf(l->host, "search[items][%.*s]", RK_S(item.id)).ptr,
		        value);
		hot_put(form, rk_textf(l->host, "pattern_match[items][%.*s][exact]",
		                       RK_S(item.id)).ptr, rk_z("true"));
		return 1;
	}
	for (size_t i = 0; i < RK_COUNT(searches); i++)
		if (rk_text_is(name, searches[i])) {
			hot_put(form, rk_textf(l->host, "search[%.*s]",
			                       RK_S(query->field)).ptr, value);
			return 1;
		}
	return 0;
}

/* Whether a row has that value as a whole, as the searches of the API do not ask. */
static int
has_value(const struct rk_listing *l, const cJSON *row, struct rk_text value)
{
	struct rk_text there;

	rk_json_each(told, rk_json_get(row, "items"))
		if (rk_text_eq(item_name(l->host, told), l->query->field))
			return rk_text_eq(rk_json_str(l->host, told, "value"), value);
	there = rk_json_str(l->host, row, rk_text_z(l->host, l->query->field));
	return rk_text_is(l->query->field, "email") ? rk_text_eq_nocase(there, value)
	                                            : rk_text_eq(there, value);
}

/* Of the rows that hold 'value' as a part, those that have it whole. */
static int32_t
list_value(struct rk_listing *l, struct rk_text value)
{
	struct rk_json_out search = hot_form(l->host);
	struct hot_rows all = { .count = 0 };
	int32_t status;

	if (!put_search(l, &search, value))
		return rk_fail_config(l->err, "HotProfile cannot be searched by \"%.*s\"; it can "
		                      "by items of your own, clients by name, name_kana and "
		                      "main_tel, leads by email and client_id",
		                      RK_S(l->query->field));
	status = hot_ask_all(l, l->query->object, &search, &all);
	if (status == RK_OK && all.total > HOT_ROWS_MAX)
		return rk_fail_bug(l->err, "over %u records hold \"%.*s\" as a part of "
		                   "%.*s", HOT_ROWS_MAX, RK_S(value), RK_S(l->query->field));
	for (uint64_t i = 0; i < all.count && status == RK_OK; i++)
		if (l->page->record_count < l->limit && has_value(l, all.list[i], value) &&
		    rk_listing_place(l, rk_json_str(l->host, all.list[i], "id")) ==
		    l->page->record_count)
			status = read_record(l, all.list[i]);
	return status;
}

/* ---- The slot -------------------------------------------------------------------- */

int32_t
hotprofile_list_changed(struct rk_conn *conn, const struct rk_query *query,
                        struct rk_page *page, struct rk_err *err)
{
	static const struct rk_way rows[] = {
		[RK_BY_WINDOW] = { .kind = 'W', .most = HOT_PAGE_MAX, .read = list_window },
		[RK_BY_IDS] = { .kind = 'I', .most = HOT_PAGE_MAX, .read = list_ids },
		[RK_BY_FIELD] = { .kind = 'F', .most = HOT_PAGE_MAX, .values = VALUES,
		                  .one = list_value },
	}, departments[RK_BY_FIELD + 1] = {
		[RK_BY_WINDOW] = { .kind = 'W', .most = HOT_PAGE_MAX,
		                   .read = hot_list_departments },
		[RK_BY_IDS] = { .kind = 'I', .most = HOT_PAGE_MAX,
		                .read = hot_list_departments },
	};
	struct rk_listing l = rk_listing_of(conn->host, query, page, err, hot_read_value);
	const struct hot_kind *kind = hot_kind_find(query->object, err);

	l.own = (void *)(uintptr_t)kind;
	return !kind ? RK_PAUSE : rk_list(&l, rk_text_is(query->object, "organizations")
	                                      ? departments : rows, 1000, 60000);
}
