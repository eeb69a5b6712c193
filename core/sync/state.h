/* SPDX-License-Identifier: Apache-2.0
 *
 * state.h - what the parts of a run share; nobody outside this folder includes
 * it.  docs/architecture.md has the parts, in the order of a record's life; run goes round
 * all of them. */
#ifndef SYNC_STATE_H
#define SYNC_STATE_H

#include <renkei/helpers.h>

#include "base/exit.h"
#include "mapping/mapping.h"
#include "sync/run.h"
#include "sync/set.h"

/* What reading may be ahead of writing: records for each writer; or two of the target's
 * batches, and then no more memory than this. */
#define PAGES_AHEAD 64
#define RECORDS_AHEAD 400
#define BYTES_AHEAD (8u * 1024 * 1024)
/* How long a run waits, at its end, for rows that become due. */
#define PATIENCE_MS 3000
/* As many as a manifest may allow. */
#define WRITERS_MAX 64
/* A connection in trouble is tried so often in one run. */
#define TRIES_MAX 5
#define RESYNCS_MAX 5
/* A row whose outcome is not known may be a sync error then. */
#define TRIES_OPEN 8
/* How long a job may still carry out what it accepted, once nobody asks for it. */
#define JOB_LANDS_MS 7200000
/* A side that asks for a longer wait is left alone. */
#define LONGEST_WAIT_MS 30000

/* Records that were read, while they are worked on. */
struct work_page {
	struct work_page *next;        /* owned */
	struct arena arena;            /* owned: records and what maps them */
	int64_t seq;                   /* In the journal; 0: not there. */
	struct cursor after;           /* Where reading is once the page is taken. */
	bool from_pending, old;        /* old: journaled by an earlier run. */
	struct rk_record *records;
	struct hash *hashes;           /* Of each record's values. */
	struct hash *taken;            /* from_pending: of the rows they were taken from. */
	size_t count, staged, settled;
	size_t flown;                  /* Not settled, in flights that are journaled. */
};

/* One record on its way to the target. */
struct item {
	struct item *next;
	struct work_page *page;
	const struct rk_record *record;
	struct rk_value *row;
	struct rk_text key;            /* As it compares; empty: none. */
	int64_t key_hash;              /* 0: no key. */
	struct hash from_hash, body_hash;
	uint32_t operation;
	struct rk_text to_id;          /* The linked or found record; or empty. */
	struct link link;              /* to_id empty: not linked. */
	struct rk_text replaces;       /* Deleted at the target, and made anew by this. */
	struct pending pending;        /* The row there was; id empty: none. */
	struct rk_text probe_key;      /* Asked for; usually 'key'. */
	size_t probe_rank;             /* Of the field that has it: 0 is the key's. */
	bool left;                     /* Out by now: only what was sent of it is settled. */
	bool looked;                   /* Before an update: at what the target has. */
	const struct rk_record *there; /* That; values as run->to_fields; NULL: not there. */
	struct rk_value *send;         /* What of 'row' goes; NULL: all of it. */
	size_t most;                   /* Rows that its batch may have: bisecting. */
	int64_t tries;                 /* That failed, in earlier runs too. */
	bool overwritten;              /* While on its way: its target got other values. */
	/* What it refers to and is not linked yet; parent empty: nothing. */
	struct rk_text parent;
	struct mapping_fault missing;
	bool waits, owes;              /* For it; or goes without it, for now. */
	int64_t line;                  /* Of the field log, put before it left; 0: none. */
	struct both_item *both;        /* NULL: the sync goes one way. */
	struct undo *undo;             /* Where a run is undone. */
};

struct item_list {
	struct item *first, **last;
	size_t count;
};

/* The first two ask, they do not write. */
enum lane { LANE_PROBE, LANE_BEFORE, LANE_UPSERT, LANE_CREATE, LANE_UPDATE, LANE_GONE,
            LANE_COUNT };

/* What a mapping that was changed need not write again; see remap.c. */
struct remap {
	bool noted;                    /* All was written under the present mapping. */
	bool active;
	struct hash hash_key;          /* Of the old mapping's hashes. */
	size_t *slots, slot_count;     /* Of the values that it saw. */
	bool *kept;                    /* Of each target field: its line is the old one. */
};

/* How one of the two connections fares: what goes wrong with one of its processes
 * counts for all of them. */
