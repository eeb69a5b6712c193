/* SPDX-License-Identifier: Apache-2.0 */
/* hotprofile_records.c - companies, leads, deals and departments of the simulated
 * HotProfile: listed, written, merged (sheet, sections 4 to 9).  Called through the table
 * of hotprofile.c. */
#include "hotprofile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JAPAN_MS INT64_C(32400000)
#define PAGE_DEFAULT 20
#define LEVELS 5
#define DIGITS_MOST 13u
#define UNDECIDED 900000000ull        /* The id of "no department" of company 0. */

struct text
hot_value(struct arena *a, const struct object *o, const struct record *r,
	  const char *name)
{
	const struct field *f = object_field(o, text_of(name));
	struct text raw = f ? block_get(r->now.block, f) : (struct text){ 0 };

	return raw.len ? json_unquote(a, raw) : TEXT("");
}

static int64_t
id_in(struct text t)
{
	int64_t n;

	return text_int(t, &n) && n > 0 ? n : 0;
}

/* "clients" of "/rest_api/v1/clients/update". */
static const char *
object_in(const struct request *q)
{
	struct text rest = { q->path.ptr + strlen("/rest_api/v1/"),
			     q->path.len - strlen("/rest_api/v1/") };

	return sim_strz(q->arena, text_until(&rest, '/'));
}

static bool
is_create(const struct request *q)
{
	return text_is(text_of(q->route->label + strlen(q->route->label) - 6), "create");
}

/* ---- Times: Japan's ------------------------------------------------------- */

/* yyyy/MM/dd HH:mm:ss, with '-' too, or a date, which is its midnight. */
static bool
read_time(struct text t, int64_t *ms)
{
	char iso[32];

	if (t.len != 10 && t.len != 19)
		return false;
	snprintf(iso, sizeof iso, "%.10sT%.8s+09:00", t.ptr, t.len == 19 ? t.ptr + 11
		 : "00:00:00");
	if (iso[4] == '/' && iso[7] == '/')
		iso[4] = iso[7] = '-';
	return (t.len == 10 || t.ptr[10] == ' ') && time_parse(text_of(iso), ms, NULL);
}

static void
put_time(struct buf *out, int64_t ms, bool iso)
{
	char text[40];

	time_iso(text, ms + JAPAN_MS);
	text[19] = '\0';
	if (!iso) {
		text[4] = text[7] = '/';
		text[10] = ' ';
	}
	buf_fmt(out, "\"%s%s\"", text, iso ? "+09:00" : "");
}

/* A stored yyyy-MM-dd. */
static void
put_date(struct buf *out, struct text date, bool iso)
{
	char text[11] = "";

	if (date.len == 10)
		memcpy(text, date.ptr, 10);
	if (date.len == 10 && !iso)
		text[4] = text[7] = '/';
	buf_fmt(out, "\"%s%s\"", text, iso && date.len == 10 ? "T00:00:00+09:00" : "");
}

/* ---- A record as JSON ----------------------------------------------------- */

struct showing {
	const struct request *q;
	const struct hot_object *kind;
	const struct object *o;
	const struct record *r;
	bool iso;
};

static struct text
value_of(const struct showing *s, const char *name)
{
	return hot_value(s->q->arena, s->o, s->r, name);
}

static bool
is_hidden(const struct showing *s, const char *name)
{
	return !strcmp(s->kind->name, "leads") &&
		hot_word(hot_state(s->q->sim)->hidden, text_of(name));
}

/* "1234567" as 1,234,567. */
static void
put_thousands(struct buf *out, struct text digits)
{
	for (size_t i = 0; i < digits.len; i++) {
		if (i && digits.ptr[i - 1] != '-' && (digits.len - i) % 3 == 0)
			buf_str(out, ",");
		buf_add(out, digits.ptr + i, 1);
	}
}

