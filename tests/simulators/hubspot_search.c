/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_search.c - the search of the simulated HubSpot: filters, one sort,
 * the cap of 10,000 and an index that lags (sheet, section 3.2).  The routes of
 * hubspot.c call it. */
#include "hubspot.h"

#include <stdlib.h>
#include <string.h>

#define BODY_CHARS_MAX 3000u
#define RESULTS_MAX 10000
#define PAGE_MAX 200
#define GROUPS_MAX 5u
#define FILTERS_MAX 6u
#define FILTERS_IN_ALL 18u
#define VALUES_MAX 100u

enum op {
	EQ,
	NEQ,
	LT,
	LTE,
	GT,
	GTE,
	BETWEEN,
	IN,
	NOT_IN,
	HAS,
	HAS_NOT,
	TOKEN,
	NOT_TOKEN
};

static const char *const ops[] = {
	"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY",
	"NOT_HAS_PROPERTY", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
};

struct filter {
	const struct field *field;
	enum op op;
	bool numeric;                        /* Dates are numbers of ms. */
	struct text value, high;
	double number, high_number;
	int64_t ms, high_ms;
	const struct json *values;
};

struct group {
	struct filter filters[FILTERS_MAX];
	size_t count;
};

struct search {
	struct request *q;
	struct object *o;
	struct group groups[GROUPS_MAX];
	size_t group_count;
	const struct field *sort;            /* NULL: by id, ascending. */
	bool descending;
	int64_t limit, after;
	uint64_t above;                      /* hs_object_id GT, of every group. */
};

/* ---- Reading the request ------------------------------------------------ */

static bool
complain(struct reply *r, const char *why)
{
	hubspot_error(r, 400, "VALIDATION_ERROR",
		      "There was a problem with the request: %s", why);
	return false;
}

static bool
read_op(struct text name, enum op *op)
{
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		if (text_is(name, ops[i])) {
			*op = (enum op)i;
			return true;
		}
	}
	return false;
}

static bool
is_time(const struct field *f)
{
	return f->type == H_DATE || f->type == H_DATETIME;
}

static bool
read_ms(struct text t, int64_t *ms)
{
	return text_int(t, ms) || time_parse(t, ms, NULL);
}

static bool
read_number(struct text t, double *n)
{
	char digits[64], *end;

	if (!t.len || t.len >= sizeof digits)
		return false;
	memcpy(digits, t.ptr, t.len);
	digits[t.len] = '\0';
	*n = strtod(digits, &end);
	return *end == '\0';
}

static bool
read_operand(const struct filter *f, struct text t, int64_t *ms, double *n)
{
	if (is_time(f->field))
		return read_ms(t, ms);
	if (f->field->type == H_NUMBER) {
		int64_t exact;

		if (text_int(t, &exact))
			*ms = exact;
		return read_number(t, n);
	}
	return t.ptr != NULL;
}

static bool
read_filter(struct search *s, const struct json *j, struct filter *f, struct reply *r)
{
	struct text name = json_text(j, "propertyName");

	f->field = object_field(s->o, name);
	if (!f->field)
		return complain(r, "a filter names a property that does not exist");
	if (!read_op(json_text(j, "operator"), &f->op))
		return complain(r, "a filter's operator is not known");
	f->value = json_text(j, "value");
	f->high = json_text(j, "highValue");
	f->values = json_get(j, "values");
	f->numeric = is_time(f->field) || f->field->type == H_NUMBER;
	if (f->op == IN || f->op == NOT_IN)
		return (f->values && f->values->count &&
			f->values->count <= VALUES_MAX) ||
		       complain(r, "IN wants between 1 and 100 values");
	if (f->op == HAS || f->op == HAS_NOT)
		return true;
	if (!read_operand(f, f->value, &f->ms, &f->number))
		return complain(r, "a filter's value is not one of the property's type");
	if (f->op == BETWEEN && !read_operand(f, f->high, &f->high_ms, &f->high_number))
		return complain(r, "BETWEEN wants a highValue");
	/* Seen live: the first moment of 1970 as a bound is a server error. */
	if (is_time(f->field) && f->ms == 0) {
		hubspot_error(r, 500, "INTERNAL_ERROR", "internal error");
		return false;
	}
	return true;
}

