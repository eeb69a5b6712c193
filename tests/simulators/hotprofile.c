/* SPDX-License-Identifier: Apache-2.0 */
/* hotprofile.c - the simulated open API of HotProfile: keys, limits, parameters, and the
 * tables of its objects (sheet, sections 1 to 3, 5 to 8).  Records are listed and written
 * in hotprofile_records.c.  The table of CRMs in main.c names `hotprofile_crm`. */
#include "hotprofile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SLOT_MS INT64_C(300000)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NONE SEED_COLUMNS

struct hotprofile *
hot_state(const struct sim *sim)
{
	return sim->state;
}

/* ---- Tables -------------------------------------------------------------- */

const char *const hot_prefectures[47] = {
	"北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
	"栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
	"石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
	"滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
	"岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
	"佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
};

static const struct hot_field client_fields[] = {
	{ "name", "name", "会社名", HOT_TEXT, 255, true, SEED_COMPANY },
	{ "name_kana", "name_kana", "会社名カナ", HOT_TEXT, 255, false, NONE },
	{ "name_disp", "name_disp", "会社名略称", HOT_TEXT, 255, false, NONE },
	{ "zip", "zip", "郵便番号", HOT_TEXT, 100, false, SEED_ZIP },
	{ "pref", "pref_id", "都道府県コード", HOT_PREFECTURE, 0, false, NONE },
	{ "address", "address", "住所", HOT_TEXT, 255, false, SEED_ADDRESS },
	{ "industry_kbn", NULL, "業界", HOT_TEXT, 0, false, NONE },
	{ "worker_number_kbn", NULL, "従業員数", HOT_TEXT, 0, false, NONE },
	{ "main_tel", "main_tel", "代表電話番号", HOT_TEXT, 100, false, SEED_PHONE },
	{ "url", "url", "URL", HOT_TEXT, 255, false, SEED_WEBSITE },
	{ "mail_domain", "mail_domain", "メールドメイン", HOT_TEXT, 255, false, NONE },
	{ "note", "note", "メモ", HOT_TEXT, 5000, false, SEED_NOTE },
	{ "user_name", NULL, "営業担当者", HOT_TEXT, 0, false, NONE },
	{ "user_code", NULL, "営業担当者コード", HOT_TEXT, 0, false, NONE },
	{ "corporate_number", NULL, "法人番号", HOT_ID, 0, false, NONE },
	{ NULL, NULL, NULL, HOT_TEXT, 0, false, NONE },
};

static const struct hot_field lead_fields[] = {
	{ "client_id", "client_id", "会社ID", HOT_CLIENT, 0, true, NONE },
	{ "organization_id", "organization_id", "部署ID", HOT_ID, 0, false, NONE },
	{ "post", "post", "役職", HOT_TEXT, 255, false, SEED_JOBTITLE },
	{ "family_name", "family_name", "姓", HOT_TEXT, 100, true, SEED_LASTNAME },
	{ "first_name", "first_name", "名", HOT_TEXT, 100, false, SEED_FIRSTNAME },
	{ "family_name_kana", "family_name_kana", "姓(カナ)", HOT_TEXT, 100, false, NONE },
	{ "first_name_kana", "first_name_kana", "名(カナ)", HOT_TEXT, 100, false, NONE },
	{ "tel", "tel", "電話番号", HOT_TEXT, 100, false, SEED_PHONE },
	{ "fax", "fax", "FAX", HOT_TEXT, 100, false, NONE },
	{ "email", "email", "メールアドレス", HOT_TEXT, 200, false, SEED_EMAIL },
	{ "mobile_tel", "mobile_tel", "携帯電話番号", HOT_TEXT, 100, false, SEED_MOBILE },
	{ "mobile_email", "mobile_email", "携帯メールアドレス", HOT_TEXT, 100, false, NONE },
	{ "zip", "zip", "郵便番号", HOT_TEXT, 50, false, SEED_ZIP },
	{ "pref", "pref_id", "都道府県コード", HOT_PREFECTURE, 0, false, NONE },
	{ "address", "address", "住所", HOT_TEXT, 255, false, SEED_ADDRESS },
	{ "url", "url", "URL", HOT_TEXT, 255, false, SEED_WEBSITE },
	{ "owner_user_id", "owner_user_id", "名刺所有者ID", HOT_ID, 0, false, NONE },
	{ "owner_user_name", NULL, "名刺所有者", HOT_TEXT, 0, false, NONE },
	{ "owner_user_code", NULL, "名刺所有者コード", HOT_TEXT, 0, false, NONE },
	{ "trade_on", NULL, "情報取得日", HOT_DATE, 0, false, NONE },
	{ "lead_source", "lead_source", "リードソース", HOT_TEXT, 3000, false, NONE },
	{ "note", "note", "メモ", HOT_TEXT, 5000, false, SEED_NOTE },
	{ "customer_id", "customer_id", "顧客ID", HOT_TEXT, 255, false, NONE },
	{ "lead_status", "lead_status", "リードステータス", HOT_STATUS, 0, false, NONE },
	{ "important_customer_flg", "important_customer_flg", "重要顧客", HOT_FLAG, 0, false,
	  NONE },
	{ "not_mail_flg", "not_mail_flg", "メール不可", HOT_FLAG, 0, false, NONE },
	{ "not_tel_flg", "not_tel_flg", "電話不可", HOT_FLAG, 0, false, NONE },
	{ "tags", NULL, "タグ", HOT_LIST, 0, false, NONE },
	{ NULL, NULL, NULL, HOT_TEXT, 0, false, NONE },
};

