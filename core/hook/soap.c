/* SPDX-License-Identifier: Apache-2.0
 *
 * soap.c - the records in an outbound message of Salesforce: elements named sObject with
 * the object in xsi:type ("sf:Contact") and the id in a child Id.  No document type is
 * taken, so that no entity can grow. */
#include <string.h>

#include <expat.h>

#include "base/text.h"
#include "hook/hook.h"

#define DEPTH_MAX 32

struct soap {
	XML_Parser parser;
	struct arena *arena;
	struct hook_events *events;
	unsigned depth, record;        /* 'record': the depth of sObject; 0: outside. */
	bool in_id, body;
	char object[HOOK_ID_MAX];
	char id[HOOK_ID_MAX + 1];         /* One more: too long. */
	size_t id_len;
};

/* Names come as "URI|local". */
static const char *
local(const char *name)
{
	const char *bar = strrchr(name, '|');
	return bar != NULL ? bar + 1 : name;
}

static void
note_type(struct soap *s, const char **attributes)
{
	s->object[0] = '\0';
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(local(attributes[i]), "type") != 0)
			continue;
		const char *colon = strchr(attributes[i + 1], ':');
		text_copy(s->object, sizeof s->object,
		          text_of(colon != NULL ? colon + 1 : attributes[i + 1]));
	}
}

static void
begin_element(void *user, const char *name, const char **attributes)
{
	struct soap *s = user;
	if (++s->depth > DEPTH_MAX)
		XML_StopParser(s->parser, XML_FALSE);
	s->body |= strcmp(local(name), "notifications") == 0;
	if (s->record == 0 && strcmp(local(name), "sObject") == 0) {
		s->record = s->depth;
		note_type(s, attributes);
	}
	if (s->record > 0 && s->depth == s->record + 1 && strcmp(local(name), "Id") == 0) {
		s->in_id = true;
		s->id_len = 0;
	}
}

static void
take_text(void *user, const char *text, int len)
{
	struct soap *s = user;
	for (int i = 0; s->in_id && i < len && s->id_len < sizeof s->id; i++)
		s->id[s->id_len++] = text[i];
}

static void
end_element(void *user, const char *name)
{
	struct soap *s = user;
	(void)name;
	if (s->in_id && s->depth == s->record + 1) {
		s->in_id = false;
		hook_add(s->events, s->arena, text_of(s->object),
		         text_trim((struct rk_text){ s->id, s->id_len }));
	}
	if (s->depth == s->record)
		s->record = 0;
	s->depth--;
}

static void
refuse_document_type(void *user, const char *name, const char *system, const char *public,
                     int internal)
{
	struct soap *s = user;
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	XML_StopParser(s->parser, XML_FALSE);
}

bool
hook_read_soap(struct rk_text body, struct arena *arena, struct hook_events *events)
{
	struct soap s = { .parser = XML_ParserCreateNS("UTF-8", '|'), .arena = arena,
	                  .events = events };
	if (s.parser == NULL)
		return false;
	XML_SetUserData(s.parser, &s);
	XML_SetElementHandler(s.parser, begin_element, end_element);
	XML_SetCharacterDataHandler(s.parser, take_text);
	XML_SetStartDoctypeDeclHandler(s.parser, refuse_document_type);
	bool good = XML_Parse(s.parser, body.ptr, (int)body.len, XML_TRUE) == XML_STATUS_OK;
	XML_ParserFree(s.parser);
	return good && s.body;
}
