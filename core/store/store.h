/* SPDX-License-Identifier: Apache-2.0
 *
 * store.h - all of one sync that must survive: where reading stands, what was
 * read and is not written yet, what is being written, what stays, and which
 * records belong together.
 *
 *     open -> ( begin -> changes -> commit | look )* -> close
 *
 * One SQLite file a sync.  A transaction is short and never held while a
 * connector works.  Rows carry a checksum (docs/architecture.md says which do not):
 * damaged state is found when it is read, and said.  A store opened to look (a plan) takes changes and
 * drops them, so that the same code runs on it.
 *
 * Functions return false and fill 'err' when the store failed; then nothing
 * of the transaction is kept and the run ends.  Text handed out lives in the
 * arena given. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>

#include "base/arena.h"
#include "record/hash.h"

struct store;

enum store_mode { STORE_WRITE, STORE_LOOK };

/* Opens NAME.db in 'dir', creating it if missing (STORE_LOOK: an empty one in
 * memory).  'identity' names both objects; a file of another identity is
 * refused until the cursor is reset.  NULL takes any: for
 * that reset, and for those who only look. */
bool store_open(struct store **out, const char *dir, const char *name,
                const char *identity, enum store_mode mode, struct rk_err *err);
/* Something was kept there. */
bool store_exists(const char *dir, const char *name);
void store_close(struct store *s);
/* The way back of a two-way sync: cursor, pages, batches, pending, links and runs of its
 * own in the same file, made if they are missing (a store that only looks has empty ones
 * then).  Transactions, epoch and identity are those of 's', which closes it.  NULL with
 * 'err' filled. */
struct store *store_back(struct store *s, struct rk_err *err);
/* Whether it was made. */
bool store_has_back(struct store *s);
/* 16 bytes that nobody else knows, made with the file: for hashes that are kept in it. */
const unsigned char *store_secret(const struct store *s);
/* From now on the file belongs to this identity. */
bool store_bind(struct store *s, const char *identity, struct rk_err *err);
bool store_begin(struct store *s, struct rk_err *err);
bool store_commit(struct store *s, struct rk_err *err);
void store_rollback(struct store *s);
/* Reads every row: damage is found now, not when it is met. */
bool store_verify(struct store *s, struct rk_err *err);
/* The same of what is only told to people, which no run goes by: how many rows of a table
 * are damaged, and of which; 0: of none. */
bool store_verify_told(struct store *s, const char **table, int64_t *damaged,
                       struct rk_err *err);
/* Next epoch: who runs under an older one can change nothing any more. */
bool store_new_epoch(struct store *s, int64_t *epoch, struct rk_err *err);

/* A number kept under a name of the caller's; 0: none was kept. */
bool store_number_get(struct store *s, const char *name, int64_t *number,
                      struct rk_err *err);
bool store_number_put(struct store *s, const char *name, int64_t number,
                      struct rk_err *err);
/* The same for bytes; empty: none were kept. */
bool store_note_get(struct store *s, const char *name, struct arena *arena,
                    struct rk_text *note, struct rk_err *err);
bool store_note_put(struct store *s, const char *name, struct rk_text note,
                    struct rk_err *err);
/* Of records that webhooks told, and of changes that listing found before they did. */
#define STORE_HINTED "hook.hinted"
/* Of a listing of everything that is open: records told so far, and about in all. */
#define STORE_LISTED "listing.records"
#define STORE_ABOUT "listing.about"
/* Not 0: the source is asked for a part of it only, from its first page to its end. */
#define STORE_NARROWED "listing.narrowed"
#define STORE_MISSED "hook.missed"
/* Not 0: deletions wait for a person. */
#define STORE_WITHHELD "deletes.withheld"

/* ---- cursor: where reading stands --------------------------------------- */

