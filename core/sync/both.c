/* SPDX-License-Identifier: Apache-2.0
 *
 * both.c - see both.h.  A write of one way is recognised by the other by its values: a
 * version alone would hide what a person changed between our look and our write.  It only
 * tells how what we sent was stored.
 *
 * Neither way waits for the other for long: a record whose pair has a write on the other
 * way that may still land is parked, and so is one without a link whose key is that of
 * such a create. */
#include "sync/agreed.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/form.h"
#include "record/value.h"
#include "store/field_log.h"
#include "sync/asked.h"

/* A write leaves so soon after its look, or there is another one. */
#define LOOK_MS 2000

/* ---- Staging -------------------------------------------------------------------------------- */

bool
both_look_up(struct run *run, struct item *item)
{
	static const struct rk_text none;
	struct arena *arena = &item->page->arena;
	struct link *link = &item->link, other;
	if (link->to_id.len == 0) {
		if (!store_link_by_target(run->twin, item->record->id, none, arena, &other,
		                          &run->err))
			return run_store_failed(run);
		if (other.from_id.len > 0)
			*link = (struct link){ .from_id = item->record->id,
			                       .to_id = other.from_id,
			                       .from_ms = RK_NO_TIME };
	}
	item->both = arena_new(arena, struct both_item);
	return link->to_id.len == 0
	       || agreed_load(run, item->record->id, link->to_id, arena, item->both);
}

bool
both_is_hint(const struct run *run, const struct item *item)
{
	return run->twin != NULL && run->options->mode == SYNC_RUN
	       && item->link.to_id.len > 0 && !item->page->from_pending;
}

/* The key that the other way gives the source's record. */
static bool
source_key(const struct run *run, const struct rk_record *record, struct arena *arena,
           struct rk_text *key)
{
	const char *name = run->sync->from.key;
	for (size_t i = 0; name != NULL && i < run->from_count; i++)
		if (text_is(run->from_fields[i].name, name)) {
			*key = mapping_key_as(&run->from_fields[i], &record->values[i], arena);
			return true;
		}
	return false;
}

void
both_look_again(struct run *run)
{
	struct item_list fresh = { 0 }, *list = &run->lanes[LANE_UPDATE];
	struct item *item;
	if (run->twin == NULL || run_looks(run))
		return;
	int64_t since_mono = run_mono(run) - LOOK_MS;
	while ((item = list_take(list)) != NULL) {
		bool old = item->both->looked_mono < since_mono;
		item->looked &= !old;
		list_add(old ? &run->lanes[LANE_BEFORE] : &fresh, item);
	}
	*list = fresh;
}

static bool
pair_is_open(struct run *run, struct item *item, bool *open)
{
	struct pending row;
	if (!store_pending_get(run->twin, item->link.to_id, &item->page->arena, &row, &run->err))
		return run_store_failed(run);
	*open = row.id.len > 0 && keep_is_open(&row, run_now(run));
	return true;
}

/* By the key that the other way sends, which is a field of this one's source. */
static bool
create_is_open(struct run *run, struct item *item, bool *open)
{
	struct rk_text none = { "", 0 }, key;
	if (source_key(run, item->record, &item->page->arena, &key) && key.len > 0)
		return store_pending_holds_key(run->twin, hash_text64(key), none, run_now(run),
		                               open, &run->err)
		       || run_store_failed(run);
	/* Only a record without a key can be one that was made without a key. */
	struct pending_counts rows;
	if (!store_pending_count(run->twin, &rows, &run->err))
		return run_store_failed(run);
	*open = run->sync->empty_key == EMPTY_KEY_CREATE && rows.unknown + rows.undecided > 0;
	return true;
}

bool
both_must_wait(struct run *run, struct item *item, const char **why)
{
	bool open = false, linked = item->link.to_id.len > 0;
	*why = NULL;
	if (run->twin_rows == 0 || run_looks(run))
		return true;
	/* Its own open write goes first, or both would wait. */
	if (item->pending.id.len > 0 && keep_is_open(&item->pending, run_now(run)))
		return true;
	if (!(linked ? pair_is_open(run, item, &open) : create_is_open(run, item, &open)))
		return false;
	if (open)
		*why = linked ? "a write of the other way to it may still land"
		              : "a record with this key is being made by the other way";
	return true;
}