static const struct hot_field deal_fields[] = {
	{ "client_id", "client_id", "会社ID", HOT_CLIENT, 0, true, NONE },
	{ "title", "title", "商談名", HOT_TEXT, 255, true, SEED_COMPANY },
	{ "amount", "amount", "金額", HOT_MONEY, 0, false, NONE },
	{ "gross_profit", "gross_profit", "粗利", HOT_MONEY, 0, false, NONE },
	{ "orders_date_on", "orders_date_on", "受注予定日", HOT_DATE, 0, false, NONE },
	{ "status", NULL, "商談ステージ", HOT_TEXT, 0, false, NONE },
	{ "chance", NULL, "受注確度", HOT_TEXT, 0, false, NONE },
	{ "user", NULL, "営業担当者", HOT_TEXT, 0, false, NONE },
	{ "note1", "note1", "備考1", HOT_TEXT, 5000, false, SEED_NOTE },
	{ "note2", "note2", "備考2", HOT_TEXT, 5000, false, NONE },
	{ NULL, NULL, NULL, HOT_TEXT, 0, false, NONE },
};

#define WINDOWS \
	{ "search[from_id]", NULL, BY_FROM_ID }, { "search[to_id]", NULL, BY_TO_ID }, \
	{ "search[from_datetime_updated_on]", NULL, BY_FROM_TIME }, \
	{ "search[to_datetime_updated_on]", NULL, BY_TO_TIME }

static const struct hot_filter client_filters[] = {
	WINDOWS, { "search[name]", "name", BY_PART },
	{ "search[name_kana]", "name_kana", BY_PART },
	{ "search[main_tel]", "main_tel", BY_PART }, { NULL, NULL, BY_OWN },
};

static const struct hot_filter lead_filters[] = {
	WINDOWS, { "search[ids]", NULL, BY_IDS }, { "search[client_id]", "client_id", BY_WHOLE },
	{ "search[email]", "email", BY_PART }, { "search[private_flg]", NULL, BY_OWN },
	{ NULL, NULL, BY_OWN },
};

static const struct hot_filter deal_filters[] = { WINDOWS, { NULL, NULL, BY_OWN } };

static const struct hot_object objects[] = {
	{ "clients", "会社", client_fields, client_filters, "id name name_kana name_disp zip "
	  "pref_id address main_tel url mail_domain note user_id corporate_number created_at "
	  "updated_at", 1000, false, false },
	/* No order key is documented; of the two numbers printed the smaller one. */
	{ "leads", "リード", lead_fields, lead_filters, "", 100, true, true },
	{ "deals", "商談", deal_fields, deal_filters, "client user title amount orders_date_on "
	  "created_at updated_at department", 100, false, false },
};

const struct hot_item hot_items[] = {
	{ "clients", "101", "ランク", ITEM_CHOICE, { "A", "B", "C", NULL } },
	{ "clients", "102", "口座数", ITEM_NUMBER, { NULL } },
	{ "clients", "103", "契約日", ITEM_DATE, { NULL } },
	{ "leads", "201", "区分", ITEM_CHOICE, { "営業", "技術", "経営", NULL } },
	{ "leads", "202", "興味", ITEM_CHECKS, { "製品A", "製品B", "製品C", NULL } },
	{ "leads", "203", "連携ID", ITEM_TEXT, { NULL } },
	{ "deals", "301", "競合", ITEM_TEXT, { NULL } },
	{ NULL, NULL, NULL, ITEM_TEXT, { NULL } },
};

