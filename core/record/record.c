/* SPDX-License-Identifier: Apache-2.0
 *
 * record.c - see record.h. */
#include "record/record.h"

#include "base/text.h"
#include "record/schema.h"
#include "record/value.h"

static void
encode_values(struct buf *out, const struct rk_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		value_encode(out, &values[i]);
}

static const struct rk_value *
decode_values(struct wire_reader *r, struct arena *arena, size_t count)
{
	if (count > (size_t)(r->end - r->at) / WIRE_HEADER_BYTES) {
		r->bad = true;
		return NULL;
	}
	struct rk_value *values = arena_new_array(arena, count, struct rk_value);
	for (size_t i = 0; i < count && !r->bad; i++)
		values[i] = value_decode(r, arena);
	return values;
}

static size_t
take_count(struct wire_reader *r, size_t most)
{
	size_t left = (size_t)(r->end - r->at) / WIRE_HEADER_BYTES;
	size_t count = (size_t)wire_take_range(r, 0, (int64_t)most);
	if (count > left) {
		r->bad = true;
		return 0;
	}
	return count;
}

/* A text of at most 'most' bytes, in UTF-8. */
static struct rk_text
take_short(struct wire_reader *r, size_t most)
{
	struct rk_text text = wire_take_text(r);
	if (text.len > most || !text_utf8_valid(text)) {
		r->bad = true;
		text.len = 0;
	}
	return text;
}

/* Words for people: those that cannot be read are left out, what they are about
 * stands. */
static struct rk_text
take_words(struct wire_reader *r)
{
	struct rk_text text = wire_take_text(r);
	if (text.len > RECORD_WORDS_MAX || !text_utf8_valid(text))
		text.len = 0;
	return text;
}

void
record_encode(struct buf *out, const struct rk_record *record, size_t value_count)
{
	wire_text(out, record->id);
	wire_text(out, record->version);
	wire_int(out, record->modified_ms);
	wire_int(out, record->flags);
	wire_text(out, record->merged_into);
	wire_text(out, record->link);
	wire_int(out, record->values != NULL);
	if (record->values != NULL)
		encode_values(out, record->values, value_count);
}

bool
record_decode_head(struct wire_reader *r, struct rk_record *record)
{
	*record = (struct rk_record){ .id = take_short(r, RECORD_ID_MAX) };
	record->version = take_short(r, RECORD_ID_MAX);
	record->modified_ms = wire_take_int(r);
	record->flags = (uint32_t)wire_take_range(r, 0, UINT32_MAX);
	record->merged_into = take_short(r, RECORD_ID_MAX);
	record->link = take_short(r, RECORD_TOKEN_MAX);
	return !r->bad;
}

bool
record_decode(struct wire_reader *r, struct arena *arena, size_t value_count,
              struct rk_record *record)
{
	record_decode_head(r, record);
	if (wire_take_range(r, 0, 1) != 0)
		record->values = decode_values(r, arena, value_count);
	return !r->bad;
}

struct rk_text
record_bytes(const struct rk_record *record, size_t value_count, struct rk_text *values)
{
	const char *from = record->id.ptr - WIRE_HEADER_BYTES;
	/* The number behind the link says that there are values. */
	const char *first = wire_after(record->link.ptr + record->link.len), *end = first;
	for (size_t i = 0; record->values != NULL && i < value_count; i++)
		end = wire_after(end);
	*values = (struct rk_text){ first, (uint64_t)(end - first) };
	return (struct rk_text){ from, (uint64_t)(end - from) };
}

void
record_encode_query(struct buf *out, const struct rk_query *query)
{
	wire_int(out, query->mode);
	wire_text(out, query->object);
	schema_encode_fields(out, query->fields, query->field_count);
	wire_int(out, query->since_ms);
	wire_int(out, query->until_ms);
	wire_text(out, query->token);
	wire_int(out, (int64_t)query->limit);
	wire_text(out, query->field);
	wire_int(out, (int64_t)query->value_count);
	for (uint64_t i = 0; i < query->value_count; i++)
		wire_text(out, query->values[i]);
	wire_int(out, (int64_t)query->hint_count);
	for (uint64_t i = 0; i < query->hint_count; i++) {
		const struct rk_hint *hint = &query->hints[i];
		wire_text(out, hint->field);
		wire_int(out, hint->test);
		wire_int(out, (int64_t)hint->value_count);
		for (uint64_t v = 0; v < hint->value_count; v++)
			wire_text(out, hint->values[v]);
	}
}

