/* SPDX-License-Identifier: Apache-2.0
 *
 * session.h - one connection of the configuration, opened: its manifest, its
 * channel to renkei-net, its connector's process.
 *
 *     open -> ( ask -> poll | wait )* -> close
 *
 * The process is started at the first ask and again after it died; a net that
 * is gone is connected anew.  What connections tell about accounts and fields
 * is kept for an hour in the cache. */
#ifndef CONNECTOR_SESSION_H
#define CONNECTOR_SESSION_H

#include "config/config.h"
#include "connector/manifest.h"
#include "connector/runner.h"
#include "connector/settings.h"
#include "net/client.h"
#include "store/cache.h"

/* What all sessions of a program share. */
struct world {
	const struct config *config;
	const char *state_dir;
	struct net_client *net;        /* owned; NULL until used */
	struct host *host;             /* owned; NULL until used */
	const char *user;              /* For whom calls are made; NULL: nobody told. */
	enum net_priority priority;    /* Of all calls; set by world_hurry. */
};

/* From here on; a net that comes later is told as well. */
void world_hurry(struct world *world, enum net_priority priority);

void world_close(struct world *world);
/* host.db, opened when it is first used; NULL: it cannot be. */
struct host *world_host(struct world *world);

/* An object at a connection, as the manifest declares it and the configuration
 * overrides it. */
struct session_object {
	const char *name;              /* borrowed */
	const struct manifest_object *declared;
	int64_t page, batch, calls_page, calls_batch;
	enum guarantee guarantee;
};

struct session {
	struct world *world;           /* borrowed */
	const struct config_connection *connection;
	struct arena arena;            /* owned */
	struct manifest manifest;      /* owned */
	struct settings settings;
	bool shares;                   /* What the connection declares is another's. */
	struct runner runner;          /* owned; runs if pid != 0 */
	const char *ahead;             /* Its description was asked for; NULL: none. */
	bool ahead_account;            /* It waits for the account, which is on its way. */
	int64_t calls;                 /* HTTP requests made so far. */
	int64_t request_deadline_ms, overlap_ms, t_land_ms, t_visible_ms;
};

/* Finds the connector and checks the connection's settings; starts nothing.
 * RK_PAUSE and 'err' say what is wrong. */
int32_t session_open(struct session *s, struct world *world, const char *connection,
                     struct rk_err *err);
/* The same connection again, for a process beside that of 'of', which must be closed
 * later. */
void session_share(struct session *s, const struct session *of);
void session_close(struct session *s);
/* Its limits with the allocations that were set at run time (store/override.h). */
const struct net_limit *session_limits(struct session *s, struct arena *arena);
/* Net is told of them: from here on they hold for all that use the connection. */
int32_t session_tell_limits(struct session *s, struct rk_err *err);
/* A channel on which its login may be managed (net/client.h), asking for these scopes,
 * in the CRM's own form; the caller's. */
int32_t session_login(struct session *s, struct rk_text scopes, int *fd,
                      struct rk_err *err);
/* Whether who sent a webhook has the secret of the connection's hook; RK_REJECT, category
 * auth: no.  Fills in the channel. */
int32_t session_verify(struct session *s, struct net_verify *verify, struct rk_err *err);
/* The object of that name; RK_PAUSE if this connector has none. */
int32_t session_object(struct session *s, const char *name, struct session_object *object,
                       struct rk_err *err);

/* Sends a call; starts the process if needed.  Not RK_OK: nothing was asked. */
int32_t session_ask_list(struct session *s, const struct session_object *object,
                         const struct rk_query *query, struct rk_err *err);
int32_t session_ask_upsert(struct session *s, const struct session_object *object,
                           const struct rk_batch *batch, struct rk_err *err);
bool session_poll(struct session *s, struct runner_answer *answer);
void session_wait(struct session *s, struct runner_answer *answer);
int session_fd(const struct session *s);

/* Account and fields, from the cache if not older than 'max_age_ms', else
 * asked for.  'object' NULL lists the objects. */
int32_t session_account(struct session *s, int64_t max_age_ms, struct arena *arena,
                        struct rk_account *account, struct rk_err *err);
int32_t session_schema(struct session *s, const char *object, int64_t max_age_ms,
                       struct arena *arena, struct rk_schema *schema, struct rk_err *err);
/* Asks for the account and then the description before they are needed, unless they are
 * remembered: the next call of the two above waits for what is on its way, and fails if
 * this did.  The second is asked for by _next, when the first has come. */
void session_ahead(struct session *s, const char *object, int64_t max_age_ms);
void session_ahead_next(struct session *s, int64_t max_age_ms);
/* Only from the cache. */
bool session_cached_schema(struct session *s, const char *object, int64_t max_age_ms,
                           struct arena *arena, struct rk_schema *schema);

#endif
