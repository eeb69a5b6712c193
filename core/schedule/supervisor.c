/* SPDX-License-Identifier: Apache-2.0
 *
 * supervisor.c - see supervisor.h.  Who is due first is looked up in a plain list: ten
 * thousand take less time than one start. */
#include "schedule/supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"
#include "schedule/schedule.h"

#define LOOK_AGAIN_MS 60000            /* The clock may be moved meanwhile. */
#define SET_BACK_MS 1000               /* It was, if it stands so far behind. */
#define ASKED_LEAST_MS 1000
#define RETRY_LEAST_MS 60000           /* After a run, for what waits. */
#define HELD_MS 600000                 /* By a quota that did not say how long. */
#define WALK_AGAIN_MS 1000             /* The sync goes first, if it is due. */
#define SHORT_MS 120000                /* A run that took longer will again. */
#define LOOKS_AT_ONCE 50               /* Between them others are served. */
#define EXIT_OK 0
#define EXIT_SOME_FAILED 3
#define EXIT_HELD 4

struct job {
	const struct config_sync *sync;
	struct schedule schedule;
	int64_t began_ms, due_ms;
	int64_t held_until_ms;         /* A quota held its last run until then; 0: none did. */
	int64_t again_ms;              /* For what waits; INT64_MAX: nothing does. */
	int64_t broken_until_ms;       /* By its breaker; 0: it may run. */
	pid_t pid;                     /* 0: it does not run. */
	bool by_hand;                  /* Somebody waits for it. */
	bool hinted;                   /* Its CRM has told of something to read. */
	bool early;                    /* It is due for what failed before. */
	bool off;
	bool is_long;                  /* Its next run may take a place for hours. */
	bool waits;                    /* Records of it, for those of other syncs. */
	bool unseen;                   /* Nobody has looked at its state yet. */
	/* Both sides are compared by times of their own; the sync itself goes first. */
	struct schedule walks;
	int64_t walk_began_ms, walk_due_ms;
	bool walk_open;                /* It gave way, or failed, and is to go on. */
	bool walks_now, gives_way;     /* 'pid' is that of a walk; which was asked to end. */
	const struct job *before;      /* It runs after that one; NULL: after none. */
	int64_t well_ms;               /* When it last ended well; RK_NO_TIME: never. */
};

struct supervisor {
	struct supervisor_options options;
	struct host *host;
	struct job *jobs;              /* owned; those that run and are gone at the end */
	size_t count;
	size_t *runs, running;         /* owned; the numbers of those that run */
	size_t looked;                 /* None before that one is unseen. */
	int64_t stop_mono;             /* 0: it goes on. */
	int64_t seen_ms;               /* The clock as of the last step. */
	bool killed;
};

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

/* ---- When ------------------------------------------------------------------ */

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

/* A webhook may ask without end. */
static int64_t
asked_due(const struct job *job, int64_t now_ms)
{
	bool lately = job->began_ms != RK_NO_TIME && job->began_ms <= now_ms
	              && job->began_ms + ASKED_LEAST_MS > now_ms;
	return lately ? job->began_ms + ASKED_LEAST_MS : now_ms;
}

/* It has not begun since the one before it ended well.  (The time stays owed when the
 * window is closed, and over a start of the daemon.) */
static int64_t
due_after(const struct job *job, int64_t now_ms)
{
	const struct job *before = job->before;
	if (before == NULL || before->pid != 0 || before->well_ms == RK_NO_TIME)
		return SCHEDULE_NEVER;
	/* A clock that was set back must not stop it until it is there again. */
	bool done = job->began_ms <= now_ms && before->well_ms <= job->began_ms;
	return done ? SCHEDULE_NEVER : schedule_free(&job->schedule, now_ms);
}

