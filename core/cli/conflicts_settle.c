/* SPDX-License-Identifier: Apache-2.0
 *
 * conflicts_settle.c - renkei conflicts settle: a person's choice is kept with the
 * question, and its record is due, in one commit; a plain run of the sync carries it out
 * as it does any write.  Whoever was killed in between loses nothing: the next run does. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/conflicts.h"
#include "cli/errors.h"
#include "cli/overrides.h"
#include "cli/report.h"
#include "store/lock.h"
#include "sync/run.h"

struct choice {
	struct app *app;
	const struct config_sync *sync;
	int64_t decision, now_ms;
	int64_t settled;
	struct rk_text *from, *to;     /* Ids of what was settled: 'settled' of each. */
	size_t room;
	const char *changed;           /* Not as it was seen: what it is now. */
};

/* The record is read and merged with the next run.  What may still land comes first, and
 * has it read as well. */
static bool
make_due(struct store *store, const struct conflict *c, int64_t now_ms, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct pending row;
	struct link link;
	if (!store_pending_get(store, c->from_id, &arena, &row, err)
	    || !store_link_get(store, c->from_id, &arena, &link, err))
		return false;
	/* A listing that tells it once more as it was would drop the row. */
	link.from_hash = (struct hash){ 0 };
	if (link.to_id.len > 0 && !store_link_put(store, &link, err))
		return false;
	if (row.state == PENDING_UNKNOWN || row.state == PENDING_UNDECIDED)
		return true;
	if (row.id.len == 0)
		row = (struct pending){ .id = c->from_id, .state = PENDING_QUEUED,
			                .modified_ms = RK_NO_TIME, .first_ms = now_ms };
	if (row.state == PENDING_IGNORED)
		row.state = PENDING_FAILED;
	row.due_ms = now_ms;
	return store_pending_put(store, &row, err);
}

static const char *
shown(struct app *app, const struct rk_text *value)
{
	return arena_printf(&app->arena, "%.*s", (int)value->len, value->ptr).ptr;
}

/* Which records, and what stays and goes: both sides may have a record of that id. */
static void
tell_choice(struct choice *c, const struct conflict *row)
{
	struct app *app = c->app;
	bool from = c->decision == CONFLICT_FROM;
	const char *taken = shown(app, from ? &row->from_value : &row->to_value);
	const char *goes = shown(app, from ? &row->to_value : &row->from_value);
	out_line(&app->out, app_sayf(app, W_CONFLICTS_CHOICE, c->sync->from.connection,
	                             row->from_id.ptr, c->sync->to.connection, row->to_id.ptr,
	                             row->from_field.ptr, taken, goes, NULL));
}

static const char *
say_changed(struct app *app, const struct conflict *row, const char *mark)
{
	if (row->decision != CONFLICT_OPEN)
		return app_sayf(app, W_CONFLICTS_DECIDED, app->seen, row->from_field.ptr,
		                row->decided_by.ptr, mark, NULL);
	return app_sayf(app, W_CONFLICTS_CHANGED, app->seen, row->from_field.ptr,
	                row->from_value.ptr, row->to_value.ptr, mark, NULL);
}

static void
note(struct choice *c, const struct conflict *row)
{
	struct arena *arena = &c->app->arena;
	size_t count = (size_t)c->settled;
	if (count == c->room) {
		c->room = count == 0 ? 32 : count * 2;
		struct rk_text *from = arena_new_array(arena, c->room, struct rk_text);
		struct rk_text *to = arena_new_array(arena, c->room, struct rk_text);
		for (size_t i = 0; i < count; i++) {
			from[i] = c->from[i];
			to[i] = c->to[i];
		}
		c->from = from;
		c->to = to;
	}
	c->from[count] = arena_text(arena, row->from_id);
	c->to[count] = arena_text(arena, row->to_id);
	c->settled++;
}

static bool
decide(void *with, struct store *store, struct conflict *row, struct rk_err *err)
{
	struct choice *c = with;
	struct app *app = c->app;
	const char *mark = conflicts_mark(app, row);
	if (app->seen != NULL && strcmp(app->seen, mark) != 0) {
		c->changed = say_changed(app, row, mark);
		return true;
	}
	row->decision = c->decision;
	row->decided_by = text_of(app_user(app));
	note(c, row);
	if (!app->all)
		tell_choice(c, row);
	return store_conflict_put(store, row, err)
	       && make_due(store, row, c->now_ms, err);
}

