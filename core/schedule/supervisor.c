/* SPDX-License-Identifier: Apache-2.0
 *
 * supervisor.c - see supervisor.h. */
#include "schedule/supervisor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"
#include "schedule/job.h"

#define LOOK_AGAIN_MS 60000            /* The clock may be moved meanwhile. */
#define SET_BACK_MS 1000               /* It was, if it stands so far behind. */
#define SHORT_MS 120000                /* A run that took longer will again. */
#define LOOKS_AT_ONCE 50               /* Between them others are served. */

struct supervisor *
supervisor_new(const struct supervisor_options *options, struct host *host)
{
	struct supervisor *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->options = *options;
	s->host = host;
	s->runs = calloc(options->runs_max, sizeof *s->runs);
	if (s->runs == NULL)
		abort();
	return s;
}

void
supervisor_free(struct supervisor *s)
{
	if (s == NULL)
		return;
	free(s->jobs);
	free(s->runs);
	free(s);
}

size_t
supervisor_running(const struct supervisor *s)
{
	return s->running;
}

void
supervisor_look_at(const struct supervisor *s, struct job *job, int64_t now_ms,
                   int64_t *well_ms)
{
	job->unseen = false;
	struct supervisor_facts facts = { .waiting_due_ms = INT64_MAX, .well_ms = RK_NO_TIME };
	s->options.look(s->options.with, job->sync, &facts);
	job->again_ms = facts.waiting_due_ms == INT64_MAX ? INT64_MAX
	                : job_greater(facts.waiting_due_ms, now_ms + RETRY_LEAST_MS);
	job->broken_until_ms = facts.broken_until_ms;
	job->is_long = facts.loads || facts.took_ms > SHORT_MS;
	/* One of a daemon that is no more. */
	if (facts.walk_open && !job->walk_open && job->walks.has_cron) {
		job->walk_open = true;
		job->walk_due_ms = now_ms;
	}
	job->waits = facts.waits;
	*well_ms = facts.well_ms;
}

static void
plan_followers(struct supervisor *s, const struct job *job, int64_t now_ms)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->jobs[i].before == job && s->jobs[i].pid == 0)
			job_plan(&s->jobs[i], now_ms);
}

static bool
share_a_connection(const struct config_sync *a, const struct config_sync *b)
{
	const char *from = a->from.connection, *to = a->to.connection;
	return strcmp(from, b->from.connection) == 0 || strcmp(from, b->to.connection) == 0
	       || strcmp(to, b->from.connection) == 0 || strcmp(to, b->to.connection) == 0;
}

/* What waited for records that a run has linked is due at once; who runs may have looked
 * too early. */
static void
plan_waiting(struct supervisor *s, const struct job *ended, int64_t now_ms)
{
	for (size_t i = 0; ended->sync != NULL && i < s->count; i++) {
		struct job *job = &s->jobs[i];
		struct supervisor_facts facts = { .waiting_due_ms = INT64_MAX };
		if (job == ended || !job->waits || job->sync == NULL || job->off
		    || !config_has_times(job->sync)
		    || !share_a_connection(job->sync, ended->sync))
			continue;
		if (job->pid == 0)
			s->options.look(s->options.with, job->sync, &facts);
		job->hinted |= job->pid != 0 || facts.released;
		if (job->pid == 0)
			job_plan(job, now_ms);
	}
}

static void
see(struct supervisor *s, struct job *job, int64_t now_ms)
{
	supervisor_look_at(s, job, now_ms, &job->well_ms);
	job_plan(job, now_ms);
	if (job->well_ms != RK_NO_TIME)
		plan_followers(s, job, now_ms);
}

/* States are looked at a few at a time, so that ten thousand keep no start waiting; true
 * while there are more. */
static bool
see_some(struct supervisor *s, int64_t now_ms)
{
	for (size_t seen = 0; s->looked < s->count && seen < LOOKS_AT_ONCE; s->looked++) {
		struct job *job = &s->jobs[s->looked];
		if (!job->unseen || job->sync == NULL)
			continue;
		see(s, job, now_ms);
		seen++;
	}
	return s->looked < s->count;
}

static int64_t
held_until(const struct supervisor *s, const struct job *job, int64_t now_ms)
{
	int64_t until = job->sync != NULL ? slots_held(s->host, job->sync->name) : 0;
	return until > now_ms ? job_greater(until, now_ms + RETRY_LEAST_MS) : now_ms + HELD_MS;
}

static void
plan_again(const struct supervisor *s, struct job *job, int code, int64_t now_ms)
{
	int64_t unused;
	job->held_until_ms = code == EXIT_HELD ? held_until(s, job, now_ms) : 0;
	if (job->sync != NULL)
		supervisor_look_at(s, job, now_ms, &unused);
	job_plan(job, now_ms);
	if (job->held_until_ms != 0 && job->due_ms != SCHEDULE_NEVER)
		log_info("daemon.held", "sync=%s until=%lld", job->sync->name,
		         (long long)job->due_ms);
}

