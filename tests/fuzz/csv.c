/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.c - cells, one a line, as a line for a spreadsheet.  A reader of RFC 4180 finds
 * the cells again, and none that is taken for a formula. */
#include "fuzz.h"

#include "base/csv.h"

#define MOST_CELLS 16

/* Reads a quoted cell at the front of 'line', without its quotes. */
static struct rk_text
read_cell(struct rk_text *line, struct arena *arena)
{
	char *out = arena_alloc(arena, line->len);
	size_t len = 0, at = 1;
	MUST(line->len >= 2 && line->ptr[0] == '"');
	for (;; at++) {
		MUST(at < line->len);
		if (line->ptr[at] == '"' && (at + 1 == line->len || line->ptr[++at] != '"'))
			break;
		out[len++] = line->ptr[at];
	}
	line->ptr += at;
	line->len -= at;
	return (struct rk_text){ out, len };
}

static void
check_cell(struct rk_text written, struct rk_text cell)
{
	struct rk_text seen = written;
	if (written.len == cell.len + 1) {
		MUST(written.ptr[0] == '\'');
		written.ptr++;
		written.len--;
	}
	MUST(text_eq(written, cell));
	while (seen.len > 0 && *seen.ptr == ' ') {
		seen.ptr++;
		seen.len--;
	}
	MUST(seen.len == 0 || strchr("=+-@\t\r\n", *seen.ptr) == NULL || *seen.ptr == 0);
	MUST(seen.len < 3 || (memcmp(seen.ptr, "＝", 3) != 0 && memcmp(seen.ptr, "＋", 3) != 0
	     && memcmp(seen.ptr, "－", 3) != 0 && memcmp(seen.ptr, "＠", 3) != 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size), cells[MOST_CELLS];
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	BUF_AUTO out = BUF_INIT(1u << 22);
	while (text.len > 0 && count < MOST_CELLS - 1)
		cells[count++] = fuzz_line(&text);
	cells[count++] = text;             /* May hold newlines. */
	csv_line(&out, cells, count);
	struct rk_text line = buf_text(&out);
	for (size_t i = 0; i < count; i++) {
		check_cell(read_cell(&line, &arena), cells[i]);
		MUST(line.len > 0 && line.ptr[0] == (i + 1 < count ? ',' : '\r'));
		line.ptr++;
		line.len--;
	}
	MUST(line.len == 1 && line.ptr[0] == '\n');
	arena_free(&arena);
	return 0;
}
