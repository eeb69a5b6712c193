/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - one way to ask a side for records, and to look at the page it gives.
 * A failure is the side's: it waits, tries again, or stops. */
#include "base/err.h"
#include "base/text.h"
#include "record/hash.h"
#include "sync/state.h"

bool
ask_answered(struct caller *caller, struct runner_answer *answer)
{
	if (!caller->asked || !session_poll(&caller->session, answer))
		return false;
	caller->asked = false;
	return true;
}

bool
ask_list(struct run *run, struct caller *caller, const char *name, struct rk_query *query)
{
	struct session_object object;
	struct rk_err err;
	int32_t status = session_object(&caller->session, name, &object, &err);
	if (status == RK_OK) {
		query->object = text_of(object.name);
		if (query->limit == 0)
			query->limit = (uint64_t)object.page;
		status = session_ask_list(&caller->session, &object, query, &err);
	}
	caller->asked = status == RK_OK;
	if (!caller->asked)
		run_call_failed(run, caller, status, &err, false);
	return caller->asked;
}

/* What is wrong with the records alone; 'mark' is made of what they are.  Two ids or
 * values that were asked for may be one record. */
static const char *
records_fault(const struct rk_page *page, bool listed, uint64_t *mark)
{
	struct set ids = { 0 };
	const char *fault = NULL;
	*mark = page->record_count;
	for (uint64_t i = 0; i < page->record_count; i++) {
		const struct rk_record *record = &page->records[i];
		int64_t id = hash_mark(record->id);
		if (record->id.len == 0 || record->values == NULL)
			fault = "it gave a record without id or values";
		else if (listed && set_has(&ids, id))
			fault = "it gave the same record twice on one page";
		set_add(&ids, id);
		*mark = *mark * 31 + (uint64_t)id + (uint64_t)record->modified_ms;
	}
	set_free(&ids);
	return fault;
}

/* A listing must come to an end: neither its tokens nor its pages may go round. */
static const char *
listing_fault(struct run *run, const struct rk_page *page, uint64_t mark)
{
	if (!page->more) {
		run->tokens = run->contents = (struct rk_circle){ 0 };
		return NULL;
	}
	if (page->wait_ms == 0 &&
	    rk_circle_closes(&run->tokens, (uint64_t)hash_mark(page->token)))
		return "it gave the same token twice: the listing makes no progress";
	if (page->record_count > 0 && rk_circle_closes(&run->contents, mark))
		return "it gave the same page twice: the listing makes no progress";
	return NULL;
}

/* What a connector may not answer, in words; NULL: sound. */
static const char *
page_fault(struct run *run, const struct rk_page *page, const struct rk_text *token)
{
	uint64_t mark;
	if (page->more && page->token.len == 0)
		return "it says that another page follows, but gives no token for it";
	if (page->more && token == NULL)
		return "it was asked for certain records and says that a page follows";
	const char *fault = records_fault(page, token != NULL, &mark);
	if (fault != NULL || token == NULL)
		return fault;
	return listing_fault(run, page, mark);
}

bool
ask_take_page(struct run *run, const struct caller *caller,
              const struct runner_answer *answer, size_t value_count,
              const struct rk_text *token, struct arena *arena,
              struct rk_page *page)
{
	if (answer->status != RK_OK) {
		run_call_failed(run, caller, answer->status, &answer->err, answer->ended);
		return false;
	}
	struct rk_text bytes = arena_text(arena, answer->bytes);
	const char *fault = record_decode_page(bytes, arena, value_count, page)
	                            ? page_fault(run, page, token) : "its page is damaged";
	if (fault == NULL) {
		caller->side->failures = 0;
		return true;
	}
	struct rk_err err;
	err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: %s",
	        caller->session.connection->connector, fault);
	run_call_failed(run, caller, RK_BUG, &err, false);
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
