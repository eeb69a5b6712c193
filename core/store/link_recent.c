/* SPDX-License-Identifier: Apache-2.0
 *
 * link_recent.c - see link_recent.h. */
#include "store/link_recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FIRST_ROOM 256u

static void *
zeroed(size_t count, size_t size)
{
	void *bytes = calloc(count, size);
	if (bytes == NULL)
		abort();
	return bytes;
}

static uint32_t *
head_of(const struct recent *r, enum recent_way way, int64_t mark)
{
	return &r->heads[way][(uint64_t)mark & (r->room * 2 - 1)];
}

static void
enter(struct recent *r, size_t at)
{
	struct recent_link *l = &r->links[at];
	for (int way = 0; way < RECENT_WAYS; way++) {
		uint32_t *head = head_of(r, (enum recent_way)way, l->marks[way]);
		l->next[way] = *head;
		*head = (uint32_t)at + 1;
	}
}

static void
make_room(struct recent *r)
{
	r->room = r->room > 0 ? r->room * 2 : FIRST_ROOM;
	r->links = realloc(r->links, r->room * sizeof *r->links);
	if (r->links == NULL)
		abort();
	for (int way = 0; way < RECENT_WAYS; way++) {
		free(r->heads[way]);
		r->heads[way] = zeroed(r->room * 2, sizeof *r->heads[way]);
	}
	for (size_t i = 0; i < r->count; i++)
		enter(r, i);
}

/* The newest of this bucket with this mark behind 'l'; NULL: from the beginning. */
static struct recent_link *
next_of(const struct recent *r, enum recent_way way, int64_t mark,
        const struct recent_link *l)
{
	if (r->count == 0)
		return NULL;
	uint32_t at = l != NULL ? l->next[way] : *head_of(r, way, mark);
	for (; at != 0; at = r->links[at - 1].next[way]) {
		struct recent_link *found = &r->links[at - 1];
		if (!found->replaced && found->marks[way] == mark)
			return found;
	}
	return NULL;
}

static struct recent_link *
find(const struct recent *r, struct rk_text from_id)
{
	int64_t mark = hash_text64(from_id);
	struct recent_link *l = next_of(r, RECENT_BY_ID, mark, NULL);
	while (l != NULL && !text_eq(l->from_id, from_id))
		l = next_of(r, RECENT_BY_ID, mark, l);
	return l;
}

const struct recent_link *
recent_get(const struct recent *r, struct rk_text from_id)
{
	return find(r, from_id);
}

const struct recent_link *
recent_by_key(const struct recent *r, int64_t key_hash, struct rk_text not_from_id)
{
	struct recent_link *l = next_of(r, RECENT_BY_KEY, key_hash, NULL);
	while (l != NULL && text_eq(l->from_id, not_from_id))
		l = next_of(r, RECENT_BY_KEY, key_hash, l);
	return l;
}

static bool
leads_to(const struct recent_link *l, struct rk_text to_id)
{
	struct link link;
	return link_decode(l->from_id, l->body, &link) && text_eq(link.to_id, to_id);
}

const struct recent_link *
recent_by_target(const struct recent *r, struct rk_text to_id, struct rk_text not_from_id)
{
	int64_t mark = hash_text64(to_id);
	struct recent_link *l = next_of(r, RECENT_BY_TARGET, mark, NULL);
	while (l != NULL && (text_eq(l->from_id, not_from_id) || !leads_to(l, to_id)))
		l = next_of(r, RECENT_BY_TARGET, mark, l);
	return l;
}

void
recent_add(struct store *s, const struct link *link, const struct link_base *base)
{
	struct recent *r = s->recent;
	struct recent_link *older = find(r, link->from_id);
	if (older != NULL)
		older->replaced = true;
	if (r->count == r->room)
		make_room(r);
	buf_reset(&s->scratch);
	link_encode(&s->scratch, link);
	struct recent_link *l = &r->links[r->count];
	*l = (struct recent_link){ .base = *base };
	l->from_id = arena_text(&r->arena, link->from_id);
	l->body = arena_text(&r->arena, buf_text(&s->scratch));
	l->marks[RECENT_BY_ID] = hash_text64(link->from_id);
	l->marks[RECENT_BY_KEY] = link->key_hash;
	l->marks[RECENT_BY_TARGET] = hash_text64(link->to_id);
	enter(r, r->count++);
}

