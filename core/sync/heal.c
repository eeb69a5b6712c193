/* SPDX-License-Identifier: Apache-2.0
 *
 * heal.c - sync errors whose cause lies in what the target says of its fields: a
 * picklist without the option, a field that is gone or may not be written.  While
 * such a row is pending each run describes the target once; a description that
 * differs from the last one known makes all such rows due at once, instead of at
 * the end of their growing waits.
 *
 * And those whose cause was a key that another record held: when that one has got
 * another key at the target, they are due. */
#include "base/log.h"
#include "base/text.h"
#include "record/schema.h"
#include "sync/state.h"

#define KNOWN "target description"
#define ROWS_AT_ONCE 100
#define SCHEMA_MAX (64u * 1024 * 1024)

static bool
may_heal(int64_t category)
{
	return category == RK_CAT_PICKLIST || category == RK_CAT_PERMISSION
	       || category == RK_CAT_PROPERTY_MAPPING;
}

static int64_t
digest(const struct rk_schema *schema)
{
	BUF_AUTO bytes = BUF_INIT(SCHEMA_MAX);
	schema_encode(&bytes, schema);
	int64_t sum = hash_checksum(bytes.ptr, bytes.len);
	return sum != 0 ? sum : 1;
}

/* Whether what was learnt may have mended the row: what the target says of its fields,
 * or that a key, if it is not 0, was given up. */
static bool
is_mended(const struct pending *row, int64_t freed_key)
{
	if (row->state != PENDING_FAILED)
		return false;
	if (freed_key == 0)
		return may_heal(row->category);
	/* The row's own hash may be of a key that was sent before. */
	return row->category == RK_CAT_DUPLICATE
	       && (row->key_hash == freed_key || hash_text64(row->value) == freed_key);
}

static bool
make_due(struct run *run, struct pending *row, int64_t freed_key)
{
	int64_t old_state = row->state;
	row->due_ms = run_now(run);
	/* It failed in this very run: what was read is what the source has. */
	if (freed_key != 0 && row->first_ms >= run->report->started_ms && row->body.len > 0) {
		row->state = PENDING_QUEUED;
		row->attempts = 0;
	}
	return keep_row(run, row, old_state);
}

/* The next rows after 'after', which becomes the last of them; none: *more is false. */
static bool
make_some_due(struct run *run, int64_t freed_key, struct buf *after, bool *more)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct pending *rows;
	size_t count;
	bool read = freed_key != 0
		? store_pending_of_key(run->store, freed_key, buf_text(after), ROWS_AT_ONCE,
		                       &arena, &rows, &count, &run->err)
		: store_pending_errors(run->store, buf_text(after), ROWS_AT_ONCE, &arena,
		                       &rows, &count, &run->err);
	if (!read)
		return run_store_failed(run);
	for (size_t i = 0; i < count; i++)
		if (is_mended(&rows[i], freed_key) && !make_due(run, &rows[i], freed_key))
			return false;
	*more = count == ROWS_AT_ONCE;
	buf_reset(after);
	if (*more)
		buf_addt(after, rows[count - 1].id);
	return true;
}

static bool
make_all_due(struct run *run, int64_t freed_key)
{
	BUF_AUTO after = BUF_INIT(RECORD_ID_MAX);
	bool more = true;
	while (more)
		if (!make_some_due(run, freed_key, &after, &more))
			return false;
	return true;
}

bool
heal_keys(struct run *run)
{
	struct set *freed = &run->freed_keys;
	for (size_t i = 0; i < freed->room && run->counts->failed > 0; i++)
		if (freed->slots[i] != 0 && !make_all_due(run, freed->slots[i]))
			return false;
	set_free(freed);
	return true;
}

bool
heal_note(struct run *run, const struct rk_schema *schema)
{
	int64_t known, now = digest(schema);
	if (run_looks(run))
		return true;
	if (!store_number_get(run->store, KNOWN, &known, &run->err))
		return run_store_failed(run);
	if (known == now)
		return true;
	log_info("sync.target_changed", "sync=%s: errors that it explains are tried again",
	         run->sync->name);
	return (store_begin(run->store, &run->err) && make_all_due(run, 0)
	        && store_number_put(run->store, KNOWN, now, &run->err)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

static bool
count_healing(void *with, const struct pending *row, int64_t count)
{
	int64_t *rows = with;
	*rows += may_heal(row->category) ? count : 0;
	return true;
}

bool
heal(struct run *run)
{
	int64_t rows = 0;
	if (run_picks(run) || run->counts->failed == 0)
		return true;
	if (!store_pending_kinds(run->store, count_healing, &rows, &run->err))
		return run_store_failed(run);
	struct rk_schema schema;
	struct rk_err err;
	int64_t before = run_target(run)->calls;
	/* A target that does not answer is told when something is written to it. */
	if (rows == 0
	    || session_schema(run_target(run), run->sync->to.object, 0, &run->arena,
	                      &schema, &err) != RK_OK)
		return true;
	run->report->cost.look_calls += run_target(run)->calls - before;
	return heal_note(run, &schema);
}
