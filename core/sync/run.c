/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - one run: turns the loop until nothing is left to do, and sums up; begin.c
 * prepares it.  What is wrong with one side stops that side; what it
 * left is in the journal and goes on with the next run. */
#include "sync/run.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "store/slots.h"
#include "sync/state.h"

#define PROGRESS_MS 100
/* What is on its way when a run is asked to end has this long to come back. */
#define STOP_MS 15000

int64_t
run_now(const struct run *run)
{
	(void)run;
	return clock_now_ms();
}

int64_t
run_mono(const struct run *run)
{
	(void)run;
	return clock_mono_ms();
}

int
run_exit_code(int32_t status, const struct rk_err *err)
{
	if (status == RK_HOLD)
		return 4;
	if (err->category == RK_CAT_AUTH)
		return 5;
	return err->category == RK_CAT_CONFIG ? 2 : 1;
}

/* The first of these that applies is the run's. */
static int
rank(int code)
{
	static const int order[] = { 2, 5, 1, 4, 3 };
	for (int i = 0; i < 5; i++)
		if (order[i] == code)
			return i;
	return 5;
}

void
run_report_failure(struct run *run, int code, const struct rk_err *err, const char *side)
{
	if (rank(code) >= rank(run->report->exit_code) && run->report->err.category != 0)
		return;
	run->report->exit_code = code;
	run->report->err = *err;
	run->report->side = side;
}

