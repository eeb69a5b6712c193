/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.c - cases of the group "list" about hints: a listing that is narrowed by one may
 * tell more than what passes it, and never less.  What passes is judged by the values of a
 * listing without; fields and values are those that the CRM happens to hold. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "certify/kit.h"
#include "mapping/decimal.h"
#include "record/record.h"
#include "record/value.h"

#define FIELDS_MAX 12
#define RECORDS_MAX 1000
#define PAGES_MAX 400
/* What was changed by the suite itself may be known late. */
#define SETTLED_MS 600000

struct listed {
	struct rk_record records[RECORDS_MAX];
	size_t count;
};

static const char *const tests[] = { "in", "order", "empty" };

static bool
is_declared(const struct kit *k, const struct rk_field *field, int which)
{
	char words[40];
	snprintf(words, sizeof words, "%s %s", value_type_name(field->type), tests[which]);
	for (size_t i = 0; i < k->object->hint_count; i++)
		if (strcmp(k->object->hints[i], words) == 0)
			return true;
	return false;
}

static size_t
hinted_fields(struct kit *k, int which, struct rk_field *fields)
{
	size_t count = 0;
	for (uint64_t i = 0; i < k->schema.field_count && count < FIELDS_MAX; i++) {
		const struct rk_field *field = &k->schema.fields[i];
		if (field->unmappable.len == 0 && is_declared(k, field, which))
			fields[count++] = *field;
	}
	return count;
}

/* All pages; false: it failed, and the case says why. */
static bool
list_all(struct kit *k, struct rk_query q, struct listed *listed)
{
	listed->count = 0;
	for (int pages = 0; pages < PAGES_MAX; pages++) {
		struct rk_page page;
		int32_t status = kit_list(k, &q, &page);
		if (status != RK_OK) {
			kit_fail(k, q.hint_count > 0 ? "with a hint: %s" : "%s",
			         kit_told(k, status));
			return false;
		}
		for (uint64_t i = 0; i < page.record_count && listed->count < RECORDS_MAX; i++)
			listed->records[listed->count++] = page.records[i];
		if (!page.more)
			return true;
		q.token = page.token;
	}
	kit_fail(k, "after %d pages it still says that more follows", PAGES_MAX);
	return false;
}

static struct rk_text
text_of_value(struct kit *k, const struct rk_value *v)
{
	return v->type == RK_INTEGER
	       ? arena_printf(&k->scratch, "%lld", (long long)v->number) : v->text;
}

static int
compare(struct kit *k, const struct rk_value *v, struct rk_text with)
{
	struct decimal mine, other;
	struct rk_text text = text_of_value(k, v);
	if ((v->type == RK_DECIMAL || v->type == RK_INTEGER) && decimal_read(&mine, text)
	    && decimal_read(&other, with))
		return decimal_cmp(&mine, &other);
	return text_cmp(text, with);
}

static bool
passes(struct kit *k, const struct rk_value *v, const struct rk_hint *hint)
{
	bool found = false;
	if (hint->test == RK_HINT_EMPTY || value_is_empty(v))
		return value_is_empty(v) && hint->test == RK_HINT_EMPTY;
	for (uint64_t i = 0; i < hint->value_count; i++)
		found |= compare(k, v, hint->values[i]) == 0;
	return hint->test == RK_HINT_FILLED || found
	       || (hint->test == RK_HINT_MOST && compare(k, v, hint->values[0]) < 0)
	       || (hint->test == RK_HINT_LEAST && compare(k, v, hint->values[0]) > 0);
}

static bool
has(const struct listed *listed, struct rk_text id)
{
	for (size_t i = 0; i < listed->count; i++)
		if (text_eq(listed->records[i].id, id))
			return true;
	return false;
}

/* Lists by one hint on the query's field 'slot', and looks for who is missing. */
static void
look(struct kit *k, struct rk_query *q, size_t slot, struct rk_hint *hint,
     const struct listed *all)
{
	struct listed *some = arena_new(&k->scratch, struct listed);
	hint->field = q->fields[slot].name;
	q->hints = hint;
	q->hint_count = 1;
	if (!list_all(k, *q, some))
		return;
	for (size_t i = 0; i < all->count; i++) {
		const struct rk_record *r = &all->records[i];
		bool settled = r->modified_ms < clock_now_ms() - SETTLED_MS;
		if (settled && passes(k, &r->values[slot], hint) && !has(some, r->id))
			kit_fail(k, "record %.*s passes a hint on the field %.*s and is not listed "
			         "by it: it would be lost", SHOW(r->id), SHOW(hint->field));
	}
}

/* Up to three different values of the field, as hints have them. */
static size_t
values_of(struct kit *k, const struct listed *all, size_t slot, struct rk_text *values)
{
	size_t count = 0;
	for (size_t i = 0; i < all->count && count < 3; i++) {
		const struct rk_value *v = &all->records[i].values[slot];
		bool known = value_is_empty(v);
		for (size_t j = 0; j < count; j++)
			known |= compare(k, v, values[j]) == 0;
		if (!known)
			values[count++] = text_of_value(k, v);
	}
	return count;
}

/* The hints of one kind on one field.  Returns how many could be made. */
static size_t
look_at_field(struct kit *k, struct rk_query *q, size_t slot, int which,
              const struct listed *all)
{
	static const uint32_t kinds[][2] = { { RK_HINT_IN, RK_HINT_IN },
		                             { RK_HINT_MOST, RK_HINT_LEAST },
		                             { RK_HINT_EMPTY, RK_HINT_FILLED } };
	struct rk_text values[3];
	size_t count = values_of(k, all, slot, values);
	if (which == 2) {
		for (size_t i = 0; i < 2; i++)
			look(k, q, slot, &(struct rk_hint){ .test = kinds[which][i] }, all);
		return count;
	}
	for (size_t i = 0; i < 2 * count; i++)
		look(k, q, slot, &(struct rk_hint){
			.test = kinds[which][i % 2], .values = &values[i / 2],
			.value_count = which == 0 && i % 2 == 1 ? count - i / 2 : 1 }, all);
	return count;
}

void
list_hints(struct kit *k, int which)
{
	struct rk_field fields[FIELDS_MAX];
	struct rk_query q = kit_query(k);
	struct listed *all = arena_new(&k->scratch, struct listed);
	size_t count = hinted_fields(k, which, fields), tried = 0;
	if (!kit_can(k, "list"))
		return;
	if (count == 0) {
		kit_skip(k, "no field of it has such a hint declared");
		return;
	}
	q.fields = fields;
	q.field_count = count;
	if (!list_all(k, q, all))
		return;
	for (size_t slot = 0; slot < count && k->why == NULL; slot++)
		tried += look_at_field(k, &q, slot, which, all);
	if (tried == 0 && k->why == NULL)
		kit_skip(k, "no record has a value of such a field");
}