static void
put_value(struct buf *out, const struct showing *s, const struct hot_field *f)
{
	struct text t = is_hidden(s, f->name) ? TEXT("") : value_of(s, f->name);

	switch (f->type) {
	case HOT_FLAG:
		buf_quote(out, is_hidden(s, f->name) ? t : t.len ? t : TEXT("ー"));
		break;
	case HOT_ID: case HOT_CLIENT: case HOT_STATUS:
		buf_text(out, t.len ? t : f->type == HOT_STATUS ? TEXT("1") : TEXT("null"));
		break;
	case HOT_MONEY:
		buf_str(out, "\"");
		put_thousands(out, t);
		buf_str(out, t.len ? "円\"" : "\"");
		break;
	case HOT_DATE:
		put_date(out, t, s->iso);
		break;
	case HOT_LIST:
		buf_text(out, t.len ? t : TEXT("[]"));
		break;
	case HOT_TEXT: case HOT_PREFECTURE:
		buf_quote(out, t);
	}
}

static void
put_item(struct buf *out, const struct showing *s, const struct hot_item *i)
{
	char name[32];

	snprintf(name, sizeof name, "item.%s", i->id);
	struct text t = is_hidden(s, name) ? TEXT("") : value_of(s, name);
	if (s->kind->item_ids)
		buf_fmt(out, "{\"id\":%s,\"label\":", i->id);
	else
		buf_str(out, "{\"label\":");
	buf_quotez(out, i->label);
	buf_str(out, ",\"value\":");
	if (i->type == ITEM_DATE) {
		put_date(out, t, s->iso);
	} else if (i->type == ITEM_NUMBER) {
		buf_str(out, "\"");
		put_thousands(out, t);
		buf_str(out, "\"");
	} else {
		buf_quote(out, t);
	}
	buf_str(out, "}");
}

static void
put_items(struct buf *out, const struct showing *s)
{
	bool first = true;

	buf_str(out, ",\"items\":[");
	for (const struct hot_item *i = hot_items; i->object; i++) {
		if (strcmp(i->object, s->kind->name) != 0)
			continue;
		buf_comma(out, &first);
		put_item(out, s, i);
	}
	buf_str(out, "]");
}

/* A hidden field is "", and its name stands here (section 6). */
static void
put_private(struct buf *out, const struct showing *s)
{
	bool first = true, first_item = true;

	buf_str(out, ",\"private_items\":{\"items\":[");
	for (const struct hot_field *f = s->kind->fields; f->name; f++) {
		if (!is_hidden(s, f->name))
			continue;
		buf_comma(out, &first);
		buf_quotez(out, f->name);
	}
	buf_str(out, "],\"custom_items\":[");
	for (const struct hot_item *i = hot_items; i->object; i++) {
		char name[32];

		snprintf(name, sizeof name, "item.%s", i->id);
		if (!is_hidden(s, name) || strcmp(i->object, s->kind->name) != 0)
			continue;
		buf_comma(out, &first_item);
		buf_str(out, i->id);
	}
	buf_str(out, "]}");
}

static const struct record *
other(const struct request *q, const char *object, struct text id)
{
	return object_record(sim_object(q->sim, text_of(object)), (uint64_t)id_in(id));
}

static void
put_other_name(struct buf *out, const struct showing *s, const char *member,
	       const char *object, const char *id)
{
	const struct record *r = other(s->q, object, value_of(s, id));

	buf_fmt(out, ",\"%s\":", member);
	buf_quote(out, r ? hot_value(s->q->arena, sim_object(s->q->sim, text_of(object)), r,
				     "name") : TEXT(""));
}

/* The names from the top down, null without a department. */
static void
put_hierarchy(struct buf *out, const struct showing *s)
{
	const struct object *o = sim_object(s->q->sim, TEXT("organizations"));
	const struct record *r = other(s->q, o->name, value_of(s, "organization_id"));
	struct text names[LEVELS];
	size_t n = 0;

	for (; r && n < LEVELS; r = other(s->q, o->name,
					  hot_value(s->q->arena, o, r, "organization_id")))
		names[n++] = hot_value(s->q->arena, o, r, "name");
	buf_str(out, n ? ",\"organization_hierarchy\":[" : ",\"organization_hierarchy\":null");
	for (size_t i = n; i-- > 0;) {
		buf_quote(out, names[i]);
		buf_str(out, i ? "," : "]");
	}
}

