/* SPDX-License-Identifier: Apache-2.0
 *
 * net.h - the parts of renkei-net and how they belong together.
 *
 *     run ==control==> struct control --has--> struct channel <==HTTP== connector
 *                                                   |
 *                                      struct account (credentials, limits)
 *
 * One thread, one event loop (loop.c), one libcurl multi handle.  An account is
 * a connection of the configuration; all channels of that name share it, also
 * those of other runs. */
#ifndef NET_NET_H
#define NET_NET_H

#include <sys/queue.h>
#include <sys/types.h>

#include "net/ledger.h"
#include "net/limiter.h"
#include "net/loop.h"
#include "net/sender.h"
#include "net/transfer.h"

struct account {
	TAILQ_ENTRY(account) link;
	uint32_t id;
	char *name;                    /* owned */
	struct secret_set secrets;     /* owned */
	struct limiter_rules rules;    /* owned */
	struct oauth *oauth;           /* owned; NULL: its key is all there is */
};

/* What a channel has used; its run may ask when the channel has gone. */
struct tally {
	TAILQ_ENTRY(tally) link;
	uint32_t channel;
	int64_t calls, bytes;
};

struct control {                       /* A run's connection. */
	TAILQ_ENTRY(control) link;
	uint32_t id;
	bool greeted;
	enum net_priority priority;    /* Of all its channels. */
	uint64_t served;               /* When a request of it went out last: net's count. */
	struct frame_stream stream;    /* owned */
	TAILQ_HEAD(, tally) tallies;   /* owned */
	size_t tally_count;
};

enum channel_state {
	CHANNEL_READY,                 /* For a request. */
	CHANNEL_RENEWING,              /* Its request, for a new access token. */
	CHANNEL_WAITING,               /* Its request, for the limiter. */
	CHANNEL_RUNNING,               /* At the CRM. */
	CHANNEL_SENDING,               /* The reply, to a slow connector. */
};

struct channel {                       /* A connector's connection. */
	TAILQ_ENTRY(channel) link, waiting;
	uint32_t id, call;
	struct control *control;       /* borrowed */
	struct account *account;       /* borrowed */
	const char *user;              /* Who spends: a sync, or a command. */
	struct tally *tally;           /* borrowed */
	enum channel_state state;
	uint32_t watched;              /* The events that its socket is watched for. */
	struct frame_stream stream;    /* owned */
	struct arena arena;            /* owned: origins */
	struct origin *origins;
	size_t origin_count;
	struct route route;
	int64_t request_deadline_ms;
	size_t max_body_bytes;
	struct request request;        /* owned */
	struct transfer transfer;      /* owned */
	struct sender sender;
	struct limiter_ticket ticket;
	uint64_t round;                /* The limiter's, in which it was asked for. */
	int64_t deadline, timeout_ms;  /* Of the request at hand; monotonic. */
	struct rk_text asked;          /* borrowed: the message that it came in */
	uint64_t credentials;          /* Their changes when it was filled in. */
	bool resent;                   /* It was refused, and goes again with others. */
	bool bears_token;              /* It is filled in with what OAuth gave. */
	bool manages;                  /* It may log in and out. */
	bool notes;                    /* It is for what renkei itself has to tell. */
};

struct net {
	struct loop loop;              /* owned */
	const char *state_dir;         /* borrowed */
	int dir, listener;             /* owned; listener -1: leaving */
	ino_t name_inode;              /* Of the socket's name, as we made it. */
	char hash[65];                 /* Of the first run's configuration. */
	uint32_t last_id;
	int64_t idle_ms, idle_since;   /* 0: somebody is connected. */
	int64_t trim_due;
	struct limiter limiter;        /* owned */
	struct ledger *ledger;         /* owned */
	uint64_t served;               /* Requests that went out. */
	int64_t wake;                  /* When a waiting request may be due. */
	TAILQ_HEAD(, account) accounts; /* owned */
	TAILQ_HEAD(, control) controls; /* owned */
	TAILQ_HEAD(, channel) channels; /* owned */
	TAILQ_HEAD(waiting_list, channel) waiting; /* As they came. */
};

#endif
