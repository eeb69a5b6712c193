/* SPDX-License-Identifier: Apache-2.0
 *
 * channel.h - one connector's way to the CRM: takes its request, has it
 * checked and held back as long as the limits say, sends it, gives the answer
 * back.  One request at a time.
 *
 * When the connector's end closes, or its run's control connection does, the
 * request under way is aborted and the channel is gone. */
#ifndef NET_CHANNEL_H
#define NET_CHANNEL_H

#include "net/net.h"

/* Opens a channel for 'control'; '*peer' is the connector's end, the caller's.
 * On failure nothing has changed. */
int32_t channel_open(struct net *net, struct control *control,
                     const struct net_open *open, struct channel **out, int *peer,
                     struct rk_err *err);
/* Something happened on its socket. */
void channel_event(struct net *net, struct channel *ch, uint32_t events);
/* Its transfer has ended. */
void channel_done(struct net *net, struct channel *ch, CURLcode result);
/* Lets waiting requests go whose turn has come; sets when to look again. */
void channel_wake(struct net *net);
/* A new access token is there, or why there is none: those that wait for it go on. */
void channel_resume(struct net *net, struct account *account);
/* Tells the channel that waits for the end of a login. */
void channel_tell_login(struct net *net, struct account *account, int32_t status,
                        const struct rk_err *err);
void channel_close(struct net *net, struct channel *ch);

#endif
