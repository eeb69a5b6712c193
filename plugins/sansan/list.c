/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of cards: a window of changes by each key in turn, ids, or values of a
 * field.  Each call goes on from its token alone.  Called through the table of sansan.c.
 *
 * Windows are read in order of updatedTime.  What Sansan's page tokens hold is not
 * published; if it were an offset, a card that changes while pages are read would make
 * another one slip through.  So the next page begins at the last stamp of the one
 * before, and a token is used only within cards of one stamp. */
#include "sansan.h"

#define CLOCKS_MS    5000      /* As far as clocks are taken for the same. */
#define WINDOWS_MAX  4u        /* Of one call: empty ones are passed over. */
#define SEARCH_CALLS 10u       /* Pages of one search. */

struct walk {
	struct rk_listing l;           /* First: a record reader is given this. */
	int64_t first_ms, last_ms;     /* Stamps of one answer. */
	int64_t before_ms;             /* Of the card before; RK_NO_TIME: none. */
	struct rk_text token;          /* That of Sansan, to go on by. */
	int tags_asked, filtered;
	int public_only;               /* Tags that every key sees alike.     */
	uint64_t tag_count;
	struct rk_text *tags;          /* Those that were chosen.             */
	const cJSON **cards;           /* Behind the page's records.          */
	struct rk_text value;          /* That is searched for.               */
	struct rk_text person;         /* Whose head card was asked for.      */
};

/* ---- One card -------------------------------------------------------------------- */

/* One @ between a name and a host with a dot. */
static int
is_email(struct rk_text text)
{
	const char *at = text.len ? memchr(text.ptr, '@', text.len) : NULL;
	const char *end = text.ptr + text.len;

	if (!at || at == text.ptr || memchr(at + 1, '@', (size_t)(end - at - 1)) ||
	    rk_text_find(text, " "))
		return 0;
	for (const char *p = at + 2; p < end - 1; p++)
		if (*p == '.')
			return 1;
	return 0;
}

/* Whether it has one of the chosen tags, if any were. */
static int
has_chosen_tag(const struct walk *w, const cJSON *card)
{
	if (w->tag_count == 0)
		return 1;
	rk_json_each(tag, rk_json_get(card, "tags")) {
		struct rk_text id = rk_json_str(w->l.host, tag, "id");

		for (uint64_t i = 0; i < w->tag_count; i++)
			if (rk_text_eq(id, w->tags[i]) &&
			    sansan_is_public(w->l.host, tag, 1))
				return 1;
	}
	return 0;
}

/* The filters of the connection, for what is listed and not asked for by name. */
static int
is_wanted(const struct walk *w, const cJSON *card)
{
	const struct rk_host *host = w->l.host;

	return has_chosen_tag(w, card) &&
	       (rk_setting_is(host, "require_email", "false") ||
	        is_email(rk_json_str(host, card, "email")));
}

static struct rk_value
read_tag_ids(const struct walk *w, const cJSON *list)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items = w->l.host->alloc(w->l.host, (rk_json_count(list) + 1) *
	                                          sizeof *items);

	rk_json_each(tag, list)
		if (sansan_is_public(w->l.host, tag, !w->public_only))
			items[value.count++] = rk_value_of(RK_CHOICE,
				rk_json_str(w->l.host, tag, "id"));
	value.items = items;
	return value.count ? value : rk_value_of(RK_NULL, rk_text_of(NULL, 0));
}

static struct rk_value
read_member(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	if (field->type == RK_CHOICES)
		return rk_value_of(RK_ABSENT, rk_text_of(NULL, 0));
	return rk_value_plain(host, field, item);
}

/* Whether 'card' is newer than 'other' of the same person: by the day of the exchange,
 * then by the time of registration, as Sansan itself decides. */
