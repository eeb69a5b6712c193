/* SPDX-License-Identifier: Apache-2.0
 *
 * out.c - see out.h. */
#include "cli/out.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/width.h"

#define FLUSH_BYTES 65536
#define TEXT_MAX (256u * 1024 * 1024)
#define LABEL_COLUMNS 16
#define CELL_MAX (1024u * 1024)
#define TEXT_LEAST 10
#define HEADING_LEAST 4

void
out_flush(struct out *o)
{
	if (o->failed || o->text.over
	    || !io_write_all(STDOUT_FILENO, buf_str(&o->text), o->text.len))
		o->failed = true;
	buf_reset(&o->text);
}

static void
grown(struct out *o)
{
	if (o->text.len >= FLUSH_BYTES)
		out_flush(o);
}

void
out_open(struct out *o, bool json, bool color, enum words_lang lang)
{
	struct winsize window;
	*o = (struct out){ .json = json, .color = color && !json, .lang = lang,
	                   .text = BUF_INIT(TEXT_MAX) };
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0)
		o->columns = window.ws_col;
	o->doc.out = &o->text;
	if (json)
		json_open(&o->doc, NULL, '{');
}

void
out_close(struct out *o)
{
	if (o->json) {
		json_close(&o->doc, '}');
		buf_addc(&o->text, '\n');
	}
	out_flush(o);
	buf_free(&o->text);
}

static void
indent(struct out *o)
{
	for (unsigned i = 0; i < o->depth; i++)
		buf_adds(&o->text, "  ");
}

void
out_title(struct out *o, const char *s)
{
	if (o->json)
		return;
	indent(o);
	if (o->color)
		buf_adds(&o->text, "\033[1m");
	width_add(&o->text, text_of(s), 0, 0);
	buf_adds(&o->text, o->color ? "\033[0m\n" : "\n");
}

void
out_group(struct out *o, const char *key, const char *title)
{
	if (o->json)
		json_open(&o->doc, key, '{');
	else if (title != NULL)
		out_title(o, title);
	o->depth += title != NULL;
}

void
out_group_end(struct out *o)
{
	if (o->json)
		json_close(&o->doc, '}');
	if (o->depth > 0)
		o->depth--;
	grown(o);
}

void
out_list(struct out *o, const char *key)
{
	if (o->json)
		json_open(&o->doc, key, '[');
}

void
out_list_end(struct out *o)
{
	if (o->json)
		json_close(&o->doc, ']');
}

void
out_line(struct out *o, const char *s)
{
	if (o->json)
		return;
	indent(o);
	buf_adds(&o->text, s);
	buf_addc(&o->text, '\n');
	grown(o);
}

/* ---- Fields ------------------------------------------------------------ */

/* People read their own time, with its offset; programs read UTC. */
static void
add_time(const struct out *o, struct buf *out, int64_t ms)
{
	if (o->json)
		clock_format(out, ms);
	else
		zone_format(out, ms);
}

static void
field_beside(struct out *o, enum word label, size_t columns, struct rk_text text)
{
	indent(o);
	width_add(&o->text, text_of(word(o->lang, label)), columns, 0);
	buf_adds(&o->text, "  ");
	width_add(&o->text, text.len > 0 ? text : TEXT_LIT("-"), 0, 0);
	buf_addc(&o->text, '\n');
}

static void
field_text(struct out *o, enum word label, struct rk_text text)
{
	field_beside(o, label, LABEL_COLUMNS, text);
}

void
out_text(struct out *o, const char *key, enum word label, struct rk_text text)
{
	if (o->json)
		json_text(&o->doc, key, text);
	else
		field_text(o, label, text);
}

void
out_str(struct out *o, const char *key, enum word label, const char *s)
{
	if (o->json && s == NULL)
		json_null(&o->doc, key);
	else
		out_text(o, key, label, text_of(s));
}

void
out_number(struct out *o, const char *key, enum word label, int64_t number)
{
	BUF_AUTO digits = BUF_INIT(32);
	buf_addf(&digits, "%" PRId64, number);
	if (o->json)
		json_number(&o->doc, key, number);
	else
		field_text(o, label, buf_text(&digits));
}

void
out_yes(struct out *o, const char *key, enum word label, bool yes)
{
	if (o->json)
		json_bool(&o->doc, key, yes);
	else
		field_text(o, label, text_of(word(o->lang, yes ? W_YES : W_NO)));
}

void
out_time(struct out *o, const char *key, enum word label, int64_t ms)
{
	BUF_AUTO text = BUF_INIT(64);
	if (ms != RK_NO_TIME)
		add_time(o, &text, ms);
	out_str(o, key, label, ms != RK_NO_TIME ? buf_str(&text) : NULL);
}

