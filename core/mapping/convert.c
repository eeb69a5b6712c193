/* SPDX-License-Identifier: Apache-2.0
 *
 * convert.c - see convert.h.  Numbers are text arithmetic; a date and a
 * datetime never meet here, only `| date(zone)` turns one into the other. */
#include "mapping/convert.h"

#include "base/text.h"
#include "mapping/html.h"
#include "mapping/moment.h"
#include "record/value.h"

#define NUL_DEPTH 4

struct job {
	const struct target *target;
	const struct scene *s;
};

/* Fills 'out', whose type is set. */
typedef bool convert_step(const struct job *j, const struct rk_value *in,
                          struct rk_value *out);

uint32_t
convert_item_type(uint32_t list)
{
	switch (list) {
	case RK_CHOICES: return RK_CHOICE;
	case RK_REFS: return RK_REF;
	case RK_USER: return RK_USER;
	case RK_TABLE: return RK_ROW;
	default: return RK_ABSENT;
	}
}

bool
convert_has_text(uint32_t type)
{
	return type == RK_USER
	       || (type >= RK_BOOL && type <= RK_JSON && type != RK_ROW
	           && convert_item_type(type) == RK_ABSENT);
}

bool
convert_text(const struct scene *s, const struct rk_value *value, struct rk_text *text)
{
	struct decimal_room room;
	struct decimal d;
	*text = value->text;
	switch (value->type) {
	case RK_BOOL:
		*text = value->number != 0 ? TEXT_LIT("true") : TEXT_LIT("false");
		return true;
	case RK_INTEGER:
		d = decimal_of(value->number, &room);
		*text = decimal_text(&d, s->arena);
		return true;
	case RK_DATETIME:
		*text = moment_print_datetime(value->number, s->arena);
		return true;
	case RK_RICH:
		*text = html_to_text(value->text, s->arena);
		return true;
	case RK_USER:
		if (value->count > 1 || (value->count == 1 && value->text.len > 0))
			return UNFIT(s, value->text,
			             "found several users, expected one: add `| first` "
			             "or `| join(...)`");
		if (value->count == 1)
			*text = value->items[0].text;
		return true;
	default:
		return convert_has_text(value->type)
		       || UNFIT(s, value->text, "found %s, expected one text",
		                value_type_name(value->type));
	}
}

static bool
expected(const struct scene *s, struct rk_text found, const char *what)
{
	return UNFIT(s, found, "found \"%.*s\", expected %s", SHOWN(found), what);
}

static bool
to_text(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	return convert_text(j->s, in, &out->text);
}

static bool
to_rich(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	out->text = in->text;
	if (in->type == RK_RICH)
		return true;
	if (!convert_text(j->s, in, &out->text))
		return false;
	out->text = html_from_text(out->text, j->s->arena);
	return true;
}

static bool
to_number(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	struct decimal d;
	struct rk_text text;
	out->number = in->number;
	if (in->type == RK_INTEGER && out->type == RK_INTEGER)
		return true;
	if (!convert_text(j->s, in, &text))
		return false;
	if (!decimal_parse(&d, text, j->s->arena))
		return expected(j->s, text, "a number");
	out->number = 0;
	out->text = decimal_text(&d, j->s->arena);
	if (out->type == RK_DECIMAL)
		return true;
	bool fits = text_int64(out->text, &out->number);
	out->text = (struct rk_text){ 0 };
	return fits || expected(j->s, text, "a whole number that fits into 64 bits");
}

static bool
to_bool(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	struct rk_text text;
	if (!convert_text(j->s, in, &text))
		return false;
	out->number = text_is(text, "true") || text_is(text, "1");
	return out->number != 0 || text_is(text, "false") || text_is(text, "0")
	       || expected(j->s, text,
	                   "true or false; a value map turns other words into these");
}

static bool
to_date(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	out->text = in->text;
	return moment_is_date(in->text) || expected(j->s, in->text, "a date, YYYY-MM-DD");
}

/* A time finer than the target keeps it would come back as another. */
static bool
to_time(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	uint32_t flags = j->target->field->flags;
	int64_t second;
	if (!moment_time(in->text, &second))
		return expected(j->s, in->text, "a time of day, HH:MM or HH:MM:SS");
	out->text = in->text;
	if ((flags & RK_FIELD_MINUTES) != 0)
		out->text.len = 5;
	else if ((flags & RK_FIELD_SECONDS) != 0 && in->text.len == 5)
		out->text = arena_printf(j->s->arena, "%.5s:00", in->text.ptr);
	return true;
}

