/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.c - see csv.h. */
#include "base/csv.h"

#include <string.h>

/* Whether a spreadsheet may take it for a formula: some drop blanks in front before
 * they look, and Japanese ones know the wide signs too.
 * Source: OWASP, "CSV Injection". */
static bool
is_formula(struct rk_text cell)
{
	static const char *const wide[] = {
		"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0",
	};
	while (cell.len > 0 && *cell.ptr == ' ')
		cell = (struct rk_text){ cell.ptr + 1, cell.len - 1 };
	if (cell.len == 0)
		return false;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (cell.len >= 3 && memcmp(cell.ptr, wide[i], 3) == 0)
			return true;
	return strchr("=+-@\t\r\n", *cell.ptr) != NULL;
}

static void
add_cell(struct buf *out, struct rk_text cell)
{
	buf_addc(out, '"');
	if (is_formula(cell))
		buf_addc(out, '\'');
	for (uint64_t i = 0; i < cell.len; i++) {
		if (cell.ptr[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, cell.ptr[i]);
	}
	buf_addc(out, '"');
}

void
csv_line(struct buf *out, const struct rk_text *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_adds(out, i > 0 ? "," : "");
		add_cell(out, cells[i]);
	}
	buf_adds(out, "\r\n");
}
