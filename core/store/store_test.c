/* SPDX-License-Identifier: Apache-2.0
 *
 * store_test.c - what must survive: each table goes round, a turned byte is found,
 * who lost the lead changes nothing, and what dies in the middle was never there. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/io.h"
#include "store/audit.h"
#include "store/cache.h"
#include "store/fixture.h"
#include "store/lock.h"
#include "store/link_recent.h"
#include "store/override.h"
#include "store/watch.h"

static void
refused(const char *identity, enum store_mode mode, const char *why)
{
	struct store *s = NULL;
	assert_false(store_open(&s, dir, "s", identity, mode, &err));
	assert_null(s);
	if (strstr(err.message, why) == NULL)
		fail_msg("expected \"%s\", found \"%s\"", why, err.message);
}

/* ---- One row of each table ------------------------------------------------------------------  */

static const struct cursor sample_cursor = {
	.watermark_ms = 1, .listing = true, .since_ms = RK_NO_TIME, .source_start_ms = 3,
	.safe_until_ms = 4, .token = T("next\0page"), .origin_ms = 5, .revision = { 6 },
};
static const struct page sample_page = {
	.revision = { 7 }, .count = 2, .body = T("two records\0"),
};
static struct batch_entry sample_entries[] = {
	{ .id = T("11"), .key = T("a@x.example"), .body_hash = { { 1 } }, .page_seq = 1 },
	{ .id = T("12"), .key = T(""), .body_hash = { { 2 } } },
};
static const struct store_batch sample_batch = {
	.operation = RK_OP_UPSERT, .hold_until_ms = 8, .believe_after_ms = 9, .token = T("job"),
	.entries = sample_entries, .count = 2,
};
static const struct pending sample_pending = {
	.id = T("21"), .state = PENDING_FAILED, .operation = RK_OP_CREATE, .version = T("v2"),
	.modified_ms = 1795290280000,
	.from_hash = { { 3 } }, .revision = { 4 }, .body = T("the record"), .key_hash = 77,
	.key = T("k"), .body_hash = { { 5 } }, .hold_until_ms = 1, .believe_after_ms = 2,
	.attempts = 3, .due_ms = 4, .first_ms = 5, .category = RK_CAT_PICKLIST,
	.code = T("CB_1"), .field = T("stage"), .value = T("x"), .message = T("no option"),
};
static const struct link sample_link = {
	.from_id = T("31"), .to_id = T("57"), .key_hash = 99, .from_hash = { { 6 } },
	.to_hash = { { 7 } }, .to_version = T("3"), .hold_until_ms = 8,
};

static void
put_samples(struct store *s)
{
	struct page page = sample_page;
	struct store_batch batch = sample_batch;
	OK(store_begin(s, &err));
	OK(store_bind(s, IDENTITY, &err));
	OK(store_cursor_put(s, &sample_cursor, &err));
	OK(store_page_put(s, &page, &err));
	assert_int_equal(page.seq, 1);
	OK(store_batch_put(s, &batch, &err));
	OK(store_pending_put(s, &sample_pending, &err));
	OK(store_link_put(s, &sample_link, &err));
	OK(store_commit(s, &err));
}

static bool
get_cursor(struct store *s, bool *same)
{
	struct cursor c;
	if (!store_cursor_get(s, &arena, &c, &err))
		return false;
	*same = c.watermark_ms == 1 && c.listing && c.since_ms == RK_NO_TIME
	        && c.source_start_ms == 3 && c.safe_until_ms == 4 && c.origin_ms == 5
	        && text_eq(c.token, sample_cursor.token) && c.revision[0] == 6;
	return true;
}

static bool
get_page(struct store *s, bool *same)
{
	struct page p;
	if (!store_page_next(s, 0, &arena, &p, &err))
		return false;
	*same = p.seq == 1 && p.count == 2 && p.revision[0] == 7
	        && text_eq(p.body, sample_page.body);
	return true;
}

static bool
get_batch(struct store *s, bool *same)
{
	struct store_batch b;
	if (!store_batch_next(s, 0, &arena, &b, &err))
		return false;
	*same = b.seq == 1 && b.operation == RK_OP_UPSERT && b.hold_until_ms == 8
	        && b.believe_after_ms == 9 && text_is(b.token, "job") && b.count == 2
	        && text_is(b.entries[0].id, "11") && text_is(b.entries[0].key, "a@x.example")
	        && b.entries[0].body_hash.bytes[0] == 1 && b.entries[0].page_seq == 1
	        && text_is(b.entries[1].id, "12") && b.entries[1].key.len == 0
	        && b.entries[1].body_hash.bytes[0] == 2 && b.entries[1].page_seq == 0;
	return true;
}

static bool
same_pending(const struct pending *p)
{
	const struct pending *w = &sample_pending;
	return text_eq(p->id, w->id) && p->state == w->state && p->operation == w->operation
	       && text_eq(p->version, w->version) && p->modified_ms == w->modified_ms
	       && hash_eq(&p->from_hash, &w->from_hash)
	       && p->revision[0] == 4 && text_eq(p->body, w->body) && p->key_hash == 77
	       && text_eq(p->key, w->key) && hash_eq(&p->body_hash, &w->body_hash)
	       && p->hold_until_ms == 1 && p->believe_after_ms == 2 && p->attempts == 3
	       && p->due_ms == 4 && p->first_ms == 5 && p->category == RK_CAT_PICKLIST
	       && text_eq(p->code, w->code) && text_eq(p->field, w->field)
	       && text_eq(p->value, w->value) && text_eq(p->message, w->message);
}

static bool
get_pending(struct store *s, bool *same)
{
	struct pending *rows;
	size_t count;
	if (!store_pending_due(s, INT64_MAX, 10, &arena, &rows, &count, &err))
		return false;
	*same = count == 1 && same_pending(rows);
	return true;
}

static bool
get_link(struct store *s, bool *same)
{
	struct link l;
	if (!store_link_get(s, sample_link.from_id, &arena, &l, &err))
		return false;
	*same = text_is(l.from_id, "31") && text_is(l.to_id, "57") && l.key_hash == 99
	        && l.from_hash.bytes[0] == 6 && l.to_hash.bytes[0] == 7
	        && text_is(l.to_version, "3") && l.hold_until_ms == 8;
	return true;
}

static const struct {
	const char *table;
	const char *where;             /* Column by which it is found: not tampered with. */
	bool (*get)(struct store *s, bool *same);
	bool merged;                   /* Links stand there only when they were brought in. */
} tables[] = {
	{ "cursor", "id", get_cursor, false }, { "page", "seq", get_page, false },
	{ "batch", "seq", get_batch, false }, { "pending", "", get_pending, false },
	{ "link_block", "id", get_link, true }, { "link_recent", "seq", get_link, false },
};

/* Brings the links put lately into their table. */
static void
merge(void)
{
	OK(store_begin(store, &err));
	OK(link_merge(store, &err));
	OK(store_commit(store, &err));
}

static void
each_row_comes_back_from_the_file_as_it_was(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_samples(store);
	store_close(store);
	store = opened(STORE_WRITE);
	for (size_t i = 0; i < COUNT(tables); i++) {
		bool same = false;
		OK(tables[i].get(store, &same));
		if (!same)
			fail_msg("table %s", tables[i].table);
	}
}

