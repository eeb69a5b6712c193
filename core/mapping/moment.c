/* SPDX-License-Identifier: Apache-2.0
 *
 * moment.c - see moment.h.  The calendar is the contract's, as connectors use
 * it too; here it is held to the forms that a CRM can be trusted to take. */
#include "mapping/moment.h"

#include <inttypes.h>
#include <time.h>

bool
moment_is_date(struct rk_text text)
{
	int64_t day;
	return rk_date_parse(text, &day);
}

bool
moment_time(struct rk_text text, int64_t *second)
{
	const char *at = text.ptr, *end = at + text.len;
	int64_t ms;
	if ((text.len != 5 && text.len != 8) || !rk_clock_at(&at, end, &ms) || at != end
	    || (text.len == 8 && text.ptr[6] == '6'))     /* No leap seconds. */
		return false;
	*second = ms / 1000;
	return true;
}

enum moment_form
moment_datetime(struct rk_text text, int64_t *ms)
{
	const char *at = text.ptr, *end = at + text.len;
	int64_t day, clock;
	if (rk_time_parse(text, ms))
		return MOMENT_OK;
	bool local = text.len > 0 && rk_date_at(&at, end, &day) && rk_sign(&at, end, "T ")
	             && rk_clock_at(&at, end, &clock) && at == end;
	return local ? MOMENT_NO_ZONE : MOMENT_NONE;
}

/* What is no whole second of 'ms', which may lie before 1970. */
static int64_t
part_of(int64_t ms, int64_t whole)
{
	return (ms % whole + whole) % whole;
}

struct rk_text
moment_print_date(int64_t ms, struct arena *arena)
{
	char *out = arena_alloc(arena, 16);
	rk_date_put(out, (ms - part_of(ms, RK_DAY_MS)) / RK_DAY_MS, '\0');
	return (struct rk_text){ out, 10 };
}

struct rk_text
moment_print_datetime(int64_t ms, struct arena *arena)
{
	int64_t rest = part_of(ms, 1000);
	time_t second = (time_t)((ms - rest) / 1000);
	struct tm tm;
	if (!rk_time_sane(ms) || gmtime_r(&second, &tm) == NULL)
		return arena_printf(arena, "%" PRId64, ms);
	return arena_printf(arena, rest != 0 ? "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ"
	                                     : "%04d-%02d-%02dT%02d:%02d:%02dZ",
	                    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	                    tm.tm_min, tm.tm_sec, (int)rest);
}
