/* SPDX-License-Identifier: Apache-2.0
 *
 * circle.c - which syncs refer to which; see linkage.h.  Each notes in its store whose
 * links it looks into. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/linkage.h"

/* Each sync notes in its store whose links it looks into, for others to see a circle. */
static void
refers_name(char name[static LINKAGE_NAME_MAX], const char *sync)
{
	snprintf(name, LINKAGE_NAME_MAX, "refers %s", sync);
}

static bool
refers(struct run *run, struct store *store, const char *to, bool *does)
{
	char name[LINKAGE_NAME_MAX];
	int64_t number;
	refers_name(name, to);
	if (!store_number_get(store, name, &number, &run->err))
		return run_store_failed(run);
	*does = number != 0;
	return true;
}

static bool
looks_into(const struct parents *p, const struct config_sync *sync)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->references[i].place != NULL && p->references[i].place->sync == sync)
			return true;
	return false;
}

static bool
note_one(struct run *run, const struct config_sync *sync)
{
	bool was, is = looks_into(run->parents, sync);
	char name[LINKAGE_NAME_MAX];
	refers_name(name, sync->name);
	if (!refers(run, run->store, sync->name, &was))
		return false;
	if (was == is)
		return true;
	return (store_begin(run->store, &run->err)
	        && store_number_put(run->store, name, is, &run->err)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

/* Noted before others' notes are looked at: of two that begin at once one sees the
 * other's. */
bool
circle_note(struct run *run)
{
	const struct config *config = run->world->config;
	for (size_t i = 0; i < config->sync_count && !run_looks(run); i++)
		if (linkage_is_near(&config->syncs[i], run) && !note_one(run, &config->syncs[i]))
			return false;
	return true;
}

/* Whether one leads from 'at', through whatever others, to this sync; 'seen' has a mark
 * for each sync of the configuration. */
static bool
leads_here(struct run *run, size_t at, bool *seen, bool *here)
{
	const struct config *config = run->world->config;
	struct store *store;
	seen[at] = true;
	if (!linkage_open_sync(run, &config->syncs[at], &store))
		return false;
	bool sound = true;
	for (size_t i = 0; sound && !*here && i < config->sync_count; i++) {
		bool does = false;
		if (seen[i] || !linkage_is_near(&config->syncs[i], run))
			continue;
		sound = refers(run, store, config->syncs[i].name, &does);
		if (sound && does && strcmp(config->syncs[i].name, run->sync->name) == 0)
			*here = true;
		else if (sound && does)
			sound = leads_here(run, i, seen, here);
	}
	store_close(store);
	return sound;
}

bool
circle_closes(struct run *run, const struct linkage *place, bool *closes)
{
	const struct config *config = run->world->config;
	*closes = place->own;
	if (place->own)
		return true;
	bool *seen = calloc(config->sync_count, sizeof *seen);
	if (seen == NULL)
		abort();
	bool sound = leads_here(run, (size_t)(place->sync - config->syncs), seen, closes);
	free(seen);
	return sound;
}
