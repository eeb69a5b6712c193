/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the two objects, and the fields of a card, of which Sansan has no
 * description: they are the same for all accounts.  The tags are the account's own.
 * Called through the table of sansan.c. */
#include "sansan.h"

#define TAG_CALLS 10u          /* For each key; more than 1,000 tags are not read. */

/* ---- Objects --------------------------------------------------------------------- */

static const struct rk_object objects[] = {
	{ .name = RK_LIT("persons"), .label = RK_LIT("人物 (名寄せされた人の最新の名刺)") },
	{ .name = RK_LIT("cards"), .label = RK_LIT("名刺") },
};

int
sansan_is_persons(struct rk_text object)
{
	return rk_text_is(object, "persons");
}

int32_t
sansan_check_object(struct rk_text object, struct rk_err *err)
{
	if (sansan_is_persons(object) || rk_text_is(object, "cards"))
		return RK_OK;
	return rk_fail_config(err, "Sansan has no object \"%.*s\", only \"persons\" and "
	                      "\"cards\"", RK_S(object));
}

/* ---- Fields ---------------------------------------------------------------------- */

#define R 0u                                /* Read only. */
#define W RK_FIELD_WRITABLE                 /* On a new card. */
/* Sansan takes an e-mail address twice; we never make a second card of one. */
#define WK (W | RK_FIELD_KEY | RK_FIELD_KEY_NOCASE | RK_FIELD_UNIQUE)

static const struct rk_option states[] = {
	{ RK_LIT("processing"), RK_LIT("processing") },
	{ RK_LIT("completed"), RK_LIT("completed") },
	{ RK_LIT("unreadable"), RK_LIT("unreadable") },
};

/* Source: the clients of versions 1 to 6.0 that were read; custom fields were seen in
 * none.  'told': a card that lacks it has no value there; -1: it is never told. */
