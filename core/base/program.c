/* SPDX-License-Identifier: Apache-2.0
 *
 * program.c - see program.h. */
#include "base/program.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

void
program_path(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", io_program_dir(), name);
	if (access(path, X_OK) != 0)
		snprintf(path, size, RK_LIBEXECDIR "/%s", name);
}

static int
spawn(const char *name, const char *argument, int out, pid_t *pid)
{
	char path[PATH_MAX];
	program_path(name, path, sizeof path);
	const char *argv[] = { name, argument, NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	int failed = posix_spawn(pid, path, &actions, NULL, (char *const *)(uintptr_t)argv,
	                         environment);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

bool
program_says(const char *name, const char *argument, struct buf *out)
{
	int ends[2], status = -1;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t pid;
	int failed = spawn(name, argument, ends[1], &pid);
	close(ends[1]);
	char chunk[4096];
	ssize_t n;
	while (failed == 0 && (n = read(ends[0], chunk, sizeof chunk)) > 0)
		buf_add(out, chunk, (size_t)n);
	close(ends[0]);
	return failed == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}
