/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - what was done: one row a run, kept for people. */
#include <stddef.h>

#include "store/db_sqlite.h"

/* The columns between started and message, in the order of the table. */
static const size_t numbers[] = {
	offsetof(struct run_row, id), offsetof(struct run_row, epoch),
	offsetof(struct run_row, started_ms), offsetof(struct run_row, ended_ms),
	offsetof(struct run_row, read), offsetof(struct run_row, carried),
	offsetof(struct run_row, created), offsetof(struct run_row, updated),
	offsetof(struct run_row, archived), offsetof(struct run_row, unchanged),
	offsetof(struct run_row, excluded), offsetof(struct run_row, waiting),
	offsetof(struct run_row, failed), offsetof(struct run_row, source_calls),
	offsetof(struct run_row, target_calls), offsetof(struct run_row, writes),
	offsetof(struct run_row, exit_code),
};
#define NUMBER_COUNT ((int)(sizeof numbers / sizeof *numbers))

bool
store_run_begin(struct store *s, struct run_row *row, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_RUN_BEGIN, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, row->epoch);
	sqlite3_bind_int64(st, 2, row->started_ms);
	if (!db_change(s, st, err))
		return false;
	row->id = sqlite3_last_insert_rowid(s->db);
	st = db_use(s, DB_RUN_TRIM, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, row->id - STORE_RUNS_KEPT);
	return db_change(s, st, err);
}

bool
store_run_end(struct store *s, const struct run_row *row, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_RUN_END, err);
	if (st == NULL)
		return false;
	for (int i = 0; i < NUMBER_COUNT; i++)
		sqlite3_bind_int64(st, i + 1,
		                   *(const int64_t *)((const char *)row + numbers[i]));
	db_bind_text(st, NUMBER_COUNT + 1, row->message);
	return db_change(s, st, err);
}

bool
store_run_list(struct store *s, size_t most, struct arena *arena, struct run_row **rows,
               size_t *count, struct rk_err *err)
{
	*count = 0;
	*rows = arena_new_array(arena, most, struct run_row);
	sqlite3_stmt *st = db_use(s, DB_RUN_LIST, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, (int64_t)most);
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW && *count < most) {
		struct run_row *row = &(*rows)[(*count)++];
		for (int i = 0; i < NUMBER_COUNT; i++)
			*(int64_t *)((char *)row + numbers[i]) = sqlite3_column_int64(st, i);
		row->message = db_text(st, NUMBER_COUNT, arena);
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_run_tally(struct store *s, int64_t since_ms, int64_t until_ms,
                struct run_tally *tally, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_RUN_TALLY, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, since_ms);
	sqlite3_bind_int64(st, 2, until_ms);
	bool read = db_step(s, st, err) == DB_ROW;
	if (read)
		*tally = (struct run_tally){ sqlite3_column_int64(st, 0),
		                             sqlite3_column_int64(st, 1),
		                             sqlite3_column_int64(st, 2) };
	sqlite3_reset(st);
	return read;
}