/* The columns of a table, all that a reader uses. */
static size_t
columns_of(const char *table, char names[32][32])
{
	sqlite3 *db;
	sqlite3_stmt *st;
	size_t count = 0;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?1)", -1, &st, NULL);
	sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW && count < 32)
		snprintf(names[count++], 32, "%s", (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return count;
}

/* A number is one more; a text or blob has a byte more at its end. */
static void
turn(const char *table, const char *column)
{
	BUF_AUTO sql = BUF_INIT(4096);
	buf_addf(&sql, "UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN %s + 1"
	         " WHEN 'text' THEN %s || 'x' ELSE CAST(%s || x'01' AS BLOB) END",
	         table, column, column, column, column, column);
	tamper(buf_str(&sql));
}

static void
a_turned_byte_in_any_column_is_found(void **state)
{
	(void)state;
	size_t turned = 0;
	for (size_t i = 0; i < COUNT(tables); i++) {
		char names[32][32];
		store = opened(STORE_WRITE);
		size_t columns = columns_of(tables[i].table, names);
		assert_true(columns >= 3);
		for (size_t k = 0; k < columns; k++) {
			if (strcmp(names[k], tables[i].where) == 0)
				continue;
			OK(store_reset(store, true, IDENTITY, &err));
			tamper("DELETE FROM sqlite_sequence");
			put_samples(store);
			if (tables[i].merged)
				merge();
			turn(tables[i].table, names[k]);
			/* What was kept in memory is not what a new run finds. */
			store_close(store);
			store = opened(STORE_WRITE);
			bool same;
			if (tables[i].get(store, &same))
				fail_msg("%s.%s", tables[i].table, names[k]);
			assert_non_null(strstr(err.message, tables[i].table));
			assert_non_null(strstr(err.message, "damaged"));
			assert_non_null(strstr(err.message, "cursor reset s"));
			turned++;
		}
		store_close(store);
		store = NULL;
	}
	assert_true(turned > 35);
}

/* ---- What each function promises ----------------------------------------------------------  */

static void
an_empty_store_has_nothing_and_says_so(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	struct cursor c;
	struct page p;
	struct store_batch b;
	struct pending row;
	struct pending_counts counts;
	struct link l;
	int64_t n = -1;
	OK(store_cursor_get(store, &arena, &c, &err));
	assert_true(c.watermark_ms == RK_NO_TIME && c.origin_ms == RK_NO_TIME && !c.listing);
	OK(store_page_next(store, 0, &arena, &p, &err));
	assert_int_equal(p.seq, 0);
	OK(store_page_total(store, &n, &err));
	assert_int_equal(n, 0);
	OK(store_batch_next(store, 0, &arena, &b, &err));
	assert_int_equal(b.seq, 0);
	OK(store_pending_get(store, text_of("1"), &arena, &row, &err));
	assert_int_equal(row.id.len, 0);
	OK(store_pending_count(store, &counts, &err));
	assert_true(counts.queued + counts.failed == 0 && counts.next_due_ms == INT64_MAX);
	OK(store_link_get(store, text_of("1"), &arena, &l, &err));
	assert_int_equal(l.to_id.len, 0);
	OK(store_link_count(store, &n, &err));
	assert_int_equal(n, 0);
}

static void
pages_leave_in_the_order_they_came(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	for (int i = 1; i <= 3; i++) {
		struct page page = sample_page;
		page.count = i;
		OK(store_page_put(store, &page, &err));
		assert_int_equal(page.seq, i);
	}
	int64_t total;
	OK(store_page_total(store, &total, &err));
	assert_int_equal(total, 6);
	OK(store_page_drop(store, 2, &err));
	static const struct { int64_t after, next; } walk[] = { { 0, 1 }, { 1, 3 }, { 3, 0 } };
	for (size_t i = 0; i < COUNT(walk); i++) {
		struct page page;
		OK(store_page_next(store, walk[i].after, &arena, &page, &err));
		assert_int_equal(page.seq, walk[i].next);
	}
	struct page page;
	OK(store_page_get(store, 2, &arena, &page, &err));
	assert_int_equal(page.seq, 0);
	/* A number is never given twice, or a batch could point at a stranger's page. */
	OK(store_page_drop(store, 3, &err));
	page = sample_page;
	OK(store_page_put(store, &page, &err));
	assert_int_equal(page.seq, 4);
}

static void
a_batch_takes_a_token_later_and_leaves_when_dropped(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	int64_t epoch;
	OK(store_new_epoch(store, &epoch, &err));
	struct store_batch batch = sample_batch, got;
	OK(store_batch_put(store, &batch, &err));
	assert_true(batch.seq == 1 && batch.epoch == epoch);
	batch.token = text_of("another job");
	batch.hold_until_ms = 100;
	/* Its rows are not looked at again. */
	batch.entries = NULL;
	OK(store_batch_again(store, &batch, &err));
	OK(store_batch_next(store, 0, &arena, &got, &err));
	assert_true(got.seq == 1 && text_is(got.token, "another job")
	            && got.hold_until_ms == 100 && got.count == 2 && got.epoch == epoch);
	OK(store_batch_drop(store, 1, &err));
	OK(store_batch_next(store, 0, &arena, &got, &err));
	assert_int_equal(got.seq, 0);
}

static void
put_pending(const char *id, enum pending_state kind, int64_t due_ms, int64_t key_hash)
{
	struct pending row = { .id = text_of(id), .state = kind, .due_ms = due_ms,
	                       .key_hash = key_hash, .category = RK_CAT_OTHER };
	OK(store_pending_put(store, &row, &err));
}

static void
pending_rows_come_when_they_are_due_oldest_first(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_QUEUED, 30, 0);
	put_pending("b", PENDING_FAILED, 10, 0);
	put_pending("c", PENDING_UNKNOWN, 20, 5);
	put_pending("d", PENDING_UNDECIDED, INT64_MAX, 0);
	put_pending("e", PENDING_IGNORED, INT64_MAX, 0);
	static const struct { int64_t now_ms; size_t most; const char *ids; } cases[] = {
		{ 9, 10, "" }, { 10, 10, "b" }, { 29, 10, "bc" }, { 30, 10, "bca" },
		{ 30, 2, "bc" }, { 30, 0, "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pending *rows;
		size_t count;
		OK(store_pending_due(store, cases[i].now_ms, cases[i].most, &arena, &rows, &count,
		                     &err));
		assert_int_equal(count, strlen(cases[i].ids));
		for (size_t k = 0; k < count; k++)
			assert_int_equal(rows[k].id.ptr[0], cases[i].ids[k]);
	}
	struct pending_counts counts;
	OK(store_pending_count(store, &counts, &err));
	assert_true(counts.queued == 1 && counts.unknown == 1 && counts.failed == 1
	            && counts.undecided == 1 && counts.ignored == 1
	            && counts.next_due_ms == 10);
	put_pending("b", PENDING_QUEUED, 40, 0);
	OK(store_pending_drop(store, text_of("d"), &err));
	OK(store_pending_count(store, &counts, &err));
	assert_true(counts.queued == 2 && counts.failed == 0 && counts.undecided == 0
	            && counts.next_due_ms == 20);
}

/* Of the code "CB_1"; undecided; without a time; all. */
static bool
count_kind(void *with, const struct pending *row, int64_t count)
{
	int64_t *counts = with;
	counts[0] += text_is(row->code, "CB_1") ? count : 0;
	counts[1] += row->state == PENDING_UNDECIDED ? count : 0;
	counts[2] += row->due_ms == INT64_MAX ? count : 0;
	counts[3] += count;
	return true;
}

static void
errors_are_walked_by_id_and_counted_by_kind(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_QUEUED, 0, 0);
	put_pending("d", PENDING_FAILED, INT64_MAX, 0);
	put_pending("c", PENDING_UNDECIDED, 0, 0);
	put_pending("e", PENDING_IGNORED, 0, 0);
	OK(store_pending_put(store, &sample_pending, &err));
	static const struct { const char *after; size_t most; const char *ids; } cases[] = {
		{ "", 10, "2cde" }, { "", 2, "2c" }, { "c", 10, "de" }, { "e", 10, "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pending *rows;
		size_t count;
		OK(store_pending_errors(store, text_of(cases[i].after), cases[i].most, &arena,
		                        &rows, &count, &err));
		assert_int_equal(count, strlen(cases[i].ids));
		for (size_t k = 0; k < count; k++)
			assert_int_equal(rows[k].id.ptr[0], cases[i].ids[k]);
	}
	int64_t kinds[4] = { 0 };
	OK(store_pending_kinds(store, count_kind, kinds, &err));
	assert_true(kinds[0] == 1 && kinds[1] == 1 && kinds[2] == 1 && kinds[3] == 3);
}

static void
failed_rows_are_found_by_their_key(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_FAILED, 0, 5);
	put_pending("b", PENDING_QUEUED, 0, 5);
	put_pending("c", PENDING_FAILED, 0, 6);
	put_pending("d", PENDING_FAILED, 0, 5);
	put_pending("e", PENDING_FAILED, 0, 0);
	static const struct { int64_t key_hash; const char *after; size_t most; const char *ids; }
	cases[] = {
		{ 5, "", 10, "ad" }, { 5, "", 1, "a" }, { 5, "a", 10, "d" }, { 6, "", 9, "c" },
		{ 7, "", 10, "" }, { 0, "", 10, "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pending *rows;
		size_t count;
		OK(store_pending_of_key(store, cases[i].key_hash, text_of(cases[i].after),
		                        cases[i].most, &arena, &rows, &count, &err));
		assert_int_equal(count, strlen(cases[i].ids));
		for (size_t k = 0; k < count; k++)
			assert_int_equal(rows[k].id.ptr[0], cases[i].ids[k]);
	}
}

static void
an_unknown_write_holds_its_key_against_others(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_UNKNOWN, 0, 5);
	put_pending("b", PENDING_QUEUED, 0, 6);
	put_pending("c", PENDING_UNKNOWN, 0, 0);
	static const struct { int64_t key_hash; const char *not_id; bool held; } cases[] = {
		{ 5, "x", true }, { 5, "a", false }, { 6, "x", false }, { 7, "x", false },
		{ 0, "x", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool held;
		OK(store_pending_holds_key(store, cases[i].key_hash, text_of(cases[i].not_id),
		                           INT64_MAX, &held, &err));
		if (held != cases[i].held)
			fail_msg("row %zu", i);
	}
}

static void
links_are_found_from_both_ends(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	struct link other = sample_link, got;
	OK(store_link_put(store, &sample_link, &err));
	OK(store_link_by_key(store, 99, text_of("31"), &arena, &got, &err));
	assert_int_equal(got.to_id.len, 0);
	OK(store_link_by_key(store, 99, text_of("32"), &arena, &got, &err));
	assert_true(text_is(got.from_id, "31"));
	other.to_id = text_of("58");
	OK(store_link_put(store, &other, &err));
	OK(store_link_get(store, text_of("31"), &arena, &got, &err));
	assert_true(text_is(got.to_id, "58"));
	int64_t count;
	OK(store_link_count(store, &count, &err));
	assert_int_equal(count, 1);
}

static void
runs_are_listed_newest_first_and_one_that_died_shows(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	for (int64_t i = 1; i <= 3; i++) {
		struct run_row row = { .epoch = i, .started_ms = i * 10, .exit_code = 3,
		                       .read = 100 + i, .failed = i, .writes = 2 * i,
		                       .message = text_of("some failed") };
		OK(store_run_begin(store, &row, &err));
		assert_int_equal(row.id, i);
		row.ended_ms = i * 10 + 5;
		if (i != 2)
			OK(store_run_end(store, &row, &err));
	}
	struct run_row *rows;
	size_t count;
	OK(store_run_list(store, 10, &arena, &rows, &count, &err));
	assert_int_equal(count, 3);
	assert_true(rows[0].id == 3 && rows[0].read == 103 && rows[0].failed == 3
	            && rows[0].writes == 6 && rows[0].exit_code == 3 && rows[0].ended_ms == 35
	            && rows[0].epoch == 3 && text_is(rows[0].message, "some failed"));
	assert_true(rows[1].id == 2 && rows[1].exit_code == -1 && rows[1].started_ms == 20);
	OK(store_run_list(store, 1, &arena, &rows, &count, &err));
	assert_int_equal(count, 1);
}

static void
old_runs_go_when_new_ones_begin(void **state)
{
	(void)state;
	struct run_row row = { .epoch = 1, .exit_code = 0 }, *rows;
	size_t count;
	store = opened(STORE_WRITE);
	OK(store_run_begin(store, &row, &err));
	tamper("UPDATE sqlite_sequence SET seq = 19999 WHERE name = 'run'");
	OK(store_run_begin(store, &row, &err));
	OK(store_run_list(store, 10, &arena, &rows, &count, &err));
	assert_int_equal(count, 2);
	OK(store_run_begin(store, &row, &err));
	OK(store_run_list(store, 10, &arena, &rows, &count, &err));
	assert_int_equal(count, 2);
	assert_true(rows[0].id == 20001 && rows[1].id == 20000);
}

/* ---- Transactions, owners, versions --------------------------------------------------------  */

static void
what_is_rolled_back_was_never_there(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	OK(store_begin(store, &err));
	put_pending("a", PENDING_QUEUED, 0, 0);
	store_rollback(store);
	struct pending_counts counts;
	OK(store_pending_count(store, &counts, &err));
	assert_int_equal(counts.queued, 0);
	store_rollback(store);
}

/* Kills a child in its transaction, or right after the commit returned. */
static void
die(bool committed)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct store *s;
		struct rk_err e = ERR_INIT;
		bool well = store_open(&s, dir, "s", IDENTITY, STORE_WRITE, &e)
		            && store_begin(s, &e) && store_pending_put(s, &sample_pending, &e)
		            && store_link_put(s, &sample_link, &e)
		            && (!committed || store_commit(s, &e));
		kill(getpid(), well ? SIGKILL : SIGTERM);
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
}