struct cursor {
	int64_t watermark_ms;          /* RK_NO_TIME: nothing was read to its end yet. */
	bool listing;                  /* A listing is open; the rest belongs to it. */
	int64_t since_ms;              /* It began here; RK_NO_TIME: from the beginning. */
	int64_t source_start_ms;       /* The source's clock when it began. */
	int64_t safe_until_ms;         /* The least that its pages told. */
	struct rk_text token;
	int64_t origin_ms;             /* Where the sync began; RK_NO_TIME: with all. */
	unsigned char revision[16];    /* Of the mapping that the listing serves. */
	bool known;                    /* It was put before. */
};

/* To its end, as the source's clock says; or its last token, where it has no clock. */
bool cursor_was_listed(const struct cursor *c);
bool store_cursor_get(struct store *s, struct arena *arena, struct cursor *cursor,
                      struct rk_err *err);
bool store_cursor_put(struct store *s, const struct cursor *cursor, struct rk_err *err);
/* Forgets cursor, journal and identity; links and pending stay.  With
 * 'everything' they go as well. */
bool store_reset(struct store *s, bool everything, const char *identity,
                 struct rk_err *err);

/* ---- page: the journal of reading ---------------------------------------- */

struct page {
	int64_t seq;
	unsigned char revision[16];    /* Values stand in the order of that mapping. */
	int64_t count;
	struct rk_text body;           /* 'count' records, encoded. */
};

/* Sets seq. */
bool store_page_put(struct store *s, struct page *page, struct rk_err *err);
/* The oldest page after 'seq'; page->seq is 0 if there is none. */
bool store_page_next(struct store *s, int64_t seq, struct arena *arena, struct page *page,
                     struct rk_err *err);
bool store_page_get(struct store *s, int64_t seq, struct arena *arena, struct page *page,
                    struct rk_err *err);
bool store_page_drop(struct store *s, int64_t seq, struct rk_err *err);
/* How many records lie in the journal. */
bool store_page_total(struct store *s, int64_t *records, struct rk_err *err);

/* ---- batch: the journal of writing --------------------------------------- */

/* Of a revert: what is sent is no row of pending's, whatever becomes of it. */
#define STORE_OP_UNDO 256

struct batch_entry {
	struct rk_text id;             /* The source's. */
	struct rk_text key;            /* As it compares; empty: none. */
	struct hash body_hash;         /* Of the row as sent. */
	int64_t page_seq;              /* Where its record lies; 0: in pending. */
};

struct store_batch {
	int64_t seq, epoch;
	int64_t operation;             /* RK_OP_..., or STORE_OP_UNDO */
	int64_t hold_until_ms;         /* Until then the request may still land. */
	int64_t believe_after_ms;      /* From then on a look-up is believed. */
	struct rk_text token;          /* RK_PENDING: the job. */
	struct batch_entry *entries;   /* Not needed any more once they are in the journal. */
	size_t count;
	int64_t entries_sum;
};

/* A new one; gives it its seq. */
bool store_batch_put(struct store *s, struct store_batch *batch, struct rk_err *err);
/* Other times, or a job, for one that is there. */
bool store_batch_again(struct store *s, const struct store_batch *batch, struct rk_err *err);
/* The oldest batch after 'seq'; batch->seq is 0 if there is none. */
bool store_batch_next(struct store *s, int64_t seq, struct arena *arena,
                      struct store_batch *batch, struct rk_err *err);
bool store_batch_drop(struct store *s, int64_t seq, struct rk_err *err);

/* ---- pending: a record that stays, whatever the reason ------------------- */

enum pending_state {
	PENDING_QUEUED = 1,            /* Waits for its turn, or for a quota. */
	PENDING_UNKNOWN = 2,           /* A write whose outcome is not known. */
	PENDING_FAILED = 3,            /* A sync error: a cause must go away. */
	PENDING_UNDECIDED = 4,         /* For a person (guarantee class E4). */
	PENDING_IGNORED = 5,           /* Set aside until the record changes. */
};

