/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - kintone's values to and from values of a described type.  Called by list.c
 * and write.c. */
#include "kintone.h"

/* [{"code":"sato","name":".."}], or one such object. */
static struct rk_value
read_users(const struct rk_host *host, const cJSON *item)
{
	const cJSON *list = rk_json_is(item, cJSON_Array) ? item : NULL;
	uint64_t count = rk_json_count(list);
	struct rk_value value = rk_value_of(RK_USER, rk_text_of(NULL, 0));
	struct rk_value *items;

	if (!list || count == 1) {
		value.text = rk_json_text(host,
		                          rk_json_get(list ? list->child : item, "code"),
		                          &value.flags);
		return value;
	}
	items = host->alloc(host, (count + 1) * sizeof *items);
	rk_json_each(user, list)
		items[value.count++] = rk_value_of(RK_USER,
		                                   rk_json_str(host, user, "code"));
	value.items = items;
	return value;
}

static struct rk_value
read_choices(const struct rk_host *host, const cJSON *item)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items = host->alloc(host,
	                                     (rk_json_count(item) + 1) * sizeof *items);

	rk_json_each(choice, item) {
		struct rk_value *one = &items[value.count++];

		*one = rk_value_of(RK_CHOICE, rk_text_of(NULL, 0));
		one->text = rk_json_text(host, choice, &one->flags);
		value.flags |= one->flags;
	}
	value.items = items;
	return value;
}

/* [{"id":"1","value":{CODE:{"type":..,"value":..}}}] */
static struct rk_value
read_table(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	struct rk_value value = rk_value_of(RK_TABLE, rk_text_of(NULL, 0));
	struct rk_columns columns = rk_columns_make(host, field->columns,
	                                            field->column_count);
	struct rk_value *rows = host->alloc(host,
	                                    (rk_json_count(item) + 1) * sizeof *rows);

	rk_json_each(row, item) {
		struct rk_value *cells = host->alloc(host,
		                         (field->column_count + 1) * sizeof *cells);

		rk_json_each(cell, rk_json_get(row, "value")) {
			int64_t slot = rk_columns_find(&columns, cell->string,
			                               strlen(cell->string));

			if (slot >= 0)
				cells[slot] = kintone_read_cell(
					host, &field->columns[slot],
					rk_json_get(cell, "value"));
		}
		rows[value.count] = rk_value_of(RK_ROW, rk_json_str(host, row, "id"));
		rows[value.count].items = cells;
		rows[value.count++].count = field->column_count;
	}
	value.items = rows;
	return value;
}

static struct rk_value
read_scalar(const struct rk_host *host, uint32_t type, const cJSON *item)
{
	uint32_t flags = 0;
	struct rk_text text = rk_json_text(host, item, &flags);
	struct rk_value value;

	if (text.len == 0 && !flags)
		return rk_value_of(RK_NULL, text);
	value = rk_value_read(host, type, text);
	value.flags = flags;
	return value;
}

/* One field's "value", as a value of the described type.  kintone knows no
 * difference between empty and nothing; both are null. */
struct rk_value
kintone_read_cell(const struct rk_host *host, const struct rk_field *field,
                  const cJSON *item)
{
	int nothing = !item || rk_json_is(item, cJSON_NULL) ||
	              (rk_json_is(item, cJSON_Array) && !item->child);

	if (nothing)
		return rk_value_of(RK_NULL, rk_text_of(NULL, 0));
	switch (field->type) {
	case RK_USER:    return read_users(host, item);
	case RK_CHOICES: return read_choices(host, item);
	case RK_TABLE:   return read_table(host, field, item);
	default:         return read_scalar(host, field->type, item);
	}
}

static int
is_single_user(const struct rk_field *field)
{
	return rk_text_is(field->native, "CREATOR") ||
	       rk_text_is(field->native, "MODIFIER");
}

static void
put_code(struct rk_json_out *out, struct rk_text code)
{
	rk_put_open(out, '{');
	rk_put_pair(out, "code", code);
	rk_put_close(out, '}');
}

/* Several options or users: a list, also of one or none. */
static void
put_list(struct rk_json_out *out, const struct rk_field *field,
         const struct rk_value *value)
{
	uint64_t count = value->items ? value->count : value->text.len != 0;

	if (field->type == RK_USER && is_single_user(field) && count == 1) {
		put_code(out, value->items ? value->items[0].text : value->text);
		return;
	}
	rk_put_open(out, '[');
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text text = value->items ? value->items[i].text : value->text;

		if (field->type == RK_USER)
			put_code(out, text);
		else
			rk_put_text(out, text);
	}
	rk_put_close(out, ']');
}

/* Rows not sent are deleted and cells not sent may be lost: all of both go out,
 * but for what the service computes. */
static void
put_table(struct rk_json_out *out, const struct rk_field *field,
          const struct rk_value *value)
{
	rk_put_open(out, '[');
	for (uint64_t i = 0; i < value->count; i++) {
		const struct rk_value *row = &value->items[i];

		rk_put_open(out, '{');
		if (row->text.len)
			rk_put_pair(out, "id", row->text);
		rk_put_name(out, "value");
		rk_put_open(out, '{');
		for (uint64_t j = 0; j < row->count && j < field->column_count; j++)
			if (row->items[j].type != RK_ABSENT &&
			    field->columns[j].flags & RK_FIELD_WRITABLE) {
				rk_put_key(out, field->columns[j].name);
				kintone_put_value(out, &field->columns[j],
				                  &row->items[j]);
			}
		rk_put_close(out, '}');
		rk_put_close(out, '}');
	}
	rk_put_close(out, ']');
}

static void
put_null(struct rk_json_out *out, const struct rk_field *field)
{
	int list = field->type == RK_CHOICES || field->type == RK_TABLE ||
	           field->type == RK_USER;
	int text = field->type == RK_TEXT || field->type == RK_RICH ||
	           field->type == RK_DECIMAL;

	rk_put_raw(out, rk_z(list ? "[]" : text ? "\"\"" : "null"));
}

struct rk_text
kintone_wire_text(const struct rk_host *host, const struct rk_value *value)
{
	return rk_value_text(host, value, 0);
}

/* {"value": ...} */
void
kintone_put_value(struct rk_json_out *out, const struct rk_field *field,
          const struct rk_value *value)
{
	rk_put_open(out, '{');
	rk_put_name(out, "value");
	if (value->type == RK_NULL)
		put_null(out, field);
	else if (field->type == RK_TABLE)
		put_table(out, field, value);
	else if (field->type == RK_CHOICES || field->type == RK_USER)
		put_list(out, field, value);
	else
		rk_put_text(out, kintone_wire_text(out->host, value));
	rk_put_close(out, '}');
}
