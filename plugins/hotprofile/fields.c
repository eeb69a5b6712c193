/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the objects and their fields, which no call of the API describes: tables of
 * what the vendor's sheets say, the custom items that the connection's settings describe,
 * and those whose labels stand in the first record.  Called by all others. */
#include "hotprofile.h"

#define W  RK_FIELD_WRITABLE
#define WK (RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY)
#define WR (RK_FIELD_WRITABLE | RK_FIELD_REQUIRED)

#define ITEM "item."

#define PREF(name) { RK_LIT(name), RK_LIT(name) }

const struct rk_option hot_prefectures[HOT_PREFECTURES] = {
	PREF("北海道"), PREF("青森県"), PREF("岩手県"), PREF("宮城県"), PREF("秋田県"),
	PREF("山形県"), PREF("福島県"), PREF("茨城県"), PREF("栃木県"), PREF("群馬県"),
	PREF("埼玉県"), PREF("千葉県"), PREF("東京都"), PREF("神奈川県"), PREF("新潟県"),
	PREF("富山県"), PREF("石川県"), PREF("福井県"), PREF("山梨県"), PREF("長野県"),
	PREF("岐阜県"), PREF("静岡県"), PREF("愛知県"), PREF("三重県"), PREF("滋賀県"),
	PREF("京都府"), PREF("大阪府"), PREF("兵庫県"), PREF("奈良県"), PREF("和歌山県"),
	PREF("鳥取県"), PREF("島根県"), PREF("岡山県"), PREF("広島県"), PREF("山口県"),
	PREF("徳島県"), PREF("香川県"), PREF("愛媛県"), PREF("高知県"), PREF("福岡県"),
	PREF("佐賀県"), PREF("長崎県"), PREF("熊本県"), PREF("大分県"), PREF("宮崎県"),
	PREF("鹿児島県"), PREF("沖縄県"),
};

static const struct rk_option statuses[] = {
	{ RK_LIT("1"), RK_LIT("有効") }, { RK_LIT("2"), RK_LIT("無効") },
};

/* ---- Tables ---------------------------------------------------------------------- */

/* What belongs to a company; as client.NAME a department has it too. */
#define COMPANY(P, W, WK) \
	RK_FIELD(P "name", "会社名", RK_TEXT, WK, 255, "string"), \
	RK_FIELD(P "name_kana", "会社名カナ", RK_TEXT, W, 255, "string"), \
	RK_FIELD(P "name_disp", "会社名略称", RK_TEXT, W, 255, "string"), \
	RK_FIELD(P "zip", "郵便番号", RK_TEXT, W, 100, "string"), \
	RK_FIELD_CHOICE(P "pref", "都道府県", W, hot_prefectures, "choice"), \
	RK_FIELD(P "address", "住所", RK_TEXT, W, 255, "string"), \
	RK_FIELD(P "address1", "住所1", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "address2", "住所2", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "address3", "住所3", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "industry_kbn", "業界", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "business_category", "業種（旧分類）", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "worker_number_kbn", "従業員数", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "capital_kbn", "資本金", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "ipo_kbn", "上場区分", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "sales_last_year", "前年度売上", RK_TEXT, W, -1, "string"), \
	RK_FIELD(P "main_tel", "代表電話番号", RK_TEXT, W, 100, "string"), \
	RK_FIELD(P "url", "URL", RK_TEXT, W, 255, "string"), \
	RK_FIELD(P "mail_domain", "メールドメイン", RK_TEXT, W, 255, "string"), \
	RK_FIELD(P "note", "メモ", RK_TEXT, W, 5000, "string"), \
	RK_FIELD(P "user_name", "営業担当者", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "user_code", "営業担当者ユーザーID", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "corporate_number", "法人番号", RK_TEXT, 0, -1, "string"), \
	RK_FIELD(P "client_histories", "統合前の会社ID", RK_TEXT, 0, -1, "histories")

#define STAMPS \
	RK_FIELD("created_at", "登録日時", RK_DATETIME, 0, -1, "datetime"), \
	RK_FIELD("updated_at", "更新日時", RK_DATETIME, 0, -1, "datetime")

static const struct rk_field client_fields[] = {
	RK_FIELD("id", "会社ID", RK_TEXT, 0, -1, "string"), COMPANY("", W, WK), STAMPS,
};

const struct rk_field hot_person_columns[HOT_PERSON_COLUMNS] = {
	RK_FIELD("id", "リードID", RK_TEXT, 0, -1, ""), RK_FIELD("family_name", "姓", RK_TEXT, 0, -1, ""),
	RK_FIELD("first_name", "名", RK_TEXT, 0, -1, ""), RK_FIELD("post", "役職", RK_TEXT, 0, -1, ""),
	RK_FIELD("email", "メールアドレス", RK_TEXT, 0, -1, ""),
	RK_FIELD("tel", "電話番号", RK_TEXT, 0, -1, ""),
	RK_FIELD("mobile_tel", "携帯電話番号", RK_TEXT, 0, -1, ""),
};

