/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_values.c - what a value of each field type must look like at the
 * simulated kintone, and what becomes of it when stored (sheet, sections 2.1,
 * 4.3, 4.4, 5.1).  kintone_write.c calls it for every record of a write. */
#include "kintone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Complaints --------------------------------------------------------- */

void
kintone_complain(const struct request *q, struct kintone_complaints *c, const char *key,
		 enum kintone_message m, const char *detail)
{
	bool first = c->errors.len == 0;
	struct buf message = { 0 }, place = { 0 };

	/* A place stands once in the answer: a value that a stored record and another
	 * row of the call both hold is refused by two checks. */
	buf_quotez(&place, key);
	buf_str(&place, ":{\"messages\":[");
	if (!first && memmem(c->errors.ptr, c->errors.len, place.ptr, place.len)) {
		buf_clear(&place);
		return;
	}
	buf_comma(&c->errors, &first);
	buf_text(&c->errors, buf_view(&place));
	buf_clear(&place);
	kintone_say(q, &message, m, detail);
	buf_quote(&c->errors, buf_view(&message));
	buf_str(&c->errors, "]}");
	buf_clear(&message);
}

/* A refusal that names no record (section 4.3); the first one counts. */
__attribute__((format(printf, 4, 5))) static void
refuse(struct kintone_complaints *c, int status, const char *code, const char *format,
       ...)
{
	char line[512];
	va_list args;

	if (c->status)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	c->status = status;
	c->code = code;
	buf_str(&c->message, line);
}

/* ---- One value ---------------------------------------------------------- */

struct checking {
	struct request *q;
	struct object *o;
	const struct kintone_app *app;
	struct kintone_row *row;
	struct kintone_complaints *c;
	const struct field *field;
	const struct json *in;               /* The "value". */
	struct text out;                     /* Raw JSON; len 0: empty. */
	const char *path;                    /* "records[3]", or of a table cell. */
	bool in_table;
};

__attribute__((format(printf, 4, 5))) static bool
wrong(struct checking *k, enum kintone_message m, const char *detail, const char *suffix,
      ...)
{
	struct buf key = { 0 };
	char tail[64];
	va_list args;

	va_start(args, suffix);
	vsnprintf(tail, sizeof tail, suffix, args);
	va_end(args);
	buf_fmt(&key, "%s.%s.%s", k->path, k->field->name, tail);
	kintone_complain(k->q, k->c, key.ptr, m, detail);
	buf_clear(&key);
	return false;
}

static bool
store_text(struct checking *k, struct text t)
{
	k->out = t.len ? json_quoted(k->q->arena, t) : (struct text){ 0 };
	return true;
}

static bool
is_text(const struct json *j)
{
	return j->kind == JSON_STRING || j->kind == JSON_NUMBER;
}

/* XXX what the service does with U+0000 is not known; nobody may rely on it. */
static bool
check_text(struct checking *k)
{
	if (k->in->text.len && memchr(k->in->text.ptr, '\0', k->in->text.len))
		return wrong(k, KM_INVALID, NULL, "value");
	return store_text(k, k->in->text);
}

static bool
check_link(struct checking *k)
{
	struct text t = k->in->text;
	const char *at = t.len ? memchr(t.ptr, '@', t.len) : NULL;
	bool good = true;

	if (text_is(kintone_rules(k->field)->protocol, "MAIL"))
		good = at && at > t.ptr && at + 1 < t.ptr + t.len;
	else if (text_is(kintone_rules(k->field)->protocol, "CALL"))
		for (size_t i = 0; i < t.len; i++)
			good &= strchr("0123456789+-*#(). ", t.ptr[i]) && t.ptr[i];
	else
		good = text_starts(t, "http://") || text_starts(t, "https://");
	if (t.len && !good)
		return wrong(k, KM_URL, NULL, "value");
	return store_text(k, t);
}

/* Not a number: under another key, and inside a table without a word. */
static bool
not_a_number(struct checking *k)
{
	struct buf key = { 0 };

	if (k->in_table)
		return store_text(k, (struct text){ 0 });
	buf_fmt(&key, "%s[%s].value", k->path, k->field->name);
	kintone_complain(k->q, k->c, key.ptr, KM_NUMBER, NULL);
	buf_clear(&key);
	return false;
}