static bool
decide_all(struct choice *c, const struct conflicts_pick *pick, struct store **store,
           struct rk_err *err)
{
	int64_t epoch;
	const char *name = pick->sync->name, *dir = app_syncs_dir(c->app);
	struct rk_text identity = sync_identity(pick->sync, &c->app->arena);
	if (!store_open(store, dir, name, identity.ptr, STORE_WRITE, err)
	    || !store_new_epoch(*store, &epoch, err) || !store_begin(*store, err))
		return false;
	if (conflicts_walk(*store, pick, decide, c, err) && c->changed == NULL)
		return store_commit(*store, err);
	store_rollback(*store);
	return c->changed != NULL;
}

/* NULL: the sync may run now. */
static const char *
why_later(struct app *app, const struct config_sync *sync)
{
	const struct override *pause = overrides_pause(app, sync);
	if (pause != NULL)
		return overrides_words(app, sync, pause);
	return overrides_enabled(app, sync) ? NULL : app_sayf(app, W_SYNC_OFF, sync->name, NULL);
}

/* Whether a record of 'ids' is an error of that way.  What cannot be looked at may be
 * one. */
static bool
fails(struct app *app, const struct config_sync *way, const struct rk_text *ids,
      int64_t count)
{
	struct errors_place place;
	struct rk_err err = ERR_INIT;
	bool failed = !errors_open(&place, app, way, &err);
	for (int64_t i = 0; i < count && !failed; i++) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		struct pending row;
		failed = !store_pending_get(place.store, ids[i], &arena, &row, &err)
		         || row.state == PENDING_FAILED || row.state == PENDING_UNDECIDED;
	}
	errors_close(&place);
	return failed;
}

/* The run has told what fails; who settled asks what became of their own records. */
static int
own_code(const struct choice *c, int code)
{
	if (code != EXIT_RECORDS || fails(c->app, c->sync, c->from, c->settled)
	    || fails(c->app, c->sync->back, c->to, c->settled))
		return code;
	return EXIT_DONE;
}

static int
carry_out(const struct choice *c)
{
	struct app *app = c->app;
	const struct config_sync *sync = c->sync;
	int64_t settled = c->settled;
	const char *later = why_later(app, sync);
	out_json_number(&app->out, "settled", settled);
	out_json_str(&app->out, "later", later);
	if (later != NULL) {
		out_line(&app->out, app_sayf(app, W_CONFLICTS_KEPT, app_number(app, settled),
		                             later, NULL));
		return EXIT_DONE;
	}
	out_line(&app->out, app_sayf(app, W_CONFLICTS_SETTLED, app_number(app, settled),
	                             sync->name, NULL));
	out_list(&app->out, "syncs");
	int code = sync_by_hand(app, sync);
	out_list_end(&app->out);
	return own_code(c, code);
}

/* "from" and "to", or the connection of that side where the sides have two; -1: neither. */
static int64_t
decision_of(const char *take, const struct config_sync *sync)
{
	const char *from = sync->from.connection, *to = sync->to.connection;
	if (take == NULL)
		return -1;
	if (strcmp(take, "from") == 0 || strcmp(take, "to") == 0)
		return take[0] == 'f' ? CONFLICT_FROM : CONFLICT_TO;
	if (strcmp(from, to) == 0)
		return -1;
	return strcmp(take, from) == 0 ? CONFLICT_FROM : strcmp(take, to) == 0 ? CONFLICT_TO : -1;
}

int
conflicts_settle(struct app *app, const struct conflicts_pick *pick)
{
	const char *name = pick->sync->name;
	struct rk_err err = ERR_INIT;
	struct store *store = NULL;
	struct choice c = { .app = app, .sync = pick->sync, .now_ms = clock_now_ms(),
		            .decision = decision_of(app->take, pick->sync) };
	if (c.decision < 0)
		return app_usage(app, app_say(app, W_CONFLICTS_FORM));
	FD_AUTO lock = lock_take(app_syncs_dir(app), name, &err);
	bool done = lock >= 0 && decide_all(&c, pick, &store, &err);
	store_close(store);
	if (!done)
		return app_error(app, RK_PAUSE, &err, name);
	if (c.changed != NULL)
		return app_stale(app, c.changed);
	if (c.settled == 0 && pick->id != NULL)
		return conflicts_none(app, pick);
	close(lock);
	lock = -1;
	return carry_out(&c);
}
