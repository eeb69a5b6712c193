/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce_query.c - SOQL at the simulated Salesforce: parsed strictly, run by a walk
 * over all records; pages by locators; what changed and what was deleted (sheet,
 * section 3).  Called by the routes of salesforce.c and by salesforce_bulk.c. */
#include "salesforce.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SOQL_MAX 100000u
#define LITERAL_MAX 4000u
#define OFFSET_MAX 2000
#define ORDERS 8u
#define DEPTH_MAX 60
#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define CURSOR_LIFE_MS (2 * DAY_MS)

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_LIKE, OP_IN, OP_NOT_IN,
	  OP_INCLUDES, OP_EXCLUDES, OP_AND, OP_OR, OP_NOT };

struct literal {
	struct text text;                    /* Decoded. */
	bool quoted, null;
};

struct cond {
	enum op op;
	struct salesforce_path path;
	struct literal *values;              /* In the arena. */
	size_t value_count;
	struct cond *a, *b;
};

struct order {
	struct salesforce_path path;
	bool down, nulls_last;
};

struct parser {
	struct request *q;
	struct reply *r;
	struct text rest;
	struct object *o;
	struct cond *where;
	struct order orders[ORDERS];
	size_t order_count;
	int64_t limit, offset;
	int depth;
	bool failed;
};

__attribute__((format(printf, 3, 4)))
static void *
refuse(struct parser *p, const char *code, const char *format, ...)
{
	char words[300];
	va_list args;

	if (p->failed)
		return NULL;
	p->failed = true;
	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	salesforce_error(p->r, 400, code, NULL, "%s", words);
	return NULL;
}

/* ---- Words ------------------------------------------------------------------ */

static void
blanks(struct parser *p)
{
	while (p->rest.len && strchr(" \t\r\n", p->rest.ptr[0])) {
		p->rest.ptr++;
		p->rest.len--;
	}
}

static void
skip(struct parser *p, size_t n)
{
	p->rest.ptr += n;
	p->rest.len -= n;
}

static struct text
look_word(struct parser *p)
{
	size_t n = 0;

	blanks(p);
	while (n < p->rest.len && (isalnum((unsigned char)p->rest.ptr[n]) ||
				   strchr("_.", p->rest.ptr[n])))
		n++;
	return (struct text){ p->rest.ptr, n };
}

static struct text
take_word(struct parser *p)
{
	struct text word = look_word(p);

	skip(p, word.len);
	return word;
}

static bool
is_word(struct text t, const char *word)
{
	return t.len == strlen(word) && !strncasecmp(t.ptr, word, t.len);
}

static bool
take_if(struct parser *p, const char *word)
{
	if (!is_word(look_word(p), word))
		return false;
	take_word(p);
	return true;
}

static bool
take_sign(struct parser *p, const char *sign)
{
	size_t n = strlen(sign);

	blanks(p);
	if (p->rest.len < n || memcmp(p->rest.ptr, sign, n) != 0)
		return false;
	skip(p, n);
	return true;
}

static void
malformed(struct parser *p)
{
	refuse(p, "MALFORMED_QUERY", "unexpected token: '%.*s'",
	       p->rest.len > 40 ? 40 : (int)p->rest.len, p->rest.len ? p->rest.ptr : "");
}

/* ---- Names ------------------------------------------------------------------ */

static struct salesforce_path
path_of(struct parser *p, struct text name)
{
	struct salesforce_path path = { .of = p->o, .name = name };
	const char *dot = name.len ? memchr(name.ptr, '.', name.len) : NULL;
	struct text field = name;

	if (dot) {
		struct text relation = { name.ptr, (size_t)(dot - name.ptr) };

		path.via = salesforce_relation(p->o, relation);
		path.of = path.via ? sim_object(p->q->sim,
				text_of(salesforce_rules(path.via)->to)) : NULL;
		field = (struct text){ dot + 1, name.len - relation.len - 1 };
	}
	if (dot && !path.of)
		refuse(p, "INVALID_FIELD", "Didn't understand relationship '%.*s' in field "
		       "path. If you are attempting to use a custom relationship, be sure to "
		       "append the '__r' after the custom relationship name.",
		       (int)(dot - name.ptr), name.ptr);
	else
		path.field = salesforce_seen(path.of, field);
	if (!p->failed && !path.field)
		refuse(p, "INVALID_FIELD", "No such column '%.*s' on entity '%s'. If you are "
		       "attempting to use a custom field, be sure to append the '__c' after "
		       "the custom field name.", (int)field.len, field.ptr, path.of->name);
	return path;
}

