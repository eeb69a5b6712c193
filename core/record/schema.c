/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.c - see schema.h. */
#include "record/schema.h"


#define COLUMN_DEPTH 2

static void
encode_fields(struct buf *out, const struct rk_field *fields, uint64_t count, int depth);

static void
encode_field(struct buf *out, const struct rk_field *f, int depth)
{
	wire_text(out, f->name);
	wire_text(out, f->label);
	wire_int(out, f->type);
	wire_int(out, f->flags);
	wire_int(out, f->min_length);
	wire_int(out, f->max_length);
	wire_int(out, f->integer_digits);
	wire_int(out, f->decimals);
	wire_text(out, f->min_value);
	wire_text(out, f->max_value);
	wire_int(out, (int64_t)f->option_count);
	for (uint64_t i = 0; i < f->option_count; i++) {
		wire_text(out, f->options[i].value);
		wire_text(out, f->options[i].label);
	}
	wire_text(out, f->ref_object);
	wire_text(out, f->native);
	wire_text(out, f->unmappable);
	encode_fields(out, f->columns, depth > 0 ? f->column_count : 0, depth - 1);
}

static void
encode_fields(struct buf *out, const struct rk_field *fields, uint64_t count, int depth)
{
	wire_int(out, (int64_t)count);
	for (uint64_t i = 0; i < count; i++)
		encode_field(out, &fields[i], depth);
}

void
schema_encode_fields(struct buf *out, const struct rk_field *fields, uint64_t count)
{
	encode_fields(out, fields, count, COLUMN_DEPTH);
}

/* A count cannot be larger than the bytes that are left: each item has a header. */
static uint64_t
take_count(struct wire_reader *r, int64_t most)
{
	int64_t left = (r->end - r->at) / (int64_t)WIRE_HEADER_BYTES;
	int64_t count = wire_take_range(r, 0, most);
	if (count > left) {
		r->bad = true;
		return 0;
	}
	return (uint64_t)count;
}

static const struct rk_field *
decode_fields(struct wire_reader *r, struct arena *arena, uint64_t *count, int depth);

static void
decode_field(struct wire_reader *r, struct arena *arena, struct rk_field *f, int depth)
{
	f->name = wire_take_text(r);
	f->label = wire_take_text(r);
	f->type = (uint32_t)wire_take_range(r, RK_ABSENT, RK_TYPE_COUNT - 1);
	f->flags = (uint32_t)wire_take_range(r, 0, UINT32_MAX);
	f->min_length = wire_take_range(r, -1, INT64_MAX);
	f->max_length = wire_take_range(r, -1, INT64_MAX);
	f->integer_digits = (int32_t)wire_take_range(r, -1, 10000);
	f->decimals = (int32_t)wire_take_range(r, -1, 10000);
	f->min_value = wire_take_text(r);
	f->max_value = wire_take_text(r);
	f->option_count = take_count(r, SCHEMA_OPTIONS_MAX);
	struct rk_option *options = arena_new_array(arena, f->option_count, struct rk_option);
	for (uint64_t i = 0; i < f->option_count; i++) {
		options[i].value = wire_take_text(r);
		options[i].label = wire_take_text(r);
	}
	f->options = options;
	f->ref_object = wire_take_text(r);
	f->native = wire_take_text(r);
	f->unmappable = wire_take_text(r);
	f->columns = decode_fields(r, arena, &f->column_count, depth - 1);
}

static const struct rk_field *
decode_fields(struct wire_reader *r, struct arena *arena, uint64_t *count, int depth)
{
	*count = take_count(r, SCHEMA_FIELDS_MAX);
	if (*count > 0 && depth < 0) {
		r->bad = true;
		*count = 0;
	}
	struct rk_field *fields = arena_new_array(arena, *count, struct rk_field);
	for (uint64_t i = 0; i < *count && !r->bad; i++)
		decode_field(r, arena, &fields[i], depth);
	return fields;
}

const struct rk_field *
schema_decode_fields(struct wire_reader *r, struct arena *arena, uint64_t *count)
{
	return decode_fields(r, arena, count, COLUMN_DEPTH);
}

void
schema_encode(struct buf *out, const struct rk_schema *schema)
{
	wire_int(out, (int64_t)schema->object_count);
	for (uint64_t i = 0; i < schema->object_count; i++) {
		wire_text(out, schema->objects[i].name);
		wire_text(out, schema->objects[i].label);
		wire_int(out, schema->objects[i].flags);
	}
	schema_encode_fields(out, schema->fields, schema->field_count);
}

bool
schema_decode(struct rk_text bytes, struct arena *arena, struct rk_schema *schema)
{
	struct wire_reader r = wire_reader(bytes);
	*schema = (struct rk_schema){ .struct_size = sizeof *schema };
	schema->object_count = take_count(&r, SCHEMA_FIELDS_MAX);
	struct rk_object *objects =
		arena_new_array(arena, schema->object_count, struct rk_object);
	for (uint64_t i = 0; i < schema->object_count; i++) {
		objects[i].name = wire_take_text(&r);
		objects[i].label = wire_take_text(&r);
		objects[i].flags = (uint32_t)wire_take_range(&r, 0, UINT32_MAX);
	}
	schema->objects = objects;
	schema->fields = schema_decode_fields(&r, arena, &schema->field_count);
	return !r.bad && !wire_more(&r);
}

void
account_encode(struct buf *out, const struct rk_account *account)
{
	wire_int(out, account->not_entitled);
	wire_text(out, account->account);
	wire_text(out, account->user);
	wire_text(out, account->zone);
	wire_int(out, account->expires_ms);
	wire_int(out, (int64_t)account->grant_count);
	for (uint64_t i = 0; i < account->grant_count; i++) {
		wire_text(out, account->grants[i].name);
		wire_int(out, account->grants[i].granted);
		wire_text(out, account->grants[i].detail);
	}
}

bool
account_decode(struct rk_text bytes, struct arena *arena, struct rk_account *account)
{
	struct wire_reader r = wire_reader(bytes);
	*account = (struct rk_account){ .struct_size = sizeof *account };
	account->not_entitled = (uint32_t)wire_take_range(&r, 0, 1);
	account->account = wire_take_text(&r);
	account->user = wire_take_text(&r);
	account->zone = wire_take_text(&r);
	account->expires_ms = wire_take_range(&r, -1, INT64_MAX);
	account->grant_count = take_count(&r, SCHEMA_FIELDS_MAX);
	struct rk_grant *grants = arena_new_array(arena, account->grant_count, struct rk_grant);
	for (uint64_t i = 0; i < account->grant_count; i++) {
		grants[i].name = wire_take_text(&r);
		grants[i].granted = (uint32_t)wire_take_range(&r, 0, 1);
		grants[i].detail = wire_take_text(&r);
	}
	account->grants = grants;
	return !r.bad && !wire_more(&r);
}
