/* SPDX-License-Identifier: Apache-2.0
 *
 * texts.c - see texts.h.  Called where errors are told to people, in cli/. */
#include "base/texts.h"

#include <string.h>

#include "base/text.h"
#include "base/texts_table.h"

#define GAPS_MAX 9
#define BYTES_MAX 8192                 /* A longer text is no error text of ours. */
#define DEPTH_MAX 8
#define LOOKUPS_MAX 64                 /* Gaps and ends that are looked up, in all. */
#define COLONS_MAX 6

struct row {
	const char *en, *ja;
};

/* What a format leaves open, in its order. */
struct fit {
	const struct row *row;
	struct rk_text gaps[GAPS_MAX];
	bool quoted[GAPS_MAX];         /* A name or a value: not ours to turn. */
	size_t weight;                 /* Bytes outside of the gaps. */
};

#define TEXTS_ROW(english, japanese) { .en = (english), .ja = (japanese) },
static const struct row rows[] = { TEXTS_TABLE(TEXTS_ROW) };

static bool turn(struct buf *out, struct rk_text text, int depth, int *lookups);

/* ---- Fitting ------------------------------------------------------------------- */

/* Where 'part' stands in 'text': at its front if it is the first part of a format, at
 * its end if it is the last; NULL: not there. */
static const char *
find(struct rk_text text, struct rk_text part, bool first, bool last)
{
	if (text.len < part.len || (first && last && text.len != part.len))
		return NULL;
	const char *at = last ? text.ptr + text.len - part.len : text.ptr;
	if (first || last)
		return memcmp(at, part.ptr, part.len) == 0 ? at : NULL;
	return memmem(text.ptr, text.len, part.ptr, part.len);
}

static const char *
next_gap(const char *part)
{
	while ((part = strchr(part, '%')) != NULL && part[1] != 's' && part[1] != 'd')
		part++;
	return part;
}

static bool
is_number(struct rk_text text)
{
	size_t n = 0;
	while (n < text.len && (text.ptr[n] == '-' || (text.ptr[n] >= '0' && text.ptr[n] <= '9')))
		n++;
	return n > 0 && n == text.len;
}

/* Closes the gap that begins where 'text' does. */
static bool
take_gap(struct fit *fit, size_t i, struct rk_text text, const char *end, char kind)
{
	fit->gaps[i] = (struct rk_text){ text.ptr, (size_t)(end - text.ptr) };
	return kind == 's' || is_number(fit->gaps[i]);
}

/* Each gap ends where the part behind it comes first: what fits at all fits so. */
static bool
fits(const struct row *row, struct rk_text text, struct fit *fit)
{
	size_t count = 0, len;
	*fit = (struct fit){ .row = row };
	for (const char *part = row->en;; part += len + 2) {
		const char *gap = next_gap(part);
		len = gap != NULL ? (size_t)(gap - part) : strlen(part);
		const char *at = find(text, (struct rk_text){ part, len }, count == 0,
		                      gap == NULL);
		if (at == NULL
		    || (count > 0 && !take_gap(fit, count - 1, text, at, part[-1])))
			return false;
		text.len -= (size_t)(at - text.ptr) + len;
		text.ptr = at + len;
		fit->weight += len;
		if (gap == NULL || count == GAPS_MAX)
			return gap == NULL;
		/* A quote alone between two gaps closes the first. */
		bool closes = len == 1 && count > 0 && fit->quoted[count - 1];
		fit->quoted[count++] = len > 0 && !closes
		                       && strchr("\"'`", part[len - 1]) != NULL;
	}
}

/* The best format that begins with a gap, or with words; false: there is none. */
static bool
find_row(struct rk_text text, bool with_gap, int *lookups, struct fit *best)
{
	struct fit fit;
	*best = (struct fit){ .row = NULL };
	if (text.len == 0 || *lookups == 0)
		return false;
	--*lookups;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if ((next_gap(rows[i].en) == rows[i].en) == with_gap
		    && fits(&rows[i], text, &fit)
		    && (best->row == NULL || fit.weight > best->weight))
			*best = fit;
	return best->row != NULL;
}

/* ---- Turning ------------------------------------------------------------------- */

static bool
is_wide(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

/* Adds what stands in a gap.  Around Japanese the blanks of its place are left out; true:
 * so is the one behind it. */
static bool
fill_gap(struct buf *out, struct rk_text gap, bool quoted, int depth, int *lookups)
{
	size_t at = out->len;
	if (quoted || !turn(out, gap, depth, lookups))
		buf_addt(out, gap);
	if (out->over || out->len == at)
		return false;
	if (at >= 2 && is_wide(out->ptr[at]) && out->ptr[at - 1] == ' '
	    && is_wide(out->ptr[at - 2])) {
		memmove(out->ptr + at - 1, out->ptr + at, out->len - at);
		out->ptr[--out->len] = '\0';
	}
	return is_wide(out->ptr[out->len - 1]);
}

static void
fill(struct buf *out, const struct fit *fit, int depth, int *lookups)
{
	for (const char *at = fit->row->ja; *at != '\0'; at++) {
		size_t which = (size_t)(at[0] == '{' ? at[1] - '1' : GAPS_MAX);
		if (which >= GAPS_MAX || at[2] != '}') {
			buf_addc(out, *at);
			continue;
		}
		bool wide = fill_gap(out, fit->gaps[which], fit->quoted[which], depth,
		                     lookups);
		at += 2 + (wide && at[3] == ' ' && is_wide(at[4]));
	}
}

/* "renkei.conf:12", "host", "/my files/renkei.conf:12" */
static bool
is_place(struct rk_text text)
{
	if (text.len == 0 || memchr(text.ptr, ' ', text.len) == NULL)
		return text.len > 0;
	return is_number((struct rk_text){ text.ptr + text.len - 1, 1 });
}

/* "PLACE: TEXT" and "TEXT: what another program says": only TEXT is ours. */
static bool
turn_part(struct buf *out, struct rk_text text, int depth, int *lookups)
{
	const char *end = text.ptr + text.len, *at = text.ptr;
	struct fit fit;
	for (int i = 0; i < COLONS_MAX; i++, at += 2) {
		at = memmem(at, (size_t)(end - at), ": ", 2);
		if (at == NULL)
			return false;
		struct rk_text front = { text.ptr, (size_t)(at - text.ptr) };
		struct rk_text rest = { at + 2, (size_t)(end - at) - 2 };
		size_t before = out->len;
		bool ours = find_row(front, false, lookups, &fit);
		if (ours)
			fill(out, &fit, depth, lookups);
		else if (is_place(front))
			buf_addt(out, front);
		else
			continue;
		buf_adds(out, ": ");
		if (turn(out, rest, depth, lookups))
			return true;
		if (ours)
			buf_addt(out, rest);
		if (ours || out->over)
			return true;
		out->len = before;
		out->ptr[before] = '\0';
	}
	return false;
}

/* False: nothing fits, and nothing was added. */
static bool
turn(struct buf *out, struct rk_text text, int depth, int *lookups)
{
	struct fit fit;
	if (depth == DEPTH_MAX)
		return false;
	bool found = find_row(text, false, lookups, &fit);
	if (!found && turn_part(out, text, depth + 1, lookups))
		return true;
	if (!found && !find_row(text, true, lookups, &fit))
		return false;
	fill(out, &fit, depth + 1, lookups);
	return true;
}

void
texts_add(struct buf *out, enum words_lang lang, struct rk_text text)
{
	int lookups = LOOKUPS_MAX;
	if (lang != LANG_JA || text.len > BYTES_MAX || !turn(out, text, 0, &lookups))
		buf_addt(out, text);
}
