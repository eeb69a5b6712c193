/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.c - a file read row by row, by pieces: no more of it is in memory than a row and
 * the piece that it stands in.  How a row is taken apart is line.c's.  Called by fields.c,
 * list.c and write.c. */
#include "file.h"

#define BUFFER (2 * FILE_ROW_MAX)
#define BOM "\xEF\xBB\xBF"

void
file_reader_begin(struct file_reader *r, const struct rk_conn *conn, struct rk_err *err)
{
	const struct rk_host *host = conn->host;

	memset(r, 0, sizeof *r);
	r->conn = conn;
	r->err = err;
	r->buffer = host->alloc(host, BUFFER);
	/* What a row becomes: a byte of Shift_JIS is three of UTF-8 at most. */
	r->words = host->alloc(host, BUFFER);
	r->spare = host->alloc(host, conn->cp932 ? 3 * BUFFER : 1);
}

int32_t
file_broken(struct file_reader *r, const char *what)
{
	struct rk_text name = r->file->name;

	rk_fail(r->err, RK_PAUSE, RK_CAT_CONFIG, "%.*s:%llu: %s", RK_S(name),
	        (unsigned long long)r->line, what);
	RK_ERR_SET(r->err->code, rk_z("broken-row"));
	return RK_PAUSE;
}

/* Moves what is left to the buffer's beginning and reads on. */
static int32_t
fill(struct file_reader *r)
{
	const struct rk_conn *conn = r->conn;
	uint64_t left = r->have - r->at, got = 0;
	int32_t status;

	memmove(r->buffer, r->buffer + r->at, left);
	r->offset += r->at;
	r->at = 0;
	r->have = left;
	status = conn->files->read(conn->host, r->file, r->offset + left, r->buffer + left,
	                           BUFFER - left, &got, r->err);
	if (status == RK_OK)
		r->have += got;
	return status;
}

void
file_reader_go(struct file_reader *r, uint64_t offset, uint64_t line)
{
	r->at = r->have = 0;
	r->offset = offset;
	r->next_line = line;
	r->ended = r->torn = 0;
}

uint64_t
file_reader_place(const struct file_reader *r)
{
	return r->offset + r->at;
}

static int32_t
read_row(struct file_reader *r, enum file_parsed *parsed)
{
	const char *what = NULL;
	int32_t status = RK_OK;

	for (;;) {
		int more = r->offset + r->have < r->file->size;

		if (r->at == r->have && !more) {
			r->ended = 1;
			return RK_OK;
		}
		r->line = r->next_line;
		*parsed = r->conn->jsonl ? file_parse_jsonl(r, more, &what)
		                         : file_parse_csv(r, more, &what);
		if (*parsed == FILE_BAD)
			return file_broken(r, what);
		if (*parsed != FILE_SHORT)
			return RK_OK;
		if (r->have - r->at > FILE_ROW_MAX)
			return file_broken(r, "a row is longer than 1 MiB");
		status = fill(r);
		if (status != RK_OK)
			return status;
	}
}

static int32_t
next_row(struct file_reader *r)
{
	enum file_parsed parsed = FILE_BLANK;
	int32_t status = RK_OK;

	while (status == RK_OK && parsed != FILE_ROW && !r->ended)
		status = read_row(r, &parsed);
	if (status == RK_OK && !r->ended && r->raw.len > FILE_ROW_MAX)
		return file_broken(r, "a row is longer than 1 MiB");
	return status;
}

int32_t
file_reader_next(struct file_reader *r)
{
	int32_t status = next_row(r);

	if (status != RK_OK || r->ended || r->conn->jsonl || r->count == r->column_count)
		return status;
	return file_broken(r, r->count < r->column_count
	                   ? "it has fewer cells than there are columns"
	                   : "it has more cells than there are columns");
}

/* The columns by the first row: each is named, and by a name of its own. */
static int32_t
take_header(struct file_reader *r)
{
	int32_t status = next_row(r);

	if (status != RK_OK || r->ended)
		return status;
	/* A mark of UTF-8 stays before it. */
	r->head = rk_textf(r->conn->host, "%.*s%.*s", (int)r->head.len, r->head.ptr,
	                   (int)r->raw.len, r->raw.ptr);
	for (uint64_t i = 0; i < r->count; i++) {
		struct rk_text name = rk_text_trim(r->cells[i]);

		if (name.len == 0)
			return file_broken(r, "a column has no name");
		for (uint64_t j = 0; j < i; j++)
			if (rk_text_eq(name, r->columns[j]))
				return file_broken(r, "a column's name stands twice");
		r->columns[i] = file_copy(r->conn, name);
	}
	r->column_count = r->count;
	return RK_OK;
}

int32_t
file_reader_open(struct file_reader *r, const struct rk_file *file)
{
	const struct rk_conn *conn = r->conn;
	int32_t status;

	r->file = file;
	r->line = 1;
	r->head = rk_z("");
	r->column_count = 0;
	file_reader_go(r, 0, 1);
	status = fill(r);
	if (status != RK_OK)
		return status;
	if (r->have >= 3 && memcmp(r->buffer, BOM, 3) == 0) {
		r->at = 3;
		r->head = rk_z(BOM);
	}
	if (!conn->jsonl && conn->header)
		return take_header(r);
	memcpy(r->columns, conn->columns, sizeof r->columns);
	r->column_count = conn->column_count;
	return RK_OK;
}

const struct rk_text *
file_cell(const struct file_reader *r, struct rk_text column, int *is_null)
{
	const struct rk_text *names = r->conn->jsonl ? r->names : r->columns;

	for (uint64_t i = 0; i < r->count; i++) {
		if (!rk_text_eq(names[i], column))
			continue;
		*is_null = r->is_null[i];
		return &r->cells[i];
	}
	*is_null = 1;
	return NULL;
}

int32_t
file_row_id(struct file_reader *r, struct rk_text *id)
{
	const struct rk_conn *conn = r->conn;
	int is_null;

	*id = rk_z("");
	for (uint64_t i = 0; i < conn->key_count; i++) {
		const struct rk_text *cell = file_cell(r, conn->keys[i], &is_null);
		struct rk_text part = cell ? rk_text_trim(*cell) : rk_z("");

		if (!cell && !conn->jsonl)
			return file_broken(r, "there is no key column; set \"key\"");
		if (part.len == 0 || part.len > FILE_ID_MAX) {
			*id = rk_z("");
			return part.len ? file_broken(r, "its key is longer than 500 bytes")
			                : RK_OK;
		}
		*id = i == 0 ? part : rk_textf(conn->host, "%.*s|%.*s", RK_S(*id), RK_S(part));
	}
	return id->len > FILE_ID_MAX ? file_broken(r, "its key is longer than 500 bytes")
	                             : RK_OK;
}
