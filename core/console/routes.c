/* SPDX-License-Identifier: Apache-2.0
 *
 * routes.c - see routes.h.  A command is a template of words:
 *
 *     {1} {2}        a part of the path
 *     {name}         a parameter that must be there
 *     {ids...}       a parameter that may stand there any number of times
 *     --name=?       the option, if the parameter is there
 *     --name?        the switch, if the parameter is "true"
 *     --name={name}  the option; the parameter must be there
 *
 * Nothing of a request can become an option: what it brings stands behind "--" or
 * behind "=" of one. */
#include "console/routes.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "console/account.h"
#include "console/jobs.h"

#define PARTS_MAX 2

enum { ANYBODY = -1, VIEWER = USER_VIEWER, OPERATOR = USER_OPERATOR };

struct route {
	const char *method, *path;
	int least;                     /* Who may. */
	const char *command;
	account_fn *own;               /* In place of a command. */
	const char *params;            /* Of an own route, for people. */
	bool job;                      /* Takes long: it is asked for again. */
	bool rows;                     /* "records", as CSV too. */
};

#define PICK "--category=? --field=? --value=?"

static const struct route routes[] = {
	{ "GET", "/session", ANYBODY, .own = account_who },
	{ "POST", "/session", ANYBODY, .own = account_log_in, .params = "user password" },
	{ "DELETE", "/session", VIEWER, .own = account_log_out },
	{ "POST", "/password", ANYBODY, .own = account_set_password,
	  .params = "link password" },
	{ "GET", "/jobs/{}", VIEWER, .own = jobs_answer },

	{ "GET", "/status", VIEWER, .command = "status" },
	{ "GET", "/syncs/{}", VIEWER, .command = "status -- {1}" },
	{ "GET", "/history", VIEWER, .command = "history --limit=?" },
	{ "GET", "/syncs/{}/history", VIEWER, .command = "history --limit=? -- {1}" },
	{ "GET", "/syncs/{}/why", VIEWER, .command = "why -- {1} {record}" },
	{ "GET", "/usage", VIEWER, .command = "usage" },
	{ "GET", "/connections/{}/usage", VIEWER, .command = "usage -- {1}" },
	{ "GET", "/doctor", VIEWER, .command = "doctor" },
	{ "GET", "/check", VIEWER, .command = "check" },
	{ "POST", "/check", VIEWER, .command = "check --online", .job = true },
	{ "GET", "/connectors", VIEWER, .command = "connectors" },
	{ "GET", "/connectors/{}", OPERATOR, .command = "connectors -- show {1}" },
	{ "GET", "/connections/{}", OPERATOR, .command = "connectors -- show {1}" },
	{ "GET", "/connections/{}/login", OPERATOR, .command = "login --dry-run -- {1}" },
	{ "GET", "/connections/{}/objects", VIEWER, .command = "describe -- {1}" },
	{ "GET", "/connections/{}/fields", VIEWER, .command = "describe -- {1} {object}" },
	{ "GET", "/map", VIEWER, .command = "map -- {from} {to}" },
	{ "POST", "/syncs/{}/mapping", VIEWER, .command = "map -- {1}", .job = true },
	{ "GET", "/help/{}", VIEWER, .command = "help -- {1}" },
	{ "GET", "/version", VIEWER, .command = "version" },
	{ "GET", "/audit", VIEWER, .command = "audit --limit=?" },

	{ "GET", "/errors", VIEWER, .command = "errors --group? --ignored? " PICK " -- list" },
	{ "GET", "/syncs/{}/errors", VIEWER,
	  .command = "errors --group? --ignored? " PICK " -- list {1}" },
	{ "GET", "/syncs/{}/error", VIEWER, .command = "errors --online? -- show {1} {id}" },
	{ "GET", "/errors/export", VIEWER, .command = "errors --ignored? " PICK " -- export",
	  .rows = true },
	{ "GET", "/syncs/{}/errors/export", VIEWER,
	  .command = "errors --ignored? " PICK " -- export {1} {ids...}", .rows = true },
	{ "POST", "/syncs/{}/errors/resync", OPERATOR,
	  .command = "errors --all? --ignored? " PICK " -- resync {1} {ids...}", .job = true },
	{ "POST", "/syncs/{}/errors/ignore", OPERATOR,
	  .command = "errors --all? " PICK " -- ignore {1} {ids...}" },
	{ "POST", "/syncs/{}/errors/settle", OPERATOR,
	  .command = "errors --created-as=? --not-created? -- settle {1} {id}" },

	{ "POST", "/syncs/{}/plan", VIEWER, .command = "plan -- {1}", .job = true },
	{ "GET", "/syncs/{}/reconcile", VIEWER, .command = "reconcile -- show {1}" },
	{ "POST", "/syncs/{}/reconcile", OPERATOR, .command = "reconcile --repair? -- {1}",
	  .job = true },
	{ "GET", "/syncs/{}/deletions", VIEWER, .command = "approve -- {1}" },
	{ "POST", "/syncs/{}/approve", OPERATOR, .command = "approve -- {1} {number}", .job = true },
	{ "GET", "/syncs/{}/conflicts", VIEWER, .command = "conflicts --limit=? -- list {1}" },
	{ "POST", "/syncs/{}/conflicts/settle", OPERATOR, .job = true,
	  .command = "conflicts --take={take} --seen={seen} -- settle {1} {id} {field}" },
	{ "POST", "/syncs/{}/preview", VIEWER, .command = "preview --match={match} -- {1}",
	  .job = true },
	{ "POST", "/syncs/{}/test", OPERATOR, .command = "test --match={match} -- {1}", .job = true },
	{ "POST", "/syncs/{}/run", OPERATOR, .command = "sync -- {1}" },
	{ "POST", "/run", OPERATOR, .command = "sync --all" },
	{ "POST", "/syncs/{}/pause", OPERATOR, .command = "pause -- {1}" },
	{ "POST", "/syncs/{}/resume", OPERATOR, .command = "resume -- {1}" },
	{ "POST", "/connections/{}/pause", OPERATOR, .command = "pause -- {1}" },
	{ "POST", "/connections/{}/resume", OPERATOR, .command = "resume -- {1}" },
	{ "POST", "/pause", OPERATOR, .command = "pause --all" },
	{ "POST", "/resume", OPERATOR, .command = "resume --all" },
	{ "GET", "/overrides", VIEWER, .command = "override -- list" },
	{ "POST", "/connections/{}/allocation", OPERATOR,
	  .command = "override -- set allocation {1} {limit} {value}" },
	{ "POST", "/connections/{}/allocation/clear", OPERATOR,
	  .command = "override -- clear allocation {1} {limit}" },
	{ "GET", "/notices", VIEWER, .command = "notify -- list" },
	{ "POST", "/notices/{}/send", OPERATOR, .command = "override -- set notify.send {1} {value}" },
	{ "POST", "/notices/{}/send/clear", OPERATOR, .command = "override -- clear notify.send {1}" },
	{ "POST", "/notices/{}/test", OPERATOR, .command = "notify -- test {1}", .job = true },
	{ "GET", "/users", OPERATOR, .command = "user -- list" },
	{ "POST", "/users/{}/link", OPERATOR, .command = "user -- link {1} viewer" },
	{ "POST", "/users/{}/remove", OPERATOR, .command = "user -- remove {1}" },
	{ "POST", "/reload", OPERATOR, .command = "reload" },
};

