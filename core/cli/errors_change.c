/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_change.c - renkei errors resync, ignore and settle.  Rows change under the
 * sync's lock and a new epoch, as no run is beside them then; what is to be done at
 * once is done by a plain run of the sync, which takes up what is due. */
#include <unistd.h>

#include "base/clock.h"
#include "base/zone.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/errors.h"
#include "cli/report.h"
#include "store/lock.h"

struct change {
	struct app *app;
	struct store *file, *store;    /* store: the tables of the rows' way. */
	unsigned states;               /* What the verb takes. */
	int64_t now_ms;
	struct rk_text created_as;     /* settle: the target's id; empty: not there. */
	struct rk_err err;
};

/* False: 'err' says why nothing may change. */
typedef bool change_row(struct change *c, struct pending *row);

/* One that was deleted at the target: this is the word that it is to be made anew. */
static bool
want_anew(struct change *c, const struct pending *row)
{
	struct tomb tomb;
	if (!text_eq(row->code, TEXT_LIT(RK_CODE_RECORD_GONE)))
		return true;
	if (!store_tomb_get(c->store, row->id, &c->app->arena, &tomb, &c->err))
		return false;
	tomb.why = TOMB_ANEW;
	return tomb.from_id.len == 0 || store_tomb_put(c->store, &tomb, &c->err);
}

static bool
make_due(struct change *c, struct pending *row)
{
	if (!want_anew(c, row))
		return false;
	row->state = PENDING_FAILED;
	row->due_ms = c->now_ms;
	return true;
}

static bool
set_aside(struct change *c, struct pending *row)
{
	(void)c;
	row->state = PENDING_IGNORED;
	row->due_ms = INT64_MAX;
	return true;
}

/* The record is there: it is linked, and the next run writes today's values to it. */
static bool
link_to_target(struct change *c, const struct pending *row)
{
	struct link other;
	if (!store_link_by_target(c->store, c->created_as, row->id, &c->app->arena,
	                          &other, &c->err))
		return false;
	if (other.from_id.len > 0) {
		err_set(&c->err, RK_REJECT, RK_CAT_CONFIG,
		        "record %s of the target belongs to record %s of the source "
		        "already; name the record that the lost create made, or use "
		        "--not-created", c->created_as.ptr, other.from_id.ptr);
		return false;
	}
	struct link link = { .from_id = row->id, .to_id = c->created_as,
		             .key_hash = row->key_hash, .from_ms = RK_NO_TIME,
		             .hold_until_ms = row->hold_until_ms };
	return store_link_put(c->store, &link, &c->err);
}

static bool
settle(struct change *c, struct pending *row)
{
	bool there = c->created_as.len > 0;
	if (!there && row->believe_after_ms > c->now_ms) {
		BUF_AUTO time = BUF_INIT(64);
		zone_format(&time, row->believe_after_ms);
		err_set(&c->err, RK_AGAIN, RK_CAT_CONFIG,
		        "the create of record %s may still land until %s; look again "
		        "after that, then settle it", row->id.ptr, buf_str(&time));
		return false;
	}
	if (there && !link_to_target(c, row))
		return false;
	row->state = PENDING_QUEUED;
	row->operation = 0;
	row->key = row->message = (struct rk_text){ NULL, 0 };
	row->key_hash = 0;
	row->hold_until_ms = row->believe_after_ms = 0;
	/* What is known from here on is not in doubt any more (sync/doubt.c). */
	row->first_ms = row->due_ms = c->now_ms;
	return true;
}

static bool
change_rows(struct change *c, const struct errors_found *found, change_row *how)
{
	for (size_t i = 0; i < found->count; i++) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		struct pending row;
		if (!store_pending_get(c->store, found->ids[i], &arena, &row, &c->err))
			return false;
		/* A run may have mended it since it was looked for, or made of it what
		 * a person must decide. */
		if (row.id.len > 0 && (c->states & ERRORS_STATE(row.state)) != 0
		    && (!how(c, &row) || !store_pending_put(c->store, &row, &c->err)))
			return false;
	}
	return true;
}

static bool
change_all(struct change *c, const struct errors_found *found, change_row *how)
{
	int64_t epoch;
	const char *name = found->sync->name;
	struct rk_text identity = sync_identity(found->sync, &c->app->arena);
	if (!store_open(&c->file, app_syncs_dir(c->app), name, identity.ptr, STORE_WRITE,
	                &c->err)
	    || !store_new_epoch(c->file, &epoch, &c->err))
		return false;
	c->store = found->sync->is_back ? store_back(c->file, &c->err) : c->file;
	if (c->store == NULL || !store_begin(c->file, &c->err))
		return false;
	if (change_rows(c, found, how))
		return store_commit(c->file, &c->err);
	store_rollback(c->file);
	return false;
}

static int
change(struct app *app, const struct errors_found *found, change_row *how,
       unsigned states, struct rk_text created_as)
{
	struct change c = { .app = app, .states = states, .now_ms = clock_now_ms(),
		            .created_as = created_as, .err = ERR_INIT };
	FD_AUTO lock = lock_take(app_syncs_dir(app), found->sync->name, &c.err);
	bool done = lock >= 0 && change_all(&c, found, how);
	store_close(c.file);
	return done ? EXIT_DONE : app_error(app, RK_PAUSE, &c.err, found->sync->name);
}

bool
errors_make_due(struct app *app, const struct errors_found *found, int *code)
{
	*code = change(app, found, make_due, ERRORS_STATE(PENDING_FAILED),
	               (struct rk_text){ NULL, 0 });
	return *code == EXIT_DONE;
}

