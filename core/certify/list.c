/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - the group "list": pages of what changed, records by id and by value.  Several
 * cases look at one walk through all pages; the others ask for something of their own. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "certify/kit.h"
#include "record/record.h"
#include "record/value.h"

#define EMPTY_MAX 100
#define MINUTE_MS 60000
#define HOUR_MS 3600000
#define PAGES_MAX 400
/* What was changed by the suite itself may be listed late. */
#define SETTLED_MS (10 * MINUTE_MS)

enum { W_ANSWERS, W_READABLE, W_IDS, W_ONCE, W_VALUES, W_TYPES, W_LIMIT, W_TOKEN, W_MOVES,
       W_DIFFERS, W_ENDS, W_COMPLETE, W_REAL, W_TIMES, W_CLOCK, W_SAFE, W_COUNT };

struct seen {
	struct rk_text id;
	int64_t modified_ms;
};

struct walk {
	const char *fault[W_COUNT];    /* What was wrong, in words; NULL: nothing. */
	struct seen *seen;
	size_t count, room;
	struct rk_text tokens[PAGES_MAX];
	size_t pages;
};

/* ---- A walk ------------------------------------------------------------------------ */

__attribute__((format(printf, 4, 5))) static void
note(struct kit *k, struct walk *w, int which, const char *format, ...)
{
	char text[600];
	va_list args;
	if (w->fault[which] != NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	w->fault[which] = arena_str(&k->arena, text);
}

static bool
was_seen(const struct walk *w, size_t before, struct rk_text id)
{
	for (size_t i = 0; i < before; i++)
		if (text_eq(w->seen[i].id, id))
			return true;
	return false;
}

static void
add_seen(struct kit *k, struct walk *w, const struct rk_record *record)
{
	if (w->count == w->room) {
		size_t room = w->room * 2 + 100;
		struct seen *more = arena_new_array(&k->arena, room, struct seen);
		if (w->count > 0)
			memcpy(more, w->seen, w->count * sizeof *more);
		w->seen = more;
		w->room = room;
	}
	w->seen[w->count++] = (struct seen){ arena_text(&k->arena, record->id),
		                             record->modified_ms };
}

static void
look_at_values(struct kit *k, struct walk *w, const struct rk_query *q,
               const struct rk_record *record)
{
	for (uint64_t i = 0; record->values != NULL && i < q->field_count; i++) {
		uint32_t type = record->values[i].type, want = q->fields[i].type;
		if (type != RK_ABSENT && type != RK_NULL && type != want)
			note(k, w, W_TYPES, "record %.*s: the field %.*s is described as %s and "
			     "listed as %s", SHOW(record->id), SHOW(q->fields[i].name),
			     value_type_name(want), value_type_name(type));
	}
}

static void
look_at_records(struct kit *k, struct walk *w, const struct rk_query *q,
                const struct rk_page *page)
{
	size_t before = w->count, known = 0;
	for (uint64_t i = 0; i < page->record_count; i++) {
		const struct rk_record *r = &page->records[i];
		if (r->id.len == 0)
			note(k, w, W_IDS, "page %zu holds a record without id", w->pages);
		if (r->values == NULL)
			note(k, w, W_VALUES, "page %zu holds a record without values", w->pages);
		if (r->modified_ms == RK_NO_TIME)
			note(k, w, W_TIMES, "record %.*s tells no time of its change", SHOW(r->id));
		for (uint64_t j = 0; j < i; j++)
			if (text_eq(page->records[j].id, r->id) && r->id.len > 0)
				note(k, w, W_ONCE, "page %zu holds record %.*s twice", w->pages,
				     SHOW(r->id));
		look_at_values(k, w, q, r);
		known += was_seen(w, before, r->id);
		add_seen(k, w, r);
	}
	if (page->more && page->record_count > 0 && known == page->record_count)
		note(k, w, W_DIFFERS, "page %zu gives only records that earlier pages gave, and "
		     "says that more follows", w->pages);
	if (page->record_count > q->limit)
		note(k, w, W_LIMIT, "page %zu holds %llu records, %llu were asked for", w->pages,
		     (unsigned long long)page->record_count, (unsigned long long)q->limit);
}

static void
look_at_times(struct kit *k, struct walk *w, const struct rk_page *page)
{
	int64_t source = page->source_time_ms, now = clock_now_ms();
	if (source == RK_NO_TIME)
		note(k, w, W_CLOCK, "page %zu does not tell the CRM's time", w->pages);
	else if (source > now + HOUR_MS || source < now - HOUR_MS)
		note(k, w, W_CLOCK, "page %zu tells a time that is %lld s away from now",
		     w->pages, (long long)(source - now) / 1000);
	if (page->safe_until_ms != RK_NO_TIME && source != RK_NO_TIME
	    && page->safe_until_ms > source)
		note(k, w, W_SAFE, "page %zu calls the future safe", w->pages);
}

/* Whether the walk can go on. */
static bool
look_at_token(struct kit *k, struct walk *w, const struct rk_page *page)
{
	if (!page->more)
		return false;
	if (page->token.len == 0)
		note(k, w, W_TOKEN, "page %zu says that more follows and gives no token",
		     w->pages);
	for (size_t i = 0; i < w->pages; i++)
		if (text_eq(w->tokens[i], page->token) && page->wait_ms == 0)
			note(k, w, W_MOVES, "pages %zu and %zu give the same token: the listing "
			     "makes no progress", i + 1, w->pages);
	return page->token.len > 0 && w->fault[W_MOVES] == NULL && w->fault[W_DIFFERS] == NULL;
}

/* Walks from q->token to the end; 'fresh': each page by a process of its own. */
static void
walk_on(struct kit *k, struct walk *w, struct rk_query *q, bool fresh)
{
	for (bool more = true; more;) {
		struct rk_page page;
		if (fresh)
			kit_fresh(k);
		int32_t status = kit_list(k, q, &page);
		w->tokens[w->pages++] = arena_text(&k->arena, q->token);
		if (k->damage != NULL)
			note(k, w, W_READABLE, "page %zu cannot be read: %s", w->pages, k->damage);
		if (status != RK_OK) {
			note(k, w, W_ANSWERS, "page %zu: %s", w->pages, kit_told(k, status));
			return;
		}
		look_at_records(k, w, q, &page);
		look_at_times(k, w, &page);
		more = look_at_token(k, w, &page);
		q->token = arena_text(&k->arena, page.token);
		if (more && w->pages == PAGES_MAX) {
			note(k, w, W_ENDS, "after %d pages it still says that more follows",
			     PAGES_MAX);
			return;
		}
	}
}

static bool
settled(const struct crm_record *r)
{
	return !r->gone && r->modified_ms < clock_now_ms() - SETTLED_MS;
}

/* What stands must have been listed, and what was listed must stand. */
static void
compare(struct kit *k, struct walk *w, const struct rk_query *q)
{
	size_t count;
	const struct crm_record *records = kit_look(k, &count);
	for (size_t i = 0; i < count; i++) {
		int64_t ms = records[i].modified_ms;
		bool inside = (q->since_ms == RK_NO_TIME || ms >= q->since_ms)
		              && (q->until_ms == RK_NO_TIME || ms < q->until_ms);
		if (settled(&records[i]) && inside && !was_seen(w, w->count, records[i].id))
			note(k, w, W_COMPLETE, "record %s was never listed", records[i].id.ptr);
	}
	for (size_t s = 0; records != NULL && s < w->count; s++) {
		bool real = false;
		for (size_t i = 0; i < count; i++)
			real |= text_eq(records[i].id, w->seen[s].id);
		if (!real)
			note(k, w, W_REAL, "record %s was listed; the CRM has none of that id",
			     w->seen[s].id.ptr);
	}
}

static struct walk *
walk_through(struct kit *k, struct rk_query *q, bool fresh)
{
	struct walk *w = arena_new(&k->arena, struct walk);
	walk_on(k, w, q, fresh);
	compare(k, w, q);
	return w;
}

/* The faults of a walk that make a listing lose records or never end. */
static void
must_be_whole(struct kit *k, const struct walk *w)
{
	static const int musts[] = { W_ANSWERS, W_READABLE, W_TOKEN, W_MOVES, W_DIFFERS, W_ENDS,
		                     W_COMPLETE, W_REAL };
	for (size_t i = 0; i < sizeof musts / sizeof *musts; i++)
		if (w->fault[musts[i]] != NULL)
			kit_fail(k, "%s", w->fault[musts[i]]);
}

/* ---- Cases of one walk ------------------------------------------------------------- */

/* Pages small enough that there are several, large enough for few. */
static struct rk_query
query_of(struct kit *k, uint64_t limit)
{
	struct rk_query q = kit_query(k);
	q.limit = limit < q.limit ? limit : q.limit;
	return q;
}

static void
look_at_walk(struct kit *k, int which)
{
	if (!kit_can(k, "list"))
		return;
	if (k->walk == NULL) {
		struct rk_query q = query_of(k, 10);
		k->walk = walk_through(k, &q, false);
	}
	if (k->walk->fault[which] != NULL)
		kit_fail(k, "%s", k->walk->fault[which]);
	else if (k->walk->fault[W_ANSWERS] != NULL)
		kit_skip(k, "the listing was not answered");
}

/* ---- Cases of pages ---------------------------------------------------------------- */

static void
pages_of(struct kit *k, int limit)
{
	struct rk_query q = query_of(k, (uint64_t)limit);
	if (kit_can(k, "list"))
		must_be_whole(k, walk_through(k, &q, false));
}

static void
each_page_alone(struct kit *k, int which)
{
	(void)which;
	struct rk_query q = query_of(k, 4);
	if (kit_can(k, "list"))
		must_be_whole(k, walk_through(k, &q, true));
}

/* The rest, from each token anew, must be the rest of the walk. */
static void
resumed(struct kit *k, int which)
{
	(void)which;
	struct rk_query q = query_of(k, 7);
	if (!kit_can(k, "list"))
		return;
	struct walk *whole = walk_through(k, &q, false);
	for (size_t i = 1; i < whole->pages && k->why == NULL; i++) {
		struct walk *rest = arena_new(&k->arena, struct walk);
		q = query_of(k, 7);
		q.token = whole->tokens[i];
		kit_fresh(k);
		walk_on(k, rest, &q, false);
		for (size_t s = 0; s < rest->count; s++) {
			size_t at = whole->count - rest->count + s;
			if (rest->count > whole->count
			    || !text_eq(rest->seen[s].id, whole->seen[at].id))
				kit_fail(k, "from the token of page %zu on the listing is not the "
				         "rest of the first one", i);
		}
		if (rest->fault[W_ANSWERS] != NULL)
			kit_fail(k, "from the token of page %zu on: %s", i,
			         rest->fault[W_ANSWERS]);
	}
	if (whole->pages < 2)
		kit_skip(k, "the CRM holds too few records for a second page");
}

static void
bad_token(struct kit *k, int which)
{
	static const char *const tokens[] = {
		"no token at all", "", "%s%n\xF0\x9F\x98\x80{}[]'\"" };
	struct rk_query q = query_of(k, 10);
	size_t count, live = 0;
	if (!kit_can(k, "list"))
		return;
	const struct crm_record *records = kit_look(k, &count);
	for (size_t i = 0; i < count; i++)
		live += settled(&records[i]);
	char *huge = arena_alloc(&k->scratch, 4097);
	q.token = which == 1 ? (struct rk_text){ memset(huge, '9', 4096), 4096 }
	                     : text_of(tokens[which]);
	struct walk *w = arena_new(&k->arena, struct walk);
	walk_on(k, w, &q, false);
	if (w->fault[W_ANSWERS] == NULL && w->count < live)
		kit_fail(k, "a token that it never gave is taken without a word, and %zu of %zu "
		         "records are listed: what was left out would be lost", w->count, live);
}

/* A token that the CRM takes no more is dead: the window begins anew, and nobody is
 * called for it. */
static void
dead_token(struct kit *k, int which)
{
	(void)which;
	struct rk_query q = query_of(k, 4);
	struct rk_page page;
	if (!kit_can(k, "list"))
		return;
	if (k->crm->expire == NULL || kit_list(k, &q, &page) != RK_OK || !page.more) {
		kit_skip(k, "there is no second page to come");
		return;
	}
	q.token = arena_text(&k->arena, page.token);
	k->crm->expire(k->crm, true);
	int32_t status = kit_list(k, &q, &page);
	if (k->crm->expire(k->crm, false) == 0)
		kit_skip(k, "no request of the listing has a page token of the CRM");
	else if (status != RK_RESYNC)
		kit_fail(k, "a page token is dead, which is RK_RESYNC: %s", kit_told(k, status));
}

/* ---- Cases of windows -------------------------------------------------------------- */

/* The stamp at a place among the settled records, 0 to 2: first, middle, last. */
static int64_t
stamp_at(struct kit *k, int place)
{
	size_t count, settled_count = 0;
	const struct crm_record *records = kit_look(k, &count);
	int64_t low = INT64_MAX, high = INT64_MIN;
	for (size_t i = 0; i < count; i++) {
		if (!settled(&records[i]))
			continue;
		settled_count++;
		low = records[i].modified_ms < low ? records[i].modified_ms : low;
		high = records[i].modified_ms > high ? records[i].modified_ms : high;
	}
	if (settled_count == 0)
		return RK_NO_TIME;
	return place == 0 ? low : place == 2 ? high : low + (high - low) / 2;
}

static void
window(struct kit *k, int64_t since, int64_t before)
{
	struct rk_query q = query_of(k, 10);
	q.since_ms = since;
	q.until_ms = before;
	struct walk *w = walk_through(k, &q, false);
	must_be_whole(k, w);
	/* A CRM whose stamps are coarse may give a little more at the edges. */
	for (size_t i = 0; i < w->count; i++) {
		int64_t ms = w->seen[i].modified_ms;
		if (ms != RK_NO_TIME && since != RK_NO_TIME && ms < since - HOUR_MS / 2)
			kit_fail(k, "record %s is older than what was asked for",
			         w->seen[i].id.ptr);
		if (ms != RK_NO_TIME && before != RK_NO_TIME && ms >= before + HOUR_MS / 2)
			kit_fail(k, "record %s is newer than what was asked for",
			         w->seen[i].id.ptr);
	}
}

static void
since(struct kit *k, int place)
{
	int64_t at = stamp_at(k, place);
	if (!kit_can(k, "list"))
		return;
	if (at == RK_NO_TIME)
		kit_skip(k, "the CRM holds no records");
	else
		window(k, at, RK_NO_TIME);
}

static void
before(struct kit *k, int which)
{
	(void)which;
	int64_t at = stamp_at(k, 1);
	if (!kit_can(k, "list"))
		return;
	if (at == RK_NO_TIME)
		kit_skip(k, "the CRM holds no records");
	else
		window(k, RK_NO_TIME, at);
}

static void
future(struct kit *k, int which)
{
	struct rk_query q = query_of(k, 10);
	struct rk_page page;
	if (!kit_can(k, "list"))
		return;
	q.since_ms = clock_now_ms() + (which == 0 ? HOUR_MS : (int64_t)HOUR_MS * 24 * 3650);
	int32_t status = kit_list(k, &q, &page);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	else if (page.record_count > 0)
		kit_fail(k, "%llu records are listed of a time to come",
		         (unsigned long long)page.record_count);
}

/* ---- Cases of change between two pages --------------------------------------------- */

static void
changed_between(struct kit *k, int which)
{
	struct rk_query q = query_of(k, 4);
	struct rk_page page;
	if (!kit_can(k, "list"))
		return;
	int32_t status = kit_list(k, &q, &page);
	if (status != RK_OK || !page.more || page.record_count == 0) {
		kit_skip(k, "there is no second page to come");
		return;
	}
	struct walk *w = arena_new(&k->arena, struct walk);
	for (uint64_t i = 0; i < page.record_count; i++)
		add_seen(k, w, &page.records[i]);
	struct rk_text id = arena_text(&k->arena, page.records[0].id);
	q.token = arena_text(&k->arena, page.token);
	if (!(which == 0 ? k->crm->edit : k->crm->remove)(k->crm, id)) {
		kit_skip(k, "nobody can change records of this CRM from behind");
		return;
	}
	walk_on(k, w, &q, false);
	compare(k, w, &q);
	if (w->fault[W_ANSWERS] != NULL)
		kit_fail(k, "%s", w->fault[W_ANSWERS]);
	if (w->fault[W_COMPLETE] != NULL)
		kit_fail(k, which == 0
		         ? "record %s was changed after the first page; then %s"
		         : "record %s was deleted after the first page; then %s", id.ptr,
		         w->fault[W_COMPLETE]);
}

/* ---- Cases of fields --------------------------------------------------------------- */

static void
few_fields(struct kit *k, int count)
{
	struct rk_query q = query_of(k, 10);
	struct rk_page page;
	if (!kit_can(k, "list"))
		return;
	q.fields = k->fields;
	q.field_count = (uint64_t)count < k->field_count ? (uint64_t)count : k->field_count;
	int32_t status = kit_list(k, &q, &page);
	/* Pages before the first record may be empty, as those of a job. */
	for (int i = 0; i < EMPTY_MAX && status == RK_OK && page.record_count == 0
	     && page.more != 0; i++) {
		q.token = arena_text(&k->scratch, page.token);
		status = kit_list(k, &q, &page);
	}
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	else if (count > 0 && (page.record_count == 0 || page.records[0].values == NULL))
		kit_fail(k, "no record came, or none with values");
}

/* The same record twice, its fields in another order: the values go along. */
static void
swapped_fields(struct kit *k, int which)
{
	(void)which;
	struct rk_query q = query_of(k, 10);
	struct rk_page first, second;
	if (!kit_can(k, "list"))
		return;
	if (k->field_count < 2) {
		kit_skip(k, "the scenario gives values for one field only");
		return;
	}
	struct rk_field turned[2] = { k->fields[1], k->fields[0] };
	q.fields = k->fields;
	q.field_count = 2;
	if (kit_list(k, &q, &first) != RK_OK || first.record_count == 0)
		return;
	q.fields = turned;
	if (kit_list(k, &q, &second) != RK_OK || second.record_count != first.record_count
	    || !value_eq(&first.records[0].values[0], &second.records[0].values[1])
	    || !value_eq(&first.records[0].values[1], &second.records[0].values[0]))
		kit_fail(k, "with its fields in another order the values are others: they must "
		            "stand in the order of the query's fields");
}

/* What a person took out is null: neither an empty text, nor a zero, nor false. */
static void
null_value(struct kit *k, int which)
{
	(void)which;
	size_t count;
	const struct crm_record *records = kit_look(k, &count);
	struct rk_query q = query_of(k, 1);
	struct rk_page page;
	if (!kit_can(k, "ids"))
		return;
	if (k->crm->blank == NULL || records == NULL || count == 0 || k->field_count < 2) {
		kit_skip(k, "nobody can change records of this CRM from behind");
		return;
	}
	for (size_t i = k->key != NULL; i < k->field_count; i++)
		k->crm->blank(k->crm, records[0].id, arena_text(&k->scratch, k->fields[i].name).ptr);
	q.mode = RK_BY_IDS;
	q.values = &records[0].id;
	q.value_count = 1;
	q.fields = k->fields;
	q.field_count = k->field_count;
	int32_t status = kit_list(k, &q, &page);
	if (status != RK_OK || page.record_count != 1 || page.records[0].values == NULL) {
		kit_fail(k, "a record with nulls is not listed: %s", kit_told(k, status));
		return;
	}
	for (size_t i = k->key != NULL; i < k->field_count; i++)
		if (page.records[0].values[i].type > RK_NULL)
			kit_fail(k, "the field %.*s is null at the CRM and listed as %s",
			         SHOW(k->fields[i].name),
			         value_type_name(page.records[0].values[i].type));
}

/* ---- Cases of ids and values ------------------------------------------------------- */

#define WANTED_MAX 100

/* Up to 'most' settled records of the CRM. */
static size_t
some_records(struct kit *k, size_t most, const struct crm_record **some)
{
	size_t count, kept = 0;
	const struct crm_record *records = kit_look(k, &count);
	for (size_t i = 0; i < count && kept < most; i++)
		if (settled(&records[i]))
			some[kept++] = &records[i];
	return kept;
}

static const struct rk_record *
found(const struct rk_page *page, struct rk_text id)
{
	for (uint64_t i = 0; i < page->record_count; i++)
		if (text_eq(page->records[i].id, id))
			return &page->records[i];
	return NULL;
}

static void
expect(struct kit *k, struct rk_query *q, const struct crm_record *const *want,
       size_t count)
{
	struct rk_page page;
	int32_t status = kit_list(k, q, &page);
	if (status != RK_OK) {
		kit_fail(k, "%s", kit_told(k, status));
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (found(&page, want[i]->id) == NULL)
			kit_fail(k, "record %s was asked for and is not there", want[i]->id.ptr);
	for (uint64_t i = 0; i < page.record_count; i++) {
		bool wanted = false;
		for (size_t w = 0; w < count; w++)
			wanted |= text_eq(want[w]->id, page.records[i].id);
		if (!wanted)
			kit_fail(k, "record %.*s was not asked for",
			         SHOW(page.records[i].id));
	}
	if (page.more)
		kit_fail(k, "it says that a page follows of what was asked for by name");
}

enum { BY_ONE, BY_SEVERAL, BY_MANY, BY_UNKNOWN, BY_MIXED, BY_NONE };

static void
by_ids(struct kit *k, int which)
{
	static const size_t most[] = { [BY_ONE] = 1, [BY_SEVERAL] = 3, [BY_MANY] = WANTED_MAX,
		                       [BY_MIXED] = 2 };
	const struct crm_record *want[WANTED_MAX];
	struct rk_text ids[WANTED_MAX + 1];
	struct rk_query q = query_of(k, WANTED_MAX);
	if (!kit_can(k, "ids"))
		return;
	size_t count = some_records(k, which < BY_UNKNOWN || which == BY_MIXED ? most[which] : 0,
	                            want);
	if (count > q.limit)
		count = q.limit;
	for (size_t i = 0; i < count; i++)
		ids[i] = want[i]->id;
	size_t asked = count;
	if (which == BY_UNKNOWN || which == BY_MIXED)
		ids[asked++] = TEXT_LIT("999999999");
	q.mode = RK_BY_IDS;
	q.values = ids;
	q.value_count = q.limit = asked;
	expect(k, &q, want, count);
}

/* The key's text at a record; empty if it has none. */
static struct rk_text
key_of(struct kit *k, const struct crm_record *r)
{
	const char *name = arena_text(&k->scratch, k->key->name).ptr;
	const cJSON *has = cJSON_GetObjectItemCaseSensitive(r->values, name);
	return cJSON_IsString(has) ? text_of(has->valuestring) : (struct rk_text){ NULL, 0 };
}

static void
by_field(struct kit *k, int which)
{
	static const size_t most[] = { [BY_ONE] = 1, [BY_SEVERAL] = 3, [BY_MIXED] = 2 };
	const struct crm_record *want[WANTED_MAX];
	struct rk_text values[WANTED_MAX + 1];
	struct rk_query q = query_of(k, WANTED_MAX);
	if (!kit_can(k, "field"))
		return;
	if (k->key == NULL) {
		kit_skip(k, "the scenario names no key");
		return;
	}
	size_t count = some_records(k, which == BY_UNKNOWN ? 0 : most[which], want);
	for (size_t i = 0; i < count; i++)
		values[i] = key_of(k, want[i]);
	size_t asked = count;
	if (which == BY_UNKNOWN || which == BY_MIXED)
		values[asked++] = TEXT_LIT("nobody-has-this@example.com");
	q.mode = RK_BY_FIELD;
	q.field = k->key->name;
	q.values = values;
	q.value_count = asked;
	expect(k, &q, want, count);
}

/* Values that mean something in the languages of queries match nothing, as nobody has
 * them; an error is as good, unless it says that the connector is at fault. */
static void
odd_value(struct kit *k, int which)
{
	static const char *const odd[] = {
		"\" or \"\" = \"", "') or 1=1 --", "a\\", "*", "%", "a&b=c#d?e/f",
		"\xE5\xB1\xB1\xE7\x94\xB0 \xF0\x9F\x98\x80", "line one\nline two",
	};
	struct rk_query q = query_of(k, 10);
	struct rk_page page;
	struct rk_text value = text_of(odd[which]);
	if (!kit_can(k, "field"))
		return;
	if (k->key == NULL) {
		kit_skip(k, "the scenario names no key");
		return;
	}
	q.mode = RK_BY_FIELD;
	q.field = k->key->name;
	q.values = &value;
	q.value_count = 1;
	int32_t status = kit_list(k, &q, &page);
	if (status == RK_OK && page.record_count > 0)
		kit_fail(k, "%llu records are said to have the value \"%s\"",
		         (unsigned long long)page.record_count, odd[which]);
	else if (status == RK_BUG)
		kit_fail(k, "%s", kit_told(k, status));
}

#define ROW(id, fn, number, en, ja) CASE("list." id, fn, number, en, ja)

static const struct certify_case cases[] = {
	ROW("answers", look_at_walk, W_ANSWERS, "every page is answered", "全ページが返る"),
	ROW("readable", look_at_walk, W_READABLE, "every page can be read", "全ページを読める"),
	ROW("ids", look_at_walk, W_IDS, "every record has an id", "全レコードに ID がある"),
	ROW("once", look_at_walk, W_ONCE, "no page holds a record twice",
	    "1 ページに同じレコードがない"),
	ROW("values", look_at_walk, W_VALUES, "every record has its values", "全レコードに値がある"),
	ROW("types", look_at_walk, W_TYPES, "values have the type that is described",
	    "値の型が説明と合う"),
	ROW("limit", look_at_walk, W_LIMIT, "no page is larger than asked", "件数の上限を守る"),
	ROW("token", look_at_walk, W_TOKEN, "where more follows there is a token",
	    "続きがあればトークンがある"),
	ROW("token-moves", look_at_walk, W_MOVES, "no token comes twice", "トークンが繰り返さない"),
	ROW("pages-differ", look_at_walk, W_DIFFERS, "no page repeats what was listed",
	    "同じページが繰り返さない"),
	ROW("ends", look_at_walk, W_ENDS, "the listing ends", "一覧が終わる"),
	ROW("complete", look_at_walk, W_COMPLETE, "every record is listed", "全レコードが載る"),
	ROW("real", look_at_walk, W_REAL, "only records that exist are listed",
	    "実在するレコードだけが載る"),
	{ .name = "list.times", .run = look_at_walk, .which = W_TIMES, .advice = true,
	  .what = "every record tells when it changed", .what_ja = "全レコードに更新時刻がある" },
	{ .name = "list.clock", .run = look_at_walk, .which = W_CLOCK, .advice = true,
	  .what = "every page tells the CRM's time", .what_ja = "全ページに CRM の時刻がある" },
	ROW("safe", look_at_walk, W_SAFE, "nothing later than now is called safe",
	    "未来を確定済みとしない"),
	ROW("pages-of-1", pages_of, 1, "pages of one record lose none, equal stamps or not",
	    "1 件ずつでも欠けない"),
	ROW("pages-of-2", pages_of, 2, "pages of two records lose none", "2 件ずつでも欠けない"),
	ROW("pages-of-3", pages_of, 3, "pages of three records lose none", "3 件ずつでも欠けない"),
	ROW("pages-of-7", pages_of, 7, "pages of seven records lose none", "7 件ずつでも欠けない"),
	ROW("full-page", pages_of, RECORD_PAGE_MAX, "pages of the declared size lose none",
	    "宣言した件数のページで欠けない"),
	ROW("each-alone", each_page_alone, 0, "each page by a new process loses none",
	    "ページごとに新しいプロセスでも欠けない"),
	ROW("resume", resumed, 0, "from each token on the rest is the same",
	    "各トークンから再開できる"),
	ROW("bad-token", bad_token, 0, "a token that it never gave loses nothing",
	    "不正なトークンで失わない"),
	ROW("huge-token", bad_token, 1, "nor does one of 4096 bytes", "4096 バイトでも失わない"),
	ROW("odd-token", bad_token, 2, "nor does one of odd characters", "特殊文字でも失わない"),
	ROW("dead-token", dead_token, 0, "a token that is dead begins the window anew",
	    "無効なトークンなら最初から読み直す"),
	ROW("since-first", since, 0, "since the first stamp: all are listed", "最初の時刻から全件"),
	ROW("since-middle", since, 1, "since the middle: none later is missing",
	    "途中の時刻から欠けない"),
	ROW("since-last", since, 2, "since the last stamp: its records are listed",
	    "最後の時刻のレコードが載る"),
	ROW("until", before, 0, "until the middle: none earlier is missing",
	    "途中の時刻まで欠けない"),
	ROW("future", future, 0, "since tomorrow: nothing, and no error", "未来からは 0 件"),
	ROW("far-future", future, 1, "since ten years ahead: nothing, and no error",
	    "10 年後からは 0 件"),
	ROW("changed", changed_between, 0, "a change between two pages loses no other record",
	    "ページ間の更新で失わない"),
	ROW("deleted", changed_between, 1, "a delete between two pages loses no other record",
	    "ページ間の削除で失わない"),
	ROW("one-field", few_fields, 1, "one field is enough", "1 フィールドで読める"),
	ROW("no-field", few_fields, 0, "no field is enough", "フィールドなしで読める"),
	ROW("field-order", swapped_fields, 0, "values stand in the order of the query",
	    "値が問い合わせの順に並ぶ"),
	ROW("null", null_value, 0, "null is listed as null", "null が null になる"),
	ROW("by-id", by_ids, BY_ONE, "a record by its id", "ID で 1 件"),
	ROW("by-ids", by_ids, BY_SEVERAL, "several records by their ids", "ID で数件"),
	ROW("by-many-ids", by_ids, BY_MANY, "up to 100 records by their ids", "ID で 100 件まで"),
	ROW("by-unknown-id", by_ids, BY_UNKNOWN, "an id that nobody has gives nothing",
	    "存在しない ID は 0 件"),
	ROW("by-mixed-ids", by_ids, BY_MIXED, "it does not hide the others", "他を隠さない"),
	ROW("by-no-ids", by_ids, BY_NONE, "no ids give nothing", "ID なしは 0 件"),
	ROW("by-value", by_field, BY_ONE, "a record by its key", "キーで 1 件"),
	ROW("by-values", by_field, BY_SEVERAL, "several records by their keys", "キーで数件"),
	ROW("by-unknown-value", by_field, BY_UNKNOWN, "a key that nobody has gives nothing",
	    "存在しないキーは 0 件"),
	ROW("by-mixed-values", by_field, BY_MIXED, "it does not hide the others", "他を隠さない"),
	ROW("quotes", odd_value, 0, "quotes in a value stay in it", "引用符を含む値"),
	ROW("brackets", odd_value, 1, "brackets in a value stay in it", "括弧を含む値"),
	ROW("backslash", odd_value, 2, "so does a backslash", "逆斜線を含む値"),
	ROW("star", odd_value, 3, "a star matches itself", "* はそれ自身と一致する"),
	ROW("percent", odd_value, 4, "a percent sign matches itself", "% はそれ自身と一致する"),
	ROW("url", odd_value, 5, "what divides a URL stays in the value", "URL の区切りを含む値"),
	ROW("unicode", odd_value, 6, "Japanese and emoji stay whole", "日本語と絵文字を含む値"),
	ROW("hint-in", list_hints, 0, "a hint of values leaves out nothing that has one",
	    "値の絞り込みで失わない"),
	ROW("hint-order", list_hints, 1, "nor does one of the least or the most",
	    "大小の絞り込みで失わない"),
	ROW("hint-empty", list_hints, 2, "nor one of having a value or none",
	    "空かどうかの絞り込みで失わない"),
	ROW("newline", odd_value, 7, "so does a line's end", "改行を含む値"),
};

const struct certify_group group_list = { "list", cases, sizeof cases / sizeof *cases };
