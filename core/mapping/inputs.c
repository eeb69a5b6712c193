/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.c - see inputs.h. */
#include "mapping/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mapping/decimal.h"
#include "mapping/fault.h"
#include "mapping/moment.h"
#include "record/value.h"

#define BIT(type) (1u << (type))

static const struct rk_field field_id = {
	.name = { "$id", 3 }, .type = RK_TEXT, .min_length = -1, .max_length = -1,
	.integer_digits = -1, .decimals = -1,
};
static const struct rk_field field_modified = {
    .name = {"$modified", 9},
    .type = RK_DATETIME,
    .min_length = -1,
    .max_length = -1,
    .integer_digits = -1,
    .decimals = -1,
};

/* Which types a value may have where the source described one: numbers come as
 * they fit, and an option that is not in the list comes as text. */
static const uint32_t accepts[RK_TYPE_COUNT] = {
	[RK_BOOL] = BIT(RK_BOOL),
	[RK_INTEGER] = BIT(RK_INTEGER) | BIT(RK_DECIMAL),
	[RK_DECIMAL] = BIT(RK_INTEGER) | BIT(RK_DECIMAL),
	[RK_TEXT] = BIT(RK_TEXT),
	[RK_RICH] = BIT(RK_RICH),
	[RK_DATE] = BIT(RK_DATE),
	[RK_TIME] = BIT(RK_TIME),
	[RK_DATETIME] = BIT(RK_DATETIME),
	[RK_CHOICE] = BIT(RK_CHOICE) | BIT(RK_TEXT),
	[RK_CHOICES] = BIT(RK_CHOICES),
	[RK_REF] = BIT(RK_REF),
	[RK_REFS] = BIT(RK_REFS),
	[RK_USER] = BIT(RK_USER),
	[RK_TABLE] = BIT(RK_TABLE),
	[RK_JSON] = BIT(RK_JSON),
};

static int
by_name(const void *a, const void *b)
{
	return text_cmp((*(const struct rk_field *const *)a)->name,
	                (*(const struct rk_field *const *)b)->name);
}

void
inputs_init(struct inputs *in, const struct rk_schema *schema, struct arena *arena)
{
	size_t n = schema->field_count;
	*in = (struct inputs){ .schema = schema };
	in->used = arena_new_array(arena, n, struct rk_field);
	in->slots = arena_new_array(arena, n, int);
	in->by_name = arena_new_array(arena, n, const struct rk_field *);
	for (size_t i = 0; i < n; i++) {
		in->slots[i] = SLOT_NONE;
		in->by_name[i] = &schema->fields[i];
	}
	if (n > 0)
		qsort(in->by_name, n, sizeof *in->by_name, by_name);
}

int
inputs_slot(struct inputs *in, struct rk_text name)
{
	if (text_eq(name, field_id.name))
		return SLOT_ID;
	if (text_eq(name, field_modified.name))
		return SLOT_MODIFIED;
	struct rk_field wanted = { .name = name };
	const struct rk_field *key = &wanted, **found = NULL;
	if (in->schema->field_count > 0)
		found = bsearch(&key, in->by_name, in->schema->field_count, sizeof key,
		                by_name);
	if (found == NULL)
		return SLOT_NONE;
	int *slot = &in->slots[*found - in->schema->fields];
	if (*slot == SLOT_NONE) {
		in->used[in->used_count] = **found;
		*slot = (int)in->used_count++;
	}
	return *slot;
}

const struct rk_field *
inputs_field(const struct inputs *in, int slot)
{
	if (slot == SLOT_ID)
		return &field_id;
	return slot == SLOT_MODIFIED ? &field_modified : &in->used[slot];
}

struct rk_text
inputs_nearest(const struct rk_field *fields, size_t count, struct rk_text name,
               struct arena *arena)
{
	const char **names = arena_new_array(arena, count, const char *);
	for (size_t i = 0; i < count; i++) {
		if (name.len > 0 && text_eq(fields[i].label, name))
			return fields[i].name;
		names[i] = arena_text(arena, fields[i].name).ptr;
	}
	return text_of(text_nearest(arena_text(arena, name).ptr, names, count));
}