/* What waits may go earlier than the next time; a quota or a breaker holds it back. */
static void
plan_around(struct job *job, int64_t now_ms)
{
	const struct schedule *schedule = &job->schedule;
	/* Not before, as nothing would come of it, and not at the next time after. */
	if (job->held_until_ms != 0)
		job->due_ms = schedule_free(schedule, greater(job->held_until_ms, now_ms));
	else if (job->again_ms < job->due_ms)
		job->due_ms = least(job->due_ms,
		                    schedule_free(schedule, greater(job->again_ms, now_ms)));
	job->early = job->held_until_ms == 0 && job->again_ms <= job->due_ms;
	if (job->due_ms < job->broken_until_ms)
		job->due_ms = schedule_free(schedule, job->broken_until_ms);
}

/* One that is under way goes on at the time that was set when it ended. */
static void
plan_walk(struct job *job, int64_t now_ms)
{
	if (job->off || !job->walks.has_cron)
		job->walk_due_ms = SCHEDULE_NEVER;
	else if (!job->walk_open)
		job->walk_due_ms = schedule_due(&job->walks, job->walk_began_ms, now_ms);
}

static void
plan(struct job *job, int64_t now_ms)
{
	job->early = false;
	plan_walk(job, now_ms);
	if (job->off)
		job->by_hand = job->hinted = false;
	job->due_ms = job->by_hand ? asked_due(job, now_ms)
	              : job->off ? SCHEDULE_NEVER
	              : least(schedule_due(&job->schedule, job->began_ms, now_ms),
	                      due_after(job, now_ms));
	/* Nobody waits for what a webhook told: closed times and holds are for it, too. */
	if (job->hinted && !job->by_hand)
		job->due_ms = least(job->due_ms, schedule_free(&job->schedule,
		                                               asked_due(job, now_ms)));
	if (!job->by_hand && job->due_ms != SCHEDULE_NEVER)
		plan_around(job, now_ms);
}

/* What its state tells of when it may or should run. */
static void
look(const struct supervisor *s, struct job *job, int64_t now_ms, int64_t *well_ms)
{
	job->unseen = false;
	struct supervisor_facts facts = { .waiting_due_ms = INT64_MAX, .well_ms = RK_NO_TIME };
	s->options.look(s->options.with, job->sync, &facts);
	job->again_ms = facts.waiting_due_ms == INT64_MAX ? INT64_MAX
	                : greater(facts.waiting_due_ms, now_ms + RETRY_LEAST_MS);
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
			plan(&s->jobs[i], now_ms);
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
			plan(job, now_ms);
	}
}

static void
see(struct supervisor *s, struct job *job, int64_t now_ms)
{
	look(s, job, now_ms, &job->well_ms);
	plan(job, now_ms);
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
	return until > now_ms ? greater(until, now_ms + RETRY_LEAST_MS) : now_ms + HELD_MS;
}

static void
plan_again(const struct supervisor *s, struct job *job, int code, int64_t now_ms)
{
	int64_t unused;
	job->held_until_ms = code == EXIT_HELD ? held_until(s, job, now_ms) : 0;
	if (job->sync != NULL)
		look(s, job, now_ms, &unused);
	plan(job, now_ms);
	if (job->held_until_ms != 0 && job->due_ms != SCHEDULE_NEVER)
		log_info("daemon.held", "sync=%s until=%lld", job->sync->name,
		         (long long)job->due_ms);
}

/* ---- Starting -------------------------------------------------------------- */

static size_t
runs_at(const struct supervisor *s, const struct config_sync *sync)
{
	size_t count = 0;
	for (size_t i = 0; i < s->running; i++) {
		const struct config_sync *other = s->jobs[s->runs[i]].sync;
		count += other != NULL
		         && (strcmp(other->from.connection, sync->from.connection) == 0
		             || strcmp(other->to.connection, sync->to.connection) == 0);
	}
	return count;
}

/* Who goes first: what somebody waits for; what has connections with the least to do; what
 * waits longest.  A connection with many syncs does not keep others waiting. */
struct turn {
	bool by_hand;
	size_t runs;
	int64_t due_ms;
};

static bool
is_before(const struct turn *a, const struct turn *b)
{
	if (a->by_hand != b->by_hand)
		return a->by_hand;
	return a->runs != b->runs ? a->runs < b->runs : a->due_ms < b->due_ms;
}