/* What a look-up found, or did not find, is kept; a put and a rollback change it. */
static void
a_link_asked_for_again_is_as_it_was_last_put(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	struct link link, other = sample_link;
	struct rk_text id = sample_link.from_id;
	OK(store_link_get(store, id, &arena, &link, &err));
	OK(store_begin(store, &err));
	OK(store_link_put(store, &sample_link, &err));
	OK(store_link_get(store, id, &arena, &link, &err));
	assert_true(text_eq(link.to_id, sample_link.to_id));
	store_rollback(store);
	OK(store_link_get(store, id, &arena, &link, &err));
	assert_int_equal(link.to_id.len, 0);
	OK(store_link_put(store, &sample_link, &err));
	other.from_ms++;
	OK(store_link_put(store, &other, &err));
	other.key_hash++;
	other.to_id = TEXT_LIT("another");
	OK(store_link_put(store, &other, &err));
	store_close(store);
	store = opened(STORE_WRITE);
	OK(store_link_get(store, id, &arena, &link, &err));
	assert_true(text_eq(link.to_id, other.to_id));
	assert_int_equal(link.key_hash, other.key_hash);
	assert_int_equal(link.from_ms, other.from_ms);
	OK(store_link_by_target(store, other.to_id, text_of("x"), &arena, &link, &err));
	assert_true(text_eq(link.from_id, id));
	OK(store_link_by_target(store, sample_link.to_id, text_of("x"), &arena, &link, &err));
	assert_int_equal(link.to_id.len, 0);
}

