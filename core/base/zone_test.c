/* SPDX-License-Identifier: Apache-2.0
 *
 * zone_test.c - time zones as the system's database tells them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/cron.h"
#include "base/err.h"
#include "base/io.h"
#include "base/zone.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int64_t
seconds_of(const char *utc)
{
	struct tm tm = { 0 };
	assert_non_null(strptime(utc, "%Y-%m-%dT%H:%M:%SZ", &tm));
	return timegm(&tm);
}

static void
zones_follow_the_database_and_its_rule_for_later_years(void **state)
{
	(void)state;
	static const struct { const char *zone, *utc; int offset_s; } cases[] = {
		{ "UTC", "2026-07-01T00:00:00Z", 0 },
		{ "Asia/Tokyo", "2026-01-31T15:00:00Z", 32400 },
		{ "Asia/Tokyo", "1950-06-01T00:00:00Z", 36000 }, /* Summer time, once. */
		{ "America/Phoenix", "2026-07-01T00:00:00Z", -25200 },
		{ "Europe/Berlin", "2026-03-29T00:59:59Z", 3600 },
		{ "Europe/Berlin", "2026-03-29T01:00:00Z", 7200 },
		{ "Europe/Berlin", "2026-10-25T00:59:59Z", 7200 },
		{ "Europe/Berlin", "2026-10-25T01:00:00Z", 3600 },
		{ "Europe/Berlin", "2099-03-29T00:59:59Z", 3600 }, /* By the rule. */
		{ "Europe/Berlin", "2099-03-29T01:00:00Z", 7200 },
		{ "America/New_York", "2101-11-06T05:59:59Z", -14400 },
		{ "America/New_York", "2101-11-06T06:00:00Z", -18000 },
		{ "Australia/Sydney", "2090-01-01T00:00:00Z", 39600 },
		{ "Australia/Sydney", "2090-07-01T00:00:00Z", 36000 },
		{ "Asia/Kolkata", "2026-01-01T00:00:00Z", 19800 },
		{ "America/St_Johns", "2050-07-01T00:00:00Z", -9000 },
		{ "Africa/Casablanca", "2090-01-01T00:00:00Z", 3600 },
	};
	struct rk_err err = ERR_INIT;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!zone_check(ZONE_DIR, cases[i].zone, &err))
			fail_msg("%s: %s", cases[i].zone, err.message);
		int64_t got = zone_offset_s(cases[i].zone, seconds_of(cases[i].utc));
		if (got != cases[i].offset_s)
			fail_msg("%s at %s: %lld", cases[i].zone, cases[i].utc,
			         (long long)got);
		/* The environment's own zone has no say, nor has the zone before. */
		assert_int_equal(zone_offset_s("Asia/Tokyo", 0), 32400);
	}
}

