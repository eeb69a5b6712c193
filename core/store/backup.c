/* SPDX-License-Identifier: Apache-2.0
 *
 * backup.c - see backup.h.  VACUUM INTO reads in one transaction, as SQLite's backup
 * interface does, but never begins again when somebody writes; and what was deleted is
 * not in the copy. */
#include "store/backup.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "store/host.h"

#define BUSY_MS 10000

static bool
copy(sqlite3 *db, const char *into)
{
	sqlite3_stmt *st = NULL;
	sqlite3_busy_timeout(db, BUSY_MS);
	bool done = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &st, NULL) == SQLITE_OK
	            && sqlite3_bind_text(st, 1, into, -1, SQLITE_STATIC) == SQLITE_OK
	            && sqlite3_step(st) == SQLITE_DONE;
	sqlite3_finalize(st);
	return done;
}

bool
backup_copy(const char *path, const char *into, struct rk_err *err)
{
	sqlite3 *db = NULL;
	bool done = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
	                    == SQLITE_OK
	            && copy(db, into);
	if (!done)
		err_set(err, RK_PAUSE, RK_CAT_OTHER, "%s cannot be copied: %s; look at it with "
		        "\"renkei doctor\"", path,
		        db != NULL ? sqlite3_errmsg(db) : "no memory");
	sqlite3_close(db);
	return done;
}

bool
backup_host_blank(const char *dir)
{
	static const char *const told[] = { "user", "invite", "override", "audit", "outbox",
	                                    "slot", "hold", "hint" };
	char path[PATH_MAX], sql[80];
	snprintf(path, sizeof path, "%s/host.db", dir);
	if (access(path, F_OK) != 0)
		return true;
	struct host *host = host_open(dir, NULL);
	bool blank = host != NULL;
	for (size_t i = 0; blank && i < sizeof told / sizeof *told; i++) {
		snprintf(sql, sizeof sql, "SELECT 1 FROM \"%s\" LIMIT 1", told[i]);
		sqlite3_stmt *st = host_prepare(host, sql);
		blank = st != NULL && sqlite3_step(st) == SQLITE_DONE;
		sqlite3_finalize(st);
	}
	host_close(host);
	return blank;
}

bool
backup_host_restored(const char *dir, int64_t now_ms, struct rk_err *err)
{
	struct host *host = host_open(dir, err);
	sqlite3_stmt *digests = host == NULL ? NULL
		: host_prepare(host, "UPDATE mark SET at = ?1 WHERE name GLOB 'digest:*'");
	sqlite3_bind_int64(digests, 1, now_ms);
	bool done = host != NULL && host_change(host, digests, err)
	            && host_change(host, host_prepare(host, "DELETE FROM session"), err)
	            && host_change(host, host_prepare(host, "DELETE FROM invite"), err)
	            && host_change(host, host_prepare(host, "UPDATE outbox SET state = 3"
	                                              " WHERE state = 0"), err);
	host_close(host);
	return done;
}
