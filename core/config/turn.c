/* SPDX-License-Identifier: Apache-2.0
 *
 * turn.c - makes of a two-way sync the one for the way back.  What it says of records and
 * fields is exchanged side by side; what has no way back is refused, with what to say
 * instead. */
#include "config/turn.h"

#include <string.h>

#include "base/text.h"

#define HISTORY_MS (90 * (int64_t)86400000)

static void
complain(struct table_reader *r, const struct config_map *map, const char *what)
{
	problem_add(r->problems, r->weight, map->at, r->sync,
	            "map to \"%s\": %s; say direction = \"to\" (or \"from\") for this field, or "
	            "make it one that can go both ways", map->to != NULL ? map->to : "", what);
}

/* The source of a map is one field as it is. */
static bool
is_plain(const char *from)
{
	return from[0] != '\0' && from[0] != '\'' && strchr(from, '|') == NULL
	       && strchr(from, '$') == NULL;
}

/* ---- Maps ------------------------------------------------------------------------ */

static bool
turn_values(struct table_reader *r, const struct config_map *map, struct config_map *back)
{
	struct config_pair *pairs = arena_new_array(r->arena, map->value_count,
	                                            struct config_pair);
	for (size_t i = 0; i < map->value_count; i++) {
		pairs[i] = (struct config_pair){ map->values[i].to, map->values[i].from };
		for (size_t k = 0; k < i; k++) {
			if (strcmp(pairs[k].from, pairs[i].from) != 0)
				continue;
			complain(r, map, arena_printf(r->arena, "\"%s\" and \"%s\" both become "
			                              "\"%s\", so the way back cannot tell them "
			                              "apart", pairs[k].to, pairs[i].to,
			                              pairs[i].from).ptr);
			return false;
		}
	}
	back->values = map->value_count > 0 ? pairs : NULL;
	return true;
}

static int
turn_rule(int rule)
{
	return rule == CONFLICT_TAKE_FROM ? CONFLICT_TAKE_TO
	       : rule == CONFLICT_TAKE_TO ? CONFLICT_TAKE_FROM : rule;
}

/* `otherwise` and `default` stand for many values, or none: they do not turn. */
static bool
turn_map(struct table_reader *r, const struct config_map *map, struct config_map *back)
{
	*back = *map;
	back->from = map->to;
	back->to = map->from;
	back->otherwise = NULL;
	back->default_value = NULL;
	back->nulls = map->nulls == NULLS_DEFAULT ? NULLS_KEEP : map->nulls;
	back->conflict = turn_rule(map->conflict);
	if (!is_plain(map->from)) {
		complain(r, map, "its source is no plain field");
		return false;
	}
	return turn_values(r, map, back);
}

/* Two fields that both write to one, on the way back. */
static void
refuse_twins(struct table_reader *r, const struct config_map *maps, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(maps[i].to, maps[k].to) == 0) {
				problem_add(r->problems, r->weight, maps[i].at, r->sync,
				            "\"%s\" would go back to \"%s\", as \"%s\" does (line "
				            "%u); say direction = \"to\" for one of them",
				            maps[i].from, maps[i].to, maps[k].from,
				            maps[k].at.line);
				break;
			}
}

static void
turn_maps(struct table_reader *r, struct config_sync *sync, struct config_sync *back)
{
	struct config_map *maps = arena_new_array(r->arena, sync->map_count, struct config_map);
	back->maps = maps;
	back->map_count = 0;
	for (size_t i = 0; i < sync->map_count; i++) {
		struct config_map *map = &sync->maps[i];
		if (map->from == NULL || map->to == NULL || !map->enabled
		    || map->direction == DIRECTION_TO)
			continue;
		if (turn_map(r, map, &maps[back->map_count]))
			back->map_count++;
		map->enabled = map->direction != DIRECTION_FROM;
	}
	refuse_twins(r, maps, back->map_count);
}

/* ---- The sync --------------------------------------------------------------------- */

static bool
is_filled(const struct config_sync *sync, const char *key)
{
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].enabled && sync->maps[i].to != NULL
		    && strcmp(sync->maps[i].to, key) == 0)
			return true;
	return false;
}

/* By what a record of the other side is found. */
static void
turn_key(struct table_reader *r, struct config_sync *sync, struct config_sync *back)
{
	const char *key = sync->from.key;
	back->to.key_at = key != NULL ? sync->from.key_at : sync->to.key_at;
	for (size_t i = 0; key == NULL && sync->to.key != NULL && i < back->map_count; i++)
		if (back->maps[i].from != NULL && strcmp(back->maps[i].from, sync->to.key) == 0)
			key = back->maps[i].to;
	sync->from.key = back->to.key = key;
	if (key == NULL)
		problem_add(r->problems, r->weight, back->to.key_at, r->sync,
		            "the key goes one way only, expected from = { key = \"...\" }, the "
		            "field by which records of the other side are found");
	else if (!is_filled(back, key))
		problem_add(r->problems, r->weight, back->to.key_at, r->sync,
		            "key of from: no map brings \"%s\" back, expected one with direction = "
		            "\"both\" or \"from\"", key);
}

/* What only a two-way sync may say. */
static void
refuse_in_one_way(struct table_reader *r, config_setting_t *group,
                  const struct config_sync *sync)
{
	static const char wanted[] = "expected direction = \"both\" for the sync";
	if (config_setting_get_member(group, "conflict") != NULL)
		table_complain(r, config_setting_get_member(group, "conflict"),
		               "conflict: %s", wanted);
	if (sync->from.key != NULL)
		problem_add(r->problems, r->weight, sync->from.key_at, r->sync,
		            "key of from: %s; the key of a one-way sync stands in `to`", wanted);
	if (sync->to.filter != NULL)
		problem_add(r->problems, r->weight, sync->to.filter_at, r->sync,
		            "filter of to: %s; what a one-way sync reads is filtered in `from`",
		            wanted);
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].at.line > 0
		    && (sync->maps[i].direction >= 0 || sync->maps[i].conflict >= 0))
			problem_add(r->problems, r->weight, sync->maps[i].at, r->sync,
			            "map to \"%s\": direction and conflict: %s",
			            sync->maps[i].to != NULL ? sync->maps[i].to : "", wanted);
}

void
turn_sync(struct table_reader *r, config_setting_t *group, struct config_sync *sync)
{
	if (sync->two_way != 1) {
		refuse_in_one_way(r, group, sync);
		return;
	}
	struct config_sync *back = arena_new(r->arena, struct config_sync);
	/* Nobody could edit the other side's record any more. */
	if (sync->deletes != DELETES_IGNORE)
		table_complain(r, config_setting_get_member(group, "deletes"),
		               "deletes: a sync that goes both ways carries no deletions, "
		               "expected \"ignore\"");
	/* Nor can a repair know which side is right. */
	if (sync->reconcile.repair)
		table_complain(r, config_setting_get_member(
			config_setting_get_member(group, "reconcile"), "repair"),
		               "repair: a sync that goes both ways repairs nothing, "
		               "expected false");
	/* What loses a conflict must be found again. */
	if (sync->history_ms < 0)
		sync->history_ms = HISTORY_MS;
	*back = *sync;
	back->from = sync->to;
	back->to = sync->from;
	back->to.writers = 1;
	back->from.key = sync->to.key;
	back->conflict = turn_rule(sync->conflict);
	back->is_back = true;
	turn_maps(r, sync, back);
	turn_key(r, sync, back);
	sync->back = back;
}
