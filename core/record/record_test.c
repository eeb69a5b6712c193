/* SPDX-License-Identifier: Apache-2.0
 *
 * record_test.c - the one encoding: each document goes round whole; cut short
 * anywhere it is refused; with any bit turned it is refused or stays in bounds.
 * Documents lie against a page that may not be read, so that a byte too far ends
 * the test.  Frames are in frame_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"
#include "record/hash.h"
#include "record/http.h"
#include "record/record.h"
#include "record/schema.h"
#include "record/value.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define T(s) { (s), sizeof(s) - 1 }
#define DOC_MAX (64u * 1024)

/* ---- Sample documents, with every member set ----------------------------------------------  */

static const struct rk_value choices[] = {
	{ .type = RK_CHOICE, .text = T("lead") }, { .type = RK_CHOICE, .text = T("\u9867\u5ba2") },
};
static const struct rk_value cells[] = {
	{ .type = RK_TEXT, .text = T("cell") }, { .type = RK_CHOICES, .items = choices, .count = 2 },
};
static const struct rk_value rows_of_table[] = {
	{ .type = RK_ROW, .text = T("11"), .items = cells, .count = 2 },
	{ .type = RK_ROW, .text = T("12"), .items = cells, .count = 1 },
};
static const struct rk_value refs[] = {
	{ .type = RK_REF, .object = T("companies"), .text = T("7") },
};
static const struct rk_value users[] = { { .type = RK_USER, .text = T("aya") } };

/* One of each type, and what is easily mistaken for another. */
static const struct rk_value samples[] = {
	{ .type = RK_ABSENT }, { .type = RK_NULL }, { .type = RK_BOOL, .number = 1 },
	{ .type = RK_INTEGER, .number = INT64_MIN }, { .type = RK_INTEGER, .number = INT64_MAX },
	{ .type = RK_DECIMAL, .text = T("-123456789012345678901234567890.0001") },
	{ .type = RK_TEXT }, { .type = RK_TEXT, .text = T("\U0001F600 e\u0301 \0 x") },
	{ .type = RK_TEXT, .flags = RK_VALUE_HAS_NUL, .text = T("cut") },
	{ .type = RK_RICH, .text = T("<b>x</b>") }, { .type = RK_DATE, .text = T("2026-11-21") },
	{ .type = RK_TIME, .text = T("09:30") }, { .type = RK_DATETIME, .number = -1 },
	{ .type = RK_CHOICE, .text = T("lead") },
	{ .type = RK_CHOICES, .items = choices, .count = 2 }, { .type = RK_CHOICES },
	{ .type = RK_REF, .flags = RK_VALUE_BY_KEY, .object = T("companies"), .text = T("key") },
	{ .type = RK_REFS, .items = refs, .count = 1 },
	{ .type = RK_USER, .text = T("aya"), .items = users, .count = 1 },
	{ .type = RK_TABLE, .items = rows_of_table, .count = 2 },
	{ .type = RK_JSON, .text = T("{\"a\":[1,2]}") },
};
#define SAMPLES COUNT(samples)

static const struct rk_option options[] = { { T("a"), T("A") }, { T("b"), T("\u3073") } };
static const struct rk_field columns[] = {
	{ .name = T("cell"), .type = RK_TEXT, .min_length = -1, .max_length = 20,
	  .integer_digits = -1, .decimals = -1 },
};
static const struct rk_field fields[] = {
	{ .name = T("email"), .label = T("\u30e1\u30fc\u30eb"), .type = RK_TEXT,
	  .flags = RK_FIELD_UNIQUE | RK_FIELD_KEY, .min_length = 1, .max_length = 64,
	  .integer_digits = -1, .decimals = -1, .native = T("SINGLE_LINE_TEXT") },
	{ .name = T("size"), .type = RK_DECIMAL, .min_length = -1, .max_length = -1,
	  .integer_digits = 10, .decimals = 3, .min_value = T("-5"), .max_value = T("1e3"),
	  .ref_object = T("none"), .unmappable = T("because") },
	{ .name = T("stage"), .type = RK_CHOICE, .options = options, .option_count = 2 },
	{ .name = T("lines"), .type = RK_TABLE, .columns = columns, .column_count = 1 },
};

