/* SPDX-License-Identifier: Apache-2.0
 *
 * override.c - see override.h. */
#include "store/override.h"

#include <sqlite3.h>
#include <string.h>

static void
bind_name(sqlite3_stmt *st, const char *what, const char *name, const char *item)
{
	sqlite3_bind_text(st, 1, what, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, item, -1, SQLITE_STATIC);
}

bool
override_put(struct host *h, const struct override *o, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO override(what, name, item,"
	                                " value, who, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
	bind_name(st, o->what, o->name, o->item);
	sqlite3_bind_text(st, 4, o->value, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, o->who, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, o->at_ms);
	return host_change(h, st, err);
}

bool
override_clear(struct host *h, const char *what, const char *name, const char *item,
               struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "DELETE FROM override WHERE what = ?1 AND name = ?2"
	                                " AND item = ?3");
	bind_name(st, what, name, item);
	return host_change(h, st, err);
}

static const char *
text_at(sqlite3_stmt *st, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(st, column);
	return arena_str(arena, text != NULL ? text : "");
}

static struct override
row_at(sqlite3_stmt *st, struct arena *arena)
{
	return (struct override){
		.what = text_at(st, 0, arena), .name = text_at(st, 1, arena),
		.item = text_at(st, 2, arena), .value = text_at(st, 3, arena),
		.who = text_at(st, 4, arena), .at_ms = sqlite3_column_int64(st, 5),
	};
}

struct overrides
override_list(struct host *h, struct arena *arena)
{
	struct overrides all = { 0 };
	size_t room = 0;
	sqlite3_stmt *st = host_prepare(h, "SELECT what, name, item, value, who, at"
	                                " FROM override ORDER BY what, name, item");
	int step = SQLITE_ERROR;
	while (st != NULL && (step = sqlite3_step(st)) == SQLITE_ROW) {
		if (all.count == room) {
			struct override *more = arena_new_array(arena, room = 2 * room + 8,
			                                        struct override);
			if (all.count > 0)
				memcpy(more, all.list, all.count * sizeof *more);
			all.list = more;
		}
		all.list[all.count++] = row_at(st, arena);
	}
	sqlite3_finalize(st);
	all.unread = step != SQLITE_DONE;
	return all;
}

const struct override *
override_find(const struct overrides *all, const char *what, const char *name,
              const char *item)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct override *o = &all->list[i];
		if (strcmp(o->what, what) == 0 && strcmp(o->name, name) == 0
		    && strcmp(o->item, item) == 0)
			return o;
	}
	return NULL;
}

const struct override *
override_pause(const struct overrides *all, const char *sync, const char *from,
               const char *to)
{
	const struct { const char *name, *item; } places[] = {
		{ "", OVERRIDE_ALL }, { from, OVERRIDE_CONNECTION },
		{ to, OVERRIDE_CONNECTION }, { sync, "" },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct override *o = override_find(all, OVERRIDE_ENABLED, places[i].name,
		                                         places[i].item);
		if (o != NULL && strcmp(o->value, "false") == 0)
			return o;
	}
	return NULL;
}