static void
a_zone_that_is_not_there_is_an_error_and_never_utc(void **state)
{
	(void)state;
	static const struct { const char *name, *says; } cases[] = {
		{ "Asia/Tokio", "is not in" },
		{ "", "expected a time zone" },
		{ "../../../etc/passwd", "expected a time zone" },
		{ "/etc/localtime", "expected a time zone" },
		{ "zone.tab", "expected a time zone" },
		{ "Asia", "is not in" },
		{ "tzdata", "is not in" },
		{ "right/Asia/Tokyo", "expected a time zone" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rk_err err = ERR_INIT;
		assert_false(zone_check(ZONE_DIR, cases[i].name, &err));
		assert_int_equal(err.category, RK_CAT_CONFIG);
		if (strstr(err.message, cases[i].says) == NULL)
			fail_msg("\"%s\": %s", cases[i].name, err.message);
	}
}

static void
write_file(const char *path, const char *bytes, size_t len)
{
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	fclose(out);
}

static void
a_damaged_zone_file_is_refused_whatever_was_cut_or_changed(void **state)
{
	(void)state;
	char folder[] = "/tmp/zone_test.XXXXXX", path[64];
	struct rk_err err = ERR_INIT;
	BUF_AUTO file = BUF_INIT(100000);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/Zone", folder);
	assert_true(io_read_file(ZONE_DIR "/Europe/Berlin", &file));
	write_file(path, file.ptr, file.len);
	assert_true(zone_check(folder, "Zone", &err));
	for (size_t len = 0; len < file.len; len += 1 + len / 40) {
		write_file(path, file.ptr, len);
		if (zone_check(folder, "Zone", &err))
			fail_msg("cut at %zu of %zu: accepted", len, file.len);
	}
	for (size_t at = 0; at < 44; at++) {               /* The header. */
		file.ptr[at] = (char)~file.ptr[at];
		write_file(path, file.ptr, file.len);
		file.ptr[at] = (char)~file.ptr[at];
		bool unused = at > 4 && at < 20;
		if (zone_check(folder, "Zone", &err) != unused)
			fail_msg("byte %zu changed: %s", at,
			         unused ? "refused" : "accepted");
	}
	remove(path);
	remove(folder);
}

static void
a_moment_is_told_in_the_zone_that_the_process_was_started_in(void **state)
{
	(void)state;
	static const struct { int64_t ms; const char *want; } cases[] = {
		{ 0, "1969-12-31T20:30:00-03:30" },
		{ 1782864000500, "2026-06-30T21:30:00-02:30" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		BUF_AUTO text = BUF_INIT(64);
		zone_offset_s("Asia/Tokyo", 0);
		zone_format(&text, cases[i].ms);
		assert_string_equal(buf_str(&text), cases[i].want);
	}
	assert_int_equal(zone_offset_s("Asia/Tokyo", 0), 32400);
}

static void
crontab_times_are_read_or_refused(void **state)
{
	(void)state;
	static const char *const good[] = {
		"* * * * *", "0 9 * * 1-5", "*/5 0-23/2 1,15,L * 0,7", " 59 23 31 12 6 ",
		"0 0 L * *", "0 0 29 2 *",
	};
	static const char *const bad[] = {
		"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
		"* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "5/2 * * * *", "a * * * *",
		"*, * * * *", "-1 * * * *", "* * * L *", "L * * * *", "1- * * * *", "*/ * * * *",
		"99999999999999999999 * * * *", "* * * * 1x", "0 0 LL * *",
	};
	struct cron c;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!cron_read(&c, good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (cron_read(&c, bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static void
crontab_times_come_as_the_clocks_show_them(void **state)
{
	(void)state;
	static const struct { const char *cron, *zone, *after, *next; } cases[] = {
		{ "0 9 * * 1-5", "Asia/Tokyo", "2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z" },
		{ "*/5 * * * *", "UTC", "2026-12-31T23:55:00Z", "2027-01-01T00:00:00Z" },
		{ "0 0 L * *", "UTC", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z" },
		{ "0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z" },
		{ "0 0 13 * 5", "UTC", "2026-11-01T00:00:00Z", "2026-11-06T00:00:00Z" },
		{ "0 0 * * 7", "UTC", "2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z" },
		/* Skipped in spring: once, when the clocks are put on. */
		{ "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z" },
		{ "*/20 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z" },
		/* Twice in autumn: the first time. */
		{ "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z" },
		{ "30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
		{ "0 * * * *", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T07:00:00Z" },
		/* Half an hour, and midnight itself. */
		{ "0 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z" },
		{ "30 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cron c;
		assert_true(cron_read(&c, cases[i].cron));
		int64_t got = cron_next(&c, cases[i].zone, seconds_of(cases[i].after) * 1000);
		if (got != seconds_of(cases[i].next) * 1000)
			fail_msg("%s %s: %lld", cases[i].cron, cases[i].zone,
			         (long long)(got / 1000));
	}
	struct cron never;
	assert_true(cron_read(&never, "0 0 30 2 *"));
	assert_true(cron_next(&never, "UTC", 0) == INT64_MAX);
}

int
main(void)
{
	setenv("TZ", "America/St_Johns", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crontab_times_are_read_or_refused),
		cmocka_unit_test(crontab_times_come_as_the_clocks_show_them),
		cmocka_unit_test(
			a_moment_is_told_in_the_zone_that_the_process_was_started_in),
		cmocka_unit_test(zones_follow_the_database_and_its_rule_for_later_years),
		cmocka_unit_test(a_zone_that_is_not_there_is_an_error_and_never_utc),
		cmocka_unit_test(
			a_damaged_zone_file_is_refused_whatever_was_cut_or_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
