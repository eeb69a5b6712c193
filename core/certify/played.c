/* SPDX-License-Identifier: Apache-2.0
 *
 * played.c - the CRM of a scenario's requests: a rule a request, and records that
 * listings show and that writes change.  Made by scenario.h's played_new; it knows no
 * faults, no limits and no credentials. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <renkei/times.h>

#include "base/clock.h"
#include "base/text.h"
#include "certify/scenario.h"
#include "mapping/moment.h"

#define BODY_MAX (16u * 1024 * 1024)
#define RECORDS_MAX 20000
#define JOBS_MAX 5000
#define HOUR_MS 3600000
/* So many records share one stamp: a page must be able to end between them. */
#define SAME_STAMP 3
/* Of a rule: since, until, after, limit, ids, field, match, rows. */
#define PLACES 8

struct kept {
	struct crm_record record;
	int64_t version;               /* How often it was changed. */
	cJSON *values;
};

/* Rows that were taken; what became of them is told when it is asked for. */
struct job {
	const char *items;             /* NULL: the CRM has lost it. */
	int64_t asked;
};

struct played {
	struct crm crm;                /* First: found by it. */
	struct scenario *s;
	struct kept *kept;             /* In the scenario's arena. */
	size_t count;
	const char *state;
	bool *asked;                   /* A rule each: some request fitted it. */
	const char **met;              /* Places of rules that a request had, borrowed. */
	size_t met_count;
	struct job *jobs;              /* In the scenario's arena. */
	size_t job_count;
	bool expired;                  /* No page token is taken. */
	unsigned dead;                 /* So many were refused for it. */
};

/* A request, taken apart. */
struct asked {
	struct played *p;
	const struct scenario_rule *rule;
	struct arena *arena;
	struct rk_text method, path, query;
	const cJSON *body;
	const cJSON *row;              /* Of the rows, the one in hand. */
	struct kept *kept;             /* The record in hand. */
	bool created, conflicts;
	const char *reason, *next, *job;
	bool under_way;                /* The job that is asked for. */
	struct buf items;              /* owned */
	size_t item_count;
};

/* ---- What stands where ---------------------------------------------------------- */

static const char *
z(struct asked *a, struct rk_text text)
{
	return arena_text(a->arena, text).ptr;
}

static int
hex(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)((at - digits) % 16) : -1;
}

static const char *
decoded(struct asked *a, struct rk_text text)
{
	char *out = arena_alloc(a->arena, text.len + 1), *o = out;
	for (uint64_t i = 0; i < text.len; i++) {
		bool coded = text.ptr[i] == '%' && i + 2 < text.len
		             && hex(text.ptr[i + 1]) >= 0 && hex(text.ptr[i + 2]) >= 0;
		*o++ = coded ? (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2]))
		             : text.ptr[i] == '+' ? ' ' : text.ptr[i];
		i += coded ? 2 : 0;
	}
	return out;
}

static struct rk_text
until(struct rk_text *rest, char end)
{
	const char *at = rest->len > 0 ? memchr(rest->ptr, end, rest->len) : NULL;
	uint64_t len = at != NULL ? (uint64_t)(at - rest->ptr) : rest->len;
	uint64_t past = at != NULL ? len + 1 : len;
	struct rk_text part = { rest->ptr, len };
	*rest = (struct rk_text){ rest->ptr + past, rest->len - past };
	return part;
}

static const char *
of_query(struct asked *a, const char *name)
{
	struct rk_text rest = a->query;
	while (rest.len > 0) {
		struct rk_text value = until(&rest, '&'), key = until(&value, '=');
		if (strcmp(decoded(a, key), name) == 0)
			return decoded(a, value);
	}
	return NULL;
}

/* Whether the request has all the parameters that stand behind a "?" of the pattern. */
static bool
query_fits(struct asked *a, struct rk_text names)
{
	while (names.len > 0)
		if (of_query(a, z(a, until(&names, '&'))) == NULL)
			return false;
	return true;
}

/* Whether the path fits the pattern; with 'name' the part that stands for {name}. */
static bool
path_fits(struct asked *a, const char *pattern, const char *name, const char **found)
{
	struct rk_text names = text_of(pattern), want = until(&names, '?'), have = a->path;
	while (want.len > 0 && have.len > 0) {
		struct rk_text w = until(&want, '/'), h = until(&have, '/');
		bool open = w.len > 2 && w.ptr[0] == '{' && w.ptr[w.len - 1] == '}';
		if (open ? h.len == 0 : !text_eq(w, h))
			return false;
		if (open && name != NULL
		    && text_is((struct rk_text){ w.ptr + 1, w.len - 2 }, name))
			*found = decoded(a, h);
	}
	return want.len == 0 && have.len == 0 && query_fits(a, names);
}

