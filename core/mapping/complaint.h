/* SPDX-License-Identifier: Apache-2.0
 *
 * complaint.h - what is wrong, said while a mapping is compiled (with its place
 * in the configuration) and while it runs (of one record). */
#ifndef MAPPING_COMPLAINT_H
#define MAPPING_COMPLAINT_H

#include "config/problem.h"
#include "mapping/mapping.h"

/* One filter, map or key that is being compiled.  Everything is said: a mistake
 * ends only what depends on it. */
struct complaint {
	struct problems *problems;         /* borrowed, as all here */
	const char *sync;
	struct place at;
	const char *what;                  /* "filter", "map to \"Email\"" */
	unsigned *mistakes;                /* Of the whole sync. */
};

/* Adds to the problems and returns false.  With PROBLEM_SYNC it is a mistake: the
 * sync does not run. */
bool complain_of(struct complaint *c, enum problem_weight weight, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));
#define complain(c, ...) complain_of(c, PROBLEM_SYNC, __VA_ARGS__)
#define complain_warning(c, ...) complain_of(c, PROBLEM_WARNING, __VA_ARGS__)
/* ' (did you mean "x"?)', or nothing. */
const char *suggestion(struct rk_text near, struct arena *arena);

/* What runs, and on what. */
struct scene {
	const struct inputs *inputs;
	const struct rk_record *record;
	struct arena *arena;
	struct mapping_fault *fault;       /* NULL: nobody asks why. */
};

/* Fills the fault and returns false, so that the caller can pass it on.  The
 * field is filled in by whoever knows which line of the mapping runs. */
bool fault_set(const struct scene *s, int32_t category, struct rk_text value,
               const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same with RK_CAT_PROPERTY_VALUE. */
#define UNFIT(s, value, ...) fault_set(s, RK_CAT_PROPERTY_VALUE, value, __VA_ARGS__)

/* A text inside a message, for "%.*s": at most 80 bytes, never half a
 * character. */
#define SHOWN(text) shown_len(text), (text).ptr
int shown_len(struct rk_text text);

#endif
