/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_key.c - the one field by which records meet, and what the target
 * asks of a new record. */
#include <string.h>

#include "base/text.h"
#include "mapping/compile.h"

#define KEYS_SHOWN 8

/* "; these can be the key: "a", "b"" */
static const char *
key_candidates(const struct work *w)
{
	BUF_AUTO out = BUF_INIT(4096);
	size_t count = 0;
	for (size_t i = 0; i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		if ((f->flags & RK_FIELD_KEY) != 0 && count++ < KEYS_SHOWN)
			buf_addf(&out, "%s\"%.*s\"", out.len > 0 ? ", " : "",
			         SHOWN(f->name));
	}
	if (count == 0)
		buf_adds(&out, "none of the fields can; make one unique in the CRM "
		               "first");
	else if (count > KEYS_SHOWN)
		buf_addf(&out, " and %zu more", count - KEYS_SHOWN);
	return arena_text(&w->m->arena, buf_text(&out)).ptr;
}

static bool
check_key_field(const struct work *w, const char *key, struct complaint *c)
{
	const char *could = key_candidates(w);
	if (key == NULL || *key == '\0')
		return complain(c, "found none, expected exactly one field; these can be "
		                "the key: %s", could);
	const struct rk_field *field = schema_find(w->target, text_of(key));
	if (field == NULL)
		return complain(c, "found \"%s\", expected %s; these can be the key: %s",
		                key, strchr(key, ',') != NULL ? "exactly one field"
		                : "a field of the target", could);
	if ((field->flags & RK_FIELD_KEY) == 0)
		return complain(c, "found \"%s\"%s, expected a field that can be the "
		                "key: %s", key, (field->flags & RK_FIELD_UNIQUE) != 0
		                ? "" : ", which does not prohibit duplicate values",
		                could);
	return true;
}

/* By its name or by one of its columns, whether or not the map is right. */
static bool
is_mapped(const struct work *w, struct rk_text to)
{
	for (size_t i = 0; i < w->sync->map_count; i++) {
		const struct config_map *map = &w->sync->maps[i];
		if (map->enabled && map->to != NULL && strlen(map->to) >= to.len
		    && memcmp(map->to, to.ptr, to.len) == 0
		    && (map->to[to.len] == '\0' || map->to[to.len] == '.'))
			return true;
	}
	return false;
}

static const struct line *
find_line(const struct work *w, const char *to)
{
	for (size_t i = 0; i < w->m->line_count; i++) {
		const struct line *line = &w->m->lines[i];
		if (line->column < 0 && text_is(w->m->targets[line->slot].name, to))
			return line;
	}
	return NULL;
}

/* They need not be unique: who is met by one must be the only one. */
static void
compile_fallbacks(struct work *w)
{
	const struct config_side *to = &w->sync->to;
	struct complaint c = compile_complaint(w, to->fallback_at, "fallback_keys");
	for (size_t i = 0; i < to->fallback_count; i++) {
		const struct line *line = find_line(w, to->fallback_keys[i]);
		if (line == NULL)
			complain(&c, "no map fills \"%s\", expected one", to->fallback_keys[i]);
		else if (line->is_key)
			complain(&c, "found \"%s\", which is the key itself",
			         to->fallback_keys[i]);
		w->m->keys[w->m->key_count++] = line;
	}
}

void
compile_key(struct work *w)
{
	const char *key = w->sync->to.key;
	struct complaint c = compile_complaint(w, w->sync->to.key_at, "key");
	struct complaint required = compile_complaint(w, w->sync->at, "map");
	if (check_key_field(w, key, &c) && !is_mapped(w, text_of(key)))
		complain(&c, "no map fills \"%s\", expected one", key);
	w->m->keys = arena_new_array(&w->m->arena, 1 + w->sync->to.fallback_count,
	                             const struct line *);
	w->m->key_count = 1;
	for (size_t i = 0; i < w->m->line_count; i++)
		if (w->m->lines[i].is_key)
			w->m->keys[0] = &w->m->lines[i];
	compile_fallbacks(w);
	for (size_t i = 0; i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		uint32_t needed = RK_FIELD_REQUIRED | RK_FIELD_WRITABLE;
		if ((f->flags & needed) == needed && f->unmappable.len == 0
		    && !is_mapped(w, f->name))
			complain_warning(&required, "no map fills \"%.*s\", which the "
			                 "target requires: new records may be refused",
			                 SHOWN(f->name));
	}
}
