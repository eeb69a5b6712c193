/* SPDX-License-Identifier: Apache-2.0
 *
 * job.h - a sync as the supervisor has it: when it is due, and whether it runs.  For the
 * files of the supervisor alone. */
#ifndef SCHEDULE_JOB_H
#define SCHEDULE_JOB_H

#include <sys/types.h>

#include "base/exit.h"
#include "schedule/schedule.h"
#include "schedule/supervisor.h"

#define RETRY_LEAST_MS 60000           /* After a run, for what waits. */
#define HELD_MS 600000                 /* By a quota that did not say how long. */

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

int64_t job_least(int64_t a, int64_t b);
int64_t job_greater(int64_t a, int64_t b);
/* When it is due, and its walk. */
void job_plan(struct job *job, int64_t now_ms);

/* What its state tells of when it may or should run. */
void supervisor_look_at(const struct supervisor *s, struct job *job, int64_t now_ms,
                        int64_t *well_ms);

/* order.c: who goes first. */
/* Whether long runs have all places but the one that is kept for short ones; where there
 * is no sync with short runs, nothing is kept. */
bool order_is_kept(const struct supervisor *s);
/* The number of the job that is to be started; s->count: none is.  'kept': no long one. */
size_t order_next(const struct supervisor *s, bool kept, int64_t now_ms);
/* The same of the job whose walk is to be started.  A place is left for what runs. */
size_t order_next_walk(const struct supervisor *s, bool kept, int64_t now_ms);

/* walks.c: both sides of a sync are compared at times of their own; the sync itself goes
 * first. */
void walks_read(const struct supervisor *s, struct job *job, int64_t now_ms);
void walks_start(struct supervisor *s, size_t at, int64_t now_ms);
/* A walk ends at its next page when its sync is due; when to look again, at the latest. */
int64_t walks_heed(struct supervisor *s, int64_t now_ms);
/* It came to its end; or it gave way, and goes on; or something kept it from that. */
void walks_ended(struct supervisor *s, struct job *job, int code, int64_t now_ms);

#endif
