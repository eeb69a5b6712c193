/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_app.c - apps of the simulated kintone: what fields they have, how
 * they are described, and the app "1" that is there from the start (sheet,
 * section 2).  Called by kintone.c and by the control path. */
#include "kintone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct kintone_kind kintone_kinds[K_TYPES] = {
	[K_TEXT]          = { "SINGLE_LINE_TEXT", SHAPE_TEXT, "\"\"" },
	[K_NUMBER]        = { "NUMBER", SHAPE_TEXT, "\"\"" },
	[K_LINES]         = { "MULTI_LINE_TEXT", SHAPE_TEXT, "\"\"" },
	[K_RICH]          = { "RICH_TEXT", SHAPE_TEXT, "\"\"" },
	[K_LINK]          = { "LINK", SHAPE_TEXT, "\"\"" },
	[K_CALC]          = { "CALC", SHAPE_TEXT, "\"\"" },
	[K_CHECKS]        = { "CHECK_BOX", SHAPE_LIST, "[]" },
	[K_SELECTS]       = { "MULTI_SELECT", SHAPE_LIST, "[]" },
	[K_RADIO]         = { "RADIO_BUTTON", SHAPE_TEXT, "null" },
	[K_DROP]          = { "DROP_DOWN", SHAPE_TEXT, "null" },
	[K_DATE]          = { "DATE", SHAPE_TEXT, "null" },
	[K_TIME]          = { "TIME", SHAPE_TEXT, "null" },
	[K_DATETIME]      = { "DATETIME", SHAPE_TEXT, "\"\"" },
	[K_USERS]         = { "USER_SELECT", SHAPE_CODES, "[]" },
	[K_ORGANIZATIONS] = { "ORGANIZATION_SELECT", SHAPE_CODES, "[]" },
	[K_GROUPS]        = { "GROUP_SELECT", SHAPE_CODES, "[]" },
	[K_FILE]          = { "FILE", SHAPE_CODES, "[]" },
	[K_TABLE]         = { "SUBTABLE", SHAPE_ROWS, "[]" },
	[K_REFERENCE]     = { "REFERENCE_TABLE", SHAPE_NONE, "" },
	[K_GROUP]         = { "GROUP", SHAPE_NONE, "" },
	[K_NUMBERING]     = { "RECORD_NUMBER", SHAPE_SYSTEM, "" },
	[K_CREATOR]       = { "CREATOR", SHAPE_SYSTEM, "" },
	[K_MODIFIER]      = { "MODIFIER", SHAPE_SYSTEM, "" },
	[K_CREATED]       = { "CREATED_TIME", SHAPE_SYSTEM, "" },
	[K_UPDATED]       = { "UPDATED_TIME", SHAPE_SYSTEM, "" },
	/* Not for callers to write, and read only where the app has them switched on. */
	[K_STATUS]        = { "STATUS", SHAPE_NONE, "\"未処理\"" },
	[K_ASSIGNEE]      = { "STATUS_ASSIGNEE", SHAPE_NONE, "[]" },
	[K_CATEGORY]      = { "CATEGORY", SHAPE_NONE, "[]" },
	[K_ID]            = { "__ID__", SHAPE_SYSTEM, "" },
	[K_REVISION]      = { "__REVISION__", SHAPE_SYSTEM, "" },
};

/* App 1, the target of the sample configuration:
 *
 *   メールアドレス  SINGLE_LINE_TEXT  unique, up to 64 characters; the key
 *   会員番号        SINGLE_LINE_TEXT  unique, up to 64 characters
 *   氏名            SINGLE_LINE_TEXT  required, up to 128
 *   会社名          SINGLE_LINE_TEXT  up to 255
 *   役職            SINGLE_LINE_TEXT
 *   電話            SINGLE_LINE_TEXT  up to 32
 *   ウェブ          LINK WEB
 *   住所            SINGLE_LINE_TEXT
 *   郵便番号        SINGLE_LINE_TEXT  up to 10
 *   段階            DROP_DOWN         リード, 見込み客, 商談中, 顧客, その他
 *   興味            CHECK_BOX         製品, イベント, サポート, メールマガジン
 *   従業員数        NUMBER            from 0; 30 digits, 4 of them decimals
 *   契約日          DATE
 *   最終接触        DATETIME
 *   備考            MULTI_LINE_TEXT
 *   レコード番号 作成者 作成日時 更新者 更新日時, and ステータス 作業者
 *   カテゴリー, which are switched off. */
