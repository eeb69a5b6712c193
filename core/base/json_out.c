/* SPDX-License-Identifier: Apache-2.0
 *
 * json_out.c - see json_out.h. */
#include "base/json_out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/text.h"

static void
quote(struct buf *out, struct rk_text text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.ptr;
	utf8proc_ssize_t left = (utf8proc_ssize_t)text.len;
	buf_addc(out, '"');
	while (left > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(at, left, &c);
		if (n < 1) {
			buf_adds(out, "\xEF\xBF\xBD");
			n = 1;
		} else if (c == '"' || c == '\\') {
			buf_addc(out, '\\');
			buf_addc(out, (char)c);
		} else if (c < 0x20 || c == 0x7f) {
			buf_addf(out, "\\u%04x", (unsigned)c);
		} else {
			buf_add(out, at, (size_t)n);
		}
		at += n;
		left -= n;
	}
	buf_addc(out, '"');
}

static void
begin(struct json_out *j, const char *key)
{
	if (j->filled[j->depth])
		buf_addc(j->out, ',');
	j->filled[j->depth] = true;
	if (key == NULL)
		return;
	quote(j->out, text_of(key));
	buf_addc(j->out, ':');
}

void
json_open(struct json_out *j, const char *key, char bracket)
{
	begin(j, key);
	buf_addc(j->out, bracket);
	if (++j->depth >= JSON_OUT_DEPTH)
		abort();
	j->filled[j->depth] = false;
}

void
json_close(struct json_out *j, char bracket)
{
	buf_addc(j->out, bracket);
	j->depth--;
}

void
json_text(struct json_out *j, const char *key, struct rk_text text)
{
	begin(j, key);
	quote(j->out, text);
}

void
json_number(struct json_out *j, const char *key, int64_t number)
{
	begin(j, key);
	buf_addf(j->out, "%" PRId64, number);
}

void
json_bool(struct json_out *j, const char *key, bool value)
{
	begin(j, key);
	buf_adds(j->out, value ? "true" : "false");
}

void
json_null(struct json_out *j, const char *key)
{
	begin(j, key);
	buf_adds(j->out, "null");
}
