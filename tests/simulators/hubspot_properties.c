/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_properties.c - which properties the simulated HubSpot has, how it
 * describes them, and how made-up data fills them (sheet, sections 2, 8).
 * Called by the other hubspot files and by the control path. */
#include "hubspot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct { const char *type; enum hubspot_type is; } types[] = {
	{ "string", H_STRING }, { "number", H_NUMBER },     { "bool", H_BOOL },
	{ "enumeration", H_ENUM }, { "date", H_DATE },      { "datetime", H_DATETIME },
	{ "phone_number", H_STRING },
};

/* ---- The vendor's own properties ---------------------------------------- */

#define RO FIELD_READONLY
#define SYS (FIELD_READONLY | FIELD_SYSTEM)
#define OWN FIELD_CUSTOM

/* 'options' are value=label, joined by '|'.  "@owner" is an external list; any other that
 * begins so is checked and not told, as where the options stand elsewhere. */
struct property {
	const char *name, *label, *type, *field_type;
	unsigned flags;
	const char *options;
	enum hubspot_system system;
};

static const char stage_options[] =
	"subscriber=Subscriber|lead=Lead|marketingqualifiedlead=Marketing Qualified Lead|"
	"salesqualifiedlead=Sales Qualified Lead|opportunity=Opportunity|"
	"customer=Customer|evangelist=Evangelist|other=Other";
static const char status_options[] =
	"NEW=New|OPEN=Open|IN_PROGRESS=In Progress|CONNECTED=Connected|"
	"UNQUALIFIED=Unqualified";

static const struct property contact_properties[] = {
	{ "email", "Email", "string", "text", 0, NULL, 0 },
	{ "firstname", "First Name", "string", "text", 0, NULL, 0 },
	{ "lastname", "Last Name", "string", "text", 0, NULL, 0 },
	{ "phone", "Phone Number", "string", "phonenumber", 0, NULL, 0 },
	{ "mobilephone", "Mobile Phone Number", "string", "phonenumber", 0, NULL, 0 },
	{ "fax", "Fax Number", "string", "text", 0, NULL, 0 },
	{ "company", "Company Name", "string", "text", 0, NULL, 0 },
	{ "jobtitle", "Job Title", "string", "text", 0, NULL, 0 },
	{ "website", "Website URL", "string", "text", 0, NULL, 0 },
	{ "address", "Street Address", "string", "text", 0, NULL, 0 },
	{ "city", "City", "string", "text", 0, NULL, 0 },
	{ "state", "State/Region", "string", "text", 0, NULL, 0 },
	{ "zip", "Postal Code", "string", "text", 0, NULL, 0 },
	{ "country", "Country/Region", "string", "text", 0, NULL, 0 },
	{ "message", "Message", "string", "textarea", 0, NULL, 0 },
	{ "annualrevenue", "Annual Revenue", "string", "text", 0, NULL, 0 },
	{ "lifecyclestage", "Lifecycle Stage", "enumeration", "radio", 0, stage_options,
	  0 },
	{ "hs_lead_status", "Lead Status", "enumeration", "radio", 0, status_options, 0 },
	{ "hubspot_owner_id", "Contact owner", "enumeration", "select", 0, "@owner", 0 },
	{ "numemployees", "Number of Employees", "enumeration", "select", 0,
	  "1-5|5-25|25-50|50-100|100-500|500-1000|1000+", 0 },
	{ "closedate", "Close Date", "datetime", "date", 0, NULL, 0 },
	{ "associatedcompanyid", "Primary Associated Company ID", "number", "number", 0,
	  NULL, 0 },
	{ "hs_email_optout", "Unsubscribed from all email", "bool", "booleancheckbox", RO,
	  "true=Yes|false=No", 0 },
	{ "hs_additional_emails", "Additional email addresses", "enumeration", "checkbox",
	  RO, NULL, 0 },
	{ "hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", RO,
	  NULL, 0 },
	{ "hs_calculated_merged_vids", "Merged vids with timestamps of a contact",
	  "string", "calculation_equation", RO, NULL, 0 },
	{ "hs_object_id", "Record ID", "number", "number", SYS, NULL, H_ID },
	{ "createdate", "Create Date", "datetime", "date", SYS, NULL, H_CREATED },
	{ "lastmodifieddate", "Last Modified Date", "datetime", "date", SYS, NULL,
	  H_MODIFIED },
	{ "hs_lastmodifieddate", "Object last modified date/time", "datetime", "date",
	  SYS, NULL, H_MODIFIED },
	/* Made in this account by its people, as every real account has some. */
	{ "member_no", "会員番号", "string", "text", OWN | FIELD_UNIQUE, NULL, 0 },
	{ "employee_count", "従業員数", "number", "number", OWN, NULL, 0 },
	{ "contract_date", "契約日", "date", "date", OWN, NULL, 0 },
	{ "interests", "興味", "enumeration", "checkbox", OWN,
	  "product=製品|event=イベント|support=サポート|newsletter=メールマガジン", 0 },
	{ 0 },
};

