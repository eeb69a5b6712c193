/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox.c - see outbox.h. */
#include "store/outbox.h"

#include <sqlite3.h>

#include "base/err.h"

#define COLUMNS "id, target, way, kind, at, due, tries, state, sent_as, subject, body, doc, error"

static void
bind_text(sqlite3_stmt *st, int at, struct rk_text text)
{
	sqlite3_bind_text(st, at, text.len > 0 ? text.ptr : "", (int)text.len, SQLITE_STATIC);
}

bool
outbox_put(struct host *h, const struct outbox_row *row, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT INTO outbox(target, way, kind, at, due,"
	                                " tries, state, sent_as, subject, body, doc, error)"
	                                " VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6, ?7, ?8, '')");
	bind_text(st, 1, row->target);
	bind_text(st, 2, row->way);
	bind_text(st, 3, row->kind);
	sqlite3_bind_int64(st, 4, row->at_ms);
	sqlite3_bind_int64(st, 5, row->due_ms);
	bind_text(st, 6, row->subject);
	bind_text(st, 7, row->body);
	bind_text(st, 8, row->doc);
	return host_change(h, st, err);
}

static struct rk_text
text_at(sqlite3_stmt *st, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(st, column);
	int len = sqlite3_column_bytes(st, column);
	return arena_text(arena, (struct rk_text){ text, text != NULL ? (uint64_t)len : 0 });
}

/* Runs a statement of COLUMNS, and ends it. */
static bool
take_rows(struct host *h, sqlite3_stmt *st, size_t most, struct arena *arena,
          struct outbox_row **rows, size_t *count, struct rk_err *err)
{
	int step = SQLITE_ERROR;
	*rows = arena_new_array(arena, most, struct outbox_row);
	*count = 0;
	while (st != NULL && *count < most && (step = sqlite3_step(st)) == SQLITE_ROW)
		(*rows)[(*count)++] = (struct outbox_row){
			.id = sqlite3_column_int64(st, 0), .target = text_at(st, 1, arena),
			.way = text_at(st, 2, arena), .kind = text_at(st, 3, arena),
			.at_ms = sqlite3_column_int64(st, 4),
			.due_ms = sqlite3_column_int64(st, 5),
			.tries = sqlite3_column_int64(st, 6),
			.state = (enum outbox_state)sqlite3_column_int(st, 7),
			.sent_as = sqlite3_column_int64(st, 8),
			.subject = text_at(st, 9, arena), .body = text_at(st, 10, arena),
			.doc = text_at(st, 11, arena), .error = text_at(st, 12, arena) };
	sqlite3_finalize(st);
	/* What could not be read is told by a change that changes nothing. */
	return step == SQLITE_DONE || step == SQLITE_ROW
	       || host_change(h, NULL, err);
}

bool
outbox_due(struct host *h, int64_t now_ms, size_t most, struct arena *arena,
           struct outbox_row **rows, size_t *count, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "SELECT " COLUMNS " FROM outbox WHERE state = 0"
	                                " AND due <= ?1 ORDER BY target, way, sent_as = 0,"
	                                " sent_as, id LIMIT ?2");
	sqlite3_bind_int64(st, 1, now_ms);
	sqlite3_bind_int64(st, 2, (int64_t)most);
	return take_rows(h, st, most, arena, rows, count, err);
}

bool
outbox_list(struct host *h, size_t most, struct arena *arena, struct outbox_row **rows,
            size_t *count, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "SELECT " COLUMNS " FROM outbox ORDER BY id DESC"
	                                " LIMIT ?1");
	sqlite3_bind_int64(st, 1, (int64_t)most);
	return take_rows(h, st, most, arena, rows, count, err);
}

/* The number in the first column of the only row; 'none' where there is none. */
static int64_t
number_of(sqlite3_stmt *st, int column, int64_t none)
{
	return sqlite3_column_type(st, column) == SQLITE_INTEGER
	       ? sqlite3_column_int64(st, column) : none;
}

