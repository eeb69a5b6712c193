/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - one run: turns the loop until nothing is left to do; begin.c prepares it, end.c
 * sums it up.  What is wrong with one side stops that side; what it
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

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
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
	run_report_failure(run, EXIT_FAILED, &err, NULL);
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
	end_sum(run, row);
}

/* Where the first pass was ended, or found what a person must mend, the second would be
 * told the same; but who may not write there may well read there.  A plan, and what goes by
 * it, is about the way there. */
static bool
goes_back(const struct run *run)
{
	bool mend = run->report->exit_code == EXIT_USAGE
	            || run->report->err.category == RK_CAT_AUTH;
	return run->twin != NULL && run->options->mode == SYNC_RUN && !run->store_failed
	       && run->stop_mono == 0 && !mend;
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
	if (row->id != 0 && !back->store_failed && !end_keep(back, &back_row))
		run_store_failed(back);
	run->store_failed |= back->store_failed;
	end_add(run->report, &report);
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
		end_fill(run, &row);
	}
	if (run->store != NULL && row.id != 0 && !run->store_failed && !end_keep(run, &row))
		run_store_failed(run);
	history_end(run);
	end_hold(run);
	run_free(run);
	if (lock >= 0)
		close(lock);
}