struct pending {
	struct rk_text id;
	int64_t state, operation;
	struct rk_text version;
	int64_t modified_ms;           /* Of the record below; RK_NO_TIME: not told. */
	struct hash from_hash;         /* Of the record below. */
	unsigned char revision[16];
	struct rk_text body;           /* The record, encoded; empty: read it anew. */
	int64_t key_hash;              /* Of 'key', or that a duplicate asks for; 0: none. */
	struct rk_text key;            /* PENDING_UNKNOWN: the key that was sent. */
	struct hash body_hash;         /* Of the row last sent. */
	int64_t hold_until_ms, believe_after_ms;
	int64_t attempts, due_ms, first_ms;
	int64_t category;
	struct rk_text code, field, value, message;
};

bool store_pending_put(struct store *s, const struct pending *row, struct rk_err *err);
/* found: row->id is not empty. */
bool store_pending_get(struct store *s, struct rk_text id, struct arena *arena,
                       struct pending *row, struct rk_err *err);
bool store_pending_drop(struct store *s, struct rk_text id, struct rk_err *err);
/* Rows due at 'now_ms', the longest due first, at most 'most'.  They are given
 * again until they are dropped or put with a later due. */
bool store_pending_due(struct store *s, int64_t now_ms, size_t most, struct arena *arena,
                       struct pending **rows, size_t *count, struct rk_err *err);
/* Deletions that wait for the end of a listing, or for a person. */
bool store_pending_held(struct store *s, size_t most, struct arena *arena,
                        struct pending **rows, size_t *count, struct rk_err *err);
bool store_pending_held_count(struct store *s, int64_t *count, struct rk_err *err);
/* When the next one is due; INT64_MAX: none is. */
bool store_pending_next_due(struct store *s, int64_t *due_ms, struct rk_err *err);
/* A row of another record that holds this key: a write of which may still land, or was
 * never settled. */
bool store_pending_holds_key(struct store *s, int64_t key_hash, struct rk_text not_id,
                             int64_t now_ms, bool *held, struct rk_err *err);
/* Rows that failed, want a person or were set aside, by id after 'after_id', at most
 * 'most'. */
bool store_pending_errors(struct store *s, struct rk_text after_id, size_t most,
                          struct arena *arena, struct pending **rows, size_t *count,
                          struct rk_err *err);
/* The same for rows that failed and have this key hash, which is not 0, or have a key
 * that was sent: theirs is its hash, whatever key they ask for now. */
bool store_pending_of_key(struct store *s, int64_t key_hash, struct rk_text after_id,
                          size_t most, struct arena *arena, struct pending **rows,
                          size_t *count, struct rk_err *err);
/* How many failed or want a person, by category, code, state, and whether they have a time (due_ms INT64_MAX: none):
 * 'row' has nothing else.  False ends it. */
typedef bool store_kind_take(void *with, const struct pending *row, int64_t count);
bool store_pending_kinds(struct store *s, store_kind_take *take, void *with,
                         struct rk_err *err);
struct pending_counts {
	int64_t queued, unknown, failed, undecided, ignored;
	int64_t next_due_ms;           /* INT64_MAX: none. */
};
bool store_pending_count(struct store *s, struct pending_counts *counts,
                         struct rk_err *err);

/* ---- wait: rows of pending that wait for another record's link ------------ */

/* Of such a row: it is not written yet, or without what refers to that record. */
#define STORE_CODE_WAITS "waits-for-parent"
#define STORE_CODE_LATER "reference-later"

/* 'parent' is a name of the caller's for what record 'id' waits for, which is one. */
bool store_wait_put(struct store *s, struct rk_text id, struct rk_text parent,
                    struct rk_err *err);
bool store_wait_drop(struct store *s, struct rk_text id, struct rk_err *err);
/* The first parent after 'after', by its bytes, that something waits for; empty: none. */
bool store_wait_next(struct store *s, struct rk_text after, struct arena *arena,
                     struct rk_text *parent, struct rk_err *err);