/* ---- Merging ---------------------------------------------------------------------------------- */

bool
both_begin_target(struct run *run)
{
	run->both = arena_new_array(&run->arena, run->to_count, struct both_field);
	for (size_t f = 0; f < run->to_count; f++) {
		struct both_field *field = &run->both[f];
		*field = (struct both_field){ .from_slot = -1, .one_way = true,
		                              .rule = run->sync->conflict };
		for (size_t m = 0; m < run->sync->map_count; m++) {
			const struct config_map *map = &run->sync->maps[m];
			if (!map->enabled || !text_is(run->to_fields[f].name, map->to))
				continue;
			field->one_way = map->direction == DIRECTION_TO
			                 || map->direction == DIRECTION_FROM;
			if (map->conflict >= 0)
				field->rule = map->conflict;
			field->from_name = text_of(map->from);
			for (size_t i = 0; i < run->from_count; i++)
				if (text_eq(run->from_fields[i].name,
				            text_trim(field->from_name)))
					field->from_slot = (int)i;
		}
		field->one_way |= field->from_slot < 0;
	}
	return true;
}

/* The row that the source would have given when both agreed; false: it is not known. */
static bool
row_of_base(struct run *run, struct item *item, struct rk_value *row)
{
	struct arena *arena = &item->page->arena;
	struct mapping_fault fault;
	struct rk_value *values = arena_new_array(arena, run->from_count, struct rk_value);
	struct rk_record then = *item->record;
	then.values = values;
	for (size_t i = 0; i < run->from_count; i++) {
		const struct base_value *v =
			agreed_find(&item->both->mine, run->from_fields[i].name, i);
		values[i] = v != NULL ? v->value : (struct rk_value){ .type = RK_ABSENT };
	}
	return item->both->base.from_id.len > 0
	       && mapping_apply(run->mapping, &then, arena, row, &fault);
}

/* The base of one field: NULL where one of its sides was not known. */
static void
add_base(struct run *run, struct item *item, size_t f, const struct rk_value *row_then,
         struct merge_field *field)
{
	struct both_item *b = item->both;
	const struct both_field *pair = &run->both[f];
	const struct base_value *theirs = agreed_find(&b->theirs, run->to_fields[f].name, f);
	struct rk_text version = *agreed_their_version(run, &b->base);
	if (row_then == NULL || theirs == NULL)
		return;
	if (pair->from_slot >= 0
	    && agreed_find(&b->mine, run->from_fields[pair->from_slot].name,
	               (size_t)pair->from_slot) == NULL)
		return;
	field->mine_base = &row_then[f];
	/* That version is of our own write: what we sent is stored so. */
	bool ours = theirs->sent && version.len > 0
	            && text_eq(version, item->there->version);
	field->theirs_base = ours ? field->theirs : &theirs->value;
}

static bool
newest_is_mine(const struct run *run, const struct item *item)
{
	int64_t mine = item->record->modified_ms, theirs = item->there->modified_ms;
	if (mine == RK_NO_TIME || theirs == RK_NO_TIME || mine == theirs)
		return !both_is_back(run);
	return mine > theirs;
}

static enum merge
by_rule(struct run *run, struct item *item, size_t f)
{
	switch (run->both[f].rule) {
	case CONFLICT_TAKE_FROM:
		return MERGE_WRITE;
	case CONFLICT_TAKE_TO:
		return MERGE_LEAVE;
	case CONFLICT_NEWEST:
		return newest_is_mine(run, item) ? MERGE_WRITE : MERGE_LEAVE;
	default:
		return asked_decide(run, item, f);
	}
}

/* The two sides write this record in turn, again and again. */
static bool
turns_too_often(const struct run *run, const struct item *item)
{
	const struct base *base = &item->both->base;
	int64_t most = 0, per_ms = 0, way = both_is_back(run) ? 2 : 1;
	if (!form_breaker_read(run->sync->loop_breaker, &most, &per_ms))
		return false;
	return base->from_id.len > 0 && base->last_way != 0 && base->last_way != way
	       && base->turns >= most && run_now(run) - base->turns_since_ms < per_ms;
}

