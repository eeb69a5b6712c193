/* SPDX-License-Identifier: Apache-2.0 */
/* sansan_cards.c - business cards of the simulated Sansan: listed, searched, read,
 * made from text (sheet, sections 3 to 6).  A record of the store is a card; a person
 * is what its cards have in common.  Called through the table of sansan.c. */
#include "sansan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PAGE_MOST 300
#define DAY_MS INT64_C(86400000)
#define CREATE_TAGS 15u

enum { S_TEXT, S_DATE, S_COUNTRY, S_TAGS };

/* Fields that a card stores; 'create': POST bizCards takes it (sections 5, 6). */
static const struct sansan_field {
	const char *name;
	int type;
	int64_t most;                        /* Characters; 0: no limit told. */
	bool create, shown;
	enum seed_column seed;               /* SEED_COLUMNS: none. */
} fields[] = {
	{ "personId", S_TEXT, 32, false, false, SEED_COLUMNS },
	{ "companyId", S_TEXT, 32, false, false, SEED_COLUMNS },
	{ "ownerId", S_TEXT, 0, false, false, SEED_COLUMNS },
	{ "entryStatus", S_TEXT, 0, false, false, SEED_COLUMNS },
	{ "exchangeDate", S_DATE, 0, true, false, SEED_CONTRACT },
	{ "lastName", S_TEXT, 250, true, true, SEED_LASTNAME },
	{ "firstName", S_TEXT, 250, true, true, SEED_FIRSTNAME },
	{ "lastNameReading", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "firstNameReading", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "companyName", S_TEXT, 0, true, true, SEED_COMPANY },
	{ "departmentName", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "title", S_TEXT, 0, true, true, SEED_JOBTITLE },
	{ "email", S_TEXT, 0, true, true, SEED_EMAIL },
	{ "tel", S_TEXT, 0, true, true, SEED_PHONE },
	{ "secondTel", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "mobile", S_TEXT, 0, true, true, SEED_MOBILE },
	{ "fax", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "postalCode", S_TEXT, 10, true, true, SEED_ZIP },
	{ "prefecture", S_TEXT, 0, true, true, SEED_STATE },
	{ "city", S_TEXT, 0, true, true, SEED_CITY },
	{ "street", S_TEXT, 0, true, true, SEED_ADDRESS },
	{ "building", S_TEXT, 0, true, true, SEED_COLUMNS },
	{ "url", S_TEXT, 0, true, true, SEED_WEBSITE },
	{ "memo", S_TEXT, 2000, true, true, SEED_NOTE },
	{ "countryCode", S_COUNTRY, 0, true, false, SEED_COLUMNS },
	{ "tags", S_TAGS, 0, false, false, SEED_COLUMNS },
};

void
sansan_define(struct sim *sim)
{
	struct object *o = sim_add_object(sim, "cards");

	for (size_t i = 0; i < COUNT(fields); i++)
		object_add_field(o, text_of(fields[i].name))->type = fields[i].type;
}

/* ---- Ids: opaque, and no numbers (section 0) ---------------------------- */

static uint64_t
mix(uint64_t z)
{
	z += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

void
sansan_show_id(char out[SIM_ID_BYTES], uint64_t id)
{
	snprintf(out, SIM_ID_BYTES, "c%015llx%016llx", (unsigned long long)(mix(id) >> 4),
		 (unsigned long long)(id ^ UINT64_C(0xA5C3E1F00F1E3C5A)));
}

uint64_t
sansan_read_id(struct text shown)
{
	char digits[17] = "", again[SIM_ID_BYTES];

	if (shown.len != 32)
		return 0;
	memcpy(digits, shown.ptr + 16, 16);
	uint64_t id = strtoull(digits, NULL, 16) ^ UINT64_C(0xA5C3E1F00F1E3C5A);
	sansan_show_id(again, id);
	return text_is(shown, again) ? id : 0;
}

static uint64_t
hash_of(struct text t)
{
	uint64_t h = UINT64_C(1469598103934665603);

	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (unsigned char)t.ptr[i]) * UINT64_C(1099511628211);
	return mix(h);
}

