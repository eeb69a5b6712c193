/* SPDX-License-Identifier: Apache-2.0
 *
 * times.c - dates, times, moments, durations, zones and numbers as CRMs and people
 * write them.  What is read is printed to what reads the same; the calendar is the
 * one of the C library; the contract's readers and the core's agree. */
#include "fuzz.h"
#include "host.h"

#include <time.h>

#include <renkei/times.h>

#include "base/zone.h"
#include "config/form.h"
#include "mapping/decimal.h"
#include "mapping/moment.h"

static void
moments(struct rk_text text)
{
	int64_t ms, again, day;
	enum moment_form form = moment_datetime(text, &ms);
	MUST((form == MOMENT_OK) == (rk_time_parse(text, &again) != 0));
	MUST(moment_is_date(text) == (rk_date_parse(text, &day) != 0));
	if (form != MOMENT_OK)
		return;
	MUST(ms == again);
	struct rk_text shown = rk_time_text(&memory_host, ms, 1);
	MUST(rk_time_parse(shown, &again) == rk_time_sane(ms) && again == ms);
	struct rk_text short_form = moment_print_datetime(ms, &arena);
	if (!moment_is_sane(ms))
		return;
	MUST(moment_datetime(short_form, &again) == MOMENT_OK && again == ms);
	char libc[64];
	time_t s = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
	struct tm tm;
	MUST(gmtime_r(&s, &tm) != NULL);
	snprintf(libc, sizeof libc, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
	         tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	MUST(memcmp(shown.ptr, libc, 19) == 0);
	MUST(memcmp(moment_print_date(ms, &arena).ptr, libc, 10) == 0);
}

static void
days(struct rk_text text)
{
	int64_t day, second;
	if (rk_date_parse(text, &day))
		MUST(text_eq(rk_date_text(&memory_host, day), text));
	if (moment_time(text, &second))
		MUST(second >= 0 && second < 86400);
}

static void
durations(struct rk_text text, const char *z)
{
	int64_t ms, number, again;
	bool has_unit = text.len > 0 && !isdigit((unsigned char)text.ptr[text.len - 1]);
	int64_t theirs = rk_duration_ms(text, -1);
	bool ours = text_duration_ms(z, &ms);
	if (has_unit && theirs >= 0)
		MUST(ours && ms == theirs);
	if (ours)
		MUST(ms >= 0);
	bool whole = text_int64(text, &number);
	if (rk_text_int(text, &again))
		MUST(whole && number == again);
}

static void
numbers(struct rk_text text)
{
	struct decimal d, again, plain;
	struct rk_text theirs;
	bool good = decimal_parse(&d, text, &arena);
	if (decimal_read(&again, text))
		MUST(good && decimal_cmp(&d, &again) == 0);
	if (!good)
		return;
	struct rk_text shown = decimal_text(&d, &arena);
	MUST(decimal_read(&again, shown) && decimal_cmp(&d, &again) == 0);
	MUST(text_eq(shown, decimal_text(&again, &arena)));
	if (rk_decimal(&memory_host, text, &theirs))
		MUST(decimal_read(&plain, theirs) && decimal_cmp(&d, &plain) == 0);
}

static void
zones(const char *z)
{
	if (form_zone(z) != NULL)
		return;
	MUST(zone_is_name(z));
	int64_t offset = zone_offset_s(z, 1795000000);
	MUST(offset > -86400 && offset < 86400);
	int64_t next = zone_next(z, 9 * 60, INT64_C(1795000000000));
	MUST(next > INT64_C(1795000000000));
	MUST(next < INT64_C(1795000000000) + 3 * RK_DAY_MS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size);
	moments(text);
	days(text);
	numbers(text);
	if (!fuzz_has_nul(text)) {
		const char *z = arena_text(&arena, text).ptr;
		durations(text, z);
		zones(z);
		if (form_start(z) == NULL)
			form_start_ms(z);
		if (form_window(z) == NULL)
			MUST(size == 11);
	}
	arena_free(&arena);
	return 0;
}
