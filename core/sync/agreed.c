/* SPDX-License-Identifier: Apache-2.0
 *
 * agreed.c - see agreed.h. */
#include "sync/agreed.h"

#include "base/text.h"
#include "record/value.h"
#include "sync/asked.h"

#define VALUES_MAX (64u * 1024 * 1024)

static const struct rk_value nothing = { .type = RK_NULL };

/* ---- Lists of values --------------------------------------------------------------- */

void
agreed_encode(struct buf *out, const struct base_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		wire_text(out, list->values[i].name);
		wire_int(out, list->values[i].sent);
		value_encode(out, &list->values[i].value);
	}
}

bool
agreed_decode(struct rk_text bytes, struct arena *arena, struct base_list *list)
{
	struct wire_reader r = wire_reader(bytes);
	size_t count = wire_count(&r) / 3;
	list->values = arena_new_array(arena, count, struct base_value);
	for (list->count = 0; list->count < count; list->count++) {
		struct base_value *v = &list->values[list->count];
		v->name = wire_take_text(&r);
		v->sent = wire_take_int(&r) == 1;
		v->value = value_decode(&r, arena);
	}
	return !r.bad;
}

/* NULL: it was not known then.  Lists stand in the order of the fields, as a rule. */
const struct base_value *
agreed_find(const struct base_list *list, struct rk_text name, size_t near)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct base_value *v = &list->values[(near + i) % list->count];
		if (text_eq(v->name, name))
			return v;
	}
	return NULL;
}

static void
add(struct base_list *list, struct rk_text name, const struct rk_value *value, bool sent)
{
	list->values[list->count++] = (struct base_value){
		.name = name, .value = value->type == RK_ABSENT ? nothing : *value,
		.sent = sent };
}

static void
keep_old(struct base_list *list, const struct base_value *old)
{
	if (old != NULL)
		add(list, old->name, &old->value, false);
}

/* Those of fields that this way does not know stay. */
static void
keep_others(struct base_list *list, const struct base_list *old,
            const struct rk_field *fields, size_t count)
{
	for (size_t i = 0; i < old->count; i++) {
		bool known = false;
		for (size_t k = 0; k < count && !known; k++)
			known = text_eq(fields[(i + k) % count].name, old->values[i].name);
		if (!known)
			keep_old(list, &old->values[i]);
	}
}

/* ---- The row of the base -------------------------------------------------------------- */

bool
agreed_load(struct run *run, struct rk_text source_id, struct rk_text target_id,
          struct arena *arena, struct both_item *b)
{
	struct rk_text front = both_is_back(run) ? target_id : source_id;
	struct rk_text other = both_is_back(run) ? source_id : target_id;
	if (!store_base_get(run->store, front, arena, &b->base, &run->err))
		return run_store_failed(run);
	/* Another link was made since. */
	if (b->base.from_id.len > 0 && !text_eq(b->base.to_id, other))
		b->base = (struct base){ .from_id = { NULL, 0 } };
	const struct base *base = &b->base;
	if (!agreed_decode(both_is_back(run) ? base->to_values : base->from_values, arena, &b->mine)
	    || !agreed_decode(both_is_back(run) ? base->from_values : base->to_values, arena,
	                    &b->theirs)) {
		b->mine = b->theirs = (struct base_list){ NULL, 0 };
		b->base = (struct base){ .from_id = { NULL, 0 } };
	}
	return true;
}

bool
agreed_put(struct run *run, struct base *base, const struct base_list *mine,
         const struct base_list *theirs)
{
	BUF_AUTO a = BUF_INIT(VALUES_MAX);
	BUF_AUTO b = BUF_INIT(VALUES_MAX);
	agreed_encode(&a, mine);
	agreed_encode(&b, theirs);
	base->from_values = buf_text(both_is_back(run) ? &b : &a);
	base->to_values = buf_text(both_is_back(run) ? &a : &b);
	return store_base_put(run->store, base, &run->err) || run_store_failed(run);
}

/* ---- Reading ------------------------------------------------------------------------------ */

static bool
is_as_agreed(const struct run *run, const struct rk_record *record, const struct both_item *b,
             bool same_version, struct arena *arena)
{
	for (size_t i = 0; i < run->from_count; i++) {
		const struct base_value *v = agreed_find(&b->mine, run->from_fields[i].name, i);
		if (v == NULL || !((v->sent && same_version)
		                   || merge_same(&record->values[i], &v->value, arena)))
			return false;
	}
	return true;
}