static void
put_rest(struct buf *out, const struct showing *s)
{
	struct text histories = value_of(s, "histories");

	if (strcmp(s->kind->name, "clients") != 0)
		put_other_name(out, s, "client_name", "clients", "client_id");
	else if (hot_state(s->q->sim)->cleansing)
		buf_fmt(out, ",\"client_histories\":[%.*s]", (int)histories.len,
			histories.ptr);
	if (strcmp(s->kind->name, "leads") != 0)
		return;
	put_other_name(out, s, "organization_name", "organizations", "organization_id");
	put_hierarchy(out, s);
	put_private(out, s);
}

static void
put_record(struct buf *out, const struct showing *s)
{
	char id[SIM_ID_BYTES];

	buf_fmt(out, "{\"id\":%s", sim_id(s->o->crm, s->r->id, id));
	for (const struct hot_field *f = s->kind->fields; f->name; f++) {
		buf_fmt(out, ",\"%s\":", f->name);
		put_value(out, s, f);
	}
	put_rest(out, s);
	buf_str(out, ",\"created_at\":");
	put_time(out, s->r->created_ms, s->iso);
	buf_str(out, ",\"updated_at\":");
	put_time(out, s->r->now.updated_ms, s->iso);
	put_items(out, s);
	buf_str(out, "}");
}

/* ---- Lists (section 4) ---------------------------------------------------- */

static bool
holds(struct text whole, struct text part)        /* Case is not told; taken as one. */
{
	for (size_t i = 0; i + part.len <= whole.len; i++)
		if (!strncasecmp(whole.ptr + i, part.ptr, part.len))
			return true;
	return false;
}

static bool
is_listed(struct text list, uint64_t id)
{
	while (list.len)
		if (id_in(text_trim(text_until(&list, ','))) == (int64_t)id)
			return true;
	return false;
}

static bool
passes(const struct showing *s, const struct hot_filter *f, struct text value)
{
	int64_t second = s->r->now.updated_ms / 1000, ms = 0;

	switch (f->kind) {
	case BY_FROM_ID: return (int64_t)s->r->id >= id_in(value);
	case BY_TO_ID:   return (int64_t)s->r->id <= id_in(value);
	case BY_FROM_TIME: return read_time(value, &ms) && second >= ms / 1000;
	case BY_TO_TIME: return read_time(value, &ms) && second <= ms / 1000;
	case BY_IDS:     return is_listed(value, s->r->id);
	case BY_PART:    return holds(value_of(s, f->field), value);
	case BY_WHOLE:   return text_equal(value_of(s, f->field), value);
	case BY_OWN:     return text_is(value_of(s, "own"), "true");
	}
	return false;
}

static const struct hot_filter *
filter_of(const struct hot_object *kind, struct text name)
{
	for (const struct hot_filter *f = kind->filters; f->param; f++)
		if (text_is(name, f->param))
			return f;
	return NULL;
}

/* The custom item of "search[items][203]", which is compared whole; NULL: none. */
static const struct hot_item *
item_of(const struct hot_object *kind, struct text name, const char *before)
{
	size_t skip = strlen(before);

	if (!text_starts(name, before) || name.len <= skip || name.ptr[name.len - 1] != ']')
		return NULL;
	return hot_item(kind->name, (struct text){ name.ptr + skip, name.len - skip - 1 });
}

static bool
is_wanted(const struct showing *s, const struct hot_params *p)
{
	bool all = hot_state(s->q->sim)->sees_all || strcmp(s->kind->name, "leads") != 0;

	if (s->r->gone || s->r->visible_ms > s->q->now_ms ||
	    (!all && !text_is(value_of(s, "own"), "true")))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		const struct hot_filter *f = filter_of(s->kind, p->list[i].name);
		const struct hot_item *item = item_of(s->kind, p->list[i].name,
						      "search[items][");
		char name[32];

		if (f && !passes(s, f, p->list[i].value))
			return false;
		if (!item)
			continue;
		snprintf(name, sizeof name, "item.%s", item->id);
		if (!text_equal(value_of(s, name), p->list[i].value))
			return false;
	}
	return true;
}

