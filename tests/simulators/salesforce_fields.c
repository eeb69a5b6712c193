/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce_fields.c - the simulated Salesforce's objects and fields, how they are
 * described, and what a value of each type must look like (sheet, sections 2, 5, 8).
 * Called for every write and every describe. */
#include "salesforce.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *const salesforce_types[S_TYPES] = {
	[S_ID] = "id", [S_STRING] = "string", [S_TEXTAREA] = "textarea",
	[S_PHONE] = "phone", [S_URL] = "url", [S_EMAIL] = "email",
	[S_PICKLIST] = "picklist", [S_MULTI] = "multipicklist", [S_BOOLEAN] = "boolean",
	[S_INT] = "int", [S_DOUBLE] = "double", [S_CURRENCY] = "currency",
	[S_PERCENT] = "percent", [S_DATE] = "date", [S_DATETIME] = "datetime",
	[S_TIME] = "time", [S_REFERENCE] = "reference", [S_ADDRESS] = "address",
};

static const char *const soap_types[S_TYPES] = {
	[S_ID] = "tns:ID", [S_STRING] = "xsd:string", [S_TEXTAREA] = "xsd:string",
	[S_PHONE] = "xsd:string", [S_URL] = "xsd:string", [S_EMAIL] = "xsd:string",
	[S_PICKLIST] = "xsd:string", [S_MULTI] = "xsd:string",
	[S_BOOLEAN] = "xsd:boolean", [S_INT] = "xsd:int", [S_DOUBLE] = "xsd:double",
	[S_CURRENCY] = "xsd:double", [S_PERCENT] = "xsd:double", [S_DATE] = "xsd:date",
	[S_DATETIME] = "xsd:dateTime", [S_TIME] = "xsd:time", [S_REFERENCE] = "tns:ID",
	[S_ADDRESS] = "urn:address",
};

/* ---- Definitions ---------------------------------------------------------- */

