/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_check.c - renkei check: configuration, connectors and mappings; with
 * --online what each CRM says of account, rights and fields, and what each sync has
 * brought about (check_results.c).  Without it mappings are compiled against the fields
 * as last told, if they ever were. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/check.h"
#include "cli/command.h"
#include "cli/login.h"
#include "cli/overrides.h"
#include "mapping/mapping.h"

/* What a run would take from the cache is an hour old at most; for a look at
 * mistakes any age is better than nothing. */
#define ANY_AGE_MS (INT64_C(3650) * 86400000)

/* Many times what a whole system trusts. */
#define CA_FILE_MAX (16u * 1024 * 1024)

struct check {
	struct app *app;
	struct session *sessions;      /* One a connection; manifest.path NULL: none. */
	bool *open, *usable;           /* 'usable': its fields may be asked for. */
	struct check_seen *seen;       /* One a sync. */
	bool warned;                   /* Something was told that is no mistake. */
	int code;
};

/* ---- Accounts and rights ----------------------------------------------- */

static void
complain_grant(struct check *check, const struct session *session,
               const struct rk_grant *grant)
{
	struct rk_err err;
	err_set(&err, RK_PAUSE, RK_CAT_PERMISSION, "%s",
	        app_sayf(check->app, W_GRANT_MISSING,
	                 arena_text(&check->app->arena, grant->name).ptr,
	                 arena_text(&check->app->arena, grant->detail).ptr, NULL));
	app_error(check->app, RK_PAUSE, &err, session->connection->name);
	check->code = exit_worse(check->code, EXIT_CREDENTIALS);
}

static void
tell_grants(struct check *check, const struct session *session,
            const struct rk_account *account)
{
	static const struct column columns[] = {
		{ "name", W_GRANT, 0 },
		{ "granted", W_GRANTED, 0 },
		{ "needed", W_NEEDED, 0 },
		{ "detail", W_DETAIL, 60 },
	};
	struct table t = { .columns = columns, .arena = &check->app->arena,
	                   .column_count = 4 };
	for (uint64_t i = 0; i < account->grant_count; i++) {
		const struct rk_grant *g = &account->grants[i];
		bool needed = check_needs(&check->app->config, session, g->name);
		struct cell *row = table_row(&t);
		row[0] = cell_text(g->name);
		row[1] = cell_bool(g->granted);
		row[2] = cell_bool(needed);
		/* What nobody needs is not to be asked for. */
		row[3] = cell_text(needed || g->granted || check->app->json
		                   ? app_told(check->app, g->detail) : TEXT_LIT(""));
		if (needed && !g->granted)
			complain_grant(check, session, g);
	}
	if (t.count > 0 || check->app->json)
		out_table(&check->app->out, "grants", &t);
}

/* What OAuth granted, as the CRM told it with the token. */
static void
tell_login(struct check *check, struct session *session)
{
	struct app *app = check->app;
	struct net_grant told;
	struct rk_err err = ERR_INIT;
	if (session->settings.oauth.token_url.len == 0)
		return;
	int32_t status = login_look(app, session, &told, &err);
	if (status == RK_OK) {
		login_tell(app, &told);
		out_flush(&app->out);
		check->code = exit_worse(check->code, login_tell_missing(app, session, &told));
	} else {
		check->code = exit_worse(check->code,
		                         app_error(app, status, &err, session->connection->name));
	}
}

/* False: the connection is of no use; it was said why. */
static bool
tell_account(struct check *check, struct session *session)
{
	struct app *app = check->app;
	struct rk_account account;
	struct rk_err err = ERR_INIT;
	const char *name = session->connection->name;
	int32_t status = session_account(session, 0, &app->arena, &account, &err);
	out_json_str(&app->out, "state", status == RK_OK ? "ok" : "failed");
	if (status != RK_OK) {
		out_line(&app->out, app_say(app, W_NOT_REACHED));
		out_flush(&app->out);
		check->code = exit_worse(check->code, app_error(app, status, &err, name));
		return false;
	}
	out_text(&app->out, "account", W_ACCOUNT, account.account);
	out_text(&app->out, "user", W_USER, account.user);
	if (account.expires_ms >= 0)
		out_time(&app->out, "expires", W_EXPIRES, account.expires_ms);
	tell_grants(check, session, &account);
	tell_login(check, session);
	return true;
}

/* ---- Certificates -------------------------------------------------------------- */

/* In PEM, as OpenSSL reads it; whether it is a sound one, a call tells. */
static bool
has_certificate(const char *pem)
{
	static const char mark[] = "CERTIFICATE-----";
	const char *begin = strstr(pem, "-----BEGIN ");
	const char *end = begin != NULL ? strstr(begin, "-----END ") : NULL;
	const char *name = begin != NULL ? strstr(begin, mark) : NULL;
	return end != NULL && name != NULL && name < end && strstr(end, mark) != NULL;
}

