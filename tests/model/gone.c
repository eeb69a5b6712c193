/* SPDX-License-Identifier: Apache-2.0
 *
 * gone.c - see gone.h. */
#include "tests/model/gone.h"

#include <sqlite3.h>
#include <stdio.h>

#define IDS_MAX 7                      /* As many words as a command has room for. */

struct gone {
	char ids[IDS_MAX][100];        /* As "renkei errors" takes them. */
	size_t count;
};

/* Each way has a table of its own; that of the way back is made with its first run. */
static bool
list(sqlite3 *db, const char *sql, const char *connection, struct gone *gone)
{
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return false;
	while (gone->count < IDS_MAX && sqlite3_step(st) == SQLITE_ROW)
		snprintf(gone->ids[gone->count++], sizeof *gone->ids, "%s/%s", connection,
		         (const char *)sqlite3_column_text(st, 0));
	return sqlite3_finalize(st) == SQLITE_OK;
}

static bool
find(const struct place *place, struct gone *gone)
{
	char path[200];
	sqlite3 *db;
	snprintf(path, sizeof path, "%s/syncs/%s.db", place->state, place->name);
	bool read = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
	            && sqlite3_busy_timeout(db, 5000) == SQLITE_OK
	            && list(db, "SELECT id FROM pending WHERE code = 'record-gone' "
	                    "AND state = 3", place->source_name, gone)
	            && list(db, "SELECT id FROM pending_back WHERE code = 'record-gone' "
	                    "AND state = 3", place->target_name, gone);
	sqlite3_close(db);
	return read;
}

static bool
ignore(struct place *place, const struct gone *gone)
{
	const char *words[IDS_MAX + 4] = { "errors", "ignore", place->name };
	struct place_run end = { .code = 0 };
	for (size_t i = 0; i < gone->count; i++)
		words[3 + i] = gone->ids[i];
	if (!place_command(place, words, &end))
		return false;
	if (end.code != 0)
		fprintf(stderr, "model: %s: \"errors ignore %s\" ended with code %d\n",
		        place->name, gone->ids[0], end.code);
	return end.code == 0;
}

bool
gone_set_aside(struct place *place)
{
	struct gone gone;
	do {
		gone.count = 0;
		if (!find(place, &gone))
			return false;
		if (gone.count > 0 && !ignore(place, &gone))
			return false;
	} while (gone.count == IDS_MAX);
	return true;
}
