/* SPDX-License-Identifier: Apache-2.0
 *
 * reference.c - secrets are not written down but named: env:NAME, file:/PATH,
 * credential:NAME (systemd), sealed:TEXT or sealed:/PATH (`renkei seal`).  What a
 * reference looks like, and what net gets for it.  See settings.h. */
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "connector/checker.h"
#include "net/seal.h"

/* What follows the prefix; NULL: it is another kind of reference, or none. */
static const char *
after(const char *prefix, const char *text)
{
	size_t len = strlen(prefix);
	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static bool
is_literal(const char *text)
{
	return after("env:", text) == NULL && after("file:", text) == NULL
	       && after("credential:", text) == NULL && after("sealed:", text) == NULL;
}

static bool
is_variable(const char *name)
{
	size_t len = strlen(name);
	return len > 0 && !isdigit((unsigned char)name[0])
	       && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	                 "0123456789") == len;
}

/* What is wrong with a sealed secret's form; NULL: nothing. */
static const char *
sealed_fault(const char *sealed)
{
	if (sealed[0] == '/' || seal_has_form(text_of(sealed)))
		return NULL;
	return "what \"renkei seal\" prints, or the absolute path of a file with that";
}

void
reference_check(struct checker *c, const struct manifest_setting *s, const char *value,
                struct place at)
{
	const char *variable = after("env:", value), *path = after("file:", value);
	const char *credential = after("credential:", value);
	const char *sealed = after(SEAL_PREFIX, value);
	if (is_literal(value))
		problem_add(c->problems, PROBLEM_WARNING, at, NULL,
		            "%s: the secret itself stands in the file; write "
		            "\"env:NAME\" or \"file:/PATH\" and keep it there, or let "
		            "\"renkei seal %s %s\" make it safe to stand here", s->name,
		            c->connection->name, s->name);
	else if (variable != NULL && !is_variable(variable))
		checker_complain(c, at, "%s: found \"env:%.100s\", expected the name of "
		                 "an environment variable, such as \"env:TOKEN\"",
		                 s->name, variable);
	else if (path != NULL && path[0] != '/')
		checker_complain(c, at, "%s: found \"file:%.100s\", expected an absolute "
		                 "path, such as \"file:/run/secrets/token\"", s->name,
		                 path);
	else if (credential != NULL
	         && (credential[0] == '\0' || strchr(credential, '/') != NULL))
		checker_complain(c, at, "%s: found \"credential:%.100s\", expected the name of "
		                 "a credential of the service, as LoadCredential= of its unit "
		                 "calls it", s->name, credential);
	else if (sealed != NULL && sealed_fault(sealed) != NULL)
		checker_complain(c, at, "%s: found \"sealed:%.20s...\", expected %s", s->name,
		                 sealed, sealed_fault(sealed));
}

/* The secrets of a connection that are the host's and no setting of a connector. */
static const struct own_secret {
	const char *setting, *net_name;
	size_t member;                 /* const char *, of struct config_connection */
} own_secrets[] = {
	{ "client_secret", NET_CLIENT_SECRET,
	  offsetof(struct config_connection, client_secret) },
	{ "jwt_key", NET_JWT_KEY, offsetof(struct config_connection, jwt_key) },
	{ "client_certificate", NET_CLIENT_CERTIFICATE,
	  offsetof(struct config_connection, client_certificate) },
	{ "client_certificate_password", NET_CLIENT_PASSWORD,
	  offsetof(struct config_connection, client_certificate_password) },
	{ "hook.secret", NET_HOOK_SECRET, offsetof(struct config_connection, hook.secret) },
};
#define OWN_SECRETS (sizeof own_secrets / sizeof *own_secrets)

/* As it was written; NULL: it was not. */
static const char *
own_secret(const struct config_connection *connection, size_t i)
{
	const char *written;
	memcpy(&written, (const char *)connection + own_secrets[i].member, sizeof written);
	return written;
}

void
reference_check_own(struct checker *c)
{
	const struct config_connection *own = c->connection;
	for (size_t i = 0; i < OWN_SECRETS; i++) {
		struct manifest_setting s = { .name = own_secrets[i].setting,
		                              .type = MANIFEST_SECRET };
		if (own_secret(own, i) != NULL)
			reference_check(c, &s, own_secret(own, i), own->at);
	}
	if (own->client_certificate_password != NULL && own->client_certificate == NULL)
		checker_complain(c, own->at, "connection \"%s\" has "
		                 "\"client_certificate_password\" without "
		                 "\"client_certificate\"", own->name);
}

const char *
settings_shown(const struct manifest_setting *setting, const char *value)
{
	bool hidden = setting->type == MANIFEST_SECRET && value != NULL
	              && is_literal(value);
	if (hidden)
		return "(literal)";
	return value != NULL && after(SEAL_PREFIX, value) != NULL
	       && value[strlen(SEAL_PREFIX)] != '/' ? "(sealed)" : value;
}

const char *
settings_seal_key(const char *state_dir, struct arena *arena)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (folder != NULL && folder[0] == '/') {
		const char *path = arena_printf(arena, "%s/" SEAL_KEY_NAME, folder).ptr;
		if (access(path, F_OK) == 0)
			return path;
	}
	return arena_printf(arena, "%s/" SEAL_KEY_NAME, state_dir).ptr;
}