static const char default_app[] =
"{\"name\":\"顧客リスト\",\"numberPrecision\":{\"digits\":\"30\",\"decimalPlaces\":\"4\"},"
"\"fields\":{"
"\"メールアドレス\":{\"type\":\"SINGLE_LINE_TEXT\",\"unique\":true,\"maxLength\":\"64\"},"
"\"会員番号\":{\"type\":\"SINGLE_LINE_TEXT\",\"unique\":true,\"maxLength\":\"64\"},"
"\"氏名\":{\"type\":\"SINGLE_LINE_TEXT\",\"required\":true,\"maxLength\":\"128\"},"
"\"会社名\":{\"type\":\"SINGLE_LINE_TEXT\",\"maxLength\":\"255\"},"
"\"役職\":{\"type\":\"SINGLE_LINE_TEXT\"},"
"\"電話\":{\"type\":\"SINGLE_LINE_TEXT\",\"maxLength\":\"32\"},"
"\"ウェブ\":{\"type\":\"LINK\",\"protocol\":\"WEB\"},"
"\"住所\":{\"type\":\"SINGLE_LINE_TEXT\"},"
"\"郵便番号\":{\"type\":\"SINGLE_LINE_TEXT\",\"maxLength\":\"10\"},"
"\"段階\":{\"type\":\"DROP_DOWN\",\"options\":{"
"\"リード\":{\"label\":\"リード\",\"index\":\"0\"},"
"\"見込み客\":{\"label\":\"見込み客\",\"index\":\"1\"},"
"\"商談中\":{\"label\":\"商談中\",\"index\":\"2\"},"
"\"顧客\":{\"label\":\"顧客\",\"index\":\"3\"},"
"\"その他\":{\"label\":\"その他\",\"index\":\"4\"}}},"
"\"興味\":{\"type\":\"CHECK_BOX\",\"options\":{"
"\"製品\":{\"label\":\"製品\",\"index\":\"0\"},"
"\"イベント\":{\"label\":\"イベント\",\"index\":\"1\"},"
"\"サポート\":{\"label\":\"サポート\",\"index\":\"2\"},"
"\"メールマガジン\":{\"label\":\"メールマガジン\",\"index\":\"3\"}}},"
"\"従業員数\":{\"type\":\"NUMBER\",\"minValue\":\"0\"},"
"\"契約日\":{\"type\":\"DATE\"},"
"\"最終接触\":{\"type\":\"DATETIME\"},"
"\"備考\":{\"type\":\"MULTI_LINE_TEXT\"}}}";

/* The system fields, found by type; what is off is described but not read. */
static const struct { enum kintone_type type; const char *code; } system_fields[] = {
	{ K_NUMBERING, "レコード番号" }, { K_CREATOR, "作成者" }, { K_CREATED, "作成日時" },
	{ K_MODIFIER, "更新者" }, { K_UPDATED, "更新日時" }, { K_STATUS, "ステータス" },
	{ K_ASSIGNEE, "作業者" }, { K_CATEGORY, "カテゴリー" }, { K_ID, "$id" },
	{ K_REVISION, "$revision" },
};

struct kintone_rules *
kintone_rules(const struct field *f)
{
	return f->rules;
}

struct kintone_app *
kintone_app(const struct object *o)
{
	return o->extra;
}

/* ---- Defining ----------------------------------------------------------- */

static bool
type_of(struct text name, enum kintone_type *type)
{
	for (size_t i = 0; i < K_TYPES; i++) {
		if (text_is(name, kintone_kinds[i].name)) {
			*type = (enum kintone_type)i;
			return true;
		}
	}
	return false;
}

static int64_t
limit_of(const struct json *j, const char *name)
{
	return json_int(j, name, -1);
}

/* The default value as it would be stored, or an empty text. */
static struct text
default_of(struct arena *a, const struct json *j, enum kintone_shape shape)
{
	const struct json *d = json_get(j, "defaultValue");

	if (!d || (shape == SHAPE_TEXT && !d->text.len) ||
	    (shape != SHAPE_TEXT && !d->count))
		return (struct text){ 0 };
	return json_raw(a, d);
}

