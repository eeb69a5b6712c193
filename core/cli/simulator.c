/* SPDX-License-Identifier: Apache-2.0
 *
 * simulator.c - see simulator.h. */
#include "cli/simulator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/program.h"
#include "base/text.h"

#define PROGRAM "renkei-simulator"
#define START_MS 10000
#define ASK_SECONDS 30
#define ANSWER_MAX (64u * 1024 * 1024)

/* ---- Start ------------------------------------------------------------- */

static int
spawn(struct simulator *s, const char *path, const char *const *crms, int out)
{
	const char *args[SIMULATOR_CRMS + 3] = { PROGRAM, "--die-with-parent" };
	for (size_t i = 0; i < SIMULATOR_CRMS && crms[i] != NULL; i++)
		args[2 + i] = crms[i];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attr);
	/* A group of its own: Ctrl-C is ours to take, we end it in our time. */
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &none);
	char *const environment[] = { NULL };
	int failed = posix_spawn(&s->pid, path, &actions, &attr,
	                         (char *const *)(uintptr_t)args, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (failed != 0)
		s->pid = 0;
	return failed;
}

/* "hubspot http://127.0.0.1:41235" */
static void
take_line(struct simulator *s, const char *line)
{
	struct simulated *crm = &s->crms[s->count];
	if (s->count < SIMULATOR_CRMS
	    && sscanf(line, "%31s http://127.0.0.1:%u", crm->name, &crm->port) == 2
	    && crm->port > 0 && crm->port < 65536)
		s->count++;
}

/* Reads lines up to "ready". */
static bool
wait_ready(struct simulator *s)
{
	char text[4096];
	size_t len = 0;
	int64_t deadline = clock_mono_ms() + START_MS;
	for (;;) {
		struct pollfd p = { .fd = s->out, .events = POLLIN };
		int64_t left = deadline - clock_mono_ms();
		if (left <= 0 || (poll(&p, 1, (int)left) < 0 && errno != EINTR))
			return false;
		if (p.revents == 0)
			continue;
		ssize_t n = read(s->out, text + len, sizeof text - 1 - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
		char *line = text;
		for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			*end = '\0';
			if (strcmp(line, "ready") == 0)
				return true;
			take_line(s, line);
		}
		len -= (size_t)(line - text);
		memmove(text, line, len);
	}
}

bool
simulator_start(struct simulator *s, const char *const *crms, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	char path[PATH_MAX];
	program_path(PROGRAM, path, sizeof path);
	int ends[2];
	*s = (struct simulator){ .out = -1 };
	if (pipe2(ends, O_CLOEXEC) != 0) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot start %s", path);
		return false;
	}
	s->out = ends[0];
	int failed = spawn(s, path, crms, ends[1]);
	close(ends[1]);
	if (failed != 0)
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "cannot start %s: %s", path,
		        strerror(failed));
	else if (wait_ready(s))
		return true;
	else
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s did not say that it is ready",
		        path);
	simulator_stop(s);
	return false;
}

void
simulator_stop(struct simulator *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGTERM);
		while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	s->pid = 0;
	io_close(&s->out);
}

/* ---- Asking ------------------------------------------------------------ */

unsigned
simulator_port(const struct simulator *s, const char *crm)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->crms[i].name, crm) == 0)
			return s->crms[i].port;
	return 0;
}

static int
dial(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = ASK_SECONDS };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	close(fd);
	return -1;
}

/* One request of HTTP/1.0, whose answer ends with the connection. */
bool
simulator_exchange(const struct simulator *s, const char *crm, const char *method,
                   const char *path, const char *headers, struct rk_text body,
                   struct buf *answer)
{
	BUF_AUTO request = BUF_INIT(ANSWER_MAX);
	unsigned port = simulator_port(s, crm);
	FD_AUTO fd = dial(port);
	if (fd < 0)
		return false;
	buf_addf(&request, "%s %s HTTP/1.0\r\nHost: 127.0.0.1:%u\r\nContent-Length: %zu\r\n%s\r\n",
	         method, path, port, (size_t)body.len, headers);
	buf_addt(&request, body);
	return io_write_all(fd, buf_str(&request), request.len) && io_read_all(fd, answer);
}

bool
simulator_ask(const struct simulator *s, const char *crm, const char *method,
              const char *path, const char *body, struct buf *answer, struct rk_err *err)
{
	BUF_AUTO whole = BUF_INIT(ANSWER_MAX);
	int status = 0;
	bool got = simulator_exchange(s, crm, method, path, "Content-Type: application/json\r\n",
	                              text_of(body), &whole);
	const char *end = got ? strstr(buf_str(&whole), "\r\n\r\n") : NULL;
	if (end != NULL && sscanf(buf_str(&whole), "HTTP/1.%*c %d", &status) == 1
	    && status == 200) {
		buf_reset(answer);
		buf_adds(answer, end + 4);
		return true;
	}
	err_set(err, RK_AGAIN, RK_CAT_OTHER,
	        "the simulator of %s answered %s %s with %d: %.200s", crm, method, path,
	        status, end != NULL ? end + 4 : "nothing");
	return false;
}

int64_t
simulator_calls(const struct simulator *s, const char *crm, struct rk_err *err)
{
	static const char key[] = "\"calls\":";
	BUF_AUTO answer = BUF_INIT(1024 * 1024);
	if (!simulator_ask(s, crm, "GET", "/_control/counts", "", &answer, err))
		return -1;
	const char *at = strstr(buf_str(&answer), key);
	if (at != NULL)
		return strtoll(at + sizeof key - 1, NULL, 10);
	err_set(err, RK_BUG, RK_CAT_BUG, "the simulator of %s tells no counts", crm);
	return -1;
}
