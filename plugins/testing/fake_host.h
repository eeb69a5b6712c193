/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_host.h - a host for the tests of connectors: settings from a table, canned
 * answers in order, and a record of every request as text.  Secrets show as
 * <name>.  Included by one test program at a time; no network, no threads. */
#ifndef RENKEI_FAKE_HOST_H
#define RENKEI_FAKE_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <renkei/values.h>

#define FAKE_MAX 64
#define FAKE_NOW INT64_C(1795000000000)       /* 2026-11-18T11:06:40Z */

struct fake_setting {
	const char *name, *value;      /* NULL value: a secret that is given. */
};

struct fake_answer {
	int32_t http;                  /* 0: nothing arrived.                 */
	const char *body;
	const char *header, *header_value; /* One more header, or NULL.       */
	int64_t retry_after_ms;        /* 0: not told.                        */
	uint32_t maybe_sent;           /* When nothing arrived.               */
	int64_t date_ms;               /* 0: FAKE_NOW.                        */
	uint64_t body_bytes;           /* 0: up to its NUL.                   */
};

struct fake_seen {
	char *method, *url, *headers, *body, *spends, *object;
};

/* A file of the extension "renkei.files/1"; its mark is its time, length and inode. */
struct fake_file {
	const char *name;
	char *data;
	uint64_t size;
	int64_t modified_ms;
	int inode;
};

#define FAKE_FILES 16
#define FAKE_BLOCKS 2048

struct fake_host {
	struct rk_host host;           /* First: the host is found by it.     */
	struct fake_file files[FAKE_FILES];
	size_t file_count;
	char *written;                 /* Not committed.                      */
	uint64_t written_len;
	int64_t now_ms;                /* 0: FAKE_NOW.                        */
	/* The call of that number, from 1 on, finds what 'meddle' does before it. */
	int files_asked, meddle_at;
	int32_t (*meddle)(struct rk_err *err);
	const struct fake_setting *settings;
	struct fake_answer answers[FAKE_MAX];
	struct fake_seen seen[FAKE_MAX];
	size_t answer_count, seen_count;
	char *arena[FAKE_BLOCKS];
	size_t block_count, used, room;
};

static struct fake_host fake;

static inline void *
fake_bytes(size_t bytes)
{
	size_t need = (bytes + 15) / 16 * 16;
	char *at;

	if (fake.room - fake.used < need) {
		fake.room = need > 1 << 16 ? need : 1 << 16;
		fake.used = 0;
		assert_true(fake.block_count < FAKE_BLOCKS);
		fake.arena[fake.block_count] = calloc(1, fake.room);
		assert_non_null(fake.arena[fake.block_count++]);
	}
	at = fake.arena[fake.block_count - 1] + fake.used;
	fake.used += need;
	return at;
}

static inline void
fake_free(void *ptr)
{
	(void)ptr;
}

static inline void *
fake_alloc(const struct rk_host *host, uint64_t bytes)
{
	(void)host;
	return fake_bytes(bytes);
}

