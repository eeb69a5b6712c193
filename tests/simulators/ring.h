/* SPDX-License-Identifier: Apache-2.0 */
/* ring.h - so many calls in any window of so long: the moments of the last ones. */
#ifndef SIM_RING_H
#define SIM_RING_H

#include <stdbool.h>
#include <stdint.h>

#define RING 256u

struct ring {
	int64_t at_ms[RING];
	unsigned next, limit;                /* Below RING. */
	int64_t window_ms;
};

static inline unsigned
ring_used(const struct ring *g, int64_t now_ms)
{
	unsigned n = 0;

	for (unsigned i = 0; i < RING; i++)
		n += g->at_ms[i] > now_ms - g->window_ms && g->at_ms[i] <= now_ms;
	return n;
}

/* False: the window is full, and nothing was taken. */
static inline bool
ring_take(struct ring *g, int64_t now_ms)
{
	if (ring_used(g, now_ms) >= g->limit)
		return false;
	g->at_ms[g->next++ % RING] = now_ms;
	return true;
}

#endif