bool
run_store_failed(struct run *run)
{
	if (!run->store_failed) {
		run->store_failed = true;
		run_report_failure(run, run->err.category == RK_CAT_CONFIG ? 2 : 1, &run->err, NULL);
	}
	store_rollback(run->store);
	return false;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
backoff(const struct side *side, const struct rk_err *err, bool ended)
{
	if (err->retry_after_ms > 0)
		return err->retry_after_ms;
	return (int64_t)(ended ? 20 : 250) << (side->failures - 1);
}

void
run_call_failed(struct run *run, const struct caller *caller, int32_t status,
                const struct rk_err *err, bool ended)
{
	const char *name = caller->session.connection->name;
	struct side *side = caller->side;
	int64_t now = run_mono(run);
	/* What fails beside a call that has failed just now is the same trouble. */
	side->failures += now >= side->pause_until_mono || side->failures == 0;
	/* A connector that was late may have been unlucky, once. */
	bool passing = status == RK_AGAIN || status == RK_RESYNC
	               || (status == RK_BUG && ended && side->failures == 1);
	if (passing) {
		int64_t wait = backoff(side, err, ended);
		if (side->failures < TRIES_MAX && wait <= LONGEST_WAIT_MS) {
			side->pause_until_mono = greater(side->pause_until_mono, now + wait);
			log_info("sync.waits", "sync=%s connection=%s category=%s wait_ms=%lld: "
			         "%s", run->sync->name, name, err_category_name(err->category),
			         (long long)wait, err->message);
			return;
		}
	}
	side->stopped = true;
	run_report_failure(run, run_exit_code(status, err), err, name);
	log_info("sync.side_stopped", "sync=%s connection=%s status=%s category=%s: %s",
	         run->sync->name, name, err_status_name(status),
	         err_category_name(err->category), err->message);
}

void
run_tell(struct run *run, const struct sync_line *line)
{
	if (run->options->line == NULL)
		return;
	struct sync_line whole = *line;
	whole.fields = run->from_fields;
	whole.field_count = run->from_count;
	run->options->line(run->options->with, &whole);
}

struct rk_text
sync_identity(const struct config_sync *sync, struct arena *arena)
{
	/* Both ways share one file. */
	const struct config_side *from = sync->is_back ? &sync->to : &sync->from;
	const struct config_side *to = sync->is_back ? &sync->from : &sync->to;
	return arena_printf(arena, "%s %s -> %s %s", from->connection, from->object,
	                    to->connection, to->object);
}

/* ---- The loop --------------------------------------------------------------- */

static void
answer_source(struct run *run)
{
	struct runner_answer answer;
	if (!ask_answered(&run->reader, &answer))
		return;
	if (run->sweeping)
		sweep_answer(run, &answer);
	else if (run->fetching)
		fetch_answer(run, &answer);
	else
		read_answer(run, &answer);
}

/* Nothing is begun any more; what is on its way is settled, as when a side stops. */
static void
heed_stop(struct run *run)
{
	struct rk_err err = ERR_INIT;
	struct pollfd asked = { .fd = run->options->stop_fd, .events = POLLIN };
	if (asked.fd == 0 || run->stop_mono != 0 || poll(&asked, 1, 0) <= 0)
		return;
	run->stop_mono = run_mono(run) + STOP_MS;
	run->source.stopped = run->target.stopped = true;
	err_set(&err, RK_AGAIN, RK_CAT_OTHER, "it was asked to end; the next run goes on "
	        "where this one stood");
	run_report_failure(run, 1, &err, NULL);
	log_info("sync.stopping", "sync=%s: what is on its way is settled", run->sync->name);
}

static bool
writers_asked(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (run->writers[i].caller.asked)
			return true;
	return false;
}

/* Rows that wait for the other way become due again and again, and it begins only when
 * this one ends. */
static bool
has_patience(struct run *run)
{
	if (run->twin == NULL)
		return true;
	if (run->next_due_ms <= run_now(run))
		return true;
	if (run->patient_until_mono == 0)
		run->patient_until_mono = run_mono(run) + PATIENCE_MS;
	return run_mono(run) < run->patient_until_mono;
}

static bool
finished(struct run *run)
{
	if (run->store_failed
	    || (run->stop_mono != 0 && run_mono(run) >= run->stop_mono))
		return true;
	if (run->reader.asked || writers_asked(run))
		return false;
	if (run->target.stopped)
		return true;
	if (sweep_lasts(run))
		return false;
	if (run->arrived != NULL || !write_idle(run)
	    || (run->fetch_count > 0 && !run->source.stopped))
		return false;
	bool read = run->read_done || run->source.stopped;
	bool waits = run->pending_rows > 0 && run->options->mode == SYNC_RUN
	             && !run->source.stopped
	             && run->next_due_ms <= run_now(run) + PATIENCE_MS && has_patience(run);
	return read && !waits;
}

/* What wakes a caller: its answer, or the end of a pause. */
static void
watch(const struct caller *caller, int64_t now_mono, struct pollfd *fds, nfds_t *count,
      int64_t *until_mono)
{
	const struct side *side = caller->side;
	if (caller->asked)
		fds[(*count)++] = (struct pollfd){ .fd = session_fd(&caller->session),
		                                   .events = POLLIN };
	else if (!side->stopped && side->pause_until_mono > now_mono)
		*until_mono = least(*until_mono, side->pause_until_mono);
}

/* Sleeps until an answer comes or something becomes due. */
static void
wait_for_events(struct run *run)
{
	struct pollfd fds[2 + WRITERS_MAX];
	nfds_t count = 0;
	int64_t now = run_mono(run), until = now + 1000;
	int64_t due_in = run->next_due_ms - run_now(run);
	watch(&run->reader, now, fds, &count, &until);
	for (size_t i = 0; i < run->writer_count; i++) {
		watch(&run->writers[i].caller, now, fds, &count, &until);
		if (run->writers[i].wait_until_mono > now)
			until = least(until, run->writers[i].wait_until_mono);
	}
	if (!run->read_done && run->read_wait_mono > now)
		until = least(until, run->read_wait_mono);
	if (run->pending_rows > 0 && due_in > 0 && due_in < until - now)
		until = now + due_in;
	/* Due already but on its way: the answer wakes us; else look again soon. */
	if (count == 0 && until > now + 20)
		until = now + 20;
	if (run->stop_mono != 0)
		until = least(until, run->stop_mono);
	else if (run->options->stop_fd != 0)
		fds[count++] = (struct pollfd){ .fd = run->options->stop_fd, .events = POLLIN };
	poll(fds, count, (int)(until > now ? until - now : 0));
}

static void
turn(struct run *run)
{
	int64_t told = 0;
	for (;;) {
		heed_stop(run);
		fetch_step(run);
		read_step(run);
		write_step(run);
		sweep_step(run);
		budget_step(run);
		if (finished(run))
			return;
		wait_for_events(run);
		/* What is read now is journaled with the outcomes of what was written. */
		answer_source(run);
		write_answers(run);
		int64_t now = clock_mono_ms();
		if (run->options->progress != NULL && now - told >= PROGRESS_MS) {
			run->options->progress(run->options->with, run->counts);
			told = now;
		}
	}
}

/* ---- Ending ------------------------------------------------------------------ */

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

static void
fill_row(struct run *run, struct run_row *row)
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
		.exit_code = stopped ? -2 : report->exit_code,
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

static void
sum_up(struct run *run, struct run_row *row)
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
	if (report->exit_code == 0 && c->failed + c->withheld > 0)
		report->exit_code = 3;
	if (run->options->mode == SYNC_PLAN && run->batch_max > 0)
		cost_sum(run);
	fill_row(run, row);
}

static bool
keep_run(struct run *run, const struct run_row *row)
{
	return store_begin(run->store, &run->err) && doubt_end(run) && remap_end(run)
	       && gone_end(run)
	       && store_run_end(run->store, row, &run->err)
	       && store_commit(run->store, &run->err);
}

/* Until when a quota holds it, for whoever runs it next; nothing depends on it. */
static void
keep_hold(struct run *run)
{
	struct host *host = world_host(run->world);
	const struct sync_report *report = run->report;
	int64_t wait = report->exit_code == 4 ? report->err.retry_after_ms : 0;
	int64_t until = wait > 0 ? report->ended_ms + wait : 0;
	struct rk_err err;
	if (run->options->mode != SYNC_RUN
	    || (until == 0 && slots_held(host, run->sync->name) == 0))
		return;
	if (!slots_hold(host, run->sync->name, until, &err))
		log_info("sync.hold", "sync=%s: %s", run->sync->name, err.message);
}

