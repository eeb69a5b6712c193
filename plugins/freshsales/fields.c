/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - what an object has: its fields, custom ones included, their choices, and the
 * few that the settings do not tell.  Called through the table of freshsales.c. */
#include "freshsales.h"

#define STANDARD "standard"
#define CUSTOM   "custom"

static const struct rk_kind kinds[] = {
	{ "text paragraph", "", RK_TEXT, RK_FIELD_WRITABLE, NULL },
	{ "number decimal", "", RK_DECIMAL, RK_FIELD_WRITABLE, NULL },
	{ "checkbox", "", RK_BOOL, RK_FIELD_WRITABLE, NULL },
	{ "date", "", RK_DATE, RK_FIELD_WRITABLE, NULL },
	{ "dropdown", "", RK_CHOICE, RK_FIELD_WRITABLE, NULL },
	{ "multi_select_dropdown", CUSTOM, RK_CHOICES, RK_FIELD_WRITABLE, NULL },
	{ "auto_complete", "", RK_REF, RK_FIELD_WRITABLE, NULL },
	{ "group_field", "", RK_JSON, 0, "several values in one; its main value has a field "
	  "of its own" },
	{ "", "", RK_JSON, 0, "a type of field that this connector does not know" },
};

/* What Freshsales itself writes, whatever its type. */
static const char read_only[] = "lead_score open_deals_amount won_deals_amount "
	"last_contacted is_deleted display_name creater_id updater_id expected_deal_value "
	"stage_updated_time closed_date completed_tasks";

#define KEYS (RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY)
#define ALL  "contacts sales_accounts deals leads"

/* Fields of records that the settings do not list, or not as they are to be used. */
static const struct own {
	const char *objects;
	struct rk_field field;
} own[] = {
	{ ALL, RK_FIELD("id", "ID", RK_TEXT, RK_FIELD_UNIQUE, -1, "id") },
	{ "contacts leads", RK_FIELD("email", "Email", RK_TEXT, KEYS | RK_FIELD_KEY_NOCASE,
	                             -1, "emails") },
	{ "contacts", RK_FIELD("external_id", "External ID", RK_TEXT, KEYS, -1, "text") },
	{ "contacts", RK_FIELD_REF("sales_account_id", "Primary account", RK_FIELD_WRITABLE,
	                           "sales_accounts", "sales_accounts") },
	{ "contacts", RK_FIELD("sales_account_name", "Name of the primary account", RK_TEXT,
	                       RK_FIELD_COMPUTED, -1, "sales_accounts") },
	{ "sales_accounts", RK_FIELD("name", "Name", RK_TEXT, KEYS | RK_FIELD_REQUIRED, -1,
	                             "text") },
	{ ALL, RK_FIELD("created_at", "Created at", RK_DATETIME, 0, -1, "time") },
	{ ALL, RK_FIELD("updated_at", "Updated at", RK_DATETIME, 0, -1, "time") },
};

/* Where the choices of standard fields stand that tell none of their own. */
static const struct { const char *field, *selector; } selectors[] = {
	{ "owner_id", "owners" }, { "creater_id", "owners" }, { "updater_id", "owners" },
	{ "territory_id", "territories" }, { "lead_source_id", "lead_sources" },
	{ "campaign_id", "campaigns" }, { "lifecycle_stage_id", "lifecycle_stages" },
	{ "contact_status_id", "contact_statuses" }, { "deal_stage_id", "deal_stages" },
	{ "deal_pipeline_id", "deal_pipelines" }, { "deal_type_id", "deal_types" },
	{ "deal_reason_id", "deal_reasons" }, { "deal_product_id", "deal_products" },
	{ "deal_payment_status_id", "deal_payment_statuses" },
	{ "currency_id", "currencies" }, { "industry_type_id", "industry_types" },
	{ "business_type_id", "business_types" },
};

int
freshsales_is_custom(struct rk_text name)
{
	return rk_text_starts(name, "cf_");
}

/* ---- Values ------------------------------------------------------------------------- */

/* A date may come as a time at midnight of the account's zone: its own digits count.  A
 * reference may come as the record itself. */
struct rk_value
freshsales_read_value(const struct rk_host *host, const struct rk_field *field,
                      const cJSON *item)
{
	const cJSON *id = rk_json_is(item, cJSON_Object) ? rk_json_get(item, "id") : item;
	struct rk_value value = rk_value_item(host, field->type,
	                                      field->type == RK_REF ? id : item);
	struct rk_text text = rk_json_text(host, item, NULL);
	int64_t days;

	if (field->type == RK_DATE && text.len > 10 && text.ptr[10] == 'T' &&
	    rk_date_parse(rk_text_of(text.ptr, 10), &days))
		value = rk_value_of(RK_DATE, rk_text_of(text.ptr, 10));
	if (value.type == RK_REF)
		value.object = field->ref_object;
	return value;
}

/* ---- describe_fields ------------------------------------------------------------------ */

struct described {
	const struct rk_host *host;
	const struct freshsales_object *object;
	struct rk_err *err;
	struct rk_asked asked;
};

/* The list of a selector.  A key without that right gets none, and is as good
 * as another.
 *
 * Shape: {"NAME":[{"id":1,"name":".."}]}; of owners {"users":[{"id":1,"email":".."}]} */
static int32_t
ask_selector(struct described *d, const char *name, const cJSON **list)
{
	struct rk_call call = freshsales_call(d->host, "GET",
	                                      rk_textf(d->host, "selector/%s", name));

	return rk_ask_once(d->host, &d->asked, &call, strcmp(name, "owners") ? name : "users",
	                   rk_textf(d->host, "the choices of %s", name).ptr, list, d->err);
}

