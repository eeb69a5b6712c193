/* SPDX-License-Identifier: Apache-2.0
 *
 * problem.c - see problem.h. */
#include "config/problem.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* What stands in a file must not move the cursor of who reads the complaint. */
static void
blot_controls(char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];
		if (c < 0x20 || c == 0x7f)
			*at = '?';
		else if (c == 0xC2 && next >= 0x80 && next <= 0x9f)
			at[0] = at[1] = '?';
	}
}

/* A login that stands in an address, "https://user:password@host", is a secret, also
 * where the address is refused for it: what is quoted keeps "***" of it. */
static void
blot_logins(char *text)
{
	for (char *at = text; (at = strchr(at, '"')) != NULL;) {
		char *from = ++at, *to = NULL;
		for (; *at != '\0' && *at != '"' && *at != ' '; at++)
			to = *at == '@' ? at : to;
		if (to == NULL || memchr(from, ':', (size_t)(to - from)) == NULL)
			continue;
		char *scheme = strstr(from, "://");
		from = scheme != NULL && scheme < to ? scheme + 3 : from;
		size_t kept = (size_t)(to - from) < 3 ? (size_t)(to - from) : 3;
		memset(from, '*', kept);
		memmove(from + kept, to, strlen(to) + 1);
		at = from + kept;
	}
}

/* Whether 'a' stands behind 'at'; those of one line stay as they were found. */
static bool
is_behind(const struct problem *a, struct place at)
{
	int order = strcmp(a->at.file != NULL ? a->at.file : "",
	                   at.file != NULL ? at.file : "");
	return order > 0 || (order == 0 && a->at.line > at.line);
}

/* Room for one more at its place. */
static struct problem *
insert(struct problems *p, struct place at)
{
	if (p->count == p->room) {
		p->room = p->room == 0 ? 16 : p->room * 2;
		struct problem *list =
			arena_new_array(&p->arena, p->room, struct problem);
		if (p->count > 0)
			memcpy(list, p->list, p->count * sizeof *list);
		p->list = list;
	}
	size_t i = p->count++;
	for (; i > 0 && is_behind(&p->list[i - 1], at); i--)
		p->list[i] = p->list[i - 1];
	return &p->list[i];
}

void
problem_addv(struct problems *p, enum problem_weight weight, struct place at,
             const char *sync, const char *format, va_list args)
{
	char text[1024];
	vsnprintf(text, sizeof text, format, args);
	blot_controls(text);
	blot_logins(text);
	struct rk_text whole = text_of(text);
	while (!text_utf8_valid(whole) && whole.len > 0)   /* Cut inside a character. */
		whole.len--;
	if (at.file != NULL)
		at.file = arena_str(&p->arena, at.file);
	*insert(p, at) = (struct problem){
		.weight = weight, .at = at,
		.sync = sync != NULL ? arena_str(&p->arena, sync) : NULL,
		.text = arena_text(&p->arena, whole).ptr,
	};
	p->fatal += weight == PROBLEM_FATAL;
}

void
problem_add(struct problems *p, enum problem_weight weight, struct place at,
            const char *sync, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	problem_addv(p, weight, at, sync, format, args);
	va_end(args);
}

bool
problems_fatal(const struct problems *p)
{
	return p->fatal > 0;
}

bool
problems_stop_sync(const struct problems *p, const char *sync)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].weight == PROBLEM_SYNC && p->list[i].sync != NULL
		    && strcmp(p->list[i].sync, sync) == 0)
			return true;
	return false;
}

void
problems_print(const struct problems *p, struct buf *out)
{
	for (const struct problem *one = p->list; one < p->list + p->count; one++) {
		if (one->at.file != NULL && one->at.line > 0)
			buf_addf(out, "%s:%u: ", one->at.file, one->at.line);
		else if (one->at.file != NULL)
			buf_addf(out, "%s: ", one->at.file);
		if (one->weight == PROBLEM_WARNING)
			buf_adds(out, "warning: ");
		if (one->sync != NULL)
			buf_addf(out, "sync \"%s\": ", one->sync);
		buf_addf(out, "%s\n", one->text);
	}
}

void
problems_free(struct problems *p)
{
	arena_free(&p->arena);
	*p = (struct problems)PROBLEMS_INIT;
}
