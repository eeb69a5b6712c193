/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - see value.h. */
#include "record/value.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum shape { SHAPE_NONE, SHAPE_NUMBER, SHAPE_TEXT, SHAPE_LIST, SHAPE_REF, SHAPE_ROW };

static const struct {
	const char *name;
	enum shape shape;
} types[RK_TYPE_COUNT] = {
	[RK_ABSENT] = { "absent", SHAPE_NONE },
	[RK_NULL] = { "null", SHAPE_NONE },
	[RK_BOOL] = { "boolean", SHAPE_NUMBER },
	[RK_INTEGER] = { "integer", SHAPE_NUMBER },
	[RK_DECIMAL] = { "decimal", SHAPE_TEXT },
	[RK_TEXT] = { "text", SHAPE_TEXT },
	[RK_RICH] = { "rich text", SHAPE_TEXT },
	[RK_DATE] = { "date", SHAPE_TEXT },
	[RK_TIME] = { "time", SHAPE_TEXT },
	[RK_DATETIME] = { "datetime", SHAPE_NUMBER },
	[RK_CHOICE] = { "choice", SHAPE_TEXT },
	[RK_CHOICES] = { "multi-choice", SHAPE_LIST },
	[RK_REF] = { "reference", SHAPE_REF },
	[RK_REFS] = { "references", SHAPE_LIST },
	[RK_USER] = { "user", SHAPE_ROW },
	[RK_TABLE] = { "table", SHAPE_LIST },
	[RK_ROW] = { "row", SHAPE_ROW },
	[RK_JSON] = { "JSON", SHAPE_TEXT },
};

const char *
value_type_name(uint32_t type)
{
	return type < RK_TYPE_COUNT ? types[type].name : "unknown";
}

static void
encode(struct buf *out, const struct rk_value *v, int depth);

static void
encode_items(struct buf *out, const struct rk_value *v, int depth)
{
	if (depth == 0) {
		out->over = true;
		return;
	}
	for (uint64_t i = 0; i < v->count; i++)
		encode(out, &v->items[i], depth - 1);
}

static void
encode_content(struct buf *out, const struct rk_value *v, int depth)
{
	switch (types[v->type].shape) {
	case SHAPE_NONE:
		break;
	case SHAPE_NUMBER:
		wire_put64(buf_extend(out, 8), v->number);
		break;
	case SHAPE_TEXT:
		buf_addt(out, v->text);
		break;
	case SHAPE_LIST:
		encode_items(out, v, depth);
		break;
	case SHAPE_REF:
		wire_text(out, v->object);
		wire_text(out, v->text);
		break;
	case SHAPE_ROW:
		wire_text(out, v->text);
		encode_items(out, v, depth);
		break;
	}
}

static void
encode(struct buf *out, const struct rk_value *v, int depth)
{
	if (v->type >= RK_TYPE_COUNT) {
		out->over = true;
		return;
	}
	uint8_t type = (uint8_t)(WIRE_VALUE | v->type);
	/* Most are these, and a run encodes each value several times. */
	if (v->flags == 0 && types[v->type].shape == SHAPE_TEXT) {
		wire_item(out, type, v->text);
		return;
	}
	size_t mark = wire_open(out, v->flags != 0 ? type | WIRE_FLAGGED : type);
	if (v->flags != 0)
		buf_addc(out, (char)(unsigned char)v->flags);
	encode_content(out, v, depth);
	wire_close(out, mark);
}

void
value_encode(struct buf *out, const struct rk_value *value)
{
	encode(out, value, VALUE_DEPTH_MAX);
}

static struct rk_value
decode(struct wire_reader *r, struct arena *arena, int depth);

static void
decode_items(struct wire_reader *r, struct rk_value *v, struct arena *arena, int depth)
{
	size_t count = wire_count(r);
	if (depth == 0 || (count == 0 && wire_more(r))) {
		r->bad = true;
		return;
	}
	struct rk_value *items = arena_new_array(arena, count, struct rk_value);
	for (size_t i = 0; i < count; i++)
		items[i] = decode(r, arena, depth - 1);
	v->items = items;
	v->count = count;
}

