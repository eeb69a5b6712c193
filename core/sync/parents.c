/* SPDX-License-Identifier: Apache-2.0
 *
 * parents.c - references: a value that holds the id which another record has at the
 * source becomes the id that it has at the target, by the links of the sync that keeps
 * those records in step (this one, or another between the same connections).
 *
 * A record whose parent is not linked yet waits: a row of pending that is never due, and
 * a row of `wait` under the parent's name.  Or it goes without the reference, and the
 * same rows say that this is to be written later.  Both are due once the parent is
 * linked; see release.c. */
#include <stdlib.h>

#include "base/text.h"
#include "sync/linkage.h"

#define NEVER INT64_MAX

static bool
settle_policy(struct run *run, struct reference *r)
{
	bool circle = false;
	if (r->parent == PARENT_AUTO) {
		if (!circle_closes(run, r->place, &circle))
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
	struct parents *p = linkage_all(run);
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
			.place = sync == NULL ? NULL : linkage_of(run, sync, backwards) };
	}
	bool sound = circle_note(run);
	for (size_t i = 0; sound && i < count; i++)
		sound = settle_policy(run, &p->references[i]);
	return sound;
}

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
	item->parent = linkage_parent(r->place, id, arena);
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
	if (r->place != NULL && !linkage_find(run, r->place, in->text, arena, &there))
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
		if (!place->own
		    || !text_eq(item->parent,
		                linkage_parent(place, row.value, &item->page->arena)))
			continue;
		if (!linkage_find(run, place, row.value, &item->page->arena, &there))
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
