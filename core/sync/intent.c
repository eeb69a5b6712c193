/* SPDX-License-Identifier: Apache-2.0
 *
 * intent.c - a write of which nobody told what became of it may have happened.  What it
 * was to bring is kept from before it leaves until its outcome is known; when it can land
 * no more, the target's values tell field by field whether it did.  Without this its own
 * values would look like a person's, and win over what the source has had since. */
#include "base/text.h"
#include "sync/agreed.h"

#define VALUES_MAX (64u * 1024 * 1024)

static const struct rk_value nothing = { .type = RK_NULL };

/* ---- Before it leaves ------------------------------------------------------- */

static void
list_sent(const struct run *run, const struct item *item, struct base_list *theirs)
{
	const struct rk_value *values = item->send != NULL ? item->send : item->row;
	for (size_t f = 0; f < run->to_count; f++)
		if (values[f].type != RK_ABSENT)
			theirs->values[theirs->count++] = (struct base_value){
				.name = run->to_fields[f].name, .value = values[f],
				.sent = true };
}

static void
list_had(const struct run *run, const struct item *item, struct base_list *mine)
{
	const struct rk_value *values = item->record->values;
	for (; mine->count < run->from_count; mine->count++) {
		const struct rk_value *v = &values[mine->count];
		mine->values[mine->count] = (struct base_value){
			.name = run->from_fields[mine->count].name,
			.value = v->type == RK_ABSENT ? nothing : *v };
	}
}

static bool
put(struct run *run, const struct item *item)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	BUF_AUTO a = BUF_INIT(VALUES_MAX);
	BUF_AUTO b = BUF_INIT(VALUES_MAX);
	struct base_list mine = { arena_new_array(&arena, run->from_count, struct base_value),
		                  0 };
	struct base_list theirs = { arena_new_array(&arena, run->to_count, struct base_value),
		                    0 };
	list_had(run, item, &mine);
	list_sent(run, item, &theirs);
	agreed_encode(&a, &mine);
	agreed_encode(&b, &theirs);
	struct intent intent = { .id = item->record->id, .mine = buf_text(&a),
		                 .theirs = buf_text(&b) };
	return store_intent_put(run->store, &intent, &run->err) || run_store_failed(run);
}

bool
intent_sent(struct run *run, const struct flight *flight)
{
	if (run->twin == NULL || flight->lane == LANE_GONE)
		return true;
	for (struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!put(run, item))
			return false;
	return true;
}

bool
intent_drop(struct run *run, const struct item *item)
{
	return store_intent_drop(run->store, item->record->id, &run->err)
	       || run_store_failed(run);
}

bool
intent_unsent(struct run *run, const struct item *item)
{
	return run->twin == NULL || intent_drop(run, item);
}

bool
intent_grounded(struct run *run, const struct flight *flight)
{
	for (struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!intent_unsent(run, item))
			return false;
	return true;
}

/* ---- After a look ----------------------------------------------------------- */

/* In a list that has room for it. */
static void
set(struct base_list *list, struct rk_text name, const struct rk_value *value)
{
	size_t at = 0;
	while (at < list->count && !text_eq(list->values[at].name, name))
		at++;
	if (at == list->count)
		list->count++;
	list->values[at] = (struct base_value){
		.name = name, .value = value->type == RK_ABSENT ? nothing : *value };
}

static struct base_list
with_room(const struct base_list *list, size_t more, struct arena *arena)
{
	struct base_list wide = { arena_new_array(arena, list->count + more,
	                                          struct base_value), list->count };
	for (size_t i = 0; i < list->count; i++)
		wide.values[i] = list->values[i];
	return wide;
}

/* What landed is what both sides had agreed on then, whatever changed since. */
static void
adopt_field(struct run *run, struct item *item, size_t f, const struct base_list *had,
            const struct base_list *sent)
{
	struct both_item *b = item->both;
	struct rk_text name = run->to_fields[f].name;
	const struct base_value *v = agreed_find(sent, name, f), *mine = NULL;
	int slot = run->both[f].from_slot;
	if (v == NULL || !merge_same(&v->value, &item->there->values[f], &item->page->arena))
		return;
	set(&b->theirs, name, &item->there->values[f]);
	if (slot >= 0)
		mine = agreed_find(had, run->from_fields[slot].name, (size_t)slot);
	if (mine != NULL)
		set(&b->mine, mine->name, &mine->value);
}

bool
intent_adopt(struct run *run, struct item *item)
{
	struct arena *arena = &item->page->arena;
	struct both_item *b = item->both;
	struct base_list had, sent;
	struct intent intent;
	if (!store_intent_get(run->store, item->record->id, arena, &intent, &run->err))
		return run_store_failed(run);
	if (intent.id.len == 0)
		return true;
	b->mine = with_room(&b->mine, run->from_count, arena);
	b->theirs = with_room(&b->theirs, run->to_count, arena);
	if (agreed_decode(intent.mine, arena, &had) && agreed_decode(intent.theirs, arena, &sent))
		for (size_t f = 0; f < run->to_count; f++)
			adopt_field(run, item, f, &had, &sent);
	b->base.from_id = both_is_back(run) ? item->to_id : item->record->id;
	b->base.to_id = both_is_back(run) ? item->record->id : item->to_id;
	return agreed_put(run, &b->base, &b->mine, &b->theirs) && intent_drop(run, item);
}
