/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_query.c - the query language of the simulated kintone: conditions,
 * order, limit, offset (sheet, section 3.4).  A text becomes a small tree; the
 * tree is asked about record after record, beginning where `$id` allows.
 * kintone.c calls it for reads and cursors. */
#include "kintone.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 500
#define OFFSET_MAX 10000
#define ORDERS_MAX 8u
#define DEPTH_MAX 32u
#define MINUTE_MS 60000

enum op { OP_EQ, OP_NE, OP_GT, OP_LT, OP_GE, OP_LE, OP_IN, OP_NOT_IN, OP_LIKE,
	  OP_NOT_LIKE, OP_EMPTY, OP_NOT_EMPTY };

#define BIT(op) (1u << (op))
#define EQUAL (BIT(OP_EQ) | BIT(OP_NE))
#define ORDER (EQUAL | BIT(OP_GT) | BIT(OP_LT) | BIT(OP_GE) | BIT(OP_LE))
#define AMONG (BIT(OP_IN) | BIT(OP_NOT_IN))
#define LIKE (BIT(OP_LIKE) | BIT(OP_NOT_LIKE))
#define EMPTY (BIT(OP_EMPTY) | BIT(OP_NOT_EMPTY))

/* Which operators a type takes. */
static const unsigned allowed[K_TYPES] = {
	[K_TEXT] = EQUAL | AMONG | LIKE,
	[K_LINK] = EQUAL | AMONG | LIKE,
	[K_NUMBER] = ORDER | AMONG,
	[K_CALC] = ORDER | AMONG,
	[K_ID] = ORDER | AMONG,
	[K_NUMBERING] = ORDER | AMONG,
	[K_LINES] = LIKE | EMPTY,
	[K_FILE] = LIKE | EMPTY,
	[K_RICH] = LIKE,
	[K_CHECKS] = AMONG,
	[K_SELECTS] = AMONG,
	[K_RADIO] = AMONG,
	[K_DROP] = AMONG,
	[K_USERS] = AMONG,
	[K_ORGANIZATIONS] = AMONG,
	[K_GROUPS] = AMONG,
	[K_CREATOR] = AMONG,
	[K_MODIFIER] = AMONG,
	[K_STATUS] = EQUAL | AMONG,
	[K_DATE] = ORDER,
	[K_TIME] = ORDER,
	[K_DATETIME] = ORDER,
	[K_CREATED] = ORDER,
	[K_UPDATED] = ORDER,
};

struct operand {
	struct text text;
	int64_t number;                      /* Ids; milliseconds of times. */
	struct operand *next;
};

struct cond {
	enum { COND_AND, COND_OR, COND_TEST } kind;
	struct cond *left, *right;
	const struct field *field;
	const struct field *table;           /* The field is a column of it. */
	enum op op;
	struct operand *operands;
};

struct order {
	const struct field *field;
	bool descending;
};

struct query {
	struct cond *where;                  /* NULL: all. */
	struct order orders[ORDERS_MAX];
	size_t order_count;
	int64_t limit, offset;
	bool paged;                          /* limit or offset were given. */
};

struct parser {
	struct request *q;
	struct reply *r;
	struct object *o;
	const char *p, *end;
	unsigned depth;
	bool failed;
};

/* ---- Words -------------------------------------------------------------- */

static bool
fail_syntax(struct parser *p)
{
	if (!p->failed)
		kintone_invalid_key(p->q, p->r, "query", KM_QUERY, NULL);
	p->failed = true;
	return false;
}

/* The message is 'before', the quoted 'what', and 'after'. */
static bool
fail(struct parser *p, const char *code, const char *before, struct text what,
     const char *after)
{
	if (!p->failed)
		kintone_error(p->r, 400, code, "%s%.*s%s", before, (int)what.len,
			      what.len ? what.ptr : "", after);
	p->failed = true;
	return false;
}

/* Blanks are anything, the ideographic space too. */
static void
skip(struct parser *p)
{
	while (p->p < p->end) {
		if (*p->p == ' ' || (*p->p >= '\t' && *p->p <= '\r'))
			p->p++;
		else if (p->end - p->p >= 3 && !memcmp(p->p, "\xE3\x80\x80", 3))
			p->p += 3;
		else
			return;
	}
}

static bool
word_char(const char *p, const char *end)
{
	if (end - p >= 3 && !memcmp(p, "\xE3\x80\x80", 3))
		return false;
	return !strchr(" \t\n\v\f\r()=!<>,\"", *p) && *p;
}

