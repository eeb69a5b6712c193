/* SPDX-License-Identifier: Apache-2.0
 *
 * kit.c - see kit.h. */
#include "certify/kit.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <renkei/times.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "record/http.h"
#include "record/record.h"
#include "record/schema.h"

#define OPEN_MS 5000
#define CALL_MS 5000
#define REPLY_MAX (48u * 1024 * 1024)
#define LATE_MAX 3
#define LOG_LINES_MAX 100
/* Of one job; a scenario lets it be under way ten times at most. */
#define POLLS_MAX 20

/* ---- Verdicts ------------------------------------------------------------------- */

static const char *
vsay(struct kit *k, const char *format, va_list args)
{
	char text[1200];
	vsnprintf(text, sizeof text, format, args);
	return arena_str(&k->arena, text);
}

void
kit_fail(struct kit *k, const char *format, ...)
{
	va_list args;
	if (k->why != NULL)
		return;
	va_start(args, format);
	k->why = vsay(k, format, args);
	va_end(args);
}

void
kit_skip(struct kit *k, const char *format, ...)
{
	va_list args;
	if (k->why != NULL)
		return;
	va_start(args, format);
	k->why = vsay(k, format, args);
	va_end(args);
	k->skipped = true;
}

__attribute__((format(printf, 3, 4))) static void
break_rule(struct kit *k, enum rule rule, const char *format, ...)
{
	va_list args;
	if (k->broken[rule] != NULL)
		return;
	va_start(args, format);
	k->broken[rule] = vsay(k, format, args);
	va_end(args);
}

bool
kit_can(struct kit *k, const char *operation)
{
	bool can = manifest_can(k->object, operation);
	if (!can)
		kit_skip(k, "the manifest declares no \"%s\" for %s", operation,
		         k->options->scenario->object);
	return can;
}

const char *
kit_told(struct kit *k, int32_t status)
{
	if (status == RK_OK)
		return "OK";
	const char *unknown = k->crm->unknown;
	return arena_printf(&k->arena, "%s, category %s: %s%s%s", err_status_name(status),
	                    err_category_name(k->err.category), k->err.message,
	                    unknown[0] != '\0' ? "; the scenario has no request like " : "",
	                    unknown).ptr;
}

/* ---- What a request must be ----------------------------------------------------- */

static bool
is_declared_host(const struct kit *k, struct rk_text url)
{
	for (size_t i = 0; i < k->settings.origin_count; i++) {
		struct rk_text origin = k->settings.origins[i];
		if (url.len >= origin.len && memcmp(url.ptr, origin.ptr, origin.len) == 0
		    && (url.len == origin.len || strchr("/?", url.ptr[origin.len]) != NULL))
			return true;
	}
	return false;
}

static bool
is_secret(struct kit *k, struct rk_text name)
{
	const char *z = arena_text(&k->scratch, name).ptr;
	const struct manifest_setting *s = manifest_setting(&k->manifest, z);
	return (s != NULL && s->type == MANIFEST_SECRET)
	       || (strcmp(z, "access_token") == 0 && k->manifest.oauth.grant_count > 0);
}

static void
check_pieces(struct kit *k, const struct rk_piece *pieces, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		const struct rk_piece *p = &pieces[i];
		bool basic = p->encoding == RK_ENC_BASIC;
		if (p->kind == RK_PIECE_SECRET
		    && (!is_secret(k, p->text) || (basic && !is_secret(k, p->second))))
			break_rule(k, RULE_SECRETS, "a piece names the secret \"%.*s\", which "
			           "the manifest does not declare", (int)p->text.len,
			           p->text.ptr);
	}
}

static bool
has_secret(const struct rk_header *header)
{
	for (uint64_t i = 0; i < header->piece_count; i++)
		if (header->pieces[i].kind == RK_PIECE_SECRET)
			return true;
	return false;
}