/* ---- Verbs ----------------------------------------------------------------- */

/* Of one sync: one entry, and one more for its way back. */
struct changed {
	const struct errors_found *ways;
	size_t way_count, rows;
};

static const char *
name_of(const struct changed *c)
{
	return c->ways[0].sync->name;
}

static struct changed
take_sync(const struct errors_found *found, size_t count)
{
	struct changed c = { .ways = found };
	while (c.way_count < count && found[c.way_count].sync->name == found[0].sync->name)
		c.rows += found[c.way_count++].count;
	return c;
}

static int
change_sync(struct app *app, const struct changed *c, change_row *how, unsigned states)
{
	int code = EXIT_DONE;
	for (size_t i = 0; i < c->way_count && code == EXIT_DONE; i++)
		if (c->ways[i].count > 0)
			code = change(app, &c->ways[i], how, states, text_of(app->created_as));
	return code;
}

/* Changes what was found in every sync; 'then' is done once where it could be. */
static int
change_found(struct app *app, const struct errors_pick *pick, change_row *how,
             int (*then)(struct app *app, const struct changed *c))
{
	struct errors_found *found;
	size_t count, rows = 0;
	int code = errors_find(app, pick, &found, &count);
	if (code != EXIT_DONE)
		return code;
	out_list(&app->out, "syncs");
	for (size_t i = 0; i < count;) {
		struct changed c = take_sync(&found[i], count - i);
		i += c.way_count;
		rows += c.rows;
		if (c.rows == 0)
			continue;
		int changed = change_sync(app, &c, how, pick->states);
		code = exit_worse(code, changed == EXIT_DONE ? then(app, &c) : changed);
	}
	out_list_end(&app->out);
	if (rows == 0)
		out_line(&app->out, app_say(app, W_ERRORS_NONE_FIT));
	return code;
}

static bool
stays(void *with, struct errors_place *place, const struct pending *row)
{
	(void)place;
	*(size_t *)with += row->state >= PENDING_FAILED;
	return true;
}

/* How many of them are errors still. */
static size_t
count_left(struct app *app, const struct changed *c)
{
	size_t left = 0;
	for (size_t w = 0; w < c->way_count; w++) {
		const struct errors_found *way = &c->ways[w];
		char **ids = arena_new_array(&app->arena, way->count, char *);
		for (size_t i = 0; i < way->count; i++)
			ids[i] = (char *)(uintptr_t)way->ids[i].ptr;
		struct errors_pick these = { .ids = ids, .id_count = way->count };
		if (way->count > 0)
			errors_walk_way(app, &these, way->sync, stays, &left);
	}
	return left;
}

static int
run_sync(struct app *app, const struct changed *c)
{
	/* Both ways, whichever has the rows. */
	int code = sync_by_hand(app, config_sync(&app->config, name_of(c)));
	if (code == EXIT_USAGE)
		return code;
	size_t left = count_left(app, c);
	out_line(&app->out, app_sayf(app, left > 0 ? W_ERRORS_STAY : W_ERRORS_GONE,
	                             app_number(app, (int64_t)c->rows),
	                             app_number(app, (int64_t)left), name_of(c), NULL));
	return code;
}

static int
tell_ignored(struct app *app, const struct changed *c)
{
	const char *rows = app_number(app, (int64_t)c->rows);
	out_group(&app->out, NULL, NULL);
	out_json_str(&app->out, "name", name_of(c));
	out_json_number(&app->out, "ignored", (int64_t)c->rows);
	out_line(&app->out, app_sayf(app, W_ERRORS_SET_ASIDE, rows, name_of(c), NULL));
	out_group_end(&app->out);
	return EXIT_DONE;
}

int
errors_resync(struct app *app, const struct errors_pick *pick)
{
	return change_found(app, pick, make_due, run_sync);
}

int
errors_ignore(struct app *app, const struct errors_pick *pick)
{
	return change_found(app, pick, set_aside, tell_ignored);
}

/* A record that is linked to one that is not there could never be written. */
static int
check_target(struct app *app, const struct config_sync *sync)
{
	struct errors_place place;
	struct rk_record there = { 0 };
	struct rk_err err = ERR_INIT;
	int32_t status = err_set(&err, RK_PAUSE, RK_CAT_CONFIG,
	                         "the connection cannot be used; run \"renkei check\"");
	if (errors_open(&place, app, sync, &err) && errors_session(&place, true) != NULL)
		status = errors_ask(&place, RK_BY_IDS, text_of(sync->to.key),
		                    text_of(app->created_as), &there, &err);
	errors_close(&place);
	if (status != RK_OK)
		return app_error(app, status, &err, sync->to.connection);
	if (text_is(there.id, app->created_as))
		return EXIT_DONE;
	return app_usage(app, app_sayf(app, W_NO_SUCH_TARGET, sync->to.connection,
	                               sync->to.object, app->created_as, NULL));
}

int
errors_settle(struct app *app, const struct errors_pick *pick)
{
	struct errors_found *found;
	size_t count;
	if ((app->created_as != NULL) == app->not_created || pick->id_count != 1)
		return app_usage(app, app_say(app, W_ERRORS_SETTLE_FORM));
	if (app->created_as != NULL) {
		int code = errors_find(app, pick, &found, &count);
		for (size_t i = 0; i < count && code == EXIT_DONE; i++)
			if (found[i].count > 0)
				code = check_target(app, found[i].sync);
		if (code != EXIT_DONE)
			return code;
	}
	return change_found(app, pick, settle, run_sync);
}