/* ---- Literals ---------------------------------------------------------------- */

static bool
take_string(struct parser *p, struct literal *l)
{
	char *out = arena_alloc(p->q->arena, p->rest.len + 1);
	static const char from[] = "nNrRtTbBfF\"'\\", to[] = "\n\n\r\r\t\t\b\b\f\f\"'\\";
	size_t n = 0;

	skip(p, 1);
	while (p->rest.len && p->rest.ptr[0] != '\'') {
		char c = p->rest.ptr[0];

		if (c == '\\' && p->rest.len > 1) {
			const char *known = strchr(from, p->rest.ptr[1]);

			if (!known || !p->rest.ptr[1])
				return refuse(p, "MALFORMED_QUERY", "Illegal character "
					      "sequence '\\%c' in string literal",
					      p->rest.ptr[1]) != NULL;
			c = to[known - from];
			skip(p, 1);
		} else if (c == '\n' || c == '\r') {
			return refuse(p, "MALFORMED_QUERY", "line breaks not allowed in "
				      "string literals") != NULL;
		}
		out[n++] = c;
		skip(p, 1);
	}
	if (!take_sign(p, "'") || n > LITERAL_MAX)
		return refuse(p, "MALFORMED_QUERY", "string literal is not closed, or too "
			      "long") != NULL;
	*l = (struct literal){ { out, n }, true, false };
	return true;
}

static bool
take_literal(struct parser *p, struct literal *l)
{
	size_t n = 0;

	blanks(p);
	if (p->rest.len && p->rest.ptr[0] == '\'')
		return take_string(p, l);
	while (n < p->rest.len && (isalnum((unsigned char)p->rest.ptr[n]) ||
				   strchr("+-:.", p->rest.ptr[n])))
		n++;
	*l = (struct literal){ { p->rest.ptr, n }, false, false };
	skip(p, n);
	l->null = is_word(l->text, "null");
	if (!n)
		malformed(p);
	return n != 0;
}

/* Neither filtered nor sorted by. */
static bool
is_long(const struct field *f)
{
	return f->type == S_ADDRESS ||
	       (f->type == S_TEXTAREA && salesforce_rules(f)->length > 4000);
}

/* Texts want quotes, everything else refuses them (section 3.3). */
static bool
fits(struct parser *p, const struct salesforce_path *path, const struct literal *l)
{
	static const char *const quoted_types = "id string textarea phone url email picklist "
						"multipicklist reference";
	const char *type = salesforce_types[path->field->type];
	struct text rest = text_of(quoted_types);
	bool wants = false, day = false;
	int64_t ms;

	while (rest.len)
		wants |= text_is(text_until(&rest, ' '), type);
	if (l->null)
		return true;
	if (wants != l->quoted)
		return refuse(p, "INVALID_FIELD", "value of filter criterion for field '%s' must "
			      "be of type %s and should %sbe enclosed in quotes",
			      path->field->name, type, wants ? "" : "not ") != NULL;
	if (path->field->type == S_DATETIME && (!time_parse(l->text, &ms, &day) || day))
		return refuse(p, "INVALID_FIELD", "value of filter criterion for field '%s' must "
			      "be of type dateTime", path->field->name) != NULL;
	if (path->field->type == S_DATE && (!time_parse(l->text, &ms, &day) || !day))
		return refuse(p, "INVALID_FIELD", "value of filter criterion for field '%s' must "
			      "be of type date", path->field->name) != NULL;
	if ((path->field->type == S_ID || path->field->type == S_REFERENCE) && l->text.len
	    && l->text.len != 15 && l->text.len != 18)
		return refuse(p, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: %.*s",
			      (int)l->text.len, l->text.ptr) != NULL;
	if (is_long(path->field))
		return refuse(p, "INVALID_FIELD", "field '%s' can not be filtered in a query "
			      "call", path->field->name) != NULL;
	return true;
}

