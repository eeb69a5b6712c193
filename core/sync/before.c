/* SPDX-License-Identifier: Apache-2.0
 *
 * before.c - what the target has now, asked before it is overwritten: a batch of rows
 * that are to be updated is read by id.  A plan tells it; a sync that looks before it
 * writes (run->looks_before) then sends what differs and nothing else, with the version
 * that was read, so that a change made in between is a conflict and is looked at anew. */
#include "base/text.h"
#include "record/value.h"
#include "sync/agreed.h"
#include "sync/asked.h"

bool
before_ask(struct run *run, struct writer *writer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text *ids = arena_new_array(&arena, writer->flight.items.count,
	                                      struct rk_text);
	struct rk_query query = ASK_INIT;
	for (const struct item *item = writer->flight.items.first; item != NULL;
	     item = item->next)
		ids[query.value_count++] = item->to_id;
	query.mode = RK_BY_IDS;
	query.fields = run->to_fields;
	query.field_count = run->to_count;
	query.values = ids;
	query.limit = query.value_count;
	return ask_list(run, &writer->caller, run->sync->to.object, &query);
}

bool
before_same(const struct rk_value *before, const struct rk_value *after)
{
	if (value_is_empty(before) && value_is_empty(after))
		return true;
	if (value_eq(before, after))
		return true;
	/* A CRM may tell a value in another type than it takes it. */
	BUF_AUTO a = BUF_INIT(1024 * 1024);
	BUF_AUTO b = BUF_INIT(1024 * 1024);
	value_show(&a, before);
	value_show(&b, after);
	return text_eq(buf_text(&a), buf_text(&b));
}

/* The answer goes; the record lives as long as the item. */
static const struct rk_record *
keep_record(const struct run *run, const struct rk_record *there, struct arena *arena)
{
	struct rk_text values;
	struct rk_text bytes = arena_text(arena, record_bytes(there, run->to_count, &values));
	struct wire_reader r = wire_reader(bytes);
	struct rk_record *kept = arena_new(arena, struct rk_record);
	return record_decode(&r, arena, run->to_count, kept) ? kept : NULL;
}

/* Leaves alone what the target has already, and what only blanks are filled of.  How
 * many fields are left to send. */
static size_t
trim(const struct run *run, struct item *item)
{
	const struct rk_value *there = item->there->values;
	const struct rk_value *row = item->send != NULL ? item->send : item->row;
	size_t left = 0;
	struct rk_value *send = arena_new_array(&item->page->arena, run->to_count,
	                                        struct rk_value);
	for (size_t i = 0; i < run->to_count; i++) {
		bool kept = row[i].type == RK_ABSENT || before_same(&there[i], &row[i])
		            || (mapping_only_blanks(run->mapping, i) && !value_is_empty(&there[i]));
		send[i] = kept ? (struct rk_value){ .type = RK_ABSENT } : row[i];
		left += !kept;
	}
	item->send = send;
	return left;
}

/* Only what this way has to say. */
static bool
take_shared(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	bool sends;
	item->send = arena_new_array(&item->page->arena, run->to_count, struct rk_value);
	if (!both_merge(run, item, item->send, &sends, &fault))
		return false;
	if (run->options->mode == SYNC_PLAN)
		plan_conflicts(run, item);
	if (asked_full(run, item, &fault))
		return stage_looked_refused(run, item, &fault, (struct rk_text){ NULL, 0 });
	return fault.category != RK_CAT_NONE
		? stage_looked_refused(run, item, &fault, TEXT_LIT(RK_CODE_LOOP))
		: stage_looked(run, item, sends);
}

static bool
take_item(struct run *run, struct item *item, const struct rk_record *there)
{
	/* Some CRMs tell a record by its id when it is in their bin. */
	item->looked = true;
	item->there = there != NULL && !gone_is(there)
		? keep_record(run, there, &item->page->arena) : NULL;
	if (run_reverts(run))
		return revert_looked(run, item);
	if (!history_looked(run, item))
		return false;
	if (item->left) {
		item_unclaim(run, item);
		return (item->there == NULL || intent_adopt(run, item)) && item_leave(run, item);
	}
	if (run->twin != NULL && item->there == NULL && !asked_gone(run, item->record->id))
		return false;
	if (run->twin != NULL)
		return item->there != NULL ? take_shared(run, item)
		                           : stage_looked_gone(run, item);
	/* One that is gone is written all the same: the answer says that it is gone. */
	bool differs = !run->looks_before || item->there == NULL || trim(run, item) > 0;
	return stage_looked(run, item, differs);
}

bool
before_take(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_page page;
	struct item *item;
	if (!ask_take_page(run, &writer->caller, answer, run->to_count, NULL, &arena, &page))
		return false;
	if (!store_begin(run->store, &run->err))
		return run_store_failed(run);
	while ((item = list_take(&writer->flight.items)) != NULL)
		if (!take_item(run, item, ask_find(&page, item->to_id)))
			return false;
	return store_commit(run->store, &run->err) || run_store_failed(run);
}
