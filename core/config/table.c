/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - see table.h. */
#include "config/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/form.h"
#include "config/scan.h"

/* ---- Words --------------------------------------------------------------- */

struct place
table_place(const struct table_reader *r, const config_setting_t *setting)
{
	unsigned line = setting != NULL ? config_setting_source_line(setting) : 0;
	return (struct place){ r->file, line };
}

void
table_complain(struct table_reader *r, const config_setting_t *setting,
               const char *format, ...)
{
	va_list args;
	va_start(args, format);
	problem_addv(r->problems, r->weight, table_place(r, setting), r->sync, format,
	             args);
	va_end(args);
}

const char *
table_text(const struct table_reader *r, const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return arena_str(r->arena, config_setting_get_string(setting));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return arena_printf(r->arena, "%lld",
		                    config_setting_get_int64(setting)).ptr;
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(setting) ? "true" : "false";
	default:
		return NULL;
	}
}

/* What stands there, for people: the number 5, "text", a list of 3. */
static const char *
found(const struct table_reader *r, const config_setting_t *setting)
{
	char text[64];
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return arena_printf(r->arena, "the number %s",
		                    table_text(r, setting)).ptr;
	case CONFIG_TYPE_FLOAT:
		return arena_printf(r->arena, "the number %g",
		                    config_setting_get_float(setting)).ptr;
	case CONFIG_TYPE_BOOL:
		return table_text(r, setting);
	case CONFIG_TYPE_STRING:
		text_copy(text, sizeof text, text_of(config_setting_get_string(setting)));
		return arena_printf(r->arena, "\"%s\"", text).ptr;
	case CONFIG_TYPE_GROUP:
		return "a group { }";
	default:
		return arena_printf(r->arena, "a list of %d",
		                    config_setting_length(setting)).ptr;
	}
}

void
table_wrong(struct table_reader *r, const char *name, const config_setting_t *setting,
            const char *wanted)
{
	table_complain(r, setting, "%s: found %s, expected %s", name, found(r, setting),
	               wanted);
}

/* "a", "b" or "c" */
static const char *
choices_of(const struct table_rule *rule, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(1024);
	for (size_t i = 0; rule->choices[i] != NULL; i++)
		buf_addf(&out, "%s\"%s\"", i == 0 ? "" : rule->choices[i + 1] != NULL
		         ? ", " : " or ", rule->choices[i]);
	return arena_str(arena, buf_str(&out));
}

static const char *
expected(const struct table_rule *rule, struct arena *arena)
{
	static const char *const words[] = {
		[TABLE_TEXT] = "a text in quotes",
		[TABLE_BOOL] = "true or false",
		[TABLE_INTEGER] = "a number",
		[TABLE_DURATION] =
			"a duration in quotes, such as \"90s\", \"5m\" or \"1h\"",
		[TABLE_TEXTS] = "a list of texts, such as ( \"a\", \"b\" )",
		[TABLE_PAIRS] =
			"a list of pairs, such as ( (\"a\", \"b\"), (\"c\", \"d\") )",
		[TABLE_GROUP] = "a group { }",
		[TABLE_GROUPS] = "a list of groups, ( { }, { } )",
		[TABLE_NAMED] = "a group of groups, { name = { }; }",
	};
	if (rule->expect != NULL)
		return rule->expect;
	if (rule->choices != NULL)
		return choices_of(rule, arena);
	return rule->kind == TABLE_START ? rule->form("") : words[rule->kind];
}

/* ---- One value --------------------------------------------------------- */

static bool
fits(enum table_kind kind, int type)
{
	if (kind == TABLE_INTEGER)
		return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	return type == (kind == TABLE_BOOL ? CONFIG_TYPE_BOOL : CONFIG_TYPE_STRING);
}

/* Stores a number of 'unit' if it is in the rule's range; else what was expected. */
static const char *
store_number(const struct table_rule *rule, int64_t number, int64_t unit,
             const char *unit_name, struct arena *arena, void *at)
{
	if (number < rule->least || number > rule->most)
		return arena_printf(arena, "%lld to %lld%s",
		                    (long long)(rule->least / unit),
		                    (long long)(rule->most / unit), unit_name).ptr;
	*(int64_t *)at = number;
	return NULL;
}

static const char *
store_choice(const struct table_rule *rule, const char *text, struct arena *arena,
             void *at)
{
	int i = 0;
	while (rule->choices[i] != NULL && strcmp(rule->choices[i], text) != 0)
		i++;
	if (rule->choices[i] == NULL)
		return expected(rule, arena);
	if (rule->kind == TABLE_PICK)
		*(int *)at = i;
	else
		*(const char **)at = rule->choices[i];
	return NULL;
}