void
run_free(struct run *run)
{
	session_close(&run->reader.session);
	/* The first one's declarations are everybody's. */
	for (size_t i = run->writer_count; i-- > 0;)
		session_close(&run->writers[i].caller.session);
	free(run->writers);
	while (run->pages != NULL) {
		struct work_page *next = run->pages->next;
		page_free(run->pages);
		run->pages = next;
	}
	while (run->arrived != NULL) {
		struct work_page *next = run->arrived->next;
		page_free(run->arrived);
		run->arrived = next;
	}
	sweep_free(run);
	mapping_free(run->mapping);
	parents_free(run);
	if (!run->sync->is_back)
		store_close(run->store);
	set_free(&run->busy_ids);
	set_free(&run->busy_keys);
	set_free(&run->busy_targets);
	set_free(&run->freed_keys);
	buf_free(&run->scratch);
	buf_free(&run->token);
	arena_free(&run->fetch_arena);
	arena_free(&run->arena);
	free(run);
}

static void
prepare_callers(struct run *run)
{
	static const struct caller idle = { .session = { .runner = RUNNER_INIT } };
	run->reader = idle;
	run->reader.side = &run->source;
	run->writers = calloc(WRITERS_MAX, sizeof *run->writers);
	if (run->writers == NULL)
		abort();
	for (size_t i = 0; i < WRITERS_MAX; i++) {
		run->writers[i].caller = idle;
		run->writers[i].caller.side = &run->target;
	}
	run->writer_count = 1;
}

struct run *
run_new(struct world *world, const struct config_sync *sync,
        const struct sync_options *options, struct problems *problems,
        struct sync_report *report)
{
	struct run *run = calloc(1, sizeof *run);
	if (run == NULL)
		abort();
	*report = (struct sync_report){ .err = ERR_INIT, .started_ms = clock_now_ms(),
	                                .next_due_ms = INT64_MAX };
	run->world = world;
	world->user = sync->name;
	world_hurry(world, options->priority);
	run->sync = sync;
	run->options = options;
	run->report = report;
	run->counts = &report->counts;
	run->problems = problems;
	run->pages_last = &run->pages;
	run->next_due_ms = INT64_MAX;
	run->scratch = (struct buf)BUF_INIT(64u * 1024 * 1024);
	run->token = (struct buf)BUF_INIT(RECORD_TOKEN_MAX);
	prepare_callers(run);
	return run;
}

static void
pass(struct run *run, int *lock, struct run_row *row)
{
	if (begin(run, lock, row)) {
		if (run->options->begun != NULL && !run->sync->is_back)
			run->options->begun(run->options->with);
		turn(run);
		write_end(run);
		held_end(run);
	}
	sum_up(run, row);
}

/* ---- The way back ------------------------------------------------------------ */

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

static void
add_report(struct sync_report *sum, const struct sync_report *back)
{
	sum->two_way = true;
	sum->ways[0] = sum->counts;
	sum->ways[1] = back->counts;
	add_counts(&sum->counts, &back->counts);
	if (rank(back->exit_code) < rank(sum->exit_code)) {
		sum->exit_code = back->exit_code;
		sum->err = back->err;
		sum->side = back->side;
	}
	sum->ended_ms = back->ended_ms;
	sum->next_due_ms = least(sum->next_due_ms, back->next_due_ms);
	sum->full_read |= back->full_read;
}

/* Where the first pass was ended, or found what a person must mend, the second would be
 * told the same.  A plan, and what goes by it, is about the way there. */
static bool
goes_back(const struct run *run)
{
	int code = run->report->exit_code;
	return run->twin != NULL && run->options->mode == SYNC_RUN && !run->store_failed
	       && run->stop_mono == 0 && code != 2 && code != 5;
}

/* The second pass: the same engine on the other tables, beside nothing. */
static void
go_back(struct run *run, struct run_row *row)
{
	struct sync_report report;
	struct run_row back_row = *row;
	struct run *back = run_new(run->world, run->sync->back, run->options, run->problems,
	                           &report);
	back->store = run->twin;
	back->twin = run->store;
	back->report->started_ms = run->report->started_ms;
	pass(back, NULL, &back_row);
	if (back->stop_mono != 0)
		row->exit_code = -2;
	if (row->id != 0 && !back->store_failed && !keep_run(back, &back_row))
		run_store_failed(back);
	run->store_failed |= back->store_failed;
	add_report(run->report, &report);
	run_free(back);
}

void
sync_run(struct world *world, const struct config_sync *sync,
         const struct sync_options *options, struct problems *problems,
         struct sync_report *report)
{
	struct run *run = run_new(world, sync, options, problems, report);
	struct run_row row = { 0 };
	int lock = -1;
	pass(run, &lock, &row);
	if (goes_back(run)) {
		go_back(run, &row);
		fill_row(run, &row);
	}
	if (run->store != NULL && row.id != 0 && !run->store_failed && !keep_run(run, &row))
		run_store_failed(run);
	history_end(run);
	keep_hold(run);
	run_free(run);
	if (lock >= 0)
		close(lock);
}
