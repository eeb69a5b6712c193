/* SPDX-License-Identifier: Apache-2.0
 *
 * parents.c - references: a value that holds the id which another record has at the
 * source becomes the id that it has at the target, by the links of the sync that keeps
 * those records in step (this one, or another between the same connections).  No CRM is
 * asked.
 *
 * A record whose parent is not linked yet waits: a row of pending that is never due, and
 * a row of `wait` under the parent's name.  Or it goes without the reference, and the
 * same rows say that this is to be written later.  Both are due once the parent is
 * linked: at once where the parent is of this sync; else when a run begins or has
 * nothing else to do and the parent's store says, by a number that grows, that links
 * were made since they were looked for last. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "sync/state.h"

#define NEVER INT64_MAX
/* How often a run that goes on looks for links that others made. */
#define LOOK_AGAIN_MS 1000
#define ROWS_AT_ONCE 1000
#define NUMBER_NAME_MAX 200
/* In the name of a parent between its sync and its id: which of the two ids of a link. */
#define FORWARD  '>'
#define BACKWARD '<'

/* A sync whose links are looked into. */
struct linkage {
	const struct config_sync *sync;
	bool own, backwards;
	struct store *store;           /* owned, but the run's own; NULL: not open. */
	int64_t made;                  /* Links, as of when it was opened. */
};

struct reference {
	size_t slot;
	struct rk_text object;         /* Of the source. */
	struct linkage *place;           /* NULL: none; it is left out. */
	enum config_parent parent;     /* Never AUTO. */
};

struct parents {
	struct linkage *places;          /* owned; as many as there are syncs, at most */
	size_t place_count;
	struct reference *references;  /* owned */
	size_t count;
	int64_t look_mono;             /* Look for new links then. */
};

static struct parents *
parents_of(struct run *run)
{
	size_t syncs = run->world->config->sync_count;
	if (run->parents != NULL)
		return run->parents;
	struct parents *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->places = calloc(2 * syncs + 2, sizeof *p->places);
	if (p->places == NULL)
		abort();
	p->look_mono = run_mono(run) + LOOK_AGAIN_MS;
	run->parents = p;
	return p;
}

static void
close_places(struct parents *p)
{
	for (size_t i = 0; i < p->place_count; i++) {
		if (!p->places[i].own)
			store_close(p->places[i].store);
		p->places[i].store = NULL;
	}
}

void
parents_free(struct run *run)
{
	struct parents *p = run->parents;
	if (p == NULL)
		return;
	close_places(p);
	free(p->places);
	free(p->references);
	free(p);
}

/* ---- Other syncs' links ------------------------------------------------------ */

static struct linkage *
place_of(struct run *run, const struct config_sync *sync, bool backwards)
{
	struct parents *p = parents_of(run);
	for (size_t i = 0; i < p->place_count; i++)
		if (strcmp(p->places[i].sync->name, sync->name) == 0
		    && p->places[i].backwards == backwards)
			return &p->places[i];
	struct linkage *place = &p->places[p->place_count++];
	*place = (struct linkage){ .sync = sync, .backwards = backwards,
	                         .own = strcmp(sync->name, run->sync->name) == 0 };
	return place;
}

static bool
open_sync(struct run *run, const struct config_sync *sync, struct store **store)
{
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s/syncs", run->world->state_dir);
	return store_open(store, dir, sync->name, sync_identity(sync, &run->arena).ptr,
	                  STORE_LOOK, &run->err)
	       || run_store_failed(run);
}

static bool
open_place(struct run *run, struct linkage *place)
{
	if (place->store != NULL)
		return true;
	if (place->own)
		place->store = run->store;
	else if (!open_sync(run, place->sync, &place->store))
		return false;
	return store_number_get(place->store, STORE_LINKS_MADE, &place->made, &run->err)
	       || run_store_failed(run);
}

