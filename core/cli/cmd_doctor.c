/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_doctor.c - renkei doctor: whether this machine, this installation and this state
 * are fit to run.  One function a row; each bad row says why and what to do.  Nothing
 * is asked of a CRM, and nothing is changed but that renkei-net is started. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/doctor.h"
#include "store/lock.h"
#include "store/outbox.h"

#define SAID_MAX 4096
#define FREE_MIB_LEAST 100
#define LOCKED_KIB_LEAST 1024

void
doctor_row(struct doctor *d, const char *check, enum fitness fitness, const char *found,
           const char *why, const char *remedy)
{
	static const char *const keys[] = { "ok", "note", "bad" };
	static const enum word states[] = { W_DOCTOR_OK, W_DOCTOR_NOTE, W_DOCTOR_BAD };
	struct app *app = d->app;
	struct cell *cells = table_row(&d->table);
	cells[0] = cell_str(arena_str(&app->arena, check));
	cells[1] = cell_str(app_code(app, states[fitness], keys[fitness]));
	cells[2] = cell_str(arena_str(&app->arena, found));
	if (fitness > d->worst)
		d->worst = fitness;
	if (fitness == FIT)
		return;
	if (app->json) {
		cells[3] = cell_str(why);
		cells[4] = cell_str(remedy);
		return;
	}
	buf_addf(&d->advice, "%s\n%s: %s\n  %s %s\n  %s %s",
	         d->advice.len > 0 ? "\n" : "", check, found,
	         app_say(app, W_WHY), why, app_say(app, W_DO), remedy);
}

/* ---- Programs and libraries ---------------------------------------------------- */

static const char *
trimmed(struct app *app, const struct buf *said)
{
	return arena_text(&app->arena, text_trim(buf_text(said))).ptr;
}

static void
row_without_program(struct doctor *d, const char *check, const char *program)
{
	struct app *app = d->app;
	const char *found = app_sayf(app, W_DOCTOR_NO_PROGRAM, program, NULL);
	doctor_row(d, check, BAD, found, found, app_say(app, W_DOCTOR_INSTALL));
}

static void
look_at_sandbox(struct doctor *d)
{
	struct app *app = d->app;
	BUF_AUTO said = BUF_INIT(SAID_MAX);
	char level[16] = "", abi[16] = "";
	if (!program_says("renkei-connector", "--probe", &said)
	    || sscanf(buf_str(&said), "sandbox=%15s landlock=%15s", level, abi) != 2)
		row_without_program(d, "sandbox", "renkei-connector");
	else if (sandbox_named(level) == SANDBOX_FULL)
		doctor_row(d, "sandbox", FIT,
		           app_sayf(app, W_DOCTOR_SANDBOX_FULL, abi, NULL), NULL, NULL);
	else if (sandbox_named(level) == SANDBOX_SECCOMP)
		doctor_row(d, "sandbox", NOTED, app_say(app, W_DOCTOR_SANDBOX_SECCOMP),
		           app_say(app, W_DOCTOR_NO_LANDLOCK),
		           app_say(app, W_DOCTOR_GET_LANDLOCK));
	else
		doctor_row(d, "sandbox", BAD, level, app_say(app, W_DOCTOR_NO_SECCOMP),
		           app_say(app, W_DOCTOR_GET_SECCOMP));
	for (size_t i = 0; d->configured && i < app->config.connection_count; i++) {
		const struct config_connection *c = &app->config.connections[i];
		if (sandbox_named(c->sandbox) == SANDBOX_OFF)
			doctor_row(d, "sandbox", NOTED,
			           app_sayf(app, W_DOCTOR_SANDBOX_OFF, c->name, NULL),
			           app_say(app, W_DOCTOR_OFF_MEANS),
			           app_say(app, W_DOCTOR_OFF_DO));
	}
}

static void
look_at_libraries(struct doctor *d)
{
	BUF_AUTO said = BUF_INIT(SAID_MAX);
	if (program_says("renkei-net", "--version", &said))
		doctor_row(d, "renkei-net", FIT, trimmed(d->app, &said), NULL, NULL);
	else
		row_without_program(d, "renkei-net", "renkei-net");
	const char *found = arena_printf(&d->app->arena, "SQLite %s, cJSON %s, libsodium %s",
	                                 sqlite3_libversion(), cJSON_Version(),
	                                 sodium_version_string()).ptr;
	doctor_row(d, "libraries", FIT, found, NULL, NULL);
}

/* It starts, listens, and is the one of this state directory. */
static void
look_at_net(struct doctor *d)
{
	struct app *app = d->app;
	struct net_client *net;
	struct rk_err err = ERR_INIT;
	if (access(app->state_dir, F_OK) != 0)
		return;
	int32_t status = net_connect(&net, app->state_dir,
	                             d->configured ? app->config.hash : "doctor", &err);
	if (status != RK_OK) {
		doctor_row(d, "net", BAD, "renkei-net",
		           app_told(app, text_of(err.message)).ptr,
		           app_say(app, W_DOCTOR_INSTALL));
		return;
	}
	doctor_row(d, "net", FIT,
	           arena_printf(&app->arena, "pid %d", (int)net_process(net)).ptr, NULL,
	           NULL);
	net_close(net);
}

