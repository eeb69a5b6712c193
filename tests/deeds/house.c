/* SPDX-License-Identifier: Apache-2.0
 *
 * house.c - see house.h. */
#include "tests/deeds/house.h"

#include <stddef.h>

#define RULE(crm) \
	{ .name = "contacts", .from_crm = "salesforce", .from_object = "Contact", \
	  .to_crm = crm, .to_object = "Contact", .fields = fields, .field_count = 1, \
	  .map = "{ from = \"Renkei_Id__c\"; to = \"Renkei_Id__c\"; }" }
static const struct checker_field fields[] = {
	{ .from = "Renkei_Id__c", .to = "Renkei_Id__c" },
};

#define SYNC(sync, from, to, key, name, other, more) \
	"  { name = \"" sync "\";\n" \
	"    from = { connection = \"source\"; object = \"" from "\"; };\n" \
	"    to = { connection = \"target\"; object = \"" to "\";\n" \
	"      key = \"" key "\"; writers = %d; };\n" \
	"    map = ( { from = \"Renkei_Id__c\"; to = \"" key "\"; },\n" \
	"      { from = \"" name "\"; to = \"" other "\"; }" more " ); }"
#define MAP(from, to) ",\n      { from = \"" from "\"; to = \"" to "\"; nulls = \"clear\"; }"
#define FORCE_CONTACTS SYNC("contacts", "Contact", "Contact", "Renkei_Id__c", "LastName", \
                            "LastName", MAP("AccountId", "AccountId"))
#define FORCE_ACCOUNTS(more) SYNC("accounts", "Account", "Account", "Renkei_Id__c", "Name", \
                                  "Name", MAP("ParentId", "ParentId") more)
#define FORCE_ACCOUNT { "Account", "Renkei_Id__c", "Name", "ParentId", "Main__c" }
#define FORCE_CONTACT(parent) { "Contact", "Renkei_Id__c", "LastName", parent, NULL }

const struct house houses[DEED_KINTONE + 1] = {
	[DEED_PLAIN] = {
		.rule = RULE("salesforce"),
		.from = { FORCE_ACCOUNT, FORCE_CONTACT("AccountId") },
		.to = { FORCE_ACCOUNT, FORCE_CONTACT("AccountId") },
		.syncs = FORCE_CONTACTS ",\n" FORCE_ACCOUNTS(""),
		.circle = FORCE_CONTACTS ",\n" FORCE_ACCOUNTS(MAP("Main__c", "Main__c")),
	},
	/* As contacts and an object of the account's own, which may refer to them. */
	[DEED_HUBSPOT] = {
		.rule = RULE("hubspot"),
		.from = { { "Account", "Renkei_Id__c", "Name", NULL, NULL },
		          FORCE_CONTACT("AccountId") },
		.to = { { "contacts", "member_no", "lastname", NULL, NULL },
		        { "cars", "plate", "note", NULL, NULL } },
		.set_up = { { "schema", "{\"name\":\"cars\",\"labels\":{\"singular\":\"Car\","
		              "\"plural\":\"Cars\"},\"associatedObjects\":[\"contacts\"],"
		              "\"properties\":[{\"name\":\"plate\",\"label\":\"Plate\","
		              "\"type\":\"string\",\"fieldType\":\"text\","
		              "\"hasUniqueValue\":true},{\"name\":\"note\",\"label\":\"Note\","
		              "\"type\":\"string\",\"fieldType\":\"text\"}]}" } },
		.syncs = SYNC("contacts", "Contact", "2-1000003", "plate", "LastName", "note",
		              ",\n      { from = \"AccountId\"; to = \"associations.contacts\"; }")
			 ",\n" SYNC("accounts", "Account", "contacts", "member_no", "Name",
		                    "lastname", ""),
		.match = "POST /crm/associations/batch/*",
		.adds = true,
	},
	/* As records of two apps, of which one looks up the other's. */
	[DEED_KINTONE] = {
		.rule = RULE("kintone"),
		.from = { { "Account", "Renkei_Id__c", "Name", NULL, NULL },
		          FORCE_CONTACT("Company__c") },
		.to = { { "12", "number", "name", NULL, NULL },
		        { "13", "number", "name", "firm", NULL } },
		.set_up = { { "app", "{\"app\":\"12\",\"fields\":{\"number\":{\"type\":"
		              "\"SINGLE_LINE_TEXT\",\"unique\":true},\"name\":{\"type\":"
		              "\"SINGLE_LINE_TEXT\"}}}" },
		            { "app", "{\"app\":\"13\",\"fields\":{\"number\":{\"type\":"
		              "\"SINGLE_LINE_TEXT\",\"unique\":true},\"name\":{\"type\":"
		              "\"SINGLE_LINE_TEXT\"},\"copy\":{\"type\":\"SINGLE_LINE_TEXT\"},"
		              "\"firm\":{\"type\":\"SINGLE_LINE_TEXT\",\"lookup\":{\"relatedApp\":"
		              "{\"app\":\"12\",\"code\":\"\"},\"relatedKeyField\":\"number\","
		              "\"fieldMappings\":[{\"field\":\"copy\",\"relatedField\":"
		              "\"name\"}]}}}}" } },
		.syncs = SYNC("contacts", "Contact", "13", "number", "LastName", "name",
		              MAP("Company__c", "firm"))
			 ",\n" SYNC("accounts", "Account", "12", "number", "Name", "name", ""),
		.by_key = true,
	},
};
