/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_waits.c - below what failed, what waits: each record of another object that is
 * not linked yet, and the records that refer to it.  These are no errors: they go by
 * themselves. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/errors.h"

#define IDS_AT_ONCE 1000
#define IDS_SHOWN 5
#define PARENTS_SHOWN 200

enum { PARENT, SYNC, RECORDS, WAITING, CELLS };

/* How many wait for it, and the first of their ids. */
static bool
count_waiting(struct errors_place *place, struct rk_text parent, struct cell *row,
              struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text after = { NULL, 0 }, *ids;
	BUF_AUTO shown = BUF_INIT(64 * 1024);
	int64_t total = 0;
	size_t count;
	do {
		if (!store_wait_list(place->store, parent, after, IDS_AT_ONCE, &arena, &ids,
		                     &count, err))
			return false;
		for (size_t i = 0; total == 0 && i < count && i < IDS_SHOWN; i++)
			buf_addf(&shown, "%s%.*s", i > 0 ? ", " : "", (int)ids[i].len,
			         ids[i].ptr);
		after = count > 0 ? ids[count - 1] : after;
		total += (int64_t)count;
	} while (count == IDS_AT_ONCE);
	if (total > IDS_SHOWN)
		buf_adds(&shown, ", …");
	row[RECORDS] = cell_number(total);
	row[WAITING] = cell_text(arena_text(&place->app->arena, buf_text(&shown)));
	return true;
}

/* "SYNC>ID", "SYNC<ID" (sync/parents.c). */
static void
name_parent(struct app *app, struct rk_text parent, struct cell *row)
{
	const char *at = memchr(parent.ptr, '>', parent.len);
	const char *back = memchr(parent.ptr, '<', parent.len);
	if (at == NULL || (back != NULL && back < at))
		at = back;
	size_t len = at != NULL ? (size_t)(at - parent.ptr) : 0;
	struct rk_text sync = { parent.ptr, len };
	struct rk_text id = at != NULL ? (struct rk_text){ at + 1, parent.len - len - 1 }
	                               : parent;
	row[PARENT] = cell_text(arena_text(&app->arena, id));
	row[SYNC] = cell_text(arena_text(&app->arena, sync));
}

int
errors_tell_waits(struct app *app, const struct config_sync *sync)
{
	static const struct column columns[CELLS] = {
		{ "waits_for", W_WAITS_FOR, 30 }, { "of_sync", W_SYNC, 30 },
		{ "records", W_RECORDS, 0 },      { "ids", W_WAITING, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = CELLS };
	struct errors_place place;
	struct rk_err err = ERR_INIT;
	struct rk_text parent = { NULL, 0 };
	bool sound = errors_open(&place, app, sync, &err);
	while (sound && t.count < PARENTS_SHOWN) {
		sound = store_wait_next(place.store, parent, &app->arena, &parent, &err);
		if (!sound || parent.len == 0)
			break;
		struct cell *row = table_row(&t);
		name_parent(app, parent, row);
		sound = count_waiting(&place, parent, row, &err);
	}
	errors_close(&place);
	if (!sound)
		return app_error(app, RK_PAUSE, &err, sync->name);
	if (t.count > 0) {
		out_line(&app->out, "");
		out_line(&app->out, app_say(app, W_WAITING_FOR_PARENTS));
		out_table(&app->out, "waits", &t);
	}
	return EXIT_DONE;
}