/* What waits for it, by id after 'after', at most 'most'. */
bool store_wait_list(struct store *s, struct rk_text parent, struct rk_text after,
                     size_t most, struct arena *arena, struct rk_text **ids,
                     size_t *count, struct rk_err *err);
/* A number (store_number_get) that grows when a record is linked, or to another one. */
#define STORE_LINKS_MADE "links.made"

/* ---- link: which records belong together --------------------------------- */

struct link {
	struct rk_text from_id, to_id;
	int64_t key_hash;
	struct hash from_hash, to_hash; /* Of the source's values; of the row written. */
	int64_t from_ms;               /* The source's stamp of what was written. */
	struct rk_text to_version;
	int64_t hold_until_ms;         /* An older request may land until then; or 0. */
};

/* found: link->to_id is not empty. */
bool store_link_get(struct store *s, struct rk_text from_id, struct arena *arena,
                    struct link *link, struct rk_err *err);
/* Of another record with this key; found as above. */
bool store_link_by_key(struct store *s, int64_t key_hash, struct rk_text not_from_id,
                       struct arena *arena, struct link *link, struct rk_err *err);
/* Of another record, to this one of the target; found as above. */
bool store_link_by_target(struct store *s, struct rk_text to_id, struct rk_text not_from_id,
                          struct arena *arena, struct link *link, struct rk_err *err);
/* The one that was put last; where none was put lately, that of the record which
 * changed last, found by reading all of them.  Found as above. */
bool store_link_newest(struct store *s, struct arena *arena, struct link *link,
                       struct rk_err *err);
/* One without a record of the target ends the link. */
bool store_link_put(struct store *s, const struct link *link, struct rk_err *err);
/* Each of them, in no order, until 'see' says false, which is then the answer.  'see' calls
 * nothing of the store. */
typedef bool store_link_fn(void *with, const struct link *link);
bool store_link_walk(struct store *s, store_link_fn *see, void *with, struct rk_err *err);
bool store_link_count(struct store *s, int64_t *count, struct rk_err *err);

/* ---- tomb: linked records that were deleted ------------------------------- */

enum tomb_why {
	TOMB_ARCHIVED = 1,             /* Deleted at the source, and then at the target. */
	TOMB_FLAGGED = 2,              /* Deleted at the source; the target says so. */
	TOMB_TARGET = 3,               /* Deleted at the target, by others. */
	TOMB_ANEW = 4,                 /* The same; a person wants it created anew. */
	TOMB_MERGED = 5,               /* 'into' took it over at the source. */
};

struct tomb {
	struct rk_text from_id, to_id;
	int64_t why;
	int64_t at_ms;                 /* When we knew. */
	int64_t stamp_ms;              /* Of the deletion, by the source; or RK_NO_TIME. */
	struct rk_text into;
};

/* found: tomb->why is not 0. */
bool store_tomb_get(struct store *s, struct rk_text from_id, struct arena *arena,
                    struct tomb *tomb, struct rk_err *err);
bool store_tomb_put(struct store *s, const struct tomb *tomb, struct rk_err *err);
bool store_tomb_drop(struct store *s, struct rk_text from_id, struct rk_err *err);
bool store_tomb_count(struct store *s, int64_t *count, struct rk_err *err);
/* The record of each of them, in no order. */
typedef void store_tomb_fn(void *with, struct rk_text from_id);
bool store_tomb_walk(struct store *s, store_tomb_fn *see, void *with, struct rk_err *err);
/* Those that are older than this; INT64_MAX: all of them.  What stands beside a link, and tells
 * that its deletion was carried out, stays whatever its age. */
bool store_tomb_trim(struct store *s, int64_t before_ms, struct rk_err *err);
/* ---- base: what both sides of a two-way link agreed on last ----------------- */

