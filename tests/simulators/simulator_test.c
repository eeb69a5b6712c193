/* SPDX-License-Identifier: Apache-2.0 */
/* simulator_test.c - the simulators refuse what the vendors refuse and answer
 * in their words.  Each test is a table of requests, run in order against one
 * program that was started for it; a row names the status and a fragment that
 * the answer must hold, or with '!' must not.  Run by `make check`. */
enum { HUB, KIN };
static const struct { const char *name, *header; } vendors[] = {
	[HUB] = { "hubspot", "Authorization: Bearer sim-hubspot-token" },
	[KIN] = { "kintone", "X-Cybozu-API-Token: sim-kintone-token" },
};
#define VENDORS (sizeof vendors / sizeof *vendors)

#include "asking.h"

#define HUBSPOT(rows) ROWS_OF(HUB, rows)
#define KINTONE(rows) ROWS_OF(KIN, rows)

static int
start_lagging(void **state)
{
	(void)state;
	start("--index-lag", "60000", NULL);
	return 0;
}

static int
start_without_upsert(void **state)
{
	(void)state;
	start("--no-upsert", NULL, NULL);
	return 0;
}

/* ---- HubSpot ------------------------------------------------------------ */

#define C "/crm/objects/2026-09/contacts"
#define SEED(count) { "POST", "/_control/seed", \
	"{\"object\":\"contacts\",\"count\":" #count "}", 200, "\"count\":" #count, NULL }

