/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - a setting's value against the type, pattern and choices that the
 * manifest declares.  Called by settings.c. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "connector/checker.h"
#include "connector/site.h"

#define VALUE_BYTES 4096

/* ---- Patterns ---------------------------------------------------------------- */

bool
value_matches(const char *pattern, const char *text)
{
	char whole[600];
	regex_t regex;
	if (strlen(text) > VALUE_BYTES)
		return false;
	snprintf(whole, sizeof whole, "^(%s)$", pattern);
	if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	bool good = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return good;
}

/* The first group of 'pattern' where it is found in 'text'; NULL: nowhere. */
const char *
value_first_group(const char *pattern, const char *text, struct arena *arena)
{
	regex_t regex;
	regmatch_t parts[2];
	const char *group = NULL;
	if (strlen(text) > VALUE_BYTES || regcomp(&regex, pattern, REG_EXTENDED) != 0)
		return NULL;
	if (regexec(&regex, text, 2, parts, 0) == 0 && parts[1].rm_so >= 0)
		group = arena_text(arena, (struct rk_text){ text + parts[1].rm_so,
			(size_t)(parts[1].rm_eo - parts[1].rm_so) }).ptr;
	regfree(&regex);
	return group;
}
/* ---- Values by type ------------------------------------------------------------- */

/* Each returns the value as the connector gets it; NULL: 'wanted' is what was
 * expected instead. */
typedef const char *type_reader(struct checker *c, const struct manifest_setting *s,
                                const char *value, const char **wanted);

static const char *
take_text(struct checker *c, const struct manifest_setting *s, const char *value,
          const char **wanted)
{
	(void)c, (void)s, (void)wanted;
	return value;
}

/* Connectors put paths behind it, so it ends without a slash. */
static const char *
take_url(struct checker *c, const struct manifest_setting *s, const char *value,
         const char **wanted)
{
	struct rk_text text = text_trim(text_of(value));
	struct site site;
	(void)s;
	*wanted = site_parse(text, c->arena, &site);
	if (*wanted != NULL)
		return NULL;
	while (text.len > 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return arena_text(c->arena, text).ptr;
}

static const char *
take_integer(struct checker *c, const struct manifest_setting *s, const char *value,
             const char **wanted)
{
	int64_t number;
	(void)c, (void)s;
	*wanted = "a whole number";
	return text_int64(text_of(value), &number) ? value : NULL;
}

static const char *
take_bool(struct checker *c, const struct manifest_setting *s, const char *value,
          const char **wanted)
{
	(void)c, (void)s;
	*wanted = "true or false";
	return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? value : NULL;
}

/* A bare number counts seconds; the connector gets a duration with its unit. */
static const char *
take_seconds(struct checker *c, const struct manifest_setting *s, const char *value,
             const char **wanted)
{
	int64_t ms;
	(void)s;
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
	for (size_t i = 0; i < s->choice_count; i++) {
		if (strcmp(s->choices[i], value) == 0)
			return value;
		buf_addf(&list, "%s\"%s\"", i > 0 ? ", " : "one of ", s->choices[i]);
	}
	*wanted = arena_str(c->arena, buf_str(&list));
	return NULL;
}

const char *
value_example(const struct manifest_setting *s, char *out, size_t size)
{
	out[0] = '\0';
	if (s->example != NULL)
		snprintf(out, size, ", such as \"%s\"", s->example);
	else if (s->type == MANIFEST_URL && s->normal != NULL)
		snprintf(out, size, ", such as \"%s\"", s->normal);
	return out;
}

/* A value that its pattern refuses may hold the right one: a number in a pasted
 * address. */
static const char *
fit_pattern(struct checker *c, const struct manifest_setting *s, const char *value,
            struct place at)
{
	char such[300];
	if (s->pattern == NULL || value_matches(s->pattern, value))
		return value;
	const char *part =
		s->reduce != NULL ? value_first_group(s->reduce, value, c->arena) : NULL;
	if (part != NULL && value_matches(s->pattern, part)) {
		problem_add(c->problems, PROBLEM_WARNING, at, c->sync,
		            "%s: found \"%.200s\", taken as \"%s\"; write %s = \"%s\"",
		            s->name, value, part, s->name, part);
		return part;
	}
	checker_complain(c, at, "%s: found \"%.200s\", expected %s%s", s->name, value,
	                 s->hint != NULL ? s->hint : s->pattern,
	                 value_example(s, such, sizeof such));
	return NULL;
}

const char *
value_take(struct checker *c, const struct manifest_setting *s, const char *value,
           struct place at)
{
	static type_reader *const readers[] = {
		[MANIFEST_TEXT] = take_text, [MANIFEST_URL] = take_url,
		[MANIFEST_INTEGER] = take_integer, [MANIFEST_BOOL] = take_bool,
		[MANIFEST_SECONDS] = take_seconds, [MANIFEST_SECRET] = take_text,
		[MANIFEST_CHOICE] = take_choice,
	};
	const char *wanted = NULL;
	char such[300];
	if (strlen(value) > VALUE_BYTES) {
		checker_complain(c, at, "%s: found %zu bytes, expected at most %d",
		                 s->name, strlen(value), VALUE_BYTES);
		return NULL;
	}
	const char *good = readers[s->type](c, s, value, &wanted);
	if (good != NULL)
		return fit_pattern(c, s, good, at);
	checker_complain(c, at, "%s: found \"%.200s\", expected %s%s", s->name, value,
	                 wanted, value_example(s, such, sizeof such));
	return NULL;
}