/* ---- What a card holds -------------------------------------------------- */

/* A card as one request looks at it. */
struct card {
	const struct object *o;
	const struct record *r;
	struct arena *arena;
};

static struct text
raw_of(const struct card *c, const char *name)
{
	return block_get(c->r->now.block, object_field(c->o, text_of(name)));
}

static struct text
value_of(const struct card *c, const char *name)
{
	struct text raw = raw_of(c, name);

	return raw.len && raw.ptr[0] == '"' ? json_unquote(c->arena, raw)
					    : (struct text){ "", 0 };
}

static struct text
derived(struct arena *a, char kind, uint64_t h)
{
	char id[40];

	snprintf(id, sizeof id, "%c%015llx%016llx", kind, (unsigned long long)h >> 4,
		 (unsigned long long)mix(h));
	return arena_copy(a, text_of(id));
}

/* Whose card it is, by name matching: for this one, who has the same e-mail. */
static struct text
person_of(const struct card *c)
{
	struct text told = value_of(c, "personId"), email = value_of(c, "email");

	if (told.len)
		return told;
	return derived(c->arena, 'f', email.len ? hash_of(email) : mix(c->r->id));
}

static struct text
company_of(const struct card *c)
{
	struct text told = value_of(c, "companyId"), name = value_of(c, "companyName");

	return told.len || !name.len ? told : derived(c->arena, 'b', hash_of(name));
}

static struct text
owner_of(const struct card *c)
{
	struct text owner = value_of(c, "ownerId");

	return owner.len ? owner : TEXT("5501");
}

static struct text
status_of(const struct card *c)
{
	struct text status = value_of(c, "entryStatus");

	return status.len ? status : TEXT("completed");
}

static bool
card_seen(const struct request *q, const struct card *c)
{
	const struct sansan_key *key = sansan_caller(q);

	return !c->r->gone && c->r->visible_ms <= q->now_ms &&
		(key->sees_all || text_is(owner_of(c), key->user));
}

/* The ids of its tags, one after the other: 'at' is NULL at first. */
static const struct json *
next_tag(const struct card *c, const struct json *at)
{
	struct text raw = raw_of(c, "tags");
	const struct json *list = !at && raw.len ? json_parse(c->arena, raw, NULL) : NULL;

	return at ? at->next : list ? list->child : NULL;
}

/* ---- A card as JSON ----------------------------------------------------- */

static void
put_time(struct buf *out, int64_t ms)
{
	char iso[40];

	time_iso(iso, ms);
	buf_fmt(out, "\"%.19sZ\"", iso);
}

static void
put_owner(struct buf *out, struct text id)
{
	const struct sansan_user *user = sansan_user(id);

	buf_str(out, ",\"owner\":{\"id\":");
	buf_quote(out, id);
	buf_str(out, ",\"name\":");
	buf_quotez(out, user ? user->name : "");
	buf_str(out, ",\"email\":");
	if (user && user->email)
		buf_quotez(out, user->email);
	else
		buf_str(out, "null");
	buf_str(out, "}");
}

/* Empty values come as "", null or not at all (section 5). */
static void
put_values(struct buf *out, const struct card *c)
{
	size_t nth = 0;

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct text raw = raw_of(c, fields[i].name);
		bool missing = !raw.len && nth++ % 3 == 2;

		if (!fields[i].shown || missing)
			continue;
		buf_fmt(out, ",\"%s\":", fields[i].name);
		buf_text(out, raw.len ? raw : nth % 3 == 1 ? TEXT("null") : TEXT("\"\""));
	}
}

