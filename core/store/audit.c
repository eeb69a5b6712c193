/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.c - see audit.h. */
#include "store/audit.h"

#include <sqlite3.h>

bool
audit_add(struct host *h, const struct audit *row, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT INTO audit(at, who, action, code)"
	                                " VALUES(?1, ?2, ?3, ?4)");
	sqlite3_bind_int64(st, 1, row->at_ms);
	sqlite3_bind_text(st, 2, row->who, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, row->action, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 4, row->code);
	return host_change(h, st, err)
	       && host_change(h, host_prepare(h, "DELETE FROM audit WHERE id <="
	                                      " (SELECT max(id) FROM audit) - 10000"), err);
}

struct audit *
audit_list(struct host *h, size_t most, struct arena *arena, size_t *count)
{
	struct audit *list = arena_new_array(arena, most, struct audit);
	sqlite3_stmt *st = host_prepare(h, "SELECT id, at, who, action, code FROM audit"
	                                " ORDER BY id DESC LIMIT ?1");
	*count = 0;
	sqlite3_bind_int64(st, 1, (sqlite3_int64)most);
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		list[(*count)++] = (struct audit){
			.id = sqlite3_column_int64(st, 0), .at_ms = sqlite3_column_int64(st, 1),
			.who = arena_str(arena, (const char *)sqlite3_column_text(st, 2)),
			.action = arena_str(arena, (const char *)sqlite3_column_text(st, 3)),
			.code = sqlite3_column_int64(st, 4) };
	sqlite3_finalize(st);
	return list;
}
