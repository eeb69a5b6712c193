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
#include "config/names.h"
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
	  ONE_OF("answer", "list", "get", "find", "upsert", "create", "update", "archive",
	         "job") },
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
	{ "most", TABLE_INTEGER, INTO(scenario_rule, most), WITHIN(0, 5000), .normal = "0" },
	WORDS("pending", pending), WORDS("conflict", conflict), WORDS("version", version),
	{ "job", TABLE_BOOL, INTO(scenario_rule, job), .normal = "false" },
	{ "polls", TABLE_INTEGER, INTO(scenario_rule, polls), WITHIN(0, 10), .normal = "1" },
	{ "shuffled", TABLE_BOOL, INTO(scenario_rule, shuffled), .normal = "false" },
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
	{ "error", TABLE_TEXT, INTO(scenario, error) },
	{ "time", TABLE_PICK, INTO(scenario, time), .normal = "ms",
	  ONE_OF("ms", "s", "iso") },
	{ "versions", TABLE_BOOL, INTO(scenario, versions), .normal = "false" },
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

/* ---- Names ------------------------------------------------------------------------ */

/* What ${...} may name; with a dot, what begins so. */
static const char *const template_names[] = {
	"items", "count", "next", "reason", "created", "updated", "now", "id", "job", "modified", "version",
	"values", "values.", "row.", "query.", "path.", "body", "body.", "end",
};
#define TEMPLATE_NAMES (sizeof template_names / sizeof *template_names)

struct checked {
	struct scenario *s;
	const struct scenario_rule *rule;
	struct problems *problems;
	const char *key;               /* Of the request: "answer", "since" ... */
};

/* 'what' names 'name', which is none of 'known'. */
static void
unknown(const struct checked *c, const char *what, const char *name, const char *const *known,
        size_t count)
{
	struct named of = NAMED(known, count);
	if (count == 0)
		problem_add(c->problems, PROBLEM_FATAL, c->rule->at, NULL,
		            "%s: found %s \"%s\", which there is none of", c->key, what, name);
	else
		problem_add(c->problems, PROBLEM_FATAL, c->rule->at, NULL, "%s: found %s \"%s\", "
		            "which there is none of; there are: %s%s", c->key, what, name,
		            named_joined(of, &c->s->arena), named_near(of, name, &c->s->arena));
}

static bool
is_among(const char *name, const char *const *known, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	return false;
}

