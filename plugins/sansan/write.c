/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - a new card, made from text, where the connection allows it.  Sansan has no
 * update, and what is added is merged with the cards of the same person: so nothing is
 * added that is there, and each card that we add has a tag by which it is known.  Called
 * through the table of sansan.c. */
#include "sansan.h"

#define BODY_MAX (UINT64_C(1) << 20)
#define TAGS_MOST 15u          /* On a new card. */

static void
put_tags(struct rk_json_out *out, const struct rk_value *value)
{
	struct rk_text own = out->host->setting(out->host, "create_tag_id");
	uint64_t count = value ? rk_item_count(value) : 0;

	rk_put_enter(out, "tagIds", '[');
	if (own.len)
		rk_put_text(out, own);
	for (uint64_t i = 0; i < count; i++)
		if (!rk_text_eq(rk_item_text(value, i), own))
			rk_put_text(out, rk_item_text(value, i));
	rk_put_close(out, ']');
}

/* {"lastName":"..",..,"tagIds":["7001"]}; what has no value is left out. */
static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	const struct rk_batch *batch = w->batch;
	const struct rk_value *values = batch->rows[0].values, *tags = NULL;
	struct rk_json_out out;

	*call = sansan_post(w->host, batch->object);
	rk_json_begin(&out, w->host, 4096, BODY_MAX);
	rk_put_open(&out, '{');
	for (uint64_t i = 0; i < batch->field_count; i++) {
		if (values[i].type <= RK_NULL)
			continue;
		if (rk_text_is(batch->fields[i].name, "tags"))
			tags = &values[i];
		else
			rk_put_member(&out, batch->fields[i].name,
			              rk_value_text(w->host, &values[i], 0));
	}
	if (tags || w->host->setting(w->host, "create_tag_id").len)
		put_tags(&out, tags);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* Where the id of the new card stands is not published.  Without one the card may be
 * there: the row stays unknown, and the host looks for its key. */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	const struct rk_host *host = w->host;
	struct rk_text id = rk_text_or(rk_json_str(host, answer->root, "id"), rk_text_or(
		rk_json_str(host, rk_json_get(answer->root, "data"), "id"),
		rk_json_str(host, rk_json_get(answer->root, "item"), "id")));

	if (id.len) {
		rk_row_done(w, 0, RK_CREATED, id, rk_text_of(NULL, 0));
		return RK_OK;
	}
	rk_fail(w->err, RK_AGAIN, RK_CAT_SERVER, "Sansan took a card and does not tell its "
	        "id");
	w->err->maybe_sent = 1;
	return RK_AGAIN;
}

static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = sansan_read_fault(w->host, answer);

	fault.category = w->err->category;
	fault.field = rk_z(w->err->field);
	return rk_refuse_rest(w, &fault);
}

/* ---- Before anything is sent ----------------------------------------------------- */

static int32_t
refuse(struct rk_writing *w, int32_t category, const char *field, const char *message)
{
	struct rk_fault fault = { .category = category, .field = rk_z(field),
	                          .message = rk_z(message) };

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		rk_refuse_row(w, i, &fault);
	return RK_OK;
}

static struct rk_text
text_in(const struct rk_writing *w, const char *name)
{
	const struct rk_value *value;

	rk_row_field(w->batch, &w->batch->rows[0], rk_z(name), &value);
	return value ? rk_text_trim(rk_value_text(w->host, value, 0))
	             : rk_text_of(NULL, 0);
}

static int
is_country(struct rk_text text)
{
	return text.len == 0 || rk_text_is(text, "AUTO") ||
	       (text.len == 2 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' &&
	        text.ptr[1] >= 'A' && text.ptr[1] <= 'Z');
}

/* Sansan's own rules, as far as they are known.  Sets the outcome of a row that breaks
 * one. */
