/* SPDX-License-Identifier: Apache-2.0
 *
 * release.c - what waits for a parent is due once that is linked: at once where the
 * parent is of this sync; else when a run begins or has nothing else to do and the
 * parent's store says, by a number that grows, that links were made since they were
 * looked for last. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sync/linkage.h"

#define NEVER INT64_MAX
/* How often a run that goes on looks for links that others made. */
#define LOOK_AGAIN_MS 1000
#define ROWS_AT_ONCE 1000

static bool
is_waiting(const struct pending *row)
{
	return row->id.len > 0 && (text_eq(row->code, TEXT_LIT(STORE_CODE_WAITS))
	                           || text_eq(row->code, TEXT_LIT(STORE_CODE_LATER)));
}

void
parents_heed(struct run *run, struct pending *row)
{
	if (is_waiting(row))
		row->due_ms = run_now(run);
}

static bool
release_row(struct run *run, struct rk_text id, struct arena *arena)
{
	struct pending row;
	if (!store_pending_get(run->store, id, arena, &row, &run->err))
		return run_store_failed(run);
	if (is_waiting(&row) && row.due_ms == NEVER) {
		row.due_ms = run_now(run);
		if (!keep_row(run, &row, row.state))
			return false;
	}
	return store_wait_drop(run->store, id, &run->err) || run_store_failed(run);
}

/* The first of those that wait for 'parent'; in a transaction. */
static bool
release_some(struct run *run, struct rk_text parent, bool *more)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text nothing = { NULL, 0 }, *ids;
	size_t count;
	if (!store_wait_list(run->store, parent, nothing, ROWS_AT_ONCE, &arena, &ids, &count,
	                     &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < count; i++)
		if (!release_row(run, ids[i], &arena))
			return false;
	*more = count == ROWS_AT_ONCE;
	return true;
}

static bool
release(struct run *run, struct rk_text parent)
{
	bool more = true;
	while (more)
		if (!store_begin(run->store, &run->err) || !release_some(run, parent, &more)
		    || !store_commit(run->store, &run->err))
			return run_store_failed(run);
	return true;
}

bool
parents_linked(struct run *run, const struct item *item)
{
	struct parents *p = run->parents;
	for (size_t i = 0; run->waits && p != NULL && i < p->place_count; i++) {
		bool more = p->places[i].own && !p->places[i].backwards;
		struct rk_text name = { NULL, 0 };
		if (more)
			name = linkage_parent(&p->places[i], item->record->id,
			                      &item->page->arena);
		while (more)
			if (!release_some(run, name, &more))
				return false;
	}
	return true;
}

static const struct config_sync *
sync_of(const struct run *run, struct rk_text name)
{
	const struct config *config = run->world->config;
	for (size_t i = 0; i < config->sync_count; i++)
		if (text_is(name, config->syncs[i].name))
			return linkage_is_near(&config->syncs[i], run) ? &config->syncs[i] : NULL;
	return NULL;
}

/* All that waits for records of one sync, whose place is NULL if it is gone: then, or
 * with 'all', it is looked at anew whatever is linked. */
static bool
release_place(struct run *run, struct linkage *place, struct rk_text prefix, bool all)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	BUF_AUTO after = BUF_INIT(RECORD_ID_MAX + LINKAGE_NAME_MAX);
	buf_addt(&after, prefix);
	for (;;) {
		struct rk_text parent, sync, id, there = { NULL, 0 };
		bool backwards = false;
		arena_clear(&arena);
		if (!store_wait_next(run->store, buf_text(&after), &arena, &parent, &run->err))
			return run_store_failed(run);
		if (parent.len < prefix.len || memcmp(parent.ptr, prefix.ptr, prefix.len) != 0)
			return true;
		if (!all && linkage_parse(parent, &sync, &backwards, &id)
		    && !linkage_find(run, place, id, &arena, &there))
			return false;
		if ((all || there.len > 0) && !release(run, parent))
			return false;
		buf_reset(&after);
		buf_addt(&after, parent);
	}
}

/* Where it stands how many links of such a sync were looked at. */
static void
seen_name(char name[static LINKAGE_NAME_MAX], struct rk_text prefix)
{
	snprintf(name, LINKAGE_NAME_MAX, "links.seen %.*s", (int)prefix.len, prefix.ptr);
}

