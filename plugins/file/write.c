/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - rows taken into the newest file of an object: it is written anew beside the
 * old one, and takes its place whole.  A row is known by its key, in all files of the
 * object: what it says already is not written, so the same rows again are the same file.
 * Called through the table of file.c.
 *
 *     find (in all files) -> merge -> emit (the current file) -> commit */
#include "file.h"

#include <renkei/writing.h>

#define ROWS_MOST 1000u
#define PIECE (UINT64_C(1) << 20)

struct member {
	struct rk_text name, text, part; /* 'part': its JSON, as it stood there. */
	int is_null;
};

struct state {
	struct rk_text key;            /* By which it is found.               */
	struct rk_text new_key;        /* What it is to be; often the same.   */
	int found, taken;              /* Somebody else has the new key.      */
	struct member *members;
	uint64_t count;
	struct rk_text line;           /* Encoded, without its end; empty: not written. */
	int moved;                     /* It is found by the new key already. */
	int placed;
};

struct entry {                         /* Of the index of keys; row 0: none. */
	struct rk_text key;
	uint64_t row;
	int is_new;                    /* The key that row is to have.        */
};

struct writing {
	struct rk_writing w;
	struct rk_conn *conn;
	struct rk_text columns[FILE_COLUMNS];
	uint64_t column_count;
	struct state *states;
	struct entry *index;
	uint64_t index_size;
	struct file_reader reader;
	const struct rk_file *files;
	uint64_t file_count;
	/* The file to be written. */
	struct rk_text name;
	const struct rk_file *current; /* NULL: it is a new one.              */
	char *piece;
	uint64_t piece_len;
	const char *end_of_line;
};

static void
refuse(struct writing *w, uint64_t row, int32_t category, const char *code,
       struct rk_text field, const char *message)
{
	struct rk_fault fault = { .category = category, .code = rk_z(code), .field = field,
	                          .message = rk_z(message) };

	rk_refuse_row(&w->w, row, &fault);
}

/* ---- Keys ------------------------------------------------------------------------ */

static struct entry *
entry_of(struct writing *w, struct rk_text key)
{
	uint64_t at = rk_hash(key.ptr, key.len) & (w->index_size - 1);

	while (w->index[at].row && !rk_text_eq(w->index[at].key, key))
		at = (at + 1) & (w->index_size - 1);
	return &w->index[at];
}

static struct rk_text
text_of_value(struct writing *w, const struct rk_value *value)
{
	return value && value->type > RK_NULL
	     ? rk_text_trim(rk_value_text(w->conn->host, value, 1)) : rk_z("");
}

static void
enter(struct writing *w, uint64_t row, struct rk_text key, int is_new)
{
	struct entry *entry = entry_of(w, key);

	if (entry->row) {
		refuse(w, row, RK_CAT_DUPLICATE, "", w->conn->keys[0],
		       "another row of the batch has this key");
		return;
	}
	*entry = (struct entry){ key, row + 1, is_new };
}

static void
index_rows(struct writing *w)
{
	const struct rk_batch *batch = w->w.batch;
	int update = batch->operation == RK_OP_UPDATE;

	for (uint64_t i = 0; i < batch->row_count; i++) {
		struct state *s = &w->states[i];
		const struct rk_value *value;

		rk_row_field(batch, &batch->rows[i], w->conn->keys[0], &value);
		s->new_key = text_of_value(w, value);
		s->key = update ? batch->rows[i].id : s->new_key;
		if (update && (!value || value->type == RK_ABSENT))
			s->new_key = s->key;
		if (s->new_key.len == 0 || s->new_key.len > FILE_ID_MAX) {
			refuse(w, i, RK_CAT_PROPERTY_VALUE, "", w->conn->keys[0],
			       "a key has 1 to 500 bytes");
			continue;
		}
		enter(w, i, s->key, 0);
		if (!rk_text_eq(s->key, s->new_key))
			enter(w, i, s->new_key, 1);
	}
}

/* ---- Found ----------------------------------------------------------------------- */

/* Room for so many, the batch's fields and the key. */
static struct member *
members_of(struct writing *w, uint64_t count)
{
	count += w->w.batch->field_count + 1;
	return w->conn->host->alloc(w->conn->host, count * sizeof(struct member));
}

/* A row of the key that it is to have is another one, unless none has the key that it
 * had: then it was written before, by a run that died. */