/* ---- Conditions ---------------------------------------------------------------- */

static struct cond *condition(struct parser *p);

static const struct { const char *sign; enum op op; } signs[] = {
	{ "<=", OP_LE }, { ">=", OP_GE }, { "!=", OP_NE }, { "<>", OP_NE }, { "=", OP_EQ },
	{ "<", OP_LT }, { ">", OP_GT },
};

static bool
take_list(struct parser *p, struct cond *c)
{
	struct literal *list = arena_alloc(p->q->arena, (p->rest.len / 2 + 2) * sizeof *list);

	if (!take_sign(p, "("))
		return malformed(p), false;
	do {
		if (!take_literal(p, &list[c->value_count]) ||
		    !fits(p, &c->path, &list[c->value_count]))
			return false;
		c->value_count++;
	} while (take_sign(p, ","));
	c->values = list;
	if (!take_sign(p, ")"))
		malformed(p);
	return !p->failed;
}

static struct cond *
comparison(struct parser *p)
{
	struct cond *c = arena_alloc(p->q->arena, sizeof *c);

	*c = (struct cond){ .op = OP_EQ };
	if (!look_word(p).len)
		return malformed(p), NULL;
	c->path = path_of(p, take_word(p));
	if (p->failed)
		return NULL;
	if (take_if(p, "IN"))
		return c->op = OP_IN, take_list(p, c) ? c : NULL;
	if (take_if(p, "NOT"))
		return c->op = OP_NOT_IN, take_if(p, "IN") && take_list(p, c) ? c
			: (malformed(p), NULL);
	if (take_if(p, "INCLUDES"))
		return c->op = OP_INCLUDES, take_list(p, c) ? c : NULL;
	if (take_if(p, "EXCLUDES"))
		return c->op = OP_EXCLUDES, take_list(p, c) ? c : NULL;
	c->values = arena_alloc(p->q->arena, sizeof *c->values);
	c->value_count = 1;
	if (take_if(p, "LIKE")) {
		c->op = OP_LIKE;
	} else {
		size_t i = 0;

		while (i < sizeof signs / sizeof *signs && !take_sign(p, signs[i].sign))
			i++;
		if (i == sizeof signs / sizeof *signs)
			return malformed(p), NULL;
		c->op = signs[i].op;
	}
	return take_literal(p, c->values) && fits(p, &c->path, c->values) ? c : NULL;
}

static struct cond *
unit(struct parser *p)
{
	struct cond *c;

	if (++p->depth > DEPTH_MAX)
		return refuse(p, "MALFORMED_QUERY", "too deep");
	if (take_if(p, "NOT")) {
		c = arena_alloc(p->q->arena, sizeof *c);
		*c = (struct cond){ .op = OP_NOT, .a = unit(p) };
	} else if (take_sign(p, "(")) {
		c = condition(p);
		if (c && !take_sign(p, ")"))
			malformed(p);
	} else {
		c = comparison(p);
	}
	p->depth--;
	return p->failed ? NULL : c;
}

/* "a and b and c", or "a or b or c", never both without brackets. */
static struct cond *
condition(struct parser *p)
{
	struct cond *c = unit(p);
	bool ands = false, ors = false;

	while (!p->failed) {
		struct cond *pair;
		bool is_and = take_if(p, "AND"), is_or = !is_and && take_if(p, "OR");

		if (!is_and && !is_or)
			break;
		ands |= is_and;
		ors |= is_or;
		if (ands && ors)
			return malformed(p), NULL;
		pair = arena_alloc(p->q->arena, sizeof *pair);
		*pair = (struct cond){ .op = is_and ? OP_AND : OP_OR, .a = c };
		pair->b = unit(p);
		c = pair;
	}
	return p->failed ? NULL : c;
}

