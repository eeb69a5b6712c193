/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.c - see drift.h. */
#include "cli/drift.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "sync/drift.h"

#define TOLD_MS (7 * 24 * 3600 * (int64_t)1000)
#define WORDS_MAX (64u * 1024)

static const struct {
	const char *code;
	enum word word;
} gravities[DRIFT_GRAVITIES] = {
	[DRIFT_OK] = { "ok", W_DRIFT_OK },
	[DRIFT_MAY_FAIL] = { "may-fail", W_DRIFT_MAY_FAIL },
	[DRIFT_WILL_FAIL] = { "will-fail", W_DRIFT_WILL_FAIL },
};

/* ---- Which stand ----------------------------------------------------------------- */

/* The field changed again: what was told then may not hold any more. */
static bool
is_overtaken(const struct drift *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (list[i].target == list[at].target && text_eq(list[i].field, list[at].field)
		    && list[i].at_ms > list[at].at_ms)
			return true;
	return false;
}

static bool
is_refused_still(struct store *store, const struct drift *d, bool *still, struct rk_err *err)
{
	int64_t refused = 0;
	const char *name = d->target ? STORE_DRIFT_REFUSED "to" : STORE_DRIFT_REFUSED "from";
	if (d->refused != 0 && !store_number_get(store, name, &refused, err))
		return false;
	*still = d->refused == refused;
	return true;
}

static bool
stands(const struct config_sync *sync, struct store *store, struct drift *d, bool *stands,
       struct rk_err *err)
{
	*stands = false;
	if (d->gravity == DRIFT_OK || d->rule != drift_rule(sync, d->target, d->field))
		return true;
	if (!store_pending_at_field(store, d->field, &d->waiting, err)
	    || !is_refused_still(store, d, stands, err))
		return false;
	*stands = *stands && (d->waiting > 0 || d->refused != 0
	                      || clock_now_ms() - d->at_ms < TOLD_MS);
	return true;
}

bool
drift_standing(struct app *app, const struct config_sync *sync, struct store *store,
               struct drift **list, size_t *count, struct rk_err *err)
{
	struct drift *all;
	size_t known;
	*count = 0;
	if (!store_drift_list(store, STORE_DRIFT_KEPT, &app->arena, &all, &known, err))
		return false;
	*list = arena_new_array(&app->arena, known, struct drift);
	for (size_t i = 0; i < known; i++) {
		bool yes;
		if (is_overtaken(all, i))
			continue;
		if (!stands(sync, store, &all[i], &yes, err))
			return false;
		if (yes)
			(*list)[(*count)++] = all[i];
	}
	return true;
}

bool
drift_between(struct app *app, const struct config_sync *sync, bool target,
              const struct rk_schema *now, struct store *store, struct drift **list,
              size_t *count, struct rk_err *err)
{
	struct rk_text before;
	struct drift_look l = { .sync = sync, .target = target, .now = now, .store = store,
	                        .side = target ? &sync->to : &sync->from,
	                        .arena = &app->arena, .at_ms = clock_now_ms() };
	if (!store_fields_get(store, target ? "to" : "from", &app->arena, &before, err))
		return false;
	drift_compare(&l, before);
	*list = l.list;
	*count = l.count;
	return true;
}

bool
drift_breaks(const struct drift *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].gravity == DRIFT_WILL_FAIL)
			return true;
	return false;
}

/* ---- Telling ---------------------------------------------------------------------- */

void
drift_words(struct app *app, struct buf *out, const struct drift *d)
{
	buf_addf(out, "%.*s %.*s: ", (int)d->connection.len, d->connection.ptr,
	         (int)d->object.len, d->object.ptr);
	buf_addt(out, app_told(app, d->what));
	buf_addf(out, "\n    %s\n", app_say(app, gravities[d->gravity].word));
	if (d->lines.len > 0)
		buf_addf(out, "    %s\n", app_sayf(app, W_DRIFT_LINES,
		                                   arena_text(&app->arena, d->lines).ptr, NULL));
	if (d->advice.len > 0)
		buf_addf(out, "    %s\n", app_sayf(app, W_DRIFT_ADVICE,
		                                   arena_text(&app->arena, d->advice).ptr, NULL));
	if (d->waiting > 0)
		buf_addf(out, "    %s\n", app_sayf(app, W_DRIFT_WAITING,
		                                   app_number(app, d->waiting), NULL));
}

static void
tell_json(struct app *app, const char *name, const struct drift *list, size_t count)
{
	static const struct column columns[] = {
		{ "at", W_TIME, 0 }, { "connection", W_CONNECTION, 0 }, { "object", W_OBJECT, 0 },
		{ "field", W_FIELD, 0 }, { "what", W_MESSAGE, 0 }, { "gravity", W_STATE, 0 },
		{ "lines", W_MAPPING_LINE, 0 }, { "suggested", W_VALUE, 0 },
		{ "waiting", W_WAITING, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	for (size_t i = 0; i < count; i++) {
		const struct drift *d = &list[i];
		struct cell *row = table_row(&t);
		row[0] = cell_time(d->at_ms);
		row[1] = cell_text(d->connection);
		row[2] = cell_text(d->object);
		row[3] = cell_text(d->field);
		row[4] = cell_text(app_told(app, d->what));
		row[5] = cell_str(gravities[d->gravity].code);
		row[6] = cell_text(d->lines);
		row[7] = cell_text(d->advice);
		row[8] = cell_number(d->waiting);
	}
	out_table(&app->out, name, &t);
}

void
drift_tell(struct app *app, const char *name, const struct drift *list, size_t count)
{
	BUF_AUTO words = BUF_INIT(WORDS_MAX);
	if (app->json) {
		tell_json(app, name, list, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		drift_words(app, &words, &list[i]);
	for (struct rk_text rest = buf_text(&words); rest.len > 0;) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end != NULL ? (size_t)(end - rest.ptr) : rest.len;
		out_line(&app->out, arena_text(&app->arena,
		                               (struct rk_text){ rest.ptr, len }).ptr);
		len += end != NULL;
		rest = (struct rk_text){ rest.ptr + len, rest.len - len };
	}
}