static const struct property company_properties[] = {
	{ "name", "Company name", "string", "text", 0, NULL, 0 },
	{ "domain", "Company Domain Name", "string", "text", 0, NULL, 0 },
	{ "phone", "Phone Number", "string", "phonenumber", 0, NULL, 0 },
	{ "website", "Website URL", "string", "text", 0, NULL, 0 },
	{ "address", "Street Address", "string", "text", 0, NULL, 0 },
	{ "city", "City", "string", "text", 0, NULL, 0 },
	{ "state", "State/Region", "string", "text", 0, NULL, 0 },
	{ "zip", "Postal Code", "string", "text", 0, NULL, 0 },
	{ "country", "Country/Region", "string", "text", 0, NULL, 0 },
	{ "description", "Description", "string", "textarea", 0, NULL, 0 },
	{ "industry", "Industry", "enumeration", "select", 0,
	  "COMPUTER_SOFTWARE=Computer Software|MACHINERY=Machinery|RETAIL=Retail", 0 },
	{ "numberofemployees", "Number of Employees", "number", "number", 0, NULL, 0 },
	{ "annualrevenue", "Annual Revenue", "number", "number", 0, NULL, 0 },
	{ "lifecyclestage", "Lifecycle Stage", "enumeration", "radio", 0, stage_options,
	  0 },
	{ "type", "Type", "enumeration", "radio", 0,
	  "PROSPECT=Prospect|PARTNER=Partner|VENDOR=Vendor|OTHER=Other", 0 },
	{ "hubspot_owner_id", "Company owner", "enumeration", "select", 0, "@owner", 0 },
	{ "hs_parent_company_id", "Parent Company", "number", "number", 0, NULL, 0 },
	{ "hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", RO,
	  NULL, 0 },
	{ "hs_object_id", "Record ID", "number", "number", SYS, NULL, H_ID },
	{ "createdate", "Create Date", "datetime", "date", SYS, NULL, H_CREATED },
	{ "hs_lastmodifieddate", "Last Modified Date", "datetime", "date", SYS, NULL,
	  H_MODIFIED },
	{ 0 },
};

static const struct property deal_properties[] = {
	{ "dealname", "Deal Name", "string", "text", 0, NULL, 0 },
	{ "dealstage", "Deal Stage", "enumeration", "radio", 0,
	  "appointmentscheduled=Appointment Scheduled|presentationscheduled=Presentation "
	  "Scheduled|contractsent=Contract Sent|closedwon=Closed Won",
	  0 },
	{ "pipeline", "Pipeline", "enumeration", "select", 0, "default=Sales Pipeline",
	  0 },
	{ "amount", "Amount", "number", "number", 0, NULL, 0 },
	{ "closedate", "Close Date", "datetime", "date", 0, NULL, 0 },
	{ "dealtype", "Deal Type", "enumeration", "radio", 0,
	  "newbusiness=New Business|existingbusiness=Existing Business", 0 },
	{ "description", "Deal Description", "string", "textarea", 0, NULL, 0 },
	{ "hubspot_owner_id", "Deal owner", "enumeration", "select", 0, "@owner", 0 },
	{ "deal_currency_code", "Currency", "enumeration", "select", 0, "JPY|USD|EUR",
	  0 },
	{ "hs_is_closed", "Is Deal Closed?", "bool", "booleancheckbox", RO,
	  "true=True|false=False", 0 },
	{ "num_associated_contacts", "Number of Associated Contacts", "number", "number",
	  RO, NULL, 0 },
	{ "hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", RO,
	  NULL, 0 },
	{ "hs_object_id", "Record ID", "number", "number", SYS, NULL, H_ID },
	{ "createdate", "Create Date", "datetime", "date", SYS, NULL, H_CREATED },
	{ "hs_lastmodifieddate", "Last Modified Date", "datetime", "date", SYS, NULL,
	  H_MODIFIED },
	{ 0 },
};

