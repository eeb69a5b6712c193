/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_values.c - what a value of each type must look like at the simulated
 * HubSpot, and what is said when it does not (sheet, sections 2.1, 4.6, 5.1).
 * Called for every write. */
#include "hubspot.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 65536u                 /* Characters; section 2.1. */
#define DAY_MS INT64_C(86400000)

/* ---- Problems ----------------------------------------------------------- */

void
hubspot_problems_clear(struct hubspot_problems *p)
{
	buf_clear(&p->nested);
	buf_clear(&p->errors);
	buf_clear(&p->warnings);
	buf_clear(&p->plain);
	*p = (struct hubspot_problems){ 0 };
}

void
hubspot_problem(struct hubspot_problems *p, struct text property, const char *code,
		const char *message)
{
	bool first = p->count++ == 0, second = first;

	buf_comma(&p->nested, &first);
	buf_str(&p->nested, "{\"isValid\":false,\"message\":");
	buf_quotez(&p->nested, message);
	buf_fmt(&p->nested, ",\"error\":\"%s\",\"name\":", code);
	buf_quote(&p->nested, property);
	buf_str(&p->nested, ",\"localizedErrorMessage\":");
	buf_quotez(&p->nested, message);
	buf_str(&p->nested, ",\"portalId\":62515}");
	buf_comma(&p->errors, &second);
	buf_str(&p->errors, "{\"message\":");
	buf_quotez(&p->errors, message);
	buf_fmt(&p->errors, ",\"code\":\"%s\",\"context\":{\"propertyName\":[", code);
	buf_quote(&p->errors, property);
	buf_str(&p->errors, "]}}");
}

/* ---- Values ------------------------------------------------------------- */

/* One value being checked; 'out' is what will be stored, decoded. */
struct checking {
	struct request *q;
	struct object *o;
	const struct record *old;
	const struct field *field;
	struct text in, out;
	struct hubspot_problems *p;
};

__attribute__((format(printf, 3, 4)))
static bool
wrong(struct checking *c, const char *code, const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	hubspot_problem(c->p, text_of(c->field->name), code, message);
	return false;
}

static int
shown(struct text t)
{
	size_t len = t.len < 200 ? t.len : 200;

	while (len && len < t.len && ((unsigned char)t.ptr[len] & 0xC0) == 0x80)
		len--;
	return (int)len;
}

static bool
check_email(struct checking *c)
{
	struct text t = text_trim(c->in);
	char *lower = arena_alloc(c->q->arena, t.len + 1);
	const char *at = t.len ? memchr(t.ptr, '@', t.len) : NULL;
	const char *dot = at ? memchr(at, '.', t.len - (size_t)(at - t.ptr)) : NULL;
	bool good = at && at > t.ptr && dot && dot > at + 1 && dot + 1 < t.ptr + t.len &&
		!memchr(at + 1, '@', t.len - (size_t)(at + 1 - t.ptr));

	for (size_t i = 0; i < t.len; i++) {
		char ch = t.ptr[i];

		good = good && (unsigned char)ch > ' ' && ch != ',' && ch != ';' &&
		       ch != '"';
		lower[i] = ch >= 'A' && ch <= 'Z' ? (char)(ch | 32) : ch;
	}
	if (!good)
		return wrong(c, "INVALID_EMAIL", "Email address %.*s is invalid",
			     shown(c->in), c->in.ptr);
	c->out = (struct text){ lower, t.len };
	return true;
}

static bool
check_string(struct checking *c)
{
	if (!strcmp(c->field->name, "email") && !strcmp(c->o->name, "contacts"))
		return check_email(c);
	/* XXX the code is not known; the sheet only has the limit. */
	if (text_chars(c->in) > TEXT_MAX)
		return wrong(c, "VALUE_TOO_LONG", "Property value is longer than the "
			     "maximum of %u characters", TEXT_MAX);
	return true;
}

static bool
check_number(struct checking *c)
{
	size_t i = c->in.len && c->in.ptr[0] == '-', dots = 0, digits = 0;

	for (; i < c->in.len; i++) {
		if (c->in.ptr[i] == '.')
			dots++;
		else if (c->in.ptr[i] >= '0' && c->in.ptr[i] <= '9')
			digits++;
		else
			dots = 2;
	}
	if (!digits || dots > 1)
		return wrong(c, "INVALID_INTEGER", "%.*s was not a valid integer.",
			     shown(c->in), c->in.ptr);
	return true;
}

