/* SPDX-License-Identifier: Apache-2.0
 *
 * tar.h - one file that holds others, as tar(1) reads them, and at its end SHA256SUMS,
 * as sha256sum(1) reads it: for backups and bundles.
 *
 *     create -> add* -> finish            open -> ( next -> take )* -> close
 *
 * What is read may come from anywhere: names are at most 99 bytes and lead nowhere but
 * down, members are plain files no longer than the archive, and whatever was not written
 * here is refused.  False with errno set: EBADMSG for what is no such archive, or is not
 * what was written. */
#ifndef BASE_TAR_H
#define BASE_TAR_H

#include "base/buf.h"

#define TAR_NAME_MAX 100
#define TAR_MEMBERS_MAX 100000

struct tar {
	int fd;                        /* owned; -1: closed */
	char *path, *part;             /* owned; 'part': what is written until it is whole. */
	struct buf sums;               /* owned: SHA256SUMS, as it grows */
	int64_t left, count;           /* Reading: bytes of the archive behind this member. */
	char name[TAR_NAME_MAX];       /* Of the member just read. */
	int64_t size;
};

#define TAR_INIT { .fd = -1 }

/* The file at 'path' comes to be, or is replaced, with tar_finish; mode 0600. */
bool tar_create(struct tar *t, const char *path);
bool tar_add(struct tar *t, const char *name, struct rk_text bytes);
bool tar_add_file(struct tar *t, const char *name, const char *path);
/* Writes the sums; all is on the disk when this returns true. */
bool tar_finish(struct tar *t);

bool tar_open(struct tar *t, const char *path);
/* The next member; name empty: that was all, and every sum was right. */
bool tar_next(struct tar *t);
/* Its bytes, once: to 'out', or to a new file, mode 0600, on the disk. */
bool tar_take(struct tar *t, struct buf *out);
bool tar_take_file(struct tar *t, const char *path);

/* Safe on TAR_INIT; what was not finished is gone. */
void tar_close(struct tar *t);

#endif
