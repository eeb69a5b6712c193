/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales_fields.c - what records of the simulated Freshsales have: standard and custom
 * fields, their choices, selectors, and the control path's way in (sheet, sections 3, 5).
 * Called through the table of freshsales.c. */
#include "freshsales.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define C "contacts leads"
#define A "sales_accounts"
#define D "deals"
#define HIDDEN 0x100u                /* The settings call does not list it. */

static const struct freshsales_choice stages[] = {
	{ 71010794467, "Lead" }, { 71010794468, "Qualified" }, { 71010794469, "Customer" },
	{ 0, NULL },
};
static const struct freshsales_choice plans[] = {
	{ 501, "Basic" }, { 502, "Gold" }, { 0, NULL },
};
static const struct freshsales_choice interests[] = {
	{ 511, "product" }, { 512, "event" }, { 513, "support" }, { 514, "newsletter" },
	{ 0, NULL },
};
static const struct freshsales_choice deal_stages[] = {
	{ 71010900001, "New" }, { 71010900002, "Negotiation" }, { 71010900003, "Won" },
	{ 71010900004, "Lost" }, { 0, NULL },
};
static const struct freshsales_choice sources[] = {
	{ 71010800001, "Web" }, { 71010800002, "Exhibition" }, { 0, NULL },
};
static const struct freshsales_choice industries[] = {
	{ 71010810001, "Manufacturing" }, { 71010810002, "Trading" }, { 0, NULL },
};
static const struct freshsales_choice owners[] = {
	{ 70000001001, "ichi@example.co.jp" }, { 70000001002, "ni@example.co.jp" }, { 0, NULL },
};
static const struct freshsales_choice none[] = { { 0, NULL } };

#define RO FIELD_READONLY
#define CF FIELD_CUSTOM
#define REQ FIELD_REQUIRED

static const struct freshsales_field fields[] = {
	{ C, "first_name", "First name", F_TEXT, 0, NULL, SEED_FIRSTNAME },
	{ C, "last_name", "Last name", F_TEXT, REQ, NULL, SEED_LASTNAME },
	{ C, "email", "Email", F_EMAIL, RO | HIDDEN | FIELD_UNIQUE, NULL, SEED_EMAIL },
	{ C, "job_title", "Job title", F_TEXT, 0, NULL, SEED_JOBTITLE },
	{ C, "department", "Department", F_TEXT, 0, NULL, SEED_COLUMNS },
	{ C, "work_number", "Work", F_TEXT, 0, NULL, SEED_PHONE },
	{ C, "mobile_number", "Mobile", F_TEXT, FIELD_UNIQUE, NULL, SEED_MOBILE },
	{ C, "external_id", "External ID", F_TEXT, HIDDEN | FIELD_UNIQUE, NULL, SEED_COLUMNS },
	{ C, "address", "Address", F_TEXT, 0, NULL, SEED_ADDRESS },
	{ C, "city", "City", F_TEXT, 0, NULL, SEED_CITY },
	{ C, "state", "State", F_TEXT, 0, NULL, SEED_STATE },
	{ C, "zipcode", "Zipcode", F_TEXT, 0, NULL, SEED_ZIP },
	{ C, "country", "Country", F_TEXT, 0, NULL, SEED_COUNTRY },
	{ C, "do_not_disturb", "Do not disturb", F_CHECKBOX, 0, NULL, SEED_COLUMNS },
	{ C, "lifecycle_stage_id", "Lifecycle stage", F_STANDARD, 0, stages, SEED_STAGE },
	{ C, "lead_source_id", "Source", F_STANDARD, 0, sources, SEED_COLUMNS },
	{ C, "lead_score", "Score", F_NUMBER, RO, NULL, SEED_COLUMNS },
	{ C, "open_deals_amount", "Open deals amount", F_MONEY, RO, NULL, SEED_COLUMNS },
	{ C, "sales_accounts", "Accounts", F_ACCOUNTS, 0, NULL, SEED_COLUMNS },
	{ C, "cf_plan", "Plan", F_CUSTOM, CF, plans, SEED_COLUMNS },
	{ C, "cf_interests", "Interests", F_MULTI, CF, interests, SEED_INTERESTS },
	{ C, "cf_member_no", "Member number", F_TEXT, CF, NULL, SEED_MEMBER },
	{ C, "cf_contract_on", "Contract on", F_DATE, CF, NULL, SEED_CONTRACT },
	{ C, "cf_employees", "Employees", F_NUMBER, CF, NULL, SEED_EMPLOYEES },
	{ C, "cf_note_-_sales", "Note (sales)", F_PARAGRAPH, CF, NULL, SEED_NOTE },
	{ C, "cf_newsletter", "Newsletter", F_CHECKBOX, CF, NULL, SEED_COLUMNS },
	{ A, "name", "Name", F_TEXT, REQ | FIELD_UNIQUE, NULL, SEED_COMPANY },
	{ A, "website", "Website", F_TEXT, 0, NULL, SEED_WEBSITE },
	{ A, "phone", "Phone", F_TEXT, 0, NULL, SEED_PHONE },
	{ A, "address", "Address", F_TEXT, 0, NULL, SEED_ADDRESS },
	{ A, "city", "City", F_TEXT, 0, NULL, SEED_CITY },
	{ A, "state", "State", F_TEXT, 0, NULL, SEED_STATE },
	{ A, "zipcode", "Zipcode", F_TEXT, 0, NULL, SEED_ZIP },
	{ A, "country", "Country", F_TEXT, 0, NULL, SEED_COUNTRY },
	{ A, "number_of_employees", "Employees", F_NUMBER, 0, NULL, SEED_EMPLOYEES },
	{ A, "annual_revenue", "Annual revenue", F_MONEY, 0, NULL, SEED_COLUMNS },
	{ A, "industry_type_id", "Industry", F_STANDARD, 0, industries, SEED_COLUMNS },
	{ A, "parent_sales_account_id", "Parent account", F_REF, 0, NULL, SEED_COLUMNS },
	{ A, "open_deals_amount", "Open deals amount", F_MONEY, RO, NULL, SEED_COLUMNS },
	{ A, "cf_code", "Code", F_TEXT, CF, NULL, SEED_MEMBER },
	{ D, "name", "Name", F_TEXT, REQ, NULL, SEED_COMPANY },
	{ D, "amount", "Deal value", F_MONEY, REQ, NULL, SEED_EMPLOYEES },
	{ D, "expected_close", "Expected close", F_DATE, 0, NULL, SEED_CONTRACT },
	{ D, "closed_date", "Closed on", F_DATE, RO, NULL, SEED_COLUMNS },
	{ D, "probability", "Probability", F_NUMBER, 0, NULL, SEED_COLUMNS },
	{ D, "deal_stage_id", "Stage", F_STANDARD, 0, deal_stages, SEED_COLUMNS },
	{ D, "sales_account_id", "Account", F_REF, 0, NULL, SEED_COLUMNS },
	{ D, "expected_deal_value", "Expected deal value", F_MONEY, RO, NULL, SEED_COLUMNS },
	{ D, "cf_order_no", "Order number", F_TEXT, CF, NULL, SEED_MEMBER },
	{ D, "cf_memo", "Memo", F_PARAGRAPH, CF, NULL, SEED_NOTE },
	{ C " " A " " D, "owner_id", "Owner", F_STANDARD, 0, none, SEED_COLUMNS },
	{ C " " A " " D, "tags", "Tags", F_TAGS, 0, NULL, SEED_COLUMNS },
};