static void
list_options(const struct field *f, struct buf *b)
{
	bool first = true;

	buf_add(b, "", 0);
	for (size_t i = 0; i < f->option_count; i++) {
		if (!first)
			buf_str(b, ", ");
		first = false;
		buf_str(b, f->options[i]);
	}
}

static bool
not_an_option(struct checking *c, struct text option)
{
	struct buf b = { 0 };

	list_options(c->field, &b);
	wrong(c, "INVALID_OPTION", "%.*s was not one of the allowed options: [%s]",
	      shown(option), option.ptr, b.ptr);
	buf_clear(&b);
	return false;
}

/* The stages in their order; going back is answered with the old one kept. */
static bool
goes_back(const struct checking *c, struct text option)
{
	struct text old = c->old ? json_unquote(c->q->arena,
			block_get(c->old->now.block, c->field)) : (struct text){ 0 };
	size_t from = 0, to = 0;

	if (strcmp(c->field->name, "lifecyclestage") != 0 || !old.len)
		return false;
	for (size_t i = 0; i < c->field->option_count; i++) {
		from = text_is(old, c->field->options[i]) ? i : from;
		to = text_is(option, c->field->options[i]) ? i : to;
	}
	return to < from;
}

/* ";a;b" adds to what stands, "a;b" replaces it (section 2.1). */
static bool
check_multi(struct checking *c)
{
	struct text rest = c->in;
	struct buf joined = { 0 };
	bool first = true, good = true;

	if (rest.len && rest.ptr[0] == ';') {
		struct text old = c->old ? json_unquote(c->q->arena,
			block_get(c->old->now.block, c->field)) : (struct text){ 0 };

		rest.ptr++;
		rest.len--;
		buf_text(&joined, old);
		first = old.len == 0;
	}
	while (rest.len && good) {
		struct text option = text_until(&rest, ';');

		good = field_has_option(c->field, option) || not_an_option(c, option);
		if (!first)
			buf_str(&joined, ";");
		first = false;
		buf_text(&joined, option);
	}
	c->out = arena_take(c->q->arena, &joined);
	return good;
}

static bool
check_enum(struct checking *c)
{
	if (c->field->flags & FIELD_MULTI)
		return check_multi(c);
	if (!field_has_option(c->field, c->in))
		return not_an_option(c, c->in);
	if (goes_back(c, c->in))
		c->out =
			json_unquote(c->q->arena, block_get(c->old->now.block, c->field));
	return true;
}

static bool
check_bool(struct checking *c)
{
	if (text_is(c->in, "true") || text_is(c->in, "false"))
		return true;
	return wrong(c, "INVALID_OPTION", "%.*s was not one of the allowed options: "
		     "[true, false]", shown(c->in), c->in.ptr);
}

static void
warn_normalised(struct checking *c)
{
	struct buf *b = &c->p->warnings;
	bool first = b->len == 0;

	buf_comma(b, &first);
	buf_str(b,
		"{\"category\":\"PROPERTY_VALUE_NORMALIZED\",\"message\":\"The value was "
		"normalized.\",\"context\":{\"propertyName\":[");
	buf_quotez(b, c->field->name);
	buf_str(b, "],\"rawValue\":[");
	buf_quote(b, c->in);
	buf_str(b, "],\"normalizedValue\":[");
	buf_quote(b, c->out);
	buf_str(b, "]}}");
}

static bool
check_date(struct checking *c)
{
	int64_t ms = 0;
	bool date_only = false, number = text_int(c->in, &ms);
	char day[40], clock[40];

	if (!number && !time_parse(c->in, &ms, &date_only))
		return wrong(c, "INVALID_DATE", "%.*s was not a valid date.",
			     shown(c->in), c->in.ptr);
	time_date(day, ms);
	c->out = arena_copy(c->q->arena, text_of(day));
	if (date_only || (number && ms % DAY_MS == 0))
		return true;
	/* 2026-09 bends it right and says so, older versions refuse it. */
	if (text_is(c->q->vars[0], "2026-09")) {
		warn_normalised(c);
		return true;
	}
	time_iso(clock, ms);
	return wrong(c, "INVALID_DATE", "%.*s is at %.12s UTC, not midnight!",
		     shown(c->in), c->in.ptr, clock + 11);
}

