/* SPDX-License-Identifier: Apache-2.0
 *
 * wait.c - which row of pending waits for which record of another sync, or of this one,
 * to be linked.  The rows of pending themselves say so too; here they are found by what
 * they wait for.  A row that waits no more may stand here for a while: whoever takes it
 * looks at pending. */
#include "base/text.h"
#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, struct rk_text id, struct rk_text parent)
{
	struct buf *b = &s->scratch;
	buf_reset(b);
	wire_text(b, id);
	wire_text(b, parent);
	return hash_checksum(b->ptr, b->len);
}

bool
store_wait_put(struct store *s, struct rk_text id, struct rk_text parent,
               struct rk_err *err)
{
	if (!s->waits)
		return true;           /* A look at an old state: nothing is kept. */
	sqlite3_stmt *st = db_use(s, DB_WAIT_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, id);
	db_bind_text(st, 2, parent);
	sqlite3_bind_int64(st, 3, sum_of(s, id, parent));
	return db_change(s, st, err);
}

bool
store_wait_drop(struct store *s, struct rk_text id, struct rk_err *err)
{
	if (!s->waits)
		return true;
	sqlite3_stmt *st = db_use(s, DB_WAIT_DROP, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, id);
	return db_change(s, st, err);
}

bool
store_wait_next(struct store *s, struct rk_text after, struct arena *arena,
                struct rk_text *parent, struct rk_err *err)
{
	*parent = (struct rk_text){ NULL, 0 };
	if (!s->waits)
		return true;
	sqlite3_stmt *st = db_use(s, DB_WAIT_NEXT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, after);
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*parent = db_text(st, 0, arena);
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_wait_list(struct store *s, struct rk_text parent, struct rk_text after, size_t most,
                struct arena *arena, struct rk_text **ids, size_t *count,
                struct rk_err *err)
{
	enum db_step step = DB_DONE;
	*count = 0;
	*ids = arena_new_array(arena, most, struct rk_text);
	if (!s->waits)
		return true;
	sqlite3_stmt *st = db_use(s, DB_WAIT_LIST, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, parent);
	db_bind_text(st, 2, after);
	while (*count < most && (step = db_step(s, st, err)) == DB_ROW) {
		struct rk_text id = db_text(st, 0, arena);
		if (sqlite3_column_int64(st, 1) != sum_of(s, id, parent)) {
			sqlite3_reset(st);
			return db_damaged(s, "wait", err);
		}
		(*ids)[(*count)++] = id;
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

/* ---- How many links were made, for those who wait for them -------------------- */

bool
links_note(struct store *s, struct rk_err *err)
{
	int64_t made;
	if (s->links_made == 0)
		return true;
	if (!store_number_get(s, STORE_LINKS_MADE, &made, err)
	    || !store_number_put(s, STORE_LINKS_MADE, made + s->links_made, err))
		return false;
	s->links_made = 0;
	return true;
}
