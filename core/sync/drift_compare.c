/* SPDX-License-Identifier: Apache-2.0
 *
 * drift_compare.c - see drift.h.  What the sync uses of a side, and what the target
 * requires, is compared; each change is told with the lines that it breaks. */
#include <string.h>

#include "base/text.h"
#include "mapping/inputs.h"
#include "mapping/meaning.h"
#include "record/schema.h"
#include "record/value.h"
#include "sync/drift.h"

static void
add(struct drift_look *l, enum drift_gravity gravity, struct rk_text field,
    struct rk_text what, struct rk_text advice)
{
	struct rk_err err;
	bool used = drift_uses(l, field);
	if (l->count == DRIFT_CHANGES_MAX)
		return;
	struct drift *d = &l->list[l->count++];
	*d = (struct drift){ .at_ms = l->at_ms, .gravity = gravity, .field = field,
	                     .connection = text_of(l->side->connection),
	                     .object = text_of(l->side->object), .what = what,
	                     .advice = advice, .target = l->target,
	                     .rule = drift_rule(l->sync, l->target, field) };
	if (used)
		d->lines = drift_lines(l, field);
	store_pending_at_field(l->store, field, &d->waiting, &err);
	if (gravity > l->worst)
		l->worst = gravity;
}

#define NAME(text) (int)(text).len, (text).ptr
static const struct rk_text none;

/* A field of another name with the same label: a code that was changed. */
static const struct rk_field *
renamed(const struct drift_look *l, const struct rk_field *old)
{
	for (uint64_t i = 0; i < l->now->field_count; i++) {
		const struct rk_field *f = &l->now->fields[i];
		if (f->type == old->type && old->label.len > 0 && text_eq(f->label, old->label))
			return f;
	}
	return NULL;
}

static void
tell_gone(struct drift_look *l, const struct rk_field *old)
{
	struct arena *arena = l->arena;
	const struct rk_field *to = renamed(l, old);
	enum drift_gravity gravity = drift_uses(l, old->name) ? DRIFT_WILL_FAIL : DRIFT_OK;
	if (to != NULL)
		add(l, gravity, old->name,
		    arena_printf(arena, "field \"%.*s\" is called \"%.*s\" now", NAME(old->name),
		                 NAME(to->name)),
		    arena_printf(arena, "%s = \"%.*s\"", l->target ? "to" : "from",
		                 NAME(to->name)));
	else
		add(l, gravity, old->name,
		    arena_printf(arena, "field \"%.*s\" is gone", NAME(old->name)), none);
}

static const struct rk_option *
option_of(const struct rk_field *field, struct rk_text value)
{
	for (uint64_t i = 0; i < field->option_count; i++)
		if (text_eq(field->options[i].value, value))
			return &field->options[i];
	return NULL;
}

/* The last option of 'field' that 'other' has not, and how many. */
static const struct rk_option *
new_option(const struct rk_field *field, const struct rk_field *other, size_t *count)
{
	const struct rk_option *last = NULL;
	*count = 0;
	for (uint64_t i = 0; i < field->option_count; i++) {
		if (option_of(other, field->options[i].value) != NULL)
			continue;
		last = &field->options[i];
		(*count)++;
	}
	return last;
}

/* The option that stands where the old one stood: of its label, or one that says more or
 * less the same, or the only one that came when it alone went; not one that was there. */
static const struct rk_option *
successor(const struct drift_look *l, const struct rk_field *old,
          const struct rk_field *now, const struct rk_option *gone)
{
	struct arena *arena = l->arena;
	for (uint64_t i = 0; i < now->option_count; i++)
		if (text_eq(now->options[i].label, gone->label)
		    && option_of(old, now->options[i].value) == NULL)
			return &now->options[i];
	for (uint64_t i = 0; i < now->option_count; i++)
		if (option_of(old, now->options[i].value) == NULL
		    && meaning_near(meaning_plain(now->options[i].label, arena),
		                    meaning_plain(gone->label, arena)))
			return &now->options[i];
	size_t lost, came;
	const struct rk_option *only = new_option(now, old, &came);
	new_option(old, now, &lost);
	return lost == 1 && came == 1 ? only : NULL;
}

static void
tell_option_gone(struct drift_look *l, const struct rk_field *old,
                 const struct rk_field *now, const struct rk_option *gone)
{
	struct arena *arena = l->arena;
	bool passes, otherwise;
	const struct config_pair *pair = drift_pair(l, old->name, gone->value, &passes,
	                                            &otherwise);
	const struct rk_option *next = successor(l, old, now, gone);
	struct rk_text advice = none;
	enum drift_gravity gravity = DRIFT_OK;
	if (l->target && (pair != NULL || otherwise))
		gravity = DRIFT_WILL_FAIL;
	else if (l->target && passes)
		gravity = DRIFT_MAY_FAIL;
	if (next != NULL && gravity != DRIFT_OK)
		advice = arena_printf(arena, "values = ( (\"%.*s\", \"%.*s\") )",
		                      NAME(pair != NULL ? text_of(pair->from) : gone->value),
		                      NAME(next->value));
	add(l, gravity, old->name,
	    arena_printf(arena, "field \"%.*s\" has no option \"%.*s\" any more",
	                 NAME(old->name), NAME(gone->value)), advice);
}

