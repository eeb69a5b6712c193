/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - what the tests of the store stand on: a directory that goes with the test, a
 * store in it, and a hand that turns its bytes.  Included by *_test.c of this folder only. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/err.h"
#include "base/text.h"
#include "store/store.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define T(s) { (s), sizeof(s) - 1 }
#define IDENTITY "crm contacts -> app 1"
#define OK(call) do { if (!(call)) fail_msg("%s: %s", #call, err.message); } while (0)

static char dir[64], file[128];
static struct arena arena = ARENA_INIT;
static struct rk_err err;
static struct store *store;

static inline int
make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/store_test.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof file, "%s/s.db", dir);
	err = (struct rk_err)ERR_INIT;
	return 0;
}

static inline int
drop_dir(void **state)
{
	(void)state;
	store_close(store);
	store = NULL;
	arena_free(&arena);
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static inline struct store *
opened(enum store_mode mode)
{
	struct store *s;
	if (!store_open(&s, dir, "s", IDENTITY, mode, &err))
		fail_msg("store_open: %s", err.message);
	return s;
}

/* Changes the file behind the store's back. */
static inline void
tamper(const char *sql)
{
	sqlite3 *db;
	char *why = NULL;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

#endif
