/* SPDX-License-Identifier: Apache-2.0
 *
 * field_log.c - see field_log.h.  A line is one row with everything in its body: a first
 * load writes one row a record and not one a field, and an index has numbers only. */
#include "store/field_log.h"

#include <string.h>

#include "base/text.h"
#include "store/db_sqlite.h"

/* Beyond this a line's values are cut to their beginnings. */
#define BODY_MAX (256u * 1024)
#define BEGINNING_MAX 64

static const char table[] =
	"CREATE TABLE IF NOT EXISTS field_line(seq INTEGER PRIMARY KEY, at INTEGER,"
	" run INTEGER, batch INTEGER, state INTEGER, record INTEGER, sum INTEGER,"
	" body BLOB);"
	"CREATE INDEX IF NOT EXISTS field_line_record ON field_line(record);"
	"CREATE INDEX IF NOT EXISTS field_line_run ON field_line(run);";

enum { COLUMN_SEQ, COLUMN_AT, COLUMN_RUN, COLUMN_BATCH, COLUMN_STATE, COLUMN_RECORD,
       COLUMN_SUM, COLUMN_BODY };

/* ---- The body ------------------------------------------------------------- */

/* The beginning of a value as text: for people alone. */
static void
add_beginning(struct buf *body, const struct rk_value *value, size_t most)
{
	BUF_AUTO shown = BUF_INIT(STORE_SCRATCH_MAX);
	char cut[FIELD_VALUE_MAX + 1];
	value_show(&shown, value);
	text_copy(cut, most + 1, buf_text(&shown));
	struct rk_value text = { .type = RK_TEXT, .text = text_of(cut) };
	value_encode(body, &text);
}

/* True: it was cut. */
static bool
add_value(struct buf *body, const struct rk_value *value)
{
	size_t most = body->len > BODY_MAX ? BEGINNING_MAX : FIELD_VALUE_MAX;
	size_t before = body->len;
	value_encode(body, value);
	if (!body->over && body->len - before <= most + WIRE_HEADER_BYTES)
		return false;
	body->len = before;
	body->over = false;
	add_beginning(body, value, most);
	return true;
}

static void
add_change(struct buf *body, const struct field_change *change)
{
	wire_text(body, change->field);
	int64_t cut = add_value(body, &change->before) || change->cut_before;
	cut |= (add_value(body, &change->after) || change->cut_after) ? 2 : 0;
	wire_int(body, cut);
}

static void
encode(struct buf *body, const struct field_line *line)
{
	buf_reset(body);
	wire_text(body, line->from_id);
	wire_text(body, line->to_id);
	wire_int(body, line->way);
	wire_int(body, line->cause);
	wire_text(body, line->note);
	wire_text(body, (struct rk_text){ (const char *)line->revision,
	                                  sizeof line->revision });
	for (size_t i = 0; i < line->count; i++)
		add_change(body, &line->changes[i]);
}

static void
take_changes(struct wire_reader r, struct arena *arena, struct field_line *line)
{
	line->changes = arena_new_array(arena, wire_count(&r) / 4, struct field_change);
	while (wire_more(&r)) {
		struct field_change *change = &line->changes[line->count++];
		change->field = wire_take_text(&r);
		change->before = value_decode(&r, arena);
		change->after = value_decode(&r, arena);
		int64_t cut = wire_take_int(&r);
		change->cut_before = (cut & 1) != 0;
		change->cut_after = (cut & 2) != 0;
	}
	line->damaged = r.bad;
}

static void
decode(struct rk_text body, struct arena *arena, struct field_line *line)
{
	struct wire_reader r = wire_reader(body);
	line->from_id = wire_take_text(&r);
	line->to_id = wire_take_text(&r);
	line->way = wire_take_int(&r);
	line->cause = wire_take_int(&r);
	line->note = wire_take_text(&r);
	struct rk_text revision = wire_take_text(&r);
	line->damaged = r.bad || revision.len != sizeof line->revision;
	if (line->damaged)
		return;
	memcpy(line->revision, revision.ptr, sizeof line->revision);
	take_changes(r, arena, line);
}

/* Of the columns, and of the body by its own checksum. */
static int64_t
sum_of(const struct field_line *line, struct rk_text body)
{
	int64_t parts[] = { line->at_ms, line->run, line->batch, line->state,
	                    hash_checksum(body.ptr, body.len) };
	return hash_checksum(parts, sizeof parts);
}

/* ---- Changing -------------------------------------------------------------- */

bool
field_log_open(struct store *s, struct rk_err *err)
{
	return s->look || sqlite3_exec(s->db, table, NULL, NULL, NULL) == SQLITE_OK
	       || db_fail(s, err);
}

/* A look finds nothing where the table was never made. */
static bool
is_there(struct store *s, bool *there, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINE_TABLE, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	*there = step == DB_ROW;
	sqlite3_reset(st);
	return step != DB_FAILED;
}

