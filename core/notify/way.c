/* SPDX-License-Identifier: Apache-2.0
 *
 * way.c - see way.h. */
#include "notify/way.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_out.h"
#include "base/text.h"
#include "connector/settings.h"
#include "notify/child.h"
#include "notify/mime.h"

#define SEND_MS 30000
#define COMMAND_MS 30000
#define ANSWER_MAX (256 * 1024)
#define SMTP_OWNER "notify.smtp"

const char *const way_names[WAY_COUNT] = { "mail", "chat", "webhook", "command" };

static const char *
address_of(const struct config_notice *n, struct rk_text way)
{
	const char *const addresses[WAY_COUNT] = { n->mail, n->chat, n->webhook, n->command };
	for (size_t i = 0; i < WAY_COUNT; i++)
		if (text_is(way, way_names[i]))
			return addresses[i];
	return NULL;
}

bool
way_is_used(const struct config_notice *notice, const char *way)
{
	return address_of(notice, text_of(way)) != NULL;
}

/* ---- Through net ----------------------------------------------------------- */

struct secret_row {
	const char *name, *written;    /* written NULL: it is none. */
};

static int32_t
connect_net(struct way_world *w, struct rk_err *err)
{
	return w->net != NULL ? RK_OK
	                      : net_connect(&w->net, w->state_dir, w->config->hash, err);
}

/* A net that has left is started anew, once: nothing went out when no channel opened. */
static int32_t
tell(struct way_world *w, const char *owner, const struct secret_row secrets[2],
     const char *ca_file, const struct net_note *note, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct net_secret list[2];
	struct net_open open = {
		.connection = text_of(owner), .user = TEXT_LIT("notify"), .secrets = list,
		.request_deadline_ms = SEND_MS, .max_body_bytes = ANSWER_MAX,
		.ca_file = text_of(ca_file), .notes = 1,
		.seal_key = text_of(settings_seal_key(w->state_dir, &arena)) };
	int32_t status = connect_net(w, err);
	for (size_t i = 0; i < 2 && status == RK_OK; i++)
		if (secrets[i].written != NULL)
			status = settings_secret(owner, secrets[i].name, secrets[i].written,
			                         &arena, &list[open.secret_count++], err);
	if (status == RK_OK)
		status = net_tell(w->net, &open, note, err);
	settings_forget(list, open.secret_count);
	if (status == RK_AGAIN)
		way_close(w);
	return status;
}

static const char *
owner_of(const struct config_notice *n, struct arena *arena)
{
	return arena_printf(arena, "notify.%s", n->name).ptr;
}

static int32_t
post(struct way_world *w, const struct config_notice *n, const char *setting,
     const char *address, const char *key, struct rk_text body, const char *id,
     struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct net_note note = { .body = body, .secret = text_of(setting),
	                         .sign = text_of(key != NULL ? "secret" : NULL),
	                         .id = text_of(id) };
	const struct secret_row secrets[2] = { { setting, address }, { "secret", key } };
	return tell(w, owner_of(n, &arena), secrets, NULL, &note, err);
}

static int32_t
mail(struct way_world *w, const struct config_notice *n, const struct way_message *m,
     struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct config_smtp *smtp = &w->config->smtp;
	if (smtp->host == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "there is no group smtp in the "
		               "configuration, which names the mail server");
	bool starttls = strcmp(smtp->tls, "starttls") == 0, tls = strcmp(smtp->tls, "tls") == 0;
	int64_t port = smtp->port > 0 ? smtp->port : starttls ? 587 : tls ? 465 : 25;
	bool six = strchr(smtp->host, ':') != NULL;
	BUF_AUTO text = BUF_INIT(4u * 1024 * 1024);
	struct mime_mail mime = { .from = smtp->from, .to = n->mail, .subject = m->subject,
	                          .body = m->body, .at_ms = m->at_ms, .id = m->id };
	mime_write(&text, &mime);
	struct net_note note = {
		.body = buf_text(&text), .starttls = starttls, .user = text_of(smtp->user),
		.from = text_of(smtp->from), .to = text_of(n->mail),
		.secret = TEXT_LIT("password"),
		.server = arena_printf(&arena, "%s://%s%s%s:%" PRId64, tls ? "smtps" : "smtp",
		                       six ? "[" : "", smtp->host, six ? "]" : "", port) };
	const struct secret_row secrets[2] = { { "password", smtp->password } };
	return tell(w, SMTP_OWNER, secrets, smtp->ca_file, &note, err);
}