static int
spawn(const struct supervisor *s, const char *sync, const char *priority, pid_t *pid)
{
	const struct supervisor_options *o = &s->options;
	const char *argv[] = { "renkei", "-q", "-c", o->config_path, "--state", o->state_dir,
	                       "--priority", priority, "sync", sync, NULL };
	return program_spawn(o->program, argv, environ, -1, -1, pid);
}

static void
keep_slot(const struct supervisor *s, const struct job *job)
{
	struct rk_err err;
	if (!slots_put(s->host, job->sync->name, job->began_ms, &err))
		log_warn("daemon.slot", "sync=%s: %s", job->sync->name, err.message);
}

/* It is as if it had not been begun, for want of a process. */
static void
put_off(struct supervisor *s, struct job *job, const struct job *before, int error,
        int64_t now_ms)
{
	*job = *before;
	job->due_ms = now_ms + RETRY_LEAST_MS;
	if (job->began_ms != RK_NO_TIME)
		keep_slot(s, job);
	log_warn("daemon.run", "sync=%s cannot be started: %s; it is tried again in a minute",
	         job->sync->name, strerror(error));
}

/* The time is kept before the run begins: a daemon that dies begins it once. */
static void
start(struct supervisor *s, size_t at, int64_t now_ms)
{
	struct job *job = &s->jobs[at], before = *job;
	const char *name = job->sync->name;
	const char *priority = job->by_hand ? "hand" : job->early ? "retry" : "incremental";
	job->began_ms = now_ms;
	job->held_until_ms = 0;
	job->by_hand = job->hinted = false;
	/* What waits is taken up by this run. */
	job->again_ms = INT64_MAX;
	job_plan(job, now_ms);
	keep_slot(s, job);
	int failed = spawn(s, name, priority, &job->pid);
	if (failed != 0) {
		put_off(s, job, &before, failed, now_ms);
		return;
	}
	s->runs[s->running++] = at;
	log_info("daemon.run", "sync=%s pid=%d", name, (int)job->pid);
}

/* A clock that was set back: what is due is due by the times that it shows now. */
static void
heed_clock(struct supervisor *s, int64_t now_ms)
{
	bool set_back = now_ms + SET_BACK_MS < s->seen_ms;
	s->seen_ms = now_ms;
	for (size_t i = 0; set_back && i < s->count; i++)
		job_plan(&s->jobs[i], now_ms);
	if (set_back)
		log_warn("daemon.clock", "the clock was set back; all times are counted anew");
}

int64_t
supervisor_step(struct supervisor *s, int64_t now_ms)
{
	int64_t next = now_ms + LOOK_AGAIN_MS;
	size_t at;
	if (s->stop_mono != 0)
		return next;
	heed_clock(s, now_ms);
	bool more = see_some(s, now_ms), kept = order_is_kept(s);
	while (s->running < s->options.runs_max
	       && (at = order_next(s, kept, now_ms)) < s->count) {
		if (s->jobs[at].unseen)
			see(s, &s->jobs[at], now_ms);
		else
			start(s, at, now_ms);
		kept = order_is_kept(s);
	}
	while (s->running < s->options.runs_max
	       && (at = order_next_walk(s, kept, now_ms)) < s->count) {
		walks_start(s, at, now_ms);
		kept = order_is_kept(s);
	}
	next = job_least(next, walks_heed(s, now_ms));
	for (size_t i = 0; i < s->count && s->running < s->options.runs_max; i++)
		if (s->jobs[i].pid == 0 && !(kept && s->jobs[i].is_long))
			next = job_least(next, job_least(s->jobs[i].due_ms,
			                         kept ? SCHEDULE_NEVER : s->jobs[i].walk_due_ms));
	return more ? now_ms : next;
}

enum supervisor_answer
supervisor_run(struct supervisor *s, const char *sync, bool by_hand, int64_t now_ms)
{
	for (size_t i = 0; i < s->count; i++) {
		struct job *job = &s->jobs[i];
		if (job->sync == NULL || strcmp(job->sync->name, sync) != 0)
			continue;
		if (job->off)
			return SUPERVISOR_OFF;
		/* What is asked for now may come too late for a run that has begun. */
		job->by_hand |= by_hand;
		job->hinted |= !by_hand;
		if (job->pid != 0 && !job->walks_now)
			return SUPERVISOR_RUNS_ALREADY;
		job_plan(job, now_ms);
		return SUPERVISOR_STARTS;
	}
	return SUPERVISOR_UNKNOWN;
}

