/* SPDX-License-Identifier: Apache-2.0
 *
 * victim.h - finds the processes of a run, among children of this process and of
 * that run only: nothing else is ever named.  Linux, by /proc. */
#ifndef TESTS_KILL_VICTIM_H
#define TESTS_KILL_VICTIM_H

#include <sys/types.h>

/* The run's connector of that name; 0: it has none now. */
pid_t victim_connector(pid_t run, const char *name);
/* The renkei-net that serves this state directory, be it started by 'run' (0: none)
 * or left to us by a run that has ended; 0: there is none. */
pid_t victim_net(pid_t run, const char *state_dir);
/* Takes leave of what runs left to us and has ended, all but 'keep'. */
void victim_reap(pid_t keep);

#endif
