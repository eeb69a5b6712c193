/* SPDX-License-Identifier: Apache-2.0
 *
 * hooks.c - see hooks.h. */
#include "console/hooks.h"

#include <stdatomic.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/text.h"
#include "schedule/control.h"

#define HOOK_BYTES_MAX ((size_t)64 * 1024)
/* The daemon does eight things at once: whoever posts without end leaves it some. */
#define AT_ONCE 3
#define AGAIN_S 10

static atomic_int at_work;

/* As `renkei hook` reads it. */
static void
write_question(struct buf *out, const struct request *q, const char *secret,
               struct rk_text body)
{
	buf_addf(out, "%s %s\n", q->method, secret);
	buf_addt(out, q->head);
	buf_adds(out, "\n");
	buf_addt(out, body);
}

/* What the command prints becomes what the CRM hears; nothing of it is ours to tell. */
static void
tell(struct answer *a, const struct buf *said)
{
	cJSON *root = cJSON_ParseWithLength(said->ptr, said->len);
	const char *type = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(root, "answer_type"));
	const char *body = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(root, "answer"));
	bool xml = type != NULL && strcmp(type, "text/xml") == 0;
	a->status = 200;
	a->type = xml ? "text/xml" : "application/json";
	buf_adds(&a->body, body != NULL ? body : "{}");
	cJSON_Delete(root);
}

/* A CRM that hears one of these two sends it again. */
static void
busy(struct request *q, struct answer *a)
{
	a->retry_s = AGAIN_S;
	answer_refuse(q, a, 503, "busy", "the console is busy with other webhooks; send this one "
	              "again later");
}

static void
failed(struct request *q, struct answer *a)
{
	a->retry_s = AGAIN_S;
	answer_refuse(q, a, 503, "failed", "this webhook could not be kept; send it again later");
}

static void
ask(struct request *q, const char *name, struct rk_text question, struct answer *a)
{
	const char *const argv[] = { "hook", "--", name };
	BUF_AUTO said = BUF_INIT(ANSWER_MAX);
	struct rk_err err = ERR_INIT;
	int code = 0;
	if (!control_ask_with(q->console->state_dir, CONTROL_WEBHOOK, question, argv, 3, &said, &code,
	                      &err)) {
		log_warn("console.hook", "connection=%s: %s", name, err.message);
		busy(q, a);
		return;
	}
	log_info("console.hook", "connection=%s code=%d bytes=%zu", name, code, question.len);
	if (code == 0)
		tell(a, &said);
	else if (code == EXIT_CREDENTIALS)
		answer_refuse(q, a, 401, "refused", "this webhook does not prove that it is the CRM's");
	else if (code == EXIT_USAGE)
		answer_refuse(q, a, 400, "bad-request", "this is no webhook");
	else
		failed(q, a);
}

void
hooks_answer(struct request *q, struct rk_text body, struct answer *a)
{
	const char *name = q->path + strlen(HOOKS_PREFIX);
	const char *slash = strchr(name, '/'), *secret = slash != NULL ? slash + 1 : "";
	size_t len = slash != NULL ? (size_t)(slash - name) : strlen(name);
	if (strcmp(q->method, "POST") != 0) {
		a->allow = "POST";
		answer_refuse(q, a, 405, "method", "this address takes %s only", a->allow);
		return;
	}
	if (body.len > HOOK_BYTES_MAX || len == 0 || strpbrk(secret, "\r\n") != NULL) {
		answer_refuse(q, a, body.len > HOOK_BYTES_MAX ? 413 : 404, "bad-request",
		              "this is no webhook");
		return;
	}
	name = arena_text(q->arena, (struct rk_text){ name, len }).ptr;
	BUF_AUTO question = BUF_INIT(REQUEST_BODY_MAX);
	write_question(&question, q, secret, body);
	if (atomic_fetch_add(&at_work, 1) < AT_ONCE) {
		ask(q, name, buf_text(&question), a);
	} else {
		busy(q, a);
	}
	atomic_fetch_sub(&at_work, 1);
}
