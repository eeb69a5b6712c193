/* SPDX-License-Identifier: Apache-2.0
 *
 * both_test.c - what a two-way sync keeps beside its links: intents and conflicts go
 * round, each way has its own, a turned byte is found. */
#include "store/fixture.h"

static struct store *back;     /* Of 'store'. */

static void
reopen(void)
{
	store_close(store);
	store = NULL;
	store = opened(STORE_WRITE);
	back = store_back(store, &err);
	assert_non_null(back);
}

static bool
same(struct rk_text a, struct rk_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ---- intent ---------------------------------------------------------------------- */

static const struct intent there = { .id = T("31"), .mine = T("a\0 1"), .theirs = T("b") };
static const struct intent here = { .id = T("31"), .mine = T("c"), .theirs = T("") };

static bool
has_intent(struct store *s, const struct intent *wanted)
{
	struct intent found;
	OK(store_intent_get(s, wanted->id, &arena, &found, &err));
	return found.id.len > 0 && same(found.mine, wanted->mine)
	       && same(found.theirs, wanted->theirs);
}

static void
each_way_has_intents_of_its_own(void **state)
{
	(void)state;
	reopen();
	assert_false(has_intent(store, &there));
	OK(store_intent_put(store, &there, &err));
	assert_false(has_intent(back, &here));
	OK(store_intent_put(back, &here, &err));
	reopen();
	assert_true(has_intent(store, &there));
	assert_true(has_intent(back, &here));
	OK(store_verify(store, &err));
	OK(store_intent_drop(store, there.id, &err));
	assert_false(has_intent(store, &there));
	assert_true(has_intent(back, &here));
}

static void
an_intent_is_put_again_in_its_place(void **state)
{
	(void)state;
	struct intent newer = there;
	reopen();
	newer.theirs = text_of("newer");
	OK(store_intent_put(store, &there, &err));
	OK(store_intent_put(store, &newer, &err));
	assert_true(has_intent(store, &newer));
	OK(store_intent_drop(store, there.id, &err));
	assert_false(has_intent(store, &newer));
	/* There is none to drop. */
	OK(store_intent_drop(store, there.id, &err));
}

/* ---- conflict -------------------------------------------------------------------- */

static const struct conflict sample = {
	.from_id = T("31"), .to_id = T("57"), .from_field = T("company"), .to_field = T("会社名"),
	.base = T("A"), .from_value = T("B"), .to_value = T("C"), .since_ms = 5, .seen_ms = 6,
	.decision = CONFLICT_TO, .decided_by = T("aya"),
};

static bool
is_sample(const struct conflict *c, int64_t id)
{
	return c->id == id && same(c->from_id, sample.from_id) && same(c->to_id, sample.to_id)
	       && same(c->from_field, sample.from_field) && same(c->to_field, sample.to_field)
	       && same(c->base, sample.base) && same(c->from_value, sample.from_value)
	       && same(c->to_value, sample.to_value) && c->since_ms == sample.since_ms
	       && c->seen_ms == sample.seen_ms && c->decision == sample.decision
	       && same(c->decided_by, sample.decided_by);
}

static size_t
count_of(const char *from_id, struct conflict **rows)
{
	size_t count;
	OK(store_conflict_of(store, text_of(from_id), &arena, rows, &count, &err));
	return count;
}

static void
a_conflict_comes_back_from_the_file_as_it_was(void **state)
{
	(void)state;
	struct conflict row = sample, other = sample, *rows;
	int64_t count, open;
	reopen();
	OK(store_conflict_put(store, &row, &err));
	other.id = 0;
	other.from_id = text_of("32");
	other.decision = CONFLICT_OPEN;
	OK(store_conflict_put(back, &other, &err));
	assert_true(row.id > 0 && other.id > row.id);
	reopen();
	assert_int_equal(count_of("31", &rows), 1);
	assert_true(is_sample(&rows[0], row.id));
	OK(store_conflict_count(store, &count, &open, &err));
	assert_true(count == 2 && open == 1);
	OK(store_verify(store, &err));
	/* It is put again in its place. */
	OK(store_conflict_put(store, &rows[0], &err));
	assert_int_equal(count_of("31", &rows), 1);
	OK(store_conflict_drop(store, row.id, &err));
	assert_int_equal(count_of("31", &rows), 0);
	assert_int_equal(count_of("32", &rows), 1);
}

static void
conflicts_are_listed_from_one_on(void **state)
{
	(void)state;
	static const char *const fields[] = { "a", "b", "c", "d", "会社名", "f", "g" };
	struct conflict *rows;
	size_t count;
	int64_t first = 0;
	reopen();
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct conflict row = sample;
		row.to_field = text_of(fields[i]);
		OK(store_conflict_put(store, &row, &err));
		first = first == 0 ? row.id : first;
	}
	OK(store_conflict_list(store, 0, 5, &arena, &rows, &count, &err));
	assert_int_equal(count, 5);
	assert_true(is_sample(&rows[4], first + 4));
	OK(store_conflict_list(store, first + 4, 5, &arena, &rows, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].id, first + 5);
}

/* ---- What is damaged --------------------------------------------------------------- */

static void
put_intent_there(void)
{
	OK(store_intent_put(store, &there, &err));
}

static void
put_intent_back(void)
{
	OK(store_intent_put(back, &here, &err));
}

static void
put_conflict(void)
{
	struct conflict row = sample;
	OK(store_conflict_put(store, &row, &err));
}

/* A number is one more; a text or blob has a byte more at its end. */
static const struct {
	const char *table, *columns;   /* All but the number of a row. */
	void (*put)(void);
} tables[] = {
	{ "intent", "way id sum mine theirs", put_intent_there },
	{ "intent", "way id sum mine theirs", put_intent_back },
	{ "conflict", "from_id to_id from_field to_field base from_value to_value since seen "
	  "decision decided_by sum", put_conflict },
};

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
a_turned_byte_in_any_column_is_found_by_a_look_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		char columns[200], *at = columns, *column;
		strcpy(columns, tables[i].columns);
		while ((column = strsep(&at, " ")) != NULL) {
			reopen();
			OK(store_reset(store, true, IDENTITY, &err));
			tables[i].put();
			OK(store_verify(store, &err));
			turn(tables[i].table, column);
			reopen();
			if (store_verify(store, &err))
				fail_msg("%s.%s", tables[i].table, column);
			assert_non_null(strstr(err.message, tables[i].table));
			assert_non_null(strstr(err.message, "damaged"));
			assert_non_null(strstr(err.message, "cursor reset s"));
		}
	}
}

static void
who_reads_a_damaged_row_is_told(void **state)
{
	(void)state;
	struct intent intent;
	struct conflict *rows;
	size_t count;
	reopen();
	put_intent_there();
	put_conflict();
	turn("intent", "theirs");
	turn("conflict", "to_value");
	reopen();
	assert_false(store_intent_get(store, there.id, &arena, &intent, &err));
	assert_non_null(strstr(err.message, "intent"));
	assert_false(store_conflict_of(store, sample.from_id, &arena, &rows, &count, &err));
	assert_non_null(strstr(err.message, "conflict"));
	assert_false(store_conflict_list(store, 0, 10, &arena, &rows, &count, &err));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make_dir, drop_dir)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_way_has_intents_of_its_own),
		CASE(an_intent_is_put_again_in_its_place),
		CASE(a_conflict_comes_back_from_the_file_as_it_was),
		CASE(conflicts_are_listed_from_one_on),
		CASE(a_turned_byte_in_any_column_is_found_by_a_look_at_all),
		CASE(who_reads_a_damaged_row_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
