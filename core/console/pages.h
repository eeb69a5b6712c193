/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.h - the files of core/console/pages, which are part of the program.  The list
 * page_files is made by core/console/embed. */
#ifndef CONSOLE_PAGES_H
#define CONSOLE_PAGES_H

#include <stddef.h>

struct page_file {
	const char *name;              /* NULL ends the list. */
	const unsigned char *bytes;
	size_t len;
};

extern const struct page_file page_files[];

struct request;
struct answer;

/* "/" is index.html, "/NAME" the file of that name; openapi.json stands at
 * /api/v1/openapi.json as well.  False: there is none. */
_Bool pages_answer(struct request *q, struct answer *a);

#endif