/* Stores what 'text' says, which lives as long as the arena; NULL, or what was
 * expected instead. */
static const char *
store(const struct table_rule *rule, const char *text, struct arena *arena, void *at)
{
	int64_t ms;
	if (text == NULL)
		return expected(rule, arena);
	const char *wanted = rule->form != NULL ? rule->form(text) : NULL;
	if (wanted != NULL)
		return wanted;
	switch (rule->kind) {
	case TABLE_BOOL:
		*(bool *)at = strcmp(text, "true") == 0;
		return NULL;
	case TABLE_INTEGER:
		return store_number(rule, strtoll(text, NULL, 10), 1, "", arena, at);
	case TABLE_DURATION:
		if (!text_duration_ms(text, &ms))
			return expected(rule, arena);
		return store_number(rule, ms, 1000, " seconds", arena, at);
	case TABLE_START:
		*(int64_t *)at = form_start_ms(text);
		return NULL;
	default:
		if (rule->choices != NULL)
			return store_choice(rule, text, arena, at);
		*(const char **)at = text;
		return NULL;
	}
}

static bool
read_value(struct table_reader *r, const struct table_rule *rule,
           const config_setting_t *member, void *at)
{
	const char *wanted = fits(rule->kind, config_setting_type(member))
		? store(rule, table_text(r, member), r->arena, at)
		: expected(rule, r->arena);
	if (wanted != NULL)
		table_wrong(r, rule->name, member, wanted);
	return wanted == NULL;
}

/* ---- Lists and groups -------------------------------------------------- */

static void read_level(struct table_reader *r, config_setting_t *group,
                       const struct table_level *level, void *into);

static bool
is_list(const config_setting_t *member)
{
	return config_setting_is_list(member) || config_setting_is_array(member);
}

static bool
read_pair(struct table_reader *r, const struct table_rule *rule, config_setting_t *pair,
          struct config_pair *into)
{
	const char *from = config_setting_get_string_elem(pair, 0);
	const char *to = config_setting_get_string_elem(pair, 1);
	if (!is_list(pair) || config_setting_length(pair) != 2 || from == NULL
	    || to == NULL) {
		table_wrong(r, rule->name, pair, "a pair of texts, (\"from\", \"to\")");
		return false;
	}
	into->from = arena_str(r->arena, from);
	into->to = arena_str(r->arena, to);
	return true;
}

static bool
read_group(struct table_reader *r, const struct table_rule *rule, config_setting_t *group,
           void *into)
{
	if (!config_setting_is_group(group)) {
		table_wrong(r, rule->name, group, arena_printf(r->arena,
		            "%s, a group { }", rule->sub->what).ptr);
		return false;
	}
	if (rule->kind == TABLE_NAMED)
		*(const char **)into = arena_str(r->arena, config_setting_name(group));
	read_level(r, group, rule->sub, into);
	return true;
}

static bool
read_part(struct table_reader *r, const struct table_rule *rule, config_setting_t *part,
          void *into)
{
	if (rule->kind == TABLE_TEXTS)
		return read_value(r, rule, part, into);
	return rule->kind == TABLE_PAIRS ? read_pair(r, rule, part, into)
	                                 : read_group(r, rule, part, into);
}

static void
read_list(struct table_reader *r, const struct table_rule *rule, config_setting_t *member,
          char *into)
{
	size_t *count = (void *)(into + rule->count);
	size_t size = rule->sub != NULL           ? rule->sub->bytes
	              : rule->kind == TABLE_PAIRS ? sizeof(struct config_pair)
	                                          : sizeof(const char *);
	size_t more = (size_t)config_setting_length(member);
	char *list = arena_array(r->arena, *count + more + 1, size), *old;
	memcpy(&old, into + rule->offset, sizeof old);
	if (*count > 0)
		memcpy(list, old, *count * size);
	memcpy(into + rule->offset, &list, sizeof list);
	for (size_t i = 0; i < more; i++)
		*count += read_part(r, rule, config_setting_get_elem(member, (unsigned)i),
		                    list + *count * size);
}

