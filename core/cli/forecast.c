/* SPDX-License-Identifier: Apache-2.0
 *
 * forecast.c - see forecast.h.  What the source is asked is what the plan itself asked
 * it, limit by limit, as renkei-net counted it; what is written spends every limit of the
 * target but those that its manifest calls `reads_only`. */
#include "cli/forecast.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* Longer windows are spans that one waits for; shorter ones are a pace. */
#define PACE_MS ((int64_t)3600 * 1000)

struct part {                          /* Calls of one side. */
	struct app *app;
	const struct config_sync *sync;
	const struct forecast *f;
	const char *side, *connection;
	int64_t calls;                 /* All of them. */
	bool reads;                    /* Told by net; else by what writes spend. */
	int64_t wait_ms;               /* The longest that a limit makes it. */
};

bool
forecast_is_of(const struct net_spent *spent, const struct settings *s,
               struct rk_text limit)
{
	if (!text_eq(spent->limit, limit))
		return false;
	if (spent->connection.len > 0)
		return text_is(spent->connection, s->connection->name);
	for (size_t i = 0; i < s->origin_count; i++) {
		const struct rk_text *origin = &s->origins[i];
		const char *host = memmem(origin->ptr, origin->len, "://", 3);
		uint64_t before = host != NULL ? (uint64_t)(host + 3 - origin->ptr) : 0;
		if (text_eq((struct rk_text){ origin->ptr + before, origin->len - before },
		            spent->of))
			return true;
	}
	return false;
}

static void
ask_net(struct app *app, struct net_usage *usage)
{
	struct rk_err err;
	/* Without it the limits stand alone: nothing else depends on these figures. */
	if (app->world.net == NULL
	    || net_usage(app->world.net, &app->arena, usage, &err) != RK_OK)
		*usage = (struct net_usage){ 0 };
}

void
forecast_begun(struct app *app, struct forecast *f)
{
	ask_net(app, &f->begun);
}

void
forecast_ended(struct app *app, struct forecast *f)
{
	ask_net(app, &f->ended);
}

static int64_t
share_of(const struct net_usage *usage, const struct part *p, struct rk_text limit)
{
	int64_t calls = 0;
	for (size_t i = 0; i < usage->share_count; i++) {
		const struct net_share *s = &usage->shares[i];
		if (text_is(s->connection, p->connection) && text_eq(s->limit, limit)
		    && text_is(s->user, p->sync->name))
			calls += s->calls;
	}
	return calls;
}

static bool
is_reads_only(const struct session *session, struct rk_text limit)
{
	for (size_t i = 0; i < session->manifest.limit_count; i++)
		if (text_is(limit, session->manifest.limits[i].name))
			return session->manifest.limits[i].reads_only;
	return false;
}

static int64_t
calls_of(const struct part *p, const struct session *session, const struct net_limit *limit)
{
	if (!p->reads)
		return is_reads_only(session, limit->name) ? 0 : p->calls;
	int64_t spent = share_of(&p->f->ended, p, limit->name)
	                - share_of(&p->f->begun, p, limit->name);
	return spent < p->calls ? spent : p->calls;
}

/* The fullest of its windows counts. */
static struct net_spent
spent_of(const struct part *p, const struct session *session, struct rk_text limit)
{
	struct net_spent most = { .told_calls = -1, .told_left = -1 };
	for (size_t i = 0; i < p->f->ended.spent_count; i++) {
		const struct net_spent *s = &p->f->ended.spent[i];
		if (forecast_is_of(s, &session->settings, limit) && s->used >= most.used)
			most = *s;
	}
	return most;
}

/* How long the limit makes these calls take, at least. */
static int64_t
wait_of(const struct net_limit *limit, const struct net_spent *spent, int64_t calls,
        int64_t allowed, int64_t left)
{
	if (allowed <= 0 || calls <= left)
		return 0;
	if (limit->per_ms < PACE_MS)
		return (int64_t)((double)calls / (double)allowed * (double)limit->per_ms);
	int64_t now = clock_now_ms();
	int64_t frees = spent->resets_ms > now ? spent->resets_ms
	                : spent->began_ms > 0 ? spent->began_ms + limit->per_ms : now;
	int64_t first = frees > now ? frees - now : 0;
	return first + (calls - left - 1) / allowed * limit->per_ms;
}

