/* SPDX-License-Identifier: Apache-2.0
 *
 * explain.c - see explain.h. */
#include "cli/explain.h"

#include <string.h>

#include "base/advice.h"
#include "base/text.h"

#define LINES_MAX 16

/* Adds the lines of a text. */
static void
add_lines(struct app *app, const char **lines, size_t *count, const char *text)
{
	while (text != NULL && *text != '\0' && *count < LINES_MAX) {
		size_t len = strcspn(text, "\n");
		lines[(*count)++] =
			arena_text(&app->arena, (struct rk_text){ text, len }).ptr;
		text += len + (text[len] == '\n');
	}
}

/* What the connector says about a code of its vendor; false: nothing. */
static bool
add_vendor(struct app *app, struct explained *e, const char *code, const char *connection)
{
	const struct config_connection *c =
		connection != NULL && app->loaded
			? config_connection(&app->config, connection) : NULL;
	if (c == NULL || code == NULL || code[0] == '\0')
		return false;
	struct manifest manifest;
	struct problems unused = PROBLEMS_INIT;
	const char *const *dirs = connector_dirs(&app->config, &app->arena);
	const struct manifest_text *text = NULL;
	bool found = manifest_find(&manifest, dirs, c->connector, c->at, &unused);
	if (found)
		text = manifest_text(&manifest, code);
	if (text != NULL) {
		bool ja = app->lang == LANG_JA;
		add_lines(app, e->causes, &e->cause_count,
		          ja && text->cause_ja != NULL ? text->cause_ja : text->cause);
		add_lines(app, e->remedies, &e->remedy_count,
		          ja && text->remedy_ja != NULL ? text->remedy_ja : text->remedy);
	}
	if (found)
		manifest_free(&manifest);
	problems_free(&unused);
	return text != NULL;
}

struct explained
explain(struct app *app, int32_t category, int http_status, const char *code,
        const char *connection)
{
	struct advice advice = advice_for(category, http_status, code, app->lang);
	struct explained e = {
		.title = advice.title,
		.causes = arena_new_array(&app->arena, LINES_MAX, const char *),
		.remedies = arena_new_array(&app->arena, LINES_MAX, const char *) };
	bool vendor = add_vendor(app, &e, code, connection);
	if (vendor && !advice.always)
		return e;
	add_lines(app, e.causes, &e.cause_count, advice.causes);
	add_lines(app, e.remedies, &e.remedy_count, advice.remedies);
	return e;
}