/* "a.b" below 'from'; "" is 'from' itself; NULL: it is not there. */
static const cJSON *
below(struct asked *a, const cJSON *from, const char *where)
{
	struct rk_text rest = text_of(where);
	while (rest.len > 0 && from != NULL)
		from = cJSON_GetObjectItemCaseSensitive(from, z(a, until(&rest, '.')));
	return from;
}

/* What "body" or "body.a.b" names. */
static const cJSON *
of_body(struct asked *a, const char *where)
{
	return below(a, a->body, where + (where[4] == '.' ? 5 : 4));
}

static const char *
text_of_json(struct asked *a, const cJSON *item)
{
	if (item == NULL || cJSON_IsNull(item))
		return NULL;
	if (cJSON_IsString(item))
		return item->valuestring;
	char *printed = cJSON_PrintUnformatted(item);
	const char *text = printed != NULL ? arena_str(a->arena, printed) : NULL;
	cJSON_free(printed);
	return text;
}

static bool
was_met(const struct played *p, const char *where)
{
	for (size_t i = 0; i < p->met_count; i++)
		if (p->met[i] == where)
			return true;
	return false;
}

static void
remember(struct played *p, const char *where)
{
	if (!was_met(p, where))
		p->met[p->met_count++] = where;
}

/* What 'where' names; NULL: nothing. */
static const char *
take(struct asked *a, const char *where)
{
	const char *found = NULL;
	if (where == NULL)
		return NULL;
	if (where[0] == '=')
		return where + 1;
	if (strncmp(where, "query.", 6) == 0)
		return of_query(a, where + 6);
	if (strncmp(where, "path.", 5) == 0) {
		path_fits(a, strchr(a->rule->request, ' ') + 1, where + 5, &found);
		return found;
	}
	if (strncmp(where, "body", 4) == 0)
		return text_of_json(a, of_body(a, where));
	return NULL;
}

/* The same for a place that the rule names; that it was met is remembered. */
static const char *
take_place(struct asked *a, const char *where)
{
	const char *found = take(a, where);
	if (found != NULL)
		remember(a->p, where);
	return found;
}

/* The same as a list: an array of the body, or a text with commas. */
static const char **
take_list(struct asked *a, const char *where, size_t *count)
{
	const cJSON *list = where != NULL && strncmp(where, "body", 4) == 0
		? of_body(a, where) : NULL;
	const char *text = cJSON_IsArray(list) ? NULL : take_place(a, where);
	struct rk_text rest = text_of(text);
	size_t room = rest.len + 1 + (size_t)cJSON_GetArraySize(list);
	const char **out = arena_new_array(a->arena, room, const char *);
	*count = 0;
	const cJSON *item;
	if (cJSON_IsArray(list)) {
		remember(a->p, where);
		cJSON_ArrayForEach(item, list)
			out[(*count)++] = text_of_json(a, item);
	}
	while (rest.len > 0)
		out[(*count)++] = z(a, until(&rest, ','));
	return out;
}

static bool
take_time(struct asked *a, const char *where, int64_t *ms)
{
	const char *text = take_place(a, where);
	if (text == NULL || text[0] == '\0')
		return false;
	if (a->p->s->time == TIME_ISO)
		return rk_time_parse(text_of(text), ms);
	bool good = text_int64(text_of(text), ms);
	*ms *= a->p->s->time == TIME_S ? 1000 : 1;
	return good;
}

/* ---- Templates ------------------------------------------------------------------ */

static void
put_json(struct buf *out, const cJSON *item)
{
	char *printed = item != NULL ? cJSON_PrintUnformatted(item) : NULL;
	buf_adds(out, printed != NULL ? printed : "null");
	cJSON_free(printed);
}

static void
put_text(struct buf *out, const char *text)
{
	cJSON *item = text != NULL ? cJSON_CreateString(text) : NULL;
	put_json(out, item);
	cJSON_Delete(item);
}

