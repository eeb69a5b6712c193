/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - files that are new or have changed, rows by id and rows by value.  Files have
 * no times of their rows, so the last token of a listing starts the next one: it tells by
 * their marks which files were read.  Called through the table of file.c. */
#include "file.h"

#define PAGE_BYTES (UINT64_C(8) << 20)
#define FILES_MOST 480u                /* Marks that a token has room for. */
#define MARK 8u
/* A file that was changed so shortly before it was read may have changed once more since,
 * and have the same mark: clocks of file systems are coarse. */
#define COARSE_MS 2000

/* ---- The token ------------------------------------------------------------------- */

/* UNTIL OFFSET LINE CURRENT MARKS: the newest change when the listing began (0: none is
 * under way), the place in the file of that mark ("-": none), and the files that were
 * read, each by '=' (or '~', too shortly after its change) and a hash of its mark. */
struct place {
	int64_t until_ms;
	uint64_t offset, line;
	char current[MARK + 1];
	char read[FILES_MOST][MARK + 1];
	uint64_t read_count;
};

static void
hash_of(const struct rk_file *file, char text[MARK])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789-_";
	uint64_t hash = rk_hash(file->mark.ptr, file->mark.len);

	for (unsigned i = 0; i < MARK; i++, hash >>= 6)
		text[i] = digits[(hash ^ hash >> 48) & 63];
}

static int
parse_token(const struct rk_host *host, struct rk_text token, struct place *p)
{
	long long until;
	unsigned long long offset, line;
	int len = 0;
	const char *at = rk_text_z(host, token);

	memset(p, 0, sizeof *p);
	if (token.len == 0)
		return 1;
	if (strlen(at) != token.len ||
	    sscanf(at, "%19lld %19llu %19llu %8s %n", &until, &offset, &line, p->current,
	           &len) != 4 || len == 0)
		return 0;
	p->until_ms = until;
	p->offset = offset;
	p->line = line;
	for (at += len; *at; at += MARK + 1) {
		if (strlen(at) < MARK + 1 || (*at != '=' && *at != '~') ||
		    p->read_count == FILES_MOST)
			return 0;
		memcpy(p->read[p->read_count++], at, MARK + 1);
	}
	return 1;
}

static struct rk_text
token_text(const struct rk_host *host, const struct place *p)
{
	struct rk_text head = rk_textf(host, "%lld %llu %llu %s ", (long long)p->until_ms,
	                               (unsigned long long)p->offset,
	                               (unsigned long long)p->line,
	                               p->current[0] ? p->current : "-");
	char *text = host->alloc(host, head.len + p->read_count * (MARK + 1));

	if (head.len)
		memcpy(text, head.ptr, head.len);
	for (uint64_t i = 0; i < p->read_count; i++)
		memcpy(text + head.len + i * (MARK + 1), p->read[i], MARK + 1);
	return rk_text_of(text, head.len + p->read_count * (MARK + 1));
}

static int
was_read(const struct place *p, const struct rk_file *file)
{
	char mark[MARK];

	hash_of(file, mark);
	for (uint64_t i = 0; i < p->read_count; i++)
		if (memcmp(p->read[i] + 1, mark, MARK) == 0)
			return 1;
	return 0;
}

/* ---- One listing ----------------------------------------------------------------- */

struct listing {
	struct rk_conn *conn;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	const struct rk_file *files;
	uint64_t file_count;
	struct place place;
	struct rk_record *records;
	uint64_t *slots;               /* Where a record is, by its id.       */
	uint64_t slot_count;
	struct file_reader reader;
};

/* A new listing begins: what is gone is forgotten, and what was read too early is read
 * again. */
static void
begin_files(struct listing *l)
{
	struct place old = l->place;

	l->place.read_count = 0;
	for (uint64_t f = 0; f < l->file_count; f++) {
		const struct rk_file *file = &l->files[f];
		char mark[MARK];

		hash_of(file, mark);
		for (uint64_t i = 0; i < old.read_count; i++)
			if (memcmp(old.read[i] + 1, mark, MARK) == 0 &&
			    (old.read[i][0] == '=' ||
			     file_is_young(l->conn, file, COARSE_MS)))
				memcpy(l->place.read[l->place.read_count++], old.read[i],
				       MARK + 1);
		if (l->place.until_ms < file->modified_ms)
			l->place.until_ms = file->modified_ms;
	}
}

static void
note_read(struct listing *l, const struct rk_file *file)
{
	struct place *p = &l->place;

	p->current[0] = 0;
	p->offset = p->line = 0;
	if (p->read_count == FILES_MOST)
		return;
	p->read[p->read_count][0] = file_is_young(l->conn, file, COARSE_MS) ? '~' : '=';
	hash_of(file, p->read[p->read_count++] + 1);
}

/* Whether the last row has its end; it may be in the middle of being written. */
static int32_t
is_whole(struct listing *l, const struct rk_file *file, int *whole)
{
	const struct rk_conn *conn = l->conn;
	uint64_t got = 0;
	char last = '\n';
	int32_t status = RK_OK;

	if (file->size)
		status = conn->files->read(conn->host, file, file->size - 1, &last, 1, &got,
		                           l->err);
	*whole = (file->size > 0 && last == '\n') ||
	         !file_is_young(conn, file, conn->quiet_ms);
	return status;
}

