/* SPDX-License-Identifier: Apache-2.0
 *
 * cost.c - what the run after a plan will call.  What a plan reads, that run reads again,
 * call for call; what both sides say of themselves it remembers.  What would be written
 * is counted in rows by lane and turned into calls as the connector makes them. */
#include "sync/state.h"

#define AT_ONCE 100                    /* Records that are read anew by a call. */

void
cost_begin(struct run *run)
{
	run->cost_told = run->reader.session.calls;
}

/* Whether the run asks for keys, as every plan does; see looks_up() of identity.c. */
static bool
probes(const struct run *run)
{
	return run->guarantee != GUARANTEE_E1 || run->sync->existing == EXISTING_REFUSE
	       || run->sync->only != ONLY_ALL || run->sync->to.fallback_count > 0
	       || run->looks_before;
}

void
cost_look(struct run *run, enum lane lane, int64_t calls)
{
	if (lane == LANE_PROBE ? probes(run) : run->looks_before)
		run->report->cost.look_calls += calls;
}

/* A plan makes two of what a native upsert does in one. */
static enum lane
lane_of(const struct run *run, const struct item *item, enum lane lane)
{
	bool upserts = run->guarantee == GUARANTEE_E1 && !run->creates_only
	               && run->sync->existing != EXISTING_REFUSE
	               && item->link.to_id.len == 0 && item->key.len > 0;
	return upserts && (lane == LANE_CREATE || !probes(run)) ? LANE_UPSERT : lane;
}

void
cost_write(struct run *run, const struct item *item, enum lane lane)
{
	run->planned[lane_of(run, item, lane)]++;
}

static int64_t
pieces(int64_t whole, int64_t piece)
{
	return (whole + piece - 1) / piece;
}

/* Requests of one lane: full batches, and one that is not. */
static int64_t
calls_of(const struct run *run, int64_t rows)
{
	int64_t batch = (int64_t)run->batch_max;
	return rows / batch * pieces(batch, run->rows_call)
	       + pieces(rows % batch, run->rows_call);
}

void
cost_sum(struct run *run)
{
	struct sync_cost *cost = &run->report->cost;
	cost->source_calls = run->reader.session.calls - run->cost_told
	                     + pieces(run->brought_back, AT_ONCE);
	for (int i = 0; i < LANE_COUNT; i++) {
		cost->write_calls += calls_of(run, run->planned[i]);
		cost->batches += pieces(run->planned[i], (int64_t)run->batch_max);
	}
	cost->writers = (int64_t)run->writers_wanted;
}
