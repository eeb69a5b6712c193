/* SPDX-License-Identifier: Apache-2.0
 *
 * link.c - which records belong together.
 *
 * A link that was put lately is found in memory (link_recent.h) and goes before what
 * the maps say (link_blocks.h).  The maps by key and by target only name records whose
 * links are then looked at: they may name too many, never too few.  A record's link is
 * asked for when it is read, when it is staged and when it is put: what was asked for
 * or put last is kept, also that there is none. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/link_blocks.h"
#include "store/link_recent.h"

/* More than a run reads ahead, so that few push each other out. */
#define KEPT_LINKS 1024u
#define KEPT_BYTES 120u

struct kept_link {
	struct link link;              /* Its texts lie in 'bytes'. */
	struct link_base base;
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
keep(struct store *s, struct rk_text from_id, const struct link *link,
     const struct link_base *base)
{
	struct kept_link *slot = slot_of(s, from_id);
	char *at = slot->bytes;
	slot->there = from_id.len + link->to_id.len + link->to_version.len <= KEPT_BYTES;
	if (!slot->there)
		return;
	slot->link = *link;
	slot->base = *base;
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

/* What is kept of this record; NULL: nothing. */
static const struct kept_link *
kept_of(struct store *s, struct rk_text from_id)
{
	const struct kept_link *slot = slot_of(s, from_id);
	return slot->there && text_eq(slot->link.from_id, from_id) ? slot : NULL;
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
	blocks_forget(s);
}

/* ---- The maps ------------------------------------------------------------------ */

bool
link_is_sound(void *with, const struct block_entry *entry)
{
	struct link link;
	(void)with;
	return link_decode(entry->id, entry->body, &link);
}

/* As the maps have it, whatever was put lately; found: link->to_id is not empty. */
static bool
read_link(struct store *s, struct rk_text from_id, struct arena *arena, struct link *link,
          struct rk_err *err)
{
	struct rk_text block;
	struct block_entry entry;
	struct link found;
	int64_t mark = hash_text64(from_id);
	*link = (struct link){ 0 };
	if (!blocks_read(s, BLOCKS_LINK, mark, &block, err))
		return false;
	while (blocks_next(&block, mark, &entry)) {
		if (!text_eq(entry.id, from_id))
			continue;
		if (!link_decode(entry.id, entry.body, &found))
			return db_damaged(s, "link_block", err);
		copy(link, &found, arena);
		break;
	}
	return true;
}

static struct link_base
base_of(const struct link *link)
{
	bool there = link->to_id.len > 0;
	return (struct link_base){ .known = true, .there = there, .key_hash = link->key_hash,
	                      .target_mark = there ? hash_text64(link->to_id) : 0 };
}

/* ---- Bringing in what was put lately ------------------------------------------- */

static bool
is_ended(const struct recent_link *l)
{
	struct link link;
	return link_decode(l->from_id, l->body, &link) && link.to_id.len == 0;
}

/* What becomes of the id of one link in one map. */
static size_t
change_of(const struct recent_link *l, enum block_map map, struct block_change change[2])
{
	const struct link_base *base = &l->base;
	int64_t old_mark = map == BLOCKS_KEY ? base->key_hash : base->target_mark;
	int64_t new_mark = l->marks[map == BLOCKS_KEY ? RECENT_BY_KEY : RECENT_BY_TARGET];
	size_t count = 0;
	bool gone = is_ended(l);
	if (map == BLOCKS_LINK) {
		change[0] = (struct block_change){
			.entry = { l->marks[RECENT_BY_ID], l->from_id, l->body },
			.gone = gone };
		return !gone || base->there;
	}
	if (gone)
		new_mark = 0;
	if (base->there && old_mark == new_mark)
		return 0;
	if (base->there && old_mark != 0)
		change[count++] = (struct block_change){ .entry = { .mark = old_mark,
		                                                    .id = l->from_id },
		                                         .gone = true };
	if (new_mark != 0)
		change[count++] = (struct block_change){ .entry = { .mark = new_mark,
		                                                    .id = l->from_id } };
	return count;
}

static bool
merge_map(struct store *s, enum block_map map, struct rk_err *err)
{
	const struct recent *r = s->recent;
	size_t count = 0;
	struct block_change *changes = calloc(r->count * 2 + 2, sizeof *changes);
	if (changes == NULL)
		abort();
	for (size_t i = 0; i < r->count; i++)
		if (!r->links[i].replaced)
			count += change_of(&r->links[i], map, &changes[count]);
	bool done = blocks_change(s, map, changes, count, err);
	free(changes);
	return done;
}

/* What the maps have of those that were put before the run began. */
static bool
know_bases(struct store *s, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < s->recent->count; i++) {
		struct recent_link *l = &s->recent->links[i];
		struct link old;
		if (l->replaced || l->base.known)
			continue;
		if (!read_link(s, l->from_id, &arena, &old, err))
			return false;
		l->base = base_of(&old);
		arena_clear(&arena);
	}
	return true;
}

bool
link_merge(struct store *s, struct rk_err *err)
{
	if (recent_of(s, err) == NULL || !know_bases(s, err))
		return false;
	for (int map = 0; map < BLOCKS_MAPS; map++)
		if (!merge_map(s, (enum block_map)map, err))
			return false;
	forget_kept(s);
	recent_forget(s);
	return db_change(s, db_use(s, DB_RESET_RECENT, err), err);
}

bool
link_commit(struct store *s, struct rk_err *err)
{
	return recent_save(s, err)
	       && (s->recent == NULL || s->recent->count < RECENT_MAX || link_merge(s, err));
}

/* ---- What others ask ----------------------------------------------------------- */

static bool
take_recent(struct store *s, const struct recent_link *recent, struct arena *arena,
            struct link *link, struct rk_err *err)
{
	struct link found;
	if (!link_decode(recent->from_id, recent->body, &found))
		return db_damaged(s, "link_recent", err);
	copy(link, &found, arena);
	return true;
}

/* In memory or in the file, and what the maps have of it; kept from now on. */
static bool
look_up(struct store *s, struct rk_text from_id, struct arena *arena, struct link *link,
        struct rk_err *err)
{
	const struct recent_link *recent = recent_get(s->recent, from_id);
	if (!(recent != NULL ? take_recent(s, recent, arena, link, err)
	                     : read_link(s, from_id, arena, link, err)))
		return false;
	struct link_base base = recent != NULL ? recent->base : base_of(link);
	keep(s, from_id, link, &base);
	return true;
}

bool
store_link_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct link *link, struct rk_err *err)
{
	if (recent_of(s, err) == NULL)
		return false;
	const struct kept_link *kept = kept_of(s, from_id);
	if (kept == NULL)
		return look_up(s, from_id, arena, link, err);
	copy(link, &kept->link, arena);
	return true;
}

