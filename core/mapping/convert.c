/* SPDX-License-Identifier: Apache-2.0
 *
 * convert.c - see convert.h.  Numbers are text arithmetic; a date and a
 * datetime never meet here, only `| date(zone)` turns one into the other. */
#include "mapping/convert.h"

#include <string.h>

#include "base/text.h"
#include "mapping/decimal.h"
#include "mapping/fault.h"
#include "mapping/html.h"
#include "mapping/moment.h"
#include "record/value.h"

#define BIT(type) (1u << (type))
#define NUL_DEPTH 4

struct job {
	const struct target *target;
	struct arena *arena;
	struct mapping_fault *fault;
};

typedef bool convert_step(const struct job *job, const struct rk_value *in,
                          struct rk_value *out);

bool
convert_has_text(uint32_t type)
{
	static const uint32_t types = BIT(RK_BOOL) | BIT(RK_INTEGER) | BIT(RK_DECIMAL)
	                              | BIT(RK_TEXT) | BIT(RK_RICH) | BIT(RK_DATE)
	                              | BIT(RK_TIME) | BIT(RK_DATETIME) | BIT(RK_CHOICE)
	                              | BIT(RK_REF) | BIT(RK_USER) | BIT(RK_JSON);
	return type < RK_TYPE_COUNT && (types & BIT(type)) != 0;
}

bool
convert_text(const struct rk_value *value, struct arena *arena, struct rk_text *text)
{
	struct decimal_room room;
	struct decimal d;
	if (!convert_has_text(value->type))
		return false;
	switch (value->type) {
	case RK_BOOL:
		*text = value->number != 0 ? TEXT_LIT("true") : TEXT_LIT("false");
		return true;
	case RK_INTEGER:
		d = decimal_of(value->number, &room);
		*text = decimal_text(&d, arena);
		return true;
	case RK_DATETIME:
		*text = moment_print_datetime(value->number, arena);
		return true;
	case RK_RICH:
		*text = html_to_text(value->text, arena);
		return true;
	case RK_USER:
		if (value->count > 1 || (value->count == 1 && value->text.len > 0))
			return false;
		*text = value->count == 1 ? value->items[0].text : value->text;
		return true;
	default:
		*text = value->text;
		return true;
	}
}

static bool
unfit(const struct job *job, struct rk_text found, const char *expected)
{
	return fault_set(job->fault, job->arena, RK_CAT_PROPERTY_VALUE, found,
	                 "found \"%.*s\", expected %s", fault_len(found), found.ptr,
	                 expected);
}

/* The text of a value that may be several users. */
static bool
text_of_value(const struct job *job, const struct rk_value *in, struct rk_text *text)
{
	if (convert_text(in, job->arena, text))
		return true;
	return fault_set(job->fault, job->arena, RK_CAT_PROPERTY_VALUE, in->text,
	                 "found several users, expected one: add `| first` or `| "
	                 "join(...)`");
}

static bool
to_text(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_TEXT;
	return text_of_value(job, in, &out->text);
}

static bool
to_rich(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_RICH;
	if (in->type == RK_RICH) {
		out->text = in->text;
		return true;
	}
	if (!text_of_value(job, in, &out->text))
		return false;
	out->text = html_from_text(out->text, job->arena);
	return true;
}

static bool
number_of(const struct job *job, const struct rk_value *in, struct decimal *d,
          struct rk_text *text)
{
	return text_of_value(job, in, text)
	       && (decimal_parse(d, *text, job->arena) || unfit(job, *text, "a number"));
}

static bool
to_integer(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	struct decimal d;
	struct rk_text text;
	out->type = RK_INTEGER;
	if (in->type == RK_INTEGER) {
		out->number = in->number;
		return true;
	}
	if (!number_of(job, in, &d, &text))
		return false;
	return decimal_int64(&d, &out->number)
	       || unfit(job, text, "a whole number that fits into 64 bits");
}

static bool
to_decimal(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	struct decimal_room room;
	struct decimal d;
	struct rk_text text;
	out->type = RK_DECIMAL;
	if (in->type == RK_INTEGER)
		d = decimal_of(in->number, &room);
	else if (!number_of(job, in, &d, &text))
		return false;
	out->text = decimal_text(&d, job->arena);
	return true;
}

static bool
to_bool(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	struct rk_text text;
	out->type = RK_BOOL;
	if (in->type == RK_BOOL) {
		out->number = in->number != 0;
		return true;
	}
	if (!text_of_value(job, in, &text))
		return false;
	out->number = text_is(text, "true") || text_is(text, "1");
	return out->number != 0 || text_is(text, "false") || text_is(text, "0")
	       || unfit(job, text,
	                "true or false; a value map turns other words into these");
}

static bool
to_date(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	int64_t day;
	out->type = RK_DATE;
	out->text = in->text;
	return moment_date(in->text, &day) || unfit(job, in->text, "a date, YYYY-MM-DD");
}