/* A list of its own that cannot be used fails every call: it is said before the first.
 * False: it was. */
static bool
check_ca_file(struct check *check, const struct config_connection *c)
{
	struct app *app = check->app;
	struct rk_err err;
	BUF_AUTO pem = BUF_INIT(CA_FILE_MAX);
	const char *why = NULL;
	if (c->ca_file == NULL)
		return true;
	if (!io_read_file(c->ca_file, &pem))
		why = strerror(errno);
	else if (!has_certificate(buf_str(&pem)))
		why = app_say(app, W_CA_FILE_EMPTY);
	if (why == NULL)
		return true;
	err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%s",
	        app_sayf(app, W_CA_FILE_BAD, c->name, c->ca_file, why, NULL));
	out_flush(&app->out);
	app_error(app, RK_PAUSE, &err, c->name);
	check->code = exit_worse(check->code, EXIT_USAGE);
	return false;
}

/* ---- Secrets ------------------------------------------------------------------- */

static const char *
file_of(const struct net_secret *secret, struct arena *arena)
{
	bool file = secret->kind == NET_SECRET_FILE || secret->kind == NET_SECRET_SEALED_FILE;
	return file ? arena_text(arena, secret->text).ptr : NULL;
}

/* A secret that is not there, without a call; whoever runs renkei later may have it. */
static void
warn_secrets(struct check *check, const struct session *s)
{
	struct app *app = check->app;
	const struct config_connection *c = s->connection;
	struct net_secret *secrets;
	size_t count = 0;
	struct rk_err err = ERR_INIT;
	struct problems problems = PROBLEMS_INIT;
	if (settings_secrets(&s->settings, &app->arena, &secrets, &count, &err) != RK_OK)
		problem_add(&problems, PROBLEM_WARNING, c->at, NULL, "%s", err.message);
	for (size_t i = 0; i < count; i++) {
		const char *path = file_of(&secrets[i], &app->arena);
		if (path != NULL && access(path, R_OK) != 0)
			problem_add(&problems, PROBLEM_WARNING, c->at, NULL, "connection "
			            "\"%s\": its secret %s cannot be read: %s", c->name, path,
			            strerror(errno));
	}
	settings_forget(secrets, count);
	if (problems.count > 0)
		app_tell_problems(app, &problems);
	check->warned |= problems.count > 0;
	problems_free(&problems);
}

static void
check_connection(struct check *check, size_t i)
{
	struct app *app = check->app;
	const struct config_connection *c = &app->config.connections[i];
	struct session *s = &check->sessions[i];
	check->open[i] = app_session(app, c->name, s, &check->code);
	out_group(&app->out, NULL, app_sayf(app, W_CONNECTION_IS, c->name, NULL));
	out_json_str(&app->out, "name", c->name);
	out_str(&app->out, "connector", W_CONNECTOR, c->connector);
	if (check->open[i]) {
		out_str(&app->out, "version", W_VERSION, s->manifest.version);
		if (!app->online)
			warn_secrets(check, s);
		check->usable[i] = check_ca_file(check, c)
		                   && (!app->online || tell_account(check, s));
	}
	out_group_end(&app->out);
}

/* ---- Syncs ------------------------------------------------------------- */

static struct session *
session_of(struct check *check, const char *connection)
{
	const struct config *config = &check->app->config;
	for (size_t i = 0; i < config->connection_count; i++)
		if (strcmp(config->connections[i].name, connection) == 0)
			return check->usable[i] ? &check->sessions[i] : NULL;
	return NULL;
}

/* The fields of one side; false: not known, and said why if asked online. */
static bool
fields_of(struct check *check, const struct config_side *side, struct rk_schema *schema)
{
	struct app *app = check->app;
	struct rk_err err = ERR_INIT;
	struct session *session = session_of(check, side->connection);
	if (session == NULL)
		return false;
	if (!app->online)
		return session_cached_schema(session, side->object, ANY_AGE_MS,
		                             &app->arena, schema);
	int32_t status =
		session_schema(session, side->object, 0, &app->arena, schema, &err);
	if (status == RK_OK)
		return true;
	out_flush(&app->out);
	check->code =
		exit_worse(check->code, app_error(app, status, &err, side->connection));
	return false;
}

/* Whether one way of a sync fits the fields that its sides told. */
static bool
fits(struct check *check, const struct config_sync *way, const struct rk_schema *from,
     const struct rk_schema *to, struct problems *problems)
{
	struct mapping *mapping = NULL;
	bool sound = mapping_compile(&mapping, way, from, to, problems)
	             && mapping_check_references(mapping, &check->app->config, way,
	                                         problems);
	mapping_free(mapping);
	return sound;
}