/* The last one that was put; once they are brought in, that of the newest record. */
static void
the_newest_link_is_found(void **state)
{
	(void)state;
	static const struct { const char *id, *to; int64_t from_ms; } puts[] = {
		{ "1", "a", 500 }, { "2", "b", 900 }, { "3", "c", RK_NO_TIME }, { "1", "d", 700 },
	};
	struct link link;
	store = opened(STORE_WRITE);
	OK(store_link_newest(store, &arena, &link, &err));
	assert_int_equal(link.to_id.len, 0);
	for (size_t i = 0; i < COUNT(puts); i++) {
		struct link one = sample_link;
		one.from_id = text_of(puts[i].id);
		one.to_id = text_of(puts[i].to);
		one.from_ms = puts[i].from_ms;
		OK(store_link_put(store, &one, &err));
		OK(store_link_newest(store, &arena, &link, &err));
		assert_true(text_is(link.from_id, puts[i].id) && text_is(link.to_id, puts[i].to));
	}
	OK(store_begin(store, &err));
	OK(link_merge(store, &err));
	OK(store_commit(store, &err));
	store_close(store);
	store = opened(STORE_LOOK);
	OK(store_link_newest(store, &arena, &link, &err));
	assert_true(text_is(link.from_id, "2") && text_is(link.to_id, "b"));
}

/* ---- Links against a model ----------------------------------------------------------------  */

#define MODEL_LINKS 40u

struct model {
	struct link links[MODEL_LINKS]; /* to_id empty: none. */
};

static struct rk_text
numbered(const char *prefix, unsigned number)
{
	return arena_printf(&arena, "%s%u", prefix, number);
}

static void
put_into_model(struct model *model, unsigned *seed)
{
	unsigned at = (unsigned)rand_r(seed) % MODEL_LINKS;
	struct link link = sample_link;
	link.from_id = numbered("f", at);
	link.to_id = numbered("t", (unsigned)rand_r(seed) % (MODEL_LINKS / 2));
	link.key_hash = 1 + rand_r(seed) % 16;
	link.from_ms = rand_r(seed);
	OK(store_link_put(store, &link, &err));
	model->links[at] = link;
}

static void
same_as_model(const struct model *model)
{
	int64_t there = 0, count;
	for (unsigned i = 0; i < MODEL_LINKS; i++) {
		const struct link *want = &model->links[i];
		struct link got;
		OK(store_link_get(store, numbered("f", i), &arena, &got, &err));
		assert_true(text_eq(got.to_id, want->to_id) && got.key_hash == want->key_hash
		            && got.from_ms == want->from_ms);
		bool key = false, target = false;
		for (unsigned k = 0; k < MODEL_LINKS; k++) {
			const struct link *other = &model->links[k];
			if (k == i || other->to_id.len == 0)
				continue;
			key = key || other->key_hash == 1 + i % 16;
			target = target || text_eq(other->to_id, want->to_id);
		}
		OK(store_link_by_key(store, 1 + i % 16, numbered("f", i), &arena, &got, &err));
		assert_int_equal(got.to_id.len > 0, key);
		assert_true(!key || got.key_hash == 1 + i % 16);
		there += want->to_id.len > 0;
		if (want->to_id.len == 0)
			continue;
		OK(store_link_by_target(store, want->to_id, numbered("f", i), &arena, &got, &err));
		assert_int_equal(got.to_id.len > 0, target);
		assert_true(!target || text_eq(got.to_id, want->to_id));
	}
	OK(store_link_count(store, &count, &err));
	assert_int_equal(count, there);
	OK(store_verify(store, &err));
}

/* Put, brought into the table, rolled back, read anew: in any order. */
static void
links_are_what_a_model_says(void **state)
{
	(void)state;
	struct model model = { 0 }, before;
	unsigned seed = 20261122;
	store = opened(STORE_WRITE);
	for (int step = 0; step < 400; step++) {
		before = model;
		OK(store_begin(store, &err));
		for (int puts = rand_r(&seed) % 6; puts > 0; puts--)
			put_into_model(&model, &seed);
		switch (rand_r(&seed) % 8) {
		case 0:
			store_rollback(store);
			model = before;
			break;
		case 1:
			OK(link_merge(store, &err));
			/* fall through */
		case 2:
			OK(store_commit(store, &err));
			store_close(store);
			store = opened(STORE_WRITE);
			break;
		default:
			OK(store_commit(store, &err));
		}
		same_as_model(&model);
	}
	store_close(store);
	store = opened(STORE_LOOK);
	same_as_model(&model);
}

/* Enough to be brought in more than once, with blocks that split; every third one gets
 * another key on the way. */
static void
many_links_are_brought_in_and_found(void **state)
{
	(void)state;
	unsigned many = RECENT_MAX * 2 + 100, links = many * 3 / 4;
	struct link link = sample_link, got;
	int64_t count;
	store = opened(STORE_WRITE);
	OK(store_begin(store, &err));
	for (unsigned i = 0; i < many; i++) {
		unsigned at = i < links ? i : (i - links) * 3;
		link.from_id = numbered("f", at);
		link.to_id = numbered("t", at);
		link.key_hash = 1 + at + (i < links ? 0 : many);
		OK(store_link_put(store, &link, &err));
		if (i % 1000 == 999) {
			OK(store_commit(store, &err));
			OK(store_begin(store, &err));
		}
		arena_clear(&arena);
	}
	OK(store_commit(store, &err));
	assert_true(store->recent->count < RECENT_MAX);
	store_close(store);
	store = opened(STORE_LOOK);
	OK(store_verify(store, &err));
	OK(store_link_count(store, &count, &err));
	assert_int_equal(count, links);
	for (unsigned at = 0; at < links; at += 7) {
		bool moved = at % 3 == 0 && at / 3 < many - links;
		OK(store_link_get(store, numbered("f", at), &arena, &got, &err));
		assert_int_equal(got.key_hash, 1 + at + (moved ? many : 0));
		OK(store_link_by_key(store, got.key_hash, text_of("x"), &arena, &got, &err));
		assert_true(text_eq(got.from_id, numbered("f", at)));
		OK(store_link_by_key(store, 1 + at, text_of("x"), &arena, &got, &err));
		assert_int_equal(got.to_id.len > 0, !moved);
		OK(store_link_by_target(store, numbered("t", at), text_of("x"), &arena, &got,
		                        &err));
		assert_true(text_eq(got.from_id, numbered("f", at)));
		arena_clear(&arena);
	}
}