/* What nobody has looked at may have short runs. */
static bool
seen_long(const struct job *job)
{
	return job->is_long && !job->unseen;
}

/* A walk may take hours, whatever a run of its sync takes. */
static bool
is_long(const struct job *job)
{
	return job->walks_now || job->is_long;
}

/* Whether long runs have all places but the one that is kept for short ones; where there
 * is no sync with short runs, nothing is kept. */
static bool
is_kept(const struct supervisor *s)
{
	size_t at = 0, runs = 0;
	for (size_t i = 0; i < s->running; i++)
		runs += is_long(&s->jobs[s->runs[i]]);
	if (s->options.runs_max < 2 || runs + 1 < s->options.runs_max)
		return false;
	while (at < s->count && (seen_long(&s->jobs[at]) || s->jobs[at].off
	                         || s->jobs[at].due_ms == SCHEDULE_NEVER))
		at++;
	return at < s->count;
}

/* The number of the job that is to be started; s->count: none is.  'kept': no long one. */
static size_t
next_job(const struct supervisor *s, bool kept, int64_t now_ms)
{
	size_t best = s->count;
	struct turn first = { 0 };
	for (size_t i = 0; i < s->count; i++) {
		const struct job *job = &s->jobs[i];
		if (job->pid != 0 || job->due_ms > now_ms || (kept && seen_long(job)))
			continue;
		struct turn turn = { job->by_hand, runs_at(s, job->sync), job->due_ms };
		if (best == s->count || is_before(&turn, &first)) {
			best = i;
			first = turn;
		}
	}
	return best;
}

/* The number of the job whose walk is to be started; s->count: none is.  A place is left
 * for what runs. */
static size_t
next_walk(const struct supervisor *s, bool kept, int64_t now_ms)
{
	size_t at = 0;
	while (at < s->count && (kept || s->jobs[at].pid != 0 || s->jobs[at].unseen
	                         || s->jobs[at].walk_due_ms > now_ms))
		at++;
	return at;
}

static int
spawn_walk(const struct supervisor *s, const char *sync, pid_t *pid)
{
	const struct supervisor_options *o = &s->options;
	const char *argv[] = { "renkei", "-q", "-c", o->config_path, "--state", o->state_dir,
	                       "--slice", "reconcile", sync, NULL };
	return program_spawn(o->program, argv, environ, -1, -1, pid);
}

static int
spawn(const struct supervisor *s, const char *sync, const char *priority, pid_t *pid)
{
	const struct supervisor_options *o = &s->options;
	const char *argv[] = { "renkei", "-q", "-c", o->config_path, "--state", o->state_dir,
	                       "--priority", priority, "sync", sync, NULL };
	return program_spawn(o->program, argv, environ, -1, -1, pid);
}

/* Beside the sync's own, under a name that no sync can have. */
static void
keep_walk_slot(const struct supervisor *s, const struct job *job)
{
	char name[300];
	struct rk_err err;
	snprintf(name, sizeof name, "%s reconcile", job->sync->name);
	if (!slots_put(s->host, name, job->walk_began_ms, &err))
		log_warn("daemon.slot", "sync=%s: %s", job->sync->name, err.message);
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
	plan(job, now_ms);
	keep_slot(s, job);
	int failed = spawn(s, name, priority, &job->pid);
	if (failed != 0) {
		put_off(s, job, &before, failed, now_ms);
		return;
	}
	s->runs[s->running++] = at;
	log_info("daemon.run", "sync=%s pid=%d", name, (int)job->pid);
}

static void
start_walk(struct supervisor *s, size_t at, int64_t now_ms)
{
	struct job *job = &s->jobs[at];
	if (!job->walk_open) {
		job->walk_began_ms = now_ms;
		keep_walk_slot(s, job);
	}
	job->walk_open = job->walks_now = true;
	job->gives_way = false;
	int failed = spawn_walk(s, job->sync->name, &job->pid);
	if (failed != 0) {
		job->walks_now = false;
		job->walk_due_ms = now_ms + RETRY_LEAST_MS;
		log_warn("daemon.walk", "sync=%s cannot be started: %s", job->sync->name,
		         strerror(failed));
		return;
	}
	s->runs[s->running++] = at;
	log_info("daemon.walk", "sync=%s pid=%d", job->sync->name, (int)job->pid);
}