static void
order_by(struct parser *p)
{
	do {
		struct order *order = &p->orders[p->order_count];

		if (p->order_count == ORDERS) {
			malformed(p);
			return;
		}
		*order = (struct order){ .path = path_of(p, take_word(p)) };
		if (p->failed)
			return;
		if (is_long(order->path.field)) {
			refuse(p, "MALFORMED_QUERY", "field '%s' can not be sorted in a query "
			       "call", order->path.field->name);
			return;
		}
		p->order_count++;
		if (take_if(p, "DESC"))
			order->down = true;
		else
			take_if(p, "ASC");
		if (take_if(p, "NULLS"))
			order->nulls_last = take_if(p, "LAST") || !take_if(p, "FIRST");
	} while (take_sign(p, ","));
}

static int64_t
take_count(struct parser *p, int64_t most)
{
	int64_t n = 0;

	if (!text_int(take_word(p), &n) || n < 0 || n > most)
		malformed(p);
	return n;
}

static void
select_list(struct parser *p, struct salesforce_select *s, struct text *names)
{
	if (is_word(look_word(p), "count")) {
		take_word(p);
		s->count = take_sign(p, "(") && take_sign(p, ")");
		if (!s->count)
			malformed(p);
		return;
	}
	do {
		names[s->field_count++] = take_word(p);
		if (!names[s->field_count - 1].len) {
			malformed(p);
			return;
		}
	} while (take_sign(p, ","));
}

/* ---- Running --------------------------------------------------------------------- */

static const struct record *
step(const struct request *q, const struct record *r, const struct salesforce_path *path)
{
	struct text id;

	if (!path->via)
		return r;
	id = json_unquote(q->arena, block_get(r->now.block, path->via));
	return id.len ? object_record(path->of, salesforce_read_id(path->of, id)) : NULL;
}

struct text
salesforce_path_raw(struct request *q, const struct record *r,
		    const struct salesforce_path *path)
{
	const struct record *of = step(q, r, path);

	return of ? salesforce_raw(q->arena, path->of, of, path->field) : (struct text){ 0 };
}

static bool
is_id(const struct field *f)
{
	return f->type == S_ID || f->type == S_REFERENCE;
}

/* The order of two values; both are there. */
static int
compare(struct request *q, const struct field *f, struct text raw, struct text to)
{
	struct text have = json_unquote(q->arena, raw);
	int64_t x = 0, y = 0;

	if (is_id(f)) {                 /* 15 characters are case-sensitive. */
		int order = memcmp(have.ptr, to.ptr, to.len < 15 ? to.len : 15);

		return order;
	}
	if (f->type == S_DATE || f->type == S_DATETIME) {
		time_parse(have, &x, NULL);
		time_parse(to, &y, NULL);
		return (x > y) - (x < y);
	}
	if (f->type >= S_INT && f->type <= S_PERCENT) {
		long double a = strtold(sim_strz(q->arena, have), NULL);
		long double b = strtold(sim_strz(q->arena, to), NULL);

		return (a > b) - (a < b);
	}
	return salesforce_compare_text(have, to);
}

static bool
like(struct text t, struct text pattern)
{
	if (!pattern.len)
		return !t.len;
	if (pattern.ptr[0] == '%') {
		struct text after = { pattern.ptr + 1, pattern.len - 1 };

		for (size_t i = 0; i <= t.len; i++)
			if (like((struct text){ t.ptr + i, t.len - i }, after))
				return true;
		return false;
	}
	return t.len && (pattern.ptr[0] == '_' ||
			 tolower((unsigned char)t.ptr[0]) ==
			 tolower((unsigned char)pattern.ptr[0])) &&
	       like((struct text){ t.ptr + 1, t.len - 1 },
		    (struct text){ pattern.ptr + 1, pattern.len - 1 });
}

