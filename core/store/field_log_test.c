/* SPDX-License-Identifier: Apache-2.0
 *
 * field_log_test.c - the field log: what is put comes back, what is long is cut, the
 * oldest go in pieces, and one record is found among many at once.  With a number as its
 * argument it measures that among so many lines. */
#include "base/clock.h"
#include "store/drift.h"
#include "store/field_log.h"
#include "store/fixture.h"

static long long many = 200000;

static int
make_store(void **state)
{
	if (make_dir(state) != 0)
		return -1;
	return store_open(&store, dir, "s", NULL, STORE_WRITE, &err)
	       && field_log_open(store, &err) ? 0 : -1;
}

static int64_t
put(const char *id, int64_t run, int64_t at_ms, struct rk_value before, struct rk_value after)
{
	struct field_change change = { .field = T("phone"), .before = before, .after = after };
	struct field_line line = {
		.at_ms = at_ms, .run = run, .way = 1, .state = FIELD_SENT, .batch = 4,
		.cause = FIELD_MAPPED, .from_id = text_of(id), .to_id = T("t1"),
		.note = T("why not"), .revision = { 9 }, .changes = &change, .count = 1 };
	OK(store_begin(store, &err));
	OK(field_log_put(store, &line, &err));
	OK(store_commit(store, &err));
	return line.seq;
}

static struct rk_value
text(const char *s)
{
	return (struct rk_value){ .type = RK_TEXT, .text = text_of(s) };
}

static struct field_lines
of_record(const char *id)
{
	struct field_lines lines;
	OK(field_log_of_record(store, text_of(id), INT64_MAX, 10, &arena, &lines, &err));
	return lines;
}

static void
a_line_comes_back_as_it_was_put_the_newest_first(void **state)
{
	(void)state;
	put("1", 7, 100, text("03-1"), text("03-2"));
	put("2", 7, 101, text("x"), text("y"));
	put("1", 8, 102, text("03-2"), (struct rk_value){ .type = RK_NULL });
	struct field_lines lines = of_record("1");
	assert_int_equal(lines.count, 2);
	const struct field_line *old = &lines.list[1];
	assert_true(old->at_ms == 100 && old->run == 7 && old->way == 1 && old->batch == 4);
	assert_true(old->state == FIELD_SENT && old->cause == FIELD_MAPPED);
	assert_true(text_is(old->from_id, "1") && text_is(old->to_id, "t1"));
	assert_true(text_is(old->note, "why not") && old->revision[0] == 9);
	assert_int_equal(old->count, 1);
	assert_true(text_is(old->changes[0].field, "phone"));
	assert_true(text_is(old->changes[0].before.text, "03-1"));
	assert_true(text_is(old->changes[0].after.text, "03-2"));
	assert_false(old->changes[0].cut_before || old->changes[0].cut_after);
	assert_int_equal(lines.list[0].changes[0].after.type, RK_NULL);
	OK(field_log_of_run(store, 7, 0, 10, &arena, &lines, &err));
	assert_int_equal(lines.count, 2);
	assert_true(text_is(lines.list[1].from_id, "2"));
}

static void
a_long_value_is_cut_and_says_so(void **state)
{
	(void)state;
	char *longest = calloc(1, 100001);
	for (size_t i = 0; i < 99999; i += 3)
		memcpy(longest + i, "\xe9\x95\xb7", 3);
	put("1", 1, 1, text(longest), text("short"));
	struct field_line line = of_record("1").list[0];
	assert_true(line.changes[0].cut_before && !line.changes[0].cut_after);
	assert_true(line.changes[0].before.text.len <= FIELD_VALUE_MAX);
	assert_true(line.changes[0].before.text.len > FIELD_VALUE_MAX - 8);
	assert_true(text_utf8_valid(line.changes[0].before.text));
	free(longest);
}

static void
a_line_can_be_taken_back_or_marked(void **state)
{
	(void)state;
	int64_t first = put("1", 1, 1, text("a"), text("b"));
	int64_t second = put("1", 1, 1, text("b"), text("c"));
	OK(store_begin(store, &err));
	OK(field_log_drop(store, second, &err));
	OK(field_log_state(store, first, FIELD_UNKNOWN, &err));
	OK(store_commit(store, &err));
	struct field_lines lines = of_record("1");
	assert_int_equal(lines.count, 1);
	assert_int_equal(lines.list[0].state, FIELD_UNKNOWN);
	assert_true(text_is(lines.list[0].changes[0].after.text, "b"));
}

static void
a_damaged_line_is_told_and_nothing_of_it_believed(void **state)
{
	static const char *const turns[] = {
		"UPDATE field_line SET at = at + 1", "UPDATE field_line SET run = run + 1",
		"UPDATE field_line SET batch = 0", "UPDATE field_line SET state = 3",
		"UPDATE field_line SET sum = sum + 1",
		"UPDATE field_line SET body = CAST(body || x'01' AS BLOB)",
	};
	(void)state;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		tamper("DELETE FROM field_line");
		put("1", 1, 1, text("a"), text("b"));
		tamper(turns[i]);
		struct field_lines lines = of_record("1");
		assert_int_equal(lines.count, 1);
		if (!lines.list[0].damaged || lines.list[0].count > 0)
			fail_msg("%s", turns[i]);
	}
}