static void
put_address(struct buf *out, const struct card *c)
{
	struct buf joined = { 0 };
	struct text building = value_of(c, "building");

	buf_text(&joined, value_of(c, "prefecture"));
	buf_text(&joined, value_of(c, "city"));
	buf_text(&joined, value_of(c, "street"));
	if (building.len)
		buf_str(&joined, " ");
	buf_text(&joined, building);
	buf_str(out, ",\"address\":");
	buf_quote(out, buf_view(&joined));
	buf_clear(&joined);
}

static void
put_tags(const struct request *q, struct buf *out, const struct card *c)
{
	const struct sansan *s = sansan_state(q->sim);
	bool first = true;

	for (const struct json *t = next_tag(c, NULL); t; t = next_tag(c, t)) {
		const struct sansan_tag *tag = sansan_tag(s, t->text);

		if (!tag || !sansan_tag_seen(tag, sansan_caller(q)->user))
			continue;
		buf_comma(out, &first);
		sansan_put_tag(out, tag, false);
	}
}

static void
put_card(const struct request *q, struct buf *out, const struct card *c, bool tags)
{
	char id[SIM_ID_BYTES];
	struct text date = raw_of(c, "exchangeDate"), company = company_of(c);

	buf_fmt(out, "{\"id\":\"%s\",\"personId\":", sim_id(c->o->crm, c->r->id, id));
	buf_quote(out, person_of(c));
	buf_str(out, ",\"companyId\":");
	if (company.len)
		buf_quote(out, company);
	else
		buf_str(out, "null");
	buf_str(out, ",\"exchangeDate\":");
	buf_text(out, date.len ? date : TEXT("null"));
	buf_str(out, ",\"registeredTime\":");
	put_time(out, c->r->created_ms);
	buf_str(out, ",\"updatedTime\":");
	put_time(out, c->r->now.updated_ms);
	put_owner(out, owner_of(c));
	put_values(out, c);
	put_address(out, c);
	buf_str(out, ",\"entryStatus\":");
	buf_quote(out, status_of(c));
	if (tags) {
		buf_str(out, ",\"tags\":[");
		put_tags(q, out, c);
		buf_str(out, "]");
	}
	buf_str(out, "}");
}

/* ---- Found cards -------------------------------------------------------- */

struct hit {
	struct card card;
	uint64_t person;
	struct text date;
	int64_t order;
};

struct hits {
	struct hit *list;                    /* In the arena. */
	size_t count;
};

/* By person, and of one the newest first: by exchange date, then registration. */
static int
by_person(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	size_t least = x->date.len < y->date.len ? x->date.len : y->date.len;
	int order = least ? memcmp(y->date.ptr, x->date.ptr, least) : 0;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (order || x->date.len != y->date.len)
		return order ? order : x->date.len > y->date.len ? -1 : 1;
	if (x->card.r->created_ms != y->card.r->created_ms)
		return x->card.r->created_ms > y->card.r->created_ms ? -1 : 1;
	return x->card.r->id > y->card.r->id ? -1 : 1;
}

static int
by_order(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->card.r->id < y->card.r->id ? -1 : x->card.r->id > y->card.r->id;
}

static int
by_order_down(const void *a, const void *b)
{
	return by_order(b, a);
}

/* All cards that the caller sees and whose status is asked for. */
static struct hits
all_cards(const struct request *q)
{
	struct object *o = sim_object(q->sim, TEXT("cards"));
	struct hits hits = { arena_alloc(q->arena, (o->count + 1) * sizeof *hits.list), 0 };
	bool any = request_query(q, "entryStatus").len > 0;

	for (size_t i = 0; i < o->count; i++) {
		struct card c = { o, o->records[i], q->arena };
		bool wanted = !any && text_is(status_of(&c), "completed");

		for (size_t j = 0; j < q->query_count; j++)
			wanted |= text_is(q->query[j].name, "entryStatus") &&
				text_equal(q->query[j].value, status_of(&c));
		if (wanted && card_seen(q, &c))
			hits.list[hits.count++] = (struct hit){ .card = c,
				.person = hash_of(person_of(&c)),
				.date = value_of(&c, "exchangeDate") };
	}
	return hits;
}