/* ---- Folders ------------------------------------------------------------------- */

static const char *
user_name(struct app *app, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	return user != NULL ? arena_str(&app->arena, user->pw_name)
	                    : app_number(app, (int64_t)uid);
}

/* 'shut': the bits that must not be there. */
static void
look_at_path(struct doctor *d, const char *check, const char *path, mode_t shut,
             const char *wanted)
{
	struct app *app = d->app;
	struct stat st;
	if (stat(path, &st) != 0) {
		doctor_row(d, check, FIT, app_sayf(app, W_DOCTOR_NOT_THERE, path, NULL),
		           NULL, NULL);
		return;
	}
	char mode[16];
	snprintf(mode, sizeof mode, "%04o", (unsigned)st.st_mode & 07777);
	const char *found = app_sayf(app, W_DOCTOR_OPEN_DIR, path,
	                             user_name(app, st.st_uid), mode, NULL);
	bool ours = st.st_uid == geteuid() || st.st_uid == 0;
	if (ours && (st.st_mode & shut) == 0)
		doctor_row(d, check, FIT, found, NULL, NULL);
	else
		doctor_row(d, check, BAD, found, app_say(app, W_DOCTOR_OPEN_MEANS),
		           app_sayf(app, W_DOCTOR_OPEN_DO, user_name(app, geteuid()),
		                    path, wanted, NULL));
}

static void
look_at_config(struct doctor *d)
{
	struct app *app = d->app;
	const char *path = app->config_path;
	if (access(path, F_OK) != 0)
		doctor_row(d, "configuration", NOTED,
		           app_sayf(app, W_DOCTOR_NO_CONFIG, path, NULL), strerror(errno),
		           app_say(app, W_DOCTOR_NO_CONFIG_DO));
	else if (!d->configured || app->problems.count > 0)
		doctor_row(d, "configuration", d->configured ? NOTED : BAD, path,
		           app_sayf(app, W_DOCTOR_MISTAKES, path, NULL),
		           app_say(app, W_DOCTOR_MISTAKES_DO));
	else
		look_at_path(d, "configuration", path, S_IWGRP | S_IWOTH, "go-w");
}

static void
look_at_disk(struct doctor *d)
{
	struct app *app = d->app;
	struct statvfs fs;
	if (statvfs(app->state_dir, &fs) != 0)
		return;
	int64_t mib = (int64_t)(fs.f_bavail * (fs.f_frsize / 1024) / 1024);
	doctor_row(d, "disk", mib < FREE_MIB_LEAST ? BAD : FIT,
	           app_sayf(app, W_DOCTOR_FREE, app_number(app, mib), NULL),
	           app_say(app, W_DOCTOR_FREE_MEANS), app_say(app, W_DOCTOR_FREE_DO));
}

/* Without one nothing starts by itself; runs by hand need none. */
static void
look_at_daemon(struct doctor *d)
{
	struct app *app = d->app;
	bool runs = lock_is_held(app->state_dir, "daemon"), waits = false;
	for (size_t i = 0; d->configured && i < app->config.sync_count; i++)
		waits |= config_has_times(&app->config.syncs[i]);
	if (d->configured)
		doctor_row(d, "daemon", runs || !waits ? FIT : NOTED,
		           app_say(app, runs ? W_DOCTOR_RUNS : W_DOCTOR_RUNS_NOT),
		           app_say(app, W_NO_DAEMON), app_say(app, W_DOCTOR_START));
	const struct config_console *c = &app->config.console;
	if (d->configured && c->at.line > 0)
		doctor_row(d, "console", runs ? FIT : NOTED,
		           c->address != NULL ? c->address : c->listen,
		           app_say(app, W_DOCTOR_CONSOLE_MEANS),
		           app_say(app, W_DOCTOR_START));
}

/* By which address of its own this machine reaches 'there'; connecting a datagram socket
 * sends nothing.  False: by none. */
static bool
way_out(const char *there, char own[INET6_ADDRSTRLEN])
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	                                .ai_socktype = SOCK_DGRAM };
	struct addrinfo *to;
	struct sockaddr_storage from;
	socklen_t len = sizeof from;
	if (getaddrinfo(there, "443", &hints, &to) != 0)
		return false;
	FD_AUTO fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) == 0
	             && getsockname(fd, (struct sockaddr *)&from, &len) == 0
	             && getnameinfo((struct sockaddr *)&from, len, own, INET6_ADDRSTRLEN, NULL,
	                            0, NI_NUMERICHOST) == 0;
	freeaddrinfo(to);
	return found;
}

/* What a CRM that lets in addresses alone is to allow.  Those that are asked for are of
 * nobody (RFC 5737, RFC 3849): the usual way out leads there. */
