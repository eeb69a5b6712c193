/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - see table.h. */
#include "config/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/scan.h"

struct place
table_place(const struct table_reader *r, const config_setting_t *setting)
{
	return (struct place){ r->file, config_setting_source_line(setting) };
}

void
table_complain(struct table_reader *r, const config_setting_t *setting,
               const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	problem_add(r->problems, r->weight, table_place(r, setting), r->sync, "%s", text);
}

const char *
table_found(const config_setting_t *setting, char *out, size_t size)
{
	char text[64];
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(out, size, "the number %lld", config_setting_get_int64(setting));
		break;
	case CONFIG_TYPE_FLOAT:
		snprintf(out, size, "the number %g", config_setting_get_float(setting));
		break;
	case CONFIG_TYPE_BOOL:
		snprintf(out, size, "%s",
		         config_setting_get_bool(setting) ? "true" : "false");
		break;
	case CONFIG_TYPE_STRING:
		text_copy(text, sizeof text, text_of(config_setting_get_string(setting)));
		snprintf(out, size, "\"%s\"", text);
		break;
	case CONFIG_TYPE_GROUP:
		snprintf(out, size, "a group { }");
		break;
	default:
		snprintf(out, size, "a list of %d", config_setting_length(setting));
	}
	return out;
}

bool
table_too_large(const config_setting_t *setting)
{
	int64_t number = config_setting_get_int64(setting);
	return config_setting_type(setting) == CONFIG_TYPE_INT64
	       && (number > INT32_MAX || number < INT32_MIN);
}

static const char *
expected(const struct table_rule *rule, char *out, size_t size)
{
	static const char *const words[] = {
		[TABLE_TEXT] = "a text in quotes",
		[TABLE_BOOL] = "true or false",
		[TABLE_INTEGER] = "a number",
		[TABLE_DURATION] = "a duration in quotes, such as \"90s\", \"5m\" or "
		                   "\"1h\"",
		[TABLE_TEXTS] = "a list of texts, such as ( \"a\", \"b\" )",
		[TABLE_PAIRS] = "a list of pairs, such as ( (\"a\", \"b\"), (\"c\", "
		                "\"d\") )",
		[TABLE_GROUP] = "a group { }",
		[TABLE_GROUPS] = "a list of groups, ( { }, { } )",
		[TABLE_NAMED] = "a group of groups, { name: { }; }",
	};
	if (rule->expect != NULL)
		return rule->expect;
	if (rule->kind != TABLE_CHOICE && rule->kind != TABLE_PICK)
		return words[rule->kind];
	size_t len = 0;
	for (size_t i = 0; rule->choices[i] != NULL && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s\"%s\"", i == 0 ? ""
		                        : rule->choices[i + 1] != NULL ? ", " : " or ",
		                        rule->choices[i]);
	return out;
}

static void
wrong(struct table_reader *r, const struct table_rule *rule,
      const config_setting_t *member)
{
	char found[128], wanted[256];
	table_complain(r, member, "%s: found %s, expected %s", rule->name,
	               table_found(member, found, sizeof found),
	               expected(rule, wanted, sizeof wanted));
}

/* ---- One value --------------------------------------------------------- */

/* The text of 'member' if it is one and has the rule's form; else NULL, said. */
static const char *
good_text(struct table_reader *r, const struct table_rule *rule,
          const config_setting_t *member)
{
	const char *text = config_setting_get_string(member);
	char found[128];
	if (text == NULL) {
		wrong(r, rule, member);
		return NULL;
	}
	const char *wanted = rule->form != NULL ? rule->form(text) : NULL;
	if (wanted != NULL) {
		table_complain(r, member, "%s: found %s, expected %s", rule->name,
		               table_found(member, found, sizeof found), wanted);
		return NULL;
	}
	return text;
}

static void
read_text(struct table_reader *r, const struct table_rule *rule, config_setting_t *member,
          char *into)
{
	const char *text = good_text(r, rule, member);
	if (text != NULL)
		*(const char **)(void *)(into + rule->offset) = arena_str(r->arena, text);
}

static void
read_bool(struct table_reader *r, const struct table_rule *rule, config_setting_t *member,
          char *into)
{
	if (config_setting_type(member) != CONFIG_TYPE_BOOL)
		wrong(r, rule, member);
	else
		*(bool *)(into + rule->offset) = config_setting_get_bool(member) != 0;
}

