/* SPDX-License-Identifier: Apache-2.0
 *
 * refusal.c - a refused batch: which rows an error means, and of what category it is.
 * kintone stores nothing of a refused batch.  Called by write.c. */
#include "kintone.h"

/* Where an error points: records[3].TABLE.value[0].value.CODE.value and its like. */
struct spot {
	int64_t row;                   /* -1: not of a record.                */
	struct rk_text field, cell;    /* cell: the column, if in a table,    */
	int64_t line;                  /* and which of its rows.              */
	int of_option, of_list;        /* ends .values[j].value / .values     */
};

/* Splits a key of "errors".  Codes never hold '.', '[' or ']', so these part. */
static struct spot
read_spot(const char *key)
{
	struct rk_text parts[10];
	struct spot spot = { .row = -1 };
	uint64_t count = 0, last = 3;
	int64_t number;

	for (const char *at = key; *at && count < RK_COUNT(parts);) {
		size_t len = strcspn(at, ".[]");

		if (len)
			parts[count++] = rk_text_of(at, len);
		at += len;
		at += *at != 0;
	}
	if (count < 3 || !rk_text_is(parts[0], "records") ||
	    !rk_text_int(parts[1], &spot.row) || spot.row < 0) {
		spot.row = -1;
		return spot;
	}
	spot.field = parts[2];
	if (count > 6 && rk_text_is(parts[3], "value") &&
	    rk_text_int(parts[4], &spot.line)) {
		spot.cell = parts[6];
		last = 7;
	}
	spot.of_list = count > last && rk_text_is(parts[last], "values");
	spot.of_option = spot.of_list && count > last + 2 &&
	                 rk_text_int(parts[last + 1], &number);
	return spot;
}

/* What we sent in a column of a table's row; NULL: no such row. */
static const struct rk_value *
cell_of(const struct rk_value *table, int64_t line, const struct rk_field *columns,
        const struct rk_field *column)
{
	const struct rk_value *row;

	if (!table || !column || table->type != RK_TABLE || line < 0 ||
	    (uint64_t)line >= table->count)
		return NULL;
	row = &table->items[line];
	return (uint64_t)(column - columns) < row->count ? &row->items[column - columns]
	                                                 : NULL;
}

/* What kintone says in its two main languages when nothing better tells.  A value that
 * is bad in itself comes before the guess that a unique field's is taken. */
static const struct rk_phrase field_words[] = {
	{ "値がほかのレコードと重複しています", RK_CAT_DUPLICATE },
	{ "already exists in another record", RK_CAT_DUPLICATE },
	{ "選択肢にありません", RK_CAT_PICKLIST },
	{ "not in options", RK_CAT_PICKLIST },
	{ "必須です", RK_CAT_PROPERTY_VALUE }, { "Required", RK_CAT_PROPERTY_VALUE },
	{ "文字より", RK_CAT_PROPERTY_VALUE }, { " characters.", RK_CAT_PROPERTY_VALUE },
	{ "必要があります", RK_CAT_PROPERTY_VALUE },
	{ "value must be", RK_CAT_PROPERTY_VALUE },
	{ "数字でなければ", RK_CAT_PROPERTY_VALUE },
	{ "Only numbers", RK_CAT_PROPERTY_VALUE },
	{ "有効桁数", RK_CAT_PROPERTY_VALUE }, { "形式が正しく", RK_CAT_PROPERTY_VALUE },
	{ NULL, RK_CAT_NONE },
};

/* Sorts out a CB_VA01 of one field.  The message's language is the user's, so code,
 * key, description and our own value come first.
 *
 * Source: measured error bodies; the order of the tests is ours. */
static int32_t
judge_field(const struct rk_host *host, const struct spot *spot, struct rk_text message,
            const struct rk_field *field, const struct rk_value *value)
{
	int32_t category = rk_value_fault(host, field, value);

	if (spot->of_option && category != RK_CAT_PROPERTY_MAPPING)
		return RK_CAT_PICKLIST;
	if (category == RK_CAT_NONE && spot->of_list)
		return RK_CAT_PROPERTY_VALUE;
	if (category != RK_CAT_NONE && (value || category != RK_CAT_PROPERTY_VALUE))
		return category;
	category = rk_phrase_category(field_words, message);
	if (category != RK_CAT_NONE)
		return category;
	return field->flags & RK_FIELD_UNIQUE && !rk_text_is(field->native, "LINK")
	     ? RK_CAT_DUPLICATE : RK_CAT_PROPERTY_VALUE;
}

