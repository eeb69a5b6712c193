/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - kintone's values to and from values of a described type.  Called by list.c
 * and write.c. */
#include "kintone.h"

/* [{"id":"1","value":{CODE:{"type":..,"value":..}}}] */
static struct rk_value
read_table(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	struct rk_value value = rk_value_list(host, RK_TABLE, RK_ROW, item, "id");
	struct rk_columns columns = rk_columns_make(host, field->columns,
	                                            field->column_count);
	struct rk_value *rows = host->alloc(host, value.count * sizeof *rows);
	uint64_t i = 0;

	rk_json_each(row, item) {
		rows[i] = value.items[i];
		rows[i].items = rk_columns_read(host, &columns,
		                                rk_json_get(row, "value"),
		                                kintone_read_field);
		rows[i++].count = field->column_count;
	}
	value.items = rows;
	return value;
}

/* kintone knows no difference between empty and nothing; both are null. */
struct rk_value
kintone_read_field(const struct rk_host *host, const struct rk_field *field,
                   const cJSON *item)
{
	const cJSON *value = rk_json_get(item, "value");
	int list = rk_json_is(value, cJSON_Array);

	if (list && !value->child)
		return rk_value_of(RK_NULL, rk_z(""));
	if (field->type == RK_USER && (list || rk_json_is(value, cJSON_Object)))
		return rk_value_users(host, value, "code");
	if (field->type == RK_CHOICES && list)
		return rk_value_list(host, RK_CHOICES, RK_CHOICE, value, NULL);
	if (field->type == RK_TABLE && list)
		return read_table(host, field, value);
	return rk_value_item(host, field->type, value);
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
		rk_put_enter(out, "value", '{');
		for (uint64_t j = 0; j < row->count && j < field->column_count; j++)
			if (row->items[j].type != RK_ABSENT &&
			    field->columns[j].flags & RK_FIELD_WRITABLE) {
				rk_put_key(out, field->columns[j].name);
				kintone_put_value(out, &field->columns[j],
				                  &row->items[j]);
			}
		rk_put_ends(out, "}}");
	}
	rk_put_close(out, ']');
}

void
kintone_put_value(struct rk_json_out *out, const struct rk_field *field,
                  const struct rk_value *value)
{
	int text = field->type == RK_TEXT || field->type == RK_RICH ||
	           field->type == RK_DECIMAL;

	rk_put_raw(out, rk_z("{\"value\":"));
	out->comma = 0;
	if (field->type == RK_TABLE)
		put_table(out, field, value);
	else if (field->type == RK_CHOICES || field->type == RK_USER)
		rk_put_items(out, value, field->type == RK_USER ? "code" : NULL);
	else if (value->type == RK_NULL && !text)
		rk_put_raw(out, rk_z("null"));
	else
		rk_put_text(out, rk_value_text(out->host, value, 0));
	rk_put_close(out, '}');
}