void
out_json_number(struct out *o, const char *key, int64_t number)
{
	if (o->json)
		json_number(&o->doc, key, number);
}

void
out_json_str(struct out *o, const char *key, const char *s)
{
	if (o->json && s == NULL)
		json_null(&o->doc, key);
	else if (o->json)
		json_text(&o->doc, key, text_of(s));
}

/* ---- Tables ------------------------------------------------------------ */

struct cell *
table_row(struct table *t)
{
	if (t->count == t->room) {
		size_t room = t->room == 0 ? 32 : t->room * 2;
		struct cell *cells =
			arena_new_array(t->arena, room * t->column_count, struct cell);
		if (t->count > 0)
			memcpy(cells, t->cells,
			       t->count * t->column_count * sizeof *cells);
		t->cells = cells;
		t->room = room;
	}
	return &t->cells[t->count++ * t->column_count];
}

struct cell
cell_text(struct rk_text text)
{
	return (struct cell){ .kind = CELL_TEXT, .text = text };
}

struct cell
cell_str(const char *s)
{
	return s == NULL ? (struct cell){ 0 } : cell_text(text_of(s));
}

struct cell
cell_number(int64_t number)
{
	return (struct cell){ .kind = CELL_NUMBER, .number = number };
}

struct cell
cell_bool(bool value)
{
	return (struct cell){ .kind = CELL_BOOL, .number = value };
}

struct cell
cell_time(int64_t ms)
{
	return (struct cell){ .kind = ms == RK_NO_TIME ? CELL_NONE : CELL_TIME,
	                      .number = ms };
}

struct cell
cell_list(const struct rk_text *items, size_t count)
{
	return (struct cell){ .kind = CELL_LIST,
		              .items = items,
		              .number = (int64_t)count };
}

/* What a person sees of a cell; short texts are written to 'room'. */
static struct rk_text
shown(const struct out *o, const struct cell *cell, struct buf *room)
{
	buf_reset(room);
	switch (cell->kind) {
	case CELL_NONE:   return (struct rk_text){ "", 0 };
	case CELL_TEXT:   return cell->text;
	case CELL_NUMBER: buf_addf(room, "%" PRId64, cell->number); break;
	case CELL_TIME:   add_time(o, room, cell->number); break;
	case CELL_BOOL:   buf_adds(room, cell->number ? word(o->lang, W_YES) : ""); break;
	case CELL_LIST:
		for (int64_t i = 0; i < cell->number; i++) {
			buf_adds(room, i > 0 ? ", " : "");
			buf_addt(room, cell->items[i]);
		}
		break;
	}
	return buf_text(room);
}

static void
json_cell(struct out *o, const char *key, const struct cell *cell)
{
	BUF_AUTO room = BUF_INIT(CELL_MAX);
	switch (cell->kind) {
	case CELL_NONE:   json_null(&o->doc, key);                     break;
	case CELL_TEXT:   json_text(&o->doc, key, cell->text);         break;
	case CELL_NUMBER: json_number(&o->doc, key, cell->number);     break;
	case CELL_BOOL:   json_bool(&o->doc, key, cell->number != 0);  break;
	case CELL_TIME:   json_text(&o->doc, key, shown(o, cell, &room)); break;
	case CELL_LIST:
		json_open(&o->doc, key, '[');
		for (int64_t i = 0; i < cell->number; i++)
			json_text(&o->doc, NULL, cell->items[i]);
		json_close(&o->doc, ']');
		break;
	}
}

static void
json_table(struct out *o, const char *key, const struct table *t)
{
	json_open(&o->doc, key, '[');
	for (size_t r = 0; r < t->count; r++) {
		json_open(&o->doc, NULL, '{');
		for (size_t c = 0; c < t->column_count; c++)
			json_cell(o, t->columns[c].key,
			          &t->cells[r * t->column_count + c]);
		json_close(&o->doc, '}');
		grown(o);
	}
	json_close(&o->doc, ']');
}

/* How wide a table's columns are, and how narrow they may become. */
struct measures {
	size_t *widths, *least;
	bool *numbers;
};