/* Whether one literal, "a;b" of several options, is in a multi-select value. */
static bool
includes(struct request *q, struct text raw, struct text wanted)
{
	while (wanted.len) {
		struct text option = text_until(&wanted, ';');
		struct text rest = json_unquote(q->arena, raw);
		bool found = false;

		while (rest.len)
			found |= salesforce_compare_text(text_until(&rest, ';'), option) == 0;
		if (!found)
			return false;
	}
	return true;
}

static bool
equal(struct request *q, const struct cond *c, struct text raw, const struct literal *l)
{
	bool empty = l->null || (l->quoted && !l->text.len);

	if (!raw.len || empty)
		return !raw.len && empty;
	return compare(q, c->path.field, raw, l->text) == 0;
}

static bool
one_of(struct request *q, const struct cond *c, struct text raw)
{
	bool many = c->op == OP_INCLUDES || c->op == OP_EXCLUDES;

	for (size_t i = 0; i < c->value_count; i++)
		if (many ? raw.len && includes(q, raw, c->values[i].text)
			 : equal(q, c, raw, &c->values[i]))
			return true;
	return false;
}

static bool
holds(struct request *q, const struct record *r, const struct cond *c)
{
	struct text raw = { 0 };
	int order = 0;

	if (!c)
		return true;
	if (c->op >= OP_AND)
		return c->op == OP_NOT ? !holds(q, r, c->a)
		     : c->op == OP_AND ? holds(q, r, c->a) && holds(q, r, c->b)
		     : holds(q, r, c->a) || holds(q, r, c->b);
	raw = salesforce_path_raw(q, r, &c->path);
	if (c->op >= OP_LT && c->op <= OP_LIKE && (!raw.len || c->values->null))
		return false;
	if (c->op >= OP_LT && c->op <= OP_GE)
		order = compare(q, c->path.field, raw, c->values->text);
	switch (c->op) {
	case OP_EQ:   return equal(q, c, raw, c->values);
	case OP_NE:   return !equal(q, c, raw, c->values);
	case OP_LT:   return order < 0;
	case OP_LE:   return order <= 0;
	case OP_GT:   return order > 0;
	case OP_GE:   return order >= 0;
	case OP_LIKE: return like(json_unquote(q->arena, raw), c->values->text);
	case OP_IN: case OP_INCLUDES:     return one_of(q, c, raw);
	case OP_NOT_IN: case OP_EXCLUDES: return !one_of(q, c, raw);
	case OP_AND: case OP_OR: case OP_NOT: break;
	}
	return false;
}

static const struct parser *sorting;