struct side {
	int failures;                  /* In a row. */
	int64_t pause_until_mono;
	bool stopped;                  /* For the rest of this run; see report->err. */
	bool wrote;                    /* It wrote or refused a record in this run. */
	int64_t suspect;               /* The one record 'failures' are about; 0: several. */
};

/* One process of a connector: one call at a time. */
struct caller {
	struct side *side;
	struct session session;        /* owned */
	bool asked;
};

/* Records that go together in one call. */
struct flight {
	struct item_list items;
	enum lane lane;
	struct store_batch batch;      /* seq 0: not in the journal. */
	int64_t send_by_mono;          /* Later its times in the journal are too early. */
};

/* Carries one batch at a time to the target. */
struct writer {
	struct caller caller;
	struct flight flight;          /* What the call under way carries. */
	struct flight done;            /* What is being settled. */
	struct flight next;            /* Journaled while it was under way: flies after it. */
	bool looks;                    /* It asks, it does not write. */
	int64_t wait_until_mono;       /* A job was accepted: not before. */
};

struct run {
	struct world *world;
	const struct config_sync *sync;
	const struct sync_options *options;
	struct sync_report *report;
	struct sync_counts *counts;    /* report->counts */
	struct problems *problems;
	struct store *store;
	int64_t id;                    /* Of the run, in `history`; 0: it looks. */
	struct store *twin;            /* borrowed: of the other way; NULL: there is none */
	int64_t twin_rows;             /* Pending there. */
	int64_t asked;                 /* Fields that a person settles; see asked.h. */
	int64_t patient_until_mono;    /* With rows that become due; 0: nothing waited yet. */
	struct both_field *both;       /* For each target field; see both.h. */
	struct arena arena;            /* owned: lives as long as the run */
	struct rk_err err;             /* Of the store, or of a side. */
	int64_t stop_mono;             /* When it ends, whatever is on its way; 0: by itself. */
	bool store_failed;

	struct side source, target;
	struct caller reader;
	struct writer *writers;        /* owned; the first one also describes the target */
	size_t writer_count;
	struct rk_schema source_schema, target_schema;
	bool has_target;               /* The mapping knows the target. */
	struct mapping *mapping;       /* owned */
	const struct rk_field *from_fields, *to_fields;
	size_t from_count, to_count, key_slot;
	const struct rk_hint *hints;   /* Of the filter, while the first listing lasts. */
	size_t hint_count;
	unsigned char revision[16];
	struct hash from_hash_key, to_hash_key;
	struct remap remap;
	struct buf scratch;            /* owned */

	/* Reading. */
	struct cursor cursor;
	struct buf token;              /* owned: cursor.token points here */
	bool read_done;
	bool resumed;                  /* The listing was begun by an earlier run. */
	int resyncs;                   /* Listings that lost their token. */
	bool drain_first;              /* A new listing waits for what the last one gave. */
	int64_t read_wait_mono;        /* Not before. */
	int64_t read_waited_ms;        /* What its pages asked for so far. */
	struct rk_circle tokens, contents; /* Of this listing's pages. */
	struct work_page *arrived;     /* Not looked at yet; the oldest first. */
	size_t arrived_count, arrived_records;
	bool sparse;                   /* Little of the last page is to be written. */
	struct work_page *pages, **pages_last;
	size_t page_count;
	size_t record_count;           /* In these pages, not settled yet. */
	int64_t old_seq;               /* Newest page of earlier runs taken up. */
	bool old_loaded;
	size_t old_pages;              /* Of them in memory. */

	/* Rows of pending that are due, and are read anew by id. */
	struct arena fetch_arena;      /* owned */
	size_t due_pages;              /* Pages of such rows not settled yet. */
	struct pending *fetch_rows;
	size_t fetch_count;
	bool fetching;

	/* Writing. */
	struct item_list lanes[LANE_COUNT];
	struct set busy_ids, busy_keys;
	struct set busy_targets;       /* Found, and about to be linked. */
	struct set freed_keys;         /* Given up by the records that had them. */
	size_t batch_max;
	int64_t write_deadline_ms;     /* Of one call of upsert. */
	enum guarantee guarantee;
	bool creates_only;             /* The target has no update, or the sync wants none. */
	bool looks_before;             /* Rows are looked at before they are updated. */
	int64_t pending_rows;          /* In the table, all states. */
	int64_t next_due_ms;
	bool due_seen;                 /* Nothing is due before next_due_ms. */
	struct rk_text *apply_ids;     /* Asked for; in fetch_arena. */
	size_t apply_count;
	bool apply_dry;                /* All that there is now was asked for. */
	int64_t planned[LANE_COUNT];   /* Rows. */
	struct arena held_arena;       /* owned, as the two after it; see held.c */
	struct held *held;
	struct set held_keys;
	int64_t brought_back;          /* Of these; a run reads them anew. */
	int64_t cost_told;             /* What the source was asked before the listing. */
	int64_t rows_call;             /* Rows of one request of the target. */
	size_t writers_wanted;

