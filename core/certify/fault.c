/* SPDX-License-Identifier: Apache-2.0
 *
 * fault.c - the group "fault": what the CRM, or the way to it, may do to a call, each
 * kind at each operation.  A call that met a fault must say so with a status and a
 * category that fit, and a write must be honest: what may have happened is unknown,
 * never done and never surely not done.  The call after it must go well again. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "certify/kit.h"

#define AGAIN BIT(RK_AGAIN)
#define HOLD BIT(RK_HOLD)
#define PAUSE BIT(RK_PAUSE)
#define REJECT BIT(RK_REJECT)
#define BUG BIT(RK_BUG)
#define RESYNC BIT(RK_RESYNC)
#define BAD (AGAIN | HOLD | PAUSE | REJECT | BUG | RESYNC)
#define WAY BIT(RK_CAT_UNREACHABLE)
#define AUTH BIT(RK_CAT_AUTH)
#define RIGHT BIT(RK_CAT_PERMISSION)
#define RATE (BIT(RK_CAT_RATE_LIMIT) | BIT(RK_CAT_QUOTA))
#define SERVER BIT(RK_CAT_SERVER)
#define ANY (~BIT(RK_CAT_NONE))

#define HTML "<!DOCTYPE html><html><head><title>Sorry</title></head><body>Sorry</body></html>"
#define TEXT_HTML "text/html;charset=utf-8"
#define ERROR_JSON "{\"error\":\"no\",\"message\":\"no\",\"code\":\"NO\"}"
#define DEEP "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" \
	"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"

#define KIND(id, code, text, s, c, en, ja, ...) \
	{ .name = id, .http = code, .body = text, .statuses = s, .categories = c, \
	  .what = en, .what_ja = ja, __VA_ARGS__ }
#define LATE .after = true

/* For every operation: the CRM did nothing. */
static const struct fault before[] = {
	KIND("refused-connection", 0, "", AGAIN, WAY, "the connection is refused", "接続拒否"),
	KIND("401", 401, ERROR_JSON, PAUSE, AUTH, "HTTP 401", "HTTP 401"),
	KIND("403", 403, ERROR_JSON, PAUSE | REJECT, RIGHT | AUTH, "HTTP 403", "HTTP 403"),
	KIND("403-page", 403, HTML, PAUSE | REJECT, RIGHT | AUTH | BIT(RK_CAT_CONFIG),
	     "HTTP 403 with a web page", "HTTP 403 と HTML", .type = TEXT_HTML),
	KIND("404-page", 404, HTML, PAUSE | REJECT | BUG, ANY, "HTTP 404 with a web page",
	     "HTTP 404 と HTML", .type = TEXT_HTML),
	KIND("429", 429, ERROR_JSON, AGAIN | HOLD, RATE, "HTTP 429 with Retry-After",
	     "HTTP 429 と Retry-After", .retry_after_ms = 7000),
	KIND("429-bare", 429, "", AGAIN | HOLD, RATE, "HTTP 429 without Retry-After",
	     "HTTP 429", .type = "text/plain"),
	KIND("503", 503, HTML, AGAIN, SERVER | RATE | WAY, "HTTP 503 with a web page",
	     "HTTP 503 と HTML", .type = TEXT_HTML, .retry_after_ms = 7000),
	KIND("302", 302, "", BAD, ANY, "a redirect", "転送", .type = TEXT_HTML),
	KIND("400", 400, ERROR_JSON, PAUSE | REJECT | BUG, ANY, "HTTP 400 of unknown meaning",
	     "意味不明の HTTP 400"),
};

