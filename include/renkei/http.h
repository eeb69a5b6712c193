/* SPDX-License-Identifier: MIT-0
 *
 * http.h - one call to a CRM that speaks JSON: how it is sent, and what an answer
 * means that is not a good one.  Which row of a batch an error means is for
 * writing.h.  Header only, C11 and C++17.  Called by connectors, listing.h and
 * writing.h.
 *
 *     struct rk_call -> rk_ask -> ( good | rk_judge )
 *                       rk_ask_read, for calls that change nothing
 *                       rk_ask_list, for such that answer with a list */
#ifndef RENKEI_HTTP_H
#define RENKEI_HTTP_H

#include <renkei/json.h>

/* ---- A call -------------------------------------------------------------------- */

/* The setting 'name', an address, without the slashes at its end. */
static inline struct rk_text
rk_base_url(const struct rk_host *host, const char *name)
{
	struct rk_text base = host->setting(host, name);

	while (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	return base;
}

#define RK_CALL_HEADERS 8

struct rk_answer {
	struct rk_reply reply;
	cJSON *root;                   /* NULL: the body is no JSON, see 'why'. */
	struct rk_err why;
};

/* What an error of the CRM says, wherever it says it. */
struct rk_fault {
	struct rk_text code, message, field, value;
	struct rk_text other_id;       /* Duplicate: who holds the value.     */
	struct rk_text support;        /* What the vendor's support asks for. */
	int32_t status;                /* RK_OK: the HTTP status decides.     */
	int32_t category;              /* RK_CAT_*, of a record if status does
	                                * not say more.                       */
	int64_t wait_ms;               /* Where no header tells it; 0: none.  */
};

/* What a bad answer means by its HTTP status.  A table of these says what is a CRM's own,
 * and ends with a row of zeros; see rk_http_class_find(). */
struct rk_http_class {
	int32_t from, to;
	int32_t coded;                 /* 1, 0: only with, without a code of the
	                                * CRM; -1: both.                      */
	int32_t status, category;      /* RK_REJECT: the fault's category.    */
	const char *words;
};

/* How an API tells errors. */
struct rk_api {
	const struct rk_http_class *classes;
	struct rk_fault (*read_fault)(const struct rk_host *host,
	                              const struct rk_answer *answer);
};

struct rk_call {
	const struct rk_api *api;
	const char *method;
	struct rk_text url, body, object;
	const struct rk_piece *pieces; /* A body with secrets, in its place.  */
	uint64_t piece_count;
	const char *type;              /* Of the body; NULL: JSON.            */
	const struct rk_header *headers; /* Beside those of a body.           */
	uint64_t header_count;
	const struct rk_spend *spends;
	uint64_t spend_count;
	int safe;                      /* Changes nothing at the CRM.         */
};

/* Pieces of headers and bodies, for static tables. */
#define RK_SAYS(text) { RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT(text), RK_LIT("") }
#define RK_SECRET(name, encoding) { RK_PIECE_SECRET, encoding, RK_LIT(name), RK_LIT("") }

static inline void
rk_header_add(struct rk_request *request, struct rk_header *headers, const char *name,
              const struct rk_piece *piece)
{
	struct rk_header *header = &headers[request->header_count++];

	header->name = rk_z(name);
	header->pieces = piece;
	header->piece_count = 1;
}

/* Adds a header to a call, or puts it in the place of the one of that name. */
static inline void
rk_call_add(const struct rk_host *host, struct rk_call *call, struct rk_header header)
{
	struct rk_header *headers = (struct rk_header *)host->alloc(
		host, (call->header_count + 1) * sizeof *headers);
	uint64_t at = 0;

	for (uint64_t i = 0; i < call->header_count; i++)
		headers[i] = call->headers[i];
	while (at < call->header_count && !rk_text_eq(headers[at].name, header.name))
		at++;
	headers[at] = header;
	call->header_count += at == call->header_count;
	call->headers = headers;
}

/* The same with a header of one text. */
static inline void
rk_call_says(const struct rk_host *host, struct rk_call *call, const char *name,
             struct rk_text text)
{
	struct rk_piece *piece = (struct rk_piece *)host->alloc(host, sizeof *piece);
	struct rk_header header;

	piece->text = text;
	header.name = rk_z(name);
	header.pieces = piece;
	header.piece_count = 1;
	rk_call_add(host, call, header);
}

/* "Authorization: Bearer ..." with the access token of OAuth; where the connection has
 * none, with the secret "token". */
static inline struct rk_header
rk_bearer(const struct rk_host *host)
{
	static const struct rk_piece oauth[] = {
		RK_SAYS("Bearer "), RK_SECRET("access_token", RK_ENC_RAW),
	};
	static const struct rk_piece token[] = {
		RK_SAYS("Bearer "), RK_SECRET("token", RK_ENC_RAW),
	};
	struct rk_header header = { RK_LIT("Authorization"), oauth, RK_COUNT(oauth) };

	if (!host->has_setting(host, "access_token"))
		header.pieces = token;
	return header;
}

/* Sends one call and parses what comes back, whatever its status.  A GET with a body
 * goes as the POST that says so, for parameters too long for a URL.
 *
 * Errors: RK_OK: an answer arrived, good or bad; a body that is no JSON is the
 *         caller's to judge.  Else what the host says of the transport. */
static inline int32_t
rk_ask(const struct rk_host *host, const struct rk_call *call, struct rk_answer *answer,
       struct rk_err *err)
{
	static const struct rk_piece get = RK_SAYS("GET");
	struct rk_piece type = { RK_PIECE_TEXT, RK_ENC_RAW, rk_z(
		call->type ? call->type : "application/json"), RK_LIT("") };
	struct rk_header headers[RK_CALL_HEADERS + 2];
	struct rk_piece body = { RK_PIECE_TEXT, RK_ENC_RAW, call->body, RK_LIT("") };
	int disguised = call->body.len && strcmp(call->method, "GET") == 0;
	struct rk_request request;
	int32_t status;

	memset(&request, 0, sizeof request);
	request.struct_size = sizeof request;
	request.flags = call->safe ? RK_HTTP_SAFE : 0;
	request.method = rk_z(disguised ? "POST" : call->method);
	request.url = call->url;
	request.body = call->pieces ? call->pieces : &body;
	request.body_count = call->pieces ? call->piece_count : call->body.len != 0;
	request.object = call->object;
	request.spends = call->spends;
	request.spend_count = call->spend_count;
	request.headers = headers;
	for (; request.header_count < call->header_count &&
	       request.header_count < RK_CALL_HEADERS; request.header_count++)
		headers[request.header_count] = call->headers[request.header_count];
	if (request.body_count)         /* A GET that told the type was refused. */
		rk_header_add(&request, headers, "Content-Type", &type);
	if (disguised)
		rk_header_add(&request, headers, "X-HTTP-Method-Override", &get);
	memset(answer, 0, sizeof *answer);
	answer->reply.struct_size = sizeof answer->reply;
	answer->why.struct_size = sizeof answer->why;
	status = host->http(host, &request, &answer->reply, err);
	if (status != RK_OK)
		return status;
	if (rk_json_parse(host, answer->reply.body, &answer->root, &answer->why) != RK_OK)
		answer->root = NULL;
	return RK_OK;
}

/* The header 'name', in lower case, of an answer; empty if it has none. */
static inline struct rk_text
rk_reply_header(const struct rk_reply *reply, const char *name)
{
	for (uint64_t i = 0; i < reply->header_count; i++)
		if (rk_text_is(reply->headers[i].name, name) &&
		    reply->headers[i].piece_count)
			return reply->headers[i].pieces[0].text;
	return rk_text_of(NULL, 0);
}

/* ---- What a bad answer means ------------------------------------------------------ */

/* Fills 'err' with a fault that has no HTTP status of its own; returns 'status'. */
static inline int32_t
rk_fail_fault(struct rk_err *err, int32_t status, const struct rk_fault *fault)
{
	rk_fail(err, status, fault->category, "%.*s", RK_S(fault->message));
	RK_ERR_SET(err->code, fault->code);
	RK_ERR_SET(err->field, fault->field);
	RK_ERR_SET(err->value, fault->value);
	return status;
}

/* The text of an IPv4 address in an answer: a gate that refuses one often names it. */
static inline struct rk_text
rk_address_in(struct rk_text body)
{
	uint64_t dots = 0, from = 0;

	for (uint64_t i = 0; i <= body.len; i++) {
		char c = i < body.len ? body.ptr[i] : ' ';

		if (c == '.' && i > from && body.ptr[i - 1] != '.')
			dots++;
		if ((c >= '0' && c <= '9') || (c == '.' && i > from))
			continue;
		if (dots == 3 && i - from >= 7 && i - from <= 15 && body.ptr[i - 1] != '.')
			return rk_text_of(body.ptr + from, i - from);
		from = i + 1;
		dots = 0;
	}
	return rk_text_of(NULL, 0);
}

/* A header that the host adds to a 401 or 403: the address that it asked from. */
#define RK_HEADER_OWN_ADDRESS "renkei-own-address"

/* Whose refusal a missing permission is: RK_CODE_IP_RULE for one of the address that we
 * come from, which mostly stands before the API and speaks no JSON; or
 * RK_CODE_NOT_ENTITLED; else NULL. */
static inline const char *
rk_gate(const struct rk_answer *answer, struct rk_text message)
{
	static const char *const address[] = { "IP address", "IPアドレス", "IP アドレス" };
	static const char *const contract[] = { "not entitled", "subscription", "upgrade",
	                                        "edition", "ご契約", "契約" };

	for (uint64_t i = 0; i < RK_COUNT(address); i++)
		if (rk_text_find(message, address[i]))
			return RK_CODE_IP_RULE;
	for (uint64_t i = 0; i < RK_COUNT(contract); i++)
		if (rk_text_find(message, contract[i]) && !rk_text_find(message, "scope"))
			return RK_CODE_NOT_ENTITLED;
	if (answer->reply.status == 402)
		return RK_CODE_NOT_ENTITLED;
	return answer->root ? NULL : RK_CODE_IP_RULE;
}

/* Gives a refusal of that kind its code, and the addresses there are to allow: the one
 * that the answer names, and the one that this machine asked from. */
static inline void
rk_judge_gate(const struct rk_host *host, const struct rk_answer *answer,
              struct rk_fault *fault)
{
	const char *gate = rk_gate(answer, fault->message);
	struct rk_text named = rk_address_in(answer->reply.body);
	struct rk_text own = rk_reply_header(&answer->reply, RK_HEADER_OWN_ADDRESS);

	if (!gate)
		return;
	fault->code = rk_z(gate);
	if (strcmp(gate, RK_CODE_IP_RULE) != 0)
		return;
	if (named.len)
		fault->message = rk_textf(host, "%.*s; the answer names the address %.*s",
		                          RK_S(fault->message), RK_S(named));
	if (own.len)
		fault->message = rk_textf(host, "%.*s; this machine asked from %.*s",
		                          RK_S(fault->message), RK_S(own));
}

/* The first row of a table that fits; 'wide': of those of a hundred statuses or more, else
 * of the others.  NULL: none does. */
static inline const struct rk_http_class *
rk_http_class_among(const struct rk_http_class *row, int32_t http, int coded, int wide)
{
	for (; row && row->to; row++)
		if (http >= row->from && http <= row->to &&
		    (row->coded < 0 || row->coded == coded) &&
		    (row->to - row->from >= 99) == wide)
			return row;
	return NULL;
}

/* The row of an HTTP status: of the API's own table, else what most CRMs mean by it.  A
 * wide row comes behind all that name the status more closely. */
static inline const struct rk_http_class *
rk_http_class_find(const struct rk_http_class *own, int32_t http, int coded)
{
	static const struct rk_http_class usual[] = {
		{ 401, 401, -1, RK_PAUSE, RK_CAT_AUTH, " Unauthorized" },
		{ 402, 402, -1, RK_PAUSE, RK_CAT_PERMISSION, " Payment Required" },
		{ 403, 403, -1, RK_PAUSE, RK_CAT_PERMISSION, " Forbidden" },
		{ 404, 404, -1, RK_PAUSE, RK_CAT_CONFIG, " Not Found" },
		{ 408, 408, -1, RK_AGAIN, RK_CAT_SERVER, " Request Timeout" },
		{ 429, 429, -1, RK_AGAIN, RK_CAT_RATE_LIMIT, " Too Many Requests" },
		{ 300, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (a redirect: check host)" },
		{ 400, 499, -1, RK_REJECT, RK_CAT_OTHER, "" },
		{ 0, INT32_MAX, -1, RK_AGAIN, RK_CAT_SERVER, "" },
		{ 0, 0, 0, 0, 0, NULL },
	};
	const struct rk_http_class *row = NULL;

	for (int wide = 0; !row && wide < 2; wide++) {
		row = rk_http_class_among(own, http, coded, wide);
		if (!row)
			row = rk_http_class_among(usual, http, coded, wide);
	}
	return row;
}

/* What a bad answer means for the call as a whole; fills 'err'.  RK_REJECT: the
 * request itself was refused, and the category says why. */
static inline int32_t
rk_judge(const struct rk_host *host, const struct rk_api *api,
         const struct rk_answer *answer, struct rk_err *err)
{
	struct rk_fault fault = api->read_fault(host, answer);
	struct rk_text words = fault.message;
	int32_t http = answer->reply.status, coded = fault.code.len != 0, status;
	const struct rk_http_class *row = rk_http_class_find(api->classes, http, coded);

	status = fault.status ? fault.status : row->status;
	if (!answer->root)
		words = rk_z("the answer is no JSON");
	if (!fault.status && status != RK_REJECT)
		fault.category = row->category;
	fault.message = rk_textf(host, "HTTP %d%s%s%.*s%s%.*s%s%.*s%s", http,
	                         fault.status ? "" : row->words, coded ? " " : "",
	                         RK_S(fault.code), words.len ? ": " : "", RK_S(words),
	                         fault.support.len ? " (" : "", RK_S(fault.support),
	                         fault.support.len ? ")" : "");
	if (fault.category == RK_CAT_PERMISSION)
		rk_judge_gate(host, answer, &fault);
	if (answer->reply.retry_after_ms >= 0)
		fault.wait_ms = answer->reply.retry_after_ms;
	if (fault.wait_ms >= 1000)
		fault.message = rk_textf(host, "%.*s; it may be asked again in %lld s",
		                         RK_S(fault.message),
		                         (long long)fault.wait_ms / 1000);
	rk_fail_fault(err, status, &fault);
	err->http_status = http;
	err->maybe_sent = !fault.status && status == RK_AGAIN && http != 429;
	err->retry_after_ms = answer->reply.retry_after_ms < 0 && !fault.wait_ms
	                    ? -1 : fault.wait_ms;
	return status;
}

/* As rk_judge, for calls that only read: nothing there can be split, so what was
 * refused is either configured wrongly or asked wrongly. */
static inline int32_t
rk_judge_read(const struct rk_host *host, const struct rk_api *api,
              const struct rk_answer *answer, struct rk_err *err)
{
	int32_t status = rk_judge(host, api, answer, err);

	if (status != RK_REJECT)
		return status;
	if (err->http_status == 404)
		err->category = RK_CAT_CONFIG;
	switch (err->category) {
	case RK_CAT_CONFIG: case RK_CAT_PERMISSION: case RK_CAT_PICKLIST:
	case RK_CAT_PROPERTY_MAPPING: case RK_CAT_ASSOCIATION:
		return RK_PAUSE;
	default:
		err->category = RK_CAT_BUG;
		return RK_BUG;
	}
}

/* Whether an answer is a page for people and not one of an API. */
static inline int
rk_is_page(const struct rk_reply *reply)
{
	struct rk_text body = rk_text_trim(reply->body);

	return (body.len && body.ptr[0] == '<') ||
	       rk_text_starts(rk_reply_header(reply, "content-type"), "text/html");
}

/* A good status and no JSON: a page that answers for the CRM, or an answer that was
 * damaged on its way.  Both pass. */
static inline int32_t
rk_fail_no_json(const struct rk_answer *answer, const struct rk_call *call,
                struct rk_err *err)
{
	if (rk_is_page(&answer->reply))
		rk_fail(err, RK_AGAIN, RK_CAT_UNREACHABLE, "HTTP %d with a web page: a "
		        "proxy, a login or a maintenance page answers for the CRM (%s "
		        "%.*s)", answer->reply.status, call->method, RK_S(call->url));
	else
		rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "HTTP %d: %s (%s %.*s)",
		        answer->reply.status, answer->why.message, call->method,
		        RK_S(call->url));
	err->http_status = answer->reply.status;
	err->maybe_sent = 1;
	return RK_AGAIN;
}

/* A reading call, whose good answer is JSON; anything else is an error. */
static inline int32_t
rk_ask_read(const struct rk_host *host, struct rk_call *call, struct rk_answer *answer,
            struct rk_err *err)
{
	int32_t status;

	call->safe = 1;
	status = rk_ask(host, call, answer, err);
	if (status != RK_OK)
		return status;
	if (answer->reply.status != 200 && answer->reply.status != 207)
		return rk_judge_read(host, call->api, answer, err);
	return answer->root ? RK_OK : rk_fail_no_json(answer, call, err);
}

/* The member 'name' of a good answer, which must be a list or an object. */
static inline int32_t
rk_answer_get(const struct rk_answer *answer, const char *name, int type,
              const cJSON **item, struct rk_err *err)
{
	const cJSON *says = rk_json_get(answer->root, "message");

	*item = rk_json_get(answer->root, name);
	if (rk_json_is(*item, type))
		return RK_OK;
	return rk_fail_bug(err, "the answer has no %s \"%s\"%s%.200s",
	                   type == cJSON_Array ? "list" : "object", name,
	                   rk_json_is(says, cJSON_String) ? "; it says: " : "",
	                   rk_json_is(says, cJSON_String) ? says->valuestring : "");
}

/* The same for an answer that is the list 'name'. */
static inline int32_t
rk_ask_list(const struct rk_host *host, struct rk_call *call, const char *name,
            struct rk_answer *answer, const cJSON **list, struct rk_err *err)
{
	int32_t status = rk_ask_read(host, call, answer, err);

	return status == RK_OK ? rk_answer_get(answer, name, cJSON_Array, list, err) : status;
}

/* The same for a call whose answer proves, by its member 'name', that the API of 'crm' is
 * there. */
static inline int32_t
rk_ask_proof(const struct rk_host *host, struct rk_call *call, const char *name,
             const char *crm, struct rk_answer *answer, struct rk_err *err)
{
	int32_t status = rk_ask_read(host, call, answer, err);
	int strange = status == RK_OK ? !rk_json_get(answer->root, name)
	                              : rk_is_page(&answer->reply);

	if (answer->reply.status == 200 && strange)
		return rk_fail_config(err, "this is not the API of %s: the answer has no "
		                      "\"%s\"", crm, name);
	return status;
}

/* A reading call for what a connector can do without.  Where the CRM does not give it, the
 * log says so of 'what', and the answer is empty.
 *
 * Errors: those that pass, and those of the connection as a whole: an error of what may
 * be done here alone is none. */
static inline int32_t
rk_ask_extra(const struct rk_host *host, struct rk_call *call, const char *what,
             struct rk_answer *answer, struct rk_err *err)
{
	int32_t status = rk_ask_read(host, call, answer, err), http = answer->reply.status;

	if (status == RK_OK || status == RK_AGAIN || status == RK_HOLD ||
	    err->category == RK_CAT_AUTH ||
	    rk_text_is(rk_z(err->code), RK_CODE_IP_RULE) ||
	    (http != 400 && http != 403 && http != 404))
		return status;
	host->log(host, http == 403 ? RK_LOG_WARN : RK_LOG_INFO,
	          rk_textf(host, "%s are not told: %s", what, err->message));
	answer->root = NULL;
	return RK_OK;
}

#define RK_ASKED_MAX 32

/* What rk_ask_once has asked for; begins as zeros, but for 'most'. */
struct rk_asked {
	uint64_t most, count;          /* Calls, RK_ASKED_MAX of them at most. */
	struct rk_text urls[RK_ASKED_MAX];
	const cJSON *lists[RK_ASKED_MAX];
};

/* The list 'name' of an answer, as rk_ask_extra asks for it, once for each address; NULL
 * where it is not told, or, without a word, where as many were asked for as 'most' says. */
static inline int32_t
rk_ask_once(const struct rk_host *host, struct rk_asked *asked, struct rk_call *call,
            const char *name, const char *what, const cJSON **list, struct rk_err *err)
{
	uint64_t at = rk_text_place(asked->urls, asked->count, call->url);
	struct rk_answer answer;
	int32_t status;

	*list = NULL;
	if (at >= RK_ASKED_MAX)
		return RK_OK;
	if (at < asked->count)
		*list = asked->lists[at];
	if (at < asked->count || at == asked->most)
		return RK_OK;
	status = rk_ask_extra(host, call, what, &answer, err);
	if (status == RK_OK)
		*list = rk_json_get(answer.root, name);
	asked->urls[at] = call->url;
	asked->lists[at] = *list;
	asked->count = at + 1;
	return status;
}

/* Which of the 'count' scopes that matter stand in the list 'granted', each with what
 * to do where it does not.  What is no list tells nothing. */
static inline void
rk_grants_read(const struct rk_host *host, const char *const *scopes, uint64_t count,
               const cJSON *granted, const char *remedy, struct rk_account *account)
{
	struct rk_grant *grants;

	if (!rk_json_is(granted, cJSON_Array))
		return;
	grants = (struct rk_grant *)host->alloc(host, count * sizeof *grants);
	for (uint64_t i = 0; i < count; i++) {
		grants[i].name = rk_z(scopes[i]);
		rk_json_each(scope, granted)
			if (rk_text_is(rk_json_text(host, scope, NULL), scopes[i]))
				grants[i].granted = 1;
		if (!grants[i].granted)
			grants[i].detail = rk_z(remedy);
	}
	account->grants = grants;
	account->grant_count = count;
}

/* Tells one more thing that is granted; the caller may take 'granted' away. */
static inline struct rk_grant *
rk_grant_tell(const struct rk_host *host, struct rk_text name, struct rk_text detail,
              struct rk_account *account)
{
	uint64_t count = account->grant_count;
	struct rk_grant *grants = (struct rk_grant *)host->alloc(
		host, (count + 1) * sizeof *grants);

	for (uint64_t i = 0; i < count; i++)
		grants[i] = account->grants[i];
	grants[count].name = name;
	grants[count].detail = detail;
	grants[count].granted = 1;
	account->grants = grants;
	account->grant_count++;
	return &grants[count];
}

#endif
