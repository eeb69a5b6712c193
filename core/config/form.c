/* SPDX-License-Identifier: Apache-2.0
 *
 * form.c - see form.h. */
#include "config/form.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/config.h"

const char *
form_filled(const char *text)
{
	return text_trim(text_of(text)).len > 0 ? NULL : "something that is not blank";
}

const char *
form_name(const char *text)
{
	size_t len = strlen(text);
	size_t good = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                     "0123456789._-");
	if (len > 0 && len <= 64 && good == len && isalnum((unsigned char)text[0]))
		return NULL;
	return "a name of 1 to 64 letters, digits, \".\", \"_\" and \"-\" that begins "
	       "with a letter or digit";
}

const char *
form_sha256(const char *text)
{
	bool good = strlen(text) == 64 && strspn(text, "0123456789abcdefABCDEF") == 64;
	return good ? NULL : "64 hexadecimal digits, as sha256sum prints them";
}

static bool
is_count(struct rk_text text)
{
	int64_t n;
	return text.len > 0 && isdigit((unsigned char)text.ptr[0]) && text_int64(text, &n)
	       && n > 0 && n <= 1000000000000000;
}

const char *
form_count(const char *text)
{
	return is_count(text_of(text)) ? NULL
	                               : "a whole number above 0, such as \"100000\"";
}

const char *
form_share(const char *text)
{
	struct rk_text number = text_of(text);
	bool percent = number.len > 0 && number.ptr[number.len - 1] == '%';
	number.len -= percent;
	int64_t n;
	bool good = is_count(number) || text_is(number, "0");
	if (good && percent)
		good = text_int64(number, &n) && n <= 100;
	return good ? NULL : "a number such as \"500\", or a share such as \"10%\"";
}

const char *
form_duration(const char *text)
{
	int64_t ms;
	if (text_duration_ms(text, &ms) && ms > 0)
		return NULL;
	return "a duration such as \"90s\", \"5m\" or \"1h\"";
}

/* Reads HH:MM at 'text' into minutes of the day; -1: it is none. */
static int
minutes(const char *text)
{
	for (int i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
			return -1;
	int hour = (text[0] - '0') * 10 + text[1] - '0';
	int minute = (text[3] - '0') * 10 + text[4] - '0';
	return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

const char *
form_time(const char *text)
{
	return strlen(text) == 5 && minutes(text) >= 0 ? NULL
	       : "a time of day such as \"09:30\"";
}

const char *
form_window(const char *text)
{
	bool good = strlen(text) == 11 && text[5] == '-' && minutes(text) >= 0
	            && minutes(text + 6) >= 0 && minutes(text) != minutes(text + 6);
	return good ? NULL : "two times of day such as \"22:00-06:00\"";
}

const char *
form_zone(const char *text)
{
	static const char folder[] = "/usr/share/zoneinfo";
	static const char wanted[] = "a time zone of this machine, such as "
	                             "\"Asia/Tokyo\" or \"UTC\"";
	char path[128];
	size_t len = strlen(text);
	if (len == 0 || len > 64 || text[0] == '/' || strstr(text, "..") != NULL
	    || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	              "0123456789/_+-") != len)
		return wanted;
	snprintf(path, sizeof path, "%s/%s", folder, text);
	/* Without any zones here its form is all that can be told. */
	return access(folder, R_OK) != 0 || access(path, R_OK) == 0 ? NULL : wanted;
}

/* One field of a crontab line: "*", numbers, ranges, steps, lists of them. */
static bool
cron_field(struct rk_text field, long least, long most)
{
	char copy[64], *at = copy;
	if (field.len == 0 || field.len >= sizeof copy)
		return false;
	text_copy(copy, sizeof copy, field);
	for (;;) {
		long from = least, to = most;
		if (*at == '*') {
			at++;
		} else {
			if (!isdigit((unsigned char)*at))
				return false;
			from = to = strtol(at, &at, 10);
			if (*at == '-' && isdigit((unsigned char)at[1]))
				to = strtol(at + 1, &at, 10);
		}
		if (from < least || to > most || from > to)
			return false;
		if (*at == '/' && (!isdigit((unsigned char)at[1])
		                   || strtol(at + 1, &at, 10) < 1))
			return false;
		if (*at == '\0')
			return true;
		if (*at++ != ',')
			return false;
	}
}

const char *
form_cron(const char *text)
{
	static const struct { long least, most; } fields[] = {
		{ 0, 59 }, { 0, 23 }, { 1, 31 }, { 1, 12 }, { 0, 7 },
	};
	size_t n = sizeof fields / sizeof *fields, i = 0;
	for (; i < n; i++) {
		text += strspn(text, " \t");
		size_t len = strcspn(text, " \t");
		if (!cron_field((struct rk_text){ text, len }, fields[i].least,
		                fields[i].most))
			break;
		text += len;
	}
	if (i == n && text[strspn(text, " \t")] == '\0')
		return NULL;
	return "five fields of numbers as in crontab(5): minute hour day month weekday, "
	       "such as \"0 9 * * 1-5\"";
}

const char *
form_mail(const char *text)
{
	const char *at = strchr(text, '@');
	bool good = at != NULL && at != text && at[1] != '\0'
	            && strchr(at + 1, '@') == NULL && strpbrk(text, " \t\r\n<>") == NULL;
	return good ? NULL : "a mail address such as \"ops@example.jp\"";
}

const char *
form_path(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path, such as \"/usr/lib/renkei\"";
}

/* ---- start ------------------------------------------------------------- */

/* Days from 1970-01-01 (Howard Hinnant's days_from_civil). */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month >= 1 && month <= 12 && day >= 1
	       && day <= days[month - 1] + (month == 2 && leap);
}

