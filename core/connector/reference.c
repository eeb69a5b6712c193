/* SPDX-License-Identifier: Apache-2.0
 *
 * reference.c - secrets are not written down but named: env:NAME, file:/PATH.
 * What a reference looks like, and what net gets for it.  See settings.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "connector/checker.h"

enum settings_reference
settings_reference(const char *text, const char **rest)
{
	static const struct {
		const char *prefix;
		enum settings_reference kind;
	} kinds[] = {
		{ "env:", REFERENCE_ENV },
		{ "file:", REFERENCE_FILE },
		{ "credential:", REFERENCE_CREDENTIAL },
		{ "sealed:", REFERENCE_SEALED },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t len = strlen(kinds[i].prefix);
		if (strncmp(text, kinds[i].prefix, len) == 0) {
			*rest = text + len;
			return kinds[i].kind;
		}
	}
	*rest = text;
	return REFERENCE_LITERAL;
}

static bool
is_variable(const char *name)
{
	size_t len = strlen(name);
	return len > 0 && !isdigit((unsigned char)name[0])
	       && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	                 "0123456789") == len;
}

void
reference_check(struct checker *c, const struct manifest_setting *s, const char *value,
             struct place at)
{
	const char *rest;
	switch (settings_reference(value, &rest)) {
	case REFERENCE_LITERAL:
		problem_add(c->problems, PROBLEM_WARNING, at, NULL,
		            "%s: the secret itself "
		            "stands in the file; write \"env:NAME\" or \"file:/PATH\" "
		            "and keep it there",
		            s->name);
		break;
	case REFERENCE_ENV:
		if (!is_variable(rest))
			checker_complain(c, at,
			                 "%s: found \"env:%.100s\", expected the name of "
			                 "an environment variable, such as \"env:TOKEN\"",
			                 s->name, rest);
		break;
	case REFERENCE_FILE:
		if (rest[0] != '/')
			checker_complain(c, at,
			                 "%s: found \"file:%.100s\", expected an "
			                 "absolute path, such "
			                 "as \"file:/run/secrets/token\"",
			                 s->name, rest);
		break;
	case REFERENCE_CREDENTIAL:
	case REFERENCE_SEALED:
		checker_complain(c, at,
		                 "%s: \"%.*s:\" references are not available yet; use "
		                 "\"env:NAME\" or \"file:/PATH\"",
		                 s->name, (int)strcspn(value, ":"), value);
		break;
	}
}

const char *
settings_shown(const struct manifest_setting *setting, const char *value)
{
	const char *rest;
	if (setting->type != MANIFEST_SECRET || value == NULL)
		return value;
	return settings_reference(value, &rest) == REFERENCE_LITERAL ? "(literal)"
	                                                             : value;
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
	const char *connection = settings->connection->name;
	const char *text = getenv(name);
	if (checker_blank(text))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "connection \"%s\": %s is env:%s, "
		               "but the environment variable %s is %s; set it where "
		               "renkei is "
		               "started (export %s=..., or Environment= of the service)",
		               connection, setting, name, name,
		               text == NULL ? "not set" : "blank", name);
	*value = arena_text(arena, text_trim(text_of(text)));
	if (has_controls(*value))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "connection \"%s\": %s is env:%s, "
		               "whose value holds line ends or other controls; expected "
		               "the secret alone",
		               connection, setting, name);
	return RK_OK;
}

static int32_t
take_secret(const struct settings *settings, const char *name, const char *written,
            struct arena *arena, struct net_secret *secret, struct rk_err *err)
{
	const char *rest;
	secret->name = text_of(name);
	secret->kind = NET_SECRET_VALUE;
	switch (settings_reference(written, &rest)) {
	case REFERENCE_LITERAL:
		secret->text = text_trim(text_of(written));
		return RK_OK;
	case REFERENCE_ENV:
		return take_variable(settings, name, rest, arena, &secret->text, err);
	case REFERENCE_FILE:
		secret->kind = NET_SECRET_FILE;
		secret->text = text_of(rest);
		return RK_OK;
	case REFERENCE_CREDENTIAL:
	case REFERENCE_SEALED:
		break;
	}
	return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "connection \"%s\": %s is a kind of "
	               "reference that is not available yet; use env: or file:",
	               settings->connection->name, name);
}

int32_t
settings_secrets(const struct settings *settings, struct arena *arena,
                 struct net_secret **secrets, size_t *count, struct rk_err *err)
{
	const struct manifest *m = settings->manifest;
	struct net_secret *list = arena_new_array(arena, m->setting_count + 1,
	                                          struct net_secret);
	size_t n = 0;
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
