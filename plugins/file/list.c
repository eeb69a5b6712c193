/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - files that are new or have changed, rows by id and rows by value.  Files have
 * no times of their rows, so the last token of a listing starts the next one: it tells by
 * their marks which files were read.  Called through the table of file.c.
 *
 * The newest file counts.  Files are read from the oldest on, and of each only rows are told
 * whose id no newer file has: so a record is told once, whenever an old file comes, comes
 * back, or is another inode, and nothing old is told after what is new.  What newer files
 * have is learnt by reading them before (ids.c); a process that died has forgotten it, and
 * its successor learns it again.  A file that rows were left to may become another before
 * it is read, and not have them: then what left them is read again. */
#include "file.h"

#define PAGE_BYTES (UINT64_C(8) << 20)
#define MARK FILE_MARK
#define CONTENT 4u
#define PIECE (UINT64_C(1) << 20)      /* Of a file, to see whether it is another. */
/* A file that was changed so shortly before it was read may have changed once more since,
 * and have the same mark: clocks of file systems are coarse. */
#define COARSE_MS 2000

/* ---- The token ------------------------------------------------------------------- */

/* A file that was read, or is being read: '=' and a hash of its mark; of one that was
 * changed too shortly before '~', that hash, and one of its content.  If rows of it were
 * left to a file that is to be read '+' and '*', until that was read; which is '?'. */
struct mark {
	char sign, file[MARK], content[CONTENT];
};

/* UNTIL OFFSET LINE CURRENT MARKS: the newest change when the listing began (0: none is
 * under way), the place in the file of that mark ("-": none), and those that were read.
 * Before the marks stands a blank, or '>' where nothing is learnt. */
struct place {
	int64_t until_ms;
	uint64_t offset, line;
	int unlearnt;
	struct mark current;           /* Its sign is 0: none.                */
	struct mark read[FILES_MOST];
	uint64_t read_count;
};

static void
hash_text(uint64_t hash, char *text, unsigned len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789-_";

	for (unsigned i = 0; i < len; i++, hash >>= 6)
		text[i] = digits[(hash ^ hash >> 48) & 63];
}

static const char *
take_mark(const char *at, struct mark *m)
{
	size_t len = *at == '~' || *at == '*' ? sizeof *m : 1 + MARK;

	if (!*at || !strchr("=+~*?", *at) || strlen(at) < len)
		return NULL;
	memcpy(m, at, len);
	return at + len;
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
	    sscanf(at, "%19lld %19llu %19llu %n", &until, &offset, &line, &len) != 3 ||
	    len == 0)
		return 0;
	p->until_ms = until;
	p->offset = offset;
	p->line = line;
	at = at[len] == '-' ? at + len + 1 : take_mark(at + len, &p->current);
	if (!at || (*at != ' ' && *at != '>'))
		return 0;
	p->unlearnt = *at++ == '>';
	while (at && *at && p->read_count < FILES_MOST)
		at = take_mark(at, &p->read[p->read_count++]);
	return at && !*at;
}

static char *
put_mark(char *at, const struct mark *m)
{
	size_t len = m->sign == '~' || m->sign == '*' ? sizeof *m : 1 + MARK;

	memcpy(at, m, len);
	if (!m->sign)
		*at = '?';
	return at + len;
}

/* ---- One listing ----------------------------------------------------------------- */

struct listing {
	struct rk_conn *conn;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	const struct rk_file *files;
	uint64_t file_count;
	struct mark *marks;            /* Of the files; sign 0: it is to be read. */
	uint16_t *learnt;              /* Of the files: their numbers in ids; 0: none. */
	uint64_t reading;              /* The file whose rows are told.       */
	struct place place;
	struct rk_record *records;
	uint64_t *slots;               /* Where a record is, by its id.       */
	uint64_t slot_count;
	uint64_t bytes;                /* Read of them by this call.          */
	struct file_reader reader;
};

static int
is_leaving(const struct mark *m)
{
	return m->sign == '+' || m->sign == '*';
}

static void
end_file(struct listing *l)
{
	l->place.current.sign = 0;
	l->place.offset = l->place.line = 0;
}