static const struct {
	struct rk_field field;
	int told;
} card_fields[] = {
	{ RK_FIELD("id", "名刺ID", RK_TEXT, R | RK_FIELD_UNIQUE, 32, "string"), 1 },
	{ RK_FIELD("personId", "人物ID", RK_TEXT, R, 32, "string"), 1 },
	{ RK_FIELD("companyId", "会社ID", RK_TEXT, R, 32, "string"), 1 },
	{ RK_FIELD("exchangeDate", "名刺交換日", RK_DATE, W, -1, "date"), 1 },
	{ RK_FIELD("registeredTime", "登録日時", RK_DATETIME, R, -1, "datetime"), 1 },
	{ RK_FIELD("updatedTime", "更新日時", RK_DATETIME, R, -1, "datetime"), 1 },
	{ RK_FIELD("owner.id", "所有者ID", RK_TEXT, R, -1, "string"), 1 },
	{ RK_FIELD("owner.name", "所有者名", RK_TEXT, R, -1, "string"), 1 },
	{ RK_FIELD("owner.email", "所有者メール", RK_TEXT, R, -1, "string"), 1 },
	{ RK_FIELD("lastName", "姓", RK_TEXT, W, 250, "string"), 1 },
	{ RK_FIELD("firstName", "名", RK_TEXT, W, 250, "string"), 1 },
	{ RK_FIELD("lastNameReading", "姓 (カナ)", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("firstNameReading", "名 (カナ)", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("companyName", "会社名", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("departmentName", "部署名", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("title", "役職", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("email", "メール", RK_TEXT, WK, -1, "string"), 1 },
	{ RK_FIELD("tel", "電話", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("secondTel", "電話 2", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("mobile", "携帯電話", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("fax", "FAX", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("postalCode", "郵便番号", RK_TEXT, W, 10, "string"), 1 },
	{ RK_FIELD("address", "住所", RK_TEXT, R, -1, "string"), 1 },
	{ RK_FIELD("prefecture", "都道府県", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("city", "市区町村", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("street", "番地", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("building", "建物", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("countryCode", "国", RK_TEXT, W, 4, "string"), -1 },
	{ RK_FIELD("url", "URL", RK_TEXT, W, -1, "string"), 1 },
	{ RK_FIELD("memo", "メモ", RK_TEXT, W, 2000, "string"), 0 },
	{ RK_FIELD("tags", "タグ", RK_CHOICES, W, -1, "tags"), 0 },
	{ RK_FIELD_CHOICE("entryStatus", "データ化状態", R, states, "enum"), 1 },
};

int
sansan_is_told(struct rk_text name)
{
	for (size_t i = 0; i < RK_COUNT(card_fields); i++)
		if (rk_text_eq(name, card_fields[i].field.name))
			return card_fields[i].told > 0;
	return 0;
}

/* ---- Tags ------------------------------------------------------------------------ */

/* Private tags are one user's own, and nobody else's business. */
int
sansan_is_public(const struct rk_host *host, const cJSON *tag, int shared_too)
{
	struct rk_text type = rk_json_str(host, tag, "type");

	return rk_text_is(type, "public") || (shared_too && rk_text_is(type, "shared"));
}

/* Those that one key sees. */
static int32_t
read_tags_of(const struct rk_host *host, unsigned key, sansan_tag_reader *each, void *to,
             struct rk_err *err)
{
	struct rk_text token = rk_z(""), before = token;
	unsigned calls = 0;

	do {
		struct rk_call call = sansan_get(host, key, rk_textf(host,
			"tags?range=all&limit=%u%s%.*s", SANSAN_TAGS_PAGE,
			token.len ? "&nextPageToken=" : "",
			RK_S(rk_url_text(host, token))));
		struct rk_answer answer;
		const cJSON *tags;
		int32_t status = rk_ask_list(host, &call, "data", &answer, &tags, err);

		if (status != RK_OK)
			return status;
		rk_json_each(tag, tags)
			if (sansan_is_public(host, tag, 1))
				each(to, host, tag);
		before = token;
		token = sansan_next_page(host, &answer);
	} while (token.len && !rk_text_eq(token, before) && ++calls < TAG_CALLS);
	return RK_OK;
}

int32_t
sansan_read_tags(const struct rk_host *host, sansan_tag_reader *each, void *to,
                 struct rk_err *err)
{
	int32_t status = RK_OK;

	for (unsigned key = sansan_key_from(host, 0);
	     key < SANSAN_KEYS && status == RK_OK; key = sansan_key_from(host, key + 1))
		status = read_tags_of(host, key, each, to, err);
	return status;
}

uint64_t
sansan_chosen_tags(const struct rk_host *host, struct rk_text *ids)
{
	struct rk_text all = host->setting(host, "tag_ids");
	uint64_t count = 0;

	while (all.len) {
		struct rk_text id = rk_text_next(&all, ',');

		if (id.len && count < SANSAN_TAGS_MAX)
			ids[count] = id;
		count += id.len != 0;
	}
	return count;
}

/* ---- Description ----------------------------------------------------------------- */

struct options {
	struct rk_option *list;
	uint64_t count, most;
};

static void
add_option(void *to, const struct rk_host *host, const cJSON *tag)
{
	struct options *options = to;
	struct rk_text id = rk_json_str(host, tag, "id");

	for (uint64_t i = 0; i < options->count; i++)
		if (rk_text_eq(options->list[i].value, id))
			return;
	if (id.len && options->count < options->most)
		options->list[options->count++] = (struct rk_option){
			id, rk_json_str(host, tag, "name") };
}

/* A card is made by hand and by us; a person is what Sansan's name matching makes of
 * cards, and has no field that is only written. */
int32_t
sansan_describe_fields(struct rk_conn *conn, struct rk_text object,
                       struct rk_schema *schema, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	uint64_t most = SANSAN_KEYS * TAG_CALLS * SANSAN_TAGS_PAGE;
	struct options tags = { NULL, 0, most };
	int writable = !sansan_is_persons(object);
	struct rk_field *field;
	int32_t status;

	schema->objects = objects;
	schema->object_count = RK_COUNT(objects);
	if (object.len == 0)
		return RK_OK;
	status = sansan_check_object(object, err);
	if (status != RK_OK)
		return status;
	tags.list = host->alloc(host, most * sizeof *tags.list);
	status = sansan_read_tags(host, add_option, &tags, err);
	field = host->alloc(host, RK_COUNT(card_fields) * sizeof *field);
	schema->fields = field;
	for (size_t i = 0; i < RK_COUNT(card_fields); i++) {
		if (!writable && card_fields[i].told < 0)
			continue;
		*field = card_fields[i].field;
		if (!writable && field->flags & W)
			field->flags = R;
		if (field->type == RK_CHOICES) {
			field->options = tags.list;
			field->option_count = tags.count;
		}
		field++;
	}
	schema->field_count = (uint64_t)(field - schema->fields);
	return status;
}