static int
is_newer(const struct rk_host *host, const cJSON *card, const cJSON *other)
{
	static const char *const by[] = { "exchangeDate", "registeredTime" };

	for (size_t i = 0; i < RK_COUNT(by); i++) {
		int order = strcmp(rk_text_z(host, rk_json_str(host, card, by[i])),
		                   rk_text_z(host, rk_json_str(host, other, by[i])));

		if (order)
			return order > 0;
	}
	return 1;
}

static void
fill_record(struct walk *w, struct rk_record *record, const cJSON *card)
{
	struct rk_listing *l = &w->l;
	const cJSON *tags = rk_json_get(card, "tags");
	struct rk_value *values = (struct rk_value *)(uintptr_t)record->values;
	int64_t at = rk_columns_find(&l->columns, rk_z("tags"));

	rk_columns_read_inner(l->host, &l->columns, card, l->read, values);
	if (at >= 0 && rk_json_is(tags, cJSON_Array))
		values[at] = read_tag_ids(w, tags);
	for (uint64_t i = 0; i < l->columns.count; i++)
		if (values[i].type == RK_ABSENT &&
		    sansan_is_told(l->query->fields[i].name))
			values[i].type = RK_NULL;
	rk_time_parse(rk_json_str(l->host, card, "updatedTime"), &record->modified_ms);
}

/* Adds a card, or the person whose card it is.
 *
 * Shape:  {"id":"..","personId":"..","updatedTime":"..Z","owner":{..},"tags":[{id,name,
 *         type}],..}; "", null and a missing member are all no value.
 * Errors: RK_BUG if it has no id, or, where pages go by it, no updatedTime or one below
 *         that of the card before: going on from the last one would miss cards. */
static int32_t
read_card(struct rk_listing *l, const cJSON *card)
{
	struct walk *w = (struct walk *)l;
	struct rk_text id = rk_json_str(l->host, card, "id");
	struct rk_text person = rk_text_or(rk_json_str(l->host, card, "personId"), w->person);
	struct rk_record *record;
	int64_t stamp = RK_NO_TIME;
	int timed = rk_time_parse(rk_json_str(l->host, card, "updatedTime"), &stamp);
	uint64_t at;

	if (id.len == 0 || (!timed && l->query->mode == RK_BY_WINDOW))
		return rk_fail_bug(l->err, "a card without id or updatedTime");
	if (l->query->mode == RK_BY_WINDOW && stamp < w->before_ms)
		return rk_fail_bug(l->err, "the card \"%.*s\" comes behind one that was "
		                   "updated later: cards would be missed", RK_S(id));
	w->before_ms = stamp;
	w->first_ms = w->first_ms == RK_NO_TIME ? stamp : w->first_ms;
	w->last_ms = stamp;
	if (w->filtered && !is_wanted(w, card))
		return RK_OK;
	id = sansan_is_persons(l->query->object) ? rk_text_or(person, id) : id;
	at = rk_listing_place(l, id);
	if (at < l->page->record_count && !is_newer(l->host, card, w->cards[at]))
		return RK_OK;
	record = rk_listing_add(l, card);
	record->id = id;
	fill_record(w, record, card);
	if (at + 1 < l->page->record_count)
		l->records[at] = l->records[--l->page->record_count];
	w->cards[at] = card;
	return RK_OK;
}

/* ---- Windows --------------------------------------------------------------------- */

static int64_t
start_of(const struct rk_listing *l)
{
	int64_t days = 0;

	if (l->query->since_ms != RK_NO_TIME)
		return l->query->since_ms < 0 ? 0 : l->query->since_ms / 1000 * 1000;
	rk_date_parse(l->host->setting(l->host, "start_date"), &days);
	return days < 0 ? 0 : days * RK_DAY_MS;
}

static int64_t
window_ms(const struct rk_host *host)
{
	int64_t days = 0;

	rk_text_int(host->setting(host, "window_days"), &days);
	return (days > 0 && days <= 36500 ? days : 30) * RK_DAY_MS;
}