static bool
read_groups(struct search *s, struct reply *r)
{
	const struct json *groups = json_get(s->q->json, "filterGroups");
	size_t all = 0;

	if (groups && groups->count > GROUPS_MAX)
		return complain(r, "there are more than 5 filterGroups");
	for (const struct json *g = groups ? groups->child : NULL; g; g = g->next) {
		const struct json *filters = json_get(g, "filters");
		struct group *group = &s->groups[s->group_count++];

		if (filters && filters->count > FILTERS_MAX)
			return complain(r, "a filterGroup has more than 6 filters");
		for (const struct json *f = filters ? filters->child : NULL; f;
		     f = f->next) {
			if (!read_filter(s, f, &group->filters[group->count++], r))
				return false;
			all++;
		}
	}
	return all <= FILTERS_IN_ALL ||
	       complain(r, "there are more than 18 filters in all");
}

/* As an object, or as the bare name that some clients send. */
static bool
read_sort(struct search *s, struct reply *r)
{
	const struct json *sorts = json_get(s->q->json, "sorts");
	const struct json *j = sorts ? sorts->child : NULL;

	if (!j)
		return true;
	if (sorts->count > 1)
		return complain(r, "only one sort is allowed");
	struct text name =
		j->kind == JSON_OBJECT ? json_text(j, "propertyName") : j->text;
	s->descending = text_is(json_text(j, "direction"), "DESCENDING");
	if (name.len && name.ptr[0] == '-') {
		s->descending = true;
		name = (struct text){ name.ptr + 1, name.len - 1 };
	}
	s->sort = object_field(s->o, name);
	return s->sort || complain(r, "the sort names a property that does not exist");
}

static bool
read_page(struct search *s, struct reply *r)
{
	struct text after = json_text(s->q->json, "after");

	s->limit = json_int(s->q->json, "limit", 10);
	if (s->limit < 1 || s->limit > PAGE_MAX)
		return complain(r, "limit must be between 1 and 200");
	if (after.len && (!text_int(after, &s->after) || s->after < 0))
		return complain(r, "after is not an integer");
	return s->after + s->limit <= RESULTS_MAX ||
		complain(r, "only the first 10,000 results can be paged through");
}

/* ---- Matching ----------------------------------------------------------- */

/* One record, as the index shows it. */
struct hit {
	struct record *record;
	const struct version *v;
};

static enum hubspot_system
system_of(const struct field *f)
{
	return ((const struct hubspot_rules *)f->rules)->system;
}

/* False: the record has no such value. */
static bool
number_of(const struct filter *f, const struct hit *h, int64_t *ms, double *n)
{
	switch (system_of(f->field)) {
	case H_ID:
		*ms = (int64_t)h->record->id;
		*n = (double)*ms;
		return true;
	case H_CREATED:
		*ms = h->record->created_ms;
		return true;
	case H_MODIFIED:
		*ms = h->v->updated_ms;
		return true;
	case H_STORED:
		break;
	}
	struct text raw = block_get(h->v->block, f->field);
	if (raw.len < 3)
		return false;
	struct text bare = { raw.ptr + 1, raw.len - 2 };
	if (is_time(f->field))
		return read_ms(bare, ms);
	*ms = 0;
	(void)text_int(bare, ms);
	return read_number(bare, n);
}

static bool
compare(enum op op, bool less, bool equal, bool not_above_high)
{
	switch (op) {
	case EQ:      return equal;
	case NEQ:     return !equal;
	case LT:      return less;
	case LTE:     return less || equal;
	case GT:      return !less && !equal;
	case GTE:     return !less;
	case BETWEEN: return !less && not_above_high;
	default:      return false;
	}
}

