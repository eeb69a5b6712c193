/* SPDX-License-Identifier: Apache-2.0
 *
 * form.c - see form.h. */
#include "console/form.h"

#include "base/text.h"
#include "record/json_reader.h"

bool
form_value(struct rk_text value)
{
	if (value.len > REQUEST_VALUE_MAX || !text_utf8_valid(value))
		return false;
	for (uint64_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
			return false;
	return true;
}

static bool
take(struct request *q, const struct rk_host *host, const char *name, const cJSON *item)
{
	uint32_t flags = 0;
	if (rk_json_is(item, cJSON_NULL))
		return true;
	if (rk_json_is(item, cJSON_Object) || rk_json_is(item, cJSON_Array))
		return false;
	struct rk_text value = rk_json_text(host, item, &flags);
	return flags == 0 && form_value(value)
	       && request_add(q, name, arena_text(q->arena, value).ptr);
}

bool
form_read(struct request *q, struct rk_text body)
{
	struct json_reader reader = json_reader_in(q->arena);
	struct rk_err err;
	cJSON *root = NULL;
	if (rk_json_parse(&reader.host, body, &root, &err) != RK_OK
	    || !rk_json_is(root, cJSON_Object))
		return false;
	rk_json_each(member, root) {
		if (!rk_json_is(member, cJSON_Array)) {
			if (!take(q, &reader.host, member->string, member))
				return false;
			continue;
		}
		rk_json_each(item, member)
			if (!take(q, &reader.host, member->string, item))
				return false;
	}
	return true;
}