static void
decode_content(struct wire_reader *in, struct rk_value *v, struct arena *arena, int depth)
{
	switch (types[v->type].shape) {
	case SHAPE_NONE:
		break;
	case SHAPE_NUMBER:
		in->bad |= in->end - in->at != 8;
		v->number = in->bad ? 0 : wire_get64(in->at);
		break;
	case SHAPE_TEXT:
		v->text = (struct rk_text){ (const char *)in->at,
		                            (uint64_t)(in->end - in->at) };
		break;
	case SHAPE_LIST:
		decode_items(in, v, arena, depth);
		break;
	case SHAPE_REF:
		v->object = wire_take_text(in);
		v->text = wire_take_text(in);
		break;
	case SHAPE_ROW:
		v->text = wire_take_text(in);
		decode_items(in, v, arena, depth);
		break;
	}
}

static struct rk_value
decode(struct wire_reader *r, struct arena *arena, int depth)
{
	struct rk_value v = { 0 };
	struct rk_text bytes;
	uint8_t tag = wire_take_any(r, &bytes);
	struct wire_reader in = wire_reader(bytes);
	uint32_t type = tag & ~(WIRE_VALUE | WIRE_FLAGGED);
	if (r->bad || (tag & WIRE_VALUE) == 0 || type >= RK_TYPE_COUNT) {
		r->bad = true;
		return v;
	}
	v.type = type;
	if (types[type].shape == SHAPE_TEXT && (tag & WIRE_FLAGGED) == 0) {
		v.text = bytes;
		r->bad = !text_utf8_valid(bytes);
		return v;
	}
	if ((tag & WIRE_FLAGGED) != 0) {
		if (in.at == in.end) {
			r->bad = true;
			return v;
		}
		v.flags = *in.at++;
	}
	decode_content(&in, &v, arena, depth);
	if (in.bad || !text_utf8_valid(v.text) || !text_utf8_valid(v.object)) {
		r->bad = true;
		return (struct rk_value){ 0 };
	}
	return v;
}

struct rk_value
value_decode(struct wire_reader *r, struct arena *arena)
{
	return decode(r, arena, VALUE_DEPTH_MAX);
}

bool
value_eq(const struct rk_value *a, const struct rk_value *b)
{
	if (a->type != b->type || a->flags != b->flags || a->number != b->number
	    || a->count != b->count || !text_eq(a->text, b->text)
	    || !text_eq(a->object, b->object))
		return false;
	for (uint64_t i = 0; i < a->count; i++)
		if (!value_eq(&a->items[i], &b->items[i]))
			return false;
	return true;
}

bool
value_is_empty(const struct rk_value *value)
{
	if (value->type == RK_ABSENT || value->type == RK_NULL)
		return true;
	switch (types[value->type].shape) {
	case SHAPE_TEXT:
	case SHAPE_REF:
		return value->text.len == 0;
	case SHAPE_LIST:
		return value->count == 0;
	case SHAPE_ROW:
		return value->text.len == 0 && value->count == 0;
	case SHAPE_NONE:
	case SHAPE_NUMBER:
		break;
	}
	return false;
}

static void
show_datetime(struct buf *out, int64_t ms)
{
	int64_t seconds = ms / 1000 - (ms % 1000 < 0);
	int64_t rest = ms % 1000 + (ms % 1000 < 0 ? 1000 : 0);
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[40];
	if (gmtime_r(&t, &tm) == NULL
	    || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
		buf_addf(out, "%" PRId64, ms);
		return;
	}
	buf_adds(out, text);
	if (rest != 0)
		buf_addf(out, ".%03d", (int)rest);
	buf_addc(out, 'Z');
}

void
value_show(struct buf *out, const struct rk_value *value)
{
	switch (value->type) {
	case RK_ABSENT:
	case RK_NULL:
		return;
	case RK_BOOL:
		buf_adds(out, value->number != 0 ? "true" : "false");
		return;
	case RK_INTEGER:
		buf_addf(out, "%" PRId64, value->number);
		return;
	case RK_DATETIME:
		show_datetime(out, value->number);
		return;
	default:
		buf_addt(out, value->text);
	}
	for (uint64_t i = 0; i < value->count; i++) {
		if (i > 0 || value->text.len > 0)
			buf_adds(out, "; ");
		value_show(out, &value->items[i]);
	}
}