static const struct rk_record records[] = {
	{ .id = T("1"), .version = T("v1"), .modified_ms = 1795290280123,
	  .flags = RK_RECORD_MERGED, .merged_into = T("2"), .link = T("https://x.example/1"),
	  .values = samples },
	{ .id = T("2"), .modified_ms = RK_NO_TIME, .flags = RK_RECORD_DELETED },
};

static const struct rk_text query_values[] = { T("a@x.example"), T("") };
static const struct rk_text hint_values[] = { T("lead"), T("顧客") };
static const struct rk_hint hints[] = {
	{ .field = T("stage"), .test = RK_HINT_IN, .values = hint_values, .value_count = 2 },
	{ .field = T("age"), .test = RK_HINT_LEAST, .values = hint_values, .value_count = 1 },
	{ .field = T("due"), .test = RK_HINT_FILLED },
};
static const struct rk_query query = {
	.struct_size = sizeof query, .mode = RK_BY_FIELD, .object = T("contacts"),
	.fields = fields, .field_count = COUNT(fields), .since_ms = RK_NO_TIME,
	.until_ms = 1795290280000, .token = T("page\0two"), .limit = 100,
	.values = query_values, .value_count = 2, .field = T("email"),
	.hints = hints, .hint_count = COUNT(hints),
};
static const struct rk_page page = {
	.struct_size = sizeof page, .more = 1, .records = records, .record_count = 2,
	.token = T("next"), .wait_ms = 250, .source_time_ms = 5, .safe_until_ms = RK_NO_TIME,
	.total = 1000,
};
static const struct rk_row rows[] = {
	{ .id = T("57"), .version = T("3"), .trace = T("0"), .values = samples },
	{ .key = &samples[7], .trace = T("1") },
};
static const struct rk_field sample_fields[SAMPLES];
static const struct rk_batch batch = {
	.struct_size = sizeof batch, .operation = RK_OP_UPSERT, .object = T("1"),
	.fields = sample_fields, .field_count = SAMPLES, .key_field = &fields[0],
	.rows = rows, .row_count = 2, .token = T("job"),
};
static struct rk_outcome outcomes[] = {
	{ .status = RK_CREATED, .id = T("57"), .version = T("1"), .values = samples },
	{ .status = RK_REJECTED, .category = RK_CAT_DUPLICATE, .code = T("CB_VA01"),
	  .message = T("\u91cd\u8907"), .field = T("email"), .value = T("a"),
	  .other_id = T("9") },
};
static const struct rk_result result = {
	.struct_size = sizeof result, .outcomes = outcomes, .token = T("job"), .wait_ms = 7,
};
static const struct rk_object objects[] = { { .name = T("contacts"), .label = T("Contacts"),
                                              .flags = 3 } };
static const struct rk_schema schema = {
	.struct_size = sizeof schema, .objects = objects, .object_count = 1,
	.fields = fields, .field_count = COUNT(fields),
};
static const struct rk_grant grants[] = {
	{ .name = T("contacts.read"), .granted = 1 },
	{ .name = T("contacts.write"), .detail = T("add it to the app") },
};
static const struct rk_account account = {
	.struct_size = sizeof account, .not_entitled = 1, .account = T("Acme"), .user = T("aya"),
	.zone = T("Asia/Tokyo"), .grants = grants, .grant_count = 2, .expires_ms = 99,
};

