/* SPDX-License-Identifier: Apache-2.0
 *
 * watch.c - see watch.h. */
#include "store/watch.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct watch_row {
	const char *sync;
	struct watch watch;
};

static const struct watch unknown = { .state = WATCH_WELL, .since_ms = RK_NO_TIME,
                                      .good_ms = RK_NO_TIME };

bool
watch_is_good(enum watch_state state)
{
	return state <= WATCH_RECORDS || state == WATCH_DELETIONS || state == WATCH_CONFLICTS
	       || state == WATCH_RECORDS_AND_CONFLICTS;
}

static struct watch
read_watch(sqlite3_stmt *st)
{
	int64_t state = sqlite3_column_int64(st, 0);
	bool fits = state >= 0 && state < WATCH_STATES;
	return (struct watch){ .known = true,
	                       .state = fits ? (enum watch_state)state : WATCH_FAILING,
	                       .since_ms = sqlite3_column_int64(st, 1),
	                       .good_ms = sqlite3_column_int64(st, 2) };
}

struct watch
watch_get(struct host *h, const char *sync)
{
	struct watch watch = unknown;
	sqlite3_stmt *st = host_prepare(h, "SELECT state, since, good FROM watch"
	                                " WHERE sync = ?1");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		watch = read_watch(st);
	sqlite3_finalize(st);
	return watch;
}

static void
add_row(struct watches *all, size_t *room, const struct watch_row *row, struct arena *arena)
{
	if (all->count == *room) {
		struct watch_row *old = all->list;
		*room = *room > 0 ? 2 * *room : 64;
		all->list = arena_new_array(arena, *room, struct watch_row);
		if (all->count > 0)
			memcpy(all->list, old, all->count * sizeof *old);
	}
	all->list[all->count++] = *row;
}

struct watches
watch_list(struct host *h, struct arena *arena)
{
	struct watches all = { NULL, 0 };
	size_t room = 0;
	sqlite3_stmt *st = host_prepare(h, "SELECT state, since, good, sync FROM watch"
	                                " ORDER BY sync");
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 3);
		struct watch_row row = { arena_str(arena, name != NULL ? name : ""),
		                         read_watch(st) };
		add_row(&all, &room, &row, arena);
	}
	sqlite3_finalize(st);
	return all;
}

static int
by_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct watch_row *)row)->sync);
}

struct watch
watch_of(const struct watches *all, const char *sync)
{
	const struct watch_row *row = all->count == 0 ? NULL
		: bsearch(sync, all->list, all->count, sizeof *all->list, by_name);
	return row != NULL ? row->watch : unknown;
}

bool
watch_put(struct host *h, const char *sync, const struct watch *watch, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO watch(sync, state, since, good)"
	                                " VALUES(?1, ?2, ?3, ?4)");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, watch->state);
	sqlite3_bind_int64(st, 3, watch->since_ms);
	sqlite3_bind_int64(st, 4, watch->good_ms);
	return host_change(h, st, err);
}