static const struct rk_text *
decode_texts(struct wire_reader *r, struct arena *arena, uint64_t *count)
{
	*count = take_count(r, RECORD_PAGE_MAX);
	struct rk_text *texts = arena_new_array(arena, *count, struct rk_text);
	for (uint64_t i = 0; i < *count; i++)
		texts[i] = wire_take_text(r);
	return texts;
}

static void
decode_hints(struct wire_reader *r, struct arena *arena, struct rk_query *query)
{
	query->hint_count = take_count(r, RECORD_HINTS_MAX);
	struct rk_hint *hints = arena_new_array(arena, query->hint_count, struct rk_hint);
	query->hints = hints;
	for (uint64_t i = 0; i < query->hint_count; i++) {
		hints[i].field = wire_take_text(r);
		hints[i].test = (uint32_t)wire_take_range(r, RK_HINT_IN, RK_HINT_FILLED);
		hints[i].values = decode_texts(r, arena, &hints[i].value_count);
		/* A comparison is with one value. */
		bool compares = hints[i].test == RK_HINT_MOST
		                || hints[i].test == RK_HINT_LEAST;
		r->bad |= compares && hints[i].value_count != 1;
	}
}

bool
record_decode_query(struct rk_text bytes, struct arena *arena, struct rk_query *query)
{
	struct wire_reader r = wire_reader(bytes);
	*query = (struct rk_query){ .struct_size = sizeof *query };
	query->mode = (uint32_t)wire_take_range(&r, RK_BY_WINDOW, RK_BY_FIELD);
	query->object = wire_take_text(&r);
	query->fields = schema_decode_fields(&r, arena, &query->field_count);
	query->since_ms = wire_take_int(&r);
	query->until_ms = wire_take_int(&r);
	query->token = wire_take_text(&r);
	query->limit = (uint64_t)wire_take_range(&r, 0, RECORD_PAGE_MAX);
	query->field = wire_take_text(&r);
	query->values = decode_texts(&r, arena, &query->value_count);
	decode_hints(&r, arena, query);
	return !r.bad && !wire_more(&r);
}

void
record_encode_page(struct buf *out, const struct rk_page *page, size_t value_count)
{
	wire_int(out, page->more);
	wire_text(out, page->token);
	wire_int(out, page->wait_ms);
	wire_int(out, page->source_time_ms);
	wire_int(out, page->safe_until_ms);
	wire_int(out, page->total);
	wire_int(out, (int64_t)page->record_count);
	for (uint64_t i = 0; i < page->record_count; i++)
		record_encode(out, &page->records[i], value_count);
}

bool
record_decode_page(struct rk_text bytes, struct arena *arena, size_t value_count,
                   struct rk_page *page)
{
	struct wire_reader r = wire_reader(bytes);
	*page = (struct rk_page){ .struct_size = sizeof *page };
	page->more = (uint32_t)wire_take_range(&r, 0, 1);
	page->token = take_short(&r, RECORD_TOKEN_MAX);
	page->wait_ms = wire_take_range(&r, 0, 86400000);
	page->source_time_ms = wire_take_int(&r);
	page->safe_until_ms = wire_take_int(&r);
	page->total = wire_take_range(&r, 0, INT64_C(1) << 40);
	page->record_count = take_count(&r, RECORD_PAGE_MAX);
	struct rk_record *records = arena_new_array(arena, page->record_count, struct rk_record);
	for (uint64_t i = 0; i < page->record_count && !r.bad; i++)
		record_decode(&r, arena, value_count, &records[i]);
	page->records = records;
	return !r.bad && !wire_more(&r);
}

