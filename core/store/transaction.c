/* SPDX-License-Identifier: Apache-2.0
 *
 * transaction.c - begins and ends what is done in one step, and forgets what a state
 * holds. */
#include "store/link_recent.h"
#include "store/walk.h"

#include "base/err.h"

/* Somebody took a newer epoch: this run is a ghost. */
static bool
epoch_holds(struct store *s, struct rk_err *err)
{
	int64_t newest;
	if (!store_number_get(s, "epoch", &newest, err))
		return false;
	if (newest == s->epoch)
		return true;
	err_set(err, RK_PAUSE, RK_CAT_OTHER,
	        "another run of sync \"%s\" took over; this one stops and changes nothing",
	        s->name);
	return false;
}

bool
store_begin(struct store *s, struct rk_err *err)
{
	s = db_front(s);
	if (s->look)
		return true;
	sqlite3_stmt *st = db_use(s, DB_BEGIN, err);
	if (!db_change(s, st, err))
		return false;
	if (epoch_holds(s, err))
		return true;
	store_rollback(s);
	return false;
}

bool
store_commit(struct store *s, struct rk_err *err)
{
	s = db_front(s);
	if (s->look)
		return true;
	if (link_commit(s, err) && links_note(s, err)
	    && (s->back == NULL || link_commit(s->back, err))
	    && db_change(s, db_use(s, DB_COMMIT, err), err))
		return true;
	store_rollback(s);
	return false;
}

void
store_rollback(struct store *s)
{
	/* NULL: it could not be opened; who fails then comes here all the same. */
	if (s == NULL || s->look)
		return;
	s = db_front(s);
	/* A commit that fails may have rolled back by itself. */
	link_forget(s);
	s->links_made = 0;
	s->tombs = 0;
	if (s->back != NULL) {
		link_forget(s->back);
		s->back->tombs = 0;
	}
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
store_new_epoch(struct store *s, int64_t *epoch, struct rk_err *err)
{
	int64_t newest;
	sqlite3_stmt *st = db_use(s, DB_BEGIN, err);
	if (!db_change(s, st, err))
		return false;
	if (store_number_get(s, "epoch", &newest, err)
	    && store_number_put(s, "epoch", newest + 1, err)) {
		*epoch = s->epoch = newest + 1;
		if (s->back != NULL)
			s->back->epoch = s->epoch;
		return store_commit(s, err);
	}
	store_rollback(s);
	return false;
}

static bool
reset_way(struct store *s, bool everything, struct rk_err *err)
{
	static const enum db_sql parts[] = { DB_RESET_CURSOR, DB_RESET_PAGE, DB_RESET_BATCH,
	                                     DB_RESET_PENDING, DB_RESET_WAIT,
	                                     DB_RESET_RECENT, DB_RESET_BLOCK };
	size_t count = everything ? sizeof parts / sizeof *parts : 2;
	link_forget(s);
	for (size_t i = 0; i < count; i++)
		if (!db_change(s, db_use(s, parts[i], err), err))
			return false;
	return !everything || store_tomb_trim(s, INT64_MAX, err);
}

bool
store_reset(struct store *s, bool everything, const char *identity, struct rk_err *err)
{
	bool both = store_has_back(s);
	struct store *back = both ? store_back(s, err) : NULL;
	return reset_way(s, everything, err)
	       && (!both || (back != NULL && reset_way(back, everything, err)))
	       && (!both || !everything
	           || (db_change(s, db_use(s, DB_RESET_BASE, err), err)
	               && db_change(s, db_use(s, DB_RESET_INTENT, err), err)
	               && db_change(s, db_use(s, DB_RESET_CONFLICT, err), err)))
	       && walk_reset(s, everything, err) && store_bind(s, identity, err);
}
