/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h - records out of text, for the targets of filters and maps: one line a field,
 * in the order of slots.  "" is null, "-" absent; lists are parted by ';', the cells of
 * a row by '/'.  What is no value of the field's type becomes a text, as a connector
 * hands on what it could not read. */
#ifndef FUZZ_ROWS_H
#define FUZZ_ROWS_H

#include "fuzz.h"

#include "mapping/convert.h"
#include "mapping/mapping_fields.h"
#include "mapping/moment.h"

/* Takes the next part of a list. */
static inline struct rk_text
rows_part(struct rk_text *list, char by)
{
	struct rk_text part = { list->ptr, 0 };
	while (part.len < list->len && part.ptr[part.len] != by)
		part.len++;
	uint64_t taken = part.len + (part.len < list->len);
	list->ptr += taken;
	list->len -= taken;
	return part;
}

static inline struct rk_value
rows_value(const struct rk_field *field, struct rk_text text, struct arena *arena);

static inline void
rows_items(const struct rk_field *field, struct rk_text text, struct arena *arena,
           struct rk_value *v)
{
	struct rk_field item = { .type = RK_TEXT, .ref_object = field->ref_object };
	bool row = field->type == RK_ROW;
	size_t room = row ? field->column_count : text.len;
	struct rk_value *items = arena_new_array(arena, room, struct rk_value);
	if (field->type == RK_TABLE)
		item = (struct rk_field){ .type = RK_ROW, .columns = field->columns,
			                  .column_count = field->column_count };
	else if (convert_item_type(field->type) != RK_ABSENT)
		item.type = convert_item_type(field->type);
	v->items = items;
	for (; row ? v->count < room : text.len > 0; v->count++)
		items[v->count] = rows_value(row ? &field->columns[v->count] : &item,
		                             rows_part(&text, row ? '/' : ';'), arena);
	v->text = (struct rk_text){ 0 };
}

static inline struct rk_value
rows_value(const struct rk_field *field, struct rk_text text, struct arena *arena)
{
	struct rk_value v = { .type = field->type, .text = arena_text(arena, text) };
	bool good = true;
	if (text.len == 0)
		return (struct rk_value){ .type = RK_NULL };
	if (text_is(text, "-"))
		return (struct rk_value){ .type = RK_ABSENT };
	switch (field->type) {
	case RK_BOOL:
		v.number = text_is(text, "true");
		break;
	case RK_INTEGER:
		good = text_int64(text, &v.number);
		break;
	case RK_DATETIME:
		good = moment_datetime(text, &v.number) == MOMENT_OK;
		break;
	case RK_CHOICES: case RK_REFS: case RK_TABLE: case RK_ROW:
		rows_items(field, text, arena, &v);
		return v;
	case RK_USER:
		if (memchr(text.ptr, ';', text.len) != NULL)
			rows_items(field, text, arena, &v);
		return v;
	case RK_REF:
		v.object = field->ref_object;
		break;
	default:
		break;
	}
	if (!good)
		v.type = RK_TEXT;
	else if (field->type == RK_BOOL || field->type == RK_INTEGER
	         || field->type == RK_DATETIME)
		v.text = (struct rk_text){ 0 };
	return v;
}

/* A record of the fields from the lines of 'text'. */
static inline struct rk_record
rows_record(const struct rk_field *fields, size_t count, struct rk_text text,
            struct arena *arena)
{
	struct rk_value *values = arena_new_array(arena, count, struct rk_value);
	for (size_t i = 0; i < count; i++)
		values[i] = rows_value(&fields[i], fuzz_line(&text), arena);
	return (struct rk_record){ .id = T("id 7"), .modified_ms = 1770008646000,
		                   .values = values };
}

#endif