static void
check_headers(struct kit *k, const struct rk_request *r)
{
	for (uint64_t i = 0; i < r->header_count; i++) {
		const struct rk_header *h = &r->headers[i];
		check_pieces(k, h->pieces, h->piece_count);
		if (h->name.len == 13 && strncasecmp(h->name.ptr, "authorization", 13) == 0
		    && !has_secret(h))
			break_rule(k, RULE_AUTHORIZATION, "the header Authorization holds no "
			           "piece that names a secret");
	}
	check_pieces(k, r->body, r->body_count);
}

static void
check_spends(struct kit *k, const struct rk_request *r)
{
	const struct manifest *m = &k->manifest;
	if (m->limit_count > 0 && r->spend_count == 0)
		break_rule(k, RULE_LIMITS, "%.*s %.*s names no limit that it spends",
		           (int)r->method.len, r->method.ptr, (int)r->url.len, r->url.ptr);
	for (uint64_t i = 0; i < r->spend_count; i++) {
		bool known = false;
		for (size_t l = 0; l < m->limit_count; l++)
			if (text_is(r->spends[i].limit, m->limits[l].name))
				known = k->spent[l] = true;
		if (!known)
			break_rule(k, RULE_LIMITS, "a request spends the limit \"%.*s\", which "
			           "the manifest does not declare",
			           (int)r->spends[i].limit.len, r->spends[i].limit.ptr);
	}
}

static void
check_method(struct kit *k, const struct rk_request *r)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };
	size_t at = 0, count = sizeof methods / sizeof *methods;
	while (at < count && !text_is(r->method, methods[at]))
		at++;
	if (at == count)
		break_rule(k, RULE_METHOD, "\"%.*s\" is no method that goes out",
		           (int)r->method.len, r->method.ptr);
	bool safe = (r->flags & RK_HTTP_SAFE) != 0;
	if (at < 2 && !safe)
		break_rule(k, RULE_SAFE, "%s is not marked RK_HTTP_SAFE", methods[at]);
	if (at > 2 && at < count && safe)
		break_rule(k, RULE_SAFE, "%s is marked RK_HTTP_SAFE", methods[at]);
}

/* What RFC 3986 has no place for, or what would end the query. */
static void
check_url(struct kit *k, struct rk_text url)
{
	for (uint64_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.ptr[i];
		if (c <= 0x20 || c >= 0x7f || strchr("\"<>\\^`{|}#", c) != NULL)
			break_rule(k, RULE_URLS, "the byte 0x%02x stands in a URL as it is: %.*s", c,
			           SHOW(url));
	}
}

static bool
check_request(struct kit *k, const struct rk_request *r)
{
	check_url(k, r->url);
	check_headers(k, r);
	check_spends(k, r);
	check_method(k, r);
	if (is_declared_host(k, r->url))
		return true;
	break_rule(k, RULE_HOSTS, "a request goes to %.*s, which the manifest does not declare",
	           (int)(r->url.len < 200 ? r->url.len : 200), r->url.ptr);
	return false;
}

/* ---- In the place of renkei-net -------------------------------------------------- */

static const struct rk_header *
headers_of(struct kit *k, const char *type)
{
	struct rk_header *header = arena_new(&k->scratch, struct rk_header);
	struct rk_piece *piece = arena_new(&k->scratch, struct rk_piece);
	piece->text = text_of(type != NULL ? type : "application/json;charset=utf-8");
	*header = (struct rk_header){ TEXT_LIT("content-type"), piece, 1 };
	return header;
}

/* The first list of at least two items at or below 'item'; NULL: there is none. */
static cJSON *
some_list(cJSON *item)
{
	cJSON *found = NULL, *child;
	if (cJSON_IsArray(item) && cJSON_GetArraySize(item) >= 2)
		return item;
	cJSON_ArrayForEach(child, item)
		if ((found = some_list(child)) != NULL)
			break;
	return found;
}

/* The answer with the last item of its list left out; where there is no list, a rest
 * that is no JSON. */