void
record_encode_batch(struct buf *out, const struct rk_batch *batch)
{
	wire_int(out, batch->operation);
	wire_text(out, batch->object);
	wire_text(out, batch->token);
	schema_encode_fields(out, batch->fields, batch->field_count);
	schema_encode_fields(out, batch->key_field, batch->key_field != NULL);
	wire_int(out, (int64_t)batch->row_count);
	for (uint64_t i = 0; i < batch->row_count; i++) {
		const struct rk_row *row = &batch->rows[i];
		wire_text(out, row->id);
		wire_text(out, row->version);
		wire_text(out, row->trace);
		wire_int(out, row->key != NULL);
		if (row->key != NULL)
			value_encode(out, row->key);
		wire_int(out, row->values != NULL);
		if (row->values != NULL)
			encode_values(out, row->values, batch->field_count);
	}
}

static void
decode_row(struct wire_reader *r, struct arena *arena, size_t value_count,
           struct rk_row *row)
{
	row->id = wire_take_text(r);
	row->version = wire_take_text(r);
	row->trace = wire_take_text(r);
	if (wire_take_range(r, 0, 1) != 0) {
		struct rk_value *key = arena_new(arena, struct rk_value);
		*key = value_decode(r, arena);
		row->key = key;
	}
	if (wire_take_range(r, 0, 1) != 0)
		row->values = decode_values(r, arena, value_count);
}

bool
record_decode_batch(struct rk_text bytes, struct arena *arena, struct rk_batch *batch)
{
	struct wire_reader r = wire_reader(bytes);
	*batch = (struct rk_batch){ .struct_size = sizeof *batch };
	batch->operation = (uint32_t)wire_take_range(&r, RK_OP_UPSERT, RK_OP_ARCHIVE);
	batch->object = wire_take_text(&r);
	batch->token = wire_take_text(&r);
	batch->fields = schema_decode_fields(&r, arena, &batch->field_count);
	uint64_t keys;
	const struct rk_field *key = schema_decode_fields(&r, arena, &keys);
	batch->key_field = keys > 0 ? key : NULL;
	batch->row_count = take_count(&r, RECORD_PAGE_MAX);
	struct rk_row *rows = arena_new_array(arena, batch->row_count, struct rk_row);
	for (uint64_t i = 0; i < batch->row_count && !r.bad; i++)
		decode_row(&r, arena, batch->field_count, &rows[i]);
	batch->rows = rows;
	return !r.bad && !wire_more(&r);
}

void
record_encode_outcomes(struct buf *out, const struct rk_result *result, size_t row_count,
                       size_t value_count)
{
	wire_text(out, result->token);
	wire_int(out, result->wait_ms);
	for (size_t i = 0; i < row_count; i++) {
		const struct rk_outcome *o = &result->outcomes[i];
		wire_int(out, o->status);
		wire_int(out, o->category);
		wire_text(out, o->id);
		wire_text(out, o->version);
		wire_text(out, o->code);
		wire_text(out, o->message);
		wire_text(out, o->field);
		wire_text(out, o->value);
		wire_text(out, o->other_id);
		wire_int(out, o->values != NULL);
		if (o->values != NULL)
			encode_values(out, o->values, value_count);
	}
}

bool
record_decode_outcomes(struct rk_text bytes, struct arena *arena, size_t row_count,
                       size_t value_count, struct rk_result *result)
{
	struct wire_reader r = wire_reader(bytes);
	*result = (struct rk_result){ .struct_size = sizeof *result };
	result->token = take_short(&r, RECORD_TOKEN_MAX);
	result->wait_ms = wire_take_range(&r, 0, 86400000);
	result->outcomes = arena_new_array(arena, row_count, struct rk_outcome);
	for (size_t i = 0; i < row_count && !r.bad; i++) {
		struct rk_outcome *o = &result->outcomes[i];
		o->status = (int32_t)wire_take_range(&r, 0, RK_OUTCOME_COUNT - 1);
		o->category = (int32_t)wire_take_range(&r, 0, RK_CAT_COUNT - 1);
		o->id = take_short(&r, RECORD_ID_MAX);
		o->version = take_short(&r, RECORD_ID_MAX);
		o->code = take_short(&r, RECORD_TOKEN_MAX);
		o->message = take_words(&r);
		o->field = take_short(&r, RECORD_TOKEN_MAX);
		o->value = take_words(&r);
		o->other_id = take_short(&r, RECORD_ID_MAX);
		if (wire_take_range(&r, 0, 1) != 0)
			o->values = decode_values(&r, arena, value_count);
	}
	return !r.bad && !wire_more(&r);
}
