/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.c - fields that are not what they were: what the sync uses of a side, and what the
 * target requires, is kept with the sync; a description that differs is told as a list of
 * changes, each with the lines of the mapping that it breaks, before a record fails of it.
 *
 * Which of the source's fields a line uses is seen by their names in its text: one that is
 * only a part of a word there may be told for nothing. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "mapping/inputs.h"
#include "mapping/meaning.h"
#include "record/schema.h"
#include "record/value.h"
#include "store/override.h"
#include "sync/state.h"

#define FIELDS_MAX (64u * 1024 * 1024)
#define CHANGES_MAX 100
/* Digest of the fields that runs are refused for, so that each is told once. */
#define REFUSED "drift.refused"

struct look {
	struct run *run;
	const struct config_side *side;
	const struct rk_schema *now;
	bool target;
	struct drift *list;
	size_t count;
	enum drift_gravity worst;
};

/* ---- What the sync uses --------------------------------------------------------- */

static bool
holds(const char *text, struct rk_text name)
{
	return text != NULL && name.len > 0
	       && memmem(text, strlen(text), name.ptr, name.len) != NULL;
}

static bool
map_uses(const struct look *l, const struct config_map *map, struct rk_text name)
{
	if (!map->enabled)
		return false;
	return l->target ? text_is(name, map->to) : holds(map->from, name);
}

static bool
is_used(const struct look *l, struct rk_text name)
{
	const struct config_sync *sync = l->run->sync;
	for (size_t i = 0; i < sync->map_count; i++)
		if (map_uses(l, &sync->maps[i], name))
			return true;
	return l->target ? text_is(name, l->side->key) : holds(l->side->filter, name);
}

static bool
is_kept(const struct look *l, const struct rk_field *field)
{
	return is_used(l, field->name)
	       || (l->target && (field->flags & RK_FIELD_REQUIRED) != 0);
}

/* "renkei.conf:12, renkei.conf:14" */
static struct rk_text
lines_of(const struct look *l, struct rk_text name)
{
	const struct config_sync *sync = l->run->sync;
	BUF_AUTO out = BUF_INIT(4096);
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (map_uses(l, map, name) && map->at.file != NULL)
			buf_addf(&out, "%s%s:%u", out.len > 0 ? ", " : "", map->at.file,
			         map->at.line);
	}
	if (!l->target && holds(l->side->filter, name) && l->side->filter_at.file != NULL)
		buf_addf(&out, "%s%s:%u", out.len > 0 ? ", " : "", l->side->filter_at.file,
		         l->side->filter_at.line);
	return arena_text(&l->run->arena, buf_text(&out));
}

/* ---- Changes ---------------------------------------------------------------------- */

static void
add(struct look *l, enum drift_gravity gravity, struct rk_text field, struct rk_text what,
    struct rk_text advice)
{
	struct rk_err err;
	bool used = is_used(l, field);
	if (l->count == CHANGES_MAX)
		return;
	struct drift *d = &l->list[l->count++];
	*d = (struct drift){ .at_ms = run_now(l->run), .gravity = gravity, .field = field,
	                     .connection = text_of(l->side->connection),
	                     .object = text_of(l->side->object), .what = what,
	                     .advice = advice };
	if (used)
		d->lines = lines_of(l, field);
	store_pending_at_field(l->run->store, field, &d->waiting, &err);
	if (gravity > l->worst)
		l->worst = gravity;
}

#define NAME(text) (int)(text).len, (text).ptr
static const struct rk_text none;

/* A field of another name with the same label: a code that was changed. */
static const struct rk_field *
renamed(const struct look *l, const struct rk_field *old)
{
	for (uint64_t i = 0; i < l->now->field_count; i++) {
		const struct rk_field *f = &l->now->fields[i];
		if (f->type == old->type && old->label.len > 0 && text_eq(f->label, old->label))
			return f;
	}
	return NULL;
}