static struct rk_text
shortened(struct kit *k, struct rk_text body)
{
	cJSON *root = cJSON_Parse(arena_text(&k->scratch, body).ptr), *list = some_list(root);
	if (list != NULL)
		cJSON_DeleteItemFromArray(list, cJSON_GetArraySize(list) - 1);
	char *printed = list != NULL ? cJSON_PrintUnformatted(root) : NULL;
	struct rk_text text = arena_text(&k->scratch, text_of(printed != NULL ? printed : "{"));
	cJSON_free(printed);
	cJSON_Delete(root);
	return text;
}

static int32_t
meet_fault(struct kit *k, const struct rk_request *request, struct rk_reply *reply,
           struct rk_err *err)
{
	const struct fault *f = k->fault;
	struct rk_reply real = *reply;
	k->met = true;
	k->fault_url = arena_text(&k->scratch, request->url);
	if (f->after || f->body == NULL)
		k->crm->answer(k->crm, request, &k->scratch, &real);
	if (f->http == 0) {
		err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, "%s", f->after
		        ? "the connection was lost before an answer arrived"
		        : "the connection was refused");
		err->maybe_sent = f->after;
		return RK_AGAIN;
	}
	reply->status = f->http;
	reply->headers = headers_of(k, f->type);
	reply->header_count = 1;
	reply->retry_after_ms = f->retry_after_ms > 0 ? f->retry_after_ms : -1;
	reply->body = f->coded ? text_of(k->options->scenario->error)
	              : f->shorter ? shortened(k, real.body) : f->body != NULL ? text_of(f->body)
	              : (struct rk_text){ real.body.ptr, real.body.len / 2 };
	return RK_OK;
}

static int32_t
answer_request(struct kit *k, const struct rk_request *request, struct rk_reply *reply,
               struct rk_err *err)
{
	k->asked++;
	k->requests++;
	if (!check_request(k, request))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "this is not a host of the "
		               "connection");
	if (k->fault != NULL && !k->met)
		return meet_fault(k, request, reply, err);
	k->asked_after += k->met && text_eq(request->url, k->fault_url);
	reply->headers = headers_of(k, NULL);
	reply->header_count = 1;
	k->crm->answer(k->crm, request, &k->scratch, reply);
	return RK_OK;
}

static void
serve_net(struct kit *k)
{
	struct frame_message message;
	while (frame_receive(&k->net, &message) == FRAME_MESSAGE) {
		BUF_AUTO out = BUF_INIT(REPLY_MAX);
		struct rk_request request;
		struct rk_reply reply = { .struct_size = sizeof reply, .status = 500,
			.date_ms = clock_now_ms(), .retry_after_ms = -1 };
		struct rk_err err = ERR_INIT;
		int64_t deadline_ms;
		struct rk_text bytes = arena_text(&k->scratch, message.bytes);
		int32_t status = RK_BUG;
		if (http_decode_request(bytes, &k->scratch, &request, &deadline_ms))
			status = answer_request(k, &request, &reply, &err);
		http_encode_reply(&out, status, &err, &reply);
		frame_send(&k->net, NET_HTTP_REPLY, message.call, buf_text(&out), -1,
		           clock_mono_ms() + CALL_MS);
	}
}

/* ---- The process ---------------------------------------------------------------- */

void
kit_fresh(struct kit *k)
{
	runner_stop(&k->runner);
	k->runner = (struct runner)RUNNER_INIT;
	frame_close(&k->net);
	k->net.fd = -1;
}

/* Of all faults files have those of the way alone: a request fails, and nothing was done;
 * or its answer is lost, which of a write is that of its last request. */
static int32_t
meet_in_files(void *with, enum files_request request, bool after, struct rk_err *err)
{
	struct kit *k = with;
	if (k->fault == NULL || k->met || k->fault->http != 0 || k->fault->after != after
	    || (after && k->writes && request != FILES_COMMIT))
		return RK_OK;
	k->met = true;
	int32_t status = err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, "the file cannot be reached");
	err->maybe_sent = after;
	return status;
}

