/* SPDX-License-Identifier: Apache-2.0
 *
 * config_test.c - what is wrong with a configuration, and that what is right is
 * read.  Cases are rows: a text and the complaints it earns, all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/text.h"
#include "config/config.h"
#include "config/form.h"
#include "config/scan.h"

#define HEAD "connections: { a: { connector = \"x\"; }; b: { connector = \"y\"; }; };\n"
#define FROM "from = { connection = \"a\"; object = \"o\"; };"
#define TO "to = { connection = \"b\"; object = \"1\"; key = \"k\"; };"
#define MAP "map = ( { from = \"k\"; to = \"k\"; } );"
#define SYNC(rest) HEAD "syncs = ( { name = \"s\"; " rest " } );\n"

/* libconfig 1.5 loses the text that it was reading when it met a syntax error. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

/* ---- The scan -------------------------------------------------------------- */

struct scan_case {
	const char *text;
	size_t len;                    /* 0: of the string */
	unsigned line;                 /* 0: nothing wrong */
	const char *want;              /* part of the complaint */
};

static void
run_scan(const struct scan_case *c)
{
	struct scan_fault fault = { 0 };
	struct rk_text text = { c->text, c->len > 0 ? c->len : strlen(c->text) };
	bool good = scan_text(text, NULL, &fault);
	if (good != (c->line == 0) || fault.line != c->line
	    || (c->want != NULL && strstr(fault.text, c->want) == NULL))
		fail_msg("%s\n-> line %u: %s", c->text, fault.line, fault.text);
}