/* "path.NAME" must stand as {NAME} in the request's pattern. */
static void
check_path(const struct checked *c, const char *name)
{
	const char *open = c->rule->request, *close;
	const char **known = arena_new_array(&c->s->arena, strlen(open) + 1, const char *);
	size_t count = 0;
	while ((open = strchr(open, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		known[count++] = arena_printf(&c->s->arena, "%.*s", (int)(close - open - 1),
		                              open + 1).ptr;
		open = close;
	}
	if (!is_among(name, known, count))
		unknown(c, "a part of the path called", name, known, count);
}

/* "values.NAME" must be a field that the scenario knows. */
static void
check_field(const struct checked *c, const char *name)
{
	const struct scenario *s = c->s;
	const char **known = arena_new_array(&c->s->arena, s->value_count + s->refuse_count + 1,
	                                     const char *);
	size_t count = 0;
	for (size_t i = 0; i < s->value_count; i++)
		known[count++] = s->values[i].from;
	for (size_t i = 0; i < s->refuse_count; i++)
		if (!is_among(s->refuses[i].from, known, count))
			known[count++] = s->refuses[i].from;
	name = arena_printf(&c->s->arena, "%.*s", (int)strcspn(name, "."), name).ptr;
	if (!is_among(name, known, count))
		unknown(c, "the field", name, known, count);
}

static void
check_name(const struct checked *c, const char *name)
{
	size_t dot = strcspn(name, ".");
	const char *root = arena_printf(&c->s->arena, "%.*s%s", (int)dot, name,
	                                name[dot] == '.' ? "." : "").ptr;
	if (name[0] == '=')
		return;
	if (!is_among(root, template_names, TEMPLATE_NAMES))
		unknown(c, "the name", name, template_names, TEMPLATE_NAMES);
	else if (strcmp(root, "path.") == 0)
		check_path(c, name + dot + 1);
	else if (strcmp(root, "values.") == 0)
		check_field(c, name + dot + 1);
}

/* Each ${...} has a name and an end, each ${if ...} its ${end}. */
static void
check_template(const struct checked *c, const char *text)
{
	const char *at = text, *close, *broken = NULL;
	bool inside = false;
	while (at != NULL && (at = strstr(at, "${")) != NULL && broken == NULL) {
		if ((close = strchr(at, '}')) == NULL) {
			broken = "a \"${\" without its \"}\"";
			break;
		}
		const char *name = arena_printf(&c->s->arena, "%.*s", (int)(close - at - 2),
		                                at + 2).ptr;
		bool opens = strncmp(name, "if ", 3) == 0, ends = strcmp(name, "end") == 0;
		if (opens == inside && (opens || ends))
			broken = opens ? "a \"${if\" inside of another one"
			               : "an \"${end}\" without its \"${if\"";
		check_name(c, opens ? name + 3 : name);
		inside = opens || (inside && !ends);
		at = close;
	}
	if (inside && broken == NULL)
		broken = "an \"${if\" without its \"${end}\"";
	if (broken != NULL)
		problem_add(c->problems, PROBLEM_FATAL, c->rule->at, NULL, "%s: found %s", c->key,
		            broken);
}

/* A state that a request waits for is one that some request leaves. */
static void
check_state(const struct checked *c)
{
	struct scenario *s = c->s;
	const char **known = arena_new_array(&s->arena, s->rule_count + 1, const char *);
	size_t count = 1;
	known[0] = "";
	for (size_t i = 0; i < s->rule_count; i++)
		if (s->rules[i].then != NULL)
			known[count++] = s->rules[i].then;
	if (c->rule->when != NULL && !is_among(c->rule->when, known, count))
		unknown(c, "the state", c->rule->when, known, count);
}

/* The keys of a request that stand for a place in it, are templates, and what a deed
 * cannot do without. */
enum { KEY_WHERE, KEY_TEMPLATE };
static const struct {
	const char *name;
	int what;
	size_t at;
	unsigned needed;               /* Deeds, as bits. */
} keys[] = {
#define KEY(member, kind, deeds) \
	{ #member, kind, offsetof(struct scenario_rule, member), deeds }
	KEY(since, KEY_WHERE, 0), KEY(until, KEY_WHERE, 0), KEY(after, KEY_WHERE, 0),
	KEY(limit, KEY_WHERE, 0), KEY(ids, KEY_WHERE, 1u << DOES_GET | 1u << DOES_JOB),
	KEY(field, KEY_WHERE, 1u << DOES_FIND), KEY(match, KEY_WHERE, 1u << DOES_FIND),
	KEY(answer, KEY_TEMPLATE, 0), KEY(refused, KEY_TEMPLATE, 0),
	KEY(each, KEY_TEMPLATE, ~(1u << DOES_ANSWER | 1u << DOES_JOB)),
	KEY(conflict, KEY_TEMPLATE, 0), KEY(pending, KEY_TEMPLATE, 1u << DOES_JOB),
};

static void
check_rule(struct scenario *s, const struct scenario_rule *rule, struct problems *problems)
{
	struct checked c = { s, rule, problems, "when" };
	check_state(&c);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *text = *(const char *const *)((const char *)rule + keys[i].at);
		c.key = keys[i].name;
		if (text == NULL && (keys[i].needed & (1u << rule->does)) != 0)
			problem_add(problems, PROBLEM_FATAL, rule->at, NULL,
			            "found nothing, but \"%s\" is required", keys[i].name);
		else if (keys[i].what == KEY_TEMPLATE)
			check_template(&c, text);
		else if (text != NULL && strncmp(text, "path.", 5) == 0)
			check_path(&c, text + 5);
	}
}

static void
check_names(struct scenario *s, struct table_reader *r)
{
	bool known = s->key == NULL || s->rule_count == 0;
	for (size_t i = 0; i < s->value_count; i++)
		known |= s->key != NULL && strcmp(s->values[i].from, s->key) == 0;
	if (!known)
		table_complain(r, NULL, "found no value for the key \"%s\" among \"values\"",
		               s->key);
	for (size_t i = 0; i < s->rule_count; i++)
		check_rule(s, &s->rules[i], r->problems);
}

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
	check_names(s, &r);
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
