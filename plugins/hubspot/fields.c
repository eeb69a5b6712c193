/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - what an object's properties are: types, options, rights, keys.  Called
 * through the table of hubspot.c. */
#include "hubspot.h"

static const struct rk_object objects[] = {
	{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
	{ .name = RK_LIT("companies"), .label = RK_LIT("Companies") },
	{ .name = RK_LIT("deals"), .label = RK_LIT("Deals") },
	{ .name = RK_LIT("leads"), .label = RK_LIT("Leads") },
	{ .name = RK_LIT("tickets"), .label = RK_LIT("Tickets") },
	{ .name = RK_LIT("tasks"), .label = RK_LIT("Tasks") },
	{ .name = RK_LIT("emails"), .label = RK_LIT("E-mail activity") },
};

/* First match wins; an empty text matches all. */
static const struct { const char *type, *field_type; uint32_t is; } types[] = {
	{ "bool", "", RK_BOOL },
	{ "number", "", RK_DECIMAL },
	{ "date", "", RK_DATE },
	{ "datetime", "", RK_DATETIME },
	{ "enumeration", "checkbox", RK_CHOICES },
	{ "enumeration", "", RK_CHOICE },
	{ "string", "html", RK_RICH },
	{ "", "", RK_TEXT },
};

static void
read_options(const struct rk_host *host, const cJSON *property, struct rk_field *field)
{
	const cJSON *list = rk_json_get(property, "options");
	struct rk_option *options = host->alloc(host,
	                            (rk_json_count(list) + 1) * sizeof *options);
	uint64_t count = 0;

	rk_json_each(option, list) {
		options[count].value = rk_json_str(host, option, "value");
		options[count++].label = rk_json_str(host, option, "label");
	}
	field->options = options;
	field->option_count = count;
}

/* "calculated" misses many read-only properties, and e-mail is a key that is not
 * marked unique: both seen in recorded schemas. */
static uint32_t
field_flags(const struct rk_host *host, const cJSON *property, struct rk_text object,
            const struct rk_field *field)
{
	const cJSON *rules = rk_json_get(property, "modificationMetadata");
	struct rk_text control = rk_json_str(host, property, "fieldType");
	int email = hubspot_is_contacts(object) && rk_text_is(field->name, "email");
	int computed = rk_json_bool(rk_json_get(property, "calculated"), 0) ||
	               rk_text_starts(control, "calculation_");
	uint32_t flags = 0;

	if (!computed && !rk_json_bool(rk_json_get(rules, "readOnlyValue"), 0))
		flags |= RK_FIELD_WRITABLE;
	if (computed)
		flags |= RK_FIELD_COMPUTED;
	if (email)
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY | RK_FIELD_KEY_NOCASE;
	if (rk_json_bool(rk_json_get(property, "hasUniqueValue"), 0) &&
	    !rk_text_is(field->name, "hs_object_id"))
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY;
	if (rk_text_is(field->name, "dealname") || rk_text_is(field->name, "dealstage"))
		flags |= RK_FIELD_REQUIRED;
	return flags;
}

static void
read_property(const struct rk_host *host, const cJSON *property, struct rk_text object,
              struct rk_field *field)
{
	struct rk_text type = rk_json_str(host, property, "type");
	struct rk_text control = rk_json_str(host, property, "fieldType");
	size_t i = 0;

	while ((*types[i].type && !rk_text_is(type, types[i].type)) ||
	       (*types[i].field_type && !rk_text_is(control, types[i].field_type)))
		i++;
	field->type = types[i].is;
	field->name = rk_json_str(host, property, "name");
	field->label = rk_json_str(host, property, "label");
	field->native = rk_textf(host, "%.*s/%.*s", RK_S(type), RK_S(control));
	field->min_length = -1;
	field->max_length = rk_text_is(type, "string") ? 65536 : -1;
	field->integer_digits = field->decimals = -1;
	field->flags = field_flags(host, property, object, field);
	read_options(host, property, field);
	if (rk_text_is(rk_json_str(host, property, "referencedObjectType"), "OWNER")) {
		field->type = RK_USER;
		field->ref_object = rk_z("owners");
	}
	if (rk_text_is(type, "json") || rk_text_is(type, "object_coordinates")) {
		field->flags &= ~(uint32_t)RK_FIELD_WRITABLE;
		field->unmappable = rk_z("a value that HubSpot keeps for itself");
	}
}

/* {"results":[{"id","label","stages":[{"id","label"}]}]} as options: the pipelines, or
 * the stages of all of them. */
static void
read_pipelines(const struct rk_host *host, const cJSON *pipelines, int stages,
               struct rk_field *field)
{
	uint64_t most = rk_json_count(pipelines), several = most > 1;
	struct rk_option *options;

	rk_json_each(pipeline, pipelines)
		most += rk_json_count(rk_json_get(pipeline, "stages"));
	options = host->alloc(host, (most + 1) * sizeof *options);
	field->options = options;
	rk_json_each(pipeline, pipelines) {
		struct rk_text label = rk_json_str(host, pipeline, "label");

		if (!stages) {
			options->value = rk_json_str(host, pipeline, "id");
			options++->label = label;
			continue;
		}
		rk_json_each(stage, rk_json_get(pipeline, "stages")) {
			options->value = rk_json_str(host, stage, "id");
			options->label = rk_json_str(host, stage, "label");
			if (several)
				options->label = rk_textf(host, "%.*s: %.*s", RK_S(label),
				                          RK_S(options->label));
			options++;
		}
	}
	field->option_count = (uint64_t)(options - field->options);
}

/* The options of a deal's pipeline and stage stand in a list of their own, where the
 * properties do not tell them.  Without it they are not checked before writing. */
static int32_t
add_pipelines(const struct rk_host *host, struct rk_field *fields, uint64_t count,
              struct rk_err *err)
{
	static const char *const names[] = { "pipeline", "dealstage" };
	struct call call = { .method = "GET", .object = rk_z("deals") };
	struct rk_field *asks[RK_COUNT(names)] = { NULL };
	struct rk_answer answer;
	int32_t status;

	for (uint64_t i = 0; i < count; i++)
		for (size_t j = 0; j < RK_COUNT(names); j++)
			if (rk_text_is(fields[i].name, names[j]) &&
			    !fields[i].option_count)
				asks[j] = &fields[i];
	if (!asks[0] && !asks[1])
		return RK_OK;
	call.path = hubspot_crm_path(host, "pipelines", call.object, "");
	status = hubspot_ask_read(host, &call, &answer, err);
	if (status != RK_OK)
		return status == RK_AGAIN || status == RK_HOLD ? status : RK_OK;
	for (int j = 0; j < 2; j++)
		if (asks[j])
			read_pipelines(host, rk_json_get(answer.root, "results"), j,
			               asks[j]);
	return RK_OK;
}

int32_t
hubspot_describe_fields(struct rk_conn *conn, struct rk_text object,
                        struct rk_schema *schema, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct call call = { .method = "GET", .object = object };
	struct rk_answer answer;
	const cJSON *results;
	struct rk_field *fields;
	int32_t status;

	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects);
		return RK_OK;
	}
	call.path = hubspot_crm_path(host, "properties", object,
	                     "?archived=false&dataSensitivity=non_sensitive");
	status = hubspot_ask_read(host, &call, &answer, err);
	if (status != RK_OK)
		return status;
	results = rk_json_get(answer.root, "results");
	if (!rk_json_is(results, cJSON_Array))
		return rk_fail(err, RK_BUG, RK_CAT_BUG,
		               "properties: no list \"results\"");
	fields = host->alloc(host, (rk_json_count(results) + 1) * sizeof *fields);
	schema->fields = fields;
	schema->field_count = 0;
	rk_json_each(property, results)
		if (!rk_json_bool(rk_json_get(property, "archived"), 0) &&
		    rk_json_str(host, property, "name").len)
			read_property(host, property, object,
			              &fields[schema->field_count++]);
	if (rk_text_is(object, "deals") || rk_text_is(object, "0-3"))
		return add_pipelines(host, fields, schema->field_count, err);
	return RK_OK;
}