bool
supervisor_ended(struct supervisor *s, int pid, int status, int64_t now_ms)
{
	for (size_t i = 0; i < s->running; i++) {
		struct job *job = &s->jobs[s->runs[i]];
		if (job->pid != pid)
			continue;
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		s->runs[i] = s->runs[--s->running];
		job->pid = 0;
		log_info("daemon.ended", "pid=%d code=%d milliseconds=%lld", pid, code,
		         (long long)(now_ms - job->began_ms));
		if (job->walks_now) {
			walks_ended(s, job, code, now_ms);
			return true;
		}
		if (code == EXIT_DONE || code == EXIT_RECORDS)
			job->well_ms = now_ms;
		plan_again(s, job, code, now_ms);
		plan_followers(s, job, now_ms);
		plan_waiting(s, job, now_ms);
		return true;
	}
	return false;
}

bool
supervisor_stop(struct supervisor *s, int64_t mono_ms)
{
	bool first = s->stop_mono == 0, late = !first && mono_ms >= s->stop_mono;
	for (size_t i = 0; i < s->running && (first || (late && !s->killed)); i++)
		kill(s->jobs[s->runs[i]].pid, late ? SIGKILL : SIGTERM);
	s->killed |= late;
	if (first)
		s->stop_mono = mono_ms + s->options.stop_ms;
	return s->running > 0;
}

/* What is known of a sync of that name; most often it stands where it stood. */
static struct job
take_job(struct supervisor *s, const struct config_sync *sync, size_t at)
{
	for (size_t i = 0; i < s->count; i++) {
		struct job *old = &s->jobs[(at + i) % s->count];
		if (old->sync == NULL || strcmp(old->sync->name, sync->name) != 0)
			continue;
		struct job job = *old;
		*old = (struct job){ 0 };
		return job;
	}
	struct job job = { .sync = sync, .began_ms = slots_get(s->host, sync->name),
	                   .held_until_ms = slots_held(s->host, sync->name),
	                   .again_ms = INT64_MAX, .well_ms = RK_NO_TIME, .is_long = true };
	job.unseen = job.began_ms != RK_NO_TIME;
	return job;
}

static void
add_job(struct supervisor *s, struct job *jobs, size_t at, const struct job *job)
{
	jobs[at] = *job;
	if (job->pid != 0)
		s->runs[s->running++] = at;
}

/* NULL: there is none of that name. */
static const struct job *
job_of(const struct supervisor *s, const char *sync)
{
	for (size_t i = 0; sync != NULL && i < s->count; i++)
		if (s->jobs[i].sync != NULL && strcmp(s->jobs[i].sync->name, sync) == 0)
			return &s->jobs[i];
	return NULL;
}

void
supervisor_take(struct supervisor *s, const struct config *config, int64_t now_ms)
{
	size_t room = config->sync_count + s->running, count = 0;
	struct job *jobs = calloc(room > 0 ? room : 1, sizeof *jobs);
	if (jobs == NULL)
		abort();
	bool again = s->jobs != NULL;
	s->running = 0;
	for (; count < config->sync_count; count++) {
		struct job job = take_job(s, &config->syncs[count], count);
		job.sync = &config->syncs[count];
		bool was_off = job.off;
		job.off = !s->options.may_run(s->options.with, job.sync);
		if (job.off && !was_off && job.pid != 0)
			kill(job.pid, SIGTERM);
		schedule_read(&job.schedule, job.sync);
		walks_read(s, &job, now_ms);
		/* What held it under the old configuration need not hold it now. */
		if (again && job.held_until_ms != 0)
			job.held_until_ms = now_ms;
		add_job(s, jobs, count, &job);
	}
	/* A sync that is gone ends its run, and has no more. */
	for (size_t i = 0; i < s->count; i++) {
		if (s->jobs[i].pid == 0)
			continue;
		s->jobs[i].sync = NULL;
		s->jobs[i].off = true;
		s->jobs[i].before = NULL;
		s->jobs[i].due_ms = SCHEDULE_NEVER;
		add_job(s, jobs, count++, &s->jobs[i]);
	}
	free(s->jobs);
	s->jobs = jobs;
	s->count = count;
	s->looked = 0;
	for (size_t i = 0; i < config->sync_count; i++) {
		jobs[i].before = job_of(s, jobs[i].sync->after);
		job_plan(&jobs[i], now_ms);
	}
}

void
supervisor_look(struct supervisor *s, int64_t now_ms)
{
	for (size_t i = 0; i < s->count; i++) {
		struct job *job = &s->jobs[i];
		bool off = job->sync == NULL || !s->options.may_run(s->options.with, job->sync);
		/* What is allowed may be another figure now: the limiter knows. */
		if (job->held_until_ms != 0)
			job->held_until_ms = now_ms;
		else if (off == job->off)
			continue;
		job->off = off;
		job_plan(job, now_ms);
		if (off && job->pid != 0)
			kill(job->pid, SIGTERM);
	}
}
