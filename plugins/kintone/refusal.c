/* SPDX-License-Identifier: Apache-2.0
 *
 * refusal.c - a refused batch: which rows an error means, and of what category it is.
 * kintone stores nothing of a refused batch.  Called by write.c. */
#include "kintone.h"

void
kintone_all_rows(struct writing *w, int32_t status)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		w->outcomes[i].status = status;
		if (status == RK_ARCHIVED)
			w->outcomes[i].id = w->batch->rows[i].id;
	}
}

/* Where an error points: records[3].TABLE.value[0].value.CODE.value and its like. */
struct spot {
	int64_t row;                   /* -1: not of a record.                */
	struct rk_text field, cell;    /* cell: the column, if in a table.    */
	int of_option, of_list;        /* ends .values[j].value / .values     */
};

/* Splits a key of "errors".  Codes never hold '.', '[' or ']', so these part. */
static struct spot
read_spot(const char *key)
{
	struct rk_text parts[10];
	struct spot spot = { .row = -1 };
	uint64_t count = 0;
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
	spot.of_list = count > 3 && rk_text_is(parts[3], "values");
	spot.of_option = spot.of_list && count > 5 && rk_text_int(parts[4], &number);
	if (count > 6 && rk_text_is(parts[3], "value") && rk_text_int(parts[4], &number))
		spot.cell = parts[6];
	return spot;
}

/* What kintone says in its two main languages when nothing better tells. */
static const struct { const char *words; int32_t category; } field_words[] = {
	{ "値がほかのレコードと重複しています", RK_CAT_DUPLICATE },
	{ "already exists in another record", RK_CAT_DUPLICATE },
	{ "選択肢にありません", RK_CAT_PICKLIST },
	{ "not in options", RK_CAT_PICKLIST },
};

static int
has_option(const struct rk_field *field, struct rk_text value)
{
	for (uint64_t i = 0; i < field->option_count; i++)
		if (rk_text_eq(field->options[i].value, value))
			return 1;
	return 0;
}

static int
options_fit(const struct rk_field *field, const struct rk_value *value)
{
	if (field->option_count == 0 || !value || value->type <= RK_NULL)
		return 1;
	if (!value->items)
		return has_option(field, value->text);
	for (uint64_t i = 0; i < value->count; i++)
		if (!has_option(field, value->items[i].text))
			return 0;
	return 1;
}

static double
as_double(const struct rk_host *host, struct rk_text text)
{
	return strtod(rk_textf(host, "%.*s", RK_S(text)).ptr, NULL);
}

static int
number_fits(const struct writing *w, const struct rk_field *field, struct rk_text text)
{
	struct rk_text plain, whole;
	double number;

	if (!rk_decimal(w->host, rk_text_trim(text), &plain))
		return 0;
	number = as_double(w->host, plain);
	whole = rk_textf(w->host, "%.*s", RK_S(plain));
	whole.len = strcspn(whole.ptr, ".") - (*whole.ptr == '-');
	return !(field->integer_digits >= 0 &&
	         whole.len > (uint64_t)field->integer_digits) &&
	       !(field->min_value.len && number < as_double(w->host, field->min_value)) &&
	       !(field->max_value.len && number > as_double(w->host, field->max_value));
}

/* Whether 'value' keeps to number form, digits, range and length as described. */
static int
value_fits(const struct writing *w, const struct rk_field *field,
           const struct rk_value *value)
{
	struct rk_text text = kintone_wire_text(w->host, value);
	int64_t length = 0;

	if (field->type == RK_DECIMAL && text.len)
		return number_fits(w, field, text);
	for (uint64_t i = 0; i < text.len; i++)
		length += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return !(field->min_length >= 0 && length < field->min_length) &&
	       !(field->max_length >= 0 && length > field->max_length);
}

/* Sorts out a CB_VA01 of one field.  The message's language is the user's, so code,
 * key, description and our own value come first.
 *
 * Source: measured error bodies; the order of the tests is ours. */
static int32_t
judge_field(const struct writing *w, const struct spot *spot, struct rk_text message,
            const struct rk_field *field, const struct rk_value *value)
{
	int empty = !value || value->type <= RK_NULL ||
	            (kintone_wire_text(w->host, value).len == 0 && value->count == 0);

	if (!field || !(field->flags & RK_FIELD_WRITABLE))
		return RK_CAT_PROPERTY_MAPPING;
	if (spot->of_option || !options_fit(field, value))
		return RK_CAT_PICKLIST;
	if (field->ref_object.len)
		return RK_CAT_ASSOCIATION;
	if (spot->of_list || empty)
		return RK_CAT_PROPERTY_VALUE;
	if (!value_fits(w, field, value))
		return RK_CAT_PROPERTY_VALUE;
	for (size_t i = 0; i < RK_COUNT(field_words); i++)
		if (rk_text_find(message, field_words[i].words))
			return field_words[i].category;
	return field->flags & RK_FIELD_UNIQUE && !rk_text_is(field->native, "LINK")
	     ? RK_CAT_DUPLICATE : RK_CAT_PROPERTY_VALUE;
}

