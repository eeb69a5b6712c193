/* SPDX-License-Identifier: Apache-2.0
 *
 * session.c - see session.h. */
#include "connector/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "store/override.h"
#include "record/schema.h"

/* What overlaps must cover beside the declared lags: resolution of stamps. */
#define RESOLUTION_MS 1000
#define OPEN_DEADLINE_MS 10000
#define BODY_MAX (32 * 1024 * 1024)

void
world_close(struct world *world)
{
	net_close(world->net);
	host_close(world->host);
	world->net = NULL;
	world->host = NULL;
}

void
world_hurry(struct world *world, enum net_priority priority)
{
	struct rk_err err;
	bool other = world->priority != priority;
	world->priority = priority;
	/* A net that does not answer is left when the next channel is opened. */
	if (other && world->net != NULL
	    && net_priority(world->net, priority, &err) != RK_OK)
		log_info("session.priority", "%s", err.message);
}

struct host *
world_host(struct world *world)
{
	if (world->host == NULL)
		world->host = host_open(world->state_dir, NULL);
	return world->host;
}

/* The first mistake in words; the list as a whole is `check`'s to print. */
static int32_t
first_problem(const struct problems *problems, struct rk_err *err)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *p = &problems->list[i];
		if (p->weight == PROBLEM_FATAL)
			return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s:%u: %s",
			               p->at.file != NULL ? p->at.file : "configuration", p->at.line,
			               p->text);
	}
	return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the connection cannot be used");
}

int32_t
session_open(struct session *s, struct world *world, const char *connection,
             struct rk_err *err)
{
	*s = (struct session){ .world = world, .arena = ARENA_INIT,
	                       .runner = RUNNER_INIT };
	s->connection = config_connection(world->config, connection);
	if (s->connection == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "there is no connection \"%s\" in the configuration", connection);
	struct problems problems = PROBLEMS_INIT;
	const char *const *dirs = connector_dirs(world->config, &s->arena);
	int32_t status = RK_OK;
	if (!manifest_find(&s->manifest, dirs, s->connection->connector, s->connection->at,
	                   &problems)
	    || !settings_check(&s->settings, s->connection, &s->manifest, &s->arena, &problems))
		status = first_problem(&problems, err);
	problems_free(&problems);
	const struct manifest_lags *lags = &s->settings.lags;
	s->request_deadline_ms = s->settings.request_deadline_ms;
	s->overlap_ms = lags->late_commit_ms + lags->index_lag_ms + lags->clock_ms
	                + RESOLUTION_MS;
	s->t_land_ms = lags->t_land_ms;
	s->t_visible_ms = lags->t_visible_ms;
	return status;
}

void
session_share(struct session *s, const struct session *of)
{
	*s = *of;
	s->arena = (struct arena)ARENA_INIT;
	s->runner = (struct runner)RUNNER_INIT;
	s->calls = 0;
	s->shares = true;
}

void
session_close(struct session *s)
{
	runner_stop(&s->runner);
	if (s->shares)
		return;
	manifest_free(&s->manifest);
	arena_free(&s->arena);
}

int32_t
session_object(struct session *s, const char *name, struct session_object *object,
               struct rk_err *err)
{
	const struct manifest_object *declared = manifest_object(&s->manifest, name);
	if (declared == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "connector %s has no object \"%s\"",
		               s->manifest.name, name);
	*object = (struct session_object){
		.name = name, .declared = declared,
		.page = declared->page > 0 ? declared->page : 100,
		.batch = declared->batch > 0 ? declared->batch : 1,
		.calls_page = declared->calls_page > 0 ? declared->calls_page : 1,
		.calls_batch = declared->calls_batch > 0 ? declared->calls_batch : 1,
		.guarantee = settings_guarantee(&s->settings, declared) };
	return RK_OK;
}

