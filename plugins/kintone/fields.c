/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the apps, and what the fields of one are: types, options, limits, rights,
 * keys.  Called through the table of kintone.c. */
#include "kintone.h"

#define APPS_MAX 2000u         /* Apps that describe lists. */

static const struct rk_kind kinds[] = {
	{ "SINGLE_LINE_TEXT", "", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_KEY, NULL },
	{ "NUMBER", "", RK_DECIMAL, RK_FIELD_WRITABLE | RK_FIELD_KEY, NULL },
	{ "MULTI_LINE_TEXT LINK", "", RK_TEXT, RK_FIELD_WRITABLE, NULL },
	{ "RICH_TEXT", "", RK_RICH, RK_FIELD_WRITABLE, NULL },
	{ "CALC", "NUMBER NUMBER_DIGIT", RK_DECIMAL, RK_FIELD_COMPUTED, NULL },
	{ "CALC", "DATETIME", RK_DATETIME, RK_FIELD_COMPUTED, NULL },
	{ "CALC", "DATE", RK_DATE, RK_FIELD_COMPUTED, NULL },
	{ "CALC", "TIME", RK_TIME, RK_FIELD_COMPUTED, NULL },
	{ "CALC", "", RK_TEXT, RK_FIELD_COMPUTED, NULL },
	{ "CHECK_BOX MULTI_SELECT", "", RK_CHOICES, RK_FIELD_WRITABLE, NULL },
	{ "RADIO_BUTTON DROP_DOWN", "", RK_CHOICE, RK_FIELD_WRITABLE, NULL },
	{ "DATE", "", RK_DATE, RK_FIELD_WRITABLE, NULL },
	{ "TIME", "", RK_TIME, RK_FIELD_WRITABLE | RK_FIELD_MINUTES, NULL },
	{ "DATETIME", "", RK_DATETIME, RK_FIELD_WRITABLE | RK_FIELD_MINUTES, NULL },
	{ "USER_SELECT ORGANIZATION_SELECT GROUP_SELECT", "", RK_USER,
	  RK_FIELD_WRITABLE, NULL },
	{ "SUBTABLE", "", RK_TABLE, RK_FIELD_WRITABLE, NULL },
	{ "RECORD_NUMBER STATUS", "", RK_TEXT, 0, NULL },
	{ "CREATOR MODIFIER STATUS_ASSIGNEE", "", RK_USER, 0, NULL },
	{ "CREATED_TIME UPDATED_TIME", "", RK_DATETIME, 0, NULL },
	{ "CATEGORY", "", RK_CHOICES, 0, NULL },
	{ "FILE", "", RK_TEXT, 0, "attached files are not transferred" },
	{ "REFERENCE_TABLE", "", RK_TEXT, 0,
	  "a list of related records, which is not stored in the record" },
	{ "GROUP", "", RK_TEXT, 0, "a frame around fields, which holds no value" },
	{ "", "", RK_TEXT, 0, "a type of field that this connector does not know" },
};

struct described {
	const struct rk_host *host;
	struct rk_err *err;
	struct rk_text app;
	int asked;                     /* For the precision, which is left here: */
	int32_t status, integer_digits, decimals;
};

static int
has_default(const struct rk_host *host, const cJSON *property)
{
	const cJSON *preset = rk_json_get(property, "defaultValue");

	return rk_json_true(property, "defaultNowValue") ||
	       (rk_json_is(preset, cJSON_Array)
	                ? preset->child != NULL
	                : rk_json_text(host, preset, NULL).len != 0);
}

/* Required means here: a new record without it is refused, for it has no default. */
static uint32_t
field_flags(const struct rk_host *host, const cJSON *property, uint32_t flags)
{
	if (rk_json_str(host, property, "expression").len)
		flags = RK_FIELD_COMPUTED;
	if (rk_json_true(property, "unique"))
		flags |= RK_FIELD_UNIQUE;
	else
		flags &= ~(uint32_t)RK_FIELD_KEY;
	if (flags & RK_FIELD_WRITABLE &&
	    rk_json_true(property, "required") &&
	    !has_default(host, property))
		flags |= RK_FIELD_REQUIRED;
	return flags;
}

/* A number's digits are a setting of the app; without them no limit is told. */
static void
ask_precision(struct described *d)
{
	struct rk_call call = kintone_call(d->host, "GET", d->app,
		rk_textf(d->host, "app/settings.json?app=%.*s", RK_S(d->app)).ptr);
	struct rk_answer answer;
	const cJSON *precision;
	int64_t digits, decimals;

	d->status = rk_ask_read(d->host, &call, &answer, d->err);
	if (d->status != RK_OK)
		return;
	precision = rk_json_get(answer.root, "numberPrecision");
	digits = rk_json_limit(rk_json_get(precision, "digits"));
	decimals = rk_json_limit(rk_json_get(precision, "decimalPlaces"));
	if (decimals < 0 || decimals > digits || digits > 64)
		return;
	d->integer_digits = (int32_t)(digits - decimals);
	d->decimals = (int32_t)decimals;
}

