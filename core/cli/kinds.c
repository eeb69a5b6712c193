/* SPDX-License-Identifier: Apache-2.0
 *
 * kinds.c - see kinds.h. */
#include "cli/kinds.h"

#include <string.h>

#include "base/advice.h"
#include "base/text.h"
#include "sync/run.h"

static const char *
title_of(const struct app *app, int kind, const char *code)
{
	return kind == ERRORS_UNDECIDED ? app_say(app, W_UNDECIDED)
	                                : advice_for(kind, 0, code, app->lang).title;
}

static int
compare(const struct kind_count *a, int kind, const char *title)
{
	return a->kind != kind ? (a->kind > kind) - (a->kind < kind)
	                       : strcmp(a->title, title);
}

static void
make_room(struct app *app, struct kinds *k)
{
	if (k->count < k->room)
		return;
	size_t room = k->room == 0 ? 16 : k->room * 2;
	struct kind_count *more = arena_new_array(&app->arena, room, struct kind_count);
	if (k->count > 0)
		memcpy(more, k->list, k->count * sizeof *more);
	k->list = more;
	k->room = room;
}

void
kinds_add(struct app *app, struct kinds *k, int kind, const char *code, int64_t errors,
          int64_t records)
{
	const char *own = kind == ERRORS_UNDECIDED ? NULL : advice_own(kind, code);
	const char *title = title_of(app, kind, own);
	size_t at = 0;
	while (at < k->count && compare(&k->list[at], kind, title) < 0)
		at++;
	if (at == k->count || compare(&k->list[at], kind, title) != 0) {
		make_room(app, k);
		memmove(&k->list[at + 1], &k->list[at],
		        (k->count++ - at) * sizeof *k->list);
		k->list[at] = (struct kind_count){ .kind = kind, .code = own,
			                           .title = title };
	}
	struct kind_count *count = &k->list[at];
	/* Several codes under one title: what is said of all of them fits each. */
	if (count->code != own)
		count->code = NULL;
	count->errors += errors;
	count->records += records;
}

struct adding {
	struct app *app;
	struct kinds *kinds;
};

static bool
add_rows(void *with, const struct pending *row, int64_t count)
{
	struct adding *a = with;
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	kinds_add(a->app, a->kinds, errors_kind(row), arena_text(&arena, row->code).ptr,
	          1, count);
	a->kinds->waits += errors_waits(row) ? count : 0;
	a->kinds->all += count;
	return true;
}

bool
kinds_of_sync(struct app *app, const struct config_sync *sync, struct kinds *kinds,
              struct rk_err *err)
{
	struct adding adding = { app, kinds };
	struct rk_text identity = sync_identity(sync, &app->arena);
	struct store *store, *back = NULL;
	if (!store_open(&store, app_syncs_dir(app), sync->name, identity.ptr, STORE_LOOK, err))
		return false;
	bool sound = store_pending_kinds(store, add_rows, &adding, err);
	if (sound && sync->back != NULL && store_has_back(store)) {
		back = store_back(store, err);
		sound = back != NULL && store_pending_kinds(back, add_rows, &adding, err);
	}
	store_close(store);
	return sound;
}
