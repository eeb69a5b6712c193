/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_schemas.c - custom objects of the simulated HubSpot: described, listed and
 * defined (sheet, section 0; the shape is that of HubSpot's published description of
 * "Schemas").  Their records are like any others.  Called by the routes of hubspot.c,
 * and by its control path, which needs no scope. */
#include "hubspot.h"

#include <stdio.h>
#include <string.h>

#define STAMPS "\"createdAt\":\"2025-04-01T00:00:00.000Z\"," \
	"\"updatedAt\":\"2026-01-05T00:00:00.000Z\""

/* ---- Describing -------------------------------------------------------------- */

static bool
wants(struct request *q, const char *part)
{
	return !text_is(request_query(q, part), "false");
}

static void
write_kinds(struct request *q, struct buf *out, const struct hubspot_schema *s)
{
	bool first = true;

	for (size_t i = 0; i < s->kind_count; i++) {
		const struct hubspot_kind *k = &s->kinds[i];

		buf_comma(out, &first);
		buf_fmt(out, "{\"fromObjectTypeId\":\"%s\",\"toObjectTypeId\":\"%s\","
			"\"name\":\"%s_to_%s\",\"id\":\"%d\"," STAMPS "}",
			hubspot_type_id(sim_object(q->sim, text_of(k->from))),
			hubspot_type_id(sim_object(q->sim, text_of(k->to))),
			k->from, k->to, k->plain);
	}
}

static void
write_schema(struct request *q, struct buf *out, const struct object *o)
{
	const struct hubspot_schema *s = hubspot_schema_of(o);
	bool first = true;

	buf_fmt(out, "{\"id\":\"%s\",\"objectTypeId\":\"%s\",\"name\":\"%s\","
		"\"fullyQualifiedName\":\"%s\",\"labels\":{\"singular\":", s->type_id,
		s->type_id, o->name, s->full_name);
	buf_quotez(out, s->label);
	buf_str(out, ",\"plural\":");
	buf_quotez(out, s->labels);
	buf_str(out, "},\"archived\":false,\"allowsSensitiveProperties\":false,"
		"\"searchableProperties\":[],\"secondaryDisplayProperties\":[],");
	if (wants(q, "includeAuditMetadata"))
		buf_str(out, STAMPS ",");
	buf_str(out, "\"requiredProperties\":[");
	for (size_t i = 0; i < o->field_count; i++)
		if (o->fields[i]->flags & FIELD_REQUIRED) {
			buf_comma(out, &first);
			buf_quotez(out, o->fields[i]->name);
		}
	buf_str(out, "],\"properties\":[");
	first = true;
	for (size_t i = 0; i < o->field_count && wants(q, "includePropertyDefinitions");
	     i++) {
		buf_comma(out, &first);
		buf_text(out, o->fields[i]->definition);
	}
	buf_str(out, "],\"associations\":[");
	if (wants(q, "includeAssociationDefinitions"))
		write_kinds(q, out, s);
	buf_str(out, "]}");
}

static bool
is_custom(const struct object *o)
{
	return hubspot_schema_of(o)->full_name[0] != '\0';
}

void
hubspot_get_schemas(struct request *q, struct reply *r)
{
	struct buf *out = reply_start(r, 200);
	bool first = true, none = text_is(request_query(q, "archived"), "true");

	buf_str(out, "{\"results\":[");
	for (const struct object *o = q->sim->objects; o && !none; o = o->next) {
		if (!is_custom(o))
			continue;
		buf_comma(out, &first);
		write_schema(q, out, o);
	}
	buf_str(out, "]}");
}

void
hubspot_get_schema(struct request *q, struct reply *r)
{
	const struct object *o = hubspot_object_of(q, r);

	if (o)
		write_schema(q, reply_start(r, 200), o);
}

/* ---- Defining ---------------------------------------------------------------- */

/* Both ways of one association. */
static void
add_kinds(struct request *q, struct object *o, struct hubspot_schema *s,
	  const struct object *to)
{
	int id = HUBSPOT_OWN_TYPES;

	for (const struct object *other = q->sim->objects; other; other = other->next)
		id += (int)hubspot_schema_of(other)->kind_count;
	s->kinds[s->kind_count++] = (struct hubspot_kind){ o->name, to->name, id, 0 };
	s->kinds[s->kind_count++] = (struct hubspot_kind){ to->name, o->name, id + 1, 0 };
}

/* False: a property's name or type will not do. */
static bool
add_properties(struct request *q, struct object *o)
{
	const struct json *list = json_get(q->json, "properties");

	hubspot_define_system(o);
	for (const struct json *j = list ? list->child : NULL; j; j = j->next)
		if (!hubspot_property(q->arena, o, j))
			return false;
	list = json_get(q->json, "requiredProperties");
	for (const struct json *j = list ? list->child : NULL; j; j = j->next) {
		struct field *f = object_field(o, j->text);

		if (!f)
			return false;
		f->flags |= FIELD_REQUIRED;
	}
	return true;
}

static struct object *
add_object(struct request *q, const char *name)
{
	const struct json *labels = json_get(q->json, "labels");
	const struct json *list = json_get(q->json, "associatedObjects");
	struct hubspot_schema *s = sim_alloc(sizeof *s);
	unsigned number = 1000003;

	for (const struct object *o = q->sim->objects; o; o = o->next)
		number += is_custom(o);
	snprintf(s->type_id, sizeof s->type_id, "2-%u", number);
	snprintf(s->full_name, sizeof s->full_name, "p62515_%s", name);
	snprintf(s->label, sizeof s->label, "%s",
		 sim_strz(q->arena, json_text(labels, "singular")));
	snprintf(s->labels, sizeof s->labels, "%s",
		 sim_strz(q->arena, json_text(labels, "plural")));
	struct object *o = sim_add_object(q->sim, name);
	o->lag_ms = sim_options.index_lag_ms;
	o->fold_keys = true;
	o->extra = s;
	for (const struct json *j = list ? list->child : NULL; j; j = j->next) {
		const struct object *to = hubspot_object(q->sim, j->text);

		if (to && s->kind_count + 2 <= 2 * HUBSPOT_PARTNERS)
			add_kinds(q, o, s, to);
	}
	return o;
}

/* {"name","labels":{"singular","plural"},"properties":[...],"requiredProperties":
 * [names],"associatedObjects":[names or type ids]} */
void
hubspot_post_schema(struct request *q, struct reply *r)
{
	const char *name = sim_strz(q->arena, json_text(q->json, "name"));

	if (!name[0] || strlen(name) > 60) {
		hubspot_error(r, 400, "VALIDATION_ERROR", "The object's name is not "
			      "valid.");
		return;
	}
	if (sim_object(q->sim, text_of(name))) {
		hubspot_error(r, 409, "OBJECT_ALREADY_EXISTS", "An object named '%s' "
			      "already exists.", name);
		return;
	}
	struct object *o = add_object(q, name);
	if (add_properties(q, o))
		write_schema(q, reply_start(r, q->route ? 201 : 200), o);
	else
		hubspot_error(r, 400, "VALIDATION_ERROR", "A property's name or type is "
			      "not valid.");
}
