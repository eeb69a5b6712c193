/* SPDX-License-Identifier: Apache-2.0
 *
 * hook.c - see hook.h. */
#include "hook/hook.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <renkei/json.h>

#include "base/err.h"
#include "base/text.h"
#include "record/hash.h"

/* ---- Parsing --------------------------------------------------------------- */

/* Cuts a line off 'rest', without its end. */
static struct rk_text
take_line(struct rk_text *rest)
{
	const char *end = memchr(rest->ptr, '\n', rest->len);
	struct rk_text line = { rest->ptr, end != NULL ? (uint64_t)(end - rest->ptr) : rest->len };
	uint64_t used = line.len + (end != NULL);
	*rest = (struct rk_text){ rest->ptr + used, rest->len - used };
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

int32_t
hook_parse(struct hook_request *request, struct rk_text text, struct rk_err *err)
{
	struct rk_text rest = text, first = take_line(&rest);
	const char *blank = memchr(first.ptr, ' ', first.len);
	uint64_t method = blank != NULL ? (uint64_t)(blank - first.ptr) : first.len;
	*request = (struct hook_request){ .method = { first.ptr, method } };
	if (blank != NULL)
		request->secret = (struct rk_text){ blank + 1, first.len - method - 1 };
	const char *head = rest.ptr;
	bool ended = false;
	while (!ended && rest.len > 0) {
		struct rk_text line = take_line(&rest);
		request->head = (struct rk_text){ head, (uint64_t)(line.ptr - head) };
		ended = line.len == 0;
	}
	request->body = rest;
	if (method > 0 && ended && request->head.len <= HOOK_HEAD_MAX
	    && rest.len <= HOOK_BODY_MAX)
		return RK_OK;
	return err_set(err, RK_REJECT, RK_CAT_OTHER, "this is no webhook: expected a method, "
	               "header lines, an empty line and at most 64 KiB of body");
}

static struct rk_text
header(const struct hook_request *request, const char *name)
{
	size_t len = strlen(name);
	struct rk_text rest = request->head;
	while (rest.len > 0) {
		struct rk_text line = take_line(&rest);
		if (line.len > len && line.ptr[len] == ':'
		    && strncasecmp(line.ptr, name, len) == 0)
			return text_trim((struct rk_text){ line.ptr + len + 1,
			                                   line.len - len - 1 });
	}
	return (struct rk_text){ NULL, 0 };
}

/* ---- Proof ----------------------------------------------------------------- */

/* Adds what the signature covers, in the manifest's order. */
static void
add_covered(struct buf *out, const struct manifest_hook *how,
            const struct hook_request *request, const char *url)
{
	for (size_t i = 0; i < how->over_count; i++) {
		const char *part = how->over[i];
		if (strcmp(part, "method") == 0)
			buf_addt(out, request->method);
		else if (strcmp(part, "url") == 0)
			buf_adds(out, url != NULL ? url : "");
		else if (strcmp(part, "time") == 0)
			buf_addt(out, header(request, how->time));
		else
			buf_addt(out, request->body);
	}
}

static bool
is_fresh(const struct manifest_hook *how, const struct hook_request *request, int64_t now_ms)
{
	int64_t at;
	if (how->time == NULL)
		return true;
	return text_int64(header(request, how->time), &at) && at >= now_ms - HOOK_AGE_MS
	       && at <= now_ms + HOOK_AGE_MS;
}

/* One of the operator's own, signed as the configuration says. */
static const struct manifest_hook *
own_signature(const struct config_hook *own, struct manifest_hook *into)
{
	static const char *const body[] = { "body" };
	*into = (struct manifest_hook){ .header = own->header, .encoding = own->encoding,
	                                .over = (const char **)(uintptr_t)body,
	                                .over_count = 1 };
	return into;
}

static int32_t
lacks_proof(const struct manifest_hook *how, struct rk_err *err)
{
	if (how->header != NULL)
		return err_set(err, RK_REJECT, RK_CAT_AUTH, "this webhook has no signature (%s)",
		               how->header);
	return err_set(err, RK_REJECT, RK_CAT_AUTH, "the address of this webhook does not end in "
	               "the secret of the connection's hook");
}

int32_t
hook_prove(struct session *session, const struct hook_request *request, int64_t now_ms,
           int64_t *mark, struct rk_err *err)
{
	const struct config_hook *own = &session->connection->hook;
	struct manifest_hook written;
	const struct manifest_hook *how = own->header != NULL
	                                  ? own_signature(own, &written)
	                                  : &session->manifest.hook;
	BUF_AUTO covered = BUF_INIT(2 * HOOK_BODY_MAX);
	struct net_verify verify = { .how = NET_PROOF_SECRET, .proof = request->secret };
	if (how->header != NULL) {
		verify.how = strcmp(how->encoding, "hex") == 0 ? NET_PROOF_HMAC_HEX
		                                               : NET_PROOF_HMAC_BASE64;
		verify.proof = header(request, how->header);
		add_covered(&covered, how, request, own->url);
		verify.text = buf_text(&covered);
	}
	int32_t status;
	if (verify.proof.len == 0)
		status = lacks_proof(how, err);
	else if (!is_fresh(how, request, now_ms))
		status = err_set(err, RK_REJECT, RK_CAT_AUTH, "this webhook is signed with another "
		                 "time than now; look whether this machine's clock is right");
	else
		status = session_verify(session, &verify, err);
	if (status == RK_REJECT)
		text_copy(err->code, sizeof err->code, TEXT_LIT("hook-proof"));
	/* Whoever signs the body alone may say the same twice. */
	bool alike = how->header != NULL && how->time == NULL;
	struct rk_text of = how->time != NULL ? verify.proof : request->body;
	*mark = alike ? 0 : hash_mark(of);
	return status;
}

/* ---- Events ---------------------------------------------------------------- */

struct parser {
	struct rk_host host;           /* The reader of connectors wants its memory alone. */
	struct arena *arena;
};

static void *
alloc(const struct rk_host *host, uint64_t bytes)
{
	return arena_alloc(((const struct parser *)(const void *)host)->arena, bytes);
}

/* The member that a path leads to; NULL: there is none. */
static const cJSON *
follow(const cJSON *item, const char *path)
{
	while (item != NULL && *path != '\0') {
		char name[65];
		size_t len = strcspn(path, ".");
		text_copy(name, sizeof name, (struct rk_text){ path, len });
		item = rk_json_get(item, name);
		path += len + (path[len] == '.');
	}
	return item;
}

void
hook_add(struct hook_events *events, struct arena *arena, struct rk_text object,
         struct rk_text id)
{
	if (object.len == 0 || id.len == 0 || id.len > HOOK_ID_MAX || object.len > HOOK_ID_MAX
	    || events->count == HOOK_EVENTS_MAX)
		return;
	for (size_t i = 0; i < events->count; i++)
		if (text_eq(events->list[i].id, id) && text_eq(events->list[i].object, object))
			return;
	events->list[events->count++] = (struct hook_event){ arena_text(arena, object),
	                                                     arena_text(arena, id) };
}

static void
add_event(const struct parser *p, const struct manifest_hook *how, const cJSON *event,
          struct hook_events *events)
{
	struct rk_text object = { NULL, 0 };
	for (size_t i = 0; i < how->object_count && object.len == 0; i++)
		object = rk_json_text(&p->host, follow(event, how->objects[i]), NULL);
	const char *dot = object.len > 0 ? memchr(object.ptr, '.', object.len) : NULL;
	if (dot != NULL)
		object.len = (uint64_t)(dot - object.ptr);
	for (size_t i = 0; i < how->id_count; i++) {
		const cJSON *id = follow(event, how->ids[i]);
		if (!rk_json_is(id, cJSON_Array))
			hook_add(events, p->arena, object, rk_json_text(&p->host, id, NULL));
		else
			rk_json_each(one, id)
				hook_add(events, p->arena, object,
				         rk_json_text(&p->host, one, NULL));
	}
}

/* What a sender of the operator's own says: {"object": ..., "id": ...}, or "ids". */
static const struct manifest_hook plain = {
	.format = "json", .events = "",
	.objects = (const char *[]){ "object" }, .object_count = 1,
	.ids = (const char *[]){ "id", "ids" }, .id_count = 2,
};

int32_t
hook_read(const struct session *session, const struct hook_request *request,
          struct arena *arena, struct hook_events *events, struct rk_err *err)
{
	const struct manifest_hook *how = session->manifest.hook.at.line > 0
	                                  ? &session->manifest.hook : &plain;
	struct parser parser = { { .struct_size = sizeof parser.host, .alloc = alloc }, arena };
	cJSON *root = NULL;
	struct rk_err why;
	events->count = 0;
	if (strcmp(how->format, "soap") == 0) {
		if (hook_read_soap(request->body, arena, events))
			return RK_OK;
		return err_set(err, RK_REJECT, RK_CAT_OTHER,
		               "the webhook is no outbound message of Salesforce");
	}
	if (rk_json_parse(&parser.host, request->body, &root, &why) != RK_OK)
		return err_set(err, RK_REJECT, RK_CAT_OTHER, "the webhook is no JSON: %s",
		               why.message);
	const cJSON *list = follow(root, how->events);
	if (rk_json_is(list, cJSON_Array))
		rk_json_each(event, list)
			add_event(&parser, how, event, events);
	else
		add_event(&parser, how, list, events);
	return RK_OK;
}

bool
hook_is_object(const struct session *session, struct rk_text told, const char *object)
{
	const struct manifest_object *o = manifest_object(&session->manifest, object);
	if (text_is(told, object))
		return true;
	for (size_t i = 0; o != NULL && i < o->told_as_count; i++)
		if (text_is(told, o->told_as[i]))
			return true;
	return false;
}

const char *
hook_answer(const struct session *session, const char **type)
{
	bool soap = session->manifest.hook.format != NULL
	            && strcmp(session->manifest.hook.format, "soap") == 0;
	*type = soap ? "text/xml" : "application/json";
	return soap ? "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/"
	              "\"><soapenv:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/"
	              "09/outbound\"><Ack>true</Ack></notificationsResponse></soapenv:Body>"
	              "</soapenv:Envelope>"
	            : "{}";
}
