/* SPDX-License-Identifier: Apache-2.0
 *
 * gone.c - records that are deleted, at either side.
 *
 * One that the source tells as deleted becomes a row of pending with the operation
 * RK_OP_ARCHIVE, held until the listing is at its end: only then is known how many
 * there are, and budget.c decides.  What is released goes the way of every row: page,
 * lane, journal, flight, outcome.  Then its link stays, without its key, beside a tomb
 * (store/tomb.c), so that what is told late of the record does not make it anew; only a
 * newer version of it does.
 *
 * A record that others deleted at the target has a tomb too: it is a sync error, until
 * a person wants it created anew. */
#include "base/log.h"
#include "base/text.h"
#include "sync/both.h"

#define HELD_MS INT64_MAX
#define DAY_MS 86400000
#define TOMB_KEPT_MS (90 * (int64_t)DAY_MS)

bool
gone_begin(struct run *run)
{
	int64_t withheld;
	if (!store_tomb_count(run->store, &run->tombs, &run->err)
	    || !store_number_get(run->store, STORE_WITHHELD, &withheld, &run->err)
	    || (withheld != 0
	        && !store_pending_held_count(run->store, &run->counts->withheld, &run->err)))
		return run_store_failed(run);
	run->gone_withheld = withheld != 0;
	return sweep_begin(run);
}

bool
gone_end(struct run *run)
{
	int64_t twice = 2 * run->reader.session.overlap_ms;
	int64_t kept = twice > TOMB_KEPT_MS ? twice : TOMB_KEPT_MS;
	return run->tombs == 0
	       || store_tomb_trim(run->store, run_now(run) - kept, &run->err);
}

/* ---- What the source tells ------------------------------------------------------ */

static bool
is_before(int64_t a_ms, int64_t b_ms)
{
	return a_ms != RK_NO_TIME && b_ms != RK_NO_TIME && a_ms < b_ms;
}

bool
gone_outlives(const struct pending *row, const struct rk_record *record)
{
	return row->operation == RK_OP_ARCHIVE && row->state != 0
	       && record->modified_ms != RK_NO_TIME && row->modified_ms != RK_NO_TIME
	       && record->modified_ms <= row->modified_ms;
}

void
gone_undone(struct run *run, struct pending *row)
{
	if (row->operation != RK_OP_ARCHIVE)
		return;
	row->operation = 0;
	row->due_ms = run_now(run);
	log_info("sync.restored", "sync=%s id=%.*s: it was told as deleted and is there again; "
	         "its deletion is not carried out", run->sync->name, (int)row->id.len,
	         row->id.ptr);
}

/* The row is the deletion of its record from here on, for the end of the listing. */
static enum gone_told
hold(struct run *run, struct pending *row, const struct rk_record *record)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_record bare = { .id = record->id, .modified_ms = record->modified_ms,
		                  .flags = RK_RECORD_DELETED };
	struct rk_value *values = arena_new_array(&arena, run->from_count, struct rk_value);
	int64_t old_state = row->id.len > 0 ? row->state : 0;
	bare.values = values;
	struct hash hash = hash_values(&run->from_hash_key, values, run->from_count,
	                               &run->scratch);
	keep_version(run, row, &bare, &hash);
	if (old_state == 0)
		row->first_ms = run_now(run);
	row->id = record->id;
	row->state = PENDING_QUEUED;
	row->operation = RK_OP_ARCHIVE;
	row->due_ms = HELD_MS;
	row->attempts = 0;
	row->category = RK_CAT_NONE;
	row->code = row->field = row->value = row->message = (struct rk_text){ NULL, 0 };
	if (row->key.len == 0)
		row->key_hash = 0;
	return keep_row(run, row, old_state) ? GONE_KEPT : GONE_BROKEN;
}

