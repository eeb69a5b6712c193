/* SPDX-License-Identifier: Apache-2.0
 *
 * victim.h - finds the processes of a run, among children of this process and of
 * that run only: nothing else is ever named.  Linux, by /proc. */
#ifndef TESTS_KILL_VICTIM_H
#define TESTS_KILL_VICTIM_H

#include <sys/types.h>

/* One of the run's connectors of that name (NULL: of any), the same for the same 'which' as long as
 * they are the same; 0: it has none now. */
pid_t victim_connector(pid_t run, const char *name, size_t which);
/* The same of the runs of a daemon. */
pid_t victim_run(pid_t daemon, size_t which);
/* The console of a daemon; 0: it has none now. */
pid_t victim_console(pid_t daemon);
/* The renkei-net that serves this state directory, be it started by 'run' (0: none)
 * or left to us by a run that has ended; 0: there is none. */
pid_t victim_net(pid_t run, const char *state_dir);
/* Takes leave of what runs left to us and has ended, all but 'keep'. */
void victim_reap(pid_t keep);

#endif