static void
read_integer(struct table_reader *r, const struct table_rule *rule,
             config_setting_t *member, char *into)
{
	int type = config_setting_type(member);
	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		wrong(r, rule, member);
		return;
	}
	int64_t number = config_setting_get_int64(member);
	if (number < rule->least || number > rule->most)
		table_complain(r, member,
		               "%s: found the number %lld, expected %lld to %lld",
		               rule->name, (long long)number, (long long)rule->least,
		               (long long)rule->most);
	else
		*(int64_t *)(void *)(into + rule->offset) = number;
}

static void
read_duration(struct table_reader *r, const struct table_rule *rule,
              config_setting_t *member, char *into)
{
	const char *text = config_setting_get_string(member);
	int64_t ms;
	if (text == NULL || !text_duration_ms(text, &ms))
		wrong(r, rule, member);
	else if (ms < rule->least || ms > rule->most)
		table_complain(r, member,
		               "%s: found \"%s\", expected %lld to %lld seconds",
		               rule->name, text, (long long)rule->least / 1000,
		               (long long)rule->most / 1000);
	else
		*(int64_t *)(void *)(into + rule->offset) = ms;
}

/* The place of 'text' among the choices; -1: it is none. */
static int
choice_of(const struct table_rule *rule, const char *text)
{
	for (int i = 0; text != NULL && rule->choices[i] != NULL; i++)
		if (strcmp(rule->choices[i], text) == 0)
			return i;
	return -1;
}

static void
read_choice(struct table_reader *r, const struct table_rule *rule,
            config_setting_t *member, char *into)
{
	int i = choice_of(rule, config_setting_get_string(member));
	if (i < 0)
		wrong(r, rule, member);
	else if (rule->kind == TABLE_PICK)
		*(int *)(void *)(into + rule->offset) = i;
	else
		*(const char **)(void *)(into + rule->offset) = rule->choices[i];
}

/* ---- Lists ------------------------------------------------------------- */

static bool
is_list(const config_setting_t *member)
{
	return config_setting_is_list(member) || config_setting_is_array(member);
}

static void
read_texts(struct table_reader *r, const struct table_rule *rule,
           config_setting_t *member, char *into)
{
	if (!is_list(member)) {
		wrong(r, rule, member);
		return;
	}
	size_t n = (size_t)config_setting_length(member), kept = 0;
	const char **list = arena_new_array(r->arena, n + 1, const char *);
	for (size_t i = 0; i < n; i++) {
		const char *text =
			good_text(r, rule, config_setting_get_elem(member, (unsigned)i));
		if (text != NULL)
			list[kept++] = arena_str(r->arena, text);
	}
	*(const char ***)(void *)(into + rule->offset) = list;
	if (rule->count != 0)
		*(size_t *)(void *)(into + rule->count) = kept;
}

static bool
read_pair(struct table_reader *r, config_setting_t *pair, struct config_pair *into)
{
	if (!is_list(pair) || config_setting_length(pair) != 2)
		return false;
	const char *from = config_setting_get_string_elem(pair, 0);
	const char *to = config_setting_get_string_elem(pair, 1);
	if (from == NULL || to == NULL)
		return false;
	into->from = arena_str(r->arena, from);
	into->to = arena_str(r->arena, to);
	return true;
}

static void
read_pairs(struct table_reader *r, const struct table_rule *rule,
           config_setting_t *member, char *into)
{
	if (!is_list(member)) {
		wrong(r, rule, member);
		return;
	}
	size_t n = (size_t)config_setting_length(member), kept = 0;
	struct config_pair *list = arena_new_array(r->arena, n + 1, struct config_pair);
	for (size_t i = 0; i < n; i++) {
		config_setting_t *pair = config_setting_get_elem(member, (unsigned)i);
		char found[128];
		if (read_pair(r, pair, &list[kept]))
			kept++;
		else
			table_complain(r, pair, "%s: found %s, expected a pair of texts, "
			               "(\"from\", \"to\")", rule->name,
			               table_found(pair, found, sizeof found));
	}
	*(struct config_pair **)(void *)(into + rule->offset) = list;
	*(size_t *)(void *)(into + rule->count) = kept;
}

/* ---- Groups ------------------------------------------------------------ */