static enum gone_told
would_go(struct run *run, const struct rk_record *record, const struct link *link)
{
	run->counts->archived++;
	run_tell(run, &(struct sync_line){
		.action = ACTION_ARCHIVE, .id = record->id, .target_id = link->to_id,
		.link = record->link, .record = record,
		.reason = TEXT_LIT("deleted at the source") });
	return GONE_KEPT;
}

enum gone_told
gone_told(struct run *run, const struct rk_record *record, struct arena *arena)
{
	struct link link;
	struct tomb tomb;
	struct pending row = { 0 };
	struct rk_text id = record->id;
	if ((record->flags & RK_RECORD_MERGED) != 0 && record->merged_into.len > 0)
		return merged_told(run, record, arena);
	if (run->sync->deletes == DELETES_IGNORE || run_is_single(run))
		return GONE_LEFT;
	if (!store_link_get(run->store, id, arena, &link, &run->err)
	    || !store_tomb_get(run->store, id, arena, &tomb, &run->err)
	    || (run->pending_rows > 0
	        && !store_pending_get(run->store, id, arena, &row, &run->err))) {
		run_store_failed(run);
		return GONE_BROKEN;
	}
	bool linked = link.to_id.len > 0, kept = row.id.len > 0;
	if (tomb.why != 0 || row.state == PENDING_UNDECIDED
	    || (!linked && !kept && !pages_hold(run, id))
	    || is_before(record->modified_ms, linked ? link.from_ms : RK_NO_TIME)
	    || (kept && is_before(record->modified_ms, row.modified_ms)))
		return GONE_LEFT;
	if (run_looks(run))
		return linked ? would_go(run, record, &link) : GONE_LEFT;
	if (row.operation == RK_OP_ARCHIVE) {
		run->counts->unchanged++;
		return GONE_KEPT;
	}
	if (kept && !set_has(&run->busy_ids, hash_mark(id)))
		keep_overtaken(run, &row);
	return hold(run, &row, record);
}

enum gone_told
gone_fetched(struct run *run, struct pending *row)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_record record = { .id = row->id, .modified_ms = row->modified_ms };
	struct link link;
	if (run->sync->deletes == DELETES_IGNORE || run_looks(run)
	    || row->state == PENDING_UNDECIDED)
		return GONE_LEFT;
	if (!store_link_get(run->store, row->id, &arena, &link, &run->err)) {
		run_store_failed(run);
		return GONE_BROKEN;
	}
	if (link.to_id.len == 0 && row->key.len == 0)
		return GONE_LEFT;
	return hold(run, row, &record);
}

/* ---- On its way ------------------------------------------------------------------ */

static bool
tomb_of(struct run *run, struct item *item, struct tomb *tomb)
{
	*tomb = (struct tomb){ 0 };
	return run->tombs == 0
	       || store_tomb_get(run->store, item->record->id, &item->page->arena, tomb,
	                         &run->err)
	       || run_store_failed(run);
}

/* The record is there, and has a tomb. */
static enum gone_step
decide_living(struct run *run, struct item *item, const struct tomb *tomb)
{
	const struct rk_record *record = item->record;
	bool late = record->modified_ms != RK_NO_TIME && tomb->stamp_ms != RK_NO_TIME
	            && record->modified_ms <= tomb->stamp_ms;
	/* Both ways look before they write: one that is restored goes on. */
	if (tomb->why == TOMB_TARGET && run->twin != NULL)
		return GONE_LIVES;
	if (tomb->why == TOMB_TARGET) {
		item->to_id = tomb->to_id;
		return GONE_REFUSE;
	}
	if (tomb->why != TOMB_ANEW && late)
		return GONE_EXCLUDE;
	if (tomb->why != TOMB_ANEW)
		log_info("sync.restored", "sync=%s id=%.*s: it was deleted at the source and is "
		         "there again", run->sync->name, (int)record->id.len, record->id.ptr);
	if (tomb->why == TOMB_ANEW)
		item->replaces = tomb->to_id;
	if (tomb->why != TOMB_FLAGGED)
		item->link = (struct link){ 0 };
	/* What was agreed on with the record that is gone. */
	if (item->both != NULL)
		*item->both = (struct both_item){ .base = { .from_id = { NULL, 0 } } };
	return GONE_LIVES;
}