static const struct rk_piece pieces[] = {
	{ .text = T("Bearer ") },
	{ .kind = RK_PIECE_SECRET, .encoding = RK_ENC_BASIC, .text = T("user"),
	  .second = T("password") },
};
static const struct rk_header headers[] = { { T("Authorization"), pieces, 2 } };
static const struct rk_spend spends[] = { { T("burst"), 1 }, { T("day"), 3 } };
static const struct rk_request request = {
	.struct_size = sizeof request, .flags = RK_HTTP_SAFE, .method = T("POST"),
	.url = T("https://x.example/a?b=c"), .headers = headers, .header_count = 1,
	.body = pieces, .body_count = 2, .object = T("contacts"), .spends = spends,
	.spend_count = 2, .max_body_bytes = 1000,
};
static const struct rk_header reply_headers[] = { { T("x-id"), pieces, 1 } };
static const struct rk_reply reply = {
	.struct_size = sizeof reply, .status = 207, .headers = reply_headers, .header_count = 1,
	.body = T("{\"a\":\0}"), .date_ms = 12, .retry_after_ms = 3000,
};
static const struct rk_err full_err = {
	.struct_size = sizeof full_err, .category = RK_CAT_QUOTA, .http_status = 429,
	.maybe_sent = 1, .retry_after_ms = 60000, .code = "RATE", .field = "email",
	.value = "a@x.example", .message = "\u5236\u9650",
};
static const struct rk_text origins[] = { T("https://a.example"), T("https://b.example:8443") };
static const struct net_secret secrets[] = {
	{ T("token"), NET_SECRET_VALUE, T("hidden") }, { T("key"), NET_SECRET_FILE, T("/run/k") },
};
static const struct net_limit limits[] = {
	{ T("day"), 5000, 86400000, 0, T("object"), T("00:00"), T("Asia/Tokyo"),
	  T("x-calls"), T("x-left"), T(""), 1, { NET_PART_PERCENT, 80 }, { NET_PART_NUMBER, 500 } },
	{ T("parallel"), 0, 0, 5, T("host"), T(""), T(""), T("x-most"), T(""), T("x-used"),
	  0, { NET_PART_NONE, 0 }, { NET_PART_NONE, 0 } },
};
static const struct net_open net_open = {
	.connection = T("crm"), .user = T("contacts"), .origins = origins, .origin_count = 2, .secrets = secrets,
	.secret_count = 2, .limits = limits, .limit_count = 2, .request_deadline_ms = 60000,
	.max_body_bytes = 10485760, .proxy = T("http://p.example:3128"),
	.ca_file = T("/etc/ca.pem"), .seal_key = T("/var/lib/k"),
	.oauth = { T("https://a.example/token"), T("https://a.example/revoke"),
	           T("https://a.example/authorize"), T("id"), T("http://localhost:1/"),
	           T("a b"), 1, 1, 0, NET_GRANT_JWT, T("me@x.example"),
	           T("https://login.example") },
};

/* ---- Every kind of document: how it is written, and read and written again ----------------  */

typedef void write_fn(struct buf *out);
/* False: refused.  Else what was understood is written to 'again'. */
typedef bool read_fn(struct rk_text doc, struct arena *arena, struct buf *again);

static void write_query(struct buf *out) { record_encode_query(out, &query); }
static void write_page(struct buf *out) { record_encode_page(out, &page, SAMPLES); }
static void write_batch(struct buf *out) { record_encode_batch(out, &batch); }
static void write_outcomes(struct buf *out) { record_encode_outcomes(out, &result, 2, SAMPLES); }
static void write_schema(struct buf *out) { schema_encode(out, &schema); }
static void write_account(struct buf *out) { account_encode(out, &account); }
static void write_request(struct buf *out) { http_encode_request(out, &request, 45000); }
static void write_reply(struct buf *out) { http_encode_reply(out, RK_OK, NULL, &reply); }
static void write_refusal(struct buf *out) { http_encode_reply(out, RK_HOLD, &full_err, NULL); }
static void write_net_open(struct buf *out) { http_encode_open(out, &net_open); }

static bool
read_query(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_query got;
	if (!record_decode_query(doc, arena, &got))
		return false;
	record_encode_query(again, &got);
	return true;
}

static bool
read_page(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_page got;
	if (!record_decode_page(doc, arena, SAMPLES, &got))
		return false;
	record_encode_page(again, &got, SAMPLES);
	return true;
}

static bool
read_batch(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_batch got;
	if (!record_decode_batch(doc, arena, &got))
		return false;
	record_encode_batch(again, &got);
	return true;
}

static bool
read_outcomes(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_result got;
	if (!record_decode_outcomes(doc, arena, 2, SAMPLES, &got))
		return false;
	record_encode_outcomes(again, &got, 2, SAMPLES);
	return true;
}

static bool
read_schema(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_schema got;
	if (!schema_decode(doc, arena, &got))
		return false;
	schema_encode(again, &got);
	return true;
}

