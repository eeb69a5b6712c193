/* SPDX-License-Identifier: Apache-2.0
 *
 * link.c - which records belong together.
 *
 * A record's link is asked for when it is read and again when it is staged, and a
 * random look-up costs as much as parsing the record: what was asked for lately is
 * kept, also that there is none. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/db_sqlite.h"

/* More than a run reads ahead, so that few push each other out. */
#define KEPT_LINKS 1024u
#define KEPT_BYTES 120u

struct kept_link {
	struct link link;              /* Its texts lie in 'bytes'. */
	bool there;
	char bytes[KEPT_BYTES];
};

static struct kept_link *
slot_of(struct store *s, struct rk_text from_id)
{
	if (s->kept_links == NULL)
		s->kept_links = calloc(KEPT_LINKS, sizeof *s->kept_links);
	if (s->kept_links == NULL)
		abort();
	return &s->kept_links[(uint64_t)hash_mark(from_id) % KEPT_LINKS];
}

static struct rk_text
copy_to(char **at, struct rk_text text)
{
	char *bytes = *at;
	if (text.len > 0)
		memcpy(bytes, text.ptr, text.len);
	*at += text.len;
	return (struct rk_text){ bytes, text.len };
}

/* Of a record without a link, all but 'from_id' is empty. */
static void
keep(struct store *s, struct rk_text from_id, const struct link *link)
{
	struct kept_link *slot = slot_of(s, from_id);
	char *at = slot->bytes;
	slot->there = from_id.len + link->to_id.len + link->to_version.len <= KEPT_BYTES;
	if (!slot->there)
		return;
	slot->link = *link;
	slot->link.from_id = copy_to(&at, from_id);
	slot->link.to_id = copy_to(&at, link->to_id);
	slot->link.to_version = copy_to(&at, link->to_version);
}

/* Takes the place of a look-up where it can. */
static bool
is_kept(struct store *s, struct rk_text from_id, struct arena *arena, struct link *link)
{
	const struct kept_link *slot = slot_of(s, from_id);
	if (!slot->there || !text_eq(slot->link.from_id, from_id))
		return false;
	*link = slot->link;
	link->from_id = (struct rk_text){ NULL, 0 };
	if (link->to_id.len == 0)
		return true;
	link->from_id = arena_text(arena, slot->link.from_id);
	link->to_id = arena_text(arena, link->to_id);
	link->to_version = arena_text(arena, link->to_version);
	return true;
}

void
link_forget(struct store *s)
{
	free(s->kept_links);
	s->kept_links = NULL;
}

static int64_t
sum_of(struct store *s, const struct link *l)
{
	struct buf *b = &s->scratch;
	buf_reset(b);
	wire_text(b, l->from_id);
	wire_text(b, l->to_id);
	wire_int(b, l->key_hash);
	buf_add(b, l->from_hash.bytes, HASH_BYTES);
	buf_add(b, l->to_hash.bytes, HASH_BYTES);
	wire_text(b, l->to_version);
	wire_int(b, l->hold_until_ms);
	wire_int(b, l->from_ms);
	return hash_checksum(b->ptr, b->len);
}

static bool
take_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct link *l,
         struct rk_err *err)
{
	*l = (struct link){ 0 };
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	l->from_id = db_text(st, 0, arena);
	l->to_id = db_text(st, 1, arena);
	l->key_hash = sqlite3_column_int64(st, 2);
	db_hash(st, 3, l->from_hash.bytes, HASH_BYTES);
	db_hash(st, 4, l->to_hash.bytes, HASH_BYTES);
	l->to_version = db_text(st, 5, arena);
	l->hold_until_ms = sqlite3_column_int64(st, 6);
	l->from_ms = sqlite3_column_int64(st, 7);
	int64_t sum = sqlite3_column_int64(st, 8);
	sqlite3_reset(st);
	return sum == sum_of(s, l) || db_damaged(s, "link", err);
}

bool
store_link_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct link *link, struct rk_err *err)
{
	if (is_kept(s, from_id, arena, link))
		return true;
	sqlite3_stmt *st = db_use(s, DB_LINK_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, from_id);
	if (!take_row(s, st, arena, link, err))
		return false;
	keep(s, from_id, link);
	return true;
}

bool
store_link_by_key(struct store *s, int64_t key_hash, struct rk_text not_from_id,
                  struct arena *arena, struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_BY_KEY, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, key_hash);
	db_bind_text(st, 2, not_from_id);
	return take_row(s, st, arena, link, err);
}

bool
store_link_by_target(struct store *s, struct rk_text to_id, struct rk_text not_from_id,
                     struct arena *arena, struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_BY_TARGET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, to_id);
	db_bind_text(st, 2, not_from_id);
	return take_row(s, st, arena, link, err);
}

/* The cheapest statement for what is known of the row that stands there: of one with
 * the same key and target no index changes. */
static enum db_sql
way_to_put(struct store *s, const struct link *link)
{
	const struct kept_link *slot = slot_of(s, link->from_id);
	if (!slot->there || !text_eq(slot->link.from_id, link->from_id))
		return DB_LINK_PUT;
	if (slot->link.to_id.len == 0)
		return DB_LINK_ADD;
	return slot->link.key_hash == link->key_hash
	       && text_eq(slot->link.to_id, link->to_id) ? DB_LINK_UPDATE : DB_LINK_PUT;
}

bool
store_link_put(struct store *s, const struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, way_to_put(s, link), err);
	if (st == NULL)
		return false;
	if (!s->look)
		keep(s, link->from_id, link);
	db_bind_text(st, 1, link->from_id);
	db_bind_text(st, 2, link->to_id);
	sqlite3_bind_int64(st, 3, link->key_hash);
	db_bind_blob(st, 4, link->from_hash.bytes, HASH_BYTES);
	db_bind_blob(st, 5, link->to_hash.bytes, HASH_BYTES);
	db_bind_text(st, 6, link->to_version);
	sqlite3_bind_int64(st, 7, link->hold_until_ms);
	sqlite3_bind_int64(st, 8, link->from_ms);
	sqlite3_bind_int64(st, 9, sum_of(s, link));
	return db_change(s, st, err);
}

bool
store_link_count(struct store *s, int64_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_LINK_COUNT, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step != DB_FAILED;
}
