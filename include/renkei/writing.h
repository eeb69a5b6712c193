/* SPDX-License-Identifier: MIT-0
 *
 * writing.h - upsert, as far as CRMs are alike: a batch's one call, and which row an
 * answer means.  Bodies, and how an answer names a row, are the connector's.  Header
 * only, C11 and C++17.
 *
 *     rk_write -> prepare -> ( taken | refused ) -> rk_row_find, rk_refuse_row ... */
#ifndef RENKEI_WRITING_H
#define RENKEI_WRITING_H

#include <renkei/http.h>
#include <renkei/values.h>

struct rk_writing {
	const struct rk_host *host;
	const struct rk_batch *batch;
	struct rk_outcome *outcomes;   /* One a row; RK_UNKNOWN at first.     */
	struct rk_err *err;
	uint64_t hint;                 /* Answers mostly keep the order.      */
	void *own;                     /* Of the connector; NULL at first.    */
};

/* How a connector writes. */
struct rk_writer {
	uint64_t rows;                 /* Of one call, at most.               */

	/* Fills in the call for the batch. */
	int32_t (*prepare)(struct rk_writing *w, struct rk_call *call);

	/* Gives a good answer, which is JSON, to the rows. */
	int32_t (*taken)(struct rk_writing *w, const struct rk_answer *answer);

	/* Gives a refusal to the rows that it means; nothing was stored, and 'err'
	 * says what rk_judge made of it.  Returns the status of the call. */
	int32_t (*refused)(struct rk_writing *w, const struct rk_answer *answer);
};

/* ---- Rows ------------------------------------------------------------------------ */

/* Sets all rows that nothing was told of. */
static inline void
rk_rest_is(struct rk_writing *w, int32_t status)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		if (w->outcomes[i].status != RK_UNKNOWN)
			continue;
		w->outcomes[i].status = status;
		if (status == RK_ARCHIVED)
			w->outcomes[i].id = w->batch->rows[i].id;
	}
}

/* Nothing was stored, whatever the rows: they may go again. */
static inline int32_t
rk_all_again(struct rk_writing *w, int32_t status, int32_t category)
{
	rk_rest_is(w, RK_RETRY);
	w->err->category = category;
	return status;
}

static inline uint64_t
rk_rows_left(const struct rk_writing *w)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		count += w->outcomes[i].status == RK_UNKNOWN;
	return count;
}

/* What an answer names a row by; whichever is not empty, the trace first. */
struct rk_naming {
	struct rk_text trace, id, key;
};

static inline int
rk_row_is(const struct rk_writing *w, const struct rk_row *row,
          const struct rk_naming *by)
{
	struct rk_text key, told = rk_text_trim(by->key);

	if (by->trace.len)
		return rk_text_eq(row->trace, by->trace);
	if (w->batch->operation != RK_OP_UPSERT)
		return by->id.len && rk_text_eq(row->id, by->id);
	key = rk_text_trim(rk_value_text(w->host, row->key, 1));
	return told.len && (w->batch->key_field->flags & RK_FIELD_KEY_NOCASE
	                    ? rk_text_eq_nocase(key, told) : rk_text_eq(key, told));
}

/* The row that is meant, or -1.  Never by position: that is only where the search
 * begins. */
static inline int64_t
rk_row_find(struct rk_writing *w, const struct rk_naming *by)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		uint64_t at = (w->hint + i) % w->batch->row_count;

		if (rk_row_is(w, &w->batch->rows[at], by)) {
			w->hint = at + 1;
			return (int64_t)at;
		}
	}
	return -1;
}

/* For a CRM that answers row for row, in the order of the request.
 *
 * Errors: RK_BUG if 'list' is of another length: then it tells nothing. */
static inline int32_t
rk_rows_told(const struct rk_writing *w, const cJSON *list)
{
	if (rk_json_count(list) == w->batch->row_count)
		return RK_OK;
	rk_fail_bug(w->err, "%llu results for %llu rows",
	            (unsigned long long)rk_json_count(list),
	            (unsigned long long)w->batch->row_count);
	w->err->maybe_sent = 1;
	return RK_BUG;
}

/* A row that the CRM took. */
static inline struct rk_outcome *
rk_row_done(struct rk_writing *w, uint64_t at, int32_t status, struct rk_text id,
            struct rk_text version)
{
	struct rk_outcome *outcome = &w->outcomes[at];