static void
damage_of_what_is_told_is_counted_and_is_no_failure(void **state)
{
	(void)state;
	const char *table;
	int64_t damaged = -1;
	struct drift drift = { .what = T("field is gone"), .field = T("a") };
	put("1", 1, 1, text("a"), text("b"));
	put("2", 1, 2, text("a"), text("b"));
	OK(store_drift_put(store, &drift, &err));
	OK(store_verify_told(store, &table, &damaged, &err));
	assert_int_equal(damaged, 0);
	tamper("UPDATE drift SET body = CAST(body || x'01' AS BLOB)");
	OK(store_verify_told(store, &table, &damaged, &err));
	assert_true(damaged == 1 && strcmp(table, "drift") == 0);
	tamper("UPDATE field_line SET run = 7");
	OK(store_verify_told(store, &table, &damaged, &err));
	assert_true(damaged == 2 && strcmp(table, "field_line") == 0);
	OK(store_verify(store, &err));
}

static int64_t
count_lines(void)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT count(*) FROM field_line", -1, &st, NULL);
	sqlite3_step(st);
	int64_t count = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return count;
}

static void
the_oldest_go_in_pieces_and_no_others(void **state)
{
	(void)state;
	int64_t gone;
	for (int i = 0; i < 10; i++)
		put("1", 1, i, text("a"), text("b"));
	OK(store_begin(store, &err));
	OK(field_log_trim(store, 7, 5, &gone, &err));
	assert_int_equal(gone, 5);
	OK(field_log_trim(store, 7, 5, &gone, &err));
	assert_int_equal(gone, 2);
	OK(field_log_trim(store, 7, 5, &gone, &err));
	assert_int_equal(gone, 0);
	OK(store_commit(store, &err));
	assert_int_equal(count_lines(), 3);
}

static void
who_looks_where_none_was_kept_finds_nothing(void **state)
{
	(void)state;
	struct store *look;
	struct field_lines lines;
	tamper("DROP TABLE field_line");
	OK(store_open(&look, dir, "s", NULL, STORE_LOOK, &err));
	OK(field_log_of_record(look, text_of("1"), INT64_MAX, 10, &arena, &lines, &err));
	assert_int_equal(lines.count, 0);
	OK(field_log_of_run(look, 1, 0, 10, &arena, &lines, &err));
	assert_int_equal(lines.count, 0);
	store_close(look);
}

/* Others' lines, with marks and bodies of the usual size; the ten of ours lie all over. */
static void
fill(long long lines)
{
	char sql[512];
	for (int part = 0; part < 10; part++) {
		snprintf(sql, sizeof sql, "PRAGMA synchronous = OFF; WITH RECURSIVE n(i) AS (SELECT 1"
		         " UNION ALL SELECT i + 1 FROM n WHERE i < %lld) INSERT INTO field_line(at,"
		         " run, batch, state, record, sum, body) SELECT i, %d, i / 100, 1,"
		         " abs(random()), 0, randomblob(160) FROM n", lines / 10, part + 100);
		tamper(sql);
		put("mine", part, part, text("a"), text("b"));
	}
}

static void
one_record_is_found_among_many_in_50_ms(void **state)
{
	(void)state;
	fill(many);
	store_close(store);
	OK(store_open(&store, dir, "s", NULL, STORE_LOOK, &err));
	int64_t began = clock_mono_ms();
	struct field_lines lines = of_record("mine");
	int64_t record_ms = clock_mono_ms() - began;
	assert_int_equal(lines.count, 10);
	began = clock_mono_ms();
	OK(field_log_of_run(store, 5, 0, 200, &arena, &lines, &err));
	int64_t run_ms = clock_mono_ms() - began;
	assert_int_equal(lines.count, 1);
	print_message("%lld lines: %lld ms for a record, %lld ms for a run\n", many,
	              (long long)record_ms, (long long)run_ms);
	assert_true(record_ms < 50 && run_ms < 50);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make_store, drop_dir)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(a_line_comes_back_as_it_was_put_the_newest_first),
		CASE(a_long_value_is_cut_and_says_so),
		CASE(a_line_can_be_taken_back_or_marked),
		CASE(a_damaged_line_is_told_and_nothing_of_it_believed),
		CASE(damage_of_what_is_told_is_counted_and_is_no_failure),
		CASE(the_oldest_go_in_pieces_and_no_others),
		CASE(who_looks_where_none_was_kept_finds_nothing),
		CASE(one_record_is_found_among_many_in_50_ms),
	};
	const struct CMUnitTest long_form[] = { CASE(one_record_is_found_among_many_in_50_ms) };
	if (argc < 2)
		return cmocka_run_group_tests(tests, NULL, NULL);
	many = atoll(argv[1]);
	return cmocka_run_group_tests(long_form, NULL, NULL);
}