/* The other way brought this record over: what people gave it there in a field that only
 * goes there is not overwritten before the source changes it. */
static bool
is_their_own(const struct item *item, const struct merge_field *field,
             const struct rk_value *then)
{
	return field->one_way && field->mine_base == NULL && then != NULL
	       && item->link.to_id.len > 0 && item->link.from_ms == RK_NO_TIME
	       && merge_same(field->mine, then, &item->page->arena);
}

static void
merge_one(struct run *run, struct item *item, size_t f, const struct rk_value *row_then,
          struct rk_value *send)
{
	struct both_item *b = item->both;
	struct rk_value mine = item->row[f];
	struct merge_field field = { .mine = &mine, .theirs = &item->there->values[f],
	                             .one_way = run->both[f].one_way };
	add_base(run, item, f, row_then, &field);
	enum merge merge = merge_field(&field, &item->page->arena);
	const struct rk_value *then = row_then != NULL ? &row_then[f] : NULL;
	if (merge != MERGE_LEAVE && !value_is_empty(field.theirs)
	    && (mapping_only_blanks(run->mapping, f) || is_their_own(item, &field, then)))
		merge = MERGE_QUIET;
	b->by_rule[f] = merge == MERGE_CONFLICT;
	if (merge == MERGE_CONFLICT)
		merge = by_rule(run, item, f);
	b->merges[f] = merge;
	b->leaves |= merge == MERGE_LEAVE && !run->both[f].one_way;
	b->old[f] = item->there->values[f];
	send[f] = merge == MERGE_WRITE ? mine : (struct rk_value){ .type = RK_ABSENT };
}

bool
both_merge(struct run *run, struct item *item, struct rk_value *send, bool *sends,
           struct mapping_fault *fault)
{
	struct arena *arena = &item->page->arena;
	struct both_item *b = item->both;
	struct rk_value *row_then = arena_new_array(arena, run->to_count, struct rk_value);
	*fault = (struct mapping_fault){ .category = RK_CAT_NONE };
	*sends = false;
	/* A link made just now has no base yet. */
	if ((b->base.from_id.len == 0
	     && !agreed_load(run, item->record->id, item->to_id, arena, b))
	    || !intent_adopt(run, item))
		return false;
	b->looked_mono = run_mono(run);
	if (!asked_load(run, item))
		return false;
	b->merges = arena_new_array(arena, run->to_count, enum merge);
	b->old = arena_new_array(arena, run->to_count, struct rk_value);
	b->by_rule = arena_new_array(arena, run->to_count, bool);
	if (!row_of_base(run, item, row_then))
		row_then = NULL;
	for (size_t f = 0; f < run->to_count; f++) {
		merge_one(run, item, f, row_then, send);
		*sends |= send[f].type != RK_ABSENT;
	}
	if (*sends && turns_too_often(run, item))
		*fault = (struct mapping_fault){
			.category = RK_CAT_OTHER,
			.message = arena_printf(arena, "both sides write this record in turn, more "
			                        "often than loop_breaker = \"%s\" allows",
			                        run->sync->loop_breaker) };
	return true;
}

/* ---- Settling ---------------------------------------------------------------------------------- */

static void
count_turn(const struct run *run, struct base *base)
{
	int64_t most = 0, per_ms = 0, now = run_now(run), way = both_is_back(run) ? 2 : 1;
	form_breaker_read(run->sync->loop_breaker, &most, &per_ms);
	if (base->last_way != 0 && base->last_way != way) {
		bool anew = base->turns == 0 || now - base->turns_since_ms >= per_ms;
		base->turns = anew ? 1 : base->turns + 1;
		if (anew)
			base->turns_since_ms = now;
	}
	base->last_way = way;
}

/* The other way has this link too, and what it saw of its record is past: also where we
 * write nothing, for an answer that was lost may have been of a write that landed. */