/* The described field and the sent value that an error points to. */
static const struct rk_field *
find_spot(const struct writing *w, const struct spot *spot, const struct rk_value **value)
{
	const struct rk_batch *batch = w->batch;
	const struct rk_row *row = &batch->rows[spot->row];
	const struct rk_field *field = rk_field_find(batch->fields, batch->field_count,
	                                             spot->field);

	*value = NULL;
	if (batch->key_field && row->key &&
	    (rk_text_is(spot->field, "updateKey") ||
	     rk_text_eq(batch->key_field->name, spot->field))) {
		*value = row->key;
		return batch->key_field;
	}
	if (!field)
		return NULL;
	*value = &row->values[field - batch->fields];
	if (spot->cell.len == 0)
		return field;
	*value = NULL;                  /* One of several rows: not compared. */
	return rk_field_find(field->columns, field->column_count, spot->cell);
}

/* Gives an indexed error to its row; the first one of a row stays. */
static int
blame(struct writing *w, const cJSON *error)
{
	struct spot spot = read_spot(error->string);
	const cJSON *messages = rk_json_get(error, "messages");
	const struct rk_value *value;
	const struct rk_field *field;
	struct rk_outcome *outcome;

	if (spot.row < 0 || (uint64_t)spot.row >= w->batch->row_count)
		return 0;
	outcome = &w->outcomes[spot.row];
	if (outcome->status == RK_REJECTED)
		return 1;
	field = find_spot(w, &spot, &value);
	outcome->status = RK_REJECTED;
	outcome->code = rk_z("CB_VA01");
	outcome->message = rk_json_text(w->host, messages ? messages->child : NULL, NULL);
	outcome->field = spot.cell.len ? rk_textf(w->host, "%.*s.%.*s", RK_S(spot.field),
	                                          RK_S(spot.cell)) : spot.field;
	if (field && rk_text_is(spot.field, "updateKey"))
		outcome->field = field->name;
	if (value)
		outcome->value = kintone_wire_text(w->host, value);
	outcome->category = judge_field(w, &spot, outcome->message, field, value);
	return 1;
}

/* Names the lookup that found no record: the one whose code stands in the message,
 * or the only one that was sent. */
static void
name_lookup(const struct writing *w, const struct rk_row *row, struct rk_outcome *outcome)
{
	const struct rk_batch *batch = w->batch;

	for (uint64_t i = 0; i < batch->field_count; i++) {
		struct rk_text name = batch->fields[i].name;

		if (batch->fields[i].ref_object.len == 0 ||
		    row->values[i].type <= RK_NULL)
			continue;
		if (outcome->field.len &&
		    !rk_text_find(outcome->message,
		                  rk_textf(w->host, "%.*s", RK_S(name)).ptr))
			continue;
		outcome->field = name;
		outcome->value = kintone_wire_text(w->host, &row->values[i]);
	}
}

/* The whole batch for one reason without an index.  Alone, the row takes it; else
 * the host finds the culprit by splitting. */
static int32_t
take_unindexed(struct writing *w, const struct rk_answer *answer,
               const struct rk_err *err)
{
	const struct rk_row *row = w->batch->rows;
	struct rk_outcome *outcome = w->outcomes;

	if (w->batch->row_count > 1) {
		kintone_all_rows(w, RK_RETRY);
		return RK_REJECT;
	}
	outcome->code = rk_json_str(w->host, answer->root, "code");
	outcome->message = rk_json_str(w->host, answer->root, "message");
	outcome->category = err->category;
	outcome->status = RK_REJECTED;
	if (rk_text_is(outcome->code, "GAIA_CO02") ||
	    rk_text_is(outcome->code, "GAIA_UN03"))
		outcome->status = RK_CONFLICT;
	if (w->batch->operation == RK_OP_ARCHIVE &&
	    rk_text_is(outcome->code, "GAIA_RE01")) {
		outcome->status = RK_ARCHIVED;         /* Gone already. */
		outcome->id = row->id;
	}
	if (err->category == RK_CAT_ASSOCIATION)
		name_lookup(w, row, outcome);
	return RK_OK;
}

static int
checks_versions(const struct rk_batch *batch)
{
	for (uint64_t i = 0; i < batch->row_count; i++)
		if (batch->rows[i].version.len)
			return 1;
	return 0;
}

/* A refused batch has stored nothing.  GAIA_CO02 without an expected version means
 * two writers at once, which passes. */
int32_t
kintone_take_refusal(struct writing *w, const struct rk_answer *answer,
                     struct rk_err *err)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	int named = 0, foreign = 0;

	if (strcmp(err->code, "GAIA_CO02") == 0 && !checks_versions(w->batch)) {
		kintone_all_rows(w, RK_RETRY);
		err->category = RK_CAT_SERVER;
		return RK_AGAIN;
	}
	rk_json_each(error, errors) {
		int found = blame(w, error);

		named += found;
		foreign += !found;
	}
	if (foreign && !named) {        /* A parameter of ours, whatever the rows. */
		kintone_all_rows(w, RK_RETRY);
		err->category = RK_CAT_BUG;
		return RK_BUG;
	}
	if (!named)
		return take_unindexed(w, answer, err);
	for (uint64_t i = 0; i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			w->outcomes[i].status = RK_RETRY;
	return RK_OK;
}
