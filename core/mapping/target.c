/* SPDX-License-Identifier: Apache-2.0
 *
 * target.c - see target.h. */
#include "mapping/target.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "mapping/fault.h"
#include "mapping/unicode.h"

#define TABLE_DEPTH_MAX 2
#define OPTIONS_SHOWN 8

static int
by_text(const void *a, const void *b)
{
	return text_cmp(((const struct target_option *)a)->text,
	                ((const struct target_option *)b)->text);
}

static const struct target_option *
find(const struct target_option *options, size_t count, struct rk_text text)
{
	struct target_option wanted = { .text = text };
	if (count == 0)
		return NULL;
	return bsearch(&wanted, options, count, sizeof *options, by_text);
}

/* Labels that are nobody's value and that only one option has. */
static size_t
unique_labels(const struct rk_field *field, const struct target_option *values,
              struct target_option *out, struct arena *arena)
{
	size_t count = 0, n = field->option_count;
	struct target_option *labels = arena_new_array(arena, n, struct target_option);
	for (size_t i = 0; i < n; i++)
		labels[i] = (struct target_option){ field->options[i].label,
		                                    field->options[i].value };
	if (n > 0)
		qsort(labels, n, sizeof *labels, by_text);
	for (size_t i = 0; i < n; i++) {
		bool twice = (i > 0 && text_eq(labels[i].text, labels[i - 1].text))
		             || (i + 1 < n
		                 && text_eq(labels[i].text, labels[i + 1].text));
		if (!twice && find(values, n, labels[i].text) == NULL)
			out[count++] = labels[i];
	}
	return count;
}

static void
index_options(struct target *t, struct arena *arena)
{
	size_t n = t->field->option_count;
	if (n == 0)
		return;
	struct target_option *all = arena_new_array(arena, 2 * n, struct target_option);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct target_option){ t->field->options[i].value,
		                                 t->field->options[i].value };
	qsort(all, n, sizeof *all, by_text);
	t->options = all;
	t->option_count = n + unique_labels(t->field, all, all + n, arena);
	qsort(all, t->option_count, sizeof *all, by_text);
}

static void
init(struct target *t, const struct rk_field *field, struct arena *arena, int depth)
{
	*t = (struct target){ .field = field };
	index_options(t, arena);
	t->has_min = decimal_parse(&t->min, field->min_value, arena);
	t->has_max = decimal_parse(&t->max, field->max_value, arena);
	if (field->type != RK_TABLE || depth == 0)
		return;
	t->columns = arena_new_array(arena, field->column_count, struct target);
	t->column_from = arena_new_array(arena, field->column_count, int);
	for (size_t i = 0; i < field->column_count; i++) {
		init(&t->columns[i], &field->columns[i], arena, depth - 1);
		t->column_from[i] = -1;
	}
}

void
target_init(struct target *t, const struct rk_field *field, struct arena *arena)
{
	init(t, field, arena, TABLE_DEPTH_MAX);
}

bool
target_option(const struct target *t, struct rk_text text, struct rk_text *value)
{
	if (t->option_count == 0) {
		*value = text;
		return true;
	}
	const struct target_option *found = find(t->options, t->option_count, text);
	if (found == NULL)
		return false;
	*value = found->value;
	return true;
}

struct rk_text
target_list_options(const struct target *t, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(2048);
	size_t n = t->field->option_count;
	for (size_t i = 0; i < n && i < OPTIONS_SHOWN; i++) {
		struct rk_text value = t->field->options[i].value;
		buf_addf(&out, "%s\"%.*s\"", i > 0 ? ", " : "", fault_len(value),
			 value.ptr);
	}
	if (n > OPTIONS_SHOWN)
		buf_addf(&out, " and %zu more", n - OPTIONS_SHOWN);
	return arena_text(arena, buf_text(&out));
}

static bool
text_fits(const struct rk_field *field, struct rk_text text, struct arena *arena,
          struct mapping_fault *fault)
{
	uint64_t count;
	if (!unicode_count(text, &count))
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "the text is not well-formed UTF-8");
	if (field->max_length >= 0 && count > (uint64_t)field->max_length)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %" PRIu64
		                 " characters, expected at most %" PRId64,
		                 count, field->max_length);
	if (field->min_length > 0 && count < (uint64_t)field->min_length)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %" PRIu64
		                 " characters, expected at least %" PRId64,
		                 count, field->min_length);
	return true;
}

/* kintone would round what has too many decimals, without a word. */
static bool
digits_fit(const struct rk_field *field, const struct decimal *d, struct rk_text text,
           struct arena *arena, struct mapping_fault *fault)
{
	if (field->decimals >= 0 && d->fraction.len > (uint64_t)field->decimals)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %" PRIu64 " decimals, expected at most %" PRId32,
		                 d->fraction.len, field->decimals);
	if (field->integer_digits >= 0 && d->whole.len > (uint64_t)field->integer_digits)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %" PRIu64
		                 " digits before the point, expected at most "
		                 "%" PRId32,
		                 d->whole.len, field->integer_digits);
	return true;
}

static bool
number_fits(const struct target *t, const struct decimal *d, struct arena *arena,
            struct mapping_fault *fault)
{
	struct rk_text text = decimal_text(d, arena), limit = t->field->max_value;
	if (t->has_max && decimal_cmp(d, &t->max) > 0)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %.*s, expected at most %.*s", fault_len(text),
		                 text.ptr, fault_len(limit), limit.ptr);
	limit = t->field->min_value;
	if (t->has_min && decimal_cmp(d, &t->min) < 0)
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, text,
		                 "found %.*s, expected at least %.*s", fault_len(text),
		                 text.ptr, fault_len(limit), limit.ptr);
	return digits_fit(t->field, d, text, arena, fault);
}

bool
target_fits(const struct target *t, const struct rk_value *value, struct arena *arena,
            struct mapping_fault *fault)
{
	struct decimal_room room;
	struct decimal d;
	switch (value->type) {
	case RK_TEXT:
	case RK_RICH:
		return text_fits(t->field, value->text, arena, fault);
	case RK_INTEGER:
		if (!t->has_min && !t->has_max && t->field->integer_digits < 0)
			return true;
		d = decimal_of(value->number, &room);
		return number_fits(t, &d, arena, fault);
	case RK_DECIMAL:
		return decimal_read(&d, value->text) && number_fits(t, &d, arena, fault);
	default:
		return true;
	}
}