static inline const struct fake_setting *
fake_find(const char *name)
{
	for (const struct fake_setting *s = fake.settings; s && s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static inline struct rk_text
fake_setting_text(const struct rk_host *host, const char *name)
{
	const struct fake_setting *s = fake_find(name);

	(void)host;
	return rk_z(s ? s->value : NULL);
}

static inline int32_t
fake_has_setting(const struct rk_host *host, const char *name)
{
	(void)host;
	return fake_find(name) != NULL;
}

static inline void
fake_log(const struct rk_host *host, int32_t level, struct rk_text text)
{
	(void)host;
	(void)level;
	(void)text;
}

static inline int64_t
fake_now(const struct rk_host *host)
{
	(void)host;
	return fake.now_ms ? fake.now_ms : FAKE_NOW;
}

/* ---- Files ------------------------------------------------------------------- */

static inline struct fake_file *
fake_file_named(struct rk_text name)
{
	for (size_t i = 0; i < fake.file_count; i++)
		if (rk_text_is(name, fake.files[i].name))
			return &fake.files[i];
	return NULL;
}

static inline struct fake_file *
fake_file_put(const char *name, const char *data, uint64_t size, int64_t modified_ms)
{
	struct fake_file *file = fake_file_named(rk_z(name));

	if (!file) {
		assert_true(fake.file_count < FAKE_FILES);
		file = &fake.files[fake.file_count++];
	}
	file->name = name;
	file->data = (char *)fake_bytes(size + 1);
	memcpy(file->data, data, size);
	file->size = size;
	file->modified_ms = modified_ms;
	return file;
}

static inline struct rk_text
fake_mark(const struct fake_file *file)
{
	return rk_textf(&fake.host, "%llu.%lld.%d", (unsigned long long)file->size,
	                (long long)file->modified_ms, file->inode);
}

static inline int32_t
fake_meddle(struct rk_err *err)
{
	return ++fake.files_asked == fake.meddle_at ? fake.meddle(err) : RK_OK;
}

static inline int32_t
fake_files_list(const struct rk_host *host, const struct rk_file **files, uint64_t *count,
                struct rk_err *err)
{
	struct rk_file *list = (struct rk_file *)fake_bytes(FAKE_FILES * sizeof *list);
	int32_t status = fake_meddle(err);

	(void)host;
	for (size_t i = 0; i < fake.file_count; i++) {
		list[i].name = rk_z(fake.files[i].name);
		list[i].mark = fake_mark(&fake.files[i]);
		list[i].size = fake.files[i].size;
		list[i].modified_ms = fake.files[i].modified_ms;
	}
	*files = list;
	*count = fake.file_count;
	return status;
}

static inline int32_t
fake_files_read(const struct rk_host *host, const struct rk_file *file, uint64_t offset,
                void *into, uint64_t room, uint64_t *got, struct rk_err *err)
{
	int32_t status = fake_meddle(err);
	const struct fake_file *there = fake_file_named(file->name);

	(void)host;
	if (status != RK_OK)
		return status;
	if (!there || !rk_text_eq(fake_mark(there), file->mark))
		return rk_fail(err, RK_RESYNC, RK_CAT_SERVER, "changed");
	*got = offset >= there->size ? 0 : there->size - offset;
	*got = *got < room ? *got : room;
	memcpy(into, there->data + offset, *got);
	return RK_OK;
}

static inline int32_t
fake_files_write(const struct rk_host *host, struct rk_text name, struct rk_text data,
                 struct rk_err *err)
{
	char *grown = (char *)fake_bytes(fake.written_len + data.len + 1);
	int32_t status = fake_meddle(err);

	(void)host;
	(void)name;
	if (fake.written_len)
		memcpy(grown, fake.written, fake.written_len);
	if (data.len)
		memcpy(grown + fake.written_len, data.ptr, data.len);
	fake.written = grown;
	fake.written_len += data.len;
	return status;
}

static inline int32_t
fake_files_commit(const struct rk_host *host, struct rk_text name, struct rk_text mark,
                  struct rk_err *err)
{
	int32_t status = fake_meddle(err);
	const struct fake_file *there = fake_file_named(name);
	char *copy = (char *)fake_bytes(name.len + 1);

	(void)host;
	if (status != RK_OK)
		return status;
	if (!rk_text_eq(there ? fake_mark(there) : rk_z(""), mark))
		return rk_fail(err, RK_RESYNC, RK_CAT_SERVER, "changed");
	memcpy(copy, name.ptr, name.len);
	fake_file_put(there ? there->name : copy, fake.written, fake.written_len,
	              fake_now(host) - 60000);
	fake.written_len = 0;
	return RK_OK;
}

static inline const void *
fake_extension(const struct rk_host *host, const char *id)
{
	static const struct rk_files files = {
		.struct_size = sizeof files, .list = fake_files_list,
		.read = fake_files_read, .write = fake_files_write,
		.commit = fake_files_commit,
	};

	(void)host;
	return strcmp(id, RK_FILES) == 0 && fake_find("directory") ? &files : NULL;
}

static inline char *
fake_pieces(char *so_far, const struct rk_piece *pieces, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		int secret = pieces[i].kind == RK_PIECE_SECRET;
		struct rk_text text = pieces[i].text, second = pieces[i].second;
		struct rk_text all = rk_textf(&fake.host, "%s%s", so_far,
		                              secret ? "<" : "");
		char *grown = fake_bytes(all.len + text.len + second.len + 4);

		memcpy(grown, all.ptr, all.len);
		memcpy(grown + all.len, text.ptr, text.len);
		grown[all.len + text.len] = 0;
		if (second.len)
			strncat(strcat(grown, ":"), second.ptr, second.len);
		so_far = secret ? strcat(grown, ">") : grown;
	}
	return so_far;
}

static inline char *
fake_string(struct rk_text text)
{
	char *copy = fake_bytes(text.len + 1);

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	return copy;
}

static inline void
fake_record(const struct rk_request *request)
{
	struct fake_seen *seen = &fake.seen[fake.seen_count++];
	char *headers = fake_string(rk_z("")), *spends = headers;

	for (uint64_t i = 0; i < request->header_count; i++) {
		const struct rk_header *h = &request->headers[i];
		struct rk_text line = rk_textf(&fake.host, "%s%.*s: ", headers,
		                               RK_S(h->name));

		headers = fake_pieces(fake_string(line), h->pieces, h->piece_count);
		headers = fake_string(rk_textf(&fake.host, "%s\n", headers));
	}
	for (uint64_t i = 0; i < request->spend_count; i++)
		spends = fake_string(rk_textf(&fake.host, "%s%.*s ", spends,
		                              RK_S(request->spends[i].limit)));
	seen->method = fake_string(request->method);
	seen->url = fake_string(request->url);
	seen->headers = headers;
	seen->spends = spends;
	seen->object = fake_string(request->object);
	seen->body = fake_pieces(fake_string(rk_z("")), request->body,
	                         request->body_count);
}

static inline void
fake_reply(const struct fake_answer *answer, struct rk_reply *reply)
{
	struct rk_header *header = fake_bytes(sizeof *header);
	struct rk_piece *piece = fake_bytes(sizeof *piece);

	reply->status = answer->http;
	reply->body = answer->body_bytes ? rk_text_of(answer->body, answer->body_bytes)
	                                 : rk_z(answer->body);
	reply->date_ms = answer->date_ms ? answer->date_ms : FAKE_NOW;
	reply->retry_after_ms = answer->retry_after_ms ? answer->retry_after_ms : -1;
	if (!answer->header)
		return;
	piece->text = rk_z(answer->header_value);
	header->name = rk_z(answer->header);
	header->pieces = piece;
	header->piece_count = 1;
	reply->headers = header;
	reply->header_count = 1;
}

static inline int32_t
fake_http(const struct rk_host *host, const struct rk_request *request,
          struct rk_reply *reply, struct rk_err *err)
{
	const struct fake_answer *answer = &fake.answers[fake.seen_count];

	(void)host;
	if (fake.seen_count >= fake.answer_count)
		fail_msg("request without an answer: %.*s", RK_S(request->url));
	fake_record(request);
	if (answer->http == 0) {
		rk_fail(err, RK_AGAIN, RK_CAT_UNREACHABLE, "connection failed");
		err->maybe_sent = answer->maybe_sent;
		return RK_AGAIN;
	}
	fake_reply(answer, reply);
	return RK_OK;
}

/* Forgets requests and answers; the arena begins anew. */
static inline void
fake_reset(const struct fake_setting *settings)
{
	static const struct rk_host services = {
		.struct_size = sizeof(struct rk_host), .abi = RK_ABI, .http = fake_http,
		.setting = fake_setting_text, .has_setting = fake_has_setting,
		.log = fake_log, .now_ms = fake_now, .deadline_ms = fake_now,
		.alloc = fake_alloc, .extension = fake_extension,
	};
	cJSON_Hooks hooks = { fake_bytes, fake_free };

	for (size_t i = 0; i < fake.block_count; i++)
		free(fake.arena[i]);
	memset(&fake, 0, sizeof fake);
	fake.host = services;
	fake.settings = settings;
	cJSON_InitHooks(&hooks);
}

static inline void
fake_will_answer(int32_t http, const char *body)
{
	fake.answers[fake.answer_count].http = http;
	fake.answers[fake.answer_count++].body = body;
}

#ifndef FAKE_HOST_ALONE

/* ---- What tests of connectors share ---------------------------------------- */

extern const struct rk_connector renkei_connector_v1;

static struct rk_conn *fake_conn;
static struct rk_err fake_err;

/* A fresh host and an open connection. */
static inline void
fake_open(const struct fake_setting *settings)
{
	if (fake_conn)
		renkei_connector_v1.close(fake_conn);
	fake_conn = NULL;
	fake_reset(settings);
	memset(&fake_err, 0, sizeof fake_err);
	fake_err.struct_size = sizeof fake_err;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &fake_conn, &fake_err),
	                 RK_OK);
}