static void
tell_limit(struct part *p, const struct session *session, const struct net_limit *limit)
{
	struct app *app = p->app;
	struct out *o = &app->out;
	int64_t calls = calls_of(p, session, limit);
	if (limit->calls <= 0 || calls <= 0)
		return;
	struct net_spent spent = spent_of(p, session, limit->name);
	int64_t allowed = net_allowed(limit->calls, spent.told_calls, limit->allocation);
	int64_t left = allowed > spent.used ? allowed - spent.used : 0;
	int64_t wait = wait_of(limit, &spent, calls, allowed, left);
	p->wait_ms = wait > p->wait_ms ? wait : p->wait_ms;
	const char *name = arena_text(&app->arena, limit->name).ptr;
	out_group(o, NULL, NULL);
	out_json_str(o, "side", p->side);
	out_json_str(o, "connection", p->connection);
	out_json_str(o, "limit", name);
	out_json_number(o, "calls", calls);
	out_json_number(o, "allowed", allowed);
	out_json_number(o, "left", left);
	out_json_number(o, "per_ms", limit->per_ms);
	out_group_end(o);
	if (limit->per_ms < PACE_MS)
		return;
	char span[48];
	int64_t percent = allowed > 0 ? (calls * 100 + allowed - 1) / allowed : 0;
	out_line(o, app_sayf(app, W_FORECAST_LIMIT, p->connection, name,
	                     app_number(app, percent), app_number(app, allowed),
	                     app_told(app, text_of(text_wait(span, limit->per_ms))).ptr,
	                     app_number(app, left), NULL));
}

static void
tell_part(struct part *p)
{
	struct app *app = p->app;
	struct out *o = &app->out;
	struct session session;
	int code = EXIT_DONE;
	out_group(o, NULL, NULL);
	out_json_str(o, "side", p->side);
	out_json_str(o, "connection", p->connection);
	out_json_str(o, "limit", NULL);
	out_json_number(o, "calls", p->calls);
	out_group_end(o);
	out_line(o, app_sayf(app, W_FORECAST_CALLS, p->connection,
	                     app_number(app, p->calls), NULL));
	if (!app_session(app, p->connection, &session, &code))
		return;
	const struct net_limit *limits = session_limits(&session, &app->arena);
	for (size_t i = 0; i < session.settings.limit_count; i++)
		tell_limit(p, &session, &limits[i]);
	session_close(&session);
}

static int64_t
greatest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* As long as calls took while it was planned; writes beside reading. */
static int64_t
pace_of(const struct sync_report *report, int64_t from_calls, int64_t to_calls)
{
	const struct sync_counts *c = &report->counts;
	int64_t made = c->source_calls + c->target_calls;
	int64_t took = report->ended_ms - report->started_ms;
	int64_t writers = report->cost.writers > 0 ? report->cost.writers : 1;
	return made <= 0 ? 0 : greatest(from_calls, to_calls / writers) * took / made;
}

void
forecast_tell(struct app *app, const struct config_sync *sync,
              const struct sync_report *report, const struct forecast *f)
{
	const struct sync_cost *cost = &report->cost;
	struct out *o = &app->out;
	struct part from = { .app = app, .sync = sync, .f = f, .side = "from", .reads = true,
		             .connection = sync->from.connection, .calls = cost->source_calls };
	struct part to = { .app = app, .sync = sync, .f = f, .side = "to",
		           .connection = sync->to.connection,
		           .calls = cost->look_calls + cost->write_calls };
	out_list(o, "calls");
	tell_part(&from);
	tell_part(&to);
	out_list_end(o);
	int64_t about = greatest(greatest(from.wait_ms, to.wait_ms),
	                         pace_of(report, from.calls, to.calls));
	char span[48];
	out_json_number(o, "about_ms", about);
	out_line(o, app_sayf(app, W_FORECAST_TIME,
	                     app_told(app, text_of(text_wait(span, about))).ptr, NULL));
}
