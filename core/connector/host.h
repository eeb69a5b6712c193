/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h - the services that a connector is given: HTTP through the channel to
 * renkei-net, settings, log, clock, and memory that dies with the call.
 * Used inside renkei-connector; one object a process. */
#ifndef CONNECTOR_HOST_H
#define CONNECTOR_HOST_H

#include "base/arena.h"
#include "record/frame.h"

struct host_setting {
	struct rk_text name, value;
	bool secret;                   /* Given, but its value is not here. */
};

struct host {
	struct rk_host table;          /* First: the services are found by it. */
	struct arena call;             /* owned: cleared before each call */
	struct arena kept;             /* owned: settings */
	struct host_setting *settings;
	size_t setting_count;
	struct frame_stream *run;      /* borrowed: logs go there */
	struct frame_stream net;       /* owned */
	int64_t deadline_ms;           /* Of the call, wall clock. */
	uint32_t http_calls;           /* Made by the call. */
	uint32_t next_call;
	struct buf out;                /* owned: scratch */
};

/* Takes 'net_fd'. */
void host_open(struct host *host, struct frame_stream *run, int net_fd);
void host_begin_call(struct host *host, int64_t deadline_ms);
/* cJSON's hooks, set once before the connector is loaded, lead here. */
void host_use_arena_for_json(struct host *host);

#endif