/* The guides to each object, and the first pipeline that an account has. */
static const struct property lead_properties[] = {
	{ "hs_lead_name", "Lead Name", "string", "text", 0, NULL, 0 },
	{ "hs_lead_type", "Lead Type", "enumeration", "radio", 0,
	  "NEW_BUSINESS=New business|RE_ATTEMPTING=Re-attempting|UPSELL=Upsell", 0 },
	{ "hs_lead_label", "Lead Label", "enumeration", "radio", 0,
	  "HOT=Hot|WARM=Warm|COLD=Cold", 0 },
	{ "hs_pipeline", "Lead Pipeline", "enumeration", "select", 0,
	  "@lead-pipeline-id=Lead pipeline", 0 },
	{ "hs_pipeline_stage", "Lead Stage", "enumeration", "radio", 0,
	  "@new-stage-id=New|attempting-stage-id=Attempting|connected-stage-id=Connected|"
	  "qualified-stage-id=Qualified|unqualified-stage-id=Disqualified", 0 },
	{ 0 },
};

static const struct property task_properties[] = {
	{ "hs_timestamp", "Due date", "datetime", "date", 0, NULL, 0 },
	{ "hs_task_subject", "Task Title", "string", "text", 0, NULL, 0 },
	{ "hs_task_body", "Task Notes", "string", "html", 0, NULL, 0 },
	{ "hs_task_status", "Task Status", "enumeration", "select", 0,
	  "NOT_STARTED=Not started|IN_PROGRESS=In progress|WAITING=Waiting|"
	  "DEFERRED=Deferred|COMPLETED=Completed", 0 },
	{ "hs_task_priority", "Priority", "enumeration", "select", 0,
	  "NONE=None|LOW=Low|MEDIUM=Medium|HIGH=High", 0 },
	{ "hs_task_type", "Task Type", "enumeration", "select", 0,
	  "TODO=To-do|EMAIL=Email|CALL=Call", 0 },
	{ 0 },
};

static const struct property email_properties[] = {
	{ "hs_timestamp", "Activity date", "datetime", "date", 0, NULL, 0 },
	{ "hs_email_direction", "Email Direction", "enumeration", "select", 0,
	  "EMAIL=Email|INCOMING_EMAIL=Incoming Email|FORWARDED_EMAIL=Forwarded Email", 0 },
	{ "hs_email_status", "Email Send Status", "enumeration", "select", 0,
	  "BOUNCED=Bounced|FAILED=Failed|SCHEDULED=Scheduled|SENDING=Sending|SENT=Sent",
	  0 },
	{ "hs_email_subject", "Email Subject", "string", "text", 0, NULL, 0 },
	{ "hs_email_html", "Email HTML", "string", "html", 0, NULL, 0 },
	{ "hs_email_text", "Email Text", "string", "textarea", 0, NULL, 0 },
	{ "hs_email_headers", "Email Headers", "string", "textarea", 0, NULL, 0 },
	/* Taken from the headers when they are written. */
	{ "hs_email_from_email", "Email From Address", "string", "text", RO, NULL, 0 },
	{ "hs_email_to_email", "Email To Address", "string", "text", RO, NULL, 0 },
	{ 0 },
};

static const struct property system_properties[] = {
	{ "hubspot_owner_id", "Owner", "enumeration", "select", 0, "@owner", 0 },
	{ "hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", RO,
	  NULL, 0 },
	{ "hs_object_id", "Record ID", "number", "number", SYS, NULL, H_ID },
	{ "hs_createdate", "Object create date/time", "datetime", "date", SYS, NULL,
	  H_CREATED },
	{ "hs_lastmodifieddate", "Object last modified date/time", "datetime", "date",
	  SYS, NULL, H_MODIFIED },
	{ 0 },
};

static const struct {
	const char *name, *type_id, *group;
	const struct property *properties;
} objects[] = {
	{ "contacts", "0-1", "contactinformation", contact_properties },
	{ "companies", "0-2", "companyinformation", company_properties },
	{ "deals", "0-3", "dealinformation", deal_properties },
	{ "leads", "0-136", "leadinformation", lead_properties },
	{ "tasks", "0-27", "engagementinformation", task_properties },
	{ "emails", "0-49", "engagementinformation", email_properties },
};

