/* SPDX-License-Identifier: Apache-2.0
 *
 * target.c - see target.h. */
#include "mapping/target.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "mapping/unicode.h"

#define TABLE_DEPTH_MAX 2
#define OPTIONS_SHOWN 8

static int
by_from(const void *a, const void *b)
{
	return text_cmp(((const struct pair *)a)->from, ((const struct pair *)b)->from);
}

void
pairs_sort(struct pair *pairs, size_t count)
{
	if (count > 0)
		qsort(pairs, count, sizeof *pairs, by_from);
}

const struct pair *
pairs_find(const struct pair *pairs, size_t count, struct rk_text from)
{
	struct pair wanted = { .from = from };
	return count == 0 ? NULL : bsearch(&wanted, pairs, count, sizeof wanted, by_from);
}

/* The values of all options, then the labels that are nobody's value and that
 * only one option has. */
static void
index_options(struct target *t, struct arena *arena)
{
	const struct rk_option *options = t->field->options;
	size_t n = t->field->option_count, all = n;
	struct pair *labels = arena_new_array(arena, n, struct pair);
	t->options = arena_new_array(arena, 2 * n, struct pair);
	for (size_t i = 0; i < n; i++) {
		struct rk_value value = { .type = RK_CHOICE, .text = options[i].value };
		t->options[i] = (struct pair){ options[i].value, value };
		labels[i] = (struct pair){ options[i].label, value };
	}
	pairs_sort(t->options, n);
	pairs_sort(labels, n);
	for (size_t i = 0; i < n; i++) {
		struct rk_text label = labels[i].from;
		if (pairs_find(t->options, n, label) == NULL
		    && (i == 0 || !text_eq(label, labels[i - 1].from))
		    && (i + 1 == n || !text_eq(label, labels[i + 1].from)))
			t->options[all++] = labels[i];
	}
	pairs_sort(t->options, all);
	t->option_count = all;
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
	const struct pair *found = pairs_find(t->options, t->option_count, text);
	*value = found != NULL ? found->to.text : text;
	return found != NULL || t->option_count == 0;
}

struct rk_text
target_list_options(const struct target *t, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(2048);
	size_t n = t->field->option_count;
	for (size_t i = 0; i < n && i < OPTIONS_SHOWN; i++)
		buf_addf(&out, "%s\"%.*s\"", i > 0 ? ", " : "",
		         SHOWN(t->field->options[i].value));
	if (n > OPTIONS_SHOWN)
		buf_addf(&out, " and %zu more", n - OPTIONS_SHOWN);
	return arena_text(arena, buf_text(&out));
}

/* 'most' and 'least' below zero: no limit. */
static bool
count_fits(const struct scene *s, struct rk_text text, uint64_t count, int64_t least,
           int64_t most, const char *of_what)
{
	if (most >= 0 && count > (uint64_t)most)
		return UNFIT(s, text, "found %" PRIu64 " %s, expected at most %" PRId64,
		             count, of_what, most);
	if (least > 0 && count < (uint64_t)least)
		return UNFIT(s, text, "found %" PRIu64 " %s, expected at least %" PRId64,
		             count, of_what, least);
	return true;
}

/* No text has more characters than bytes: most need not be counted. */
static bool
text_fits(const struct rk_field *field, const struct scene *s, struct rk_text text)
{
	bool short_enough = field->max_length < 0 || text.len <= (uint64_t)field->max_length;
	return (short_enough && field->min_length <= 0)
	       || count_fits(s, text, text_utf8_count(text), field->min_length,
	                     field->max_length, "characters");
}

static bool
number_fits(const struct target *t, const struct scene *s, const struct decimal *d)
{
	const struct rk_field *f = t->field;
	struct rk_text text = decimal_text(d, s->arena);
	if (t->has_max && decimal_cmp(d, &t->max) > 0)
		return UNFIT(s, text, "found %.*s, expected at most %.*s", SHOWN(text),
		             SHOWN(f->max_value));
	if (t->has_min && decimal_cmp(d, &t->min) < 0)
		return UNFIT(s, text, "found %.*s, expected at least %.*s", SHOWN(text),
		             SHOWN(f->min_value));
	/* kintone would round what has too many decimals, without a word. */
	return count_fits(s, text, d->fraction.len, -1, f->decimals, "decimals")
	       && count_fits(s, text, d->whole.len, -1, f->integer_digits,
	                     "digits before the point");
}

bool
target_fits(const struct target *t, const struct scene *s, const struct rk_value *value)
{
	struct decimal_room room;
	struct decimal d;
	switch (value->type) {
	case RK_TEXT:
	case RK_RICH:
		return text_fits(t->field, s, value->text);
	case RK_INTEGER:
		if (!t->has_min && !t->has_max && t->field->integer_digits < 0)
			return true;
		d = decimal_of(value->number, &room);
		return number_fits(t, s, &d);
	case RK_DECIMAL:
		return decimal_read(&d, value->text) && number_fits(t, s, &d);
	default:
		return true;
	}
}