static int64_t
grain_ms(const struct rk_field *field)
{
	return (field->flags & RK_FIELD_MINUTES) != 0   ? 60000
	       : (field->flags & RK_FIELD_SECONDS) != 0 ? 1000
	                                                : 1;
}

static bool
to_datetime(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	out->number = in->number;
	enum moment_form form = in->type == RK_DATETIME
	                        ? MOMENT_OK : moment_datetime(in->text, &out->number);
	if (form == MOMENT_NO_ZONE)
		return expected(j->s, in->text, "a zone at its end, \"Z\" or \"+09:00\"");
	if (form == MOMENT_NONE)
		return expected(j->s, in->text, "a moment, YYYY-MM-DDTHH:MM:SSZ");
	if (!moment_is_sane(out->number))
		return UNFIT(j->s, in->text, "the moment lies outside the years 0 to 9999");
	out->number = rk_ms_down(out->number, grain_ms(j->target->field));
	return true;
}

static bool
to_choice(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	struct rk_text text;
	if (!convert_text(j->s, in, &text))
		return false;
	return target_option(j->target, text, &out->text)
	       || fault_set(j->s, RK_CAT_PICKLIST, text,
	                    "\"%.*s\" is no option of \"%.*s\"; it has %s", SHOWN(text),
	                    SHOWN(j->target->field->name),
	                    target_list_options(j->target, j->s->arena).ptr);
}

/* A reference keeps the id of the source's record; anything else is a key of
 * the record that it points to. */
static bool
to_ref(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	*out = *in;
	if (in->type == RK_REF)
		return true;
	*out = (struct rk_value){ .type = RK_REF, .flags = RK_VALUE_BY_KEY,
	                          .object = j->target->field->ref_object };
	return convert_text(j->s, in, &out->text);
}

/* The row's own id is of the source and means nothing to the target. */
static bool
to_row(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	struct arena *arena = j->s->arena;
	out->count = j->target->field->column_count;
	struct rk_value *cells = arena_new_array(arena, out->count, struct rk_value);
	out->items = cells;
	for (size_t i = 0; i < out->count; i++) {
		int from = j->target->column_from[i];
		if (from < 0 || (uint64_t)from >= in->count)
			continue;
		const struct rk_value *cell = &in->items[from];
		if (cell->type == RK_ABSENT || cell->type == RK_NULL)
			cells[i].type = cell->type;
		else if (!convert_value(&j->target->columns[i], j->s, cell, &cells[i]))
			return false;
	}
	return true;
}

/* Item by item; a value that is no list is a list of one.  Users may be one. */
static bool
to_list(const struct job *j, const struct rk_value *in, struct rk_value *out)
{
	static convert_step *const of_items[RK_TYPE_COUNT] = {
		[RK_CHOICES] = to_choice, [RK_REFS] = to_ref, [RK_USER] = to_choice,
		[RK_TABLE] = to_row,
	};
	bool list = convert_is_list(in) || in->type == RK_TABLE;
	if (out->type == RK_USER && !list)
		return to_choice(j, in, out);
	struct arena *arena = j->s->arena;
	out->count = list ? in->count : 1;
	struct rk_value *items = arena_new_array(arena, out->count, struct rk_value);
	out->items = items;
	for (uint64_t i = 0; i < out->count; i++) {
		items[i].type = convert_item_type(out->type);
		if (!of_items[out->type](j, list ? &in->items[i] : in, &items[i]))
			return false;
	}
	return true;
}

/* ---- The table ---------------------------------------------------------- */

static convert_step *const steps[RK_TYPE_COUNT] = {
	[RK_BOOL] = to_bool,       [RK_INTEGER] = to_number,    [RK_DECIMAL] = to_number,
	[RK_TEXT] = to_text,       [RK_RICH] = to_rich,         [RK_DATE] = to_date,
	[RK_TIME] = to_time,       [RK_DATETIME] = to_datetime, [RK_CHOICE] = to_choice,
	[RK_CHOICES] = to_list,    [RK_REF] = to_ref,           [RK_REFS] = to_list,
	[RK_USER] = to_list,       [RK_TABLE] = to_list,        [RK_JSON] = to_text,
};