static int32_t
start(struct kit *k)
{
	int pair[2];
	if (k->runner.pid != 0)
		return RK_OK;
	kit_fresh(k);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_errno(&k->err, RK_AGAIN, RK_CAT_BUG, "no socket for a connector");
	frame_open(&k->net, pair[0], FRAME_MESSAGE_MAX);
	struct runner_spec spec = {
		.connector = k->manifest.name, .so_path = k->manifest.path,
		.settings = k->settings.values, .setting_count = k->settings.value_count,
		.sandbox = SANDBOX_SECCOMP, .open_deadline_ms = OPEN_MS,
		.directory = settings_directory(&k->settings) };
	int32_t status = runner_start(&k->runner, &spec, pair[1], &k->err);
	k->runner.files.fault = meet_in_files;
	k->runner.files.with = k;
	struct frame_message message;
	if (frame_receive(&k->net, &message) == FRAME_MESSAGE)
		break_rule(k, RULE_OPEN, "open makes a request; it must do without the network");
	return status;
}

static void
await(struct kit *k, struct runner_answer *answer)
{
	while (!runner_poll(&k->runner, answer)) {
		struct pollfd fds[] = { { .fd = runner_fd(&k->runner), .events = POLLIN },
			                { .fd = k->net.fd, .events = POLLIN } };
		poll(fds, 2, 200);
		if (fds[1].revents != 0)
			serve_net(k);
	}
}

/* What no call may do, whatever it answers. */
static void
look_back(struct kit *k, const struct runner_answer *answer)
{
	const struct rk_err *err = &answer->err;
	struct rk_text message = text_of(err->message);
	const char *name = k->manifest.name;
	if (answer->ended) {
		k->late += answer->status == RK_BUG;
		break_rule(k, RULE_ALIVE, "%s", err->message);
		return;
	}
	if (k->runner.stderr_bytes > 0)
		break_rule(k, RULE_OUTPUT, "%s writes to its standard error", name);
	if (k->runner.log_lines > LOG_LINES_MAX)
		break_rule(k, RULE_LOG, "one call logs %u lines", k->runner.log_lines);
	if (k->asked_after > 0)
		break_rule(k, RULE_NO_RETRY, "after %s it asks the same again within the call",
		           k->fault->name);
	if (answer->status == RK_OK || answer->status == RK_PENDING)
		return;
	if (strstr(err->message, "returned status") != NULL)
		break_rule(k, RULE_STATUS, "%s", err->message);
	if (strstr(err->message, "struct_size") != NULL)
		break_rule(k, RULE_STRUCTS, "%s", err->message);
	if (err->category == RK_CAT_NONE)
		break_rule(k, RULE_ERRORS, "a call ends with %s and names no category",
		           err_status_name(answer->status));
	if (message.len == 0)
		break_rule(k, RULE_MESSAGES, "a call ends with %s and says nothing",
		           err_status_name(answer->status));
	if (!text_utf8_valid(message))
		break_rule(k, RULE_MESSAGES, "a call ends with %s and says what is no UTF-8",
		           err_status_name(answer->status));
}

/* Sends what lies in the runner's buffer and waits. */
static int32_t
call(struct kit *k, enum connector_message type, struct runner_answer *answer)
{
	k->calls++;
	k->writes = type == CONNECTOR_UPSERT;
	k->damage = NULL;
	k->met = false;
	k->asked = k->asked_after = 0;
	k->crm->unknown[0] = '\0';
	runner_ask(&k->runner, type);
	await(k, answer);
	look_back(k, answer);
	k->err = answer->err;
	/* Ids and values go by as many requests as the CRM's own limits make of them. */
	int64_t most = type == CONNECTOR_LIST ? k->object->calls_page
	               : type == CONNECTOR_UPSERT ? k->object->calls_batch : 100;
	if (k->asked > (most > 0 ? most : 1) && k->fault == NULL && !k->by_name)
		break_rule(k, RULE_BUDGET, "one call of %s makes %u requests, where the manifest "
		           "says %s = %lld", type == CONNECTOR_LIST ? "list_changed" : "upsert",
		           k->asked, type == CONNECTOR_LIST ? "calls_page" : "calls_batch",
		           (long long)(most > 0 ? most : 1));
	return answer->status;
}

