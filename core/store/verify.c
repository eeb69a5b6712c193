/* SPDX-License-Identifier: Apache-2.0
 *
 * verify.c - reads every row of a store once, so that each checksum is looked at. */
#include "store/link_blocks.h"
#include "store/link_recent.h"

#define WAITS_AT_ONCE 1000

typedef bool row_fn(struct store *s, struct rk_text id, struct arena *arena,
                    struct rk_err *err);

static bool
read_pending(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	struct pending row;
	return store_pending_get(s, id, arena, &row, err);
}

static bool
read_wait(struct store *s, struct rk_text parent, struct arena *arena, struct rk_err *err)
{
	struct rk_text after = { NULL, 0 }, *ids;
	size_t count = 0;
	do {
		if (!store_wait_list(s, parent, after, WAITS_AT_ONCE, arena, &ids, &count, err))
			return false;
		after = count > 0 ? ids[count - 1] : after;
	} while (count == WAITS_AT_ONCE);
	return true;
}

static bool
read_tomb(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	struct tomb tomb;
	return store_tomb_get(s, id, arena, &tomb, err);
}

static bool
each(struct store *s, const char *ids, row_fn *read, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	sqlite3_stmt *st = db_prepare(s, ids, err);
	bool sound = st != NULL;
	int step = SQLITE_DONE;
	while (sound && (step = sqlite3_step(st)) == SQLITE_ROW) {
		arena_clear(&arena);
		sound = read(s, db_text(st, 0, &arena), &arena, err);
	}
	sqlite3_finalize(st);
	return sound && step != SQLITE_DONE ? db_fail(s, err) : sound;
}

/* Those of a file that has none are none. */
static bool
read_tombs(struct store *s, struct rk_err *err)
{
	int64_t count;
	return store_tomb_count(s, &count, err)
	       && (count == 0 || each(s, "SELECT from_id FROM tomb~", read_tomb, err));
}

/* SQLite's own look, at pages and indexes. */
static bool
file_is_sound(struct store *s, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &st, NULL) != SQLITE_OK)
		return db_fail(s, err);
	bool sound = sqlite3_step(st) == SQLITE_ROW
	             && sqlite3_stricmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
	sqlite3_finalize(st);
	return sound || db_damaged(s, "file", err);
}

static bool
read_base(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	struct base base;
	return store_base_get(s, id, arena, &base, err);
}

static bool
read_conflict(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	struct conflict *rows;
	size_t count;
	return store_conflict_of(s, id, arena, &rows, &count, err);
}

static bool
read_intent(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	struct intent intent;
	return store_intent_get(s->front, id, arena, &intent, err)
	       && store_intent_get(s, id, arena, &intent, err);
}

/* Nobody would ever ask for it. */
static bool
refuse_intent(struct store *s, struct rk_text id, struct arena *arena, struct rk_err *err)
{
	(void)id;
	(void)arena;
	return db_damaged(s, "intent", err);
}

static bool
verify_way(struct store *s, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct cursor cursor;
	struct page page = { 0 };
	struct store_batch batch = { 0 };
	if (!store_cursor_get(s, &arena, &cursor, err))
		return false;
	do {
		arena_clear(&arena);
		if (!store_page_next(s, page.seq, &arena, &page, err))
			return false;
	} while (page.seq != 0);
	do {
		arena_clear(&arena);
		if (!store_batch_next(s, batch.seq, &arena, &batch, err))
			return false;
	} while (batch.seq != 0);
	recent_forget(s);
	return recent_of(s, err) != NULL
	       && (!s->waits || each(s, "SELECT DISTINCT parent FROM wait", read_wait, err))
	       && blocks_verify(s, link_is_sound, NULL, err)
	       && each(s, "SELECT id FROM pending~", read_pending, err)
	       && read_tombs(s, err);
}

bool
store_verify(struct store *s, struct rk_err *err)
{
	if (!file_is_sound(s, err) || !verify_way(s, err))
		return false;
	if (!store_has_back(s))
		return true;
	struct store *back = store_back(s, err);
	return back != NULL && verify_way(back, err)
	       && each(back, "SELECT from_id FROM base", read_base, err)
	       && each(back, "SELECT DISTINCT id FROM intent", read_intent, err)
	       && each(back, "SELECT id FROM intent WHERE way NOT IN (1, 2)", refuse_intent,
	               err)
	       && each(back, "SELECT DISTINCT from_id FROM conflict", read_conflict, err);
}
