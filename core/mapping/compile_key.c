/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_key.c - the one field by which records meet, and what the target
 * asks of a new record. */
#include <string.h>

#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/fault.h"

#define KEYS_SHOWN 8

/* "these could be: a, b" */
static struct rk_text
key_candidates(const struct work *w)
{
	BUF_AUTO out = BUF_INIT(4096);
	size_t count = 0;
	for (size_t i = 0; i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		if ((f->flags & RK_FIELD_KEY) == 0)
			continue;
		if (count++ < KEYS_SHOWN)
			buf_addf(&out, "%s\"%.*s\"", out.len > 0 ? ", " : "",
				 fault_len(f->name), f->name.ptr);
	}
	if (count == 0)
		buf_adds(&out,
			 "none of the fields can; make one unique in the CRM first");
	else if (count > KEYS_SHOWN)
		buf_addf(&out, " and %zu more", count - KEYS_SHOWN);
	return arena_text(&w->m->arena, buf_text(&out));
}

static bool
check_key_field(struct work *w, const char *key, struct complaint *c)
{
	const struct rk_field *field = compile_find_target(w->target, text_of(key));
	struct rk_text could = key_candidates(w);
	if (field == NULL && strchr(key, ',') != NULL)
		return complain(c,
		                "found \"%s\", expected exactly one field; these can be "
		                "the key: %.*s",
		                key, (int)could.len, could.ptr);
	if (field == NULL)
		return complain(c,
		                "found \"%s\", expected a field of the target; these can "
		                "be the key: %.*s",
		                key, (int)could.len, could.ptr);
	if ((field->flags & RK_FIELD_KEY) == 0)
		return complain(c,
		                "found \"%s\"%s, expected a field that can be the key: "
		                "%.*s",
		                key,
		                (field->flags & RK_FIELD_UNIQUE) == 0
		                        ? ", which does not prohibit duplicate values"
		                        : "",
		                (int)could.len, could.ptr);
	return true;
}

/* By its name or by one of its columns, whether or not the map is right. */
static bool
is_mapped(const struct work *w, const char *to)
{
	size_t len = strlen(to);
	for (size_t i = 0; i < w->sync->map_count; i++) {
		const struct config_map *map = &w->sync->maps[i];
		if (map->enabled && map->to != NULL && strncmp(map->to, to, len) == 0
		    && (map->to[len] == '\0' || map->to[len] == '.'))
			return true;
	}
	return false;
}

void
compile_key(struct work *w)
{
	const char *key = w->sync->to.key;
	struct complaint c = compile_complaint(w, w->sync->to.key_at, "key");
	if (w->target == NULL)
		return;
	if (key == NULL || *key == '\0') {
		struct rk_text could = key_candidates(w);
		complain(&c,
		         "found none, expected exactly one field; these can be the key: "
		         "%.*s",
		         (int)could.len, could.ptr);
	} else if (check_key_field(w, key, &c) && !is_mapped(w, key)) {
		complain(&c, "no map fills \"%s\", expected one", key);
	}
	for (size_t i = 0; i < w->m->line_count; i++)
		if (w->m->lines[i].is_key)
			w->m->key = &w->m->lines[i];
	w->mistakes += c.mistakes;
}

void
compile_required(struct work *w)
{
	struct complaint c = compile_complaint(w, w->sync->at, "map");
	for (size_t i = 0; w->target != NULL && i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		uint32_t needed = RK_FIELD_REQUIRED | RK_FIELD_WRITABLE;
		if ((f->flags & needed) == needed && f->unmappable.len == 0
		    && !is_mapped(w, arena_text(&w->m->arena, f->name).ptr))
			complain_warning(&c,
			                 "no map fills \"%.*s\", which the target "
			                 "requires: new records may be refused",
			                 fault_len(f->name), f->name.ptr);
	}
}