static const struct rk_field department_fields[] = {
	RK_FIELD("organization_id", "部署ID", RK_TEXT, 0, -1, "string"),
	RK_FIELD("name", "部署名", RK_TEXT, 0, 255, "string"),
	RK_FIELD("path", "部署名（階層）", RK_TEXT, 0, -1, "string"),
	RK_FIELD("level", "階層", RK_INTEGER, 0, -1, "integer"),
	RK_FIELD_REF("parent_id", "親組織ID", 0, "organizations", "id"),
	RK_FIELD_REF("client_id", "会社ID", 0, "clients", "id"),
	COMPANY("client.", 0, 0),
	RK_FIELD_TABLE("persons", "人物", 0, hot_person_columns, "list"),
};

#define FLAG(name, label) RK_FIELD(name, label, RK_BOOL, W, -1, "flag")

static const struct rk_field lead_fields[] = {
	RK_FIELD("id", "リードID", RK_TEXT, 0, -1, "string"),
	RK_FIELD_REF("client_id", "会社ID", WR, "clients", "id"),
	RK_FIELD("client_name", "会社名", RK_TEXT, 0, -1, "string"),
	RK_FIELD("client_branch_name", "拠点名", RK_TEXT, 0, -1, "string"),
	RK_FIELD_REF("organization_id", "部署ID", W, "organizations", "id"),
	RK_FIELD("organization_name", "部署名", RK_TEXT, 0, -1, "string"),
	RK_FIELD("organization_hierarchy", "部署名（階層）", RK_TEXT, 0, -1, "string"),
	RK_FIELD("post", "役職", RK_TEXT, W, 255, "string"),
	RK_FIELD("family_name", "姓", RK_TEXT, WR, 100, "string"),
	RK_FIELD("first_name", "名", RK_TEXT, W, 100, "string"),
	RK_FIELD("family_name_kana", "姓(カナ)", RK_TEXT, W, 100, "string"),
	RK_FIELD("first_name_kana", "名(カナ)", RK_TEXT, W, 100, "string"),
	RK_FIELD("tel", "電話番号", RK_TEXT, W, 100, "string"),
	RK_FIELD("extension", "内線番号", RK_TEXT, W, 8, "string"),
	RK_FIELD("fax", "FAX", RK_TEXT, W, 100, "string"),
	RK_FIELD("email", "メールアドレス", RK_TEXT, WK | RK_FIELD_KEY_NOCASE, 200, "string"),
	RK_FIELD("mobile_tel", "携帯電話番号", RK_TEXT, W, 100, "string"),
	RK_FIELD("mobile_email", "携帯メールアドレス", RK_TEXT, W, 100, "string"),
	RK_FIELD("zip", "郵便番号", RK_TEXT, W, 50, "string"),
	RK_FIELD_CHOICE("pref", "都道府県", W, hot_prefectures, "choice"),
	RK_FIELD("address", "住所", RK_TEXT, W, 255, "string"),
	RK_FIELD("url", "URL", RK_TEXT, W, 255, "string"),
	RK_FIELD("owner_user_id", "所有者ID", RK_TEXT, W, -1, "string"),
	RK_FIELD("owner_user_name", "所有者", RK_TEXT, 0, -1, "string"),
	RK_FIELD("owner_user_code", "所有者ユーザーID", RK_TEXT, 0, -1, "string"),
	RK_FIELD("trade_on", "情報取得日", RK_DATE, 0, -1, "date"),
	RK_FIELD("lead_source_kbn_name", "リードソース区分", RK_TEXT, 0, -1, "string"),
	RK_FIELD("lead_source", "リードソース", RK_TEXT, W, 3000, "string"),
	RK_FIELD("interest_product_type_names", "興味商品", RK_CHOICES, 0, -1, "names"),
	RK_FIELD("tags", "タグ", RK_CHOICES, 0, -1, "names"),
	RK_FIELD("note", "メモ", RK_TEXT, W, 5000, "string"),
	RK_FIELD("customer_id", "顧客ID", RK_TEXT, W, 255, "string"),
	RK_FIELD_CHOICE("lead_status", "リードステータス", W, statuses, "choice"),
	FLAG("important_customer_flg", "重要顧客"), FLAG("end_user_flg", "エンドユーザー"),
	FLAG("store_flg", "販売店"), FLAG("competitor_flg", "競合"),
	FLAG("error_mail_flg", "メールエラー"), FLAG("error_tel_flg", "電話エラー"),
	FLAG("error_fax_flg", "FAXエラー"), FLAG("error_address_flg", "住所エラー"),
	FLAG("not_mail_flg", "メール不可"), FLAG("not_tel_flg", "電話不可"),
	FLAG("not_fax_flg", "FAX不可"), FLAG("not_dm_flg", "DM不可"), STAMPS,
};

