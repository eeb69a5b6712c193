/* SPDX-License-Identifier: Apache-2.0
 *
 * client.h - a run's end of renkei-net, the one process that talks to the
 * world.
 *
 *     connect -> ( open_channel | count )* -> close
 *
 * Connecting starts renkei-net when none listens in the state directory, or
 * when the one that does is of another version or configuration.  A channel is
 * a socket bound to one connection; it is handed to a connector, which speaks
 * NET_HTTP on it (record/http.h).  Closing ends every channel of this client
 * and aborts what they have in flight, and so does the death of the process:
 * a dead run leaves nothing writing.
 *
 * Every call is bounded (10 seconds).  Not for several threads. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "record/http.h"

struct net_client;

/* RK_OK; RK_PAUSE if the state directory or the program cannot be used;
 * RK_AGAIN if net ended or did not answer.  Failures of a call leave the client
 * unusable: close it and connect anew. */
int32_t net_connect(struct net_client **out, const char *state_dir,
                    const char *config_hash, struct rk_err *err);

/* Opens a channel.  'fd' is then the caller's, close-on-exec.  Several channels
 * of one connection share its limits and credentials; the values of the latest
 * 'open' hold for all of them. */
int32_t net_open_channel(struct net_client *client, const struct net_open *open,
                         uint32_t *channel, int *fd, struct rk_err *err);

/* HTTP requests of the channel that went out on the wire so far; also right
 * after the channel has ended. */
int32_t net_count(struct net_client *client, uint32_t channel, int64_t *calls,
                  struct rk_err *err);

/* What all connections have spent; the texts are the arena's. */
int32_t net_usage(struct net_client *client, struct arena *arena,
                  struct net_usage *usage, struct rk_err *err);

/* Process id of the net that serves this client; for status and tests. */
int32_t net_process(const struct net_client *client);

void net_close(struct net_client *client);   /* NULL is fine. */

#endif