/* Of each person the newest card. */
static void
keep_heads(struct hits *hits)
{
	size_t kept = 0;

	qsort(hits->list, hits->count, sizeof *hits->list, by_person);
	for (size_t i = 0; i < hits->count; i++)
		if (i == 0 || hits->list[i].person != hits->list[i - 1].person)
			hits->list[kept++] = hits->list[i];
	/* Copies move down only, so that what is compared stands still. */
	hits->count = kept;
}

static int64_t
seconds(int64_t ms)
{
	return ms / 1000;
}

static void
send_page(struct request *q, struct reply *r, struct hits *hits, bool down, bool tags)
{
	struct text by = request_query(q, "orderBy");
	int64_t limit = 100;
	size_t from;
	bool first = true;

	if (!sansan_page(q, r, &from))
		return;
	text_int(request_query(q, "limit"), &limit);
	for (size_t i = 0; i < hits->count; i++)
		hits->list[i].order = seconds(text_is(by, "registeredAt") ?
			hits->list[i].card.r->created_ms :
			hits->list[i].card.r->now.updated_ms);
	qsort(hits->list, hits->count, sizeof *hits->list, down ? by_order_down : by_order);
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"data\":[");
	for (size_t i = from; i < hits->count && i < from + (size_t)limit; i++) {
		buf_comma(out, &first);
		put_card(q, out, &hits->list[i].card, tags);
	}
	sansan_page_end(q, out, from + (size_t)limit, hits->count);
}

/* ---- List (section 3) --------------------------------------------------- */

struct window {
	int64_t from_ms, to_ms;
	bool given, registered;
};

/* Both ends or none; false after an answer. */
static bool
read_window(struct request *q, struct reply *r, const char *from, const char *to,
	    struct window *w)
{
	struct text a = request_query(q, from), b = request_query(q, to);
	int64_t most = sansan_state(q->sim)->window_days * DAY_MS;

	w->given = a.len && b.len;
	if (!a.len && !b.len)
		return true;
	if (!w->given) {
		sansan_error(r, 400, "invalid_parameter", "%s and %s go together.", from, to);
		return false;
	}
	time_parse(a, &w->from_ms, NULL);
	time_parse(b, &w->to_ms, NULL);
	if (w->to_ms > w->from_ms && w->to_ms - w->from_ms <= most)
		return true;
	sansan_error(r, 400, "invalid_parameter", "%s must be later than %s, and at most "
		     "%lld days.", to, from, (long long)sansan_state(q->sim)->window_days);
	return false;
}

static bool
in_window(const struct window *w, int64_t ms)
{
	return !w->given || (seconds(ms) >= seconds(w->from_ms) &&
			     seconds(ms) <= seconds(w->to_ms));
}

void
sansan_list(struct request *q, struct reply *r)
{
	static const struct sansan_param params[] = {
		{ "updatedFrom", "d", 0, false }, { "updatedTo", "d", 0, false },
		{ "registeredFrom", "d", 0, false }, { "registeredTo", "d", 0, false },
		{ "range", "me all", 0, false },
		{ "entryStatus", "processing completed unreadable", 0, true },
		{ "includePastBizCards", "b", 0, false }, { "includeTags", "b", 0, false },
		{ "orderBy", "registeredAt completedAt updatedAt", 0, false },
		{ "orderDirection", "asc desc", 0, false },
		{ "limit", "n", PAGE_MOST, false }, { "nextPageToken", "t", 0, false },
		{ NULL, NULL, 0, false },
	};
	struct window updated, registered;
	size_t kept = 0;

	if (!sansan_params(q, r, params) ||
	    !read_window(q, r, "updatedFrom", "updatedTo", &updated) ||
	    !read_window(q, r, "registeredFrom", "registeredTo", &registered))
		return;
	if (!updated.given && !registered.given) {
		sansan_error(r, 400, "invalid_parameter",
			     "updatedFrom and updatedTo are required.");
		return;
	}
	struct hits hits = all_cards(q);
	bool all = text_is(request_query(q, "range"), "all");
	if (!text_is(request_query(q, "includePastBizCards"), "true"))
		keep_heads(&hits);
	for (size_t i = 0; i < hits.count; i++) {
		const struct card *c = &hits.list[i].card;

		if (in_window(&updated, c->r->now.updated_ms) &&
		    in_window(&registered, c->r->created_ms) &&
		    (all || text_is(owner_of(c), sansan_caller(q)->user)))
			hits.list[kept++] = hits.list[i];
	}
	hits.count = kept;
	send_page(q, r, &hits, !text_is(request_query(q, "orderDirection"), "asc"),
		  text_is(request_query(q, "includeTags"), "true"));
}

