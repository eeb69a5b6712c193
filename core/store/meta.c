/* SPDX-License-Identifier: Apache-2.0
 *
 * meta.c - numbers and notes of a state, each under its name; whose state it is. */
#include "store/db_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Numbers are a way's own; but for the epoch, which only the way there asks for. */
static void
bind_name(const struct store *s, sqlite3_stmt *st, const char *name)
{
	char own[64];
	int len = snprintf(own, sizeof own, "%s%s", name, s->way);
	sqlite3_bind_text(st, 1, own, len < (int)sizeof own ? len : (int)sizeof own - 1,
	                  SQLITE_TRANSIENT);
}

bool
store_number_get(struct store *s, const char *name, int64_t *number, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	enum db_step step = db_step(s, st, err);
	*number = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_number_put(struct store *s, const char *name, int64_t number, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	sqlite3_bind_int64(st, 2, number);
	return db_change(s, st, err);
}

/* Its checksum goes before it. */
bool
store_note_get(struct store *s, const char *name, struct arena *arena, struct rk_text *note,
               struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	enum db_step step = db_step(s, st, err);
	*note = step == DB_ROW ? db_text(st, 0, arena) : (struct rk_text){ NULL, 0 };
	sqlite3_reset(st);
	if (step != DB_ROW)
		return step != DB_FAILED;
	if (note->len < sizeof(int64_t)
	    || wire_get64((const unsigned char *)note->ptr)
	       != hash_checksum(note->ptr + sizeof(int64_t), note->len - sizeof(int64_t)))
		return db_damaged(s, "meta", err);
	*note = (struct rk_text){ note->ptr + sizeof(int64_t), note->len - sizeof(int64_t) };
	return true;
}

bool
store_note_put(struct store *s, const char *name, struct rk_text note, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	unsigned char sum[sizeof(int64_t)];
	if (st == NULL)
		return false;
	wire_put64(sum, hash_checksum(note.ptr, note.len));
	buf_reset(&s->scratch);
	buf_addt(&s->scratch, (struct rk_text){ (const char *)sum, sizeof sum });
	buf_addt(&s->scratch, note);
	bind_name(s, st, name);
	db_bind_blob(st, 2, s->scratch.ptr, s->scratch.len);
	return db_change(s, st, err);
}

bool
store_bind(struct store *s, const char *identity, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, TEXT_LIT("identity"));
	db_bind_text(st, 2, text_of(identity));
	return db_change(s, st, err);
}

bool
db_load_secret(struct store *s, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, TEXT_LIT("secret"));
	enum db_step step = db_step(s, st, err);
	if (step == DB_FAILED)
		return false;
	bool there = step == DB_ROW && sqlite3_column_bytes(st, 0) == HASH_BYTES;
	if (there)
		memcpy(s->secret, sqlite3_column_blob(st, 0), HASH_BYTES);
	sqlite3_reset(st);
	return there || db_damaged(s, "meta", err);
}

const unsigned char *
store_secret(const struct store *s)
{
	return s->secret;
}
