/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - batches written: requests, and the answers of those that were taken.  What
 * a refusal means is in refusal.c.  Called through the table of kintone.c. */
#include "kintone.h"

static int
kintone_is_key(const struct rk_batch *batch, const struct rk_field *field)
{
	return batch->key_field && rk_text_eq(batch->key_field->name, field->name);
}

/* {CODE:{"value":..},..}.  On an upsert the key stands in updateKey and must not
 * stand here too; kintone stores it by itself. */
static void
put_record(struct rk_json_out *out, const struct rk_batch *batch,
           const struct rk_row *row)
{
	int create = batch->operation == RK_OP_CREATE, key_told = 0;

	rk_put_open(out, '{');
	for (uint64_t i = 0; i < batch->field_count; i++) {
		const struct rk_field *field = &batch->fields[i];
		int key = kintone_is_key(batch, field);

		key_told |= key && row->values[i].type != RK_ABSENT;
		if (row->values[i].type == RK_ABSENT ||
		    (key && batch->operation == RK_OP_UPSERT))
			continue;
		rk_put_key(out, field->name);
		kintone_put_value(out, field, &row->values[i]);
	}
	if (create && batch->key_field && row->key && !key_told) {
		rk_put_key(out, batch->key_field->name);
		kintone_put_value(out, batch->key_field, row->key);
	}
	rk_put_close(out, '}');
}

static void
put_version(struct rk_json_out *out, struct rk_text version)
{
	int64_t revision;

	if (!rk_text_int(version, &revision))
		return;
	rk_put_name(out, "revision");
	rk_put_int(out, revision);
}

static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	if (batch->operation == RK_OP_CREATE) {
		put_record(out, batch, row);
		return;
	}
	rk_put_open(out, '{');
	if (batch->operation == RK_OP_UPSERT) {
		rk_put_name(out, "updateKey");
		rk_put_open(out, '{');
		rk_put_pair(out, "field", batch->key_field->name);
		rk_put_pair(out, "value", kintone_wire_text(out->host, row->key));
		rk_put_close(out, '}');
	} else {
		rk_put_pair(out, "id", row->id);
	}
	put_version(out, row->version);
	rk_put_name(out, "record");
	put_record(out, batch, row);
	rk_put_close(out, '}');
}

static struct rk_text
write_body(const struct writing *w, struct rk_err *err, int32_t *status)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	struct rk_text body = rk_z("");

	rk_json_begin(&out, w->host, 64 << 10, KINTONE_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "app");
	kintone_put_app(&out, batch->object);
	if (batch->operation == RK_OP_UPSERT) {
		rk_put_name(&out, "upsert");
		rk_put_raw(&out, rk_z("true"));
	}
	rk_put_name(&out, "records");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < batch->row_count; i++)
		put_row(&out, batch, &batch->rows[i]);
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	*status = rk_json_end(&out, &body, err);
	return body;
}

/* records.json?app=5&ids[0]=1&revisions[0]=-1..., brackets encoded.  A hundred ids
 * stay well below the 8 KB that a URL may have. */
static const char *
delete_api(const struct writing *w)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	int64_t number;

	rk_json_begin(&out, w->host, 8192, KINTONE_BODY_MAX);
	for (uint64_t i = 0; i < batch->row_count; i++) {
		const struct rk_row *row = &batch->rows[i];
		struct rk_text id = rk_textf(w->host, "&ids%%5B%llu%%5D=%.*s",
		                             (unsigned long long)i,
		                             RK_S(rk_url_text(w->host, row->id)));
		struct rk_text revision = rk_textf(
			w->host, "&revisions%%5B%llu%%5D=%.*s", (unsigned long long)i,
			RK_S(rk_text_int(row->version, &number) ? row->version
		                                                : rk_z("-1")));

		rk_put_bytes(&out, id.ptr, id.len);
		rk_put_bytes(&out, revision.ptr, revision.len);
	}
	rk_put_bytes(&out, "", 1);
	return rk_textf(w->host, "records.json?app=%.*s%s", RK_S(batch->object), out.buf)
	        .ptr;
}

