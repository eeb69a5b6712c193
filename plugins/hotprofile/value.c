/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - values: read as labels and written as codes.  A flag is read as a circle,
 * money with its sign and commas, a choice by its label; written are 1, digits and the
 * choice's code.  Called by list.c, departments.c and write.c. */
#include "hotprofile.h"

/* ---- Read ------------------------------------------------------------------------ */

/* U+25EF and U+25CB are circles; what is no is a long-vowel mark, U+30FC. */
static struct rk_value
read_flag(struct rk_text text)
{
	struct rk_value value = rk_value_of(RK_BOOL, rk_text_of(NULL, 0));

	value.number = rk_text_among(text, "◯ ○ 1 true");
	return value;
}

/* "1,000,000円" and "70%" as their digits; as text where that is no number. */
static struct rk_value
read_number(const struct rk_host *host, struct rk_text text)
{
	char *digits = host->alloc(host, text.len + 1);
	struct rk_text plain = rk_text_of(digits, 0), decimal;

	for (uint64_t i = 0; i < text.len; i++)
		if ((text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
		    text.ptr[i] == '-' || text.ptr[i] == '.')
			digits[plain.len++] = text.ptr[i];
	return rk_decimal(host, plain, &decimal) ? rk_value_of(RK_DECIMAL, decimal)
	                                         : rk_value_of(RK_TEXT, text);
}

/* The day of yyyy-MM-ddTHH:mm:ss+09:00 or yyyy/MM/dd, which is Japan's. */
static struct rk_value
read_day(const struct rk_host *host, struct rk_text text)
{
	char day[11] = "";
	int64_t days;

	memcpy(day, text.ptr, text.len < 10 ? text.len : 10);
	for (int i = 4; i < 10; i += 3)
		day[i] = day[i] == '/' ? '-' : day[i];
	if (!rk_date_parse(rk_z(day), &days))
		return rk_value_of(RK_TEXT, text);
	return rk_value_of(RK_DATE, rk_textf(host, "%s", day));
}

/* Names one below the other, as one text. */
static struct rk_value
read_path(const struct rk_host *host, const cJSON *names)
{
	struct rk_text path = rk_z("");

	rk_json_each(name, names)
		path = rk_text_join(host, path, "/", rk_json_text(host, name, NULL));
	return rk_value_of(path.len ? RK_TEXT : RK_NULL, path);
}

/* Old ids that were merged into this one: of [{"histories":[{"client_id":5},..]},..]. */
static struct rk_value
read_histories(const struct rk_host *host, const cJSON *list)
{
	struct rk_text ids = rk_z("");

	rk_json_each(entry, list)
		rk_json_each(old, rk_json_get(entry, "histories"))
			ids = rk_text_join(host, ids, ",",
			                   rk_json_str(host, old, "client_id"));
	return rk_value_of(ids.len ? RK_TEXT : RK_NULL, ids);
}

struct rk_value
hot_read_value(const struct rk_host *host, const struct rk_field *field,
               const cJSON *item)
{
	struct rk_text text = rk_text_trim(rk_json_text(host, item, NULL));

	if (rk_text_is(field->native, "histories"))
		return read_histories(host, item);
	if (rk_json_is(item, cJSON_Array) && field->type == RK_CHOICES)
		return item->child
		     ? rk_value_list(host, RK_CHOICES, RK_CHOICE, item, NULL)
		     : rk_value_of(RK_NULL, rk_text_of(NULL, 0));
	if (rk_json_is(item, cJSON_Array))
		return read_path(host, item);
	if (text.len == 0 || field->type == RK_TEXT)
		return rk_value_plain(host, field, item);
	switch (field->type) {
	case RK_BOOL:    return read_flag(text);
	case RK_DECIMAL: return read_number(host, text);
	case RK_DATE:    return read_day(host, text);
	case RK_REF:     return rk_value_ref(field->ref_object, text);
	default:         return rk_value_plain(host, field, item);
	}
}

/* Labels joined by one blank, and labels may hold blanks: the longest that fits is taken.
 * What is none stays a text, which the host shows. */
static struct rk_value
read_checks(const struct rk_host *host, const struct hot_item *item, struct rk_text text)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items = host->alloc(host, (text.len + 1) * sizeof *items);
	struct rk_text rest = text;

	while (rest.len) {
		struct rk_text choices = item->choices, code, label, best = rk_z("");

		while (hot_choice_next(&choices, &code, &label))
			if (label.len > best.len && label.len <= rest.len &&
			    memcmp(rest.ptr, label.ptr, label.len) == 0 &&
			    (label.len == rest.len || rest.ptr[label.len] == ' '))
				best = label;
		if (!best.len)
			return rk_value_of(RK_TEXT, text);
		items[value.count++] = rk_value_of(RK_CHOICE, best);
		rest = rk_text_of(rest.ptr + best.len, rest.len - best.len);
		if (rest.len)
			rest = rk_text_of(rest.ptr + 1, rest.len - 1);
	}
	value.items = items;
	return value;
}

