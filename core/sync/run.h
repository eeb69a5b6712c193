/* SPDX-License-Identifier: Apache-2.0
 *
 * run.h - one run of a sync, from its lock to its summary.
 *
 * Reading fills the journal, writing drains it, both side by side in one loop:
 *
 *     READ   page -> keep? -> changed? -> page row and cursor   [one commit]
 *     WRITE  map -> check -> batch row [commit] -> upsert -> links, pending [commit]
 *
 * A plan runs the same code on a store that drops changes; a test reads one
 * record by a field's value and sends exactly that one. */
#ifndef SYNC_RUN_H
#define SYNC_RUN_H

#include "config/config.h"
#include "connector/session.h"
#include "store/drift.h"

enum sync_mode {
	SYNC_RUN,
	SYNC_PLAN,                     /* Sees every write before it happens. */
	SYNC_TEST,                     /* One record, found by a field's value. */
	SYNC_PREVIEW,                  /* The same, not sent. */
	SYNC_REVERT,                   /* Gives fields back old values: revert.h. */
	SYNC_REVERT_LOOK,              /* Says what that would do. */
	SYNC_COMPARE,                  /* Looks at both sides: compare.h. */
	SYNC_APPLY,                    /* What a plan listed, and nothing else. */
};

/* read + carried = created + updated + archived + unchanged + excluded +
 * waiting + failed */
struct sync_counts {
	int64_t read;                  /* Records that the source told. */
	int64_t carried;               /* Open rows taken up from earlier runs. */
	int64_t created, updated, archived, unchanged, excluded;
	int64_t waiting;               /* Queued, held, unknown: they stay. */
	int64_t failed;                /* Sync errors: they stay. */
	int64_t withheld;              /* Of 'waiting': deletions, for a person. */
	int64_t asked;                 /* Fields that a person settles; of no record's sum. */
	int64_t ignored;               /* Set aside by a person; not in the sum above. */
	int64_t listed, about;         /* Of a listing of everything: told so far, in earlier
	                                * runs too; in all, 0: not known. */
	int64_t source_calls, target_calls;
	int64_t writes;                /* Batches sent. */
};

struct sync_change {                   /* A field, old -> new. */
	struct rk_text field;
	const struct rk_value *before, *after;   /* before NULL: not known, or new. */
};

enum sync_action { ACTION_CREATE, ACTION_UPDATE, ACTION_UNCHANGED, ACTION_EXCLUDE,
                   ACTION_WAIT, ACTION_FAIL, ACTION_ARCHIVE,
                   ACTION_CONFLICT };     /* Of a plan: of a field, beside its record. */

struct sync_line {                     /* What would be, or was, done to one record. */
	enum sync_action action;
	struct rk_text id, key, target_id, link;
	struct rk_text version;        /* Of the target's record, where it was looked at. */
	int32_t category;
	struct rk_text field, value, reason;
	const struct sync_change *changes;
	size_t change_count;
	const struct rk_record *record;        /* The source's, as read. */
	const struct rk_field *fields;         /* Of its values. */
	size_t field_count;
};

struct sync_options {
	enum sync_mode mode;
	struct rk_text match_field, match_value; /* SYNC_TEST, SYNC_PREVIEW. */
	/* SYNC_APPLY: ids of records, at most 'most'.  None: '*wait_ms' from now, or, if that
	 * is 0, there are no more.  'idle': all that were given have ended. */
	size_t (*next)(void *with, struct arena *arena, struct rk_text *ids, size_t most,
	               bool idle, int64_t *wait_ms);
	/* The same: whether just this may be written. */
	bool (*allow)(void *with, const struct sync_line *line);
	const unsigned char *revision; /* The same: of the mapping that it was planned by. */
	struct revert *revert;         /* SYNC_REVERT, SYNC_REVERT_LOOK. */
	enum net_priority priority;    /* Of its calls, unless it reads everything. */
	int stop_fd;                   /* Readable: it is to end; 0: nobody asks. */
	/* Fields that the sync uses have changed; before anything is written.  This and the
	 * three below may be NULL. */
	void (*drifted)(void *with, const struct drift *list, size_t count);
	void (*begun)(void *with);     /* Both sides told of themselves; reading begins. */
	void (*progress)(void *with, const struct sync_counts *counts);
	void (*line)(void *with, const struct sync_line *line);
	void *with;
};

/* What the run after a plan will call; what both sides say of themselves is known then. */
struct sync_cost {
	int64_t source_calls;          /* Pages, and records by id. */
	int64_t look_calls;            /* At the target, before something is written. */
	int64_t write_calls, batches;
	int64_t writers;               /* Batches on their way at once. */
};

struct sync_report {
	struct sync_counts counts;     /* Of both ways, where there are two. */
	bool two_way;
	struct sync_counts ways[2];    /* Of each: there, and back. */
	int exit_code;                 /* 0, 1, 2, 3, 4, 5: the first that applies. */
	struct rk_err err;             /* Why it is not 0 or 3; category NONE: none. */
	const char *side;              /* Connection that 'err' is about; or NULL. */
	int64_t started_ms, ended_ms;
	int64_t next_due_ms;           /* Of what waits; INT64_MAX: nothing. */
	struct sync_cost cost;         /* SYNC_PLAN alone. */
	int64_t start_ms;              /* The sync's start, see config_sync. */
	unsigned char revision[16];    /* Of the mapping. */
	bool full_read;                /* It read everything: first, or mapping changed. */
};

/* Mistakes of the mapping go to 'problems'; exit code 2 then. */
void sync_run(struct world *world, const struct config_sync *sync,
              const struct sync_options *options, struct problems *problems,
              struct sync_report *report);

/* "HubSpot contacts -> kintone 1": what a state file belongs to. */
struct rk_text sync_identity(const struct config_sync *sync, struct arena *arena);
/* Whether something in the store of a sync waits for records of other syncs, whose stores
 * are in 'dir'; *released: and links were made there since it was looked at. */
bool sync_waits(struct store *store, const char *dir, bool *released);
/* The state is older than what was done by it: the next runs take nothing for granted. */
bool sync_doubt(struct store *store, struct rk_err *err);

#endif