static void
check_row(struct rk_writing *w)
{
	const struct rk_batch *batch = w->batch;
	const struct rk_value *tags;

	for (uint64_t i = 0; i < batch->field_count; i++) {
		const struct rk_field *field = &batch->fields[i];

		if (!rk_value_fits(w->host, field, &batch->rows[0].values[i]))
			refuse(w, RK_CAT_PROPERTY_VALUE, rk_text_z(w->host, field->name),
			       "the value is longer than Sansan takes");
	}
	rk_row_field(batch, &batch->rows[0], rk_z("tags"), &tags);
	if (!text_in(w, "companyName").len && !text_in(w, "lastName").len &&
	    !text_in(w, "firstName").len)
		refuse(w, RK_CAT_PROPERTY_VALUE, "lastName",
		       "a card needs a companyName, a lastName or a firstName");
	else if (!is_country(text_in(w, "countryCode")))
		refuse(w, RK_CAT_PICKLIST, "countryCode",
		       "a country is two capital letters, or AUTO");
	else if (tags && rk_item_count(tags) > TAGS_MOST - 1)
		refuse(w, RK_CAT_PROPERTY_VALUE, "tags",
		       "a new card takes at most 15 tags, one of them is create_tag_id");
}

/* Refuses the row if the user of 'key' sees a card with this e-mail address. */
static int32_t
check_email_by(struct rk_writing *w, unsigned key, struct rk_text email)
{
	struct rk_call call = sansan_get(w->host, key, rk_textf(w->host,
		"bizCards/search?email=%.*s&limit=1", RK_S(rk_url_text(w->host, email))));
	struct rk_answer answer;
	const cJSON *cards;
	int32_t status = rk_ask_list(w->host, &call, "data", &answer, &cards, w->err);

	if (status != RK_OK || !cards->child)
		return status;
	refuse(w, RK_CAT_DUPLICATE, "email",
	       "Sansan has a card with this e-mail address; nothing was added");
	w->outcomes[0].other_id = rk_json_str(w->host, cards->child, "id");
	return RK_OK;
}

/* A second card of a person would be merged with the first one, and may push its picture
 * away: looked for even where the host does not, because its key is another field; and
 * by every key and in small letters too, as list_values does. */
static int32_t
check_email(struct rk_writing *w)
{
	struct rk_text email = text_in(w, "email"), lower = rk_text_lower(w->host, email);
	unsigned key = sansan_key_from(w->host, 0);
	int32_t status = RK_OK;

	if (email.len == 0 || (w->batch->key_field &&
	                       rk_text_is(w->batch->key_field->name, "email")))
		return RK_OK;
	for (; key < SANSAN_KEYS && status == RK_OK && rk_rows_left(w);
	     key = sansan_key_from(w->host, key + 1)) {
		status = check_email_by(w, key, email);
		if (status == RK_OK && rk_rows_left(w) && !rk_text_eq(lower, email))
			status = check_email_by(w, key, lower);
	}
	return status;
}

int32_t
sansan_upsert(struct rk_conn *conn, const struct rk_batch *batch,
              struct rk_result *result, struct rk_err *err)
{
	static const struct rk_writer writer = { 1, prepare, taken, refused };
	const struct rk_host *host = conn->host;
	struct rk_writing w = rk_writing_of(host, batch, result, err);
	int32_t status = rk_batch_check(batch, writer.rows, err);

	if (status == RK_OK)
		status = sansan_check_object(batch->object, err);
	if (status != RK_OK || batch->row_count == 0)
		return status;
	if (batch->operation != RK_OP_CREATE || sansan_is_persons(batch->object))
		return refuse(&w, RK_CAT_PERMISSION, NULL, "Sansan Open API has no card "
		              "update: cards can only be created");
	if (!rk_setting_is(host, "allow_create", "true"))
		return rk_fail_config(err, "allow_create is not set: nothing is written "
		                      "to Sansan");
	check_row(&w);
	if (rk_rows_left(&w))
		status = check_email(&w);
	return status != RK_OK || !rk_rows_left(&w)
	     ? status : rk_write_call(&writer, &w);
}