struct rk_value
hot_read_item(const struct rk_host *host, const struct rk_field *field,
              const struct hot_item *item, const cJSON *value)
{
	struct rk_text text = rk_json_text(host, value, NULL);

	if (item && field->type == RK_CHOICES && text.len)
		return read_checks(host, item, text);
	return hot_read_value(host, field, value);
}

/* ---- Written --------------------------------------------------------------------- */

/* The code of a label; what is no label goes as it is, and HotProfile says so. */
static struct rk_text
code_of(struct rk_text choices, struct rk_text text)
{
	struct rk_text code, label;

	while (hot_choice_next(&choices, &code, &label))
		if (rk_text_eq(label, text))
			return code;
	return text;
}

static struct rk_text
prefecture_code(const struct rk_host *host, struct rk_text name)
{
	for (int i = 0; i < HOT_PREFECTURES; i++)
		if (rk_text_eq(name, hot_prefectures[i].value))
			return rk_textf(host, "%d", i + 1);
	return name;
}

/* The department 17 of company 5 is "5-17" here. */
static struct rk_text
behind_dash(struct rk_text text)
{
	struct rk_text rest = text;

	rk_text_next(&rest, '-');
	return rk_text_or(rest, text);
}

static struct rk_text
written_text(const struct rk_host *host, const struct rk_field *field,
             const struct rk_value *value)
{
	struct rk_text text = rk_value_text(host, value, 0);

	if (field->type == RK_BOOL)             /* Sent empty it fails. */
		return rk_z(value->type == RK_BOOL && value->number ? "1" : "0");
	if (field->type == RK_DATE && text.len == 10)
		return rk_textf(host, "%.4s/%.2s/%.2s", text.ptr, text.ptr + 5,
		                text.ptr + 8);
	if (rk_text_is(field->name, "pref"))
		return prefecture_code(host, text);
	return field->type == RK_REF ? behind_dash(text) : text;
}

static void
put_item(struct rk_json_out *form, const struct hot_item *item,
         const struct rk_field *field, const struct rk_value *value)
{
	const struct rk_host *host = form->host;
	int several = field->type == RK_CHOICES;
	struct rk_text name = rk_textf(host, "items[%.*s]%s", RK_S(item->id),
	                               several ? "[]" : "");
	uint64_t count = several ? rk_item_count(value) : 1;

	for (uint64_t i = 0; i < count; i++)
		hot_put(form, name.ptr, code_of(item->choices, several
			? rk_item_text(value, i) : written_text(host, field, value)));
	if (!count)
		hot_put(form, name.ptr, rk_z(""));
}

void
hot_put_value(struct rk_json_out *form, const struct hot_kind *kind,
              const struct rk_field *field, const struct rk_value *value)
{
	struct hot_item item;

	if (hot_item_find(form->host, kind, hot_item_label(field->name), &item))
		put_item(form, &item, field, value);
	else
		hot_put(form, rk_text_is(field->name, "pref") ? "pref_id"
		        : rk_text_z(form->host, field->name), written_text(form->host, field, value));
}
