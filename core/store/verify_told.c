/* SPDX-License-Identifier: Apache-2.0
 *
 * verify_told.c - the rows that are told to people and to nobody else: changes of a
 * record's fields, what walks found, fields that changed.  One that is damaged is handed
 * out to nobody and keeps no run from going on, so it is counted, and no failure. */
#include "store/db_sqlite.h"
#include "store/field_log.h"

/* Each with its body's checksum beside it. */
static const struct { const char *table, *bodies; } plain[] = {
	{ "compared", "SELECT sum, body FROM compared" },
	{ "compared_found", "SELECT sum, body FROM compared_found" },
	{ "drift", "SELECT sum, body FROM drift" },
	{ "fields_known", "SELECT sum, body FROM fields_known" },
};

/* A table that was never made has no rows. */
static bool
is_there(struct store *s, const char *table)
{
	return sqlite3_table_column_metadata(s->db, NULL, table, NULL, NULL, NULL, NULL, NULL,
	                                     NULL) == SQLITE_OK;
}

static bool
look_at(struct store *s, const char *bodies, int64_t *damaged, struct rk_err *err)
{
	int step = SQLITE_DONE;
	sqlite3_stmt *st = db_prepare(s, bodies, err);
	if (st == NULL)
		return false;
	while ((step = sqlite3_step(st)) == SQLITE_ROW) {
		const void *body = sqlite3_column_blob(st, 1);
		size_t len = (size_t)sqlite3_column_bytes(st, 1);
		*damaged += sqlite3_column_int64(st, 0) != hash_checksum(body, len);
	}
	sqlite3_finalize(st);
	return step == SQLITE_DONE || db_fail(s, err);
}

bool
store_verify_told(struct store *s, const char **table, int64_t *damaged, struct rk_err *err)
{
	*table = "field_line";
	*damaged = 0;
	if (is_there(s, *table) && !field_log_damaged(s, damaged, err))
		return false;
	for (size_t i = 0; *damaged == 0 && i < sizeof plain / sizeof *plain; i++) {
		*table = plain[i].table;
		if (is_there(s, *table) && !look_at(s, plain[i].bodies, damaged, err))
			return false;
	}
	return true;
}
