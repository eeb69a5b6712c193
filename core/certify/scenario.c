/* SPDX-License-Identifier: Apache-2.0
 *
 * scenario.c - see scenario.h.  One row a key; playing is played.c's. */
#include "certify/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "config/form.h"
#include "config/table.h"

#define FILE_MAX (1024u * 1024)

/* ---- Forms ---------------------------------------------------------------------- */

static const char *
form_request(const char *text)
{
	size_t method = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return method > 0 && strncmp(text + method, " /", 2) == 0
		? NULL : "a method and a path, such as \"GET /contacts/{id}\"";
}

static const char *
form_body(const char *text)
{
	return strcmp(text, "body") == 0 || strncmp(text, "body.", 5) == 0
		? NULL : "\"body\" or \"body.NAME\"";
}

static const char *
form_where(const char *text)
{
	bool known = text[0] == '=' || strncmp(text, "query.", 6) == 0
	             || strncmp(text, "path.", 5) == 0 || form_body(text) == NULL;
	return known ? NULL : "\"query.NAME\", \"path.NAME\", \"body\", \"body.NAME\" or \"=TEXT\"";
}

/* ---- The table ------------------------------------------------------------------- */

#define WORDS(text, member) { text, TABLE_TEXT, INTO(scenario_rule, member) }
#define WHERE(text, member) \
	{ text, TABLE_TEXT, INTO(scenario_rule, member), .form = form_where }

static const struct table_rule request_rows[] = {
	{ "request", TABLE_TEXT, INTO(scenario_rule, request), .required = true,
	  .form = form_request },
	{ "does", TABLE_PICK, INTO(scenario_rule, does), .normal = "answer",
	  ONE_OF("answer", "list", "get", "find", "upsert", "create", "update", "archive") },
	WHERE("since", since), WHERE("until", until), WHERE("after", after),
	WHERE("limit", limit), WHERE("ids", ids), WHERE("field", field),
	WHERE("match", match), WORDS("id", id),
	{ "rows", TABLE_TEXT, INTO(scenario_rule, rows), .form = form_body,
	  .normal = "body" },
	WORDS("values", values), WORDS("answer", answer), WORDS("each", each),
	WORDS("refused", refused), WORDS("when", when), WORDS("then", then),
	{ "status", TABLE_INTEGER, INTO(scenario_rule, status), WITHIN(100, 599),
	  .normal = "200" },
	{ "refused_status", TABLE_INTEGER, INTO(scenario_rule, refused_status),
	  WITHIN(100, 599), .normal = "200" },
};
static const struct table_level request_level = {
	.what = "a request", FILLS(scenario_rule), ROWS(request_rows),
	PLACE(scenario_rule, at),
};

#define PAIRS(text, member, number) \
	{ text, TABLE_PAIRS, LIST(scenario, member, number) }

static const struct table_rule top_rows[] = {
	{ "simulator", TABLE_TEXT, INTO(scenario, simulator) },
	{ "object", TABLE_TEXT, INTO(scenario, object), .required = true,
	  .form = form_filled },
	{ "key", TABLE_TEXT, INTO(scenario, key) },
	{ "time", TABLE_PICK, INTO(scenario, time), .normal = "ms",
	  ONE_OF("ms", "s", "iso") },
	{ "records", TABLE_INTEGER, INTO(scenario, records), WITHIN(0, 5000),
	  .normal = "25" },
	PAIRS("settings", settings, setting_count),
	PAIRS("values", values, value_count),
	PAIRS("refuses", refuses, refuse_count),
	{ "requests", TABLE_GROUPS, LIST(scenario, rules, rule_count),
	  .sub = &request_level },
};
static const struct table_level top_level = {
	.what = "a scenario", FILLS(scenario), ROWS(top_rows),
};

bool
scenario_read(struct scenario *s, const char *path, struct problems *problems)
{
	BUF_AUTO text = BUF_INIT(FILE_MAX);
	*s = (struct scenario){ .arena = ARENA_INIT };
	struct table_reader r = { .arena = &s->arena, .problems = problems,
		.file = arena_str(&s->arena, path), .weight = PROBLEM_FATAL,
		.unknown = PROBLEM_FATAL };
	if (!io_read_file(path, &text)) {
		table_complain(&r, NULL, "cannot be read: %s", strerror(errno));
		return false;
	}
	if (!table_read(&r, buf_text(&text), &top_level, "a scenario", s))
		return false;
	if (s->simulator == NULL && s->rule_count == 0)
		table_complain(&r, NULL, "expected \"requests\", or a \"simulator\"");
	return !problems_fatal(problems);
}

void
scenario_free(struct scenario *s)
{
	arena_free(&s->arena);
}

const char *
scenario_numbered(const char *text, int64_t n, struct arena *arena)
{
	const char *at = strstr(text, "${n}");
	if (at == NULL)
		return text;
	return arena_printf(arena, "%.*s%lld%s", (int)(at - text), text, (long long)n,
	                    at + 4).ptr;
}
