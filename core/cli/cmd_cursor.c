/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_cursor.c - renkei cursor: shows where reading stands, moves it, or makes the
 * sync begin anew.  A change takes the sync's lock and a new epoch: no run is
 * beside it, and one that comes back from the dead can change nothing. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/look.h"
#include "config/form.h"
#include "store/lock.h"
#include "sync/run.h"

static int
show(struct app *app, const struct config_sync *sync)
{
	struct look look = { 0 };
	struct rk_err err;
	struct out *o = &app->out;
	int64_t links;
	if (!look_at_sync(app, sync, 1, &look, &err)
	    || !look_at_links(app, sync, &links, &err))
		return app_error(app, RK_PAUSE, &err, sync->name);
	out_str(o, "sync", W_SYNC, sync->name);
	out_time(o, "read_up_to", W_READ_UP_TO, look.cursor.watermark_ms);
	out_time(o, "start", W_START, look.cursor.origin_ms);
	out_yes(o, "listing", W_LISTING_OPEN, look.cursor.listing);
	if (look.cursor.listing)
		out_time(o, "listing_since", W_LISTING_SINCE, look.cursor.since_ms);
	out_yes(o, "page_token", W_PAGE_TOKEN, look.cursor.listing && look.cursor.token.len > 0);
	out_number(o, "journal", W_JOURNAL, look.journal);
	out_number(o, "links", W_LINKS, links);
	out_number(o, "waiting", W_WAITING,
	           look.pending.queued + look.pending.unknown + look.pending.undecided);
	out_number(o, "failed", W_FAILED, look.pending.failed);
	return EXIT_DONE;
}

/* ---- Changes ----------------------------------------------------------- */

struct change {
	const struct config_sync *sync;
	int64_t to_ms;
	bool reset, links, other;      /* 'other': the state is of other objects. */
};

static bool
set_cursor(struct store *store, struct arena *arena, int64_t ms, struct rk_err *err)
{
	struct cursor c;
	if (!store_cursor_get(store, arena, &c, err))
		return false;
	/* A mapping that changes later reads from the start again: not from one
	 * that lies behind what is asked for now. */
	if (c.watermark_ms == RK_NO_TIME
	    || (c.origin_ms != RK_NO_TIME && c.origin_ms > ms))
		c.origin_ms = ms;
	c.watermark_ms = ms;
	c.since_ms = ms;
	c.listing = false;
	c.token = (struct rk_text){ NULL, 0 };
	return store_cursor_put(store, &c, err);
}

/* Opens the state; that of other objects only to be reset as a whole. */
static bool
open_state(struct app *app, struct change *change, struct store **store,
           struct rk_err *err)
{
	const char *dir = app_syncs_dir(app), *name = change->sync->name;
	struct rk_text identity = sync_identity(change->sync, &app->arena);
	if (store_open(store, dir, name, identity.ptr, STORE_WRITE, err))
		return true;
	struct rk_err second;
	change->other = change->reset && err->category == RK_CAT_CONFIG
	                && store_open(store, dir, name, NULL, STORE_WRITE, &second);
	return change->other;
}

static bool
make_change(struct app *app, struct change *change, struct store *store,
            struct rk_err *err)
{
	int64_t epoch;
	struct rk_text identity = sync_identity(change->sync, &app->arena);
	if (!store_new_epoch(store, &epoch, err) || !store_begin(store, err))
		return false;
	/* Links to records of other objects would be worse than none. */
	bool done = change->reset ? store_reset(store, change->links || change->other,
	                                        identity.ptr, err)
	                          : set_cursor(store, &app->arena, change->to_ms, err);
	if (done)
		return store_commit(store, err);
	store_rollback(store);
	return false;
}

static int
apply(struct app *app, struct change *change)
{
	struct rk_err err = ERR_INIT;
	struct store *store = NULL;
	const char *name = change->sync->name;
	FD_AUTO lock = lock_take(app_syncs_dir(app), name, &err);
	bool done = lock >= 0 && open_state(app, change, &store, &err)
	            && make_change(app, change, store, &err);
	store_close(store);
	if (!done)
		return app_error(app, RK_PAUSE, &err, name);
	if (change->reset)
		out_line(&app->out, app_sayf(app, change->links || change->other
			? W_RESET_ALL : W_RESET, name, NULL));
	out_flush(&app->out);
	return show(app, change->sync);
}

static int
set(struct app *app, const struct config_sync *sync, const char *time)
{
	const char *wanted = time != NULL ? form_start(time) : "";
	if (wanted != NULL || strcmp(time, "all") == 0)
		return app_usage(
			app, app_sayf(app, W_BAD_TIME, time != NULL ? time : "", NULL));
	struct change change = { .sync = sync, .to_ms = form_start_ms(time) };
	if (change.to_ms == CONFIG_START_NOW)
		change.to_ms = clock_now_ms();
	return apply(app, &change);
}

int
cmd_cursor(struct app *app, int argc, char **argv)
{
	const char *verb = argv[1], *time = argc > 3 ? argv[3] : NULL;
	bool is_set = strcmp(verb, "set") == 0, is_reset = strcmp(verb, "reset") == 0;
	if ((time != NULL) != is_set)
		return app_usage(app, app_sayf(app, is_set ? W_TOO_FEW : W_TOO_MANY,
		                               argv[0], app->command->arguments, NULL));
	const struct config_sync *sync;
	app->acts = is_set || is_reset;
	if (!app_load(app) || (sync = app_sync(app, argv[2])) == NULL)
		return EXIT_USAGE;
	if (is_set)
		return set(app, sync, time);
	if (!is_reset)
		return show(app, sync);
	struct change change = { .sync = sync, .reset = true, .links = app->links };
	return apply(app, &change);
}
