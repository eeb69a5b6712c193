/* SPDX-License-Identifier: Apache-2.0
 *
 * lines.c - see lines.h.  A plan may have a million lines: each is written when it
 * comes, and its memory given back. */
#include "cli/lines.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/errors.h"
#include "cli/width.h"
#include "record/value.h"

#define VALUE_BYTES_MAX (16u * 1024 * 1024)
#define VALUE_COLUMNS 60

static const struct {
	const char *key;
	enum word word;
	const char *color;
} actions[] = {
	[ACTION_CREATE] = { "create", W_CREATE, "\033[32m" },
	[ACTION_UPDATE] = { "update", W_UPDATE, "\033[33m" },
	[ACTION_UNCHANGED] = { "unchanged", W_SKIP, "" },
	[ACTION_EXCLUDE] = { "exclude", W_SKIP, "" },
	[ACTION_WAIT] = { "wait", W_WAIT, "\033[36m" },
	[ACTION_FAIL] = { "fail", W_FAIL, "\033[31m" },
	[ACTION_ARCHIVE] = { "delete", W_DELETE, "\033[31m" },
	[ACTION_CONFLICT] = { "conflict", W_CONFLICT, "\033[35m" },
};

const char *
lines_action(const struct app *app, enum sync_action action)
{
	return app_say(app, actions[action].word);
}

const char *
lines_action_key(enum sync_action action)
{
	return actions[action].key;
}

struct rk_text
lines_value(struct app *app, const struct rk_value *value)
{
	BUF_AUTO text = BUF_INIT(VALUE_BYTES_MAX);
	if (value == NULL || value->type == RK_ABSENT)
		return (struct rk_text){ "", 0 };
	value_show(&text, value);
	return arena_text(&app->arena, buf_text(&text));
}

static void
add_value(struct buf *out, const struct rk_value *value, const char *nothing)
{
	BUF_AUTO text = BUF_INIT(VALUE_BYTES_MAX);
	if (value != NULL && value->type != RK_ABSENT)
		value_show(&text, value);
	width_add(out, text.len > 0 ? buf_text(&text) : text_of(nothing), 0,
	          VALUE_COLUMNS);
}

static size_t
widest_field(const struct sync_line *line)
{
	size_t widest = 0;
	for (size_t i = 0; i < line->change_count; i++) {
		size_t w = width_of(line->changes[i].field);
		widest = w > widest ? w : widest;
	}
	return widest;
}

static void
add_changes(struct app *app, struct buf *out, const struct sync_line *line)
{
	size_t widest = widest_field(line);
	for (size_t i = 0; i < line->change_count; i++) {
		const struct sync_change *c = &line->changes[i];
		buf_adds(out, "\n    ");
		width_add(out, c->field, widest, 0);
		buf_adds(out, "  ");
		if (c->before != NULL) {
			add_value(out, c->before, app_say(app, W_EMPTY));
			buf_adds(out, " -> ");
		}
		add_value(out, c->after, app_say(app, W_EMPTY));
	}
}

/* "  phone "030": is not a telephone number" */
static void
add_reason(struct app *app, struct buf *out, const struct sync_line *line)
{
	if (line->category != RK_CAT_NONE)
		buf_addf(out, "  %s", errors_kind_shown(app, line->category, NULL));
	if (line->field.len > 0) {
		buf_adds(out, "  ");
		width_add(out, line->field, 0, 0);
	}
	if (line->value.len > 0) {
		buf_adds(out, " \"");
		width_add(out, line->value, 0, VALUE_COLUMNS);
		buf_adds(out, "\"");
	}
	if (line->reason.len > 0) {
		buf_adds(out, line->field.len > 0 ? ": " : "  ");
		width_add(out, app_told(app, line->reason), 0, 0);
	}
}

static void
tell_person(struct app *app, const struct sync_line *line)
{
	BUF_AUTO out = BUF_INIT(64u * 1024 * 1024);
	bool color = app->out.color;
	if (color)
		buf_adds(&out, actions[line->action].color);
	width_add(&out, text_of(lines_action(app, line->action)), 8, 0);
	if (color)
		buf_adds(&out, "\033[0m");
	width_add(&out, line->id, 0, 0);
	if (line->key.len > 0) {
		buf_adds(&out, "  ");
		width_add(&out, line->key, 0, VALUE_COLUMNS);
	}
	if (line->target_id.len > 0) {
		buf_adds(&out, "  -> ");
		width_add(&out, line->target_id, 0, 0);
	}
	add_reason(app, &out, line);
	add_changes(app, &out, line);
	out_line(&app->out, buf_str(&out));
}

static void
json_value(struct app *app, const char *key, const struct rk_value *value)
{
	struct json_out *j = &app->out.doc;
	if (value == NULL || value->type == RK_ABSENT || value->type == RK_NULL) {
		json_null(j, key);
		return;
	}
	BUF_AUTO text = BUF_INIT(VALUE_BYTES_MAX);
	value_show(&text, value);
	json_text(j, key, buf_text(&text));
}

static void
tell_json(struct app *app, const struct sync_line *line)
{
	struct json_out *j = &app->out.doc;
	out_group(&app->out, NULL, NULL);
	json_text(j, "action", text_of(lines_action_key(line->action)));
	json_text(j, "id", line->id);
	json_text(j, "key", line->key);
	json_text(j, "target_id", line->target_id);
	json_text(j, "link", line->link);
	json_text(j, "category", text_of(err_category_name(line->category)));
	json_text(j, "field", line->field);
	json_text(j, "value", line->value);
	json_text(j, "reason", line->reason);
	json_open(j, "changes", '[');
	for (size_t i = 0; i < line->change_count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "field", line->changes[i].field);
		json_value(app, "before", line->changes[i].before);
		json_value(app, "after", line->changes[i].after);
		json_close(j, '}');
	}
	json_close(j, ']');
	out_group_end(&app->out);
}

void
lines_tell(struct app *app, const struct sync_line *line)
{
	if (app->json)
		tell_json(app, line);
	else
		tell_person(app, line);
}

bool
lines_match(struct app *app, struct sync_options *options)
{
	const char *is = app->match != NULL ? strchr(app->match, '=') : NULL;
	if (is == NULL || is == app->match || is[1] == '\0') {
		app_usage(app, app_say(app, W_MATCH_FORM));
		return false;
	}
	options->match_field =
		(struct rk_text){ app->match, (uint64_t)(is - app->match) };
	options->match_value = text_of(is + 1);
	return true;
}
