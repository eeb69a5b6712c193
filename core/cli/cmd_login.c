/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_login.c - renkei login, renkei logout: OAuth 2.0 for a connection.  net does it
 * (net/login.h); here a person is shown the address and may paste what came of it, and
 * `connectors show` and `check` ask what there is. */
#include "cli/login.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"

#define BEGIN_MS 10000
#define END_MS 60000
#define PASTE_MAX 8192

/* Prompts are no output: that may be JSON, or go to a file. */
static void
say(struct app *app, enum word id, const char *more)
{
	const char *text = app_sayf(app, id, more, NULL);
	io_write_all(STDERR_FILENO, text, strlen(text));
	io_write_all(STDERR_FILENO, "\n", 1);
}

static struct rk_text
join_scopes(const struct session *s, struct app *app)
{
	size_t count;
	const char *between = s->manifest.oauth.scope_separator;
	const char **scopes =
	    settings_scopes(&s->settings, &app->config, &app->arena, &count);
	BUF_AUTO all = BUF_INIT(32768);
	for (size_t i = 0; i < count; i++)
		buf_addf(&all, "%s%s",
			 i == 0            ? ""
			 : between != NULL ? between
					   : " ",
			 scopes[i]);
	return arena_text(&app->arena, buf_text(&all));
}

/* A channel on which the login may be managed. */
static int32_t
open_login(struct app *app, struct session *s, struct net_login *login, struct rk_err *err)
{
	int fd;
	int32_t status = session_login(s, join_scopes(s, app), &fd, err);
	if (status == RK_OK)
		net_login_open(login, fd);
	return status;
}

int32_t
login_look(struct app *app, struct session *s, struct net_grant *told, struct rk_err *err)
{
	struct net_login login;
	struct net_grant seen = {0};
	int32_t status = open_login(app, s, &login, err);
	if (status != RK_OK)
		return status;
	if (!net_login_ask(&login, NET_LOGIN_SHOW, TEXT_LIT("")))
		status = err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, "renkei-net is gone");
	else
		status = net_login_take(&login, BEGIN_MS, &seen, err);
	if (status == RK_OK) {
		*told = seen;
		told->access = arena_text(&app->arena, seen.access);
		told->refresh = arena_text(&app->arena, seen.refresh);
		told->scopes = arena_text(&app->arena, seen.scopes);
	}
	net_login_close(&login);
	return status;
}

/* ---- What there is ------------------------------------------------------------- */

static bool
grants(const struct net_grant *told, const char *scope)
{
	struct rk_text rest = told->scopes;
	size_t len = strlen(scope);
	while (rest.len >= len) {
		const char *end = memchr(rest.ptr, ' ', rest.len);
		size_t word = end != NULL ? (size_t)(end - rest.ptr) : rest.len;
		if (word == len && memcmp(rest.ptr, scope, len) == 0)
			return true;
		if (end == NULL)
			return false;
		rest.ptr += word + 1;
		rest.len -= word + 1;
	}
	return false;
}

void
login_tell(struct app *app, const struct net_grant *told)
{
	struct out *o = &app->out;
	if (!told->present) {
		out_str(o, "access_token", W_ACCESS_TOKEN, app_code(app, W_LOGIN_NONE, NULL));
		return;
	}
	out_text(o, "access_token", W_ACCESS_TOKEN, told->access);
	out_time(o, "expires", W_EXPIRES, told->expires_ms);
	out_text(o, "refresh_token", W_REFRESH_TOKEN, told->refresh);
	out_time(o, "obtained", W_OBTAINED, told->obtained_ms);
	if (told->scopes.len > 0)
		out_text(o, "granted", W_GRANTED_SCOPES, told->scopes);
}

int
login_tell_missing(struct app *app, struct session *s, const struct net_grant *told)
{
	size_t count;
	struct rk_err err = ERR_INIT;
	int code = EXIT_DONE;
	const char **scopes =
	    settings_scopes(&s->settings, &app->config, &app->arena, &count);
	for (size_t i = 0; i < count && told->scopes.len > 0; i++) {
		if (grants(told, scopes[i]))
			continue;
		err_set(&err, RK_PAUSE, RK_CAT_AUTH, "%s",
			app_sayf(app, W_SCOPE_MISSING, scopes[i], NULL));
		text_copy(err.code, sizeof err.code, TEXT_LIT("oauth-scope"));
		code =
		    exit_worse(code, app_error(app, RK_PAUSE, &err, s->connection->name));
	}
	return code;
}

/* ---- Without a browser --------------------------------------------------------- */

static int
dry_run(struct app *app, struct session *s)
{
	const struct net_oauth *oauth = &s->settings.oauth;
	struct out *o = &app->out;
	size_t count;
	const char **scopes =
	    settings_scopes(&s->settings, &app->config, &app->arena, &count);
	static const struct column columns[] = {{"scope", W_SCOPES, 0}};
	struct table t = {.columns = columns, .arena = &app->arena, .column_count = 1};
	for (size_t i = 0; i < count; i++)
		table_row(&t)[0] = cell_str(scopes[i]);
	out_line(o, app_say(app, W_LOGIN_REGISTER));
	out_line(o, "");
	out_str(o, "connection", W_CONNECTION, s->connection->name);
	out_text(o, "client_id", W_CLIENT_ID, oauth->client_id);
	out_text(o, "redirect_uri", W_REDIRECT_URI, oauth->redirect_uri);
	out_text(o, "authorize", W_AUTHORIZE, oauth->authorize_url);
	out_text(o, "token", W_TOKEN_ADDRESS, oauth->token_url);
	out_line(o, "");
	out_table(o, "scopes", &t);
	return EXIT_DONE;
}