/* ---- Search, one card, one person (section 4) --------------------------- */

static bool
holds(struct text whole, struct text part, bool at_start)
{
	for (size_t i = 0; i + part.len <= whole.len; i++)
		if (!memcmp(whole.ptr + i, part.ptr, part.len))
			return true;
		else if (at_start)
			return false;
	return false;
}

static bool
name_begins(const struct card *c, struct text with)
{
	struct buf joined = { 0 };

	buf_text(&joined, value_of(c, "lastName"));
	buf_text(&joined, value_of(c, "firstName"));
	bool found = holds(buf_view(&joined), with, true);
	buf_clear(&joined);
	return found;
}

static bool
has_tag(const struct request *q, const struct card *c)
{
	const struct sansan *s = sansan_state(q->sim);
	bool asked = false;

	for (size_t i = 0; i < q->query_count; i++) {
		if (!text_is(q->query[i].name, "tagId"))
			continue;
		asked = true;
		for (const struct json *t = next_tag(c, NULL); t; t = next_tag(c, t)) {
			const struct sansan_tag *tag = sansan_tag(s, t->text);

			if (tag && text_equal(t->text, q->query[i].value) &&
			    sansan_tag_seen(tag, sansan_caller(q)->user))
				return true;
		}
	}
	return !asked;
}

static bool
matches(const struct request *q, const struct card *c)
{
	static const char *const partial[] = { "companyName", "tel", "mobile" };
	struct text email = request_query(q, "email"), name = request_query(q, "name");

	for (size_t i = 0; i < COUNT(partial); i++) {
		struct text part = request_query(q, partial[i]);

		if (part.len && !holds(value_of(c, partial[i]), part, false))
			return false;
	}
	return (!email.len || text_equal(value_of(c, "email"), email)) &&
		(!name.len || name_begins(c, name)) && has_tag(q, c);
}

void
sansan_search(struct request *q, struct reply *r)
{
	static const struct sansan_param params[] = {
		{ "companyName", "t", 0, false }, { "name", "t", 0, false },
		{ "email", "t", 0, false }, { "tel", "t", 0, false },
		{ "mobile", "t", 0, false }, { "tagId", "t", 0, true },
		{ "orderBy", "registeredAt updatedAt", 0, false },
		{ "limit", "n", PAGE_MOST, false }, { "nextPageToken", "t", 0, false },
		{ NULL, NULL, 0, false },
	};
	size_t kept = 0, conditions = 0;

	if (!sansan_params(q, r, params))
		return;
	for (size_t i = 0; i < q->query_count; i++)
		for (size_t p = 0; p < 6; p++)
			conditions += text_is(q->query[i].name, params[p].name);
	if (!conditions) {
		sansan_error(r, 400, "invalid_parameter", "A search wants a condition.");
		return;
	}
	struct hits hits = all_cards(q);
	for (size_t i = 0; i < hits.count; i++)
		if (matches(q, &hits.list[i].card))
			hits.list[kept++] = hits.list[i];
	hits.count = kept;
	send_page(q, r, &hits, true, false);
}