/* Which files were read; those that are gone are forgotten.  If one is gone that was to be
 * read, what may have left rows to it is read again. */
static void
find_marks(struct listing *l)
{
	const struct rk_host *host = l->conn->host;
	struct place *p = &l->place;
	uint64_t to_read = 0;

	l->marks = host->alloc(host, (l->file_count + 1) * sizeof *l->marks);
	for (uint64_t i = 0; i < l->file_count; i++) {
		struct mark *m = &l->marks[i];
		struct rk_text mark = l->files[i].mark;

		hash_text(rk_hash(mark.ptr, mark.len), m->file, MARK);
		for (uint64_t j = 0; j < p->read_count; j++)
			if (memcmp(m->file, p->read[j].file, MARK) == 0)
				*m = p->read[j];
	}
	for (uint64_t j = 0; j < p->read_count; j++) {
		uint64_t i = 0;

		while (i < l->file_count &&
		       memcmp(l->marks[i].file, p->read[j].file, MARK) != 0)
			i++;
		to_read += p->read[j].sign == '?' && i == l->file_count;
	}
	for (uint64_t i = 0; i < l->file_count; i++)
		if (l->marks[i].sign == '?' || (to_read && is_leaving(&l->marks[i])))
			l->marks[i].sign = 0;
	if (to_read && is_leaving(&p->current))
		end_file(l);
}

/* What was left to newer files was told, once all of these were read. */
static void
settle_marks(struct listing *l)
{
	for (uint64_t i = l->file_count; i-- && l->marks[i].sign;)
		if (is_leaving(&l->marks[i]))
			l->marks[i].sign = l->marks[i].sign == '+' ? '=' : '~';
}

static struct rk_text
token_text(const struct listing *l)
{
	const struct rk_host *host = l->conn->host;
	const struct place *p = &l->place;
	struct rk_text head = rk_textf(host, "%lld %llu %llu ", (long long)p->until_ms,
	                               (unsigned long long)p->offset,
	                               (unsigned long long)p->line);
	char *text = host->alloc(host, head.len + (l->file_count + 2) * sizeof *l->marks);
	char *at = text + head.len;

	if (head.len)
		memcpy(text, head.ptr, head.len);
	if (p->current.sign)
		at = put_mark(at, &p->current);
	else
		*at++ = '-';
	*at++ = p->unlearnt ? '>' : ' ';
	for (uint64_t i = 0; i < l->file_count; i++)
		at = put_mark(at, &l->marks[i]);
	return rk_text_of(text, (uint64_t)(at - text));
}

static int32_t
content_of(struct listing *l, const struct rk_file *file, char text[CONTENT])
{
	const struct rk_host *host = l->conn->host;
	uint64_t piece = file->size < PIECE ? file->size : PIECE, got, hash = 0;
	char *bytes = host->alloc(host, piece + 1);

	for (uint64_t at = 0; at < file->size; at += got) {
		int32_t status = l->conn->files->read(host, file, at, bytes, piece, &got,
		                                      l->err);

		if (status != RK_OK)
			return status;
		hash = hash * 31 + rk_hash(bytes, got);
		if (got == 0)
			break;
	}
	hash_text(hash, text, CONTENT);
	return RK_OK;
}

static int32_t
begin_file(struct listing *l, uint64_t at)
{
	const struct rk_file *file = &l->files[at];
	struct mark *m = &l->place.current;

	/* The newest file counts: what was read of newer ones is told again behind it. */
	for (uint64_t i = at + 1; l->place.unlearnt && i < l->file_count; i++)
		l->marks[i].sign = 0;
	end_file(l);
	*m = l->marks[at];
	m->sign = '=';
	if (!file_is_young(l->conn, file, COARSE_MS))
		return RK_OK;
	m->sign = '~';
	return content_of(l, file, m->content);
}

/* A new listing begins: what was read too early is read again if it is another now.  One
 * that is away only while it is looked at is looked at in the next listing. */
