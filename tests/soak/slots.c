/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.c - see slots.h.  The lines, whose times are whole seconds:
 *
 *     2026-11-22T20:00:00Z info daemon.run sync=NAME pid=N
 *     2026-11-22T20:00:01Z info daemon.ended pid=N code=N milliseconds=N
 *     2026-11-22T20:03:00Z info daemon.stopping ... */
#include "tests/soak/slots.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SYNCS_MAX 256
#define NAME_MAX 64

struct sync {
	char name[NAME_MAX];
	int64_t due_ms;
	int pid;                       /* 0: it does not run. */
	bool told;                     /* This slot was counted as missed. */
};

struct slots {
	int64_t every_ms, free_ms;     /* Since when a place is free. */
	size_t places, running;
	struct sync syncs[SYNCS_MAX];
	struct slots_counts counts;
};

static void
miss(struct slots *s, struct sync *sync, const char *why, int64_t late_ms)
{
	if (sync->told)
		return;
	sync->told = true;
	s->counts.missed++;
	fprintf(stderr, "slots: %s misses its slot: %s %lld ms after it\n", sync->name, why,
	        (long long)late_ms);
}

/* Those that wait although a place was free until now. */
static void
look_at_places(struct slots *s, int64_t now_ms)
{
	for (size_t i = 0; s->running < s->places && i < s->counts.syncs; i++) {
		struct sync *sync = &s->syncs[i];
		int64_t from = sync->due_ms > s->free_ms ? sync->due_ms : s->free_ms;
		if (sync->pid == 0 && now_ms - from > SLOTS_PATIENCE_MS)
			miss(s, sync, "a place is free, still", now_ms - sync->due_ms);
	}
}

/* Those that waited before this one. */
static void
look_at_turns(struct slots *s, const struct sync *served)
{
	for (size_t i = 0; i < s->counts.syncs; i++) {
		struct sync *sync = &s->syncs[i];
		if (sync->pid == 0 && served->due_ms - sync->due_ms > s->every_ms)
			miss(s, sync, "another is served whose slot came",
			     served->due_ms - sync->due_ms);
	}
}

static struct sync *
sync_named(struct slots *s, const char *name, int64_t now_ms)
{
	size_t i = 0;
	while (i < s->counts.syncs && strcmp(s->syncs[i].name, name) != 0)
		i++;
	if (i == SYNCS_MAX)
		return NULL;
	if (i == s->counts.syncs) {
		snprintf(s->syncs[i].name, NAME_MAX, "%s", name);
		s->syncs[i].due_ms = now_ms;
		s->counts.syncs++;
	}
	return &s->syncs[i];
}

static void
began(struct slots *s, const char *name, int pid, int64_t now_ms)
{
	struct sync *sync = sync_named(s, name, now_ms);
	if (sync == NULL || sync->pid != 0 || s->running == s->places) {
		s->counts.odd++;
		return;
	}
	/* Before its time it runs for what failed: that overtakes nobody. */
	if (sync->due_ms <= now_ms)
		look_at_turns(s, sync);
	sync->pid = pid;
	sync->due_ms = now_ms + s->every_ms;
	sync->told = false;
	s->running++;
	s->counts.runs++;
}

static void
ended(struct slots *s, int pid, int code, int64_t now_ms)
{
	size_t i = 0;
	while (i < s->counts.syncs && s->syncs[i].pid != pid)
		i++;
	if (i == s->counts.syncs) {
		s->counts.odd++;
		return;
	}
	s->syncs[i].pid = 0;
	if (s->running-- == s->places)
		s->free_ms = now_ms;
	s->counts.killed += code > 128;
	s->counts.failed += code > 0 && code < 128;
}

struct slots *
slots_new(int64_t every_ms, size_t places)
{
	struct slots *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->every_ms = every_ms;
	s->places = places;
	return s;
}

void
slots_free(struct slots *s)
{
	free(s);
}

void
slots_line(struct slots *s, const char *line)
{
	char name[NAME_MAX];
	int pid, code;
	struct tm tm = { 0 };
	const char *rest = strptime(line, "%Y-%m-%dT%H:%M:%SZ info daemon.", &tm);
	if (rest == NULL)
		return;
	int64_t now_ms = (int64_t)timegm(&tm) * 1000;
	look_at_places(s, now_ms);
	if (sscanf(rest, "run sync=%63s pid=%d", name, &pid) == 2)
		began(s, name, pid, now_ms);
	else if (sscanf(rest, "ended pid=%d code=%d", &pid, &code) == 2)
		ended(s, pid, code, now_ms);
}

struct slots_counts
slots_counts(const struct slots *s)
{
	return s->counts;
}