/* The file to go on with; NULL: none is left.  What changed after the listing began, and
 * what is being written, is for the next one. */
static int32_t
choose(struct listing *l, const struct rk_file **chosen)
{
	int32_t status = RK_OK;

	*chosen = NULL;
	for (uint64_t i = 0; i < l->file_count && !*chosen; i++) {
		const struct rk_file *file = &l->files[i];
		int whole = 0;

		if (was_read(&l->place, file) || file->modified_ms > l->place.until_ms ||
		    file->modified_ms < l->query->since_ms ||
		    (l->query->until_ms != RK_NO_TIME &&
		     file->modified_ms >= l->query->until_ms))
			continue;
		status = is_whole(l, file, &whole);
		if (status == RK_RESYNC)
			continue;
		if (status != RK_OK)
			return status;
		if (whole)
			*chosen = file;
	}
	return RK_OK;
}

/* ---- Records --------------------------------------------------------------------- */

static uint64_t *
slot_of(struct listing *l, struct rk_text id)
{
	uint64_t at = rk_hash(id.ptr, id.len) & (l->slot_count - 1);

	while (l->slots[at] && !rk_text_eq(l->records[l->slots[at] - 1].id, id))
		at = (at + 1) & (l->slot_count - 1);
	return &l->slots[at];
}

static struct rk_value *
values_of_row(struct listing *l)
{
	const struct rk_query *q = l->query;
	struct rk_value *values = l->conn->host->alloc(
		l->conn->host, (q->field_count + 1) * sizeof *values);

	for (uint64_t i = 0; i < q->field_count; i++) {
		int is_null;
		const struct rk_text *cell = file_cell(&l->reader, q->fields[i].name, &is_null);

		if (cell && is_null)
			values[i].type = RK_NULL;
		else if (cell)
			values[i] = rk_value_of(RK_TEXT, file_copy(l->conn, *cell));
	}
	return values;
}

/* A row with the id of another one is what that record is now. */
static void
put_record(struct listing *l, struct rk_text id)
{
	uint64_t *slot = slot_of(l, id);
	struct rk_record *record;

	if (!*slot) {
		*slot = ++l->page->record_count;
		l->records[*slot - 1].id = file_copy(l->conn, id);
	}
	record = &l->records[*slot - 1];
	record->modified_ms = RK_NO_TIME;
	record->values = values_of_row(l);
}

/* A row without a key is a record all the same, by its place: the sync's rule for empty
 * keys says what becomes of it. */
static int32_t
row_id(struct listing *l, struct rk_text *id)
{
	struct file_reader *r = &l->reader;
	int32_t status = file_row_id(r, id);

	if (status == RK_OK && id->len == 0)
		*id = rk_textf(l->conn->host, "%.*s:%llu", RK_S(r->file->name),
		               (unsigned long long)r->line);
	return status;
}

/* ---- What changed ---------------------------------------------------------------- */

/* Reads rows until the page is full or the file ends. */
static int32_t
read_file(struct listing *l, const struct rk_file *file)
{
	struct file_reader *r = &l->reader;
	struct rk_text id;
	uint64_t from = 0;
	int32_t status = file_reader_open(r, file);

	if (status == RK_OK && l->place.offset)
		file_reader_go(r, l->place.offset, l->place.line);
	from = file_reader_place(r);
	while (status == RK_OK) {
		if (l->page->record_count == l->query->limit ||
		    file_reader_place(r) - from > PAGE_BYTES) {
			hash_of(file, l->place.current);
			l->place.offset = file_reader_place(r);
			l->place.line = r->next_line;
			return RK_OK;
		}
		status = file_reader_next(r);
		if (status == RK_OK && r->ended)
			break;
		if (status == RK_OK)
			status = row_id(l, &id);
		if (status == RK_OK)
			put_record(l, id);
	}
	if (status == RK_OK)
		note_read(l, file);
	return status;
}

/* What went wrong at the end of a file that is being written is its writer's, and was
 * not read; what went wrong in one that changed under our hands neither. */
static int32_t
leave_for_later(struct listing *l, const struct rk_file *file, int32_t status)
{
	if (status != RK_RESYNC &&
	    !(status == RK_PAUSE && l->reader.torn &&
	      file_is_young(l->conn, file, l->conn->quiet_ms)))
		return status;
	l->place.current[0] = 0;
	l->place.offset = l->place.line = 0;
	if (l->place.until_ms >= file->modified_ms)
		l->place.until_ms = file->modified_ms - 1;
	return RK_OK;
}