static const struct rk_field deal_fields[] = {
	RK_FIELD("id", "商談ID", RK_TEXT, 0, -1, "string"),
	RK_FIELD_REF("client_id", "会社ID", 0, "clients", "id"),
	RK_FIELD("client_name", "会社名", RK_TEXT, 0, -1, "string"),
	RK_FIELD("title", "商談名", RK_TEXT, 0, 255, "string"),
	RK_FIELD("amount", "金額", RK_DECIMAL, 0, -1, "number"),
	RK_FIELD("gross_profit", "粗利", RK_DECIMAL, 0, -1, "number"),
	RK_FIELD("cost_price", "原価", RK_DECIMAL, 0, -1, "number"),
	RK_FIELD("gross_profit_margin", "粗利率", RK_DECIMAL, 0, -1, "number"),
	RK_FIELD("chance", "受注確度", RK_TEXT, 0, -1, "string"),
	RK_FIELD("status", "商談ステージ", RK_TEXT, 0, -1, "string"),
	RK_FIELD("product", "商品種別", RK_TEXT, 0, -1, "string"),
	RK_FIELD("user", "営業担当者", RK_TEXT, 0, -1, "string"),
	RK_FIELD("orders_date_on", "受注予定日", RK_DATE, 0, -1, "date"),
	RK_FIELD("start_contract_at", "契約開始日", RK_DATE, 0, -1, "date"),
	RK_FIELD("end_contract_at", "契約終了日", RK_DATE, 0, -1, "date"),
	RK_FIELD("note1", "備考1", RK_TEXT, 0, -1, "string"), RK_FIELD("note2", "備考2", RK_TEXT, 0, -1, "string"),
	STAMPS,
};

#define KIND(name, fields, items) { name, fields, RK_COUNT(fields), items }

static const struct hot_kind kinds[] = {
	KIND("clients", client_fields, "client_items"),
	KIND("organizations", department_fields, NULL),
	KIND("leads", lead_fields, "lead_items"),
	KIND("deals", deal_fields, "deal_items"),
};

static const struct rk_object objects[] = {
	{ .name = RK_LIT("clients"), .label = RK_LIT("会社") },
	{ .name = RK_LIT("organizations"), .label = RK_LIT("部署") },
	{ .name = RK_LIT("leads"), .label = RK_LIT("リード") },
	{ .name = RK_LIT("deals"), .label = RK_LIT("商談") },
};

const struct hot_kind *
hot_kind_find(struct rk_text object, struct rk_err *err)
{
	for (size_t i = 0; i < RK_COUNT(kinds); i++)
		if (rk_text_is(object, kinds[i].name))
			return &kinds[i];
	rk_fail_config(err, "HotProfile has no object \"%.*s\", only clients, "
	               "organizations, leads and deals", RK_S(object));
	return NULL;
}

/* ---- Custom items ---------------------------------------------------------------- */

static const struct {
	const char *word;
	uint32_t type, flags;
} item_types[] = {
	{ "text", RK_TEXT, WK }, { "note", RK_TEXT, W }, { "number", RK_DECIMAL, W },
	{ "date", RK_DATE, W }, { "choice", RK_CHOICE, W }, { "checks", RK_CHOICES, W },
	{ "user", RK_TEXT, W }, { "file", RK_TEXT, 0 },
};

struct rk_text
hot_item_label(struct rk_text name)
{
	uint64_t skip = strlen(ITEM);

	return rk_text_starts(name, ITEM) ? rk_text_of(name.ptr + skip, name.len - skip)
	                                  : rk_text_of(NULL, 0);
}

int
hot_choice_next(struct rk_text *choices, struct rk_text *code, struct rk_text *label)
{
	if (choices->len == 0)
		return 0;
	*label = rk_text_next(choices, ',');
	*code = rk_text_next(label, '=');
	if (label->len == 0)
		*label = *code;
	return 1;
}

/* The flags of the item's type; -1: its entry cannot be read. */
static int64_t
read_item(struct rk_text entry, struct hot_item *item)
{
	struct rk_text type;
	int64_t number;

	item->label = rk_text_next(&entry, ':');
	item->id = rk_text_next(&entry, ':');
	type = rk_text_next(&entry, ':');
	item->choices = rk_text_trim(entry);
	for (size_t i = 0; i < RK_COUNT(item_types); i++)
		if (rk_text_is(type, item_types[i].word)) {
			int chosen = item_types[i].type == RK_CHOICE ||
			             item_types[i].type == RK_CHOICES;

			item->type = item_types[i].type;
			return item->label.len && rk_text_int(item->id, &number) &&
			       chosen == (item->choices.len != 0)
			     ? (int64_t)item_types[i].flags : -1;
		}
	return -1;
}