const struct hot_object *
hot_object(const char *name)
{
	for (size_t i = 0; i < COUNT(objects); i++)
		if (!strcmp(objects[i].name, name))
			return &objects[i];
	return NULL;
}

const struct hot_item *
hot_item(const char *object, struct text id)
{
	for (const struct hot_item *i = hot_items; i->object; i++)
		if (!strcmp(i->object, object) && text_is(id, i->id))
			return i;
	return NULL;
}

bool
hot_word(const char *words, struct text word)
{
	struct text rest = text_of(words);

	while (rest.len)
		if (text_equal(text_until(&rest, ' '), word))
			return true;
	return false;
}

/* ---- Errors -------------------------------------------------------------- */

/* The sheets call "errors" a hash and print a list; its status is not told (section 9). */
void
hot_error(struct request *q, struct reply *r, const char *format, ...)
{
	const struct hotprofile *h = hot_state(q->sim);
	bool hash = !strcmp(h->errors, "hash"), list = !strcmp(h->errors, "array");
	struct buf *out = reply_start(r, (int)h->error_status);
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	buf_str(out, hash ? "{\"errors\":{\"base\":[" : list ? "{\"errors\":[" : "{\"errors\":");
	buf_quotez(out, message);
	buf_str(out, hash ? "]}}" : list ? "]}" : "}");
}

static void
hot_unknown(struct request *q, struct reply *r)
{
	(void)q;
	r->type = "text/html; charset=utf-8";
	buf_str(reply_start(r, 404), "<html><body>The page does not exist.</body></html>");
}

/* ---- Parameters ---------------------------------------------------------- */

static bool
type_is(const struct request *q, const char *type)
{
	return text_starts(request_header(q, "Content-Type"), type);
}

static size_t
members(const struct json *j)
{
	size_t n = 1;

	for (const struct json *c = j->child; c; c = c->next)
		n += members(c);
	return n;
}

/* {"search":{"name":"x"},"tag_ids":[1]} is search[name]=x and tag_ids[]=1. */
static void
flatten(struct arena *a, struct pair *list, size_t *count, struct text name,
	const struct json *j)
{
	struct buf inner = { 0 };

	if (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY) {
		list[(*count)++] = (struct pair){ name, j->kind == JSON_BOOL
			? text_of(j->truth ? "true" : "false") : j->text };
		return;
	}
	for (const struct json *c = j->child; c; c = c->next) {
		inner.len = 0;
		buf_text(&inner, name);
		buf_str(&inner, name.len ? "[" : "");
		buf_text(&inner, c->name);
		buf_str(&inner, name.len ? "]" : "");
		flatten(a, list, count, arena_copy(a, buf_view(&inner)), c);
	}
	buf_clear(&inner);
}

struct hot_params
hot_params(const struct request *q)
{
	struct hot_params p = { 0 };

	if (!type_is(q, "application/json")) {
		p.count = request_form_pairs(q, &p.list);
		return p;
	}
	if (!q->json || q->json->kind != JSON_OBJECT)
		return p;
	struct pair *list = arena_alloc(q->arena, members(q->json) * sizeof *list);
	flatten(q->arena, list, &p.count, TEXT(""), q->json);
	p.list = list;
	return p;
}

struct text
hot_param(const struct hot_params *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (text_is(p->list[i].name, name))
			return p->list[i].value.ptr ? p->list[i].value : TEXT("");
	return (struct text){ 0 };
}

/* ---- The gate ------------------------------------------------------------ */

/* Whether the contract's calls are used up: the last one of a slot is refused. */
static bool
used_up(struct hotprofile *h, const struct request *q)
{
	if (sim_options.no_limits)
		return false;
	if (h->slot != q->now_ms / SLOT_MS)
		h->slot_calls = 0;
	h->slot = q->now_ms / SLOT_MS;
	return ++h->slot_calls >= h->calls || (int64_t)q->sim->in_flight > h->parallel;
}

/* What a bad key is answered is not told: a status, errors, or a page for people. */
static void
refuse_key(struct request *q, struct reply *r)
{
	const char *how = hot_state(q->sim)->bad_key;

	if (strcmp(how, "page") != 0) {
		buf_str(reply_start(r, !strcmp(how, "200") ? 200 : 401),
			"{\"errors\":[\"APIキーが不正です。\"]}");
		return;
	}
	r->type = "text/html; charset=utf-8";
	buf_str(reply_start(r, 200), "<html><body>ログイン</body></html>");
}