static void
put_time(struct buf *out, struct asked *a, int64_t ms)
{
	if (a->p->s->time == TIME_ISO)
		buf_addf(out, "\"%s\"", moment_print_datetime(ms, a->arena).ptr);
	else
		buf_addf(out, "%lld", (long long)(a->p->s->time == TIME_S ? ms / 1000 : ms));
}

/* ${NAME} as JSON; what has no such thing is null. */
static void
put_name(struct buf *out, struct asked *a, const char *name)
{
	const struct kept *kept = a->kept;
	if (strcmp(name, "items") == 0)
		buf_addt(out, buf_text(&a->items));
	else if (strcmp(name, "count") == 0)
		buf_addf(out, "%zu", a->item_count);
	else if (strcmp(name, "next") == 0)
		put_text(out, a->next);
	else if (strcmp(name, "job") == 0)
		put_text(out, a->job);
	else if (strcmp(name, "reason") == 0)
		put_text(out, a->reason);
	else if (strcmp(name, "created") == 0)
		buf_adds(out, a->created ? "true" : "false");
	else if (strcmp(name, "updated") == 0)
		buf_adds(out, a->created ? "false" : "true");
	else if (strcmp(name, "now") == 0)
		put_time(out, a, clock_now_ms());
	else if (strcmp(name, "id") == 0)
		put_text(out, kept != NULL ? kept->record.id.ptr : NULL);
	else if (strcmp(name, "modified") == 0 && kept != NULL)
		put_time(out, a, kept->record.modified_ms);
	else if (strcmp(name, "version") == 0 && kept != NULL)
		buf_addf(out, "%lld", (long long)kept->version);
	else if (strcmp(name, "values") == 0 && kept != NULL)
		put_json(out, kept->values);
	else if (strncmp(name, "values.", 7) == 0 && kept != NULL)
		put_json(out, below(a, kept->values, name + 7));
	else if (strncmp(name, "row.", 4) == 0)
		put_json(out, below(a, a->row, name + 4));
	else
		put_text(out, take(a, name));
}

/* ${if NAME} ... ${end} stands when NAME is neither null nor false. */
static bool
holds(struct asked *a, const char *name)
{
	BUF_AUTO value = BUF_INIT(BODY_MAX);
	put_name(&value, a, name);
	const char *text = buf_str(&value);
	return strcmp(text, "null") != 0 && strcmp(text, "false") != 0;
}

static void
expand(struct buf *out, struct asked *a, const char *template)
{
	bool silent = false;
	for (const char *at = template; at != NULL && *at != '\0';) {
		const char *mark = strstr(at, "${"), *end = mark != NULL ? strchr(mark, '}') : NULL;
		size_t plain = end != NULL ? (size_t)(mark - at) : strlen(at);
		if (!silent)
			buf_add(out, at, plain);
		if (end == NULL)
			return;
		const char *name = z(a, (struct rk_text){ mark + 2, (uint64_t)(end - mark - 2) });
		if (strncmp(name, "if ", 3) == 0)
			silent = !holds(a, name + 3);
		else if (strcmp(name, "end") == 0)
			silent = false;
		else if (!silent)
			put_name(out, a, name);
		at = end + 1;
	}
}

static void
add_item(struct asked *a, const char *template)
{
	BUF_AUTO others = BUF_INIT(BODY_MAX);
	bool first = a->item_count++ == 0;
	if (!first && a->rule->shuffled) {
		buf_addt(&others, buf_text(&a->items));
		buf_reset(&a->items);
	} else if (!first) {
		buf_adds(&a->items, ",");
	}
	expand(&a->items, a, template);
	if (!first && a->rule->shuffled)
		buf_addf(&a->items, ",%s", buf_str(&others));
}

/* More than the CRM takes in one request. */
static bool
too_many(struct asked *a, size_t count)
{
	if (a->rule->most > 0 && count > (size_t)a->rule->most)
		a->reason = "too many in one request";
	return a->reason != NULL;
}

/* ---- Records -------------------------------------------------------------------- */

static struct kept *
new_record(struct played *p, int64_t modified_ms)
{
	if (p->count == RECORDS_MAX)
		return NULL;
	struct kept *kept = &p->kept[p->count++];
	kept->record.id = arena_printf(&p->s->arena, "%zu", 1000 + p->count);
	kept->record.modified_ms = modified_ms;
	kept->record.values = kept->values = cJSON_CreateObject();
	return kept;
}