/* ---- In the file --------------------------------------------------------------- */

/* What a link has besides its texts, as it lies in both tables; the length of to_id
 * follows, to_id, and to_version up to the end. */
struct fixed {
	int64_t key_hash, hold_until_ms, from_ms;
	struct hash from_hash, to_hash;
};

void
link_encode(struct buf *out, const struct link *l)
{
	struct fixed fixed = { l->key_hash, l->hold_until_ms, l->from_ms, l->from_hash,
	                       l->to_hash };
	uint32_t len = (uint32_t)l->to_id.len;
	buf_add(out, &fixed, sizeof fixed);
	buf_add(out, &len, sizeof len);
	buf_addt(out, l->to_id);
	buf_addt(out, l->to_version);
}

bool
link_decode(struct rk_text from_id, struct rk_text body, struct link *l)
{
	struct fixed fixed;
	uint32_t len;
	if (body.len < sizeof fixed + sizeof len)
		return false;
	memcpy(&fixed, body.ptr, sizeof fixed);
	memcpy(&len, body.ptr + sizeof fixed, sizeof len);
	struct rk_text texts = { body.ptr + sizeof fixed + sizeof len,
	                         body.len - sizeof fixed - sizeof len };
	if (len > texts.len)
		return false;
	*l = (struct link){
		.from_id = from_id,
		.to_id = { texts.ptr, len },
		.key_hash = fixed.key_hash,
		.from_hash = fixed.from_hash,
		.to_hash = fixed.to_hash,
		.from_ms = fixed.from_ms,
		.to_version = { texts.ptr + len, texts.len - len },
		.hold_until_ms = fixed.hold_until_ms,
	};
	return true;
}

bool
recent_save(struct store *s, struct rk_err *err)
{
	struct recent *r = s->recent;
	if (r == NULL || r->saved == r->count)
		return true;
	buf_reset(&s->scratch);
	for (size_t i = r->saved; i < r->count; i++) {
		wire_text(&s->scratch, r->links[i].from_id);
		wire_text(&s->scratch, r->links[i].body);
	}
	if (s->scratch.over)
		return db_too_large(s, err);
	sqlite3_stmt *st = db_use(s, DB_RECENT_PUT, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, hash_checksum(s->scratch.ptr, s->scratch.len));
	db_bind_blob(st, 2, s->scratch.ptr, s->scratch.len);
	if (!db_change(s, st, err))
		return false;
	r->saved = r->count;
	return true;
}

static bool
take_row(struct store *s, sqlite3_stmt *st, struct rk_err *err)
{
	struct rk_text body = { sqlite3_column_blob(st, 1),
	                        (uint64_t)sqlite3_column_bytes(st, 1) };
	bool sound = sqlite3_column_int64(st, 0) == hash_checksum(body.ptr, body.len);
	struct wire_reader in = wire_reader(body);
	static const struct link_base unknown;
	while (sound && wire_more(&in)) {
		struct link link;
		struct rk_text from_id = wire_take_text(&in);
		sound = link_decode(from_id, wire_take_text(&in), &link) && !in.bad;
		if (sound)
			recent_add(s, &link, &unknown);
	}
	return sound || db_damaged(s, "link_recent", err);
}

static bool
load(struct store *s, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_RECENT_LIST, err);
	if (st == NULL)
		return false;
	enum db_step step;
	bool sound = true;
	while (sound && (step = db_step(s, st, err)) != DB_DONE)
		sound = step == DB_ROW && take_row(s, st, err);
	sqlite3_reset(st);
	s->recent->saved = s->recent->count;
	return sound;
}

struct recent *
recent_of(struct store *s, struct rk_err *err)
{
	if (s->recent != NULL)
		return s->recent;
	s->recent = zeroed(1, sizeof *s->recent);
	if (load(s, err))
		return s->recent;
	recent_forget(s);
	return NULL;
}

void
recent_forget(struct store *s)
{
	struct recent *r = s->recent;
	s->recent = NULL;
	if (r == NULL)
		return;
	arena_free(&r->arena);
	free(r->links);
	for (int way = 0; way < RECENT_WAYS; way++)
		free(r->heads[way]);
	free(r);
}