	struct parents *parents;       /* owned; NULL until something refers or waits. */
	bool waits;                    /* Something waits for a parent, or may. */
	/* gone.c */
	int64_t tombs;                 /* 0: no record has one. */
	bool gone_withheld;            /* Deletions waited for a person when it began. */
	bool gone_weighed;             /* What was told as deleted, against the budget. */
	bool gone_empty;               /* It was found by a listing without any record. */
	struct sweep *sweep;           /* owned; NULL: none in this run. */
	bool sweeping;                 /* The call under way at the source is its. */

	/* The state was put back: INT64_MAX until all that changed since is written again,
	 * then when that was; 0: never. */
	int64_t doubt_ms, doubt_since_ms;
};

/* A run that has not begun, and fills 'report'; and whatever became of it. */
struct run *run_new(struct world *world, const struct config_sync *sync,
                    const struct sync_options *options, struct problems *problems,
                    struct sync_report *report);
void run_free(struct run *run);
/* The clock of all that is stored. */
int64_t run_now(const struct run *run);
/* That of waits inside the run, which nobody sets: names that end in _mono. */
int64_t run_mono(const struct run *run);
/* The store failed: the run ends. */
bool run_store_failed(struct run *run);
/* The run's exit code and reason, if they go before what it has already. */
void run_report_failure(struct run *run, int code, const struct rk_err *err,
                        const char *side);
/* A call was answered with a status that is not RK_OK: its side waits, tries, or
 * stops. */
void run_call_failed(struct run *run, const struct caller *caller, int32_t status,
                     const struct rk_err *err, bool ended);
/* The session that tells what the target declares. */
static inline struct session *
run_target(const struct run *run)
{
	return &run->writers[0].caller.session;
}
/* Whether a call may be made now. */
static inline bool
run_may_call(const struct run *run, const struct caller *caller)
{
	return !caller->asked && !caller->side->stopped
	       && run_mono(run) >= caller->side->pause_until_mono;
}
void run_tell(struct run *run, const struct sync_line *line);

static inline bool
run_reverts(const struct run *run)
{
	return run->options->revert != NULL;
}

/* A plan and a preview look; a preview and a test are about one record. */
static inline bool
run_looks(const struct run *run)
{
	enum sync_mode mode = run->options->mode;
	return mode == SYNC_PLAN || mode == SYNC_PREVIEW || mode == SYNC_REVERT_LOOK;
}

static inline bool
run_is_single(const struct run *run)
{
	return run->options->mode == SYNC_TEST || run->options->mode == SYNC_PREVIEW;
}

/* Records are chosen, not listed: by the value of a field, by a plan, or by what a run
 * wrote. */
static inline bool
run_picks(const struct run *run)
{
	return run_is_single(run) || run->options->mode == SYNC_APPLY || run_reverts(run);
}

/* ask.c: calls of a connector, and asking it for records. */
/* Whether the call that was made is answered now. */
bool ask_answered(struct caller *caller, struct runner_answer *answer);
#define ASK_INIT { .struct_size = sizeof(struct rk_query), .since_ms = RK_NO_TIME, \
		   .until_ms = RK_NO_TIME }
/* Asks for records of 'object'; 'query' needs no object, and no limit if a whole
 * page is wanted.  False: the side failed. */
bool ask_list(struct run *run, struct caller *caller, const char *object,
              struct rk_query *query);
/* The page of an answer, copied to the arena.  'token' is the one that was asked
 * with; NULL: certain records were asked for, and all of them are there. */
bool ask_take_page(struct run *run, const struct caller *caller,
                   const struct runner_answer *answer, size_t value_count,
                   const struct rk_text *token, struct arena *arena,
                   struct rk_page *page);
const struct rk_record *ask_find(const struct rk_page *page, struct rk_text id);

/* begin.c: all that comes before the loop; false: said in the report. */
bool begin(struct run *run, int *lock, struct run_row *row);
/* The same for a walk (compare.c): both sides are known, and the sync's lock is had. */
bool begin_walk(struct run *run, int *lock);
/* Knows the target's fields, asked for if what is known is older than 10
 * minutes; false: not now, or not at all. */
