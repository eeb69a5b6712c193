/* SPDX-License-Identifier: Apache-2.0
 *
 * order.c - which of the syncs that are due goes first; see job.h.  Who that is is looked
 * up in a plain list: ten thousand take less time than one start. */
#include <string.h>

#include "schedule/job.h"

/* Who goes first: what somebody waits for; what has connections with the least to do; what
 * waits longest.  A connection with many syncs does not keep others waiting. */
struct turn {
	bool by_hand;
	size_t runs;
	int64_t due_ms;
};

static size_t
runs_at(const struct supervisor *s, const struct config_sync *sync)
{
	size_t count = 0;
	for (size_t i = 0; i < s->running; i++) {
		const struct config_sync *other = s->jobs[s->runs[i]].sync;
		count += other != NULL
		         && (strcmp(other->from.connection, sync->from.connection) == 0
		             || strcmp(other->to.connection, sync->to.connection) == 0);
	}
	return count;
}

static bool
is_before(const struct turn *a, const struct turn *b)
{
	if (a->by_hand != b->by_hand)
		return a->by_hand;
	return a->runs != b->runs ? a->runs < b->runs : a->due_ms < b->due_ms;
}

/* What nobody has looked at may have short runs. */
static bool
seen_long(const struct job *job)
{
	return job->is_long && !job->unseen;
}

/* A walk may take hours, whatever a run of its sync takes. */
static bool
is_long(const struct job *job)
{
	return job->walks_now || job->is_long;
}

bool
order_is_kept(const struct supervisor *s)
{
	size_t at = 0, runs = 0;
	for (size_t i = 0; i < s->running; i++)
		runs += is_long(&s->jobs[s->runs[i]]);
	if (s->options.runs_max < 2 || runs + 1 < s->options.runs_max)
		return false;
	while (at < s->count && (seen_long(&s->jobs[at]) || s->jobs[at].off
	                         || s->jobs[at].due_ms == SCHEDULE_NEVER))
		at++;
	return at < s->count;
}

size_t
order_next(const struct supervisor *s, bool kept, int64_t now_ms)
{
	size_t best = s->count;
	struct turn first = { 0 };
	for (size_t i = 0; i < s->count; i++) {
		const struct job *job = &s->jobs[i];
		if (job->pid != 0 || job->due_ms > now_ms || (kept && seen_long(job)))
			continue;
		struct turn turn = { job->by_hand, runs_at(s, job->sync), job->due_ms };
		if (best == s->count || is_before(&turn, &first)) {
			best = i;
			first = turn;
		}
	}
	return best;
}

size_t
order_next_walk(const struct supervisor *s, bool kept, int64_t now_ms)
{
	size_t at = 0;
	while (at < s->count && (kept || s->jobs[at].pid != 0 || s->jobs[at].unseen
	                         || s->jobs[at].walk_due_ms > now_ms))
		at++;
	return at;
}
