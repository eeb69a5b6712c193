/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - renkei-net: the one process that talks to the world.  It is started
 * on demand by net/client.c, one a state directory:
 *
 *     renkei-net --state DIR [--idle-ms N]
 *
 * It closes its standard output once it listens.  Here stands only how the
 * process shields itself; the rest is server.c. */
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "base/zone.h"
#include "net/server.h"

#define IDLE_MS 60000
/* Of the log, and of the ledger, which both stay well below it. */
#define FILE_BYTES_MAX (16 * 1024 * 1024)

/* Secrets live here: no core dump, no debugger of the same user, no file that
 * grows without end. */
static void
shield(void)
{
	struct rlimit small_files = { FILE_BYTES_MAX, FILE_BYTES_MAX };
	io_refuse_core_dumps();
	setrlimit(RLIMIT_FSIZE, &small_files);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	umask(077);
	prctl(PR_SET_NAME, "renkei-net");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void
close_output(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDOUT_FILENO);
	close(null);
}

static int
usage(void)
{
	fputs("usage: renkei-net --state DIR [--idle-ms N]\n"
	      "Started by renkei when it is needed.\n", stderr);
	return 2;
}

/* The libraries that speak to the world. */
static int
tell_version(void)
{
	puts(curl_version());
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return tell_version();
	const char *state = NULL;
	int64_t idle_ms = IDLE_MS;
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 < argc && strcmp(argv[i], "--state") == 0)
			state = argv[i + 1];
		else if (i + 1 >= argc || strcmp(argv[i], "--idle-ms") != 0
		         || !text_int64(text_of(argv[i + 1]), &idle_ms) || idle_ms < 1)
			return usage();
	}
	if (state == NULL)
		return usage();
	shield();
	zone_init();
	log_set_level(LOG_LEVEL_INFO);
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		log_warn("net.failed", "libsodium or libcurl cannot be used");
		return 1;
	}
	int code = server_run(state, idle_ms, close_output);
	curl_global_cleanup();
	return code;
}