static void
set_options(struct field *f, const struct json *options)
{
	while (f->option_count)
		field_remove_option(f, text_of(f->options[0]));
	for (const struct json *o = options ? options->child : NULL; o; o = o->next)
		field_add_option(f, o->name);
}

static struct field *
add_field(struct object *o, struct arena *a, struct text code, enum kintone_type type,
	  const struct json *j)
{
	struct field *f = object_add_field(o, code);
	struct kintone_rules *rules = f->rules ? f->rules : sim_alloc(sizeof *rules);
	struct buf open = { 0 };

	buf_str(&open, f->quoted);
	buf_fmt(&open, "{\"type\":\"%s\",\"value\":", kintone_kinds[type].name);
	buf_add(&open, "", 1);
	*rules = (struct kintone_rules){
		.open = (char *)(uintptr_t)arena_take(a, &open).ptr,
		.definition = j,
		.min_length = limit_of(j, "minLength"),
		.max_length = limit_of(j, "maxLength"),
		.min_value = json_text(j, "minValue"),
		.max_value = json_text(j, "maxValue"),
		.protocol = json_text(j, "protocol"),
		.default_raw = default_of(a, j, kintone_kinds[type].shape),
		.calculated = type == K_CALC || json_text(j, "expression").len,
		.lookup = json_get(j, "lookup"),
		.enabled = json_true(j, "enabled"),
	};
	f->rules = rules;
	f->type = type;
	f->flags = (f->flags & FIELD_UNIQUE) |
		(json_true(j, "required") ? FIELD_REQUIRED : 0u) |
		(kintone_kinds[type].shape == SHAPE_SYSTEM ? FIELD_SYSTEM : 0u);
	if (json_true(j, "unique"))
		object_index(o, f);
	set_options(f, json_get(j, "options"));
	return f;
}

static void
add_columns(struct sim *sim, struct object *o, struct arena *a, struct field *table)
{
	const struct json *fields = json_get(kintone_rules(table)->definition, "fields");
	struct buf name = { 0 };
	enum kintone_type type;

	buf_fmt(&name, "%s/%s", o->name, table->name);
	struct object *columns = sim_add_object(sim, name.ptr);
	buf_clear(&name);
	kintone_rules(table)->columns = columns;
	for (const struct json *j = fields ? fields->child : NULL; j; j = j->next)
		if (type_of(json_text(j, "type"), &type))
			add_field(columns, a, j->name, type, j);
}

/* What a lookup copies into is not for callers to write. */
static void
mark_copy_targets(struct object *o, const struct json *lookup)
{
	const struct json *mappings = json_get(lookup, "fieldMappings");

	for (const struct json *m = mappings ? mappings->child : NULL; m; m = m->next) {
		struct field *f = object_field(o, json_text(m, "field"));

		if (f)
			kintone_rules(f)->copy_target = true;
	}
}

static bool
has_type(const struct object *o, enum kintone_type type)
{
	for (size_t i = 0; i < o->field_count; i++)
		if (o->fields[i]->type == (int)type)
			return true;
	return false;
}

static void
add_system_fields(struct object *o, struct arena *a)
{
	for (size_t i = 0; i < COUNT(system_fields); i++)
		if (!has_type(o, system_fields[i].type))
			add_field(o, a, text_of(system_fields[i].code),
				  system_fields[i].type, NULL);
}

static struct kintone_app *
app_extra(struct object *o, struct arena *a, const struct json *j)
{
	struct kintone_app *app = o->extra ? o->extra : sim_alloc(sizeof *app);
	const struct json *precision = json_get(j, "numberPrecision");
	struct text name = json_text(j, "name");

	app->name = name.len ? name : app->name.len ? app->name :
		arena_copy(a, text_of(o->name));
	app->code = json_text(j, "code");
	app->token = json_text(j, "token");
	app->guest = json_text(j, "guest_space");
	app->digits = json_int(precision, "digits", 16);
	app->decimals = json_int(precision, "decimalPlaces", 4);
	app->view = app->add = app->edit = app->remove = true;
	app->form_revision++;
	return app;
}