static void
read_group(struct table_reader *r, const struct table_rule *rule,
           config_setting_t *member, char *into)
{
	if (config_setting_is_group(member))
		table_read(r, member, rule->sub, into + rule->offset);
	else
		wrong(r, rule, member);
}

/* Groups that stand in a list, or in a group under names of the user's choice. */
static void
read_groups(struct table_reader *r, const struct table_rule *rule,
            config_setting_t *member, char *into)
{
	bool named = rule->kind == TABLE_NAMED;
	if (named ? !config_setting_is_group(member) : !config_setting_is_list(member)) {
		wrong(r, rule, member);
		return;
	}
	const struct table_level *level = &r->table->levels[rule->sub];
	size_t n = (size_t)config_setting_length(member), kept = 0;
	char *list = arena_array(r->arena, n + 1, level->bytes);
	for (size_t i = 0; i < n; i++) {
		config_setting_t *one = config_setting_get_elem(member, (unsigned)i);
		char *struct_at = list + kept * level->bytes, found[128];
		if (!config_setting_is_group(one)) {
			table_complain(r, one, "%s: found %s, expected %s, a group { }",
			               rule->name, table_found(one, found, sizeof found),
			               level->what);
			continue;
		}
		if (named)
			*(const char **)(void *)(struct_at + level->name) =
				arena_str(r->arena, config_setting_name(one));
		table_read(r, one, rule->sub, struct_at);
		kept++;
	}
	memcpy(into + rule->offset, &list, sizeof list);
	*(size_t *)(void *)(into + rule->count) = kept;
}

static void
read_own(struct table_reader *r, const struct table_rule *rule, config_setting_t *member,
         char *into)
{
	rule->own(r, member, into);
}

static void
read_member(struct table_reader *r, const struct table_rule *rule,
            config_setting_t *member, char *into)
{
	static void (*const readers[])(struct table_reader *, const struct table_rule *,
	                               config_setting_t *, char *) = {
		[TABLE_TEXT] = read_text,     [TABLE_BOOL] = read_bool,
		[TABLE_INTEGER] = read_integer, [TABLE_DURATION] = read_duration,
		[TABLE_CHOICE] = read_choice, [TABLE_PICK] = read_choice,
		[TABLE_TEXTS] = read_texts,   [TABLE_PAIRS] = read_pairs,
		[TABLE_GROUP] = read_group,   [TABLE_GROUPS] = read_groups,
		[TABLE_NAMED] = read_groups,  [TABLE_OWN] = read_own,
	};
	if (rule->at != 0)
		*(struct place *)(void *)(into + rule->at) = table_place(r, member);
	readers[rule->kind](r, rule, member, into);
}

/* ---- A level ----------------------------------------------------------- */

static void
set_normal(const struct table_rule *rule, char *into)
{
	char *at = into + rule->offset;
	if (rule->kind == TABLE_DURATION)
		*(int64_t *)(void *)at = -1;
	if (rule->normal == NULL)
		return;
	switch (rule->kind) {
	case TABLE_TEXT:
	case TABLE_CHOICE:
		*(const char **)(void *)at = rule->normal;
		break;
	case TABLE_BOOL:
		*(bool *)at = strcmp(rule->normal, "true") == 0;
		break;
	case TABLE_INTEGER:
		*(int64_t *)(void *)at = strtoll(rule->normal, NULL, 10);
		break;
	case TABLE_DURATION:
		text_duration_ms(rule->normal, (int64_t *)(void *)at);
		break;
	case TABLE_PICK:
		*(int *)(void *)at = choice_of(rule, rule->normal);
		break;
	default:             break;    /* Lists and groups have none. */
	}
}

/* The rules of a level: 'first' and as many as 'count'. */
static const struct table_rule *
rules_of(const struct table *table, int level, size_t *count)
{
	size_t first = 0;
	while (first < table->rule_count && table->rules[first].level != level)
		first++;
	size_t end = first;
	while (end < table->rule_count && table->rules[end].level == level)
		end++;
	*count = end - first;
	return table->rules + first;
}

static void
set_normals(const struct table *table, int level, char *into)
{
	size_t n;
	const struct table_rule *rules = rules_of(table, level, &n);
	for (size_t i = 0; i < n; i++) {
		if (rules[i].kind == TABLE_GROUP)
			set_normals(table, rules[i].sub, into + rules[i].offset);
		else
			set_normal(&rules[i], into);
	}
}

