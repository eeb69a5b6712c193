/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - a setting's value against the type, pattern and choices that the
 * manifest declares.  Called by settings.c. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/names.h"
#include "connector/checker.h"
#include "connector/files.h"

#define VALUE_BYTES 4096

/* ---- Patterns ---------------------------------------------------------------- */

/* What ten thousand syncs are held against is translated once: the pattern of last time
 * stays. */
static const regex_t *
translated(const char *pattern)
{
	static char *last;
	static regex_t regex;
	if (last != NULL && strcmp(last, pattern) == 0)
		return &regex;
	if (last != NULL)
		regfree(&regex);
	free(last);
	last = regcomp(&regex, pattern, REG_EXTENDED) == 0 ? strdup(pattern) : NULL;
	return last != NULL ? &regex : NULL;
}

/* Finds 'pattern' in 'text' and yields its group of that number, 0: all that was
 * found; NULL: nowhere. */
static const char *
find(const char *pattern, const char *text, size_t group, struct arena *arena)
{
	regmatch_t parts[2];
	const regex_t *regex = strlen(text) <= VALUE_BYTES ? translated(pattern) : NULL;
	if (regex == NULL || regexec(regex, text, 2, parts, 0) != 0 || parts[group].rm_so < 0)
		return NULL;
	size_t len = (size_t)(parts[group].rm_eo - parts[group].rm_so);
	return arena_text(arena, (struct rk_text){ text + parts[group].rm_so, len }).ptr;
}

static bool
matches(const char *pattern, const char *text, struct arena *arena)
{
	const char *whole = arena_printf(arena, "^(%s)$", pattern).ptr;
	return find(whole, text, 0, arena) != NULL;
}

/* A value that its pattern refuses may hold the right one: a number in a pasted
 * address. */
const char *
value_fit(struct checker *c, const struct value_shape *shape, const char *value,
          struct place at)
{
	const char *name = shape->name;
	if (matches(shape->pattern, value, c->arena))
		return value;
	const char *part =
		shape->reduce != NULL ? find(shape->reduce, value, 1, c->arena) : NULL;
	if (part != NULL && matches(shape->pattern, part, c->arena)) {
		problem_add(c->problems, PROBLEM_WARNING, at, c->sync,
		            "%s: found \"%.200s\", taken as \"%s\"; write %s = \"%s\"",
		            name, value, part, name, part);
		return part;
	}
	checker_complain(c, at, "%s: found \"%.200s\", expected %s", name, value,
	                 shape->wanted);
	return NULL;
}

/* ---- Values by type ------------------------------------------------------------ */

/* Connectors put paths behind it, so it ends without a slash. */
static const char *
take_url(struct checker *c, const char *value, const char **wanted)
{
	struct rk_text text = text_trim(text_of(value));
	*wanted = origins_fault(arena_text(c->arena, text).ptr);
	if (*wanted != NULL)
		return NULL;
	while (text.len > 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return arena_text(c->arena, text).ptr;
}

/* A bare number counts seconds; the connector gets a duration with its unit. */
static const char *
take_seconds(struct checker *c, const char *value, const char **wanted)
{
	int64_t ms;
	*wanted = "a duration such as \"30s\", \"500ms\" or \"2m\"";
	if (value[0] != '\0' && value[strspn(value, "0123456789")] == '\0')
		value = arena_printf(c->arena, "%ss", value).ptr;
	return text_duration_ms(value, &ms) ? value : NULL;
}

static const char *
take_choice(struct checker *c, const struct manifest_setting *s, const char *value,
            const char **wanted)
{
	BUF_AUTO list = BUF_INIT(1024);
	for (size_t i = 0; i < s->choice_count; i++)
		buf_addf(&list, "%s\"%s\"", i > 0 ? ", " : "one of ", s->choices[i]);
	*wanted = arena_str(c->arena, buf_str(&list));
	bool one = named_find(NAMED(s->choices, s->choice_count), value) != NULL;
	return one ? value : NULL;
}

/* The value as the connector gets it; NULL: 'wanted' is what was expected instead. */
static const char *
take(struct checker *c, const struct manifest_setting *s, const char *value,
     const char **wanted)
{
	int64_t number;
	switch ((enum manifest_type)s->type) {
	case MANIFEST_TEXT:
	case MANIFEST_SECRET:
		return value;
	case MANIFEST_URL:
		return take_url(c, value, wanted);
	case MANIFEST_INTEGER:
		*wanted = "a whole number";
		return text_int64(text_of(value), &number) ? value : NULL;
	case MANIFEST_BOOL:
		*wanted = "true or false";
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? value
		                                                                 : NULL;
	case MANIFEST_SECONDS:
		return take_seconds(c, value, wanted);
	case MANIFEST_CHOICE:
		return take_choice(c, s, value, wanted);
	case MANIFEST_PATH:
		*wanted = files_fault(value);
		return *wanted == NULL ? value : NULL;
	}
	return NULL;
}

const char *
value_example(const struct checker *c, const struct manifest_setting *s)
{
	const char *example = s->example;
	if (example == NULL && s->type == MANIFEST_URL)
		example = s->normal;
	return example == NULL ? ""
	                       : arena_printf(c->arena, ", such as \"%s\"", example).ptr;
}

const char *
value_take(struct checker *c, const struct manifest_setting *s, const char *value,
           struct place at)
{
	const char *wanted = NULL, *such = value_example(c, s);
	if (strlen(value) > VALUE_BYTES) {
		checker_complain(c, at, "%s: found %zu bytes, expected at most %d",
		                 s->name, strlen(value), VALUE_BYTES);
		return NULL;
	}
	const char *good = take(c, s, value, &wanted);
	if (good == NULL) {
		checker_complain(c, at, "%s: found \"%.200s\", expected %s%s", s->name,
		                 value, wanted, such);
		return NULL;
	}
	if (s->pattern == NULL)
		return good;
	wanted = arena_printf(c->arena, "%s%s", s->hint != NULL ? s->hint : s->pattern,
	                      such).ptr;
	struct value_shape shape = { s->name, s->pattern, s->reduce, wanted };
	return value_fit(c, &shape, good, at);
}