struct object *
kintone_define(struct sim *sim, struct arena *arena, const char *id, const struct json *j)
{
	const struct json *fields = json_get(j, "fields");
	struct object *o = sim_add_object(sim, id);
	enum kintone_type type;

	o->extra = app_extra(o, arena, j);
	for (const struct json *f = fields ? fields->child : NULL; f; f = f->next) {
		if (!type_of(json_text(f, "type"), &type))
			return NULL;
		struct field *field = add_field(o, arena, f->name, type, f);
		if (type == K_TABLE)
			add_columns(sim, o, arena, field);
	}
	for (size_t i = 0; i < o->field_count; i++)
		if (kintone_rules(o->fields[i])->lookup)
			mark_copy_targets(o, kintone_rules(o->fields[i])->lookup);
	add_system_fields(o, arena);
	return o;
}

void
kintone_define_default(struct sim *sim, struct arena *arena)
{
	const struct json *j = json_parse(arena, TEXT(default_app), NULL);

	if (!j || !kintone_define(sim, arena, "1", j))
		abort();
}

/* ---- Describing --------------------------------------------------------- */

/* Attributes that the CRM always sends, for those types that have them. */
static const struct { const char *name, *json; unsigned long types; } attributes[] = {
#define T(type) (1ul << K_##type)
#define INPUTS (T(TEXT) | T(NUMBER) | T(LINES) | T(RICH) | T(LINK) | T(CHECKS) | \
	T(SELECTS) | T(RADIO) | T(DROP) | T(DATE) | T(TIME) | T(DATETIME) | T(USERS) | \
	T(ORGANIZATIONS) | T(GROUPS) | T(FILE))
	{ "noLabel", "false", ~(T(STATUS) | T(ASSIGNEE) | T(CATEGORY)) },
	{ "required", "false", INPUTS | T(CALC) },
	{ "unique", "false", T(TEXT) | T(NUMBER) | T(LINK) | T(DATE) | T(DATETIME) },
	{ "minLength", "\"\"", T(TEXT) | T(LINK) },
	{ "maxLength", "\"\"", T(TEXT) | T(LINK) },
	{ "minValue", "\"\"", T(NUMBER) },
	{ "maxValue", "\"\"", T(NUMBER) },
	{ "digit", "false", T(NUMBER) },
	{ "displayScale", "\"\"", T(NUMBER) | T(CALC) },
	{ "unit", "\"\"", T(NUMBER) | T(CALC) },
	{ "unitPosition", "\"BEFORE\"", T(NUMBER) | T(CALC) },
	{ "expression", "\"\"", T(TEXT) },
	{ "hideExpression", "false", T(TEXT) },
	{ "protocol", "\"WEB\"", T(LINK) },
	{ "defaultValue", "\"\"", T(TEXT) | T(NUMBER) | T(LINES) | T(RICH) | T(LINK) |
	  T(RADIO) | T(DROP) | T(DATE) | T(TIME) | T(DATETIME) },
	{ "defaultValue", "[]", T(CHECKS) | T(SELECTS) | T(USERS) | T(ORGANIZATIONS) |
	  T(GROUPS) },
	{ "defaultNowValue", "false", T(DATE) | T(TIME) | T(DATETIME) },
	{ "align", "\"HORIZONTAL\"", T(CHECKS) | T(RADIO) },
	{ "enabled", "false", T(STATUS) | T(ASSIGNEE) | T(CATEGORY) },
#undef INPUTS
#undef T
};

static void
write_options(struct buf *out, const struct field *f)
{
	bool first = true;

	buf_str(out, ",\"options\":{");
	for (size_t i = 0; i < f->option_count; i++) {
		buf_comma(out, &first);
		buf_quotez(out, f->options[i]);
		buf_str(out, ":{\"label\":");
		buf_quotez(out, f->options[i]);
		buf_fmt(out, ",\"index\":\"%zu\"}", i);
	}
	buf_str(out, "}");
}

/* Lookups have neither unique nor length nor default. */
static bool
lookup_lacks(const struct kintone_rules *rules, const char *name)
{
	static const char *const kept[] = { "noLabel", "required", "label" };

	for (size_t i = 0; i < COUNT(kept); i++)
		if (!strcmp(name, kept[i]))
			return false;
	return rules->lookup != NULL;
}