static struct kept *
find_id(struct played *p, const char *id)
{
	for (size_t i = 0; id != NULL && i < p->count; i++)
		if (text_is(p->kept[i].record.id, id) && !p->kept[i].record.gone)
			return &p->kept[i];
	return NULL;
}

static bool
has_value(struct asked *a, const struct kept *kept, const char *field, const char *value)
{
	const char *has = text_of_json(a, below(a, kept->values, field));
	return has != NULL && value != NULL && strcmp(has, value) == 0 && !kept->record.gone;
}

static struct kept *
find_value(struct asked *a, const char *field, const char *value)
{
	for (size_t i = 0; i < a->p->count; i++)
		if (has_value(a, &a->p->kept[i], field, value))
			return &a->p->kept[i];
	return NULL;
}

/* Stamps in groups that are equal, two hours back and on. */
static void
seed(struct played *p)
{
	struct scenario *s = p->s;
	int64_t first = clock_now_ms() / 1000 * 1000 - 2 * HOUR_MS;
	for (int64_t i = 0; i < s->records; i++) {
		struct kept *kept = new_record(p, first + i / SAME_STAMP * 60000);
		for (size_t v = 0; kept != NULL && v < s->value_count; v++) {
			const char *text = scenario_numbered(s->values[v].to, i, &s->arena);
			cJSON *item = strncmp(text, "json:", 5) == 0 ? cJSON_Parse(text + 5)
			                                             : cJSON_CreateString(text);
			cJSON_AddItemToObject(kept->values, s->values[v].from, item);
		}
	}
}

/* ---- Listing -------------------------------------------------------------------- */