/* Both ends are inclusive, and the later one must be later. */
static struct rk_call
window_call(const struct walk *w, unsigned key, int64_t to_ms)
{
	const struct rk_host *host = w->l.host;
	const struct rk_cursor *at = &w->l.at;
	struct rk_text from = rk_url_text(host, rk_time_text(host, at->last_id, 0));
	struct rk_text to = rk_url_text(host, rk_time_text(host, to_ms, 0));
	/* Of a person the newest card alone counts, which Sansan knows. */
	int past = !sansan_is_persons(w->l.query->object) &&
	           rk_setting_is(host, "include_past", "true");

	return sansan_get(host, key, rk_textf(host,
		"bizCards?updatedFrom=%.*s&updatedTo=%.*s&range=%.*s"
		"&entryStatus=completed&includePastBizCards=%s&includeTags=%s"
		"&orderBy=updatedAt&orderDirection=asc&limit=%llu%s%.*s", RK_S(from), RK_S(to),
		RK_S(host->setting(host, "range")), past ? "true" : "false",
		w->tags_asked ? "true" : "false", (unsigned long long)w->l.limit,
		w->token.len ? "&nextPageToken=" : "",
		RK_S(rk_url_text(host, w->token))));
}

/* Begins anew at 'from_ms', without a token: what was remembered of those before would
 * take an equal one of another window for a loop. */
static void
go_to(struct rk_cursor *at, int64_t from_ms)
{
	at->last_id = from_ms;
	at->note = rk_text_of(NULL, 0);
	at->steps = at->power = 0;
	at->mark = 0;
}

/* An open window goes up to our clock, for its page tokens want one end; and where
 * Sansan's own clock is ahead, in one more window up to that. */
static int64_t
end_of(const struct rk_listing *l)
{
	int open = l->query->until_ms == RK_NO_TIME;

	return open && l->at.source_ms > l->at.until_ms ? l->at.source_ms
	                                                : l->at.until_ms;
}

/* Goes on behind an answer that ended at 'to_ms'.  Sets whether more follows. */
static int32_t
go_on(struct walk *w, const struct rk_answer *answer, int64_t to_ms)
{
	struct rk_listing *l = &w->l;
	struct rk_text next = rk_json_str(l->host, answer->root, "nextPageToken");
	int64_t last_ms = w->last_ms / 1000 * 1000;

	l->page->more = 1;
	if (rk_json_true(answer->root, "hasMore")) {
		if (w->first_ms != w->last_ms && last_ms > l->at.last_id) {
			go_to(&l->at, last_ms);
			return RK_OK;
		}
		if (next.len == 0)
			return rk_fail_bug(l->err, "more cards are promised, and there "
			                   "is no nextPageToken");
		return rk_listing_follow(l, rk_textf(l->host, "%lld %.*s",
			(long long)w->before_ms, RK_S(next)));
	}
	go_to(&l->at, to_ms);
	if (to_ms < end_of(l))
		return RK_OK;
	l->at.offset = sansan_key_from(l->host, (unsigned)l->at.offset + 1);
	go_to(&l->at, start_of(l));
	l->page->more = l->at.offset < SANSAN_KEYS;
	return RK_OK;
}

/* Takes apart the note "STAMP TOKEN" of the cursor: up to which stamp the pages behind
 * it went, and how Sansan goes on. */
static void
read_note(struct walk *w)
{
	w->token = w->l.at.note;
	if (!rk_text_int(rk_text_next(&w->token, ' '), &w->before_ms))
		w->before_ms = RK_NO_TIME;
}

