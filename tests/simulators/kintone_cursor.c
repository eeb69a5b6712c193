/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_cursor.c - the cursors of the simulated kintone: ten at a time, ten
 * minutes each (sheet, section 3.3).  The routes of kintone.c call it. */
#include "kintone.h"

#include <stdlib.h>

#define CURSOR_MS (INT64_C(10) * 60 * 1000)
#define PAGE_MAX 500

static void
cursor_clear(struct kintone_cursor *c)
{
	for (size_t i = 0; i < c->field_count; i++)
		free((char *)(uintptr_t)c->fields[i].ptr);
	free(c->fields);
	free(c->ids);
	*c = (struct kintone_cursor){ 0 };
}

static void
cursors_expire(struct kintone *k, int64_t now_ms)
{
	for (size_t i = 0; i < KINTONE_CURSORS; i++)
		if (k->cursors[i].id[0] && k->cursors[i].until_ms < now_ms)
			cursor_clear(&k->cursors[i]);
}

static struct kintone_cursor *
cursor_called(struct kintone *k, struct text id)
{
	for (size_t i = 0; i < KINTONE_CURSORS; i++)
		if (text_is(id, k->cursors[i].id))
			return &k->cursors[i];
	return NULL;
}

static void
cursor_fill(struct kintone_cursor *c, struct request *q, struct object *o,
	    const struct kintone_result *result, int64_t size)
{
	struct text *names = kintone_list(q, "fields", &c->field_count);

	sim_uuid(c->id);
	c->o = o;
	c->size = size;
	c->until_ms = q->now_ms + CURSOR_MS;
	c->count = result->count;
	c->ids = sim_alloc((c->count + 1) * sizeof *c->ids);
	for (size_t i = 0; i < c->count; i++)
		c->ids[i] = result->records[i]->id;
	c->fields = sim_alloc((c->field_count + 1) * sizeof *c->fields);
	for (size_t i = 0; i < c->field_count; i++)
		c->fields[i] = (struct text){ sim_strdup(names[i]), names[i].len };
}

void
kintone_post_cursor(struct request *q, struct reply *r)
{
	struct kintone *k = kintone_state(q->sim);
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "v");
	int64_t size = json_int(q->json, "size", 100);
	struct kintone_result result;

	cursors_expire(k, q->now_ms);
	struct kintone_cursor *c = cursor_called(k, TEXT(""));
	if (!o)
		return;
	if (size < 1 || size > PAGE_MAX) {
		kintone_invalid_key(q, r, "size", size < 1 ? KM_AT_LEAST : KM_AT_MOST,
				    size < 1 ? "1" : "500");
		return;
	}
	if (!c) {
		kintone_error(r, 429, "GAIA_TM12", "カーソルの作成数が上限に達しています。");
		return;
	}
	if (!kintone_select(q, r, o, kintone_param(q, "query"), true, true, &result))
		return;
	cursor_fill(c, q, o, &result, size);
	buf_fmt(reply_start(r, 200), "{\"id\":\"%s\",\"totalCount\":\"%llu\"}", c->id,
		(unsigned long long)result.total);
}

/* NULL after an answer. */
static struct kintone_cursor *
cursor_of(struct request *q, struct reply *r)
{
	struct kintone *k = kintone_state(q->sim);
	struct text id = kintone_param(q, "id");

	cursors_expire(k, q->now_ms);
	struct kintone_cursor *c = id.len ? cursor_called(k, id) : NULL;
	if (!c)
		kintone_error(r, 404, "GAIA_CN01", "指定したカーソルが見つかりません。");
	return c;
}

/* The set was fixed at the start; values are those of now. */
void
kintone_get_cursor(struct request *q, struct reply *r)
{
	struct kintone_cursor *c = cursor_of(q, r);
	bool first = true;
	int64_t room;

	if (!c)
		return;
	struct kintone_wanted w = kintone_want(q->arena, c->o, c->fields, c->field_count);
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"records\":[");
	for (room = c->size; room && c->at < c->count; room--) {
		struct record *record = object_record(c->o, c->ids[c->at++]);

		if (!record)
			continue;
		buf_comma(out, &first);
		kintone_write_record(out, record, &w);
	}
	bool more = c->at < c->count;
	buf_fmt(out, "],\"next\":%s}", more ? "true" : "false");
	c->until_ms = q->now_ms + CURSOR_MS;
	if (!more)
		cursor_clear(c);
}

void
kintone_delete_cursor(struct request *q, struct reply *r)
{
	struct kintone_cursor *c = cursor_of(q, r);

	if (!c)
		return;
	cursor_clear(c);
	buf_str(reply_start(r, 200), "{}");
}

void
kintone_clear_cursors(struct kintone *k)
{
	for (size_t i = 0; i < KINTONE_CURSORS; i++)
		cursor_clear(&k->cursors[i]);
}