static bool
hot_gate(struct request *q, struct reply *r)
{
	struct hotprofile *h = hot_state(q->sim);
	struct hot_params p = hot_params(q);

	if (!q->route)
		return false;
	if (!type_is(q, "application/json") && !type_is(q, "application/x-www-form-urlencoded"))
		buf_str(reply_start(r, 415), "{\"errors\":[\"Content-Typeが不正です。\"]}");
	else if (!text_is(hot_param(&p, "api_key"), q->sim->token))
		refuse_key(q, r);
	else if (!h->entitled)          /* What is answered is not published. */
		buf_str(reply_start(r, 403), "{\"errors\":[\"ご契約のプランではオープンAPIを"
			"ご利用いただけません。\"]}");
	else if (used_up(h, q))
		buf_str(reply_start(r, (int)h->blocked_status),
			"{\"errors\":[\"アクセス回数の上限に達しました。\"]}");
	else
		return false;
	return true;
}

static void
hot_finish(struct request *q, struct reply *r)
{
	(void)q;
	(void)r;                             /* No headers are promised. */
}

/* ---- The control path's own ---------------------------------------------- */

static void
set_text(const struct json *j, const char *name, char *out, size_t size)
{
	struct text t = json_text(j, name);

	if (json_get(j, name))
		snprintf(out, size, "%.*s", (int)t.len, t.ptr ? t.ptr : "");
}

static void
set_flag(const struct json *j, const char *name, bool *flag)
{
	if (json_get(j, name))
		*flag = json_true(j, name);
}

/* {"calls":N,"parallel":N,"error_status":N,"blocked_status":N,"errors":"array|hash|text",
 * "bad_key":"401|200|page","entitled":bool,"sees_all":bool,"cleansing":bool,"auto_update":bool,
 * "hidden":"email item.201"}; what is left out stays. */
static void
control_options(struct request *q, struct reply *r)
{
	struct hotprofile *h = hot_state(q->sim);

	h->calls = json_int(q->json, "calls", h->calls);
	h->parallel = json_int(q->json, "parallel", h->parallel);
	h->error_status = json_int(q->json, "error_status", h->error_status);
	h->blocked_status = json_int(q->json, "blocked_status", h->blocked_status);
	set_text(q->json, "errors", h->errors, sizeof h->errors);
	set_text(q->json, "bad_key", h->bad_key, sizeof h->bad_key);
	set_text(q->json, "hidden", h->hidden, sizeof h->hidden);
	set_flag(q->json, "entitled", &h->entitled);
	set_flag(q->json, "sees_all", &h->sees_all);
	set_flag(q->json, "cleansing", &h->cleansing);
	set_flag(q->json, "auto_update", &h->auto_update);
	buf_str(reply_start(r, 200), "{}");
}

