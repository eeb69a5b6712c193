/* SPDX-License-Identifier: Apache-2.0
 *
 * supervisor.h - starts each sync when it is due, in a process of its own, so many at a
 * time, and takes note of how they end.  Of the places one is kept for short runs: first
 * loads, and what took minutes last time, never have them all.  It reads no state of a
 * sync and knows no CRM; cmd_daemon.c tells it what to run, and asks a sync's state when a
 * run has ended. */
#ifndef SCHEDULE_SUPERVISOR_H
#define SCHEDULE_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "store/slots.h"

struct supervisor;

/* What a walk that gave way before its end ends with; it is started again. */
#define RECONCILE_GOES_ON 75

/* What the state of a sync tells, after a run of it and at the start. */
struct supervisor_facts {
	int64_t waiting_due_ms;        /* INT64_MAX: nothing waits. */
	int64_t broken_until_ms;       /* By its breaker; 0: it may run. */
	int64_t well_ms;               /* Its newest run ended well then; RK_NO_TIME: not so. */
	bool walk_open;                /* A walk over both sides is to go on. */
	bool loads;                    /* Nothing was read to its end yet. */
	int64_t took_ms;               /* Its newest run; 0: unknown. */
	bool waits, released;          /* For records of another sync; which linked some. */
};

struct supervisor_options {
	const char *program;           /* Runs `renkei ... sync NAME`. */
	const char *config_path, *state_dir;   /* Given on to it; borrowed, as it. */
	size_t runs_max;               /* At the same time. */
	int64_t stop_ms;               /* What runs may take to end when asked to. */
	void (*look)(void *with, const struct config_sync *sync,
	             struct supervisor_facts *facts);
	/* Whether it may run now. */
	bool (*may_run)(void *with, const struct config_sync *sync);
	void *with;
};

/* 'host' is borrowed. */
struct supervisor *supervisor_new(const struct supervisor_options *options,
                                  struct host *host);
/* Ends nothing: see supervisor_stop. */
void supervisor_free(struct supervisor *s);
/* From here on these syncs, all at once; runs of syncs that are gone end by themselves,
 * those of syncs that may not run any more are asked to end.
 * 'config' is borrowed until the next one is given. */
void supervisor_take(struct supervisor *s, const struct config *config, int64_t now_ms);
/* Starts what is due; when to call again, at the latest. */
int64_t supervisor_step(struct supervisor *s, int64_t now_ms);
/* A child has ended; false: it is no run of ours. */
bool supervisor_ended(struct supervisor *s, int pid, int status, int64_t now_ms);
/* Asks of each sync anew whether it may run; a run of one that may not is asked to end. */
void supervisor_look(struct supervisor *s, int64_t now_ms);
enum supervisor_answer { SUPERVISOR_STARTS, SUPERVISOR_RUNS_ALREADY, SUPERVISOR_UNKNOWN,
                         SUPERVISOR_OFF };
/* Runs the sync now, before all that is due by its time, or once more if it runs; at most
 * once a second.  The next step starts it.  Not 'by_hand': as soon as its window, a quota
 * and its breaker let it. */
enum supervisor_answer supervisor_run(struct supervisor *s, const char *sync, bool by_hand,
                                      int64_t now_ms);
size_t supervisor_running(const struct supervisor *s);
/* Starts none any more and asks all runs to end; called again, ends those that took too
 * long.  True while some are left. */
bool supervisor_stop(struct supervisor *s, int64_t mono_ms);

#endif
