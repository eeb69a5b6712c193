/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_decimal.c - exact decimal numbers as the simulated kintone keeps them:
 * normalised, rounded half to even, compared without rounding (sheet, sections
 * 2.1, 4.4).  Called for values and for queries. */
#include "kintone.h"

#include <string.h>

#define NUMBER_CHARS_MAX 400u
#define EXPONENT_MAX 300

/* Digits of a number and where its point stands. */
struct digits {
	char d[NUMBER_CHARS_MAX + 2 * EXPONENT_MAX + 8];
	int64_t count, point;                /* d[0..point) is the integer part. */
	bool minus;
};

static bool
read_mantissa(struct text *t, struct digits *n)
{
	bool dot = false;

	n->minus = t->len && t->ptr[0] == '-';
	if (t->len && (t->ptr[0] == '-' || t->ptr[0] == '+')) {
		t->ptr++;
		t->len--;
	}
	for (; t->len; t->ptr++, t->len--) {
		if (t->ptr[0] == '.' && !dot) {
			dot = true;
			n->point = n->count;
		} else if (t->ptr[0] >= '0' && t->ptr[0] <= '9') {
			n->d[n->count++] = t->ptr[0];
		} else {
			break;
		}
	}
	if (!dot)
		n->point = n->count;
	return n->count > 0;
}

static bool
read_exponent(struct text t, struct digits *n)
{
	int64_t e = 0;

	if (!t.len)
		return true;
	if ((t.ptr[0] | 32) != 'e')
		return false;
	t.ptr++;
	t.len--;
	if (t.len && t.ptr[0] == '+') {
		t.ptr++;
		t.len--;
	}
	if (!text_int(t, &e) || e > EXPONENT_MAX || e < -EXPONENT_MAX)
		return false;
	n->point += e;
	return true;
}

/* So that the point lies inside the digits. */
static void
fill_zeros(struct digits *n)
{
	while (n->point > n->count)
		n->d[n->count++] = '0';
	if (n->point < 0) {
		memmove(n->d - n->point, n->d, (size_t)n->count);
		memset(n->d, '0', (size_t)-n->point);
		n->count -= n->point;
		n->point = 0;
	}
}

static void
strip_zeros(struct digits *n)
{
	int64_t zeros = 0;

	while (zeros + 1 < n->point && n->d[zeros] == '0')
		zeros++;
	memmove(n->d, n->d + zeros, (size_t)(n->count - zeros));
	n->count -= zeros;
	n->point -= zeros;
	if (n->point == 0) {
		memmove(n->d + 1, n->d, (size_t)n->count);
		n->d[0] = '0';
		n->count++;
		n->point = 1;
	}
}

static void
add_one(struct digits *n)
{
	int64_t i = n->count - 1;

	while (i >= 0 && n->d[i] == '9')
		n->d[i--] = '0';
	if (i >= 0) {
		n->d[i]++;
		return;
	}
	memmove(n->d + 1, n->d, (size_t)n->count);
	n->d[0] = '1';
	n->count++;
	n->point++;
}

/* Half to even, the CRM's default. */
static void
round_to(struct digits *n, int64_t decimals)
{
	int64_t keep = n->point + decimals;
	bool beyond = false;

	if (keep >= n->count)
		return;
	for (int64_t i = keep + 1; i < n->count; i++)
		beyond |= n->d[i] != '0';
	char next = n->d[keep];
	bool odd = keep > 0 && (n->d[keep - 1] - '0') % 2;
	n->count = keep;
	if (next > '5' || (next == '5' && (beyond || odd)))
		add_one(n);
}

bool
kintone_decimal(struct arena *a, struct text t, int64_t decimals, struct text *out)
{
	struct digits n = { .count = 0 };
	struct buf b = { 0 };

	t = text_trim(t);
	if (t.len > NUMBER_CHARS_MAX || !read_mantissa(&t, &n) || !read_exponent(t, &n))
		return false;
	fill_zeros(&n);
	strip_zeros(&n);
	if (decimals >= 0)
		round_to(&n, decimals);
	bool zero = true;
	for (int64_t i = 0; i < n.count; i++)
		zero &= n.d[i] == '0';
	if (n.minus && !zero)
		buf_str(&b, "-");
	buf_add(&b, n.d, (size_t)n.point);
	if (n.count > n.point) {
		buf_str(&b, ".");
		buf_add(&b, n.d + n.point, (size_t)(n.count - n.point));
	}
	*out = arena_take(a, &b);
	return true;
}

size_t
kintone_integer_digits(struct text t)
{
	size_t n = 0;

	for (size_t i = t.len && t.ptr[0] == '-'; i < t.len && t.ptr[i] != '.'; i++)
		n++;
	return n;
}

static int
order_positive(struct text a, struct text b)
{
	size_t x = kintone_integer_digits(a), y = kintone_integer_digits(b);

	if (x != y)
		return x < y ? -1 : 1;
	for (size_t i = 0; i < a.len || i < b.len; i++) {
		char c = i < a.len ? a.ptr[i] : '0', d = i < b.len ? b.ptr[i] : '0';

		if (c == '.' || d == '.')
			continue;
		if (c != d)
			return c < d ? -1 : 1;
	}
	return 0;
}

/* Both are what kintone_decimal made. */
int
kintone_decimal_order(struct text a, struct text b)
{
	bool x = a.len && a.ptr[0] == '-', y = b.len && b.ptr[0] == '-';

	if (x != y)
		return x ? -1 : 1;
	if (!x)
		return order_positive(a, b);
	return order_positive((struct text){ b.ptr + 1, b.len - 1 },
			      (struct text){ a.ptr + 1, a.len - 1 });
}
