/* SPDX-License-Identifier: Apache-2.0
 *
 * hints_test.c - what of a filter becomes a hint: tests that each kept record passes, of
 * types and tests that are declared, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "mapping/hints.h"
#include "mapping/mapping_fields.h"

static const char *const all[] = {
	"integer in", "integer order", "integer empty", "decimal in", "decimal order",
	"decimal empty", "date in", "date order", "date empty", "choice in", "choice empty",
};

static void
print(struct buf *out, const struct rk_hint *hint)
{
	static const char *const tests[] = { "in", "<=", ">=", "empty", "filled" };
	buf_addf(out, "%s%.*s %s", out->len > 0 ? "; " : "", (int)hint->field.len,
	         hint->field.ptr, tests[hint->test]);
	for (uint64_t i = 0; i < hint->value_count; i++)
		buf_addf(out, " %.*s", (int)hint->values[i].len, hint->values[i].ptr);
}

static void
expect(const char *filter, size_t declared, const char *want)
{
	struct config_map maps[] = { { .from = "$id", .to = "key", .enabled = true } };
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 1 };
	struct problems problems = PROBLEMS_INIT;
	struct arena arena = ARENA_INIT;
	BUF_AUTO got = BUF_INIT(10000);
	struct mapping *m;
	size_t count;
	sync.from.object = "contacts";
	sync.from.filter = filter;
	sync.to.object = "123";
	sync.to.key = "key";
	if (!mapping_compile(&m, &sync, &source, &target, &problems))
		fail_msg("%s does not compile", filter);
	const struct rk_hint *hints = mapping_hints(m, all, declared, &arena, &count);
	mapping_free(m);                        /* They outlive it. */
	for (size_t i = 0; i < count; i++)
		print(&got, &hints[i]);
	assert_string_equal(buf_str(&got), want);
	problems_free(&problems);
	arena_free(&arena);
}

static void
only_what_every_kept_record_passes_becomes_a_hint(void **state)
{
	(void)state;
	static const struct { const char *filter, *want;
	} cases[] = {
		{ "int = 5", "int in 5" },
		{ "int in (7, 5) and dec >= 1.50", "int in 5 7; dec >= 1.5" },
		{ "date < 2026-02-28 and date >= 2026-01-01",
		  "date <= 2026-02-28; date >= 2026-01-01" },
		{ "choice in ('lead', 'vip')", "choice in lead vip" },
		{ "dec is empty", "dec empty" },
		{ "date is not empty and int > 3", "date filled; int >= 3" },
		{ "int > 3 and (dec < 5 and date is empty)", "int >= 3; dec <= 5; date empty" },
		/* Case, collation, other types, and what is not said of every record. */
		{ "text = 'a'", "" },
		{ "text = 'a' and int = 5", "int in 5" },
		{ "bool = true and moment is empty", "" },
		{ "int = 5 or dec = 1", "" },
		{ "not int = 5", "" },
		{ "int != 5", "" },
		{ "int not in (5)", "" },
		{ "choices contains 'lead'", "" },
		{ "not (int = 5 and dec = 1)", "" },
		{ "$id = 'x' and int = 5", "int in 5" },
		{ "(int = 5 or int = 6) and dec = 1", "dec in 1" },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i].filter, COUNT(all), cases[i].want);
}

static void
only_what_the_connector_declares_becomes_a_hint(void **state)
{
	(void)state;
	expect("int = 5 and int > 3 and dec = 1 and int is not empty", 0, "");
	expect("int = 5 and int > 3 and dec = 1 and int is not empty", 1, "int in 5");
	expect("int = 5 and int > 3 and dec = 1 and int is not empty", 2, "int in 5; int >= 3");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_every_kept_record_passes_becomes_a_hint),
		cmocka_unit_test(only_what_the_connector_declares_becomes_a_hint),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
