/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - renkei-console: the page for people and its API.  The daemon starts it, and
 * starts it again if it ends:
 *
 *     renkei-console --state DIR [--listen ADDRESS:PORT] [--address URL]
 *                    [--certificate FILE --key FILE] [--behind ADDRESS]
 *
 * It has no secrets of CRMs, reads no configuration and opens of the state host.db alone,
 * for its users.  Here stands how it shields itself, and the first link. */
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/zone.h"
#include "config/form.h"
#include "console/account.h"
#include "console/routes.h"
#include "console/server.h"

#define FIRST_USER "admin"

static void
shield(void)
{
	io_refuse_core_dumps();
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "renkei-console");
	/* One without its daemon would answer nothing, and hold the address. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int
usage(void)
{
	fputs("usage: renkei-console --state DIR [--listen ADDRESS:PORT] [--address URL]\n"
	      "       [--certificate FILE --key FILE] [--behind ADDRESS]\n"
	      "Started by \"renkei daemon\" where the configuration has a group console.\n",
	      stderr);
	return 2;
}

static bool
read_arguments(int argc, char **argv, struct console *c, struct config_console *s)
{
	const struct { const char *name, **into; } options[] = {
		{ "--state", &c->state_dir }, { "--listen", &s->listen },
		{ "--address", &s->address }, { "--certificate", &s->certificate },
		{ "--key", &s->key }, { "--behind", &s->behind },
	};
	for (int i = 1; i < argc; i += 2) {
		size_t at = 0, count = sizeof options / sizeof *options;
		while (at < count && strcmp(options[at].name, argv[i]) != 0)
			at++;
		if (at == count || i + 1 == argc)
			return false;
		*options[at].into = argv[i + 1];
	}
	return c->state_dir != NULL && form_listen(s->listen) == NULL;
}

/* Where people find it, and what Host may therefore say. */
static void
name_places(struct console *c, const char *address, unsigned port, char *shown, size_t size)
{
	const struct config_console *s = c->settings;
	const char *scheme = c->tls ? "https" : "http";
	const char *colon = strrchr(s->listen, ':');
	snprintf(c->hosts[0], sizeof c->hosts[0], "%.*s:%u", (int)(colon - s->listen),
	         s->listen, port);
	if (c->trusted)
		snprintf(c->hosts[1], sizeof c->hosts[1], "localhost:%u", port);
	if (address != NULL)
		snprintf(c->hosts[2], sizeof c->hosts[2], "%s", strstr(address, "://") + 3);
	if (address != NULL)
		snprintf(shown, size, "%s", address);
	else
		snprintf(shown, size, "%s://%s", scheme, c->hosts[0]);
	/* Cookies know no ports: two consoles of one machine must not take each other's. */
	snprintf(c->cookie, sizeof c->cookie, "%srenkei-%u", c->tls ? "__Host-" : "", port);
}

/* As long as nobody has a password and no operator is invited, a start makes a link for
 * the first.  One that somebody holds stays good: another would end it. */
static bool
tell_first_link(struct console *c, const char *place, struct rk_err *err)
{
	char key[KEY_BYTES];
	struct user awaited;
	if (user_any(c->host))
		return true;
	if (user_awaited(c->host, clock_now_ms(), &awaited)) {
		log_warn("console.first", "nobody has a password yet; \"%s\" was given a "
		         "link as operator, and \"renkei user link %s operator\" makes another "
		         "in its place", awaited.name, awaited.name);
		return true;
	}
	if (!key_invite(c->host, FIRST_USER, USER_OPERATOR, clock_now_ms(), key, err))
		return false;
	log_warn("console.first", "open %s/#link=%s within 24 hours to set the password of "
	         "\"" FIRST_USER "\"; it works once", place, key);
	return true;
}

static int
fail(const struct rk_err *err)
{
	log_warn("console.failed", "%s", err->message);
	return 1;
}

/* Its requests may wait for an hour; what they asked for is the daemon's. */
static void
wait_for_end(void)
{
	sigset_t set;
	int got;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigwait(&set, &got);
}

static int
run(struct console *c)
{
	const struct config_console *s = c->settings;
	struct rk_err err = ERR_INIT;
	struct sockaddr_storage at;
	char place[320];
	unsigned port;
	const char *mistake = config_console_mistake(s);
	form_listen_at(s->listen, &at, &c->trusted);
	c->tls = s->certificate != NULL
	         || (s->address != NULL && strncmp(s->address, "https://", 8) == 0);
	if (mistake != NULL) {
		log_warn("console.refused", "the console does not start: %s", mistake);
		return 2;
	}
	c->host = host_open(c->state_dir, &err);
	if (c->host == NULL || !server_open(c, &port, &err))
		return fail(&err);
	name_places(c, s->address, port, place, sizeof place);
	if (!tell_first_link(c, place, &err) || !server_start(c, &err))
		return fail(&err);
	log_info("console.started", "address=%s", place);
	wait_for_end();
	return 0;
}

int
main(int argc, char **argv)
{
	static struct config_console settings = { .listen = "127.0.0.1:8080" };
	static struct console console = { .settings = &settings, .listener = -1,
	                                  .lock = PTHREAD_MUTEX_INITIALIZER,
	                                  .hashing = PTHREAD_MUTEX_INITIALIZER };
	sigset_t all;
	if (argc == 2 && strcmp(argv[1], "--routes") == 0) {
		BUF_AUTO out = BUF_INIT(64 * 1024);
		routes_print(&out);
		return fputs(buf_str(&out), stdout) < 0;
	}
	if (!read_arguments(argc, argv, &console, &settings))
		return usage();
	shield();
	zone_init();
	/* For all threads: the end is waited for by one. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	log_set_level(LOG_LEVEL_INFO);
	if (sodium_init() < 0) {
		log_warn("console.failed", "libsodium cannot be used");
		return 1;
	}
	/* Threads may still be at work: nothing of theirs is taken down. */
	_exit(run(&console));
}