static struct text
peek_word(struct parser *p)
{
	skip(p);
	const char *at = p->p;
	while (at < p->end && word_char(at, p->end))
		at++;
	return (struct text){ p->p, (size_t)(at - p->p) };
}

static bool
take_word(struct parser *p, const char *word)
{
	struct text w = peek_word(p);

	if (!text_is(w, word))
		return false;
	p->p += w.len;
	return true;
}

static bool
take_sign(struct parser *p, const char *sign)
{
	size_t len = strlen(sign);

	skip(p);
	if ((size_t)(p->end - p->p) < len || memcmp(p->p, sign, len) != 0)
		return false;
	p->p += len;
	return true;
}

/* In double quotes; a raw TAB, LF or CR inside is an error. */
static bool
take_string(struct parser *p, struct text *out)
{
	struct buf b = { 0 };

	if (!take_sign(p, "\""))
		return false;
	buf_add(&b, "", 0);
	while (p->p < p->end && *p->p != '"') {
		char c = *p->p++;

		if (c == '\t' || c == '\n' || c == '\r')
			break;
		if (c == '\\' && p->p < p->end) {
			c = *p->p++;
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
		}
		buf_add(&b, &c, 1);
	}
	*out = arena_take(p->q->arena, &b);
	return take_sign(p, "\"") || fail_syntax(p);
}

/* ---- Conditions --------------------------------------------------------- */

static bool
is_moment(const struct field *f)
{
	return f->type == K_DATETIME || f->type == K_CREATED || f->type == K_UPDATED;
}

static bool
is_id(const struct field *f)
{
	return f->type == K_ID || f->type == K_NUMBERING;
}

static bool
is_number(const struct field *f)
{
	return f->type == K_NUMBER || f->type == K_CALC;
}

/* A text operand gets the form in which the type compares. */
static bool
bind(struct parser *p, const struct cond *c, struct operand *v)
{
	bool among = c->op == OP_IN || c->op == OP_NOT_IN, date_only;

	if (c->op == OP_LIKE || c->op == OP_NOT_LIKE ||
	    (!v->text.len && !is_moment(c->field)))
		return true;
	if (is_moment(c->field) && v->text.len)
		return time_parse(v->text, &v->number, &date_only) || fail_syntax(p);
	if (is_id(c->field)) {
		const char *dash = memchr(v->text.ptr, '-', v->text.len);
		struct text digits = v->text;

		if (dash && dash > v->text.ptr)
			digits = (struct text){ dash + 1,
				v->text.len - (size_t)(dash + 1 - v->text.ptr) };
		return text_int(digits, &v->number) || fail_syntax(p);
	}
	if (is_number(c->field))
		return kintone_decimal(p->q->arena, v->text, -1, &v->text) ||
		       fail_syntax(p);
	if (c->field->option_count && among && !field_has_option(c->field, v->text))
		return fail(p, "GAIA_IQ10", "指定された選択肢「", v->text,
			    "」は存在しません。");
	return true;
}

/* NOW() and TODAY(); the rest of the functions is not spoken here. */
static bool
take_function(struct parser *p, struct text name, struct text *out)
{
	char z[40];

	if (text_is(name, "NOW"))
		time_minute(z, p->q->now_ms);
	else if (text_is(name, "TODAY"))
		time_date(z, p->q->now_ms + 9 * 60 * MINUTE_MS);
	else if (text_is(name, "LOGINUSER"))
		strcpy(z, "Administrator");
	else
		return fail_syntax(p);
	*out = arena_copy(p->q->arena, text_of(z));
	return (take_sign(p, "(") && take_sign(p, ")")) || fail_syntax(p);
}

