/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - batches written: requests, and the answers of those that were taken.  What
 * a refusal means is in refusal.c.  Called through the table of kintone.c. */
#include "kintone.h"

/* On an upsert the key stands in updateKey and must not stand in the record too;
 * kintone stores it by itself. */
static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	int64_t revision;

	if (batch->operation == RK_OP_CREATE) {
		rk_put_fields(out, batch, row, 1, kintone_put_value);
		return;
	}
	rk_put_open(out, '{');
	if (batch->operation == RK_OP_UPSERT) {
		rk_put_enter(out, "updateKey", '{');
		rk_put_pair(out, "field", batch->key_field->name);
		rk_put_pair(out, "value", rk_value_text(out->host, row->key, 0));
		rk_put_close(out, '}');
	} else {
		rk_put_pair(out, "id", row->id);
	}
	if (rk_text_int(row->version, &revision)) {
		rk_put_name(out, "revision");
		rk_put_int(out, revision);
	}
	rk_put_name(out, "record");
	rk_put_fields(out, batch, row, 1, kintone_put_value);
	rk_put_close(out, '}');
}

static int32_t
write_body(const struct rk_writing *w, struct rk_text *body)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;

	rk_json_begin(&out, w->host, 64 << 10, KINTONE_BODY_MAX);
	rk_putf(&out, "{\"app\":%.*s,%s", RK_S(batch->object),
	        batch->operation == RK_OP_UPSERT ? "\"upsert\":true," : "");
	rk_put_rows(&out, "records", batch, put_row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, body, w->err);
}

/* records.json?app=5&ids[0]=1&revisions[0]=-1..., brackets encoded.  A hundred ids
 * stay well below the 8 KB that a URL may have. */
static const char *
delete_api(const struct rk_writing *w)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	int64_t number;

	rk_json_begin(&out, w->host, 8192, KINTONE_BODY_MAX);
	rk_putf(&out, "records.json?app=%.*s", RK_S(batch->object));
	for (uint64_t i = 0; i < batch->row_count; i++) {
		struct rk_text revision = batch->rows[i].version;

		if (!rk_text_int(revision, &number))
			revision = rk_z("-1");
		rk_putf(&out, "&ids%%5B%u%%5D=%.*s&revisions%%5B%u%%5D=%.*s",
		        (unsigned)i, RK_S(rk_url_text(w->host, batch->rows[i].id)),
		        (unsigned)i, RK_S(revision));
	}
	return rk_text_z(w->host, rk_text_of(out.buf, out.len));
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	static const char *const methods[] = {
		[RK_OP_UPSERT] = "PUT", [RK_OP_UPDATE] = "PUT",
		[RK_OP_CREATE] = "POST", [RK_OP_ARCHIVE] = "DELETE",
	};
	int archive = w->batch->operation == RK_OP_ARCHIVE;
	int32_t status = kintone_check_app(w->batch->object, w->err);

	*call = kintone_call(w->host, methods[w->batch->operation], w->batch->object,
	                     archive ? delete_api(w) : "records.json");
	return status == RK_OK && !archive ? write_body(w, &call->body) : status;
}

/* {"records":[{"id":"41","operation":"UPDATE","revision":"4"}]}, or of a create
 * {"ids":["58"],"revisions":["1"]}.  kintone promises the order of the request and
 * names rows by nothing else; an answer of another length tells nothing. */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	const struct rk_batch *batch = w->batch;
	int create = batch->operation == RK_OP_CREATE;
	const cJSON *list = rk_json_get(answer->root, create ? "ids" : "records");
	const cJSON *revisions = rk_json_get(answer->root, "revisions");
	const cJSON *revision = revisions ? revisions->child : NULL;
	uint64_t at = 0;

	if (batch->operation == RK_OP_ARCHIVE) {
		rk_rest_is(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (rk_rows_told(w, list) != RK_OK)
		return RK_BUG;
	rk_json_each(item, list) {
		struct rk_text id = rk_json_text(
			w->host, create ? item : rk_json_get(item, "id"), NULL);
		struct rk_text version = rk_json_text(
			w->host, create ? revision : rk_json_get(item, "revision"), NULL);
		int insert = create || rk_text_is(rk_json_str(w->host, item, "operation"),
		                                  "INSERT");
		int other = batch->operation == RK_OP_UPDATE &&
		            !rk_text_eq(id, batch->rows[at].id);

		rk_row_done(w, at++, id.len == 0 || other ? RK_UNKNOWN
		            : insert ? RK_CREATED : RK_UPDATED, id, version);
		revision = revision ? revision->next : NULL;
	}
	return RK_OK;
}

int32_t
kintone_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	static const struct rk_writer writer = { KINTONE_BATCH_MAX, prepare, taken,
	                                         kintone_refused };

	return rk_write(&writer, conn->host, batch, result, err);
}