static int
by_stamp(const void *a, const void *b)
{
	const struct crm_record *x = &(*(struct kept *const *)a)->record;
	const struct crm_record *y = &(*(struct kept *const *)b)->record;
	if (x->modified_ms != y->modified_ms)
		return x->modified_ms < y->modified_ms ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* What the window holds, in the order of pages; the token is the place of the last
 * record in that order, which no change of another moves. */
static void
list(struct asked *a)
{
	const struct scenario_rule *rule = a->rule;
	struct played *p = a->p;
	struct kept **found = arena_new_array(a->arena, p->count + 1, struct kept *);
	int64_t since = INT64_MIN, before = INT64_MAX, limit = 100, after_ms = INT64_MIN;
	size_t count = 0, after_place = 0;
	take_time(a, rule->since, &since);
	take_time(a, rule->until, &before);
	const char *most = take_place(a, rule->limit), *after = take_place(a, rule->after);
	if (most != NULL)
		text_int64(text_of(most), &limit);
	if (after != NULL && after[0] != '\0'
	    && (p->expired
	        || sscanf(after, "%lld-%zu", (long long *)&after_ms, &after_place) != 2)) {
		p->dead += p->expired && rule->refused != NULL;
		a->reason = "no such page";
		return;
	}
	if (most != NULL && too_many(a, (size_t)limit))
		return;
	for (size_t i = 0; i < p->count; i++) {
		struct crm_record *r = &p->kept[i].record;
		bool done = r->modified_ms < after_ms
		            || (r->modified_ms == after_ms && i <= after_place);
		if (!r->gone && r->modified_ms >= since && r->modified_ms < before
		    && !(after_ms != INT64_MIN && done))
			found[count++] = &p->kept[i];
	}
	qsort(found, count, sizeof *found, by_stamp);
	for (size_t i = 0; i < count && (int64_t)i < limit; i++) {
		a->kept = found[i];
		add_item(a, rule->each);
	}
	if (a->kept != NULL && (size_t)limit < count)
		a->next = arena_printf(a->arena, "%lld-%zu",
		                       (long long)a->kept->record.modified_ms,
		                       (size_t)(a->kept - p->kept)).ptr;
}

static void
get(struct asked *a)
{
	size_t count;
	const char **ids = take_list(a, a->rule->ids, &count);
	if (too_many(a, count))
		return;
	for (size_t i = 0; i < count; i++)
		if ((a->kept = find_id(a->p, ids[i])) != NULL)
			add_item(a, a->rule->each);
	if (a->item_count == 0 && a->rule->refused != NULL)
		a->reason = "there is no such record";
}

static void
find(struct asked *a)
{
	size_t count;
	const char *field = take_place(a, a->rule->field);
	const char **values = take_list(a, a->rule->match, &count);
	if (too_many(a, count))
		return;
	for (size_t i = 0; field != NULL && i < a->p->count; i++)
		for (size_t v = 0; v < count; v++) {
			a->kept = &a->p->kept[i];
			if (has_value(a, a->kept, field, values[v]))
				add_item(a, a->rule->each);
		}
}

/* ---- Writing -------------------------------------------------------------------- */

static const char *
refusal(struct asked *a, const cJSON *values)
{
	const struct scenario *s = a->p->s;
	for (size_t i = 0; i < s->refuse_count; i++) {
		const char *text = text_of_json(a, below(a, values, s->refuses[i].from));
		if (text != NULL && strcmp(text, s->refuses[i].to) == 0)
			return arena_printf(a->arena, "%s must not be %s", s->refuses[i].from,
			                    text).ptr;
	}
	return NULL;
}

static bool
expects_another(struct asked *a, const cJSON *version)
{
	int64_t expected;
	const char *text = text_of_json(a, version);
	return text != NULL
	       && !(text_int64(text_of(text), &expected) && expected == a->kept->version);
}

/* What is told of a row, or a request, that was refused. */
static const char *
refused_template(const struct asked *a)
{
	return a->conflicts && a->rule->conflict != NULL ? a->rule->conflict : a->rule->refused;
}

/* Finds whom the row means; what cannot be is refused. */
static void
resolve(struct asked *a, const cJSON *values)
{
	const struct scenario_rule *rule = a->rule;
	const char *id = rule->id == NULL ? NULL : strncmp(rule->id, "path.", 5) == 0
		? take(a, rule->id) : text_of_json(a, below(a, a->row, rule->id));
	const char *key = a->p->s->key != NULL
		? text_of_json(a, below(a, values, a->p->s->key)) : NULL;
	bool by_key = rule->does == DOES_UPSERT || rule->does == DOES_CREATE;
	a->kept = by_key ? find_value(a, a->p->s->key, key != NULL ? key : id)
	                 : find_id(a->p, id);
	a->reason = refusal(a, values);
	if (a->reason == NULL && rule->does == DOES_CREATE && a->kept != NULL)
		a->reason = "the key is taken by another record";
	if (a->reason == NULL && !by_key && a->kept == NULL)
		a->reason = "there is no such record";
	a->created = a->reason == NULL && a->kept == NULL;
	a->conflicts = a->reason == NULL && a->kept != NULL && rule->version != NULL
	               && expects_another(a, below(a, a->row, rule->version));
	if (a->conflicts)
		a->reason = "the record has another version";
}

static void
store_row(struct asked *a, const cJSON *values)
{
	if (a->created)
		a->kept = new_record(a->p, 0);
	if (a->kept == NULL)
		return;
	a->kept->version++;
	a->kept->record.modified_ms = clock_now_ms();
	a->kept->record.gone = a->rule->does == DOES_ARCHIVE;
	const cJSON *member;
	cJSON_ArrayForEach(member, values) {
		const struct scenario_rule *rule = a->rule;
		if (values == a->row
		    && ((rule->id != NULL && strcmp(member->string, rule->id) == 0)
		        || (rule->version != NULL
		            && strcmp(member->string, rule->version) == 0)))
			continue;
		cJSON_DeleteItemFromObjectCaseSensitive(a->kept->values, member->string);
		cJSON_AddItemToObject(a->kept->values, member->string,
		                      cJSON_Duplicate(member, true));
	}
}

static const cJSON *
row_values(struct asked *a)
{
	return a->rule->does == DOES_ARCHIVE ? NULL
		: below(a, a->row, a->rule->values != NULL ? a->rule->values : "");
}

/* With a status for refusals one bad row refuses them all, before anything is stored. */
static void
write_rows(struct asked *a)
{
	const cJSON *rows = of_body(a, a->rule->rows);
	if (rows != NULL)
		remember(a->p, a->rule->rows);
	if (cJSON_IsArray(rows) && too_many(a, (size_t)cJSON_GetArraySize(rows)))
		return;
	bool alone = !cJSON_IsArray(rows), whole = a->rule->refused_status != 200;
	const cJSON *first = alone ? rows : rows->child;
	for (int pass = whole ? 0 : 1; pass < 2; pass++) {
		/* A request without a body is a row too: its path names it. */
		a->row = first;
		do {
			resolve(a, row_values(a));
			if (pass == 0 && a->reason != NULL)
				return;
			if (pass == 1 && a->reason == NULL)
				store_row(a, row_values(a));
			if (pass == 1)
				add_item(a, a->reason == NULL ? a->rule->each
				                              : refused_template(a));
			a->row = a->row != NULL && !alone ? a->row->next : NULL;
		} while (a->row != NULL);
	}
	if (!whole)
		a->reason = NULL;              /* Each row was told of its own. */
}

/* ---- Jobs ----------------------------------------------------------------------- */

/* Keeps what the rows became; the answer gives a name for it. */
static void
begin_job(struct asked *a)
{
	struct played *p = a->p;
	if (p->job_count == JOBS_MAX) {
		a->reason = "too many jobs";
		return;
	}
	p->jobs[p->job_count++].items = arena_str(&p->s->arena, buf_str(&a->items));
	a->job = arena_printf(a->arena, "job-%zu", p->job_count).ptr;
}

static void
ask_job(struct asked *a)
{
	int64_t number = 0;
	const char *name = take_place(a, a->rule->ids);
	bool known = name != NULL && strncmp(name, "job-", 4) == 0
	             && text_int64(text_of(name + 4), &number) && number > 0
	             && (size_t)number <= a->p->job_count;
	struct job *job = known ? &a->p->jobs[number - 1] : NULL;
	if (job == NULL || job->items == NULL) {
		a->reason = "there is no such job";
		return;
	}
	a->job = name;
	a->under_way = job->asked++ < a->rule->polls;
	if (!a->under_way)
		buf_adds(&a->items, job->items);
}

/* ---- A request ------------------------------------------------------------------ */

static const struct scenario_rule *
find_rule(struct asked *a)
{
	const struct scenario *s = a->p->s;
	for (size_t i = 0; i < s->rule_count; i++) {
		struct rk_text path = text_of(s->rules[i].request), method = until(&path, ' ');
		const char *when = s->rules[i].when;
		if (text_eq(method, a->method) && path_fits(a, path.ptr, NULL, NULL)
		    && (when == NULL || strcmp(when, a->p->state) == 0))
			return &s->rules[i];
	}
	return NULL;
}

static void
take_url(struct asked *a, struct rk_text url)
{
	const char *scheme = strstr(z(a, url), "://");
	struct rk_text rest = text_of(scheme != NULL ? scheme + 3 : "");
	until(&rest, '/');
	/* The slash that ended the host belongs to the path. */
	rest = (struct rk_text){ rest.ptr - 1, rest.len + 1 };
	a->path = until(&rest, '?');
	a->query = rest;
}

static const char *
body_of(struct asked *a, const struct rk_request *request)
{
	struct buf text = BUF_INIT(BODY_MAX);
	for (uint64_t i = 0; i < request->body_count; i++)
		if (request->body[i].kind == RK_PIECE_TEXT)
			buf_addt(&text, request->body[i].text);
		else
			buf_adds(&text, "secret");
	const char *body = z(a, buf_text(&text));
	buf_free(&text);
	return body;
}

static void (*const deeds[])(struct asked *a) = {
	[DOES_LIST] = list, [DOES_GET] = get, [DOES_FIND] = find, [DOES_UPSERT] = write_rows,
	[DOES_CREATE] = write_rows, [DOES_UPDATE] = write_rows, [DOES_ARCHIVE] = write_rows,
	[DOES_JOB] = ask_job,
};

static void
play(struct asked *a, struct buf *out, int32_t *status)
{
	const struct scenario_rule *rule = a->rule;
	if (rule->then != NULL)
		a->p->state = rule->then;
	if (deeds[rule->does] != NULL)
		deeds[rule->does](a);
	if (rule->job && a->reason == NULL)
		begin_job(a);
	bool refused = a->reason != NULL;
	*status = (int32_t)(refused ? rule->refused_status : rule->status);
	if (refused && *status == 200)
		*status = 400;
	expand(out, a, refused ? refused_template(a) : a->under_way ? rule->pending : rule->answer);
}

/* Said at once, and the first one at the end. */
static void
miss(struct asked *a)
{
	struct crm *crm = &a->p->crm;
	snprintf(crm->unknown, sizeof crm->unknown, "%.*s %.*s", (int)a->method.len,
	         a->method.ptr, (int)(a->path.len < 200 ? a->path.len : 200), a->path.ptr);
	if (crm->missed[0] == '\0')
		memcpy(crm->missed, crm->unknown, sizeof crm->missed);
}

static void
answer(struct crm *crm, const struct rk_request *request, struct arena *arena,
       struct rk_reply *reply)
{
	struct played *p = (struct played *)crm;
	struct asked a = { .p = p, .arena = arena, .method = request->method,
	                   .items = BUF_INIT(BODY_MAX) };
	BUF_AUTO body = BUF_INIT(BODY_MAX);
	take_url(&a, request->url);
	cJSON *json = cJSON_Parse(body_of(&a, request));
	a.body = json;
	a.rule = find_rule(&a);
	reply->status = 404;
	if (a.rule != NULL)
		p->asked[a.rule - p->s->rules] = true;
	if (a.rule != NULL)
		play(&a, &body, &reply->status);
	else
		miss(&a);
	reply->body = arena_text(arena, buf_text(&body));
	cJSON_Delete(json);
	buf_free(&a.items);
}

/* ---- From behind ---------------------------------------------------------------- */

static bool
look(struct crm *crm, struct arena *arena, struct crm_record **records, size_t *count)
{
	struct played *p = (struct played *)crm;
	*records = arena_new_array(arena, p->count + 1, struct crm_record);
	*count = p->count;
	for (size_t i = 0; i < p->count; i++)
		(*records)[i] = p->kept[i].record;
	return true;
}

/* A place that a request should have and none of those that fitted ever had: a slip of
 * the scenario, which the connector would be blamed for. */
static const char *
unmet(struct crm *crm, struct arena *arena)
{
	const struct played *p = (const struct played *)crm;
	for (size_t i = 0; i < p->s->rule_count; i++) {
		const struct scenario_rule *r = &p->s->rules[i];
		const char *const wheres[] = { r->since, r->until, r->after, r->limit, r->ids,
			                       r->field, r->match };
		for (size_t w = 0; w < sizeof wheres / sizeof *wheres && p->asked[i]; w++)
			if (wheres[w] != NULL && !was_met(p, wheres[w]))
				return arena_printf(arena, "line %u: no %s had %s", r->at.line,
				                    r->request, wheres[w]).ptr;
	}
	return NULL;
}

static bool
edit(struct crm *crm, struct rk_text id)
{
	struct kept *kept = find_id((struct played *)crm, id.ptr);
	if (kept == NULL)
		return false;
	kept->version++;
	kept->record.modified_ms = clock_now_ms();
	return true;
}

static bool
blank(struct crm *crm, struct rk_text id, const char *field)
{
	struct kept *kept = find_id((struct played *)crm, id.ptr);
	return kept != NULL
	       && cJSON_ReplaceItemInObjectCaseSensitive(kept->values, field, cJSON_CreateNull());
}

static bool
forget(struct crm *crm)
{
	struct played *p = (struct played *)crm;
	for (size_t i = 0; i < p->job_count; i++)
		p->jobs[i].items = NULL;
	return p->job_count > 0;
}

static unsigned
expire(struct crm *crm, bool on)
{
	struct played *p = (struct played *)crm;
	p->expired = on;
	p->dead = on ? 0 : p->dead;
	return p->dead;
}

static bool
remove_record(struct crm *crm, struct rk_text id)
{
	struct kept *kept = find_id((struct played *)crm, id.ptr);
	if (kept != NULL)
		kept->record.gone = true;
	return kept != NULL;
}

struct crm *
played_new(struct scenario *s)
{
	struct played *p = arena_new(&s->arena, struct played);
	p->crm = (struct crm){ .answer = answer, .look = look, .edit = edit,
	                       .remove = remove_record, .unmet = unmet, .blank = blank,
	                       .expire = expire, .forget = forget };
	p->s = s;
	p->state = "";
	p->kept = arena_new_array(&s->arena, RECORDS_MAX, struct kept);
	p->jobs = arena_new_array(&s->arena, JOBS_MAX, struct job);
	p->asked = arena_new_array(&s->arena, s->rule_count + 1, bool);
	p->met = arena_new_array(&s->arena, s->rule_count * PLACES + 1, const char *);
	seed(p);
	return &p->crm;
}

void
played_free(struct crm *crm)
{
	struct played *p = (struct played *)crm;
	for (size_t i = 0; i < p->count; i++)
		cJSON_Delete(p->kept[i].values);
}
