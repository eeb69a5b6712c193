/* SPDX-License-Identifier: Apache-2.0
 *
 * drift_lines.c - which lines of a sync use a field, and what they make of it; see drift.h.
 *
 * Which of the source's fields a line uses is seen by their names in its text: one that is
 * only a part of a word there may be told for nothing. */
#include <string.h>

#include "base/text.h"
#include "sync/drift.h"

static bool
holds(const char *text, struct rk_text name)
{
	return text != NULL && name.len > 0
	       && memmem(text, strlen(text), name.ptr, name.len) != NULL;
}

static bool
map_uses(const struct drift_look *l, const struct config_map *map, struct rk_text name)
{
	if (!map->enabled)
		return false;
	return l->target ? text_is(name, map->to) : holds(map->from, name);
}

bool
drift_uses(const struct drift_look *l, struct rk_text name)
{
	const struct config_sync *sync = l->sync;
	for (size_t i = 0; i < sync->map_count; i++)
		if (map_uses(l, &sync->maps[i], name))
			return true;
	return l->target ? text_is(name, l->side->key) : holds(l->side->filter, name);
}

struct rk_text
drift_lines(const struct drift_look *l, struct rk_text name)
{
	const struct config_sync *sync = l->sync;
	BUF_AUTO out = BUF_INIT(4096);
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (map_uses(l, map, name) && map->at.file != NULL)
			buf_addf(&out, "%s%s:%u", out.len > 0 ? ", " : "", map->at.file,
			         map->at.line);
	}
	if (!l->target && holds(l->side->filter, name) && l->side->filter_at.file != NULL)
		buf_addf(&out, "%s%s:%u", out.len > 0 ? ", " : "", l->side->filter_at.file,
		         l->side->filter_at.line);
	return arena_text(l->arena, buf_text(&out));
}

const struct config_pair *
drift_pair(const struct drift_look *l, struct rk_text field, struct rk_text value,
           bool *passes, bool *otherwise)
{
	const struct config_sync *sync = l->sync;
	*passes = *otherwise = false;
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (!map_uses(l, map, field))
			continue;
		*passes |= map->values == NULL;
		*otherwise |= map->otherwise != NULL
		              && (!l->target || text_is(value, map->otherwise));
		for (size_t k = 0; k < map->value_count; k++)
			if (text_is(value, l->target ? map->values[k].to : map->values[k].from))
				return &map->values[k];
	}
	return NULL;
}

int64_t
drift_rule(const struct config_sync *sync, bool target, struct rk_text field)
{
	struct drift_look l = { .sync = sync, .target = target,
	                        .side = target ? &sync->to : &sync->from };
	BUF_AUTO said = BUF_INIT(DRIFT_FIELDS_MAX);
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (!map_uses(&l, map, field))
			continue;
		wire_text(&said, text_of(map->from));
		wire_text(&said, text_of(map->to));
		wire_text(&said, text_of(map->otherwise));
		for (size_t k = 0; k < map->value_count; k++) {
			wire_text(&said, text_of(map->values[k].from));
			wire_text(&said, text_of(map->values[k].to));
		}
	}
	if (!target)
		wire_text(&said, text_of(l.side->filter));
	return hash_checksum(said.ptr, said.len);
}