/* Begins a call: its arguments' buffer, or NULL with k->err filled. */
static struct buf *
arguments(struct kit *k, int32_t *status)
{
	k->err = (struct rk_err)ERR_INIT;
	k->damage = NULL;
	*status = k->late >= LATE_MAX
		? err_set(&k->err, RK_BUG, RK_CAT_BUG, "not called any more: %u calls did "
		          "not come back", k->late) : start(k);
	return *status == RK_OK ? runner_arguments(&k->runner, CALL_MS) : NULL;
}

static int32_t
damaged(struct kit *k, const char *how)
{
	k->damage = how;
	return err_set(&k->err, RK_BUG, RK_CAT_BUG, "its answer cannot be read: %s", how);
}

/* ---- The calls ------------------------------------------------------------------- */

int32_t
kit_auth(struct kit *k, struct rk_account *account)
{
	struct runner_answer answer;
	int32_t status;
	if (arguments(k, &status) == NULL)
		return status;
	status = call(k, CONNECTOR_AUTH, &answer);
	struct rk_text bytes = arena_text(&k->scratch, answer.bytes);
	if (status == RK_OK && !account_decode(bytes, &k->scratch, account))
		return damaged(k, "the account");
	return status;
}

int32_t
kit_describe(struct kit *k, const char *object, struct rk_schema *schema)
{
	struct runner_answer answer;
	int32_t status;
	struct buf *out = arguments(k, &status);
	if (out == NULL)
		return status;
	wire_str(out, object);
	status = call(k, CONNECTOR_DESCRIBE, &answer);
	struct rk_text bytes = arena_text(&k->scratch, answer.bytes);
	if (status == RK_OK && !schema_decode(bytes, &k->scratch, schema))
		return damaged(k, "the description of fields");
	return status;
}

/* Why a page cannot be read.  Its encoding: flag, token, three times, records. */
static const char *
page_damage(struct rk_text bytes)
{
	struct wire_reader r = wire_reader(bytes);
	wire_take_int(&r);
	if (wire_take_text(&r).len > RECORD_TOKEN_MAX)
		return "its token is longer than 4096 bytes";
	while (wire_more(&r) && !r.bad) {
		struct rk_text part;
		uint8_t type = wire_take_any(&r, &part) & (uint8_t)~WIRE_FLAGGED;
		bool text = type == WIRE_TEXT || type == (WIRE_VALUE | RK_TEXT);
		if (text && !text_utf8_valid(part))
			return "a text of it is no UTF-8";
	}
	return "a length, a type or a number is out of bounds";
}

int32_t
kit_list(struct kit *k, const struct rk_query *query, struct rk_page *page)
{
	struct runner_answer answer;
	int32_t status;
	struct buf *out = arguments(k, &status);
	if (out == NULL)
		return status;
	record_encode_query(out, query);
	k->by_name = query->mode != RK_BY_WINDOW;
	status = call(k, CONNECTOR_LIST, &answer);
	struct rk_text bytes = arena_text(&k->scratch, answer.bytes);
	if (status == RK_OK && !record_decode_page(bytes, &k->scratch, query->field_count, page))
		return damaged(k, page_damage(bytes));
	if (status == RK_BUG && strstr(k->err.message, "answer is over") != NULL)
		return damaged(k, "a value has a type that there is none of, or it is too large");
	return status;
}