/* One window, or what is left of it. */
static int32_t
read_window(struct walk *w)
{
	struct rk_listing *l = &w->l;
	int64_t to = l->at.last_id + window_ms(l->host);
	int64_t until = l->at.last_id < l->at.until_ms ? l->at.until_ms : end_of(l);
	struct rk_answer answer;
	struct rk_call call;
	int32_t status;

	to = to < until ? to : until;
	read_note(w);
	call = window_call(w, (unsigned)l->at.offset,
	                   to > l->at.last_id ? to : l->at.last_id + 1000);
	w->first_ms = w->last_ms = RK_NO_TIME;
	status = rk_listing_ask(l, &call, "data", l->limit, read_card, &answer);
	if (status == RK_PAUSE && answer.reply.status == 400 && w->token.len)
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER,
		               "Sansan refuses the page token");
	if (status != RK_OK)
		return status;
	/* A little that is left over is for the next run, and so not yet read. */
	if (l->query->until_ms == RK_NO_TIME && l->at.source_ms > l->at.until_ms &&
	    l->at.source_ms <= l->at.until_ms + CLOCKS_MS)
		l->at.source_ms = l->at.until_ms;
	return go_on(w, &answer, to);
}

static int32_t
list_window(struct rk_listing *l)
{
	int fresh = l->query->token.len == 0;
	int64_t now = (l->host->now_ms(l->host) + 999) / 1000 * 1000;
	int32_t status = RK_OK;

	if (fresh) {
		l->at.until_ms = l->query->until_ms == RK_NO_TIME
		               ? now : l->query->until_ms;
		l->at.offset = sansan_key_from(l->host, 0);
		l->at.last_id = start_of(l);
	}
	if (l->at.offset >= SANSAN_KEYS ||
	    !l->host->has_setting(l->host, sansan_key_names[l->at.offset]))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is of a key that is not given any more");
	for (unsigned i = 0; status == RK_OK && i < WINDOWS_MAX; i++) {
		status = read_window((struct walk *)l);
		if (!l->page->more || l->page->record_count)
			break;
	}
	return status;
}

/* ---- By ids, by values ----------------------------------------------------------- */

/* {"item":{card}}, {"item":{"id":"..","headBizCard":{card}}}, or the card itself. */
static const cJSON *
card_in(const cJSON *root)
{
	const cJSON *item = rk_json_get(root, "item");
	const cJSON *head = rk_json_get(item ? item : root, "headBizCard");

	return head ? head : item ? item : root;
}

/* An id that no key finds is left out. */
static int32_t
read_id(struct rk_listing *l, struct rk_text id)
{
	const char *area = sansan_is_persons(l->query->object) ? "persons" : "bizCards";
	struct rk_answer answer;
	int32_t status = sansan_find(l->host, rk_textf(l->host, "%s/%.*s?includeTags=%s",
		area, RK_S(rk_url_text(l->host, id)),
		((struct walk *)l)->tags_asked ? "true" : "false"), &answer, l->err);

	if (status != RK_OK || !answer.root)
		return status;
	rk_listing_clock(l, &answer);
	/* The card in it need not say whose it is. */
	((struct walk *)l)->person = rk_json_str(l->host, rk_json_get(answer.root, "item"), "id");
	return read_card(l, card_in(answer.root));
}

/* What a search finds may only hold the value, or differ in case. */
static int32_t
read_found(struct rk_listing *l, const cJSON *card)
{
	struct rk_text value = ((struct walk *)l)->value;
	struct rk_text has = rk_text_trim(
		rk_json_str(l->host, card, rk_text_z(l->host, l->query->field)));

	return (rk_text_is(l->query->field, "email") ? rk_text_eq_nocase(has, value)
	                                             : rk_text_eq(has, value))
	     ? read_card(l, card) : RK_OK;
}