static void
tell_gone(struct look *l, const struct rk_field *old)
{
	struct arena *arena = &l->run->arena;
	const struct rk_field *to = renamed(l, old);
	enum drift_gravity gravity = is_used(l, old->name) ? DRIFT_WILL_FAIL : DRIFT_OK;
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
successor(const struct look *l, const struct rk_field *old, const struct rk_field *now,
          const struct rk_option *gone)
{
	struct arena *arena = &l->run->arena;
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

/* What the mapping makes of an option: the pair of a value map that names it; or it goes
 * as it is, NULL, and 'passes'. */
static const struct config_pair *
pair_of(const struct look *l, struct rk_text field, struct rk_text value, bool *passes,
        bool *otherwise)
{
	const struct config_sync *sync = l->run->sync;
	*passes = *otherwise = false;
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (!map_uses(l, map, field))
			continue;
		*passes |= map->values == NULL;
		*otherwise |= map->otherwise != NULL
		              && (!l->target || text_is(value, map->otherwise));
		for (size_t k = 0; k < map->value_count; k++)
			if (text_is(value, l->target ? map->values[k].to : map->values[k].from))
				return &map->values[k];
	}
	return NULL;
}

static void
tell_option_gone(struct look *l, const struct rk_field *old, const struct rk_field *now,
                 const struct rk_option *gone)
{
	struct arena *arena = &l->run->arena;
	bool passes, otherwise;
	const struct config_pair *pair = pair_of(l, old->name, gone->value, &passes, &otherwise);
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
tell_option_new(struct look *l, const struct rk_field *field, const struct rk_option *option)
{
	struct arena *arena = &l->run->arena;
	bool passes, otherwise;
	const struct config_pair *pair = pair_of(l, field->name, option->value, &passes,
	                                         &otherwise);
	bool lost = !l->target && pair == NULL && !otherwise;
	add(l, lost ? DRIFT_MAY_FAIL : DRIFT_OK, field->name,
	    arena_printf(arena, "field \"%.*s\" has a new option \"%.*s\"", NAME(field->name),
	                 NAME(option->value)),
	    lost && !passes ? arena_printf(arena, "values = ( (\"%.*s\", \"\") )",
	                                   NAME(option->value)) : none);
}

static void
compare_options(struct look *l, const struct rk_field *old, const struct rk_field *now)
{
	for (uint64_t i = 0; i < old->option_count; i++)
		if (option_of(now, old->options[i].value) == NULL)
			tell_option_gone(l, old, now, &old->options[i]);
	for (uint64_t i = 0; i < now->option_count; i++)
		if (option_of(old, now->options[i].value) == NULL)
			tell_option_new(l, now, &now->options[i]);
}

static void
tell_flag(struct look *l, const struct rk_field *field, enum drift_gravity gravity,
          const char *format)
{
	BUF_AUTO what = BUF_INIT(4096);
	const char *gap = strstr(format, "%s");
	buf_add(&what, format, (size_t)(gap - format));
	buf_addt(&what, field->name);
	buf_adds(&what, gap + 2);
	add(l, gravity, field->name, arena_text(&l->run->arena, buf_text(&what)), none);
}

static bool
is_less(int64_t before, int64_t after)
{
	return after >= 0 && (before < 0 || after < before);
}

/* Of the target: what it takes no more, or wants now. */
static void
compare_limits(struct look *l, const struct rk_field *old, const struct rk_field *now)
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
		    arena_printf(&l->run->arena, "field \"%.*s\" takes %lld characters at most now",
		                 NAME(now->name), (long long)now->max_length), none);
	if (is_less(old->integer_digits, now->integer_digits)
	    || is_less(old->decimals, now->decimals)
	    || !text_eq(old->min_value, now->min_value)
	    || !text_eq(old->max_value, now->max_value))
		tell_flag(l, now, DRIFT_MAY_FAIL, "field \"%s\" takes other numbers now");
}

static void
compare_field(struct look *l, const struct rk_field *old)
{
	const struct rk_field *now = schema_find(l->now, old->name);
	if (now == NULL) {
		tell_gone(l, old);
		return;
	}
	if (now->type != old->type)
		add(l, DRIFT_MAY_FAIL, now->name,
		    arena_printf(&l->run->arena, "field \"%.*s\" was %s and is %s now",
		                 NAME(now->name), value_type_name(old->type),
		                 value_type_name(now->type)), none);
	if (l->target && is_used(l, now->name))
		compare_limits(l, old, now);
	if (is_used(l, now->name))
		compare_options(l, old, now);
}

/* A field that nothing is mapped to: new records will lack it. */
static void
tell_required(struct look *l, const struct rk_field *known, uint64_t count)
{
	for (uint64_t i = 0; l->target && i < l->now->field_count; i++) {
		const struct rk_field *f = &l->now->fields[i];
		bool was = false;
		if ((f->flags & RK_FIELD_REQUIRED) == 0 || is_used(l, f->name))
			continue;
		for (uint64_t k = 0; k < count; k++)
			was |= text_eq(known[k].name, f->name);
		if (!was)
			tell_flag(l, f, DRIFT_WILL_FAIL, "field \"%s\" is required now");
	}
}

/* ---- What becomes of it ---------------------------------------------------------------- */

