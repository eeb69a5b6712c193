/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the objects of the org, and what the fields of one are: types, options,
 * rights, keys; and its parents by their external ids.  Called through the table of
 * salesforce.c. */
#include "salesforce.h"

#define PARENTS_MAX 8u         /* Objects that are described beside the one asked for. */
#define PATHS_MAX   32u        /* Parents by external id that are offered. */

static const struct rk_kind kinds[] = {
	{ "id", "", RK_TEXT, 0, NULL },
	{ "reference", "", RK_REF, 0, NULL },
	{ "textarea", "richtextarea", RK_RICH, 0, NULL },
	{ "string textarea phone url email encryptedstring combobox", "", RK_TEXT, 0, NULL },
	{ "picklist", "restricted", RK_CHOICE, 0, NULL },
	{ "picklist", "", RK_TEXT, 0, NULL },
	{ "multipicklist", "", RK_CHOICES, 0, NULL },
	{ "boolean", "", RK_BOOL, 0, NULL },
	{ "int long double currency percent", "", RK_DECIMAL, 0, NULL },
	{ "date", "", RK_DATE, 0, NULL },
	{ "datetime", "", RK_DATETIME, RK_FIELD_SECONDS, NULL },
	{ "time", "", RK_TIME, RK_FIELD_SECONDS, NULL },
	{ "address location", "", RK_JSON, 0, "made of several fields, which can be mapped" },
	{ "base64 anyType complexvalue json datacategorygroupreference", "", RK_JSON, 0,
	  "a type of value that is not transferred" },
	{ "", "", RK_JSON, 0, "a type of field that this connector does not know" },
};

/* A key is an external id that the org keeps unique: any other one may be of several
 * records, and an upsert by it refused or doubled.
 *
 * Source: describe result, "required" is nobody's attribute but follows from three. */
static uint32_t
field_flags(const cJSON *field, const struct rk_field *described)
{
	int creates = rk_json_true(field, "createable"), updates = rk_json_true(field, "updateable");
	uint32_t flags = described->flags;      /* Of its kind. */

	if (rk_json_true(field, "calculated"))
		flags |= RK_FIELD_COMPUTED;
	if (described->unmappable.len)
		return 0;
	if (creates || updates)
		flags |= RK_FIELD_WRITABLE;
	if (creates && !rk_json_bool(rk_json_get(field, "nillable"), 1) &&
	    !rk_json_true(field, "defaultedOnCreate"))
		flags |= RK_FIELD_REQUIRED;
	if (rk_json_true(field, "unique"))
		flags |= RK_FIELD_UNIQUE;
	if (rk_json_true(field, "externalId") && rk_json_true(field, "unique") && creates)
		flags |= RK_FIELD_KEY;
	if (flags & RK_FIELD_KEY && !rk_json_true(field, "caseSensitive"))
		flags |= RK_FIELD_KEY_NOCASE;
	return flags;
}

/* Digits before and behind the point; more behind are cut off without a word, so that
 * the host must know. */
static void
read_digits(const cJSON *field, struct rk_text type, struct rk_field *described)
{
	int64_t precision = rk_json_limit(rk_json_get(field, "precision"));
	int64_t scale = rk_json_limit(rk_json_get(field, "scale"));
	int64_t digits = rk_json_limit(rk_json_get(field, "digits"));

	if (rk_text_among(type, "int long")) {
		described->integer_digits = digits > 0 && digits < 64 ? (int32_t)digits : -1;
		described->decimals = 0;
	} else if (precision > 0 && precision < 64 && scale >= 0 && scale <= precision) {
		described->integer_digits = (int32_t)(precision - scale);
		described->decimals = (int32_t)scale;
	}
}

/* Inactive options are kept in records and taken from none. */
static void
read_options(const struct rk_host *host, const cJSON *list, struct rk_field *described)
{
	struct rk_option *options = host->alloc(host, (rk_json_count(list) + 1) *
	                                              sizeof *options);

	described->options = options;
	rk_json_each(item, list) {
		struct rk_option *option = &options[described->option_count];

		if (!rk_json_bool(rk_json_get(item, "active"), 1))
			continue;
		option->value = rk_json_str(host, item, "value");
		option->label = rk_text_or(rk_json_str(host, item, "label"), option->value);
		described->option_count++;
	}
}

/* Lookups of users are users; one that may point to several kinds of record says the
 * first. */
static void
read_reference(const struct rk_host *host, const cJSON *field, struct rk_field *described)
{
	const cJSON *to = rk_json_get(field, "referenceTo");

	rk_json_each(one, to)
		if (rk_text_is(rk_json_text(host, one, NULL), "User"))
			described->type = RK_USER;
	described->ref_object = rk_json_text(host, to ? to->child : NULL, NULL);
	if (described->ref_object.len == 0 && described->type == RK_REF)
		described->type = RK_TEXT;
}

/* What describe says about one field.
 *
 * Shape:  a member of "fields" of /sobjects/{object}/describe. */