/* Of a record that a map names under this mark, whose link fits: it has this key, or
 * leads to this record of the target. */
static bool
find_in_map(struct store *s, enum block_map map, int64_t mark, struct rk_text to_id,
            struct rk_text not_from_id, struct arena *arena, struct link *link,
            struct rk_err *err)
{
	struct rk_text block;
	struct block_entry entry;
	if (!blocks_read(s, map, mark, &block, err))
		return false;
	while (blocks_next(&block, mark, &entry)) {
		if (text_eq(entry.id, not_from_id))
			continue;
		if (!store_link_get(s, entry.id, arena, link, err))
			return false;
		if (link->to_id.len > 0 && (map == BLOCKS_KEY ? link->key_hash == mark
		                                              : text_eq(link->to_id, to_id)))
			return true;
	}
	*link = (struct link){ 0 };
	return true;
}

bool
store_link_by_key(struct store *s, int64_t key_hash, struct rk_text not_from_id,
                  struct arena *arena, struct link *link, struct rk_err *err)
{
	static const struct rk_text none;
	const struct recent *r = recent_of(s, err);
	if (r == NULL)
		return false;
	const struct recent_link *recent = recent_by_key(r, key_hash, not_from_id);
	if (recent != NULL)
		return take_recent(s, recent, arena, link, err);
	return find_in_map(s, BLOCKS_KEY, key_hash, none, not_from_id, arena, link, err);
}