static void
tell_option_new(struct drift_look *l, const struct rk_field *field,
                const struct rk_option *option)
{
	struct arena *arena = l->arena;
	bool passes, otherwise;
	const struct config_pair *pair = drift_pair(l, field->name, option->value, &passes,
	                                         &otherwise);
	bool lost = !l->target && pair == NULL && !otherwise;
	add(l, lost ? DRIFT_MAY_FAIL : DRIFT_OK, field->name,
	    arena_printf(arena, "field \"%.*s\" has a new option \"%.*s\"", NAME(field->name),
	                 NAME(option->value)),
	    lost && !passes ? arena_printf(arena, "values = ( (\"%.*s\", \"\") )",
	                                   NAME(option->value)) : none);
}

static void
compare_options(struct drift_look *l, const struct rk_field *old,
                const struct rk_field *now)
{
	for (uint64_t i = 0; i < old->option_count; i++)
		if (option_of(now, old->options[i].value) == NULL)
			tell_option_gone(l, old, now, &old->options[i]);
	for (uint64_t i = 0; i < now->option_count; i++)
		if (option_of(old, now->options[i].value) == NULL)
			tell_option_new(l, now, &now->options[i]);
}

static void
tell_flag(struct drift_look *l, const struct rk_field *field, enum drift_gravity gravity,
          const char *format)
{
	BUF_AUTO what = BUF_INIT(4096);
	const char *gap = strstr(format, "%s");
	buf_add(&what, format, (size_t)(gap - format));
	buf_addt(&what, field->name);
	buf_adds(&what, gap + 2);
	add(l, gravity, field->name, arena_text(l->arena, buf_text(&what)), none);
}

static bool
is_less(int64_t before, int64_t after)
{
	return after >= 0 && (before < 0 || after < before);
}

/* Of the target: what it takes no more, or wants now. */
static void
compare_limits(struct drift_look *l, const struct rk_field *old, const struct rk_field *now)
{
	uint32_t came = now->flags & ~old->flags, went = old->flags & ~now->flags;
	if ((came & RK_FIELD_REQUIRED) != 0)
		tell_flag(l, now, DRIFT_MAY_FAIL, "field \"%s\" is required now");
	if ((came & RK_FIELD_UNIQUE) != 0)
		tell_flag(l, now, DRIFT_MAY_FAIL, "field \"%s\" takes each value once now");
	if ((went & RK_FIELD_WRITABLE) != 0)
		tell_flag(l, now, DRIFT_WILL_FAIL, "field \"%s\" cannot be written any more");
	if ((went & RK_FIELD_UNIQUE) != 0 && text_is(now->name, l->side->key))
		tell_flag(l, now, DRIFT_WILL_FAIL, "field \"%s\" is the key and is not unique any "
		          "more");
	if (is_less(old->max_length, now->max_length))
		add(l, DRIFT_MAY_FAIL, now->name,
		    arena_printf(l->arena, "field \"%.*s\" takes %lld characters at most now",
		                 NAME(now->name), (long long)now->max_length), none);
	if (is_less(old->integer_digits, now->integer_digits)
	    || is_less(old->decimals, now->decimals)
	    || !text_eq(old->min_value, now->min_value)
	    || !text_eq(old->max_value, now->max_value))
		tell_flag(l, now, DRIFT_MAY_FAIL, "field \"%s\" takes other numbers now");
}

static void
compare_field(struct drift_look *l, const struct rk_field *old)
{
	const struct rk_field *now = schema_find(l->now, old->name);
	if (now == NULL) {
		tell_gone(l, old);
		return;
	}
	if (now->type != old->type)
		add(l, DRIFT_MAY_FAIL, now->name,
		    arena_printf(l->arena, "field \"%.*s\" was %s and is %s now",
		                 NAME(now->name), value_type_name(old->type),
		                 value_type_name(now->type)), none);
	if (l->target && drift_uses(l, now->name))
		compare_limits(l, old, now);
	if (drift_uses(l, now->name))
		compare_options(l, old, now);
}

/* A field that nothing is mapped to: new records will lack it. */
static void
tell_required(struct drift_look *l, const struct rk_field *known, uint64_t count)
{
	for (uint64_t i = 0; l->target && i < l->now->field_count; i++) {
		const struct rk_field *f = &l->now->fields[i];
		bool was = false;
		if ((f->flags & RK_FIELD_REQUIRED) == 0 || drift_uses(l, f->name))
			continue;
		for (uint64_t k = 0; k < count; k++)
			was |= text_eq(known[k].name, f->name);
		if (!was)
			tell_flag(l, f, DRIFT_WILL_FAIL, "field \"%s\" is required now");
	}
}

static bool
is_kept(const struct drift_look *l, const struct rk_field *field)
{
	return drift_uses(l, field->name)
	       || (l->target && (field->flags & RK_FIELD_REQUIRED) != 0);
}

void
drift_encode(const struct drift_look *l, struct buf *out)
{
	struct arena *arena = l->arena;
	struct rk_field *kept = arena_new_array(arena, l->now->field_count, struct rk_field);
	uint64_t count = 0;
	for (uint64_t i = 0; i < l->now->field_count; i++)
		if (is_kept(l, &l->now->fields[i]))
			kept[count++] = l->now->fields[i];
	schema_encode_fields(out, kept, count);
}

void
drift_compare(struct drift_look *l, struct rk_text before)
{
	struct wire_reader r = wire_reader(before);
	uint64_t count = 0;
	const struct rk_field *known = before.len > 0
		? schema_decode_fields(&r, l->arena, &count) : NULL;
	l->list = arena_new_array(l->arena, DRIFT_CHANGES_MAX, struct drift);
	for (uint64_t i = 0; known != NULL && i < count; i++)
		if (drift_uses(l, known[i].name))
			compare_field(l, &known[i]);
	if (known != NULL)
		tell_required(l, known, count);
}