/* ---- Describing --------------------------------------------------------- */

static enum hubspot_type
type_of(struct text name)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (text_is(name, types[i].type))
			return types[i].is;
	return H_STRING;
}

static void
write_option(struct buf *b, struct text value, struct text label, size_t order)
{
	buf_str(b, "{\"label\":");
	buf_quote(b, label);
	buf_str(b, ",\"value\":");
	buf_quote(b, value);
	buf_fmt(b, ",\"displayOrder\":%zu,\"hidden\":false}", order);
}

static void
write_table_options(struct buf *b, struct field *f, const char *list)
{
	bool told = list && list[0] != '@', first = true;
	struct text rest = text_of(!list || !strcmp(list, "@owner") ? "" : list + !told);

	while (rest.len) {
		struct text label = text_until(&rest, '|');
		struct text value = text_until(&label, '=');

		if (told) {
			buf_comma(b, &first);
			write_option(b, value, label.len ? label : value, f->option_count);
		}
		field_add_option(f, value);
	}
}

/* The description as the CRM sends it (section 2); 'options' without brackets. */
static void
describe(struct field *f, struct text label, const char *type, const char *field_type,
	 struct text group, struct text options)
{
	struct buf b = { 0 };
	bool owner = f->type == H_OWNER, custom = f->flags & FIELD_CUSTOM;
	const struct hubspot_rules *rules = f->rules;

	buf_str(&b, "{\"updatedAt\":\"2026-01-05T00:00:00.000Z\","
		"\"createdAt\":\"2025-04-01T00:00:00.000Z\",\"name\":");
	buf_quotez(&b, f->name);
	buf_str(&b, ",\"label\":");
	buf_quote(&b, label);
	buf_fmt(&b,
		",\"type\":\"%s\",\"fieldType\":\"%s\",\"description\":\"\","
		"\"groupName\":",
		type, field_type);
	buf_quote(&b, group);
	buf_str(&b, ",\"options\":[");
	buf_text(&b, options);
	buf_fmt(&b,
		"],%s\"displayOrder\":-1,\"calculated\":false,\"externalOptions\":%s,"
		"\"archived\":false,\"hasUniqueValue\":%s,\"hidden\":false,"
		"\"hubspotDefined\":%s,",
		owner ? "\"referencedObjectType\":\"OWNER\"," : "",
		owner ? "true" : "false", f->flags & FIELD_UNIQUE ? "true" : "false",
		custom ? "false" : "true");
	buf_fmt(&b,
		"\"modificationMetadata\":{\"archivable\":%s,\"readOnlyDefinition\":%s,"
		"\"readOnlyValue\":%s},\"formField\":true,"
		"\"dataSensitivity\":\"%s\"}",
		custom ? "true" : "false", custom ? "false" : "true",
		f->flags & FIELD_READONLY ? "true" : "false",
		rules->sensitivity ? rules->sensitivity : "non_sensitive");
	free((char *)(uintptr_t)f->definition.ptr);
	f->definition = buf_view(&b);
}

static void
define_property(struct object *o, const struct property *p, const char *group)
{
	struct field *f = object_add_field(o, text_of(p->name));
	struct buf options = { 0 };
	struct hubspot_rules *rules = sim_alloc(sizeof *rules);

	rules->system = p->system;
	f->rules = rules;
	f->type = type_of(text_of(p->type));
	f->flags = p->flags & ~FIELD_UNIQUE;
	if (p->options && !strcmp(p->options, "@owner"))
		f->type = H_OWNER;
	if (!strcmp(p->field_type, "checkbox"))
		f->flags |= FIELD_MULTI;
	if (p->flags & FIELD_UNIQUE)
		object_index(o, f);
	write_table_options(&options, f, p->options);
	describe(f, text_of(p->label), p->type, p->field_type, text_of(group),
		 buf_view(&options));
	buf_clear(&options);
	/* Every read shows e-mails as not unique, although they are (2.2). */
	if (!strcmp(o->name, "contacts") && !strcmp(p->name, "email")) {
		object_index(o, f);
		f->flags &= ~FIELD_UNIQUE;
	}
}