static bool
to_time(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	int64_t second;
	out->type = RK_TIME;
	out->text = in->text;
	return moment_time(in->text, &second)
	       || unfit(job, in->text, "a time of day, HH:MM or HH:MM:SS");
}

static bool
to_datetime(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_DATETIME;
	if (in->type == RK_DATETIME) {
		out->number = in->number;
		return moment_is_sane(in->number)
		       || fault_set(job->fault, job->arena, RK_CAT_PROPERTY_VALUE,
		                    in->text,
		                    "the moment lies outside the years 0 to 9999");
	}
	switch (moment_datetime(in->text, &out->number)) {
	case MOMENT_OK:
		return true;
	case MOMENT_NO_ZONE:
		return unfit(job, in->text, "a zone at its end, \"Z\" or \"+09:00\"");
	case MOMENT_NONE:
		break;
	}
	return unfit(job, in->text, "a moment, YYYY-MM-DDTHH:MM:SSZ");
}

static bool
no_option(const struct job *job, struct rk_text text)
{
	struct rk_text list = target_list_options(job->target, job->arena);
	return fault_set(job->fault, job->arena, RK_CAT_PICKLIST, text,
	                 "\"%.*s\" is no option of \"%.*s\"; it has %.*s",
	                 fault_len(text), text.ptr, fault_len(job->target->field->name),
	                 job->target->field->name.ptr, (int)list.len, list.ptr);
}

static bool
to_choice(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	struct rk_text text;
	out->type = RK_CHOICE;
	return text_of_value(job, in, &text)
	       && (target_option(job->target, text, &out->text) || no_option(job, text));
}

/* Each item by 'one'; a value that is no list is a list of one. */
static bool
each(const struct job *job, const struct rk_value *in, struct rk_value *out,
     convert_step *one)
{
	bool list = in->type == RK_CHOICES || in->type == RK_REFS || in->count > 0;
	const struct rk_value *items = list ? in->items : in;
	out->count = list ? in->count : 1;
	struct rk_value *made = arena_new_array(job->arena, out->count, struct rk_value);
	for (uint64_t i = 0; i < out->count; i++)
		if (!one(job, &items[i], &made[i]))
			return false;
	out->items = made;
	return true;
}

static bool
to_choices(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_CHOICES;
	return each(job, in, out, to_choice);
}

/* A reference keeps the id of the source's record; anything else is a key of
 * the record that it points to. */
static bool
to_ref(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	*out = *in;
	out->type = RK_REF;
	if (in->type == RK_REF)
		return true;
	*out = (struct rk_value){ .type = RK_REF, .flags = RK_VALUE_BY_KEY,
	                          .object = job->target->field->ref_object };
	return text_of_value(job, in, &out->text);
}

static bool
to_refs(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_REFS;
	return each(job, in, out, to_ref);
}

static bool
to_one_user(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	out->type = RK_USER;
	return text_of_value(job, in, &out->text);
}

static bool
to_user(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	if (in->type != RK_USER || in->count == 0)
		return to_one_user(job, in, out);
	out->type = RK_USER;
	return each(job, in, out, to_one_user);
}

static bool
to_json(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	(void)job;
	out->type = RK_JSON;
	out->text = in->text;
	return true;
}

static bool
to_row(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	const struct target *t = job->target;
	size_t n = t->field->column_count;
	struct rk_value *cells = arena_new_array(job->arena, n, struct rk_value);
	for (size_t i = 0; i < n; i++) {
		int from = t->column_from[i];
		if (from < 0 || (uint64_t)from >= in->count)
			continue;
		const struct rk_value *cell = &in->items[from];
		if (cell->type == RK_ABSENT || cell->type == RK_NULL)
			cells[i].type = cell->type;
		else if (!convert_value(&t->columns[i], cell, &cells[i], job->arena,
		                        job->fault))
			return false;
	}
	/* The row's own id is of the source and means nothing to the target. */
	*out = (struct rk_value){ .type = RK_ROW, .items = cells, .count = n };
	return true;
}

static bool
to_table(const struct job *job, const struct rk_value *in, struct rk_value *out)
{
	struct rk_value *rows = arena_new_array(job->arena, in->count, struct rk_value);
	out->type = RK_TABLE;
	for (uint64_t i = 0; i < in->count; i++)
		if (!to_row(job, &in->items[i], &rows[i]))
			return false;
	out->items = rows;
	out->count = in->count;
	return true;
}

/* ---- The table ---------------------------------------------------------- */

static convert_step *const steps[RK_TYPE_COUNT] = {
	[RK_BOOL] = to_bool,     [RK_INTEGER] = to_integer,   [RK_DECIMAL] = to_decimal,
	[RK_TEXT] = to_text,     [RK_RICH] = to_rich,         [RK_DATE] = to_date,
	[RK_TIME] = to_time,     [RK_DATETIME] = to_datetime, [RK_CHOICE] = to_choice,
	[RK_CHOICES] = to_choices, [RK_REF] = to_ref,         [RK_REFS] = to_refs,
	[RK_USER] = to_user,     [RK_TABLE] = to_table,       [RK_JSON] = to_json,
};