static void
remove_file(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < COUNT(ends); i++) {
		BUF_AUTO path = BUF_INIT(4096);
		buf_addf(&path, "%s%s", file, ends[i]);
		unlink(buf_str(&path));
	}
}

/* Puts the same links again and again, each time with the next stamp, and tells of each
 * commit; some bring them into the maps. */
static void
put_until_killed(int out)
{
	struct store *s;
	struct rk_err e = ERR_INIT;
	bool well = store_open(&s, dir, "s", IDENTITY, STORE_WRITE, &e);
	for (unsigned char round = 1; well && round < 250; round++) {
		struct link link = sample_link;
		link.from_ms = round;
		well = store_begin(s, &e);
		for (unsigned i = 0; well && i < 200; i++) {
			char id[16], target[16];
			snprintf(id, sizeof id, "f%u", i);
			snprintf(target, sizeof target, "t%u", i);
			link.from_id = text_of(id);
			link.to_id = text_of(target);
			link.key_hash = 1 + i + round % 2 * 1000u;
			well = store_link_put(s, &link, &e);
		}
		well = well && (round % 3 != 0 || link_merge(s, &e)) && store_commit(s, &e)
		       && write(out, &round, 1) == 1;
	}
	_exit(well ? 0 : 1);
}

static void
a_death_while_links_are_brought_in_leaves_them_whole(void **state)
{
	(void)state;
	for (unsigned wait_ms = 2; wait_ms < 42; wait_ms += 2) {
		int ends[2];
		unsigned char round, last = 0;
		assert_int_equal(pipe(ends), 0);
		remove_file();
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			put_until_killed(ends[1]);
		io_close(&ends[1]);
		usleep(wait_ms * 1000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		while (read(ends[0], &round, 1) == 1)
			last = round;
		io_close(&ends[0]);
		store = opened(STORE_WRITE);
		OK(store_verify(store, &err));
		int64_t count, stamp = -1;
		OK(store_link_count(store, &count, &err));
		assert_true(count == 200 || (count == 0 && last == 0));
		for (unsigned i = 0; i < (unsigned)count; i++) {
			struct link got;
			OK(store_link_get(store, numbered("f", i), &arena, &got, &err));
			stamp = stamp < 0 ? got.from_ms : stamp;
			assert_int_equal(got.from_ms, stamp);
			OK(store_link_by_key(store, 1 + i + stamp % 2 * 1000, text_of("x"), &arena,
			                     &got, &err));
			assert_true(text_eq(got.from_id, numbered("f", i)));
		}
		assert_true(count == 0 || stamp == last || stamp == last + 1);
		store_close(store);
		store = NULL;
	}
}

static void
a_death_leaves_whole_transactions_only(void **state)
{
	(void)state;
	for (int committed = 0; committed <= 1; committed++) {
		die(committed != 0);
		store = opened(STORE_WRITE);
		struct pending row;
		struct link link;
		OK(store_pending_get(store, sample_pending.id, &arena, &row, &err));
		OK(store_link_get(store, sample_link.from_id, &arena, &link, &err));
		assert_int_equal(row.id.len > 0, committed);
		assert_int_equal(link.to_id.len > 0, committed);
		store_close(store);
		store = NULL;
	}
}

static void
an_older_owner_changes_nothing_any_more(void **state)
{
	(void)state;
	int64_t first, second;
	store = opened(STORE_WRITE);
	OK(store_new_epoch(store, &first, &err));
	OK(store_begin(store, &err));
	OK(store_commit(store, &err));
	struct store *newer = opened(STORE_WRITE);
	OK(store_new_epoch(newer, &second, &err));
	assert_int_equal(second, first + 1);
	assert_false(store_begin(store, &err));
	assert_non_null(strstr(err.message, "took over"));
	OK(store_begin(newer, &err));
	OK(store_commit(newer, &err));
	store_close(newer);
}

static void
a_number_is_kept_under_its_name(void **state)
{
	(void)state;
	int64_t number = -1;
	store = opened(STORE_WRITE);
	OK(store_number_get(store, "one", &number, &err));
	assert_int_equal(number, 0);
	OK(store_number_put(store, "one", INT64_MIN, &err));
	OK(store_number_put(store, "two", 2, &err));
	store_close(store);
	store = opened(STORE_LOOK);
	OK(store_number_put(store, "one", 1, &err));
	OK(store_number_get(store, "one", &number, &err));
	assert_true(number == INT64_MIN);
}

static void
a_look_takes_changes_and_drops_them(void **state)
{
	(void)state;
	store = opened(STORE_LOOK);
	OK(store_begin(store, &err));
	OK(store_cursor_put(store, &sample_cursor, &err));
	OK(store_commit(store, &err));
	assert_int_not_equal(access(file, F_OK), 0);
	store_close(store);
	store = opened(STORE_WRITE);
	put_samples(store);
	store_close(store);
	BUF_AUTO before = BUF_INIT(1 << 20);
	BUF_AUTO after = BUF_INIT(1 << 20);
	assert_true(io_read_file(file, &before));
	store = opened(STORE_LOOK);
	int64_t epoch;
	struct cursor moved = sample_cursor;
	moved.watermark_ms = 1000;
	OK(store_new_epoch(store, &epoch, &err));
	OK(store_begin(store, &err));
	OK(store_cursor_put(store, &moved, &err));
	OK(store_pending_drop(store, sample_pending.id, &err));
	OK(store_page_drop(store, 1, &err));
	OK(store_reset(store, true, "another", &err));
	OK(store_commit(store, &err));
	for (size_t i = 0; i < COUNT(tables); i++) {
		bool same = false;
		OK(tables[i].get(store, &same));
		assert_true(same);
	}
	store_close(store);
	store = NULL;
	assert_true(io_read_file(file, &after));
	assert_true(text_eq(buf_text(&before), buf_text(&after)));
}

static void
a_look_beside_a_run_sees_one_moment(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_QUEUED, 0, 0);
	struct store *look = opened(STORE_LOOK);
	struct pending_counts counts;
	OK(store_pending_count(look, &counts, &err));
	put_pending("b", PENDING_QUEUED, 0, 0);
	OK(store_pending_count(look, &counts, &err));
	assert_int_equal(counts.queued, 1);
	store_close(look);
	OK(store_pending_count(store, &counts, &err));
	assert_int_equal(counts.queued, 2);
}

static void
another_identity_is_refused_until_the_reset(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_samples(store);
	store_close(store);
	static const enum store_mode modes[] = { STORE_WRITE, STORE_LOOK };
	for (size_t i = 0; i < COUNT(modes); i++) {
		refused("crm contacts -> app 2", modes[i], "app 2");
		assert_non_null(strstr(err.message, IDENTITY));
		assert_non_null(strstr(err.message, "renkei cursor reset s"));
		assert_int_equal(err.category, RK_CAT_CONFIG);
	}
	store = opened(STORE_WRITE);
	OK(store_reset(store, false, "crm contacts -> app 2", &err));
	store_close(store);
	store = NULL;
	refused(IDENTITY, STORE_WRITE, "app 2");
	OK(store_open(&store, dir, "s", "crm contacts -> app 2", STORE_WRITE, &err));
}