static bool
check_number(struct checking *k)
{
	const struct kintone_rules *rules = kintone_rules(k->field);
	struct arena *a = k->q->arena;
	struct text n, bound;

	if (!text_trim(k->in->text).len)
		return store_text(k, (struct text){ 0 });
	if (!kintone_decimal(a, k->in->text, k->app->decimals, &n))
		return not_a_number(k);
	if ((int64_t)kintone_integer_digits(n) > k->app->digits - k->app->decimals)
		return wrong(k, KM_DIGITS, NULL, "value");
	if (kintone_decimal(a, rules->min_value, -1, &bound) &&
	    kintone_decimal_order(n, bound) < 0)
		return wrong(k, KM_AT_LEAST, sim_strz(a, rules->min_value), "value");
	if (kintone_decimal(a, rules->max_value, -1, &bound) &&
	    kintone_decimal_order(n, bound) > 0)
		return wrong(k, KM_AT_MOST, sim_strz(a, rules->max_value), "value");
	return store_text(k, n);
}

static bool
check_option(struct checking *k)
{
	if (k->in->text.len && !field_has_option(k->field, k->in->text))
		return wrong(k, KM_OPTION, sim_strz(k->q->arena, k->in->text), "value");
	return store_text(k, k->in->text);
}

static bool
check_options(struct checking *k)
{
	size_t n = 0;
	bool good = true;

	for (const struct json *j = k->in->child; j; j = j->next, n++)
		if (j->kind != JSON_STRING || !field_has_option(k->field, j->text))
			good = wrong(k, KM_OPTION, sim_strz(k->q->arena, j->text),
				     "values[%zu].value", n);
	if (good && n)
		k->out = json_raw(k->q->arena, k->in);
	return good;
}

/* "2015" and "2015-7" are padded. */
static bool
check_date(struct checking *k)
{
	struct text t = k->in->text;
	struct buf b = { 0 };
	int64_t part[3] = { 0, 1, 1 }, ms;
	size_t n = 0;

	if (!t.len)
		return store_text(k, t);
	while (t.len && n < 3) {
		const char *dash = memchr(t.ptr, '-', t.len);
		struct text p = { t.ptr, dash ? (size_t)(dash - t.ptr) : t.len };

		if (!text_int(p, &part[n]) || p.len > (n ? 2u : 4u) || part[n] < 0)
			return wrong(k, KM_FORMAT, NULL, "value");
		n++;
		t.ptr += p.len + (dash ? 1 : 0);
		t.len -= p.len + (dash ? 1 : 0);
	}
	buf_fmt(&b, "%04d-%02d-%02d", (int)part[0], (int)part[1], (int)part[2]);
	struct text day = arena_take(k->q->arena, &b);
	if (t.len || !time_parse(day, &ms, NULL))
		return wrong(k, KM_FORMAT, NULL, "value");
	return store_text(k, day);
}

static bool
check_time(struct checking *k)
{
	struct text t = k->in->text;
	struct buf b = { 0 };
	int64_t ms;

	if (!t.len)
		return store_text(k, t);
	buf_str(&b, "2000-01-01T");
	buf_text(&b, t);
	buf_str(&b, "Z");
	bool good = t.len == 5 && time_parse(buf_view(&b), &ms, NULL);
	buf_clear(&b);
	if (!good)
		return wrong(k, KM_FORMAT, NULL, "value");
	return store_text(k, t);
}

static bool
check_datetime(struct checking *k)
{
	char minute[40];
	int64_t ms;

	if (!k->in->text.len)
		return store_text(k, k->in->text);
	if (!time_parse(k->in->text, &ms, NULL))
		return wrong(k, KM_FORMAT, NULL, "value");
	time_minute(minute, ms);
	return store_text(k, text_of(minute));
}

static const char *const users[] = { "Administrator", "sim", "sato", "suzuki" };
static const char *const organizations[] = { "sales", "support" };
static const char *const groups[] = { "everyone", "Administrators" };

static bool
known_code(enum kintone_type type, struct text code)
{
	const char *const *list = type == K_USERS ? users : type == K_ORGANIZATIONS ?
		organizations : groups;
	size_t n = type == K_USERS ? 4 : 2;

	for (size_t i = 0; i < n; i++)
		if (text_is(code, list[i]))
			return true;
	return false;
}