static void
read_field(const struct rk_host *host, const cJSON *field, struct rk_field *described)
{
	struct rk_text type = rk_json_str(host, field, "type");
	struct rk_text variant = rk_json_true(field, "restrictedPicklist") ? rk_z("restricted")
	                       : rk_json_str(host, field, "extraTypeInfo");
	int creates = rk_json_true(field, "createable"), updates = rk_json_true(field, "updateable");

	rk_field_begin(described, rk_kind_find(kinds, type, variant),
	               rk_json_str(host, field, "name"), rk_json_str(host, field, "label"));
	described->native = rk_textf(host, "%.*s%s", RK_S(type),
	                             creates && !updates ? " create-only"
	                             : updates && !creates ? " update-only" : "");
	described->flags = field_flags(field, described);
	if (described->type == RK_TEXT || described->type == RK_RICH) {
		int64_t length = rk_json_limit(rk_json_get(field, "length"));

		described->max_length = length > 0 ? length : -1;
	}
	if (described->type == RK_DECIMAL)
		read_digits(field, type, described);
	if (rk_text_is(type, "reference"))
		read_reference(host, field, described);
	read_options(host, rk_json_get(field, "picklistValues"), described);
}

static struct rk_call
describe_call(const struct rk_host *host, struct rk_text object)
{
	return salesforce_call(host, "GET", object, rk_textf(host, "/sobjects/%.*s/describe",
	                                                     RK_S(rk_url_text(host, object))));
}

/* ---- Parents by their external ids ------------------------------------------------- */

struct parents {
	const struct rk_host *host;
	struct rk_err *err;
	struct rk_asked asked;         /* Of as many objects.                 */
	struct rk_field *paths;
	uint64_t path_count;
};

/* "Account.Renkei_Id__c": written, it makes the record point to the account of that id;
 * read, it is the account's. */
static void
add_paths(struct parents *p, const cJSON *reference, const cJSON *fields)
{
	struct rk_text relation = rk_json_str(p->host, reference, "relationshipName");

	rk_json_each(field, fields) {
		struct rk_field *path = &p->paths[p->path_count];

		if (p->path_count == PATHS_MAX || !rk_json_true(field, "externalId"))
			continue;
		read_field(p->host, field, path);
		path->name = rk_textf(p->host, "%.*s.%.*s", RK_S(relation), RK_S(path->name));
		path->label = rk_textf(p->host, "%.*s: %.*s",
		                       RK_S(rk_json_str(p->host, reference, "label")),
		                       RK_S(path->label));
		path->flags = rk_json_true(reference, "createable") &&
		              rk_json_true(reference, "updateable") ? RK_FIELD_WRITABLE : 0;
		path->native = rk_z("reference/key");
		path->ref_object = rk_text_of(NULL, 0);
		p->path_count++;
	}
}

static int32_t
add_parents(struct parents *p, const cJSON *fields)
{
	int32_t status = RK_OK;

	rk_json_each(field, fields) {
		const cJSON *to = rk_json_get(field, "referenceTo"), *of;
		struct rk_text parent = rk_json_text(p->host, to ? to->child : NULL, NULL);
		struct rk_call call;

		if (status != RK_OK || rk_json_count(to) != 1 || rk_text_is(parent, "User") ||
		    !rk_json_true(field, "createable") ||
		    rk_json_str(p->host, field, "relationshipName").len == 0)
			continue;
		call = describe_call(p->host, parent);
		status = rk_ask_once(p->host, &p->asked, &call, "fields",
			rk_textf(p->host, "the fields of %.*s", RK_S(parent)).ptr, &of, p->err);
		if (status == RK_OK && of)
			add_paths(p, field, of);
	}
	return status;
}

static int32_t
describe_object(const struct rk_host *host, struct rk_text object, struct rk_schema *schema,
                struct rk_err *err)
{
	struct parents p = { .host = host, .err = err, .asked = { .most = PARENTS_MAX } };
	struct rk_call call = describe_call(host, object);
	struct rk_answer answer;
	struct rk_field *described;
	const cJSON *fields;
	uint64_t count = 0;
	int32_t status = salesforce_check_name(object, err);

	if (status == RK_OK)
		status = rk_ask_list(host, &call, "fields", &answer, &fields, err);
	if (status != RK_OK)
		return status;
	described = host->alloc(host, (rk_json_count(fields) + PATHS_MAX) *
	                              sizeof *described);
	rk_json_each(field, fields)
		if (!rk_json_true(field, "deprecatedAndHidden"))
			read_field(host, field, &described[count++]);
	p.asked.urls[p.asked.count] = call.url;
	p.asked.lists[p.asked.count++] = fields;
	p.paths = &described[count];
	status = add_parents(&p, fields);
	schema->fields = described;
	schema->field_count = count + p.path_count;
	return status;
}

/* ---- Objects -------------------------------------------------------------------------- */

static int32_t
list_objects(const struct rk_host *host, struct rk_schema *schema, struct rk_err *err)
{
	struct rk_call call = salesforce_call(host, "GET", rk_z(""), rk_z("/sobjects"));
	struct rk_answer answer;
	struct rk_object *objects;
	const cJSON *list;
	uint64_t count = 0;
	int32_t status = rk_ask_list(host, &call, "sobjects", &answer, &list, err);

	if (status != RK_OK)
		return status;
	objects = host->alloc(host, (rk_json_count(list) + 1) * sizeof *objects);
	rk_json_each(item, list) {
		if (!rk_json_true(item, "queryable") || !rk_json_true(item, "retrieveable") ||
		    rk_json_true(item, "deprecatedAndHidden"))
			continue;
		objects[count].name = rk_json_str(host, item, "name");
		objects[count++].label = rk_json_str(host, item, "label");
	}
	schema->objects = objects;
	schema->object_count = count;
	return RK_OK;
}

int32_t
salesforce_describe_fields(struct rk_conn *conn, struct rk_text object,
                           struct rk_schema *schema, struct rk_err *err)
{
	return object.len ? describe_object(conn->host, object, schema, err)
	                  : list_objects(conn->host, schema, err);
}