static void
keep_row(struct writing *w, struct state *s, int is_new)
{
	const struct file_reader *r = &w->reader;
	const struct rk_text *names = w->conn->jsonl ? r->names : r->columns;

	if (is_new)
		s->taken = 1;
	else
		s->found = 1;
	if (is_new && s->found)
		return;
	s->count = r->count;
	s->members = members_of(w, r->count);
	for (uint64_t i = 0; i < r->count; i++) {
		s->members[i].name = file_copy(w->conn, names[i]);
		s->members[i].text = file_copy(w->conn, r->cells[i]);
		s->members[i].is_null = r->is_null[i];
		if (w->conn->jsonl)
			s->members[i].part = file_copy(w->conn, r->parts[i]);
	}
}

/* The last row of a key is what its record is. */
static int32_t
find_in(struct writing *w, const struct rk_file *file)
{
	struct file_reader *r = &w->reader;
	int32_t status = file_reader_open(r, file);

	while (status == RK_OK) {
		struct rk_text id = rk_z("");
		const struct entry *entry;

		status = file_reader_next(r);
		if (status == RK_OK && r->ended)
			break;
		if (status == RK_OK)
			status = file_row_id(r, &id);
		if (status != RK_OK || id.len == 0)
			continue;
		entry = entry_of(w, id);
		if (entry->row)
			keep_row(w, &w->states[entry->row - 1], entry->is_new);
	}
	if (r->torn && file_is_young(w->conn, file, w->conn->quiet_ms))
		return file_is_written(w->conn, file, w->w.err);
	return status;
}

/* ---- Merged ---------------------------------------------------------------------- */

static struct member *
member_of(struct state *s, struct rk_text name)
{
	for (uint64_t i = 0; i < s->count; i++)
		if (rk_text_eq(s->members[i].name, name))
			return &s->members[i];
	return NULL;
}

/* True: that is another value than before. */
static int
set_member(struct state *s, struct rk_text name, struct rk_text text, int is_null)
{
	struct member *m = member_of(s, name);

	if (m && m->is_null == is_null && rk_text_eq(m->text, text))
		return 0;
	if (!m) {
		m = &s->members[s->count++];
		m->name = name;
	}
	m->text = text;
	m->part = rk_z("");
	m->is_null = is_null;
	return 1;
}

/* Takes the row's values into what stands there; true: something is to be written. */
static int
merge(struct writing *w, uint64_t row)
{
	const struct rk_batch *batch = w->w.batch;
	struct state *s = &w->states[row];
	int changed = !s->found;

	if (!s->found)
		s->members = members_of(w, 0);
	changed |= set_member(s, w->conn->keys[0], s->new_key, 0);
	for (uint64_t i = 0; i < batch->field_count; i++) {
		const struct rk_value *value = &batch->rows[row].values[i];
		int is_null = value->type == RK_NULL;
		struct rk_text text = is_null ? rk_z("")
		                              : rk_value_text(w->conn->host, value, 1);

		if (value->type == RK_ABSENT ||
		    rk_text_eq(batch->fields[i].name, w->conn->keys[0]))
			continue;
		/* CSV has one way to say nothing. */
		if (!w->conn->jsonl && text.len == 0)
			is_null = 1;
		changed |= set_member(s, batch->fields[i].name, text, is_null);
	}
	return changed;
}

static int
encode(struct writing *w, struct rk_text text, struct rk_json_out *out)
{
	char *into;
	int64_t len;

	if (!w->conn->cp932) {
		rk_put_bytes(out, text.ptr, text.len);
		return 1;
	}
	into = w->conn->host->alloc(w->conn->host, text.len * 3 + 1);
	len = cp932_encode(w->conn->cp932, text, into);
	if (len > 0)
		rk_put_bytes(out, into, (uint64_t)len);
	return len >= 0;
}

static struct rk_text
quoted(struct writing *w, struct rk_text text)
{
	char *copy, *at;
	int plain = 1;

	for (uint64_t i = 0; i < text.len; i++)
		plain &= text.ptr[i] != '"' && text.ptr[i] != '\n' && text.ptr[i] != '\r' &&
		         text.ptr[i] != w->conn->delimiter;
	if (plain)
		return text;
	copy = at = w->conn->host->alloc(w->conn->host, text.len * 2 + 2);
	*at++ = '"';
	for (uint64_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			*at++ = '"';
		*at++ = text.ptr[i];
	}
	*at++ = '"';
	return rk_text_of(copy, (uint64_t)(at - copy));
}