static void
a_reset_forgets_the_cursor_and_the_links_only_if_asked(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	for (int everything = 0; everything <= 1; everything++) {
		put_samples(store);
		OK(store_begin(store, &err));
		OK(store_reset(store, everything != 0, IDENTITY, &err));
		OK(store_commit(store, &err));
		struct cursor c;
		int64_t pages, links;
		struct pending_counts counts;
		OK(store_cursor_get(store, &arena, &c, &err));
		OK(store_page_total(store, &pages, &err));
		OK(store_link_count(store, &links, &err));
		OK(store_pending_count(store, &counts, &err));
		assert_true(c.watermark_ms == RK_NO_TIME && pages == 0);
		assert_int_equal(links, !everything);
		assert_int_equal(counts.failed, !everything);
		tamper("DELETE FROM sqlite_sequence");
	}
}

static void
a_newer_file_is_refused_and_left_alone(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_samples(store);
	store_close(store);
	store = NULL;
	tamper("PRAGMA user_version = 4");
	BUF_AUTO before = BUF_INIT(1 << 20);
	BUF_AUTO after = BUF_INIT(1 << 20);
	assert_true(io_read_file(file, &before));
	refused(IDENTITY, STORE_WRITE, "newer renkei");
	refused(IDENTITY, STORE_LOOK, "newer renkei");
	assert_true(io_read_file(file, &after));
	assert_true(text_eq(buf_text(&before), buf_text(&after)));
	tamper("PRAGMA user_version = 3");
	store = opened(STORE_WRITE);
}

static void
a_store_has_a_secret_of_its_own(void **state)
{
	(void)state;
	unsigned char first[HASH_BYTES];
	store = opened(STORE_WRITE);
	memcpy(first, store_secret(store), sizeof first);
	store_close(store);
	store = opened(STORE_LOOK);
	assert_memory_equal(store_secret(store), first, sizeof first);
	store_close(store);
	store = NULL;
	tamper("UPDATE meta SET value = randomblob(15) WHERE name = 'secret'");
	refused(IDENTITY, STORE_WRITE, "damaged");
	unlink(file);
	store = opened(STORE_WRITE);
	assert_memory_not_equal(store_secret(store), first, sizeof first);
}

static void
an_empty_file_is_a_store_that_was_never_made(void **state)
{
	(void)state;
	int fd = open(file, O_WRONLY | O_CREAT, 0600);
	io_close(&fd);
	store = opened(STORE_LOOK);
	struct cursor c;
	OK(store_cursor_get(store, &arena, &c, &err));
	assert_true(c.watermark_ms == RK_NO_TIME);
	store_close(store);
	store = opened(STORE_WRITE);
	put_samples(store);
}

static void
a_file_of_something_else_is_named_damaged(void **state)
{
	(void)state;
	int fd = open(file, O_WRONLY | O_CREAT, 0600);
	char bytes[8192];
	memset(bytes, '#', sizeof bytes);
	assert_true(io_write_all(fd, bytes, sizeof bytes));
	io_close(&fd);
	refused(IDENTITY, STORE_WRITE, "damaged");
	refused(IDENTITY, STORE_LOOK, "damaged");
	assert_non_null(strstr(err.message, "backup"));
}

/* A file that may not grow stands for a disk that is full. */
static void
a_full_disk_keeps_nothing_of_the_transaction(void **state)
{
	(void)state;
	store = opened(STORE_WRITE);
	put_pending("a", PENDING_QUEUED, 0, 0);
	static char body[400000];
	struct page page = { .count = 1, .body = { body, sizeof body } };
	struct rlimit was, small = { 200000, RLIM_INFINITY };
	getrlimit(RLIMIT_FSIZE, &was);
	small.rlim_max = was.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	OK(store_begin(store, &err));
	put_pending("b", PENDING_QUEUED, 0, 0);
	bool put = store_page_put(store, &page, &err) && store_commit(store, &err);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_false(put);
	assert_non_null(strstr(err.message, "disk"));
	store_rollback(store);
	struct pending_counts counts;
	OK(store_pending_count(store, &counts, &err));
	assert_int_equal(counts.queued, 1);
	OK(store_begin(store, &err));
	OK(store_page_put(store, &page, &err));
	OK(store_commit(store, &err));
}

/* SQLite may roll back by itself: what memory has of the links goes then too, and is
 * not brought in when the store is closed. */
static void
links_of_a_commit_that_failed_are_in_nobodys_memory(void **state)
{
	(void)state;
	struct link link = sample_link, got;
	struct rlimit was, small = { 300000, RLIM_INFINITY };
	int64_t count;
	store = opened(STORE_WRITE);
	getrlimit(RLIMIT_FSIZE, &was);
	small.rlim_max = was.rlim_max;
	OK(store_begin(store, &err));
	for (unsigned i = 0; i < RECENT_FEW + 100; i++) {
		link.from_id = numbered("f", i);
		link.to_id = numbered("t", i);
		link.key_hash = 1 + i;
		OK(store_link_put(store, &link, &err));
	}
	setrlimit(RLIMIT_FSIZE, &small);
	bool kept = store_commit(store, &err);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_false(kept);
	OK(store_link_get(store, numbered("f", 7), &arena, &got, &err));
	assert_int_equal(got.to_id.len, 0);
	store_close(store);
	store = opened(STORE_LOOK);
	OK(store_verify(store, &err));
	OK(store_link_count(store, &count, &err));
	assert_int_equal(count, 0);
}

/* ---- lock and cache ---------------------------------------------------------------------------  */

static void
a_lock_has_one_holder_and_is_free_after_its_death(void **state)
{
	(void)state;
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct rk_err e = ERR_INIT;
		char done = lock_take(dir, "s", &e) >= 0 ? 'y' : 'n';
		if (write(ready[1], &done, 1) != 1)
			_exit(1);
		pause();
	}
	char held = '?';
	assert_int_equal(read(ready[0], &held, 1), 1);
	assert_int_equal(held, 'y');
	assert_int_equal(lock_take(dir, "s", &err), -1);
	assert_non_null(strstr(err.message, "running already"));
	int other = lock_take(dir, "t", &err);
	assert_true(other >= 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	int mine = lock_take(dir, "s", &err);
	assert_true(mine >= 0);
	assert_int_equal(lock_take(dir, "s", &err), -1);
	io_close(&mine);
	mine = lock_take(dir, "s", &err);
	assert_true(mine >= 0);
	io_close(&mine);
	io_close(&other);
	io_close(&ready[0]);
	io_close(&ready[1]);
}

static void
a_lock_in_a_folder_that_cannot_be_says_why(void **state)
{
	(void)state;
	int fd = open(file, O_WRONLY | O_CREAT, 0600);
	io_close(&fd);
	assert_int_equal(lock_take(file, "s", &err), -1);
	assert_non_null(strstr(err.message, "--state"));
	assert_int_equal(err.category, RK_CAT_CONFIG);
}