/* What is wrong with a value of a filter or a page, or NULL. */
static const char *
fault_in(const struct hot_object *kind, const struct pair *p)
{
	static const char *const known[] = { "api_key", "order[type]",
		"pattern_match[name][normalized]", "pattern_match[name_kana][normalized]" };
	const struct hot_filter *f = filter_of(kind, p->name);
	int64_t n = 0;
	bool number = text_int(p->value, &n);

	if (text_is(p->name, "page[display_number]"))
		return number && n >= 1 && n <= kind->page ? NULL : "表示件数は不正な値です。";
	if (text_is(p->name, "page[number]"))
		return number && n >= 1 ? NULL : "ページ番号は不正な値です。";
	if (text_is(p->name, "page[date_format_option]"))
		return number && (n == 0 || n == 1) ? NULL : "日付形式は不正な値です。";
	if (f && (f->kind == BY_FROM_TIME || f->kind == BY_TO_TIME))
		return read_time(p->value, &n) ? NULL : "更新日時は不正な値です。";
	if (f && (f->kind == BY_FROM_ID || f->kind == BY_TO_ID))
		return number && n >= 0 ? NULL : "IDは不正な値です。";
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_is(p->name, known[i]))
			return NULL;
	return f || text_is(p->name, "order[key]") ||
		item_of(kind, p->name, "search[items][") || text_starts(p->name,
		"pattern_match[items][") ? NULL : "パラメータは不正です。";
}

/* False after an answer. */
static bool
are_sound(struct request *q, struct reply *r, const struct hot_object *kind,
	  const struct hot_params *p)
{
	struct text order = hot_param(p, "order[key]");

	for (size_t i = 0; i < p->count; i++) {
		const char *fault = fault_in(kind, &p->list[i]);

		if (!fault)
			continue;
		hot_error(q, r, "%s（%.*s）", fault, (int)p->list[i].name.len,
			  p->list[i].name.ptr);
		return false;
	}
	if (!order.ptr || hot_word(kind->orders, order))
		return true;
	buf_str(reply_start(r, 500), "{\"status\":500,\"error\":\"Internal Server Error\"}");
	return false;
}

/* Without an order the newest come first, of companies the oldest: the harder case is
 * that of which no order is documented. */
