/* SPDX-License-Identifier: Apache-2.0
 *
 * map.c - line 1 is "TARGET = EXPRESSION" as in mapping.test; lines that begin with
 * '+' are its options ("+a=b" a pair of the value map, "+*x" otherwise, "+?x" the
 * default, "+!" clears nulls); the rest is a record (rows.h).  A row that comes out
 * keeps every limit that the target described; a record without one has words why;
 * a key is its own key. */
#include "fuzz.h"
#include "rows.h"

#include "mapping/mapping.h"
#include "mapping/unicode.h"
#include "record/value.h"

#define MOST_PAIRS 8

static struct arena arena;

static void
take_option(char *s, struct config_map *map, struct config_pair *pairs)
{
	char *equals = strchr(s, '=');
	if (*s == '*') {
		map->otherwise = s + 1;
	} else if (*s == '?') {
		map->default_value = s + 1;
		map->nulls = NULLS_DEFAULT;
	} else if (*s == '!') {
		map->nulls = NULLS_CLEAR;
	} else if (equals != NULL && map->value_count < MOST_PAIRS) {
		*equals = '\0';
		pairs[map->value_count++] = (struct config_pair){ s, equals + 1 };
		map->values = pairs;
	}
}

static bool
is_option(const struct rk_field *field, struct rk_text value)
{
	for (uint64_t i = 0; i < field->option_count; i++)
		if (text_eq(field->options[i].value, value))
			return true;
	return field->option_count == 0;
}

static void
fits_number(const struct rk_field *field, const struct rk_value *v)
{
	struct decimal_room room;
	struct decimal d, most, least;
	if (v->type == RK_INTEGER)
		d = decimal_of(v->number, &room);
	else
		MUST(decimal_read(&d, v->text));
	MUST(field->integer_digits < 0 || d.whole.len <= (uint64_t)field->integer_digits);
	MUST(field->decimals < 0 || d.fraction.len <= (uint64_t)field->decimals);
	if (decimal_read(&most, field->max_value))
		MUST(decimal_cmp(&d, &most) <= 0);
	if (decimal_read(&least, field->min_value))
		MUST(decimal_cmp(&d, &least) >= 0);
}

/* The value against what its field says, without the code that made it. */
static void
fits(const struct rk_field *field, const struct rk_value *v)
{
	int64_t number;
	if (v->type == RK_ABSENT || v->type == RK_NULL)
		return;
	MUST(v->type == field->type);
	MUST(text_utf8_valid(v->text));
	switch (v->type) {
	case RK_TEXT: case RK_RICH:
		number = (int64_t)text_utf8_count(v->text);
		MUST(field->max_length < 0 || number <= field->max_length);
		MUST(field->min_length < 0 || number == 0 || number >= field->min_length);
		MUST((v->flags & RK_VALUE_HAS_NUL) == 0);
		break;
	case RK_INTEGER: case RK_DECIMAL:
		fits_number(field, v);
		break;
	case RK_DATE:
		MUST(moment_is_date(v->text));
		break;
	case RK_TIME:
		MUST(moment_time(v->text, &number));
		break;
	case RK_DATETIME:
		MUST(moment_is_sane(v->number));
		break;
	case RK_CHOICE:
		MUST(is_option(field, v->text));
		break;
	case RK_CHOICES:
		for (uint64_t i = 0; i < v->count; i++)
			MUST(is_option(field, v->items[i].text));
		break;
	case RK_TABLE:
		for (uint64_t i = 0; i < v->count; i++)
			for (uint64_t k = 0; k < v->items[i].count; k++)
				fits(&field->columns[k], &v->items[i].items[k]);
		break;
	default:
		break;
	}
}

static void
check_row(const struct mapping *m, const struct rk_value *row)
{
	size_t count;
	const struct rk_field *fields = mapping_target_fields(m, &count);
	BUF_AUTO wire = BUF_INIT(1u << 22);
	struct mapping_fault fault = { 0 };
	for (size_t i = 0; i < count; i++) {
		fits(&fields[i], &row[i]);
		value_encode(&wire, &row[i]);
	}
	MUST(!wire.over);
	if (!mapping_may_create(m, row, &arena, &fault))
		MUST(fault.message.len > 0 && fault.field.len > 0);
	struct rk_text key = mapping_key(m, 0, row, &arena);
	struct rk_value of_key = { .type = RK_TEXT, .text = key };
	MUST(text_eq(mapping_key_of(m, 0, &of_key, &arena), key));
}

static void
apply(const struct mapping *m, struct rk_text text)
{
	size_t count, targets;
	const struct rk_field *fields = mapping_source_fields(m, &count);
	mapping_target_fields(m, &targets);
	struct rk_record record = rows_record(fields, count, text, &arena);
	struct rk_value *row = arena_new_array(&arena, targets, struct rk_value);
	struct rk_value *again = arena_new_array(&arena, targets, struct rk_value);
	struct mapping_fault fault = { 0 }, fault_again = { 0 };
	bool good = mapping_apply(m, &record, &arena, row, &fault);
	MUST(mapping_apply(m, &record, &arena, again, &fault_again) == good);
	if (!good) {
		MUST(fault.message.len > 0 && fault.field.len > 0);
		MUST(fault.category > 0 && fault.category < RK_CAT_COUNT);
		MUST(text_eq(fault.message, fault_again.message));
		return;
	}
	for (size_t i = 0; i < targets; i++)
		MUST(value_eq(&row[i], &again[i]));
	check_row(m, row);
}

/* A run that only reads has the same revision. */
static void
check_revision(const struct mapping *m, const struct config_sync *sync)
{
	struct problems problems = PROBLEMS_INIT;
	unsigned char with[16], without[16];
	struct mapping *reading;
	MUST(mapping_compile(&reading, sync, &source, NULL, &problems));
	mapping_revision(m, with);
	mapping_revision(reading, without);
	MUST(memcmp(with, without, sizeof with) == 0);
	mapping_free(reading);
	problems_free(&problems);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size), rule = fuzz_line(&text);
	struct config_pair pairs[MOST_PAIRS];
	struct config_map maps[2] = {
		{ .enabled = true },
		{ .from = "$id", .to = "key", .enabled = true },
	};
	struct config_sync sync = {
		.name = "s", .maps = maps, .map_count = 2, .from = { .object = "contacts" },
		.to = { .object = "123", .key = "key" },
	};
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m;
	char *s = arena_str(&arena, arena_text(&arena, rule).ptr);
	char *equals = strstr(s, " = ");
	/* Nothing else passes the borders: the configuration's scan, and record/value.c. */
	if (equals != NULL && text_utf8_valid(rule) && text_utf8_valid(text)) {
		*equals = '\0';
		maps[0].to = s;
		maps[0].from = equals + 3;
		sync.map_count = strcmp(s, "key") == 0 ? 1 : 2;
		while (text.len > 0 && *text.ptr == '+') {
			struct rk_text line = fuzz_line(&text);
			take_option(arena_str(&arena, arena_text(&arena, line).ptr) + 1,
			            &maps[0], pairs);
		}
		bool good = mapping_compile(&m, &sync, &source, &target, &problems);
		MUST(good != problems_stop_sync(&problems, "s"));
		if (good) {
			check_revision(m, &sync);
			apply(m, text);
			mapping_free(m);
		}
	}
	problems_free(&problems);
	arena_free(&arena);
	return 0;
}