int32_t
kit_write_once(struct kit *k, const struct rk_batch *batch, struct rk_result *result)
{
	struct runner_answer answer;
	int32_t status;
	struct buf *out = arguments(k, &status);
	*result = (struct rk_result){ .struct_size = sizeof *result,
		.outcomes = arena_new_array(&k->scratch, batch->row_count + 1, struct rk_outcome) };
	if (out == NULL)
		return status;
	record_encode_batch(out, batch);
	k->by_name = false;
	status = call(k, CONNECTOR_UPSERT, &answer);
	if (answer.ended)
		return status;
	struct rk_text bytes = arena_text(&k->scratch, answer.bytes);
	if (!record_decode_outcomes(bytes, &k->scratch, batch->row_count, batch->field_count,
	                            result))
		return damaged(k, "an outcome is out of range");
	return status;
}

int32_t
kit_write(struct kit *k, const struct rk_batch *batch, struct rk_result *result)
{
	int32_t status = kit_write_once(k, batch, result);
	struct rk_batch b = *batch;
	const struct fault *fault = k->fault;
	bool met = k->met;
	k->fault = NULL;
	for (int i = 0; status == RK_PENDING; i++) {
		b.token = arena_text(&k->scratch, result->token);
		if (b.token.len == 0 || b.token.len > RECORD_TOKEN_MAX)
			status = damaged(k, "a job without a token, or with one over 4096 bytes");
		else if (i == POLLS_MAX)
			status = damaged(k, "a job that does not end");
		if (status != RK_PENDING) {
			k->err.maybe_sent = 1;
			break;
		}
		kit_fresh(k);
		status = kit_write_once(k, &b, result);
	}
	k->fault = fault;
	k->met |= met;
	return status;
}

int32_t
kit_effect(const struct kit *k, int32_t status, const struct rk_outcome *outcome)
{
	bool sure_not = status == RK_REJECT || (status != RK_OK && k->err.maybe_sent == 0);
	return outcome->status == RK_UNKNOWN && sure_not ? RK_RETRY : outcome->status;
}

/* ---- Queries and batches ---------------------------------------------------------- */

struct rk_query
kit_query(struct kit *k)
{
	return (struct rk_query){
		.struct_size = sizeof(struct rk_query), .mode = RK_BY_WINDOW,
		.object = text_of(k->options->scenario->object), .fields = k->schema.fields,
		.field_count = k->schema.field_count, .since_ms = RK_NO_TIME,
		.until_ms = RK_NO_TIME, .limit = (uint64_t)k->page };
}

/* A value of the scenario, which is written as the CRM would: 'json:' before what is no
 * text there. */
static struct rk_value
value_of(const struct rk_field *field, const char *text)
{
	if (strncmp(text, "json:", 5) == 0)
		text += 5;
	struct rk_value value = { .type = field->type, .text = text_of(text) };
	switch (field->type) {
	case RK_BOOL:
		value.number = strcmp(text, "true") == 0;
		break;
	case RK_DATETIME:
		if (rk_time_parse(value.text, &value.number))
			break;
		/* fall through */
	case RK_INTEGER:
		text_int64(value.text, &value.number);
		break;
	default:
		break;
	}
	return value;
}

struct rk_batch
kit_batch(struct kit *k, uint32_t operation, size_t count)
{
	const struct scenario *s = k->options->scenario;
	struct rk_row *rows = arena_new_array(&k->scratch, count + 1, struct rk_row);
	for (size_t i = 0; i < count; i++) {
		struct rk_value *values =
			arena_new_array(&k->scratch, k->field_count + 1, struct rk_value);
		int64_t n = k->next_key++;
		for (size_t f = 0; f < k->field_count; f++)
			for (size_t v = 0; v < s->value_count; v++)
				if (text_is(k->fields[f].name, s->values[v].from))
					values[f] = value_of(&k->fields[f], scenario_numbered(
						s->values[v].to, n, &k->scratch));
		rows[i] = (struct rk_row){ .values = values, .key = k->key != NULL ? values : NULL,
			.trace = arena_printf(&k->scratch, "t%zu", i) };
	}
	return (struct rk_batch){ .struct_size = sizeof(struct rk_batch), .operation = operation,
		.object = text_of(s->object), .fields = k->fields,
		.field_count = k->field_count, .key_field = k->key, .rows = rows,
		.row_count = k->batch > 0 && count > (size_t)k->batch ? (size_t)k->batch
		                                                      : count };
}

