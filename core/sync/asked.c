/* SPDX-License-Identifier: Apache-2.0
 *
 * asked.c - see asked.h. */
#include "sync/asked.h"

#include "base/text.h"
#include "record/value.h"
#include "sync/agreed.h"

/* A longer value is told by its beginning, and by a mark of the whole. */
#define SHOWN_MAX (16u * 1024 * 1024)
#define SHOWN_BYTES 2000

static struct rk_text
shown(const struct rk_value *value, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(SHOWN_MAX);
	value_show(&out, value);
	struct rk_text text = buf_text(&out);
	if (text.len <= SHOWN_BYTES)
		return arena_text(arena, text);
	uint64_t mark = (uint64_t)hash_text64(text);
	text.len = SHOWN_BYTES;
	while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
		text.len--;
	return arena_printf(arena, "%.*s... (%016llx)", (int)text.len, text.ptr,
	                    (unsigned long long)mark);
}

bool
asked_begin(struct run *run)
{
	int64_t open;
	return store_conflict_count(run->store, &run->asked, &open, &run->err)
	       || run_store_failed(run);
}

bool
asked_about(struct run *run, struct rk_text front_id, bool *there)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct conflict *rows;
	size_t count = 0;
	bool done = run->asked == 0
	            || store_conflict_of(run->store, front_id, &arena, &rows, &count, &run->err);
	*there = count > 0;
	return done || run_store_failed(run);
}

bool
asked_load(struct run *run, struct item *item)
{
	struct both_item *b = item->both;
	struct rk_text front = both_is_back(run) ? item->to_id : item->record->id;
	return run->asked == 0
	       || store_conflict_of(run->store, front, &item->page->arena, &b->asked,
	                            &b->asked_count, &run->err)
	       || run_store_failed(run);
}

/* NULL: none. */
static struct conflict *
asked_of(const struct run *run, const struct item *item, size_t f)
{
	const struct both_item *b = item->both;
	struct rk_text front = both_is_back(run) ? text_trim(run->both[f].from_name)
	                                    : run->to_fields[f].name;
	for (size_t i = 0; i < b->asked_count; i++)
		if (text_eq(b->asked[i].to_field, front))
			return &b->asked[i];
	return NULL;
}

/* Both values as their own sides show them. */
static void
show_both(const struct run *run, const struct item *item, size_t f, struct rk_text *from,
          struct rk_text *to)
{
	struct arena *arena = &item->page->arena;
	int slot = run->both[f].from_slot;
	struct rk_text mine = shown(&item->record->values[slot], arena);
	struct rk_text theirs = shown(&item->there->values[f], arena);
	*from = both_is_back(run) ? theirs : mine;
	*to = both_is_back(run) ? mine : theirs;
}

enum merge
asked_decide(struct run *run, struct item *item, size_t f)
{
	struct conflict *asked = asked_of(run, item, f);
	struct rk_text from, to;
	if (asked == NULL || asked->decision == CONFLICT_OPEN)
		return MERGE_CONFLICT;
	show_both(run, item, f, &from, &to);
	if (!text_eq(from, asked->from_value) || !text_eq(to, asked->to_value)) {
		/* Nobody has decided about these. */
		asked->decision = CONFLICT_OPEN;
		return MERGE_CONFLICT;
	}
	return (asked->decision == CONFLICT_FROM) == !both_is_back(run) ? MERGE_WRITE : MERGE_LEAVE;
}

bool
asked_full(struct run *run, const struct item *item, struct mapping_fault *fault)
{
	const struct both_item *b = item->both;
	int64_t more = 0;
	for (size_t f = 0; f < run->to_count; f++)
		more += b->merges[f] == MERGE_CONFLICT && asked_of(run, item, f) == NULL;
	if (more == 0 || run->asked + more <= STORE_CONFLICTS_MAX)
		return false;
	*fault = (struct mapping_fault){
		.category = RK_CAT_OTHER,
		.message = arena_printf(&item->page->arena, "both sides changed this record, and "
		                        "%d questions wait for a person already, which is as many "
		                        "as a sync keeps; settle them with \"renkei conflicts\"",
		                        STORE_CONFLICTS_MAX) };
	return true;
}

struct rk_text
asked_by(const struct run *run, const struct item *item, size_t f)
{
	const struct conflict *asked = asked_of(run, item, f);
	return asked != NULL && asked->decision != CONFLICT_OPEN ? asked->decided_by
	                                                         : (struct rk_text){ NULL, 0 };
}

/* What both sides had when they agreed, as `to` shows it; empty: they never have. */
static struct rk_text
agreed(const struct base_list *list, struct rk_text field, struct arena *arena)
{
	const struct base_value *v = agreed_find(list, field, 0);
	return v != NULL ? shown(&v->value, arena) : (struct rk_text){ NULL, 0 };
}

/* A question that stands already is about what both sides have now. */
static bool
ask(struct run *run, const struct item *item, size_t f)
{
	const struct both_field *pair = &run->both[f];
	struct conflict *there = asked_of(run, item, f);
	struct conflict row = there != NULL ? *there : (struct conflict){
		.since_ms = run_now(run) };
	struct rk_text mine = run->from_fields[pair->from_slot].name;
	struct rk_text theirs = run->to_fields[f].name;
	row.from_id = both_is_back(run) ? item->to_id : item->record->id;
	row.to_id = both_is_back(run) ? item->record->id : item->to_id;
	row.from_field = both_is_back(run) ? theirs : mine;
	row.to_field = both_is_back(run) ? mine : theirs;
	show_both(run, item, f, &row.from_value, &row.to_value);
	row.base = agreed(both_is_back(run) ? &item->both->mine : &item->both->theirs, row.to_field,
	                  &item->page->arena);
	row.seen_ms = run_now(run);
	run->asked += there == NULL;
	return store_conflict_put(run->store, &row, &run->err) || run_store_failed(run);
}

static bool
drop(struct run *run, const struct conflict *row)
{
	run->asked--;
	return store_conflict_drop(run->store, row->id, &run->err) || run_store_failed(run);
}

/* Its field is mapped no more, both ways. */
static bool
drop_strays(struct run *run, const struct item *item)
{
	const struct both_item *b = item->both;
	for (size_t i = 0; i < b->asked_count; i++) {
		bool mapped = false;
		for (size_t f = 0; f < run->to_count; f++)
			mapped |= !run->both[f].one_way && asked_of(run, item, f) == &b->asked[i];
		if (!mapped && !drop(run, &b->asked[i]))
			return false;
	}
	return true;
}

bool
asked_settle(struct run *run, struct item *item)
{
	const struct both_item *b = item->both;
	for (size_t f = 0; f < run->to_count; f++) {
		struct conflict *asked = asked_of(run, item, f);
		if (run->both[f].one_way || b->merges[f] == MERGE_LEAVE)
			continue;          /* The other way carries it, and ends it. */
		if (b->merges[f] == MERGE_CONFLICT ? !ask(run, item, f)
		    : asked != NULL && !drop(run, asked))
			return false;
	}
	return drop_strays(run, item);
}

bool
asked_gone(struct run *run, struct rk_text id)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct conflict *rows;
	struct link link = { .to_id = id };
	size_t count;
	if (run->asked == 0 || run_looks(run))
		return true;
	if (both_is_back(run) && !store_link_get(run->store, id, &arena, &link, &run->err))
		return run_store_failed(run);
	if (!store_conflict_of(run->store, link.to_id, &arena, &rows, &count, &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < count; i++)
		if (!drop(run, &rows[i]))
			return false;
	return true;
}
