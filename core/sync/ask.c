/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - one way to ask a side for records, and to look at the page it gives.
 * A failure is the side's: it waits, tries again, or stops. */
#include "base/err.h"
#include "base/text.h"
#include "sync/state.h"

bool
ask_list(struct run *run, struct side *side, const char *name, struct rk_query *query)
{
	struct session_object object;
	struct rk_err err;
	int32_t status = session_object(&side->session, name, &object, &err);
	if (status == RK_OK) {
		query->object = text_of(object.name);
		if (query->limit == 0)
			query->limit = (uint64_t)object.page;
		status = session_ask_list(&side->session, &object, query, &err);
	}
	side->asked = status == RK_OK;
	if (!side->asked)
		run_side_failed(run, side, status, &err, false);
	return side->asked;
}

/* What a connector may not answer, in words; NULL: sound. */
static const char *
page_fault(const struct rk_page *page, const struct rk_text *token)
{
	if (page->more && page->token.len == 0)
		return "it says that another page follows, but gives no token for it";
	if (page->more && token == NULL)
		return "it was asked for certain records and says that a page follows";
	if (page->more && page->wait_ms == 0 && text_eq(page->token, *token))
		return "it gave the same token twice: the listing makes no progress";
	for (uint64_t i = 0; i < page->record_count; i++)
		if (page->records[i].id.len == 0 || page->records[i].values == NULL)
			return "it gave a record without id or values";
	return NULL;
}

bool
ask_take_page(struct run *run, struct side *side, const struct runner_answer *answer,
              size_t value_count, const struct rk_text *token, struct arena *arena,
              struct rk_page *page)
{
	if (answer->status != RK_OK) {
		run_side_failed(run, side, answer->status, &answer->err, answer->ended);
		return false;
	}
	struct rk_text bytes = arena_text(arena, answer->bytes);
	const char *fault = record_decode_page(bytes, arena, value_count, page)
	                            ? page_fault(page, token) : "its page is damaged";
	if (fault == NULL) {
		side->failures = 0;
		return true;
	}
	struct rk_err err;
	err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: %s",
	        side->session.connection->connector, fault);
	run_side_failed(run, side, RK_BUG, &err, false);
	return false;
}

const struct rk_record *
ask_find(const struct rk_page *page, struct rk_text id)
{
	for (uint64_t i = 0; i < page->record_count; i++)
		if (text_eq(page->records[i].id, id))
			return &page->records[i];
	return NULL;
}
