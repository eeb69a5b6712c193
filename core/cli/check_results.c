/* SPDX-License-Identifier: Apache-2.0
 *
 * check_results.c - what renkei check --online looks at beyond accounts and fields: for
 * each sync a sample that is read back from the target, the last runs, fields that changed,
 * and the errors on record.  What is wrong with a connection or a mapping, cmd_check.c has
 * said before. */
#include "cli/check.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/drift.h"
#include "cli/look.h"
#include "record/value.h"

/* More says little of how it is today. */
#define RUNS_LOOKED_AT 10
#define SHOWN_MAX 4096

/* ---- The sample ---------------------------------------------------------------- */

/* In JSON the state's own name. */
static void
tell_state(struct app *app, const char *name, enum word word)
{
	out_str(&app->out, "sample", W_SAMPLE, app_code(app, word, name));
}

static int
tell_gone(struct errors_place *place, const struct link *link)
{
	struct app *app = place->app;
	tell_state(app, "gone", W_SAMPLE_GONE);
	errors_tell_record(place, false, link->from_id,
	                   errors_link(place, false, link->from_id, &app->arena));
	out_flush(&app->out);
	struct rk_err err;
	err_set(&err, RK_PAUSE, RK_CAT_OTHER, "%s",
	        app_sayf(app, W_SAMPLE_GONE_IS, place->sync->name,
	                 arena_text(&app->arena, link->to_id).ptr, place->sync->to.connection,
	                 place->sync->to.object, NULL));
	app_error(app, RK_PAUSE, &err, place->sync->name);
	return EXIT_RECORDS;
}

static void
tell_there(struct errors_place *place, const struct link *link,
           const struct rk_record *there)
{
	struct app *app = place->app;
	BUF_AUTO key = BUF_INIT(SHOWN_MAX);
	value_show(&key, &there->values[0]);
	tell_state(app, "there", W_SAMPLE_THERE);
	errors_tell_record(place, false, link->from_id,
	                   errors_link(place, false, link->from_id, &app->arena));
	errors_tell_record(place, true, there->id,
	                   there->link.len > 0 ? there->link
	                   : errors_link(place, true, there->id, &app->arena));
	out_text(&app->out, "key", W_KEY, buf_text(&key));
}