/* The same may go again at once; an older write of other values may still land, as may one
 * that went twice, of which one was answered: the link knows of that. */
int64_t
gone_lands_ms(const struct run *run, const struct item *item)
{
	const struct pending *row = &item->pending;
	int64_t lands = item->link.hold_until_ms;
	if (row->hold_until_ms > lands && !hash_eq(&row->body_hash, &item->body_hash))
		lands = row->hold_until_ms;
	return lands > run_now(run) ? lands : 0;
}

bool
gone_decide(struct run *run, struct item *item, enum gone_step *step)
{
	struct tomb tomb;
	const struct pending *row = &item->pending;
	bool linked = item->link.to_id.len > 0;
	*step = GONE_LIVES;
	if (!tomb_of(run, item, &tomb))
		return false;
	if (!gone_is(item->record)) {
		if (tomb.why != 0)
			*step = decide_living(run, item, &tomb);
		return true;
	}
	bool lost = !linked && row->key.len > 0;
	if (tomb.why != 0 || run->sync->deletes == DELETES_IGNORE || (!linked && !lost))
		*step = GONE_EXCLUDE;
	else if (linked && gone_lands_ms(run, item) > 0)
		*step = GONE_WAIT;
	else
		*step = linked ? GONE_SEND : GONE_PROBE;
	item->to_id = item->link.to_id;
	if (lost) {
		item->key = row->key;
		item->key_hash = row->key_hash;
	}
	return true;
}

/* Both sides are a target there. */
static struct rk_text
refusal_of_both(struct run *run, struct item *item)
{
	return arena_printf(&item->page->arena, "record %.*s of %s was deleted there; this edit "
	                    "does not go over, and the record is not created anew unless "
	                    "\"renkei errors resync %s\" asks for it", (int)item->to_id.len,
	                    item->to_id.ptr, run->sync->to.connection, run->sync->name);
}

void
gone_refusal(struct run *run, struct item *item, struct mapping_fault *fault)
{
	if (run->twin != NULL) {
		*fault = (struct mapping_fault){ .category = RK_CAT_OTHER,
			                         .message = refusal_of_both(run, item) };
		return;
	}
	*fault = (struct mapping_fault){
		.category = RK_CAT_OTHER,
		.message = arena_printf(&item->page->arena, "record %.*s was deleted at the "
		                        "target; it is not created anew unless \"renkei errors "
		                        "resync %s\" asks for it", (int)item->to_id.len,
		                        item->to_id.ptr, run->sync->name) };
}

size_t
gone_field_count(const struct run *run, enum lane lane)
{
	if (lane != LANE_GONE)
		return run->to_count;
	return run->sync->deletes == DELETES_FLAG ? 1 : 0;
}

void
gone_shape(const struct run *run, struct rk_batch *batch, struct rk_row *rows)
{
	const struct rk_value *value;
	const struct rk_field *flag = mapping_flag(run->mapping, &value);
	batch->operation = flag != NULL ? RK_OP_UPDATE : RK_OP_ARCHIVE;
	batch->fields = flag != NULL ? flag : run->to_fields;
	batch->field_count = flag != NULL ? 1 : 0;
	for (uint64_t i = 0; i < batch->row_count; i++)
		rows[i].values = value;
}

/* ---- Outcomes -------------------------------------------------------------------- */

static bool
bury(struct run *run, struct item *item, enum tomb_why why)
{
	struct tomb tomb = { .from_id = item->record->id, .to_id = item->to_id, .why = why,
		             .at_ms = run_now(run),
		             .stamp_ms = gone_is(item->record) ? item->record->modified_ms
		                                               : RK_NO_TIME };
	run->tombs++;
	return store_tomb_put(run->store, &tomb, &run->err) || run_store_failed(run);
}

