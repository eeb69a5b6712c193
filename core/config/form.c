/* SPDX-License-Identifier: Apache-2.0
 *
 * form.c - see form.h. */
#include "config/form.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cron.h"
#include "base/text.h"
#include "base/zone.h"
#include "config/config.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const char *
form_filled(const char *text)
{
	return text_trim(text_of(text)).len > 0 ? NULL : "something that is not blank";
}

const char *
form_name(const char *text)
{
	size_t len = strlen(text);
	size_t good = strspn(text, LETTERS DIGITS "._-");
	if (len > 0 && len <= 64 && good == len && isalnum((unsigned char)text[0]))
		return NULL;
	return "a name of 1 to 64 letters, digits, \".\", \"_\" and \"-\" that begins "
	       "with a letter or digit";
}

const char *
form_sha256(const char *text)
{
	bool good = strlen(text) == 64 && strspn(text, DIGITS "abcdefABCDEF") == 64;
	return good ? NULL : "64 hexadecimal digits, as sha256sum prints them";
}

const char *
form_proxy(const char *text)
{
	const char *host = strncmp(text, "http://", 7) == 0 ? text + 7
	                   : strncmp(text, "https://", 8) == 0 ? text + 8 : "";
	size_t len = strlen(host);
	bool good = len > 0 && len <= 260 && isalnum((unsigned char)host[0])
	            && strspn(host, LETTERS DIGITS ".:-") == len;
	return good ? NULL : "the address of a proxy without a login or a path, such as "
	                     "\"http://proxy.example:3128\"";
}

/* Plain http is for this machine alone: the code in it is as good as a key. */
const char *
form_redirect(const char *text)
{
	static const char *const begins[] = { "https://", "http://localhost:",
		                              "http://localhost/", "http://127.0.0.1:",
		                              "http://127.0.0.1/" };
	bool good = strlen(text) <= 500 && strpbrk(text, " \t#<>\"{}\\^`|") == NULL;
	for (size_t i = 0; good && i < sizeof begins / sizeof *begins; i++)
		if (strncmp(text, begins[i], strlen(begins[i])) == 0)
			return NULL;
	return "an address as the app has it registered, such as "
	       "\"http://localhost:47811/callback\" or \"https://HOST/PATH\"";
}

const char *
form_count(const char *text)
{
	size_t len = strlen(text);
	bool good = len <= 15 && strspn(text, DIGITS) == len && atoll(text) > 0;
	return good ? NULL : "a whole number above 0, such as \"100000\"";
}

const char *
form_share(const char *text)
{
	size_t len = strspn(text, DIGITS);
	bool good = len > 0 && len <= 15
	            && (text[len] == '\0'
	                || (strcmp(text + len, "%") == 0 && atoll(text) <= 100));
	return good ? NULL : "a number such as \"500\", or a share such as \"10%\"";
}

#define BREAKER_RUNS_MAX 100

bool
form_breaker_read(const char *text, int64_t *runs, int64_t *per_ms)
{
	size_t len = strspn(text, DIGITS);
	*runs = len > 0 && len <= 3 ? atoll(text) : 0;
	return *runs > 0 && *runs <= BREAKER_RUNS_MAX
	       && strncmp(text + len, " in ", 4) == 0
	       && text_duration_ms(text + len + 4, per_ms) && *per_ms > 0;
}

const char *
form_breaker(const char *text)
{
	int64_t runs, per_ms;
	return form_breaker_read(text, &runs, &per_ms)
	       ? NULL : "a number of runs up to 100 and a duration, such as \"3 in 1h\"";
}

const char *
form_duration(const char *text)
{
	int64_t ms;
	if (text_duration_ms(text, &ms) && ms > 0)
		return NULL;
	return "a duration such as \"90s\", \"5m\" or \"1h\"";
}

/* Reads HH:MM at 'text' into 'tm'; what follows it, NULL: it is none. */
static const char *
take_time(const char *text, struct tm *tm)
{
	bool shape = strspn(text, DIGITS) == 2 && text[2] == ':'
	             && strspn(text + 3, DIGITS) == 2;
	return shape ? strptime(text, "%H:%M", tm) : NULL;
}

const char *
form_time(const char *text)
{
	struct tm tm;
	const char *rest = take_time(text, &tm);
	return rest != NULL && *rest == '\0' ? NULL : "a time of day such as \"09:30\"";
}

const char *
form_window(const char *text)
{
	struct tm tm;
	const char *rest = take_time(text, &tm);
	bool good = rest != NULL && *rest == '-' && form_time(rest + 1) == NULL
	            && strncmp(text, rest + 1, 5) != 0;
	return good ? NULL : "two times of day such as \"22:00-06:00\"";
}