	outcome->status = status;
	outcome->id = id;
	outcome->version = version;
	return outcome;
}

/* The described field 'name' of a row, and what was sent for it; NULL: no such one. */
static inline const struct rk_field *
rk_row_field(const struct rk_batch *batch, const struct rk_row *row, struct rk_text name,
             const struct rk_value **value)
{
	const struct rk_field *field = rk_field_find(batch->fields, batch->field_count,
	                                             name);

	*value = field && row->values ? &row->values[field - batch->fields] : NULL;
	if (!batch->key_field || !row->key || !rk_text_eq(batch->key_field->name, name))
		return field;
	*value = row->key;
	return batch->key_field;
}

/* The field of the batch whose name or label stands in a message, or where 'first' at its
 * beginning, whatever the case; the longest of them.  NULL: none does. */
static inline const struct rk_field *
rk_field_in(const struct rk_writing *w, struct rk_text message, int first)
{
	const struct rk_batch *batch = w->batch;
	struct rk_text words = rk_text_lower(w->host, message);
	const struct rk_field *best = NULL;
	uint64_t longest = 0;

	for (uint64_t i = 0; i < 2 * (batch->field_count + (batch->key_field != NULL)); i++) {
		const struct rk_field *field = i / 2 < batch->field_count
			? &batch->fields[i / 2] : batch->key_field;
		struct rk_text name = rk_text_lower(w->host, i % 2 ? field->label
		                                                   : field->name);
		const char *at = rk_text_find(words, rk_text_z(w->host, name));

		if (name.len <= longest || !at || (first && at != words.ptr))
			continue;
		best = field;
		longest = name.len;
	}
	return best;
}

/* Gives an error to a row; the value is the one that was sent, unless the fault names
 * another. */
static inline void
rk_refuse_row(struct rk_writing *w, uint64_t at, const struct rk_fault *fault)
{
	struct rk_outcome *outcome = &w->outcomes[at];
	const struct rk_value *sent;

	rk_row_field(w->batch, &w->batch->rows[at], fault->field, &sent);
	outcome->status = fault->category == RK_CAT_RATE_LIMIT ? RK_RETRY : RK_REJECTED;
	outcome->category = fault->category;
	outcome->code = fault->code;
	outcome->message = fault->message;
	outcome->field = fault->field;
	outcome->value = fault->value;
	outcome->other_id = fault->other_id;
	if (sent && outcome->value.len == 0)
		outcome->value = rk_value_text(w->host, sent, 1);
}

/* An error that names no row, in an answer that otherwise accounts for all of them:
 * those left were refused.  One row takes the error; of several the host finds the
 * culprit by splitting. */
