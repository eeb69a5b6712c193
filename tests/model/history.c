/* SPDX-License-Identifier: Apache-2.0
 *
 * history.c - see history.h. */
#include "tests/model/history.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct history {
	sqlite3 *db;                   /* owned */
	sqlite3_stmt *find;            /* owned */
};

struct history *
history_open(const char *path)
{
	struct history *h = calloc(1, sizeof *h);
	if (h == NULL)
		abort();
	if (sqlite3_open_v2(path, &h->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
	    && sqlite3_prepare_v2(h->db, "SELECT 1 FROM field_line WHERE instr(body, ?) > 0 "
	                          "LIMIT 1", -1, &h->find, NULL) == SQLITE_OK)
		return h;
	history_close(h);
	return NULL;
}

bool
history_tells(struct history *h, const char *text)
{
	sqlite3_bind_blob(h->find, 1, text, (int)strlen(text), SQLITE_STATIC);
	bool found = sqlite3_step(h->find) == SQLITE_ROW;
	sqlite3_reset(h->find);
	return found;
}

void
history_close(struct history *h)
{
	if (h == NULL)
		return;
	sqlite3_finalize(h->find);
	sqlite3_close(h->db);
	free(h);
}
