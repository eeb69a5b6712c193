/* SPDX-License-Identifier: Apache-2.0
 *
 * hook.h - a webhook of a CRM: where it comes from, and which records it says have
 * changed.  It is a hint and no data: nothing of it but ids is used.
 *
 *     parse -> prove -> events
 *
 * What differs from CRM to CRM is declared by the connector (`hook` of its manifest).
 * Everything here comes from whoever found the address. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include "connector/session.h"

#define HOOK_BODY_MAX ((size_t)64 * 1024)
#define HOOK_HEAD_MAX ((size_t)16 * 1024)
#define HOOK_EVENTS_MAX 1000
#define HOOK_ID_MAX 256
/* What is signed with a time is taken so long before and after it (HubSpot's rule). */
#define HOOK_AGE_MS 300000

struct hook_request {
	struct rk_text method, body;
	struct rk_text head;           /* "Name: value" a line. */
	struct rk_text secret;         /* The end of its address; empty: none. */
};

/* Reads "METHOD [SECRET]", header lines, an empty line and the body, as `renkei hook` is
 * given them.  RK_REJECT: it is no such thing, or too large. */
int32_t hook_parse(struct hook_request *request, struct rk_text text, struct rk_err *err);

/* Its first header of that name; empty: it has none. */
struct rk_text hook_header(const struct hook_request *request, const char *name);

/* RK_OK and 'mark', which tells this delivery from any other (0: it cannot be told);
 * RK_REJECT, category auth: it does not come from the CRM; else why nobody can say. */
int32_t hook_prove(struct session *session, const struct hook_request *request,
                   int64_t now_ms, int64_t *mark, struct rk_err *err);

struct hook_event {
	struct rk_text object, id;     /* 'object' as the CRM calls it. */
};

struct hook_events {
	struct hook_event list[HOOK_EVENTS_MAX];
	size_t count;                  /* What is beyond is left to listing. */
};

/* RK_REJECT: it cannot be read. */
int32_t hook_read(const struct manifest *manifest, const struct hook_request *request,
                  struct arena *arena, struct hook_events *events, struct rk_err *err);
/* Whether an event's object is this one of the connection. */
bool hook_is_object(const struct manifest *manifest, struct rk_text told,
                    const char *object);
/* What the CRM wants to hear when all is well, and its type. */
const char *hook_answer(const struct manifest *manifest, const char **type);

/* soap.c: outbound messages of Salesforce. */
bool hook_read_soap(struct rk_text body, struct arena *arena, struct hook_events *events);
void hook_add(struct hook_events *events, struct arena *arena, struct rk_text object,
              struct rk_text id);

#endif