static int32_t
connect_net(struct session *s, struct rk_err *err)
{
	struct world *world = s->world;
	if (world->net != NULL)
		return RK_OK;
	int32_t status = net_connect(&world->net, world->state_dir, world->config->hash, err);
	if (status == RK_OK && world->priority != NET_BY_HAND)
		status = net_priority(world->net, world->priority, err);
	return status;
}

const struct net_limit *
session_limits(struct session *s, struct arena *arena)
{
	size_t count = s->settings.limit_count;
	struct overrides all = override_list(world_host(s->world), arena);
	struct net_limit *limits = arena_new_array(arena, count, struct net_limit);
	for (size_t i = 0; i < count; i++) {
		limits[i] = s->settings.limits[i];
		const struct override *o = override_find(&all, OVERRIDE_ALLOCATION,
			s->connection->name, arena_text(arena, limits[i].name).ptr);
		if (o != NULL)
			limits[i].allocation = net_part_of(o->value);
	}
	return limits;
}

int32_t
session_tell_limits(struct session *s, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	int32_t status = connect_net(s, err);
	if (status != RK_OK)
		return status;
	return net_limits(s->world->net, text_of(s->connection->name),
	                  session_limits(s, &arena), s->settings.limit_count, err);
}

/* 'scopes' NULL: the channel is for a connector. */
static int32_t
open_channel(struct session *s, const struct rk_text *scopes, uint32_t *channel, int *fd,
             struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct settings *from = &s->settings;
	struct net_secret *secrets;
	size_t secret_count;
	int32_t status = settings_secrets(from, &arena, &secrets, &secret_count, err);
	if (status != RK_OK)
		return status;
	struct net_open open = {
		.connection = text_of(s->connection->name),
		.user = text_of(s->world->user), .origins = from->origins,
		.origin_count = from->origin_count, .secrets = secrets,
		.secret_count = secret_count, .limits = session_limits(s, &arena),
		.limit_count = from->limit_count,
		.request_deadline_ms = s->request_deadline_ms, .max_body_bytes = BODY_MAX,
		.proxy = text_of(s->connection->proxy),
		.ca_file = text_of(s->connection->ca_file),
		.seal_key = text_of(settings_seal_key(s->world->state_dir, &arena)),
		.oauth = from->oauth };
	if (scopes != NULL) {
		open.oauth.scopes = *scopes;
		open.oauth.manage = 1;
	}
	status = net_open_channel(s->world->net, &open, channel, fd, err);
	settings_forget(secrets, secret_count);
	return status;
}

/* A net that is gone, or of another version, is left and connected anew once. */
static int32_t
open_channel_anew(struct session *s, const struct rk_text *scopes, uint32_t *channel,
                  int *fd, struct rk_err *err)
{
	int32_t status = connect_net(s, err);
	if (status == RK_OK)
		status = open_channel(s, scopes, channel, fd, err);
	if (status != RK_AGAIN)
		return status;
	net_close(s->world->net);
	s->world->net = NULL;
	status = connect_net(s, err);
	return status == RK_OK ? open_channel(s, scopes, channel, fd, err) : status;
}

int32_t
session_login(struct session *s, struct rk_text scopes, int *fd, struct rk_err *err)
{
	uint32_t channel;
	return open_channel_anew(s, &scopes, &channel, fd, err);
}

int32_t
session_verify(struct session *s, struct net_verify *verify, struct rk_err *err)
{
	FD_AUTO fd = -1;
	int32_t status = open_channel_anew(s, NULL, &verify->channel, &fd, err);
	return status == RK_OK ? net_verify(s->world->net, verify, err) : status;
}

static int32_t
start(struct session *s, struct rk_err *err)
{
	if (s->runner.pid != 0)
		return RK_OK;
	int fd;
	uint32_t channel;
	int32_t status = open_channel_anew(s, NULL, &channel, &fd, err);
	if (status != RK_OK)
		return status;
	runner_stop(&s->runner);
	struct runner_spec spec = {
		.connector = s->connection->connector, .so_path = s->manifest.path,
		.settings = s->settings.values, .setting_count = s->settings.value_count,
		.sandbox = sandbox_named(s->connection->sandbox),
		.directory = settings_directory(&s->settings),
		.open_deadline_ms = OPEN_DEADLINE_MS };
	return runner_start(&s->runner, &spec, fd, err);
}

