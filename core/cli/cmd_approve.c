/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_approve.c - renkei approve: deletions that a run withheld, and a person's word
 * that exactly so many of them are meant.  Another number than waits by now is refused:
 * nobody approves what they have not seen. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/lines.h"
#include "cli/look.h"
#include "cli/report.h"
#include "config/form.h"
#include "store/field_log.h"
#include "store/lock.h"
#include "sync/run.h"

#define SHOWN_MAX 20
#define ROWS_AT_ONCE 1000
/* Of a record, of which one may have its key. */
#define LINES_MOST 50

/* What was last written to one field of the target, if the history still has it. */
static bool
last_value(struct app *app, struct store *store, struct rk_text id, const char *field,
           struct rk_text *value, struct rk_err *err)
{
	struct field_lines lines;
	if (!field_log_of_record(store, id, INT64_MAX, LINES_MOST, &app->arena, &lines, err))
		return false;
	for (size_t i = 0; i < lines.count && value->len == 0; i++)
		for (size_t c = 0; c < lines.list[i].count; c++)
			if (text_is(lines.list[i].changes[c].field, field))
				*value = lines_value(app, &lines.list[i].changes[c].after);
	return true;
}

static bool
key_of(struct app *app, const struct config_sync *sync, struct store *store,
       const struct pending *row, struct rk_text *key, struct rk_err *err)
{
	*key = row->key;
	return key->len > 0 || sync->to.key == NULL
	       || last_value(app, store, row->id, sync->to.key, key, err);
}

static bool
tell_records(struct app *app, const struct config_sync *sync, struct store *store,
             struct rk_err *err)
{
	static const struct column columns[] = {
		{ "id", W_RECORD, 0 }, { "target_id", W_TARGET_RECORD, 0 },
		{ "key", W_KEY, 40 }, { "target_link", W_OPENS_WITH, 0 },
	};
	struct errors_place place = { .app = app, .sync = sync, .store = store };
	struct table t = { .columns = columns, .column_count = 4, .arena = &app->arena };
	struct rk_text key;
	struct pending *rows;
	struct link link;
	size_t count;
	if (!store_pending_held(store, SHOWN_MAX, &app->arena, &rows, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!store_link_get(store, rows[i].id, &app->arena, &link, err)
		    || !key_of(app, sync, store, &rows[i], &key, err))
			return false;
		struct cell *row = table_row(&t);
		row[0] = cell_str(rows[i].id.ptr);
		row[1] = cell_str(link.to_id.len > 0 ? link.to_id.ptr : NULL);
		row[2] = cell_text(key);
		row[3] = cell_text(errors_link(&place, true, link.to_id, &app->arena));
	}
	if (place.tried_to)
		session_close(&place.to);
	out_table(&app->out, "records", &t);
	return true;
}

static int
show(struct app *app, const struct config_sync *sync)
{
	struct store *store;
	struct rk_err err = ERR_INIT;
	int64_t count = 0;
	struct rk_text identity = sync_identity(sync, &app->arena);
	if (!store_open(&store, app_syncs_dir(app), sync->name, identity.ptr, STORE_LOOK, &err))
		return app_error(app, RK_PAUSE, &err, sync->name);
	bool done = look_at_withheld(store, &count, &err);
	out_json_str(&app->out, "sync", sync->name);
	out_json_number(&app->out, "deletions", count);
	if (done && count > 0)
		done = tell_records(app, sync, store, &err);
	store_close(store);
	if (!done)
		return app_error(app, RK_PAUSE, &err, sync->name);
	out_line(&app->out, count == 0
	         ? app_sayf(app, W_APPROVE_NONE, sync->name, NULL)
	         : app_sayf(app, W_APPROVE_HOW, app_number(app, count), sync->name, NULL));
	return EXIT_DONE;
}

static bool
make_due(struct store *store, int64_t now_ms, struct rk_err *err)
{
	size_t count = ROWS_AT_ONCE;
	while (count == ROWS_AT_ONCE) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		struct pending *rows;
		if (!store_pending_held(store, ROWS_AT_ONCE, &arena, &rows, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			rows[i].due_ms = now_ms;
			if (!store_pending_put(store, &rows[i], err))
				return false;
		}
	}
	return store_number_put(store, STORE_WITHHELD, 0, err);
}

/* 'there' is how many wait; nothing is done where that is another number. */
static bool
approve(struct app *app, const struct config_sync *sync, struct store **store,
        int64_t number, int64_t *there, struct rk_err *err)
{
	int64_t epoch;
	struct rk_text identity = sync_identity(sync, &app->arena);
	if (!store_open(store, app_syncs_dir(app), sync->name, identity.ptr, STORE_WRITE, err)
	    || !store_new_epoch(*store, &epoch, err) || !store_begin(*store, err))
		return false;
	if (look_at_withheld(*store, there, err)
	    && (*there != number || make_due(*store, clock_now_ms(), err)))
		return store_commit(*store, err);
	store_rollback(*store);
	return false;
}

int
cmd_approve(struct app *app, int argc, char **argv)
{
	const struct config_sync *sync;
	if (!app_load(app) || (sync = app_sync(app, argv[1])) == NULL)
		return EXIT_USAGE;
	if (argc == 2)
		return show(app, sync);
	const char *expected = form_count(argv[2]);
	if (expected != NULL)
		return app_usage(app, app_sayf(app, W_OVERRIDE_VALUE, argv[2],
		                               app_told(app, text_of(expected)).ptr, NULL));
	app->acts = true;
	struct store *store = NULL;
	struct rk_err err = ERR_INIT;
	int64_t number = atoll(argv[2]), there = 0;
	FD_AUTO lock = lock_take(app_syncs_dir(app), sync->name, &err);
	bool done = lock >= 0 && approve(app, sync, &store, number, &there, &err);
	store_close(store);
	if (!done)
		return app_error(app, RK_PAUSE, &err, sync->name);
	if (there != number)
		return app_usage(app, app_sayf(app, W_APPROVE_OTHER, argv[2],
		                               app_number(app, there), NULL));
	close(lock);
	lock = -1;
	out_list(&app->out, "syncs");
	int code = sync_by_hand(app, sync);
	out_list_end(&app->out);
	return code;
}
