/* SPDX-License-Identifier: Apache-2.0
 *
 * simulator.h - a renkei-simulator of one's own: started, spoken to over its
 * control path on loopback, ended by its process id.
 *
 *     start -> ( ask )* -> stop
 *
 * It dies with this process, whatever happens. */
#ifndef CLI_SIMULATOR_H
#define CLI_SIMULATOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"

#define SIMULATOR_CRMS 8

struct simulator {
	pid_t pid;                     /* 0: none runs. */
	int out;                       /* owned: its standard output */
	size_t count;
	struct simulated {
		char name[32];
		unsigned port;
	} crms[SIMULATOR_CRMS];
};

/* Starts it for these CRMs (NULL after the last; options may stand before them) and
 * waits until all listen.
 * False: 'err' says why. */
bool simulator_start(struct simulator *s, const char *const *crms, struct rk_err *err);
/* The port of a CRM; 0: it is not simulated. */
unsigned simulator_port(const struct simulator *s, const char *crm);
/* Asks the control path: "POST", "/_control/seed", "{...}".  'answer' is the body.
 * False: it did not answer with 200. */
bool simulator_ask(const struct simulator *s, const char *crm, const char *method,
                   const char *path, const char *body, struct buf *answer,
                   struct rk_err *err);
/* Any request of the CRM, with header lines that end in CR LF; 'answer' is head and
 * body as they came.  False: none came. */
bool simulator_exchange(const struct simulator *s, const char *crm, const char *method,
                        const char *path, const char *headers, struct rk_text body,
                        struct buf *answer);
/* Requests that the CRM has counted since the last reset; -1 with 'err' filled. */
int64_t simulator_calls(const struct simulator *s, const char *crm, struct rk_err *err);
/* Ends it and waits for its end. */
void simulator_stop(struct simulator *s);

#endif
