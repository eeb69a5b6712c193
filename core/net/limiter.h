/* SPDX-License-Identifier: Apache-2.0
 *
 * limiter.h - holds requests back until the CRM's limits admit them.
 *
 * A rule counts calls in a window, or requests under way, or both; apart for
 * each connection, for each object of a connection, or for each host across
 * all connections.  Of the calls that a window admits renkei uses its allocation, and a
 * backfill leaves a reserve of that to all others.  A window slides ("190 calls in any 10 seconds"), or ends at
 * a time of day where the CRM counts by the day.  A call counts from its leaving until
 * the window has passed since its answer: whenever it came to the CRM, no window there
 * holds more.
 *
 *     ask -> ( admitted: ... release ) | wait | never in time
 *
 * Nothing here asks for the time or waits.  'now' is monotonic, 'wall' is UTC;
 * both in milliseconds. */
#ifndef NET_LIMITER_H
#define NET_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/http.h"

enum limiter_scope { LIMITER_CONNECTION, LIMITER_OBJECT, LIMITER_HOST };

struct limiter_rule {
	char *name;                    /* owned */
	int64_t calls, per_ms;         /* 0: no window. */
	int64_t concurrent;            /* 0: any number. */
	enum limiter_scope scope;
	bool every;                    /* Each call counts, whatever it spends. */
	bool by_day;                   /* The window ends at 'resets_minute'. */
	int resets_minute;             /* Of the day in 'zone'. */
	char *zone;                    /* owned */
	/* Headers in which the CRM tells its own limit, and what is left or taken of it. */
	char *told_calls, *told_left, *told_used; /* owned */
	struct net_part allocation, reserve;
};

struct limiter_rules {                 /* Of one connection. */
	struct limiter_rule *rules;    /* owned */
	size_t count;
};

/* Replaces what 'rules' holds; RK_PAUSE, category config, on a rule that makes
 * no sense. */
int32_t limiter_rules_set(struct limiter_rules *rules, const struct net_limit *limits,
                          size_t count, struct rk_err *err);
void limiter_rules_clear(struct limiter_rules *rules);

struct limiter_bucket;

struct limiter {                       /* Of all connections. */
	struct limiter_bucket **buckets; /* owned */
	size_t count;
	uint64_t round;                /* See limiter_round. */
};

#define LIMITER_SPENDS_MAX 16
/* The longest pause that a CRM can lay upon us by one header. */
#define LIMITER_PAUSE_MAX_MS ((int64_t)3600 * 1000)

struct limiter_ask {
	const struct limiter_rules *rules;
	struct rk_text connection, object, host;
	const struct rk_spend *spends; /* Names without a rule count nothing. */
	size_t spend_count;
	enum net_priority priority;
};

struct limiter_ticket {                /* Filled when admitted. */
	struct limiter_bucket *taken[LIMITER_SPENDS_MAX];
	int64_t flying[LIMITER_SPENDS_MAX]; /* Calls that count from the answer on. */
	size_t count;
};

struct limiter_answer {
	bool admitted;
	/* Not before; INT64_MAX: when one under way has ended. */
	int64_t at;
	const struct limiter_rule *by; /* Who holds it back. */
	bool paused;                   /* By the CRM's own word. */
};

struct limiter_turn {                  /* Of one who waits. */
	enum net_priority priority;
	uint64_t served;               /* When its run went out last, in whatever count. */
};

/* Whether 'a' is asked for before 'b'; where neither is, who came first. */
bool limiter_before(struct limiter_turn a, struct limiter_turn b);
/* From here on those who wait are asked for, whoever is to go first at first: what one of
 * them waits for, none behind it in this round takes away. */
void limiter_round(struct limiter *limiter);
struct limiter_answer limiter_ask(struct limiter *limiter, const struct limiter_ask *ask,
				  int64_t now, int64_t wall,
				  struct limiter_ticket *ticket);
/* The request has ended; safe on an empty ticket, empties it. */
void limiter_release(struct limiter_ticket *ticket, int64_t now);
/* The CRM said "not before": nothing that spends what this ticket spends. */
void limiter_pause(struct limiter_ticket *ticket, int64_t until);
/* The headers of an answer, in which the CRM may tell its own limits. */
void limiter_note(struct limiter_ticket *ticket, const struct limiter_rules *rules,
                  const struct rk_header *headers, size_t count);

/* What a net that comes later must know.  save gives each bucket that has changed since
 * limiter_saved, with the wall time from which on it holds nothing, until 'put' fails,
 * and says whether none did; load takes one as it was given, and nothing that is no
 * bucket. */
bool limiter_save(const struct limiter *limiter, int64_t now, int64_t wall,
                  bool (*put)(void *with, struct rk_text key, struct rk_text body,
                              int64_t rests), void *with);
/* All that save gave is on the disk. */
void limiter_saved(struct limiter *limiter);
void limiter_load(struct limiter *limiter, struct rk_text key, struct rk_text body,
                  int64_t now, int64_t wall);
/* Adds a row a bucket to a message (struct net_spent). */
void limiter_tell(struct limiter *limiter, struct buf *out, int64_t now, int64_t wall);

void limiter_clear(struct limiter *limiter);

#endif