static void
the_cache_forgets_what_is_old_or_damaged(void **state)
{
	(void)state;
	struct rk_text body;
	struct host *c = host_open(dir, &err);
	assert_false(cache_get(c, "crm", "fields", 0, &arena, &body));
	cache_put(c, "crm", "fields", 100, text_of("a\nb"));
	cache_put(c, "crm", "fields", 200, (struct rk_text)T("c\0d"));
	assert_true(cache_get(c, "crm", "fields", 200, &arena, &body));
	assert_true(text_eq(body, (struct rk_text)T("c\0d")));
	assert_false(cache_get(c, "crm", "fields", 201, &arena, &body));
	assert_false(cache_get(c, "crm", "other", 0, &arena, &body));
	assert_false(cache_get(c, "other", "fields", 0, &arena, &body));
	snprintf(file, sizeof file, "%s/host.db", dir);
	tamper("UPDATE schema_cache SET body = x'00'");
	assert_false(cache_get(c, "crm", "fields", 0, &arena, &body));
	host_close(c);
	/* Without a host.db nothing is kept. */
	c = host_open(file, &err);
	assert_null(c);
	assert_non_null(strstr(err.message, "host.db"));
	cache_put(c, "crm", "fields", 100, text_of("x"));
	assert_false(cache_get(c, "crm", "fields", 0, &arena, &body));
	host_close(NULL);
}

/* Runs that begin at one moment make host.db together; each has it, and none waits long. */
static void
many_open_a_new_one_at_once(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		char place[80];
		pid_t children[8];
		snprintf(place, sizeof place, "%s/%d", dir, round);
		for (size_t i = 0; i < 8; i++) {
			children[i] = fork();
			assert_true(children[i] >= 0);
			if (children[i] == 0) {
				struct host *h = host_open(place, NULL);
				struct overrides all = override_list(h, &arena);
				_exit(h == NULL || all.unread);
			}
		}
		for (size_t i = 0; i < 8; i++) {
			int status = 0;
			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			assert_int_equal(status, 0);
		}
	}
	assert_true(override_list(NULL, &arena).unread);
}

static void
set(struct host *h, const char *name, const char *item, const char *value, int64_t at_ms)
{
	struct override o = { OVERRIDE_ENABLED, name, item, value, "anna", at_ms };
	assert_true(override_put(h, &o, &err));
}

static const char *
paused_by(struct host *h, const char *sync)
{
	struct overrides all = override_list(h, &arena);
	const struct override *o = override_pause(&all, sync, "hub", "kin");
	return o == NULL ? NULL : o->item[0] != '\0' ? o->item : o->name;
}

static void
a_pause_is_of_all_of_a_connection_or_of_one_sync(void **state)
{
	(void)state;
	struct host *h = host_open(dir, &err);
	assert_null(paused_by(h, "a"));
	set(h, "a", "", "false", 1);
	set(h, "kin", "", "false", 1);
	assert_string_equal(paused_by(h, "a"), "a");
	assert_null(paused_by(h, "b"));
	set(h, "kin", OVERRIDE_CONNECTION, "false", 1);
	assert_string_equal(paused_by(h, "b"), OVERRIDE_CONNECTION);
	set(h, "", OVERRIDE_ALL, "false", 1);
	assert_string_equal(paused_by(h, "b"), OVERRIDE_ALL);
	assert_true(override_clear(h, OVERRIDE_ENABLED, "", OVERRIDE_ALL, &err));
	assert_true(override_clear(h, OVERRIDE_ENABLED, "kin", OVERRIDE_CONNECTION, &err));
	set(h, "a", "", "true", 2);
	assert_null(paused_by(h, "a"));
	struct overrides all = override_list(h, &arena);
	assert_int_equal(all.count, 2);
	const struct override *o = override_find(&all, OVERRIDE_ENABLED, "a", "");
	assert_string_equal(o->who, "anna");
	assert_int_equal(o->at_ms, 2);
	assert_null(override_find(&all, OVERRIDE_ALLOCATION, "a", ""));
	host_close(h);
	/* Without a host.db nothing is paused, and nothing can be. */
	assert_null(paused_by(NULL, "a"));
	assert_false(override_clear(NULL, OVERRIDE_ENABLED, "a", "", &err));
}

static void
what_was_done_is_listed_newest_first_and_the_oldest_goes(void **state)
{
	(void)state;
	size_t count;
	struct host *h = host_open(dir, &err);
	struct audit row = { .at_ms = 5, .who = "anna", .action = "pause a", .code = 1 };
	assert_true(audit_add(h, &row, &err));
	snprintf(file, sizeof file, "%s/host.db", dir);
	tamper("UPDATE sqlite_sequence SET seq = 10000");
	row.who = "ben";
	assert_true(audit_add(h, &row, &err));
	struct audit *list = audit_list(h, 5, &arena, &count);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].who, "ben");
	assert_true(audit_add(h, &row, &err));
	list = audit_list(h, 5, &arena, &count);
	assert_int_equal(count, 2);
	assert_true(list[0].id > list[1].id);
	assert_int_equal(list[0].code, 1);
	audit_list(h, 1, &arena, &count);
	assert_int_equal(count, 1);
	host_close(h);
}

static struct rk_text
words(const char *text)
{
	return text_of(text);
}

static void
a_tomb_goes_round_and_a_file_without_any_has_no_table(void **state)
{
	(void)state;
	struct tomb tomb = { .from_id = words("a"), .to_id = words("7"), .why = TOMB_MERGED,
		             .at_ms = 5000, .stamp_ms = RK_NO_TIME, .into = words("b") };
	struct tomb found;
	int64_t count = -1;
	store = opened(STORE_WRITE);
	assert_true(store_tomb_get(store, words("a"), &arena, &found, &err));
	assert_int_equal(found.why, 0);
	assert_true(store_tomb_count(store, &count, &err) && count == 0);
	assert_true(store_tomb_drop(store, words("a"), &err));
	assert_true(store_begin(store, &err) && store_tomb_put(store, &tomb, &err));
	store_rollback(store);
	assert_true(store_tomb_count(store, &count, &err) && count == 0);
	assert_true(store_begin(store, &err) && store_tomb_put(store, &tomb, &err)
	            && store_commit(store, &err));
	store_close(store);
	store = opened(STORE_LOOK);
	assert_true(store_tomb_get(store, words("a"), &arena, &found, &err));
	assert_true(found.why == TOMB_MERGED && found.at_ms == 5000
	            && found.stamp_ms == RK_NO_TIME && text_eq(found.to_id, words("7"))
	            && text_eq(found.into, words("b")));
	store_close(store);
	store = opened(STORE_WRITE);
	assert_true(store_verify(store, &err));
	assert_true(store_tomb_trim(store, 5000, &err));
	assert_true(store_tomb_count(store, &count, &err) && count == 1);
	assert_true(store_tomb_trim(store, 5001, &err));
	assert_true(store_tomb_count(store, &count, &err) && count == 0);
	/* Its link stands beside it. */
	tomb.why = TOMB_ARCHIVED;
	assert_true(store_tomb_put(store, &tomb, &err) && store_tomb_trim(store, 5001, &err));
	assert_true(store_tomb_count(store, &count, &err) && count == 1);
	assert_true(store_tomb_trim(store, INT64_MAX, &err));
	assert_true(store_tomb_count(store, &count, &err) && count == 0);
}

static void
a_tomb_that_was_changed_from_outside_is_found(void **state)
{
	(void)state;
	struct tomb tomb = { .from_id = words("a"), .to_id = words("7"), .why = TOMB_TARGET };
	sqlite3 *db;
	store = opened(STORE_WRITE);
	assert_true(store_tomb_put(store, &tomb, &err));
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE tomb SET why = 4", NULL, NULL, NULL), 0);
	sqlite3_close(db);
	assert_false(store_tomb_get(store, words("a"), &arena, &tomb, &err));
	assert_non_null(strstr(err.message, "tomb"));
	assert_false(store_verify(store, &err));
}