void
hubspot_define(struct sim *sim)
{
	for (size_t i = COUNT(objects); i-- > 0;) {
		struct object *o = sim_add_object(sim, objects[i].name);

		struct hubspot_schema *schema = sim_alloc(sizeof *schema);

		snprintf(schema->type_id, sizeof schema->type_id, "%s",
			 objects[i].type_id);
		o->extra = schema;
		o->lag_ms = sim_options.index_lag_ms;
		o->fold_keys = true;
		for (const struct property *p = objects[i].properties; p->name; p++)
			define_property(o, p, objects[i].group);
		if (!object_field(o, TEXT("hs_object_id")))
			hubspot_define_system(o);
	}
}

void
hubspot_define_system(struct object *o)
{
	for (const struct property *p = system_properties; p->name; p++)
		define_property(o, p, "");
}

const struct hubspot_schema *
hubspot_schema_of(const struct object *o)
{
	return o->extra;
}

const char *
hubspot_type_id(const struct object *o)
{
	return hubspot_schema_of(o)->type_id;
}

/* The bare name of a custom object is no address. */
struct object *
hubspot_object(struct sim *sim, struct text name)
{
	for (struct object *o = sim->objects; o; o = o->next) {
		const struct hubspot_schema *s = hubspot_schema_of(o);

		if (text_is(name, s->type_id) ||
		    text_is(name, s->full_name[0] ? s->full_name : o->name))
			return o;
	}
	return NULL;
}

bool
hubspot_is_key(const struct object *o, const struct field *f)
{
	(void)o;
	return f->index != NULL;
}

static bool
good_name(struct text name)
{
	if (!name.len || name.len > 100 || name.ptr[0] < 'a' || name.ptr[0] > 'z')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return true;
}

static const char *
known_type(struct text name)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (text_is(name, types[i].type))
			return types[i].type;
	return NULL;
}

static void
read_options(struct buf *b, struct field *f, const struct json *options)
{
	bool first = true;

	while (f->option_count)
		field_remove_option(f, text_of(f->options[0]));
	for (const struct json *j = options ? options->child : NULL; j; j = j->next) {
		buf_comma(b, &first);
		write_option(b, json_text(j, "value"), json_text(j, "label"),
			     f->option_count);
		field_add_option(f, json_text(j, "value"));
	}
}

static const char *const levels[] = { "sensitive", "highly_sensitive" };

struct field *
hubspot_property(struct arena *a, struct object *o, const struct json *j)
{
	struct text name = json_text(j, "name");
	const char *type = known_type(json_text(j, "type"));
	struct text field_type = json_text(j, "fieldType");
	struct buf options = { 0 };

	if (!good_name(name) || !type)
		return NULL;
	struct field *f = object_add_field(o, name);
	if (!f->rules)
		f->rules = sim_alloc(sizeof(struct hubspot_rules));
	f->type = type_of(text_of(type));
	if (text_is(json_text(j, "referencedObjectType"), "OWNER"))
		f->type = H_OWNER;
	f->flags = FIELD_CUSTOM | (f->index ? FIELD_UNIQUE : 0u) |
		(text_is(field_type, "checkbox") ? FIELD_MULTI : 0u) |
		(json_true(j, "readOnlyValue") ? FIELD_READONLY : 0u);
	if (json_true(j, "hasUniqueValue"))
		object_index(o, f);
	for (size_t i = 0; i < COUNT(levels); i++)
		if (text_is(json_text(j, "dataSensitivity"), levels[i]))
			((struct hubspot_rules *)f->rules)->sensitivity = levels[i];
	read_options(&options, f, json_get(j, "options"));
	struct text kind = arena_copy(a, field_type.len ? field_type : TEXT("text"));
	describe(f, json_text(j, "label"), type, kind.ptr, json_text(j, "groupName"),
		 buf_view(&options));
	buf_clear(&options);
	return f;
}

bool
hubspot_is_of_level(const struct field *f, struct text level)
{
	const struct hubspot_rules *rules = f->rules;
	const char *own = rules && rules->sensitivity ? rules->sensitivity
						      : "non_sensitive";

	return level.len ? text_is(level, own) : !strcmp(own, "non_sensitive");
}

