/* SPDX-License-Identifier: Apache-2.0
 *
 * way.c - the way back of a two-way sync: the same tables once more, under other names,
 * in the same file, so that what belongs to both ways is one commit. */
#include <string.h>

#include "store/db_sqlite.h"

#define WAY_BACK "_back"

static bool
has_table(struct store *s, bool *there, struct rk_err *err)
{
	sqlite3_stmt *st = db_prepare(s, "SELECT 1 FROM sqlite_master WHERE name = 'conflict'",
	                              err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	sqlite3_finalize(st);
	*there = step == DB_ROW;
	return step != DB_FAILED;
}

bool
store_has_back(struct store *s)
{
	struct rk_err err;
	bool there = false;
	return has_table(db_front(s), &there, &err) && there;
}

/* Where nothing was kept yet, a look sees empty tables in memory. */
static bool
open_back(struct store *back, struct rk_err *err)
{
	struct store *front = back->front;
	bool there;
	back->db = front->db;
	if (!has_table(front, &there, err))
		return false;
	if (there || !front->look)
		return there || db_make(back, db_back_schema, err);
	back->db = NULL;
	return db_open(back, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err)
	       && db_make(back, db_back_schema, err);
}

struct store *
store_back(struct store *s, struct rk_err *err)
{
	if (s->back != NULL || s->front != NULL)
		return s->front != NULL ? s : s->back;
	struct store *back = db_new(s->name, s->look);
	back->way = WAY_BACK;
	back->front = s;
	back->epoch = s->epoch;
	memcpy(back->secret, s->secret, sizeof back->secret);
	s->back = back;
	if (open_back(back, err))
		return back;
	db_close_back(s);
	return NULL;
}