struct met {
	size_t count;
	bool b;
};

static bool
meet(void *with, const struct link *link)
{
	struct met *met = with;
	met->count++;
	met->b |= text_eq(link->from_id, words("b"));
	return true;
}

/* Before and after what was put lately is brought into the maps. */
static void
a_link_that_ended_is_none_and_the_others_are_met(void **state)
{
	(void)state;
	struct link a = { .from_id = words("a"), .to_id = words("1"), .key_hash = 11 };
	struct link b = { .from_id = words("b"), .to_id = words("2"), .key_hash = 12 };
	struct link ended = { .from_id = words("b") }, found;
	for (int merged = 0; merged < 4; merged++) {
		struct met met = { 0 };
		int64_t count;
		store = opened(STORE_WRITE);
		assert_true(store_begin(store, &err) && store_link_put(store, &a, &err)
		            && store_link_put(store, &b, &err));
		assert_true((merged & 1) == 0 || link_merge(store, &err));
		assert_true(store_link_put(store, &ended, &err));
		assert_true((merged & 2) == 0 || link_merge(store, &err));
		assert_true(store_commit(store, &err));
		assert_true(store_link_get(store, words("b"), &arena, &found, &err));
		assert_int_equal(found.to_id.len, 0);
		assert_true(store_link_by_key(store, 12, words("x"), &arena, &found, &err));
		assert_int_equal(found.to_id.len, 0);
		assert_true(store_link_by_target(store, words("2"), words("x"), &arena, &found,
		                                 &err));
		assert_int_equal(found.to_id.len, 0);
		assert_true(store_link_walk(store, meet, &met, &err));
		assert_true(met.count == 1 && !met.b);
		assert_true(store_link_count(store, &count, &err));
		assert_int_equal(count, 1);
		assert_true(store_verify(store, &err));
		store_close(store);
		store = NULL;
		unlink(file);
	}
}

static void
deletions_are_held_apart_from_what_a_person_must_decide(void **state)
{
	(void)state;
	struct pending gone = { .id = words("a"), .state = PENDING_QUEUED,
		                .operation = RK_OP_ARCHIVE, .due_ms = INT64_MAX };
	struct pending lost = { .id = words("b"), .state = PENDING_UNDECIDED,
		                .operation = RK_OP_CREATE, .due_ms = INT64_MAX };
	struct pending due = { .id = words("c"), .state = PENDING_QUEUED,
		               .operation = RK_OP_ARCHIVE, .due_ms = 1 };
	struct pending *rows;
	size_t count;
	int64_t held;
	store = opened(STORE_WRITE);
	assert_true(store_pending_put(store, &gone, &err) && store_pending_put(store, &lost, &err)
	            && store_pending_put(store, &due, &err));
	assert_true(store_pending_held_count(store, &held, &err) && held == 1);
	assert_true(store_pending_held(store, 10, &arena, &rows, &count, &err) && count == 1);
	assert_true(text_eq(rows[0].id, words("a")));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make_dir, drop_dir)

static void
watches_are_read_at_once_as_they_are_one_by_one(void **state)
{
	(void)state;
	static const char *const names[] = { "b", "a", "\xe9\xa1\xa7\xe5\xae\xa2", "a-2", "A", "" };
	struct host *h = host_open(dir, &err);
	struct watches all = watch_list(h, &arena);
	assert_false(watch_of(&all, "a").known);
	for (size_t i = 0; i < 200; i++) {
		struct watch w = { .state = (enum watch_state)(i % WATCH_STATES),
		                   .since_ms = (int64_t)i, .good_ms = -(int64_t)i };
		const char *name = i < COUNT(names) ? names[i]
		                                    : arena_printf(&arena, "s%zu", i).ptr;
		assert_true(watch_put(h, name, &w, &err));
	}
	all = watch_list(h, &arena);
	for (size_t i = 0; i < 200; i++) {
		const char *name = i < COUNT(names) ? names[i]
		                                    : arena_printf(&arena, "s%zu", i).ptr;
		struct watch one = watch_get(h, name), same = watch_of(&all, name);
		assert_true(same.known);
		assert_int_equal(same.state, i % WATCH_STATES);
		assert_int_equal(same.since_ms, one.since_ms);
		assert_int_equal(same.good_ms, one.good_ms);
	}
	assert_false(watch_of(&all, "s5").known);
	host_close(h);
	assert_int_equal(watch_list(NULL, &arena).count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_row_comes_back_from_the_file_as_it_was),
		CASE(a_turned_byte_in_any_column_is_found),
		CASE(an_empty_store_has_nothing_and_says_so),
		CASE(pages_leave_in_the_order_they_came),
		CASE(a_batch_takes_a_token_later_and_leaves_when_dropped),
		CASE(pending_rows_come_when_they_are_due_oldest_first),
		CASE(errors_are_walked_by_id_and_counted_by_kind),
		CASE(failed_rows_are_found_by_their_key),
		CASE(an_unknown_write_holds_its_key_against_others),
		CASE(links_are_found_from_both_ends),
		CASE(runs_are_listed_newest_first_and_one_that_died_shows),
		CASE(old_runs_go_when_new_ones_begin),
		CASE(what_is_rolled_back_was_never_there),
		CASE(a_link_asked_for_again_is_as_it_was_last_put),
		CASE(the_newest_link_is_found),
		CASE(links_are_what_a_model_says),
		CASE(many_links_are_brought_in_and_found),
		CASE(a_death_while_links_are_brought_in_leaves_them_whole),
		CASE(a_death_leaves_whole_transactions_only),
		CASE(an_older_owner_changes_nothing_any_more),
		CASE(a_number_is_kept_under_its_name),
		CASE(a_look_takes_changes_and_drops_them),
		CASE(a_look_beside_a_run_sees_one_moment),
		CASE(another_identity_is_refused_until_the_reset),
		CASE(a_reset_forgets_the_cursor_and_the_links_only_if_asked),
		CASE(a_newer_file_is_refused_and_left_alone),
		CASE(a_store_has_a_secret_of_its_own),
		CASE(an_empty_file_is_a_store_that_was_never_made),
		CASE(a_file_of_something_else_is_named_damaged),
		CASE(a_full_disk_keeps_nothing_of_the_transaction),
		CASE(links_of_a_commit_that_failed_are_in_nobodys_memory),
		CASE(a_lock_has_one_holder_and_is_free_after_its_death),
		CASE(a_lock_in_a_folder_that_cannot_be_says_why),
		CASE(the_cache_forgets_what_is_old_or_damaged),
		CASE(a_pause_is_of_all_of_a_connection_or_of_one_sync),
		CASE(watches_are_read_at_once_as_they_are_one_by_one),
		CASE(what_was_done_is_listed_newest_first_and_the_oldest_goes),
		CASE(many_open_a_new_one_at_once),
		CASE(a_tomb_goes_round_and_a_file_without_any_has_no_table),
		CASE(a_tomb_that_was_changed_from_outside_is_found),
		CASE(a_link_that_ended_is_none_and_the_others_are_met),
		CASE(deletions_are_held_apart_from_what_a_person_must_decide),
	};
	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
