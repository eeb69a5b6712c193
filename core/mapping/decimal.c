/* SPDX-License-Identifier: Apache-2.0
 *
 * decimal.c - see decimal.h. */
#include "mapping/decimal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mapping/cut.h"

#define EXPONENT_MAX 1000

/* Takes the digits at the front of 'text' away from it. */
static struct rk_text
take_digits(struct rk_text *text)
{
	struct rk_text digits = { text->ptr, 0 };
	while (digits.len < text->len && text->ptr[digits.len] >= '0'
	       && text->ptr[digits.len] <= '9')
		digits.len++;
	cut(text, digits.len);
	return digits;
}

static void
drop_zeros(struct decimal *d)
{
	while (cut_char(&d->whole, '0'))
		;
	while (d->fraction.len > 0 && d->fraction.ptr[d->fraction.len - 1] == '0')
		d->fraction.len--;
	if (d->whole.len == 0 && d->fraction.len == 0)
		d->negative = false;
}

bool
decimal_read(struct decimal *d, struct rk_text text)
{
	struct decimal out = { 0 };
	if (text.len > DECIMAL_DIGITS_MAX)
		return false;
	out.negative = cut_char(&text, '-');
	out.whole = take_digits(&text);
	bool point = cut_char(&text, '.');
	if (point)
		out.fraction = take_digits(&text);
	if (out.whole.len == 0 || (point && out.fraction.len == 0) || text.len > 0)
		return false;
	drop_zeros(&out);
	*d = out;
	return true;
}

/* Moves the point of 'd' by 'shift' digits to the right. */
static void
move_point(struct decimal *d, int shift, struct arena *arena)
{
	size_t pad = (size_t)(shift < 0 ? -shift : shift);
	size_t len = pad + d->whole.len + d->fraction.len + pad;
	char *digits = arena_alloc(arena, len + 1);
	memset(digits, '0', len);
	char *whole = digits + pad;
	if (d->whole.len > 0)
		memcpy(whole, d->whole.ptr, d->whole.len);
	if (d->fraction.len > 0)
		memcpy(whole + d->whole.len, d->fraction.ptr, d->fraction.len);
	size_t point = shift < 0 ? d->whole.len : pad + d->whole.len + pad;
	d->whole = (struct rk_text){ digits, point };
	d->fraction = (struct rk_text){ digits + point, len - point };
}

/* The exponent's digits; false if there are none or it is out of all reason. */
static bool
take_exponent(struct rk_text *text, int *exponent)
{
	bool negative = cut_char(text, '-');
	if (!negative)
		cut_char(text, '+');
	struct rk_text digits = take_digits(text);
	if (digits.len == 0 || digits.len > 6)
		return false;
	int n = 0;
	for (size_t i = 0; i < digits.len; i++)
		n = n * 10 + (digits.ptr[i] - '0');
	*exponent = negative ? -n : n;
	return n <= EXPONENT_MAX;
}

bool
decimal_parse(struct decimal *d, struct rk_text text, struct arena *arena)
{
	struct decimal out = { 0 };
	int exponent = 0;
	if (text.len > DECIMAL_DIGITS_MAX)
		return false;
	out.negative = cut_char(&text, '-');
	if (!out.negative)
		cut_char(&text, '+');
	out.whole = take_digits(&text);
	if (cut_char(&text, '.'))
		out.fraction = take_digits(&text);
	if (out.whole.len == 0 && out.fraction.len == 0)
		return false;
	if ((cut_char(&text, 'e') || cut_char(&text, 'E'))
	    && !take_exponent(&text, &exponent))
		return false;
	if (text.len > 0)
		return false;
	if (exponent != 0)
		move_point(&out, exponent, arena);
	drop_zeros(&out);
	*d = out;
	return out.whole.len + out.fraction.len < DECIMAL_DIGITS_MAX - 2;
}

/* Digits after the point compare as if the shorter went on with zeros; without
 * trailing zeros that is the order of the texts. */
static int
cmp_size(const struct decimal *a, const struct decimal *b)
{
	if (a->whole.len != b->whole.len)
		return a->whole.len < b->whole.len ? -1 : 1;
	int order = text_cmp(a->whole, b->whole);
	return order != 0 ? order : text_cmp(a->fraction, b->fraction);
}

int
decimal_cmp(const struct decimal *a, const struct decimal *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? cmp_size(b, a) : cmp_size(a, b);
}

struct rk_text
decimal_text(const struct decimal *d, struct arena *arena)
{
	char *out = arena_alloc(arena, d->whole.len + d->fraction.len + 4), *at = out;
	if (d->negative)
		*at++ = '-';
	if (d->whole.len == 0)
		*at++ = '0';
	else
		at = (char *)memcpy(at, d->whole.ptr, d->whole.len) + d->whole.len;
	if (d->fraction.len > 0) {
		*at++ = '.';
		memcpy(at, d->fraction.ptr, d->fraction.len);
		at += d->fraction.len;
	}
	return (struct rk_text){ out, (uint64_t)(at - out) };
}

bool
decimal_int64(const struct decimal *d, int64_t *number)
{
	char text[24];
	if (d->fraction.len > 0 || d->whole.len > 19)
		return false;
	int len = snprintf(text, sizeof text, "%s%s%.*s", d->negative ? "-" : "",
	                   d->whole.len == 0 ? "0" : "", (int)d->whole.len,
	                   d->whole.len == 0 ? "" : d->whole.ptr);
	return text_int64((struct rk_text){ text, (uint64_t)len }, number);
}

struct decimal
decimal_of(int64_t number, struct decimal_room *room)
{
	char *end = room->text + sizeof room->text, *at = end;
	/* The least int64 has no positive twin. */
	uint64_t n = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	for (; n > 0; n /= 10)
		*--at = (char)('0' + n % 10);
	return (struct decimal){ .negative = number < 0,
	                         .whole = { at, (uint64_t)(end - at) } };
}