/* {"records":[{"id":"41","operation":"UPDATE","revision":"4"}]}, or of a create
 * {"ids":["58"],"revisions":["1"]}.  kintone promises the order of the request and
 * names rows by nothing else; an answer of another length tells nothing. */
static int32_t
take_answer(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	const struct rk_host *host = w->host;
	const struct rk_batch *batch = w->batch;
	int create = batch->operation == RK_OP_CREATE;
	const cJSON *list = rk_json_get(answer->root, create ? "ids" : "records");
	const cJSON *revisions = rk_json_get(answer->root, "revisions");
	const cJSON *revision = revisions ? revisions->child : NULL;
	struct rk_outcome *outcome = w->outcomes;

	if (rk_json_count(list) != batch->row_count) {
		rk_fail(err, RK_BUG, RK_CAT_BUG,
		        "records.json: %llu results for %llu rows",
		        (unsigned long long)rk_json_count(list),
		        (unsigned long long)batch->row_count);
		err->maybe_sent = 1;
		return RK_BUG;
	}
	rk_json_each(item, list) {
		struct rk_text id = create ? rk_json_text(host, item, NULL)
		                           : rk_json_str(host, item, "id");
		const struct rk_row *row = &batch->rows[outcome - w->outcomes];

		outcome->id = id;
		outcome->version = create ? rk_json_text(host, revision, NULL)
		                          : rk_json_str(host, item, "revision");
		if (id.len &&
		    (batch->operation != RK_OP_UPDATE || rk_text_eq(id, row->id)))
			outcome->status = create || rk_text_is(rk_json_str(host, item,
				"operation"), "INSERT") ? RK_CREATED : RK_UPDATED;
		revision = revision ? revision->next : NULL;
		outcome++;
	}
	return RK_OK;
}

static int32_t
take_reply(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	int32_t status;

	if (answer->reply.status == 200 && answer->root) {
		if (w->batch->operation != RK_OP_ARCHIVE)
			return take_answer(w, answer, err);
		kintone_all_rows(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (answer->reply.status == 200) {
		rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "records.json: %s",
		        answer->why.message);
		err->maybe_sent = 1;
		return RK_AGAIN;
	}
	status = kintone_judge(w->host, answer, err);
	if (status == RK_REJECT)
		return kintone_take_refusal(w, answer, err);
	if (!err->maybe_sent)
		kintone_all_rows(w, RK_RETRY);
	return status;
}

static const char *
method_of(uint32_t operation)
{
	switch (operation) {
	case RK_OP_UPSERT: case RK_OP_UPDATE: return "PUT";
	case RK_OP_CREATE:  return "POST";
	case RK_OP_ARCHIVE: return "DELETE";
	default:            return NULL;
	}
}

static int32_t
check_batch(const struct rk_batch *batch, struct rk_err *err)
{
	if (!method_of(batch->operation) ||
	    (batch->operation == RK_OP_UPSERT && !batch->key_field))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "operation %u cannot be done",
		               batch->operation);
	if (batch->row_count > KINTONE_BATCH_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%llu rows, kintone takes 100",
		               (unsigned long long)batch->row_count);
	return kintone_check_app(batch->object, err);
}

int32_t
kintone_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	struct writing w = { conn->host, batch, result->outcomes };
	struct call call = { .method = method_of(batch->operation), .api = "records.json",
	                     .object = batch->object };
	struct rk_answer answer;
	int32_t status = check_batch(batch, err);

	if (status != RK_OK || batch->row_count == 0)
		return status;
	if (batch->operation == RK_OP_ARCHIVE)
		call.api = delete_api(&w);
	else
		call.body = write_body(&w, err, &status);
	if (status == RK_OK)
		status = kintone_ask(w.host, &call, &answer, err);
	if (status == RK_OK)
		return take_reply(&w, &answer, err);
	if (!err->maybe_sent)
		kintone_all_rows(&w, RK_RETRY);
	return status;
}
