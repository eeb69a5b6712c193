/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict.c - what an answer to a call of upsert says of the call as a whole, and
 * whether its outcomes can be believed at all. */
#include "base/err.h"
#include "sync/state.h"

/* Whether an outcome claims what its operation cannot bring about. */
static bool
is_lie(const struct item *item, const struct rk_outcome *outcome)
{
	switch (outcome->status) {
	case RK_CREATED:
		return item->operation == RK_OP_UPDATE || outcome->id.len == 0;
	case RK_UPDATED:
	case RK_UNCHANGED:
		return item->operation == RK_OP_CREATE
		       || (outcome->id.len == 0 && item->to_id.len == 0);
	case RK_ARCHIVED:
		return item->operation != RK_OP_ARCHIVE;
	default:
		return false;
	}
}

/* What the outcomes of a batch may not claim together, in words; NULL: sound. */
static const char *
outcomes_fault(const struct writer *writer, const struct rk_result *result,
               int32_t status)
{
	struct set created = { 0 };
	const char *fault = NULL;
	const struct rk_outcome *outcome = result->outcomes;
	bool silent = status == RK_OK;
	for (const struct item *item = writer->flight.items.first; item != NULL;
	     item = item->next) {
		silent &= outcome->status == RK_UNKNOWN;
		int64_t id = hash_mark(outcome->id);
		if (is_lie(item, outcome))
			fault = "an outcome does not fit what was asked";
		else if (outcome->status == RK_CREATED && set_has(&created, id))
			fault = "two rows are said to have created one record";
		if (outcome->status == RK_CREATED)
			set_add(&created, id);
		outcome++;
	}
	set_free(&created);
	return fault == NULL && silent ? "it says that all is well and tells no outcome" : fault;
}

void
verdict_of(const struct run *run, const struct writer *writer,
           const struct runner_answer *answer, struct arena *arena,
           struct rk_result *result, struct verdict *call)
{
	const char *fault = NULL;
	*call = (struct verdict){ .status = answer->status, .err = answer->err,
	                          .lane = writer->flight.lane,
	                          .rows = writer->flight.items.count };
	if (writer->flight.batch.token.len > 0) {
		call->lands_ms = writer->flight.batch.hold_until_ms;
		call->err.maybe_sent = 1;
	}
	if (!answer->ended
	    && !record_decode_outcomes(answer->bytes, arena, call->rows,
	                               gone_field_count(run, call->lane), result))
		fault = "its outcomes are damaged";
	else if (call->status == RK_PENDING && result->token.len == 0)
		fault = "it began a job and gave no token for it";
	else if (result->outcomes != NULL && call->status != RK_PENDING)
		fault = outcomes_fault(writer, result, call->status);
	if (fault != NULL) {
		call->status = err_set(&call->err, RK_BUG, RK_CAT_BUG, "connector %s broke the "
		                       "contract: %s",
		                       writer->caller.session.connection->connector, fault);
		call->err.maybe_sent = 1;
		result->outcomes = NULL;
	}
	call->only_again = result->outcomes != NULL;
	for (size_t i = 0; result->outcomes != NULL && i < call->rows; i++) {
		int32_t status = result->outcomes[i].status;
		call->culprit_named |= status == RK_REJECTED;
		call->only_again &= status == RK_RETRY;
		call->told |= status != RK_UNKNOWN;
		call->decided |= status != RK_RETRY && status != RK_UNKNOWN;
	}
}
