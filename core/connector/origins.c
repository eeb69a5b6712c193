/* SPDX-License-Identifier: Apache-2.0
 *
 * origins.c - where a connection's requests may go: the manifest's templates,
 * filled in with the connection's settings.  Plain http and addresses inside are
 * for the operator's own setting to say, never for a manifest. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "connector/checker.h"
#include "connector/site.h"

#define MOST_HOSTS 64
#define TEXT_BYTES 8192

static struct rk_text
value_of(const struct settings *out, const char *name)
{
	for (size_t i = 0; i < out->value_count; i++)
		if (text_is(out->values[i].name, name))
			return out->values[i].value;
	return (struct rk_text){ NULL, 0 };
}

/* Part of a name: what could end the host and begin a path is refused. */
static bool
fits_in_name(struct rk_text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!isalnum((unsigned char)value.ptr[i]) && value.ptr[i] != '-'
		    && value.ptr[i] != '.')
			return false;
	return value.len > 0;
}

/* Adds 'template' with its settings filled in.  False if one has no value, or one
 * that does not fit; it was complained about where it stands. */
static bool
fill_template(struct checker *c, const char *template, struct buf *out)
{
	bool whole = template[0] == '$' && strchr(template, '}') != NULL
	             && strchr(template, '}')[1] == '\0';
	while (*template != '\0') {
		size_t len = strcspn(template, "$");
		buf_add(out, template, len);
		template += len;
		if (*template == '\0')
			break;
		size_t end = strcspn(template, "}");
		char name[65];
		if (template[1] != '{' || template[end] != '}')
			return false;
		text_copy(name, sizeof name, (struct rk_text){ template + 2, end - 2 });
		struct rk_text value = value_of(c->out, name);
		if (value.len == 0)
			return false;
		if (!whole && !fits_in_name(value)) {
			const struct config_setting *s = checker_given(c, name);
			checker_complain(c, s != NULL ? s->at : c->connection->at,
			                 "%s: found "
			                 "\"%.200s\", expected part of a host's name",
			                 name, value.ptr);
			return false;
		}
		buf_addt(out, value);
		template += end + 1;
	}
	return !out->over;
}

/* The operator's own setting that a template consists of; NULL: it is more than
 * one setting, or the value is the connector's default. */
static const struct config_setting *
own_setting(const struct checker *c, const char *template)
{
	char name[65];
	size_t end = strcspn(template, "}");
	if (strncmp(template, "${", 2) != 0 || template[end] != '}'
	    || template[end + 1] != '\0')
		return NULL;
	text_copy(name, sizeof name, (struct rk_text){ template + 2, end - 2 });
	return checker_given(c, name);
}

static void
add_origin(struct checker *c, const char *template)
{
	struct settings *out = c->out;
	BUF_AUTO text = BUF_INIT(TEXT_BYTES);
	struct site site;
	if (!fill_template(c, template, &text))
		return;
	struct rk_text full = buf_text(&text);
	if (strstr(buf_str(&text), "://") == NULL)
		full = arena_printf(c->arena, "https://%s", buf_str(&text));
	const struct config_setting *own = own_setting(c, template);
	struct place at = own != NULL ? own->at : c->connection->at;
	const char *wanted = site_parse(full, c->arena, &site);
	if (wanted != NULL) {
		checker_complain(c, at, "host: found \"%.200s\", expected %s", full.ptr,
		                 wanted);
		return;
	}
	if ((site.plain || site.inside) && own == NULL) {
		checker_complain(c, at,
		                 "%s wants to send to \"%.200s\", which is %s; only a "
		                 "setting of your own may say so",
		                 c->manifest->name, full.ptr,
		                 site.plain ? "plain http" : "inside this network");
		return;
	}
	if (site.plain && !site.inside)
		problem_add(c->problems, PROBLEM_WARNING, at, NULL,
		            "%s: plain http; whoever is on the way reads the credentials",
		            own->name);
	out->origins[out->origin_count++] = site_origin(&site, c->arena);
}

void
origins_fill(struct checker *c)
{
	const struct manifest *m = c->manifest;
	size_t n = m->host_count < MOST_HOSTS ? m->host_count : MOST_HOSTS;
	c->out->origins = arena_new_array(c->arena, n + 1, struct rk_text);
	for (size_t i = 0; i < n; i++)
		add_origin(c, m->hosts[i]);
}