struct crm_record *
kit_look(struct kit *k, size_t *count)
{
	struct crm_record *records;
	if (k->crm->look(k->crm, &k->scratch, &records, count))
		return records;
	*count = 0;
	return NULL;
}

size_t
kit_count_key(struct kit *k, const struct rk_value *key, struct rk_text *id)
{
	size_t count, found = 0;
	const struct crm_record *records = kit_look(k, &count);
	for (size_t i = 0; i < count; i++) {
		const cJSON *has = cJSON_GetObjectItemCaseSensitive(
			records[i].values, arena_text(&k->scratch, k->key->name).ptr);
		if (records[i].gone || !cJSON_IsString(has)
		    || !text_is(key->text, has->valuestring))
			continue;
		found++;
		*id = records[i].id;
	}
	return found;
}

/* ---- Begin and end ----------------------------------------------------------------- */

static void
first_problem(const struct problems *problems, struct rk_err *err)
{
	err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the file is no connector");
	for (size_t i = problems->count; i-- > 0;)
		if (problems->list[i].weight == PROBLEM_FATAL)
			err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s: %s",
			        problems->list[i].at.file, problems->list[i].text);
}

static bool
take_settings(struct kit *k, struct problems *problems)
{
	const struct scenario *s = k->options->scenario;
	struct config_setting *list =
		arena_new_array(&k->arena, s->setting_count + 1, struct config_setting);
	for (size_t i = 0; i < s->setting_count; i++)
		list[i] = (struct config_setting){ .name = s->settings[i].from,
			.value = s->settings[i].to, .at.file = "the scenario's settings" };
	k->connection = (struct config_connection){
		.name = "certify", .connector = k->manifest.name, .guarantee = GUARANTEE_NONE,
		.settings = list, .setting_count = s->setting_count, .request_deadline_ms = -1,
		.late_commit_ms = -1, .index_lag_ms = -1, .t_land_ms = -1, .t_visible_ms = -1,
		.at.file = "the scenario" };
	return settings_check(&k->settings, &k->connection, &k->manifest, &k->arena, problems);
}

bool
kit_open(struct kit *k, const struct certify_options *options, struct rk_err *err)
{
	struct problems problems = PROBLEMS_INIT;
	const char *object = options->scenario->object;
	*k = (struct kit){ .options = options, .crm = options->crm, .arena = ARENA_INIT,
		.scratch = ARENA_INIT, .described = ARENA_INIT, .runner = RUNNER_INIT, .net.fd = -1,
		.net.received_fd = -1, .next_key = 100000 };
	if (!manifest_read(&k->manifest, options->so_path, &problems)
	    || !take_settings(k, &problems))
		first_problem(&problems, err);
	else if ((k->object = manifest_object(&k->manifest, object)) == NULL)
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the scenario is about the object \"%s\", "
		        "which %s does not declare", object, k->manifest.name);
	problems_free(&problems);
	k->spent = arena_new_array(&k->arena, k->manifest.limit_count + 1, bool);
	if (k->object == NULL)
		return false;
	k->page = k->object->page > 0 ? k->object->page : 100;
	k->batch = k->object->batch > 0 ? k->object->batch : 1;
	return true;
}

void
kit_close(struct kit *k)
{
	kit_fresh(k);
	manifest_free(&k->manifest);
	arena_free(&k->scratch);
	arena_free(&k->described);
	arena_free(&k->arena);
}