/* ---- With one ------------------------------------------------------------------------
 */

/* Hands a pasted line on; false when there will be no more. */
static bool
paste(struct net_login *login)
{
	char line[PASTE_MAX];
	ssize_t n = read(STDIN_FILENO, line, sizeof line);
	struct rk_text text = {line, n > 0 ? (uint64_t)n : 0};
	if (text_trim(text).len > 0)
		net_login_ask(login, NET_LOGIN_CODE, text_trim(text));
	explicit_bzero(line, sizeof line);
	return n > 0;
}

/* Until net tells how it ended. */
static int32_t
await_end(struct app *app, struct net_login *login, bool listens, struct net_grant *told,
	  struct rk_err *err)
{
	struct pollfd on[2] = {{.fd = login->stream.fd, .events = POLLIN},
			       {.fd = STDIN_FILENO, .events = POLLIN}};
	bool pasted = false;
	for (;;) {
		if (poll(on, 2, -1) < 0)
			continue;
		if (on[0].revents != 0)
			return net_login_take(login, END_MS, told, err);
		if (on[1].revents == 0)
			continue;
		if (paste(login)) {
			pasted = true;
			continue;
		}
		if (!listens && !pasted)
			return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s",
				       app_say(app, W_LOGIN_NO_CODE));
		on[1].fd = -1;
	}
}

static int
log_in(struct app *app, struct session *s, struct net_login *login)
{
	const char *name = s->connection->name;
	struct rk_err err = ERR_INIT;
	struct net_grant told = {0};
	if (s->settings.oauth.grant != NET_GRANT_CODE)
		return app_error(app, err_set(&err, RK_PAUSE, RK_CAT_CONFIG,
			"connection '%s': its app is given tokens without a login (grant)",
			name), &err, name);
	int32_t status =
	    net_login_ask(login, NET_LOGIN_BEGIN, TEXT_LIT(""))
		? net_login_take(login, BEGIN_MS, &told, &err)
		: err_set(&err, RK_AGAIN, RK_CAT_UNREACHABLE, "renkei-net is gone");
	if (status != RK_OK)
		return app_error(app, status, &err, name);
	bool listens = told.listens;
	say(app, W_LOGIN_OPEN, arena_text(&app->arena, told.authorize_url).ptr);
	say(app, listens ? W_LOGIN_WAIT : W_LOGIN_PASTE,
	    s->settings.oauth.redirect_uri.ptr);
	status = await_end(app, login, listens, &told, &err);
	if (status != RK_OK)
		return app_error(app, status, &err, name);
	out_line(&app->out, app_sayf(app, W_LOGIN_DONE, name, NULL));
	login_tell(app, &told);
	out_flush(&app->out);
	return login_tell_missing(app, s, &told);
}

static int
log_out(struct app *app, struct session *s, struct net_login *login)
{
	struct rk_err err = ERR_INIT;
	struct net_grant told = {0};
	int32_t status =
	    net_login_ask(login, NET_LOGOUT, TEXT_LIT(""))
		? net_login_take(login, END_MS, &told, &err)
		: err_set(&err, RK_AGAIN, RK_CAT_UNREACHABLE, "renkei-net is gone");
	out_line(&app->out,
		 app_sayf(app,
			  s->settings.oauth.revoke_url.len > 0 && status == RK_OK
			      ? W_LOGOUT_DONE
			      : W_LOGOUT_HERE,
			  s->connection->name, NULL));
	out_flush(&app->out);
	return status == RK_OK ? EXIT_DONE
			       : app_error(app, status, &err, s->connection->name);
}

static int
with_login(struct app *app, const char *name,
	   int (*act)(struct app *, struct session *, struct net_login *))
{
	struct session session;
	struct net_login login;
	struct rk_err err = ERR_INIT;
	int code = EXIT_DONE;
	if (!app_load(app) || app_connection(app, name) == NULL)
		return EXIT_USAGE;
	if (!app_session(app, name, &session, &code))
		return code;
	if (session.settings.oauth.token_url.len == 0) {
		code = app_usage(app, app_sayf(app, W_LOGIN_KEY, name, NULL));
	} else if (app->dry_run) {
		code = dry_run(app, &session);
	} else {
		int32_t status = open_login(app, &session, &login, &err);
		code = status == RK_OK ? act(app, &session, &login)
				       : app_error(app, status, &err, name);
		if (status == RK_OK)
			net_login_close(&login);
	}
	session_close(&session);
	return code;
}

int
cmd_login(struct app *app, int argc, char **argv)
{
	app->acts = !app->dry_run;
	(void)argc;
	return with_login(app, argv[1], log_in);
}

int
cmd_logout(struct app *app, int argc, char **argv)
{
	app->acts = true;
	(void)argc;
	return with_login(app, argv[1], log_out);
}
