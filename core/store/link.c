/* SPDX-License-Identifier: Apache-2.0
 *
 * link.c - which records belong together.
 *
 * A link that was put lately is found in memory (recent.h) and goes before what
 * the table says.  A record's link is asked for when it is read and again when it is
 * staged, and a random look-up costs as much as parsing the record: what was asked
 * for lately is kept, also that there is none. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/recent.h"

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

static void
copy(struct link *link, const struct link *from, struct arena *arena)
{
	*link = *from;
	link->from_id = (struct rk_text){ NULL, 0 };
	if (link->to_id.len == 0)
		return;
	link->from_id = arena_text(arena, from->from_id);
	link->to_id = arena_text(arena, from->to_id);
	link->to_version = arena_text(arena, from->to_version);
}

/* Takes the place of a look-up in the table where it can. */
static bool
is_kept(struct store *s, struct rk_text from_id, struct arena *arena, struct link *link)
{
	const struct kept_link *slot = slot_of(s, from_id);
	if (!slot->there || !text_eq(slot->link.from_id, from_id))
		return false;
	copy(link, &slot->link, arena);
	return true;
}

static void
forget_kept(struct store *s)
{
	free(s->kept_links);
	s->kept_links = NULL;
}

void
link_forget(struct store *s)
{
	forget_kept(s);
	recent_forget(s);
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

/* ---- The table ---------------------------------------------------------------------- */

static bool
read_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct link *l,
         struct rk_err *err)
{
	l->from_id = db_text(st, 0, arena);
	l->to_id = db_text(st, 1, arena);
	l->key_hash = sqlite3_column_int64(st, 2);
	db_hash(st, 3, l->from_hash.bytes, HASH_BYTES);
	db_hash(st, 4, l->to_hash.bytes, HASH_BYTES);
	l->to_version = db_text(st, 5, arena);
	l->hold_until_ms = sqlite3_column_int64(st, 6);
	l->from_ms = sqlite3_column_int64(st, 7);
	return sqlite3_column_int64(st, 8) == sum_of(s, l) || db_damaged(s, "link", err);
}

/* The first row that no link put lately takes the place of. */
static bool
take_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct link *l,
         struct rk_err *err)
{
	enum db_step step;
	bool sound = true;
	*l = (struct link){ 0 };
	while (sound && (step = db_step(s, st, err)) != DB_DONE) {
		sound = step == DB_ROW && read_row(s, st, arena, l, err);
		if (sound && recent_get(s->recent, l->from_id) == NULL)
			break;
		*l = (struct link){ 0 };
	}
	sqlite3_reset(st);
	return sound;
}

bool
link_read(struct store *s, struct rk_text from_id, struct arena *arena, struct link *link,
          struct rk_err *err)
{
	*link = (struct link){ 0 };
	sqlite3_stmt *st = db_use(s, DB_LINK_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, from_id);
	enum db_step step = db_step(s, st, err);
	bool sound = step == DB_DONE || (step == DB_ROW && read_row(s, st, arena, link, err));
	sqlite3_reset(st);
	return sound;
}

static bool
write_row(struct store *s, const struct recent_link *recent, struct rk_err *err)
{
	const struct link *link = &recent->link;
	sqlite3_stmt *st = db_use(s, recent->put, err);
	if (st == NULL)
		return false;
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

static int
by_id(const void *a, const void *b)
{
	return text_cmp(((const struct recent_link *)a)->link.from_id,
	                ((const struct recent_link *)b)->link.from_id);
}

bool
link_merge(struct store *s, struct rk_err *err)
{
	struct recent *r = recent_of(s, err);
	if (r == NULL)
		return false;
	/* Nobody looks one up any more: their order of arrival may go. */
	qsort(r->links, r->count, sizeof *r->links, by_id);
	for (size_t i = 0; i < r->count; i++)
		if (!r->links[i].replaced && !write_row(s, &r->links[i], err))
			return false;
	link_forget(s);
	return db_change(s, db_use(s, DB_RESET_RECENT, err), err);
}

/* ---- What others ask ------------------------------------------------------------------ */

bool
store_link_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct link *link, struct rk_err *err)
{
	const struct recent *r = recent_of(s, err);
	if (r == NULL)
		return false;
	const struct recent_link *recent = recent_get(r, from_id);
	if (recent != NULL) {
		copy(link, &recent->link, arena);
		return true;
	}
	if (is_kept(s, from_id, arena, link))
		return true;
	if (!link_read(s, from_id, arena, link, err))
		return false;
	keep(s, from_id, link);
	return true;
}

bool
store_link_by_key(struct store *s, int64_t key_hash, struct rk_text not_from_id,
                  struct arena *arena, struct link *link, struct rk_err *err)
{
	const struct recent *r = recent_of(s, err);
	const struct recent_link *recent =
		r != NULL ? recent_by_key(r, key_hash, not_from_id) : NULL;
	if (recent != NULL)
		copy(link, &recent->link, arena);
	if (r == NULL || recent != NULL)
		return r != NULL;
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
	const struct recent *r = recent_of(s, err);
	const struct recent_link *recent =
		r != NULL ? recent_by_target(r, to_id, not_from_id) : NULL;
	if (recent != NULL)
		copy(link, &recent->link, arena);
	if (r == NULL || recent != NULL)
		return r != NULL;
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
	const struct recent_link *recent = recent_get(s->recent, link->from_id);
	const struct kept_link *slot = slot_of(s, link->from_id);
	const struct link *older = recent != NULL ? &recent->link : &slot->link;
	if (recent == NULL && (!slot->there || !text_eq(older->from_id, link->from_id)))
		return DB_LINK_PUT;
	if (recent != NULL ? recent->put == DB_LINK_ADD : older->to_id.len == 0)
		return DB_LINK_ADD;
	bool same = older->key_hash == link->key_hash && text_eq(older->to_id, link->to_id);
	return same && (recent == NULL || recent->put == DB_LINK_UPDATE) ? DB_LINK_UPDATE
	                                                                 : DB_LINK_PUT;
}

bool
store_link_put(struct store *s, const struct link *link, struct rk_err *err)
{
	if (s->look)
		return true;
	struct recent *r = recent_of(s, err);
	if (r == NULL)
		return false;
	recent_add(r, link, way_to_put(s, link));
	return !sqlite3_get_autocommit(s->db) || recent_save(s, err);
}

bool
link_commit(struct store *s, struct rk_err *err)
{
	return recent_save(s, err)
	       && (s->recent == NULL || s->recent->count < RECENT_MAX || link_merge(s, err));
}

/* How many of the links put lately have no row yet. */
static bool
count_new(struct store *s, const struct recent *r, int64_t *count, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < r->count; i++) {
		struct link link;
		if (r->links[i].replaced)
			continue;
		if (!link_read(s, r->links[i].link.from_id, &arena, &link, err))
			return false;
		*count += link.to_id.len == 0;
		arena_clear(&arena);
	}
	return true;
}

bool
store_link_count(struct store *s, int64_t *count, struct rk_err *err)
{
	*count = 0;
	const struct recent *r = recent_of(s, err);
	sqlite3_stmt *st = r != NULL ? db_use(s, DB_LINK_COUNT, err) : NULL;
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step != DB_FAILED && count_new(s, r, count, err);
}
