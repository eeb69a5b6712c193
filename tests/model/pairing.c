/* SPDX-License-Identifier: Apache-2.0
 *
 * pairing.c - see pairing.h. */
#include "tests/model/pairing.h"

#include <string.h>

/* One line of a `map`, and the stages as pairs. */
#define MAP(from, to) "{ from = \"" from "\"; to = \"" to "\"; },\n"
#define CLEARED(from, to) "{ from = \"" from "\"; to = \"" to "\"; nulls = \"clear\"; },\n"
#define STAGES(from, to, a, b, c, d, e, f, g, h)                                            \
	"{ from = \"" from "\"; to = \"" to "\"; values = ( (\"" a "\", \"" b "\"),\n"      \
	"  (\"" c "\", \"" d "\"), (\"" e "\", \"" f "\"), (\"" g "\", \"" h "\") ); }\n"

#define HUB_KEY "email"
#define HUB_NAME "lastname"
#define HUB_COMPANY "company"
#define HUB_TITLE "jobtitle"
#define HUB_STAGE "hs_lead_status"
#define KIN_KEY "メールアドレス"
#define KIN_NAME "氏名"
#define KIN_COMPANY "会社名"
#define KIN_TITLE "役職"
#define KIN_STAGE "段階"
#define FORCE_KEY "Renkei_Id__c"
#define FORCE_NAME "LastName"
#define FORCE_COMPANY "Company__c"
#define FORCE_TITLE "Title"
#define FORCE_STAGE "Stage__c"

#define PAIRS(FROM, TO, stages)                                                             \
	{ { .from = FROM##_KEY, .to = TO##_KEY }, { .from = FROM##_NAME, .to = TO##_NAME }, \
	  { .from = FROM##_COMPANY, .to = TO##_COMPANY },                                   \
	  { .from = FROM##_TITLE, .to = TO##_TITLE },                                       \
	  { .from = FROM##_STAGE, .to = TO##_STAGE, .how = CHECKER_CHOICE,                  \
	    .choices = stages } }
#define LINES(FROM, TO)                                                                     \
	MAP(FROM##_KEY, TO##_KEY) MAP(FROM##_NAME, TO##_NAME)                               \
	CLEARED(FROM##_COMPANY, TO##_COMPANY) CLEARED(FROM##_TITLE, TO##_TITLE)

static const struct checker_choice hub_to_kin[] = {
	{ "NEW", "リード" }, { "OPEN", "見込み客" }, { "IN_PROGRESS", "商談中" },
	{ "CONNECTED", "顧客" }, { NULL, "?" },
};
static const struct checker_choice kin_to_hub[] = {
	{ "リード", "NEW" }, { "見込み客", "OPEN" }, { "商談中", "IN_PROGRESS" },
	{ "顧客", "CONNECTED" }, { NULL, "?" },
};
static const struct checker_choice hub_to_force[] = {
	{ "NEW", "lead" }, { "OPEN", "marketingqualifiedlead" },
	{ "IN_PROGRESS", "opportunity" }, { "CONNECTED", "customer" }, { NULL, "?" },
};
static const struct checker_choice force_to_kin[] = {
	{ "lead", "リード" }, { "marketingqualifiedlead", "見込み客" },
	{ "opportunity", "商談中" }, { "customer", "顧客" }, { NULL, "?" },
};

static const struct checker_field hub_kin[FIELDS] = PAIRS(HUB, KIN, hub_to_kin);
static const struct checker_field kin_hub[FIELDS] = PAIRS(KIN, HUB, kin_to_hub);
static const struct checker_field hub_force[FIELDS] = PAIRS(HUB, FORCE, hub_to_force);
static const struct checker_field force_kin[FIELDS] = PAIRS(FORCE, KIN, force_to_kin);

const struct pairing pairings[] = {
	{ "hubspot-kintone",
	  { .name = "pair", .from_crm = "hubspot", .from_object = "contacts",
	    .to_crm = "kintone", .to_object = "1", .fields = hub_kin, .field_count = FIELDS,
	    .map = LINES(HUB, KIN)
		    STAGES(HUB_STAGE, KIN_STAGE, "NEW", "リード", "OPEN", "見込み客",
		           "IN_PROGRESS", "商談中", "CONNECTED", "顧客") },
	  .stamp_ms = 60000 },
	{ "kintone-hubspot",
	  { .name = "pair", .from_crm = "kintone", .from_object = "1",
	    .to_crm = "hubspot", .to_object = "contacts", .fields = kin_hub,
	    .field_count = FIELDS,
	    .map = LINES(KIN, HUB)
		    STAGES(KIN_STAGE, HUB_STAGE, "リード", "NEW", "見込み客", "OPEN",
		           "商談中", "IN_PROGRESS", "顧客", "CONNECTED") },
	  .stamp_ms = 60000 },
	{ "hubspot-salesforce",
	  { .name = "pair", .from_crm = "hubspot", .from_object = "contacts",
	    .to_crm = "salesforce", .to_object = "Contact", .fields = hub_force,
	    .field_count = FIELDS,
	    .map = LINES(HUB, FORCE)
		    STAGES(HUB_STAGE, FORCE_STAGE, "NEW", "lead", "OPEN",
		           "marketingqualifiedlead", "IN_PROGRESS", "opportunity",
		           "CONNECTED", "customer") },
	  .stamp_ms = 1000 },
	{ "salesforce-kintone",
	  { .name = "pair", .from_crm = "salesforce", .from_object = "Contact",
	    .to_crm = "kintone", .to_object = "1", .fields = force_kin,
	    .field_count = FIELDS,
	    .map = LINES(FORCE, KIN)
		    STAGES(FORCE_STAGE, KIN_STAGE, "lead", "リード",
		           "marketingqualifiedlead", "見込み客", "opportunity", "商談中",
		           "customer", "顧客") },
	  .stamp_ms = 60000 },
};
const size_t pairing_count = sizeof pairings / sizeof *pairings;

const char *
pairing_crm(const struct pairing *p, enum side side)
{
	return side == SIDE_FROM ? p->rule.from_crm : p->rule.to_crm;
}

const char *
pairing_object(const struct pairing *p, enum side side)
{
	return side == SIDE_FROM ? p->rule.from_object : p->rule.to_object;
}

const char *
pairing_field(const struct pairing *p, enum side side, int field)
{
	const struct checker_field *f = &p->rule.fields[field];
	return side == SIDE_FROM ? f->from : f->to;
}

const char *
pairing_stage(const struct pairing *p, enum side side, size_t number)
{
	const struct checker_choice *c = &p->rule.fields[FIELD_STAGE].choices[number];
	return side == SIDE_FROM ? c->from : c->to;
}

const char *
pairing_common(const struct pairing *p, enum side side, int field, const char *text)
{
	if (side == SIDE_FROM || field != FIELD_STAGE)
		return text;
	for (size_t i = 0; i < PAIRING_STAGES; i++)
		if (strcmp(pairing_stage(p, SIDE_TO, i), text) == 0)
			return pairing_stage(p, SIDE_FROM, i);
	return text;
}