/* Gives an indexed error to its row; the first one of a row stays. */
static int
blame(struct rk_writing *w, const cJSON *error)
{
	const struct rk_batch *batch = w->batch;
	struct spot spot = read_spot(error->string);
	const cJSON *messages = rk_json_get(error, "messages");
	struct rk_fault fault = { .code = rk_z("CB_VA01"), .field = spot.field };
	const struct rk_value *value;
	const struct rk_field *field;

	if (spot.row < 0 || (uint64_t)spot.row >= batch->row_count)
		return 0;
	if (w->outcomes[spot.row].status == RK_REJECTED)
		return 1;
	if (batch->key_field && rk_text_is(spot.field, "updateKey"))
		fault.field = batch->key_field->name;
	field = rk_row_field(batch, &batch->rows[spot.row], fault.field, &value);
	if (spot.cell.len) {
		const struct rk_field *table = field;

		field = table ? rk_field_find(table->columns, table->column_count,
		                              spot.cell) : NULL;
		value = cell_of(value, spot.line, table ? table->columns : NULL, field);
		if (value)
			fault.value = rk_value_text(w->host, value, 0);
		fault.field = rk_textf(w->host, "%.*s.%.*s", RK_S(spot.field),
		                       RK_S(spot.cell));
	}
	fault.message = rk_json_text(w->host, messages ? messages->child : NULL, NULL);
	fault.category = judge_field(w->host, &spot, fault.message, field, value);
	rk_refuse_row(w, (uint64_t)spot.row, &fault);
	return 1;
}

/* Names the person, organisation or group whose code the message tells; the message of
 * an unknown code names no field. */
static void
name_person(const struct rk_writing *w, struct rk_fault *fault)
{
	const struct rk_batch *batch = w->batch;

	for (uint64_t i = 0; batch->rows->values && i < batch->field_count; i++) {
		const struct rk_value *value = &batch->rows->values[i];

		if (batch->fields[i].type != RK_USER || value->type != RK_USER)
			continue;
		for (uint64_t k = 0; k < rk_item_count(value); k++) {
			struct rk_text code = rk_item_text(value, k);

			if (code.len == 0 ||
			    !rk_text_find(fault->message, rk_text_z(w->host, code)))
				continue;
			fault->field = batch->fields[i].name;
			fault->value = code;
		}
	}
}

/* The whole batch for one reason without an index.  What was to be archived and is not
 * there is archived. */
static int32_t
take_unindexed(struct rk_writing *w, const struct rk_answer *answer)
{
	const struct rk_batch *batch = w->batch;
	struct rk_fault fault = { .code = rk_json_str(w->host, answer->root, "code"),
		.message = rk_json_str(w->host, answer->root, "message"),
		.category = w->err->category };
	int32_t status;

	if (batch->row_count == 1 && rk_text_among(fault.code, "GAIA_IL26 GAIA_IL28"))
		name_person(w, &fault);
	else if (batch->row_count == 1 && fault.category == RK_CAT_ASSOCIATION)
		rk_name_reference(w, 0, &fault);
	status = rk_refuse_rest(w, &fault);
	if (status != RK_OK)
		return status;
	if (rk_text_among(fault.code, "GAIA_CO02 GAIA_UN03"))
		w->outcomes->status = RK_CONFLICT;
	if (batch->operation == RK_OP_ARCHIVE && rk_text_is(fault.code, "GAIA_RE01"))
		rk_row_done(w, 0, RK_ARCHIVED, batch->rows->id, rk_z(""));
	return RK_OK;
}

/* GAIA_CO02 without an expected version means two writers at once, which passes. */
int32_t
kintone_refused(struct rk_writing *w, const struct rk_answer *answer)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	int versions = 0, named = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		versions |= w->batch->rows[i].version.len != 0;
	if (strcmp(w->err->code, "GAIA_CO02") == 0 && !versions)
		return rk_all_again(w, RK_AGAIN, RK_CAT_SERVER);
	if (!rk_json_is(errors, cJSON_Object) || !errors->child)
		return take_unindexed(w, answer);
	rk_json_each(error, errors)
		named |= blame(w, error);
	if (!named)                     /* A parameter of ours, whatever the rows. */
		return rk_all_again(w, RK_BUG, RK_CAT_BUG);
	rk_rest_is(w, RK_RETRY);
	return RK_OK;
}