/* Of a type id; a name is none. */
void
hubspot_get_validations(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	bool first = true;

	if (!o)
		return;
	if (!text_is(q->vars[1], hubspot_type_id(o))) {
		hubspot_error(r, 400, "VALIDATION_ERROR", "Unable to infer object type "
			      "from: %.*s", (int)q->vars[1].len, q->vars[1].ptr);
		return;
	}
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"results\":[");
	for (size_t i = 0; i < o->field_count; i++) {
		const struct hubspot_rules *rules = o->fields[i]->rules;
		bool none = true;

		if (!rules || !rules->validations[0].type[0])
			continue;
		buf_comma(out, &first);
		buf_str(out, "{\"propertyName\":");
		buf_quotez(out, o->fields[i]->name);
		buf_str(out, ",\"propertyValidationRules\":[");
		for (size_t j = 0; j < 4 && rules->validations[j].type[0]; j++) {
			buf_comma(out, &none);
			buf_str(out, "{\"ruleType\":");
			buf_quotez(out, rules->validations[j].type);
			buf_str(out, ",\"ruleArguments\":[");
			buf_quotez(out, rules->validations[j].argument);
			buf_str(out, "]}");
		}
		buf_str(out, "]}");
	}
	buf_str(out, "]}");
}

/* ---- The control path's way in ------------------------------------------ */

/* Strings, numbers and booleans alike are taken as text. */
bool
hubspot_as_text(const struct json *j, struct text *t)
{
	if (j->kind == JSON_BOOL)
		*t = j->truth ? TEXT("true") : TEXT("false");
	else
		*t = j->text;
	return j->kind == JSON_STRING || j->kind == JSON_NUMBER || j->kind == JSON_BOOL;
}

bool
hubspot_change(struct arena *a, struct object *o, struct text name,
	       const struct json *value, struct change *change)
{
	struct text t;

	*change = (struct change){ .field = object_field(o, name) };
	if (!change->field)
		return false;
	if (value->kind != JSON_NULL && hubspot_as_text(value, &t))
		change->raw = json_quoted(a, t);
	return true;
}

/* ---- Generated data ----------------------------------------------------- */

static const struct { enum seed_column column; const char *name;
} seeded[] = {
	{ SEED_EMAIL, "email" },
	{ SEED_FIRSTNAME, "firstname" },
	{ SEED_LASTNAME, "lastname" },
	{ SEED_PHONE, "phone" },
	{ SEED_COMPANY, "company" },
	{ SEED_JOBTITLE, "jobtitle" },
	{ SEED_WEBSITE, "website" },
	{ SEED_ADDRESS, "address" },
	{ SEED_CITY, "city" },
	{ SEED_STATE, "state" },
	{ SEED_ZIP, "zip" },
	{ SEED_NOTE, "message" },
	{ SEED_STAGE, "lifecyclestage" },
	{ SEED_LAST_SEEN, "closedate" },
	{ SEED_MEMBER, "member_no" },
	{ SEED_EMPLOYEES, "employee_count" },
	{ SEED_CONTRACT, "contract_date" },
	{ SEED_INTERESTS, "interests" },
};

static const struct { enum seed_column column; const char *name; } seeded_company[] = {
	{ SEED_COMPANY, "name" }, { SEED_WEBSITE, "website" }, { SEED_PHONE, "phone" },
	{ SEED_ADDRESS, "address" }, { SEED_CITY, "city" }, { SEED_STATE, "state" },
	{ SEED_ZIP, "zip" }, { SEED_NOTE, "description" },
	{ SEED_EMPLOYEES, "numberofemployees" },
};

static size_t
put_seeded(struct arena *a, struct object *o, const char *name, struct text value,
	   struct change *changes, size_t n)
{
	struct field *f = object_field(o, text_of(name));

	if (!f || !value.ptr)
		return n;
	changes[n] = (struct change){ .field = f, .raw = json_quoted(a, value) };
	return n + 1;
}

size_t
hubspot_seeded(struct arena *a, struct object *o, const struct seed_row *row,
	       struct change *changes)
{
	size_t n = 0;

	if (!strcmp(o->name, "contacts"))
		for (size_t i = 0; i < COUNT(seeded); i++)
			n = put_seeded(a, o, seeded[i].name,
				       row->column[seeded[i].column], changes, n);
	if (!strcmp(o->name, "companies"))
		for (size_t i = 0; i < COUNT(seeded_company); i++)
			n = put_seeded(a, o, seeded_company[i].name,
				       row->column[seeded_company[i].column], changes, n);
	return n;
}
