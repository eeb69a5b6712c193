/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h - host.db: what belongs to no single sync.  Each noun in it has a file of its
 * own in store/; here are its tables, and how it is opened.  Every process that uses it
 * opens it for itself; writes wait for each other, at most five seconds. */
#ifndef STORE_HOST_H
#define STORE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

struct host;
struct sqlite3_stmt;

/* Opens host.db in 'state_dir', and makes what is not there; NULL: 'err', where
 * not NULL, says why. */
struct host *host_open(const char *state_dir, struct rk_err *err);
/* Safe on NULL. */
void host_close(struct host *h);

/* For the files of store/: a statement, NULL when it cannot be had (or 'h' is NULL). */
struct sqlite3_stmt *host_prepare(struct host *h, const char *sql);
/* Runs a statement that gives no rows, and ends it; what it wrote outlives the machine.
 * False: 'err', where not NULL, says why. */
bool host_change(struct host *h, struct sqlite3_stmt *st, struct rk_err *err);

/* Several changes as one: what stands between begin and end is kept whole, or not at
 * all.  False: 'err', where not NULL, says why; nothing is kept. */
bool host_begin(struct host *h, struct rk_err *err);
bool host_end(struct host *h, bool keep, struct rk_err *err);

#endif