int32_t
session_ask_list(struct session *s, const struct session_object *object,
                 const struct rk_query *query, struct rk_err *err)
{
	int32_t status = start(s, err);
	if (status != RK_OK)
		return status;
	struct buf *out = runner_arguments(&s->runner,
	                                   s->request_deadline_ms * object->calls_page);
	record_encode_query(out, query);
	runner_ask(&s->runner, CONNECTOR_LIST);
	return RK_OK;
}

int32_t
session_ask_upsert(struct session *s, const struct session_object *object,
                   const struct rk_batch *batch, struct rk_err *err)
{
	int32_t status = start(s, err);
	if (status != RK_OK)
		return status;
	struct buf *out = runner_arguments(&s->runner,
	                                   s->request_deadline_ms * object->calls_batch);
	record_encode_batch(out, batch);
	runner_ask(&s->runner, CONNECTOR_UPSERT);
	return RK_OK;
}

bool
session_poll(struct session *s, struct runner_answer *answer)
{
	if (!runner_poll(&s->runner, answer))
		return false;
	s->calls += answer->http_calls;
	return true;
}

void
session_wait(struct session *s, struct runner_answer *answer)
{
	runner_wait(&s->runner, answer);
	s->calls += answer->http_calls;
}

int
session_fd(const struct session *s)
{
	return runner_fd(&s->runner);
}

static int32_t
ask(struct session *s, enum connector_message type, const char *object, struct rk_err *err)
{
	int32_t status = start(s, err);
	if (status != RK_OK)
		return status;
	struct buf *out = runner_arguments(&s->runner, s->request_deadline_ms * 2);
	if (type == CONNECTOR_DESCRIBE)
		wire_str(out, object);
	runner_ask(&s->runner, type);
	return RK_OK;
}

/* The answer's bytes are copied to the arena and cached. */
static int32_t
keep_answer(struct session *s, const struct runner_answer *answer, const char *name,
            struct arena *arena, struct rk_text *bytes, struct rk_err *err)
{
	if (answer->status != RK_OK) {
		*err = answer->err;
		return answer->status;
	}
	*bytes = arena_text(arena, answer->bytes);
	cache_put(world_host(s->world), s->connection->name, name, clock_now_ms(), *bytes);
	return RK_OK;
}

static int32_t
keep(struct session *s, const char *name, struct arena *arena, struct rk_text *bytes,
     struct rk_err *err)
{
	struct runner_answer answer;
	session_wait(s, &answer);
	return keep_answer(s, &answer, name, arena, bytes, err);
}

static int32_t
damaged(const struct session *s, const char *what, struct rk_err *err)
{
	return err_set(err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: its %s is "
	               "damaged", s->connection->connector, what);
}

/* What is kept belongs to these settings and this connector, not to the name. */
static void
cache_name(const struct session *s, char *name, size_t size, const char *what,
           const char *object)
{
	snprintf(name, size, "%s %s %s@%s %.*s", what, object != NULL ? object : "",
	         s->manifest.name, s->manifest.version,
	         s->settings.origin_count > 0 ? (int)s->settings.origins[0].len : 0,
	         s->settings.origin_count > 0 ? s->settings.origins[0].ptr : "");
}

static bool
cached_account(struct session *s, int64_t max_age_ms, struct arena *arena,
               struct rk_account *account)
{
	char name[512];
	struct rk_text bytes;
	cache_name(s, name, sizeof name, "account", NULL);
	return max_age_ms > 0
	       && cache_get(world_host(s->world), s->connection->name, name,
	                    clock_now_ms() - max_age_ms, arena, &bytes)
	       && account_decode(bytes, arena, account) && !account->not_entitled;
}