static bool
take_operand(struct parser *p, struct cond *c)
{
	struct operand *v = arena_alloc(p->q->arena, sizeof *v);
	struct operand **tail = &c->operands;

	memset(v, 0, sizeof *v);
	skip(p);
	if (p->p < p->end && *p->p == '"') {
		if (!take_string(p, &v->text))
			return false;
	} else {
		struct text w = peek_word(p);

		p->p += w.len;
		if (!w.len)
			return fail_syntax(p);
		if (((w.ptr[0] >= '0' && w.ptr[0] <= '9') || w.ptr[0] == '-'))
			v->text = w;
		else if (!take_function(p, w, &v->text))
			return false;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = v;
	return bind(p, c, v);
}

static bool
take_list(struct parser *p, struct cond *c)
{
	if (!take_sign(p, "("))
		return fail_syntax(p);
	do {
		if (!take_operand(p, c))
			return false;
	} while (take_sign(p, ","));
	return take_sign(p, ")") || fail_syntax(p);
}

static bool
take_op(struct parser *p, enum op *op)
{
	static const struct { const char *sign; enum op op; } signs[] = {
		{ "!=", OP_NE }, { ">=", OP_GE }, { "<=", OP_LE },
		{ "=", OP_EQ }, { ">", OP_GT }, { "<", OP_LT },
	};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		*op = signs[i].op;
		if (take_sign(p, signs[i].sign))
			return true;
	}
	bool not = take_word(p, "not");
	if (take_word(p, "in"))
		*op = not ? OP_NOT_IN : OP_IN;
	else if (take_word(p, "like"))
		*op = not ? OP_NOT_LIKE : OP_LIKE;
	else if (!not && take_word(p, "is"))
		*op = take_word(p, "not") ? OP_NOT_EMPTY : OP_EMPTY;
	else
		return fail_syntax(p);
	if (*op == OP_EMPTY || *op == OP_NOT_EMPTY)
		return take_word(p, "empty") || fail_syntax(p);
	return true;
}

/* A field of the app, or a column of one of its tables. */
static bool
find_field(struct parser *p, struct text code, struct cond *c)
{
	c->field = object_field(p->o, code);
	for (size_t i = 0; i < p->o->field_count && !c->field; i++) {
		const struct kintone_rules *rules = kintone_rules(p->o->fields[i]);

		if (rules->columns)
			c->field = object_field(rules->columns, code);
		if (c->field)
			c->table = p->o->fields[i];
	}
	if (!c->field && code.len && memchr(code.ptr, '.', code.len))
		return fail(p, "GAIA_IR02", "「", code, "」は関連レコード一覧ではありません。");
	return c->field || fail(p, "GAIA_IQ11", "指定されたフィールド(code: ", code,
				")が見つかりません。");
}

static struct cond *
take_test(struct parser *p)
{
	struct cond *c = arena_alloc(p->q->arena, sizeof *c);
	struct text code = peek_word(p);

	memset(c, 0, sizeof *c);
	c->kind = COND_TEST;
	if (!code.len) {
		fail_syntax(p);
		return NULL;
	}
	p->p += code.len;
	if (!find_field(p, code, c) || !take_op(p, &c->op))
		return NULL;
	if (c->table && (c->op == OP_EQ || c->op == OP_NE)) {
		fail(p, "GAIA_IQ07", "テーブル内の「", code, "」には使えない演算子です。");
		return NULL;
	}
	if (!(allowed[c->field->type] & BIT(c->op))) {
		fail(p, "GAIA_IQ03", "「", code, "」フィールドには使えない演算子です。");
		return NULL;
	}
	if (c->op == OP_IN || c->op == OP_NOT_IN)
		return take_list(p, c) ? c : NULL;
	if (c->op == OP_EMPTY || c->op == OP_NOT_EMPTY)
		return c;
	return take_operand(p, c) ? c : NULL;
}

static struct cond *take_or(struct parser *p);

static struct cond *
take_primary(struct parser *p)
{
	if (!take_sign(p, "("))
		return take_test(p);
	if (++p->depth > DEPTH_MAX) {
		fail_syntax(p);
		return NULL;
	}
	struct cond *c = take_or(p);
	p->depth--;
	if (c && !take_sign(p, ")")) {
		fail_syntax(p);
		return NULL;
	}
	return c;
}

static struct cond *
join(struct parser *p, struct cond *left, struct cond *right, bool and)
{
	struct cond *c = arena_alloc(p->q->arena, sizeof *c);

	memset(c, 0, sizeof *c);
	c->kind = and ? COND_AND : COND_OR;
	c->left = left;
	c->right = right;
	return left && right ? c : NULL;
}

static struct cond *
take_and(struct parser *p)
{
	struct cond *c = take_primary(p);

	while (c && take_word(p, "and"))
		c = join(p, c, take_primary(p), true);
	return c;
}

static struct cond *
take_or(struct parser *p)
{
	struct cond *c = take_and(p);

	while (c && take_word(p, "or"))
		c = join(p, c, take_and(p), false);
	return c;
}

/* ---- Order, limit, offset ----------------------------------------------- */

