/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.c - see drift.h.  A damaged row counts as none: what is described then is the
 * first that is known. */
#include "store/drift.h"

#include <stddef.h>

#include "base/text.h"
#include "store/db_sqlite.h"

static const size_t texts[] = {
	offsetof(struct drift, connection), offsetof(struct drift, object),
	offsetof(struct drift, field), offsetof(struct drift, what),
	offsetof(struct drift, lines), offsetof(struct drift, advice),
};
#define TEXT_COUNT (sizeof texts / sizeof *texts)

bool
store_fields_get(struct store *s, const char *side, struct arena *arena,
                 struct rk_text *body, struct rk_err *err)
{
	*body = (struct rk_text){ NULL, 0 };
	if (!db_has_drift(s))
		return true;
	sqlite3_stmt *st = db_use(s, DB_FIELDS_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, text_of(side));
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW) {
		*body = db_text(st, 1, arena);
		if (sqlite3_column_int64(st, 0) != hash_checksum(body->ptr, body->len))
			body->len = 0;
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_fields_put(struct store *s, const char *side, struct rk_text body, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_drift(s, err) || (st = db_use(s, DB_FIELDS_PUT, err)) == NULL)
		return false;
	db_bind_text(st, 1, text_of(side));
	sqlite3_bind_int64(st, 2, hash_checksum(body.ptr, body.len));
	db_bind_blob(st, 3, body.ptr, body.len);
	return db_change(s, st, err);
}

bool
store_drift_put(struct store *s, const struct drift *drift, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_drift(s, err) || (st = db_use(s, DB_DRIFT_PUT, err)) == NULL)
		return false;
	buf_reset(&s->scratch);
	wire_int(&s->scratch, drift->at_ms);
	wire_int(&s->scratch, drift->gravity);
	wire_int(&s->scratch, drift->waiting);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		wire_text(&s->scratch, *(const struct rk_text *)((const char *)drift + texts[i]));
	wire_int(&s->scratch, drift->target);
	wire_int(&s->scratch, drift->rule);
	wire_int(&s->scratch, drift->refused);
	sqlite3_bind_int64(st, 1, hash_checksum(s->scratch.ptr, s->scratch.len));
	db_bind_blob(st, 2, s->scratch.ptr, s->scratch.len);
	if (!db_change(s, st, err) || (st = db_use(s, DB_DRIFT_TRIM, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 1, sqlite3_last_insert_rowid(s->db) - STORE_DRIFT_KEPT);
	return db_change(s, st, err);
}

static bool
decode(struct rk_text body, struct drift *drift)
{
	struct wire_reader r = wire_reader(body);
	*drift = (struct drift){ .at_ms = wire_take_int(&r) };
	drift->gravity = (enum drift_gravity)wire_take_range(&r, 0, DRIFT_GRAVITIES - 1);
	drift->waiting = wire_take_int(&r);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		*(struct rk_text *)((char *)drift + texts[i]) = wire_take_text(&r);
	drift->target = wire_take_int(&r) != 0;
	drift->rule = wire_take_int(&r);
	drift->refused = wire_take_int(&r);
	return !r.bad;
}

bool
store_drift_list(struct store *s, size_t most, struct arena *arena, struct drift **list,
                 size_t *count, struct rk_err *err)
{
	*list = NULL;
	*count = 0;
	if (!db_has_drift(s))
		return true;
	sqlite3_stmt *st = db_use(s, DB_DRIFT_LIST, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, (int64_t)most);
	*list = arena_new_array(arena, most, struct drift);
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW && *count < most) {
		struct rk_text body = db_text(st, 1, arena);
		if (sqlite3_column_int64(st, 0) == hash_checksum(body.ptr, body.len))
			*count += decode(body, &(*list)[*count]);
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_pending_at_field(struct store *s, struct rk_text field, int64_t *count,
                       struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PENDING_AT_FIELD, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, field);
	bool read = db_step(s, st, err) == DB_ROW;
	*count = read ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return read;
}