struct base {
	struct rk_text from_id, to_id; /* Of the sync's sides, whichever way asks. */
	struct rk_text from_version, to_version; /* That we know to hold these values. */
	struct rk_text from_values, to_values; /* Names and values, encoded. */
	int64_t last_way;              /* That wrote: 1 there, 2 back; 0: none. */
	int64_t turns, turns_since_ms; /* How often the other way wrote next. */
};

/* Of either way's store, as all of these.  Found: base->from_id is not empty. */
bool store_base_get(struct store *s, struct rk_text from_id, struct arena *arena,
                    struct base *base, struct rk_err *err);
bool store_base_put(struct store *s, const struct base *base, struct rk_err *err);

/* ---- intent: what a write on its way brings, until its outcome is known -------- */

struct intent {
	struct rk_text id;             /* Of the record at the source of its way. */
	struct rk_text mine, theirs;   /* What that had, and what is sent; as of a base. */
};

/* Each of the way whose store is given.  Found: intent->id is not empty. */
bool store_intent_get(struct store *s, struct rk_text id, struct arena *arena,
                      struct intent *intent, struct rk_err *err);
bool store_intent_put(struct store *s, const struct intent *intent, struct rk_err *err);
bool store_intent_drop(struct store *s, struct rk_text id, struct rk_err *err);

/* ---- conflict: a field that both sides changed, for a person to settle ------- */

enum conflict_decision { CONFLICT_OPEN, CONFLICT_FROM, CONFLICT_TO };

struct conflict {
	int64_t id;                    /* 0: not put yet. */
	struct rk_text from_id, to_id, from_field, to_field;
	struct rk_text base, from_value, to_value; /* As shown. */
	int64_t since_ms, seen_ms;
	int64_t decision;
	struct rk_text decided_by;     /* CONFLICT_OPEN: it was about older values. */
};

#define STORE_CONFLICTS_OF 1000        /* Of one record, at most. */
#define STORE_CONFLICTS_MAX 10000      /* Of one sync. */

/* Those of one record; and all of them with an id after 'after'. */
bool store_conflict_of(struct store *s, struct rk_text from_id, struct arena *arena,
                       struct conflict **rows, size_t *count, struct rk_err *err);
bool store_conflict_list(struct store *s, int64_t after, size_t most, struct arena *arena,
                         struct conflict **rows, size_t *count, struct rk_err *err);
/* A new one is given its id. */
bool store_conflict_put(struct store *s, struct conflict *row, struct rk_err *err);
bool store_conflict_drop(struct store *s, int64_t id, struct rk_err *err);
/* 'open': those that nobody has settled. */
bool store_conflict_count(struct store *s, int64_t *count, int64_t *open,
                          struct rk_err *err);

/* ---- run: what was done --------------------------------------------------- */

#define STORE_RUNS_KEPT 20000          /* Two weeks of a run a minute. */

struct run_row {
	int64_t id, epoch, started_ms, ended_ms;
	int64_t read, carried, created, updated, archived, unchanged, excluded, waiting, failed;
	int64_t source_calls, target_calls, writes;
	int64_t exit_code;             /* -1: it was cut off, or runs; -2: it was
	                                * asked to end, and did. */
	struct rk_text message;
};

/* Sets id; of all runs the newest STORE_RUNS_KEPT stay. */
bool store_run_begin(struct store *s, struct run_row *row, struct rk_err *err);
bool store_run_end(struct store *s, const struct run_row *row, struct rk_err *err);
/* What the runs that began within a span did. */
struct run_tally {
	int64_t runs, stopped, written;  /* stopped: single records do not count. */
};
bool store_run_tally(struct store *s, int64_t since_ms, int64_t until_ms,
                     struct run_tally *tally, struct rk_err *err);
/* The newest first, at most 'most'. */
bool store_run_list(struct store *s, size_t most, struct arena *arena,
                    struct run_row **rows, size_t *count, struct rk_err *err);

#endif