/* Users, organisations, groups: by code; the name is what we know. */
static bool
check_codes(struct checking *k)
{
	enum kintone_type type = (enum kintone_type)k->field->type;
	struct buf b = { 0 };
	bool first = true;

	buf_str(&b, "[");
	for (const struct json *j = k->in->child; j; j = j->next) {
		struct text code = json_text(j, "code");

		if (!known_code(type, code)) {
			refuse(k->c, 400,
			       type == K_ORGANIZATIONS ? "GAIA_IL28" : "GAIA_IL26",
			       "指定したコード「%.*s」が見つかりません。", (int)code.len,
			       code.len ? code.ptr : "");
			buf_clear(&b);
			return false;
		}
		buf_comma(&b, &first);
		buf_str(&b, "{\"code\":");
		buf_quote(&b, code);
		buf_str(&b, ",\"name\":");
		buf_quote(&b, code);
		buf_str(&b, "}");
	}
	buf_str(&b, "]");
	k->out = arena_take(k->q->arena, &b);
	if (first)
		k->out.len = 0;
	return true;
}

/* No file can be uploaded here, so no key is known. */
static bool
check_files(struct checking *k)
{
	if (k->in->count)
		refuse(k->c, 404, "GAIA_BL01", "指定したファイル(id: %.*s)が見つかりません。",
		       (int)json_text(k->in->child, "fileKey").len,
		       json_text(k->in->child, "fileKey").len ?
		       json_text(k->in->child, "fileKey").ptr : "");
	return k->in->count == 0;
}

static bool check_value(struct checking *k);

/* ---- Tables ------------------------------------------------------------- */

/* True if the stored table has a row with this id. */
static bool
row_stands(const struct checking *k, struct text id)
{
	struct text old = k->row->target ?
		block_get(k->row->target->now.block, k->field) : (struct text){ 0 };
	const struct json *rows = old.len ? json_parse(k->q->arena, old, NULL) : NULL;

	for (const struct json *r = rows ? rows->child : NULL; r; r = r->next)
		if (id.len && text_equal(json_text(r, "id"), id))
			return true;
	return false;
}

/* One cell, sent or not: what is left out is emptied. */
static void
write_cell(struct checking *k, struct buf *out, const struct field *column,
	   const char *path, const struct json *cells, bool *first)
{
	const struct json *cell = json_get(json_get(cells, column->name), "value");
	const struct kintone_rules *rules = kintone_rules(column);
	struct checking inner = *k;

	inner.field = column;
	inner.in = cell;
	inner.path = path;
	inner.in_table = true;
	inner.out = (struct text){ 0 };
	if (cell && !rules->calculated && !rules->copy_target)
		check_value(&inner);
	if (!inner.out.len && (column->flags & FIELD_REQUIRED))
		wrong(&inner, KM_REQUIRED, NULL, "value");
	buf_comma(out, first);
	buf_str(out, rules->open);
	if (inner.out.len)
		buf_text(out, inner.out);
	else
		buf_str(out, kintone_kinds[column->type].empty);
	buf_str(out, "}");
}

static void
write_row(struct checking *k, struct buf *out, const struct json *row, size_t number)
{
	const struct object *columns = kintone_rules(k->field)->columns;
	struct text id = json_text(row, "id");
	struct buf path = { 0 };
	bool first = true;

	buf_fmt(&path, "%s.%s.value[%zu].value", k->path, k->field->name, number);
	buf_str(out, "{\"id\":\"");
	if (row_stands(k, id))
		buf_text(out, id);
	else
		buf_int(out, (int64_t)++kintone_app(k->o)->next_row);
	buf_str(out, "\",\"value\":{");
	for (size_t i = 0; i < columns->field_count; i++)
		write_cell(k, out, columns->fields[i], path.ptr, json_get(row, "value"),
			   &first);
	buf_str(out, "}}");
	buf_clear(&path);
}

static bool
check_table(struct checking *k)
{
	struct buf b = { 0 };
	size_t number = 0;

	buf_str(&b, "[");
	for (const struct json *row = k->in->child; row; row = row->next, number++) {
		if (number)
			buf_str(&b, ",");
		write_row(k, &b, row, number);
	}
	buf_str(&b, "]");
	k->out = arena_take(k->q->arena, &b);
	if (!number)
		k->out.len = 0;
	return true;
}