/* The same if links were made there since it was done last. */
static bool
heed_place(struct run *run, struct linkage *place, struct rk_text prefix, bool all)
{
	char name[LINKAGE_NAME_MAX];
	int64_t seen;
	seen_name(name, prefix);
	if (!linkage_open(run, place))
		return false;
	if (!store_number_get(run->store, name, &seen, &run->err))
		return run_store_failed(run);
	if (seen == place->made && !all)
		return true;
	int64_t made = place->made;
	return release_place(run, place, prefix, all)
	       && ((store_begin(run->store, &run->err)
	            && store_number_put(run->store, name, made, &run->err)
	            && store_commit(run->store, &run->err))
	           || run_store_failed(run));
}

/* The first parent of the next sync that something waits for, and what stands before its
 * id; empty: none.  'after' is the prefix before. */
static bool
next_sync(struct store *store, struct rk_text after, struct arena *arena,
          struct rk_text *prefix, struct rk_text *name, bool *backwards,
          struct rk_err *err)
{
	struct rk_text parent, id = { NULL, 0 };
	/* No id begins with this byte. */
	if (after.len > 0)
		after = arena_printf(arena, "%.*s\xff", (int)after.len, after.ptr);
	if (!store_wait_next(store, after, arena, &parent, err))
		return false;
	*name = (struct rk_text){ NULL, 0 };
	if (parent.len > 0 && !linkage_parse(parent, name, backwards, &id))
		id.len = 0;
	*prefix = (struct rk_text){ parent.ptr, parent.len - id.len };
	return true;
}

/* Goes through the syncs that something waits for. */
static bool
heed_all(struct run *run, bool all)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text prefix = { NULL, 0 }, name;
	bool backwards = false;
	for (run->waits = false;; run->waits = true) {
		if (!next_sync(run->store, prefix, &arena, &prefix, &name, &backwards,
		               &run->err))
			return run_store_failed(run);
		if (prefix.len == 0)
			return true;
		const struct config_sync *sync = sync_of(run, name);
		if (!(sync != NULL
		      ? heed_place(run, linkage_of(run, sync, backwards), prefix, all)
		      : release_place(run, NULL, prefix, true)))
			return false;
	}
}

bool
parents_begin(struct run *run)
{
	bool other = memcmp(run->cursor.revision, run->revision, sizeof run->revision) != 0;
	if (run_looks(run) || run_is_single(run))
		return true;
	bool sound = heed_all(run, other || run->doubt_ms != 0);
	if (run->parents != NULL)
		run->parents->look_mono = run_mono(run) + LOOK_AGAIN_MS;
	return sound;
}

bool
parents_step(struct run *run)
{
	struct parents *p = run->parents;
	if (p == NULL || run_looks(run) || run_is_single(run)
	    || run_mono(run) < p->look_mono)
		return true;
	/* Also, so that a long run keeps nobody's file from being tidied up. */
	p->look_mono = run_mono(run) + LOOK_AGAIN_MS;
	linkage_close(p);
	return !run->waits || heed_all(run, false);
}

/* Whether the sync of that name made links since 'prefix' was looked at. */
static bool
made_links(struct store *store, const char *dir, struct rk_text name, struct rk_text prefix,
           struct arena *arena)
{
	char seen_as[LINKAGE_NAME_MAX];
	int64_t seen = 0, made = 0;
	struct rk_err err;
	struct store *other;
	const char *of = arena_text(arena, name).ptr;
	if (name.len == 0 || !store_exists(dir, of)
	    || !store_open(&other, dir, of, NULL, STORE_LOOK, &err))
		return false;
	seen_name(seen_as, prefix);
	bool sound = store_number_get(store, seen_as, &seen, &err)
	             && store_number_get(other, STORE_LINKS_MADE, &made, &err);
	store_close(other);
	return sound && seen != made;
}

bool
sync_waits(struct store *store, const char *dir, bool *released)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text prefix = { NULL, 0 }, name;
	struct rk_err err;
	bool backwards, waits = false;
	*released = false;
	while (next_sync(store, prefix, &arena, &prefix, &name, &backwards, &err)
	       && prefix.len > 0) {
		waits = true;
		*released |= made_links(store, dir, name, prefix, &arena);
	}
	return waits;
}
