/* SPDX-License-Identifier: Apache-2.0
 *
 * way.h - the ways that a notice goes: mail, chat, webhook, command; and the heartbeat.
 * All but the command leave through renkei-net, which alone has the internet and the
 * secrets. */
#ifndef NOTIFY_WAY_H
#define NOTIFY_WAY_H

#include "config/config.h"
#include "net/client.h"

#define WAY_COUNT 4
extern const char *const way_names[WAY_COUNT];

/* Whether this notice goes that way too. */
bool way_is_used(const struct config_notice *notice, const char *way);

struct way_world {
	const struct config *config;   /* borrowed */
	const char *state_dir;         /* borrowed */
	struct net_client *net;        /* owned; opened when it is needed first */
};

struct way_message {
	struct rk_text subject, body, doc;
	int64_t at_ms;
	const char *id;                /* The same again for the same message. */
};

/* RK_OK: the other side has it.  Else 'err' says why not; with err->maybe_sent it may have
 * it all the same. */
int32_t way_send(struct way_world *world, const struct config_notice *notice,
                 struct rk_text way, const struct way_message *message,
                 struct rk_err *err);
int32_t way_heartbeat(struct way_world *world, const struct config_notice *notice,
                      struct rk_err *err);
void way_close(struct way_world *world);

/* Tells what is wrong with the references to secrets. */
void way_check(const struct config *config, struct problems *problems);

#endif