const struct rk_field *
inputs_require(struct inputs *in, struct rk_text name, struct arena *arena,
               struct complaint *c, int *slot)
{
	*slot = inputs_slot(in, name);
	if (*slot == SLOT_NONE) {
		struct rk_text near = inputs_nearest(in->schema->fields,
		                                     in->schema->field_count, name,
		                                     arena);
		complain(c,
		         "found field \"%.*s\", expected a field of the source%s%.*s%s",
		         fault_len(name), name.ptr,
		         near.len > 0 ? " (did you mean \"" : "", (int)near.len, near.ptr,
		         near.len > 0 ? "\"?)" : "");
		return NULL;
	}
	const struct rk_field *field = inputs_field(in, *slot);
	if (field->unmappable.len > 0) {
		complain(c, "field \"%.*s\" of the source cannot be mapped: %.*s",
		         fault_len(name), name.ptr, fault_len(field->unmappable),
		         field->unmappable.ptr);
		return NULL;
	}
	if (field->type >= RK_TYPE_COUNT || accepts[field->type] == 0) {
		complain(c,
		         "field \"%.*s\" of the source has a type that renkei does not "
		         "know",
		         fault_len(name), name.ptr);
		return NULL;
	}
	return field;
}

static bool
items_sound(const struct rk_value *value, uint32_t types)
{
	for (uint64_t i = 0; i < value->count; i++)
		if (value->items[i].type >= RK_TYPE_COUNT
		    || (types & BIT(value->items[i].type)) == 0)
			return false;
	return true;
}

bool
inputs_sound(const struct rk_field *field, const struct rk_value *value)
{
	struct decimal number;
	int64_t n;
	if (value->type == RK_ABSENT || value->type == RK_NULL)
		return true;
	if (value->type >= RK_TYPE_COUNT || field->type >= RK_TYPE_COUNT
	    || (accepts[field->type] & BIT(value->type)) == 0)
		return false;
	switch (value->type) {
	case RK_DECIMAL:
		return decimal_read(&number, value->text);
	case RK_DATE:
		return moment_date(value->text, &n);
	case RK_TIME:
		return moment_time(value->text, &n);
	case RK_DATETIME:
		return moment_is_sane(value->number);
	case RK_CHOICES:
		return items_sound(value, BIT(RK_CHOICE) | BIT(RK_TEXT));
	case RK_REFS:
		return items_sound(value, BIT(RK_REF));
	case RK_USER:
		return items_sound(value, BIT(RK_USER) | BIT(RK_TEXT));
	case RK_TABLE:
		return items_sound(value, BIT(RK_ROW));
	default:
		return true;
	}
}

/* The value as a person would find it in the CRM, for a message. */
static struct rk_text
shown(const struct rk_value *value, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(1024);
	value_show(&out, value);
	return arena_text(arena, buf_text(&out));
}

const struct rk_value *
inputs_peek(const struct rk_record *record, int slot, struct rk_value *room)
{
	if (slot >= 0)
		return &record->values[slot];
	*room = (struct rk_value){ .type = RK_NULL };
	if (slot == SLOT_ID && record->id.len > 0) {
		room->type = RK_TEXT;
		room->text = record->id;
	} else if (slot == SLOT_MODIFIED && record->modified_ms != RK_NO_TIME) {
		room->type = RK_DATETIME;
		room->number = record->modified_ms;
	}
	return room;
}

bool
inputs_value(const struct inputs *in, const struct rk_record *record, int slot,
             struct arena *arena, struct rk_value *out, struct mapping_fault *fault)
{
	struct rk_value room;
	const struct rk_field *field = inputs_field(in, slot);
	*out = *inputs_peek(record, slot, &room);
	if (!inputs_sound(field, out))
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, shown(out, arena),
		                 "the source sent a value of \"%.*s\" that is not of its "
		                 "type: found %s, expected %s",
		                 fault_len(field->name), field->name.ptr,
		                 value_type_name(out->type),
		                 value_type_name(field->type));
	if (field->type == RK_CHOICE && out->type == RK_TEXT)
		out->type = RK_CHOICE;
	return true;
}