bool
both_is_echo(struct run *run, const struct rk_record *record, struct link *link,
             const struct hash *hash, struct arena *arena, bool *echo)
{
	struct both_item b = { .base = { .from_id = { NULL, 0 } } };
	*echo = false;
	if (!agreed_load(run, record->id, link->to_id, arena, &b))
		return false;
	struct rk_text *version = agreed_mine_version(run, &b.base);
	bool same_version = version->len > 0 && text_eq(*version, record->version), asked;
	/* Who takes an edit back ends a conflict by it. */
	if (!asked_about(run, both_is_back(run) ? link->to_id : record->id, &asked))
		return false;
	if (asked || b.base.from_id.len == 0 || !is_as_agreed(run, record, &b, same_version, arena))
		return true;
	*echo = true;
	struct base_list now = { arena_new_array(arena, run->from_count + b.mine.count,
	                                         struct base_value), 0 };
	for (size_t i = 0; i < run->from_count; i++)
		add(&now, run->from_fields[i].name, &record->values[i], false);
	keep_others(&now, &b.mine, run->from_fields, run->from_count);
	*version = record->version;
	link->from_hash = *hash;
	return agreed_put(run, &b.base, &now, &b.theirs)
	       && (store_link_put(run->store, link, &run->err) || run_store_failed(run));
}

bool
both_is_edited(struct run *run, struct item *item)
{
	struct both_item *b = item->both;
	const struct rk_record *record = item->record;
	struct rk_text version = *agreed_mine_version(run, &b->base);
	bool same = version.len > 0 && text_eq(version, record->version);
	if (hash_eq(&item->link.from_hash, &item->from_hash))
		return false;
	return b->base.from_id.len == 0
	       || !is_as_agreed(run, record, b, same, &item->page->arena);
}

/* ---- Settling ---------------------------------------------------------------------------------- */

/* The field is not agreed on: its base stays what it was. */
static bool
is_open(const struct both_item *b, size_t f)
{
	return b->merges != NULL
	       && (b->merges[f] == MERGE_LEAVE || b->merges[f] == MERGE_CONFLICT);
}

static void
list_mine(struct run *run, const struct item *item, struct base_list *list)
{
	const struct both_item *b = item->both;
	for (size_t i = 0; i < run->from_count; i++) {
		bool open = false;
		for (size_t f = 0; f < run->to_count; f++)
			open |= run->both[f].from_slot == (int)i && !run->both[f].one_way
			        && is_open(b, f);
		if (open)
			keep_old(list, agreed_find(&b->mine, run->from_fields[i].name, i));
		else
			add(list, run->from_fields[i].name, &item->record->values[i], false);
	}
	keep_others(list, &b->mine, run->from_fields, run->from_count);
}

static void
list_theirs(struct run *run, const struct item *item, const struct rk_outcome *outcome,
            struct base_list *list)
{
	const struct both_item *b = item->both;
	const struct rk_value *stored = outcome != NULL ? outcome->values : NULL;
	for (size_t f = 0; f < run->to_count; f++) {
		struct rk_text name = run->to_fields[f].name;
		bool sent = b->merges == NULL || b->merges[f] == MERGE_WRITE;
		const struct rk_value *value = item->send != NULL ? &item->send[f] : &item->row[f];
		if (is_open(b, f))
			keep_old(list, agreed_find(&b->theirs, name, f));
		else if (sent && stored != NULL && stored[f].type != RK_ABSENT)
			add(list, name, &stored[f], false);
		else
			add(list, name, sent ? value : &b->old[f], sent);
	}
	keep_others(list, &b->theirs, run->to_fields, run->to_count);
}


bool
agreed_settle(struct run *run, const struct item *item, struct base *base,
              const struct rk_outcome *outcome)
{
	struct arena *arena = &item->page->arena;
	const struct both_item *b = item->both;
	struct base_list mine = { arena_new_array(arena, run->from_count + b->mine.count,
	                                          struct base_value), 0 };
	struct base_list theirs = { arena_new_array(arena, run->to_count + b->theirs.count,
	                                            struct base_value), 0 };
	list_mine(run, item, &mine);
	list_theirs(run, item, outcome, &theirs);
	return agreed_put(run, base, &mine, &theirs);
}
