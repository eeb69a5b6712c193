/* SPDX-License-Identifier: Apache-2.0
 *
 * image.c - see image.h.  Here stand also the mappings that tests of whole runs
 * share, as tables and as the configuration's text. */
#include "tests/image.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/names.h"

static const struct checker_choice stages[] = {
	{ "lead", "リード" }, { "marketingqualifiedlead", "見込み客" },
	{ "opportunity", "商談中" }, { "customer", "顧客" }, { NULL, "その他" },
};
static const struct checker_field contact_fields[] = {
	{ .from = "email", .to = "メールアドレス" },
	{ .from = "lastname", .also = "firstname", .to = "氏名", .how = CHECKER_JOINED },
	{ .from = "company", .to = "会社名" },
	{ .from = "phone", .to = "電話", .how = CHECKER_DIGITS },
	{ .from = "lifecyclestage",
	  .to = "段階",
	  .how = CHECKER_CHOICE,
	  .choices = stages },
};
const struct checker_rule checker_contacts = {
	.name = "contacts", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "kintone", .to_object = "1", .fields = contact_fields,
	.field_count = sizeof contact_fields / sizeof *contact_fields,
	.map =
	"{ from = \"email\"; to = \"メールアドレス\"; },\n"
	"{ from = \"${lastname} ${firstname}\"; to = \"氏名\"; },\n"
	"{ from = \"company\"; to = \"会社名\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"電話\"; nulls = \"clear\"; },\n"
	"{ from = \"lifecyclestage\"; to = \"段階\"; values = ( (\"lead\", \"リード\"),\n"
	"  (\"marketingqualifiedlead\", \"見込み客\"), (\"opportunity\", \"商談中\"),\n"
	"  (\"customer\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

/* A life cycle stage would only move forward; the lead's status moves both ways. */
static const struct checker_choice statuses[] = {
	{ "リード", "NEW" }, { "見込み客", "OPEN" }, { "商談中", "IN_PROGRESS" },
	{ "顧客", "CONNECTED" }, { NULL, "UNQUALIFIED" },
};
static const struct checker_field customer_fields[] = {
	{ .from = "メールアドレス", .to = "email" },
	{ .from = "氏名", .to = "lastname" },
	{ .from = "会社名", .to = "company" },
	{ .from = "電話", .to = "phone", .how = CHECKER_DIGITS },
	{ .from = "段階", .to = "hs_lead_status", .how = CHECKER_CHOICE,
	  .choices = statuses },
};
const struct checker_rule checker_customers = {
	.name = "customers", .from_crm = "kintone", .from_object = "1",
	.to_crm = "hubspot", .to_object = "contacts", .fields = customer_fields,
	.field_count = sizeof customer_fields / sizeof *customer_fields,
	.map =
	"{ from = \"メールアドレス\"; to = \"email\"; },\n"
	"{ from = \"氏名\"; to = \"lastname\"; },\n"
	"{ from = \"会社名\"; to = \"company\"; nulls = \"clear\"; },\n"
	"{ from = \"電話 | digits\"; to = \"phone\"; nulls = \"clear\"; },\n"
	"{ from = \"段階\"; to = \"hs_lead_status\"; values = ( (\"リード\", \"NEW\"),\n"
	"  (\"見込み客\", \"OPEN\"), (\"商談中\", \"IN_PROGRESS\"),\n"
	"  (\"顧客\", \"CONNECTED\") ); otherwise = \"UNQUALIFIED\"; }\n",
};

static const struct checker_choice titles[] = {
	{ "営業部長", "リード" }, { "購買担当", "見込み客" }, { "代表取締役", "商談中" },
	{ "総務", "顧客" }, { NULL, "その他" },
};
static const struct checker_field card_fields[] = {
	{ .from = "email", .to = "メールアドレス" },
	{ .from = "lastName", .to = "氏名" },
	{ .from = "companyName", .to = "会社名" },
	{ .from = "tel", .to = "電話", .how = CHECKER_DIGITS },
	{ .from = "title", .to = "段階", .how = CHECKER_CHOICE, .choices = titles },
};
const struct checker_rule checker_cards = {
	.name = "cards", .from_crm = "sansan", .from_object = "cards",
	.to_crm = "kintone", .to_object = "1", .fields = card_fields,
	.field_count = sizeof card_fields / sizeof *card_fields,
	.map =
	"{ from = \"email\"; to = \"メールアドレス\"; },\n"
	"{ from = \"lastName\"; to = \"氏名\"; },\n"
	"{ from = \"companyName\"; to = \"会社名\"; nulls = \"clear\"; },\n"
	"{ from = \"tel | digits\"; to = \"電話\"; nulls = \"clear\"; },\n"
	"{ from = \"title\"; to = \"段階\"; values = ( (\"営業部長\", \"リード\"),\n"
	"  (\"購買担当\", \"見込み客\"), (\"代表取締役\", \"商談中\"),\n"
	"  (\"総務\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

static const struct checker_field prospect_fields[] = {
	{ .from = "email", .to = "メールアドレス" },
	{ .from = "last_name", .also = "first_name", .to = "氏名", .how = CHECKER_JOINED },
	{ .from = "city", .to = "会社名" },
	{ .from = "work_number", .to = "電話", .how = CHECKER_DIGITS },
	{ .from = "job_title", .to = "段階", .how = CHECKER_CHOICE, .choices = titles },
};
const struct checker_rule checker_prospects = {
	.name = "prospects", .from_crm = "freshsales", .from_object = "contacts",
	.to_crm = "kintone", .to_object = "1", .fields = prospect_fields,
	.field_count = sizeof prospect_fields / sizeof *prospect_fields,
	.map =
	"{ from = \"email\"; to = \"メールアドレス\"; },\n"
	"{ from = \"${last_name} ${first_name}\"; to = \"氏名\"; },\n"
	"{ from = \"city\"; to = \"会社名\"; nulls = \"clear\"; },\n"
	"{ from = \"work_number | digits\"; to = \"電話\"; nulls = \"clear\"; },\n"
	"{ from = \"job_title\"; to = \"段階\"; values = ( (\"営業部長\", \"リード\"),\n"
	"  (\"購買担当\", \"見込み客\"), (\"代表取締役\", \"商談中\"),\n"
	"  (\"総務\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

static const struct checker_choice levels[] = {
	{ "lead", "lead" }, { "opportunity", "opportunity" }, { "customer", "customer" },
	{ NULL, "subscriber" },
};
static const struct checker_field person_fields[] = {
	{ .from = "email", .to = "Renkei_Id__c" },
	{ .from = "lastname", .to = "LastName" },
	{ .from = "company", .to = "Company__c" },
	{ .from = "phone", .to = "Phone", .how = CHECKER_DIGITS },
	{ .from = "lifecyclestage", .to = "Stage__c", .how = CHECKER_CHOICE,
	  .choices = levels },
};
const struct checker_rule checker_persons = {
	.name = "persons", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "salesforce", .to_object = "Contact", .fields = person_fields,
	.field_count = sizeof person_fields / sizeof *person_fields,
	.map =
	"{ from = \"email\"; to = \"Renkei_Id__c\"; },\n"
	"{ from = \"lastname\"; to = \"LastName\"; },\n"
	"{ from = \"company\"; to = \"Company__c\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"Phone\"; nulls = \"clear\"; },\n"
	"{ from = \"lifecyclestage\"; to = \"Stage__c\"; values = ( (\"lead\", \"lead\"),\n"
	"  (\"opportunity\", \"opportunity\"), (\"customer\", \"customer\") );\n"
	"  otherwise = \"subscriber\"; }\n",
};

static const struct checker_choice progress[] = {
	{ "営業部長", "NEW" }, { "購買担当", "OPEN" }, { "代表取締役", "IN_PROGRESS" },
	{ "総務", "CONNECTED" }, { NULL, "UNQUALIFIED" },
};
static const struct checker_field lead_fields[] = {
	{ .from = "Email", .to = "email" },
	{ .from = "LastName", .also = "FirstName", .to = "lastname", .how = CHECKER_JOINED },
	{ .from = "Company", .to = "company" },
	{ .from = "Phone", .to = "phone", .how = CHECKER_DIGITS },
	{ .from = "Title", .to = "hs_lead_status", .how = CHECKER_CHOICE,
	  .choices = progress },
};
const struct checker_rule checker_leads = {
	.name = "leads", .from_crm = "salesforce", .from_object = "Lead",
	.to_crm = "hubspot", .to_object = "contacts", .fields = lead_fields,
	.field_count = sizeof lead_fields / sizeof *lead_fields,
	.map =
	"{ from = \"Email\"; to = \"email\"; },\n"
	"{ from = \"${LastName} ${FirstName}\"; to = \"lastname\"; },\n"
	"{ from = \"Company\"; to = \"company\"; nulls = \"clear\"; },\n"
	"{ from = \"Phone | digits\"; to = \"phone\"; nulls = \"clear\"; },\n"
	"{ from = \"Title\"; to = \"hs_lead_status\"; values = ( (\"営業部長\", \"NEW\"),\n"
	"  (\"購買担当\", \"OPEN\"), (\"代表取締役\", \"IN_PROGRESS\"),\n"
	"  (\"総務\", \"CONNECTED\") ); otherwise = \"UNQUALIFIED\"; }\n",
};

static const struct checker_field visitor_fields[] = {
	{ .from = "email", .to = "メールアドレス" },
	{ .from = "family_name", .also = "first_name", .to = "氏名", .how = CHECKER_JOINED },
	{ .from = "address", .to = "会社名" },
	{ .from = "tel", .to = "電話", .how = CHECKER_DIGITS },
	{ .from = "post", .to = "段階", .how = CHECKER_CHOICE, .choices = titles },
};
const struct checker_rule checker_visitors = {
	.name = "visitors", .from_crm = "hotprofile", .from_object = "leads",
	.to_crm = "kintone", .to_object = "1", .fields = visitor_fields,
	.field_count = sizeof visitor_fields / sizeof *visitor_fields,
	.map =
	"{ from = \"email\"; to = \"メールアドレス\"; },\n"
	"{ from = \"${family_name} ${first_name}\"; to = \"氏名\"; },\n"
	"{ from = \"address\"; to = \"会社名\"; nulls = \"clear\"; },\n"
	"{ from = \"tel | digits\"; to = \"電話\"; nulls = \"clear\"; },\n"
	"{ from = \"post\"; to = \"段階\"; values = ( (\"営業部長\", \"リード\"),\n"
	"  (\"購買担当\", \"見込み客\"), (\"代表取締役\", \"商談中\"),\n"
	"  (\"総務\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

static const struct checker_choice plans[] = {
	{ "customer", "Gold" }, { NULL, "Basic" },
};
static const struct checker_field buyer_fields[] = {
	{ .from = "email", .to = "email" },
	{ .from = "lastname", .to = "last_name" },
	{ .from = "company", .to = "department" },
	{ .from = "phone", .to = "work_number", .how = CHECKER_DIGITS },
	{ .from = "lifecyclestage", .to = "cf_plan", .how = CHECKER_CHOICE,
	  .choices = plans },
};
const struct checker_rule checker_buyers = {
	.name = "buyers", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "freshsales", .to_object = "contacts", .fields = buyer_fields,
	.field_count = sizeof buyer_fields / sizeof *buyer_fields,
	.map =
	"{ from = \"email\"; to = \"email\"; },\n"
	"{ from = \"lastname\"; to = \"last_name\"; },\n"
	"{ from = \"company\"; to = \"department\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"work_number\"; nulls = \"clear\"; },\n"
	"{ from = \"lifecyclestage\"; to = \"cf_plan\"; values = (\n"
	"  (\"customer\", \"Gold\") ); otherwise = \"Basic\"; }\n",
};

/* HotProfile writes a lead with its company: the one that is there. */
static const struct checker_choice posts[] = {
	{ "customer", "顧客" }, { NULL, "その他" },
};
static const struct checker_field guest_fields[] = {
	{ .from = "email", .to = "email" },
	{ .from = "lastname", .to = "family_name" },
	{ .from = "company", .to = "address" },
	{ .from = "phone", .to = "tel", .how = CHECKER_DIGITS },
	{ .from = "lifecyclestage", .to = "post", .how = CHECKER_CHOICE, .choices = posts },
};
const struct checker_rule checker_guests = {
	.name = "guests", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "hotprofile", .to_object = "leads", .fields = guest_fields,
	.field_count = sizeof guest_fields / sizeof *guest_fields,
	.map =
	"{ from = \"email\"; to = \"email\"; },\n"
	"{ from = \"'1'\"; to = \"client_id\"; },\n"
	"{ from = \"lastname\"; to = \"family_name\"; },\n"
	"{ from = \"company\"; to = \"address\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"tel\"; nulls = \"clear\"; },\n"
	"{ from = \"lifecyclestage\"; to = \"post\"; values = (\n"
	"  (\"customer\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

static const struct checker_field export_fields[] = {
	{ .from = "email", .to = "mail" },
	{ .from = "lastname", .also = "firstname", .to = "氏名", .how = CHECKER_JOINED },
	{ .from = "company", .to = "company" },
	{ .from = "phone", .to = "phone", .how = CHECKER_DIGITS },
	{ .from = "lifecyclestage", .to = "plan", .how = CHECKER_CHOICE, .choices = plans },
};
const struct checker_rule checker_exports = {
	.name = "exports", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "file", .to_object = "export", .fields = export_fields,
	.field_count = sizeof export_fields / sizeof *export_fields,
	.map =
	"{ from = \"email\"; to = \"mail\"; },\n"
	"{ from = \"${lastname} ${firstname}\"; to = \"氏名\"; },\n"
	"{ from = \"company\"; to = \"company\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"phone\"; nulls = \"clear\"; },\n"
	"{ from = \"lifecyclestage\"; to = \"plan\"; values = (\n"
	"  (\"customer\", \"Gold\") ); otherwise = \"Basic\"; }\n",
};

static const struct checker_field load_fields[] = {
	{ .from = "mail", .to = "メールアドレス" },
	{ .from = "lastname", .to = "氏名" },
	{ .from = "company", .to = "会社名" },
	{ .from = "phone", .to = "電話", .how = CHECKER_DIGITS },
	{ .from = "title", .to = "段階", .how = CHECKER_CHOICE, .choices = titles },
};
const struct checker_rule checker_loads = {
	.name = "loads", .from_crm = "file", .from_object = "people",
	.to_crm = "kintone", .to_object = "1", .fields = load_fields,
	.field_count = sizeof load_fields / sizeof *load_fields,
	.map =
	"{ from = \"mail\"; to = \"メールアドレス\"; },\n"
	"{ from = \"lastname\"; to = \"氏名\"; },\n"
	"{ from = \"company\"; to = \"会社名\"; nulls = \"clear\"; },\n"
	"{ from = \"phone | digits\"; to = \"電話\"; nulls = \"clear\"; },\n"
	"{ from = \"title\"; to = \"段階\"; values = ( (\"営業部長\", \"リード\"),\n"
	"  (\"購買担当\", \"見込み客\"), (\"代表取締役\", \"商談中\"),\n"
	"  (\"総務\", \"顧客\") ); otherwise = \"その他\"; }\n",
};

/* Those that take longest are begun first. */
#define PAIR(from, to) "{ from = \"" from "\"; to = \"" to "\"; nulls = \"clear\"; }"
static const struct checker_field pair_fields[] = {
	{ .from = "email", .to = "メールアドレス" }, { .from = "lastname", .to = "氏名" },
	{ .from = "company", .to = "会社名" }, { .from = "jobtitle", .to = "役職" },
};
const struct checker_rule checker_pairs = {
	.name = "contacts", .from_crm = "hubspot", .from_object = "contacts",
	.to_crm = "kintone", .to_object = "1", .fields = pair_fields, .field_count = 4,
	.map = "{ from = \"email\"; to = \"メールアドレス\"; },\n"
	       "{ from = \"lastname\"; to = \"氏名\"; },\n" PAIR("company", "会社名") ",\n"
	       PAIR("jobtitle", "役職"),
};

const struct checker_rule *const checker_rules[] = { &checker_buyers, &checker_guests,
	&checker_contacts, &checker_customers, &checker_cards, &checker_prospects,
	&checker_persons, &checker_leads, &checker_visitors, &checker_exports,
	&checker_loads };
const size_t checker_rule_count = sizeof checker_rules / sizeof *checker_rules;

const struct checker_rule *
checker_rule_named(const char *name)
{
	for (size_t i = 0; i < checker_rule_count; i++)
		if (strcmp(checker_rules[i]->name, name) == 0)
			return checker_rules[i];
	return NULL;
}

const char *
image_text(const cJSON *values, const char *name)
{
	const char *text = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(values, name));
	return text != NULL ? text : "";
}

static char *
put(char *at, const char *text)
{
	size_t len = strlen(text);
	memcpy(at, text, len);
	return at + len;
}

static char *
put_digits(char *at, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= '0' && *text <= '9')
			*at++ = *text;
	return at;
}

static const char *
chosen(const struct checker_choice *choices, const char *text)
{
	while (choices->from != NULL && strcmp(choices->from, text) != 0)
		choices++;
	return choices->to;
}

static char *
put_mapped(char *at, const struct checker_field *f, const cJSON *values)
{
	const char *text = image_text(values, f->from);
	switch (f->how) {
	case CHECKER_SAME:
		return put(at, text);
	case CHECKER_JOINED:
		return put(put(put(at, text), " "), image_text(values, f->also));
	case CHECKER_DIGITS:
		return put_digits(at, text);
	case CHECKER_CHOICE:
		return put(at, text[0] != '\0' ? chosen(f->choices, text) : "");
	}
	return at;
}

/* Enough for an image of these values. */
static size_t
image_room(const struct checker_rule *rule, const cJSON *values)
{
	size_t room = 1;
	for (size_t i = 0; i < rule->field_count; i++) {
		const struct checker_field *f = &rule->fields[i];
		room += strlen(image_text(values, f->from))
			+ strlen(image_text(values, f->to)) + 2;
		room += f->also != NULL ? strlen(image_text(values, f->also)) : 0;
		for (const struct checker_choice *c = f->choices; c != NULL; c++) {
			room += strlen(c->to);
			if (c->from == NULL)
				break;
		}
	}
	return room;
}

char *
image_of(const struct checker_rule *rule, const cJSON *values, bool mapped)
{
	char *image = malloc(image_room(rule, values));
	if (image == NULL)
		abort();
	char *at = image;
	for (size_t i = 0; i < rule->field_count; i++) {
		const struct checker_field *f = &rule->fields[i];
		at = mapped ? put_mapped(at, f, values)
			    : put(at, image_text(values, f->to));
		*at++ = IMAGE_BORDER;
	}
	*at = '\0';
	return image;
}

char *
image_key(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	char *key = names_copy(text);
	size_t len = strlen(key);
	while (len > 0 && isspace((unsigned char)key[len - 1]))
		key[--len] = '\0';
	for (char *p = key; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return key;
}