static void
measure(const struct out *o, const struct table *t, struct measures *m)
{
	size_t *widths = m->widths;
	bool *numbers = m->numbers;
	BUF_AUTO room = BUF_INIT(CELL_MAX);
	for (size_t c = 0; c < t->column_count; c++) {
		widths[c] = width_of(text_of(word(o->lang, t->columns[c].heading)));
		bool texts = false, times = false;
		numbers[c] = false;
		m->least[c] = 0;
		/* What goes to a program or a file is for copying: whole. */
		size_t most = o->columns > 0 ? t->columns[c].most : 0;
		for (size_t r = 0; r < t->count; r++) {
			const struct cell *cell = &t->cells[r * t->column_count + c];
			size_t w = width_of(shown(o, cell, &room));
			w = most > 0 && w > most ? most : w;
			widths[c] = w > widths[c] ? w : widths[c];
			m->least[c] = w > m->least[c] ? w : m->least[c];
			times = times || cell->kind == CELL_TIME;
			numbers[c] = numbers[c] || cell->kind == CELL_NUMBER;
			texts = texts || (cell->kind != CELL_NUMBER
			                  && cell->kind != CELL_NONE);
		}
		numbers[c] = numbers[c] && !texts;
		/* A number or a time that is cut says something else; its heading not. */
		bool whole = numbers[c] || times;
		m->least[c] = !whole && m->least[c] > TEXT_LEAST ? TEXT_LEAST
		              : m->least[c] < HEADING_LEAST ? HEADING_LEAST : m->least[c];
		m->least[c] = m->least[c] > widths[c] ? widths[c] : m->least[c];
	}
}

/* Takes columns away from the widest until the table fits; false: it cannot. */
static bool
shrink(const struct out *o, const struct table *t, struct measures *m)
{
	size_t total = o->depth * 2 + (t->column_count - 1) * 2;
	for (size_t c = 0; c < t->column_count; c++)
		total += m->widths[c];
	for (; o->columns > 0 && total > o->columns; total--) {
		size_t *widest = NULL;
		for (size_t c = 0; c < t->column_count; c++)
			if (m->widths[c] > m->least[c]
			    && (widest == NULL || m->widths[c] > *widest))
				widest = &m->widths[c];
		if (widest == NULL)
			return false;
		--*widest;
	}
	return true;
}

static void
add_cell(struct out *o, const struct table *t, size_t c, struct rk_text text,
         size_t width, bool number)
{
	bool last = c + 1 == t->column_count;
	if (c > 0)
		buf_adds(&o->text, "  ");
	if (number)
		width_add_right(&o->text, text, width);
	else
		width_add(&o->text, text, last ? 0 : width, width);
}

static void
end_row(struct out *o)
{
	while (o->text.len > 0 && o->text.ptr[o->text.len - 1] == ' ')
		o->text.ptr[--o->text.len] = '\0';
	buf_addc(&o->text, '\n');
	grown(o);
}

/* What no line has room for stands as one field below the other. */
static void
add_fields(struct out *o, const struct table *t, struct buf *room)
{
	size_t columns = LABEL_COLUMNS;
	for (size_t c = 0; c < t->column_count; c++) {
		size_t w = width_of(text_of(word(o->lang, t->columns[c].heading)));
		columns = w > columns ? w : columns;
	}
	for (size_t r = 0; r < t->count; r++) {
		if (r > 0)
			buf_addc(&o->text, '\n');
		for (size_t c = 0; c < t->column_count; c++)
			field_beside(o, t->columns[c].heading, columns,
			             shown(o, &t->cells[r * t->column_count + c], room));
		grown(o);
	}
}

static void
add_headings(struct out *o, const struct table *t, const struct measures *m)
{
	indent(o);
	if (o->color)
		buf_adds(&o->text, "\033[4m");
	for (size_t c = 0; c < t->column_count; c++)
		add_cell(o, t, c, text_of(word(o->lang, t->columns[c].heading)),
		         m->widths[c], m->numbers[c]);
	if (o->color)
		buf_adds(&o->text, "\033[0m");
	end_row(o);
}

void
out_table(struct out *o, const char *key, const struct table *t)
{
	if (o->json) {
		json_table(o, key, t);
		return;
	}
	if (t->count == 0) {
		out_line(o, word(o->lang, W_NONE));
		return;
	}
	BUF_AUTO room = BUF_INIT(CELL_MAX);
	struct measures m = {
		.widths = arena_new_array(t->arena, t->column_count, size_t),
		.least = arena_new_array(t->arena, t->column_count, size_t),
		.numbers = arena_new_array(t->arena, t->column_count, bool),
	};
	measure(o, t, &m);
	if (!shrink(o, t, &m)) {
		add_fields(o, t, &room);
		return;
	}
	add_headings(o, t, &m);
	for (size_t r = 0; r < t->count; r++) {
		indent(o);
		for (size_t c = 0; c < t->column_count; c++)
			add_cell(o, t, c,
			         shown(o, &t->cells[r * t->column_count + c], &room),
			         m.widths[c], m.numbers[c]);
		end_row(o);
	}
}
