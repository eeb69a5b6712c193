/* SPDX-License-Identifier: Apache-2.0
 *
 * user.c - see user.h. */
#include "store/user.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS 86400000
#define SEEN_MS 60000                  /* A session is not written at each request. */
#define DOUBLINGS_MAX 30

static const char *const roles[] = { [USER_VIEWER] = "viewer",
                                     [USER_OPERATOR] = "operator" };

const char *
user_role_name(enum user_role role)
{
	return roles[role];
}

bool
user_role_of(const char *name, enum user_role *role)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		if (strcmp(roles[i], name) != 0)
			continue;
		*role = (enum user_role)i;
		return true;
	}
	return false;
}

/* ---- Statements ------------------------------------------------------------ */

static sqlite3_stmt *
by_text(struct host *h, const char *sql, const char *text)
{
	sqlite3_stmt *st = host_prepare(h, sql);
	sqlite3_bind_text(st, 1, text, -1, SQLITE_STATIC);
	return st;
}

static sqlite3_stmt *
by_mark(struct host *h, const char *sql, const unsigned char *mark)
{
	sqlite3_stmt *st = host_prepare(h, sql);
	sqlite3_bind_blob(st, 1, mark, USER_MARK_BYTES, SQLITE_STATIC);
	return st;
}

/* Columns: name, role, password. */
static void
take(sqlite3_stmt *st, struct user *user)
{
	const char *name = (const char *)sqlite3_column_text(st, 0);
	const char *password = (const char *)sqlite3_column_text(st, 2);
	snprintf(user->name, sizeof user->name, "%s", name != NULL ? name : "");
	snprintf(user->password, sizeof user->password, "%s", password != NULL ? password : "");
	user->role = sqlite3_column_int(st, 1) == USER_OPERATOR ? USER_OPERATOR : USER_VIEWER;
}

/* The one row of a statement, which ends. */
static bool
take_one(sqlite3_stmt *st, struct user *user)
{
	bool found = st != NULL && sqlite3_step(st) == SQLITE_ROW;
	if (found)
		take(st, user);
	sqlite3_finalize(st);
	return found;
}

/* ---- Users ----------------------------------------------------------------- */

bool
user_get(struct host *h, const char *name, struct user *user)
{
	return take_one(by_text(h, "SELECT name, role, password FROM user WHERE name = ?1",
	                        name), user);
}

bool
user_any(struct host *h)
{
	struct user user;
	return take_one(host_prepare(h, "SELECT name, role, password FROM user LIMIT 1"), &user);
}

struct user *
user_list(struct host *h, struct arena *arena, size_t *count)
{
	sqlite3_stmt *st = host_prepare(h,
		"SELECT name, role, password FROM user UNION SELECT user, role, '' FROM invite"
		" WHERE user NOT IN (SELECT name FROM user) ORDER BY 1");
	struct user *list = NULL;
	size_t room = 0;
	*count = 0;
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		if (*count == room) {
			struct user *more = arena_new_array(arena, room * 2 + 8, struct user);
			if (room > 0)
				memcpy(more, list, room * sizeof *more);
			list = more;
			room = room * 2 + 8;
		}
		take(st, &list[(*count)++]);
	}
	sqlite3_finalize(st);
	return list;
}

bool
user_put(struct host *h, const struct user *user, struct rk_err *err)
{
	sqlite3_stmt *st = by_text(h, "INSERT OR REPLACE INTO user(name, role, password)"
	                           " VALUES(?1, ?2, ?3)", user->name);
	sqlite3_bind_int(st, 2, (int)user->role);
	sqlite3_bind_text(st, 3, user->password, -1, SQLITE_STATIC);
	return host_change(h, st, err)
	       && host_change(h, by_text(h, "DELETE FROM session WHERE user = ?1", user->name),
	                      err);
}

bool
user_remove(struct host *h, const char *name, bool *found, struct rk_err *err)
{
	static const char *const from[] = { "DELETE FROM session WHERE user = ?1",
	                                    "DELETE FROM invite WHERE user = ?1",
	                                    "DELETE FROM user WHERE name = ?1" };
	struct arena arena = ARENA_INIT;
	size_t count;
	struct user *list = user_list(h, &arena, &count);
	*found = false;
	for (size_t i = 0; i < count; i++)
		*found |= strcmp(list[i].name, name) == 0;
	arena_free(&arena);
	bool done = true;
	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		done = done && host_change(h, by_text(h, from[i], name), err);
	return done;
}

/* ---- Invitations ----------------------------------------------------------- */

