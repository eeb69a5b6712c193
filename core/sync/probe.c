/* SPDX-License-Identifier: Apache-2.0
 *
 * probe.c - asks the target which keys it has, a whole batch in one call. */
#include "base/text.h"
#include "mapping/unicode.h"
#include "sync/state.h"

/* For keys that stand there twice. */
#define ROOM(asked) ((asked) * 2)

bool
probe_ask(struct run *run, struct writer *writer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	size_t rank = writer->flight.items.first->probe_rank;
	const struct rk_field *key = &run->to_fields[mapping_key_slot(run->mapping, rank)];
	struct rk_text *values = arena_new_array(&arena, writer->flight.items.count,
	                                         struct rk_text);
	struct rk_query query = ASK_INIT;
	for (const struct item *item = writer->flight.items.first; item != NULL;
	     item = item->next)
		values[query.value_count++] = item->probe_key;
	query.mode = RK_BY_FIELD;
	query.fields = key;
	query.field_count = 1;
	query.field = key->name;
	query.values = values;
	query.limit = ROOM(query.value_count);
	return ask_list(run, &writer->caller, run->sync->to.object, &query);
}

/* An upsert leaves it to the target which record a key means.  A plan of one believes
 * what the target gave for it, also where the two differ in case. */
static bool
target_decides(const struct run *run)
{
	return run_looks(run) && run->guarantee == GUARANTEE_E1
	       && run->sync->existing != EXISTING_REFUSE;
}

static bool
same_key(struct rk_text a, struct rk_text b, bool with_case, struct arena *arena)
{
	return text_eq(a, b)
	       || (!with_case && text_eq(unicode_each(a, unicode_lower, arena),
	                                 unicode_each(b, unicode_lower, arena)));
}

/* How many records carry the key; 'id' is the first one's. */
static size_t
matches(const struct run *run, const struct rk_page *page, const struct item *item,
        bool with_case, struct arena *arena, struct rk_text *id)
{
	size_t found = 0;
	for (uint64_t i = 0; i < page->record_count; i++) {
		struct rk_text there =
			mapping_key_of(run->mapping, item->probe_rank,
			               &page->records[i].values[0], arena);
		if (!same_key(there, item->probe_key, with_case, arena))
			continue;
		if (found++ == 0)
			*id = page->records[i].id;
	}
	return found;
}

/* A value that many records share may have left no room for those of the others: who is not
 * told twice is asked for again, among fewer. */
static void
ask_again(struct run *run, struct item *item, size_t asked)
{
	item->most = asked / 2;
	list_add(&run->lanes[LANE_PROBE], item);
}

static bool
take_page(struct run *run, struct writer *writer, const struct rk_page *page,
          struct arena *arena)
{
	struct item *item;
	size_t asked = writer->flight.items.count;
	bool full = asked > 1 && page->record_count >= ROOM(asked);
	while ((item = list_take(&writer->flight.items)) != NULL) {
		struct rk_text id = { NULL, 0 };
		size_t found = matches(run, page, item, true, arena, &id);
		if (found == 0 && target_decides(run))
			found = matches(run, page, item, false, arena, &id);
		if (full && found < 2)
			ask_again(run, item, asked);
		else if (!identity_told(run, item, found, id))
			return false;
	}
	return true;
}

bool
probe_take(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_page page;
	if (!ask_take_page(run, &writer->caller, answer, 1, NULL, &arena, &page))
		return false;
	if (!store_begin(run->store, &run->err) || !take_page(run, writer, &page, &arena)
	    || !store_commit(run->store, &run->err))
		return run_store_failed(run);
	return true;
}
