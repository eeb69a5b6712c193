/* SPDX-License-Identifier: Apache-2.0
 *
 * mime.c - see mime.h. */
#include "notify/mime.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

#define WORD_BYTES 45                  /* Of an encoded word: 60 characters of base64. */
#define LINE_BYTES 57                  /* Of the body: 76 characters. */

static void
add_base64(struct buf *out, const char *bytes, size_t len)
{
	char text[4 * ((LINE_BYTES + 2) / 3) + 1];
	sodium_bin2base64(text, sizeof text, (const unsigned char *)bytes, len,
	                  sodium_base64_VARIANT_ORIGINAL);
	buf_adds(out, text);
}

/* How many of the bytes one word takes: it ends between two characters. */
static size_t
word_len(const char *bytes, size_t len)
{
	size_t take = len < WORD_BYTES ? len : WORD_BYTES;
	while (take > 1 && take < len && ((unsigned char)bytes[take] & 0xc0) == 0x80)
		take--;
	return take;
}

/* Encoded words always: what stands in them is no header, whatever it is. */
static void
add_subject(struct buf *out, struct rk_text subject)
{
	size_t at = 0;
	buf_adds(out, "Subject:");
	while (at < subject.len) {
		size_t len = word_len(subject.ptr + at, subject.len - at);
		buf_adds(out, at == 0 ? " =?UTF-8?B?" : "\r\n =?UTF-8?B?");
		add_base64(out, subject.ptr + at, len);
		buf_adds(out, "?=");
		at += len;
	}
	buf_adds(out, "\r\n");
}

/* "Sun, 22 Nov 2026 16:42:16 +0000"; names of days and months are English in any locale. */
static void
add_date(struct buf *out, int64_t ms)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	                                  "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	buf_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday],
	         tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
	         tm.tm_sec);
}

/* With CR LF, as a text must have them before it is encoded. */
static void
add_body(struct buf *out, struct rk_text body)
{
	BUF_AUTO lines = BUF_INIT(2 * body.len + 16);
	for (size_t i = 0; i < body.len; i++) {
		if (body.ptr[i] == '\n')
			buf_addc(&lines, '\r');
		if (body.ptr[i] != '\r')
			buf_addc(&lines, body.ptr[i]);
	}
	for (size_t at = 0; at < lines.len; at += LINE_BYTES) {
		size_t left = lines.len - at;
		add_base64(out, lines.ptr + at, left < LINE_BYTES ? left : LINE_BYTES);
		buf_adds(out, "\r\n");
	}
}

void
mime_write(struct buf *out, const struct mime_mail *m)
{
	const char *domain = strchr(m->from, '@');
	add_date(out, m->at_ms);
	buf_addf(out, "From: renkei <%s>\r\nTo: <%s>\r\n", m->from, m->to);
	buf_addf(out, "Message-ID: <%s%s>\r\n", m->id, domain != NULL ? domain : "@localhost");
	add_subject(out, m->subject);
	/* No vacation answers this (RFC 3834). */
	buf_adds(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	         "Content-Type: text/plain; charset=utf-8\r\n"
	         "Content-Transfer-Encoding: base64\r\n\r\n");
	add_body(out, m->body);
}