static bool
check_datetime(struct checking *c)
{
	int64_t ms;
	char iso[40];

	if (!text_int(c->in, &ms) && !time_parse(c->in, &ms, NULL))
		return wrong(c, "INVALID_LONG", "%.*s was not a valid long.",
			     shown(c->in), c->in.ptr);
	time_iso(iso, ms);
	c->out = arena_copy(c->q->arena, text_of(iso));
	return true;
}

static bool
check_owner(struct checking *c)
{
	/* XXX the code is not known. */
	if (text_is(c->in, "101") || text_is(c->in, "102"))
		return true;
	return wrong(c, "INVALID_OWNER_ID", "Owner %.*s does not exist", shown(c->in),
		     c->in.ptr);
}

static bool
check_typed(struct checking *c)
{
	switch ((enum hubspot_type)c->field->type) {
	case H_STRING:   return check_string(c);
	case H_NUMBER:   return check_number(c);
	case H_BOOL:     return check_bool(c);
	case H_ENUM:     return check_enum(c);
	case H_DATE:     return check_date(c);
	case H_DATETIME: return check_datetime(c);
	case H_OWNER:    return check_owner(c);
	}
	return false;
}

static bool
keeps_rule(struct text value, const char *rule, int64_t limit)
{
	int64_t number = 0, length = (int64_t)text_chars(value);
	bool plain = true;

	text_int(value, &number);
	for (size_t i = 0; i < value.len; i++)
		plain = plain && isalnum((unsigned char)value.ptr[i]);
	return !((!strcmp(rule, "MIN_LENGTH") && length < limit) ||
		 (!strcmp(rule, "MAX_LENGTH") && length > limit) ||
		 (!strcmp(rule, "MIN_NUMBER") && number < limit) ||
		 (!strcmp(rule, "MAX_NUMBER") && number > limit) ||
		 (!strcmp(rule, "ALPHANUMERIC") && !plain));
}

/* Rules of the administrators (section 2.2); older versions let the API pass (4.6). */
static bool
check_rules(struct checking *c)
{
	const struct hubspot_rules *rules = c->field->rules;
	int64_t limit = 0;

	for (size_t i = 0; rules && i < 4 && text_is(c->q->vars[0], "2026-09"); i++) {
		const char *type = rules->validations[i].type;

		text_int(text_of(rules->validations[i].argument), &limit);
		/* XXX neither code nor words are known. */
		if (!keeps_rule(c->in, type, limit))
			return wrong(c, "PROPERTY_VALIDATION", "The value breaks the "
				     "validation rule %s", type);
	}
	return true;
}

static bool
unknown_property(struct hubspot_problems *p, struct text name)
{
	char message[256];

	snprintf(message, sizeof message, "Property \"%.*s\" does not exist", shown(name),
		 name.ptr);
	hubspot_problem(p, name, "PROPERTY_DOESNT_EXIST", message);
	return false;
}

bool
hubspot_value(struct request *q, struct object *o, const struct record *old,
	      const struct json *member, struct change *change,
	      struct hubspot_problems *p)
{
	struct field *f = object_field(o, member->name);
	struct checking c = { .q = q, .o = o, .old = old, .field = f, .p = p };

	if (!f)
		return unknown_property(p, member->name);
	if (member->kind == JSON_NULL)
		return false;
	if (f->flags & FIELD_READONLY)
		return wrong(&c, "READ_ONLY_VALUE", "\"%s\" is a read only property; its "
			     "value cannot be set.", f->name);
	if (!hubspot_as_text(member, &c.in))
		return wrong(&c, "INVALID_VALUE", "\"%s\" wants a string.", f->name);
	c.out = c.in;
	*change = (struct change){ .field = f };
	if (!c.in.len)
		return true;
	if (!check_typed(&c) || !check_rules(&c))
		return false;
	if (c.out.len)
		change->raw = json_quoted(q->arena, c.out);
	return true;
}