static int32_t
begin_listing(struct listing *l)
{
	for (uint64_t i = 0; i < l->file_count; i++) {
		const struct rk_file *file = &l->files[i];
		struct mark *m = &l->marks[i];
		char content[CONTENT];
		int32_t status;

		if (l->place.until_ms < file->modified_ms)
			l->place.until_ms = file->modified_ms;
		if (m->sign != '~' || file_is_young(l->conn, file, COARSE_MS))
			continue;
		status = content_of(l, file, content);
		if (status == RK_RESYNC)
			continue;
		if (status != RK_OK)
			return status;
		m->sign = memcmp(content, m->content, CONTENT) == 0 ? '=' : 0;
	}
	return RK_OK;
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

/* What changed after the listing began is for the next one. */
static int
is_due(const struct listing *l, uint64_t at)
{
	const struct rk_query *q = l->query;
	int64_t modified_ms = l->files[at].modified_ms;

	return !l->marks[at].sign && modified_ms <= l->place.until_ms &&
	       modified_ms >= q->since_ms &&
	       (q->until_ms == RK_NO_TIME || modified_ms < q->until_ms);
}

/* The file to go on with, by its number; their count: none is left.  What is being written
 * is for the next listing. */
static int32_t
choose(struct listing *l, uint64_t *chosen)
{
	for (*chosen = 0; *chosen < l->file_count; ++*chosen) {
		int32_t status = RK_OK;
		int whole = 0;

		if (is_due(l, *chosen))
			status = is_whole(l, &l->files[*chosen], &whole);
		if (status == RK_RESYNC)
			continue;
		if (whole || status != RK_OK)
			return status;
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

/* Reads rows from a place on, until the page is full or the file ends: then the place is 0
 * again. */
static int32_t
read_rows(struct listing *l, uint64_t file, uint64_t *offset, uint64_t *line,
          int32_t (*take)(struct listing *l))
{
	struct file_reader *r = &l->reader;
	int32_t status = file_reader_open(r, &l->files[file]);

	if (status == RK_OK && *offset)
		file_reader_go(r, *offset, *line);
	while (status == RK_OK) {
		*offset = file_reader_place(r);
		*line = r->next_line;
		if (l->page->record_count == l->query->limit || l->bytes > PAGE_BYTES)
			return RK_OK;
		status = file_reader_next(r);
		if (status == RK_OK && r->ended)
			break;
		l->bytes += file_reader_place(r) - *offset;
		if (status == RK_OK)
			status = take(l);
	}
	*offset = *line = 0;
	return status;
}

/* The numbers of files in what is known; that is forgotten if one of them is gone. */
static void
find_learnt(struct listing *l)
{
	const struct rk_host *host = l->conn->host;
	struct file_ids *ids = &l->conn->ids;

	l->learnt = host->alloc(host, (l->file_count + 1) * sizeof *l->learnt);
	for (uint64_t n = 0; n < ids->file_count; n++) {
		uint64_t i = l->file_count;

		while (i && memcmp(l->marks[i - 1].file, ids->marks[n], MARK) != 0)
			i--;
		if (i) {
			ids->at[n + 1] = i - 1;
			l->learnt[i - 1] = (uint16_t)(n + 1);
			continue;
		}
		file_ids_forget(ids);
		memset(l->learnt, 0, l->file_count * sizeof *l->learnt);
	}
}

static int32_t
learn_row(struct listing *l)
{
	struct rk_text id;
	int32_t status = file_row_id(&l->reader, &id);

	if (status == RK_OK && id.len && !file_ids_add(&l->conn->ids, id))
		l->place.unlearnt = 1;
	return status;
}

/* The next file to learn from, whose number is the last one; 'file': all are known. */
static uint64_t
next_to_learn(struct listing *l, uint64_t file)
{
	struct file_ids *ids = &l->conn->ids;
	uint64_t i = l->file_count;

	if (ids->offset)
		return ids->at[ids->file_count];
	while (--i > file && l->learnt[i])
		;
	if (i > file) {
		memcpy(ids->marks[ids->file_count], l->marks[i].file, MARK);
		l->learnt[i] = (uint16_t)++ids->file_count;
		ids->at[ids->file_count] = i;
	}
	return i;
}

/* Learns which ids newer files have, as much as a page at once.  One that was read and is
 * another by now is read again.  Where ids are too many, nothing is learnt. */
static int32_t
learn_newer(struct listing *l, uint64_t file, int *known)
{
	struct file_ids *ids = &l->conn->ids;
	int32_t status = RK_OK;

	find_learnt(l);
	*known = l->place.unlearnt;
	while (status == RK_OK && !l->place.unlearnt && l->bytes <= PAGE_BYTES) {
		uint64_t newer = next_to_learn(l, file);

		*known = newer == file;
		if (*known)
			break;
		/* The token may stay the same: only a wait tells that it goes on. */
		l->page->wait_ms = 1;
		status = read_rows(l, newer, &ids->offset, &ids->line, learn_row);
		if (status != RK_RESYNC && status != RK_PAUSE)
			continue;
		/* What cannot be read of one that waits is not known, and need not be. */
		if (!l->marks[newer].sign)
			status = RK_OK;
		else
			l->marks[newer].sign = 0;
	}
	if (!*known && l->place.unlearnt)
		end_file(l);
	if (status != RK_OK || l->place.unlearnt)
		file_ids_forget(ids);
	return status == RK_RESYNC || status == RK_PAUSE ? RK_OK : status;
}

static int32_t
tell_row(struct listing *l)
{
	struct file_ids *ids = &l->conn->ids;
	struct mark *m = &l->place.current;
	struct rk_text id;
	int32_t status = row_id(l, &id);
	uint16_t number = status == RK_OK ? file_ids_find(ids, id) : 0;

	if (status != RK_OK)
		return status;
	if (!number || ids->at[number] <= l->reading)
		put_record(l, id);
	else if (!l->marks[ids->at[number]].sign && !is_leaving(m))
		m->sign = m->sign == '=' ? '+' : '*';
	return RK_OK;
}

static int32_t
read_file(struct listing *l, uint64_t file)
{
	struct place *p = &l->place;
	int known = 0;
	int32_t status = RK_OK;

	if (!p->current.sign || memcmp(p->current.file, l->marks[file].file, MARK) != 0)
		status = begin_file(l, file);
	if (status == RK_OK)
		status = learn_newer(l, file, &known);
	if (status != RK_OK || !known || l->bytes > PAGE_BYTES)
		return status;
	l->reading = file;
	status = read_rows(l, file, &p->offset, &p->line, tell_row);
	if (status == RK_OK && p->offset == 0) {
		l->marks[file] = p->current;
		end_file(l);
	}
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
	end_file(l);
	if (l->place.until_ms >= file->modified_ms)
		l->place.until_ms = file->modified_ms - 1;
	return RK_OK;
}

/* Goes on with a file, if there is one; whether another page follows. */
static int32_t
go_on(struct listing *l)
{
	uint64_t file;
	int32_t status = choose(l, &file);

	if (status == RK_OK && file < l->file_count) {
		status = leave_for_later(l, &l->files[file], read_file(l, file));
		if (status == RK_OK)
			status = choose(l, &file);
	}
	l->page->more = file < l->file_count;
	return status;
}

static int32_t
list_window(struct listing *l)
{
	struct place *p = &l->place;
	int32_t status = RK_OK;

	if (!parse_token(l->conn->host, l->query->token, p))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "this token is none of ours");
	if (l->file_count > FILES_MOST)
		return rk_fail(l->err, RK_PAUSE, RK_CAT_CONFIG, "\"%.*s\" has %llu files, at "
		               "most %u are followed; move old ones away",
		               RK_S(l->query->object), (unsigned long long)l->file_count,
		               FILES_MOST);
	find_marks(l);
	if (p->until_ms == 0)
		status = begin_listing(l);
	if (status == RK_OK)
		status = go_on(l);
	if (status != RK_OK)
		return status;
	settle_marks(l);
	if (!l->page->more) {
		p->until_ms = p->unlearnt = 0;
		end_file(l);
		file_ids_forget(&l->conn->ids);
	}
	l->page->token = token_text(l);
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
