/* SPDX-License-Identifier: Apache-2.0
 *
 * links.c - addresses that open a record in its CRM, for people: the manifest's
 * template filled in with settings, object and id.  What a connector tells of a record
 * that it lists is better; this is for records that are only remembered. */
#include <string.h>

#include "base/text.h"
#include "connector/settings.h"

#define LINK_MAX 4096
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

struct filling {
	const struct settings *settings;
	struct rk_text object, id;
	struct buf *out;
};

static struct rk_text
setting_of(const struct settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->value_count; i++)
		if (text_is(settings->values[i].name, name)
		    && !settings->values[i].secret)
			return settings->values[i].value;
	return (struct rk_text){ NULL, 0 };
}

/* An id or a name may hold anything: only what cannot change the address stays. */
static void
add_escaped(struct buf *out, struct rk_text text)
{
	for (uint64_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c != '\0' && strchr(PLAIN, c) != NULL)
			buf_addc(out, (char)c);
		else
			buf_addf(out, "%%%02X", c);
	}
}

static bool
add_named(const struct filling *f, const char *name)
{
	bool is_id = strcmp(name, "id") == 0, is_object = strcmp(name, "object") == 0;
	struct rk_text value = is_id ? f->id : is_object ? f->object
	                                                 : setting_of(f->settings, name);
	if (is_id || is_object)
		add_escaped(f->out, value);
	else
		buf_addt(f->out, value);
	return value.len > 0;
}

/* Fills in up to the end of 'template', or of the part in brackets. */
static bool
fill(const struct filling *f, const char **template, bool bracket)
{
	bool whole = true;
	const char *at = *template;
	while (*at != '\0' && !(bracket && *at == ']')) {
		char name[65];
		size_t len = manifest_template_name(at, name);
		if (len > 0) {
			whole = add_named(f, name) && whole;
			at += len;
		} else if (*at == '[' && !bracket) {
			size_t before = f->out->len;
			at++;
			if (!fill(f, &at, true))
				f->out->len = before;
		} else {
			buf_addc(f->out, *at++);
		}
	}
	*template = *at == ']' ? at + 1 : at;
	return whole;
}

static struct rk_text
filled(const struct settings *settings, const char *template, struct rk_text object,
       struct rk_text id, struct arena *arena)
{
	BUF_AUTO link = BUF_INIT(LINK_MAX);
	struct filling f = { settings, object, id, &link };
	if (!fill(&f, &template, false) || link.over)
		return (struct rk_text){ NULL, 0 };
	return arena_text(arena, buf_text(&link));
}

struct rk_text
settings_link(const struct settings *settings, const struct manifest_object *object,
              const char *name, struct rk_text id, struct arena *arena)
{
	if (object == NULL || object->links == NULL || id.len == 0)
		return (struct rk_text){ NULL, 0 };
	return filled(settings, object->links, text_of(name), id, arena);
}

struct rk_text
settings_address(const struct settings *settings, const char *template,
                 struct arena *arena)
{
	return filled(settings, template, text_of(NULL), text_of(NULL), arena);
}