/* Standard dropdowns take the id of a choice, custom ones its text; swapped, the value is
 * accepted and lost. */
static int32_t
read_choices(struct described *d, const cJSON *item, int custom, struct rk_field *field)
{
	const cJSON *list = rk_json_get(item, "choices");
	const char *label = "value";
	int32_t status = RK_OK;

	for (size_t i = 0; i < RK_COUNT(selectors) && !custom; i++) {
		if (!rk_text_is(field->name, selectors[i].field) || rk_json_count(list))
			continue;
		status = ask_selector(d, selectors[i].selector, &list);
		label = strcmp(selectors[i].selector, "owners") ? "name" : "email";
		break;
	}
	rk_options_read(d->host, list, custom ? "value" : "id", label, "position", field);
	return status;
}

/* The object that a look-up points to stands in an address; of several kinds, or of one
 * that is not synced, it cannot be mapped. */
static void
read_target(struct described *d, const cJSON *item, struct rk_field *field)
{
	static const struct { const char *words, *object; } targets[] = {
		{ "include=contact", "contacts" }, { "include=sales_account", "sales_accounts" },
		{ "include=deal", "deals" },
	};
	struct rk_text address = rk_json_str(d->host, item, "auto_suggest_url");

	for (size_t i = 0; i < RK_COUNT(targets); i++)
		if (rk_text_find(address, targets[i].words))
			field->ref_object = rk_z(targets[i].object);
	if (rk_json_true(item, "multiple") || field->ref_object.len == 0) {
		field->unmappable = rk_z("it points to several records, or to an object that "
		                         "is not synced");
		field->flags = 0;
	}
}

/* Shape: {"name":"cf_plan","label":"Plan","type":"dropdown","default":false,
 *        "required":false,"visible":true,"choices":[{"id":501,"value":"Basic"}]};
 *        "default" is true for standard fields. */
static int32_t
read_field(struct described *d, const cJSON *item, struct rk_field *field)
{
	struct rk_text name = rk_json_str(d->host, item, "name");
	struct rk_text type = rk_json_str(d->host, item, "type");
	int custom = freshsales_is_custom(name);

	rk_field_begin(field, rk_kind_find(kinds, type, rk_z(custom ? CUSTOM : STANDARD)), name,
	               rk_text_or(rk_json_str(d->host, item, "label"), name));
	field->native = type;
	if (!custom && rk_text_among(name, read_only))
		field->flags = RK_FIELD_COMPUTED;
	if (field->flags & RK_FIELD_WRITABLE && rk_json_true(item, "required"))
		field->flags |= RK_FIELD_REQUIRED;
	/* A deal has no key of its own: a field that the customer keeps unique is one. */
	if (custom && rk_text_is(type, "text") && strcmp(d->object->name, "deals") == 0)
		field->flags |= KEYS;
	if (field->type == RK_REF)
		read_target(d, item, field);
	if (field->type == RK_CHOICE || field->type == RK_CHOICES)
		return read_choices(d, item, custom, field);
	return RK_OK;
}

/* Whether a field of the object is one of ours. */
static int
is_own(const struct freshsales_object *object, struct rk_text name)
{
	for (size_t i = 0; i < RK_COUNT(own); i++)
		if (rk_text_eq(name, own[i].field.name) &&
		    rk_text_among(rk_z(object->name), own[i].objects))
			return 1;
	return 0;
}

static int32_t
describe(struct described *d, struct rk_schema *schema)
{
	struct rk_call call = freshsales_call(d->host, "GET",
		rk_textf(d->host, "settings/%s/fields", d->object->name));
	struct rk_answer answer;
	struct rk_field *fields;
	const cJSON *list;
	uint64_t count = 0;
	int32_t status = rk_ask_list(d->host, &call, "fields", &answer, &list, d->err);

	if (status != RK_OK)
		return status;
	fields = d->host->alloc(d->host,
	                        (rk_json_count(list) + RK_COUNT(own)) * sizeof *fields);
	for (size_t i = 0; i < RK_COUNT(own); i++)
		if (rk_text_among(rk_z(d->object->name), own[i].objects))
			fields[count++] = own[i].field;
	rk_json_each(item, list) {
		struct rk_text name = rk_json_str(d->host, item, "name");

		if (name.len == 0 || is_own(d->object, name) ||
		    rk_field_find(fields, count, name))
			continue;
		status = read_field(d, item, &fields[count++]);
		if (status != RK_OK)
			return status;
	}
	schema->fields = fields;
	schema->field_count = count;
	return RK_OK;
}

int32_t
freshsales_describe_fields(struct rk_conn *conn, struct rk_text object,
                           struct rk_schema *schema, struct rk_err *err)
{
	static const struct rk_object objects[] = {
		{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
		{ .name = RK_LIT("sales_accounts"), .label = RK_LIT("Accounts") },
		{ .name = RK_LIT("deals"), .label = RK_LIT("Deals") },
		{ .name = RK_LIT("leads"), .label = RK_LIT("Leads") },
	};
	struct described d = { .host = conn->host, .err = err,
	                       .asked = { .most = RK_ASKED_MAX } };
	int32_t status;

	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects) - !freshsales_is_classic(conn->host);
		return RK_OK;
	}
	status = freshsales_object_find(conn->host, object, &d.object, err);
	return status == RK_OK ? describe(&d, schema) : status;
}
