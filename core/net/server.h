/* SPDX-License-Identifier: Apache-2.0
 *
 * server.h - renkei-net as a whole: listens in the state directory, greets
 * runs, opens channels for them (channel.h), and leaves when nobody has been
 * there for a while, or when a run of another version or configuration comes:
 * then it lets go of the socket, so that a new one can start, and serves those
 * that it has to their end. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include <stdint.h>

/* Listens in 'state_dir', calls 'ready' once, and serves until it leaves.
 * Returns the exit code. */
int server_run(const char *state_dir, int64_t idle_ms, void (*ready)(void));

#endif
