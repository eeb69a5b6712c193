/* SPDX-License-Identifier: Apache-2.0
 *
 * place.h - a private place for one sync of simulators, or of a simulator and files: a
 * temporary folder with a configuration, a state and a directory of files, a
 * renkei-simulator of its own, and runs of `renkei sync`.
 *
 *     open -> ( control | start -> ended )* -> close
 *
 * The process that opens a place becomes the reaper of what its runs leave
 * behind, so that all it ever kills is its own.
 *
 * Several places may share one state directory, and a configuration that others write of
 * their parts: then a daemon runs all their syncs, and each place has its own beside it. */
#ifndef TESTS_KILL_PLACE_H
#define TESTS_KILL_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tests/checker.h"

/* What tests of whole runs must know of a CRM. */
struct place_crm {
	const char *name;
	/* Of its connection, in the configuration: a key, or the app that OAuth is for.
	 * Of files NULL: no simulator stands there. */
	const char *secret, *app;
	const char *member;            /* Of the control path: a record's values. */
	/* Routes of its simulator: what writes (an upsert may be an update), and all. */
	const char *create, *update, *upsert, *any;
	bool one_by_one;               /* A record a call: a few of them make a run. */
	bool one_writer;               /* It takes no second batch beside the first. */
	bool only_e1;                  /* There is no such thing as files without upsert. */
};

struct place_options {
	const struct checker_rule *rule; /* What is kept in step; NULL: contacts. */
	bool oauth;                    /* Both connect by OAuth: place_login. */
	bool e3;                       /* The target has no upsert and refuses no key. */
	int writers;                   /* Batches on their way at once; 0: one. */
	int target_delay_ms, source_delay_ms;  /* Of each answer. */
	int request_deadline_ms, t_land_ms, t_visible_ms;  /* Of the target. */
	int source_deadline_ms;        /* 0: two seconds. */
	int lag_ms;                    /* A search sees changes so late; 0: 50. */
	/* Where the connections lead and what stands there besides; NULL: to the
	 * simulators, and nothing. */
	const char *source_host, *target_host, *source_more, *target_more;
	bool verbose;                  /* Runs log what they wait for. */
	/* Of one among several: the name of its sync, which those of its connections
	 * begin with, and the state directory of all; NULL: it stands alone. */
	const char *name, *state;
	const char *sync_more;         /* In its sync; NULL: nothing. */
};

struct place {
	char dir[64], state[80], files[80], programs[512];
	char name[40], source_name[48], target_name[48];  /* In the configuration. */
	/* Of a side of files the other one's: the clock, and the log, are the same. */
	uint16_t source_port, target_port;
	pid_t simulator;
	const struct checker_rule *rule;
	const struct place_crm *source, *target;
	int t_land_ms;                 /* As configured; so long a write may land late. */
	bool verbose;
	struct checker *checker;       /* owned */
	struct import *import;         /* owned; NULL: the source is no files. */
	struct export *export;         /* owned; NULL: the target is none. */
	char disk[300];                /* For tests/faults/disk.c; empty: it is not there. */
};

/* How a run ended. */
struct place_run {
	bool hung;                     /* It did not end; it was killed. */
	int code;                      /* 128 + signal if one ended it. */
	bool told;                     /* It printed its line: the figures below. */
	long read, waiting, failed, writes;
};

/* False: said on stderr, and nothing is left behind. */
bool place_open(struct place *p, const struct place_options *options);
/* Writes the configuration anew. */
bool place_configure(struct place *p, const struct place_options *options);
/* Its parts, for a configuration of several places. */
void place_print_connections(const struct place *p, const struct place_options *options,
                             FILE *to);
void place_print_sync(const struct place *p, const struct place_options *options,
                      FILE *to);
/* Ends the simulator and the net of this place; 'keep': the folder stays, with the log of
 * the simulators in it. */
void place_close(struct place *p, bool keep);
/* A folder with all that is in it. */
void place_remove(const char *dir);

/* POST to the control path of the source or of the target; the answer is for the
 * caller to free, NULL is a failure that was told. */
char *place_control(const struct place *p, uint16_t port, const char *what,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same where nothing in the answer matters. */
bool place_do(const struct place *p, uint16_t port, const char *what,
              const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Made-up records at the source, whose ids follow on each other; the first of them,
 * 0 if it failed. */
uint64_t place_seed(const struct place *p, size_t count, uint64_t seed);
/* New values for the mapped fields, the key aside, of so many records. */
bool place_edit_some(const struct place *p, size_t count, uint64_t seed);
enum place_field { PLACE_KEY, PLACE_NAME };
bool place_edit(const struct place *p, uint64_t id, enum place_field field,
                const char *text);
/* A new record; 'seen_ms': hidden until then, 0: at once.  Its id, 0 if it failed. */
uint64_t place_add(const struct place *p, const char *key, const char *name,
                   int64_t seen_ms);
bool place_delete(const struct place *p, uint64_t id);
/* What the simulators' clock says; 0: it does not. */
int64_t place_now_ms(const struct place *p);
/* The clock of both simulators moves on. */
bool place_advance(const struct place *p, int64_t ms);
/* Write requests that are inside the target now, or 1 while a file is being written; -1:
 * it did not answer. */
int place_writes_inside(const struct place *p);
/* No call meets a fault from now on that the simulator of the target was told of. */
bool place_clear_faults(const struct place *p);

/* `renkei login` of the connection "source" or "target": consent is asked of the
 * simulator at 'port', and the address to which it sends a browser is pasted. */
bool place_login(const struct place *p, const char *connection, uint16_t port);

/* What was edited can be read at the source from now on; `start` sees to it. */
bool place_save(const struct place *p);
/* What is at both sides now goes to the checker; false: told on stderr. */
bool place_look(struct place *p);

/* Starts `renkei sync`; -1: it cannot be started. */
pid_t place_start(struct place *p);
/* Starts another command of renkei, a list that NULL ends: what it prints goes to run.out
 * of the place, what it logs to run.log. */
pid_t place_spawn(const struct place *p, const char *const *words);
/* Whether it has ended by now, and how. */
bool place_ended(struct place *p, pid_t run, struct place_run *end);
/* Waits until it has, for half a minute at most. */
void place_wait(struct place *p, pid_t run, struct place_run *end);
/* Both; false: it could not be started, or it hung. */
bool place_sync(struct place *p, struct place_run *end);
/* The same of another command. */
bool place_command(struct place *p, const char *const *words, struct place_run *end);
/* Net begins anew and knows of no wait that a CRM asked for. */
void place_forget_waits(const struct place *p);

/* Syncs until nothing waits and nothing is new, then lets the checker judge.  What a
 * run writes that had nothing to write is echo; what lands late is not.
 * 'tell' may be NULL.  False: it did not come to its end, as told on stderr. */
bool place_settle(struct place *p, struct checker_counts *counts, size_t *echo,
                  checker_tell_fn *tell, void *with);
/* Prints the life of a record, and what the state says of it, on stderr. */
void place_print_record(const struct place *p, const char *source_id);

int64_t place_mono_us(void);
void place_sleep_us(int64_t us);

#endif
