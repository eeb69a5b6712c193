/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.c - see walk.h.  Whom a walk has met stands as 64 bits of each id: of a million
 * records two have the same once in thirty thousand years of a walk a day. */
#include "store/walk.h"

#include <string.h>

#include "base/text.h"
#include "store/link_blocks.h"
#include "store/link_recent.h"

/* So many blocks at once are some thousand links. */
#define BLOCKS_AT_ONCE 100

static int64_t
sum_of(struct store *s, const struct walk *w)
{
	buf_reset(&s->scratch);
	wire_int(&s->scratch, w->part);
	wire_int(&s->scratch, w->began_ms);
	wire_int(&s->scratch, w->at);
	wire_text(&s->scratch, w->token);
	wire_text(&s->scratch, w->body);
	buf_add(&s->scratch, w->revision, sizeof w->revision);
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

static sqlite3_stmt *
use(struct store *s, enum db_sql sql, const char *kind, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, sql, err);
	if (st != NULL)
		db_bind_text(st, 1, text_of(kind));
	return st;
}

bool
store_walk_get(struct store *s, const char *kind, struct arena *arena, struct walk *walk,
               struct rk_err *err)
{
	*walk = (struct walk){ 0 };
	if (!db_has_walks(s))
		return true;
	sqlite3_stmt *st = use(s, DB_WALK_GET, kind, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	walk->part = sqlite3_column_int64(st, 0);
	walk->began_ms = sqlite3_column_int64(st, 1);
	db_hash(st, 2, walk->revision, sizeof walk->revision);
	walk->token = db_text(st, 3, arena);
	walk->at = sqlite3_column_int64(st, 4);
	int64_t sum = sqlite3_column_int64(st, 5);
	walk->body = db_text(st, 6, arena);
	sqlite3_reset(st);
	/* A damaged one is none: it begins anew, and nothing depends on it. */
	if (sum != sum_of(s, walk))
		*walk = (struct walk){ 0 };
	return true;
}

bool
store_walk_put(struct store *s, const char *kind, const struct walk *walk,
               struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_walks(s, err) || (st = db_use(s, DB_WALK_PUT, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 1, walk->part);
	sqlite3_bind_int64(st, 2, walk->began_ms);
	db_bind_blob(st, 3, walk->revision, sizeof walk->revision);
	db_bind_blob(st, 4, walk->token.ptr, walk->token.len);
	sqlite3_bind_int64(st, 5, walk->at);
	sqlite3_bind_int64(st, 6, sum_of(s, walk));
	db_bind_blob(st, 7, walk->body.ptr, walk->body.len);
	db_bind_text(st, 8, text_of(kind));
	return db_change(s, st, err);
}

bool
store_walk_end(struct store *s, const char *kind, struct rk_err *err)
{
	return !db_has_walks(s)
	       || (db_change(s, use(s, DB_WALK_END, kind, err), err)
	           && db_change(s, use(s, DB_WALK_FORGET, kind, err), err));
}

bool
store_walk_see(struct store *s, const char *kind, struct rk_text id, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_walks(s, err) || (st = use(s, DB_WALK_SEE, kind, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 2, hash_text64(id));
	return db_change(s, st, err);
}

bool
store_walk_saw(struct store *s, const char *kind, struct rk_text id, bool *saw,
               struct rk_err *err)
{
	*saw = false;
	if (!db_has_walks(s))
		return true;
	sqlite3_stmt *st = use(s, DB_WALK_SAW, kind, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 2, hash_text64(id));
	enum db_step step = db_step(s, st, err);
	*saw = step == DB_ROW;
	sqlite3_reset(st);
	return step != DB_FAILED;
}

/* ---- Links --------------------------------------------------------------------- */

struct gathered {
	struct arena *arena;
	struct link *links;
	size_t count, room;
};

static bool
gather(void *with, const struct block_entry *entry)
{
	struct gathered *g = with;
	struct link link;
	if (!link_decode(entry->id, entry->body, &link))
		return false;
	/* A link that was forgotten leads nowhere. */
	if (link.to_id.len == 0)
		return true;
	if (g->count == g->room) {
		struct link *old = g->links;
		g->room = g->room > 0 ? g->room * 2 : 64;
		g->links = arena_new_array(g->arena, g->room, struct link);
		if (g->count > 0)
			memcpy(g->links, old, g->count * sizeof *old);
	}
	link.from_id = arena_text(g->arena, link.from_id);
	link.to_id = arena_text(g->arena, link.to_id);
	link.to_version = arena_text(g->arena, link.to_version);
	g->links[g->count++] = link;
	return true;
}

bool
store_link_some(struct store *s, int64_t *at, struct arena *arena, struct link **links,
                size_t *count, struct rk_err *err)
{
	struct gathered g = { .arena = arena };
	int64_t block = *at, left = 0, end = *at + BLOCKS_AT_ONCE;
	/* What was put lately is in no block.  Blocks split while a walk goes on, and a new
	 * one comes behind all others. */
	bool done = s->look || link_merge(s, err);
	for (left = 1; done && left > 0 && block < end; block++)
		done = blocks_each(s, block, gather, &g, &left, err);
	*at = left > 0 ? block : -1;
	*links = g.links;
	*count = g.count;
	return done;
}

bool
walk_reset(struct store *s, bool everything, struct rk_err *err)
{
	if (!db_has_walks(s))
		return true;
	if (!store_walk_end(s, "", err))
		return false;
	sqlite3_stmt *found = everything ? db_use(s, DB_FOUND_DROP, err) : NULL;
	sqlite3_stmt *list = everything ? db_use(s, DB_COMPARED_TRIM, err) : NULL;
	if (!everything)
		return true;
	if (found == NULL || list == NULL)
		return false;
	sqlite3_bind_int64(found, 1, INT64_MIN);
	sqlite3_bind_int64(list, 1, 0);
	return db_change(s, found, err) && db_change(s, list, err);
}