/* The card of the path; false after an answer. */
static bool
card_of(struct request *q, struct reply *r, struct card *c)
{
	struct object *o = sim_object(q->sim, TEXT("cards"));
	struct record *record = object_record(o, sansan_read_id(q->vars[0]));

	*c = (struct card){ o, record, q->arena };
	if (record && card_seen(q, c))
		return true;
	sansan_error(r, 404, "not_found", "There is no such card.");
	return false;
}

static const struct sansan_param with_tags[] = {
	{ "includeTags", "b", 0, false }, { NULL, NULL, 0, false },
};

void
sansan_get_card(struct request *q, struct reply *r)
{
	bool tags = text_is(request_query(q, "includeTags"), "true");
	bool wrapped = sansan_state(q->sim)->wrapped;
	struct card c;

	if (!sansan_params(q, r, with_tags) || !card_of(q, r, &c))
		return;
	struct buf *out = reply_start(r, 200);
	buf_str(out, wrapped ? "{\"item\":" : "");
	put_card(q, out, &c, tags);
	buf_str(out, wrapped ? "}" : "");
}

void
sansan_card_tags(struct request *q, struct reply *r)
{
	static const struct sansan_param params[] = {
		{ "limit", "n", 100, false }, { NULL, NULL, 0, false },
	};
	struct card c;

	if (!sansan_params(q, r, params) || !card_of(q, r, &c))
		return;
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"data\":[");
	put_tags(q, out, &c);
	buf_str(out, "],\"hasMore\":false}");
}

void
sansan_get_person(struct request *q, struct reply *r)
{
	bool tags = text_is(request_query(q, "includeTags"), "true");

	if (!sansan_params(q, r, with_tags))
		return;
	struct hits hits = all_cards(q);
	keep_heads(&hits);
	for (size_t i = 0; i < hits.count; i++) {
		if (!text_equal(person_of(&hits.list[i].card), q->vars[0]))
			continue;
		struct buf *out = reply_start(r, 200);
		buf_str(out, "{\"item\":{\"id\":");
		buf_quote(out, q->vars[0]);
		buf_str(out, ",\"headBizCard\":");
		put_card(q, out, &hits.list[i].card, tags);
		buf_str(out, "}}");
		return;
	}
	sansan_error(r, 404, "not_found", "There is no such person.");
}

/* ---- A new card (section 6) --------------------------------------------- */

static bool
is_country(struct text t)
{
	return text_is(t, "AUTO") || (t.len == 2 && t.ptr[0] >= 'A' && t.ptr[0] <= 'Z' &&
				      t.ptr[1] >= 'A' && t.ptr[1] <= 'Z');
}

/* What is wrong with one member, or NULL. */
static const char *
fault_of(const struct sansan_field *f, const struct json *j)
{
	int64_t ms;
	bool date_only = false;

	if (j->kind != JSON_STRING)
		return "must be a string";
	if (f->most && (int64_t)text_chars(j->text) > f->most)
		return "is too long";
	if (f->type == S_DATE && j->text.len &&
	    (j->text.len != 10 || !time_parse(j->text, &ms, &date_only) || !date_only))
		return "must be YYYY-MM-DD";
	if (f->type == S_COUNTRY && !is_country(j->text))
		return "must be AUTO or two capital letters";
	return NULL;
}

static bool
tags_are_wrong(struct request *q, struct reply *r, const struct json *list)
{
	const struct sansan *s = sansan_state(q->sim);

	if (list->kind != JSON_ARRAY || list->count > CREATE_TAGS) {
		sansan_error(r, 400, "invalid_parameter", "tagIds must be a list of at most "
			     "15 ids.");
		return true;
	}
	for (const struct json *t = list->child; t; t = t->next) {
		const struct sansan_tag *tag = sansan_tag(s, t->text);

		if (t->kind == JSON_STRING && tag &&
		    sansan_tag_seen(tag, sansan_caller(q)->user))
			continue;
		sansan_error(r, 400, "invalid_parameter", "tagIds: there is no tag %.*s.",
			     (int)t->text.len, t->text.ptr ? t->text.ptr : "");
		return true;
	}
	return false;
}