/* Sets what 'property' says about one field, columns apart.
 *
 * Shape:  one member of "properties" of app/form/fields.json; numbers are text.
 * Source: kintone OpenAPI 20250423, field types. */
static void
read_property(struct described *d, const cJSON *property, struct rk_field *field)
{
	const struct rk_host *host = d->host;
	struct rk_text type = rk_json_str(host, property, "type");
	const cJSON *lookup = rk_json_get(property, "lookup");

	rk_field_begin(field, rk_kind_find(kinds, type,
	                                   rk_json_str(host, property, "format")),
	               rk_z(property->string), rk_json_str(host, property, "label"));
	field->native = type;
	field->flags = field_flags(host, property, field->flags);
	field->min_length = rk_json_limit(rk_json_get(property, "minLength"));
	field->max_length = rk_json_limit(rk_json_get(property, "maxLength"));
	if (field->type == RK_TEXT && field->flags & RK_FIELD_KEY &&
	    (field->max_length < 0 || field->max_length > KINTONE_KEY_MAX))
		field->max_length = KINTONE_KEY_MAX;
	field->min_value = rk_json_str(host, property, "minValue");
	field->max_value = rk_json_str(host, property, "maxValue");
	rk_options_read(host, rk_json_get(property, "options"), "label", "label", "index",
	                field);
	if (lookup) {
		field->native = rk_textf(host, "%.*s LOOKUP", RK_S(type));
		field->ref_object = rk_json_str(
			host, rk_json_get(lookup, "relatedApp"), "app");
	}
	if (!rk_json_bool(rk_json_get(property, "enabled"), 1))
		field->unmappable = rk_z("this function is switched off in the app");
	if (!rk_text_is(type, "NUMBER"))
		return;
	if (!d->asked++)
		ask_precision(d);
	field->integer_digits = d->integer_digits;
	field->decimals = d->decimals;
}

/* What a lookup copies into is the service's to write: values sent are ignored. */
static void
mark_copies(const struct rk_host *host, const cJSON *properties, struct rk_field *fields,
            uint64_t count)
{
	rk_json_each(property, properties)
		rk_json_each(pair, rk_json_get2(property, "lookup", "fieldMappings")) {
			struct rk_text name = rk_json_str(host, pair, "field");

			for (uint64_t i = 0; i < count; i++)
				if (rk_text_eq(fields[i].name, name))
					fields[i].flags = RK_FIELD_COMPUTED |
						(fields[i].flags & RK_FIELD_UNIQUE);
		}
}

static struct rk_field *
read_properties(struct described *d, const cJSON *properties, uint64_t *count)
{
	struct rk_field *fields = d->host->alloc(d->host,
	                          (rk_json_count(properties) + 1) * sizeof *fields);

	*count = 0;
	rk_json_each(property, properties)
		read_property(d, property, &fields[(*count)++]);
	mark_copies(d->host, properties, fields, *count);
	return fields;
}

static int32_t
describe_app(const struct rk_host *host, struct rk_text app, struct rk_schema *schema,
             struct rk_err *err)
{
	struct described d = { host, err, app, 0, RK_OK, -1, -1 };
	const cJSON *properties;
	struct rk_answer answer;
	struct rk_field *field;
	int32_t status = kintone_ask_fields(host, app, &answer, &properties, err);

	if (status != RK_OK)
		return status;
	field = read_properties(&d, properties, &schema->field_count);
	schema->fields = field;
	rk_json_each(property, properties) {
		if (field->type == RK_TABLE)
			field->columns = read_properties(
				&d, rk_json_get(property, "fields"),
				&field->column_count);
		field++;
	}
	return d.status == RK_AGAIN || d.status == RK_HOLD ? d.status : RK_OK;
}

/* The apps that a password may see; an API token may not ask, and gets none. */
static int32_t
list_apps(const struct rk_host *host, struct rk_schema *schema, struct rk_err *err)
{
	struct rk_object *objects = host->alloc(host, APPS_MAX * sizeof *objects);
	uint64_t count = 0, before;
	struct rk_answer answer;
	int32_t status;

	do {
		struct rk_call call = kintone_call(host, "GET", rk_z(""),
			rk_textf(host, "apps.json?limit=100&offset=%llu",
			         (unsigned long long)count).ptr);

		before = count;
		status = rk_ask_read(host, &call, &answer, err);
		if (status != RK_OK)
			return strcmp(err->code, "GAIA_NO01") == 0 ? RK_OK : status;
		rk_json_each(app, rk_json_get(answer.root, "apps")) {
			if (count == APPS_MAX)
				break;
			objects[count].name = rk_json_str(host, app, "appId");
			objects[count++].label = rk_json_str(host, app, "name");
		}
	} while (count - before == 100 && count < APPS_MAX);
	schema->objects = objects;
	schema->object_count = count;
	return RK_OK;
}

int32_t
kintone_describe_fields(struct rk_conn *conn, struct rk_text object,
                        struct rk_schema *schema, struct rk_err *err)
{
	return object.len ? describe_app(conn->host, object, schema, err)
	                  : list_apps(conn->host, schema, err);
}