/* What a record of the source is at the target; empty: it is not linked. */
static bool
find_linked(struct run *run, struct linkage *place, struct rk_text id, struct arena *arena,
            struct rk_text *found)
{
	static const struct rk_text nobody;
	struct link link;
	if (!open_place(run, place))
		return false;
	bool read = place->backwards
		? store_link_by_target(place->store, id, nobody, arena, &link, &run->err)
		: store_link_get(place->store, id, arena, &link, &run->err);
	if (!read)
		return run_store_failed(run);
	/* One that is not found has neither id. */
	*found = place->backwards ? link.from_id : link.to_id;
	return true;
}

static struct rk_text
parent_name(const struct linkage *place, struct rk_text id, struct arena *arena)
{
	return arena_printf(arena, "%s%c%.*s", place->sync->name,
	                    place->backwards ? BACKWARD : FORWARD, (int)id.len, id.ptr);
}

/* ---- Which syncs refer to which ---------------------------------------------- */

/* Each sync notes in its store whose links it looks into, for others to see a circle. */
static void
refers_name(char name[static NUMBER_NAME_MAX], const char *sync)
{
	snprintf(name, NUMBER_NAME_MAX, "refers %s", sync);
}

static bool
refers(struct run *run, struct store *store, const char *to, bool *does)
{
	char name[NUMBER_NAME_MAX];
	int64_t number;
	refers_name(name, to);
	if (!store_number_get(store, name, &number, &run->err))
		return run_store_failed(run);
	*does = number != 0;
	return true;
}

static bool
is_near(const struct config_sync *sync, const struct run *run)
{
	const char *a = run->sync->from.connection, *b = run->sync->to.connection;
	const char *from = sync->from.connection, *to = sync->to.connection;
	return from != NULL && to != NULL
	       && ((strcmp(from, a) == 0 && strcmp(to, b) == 0)
	           || (strcmp(from, b) == 0 && strcmp(to, a) == 0));
}

static bool
looks_into(const struct parents *p, const struct config_sync *sync)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->references[i].place != NULL && p->references[i].place->sync == sync)
			return true;
	return false;
}

