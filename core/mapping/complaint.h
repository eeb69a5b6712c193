/* SPDX-License-Identifier: Apache-2.0
 *
 * complaint.h - what is wrong with one filter or map, said with its place.
 * Everything is said: a mistake ends only what depends on it. */
#ifndef MAPPING_COMPLAINT_H
#define MAPPING_COMPLAINT_H

#include "config/problem.h"

struct complaint {
	struct problems *problems;         /* borrowed, as all here */
	const char *sync;
	struct place at;
	const char *what;                  /* "filter", "map to \"Email\"" */
	unsigned mistakes;
};

/* A mistake: the sync does not run.  Returns false. */
bool complain(struct complaint *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void complain_warning(struct complaint *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