bool
user_invite(struct host *h, const unsigned char mark[USER_MARK_BYTES],
            const struct user *user, int64_t until_ms, struct rk_err *err)
{
	if (!host_change(h, by_text(h, "DELETE FROM invite WHERE user = ?1", user->name), err))
		return false;
	sqlite3_stmt *st = by_mark(h, "INSERT INTO invite(mark, user, role, until)"
	                           " VALUES(?1, ?2, ?3, ?4)", mark);
	sqlite3_bind_text(st, 2, user->name, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 3, (int)user->role);
	sqlite3_bind_int64(st, 4, until_ms);
	return host_change(h, st, err);
}

bool
user_invited(struct host *h, const unsigned char mark[USER_MARK_BYTES], int64_t now_ms,
             struct user *user)
{
	sqlite3_stmt *st = by_mark(h, "DELETE FROM invite WHERE mark = ?1 AND until > ?2"
	                           " RETURNING user, role, ''", mark);
	sqlite3_bind_int64(st, 2, now_ms);
	return take_one(st, user);
}

bool
user_awaited(struct host *h, int64_t now_ms, struct user *user)
{
	sqlite3_stmt *st = host_prepare(h, "SELECT user, role, '' FROM invite"
	                                " WHERE role = ?1 AND until > ?2"
	                                " ORDER BY until DESC LIMIT 1");
	sqlite3_bind_int(st, 1, (int)USER_OPERATOR);
	sqlite3_bind_int64(st, 2, now_ms);
	return take_one(st, user);
}

/* ---- Sessions -------------------------------------------------------------- */

bool
user_session_put(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                 const char *name, int64_t now_ms, struct rk_err *err)
{
	sqlite3_stmt *old = host_prepare(h, "DELETE FROM session WHERE seen < ?1");
	sqlite3_bind_int64(old, 1, now_ms - DAY_MS);
	if (!host_change(h, old, err))
		return false;
	sqlite3_stmt *st = by_mark(h, "INSERT INTO session(mark, user, begun, seen)"
	                           " VALUES(?1, ?2, ?3, ?3)", mark);
	sqlite3_bind_text(st, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, now_ms);
	return host_change(h, st, err);
}

bool
user_session_get(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                 int64_t begun_ms, int64_t seen_ms, int64_t now_ms, struct user *user)
{
	sqlite3_stmt *st = by_mark(h, "SELECT name, role, '' FROM session JOIN user"
	                           " ON user.name = session.user"
	                           " WHERE mark = ?1 AND begun > ?2 AND seen > ?3", mark);
	sqlite3_bind_int64(st, 2, begun_ms);
	sqlite3_bind_int64(st, 3, seen_ms);
	if (!take_one(st, user))
		return false;
	st = by_mark(h, "UPDATE session SET seen = ?2 WHERE mark = ?1 AND seen < ?3", mark);
	sqlite3_bind_int64(st, 2, now_ms);
	sqlite3_bind_int64(st, 3, now_ms - SEEN_MS);
	host_change(h, st, NULL);
	return true;
}

bool
user_session_end(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                 struct rk_err *err)
{
	return host_change(h, by_mark(h, "DELETE FROM session WHERE mark = ?1", mark), err);
}

/* ---- Failures -------------------------------------------------------------- */

int64_t
user_wait_ms(struct host *h, const char *who, int64_t now_ms)
{
	int64_t until = 0;
	sqlite3_stmt *st = by_text(h, "SELECT until FROM login_try WHERE who = ?1", who);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		until = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	/* A clock that was set back must not lock anybody out for longer than a day. */
	return until > now_ms && until < now_ms + DAY_MS ? until - now_ms : 0;
}

static int64_t
failures(struct host *h, const char *who)
{
	int64_t count = 0;
	sqlite3_stmt *st = by_text(h, "SELECT failed FROM login_try WHERE who = ?1", who);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		count = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return count;
}

bool
user_failed(struct host *h, const char *who, int64_t free, int64_t most_ms, int64_t now_ms,
            struct rk_err *err)
{
	sqlite3_stmt *old = host_prepare(h, "DELETE FROM login_try WHERE until < ?1");
	sqlite3_bind_int64(old, 1, now_ms - DAY_MS);
	if (!host_change(h, old, err))
		return false;
	int64_t failed = failures(h, who) + 1, over = failed - free;
	int64_t wait = over <= 0 ? 0 : over > DOUBLINGS_MAX ? most_ms
	               : (int64_t)1000 << (over - 1);
	sqlite3_stmt *st = by_text(h, "INSERT OR REPLACE INTO login_try(who, failed, until)"
	                           " VALUES(?1, ?2, ?3)", who);
	sqlite3_bind_int64(st, 2, failed);
	sqlite3_bind_int64(st, 3, now_ms + (wait < most_ms ? wait : most_ms));
	return host_change(h, st, err);
}

bool
user_forgiven(struct host *h, const char *who, struct rk_err *err)
{
	return host_change(h, by_text(h, "DELETE FROM login_try WHERE who = ?1", who), err);
}