static void
read_member(struct table_reader *r, const struct table_rule *rule,
            config_setting_t *member, char *into)
{
	bool group = config_setting_is_group(member);
	const char *text = config_setting_get_string(member);
	if (rule->at != 0)
		*(struct place *)(void *)(into + rule->at) = table_place(r, member);
	if (rule->kind < TABLE_TEXTS)
		read_value(r, rule, member, into + rule->offset);
	else if (rule->none != 0 && text != NULL && strcmp(text, "none") == 0)
		*(bool *)(into + rule->none) = true;
	else if (rule->kind == TABLE_GROUP && group)
		read_level(r, member, rule->sub, into + rule->offset);
	else if (rule->kind != TABLE_GROUP
	         && (rule->kind == TABLE_NAMED ? group : is_list(member)))
		read_list(r, rule, member, into);
	else
		table_wrong(r, rule->name, member, expected(rule, r->arena));
}

/* ---- A level ----------------------------------------------------------- */

static void
set_normals(const struct table_level *level, struct arena *arena, char *into)
{
	for (size_t i = 0; i < level->rule_count; i++) {
		const struct table_rule *rule = &level->rules[i];
		char *at = into + rule->offset;
		if (rule->kind == TABLE_GROUP)
			set_normals(rule->sub, arena, at);
		if (rule->kind == TABLE_DURATION)
			*(int64_t *)(void *)at = -1;
		if (rule->kind == TABLE_PICK)
			*(int *)(void *)at = -1;
		if (rule->normal != NULL)
			store(rule, rule->normal, arena, at);
	}
}

static void
unknown_name(struct table_reader *r, const struct table_level *level,
             const config_setting_t *member)
{
	struct named names = { level->rules, level->rule_count, sizeof *level->rules };
	const char *name = config_setting_name(member);
	const char *near = named_near(names, name, r->arena);
	enum problem_weight weight = r->weight;
	r->weight = r->unknown < weight ? r->unknown : weight;
	if (near[0] != '\0')
		table_complain(r, member, "found \"%s\", which is no setting of %s%s",
		               name, level->what, near);
	else
		table_complain(r, member, "found \"%s\", expected a setting of %s: %s",
		               name, level->what, named_joined(names, r->arena));
	r->weight = weight;
}

static void
complain_missing(struct table_reader *r, const config_setting_t *group,
                 const struct table_level *level)
{
	for (size_t i = 0; i < level->rule_count; i++) {
		const struct table_rule *rule = &level->rules[i];
		bool given = config_setting_get_member(group, rule->name) != NULL;
		if (rule->required && !given)
			table_complain(r, group, "%s without \"%s\", expected %s",
			               level->what, rule->name, expected(rule, r->arena));
	}
}

static void
read_level(struct table_reader *r, config_setting_t *group,
           const struct table_level *level, void *into)
{
	struct named names = { level->rules, level->rule_count, sizeof *level->rules };
	struct place *at = (void *)((char *)into + level->at);
	if (level->at != 0)
		*at = table_place(r, group);
	set_normals(level, r->arena, into);
	if (level->begin != NULL)
		level->begin(r, group, into);
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const struct table_rule *rule =
			named_find(names, config_setting_name(member));
		if (rule != NULL)
			read_member(r, rule, member, into);
		else if (level->other != NULL)
			level->other(r, member, into);
		else
			unknown_name(r, level, member);
	}
	complain_missing(r, group, level);
	if (level->finish != NULL)
		level->finish(r, group, into);
}

/* ---- A document -------------------------------------------------------- */

static const char *
syntax_words(const char *error, struct arena *arena)
{
	if (error != NULL && strcmp(error, "duplicate setting name") == 0)
		return "found a setting that this group has already";
	return arena_printf(arena, "%s; look here and at the line above, expected "
	                    "name = value; with lists ( a, b ) and groups { }",
	                    error != NULL ? error : "syntax error").ptr;
}

bool
table_read(struct table_reader *r, struct rk_text text, const struct table_level *top,
           const char *what, void *into)
{
	struct scan_fault fault = { 0 };
	BUF_AUTO fit = BUF_INIT(SCAN_BYTES * 2); /* A number and its mark: 11 to 10. */
	config_t doc;
	config_init(&doc);
	bool good = scan_text(text, &fit, &fault);
	const char *why = fault.text;
	if (good && config_read_string(&doc, buf_str(&fit)) != CONFIG_TRUE) {
		good = false;
		fault.line = (unsigned)config_error_line(&doc);
		why = syntax_words(config_error_text(&doc), r->arena);
	}
	if (good)
		read_level(r, config_root_setting(&doc), top, into);
	else
		problem_add(r->problems, r->weight, (struct place){ r->file, fault.line },
		            NULL, "%s%s", what != NULL ? what : "", why);
	config_destroy(&doc);
	return good;
}
