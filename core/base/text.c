/* SPDX-License-Identifier: Apache-2.0
 *
 * text.c - see text.h. */
#include "base/text.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <renkei/helpers.h>

struct rk_text
text_of(const char *s)
{
	return (struct rk_text){ s, s != NULL ? strlen(s) : 0 };
}

bool
text_eq(struct rk_text a, struct rk_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
text_is(struct rk_text a, const char *s)
{
	return text_eq(a, text_of(s));
}

int
text_cmp(struct rk_text a, struct rk_text b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int order = least > 0 ? memcmp(a.ptr, b.ptr, least) : 0;
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Bytes of the blank that 's' begins with, 0 if none. */
static size_t
blank_at(const char *s, size_t len)
{
	if (len >= 1 && strchr(" \t\r\n", s[0]) != NULL && s[0] != '\0')
		return 1;
	if (len >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
		return 2;
	if (len >= 3 && memcmp(s, "\xE3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

struct rk_text
text_trim(struct rk_text text)
{
	size_t n;
	while (text.len > 0 && (n = blank_at(text.ptr, text.len)) > 0) {
		text.ptr += n;
		text.len -= n;
	}
	for (bool cut = true; cut && text.len > 0;) {
		cut = false;
		for (n = 1; n <= 3 && n <= text.len && !cut; n++)
			cut = blank_at(text.ptr + text.len - n, n) == n;
		if (cut)
			text.len -= n - 1;
	}
	return text;
}

void
text_copy(char *out, size_t size, struct rk_text text)
{
	size_t len = text.len < size - 1 ? text.len : size - 1;
	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	if (len > 0)
		memcpy(out, text.ptr, len);
	out[len] = '\0';
}

char *
text_dup(struct rk_text text)
{
	char *copy = malloc(text.len + 1);
	if (copy == NULL)
		abort();
	text_copy(copy, text.len + 1, text);
	return copy;
}

size_t
text_ascii_prefix(struct rk_text text)
{
	size_t i = 0;
	for (uint64_t eight; i + 8 <= text.len; i += 8) {
		memcpy(&eight, text.ptr + i, 8);
		eight = le64toh(eight) & 0x8080808080808080u;
		if (eight != 0)
			return i + ((size_t)__builtin_ctzll(eight) >> 3);
	}
	while (i < text.len && ((unsigned char)text.ptr[i] & 0x80) == 0)
		i++;
	return i;
}

bool
text_utf8_valid(struct rk_text text)
{
	const char *at = text.ptr, *end = at + text.len;
	for (;;) {
		at += text_ascii_prefix((struct rk_text){ at, (uint64_t)(end - at) });
		if (at == end)
			return true;
		const char *after = rk_utf8_run(at, end);
		if (after == at)
			return false;
		at = after;
	}
}

uint64_t
text_utf8_count(struct rk_text text)
{
	uint64_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return count;
}

bool
text_duration_ms(const char *s, int64_t *ms)
{
	static const struct { const char *unit; int64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	if (!isdigit((unsigned char)s[0]))
		return false;
	char *end;
	errno = 0;
	long long n = strtoll(s, &end, 10);
	if (errno != 0 || n > INT64_MAX / 86400000)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(end, units[i].unit) == 0) {
			*ms = n * units[i].ms;
			return true;
		}
	}
	return false;
}

const char *
text_wait(char out[48], int64_t ms)
{
	static const int64_t minute = 60, hour = 3600, day = 86400;
	int64_t s = ms / 1000 + (ms % 1000 > 0);
	int64_t up = s > 2 * day ? hour : minute, rounded = (s + up - 1) / up * up;
	if (s <= 2 * minute)
		snprintf(out, 48, "%" PRId64 " s", s);
	else if (rounded < hour)
		snprintf(out, 48, "%" PRId64 " min", rounded / minute);
	else if (s <= 2 * day)
		snprintf(out, 48, "%" PRId64 " h %" PRId64 " min", rounded / hour,
		         rounded % hour / minute);
	else
		snprintf(out, 48, "%" PRId64 " d %" PRId64 " h", rounded / day,
		         rounded % day / hour);
	return out;
}

bool
text_int64(struct rk_text text, int64_t *number)
{
	char digits[24];
	if (text.len == 0 || text.len >= sizeof digits || isspace((unsigned char)*text.ptr))
		return false;
	text_copy(digits, sizeof digits, text);
	char *end;
	errno = 0;
	long long n = strtoll(digits, &end, 10);
	if (errno != 0 || *end != '\0' || end == digits || strlen(digits) != text.len)
		return false;
	*number = n;
	return true;
}

/* Names from here on are near to none. */
#define MOST 64

/* Edit distance of two short names, capped. */
static size_t
distance(const char *a, const char *b)
{
	size_t rows = strlen(a), cols = strlen(b);
	if (rows >= MOST || cols >= MOST)
		return MOST;
	size_t line[MOST + 1];
	for (size_t j = 0; j <= cols; j++)
		line[j] = j;
	for (size_t i = 1; i <= rows; i++) {
		size_t corner = line[0];
		line[0] = i;
		for (size_t j = 1; j <= cols; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);
			size_t insert = line[j - 1] + 1, drop = line[j] + 1;
			corner = line[j];
			line[j] = change < insert ? change : insert;
			if (drop < line[j])
				line[j] = drop;
		}
	}
	return line[cols];
}

const char *
text_nearest(const char *name, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t least = strlen(name) < MOST ? strlen(name) / 3 + 2 : 0;
	for (size_t i = 0; i < count; i++) {
		size_t d = distance(name, names[i]);
		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

/* ---- Manual pages -------------------------------------------------------- */

void
text_add_troff(struct buf *out, const char *text)
{
	static const char *const escapes[] = {
		['\\'] = "\\e", ['-'] = "\\-", ['"'] = "\\(dq", ['`'] = "\\(oq",
	};
	bool begins = true;
	for (; *text != '\0'; text++) {
		size_t c = (unsigned char)*text;
		if (begins && (*text == '.' || *text == '\''))
			buf_adds(out, "\\&");
		if (c < sizeof escapes / sizeof *escapes && escapes[c] != NULL)
			buf_adds(out, escapes[c]);
		else
			buf_addc(out, *text);
		begins = *text == '\n';
		if ((*text != '.' && *text != '?') || text[1] != ' ')
			continue;
		size_t blanks = strspn(text + 1, " ");
		begins = text[1 + blanks] >= 'A' && text[1 + blanks] <= 'Z';
		text += begins ? blanks : 0;
		if (begins)
			buf_addc(out, '\n');
	}
}