static void
write_property(struct buf *out, const struct field *f)
{
	const struct kintone_rules *rules = kintone_rules(f);
	const struct json *j = rules->definition;

	buf_str(out, f->quoted);
	buf_fmt(out, "{\"type\":\"%s\",\"code\":", kintone_kinds[f->type].name);
	buf_quotez(out, f->name);
	if (!json_get(j, "label")) {
		buf_str(out, ",\"label\":");
		buf_quotez(out, f->name);
	}
	for (size_t i = 0; i < COUNT(attributes); i++)
		if ((attributes[i].types >> f->type & 1) &&
		    !json_get(j, attributes[i].name) &&
		    !lookup_lacks(rules, attributes[i].name))
			buf_fmt(out, ",\"%s\":%s", attributes[i].name,
				attributes[i].json);
	for (const struct json *m = j ? j->child : NULL; m; m = m->next) {
		if (text_is(m->name, "type") || text_is(m->name, "code") ||
		    text_is(m->name, "options") || text_is(m->name, "fields"))
			continue;
		buf_str(out, ",");
		buf_quote(out, m->name);
		buf_str(out, ":");
		json_write(out, m);
	}
	if (f->option_count)
		write_options(out, f);
	if (rules->columns) {
		buf_str(out, ",\"fields\":{");
		kintone_write_properties(out, rules->columns);
		buf_str(out, "}");
	}
	buf_str(out, "}");
}

void
kintone_write_properties(struct buf *out, const struct object *o)
{
	bool first = true;

	for (size_t i = 0; i < o->field_count; i++) {
		if (o->fields[i]->type == K_ID || o->fields[i]->type == K_REVISION)
			continue;
		buf_comma(out, &first);
		write_property(out, o->fields[i]);
	}
}

/* ---- The control path's way in ------------------------------------------ */

bool
kintone_change(struct arena *a, struct object *o, struct text name,
	       const struct json *value, struct change *change)
{
	const struct json *inner =
		value->kind == JSON_OBJECT ? json_get(value, "value") : value;

	*change = (struct change){ .field = object_field(o, name) };
	if (!change->field)
		return false;
	if (inner && inner->kind == JSON_NUMBER) {
		struct buf b = { 0 };

		buf_quote(&b, inner->text);
		change->raw = arena_take(a, &b);
	} else if (inner && inner->kind != JSON_NULL) {
		change->raw = json_raw(a, inner);
	}
	if (text_is(change->raw, kintone_kinds[change->field->type].empty))
		change->raw.len = 0;
	return true;
}

static const struct { enum seed_column column; const char *code; } seeded[] = {
	{ SEED_EMAIL, "メールアドレス" }, { SEED_MEMBER, "会員番号" },
	{ SEED_COMPANY, "会社名" }, { SEED_JOBTITLE, "役職" }, { SEED_PHONE, "電話" },
	{ SEED_WEBSITE, "ウェブ" }, { SEED_ADDRESS, "住所" }, { SEED_ZIP, "郵便番号" },
	{ SEED_EMPLOYEES, "従業員数" }, { SEED_CONTRACT, "契約日" }, { SEED_NOTE, "備考" },
	{ SEED_LASTNAME, "氏名" },
};

static struct text
full_name(struct arena *a, const struct seed_row *row)
{
	struct buf b = { 0 };

	buf_text(&b, row->column[SEED_LASTNAME]);
	buf_str(&b, " ");
	buf_text(&b, row->column[SEED_FIRSTNAME]);
	return arena_take(a, &b);
}

size_t
kintone_seeded(struct arena *a, struct object *o, const struct seed_row *row,
	       struct change *changes)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(seeded); i++) {
		struct field *f = object_field(o, text_of(seeded[i].code));
		struct text t = row->column[seeded[i].column];

		if (seeded[i].column == SEED_LASTNAME)
			t = full_name(a, row);
		if (f && t.len)
			changes[n++] = (struct change){ f, json_quoted(a, t) };
	}
	struct field *stage = object_field(o, TEXT("段階"));
	if (stage)
		changes[n++] = (struct change){ stage,
			text_is(row->column[SEED_STAGE], "customer") ?
			TEXT("\"顧客\"") : TEXT("\"リード\"") };
	return n;
}
