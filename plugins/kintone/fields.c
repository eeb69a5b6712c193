/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the apps, and what the fields of one are: types, options, limits, rights,
 * keys.  Called through the table of kintone.c, and by list.c. */
#include "kintone.h"

#define APPS_MAX 2000u         /* Apps that describe lists. */

enum {
	READ_ONLY = 1,                 /* The service fills it.               */
	KEYABLE = 2,                   /* Legal update key, if it is unique.  */
	SWITCHED = 4,                  /* Absent from records while "enabled" is false. */
};

static const struct kind {
	const char *name;
	uint32_t type;
	int traits;
	const char *unmappable;
} kinds[] = {
	{ "SINGLE_LINE_TEXT", RK_TEXT, KEYABLE, NULL },
	{ "NUMBER", RK_DECIMAL, KEYABLE, NULL },
	{ "MULTI_LINE_TEXT", RK_TEXT, 0, NULL },
	{ "RICH_TEXT", RK_RICH, 0, NULL },
	{ "LINK", RK_TEXT, 0, NULL },
	{ "CALC", RK_TEXT, READ_ONLY, NULL },
	{ "CHECK_BOX", RK_CHOICES, 0, NULL },
	{ "MULTI_SELECT", RK_CHOICES, 0, NULL },
	{ "RADIO_BUTTON", RK_CHOICE, 0, NULL },
	{ "DROP_DOWN", RK_CHOICE, 0, NULL },
	{ "DATE", RK_DATE, 0, NULL },
	{ "TIME", RK_TIME, 0, NULL },
	{ "DATETIME", RK_DATETIME, 0, NULL },
	{ "USER_SELECT", RK_USER, 0, NULL },
	{ "ORGANIZATION_SELECT", RK_USER, 0, NULL },
	{ "GROUP_SELECT", RK_USER, 0, NULL },
	{ "SUBTABLE", RK_TABLE, 0, NULL },
	{ "RECORD_NUMBER", RK_TEXT, READ_ONLY, NULL },
	{ "CREATOR", RK_USER, READ_ONLY, NULL },
	{ "MODIFIER", RK_USER, READ_ONLY, NULL },
	{ "CREATED_TIME", RK_DATETIME, READ_ONLY, NULL },
	{ "UPDATED_TIME", RK_DATETIME, READ_ONLY, NULL },
	{ "STATUS", RK_TEXT, READ_ONLY | SWITCHED, NULL },
	{ "STATUS_ASSIGNEE", RK_USER, READ_ONLY | SWITCHED, NULL },
	{ "CATEGORY", RK_CHOICES, READ_ONLY | SWITCHED, NULL },
	{ "FILE", RK_TEXT, READ_ONLY, "attached files are not transferred" },
	{ "REFERENCE_TABLE", RK_TEXT, READ_ONLY,
	  "a list of related records, which is not stored in the record" },
	{ "GROUP", RK_TEXT, READ_ONLY, "a frame around fields, which holds no value" },
	{ NULL, RK_TEXT, READ_ONLY, "a type of field that this connector does not know" },
};

static const struct { const char *format; uint32_t type; } calc_formats[] = {
	{ "NUMBER", RK_DECIMAL }, { "NUMBER_DIGIT", RK_DECIMAL },
	{ "DATETIME", RK_DATETIME }, { "DATE", RK_DATE }, { "TIME", RK_TIME },
};

struct described {
	const struct rk_host *host;
	int32_t integer_digits, decimals;
};

static int64_t
limit_of(const cJSON *property, const char *name)
{
	int64_t limit;

	return rk_json_int(rk_json_get(property, name), &limit) && limit >= 0 ? limit
	                                                                      : -1;
}

struct ranked_option {
	struct rk_option option;
	int64_t index;
};

static int
by_index(const void *a, const void *b)
{
	int64_t x = ((const struct ranked_option *)a)->index;
	int64_t y = ((const struct ranked_option *)b)->index;

	return x < y ? -1 : x > y;
}

