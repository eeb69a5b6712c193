/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_usage.c - renkei usage: what is spent of each limit of a connection, when it
 * frees, what the CRM itself tells, and who made the calls of the last 24 hours.  The
 * figures are renkei-net's; nothing is asked of a CRM. */
#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "net/client.h"

struct usage {
	struct app *app;
	struct net_usage net;
	struct table limits, calls;
	const char *others;            /* Said below the tables; NULL: nothing. */
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

/* Whether the window is one of this connection: of its name, or of a host of it. */
static bool
is_of(const struct net_spent *spent, const struct settings *s,
      const struct net_limit *limit)
{
	if (!text_eq(spent->limit, limit->name))
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

/* What the CRM counts since its own midnight is at most what it counts in 24 hours:
 * more than ours of 24 hours was surely made by others. */
static void
note_others(struct usage *u, const struct settings *s, const struct net_limit *limit,
            const struct net_spent *spent)
{
	struct app *app = u->app;
	int64_t others = spent->told_calls - spent->told_left
	                 - calls_of(u, s->connection->name, limit->name);
	if (spent->told_left < 0 || limit->resets.len == 0 || others <= 0)
		return;
	const char *said = app_sayf(app, W_USAGE_OTHERS, s->connection->name,
	                            app_number(app, others),
	                            arena_text(&app->arena, limit->name).ptr, NULL);
	u->others = u->others == NULL ? said
		: arena_printf(&app->arena, "%s\n%s", u->others, said).ptr;
}

static void
add_limit(struct usage *u, const struct settings *s, const struct net_limit *limit,
          const struct net_spent *spent)
{
	static const struct net_spent unused = { .told_calls = -1, .told_left = -1 };
	struct cell *row = table_row(&u->limits);
	if (spent == NULL)
		spent = &unused;
	row[0] = cell_str(s->connection->name);
	row[1] = cell_text(arena_text(&u->app->arena, limit->name));
	row[2] = cell_text(spent->of);
	row[3] = cell_number(limit->calls > 0 ? spent->used : spent->under_way);
	row[4] = cell_number(limit->calls > 0 ? limit->calls : limit->concurrent);
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
}

static void
add_connection(struct usage *u, const struct settings *s)
{
	for (size_t i = 0; i < s->limit_count; i++) {
		const struct net_limit *limit = &s->limits[i];
		bool any = false;
		for (size_t j = 0; j < u->net.spent_count; j++) {
			if (!is_of(&u->net.spent[j], s, limit))
				continue;
			add_limit(u, s, limit, &u->net.spent[j]);
			note_others(u, s, limit, &u->net.spent[j]);
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
		add_connection(u, &session.settings);
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
		{ "paused_until", W_PAUSED_UNTIL, 0 },
	};
	static const struct column call_columns[] = {
		{ "connection", W_CONNECTION, 30 }, { "by", W_CALLED_BY, 30 },
		{ "last_24h", W_LAST_24H, 0 },
	};
	if (!app_load(app))
		return EXIT_USAGE;
	if (argc > 1 && app_connection(app, argv[1]) == NULL)
		return EXIT_USAGE;
	struct usage u = { .app = app };
	u.limits = (struct table){ .columns = limit_columns, .arena = &app->arena,
		.column_count = sizeof limit_columns / sizeof *limit_columns };
	u.calls = (struct table){ .columns = call_columns, .arena = &app->arena,
		.column_count = sizeof call_columns / sizeof *call_columns };
	int code = ask_net(&u);
	if (code != EXIT_DONE)
		return code;
	code = add_connections(&u, argc > 1 ? argv[1] : NULL);
	out_table(&app->out, "limits", &u.limits);
	out_line(&app->out, "");
	out_table(&app->out, "calls", &u.calls);
	if (u.others != NULL)
		out_line(&app->out, u.others);
	return code;
}