/* The CRM may have acted, or has. */
static const struct fault after[] = {
	KIND("lost-answer", 0, "", AGAIN, WAY, "the answer is lost", "応答喪失", LATE),
	KIND("500", 500, ERROR_JSON, AGAIN, SERVER, "HTTP 500", "HTTP 500", LATE),
	KIND("500-coded", 500, "", AGAIN, SERVER, "HTTP 500 with a code that is known",
	     "HTTP 500 と既知のコード", LATE, .coded = true),
	KIND("500-page", 500, HTML, AGAIN, SERVER, "HTTP 500 with a web page",
	     "HTTP 500 と HTML", LATE, .type = TEXT_HTML),
	KIND("502", 502, HTML, AGAIN, SERVER, "HTTP 502", "HTTP 502", LATE, .type = TEXT_HTML),
	KIND("504", 504, "", AGAIN, SERVER, "HTTP 504", "HTTP 504", LATE, .type = TEXT_HTML),
	KIND("page", 200, HTML, BAD, ANY, "a web page instead of JSON", "JSON でなく HTML", LATE,
	     .type = TEXT_HTML),
	KIND("cut", 200, NULL, BAD, ANY, "JSON that is cut off", "途中で切れた JSON", LATE),
	KIND("empty", 200, "", BAD, ANY, "an empty body", "空の本文", LATE),
	KIND("bad-utf8", 200, "{\"a\":\"\xFF\xC3\"}", BAD, ANY, "JSON that is no UTF-8",
	     "UTF-8 でない JSON", LATE),
	KIND("deep", 200, DEEP, BAD, ANY, "JSON that is too deep", "深すぎる JSON", LATE),
	KIND("same-name", 200, "{\"id\":1,\"id\":2}", BAD, ANY, "JSON with a name twice",
	     "名前が重複する JSON", LATE),
	KIND("other-shape", 200, "{\"unexpected\":true}", BAD, ANY, "JSON of another shape",
	     "別の形の JSON", LATE),
	KIND("short", 200, NULL, BAD, ANY, "an answer that lacks a row's result",
	     "1 行分の結果が欠けた応答", LATE, .shorter = true),
	KIND("a-number", 200, "42", BAD, ANY, "JSON that is a number", "数値だけの JSON", LATE),
};

#define BEFORE (sizeof before / sizeof *before)
#define AFTER (sizeof after / sizeof *after)

enum { OP_AUTH, OP_DESCRIBE, OP_LIST, OP_NEXT, OP_WRITE, OP_COUNT };

static const struct {
	const char *name, *what, *what_ja;
} operations[] = {
	[OP_AUTH] = { "auth", "auth", "auth" },
	[OP_DESCRIBE] = { "describe", "describe_fields", "describe_fields" },
	[OP_LIST] = { "list", "the first page", "最初のページ" },
	[OP_NEXT] = { "next", "the second page", "2 ページ目" },
	[OP_WRITE] = { "write", "a batch", "一括書込" },
};

/* ---- One call --------------------------------------------------------------------------- */

struct met {
	struct rk_batch batch;
	struct rk_result result;
	struct rk_text token;
};

static int32_t
operate(struct kit *k, int op, struct met *m)
{
	struct rk_account account;
	struct rk_schema schema;
	struct rk_page page;
	struct rk_query q = kit_query(k);
	q.limit = 5;
	q.token = op == OP_NEXT ? m->token : q.token;
	switch (op) {
	case OP_AUTH:     return kit_auth(k, &account);
	case OP_DESCRIBE: return kit_describe(k, k->options->scenario->object, &schema);
	case OP_WRITE:    return kit_write(k, &m->batch, &m->result);
	default:          return kit_list(k, &q, &page);
	}
}

/* Whether there is something to try it on. */
static bool
prepare(struct kit *k, const struct fault *f, int op, struct met *m)
{
	struct rk_query q = kit_query(k);
	struct rk_page page;
	if ((op == OP_LIST || op == OP_NEXT) && !kit_can(k, "list"))
		return false;
	if (op != OP_WRITE && f->shorter) {
		kit_skip(k, "only a write has results");
		return false;
	}
	if (f->coded && k->options->scenario->error == NULL) {
		kit_skip(k, "the scenario names no \"error\"");
		return false;
	}
	if (op == OP_NEXT) {
		q.limit = 5;
		if (kit_list(k, &q, &page) != RK_OK || !page.more) {
			kit_skip(k, "there is no second page");
			return false;
		}
		m->token = arena_text(&k->scratch, page.token);
	}
	if (op == OP_WRITE && (k->key == NULL || !(manifest_can(k->object, "upsert")
	                                           || kit_can(k, "create")))) {
		kit_skip(k, "nothing is created");
		return false;
	}
	if (op == OP_WRITE)
		m->batch = kit_batch(k, manifest_can(k->object, "upsert") ? RK_OP_UPSERT
		                                                          : RK_OP_CREATE, 2);
	return true;
}

/* ---- Judged -------------------------------------------------------------------------------- */

/* What a row that was not written says against the fault.  One that says nothing is
 * spoken for by the call, if that tells of the fault; under a success it is honest
 * only where the answer was one, and did not tell. */
