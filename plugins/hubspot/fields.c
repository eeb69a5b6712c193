/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - what an object's properties are: types, options, rights, keys.  Called
 * through the table of hubspot.c. */
#include "hubspot.h"

#define OWNERS_MAX 1000u

static const struct rk_object objects[] = {
	{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
	{ .name = RK_LIT("companies"), .label = RK_LIT("Companies") },
	{ .name = RK_LIT("deals"), .label = RK_LIT("Deals") },
	{ .name = RK_LIT("leads"), .label = RK_LIT("Leads") },
	{ .name = RK_LIT("tickets"), .label = RK_LIT("Tickets") },
	{ .name = RK_LIT("tasks"), .label = RK_LIT("Tasks") },
	{ .name = RK_LIT("emails"), .label = RK_LIT("E-mail activity") },
};

/* Their type ids, which some calls want. */
static const char *const type_ids[] = {
	"0-1", "0-2", "0-3", "0-136", "0-5", "0-27", "0-49",
};

static const struct rk_kind kinds[] = {
	{ "bool", "", RK_BOOL, 0, NULL },
	{ "number", "", RK_DECIMAL, 0, NULL },
	{ "date", "", RK_DATE, 0, NULL },
	{ "datetime", "", RK_DATETIME, 0, NULL },
	{ "enumeration", "checkbox", RK_CHOICES, 0, NULL },
	{ "enumeration", "", RK_CHOICE, 0, NULL },
	{ "string", "html", RK_RICH, 0, NULL },
	{ "json object_coordinates", "", RK_TEXT, 0,
	  "a value that HubSpot keeps for itself" },
	{ "", "", RK_TEXT, 0, NULL },
};

/* "calculated" misses many read-only properties, and e-mail is a key that is not
 * marked unique: both seen in recorded schemas. */
static uint32_t
field_flags(const cJSON *property, struct rk_text object, const struct rk_field *field)
{
	int email = hubspot_is_contacts(object) && rk_text_is(field->name, "email");
	int computed = rk_json_true(property, "calculated") ||
	               rk_text_find(field->native, "/calculation_");
	uint32_t flags = computed ? RK_FIELD_COMPUTED : 0;

	if (!computed && field->unmappable.len == 0 &&
	    !rk_json_bool(rk_json_get2(property, "modificationMetadata", "readOnlyValue"),
	                  0))
		flags |= RK_FIELD_WRITABLE;
	if (email)
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY | RK_FIELD_KEY_NOCASE;
	if (rk_json_true(property, "hasUniqueValue") &&
	    !rk_text_is(field->name, "hs_object_id"))
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY;
	if (rk_text_among(field->name, "dealname dealstage hs_lead_name hs_timestamp"))
		flags |= RK_FIELD_REQUIRED;
	return flags;
}

static void
read_property(const struct rk_host *host, const cJSON *property, struct rk_text object,
              struct rk_field *field)
{
	struct rk_text type = rk_json_str(host, property, "type");
	struct rk_text control = rk_json_str(host, property, "fieldType");

	rk_field_begin(field, rk_kind_find(kinds, type, control),
	               rk_json_str(host, property, "name"),
	               rk_json_str(host, property, "label"));
	field->native = rk_textf(host, "%.*s/%.*s", RK_S(type), RK_S(control));
	field->max_length = rk_text_is(type, "string") ? 65536 : -1;
	field->flags = field_flags(property, object, field);
	rk_options_read(host, rk_json_get(property, "options"), "value", "label", NULL,
	                field);
	if (rk_text_is(rk_json_str(host, property, "referencedObjectType"), "OWNER")) {
		field->type = RK_USER;
		field->ref_object = rk_z("owners");
	}
}

/* {"results":[{"id","label","stages":[{"id","label"}]}]} as options of 'field': the
 * pipelines, or the stages of all of them. */
static void
read_pipelines(const struct rk_host *host, const cJSON *pipelines, struct rk_field *field)
{
	uint64_t most = rk_json_count(pipelines), several = most > 1;
	int stages = rk_text_among(field->name, "dealstage hs_pipeline_stage");
	struct rk_option *options;

	rk_json_each(pipeline, pipelines)
		most += rk_json_count(rk_json_get(pipeline, "stages"));
	options = host->alloc(host, (most + 1) * sizeof *options);
	field->options = options;
	rk_json_each(pipeline, pipelines) {
		struct rk_text label = rk_json_str(host, pipeline, "label");

		if (!stages)
			*options++ = (struct rk_option){
				rk_json_str(host, pipeline, "id"), label };
		rk_json_each(stage, stages ? rk_json_get(pipeline, "stages") : NULL) {
			struct rk_text own = rk_json_str(host, stage, "label");

			if (several)
				own = rk_textf(host, "%.*s: %.*s", RK_S(label),
				               RK_S(own));
			*options++ = (struct rk_option){
				rk_json_str(host, stage, "id"), own };
		}
	}
	field->option_count = (uint64_t)(options - field->options);
}

/* The options of pipeline and stage stand in a list of their own, where the properties do
 * not tell them.  Without it they are not checked before writing. */
static int32_t
add_pipelines(const struct rk_host *host, struct rk_text object, struct rk_field *fields,
              uint64_t count, struct rk_err *err)
{
	struct rk_call call = hubspot_call(host, "GET", "crm/pipelines", object, "");
	struct rk_answer answer = { .root = NULL };
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < count && status == RK_OK; i++) {
		if (fields[i].option_count ||
		    !rk_text_among(fields[i].name,
		                   "pipeline dealstage hs_pipeline hs_pipeline_stage"))
			continue;
		if (!answer.root)
			status = rk_ask_read(host, &call, &answer, err);
		if (status == RK_OK)
			read_pipelines(host, rk_json_get(answer.root, "results"),
			               &fields[i]);
	}
	return status == RK_AGAIN || status == RK_HOLD ? status : RK_OK;
}