static bool
has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++)
		if (*shape == '0' ? !isdigit((unsigned char)*text) : *text != *shape)
			return false;
	return *text == '\0';
}

/* "Z", "+09:00", "-07:00" at the end of a time; minutes to take off. */
static bool
zone_minutes(const char *text, int *offset)
{
	*offset = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || strlen(text) != 6 || minutes(text + 1) < 0)
		return false;
	*offset = (*text == '-' ? -1 : 1) * minutes(text + 1);
	return true;
}

/* Reads a date, or a date and time with its zone. */
static bool
read_time(const char *text, int64_t *ms)
{
	char day_part[11];
	int offset = 0, second = 0, of_day = 0;
	text_copy(day_part, sizeof day_part, text_of(text));
	if (!has_shape(day_part, "0000-00-00"))
		return false;
	int year = atoi(day_part), month = atoi(day_part + 5), day = atoi(day_part + 8);
	if (year < 1970 || !is_day(year, month, day))
		return false;
	if (text[10] != '\0') {
		if (text[10] != 'T' || (of_day = minutes(text + 11)) < 0)
			return false;
		const char *rest = text + 16;
		if (rest[0] == ':' && isdigit((unsigned char)rest[1])
		    && isdigit((unsigned char)rest[2])) {
			second = atoi(rest + 1);
			rest += 3;
		}
		if (second > 59 || !zone_minutes(rest, &offset))
			return false;
	}
	*ms = ((days_of(year, month, day) * 1440 + of_day - offset) * 60 + second) * 1000;
	return true;
}

int64_t
form_start_ms(const char *text)
{
	int64_t ms = CONFIG_START_ALL;
	if (strcmp(text, "now") == 0)
		return CONFIG_START_NOW;
	return read_time(text, &ms) ? ms : CONFIG_START_ALL;
}

const char *
form_start(const char *text)
{
	int64_t ms;
	if (strcmp(text, "all") == 0 || strcmp(text, "now") == 0 || read_time(text, &ms))
		return NULL;
	return "\"all\", \"now\", a date such as \"2026-01-01\" (from 00:00 UTC) or a "
	       "time with its zone such as \"2026-01-01T00:00:00+09:00\"";
}
