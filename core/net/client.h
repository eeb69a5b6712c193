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

#include "record/frame.h"
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

/* RK_REJECT, category auth: the proof is wrong. */
int32_t net_verify(struct net_client *client, const struct net_verify *verify,
                   struct rk_err *err);
/* Who waits behind whom from here on, for all channels of this client: by hand unless it
 * is said. */
int32_t net_priority(struct net_client *client, enum net_priority priority,
                     struct rk_err *err);
/* These hold at once for all that use the connection. */
int32_t net_limits(struct net_client *client, struct rk_text connection,
                   const struct net_limit *limits, size_t count, struct rk_err *err);

/* What all connections have spent; the texts are the arena's. */
int32_t net_usage(struct net_client *client, struct arena *arena,
                  struct net_usage *usage, struct rk_err *err);

/* Sends what stands in 'note', with the secrets and by the route of 'open', and waits for
 * the answer; RK_OK when the mail server, or the other end of the address, took it. */
int32_t net_tell(struct net_client *client, const struct net_open *open,
                 const struct net_note *note, struct rk_err *err);

/* The end of a channel on which a login may be managed. */
struct net_login {
	struct frame_stream stream;    /* owned */
	uint32_t call;
};

void net_login_open(struct net_login *login, int fd);        /* takes 'fd' */
bool net_login_ask(struct net_login *login, enum net_login_verb verb,
                   struct rk_text text);
/* Waits for what net tells; RK_OK or why not, and 'told', whose texts hold until the next
 * call.  RK_AGAIN, category unreachable: nothing came in time, or net has ended. */
int32_t net_login_take(struct net_login *login, int64_t wait_ms, struct net_grant *told,
                       struct rk_err *err);
void net_login_close(struct net_login *login);

/* Process id of the net that serves this client; for status and tests. */
int32_t net_process(const struct net_client *client);

void net_close(struct net_client *client);   /* NULL is fine. */

#endif