const char *const *
table_names(const struct table *table, int level, struct arena *arena, size_t *count)
{
	const struct table_rule *rules = rules_of(table, level, count);
	const char **names = arena_new_array(arena, *count + 1, const char *);
	for (size_t i = 0; i < *count; i++)
		names[i] = rules[i].name;
	return names;
}

static void
unknown_name(struct table_reader *r, int level, const config_setting_t *member)
{
	struct arena scratch = ARENA_INIT;
	size_t n;
	const char *const *names = table_names(r->table, level, &scratch, &n);
	const char *name = config_setting_name(member),
		   *near = text_nearest(name, names, n);
	const char *what = r->table->levels[level].what;
	char list[512] = "";
	for (size_t i = 0, len = 0; near == NULL && i < n && len < sizeof list; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s",
		                        i > 0 ? ", " : "", names[i]);
	enum problem_weight weight = r->weight;
	r->weight = r->unknown < weight ? r->unknown : weight;
	if (near != NULL)
		table_complain(r, member,
		               "found \"%s\", which is no setting of %s; did you "
		               "mean \"%s\"?",
		               name, what, near);
	else
		table_complain(r, member, "found \"%s\", expected a setting of %s: %s",
		               name, what, list);
	r->weight = weight;
	arena_free(&scratch);
}

static void
complain_missing(struct table_reader *r, const config_setting_t *group, int level,
                 const bool *given)
{
	size_t n;
	const struct table_rule *rules = rules_of(r->table, level, &n);
	char wanted[256];
	for (size_t i = 0; i < n; i++)
		if (rules[i].required && !given[i])
			table_complain(r, group, "%s without \"%s\", expected %s",
			               r->table->levels[level].what, rules[i].name,
			               expected(&rules[i], wanted, sizeof wanted));
}

void
table_read_groups(struct table_reader *r, const struct table_rule *rule,
                  config_setting_t *member, void *into)
{
	read_groups(r, rule, member, into);
}

void
table_read(struct table_reader *r, config_setting_t *group, int level, void *into)
{
	enum { MOST_RULES = 64 };
	bool given[MOST_RULES] = { false };
	const struct table_level *here = &r->table->levels[level];
	size_t n;
	const struct table_rule *rules = rules_of(r->table, level, &n);
	if (n > MOST_RULES)
		abort();               /* Our own table. */
	if (here->at != 0)
		*(struct place *)(void *)((char *)into + here->at) =
			table_place(r, group);
	set_normals(r->table, level, into);
	if (here->begin != NULL)
		here->begin(r, group, into);
	for (int m = 0; m < config_setting_length(group); m++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)m);
		size_t i = 0;
		while (i < n && strcmp(rules[i].name, config_setting_name(member)) != 0)
			i++;
		if (i < n)
			read_member(r, &rules[i], member, into);
		else if (here->other != NULL)
			here->other(r, member, into);
		else
			unknown_name(r, level, member);
		if (i < n)
			given[i] = true;
	}
	complain_missing(r, group, level, given);
	if (here->finish != NULL)
		here->finish(r, group, into);
}

/* ---- A document -------------------------------------------------------- */

static void
syntax_words(const char *error, char *why, size_t size)
{
	if (error != NULL && strcmp(error, "duplicate setting name") == 0)
		snprintf(why, size, "found a setting that this group has already");
	else
		snprintf(why, size, "%s; look here and at the line above, expected "
		         "name = value; with lists ( a, b ) and groups { }",
		         error != NULL ? error : "syntax error");
}

bool
table_parse(config_t *doc, struct rk_text text, const struct scan_limits *limits,
            unsigned *line, char *why)
{
	struct scan_fault fault = { 0 };
	BUF_AUTO fit = BUF_INIT(limits->bytes * 2); /* A number and its mark: 11 to 10. */
	config_init(doc);
	if (!scan_text(scan_skip_mark(text), limits, &fit, &fault)) {
		*line = fault.line;
		snprintf(why, sizeof fault.text, "%s", fault.text);
		return false;
	}
	bool good = config_read_string(doc, buf_str(&fit)) == CONFIG_TRUE;
	*line = good ? 0 : (unsigned)config_error_line(doc);
	if (!good)
		syntax_words(config_error_text(doc), why, sizeof fault.text);
	return good;
}
