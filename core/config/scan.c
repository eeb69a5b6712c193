/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.c - see scan.h.  One pass, no memory, the same idea of strings and
 * comments as libconfig's own lexer (its scanner.l of 1.5). */
#include "config/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct opened {                        /* A bracket that waits for its other half. */
	char bracket;
	unsigned line, indent;
	size_t members;
};

struct scan {
	const char *at, *end;
	unsigned line, indent;         /* indent: blanks before the line's first sign */
	bool fresh;                    /* nothing but blanks on this line so far */
	char last;                     /* the sign before, outside text and comments */
	struct opened open[SCAN_DEPTH + 1];  /* [0] is the document */
	size_t depth;
	struct opened suspect;         /* opened deeper in than what closes it */
	struct scan_fault *fault;
	struct buf *fit;               /* May be NULL. */
	const char *copied;            /* Up to here 'fit' has it. */
};

static bool __attribute__((format(printf, 3, 4)))
refuse(struct scan *s, unsigned line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(s->fault->text, sizeof s->fault->text, format, args);
	va_end(args);
	s->fault->line = line;
	return false;
}

/* What libconfig takes for the end, or hands on as it is; a character of UTF-8
 * never crosses a line's end. */
static bool
scan_bytes(struct scan *s)
{
	unsigned line = 1;
	for (const char *at = s->at, *stop; at < s->end; at = stop + 1, line++) {
		stop = memchr(at, '\n', (size_t)(s->end - at));
		if (stop == NULL)
			stop = s->end;
		struct rk_text text = { at, (size_t)(stop - at) };
		if (memchr(at, '\0', text.len) != NULL)
			return refuse(s, line, "found a NUL byte, expected text; is this "
			              "a file in UTF-16?");
		if (!text_utf8_valid(text))
			return refuse(s, line, "found bytes that are not UTF-8; save the "
			              "file as UTF-8");
	}
	return true;
}

static bool
escape_is_fine(struct scan *s)
{
	const char *p = s->at;
	if (s->end - p < 4 || (p[1] != 'x' && p[1] != 'X')
	    || !isxdigit((unsigned char)p[2]) || !isxdigit((unsigned char)p[3]))
		return true;               /* Not an escape: stays as it stands. */
	char digits[3] = { p[2], p[3], '\0' };
	long code = strtol(digits, NULL, 16);
	if (code > 0 && code < 0x80)
		return true;
	return refuse(s, s->line, "found \\x%s in a text, expected \\x01 to \\x7f; write "
	              "other characters as they are, in UTF-8", digits);
}

static bool
scan_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"' && *s->at != '\n'; s->at++) {
		if (*s->at != '\\')
			continue;
		if (!escape_is_fine(s))
			return false;
		s->at += s->end - s->at > 1 && (s->at[1] == '"' || s->at[1] == '\\');
	}
	if (s->at == s->end || *s->at == '\n')
		return refuse(s, s->line, "found a text that is not closed on its line, "
		              "expected \" at its end (long texts: \"one part\" \"and "
		              "the next\")");
	s->last = *s->at++;
	return true;
}

static void
next_line(struct scan *s)
{
	s->line++;
	s->indent = 0;
	s->fresh = true;
}

static bool
scan_comment(struct scan *s)
{
	if (*s->at == '#' || s->at[1] == '/') {
		const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));
		s->at = stop != NULL ? stop : s->end;
		return true;
	}
	unsigned begin = s->line;
	for (s->at += 2; s->end - s->at >= 2; s->at++) {
		if (*s->at == '\n')
			next_line(s);
		if (s->at[0] == '*' && s->at[1] == '/') {
			s->at += 2;
			return true;
		}
	}
	return refuse(s, begin, "found a comment that is never closed, expected */");
}

/* What a number may consist of, for libconfig. */
#define NUMBER "+-.0123456789abcdefxABCDEFXL"

enum number { NUMBER_NONE, NUMBER_SMALL, NUMBER_LONG, NUMBER_MARKED, NUMBER_TOO_LARGE };

/* What libconfig would make of the word: an integer of 32 bits, one of more, one with
 * its L, or a floating point number, which needs none. */
static enum number
judge_number(const char *word)
{
	const char *digits = word + (*word == '+' || *word == '-');
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	char *rest;
	if (!isdigit((unsigned char)*digits) && *digits != '.')
		return NUMBER_NONE;
	errno = 0;
	unsigned long long number = strtoull(digits, &rest, hex ? 16 : 10);
	bool large = errno != 0 || number > INT64_MAX;
	bool marked = strcmp(rest, "L") == 0 || strcmp(rest, "LL") == 0;
	if (*rest == '\0' || marked)
		return large ? NUMBER_TOO_LARGE : marked ? NUMBER_MARKED
		       : number > INT32_MAX ? NUMBER_LONG : NUMBER_SMALL;
	strtod(digits, &rest);
	return !hex && *rest == '\0' ? NUMBER_MARKED : NUMBER_NONE;
}

/* libconfig 1.5 keeps the lower 32 bits of a number without an L behind it, and
 * says nothing; so a longer one gets an L. */