/* The description as far as the sync uses it. */
static void
encode_now(const struct look *l, struct buf *out)
{
	struct arena *arena = &l->run->arena;
	struct rk_field *kept = arena_new_array(arena, l->now->field_count, struct rk_field);
	uint64_t count = 0;
	for (uint64_t i = 0; i < l->now->field_count; i++)
		if (is_kept(l, &l->now->fields[i]))
			kept[count++] = l->now->fields[i];
	schema_encode_fields(out, kept, count);
}

static bool
keep(struct look *l, const char *side, struct rk_text body)
{
	struct run *run = l->run;
	if (!store_begin(run->store, &run->err)
	    || !store_fields_put(run->store, side, body, &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < l->count; i++)
		if (!store_drift_put(run->store, &l->list[i], &run->err))
			return run_store_failed(run);
	return store_commit(run->store, &run->err) || run_store_failed(run);
}

static void
tell(const struct look *l)
{
	for (size_t i = 0; i < l->count; i++)
		log_info("sync.drift", "sync=%s connection=%s object=%s: %.*s",
		         l->run->sync->name, l->side->connection, l->side->object,
		         NAME(l->list[i].what));
	if (l->count > 0 && l->run->options->drifted != NULL)
		l->run->options->drifted(l->run->options->with, l->list, l->count);
}

static bool
end_run(struct look *l, bool pauses)
{
	struct rk_err err;
	const struct drift *d = l->list;
	while (d->gravity != l->worst)
		d++;
	if (pauses)
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%.*s; the sync's drift says pause: look at "
		        "it, then \"renkei resume %s\"", NAME(d->what), l->run->sync->name);
	else
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%.*s; the sync's drift says refuse: runs "
		        "of \"%s\" end here until the configuration or the field fits",
		        NAME(d->what), l->run->sync->name);
	run_report_failure(l->run, 2, &err, NULL);
	l->run->source.stopped = l->run->target.stopped = true;
	return false;
}

/* Told once, and looked at by each run: what was known stays what it was. */
static bool
refuse(struct look *l, struct rk_text body)
{
	struct run *run = l->run;
	int64_t refused, sum = hash_checksum(body.ptr, body.len);
	if (!store_number_get(run->store, REFUSED, &refused, &run->err))
		return run_store_failed(run);
	if (refused != sum) {
		tell(l);
		if (!store_begin(run->store, &run->err)
		    || !store_number_put(run->store, REFUSED, sum, &run->err)
		    || !store_commit(run->store, &run->err))
			return run_store_failed(run);
	}
	return end_run(l, false);
}

/* The pause first: who dies in between meets the same change again. */
static bool
pause_sync(struct look *l)
{
	struct run *run = l->run;
	struct override pause = { .what = OVERRIDE_ENABLED, .name = run->sync->name, .item = "",
	                          .value = "false", .who = "drift", .at_ms = run_now(run) };
	return override_put(world_host(run->world), &pause, &run->err)
	       || run_store_failed(run);
}

static bool
heed(struct look *l, const char *side, struct rk_text body)
{
	enum config_drift policy = l->run->sync->drift;
	bool pauses = policy == DRIFT_PAUSE && l->worst > DRIFT_OK;
	if (policy == DRIFT_REFUSE && l->worst == DRIFT_WILL_FAIL)
		return refuse(l, body);
	tell(l);
	if ((pauses && !pause_sync(l)) || !keep(l, side, body))
		return false;
	return !pauses || end_run(l, true);
}

bool
drift_look(struct run *run, bool target)
{
	const char *side = target ? "to" : "from";
	BUF_AUTO body = BUF_INIT(FIELDS_MAX);
	struct rk_text before;
	struct look l = { .run = run, .target = target,
	                  .side = target ? &run->sync->to : &run->sync->from,
	                  .now = target ? &run->target_schema : &run->source_schema };
	/* The first pass of a two-way run looked at both sides. */
	if (run->sync->is_back)
		return true;
	if (run->options->mode != SYNC_RUN)
		return true;
	encode_now(&l, &body);
	if (!store_fields_get(run->store, side, &run->arena, &before, &run->err))
		return run_store_failed(run);
	if (text_eq(before, buf_text(&body)))
		return true;
	l.list = arena_new_array(&run->arena, CHANGES_MAX, struct drift);
	struct wire_reader r = wire_reader(before);
	uint64_t count = 0;
	const struct rk_field *known = before.len > 0
		? schema_decode_fields(&r, &run->arena, &count) : NULL;
	for (uint64_t i = 0; known != NULL && i < count; i++)
		if (is_used(&l, known[i].name))
			compare_field(&l, &known[i]);
	if (known != NULL)
		tell_required(&l, known, count);
	return heed(&l, side, buf_text(&body));
}