static inline int
fake_setup(void **state)
{
	fake_open(*state);
	return 0;
}

/* A test that begins with an open connection of these settings. */
#define FAKE_TEST(name, settings) \
	{ #name, name, fake_setup, fake_close, (void *)(uintptr_t)(settings) }

static inline int
fake_close(void **state)
{
	(void)state;
	if (fake_conn)
		renkei_connector_v1.close(fake_conn);
	fake_conn = NULL;
	fake_reset(NULL);
	return 0;
}

static inline int32_t
fake_auth(struct rk_account *account)
{
	*account = (struct rk_account){ .struct_size = sizeof *account };
	return renkei_connector_v1.auth(fake_conn, account, &fake_err);
}

/* What auth makes of one answer. */
struct fake_proof {
	int32_t http;                  /* 0: nothing arrived.                 */
	const char *body;
	int32_t status, category;
};

static inline void
fake_proofs(const struct fake_proof *proofs, size_t count,
            const struct fake_setting *settings)
{
	struct rk_account account;

	for (const struct fake_proof *p = proofs; p < proofs + count; p++) {
		fake_open(settings);
		fake_will_answer(p->http, p->body);
		if (fake_auth(&account) != p->status || fake_err.category != p->category)
			fail_msg("HTTP %d %s -> category %d, %s", p->http, p->body,
			         fake_err.category, fake_err.message);
	}
}

/* The described field 'name', which must be there. */
static inline const struct rk_field *
fake_described(const struct rk_schema *schema, const char *name)
{
	const struct rk_field *field = rk_field_find(schema->fields, schema->field_count,
	                                             rk_z(name));

	if (!field)
		fail_msg("there is no field %s", name);
	return field;
}

static inline struct rk_field
fake_field(const char *name, uint32_t type, uint32_t flags)
{
	struct rk_field field = { .type = type, .flags = flags, .min_length = -1,
		.max_length = -1, .integer_digits = -1, .decimals = -1 };

	field.name = rk_z(name);
	return field;
}

/* A value as a test sees it: "TEXT:abc", "INTEGER:5", "CHOICES:[CHOICE:a,CHOICE:b]". */
static inline char *
fake_show(const struct rk_value *v)
{
	static const char *const names[] = { "ABSENT",  "NULL",     "BOOL",   "INTEGER",
		                             "DECIMAL", "TEXT",     "RICH",   "DATE",
		                             "TIME",    "DATETIME", "CHOICE", "CHOICES",
		                             "REF",     "REFS",     "USER",   "TABLE",
		                             "ROW",     "JSON" };
	char *all = fake_string(rk_textf(&fake.host, "%s%s:", names[v->type],
	                                 v->flags & RK_VALUE_HAS_NUL ? "!" : ""));

	if (v->type == RK_BOOL || v->type == RK_INTEGER || v->type == RK_DATETIME)
		return fake_string(
			rk_textf(&fake.host, "%s%lld", all, (long long)v->number));
	all = fake_string(rk_textf(&fake.host, "%s%.*s%s", all, RK_S(v->text),
	                           v->items ? "[" : ""));
	for (uint64_t i = 0; i < v->count; i++)
		all = fake_string(rk_textf(&fake.host, "%s%s%s", all, i ? "," : "",
		                           fake_show(&v->items[i])));
	return v->items ? fake_string(rk_textf(&fake.host, "%s]", all)) : all;
}

#define assert_text(text, z) assert_string_equal(fake_string(text), z)

/* ---- A query, a batch, and the calls with them ------------------------------- */

#define FAKE_ROWS 8

static struct rk_query query;
static struct rk_page page;
static struct rk_field fields[16];
static struct rk_row rows[FAKE_ROWS];
static struct rk_value cells[FAKE_ROWS][16], keys[FAKE_ROWS];
static struct rk_outcome outcomes[FAKE_ROWS];
static struct rk_result result;
static struct rk_batch batch;

/* Two records of the first two fields. */
static inline void
fake_query(const char *object, uint32_t mode, int64_t since, int64_t until)
{
	memset(&query, 0, sizeof query);
	query.struct_size = sizeof query;
	query.mode = mode;
	query.object = rk_z(object);
	query.fields = fields;
	query.field_count = 2;
	query.since_ms = since;
	query.until_ms = until;
	query.limit = 2;
}

static inline int32_t
list(struct rk_text token)
{
	query.token = token;
	memset(&page, 0, sizeof page);
	page.struct_size = sizeof page;
	return renkei_connector_v1.list_changed(fake_conn, &query, &page, &fake_err);
}

/* An answer to the first page of a listing, and what is made of it. */
struct fake_case {
	int32_t http;
	const char *body;
	int32_t status, category;      /* The category counts for errors.     */
	const char *told;              /* Stands in the message; or NULL, then
	                                * retry_ms does not count either.     */
	int64_t retry_ms;
};

/* Each with a fresh host; 'ask' makes the query. */
static inline void
fake_lists(const struct fake_case *cases, size_t count,
           const struct fake_setting *settings,
           void (*ask)(uint32_t mode, int64_t since, int64_t until))
{
	for (const struct fake_case *c = cases; c < cases + count; c++) {
		int32_t status;

		fake_open(settings);
		ask(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fake_will_answer(c->http, c->body);
		status = list(rk_z(""));
		if (status != c->status ||
		    (status != RK_OK && fake_err.category != c->category) ||
		    (c->told && (!strstr(fake_err.message, c->told) ||
		                 fake_err.retry_after_ms != c->retry_ms)))
			fail_msg("HTTP %d %s -> status %d, category %d, \"%s\"", c->http,
			         c->body, status, fake_err.category, fake_err.message);
	}
}

/* 'count' rows with their keys, the names N0, N1 ..., ids from 'first_id' on and traces
 * t0, t1 ...; other cells are absent. */
static inline void
fake_batch(const char *object, uint32_t operation, uint64_t field_count, uint64_t count,
           const char *const *some_keys, int first_id)
{
	memset(&batch, 0, sizeof batch);
	memset(rows, 0, sizeof rows);
	memset(cells, 0, sizeof cells);
	batch.struct_size = sizeof batch;
	batch.operation = operation;
	batch.object = rk_z(object);
	batch.fields = fields;
	batch.field_count = field_count;
	batch.key_field = &fields[0];
	batch.rows = rows;
	batch.row_count = count;
	for (int i = 0; i < FAKE_ROWS; i++) {
		keys[i] = rk_value_of(RK_TEXT, rk_z(some_keys[i]));
		cells[i][0] = keys[i];
		cells[i][1] = rk_value_of(RK_TEXT, rk_textf(&fake.host, "N%d", i));
		rows[i].key = &keys[i];
		rows[i].values = cells[i];
		rows[i].id = rk_textf(&fake.host, "%d", first_id + i);
		rows[i].trace = rk_textf(&fake.host, "t%d", i);
	}
}

static inline int32_t
write_batch(void)
{
	memset(outcomes, 0, sizeof outcomes);
	result = (struct rk_result){ .struct_size = sizeof result, .outcomes = outcomes };
	return renkei_connector_v1.upsert(fake_conn, &batch, &result, &fake_err);
}

/* The same with the token of a job; "": a job may begin. */
static inline int32_t
write_job(const char *token)
{
	batch.token = rk_z(token);
	return write_batch();
}

/* A bad answer, as the vendor's documents or others who saw it give it, and what must
 * become of it: of a call that reads, or of one that writes one row. */
struct fake_error {
	char by;                       /* 'r' or 'w'                          */
	int32_t http;
	const char *body;
	int32_t status, category;      /* Of the call; of the row if RK_OK.   */
	int32_t outcome;               /* Writes: of the row.                 */
	const char *code, *field, *told; /* NULL: does not count.             */
	int64_t wait_ms;               /* 0: -1, not told.                    */
	const char *header, *header_value;
};

/* Each row with a fresh host; 'ask' makes the query, 'prepare' the batch. */
static inline void
fake_errors(const struct fake_error *cases, size_t count,
            const struct fake_setting *settings,
            void (*ask)(uint32_t mode, int64_t since, int64_t until),
            void (*prepare)(uint32_t operation, uint64_t count))
{
	for (const struct fake_error *c = cases; c < cases + count; c++) {
		struct rk_text code, field, message;
		int32_t status, category;

		fake_open(settings);
		fake_err.retry_after_ms = -1;
		ask(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		if (c->by == 'w')
			prepare(RK_OP_UPSERT, 1);
		fake_will_answer(c->http, c->body);
		fake.answers[0].header = c->header;
		fake.answers[0].header_value = c->header_value;
		status = c->by == 'w' ? write_batch() : list(rk_z(""));
		category = status == RK_OK ? outcomes[0].category : fake_err.category;
		code = status == RK_OK ? outcomes[0].code : rk_z(fake_err.code);
		field = status == RK_OK ? outcomes[0].field : rk_z(fake_err.field);
		message = status == RK_OK ? outcomes[0].message : rk_z(fake_err.message);
		if (status != c->status || category != c->category ||
		    (c->by == 'w' && outcomes[0].status != c->outcome) ||
		    (c->code && !rk_text_is(code, c->code)) ||
		    (c->field && !rk_text_is(field, c->field)) ||
		    (c->told && !rk_text_find(message, c->told)) ||
		    (status != RK_OK &&
		     fake_err.retry_after_ms != (c->wait_ms ? c->wait_ms : -1)))
			fail_msg("row %d: HTTP %d %s -> status %d category %d outcome %d "
			         "code %.*s field %.*s wait %lld: %.*s",
			         (int)(c - cases), c->http, c->body, status, category,
			         outcomes[0].status, RK_S(code), RK_S(field),
			         (long long)fake_err.retry_after_ms, RK_S(message));
	}
}

/* What no connector can do is refused without a call; 'prepare' makes a batch. */
static inline void
fake_refuse_impossible(void (*prepare)(uint32_t operation, uint64_t count))
{
	prepare(9, 1);
	assert_int_equal(write_batch(), RK_BUG);
	prepare(RK_OP_UPSERT, 1);
	batch.key_field = NULL;
	assert_int_equal(write_batch(), RK_BUG);
	prepare(RK_OP_CREATE, 101);
	assert_int_equal(write_batch(), RK_BUG);
	prepare(RK_OP_UPSERT, 0);
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(fake.seen_count, 0);
}

#endif

#endif
