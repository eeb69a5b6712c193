/* SPDX-License-Identifier: Apache-2.0
 *
 * remap.c - the mapping was changed: what it says anew is written, and nothing else.
 *
 * Every record is read again then.  One whose values are those of its link, as the old
 * mapping saw them, did not change: of it only fields go whose own lines are other ones
 * now, so that a field that is added is backfilled alone, and no edit at the target is
 * written over that has nothing to do with it.  The old mapping's fields and lines stay
 * noted in the store until all was read and written under the new one.  Without that
 * note, or where the new mapping does not ask for all that the old one saw, whole rows
 * go. */
#include <string.h>

#include "base/text.h"
#include "sync/state.h"

#define NAME "mapped"
#define NOTE_MAX (1024u * 1024)

/* ---- The note ---------------------------------------------------------------- */

static bool
put_note(struct run *run)
{
	BUF_AUTO note = BUF_INIT(NOTE_MAX);
	size_t slots = mapping_slot_count(run->mapping);
	wire_text(&note, (struct rk_text){ (const char *)run->revision, sizeof run->revision });
	size_t list = wire_open(&note, WIRE_LIST);
	for (size_t i = 0; i < run->from_count; i++)
		wire_text(&note, run->from_fields[i].name);
	wire_close(&note, list);
	for (size_t i = 0; i < slots; i++) {
		unsigned char mark[16];
		wire_text(&note, mapping_mark(run->mapping, i, mark));
		wire_text(&note, (struct rk_text){ (const char *)mark, sizeof mark });
	}
	return store_note_put(run->store, NAME, buf_text(&note), &run->err);
}

/* The slot that a field of the source has now; from_count: it is not asked for. */
static size_t
slot_of(const struct run *run, struct rk_text name)
{
	size_t at = 0;
	while (at < run->from_count && !text_eq(run->from_fields[at].name, name))
		at++;
	return at;
}

/* Which values of a record the old mapping saw, in its order; false: not all are there. */
static bool
take_slots(struct run *run, struct wire_reader *names)
{
	struct remap *m = &run->remap;
	m->slots = arena_new_array(&run->arena, wire_count(names), size_t);
	while (wire_more(names)) {
		size_t slot = slot_of(run, wire_take_text(names));
		if (slot == run->from_count)
			return false;
		m->slots[m->slot_count++] = slot;
	}
	return !names->bad;
}

/* The line of a field is what it was. */
static void
take_marks(struct run *run, struct wire_reader *r)
{
	struct remap *m = &run->remap;
	size_t count = mapping_slot_count(run->mapping);
	m->kept = arena_new_array(&run->arena, count, bool);
	while (wire_more(r)) {
		struct rk_text name = wire_take_text(r), mark = wire_take_text(r);
		for (size_t i = 0; i < count; i++) {
			unsigned char now[16];
			if (text_eq(mapping_mark(run->mapping, i, now), name)
			    && mark.len == sizeof now && memcmp(mark.ptr, now, sizeof now) == 0)
				m->kept[i] = true;
		}
	}
}

bool
remap_begin(struct run *run)
{
	struct remap *m = &run->remap;
	struct rk_text note;
	*m = (struct remap){ 0 };
	if (!store_note_get(run->store, NAME, &run->arena, &note, &run->err))
		return run_store_failed(run);
	struct wire_reader r = wire_reader(note);
	struct rk_text revision = wire_take_text(&r);
	struct wire_reader names = wire_take_list(&r, WIRE_LIST);
	m->noted = !r.bad && revision.len == sizeof run->revision
	           && memcmp(revision.ptr, run->revision, revision.len) == 0;
	if (r.bad || m->noted || revision.len != sizeof run->revision
	    || !take_slots(run, &names))
		return true;
	m->hash_key = hash_key(store_secret(run->store), revision.ptr, revision.len);
	take_marks(run, &r);
	m->active = !r.bad;
	return true;
}

/* Failed rows do not count: theirs is a link of before, which fits no new note. */
bool
remap_end(struct run *run)
{
	const struct sync_report *report = run->report;
	if (run->remap.noted || run->options->mode != SYNC_RUN || !run->has_target
	    || !run->read_done || run->cursor.listing || !cursor_was_listed(&run->cursor)
	    || run->page_count > 0 || run->arrived != NULL || report->counts.waiting > 0)
		return true;
	return put_note(run);
}

/* ---- A record ------------------------------------------------------------------ */

static bool
did_not_change(struct run *run, const struct item *item)
{
	const struct remap *m = &run->remap;
	struct rk_value *then = arena_new_array(&item->page->arena, m->slot_count,
	                                        struct rk_value);
	for (size_t i = 0; i < m->slot_count; i++)
		then[i] = item->record->values[m->slots[i]];
	struct hash hash = hash_values(&m->hash_key, then, m->slot_count, &run->scratch);
	return hash_eq(&hash, &item->link.from_hash);
}

bool
remap_trim(struct run *run, struct item *item)
{
	static const struct hash none;
	if (!run->remap.active || hash_eq(&item->link.to_hash, &none)
	    || !did_not_change(run, item))
		return true;
	bool left = false;
	item->send = arena_new_array(&item->page->arena, run->to_count, struct rk_value);
	for (size_t i = 0; i < run->to_count; i++) {
		bool kept = run->remap.kept[i];
		item->send[i] = kept ? (struct rk_value){ .type = RK_ABSENT } : item->row[i];
		left |= item->send[i].type != RK_ABSENT;
	}
	return left;
}
