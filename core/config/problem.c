/* SPDX-License-Identifier: Apache-2.0
 *
 * problem.c - see problem.h. */
#include "config/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void
make_room(struct problems *p)
{
	if (p->count < p->room)
		return;
	size_t room = p->room == 0 ? 16 : p->room * 2;
	struct problem *list = arena_new_array(&p->arena, room, struct problem);
	if (p->count > 0)
		memcpy(list, p->list, p->count * sizeof *list);
	p->list = list;
	p->room = room;
}

/* A copy of 's'; the one of the problem before, if that has the same. */
static const char *
keep(struct problems *p, const char *s, const char *before)
{
	if (s == NULL)
		return NULL;
	if (before != NULL && strcmp(s, before) == 0)
		return before;
	return arena_str(&p->arena, s);
}

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

void
problem_add(struct problems *p, enum problem_weight weight, struct place at,
            const char *sync, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	blot_controls(text);
	struct rk_text whole = text_of(text);
	while (!text_utf8_valid(whole) && whole.len > 0)   /* Cut inside a character. */
		whole.len--;

	make_room(p);
	const struct problem *before = p->count > 0 ? &p->list[p->count - 1] : NULL;
	struct problem *now = &p->list[p->count];
	now->weight = weight;
	now->at.file = keep(p, at.file, before != NULL ? before->at.file : NULL);
	now->at.line = at.line;
	now->sync = keep(p, sync, before != NULL ? before->sync : NULL);
	now->text = arena_text(&p->arena, whole).ptr;
	p->count++;
}

bool
problems_fatal(const struct problems *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].weight == PROBLEM_FATAL)
			return true;
	return false;
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

static int
by_place(const void *a, const void *b)
{
	const struct problem *x = *(const struct problem *const *)a;
	const struct problem *y = *(const struct problem *const *)b;
	int order = strcmp(x->at.file != NULL ? x->at.file : "",
	                   y->at.file != NULL ? y->at.file : "");
	if (order == 0)
		order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	return order != 0 ? order : (x > y) - (x < y);   /* As they were found. */
}

static void
print_one(const struct problem *p, struct buf *out)
{
	if (p->at.file != NULL && p->at.line > 0)
		buf_addf(out, "%s:%u: ", p->at.file, p->at.line);
	else if (p->at.file != NULL)
		buf_addf(out, "%s: ", p->at.file);
	if (p->weight == PROBLEM_WARNING)
		buf_adds(out, "warning: ");
	if (p->sync != NULL)
		buf_addf(out, "sync \"%s\": ", p->sync);
	buf_addf(out, "%s\n", p->text);
}

void
problems_print(const struct problems *p, struct buf *out)
{
	if (p->count == 0)
		return;
	const struct problem **order = calloc(p->count, sizeof *order);
	if (order == NULL)
		abort();
	for (size_t i = 0; i < p->count; i++)
		order[i] = &p->list[i];
	qsort(order, p->count, sizeof *order, by_place);
	for (size_t i = 0; i < p->count; i++)
		print_one(order[i], out);
	free(order);
}

void
problems_free(struct problems *p)
{
	arena_free(&p->arena);
	*p = (struct problems)PROBLEMS_INIT;
}