#define ROUTE_COUNT (sizeof routes / sizeof *routes)

/* ---- Paths ----------------------------------------------------------------- */

/* "/syncs/{}/run" against "/syncs/contacts/run"; fills 'parts'. */
static bool
path_fits(const char *pattern, const char *path, struct arena *arena,
          const char *parts[PARTS_MAX])
{
	size_t count = 0;
	while (*pattern != '\0' && *path != '\0') {
		if (*pattern == '{') {
			size_t len = strcspn(path, "/");
			if (len == 0 || len > REQUEST_VALUE_MAX)
				return false;
			parts[count++] =
				arena_text(arena, (struct rk_text){ path, len }).ptr;
			pattern += 2;
			path += len;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *pattern == '\0' && *path == '\0';
}

/* NULL: an answer that says so. */
static const struct route *
find(const struct request *q, struct answer *a, const char *parts[PARTS_MAX])
{
	const char *path = q->path + strlen(ROUTES_PREFIX);
	BUF_AUTO allow = BUF_INIT(256);
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (!path_fits(routes[i].path, path, q->arena, parts))
			continue;
		if (strcmp(routes[i].method, q->method) == 0)
			return &routes[i];
		buf_addf(&allow, "%s%s", allow.len > 0 ? ", " : "", routes[i].method);
	}
	if (allow.len > 0) {
		a->allow = arena_text(q->arena, buf_text(&allow)).ptr;
		answer_refuse(q, a, 405, "method", "this address takes %s only", a->allow);
	} else {
		answer_refuse(q, a, 404, "no-such-address", "there is nothing at this address; "
		              "%s/openapi.json lists what there is", ROUTES_PREFIX);
	}
	return NULL;
}

/* ---- Commands -------------------------------------------------------------- */

struct arguments {
	const char **list;
	size_t count;
	const char *missing;           /* A parameter that has to be there; NULL: none */
};

static void
add(struct arguments *to, const char *argument)
{
	to->list[to->count++] = argument;
}

/* "{1}", "{name}" or "{ids...}" */
static void
add_value(struct arguments *to, const struct request *q, const char *word, size_t len,
          const char *const *parts)
{
	if (word[1] >= '1' && word[1] <= '0' + PARTS_MAX) {
		add(to, parts[word[1] - '1']);
		return;
	}
	bool any = len > 5 && strncmp(word + len - 4, "...}", 4) == 0;
	struct rk_text name = { word + 1, len - (any ? 5 : 2) };
	const char *shown = arena_text(q->arena, name).ptr;
	for (size_t i = 0; any && i < q->param_count; i++)
		if (strcmp(q->params[i].name, shown) == 0)
			add(to, q->params[i].value);
	const char *value = any ? NULL : request_param(q, shown);
	if (value != NULL)
		add(to, value);
	else if (!any)
		to->missing = shown;
}

/* "--name", "--name?", "--name=?" or "--name={name}" */
static void
add_option(struct arguments *to, const struct request *q, const char *word, size_t len)
{
	bool valued = len > 2 && word[len - 2] == '=', maybe = word[len - 1] == '?';
	bool must = word[len - 1] == '}';
	size_t end = must ? strcspn(word, "=") : len - (maybe ? 1 : 0) - (valued ? 1 : 0);
	const char *name = arena_text(q->arena, (struct rk_text){ word, end }).ptr;
	const char *value = request_param(q, name + 2);
	if (must && value == NULL)
		to->missing = name + 2;
	else if (must || (valued && value != NULL))
		add(to, arena_printf(q->arena, "%s=%s", name, value).ptr);
	else if (!valued && (!maybe || (value != NULL && strcmp(value, "true") == 0)))
		add(to, name);
}

/* Done by the daemon itself, which has no language. */
static bool
is_daemons(const char *command)
{
	return strcmp(command, "sync") == 0 || strcmp(command, "reload") == 0;
}

static struct arguments
arguments_of(const struct route *route, const struct request *q, const char *const *parts)
{
	size_t room = q->param_count + 32;
	struct arguments to = { .list = arena_new_array(q->arena, room, const char *) };
	const char *word = route->command;
	while (*word != '\0') {
		size_t len = strcspn(word, " ");
		if (word[0] == '{')
			add_value(&to, q, word, len, parts);
		else if (word[0] == '-' && len > 2)
			add_option(&to, q, word, len);
		else
			add(&to, arena_text(q->arena, (struct rk_text){ word, len }).ptr);
		if (to.count == 1 && !is_daemons(to.list[0]))
			add(&to, q->lang == LANG_JA ? "--lang=ja" : "--lang=en");
		word += len + strspn(word + len, " ");
	}
	return to;
}

static void
run_command(const struct route *route, struct request *q, struct answer *a,
            const char *const *parts)
{
	struct arguments to = arguments_of(route, q, parts);
	struct job job = { .q = q, .argv = to.list, .argc = to.count,
	                   .csv = route->rows && request_param(q, "format") != NULL
	                          && strcmp(request_param(q, "format"), "csv") == 0 };
	if (to.missing != NULL)
		answer_refuse(q, a, 400, "missing", "the parameter \"%s\" is missing",
		              to.missing);
	else if (route->job)
		jobs_begin(&job, a);
	else
		jobs_run(&job, a);
}

/* ---- Who may --------------------------------------------------------------- */

static bool
changes(const struct request *q)
{
	return strcmp(q->method, "GET") != 0;
}

/* Whoever has a session and changes something must know its token, which no page of
 * another origin can read. */
static bool
may(const struct route *route, const struct request *q, struct answer *a)
{
	char token[KEY_BYTES];
	if (route->least == ANYBODY)
		return true;
	if (q->user.name[0] == '\0') {
		answer_refuse(q, a, 401, "log-in", "log in first");
		return false;
	}
	account_csrf(q, token);
	if (changes(q) && (q->csrf == NULL || strcmp(q->csrf, token) != 0)) {
		answer_refuse(q, a, 403, "csrf", "the header X-CSRF-Token is missing or of "
		              "another session; load the page anew");
		return false;
	}
	if ((int)q->user.role >= route->least)
		return true;
	answer_refuse(q, a, 403, "operator", "only an operator may do this; you are a viewer");
	return false;
}

void
routes_answer(struct request *q, struct answer *a)
{
	const char *parts[PARTS_MAX] = { NULL };
	const struct route *route = find(q, a, parts);
	if (route == NULL || !may(route, q, a))
		return;
	q->part = parts[0];
	if (route->own != NULL)
		route->own(q, a);
	else
		run_command(route, q, a, parts);
}

/* ---- For the test that holds docs/openapi.json to it ------------------------ */

static void
print_params(const struct route *route, struct buf *out)
{
	const char *word = route->own != NULL ? route->params : route->command;
	while (word != NULL && *word != '\0') {
		size_t len = strcspn(word, " "), name = strcspn(word, "=?{}.");
		if (route->own != NULL)
			buf_addf(out, " %.*s", (int)len, word);
		else if (word[0] == '{' && word[1] > '9')
			buf_addf(out, " %.*s", (int)strcspn(word + 1, ".}"), word + 1);
		else if (word[0] == '-' && len > 2 && name < len)
			buf_addf(out, " %.*s", (int)name - 2, word + 2);
		word += len + strspn(word + len, " ");
	}
	if (route->rows)
		buf_adds(out, " format");
}

void
routes_print(struct buf *out)
{
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		buf_addf(out, "%s %s %s", routes[i].method, routes[i].path,
		         routes[i].least == ANYBODY ? "anybody"
		         : user_role_name((enum user_role)routes[i].least));
		print_params(&routes[i], out);
		buf_addc(out, '\n');
	}
}