static bool
read_account(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_account got;
	if (!account_decode(doc, arena, &got))
		return false;
	account_encode(again, &got);
	return true;
}

static bool
read_request(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_request got;
	int64_t deadline_ms;
	if (!http_decode_request(doc, arena, &got, &deadline_ms))
		return false;
	http_encode_request(again, &got, deadline_ms);
	return true;
}

static bool
read_reply(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct rk_reply got;
	struct rk_err err = ERR_INIT;
	int32_t status;
	if (!http_decode_reply(doc, arena, &status, &err, &got))
		return false;
	http_encode_reply(again, status, &err, &got);
	return true;
}

static bool
read_net_open(struct rk_text doc, struct arena *arena, struct buf *again)
{
	struct net_open got;
	if (!http_decode_open(doc, arena, &got))
		return false;
	http_encode_open(again, &got);
	return true;
}

static const struct {
	const char *name;
	write_fn *write;
	read_fn *read;
} documents[] = {
	{ "query", write_query, read_query }, { "page", write_page, read_page },
	{ "batch", write_batch, read_batch }, { "outcomes", write_outcomes, read_outcomes },
	{ "schema", write_schema, read_schema }, { "account", write_account, read_account },
	{ "request", write_request, read_request }, { "reply", write_reply, read_reply },
	{ "refusal", write_refusal, read_reply }, { "net open", write_net_open, read_net_open },
};

/* ---- Against the guard page ---------------------------------------------------------------  */

static char *guarded;                  /* DOC_MAX bytes, then a page that may not be read. */

static int
make_guard(void **state)
{
	(void)state;
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	guarded = mmap(NULL, DOC_MAX + page_bytes, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return guarded == MAP_FAILED ? -1 : mprotect(guarded + DOC_MAX, page_bytes, PROT_NONE);
}

/* The document, ending where nothing may be read any more. */
static struct rk_text
against_guard(const char *bytes, size_t len)
{
	assert_true(len <= DOC_MAX);
	return (struct rk_text){ memcpy(guarded + DOC_MAX - len, bytes, len), len };
}

static void
every_document_goes_round_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		BUF_AUTO again = BUF_INIT(DOC_MAX);
		documents[i].write(&doc);
		assert_false(doc.over);
		struct rk_text there = against_guard(doc.ptr, doc.len);
		if (!documents[i].read(there, &arena, &again)
		    || !text_eq(buf_text(&doc), buf_text(&again)))
			fail_msg("%s", documents[i].name);
		arena_free(&arena);
	}
}

static void
a_document_cut_short_or_too_long_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		BUF_AUTO again = BUF_INIT(DOC_MAX);
		documents[i].write(&doc);
		for (size_t len = 0; len < doc.len; len++) {
			arena_clear(&arena);
			if (documents[i].read(against_guard(doc.ptr, len), &arena, &again))
				fail_msg("%s of %zu bytes", documents[i].name, len);
		}
		wire_int(&doc, 0);
		if (documents[i].read(against_guard(doc.ptr, doc.len), &arena, &again))
			fail_msg("%s with an item too many", documents[i].name);
		arena_free(&arena);
	}
}

/* What is still understood must be fit to be written again, all of it. */
static void
a_document_with_any_bit_turned_stays_in_bounds(void **state)
{
	(void)state;
	size_t refused = 0, taken = 0;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		BUF_AUTO again = BUF_INIT(DOC_MAX);
		documents[i].write(&doc);
		for (size_t at = 0; at < doc.len; at++) {
			for (unsigned bit = 0; bit < 9; bit++) {
				unsigned char turn = (unsigned char)(bit == 8 ? 0xFF : 1u << bit);
				struct rk_text there = against_guard(doc.ptr, doc.len);
				guarded[DOC_MAX - doc.len + at] ^= (char)turn;
				arena_clear(&arena);
				buf_reset(&again);
				bool took = documents[i].read(there, &arena, &again);
				refused += !took;
				taken += took;
				if (took && again.len > doc.len)
					fail_msg("%s, byte %zu: grew", documents[i].name, at);
			}
		}
		arena_free(&arena);
	}
	/* Both happen: a length turned is refused, a letter turned is a letter. */
	assert_true(refused > 5000 && taken > 5000);
}

