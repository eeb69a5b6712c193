/* SPDX-License-Identifier: Apache-2.0
 *
 * proxy.h - a TCP proxy on loopback that stands before a simulator and does to the
 * bytes what networks and broken servers do: resets, cuts, drips, lies, floods.
 *
 *     open -> lead -> ( plan -> a run -> calls, hits )* -> close
 *
 * A call is one request that came in whole.  What an action does stands beside its
 * name in proxy.c; the list of kinds is tests/faults.txt.  It has threads of its own;
 * the functions here are for one thread. */
#ifndef TESTS_FAULTS_PROXY_H
#define TESTS_FAULTS_PROXY_H

#include <stdbool.h>
#include <stdint.h>

struct proxy;

struct proxy_plan {
	const char *action;            /* NULL: nothing is done. */
	const char *text;              /* What the action needs, or "". */
	int64_t number;                /* The same, most often milliseconds. */
	unsigned nth, times;           /* From this call on, so often. */
	const char *only;              /* Other calls do not count; NULL: none are. */
};

/* Listens on a port that the system chooses; NULL: it cannot. */
struct proxy *proxy_open(void);
uint16_t proxy_port(const struct proxy *p);
/* Where to: a port on loopback. */
void proxy_lead(struct proxy *p, uint16_t port);
/* Counts anew and does this from now on; what 'plan' points to must stay.  False:
 * there is no such action. */
bool proxy_plan(struct proxy *p, const struct proxy_plan *plan);
bool proxy_knows(const char *action);
/* Since the last plan: calls, and how many of them met the fault. */
unsigned proxy_calls(struct proxy *p);
unsigned proxy_hits(struct proxy *p);
/* Ends what is under way; NULL is fine. */
void proxy_close(struct proxy *p);

#endif