/* What is said of a sync; 'row' takes how many fields each side told. */
static enum word
check_sync(struct check *check, const struct config_sync *sync, struct check_seen *seen,
           struct problems *problems, struct cell *row)
{
	struct app *app = check->app;
	if (problems_stop_sync(&app->problems, sync->name))
		return W_STATE_MISTAKES;
	seen->has_from = fields_of(check, &sync->from, &seen->from);
	seen->has_to = fields_of(check, &sync->to, &seen->to);
	if (seen->has_from)
		row[2] = cell_number((int64_t)seen->from.field_count);
	if (seen->has_to)
		row[4] = cell_number((int64_t)seen->to.field_count);
	if (!seen->has_from || !seen->has_to)
		return app->online ? W_STATE_NO_FIELDS : W_STATE_FIELDS_UNKNOWN;
	bool sound = fits(check, sync, &seen->from, &seen->to, problems);
	/* A two-way sync writes to the fields of both sides. */
	if (sync->back != NULL)
		sound &= fits(check, sync->back, &seen->to, &seen->from, problems);
	if (!sound)
		return W_STATE_MISTAKES;
	if (overrides_pause(app, sync) != NULL)
		return W_STATE_PAUSED;
	return overrides_enabled(app, sync) ? W_STATE_ON : W_STATE_OFF;
}

static const char *
code_of(enum word state)
{
	switch ((int)state) {
	case W_STATE_ON:             return "on";
	case W_STATE_OFF:            return "off";
	case W_STATE_PAUSED:         return "paused";
	case W_STATE_NO_FIELDS:      return "no-fields";
	case W_STATE_FIELDS_UNKNOWN: return "fields-unknown";
	default:                     return "mistakes";
	}
}

static void
check_syncs(struct check *check)
{
	static const struct column columns[] = {
		{ "name", W_SYNC, 30 }, { "from", W_FROM, 40 },
		{ "from_fields", W_FIELDS, 0 }, { "to", W_TO, 40 },
		{ "to_fields", W_FIELDS, 0 }, { "enabled", W_ENABLED, 0 },
		{ "state", W_STATE, 0 }, { "direction", W_TO, 0 },
	};
	struct app *app = check->app;
	struct problems problems = PROBLEMS_INIT;
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = app->json ? 8 : 7 };
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *s = &app->config.syncs[i];
		struct cell *row = table_row(&t);
		enum word state = check_sync(check, s, &check->seen[i], &problems, row);
		row[0] = cell_str(s->name);
		row[1] = cell_text(arena_printf(&app->arena, "%s %s", s->from.connection,
		                                s->from.object));
		row[3] = cell_text(arena_printf(&app->arena, "%s %s", s->to.connection,
		                                s->to.object));
		row[5] = cell_bool(s->enabled);
		row[6] = cell_str(app_code(app, state, code_of(state)));
		if (app->json)
			row[7] = cell_str(s->back != NULL ? "both" : "to");
		if (state == W_STATE_MISTAKES)
			check->code = exit_worse(check->code, EXIT_USAGE);
		check->seen[i].sound = state == W_STATE_ON || state == W_STATE_OFF
		                       || state == W_STATE_PAUSED;
	}
	out_title(&app->out, app_say(app, W_SYNCS));
	out_table(&app->out, "syncs", &t);
	overrides_tell(app, NULL);
	out_flush(&app->out);
	out_group(&app->out, "mappings", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	check->warned |= problems.count > 0;
	problems_free(&problems);
}

/* What each sync has brought about so far. */
static void
check_all_results(struct check *check)
{
	struct app *app = check->app;
	out_list(&app->out, "results");
	for (size_t i = 0; i < app->config.sync_count; i++)
		check->code = exit_worse(check->code,
		                         check_results(app, &app->config.syncs[i],
		                                       &check->seen[i]));
	out_list_end(&app->out);
}

static void
tell_verdict(struct check *check)
{
	struct app *app = check->app;
	if (check->code != EXIT_DONE)
		return;
	out_line(&app->out, "");
	out_line(&app->out, app_say(app, check->warned || app->problems.count > 0
	                            ? W_CHECK_WARNED
	                            : app->online ? W_CHECK_ONLINE_DONE : W_CHECK_DONE));
}

int
cmd_check(struct app *app, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!app_load(app))
		return EXIT_USAGE;
	size_t count = app->config.connection_count;
	struct check check = { .app = app,
		               .sessions = arena_new_array(&app->arena, count,
		                                           struct session),
		               .open = arena_new_array(&app->arena, count, bool),
		               .usable = arena_new_array(&app->arena, count, bool),
		               .seen = arena_new_array(&app->arena, app->config.sync_count,
		                                       struct check_seen) };
	out_list(&app->out, "connections");
	for (size_t i = 0; i < count; i++)
		check_connection(&check, i);
	out_list_end(&app->out);
	check_syncs(&check);
	if (app->online)
		check_all_results(&check);
	for (size_t i = 0; i < count; i++)
		if (check.open[i])
			session_close(&check.sessions[i]);
	tell_verdict(&check);
	return check.code;
}
