/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger.c - see ledger.h. */
#include "net/ledger.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define FLUSH_MS 1000
/* A file that another program holds is tried again later: calls do not wait for it. */
#define RETRY_MS 5000
#define BUSY_MS 50
#define SLOT_MS ((int64_t)15 * 60 * 1000)
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WAITING_MAX 1000
#define HOUR_MS ((int64_t)3600 * 1000)
#define HOURS_MAX 100

struct share {                         /* A row of 'spend' that is not written yet. */
	char *connection, *limit, *who; /* owned */
	int64_t slot, calls;
};

struct ledger {
	sqlite3 *db;                   /* owned; NULL: nothing is kept */
	struct limiter *limiter;       /* borrowed */
	struct share waiting[WAITING_MAX];
	size_t count;
	struct share hours[HOURS_MAX]; /* Rows of 'hour'; of the connection alone. */
	size_t hour_count;
	int64_t due;
	bool refused;                  /* The last flush; what it held still waits. */
	bool told;                     /* That shares are lost. */
};

/* Written without waiting for the disk: a kill loses a second at most, a power failure
 * perhaps the file, which is then begun anew.  Small: a full disk is others' first. */
static const char schema[] =
	"PRAGMA page_size = 1024; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;"
	"PRAGMA trusted_schema = OFF;"
	"CREATE TABLE IF NOT EXISTS spend(connection TEXT, limit_name TEXT, who TEXT,"
	" slot INTEGER, calls INTEGER, PRIMARY KEY(connection, limit_name, who, slot))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS hour(connection TEXT, slot INTEGER, calls INTEGER,"
	" PRIMARY KEY(connection, slot)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS bucket(key BLOB PRIMARY KEY, rests INTEGER, body BLOB)"
	" WITHOUT ROWID;";

/* ---- Opening ------------------------------------------------------------- */

static sqlite3_stmt *
prepare(struct ledger *l, const char *sql)
{
	sqlite3_stmt *st = NULL;
	if (l->db != NULL && sqlite3_prepare_v2(l->db, sql, -1, &st, NULL) != SQLITE_OK)
		return NULL;
	return st;
}

static int
open_file(struct ledger *l, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int code = sqlite3_open_v2(path, &l->db, flags, NULL);
	if (code == SQLITE_OK)
		sqlite3_busy_timeout(l->db, BUSY_MS);
	if (code == SQLITE_OK)
		code = sqlite3_exec(l->db, schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return code;
	sqlite3_close(l->db);
	l->db = NULL;
	return code & 0xff;
}

static void
remove_file(const char *path)
{
	static const char *const ends[] = { "", "-journal" };
	char name[PATH_MAX + 8];
	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
}

static struct rk_text
column(sqlite3_stmt *st, int at)
{
	return (struct rk_text){ sqlite3_column_blob(st, at),
	                         (uint64_t)sqlite3_column_bytes(st, at) };
}

static int
load(struct ledger *l, int64_t now, int64_t wall)
{
	sqlite3_stmt *st = prepare(l, "SELECT key, body FROM bucket WHERE rests > ?1");
	if (st == NULL)
		return sqlite3_errcode(l->db) & 0xff;
	sqlite3_bind_int64(st, 1, wall);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		limiter_load(l->limiter, column(st, 0), column(st, 1), now, wall);
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? SQLITE_OK : code & 0xff;
}

struct ledger *
ledger_open(const char *state_dir, struct limiter *limiter, int64_t now, int64_t wall)
{
	struct ledger *l = calloc(1, sizeof *l);
	if (l == NULL)
		abort();
	l->limiter = limiter;
	l->due = now + FLUSH_MS;       /* What load cut must be kept so. */
	char path[PATH_MAX];
	if (snprintf(path, sizeof path, "%s/net.db", state_dir) >= (int)sizeof path)
		return l;
	for (int tries = 0; tries < 2; tries++) {
		int code = open_file(l, path);
		if (code == SQLITE_OK)
			code = load(l, now, wall);
		if (code == SQLITE_OK)
			return l;
		sqlite3_close(l->db);
		l->db = NULL;
		if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB)
			break;
		log_warn("net.ledger", "%s is damaged and begins anew", path);
		remove_file(path);
	}
	log_warn("net.ledger", "%s cannot be used: what is spent is not kept", path);
	return l;
}

/* ---- Writing ------------------------------------------------------------- */

static bool
do_sql(struct ledger *l, const char *sql)
{
	return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* One step of a statement that gives no rows; made ready for the next. */
static bool
run(sqlite3_stmt *st)
{
	sqlite3_step(st);
	return sqlite3_reset(st) == SQLITE_OK;
}

static bool
write_shares(struct ledger *l)
{
	sqlite3_stmt *st = prepare(l, "INSERT INTO spend VALUES(?1, ?2, ?3, ?4, ?5)"
	                           " ON CONFLICT DO UPDATE SET calls = calls + ?5");
	bool good = st != NULL;
	for (size_t i = 0; i < l->count && good; i++) {
		const struct share *s = &l->waiting[i];
		sqlite3_bind_text(st, 1, s->connection, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, s->limit, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 3, s->who, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 4, s->slot);
		sqlite3_bind_int64(st, 5, s->calls);
		good = run(st);
	}
	sqlite3_finalize(st);
	return good;
}

static bool
write_hours(struct ledger *l)
{
	sqlite3_stmt *st = prepare(l, "INSERT INTO hour VALUES(?1, ?2, ?3)"
	                           " ON CONFLICT DO UPDATE SET calls = calls + ?3");
	bool good = st != NULL;
	for (size_t i = 0; i < l->hour_count && good; i++) {
		sqlite3_bind_text(st, 1, l->hours[i].connection, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, l->hours[i].slot);
		sqlite3_bind_int64(st, 3, l->hours[i].calls);
		good = run(st);
	}
	sqlite3_finalize(st);
	return good;
}

static bool
write_bucket(void *with, struct rk_text key, struct rk_text body, int64_t rests)
{
	sqlite3_stmt *st = with;
	sqlite3_bind_blob64(st, 1, key.ptr, key.len, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, rests);
	sqlite3_bind_blob64(st, 3, body.ptr, body.len, SQLITE_STATIC);
	return run(st);
}

static bool
write_buckets(struct ledger *l, int64_t now, int64_t wall)
{
	sqlite3_stmt *st = prepare(l, "INSERT OR REPLACE INTO bucket VALUES(?1, ?2, ?3)");
	bool good = st != NULL && limiter_save(l->limiter, now, wall, write_bucket, st);
	sqlite3_finalize(st);
	return good;
}

static bool
forget(struct ledger *l, const char *sql, int64_t before)
{
	sqlite3_stmt *st = prepare(l, sql);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, before);
	bool good = run(st);
	sqlite3_finalize(st);
	return good;
}