static void
judge_refusal(struct kit *k, const struct fault *f, int32_t status, uint64_t row,
              const struct rk_outcome *o)
{
	bool again = o->status == RK_RETRY, refused = !again && o->status != RK_UNKNOWN;
	bool speaks = refused || status == RK_OK || o->category != RK_CAT_NONE;
	bool untold = o->status == RK_UNKNOWN && status == RK_OK;
	unsigned long long number = row + 1;
	if (untold && f->after && f->http == 200)
		return;
	if (untold)
		kit_fail(k, "the call says that all is well, and row %llu has no outcome",
		         number);
	else if (refused && (f->statuses & REJECT) == 0)
		kit_fail(k, "row %llu is refused, which nobody did", number);
	else if (again && status == RK_OK && (f->statuses & (AGAIN | HOLD)) == 0)
		kit_fail(k, "row %llu is to go again, which will not help", number);
	else if (speaks && (f->categories & BIT(o->category)) == 0)
		kit_fail(k, "row %llu has an unexpected category: %s", number,
		         err_category_name(o->category));
}

/* What the outcomes say against what can be known. */
static void
judge_rows(struct kit *k, const struct fault *f, int32_t status, const struct met *m)
{
	uint64_t told = f->shorter ? m->batch.row_count - 1 : 0;
	for (uint64_t i = 0; i < m->batch.row_count; i++) {
		int32_t effect = kit_effect(k, status, &m->result.outcomes[i]);
		bool done = effect >= RK_CREATED && effect <= RK_ARCHIVED;
		if (done && told > 0)
			told--;
		else if (done)
			kit_fail(k, "row %llu is said to be written, which no answer told",
			         (unsigned long long)i + 1);
		else if (f->after && effect != RK_UNKNOWN)
			kit_fail(k, "row %llu is said not to have happened, and it has",
			         (unsigned long long)i + 1);
		else
			judge_refusal(k, f, status, i, &m->result.outcomes[i]);
	}
}

static void
judge(struct kit *k, const struct fault *f, int op, int32_t status, const struct met *m)
{
	int32_t category = k->err.category;
	if (status != RK_OK && (f->statuses & BIT(status)) == 0)
		kit_fail(k, "unexpected: %s", kit_told(k, status));
	else if (status != RK_OK && (f->categories & BIT(category)) == 0)
		kit_fail(k, "unexpected category: %s", kit_told(k, status));
	/* Of a write the rows may tell it.  An answer of another shape may be all that auth
	 * needs: that it was let in; so may an API's own word that a right is missing. */
	bool let_in = op == OP_AUTH && (f->http == 200 || (f->http == 403 && f->type == NULL));
	if (status == RK_OK && op != OP_WRITE && !let_in)
		kit_fail(k, "the call says that all is well");
	if (f->retry_after_ms > 0 && f->http == 429 && status != RK_OK
	    && k->err.retry_after_ms != f->retry_after_ms)
		kit_fail(k, "Retry-After said %lld s and the error says %lld ms",
		         (long long)f->retry_after_ms / 1000, (long long)k->err.retry_after_ms);
	if (op == OP_WRITE)
		judge_rows(k, f, status, m);
}

static void
try(struct kit *k, const struct fault *f, int op)
{
	struct met m = { 0 };
	if (!prepare(k, f, op, &m))
		return;
	k->fault = f;
	int32_t status = operate(k, op, &m);
	k->fault = NULL;
	if (!k->met) {
		kit_skip(k, "%s makes no request", operations[op].what);
		return;
	}
	judge(k, f, op, status, &m);
	status = operate(k, op, &m);
	if (status != RK_OK)
		kit_fail(k, "the same call after it: %s", kit_told(k, status));
}

size_t
fault_case_count(void)
{
	return (BEFORE + AFTER) * OP_COUNT;
}

void
fault_case(struct kit *k, size_t number, struct certify_result *result)
{
	size_t kind = number / OP_COUNT;
	int op = (int)(number % OP_COUNT);
	const struct fault *f = kind < BEFORE ? &before[kind] : &after[kind - BEFORE];
	result->name = arena_printf(&k->arena, "fault.%s.%s", f->name, operations[op].name).ptr;
	result->what = arena_printf(&k->arena, "%s at %s", f->what, operations[op].what).ptr;
	result->what_ja = arena_printf(&k->arena, "%s（%s）", f->what_ja,
	                               operations[op].what_ja).ptr;
	if (k->why == NULL)
		try(k, f, op);
}
