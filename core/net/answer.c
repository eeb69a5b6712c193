/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.c - see answer.h. */
#include "net/answer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define WAIT_MAX_MS ((int64_t)31 * 86400 * 1000)

static struct rk_text
trim_blanks(struct rk_text t)
{
	while (t.len > 0 && (t.ptr[0] == ' ' || t.ptr[0] == '\t'))
		t = (struct rk_text){ t.ptr + 1, t.len - 1 };
	while (t.len > 0 && strchr(" \t\r\n", t.ptr[t.len - 1]) != NULL)
		t.len--;
	return t;
}

static int64_t
cut_wait(double ms)
{
	if (!(ms >= 0))
		return -1;
	return ms > (double)WAIT_MAX_MS ? WAIT_MAX_MS : (int64_t)ms;
}

#define YEAR_10000_S INT64_C(253402300800)

/* A date of HTTP in milliseconds; -1 if it is none. */
static int64_t
date_ms(const char *text)
{
	time_t seconds = curl_getdate(text, NULL);
	/* A year of nine digits is one too, to that parser. */
	return seconds < 0 || seconds > YEAR_10000_S ? -1 : (int64_t)seconds * 1000;
}

int64_t
answer_wait_ms(struct rk_text value, bool in_ms, int64_t now_ms)
{
	char text[64], *end;
	value = trim_blanks(value);
	if (value.len == 0 || value.len >= sizeof text)
		return -1;
	text_copy(text, sizeof text, value);
	if (text[0] >= '0' && text[0] <= '9') {
		size_t digits = strspn(text, "0123456789.");
		double number = strtod(text, &end);
		if (end > text + digits)        /* 0x10, 1e3 */
			return -1;
		if (*end == '\0')
			return cut_wait(in_ms ? number : number * 1000);
		if (strcmp(end, "ms") == 0)
			return cut_wait(number);
		if (strcmp(end, "s") == 0)
			return cut_wait(number * 1000);
	}
	int64_t at = date_ms(text);
	if (at < 0)
		return -1;
	return cut_wait(at > now_ms ? (double)(at - now_ms) : 0);
}

static bool
split_line(char *line, size_t len, struct rk_header *header, struct rk_piece *piece)
{
	char *colon = memchr(line, ':', len);
	if (colon == NULL || colon == line)
		return false;
	for (char *at = line; at < colon; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	piece->kind = RK_PIECE_TEXT;
	piece->text = trim_blanks(
		(struct rk_text){ colon + 1, len - (size_t)(colon + 1 - line) });
	header->name = (struct rk_text){ line, (uint64_t)(colon - line) };
	header->pieces = piece;
	header->piece_count = 1;
	return true;
}

/* Of the two headers that name a wait the one in milliseconds is the finer. */
static void
note_times(struct rk_reply *reply, const struct rk_header *header, int64_t now_ms)
{
	struct rk_text value = header->pieces[0].text;
	char text[64];
	if (text_is(header->name, "retry-after-ms")) {
		reply->retry_after_ms = answer_wait_ms(value, true, now_ms);
	} else if (text_is(header->name, "retry-after") && reply->retry_after_ms < 0) {
		reply->retry_after_ms = answer_wait_ms(value, false, now_ms);
	} else if (text_is(header->name, "date") && value.len < sizeof text) {
		text_copy(text, sizeof text, value);
		reply->date_ms = date_ms(text);
	}
}

/* Two lengths that differ: nobody can say where the answer ends (RFC 9112, 6.3). */
static bool
same_length(struct rk_text *first, const struct rk_header *header)
{
	if (!text_is(header->name, "content-length"))
		return true;
	if (first->ptr == NULL)
		*first = header->pieces[0].text;
	return text_eq(*first, header->pieces[0].text);
}

static size_t
count_lines(const struct buf *head)
{
	size_t lines = 0;
	for (size_t i = 0; i < head->len; i++)
		lines += head->ptr[i] == '\n';
	return lines + 1;
}

bool
answer_head(struct buf *head, struct arena *arena, int64_t now_ms, struct rk_reply *reply)
{
	size_t lines = count_lines(head), count = 0;
	if (lines > ANSWER_HEADERS_MAX)
		return false;
	struct rk_header *headers = arena_new_array(arena, lines, struct rk_header);
	struct rk_piece *pieces = arena_new_array(arena, lines, struct rk_piece);
	struct rk_text length = { NULL, 0 };
	reply->date_ms = reply->retry_after_ms = -1;
	for (size_t at = 0; at < head->len;) {
		char *line = head->ptr + at;
		char *newline = memchr(line, '\n', head->len - at);
		size_t len = newline != NULL ? (size_t)(newline - line) : head->len - at;
		at += len + 1;
		if (trim_blanks((struct rk_text){ line, len }).len == 0)
			continue;
		if (!split_line(line, len, &headers[count], &pieces[count])
		    || !same_length(&length, &headers[count]))
			return false;
		note_times(reply, &headers[count++], now_ms);
	}
	reply->headers = headers;
	reply->header_count = count;
	return true;
}