/* ---- What the members become ---------------------------------------------------------------  */

static void
a_value_comes_back_as_it_was(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < SAMPLES; i++) {
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		value_encode(&doc, &samples[i]);
		struct wire_reader r = wire_reader(buf_text(&doc));
		struct rk_value got = value_decode(&r, &arena);
		assert_false(r.bad || wire_more(&r));
		for (size_t k = 0; k < SAMPLES; k++)
			if (value_eq(&got, &samples[k]) != (i == k))
				fail_msg("value %zu against %zu", i, k);
	}
	arena_free(&arena);
}

/* Symmetric mistakes (a member that is never written) show only here. */
static void
no_member_is_left_out(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	BUF_AUTO doc = BUF_INIT(DOC_MAX);
	struct rk_query q;
	write_query(&doc);
	assert_true(record_decode_query(buf_text(&doc), &arena, &q));
	assert_true(q.mode == RK_BY_FIELD && text_is(q.object, "contacts")
	            && q.field_count == COUNT(fields) && q.since_ms == RK_NO_TIME
	            && q.until_ms == query.until_ms && text_eq(q.token, query.token)
	            && q.limit == 100 && text_is(q.field, "email") && q.value_count == 2
	            && text_is(q.values[0], "a@x.example"));
	const struct rk_field *f = q.fields;
	assert_true(text_is(f[0].label, "\u30e1\u30fc\u30eb") && f[0].type == RK_TEXT
	            && f[0].flags == fields[0].flags && f[0].min_length == 1
	            && f[0].max_length == 64 && text_is(f[0].native, "SINGLE_LINE_TEXT"));
	assert_true(f[1].integer_digits == 10 && f[1].decimals == 3
	            && text_is(f[1].min_value, "-5") && text_is(f[1].max_value, "1e3")
	            && text_is(f[1].ref_object, "none") && text_is(f[1].unmappable, "because"));
	assert_true(f[2].option_count == 2 && text_is(f[2].options[1].value, "b")
	            && text_is(f[2].options[1].label, "\u3073"));
	assert_true(f[3].column_count == 1 && text_is(f[3].columns[0].name, "cell"));
	buf_reset(&doc);
	struct rk_page p;
	write_page(&doc);
	assert_true(record_decode_page(buf_text(&doc), &arena, SAMPLES, &p));
	for (uint64_t i = 0; i < p.record_count; i++) {
		struct rk_text values, bytes = record_bytes(&p.records[i], SAMPLES, &values);
		BUF_AUTO made = BUF_INIT(1024 * 1024);
		record_encode(&made, &p.records[i], SAMPLES);
		assert_int_equal(made.len, bytes.len);
		assert_memory_equal(made.ptr, bytes.ptr, bytes.len);
		assert_ptr_equal(values.ptr + values.len, bytes.ptr + bytes.len);
	}
	assert_true(p.more == 1 && text_is(p.token, "next") && p.wait_ms == 250
	            && p.source_time_ms == 5 && p.safe_until_ms == RK_NO_TIME
	            && p.record_count == 2 && p.total == 1000);
	const struct rk_record *r = p.records;
	assert_true(text_is(r[0].id, "1") && text_is(r[0].version, "v1")
	            && r[0].modified_ms == 1795290280123 && r[0].flags == RK_RECORD_MERGED
	            && text_is(r[0].merged_into, "2")
	            && text_is(r[0].link, "https://x.example/1"));
	assert_true(r[1].flags == RK_RECORD_DELETED && r[1].values == NULL
	            && r[1].modified_ms == RK_NO_TIME);
	arena_free(&arena);
}