static bool
match_number(const struct filter *f, const struct hit *h)
{
	int64_t ms = 0;
	double n = 0;
	bool has = number_of(f, h, &ms, &n);

	if (f->op == HAS || f->op == HAS_NOT)
		return has == (f->op == HAS);
	if (!has)
		return f->op == NEQ || f->op == NOT_IN;
	if (f->op == IN || f->op == NOT_IN) {
		bool found = false;
		int64_t want;

		for (const struct json *j = f->values->child; j; j = j->next)
			found |= read_ms(j->text, &want) && want == ms;
		return found == (f->op == IN);
	}
	/* Exact while both are integers; ids must not be rounded. */
	if (is_time(f->field) || system_of(f->field) == H_ID)
		return compare(f->op, ms < f->ms, ms == f->ms, ms <= f->high_ms);
	return compare(f->op, n < f->number, n <= f->number && n >= f->number,
		       n <= f->high_number);
}

static char
low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Without case where 'fold'; <0, 0, >0. */
static int
order(struct text a, struct text b, bool fold)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned char x = (unsigned char)(fold ? low(a.ptr[i]) : a.ptr[i]);
		unsigned char y = (unsigned char)(fold ? low(b.ptr[i]) : b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

static bool
contains(struct text hay, struct text needle)
{
	while (needle.len && needle.ptr[0] == '*') {
		needle.ptr++;
		needle.len--;
	}
	while (needle.len && needle.ptr[needle.len - 1] == '*')
		needle.len--;
	for (size_t i = 0; i + needle.len <= hay.len; i++)
		if (order((struct text){ hay.ptr + i, needle.len }, needle, true) == 0)
			return true;
	return false;
}

/* IN on strings compares the stored text in lower case with the value as it
 * is: a value in capitals finds nothing (section 3.2). */
static bool
in_values(const struct filter *f, struct text value)
{
	bool fold = f->field->type != H_ENUM;

	for (const struct json *j = f->values->child; j; j = j->next) {
		bool capitals = false;

		for (size_t i = 0; fold && i < j->text.len; i++)
			capitals |= j->text.ptr[i] >= 'A' && j->text.ptr[i] <= 'Z';
		if (!capitals && order(value, j->text, fold) == 0)
			return true;
	}
	return false;
}

static bool
match_text(const struct search *s, const struct filter *f, const struct hit *h)
{
	struct text raw = block_get(h->v->block, f->field);
	bool has = raw.len > 2, fold = f->field->type != H_ENUM;
	struct text value = json_unquote(s->q->arena, raw);

	if (f->op == HAS || f->op == HAS_NOT)
		return has == (f->op == HAS);
	if (!has)
		return f->op == NEQ || f->op == NOT_IN || f->op == NOT_TOKEN;
	if (f->op == IN || f->op == NOT_IN)
		return in_values(f, value) == (f->op == IN);
	if (f->op == TOKEN || f->op == NOT_TOKEN)
		return contains(value, f->value) == (f->op == TOKEN);
	int c = order(value, f->value, fold);
	return compare(f->op, c < 0, c == 0,
		       f->op == BETWEEN && order(value, f->high, fold) <= 0);
}

static bool
match_group(const struct search *s, const struct group *g, const struct hit *h)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct filter *f = &g->filters[i];

		if (!(f->numeric ? match_number(f, h) : match_text(s, f, h)))
			return false;
	}
	return true;
}

static bool
match(const struct search *s, struct record *record, struct hit *h)
{
	const struct version *v = record_seen(record, s->q->now_ms, s->o->lag_ms);

	if (!v || v->archived || record->now.archived)
		return false;
	*h = (struct hit){ record, v };
	for (size_t i = 0; i < s->group_count; i++)
		if (match_group(s, &s->groups[i], h))
			return true;
	return s->group_count == 0;
}