static int
in_order(const void *a, const void *b)
{
	struct record *const *x = a, *const *y = b;

	for (size_t i = 0; i < sorting->order_count; i++) {
		const struct order *o = &sorting->orders[i];
		struct text p = salesforce_path_raw(sorting->q, *x, &o->path);
		struct text q = salesforce_path_raw(sorting->q, *y, &o->path);
		int order;

		if (!p.len || !q.len)
			order = ((p.len != 0) - (q.len != 0)) * (o->nulls_last ? -1 : 1);
		else
			order = compare(sorting->q, o->path.field, p,
					json_unquote(sorting->q->arena, q));
		if (order)
			return o->down ? -order : order;
	}
	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static void
run(struct parser *p, struct salesforce_select *s, bool all)
{
	struct object *o = p->o;
	size_t from, count = 0;

	s->records = arena_alloc(p->q->arena, (o->count + 1) * sizeof(void *));
	for (size_t i = 0; i < o->count; i++) {
		struct record *r = o->records[i];

		if (!r->gone && r->visible_ms <= p->q->now_ms && (all || !r->now.archived) &&
		    holds(p->q, r, p->where))
			s->records[count++] = r;
	}
	sorting = p;
	if (p->order_count)
		qsort(s->records, count, sizeof(void *), in_order);
	from = (size_t)p->offset < count ? (size_t)p->offset : count;
	memmove(s->records, s->records + from, (count - from) * sizeof(void *));
	count -= from;
	s->record_count = p->limit >= 0 && (size_t)p->limit < count ? (size_t)p->limit : count;
}

/* What a job may not ask for (section 3.4). */
static void
check_bulk(struct parser *p, const struct salesforce_select *s)
{
	if (s->count)
		refuse(p, "API_ERROR", "Implementation restriction: aggregate queries are not "
		       "supported");
	for (size_t i = 0; i < s->field_count; i++)
		if (s->fields[i].field && s->fields[i].field->type == S_ADDRESS)
			refuse(p, "FUNCTIONALITY_NOT_ENABLED",
			       "Selecting compound data not supported in Bulk Query");
}

bool
salesforce_select(struct request *q, struct reply *r, struct text soql, bool all, bool bulk,
		  struct salesforce_select *s)
{
	struct parser p = { .q = q, .r = r, .rest = soql, .limit = -1 };
	struct text *names = arena_alloc(q->arena, (soql.len + 1) * sizeof *names);
	struct text from;

	*s = (struct salesforce_select){ 0 };
	if (soql.len > SOQL_MAX)
		refuse(&p, "QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than "
		       "100000 characters.");
	if (!p.failed && !take_if(&p, "SELECT"))
		malformed(&p);
	if (!p.failed)
		select_list(&p, s, names);
	if (!p.failed && !take_if(&p, "FROM"))
		malformed(&p);
	if (p.failed)
		return false;
	from = take_word(&p);
	p.o = s->o = sim_object(q->sim, from);
	if (!p.o)
		return refuse(&p, "INVALID_TYPE", "sObject type '%.*s' is not supported. If you "
			      "are attempting to use a custom object, be sure to append the "
			      "'__c' after the entity name.", (int)from.len, from.ptr) != NULL;
	s->fields = arena_alloc(q->arena, (s->field_count + 1) * sizeof *s->fields);
	for (size_t i = 0; i < s->field_count && !p.failed; i++)
		s->fields[i] = path_of(&p, names[i]);
	if (!p.failed && take_if(&p, "WHERE"))
		p.where = condition(&p);
	if (!p.failed && take_if(&p, "ORDER") && (take_if(&p, "BY") || (malformed(&p), false)))
		order_by(&p);
	if (!p.failed && take_if(&p, "LIMIT"))
		p.limit = take_count(&p, INT32_MAX);
	if (!p.failed && take_if(&p, "OFFSET"))
		p.offset = take_count(&p, OFFSET_MAX);
	blanks(&p);
	if (!p.failed && p.rest.len)
		malformed(&p);
	if (!p.failed && bulk)
		check_bulk(&p, s);
	if (!p.failed)
		run(&p, s, all);
	return !p.failed;
}

/* ---- Pages ----------------------------------------------------------------------- */

/* {"attributes":{..},"Id":"..","Account":{"attributes":{},"Name":"x"}} */
static void
write_one(struct request *q, struct buf *out, const struct salesforce_select *s,
	  const struct record *r)
{
	char id[SALESFORCE_ID + 1];

	salesforce_id(id, salesforce_of(s->o)->prefix, r->id);
	buf_fmt(out, "{\"attributes\":{\"type\":\"%s\",\"url\":\"/services/data/v67.0/sobjects/"
		"%s/%s\"}", s->o->name, s->o->name, id);
	for (size_t i = 0; i < s->field_count; i++) {
		const struct salesforce_path *path = &s->fields[i];
		struct text raw = salesforce_path_raw(q, r, path);
		bool begun = false;

		if (!path->via) {
			buf_str(out, ",");
			buf_str(out, path->field->quoted);
			buf_text(out, raw.len ? raw : TEXT("null"));
			continue;
		}
		for (size_t j = 0; j < i; j++)
			begun |= s->fields[j].via == path->via;
		if (begun)
			continue;
		buf_fmt(out, ",\"%s\":", salesforce_rules(path->via)->relationship);
		if (!step(q, r, path)) {
			buf_str(out, "null");
			continue;
		}
		buf_fmt(out, "{\"attributes\":{\"type\":\"%s\"}", path->of->name);
		for (size_t j = i; j < s->field_count; j++) {
			if (s->fields[j].via != path->via)
				continue;
			raw = salesforce_path_raw(q, r, &s->fields[j]);
			buf_str(out, ",");
			buf_str(out, s->fields[j].field->quoted);
			buf_text(out, raw.len ? raw : TEXT("null"));
		}
		buf_str(out, "}");
	}
	buf_str(out, "}");
}

static size_t
page_size(const struct request *q)
{
	struct text options = request_header(q, "Sforce-Query-Options");
	const char *at = options.len ? strstr(sim_strz(q->arena, options), "batchSize=") : NULL;
	size_t size = at ? (size_t)strtoul(at + 10, NULL, 10) : 2000;
	size_t shrunk = salesforce_state(q->sim)->page;

	size = size < 200 ? 200 : size > 2000 ? 2000 : size;
	return shrunk && shrunk < size ? shrunk : size;
}

/* A locator keeps the ids as they were; the values are those of its page's time. */
static struct salesforce_cursor *
open_cursor(struct request *q, const struct salesforce_select *s, struct text soql, bool all)
{
	struct salesforce *state = salesforce_state(q->sim);
	unsigned number = state->cursor_count++;
	struct salesforce_cursor *c = &state->cursors[number % SALESFORCE_CURSORS];

	free((char *)(uintptr_t)c->soql.ptr);
	free(c->ids);
	*c = (struct salesforce_cursor){ .soql = { sim_strdup(soql), soql.len }, .all = all,
		.count = s->record_count, .until_ms = q->now_ms + CURSOR_LIFE_MS,
		.ids = sim_alloc((s->record_count + 1) * sizeof *c->ids) };
	snprintf(c->id, sizeof c->id, "01gxx%010uAAA", number + 1);
	for (size_t i = 0; i < s->record_count; i++)
		c->ids[i] = s->records[i]->id;
	return c;
}

void
salesforce_clear_cursors(struct salesforce *s)
{
	for (size_t i = 0; i < SALESFORCE_CURSORS; i++) {
		free((char *)(uintptr_t)s->cursors[i].soql.ptr);
		free(s->cursors[i].ids);
	}
}

static void
write_page(struct request *q, struct reply *r, const struct salesforce_select *s, size_t from,
	   size_t total, const struct salesforce_cursor *c)
{
	size_t size = page_size(q), to = from + size < total ? from + size : total;
	bool first = true;

	buf_fmt(reply_start(r, 200), "{\"totalSize\":%zu,\"done\":%s,", total,
		to == total ? "true" : "false");
	if (to < total)
		buf_fmt(&r->body, "\"nextRecordsUrl\":\"/services/data/%.*s/query/%s-%zu\",",
			(int)q->vars[0].len, q->vars[0].ptr, c->id, to);
	buf_str(&r->body, "\"records\":[");
	for (size_t i = from; i < to; i++) {
		struct record *record = c ? object_record(s->o, c->ids[i]) : s->records[i];

		if (!record)
			continue;
		buf_comma(&r->body, &first);
		write_one(q, &r->body, s, record);
	}
	buf_str(&r->body, "]}");
}

static void
query(struct request *q, struct reply *r, bool all)
{
	struct text soql = request_query(q, "q");
	struct salesforce_cursor *c = NULL;
	struct salesforce_select s;

	if (!salesforce_select(q, r, soql, all, false, &s))
		return;
	if (s.count) {
		buf_fmt(reply_start(r, 200), "{\"totalSize\":%zu,\"done\":true,\"records\":[]}",
			s.record_count);
		return;
	}
	if (s.record_count > page_size(q))
		c = open_cursor(q, &s, soql, all);
	write_page(q, r, &s, 0, s.record_count, c);
}

void
salesforce_query(struct request *q, struct reply *r)
{
	query(q, r, false);
}

void
salesforce_query_all(struct request *q, struct reply *r)
{
	query(q, r, true);
}

/* "01g...-2000" */
void
salesforce_query_more(struct request *q, struct reply *r)
{
	struct salesforce *state = salesforce_state(q->sim);
	struct text rest = q->vars[1], id = text_until(&rest, '-');
	struct salesforce_cursor *c = NULL;
	struct salesforce_select s;
	int64_t from = -1;

	for (size_t i = 0; i < SALESFORCE_CURSORS; i++)
		if (id.len && text_is(id, state->cursors[i].id) &&
		    state->cursors[i].until_ms > q->now_ms)
			c = &state->cursors[i];
	text_int(rest, &from);
	if (!c || from < 0 || (size_t)from > c->count) {
		salesforce_error(r, 400, "INVALID_QUERY_LOCATOR", NULL, "invalid query locator");
		return;
	}
	if (salesforce_select(q, r, c->soql, c->all, false, &s))
		write_page(q, r, &s, (size_t)from, c->count, c);
}

/* ---- What changed, what was deleted (section 3.3) ---------------------------------- */

/* Both ends, to the minute; false after an answer. */
static bool
span(struct request *q, struct reply *r, int64_t days, int64_t *start, int64_t *end)
{
	if (!time_parse(request_query(q, "start"), start, NULL) ||
	    !time_parse(request_query(q, "end"), end, NULL)) {
		salesforce_error(r, 400, "INVALID_REPLICATION_DATE", NULL,
				 "startDate and endDate must be dates");
		return false;
	}
	*start -= *start % MINUTE_MS;
	*end -= *end % MINUTE_MS;
	if (*start < *end && *start >= q->now_ms - days * DAY_MS)
		return true;
	salesforce_error(r, 400, "INVALID_REPLICATION_DATE", NULL, *start < *end
			 ? "startDate before org replication enabled date"
			 : "endDate must be at least one minute greater than startDate");
	return false;
}

/* The beginning of the oldest transaction that is still open; else now, or the end. */
static int64_t
covered(const struct request *q, const struct object *o, int64_t end)
{
	int64_t until = end < q->now_ms ? end : q->now_ms;

	for (size_t i = 0; i < o->count; i++)
		if (o->records[i]->visible_ms > q->now_ms &&
		    o->records[i]->now.updated_ms < until)
			until = o->records[i]->now.updated_ms;
	return until;
}

static void
write_changes(struct request *q, struct reply *r, bool deleted)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	int64_t start, end;
	bool first = true;
	char z[SIM_ID_BYTES];

	if (!o || !span(q, r, deleted ? 15 : 30, &start, &end))
		return;
	buf_str(reply_start(r, 200), deleted ? "{\"deletedRecords\":[" : "{\"ids\":[");
	for (size_t i = 0; i < o->count; i++) {
		const struct record *record = o->records[i];

		int64_t at = deleted ? record->archived_ms : record->now.updated_ms;

		if ((record->gone && !deleted) || record->now.archived != deleted ||
		    record->visible_ms > q->now_ms || at < start || at >= end)
			continue;
		buf_comma(&r->body, &first);
		buf_str(&r->body, deleted ? "{\"id\":" : "");
		buf_quotez(&r->body, sim_id(o->crm, record->id, z));
		salesforce_time(z, at);
		if (deleted)
			buf_fmt(&r->body, ",\"deletedDate\":\"%s\"}", z);
	}
	salesforce_time(z, covered(q, o, end));
	buf_fmt(&r->body, "],\"latestDateCovered\":\"%s\"", z);
	salesforce_time(z, q->now_ms - 15 * DAY_MS);
	if (deleted)
		buf_fmt(&r->body, ",\"earliestDateAvailable\":\"%s\"", z);
	buf_str(&r->body, "}");
}

void
salesforce_updated(struct request *q, struct reply *r)
{
	write_changes(q, r, false);
}

void
salesforce_deleted(struct request *q, struct reply *r)
{
	write_changes(q, r, true);
}