/* A walk ends at its next page when the sync is due; when to look again, at the latest. */
static int64_t
heed_walks(struct supervisor *s, int64_t now_ms)
{
	int64_t next = SCHEDULE_NEVER;
	for (size_t i = 0; i < s->running; i++) {
		struct job *job = &s->jobs[s->runs[i]];
		if (!job->walks_now || job->gives_way)
			continue;
		if (job->due_ms > now_ms) {
			next = least(next, job->due_ms);
			continue;
		}
		job->gives_way = true;
		kill(job->pid, SIGTERM);
	}
	return next;
}

/* It came to its end; or it gave way, and goes on; or something kept it from that. */
static void
walk_ended(struct supervisor *s, struct job *job, int code, int64_t now_ms)
{
	int64_t unused;
	bool over = code == EXIT_OK || code == EXIT_SOME_FAILED;
	bool again = job->gives_way || code == RECONCILE_GOES_ON;
	job->walks_now = job->gives_way = false;
	job->walk_open = !over;
	job->walk_due_ms = now_ms + (again ? WALK_AGAIN_MS : HELD_MS);
	/* What it found may wait to be written. */
	if (job->sync != NULL)
		look(s, job, now_ms, &unused);
	plan(job, now_ms);
}

/* A clock that was set back: what is due is due by the times that it shows now. */
static void
heed_clock(struct supervisor *s, int64_t now_ms)
{
	bool set_back = now_ms + SET_BACK_MS < s->seen_ms;
	s->seen_ms = now_ms;
	for (size_t i = 0; set_back && i < s->count; i++)
		plan(&s->jobs[i], now_ms);
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
	bool more = see_some(s, now_ms), kept = is_kept(s);
	while (s->running < s->options.runs_max
	       && (at = next_job(s, kept, now_ms)) < s->count) {
		if (s->jobs[at].unseen)
			see(s, &s->jobs[at], now_ms);
		else
			start(s, at, now_ms);
		kept = is_kept(s);
	}
	while (s->running < s->options.runs_max
	       && (at = next_walk(s, kept, now_ms)) < s->count) {
		start_walk(s, at, now_ms);
		kept = is_kept(s);
	}
	next = least(next, heed_walks(s, now_ms));
	for (size_t i = 0; i < s->count && s->running < s->options.runs_max; i++)
		if (s->jobs[i].pid == 0 && !(kept && s->jobs[i].is_long))
			next = least(next, least(s->jobs[i].due_ms,
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
		plan(job, now_ms);
		return SUPERVISOR_STARTS;
	}
	return SUPERVISOR_UNKNOWN;
}

/* ---- Ending ---------------------------------------------------------------- */

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
			walk_ended(s, job, code, now_ms);
			return true;
		}
		if (code == EXIT_OK || code == EXIT_SOME_FAILED)
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

/* ---- Configuration --------------------------------------------------------- */

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

/* One that never was counts from when it was first heard of. */
static void
read_walks(const struct supervisor *s, struct job *job, int64_t now_ms)
{
	char name[300];
	const struct config_sync *sync = job->sync;
	schedule_read_walks(&job->walks, sync);
	if (!job->walks.has_cron || job->walk_began_ms != 0)
		return;
	snprintf(name, sizeof name, "%s reconcile", sync->name);
	job->walk_began_ms = slots_get(s->host, name);
	if (job->walk_began_ms != RK_NO_TIME)
		return;
	job->walk_began_ms = now_ms;
	keep_walk_slot(s, job);
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
		read_walks(s, &job, now_ms);
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
		plan(&jobs[i], now_ms);
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
		plan(job, now_ms);
		if (off && job->pid != 0)
			kill(job->pid, SIGTERM);
	}
}
