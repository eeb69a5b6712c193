/* SPDX-License-Identifier: Apache-2.0
 *
 * problem.h - what is wrong with a configuration, all of it at once, each with
 * its place: "renkei.conf:12: found ..., expected ...".  Whoever checks
 * something adds to the list; whoever was asked prints it. */
#ifndef CONFIG_PROBLEM_H
#define CONFIG_PROBLEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/* What a problem stops. */
enum problem_weight {
	PROBLEM_WARNING,               /* Nothing. */
	PROBLEM_SYNC,                  /* That sync. */
	PROBLEM_FATAL,                 /* Everything. */
};

struct place {
	const char *file;              /* borrowed from the configuration */
	unsigned line;                 /* 0: not known */
};

struct problem {
	enum problem_weight weight;
	struct place at;
	const char *sync;              /* PROBLEM_SYNC: its name. */
	const char *text;              /* What was found, what was expected. */
};

struct problems {
	struct arena arena;            /* owned */
	struct problem *list;          /* owned by the arena; by file and line */
	size_t count, room;
	size_t fatal;                  /* How many of them stop everything. */
};

#define PROBLEMS_INIT { ARENA_INIT, NULL, 0, 0, 0 }

/* 'sync' may be NULL; a file or sync name is copied. */
void problem_add(struct problems *p, enum problem_weight weight, struct place at,
                 const char *sync, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void problem_addv(struct problems *p, enum problem_weight weight, struct place at,
                  const char *sync, const char *format, va_list args)
	__attribute__((format(printf, 5, 0)));
bool problems_fatal(const struct problems *p);
/* Whether the sync of that name has a mistake. */
bool problems_stop_sync(const struct problems *p, const char *sync);
/* One line each. */
void problems_print(const struct problems *p, struct buf *out);
void problems_free(struct problems *p);

#endif