int64_t
outbox_next_due(struct host *h)
{
	int64_t due = INT64_MAX;
	sqlite3_stmt *st = host_prepare(h, "SELECT min(due) FROM outbox WHERE state = 0");
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		due = number_of(st, 0, INT64_MAX);
	sqlite3_finalize(st);
	return due;
}

bool
outbox_settle(struct host *h, const struct outbox_row *row, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "UPDATE outbox SET state = ?2, tries = ?3, due = ?4,"
	                                " sent_as = ?5, error = ?6 WHERE id = ?1");
	sqlite3_bind_int64(st, 1, row->id);
	sqlite3_bind_int64(st, 2, row->state);
	sqlite3_bind_int64(st, 3, row->tries);
	sqlite3_bind_int64(st, 4, row->due_ms);
	sqlite3_bind_int64(st, 5, row->sent_as);
	bind_text(st, 6, row->error);
	return host_change(h, st, err);
}

bool
outbox_claim(struct host *h, struct outbox_row *rows, size_t count, struct rk_err *err)
{
	bool kept = host_begin(h, err);
	for (size_t i = 0; i < count && kept; i++) {
		rows[i].sent_as = rows[0].id;
		kept = outbox_settle(h, &rows[i], err);
	}
	return host_end(h, kept, err) && kept;
}

/* A row that was sent keeps as its due when that was. */
int64_t
outbox_sent_since(struct host *h, struct rk_text target, struct rk_text way,
                  int64_t since_ms, int64_t *oldest_ms)
{
	int64_t count = 0;
	sqlite3_stmt *st = host_prepare(h, "SELECT count(DISTINCT sent_as), min(due) FROM outbox"
	                                " WHERE state = 1 AND target = ?1 AND way = ?2"
	                                " AND due > ?3");
	bind_text(st, 1, target);
	bind_text(st, 2, way);
	sqlite3_bind_int64(st, 3, since_ms);
	*oldest_ms = since_ms;
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		count = sqlite3_column_int64(st, 0);
		*oldest_ms = number_of(st, 1, since_ms);
	}
	sqlite3_finalize(st);
	return count;
}

void
outbox_count(struct host *h, struct outbox_counts *counts)
{
	*counts = (struct outbox_counts){ 0 };
	sqlite3_stmt *st = host_prepare(h, "SELECT state, count(*), sum(tries > 0) FROM outbox"
	                                " WHERE state IN (0, 2) GROUP BY state");
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		bool waits = sqlite3_column_int(st, 0) == OUTBOX_WAITS;
		*(waits ? &counts->waiting : &counts->given_up) = sqlite3_column_int64(st, 1);
		if (waits)
			counts->failing = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
}

bool
outbox_prune(struct host *h, int64_t before_ms, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "DELETE FROM outbox WHERE state <> 0 AND at < ?1");
	sqlite3_bind_int64(st, 1, before_ms);
	return host_change(h, st, err);
}

int64_t
mark_get(struct host *h, const char *name)
{
	int64_t at = RK_NO_TIME;
	sqlite3_stmt *st = host_prepare(h, "SELECT at FROM mark WHERE name = ?1");
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		at = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return at;
}

bool
mark_put(struct host *h, const char *name, int64_t at_ms, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO mark(name, at)"
	                                " VALUES(?1, ?2)");
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, at_ms);
	return host_change(h, st, err);
}

bool
mark_clear(struct host *h, const char *name, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "DELETE FROM mark WHERE name = ?1");
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	return host_change(h, st, err);
}

bool
mark_any(struct host *h, const char *pattern)
{
	sqlite3_stmt *st = host_prepare(h, "SELECT 1 FROM mark WHERE name GLOB ?1 LIMIT 1");
	sqlite3_bind_text(st, 1, pattern, -1, SQLITE_STATIC);
	bool any = st != NULL && sqlite3_step(st) == SQLITE_ROW;
	sqlite3_finalize(st);
	return any;
}