static bool
put_twin_link(struct run *run, const struct item *item, struct rk_text to_id)
{
	static const struct hash none;
	struct arena *arena = &item->page->arena;
	struct rk_text key = { NULL, 0 };
	struct link twin;
	if (!store_link_get(run->twin, to_id, arena, &twin, &run->err))
		return run_store_failed(run);
	source_key(run, item->record, arena, &key);
	int64_t key_hash = key.len > 0 ? hash_text64(key) : 0;
	bool there = text_eq(twin.to_id, item->record->id) && twin.key_hash == key_hash;
	if (there && hash_eq(&twin.from_hash, &none) && hash_eq(&twin.to_hash, &none))
		return true;
	if (!text_eq(twin.to_id, item->record->id))
		twin = (struct link){ .from_id = to_id, .to_id = item->record->id,
		                      .from_ms = RK_NO_TIME };
	twin.key_hash = key_hash;
	twin.from_hash = twin.to_hash = none;
	return store_link_put(run->twin, &twin, &run->err) || run_store_failed(run);
}

static bool
mark_due(struct run *run, const struct item *item, struct rk_text id)
{
	struct pending row;
	if (!store_pending_get(run->twin, id, &item->page->arena, &row, &run->err))
		return run_store_failed(run);
	if (row.id.len > 0)
		return true;
	row = (struct pending){ .id = id, .state = PENDING_QUEUED, .modified_ms = RK_NO_TIME,
	                        .due_ms = run_now(run), .first_ms = run_now(run) };
	return store_pending_put(run->twin, &row, &run->err) || run_store_failed(run);
}

/* What lost is not gone without a trace. */
static bool
note_conflict(struct run *run, const struct item *item, size_t f)
{
	static const char *const rules[] = { "from", "to", "newest", "ask" };
	const struct both_item *b = item->both;
	int rule = run->both[f].rule;
	struct rk_text by = asked_by(run, item, f);
	bool settled = rule == CONFLICT_ASK && by.len > 0, back = both_is_back(run);
	if (!b->by_rule[f] || b->merges[f] != MERGE_WRITE)
		return true;
	/* As the configuration has it, which was turned for the way back. */
	if (back && rule <= CONFLICT_TAKE_TO)
		rule = CONFLICT_TAKE_TO - rule;
	return history_note(run, &(struct history_note){
		.cause = settled ? FIELD_SETTLED : FIELD_CONFLICT,
		.from_id = back ? item->to_id : item->record->id,
		.to_id = back ? item->record->id : item->to_id,
		.field = run->to_fields[f].name, .before = &b->old[f],
		.after = item->send != NULL ? &item->send[f] : &item->row[f],
		.note = settled ? by : text_of(rules[rule]) });
}

bool
both_settled(struct run *run, struct item *item, struct rk_text to_id,
             const struct rk_outcome *outcome)
{
	struct both_item *b = item->both;
	struct base base = b->base;
	base.from_id = both_is_back(run) ? to_id : item->record->id;
	base.to_id = both_is_back(run) ? item->record->id : to_id;
	for (size_t f = 0; b->merges != NULL && f < run->to_count; f++)
		if (!note_conflict(run, item, f))
			return false;
	if (b->merges != NULL && !asked_settle(run, item))
		return false;
	*agreed_mine_version(run, &base) = item->record->version;
	if (outcome != NULL) {
		*agreed_their_version(run, &base) = outcome->version;
		count_turn(run, &base);
	} else if (item->there != NULL) {
		*agreed_their_version(run, &base) = item->there->version;
	}
	return agreed_settle(run, item, &base, outcome)
	       && (outcome == NULL || intent_drop(run, item))
	       && put_twin_link(run, item, to_id)
	       && (!b->leaves || mark_due(run, item, to_id));
}

/* ---- After a death ------------------------------------------------------------------------------- */

bool
both_recover(struct run *run)
{
	struct run *back = calloc(1, sizeof *back);
	struct sync_report aside = { .started_ms = run->report->started_ms };
	struct session_object object;
	if (back == NULL)
		abort();
	back->world = run->world;
	back->sync = run->sync->back;
	back->options = run->options;
	back->report = &aside;
	back->counts = &aside.counts;
	back->store = run->twin;
	back->scratch = (struct buf)BUF_INIT(64u * 1024 * 1024);
	bool done = session_object(&run->reader.session, run->sync->from.object, &object,
	                           &run->err) == RK_OK;
	back->guarantee = object.guarantee;
	done = done && recover(back);
	if (!done && back->store_failed) {
		run->err = back->err;
		run_store_failed(run);
	}
	buf_free(&back->scratch);
	free(back);
	return done;
}