static int32_t
list_window(struct listing *l)
{
	struct place *p = &l->place;
	const struct rk_file *file = NULL;
	char mark[MARK];
	int32_t status;

	if (!parse_token(l->conn->host, l->query->token, p))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "this token is none of ours");
	if (l->file_count > FILES_MOST)
		return rk_fail(l->err, RK_PAUSE, RK_CAT_CONFIG, "\"%.*s\" has %llu files, at "
		               "most %u are followed; move old ones away",
		               RK_S(l->query->object), (unsigned long long)l->file_count,
		               FILES_MOST);
	if (p->until_ms == 0)
		begin_files(l);
	status = choose(l, &file);
	if (status != RK_OK)
		return status;
	if (file) {
		hash_of(file, mark);
		if (memcmp(mark, p->current, MARK) != 0)
			p->offset = p->line = 0;
		status = leave_for_later(l, file, read_file(l, file));
	}
	if (status == RK_OK && file)
		status = choose(l, &file);
	if (status != RK_OK)
		return status;
	l->page->more = file != NULL;
	if (!file) {
		p->until_ms = 0;
		p->current[0] = 0;
		p->offset = p->line = 0;
	}
	l->page->token = token_text(l->conn->host, p);
	return RK_OK;
}

/* ---- By id, by value ------------------------------------------------------------- */

static int
is_wanted(struct listing *l, struct rk_text id)
{
	const struct rk_query *q = l->query;
	const struct rk_text *cell = &id;
	int is_null;

	if (q->mode == RK_BY_FIELD)
		cell = file_cell(&l->reader, q->field, &is_null);
	for (uint64_t i = 0; cell && i < q->value_count; i++)
		if (rk_text_eq(rk_text_trim(*cell), rk_text_trim(q->values[i])))
			return 1;
	return 0;
}

/* A record is what its last row says: one that says something else takes the place of one
 * that was found. */
static int32_t
search_row(struct listing *l, uint64_t room)
{
	struct rk_text id;
	int32_t status = row_id(l, &id);

	if (status != RK_OK)
		return status;
	if (is_wanted(l, id)) {
		if (l->page->record_count < room || *slot_of(l, id))
			put_record(l, id);
	} else if (l->query->mode == RK_BY_FIELD && *slot_of(l, id)) {
		l->records[*slot_of(l, id) - 1].values = NULL;
	}
	return RK_OK;
}

static int32_t
search_file(struct listing *l, const struct rk_file *file, uint64_t room)
{
	struct file_reader *r = &l->reader;
	int whole = 1;
	int32_t status = is_whole(l, file, &whole);

	if (status == RK_OK)
		status = file_reader_open(r, file);
	while (status == RK_OK) {
		status = file_reader_next(r);
		if (status == RK_OK && r->ended)
			break;
		if (status == RK_OK)
			status = search_row(l, room);
	}
	if (status == RK_RESYNC)
		return RK_AGAIN;
	return status == RK_OK && !whole ? file_is_written(l->conn, file, l->err) : status;
}

/* The page of those found that begins with number 'from'. */
static void
cut_page(struct listing *l, uint64_t from)
{
	uint64_t found = 0, taken = 0, next;

	for (uint64_t i = 0; i < l->page->record_count; i++) {
		if (!l->records[i].values || found++ < from)
			continue;
		if (taken < l->query->limit)
			l->records[taken++] = l->records[i];
	}
	l->page->record_count = taken;
	next = from + taken;
	l->page->more = found > next;
	l->page->token = l->page->more
		? rk_textf(l->conn->host, "%llu", (unsigned long long)next)
		: rk_z("");
}

static int32_t
list_found(struct listing *l, uint64_t room)
{
	int64_t from = 0;
	int32_t status = RK_OK;

	if (l->query->token.len && (!rk_text_int(l->query->token, &from) || from < 0))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "this token is none of ours");
	for (uint64_t i = 0; i < l->file_count && status == RK_OK; i++)
		status = search_file(l, &l->files[i], room);
	if (status == RK_OK)
		cut_page(l, (uint64_t)from);
	return status;
}

/* ---- A page ---------------------------------------------------------------------- */

static void
prepare(struct listing *l, uint64_t room)
{
	const struct rk_host *host = l->conn->host;

	for (l->slot_count = 64; l->slot_count < room * 2;)
		l->slot_count *= 2;
	l->slots = host->alloc(host, l->slot_count * sizeof *l->slots);
	l->records = host->alloc(host, (room + 1) * sizeof *l->records);
	file_reader_begin(&l->reader, l->conn, l->err);
	l->page->records = l->records;
	l->page->record_count = 0;
	l->page->more = 0;
	l->page->source_time_ms = l->page->safe_until_ms = RK_NO_TIME;
}

/* Rows found by value, of which a page is cut. */
#define FOUND_MOST 10000u

int32_t
file_list_changed(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
                  struct rk_err *err)
{
	struct listing *l = conn->host->alloc(conn->host, sizeof *l);
	uint64_t room = query->mode == RK_BY_WINDOW ? query->limit
	              : query->mode == RK_BY_IDS ? query->value_count : FOUND_MOST;
	int32_t status;

	l->conn = conn;
	l->query = query;
	l->page = page;
	l->err = err;
	status = file_of(conn, query->object, &l->files, &l->file_count, err);
	if (status != RK_OK)
		return status;
	prepare(l, room);
	return query->mode == RK_BY_WINDOW ? list_window(l) : list_found(l, room);
}
