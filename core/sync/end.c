/* SPDX-License-Identifier: Apache-2.0
 *
 * end.c - a run ends: what it did is summed up and kept. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "store/slots.h"
#include "sync/state.h"

/* Records of the journal that this run did not get to. */
static void
count_rest(struct run *run)
{
	int64_t records = 0;
	struct rk_err err;
	store_page_total(run->store, &records, &err);
	for (const struct work_page *page = run->pages; page != NULL; page = page->next)
		if (page->seq != 0)
			records -= (int64_t)page->settled;
		else if (!page->from_pending)
			records += (int64_t)(page->count - page->settled);
	run->counts->waiting += records;
}

static struct rk_text
name_revert(struct run *run)
{
	return arena_printf(&run->arena, "the revert of run %.*s", (int)revert_number(run).len,
	                    revert_number(run).ptr);
}

/* A check proves credentials, and what stopped on them is done with; rights it cannot, so
 * a run that lacked some is kept as one that failed. */
static int
kept_code(const struct sync_report *report)
{
	bool right = report->exit_code == EXIT_CREDENTIALS
	             && report->err.category == RK_CAT_PERMISSION;
	return right ? EXIT_FAILED : report->exit_code;
}

void
end_fill(struct run *run, struct run_row *row)
{
	const struct sync_report *report = run->report;
	const struct sync_counts *c = run->counts;
	bool stopped = run->stop_mono != 0 || row->exit_code == -2;
	*row = (struct run_row){
		.id = row->id, .epoch = row->epoch, .started_ms = report->started_ms,
		.ended_ms = report->ended_ms, .read = c->read, .carried = c->carried,
		.created = c->created, .updated = c->updated, .archived = c->archived,
		.unchanged = c->unchanged, .excluded = c->excluded, .waiting = c->waiting,
		.failed = c->failed, .source_calls = c->source_calls,
		.target_calls = c->target_calls, .writes = c->writes,
		/* Of one that was asked to end: it tells nothing of the connections. */
		.exit_code = stopped ? -2 : kept_code(report),
		.message = report->err.category != 0 ? text_of(report->err.message)
		           : run_reverts(run)        ? name_revert(run)
		                                     : (struct rk_text){ NULL, 0 } };
}

/* Those that nobody has decided. */
static void
count_asked(struct run *run)
{
	int64_t all;
	struct rk_err err;
	if (run->asked > 0 && !run->store_failed)
		store_conflict_count(run->store, &all, &run->counts->asked, &err);
}

void
end_sum(struct run *run, struct run_row *row)
{
	struct sync_report *report = run->report;
	struct sync_counts *c = run->counts;
	if (run->options->mode == SYNC_RUN && !run->store_failed)
		count_rest(run);
	count_asked(run);
	c->source_calls = run->reader.session.calls;
	for (size_t i = 0; i < run->writer_count; i++)
		c->target_calls += run->writers[i].caller.session.calls;
	report->ended_ms = clock_now_ms();
	report->next_due_ms = run->pending_rows > 0 ? run->next_due_ms : INT64_MAX;
	if (report->exit_code == EXIT_DONE && c->failed + c->withheld > 0)
		report->exit_code = EXIT_RECORDS;
	if (run->options->mode == SYNC_PLAN && run->batch_max > 0)
		cost_sum(run);
	end_fill(run, row);
}

bool
end_keep(struct run *run, const struct run_row *row)
{
	return store_begin(run->store, &run->err) && doubt_end(run) && remap_end(run)
	       && gone_end(run)
	       && store_run_end(run->store, row, &run->err)
	       && store_commit(run->store, &run->err);
}

void
end_hold(struct run *run)
{
	struct host *host = world_host(run->world);
	const struct sync_report *report = run->report;
	int64_t wait = report->exit_code == EXIT_HELD ? report->err.retry_after_ms : 0;
	int64_t until = wait > 0 ? report->ended_ms + wait : 0;
	struct rk_err err;
	if (run->options->mode != SYNC_RUN
	    || (until == 0 && slots_held(host, run->sync->name) == 0))
		return;
	if (!slots_hold(host, run->sync->name, until, &err))
		log_info("sync.hold", "sync=%s: %s", run->sync->name, err.message);
}

static void
add_counts(struct sync_counts *sum, const struct sync_counts *more)
{
	sum->read += more->read;
	sum->carried += more->carried;
	sum->created += more->created;
	sum->updated += more->updated;
	sum->archived += more->archived;
	sum->unchanged += more->unchanged;
	sum->excluded += more->excluded;
	sum->waiting += more->waiting;
	sum->failed += more->failed;
	sum->ignored += more->ignored;
	sum->asked = more->asked;      /* Both ways share them. */
	sum->source_calls += more->source_calls;
	sum->target_calls += more->target_calls;
	sum->writes += more->writes;
}

void
end_add(struct sync_report *sum, const struct sync_report *back)
{
	sum->two_way = true;
	sum->ways[0] = sum->counts;
	sum->ways[1] = back->counts;
	add_counts(&sum->counts, &back->counts);
	if (exit_rank(back->exit_code) < exit_rank(sum->exit_code)) {
		sum->exit_code = back->exit_code;
		sum->err = back->err;
		sum->side = back->side;
	}
	sum->ended_ms = back->ended_ms;
	if (back->next_due_ms < sum->next_due_ms)
		sum->next_due_ms = back->next_due_ms;
	sum->full_read |= back->full_read;
}