static const struct sansan_field *
field_of(struct text name)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (text_is(name, fields[i].name) && fields[i].create)
			return &fields[i];
	return NULL;
}

/* The changes of the body, and whether it names anybody; false after an answer. */
static bool
read_card(struct request *q, struct reply *r, struct change *changes, size_t *count)
{
	struct object *o = sim_object(q->sim, TEXT("cards"));
	bool named = false;

	for (const struct json *j = q->json->child; j; j = j->next) {
		bool tags = text_is(j->name, "tagIds");
		const struct sansan_field *f = tags ? NULL : field_of(j->name);
		const char *fault = tags ? NULL : !f ? "is unknown" : fault_of(f, j);

		if (tags && tags_are_wrong(q, r, j))
			return false;
		if (fault) {
			sansan_error(r, 400, "invalid_parameter", "%.*s %s.",
				     (int)j->name.len, j->name.ptr, fault);
			return false;
		}
		named |= text_trim(j->text).len && (text_is(j->name, "companyName") ||
			text_is(j->name, "lastName") || text_is(j->name, "firstName"));
		if (tags || j->text.len)
			changes[(*count)++] = (struct change){
				object_field(o, tags ? TEXT("tags") : j->name),
				json_raw(q->arena, j) };
	}
	if (!named)
		sansan_error(r, 400, "invalid_parameter", "One of companyName, lastName and "
			     "firstName is required.");
	return named;
}

static void
answer_created(const struct sansan *s, struct reply *r, const char *id)
{
	bool plain = !strcmp(s->answer, "id"), none = !strcmp(s->answer, "none");
	struct buf *out = reply_start(r, 201);

	if (none)
		buf_str(out, "{}");
	else if (plain)
		buf_fmt(out, "{\"id\":\"%s\"}", id);
	else
		buf_fmt(out, "{\"%s\":{\"id\":\"%s\"}}", s->answer, id);
}

void
sansan_create(struct request *q, struct reply *r)
{
	static const struct sansan_param none[] = { { NULL, NULL, 0, false } };
	struct object *o = sim_object(q->sim, TEXT("cards"));
	struct change *changes = arena_alloc(q->arena,
		((q->json ? q->json->count : 0) + 2) * sizeof *changes);
	struct origin by = { .op = "create", .by = "api", .now_ms = q->now_ms };
	char id[SIM_ID_BYTES];
	size_t count = 0;

	if (!sansan_state(q->sim)->creates) {
		sansan_error(r, 405, "method_not_allowed", "The method is not allowed.");
		return;
	}
	if (!sansan_params(q, r, none) || !read_card(q, r, changes, &count))
		return;
	changes[count++] = (struct change){ object_field(o, TEXT("ownerId")),
		json_quoted(q->arena, text_of(sansan_caller(q)->user)) };
	struct record *record = store_create(o, 0, changes, count, &by);
	answer_created(sansan_state(q->sim), r, sim_id(o->crm, record->id, id));
}

/* ---- The control path's way in ------------------------------------------ */

bool
sansan_change(struct arena *a, struct object *o, struct text name,
	      const struct json *value, struct change *change)
{
	change->field = object_field(o, name);
	change->raw = value->kind == JSON_NULL ? (struct text){ 0 } : json_raw(a, value);
	return change->field != NULL;
}

size_t
sansan_seeded(struct arena *a, struct object *o, const struct seed_row *row,
	      struct change *changes)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct text t = fields[i].seed == SEED_COLUMNS ? (struct text){ 0 }
			: row->column[fields[i].seed];

		if (t.len)
			changes[n++] = (struct change){ object_field(o, text_of(fields[i].name)),
							json_quoted(a, t) };
	}
	return n;
}