/* ---- By type ------------------------------------------------------------ */

static bool
check_typed(struct checking *k)
{
	switch ((enum kintone_type)k->field->type) {
	case K_NUMBER:        return check_number(k);
	case K_LINK:          return check_link(k);
	case K_RADIO:
	case K_DROP:          return check_option(k);
	case K_CHECKS:
	case K_SELECTS:       return check_options(k);
	case K_DATE:          return check_date(k);
	case K_TIME:          return check_time(k);
	case K_DATETIME:      return check_datetime(k);
	case K_USERS:
	case K_ORGANIZATIONS:
	case K_GROUPS:        return check_codes(k);
	case K_FILE:          return check_files(k);
	case K_TABLE:         return check_table(k);
	default:              return check_text(k);
	}
}

/* The JSON must have the type's shape; null empties. */
static bool
check_value(struct checking *k)
{
	bool list = kintone_kinds[k->field->type].shape != SHAPE_TEXT;

	if (k->in->kind == JSON_NULL)
		return store_text(k, (struct text){ 0 });
	if (list ? k->in->kind != JSON_ARRAY : !is_text(k->in))
		return wrong(k, KM_INVALID, NULL, list ? "values" : "value");
	return check_typed(k);
}

/* ---- The record as a whole ---------------------------------------------- */

/* The value as it will stand: from the changes, or what stood before. */
static struct text
merged(const struct kintone_row *row, const struct field *f)
{
	for (size_t i = row->count; i-- > 0;)
		if (row->changes[i].field == f)
			return row->changes[i].raw;
	return row->target ? block_get(row->target->now.block, f) : (struct text){ 0 };
}

static bool
changes(const struct kintone_row *row, const struct field *f)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->changes[i].field == f)
			return true;
	return false;
}

static void
add_change(struct kintone_row *row, struct field *f, struct text raw)
{
	if (row->count < row->cap)
		row->changes[row->count++] = (struct change){ f, raw };
}

/* On insert only, and only for what was left out. */
static void
add_defaults(struct object *o, struct kintone_row *row)
{
	for (size_t i = 0; i < o->field_count && !row->target; i++) {
		struct field *f = o->fields[i];

		if (kintone_rules(f)->default_raw.len && !changes(row, f))
			add_change(row, f, kintone_rules(f)->default_raw);
	}
}

static void
check_length(struct checking *k, struct text value)
{
	const struct kintone_rules *rules = kintone_rules(k->field);
	int64_t chars = (int64_t)text_chars(value);
	char limit[24];

	if (rules->max_length >= 0 && chars > rules->max_length) {
		snprintf(limit, sizeof limit, "%lld", (long long)rules->max_length + 1);
		wrong(k, KM_SHORTER, limit, "value");
	}
	if (rules->min_length > 0 && chars < rules->min_length) {
		snprintf(limit, sizeof limit, "%lld", (long long)rules->min_length - 1);
		wrong(k, KM_LONGER, limit, "value");
	}
}

static void
check_unique(struct checking *k, struct text value)
{
	struct record *other = object_by_key(k->o, k->field, value);

	if (value.len && other && other != k->row->target)
		wrong(k, KM_DUPLICATE, NULL, "value");
}

/* Radio buttons are not asked for on insert, calculations never. */
static bool
must_have(const struct field *f)
{
	return (f->flags & FIELD_REQUIRED) && f->type != K_RADIO && f->type != K_CALC;
}

static const char *
required_suffix(const struct field *f)
{
	switch (kintone_kinds[f->type].shape) {
	case SHAPE_LIST:  return "values";
	case SHAPE_CODES: return "values.value";
	default:          return "value";
	}
}

static void
check_field(struct checking *k)
{
	struct text raw = merged(k->row, k->field);
	struct text value = json_unquote(k->q->arena, raw);

	if (must_have(k->field) && !raw.len)
		wrong(k, KM_REQUIRED, NULL, "%s", required_suffix(k->field));
	if (k->field->type == K_TEXT || k->field->type == K_LINK)
		check_length(k, value);
	if (k->field->index && !sim_options.no_unique && changes(k->row, k->field))
		check_unique(k, value);
}

/* ---- Lookups ------------------------------------------------------------ */