void
session_ahead(struct session *s, const char *object, int64_t max_age_ms)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_account account;
	struct rk_schema schema;
	struct rk_err err;
	s->ahead_account = !cached_account(s, max_age_ms, &arena, &account);
	if (!s->ahead_account && session_cached_schema(s, object, max_age_ms, &arena, &schema))
		return;
	if (ask(s, s->ahead_account ? CONNECTOR_AUTH : CONNECTOR_DESCRIBE, object, &err) == RK_OK)
		s->ahead = object;
}

/* What was asked for ahead is in the cache then; 'answer' NULL: it is waited for. */
static int32_t
take_ahead(struct session *s, const struct runner_answer *answer, struct arena *arena,
           struct rk_err *err)
{
	char name[512];
	struct rk_text bytes;
	if (s->ahead == NULL)
		return RK_OK;
	cache_name(s, name, sizeof name, s->ahead_account ? "account" : "schema",
	           s->ahead_account ? NULL : s->ahead);
	s->ahead = NULL;
	return answer != NULL ? keep_answer(s, answer, name, arena, &bytes, err)
	                      : keep(s, name, arena, &bytes, err);
}

void
session_ahead_next(struct session *s, int64_t max_age_ms)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct runner_answer answer;
	struct rk_err err;
	const char *object = s->ahead;
	/* What failed is asked again by whoever needs it, and told then. */
	if (object != NULL && s->ahead_account && session_poll(s, &answer)
	    && take_ahead(s, &answer, &arena, &err) == RK_OK)
		session_ahead(s, object, max_age_ms);
}

int32_t
session_account(struct session *s, int64_t max_age_ms, struct arena *arena,
                struct rk_account *account, struct rk_err *err)
{
	char name[512];
	struct rk_text bytes;
	int32_t status = take_ahead(s, NULL, arena, err);
	if (status != RK_OK)
		return status;
	if (cached_account(s, max_age_ms, arena, account))
		return RK_OK;
	cache_name(s, name, sizeof name, "account", NULL);
	status = ask(s, CONNECTOR_AUTH, NULL, err);
	if (status == RK_OK)
		status = keep(s, name, arena, &bytes, err);
	if (status == RK_OK && !account_decode(bytes, arena, account))
		return damaged(s, "account", err);
	if (status == RK_OK && account->not_entitled) {
		status = err_set(err, RK_PAUSE, RK_CAT_PERMISSION, "the contract of the "
		                 "account at connection \"%s\" does not include this use "
		                 "of the CRM", s->connection->name);
		text_copy(err->code, sizeof err->code, TEXT_LIT(RK_CODE_NOT_ENTITLED));
	}
	return status;
}

bool
session_cached_schema(struct session *s, const char *object, int64_t max_age_ms,
                      struct arena *arena, struct rk_schema *schema)
{
	char name[512];
	struct rk_text bytes;
	cache_name(s, name, sizeof name, "schema", object);
	return cache_get(world_host(s->world), s->connection->name, name,
	                 clock_now_ms() - max_age_ms, arena, &bytes)
	       && schema_decode(bytes, arena, schema);
}

int32_t
session_schema(struct session *s, const char *object, int64_t max_age_ms,
               struct arena *arena, struct rk_schema *schema, struct rk_err *err)
{
	char name[512];
	struct rk_text bytes;
	int32_t status = take_ahead(s, NULL, arena, err);
	if (status != RK_OK)
		return status;
	if (max_age_ms > 0 && session_cached_schema(s, object, max_age_ms, arena, schema))
		return RK_OK;
	cache_name(s, name, sizeof name, "schema", object);
	status = ask(s, CONNECTOR_DESCRIBE, object, err);
	if (status == RK_OK)
		status = keep(s, name, arena, &bytes, err);
	if (status == RK_OK && !schema_decode(bytes, arena, schema))
		return damaged(s, "description of fields", err);
	return status;
}