/* The columns of the file that is written; false: 'field' cannot be encoded. */
static int
csv_line(struct writing *w, struct state *s, struct rk_json_out *out,
         struct rk_text *field)
{
	for (uint64_t i = 0; i < w->column_count; i++) {
		const struct member *m = member_of(s, w->columns[i]);

		if (i)
			rk_put_char(out, w->conn->delimiter);
		*field = w->columns[i];
		if (m && !encode(w, quoted(w, m->text), out))
			return 0;
	}
	return 1;
}

static int
json_line(struct writing *w, struct state *s, struct rk_json_out *out,
          struct rk_text *field)
{
	struct rk_json_out j;

	rk_json_begin(&j, w->conn->host, 512, FILE_ROW_MAX);
	rk_put_open(&j, '{');
	for (uint64_t i = 0; i < s->count; i++) {
		const struct member *m = &s->members[i];

		rk_put_key(&j, m->name);
		if (m->part.len || m->is_null)
			rk_put_raw(&j, m->part.len ? m->part : rk_z("null"));
		else
			rk_put_text(&j, m->text);
	}
	rk_put_close(&j, '}');
	*field = rk_z("");
	out->full |= j.full;
	return encode(w, rk_text_of(j.buf, j.len), out);
}

static void
make_line(struct writing *w, uint64_t row)
{
	struct state *s = &w->states[row];
	struct rk_text field = rk_z("");
	struct rk_json_out out;
	int good;

	rk_json_begin(&out, w->conn->host, 512, FILE_ROW_MAX);
	good = w->conn->jsonl ? json_line(w, s, &out, &field) : csv_line(w, s, &out, &field);
	if (!good)
		refuse(w, row, RK_CAT_PROPERTY_VALUE, "not-encodable", field,
		       "Shift_JIS has no such character");
	else if (out.full)
		refuse(w, row, RK_CAT_PROPERTY_VALUE, "", rk_z(""),
		       "a row is longer than 1 MiB");
	else
		s->line = rk_text_of(out.buf, out.len);
}

/* What is to be written; how many rows. */
static uint64_t
merge_rows(struct writing *w)
{
	const struct rk_batch *batch = w->w.batch;
	uint64_t count = 0;

	for (uint64_t i = 0; i < batch->row_count; i++) {
		struct state *s = &w->states[i];

		if (w->w.outcomes[i].status != RK_UNKNOWN)
			continue;
		if (!s->found && s->taken) {
			s->moved = s->found = 1;
			s->taken = 0;
		}
		if (batch->operation == RK_OP_UPDATE && !s->found) {
			refuse(w, i, RK_CAT_OTHER, "no-such-row", rk_z(""),
			       "no file has a row of this key");
		} else if (s->taken) {
			refuse(w, i, RK_CAT_DUPLICATE, "", w->conn->keys[0],
			       "another row has this key");
			w->w.outcomes[i].other_id = s->new_key;
		} else if (!merge(w, i)) {
			rk_row_done(&w->w, i, RK_UNCHANGED, s->new_key, rk_z(""));
		} else {
			make_line(w, i);
			count += s->line.len > 0;
		}
	}
	return count;
}

/* ---- Emitted --------------------------------------------------------------------- */

static int32_t
flush(struct writing *w)
{
	struct rk_text data = rk_text_of(w->piece, w->piece_len);

	w->piece_len = 0;
	return w->conn->files->write(w->conn->host, w->name, data, w->w.err);
}

/* 'text' is at most a row. */
static int32_t
emit(struct writing *w, struct rk_text text)
{
	int32_t status = RK_OK;

	if (w->piece_len + text.len > PIECE + FILE_ROW_MAX)
		status = flush(w);
	if (text.len)
		memcpy(w->piece + w->piece_len, text.ptr, text.len);
	w->piece_len += text.len;
	return status;
}

static int32_t
emit_line(struct writing *w, struct rk_text line)
{
	int32_t status = emit(w, line);

	return status == RK_OK ? emit(w, rk_z(w->end_of_line)) : status;
}