/* {"A":{"label":"A","index":"0"},...}; the label is the value. */
static void
read_options(const struct rk_host *host, const cJSON *list, struct rk_field *field)
{
	uint64_t count = rk_json_count(list), i = 0;
	struct ranked_option *ranked = host->alloc(host, (count + 1) * sizeof *ranked);
	struct rk_option *options = host->alloc(host, (count + 1) * sizeof *options);

	rk_json_each(option, list) {
		ranked[i].option.value = rk_json_str(host, option, "label");
		ranked[i].option.label = ranked[i].option.value;
		ranked[i].index = INT64_MAX;
		rk_json_int(rk_json_get(option, "index"), &ranked[i++].index);
	}
	qsort(ranked, count, sizeof *ranked, by_index);
	for (i = 0; i < count; i++)
		options[i] = ranked[i].option;
	field->options = options;
	field->option_count = count;
}

static int
has_default(const struct rk_host *host, const cJSON *property)
{
	const cJSON *preset = rk_json_get(property, "defaultValue");

	return rk_json_bool(rk_json_get(property, "defaultNowValue"), 0) ||
	       (rk_json_is(preset, cJSON_Array)
	                ? preset->child != NULL
	                : rk_json_text(host, preset, NULL).len != 0);
}

/* Required means here: a new record without it is refused, for it has no default. */
static uint32_t
field_flags(const struct rk_host *host, const cJSON *property, const struct kind *kind)
{
	int unique = rk_json_bool(rk_json_get(property, "unique"), 0);
	int computed = rk_json_str(host, property, "expression").len != 0;
	uint32_t flags = 0;

	if (!(kind->traits & READ_ONLY) && !computed)
		flags |= RK_FIELD_WRITABLE;
	if (computed)
		flags |= RK_FIELD_COMPUTED;
	if (flags & RK_FIELD_WRITABLE &&
	    rk_json_bool(rk_json_get(property, "required"), 0) &&
	    !has_default(host, property))
		flags |= RK_FIELD_REQUIRED;
	if (unique)
		flags |= RK_FIELD_UNIQUE;
	if (unique && !computed && kind->traits & KEYABLE)
		flags |= RK_FIELD_KEY;
	return flags;
}

/* Sets what 'property' says about one field, columns apart.
 *
 * Shape:  one member of "properties" of app/form/fields.json; numbers are text.
 * Source: kintone OpenAPI 20250423, field types. */
static void
read_property(const struct described *d, const cJSON *property, struct rk_field *field)
{
	const struct rk_host *host = d->host;
	struct rk_text type = rk_json_str(host, property, "type");
	const cJSON *lookup = rk_json_get(property, "lookup");
	const struct kind *kind = kinds;

	while (kind->name && !rk_text_is(type, kind->name))
		kind++;
	field->name = rk_z(property->string);
	field->label = rk_json_str(host, property, "label");
	field->native = type;
	field->type = kind->type;
	field->flags = field_flags(host, property, kind);
	field->min_length = limit_of(property, "minLength");
	field->max_length = limit_of(property, "maxLength");
	field->integer_digits = rk_text_is(type, "NUMBER") ? d->integer_digits : -1;
	field->decimals = rk_text_is(type, "NUMBER") ? d->decimals : -1;
	field->min_value = rk_json_str(host, property, "minValue");
	field->max_value = rk_json_str(host, property, "maxValue");
	field->unmappable = rk_z(kind->unmappable);
	read_options(host, rk_json_get(property, "options"), field);
	if (lookup) {
		field->native = rk_textf(host, "%.*s LOOKUP", RK_S(type));
		field->ref_object = rk_json_str(host, rk_json_get(lookup, "relatedApp"),
		                                "app");
	}
	if (kind->traits & SWITCHED && !rk_json_bool(rk_json_get(property, "enabled"), 1))
		field->unmappable = rk_z("this function is switched off in the app");
	for (size_t i = 0; rk_text_is(type, "CALC") && i < RK_COUNT(calc_formats); i++)
		if (rk_text_is(rk_json_str(host, property, "format"),
		               calc_formats[i].format))
			field->type = calc_formats[i].type;
	if (rk_text_is(type, "CALC"))
		field->flags |= RK_FIELD_COMPUTED;
}

