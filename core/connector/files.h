/* SPDX-License-Identifier: Apache-2.0
 *
 * files.h - the files of one directory, served to a connector that can open none: the
 * run's side of "renkei.files/1" (renkei/connector.h).
 *
 *     open -> ( begin -> serve* )* -> close
 *
 * What a connector asks for is hostile: names stay in the directory, only regular files
 * count, links are not followed, and all sizes have ceilings.  Called by runner.c, which
 * carries request and reply; the other side is host.c. */
#ifndef CONNECTOR_FILES_H
#define CONNECTOR_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FILES_SETTING "directory"
#define FILES_MAX 10000

/* A request is its kind and then: READ name, mark, offset, room; WRITE name, bytes; COMMIT
 * name, mark.  A reply is status and error record, and then: LIST the count, and of each
 * name, mark, size, time; READ the bytes. */
enum files_request { FILES_LIST, FILES_READ, FILES_WRITE, FILES_COMMIT, FILES_REQUESTS };

/* Stands between, for tests: what it returns instead of RK_OK is the request's status;
 * asked 'after' it was done, and before. */
typedef int32_t files_fault_fn(void *with, enum files_request request, bool after,
                               struct rk_err *err);

struct files {
	int dir;                       /* owned; -1: there is none */
	int error;                     /* Why not; an errno. */
	const char *path;              /* borrowed; NULL: none was configured */
	int temporary;                 /* owned; -1: nothing was written */
	char written[256];             /* What it is to become. */
	uint64_t bytes;
	unsigned asked;                /* By the call. */
	files_fault_fn *fault;
	void *with;
};

#define FILES_INIT { .dir = -1, .temporary = -1 }

/* 'path' NULL: all requests are refused. */
void files_open(struct files *f, const char *path);
/* A call begins: what the one before did not commit is forgotten. */
void files_begin(struct files *f);
void files_close(struct files *f);
/* Does what is asked for and adds the reply; false: the request is damaged. */
bool files_serve(struct files *f, struct rk_text request, struct buf *reply);

/* What is expected of the path of a directory instead; NULL: it can be used. */
const char *files_fault(const char *path);

#endif
