/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox_words.c - the names of levels and breaches, see sandbox.h. */
#include "connector/sandbox.h"

#include <string.h>

static const char *const levels[] = { "off", "seccomp", "full" };

const char *
sandbox_name(enum sandbox_level level)
{
	return level < SANDBOX_LEVELS ? levels[level] : "off";
}

enum sandbox_level
sandbox_named(const char *name)
{
	for (int i = 0; name != NULL && i < SANDBOX_LEVELS; i++)
		if (strcmp(levels[i], name) == 0)
			return (enum sandbox_level)i;
	return SANDBOX_SECCOMP;
}

const char *
sandbox_breach(int exit_code)
{
	static const char *const words[] = {
		[EXIT_MEMORY - EXIT_MEMORY] = "asked for more memory than a call may have",
		[EXIT_PROCESS - EXIT_MEMORY] = "tried to start a process or a thread",
		[EXIT_EXEC - EXIT_MEMORY] = "tried to run a program",
		[EXIT_OTHERS - EXIT_MEMORY] = "reached for another process",
		[EXIT_SOCKET - EXIT_MEMORY] = "tried to open a socket",
		[EXIT_FILE - EXIT_MEMORY] = "tried to open a file",
		[EXIT_SYSTEM - EXIT_MEMORY] = "tried to change the system",
		[EXIT_CODE - EXIT_MEMORY] = "tried to make memory executable",
		[EXIT_CALL - EXIT_MEMORY] = "made a system call that no connector needs",
	};
	if (exit_code < EXIT_MEMORY || exit_code >= EXIT_BREACHES_END)
		return NULL;
	return words[exit_code - EXIT_MEMORY];
}
