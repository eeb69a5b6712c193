/* SPDX-License-Identifier: Apache-2.0
 *
 * walks.c - starts and ends the walks over both sides of a sync; see job.h. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"
#include "schedule/job.h"

#define WALK_AGAIN_MS 1000             /* The sync goes first, if it is due. */

static int
spawn_walk(const struct supervisor *s, const char *sync, pid_t *pid)
{
	const struct supervisor_options *o = &s->options;
	const char *argv[] = { "renkei", "-q", "-c", o->config_path, "--state", o->state_dir,
	                       "--slice", "reconcile", sync, NULL };
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

void
walks_start(struct supervisor *s, size_t at, int64_t now_ms)
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

int64_t
walks_heed(struct supervisor *s, int64_t now_ms)
{
	int64_t next = SCHEDULE_NEVER;
	for (size_t i = 0; i < s->running; i++) {
		struct job *job = &s->jobs[s->runs[i]];
		if (!job->walks_now || job->gives_way)
			continue;
		if (job->due_ms > now_ms) {
			next = job_least(next, job->due_ms);
			continue;
		}
		job->gives_way = true;
		kill(job->pid, SIGTERM);
	}
	return next;
}

void
walks_ended(struct supervisor *s, struct job *job, int code, int64_t now_ms)
{
	int64_t unused;
	bool over = code == EXIT_DONE || code == EXIT_RECORDS;
	bool again = job->gives_way || code == RECONCILE_GOES_ON;
	job->walks_now = job->gives_way = false;
	job->walk_open = !over;
	job->walk_due_ms = now_ms + (again ? WALK_AGAIN_MS : HELD_MS);
	/* What it found may wait to be written. */
	if (job->sync != NULL)
		supervisor_look_at(s, job, now_ms, &unused);
	job_plan(job, now_ms);
}

/* One that never was counts from when it was first heard of. */
void
walks_read(const struct supervisor *s, struct job *job, int64_t now_ms)
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
