/* SPDX-License-Identifier: Apache-2.0
 *
 * child.c - see child.h. */
#include "notify/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

/* In a process group of its own, with one socket for its input and output. */
static int
start(const struct child *c, int end, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	sigemptyset(&none);
	sigfillset(&defaults);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, end, 0);
	posix_spawn_file_actions_adddup2(&actions, end, 1);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
	                                              | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	int failed = posix_spawn(pid, c->argv[0], &actions, &attributes,
	                         (char **)(uintptr_t)c->argv, c->environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Gives and takes what there is; false when the other end is closed. */
static bool
exchange(const struct child *c, int fd, size_t *given, short events)
{
	char bytes[16384];
	if ((events & POLLOUT) != 0 && *given < c->input.len) {
		ssize_t n = send(fd, c->input.ptr + *given, c->input.len - *given,
		                 MSG_NOSIGNAL | MSG_DONTWAIT);
		/* Who does not read what it is told may still do its work. */
		*given = n > 0 ? *given + (size_t)n : errno == EAGAIN ? *given : c->input.len;
	}
	if ((events & (POLLIN | POLLHUP | POLLERR)) == 0)
		return true;
	ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	if (n > 0 && c->out != NULL)
		buf_add(c->out, bytes, (size_t)n);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

/* False: it took too long. */
static bool
talk(const struct child *c, int fd)
{
	int64_t deadline = clock_mono_ms() + c->most_ms;
	size_t given = 0;
	bool told = false;
	for (;;) {
		if (given == c->input.len && !told) {
			shutdown(fd, SHUT_WR);
			told = true;
		}
		struct pollfd on = { .fd = fd, .events = (short)(told ? POLLIN
		                                                      : POLLIN | POLLOUT) };
		int64_t left = deadline - clock_mono_ms();
		if (left <= 0)
			return false;
		int n = poll(&on, 1, (int)(left < 1000 ? left : 1000));
		if (n > 0 && !exchange(c, fd, &given, on.revents))
			return true;
	}
}

/* Who closed its output may go on for what is left of its time, and no longer. */
static bool
wait_end(pid_t pid, int64_t deadline, int *status)
{
	while (waitpid(pid, status, WNOHANG) == 0) {
		if (clock_mono_ms() >= deadline)
			return false;
		poll(NULL, 0, 5);
	}
	return true;
}

int
child_run(const struct child *c, struct rk_err *err)
{
	int ends[2], status = 0;
	pid_t pid;
	int64_t deadline = clock_mono_ms() + c->most_ms;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		err_errno(err, RK_AGAIN, RK_CAT_OTHER, "cannot start %s", c->argv[0]);
		return -1;
	}
	int failed = start(c, ends[1], &pid);
	close(ends[1]);
	if (failed != 0) {
		close(ends[0]);
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "cannot start %s: %s", c->argv[0],
		        strerror(failed));
		return -1;
	}
	bool ended = talk(c, ends[0]) && wait_end(pid, deadline, &status);
	close(ends[0]);
	/* What it left behind goes with it; so it does if it took too long. */
	kill(-pid, SIGKILL);
	if (!ended) {
		waitpid(pid, &status, 0);
		err_set(err, RK_AGAIN, RK_CAT_OTHER, "%s had not ended after %lld s and was "
		        "ended", c->argv[0], (long long)(c->most_ms / 1000));
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
