/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - HubSpot's values, all of them strings, to and from values of a described
 * type.  Called by list.c and write.c. */
#include <ctype.h>

#include "hubspot.h"

static int
read_bool(struct rk_text text, int64_t *number)
{
	static const char *const words[] = { "false", "true", "no", "yes" };

	for (size_t i = 0; i < RK_COUNT(words); i++)
		if (rk_text_eq_nocase(text, rk_z(words[i]))) {
			*number = (int64_t)(i & 1);
			return 1;
		}
	return 0;
}

/* A date comes as YYYY-MM-DD, or as milliseconds or a time at midnight UTC. */
static int
read_date(const struct rk_host *host, struct rk_text text, struct rk_text *date)
{
	int64_t days, ms;

	if (rk_date_parse(text, &days)) {
		*date = text;
		return 1;
	}
	if (!rk_text_int(text, &ms) && !rk_time_parse(text, &ms))
		return 0;
	if (ms % RK_DAY_MS || !rk_time_sane(ms))
		return 0;
	*date = rk_date_text(host, ms / RK_DAY_MS);
	return 1;
}

/* "a;b;c" as its parts; a leading ';' and empty parts are nothing. */
static struct rk_value
read_choices(const struct rk_host *host, struct rk_text text)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items;
	uint64_t most = 1;
	const char *at = text.ptr, *end = text.ptr + text.len;

	for (const char *p = at; p < end; p++)
		most += *p == ';';
	items = host->alloc(host, most * sizeof *items);
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		struct rk_text part;

		stop = stop ? stop : end;
		part = rk_text_trim(rk_text_of(at, (uint64_t)(stop - at)));
		if (part.len)
			items[value.count++] = rk_value_of(RK_CHOICE, part);
		at = stop + 1;
	}
	value.items = items;
	return value;
}

static struct rk_value
typed_value(const struct rk_host *host, uint32_t type, struct rk_text text)
{
	struct rk_value value = rk_value_of(type, rk_text_of(NULL, 0));

	switch (type) {
	case RK_CHOICES:
		return read_choices(host, text);
	case RK_BOOL:
		return read_bool(text, &value.number) ? value
		                                      : rk_value_of(RK_TEXT, text);
	case RK_DATE:
		return read_date(host, text, &value.text) ? value
		                                          : rk_value_of(RK_TEXT, text);
	case RK_DATETIME:
		if (rk_text_int(text, &value.number) && rk_time_sane(value.number))
			return value;
		return rk_value_read(host, type, text);
	default:
		return rk_value_read(host, type, text);
	}
}

/* One property as a value of the described type.  On the wire all values are
 * strings; null and "" both mean that there is none. */
struct rk_value
hubspot_read_value(const struct rk_host *host, const struct rk_field *field,
                   const cJSON *item)
{
	struct rk_value value;
	struct rk_json_out out;
	struct rk_text text;
	uint32_t flags = 0;

	if (rk_json_is(item, cJSON_Object) || rk_json_is(item, cJSON_Array)) {
		rk_json_begin(&out, host, 256, HUBSPOT_BODY_MAX);
		rk_put_item(&out, item, &flags);
		value = rk_value_of(RK_JSON, rk_text_of(out.buf, out.len));
		value.flags = flags;
		return value;
	}
	text = rk_json_text(host, item, &flags);
	value = text.len || flags ? typed_value(host, field->type, text)
	                          : rk_value_of(RK_NULL, text);
	value.flags |= flags;
	return value;
}

/* "a;b;c" without blanks, as HubSpot wants several options. */
static struct rk_text
join_items(const struct rk_host *host, const struct rk_value *value)
{
	uint64_t room = 1, len = 0;
	char *all;

	for (uint64_t i = 0; i < value->count; i++)
		room += value->items[i].text.len + 1;
	all = host->alloc(host, room);
	for (uint64_t i = 0; i < value->count; i++) {
		struct rk_text item = value->items[i].text;

		if (i)
			all[len++] = ';';
		if (item.len)
			memcpy(all + len, item.ptr, item.len);
		len += item.len;
	}
	return rk_text_of(all, len);
}

/* A value as HubSpot wants it: always a string, "" clears. */
struct rk_text
hubspot_wire_text(const struct rk_host *host, const struct rk_value *value)
{
	return value->count ? join_items(host, value) : rk_value_text(host, value, 1);
}