static int
newest_first(const void *a, const void *b)
{
	const struct record *x = *(const struct record *const *)a;
	const struct record *y = *(const struct record *const *)b;

	if (x->now.updated_ms != y->now.updated_ms)
		return x->now.updated_ms > y->now.updated_ms ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

static int
by_id(const void *a, const void *b)
{
	const struct record *x = *(const struct record *const *)a;
	const struct record *y = *(const struct record *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static void
put_pages(struct buf *out, size_t count, int64_t page, int64_t size)
{
	buf_fmt(out, "],\"pages\":{\"total_count\":%zu,\"total_number\":%lld,"
		"\"current_number\":%lld,\"display_number\":%lld}}", count,
		(long long)((int64_t)count + size - 1) / size, (long long)page,
		(long long)size);
}

void
hot_list(struct request *q, struct reply *r)
{
	const struct hot_object *kind = hot_object(object_in(q));
	struct hot_params p = hot_params(q);
	struct showing s = { q, kind, sim_object(q->sim, text_of(kind->name)), NULL,
		text_is(hot_param(&p, "page[date_format_option]"), "1") };
	const struct record **hits = arena_alloc(q->arena, (s.o->count + 1) * sizeof *hits);
	int64_t page = 1, size = PAGE_DEFAULT;
	size_t count = 0;
	bool first = true;

	if (!are_sound(q, r, kind, &p))
		return;
	text_int(hot_param(&p, "page[number]"), &page);
	text_int(hot_param(&p, "page[display_number]"), &size);
	for (size_t i = 0; i < s.o->count; i++) {
		s.r = s.o->records[i];
		if (is_wanted(&s, &p))
			hits[count++] = s.r;
	}
	qsort(hits, count, sizeof *hits, strcmp(kind->name, "clients") != 0 ? newest_first
	      : by_id);
	struct buf *out = reply_start(r, 200);
	buf_fmt(out, "{\"%s\":[", kind->name);
	for (size_t i = (size_t)((page - 1) * size); i < count && i < (size_t)(page * size); i++) {
		s.r = hits[i];
		buf_comma(out, &first);
		put_record(out, &s);
	}
	put_pages(out, count, page, size);
}

/* ---- Writes (sections 5 to 9) --------------------------------------------- */

struct writing {
	struct request *q;
	struct reply *r;
	const struct hot_object *kind;
	struct object *o;
	struct hot_params params;
	struct change *changes;              /* In the arena. */
	size_t count;
};

static void
put_change(struct writing *w, const char *name, struct text value)
{
	struct field *f = object_field(w->o, text_of(name));
	struct text raw = value.len ? json_quoted(w->q->arena, value) : (struct text){ 0 };

	for (size_t i = 0; i < w->count; i++)
		if (w->changes[i].field == f) {
			w->changes[i].raw = raw;
			return;
		}
	w->changes[w->count++] = (struct change){ f, raw };
}

static bool
is_digits(struct text t)
{
	size_t at = t.len && t.ptr[0] == '-';

	for (size_t i = at; i < t.len; i++)
		if (t.ptr[i] < '0' || t.ptr[i] > '9')
			return false;
	return t.len > at && t.len <= DIGITS_MOST;
}

/* yyyy/MM/dd as yyyy-MM-dd; empty: it is no day. */
static struct text
day_of(struct arena *a, struct text t)
{
	char *day = arena_alloc(a, 11);
	int64_t ms;

	if (t.len != 10 || t.ptr[4] != '/' || t.ptr[7] != '/' || !read_time(t, &ms))
		return TEXT("");
	memcpy(day, t.ptr, 10);
	day[4] = day[7] = '-';
	return (struct text){ day, 10 };
}

/* False after an answer.  What data cleansing owns is taken and not written. */
static bool
take_value(struct writing *w, const struct hot_field *f, struct text t)
{
	const struct hotprofile *h = hot_state(w->q->sim);
	bool client = !strcmp(w->kind->name, "clients"), create = is_create(w->q);
	bool owned = client && ((h->auto_update && !create && hot_word("zip pref address",
								       text_of(f->name))) ||
		(h->cleansing && !create && hot_word("name zip pref address",
						     text_of(f->name))));
	int64_t n = 0;
	bool number = text_int(t, &n);
	const char *fault = NULL;

	if (f->type == HOT_PREFECTURE && t.len && (!number || n < 1 || n > 47))
		fault = "は不正な値です。";
	else if (f->type == HOT_FLAG && !text_is(t, "0") && !text_is(t, "1"))
		fault = "は不正な値です。";
	else if (f->type == HOT_STATUS && !text_is(t, "1") && !text_is(t, "2"))
		fault = "は不正な値です。";
	else if (f->type == HOT_ID && t.len && n < 1)
		fault = "は不正な値です。";
	else if (f->type == HOT_CLIENT && !other(w->q, "clients", t))
		fault = "は不正な値です。";
	else if (f->type == HOT_MONEY && t.len && !is_digits(t))
		fault = "は数値で入力してください。";
	if (!fault && f->type == HOT_TEXT && f->most && (int64_t)text_chars(t) > f->most) {
		hot_error(w->q, w->r, "%sは%lld文字以内で入力してください。", f->label,
			  (long long)f->most);
		return false;
	}
	if (fault) {
		hot_error(w->q, w->r, "%s%s", f->label, fault);
		return false;
	}
	if (owned)
		return true;
	put_change(w, f->name, f->type == HOT_PREFECTURE && t.len
		   ? text_of(hot_prefectures[n - 1])
		   : f->type == HOT_FLAG ? text_is(t, "1") ? TEXT("◯") : TEXT("ー")
		   : f->type == HOT_DATE ? day_of(w->q->arena, t) : t);
	return true;
}

/* The label of a choice, which leads name by id and the others by value. */
static const char *
choice_of(const struct writing *w, const struct hot_item *i, struct text t)
{
	for (size_t c = 0; c < 4 && i->choices[c]; c++)
		if (w->kind->choice_ids ? id_in(t) == id_in(text_of(i->id)) * 10 + (int64_t)c
					: text_is(t, i->choices[c]))
			return i->choices[c];
	return NULL;
}

static bool
take_item(struct writing *w, const struct hot_item *i, struct text t)
{
	const char *choice = choice_of(w, i, t);
	bool chosen = i->type == ITEM_CHOICE || i->type == ITEM_CHECKS;
	char name[32];

	snprintf(name, sizeof name, "item.%s", i->id);
	if ((chosen && t.len && !choice) ||
	    (i->type == ITEM_DATE && t.len && !day_of(w->q->arena, t).len)) {
		hot_error(w->q, w->r, "%sは不正な値です。", i->label);
		return false;
	}
	if (i->type == ITEM_NUMBER && t.len && !is_digits(t)) {
		hot_error(w->q, w->r, "%sは数値で入力してください。", i->label);
		return false;
	}
	if (i->type == ITEM_TEXT && text_chars(t) > 3000) {
		hot_error(w->q, w->r, "%sは3000文字以内で入力してください。", i->label);
		return false;
	}
	put_change(w, name, chosen && t.len ? text_of(choice) : i->type == ITEM_DATE
		   ? day_of(w->q->arena, t) : t);
	return true;
}

/* items[202][]=.. once a box: their labels joined by a blank. */
static bool
take_checks(struct writing *w, const struct hot_item *i, struct text param)
{
	struct buf joined = { 0 };
	char name[32];

	for (size_t p = 0; p < w->params.count; p++) {
		struct text t = w->params.list[p].value;
		const char *choice = choice_of(w, i, t);

		if (!text_equal(w->params.list[p].name, param) || !t.len)
			continue;
		if (!choice) {
			buf_clear(&joined);
			hot_error(w->q, w->r, "%sは不正な値です。", i->label);
			return false;
		}
		buf_str(&joined, joined.len ? " " : "");
		buf_str(&joined, choice);
	}
	snprintf(name, sizeof name, "item.%s", i->id);
	put_change(w, name, arena_take(w->q->arena, &joined));
	return true;
}

static bool
take_param(struct writing *w, const struct pair *p)
{
	const struct hot_item *item = item_of(w->kind, p->name, "items[");
	struct text plain = { p->name.ptr, p->name.len > 2 ? p->name.len - 2 : 0 };
	const struct hot_item *checks = item_of(w->kind, plain, "items[");

	for (const struct hot_field *f = w->kind->fields; f->name; f++)
		if (f->param && text_is(p->name, f->param))
			return take_value(w, f, p->value);
	if (item && item->type != ITEM_CHECKS)
		return take_item(w, item, p->value);
	if (checks && checks->type == ITEM_CHECKS)
		return take_checks(w, checks, p->name);
	if (text_is(p->name, "api_key") || (text_is(p->name, "id") && !is_create(w->q)))
		return true;
	if (text_starts(p->name, "items["))
		hot_error(w->q, w->r, "カスタム項目IDは不正です。（不正なID：%.*s）",
			  (int)p->name.len, p->name.ptr);
	else
		hot_error(w->q, w->r, "パラメータは不正です。（%.*s）", (int)p->name.len,
			  p->name.ptr);
	return false;
}

/* What a create must name; a lead's company also on an update (section 6). */
static bool
has_all(struct writing *w)
{
	bool lead = !strcmp(w->kind->name, "leads");

	for (const struct hot_field *f = w->kind->fields; f->name; f++) {
		struct text t = f->param ? hot_param(&w->params, f->param) : TEXT("");
		bool asked = f->required && (is_create(w->q) || t.ptr ||
					     (lead && f->type == HOT_CLIENT));

		if (!asked || t.len)
			continue;
		hot_error(w->q, w->r, f->type == HOT_CLIENT ? "%sを指定してください。"
			  : "%sを入力してください。", f->label);
		return false;
	}
	return true;
}

static struct text
will_be(const struct writing *w, const struct record *old, const char *name)
{
	struct field *f = object_field(w->o, text_of(name));

	for (size_t i = 0; i < w->count; i++)
		if (w->changes[i].field == f)
			return w->changes[i].raw.len
				? json_unquote(w->q->arena, w->changes[i].raw) : TEXT("");
	return old ? hot_value(w->q->arena, w->o, old, name) : TEXT("");
}

static bool
same_lead(const struct writing *w, const struct record *old, const struct record *r)
{
	static const char *const keys[] = { "client_id", "family_name", "first_name",
		"email" };
	bool same = !r->gone && r != old;

	for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++)
		same = text_equal(will_be(w, old, keys[i]),
				  hot_value(w->q->arena, w->o, r, keys[i]));
	return same;
}

/* False after an answer. */
static bool
is_single(struct writing *w, const struct record *old)
{
	struct text name = will_be(w, old, "name");
	const struct record *same = !strcmp(w->kind->name, "clients")
		? object_by_key(w->o, object_field(w->o, TEXT("name")), name) : NULL;

	if (sim_options.no_unique)
		return true;
	if (same && same != old) {
		hot_error(w->q, w->r, "既に登録されている会社名です。");
		return false;
	}
	for (size_t i = 0; !strcmp(w->kind->name, "leads") && i < w->o->count; i++)
		if (same_lead(w, old, w->o->records[i])) {
			hot_error(w->q, w->r, "同じ名寄せキーを持つリードが存在します。");
			return false;
		}
	return true;
}

/* A department must be of the lead's company. */
static bool
fits_company(struct writing *w, const struct record *old)
{
	struct text id = will_be(w, old, "organization_id");
	const struct object *o = sim_object(w->q->sim, TEXT("organizations"));
	const struct record *r = other(w->q, "organizations", id);

	if (strcmp(w->kind->name, "leads") != 0 || !id.len ||
	    (r && text_equal(hot_value(w->q->arena, o, r, "client_id"),
			     will_be(w, old, "client_id"))))
		return true;
	hot_error(w->q, w->r, "部署IDは不正な値です。");
	return false;
}

static void
answer_id(struct writing *w, const struct record *record)
{
	char id[SIM_ID_BYTES];

	buf_fmt(reply_start(w->r, 200), "{\"id\":%s}", sim_id(w->o->crm, record->id, id));
}

static void
store(struct writing *w, struct record *old)
{
	struct origin by = { .op = old ? "update" : "create", .by = "api",
			     .now_ms = w->q->now_ms };

	if (old)
		store_update(w->o, old, w->changes, w->count, &by);
	else
		old = store_create(w->o, 0, w->changes, w->count, &by);
	answer_id(w, old);
}

void
hot_write(struct request *q, struct reply *r)
{
	struct writing w = { .q = q, .r = r, .kind = hot_object(object_in(q)),
			     .params = hot_params(q) };
	struct record *old = NULL;

	w.o = sim_object(q->sim, text_of(w.kind->name));
	w.changes = arena_alloc(q->arena, (w.params.count + 1) * sizeof *w.changes);
	if (!is_create(q)) {
		old = object_record(w.o, (uint64_t)id_in(hot_param(&w.params, "id")));
		if (!old) {
			hot_error(q, r, "%sは存在しません。", w.kind->label);
			return;
		}
	}
	for (size_t i = 0; i < w.params.count; i++)
		if (!take_param(&w, &w.params.list[i]))
			return;
	if (has_all(&w) && fits_company(&w, old) && is_single(&w, old))
		store(&w, old);
}

/* ---- Departments: a tree of a company (section 7) ------------------------- */

static void
put_tree(const struct request *q, struct buf *out, struct text client, struct text parent,
	 int level)
{
	const struct object *o = sim_object(q->sim, TEXT("organizations"));
	char id[SIM_ID_BYTES];
	bool first = level > 1;

	for (size_t i = 0; i < o->count && level <= LEVELS; i++) {
		const struct record *r = o->records[i];

		if (r->gone || !text_equal(hot_value(q->arena, o, r, "client_id"), client) ||
		    !text_equal(hot_value(q->arena, o, r, "organization_id"), parent))
			continue;
		buf_comma(out, &first);
		buf_fmt(out, "{\"id\":%s,\"name\":", sim_id(o->crm, r->id, id));
		buf_quote(out, hot_value(q->arena, o, r, "name"));
		buf_str(out, ",\"organizations\":[");
		put_tree(q, out, client, arena_copy(q->arena, text_of(id)), level + 1);
		buf_str(out, "]}");
	}
}

void
hot_tree(struct request *q, struct reply *r)
{
	struct hot_params p = hot_params(q);
	struct text client = hot_param(&p, "client_id");

	for (size_t i = 0; i < p.count; i++)
		if (!hot_word("api_key client_id page[date_format_option]", p.list[i].name)) {
			hot_error(q, r, "パラメータは不正です。（%.*s）",
				  (int)p.list[i].name.len, p.list[i].name.ptr);
			return;
		}
	if (!client.len || !other(q, "clients", client)) {
		hot_error(q, r, client.len ? "会社は存在しません。"
			  : "会社IDを指定してください。");
		return;
	}
	struct buf *out = reply_start(r, 200);
	buf_fmt(out, "{\"organizations\":[{\"id\":%llu,\"name\":\"未所属\",\"organizations\":"
		"[]}", UNDECIDED + (unsigned long long)id_in(client));
	put_tree(q, out, client, TEXT(""), 1);
	buf_str(out, "]}");
}

static int
level_of(const struct request *q, const struct record *r)
{
	const struct object *o = sim_object(q->sim, TEXT("organizations"));
	int level = 0;

	for (; r && level <= LEVELS; level++)
		r = other(q, o->name, hot_value(q->arena, o, r, "organization_id"));
	return level;
}

void
hot_write_tree(struct request *q, struct reply *r)
{
	struct hot_params p = hot_params(q);
	struct text name = hot_param(&p, "name"), client = hot_param(&p, "client_id");
	struct text above = hot_param(&p, "organization_id");
	struct writing w = { .q = q, .r = r, .params = p,
			     .changes = arena_alloc(q->arena, 4 * sizeof *w.changes),
			     .o = sim_object(q->sim, TEXT("organizations")) };
	struct record *old = object_record(w.o, (uint64_t)id_in(hot_param(&p, "id")));
	const struct record *parent = other(q, "organizations", above);
	const char *fault = !name.len ? "部署名を入力してください。"
		: text_chars(name) > 255 ? "部署名は255文字以内で入力してください。"
		: is_create(q) && !other(q, "clients", client) ? "会社IDは不正な値です。"
		: is_create(q) && above.len && !parent ? "親組織IDは不正な値です。"
		: level_of(q, parent) >= LEVELS ? "部署の階層が深すぎます。"
		: !is_create(q) && !old ? "部署は存在しません。" : NULL;

	if (fault) {
		hot_error(q, r, "%s", fault);
		return;
	}
	put_change(&w, "name", name);
	if (is_create(q)) {
		put_change(&w, "client_id", client);
		put_change(&w, "organization_id", above);
	}
	store(&w, is_create(q) ? NULL : old);
}

/* ---- Merges (section 9) --------------------------------------------------- */

/* The leads and departments of one company become another's. */
static void
move_all(const struct request *q, const char *object, struct text from, struct text to)
{
	struct object *o = sim_object(q->sim, text_of(object));
	struct change change = { object_field(o, TEXT("client_id")),
				 json_quoted(q->arena, to) };
	struct origin by = { .op = "edit", .by = "control", .now_ms = q->now_ms };

	for (size_t i = 0; i < o->count; i++)
		if (!o->records[i]->gone && text_equal(from, hot_value(q->arena, o,
							o->records[i], "client_id")))
			store_update(o, o->records[i], &change, 1, &by);
}

/* {"from":"2","to":"1"}: the old id is listed no more and stands in the histories. */
void
hot_merge(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, TEXT("clients"));
	struct text from = json_text(q->json, "from"), to = json_text(q->json, "to");
	struct record *old = object_record(o, (uint64_t)id_in(from));
	struct record *new = object_record(o, (uint64_t)id_in(to));
	struct origin by = { .op = "merge", .by = "control", .now_ms = q->now_ms };
	struct buf told = { 0 };

	if (!old || !new || old == new) {
		buf_str(reply_start(r, 400), "{\"error\":\"two companies, from and to\"}");
		return;
	}
	buf_fmt(&told, "{\"client_id\":%.*s,\"current_client_id\":%.*s,"
		"\"current_client_name\":", (int)to.len, to.ptr, (int)to.len, to.ptr);
	buf_quote(&told, hot_value(q->arena, o, new, "name"));
	buf_str(&told, ",\"histories\":[{\"client_name\":");
	buf_quote(&told, hot_value(q->arena, o, old, "name"));
	buf_fmt(&told, ",\"client_id\":%.*s}]}", (int)from.len, from.ptr);
	struct change change = { object_field(o, TEXT("histories")),
				 json_quoted(q->arena, buf_view(&told)) };
	store_update(o, new, &change, 1, &by);
	store_delete(o, old, &by);
	move_all(q, "leads", from, to);
	move_all(q, "deals", from, to);
	move_all(q, "organizations", from, to);
	buf_clear(&told);
	buf_str(reply_start(r, 200), "{}");
}