bool begin_target(struct run *run);

/* recover.c: what a dead run left behind. */
bool recover(struct run *run);

/* doubt.c: a state that was put back is older than the target. */
bool doubt_begin(struct run *run);
/* What the link of a record that is listed again believes is forgotten.  In a
 * transaction. */
bool doubt_link(struct run *run, struct link *link);
/* The target may have this record, though no link tells of it. */
bool doubt_has(const struct run *run, const struct item *item);
/* Before that, a look-up that finds nothing may not see what was written last. */
int64_t doubt_believe_ms(const struct run *run);
/* The run ends; in a transaction. */
bool doubt_end(struct run *run);
/* hinted.c: what webhooks told since the last run is due. */
bool hinted(struct run *run);
/* Counts what listing found that no webhook had told; in a transaction. */
bool hinted_missed(struct run *run, size_t changed);

/* parents.c: references through the links of other syncs. */
/* The target's side of the mapping is known. */
bool parents_know(struct run *run);
/* What waited for a record that is linked now is due; at the beginning, and later when
 * there is nothing else to do. */
bool parents_begin(struct run *run);
bool parents_step(struct run *run);
/* Replaces the ids in the item's row; item->waits: it cannot go yet. */
bool parents_resolve(struct run *run, struct item *item);
/* The record stays until its parent is linked; in a transaction, as what follows. */
bool parents_wait(struct run *run, struct item *item);
/* It was written without a reference: it stays, too. */
bool parents_owe(struct run *run, struct item *item);
/* It was written without one before. */
bool parents_owed(const struct item *item);
/* Of what was written but for its references, only they go. */
void parents_alone(struct run *run, struct item *item);
/* A record of this sync is linked: what waited for it is due. */
bool parents_linked(struct run *run, const struct item *item);
/* A row that waits gets a newer change: it is looked at anew. */
void parents_heed(struct run *run, struct pending *row);
void parents_free(struct run *run);
/* drift.c: fields that are not what they were. */
/* Compares what a side tells now with what the sync knew, keeps and tells what changed;
 * before the mapping is compiled against it.  False: the run ends, as the sync's policy
 * says, or the store failed. */
bool drift_look(struct run *run, bool target);

/* heal.c: errors that the target's description explains. */
/* Looks whether it has changed, if such errors are pending. */
bool heal(struct run *run);
/* This is the description now; what another one explains is due at once. */
bool heal_note(struct run *run, const struct rk_schema *schema);
/* Who was refused for a key of 'freed_keys' is due; in a transaction. */
bool heal_keys(struct run *run);

/* read.c */
bool may_read_ahead(const struct run *run);
/* window.c: whether now is a time to read everything, if that is to be done; else the run
 * ends as one that is held until then. */
bool window_opens(struct run *run);
/* push.c: what of the filter the source is asked for, until it is no more, or refused. */
bool push_begin(struct run *run);
void push_ended(struct run *run);
bool push_was_refused(const struct run *run, const struct runner_answer *answer);
void read_step(struct run *run);
void read_answer(struct run *run, const struct runner_answer *answer);
/* Takes the oldest page that arrived: the cursor moves behind it.  In a transaction, that
 * pages_commit ends. */
bool read_take(struct run *run);
/* The same in one of its own, if they may not wait for the commit of an answer. */
void read_arrived(struct run *run);

/* extent.c: how far a listing of everything has come. */
bool extent_begin(struct run *run);
void extent_first(struct run *run, const struct rk_page *page);
/* So many more were taken; in a transaction. */
bool extent_keep(struct run *run, size_t records);

/* pages.c: what is read and not settled yet, in memory. */
struct work_page *page_new(size_t most);
void page_add(struct run *run, struct work_page *page, const struct rk_record *record);
/* The same for one that a row of pending was taken up for. */
void page_add_due(struct run *run, struct work_page *page, const struct rk_record *record,
                  const struct pending *row);
/* Takes 'page'; one without records is freed. */
void page_enqueue(struct run *run, struct work_page *page);
void page_free(struct work_page *page);
/* On its way, or read and not staged yet: nothing in the store tells of it. */
bool pages_hold(const struct run *run, struct rk_text id);
/* One more of its records is settled; the last one drops it.  In a transaction. */
bool page_settled(struct run *run, struct work_page *page);
/* Ends a transaction that took, staged, loaded or settled something: what is neither
 * settled nor in the journal of a flight goes to the journal of pages. */
