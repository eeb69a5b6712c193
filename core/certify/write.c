/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - the group "write": what becomes of each row, whether the CRM agrees, and
 * whether a write whose answer is lost can be sent again.  The last gives the class. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "certify/kit.h"
#include "record/value.h"

#define ROWS 5

enum { P_ANSWERS, P_READABLE, P_TOLD, P_FITS, P_IDS, P_DIFFER, P_STORED, P_ONCE, P_TRUE,
       P_COUNT };

struct wrote {
	const char *fault[P_COUNT];
};

/* The operation by which this connector writes what is new. */
static uint32_t
new_operation(struct kit *k)
{
	if (k->key == NULL) {
		kit_skip(k, "the scenario names no key, or no field of that name is described");
		return 0;
	}
	if (manifest_can(k->object, "upsert"))
		return RK_OP_UPSERT;
	return kit_can(k, "create") ? RK_OP_CREATE : 0;
}

static bool
is_done(int32_t status)
{
	return status == RK_CREATED || status == RK_UPDATED || status == RK_UNCHANGED;
}

/* ---- One batch of new rows, looked at from all sides ------------------------------ */

__attribute__((format(printf, 4, 5))) static void
note(struct kit *k, struct wrote *w, int which, const char *format, ...)
{
	char text[400];
	va_list args;
	if (w->fault[which] != NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	w->fault[which] = arena_str(&k->arena, text);
}

static void
look_at_row(struct kit *k, struct wrote *w, const struct rk_batch *b,
            const struct rk_result *result, uint64_t i)
{
	const struct rk_outcome *o = &result->outcomes[i];
	if (o->status == RK_UNKNOWN)
		note(k, w, P_TOLD, "row %llu of a batch that went well has no outcome",
		     (unsigned long long)i + 1);
	if (o->status == RK_ARCHIVED
	    || (b->operation == RK_OP_CREATE && (o->status == RK_UPDATED)))
		note(k, w, P_FITS, "row %llu was to be written and is said to be %s",
		     (unsigned long long)i + 1,
		     o->status == RK_ARCHIVED ? "archived" : "updated");
	if (is_done(o->status) && o->id.len == 0)
		note(k, w, P_IDS, "row %llu was written and has no id", (unsigned long long)i + 1);
	for (uint64_t j = 0; j < i; j++)
		if (is_done(o->status) && text_eq(result->outcomes[j].id, o->id)
		    && o->id.len > 0)
			note(k, w, P_DIFFER, "rows %llu and %llu are said to be one record, %.*s",
			     (unsigned long long)j + 1, (unsigned long long)i + 1,
			     SHOW(o->id));
	struct rk_text id = { NULL, 0 };
	size_t there = kit_count_key(k, b->rows[i].key, &id);
	const char *key = b->rows[i].key->text.ptr;
	if (is_done(o->status) && there == 0)
		note(k, w, P_STORED, "the row of %s is said to be written, and is not there",
		     key);
	if (there > 1)
		note(k, w, P_ONCE, "row %s stands there %zu times", key, there);
	if (is_done(o->status) && there == 1 && !text_eq(id, o->id))
		note(k, w, P_TRUE, "row %s has the id %s at the CRM and %.*s in its outcome", key,
		     id.ptr, SHOW(o->id));
}

static void
look_at_batch(struct kit *k, int which)
{
	uint32_t operation = new_operation(k);
	if (operation == 0)
		return;
	if (k->wrote == NULL) {
		struct wrote *w = k->wrote = arena_new(&k->arena, struct wrote);
		struct rk_batch b = kit_batch(k, operation, k->batch < ROWS ? 1 : ROWS);
		struct rk_result result;
		int32_t status = kit_write(k, &b, &result);
		if (k->damage != NULL)
			note(k, w, P_READABLE, "%s", k->damage);
		if (status != RK_OK)
			note(k, w, P_ANSWERS, "%s", kit_told(k, status));
		for (uint64_t i = 0; status == RK_OK && i < b.row_count; i++)
			look_at_row(k, w, &b, &result, i);
	}
	if (k->wrote->fault[which] != NULL)
		kit_fail(k, "%s", k->wrote->fault[which]);
	else if (k->wrote->fault[P_ANSWERS] != NULL)
		kit_skip(k, "the batch was not answered");
}

/* ---- Batches ----------------------------------------------------------------------- */

/* Writes 'count' new rows, all of which must go well. */
static bool
write_new(struct kit *k, size_t count, struct rk_batch *b, struct rk_result *result)
{
	uint32_t operation = new_operation(k);
	if (operation == 0)
		return false;
	*b = kit_batch(k, operation, count);
	int32_t status = kit_write(k, b, result);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	for (uint64_t i = 0; status == RK_OK && i < b->row_count; i++)
		if (!is_done(result->outcomes[i].status))
			kit_fail(k, "row %llu: outcome %d, category %s: %.*s",
			         (unsigned long long)i + 1, result->outcomes[i].status,
			         err_category_name(result->outcomes[i].category),
			         (int)result->outcomes[i].message.len,
			         result->outcomes[i].message.ptr);
	return k->why == NULL;
}

static void
must_stand_once(struct kit *k, const struct rk_batch *b)
{
	for (uint64_t i = 0; i < b->row_count; i++) {
		struct rk_text id;
		size_t there = kit_count_key(k, b->rows[i].key, &id);
		if (there != 1)
			kit_fail(k, "row %s stands %zu times at the CRM, expected once",
			         b->rows[i].key->text.ptr, there);
	}
}

static void
batch_of(struct kit *k, int count)
{
	struct rk_batch b;
	struct rk_result result;
	if (write_new(k, count > 0 ? (size_t)count : (size_t)k->batch, &b, &result))
		must_stand_once(k, &b);
}

static void
empty_batch(struct kit *k, int which)
{
	(void)which;
	uint32_t operation = new_operation(k);
	struct rk_result result;
	if (operation == 0)
		return;
	struct rk_batch b = kit_batch(k, operation, 0);
	int32_t status = kit_write(k, &b, &result);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	else if (k->asked > 0)
		kit_fail(k, "a batch without rows made %u requests", k->asked);
}

/* The same rows again: the same records. */
static void
again(struct kit *k, int fresh)
{
	struct rk_batch b;
	struct rk_result first, second;
	if (!kit_can(k, "upsert") || !write_new(k, 3, &b, &first))
		return;
	if (fresh)
		kit_fresh(k);
	int32_t status = kit_write(k, &b, &second);
	if (status != RK_OK)
		kit_fail(k, "the same batch again: %s", kit_told(k, status));
	for (uint64_t i = 0; status == RK_OK && i < b.row_count; i++) {
		if (second.outcomes[i].status == RK_CREATED)
			kit_fail(k, "the same row again is said to be created");
		else if (!text_eq(first.outcomes[i].id, second.outcomes[i].id))
			kit_fail(k, "the same row again is said to be another record");
	}
	must_stand_once(k, &b);
}

/* Rows in another order: each outcome belongs to its own row. */
static void
turned(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_result first, second;
	if (!kit_can(k, "upsert") || !write_new(k, 3, &b, &first))
		return;
	if (b.row_count < 3) {
		kit_skip(k, "a batch of this object holds fewer rows");
		return;
	}
	const struct rk_row *old = b.rows;
	struct rk_row rows[3] = { old[2], old[0], old[1] };
	static const int was[3] = { 2, 0, 1 };
	b.rows = rows;
	if (kit_write(k, &b, &second) != RK_OK)
		kit_fail(k, "the same rows in another order are not taken");
	for (int i = 0; k->why == NULL && i < 3; i++)
		if (!text_eq(second.outcomes[i].id, first.outcomes[was[i]].id))
			kit_fail(k, "with the rows in another order an outcome went to another row");
}

/* ---- By id ------------------------------------------------------------------------- */

/* Makes rows, then writes to them by id. */
static bool
by_id(struct kit *k, uint32_t operation, const char *name, struct rk_batch *b,
      struct rk_result *result)
{
	struct rk_batch made;
	struct rk_result first;
	if (!kit_can(k, name) || !write_new(k, 2, &made, &first))
		return false;
	*b = made;
	b->operation = operation;
	struct rk_row *rows = arena_new_array(&k->scratch, 2, struct rk_row);
	for (size_t i = 0; i < made.row_count; i++) {
		rows[i] = made.rows[i];
		rows[i].id = arena_text(&k->scratch, first.outcomes[i].id);
		rows[i].key = NULL;
		rows[i].values = operation == RK_OP_ARCHIVE ? NULL : rows[i].values;
	}
	if (operation == RK_OP_ARCHIVE) {
		b->fields = NULL;
		b->field_count = 0;
	}
	b->key_field = NULL;
	b->rows = rows;
	int32_t status = kit_write(k, b, result);
	if (status != RK_OK)
		kit_fail(k, "%s by id: %s", name, kit_told(k, status));
	return status == RK_OK;
}

static void
update(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_result result;
	if (!by_id(k, RK_OP_UPDATE, "update", &b, &result))
		return;
	for (uint64_t i = 0; i < b.row_count; i++)
		if (result.outcomes[i].status != RK_UPDATED
		    && result.outcomes[i].status != RK_UNCHANGED)
			kit_fail(k, "row %llu was to be updated and is not: outcome %d",
			         (unsigned long long)i + 1, result.outcomes[i].status);
		else if (result.outcomes[i].id.len > 0
		         && !text_eq(result.outcomes[i].id, b.rows[i].id))
			kit_fail(k, "an update of one record is said to be of another");
}

static void
archive(struct kit *k, int again)
{
	struct rk_batch b;
	struct rk_result result;
	if (!by_id(k, RK_OP_ARCHIVE, "archive", &b, &result))
		return;
	int32_t status = again ? kit_write(k, &b, &result) : RK_OK;
	if (status == RK_BUG)
		kit_fail(k, "what is archived already: %s", kit_told(k, status));
	size_t count;
	const struct crm_record *records = kit_look(k, &count);
	for (uint64_t r = 0; r < b.row_count; r++) {
		if (!again && result.outcomes[r].status != RK_ARCHIVED)
			kit_fail(k, "row %llu was to be archived and is not: outcome %d",
			         (unsigned long long)r + 1, result.outcomes[r].status);
		for (size_t i = 0; i < count; i++)
			if (text_eq(records[i].id, b.rows[r].id) && !records[i].gone)
				kit_fail(k, "record %s still stands at the CRM", records[i].id.ptr);
	}
}

/* Neither an update nor an archive of nobody is a success. */
static void
of_nobody(struct kit *k, int which)
{
	uint32_t operation = which == 0 ? RK_OP_UPDATE : RK_OP_ARCHIVE;
	struct rk_result result;
	if (!kit_can(k, which == 0 ? "update" : "archive") || new_operation(k) == 0)
		return;
	struct rk_batch b = kit_batch(k, operation, 1);
	((struct rk_row *)(uintptr_t)b.rows)->id = TEXT_LIT("999999999");
	((struct rk_row *)(uintptr_t)b.rows)->key = NULL;
	b.key_field = NULL;
	int32_t status = kit_write(k, &b, &result);
	if (status == RK_BUG)
		kit_fail(k, "%s", kit_told(k, status));
	if (which == 0 && is_done(result.outcomes[0].status))
		kit_fail(k, "an update of a record that nobody has is said to be done");
}

/* ---- Values ------------------------------------------------------------------------ */

/* The text field to write into, beside the key; 0: there is none. */
static size_t
text_field(struct kit *k)
{
	for (size_t i = 1; i < k->field_count; i++) {
		const struct rk_field *f = &k->fields[i];
		if (f->type == RK_TEXT && (f->max_length < 0 || f->max_length >= 40)
		    && (f->flags & (RK_FIELD_UNIQUE | RK_FIELD_REQUIRED)) == 0)
			return i;
	}
	kit_skip(k, "the scenario gives no value for a text field that may be empty and "
	            "holds 40 characters");
	return 0;
}

/* Writes one row with 'value' in that field, and reads it back. */
static bool
write_value(struct kit *k, size_t field, struct rk_batch *b, const struct rk_value *value,
            struct rk_value *stored)
{
	struct rk_result result;
	struct rk_page page;
	((struct rk_value *)(uintptr_t)b->rows[0].values)[field] = *value;
	int32_t status = kit_write(k, b, &result);
	if (status != RK_OK || !is_done(result.outcomes[0].status)) {
		kit_fail(k, "the row was not written: %s %.*s", kit_told(k, status),
		         (int)result.outcomes[0].message.len, result.outcomes[0].message.ptr);
		return false;
	}
	if (!manifest_can(k->object, "ids")) {
		kit_skip(k, "without \"ids\" it cannot be read back at once");
		return false;
	}
	struct rk_query q = kit_query(k);
	struct rk_text id = arena_text(&k->scratch, result.outcomes[0].id);
	q.mode = RK_BY_IDS;
	q.values = &id;
	q.value_count = q.limit = 1;
	q.fields = &k->fields[field];
	q.field_count = 1;
	status = kit_list(k, &q, &page);
	if (status != RK_OK || page.record_count != 1) {
		kit_fail(k, "what was written cannot be read by its id: %s", kit_told(k, status));
		return false;
	}
	*stored = page.records[0].values[0];
	return true;
}

static const char *
json_kind(const cJSON *item)
{
	return cJSON_IsBool(item) ? "boolean" : cJSON_IsNumber(item) ? "number"
	       : cJSON_IsString(item) ? "string" : cJSON_IsArray(item) ? "array" : "object";
}

static void
round_trip(struct kit *k, int which)
{
	static const char *const texts[] = {
		"plain", "\xE5\xB1\xB1\xE7\x94\xB0\xE3\x80\x80\xE5\xA4\xAA\xE9\x83\x8E",
		"smile \xF0\x9F\x98\x80 end", "\"quoted\" and \\ back", "<b>&amp;</b>",
		"0012.50", "100% = $5 ${token}", "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7",
	};
	uint32_t operation = new_operation(k);
	size_t field = operation != 0 ? text_field(k) : 0;
	if (field == 0)
		return;
	struct rk_batch b = kit_batch(k, operation, 1);
	struct rk_value value = { .type = RK_TEXT, .text = text_of(texts[which]) }, stored;
	if (write_value(k, field, &b, &value, &stored) && !value_eq(&stored, &value))
		kit_fail(k, "\"%s\" was written and \"%.*s\" is read", texts[which],
		         (int)stored.text.len, stored.text.ptr);
}

/* The JSON that the scenario's records have for a field. */
static const char *
kind_of_value(const char *text)
{
	cJSON *item = strncmp(text, "json:", 5) == 0 ? cJSON_Parse(text + 5) : NULL;
	const char *kind = item != NULL ? json_kind(item) : "string";
	cJSON_Delete(item);
	return kind;
}

/* true, 12.5 and "text" are three things to a CRM: what is stored has the type that the
 * scenario's own records have. */
static void
json_types(struct kit *k, int which)
{
	(void)which;
	const struct scenario *s = k->options->scenario;
	struct rk_batch b;
	struct rk_result result;
	size_t count;
	if (s->simulator != NULL) {
		kit_skip(k, "a simulator judges types itself");
		return;
	}
	if (!write_new(k, 1, &b, &result))
		return;
	const struct crm_record *records = kit_look(k, &count);
	for (size_t i = 0; i < count * s->value_count; i++) {
		const struct crm_record *r = &records[i / s->value_count];
		const struct config_pair *had = &s->values[i % s->value_count];
		const cJSON *now = cJSON_GetObjectItemCaseSensitive(r->values, had->from);
		if (!text_eq(r->id, result.outcomes[0].id) || now == NULL || cJSON_IsNull(now))
			continue;
		const char *want = kind_of_value(scenario_numbered(had->to, 7, &k->scratch));
		if (strcmp(json_kind(now), want) != 0)
			kit_fail(k, "the field %s is written as a JSON %s, where the scenario's "
			         "records have a %s", had->from, json_kind(now), want);
	}
}

/* Null clears; absent leaves alone. */
static void
nothing(struct kit *k, int type)
{
	size_t field = kit_can(k, "upsert") && new_operation(k) != 0 ? text_field(k) : 0;
	if (field == 0)
		return;
	struct rk_batch b = kit_batch(k, RK_OP_UPSERT, 1);
	struct rk_value value = { .type = RK_TEXT, .text = TEXT_LIT("something") }, stored;
	if (!write_value(k, field, &b, &value, &stored))
		return;
	value = (struct rk_value){ .type = (uint32_t)type };
	if (!write_value(k, field, &b, &value, &stored))
		return;
	bool empty = value_is_empty(&stored);
	if (type == RK_NULL && !empty)
		kit_fail(k, "null was written and the old value still stands");
	if (type == RK_ABSENT && empty)
		kit_fail(k, "the value was left out of the row and is gone at the CRM");
}

/* An update by id changes that record, and leaves one. */
static void
update_stored(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_result result;
	struct rk_value value = { .type = RK_TEXT, .text = TEXT_LIT("changed later") }, stored;
	size_t field = kit_can(k, "update") ? text_field(k) : 0;
	if (field == 0 || !by_id(k, RK_OP_UPDATE, "update", &b, &result))
		return;
	b.row_count = 1;
	if (!write_value(k, field, &b, &value, &stored))
		return;
	if (!value_eq(&stored, &value))
		kit_fail(k, "a record was updated by id and the old value still stands");
}

/* ---- Versions ---------------------------------------------------------------------- */

/* The version that the record has now; empty: none is told. */
static struct rk_text
version_of(struct kit *k, struct rk_text id)
{
	struct rk_query q = kit_query(k);
	struct rk_page page;
	q.mode = RK_BY_IDS;
	q.values = &id;
	q.value_count = q.limit = 1;
	int32_t status = kit_list(k, &q, &page);
	if (status == RK_OK && page.record_count == 1 && page.records[0].version.len > 0)
		return arena_text(&k->scratch, page.records[0].version);
	kit_fail(k, "a record is listed without its version: %s", kit_told(k, status));
	return (struct rk_text){ NULL, 0 };
}

/* A row that expects a version is written to that one alone: who was quicker is not
 * written over. */
static void
expects_version(struct kit *k, int changed)
{
	struct rk_batch b;
	struct rk_result result;
	if (!k->options->scenario->versions)
		kit_skip(k, "the scenario says nothing of \"versions\"");
	if (k->why != NULL || !kit_can(k, "ids")
	    || !by_id(k, RK_OP_UPDATE, "update", &b, &result))
		return;
	struct rk_row *row = (struct rk_row *)(uintptr_t)b.rows;
	b.row_count = 1;
	row->version = version_of(k, row->id);
	if (k->why == NULL && changed && !k->crm->edit(k->crm, row->id))
		kit_skip(k, "nobody can change records of this CRM from behind");
	if (k->why != NULL)
		return;
	struct rk_text before = version_of(k, row->id);
	int32_t status = kit_write(k, &b, &result), outcome = result.outcomes[0].status;
	if (!changed && !is_done(outcome))
		kit_fail(k, "a row that expects the version that stands: %s, outcome %d",
		         kit_told(k, status), outcome);
	else if (changed && outcome != RK_CONFLICT)
		kit_fail(k, "a row that expects an older version: %s, outcome %d",
		         kit_told(k, status), outcome);
	else if (changed && !text_eq(before, version_of(k, row->id)))
		kit_fail(k, "a row that expects an older version was written");
}

/* ---- Refused rows ------------------------------------------------------------------ */

/* The place of the field whose value the scenario says is refused. */
static size_t
refused_field(struct kit *k, struct rk_value *value)
{
	const struct scenario *s = k->options->scenario;
	for (size_t i = 0; s->refuse_count > 0 && i < k->field_count; i++)
		if (text_is(k->fields[i].name, s->refuses[0].from)) {
			*value = (struct rk_value){ .type = k->fields[i].type,
				.text = text_of(s->refuses[0].to) };
			return i;
		}
	kit_skip(k, "the scenario names no value that the CRM refuses");
	return SIZE_MAX;
}

static bool
bad_batch(struct kit *k, size_t count, struct rk_batch *b)
{
	struct rk_value value;
	uint32_t operation = new_operation(k);
	size_t field = operation != 0 ? refused_field(k, &value) : SIZE_MAX;
	if (field == SIZE_MAX)
		return false;
	*b = kit_batch(k, operation, count);
	((struct rk_value *)(uintptr_t)b->rows[count / 2].values)[field] = value;
	if (b->row_count < count)
		kit_skip(k, "a batch of this object holds fewer rows");
	return b->row_count == count;
}

enum { REFUSED_ROW, REFUSED_CATEGORY, REFUSED_WORDS, REFUSED_FIELD };

static void
refused_alone(struct kit *k, int which)
{
	struct rk_batch b;
	struct rk_result result;
	if (!bad_batch(k, 1, &b))
		return;
	int32_t status = kit_write(k, &b, &result);
	const struct rk_outcome *o = &result.outcomes[0];
	bool whole = status == RK_REJECT;
	if (!(status == RK_OK && o->status == RK_REJECTED) && !whole)
		kit_fail(k, "a row that the CRM refuses: %s, outcome %d", kit_told(k, status),
		         o->status);
	int32_t category = whole ? k->err.category : o->category;
	if (which == REFUSED_CATEGORY
	    && (category < RK_CAT_ASSOCIATION || category > RK_CAT_OTHER))
		kit_fail(k, "the refusal has the category %s, which is none of a record",
		         err_category_name(category));
	if (which == REFUSED_WORDS && (whole ? text_of(k->err.message) : o->message).len == 0)
		kit_fail(k, "the refusal says nothing");
	if (which == REFUSED_FIELD && (whole ? text_of(k->err.field) : o->field).len == 0)
		kit_fail(k, "the refusal does not name the field");
}

/* Among good rows: only the bad one is refused, or nothing at all was stored. */
static void
refused_among(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_result result;
	if (!bad_batch(k, 3, &b))
		return;
	int32_t status = kit_write(k, &b, &result);
	for (uint64_t i = 0; i < 3; i++) {
		int32_t effect = kit_effect(k, status, &result.outcomes[i]);
		struct rk_text id;
		size_t there = kit_count_key(k, b.rows[i].key, &id);
		if (is_done(effect) && there != 1)
			kit_fail(k, "row %llu is said to be written, and is not there",
			         (unsigned long long)i + 1);
		if ((effect == RK_REJECTED || effect == RK_RETRY) && there > 0)
			kit_fail(k, "row %llu is said not to be written, and is there",
			         (unsigned long long)i + 1);
		if (effect == RK_UNKNOWN)
			kit_fail(k, "row %llu has no outcome, though the CRM answered: %s",
			         (unsigned long long)i + 1, kit_told(k, status));
		if (i != 1 && effect == RK_REJECTED)
			kit_fail(k, "row %llu is refused for the fault of row 2",
			         (unsigned long long)i + 1);
		if (i == 1 && is_done(effect))
			kit_fail(k, "row 2 is refused by the CRM, and said to be written");
	}
}

/* ---- What cannot be done ----------------------------------------------------------- */

enum { NO_KEY, NO_OBJECT };

static void
impossible(struct kit *k, int which)
{
	struct rk_result result;
	if (new_operation(k) == 0 || (which == NO_KEY && !kit_can(k, "upsert")))
		return;
	struct rk_batch b = kit_batch(k, RK_OP_UPSERT, 1);
	if (which == NO_KEY) {
		b.key_field = NULL;
		((struct rk_row *)(uintptr_t)b.rows)->key = NULL;
	}
	if (which == NO_OBJECT)
		b.object = TEXT_LIT("999999999");
	int32_t status = kit_write(k, &b, &result);
	if (status == RK_OK && is_done(result.outcomes[0].status))
		kit_fail(k, "what cannot be done is said to be done");
}

/* ---- Jobs -------------------------------------------------------------------------- */

/* Gives a batch that is taken as a job. */
static bool
begin_job(struct kit *k, struct rk_batch *b)
{
	struct rk_result result;
	uint32_t operation = new_operation(k);
	if (operation == 0)
		return false;
	*b = kit_batch(k, operation, 2);
	int32_t status = kit_write_once(k, b, &result);
	b->token = arena_text(&k->scratch, result.token);
	if (status == RK_OK)
		kit_skip(k, "a batch is answered at once, without a job");
	else if (status != RK_PENDING)
		kit_fail(k, "%s", kit_told(k, status));
	else if (b->token.len == 0 || result.wait_ms < 0)
		kit_fail(k, "a job has no token, or a time to wait that is none");
	kit_fresh(k);
	return k->why == NULL;
}

/* What became of the rows nobody has told: they are neither done nor surely not. */
static void
must_be_open(struct kit *k, int32_t status, const struct rk_result *result,
             const char *after)
{
	if (status == RK_OK)
		kit_fail(k, "the call says that all is well after %s", after);
	for (uint64_t i = 0; i < 2; i++)
		if (kit_effect(k, status, &result->outcomes[i]) != RK_UNKNOWN)
			kit_fail(k, "after %s row %llu of the job is said to be done, or surely "
			         "not; set err->maybe_sent", after, (unsigned long long)i + 1);
}

enum { JOB_ENDS, JOB_TWICE, JOB_LOST, JOB_STRANGE };

static void
ask_for_job(struct kit *k, const struct rk_batch *b, int times)
{
	struct rk_result first, second;
	int32_t status = kit_write(k, b, &first);
	if (status != RK_OK || !is_done(first.outcomes[0].status)
	    || !is_done(first.outcomes[1].status))
		kit_fail(k, "a job came to its end without its rows: %s", kit_told(k, status));
	if (times > 1)
		status = kit_write(k, b, &second);
	for (uint64_t i = 0; times > 1 && i < b->row_count; i++)
		if (status != RK_OK || !text_eq(first.outcomes[i].id, second.outcomes[i].id))
			kit_fail(k, "asked again, a job that ended tells something else: %s",
			         kit_told(k, status));
	must_stand_once(k, b);
}

static void
job(struct kit *k, int which)
{
	struct rk_batch b;
	struct rk_result result;
	if (!begin_job(k, &b))
		return;
	if (which == JOB_ENDS || which == JOB_TWICE) {
		ask_for_job(k, &b, which == JOB_TWICE ? 2 : 1);
		return;
	}
	if (which == JOB_STRANGE)
		b.token = TEXT_LIT("no-such-job/..%00\"{}");
	else if (k->crm->forget == NULL || !k->crm->forget(k->crm))
		kit_skip(k, "the CRM cannot lose a job");
	if (k->why == NULL) {
		int32_t status = kit_write(k, &b, &result);
		must_be_open(k, status, &result, "a job that is lost");
	}
}

/* What may happen to a question about a job says nothing of its rows. */
static void
job_fault(struct kit *k, int which)
{
	static const struct fault faults[] = {
		{ "a refused connection", .body = "" },
		{ "HTTP 500", .http = 500, .body = "{}" },
		{ "HTTP 401", .http = 401, .body = "{}" },
		{ "HTTP 429", .http = 429, .body = "{}" },
		{ "a web page", .http = 200, .body = "<html></html>", .type = "text/html" },
	};
	struct rk_batch b;
	struct rk_result result;
	(void)which;
	for (size_t i = 0; i < sizeof faults / sizeof *faults && begin_job(k, &b); i++) {
		k->fault = &faults[i];
		int32_t status = kit_write_once(k, &b, &result);
		k->fault = NULL;
		must_be_open(k, status, &result, faults[i].name);
	}
}

/* ---- The class --------------------------------------------------------------------- */

static const struct fault lost = { "a lost answer", .after = true, .body = "" };

/* Writes rows whose answer is lost. */
static bool
lose(struct kit *k, uint32_t operation, struct rk_batch *b)
{
	struct rk_result result;
	*b = kit_batch(k, operation, 2);
	k->fault = &lost;
	int32_t status = kit_write(k, b, &result);
	k->fault = NULL;
	if (!k->met) {
		kit_fail(k, "it wrote nothing: %s", kit_told(k, status));
		return false;
	}
	for (uint64_t i = 0; i < b->row_count; i++)
		if (kit_effect(k, status, &result.outcomes[i]) != RK_UNKNOWN)
			kit_fail(k, "the answer was lost, and row %llu is said to have an outcome",
			         (unsigned long long)i + 1);
	return k->why == NULL;
}

static void
prove(struct kit *k, int class)
{
	if (k->proved == 0 || class < k->proved)
		k->proved = class;
}

/* E1: the same body again, at once, leaves one record. */
static void
lost_and_again(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_result result;
	if (!kit_can(k, "upsert") || new_operation(k) == 0)
		return;
	prove(k, 4);
	if (!lose(k, RK_OP_UPSERT, &b))
		return;
	kit_fresh(k);
	int32_t status = kit_write(k, &b, &result);
	if (status != RK_OK)
		kit_fail(k, "the same rows again: %s", kit_told(k, status));
	must_stand_once(k, &b);
	if (k->why == NULL)
		prove(k, 1);
}

/* E3: after the wait a look-up by key finds what was created. */
static void
lost_and_found(struct kit *k, int which)
{
	(void)which;
	struct rk_batch b;
	struct rk_page page;
	if (!kit_can(k, "create") || !kit_can(k, "field") || new_operation(k) == 0)
		return;
	prove(k, 4);
	if (!lose(k, RK_OP_CREATE, &b))
		return;
	kit_fresh(k);
	struct rk_query q = kit_query(k);
	q.mode = RK_BY_FIELD;
	q.field = k->key->name;
	q.values = &b.rows[0].key->text;
	q.value_count = 1;
	int64_t most = clock_mono_ms() + k->settings.lags.t_visible_ms;
	int32_t status;
	do
		status = kit_list(k, &q, &page);
	while (status == RK_OK && page.record_count == 0 && clock_mono_ms() < most);
	if (status != RK_OK)
		kit_fail(k, "the look-up by key: %s", kit_told(k, status));
	else if (page.record_count != 1)
		kit_fail(k, "what was created is found %llu times by its key, expected once",
		         (unsigned long long)page.record_count);
	else
		prove(k, 3);
}

static void
class_holds(struct kit *k, int which)
{
	(void)which;
	int claimed = k->object->guarantee + 1;
	if (k->proved == 0)
		kit_skip(k, "nothing is created");
	else if (k->proved > claimed)
		kit_fail(k, "E%d is claimed and E%d is proved", claimed, k->proved);
}

#define ROW(id, fn, number, en, ja) CASE("write." id, fn, number, en, ja)

static const struct certify_case cases[] = {
	ROW("answers", look_at_batch, P_ANSWERS, "a batch is answered", "一括書込が返る"),
	ROW("readable", look_at_batch, P_READABLE, "its outcomes can be read", "結果を読める"),
	ROW("told", look_at_batch, P_TOLD, "every row has an outcome", "全行に結果がある"),
	ROW("fits", look_at_batch, P_FITS, "outcomes fit what was asked", "結果が操作と合う"),
	ROW("ids", look_at_batch, P_IDS, "every row that was written has an id",
	    "書き込んだ行に ID がある"),
	ROW("ids-differ", look_at_batch, P_DIFFER, "no two rows are one record",
	    "2 行が同じレコードにならない"),
	ROW("stored", look_at_batch, P_STORED, "what is said to be written stands there",
	    "書いたものが CRM にある"),
	ROW("stored-once", look_at_batch, P_ONCE, "it stands there once", "1 件だけある"),
	ROW("true-ids", look_at_batch, P_TRUE, "ids are those of the CRM", "ID が CRM と合う"),
	ROW("one-row", batch_of, 1, "a batch of one row", "1 行の一括"),
	ROW("full-batch", batch_of, 0, "a batch of the declared size", "宣言した件数の一括"),
	ROW("no-rows", empty_batch, 0, "a batch without rows asks for nothing",
	    "0 行では何も送らない"),
	ROW("again", again, 0, "the same rows again are the same records",
	    "同じ行は同じレコードになる"),
	ROW("again-fresh", again, 1, "also by a new process", "新しいプロセスでも同じ"),
	ROW("order", turned, 0, "each outcome belongs to its row", "結果が自分の行に付く"),
	ROW("update", update, 0, "records are updated by id", "ID で更新する"),
	ROW("update-stored", update_stored, 0, "what is updated by id stands there",
	    "ID で更新した値が CRM にある"),
	ROW("version", expects_version, 0, "a version that stands is written to",
	    "現在の版なら書き込める"),
	ROW("conflict", expects_version, 1, "an older one is a conflict, and not written over",
	    "古い版は競合になり上書きしない"),
	ROW("archive", archive, 0, "records are archived by id", "ID でアーカイブする"),
	ROW("archive-again", archive, 1, "to archive again does no harm",
	    "再アーカイブで害がない"),
	ROW("update-nobody", of_nobody, 0, "an update of nobody is no success",
	    "存在しない更新は成功でない"),
	ROW("archive-nobody", of_nobody, 1, "nor is it a fault of the connector",
	    "存在しないアーカイブ"),
	ROW("plain", round_trip, 0, "a text comes back as it was written", "文字列が戻る"),
	ROW("japanese", round_trip, 1, "so does Japanese", "日本語が戻る"),
	ROW("emoji", round_trip, 2, "so does an emoji", "絵文字が戻る"),
	ROW("quotes", round_trip, 3, "so do quotes and backslashes", "引用符と逆斜線が戻る"),
	ROW("markup", round_trip, 4, "so does markup", "タグが戻る"),
	ROW("digits", round_trip, 5, "so do digits in a text", "数字の文字列が戻る"),
	ROW("signs", round_trip, 6, "so do signs that templates use", "記号が戻る"),
	ROW("right-to-left", round_trip, 7, "so does Arabic", "アラビア文字が戻る"),
	ROW("json-types", json_types, 0, "values are written as the CRM's own JSON types",
	    "値の JSON の型が CRM と合う"),
	ROW("null", nothing, RK_NULL, "null clears a value", "null で値が消える"),
	ROW("absent", nothing, RK_ABSENT, "absent leaves it alone", "absent で値が残る"),
	ROW("refused", refused_alone, REFUSED_ROW, "a bad row is refused", "不正な行が拒否される"),
	ROW("refused-category", refused_alone, REFUSED_CATEGORY, "with a category of a record",
	    "レコードの分類がある"),
	ROW("refused-words", refused_alone, REFUSED_WORDS, "with the CRM's words",
	    "CRM の文言がある"),
	{ .name = "write.refused-field", .run = refused_alone, .which = REFUSED_FIELD,
	  .advice = true, .what = "with the field", .what_ja = "フィールドがある" },
	ROW("refused-among", refused_among, 0, "among good rows only the bad one is refused",
	    "不正な行だけが拒否される"),
	ROW("job-ends", job, JOB_ENDS, "a job tells its rows to a new process",
	    "ジョブの結果を新しいプロセスで読める"),
	ROW("job-twice", job, JOB_TWICE, "asked again it tells the same", "再度尋ねても同じ"),
	ROW("job-lost", job, JOB_LOST, "a job that is lost leaves its rows open",
	    "失われたジョブの行を未確定にする"),
	ROW("job-strange", job, JOB_STRANGE, "so does a token that is no job's",
	    "不明なトークンでも未確定にする"),
	ROW("job-faults", job_fault, 0, "so does a question that went wrong",
	    "問い合わせの失敗でも未確定にする"),
	ROW("no-key", impossible, NO_KEY, "an upsert without a key is not done",
	    "キーなしの upsert をしない"),
	ROW("unknown-object", impossible, NO_OBJECT, "an unknown object is not written to",
	    "未知のオブジェクトに書かない"),
	ROW("lost-and-again", lost_and_again, 0, "after a lost answer the same rows go again",
	    "応答喪失後に再送できる"),
	ROW("lost-and-found", lost_and_found, 0, "after a lost answer the key finds the record",
	    "応答喪失後にキーで見つかる"),
	ROW("class", class_holds, 0, "the class that is claimed is proved",
	    "宣言した保証クラスが証明される"),
};

const struct certify_group group_write = { "write", cases, sizeof cases / sizeof *cases };
