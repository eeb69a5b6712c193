/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_ask.c - asks the target for the one record that a person's decision is about.
 * What is listed for a sync is the run's business. */
#include "base/err.h"
#include "base/text.h"
#include "cli/errors.h"
#include "record/record.h"

#define SCHEMA_AGE_MS 3600000          /* As old as a run takes it. */

static const struct rk_field *
field_of(const struct rk_schema *schema, struct rk_text name)
{
	for (uint64_t i = 0; i < schema->field_count; i++)
		if (text_eq(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

static int32_t
ask(struct errors_place *place, const struct session_object *object,
    const struct rk_query *query, struct rk_record *record, struct rk_err *err)
{
	struct arena *arena = &place->app->arena;
	struct runner_answer answer = { 0 };
	struct rk_page page;
	int32_t status = session_ask_list(&place->to, object, query, err);
	if (status != RK_OK)
		return status;
	session_wait(&place->to, &answer);
	*err = answer.err;
	if (answer.status != RK_OK)
		return answer.status;
	if (!record_decode_page(arena_text(arena, answer.bytes), arena, query->field_count,
	                        &page))
		return err_set(err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: its "
		               "page is damaged", place->to.connection->connector);
	if (page.record_count > 0 && page.records[0].values != NULL)
		*record = page.records[0];
	return RK_OK;
}

int32_t
errors_ask(struct errors_place *place, uint32_t mode, struct rk_text field,
           struct rk_text value, struct rk_record *record, struct rk_err *err)
{
	const char *name = place->sync->to.object;
	struct session_object object;
	struct rk_schema schema;
	*record = (struct rk_record){ 0 };
	int32_t status = RK_OK;
	/* Once more, for what was wrong. */
	if (errors_session(place, true) == NULL)
		status = session_open(&place->to, &place->app->world,
		                      place->sync->to.connection, err);
	if (status != RK_OK)
		return status;
	place->has_to = true;
	status = session_object(&place->to, name, &object, err);
	if (status == RK_OK)
		status = session_schema(&place->to, name, SCHEMA_AGE_MS,
		                        &place->app->arena, &schema, err);
	if (status != RK_OK)
		return status;
	struct rk_query query = {
		.struct_size = sizeof query, .mode = mode, .object = text_of(name),
		.fields = field_of(&schema, field), .field_count = 1, .values = &value,
		.value_count = 1, .limit = 2, .since_ms = RK_NO_TIME,
		.until_ms = RK_NO_TIME };
	if (mode == RK_BY_FIELD)
		query.field = field;
	return query.fields == NULL ? RK_OK : ask(place, &object, &query, record, err);
}