static inline int32_t
rk_refuse_rest(struct rk_writing *w, const struct rk_fault *fault)
{
	uint64_t left = rk_rows_left(w);
	struct rk_fault told = *fault;

	if (told.message.len == 0)      /* No JSON: what rk_judge made of it. */
		told.message = rk_z(w->err->message[0] ? w->err->message
		                                       : "refused without a reason");
	for (uint64_t i = 0; left == 1 && i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			rk_refuse_row(w, i, &told);
	if (left == 1)
		return RK_OK;
	rk_rest_is(w, RK_RETRY);
	return rk_fail_fault(w->err, RK_REJECT, &told);
}

/* Names the reference that a fault means which names no field: the one whose name
 * stands in the message, or the only one that was sent; and the object it leads to. */
static inline void
rk_name_reference(const struct rk_writing *w, uint64_t at, struct rk_fault *fault)
{
	const struct rk_batch *batch = w->batch;
	struct rk_text object = rk_z("");

	for (uint64_t i = 0; i < batch->field_count; i++) {
		struct rk_text name = batch->fields[i].name;

		if (batch->fields[i].ref_object.len == 0 || !batch->rows[at].values ||
		    batch->rows[at].values[i].type <= RK_NULL)
			continue;
		if (fault->field.len == 0 ||
		    rk_text_find(fault->message, rk_text_z(w->host, name))) {
			fault->field = name;
			object = batch->fields[i].ref_object;
		}
	}
	if (object.len > 0)
		fault->message = rk_textf(w->host, "%.*s; it refers to \"%.*s\"",
		                          RK_S(fault->message), RK_S(object));
}

/* ---- Bodies ---------------------------------------------------------------------- */

typedef void rk_row_putter(struct rk_json_out *out, const struct rk_batch *batch,
                           const struct rk_row *row);
typedef void rk_value_putter(struct rk_json_out *out, const struct rk_field *field,
                             const struct rk_value *value);

/* Puts "name":[...], an item a row. */
static inline void
rk_put_rows(struct rk_json_out *out, const char *name, const struct rk_batch *batch,
            rk_row_putter *put)
{
	rk_put_enter(out, name, '[');
	for (uint64_t i = 0; i < batch->row_count; i++)
		put(out, batch, &batch->rows[i]);
	rk_put_close(out, ']');
}

/* For a CRM whose values are texts, all of them. */
static inline void
rk_put_value(struct rk_json_out *out, const struct rk_field *field,
             const struct rk_value *value)
{
	(void)field;
	rk_put_text(out, rk_value_text(out->host, value, 1));
}

/* For a CRM whose values are of the types of JSON: null, true, a number, a text. */
static inline void
rk_put_typed(struct rk_json_out *out, const struct rk_field *field,
             const struct rk_value *value)
{
	struct rk_text text = rk_value_text(out->host, value, 0);

	(void)field;
	if (value->type == RK_NULL)
		rk_put_raw(out, rk_z("null"));
	else if (value->type == RK_BOOL || value->type == RK_INTEGER ||
	         value->type == RK_DECIMAL)
		rk_put_raw(out, text);
	else
		rk_put_text(out, text);
}

/* The next field that a row tells, from the place '*at' on, and its value; NULL: no more.
 * A new record gets its key once, whether it is mapped or not; 'key_apart' says that an
 * upsert has it elsewhere.
 *
 *     for (uint64_t at = 0; (field = rk_row_next(batch, row, 1, &at, &value)) != NULL;) */
static inline const struct rk_field *
rk_row_next(const struct rk_batch *batch, const struct rk_row *row, int key_apart,
            uint64_t *at, const struct rk_value **value)
{
	int upsert = batch->operation == RK_OP_UPSERT, key_told = 0;
	const struct rk_field *key = upsert || batch->operation == RK_OP_CREATE
		? batch->key_field : NULL;

	for (; *at < batch->field_count; ++*at) {
		const struct rk_field *field = &batch->fields[*at];

		*value = &row->values[*at];
		if ((*value)->type == RK_ABSENT ||
		    (upsert && key_apart && rk_text_eq(key->name, field->name)))
			continue;
		++*at;
		return field;
	}
	if ((*at)++ > batch->field_count || !key || !row->key || (upsert && key_apart))
		return NULL;
	for (uint64_t i = 0; i < batch->field_count; i++)
		key_told |= row->values[i].type != RK_ABSENT &&
		            rk_text_eq(key->name, batch->fields[i].name);
	*value = row->key;
	return key_told ? NULL : key;
}

/* Puts {FIELD: value, ...} of these. */
static inline void
rk_put_fields(struct rk_json_out *out, const struct rk_batch *batch,
              const struct rk_row *row, int key_apart, rk_value_putter *put)
{
	const struct rk_field *field;
	const struct rk_value *value;

	rk_put_open(out, '{');
	for (uint64_t at = 0;
	     (field = rk_row_next(batch, row, key_apart, &at, &value)) != NULL;) {
		rk_put_key(out, field->name);
		put(out, field, value);
	}
	rk_put_close(out, '}');
}

/* ---- A batch --------------------------------------------------------------------- */

static inline int32_t
rk_batch_check(const struct rk_batch *batch, uint64_t most, struct rk_err *err)
{
	if (batch->operation < RK_OP_UPSERT || batch->operation > RK_OP_ARCHIVE ||
	    (batch->operation == RK_OP_UPSERT && !batch->key_field))
		return rk_fail_bug(err, "operation %u cannot be done", batch->operation);
	if (batch->row_count > most)
		return rk_fail_bug(err, "%llu rows, at most %llu go",
		                   (unsigned long long)batch->row_count,
		                   (unsigned long long)most);
	return RK_OK;
}

static inline int32_t
rk_write_judge(const struct rk_writer *writer, struct rk_writing *w,
               const struct rk_call *call, const struct rk_answer *answer)
{
	int32_t http = answer->reply.status, status;

	if (http >= 200 && http < 300 && answer->reply.body.len == 0 &&
	    w->batch->operation == RK_OP_ARCHIVE) {
		rk_rest_is(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (http >= 200 && http < 300 && answer->root) {
		status = writer->taken(w, answer);
		if (status == RK_BUG)           /* Not understood: it may be done. */
			w->err->maybe_sent = 1;
		return status;
	}
	if (http >= 200 && http < 300)          /* Done or not: it cannot be known. */
		return rk_fail_no_json(answer, call, w->err);
	status = rk_judge(w->host, call->api, answer, w->err);
	if (status == RK_REJECT)
		return writer->refused(w, answer);
	if (!w->err->maybe_sent)        /* Refused at the door. */
		rk_rest_is(w, RK_RETRY);
	return status;
}

static inline struct rk_writing
rk_writing_of(const struct rk_host *host, const struct rk_batch *batch,
              struct rk_result *result, struct rk_err *err)
{
	struct rk_writing w;

	w.host = host;
	w.batch = batch;
	w.outcomes = result->outcomes;
	w.err = err;
	w.hint = 0;
	w.own = NULL;
	return w;
}

/* One call for a batch that was checked.  What is sure not to have happened may go again;
 * what an answer does not tell stays RK_UNKNOWN. */
static inline int32_t
rk_write_call(const struct rk_writer *writer, struct rk_writing *w)
{
	struct rk_call call;
	struct rk_answer answer;
	int32_t status;

	memset(&call, 0, sizeof call);
	status = writer->prepare(w, &call);
	if (status == RK_OK)
		status = rk_ask(w->host, &call, &answer, w->err);
	if (status == RK_OK)
		return rk_write_judge(writer, w, &call, &answer);
	if (!w->err->maybe_sent)
		rk_rest_is(w, RK_RETRY);
	return status;
}

/* Writes the rows whose outcome is 'left' without a code (mostly RK_UNKNOWN), as many a
 * call as the writer takes, by at most 'calls' calls and until one goes wrong.  What was
 * not sent may go again.  The batch is one that rk_batch_check let pass.
 *
 * Errors: that of the call that went wrong; where an earlier one left a row unknown the
 *         batch as a whole is not sure to be undone: 'maybe_sent', RK_AGAIN for RK_REJECT. */
static inline int32_t
rk_write_left(const struct rk_writer *writer, struct rk_writing *w, int32_t left,
              uint64_t calls)
{
	struct rk_batch batch = *w->batch;
	struct rk_writing part = *w;
	uint64_t all = batch.row_count, i = 0;
	uint64_t *places = (uint64_t *)w->host->alloc(w->host, all * sizeof *places);
	struct rk_row *rows = (struct rk_row *)w->host->alloc(w->host, all * sizeof *rows);
	int32_t status = RK_OK;

	part.batch = &batch;
	batch.rows = rows;
	for (; i < all && status == RK_OK && calls; calls--) {
		for (batch.row_count = 0; i < all && batch.row_count < writer->rows; i++) {
			if (w->outcomes[i].status != left || w->outcomes[i].code.len)
				continue;
			places[batch.row_count] = i;
			rows[batch.row_count++] = w->batch->rows[i];
		}
		part.outcomes = (struct rk_outcome *)w->host->alloc(
			w->host, (batch.row_count + 1) * sizeof *part.outcomes);
		part.hint = 0;
		if (batch.row_count)
			status = rk_write_call(writer, &part);
		for (uint64_t row = 0; row < batch.row_count; row++)
			w->outcomes[places[row]] = part.outcomes[row];
	}
	for (; i < all; i++)
		if (w->outcomes[i].status == left && w->outcomes[i].code.len == 0)
			w->outcomes[i].status = RK_RETRY;
	if (status == RK_OK || rk_rows_left(w) == 0)
		return status;
	w->err->maybe_sent = 1;
	return status == RK_REJECT ? RK_AGAIN : status;
}

/* One batch by one call. */
static inline int32_t
rk_write(const struct rk_writer *writer, const struct rk_host *host,
         const struct rk_batch *batch, struct rk_result *result, struct rk_err *err)
{
	struct rk_writing w = rk_writing_of(host, batch, result, err);
	int32_t status = rk_batch_check(batch, writer->rows, err);

	return status == RK_OK && batch->row_count ? rk_write_call(writer, &w) : status;
}

#endif
