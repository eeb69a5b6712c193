/* SPDX-License-Identifier: Apache-2.0
 *
 * blame.c - a batch failed as a whole, with an error that passes: is the CRM in trouble,
 * or is it one record on which it always fails?  write.c asks after each answer.
 *
 * After two failures rows go on in halves (blame_most), in later runs too, for pending
 * remembers how often they failed.  Whoever fails alone often enough is to blame if the
 * CRM is well otherwise: it took other records in this run, or this record is the only
 * trouble; and it answers when it is asked for its fields.  So a CRM that is down makes
 * no record an error, and a record that it cannot bear does not stop a sync. */
#include "base/text.h"
#include "sync/state.h"

/* Failures of a row after which it may be to blame if it did not happen for sure. */
#define TRIES_SURE 4

bool
blame_is_known(const struct pending *row)
{
	return text_eq(row->code, TEXT_LIT(RK_CODE_NEVER_TAKEN))
	       || text_eq(row->code, TEXT_LIT(RK_CODE_NO_OUTCOME));
}

/* A whole batch twice, then half as many each time. */
static size_t
most_after(const struct run *run, int64_t tries)
{
	size_t most = tries > 16 ? 0 : run->batch_max >> (tries > 1 ? tries - 1 : 0);
	return most > 0 ? most : 1;
}

size_t
blame_most(const struct run *run, const struct item *item)
{
	return blame_is_known(&item->pending) ? 1 : most_after(run, item->tries);
}

int64_t
blame_count(const struct run *run, int64_t tries, size_t rows)
{
	tries++;
	while (tries > 1 && most_after(run, tries) > 1 && most_after(run, tries) > rows / 2)
		tries++;
	return tries;
}

/* What the CRM says of the account or of its limits is said of no record. */
static bool
may_be_a_row(const struct verdict *call)
{
	switch (call->err.category) {
	case RK_CAT_AUTH:
	case RK_CAT_CONFIG:
	case RK_CAT_QUOTA:
	case RK_CAT_RATE_LIMIT:
		return call->status == RK_OK && call->only_again;
	default:
		return call->status == RK_AGAIN || call->status == RK_BUG || call->only_again;
	}
}

/* Notes whom the failures in a row are about.  True: one record, and there is no other to
 * try the target with. */
static bool
is_only_trouble(const struct run *run, struct side *side, const struct verdict *call,
                const struct item *item)
{
	int64_t id = call->rows == 1 ? hash_mark(item->record->id) : 0;
	side->suspect = side->failures == 0 || side->suspect == id ? id : 0;
	return side->suspect != 0 && run->record_count == 1;
}

static bool
target_answers(struct run *run, struct writer *writer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_schema schema;
	struct rk_err err;
	return session_schema(&writer->caller.session, run->sync->to.object, 0, &arena,
	                      &schema, &err) == RK_OK;
}

void
blame(struct run *run, struct writer *writer, struct verdict *call)
{
	struct side *side = writer->caller.side;
	const struct item *item = writer->flight.items.first;
	call->suspect = may_be_a_row(call);
	if (!call->suspect)
		return;
	bool only = is_only_trouble(run, side, call, item);
	bool open = call->err.maybe_sent && !call->only_again;
	if (call->rows > 1)
		return;
	call->blamed = blame_is_known(&item->pending)
	               || (item->tries + 1 >= (open ? TRIES_OPEN : TRIES_SURE)
	                   && (side->wrote || only) && target_answers(run, writer));
}