/* ---- The total, without a full walk for every page ---------------------- */

/* A keyset reader asks the same question with a growing id; what is left after
 * its last page is known, as long as nothing was written and the lag is over. */
static struct {
	uint64_t edition, above, left;
	uint64_t hash;
	int64_t until_ms;
	const struct object *o;
} remembered;

static uint64_t
hash_filters(const struct search *s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t g = 0; g < s->group_count; g++) {
		for (size_t i = 0; i < s->groups[g].count; i++) {
			const struct filter *f = &s->groups[g].filters[i];
			struct buf b = { 0 };

			if (system_of(f->field) == H_ID && f->op == GT)
				continue;
			buf_fmt(&b, "%zu %u %d ", g, f->field->slot, f->op);
			buf_text(&b, f->value);
			buf_str(&b, "\n");
			buf_text(&b, f->high);
			if (f->values)
				json_write(&b, f->values);
			for (size_t k = 0; k < b.len; k++)
				h = (h ^ (unsigned char)b.ptr[k]) *
					UINT64_C(1099511628211);
			buf_clear(&b);
		}
	}
	return h;
}

static bool
total_known(const struct search *s, uint64_t *total)
{
	if (remembered.o != s->o || remembered.edition != s->o->edition ||
	    remembered.above != s->above || s->q->now_ms > remembered.until_ms ||
	    remembered.hash != hash_filters(s))
		return false;
	*total = remembered.left;
	return true;
}

/* When the answer may change although nothing is written. */
static int64_t
next_change(const struct search *s)
{
	int64_t at = INT64_MAX;

	for (size_t i = 0; i < s->o->count; i++) {
		const struct record *r = s->o->records[i];
		int64_t seen = r->now.written_ms + s->o->lag_ms;

		if (r->visible_ms > s->q->now_ms && r->visible_ms < at)
			at = r->visible_ms - 1;
		if (seen > s->q->now_ms && seen < at)
			at = seen - 1;
	}
	return at;
}

static void
remember(const struct search *s, uint64_t last, uint64_t left)
{
	remembered.until_ms = remembered.o == s->o &&
				      remembered.edition == s->o->edition &&
				      s->q->now_ms <= remembered.until_ms
				  ? remembered.until_ms
				  : next_change(s);
	remembered.o = s->o;
	remembered.edition = s->o->edition;
	remembered.above = last;
	remembered.left = left;
	remembered.hash = hash_filters(s);
}

/* ---- Collecting --------------------------------------------------------- */

struct hits {
	struct hit *list;                    /* owned */
	size_t count, cap;
	uint64_t total;
};

static void
keep(struct hits *hits, struct hit h)
{
	if (hits->count == hits->cap) {
		hits->cap = hits->cap ? hits->cap * 2 : 256;
		hits->list = sim_realloc(hits->list, hits->cap * sizeof *hits->list);
	}
	hits->list[hits->count++] = h;
}

/* Records that may match: all above the id that every group asks for. */
static void
find_lower_bound(struct search *s)
{
	uint64_t least = UINT64_MAX;

	for (size_t g = 0; g < s->group_count; g++) {
		uint64_t above = 0;

		for (size_t i = 0; i < s->groups[g].count; i++) {
			const struct filter *f = &s->groups[g].filters[i];

			if (system_of(f->field) == H_ID && f->op == GT && f->ms > 0)
				above = (uint64_t)f->ms;
		}
		least = above < least ? above : least;
	}
	s->above = s->group_count ? least : 0;
}