static void
look_at_address(struct doctor *d)
{
	static const char *const nobodys[] = { "192.0.2.1", "2001:db8::1" };
	char own[INET6_ADDRSTRLEN];
	BUF_AUTO all = BUF_INIT(256);
	for (size_t i = 0; i < sizeof nobodys / sizeof *nobodys; i++)
		if (way_out(nobodys[i], own))
			buf_addf(&all, "%s%s", all.len > 0 ? ", " : "", own);
	if (all.len > 0)
		doctor_row(d, "address", FIT,
		           app_sayf(d->app, W_DOCTOR_ADDRESS, buf_str(&all), NULL), NULL,
		           NULL);
}

/* What could not be sent has to be told somewhere else. */
static void
look_at_notices(struct doctor *d)
{
	struct app *app = d->app;
	struct outbox_counts counts;
	struct rk_err err;
	if (!d->configured || app->config.notice_count == 0)
		return;
	struct host *host = host_open(app->state_dir, &err);
	outbox_count(host, &counts);
	host_close(host);
	bool bad = counts.given_up > 0;
	doctor_row(d, "notices", bad ? BAD : counts.failing > 0 ? NOTED : FIT,
	           app_sayf(app, W_DOCTOR_NOTICES, app_number(app, counts.waiting),
	                    app_number(app, counts.failing),
	                    app_number(app, counts.given_up), NULL),
	           app_say(app, W_DOCTOR_NOTICES_MEANS),
	           app_say(app, W_DOCTOR_NOTICES_DO));
}

/* ---- Connectors ---------------------------------------------------------------- */

static void
look_at_connectors(struct doctor *d)
{
	struct app *app = d->app;
	const char *const *dirs =
		connector_dirs(d->configured ? &app->config : NULL, &app->arena);
	size_t count;
	const char *const *paths = manifest_list(dirs, &app->arena, &count);
	for (size_t i = 0; i < count; i++) {
		struct manifest m;
		struct problems problems = PROBLEMS_INIT;
		char hash[65] = "";
		const char *slash = strrchr(paths[i], '/');
		const char *check = arena_printf(&app->arena, "connector %s", slash + 1).ptr;
		if (manifest_read(&m, paths[i], &problems)
		    && manifest_file_hash(paths[i], hash)) {
			doctor_row(d, check, FIT,
			           app_sayf(app, W_DOCTOR_CONNECTOR, m.version,
			                    app_number(app, m.abi), hash, NULL),
			           NULL, NULL);
			manifest_free(&m);
		} else {
			doctor_row(d, check, BAD, paths[i],
			           app_told(app, text_of(problems.count > 0
			                                 ? problems.list[0].text
			                                 : strerror(errno))).ptr,
			           app_say(app, W_DOCTOR_INSTALL));
		}
		problems_free(&problems);
	}
}

/* ---- The process --------------------------------------------------------------- */

static void
look_at_process(struct doctor *d)
{
	struct app *app = d->app;
	struct rlimit limit = { 0, 0 };
	getrlimit(RLIMIT_MEMLOCK, &limit);
	/* Not limited is more than any number here. */
	int64_t kib = limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur / 1024;
	doctor_row(d, "locked memory", kib < LOCKED_KIB_LEAST ? NOTED : FIT,
	           app_sayf(app, W_DOCTOR_LOCK, app_number(app, kib), NULL),
	           app_say(app, W_DOCTOR_LOCK_MEANS), app_say(app, W_DOCTOR_LOCK_DO));
	if (geteuid() == 0)
		doctor_row(d, "user", NOTED, app_say(app, W_DOCTOR_ROOT),
		           app_say(app, W_DOCTOR_ROOT_MEANS),
		           app_say(app, W_DOCTOR_ROOT_DO));
	else
		doctor_row(d, "user", FIT, user_name(app, geteuid()), NULL, NULL);
}

int
cmd_doctor(struct app *app, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	static const struct column columns[] = {
		{ "check", W_DOCTOR_CHECK, 0 }, { "state", W_STATE, 0 },
		{ "found", W_DOCTOR_FOUND, 90 }, { "why", W_REASON, 0 },
		{ "remedy", W_REASON, 0 },
	};
	struct doctor d = { .app = app, .advice = BUF_INIT(1u << 20),
	                    .table = { .columns = columns, .arena = &app->arena,
	                               .column_count = app->json ? 5 : 3 } };
	bool there = access(app->config_path, F_OK) == 0;
	d.configured = there && app_load(app);
	look_at_sandbox(&d);
	look_at_libraries(&d);
	look_at_config(&d);
	look_at_path(&d, "state", app->state_dir, S_IRWXG | S_IRWXO, "700");
	look_at_disk(&d);
	look_at_address(&d);
	look_at_daemon(&d);
	look_at_notices(&d);
	look_at_net(&d);
	look_at_connectors(&d);
	doctor_state(&d);
	look_at_process(&d);
	out_table(&app->out, "checks", &d.table);
	out_line(&app->out, d.worst == FIT ? app_say(app, W_DOCTOR_SOUND)
	                                   : buf_str(&d.advice));
	buf_free(&d.advice);
	if (there && !d.configured)
		return EXIT_USAGE;
	return d.worst == BAD ? EXIT_FAILED : EXIT_DONE;
}