static bool
scan_number(struct scan *s)
{
	char word[32];
	struct rk_text text = { s->at, 0 };
	while (s->at < s->end && strchr(NUMBER, *s->at) != NULL)
		s->at++;
	text.len = (size_t)(s->at - text.ptr);
	s->last = '0';
	text_copy(word, sizeof word, text);
	enum number kind = text.len < sizeof word ? judge_number(word) : NUMBER_TOO_LARGE;
	if (kind == NUMBER_TOO_LARGE)
		return refuse(s, s->line, "found the number %.24s%s, expected at most "
		              "%d; write large numbers as text, in quotes", word,
		              text.len > 24 ? "..." : "", INT32_MAX);
	if (kind == NUMBER_NONE)
		return refuse(s, s->line, "found %s, expected a number; texts stand in "
		              "quotes", word);
	if (kind == NUMBER_LONG && s->fit != NULL) {
		buf_add(s->fit, s->copied, (size_t)(s->at - s->copied));
		buf_addc(s->fit, 'L');
		s->copied = s->at;
	}
	return true;
}

static bool
open_bracket(struct scan *s, char c)
{
	const struct opened *around = &s->open[s->depth];
	if (around->bracket == '(' && strchr("})]", s->last) != NULL && s->last != '\0')
		return refuse(s, s->line, "found %c after %c, expected a comma between "
		              "two parts of the list that begins in line %u", c, s->last,
		              around->line);
	if (s->depth == SCAN_DEPTH)
		return refuse(s, s->line, "found brackets nested deeper than %d",
		              SCAN_DEPTH);
	s->open[++s->depth] = (struct opened){ c, s->line, s->indent, 0 };
	return true;
}

/* Indentation tells better than nesting which bracket was forgotten. */
static const struct opened *
forgotten(const struct scan *s)
{
	return s->suspect.line > 0 ? &s->suspect : &s->open[s->depth];
}

static bool
refuse_mismatch(struct scan *s, char closing, char wanted)
{
	for (size_t i = s->depth; i > 0; i--)
		if (s->open[i].bracket == wanted)
			return refuse(s, forgotten(s)->line, "found %c that is not "
			              "closed before the %c in line %u",
			              forgotten(s)->bracket, closing, s->line);
	return refuse(s, s->line, "found %c, but what is open here is the %c of line %u",
	              closing, s->open[s->depth].bracket, s->open[s->depth].line);
}

static bool
close_bracket(struct scan *s, char c)
{
	char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
	const struct opened *inner = &s->open[s->depth];
	if (s->depth == 0)
		return refuse(s, s->line, "found %c, but nothing is open here", c);
	if (inner->bracket != wanted)
		return refuse_mismatch(s, c, wanted);
	if (s->last == ',' && c != '}')
		return refuse(s, s->line, "found a comma before %c, expected none after "
		              "the last part of a list", c);
	if (s->fresh && s->indent < inner->indent && s->suspect.line == 0)
		s->suspect = *inner;
	s->depth--;
	return true;
}

static bool
judge_sign(struct scan *s, char c)
{
	if (strchr("({[", c) != NULL)
		return open_bracket(s, c);
	if (strchr(")}]", c) != NULL)
		return close_bracket(s, c);
	if (strchr("=:", c) != NULL && ++s->open[s->depth].members > SCAN_MEMBERS)
		return refuse(s, s->line, "found more than %u settings in one group",
		              SCAN_MEMBERS);
	if (s->end - s->at >= 8 && memcmp(s->at, "@include", 8) == 0)
		return refuse(s, s->line, "found @include, which is not allowed; put the "
		              "file into conf.d, where every *.conf is read");
	return true;
}

static bool
scan_sign(struct scan *s)
{
	char c = *s->at, next = s->end - s->at > 1 ? s->at[1] : '\0';
	if (c == '#' || (c == '/' && (next == '/' || next == '*')))
		return scan_comment(s);
	if (c == '"')
		return scan_string(s);
	if (strchr("+-.0123456789", c) != NULL)
		return scan_number(s);
	if (!judge_sign(s, c))
		return false;
	bool word = isalpha((unsigned char)c) || c == '*';
	s->last = c;
	s->at++;
	while (word && s->at < s->end
	       && (isalnum((unsigned char)*s->at) || strchr("-_*", *s->at) != NULL))
		s->at++;
	return true;
}

static bool
scan_signs(struct scan *s)
{
	while (s->at < s->end) {
		char c = *s->at;
		if (c == '\n') {
			next_line(s);
			s->at++;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
			s->indent += s->fresh ? (c == '\t' ? 8 : 1) : 0;
			s->at++;
		} else {
			if (!scan_sign(s))
				return false;
			s->fresh = false;
		}
	}
	if (s->depth == 0)
		return true;
	return refuse(s, forgotten(s)->line, "found %c that is never closed",
	              forgotten(s)->bracket);
}

bool
scan_text(struct rk_text text, struct buf *fit, struct scan_fault *fault)
{
	size_t mark = 0;               /* Some editors put more than one. */
	while (text.len - mark >= 3 && memcmp(text.ptr + mark, "\xEF\xBB\xBF", 3) == 0)
		mark += 3;
	struct scan s = { .line = 1, .fresh = true, .fault = fault, .fit = fit,
	                  .at = text.ptr + mark, .copied = text.ptr + mark,
	                  .end = text.ptr + text.len };
	if (text.len > SCAN_BYTES)
		return refuse(&s, 0, "found %llu bytes, expected at most %u",
		              (unsigned long long)text.len, SCAN_BYTES);
	if (text.len == 0)
		return true;
	if (!scan_bytes(&s) || !scan_signs(&s))
		return false;
	if (fit != NULL) {
		buf_add(fit, s.copied, (size_t)(s.end - s.copied));
		buf_addc(fit, '\n');       /* libconfig ends a comment by it only. */
	}
	return true;
}