static bool
take_orders(struct parser *p, struct query *query)
{
	if (!take_word(p, "order"))
		return true;
	if (!take_word(p, "by"))
		return fail_syntax(p);
	do {
		struct cond c = { 0 };
		struct text code = peek_word(p);

		p->p += code.len;
		if (!code.len || query->order_count == ORDERS_MAX)
			return fail_syntax(p);
		if (!find_field(p, code, &c))
			return false;
		struct order *o = &query->orders[query->order_count++];
		o->field = c.field;
		o->descending = !take_word(p, "asc");
		if (o->descending)
			take_word(p, "desc");
	} while (take_sign(p, ","));
	return true;
}

static bool
take_number(struct parser *p, const char *word, int64_t *n, bool *given)
{
	if (!take_word(p, word))
		return true;
	struct text w = peek_word(p);
	p->p += w.len;
	*given = true;
	if (!text_int(w, n))
		return fail_syntax(p);
	if (*n < 0) {
		kintone_invalid_key(p->q, p->r, word, KM_AT_LEAST, "0");
		p->failed = true;
		return false;
	}
	return true;
}

static bool
at_end(struct parser *p)
{
	skip(p);
	return p->p == p->end || fail_syntax(p);
}

static bool
parse(struct parser *p, struct query *query)
{
	struct text w = peek_word(p);

	query->limit = LIMIT_DEFAULT;
	skip(p);
	if (p->p < p->end && !text_is(w, "order") && !text_is(w, "limit") &&
	    !text_is(w, "offset")) {
		query->where = take_or(p);
		if (!query->where)
			return fail_syntax(p);
	}
	if (!take_orders(p, query) ||
	    !take_number(p, "limit", &query->limit, &query->paged) ||
	    !take_number(p, "offset", &query->offset, &query->paged) || !at_end(p))
		return false;
	struct text none = { 0 };
	if (query->limit > LIMIT_MAX)
		return fail(p, "GAIA_QU01", "limitには500以下の数値を指定してください。",
			    none, "");
	if (query->offset > OFFSET_MAX)
		return fail(p, "GAIA_QU02",
			    "offsetには10,000以下の数値を指定してください。", none, "");
	return true;
}

/* ---- Asking a record ---------------------------------------------------- */

static int64_t
minute_of(int64_t ms)
{
	return ms - (ms % MINUTE_MS + MINUTE_MS) % MINUTE_MS;
}

/* Ids and moments; false: there is no value. */
static bool
integer_of(const struct field *f, const struct record *r, struct text raw, int64_t *n)
{
	switch ((enum kintone_type)f->type) {
	case K_ID:
	case K_NUMBERING:
		*n = (int64_t)r->id;
		return true;
	case K_CREATED:
		*n = minute_of(r->created_ms);
		return true;
	case K_UPDATED:
		*n = minute_of(r->now.updated_ms);
		return true;
	default:
		return raw.len > 2 &&
			time_parse((struct text){ raw.ptr + 1, raw.len - 2 }, n, NULL);
	}
}

/* <0, 0, >0 of the stored value against the operand; false: no value. */
static bool
compare(struct arena *a, const struct cond *c, const struct record *r, struct text raw,
	const struct operand *v, int *order)
{
	int64_t n;

	if (is_id(c->field) || is_moment(c->field)) {
		if (!integer_of(c->field, r, raw, &n))
			return false;
		*order = (n > v->number) - (n < v->number);
		return true;
	}
	struct text value = json_unquote(a, raw);
	if (is_number(c->field)) {
		if (!value.len || !v->text.len)
			return false;
		*order = kintone_decimal_order(value, v->text);
		return true;
	}
	size_t len = value.len < v->text.len ? value.len : v->text.len;
	*order = len ? memcmp(value.ptr, v->text.ptr, len) : 0;
	if (*order == 0)
		*order = (value.len > v->text.len) - (value.len < v->text.len);
	return true;
}

static bool
holds(enum op op, bool has, int order)
{
	switch (op) {
	case OP_EQ: return has && order == 0;
	case OP_NE: return !has || order != 0;
	case OP_GT: return has && order > 0;
	case OP_LT: return has && order < 0;
	case OP_GE: return has && order >= 0;
	case OP_LE: return has && order <= 0;
	default:    return false;
	}
}

static bool
one_of(const struct operand *operands, struct text value)
{
	for (const struct operand *v = operands; v; v = v->next)
		if (text_equal(v->text, value))
			return true;
	return false;
}