/* What a lookup copies into is the service's to write: values sent are ignored. */
static void
mark_copies(const struct rk_host *host, const cJSON *properties, struct rk_field *fields,
            uint64_t count)
{
	rk_json_each(property, properties) {
		const cJSON *lookup = rk_json_get(property, "lookup");

		rk_json_each(pair, rk_json_get(lookup, "fieldMappings")) {
			struct rk_text name = rk_json_str(host, pair, "field");

			for (uint64_t i = 0; i < count; i++)
				if (rk_text_eq(fields[i].name, name)) {
					fields[i].flags &= ~(uint32_t)(RK_FIELD_WRITABLE |
						RK_FIELD_KEY | RK_FIELD_REQUIRED);
					fields[i].flags |= RK_FIELD_COMPUTED;
				}
		}
	}
}

static struct rk_field *
read_properties(const struct described *d, const cJSON *properties, uint64_t *count)
{
	struct rk_field *fields = d->host->alloc(d->host,
	                          (rk_json_count(properties) + 1) * sizeof *fields);

	*count = 0;
	rk_json_each(property, properties)
		read_property(d, property, &fields[(*count)++]);
	mark_copies(d->host, properties, fields, *count);
	return fields;
}

/* A number's digits are a setting of the app; without them no limit is told. */
static int32_t
read_precision(struct described *d, struct rk_text app, struct rk_err *err)
{
	struct call call = { .object = app };
	struct rk_answer answer;
	const cJSON *precision;
	int64_t digits = 0, decimals = 0;
	int32_t status;

	call.api = rk_textf(d->host, "app/settings.json?app=%.*s", RK_S(app)).ptr;
	status = kintone_ask_read(d->host, &call, &answer, err);
	if (status != RK_OK)
		return status == RK_AGAIN || status == RK_HOLD ? status : RK_OK;
	precision = rk_json_get(answer.root, "numberPrecision");
	if (rk_json_int(rk_json_get(precision, "digits"), &digits) &&
	    rk_json_int(rk_json_get(precision, "decimalPlaces"), &decimals) &&
	    decimals >= 0 && decimals <= digits && digits <= 64) {
		d->integer_digits = (int32_t)(digits - decimals);
		d->decimals = (int32_t)decimals;
	}
	return RK_OK;
}

static int
has_numbers(const struct rk_host *host, const cJSON *properties)
{
	rk_json_each(property, properties)
		if (rk_text_is(rk_json_str(host, property, "type"), "NUMBER") ||
		    has_numbers(host, rk_json_get(property, "fields")))
			return 1;
	return 0;
}

int32_t
kintone_ask_fields(const struct rk_host *host, struct rk_text app,
                   struct rk_answer *answer, const cJSON **properties, struct rk_err *err)
{
	struct call call = { .object = app };
	int32_t status = kintone_check_app(app, err);

	if (status != RK_OK)
		return status;
	call.api = rk_textf(host, "app/form/fields.json?app=%.*s", RK_S(app)).ptr;
	status = kintone_ask_read(host, &call, answer, err);
	if (status != RK_OK)
		return status;
	*properties = rk_json_get(answer->root, "properties");
	if (!rk_json_is(*properties, cJSON_Object))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "fields.json: no \"properties\"");
	return RK_OK;
}

static int32_t
describe_app(const struct rk_host *host, struct rk_text app, struct rk_schema *schema,
             struct rk_err *err)
{
	struct described d = { host, -1, -1 };
	const cJSON *properties;
	struct rk_answer answer;
	struct rk_field *fields;
	int32_t status = kintone_ask_fields(host, app, &answer, &properties, err);
	uint64_t i = 0;

	if (status == RK_OK && has_numbers(host, properties))
		status = read_precision(&d, app, err);
	if (status != RK_OK)
		return status;
	fields = read_properties(&d, properties, &schema->field_count);
	rk_json_each(property, properties) {
		if (fields[i].type == RK_TABLE)
			fields[i].columns = read_properties(
				&d, rk_json_get(property, "fields"),
				&fields[i].column_count);
		i++;
	}
	schema->fields = fields;
	return RK_OK;
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
		struct call call = { .api = rk_textf(host,
			                             "apps.json?limit=100&offset=%llu",
			                             (unsigned long long)count)
			                            .ptr };

		before = count;
		status = kintone_ask_read(host, &call, &answer, err);
		if (status == RK_PAUSE && strcmp(err->code, "GAIA_NO01") == 0)
			return RK_OK;
		if (status != RK_OK)
			return status;
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
