/* SPDX-License-Identifier: Apache-2.0
 *
 * out.h - what a command tells on standard output, said once: aligned text for
 * people, or one JSON document for programs.
 *
 *     open -> ( field | table | group -> ... -> end | line )* -> close
 *
 * Each thing told has a key, which is JSON's, and a label, which is a person's.
 * Text gathers in a buffer that is flushed when it has grown. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/arena.h"
#include "base/words.h"
#include "base/json_out.h"

struct out {
	bool json, color;
	enum words_lang lang;
	bool failed;                   /* Standard output could not be written. */
	struct buf text;               /* owned */
	struct json_out doc;
	unsigned depth;                /* Of groups, for people's indentation. */
	size_t columns;                /* Of the terminal; 0: there is none. */
};

void out_open(struct out *o, bool json, bool color, enum words_lang lang);
/* Ends the document and writes what is left. */
void out_close(struct out *o);
void out_flush(struct out *o);

/* An object under a key, or an item of a list (key NULL).  'title' NULL: none. */
void out_group(struct out *o, const char *key, const char *title);
void out_group_end(struct out *o);
/* A list of groups. */
void out_list(struct out *o, const char *key);
void out_list_end(struct out *o);

void out_text(struct out *o, const char *key, enum word label, struct rk_text text);
void out_str(struct out *o, const char *key, enum word label, const char *s);
void out_number(struct out *o, const char *key, enum word label, int64_t number);
void out_yes(struct out *o, const char *key, enum word label, bool yes);
/* RK_NO_TIME: "-". */
void out_time(struct out *o, const char *key, enum word label, int64_t ms);
/* Only in JSON. */
void out_json_number(struct out *o, const char *key, int64_t number);
void out_json_str(struct out *o, const char *key, const char *s);
/* Only for people; a newline follows. */
void out_line(struct out *o, const char *s);
void out_title(struct out *o, const char *s);

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_BOOL, CELL_TIME,
                 CELL_LIST };

struct cell {
	enum cell_kind kind;
	struct rk_text text;
	int64_t number;                /* CELL_LIST: how many items. */
	const struct rk_text *items;
};

struct column {
	const char *key;
	enum word heading;
	size_t most;                   /* Columns that it may take on a terminal; 0: all. */
};

struct table {
	const struct column *columns;
	size_t column_count;
	struct arena *arena;           /* borrowed */
	struct cell *cells;            /* Row after row. */
	size_t count, room;
};

/* The cells of a new row, all empty. */
struct cell *table_row(struct table *t);
struct cell cell_text(struct rk_text text);
struct cell cell_str(const char *s);           /* NULL: an empty cell. */
struct cell cell_number(int64_t number);
struct cell cell_bool(bool value);
struct cell cell_time(int64_t ms);
struct cell cell_list(const struct rk_text *items, size_t count);
/* On a terminal its columns are cut with "..." to fit; a table that cannot fit stands
 * as fields, row after row. */
void out_table(struct out *o, const char *key, const struct table *t);

#endif