/* y: converts, though a value may be unfit.  Else why not. */
static const char *const reasons[128] = {
	['-'] = "these types do not go together",
	['z'] = "a moment becomes a date only in a zone: add `| date(Asia/Tokyo)`",
	['d'] = "a date has no time and no zone, so it is no moment",
	['t'] = "a moment has a zone and a time of day has none",
	['l'] = "a list needs `| first` or `| join(\", \")`",
	['f'] = "a list needs `| first`",
	['v'] = "only a value map (values = ...) can say which is which",
};

#define COLUMNS 15

static const uint32_t column_types[COLUMNS] = {
	RK_BOOL, RK_INTEGER, RK_DECIMAL, RK_TEXT, RK_RICH, RK_DATE, RK_TIME, RK_DATETIME,
	RK_CHOICE, RK_CHOICES, RK_REF, RK_REFS, RK_USER, RK_TABLE, RK_JSON,
};

static const char *const rules[RK_TYPE_COUNT] = {
	/*                 bool           text     time  choice   ref   user  json
	 *                 |  int  dec    |  rich  |     |        |     |     |
	 *                 |  |    |      |  | date| dtm | chs    | refs| tab |   */
	[RK_BOOL] =     "y" "v" "v"    "y" "y" "-" "-" "-" "y" "y" "-" "-" "-" "-" "-",
	[RK_INTEGER] =  "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "-",
	[RK_DECIMAL] =  "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "-",
	[RK_TEXT] =     "y" "y" "y"    "y" "y" "y" "y" "y" "y" "y" "y" "y" "y" "-" "-",
	[RK_RICH] =     "-" "-" "-"    "y" "y" "-" "-" "-" "-" "-" "-" "-" "-" "-" "-",
	[RK_DATE] =     "-" "-" "-"    "y" "y" "y" "-" "d" "-" "-" "-" "-" "-" "-" "-",
	[RK_TIME] =     "-" "-" "-"    "y" "y" "-" "y" "-" "-" "-" "-" "-" "-" "-" "-",
	[RK_DATETIME] = "-" "-" "-"    "y" "y" "z" "t" "y" "-" "-" "-" "-" "-" "-" "-",
	[RK_CHOICE] =   "y" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "y" "y" "y" "-" "-",
	[RK_CHOICES] =  "f" "f" "f"    "l" "l" "-" "-" "-" "f" "y" "f" "y" "f" "-" "-",
	[RK_REF] =      "-" "y" "y"    "y" "y" "-" "-" "-" "v" "v" "y" "y" "v" "-" "-",
	[RK_REFS] =     "-" "f" "f"    "l" "l" "-" "-" "-" "-" "-" "f" "y" "-" "-" "-",
	[RK_USER] =     "-" "y" "y"    "y" "y" "-" "-" "-" "y" "y" "-" "-" "y" "-" "-",
	[RK_TABLE] =    "-" "-" "-"    "-" "-" "-" "-" "-" "-" "-" "-" "-" "-" "y" "-",
	[RK_JSON] =     "-" "-" "-"    "y" "-" "-" "-" "-" "-" "-" "-" "-" "-" "-" "y",
};

static char
rule(uint32_t from, uint32_t to)
{
	if (from >= RK_TYPE_COUNT || rules[from] == NULL)
		return '-';
	for (size_t i = 0; i < COLUMNS; i++)
		if (column_types[i] == to)
			return rules[from][i];
	return '-';
}

const char *
convert_why_not(uint32_t from, uint32_t to)
{
	return reasons[(unsigned char)rule(from, to)];
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

static bool
is_text(uint32_t type)
{
	return type == RK_TEXT || type == RK_RICH;
}

bool
convert_value(const struct target *target, const struct rk_value *in,
              struct rk_value *out, struct arena *arena, struct mapping_fault *fault)
{
	struct job job = { target, arena, fault };
	uint32_t to = target->field->type;
	*out = (struct rk_value){ 0 };
	if (has_nul(in, NUL_DEPTH))
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, in->text,
		                 "the text holds the character U+0000, which was cut "
		                 "out: add `| clean` to write what is left");
	if (in->type == RK_TEXT && to == RK_TEXT) {
		*out = *in;
		return target_fits(target, out, arena, fault);
	}
	if (rule(in->type, to) != 'y')
		return fault_set(fault, arena, RK_CAT_PROPERTY_MAPPING, in->text,
		                 "found %s, expected %s", value_type_name(in->type),
		                 value_type_name(to));
	if (!is_text(to) && in->type != RK_CHOICES && in->type != RK_REFS
	    && in->type != RK_TABLE && value_is_empty(in)) {
		out->type = RK_NULL;
		return true;
	}
	return steps[to](&job, in, out) && target_fits(target, out, arena, fault);
}