static void
no_member_of_a_write_is_left_out(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	BUF_AUTO doc = BUF_INIT(DOC_MAX);
	struct rk_batch b;
	write_batch(&doc);
	assert_true(record_decode_batch(buf_text(&doc), &arena, &b));
	assert_true(b.operation == RK_OP_UPSERT && text_is(b.object, "1")
	            && text_is(b.token, "job") && text_is(b.key_field->name, "email")
	            && b.row_count == 2 && b.rows[0].key == NULL
	            && text_is(b.rows[0].id, "57") && text_is(b.rows[0].version, "3")
	            && text_is(b.rows[0].trace, "0") && value_eq(b.rows[1].key, &samples[7])
	            && b.rows[1].values == NULL);
	buf_reset(&doc);
	struct rk_result res;
	write_outcomes(&doc);
	assert_true(record_decode_outcomes(buf_text(&doc), &arena, 2, SAMPLES, &res));
	const struct rk_outcome *o = res.outcomes;
	assert_true(text_is(res.token, "job") && res.wait_ms == 7 && o[0].status == RK_CREATED
	            && text_is(o[0].id, "57") && text_is(o[0].version, "1")
	            && value_eq(&o[0].values[5], &samples[5]));
	assert_true(o[1].status == RK_REJECTED && o[1].category == RK_CAT_DUPLICATE
	            && text_is(o[1].code, "CB_VA01") && text_is(o[1].message, "\u91cd\u8907")
	            && text_is(o[1].field, "email") && text_is(o[1].value, "a")
	            && text_is(o[1].other_id, "9") && o[1].values == NULL);
	arena_free(&arena);
}

/* Ids and values that are not UTF-8 are refused; words for people are left out. */
static void
text_that_is_not_utf8_is_not_taken_over(void **state)
{
	(void)state;
	static const struct rk_value bad_value = { .type = RK_TEXT, .text = T("12345678\xC3(") };
	static const struct { struct rk_outcome outcome; bool fits; } cases[] = {
		{ { .status = RK_CREATED, .id = T("1"), .values = samples }, true },
		{ { .status = RK_CREATED, .id = T("\xFF"), .values = samples }, false },
		{ { .status = RK_CREATED, .id = T("1"), .values = &bad_value }, false },
		{ { .status = RK_REJECTED, .code = T("\xE3\x81") }, false },
		{ { .status = RK_REJECTED, .message = T("caf\xE9"), .value = T("\x80") }, true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		struct rk_outcome outcome = cases[i].outcome;
		struct rk_result sent = { .struct_size = sizeof sent, .outcomes = &outcome }, got;
		size_t count = outcome.values == &bad_value ? 1 : SAMPLES;
		record_encode_outcomes(&doc, &sent, 1, count);
		if (record_decode_outcomes(buf_text(&doc), &arena, 1, count, &got)
		    != cases[i].fits)
			fail_msg("row %zu", i);
		if (cases[i].fits)
			assert_true(got.outcomes[0].message.len == 0
			            && got.outcomes[0].value.len == 0);
		arena_free(&arena);
	}
}

static void
no_member_of_http_is_left_out(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	BUF_AUTO doc = BUF_INIT(DOC_MAX);
	struct rk_request q;
	int64_t deadline_ms;
	write_request(&doc);
	assert_true(http_decode_request(buf_text(&doc), &arena, &q, &deadline_ms));
	assert_true(deadline_ms == 45000 && q.flags == RK_HTTP_SAFE && text_is(q.method, "POST")
	            && text_is(q.url, "https://x.example/a?b=c") && q.header_count == 1
	            && text_is(q.headers[0].name, "Authorization")
	            && q.headers[0].pieces[1].kind == RK_PIECE_SECRET
	            && q.headers[0].pieces[1].encoding == RK_ENC_BASIC
	            && text_is(q.headers[0].pieces[1].second, "password") && q.body_count == 2
	            && text_is(q.object, "contacts") && q.spend_count == 2
	            && q.spends[1].cost == 3 && q.max_body_bytes == 1000);
	buf_reset(&doc);
	struct rk_reply a;
	struct rk_err err;
	int32_t status;
	write_reply(&doc);
	assert_true(http_decode_reply(buf_text(&doc), &arena, &status, &err, &a));
	assert_true(status == RK_OK && a.status == 207 && a.date_ms == 12
	            && a.retry_after_ms == 3000 && text_eq(a.body, reply.body)
	            && text_is(a.headers[0].name, "x-id"));
	buf_reset(&doc);
	write_refusal(&doc);
	assert_true(http_decode_reply(buf_text(&doc), &arena, &status, &err, &a));
	assert_int_equal(status, RK_HOLD);
	assert_memory_equal(&err, &full_err, sizeof err);
	arena_free(&arena);
}

/* ---- Ceilings ---------------------------------------------------------------------------------  */

/* Writes a list in a list, 'depth' deep. */
static void
write_deep(struct buf *out, unsigned depth)
{
	size_t mark = wire_open(out, WIRE_VALUE | RK_TABLE);
	if (depth > 1)
		write_deep(out, depth - 1);
	wire_close(out, mark);
}

static void
values_nest_four_deep_and_no_deeper(void **state)
{
	(void)state;
	for (unsigned depth = 1; depth < 300; depth += depth < 8 ? 1 : 50) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		write_deep(&doc, depth);
		struct wire_reader r = wire_reader(buf_text(&doc));
		value_decode(&r, &arena);
		if (r.bad != (depth > VALUE_DEPTH_MAX))
			fail_msg("%u deep: %s", depth, r.bad ? "refused" : "taken");
		arena_free(&arena);
	}
	struct rk_value deep[6] = { { .type = RK_TABLE } };
	for (int i = 1; i < 6; i++)
		deep[i] = (struct rk_value){ .type = RK_TABLE, .items = &deep[i - 1], .count = 1 };
	BUF_AUTO out = BUF_INIT(DOC_MAX);
	value_encode(&out, &deep[3]);
	assert_false(out.over);
	value_encode(&out, &deep[5]);
	assert_true(out.over);
	BUF_AUTO other = BUF_INIT(DOC_MAX);
	value_encode(&other, &(struct rk_value){ .type = RK_TYPE_COUNT });
	assert_true(other.over);
}

