/* SPDX-License-Identifier: Apache-2.0
 *
 * breaker_test.c - the rule that parks a sync, by rows of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/breaker.h"

#define NOW INT64_C(1795304644000)
#define MINUTE 60000

static void
so_many_failures_in_so_long_hold_until_the_first_is_old(void **state)
{
	(void)state;
	/* The newest first: minutes ago, exit code. */
	static const struct {
		const char *rule;
		struct { int ago, code; } runs[5];
		int want;              /* Minutes from now; 0: it runs. */
	} cases[] = {
		{ "3 in 1h", { { 1, 1 }, { 2, 5 }, { 50, 2 } }, 10 },
		{ "3 in 1h", { { 1, 1 }, { 2, 1 }, { 3, 1 }, { 59, 1 } }, 57 },
		{ "3 in 1h", { { 1, 1 }, { 2, 1 }, { 61, 1 } }, 0 },
		{ "3 in 1h", { { 1, 1 }, { 2, 1 } }, 0 },
		{ "3 in 1h", { { 1, 1 }, { 2, 0 }, { 3, 1 }, { 4, 1 } }, 0 },
		{ "3 in 1h", { { 1, 1 }, { 2, 3 }, { 3, 1 }, { 4, 1 } }, 0 },
		{ "3 in 1h", { { 1, 1 }, { 2, 4 }, { 3, 1 }, { 4, 1 } }, 0 },
		{ "2 in 1h", { { 1, 1 }, { 2, -1 }, { 3, 1 } }, 57 },
		{ "2 in 1h", { { 1, 1 }, { 2, -2 }, { 3, 1 } }, 57 },
		{ "3 in 1h", { { -120, 1 }, { -120, 1 }, { -120, 1 } }, 0 },
		{ "1 in 5m", { { 1, 1 } }, 4 },
		{ "100 in 5m", { { 1, 1 } }, 0 },
		{ NULL, { { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } }, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct config_sync sync = { .breaker = cases[i].rule };
		struct run_row runs[5] = { { .id = 0 } };
		size_t count = 0;
		for (; count < 5 && cases[i].runs[count].ago != 0; count++)
			runs[count] = (struct run_row){
				.ended_ms = NOW - cases[i].runs[count].ago * MINUTE,
				.exit_code = cases[i].runs[count].code };
		int64_t until = breaker_until(&sync, runs, count, NOW);
		int64_t want = cases[i].want > 0 ? NOW + cases[i].want * MINUTE : 0;
		if (until != want)
			fail_msg("row %zu: %lld minutes", i,
			         (long long)(until - NOW) / MINUTE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_failures_in_so_long_hold_until_the_first_is_old),
	};
	return cmocka_run_group_tests_name("breaker", tests, NULL, NULL);
}