static const struct control controls[] = {
	{ "POST", "options", "limits and habits", control_options,
	  "{\"calls\":80,\"parallel\":2,\"entitled\":true,\"cleansing\":false}" },
	{ "POST", "merge", "one company takes over another", hot_merge,
	  "{\"from\":\"2\",\"to\":\"1\"}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

#define API "/rest_api/v1/"

static const struct route routes[] = {
	{ "POST", API "clients/get_entry_list", "clients/get_entry_list", hot_list, 0 },
	{ "POST", API "leads/get_entry_list", "leads/get_entry_list", hot_list, 0 },
	{ "POST", API "deals/get_entry_list", "deals/get_entry_list", hot_list, 0 },
	{ "POST", API "clients/create", "clients/create", hot_write, 0 },
	{ "POST", API "clients/update", "clients/update", hot_write, 0 },
	{ "POST", API "leads/create", "leads/create", hot_write, 0 },
	{ "POST", API "leads/update", "leads/update", hot_write, 0 },
	{ "POST", API "deals/create", "deals/create", hot_write, 0 },
	{ "POST", API "deals/update", "deals/update", hot_write, 0 },
	{ "POST", API "organizations/get_entry_list", "organizations/get_entry_list", hot_tree,
	  0 },
	{ "POST", API "organizations/create", "organizations/create", hot_write_tree, 0 },
	{ "POST", API "organizations/update", "organizations/update", hot_write_tree, 0 },
	{ NULL, NULL, NULL, NULL, 0 },
};

/* ---- Start ---------------------------------------------------------------- */

static void
define(struct sim *sim, const struct hot_object *kind)
{
	struct object *o = sim_add_object(sim, kind->name);
	char name[32];

	for (const struct hot_field *f = kind->fields; f->name; f++)
		object_add_field(o, text_of(f->name))->type = (int)f->type;
	for (const struct hot_item *i = hot_items; i->object; i++) {
		if (strcmp(i->object, kind->name) != 0)
			continue;
		snprintf(name, sizeof name, "item.%s", i->id);
		object_add_field(o, text_of(name));
	}
}

/* A lead needs a company: there is one from the start. */
static void
first_company(struct sim *sim)
{
	struct object *o = sim_object(sim, TEXT("clients"));
	struct origin by = { .op = "load", .by = "control", .now_ms = sim_now_ms(),
			     .updated_ms = sim_now_ms() - 3 * 3600000, .settled = true };
	struct change name = { object_field(o, TEXT("name")),
			       TEXT("\"見本商事株式会社\"") };

	store_create(o, 0, &name, 1, &by);
}

static void
hot_init(struct sim *sim)
{
	struct hotprofile *h = sim_alloc(sizeof *h);

	h->calls = 1000;
	h->parallel = 2;
	h->error_status = 400;
	h->blocked_status = 429;
	h->entitled = h->sees_all = true;
	snprintf(h->errors, sizeof h->errors, "array");
	snprintf(h->bad_key, sizeof h->bad_key, "401");
	sim->state = h;
	for (size_t i = 0; i < COUNT(objects); i++)
		define(sim, &objects[i]);
	object_index(sim_object(sim, TEXT("clients")),
		     object_field(sim_object(sim, TEXT("clients")), TEXT("name")));
	object_add_field(sim_object(sim, TEXT("clients")), TEXT("histories"));
	object_add_field(sim_object(sim, TEXT("leads")), TEXT("own"));
	struct object *o = sim_add_object(sim, "organizations");
	object_add_field(o, TEXT("name"));
	object_add_field(o, TEXT("client_id"));
	object_add_field(o, TEXT("organization_id"));
	first_company(sim);
}

/* The control path takes texts and lists; null and "" are the same here. */
static bool
hot_change(struct arena *a, struct object *o, struct text name, const struct json *value,
	   struct change *change)
{
	bool empty = value->kind == JSON_NULL ||
		(value->kind == JSON_STRING && !value->text.len);

	change->field = object_field(o, name);
	change->raw = empty ? (struct text){ 0 } : value->kind == JSON_NUMBER
		? json_quoted(a, value->text) : json_raw(a, value);
	return change->field != NULL;
}

/* A company's name is its own: with what stands before the '@' of the row's e-mail. */
static struct text
seed_text(struct arena *a, const struct object *o, const struct seed_row *row,
	  const struct hot_field *f)
{
	struct text t = row->column[f->seed], mail = row->column[SEED_EMAIL];
	struct buf joined = { 0 };

	if (f->seed != SEED_COMPANY || strcmp(o->name, "clients") != 0 || !t.len)
		return t;
	buf_text(&joined, t);
	buf_str(&joined, " ");
	buf_text(&joined, text_until(&mail, '@'));
	return arena_take(a, &joined);
}

static size_t
hot_seeded(struct arena *a, struct object *o, const struct seed_row *row,
	   struct change *changes)
{
	const struct hot_object *kind = hot_object(o->name);
	size_t n = 0;

	for (const struct hot_field *f = kind ? kind->fields : NULL; f && f->name; f++) {
		struct text t = f->type == HOT_CLIENT ? TEXT("1")
			: f->seed == NONE ? (struct text){ 0 } : seed_text(a, o, row, f);

		if (t.len)
			changes[n++] = (struct change){ object_field(o, text_of(f->name)),
							json_quoted(a, t) };
	}
	return n;
}

static void
hot_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	char iso[40];

	(void)revision;
	time_iso(iso, updated_ms);
	buf_str(out, iso);
}

const struct crm hotprofile_crm = {
	.name = "hotprofile", .token = "sim-hotprofile-token",
	.routes = routes, .controls = controls,
	.init = hot_init, .gate = hot_gate, .finish = hot_finish, .unknown = hot_unknown,
	.values = "values", .change = hot_change, .seeded = hot_seeded,
	.version = hot_version,
};