/* A count is believed only as far as there are bytes: no memory for empty promises. */
static void
a_count_without_bytes_is_refused(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	BUF_AUTO doc = BUF_INIT(DOC_MAX);
	struct rk_page p;
	wire_int(&doc, 0);
	wire_text(&doc, (struct rk_text)T("t"));
	for (int i = 0; i < 3; i++)
		wire_int(&doc, 0);
	wire_int(&doc, RECORD_PAGE_MAX);
	assert_false(record_decode_page(buf_text(&doc), &arena, 1, &p));
	assert_true(arena.total_bytes < 10000);
	buf_reset(&doc);
	struct rk_schema s;
	wire_int(&doc, SCHEMA_FIELDS_MAX);
	assert_false(schema_decode(buf_text(&doc), &arena, &s));
	assert_true(arena.total_bytes < 10000);
	arena_free(&arena);
}

static void
a_token_has_a_ceiling(void **state)
{
	(void)state;
	static char token[RECORD_TOKEN_MAX + 1];
	for (size_t len = RECORD_TOKEN_MAX; len <= RECORD_TOKEN_MAX + 1; len++) {
		struct arena arena = ARENA_INIT;
		BUF_AUTO doc = BUF_INIT(DOC_MAX);
		struct rk_page p = { .token = { token, len } };
		record_encode_page(&doc, &p, 0);
		assert_int_equal(record_decode_page(buf_text(&doc), &arena, 0, &p),
		                 len <= RECORD_TOKEN_MAX);
		arena_free(&arena);
	}
}

/* ---- Values for people, and hashes --------------------------------------------------------  */

static void
values_are_shown_and_judged_empty(void **state)
{
	(void)state;
	static const struct { const char *shown; bool empty; } want[] = {
		{ "", true }, { "", true }, { "true", false }, { "-9223372036854775808", false },
		{ "9223372036854775807", false },
		{ "-123456789012345678901234567890.0001", false }, { "", true }, { NULL, false },
		{ "cut", false }, { "<b>x</b>", false }, { "2026-11-21", false },
		{ "09:30", false }, { "1969-12-31T23:59:59.999Z", false }, { "lead", false },
		{ "lead; \u9867\u5ba2", false }, { "", true }, { "key", false }, { "7", false },
		{ "aya; aya", false }, { "11; cell; lead; \u9867\u5ba2; 12; cell", false },
		{ "{\"a\":[1,2]}", false },
	};
	assert_int_equal(COUNT(want), SAMPLES);
	for (size_t i = 0; i < SAMPLES; i++) {
		BUF_AUTO out = BUF_INIT(1000);
		value_show(&out, &samples[i]);
		if (want[i].shown != NULL && strcmp(buf_str(&out), want[i].shown) != 0)
			fail_msg("%zu: %s", i, buf_str(&out));
		if (value_is_empty(&samples[i]) != want[i].empty)
			fail_msg("%zu: empty", i);
	}
	assert_string_equal(value_type_name(RK_DATETIME), "datetime");
	assert_string_equal(value_type_name(RK_TYPE_COUNT), "unknown");
}