/* 'size': length, or 100 * precision + scale. */
static const struct row {
	const char *objects, *name;
	enum salesforce_type type;
	int size;
	unsigned flags;
	enum salesforce_system system;
	const char *options, *to, *relationship;
	const char *extra;                   /* Words: see add_row(). */
} rows[] = {
#define ALL "Account Contact Lead Opportunity *"
	{ ALL, "Id", S_ID, 18, FIELD_READONLY, S_OWN_ID, NULL, NULL, NULL, "lookup" },
	{ ALL, "IsDeleted", S_BOOLEAN, 0, FIELD_READONLY, S_DELETED, NULL, NULL, NULL, "" },
	{ "Account Contact Lead", "MasterRecordId", S_REFERENCE, 18, FIELD_READONLY,
	  S_STORED, NULL, "self", "MasterRecord", "" },
	{ ALL, "CreatedDate", S_DATETIME, 0, FIELD_READONLY, S_CREATED, NULL, NULL, NULL,
	  "defaulted" },
	{ ALL, "CreatedById", S_REFERENCE, 18, FIELD_READONLY, S_USER, NULL, "User",
	  "CreatedBy", "defaulted" },
	{ ALL, "LastModifiedDate", S_DATETIME, 0, FIELD_READONLY, S_MODIFIED, NULL, NULL,
	  NULL, "defaulted" },
	{ ALL, "LastModifiedById", S_REFERENCE, 18, FIELD_READONLY, S_USER, NULL, "User",
	  "LastModifiedBy", "defaulted" },
	{ ALL, "SystemModstamp", S_DATETIME, 0, FIELD_READONLY, S_STAMP, NULL, NULL, NULL,
	  "defaulted" },
	{ ALL, "OwnerId", S_REFERENCE, 18, 0, S_STORED, NULL, "User", "Owner",
	  "defaulted" },
	{ "Account Opportunity *", "Name", S_STRING, 255, FIELD_REQUIRED, S_STORED, NULL,
	  NULL, NULL, "" },
	{ "Contact Lead", "LastName", S_STRING, 80, FIELD_REQUIRED, S_STORED, NULL, NULL,
	  NULL, "" },
	{ "Contact Lead", "FirstName", S_STRING, 40, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact Lead", "Name", S_STRING, 121, FIELD_READONLY, S_NAME, NULL, NULL, NULL,
	  "" },
	{ "Lead", "Company", S_STRING, 255, FIELD_REQUIRED, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact Lead", "Title", S_STRING, 128, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact Lead", "Email", S_EMAIL, 80, 0, S_STORED, NULL, NULL, NULL, "lookup" },
	{ "Account Contact Lead", "Phone", S_PHONE, 40, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact Lead", "MobilePhone", S_PHONE, 40, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact", "Department", S_STRING, 80, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact", "Birthdate", S_DATE, 0, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact", "HasOptedOutOfEmail", S_BOOLEAN, 0, 0, S_STORED, NULL, NULL, NULL,
	  "defaulted" },
	{ "Contact", "AccountId", S_REFERENCE, 18, 0, S_STORED, NULL, "Account", "Account",
	  "" },
	{ "Contact", "ReportsToId", S_REFERENCE, 18, 0, S_STORED, NULL, "self",
	  "ReportsTo", "" },
	{ "Contact", "MailingStreet", S_TEXTAREA, 255, 0, S_STORED, NULL, NULL, NULL,
	  "mailing" },
	{ "Contact", "MailingCity", S_STRING, 40, 0, S_STORED, NULL, NULL, NULL,
	  "mailing" },
	{ "Contact", "MailingState", S_STRING, 80, 0, S_STORED, NULL, NULL, NULL,
	  "mailing" },
	{ "Contact", "MailingPostalCode", S_STRING, 20, 0, S_STORED, NULL, NULL, NULL,
	  "mailing" },
	{ "Contact", "MailingCountry", S_STRING, 80, 0, S_STORED, NULL, NULL, NULL,
	  "mailing" },
	{ "Contact", "MailingAddress", S_ADDRESS, 0, FIELD_READONLY, S_MAILING, NULL, NULL,
	  NULL, "" },
	{ "Contact Lead", "LeadSource", S_PICKLIST, 255, 0, S_STORED,
	  "Web;Phone Inquiry;Partner Referral;Other", NULL, NULL, "" },
	{ "Lead", "Website", S_URL, 255, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "Street", S_TEXTAREA, 255, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "City", S_STRING, 40, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "State", S_STRING, 80, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "PostalCode", S_STRING, 20, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "Country", S_STRING, 80, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Lead", "Status", S_PICKLIST, 255, FIELD_REQUIRED, S_STORED,
	  "Open - Not Contacted;Working - Contacted;Closed - Converted", NULL, NULL,
	  "defaulted restricted" },
	{ "Lead", "IsConverted", S_BOOLEAN, 0, FIELD_READONLY, S_STORED, NULL, NULL, NULL,
	  "defaulted" },
	{ "Account", "Website", S_URL, 255, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Account", "Industry", S_PICKLIST, 255, 0, S_STORED,
	  "Agriculture;Banking;Technology", NULL, NULL, "" },
	{ "Account", "BillingCity", S_STRING, 40, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Account", "ParentId", S_REFERENCE, 18, 0, S_STORED, NULL, "self", "Parent", "" },
	{ "Account Lead", "NumberOfEmployees", S_INT, 8, 0, S_STORED, NULL, NULL, NULL,
	  "" },
	{ "Account Lead", "AnnualRevenue", S_CURRENCY, 1800, 0, S_STORED, NULL, NULL, NULL,
	  "" },
	{ "Opportunity", "AccountId", S_REFERENCE, 18, 0, S_STORED, NULL, "Account",
	  "Account", "" },
	{ "Opportunity", "StageName", S_PICKLIST, 255, FIELD_REQUIRED, S_STORED,
	  "Prospecting;Negotiation;Closed Won;Closed Lost", NULL, NULL, "restricted" },
	{ "Opportunity", "CloseDate", S_DATE, 0, FIELD_REQUIRED, S_STORED, NULL, NULL,
	  NULL, "" },
	{ "Opportunity", "Amount", S_CURRENCY, 1802, 0, S_STORED, NULL, NULL, NULL, "" },
	{ "Opportunity", "Probability", S_PERCENT, 300, 0, S_STORED, NULL, NULL, NULL,
	  "defaulted" },
	{ "Account Contact Lead Opportunity", "Description", S_TEXTAREA, 32000, 0,
	  S_STORED, NULL, NULL, NULL, "" },
	{ ALL, "Renkei_Id__c", S_STRING, 80, FIELD_CUSTOM | FIELD_UNIQUE, S_STORED, NULL,
	  NULL, NULL, "external" },
	{ "Contact", "Company__c", S_STRING, 255, FIELD_CUSTOM, S_STORED, NULL, NULL, NULL,
	  "" },
	{ "Contact", "Stage__c", S_PICKLIST, 255, FIELD_CUSTOM, S_STORED,
	  "subscriber;lead;marketingqualifiedlead;salesqualifiedlead;opportunity;customer",
	  NULL, NULL, "restricted" },
	{ "Contact", "Employees__c", S_DOUBLE, 1804, FIELD_CUSTOM, S_STORED, NULL, NULL,
	  NULL, "" },
	{ "Contact", "Contract__c", S_DATE, 0, FIELD_CUSTOM, S_STORED, NULL, NULL, NULL,
	  "" },
	{ "Contact", "Last_Seen__c", S_DATETIME, 0, FIELD_CUSTOM, S_STORED, NULL, NULL,
	  NULL, "" },
	{ "Contact", "Call_At__c", S_TIME, 0, FIELD_CUSTOM, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact", "Interests__c", S_MULTI, 4099, FIELD_CUSTOM, S_STORED,
	  "product;support;event;newsletter", NULL, NULL, "restricted" },
	{ "Contact", "Site__c", S_URL, 255, FIELD_CUSTOM, S_STORED, NULL, NULL, NULL, "" },
	{ "Contact", "Full_Label__c", S_STRING, 1300, FIELD_CUSTOM | FIELD_READONLY, S_NAME,
	  NULL, NULL, NULL, "calculated" },
#undef ALL
};

static bool
among(const char *words, const char *word)
{
	struct text rest = text_of(words);

	while (rest.len)
		if (text_is(text_until(&rest, ' '), word))
			return true;
	return false;
}

static void
add_options(struct field *f, const char *options)
{
	for (struct text rest = text_of(options); rest.len;)
		field_add_option(f, text_until(&rest, ';'));
}

static void
add_row(struct object *o, const struct row *row)
{
	struct field *f = object_add_field(o, text_of(row->name));
	struct salesforce_rules *rules = sim_alloc(sizeof *rules);
	bool number = row->type >= S_INT && row->type <= S_PERCENT;

	f->rules = rules;
	f->type = (int)row->type;
	f->flags = row->flags | (row->system ? FIELD_SYSTEM : 0u);
	if (row->type == S_MULTI)
		f->flags |= FIELD_MULTI;
	rules->system = row->system;
	rules->length = number ? 0 : row->size;
	rules->precision = number && row->type != S_INT ? row->size / 100 : 0;
	rules->scale = number && row->type != S_INT ? row->size % 100 : 0;
	snprintf(rules->label, sizeof rules->label, "%s", row->name);
	snprintf(rules->to, sizeof rules->to, "%s", !row->to ? ""
		 : !strcmp(row->to, "self") ? o->name : row->to);
	snprintf(rules->relationship, sizeof rules->relationship, "%s",
		 row->relationship ? row->relationship : "");
	rules->external = among(row->extra, "external");
	rules->lookup = rules->external || among(row->extra, "lookup");
	rules->restricted = among(row->extra, "restricted");
	rules->defaulted = among(row->extra, "defaulted");
	rules->calculated = among(row->extra, "calculated");
	if (row->options)
		add_options(f, row->options);
	if (row->flags & FIELD_UNIQUE)
		object_index(o, f);
}

struct object *
salesforce_add(struct sim *sim, const char *name, const char *label, const char *prefix)
{
	struct object *o = sim_add_object(sim, name);
	struct salesforce_object *extra = sim_alloc(sizeof *extra);
	bool standard = !strstr(name, "__c");

	if (o->extra)
		free(o->extra);
	o->extra = extra;
	o->fold_keys = true;
	extra->custom = !standard;
	snprintf(extra->prefix, sizeof extra->prefix, "%s", prefix);
	if (!o->count)
		o->last_id = salesforce_base(prefix);
	snprintf(extra->label, sizeof extra->label, "%s", label);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (among(rows[i].objects, standard ? name : "*"))
			add_row(o, &rows[i]);
	return o;
}

void
salesforce_define(struct sim *sim)
{
	salesforce_add(sim, "Account", "Account", "001");
	salesforce_add(sim, "Contact", "Contact", "003");
	salesforce_add(sim, "Lead", "Lead", "00Q");
	salesforce_add(sim, "Opportunity", "Opportunity", "006");
}

static enum salesforce_type
type_named(struct text name)
{
	enum salesforce_type t = S_STRING;

	while (t < S_TYPES && !text_is(name, salesforce_types[t]))
		t++;
	return t;
}

struct field *
salesforce_field(struct object *o, const struct json *j)
{
	struct text name = json_text(j, "name"), label = json_text(j, "label");
	struct text to = json_text(j, "to"), relation = json_text(j, "relationship");
	enum salesforce_type type = type_named(json_text(j, "type"));
	const struct json *options = json_get(j, "options");

	if (!name.len || type == S_TYPES)
		return NULL;
	struct field *f = object_add_field(o, name);
	struct salesforce_rules *rules = f->rules ? f->rules : sim_alloc(sizeof *rules);
	f->rules = rules;
	f->type = (int)type;
	f->flags = FIELD_CUSTOM | (type == S_MULTI ? FIELD_MULTI : 0u) |
		(json_true(j, "required") ? FIELD_REQUIRED : 0u) |
		(json_true(j, "formula") ? FIELD_READONLY : 0u) |
		(json_true(j, "unique") ? FIELD_UNIQUE : 0u);
	rules->calculated = json_true(j, "formula");
	rules->length = (int)json_int(j, "length", 255);
	rules->precision = (int)json_int(j, "precision", 18);
	rules->scale = (int)json_int(j, "scale", 0);
	rules->external = rules->lookup = json_true(j, "externalId");
	rules->restricted = json_true(j, "restricted");
	rules->create_only = json_true(j, "createOnly");
	snprintf(rules->label, sizeof rules->label, "%.*s",
		 (int)(label.len ? label.len : name.len), label.len ? label.ptr : name.ptr);
	snprintf(rules->to, sizeof rules->to, "%.*s", (int)to.len, to.len ? to.ptr : "");
	snprintf(rules->relationship, sizeof rules->relationship, "%.*s",
		 (int)relation.len, relation.len ? relation.ptr : "");
	for (const struct json *m = options ? options->child : NULL; m; m = m->next)
		field_add_option(f, m->text);
	if (json_true(j, "unique"))
		object_index(o, f);
	return f;
}

struct field *
salesforce_seen(const struct object *o, struct text name)
{
	for (size_t i = 0; i < o->field_count; i++)
		if (strlen(o->fields[i]->name) == name.len &&
		    !strncasecmp(o->fields[i]->name, name.ptr, name.len) &&
		    !salesforce_rules(o->fields[i])->hidden)
			return o->fields[i];
	return NULL;
}

struct field *
salesforce_relation(const struct object *o, struct text name)
{
	for (size_t i = 0; i < o->field_count; i++) {
		const char *called = salesforce_rules(o->fields[i])->relationship;

		if (name.len && strlen(called) == name.len &&
		    !strncasecmp(called, name.ptr, name.len))
			return o->fields[i];
	}
	return NULL;
}

/* ---- Described (section 2) ------------------------------------------------- */

static void
put_bool(struct buf *out, const char *name, bool value)
{
	buf_fmt(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void
write_options(struct buf *out, const struct field *f)
{
	bool first = true;

	buf_str(out, ",\"picklistValues\":[");
	for (size_t i = 0; i < f->option_count; i++) {
		buf_comma(out, &first);
		buf_str(out, "{\"active\":true,\"defaultValue\":false,\"label\":");
		buf_quotez(out, f->options[i]);
		buf_str(out, ",\"validFor\":null,\"value\":");
		buf_quotez(out, f->options[i]);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

static void
write_field(struct buf *out, const struct field *f)
{
	const struct salesforce_rules *rules = f->rules;
	bool open = !(f->flags & FIELD_READONLY) && !rules->locked;

	buf_str(out, "{\"name\":");
	buf_quotez(out, f->name);
	buf_str(out, ",\"label\":");
	buf_quotez(out, rules->label);
	buf_fmt(out, ",\"type\":\"%s\",\"soapType\":\"%s\",\"length\":%d,\"byteLength\":%d,"
		"\"precision\":%d,\"scale\":%d,\"digits\":%d", salesforce_types[f->type],
		soap_types[f->type], rules->length, rules->length * 3, rules->precision,
		rules->scale, f->type == S_INT ? 8 : 0);
	put_bool(out, "nillable", !(f->flags & FIELD_REQUIRED) && f->type != S_BOOLEAN &&
		 !rules->defaulted);
	put_bool(out, "createable", open);
	put_bool(out, "updateable", open && !rules->create_only);
	put_bool(out, "defaultedOnCreate", rules->defaulted || f->type == S_BOOLEAN);
	put_bool(out, "calculated", rules->calculated);
	put_bool(out, "autoNumber", false);
	put_bool(out, "externalId", rules->external);
	put_bool(out, "idLookup", rules->lookup);
	put_bool(out, "unique", (f->flags & FIELD_UNIQUE) != 0);
	put_bool(out, "caseSensitive", false);
	put_bool(out, "restrictedPicklist", rules->restricted);
	put_bool(out, "dependentPicklist", false);
	put_bool(out, "custom", (f->flags & FIELD_CUSTOM) != 0);
	put_bool(out, "nameField", !strcmp(f->name, "Name"));
	put_bool(out, "filterable", f->type != S_ADDRESS && rules->length < 4000);
	put_bool(out, "sortable", f->type != S_ADDRESS && rules->length < 4000);
	put_bool(out, "deprecatedAndHidden", false);
	buf_fmt(out, ",\"controllerName\":null,\"compoundFieldName\":%s,\"referenceTo\":[",
		!strncmp(f->name, "Mailing", 7) && f->type != S_ADDRESS
		? "\"MailingAddress\""
		: !strcmp(f->name, "LastName") || !strcmp(f->name, "FirstName") ? "\"Name\""
		: "null");
	if (rules->to[0])
		buf_quotez(out, rules->to);
	buf_str(out, "],\"relationshipName\":");
	if (rules->relationship[0])
		buf_quotez(out, rules->relationship);
	else
		buf_str(out, "null");
	write_options(out, f);
	buf_str(out, "}");
}

void
salesforce_write_describe(struct buf *out, const struct object *o, bool whole)
{
	const struct salesforce_object *extra = o->extra;
	bool first = true;

	buf_fmt(out, "{\"name\":\"%s\",\"label\":\"%s\",\"labelPlural\":\"%ss\","
		"\"keyPrefix\":\"%s\"", o->name, extra->label, extra->label, extra->prefix);
	put_bool(out, "custom", extra->custom);
	put_bool(out, "queryable", true);
	put_bool(out, "createable", true);
	put_bool(out, "updateable", true);
	put_bool(out, "deletable", true);
	put_bool(out, "replicateable", true);
	put_bool(out, "retrieveable", true);
	put_bool(out, "mergeable", !extra->custom);
	put_bool(out, "deprecatedAndHidden", false);
	buf_fmt(out, ",\"urls\":{\"sobject\":\"/services/data/v67.0/sobjects/%s\"}", o->name);
	if (whole) {
		buf_str(out, ",\"childRelationships\":[],\"recordTypeInfos\":[],\"fields\":[");
		for (size_t i = 0; i < o->field_count; i++) {
			if (salesforce_rules(o->fields[i])->hidden)
				continue;
			buf_comma(out, &first);
			write_field(out, o->fields[i]);
		}
		buf_str(out, "]");
	}
	buf_str(out, "}");
}

/* ---- Values out ------------------------------------------------------------- */

static struct text
joined_name(struct arena *a, const struct object *o, const struct record *r)
{
	struct text first = json_unquote(a, block_get(r->now.block,
						      object_field(o, TEXT("FirstName"))));
	struct text last = json_unquote(a, block_get(r->now.block,
						     object_field(o, TEXT("LastName"))));
	struct buf b = { 0 };

	buf_text(&b, first);
	if (first.len && last.len)
		buf_str(&b, " ");
	buf_text(&b, last);
	struct text whole = arena_take(a, &b);
	return json_quoted(a, whole);
}

static struct text
mailing(struct arena *a, const struct object *o, const struct record *r)
{
	static const char *const parts[][2] = {
		{ "city", "MailingCity" }, { "country", "MailingCountry" },
		{ "postalCode", "MailingPostalCode" }, { "state", "MailingState" },
		{ "street", "MailingStreet" },
	};
	struct buf b = { 0 };

	buf_str(&b, "{\"geocodeAccuracy\":null,\"latitude\":null,\"longitude\":null");
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct text raw = block_get(r->now.block,
					    object_field(o, text_of(parts[i][1])));

		buf_fmt(&b, ",\"%s\":", parts[i][0]);
		buf_text(&b, raw.len ? raw : TEXT("null"));
	}
	buf_str(&b, "}");
	return arena_take(a, &b);
}

struct text
salesforce_raw(struct arena *a, const struct object *o, const struct record *r,
	       const struct field *f)
{
	char z[40] = "";
	struct text stored;

	switch (salesforce_rules(f)->system) {
	case S_OWN_ID:
		salesforce_id(z, salesforce_of(o)->prefix, r->id);
		break;
	case S_DELETED:
		return r->now.archived ? TEXT("true") : TEXT("false");
	case S_CREATED:
		salesforce_time(z, r->created_ms);
		break;
	case S_MODIFIED:
	case S_STAMP:
		salesforce_time(z, r->now.updated_ms);
		break;
	case S_USER:
		salesforce_id(z, "005", 1);
		break;
	case S_NAME:
		return joined_name(a, o, r);
	case S_MAILING:
		return mailing(a, o, r);
	case S_STORED:
		stored = block_get(r->now.block, f);
		if (!stored.len && f->type == S_BOOLEAN)
			return TEXT("false");
		if (stored.len || strcmp(f->name, "OwnerId") != 0)
			return stored;
		salesforce_id(z, "005", 1);
	}
	return json_quoted(a, text_of(z));
}

/* ---- Values in --------------------------------------------------------------- */

void
salesforce_wrong(struct salesforce_problem *p, const char *code, const char *field,
		 const char *format, ...)
{
	va_list args;

	if (p->code)
		return;
	p->code = code;
	snprintf(p->field, sizeof p->field, "%s", field ? field : "");
	va_start(args, format);
	vsnprintf(p->message, sizeof p->message, format, args);
	va_end(args);
}

/* A wrong JSON type: the request cannot be read at all (section 4.1). */
static bool
unreadable(struct salesforce_problem *p, const char *type, const struct json *j)
{
	static const char *const kinds[] = {
		[JSON_NULL] = "VALUE_NULL", [JSON_BOOL] = "VALUE_TRUE",
		[JSON_NUMBER] = "VALUE_NUMBER_FLOAT", [JSON_STRING] = "VALUE_STRING",
		[JSON_ARRAY] = "START_ARRAY", [JSON_OBJECT] = "START_OBJECT",
	};

	salesforce_wrong(p, "JSON_PARSER_ERROR", NULL, "Cannot deserialize instance of %s "
			 "from %s value %.*s or request may be missing a required field at "
			 "[line:1, column:1]", type, kinds[j->kind],
			 j->text.len > 100 ? 100 : (int)j->text.len,
			 j->text.len ? j->text.ptr : "");
	p->parse = true;
	return false;
}

static bool
check_email(const struct field *f, struct text t, struct salesforce_problem *p)
{
	const char *at = t.len ? memchr(t.ptr, '@', t.len) : NULL;
	const char *dot = at ? memchr(at, '.', t.len - (size_t)(at - t.ptr)) : NULL;
	bool good = at && at > t.ptr && dot && dot > at + 1 && dot + 1 < t.ptr + t.len;

	for (size_t i = 0; i < t.len; i++)
		good = good && (unsigned char)t.ptr[i] > ' ';
	if (!good)
		salesforce_wrong(p, "INVALID_EMAIL_ADDRESS", f->name,
				 "%s: invalid email address: %.*s", f->name,
				 t.len > 100 ? 100 : (int)t.len, t.ptr);
	return good;
}

static bool
check_length(const struct field *f, struct text t, struct salesforce_problem *p)
{
	const struct salesforce_rules *rules = f->rules;

	if (!rules->length || text_chars(t) <= (size_t)rules->length)
		return true;
	salesforce_wrong(p, "STRING_TOO_LONG", f->name,
			 "%s: data value too large: (max length=%d)", rules->label,
			 rules->length);
	return false;
}

static bool
check_options(const struct field *f, struct text t, struct salesforce_problem *p)
{
	struct text rest = t;

	while (rest.len) {
		struct text option = f->flags & FIELD_MULTI ? text_until(&rest, ';') : rest;

		if (!(f->flags & FIELD_MULTI))
			rest.len = 0;
		if (!salesforce_rules(f)->restricted || field_has_option(f, option))
			continue;
		salesforce_wrong(p, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f->name,
				 "%s: bad value for restricted picklist field: %.*s",
				 salesforce_rules(f)->label,
				 option.len > 100 ? 100 : (int)option.len, option.ptr);
		return false;
	}
	return true;
}

/* Digits before and behind the point; extra ones behind are cut off without a word. */
static bool
take_number(struct request *q, const struct field *f, struct text t, struct text *raw,
	    struct salesforce_problem *p)
{
	const struct salesforce_rules *rules = f->rules;
	struct text rest = t, whole;
	size_t sign = t.len && t.ptr[0] == '-';

	if (memchr(t.ptr, 'e', t.len) || memchr(t.ptr, 'E', t.len)) {
		*raw = t;
		return true;
	}
	whole = text_until(&rest, '.');
	size_t most = f->type == S_INT ? 9 : (size_t)(rules->precision - rules->scale);
	if (whole.len - sign > most) {
		salesforce_wrong(p, "NUMBER_OUTSIDE_VALID_RANGE", f->name,
				 "%s: value outside of valid range on numeric field: %.*s",
				 rules->label, t.len > 60 ? 60 : (int)t.len, t.ptr);
		return false;
	}
	struct buf b = { 0 };
	buf_text(&b, whole);
	size_t keep = rest.len < (size_t)rules->scale ? rest.len : (size_t)rules->scale;
	while (keep && rest.ptr[keep - 1] == '0')
		keep--;
	if (keep) {
		buf_str(&b, ".");
		buf_add(&b, rest.ptr, keep);
	}
	*raw = arena_take(q->arena, &b);
	return true;
}

/* A time of day is taken in the one form in which it is told, 09:15:00.000Z. */
static bool
read_time(const struct field *f, struct text t, int64_t *ms, bool *day)
{
	struct buf whole = { 0 };

	if (f->type != S_TIME)
		return time_parse(t, ms, day) && *day == (f->type == S_DATE);
	buf_str(&whole, "2000-01-01T");
	buf_text(&whole, t);
	bool good = t.len == 13 && t.ptr[12] == 'Z' && time_parse(buf_view(&whole), ms, day);
	buf_clear(&whole);
	return good;
}

static bool
take_date(struct request *q, const struct field *f, struct text t, struct text *raw,
	  struct salesforce_problem *p)
{
	int64_t ms;
	bool day = false;
	char z[40];

	if (!read_time(f, t, &ms, &day)) {
		salesforce_wrong(p, "JSON_PARSER_ERROR", NULL, "Cannot deserialize instance of "
				 "%s from VALUE_STRING value %.*s or request may be missing "
				 "a required field at [line:1, column:1]",
				 salesforce_types[f->type], t.len > 60 ? 60 : (int)t.len,
				 t.ptr);
		p->parse = true;
		return false;
	}
	if (day)
		time_date(z, ms);
	else
		salesforce_time(z, ms);
	if (f->type == S_TIME)
		snprintf(z, sizeof z, "%.*s", (int)t.len, t.ptr);
	*raw = json_quoted(q->arena, text_of(z));
	return true;
}

static bool
take_user(struct request *q, const struct field *f, struct text t, struct text *raw,
	  struct salesforce_problem *p)
{
	static const struct { const char *id; bool active; } users[] = {
		{ "005xx0000000001", true }, { "005xx0000000002", true },
		{ "005xx0000000003", false },
	};
	char z[40];

	for (size_t i = 0; i < COUNT(users); i++) {
		if (strncmp(t.ptr, users[i].id, 15) != 0)
			continue;
		if (!users[i].active) {
			salesforce_wrong(p, "INACTIVE_OWNER_OR_USER", f->name,
					 "operation performed with inactive user [%s] as "
					 "owner of record", users[i].id);
			return false;
		}
		salesforce_id(z, "005", i + 1);
		*raw = json_quoted(q->arena, text_of(z));
		return true;
	}
	salesforce_wrong(p, "INVALID_CROSS_REFERENCE_KEY", f->name, "invalid cross reference "
			 "id");
	return false;
}

static bool
take_reference(struct request *q, const struct field *f, struct text t, struct text *raw,
	       struct salesforce_problem *p)
{
	const struct salesforce_rules *rules = f->rules;
	struct object *to = sim_object(q->sim, text_of(rules->to));
	char z[40];

	if (t.len != 15 && t.len != 18) {
		salesforce_wrong(p, "MALFORMED_ID", f->name, "%s: id value of incorrect type: "
				 "%.*s", rules->label, t.len > 60 ? 60 : (int)t.len, t.ptr);
		return false;
	}
	if (!strcmp(rules->to, "User"))
		return take_user(q, f, t, raw, p);
	uint64_t id = to ? salesforce_read_id(to, t) : 0;
	if (!to || strncmp(t.ptr, salesforce_of(to)->prefix, 3) != 0) {
		salesforce_wrong(p, "INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD", f->name,
				 "%s: id value of incorrect type: %.*s", rules->label,
				 (int)t.len, t.ptr);
		return false;
	}
	struct record *parent = id ? object_record(to, id) : NULL;
	if (!parent || parent->now.archived) {
		salesforce_wrong(p, parent ? "ENTITY_IS_DELETED"
				 : "INVALID_CROSS_REFERENCE_KEY", f->name,
				 parent ? "entity is deleted" : "invalid cross reference id");
		return false;
	}
	salesforce_id(z, salesforce_of(to)->prefix, id);
	*raw = json_quoted(q->arena, text_of(z));
	return true;
}

static bool
take_text(struct request *q, const struct field *f, struct text t, struct text *raw,
	  struct salesforce_problem *p)
{
	if (f->type == S_REFERENCE)
		return take_reference(q, f, t, raw, p);
	if (f->type >= S_DATE && f->type <= S_TIME)
		return take_date(q, f, t, raw, p);
	if (!check_length(f, t, p) || (f->type == S_EMAIL && !check_email(f, t, p)) ||
	    ((f->type == S_PICKLIST || f->type == S_MULTI) && !check_options(f, t, p)))
		return false;
	*raw = json_quoted(q->arena, t);
	return true;
}

static bool
may_write(const struct field *f, bool creates, struct salesforce_problem *p)
{
	const struct salesforce_rules *rules = f->rules;

	if (!(f->flags & FIELD_READONLY) && !rules->locked &&
	    (creates || !rules->create_only))
		return true;
	salesforce_wrong(p, "INVALID_FIELD_FOR_INSERT_UPDATE", f->name,
			 "Unable to create/update fields: %s. Please check the security "
			 "settings of this field and verify that it is read/write for your "
			 "profile or permission set.", f->name);
	return false;
}

/* "Account":{"Renkei_Id__c":"a-3"}: a parent by its external id (section 4.3). */
static bool
parent_value(struct request *q, struct object *o, const struct json *member,
	     struct change *change, struct salesforce_problem *p)
{
	struct field *f = salesforce_relation(o, member->name);
	struct object *to = f ? sim_object(q->sim, text_of(salesforce_rules(f)->to)) : NULL;
	const struct json *key = member->child;
	char z[40];

	if (!to) {
		salesforce_wrong(p, "INVALID_FIELD", NULL, "No such column '%.*s' on sobject of "
				 "type %s", (int)member->name.len, member->name.ptr, o->name);
		p->parse = true;
		return false;
	}
	if (key && text_is(key->name, "attributes"))
		key = key->next;
	struct field *external = key ? salesforce_seen(to, key->name) : NULL;
	if (!external || !external->index || !salesforce_rules(external)->external ||
	    key->next) {
		salesforce_wrong(p, "INVALID_FIELD", f->name, "%.*s is not an External ID of %s",
				 key ? (int)key->name.len : 0, key ? key->name.ptr : "",
				 to->name);
		return false;
	}
	struct record *parent = object_by_key(to, external, key->text);
	if (!parent) {
		salesforce_wrong(p, "INVALID_FIELD", NULL, "Foreign key external ID: %.*s not "
				 "found for field %s in entity %s", (int)key->text.len,
				 key->text.ptr, external->name, to->name);
		return false;
	}
	salesforce_id(z, salesforce_of(to)->prefix, parent->id);
	*change = (struct change){ f, json_quoted(q->arena, text_of(z)) };
	return true;
}

bool
salesforce_value(struct request *q, struct object *o, const struct json *member,
		 bool creates, struct change *change, struct salesforce_problem *p)
{
	struct field *f = salesforce_seen(o, member->name);

	if (member->kind == JSON_OBJECT)
		return parent_value(q, o, member, change, p);
	if (!f) {
		salesforce_wrong(p, "INVALID_FIELD", NULL, "No such column '%.*s' on sobject of "
				 "type %s", (int)member->name.len, member->name.ptr, o->name);
		p->parse = true;
		return false;
	}
	*change = (struct change){ .field = f };
	if (!may_write(f, creates, p))
		return false;
	if (member->kind == JSON_NULL ||
	    (member->kind == JSON_STRING && !member->text.len && f->type != S_BOOLEAN))
		return true;
	if (f->type == S_BOOLEAN) {
		change->raw = member->truth ? TEXT("true") : TEXT("false");
		return member->kind == JSON_BOOL || unreadable(p, "boolean", member);
	}
	if (f->type >= S_INT && f->type <= S_PERCENT)
		return member->kind == JSON_NUMBER
		     ? take_number(q, f, member->text, &change->raw, p)
		     : unreadable(p, f->type == S_INT ? "int" : "double", member);
	return member->kind == JSON_STRING || member->kind == JSON_NUMBER
	     ? take_text(q, f, member->text, &change->raw, p)
	     : unreadable(p, salesforce_types[f->type], member);
}

/* ---- The control path -------------------------------------------------------- */

/* Texts of dates and times as they are stored; nothing else is looked at. */
static struct text
raw_of(struct arena *a, const struct field *f, struct text t)
{
	bool number = f->type >= S_INT && f->type <= S_PERCENT;
	int64_t ms;
	char z[40];

	if (number || f->type == S_BOOLEAN)
		return arena_copy(a, t);
	if (f->type == S_DATETIME && time_parse(t, &ms, NULL)) {
		salesforce_time(z, ms);
		return json_quoted(a, text_of(z));
	}
	return json_quoted(a, t);
}

bool
salesforce_change(struct arena *a, struct object *o, struct text name,
		  const struct json *value, struct change *change)
{
	struct field *f = object_field(o, name);

	if (!f || f->flags & FIELD_SYSTEM)
		return false;
	*change = (struct change){ .field = f };
	if (value->kind == JSON_BOOL)
		change->raw = value->truth ? TEXT("true") : TEXT("false");
	else if (value->kind != JSON_NULL && value->text.len)
		change->raw = raw_of(a, f, value->text);
	return true;
}

static const struct { const char *field; enum seed_column column; } seeded[] = {
	{ "Renkei_Id__c", SEED_MEMBER }, { "Email", SEED_EMAIL },
	{ "LastName", SEED_LASTNAME }, { "FirstName", SEED_FIRSTNAME },
	{ "Company", SEED_COMPANY }, { "Company__c", SEED_COMPANY },
	{ "Phone", SEED_PHONE }, { "MobilePhone", SEED_MOBILE },
	{ "Title", SEED_JOBTITLE }, { "Website", SEED_WEBSITE },
	{ "Site__c", SEED_WEBSITE }, { "MailingStreet", SEED_ADDRESS },
	{ "MailingCity", SEED_CITY }, { "MailingState", SEED_STATE },
	{ "MailingPostalCode", SEED_ZIP }, { "MailingCountry", SEED_COUNTRY },
	{ "Street", SEED_ADDRESS }, { "City", SEED_CITY }, { "State", SEED_STATE },
	{ "PostalCode", SEED_ZIP }, { "Country", SEED_COUNTRY },
	{ "Stage__c", SEED_STAGE }, { "Employees__c", SEED_EMPLOYEES },
	{ "Contract__c", SEED_CONTRACT }, { "Last_Seen__c", SEED_LAST_SEEN },
	{ "Description", SEED_NOTE }, { "Interests__c", SEED_INTERESTS },
};

size_t
salesforce_seeded(struct arena *a, struct object *o, const struct seed_row *row,
		  struct change *changes)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(seeded) && count < SEED_COLUMNS; i++) {
		struct field *f = object_field(o, text_of(seeded[i].field));
		struct text t = row->column[seeded[i].column];

		if (f && t.len)
			changes[count++] = (struct change){ f, raw_of(a, f, t) };
	}
	if (!strcmp(o->name, "Account") || salesforce_of(o)->custom)
		changes[count++] = (struct change){ object_field(o, TEXT("Name")),
			json_quoted(a, row->column[SEED_COMPANY]) };
	return count;
}

int
salesforce_compare_text(struct text a, struct text b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? strncasecmp(a.ptr, b.ptr, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}
