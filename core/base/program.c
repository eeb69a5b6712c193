/* SPDX-License-Identifier: Apache-2.0
 *
 * program.c - see program.h. */
#include "base/program.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/zone.h"

void
program_path(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", io_program_dir(), name);
	if (access(path, X_OK) != 0)
		snprintf(path, size, RK_LIBEXECDIR "/%s", name);
}

int
program_spawn_fed(const char *path, const char *const *argv, char *const *env, int in,
                  int out, int err, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	zone_home();
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	else
		posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (err >= 0)
		posix_spawn_file_actions_adddup2(&actions, err, 2);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	int failed = posix_spawn(pid, path, &actions, &attributes,
	                         (char *const *)(uintptr_t)argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

int
program_spawn(const char *path, const char *const *argv, char *const *env, int out, int err,
              pid_t *pid)
{
	return program_spawn_fed(path, argv, env, -1, out, err, pid);
}

bool
program_says(const char *name, const char *argument, struct buf *out)
{
	char path[PATH_MAX];
	const char *argv[] = { name, argument, NULL };
	char *const environment[] = { NULL };
	int ends[2], status = -1;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t pid;
	program_path(name, path, sizeof path);
	int failed = program_spawn(path, argv, environment, ends[1], -1, &pid);
	close(ends[1]);
	char chunk[4096];
	ssize_t n;
	while (failed == 0 && (n = read(ends[0], chunk, sizeof chunk)) > 0)
		buf_add(out, chunk, (size_t)n);
	close(ends[0]);
	return failed == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}