static bool
note_one(struct run *run, const struct config_sync *sync)
{
	bool was, is = looks_into(run->parents, sync);
	char name[NUMBER_NAME_MAX];
	refers_name(name, sync->name);
	if (!refers(run, run->store, sync->name, &was))
		return false;
	if (was == is)
		return true;
	return (store_begin(run->store, &run->err)
	        && store_number_put(run->store, name, is, &run->err)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

/* Noted before others' notes are looked at: of two that begin at once one sees the
 * other's. */
static bool
note_references(struct run *run)
{
	const struct config *config = run->world->config;
	for (size_t i = 0; i < config->sync_count && !run_looks(run); i++)
		if (is_near(&config->syncs[i], run) && !note_one(run, &config->syncs[i]))
			return false;
	return true;
}

/* Whether one leads from 'at', through whatever others, to this sync; 'seen' has a mark
 * for each sync of the configuration. */
static bool
leads_here(struct run *run, size_t at, bool *seen, bool *here)
{
	const struct config *config = run->world->config;
	struct store *store;
	seen[at] = true;
	if (!open_sync(run, &config->syncs[at], &store))
		return false;
	bool sound = true;
	for (size_t i = 0; sound && !*here && i < config->sync_count; i++) {
		bool does = false;
		if (seen[i] || !is_near(&config->syncs[i], run))
			continue;
		sound = refers(run, store, config->syncs[i].name, &does);
		if (sound && does && strcmp(config->syncs[i].name, run->sync->name) == 0)
			*here = true;
		else if (sound && does)
			sound = leads_here(run, i, seen, here);
	}
	store_close(store);
	return sound;
}

static bool
closes_circle(struct run *run, const struct linkage *place, bool *closes)
{
	const struct config *config = run->world->config;
	*closes = place->own;
	if (place->own)
		return true;
	bool *seen = calloc(config->sync_count, sizeof *seen);
	if (seen == NULL)
		abort();
	bool sound = leads_here(run, (size_t)(place->sync - config->syncs), seen, closes);
	free(seen);
	return sound;
}

/* ---- What the mapping refers to ---------------------------------------------- */

static bool
settle_policy(struct run *run, struct reference *r)
{
	bool circle = false;
	if (r->parent == PARENT_AUTO) {
		if (!closes_circle(run, r->place, &circle))
			return false;
		r->parent = circle ? PARENT_LATER : PARENT_WAIT;
	}
	/* What is written without it could never be completed. */
	if (r->parent == PARENT_LATER && run->creates_only)
		r->parent = PARENT_WAIT;
	return true;
}

bool
parents_know(struct run *run)
{
	size_t count;
	const struct mapping_reference *refs = mapping_references(run->mapping, &count);
	struct parents *p = parents_of(run);
	p->references = calloc(count + 1, sizeof *p->references);
	if (p->references == NULL)
		abort();
	for (p->count = 0; p->count < count; p->count++) {
		bool backwards = false;
		const struct config_sync *sync = mapping_reference_sync(
			run->world->config, run->sync, &refs[p->count], &backwards);
		p->references[p->count] = (struct reference){
			.slot = refs[p->count].slot, .parent = refs[p->count].parent,
			.object = refs[p->count].from_object,
			.place = sync == NULL ? NULL : place_of(run, sync, backwards) };
	}
	bool sound = note_references(run);
	for (size_t i = 0; sound && i < count; i++)
		sound = settle_policy(run, &p->references[i]);
	return sound;
}

/* ---- Of one record ------------------------------------------------------------- */

/* What is missing is noted in the item, the first of it. */
static void
miss(struct run *run, struct item *item, const struct reference *r, struct rk_text id)
{
	struct arena *arena = &item->page->arena;
	const struct config_sync *sync = r->place->sync;
	item->owes |= r->parent == PARENT_LATER;
	item->waits |= r->parent == PARENT_WAIT;
	/* What keeps it from being written goes before what is written later. */
	if (item->parent.len > 0 && !(r->parent == PARENT_WAIT && item->missing.category == 0))
		return;
	item->parent = parent_name(r->place, id, arena);
	item->missing = (struct mapping_fault){
		.category = r->parent == PARENT_WAIT ? RK_CAT_ASSOCIATION : RK_CAT_NONE,
		.field = run->to_fields[r->slot].name, .value = arena_text(arena, id),
		.message = arena_printf(arena, "waits for record %.*s of %.*s, which sync \"%s\" has "
		                        "not linked yet", (int)id.len, id.ptr,
		                        (int)r->object.len, r->object.ptr, sync->name) };
}

/* *found: whether there is something to write for it now. */
static bool
resolve_one(struct run *run, struct item *item, const struct reference *r,
            const struct rk_value *in, struct rk_value *out, bool *found)
{
	struct arena *arena = &item->page->arena;
	*out = *in;
	*found = true;
	if (in->type != RK_REF || (in->flags & RK_VALUE_BY_KEY) != 0 || in->text.len == 0)
		return true;
	struct rk_text there = { NULL, 0 };
	if (r->place != NULL && !find_linked(run, r->place, in->text, arena, &there))
		return false;
	out->text = there;
	out->object = run->to_fields[r->slot].ref_object;
	*found = there.len > 0;
	if (!*found && r->parent != PARENT_SKIP)
		miss(run, item, r, in->text);
	return true;
}

static bool
resolve_list(struct run *run, struct item *item, const struct reference *r,
             struct rk_value *value)
{
	struct rk_value *items = arena_new_array(&item->page->arena, value->count + 1,
	                                         struct rk_value);
	uint64_t kept = 0;
	for (uint64_t i = 0; i < value->count; i++) {
		bool found;
		if (!resolve_one(run, item, r, &value->items[i], &items[kept], &found))
			return false;
		kept += found;
	}
	/* None of them is no reason to take away what the target has. */
	if (kept == 0 && value->count > 0)
		value->type = RK_ABSENT;
	value->items = items;
	value->count = kept;
	return true;
}

static bool
resolve(struct run *run, struct item *item, const struct reference *r)
{
	struct rk_value *value = &item->row[r->slot], out;
	bool found = true;
	if (value->type == RK_REFS)
		return resolve_list(run, item, r, value);
	if (value->type != RK_REF)
		return true;
	if (!resolve_one(run, item, r, value, &out, &found))
		return false;
	*value = found ? out : (struct rk_value){ .type = RK_ABSENT };
	return true;
}

bool
parents_resolve(struct run *run, struct item *item)
{
	struct parents *p = run->parents;
	for (size_t i = 0; i < p->count; i++)
		if (!resolve(run, item, &p->references[i]))
			return false;
	return true;
}

static struct rk_text
code_of(const struct item *item)
{
	return item->waits ? TEXT_LIT(STORE_CODE_WAITS) : TEXT_LIT(STORE_CODE_LATER);
}

static bool
put_wait(struct run *run, const struct item *item)
{
	run->waits = true;
	return store_wait_put(run->store, item->record->id, item->parent, &run->err)
	       || run_store_failed(run);
}

bool
parents_wait(struct run *run, struct item *item)
{
	return keep_item(run, item, PENDING_QUEUED, NEVER, &item->missing, code_of(item))
	       && put_wait(run, item);
}

bool
parents_owe(struct run *run, struct item *item)
{
	struct pending row;
	if (!store_pending_get(run->store, item->record->id, &item->page->arena, &row,
	                       &run->err))
		return run_store_failed(run);
	/* A newer change of it is to be done anyway. */
	if (row.id.len > 0)
		return true;
	keep_version(run, &row, item->record, &item->from_hash);
	row.id = item->record->id;
	row.state = PENDING_QUEUED;
	row.due_ms = NEVER;
	row.first_ms = run_now(run);
	row.code = code_of(item);
	row.field = item->missing.field;
	row.value = item->missing.value;
	row.message = item->missing.message;
	run->counts->carried++;
	/* Its parent may have been linked while it was on its way. */
	for (size_t i = 0; i < run->parents->place_count; i++) {
		struct linkage *place = &run->parents->places[i];
		struct rk_text there = { NULL, 0 };
		if (!place->own || !text_eq(item->parent, parent_name(place, row.value,
		                                                      &item->page->arena)))
			continue;
		if (!find_linked(run, place, row.value, &item->page->arena, &there))
			return false;
		if (there.len > 0)
			row.due_ms = run_now(run);
	}
	return keep_row(run, &row, 0) && put_wait(run, item);
}

static bool
is_reference(const struct parents *p, size_t slot)
{
	size_t i = 0;
	while (i < p->count && p->references[i].slot != slot)
		i++;
	return i < p->count;
}

bool
parents_owed(const struct item *item)
{
	return text_eq(item->pending.code, TEXT_LIT(STORE_CODE_LATER));
}

void
parents_alone(struct run *run, struct item *item)
{
	if (!parents_owed(item) || !hash_eq(&item->link.from_hash, &item->from_hash))
		return;
	item->send = arena_new_array(&item->page->arena, run->to_count, struct rk_value);
	for (size_t i = 0; i < run->to_count; i++)
		item->send[i] = is_reference(run->parents, i)
		                ? item->row[i] : (struct rk_value){ .type = RK_ABSENT };
}

/* ---- Release --------------------------------------------------------------------- */

static bool
is_waiting(const struct pending *row)
{
	return row->id.len > 0 && (text_eq(row->code, TEXT_LIT(STORE_CODE_WAITS))
	                           || text_eq(row->code, TEXT_LIT(STORE_CODE_LATER)));
}

void
parents_heed(struct run *run, struct pending *row)
{
	if (is_waiting(row))
		row->due_ms = run_now(run);
}

static bool
release_row(struct run *run, struct rk_text id, struct arena *arena)
{
	struct pending row;
	if (!store_pending_get(run->store, id, arena, &row, &run->err))
		return run_store_failed(run);
	if (is_waiting(&row) && row.due_ms == NEVER) {
		row.due_ms = run_now(run);
		if (!keep_row(run, &row, row.state))
			return false;
	}
	return store_wait_drop(run->store, id, &run->err) || run_store_failed(run);
}

/* The first of those that wait for 'parent'; in a transaction. */
static bool
release_some(struct run *run, struct rk_text parent, bool *more)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text nothing = { NULL, 0 }, *ids;
	size_t count;
	if (!store_wait_list(run->store, parent, nothing, ROWS_AT_ONCE, &arena, &ids, &count,
	                     &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < count; i++)
		if (!release_row(run, ids[i], &arena))
			return false;
	*more = count == ROWS_AT_ONCE;
	return true;
}

static bool
release(struct run *run, struct rk_text parent)
{
	bool more = true;
	while (more)
		if (!store_begin(run->store, &run->err) || !release_some(run, parent, &more)
		    || !store_commit(run->store, &run->err))
			return run_store_failed(run);
	return true;
}

bool
parents_linked(struct run *run, const struct item *item)
{
	struct parents *p = run->parents;
	for (size_t i = 0; run->waits && p != NULL && i < p->place_count; i++) {
		bool more = p->places[i].own && !p->places[i].backwards;
		struct rk_text name = { NULL, 0 };
		if (more)
			name = parent_name(&p->places[i], item->record->id,
			                   &item->page->arena);
		while (more)
			if (!release_some(run, name, &more))
				return false;
	}
	return true;
}

/* What stands before the parent's id in its name. */
static bool
take_apart(struct rk_text parent, struct rk_text *sync, bool *backwards, struct rk_text *id)
{
	uint64_t at = 0;
	while (at < parent.len && parent.ptr[at] != FORWARD && parent.ptr[at] != BACKWARD)
		at++;
	if (at == parent.len)
		return false;
	*sync = (struct rk_text){ parent.ptr, at };
	*backwards = parent.ptr[at] == BACKWARD;
	*id = (struct rk_text){ parent.ptr + at + 1, parent.len - at - 1 };
	return true;
}

static const struct config_sync *
sync_of(const struct run *run, struct rk_text name)
{
	const struct config *config = run->world->config;
	for (size_t i = 0; i < config->sync_count; i++)
		if (text_is(name, config->syncs[i].name))
			return is_near(&config->syncs[i], run) ? &config->syncs[i] : NULL;
	return NULL;
}

/* All that waits for records of one sync, whose place is NULL if it is gone: then, or
 * with 'all', it is looked at anew whatever is linked. */
static bool
release_place(struct run *run, struct linkage *place, struct rk_text prefix, bool all)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	BUF_AUTO after = BUF_INIT(RECORD_ID_MAX + NUMBER_NAME_MAX);
	buf_addt(&after, prefix);
	for (;;) {
		struct rk_text parent, sync, id, there = { NULL, 0 };
		bool backwards = false;
		arena_clear(&arena);
		if (!store_wait_next(run->store, buf_text(&after), &arena, &parent, &run->err))
			return run_store_failed(run);
		if (parent.len < prefix.len || memcmp(parent.ptr, prefix.ptr, prefix.len) != 0)
			return true;
		if (!all && take_apart(parent, &sync, &backwards, &id)
		    && !find_linked(run, place, id, &arena, &there))
			return false;
		if ((all || there.len > 0) && !release(run, parent))
			return false;
		buf_reset(&after);
		buf_addt(&after, parent);
	}
}

/* Where it stands how many links of such a sync were looked at. */
static void
seen_name(char name[static NUMBER_NAME_MAX], struct rk_text prefix)
{
	snprintf(name, NUMBER_NAME_MAX, "links.seen %.*s", (int)prefix.len, prefix.ptr);
}

/* The same if links were made there since it was done last. */
static bool
heed_place(struct run *run, struct linkage *place, struct rk_text prefix, bool all)
{
	char name[NUMBER_NAME_MAX];
	int64_t seen;
	seen_name(name, prefix);
	if (!open_place(run, place))
		return false;
	if (!store_number_get(run->store, name, &seen, &run->err))
		return run_store_failed(run);
	if (seen == place->made && !all)
		return true;
	int64_t made = place->made;
	return release_place(run, place, prefix, all)
	       && ((store_begin(run->store, &run->err)
	            && store_number_put(run->store, name, made, &run->err)
	            && store_commit(run->store, &run->err))
	           || run_store_failed(run));
}

/* The first parent of the next sync that something waits for, and what stands before its
 * id; empty: none.  'after' is the prefix before. */
static bool
next_sync(struct store *store, struct rk_text after, struct arena *arena,
          struct rk_text *prefix, struct rk_text *name, bool *backwards, struct rk_err *err)
{
	struct rk_text parent, id = { NULL, 0 };
	/* No id begins with this byte. */
	if (after.len > 0)
		after = arena_printf(arena, "%.*s\xff", (int)after.len, after.ptr);
	if (!store_wait_next(store, after, arena, &parent, err))
		return false;
	*name = (struct rk_text){ NULL, 0 };
	if (parent.len > 0 && !take_apart(parent, name, backwards, &id))
		id.len = 0;
	*prefix = (struct rk_text){ parent.ptr, parent.len - id.len };
	return true;
}

/* Goes through the syncs that something waits for. */
static bool
heed_all(struct run *run, bool all)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text prefix = { NULL, 0 }, name;
	bool backwards = false;
	for (run->waits = false;; run->waits = true) {
		if (!next_sync(run->store, prefix, &arena, &prefix, &name, &backwards,
		               &run->err))
			return run_store_failed(run);
		if (prefix.len == 0)
			return true;
		const struct config_sync *sync = sync_of(run, name);
		if (!(sync != NULL
		      ? heed_place(run, place_of(run, sync, backwards), prefix, all)
		      : release_place(run, NULL, prefix, true)))
			return false;
	}
}

