/* SPDX-License-Identifier: Apache-2.0
 *
 * begin.c - prepares a run: both sides, the lock and the store, the mapping, and where
 * the listing begins or goes on.  The target is described when there is something to
 * write, or heal.c wants to know it; for a first listing at once, beside the source. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "store/lock.h"
#include "sync/asked.h"
#include "sync/both.h"

#define HOUR_MS 3600000
#define DAY_MS (24 * HOUR_MS)
#define FRESH_MS 600000                /* Descriptions that are trusted for writes. */

/* ---- Mapping --------------------------------------------------------------- */

/* Whether the mapping fits these descriptions; what does not is told by compile(), when
 * they are no longer remembered ones: a field may have come since. */
static bool
fits(const struct run *run, const struct rk_schema *target)
{
	struct mapping *mapping = NULL;
	struct problems aside = PROBLEMS_INIT;
	bool good = mapping_compile(&mapping, run->sync, &run->source_schema, target, &aside);
	if (good)
		mapping_free(mapping);
	problems_free(&aside);
	return good;
}

static bool
compile(struct run *run, const struct rk_schema *target)
{
	struct mapping *mapping;
	if (!mapping_compile(&mapping, run->sync, &run->source_schema, target,
	                     run->problems)
	    || !mapping_check_references(mapping, run->world->config, run->sync,
	                                 run->problems)) {
		struct rk_err err;
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "the configuration of sync \"%s\" does not "
		        "fit the fields of its objects; each mistake is listed", run->sync->name);
		run_report_failure(run, EXIT_USAGE, &err, NULL);
		return false;
	}
	mapping_free(run->mapping);
	run->mapping = mapping;
	run->from_fields = mapping_source_fields(mapping, &run->from_count);
	mapping_revision(mapping, run->revision);
	run->from_hash_key = hash_key(store_secret(run->store), run->revision,
	                              sizeof run->revision);
	run->has_target = target != NULL;
	return true;
}

static void
note_target(struct run *run)
{
	run->to_fields = mapping_target_fields(run->mapping, &run->to_count);
	run->key_slot = mapping_key_slot(run->mapping, 0);
	run->looks_before = mapping_has_blanks(run->mapping) || history_on(run)
	                    || run->options->mode == SYNC_APPLY || run_reverts(run)
	                    || run->twin != NULL;
	buf_reset(&run->scratch);
	for (size_t i = 0; i < run->to_count; i++)
		wire_text(&run->scratch, run->to_fields[i].name);
	run->to_hash_key = hash_key(store_secret(run->store), run->scratch.ptr,
	                            run->scratch.len);
}

bool
begin_target(struct run *run)
{
	if (run->has_target)
		return true;
	struct session *session = run_target(run);
	struct rk_err err;
	struct rk_account account;
	int32_t status = session_account(session, FRESH_MS, &run->arena, &account, &err);
	if (status == RK_OK)
		status = session_schema(session, run->sync->to.object, FRESH_MS, &run->arena,
		                        &run->target_schema, &err);
	if (status == RK_OK && !fits(run, &run->target_schema))
		status = session_schema(session, run->sync->to.object, 0, &run->arena,
		                        &run->target_schema, &err);
	if (status != RK_OK) {
		run_call_failed(run, &run->writers[0].caller, status, &err,
		                session->runner.pid == 0);
		return false;
	}
	run->target.failures = 0;
	if (!drift_look(run, true) || !compile(run, &run->target_schema)) {
		run->target.stopped = run->source.stopped = true;
		return false;
	}
	note_target(run);
	if (!remap_begin(run) || !parents_know(run)
	    || (run->twin != NULL && !both_begin_target(run)))
		return false;
	return heal_note(run, &run->target_schema);
}

/* A new mapping that does not fit the target, as far as that is known, is refused before
 * anything is read: the target is asked, once more if it was remembered. */
static bool
fits_target(struct run *run)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct session *target = run_target(run);
	const char *object = run->sync->to.object;
	struct rk_schema schema;
	struct rk_err err;
	if (memcmp(run->cursor.revision, run->revision, sizeof run->revision) == 0)
		return true;
	if (target->ahead == NULL)
		return !session_cached_schema(target, object, HOUR_MS, &arena, &schema)
		       || fits(run, &schema) || begin_target(run);
	int32_t status = session_schema(target, object, FRESH_MS, &arena, &schema, &err);
	/* A target in trouble, or of no such object, is told by begin_target. */
	bool wrong = status == RK_OK ? !fits(run, &schema)
	             : err.category == RK_CAT_CONFIG || err.category == RK_CAT_AUTH;
	return !wrong || begin_target(run);
}

