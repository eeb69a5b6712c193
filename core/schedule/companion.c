/* SPDX-License-Identifier: Apache-2.0
 *
 * companion.c - see companion.h. */
#include "schedule/companion.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/program.h"

#define WAIT_LEAST_MS 500
#define WAIT_MOST_MS 60000
#define SOUND_MS 60000                 /* Up for so long it has not failed at its start. */

static bool
same(const char *const *a, const char *const *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return *a == *b;
}

void
companion_want(struct companion *c, const char *const *argv)
{
	if (same((const char *const *)c->argv, argv))
		return;
	size_t count = 0;
	arena_clear(&c->arena);
	c->argv = NULL;
	while (argv != NULL && argv[count] != NULL)
		count++;
	if (argv != NULL)
		c->argv = arena_new_array(&c->arena, count + 1, const char *);
	for (size_t i = 0; i < count; i++)
		c->argv[i] = arena_str(&c->arena, argv[i]);
	c->failures = 0;
	c->due_ms = 0;
	companion_stop(c, false);
}

/* 0.5, 1, 2 ... 60 seconds. */
static int64_t
wait_of(unsigned failures)
{
	int64_t wait = failures > 8 ? WAIT_MOST_MS : (int64_t)WAIT_LEAST_MS << failures;
	return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

int64_t
companion_step(struct companion *c, int64_t now_ms)
{
	char path[PATH_MAX];
	char *const environment[] = { NULL };
	if (c->argv == NULL || c->pid != 0)
		return INT64_MAX;
	if (now_ms < c->due_ms)
		return c->due_ms;
	program_path(c->argv[0], path, sizeof path);
	int failed = program_spawn(path, c->argv, environment, -1, -1, &c->pid);
	c->began_ms = now_ms;
	if (failed == 0) {
		log_info("daemon.companion", "program=%s pid=%d", c->argv[0], (int)c->pid);
		return INT64_MAX;
	}
	c->pid = 0;
	c->due_ms = now_ms + wait_of(c->failures++);
	log_warn("daemon.companion", "program=%s cannot be started: %s", c->argv[0],
	         strerror(failed));
	return c->due_ms;
}

bool
companion_ended(struct companion *c, pid_t pid, int status, int64_t now_ms)
{
	if (c->pid == 0 || c->pid != pid)
		return false;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	c->pid = 0;
	if (c->argv == NULL)
		return true;
	if (now_ms - c->began_ms >= SOUND_MS)
		c->failures = 0;
	int64_t wait = code == 0 ? 0 : wait_of(c->failures++);
	c->due_ms = now_ms + wait;
	log_warn("daemon.companion", "program=%s code=%d ended; it is started again in %lld "
	         "ms", c->argv[0], code, (long long)wait);
	return true;
}

bool
companion_stop(struct companion *c, bool at_once)
{
	if (c->pid != 0)
		kill(c->pid, at_once ? SIGKILL : SIGTERM);
	return c->pid != 0;
}

void
companion_free(struct companion *c)
{
	arena_free(&c->arena);
}
