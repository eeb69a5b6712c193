/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox.h - notices on their way, in host.db: put there in the same moment as what they
 * tell of, and sent by whoever comes first; a row is one notice to one address.
 *
 *     put -> ( due -> claim -> settle: waits on )* -> settle: sent, or given up
 *
 * What was claimed and not settled may have been taken: it goes once more as the same
 * message, so that a second one is known.  Nothing is ever sent less than once. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "base/arena.h"
#include "store/host.h"

/* Restored: it waited in a backup that was put back, and may have been sent since. */
enum outbox_state { OUTBOX_WAITS, OUTBOX_SENT, OUTBOX_GIVEN_UP, OUTBOX_RESTORED };

struct outbox_row {
	int64_t id;
	struct rk_text target, way;    /* A name of notify; "mail", "chat", ... */
	struct rk_text kind;           /* "change", "digest", "test" */
	int64_t at_ms, due_ms, tries;
	enum outbox_state state;
	int64_t sent_as;               /* The row whose message it goes with; 0: none yet. */
	struct rk_text subject, body, doc;  /* 'doc': the same as JSON. */
	struct rk_text error;          /* Of the last try. */
};

/* id, tries and state are the outbox's. */
bool outbox_put(struct host *h, const struct outbox_row *row, struct rk_err *err);
/* Those that wait and are due, at most 'most', by target and way: first what was
 * claimed, message by message, then the oldest. */
bool outbox_due(struct host *h, int64_t now_ms, size_t most, struct arena *arena,
                struct outbox_row **rows, size_t *count, struct rk_err *err);
/* When the first of those that wait is due; INT64_MAX: none waits. */
int64_t outbox_next_due(struct host *h);
/* Makes of the 'count' rows one message: that of the first of them. */
bool outbox_claim(struct host *h, struct outbox_row *rows, size_t count,
                  struct rk_err *err);
/* Keeps state, tries, due_ms, sent_as and error. */
bool outbox_settle(struct host *h, const struct outbox_row *row, struct rk_err *err);
/* Messages that went out since then; and when the oldest of them went. */
int64_t outbox_sent_since(struct host *h, struct rk_text target, struct rk_text way,
                          int64_t since_ms, int64_t *oldest_ms);
/* The newest first. */
bool outbox_list(struct host *h, size_t most, struct arena *arena,
                 struct outbox_row **rows, size_t *count, struct rk_err *err);
struct outbox_counts { int64_t waiting, failing, given_up; };  /* failing: of the waiting */
void outbox_count(struct host *h, struct outbox_counts *counts);
/* Forgets what is over and older than that. */
bool outbox_prune(struct host *h, int64_t before_ms, struct rk_err *err);

/* When something was last done, or another number to remember, under a name of the
 * caller's; RK_NO_TIME: never. */
int64_t mark_get(struct host *h, const char *name);
bool mark_put(struct host *h, const char *name, int64_t at_ms, struct rk_err *err);
bool mark_clear(struct host *h, const char *name, struct rk_err *err);
/* Whether a name fits 'pattern' ("told:*"). */
bool mark_any(struct host *h, const char *pattern);

#endif