static struct rk_text
item_setting(const struct rk_host *host, const struct hot_kind *kind)
{
	return kind->items ? host->setting(host, kind->items) : rk_text_of(NULL, 0);
}

int
hot_item_find(const struct rk_host *host, const struct hot_kind *kind,
              struct rk_text label, struct hot_item *item)
{
	struct rk_text all = item_setting(host, kind);

	while (all.len && label.len)
		if (read_item(rk_text_next(&all, ';'), item) >= 0 &&
		    rk_text_eq(item->label, label))
			return 1;
	return 0;
}

int32_t
hot_check_items(const struct rk_host *host, struct rk_err *err)
{
	struct hot_item item;

	for (size_t i = 0; i < RK_COUNT(kinds); i++) {
		struct rk_text all = item_setting(host, &kinds[i]);

		while (all.len) {
			struct rk_text entry = rk_text_next(&all, ';');

			if (entry.len && read_item(entry, &item) < 0)
				return rk_fail_config(err, "the entry \"%.*s\" of %s is "
				                      "no custom item of the form "
				                      "LABEL:ID:TYPE:CODE=LABEL,...",
				                      RK_S(entry), kinds[i].items);
		}
	}
	return RK_OK;
}

/* ---- Description ----------------------------------------------------------------- */

struct description {
	const struct rk_host *host;
	const struct hot_kind *kind;
	struct rk_field *fields;
	uint64_t count, room;
};

static void
describe_item(struct description *d, const struct hot_item *item, int64_t flags)
{
	const struct rk_host *host = d->host;
	struct rk_text choices = item->choices;
	struct rk_option *options = host->alloc(host,
		(choices.len + 1) * sizeof *options);
	struct rk_field *field = &d->fields[d->count];
	struct rk_text code;

	if (d->count == d->room)
		return;
	d->count++;
	rk_field_known(field, item->type, (uint32_t)flags,
	               rk_textf(host, ITEM "%.*s", RK_S(item->label)).ptr,
	               rk_text_z(host, item->label));
	field->native = rk_z("item");
	field->max_length = item->type != RK_TEXT ? -1 : flags == WK ? 3000 : 5000;
	field->integer_digits = item->type == RK_DECIMAL ? 13 : -1;
	field->options = options;
	while (hot_choice_next(&choices, &code, &options[field->option_count].label)) {
		options[field->option_count].value = options[field->option_count].label;
		field->option_count++;
	}
}

/* Those that the settings describe, then the labels of the first record that they do not:
 * these are texts, and are only read. */
static int32_t
describe_items(struct description *d, struct rk_err *err)
{
	struct rk_text all = item_setting(d->host, d->kind);
	struct rk_json_out form = hot_form(d->host);
	struct rk_answer answer;
	const cJSON *rows;
	struct hot_item item;
	int32_t status;

	while (all.len) {
		int64_t flags = read_item(rk_text_next(&all, ';'), &item);

		if (flags >= 0)
			describe_item(d, &item, flags);
	}
	hot_put_number(&form, "page[display_number]", 1);
	status = hot_ask_list(d->host, rk_z(d->kind->name), &form, &answer, &rows, NULL,
	                      err);
	if (status != RK_OK)
		return status;
	rk_json_each(told, rk_json_get(rows->child, "items")) {
		struct rk_text label = rk_text_trim(rk_json_str(d->host, told, "label"));
		struct hot_item plain = { .label = label, .type = RK_TEXT };

		if (label.len && !hot_item_find(d->host, d->kind, label, &item))
			describe_item(d, &plain, 0);
	}
	return RK_OK;
}

int32_t
hotprofile_describe_fields(struct rk_conn *conn, struct rk_text object,
                           struct rk_schema *schema, struct rk_err *err)
{
	struct description d = { .host = conn->host, .room = 500 };
	int32_t status = RK_OK;

	schema->objects = objects;
	schema->object_count = RK_COUNT(objects);
	if (object.len == 0)
		return RK_OK;
	d.kind = hot_kind_find(object, err);
	if (!d.kind)
		return RK_PAUSE;
	d.fields = conn->host->alloc(conn->host, (d.room + 1) * sizeof *d.fields);
	for (; d.count < d.kind->field_count; d.count++)
		d.fields[d.count] = d.kind->fields[d.count];
	if (d.kind->items)
		status = describe_items(&d, err);
	schema->fields = d.fields;
	schema->field_count = d.count;
	return status;
}
