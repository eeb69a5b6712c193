/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.c - see inputs.h. */
#include "mapping/inputs.h"

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/decimal.h"
#include "mapping/moment.h"
#include "record/value.h"

static const struct rk_field field_id = { .name = { "$id", 3 }, .type = RK_TEXT };
static const struct rk_field field_modified = { .name = { "$modified", 9 },
	                                        .type = RK_DATETIME };

const struct rk_field *
schema_find(const struct rk_schema *schema, struct rk_text name)
{
	for (size_t i = 0; i < schema->field_count; i++)
		if (text_eq(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

const char *
schema_suggest(const struct rk_schema *schema, struct rk_text name, struct arena *arena)
{
	size_t count = schema->field_count;
	const char **names = arena_new_array(arena, count, const char *);
	for (size_t i = 0; i < count; i++) {
		if (name.len > 0 && text_eq(schema->fields[i].label, name))
			return suggestion(schema->fields[i].name, arena);
		names[i] = arena_text(arena, schema->fields[i].name).ptr;
	}
	const char *near = text_nearest(arena_text(arena, name).ptr, names, count);
	return suggestion(text_of(near), arena);
}

void
inputs_init(struct inputs *in, const struct rk_schema *schema, struct arena *arena)
{
	*in = (struct inputs){ .schema = schema, .arena = arena };
	in->used = arena_new_array(arena, schema->field_count, struct rk_field);
}

static int
slot_of(struct inputs *in, const struct rk_field *field)
{
	if (field == &field_id)
		return SLOT_ID;
	if (field == &field_modified)
		return SLOT_MODIFIED;
	for (size_t i = 0; i < in->used_count; i++)
		if (text_eq(in->used[i].name, field->name))
			return (int)i;
	in->used[in->used_count] = *field;
	return (int)in->used_count++;
}

static const struct rk_field *
field_of(const struct inputs *in, int slot)
{
	if (slot == SLOT_ID)
		return &field_id;
	return slot == SLOT_MODIFIED ? &field_modified : &in->used[slot];
}

const struct rk_field *
inputs_require(struct inputs *in, struct rk_text name, struct complaint *c, int *slot)
{
	const struct rk_field *field = schema_find(in->schema, name);
	*slot = SLOT_NONE;
	if (text_eq(name, field_id.name))
		field = &field_id;
	else if (text_eq(name, field_modified.name))
		field = &field_modified;
	if (field == NULL)
		complain(c, "found field \"%.*s\", expected a field of the source%s",
		         SHOWN(name), schema_suggest(in->schema, name, in->arena));
	else if (field->unmappable.len > 0)
		complain(c, "field \"%.*s\" of the source cannot be mapped: %.*s",
		         SHOWN(name), SHOWN(field->unmappable));
	else if (field->type < RK_BOOL || field->type > RK_JSON || field->type == RK_ROW)
		complain(c, "field \"%.*s\" of the source has a type that renkei does "
		         "not know", SHOWN(name));
	else
		*slot = slot_of(in, field);
	return *slot != SLOT_NONE ? field : NULL;
}

/* Whether a value may have this type where the source described 'as': numbers
 * come as they fit, and an option that is not in the list comes as text. */
static bool
accepts(uint32_t as, uint32_t type)
{
	return type == as || (as == RK_CHOICE && type == RK_TEXT)
	       || ((as == RK_INTEGER || as == RK_DECIMAL)
	           && (type == RK_INTEGER || type == RK_DECIMAL));
}

/* Whether a value is of the described type, content too. */
static bool
is_sound(uint32_t as, const struct rk_value *value)
{
	struct decimal number;
	int64_t second;
	if (value->type == RK_ABSENT || value->type == RK_NULL)
		return true;
	if (!accepts(as, value->type))
		return false;
	for (uint64_t i = 0; i < value->count; i++) {
		uint32_t item = convert_item_type(value->type);
		uint32_t found = value->items[i].type;
		if (!accepts(item, found) && (item != RK_USER || found != RK_TEXT))
			return false;
	}
	switch (value->type) {
	case RK_DECIMAL: return decimal_read(&number, value->text);
	case RK_DATE: return moment_is_date(value->text);
	case RK_TIME: return moment_time(value->text, &second);
	case RK_DATETIME: return moment_is_sane(value->number);
	default: return true;
	}
}

static bool
unsound(const struct scene *s, const struct rk_field *field, const struct rk_value *value)
{
	BUF_AUTO shown = BUF_INIT(1024);
	value_show(&shown, value);
	return UNFIT(s, buf_text(&shown), "the source sent a value of \"%.*s\" that is not "
	             "of its type: found %s, expected %s", SHOWN(field->name),
	             value_type_name(value->type), value_type_name(field->type));
}

bool
inputs_value(const struct scene *s, int slot, struct rk_value *out)
{
	const struct rk_field *field = field_of(s->inputs, slot);
	const struct rk_record *record = s->record;
	if (slot >= 0)
		*out = record->values[slot];
	else if (slot == SLOT_ID && record->id.len > 0)
		*out = (struct rk_value){ .type = RK_TEXT, .text = record->id };
	else if (slot == SLOT_MODIFIED && record->modified_ms != RK_NO_TIME)
		*out = (struct rk_value){ .type = RK_DATETIME,
			                  .number = record->modified_ms };
	else
		*out = (struct rk_value){ .type = RK_NULL };
	if (!is_sound(field->type, out))
		return unsound(s, field, out);
	if (field->type == RK_CHOICE && out->type == RK_TEXT)
		out->type = RK_CHOICE;
	return true;
}