/* ---- Beginning ------------------------------------------------------------- */

static bool
open_side(struct run *run, struct session *session, const struct config_side *side,
          struct session_object *object)
{
	struct rk_err err;
	int32_t status = session_open(session, run->world, side->connection, &err);
	if (status == RK_OK)
		status = session_object(session, side->object, object, &err);
	if (status != RK_OK)
		run_report_failure(run, exit_of(status, &err), &err, side->connection);
	return status == RK_OK;
}

static size_t
writers_of(const struct config_sync *sync, const struct manifest_object *target)
{
	int64_t wanted = sync->to.writers;
	return (size_t)(wanted < target->writers ? wanted : target->writers);
}

static bool
open_sides(struct run *run)
{
	struct session_object object;
	struct session *target = run_target(run);
	if (!open_side(run, &run->reader.session, &run->sync->from, &object)
	    || !open_side(run, target, &run->sync->to, &object))
		return false;
	run->batch_max = (size_t)object.batch;
	run->rows_call = object.declared->rows_call > 0 ? object.declared->rows_call
	                                                : object.batch;
	run->guarantee = object.guarantee;
	run->creates_only = !manifest_can(object.declared, "update")
	                    || run->sync->only == ONLY_CREATE;
	run->write_deadline_ms = target->request_deadline_ms * object.calls_batch;
	run->writers_wanted = writers_of(run->sync, object.declared);
	/* Only a run that writes many records gains by more than one. */
	if (run->options->mode == SYNC_RUN || run->options->mode == SYNC_REVERT)
		run->writer_count = run->writers_wanted;
	for (size_t i = 1; i < run->writer_count; i++)
		session_share(&run->writers[i].caller.session, target);
	return true;
}

static bool
know_source(struct run *run)
{
	struct rk_err err;
	struct rk_account account;
	struct session *session = &run->reader.session;
	for (int64_t age_ms = HOUR_MS;;) {
		int32_t status = session_account(session, HOUR_MS, &run->arena, &account, &err);
		session_ahead_next(run_target(run), FRESH_MS);
		if (status == RK_OK)
			status = session_schema(session, run->sync->from.object, age_ms,
			                        &run->arena, &run->source_schema, &err);
		if (status == RK_OK && age_ms > 0 && !fits(run, NULL)) {
			age_ms = 0;
			continue;
		}
		if (status == RK_OK)
			return drift_look(run, false) && compile(run, NULL);
		run_call_failed(run, &run->reader, status, &err, session->runner.pid == 0);
		if (run->source.stopped)
			return false;
		int64_t wait = run->source.pause_until_mono - run_mono(run);
		if (wait > 0)
			usleep((useconds_t)wait * 1000);
	}
}

/* Where a listing of everything begins. */
static int64_t
origin_of(const struct run *run)
{
	if (run->sync->start_ms == CONFIG_START_ALL)
		return RK_NO_TIME;
	return run->sync->start_ms == CONFIG_START_NOW ? run_now(run) : run->sync->start_ms;
}

