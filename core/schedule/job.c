/* SPDX-License-Identifier: Apache-2.0
 *
 * job.c - when a sync is due: its times, and what holds it or asks for it; see job.h. */
#include "schedule/job.h"

#define ASKED_LEAST_MS 1000

int64_t
job_least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
job_greater(int64_t a, int64_t b)
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
		job->due_ms = schedule_free(schedule, job_greater(job->held_until_ms, now_ms));
	else if (job->again_ms < job->due_ms)
		job->due_ms = job_least(job->due_ms,
		                        schedule_free(schedule,
		                                      job_greater(job->again_ms, now_ms)));
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

void
job_plan(struct job *job, int64_t now_ms)
{
	job->early = false;
	plan_walk(job, now_ms);
	if (job->off)
		job->by_hand = job->hinted = false;
	job->due_ms = job->by_hand ? asked_due(job, now_ms)
	              : job->off ? SCHEDULE_NEVER
	              : job_least(schedule_due(&job->schedule, job->began_ms, now_ms),
	                          due_after(job, now_ms));
	/* Nobody waits for what a webhook told: closed times and holds are for it, too. */
	if (job->hinted && !job->by_hand)
		job->due_ms = job_least(job->due_ms,
		                        schedule_free(&job->schedule,
		                                      asked_due(job, now_ms)));
	if (!job->by_hand && job->due_ms != SCHEDULE_NEVER)
		plan_around(job, now_ms);
}