/* One page of owners added to 'options': id and e-mail, by which people know them.  The
 * page after it; empty: there is none. */
static struct rk_text
read_owners(const struct rk_host *host, const cJSON *root, struct rk_option *options,
            uint64_t *count)
{
	rk_json_each(owner, rk_json_get(root, "results")) {
		if (*count == OWNERS_MAX)
			break;
		options[(*count)++] = (struct rk_option){
			rk_json_str(host, owner, "id"),
			rk_json_str(host, owner, "email") };
	}
	return rk_json_str(host, rk_json_get2(root, "paging", "next"), "after");
}

/* The owners of records, as the options of the fields that name one.  A key without
 * their scope cannot list them, and more than OWNERS_MAX are not listed: then the ids
 * are not checked before writing. */
static int32_t
add_owners(const struct rk_host *host, struct rk_field *fields, uint64_t field_count,
           struct rk_err *err)
{
	struct rk_option *options = NULL;
	struct rk_text after = rk_z("");
	uint64_t count = 0, i = 0;
	int32_t status = RK_OK;
	int page = 0;

	while (i < field_count && !rk_text_is(fields[i].ref_object, "owners"))
		i++;
	if (i < field_count)
		options = host->alloc(host, OWNERS_MAX * sizeof *options);
	for (; options && status == RK_OK && (page == 0 || after.len); page++) {
		struct rk_call call = hubspot_call(host, "GET", "crm/owners", rk_z(""),
		        rk_textf(host, "?limit=100%s%.*s", after.len ? "&after=" : "",
		                 RK_S(rk_url_text(host, after))).ptr);
		struct rk_answer answer;

		status = rk_ask_read(host, &call, &answer, err);
		after = status == RK_OK ? read_owners(host, answer.root, options, &count)
		                        : after;
		if (count == OWNERS_MAX || page == OWNERS_MAX / 100)
			return RK_OK;
	}
	for (; i < field_count && status == RK_OK; i++)
		if (rk_text_is(fields[i].ref_object, "owners")) {
			fields[i].options = options;
			fields[i].option_count = count;
		}
	return status == RK_AGAIN || status == RK_HOLD ? status : RK_OK;
}

/* ---- Rules of the account's administrators ----------------------------------------- */