/* A row of the file as it was, or what it is now; once. */
static int32_t
emit_row(struct writing *w)
{
	struct file_reader *r = &w->reader;
	struct rk_text id;
	struct state *s = NULL;
	int32_t status = file_row_id(r, &id);

	if (status == RK_OK && id.len) {
		const struct entry *entry = entry_of(w, id);

		if (entry->row && (!entry->is_new || w->states[entry->row - 1].moved))
			s = &w->states[entry->row - 1];
	}
	if (status != RK_OK)
		return status;
	if (s && s->line.len) {
		if (s->placed)
			return RK_OK;
		s->placed = 1;
		return emit_line(w, s->line);
	}
	status = emit(w, r->raw);
	return status == RK_OK && r->torn ? emit(w, rk_z(w->end_of_line)) : status;
}

static int
ends_crlf(struct rk_text row)
{
	return row.len > 1 && row.ptr[row.len - 2] == '\r' && row.ptr[row.len - 1] == '\n';
}

static int32_t
emit_header(struct writing *w)
{
	struct state header = { 0 };
	struct rk_text field;
	struct rk_json_out out;

	if (w->conn->jsonl || !w->conn->header)
		return RK_OK;
	rk_json_begin(&out, w->conn->host, 512, FILE_ROW_MAX);
	header.members = w->conn->host->alloc(w->conn->host, (w->column_count + 1)
	                                                     * sizeof *header.members);
	for (uint64_t i = 0; i < w->column_count; i++)
		set_member(&header, w->columns[i], w->columns[i], 0);
	if (!csv_line(w, &header, &out, &field))
		return rk_fail(w->w.err, RK_PAUSE, RK_CAT_CONFIG, "Shift_JIS has not all "
		               "characters of the column \"%.*s\"", RK_S(field));
	return emit_line(w, rk_text_of(out.buf, out.len));
}

static int32_t
emit_current(struct writing *w)
{
	struct file_reader *r = &w->reader;
	int32_t status = file_reader_open(r, w->current);

	if (status == RK_OK && r->head.len)
		status = emit(w, r->head);
	if (status == RK_OK && r->head.len && r->torn)
		status = emit(w, rk_z(w->end_of_line));
	if (status == RK_OK && r->column_count == 0)
		status = emit_header(w);
	while (status == RK_OK) {
		status = file_reader_next(r);
		if (status == RK_OK && r->ended)
			break;
		if (status == RK_OK)
			status = emit_row(w);
	}
	return status;
}

static int32_t
emit_all(struct writing *w)
{
	const struct rk_batch *batch = w->w.batch;
	int32_t status;

	w->piece = w->conn->host->alloc(w->conn->host, PIECE + 2 * FILE_ROW_MAX + 4);
	status = w->current ? emit_current(w) : emit_header(w);
	for (uint64_t i = 0; i < batch->row_count && status == RK_OK; i++)
		if (w->states[i].line.len && !w->states[i].placed)
			status = emit_line(w, w->states[i].line);
	return status == RK_OK ? flush(w) : status;
}

/* ---- The current file ------------------------------------------------------------ */

static const struct rk_file *
file_named(const struct writing *w, struct rk_text name)
{
	for (uint64_t i = 0; i < w->file_count; i++)
		if (rk_text_eq(w->files[i].name, name))
			return &w->files[i];
	return NULL;
}

/* NAME.csv, or that of the day or month; then NAME-2.csv, once it is large. */
static void
choose_current(struct writing *w)
{
	const struct rk_host *host = w->conn->host;
	struct rk_text date = rk_time_text(host, host->now_ms(host), 0), by, suffix;

	by = host->setting(host, "rotate");
	suffix = rk_text_is(by, "day") ? rk_textf(host, "-%.4s%.2s%.2s", date.ptr,
	                                          date.ptr + 5, date.ptr + 8)
	       : rk_text_is(by, "month") ? rk_textf(host, "-%.4s%.2s", date.ptr, date.ptr + 5)
	                                 : rk_z("");
	for (unsigned n = 1;; n++) {
		struct rk_text numbered = n == 1 ? suffix
			: rk_textf(host, "%.*s-%u", RK_S(suffix), n);

		w->name = file_name(w->conn, w->w.batch->object, rk_text_z(host, numbered));
		w->current = file_named(w, w->name);
		if (!w->current || (int64_t)w->current->size < w->conn->rotate_bytes)
			return;
	}
}

