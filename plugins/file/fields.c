/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the objects, one for each name of files, and their columns, as the header or
 * the rows of the newest file tell them.  All are text.  Called through the table of
 * file.c, and by write.c. */
#include "file.h"

#define ROWS_LOOKED_AT 1000u

/* ---- Objects --------------------------------------------------------------------- */

static int32_t
list_objects(const struct rk_conn *conn, struct rk_schema *schema, struct rk_err *err)
{
	const struct rk_file *files;
	struct rk_object *objects;
	uint64_t count, n = 0;
	int32_t status = conn->files->list(conn->host, &files, &count, err);

	if (status != RK_OK)
		return status;
	objects = conn->host->alloc(conn->host, (count + 1) * sizeof *objects);
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text name = file_object(conn, files[i].name);
		uint64_t j = 0;

		while (j < n && !rk_text_eq(objects[j].name, name))
			j++;
		if (name.len == 0 || j < n)
			continue;
		objects[n].name = objects[n].label = name;
		n++;
	}
	schema->objects = objects;
	schema->object_count = n;
	return RK_OK;
}

/* ---- Columns --------------------------------------------------------------------- */

static void
add_names(const struct file_reader *r, struct rk_text columns[FILE_COLUMNS],
          uint64_t *column_count)
{
	for (uint64_t i = 0; i < r->count; i++) {
		uint64_t j = 0;

		while (j < *column_count && !rk_text_eq(columns[j], r->names[i]))
			j++;
		if (j == *column_count && j < FILE_COLUMNS && r->names[i].len)
			columns[(*column_count)++] = file_copy(r->conn, r->names[i]);
	}
}

/* JSON Lines have no header: what the first rows name. */
static int32_t
columns_of_rows(struct file_reader *r, struct rk_text columns[FILE_COLUMNS],
                uint64_t *column_count)
{
	int32_t status = file_reader_next(r);

	for (unsigned i = 0; status == RK_OK && !r->ended && i < ROWS_LOOKED_AT; i++) {
		add_names(r, columns, column_count);
		status = file_reader_next(r);
	}
	/* A row that is still being written tells nothing. */
	return status != RK_OK && r->torn ? RK_OK : status;
}

int32_t
file_columns(const struct rk_conn *conn, struct rk_text object,
             const struct rk_file *files, uint64_t count,
             struct rk_text columns[FILE_COLUMNS], uint64_t *column_count,
             struct rk_err *err)
{
	struct file_reader *r = conn->host->alloc(conn->host, sizeof *r);
	int32_t status = RK_OK;

	*column_count = 0;
	file_reader_begin(r, conn, err);
	while (count-- > 0 && *column_count == 0 && status == RK_OK) {
		status = file_reader_open(r, &files[count]);
		if (status == RK_OK && conn->jsonl)
			status = columns_of_rows(r, columns, column_count);
		for (uint64_t i = 0; status == RK_OK && i < r->column_count; i++)
			columns[(*column_count)++] = r->columns[i];
		if (status == RK_RESYNC)
			status = RK_AGAIN;
	}
	for (uint64_t i = 0; *column_count == 0 && i < conn->column_count; i++)
		columns[i] = conn->columns[i];
	if (status == RK_OK && *column_count == 0)
		*column_count = conn->column_count;
	if (status != RK_OK || *column_count)
		return status;
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "there is no file of \"%.*s\" that "
	               "names its columns; put one there, or set \"columns\"", RK_S(object));
}

static int
is_key(const struct rk_conn *conn, struct rk_text name)
{
	return conn->key_count == 1 && rk_text_eq(conn->keys[0], name);
}

int32_t
file_describe_fields(struct rk_conn *conn, struct rk_text object,
                     struct rk_schema *schema, struct rk_err *err)
{
	static const struct rk_kind text = { "", "", RK_TEXT, RK_FIELD_WRITABLE, NULL };
	const struct rk_host *host = conn->host;
	struct rk_text *columns = host->alloc(host, FILE_COLUMNS * sizeof *columns);
	const struct rk_file *files;
	struct rk_field *fields;
	uint64_t count, column_count;
	int32_t status;

	if (object.len == 0)
		return list_objects(conn, schema, err);
	status = file_of(conn, object, &files, &count, err);
	if (status == RK_OK)
		status = file_columns(conn, object, files, count, columns, &column_count, err);
	if (status != RK_OK)
		return status;
	fields = host->alloc(host, (column_count + 1) * sizeof *fields);
	for (uint64_t i = 0; i < column_count; i++) {
		rk_field_begin(&fields[i], &text, columns[i], columns[i]);
		fields[i].native = rk_z("text");
		if (is_key(conn, columns[i]))
			fields[i].flags |= RK_FIELD_KEY | RK_FIELD_UNIQUE;
	}
	schema->fields = fields;
	schema->field_count = column_count;
	return RK_OK;
}