static void
scan_finds_what_libconfig_hides(void **state)
{
	(void)state;
	static const struct scan_case cases[] = {
		{ "a = 1;\n", 0, 0, NULL },
		{ "", 0, 0, NULL },
		{ "a = \"x # y // z /* w { ( [\"; # } ) ]\nb = [ 1, 2 ];", 0, 0, NULL },
		{ "a = \"\\\"{\\\\\"; /* \" */ b: { c = (1, (2), {}); }; // \"", 0, 0, NULL },
		{ "a = 1;\nb = \"x\0y\";\n", 18, 2, "NUL byte" },
		{ "a = 1;\n\n# \xE9\n", 0, 3, "not UTF-8" },
		{ "a = \"\xC0\xAF\";", 0, 1, "not UTF-8" },
		{ "a = 99999999999999999999;", 0, 1, "99999999999999999999, expected" },
		{ "a = 0xFFFFFFFFFFFFFFFFF;", 0, 1, "large numbers as text" },
		{ "a = 123456789012345678901234567890123456789012;", 0, 1, "..." },
		{ "a = 2147483647; b = -2147483648; c = 0x7F; d = 1.5e99; e = 5L;", 0, 0, NULL },
		/* Not a number, and no name either: where would its L go? */
		{ "\na = 4294967297a = 1;", 0, 2, "found 4294967297a, expected a number" },
		{ "a = 1.2.3;", 0, 1, "found 1.2.3" },
		{ "a = 0x; b = 1;", 0, 1, "found 0x" },
		{ "a = 9223372036854775808L;", 0, 1, "large numbers as text" },
		{ "a = .5; b = 1.; c = -1e-5; d = +0xAL; e = 2LL;", 0, 0, NULL },
		{ "a = 4294967297;", 0, 0, NULL },   /* Kept whole; a setting's mistake. */
		{ "\n\na = \"never closed;\nb = \"x\";\n", 0, 3, "not closed on its line" },
		{ "a = \"ends with \\", 0, 1, "not closed on its line" },
		{ "a = \"x\\x00y\";", 0, 1, "\\x00 in a text" },
		{ "a = \"x\\xe9y\";", 0, 1, "\\xe9 in a text" },
		{ "a = \"x\\x41y\";", 0, 0, NULL },
		{ "a = 1;\n/* begins here\n\nb = 2;", 0, 2, "never closed, expected */" },
		{ "a: {\n  b = 1;\n", 0, 1, "{ that is never closed" },
		{ "a: {\n  b: {\n    c = 1;\n};\nd = 1;\n", 0, 2, "{ that is never closed" },
		{ "s = (\n  { a: {\n    b = 1;\n  },\n  { c = 1; }\n);\n", 0, 2,
		  "{ that is not closed before the ) in line 6" },
		{ "a = ( 1, 2;\n}", 0, 2, "found }, but what is open here is the ( of line 1" },
		{ "a = 1;\n};\n", 0, 2, "nothing is open here" },
		{ "a = ( 1,\n 2,\n);", 0, 3, "a comma before )" },
		{ "a = ( { }\n { } );", 0, 2, "expected a comma between" },
		{ "a = 1;\n@include \"other.conf\"\n", 0, 2, "put the file into conf.d" },
		{ "# @include \"other.conf\"\n", 0, 0, NULL },
		{ "/", 0, 0, NULL }, { "\"", 0, 1, NULL }, { "\\", 0, 0, NULL },
		{ "/*/", 0, 1, "never closed" },
		{ "((((((((((((((((((((((((((((((((", 0, 1, "never closed" },
		{ "(((((((((((((((((((((((((((((((((", 0, 1, "deeper than 32" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run_scan(&cases[i]);
}

static void
scan_refuses_sizes_that_libconfig_is_slow_at(void **state)
{
	(void)state;
	struct scan_fault fault;
	BUF_AUTO text = BUF_INIT(8u * 1024 * 1024);
	for (int i = 0; i < 4097; i++)
		buf_addf(&text, "a%d = 1;\n", i);
	assert_false(scan_text(buf_text(&text), NULL, &fault));
	assert_int_equal(fault.line, 4097);
	buf_reset(&text);
	memset(buf_extend(&text, SCAN_BYTES + 1), ' ', SCAN_BYTES + 1);
	assert_false(scan_text(buf_text(&text), NULL, &fault));
	assert_non_null(strstr(fault.text, "4194305 bytes"));
}

static void
every_cut_and_every_changed_byte_of_the_sample_is_survived(void **state)
{
	(void)state;
	static const char text[] = SYNC(FROM TO MAP " every = \"5m\"; # end\n");
	for (size_t i = 0; i < sizeof text - 1; i++) {
		char copy[sizeof text];
		static const char bytes[] = "\0\"{}()[]=;,#/*\\@9\xff";
		for (size_t b = 0; b < sizeof bytes; b++) {
			struct problems problems = PROBLEMS_INIT;
			struct config config;
			memcpy(copy, text, sizeof text);
			copy[i] = bytes[b];
			size_t len = b == 0 ? i : sizeof text - 1;
			bool good = config_load_text(&config, "t", (struct rk_text){ copy, len },
			                             &problems);
			assert_true(good == !problems_fatal(&problems));
			config_free(&config);
			problems_free(&problems);
		}
	}
}

/* ---- Complaints ------------------------------------------------------------ */

static void
run_complaints(const char *text, const char *want)
{
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	BUF_AUTO got = BUF_INIT(1u << 20);
	config_load_text(&config, "t", text_of(text), &problems);
	problems_print(&problems, &got);
	if (strcmp(buf_str(&got), want) != 0)
		fail_msg("%s\n-- got:\n%s-- wanted:\n%s", text, buf_str(&got), want);
	config_free(&config);
	problems_free(&problems);
}

static void
each_mistake_is_told_with_its_place_and_what_was_expected(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } cases[] = {
		{ "", "" },
		{ SYNC(FROM TO MAP), "" },
		{ "\xEF\xBB\xBF" SYNC(FROM TO MAP) "# no line end", "" },
		{ "\xEF\xBB\xBF\xEF\xBB\xBF" SYNC(FROM TO MAP), "" },
		{ "a = = 1;\n", "t:1: syntax error; look here and at the line above, expected "
		  "name = value; with lists ( a, b ) and groups { }\n" },
		{ "connections: { };\nconnections: { };\n",
		  "t:2: found a setting that this group has already\n" },
		{ "connection: { };\n", "t:1: found \"connection\", which is no setting of the "
		  "configuration; did you mean \"connections\"?\n" },
		{ "zzzzzzzzzzz = 1;\n", "t:1: found \"zzzzzzzzzzz\", expected a setting of the "
		  "configuration: connections, syncs, notify, console, smtp, "
		  "connector_dirs\n" },
		{ "connections = ( );\n", "t:1: connections: found a list of 0, expected a "
		  "group of groups, { name = { }; }\n" },
		{ "connections: { a: { }; b = 5; };\n",
		  "t:1: a connection without \"connector\", expected a text in quotes\n"
		  "t:1: connections: found the number 5, expected a connection, a group { }\n" },
		{ "connections: { a: { connector = \"x\";\n limits = \"off\";\n"
		  " sandbox = \"maybe\";\n t_land = 5;\n request_deadline = \"1d\";\n"
		  " port = 4294967297;\n list = ( 1 ); }; };\n",
		  "t:2: limits: found \"off\", expected a list of limits, ( { limit = \"...\"; } ), "
		  "or \"none\"\n"
		  "t:3: sandbox: found \"maybe\", expected \"full\", \"seccomp\" or \"off\"\n"
		  "t:4: t_land: found the number 5, expected a duration in quotes, such as "
		  "\"90s\", \"5m\" or \"1h\"\n"
		  "t:5: request_deadline: found \"1d\", expected 0 to 600 seconds\n"
		  "t:6: port: found the number 4294967297, expected large numbers as text, in "
		  "quotes\n"
		  "t:7: list: found a list of 1, expected a text, a number, true or false\n" },
		{ SYNC(FROM "to = { connection = \"b\"; object = 4294967297;\n"
		       "key = ( \"k\", \"l\" ); };" MAP),
		  "t:2: sync \"s\": object: found the number 4294967297, expected the object's "
		  "name in quotes, such as \"123\"\n"
		  "t:3: sync \"s\": key: found a list of 2, expected exactly one key field, in "
		  "quotes\n" },
		{ SYNC("from = { connection = \"aa\"; object = \" \"; };" TO MAP
		       "notify = ( \"ops\" );"),
		  "t:2: sync \"s\": object: found \" \", expected something that is not blank\n"
		  "t:2: sync \"s\": from: found no connection \"aa\"; did you mean \"a\"?\n"
		  "t:2: sync \"s\": notify: found no \"ops\" in notify\n" },
		{ SYNC(FROM TO "map = ( { from = \"a\"; to = \"k\"; },\n"
		       "{ from = \"b\"; to = \"k\"; }, { from = \"c\"; to = \"k\"; enabled = false; } );"),
		  "t:3: sync \"s\": a second source for \"k\", the first is in line 2; join them "
		  "in one expression, such as from = \"${a} ${b}\"\n" },
		{ SYNC(FROM TO "map = ( { from = \"a\"; to = \"k\"; values = ( (\"x\") ); },\n"
		       "{ from = \"b\"; to = \"l\"; otherwise = \"z\"; nulls = \"clear\"; "
		       "default = \"d\"; }, { from = \"c\"; to = \"m\"; nulls = \"default\"; } );"),
		  "t:2: sync \"s\": values: found a list of 1, expected a pair of texts, "
		  "(\"from\", \"to\")\n"
		  "t:3: sync \"s\": found \"default\" beside nulls = \"clear\", expected nulls = "
		  "\"default\"\n"
		  "t:3: sync \"s\": found \"otherwise\" without \"values\"\n"
		  "t:3: sync \"s\": nulls = \"default\" without \"default\", expected the text to "
		  "write\n" },
		{ SYNC(FROM TO "map = ( );\n every = \"5\"; cron = \"* * * *\"; start = 5;"),
		  "t:2: sync \"s\": map: found no fields, expected at least the key's\n"
		  "t:3: sync \"s\": every: found \"5\", expected a duration such as \"90s\", "
		  "\"5m\" or \"1h\"\n"
		  "t:3: sync \"s\": cron: found \"* * * *\", expected five fields of numbers as in "
		  "crontab(5): minute hour day month weekday, such as \"0 9 * * 1-5\"; the "
		  "day may be L, the last one of a month\n"
		  "t:3: sync \"s\": start: found the number 5, expected \"all\", \"now\", a date "
		  "such as \"2026-01-01\" (from 00:00 UTC) or a time with its zone such as "
		  "\"2026-01-01T00:00:00+09:00\"\n" },
		{ SYNC(FROM TO MAP "every = \"5m\"; cron = \"0 9 * * *\";"),
		  "t:2: sync \"s\": found both \"every\" and \"cron\", expected one of them\n" },
		{ SYNC("from = { connection = \"b\"; object = \"1\"; };" TO MAP),
		  "t:2: sync \"s\": from and to are the same object, \"1\" of \"b\"\n" },
		{ HEAD "syncs = ( { " FROM TO MAP " },\n{ name = \"../x\"; " FROM TO MAP " } );",
		  "t:2: sync \"(line 2)\": a sync without \"name\", expected a text in quotes\n"
		  "t:3: sync \"(line 3)\": name: found \"../x\", expected a name of 1 to 64 "
		  "letters, digits, \".\", \"_\" and \"-\" that begins with a letter or digit\n" },
		{ HEAD "syncs = ( { name = \"s\"; " FROM TO MAP " },\n"
		  "{ name = \"s\"; " FROM TO MAP " } );",
		  "t:3: sync \"s\": a second sync of the name \"s\", the first is at t:2\n" },
		{ "notify: { ops: { send = \"daily\"; }; };",
		  "t:1: found none of \"mail\", \"chat\", \"webhook\", \"command\" and "
		  "\"heartbeat\", expected at least one\n" },
		{ "connections: { a: { connector = \"\\x1b[2J\"; }; };",
		  "t:1: connector: found \"?[2J\", expected a name of 1 to 64 letters, digits, "
		  "\".\", \"_\" and \"-\" that begins with a letter or digit\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run_complaints(cases[i].text, cases[i].want);
}

static void
a_mistake_in_one_sync_leaves_the_others_on(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	static const char text[] =
		HEAD "syncs = ( { name = \"good\"; " FROM TO MAP " },\n"
		"{ name = \"bad\"; evry = \"5m\"; " FROM TO MAP " },\n"
		"{ name = \"lost\"; from = { connection = \"c\"; object = \"o\"; }; " TO MAP " } );";
	assert_true(config_load_text(&config, "t", text_of(text), &problems));
	assert_false(problems_stop_sync(&problems, "good"));
	assert_true(problems_stop_sync(&problems, "bad"));
	assert_true(problems_stop_sync(&problems, "lost"));
	config_free(&config);
	problems_free(&problems);
}

static void
a_file_of_nothing_but_mistakes_has_all_of_them_told_at_once(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	BUF_AUTO text = BUF_INIT(65536);
	BUF_AUTO want = BUF_INIT(65536);
	BUF_AUTO got = BUF_INIT(65536);
	assert_true(io_read_file(HERE "/wrong.conf", &text));
	assert_true(io_read_file(HERE "/wrong.expected", &want));
	assert_false(config_load_text(&config, "wrong.conf", buf_text(&text), &problems));
	problems_print(&problems, &got);
	assert_string_equal(buf_str(&got), buf_str(&want));
	config_free(&config);
	problems_free(&problems);
}

/* ---- What is read ------------------------------------------------------------ */

static void
what_is_written_is_what_is_read(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	static const char text[] =
		"connections: { a: { connector = \"x\"; token = \"env:T\"; port = 5; on = true;\n"
		" limits = ( { limit = \"day\"; calls = \"10\"; } ); index_lag = \"2s\"; };\n"
		" b: { connector = \"y\"; limits = \"none\"; sandbox = \"full\"; }; };\n"
		"syncs = ( { name = \"s\"; " FROM TO "start = \"2026-01-01\"; empty_key = \"error\";\n"
		" map = ( { from = \"k\"; to = \"k\"; values = ( (\"1\", \"one\") ); default = \"\"; }); });";
	assert_true(config_load_text(&config, "t", text_of(text), &problems));
	assert_int_equal(problems.count, 0);

	const struct config_connection *a = config_connection(&config, "a");
	assert_non_null(a);
	assert_string_equal(config_setting(a, "token"), "env:T");
	assert_string_equal(config_setting(a, "port"), "5");
	assert_string_equal(config_setting(a, "on"), "true");
	assert_null(config_setting(a, "index_lag"));
	assert_int_equal(a->index_lag_ms, 2000);
	assert_int_equal(a->t_land_ms, -1);
	assert_string_equal(a->sandbox, "seccomp");
	assert_string_equal(a->limits[0].calls, "10");
	assert_true(config_connection(&config, "b")->limits_off);
	assert_null(config_connection(&config, "c"));

	const struct config_sync *s = config_sync(&config, "s");
	assert_non_null(s);
	assert_true(s->enabled);
	assert_int_equal(s->start_ms, 1767225600000);
	assert_int_equal(s->empty_key, EMPTY_KEY_ERROR);
	assert_int_equal(s->existing, EXISTING_ADOPT);
	assert_int_equal(s->maps[0].nulls, NULLS_DEFAULT);
	assert_string_equal(s->maps[0].values[0].to, "one");
	assert_int_equal(s->maps[0].at.line, 5);
	config_free(&config);
	problems_free(&problems);
}

static void
times_and_forms_are_judged(void **state)
{
	(void)state;
	static const struct { const char *(*form)(const char *); const char *text; bool good; } cases[] = {
		{ form_start, "2026-02-29", false }, { form_start, "2024-02-29", true },
		{ form_start, "2026-01-01T00:00:00+09:00", true },
		{ form_start, "2026-01-01T00:00:00", false }, { form_start, "2026-01-01T", false },
		{ form_start, "2026-01-01T10:00Z", true }, { form_start, "26-01-01", false },
		{ form_cron, "*/5 0-6,22-23 1 1 7", true }, { form_cron, "60 * * * *", false },
		{ form_cron, "* * * * * *", false }, { form_cron, "5-1 * * * *", false },
		{ form_cron, "*/0 * * * *", false }, { form_cron, "1, * * * *", false },
		{ form_cron, "1** * *", false }, { form_cron, " 0  9 * *\t* ", true },
		{ form_start, "2026-01-01T10:00:60Z", false }, { form_time, "9:30", false },
		{ form_start, "2026-01-01T 9:00Z", false }, { form_time, "24:00", false },
		{ form_window, "22:00-06:00", true }, { form_window, "22:00-22:00", false },
		{ form_breaker, "3 in 1h", true }, { form_breaker, "100 in 10s", true },
		{ form_breaker, "0 in 1h", false }, { form_breaker, "101 in 1h", false },
		{ form_breaker, "3 in", false }, { form_breaker, "3 1h", false },
		{ form_breaker, "3 in 0s", false }, { form_breaker, "", false },
		{ form_share, "100%", true }, { form_share, "101%", false },
		{ form_share, "%", false }, { form_count, "0", false }, { form_count, "-1", false },
		{ form_zone, "UTC", true }, { form_zone, "../UTC", false },
		{ form_zone, "/etc/passwd", false }, { form_name, ".x", false },
		{ form_mail, "a@b", true }, { form_mail, "a@b@c", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if ((cases[i].form(cases[i].text) == NULL) != cases[i].good)
			fail_msg("%s", cases[i].text);
	assert_int_equal(form_start_ms("1970-01-01T09:00:01+09:00"), 1000);
	assert_int_equal(form_start_ms("2000-03-01"), 951868800000);
}

/* ---- Files ------------------------------------------------------------------- */

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, 0644);
}

static void
remove_file(const char *folder, const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	remove(path);
}

static void
files_are_merged_in_the_order_of_their_names(void **state)
{
	(void)state;
	char folder[] = "renkei-test-XXXXXX", part[64], path[64], want[1024];
	assert_non_null(mkdtemp(folder));
	snprintf(part, sizeof part, "%s/conf.d", folder);
	snprintf(path, sizeof path, "%s/renkei.conf", folder);
	mkdir(part, 0755);
	write_file(folder, "renkei.conf", HEAD);
	write_file(part, "20.conf", "syncs = ( { name = \"z\"; " FROM TO MAP " } );");
	write_file(part, "10.conf", "syncs = ( { name = \"y\"; " FROM TO MAP " } );");
	write_file(part, "30.conf", "connections: { b: { connector = \"y\"; }; };\n"
	           "syncs = ( { name = \"z\"; " FROM TO MAP " } );");
	write_file(part, "notes.txt", "this is = = no configuration");

	struct problems problems = PROBLEMS_INIT;
	struct config config;
	BUF_AUTO got = BUF_INIT(1u << 16);
	assert_false(config_load(&config, path, &problems));
	assert_string_equal(config.syncs[0].name, "y");
	assert_string_equal(config.syncs[1].name, "z");
	problems_print(&problems, &got);
	snprintf(want, sizeof want,
	         "%s/30.conf:1: a second connection of the name \"b\", the first is at %s:1\n"
	         "%s/30.conf:2: sync \"z\": a second sync of the name \"z\", the first is at "
	         "%s/20.conf:1\n", part, path, part, part);
	assert_string_equal(buf_str(&got), want);
	config_free(&config);
	problems_free(&problems);

	/* Another text, another hash; a broken file silences "no such connection". */
	char first[33];
	remove_file(part, "30.conf");
	assert_true(config_load(&config, path, &problems));
	memcpy(first, config.hash, sizeof first);
	config_free(&config);
	write_file(folder, "renkei.conf", HEAD "broken = ;");
	assert_false(config_load(&config, path, &problems));
	assert_string_not_equal(first, config.hash);
	assert_int_equal(problems.count, 1);
	config_free(&config);
	problems_free(&problems);

	static const char *const names[] = { "conf.d/10.conf", "conf.d/20.conf",
		"conf.d/notes.txt", "conf.d", "renkei.conf" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove_file(folder, names[i]);
	assert_int_equal(rmdir(folder), 0);
}

static void
a_missing_file_is_told_with_the_remedy(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	assert_false(config_load(&config, "no-such-folder/renkei.conf", &problems));
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(problems.list[0].text, "No such file"));
	assert_non_null(strstr(problems.list[0].text, "-c"));
	config_free(&config);
	problems_free(&problems);
}

static void
the_sample_is_read_without_a_complaint(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	BUF_AUTO got = BUF_INIT(1u << 16);
	config_load(&config, SAMPLES "/renkei.conf.sample", &problems);
	problems_print(&problems, &got);
	assert_string_equal(buf_str(&got), "");
	assert_int_equal(config.connection_count, 2);
	assert_int_equal(config.sync_count, 1);
	assert_int_equal(config.syncs[0].map_count, 4);
	assert_string_equal(config.syncs[0].maps[2].otherwise, "その他");
	config_free(&config);
	problems_free(&problems);
}

static void
ten_thousand_syncs_are_read(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct config config;
	BUF_AUTO text = BUF_INIT(SCAN_BYTES);
	buf_adds(&text, HEAD "syncs = (\n");
	for (int i = 0; i < 10000; i++)
		buf_addf(&text, "%s{ name = \"s%d\"; " FROM TO MAP " }\n", i > 0 ? "," : "", i);
	buf_adds(&text, ");\n");
	assert_false(text.over);
	assert_true(config_load_text(&config, "t", buf_text(&text), &problems));
	assert_int_equal(config.sync_count, 10000);
	config_free(&config);
	problems_free(&problems);
}

static void
help_and_manual_name_every_setting(void **state)
{
	(void)state;
	static const char *const names[] = { "connector_dirs", "request_deadline", "t_visible",
		"sandbox", "reserve", "otherwise", "empty_key", "existing", "window", "filter" };
	BUF_AUTO en = BUF_INIT(1u << 20);
	BUF_AUTO ja = BUF_INIT(1u << 20);
	BUF_AUTO man = BUF_INIT(1u << 20);
	config_print_help(&en, "en");
	config_print_help(&ja, "ja_JP.UTF-8");
	config_print_man(&man, "en");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char tag[64];
		snprintf(tag, sizeof tag, ".It Cm %s\n", names[i]);
		assert_non_null(strstr(buf_str(&en), names[i]));
		assert_non_null(strstr(buf_str(&ja), names[i]));
		assert_non_null(strstr(buf_str(&man), tag));
	}
	assert_non_null(strstr(buf_str(&en), "default \"seccomp\""));
	assert_non_null(strstr(buf_str(&ja), "省略時 \"seccomp\""));
	assert_true(text_utf8_valid(buf_text(&ja)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_finds_what_libconfig_hides),
		cmocka_unit_test(scan_refuses_sizes_that_libconfig_is_slow_at),
		cmocka_unit_test(every_cut_and_every_changed_byte_of_the_sample_is_survived),
		cmocka_unit_test(each_mistake_is_told_with_its_place_and_what_was_expected),
		cmocka_unit_test(a_file_of_nothing_but_mistakes_has_all_of_them_told_at_once),
		cmocka_unit_test(a_mistake_in_one_sync_leaves_the_others_on),
		cmocka_unit_test(what_is_written_is_what_is_read),
		cmocka_unit_test(times_and_forms_are_judged),
		cmocka_unit_test(files_are_merged_in_the_order_of_their_names),
		cmocka_unit_test(a_missing_file_is_told_with_the_remedy),
		cmocka_unit_test(the_sample_is_read_without_a_complaint),
		cmocka_unit_test(ten_thousand_syncs_are_read),
		cmocka_unit_test(help_and_manual_name_every_setting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
