/* SPDX-License-Identifier: Apache-2.0
 *
 * backup.h - one moment of a database, as a file of its own, whatever writes beside. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include <stdbool.h>

#include <renkei/connector.h>

/* Copies the database at 'path' to 'into', which must not be there yet. */
bool backup_copy(const char *path, const char *into, struct rk_err *err);
/* Whether the host.db of a folder keeps nothing that a person would miss: what looks at a
 * state makes one.  True where there is none. */
bool backup_host_blank(const char *dir);
/* Makes of a host.db that was put back what may stand in one: nobody who signed out
 * since is signed in again, no link that was used lets in once more, and no notice that
 * waited then is sent now; the next digests are those that come. */
bool backup_host_restored(const char *dir, int64_t now_ms, struct rk_err *err);

#endif