bool pages_commit(struct run *run);

/* fetch.c: what earlier runs left: pages, and rows of pending that are due. */
void fetch_step(struct run *run);
void fetch_answer(struct run *run, const struct runner_answer *answer);

/* gone.c: records that are deleted, at either side. */
static inline bool
gone_is(const struct rk_record *record)
{
	return (record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0;
}
bool gone_begin(struct run *run);
/* A record is told as deleted; in a transaction.  GONE_LEFT: nothing of ours. */
enum gone_told { GONE_LEFT, GONE_KEPT, GONE_BROKEN };
enum gone_told gone_told(struct run *run, const struct rk_record *record,
                         struct arena *arena);
/* The same for one that was looked for by its id, for a row of pending. */
enum gone_told gone_fetched(struct run *run, struct pending *row);
/* Whether a record that is listed is older than its deletion, which 'row' stands for. */
bool gone_outlives(const struct pending *row, const struct rk_record *record);
/* The row stands for a deletion no more: the record is there again. */
void gone_undone(struct run *run, struct pending *row);
/* What is to be done with an item whose record is deleted, or has a tomb. */
enum gone_step { GONE_LIVES, GONE_EXCLUDE, GONE_WAIT, GONE_PROBE, GONE_SEND, GONE_REFUSE };
bool gone_decide(struct run *run, struct item *item, enum gone_step *step);
/* GONE_WAIT: until then. */
int64_t gone_lands_ms(const struct run *run, const struct item *item);
void gone_refusal(struct run *run, struct item *item, struct mapping_fault *fault);
/* A look did not find the record that the item is linked with.  In a transaction. */
bool gone_seen(struct run *run, struct item *item, struct mapping_fault *fault);
/* What goes to the target for a flight of LANE_GONE. */
void gone_shape(const struct run *run, struct rk_batch *batch, struct rk_row *rows);
size_t gone_field_count(const struct run *run, enum lane lane);
/* It was done.  In a transaction. */
bool gone_settled(struct run *run, struct item *item);
/* An update was told that its record is not there any more: is that so? */
bool gone_at_target(struct run *run, const struct item *item,
                    const struct rk_outcome *outcome, bool *gone);
/* The link of a record that is deleted: the target's record is free. */
bool gone_frees(struct run *run, const struct link *link, bool *dead);
/* An item was written: what was known of it as deleted is past.  In a transaction. */
bool gone_revived(struct run *run, const struct item *item);
/* The run ends; in a transaction. */
bool gone_end(struct run *run);

/* budget.c: after a whole listing, what was told as deleted goes its way, or waits for a
 * person. */
void budget_step(struct run *run);

/* merged.c: one record of the source was taken over by another.  In a transaction. */
enum gone_told merged_told(struct run *run, const struct rk_record *record,
                           struct arena *arena);
/* A row that was taken up again and tells of the duplicate that a merge left: nobody but a
 * person ends that, so it stays an error. */
bool merged_stays(struct run *run, struct pending *row, bool *stays);

/* sweep.c: what a source does not tell as deleted. */
bool sweep_begin(struct run *run);
void sweep_step(struct run *run);
void sweep_answer(struct run *run, const struct runner_answer *answer);
/* There is one, and it is not at its end. */
bool sweep_lasts(const struct run *run);
void sweep_free(struct run *run);

/* list.c */
void list_add(struct item_list *list, struct item *item);
/* The first one; NULL: there is none. */
struct item *list_take(struct item_list *list);

/* end.c: a run ends. */
void end_sum(struct run *run, struct run_row *row);
/* In a transaction of its own. */
bool end_keep(struct run *run, const struct run_row *row);
/* Until when a quota holds it, for whoever runs it next; nothing depends on it. */
void end_hold(struct run *run);
/* What the run's row tells; end_sum does it, too. */
void end_fill(struct run *run, struct run_row *row);
/* The way back is part of the same run for whoever asked for it. */
void end_add(struct sync_report *sum, const struct sync_report *back);

/* stage.c: decides what becomes of a record. */
/* Stages records until a lane holds a whole batch or nothing is left.  In a
 * transaction, as all of these. */
bool stage(struct run *run);
/* Whether it would stage one more. */
bool stage_has_room(const struct run *run);
/* Whether there is one that was read and is not staged. */
bool stage_left(const struct run *run);
bool stage_lanes_empty(const struct run *run);
/* What the target has was looked at for an item of LANE_BEFORE: does it differ? */
bool stage_looked(struct run *run, struct item *item, bool differs);
/* It was not there, in a two-way sync: what was edited since is a sync error, for who
 * deleted it did not ask for it anew. */
bool stage_looked_gone(struct run *run, struct item *item);
/* The same for one that is not to be written now. */
bool stage_looked_refused(struct run *run, struct item *item,
                          const struct mapping_fault *fault, struct rk_text code);

/* identity.c: who a record without a link is at the target. */
/* Asks for its key, or creates it. */
bool identity_new(struct run *run, struct item *item);
/* Asks for this key of it. */
bool identity_ask(struct run *run, struct item *item, struct rk_text key);
/* What a look-up found for an item of LANE_PROBE: 'found' records, the first one's id. */
bool identity_told(struct run *run, struct item *item, size_t found, struct rk_text id);
/* Another record of the source that is linked under the item's key; empty: none. */
bool identity_holder(struct run *run, struct item *item, struct rk_text *other);
/* Two records of the source have one key; other: empty if it is not known which. */
bool identity_refuse(struct run *run, struct item *item, struct rk_text other);
/* Who was met by a field that is not the key is linked before an update of it leaves: that
 * changes the key, both fields may change at the source before anybody knows what became of
 * it, and then no look-up meets it again. */
bool identity_sent(struct run *run, const struct flight *flight);
/* It was sure not written, or has not left at all: it may be met by its key later. */
bool identity_unsent(struct run *run, const struct item *item);
bool identity_grounded(struct run *run, const struct flight *flight);

/* A key or id that is on its way is looked at again after this. */
#define ITEM_BUSY_MS 100

/* item.c: what an item becomes.  In a transaction; those that end it settle its page. */
void item_tell(struct run *run, const struct item *item, enum sync_action action,
               const struct mapping_fault *fault, const char *reason);
bool item_to_lane(struct run *run, struct item *item, enum lane lane, uint32_t operation);
/* The lane that leads to an update of the item. */
enum lane item_update_lane(const struct run *run, const struct item *item);
bool item_to_update(struct run *run, struct item *item);
/* A sync error, for a person. */
bool item_fail(struct run *run, struct item *item, const struct mapping_fault *fault);
bool item_wait(struct run *run, struct item *item, int64_t due_ms, const char *reason);
/* Until the parent that is missing is linked. */
bool item_wait_for_parent(struct run *run, struct item *item);
bool item_exclude(struct run *run, struct item *item, const char *reason);
/* The same for one that was left out while it was not known what became of its write. */
bool item_leave(struct run *run, struct item *item);
bool item_unchanged(struct run *run, struct item *item);
/* Linked from now on, and nothing was written: the target has these values, or keeps its
 * own where only blanks are filled. */
bool item_seen_same(struct run *run, struct item *item, struct rk_text version);
/* What the source has now needs no second look. */
bool item_keep_seen(struct run *run, const struct item *item);
/* Its row of pending, if it has one, has done its work. */
bool item_drop_pending(struct run *run, const struct item *item);
/* A write of it may still land: the times on the row tell, whatever its state. */
bool item_is_unknown(const struct run *run, const struct item *item);
/* Its id and key are free again; of one that goes to another lane. */
void item_unclaim(struct run *run, const struct item *item);
/* The same, and it leaves the run's hands. */
bool item_release(struct run *run, struct item *item);

/* flight.c */
/* The lane to send from; LANE_COUNT: none yet. */
enum lane flight_lane(const struct run *run);
/* Takes rows of a lane and journals them, if they are to be written.  In a transaction,
 * after whose commit the flight may leave. */
bool flight_load(struct run *run, struct flight *flight, enum lane lane);
/* It leaves later than its journal says: it gets new times. */
bool flight_put_off(struct run *run, struct flight *flight);
/* Asks the target; what cannot be asked is given back, and has left the journal. */
void flight_send(struct run *run, struct writer *writer);
/* Nothing was asked after all: the rows go back to the front of their lane.  Of a flight
 * that was journaled in a transaction, with flight_drop. */
void flight_give_back(struct run *run, struct flight *flight);
/* Out of the journal.  In a transaction. */
bool flight_drop(struct run *run, struct flight *flight);
/* It does not leave, or is sure not to have: what was noted of its writes is taken back, and
 * so is the flight.  In a transaction. */
bool flight_grounded(struct run *run, struct flight *flight);

/* verdict.c */
/* On a call of upsert as a whole; of the last two blame.c decides. */
struct verdict {
	int32_t status;
	struct rk_err err;
	enum lane lane;
	size_t rows;
	bool culprit_named;            /* A row was rejected: the others need no halving. */
	bool only_again;               /* Every row asks to be sent again. */
	bool decided;                  /* A row was written, or refused for good. */
	bool told;                     /* Of a row at least it is known what became of it. */
	bool suspect;                  /* It failed, and one of its rows may be why. */
	bool blamed;                   /* Its only row is why, not the target. */
	int64_t lands_ms;              /* Of a job: it may act until then; 0: of none. */
};
/* What the answer says of the call as a whole; its rows' outcomes go to 'result', whose
 * memory is the arena's, if it can be believed. */
void verdict_of(const struct run *run, const struct writer *writer,
                const struct runner_answer *answer, struct arena *arena,
                struct rk_result *result, struct verdict *call);

/* write.c */
void write_step(struct run *run);
void write_answers(struct run *run);
/* Nothing is staged, on its way, or left to stage. */
bool write_idle(const struct run *run);
/* Every writer has a call under way, and the flight after it. */
bool write_loaded(const struct run *run);
/* What was tried in vain leaves its page for pending: what is behind it must not wait. */
void write_end(struct run *run);

/* settle.c */
/* Settles one row of a batch.  In a transaction. */
bool settle_row(struct run *run, struct item *item, const struct rk_outcome *outcome,
                const struct verdict *call);

/* blame.c: one record, or the CRM as a whole? */
/* Sets call->suspect and call->blamed; may ask the target.  Outside a transaction. */
void blame(struct run *run, struct writer *writer, struct verdict *call);
/* The record was found to be one that the target never takes. */
bool blame_is_known(const struct pending *row);
/* How often a row has failed now, after a batch of so many rows; a small batch counts for
 * more, for the next one is to be smaller. */
int64_t blame_count(const struct run *run, int64_t tries, size_t rows);
/* How large a batch may be that this record goes in. */
size_t blame_most(const struct run *run, const struct item *item);

/* probe.c: asks the target which keys it has, before a create whose outcome must not
 * double. */
bool probe_ask(struct run *run, struct writer *writer);
bool probe_take(struct run *run, struct writer *writer,
                const struct runner_answer *answer);

/* before.c: asks the target what it has by ids, before it is overwritten. */
bool before_ask(struct run *run, struct writer *writer);
bool before_take(struct run *run, struct writer *writer,
                 const struct runner_answer *answer);
/* Whether a field that has one value needs no other, as far as a person could see. */
bool before_same(const struct rk_value *before, const struct rk_value *after);

/* remap.c: what is written of an unchanged record after the mapping was changed. */
/* The mapping knows the target now. */
bool remap_begin(struct run *run);
/* Of a linked record; false: nothing of it is to be sent. */
bool remap_trim(struct run *run, struct item *item);
/* The run ends; in a transaction. */
bool remap_end(struct run *run);

/* plan.c: the place of a write in a plan. */
bool plan_take(struct run *run, struct writer *writer);
/* The fields of a merged item that both sides changed. */
void plan_conflicts(struct run *run, const struct item *item);
/* What would be written of the item, as far as the target was looked at. */
void plan_line(struct run *run, struct item *item, struct sync_line *line);

/* apply.c: the place of listing where a plan is carried out. */
void apply_step(struct run *run);
void apply_answer(struct run *run, const struct runner_answer *answer);
/* A person has to settle the record before anything is written of it; that is told. */
bool apply_leaves(struct run *run, const struct item *item);
/* Whether the item may be written, as it would be now. */
bool apply_allows(struct run *run, struct item *item);

/* revert.c: the place of listing where a run is undone, and of what is decided there.  In
 * a transaction, but for the first two. */
void revert_step(struct run *run);
struct rk_text revert_number(const struct run *run);
bool revert_stage(struct run *run, struct item *item);
bool revert_looked(struct run *run, struct item *item);
bool revert_written(struct run *run, struct item *item, const struct rk_outcome *outcome);
/* Not written; 'gone': the target does not have it any more. */
bool revert_refused(struct run *run, struct item *item, bool gone, struct rk_text reason);
bool revert_unknown(struct run *run, struct item *item, const struct verdict *call);
/* A dead revert had this batch on its way. */
bool revert_recovered(struct run *run, const struct store_batch *batch);

/* held.c: in a plan, who asks for a key that a record not met yet may give up.  False: it
 * is not held. */
bool held_add(struct run *run, struct item *item, const struct mapping_fault *fault);
/* The item is planned: what it gives up is free for who was held. */
void held_free(struct run *run, const struct item *item);
/* Nobody gives up the rest. */
void held_end(struct run *run);

/* cost.c: what the run after a plan will call.  The listing begins now. */
void cost_begin(struct run *run);
/* A look at the target took so many calls. */
void cost_look(struct run *run, enum lane lane, int64_t calls);
void cost_write(struct run *run, const struct item *item, enum lane lane);
/* The plan has ended. */
void cost_sum(struct run *run);

/* keep.c: rows of pending, and the counts that mirror them; links. */
/* The row stands for this version of its record; good until another row is filled. */
void keep_version(struct run *run, struct pending *row, const struct rk_record *record,
                  const struct hash *from_hash);
bool keep_row(struct run *run, struct pending *row, int64_t old_state);
bool keep_drop(struct run *run, struct rk_text id, int64_t old_state);
bool keep_item(struct run *run, struct item *item, enum pending_state state,
               int64_t due_ms, const struct mapping_fault *fault, struct rk_text code);
/* The record is due, and what was told of it is not to be believed: it is read by id. */
bool keep_hint(struct run *run, const struct item *item);
bool keep_count(struct run *run);
/* The same for what was sent and did not tell what became of it; 'row' has the record,
 * and keeps the later times. */
struct keep_sent {
	uint32_t operation;
	struct rk_text key;            /* Empty: none. */
	struct hash body_hash;
	int64_t hold_until_ms, believe_after_ms;
	bool failed;                   /* A sync error: it was tried often enough. */
};
bool keep_unknown(struct run *run, struct pending *row, int64_t old_state,
                  const struct keep_sent *sent);
/* The target's record has the item's row from now on. */
bool keep_link(struct run *run, const struct item *item, struct rk_text to_id,
               struct rk_text version);
/* When what failed so often is tried again. */
int64_t keep_retry_due(int64_t now_ms, int64_t attempts);
/* The row of a record as it is now; id empty: none.  Once, when the item ends. */
bool keep_look(struct run *run, const struct item *item, struct pending *row);
/* Whether the row is the change that the item stands for, not a newer one. */
bool keep_is_same(const struct item *item, const struct pending *row);
/* Counts an older version that ends without a result, for a newer one has its row. */
void keep_overtaken(struct run *run, const struct pending *row);
/* Whether a write of it may still land, or a person must decide: it stays. */
bool keep_is_open(const struct pending *row, int64_t now_ms);
/* Whether nobody knows what became of what was sent of it, now that it can land no more: the
 * row does not go before the target was asked, or its link has forgotten what it believes. */
bool keep_was_sent(const struct pending *row);
/* Nothing that was told of the row's record is believed: its id will tell, at once. */
bool keep_read_anew(struct run *run, struct pending *row);

/* history.c: what each write did to the fields of its record; nothing of it where the
 * sync has no `history`.  All in a transaction but the first and last. */
bool history_on(const struct run *run);
bool history_begin(struct run *run);
/* A flight was journaled: updates have their lines from here on. */
bool history_sent(struct run *run, const struct flight *flight);
/* What was journaled did not happen, or nobody knows. */
bool history_unsent(struct run *run, struct item *item);
bool history_grounded(struct run *run, const struct flight *flight);
bool history_unknown(struct run *run, const struct item *item);
/* A dead run's batch had this record on its way. */
bool history_recovered(struct run *run, const struct store_batch *batch,
                       struct rk_text from_id);
/* Before it is written again the target was looked at: what was unknown is known. */
bool history_looked(struct run *run, const struct item *item);
/* It was written, and this came of it. */
bool history_settled(struct run *run, struct item *item, const struct rk_outcome *outcome);
/* A create whose outcome was not known did happen: item->to_id is the record. */
bool history_landed(struct run *run, const struct item *item);
/* What was decided about one field, beside what is written. */
struct history_note {
	int64_t cause;                 /* enum field_cause */
	struct rk_text from_id, to_id; /* By the sides of the configuration. */
	struct rk_text field, note;    /* note: the rule, or who. */
	const struct rk_value *before, *after;
};
bool history_note(struct run *run, const struct history_note *note);
/* Lines that are too old go, in small transactions. */
bool history_end(struct run *run);

#endif