static const char *const type_names[F_TYPES] = {
	[F_TEXT] = "text", [F_PARAGRAPH] = "paragraph", [F_NUMBER] = "number",
	[F_DECIMAL] = "decimal", [F_MONEY] = "decimal", [F_CHECKBOX] = "checkbox",
	[F_DATE] = "date", [F_STANDARD] = "dropdown", [F_CUSTOM] = "dropdown",
	[F_MULTI] = "multi_select_dropdown", [F_EMAIL] = "text", [F_ACCOUNTS] = "group_field",
	[F_REF] = "auto_complete", [F_TAGS] = "tags",
};

const struct freshsales_field *
freshsales_field(struct text object, struct text name)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (text_is(name, fields[i].name) && freshsales_word(fields[i].object, object))
			return &fields[i];
	return NULL;
}

void
freshsales_define(struct sim *sim)
{
	static const char *const objects[] = { "contacts", "sales_accounts", "deals", "leads" };

	for (size_t o = 0; o < COUNT(objects); o++) {
		struct object *object = sim_add_object(sim, objects[o]);

		object->lag_ms = sim_options.index_lag_ms;
		object->fold_keys = !strcmp(objects[o], "contacts");
		for (size_t i = 0; i < COUNT(fields); i++) {
			if (!freshsales_word(fields[i].object, text_of(objects[o])))
				continue;
			struct field *f = object_add_field(object, text_of(fields[i].name));

			f->type = fields[i].type;
			f->flags = fields[i].flags & ~HIDDEN & ~FIELD_UNIQUE;
			if (fields[i].flags & FIELD_UNIQUE)
				object_index(object, f);
		}
	}
}

/* ---- GET settings/{object}/fields (section 3) ------------------------------ */