/* One rule, as far as a field can tell it; else its name stands beside the type. */
static void
read_rule(const struct rk_host *host, const cJSON *rule, struct rk_field *field)
{
	struct rk_text type = rk_json_str(host, rule, "ruleType");
	const cJSON *arguments = rk_json_get(rule, "ruleArguments");
	struct rk_text value = rk_json_text(host, arguments ? arguments->child : NULL,
	                                    NULL);
	struct rk_text number = rk_z("");
	int64_t length = rk_text_int(value, &length) ? length : -1;

	rk_decimal(host, value, &number);
	if (rk_text_is(type, "MIN_LENGTH") && field->type == RK_TEXT && length >= 0)
		field->min_length = length;
	else if (rk_text_is(type, "MAX_LENGTH") && field->type == RK_TEXT && length >= 0)
		field->max_length = length;
	else if (rk_text_is(type, "MIN_NUMBER") && field->type == RK_DECIMAL)
		field->min_value = number;
	else if (rk_text_is(type, "MAX_NUMBER") && field->type == RK_DECIMAL)
		field->max_value = number;
	else if (type.len)
		field->native = rk_textf(host, "%.*s %.*s", RK_S(field->native),
		                         RK_S(type));
}

static void
read_rules(const struct rk_host *host, const cJSON *property, struct rk_field *fields,
           uint64_t count)
{
	struct rk_text name = rk_json_str(host, property, "propertyName");

	for (uint64_t i = 0; i < count; i++) {
		if (!rk_text_eq(fields[i].name, name))
			continue;
		rk_json_each(rule, rk_json_get(property, "propertyValidationRules"))
			read_rule(host, rule, &fields[i]);
		if (fields[i].min_length > fields[i].max_length &&
		    fields[i].max_length >= 0)
			fields[i].min_length = -1;
	}
}

/* What is not told is not checked before writing; before 2026-09 HubSpot itself lets a
 * value of the API pass.
 *
 * Shape:  {"results":[{"propertyName":"code","propertyValidationRules":[{"ruleType":
 *         "MAX_LENGTH","ruleArguments":["40"]}]}]}
 * Source: HubSpot, "Property validations", 2026-09. */
static int32_t
add_rules(const struct rk_host *host, struct rk_text object, struct rk_field *fields,
          uint64_t count, struct rk_err *err)
{
	struct rk_text id = object;
	struct rk_call call;
	struct rk_answer answer;
	int32_t status;

	if (rk_setting_is(host, "version", "2026-03"))
		return RK_OK;
	for (size_t i = 0; i < RK_COUNT(objects); i++)
		if (rk_text_eq(object, objects[i].name))
			id = rk_z(type_ids[i]);
	call = hubspot_call(host, "GET", "crm/property-validations", id, "");
	status = rk_ask_extra(host, &call, "rules of properties", &answer, err);
	if (status == RK_OK)
		rk_json_each(property, rk_json_get(answer.root, "results"))
			read_rules(host, property, fields, count);
	return status;
}

/* ---- Custom objects ---------------------------------------------------------------- */

/* "2-123", or the full name "p62515_cars". */
static int
is_custom(struct rk_text object)
{
	return rk_text_starts(object, "2-") ||
	       (object.len > 1 && object.ptr[0] == 'p' && object.ptr[1] >= '0' &&
	        object.ptr[1] <= '9');
}

/* Asks for the schema of one custom object, or for all. */
static int32_t
ask_schemas(const struct rk_host *host, struct rk_text object, struct rk_answer *answer,
            struct rk_err *err)
{
	struct rk_call call = hubspot_call(host, "GET", "crm-object-schemas", rk_z(""),
	        rk_textf(host, "/schemas%s%.*s?"
	                 "includePropertyDefinitions=false&includeAuditMetadata=false",
	                 object.len ? "/" : "", RK_S(rk_url_text(host, object))).ptr);

	return rk_ask_extra(host, &call, "schemas of custom objects", answer, err);
}

/* HubSpot's own objects, and after them those of the account, by type id.
 *
 * Shape: {"results":[{"objectTypeId":"2-1","fullyQualifiedName":"p9_cars","labels":
 *        {"plural":"Cars"}}]}
 * Source: HubSpot, "Schemas", 2026-09. */