static struct record *
lookup_source(struct checking *k, const struct json *lookup, struct text key,
	      struct object **source)
{
	struct text app = json_text(json_get(lookup, "relatedApp"), "app");
	int64_t id = 0;

	*source = sim_object(k->q->sim, app);
	/* A token of the source app that may view must stand beside the others. */
	if (*source && (*source)->extra &&
	    (!kintone_app(*source)->view ||
	     !kintone_token_opens(k->q, kintone_app(*source))))
		*source = NULL;
	struct field *f = *source ?
		object_field(*source, json_text(lookup, "relatedKeyField")) : NULL;
	if (f && f->type == K_NUMBERING)
		return text_int(key, &id) ? object_record(*source, (uint64_t)id) : NULL;
	return f ? object_by_key(*source, f, key) : NULL;
}

/* Sent keys are looked up and their row's values copied; "" empties the copies. */
static void
apply_lookup(struct checking *k)
{
	const struct json *lookup = kintone_rules(k->field)->lookup;
	const struct json *m = json_get(lookup, "fieldMappings");
	struct text key = json_unquote(k->q->arena, merged(k->row, k->field));
	struct object *source = NULL;
	struct record *record = key.len ? lookup_source(k, lookup, key, &source) : NULL;

	if (key.len && !record) {
		refuse(k->c, 400, "GAIA_LO04", "フィールド「%s」の値「%.*s」が、ルックアップの"
		       "参照先のフィールドにないか、またはアプリやフィールドの閲覧権限がありません。",
		       k->field->name, (int)key.len, key.ptr);
		return;
	}
	for (m = m ? m->child : NULL; m; m = m->next) {
		struct field *to = object_field(k->o, json_text(m, "field"));
		struct field *from = source ?
			object_field(source, json_text(m, "relatedField")) : NULL;

		if (to)
			add_change(k->row, to,
				   record && from ? block_get(record->now.block, from)
						  : (struct text){0});
	}
}

/* ---- All of one row ----------------------------------------------------- */

/* A field that callers never write; what it was sent is dropped or refused. */
static bool
not_writable(struct checking *k)
{
	const struct kintone_rules *rules = kintone_rules(k->field);

	if (rules->calculated || rules->copy_target)
		return true;
	switch (kintone_kinds[k->field->type].shape) {
	case SHAPE_SYSTEM:
		/* Only an administrator may, and only on insert. */
		if (k->field->type == K_NUMBERING || k->field->type == K_ID ||
		    k->field->type == K_REVISION)
			wrong(k, KM_INVALID, NULL, "value");
		else
			refuse(k->c, 403, "GAIA_NO01",
			       "Using this API token, you cannot run "
			       "the specified API.");
		return true;
	case SHAPE_NONE:
		return true;
	default:
		return false;
	}
}

static void
read_member(struct checking *k, const struct json *member)
{
	k->field = object_field(k->o, member->name);
	k->in = json_get(member, "value");
	k->out = (struct text){ 0 };
	if (!k->field || !k->in || not_writable(k))
		return;
	if (k->field == k->row->key) {
		/* The key field stays out of "record" (section 4.1). */
		wrong(k, KM_INVALID, NULL, "value");
		return;
	}
	if (check_value(k))
		add_change(k->row, object_field(k->o, member->name), k->out);
}

void
kintone_check(struct request *q, struct object *o, struct kintone_row *row,
	      struct kintone_complaints *c)
{
	struct checking k = { .q = q, .o = o, .app = kintone_app(o), .row = row, .c = c,
			      .path = row->prefix };

	row->cap = o->field_count * 3 + (row->record ? row->record->count : 0) + 1;
	row->changes = arena_alloc(q->arena, row->cap * sizeof *row->changes);
	for (const struct json *m = row->record ? row->record->child : NULL; m;
	     m = m->next)
		read_member(&k, m);
	if (row->key && !row->target)
		add_change(row, object_field(o, text_of(row->key->name)),
			   json_quoted(q->arena, row->key_value));
	add_defaults(o, row);
	for (size_t i = 0; i < o->field_count; i++) {
		k.field = o->fields[i];
		if (kintone_rules(k.field)->lookup && changes(row, k.field))
			apply_lookup(&k);
	}
	for (size_t i = 0; i < o->field_count; i++) {
		k.field = o->fields[i];
		check_field(&k);
	}
}