/* Lists and people: any element counts; "" matches what is empty. */
static bool
among_elements(struct arena *a, const struct cond *c, struct text raw)
{
	const struct json *list = raw.len ? json_parse(a, raw, NULL) : NULL;

	if (!list || !list->count)
		return one_of(c->operands, (struct text){ 0 });
	for (const struct json *j = list->child; j; j = j->next)
		if (one_of(c->operands, j->kind == JSON_STRING ? j->text :
			   json_text(j, "code")))
			return true;
	return false;
}

static bool
among(struct arena *a, const struct cond *c, const struct record *r, struct text raw)
{
	int order;

	if (c->field->type == K_CREATOR || c->field->type == K_MODIFIER)
		return one_of(c->operands, TEXT("Administrator"));
	if (kintone_kinds[c->field->type].shape == SHAPE_LIST ||
	    kintone_kinds[c->field->type].shape == SHAPE_CODES)
		return among_elements(a, c, raw);
	if (!is_id(c->field) && !is_number(c->field))
		return one_of(c->operands, json_unquote(a, raw));
	for (const struct operand *v = c->operands; v; v = v->next)
		if ((!v->text.len && !raw.len) ||
		    (compare(a, c, r, raw, v, &order) && order == 0))
			return true;
	return false;
}

static bool
like(struct arena *a, struct text raw, struct text needle)
{
	struct text hay = json_unquote(a, raw);

	for (size_t i = 0; i + needle.len <= hay.len && needle.len; i++)
		if (!memcmp(hay.ptr + i, needle.ptr, needle.len))
			return true;
	return false;
}

static bool
test_value(struct arena *a, const struct cond *c, const struct record *r, struct text raw)
{
	int order = 0;

	switch (c->op) {
	case OP_IN:        return among(a, c, r, raw);
	case OP_NOT_IN:    return !among(a, c, r, raw);
	case OP_LIKE:      return like(a, raw, c->operands->text);
	case OP_NOT_LIKE:  return !like(a, raw, c->operands->text);
	case OP_EMPTY:     return !text_trim(json_unquote(a, raw)).len;
	case OP_NOT_EMPTY: return text_trim(json_unquote(a, raw)).len > 0;
	default:
		break;
	}
	bool has = compare(a, c, r, raw, c->operands, &order);
	return holds(c->op, has, order);
}

/* True for at least one row of the table. */
static bool
test_cells(struct arena *a, const struct cond *c, const struct record *r)
{
	struct text raw = block_get(r->now.block, c->table);
	const struct json *rows = raw.len ? json_parse(a, raw, NULL) : NULL;

	for (const struct json *row = rows ? rows->child : NULL; row; row = row->next) {
		const struct json *cell =
			json_get(json_get(row, "value"), c->field->name);
		const struct json *value = json_get(cell, "value");

		if (value && test_value(a, c, r, json_raw(a, value)))
			return true;
	}
	return false;
}

static bool
test(struct arena *a, const struct cond *c, const struct record *r)
{
	if (!c)
		return true;
	if (c->kind == COND_AND)
		return test(a, c->left, r) && test(a, c->right, r);
	if (c->kind == COND_OR)
		return test(a, c->left, r) || test(a, c->right, r);
	if (c->table)
		return test_cells(a, c, r);
	return test_value(a, c, r, c->field->flags & FIELD_SYSTEM ? (struct text){ 0 } :
			  block_get(r->now.block, c->field));
}

/* ---- Collecting --------------------------------------------------------- */

/* The least id that can match: from `$id > N` in a chain of `and`. */
static uint64_t
least_id(const struct cond *c)
{
	if (!c || c->kind == COND_OR)
		return 0;
	if (c->kind == COND_AND) {
		uint64_t left = least_id(c->left), right = least_id(c->right);

		return left > right ? left : right;
	}
	if (!is_id(c->field) || c->table || c->operands->number < 0)
		return 0;
	if (c->op == OP_GT)
		return (uint64_t)c->operands->number + 1;
	return c->op == OP_GE ? (uint64_t)c->operands->number : 0;
}

/* A test of an indexed field by equality that every match must pass. */
static const struct cond *
key_test(const struct cond *c)
{
	const struct cond *found;

	if (!c || c->kind == COND_OR)
		return NULL;
	if (c->kind == COND_AND)
		return (found = key_test(c->left)) ? found : key_test(c->right);
	if (c->table || (c->op != OP_EQ && c->op != OP_IN) || !c->field->index)
		return NULL;
	for (const struct operand *v = c->operands; v; v = v->next)
		if (!v->text.len)
			return NULL;
	return c;
}

struct list {
	struct record **records;             /* owned */
	size_t count, cap;
};

