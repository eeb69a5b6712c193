/* SPDX-License-Identifier: Apache-2.0
 *
 * checker_test.c - the checker finds each fault in hand-written logs, and none
 * in clean ones.  A case is a text, one log entry a word:
 *
 *     S1:load:a:v1     source record 1 is loaded with key a and value v1
 *     T9:create:a:v1   the sync creates record 9 of the target so
 *     T9:edit:a:v1     somebody else edits it
 *     X1:edit:a:v1     an entry of an object that is not in the sync */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/checker.h"

struct verdict_case {
	const char *name, *log;
	size_t lost, doubled, stale, phantom;
};

static const struct verdict_case cases[] = {
	{ "nothing at all", "", 0, 0, 0, 0 },
	{ "one record, written", "S1:load:a:v1 T9:create:a:v1", 0, 0, 0, 0 },
	{ "an edit follows",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2 T9:update:a:v2", 0, 0, 0, 0 },
	{ "a version that was never written is no fault",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2 S1:edit:a:v3 "
	  "T9:update:a:v3", 0, 0, 0, 0 },
	{ "the same body twice is no fault",
	  "S1:load:a:v1 T9:create:a:v1 T9:update:a:v1", 0, 0, 0, 0 },
	{ "values that come back are a newer version",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2 T9:update:a:v2 "
	  "S1:edit:a:v1 T9:update:a:v1", 0, 0, 0, 0 },
	{ "an old value before it came back is no fault",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2 S1:edit:a:v1 "
	  "T9:update:a:v1", 0, 0, 0, 0 },
	{ "the key changes",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:b:v1 T9:update:b:v1", 0, 0, 0, 0 },
	{ "keys compare without case",
	  "S1:load:a:v1 T9:load:A:w T9:update:a:v1", 0, 0, 0, 0 },
	{ "a record without a key is not expected", "S1:load::v1", 0, 0, 0, 0 },
	{ "a deleted record is not expected",
	  "S1:load:a:v1 S1:delete:a:v1", 0, 0, 0, 0 },
	{ "a deleted record may stay at the target",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2 S1:delete:a:v2", 0, 0, 0, 0 },
	{ "the second of two records with one key is not expected",
	  "S1:load:a:v1 S2:load:a:v2 T9:create:a:v1", 0, 0, 0, 0 },
	{ "a record takes over the key of a deleted one",
	  "S1:load:a:v1 T9:create:a:v1 S1:delete:a:v1 S2:load:a:v0 "
	  "T9:update:a:v0", 0, 0, 0, 0 },
	{ "what stands at the target before is adopted",
	  "T9:load:a:w S1:load:a:v1 T9:update:a:v1", 0, 0, 0, 0 },
	{ "somebody else's edit at the target is not ours",
	  "S1:load:a:v1 T9:create:a:v1 T9:edit:a:w", 0, 0, 0, 0 },
	{ "other objects are not looked at",
	  "X1:load:a:v1 S1:load:a:v1 X1:edit:b:v2 T9:create:a:v1", 0, 0, 0, 0 },

	{ "never written", "S1:load:a:v1", 1, 0, 0, 0 },
	{ "never written, beside one that was",
	  "S1:load:a:v1 S2:load:b:v1 T9:create:b:v1", 1, 0, 0, 0 },
	{ "written, then deleted at the target",
	  "S1:load:a:v1 T9:create:a:v1 T9:delete:a:v1", 1, 0, 0, 0 },
	{ "neither of two records with one key came",
	  "S1:load:a:v1 S2:load:a:v2", 2, 0, 0, 0 },
	{ "an edit that never came stands still",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:a:v2", 1, 0, 1, 0 },
	{ "a new key that never came stands still",
	  "S1:load:a:v1 T9:create:a:v1 S1:edit:b:v1", 1, 0, 1, 0 },
	{ "two creates, one key",
	  "S1:load:a:v1 T8:create:a:v1 T9:create:a:v1", 0, 1, 0, 0 },
	{ "three creates, one key",
	  "S1:load:a:v1 T7:create:a:v1 T8:create:a:v1 T9:create:a:v1", 0, 2, 0, 0 },
	{ "two creates under two keys of one record",
	  "S1:load:a:v1 T8:create:a:v1 S1:edit:b:v1 T9:create:b:v1", 0, 1, 0, 0 },
	{ "two creates, one of them gone again",
	  "S1:load:a:v1 T8:create:a:v1 T9:create:a:v1 T8:delete:a:v1", 0, 0, 0, 0 },
	{ "an older version after a newer one",
	  "S1:load:a:v1 S1:edit:a:v2 T9:create:a:v2 T9:update:a:v1", 1, 0, 2, 0 },
	{ "an older version for a moment",
	  "S1:load:a:v1 S1:edit:a:v2 T9:create:a:v2 T9:update:a:v1 "
	  "T9:update:a:v2", 0, 0, 1, 0 },
	{ "back two versions, then one",
	  "S1:load:a:v1 S1:edit:a:v2 S1:edit:a:v3 T9:create:a:v3 "
	  "T9:update:a:v1 T9:update:a:v2 T9:update:a:v3", 0, 0, 1, 0 },
	{ "a value that no version had",
	  "S1:load:a:v1 T9:create:a:v1 T9:update:a:w T9:update:a:v1", 0, 0, 0, 1 },
	{ "a record that no source has", "T9:create:z:w", 0, 0, 0, 1 },
	{ "a phantom that stays is lost as well",
	  "S1:load:a:v1 T9:create:a:v1 T9:update:a:w", 1, 0, 0, 1 },
	{ "written before the source had it",
	  "T9:create:a:v1 S1:load:a:v1", 1, 0, 0, 1 },
};

static void
add_entry(struct checker *c, const char *word, unsigned seq)
{
	char side, id[20], op[20], key[20] = "", value[20] = "", line[1024];
	if (sscanf(word, "%c%19[^:]:%19[^:]:%19[^:]:%19s", &side, id, op, key, value)
	    != 5)
		assert_int_equal(
		    sscanf(word, "%c%19[^:]:%19[^:]::%19s", &side, id, op, value), 4);
	bool by_sync = strcmp(op, "create") == 0 || strcmp(op, "update") == 0;
	if (side == 'T')
		snprintf(
		    line, sizeof line,
		    "{\"seq\":%u,\"ms\":1,\"crm\":\"kintone\",\"object\":\"1\","
		    "\"op\":\"%s\",\"by\":\"%s\",\"id\":\"%s\",\"values\":{"
		    "\"メールアドレス\":"
		    "\"%s\",\"氏名\":\"%s x\",\"電話\":\"0312\",\"段階\":\"見込み客\"}}",
		    seq, op, by_sync ? "api" : "control", id, key, value);
	else
		snprintf(
		    line, sizeof line,
		    "{\"seq\":%u,\"ms\":1,\"crm\":\"hubspot\",\"object\":"
		    "\"%s\",\"op\":\"%s\",\"by\":\"control\",\"id\":\"%s\",\"values\":{"
		    "\"email\":"
		    "\"%s\",\"lastname\":\"%s\",\"firstname\":\"x\",\"phone\":\"03-12\","
		    "\"lifecyclestage\":\"marketingqualifiedlead\"}}",
		    seq, side == 'S' ? "contacts" : "companies", op, id, key, value);
	assert_true(checker_add(c, line));
}

static struct checker *
read_log(const char *log)
{
	struct checker *c = checker_new(&checker_contacts);
	char *words = strdup(log), *rest = words;
	unsigned seq = 0;
	for (char *word; (word = strsep(&rest, " ")) != NULL;)
		if (word[0] != '\0')
			add_entry(c, word, ++seq);
	free(words);
	return c;
}

struct told {
	size_t lost, doubled, stale, phantom;
};

static void
note_told(void *with, const char *fault, const char *source_id, const char *what)
{
	struct told *told = with;
	(void)source_id;
	assert_true(what[0] != '\0');
	told->lost += strcmp(fault, "lost") == 0;
	told->doubled += strcmp(fault, "doubled") == 0;
	told->stale += strcmp(fault, "stale") == 0;
	told->phantom += strcmp(fault, "phantom") == 0;
}

static void
each_fault_is_counted_and_told_and_clean_logs_have_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct verdict_case *k = &cases[i];
		struct checker_counts counts;
		struct told told = { 0 };
		struct checker *c = read_log(k->log);
		checker_judge(c, &counts, note_told, &told);
		checker_free(c);
		if (counts.lost != k->lost || counts.doubled != k->doubled
		    || counts.stale != k->stale || counts.phantom != k->phantom)
			fail_msg("%s: lost=%zu doubled=%zu stale=%zu phantom=%zu",
				 k->name, counts.lost, counts.doubled, counts.stale,
				 counts.phantom);
		assert_int_equal(checker_faults(&counts),
		                 told.lost + told.doubled + told.stale + told.phantom);
	}
}

static void
each_field_of_the_mapping_is_compared(void **state)
{
	(void)state;
	static const struct { const char *field, *value; size_t lost; } rows[] = {
		{ "電話", "0312", 0 }, { "電話", "03-12", 1 }, { "電話", "", 1 },
		{ "段階", "見込み客", 0 }, { "段階", "その他", 1 },
		{ "会社名", "", 0 }, { "会社名", "w", 1 }, { "役職", "not mapped", 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct checker *c = read_log("S1:load:a:v1");
		struct checker_counts counts;
		char line[512];
		snprintf(line, sizeof line,
			 "{\"seq\":2,\"crm\":\"kintone\",\"object\":\"1\","
			 "\"op\":\"create\",\"by\":\"api\",\"id\":\"9\",\"values\":{\"%"
			 "s\":\"%s\","
			 "\"メールアドレス\":\"a\",\"氏名\":\"v1 x\"%s%s}}",
			 rows[i].field, rows[i].value,
			 strcmp(rows[i].field, "電話") ? ",\"電話\":\"0312\"" : "",
			 strcmp(rows[i].field, "段階") ? ",\"段階\":\"見込み客\"" : "");
		assert_true(checker_add(c, line));
		checker_judge(c, &counts, NULL, NULL);
		checker_free(c);
		if (counts.lost != rows[i].lost)
			fail_msg("%s = \"%s\": lost=%zu", rows[i].field, rows[i].value,
				 counts.lost);
	}
}

static void
a_log_with_a_hole_is_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"",
		"nonsense",
		"[]",
		"{\"seq\":2}",
		"{\"seq\":3,\"crm\":\"x\",\"object\":\"y\",\"op\":\"load\",\"id\":\"1\","
		"\"values\":{}}",
		"{\"seq\":1,\"crm\":\"x\",\"object\":\"y\",\"op\":\"load\",\"id\":\"1\","
		"\"values\":{}}",
		"{\"seq\":2,\"crm\":\"x\",\"object\":\"y\",\"op\":\"load\",\"values\":{}"
		"}",
		"{\"seq\":2,\"crm\":\"x\",\"object\":\"y\",\"op\":\"load\",\"id\":\"1\"}",
	};
	struct checker *c = read_log("S1:load:a:v1");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(checker_add(c, lines[i]));
	assert_true(
	    checker_add(c, "{\"seq\":2,\"crm\":\"x\",\"object\":\"y\",\"op\":\"load\","
			   "\"id\":\"1\",\"values\":{}}"));
	checker_free(c);
}

static void
an_exempt_record_is_not_lost(void **state)
{
	(void)state;
	struct checker_counts counts;
	struct checker *c = read_log("S1:load:a:v1 S2:load:b:v1");
	checker_exempt(c, "1");
	checker_judge(c, &counts, NULL, NULL);
	assert_int_equal(counts.lost, 1);
	assert_int_equal(counts.sources, 2);
	checker_free(c);
}

static void
writes_of_the_sync_alone_are_counted(void **state)
{
	(void)state;
	struct checker_counts counts;
	struct checker *c = read_log(
	    "S1:load:a:v1 T9:load:a:w T9:update:a:v1 T9:edit:a:w "
	    "T9:update:a:v1 S1:edit:a:v2");
	checker_judge(c, &counts, NULL, NULL);
	assert_int_equal(counts.writes, 2);
	checker_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_counted_and_told_and_clean_logs_have_none),
		cmocka_unit_test(each_field_of_the_mapping_is_compared),
		cmocka_unit_test(a_log_with_a_hole_is_refused),
		cmocka_unit_test(an_exempt_record_is_not_lost),
		cmocka_unit_test(writes_of_the_sync_alone_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