/* Asks the target for the record that was linked last: one call. */
static int
look_at_sample(struct errors_place *place)
{
	struct app *app = place->app;
	struct link link;
	struct rk_record there;
	struct rk_err err = ERR_INIT;
	if (!store_link_newest(place->store, &app->arena, &link, &err))
		return app_error(app, RK_PAUSE, &err, place->sync->name);
	if (link.to_id.len == 0) {
		tell_state(app, "none", W_SAMPLE_NONE);
		out_line(&app->out, app_sayf(app, W_SAMPLE_FIRST, place->sync->name, NULL));
		return EXIT_DONE;
	}
	int32_t status = errors_ask(place, RK_BY_IDS, text_of(place->sync->to.key),
	                            link.to_id, &there, &err);
	if (status != RK_OK) {
		tell_state(app, "unknown", W_SAMPLE_UNKNOWN);
		out_flush(&app->out);
		return app_error(app, status, &err, place->sync->to.connection);
	}
	if (!text_eq(there.id, link.to_id)
	    || (there.flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
		return tell_gone(place, &link);
	tell_there(place, &link, &there);
	return EXIT_DONE;
}

/* ---- The last runs ------------------------------------------------------------- */

/* What comes often points to the network, or to a limit of the CRM.  A newest run that was
 * stopped is a finding, unless by credentials or configuration: these the check itself has
 * just proved. */
static int
look_at_runs(struct app *app, const struct config_sync *sync, const struct look *look)
{
	struct out *o = &app->out;
	int64_t stopped = 0, by_config = 0;
	for (size_t i = 0; i < look->run_count; i++) {
		stopped += look_was_stopped(&look->runs[i]);
		by_config += look->runs[i].exit_code == EXIT_USAGE;
	}
	out_json_number(o, "runs", (int64_t)look->run_count);
	out_json_number(o, "runs_stopped", stopped);
	if (stopped > 0)
		out_line(o, app_sayf(app, by_config == stopped ? W_RUNS_CONFIG
		                                               : W_RUNS_STOPPED,
		                     app_number(app, stopped),
		                     app_number(app, (int64_t)look->run_count), NULL));
	out_json_str(o, "reason", look_reason(app, sync, look));
	look_tell_reason(app, sync, look);
	int64_t newest = look->run_count > 0 ? look->runs[0].exit_code : EXIT_DONE;
	return newest == EXIT_FAILED || newest == EXIT_HELD ? EXIT_RECORDS : EXIT_DONE;
}

/* ---- Fields that changed --------------------------------------------------------- */

/* Adds those of one side since the last run looked; a schema that was not told has none. */
static bool
look_between(struct errors_place *place, bool target, const struct rk_schema *now,
             struct drift *list, size_t *count, struct rk_err *err)
{
	struct drift *found;
	size_t more;
	if (!drift_between(place->app, place->sync, target, now, place->store, &found, &more,
	                   err))
		return false;
	memcpy(list + *count, found, more * sizeof *list);
	*count += more;
	return true;
}

/* First what no run has seen yet, then what runs have told and still stands. */
static int
look_at_drift(struct errors_place *place, const struct check_seen *seen,
              const struct look *look)
{
	struct app *app = place->app;
	struct rk_err err = ERR_INIT;
	size_t count = 0;
	struct drift *list = arena_new_array(&app->arena, 2 * DRIFT_CHANGES_MAX, struct drift);
	if ((seen->has_from && !look_between(place, false, &seen->from, list, &count, &err))
	    || (seen->has_to && !look_between(place, true, &seen->to, list, &count, &err)))
		return app_error(app, RK_PAUSE, &err, place->sync->name);
	if (count > 0)
		out_line(&app->out, app_say(app, W_DRIFT_NEW));
	drift_tell(app, "drift_new", list, count);
	if (look->drift_count > 0)
		out_line(&app->out, app_say(app, W_DRIFT_STANDS));
	drift_tell(app, "drift", look->drift, look->drift_count);
	return drift_breaks(list, count) || drift_breaks(look->drift, look->drift_count)
	       ? EXIT_RECORDS : EXIT_DONE;
}

/* ---- The errors on record ------------------------------------------------------ */

struct tally {
	int64_t kinds[ERRORS_KINDS], all;
	int kind;                      /* Of the first one, as the texts. */
	struct rk_text id, field, message;
	const char *code;
};

static bool
count_error(void *with, struct errors_place *place, const struct pending *row)
{
	struct tally *t = with;
	struct arena *arena = &place->app->arena;
	int kind = errors_kind(row);
	t->kinds[kind]++;
	if (t->all++ > 0)
		return true;
	t->kind = kind;
	t->id = arena_text(arena, row->id);
	t->field = arena_text(arena, row->field);
	t->message = arena_text(arena, row->message);
	t->code = arena_text(arena, row->code).ptr;
	return true;
}

static void
tell_kinds(struct app *app, const struct config_sync *sync, const struct tally *tally)
{
	static const struct column columns[] = {
		{ "title", W_CATEGORY, 0 }, { "category", W_OPTION_VALUE, 0 },
		{ "records", W_RECORDS, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 3 };
	for (int kind = 1; kind < ERRORS_KINDS; kind++) {
		if (tally->kinds[kind] == 0)
			continue;
		struct cell *row = table_row(&t);
		row[0] = cell_str(errors_explain(app, sync, kind, NULL).title);
		row[1] = cell_str(errors_kind_name(kind));
		row[2] = cell_number(tally->kinds[kind]);
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "categories", &t);
}

static void
tell_first(struct errors_place *place, const struct tally *tally)
{
	struct app *app = place->app;
	struct out *o = &app->out;
	struct explained e = errors_explain(app, place->sync, tally->kind, tally->code);
	out_group(o, "first", app_say(app, W_FIRST_ERROR));
	errors_tell_record(place, false, tally->id,
	                   errors_link(place, false, tally->id, &app->arena));
	out_str(o, "category", W_CATEGORY, errors_kind_shown(app, tally->kind, tally->code));
	out_text(o, "field", W_FIELD, tally->field);
	out_text(o, "message", W_MESSAGE, app_told(app, tally->message));
	errors_tell_explained(app, &e);
	out_group_end(o);
	out_line(o, app_sayf(app, W_SEE_ERRORS, place->sync->name, NULL));
}

static int
look_at_errors(struct errors_place *place)
{
	struct app *app = place->app;
	struct tally tally = { .all = 0 };
	struct errors_pick pick = {
		.states = ERRORS_STATE(PENDING_FAILED) | ERRORS_STATE(PENDING_UNDECIDED) };
	int code = errors_walk(app, &pick, place->sync, count_error, &tally);
	out_number(&app->out, "errors", W_ERRORS, tally.all);
	tell_kinds(app, place->sync, &tally);
	if (tally.all == 0)
		return code;
	tell_first(place, &tally);
	return exit_worse(code, EXIT_RECORDS);
}

/* ---- Each sync ----------------------------------------------------------------- */

int
check_results(struct app *app, const struct config_sync *sync,
              const struct check_seen *seen)
{
	struct errors_place place;
	struct look look = { 0 };
	struct rk_err err = ERR_INIT;
	int code = EXIT_DONE;
	out_line(&app->out, "");
	out_group(&app->out, NULL, app_sayf(app, W_SYNC_IS, sync->name, NULL));
	out_json_str(&app->out, "sync", sync->name);
	if (look_at_sync(app, sync, RUNS_LOOKED_AT, &look, &err)
	    && errors_open(&place, app, sync, &err)) {
		if (seen->sound)
			code = look_at_sample(&place);
		code = exit_worse(code, look_at_runs(app, sync, &look));
		code = exit_worse(code, look_at_drift(&place, seen, &look));
		code = exit_worse(code, look_at_errors(&place));
		errors_close(&place);
	} else {
		out_flush(&app->out);
		code = app_error(app, RK_PAUSE, &err, sync->name);
	}
	out_group_end(&app->out);
	return code;
}
