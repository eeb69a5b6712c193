/* SPDX-License-Identifier: Apache-2.0
 *
 * decimal.c - see decimal.h. */
#include "mapping/decimal.h"

#include <string.h>

#include <renkei/helpers.h>

#include "base/text.h"
#include "mapping/cut.h"

#define EXPONENT_MAX 1000

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
	struct rk_number_parts n;
	struct rk_text digits = text;
	cut_char(&digits, '-');
	if (digits.len == 0 || digits.len > DECIMAL_DIGITS_MAX
	    || !cut_is_digit(*digits.ptr)
	    || !cut_is_digit(digits.ptr[digits.len - 1]) || !rk_number_split(text, &n)
	    || n.exponent != 0)
		return false;
	*d = (struct decimal){ n.negative, n.whole, n.fraction };
	drop_zeros(d);
	return true;
}

/* By hand, as all numbers of all records come through here. */
static char *
put(char *at, struct rk_text digits)
{
	if (digits.len > 0)
		memcpy(at, digits.ptr, digits.len);
	return at + digits.len;
}

/* Moves the point of 'd' by 'shift' digits to the right. */
static void
move_point(struct decimal *d, int64_t shift, struct arena *arena)
{
	size_t pad = (size_t)(shift < 0 ? -shift : shift);
	size_t len = pad + d->whole.len + d->fraction.len + pad;
	size_t point = shift < 0 ? d->whole.len : pad + d->whole.len + pad;
	char *out = arena_alloc(arena, len + 1);
	memset(out, '0', len);
	put(put(out + pad, d->whole), d->fraction);
	d->whole = (struct rk_text){ out, point };
	d->fraction = (struct rk_text){ out + point, len - point };
}

bool
decimal_parse(struct decimal *d, struct rk_text text, struct arena *arena)
{
	struct rk_number_parts n;
	if (text.len > DECIMAL_DIGITS_MAX || !rk_number_split(text, &n)
	    || n.exponent > EXPONENT_MAX || n.exponent < -EXPONENT_MAX)
		return false;
	struct decimal out = { n.negative, n.whole, n.fraction };
	if (n.exponent != 0)
		move_point(&out, n.exponent, arena);
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
	at = put(at, d->whole.len > 0 ? d->whole : TEXT_LIT("0"));
	if (d->fraction.len > 0)
		*at++ = '.';
	return (struct rk_text){ out, (uint64_t)(put(at, d->fraction) - out) };
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