static int32_t
list_objects(const struct rk_host *host, struct rk_schema *schema, struct rk_err *err)
{
	struct rk_answer answer;
	struct rk_object *list;
	const cJSON *results;
	int32_t status = ask_schemas(host, rk_z(""), &answer, err);

	if (status != RK_OK)
		return status;
	results = rk_json_get(answer.root, "results");
	list = host->alloc(host, (RK_COUNT(objects) + rk_json_count(results)) *
	                         sizeof *list);
	memcpy(list, objects, sizeof objects);
	schema->objects = list;
	schema->object_count = RK_COUNT(objects);
	rk_json_each(item, results) {
		struct rk_object *object = &list[schema->object_count];
		struct rk_text full = rk_json_str(host, item, "fullyQualifiedName");

		object->name = rk_json_str(host, item, "objectTypeId");
		object->label = rk_textf(host, "%.*s (%.*s)", RK_S(rk_json_str(host,
		        rk_json_get(item, "labels"), "plural")), RK_S(full));
		schema->object_count += object->name.len != 0;
	}
	return RK_OK;
}

static void
mark_required(const struct rk_host *host, const cJSON *names, struct rk_field *fields,
              uint64_t count)
{
	rk_json_each(name, names)
		for (uint64_t i = 0; i < count; i++)
			if (rk_text_eq(fields[i].name, rk_json_text(host, name, NULL)))
				fields[i].flags |= RK_FIELD_REQUIRED;
}

/* ---- The slot ---------------------------------------------------------------------- */

static const char *const levels[] = { "non_sensitive", "sensitive", "highly_sensitive" };

/* The properties; those of each level of sensitivity are a list of their own, and need
 * scopes of their own. */
static int32_t
ask_properties(const struct rk_host *host, struct rk_text object,
               const cJSON *lists[RK_COUNT(levels)], uint64_t *count, struct rk_err *err)
{
	struct rk_text last = host->setting(host, "sensitive");
	int32_t status = RK_OK;
	size_t end = 1;

	for (size_t i = 1; i < RK_COUNT(levels); i++)
		if (rk_text_is(last, levels[i]))
			end = i + 1;
	for (size_t i = 0; i < end && status == RK_OK; i++) {
		struct rk_call call = hubspot_call(host, "GET", "crm/properties", object,
			rk_textf(host, "?archived=false&dataSensitivity=%s",
		                 levels[i]).ptr);
		struct rk_answer answer;

		status = rk_ask_list(host, &call, "results", &answer, &lists[i], err);
		*count += status == RK_OK ? rk_json_count(lists[i]) : 0;
	}
	return status;
}

int32_t
hubspot_describe_fields(struct rk_conn *conn, struct rk_text object,
                        struct rk_schema *schema, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct rk_answer own = { .root = NULL };
	const cJSON *lists[RK_COUNT(levels)] = { NULL };
	struct rk_field *fields;
	uint64_t most = 0;
	int32_t status;

	if (object.len == 0)
		return list_objects(host, schema, err);
	status = ask_properties(host, object, lists, &most, err);
	if (status == RK_OK && is_custom(object))
		status = ask_schemas(host, object, &own, err);
	if (status != RK_OK)
		return status;
	most += HUBSPOT_ASSOCIATIONS + rk_json_count(rk_json_get(own.root, "associations"));
	fields = host->alloc(host, most * sizeof *fields);
	schema->fields = fields;
	schema->field_count = 0;
	for (size_t i = 0; i < RK_COUNT(levels); i++)
		rk_json_each(property, lists[i])
			if (!rk_json_true(property, "archived") &&
			    rk_json_str(host, property, "name").len)
				read_property(host, property, object,
				              &fields[schema->field_count++]);
	mark_required(host, rk_json_get(own.root, "requiredProperties"), fields,
	              schema->field_count);
	status = hubspot_describe_associations(host, object, own.root, fields,
	                                       &schema->field_count, err);
	if (status == RK_OK)
		status = add_pipelines(host, object, fields, schema->field_count, err);
	if (status == RK_OK)
		status = add_owners(host, fields, schema->field_count, err);
	return status == RK_OK
	     ? add_rules(host, object, fields, schema->field_count, err) : status;
}