static bool
write_all(struct ledger *l, int64_t now, int64_t wall)
{
	if (!do_sql(l, "BEGIN IMMEDIATE"))
		return false;
	if (write_shares(l) && write_hours(l) && write_buckets(l, now, wall)
	    && forget(l, "DELETE FROM hour WHERE slot <= ?1", wall - 8 * DAY_MS)
	    && forget(l, "DELETE FROM spend WHERE slot <= ?1", wall - DAY_MS - SLOT_MS)
	    && forget(l, "DELETE FROM bucket WHERE rests <= ?1", wall)
	    && do_sql(l, "COMMIT"))
		return true;
	do_sql(l, "ROLLBACK");
	return false;
}

static void
drop_shares(struct ledger *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->waiting[i].connection);
		free(l->waiting[i].limit);
		free(l->waiting[i].who);
	}
	for (size_t i = 0; i < l->hour_count; i++)
		free(l->hours[i].connection);
	l->count = l->hour_count = 0;
}

void
ledger_flush(struct ledger *l, int64_t now, int64_t wall)
{
	l->due = INT64_MAX;
	if (l->db == NULL)
		return;
	l->refused = !write_all(l, now, wall);
	if (l->refused) {
		l->due = now + RETRY_MS;
		return;
	}
	limiter_saved(l->limiter);
	drop_shares(l);
	l->told = false;
}

/* ---- Spending ------------------------------------------------------------ */

static void
add_share(struct ledger *l, struct rk_text connection, struct rk_text limit,
          struct rk_text who, int64_t slot, int64_t calls)
{
	for (size_t i = 0; i < l->count; i++) {
		struct share *s = &l->waiting[i];
		if (s->slot == slot && text_is(connection, s->connection)
		    && text_is(limit, s->limit) && text_is(who, s->who)) {
			s->calls += calls;
			return;
		}
	}
	if (l->count < WAITING_MAX) {
		l->waiting[l->count++] =
		    (struct share){ text_dup(connection), text_dup(limit), text_dup(who),
		                    slot, calls };
		return;
	}
	if (!l->told)
		log_warn("net.ledger", "net.db cannot be written for long: what is spent"
		         " is told too low");
	l->told = true;
}

void
ledger_spend(struct ledger *l, struct rk_text connection, struct rk_text who,
             const struct rk_spend *spends, size_t count, int64_t now, int64_t wall)
{
	int64_t slot = wall / SLOT_MS * SLOT_MS;
	if (l->db == NULL)
		return;
	if (l->count + LIMITER_SPENDS_MAX >= WAITING_MAX && !l->refused)
		ledger_flush(l, now, wall);
	if (l->due == INT64_MAX)
		l->due = now + FLUSH_MS;
	/* All calls, whatever they spend, stand under no limit's name. */
	add_share(l, connection, (struct rk_text){ NULL, 0 }, who, slot, 1);
	for (size_t i = 0; i < count && i < LIMITER_SPENDS_MAX; i++)
		add_share(l, connection, spends[i].limit, who, slot,
		          (int64_t)spends[i].cost);
}

/* One that there is no room for is not counted: these only choose hours. */
void
ledger_hour(struct ledger *l, struct rk_text connection, int64_t wall)
{
	int64_t slot = wall / HOUR_MS * HOUR_MS;
	size_t at = 0;
	while (at < l->hour_count && !(l->hours[at].slot == slot
	                               && text_is(connection, l->hours[at].connection)))
		at++;
	if (l->db == NULL || at == HOURS_MAX)
		return;
	if (at == l->hour_count)
		l->hours[l->hour_count++] =
		    (struct share){ .connection = text_dup(connection), .slot = slot };
	l->hours[at].calls++;
}

int64_t
ledger_due(const struct ledger *l)
{
	return l->due;
}

/* ---- Telling -------------------------------------------------------------- */

void
ledger_shares(struct ledger *l, struct buf *out, int64_t wall)
{
	sqlite3_stmt *st = prepare(l, "SELECT connection, limit_name, who, sum(calls)"
	                           " FROM spend WHERE slot > ?1 GROUP BY 1, 2, 3");
	size_t mark = wire_open(out, WIRE_LIST);
	if (st != NULL)
		sqlite3_bind_int64(st, 1, wall - DAY_MS);
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		for (int i = 0; i < 3; i++)
			wire_text(out, column(st, i));
		wire_int(out, sqlite3_column_int64(st, 3));
	}
	wire_close(out, mark);
	sqlite3_finalize(st);
}

void
ledger_close(struct ledger *l)
{
	drop_shares(l);
	sqlite3_close(l->db);
	free(l);
}