static void
put_choices(struct buf *out, const struct freshsales_choice *choices)
{
	bool first = true;

	buf_str(out, "\"choices\":[");
	for (; choices && choices->id; choices++) {
		buf_comma(out, &first);
		buf_fmt(out, "{\"id\":%llu,\"value\":", (unsigned long long)choices->id);
		buf_quotez(out, choices->value);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

static void
put_field(struct buf *out, const struct freshsales_field *f, size_t number)
{
	static const char *const yes[] = { "false", "true" };
	bool account = f->type == F_REF;

	buf_fmt(out, "{\"id\":%zu,\"name\":\"%s\",\"label\":", 9001 + number, f->name);
	buf_quotez(out, f->label);
	buf_fmt(out, ",\"type\":\"%s\",\"default\":%s,\"required\":%s,\"visible\":true,",
		type_names[f->type], yes[!(f->flags & FIELD_CUSTOM)],
		yes[(f->flags & FIELD_REQUIRED) != 0]);
	if (account)
		buf_str(out, "\"multiple\":false,\"auto_suggest_url\":"
			"\"/search?include=sales_account\",");
	put_choices(out, f->choices);
	buf_str(out, "}");
}

void
freshsales_settings(struct request *q, struct reply *r)
{
	bool first = true;

	if (!freshsales_kind(q->vars[0]) || !sim_object(q->sim, q->vars[0])) {
		q->sim->crm->unknown(q, r);
		return;
	}
	if (!freshsales_params(q, r, "include"))
		return;
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"fields\":[");
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (!freshsales_word(fields[i].object, q->vars[0]) || fields[i].flags & HIDDEN)
			continue;
		buf_comma(out, &first);
		put_field(out, &fields[i], i);
	}
	buf_str(out, "]}");
}

/* ---- GET selector/{name} (section 3.1) -------------------------------------- */

void
freshsales_selector(struct request *q, struct reply *r)
{
	static const struct {
		const char *name, *key, *value;
		const struct freshsales_choice *choices;
	} selectors[] = {
		{ "owners", "users", "email", owners },
		{ "lifecycle_stages", "lifecycle_stages", "name", stages },
		{ "lead_sources", "lead_sources", "name", sources },
		{ "industry_types", "industry_types", "name", industries },
		{ "deal_stages", "deal_stages", "name", deal_stages },
		{ "territories", "territories", "name", none },
	};

	for (size_t i = 0; i < COUNT(selectors); i++) {
		bool first = true;

		if (!text_is(q->vars[0], selectors[i].name))
			continue;
		struct buf *out = reply_start(r, 200);
		buf_fmt(out, "{\"%s\":[", selectors[i].key);
		for (const struct freshsales_choice *c = selectors[i].choices; c->id; c++) {
			buf_comma(out, &first);
			buf_fmt(out, "{\"id\":%llu,\"%s\":", (unsigned long long)c->id,
				selectors[i].value);
			buf_quotez(out, c->value);
			buf_str(out, !strcmp(selectors[i].key, "users")
				? ",\"display_name\":\"見本\",\"is_active\":true}"
				: ",\"position\":1}");
		}
		buf_str(out, "]}");
		return;
	}
	q->sim->crm->unknown(q, r);
}

/* ---- The control path's way in ----------------------------------------------- */

bool
freshsales_change(struct arena *a, struct object *o, struct text name,
		  const struct json *value, struct change *change)
{
	change->field = object_field(o, name);
	change->raw = value->kind == JSON_NULL ? (struct text){ 0 } : json_raw(a, value);
	return change->field != NULL;
}

/* A HubSpot life cycle stage as one of here. */
static struct text
stage_of(struct arena *a, struct text stage)
{
	char id[24];

	snprintf(id, sizeof id, "%llu", (unsigned long long)
		 (text_is(stage, "customer") ? stages[2].id : text_is(stage, "lead") ||
		  text_is(stage, "subscriber") ? stages[0].id : stages[1].id));
	return arena_copy(a, text_of(id));
}

/* Names of accounts are unique, those of the seeds are not. */
static struct text
account_name(struct arena *a, const struct seed_row *row, struct text company)
{
	struct buf joined = { 0 };

	buf_text(&joined, company);
	buf_str(&joined, " ");
	buf_text(&joined, row->column[SEED_MEMBER]);
	return json_quoted(a, arena_take(a, &joined));
}

size_t
freshsales_seeded(struct arena *a, struct object *o, const struct seed_row *row,
		  struct change *changes)
{
	bool account = !strcmp(o->name, "sales_accounts");
	size_t n = 0;

	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct freshsales_field *f = &fields[i];
		struct text t = f->seed == SEED_COLUMNS ? (struct text){ 0 }
			: row->column[f->seed];
		int64_t number;

		if (!freshsales_word(f->object, text_of(o->name)) || !t.len)
			continue;
		changes[n].field = object_field(o, text_of(f->name));
		if (f->type == F_STANDARD)
			changes[n].raw = stage_of(a, t);
		else if (f->type == F_NUMBER || f->type == F_MONEY)
			changes[n].raw = text_int(t, &number) ? t : TEXT("1");
		else if (account && f->seed == SEED_COMPANY)
			changes[n].raw = account_name(a, row, t);
		else
			changes[n].raw = json_quoted(a, t);
		n++;
	}
	return n;
}