bool
gone_seen(struct run *run, struct item *item, struct mapping_fault *fault)
{
	gone_refusal(run, item, fault);
	return bury(run, item, TOMB_TARGET);
}

bool
gone_settled(struct run *run, struct item *item)
{
	bool flags = run->sync->deletes == DELETES_FLAG;
	struct pending row;
	struct link link = item->link;
	link.from_id = item->record->id;
	link.to_id = item->to_id;
	if (link.key_hash != 0)
		set_add(&run->freed_keys, link.key_hash);
	link.key_hash = 0;
	link.from_hash = link.to_hash = (struct hash){ 0 };
	if (item->pending.hold_until_ms > run_now(run))
		link.hold_until_ms = item->pending.hold_until_ms;
	if (!store_link_put(run->store, &link, &run->err))
		return run_store_failed(run);
	if (!bury(run, item, flags ? TOMB_FLAGGED : TOMB_ARCHIVED)
	    || !keep_look(run, item, &row))
		return false;
	if (flags)
		run->counts->updated++;
	else
		run->counts->archived++;
	run_tell(run, &(struct sync_line){
		.action = ACTION_ARCHIVE, .id = item->record->id, .target_id = item->to_id,
		.record = item->record, .reason = TEXT_LIT("deleted at the source") });
	return row.id.len == 0 || !keep_is_same(item, &row)
	       || keep_drop(run, row.id, row.state);
}

bool
gone_at_target(struct run *run, const struct item *item, const struct rk_outcome *outcome,
               bool *gone)
{
	const struct manifest *manifest = &run_target(run)->manifest;
	bool by_id = item->operation == RK_OP_UPDATE || item->operation == RK_OP_ARCHIVE;
	bool told = text_eq(outcome->code, TEXT_LIT(RK_CODE_RECORD_GONE));
	for (size_t i = 0; i < manifest->gone_count; i++)
		told |= text_is(outcome->code, manifest->gone[i]);
	/* About a field it may be another record that is gone. */
	*gone = by_id && told && outcome->field.len == 0 && item->link.to_id.len > 0;
	if (!*gone || gone_is(item->record))
		return true;
	struct item buried = *item;
	return bury(run, &buried, TOMB_TARGET);
}

bool
gone_frees(struct run *run, const struct link *link, bool *dead)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct tomb tomb;
	*dead = false;
	if (run->tombs == 0)
		return true;
	if (!store_tomb_get(run->store, link->from_id, &arena, &tomb, &run->err))
		return run_store_failed(run);
	*dead = tomb.why != 0;
	if (!*dead)
		return true;
	struct link ended = { .from_id = link->from_id };
	/* It stood beside the link, for as long as that does. */
	bool beside = tomb.why == TOMB_ARCHIVED || tomb.why == TOMB_FLAGGED;
	run->tombs -= beside;
	return (store_link_put(run->store, &ended, &run->err)
	        && (!beside || store_tomb_drop(run->store, link->from_id, &run->err)))
	       || run_store_failed(run);
}

/* The other way forgets the record that was deleted: restored, it would share its pair. */
static bool
part_twin(struct run *run, const struct item *item)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct tomb tomb;
	if (!store_tomb_get(run->store, item->record->id, &arena, &tomb, &run->err))
		return run_store_failed(run);
	struct link ended = { .from_id = tomb.to_id };
	return tomb.why != TOMB_ANEW || store_link_put(run->twin, &ended, &run->err)
	       || run_store_failed(run);
}

bool
gone_revived(struct run *run, const struct item *item)
{
	if (run->tombs > 0 && run->twin != NULL && !part_twin(run, item))
		return false;
	return run->tombs == 0
	       || store_tomb_drop(run->store, item->record->id, &run->err)
	       || run_store_failed(run);
}
