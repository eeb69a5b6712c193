/* SPDX-License-Identifier: Apache-2.0
 *
 * merge_test.c - every case of a field that two sides share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "sync/merge.h"

#define NEVER "never"

/* "-" is absent, "" is null. */
static struct rk_value
value_of(const char *text)
{
	if (strcmp(text, "-") == 0)
		return (struct rk_value){ .type = RK_ABSENT };
	return (struct rk_value){ .type = *text == '\0' ? RK_NULL : RK_TEXT,
	                          .text = text_of(text) };
}

static enum merge
merged(const char *mine_base, const char *theirs_base, const char *mine, const char *theirs,
       bool one_way)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_value v[4] = { value_of(mine), value_of(theirs), value_of(mine_base),
	                         value_of(theirs_base) };
	bool met = strcmp(mine_base, NEVER) != 0;
	struct merge_field field = { &v[0], &v[1], met ? &v[2] : NULL, met ? &v[3] : NULL,
	                             one_way };
	return merge_field(&field, &arena);
}

static void
each_field_is_written_left_or_in_conflict(void **state)
{
	static const struct {
		const char *mine_base, *theirs_base, *mine, *theirs;
		enum merge both, one;
	} cases[] = {
		/* Nobody changed it. */
		{ "a", "a", "a", "a", MERGE_SAME, MERGE_SAME },
		{ "", "", "", "", MERGE_SAME, MERGE_SAME },
		{ "A", "a", "A", "a", MERGE_QUIET, MERGE_QUIET },
		/* One did. */
		{ "a", "a", "b", "a", MERGE_WRITE, MERGE_WRITE },
		{ "a", "a", "a", "b", MERGE_LEAVE, MERGE_WRITE },
		{ "A", "a", "A", "b", MERGE_LEAVE, MERGE_WRITE },
		{ "a", "a", "", "a", MERGE_WRITE, MERGE_WRITE },
		{ "a", "a", "a", "", MERGE_LEAVE, MERGE_WRITE },
		/* Both did: to the same, or not. */
		{ "a", "a", "b", "b", MERGE_SAME, MERGE_SAME },
		{ "a", "a", "b", " b ", MERGE_SAME, MERGE_SAME },
		{ "a", "a", "b", "c", MERGE_CONFLICT, MERGE_WRITE },
		{ "a", "a", "", "c", MERGE_CONFLICT, MERGE_WRITE },
		{ "a", "a", "b", "", MERGE_CONFLICT, MERGE_WRITE },
		{ "a", "a", "", "", MERGE_SAME, MERGE_SAME },
		/* What is absent says nothing. */
		{ "a", "a", "-", "a", MERGE_QUIET, MERGE_QUIET },
		{ "a", "a", "-", "b", MERGE_LEAVE, MERGE_LEAVE },
		{ "-", "a", "b", "a", MERGE_WRITE, MERGE_WRITE },
		{ "-", "a", "-", "a", MERGE_QUIET, MERGE_QUIET },
		{ "-", "", "-", "", MERGE_SAME, MERGE_SAME },
		/* They never met: blanks are filled. */
		{ NEVER, "", "a", "a", MERGE_SAME, MERGE_SAME },
		{ NEVER, "", "a", "", MERGE_WRITE, MERGE_WRITE },
		{ NEVER, "", "", "a", MERGE_LEAVE, MERGE_WRITE },
		{ NEVER, "", "-", "a", MERGE_LEAVE, MERGE_LEAVE },
		{ NEVER, "", "a", "b", MERGE_CONFLICT, MERGE_WRITE },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int one_way = 0; one_way < 2; one_way++) {
			enum merge found = merged(cases[i].mine_base, cases[i].theirs_base,
			                          cases[i].mine, cases[i].theirs, one_way);
			enum merge wanted = one_way ? cases[i].one : cases[i].both;
			if (found != wanted)
				fail_msg("case %zu, one way %d: found %d, expected %d", i,
				         one_way, (int)found, (int)wanted);
		}
}

static bool
same(struct rk_value a, struct rk_value b)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	bool one = merge_same(&a, &b, &arena);
	assert_int_equal(one, merge_same(&b, &a, &arena));
	return one;
}

static void
what_a_crm_alters_by_itself_is_no_change(void **state)
{
	struct rk_value two[] = { { .type = RK_CHOICE, .text = text_of("x") },
	                          { .type = RK_CHOICE, .text = text_of("y") } };
	struct rk_value turned[] = { two[1], two[0] };
	struct rk_value twice[] = { two[0], two[0] };
	struct rk_value decimal = { .type = RK_DECIMAL, .text = text_of("1.50") };
	(void)state;
	assert_true(same(value_of(" a\r\nb "), value_of("a\nb")));
	assert_true(same(value_of("\xE3\x81\x8B\xE3\x82\x99"), value_of("\xE3\x81\x8C")));
	assert_true(same(decimal, value_of("1.5")));
	assert_false(same(value_of("1.50"), value_of("1.5")));
	assert_false(same(value_of("a"), value_of("A")));
	assert_true(same((struct rk_value){ .type = RK_CHOICES, .items = two, .count = 2 },
	                 (struct rk_value){ .type = RK_CHOICES, .items = turned, .count = 2 }));
	assert_false(same((struct rk_value){ .type = RK_CHOICES, .items = two, .count = 2 },
	                  (struct rk_value){ .type = RK_CHOICES, .items = twice, .count = 2 }));
	assert_true(same((struct rk_value){ .type = RK_CHOICES }, value_of("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_is_written_left_or_in_conflict),
		cmocka_unit_test(what_a_crm_alters_by_itself_is_no_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