static int32_t
has_column(const struct writing *w, struct rk_text name)
{
	for (uint64_t i = 0; i < w->column_count && !w->conn->jsonl; i++)
		if (rk_text_eq(w->columns[i], name))
			return RK_OK;
	return w->conn->jsonl ? RK_OK
	     : rk_fail(w->w.err, RK_PAUSE, RK_CAT_CONFIG, "%.*s has no column \"%.*s\"",
	               RK_S(w->name), RK_S(name));
}

/* The columns of the file to be written, and that they are enough. */
static int32_t
know_columns(struct writing *w)
{
	const struct rk_batch *batch = w->w.batch;
	int own = w->current && w->current->size > 0;
	int32_t status;

	w->end_of_line = w->conn->jsonl ? "\n" : "\r\n";
	status = file_columns(w->conn, batch->object, own ? w->current : w->files,
	                      own ? 1 : w->file_count, w->columns, &w->column_count,
	                      w->w.err);
	if (status == RK_OK && w->current)
		status = file_reader_open(&w->reader, w->current);
	if (status == RK_OK && w->current && w->reader.head.len == 0)
		status = file_reader_next(&w->reader);
	if (status != RK_OK)
		return status;
	if (w->current && w->reader.head.len + w->reader.raw.len > 0 &&
	    !ends_crlf(w->reader.head.len ? w->reader.head : w->reader.raw))
		w->end_of_line = "\n";
	status = has_column(w, w->conn->keys[0]);
	for (uint64_t i = 0; i < batch->field_count && status == RK_OK; i++)
		status = has_column(w, batch->fields[i].name);
	return status;
}

/* ---- A batch --------------------------------------------------------------------- */

static int32_t
write_rows(struct writing *w)
{
	const struct rk_batch *batch = w->w.batch;
	int32_t status = file_of(w->conn, batch->object, &w->files, &w->file_count,
	                         w->w.err);

	if (status != RK_OK)
		return status;
	choose_current(w);
	status = know_columns(w);
	if (status != RK_OK)
		return status;
	index_rows(w);
	for (uint64_t i = 0; i < w->file_count && status == RK_OK; i++)
		status = find_in(w, &w->files[i]);
	if (status != RK_OK || merge_rows(w) == 0)
		return status;
	status = emit_all(w);
	if (status == RK_OK)
		status = w->conn->files->commit(w->conn->host, w->name,
			w->current ? w->current->mark : rk_z(""), w->w.err);
	for (uint64_t i = 0; i < batch->row_count && status == RK_OK; i++)
		if (w->states[i].line.len)
			rk_row_done(&w->w, i, w->states[i].found ? RK_UPDATED : RK_CREATED,
			            w->states[i].new_key, rk_z(""));
	return status;
}

/* What this connector does not do, whatever the rows. */
static int32_t
check_batch(const struct rk_conn *conn, const struct rk_batch *batch, struct rk_err *err)
{
	int32_t status = rk_batch_check(batch, ROWS_MOST, err);

	if (status != RK_OK)
		return status;
	if (batch->operation != RK_OP_UPSERT && batch->operation != RK_OP_UPDATE)
		return rk_fail(err, RK_REJECT, RK_CAT_PERMISSION,
		               "rows of files are written by their key, and not archived");
	if (conn->key_count != 1)
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "files whose key is several "
		               "columns are read only");
	if (batch->operation == RK_OP_UPSERT &&
	    !rk_text_eq(batch->key_field->name, conn->keys[0]))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "the key of the sync must be "
		               "\"%.*s\", which is the files' key", RK_S(conn->keys[0]));
	return RK_OK;
}

int32_t
file_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
            struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	int32_t status = check_batch(conn, batch, err);
	struct writing *w;

	if (status != RK_OK || batch->row_count == 0)
		return status;
	w = host->alloc(host, sizeof *w);
	w->w = (struct rk_writing){ .host = host, .batch = batch, .err = err,
	                            .outcomes = result->outcomes };
	w->conn = conn;
	w->states = host->alloc(host, batch->row_count * sizeof *w->states);
	for (w->index_size = 64; w->index_size < batch->row_count * 4;)
		w->index_size *= 2;
	w->index = host->alloc(host, w->index_size * sizeof *w->index);
	file_reader_begin(&w->reader, conn, err);
	status = write_rows(w);
	/* Somebody else changed a file: nothing was done. */
	return status == RK_RESYNC ? RK_AGAIN : status;
}