static bool
put(struct store *s, const struct field_line *line, sqlite3_stmt *st, struct rk_err *err)
{
	encode(&s->scratch, line);
	struct rk_text body = buf_text(&s->scratch);
	if (s->scratch.over)
		return db_too_large(s, err);
	sqlite3_bind_int64(st, 1, line->at_ms);
	sqlite3_bind_int64(st, 2, line->run);
	sqlite3_bind_int64(st, 3, line->batch);
	sqlite3_bind_int64(st, 4, line->state);
	sqlite3_bind_int64(st, 5, hash_text64(line->from_id));
	sqlite3_bind_int64(st, 6, sum_of(line, body));
	db_bind_blob(st, 7, body.ptr, body.len);
	return db_change(s, st, err);
}

bool
field_log_put(struct store *s, struct field_line *line, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINE_PUT, err);
	if (st == NULL || !put(s, line, st, err))
		return false;
	line->seq = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool
field_log_drop(struct store *s, int64_t seq, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINE_DROP, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	return db_change(s, st, err);
}

/* ---- Reading ---------------------------------------------------------------- */

static void
read_row(sqlite3_stmt *st, struct arena *arena, struct field_line *line)
{
	*line = (struct field_line){
		.seq = sqlite3_column_int64(st, COLUMN_SEQ),
		.at_ms = sqlite3_column_int64(st, COLUMN_AT),
		.run = sqlite3_column_int64(st, COLUMN_RUN),
		.batch = sqlite3_column_int64(st, COLUMN_BATCH),
		.state = sqlite3_column_int64(st, COLUMN_STATE) };
	struct rk_text body = db_text(st, COLUMN_BODY, arena);
	if (sqlite3_column_int64(st, COLUMN_SUM) == sum_of(line, body))
		decode(body, arena, line);
	else
		line->damaged = true;
}

/* The rows of a statement that is bound; 'id' empty: of every record. */
static bool
take_rows(struct store *s, sqlite3_stmt *st, struct rk_text id, size_t most,
          struct arena *arena, struct field_lines *lines, struct rk_err *err)
{
	enum db_step step = DB_DONE;
	lines->list = arena_new_array(arena, most, struct field_line);
	while (lines->count < most && (step = db_step(s, st, err)) == DB_ROW) {
		struct field_line *line = &lines->list[lines->count];
		read_row(st, arena, line);
		/* Another record may have the same mark. */
		lines->count += line->damaged || id.len == 0 || text_eq(line->from_id, id);
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
field_log_of_record(struct store *s, struct rk_text from_id, int64_t before_seq,
                    size_t most, struct arena *arena, struct field_lines *lines,
                    struct rk_err *err)
{
	bool there = false;
	*lines = (struct field_lines){ NULL, 0 };
	if (!is_there(s, &there, err))
		return false;
	if (!there)
		return true;
	sqlite3_stmt *st = db_use(s, DB_LINES_OF_RECORD, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, hash_text64(from_id));
	sqlite3_bind_int64(st, 2, before_seq);
	return take_rows(s, st, from_id, most, arena, lines, err);
}

bool
field_log_of_run(struct store *s, int64_t run, int64_t after_seq, size_t most,
                 struct arena *arena, struct field_lines *lines, struct rk_err *err)
{
	bool there = false;
	*lines = (struct field_lines){ NULL, 0 };
	if (!is_there(s, &there, err))
		return false;
	if (!there)
		return true;
	sqlite3_stmt *st = db_use(s, DB_LINES_OF_RUN, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, run);
	sqlite3_bind_int64(st, 2, after_seq);
	return take_rows(s, st, (struct rk_text){ NULL, 0 }, most, arena, lines, err);
}

bool
field_log_damaged(struct store *s, int64_t *count, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_line line;
	enum db_step step;
	sqlite3_stmt *st = db_use(s, DB_LINES_ALL, err);
	*count = 0;
	if (st == NULL)
		return false;
	while ((step = db_step(s, st, err)) == DB_ROW) {
		arena_clear(&arena);
		read_row(st, &arena, &line);
		*count += line.damaged;
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
field_log_state(struct store *s, int64_t seq, enum field_state state, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_line line;
	sqlite3_stmt *st = db_use(s, DB_LINE_GET, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	read_row(st, &arena, &line);
	sqlite3_reset(st);
	if (line.damaged)
		return true;
	line.state = state;
	if ((st = db_use(s, DB_LINE_AGAIN, err)) == NULL)
		return false;
	sqlite3_bind_int64(st, 8, seq);
	return put(s, &line, st, err);
}

bool
field_log_trim(struct store *s, int64_t before_ms, size_t most, int64_t *gone,
               struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINES_TRIM, err);
	*gone = 0;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, before_ms);
	sqlite3_bind_int64(st, 2, (int64_t)most);
	sqlite3_bind_int64(st, 3, FIELD_LINES_MAX);
	if (!db_change(s, st, err))
		return false;
	*gone = sqlite3_changes(s->db);
	return true;
}