static void
a_hash_tells_every_difference(void **state)
{
	(void)state;
	static const unsigned char secret[HASH_BYTES] = { 7 }, other_secret[HASH_BYTES] = { 8 };
	struct hash key = hash_key(secret, "one", 3), two = hash_key(secret, "two", 3);
	struct hash theirs = hash_key(other_secret, "one", 3), *one = &key;
	BUF_AUTO scratch = BUF_INIT(DOC_MAX);
	struct hash whole = hash_values(one, samples, SAMPLES, &scratch);
	struct hash again = hash_values(one, samples, SAMPLES, &scratch);
	struct hash revised = hash_values(&two, samples, SAMPLES, &scratch);
	struct hash fewer = hash_values(one, samples, SAMPLES - 1, &scratch);
	assert_true(hash_eq(&whole, &again));
	assert_false(hash_eq(&whole, &revised));
	struct hash elsewhere = hash_values(&theirs, samples, SAMPLES, &scratch);
	assert_false(hash_eq(&whole, &elsewhere));
	assert_false(hash_eq(&whole, &fewer));
	for (size_t i = 0; i < SAMPLES; i++) {
		struct rk_value changed[SAMPLES];
		memcpy(changed, samples, sizeof changed);
		changed[i].type = samples[i].type == RK_NULL ? RK_ABSENT : RK_NULL;
		struct hash other = hash_values(one, changed, SAMPLES, &scratch);
		assert_false(hash_eq(&whole, &other));
	}
	/* The border between two texts counts. */
	static const struct rk_value ab_c[] = { { .type = RK_TEXT, .text = T("ab") },
	                                        { .type = RK_TEXT, .text = T("c") } };
	static const struct rk_value a_bc[] = { { .type = RK_TEXT, .text = T("a") },
	                                        { .type = RK_TEXT, .text = T("bc") } };
	struct hash left = hash_values(one, ab_c, 2, &scratch);
	struct hash right = hash_values(one, a_bc, 2, &scratch);
	assert_false(hash_eq(&left, &right));
	assert_int_not_equal(hash_text64((struct rk_text)T("a")),
	                     hash_text64((struct rk_text)T("b")));
	/* Any bit of any length up to a few steps of the checksum, and its length. */
	unsigned char bytes[150] = { 0 };
	for (size_t len = 1; len <= sizeof bytes; len++) {
		int64_t sum = hash_checksum(bytes, len);
		assert_int_not_equal(sum, hash_checksum(bytes, len - 1));
		for (size_t bit = 0; bit < len * 8; bit++) {
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
			assert_int_not_equal(sum, hash_checksum(bytes, len));
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_document_goes_round_whole),
		cmocka_unit_test(a_document_cut_short_or_too_long_is_refused),
		cmocka_unit_test(a_document_with_any_bit_turned_stays_in_bounds),
		cmocka_unit_test(a_value_comes_back_as_it_was),
		cmocka_unit_test(no_member_is_left_out),
		cmocka_unit_test(no_member_of_a_write_is_left_out),
		cmocka_unit_test(no_member_of_http_is_left_out),
		cmocka_unit_test(values_nest_four_deep_and_no_deeper),
		cmocka_unit_test(a_count_without_bytes_is_refused),
		cmocka_unit_test(a_token_has_a_ceiling),
		cmocka_unit_test(text_that_is_not_utf8_is_not_taken_over),
		cmocka_unit_test(values_are_shown_and_judged_empty),
		cmocka_unit_test(a_hash_tells_every_difference),
	};
	return cmocka_run_group_tests(tests, make_guard, NULL);
}