bool
parents_begin(struct run *run)
{
	bool other = memcmp(run->cursor.revision, run->revision, sizeof run->revision) != 0;
	if (run_looks(run) || run_is_single(run))
		return true;
	return heed_all(run, other || run->doubt_ms != 0);
}

bool
parents_step(struct run *run)
{
	struct parents *p = run->parents;
	if (p == NULL || run_looks(run) || run_is_single(run)
	    || run_mono(run) < p->look_mono)
		return true;
	/* Also, so that a long run keeps nobody's file from being tidied up. */
	p->look_mono = run_mono(run) + LOOK_AGAIN_MS;
	close_places(p);
	return !run->waits || heed_all(run, false);
}

/* Whether the sync of that name made links since 'prefix' was looked at. */
static bool
made_links(struct store *store, const char *dir, struct rk_text name, struct rk_text prefix,
           struct arena *arena)
{
	char seen_as[NUMBER_NAME_MAX];
	int64_t seen = 0, made = 0;
	struct rk_err err;
	struct store *other;
	const char *of = arena_text(arena, name).ptr;
	if (name.len == 0 || !store_exists(dir, of)
	    || !store_open(&other, dir, of, NULL, STORE_LOOK, &err))
		return false;
	seen_name(seen_as, prefix);
	bool sound = store_number_get(store, seen_as, &seen, &err)
	             && store_number_get(other, STORE_LINKS_MADE, &made, &err);
	store_close(other);
	return sound && seen != made;
}

bool
sync_waits(struct store *store, const char *dir, bool *released)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text prefix = { NULL, 0 }, name;
	struct rk_err err;
	bool backwards, waits = false;
	*released = false;
	while (next_sync(store, prefix, &arena, &prefix, &name, &backwards, &err)
	       && prefix.len > 0) {
		waits = true;
		*released |= made_links(store, dir, name, prefix, &arena);
	}
	return waits;
}
