/* SPDX-License-Identifier: Apache-2.0
 *
 * compared.c - see walk.h: what walks that compare both sides found, for people.  A row
 * that is damaged is left out. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "store/db_sqlite.h"
#include "store/walk.h"

static const size_t numbers[] = {
	offsetof(struct compared, began_ms), offsetof(struct compared, ended_ms),
	offsetof(struct compared, equal), offsetof(struct compared, missing),
	offsetof(struct compared, different), offsetof(struct compared, waiting),
	offsetof(struct compared, extra), offsetof(struct compared, excluded),
	offsetof(struct compared, repaired), offsetof(struct compared, source_calls),
	offsetof(struct compared, target_calls),
};
#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)

static const size_t texts[] = {
	offsetof(struct found, verdict), offsetof(struct found, id),
	offsetof(struct found, key), offsetof(struct found, to_id),
	offsetof(struct found, field), offsetof(struct found, from),
	offsetof(struct found, to), offsetof(struct found, reason),
};
#define TEXT_COUNT (sizeof texts / sizeof *texts)

int64_t
compared_in_step(const struct compared *c)
{
	int64_t all = c->equal + c->missing + c->different + c->waiting;
	/* Rounded down: nothing but all of them is 100 %. */
	return all > 0 ? c->equal * 10000 / all : -1;
}

void
compared_encode(struct buf *out, const struct compared *c)
{
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		wire_int(out, *(const int64_t *)((const char *)c + numbers[i]));
	wire_int(out, c->whole);
	wire_text(out, (struct rk_text){ (const char *)c->digest, sizeof c->digest });
}

bool
compared_decode(struct rk_text body, struct compared *c)
{
	struct wire_reader r = wire_reader(body);
	*c = (struct compared){ 0 };
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		*(int64_t *)((char *)c + numbers[i]) = wire_take_int(&r);
	c->whole = wire_take_int(&r) == 1;
	struct rk_text digest = wire_take_text(&r);
	if (r.bad || digest.len != sizeof c->digest)
		return false;
	memcpy(c->digest, digest.ptr, sizeof c->digest);
	return true;
}

bool
store_compared_put(struct store *s, const struct compared *c, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_walks(s, err) || (st = db_use(s, DB_COMPARED_PUT, err)) == NULL)
		return false;
	buf_reset(&s->scratch);
	compared_encode(&s->scratch, c);
	sqlite3_bind_int64(st, 1, c->began_ms);
	sqlite3_bind_int64(st, 2, hash_checksum(s->scratch.ptr, s->scratch.len));
	db_bind_blob(st, 3, s->scratch.ptr, s->scratch.len);
	if (!db_change(s, st, err) || (st = db_use(s, DB_COMPARED_TRIM, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 1, STORE_COMPARED_KEPT);
	if (!db_change(s, st, err) || (st = db_use(s, DB_FOUND_DROP, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 1, c->began_ms);
	return db_change(s, st, err);
}

/* The text of a row whose checksum fits; else empty. */
static struct rk_text
take_body(sqlite3_stmt *st, int at, struct arena *arena)
{
	struct rk_text body = db_text(st, at + 1, arena);
	bool sound = sqlite3_column_int64(st, at) == hash_checksum(body.ptr, body.len);
	return sound ? body : (struct rk_text){ NULL, 0 };
}

bool
store_compared_list(struct store *s, size_t most, struct arena *arena,
                    struct compared **list, size_t *count, struct rk_err *err)
{
	*list = NULL;
	*count = 0;
	if (!db_has_walks(s))
		return true;
	sqlite3_stmt *st = db_use(s, DB_COMPARED_LIST, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, (int64_t)most);
	*list = arena_new_array(arena, most, struct compared);
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW && *count < most)
		*count += compared_decode(take_body(st, 0, arena), &(*list)[*count]);
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_found_put(struct store *s, int64_t began_ms, const struct found *found,
                struct rk_err *err)
{
	sqlite3_stmt *st;
	if (!db_make_walks(s, err) || (st = db_use(s, DB_FOUND_PUT, err)) == NULL)
		return false;
	buf_reset(&s->scratch);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		wire_text(&s->scratch, *(const struct rk_text *)((const char *)found + texts[i]));
	sqlite3_bind_int64(st, 1, began_ms);
	sqlite3_bind_int64(st, 2, hash_checksum(s->scratch.ptr, s->scratch.len));
	db_bind_blob(st, 3, s->scratch.ptr, s->scratch.len);
	return db_change(s, st, err);
}

static bool
decode(struct rk_text body, struct found *found)
{
	struct wire_reader r = wire_reader(body);
	*found = (struct found){ 0 };
	for (size_t i = 0; i < TEXT_COUNT; i++)
		*(struct rk_text *)((char *)found + texts[i]) = wire_take_text(&r);
	return !r.bad;
}

bool
store_found_list(struct store *s, int64_t began_ms, int64_t *seq, size_t most,
                 struct arena *arena, struct found **list, size_t *count,
                 struct rk_err *err)
{
	*list = NULL;
	*count = 0;
	if (!db_has_walks(s))
		return true;
	sqlite3_stmt *st = db_use(s, DB_FOUND_LIST, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, began_ms);
	sqlite3_bind_int64(st, 2, *seq);
	sqlite3_bind_int64(st, 3, (int64_t)most);
	*list = arena_new_array(arena, most, struct found);
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW && *count < most) {
		*seq = sqlite3_column_int64(st, 0);
		*count += decode(take_body(st, 1, arena), &(*list)[*count]);
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}