/* By id: only the page is kept; the rest is counted, or known. */
static void
collect_by_id(struct search *s, struct hits *hits)
{
	size_t from = object_seek(s->o, s->above + 1);
	uint64_t seen = 0, total = 0;
	bool known = s->after == 0 && total_known(s, &total);
	struct hit h;

	for (size_t i = from; i < s->o->count; i++) {
		if (!match(s, s->o->records[i], &h))
			continue;
		if (seen >= (uint64_t)s->after && hits->count < (size_t)s->limit)
			keep(hits, h);
		seen++;
		if (known && hits->count == (size_t)s->limit)
			break;
	}
	hits->total = known ? total : seen;
	if (s->after == 0 && hits->count)
		remember(s, hits->list[hits->count - 1].record->id,
			 hits->total - hits->count);
}

static const struct search *sorting;     /* Of the qsort below; under the lock. */

static int
by_sort(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	struct filter f = { .field = sorting->sort, .op = HAS };
	int64_t m = INT64_MIN, n = INT64_MIN;
	double d = 0, e = 0;
	int c;

	if (is_time(f.field) || f.field->type == H_NUMBER) {
		number_of(&f, x, &m, &d);
		number_of(&f, y, &n, &e);
		c = is_time(f.field) || system_of(f.field) == H_ID ? (m > n) - (m < n) :
			(d > e) - (d < e);
	} else {
		c = order(block_get(x->v->block, f.field),
			  block_get(y->v->block, f.field), true);
	}
	if (c == 0)
		c = (x->record->id > y->record->id) - (x->record->id < y->record->id);
	return sorting->descending ? -c : c;
}

static void
collect_sorted(struct search *s, struct hits *hits)
{
	struct hit h;

	for (size_t i = object_seek(s->o, s->above + 1); i < s->o->count; i++)
		if (match(s, s->o->records[i], &h))
			keep(hits, h);
	sorting = s;
	if (hits->count)
		qsort(hits->list, hits->count, sizeof *hits->list, by_sort);
	hits->total = hits->count;
	size_t after = (size_t)s->after < hits->count ? (size_t)s->after : hits->count;
	hits->count -= after;
	if (hits->count)
		memmove(hits->list, hits->list + after, hits->count * sizeof *hits->list);
	if (hits->count > (size_t)s->limit)
		hits->count = (size_t)s->limit;
}

static void
write_hits(struct search *s, struct reply *r, const struct hits *hits)
{
	struct hubspot_wanted w =
		hubspot_want_json(s->q, s->o, json_get(s->q->json, "properties"));
	struct buf *out = reply_start(r, 200);
	uint64_t shown = (uint64_t)s->after + hits->count;
	bool first = true;

	buf_fmt(out, "{\"total\":%llu,\"results\":[", (unsigned long long)hits->total);
	for (size_t i = 0; i < hits->count; i++) {
		buf_comma(out, &first);
		buf_str(out, "{");
		hubspot_write_object(out, s->o, hits->list[i].record, hits->list[i].v,
				     &w);
		buf_str(out, "}");
	}
	buf_str(out, "]");
	if (shown < hits->total)
		buf_fmt(out, ",\"paging\":{\"next\":{\"after\":\"%llu\"}}",
			(unsigned long long)shown);
	buf_str(out, "}");
}

void
hubspot_search(struct request *q, struct reply *r)
{
	struct search *s = arena_alloc(q->arena, sizeof *s);
	struct hits hits = { 0 };

	memset(s, 0, sizeof *s);
	s->q = q;
	s->o = hubspot_object(q->sim, q->vars[1]);
	if (!s->o) {
		complain(r, "the object type is not known");
		return;
	}
	if (text_chars(q->body) > BODY_CHARS_MAX) {
		complain(r, "the request body is longer than 3000 characters");
		return;
	}
	if (!read_groups(s, r) || !read_sort(s, r) || !read_page(s, r))
		return;
	find_lower_bound(s);
	if (!s->sort || (system_of(s->sort) == H_ID && !s->descending))
		collect_by_id(s, &hits);
	else
		collect_sorted(s, &hits);
	write_hits(s, r, &hits);
	free(hits.list);
}