const char *
form_backfill(const char *text)
{
	return strcmp(text, "auto") == 0 || form_window(text) == NULL
	       ? NULL : "\"auto\", or two times of day such as \"22:00-06:00\"";
}

const char *
form_zone(const char *text)
{
	struct rk_err err;
	/* Without any zones here its form is all that can be told. */
	bool good = zone_is_name(text) && (access(ZONE_DIR, R_OK) != 0
	                                   || zone_check(ZONE_DIR, text, &err));
	return good ? NULL : "a time zone of this machine, such as \"Asia/Tokyo\" or "
	                     "\"UTC\"";
}

const char *
form_cron(const char *text)
{
	struct cron cron;
	if (cron_read(&cron, text))
		return NULL;
	return "five fields of numbers as in crontab(5): minute hour day month weekday, "
	       "such as \"0 9 * * 1-5\"; the day may be L, the last one of a month";
}

const char *const form_weekdays[7] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

const char *
form_weekday(const char *text)
{
	for (size_t i = 0; i < 7; i++)
		if (strcmp(text, form_weekdays[i]) == 0)
			return NULL;
	return "mon, tue, wed, thu, fri, sat or sun";
}

const char *
form_day(const char *text)
{
	struct tm tm = { 0 };
	const char *yearly = strlen(text) == 5 ? strptime(text, "%m-%d", &tm) : NULL;
	const char *dated = strlen(text) == 10 ? strptime(text, "%Y-%m-%d", &tm) : NULL;
	if (form_weekday(text) == NULL)
		return NULL;
	if ((yearly != NULL && *yearly == '\0') || (dated != NULL && *dated == '\0'))
		return NULL;
	return "a day such as \"2027-01-01\", \"12-31\" of each year, or \"sun\"";
}

const char *
form_mail(const char *text)
{
	const char *at = strchr(text, '@');
	bool good = at != NULL && at != text && at[1] != '\0'
	            && strchr(at + 1, '@') == NULL && strpbrk(text, "<>,;:\"()\\[]") == NULL
	            && strlen(text) <= 254;
	for (const char *c = text; *c != '\0'; c++)
		good &= *c > 0x20 && *c < 0x7f;
	return good ? NULL : "a mail address such as \"ops@example.jp\"";
}

const char *
form_path(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path, such as \"/usr/lib/renkei\"";
}

/* Reads a date, or a date and time with its zone; false: it is neither. */
static bool
read_time(const char *text, int64_t *ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	if (rest != text + 10 || strspn(text, DIGITS "-") != 10 || tm.tm_year < 70)
		return false;
	if (*rest == 'T') {
		rest = take_time(rest + 1, &tm);
		if (rest != NULL && *rest == ':' && strspn(rest + 1, DIGITS) == 2)
			rest = strptime(rest + 1, "%S", &tm);
		if (rest != NULL && strchr("Z+-", *rest) != NULL)
			rest = strptime(rest, "%z", &tm);
		else
			return false;
	}
	if (rest == NULL || *rest != '\0' || tm.tm_sec > 59)
		return false;
	int day = tm.tm_mday;
	int64_t offset_s = tm.tm_gmtoff;
	*ms = (timegm(&tm) - offset_s) * 1000;
	return tm.tm_mday == day;      /* A day that no calendar has became another. */
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

socklen_t
form_listen_at(const char *text, struct sockaddr_storage *at, bool *here)
{
	char host[64];
	const char *colon = strrchr(text, ':');
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		                  .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
	snprintf(host, sizeof host, "%.*s", (int)(bracketed ? len - 2 : len),
	         bracketed ? text + 1 : text);
	if (len == 0 || len >= sizeof host || (!bracketed && strchr(host, ':') != NULL)
	    || getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return 0;
	socklen_t size = found->ai_addrlen;
	memcpy(at, found->ai_addr, size);
	*here = found->ai_family == AF_INET6
		? IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr)
		: ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr) >> 24 == 127;
	freeaddrinfo(found);
	return size;
}

const char *
form_listen(const char *text)
{
	struct sockaddr_storage at;
	bool here;
	return form_listen_at(text, &at, &here) > 0
		? NULL : "a numeric address and a port, such as \"127.0.0.1:8080\" or "
		         "\"[::1]:8080\"";
}

const char *
form_origin(const char *text)
{
	const char *host = strncmp(text, "http://", 7) == 0 ? text + 7
	                   : strncmp(text, "https://", 8) == 0 ? text + 8 : "";
	size_t len = strlen(host);
	bool good = len > 0 && len <= 260 && (isalnum((unsigned char)host[0]) || host[0] == '[')
	            && strspn(host, LETTERS DIGITS ".:-[]") == len;
	return good ? NULL : "an address without a path, such as \"https://renkei.example.jp\"";
}

const char *
form_ip(const char *text)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1
		? NULL : "a numeric address, such as \"10.0.0.5\"";
}
