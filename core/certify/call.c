/* SPDX-License-Identifier: Apache-2.0
 *
 * call.c - the groups "contract" (the process and its memory), "auth", "describe" and
 * "pure": the same call gives the same answer, in whatever process, and no call does
 * what none may do (the rules that kit.c watches all along). */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "certify/kit.h"
#include "record/value.h"

/* ---- contract ---------------------------------------------------------------------- */

static void
loads(struct kit *k, int which)
{
	(void)which;
	struct rk_account account;
	kit_fresh(k);
	kit_auth(k, &account);
	if (k->runner.pid == 0)
		kit_fail(k, "%s", k->err.message);
}

/* The process ends by itself when its run is gone. */
static void
closes(struct kit *k, int which)
{
	(void)which;
	struct rk_account account;
	kit_fresh(k);
	kit_auth(k, &account);
	pid_t pid = k->runner.pid;
	int state = 0;
	if (pid == 0)
		return;
	frame_close(&k->runner.stream);
	k->runner.stream.fd = -1;
	for (int i = 0; i < 500; i++) {
		pid_t gone = waitpid(pid, &state, WNOHANG);
		if (gone == pid) {
			k->runner.pid = 0;
			if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
				kit_fail(k, "its process does not end well after close: %s %d",
				         WIFSIGNALED(state) ? "signal" : "code",
				         WIFSIGNALED(state) ? WTERMSIG(state) : WEXITSTATUS(state));
			return;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	kit_fail(k, "close does not return");
}

/* Pages of memory that the process holds; 0: it cannot be told. */
static long
resident(const struct kit *k)
{
	char path[64];
	long size = 0, pages = 0;
	BUF_AUTO text = BUF_INIT(4096);
	snprintf(path, sizeof path, "/proc/%d/statm", (int)k->runner.pid);
	if (!io_read_file(path, &text) || sscanf(buf_str(&text), "%ld %ld", &size, &pages) != 2)
		return 0;
	return pages;
}

#define WARM 40
#define CALLS 400
/* 4 MiB: an arena's block that moved is no leak, 10 KiB a call is. */
#define GROWTH_PAGES 1024

static void
keeps_memory(struct kit *k, int which)
{
	struct rk_query q = kit_query(k);
	struct rk_account account;
	struct rk_page page;
	long before = 0;
	q.limit = 5;
	for (int i = 0; i < CALLS && k->late == 0; i++) {
		if (which == 0)
			kit_auth(k, &account);
		else
			kit_list(k, &q, &page);
		if (i == WARM)
			before = resident(k);
		if (k->runner.pid == 0)
			break;
		if (i % 20 == 0)
			arena_clear(&k->scratch);
	}
	long after = resident(k);
	if (before == 0 || after == 0)
		kit_skip(k, "the memory of its process cannot be read");
	else if (after - before > GROWTH_PAGES)
		kit_fail(k, "%d calls leave %ld KiB behind", CALLS - WARM, (after - before) * 4);
}

static void
unknown_object(struct kit *k, int which)
{
	static const char *const names[] = { "999999999", "no such \"object\"/..%00" };
	struct rk_schema schema;
	int32_t status = kit_describe(k, names[which], &schema);
	if (status == RK_OK && schema.field_count > 0)
		kit_fail(k, "fields are described of an object that there is none of");
	if (status == RK_BUG)
		kit_fail(k, "%s", kit_told(k, status));
}

/* ---- auth -------------------------------------------------------------------------- */

enum { A_GOOD, A_ACCOUNT, A_GRANTS, A_ASKS, A_SAME };

static void
auth(struct kit *k, int which)
{
	struct rk_account account = { 0 }, second = { 0 };
	int32_t status = kit_auth(k, &account);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	else if (which == A_ASKS && k->asked + k->runner.files.asked == 0)
		kit_fail(k, "the CRM was not asked: nothing is proved");
	else if (which == A_ACCOUNT && account.account.len + account.user.len == 0)
		kit_fail(k, "neither account nor user is told");
	else if (which == A_GOOD && account.not_entitled)
		kit_fail(k, "the account is said not to be entitled");
	for (uint64_t i = 0; which == A_GRANTS && i < account.grant_count; i++)
		if (account.grants[i].name.len == 0
		    || (!account.grants[i].granted && account.grants[i].detail.len == 0))
			kit_fail(k, "a right has no name, or is missing without a reason");
	if (which != A_SAME || status != RK_OK)
		return;
	kit_fresh(k);
	status = kit_auth(k, &second);
	if (status != RK_OK || !text_eq(account.account, second.account)
	    || !text_eq(account.user, second.user))
		kit_fail(k, "asked twice it tells another account or user");
}

/* ---- describe ---------------------------------------------------------------------- */

enum { D_OBJECTS, D_FIELDS, D_NAMES, D_KEY, D_KEY_FLAGS, D_VALUES, D_OPTIONS, D_REFS,
       D_TABLES, D_LIMITS, D_UNMAPPABLE, D_LABELS, D_NATIVE, D_SAME, D_WRITABLE,
       D_USUAL };

static void
look_at_field(struct kit *k, const struct rk_field *f, int which)
{
	const char *name = arena_text(&k->scratch, f->name).ptr;
	bool mappable = f->unmappable.len == 0;
	bool picks = f->type == RK_CHOICE || f->type == RK_CHOICES;
	if (which == D_LABELS && f->label.len == 0)
		kit_fail(k, "the field %s has no label", name);
	if (which == D_NATIVE && f->native.len == 0)
		kit_fail(k, "the field %s does not tell the CRM's own type", name);
	for (uint64_t i = 0; which == D_OPTIONS && picks && i < f->option_count; i++)
		for (uint64_t j = 0; j <= i; j++)
			if (f->options[i].value.len == 0
			    || (j < i && text_eq(f->options[i].value, f->options[j].value)))
				kit_fail(k, "an option of the field %s is empty or stands twice", name);
	if (which == D_REFS && mappable && (f->type == RK_REF || f->type == RK_REFS)
	    && f->ref_object.len == 0)
		kit_fail(k, "the reference %s names no object", name);
	if (which == D_TABLES && mappable && f->type == RK_TABLE && f->column_count == 0)
		kit_fail(k, "the table %s has no columns", name);
	if (which == D_LIMITS
	    && ((f->min_length >= 0 && f->max_length >= 0 && f->min_length > f->max_length)
	        || f->integer_digits < -1 || f->decimals < -1 || f->max_length < -1))
		kit_fail(k, "the limits of the field %s cannot be met", name);
	if (which == D_KEY_FLAGS && (f->flags & RK_FIELD_KEY) != 0
	    && (f->flags & RK_FIELD_UNIQUE) == 0)
		kit_fail(k, "the field %s may be a key and is not unique", name);
	if (which == D_UNMAPPABLE && f->type == RK_ABSENT && mappable)
		kit_fail(k, "the field %s has no type and no reason why", name);
}

static const struct rk_field *
field_named(const struct rk_schema *schema, const char *name)
{
	for (uint64_t i = 0; name != NULL && i < schema->field_count; i++)
		if (text_is(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

/* What the scenario speaks of must be described. */
static void
look_at_scenario(struct kit *k, const struct rk_schema *schema, int which)
{
	const struct scenario *s = k->options->scenario;
	const struct rk_field *key = field_named(schema, s->key);
	if (which == D_KEY && s->key != NULL
	    && (key == NULL || (key->flags & RK_FIELD_KEY) == 0))
		kit_fail(k, "the field %s is the scenario's key, and is not described as one",
		         s->key);
	for (size_t i = 0; i < s->value_count; i++) {
		const struct rk_field *f = field_named(schema, s->values[i].from);
		if (which == D_VALUES && f == NULL)
			kit_fail(k, "the scenario has values for %s, which is not described",
			         s->values[i].from);
		if (which == D_WRITABLE && f != NULL && (f->flags & RK_FIELD_WRITABLE) == 0)
			kit_fail(k, "the scenario writes %s, which is not described as writable",
			         s->values[i].from);
	}
}

static void
look_at_usual(struct kit *k, const struct rk_schema *schema)
{
	const struct manifest_usual *u =
		manifest_usual(&k->manifest, k->options->scenario->object);
	for (size_t i = 0; u != NULL && i < u->field_count; i++)
		if (field_named(schema, u->fields[i].to) == NULL)
			kit_fail(k, "usual: the manifest names %s as the %s, which is not "
			         "described", u->fields[i].to, u->fields[i].from);
}

static void
look_at_names(struct kit *k, const struct rk_schema *schema)
{
	for (uint64_t i = 0; i < schema->field_count; i++) {
		if (schema->fields[i].name.len == 0)
			kit_fail(k, "a field has no name");
		for (uint64_t j = 0; j < i; j++)
			if (text_eq(schema->fields[i].name, schema->fields[j].name))
				kit_fail(k, "two fields are called %.*s", SHOW(schema->fields[i].name));
	}
}

static bool
same_fields(const struct rk_schema *a, const struct rk_schema *b)
{
	bool same = a->field_count == b->field_count;
	for (uint64_t i = 0; same && i < a->field_count; i++)
		same = text_eq(a->fields[i].name, b->fields[i].name)
		       && a->fields[i].type == b->fields[i].type
		       && a->fields[i].flags == b->fields[i].flags;
	return same;
}

static void
describe(struct kit *k, int which)
{
	struct rk_schema schema, second;
	const char *object = which == D_OBJECTS ? "" : k->options->scenario->object;
	int32_t status = kit_describe(k, object, &schema);
	if (status != RK_OK) {
		kit_fail(k, "%s", kit_told(k, status));
		return;
	}
	if (which == D_OBJECTS) {
		for (uint64_t i = 0; i < schema.object_count; i++)
			if (schema.objects[i].name.len == 0)
				kit_fail(k, "an object has no name");
		return;
	}
	if (schema.field_count == 0)
		kit_fail(k, "no fields are described");
	for (uint64_t i = 0; i < schema.field_count; i++)
		look_at_field(k, &schema.fields[i], which);
	look_at_scenario(k, &schema, which);
	if (which == D_NAMES)
		look_at_names(k, &schema);
	if (which == D_USUAL)
		look_at_usual(k, &schema);
	if (which != D_SAME)
		return;
	kit_fresh(k);
	if (kit_describe(k, object, &second) != RK_OK || !same_fields(&schema, &second))
		kit_fail(k, "asked twice it describes other fields");
}

/* ---- pure -------------------------------------------------------------------------- */

static void
keeps_rule(struct kit *k, int rule)
{
	if (k->broken[rule] != NULL)
		kit_fail(k, "%s", k->broken[rule]);
}

/* What no request spends keeps nobody from using it up. */
static void
spends_all(struct kit *k, int which)
{
	(void)which;
	for (size_t i = 0; i < k->manifest.limit_count; i++)
		if (!k->spent[i])
			kit_fail(k, "no request spends the limit \"%s\" of the manifest",
			         k->manifest.limits[i].name);
}

static void
covers(struct kit *k, int which)
{
	(void)which;
	if (k->crm->missed[0] != '\0')
		kit_fail(k, "the scenario has no request like %s", k->crm->missed);
}

static void
names_what_is(struct kit *k, int which)
{
	(void)which;
	const char *unmet = k->crm->unmet != NULL ? k->crm->unmet(k->crm, &k->arena) : NULL;
	if (unmet != NULL)
		kit_fail(k, "%s", unmet);
}

static bool
first_page(struct kit *k, struct rk_page *page)
{
	struct rk_query q = kit_query(k);
	q.limit = 10;
	int32_t status = kit_list(k, &q, page);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
	return status == RK_OK;
}

static bool
same_page(const struct rk_page *a, const struct rk_page *b, uint64_t value_count)
{
	bool same = a->record_count == b->record_count && a->more == b->more;
	for (uint64_t i = 0; same && i < a->record_count; i++) {
		same = text_eq(a->records[i].id, b->records[i].id)
		       && text_eq(a->records[i].version, b->records[i].version);
		for (uint64_t v = 0; same && v < value_count; v++)
			same = value_eq(&a->records[i].values[v], &b->records[i].values[v]);
	}
	return same;
}

enum { SAME_TWICE, SAME_FRESH, SAME_AFTER_OTHERS, SAME_AFTER_ERROR };

/* The first page is what it was, whatever came before. */
static void
same_answer(struct kit *k, int which)
{
	static const struct fault broken = { "an error", .http = 500, .body = "oops",
		                             .type = "text/plain" };
	struct rk_page first, second;
	struct rk_account account;
	struct rk_schema schema;
	if (!kit_can(k, "list"))
		return;
	kit_fresh(k);
	if (!first_page(k, &first))
		return;
	if (which == SAME_FRESH)
		kit_fresh(k);
	if (which == SAME_AFTER_OTHERS) {
		kit_describe(k, k->options->scenario->object, &schema);
		kit_auth(k, &account);
		kit_describe(k, "", &schema);
	}
	if (which == SAME_AFTER_ERROR) {
		k->fault = &broken;
		kit_auth(k, &account);
		k->fault = NULL;
	}
	if (first_page(k, &second) && !same_page(&first, &second, kit_query(k).field_count))
		kit_fail(k, "the same question gives another page: the connector remembers");
}

/* Each slot as the first call of a process. */
static void
first_call(struct kit *k, int which)
{
	struct rk_account account;
	struct rk_schema schema;
	struct rk_page page;
	int32_t status = RK_OK;
	kit_fresh(k);
	if (which == 0)
		status = kit_auth(k, &account);
	else if (which == 1)
		status = kit_describe(k, k->options->scenario->object, &schema);
	else if (kit_can(k, "list"))
		first_page(k, &page);
	if (status != RK_OK)
		kit_fail(k, "%s", kit_told(k, status));
}

/* ---- Tables ------------------------------------------------------------------------ */

#define GROUP(name) \
	const struct certify_group group_##name = { #name, name##_cases, \
		sizeof name##_cases / sizeof *name##_cases }
#define ADVICE(id, fn, number, en, ja) \
	{ .name = (id), .run = (fn), .which = (number), .advice = true, .what = (en), \
	  .what_ja = (ja) }

static const struct certify_case contract_cases[] = {
	CASE("contract.loads", loads, 0, "it loads in its sandbox", "サンドボックスで読み込める"),
	CASE("contract.closes", closes, 0, "close ends it well", "close で正常に終わる"),
	CASE("contract.unknown-object", unknown_object, 0, "an unknown object is refused",
	     "未知のオブジェクトを拒む"),
	CASE("contract.odd-object", unknown_object, 1, "so is an odd name of one",
	     "特殊な名前も拒む"),
	CASE("contract.memory-auth", keeps_memory, 0, "auth leaves no memory behind",
	     "auth でメモリーが増えない"),
	CASE("contract.memory-list", keeps_memory, 1, "nor does list_changed",
	     "list_changed でも増えない"),
};
GROUP(contract);

static const struct certify_case auth_cases[] = {
	CASE("auth.good", auth, A_GOOD, "good credentials are taken", "正しい認証情報が通る"),
	CASE("auth.asks", auth, A_ASKS, "the CRM is asked", "CRM に問い合わせる"),
	ADVICE("auth.account", auth, A_ACCOUNT, "account or user is told",
	       "アカウントか利用者が分かる"),
	CASE("auth.rights", auth, A_GRANTS, "rights are named", "権限に名前がある"),
	CASE("auth.same", auth, A_SAME, "asked twice it says the same", "2 回とも同じ"),
};
GROUP(auth);

static const struct certify_case describe_cases[] = {
	CASE("describe.objects", describe, D_OBJECTS, "objects are listed",
	     "オブジェクトの一覧が出る"),
	CASE("describe.fields", describe, D_FIELDS, "fields are described", "フィールドが出る"),
	CASE("describe.names", describe, D_NAMES, "each field has its own name",
	     "フィールド名が重複しない"),
	CASE("describe.key", describe, D_KEY, "the key is described as one",
	     "キーがキーとして出る"),
	CASE("describe.key-unique", describe, D_KEY_FLAGS, "keys are unique",
	     "キーが重複を許さない"),
	CASE("describe.values", describe, D_VALUES, "what the scenario writes is described",
	     "書き込む値のフィールドが出る"),
	CASE("describe.writable", describe, D_WRITABLE, "and is writable", "書き込める"),
	CASE("describe.options", describe, D_OPTIONS, "options have values of their own",
	     "選択肢が重複しない"),
	CASE("describe.references", describe, D_REFS, "references name their object",
	     "参照先が分かる"),
	CASE("describe.tables", describe, D_TABLES, "tables have columns", "テーブルに列がある"),
	CASE("describe.limits", describe, D_LIMITS, "limits can be met", "上限と下限が矛盾しない"),
	CASE("describe.unmappable", describe, D_UNMAPPABLE, "what has no type has a reason",
	     "対応付けできない理由がある"),
	CASE("describe.usual", describe, D_USUAL, "usual fields are described",
	     "usual のフィールドが出る"),
	ADVICE("describe.labels", describe, D_LABELS, "each field has a label",
	       "各フィールドに表示名がある"),
	ADVICE("describe.native", describe, D_NATIVE, "each field tells the CRM's type",
	       "各フィールドに CRM の型がある"),
	CASE("describe.same", describe, D_SAME, "asked twice it says the same", "2 回とも同じ"),
};
GROUP(describe);

static const struct certify_case pure_cases[] = {
	CASE("pure.first-auth", first_call, 0, "auth can be the first call", "auth が最初でもよい"),
	CASE("pure.first-describe", first_call, 1, "describe_fields can be the first call",
	     "describe_fields が最初でもよい"),
	CASE("pure.first-list", first_call, 2, "list_changed can be the first call",
	     "list_changed が最初でもよい"),
	CASE("pure.same-twice", same_answer, SAME_TWICE, "a page is the same twice",
	     "同じページが返る"),
	CASE("pure.same-fresh", same_answer, SAME_FRESH, "and in a new process",
	     "新しいプロセスでも同じ"),
	CASE("pure.same-after", same_answer, SAME_AFTER_OTHERS, "and after other calls",
	     "他の呼出の後も同じ"),
	CASE("pure.same-after-error", same_answer, SAME_AFTER_ERROR, "and after an error",
	     "エラーの後も同じ"),
	CASE("pure.open", keeps_rule, RULE_OPEN, "open makes no request", "open で通信しない"),
	CASE("pure.hosts", keeps_rule, RULE_HOSTS, "requests go to declared hosts only",
	     "宣言した接続先だけに送る"),
	CASE("pure.urls", keeps_rule, RULE_URLS, "what stands in a URL is encoded",
	     "URL の文字が符号化されている"),
	CASE("pure.secrets", keeps_rule, RULE_SECRETS, "secrets are named as declared",
	     "宣言した秘密情報だけを使う"),
	CASE("pure.authorization", keeps_rule, RULE_AUTHORIZATION,
	     "Authorization holds a secret's name", "Authorization は秘密情報の名前で作る"),
	CASE("pure.limits", keeps_rule, RULE_LIMITS, "each request names the limits it spends",
	     "各要求が消費する制限を示す"),
	ADVICE("pure.limits-spent", spends_all, 0, "each limit is spent by some request",
	       "各制限がどれかの要求で消費される"),
	CASE("pure.methods", keeps_rule, RULE_METHOD, "methods are known", "メソッドが正しい"),
	CASE("pure.safe", keeps_rule, RULE_SAFE, "what reads is marked safe, what writes is not",
	     "読み取りだけが safe である"),
	CASE("pure.calls", keeps_rule, RULE_BUDGET, "no call makes more requests than declared",
	     "要求数が宣言以内"),
	CASE("pure.no-retry", keeps_rule, RULE_NO_RETRY, "it does not try again by itself",
	     "自分で再試行しない"),
	CASE("pure.status", keeps_rule, RULE_STATUS, "every status is one of the contract",
	     "契約の状態だけを返す"),
	CASE("pure.structs", keeps_rule, RULE_STRUCTS, "structs tell their size",
	     "構造体の大きさが正しい"),
	CASE("pure.categories", keeps_rule, RULE_ERRORS, "every error has a category",
	     "エラーに分類がある"),
	CASE("pure.messages", keeps_rule, RULE_MESSAGES, "every error has words in UTF-8",
	     "エラーに文言がある"),
	CASE("pure.output", keeps_rule, RULE_OUTPUT, "it prints nothing", "何も出力しない"),
	CASE("pure.log", keeps_rule, RULE_LOG, "it logs little", "ログが少ない"),
	CASE("pure.alive", keeps_rule, RULE_ALIVE, "it neither crashes nor hangs",
	     "異常終了も停止もしない"),
	ADVICE("pure.places", names_what_is, 0, "requests have what the scenario looks for",
	       "シナリオが見る箇所が要求にある"),
	CASE("pure.covered", covers, 0, "every request is one that the CRM knows",
	     "すべての要求がシナリオにある"),
};
GROUP(pure);