static void
hubspot_checks_who_asks(void **state)
{
	static const struct row rows[] = {
		{ "GET", C, NULL, 401, "INVALID_AUTHENTICATION", "-" },
		{ "GET", C, NULL, 401, "correlationId", "-Authorization: Bearer wrong" },
		{ "GET", C, NULL, 200, "\"results\":[]", NULL },
		{ "GET", C, NULL, 200, "X-HubSpot-RateLimit-Max: 190", NULL },
		{ "GET", "/account-info/2026-09/details", NULL, 200, "\"timeZone\"",
		  NULL },
		{ "POST", "/oauth/v2/private-apps/get/access-token-info",
		  "{\"tokenKey\":\"sim-hubspot-token\"}", 200,
		  "crm.objects.contacts.read", NULL },
		{ "POST", "/_control/options", "{\"scopes\":[\"oauth\"]}", 200, NULL,
		  NULL },
		{ "GET", C, NULL, 403, "MISSING_SCOPES", NULL },
		{ "GET", C, NULL, 403,
		  "\"requiredGranularScopes\":[\"crm.objects.contacts.read\"]", NULL },
		{ "GET", "/crm/properties/2026-09/contacts", NULL, 403,
		  "crm.schemas.contacts.read", NULL },
		{ "GET", "/account-info/2026-09/details", NULL, 200, NULL, NULL },
		{ "GET", "/crm/objects/1999-01/contacts", NULL, 404, "<html>", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

static void
hubspot_lists_in_pages(void **state)
{
	static const struct row rows[] = {
		SEED(25),
		{ "GET", C, NULL, 200, "\"after\":\"11\"", NULL },
		{ "GET", C "?limit=20&after=11", NULL, 200, "!paging", NULL },
		{ "GET", C "?limit=20&after=11", NULL, 200, "\"id\":\"25\"", NULL },
		{ "GET", C "?limit=101", NULL, 400, "limit must be", NULL },
		{ "GET", C "?limit=0", NULL, 400, "VALIDATION_ERROR", NULL },
		{ "GET", C "?after=x", NULL, 400, "cursor", NULL },
		{ "GET", C "?limit=1&properties=phone,nix", NULL, 200, "\"phone\":\"03-",
		  NULL },
		{ "GET", C "?limit=1&properties=phone&properties=fax", NULL, 200,
		  "\"fax\":null", NULL },
		{ "GET", C "?limit=1&properties=nix", NULL, 200, "!nix", NULL },
		{ "GET", "/crm/v3/objects/0-1?limit=1", NULL, 200, "\"id\":\"1\"", NULL },
		{ "DELETE", C "/3", NULL, 204, NULL, NULL },
		{ "GET", C "/3", NULL, 404, "OBJECT_NOT_FOUND", NULL },
		{ "GET", C "?limit=100", NULL, 200, "!\"id\":\"3\"", NULL },
		{ "GET", C "?archived=true", NULL, 200, "\"archivedAt\"", NULL },
		{ "POST", C "/batch/read",
		  "{\"properties\":[\"email\"],\"inputs\":[{\"id\":\"1\"},"
		  "{\"id\":\"3\"}]}",
		  207, "\"ids\":[\"3\"]", NULL },
		{ "POST", C "/batch/read",
		  "{\"properties\":[],\"inputs\":[{\"id\":\"1\"}]}", 200, "COMPLETE",
		  NULL },
		{ "POST", C "/batch/read",
		  "{\"inputs\":[{\"id\":\"x\"}],\"idProperty\":\"phone\"}", 400,
		  "non-unique 0-1 property phone", NULL },
	};
	char path[16000], long_name[12000];
	struct row too_long = { "GET", path, NULL, 414, "<html>", NULL };

	(void)state;
	HUBSPOT(rows);
	memset(long_name, 'a', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	snprintf(path, sizeof path, C "?properties=%s", long_name);
	check_row(&too_long, HUB, 0);
}

#define BY(filters, rest) "{\"filterGroups\":[{\"filters\":[" filters "]}]" rest "}"
#define F(name, op, value) "{\"propertyName\":\"" name "\",\"operator\":\"" op \
	"\",\"value\":\"" value "\"}"

static void
hubspot_searches_by_its_rules(void **state)
{
	static const char edit[] = "{\"object\":\"contacts\",\"id\":\"7\",\"values\":"
		"{\"company\":\"Needle KK\"}}";
	static const struct row rows[] = {
		SEED(300),
		{ "POST", C "/search", BY(F("hs_object_id", "GT", "295"), ""), 200,
		  "\"total\":5", NULL },
		{ "POST", C "/search",
		  BY(F("hs_object_id", "GT", "90"),
		     ",\"limit\":200,"
		     "\"sorts\":[{\"propertyName\":\"hs_object_id\",\"direction\":"
		     "\"ASCENDING\"}]"),
		  200, "\"total\":210", NULL },
		{ "POST", C "/search",
		  BY(F("hs_object_id", "GT", "290"),
		     ",\"limit\":200,"
		     "\"sorts\":[{\"propertyName\":\"hs_object_id\",\"direction\":"
		     "\"ASCENDING\"}]"),
		  200, "\"total\":10", NULL },
		{ "POST", C "/search", "{\"limit\":201}", 400, "limit", NULL },
		{ "POST", C "/search", "{\"after\":\"9950\",\"limit\":100}", 400,
		  "10,000", NULL },
		{ "POST", C "/search", BY(F("nix", "EQ", "1"), ""), 400, "does not exist",
		  NULL },
		{ "POST", C "/search", BY(F("email", "ABOUT", "1"), ""), 400, "operator",
		  NULL },
		{ "POST", C "/search", BY(F("lastmodifieddate", "GTE", "0"), ""), 500,
		  NULL, NULL },
		{ "POST", C "/search", BY(F("lastmodifieddate", "GTE", "abc"), ""), 400,
		  NULL, NULL },
		{ "POST", "/_control/edit", edit, 200, "[\"7\"]", NULL },
		{ "POST", C "/search", BY(F("company", "EQ", "needle kk"), ""), 200,
		  "\"id\":\"7\"", NULL },
		{ "POST", C "/search",
		  BY("{\"propertyName\":\"company\",\"operator\":\"IN\","
		     "\"values\":[\"Needle KK\"]}",
		     ""),
		  200, "\"total\":0", NULL },
		{ "POST", C "/search",
		  BY("{\"propertyName\":\"company\",\"operator\":\"IN\","
		     "\"values\":[\"needle kk\"]}",
		     ""),
		  200, "\"total\":1", NULL },
		{ "POST", C "/search", BY(F("lifecyclestage", "EQ", "LEAD"), ""), 200,
		  "\"total\":0", NULL },
		{ "POST", C "/search", "{\"filterGroups\":[{},{},{},{},{},{}]}", 400,
		  "5 filterGroups", NULL },
		{ "POST", C "/search",
		  "{\"sorts\":[{\"propertyName\":\"email\"},"
		  "{\"propertyName\":\"phone\"}]}",
		  400, "one sort", NULL },
		{ "POST", C "/search",
		  "{\"sorts\":[{\"propertyName\":\"lastmodifieddate\","
		  "\"direction\":\"DESCENDING\"}],\"limit\":1}",
		  200, "\"id\":\"7\"", NULL },
		{ "POST", C "/search", "{bad", 400, "Invalid input JSON on line 1",
		  NULL },
		/* The clock, so that the limit of five a second does not bite. */
	};
	char *body = many("{\"properties\":[", "\"p#\"", 600, "]}");
	struct row too_long = { "POST", C "/search", body, 400, "3000", NULL };
	struct row tick = { "POST", "/_control/clock", "{\"advance_ms\":1000}", 200, NULL,
			    NULL };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_row(&rows[i], HUB, i);
		check_row(&tick, HUB, i);
	}
	check_row(&too_long, HUB, 0);
	free(body);
}

static void
hubspot_search_sees_writes_late(void **state)
{
	static const struct row rows[] = {
		{ "POST", C, "{\"properties\":{\"email\":\"late@example.com\"}}", 201,
		  NULL, NULL },
		{ "POST", C "/search", "{}", 200, "\"total\":0", NULL },
		{ "GET", C, NULL, 200, "late@example.com", NULL },
		{ "POST", "/_control/clock", "{\"advance_ms\":60001}", 200, NULL, NULL },
		{ "POST", C "/search", "{}", 200, "\"total\":1", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"phone\":\"new\"}}", 200, "\"new\"",
		  NULL },
		{ "POST", C "/search", "{\"properties\":[\"phone\"]}", 200,
		  "\"phone\":null", NULL },
		{ "POST", "/_control/clock", "{\"advance_ms\":60001}", 200, NULL, NULL },
		{ "POST", C "/search", "{\"properties\":[\"phone\"]}", 200, "\"new\"",
		  NULL },
		{ "POST", "/_control/load",
		  "{\"object\":\"contacts\",\"records\":[{\"properties\":"
		  "{\"email\":\"hidden@example.com\"},\"updatedAt\":\"2026-01-01T00:00:"
		  "00Z\","
		  "\"visible_at_ms\":99999999999999}]}",
		  200, "\"2\"", NULL },
		{ "GET", C, NULL, 200, "!hidden", NULL },
		{ "POST", "/_control/seed", "{\"object\":\"contacts\",\"count\":1}", 200,
		  NULL, NULL },
		{ "POST", C "/search", "{}", 200, "\"total\":2", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

#define IN(inputs) "{\"inputs\":[" inputs "]}"
#define UP(id, trace, properties) "{\"id\":\"" id "\",\"idProperty\":\"email\"," \
	"\"objectWriteTraceId\":\"" trace "\",\"properties\":{" properties "}}"
#define NEW(trace, properties) "{\"objectWriteTraceId\":\"" trace \
	"\",\"properties\":{" properties "}}"

static void
hubspot_writes_all_or_some(void **state)
{
	static const struct row rows[] = {
		{ "POST", C "/batch/create", IN(NEW("a", "\"email\":\"A@Example.com \"")),
		  201, "\"email\":\"a@example.com\"", NULL },
		{ "POST", C, "{\"properties\":{\"email\":\"a@example.com\"}}", 409,
		  "Contact already exists. Existing ID: 1", NULL },
		{ "POST", C "/batch/create",
		  IN(NEW("1", "\"email\":\"b@example.com\"") "," NEW(
			  "2", "\"email\":\"nonsense\"")),
		  207, "INVALID_EMAIL", NULL },
		{ "POST", C "/batch/create",
		  IN("{\"properties\":{\"email\":\"c@example.com\"}},"
		     "{\"properties\":{\"email\":\"nonsense\"}}"),
		  400, "INVALID_EMAIL", NULL },
		{ "GET", C, NULL, 200, "!c@example.com", NULL },
		{ "GET", C, NULL, 200, "b@example.com", NULL },
		{ "POST", C "/batch/upsert",
		  IN(UP("b@example.com", "x", "\"city\":\"京都\"") "," UP(
			  "d@example.com", "y", "\"city\":\"奈良\"")),
		  200, "\"new\":true", NULL },
		{ "POST", C "/batch/upsert",
		  IN(UP("b@example.com", "x", "\"city\":\"京\"") "," UP(
			  "e@example.com", "y", "\"lifecyclestage\":\"nix\"")),
		  400, "INVALID_OPTION", NULL },
		{ "GET", C "?properties=city", NULL, 200, "!\"京\"", NULL },
		{ "POST", C "/batch/upsert",
		  IN(UP("b@example.com", "x",
			"\"city\":\"1\"") "," UP("B@example.com", "y", "\"city\":\"2\"")),
		  400, "Duplicate IDs found", NULL },
		{ "POST", C "/batch/upsert",
		  IN("{\"id\":\"1\",\"idProperty\":\"hs_object_id\","
		     "\"properties\":{\"city\":\"1\"}}"),
		  400, "non-unique 0-1 property hs_object_id", NULL },
		{ "POST", C "/batch/upsert", IN(UP("b@example.com", "x", "")), 400,
		  "No properties found to update", NULL },
		{ "POST", C "/batch/update",
		  IN("{\"id\":\"1\",\"properties\":{\"city\":\"z\"}},"
		     "{\"id\":\"99\",\"properties\":{\"city\":\"z\"}}"),
		  207, "\"ids\":[\"99\"]", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"nix\":\"1\"}}", 400,
		  "PROPERTY_DOESNT_EXIST", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"createdate\":\"1\"}}", 400,
		  "READ_ONLY_VALUE", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"employee_count\":\"1,000\"}}", 400,
		  "INVALID_INTEGER", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"closedate\":\"soon\"}}", 400,
		  "INVALID_LONG", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"contract_date\":\"soon\"}}", 400,
		  "INVALID_DATE", NULL },
		{ "PATCH", "/crm/v3/objects/contacts/1",
		  "{\"properties\":{\"contract_date\":"
		  "\"1496643178000\"}}",
		  400, "not midnight", NULL },
		{ "PATCH", C "/1",
		  "{\"properties\":{\"contract_date\":\"1496643178000\"}}", 200,
		  "PROPERTY_VALUE_NORMALIZED", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"member_no\":\"M1\"}}", 200, NULL,
		  NULL },
		{ "PATCH", C "/2", "{\"properties\":{\"member_no\":\"m1\"}}", 400,
		  "CONFLICTING_UNIQUE_VALUE", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"lifecyclestage\":\"customer\"}}",
		  200, NULL, NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"lifecyclestage\":\"lead\"}}", 200,
		  "\"lifecyclestage\":\"customer\"", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"interests\":\"event\"}}", 200,
		  NULL, NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"interests\":\";product\"}}", 200,
		  "\"interests\":\"event;product\"", NULL },
		{ "PATCH", C "/1", "{\"properties\":{\"interests\":\"\",\"city\":null}}",
		  200, "\"interests\":null", NULL },
		{ "PATCH", C "/77", "{\"properties\":{\"city\":\"z\"}}", 404, "not found",
		  NULL },
		{ "POST", "/crm/objects/2026-09/deals",
		  "{\"properties\":{\"amount\":\"1\"}}", 400, "MISSING_REQUIRED_PROPERTY",
		  NULL },
		{ "POST", "/crm/objects/2026-09/tasks",
		  "{\"properties\":{\"hs_task_subject\":\"Call\"}}", 400, "hs_timestamp", NULL },
		{ "POST", "/crm/objects/2026-09/leads",
		  "{\"properties\":{\"hs_lead_name\":\"L\"}}", 400, "no primary contact", NULL },
		{ "POST", "/crm/objects/2026-09/leads", "{\"properties\":{\"hs_lead_name\":"
		  "\"L\",\"hs_pipeline_stage\":\"New\"},\"associations\":[{\"to\":{\"id\":1},"
		  "\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\","
		  "\"associationTypeId\":578}]}]}", 400, "INVALID_OPTION", NULL },
		{ "POST", "/crm/objects/2026-09/leads", "{\"properties\":{\"hs_lead_name\":"
		  "\"L\",\"hs_pipeline_stage\":\"new-stage-id\"},\"associations\":[{\"to\":"
		  "{\"id\":1},\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\","
		  "\"associationTypeId\":578}]}]}", 201, NULL, NULL },
		{ "POST", "/crm/objects/2026-09/companies/batch/upsert",
		  IN("{\"id\":\"x.example\","
		     "\"idProperty\":\"domain\",\"properties\":{\"name\":\"X\"}}"),
		  400, "non-unique 0-2 property domain", NULL },
		{ "POST", C "/batch/archive", IN("{\"id\":\"1\"}"), 204, NULL, NULL },
		{ "POST", C, "{\"properties\":{\"email\":\"a@example.com\"}}", 201, NULL,
		  NULL },
	};
	char *body = many("{\"inputs\":[",
			  "{\"properties\":{\"email\":\"m#@example.com\"}}", 101, "]}");
	struct row too_many = { "POST", C "/batch/create",   body,
				400,    "exceeds the limit", NULL };

	(void)state;
	HUBSPOT(rows);
	check_row(&too_many, HUB, 0);
	free(body);
}

static void
hubspot_describes_itself(void **state)
{
	static const char P[] = "/crm/properties/2026-09/contacts";
	const struct row rows[] = {
		{ "GET", "/crm/properties/2026-09/contacts/email", NULL, 200,
		  "\"hasUniqueValue\":false", NULL },
		{ "GET", "/crm/properties/2026-09/contacts/member_no", NULL, 200,
		  "\"hasUniqueValue\":true", NULL },
		{ "GET", "/crm/properties/2026-09/contacts/createdate", NULL, 200,
		  "\"readOnlyValue\":true", NULL },
		{ "GET", "/crm/properties/2026-09/contacts/nix", NULL, 404,
		  "OBJECT_NOT_FOUND", NULL },
		{ "POST", P, "{\"name\":\"Bad Name\",\"type\":\"string\"}", 400, NULL,
		  NULL },
		{ "POST", P,
		  "{\"name\":\"my_key\",\"label\":\"My\",\"type\":\"string\","
		  "\"fieldType\":\"text\",\"groupName\":\"g\",\"hasUniqueValue\":true}",
		  201, "my_key", NULL },
		{ "POST", P, "{\"name\":\"my_key\",\"type\":\"string\"}", 409,
		  "OBJECT_ALREADY_EXISTS", NULL },
		{ "POST", C "/batch/upsert",
		  IN("{\"id\":\"K-1\",\"idProperty\":\"my_key\","
		     "\"properties\":{\"city\":\"1\"}}"),
		  200, "\"my_key\":\"K-1\"", NULL },
		{ "GET", "/crm/pipelines/2026-09/deals", NULL, 200, "closedwon", NULL },
		{ "GET", "/crm/pipelines/2026-09/leads", NULL, 200, "new-stage-id", NULL },
		{ "GET", "/crm/owners/2026-09?limit=100", NULL, 200, "owner1@example.com",
		  NULL },
		{ "POST", "/crm/associations/2026-09/contacts/companies/batch/read",
		  IN("{\"id\":\"1\"}"), 207, "NO_ASSOCIATIONS_FOUND", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

static void
hubspot_limits_its_callers(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/_control/options", "{\"burst\":2,\"daily\":100}", 200, NULL,
		  NULL },
		{ "GET", C, NULL, 200, "X-HubSpot-RateLimit-Remaining: 1", NULL },
		{ "GET", C, NULL, 200, "X-HubSpot-RateLimit-Remaining: 0", NULL },
		{ "GET", C, NULL, 429, "TEN_SECONDLY_ROLLING", NULL },
		{ "POST", C "/search", "{}", 200, "!X-HubSpot-RateLimit-Max", NULL },
		{ "POST", "/_control/clock", "{\"advance_ms\":10001}", 200, NULL, NULL },
		{ "GET", C, NULL, 200, NULL, NULL },
		{ "POST", "/_control/options", "{\"search\":1}", 200, NULL, NULL },
		{ "POST", C "/search", "{}", 200, NULL, NULL },
		{ "POST", C "/search", "{}", 429, "secondly limit", NULL },
		{ "POST", "/_control/options", "{\"daily\":1}", 200, NULL, NULL },
		{ "GET", C, NULL, 429, "\"policyName\":\"DAILY\"", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

/* ---- kintone ------------------------------------------------------------ */

#define R "/k/v1/records.json"
#define POST1(record) "{\"app\":1,\"records\":[" record "]}"
#define UPSERT(records) "{\"app\":\"1\",\"upsert\":true,\"records\":[" records "]}"
#define KEY(value, record) "{\"updateKey\":{\"field\":\"メールアドレス\",\"value\":\"" value \
	"\"},\"record\":{" record "}}"
#define NAME "\"氏名\":{\"value\":\"名\"}"
#define EN "Accept-Language: en-US"

static void
kintone_checks_who_asks(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/k/v1/app.json?id=1", NULL, 401, "CB_AU01", "-" },
		{ "GET", "/k/v1/app.json?id=1", NULL, 400, "GAIA_IA02",
		  "-X-Cybozu-API-Token: wrong" },
		{ "GET", "/k/v1/app.json?id=1", NULL, 400, "GAIA_DA03",
		  "-X-Cybozu-API-Token: sim-kintone-token,sim-kintone-token" },
		{ "GET", "/k/v1/app.json?id=1", NULL, 401, "CB_WA01",
		  "-X-Cybozu-Authorization: bm8=" },
		{ "GET", "/k/v1/app.json?id=1", NULL, 200, "顧客リスト",
		  "-X-Cybozu-Authorization: c2ltOnNpbQ==" },
		{ "GET", "/k/v1/app.json?id=1", NULL, 200,
		  "X-ConcurrencyLimit-Running: 1", NULL },
		{ "GET", "/k/v1/app.json?id=9", NULL, 404, "GAIA_AP01", NULL },
		{ "GET", "/k/v1/app.json?id=x", NULL, 400, "CB_VA01", NULL },
		{ "GET", "/k/v1/apps.json", NULL, 403, "GAIA_NO01", NULL },
		{ "GET", "/k/guest/3/v1/app.json?id=1", NULL, 403, "CB_NO02", NULL },
		{ "GET", "/k/v1/nix.json", NULL, 404, "<html>", NULL },
		{ "GET", "/k/v1/app.json?id=1", NULL, 400, "CB_IL02",
		  "Content-Type: application/json" },
		{ "GET", R "?app=1&fields[0]=x", NULL, 400, "CB_IL02", NULL },
		{ "POST", R, "{", 400, "CB_IJ01", NULL },
		{ "POST", "/_control/rights", "{\"app\":\"1\",\"rights\":\"va\"}", 200,
		  NULL, NULL },
		{ "PUT", R, UPSERT(KEY("a@example.com", NAME)), 403, "GAIA_NO01", NULL },
		{ "POST", R, POST1("{" NAME "}"), 200, "\"ids\":[\"1\"]", NULL },
		{ "DELETE", R "?app=1&ids%5B0%5D=1", NULL, 403, "GAIA_NO01", NULL },
		{ "POST", "/_control/app",
		  "{\"app\":\"7\",\"guest_space\":\"3\",\"token\":\"T7\","
		  "\"fields\":{}}",
		  200, NULL, NULL },
		{ "GET", "/k/v1/app.json?id=7", NULL, 400, "GAIA_IL23",
		  "-X-Cybozu-API-Token: T7" },
		{ "GET", "/k/guest/3/v1/app.json?id=7", NULL, 200, "\"spaceId\":\"3\"",
		  "-X-Cybozu-API-Token: T7" },
		{ "GET", "/k/guest/3/v1/app.json?id=7", NULL, 400, "GAIA_IA02", NULL },
	};

	(void)state;
	KINTONE(rows);
}

static void
kintone_upserts_all_or_nothing(void **state)
{
	static const struct row rows[] = {
		{ "PUT", R, UPSERT(KEY("a@example.com", NAME)), 200,
		  "{\"id\":\"1\",\"operation\":\"INSERT\",\"revision\":\"1\"}", NULL },
		{ "PUT", R, UPSERT(KEY("a@example.com", NAME)), 200,
		  "{\"id\":\"1\",\"operation\":\"UPDATE\",\"revision\":\"2\"}", NULL },
		{ "GET", "/_control/log?from=2", NULL, 200, "\"changed\":false", NULL },
		{ "PUT", R,
		  UPSERT(KEY("b@example.com", NAME) "," KEY("c@example.com", "")), 400,
		  "\"records[1].氏名.value\":{\"messages\":[\"必須です。\"]}", NULL },
		{ "GET", R "?app=1&totalCount=true", NULL, 200, "\"totalCount\":\"1\"",
		  NULL },
		{ "PUT", R,
		  UPSERT(KEY("d@example.com", NAME) "," KEY("d@example.com", NAME)), 400,
		  "records[1].updateKey.value", NULL },
		{ "PUT", R,
		  UPSERT(KEY("e@example.com",
			     NAME ",\"メールアドレス\":{\"value\":\"e\"}")),
		  400, "records[0].メールアドレス.value", NULL },
		{ "PUT", R, UPSERT(KEY("", NAME)), 400, "records[0].updateKey.value",
		  NULL },
		{ "PUT", R,
		  UPSERT("{\"updateKey\":{\"field\":\"会社名\",\"value\":\"x\"},"
			 "\"record\":{}}"),
		  400, "records[0].updateKey.field", NULL },
		{ "PUT", R, UPSERT("{\"id\":\"55\",\"record\":{" NAME "}}"), 200,
		  "INSERT", NULL },
		{ "PUT", R, UPSERT(KEY("a@example.com", "\"無い\":{\"value\":\"1\"}")),
		  200, "UPDATE", NULL },
		{ "PUT", R, "{\"app\":1,\"records\":[" KEY("z@example.com", NAME) "]}",
		  404, "GAIA_RE20", NULL },
		{ "PUT", R, "{\"app\":1,\"records\":[{\"id\":99,\"record\":{}}]}", 404,
		  "GAIA_RE01", NULL },
		{ "PUT", R,
		  "{\"app\":1,\"records\":[{\"id\":1,\"revision\":1,\"record\":{}}]}",
		  409, "GAIA_CO02", NULL },
		{ "PUT", R,
		  "{\"app\":1,\"records\":[{\"id\":1,\"revision\":\"3\",\"record\":{}}]}",
		  200, "{\"records\":[{\"id\":\"1\",\"revision\":\"4\"}]}", NULL },
		{ "PUT", R, "{\"app\":1,\"records\":[]}", 200, "{\"records\":[]}", NULL },
		{ "PUT", R, "{\"app\":1}", 400, "\"records\":{", NULL },
		{ "PUT", "/k/v1/record.json",
		  "{\"app\":1,\"id\":1,\"record\":{" NAME "}}", 200,
		  "{\"revision\":\"5\"}", NULL },
		{ "POST", "/k/v1/record.json", "{\"app\":1,\"record\":{}}", 400,
		  "\"record.氏名.value\"", NULL },
		{ "POST", "/k/v1/bulkRequest.json",
		  "{\"requests\":[{\"method\":\"PUT\",\"api\":"
		  "\"/k/v1/records.json\",\"payload\":" UPSERT(
			  KEY("bulk@example.com",
			      NAME)) "},"
				     "{\"method\":\"PUT\",\"api\":\"/k/v1/"
				     "record.json\",\"payload\":{\"app\":1,\"id\":1,"
				     "\"record\":{\"氏名\":{\"value\":\"別\"}}}},"
				     "{\"method\":\"PUT\",\"api\":\"/k/v1/"
				     "record.json\",\"payload\":{\"app\":1,\"id\":1,"
				     "\"revision\":1,\"record\":{}}}]}",
		  409, "{\"results\":[{},{},{\"code\":\"GAIA_CO02\"", NULL },
		{ "GET", R "?app=1", NULL, 200, "!bulk@example.com", NULL },
		{ "GET", R "?app=1", NULL, 200, "!別", NULL },
		{ "GET", "/_control/log", NULL, 200, "!bulk@example.com", NULL },
		{ "POST", "/k/v1/bulkRequest.json",
		  "{\"requests\":[{\"method\":\"PUT\",\"api\":"
		  "\"/k/v1/records.json\",\"payload\":" UPSERT(
			  KEY("bulk@example.com", NAME)) "}]}",
		  200, "\"operation\":\"INSERT\"", NULL },
		{ "DELETE", R, "{\"app\":1,\"ids\":[1,999]}", 404, "GAIA_RE01", NULL },
		{ "GET", "/k/v1/record.json?app=1&id=1", NULL, 200, "a@example.com",
		  NULL },
		{ "DELETE", R "?app=1&ids%5B0%5D=1", NULL, 200, "{}", NULL },
		{ "GET", "/k/v1/record.json?app=1&id=1", NULL, 404, "GAIA_RE01", NULL },
		{ "PUT", R, UPSERT(KEY("a@example.com", NAME)), 200, "INSERT", NULL },
	};
	char *body = many("{\"app\":1,\"records\":[", "{" NAME "}", 101, "]}");
	struct row too_many = { "POST", R, body, 400, "一度に100件まで", NULL };

	(void)state;
	KINTONE(rows);
	check_row(&too_many, KIN, 0);
	free(body);
}

static void
kintone_checks_values(void **state)
{
	static const struct {
		const char *field, *value;
		long status;
		const char *want;
	} rows[] = {
		{ "段階", "\"Z\"", 400, "The value, \\\"Z\\\", is not in options." },
		{ "段階", "null", 200, NULL },
		{ "興味", "[\"製品\",\"q\"]", 400, "records[0].興味.values[1].value" },
		{ "興味", "\"製品\"", 400, "records[0].興味.values" },
		{ "従業員数", "\"1,000\"", 400, "records[0][従業員数].value" },
		{ "従業員数", "\"-1\"", 400, "The value must be 0 or more." },
		{ "従業員数", "\"1.5e3\"", 200, NULL },
		{ "従業員数", "9007199254740993", 200, NULL },
		{ "従業員数", "\"123456789012345678901234567\"", 400,
		  "Significant digits" },
		{ "郵便番号", "\"12345678901\"", 400, "Enter less than 11 characters." },
		{ "契約日", "\"2026-02-29\"", 400, "records[0].契約日.value" },
		{ "契約日", "\"2015-7\"", 200, NULL },
		{ "最終接触", "\"2026-01-31T09:08:07+09:00\"", 200, NULL },
		{ "最終接触", "\"yesterday\"", 400, "records[0].最終接触.value" },
		{ "ウェブ", "\"example.com\"", 400, "The URL is invalid." },
		{ "備考", "\"a\\u0000b\"", 400, "records[0].備考.value" },
		{ "備考", "\"a\\r\\nb \\ud83d\\ude00\"", 200, NULL },
		{ "備考", "[\"a\"]", 400, "Invalid value." },
		{ "レコード番号", "\"4\"", 400, "records[0].レコード番号.value" },
		{ "更新日時", "\"2026-01-01T00:00:00Z\"", 403, "GAIA_NO01" },
		{ "会員番号", "\"M1\"", 200, NULL },
		{ "会員番号", "\"M1\"", 400,
		  "This value already exists in another record." },
	};
	static const struct row after[] = {
		{ "GET", R "?app=1", NULL, 200, "\"NUMBER\",\"value\":\"1500\"", NULL },
		{ "GET", R "?app=1", NULL, 200, "\"value\":\"9007199254740993\"", NULL },
		{ "GET", R "?app=1", NULL, 200, "\"value\":\"2015-07-01\"", NULL },
		{ "GET", R "?app=1", NULL, 200, "\"value\":\"2026-01-31T00:08:00Z\"",
		  NULL },
		{ "GET", R "?app=1", NULL, 200, "a\\r\\nb 😀", NULL },
		{ "POST", "/_control/option",
		  "{\"app\":\"1\",\"field\":\"段階\",\"add\":\"Z\"}", 200, NULL, NULL },
		{ "POST", R, POST1("{" NAME ",\"段階\":{\"value\":\"Z\"}}"), 200, NULL,
		  NULL },
		{ "GET", "/k/v1/app/form/fields.json?app=1", NULL, 200,
		  "\"Z\":{\"label\":\"Z\"", NULL },
		{ "GET", "/k/v1/app/settings.json?app=1", NULL, 200, "\"digits\":\"30\"",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char body[1024];
		struct row row = { "POST", R, body, rows[i].status, rows[i].want, EN };

		snprintf(body, sizeof body, POST1("{" NAME ",\"%s\":{\"value\":%s}}"),
			 rows[i].field, rows[i].value);
		check_row(&row, KIN, i);
	}
	KINTONE(after);
}

#define ASK(query)                                                                       \
	"{\"app\":1,\"fields\":[\"$id\"],\"totalCount\":true,\"query\":\"" query "\"}"
#define ROW(id) "{\"$id\":{\"type\":\"__ID__\",\"value\":\"" id "\"}}"
#define GET_BY(query, status, want) { "POST", R, ASK(query), status, want, \
	"X-HTTP-Method-Override: GET" }

static void
kintone_answers_queries(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/_control/load",
		  "{\"object\":\"1\",\"records\":["
		  "{\"record\":{\"メールアドレス\":{\"value\":\"a@example.com\"},"
		  "\"従業員数\":{\"value\":\"9\"},"
		  "\"興味\":{\"value\":[\"製品\"]}},\"updatedAt\":\"2026-01-01T10:00:"
		  "59Z\"},"
		  "{\"record\":{\"メールアドレス\":{\"value\":\"b\\\"@example.com\"},"
		  "\"従業員数\":"
		  "{\"value\":\"10\"}},\"updatedAt\":\"2026-01-01T10:01:00Z\"},"
		  "{\"record\":{\"従業員数\":{\"value\":\"-2.5\"}},\"updatedAt\":\"2026-"
		  "01-01T10:02:00Z\"}]}",
		  200, "[\"1\",\"2\",\"3\"]", NULL },
		GET_BY("", 200, "[" ROW("3") "," ROW("2") "," ROW("1") "]"),
		GET_BY("order by $id asc limit 2", 200, "[" ROW("1") "," ROW("2") "]"),
		GET_BY("(更新日時 >= \\\"2026-01-01T10:00:00Z\\\" and 更新日時 < "
		       "\\\"2026-01-01T10:01:00Z\\\")"
		       " and $id > 0 order by $id asc limit 500",
		       200, "[" ROW("1") "]"),
		GET_BY("更新日時 = \\\"2026-01-01T19:01:00+09:00\\\"", 200,
		       "[" ROW("2") "]"),
		GET_BY("従業員数 > 9 or $id = 3 order by $id asc", 200,
		       "[" ROW("2") "," ROW("3") "]"),
		GET_BY("従業員数 < \\\"-2\\\"", 200, "[" ROW("3") "]"),
		GET_BY("order by 従業員数 asc", 200,
		       "[" ROW("3") "," ROW("1") "," ROW("2") "]"),
		GET_BY("メールアドレス in (\\\"a@example.com\\\",\\\"zz\\\")", 200,
		       "[" ROW("1") "]"),
		GET_BY("メールアドレス = \\\"b\\\\\\\"@example.com\\\"", 200,
		       "[" ROW("2") "]"),
		GET_BY("メールアドレス in (\\\"\\\")", 200, "[" ROW("3") "]"),
		GET_BY("興味 in (\\\"製品\\\")", 200, "[" ROW("1") "]"),
		GET_BY("興味 not in (\\\"製品\\\")", 200, "\"totalCount\":\"2\""),
		GET_BY("　メールアドレス　like \\\"example\\\"　", 200,
		       "\"totalCount\":\"2\""),
		GET_BY("興味 in (\\\"無い\\\")", 400, "GAIA_IQ10"),
		GET_BY("無い = 1", 400, "GAIA_IQ11"),
		GET_BY("備考 = \\\"x\\\"", 400, "GAIA_IQ03"),
		GET_BY("氏名.x in (1)", 400, "GAIA_IR02"),
		GET_BY("limit 501", 400, "GAIA_QU01"),
		GET_BY("order by $id asc limit 1 offset 10001", 400, "GAIA_QU02"),
		GET_BY("$id >", 400, "\"query\""),
		GET_BY("氏名 = \\\"a\\nb\\\"", 400, "クエリ記法"),
		GET_BY("($id > 1", 400, "クエリ記法"),
		{ "POST", "/k/v1/records/cursor.json",
		  "{\"app\":1,\"query\":\"limit 5\"}", 400, "\"query\"", NULL },
		{ "POST", "/k/v1/records/cursor.json", "{\"app\":1,\"size\":501}", 400,
		  "\"size\"", NULL },
		{ "GET", "/k/v1/records/cursor.json?id=nix", NULL, 404, "GAIA_CN01",
		  NULL },
	};
	struct row cursor = {
		"POST", "/k/v1/records/cursor.json", "{\"app\":1,\"size\":2}",
		200,    "\"totalCount\":\"3\"",      NULL
	};
	struct row one_more = { "POST", "/k/v1/records/cursor.json", "{\"app\":1}", 429,
				"GAIA_TM12", NULL };

	(void)state;
	KINTONE(rows);
	for (int i = 0; i < 10; i++)
		check_row(&cursor, KIN, 0);
	check_row(&one_more, KIN, 0);
}

static void
kintone_keeps_tables_and_lookups(void **state)
{
	static const char app[] =
		"{\"app\":\"5\",\"fields\":{"
		"\"rows\":{\"type\":\"SUBTABLE\",\"fields\":{\"qty\":{\"type\":"
		"\"NUMBER\"},"
		"\"what\":{\"type\":\"SINGLE_LINE_TEXT\",\"required\":true}}},"
		"\"who\":{\"type\":\"USER_SELECT\"},"
		"\"parent\":{\"type\":\"SINGLE_LINE_TEXT\",\"lookup\":{\"relatedApp\":{"
		"\"app\":\"1\"},"
		"\"relatedKeyField\":\"会員番号\",\"fieldMappings\":[{\"field\":\"copy\","
		"\"relatedField\":"
		"\"氏名\"}]}},\"copy\":{\"type\":\"SINGLE_LINE_TEXT\"},"
		"\"grade\":{\"type\":\"SINGLE_LINE_TEXT\",\"defaultValue\":\"B\","
		"\"minLength\":\"1\"}}}";
#define P5(record) "{\"app\":5,\"record\":{" record "}}"
#define ONE "/k/v1/record.json"
	static const struct row rows[] = {
		{ "POST", "/_control/app", app, 200, NULL, NULL },
		{ "POST", ONE,
		  P5("\"rows\":{\"value\":[{\"value\":{\"qty\":{\"value\":\"x\"},"
		     "\"what\":"
		     "{\"value\":\"a\"}}}]}"),
		  200, "\"id\":\"1\"", NULL },
		{ "GET", ONE "?app=5&id=1", NULL, 200,
		  "{\"id\":\"1\",\"value\":{\"qty\":{\"type\":"
		  "\"NUMBER\",\"value\":\"\"},\"what\":{\"type\":\"SINGLE_LINE_TEXT\","
		  "\"value\":\"a\"}}}",
		  NULL },
		{ "GET", ONE "?app=5&id=1", NULL, 200,
		  "\"grade\":{\"type\":\"SINGLE_LINE_TEXT\","
		  "\"value\":\"B\"}",
		  NULL },
		{ "POST", ONE, P5("\"grade\":{\"value\":\"\"}"), 400, "0文字より長く",
		  NULL },
		{ "POST", ONE, P5("\"rows\":{\"value\":[{\"value\":{}}]}"), 400,
		  "record.rows.value[0].value.what.value", NULL },
		{ "PUT", ONE,
		  "{\"app\":5,\"id\":1,\"record\":{\"rows\":{\"value\":[{\"id\":\"1\","
		  "\"value\":"
		  "{\"what\":{\"value\":\"b\"}}},{\"value\":{\"what\":{\"value\":\"c\"}}}"
		  "]}}}",
		  200, NULL, NULL },
		{ "GET", ONE "?app=5&id=1", NULL, 200, "{\"id\":\"1\",\"value\":{\"qty\"",
		  NULL },
		{ "POST", R,
		  "{\"app\":5,\"fields\":[\"$id\"],\"query\":\"what in (\\\"c\\\")\"}",
		  200, "\"value\":\"1\"", "X-HTTP-Method-Override: GET" },
		{ "POST", R, "{\"app\":5,\"query\":\"what = \\\"c\\\"\"}", 400,
		  "GAIA_IQ07", "X-HTTP-Method-Override: GET" },
		{ "POST", ONE, P5("\"who\":{\"value\":[{\"code\":\"nobody\"}]}"), 400,
		  "GAIA_IL26", NULL },
		{ "POST", ONE, P5("\"who\":{\"value\":[{\"code\":\"sato\"}]}"), 200, NULL,
		  NULL },
		{ "POST", ONE, P5("\"parent\":{\"value\":\"M-9\"}"), 400, "GAIA_LO04",
		  NULL },
		{ "POST", R,
		  POST1("{\"氏名\":{\"value\":\"親\"},\"会員番号\":{\"value\":\"M-9\"}}"),
		  200, NULL, NULL },
		{ "POST", ONE,
		  P5("\"parent\":{\"value\":\"M-9\"},\"copy\":{\"value\":\"mine\"}"), 200,
		  NULL, NULL },
		{ "GET", R "?app=5", NULL, 200,
		  "\"copy\":{\"type\":\"SINGLE_LINE_TEXT\",\"value\":\"親\"}", NULL },
		{ "GET", "/k/v1/app/form/fields.json?app=5", NULL, 200,
		  "\"relatedKeyField\"", NULL },
	};

	(void)state;
	KINTONE(rows);
}

static void
kintone_can_be_without_upsert(void **state)
{
	static const struct row rows[] = {
		{ "PUT", R, UPSERT(KEY("a@example.com", NAME)), 400, "\"upsert\":{",
		  NULL },
		{ "POST", R, POST1("{" NAME "}"), 200, NULL, NULL },
	};

	(void)state;
	KINTONE(rows);
}

/* ---- What belongs to the frame ------------------------------------------ */

static void
faults_hit_when_they_should(void **state)
{
#define MATCH "\"match\":\"POST " C "\""
#define MAKE(email, status)                                                              \
	{                                                                                \
		"POST", C, "{\"properties\":{\"email\":\"" email "\"}}", status, NULL,   \
			NULL                                                             \
	}
#define FAULT(rest) { "POST", "/_control/fault", "{" MATCH "," rest "}", 200, NULL, NULL }
#define CONSENT "/oauth/authorize?client_id=sim-client-id&scope=oauth&redirect_uri="      \
	"http%3A%2F%2Flocalhost%3A47811%2Fcallback"
#define CLEAR { "POST", "/_control/fault", "{\"clear\":true}", 200, "[]", NULL }
	static const struct row rows[] = {
		FAULT("\"action\":\"status\",\"status\":503,\"body\":\"down\",\"nth\":2"),
		MAKE("f1@example.com", 201),
		MAKE("f2@example.com", 503),
		MAKE("f3@example.com", 201),
		CLEAR,
		{ "GET", C, NULL, 200, "!f2@", NULL },
		FAULT("\"action\":\"status_after\",\"status\":500"),
		MAKE("f4@example.com", 500),
		CLEAR,
		{ "GET", C, NULL, 200, "f4@", NULL },
		FAULT("\"action\":\"drop\""),
		MAKE("f5@example.com", 0),
		CLEAR,
		{ "GET", C, NULL, 200, "!f5@", NULL },
		FAULT("\"action\":\"drop_after\""),
		MAKE("f6@example.com", 0),
		CLEAR,
		{ "GET", C, NULL, 200, "f6@", NULL },
		FAULT("\"action\":\"late\",\"ms\":300"),
		MAKE("f7@example.com", 0),
		CLEAR,
		{ "GET", C, NULL, 200, "!f7@", NULL },
		FAULT("\"action\":\"body\",\"body\":\"{}\""),
		{ "POST", C, "{\"properties\":{}}", 200, "{}", NULL },
		CLEAR,
		FAULT("\"action\":\"become\",\"body\":\"{\\\"delete_app\\\":true}\",\"nth\":2"),
		MAKE("f8@example.com", 201),
		{ "GET", CONSENT, NULL, 302, NULL, NULL },
		MAKE("f9@example.com", 201),
		{ "GET", CONSENT, NULL, 400, "there is no app", NULL },
		{ "POST", "/_control/oauth", "{\"restore\":true}", 200, NULL, NULL },
		{ "GET", CONSENT, NULL, 302, NULL, NULL },
		CLEAR,
		{ "POST", "/_control/fault", "{\"match\":\"*\",\"action\":\"nix\"}", 400,
		  NULL, NULL },
	};
	static const struct row landed = { "GET", C, NULL, 200, "f7@", NULL };
	struct timespec wait = { .tv_sec = 1 };

	(void)state;
	HUBSPOT(rows);
	nanosleep(&wait, NULL);
	check_row(&landed, HUB, 0);
}

static void
the_log_tells_every_write_in_order(void **state)
{
	static const struct row rows[] = {
		SEED(3),
		{ "POST", "/_control/edit",
		  "{\"object\":\"contacts\",\"random\":2,\"seed\":5,"
		  "\"fields\":[\"firstname\",\"phone\"]}",
		  200, "\"ids\":[\"", NULL },
		{ "GET", "/_control/log?from=4&limit=1", NULL, 200, "\"seq\":4", NULL },
		{ "GET", "/_control/log?from=4&limit=1", NULL, 200,
		  "\"op\":\"edit\",\"by\":\"control\"", NULL },
		{ "GET", "/_control/log", NULL, 200, "X-Log-Last: 5", NULL },
		{ "POST", "/_control/delete", "{\"object\":\"contacts\",\"ids\":[\"1\"]}",
		  200, "\"count\":1", NULL },
		{ "GET", "/_control/log?from=6", NULL, 200, "\"op\":\"delete\"", NULL },
		{ "GET", "/_control/counts", NULL, 200, "{\"calls\":0,", NULL },
		{ "GET", C, NULL, 200, NULL, NULL },
		{ "GET", "/_control/counts", NULL, 200,
		  "{\"calls\":1,\"in_flight\":0,\"by\":"
		  "{\"GET /crm/objects\":1},\"in_flight_by\":{}}",
		  NULL },
		{ "POST", "/_control/counts", "{\"reset\":true}", 200, "\"calls\":0",
		  NULL },
		{ "POST", "/_control/merge",
		  "{\"object\":\"contacts\",\"primaryObjectId\":\"2\","
		  "\"objectIdToMerge\":\"3\"}",
		  200, "\"id\":\"2\"", NULL },
		{ "GET", C "?properties=hs_merged_object_ids", NULL, 200,
		  "\"hs_merged_object_ids\":\"3\"", NULL },
		{ "GET", C "/3", NULL, 200, "\"id\":\"2\"", NULL },
		{ "POST", C "/batch/read", "{\"inputs\":[{\"id\":\"3\"}]}", 207,
		  "\"ids\":[\"3\"]", NULL },
		{ "GET", "/_control/records?object=contacts", NULL, 200, "\"live\":1}",
		  NULL },
		{ "GET", "/_control/nix", NULL, 400, "no such control", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

static void
hard_seeds_come_out_as_they_are(void **state)
{
#define PAGE C "?limit=100&properties=email,company,message,employee_count,firstname"
	static const struct row rows[] = {
		{ "POST", "/_control/seed", "{\"object\":\"contacts\",\"kind\":\"hard\"}",
		  200, NULL, NULL },
		{ "GET", "/_control/cases", NULL, 200,
		  "\"name\":\"nul\",\"expect\":\"property-value\"", NULL },
		{ "GET", PAGE, NULL, 200, "before\\u0000after", NULL },
		{ "GET", PAGE, NULL, 200, "\"9007199254740993\"", NULL },
		{ "GET", PAGE, NULL, 200, "ｶﾌﾞｼｷｶﾞｲｼｬ ﾃｽﾄ", NULL },
		{ "GET", PAGE, NULL, 200, "か\u3099くろう", NULL },
		{ "GET", PAGE, NULL, 200, "一行目\\r\\n二行目\\n三行目", NULL },
		{ "GET", PAGE, NULL, 200, "\\\"Sample\\\" \\\\ 'Co' / <b>&amp;</b>",
		  NULL },
		{ "GET", PAGE, NULL, 200, "\"email\":\"\"", NULL },
	};

	(void)state;
	HUBSPOT(rows);
}

#define ON(test, setup) cmocka_unit_test_setup_teardown(test, setup, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(hubspot_checks_who_asks, start_plain),
		ON(hubspot_lists_in_pages, start_plain),
		ON(hubspot_searches_by_its_rules, start_plain),
		ON(hubspot_search_sees_writes_late, start_lagging),
		ON(hubspot_writes_all_or_some, start_plain),
		ON(hubspot_describes_itself, start_plain),
		ON(hubspot_limits_its_callers, start_plain),
		ON(kintone_checks_who_asks, start_plain),
		ON(kintone_upserts_all_or_nothing, start_plain),
		ON(kintone_checks_values, start_plain),
		ON(kintone_answers_queries, start_plain),
		ON(kintone_keeps_tables_and_lookups, start_plain),
		ON(kintone_can_be_without_upsert, start_without_upsert),
		ON(faults_hit_when_they_should, start_plain),
		ON(the_log_tells_every_write_in_order, start_plain),
		ON(hard_seeds_come_out_as_they_are, start_plain),
	};

	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