bool
store_link_by_target(struct store *s, struct rk_text to_id, struct rk_text not_from_id,
                     struct arena *arena, struct link *link, struct rk_err *err)
{
	const struct recent *r = recent_of(s, err);
	if (r == NULL)
		return false;
	const struct recent_link *recent = recent_by_target(r, to_id, not_from_id);
	if (recent != NULL)
		return take_recent(s, recent, arena, link, err);
	return find_in_map(s, BLOCKS_TARGET, hash_text64(to_id), to_id, not_from_id, arena,
	                   link, err);
}

struct newest {
	struct link *link;
	struct arena *arena;
};

static bool
see_newest(void *with, const struct block_entry *entry)
{
	struct newest *n = with;
	struct link link;
	if (!link_decode(entry->id, entry->body, &link))
		return false;
	if (n->link->to_id.len == 0 || link.from_ms > n->link->from_ms)
		copy(n->link, &link, n->arena);
	return true;
}

bool
store_link_newest(struct store *s, struct arena *arena, struct link *link,
                  struct rk_err *err)
{
	const struct recent *r = recent_of(s, err);
	*link = (struct link){ 0 };
	struct newest newest = { link, arena };
	if (r == NULL)
		return false;
	if (r->count > 0)
		return take_recent(s, &r->links[r->count - 1], arena, link, err);
	/* The maps do not keep the order of arrival. */
	return blocks_verify(s, see_newest, &newest, err);
}

/* Whether the record was not linked, or to another one, as far as is known. */
static bool
is_made(const struct link *link, const struct kept_link *kept,
        const struct recent_link *recent)
{
	struct link old = { 0 };
	if (kept != NULL)
		old = kept->link;
	else if (recent != NULL)
		link_decode(recent->from_id, recent->body, &old);
	return !text_eq(old.to_id, link->to_id);
}

struct walk {
	const struct recent *recent;
	store_link_fn *see;
	void *with;
	bool stopped;
};

/* What was put lately goes before. */
static bool
walk_entry(void *with, const struct block_entry *entry)
{
	struct walk *w = with;
	struct link link;
	if (!link_decode(entry->id, entry->body, &link))
		return false;
	if (!w->stopped && recent_get(w->recent, entry->id) == NULL && link.to_id.len > 0)
		w->stopped = !w->see(w->with, &link);
	return true;
}

bool
store_link_walk(struct store *s, store_link_fn *see, void *with, struct rk_err *err)
{
	const struct recent *r = recent_of(s, err);
	struct walk walk = { .recent = r, .see = see, .with = with };
	if (r == NULL || !blocks_verify(s, walk_entry, &walk, err))
		return false;
	for (size_t i = 0; i < r->count && !walk.stopped; i++) {
		struct link link;
		if (r->links[i].replaced || is_ended(&r->links[i]))
			continue;
		walk.stopped = link_decode(r->links[i].from_id, r->links[i].body, &link)
		               && !see(with, &link);
	}
	return !walk.stopped;
}

bool
store_link_put(struct store *s, const struct link *link, struct rk_err *err)
{
	if (s->look)
		return true;
	if (recent_of(s, err) == NULL)
		return false;
	const struct kept_link *kept = kept_of(s, link->from_id);
	const struct recent_link *recent =
		kept == NULL ? recent_get(s->recent, link->from_id) : NULL;
	struct link_base base = kept != NULL ? kept->base
	                   : recent != NULL ? recent->base : (struct link_base){ .known = false };
	s->links_made += is_made(link, kept, recent);
	recent_add(s, link, &base);
	keep(s, link->from_id, link, &base);
	return !sqlite3_get_autocommit(s->db) || recent_save(s, err);
}

bool
store_link_count(struct store *s, int64_t *count, struct rk_err *err)
{
	*count = 0;
	struct recent *r = recent_of(s, err);
	if (r == NULL || !know_bases(s, err) || !blocks_count(s, BLOCKS_LINK, count, err))
		return false;
	for (size_t i = 0; i < r->count; i++)
		*count += r->links[i].replaced ? 0
		          : !is_ended(&r->links[i]) - r->links[i].base.there;
	return true;
}
