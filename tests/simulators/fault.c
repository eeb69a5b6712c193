/* SPDX-License-Identifier: Apache-2.0 */
/* fault.c - faults that a test plants: on the nth request that matches, the
 * answer is lost, late, or another one.  sim.c asks, control.c sets. */
#include "sim.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *name; enum fault_action action; } actions[] = {
	{ "status", FAULT_STATUS }, { "status_after", FAULT_STATUS_AFTER },
	{ "drop", FAULT_DROP },     { "drop_after", FAULT_DROP_AFTER },
	{ "delay", FAULT_DELAY },   { "late", FAULT_LATE },
	{ "body", FAULT_BODY },     { "become", FAULT_BECOME },
};
#define ACTIONS (sizeof actions / sizeof *actions)

static enum fault_action
action_of(struct text name)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (text_is(name, actions[i].name))
			return actions[i].action;
	return FAULT_NONE;
}

static const char *
action_name(enum fault_action action)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (actions[i].action == action)
			return actions[i].name;
	return "none";
}

static void
fault_free(struct fault *f)
{
	free(f->match);
	free(f->contains);
	free(f->body);
	free(f->type);
	free(f);
}

void
fault_free_all(struct sim *sim)
{
	while (sim->faults) {
		struct fault *next = sim->faults->next;

		fault_free(sim->faults);
		sim->faults = next;
	}
}

static bool
glob(const char *pattern, struct text method, struct text path)
{
	struct buf b = { 0 };

	buf_text(&b, method);
	buf_str(&b, " ");
	buf_text(&b, path);
	bool hit = fnmatch(pattern, b.ptr, 0) == 0;
	buf_clear(&b);
	return hit;
}

static bool
has(struct text t, const char *part)
{
	return memmem(t.ptr, t.len, part, strlen(part)) != NULL;
}

/* The query or the body has the text, if one was given; by the path as it was sent, by
 * the path as the routes see it, or by the label; a '*' stands for anything. */
static bool
matches(const struct fault *f, const struct request *q)
{
	const char *mark = memchr(q->uri.ptr, '?', q->uri.len);
	struct text sent = {q->uri.ptr, mark ? (size_t)(mark - q->uri.ptr) : q->uri.len};

	if (f->contains && !has(q->body, f->contains) && !has(q->uri, f->contains))
		return false;
	return glob(f->match, q->method, q->path) || glob(f->match, q->method, sent) ||
	       (q->route && fnmatch(f->match, q->route->label, 0) == 0);
}

bool
fault_hit(struct sim *sim, const struct request *q, struct fault *copy)
{
	for (struct fault *f = sim->faults; f; f = f->next) {
		if (!matches(f, q))
			continue;
		f->seen++;
		if (f->seen < f->nth || f->hits == f->times)
			continue;
		f->hits++;
		*copy = *f;
		copy->body = f->body ? sim_strdup(text_of(f->body)) : NULL;
		copy->type = f->type ? sim_strdup(text_of(f->type)) : NULL;
		return true;
	}
	return false;
}

static char *
owned_text(const struct json *object, const char *name)
{
	struct text t = json_text(object, name);

	return t.ptr ? sim_strdup(t) : NULL;
}

static void
read_headers(struct fault *f, const struct json *headers)
{
	const struct json *m = headers ? headers->child : NULL;

	for (; m && f->header_count < REPLY_HEADERS; m = m->next) {
		char (*h)[160] = f->headers[f->header_count];

		if (text_is(m->name, "Content-Type")) {
			free(f->type);
			f->type = sim_strdup(m->text);
			continue;
		}
		snprintf(h[0], sizeof h[0], "%.*s", (int)m->name.len, m->name.ptr);
		snprintf(h[1], sizeof h[1], "%.*s", (int)m->text.len, m->text.ptr);
		f->header_count++;
	}
}

static struct fault *
fault_read(const struct json *j)
{
	struct fault *f = sim_alloc(sizeof *f);

	f->match = owned_text(j, "match");
	f->contains = owned_text(j, "contains");
	f->action = action_of(json_text(j, "action"));
	f->nth = (uint64_t)json_int(j, "nth", 1);
	f->times = (uint64_t)json_int(j, "times", 1);
	f->ms = json_int(j, "ms", 0);
	f->status = (int)json_int(j, "status", 503);
	f->body = owned_text(j, "body");
	read_headers(f, json_get(j, "headers"));
	return f;
}

void
fault_list(struct request *q, struct reply *r)
{
	struct buf *out = reply_start(r, 200);
	bool first = true;

	buf_str(out, "{\"faults\":[");
	for (const struct fault *f = q->sim->faults; f; f = f->next) {
		buf_comma(out, &first);
		buf_str(out, "{\"match\":");
		buf_quotez(out, f->match);
		buf_fmt(out, ",\"action\":\"%s\",\"nth\":%llu,\"times\":%llu,"
			"\"seen\":%llu,\"hits\":%llu}", action_name(f->action),
			(unsigned long long)f->nth, (unsigned long long)f->times,
			(unsigned long long)f->seen, (unsigned long long)f->hits);
	}
	buf_str(out, "]}");
}

void
fault_set(struct request *q, struct reply *r)
{
	struct fault **tail = &q->sim->faults;

	if (json_true(q->json, "clear")) {
		fault_free_all(q->sim);
		fault_list(q, r);
		return;
	}
	struct fault *f = fault_read(q->json);
	if (!f->match || f->action == FAULT_NONE || f->status < 200 || f->status > 599) {
		fault_free(f);
		buf_str(reply_start(r, 400), "{\"error\":\"a fault wants match, a known "
			"action and a status from 200 to 599\"}");
		return;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = f;
	fault_list(q, r);
}