/* All pages of one search, as far as there is room. */
static int32_t
search(struct walk *w, unsigned key, struct rk_text value)
{
	struct rk_listing *l = &w->l;
	struct rk_text token = rk_text_of(NULL, 0);
	int32_t status = RK_OK;

	w->value = value;
	for (unsigned calls = 0; calls < SEARCH_CALLS && status == RK_OK; calls++) {
		uint64_t room = l->limit - l->page->record_count;
		struct rk_answer answer;
		struct rk_call call = sansan_get(l->host, key, rk_textf(l->host,
			"bizCards/search?%.*s=%.*s&limit=%llu%s%.*s",
			RK_S(l->query->field), RK_S(rk_url_text(l->host, value)),
			(unsigned long long)room, token.len ? "&nextPageToken=" : "",
			RK_S(rk_url_text(l->host, token))));

		if (room == 0)
			break;
		status = rk_listing_ask(l, &call, "data", room, read_found, &answer);
		if (status != RK_OK)
			break;
		token = sansan_next_page(l->host, &answer);
		if (token.len == 0)
			break;
	}
	return status;
}

/* By every key: each user sees cards of their own.  An address in capitals is looked up
 * in small letters too, since the search tells them apart. */
static int32_t
list_value(struct rk_listing *l, struct rk_text given)
{
	struct walk *w = (struct walk *)l;
	struct rk_text value = rk_text_trim(given), lower = rk_text_lower(l->host, value);
	int twice = rk_text_is(l->query->field, "email") && !rk_text_eq(lower, value);
	unsigned key = sansan_key_from(l->host, 0);
	int32_t status = RK_OK;

	if (!rk_text_among(l->query->field, "email tel mobile companyName"))
		return rk_fail_config(l->err, "Sansan cannot be searched by \"%.*s\"; by "
		                      "id, email, tel, mobile and companyName it can",
		                      RK_S(l->query->field));
	for (; value.len && key < SANSAN_KEYS && status == RK_OK;
	     key = sansan_key_from(l->host, key + 1)) {
		status = search(w, key, value);
		if (status == RK_OK && twice)
			status = search(w, key, lower);
	}
	return status;
}

/* ---- The slot -------------------------------------------------------------------- */

static const struct rk_way ways[RK_BY_FIELD + 1] = {
	[RK_BY_WINDOW] = { .kind = 'W', .most = SANSAN_PAGE_MAX, .read = list_window },
	[RK_BY_IDS] = { .kind = 'N', .most = SANSAN_PAGE_MAX, .one = read_id },
	[RK_BY_FIELD] = { .kind = 'N', .most = SANSAN_PAGE_MAX, .one = list_value },
};

/* The setting of tags. */
static void
prepare(struct walk *w)
{
	const struct rk_host *host = w->l.host;
	const struct rk_query *query = w->l.query;

	w->filtered = query->mode == RK_BY_WINDOW;
	w->public_only = sansan_key_from(host, 1) < SANSAN_KEYS;
	w->tags = host->alloc(host, SANSAN_TAGS_MAX * sizeof *w->tags);
	w->tag_count = sansan_chosen_tags(host, w->tags);
	w->tags_asked = rk_query_field(query, rk_z("tags")) ||
	                (w->filtered && w->tag_count);
	w->cards = host->alloc(host, (SANSAN_PAGE_MAX + 1) * sizeof *w->cards);
}

/* If no id was found, the reason may be the address, which would make all of them look
 * deleted. */
int32_t
sansan_list_changed(struct rk_conn *conn, const struct rk_query *query,
                    struct rk_page *page, struct rk_err *err)
{
	struct walk w = { .l = rk_listing_of(conn->host, query, page, err, read_member) };
	const char *id = sansan_is_persons(query->object) ? "personId" : "id";
	int by_id = query->mode == RK_BY_IDS ||
	            (query->mode == RK_BY_FIELD && rk_text_is(query->field, id));
	int32_t status = sansan_check_object(query->object, err);

	if (status != RK_OK)
		return status;
	prepare(&w);
	status = by_id ? rk_list_by(&w.l, &ways[RK_BY_IDS], 1000, 0)
	               : rk_list(&w.l, ways, 1000, 0);
	return status == RK_OK && by_id && query->value_count && !page->record_count
	     ? sansan_probe(conn->host, sansan_key_from(conn->host, 0), err) : status;
}
