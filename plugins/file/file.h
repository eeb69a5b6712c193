/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h - what the parts of the file connector share.
 *
 *     file.c      manifest, table, settings; which files an object has
 *     cp932.c     Shift_JIS
 *     rows.c      a file read row by row, and the text of a row
 *     line.c      one row taken apart: CSV, JSON Lines
 *     fields.c    objects and columns
 *     list.c      new and changed files, ids, values
 *     ids.c       which ids newer files have
 *     write.c     rows taken into a file */
#ifndef FILE_FILE_H
#define FILE_FILE_H

#include <renkei/values.h>

#define FILE_KEYS 8u
#define FILE_COLUMNS 500u
#define FILE_ROW_MAX (UINT64_C(1) << 20)      /* Bytes. */
#define FILE_ID_MAX 500u

struct cp932 {
	uint16_t to[60 * 188];         /* Unicode; 0: there is none.          */
	uint16_t from[65536];
};

#define FILES_MOST 300u                /* Marks that a token has room for. */
#define FILE_MARK 8u
#define FILE_IDS_MOST UINT64_C(12000000) /* 160 MiB; a connector has 512.    */

/* What newer files have (ids.c).  Nothing is lost with it: it is learnt again.  Files have
 * numbers from 1 on, as they come. */
struct file_ids {
	uint64_t *hashes;              /* owned; 0: free.                     */
	uint16_t *newest;              /* owned: the newest file that has it. */
	uint64_t count, room, most;
	char marks[FILES_MOST][FILE_MARK]; /* Of number 1 first.              */
	uint64_t at[FILES_MOST + 1];   /* Where each number is in this call's files. */
	uint64_t file_count;
	uint64_t offset, line;         /* In the last of them; 0: all of it is known. */
};

struct rk_conn {
	const struct rk_host *host;
	const struct rk_files *files;
	int jsonl, header;
	char delimiter;
	int64_t quiet_ms, rotate_bytes;
	struct rk_text keys[FILE_KEYS], columns[FILE_COLUMNS];
	uint64_t key_count, column_count;
	struct cp932 *cp932;           /* owned; NULL: files are UTF-8.       */
	struct file_ids ids;
};

/* ---- file.c ---------------------------------------------------------------------- */

/* The object that a file holds, "customers" of "customers-2026-11-22.csv"; empty: it is
 * no file of ours. */
struct rk_text file_object(const struct rk_conn *conn, struct rk_text name);

/* The name of a file of that object. */
struct rk_text file_name(const struct rk_conn *conn, struct rk_text object,
                         const char *suffix);

/* The files of an object, in the order in which they were changed. */
int32_t file_of(const struct rk_conn *conn, struct rk_text object,
                const struct rk_file **files, uint64_t *count, struct rk_err *err);

/* Whether a file was changed less than 'ms' ago. */
int file_is_young(const struct rk_conn *conn, const struct rk_file *file, int64_t ms);

/* Says that a file is still being written. */
int32_t file_is_written(const struct rk_conn *conn, const struct rk_file *file,
                        struct rk_err *err);

/* ---- cp932.c --------------------------------------------------------------------- */

struct cp932 *cp932_new(void);
int cp932_is_first(unsigned char byte);

/* Both write to 'into', which has room for three bytes for each one of 'text', and yield
 * the bytes written, or -1 where a character is none or has none there. */
int64_t cp932_decode(const struct cp932 *table, struct rk_text text, char *into);
int64_t cp932_encode(const struct cp932 *table, struct rk_text text, char *into);

/* ---- rows.c ---------------------------------------------------------------------- */

struct file_reader {
	const struct rk_conn *conn;
	const struct rk_file *file;
	struct rk_err *err;
	char *buffer, *words, *spare;
	uint64_t at, have;             /* What of the buffer is still to be read. */
	uint64_t offset;               /* Of the buffer's first byte in the file. */
	uint64_t line;                 /* Of the row; 1 is the first.         */
	uint64_t next_line;
	int ended;                     /* No row is left.                     */
	int torn;                      /* It ends within a row.               */
	/* The row.  It is valid until the next one is read. */
	struct rk_text raw;            /* As it stands there, with its end.   */
	struct rk_text names[FILE_COLUMNS], cells[FILE_COLUMNS];
	struct rk_text parts[FILE_COLUMNS]; /* JSON Lines: the values as they stand there. */
	unsigned char is_null[FILE_COLUMNS];
	uint64_t count;
	/* Of CSV: the columns, which last as long as the call. */
	struct rk_text columns[FILE_COLUMNS];
	uint64_t column_count;
	struct rk_text head;           /* The header's row, as it stands there. */
};

void file_reader_begin(struct file_reader *r, const struct rk_conn *conn,
                       struct rk_err *err);

/* Stands before the first row, behind the header.  RK_RESYNC: the file is another. */
int32_t file_reader_open(struct file_reader *r, const struct rk_file *file);

/* Goes to a row whose place was told by file_reader_place. */
void file_reader_go(struct file_reader *r, uint64_t offset, uint64_t line);
uint64_t file_reader_place(const struct file_reader *r);

/* Reads a row, or sets 'ended'; blank lines are none. */
int32_t file_reader_next(struct file_reader *r);

/* What the row holds in that column; NULL: the column is not there. */
const struct rk_text *file_cell(const struct file_reader *r, struct rk_text column,
                                int *is_null);

/* What a record is known by: the key of the row.  Empty: it has none. */
int32_t file_row_id(struct file_reader *r, struct rk_text *id);

/* Says that something is wrong with the row: "NAME:LINE: what". */
int32_t file_broken(struct file_reader *r, const char *what);

/* ---- line.c ---------------------------------------------------------------------- */

enum file_parsed { FILE_ROW, FILE_BLANK, FILE_SHORT, FILE_BAD };

/* Takes the row at r->at apart.  FILE_SHORT: it does not end in the buffer, and the file
 * goes on ('more'); FILE_BAD: *what says why. */
enum file_parsed file_parse_csv(struct file_reader *r, int more, const char **what);
enum file_parsed file_parse_jsonl(struct file_reader *r, int more, const char **what);

/* ---- ids.c ----------------------------------------------------------------------- */

/* Adds an id of the last file.  0: it is full. */
int file_ids_add(struct file_ids *ids, struct rk_text id);
/* The number of the newest file that has it; 0: none. */
uint16_t file_ids_find(const struct file_ids *ids, struct rk_text id);
void file_ids_forget(struct file_ids *ids);

/* ---- the table ------------------------------------------------------------------- */

int32_t file_describe_fields(struct rk_conn *conn, struct rk_text object,
                             struct rk_schema *schema, struct rk_err *err);
int32_t file_list_changed(struct rk_conn *conn, const struct rk_query *query,
                          struct rk_page *page, struct rk_err *err);
int32_t file_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                    struct rk_result *result, struct rk_err *err);

/* The columns that the object's files have, the newest one's; of an object without
 * files those that are configured. */
int32_t file_columns(const struct rk_conn *conn, struct rk_text object,
                     const struct rk_file *files, uint64_t count,
                     struct rk_text columns[FILE_COLUMNS], uint64_t *column_count,
                     struct rk_err *err);

static inline struct rk_text
file_copy(const struct rk_conn *conn, struct rk_text text)
{
	char *copy = conn->host->alloc(conn->host, text.len + 1);

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	return rk_text_of(copy, text.len);
}

#endif
