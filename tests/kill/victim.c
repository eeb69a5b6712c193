/* SPDX-License-Identifier: Apache-2.0
 *
 * victim.c - see victim.h. */
#include "tests/kill/victim.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN_MAX 64
#define TEXT_MAX 4096

/* A small file of /proc, ended by two NULs; its length, 0 if it is gone. */
static size_t
read_text(const char *path, char text[TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, TEXT_MAX - 2) : 0;
	if (fd >= 0)
		close(fd);
	n = n > 0 ? n : 0;
	text[n] = text[n + 1] = '\0';
	return (size_t)n;
}

/* A process that has ended has no command line: a zombie is never found. */
static size_t
read_command(pid_t pid, char text[TEXT_MAX])
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
	return read_text(path, text);
}

static size_t
children_of(pid_t parent, pid_t *pids)
{
	char path[64], text[TEXT_MAX];
	size_t count = 0;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
	read_text(path, text);
	for (char *at = text, *end; count < CHILDREN_MAX; at = end) {
		long pid = strtol(at, &end, 10);
		if (end == at)
			break;
		pids[count++] = (pid_t)pid;
	}
	return count;
}

static bool
is_program(const char *command, const char *name)
{
	const char *slash = strrchr(command, '/');
	return strcmp(slash != NULL ? slash + 1 : command, name) == 0;
}

static bool
has_argument(const char *command, size_t len, const char *argument)
{
	for (const char *at = command; at < command + len; at += strlen(at) + 1)
		if (argument == NULL || strcmp(at, argument) == 0)
			return true;
	return false;
}

static pid_t
find_child(pid_t parent, const char *program, const char *argument, size_t which)
{
	pid_t pids[CHILDREN_MAX];
	size_t count = children_of(parent, pids), found = 0;
	for (size_t i = 0; i < count; i++) {
		char command[TEXT_MAX];
		size_t len = read_command(pids[i], command);
		if (len > 0 && is_program(command, program)
		    && has_argument(command, len, argument))
			pids[found++] = pids[i];
	}
	return found > 0 ? pids[which % found] : 0;
}

pid_t
victim_connector(pid_t run, const char *name, size_t which)
{
	return find_child(run, "renkei-connector", name, which);
}

pid_t
victim_run(pid_t daemon, size_t which)
{
	return find_child(daemon, "renkei", "sync", which);
}

pid_t
victim_console(pid_t daemon)
{
	return find_child(daemon, "renkei-console", "--listen", 0);
}

pid_t
victim_net(pid_t run, const char *state_dir)
{
	pid_t net = run > 0 ? find_child(run, "renkei-net", state_dir, 0) : 0;
	return net > 0 ? net : find_child(getpid(), "renkei-net", state_dir, 0);
}

void
victim_reap(pid_t keep)
{
	pid_t pids[CHILDREN_MAX];
	size_t count = children_of(getpid(), pids);
	for (size_t i = 0; i < count; i++)
		if (pids[i] != keep)
			waitpid(pids[i], NULL, WNOHANG);
}
