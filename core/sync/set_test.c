/* SPDX-License-Identifier: Apache-2.0
 *
 * set_test.c - the set of hashes against a plain list of flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sync/set.h"

static void
an_empty_set_has_nothing(void **state)
{
	(void)state;
	struct set s = { NULL, 0, 0 };
	assert_false(set_has(&s, 1));
	set_remove(&s, 1);
	assert_int_equal(s.count, 0);
	set_free(&s);
	set_free(&s);
}

static void
what_is_added_is_there_until_removed(void **state)
{
	(void)state;
	static const int64_t hashes[] = { 1, -1, INT64_MAX, INT64_MIN, 256, 512, 1024 };
	struct set s = { NULL, 0, 0 };
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		assert_false(set_has(&s, hashes[i]));
		set_add(&s, hashes[i]);
		set_add(&s, hashes[i]);
		assert_true(set_has(&s, hashes[i]));
		assert_int_equal(s.count, i + 1);
	}
	set_remove(&s, 256);
	assert_false(set_has(&s, 256));
	assert_true(set_has(&s, 512) && set_has(&s, 1024));
	/* Zero marks a free slot and is still a hash. */
	set_remove(&s, 1);
	assert_false(set_has(&s, 0));
	set_add(&s, 0);
	assert_true(set_has(&s, 0));
	set_free(&s);
}

/* Hashes that meet in few slots, so that removals move long runs about. */
static int64_t
crowded(size_t i)
{
	return (int64_t)((i % 7) + 1 + (i / 7) * 65536);
}

static void
a_crowded_set_agrees_with_a_list(void **state)
{
	(void)state;
	enum { ALL = 3000 };
	static unsigned char there[ALL];
	size_t count = 0;
	struct set s = { NULL, 0, 0 };
	srand(7);
	for (int step = 0; step < 60000; step++) {
		size_t i = (size_t)rand() % ALL;
		/* It grows for a while, then shrinks. */
		if (rand() % 100 < (step < 30000 ? 60 : 35)) {
			set_add(&s, crowded(i));
			count += !there[i];
			there[i] = 1;
		} else {
			set_remove(&s, crowded(i));
			count -= there[i];
			there[i] = 0;
		}
		assert_int_equal(s.count, count);
		size_t other = (size_t)rand() % ALL;
		assert_int_equal(set_has(&s, crowded(other)), there[other]);
	}
	for (size_t i = 0; i < ALL; i++)
		assert_int_equal(set_has(&s, crowded(i)), there[i]);
	set_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_set_has_nothing),
		cmocka_unit_test(what_is_added_is_there_until_removed),
		cmocka_unit_test(a_crowded_set_agrees_with_a_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
