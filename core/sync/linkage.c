/* SPDX-License-Identifier: Apache-2.0
 *
 * linkage.c - see linkage.h. */
#include "sync/linkage.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* In the name of a parent between its sync and its id: which of the two ids of a link. */
#define FORWARD  '>'
#define BACKWARD '<'

struct parents *
linkage_all(struct run *run)
{
	size_t syncs = run->world->config->sync_count;
	if (run->parents != NULL)
		return run->parents;
	struct parents *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->places = calloc(2 * syncs + 2, sizeof *p->places);
	if (p->places == NULL)
		abort();
	run->parents = p;
	return p;
}

void
linkage_close(struct parents *p)
{
	for (size_t i = 0; i < p->place_count; i++) {
		if (!p->places[i].own)
			store_close(p->places[i].store);
		p->places[i].store = NULL;
	}
}

void
parents_free(struct run *run)
{
	struct parents *p = run->parents;
	if (p == NULL)
		return;
	linkage_close(p);
	free(p->places);
	free(p->references);
	free(p);
}

bool
linkage_is_near(const struct config_sync *sync, const struct run *run)
{
	const char *a = run->sync->from.connection, *b = run->sync->to.connection;
	const char *from = sync->from.connection, *to = sync->to.connection;
	return from != NULL && to != NULL
	       && ((strcmp(from, a) == 0 && strcmp(to, b) == 0)
	           || (strcmp(from, b) == 0 && strcmp(to, a) == 0));
}

struct linkage *
linkage_of(struct run *run, const struct config_sync *sync, bool backwards)
{
	struct parents *p = linkage_all(run);
	for (size_t i = 0; i < p->place_count; i++)
		if (strcmp(p->places[i].sync->name, sync->name) == 0
		    && p->places[i].backwards == backwards)
			return &p->places[i];
	struct linkage *place = &p->places[p->place_count++];
	*place = (struct linkage){ .sync = sync, .backwards = backwards,
	                         .own = strcmp(sync->name, run->sync->name) == 0 };
	return place;
}

bool
linkage_open_sync(struct run *run, const struct config_sync *sync, struct store **store)
{
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s/syncs", run->world->state_dir);
	return store_open(store, dir, sync->name, sync_identity(sync, &run->arena).ptr,
	                  STORE_LOOK, &run->err)
	       || run_store_failed(run);
}

bool
linkage_open(struct run *run, struct linkage *place)
{
	if (place->store != NULL)
		return true;
	if (place->own)
		place->store = run->store;
	else if (!linkage_open_sync(run, place->sync, &place->store))
		return false;
	return store_number_get(place->store, STORE_LINKS_MADE, &place->made, &run->err)
	       || run_store_failed(run);
}

bool
linkage_find(struct run *run, struct linkage *place, struct rk_text id,
             struct arena *arena, struct rk_text *found)
{
	static const struct rk_text nobody;
	struct link link;
	if (!linkage_open(run, place))
		return false;
	bool read = place->backwards
		? store_link_by_target(place->store, id, nobody, arena, &link, &run->err)
		: store_link_get(place->store, id, arena, &link, &run->err);
	if (!read)
		return run_store_failed(run);
	/* One that is not found has neither id. */
	*found = place->backwards ? link.from_id : link.to_id;
	return true;
}

struct rk_text
linkage_parent(const struct linkage *place, struct rk_text id, struct arena *arena)
{
	return arena_printf(arena, "%s%c%.*s", place->sync->name,
	                    place->backwards ? BACKWARD : FORWARD, (int)id.len, id.ptr);
}

bool
linkage_parse(struct rk_text parent, struct rk_text *sync, bool *backwards,
              struct rk_text *id)
{
	uint64_t at = 0;
	while (at < parent.len && parent.ptr[at] != FORWARD && parent.ptr[at] != BACKWARD)
		at++;
	if (at == parent.len)
		return false;
	*sync = (struct rk_text){ parent.ptr, at };
	*backwards = parent.ptr[at] == BACKWARD;
	*id = (struct rk_text){ parent.ptr + at + 1, parent.len - at - 1 };
	return true;
}