/* ---- For net ----------------------------------------------------------------- */

/* What goes into a header must not be able to end it. */
static bool
has_controls(struct rk_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return true;
	return false;
}

static int32_t
take_variable(const struct settings *settings, const char *setting, const char *name,
              struct arena *arena, struct rk_text *value, struct rk_err *err)
{
	const char *connection = settings->connection->name, *text = getenv(name);
	if (checker_blank(text))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "connection \"%s\": %s is "
		               "env:%s, but the environment variable %s is %s; set it "
		               "where renkei is started (export %s=..., or Environment= "
		               "of the service)", connection, setting, name, name,
		               text == NULL ? "not set" : "blank", name);
	*value = arena_text(arena, text_trim(text_of(text)));
	if (has_controls(*value))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "connection \"%s\": %s is "
		               "env:%s, whose value holds line ends or other controls; "
		               "expected the secret alone", connection, setting, name);
	return RK_OK;
}

/* Only a service of systemd has them, and its programs see where. */
static int32_t
take_credential(const struct settings *settings, const char *setting, const char *name,
                struct arena *arena, struct net_secret *secret, struct rk_err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (folder == NULL || folder[0] != '/')
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "connection \"%s\": %s is "
		               "credential:%s, but CREDENTIALS_DIRECTORY is not set; start "
		               "renkei as a service with LoadCredential=%s:/PATH in its unit, "
		               "or try it with systemd-run -p LoadCredential=...",
		               settings->connection->name, setting, name, name);
	secret->kind = NET_SECRET_FILE;
	secret->text = arena_printf(arena, "%s/%s", folder, name);
	return RK_OK;
}

/* Its form was checked before: what has none of the prefixes is literal.  A value is a
 * copy, which is wiped when net has it. */
static int32_t
take_secret(const struct settings *settings, const char *name, const char *written,
            struct arena *arena, struct net_secret *secret, struct rk_err *err)
{
	const char *variable = after("env:", written), *path = after("file:", written);
	*secret = (struct net_secret){ .name = text_of(name), .kind = NET_SECRET_VALUE,
	                               .text = arena_text(arena, text_trim(text_of(written))) };
	if (variable != NULL)
		return take_variable(settings, name, variable, arena, &secret->text, err);
	const char *credential = after("credential:", written);
	if (credential != NULL)
		return take_credential(settings, name, credential, arena, secret, err);
	const char *sealed = after(SEAL_PREFIX, written);
	if (sealed != NULL) {
		bool file = sealed[0] == '/';
		secret->kind = file ? NET_SECRET_SEALED_FILE : NET_SECRET_SEALED;
		secret->text = text_of(sealed);
	}
	if (path != NULL) {
		secret->kind = NET_SECRET_FILE;
		secret->text = text_of(path);
	}
	return RK_OK;
}

int32_t
settings_secret(const char *owner, const char *name, const char *written,
                struct arena *arena, struct net_secret *secret, struct rk_err *err)
{
	const struct config_connection named = { .name = owner };
	const struct settings of = { .connection = &named };
	return take_secret(&of, name, written, arena, secret, err);
}

void
settings_check_secret(const char *owner, const char *name, const char *written,
                      struct place at, struct problems *problems)
{
	const struct config_connection named = { .name = owner };
	const struct manifest_setting s = { .name = name, .type = MANIFEST_SECRET };
	struct checker c = { .connection = &named, .problems = problems,
	                     .weight = PROBLEM_FATAL };
	reference_check(&c, &s, written, at);
}

int32_t
settings_secrets(const struct settings *settings, struct arena *arena,
                 struct net_secret **secrets, size_t *count, struct rk_err *err)
{
	const struct manifest *m = settings->manifest;
	struct net_secret *list = arena_new_array(arena, m->setting_count + OWN_SECRETS,
	                                          struct net_secret);
	size_t n = 0;
	for (size_t i = 0; i < OWN_SECRETS; i++) {
		const char *written = own_secret(settings->connection, i);
		if (written == NULL)
			continue;
		int32_t status = take_secret(settings, own_secrets[i].setting, written, arena,
		                             &list[n], err);
		if (status != RK_OK)
			return status;
		list[n++].name = text_of(own_secrets[i].net_name);
	}
	for (size_t i = 0; i < m->setting_count; i++) {
		const struct manifest_setting *s = &m->settings[i];
		const char *written = config_setting(settings->connection, s->name);
		if (s->type != MANIFEST_SECRET || checker_blank(written))
			continue;
		int32_t status =
			take_secret(settings, s->name, written, arena, &list[n], err);
		if (status != RK_OK)
			return status;
		n++;
	}
	*secrets = list;
	*count = n;
	return RK_OK;
}

void
settings_forget(struct net_secret *secrets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (secrets[i].kind == NET_SECRET_VALUE && secrets[i].text.len > 0)
			explicit_bzero((char *)(uintptr_t)secrets[i].text.ptr,
			               secrets[i].text.len);
}
