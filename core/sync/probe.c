/* SPDX-License-Identifier: Apache-2.0
 *
 * probe.c - asks the target which keys it has, a whole batch in one call. */
#include "base/err.h"
#include "base/text.h"
#include "sync/state.h"

bool
probe_ask(struct run *run)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct side *side = &run->target;
	struct session_object object;
	const struct rk_field *key = &run->to_fields[run->key_slot];
	struct rk_text *values = arena_new_array(&arena, run->flight.count, struct rk_text);
	size_t count = 0;
	for (const struct item *item = run->flight.first; item != NULL; item = item->next)
		values[count++] = item->probe_key;
	struct rk_query query = {
		.struct_size = sizeof query, .mode = RK_BY_FIELD, .fields = key,
		.field_count = 1, .since_ms = RK_NO_TIME, .until_ms = RK_NO_TIME,
		/* Room for keys that stand there twice. */
		.limit = count * 2, .values = values, .value_count = count, .field = key->name };
	struct rk_err err;
	int32_t status = session_object(&side->session, run->sync->to.object, &object, &err);
	query.object = text_of(object.name);
	if (status == RK_OK)
		status = session_ask_list(&side->session, &object, &query, &err);
	if (status != RK_OK) {
		run_side_failed(run, side, status, &err, false);
		return false;
	}
	return true;
}

/* How many records carry the key; 'id' is the first one's. */
static size_t
matches(const struct run *run, const struct rk_page *page, struct rk_text key,
        struct arena *arena, struct rk_text *id)
{
	size_t found = 0;
	for (uint64_t i = 0; i < page->record_count; i++) {
		struct rk_text there =
			mapping_key_of(run->mapping, &page->records[i].values[0], arena);
		if (!text_eq(there, key))
			continue;
		if (found++ == 0)
			*id = page->records[i].id;
	}
	return found;
}

static bool
take_page(struct run *run, const struct rk_page *page, struct arena *arena)
{
	struct item *item;
	while ((item = list_take(&run->flight)) != NULL) {
		struct rk_text id = { NULL, 0 };
		size_t found = matches(run, page, item->probe_key, arena, &id);
		if (!stage_probed(run, item, found, id))
			return false;
	}
	return true;
}

bool
probe_take(struct run *run, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct side *side = &run->target;
	struct rk_page page;
	int32_t status = answer->status;
	struct rk_err err = answer->err;
	if (status == RK_OK && (!record_decode_page(answer->bytes, &arena, 1, &page) || page.more))
		status = err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: it "
		                 "was asked for records by key and gave a damaged or endless page",
		                 side->session.connection->connector);
	for (uint64_t i = 0; status == RK_OK && i < page.record_count; i++)
		if (page.records[i].values == NULL || page.records[i].id.len == 0)
			status = err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: "
			                 "it gave a record without id or values",
			                 side->session.connection->connector);
	if (status != RK_OK) {
		run_side_failed(run, side, status, &err, answer->ended);
		return false;
	}
	side->failures = 0;
	if (!store_begin(run->store, &run->err) || !take_page(run, &page, &arena)
	    || !store_commit(run->store, &run->err))
		return run_store_failed(run);
	return true;
}