static void
add(struct list *list, struct record *r)
{
	if (list->count == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 512;
		list->records =
			sim_realloc(list->records, list->cap * sizeof *list->records);
	}
	list->records[list->count++] = r;
}

static bool
seen(const struct request *q, const struct record *r)
{
	return !r->gone && r->visible_ms <= q->now_ms;
}

static int
by_id(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* Those with one of the keys, as the index finds them. */
static void
collect_keys(struct request *q, struct object *o, const struct cond *where,
	     const struct cond *key, struct list *list)
{
	size_t kept = 0;

	for (const struct operand *v = key->operands; v; v = v->next) {
		struct record *r = object_by_key(o, key->field, v->text);

		if (r && seen(q, r) && test(q->arena, where, r))
			add(list, r);
	}
	if (list->count)
		qsort(list->records, list->count, sizeof *list->records, by_id);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || list->records[kept - 1] != list->records[i])
			list->records[kept++] = list->records[i];
	list->count = kept;
}

/* Up to 'most' matches, upward or downward by id. */
static void
collect_walk(struct request *q, struct object *o, const struct cond *where, bool down,
	     size_t most, struct list *list)
{
	size_t from = object_seek(o, least_id(where));

	for (size_t n = 0; n < o->count - from && list->count < most; n++) {
		struct record *r = o->records[down ? o->count - 1 - n : from + n];

		if (seen(q, r) && test(q->arena, where, r))
			add(list, r);
	}
}

/* What the qsort below sorts by; under the lock. */
static struct {
	struct request *q;
	const struct query *query;
} sorting;

static int
by_one(const struct order *o, const struct record *x, const struct record *y)
{
	struct arena *a = sorting.q->arena;
	struct cond c = { .field = o->field };
	struct text left = block_get(x->now.block, o->field);
	struct text right = block_get(y->now.block, o->field);
	struct operand v = { .text = json_unquote(a, right) };
	int order = 0;
	bool has = left.len > 0, other = right.len > 0;

	if (is_id(o->field) || is_moment(o->field)) {
		has = integer_of(o->field, x, left, &(int64_t){ 0 });
		other = integer_of(o->field, y, right, &v.number);
	}
	if (has && other)
		compare(a, &c, x, left, &v, &order);
	else
		order = has - other;
	return o->descending ? -order : order;
}

static int
by_orders(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	for (size_t i = 0; i < sorting.query->order_count; i++) {
		int order = by_one(&sorting.query->orders[i], *x, *y);

		if (order)
			return order;
	}
	return -by_id(a, b);
}

static void
sort(struct request *q, const struct query *query, struct list *list)
{
	sorting.q = q;
	sorting.query = query;
	if (list->count)
		qsort(list->records, list->count, sizeof *list->records, by_orders);
}

/* By id alone, a walk in that direction may stop early. */
static bool
simple_order(const struct query *query, bool *down)
{
	*down = query->order_count == 0 || query->orders[0].descending;
	return query->order_count == 0 || is_id(query->orders[0].field);
}

static void
collect(struct request *q, struct object *o, const struct query *query, size_t most,
	struct list *list)
{
	const struct cond *key = o->doubled ? NULL : key_test(query->where);
	bool down, simple = simple_order(query, &down);

	if (key)
		collect_keys(q, o, query->where, key, list);
	else
		collect_walk(q, o, query->where, simple && down, simple ? most : SIZE_MAX,
			     list);
	if (!simple || key)
		sort(q, query, list);
}

bool
kintone_select(struct request *q, struct reply *r, struct object *o, struct text text,
	       bool total, bool all, struct kintone_result *result)
{
	struct parser p = {
		.q = q, .r = r, .o = o, .p = text.ptr, .end = text.ptr + text.len
	};
	struct query query = { 0 };
	struct list list = { 0 };

	if (!text.len)
		p.p = p.end = "";
	if (!parse(&p, &query))
		return false;
	if (all && query.paged)
		return fail_syntax(&p);
	size_t first = (size_t)query.offset, most = first + (size_t)query.limit;
	collect(q, o, &query, total || all ? SIZE_MAX : most, &list);
	result->total = list.count;
	size_t from = first < list.count ? first : list.count;
	size_t end = all || most > list.count ? list.count : most;
	result->count = end > from ? end - from : 0;
	result->records = arena_alloc(q->arena, (result->count + 1) * sizeof(void *));
	if (result->count)
		memcpy(result->records, list.records + from,
		       result->count * sizeof(void *));
	free(list.records);
	return true;
}
