/* SPDX-License-Identifier: Apache-2.0
 *
 * events.c - takes a webhook apart: its parts, and the records that it tells of. */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/text.h"
#include "hook/hook.h"
#include "record/json_reader.h"

/* ---- Parsing --------------------------------------------------------------- */

/* Cuts a line off 'rest', without its end. */
static struct rk_text
take_line(struct rk_text *rest)
{
	const char *end = memchr(rest->ptr, '\n', rest->len);
	struct rk_text line = { rest->ptr, end != NULL ? (uint64_t)(end - rest->ptr) : rest->len };
	uint64_t used = line.len + (end != NULL);
	*rest = (struct rk_text){ rest->ptr + used, rest->len - used };
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

int32_t
hook_parse(struct hook_request *request, struct rk_text text, struct rk_err *err)
{
	struct rk_text rest = text, first = take_line(&rest);
	const char *blank = memchr(first.ptr, ' ', first.len);
	uint64_t method = blank != NULL ? (uint64_t)(blank - first.ptr) : first.len;
	*request = (struct hook_request){ .method = { first.ptr, method } };
	if (blank != NULL)
		request->secret = (struct rk_text){ blank + 1, first.len - method - 1 };
	const char *head = rest.ptr;
	bool ended = false;
	while (!ended && rest.len > 0) {
		struct rk_text line = take_line(&rest);
		request->head = (struct rk_text){ head, (uint64_t)(line.ptr - head) };
		ended = line.len == 0;
	}
	request->body = rest;
	if (method > 0 && ended && request->head.len <= HOOK_HEAD_MAX
	    && rest.len <= HOOK_BODY_MAX)
		return RK_OK;
	return err_set(err, RK_REJECT, RK_CAT_OTHER, "this is no webhook: expected a method, "
	               "header lines, an empty line and at most 64 KiB of body");
}

struct rk_text
hook_header(const struct hook_request *request, const char *name)
{
	size_t len = strlen(name);
	struct rk_text rest = request->head;
	while (rest.len > 0) {
		struct rk_text line = take_line(&rest);
		if (line.len > len && line.ptr[len] == ':'
		    && strncasecmp(line.ptr, name, len) == 0)
			return text_trim((struct rk_text){ line.ptr + len + 1,
			                                   line.len - len - 1 });
	}
	return (struct rk_text){ NULL, 0 };
}

/* ---- Events ---------------------------------------------------------------- */

/* The member that a path leads to; NULL: there is none. */
static const cJSON *
follow(const cJSON *item, const char *path)
{
	while (item != NULL && *path != '\0') {
		char name[65];
		size_t len = strcspn(path, ".");
		text_copy(name, sizeof name, (struct rk_text){ path, len });
		item = rk_json_get(item, name);
		path += len + (path[len] == '.');
	}
	return item;
}

void
hook_add(struct hook_events *events, struct arena *arena, struct rk_text object,
         struct rk_text id)
{
	if (object.len == 0 || id.len == 0 || id.len > HOOK_ID_MAX || object.len > HOOK_ID_MAX
	    || events->count == HOOK_EVENTS_MAX)
		return;
	for (size_t i = 0; i < events->count; i++)
		if (text_eq(events->list[i].id, id) && text_eq(events->list[i].object, object))
			return;
	events->list[events->count++] = (struct hook_event){ arena_text(arena, object),
	                                                     arena_text(arena, id) };
}

static void
add_event(const struct json_reader *p, const struct manifest_hook *how, const cJSON *event,
          struct hook_events *events)
{
	struct rk_text object = { NULL, 0 };
	for (size_t i = 0; i < how->object_count && object.len == 0; i++)
		object = rk_json_text(&p->host, follow(event, how->objects[i]), NULL);
	const char *dot = object.len > 0 ? memchr(object.ptr, '.', object.len) : NULL;
	if (dot != NULL)
		object.len = (uint64_t)(dot - object.ptr);
	for (size_t i = 0; i < how->id_count; i++) {
		const cJSON *id = follow(event, how->ids[i]);
		if (!rk_json_is(id, cJSON_Array))
			hook_add(events, p->arena, object, rk_json_text(&p->host, id, NULL));
		else
			rk_json_each(one, id)
				hook_add(events, p->arena, object,
				         rk_json_text(&p->host, one, NULL));
	}
}

/* What a sender of the operator's own says: {"object": ..., "id": ...}, or "ids". */
static const struct manifest_hook plain = {
	.format = "json", .events = "",
	.objects = (const char *[]){ "object" }, .object_count = 1,
	.ids = (const char *[]){ "id", "ids" }, .id_count = 2,
};

int32_t
hook_read(const struct manifest *manifest, const struct hook_request *request,
          struct arena *arena, struct hook_events *events, struct rk_err *err)
{
	const struct manifest_hook *how = manifest->hook.at.line > 0
	                                  ? &manifest->hook : &plain;
	struct json_reader reader = json_reader_in(arena);
	cJSON *root = NULL;
	struct rk_err why;
	events->count = 0;
	if (strcmp(how->format, "soap") == 0) {
		if (hook_read_soap(request->body, arena, events))
			return RK_OK;
		return err_set(err, RK_REJECT, RK_CAT_OTHER,
		               "the webhook is no outbound message of Salesforce");
	}
	if (rk_json_parse(&reader.host, request->body, &root, &why) != RK_OK)
		return err_set(err, RK_REJECT, RK_CAT_OTHER, "the webhook is no JSON: %s",
		               why.message);
	const cJSON *list = follow(root, how->events);
	if (rk_json_is(list, cJSON_Array))
		rk_json_each(event, list)
			add_event(&reader, how, event, events);
	else
		add_event(&reader, how, list, events);
	return RK_OK;
}