/* y: converts, though a value may be unfit.  Else why not. */
static const enum word reasons[128] = {
	['-'] = W_TYPES_APART,   ['z'] = W_TYPES_ZONE,  ['d'] = W_TYPES_DAY,
	['t'] = W_TYPES_CLOCK,   ['l'] = W_TYPES_JOIN,  ['f'] = W_TYPES_FIRST,
	['v'] = W_TYPES_VALUES,
};

/* A row for each type from RK_BOOL to RK_JSON, and so the columns. */
static const char *const rules[RK_TYPE_COUNT] = {
	/*               bool           text     time  choice   ref   user  row
	 *               |  int  dec    |  rich  |     |        |     |     |
	 *               |  |    |      |  | date| dtm | chs    | refs| tab | json */
	[RK_BOOL] =     "y" "v" "v"    "y" "y" "-" "-" "-" "y" "y" "-" "-" "-" "-" "--",
	[RK_INTEGER] =  "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "--",
	[RK_DECIMAL] =  "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "--",
	[RK_TEXT] =     "y" "y" "y"    "y" "y" "y" "y" "y" "y" "y" "y" "y" "y" "-" "--",
	[RK_RICH] =     "-" "-" "-"    "y" "y" "-" "-" "-" "-" "-" "-" "-" "-" "-" "--",
	[RK_DATE] =     "-" "-" "-"    "y" "y" "y" "-" "d" "-" "-" "-" "-" "-" "-" "--",
	[RK_TIME] =     "-" "-" "-"    "y" "y" "-" "y" "-" "-" "-" "-" "-" "-" "-" "--",
	[RK_DATETIME] = "-" "-" "-"    "y" "y" "z" "t" "y" "-" "-" "-" "-" "-" "-" "--",
	[RK_CHOICE] =   "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "--",
	[RK_CHOICES] =  "f" "f" "f"    "l" "l" "-" "-" "-" "f" "y" "f" "y" "f" "-" "--",
	[RK_REF] =      "-" "y" "y"    "y" "y" "-" "-" "-" "v" "v" "y" "y" "v" "-" "--",
	[RK_REFS] =     "-" "f" "f"    "l" "l" "-" "-" "-" "-" "-" "f" "y" "-" "-" "--",
	[RK_USER] =     "-" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "-" "-" "y" "-" "--",
	[RK_TABLE] =    "-" "-" "-"    "-" "-" "-" "-" "-" "-" "-" "-" "-" "-" "y" "--",
	[RK_JSON] =     "-" "-" "-"    "y" "-" "-" "-" "-" "-" "-" "-" "-" "-" "-" "-y",
};

static char
rule(uint32_t from, uint32_t to)
{
	if (from >= RK_TYPE_COUNT || rules[from] == NULL || to < RK_BOOL
	    || to >= RK_TYPE_COUNT)
		return '-';
	return rules[from][to - RK_BOOL];
}

const char *
convert_why_not_in(enum words_lang lang, uint32_t from, uint32_t to)
{
	char how = rule(from, to);
	return how == 'y' ? NULL : word(lang, reasons[(unsigned char)how]);
}

const char *
convert_why_not(uint32_t from, uint32_t to)
{
	return convert_why_not_in(LANG_EN, from, to);
}

static bool
has_nul(const struct rk_value *value, int depth)
{
	if ((value->flags & RK_VALUE_HAS_NUL) != 0)
		return true;
	for (uint64_t i = 0; i < value->count && depth > 0; i++)
		if (has_nul(&value->items[i], depth - 1))
			return true;
	return false;
}

bool
convert_value(const struct target *target, const struct scene *s,
              const struct rk_value *in, struct rk_value *out)
{
	uint32_t to = target->field->type;
	bool list = convert_item_type(in->type) != RK_ABSENT && in->type != RK_USER;
	*out = (struct rk_value){ .type = to };
	if (has_nul(in, NUL_DEPTH))
		return UNFIT(s, in->text, "the text holds the character U+0000, which "
		             "was cut out: add `| clean` to write what is left");
	if (in->type == RK_TEXT && to == RK_TEXT) {     /* The most ordinary of all. */
		out->text = in->text;
		return target_fits(target, s, out);
	}
	if (rule(in->type, to) != 'y')
		return fault_set(s, RK_CAT_PROPERTY_MAPPING, in->text,
		                 "found %s, expected %s", value_type_name(in->type),
		                 value_type_name(to));
	if (to != RK_TEXT && to != RK_RICH && !list && value_is_empty(in)) {
		out->type = RK_NULL;
		return true;
	}
	struct job job = { target, s };
	return steps[to](&job, in, out) && target_fits(target, s, out);
}
