/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_usage.c - renkei usage: what is spent of each limit of a connection, when it
 * frees or will be used up, what the CRM itself tells, and who made the calls of the last 24 hours.  The
 * figures are renkei-net's; nothing is asked of a CRM. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/forecast.h"
#include "net/client.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
/* Shorter windows are over before anybody has read what would become of them. */
#define FORECAST_MS ((int64_t)3600 * 1000)
/* So long a pace must last to tell anything. */
#define PACE_MS 60000
/* The last columns of limits are for programs. */
#define ONLY_JSON 2

struct usage {
	struct app *app;
	struct net_usage net;
	struct table limits, calls;
	const char *notes;             /* Said below the tables; NULL: nothing. */
	int64_t now_ms;
};

/* 10000 -> "10s", 86400000 -> "1d". */
static struct rk_text
duration(struct app *app, int64_t ms)
{
	static const struct { int64_t ms; const char *unit; } units[] = {
		{ 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" },
		{ 1, "ms" },
	};
	size_t i = 0;
	while (ms % units[i].ms != 0)
		i++;
	return arena_printf(&app->arena, "%" PRId64 "%s", ms / units[i].ms, units[i].unit);
}

static int64_t
calls_of(const struct usage *u, const char *connection, struct rk_text limit)
{
	int64_t calls = 0;
	for (size_t i = 0; i < u->net.share_count; i++) {
		const struct net_share *s = &u->net.shares[i];
		if (text_is(s->connection, connection) && text_eq(s->limit, limit))
			calls += s->calls;
	}
	return calls;
}

/* One limit as a whole, as the tables and the notes need it. */
struct outlook {
	const struct net_limit *limit;
	const struct net_spent *spent;
	int64_t allowed;
	int64_t others;                /* Calls that are none of ours; 0: none are known. */
	int64_t used_up_ms;            /* At this pace; 0: not before it resets. */
};

/* What the CRM counts since its own midnight, or in its last 24 hours, is at most what it
 * counts in 24 hours: more than ours of 24 hours was surely made by others. */
static int64_t
others_of(const struct usage *u, const struct settings *s, const struct net_limit *limit,
          const struct net_spent *spent)
{
	int64_t others = spent->told_calls - spent->told_left
	                 - calls_of(u, s->connection->name, limit->name);
	bool daily = limit->resets.len > 0 || limit->per_ms == DAY_MS;
	return spent->told_left < 0 || !daily || others < 0 ? 0 : others;
}

/* When 'left' calls are made if it goes on as it did since the window began; 0: not in
 * this window, or nothing is known yet. */
static int64_t
used_up_at(const struct usage *u, const struct outlook *o, int64_t used, int64_t left)
{
	int64_t began = o->spent->began_ms, took = u->now_ms - began;
	int64_t ends = o->spent->resets_ms > 0 ? o->spent->resets_ms : began + o->limit->per_ms;
	if (began == 0 || took < PACE_MS || used <= 0 || o->limit->per_ms < FORECAST_MS)
		return 0;
	double at = (double)u->now_ms + (double)took * (double)left / (double)used;
	return left <= 0 || at >= (double)ends ? 0 : (int64_t)at;
}

/* Ours and those of others together may use up what the CRM allows before we alone use
 * up our share. */
static struct outlook
look_ahead(const struct usage *u, const struct settings *s, const struct net_limit *limit,
           const struct net_spent *spent)
{
	struct outlook o = { .limit = limit, .spent = spent };
	o.allowed = limit->calls > 0
	            ? net_allowed(limit->calls, spent->told_calls, limit->allocation)
	            : limit->concurrent;
	o.others = others_of(u, s, limit, spent);
	int64_t ours = used_up_at(u, &o, spent->used, o.allowed - spent->used), all = 0;
	if (spent->told_left > 0)
		all = used_up_at(u, &o, spent->told_calls - spent->told_left, spent->told_left);
	o.used_up_ms = ours == 0 || (all != 0 && all < ours) ? all : ours;
	return o;
}

static void
note(struct usage *u, const char *said)
{
	u->notes = u->notes == NULL ? said
		: arena_printf(&u->app->arena, "%s\n%s", u->notes, said).ptr;
}

static void
tell_outlook(struct usage *u, const struct settings *s, const struct outlook *o)
{
	struct app *app = u->app;
	const char *name = s->connection->name;
	const char *limit = arena_text(&app->arena, o->limit->name).ptr;
	char wait[48];
	if (o->others > 0)
		note(u, app_sayf(app, W_USAGE_OTHERS, name, app_number(app, o->others), limit,
		                 NULL));
	if (o->limit->calls == 0)
		return;
	if (o->spent->used >= o->allowed && o->limit->per_ms >= FORECAST_MS)
		note(u, app_sayf(app, W_USAGE_USED_UP, name, limit, app_number(app, o->allowed),
		                 app_number(app, o->limit->calls), NULL));
	else if (o->used_up_ms != 0)
		note(u, app_sayf(app, W_USAGE_FORECAST, name, limit,
		                 app_time(app, o->used_up_ms),
		                 app_told(app, text_of(text_wait(wait, o->used_up_ms
		                                                       - u->now_ms))).ptr,
		                 NULL));
}

static void
add_limit(struct usage *u, const struct settings *s, const struct net_limit *limit,
          const struct net_spent *spent)
{
	static const struct net_spent unused = { .told_calls = -1, .told_left = -1 };
	struct cell *row = table_row(&u->limits);
	if (spent == NULL)
		spent = &unused;
	struct outlook o = look_ahead(u, s, limit, spent);
	tell_outlook(u, s, &o);
	row[0] = cell_str(s->connection->name);
	row[1] = cell_text(arena_text(&u->app->arena, limit->name));
	row[2] = cell_text(spent->of);
	row[3] = cell_number(limit->calls > 0 ? spent->used : spent->under_way);
	row[4] = cell_number(o.allowed);
	if (limit->calls > 0)
		row[5] = cell_text(duration(u->app, limit->per_ms));
	row[6] = cell_number(calls_of(u, s->connection->name, limit->name));
	if (spent->told_calls >= 0)
		row[7] = cell_number(spent->told_calls);
	if (spent->told_left >= 0)
		row[8] = cell_number(spent->told_left);
	if (spent->resets_ms > 0)
		row[9] = cell_time(spent->resets_ms);
	if (spent->paused_ms > 0)
		row[10] = cell_time(spent->paused_ms);
	if (o.used_up_ms > 0)
		row[11] = cell_time(o.used_up_ms);
	if (!u->app->json)
		return;
	row[12] = cell_number(limit->calls > 0 ? limit->calls : limit->concurrent);
	row[13] = cell_number(o.others);
}

static void
add_connection(struct usage *u, struct session *session)
{
	const struct settings *s = &session->settings;
	const struct net_limit *limits = session_limits(session, &u->app->arena);
	for (size_t i = 0; i < s->limit_count; i++) {
		const struct net_limit *limit = &limits[i];
		bool any = false;
		for (size_t j = 0; j < u->net.spent_count; j++) {
			if (!forecast_is_of(&u->net.spent[j], s, limit->name))
				continue;
			add_limit(u, s, limit, &u->net.spent[j]);
			any = true;
		}
		if (!any)
			add_limit(u, s, limit, NULL);
	}
	for (size_t i = 0; i < u->net.share_count; i++) {
		const struct net_share *share = &u->net.shares[i];
		if (!text_is(share->connection, s->connection->name) || share->limit.len > 0)
			continue;
		struct cell *row = table_row(&u->calls);
		row[0] = cell_str(s->connection->name);
		row[1] = cell_text(share->user);
		row[2] = cell_number(share->calls);
	}
}

/* Opens each connection that is meant, without starting its connector. */
static int
add_connections(struct usage *u, const char *only)
{
	struct app *app = u->app;
	int code = EXIT_DONE;
	for (size_t i = 0; i < app->config.connection_count; i++) {
		const char *name = app->config.connections[i].name;
		struct session session;
		if (only != NULL && strcmp(name, only) != 0)
			continue;
		if (!app_session(app, name, &session, &code))
			continue;
		add_connection(u, &session);
		session_close(&session);
	}
	return code;
}

static int
ask_net(struct usage *u)
{
	struct app *app = u->app;
	struct rk_err err = ERR_INIT;
	int32_t status = net_connect(&app->world.net, app->state_dir, app->config.hash,
	                             &err);
	if (status == RK_OK)
		status = net_usage(app->world.net, &app->arena, &u->net, &err);
	return status == RK_OK ? EXIT_DONE : app_error(app, status, &err, NULL);
}

int
cmd_usage(struct app *app, int argc, char **argv)
{
	static const struct column limit_columns[] = {
		{ "connection", W_CONNECTION, 30 }, { "limit", W_LIMIT, 20 },
		{ "of", W_OF, 30 },                 { "used", W_USED, 0 },
		{ "allowed", W_ALLOWED, 0 },        { "per", W_PER, 0 },
		{ "last_24h", W_LAST_24H, 0 },      { "crm_allows", W_CRM_ALLOWS, 0 },
		{ "crm_left", W_CRM_LEFT, 0 },      { "resets", W_RESETS, 0 },
		{ "paused_until", W_PAUSED_UNTIL, 0 }, { "used_up", W_USED_UP, 0 },
		{ "declared", W_ALLOWED, 0 }, { "others", W_OTHERS, 0 },
	};
	static const struct column call_columns[] = {
		{ "connection", W_CONNECTION, 30 }, { "by", W_CALLED_BY, 30 },
		{ "last_24h", W_LAST_24H, 0 },
	};
	if (!app_load(app))
		return EXIT_USAGE;
	if (argc > 1 && app_connection(app, argv[1]) == NULL)
		return EXIT_USAGE;
	struct usage u = { .app = app, .now_ms = clock_now_ms() };
	u.limits = (struct table){ .columns = limit_columns, .arena = &app->arena,
		.column_count = sizeof limit_columns / sizeof *limit_columns
		                - (app->json ? 0 : ONLY_JSON) };
	u.calls = (struct table){ .columns = call_columns, .arena = &app->arena,
		.column_count = sizeof call_columns / sizeof *call_columns };
	int code = ask_net(&u);
	if (code != EXIT_DONE)
		return code;
	code = add_connections(&u, argc > 1 ? argv[1] : NULL);
	out_table(&app->out, "limits", &u.limits);
	out_line(&app->out, "");
	out_table(&app->out, "calls", &u.calls);
	if (u.notes != NULL)
		out_line(&app->out, u.notes);
	return code;
}