static bool
begin_listing(struct run *run)
{
	struct cursor *c = &run->cursor;
	bool other = memcmp(c->revision, run->revision, sizeof c->revision) != 0;
	bool first = !cursor_was_listed(c);
	bool begins = !c->known;
	if (begins)
		c->origin_ms = origin_of(run);
	if (first || other) {
		/* Another mapping: what was read before is read again, from the start. */
		run->report->full_read = true;
		if (other || !c->listing) {
			c->listing = false;
			c->token = (struct rk_text){ NULL, 0 };
			c->since_ms = c->origin_ms;
		}
	} else if (!c->listing && c->watermark_ms != RK_NO_TIME) {
		c->since_ms = c->watermark_ms - run->reader.session.overlap_ms;
	}
	/* Days of a CRM's life, not minutes: who has only minutes to read goes first. */
	if (run->report->full_read && !run_picks(run)
	    && (c->since_ms == RK_NO_TIME || c->since_ms < run_now(run) - DAY_MS))
		world_hurry(run->world, NET_BACKFILL);
	run->resumed = c->listing;
	if (!extent_begin(run))
		return false;
	memcpy(c->revision, run->revision, sizeof c->revision);
	buf_addt(&run->token, c->token);
	c->token = buf_text(&run->token);
	/* The state belongs to these objects from here on, and "now" stays what it was,
	 * even if this run does not get far. */
	if (run_looks(run) || !begins)
		return true;
	bool single = run_picks(run);
	return (store_begin(run->store, &run->err)
	        && (run->sync->is_back
	            || store_bind(run->store, sync_identity(run->sync, &run->arena).ptr,
	                          &run->err))
	        && (single || store_cursor_put(run->store, c, &run->err))
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

static bool
open_store(struct run *run, int *lock, int64_t *epoch)
{
	char dir[PATH_MAX];
	bool looks = run_looks(run);
	struct rk_text identity = sync_identity(run->sync, &run->arena);
	if (run->store != NULL)
		return store_cursor_get(run->store, &run->arena, &run->cursor, &run->err)
		       || run_store_failed(run);
	snprintf(dir, sizeof dir, "%s/syncs", run->world->state_dir);
	if (!looks && (*lock = lock_take(dir, run->sync->name, &run->err)) < 0)
		return run_store_failed(run);
	if (!store_open(&run->store, dir, run->sync->name, identity.ptr,
	                looks ? STORE_LOOK : STORE_WRITE, &run->err)
	    || (!looks && !store_new_epoch(run->store, epoch, &run->err))
	    || !store_cursor_get(run->store, &run->arena, &run->cursor, &run->err))
		return run_store_failed(run);
	if (run->sync->back != NULL
	    && (run->twin = store_back(run->store, &run->err)) == NULL)
		return run_store_failed(run);
	return true;
}

/* What is open on the other way. */
static bool
know_twin(struct run *run)
{
	struct pending_counts rows;
	if (run->twin == NULL)
		return true;
	if (!store_pending_count(run->twin, &rows, &run->err))
		return run_store_failed(run);
	run->twin_rows = rows.queued + rows.unknown + rows.failed + rows.undecided
	                 + rows.ignored;
	return asked_begin(run);
}

static bool
begin_run(struct run *run, struct run_row *row)
{
	row->started_ms = run->report->started_ms;
	/* The way back belongs to the same run. */
	bool done = row->id != 0
	            || (store_begin(run->store, &run->err)
	                && store_run_begin(run->store, row, &run->err)
	                && store_commit(run->store, &run->err));
	run->id = row->id;
	return done || run_store_failed(run);
}

/* A plan is carried out by the mapping that it was made with. */
static bool
is_as_planned(struct run *run)
{
	const unsigned char *planned = run->options->revision;
	struct rk_err err;
	memcpy(run->report->revision, run->revision, sizeof run->revision);
	if (planned == NULL || memcmp(planned, run->revision, sizeof run->revision) == 0)
		return true;
	err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "the mapping, filter or key of sync \"%s\" "
	        "was changed since the plan; make a new one", run->sync->name);
	run_report_failure(run, EXIT_USAGE, &err, NULL);
	return false;
}

/* A target in passing trouble is asked again. */
static bool
know_target(struct run *run)
{
	while (!begin_target(run)) {
		int64_t wait = run->target.pause_until_mono - run_mono(run);
		if (run->target.stopped || run->store_failed)
			return false;
		if (wait > 0)
			usleep((useconds_t)wait * 1000);
	}
	return true;
}

/* Who wants to be held by a change hears of it before there is something to write. */
static bool
knows_drift(struct run *run)
{
	return run->sync->drift == DRIFT_GO_ON || run->options->mode != SYNC_RUN
	       || know_target(run);
}

bool
begin(struct run *run, int *lock, struct run_row *row)
{
	if (!open_sides(run) || !open_store(run, lock, &row->epoch) || !doubt_begin(run)
	    || !begin_run(run, row) || !history_begin(run)
	    || !recover(run)
	    || (run->sync->back != NULL && !run_looks(run) && !both_recover(run))
	    || !know_twin(run) || !hinted(run) || !keep_count(run)
	    || !gone_begin(run))
		return false;
	/* A first listing has something to write, as a rule: both sides are asked at once. */
	if (!cursor_was_listed(&run->cursor) && !run_is_single(run))
		session_ahead(run_target(run), run->sync->to.object, FRESH_MS);
	if (!know_source(run) || !is_as_planned(run) || !fits_target(run)
	    || !knows_drift(run) || !parents_begin(run)
	    || !heal(run) || !begin_listing(run) || !window_opens(run)
	    || !push_begin(run))
		return false;
	run->report->start_ms = run->cursor.since_ms;
	cost_begin(run);
	return true;
}

bool
begin_walk(struct run *run, int *lock)
{
	int64_t epoch;
	return open_sides(run) && open_store(run, lock, &epoch) && know_source(run)
	       && know_target(run);
}