/* ---- A chat's own JSON ------------------------------------------------------- */

static int32_t
chat(struct way_world *w, const struct config_notice *n, const struct way_message *m,
     struct rk_err *err)
{
	BUF_AUTO text = BUF_INIT(1024u * 1024);
	BUF_AUTO body = BUF_INIT(4u * 1024 * 1024);
	buf_addt(&text, m->subject);
	buf_adds(&text, "\n\n");
	buf_addt(&text, m->body);
	struct json_out j = { .out = &body };
	json_open(&j, NULL, '{');
	json_text(&j, "text", buf_text(&text));
	json_close(&j, '}');
	return post(w, n, "chat", n->chat, NULL, buf_text(&body), m->id, err);
}

/* ---- A program --------------------------------------------------------------- */

/* Linux takes 128 KiB in one variable; a digest of thousands of syncs may be more. */
#define JSON_MOST 100000

static int32_t
command(const struct config_notice *n, const struct way_message *m, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	BUF_AUTO input = BUF_INIT(4u * 1024 * 1024);
	buf_addt(&input, m->subject);
	buf_adds(&input, "\n\n");
	buf_addt(&input, m->body);
	const char *path = getenv("PATH"), *home = getenv("HOME");
	/* Not our whole environment: the secrets of connections are in it. */
	char *environment[] = {
		(char *)(uintptr_t)arena_printf(&arena, "PATH=%s", path != NULL ? path
		                                                   : "/usr/bin:/bin").ptr,
		(char *)(uintptr_t)arena_printf(&arena, "HOME=%s", home != NULL ? home : "/").ptr,
		(char *)(uintptr_t)arena_printf(&arena, "RENKEI_NOTICE_ID=%s", m->id).ptr,
		m->doc.len > JSON_MOST ? NULL
			: (char *)(uintptr_t)arena_printf(&arena, "RENKEI_NOTICE=%.*s",
		                                          (int)m->doc.len,
		                                          m->doc.ptr != NULL ? m->doc.ptr : "").ptr,
		NULL };
	const char *argv[] = { n->command, NULL };
	struct child child = { .argv = argv, .environment = environment,
	                       .input = buf_text(&input), .most_ms = COMMAND_MS };
	int code = child_run(&child, err);
	if (code > 0)
		err_set(err, RK_AGAIN, RK_CAT_OTHER, "%s ended with code %d", n->command, code);
	/* What it did before it failed nobody knows. */
	err->maybe_sent = code != 0;
	return code == 0 ? RK_OK : RK_AGAIN;
}

/* ---- Which ------------------------------------------------------------------- */

int32_t
way_send(struct way_world *world, const struct config_notice *notice, struct rk_text way,
         const struct way_message *message, struct rk_err *err)
{
	if (address_of(notice, way) == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "notify.%s has no %.*s any more",
		               notice->name, (int)way.len, way.ptr);
	if (text_is(way, "mail"))
		return mail(world, notice, message, err);
	if (text_is(way, "chat"))
		return chat(world, notice, message, err);
	if (text_is(way, "webhook"))
		return post(world, notice, "webhook", notice->webhook, notice->secret,
		            message->doc, message->id, err);
	return command(notice, message, err);
}

int32_t
way_heartbeat(struct way_world *world, const struct config_notice *notice,
              struct rk_err *err)
{
	return post(world, notice, "heartbeat", notice->heartbeat, NULL,
	            TEXT_LIT("{\"kind\":\"heartbeat\"}"), NULL, err);
}

void
way_close(struct way_world *world)
{
	net_close(world->net);
	world->net = NULL;
}

/* An address may stand in the file where nobody is harmed by who reads it. */
void
way_check(const struct config *config, struct problems *problems)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < config->notice_count; i++) {
		const struct config_notice *n = &config->notices[i];
		const char *owner = owner_of(n, &arena);
		if (n->chat != NULL)
			settings_check_secret(owner, "chat", n->chat, n->at, problems);
		if (n->secret != NULL)
			settings_check_secret(owner, "secret", n->secret, n->at, problems);
	}
	if (config->smtp.password != NULL)
		settings_check_secret(SMTP_OWNER, "password", config->smtp.password,
		                      config->smtp.at, problems);
}
