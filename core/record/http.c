/* SPDX-License-Identifier: Apache-2.0
 *
 * http.c - see http.h. */
#include "record/http.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"

/* A connector may have filled it to the brim, without a NUL. */
static void
encode_words(struct buf *out, const char *words, size_t size)
{
	wire_text(out, (struct rk_text){ words, strnlen(words, size) });
}

void
http_encode_err(struct buf *out, const struct rk_err *err)
{
	size_t mark = wire_open(out, WIRE_LIST);
	wire_int(out, err->category);
	wire_int(out, err->http_status);
	wire_int(out, err->maybe_sent);
	wire_int(out, err->retry_after_ms);
	encode_words(out, err->code, sizeof err->code);
	encode_words(out, err->field, sizeof err->field);
	encode_words(out, err->value, sizeof err->value);
	encode_words(out, err->message, sizeof err->message);
	wire_close(out, mark);
}

void
http_decode_err(struct wire_reader *r, struct rk_err *err)
{
	struct wire_reader in = wire_take_list(r, WIRE_LIST);
	*err = (struct rk_err)ERR_INIT;
	err->category = (int32_t)wire_take_range(&in, 0, RK_CAT_COUNT - 1);
	err->http_status = (int32_t)wire_take_range(&in, 0, 999);
	err->maybe_sent = (uint32_t)wire_take_range(&in, 0, 1);
	err->retry_after_ms = wire_take_range(&in, -1, INT64_MAX / 2);
	text_copy(err->code, sizeof err->code, wire_take_text(&in));
	text_copy(err->field, sizeof err->field, wire_take_text(&in));
	text_copy(err->value, sizeof err->value, wire_take_text(&in));
	text_copy(err->message, sizeof err->message, wire_take_text(&in));
	r->bad = r->bad || in.bad || wire_more(&in);
}

/* ---- Parts ------------------------------------------------------------- */

struct net_part
net_part_of(const char *text)
{
	struct net_part part = { NET_PART_NONE, 0 };
	struct rk_text number = text_of(text);
	if (number.len == 0)
		return part;
	bool percent = number.ptr[number.len - 1] == '%';
	number.len -= percent;
	if (text_int64(number, &part.number) && part.number >= 0)
		part.kind = percent ? NET_PART_PERCENT : NET_PART_NUMBER;
	return part;
}

int64_t
net_part_take(struct net_part part, int64_t whole, int64_t otherwise)
{
	int64_t most = part.number;
	if (part.kind == NET_PART_NONE)
		return otherwise;
	if (part.kind == NET_PART_PERCENT)
		most = whole / 100 * part.number + whole % 100 * part.number / 100;
	return most < whole ? most : whole;
}

int64_t
net_allowed(int64_t calls, int64_t told_calls, struct net_part allocation)
{
	if (told_calls > 0 && told_calls < calls)
		calls = told_calls;
	return net_part_take(allocation, calls, calls);
}

static void
encode_part(struct buf *out, struct net_part part)
{
	wire_int(out, part.kind);
	wire_int(out, part.number);
}

static struct net_part
take_part(struct wire_reader *r)
{
	struct net_part part = { NET_PART_NONE, 0 };
	part.kind = (enum net_part_kind)wire_take_range(r, 0, NET_PART_PERCENT);
	part.number = wire_take_range(r, 0, part.kind == NET_PART_PERCENT ? 100
	                                                                  : INT64_MAX / 2);
	return part;
}

static void
encode_limit(struct buf *out, const struct net_limit *limit)
{
	wire_text(out, limit->name);
	wire_int(out, limit->calls);
	wire_int(out, limit->per_ms);
	wire_int(out, limit->concurrent);
	wire_text(out, limit->scope);
	wire_text(out, limit->resets);
	wire_text(out, limit->zone);
	wire_text(out, limit->told_calls);
	wire_text(out, limit->told_left);
	wire_text(out, limit->told_used);
	wire_int(out, limit->every);
	encode_part(out, limit->allocation);
	encode_part(out, limit->reserve);
}

void
http_encode_limits(struct buf *out, const struct net_limit *limits, size_t count)
{
	wire_int(out, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		encode_limit(out, &limits[i]);
}

#define LIST_MAX 1000

static size_t
take_count(struct wire_reader *r)
{
	return (size_t)wire_take_range(r, 0, LIST_MAX);
}

bool
http_take_limits(struct wire_reader *r, struct arena *arena,
                 const struct net_limit **limits, size_t *count)
{
	*count = take_count(r);
	struct net_limit *list = arena_new_array(arena, *count, struct net_limit);
	for (size_t i = 0; i < *count; i++) {
		list[i].name = wire_take_text(r);
		list[i].calls = wire_take_range(r, 0, INT64_MAX / 2);
		list[i].per_ms = wire_take_range(r, 0, INT64_MAX / 2);
		list[i].concurrent = wire_take_range(r, 0, 1000000);
		list[i].scope = wire_take_text(r);
		list[i].resets = wire_take_text(r);
		list[i].zone = wire_take_text(r);
		list[i].told_calls = wire_take_text(r);
		list[i].told_left = wire_take_text(r);
		list[i].told_used = wire_take_text(r);
		list[i].every = (int32_t)wire_take_range(r, 0, 1);
		list[i].allocation = take_part(r);
		list[i].reserve = take_part(r);
	}
	*limits = list;
	return !r->bad;
}

static void
encode_oauth(struct buf *out, const struct net_oauth *oauth)
{
	wire_text(out, oauth->token_url);
	wire_text(out, oauth->revoke_url);
	wire_text(out, oauth->authorize_url);
	wire_text(out, oauth->client_id);
	wire_text(out, oauth->redirect_uri);
	wire_text(out, oauth->scopes);
	wire_int(out, oauth->basic);
	wire_int(out, oauth->pkce);
	wire_int(out, oauth->manage);
	wire_int(out, oauth->grant);
	wire_text(out, oauth->subject);
	wire_text(out, oauth->audience);
}

static void
decode_oauth(struct wire_reader *r, struct net_oauth *oauth)
{
	oauth->token_url = wire_take_text(r);
	oauth->revoke_url = wire_take_text(r);
	oauth->authorize_url = wire_take_text(r);
	oauth->client_id = wire_take_text(r);
	oauth->redirect_uri = wire_take_text(r);
	oauth->scopes = wire_take_text(r);
	oauth->basic = (int32_t)wire_take_range(r, 0, 1);
	oauth->pkce = (int32_t)wire_take_range(r, 0, 1);
	oauth->manage = (int32_t)wire_take_range(r, 0, 1);
	oauth->grant = (int32_t)wire_take_range(r, NET_GRANT_CODE, NET_GRANT_JWT);
	oauth->subject = wire_take_text(r);
	oauth->audience = wire_take_text(r);
}

void
http_encode_grant(struct buf *out, int32_t status, const struct rk_err *err,
                  const struct net_grant *grant)
{
	wire_int(out, status);
	http_encode_err(out, err);
	wire_int(out, grant->present);
	wire_text(out, grant->access);
	wire_text(out, grant->refresh);
	wire_text(out, grant->scopes);
	wire_int(out, grant->obtained_ms);
	wire_int(out, grant->expires_ms);
	wire_int(out, grant->renewing_ms);
	wire_text(out, grant->authorize_url);
	wire_int(out, grant->listens);
}

bool
http_decode_grant(struct rk_text bytes, int32_t *status, struct rk_err *err,
                  struct net_grant *grant)
{
	struct wire_reader r = wire_reader(bytes);
	*status = (int32_t)wire_take_range(&r, RK_OK, RK_BUG);
	http_decode_err(&r, err);
	*grant = (struct net_grant){ .present = (int32_t)wire_take_range(&r, 0, 1) };
	grant->access = wire_take_text(&r);
	grant->refresh = wire_take_text(&r);
	grant->scopes = wire_take_text(&r);
	grant->obtained_ms = wire_take_int(&r);
	grant->expires_ms = wire_take_int(&r);
	grant->renewing_ms = wire_take_int(&r);
	grant->authorize_url = wire_take_text(&r);
	grant->listens = (int32_t)wire_take_range(&r, 0, 1);
	return !r.bad && !wire_more(&r);
}

void
http_encode_open(struct buf *out, const struct net_open *open)
{
	wire_text(out, open->connection);
	wire_text(out, open->user);
	wire_int(out, (int64_t)open->origin_count);
	for (size_t i = 0; i < open->origin_count; i++)
		wire_text(out, open->origins[i]);
	wire_int(out, (int64_t)open->secret_count);
	for (size_t i = 0; i < open->secret_count; i++) {
		wire_text(out, open->secrets[i].name);
		wire_int(out, open->secrets[i].kind);
		wire_text(out, open->secrets[i].text);
	}
	http_encode_limits(out, open->limits, open->limit_count);
	wire_int(out, open->request_deadline_ms);
	wire_int(out, open->max_body_bytes);
	wire_text(out, open->proxy);
	wire_text(out, open->ca_file);
	wire_text(out, open->seal_key);
	encode_oauth(out, &open->oauth);
	wire_int(out, open->notes);
}

void
http_encode_note(struct buf *out, const struct net_note *note)
{
	wire_text(out, note->body);
	wire_text(out, note->server);
	wire_int(out, note->starttls);
	wire_text(out, note->user);
	wire_text(out, note->from);
	wire_text(out, note->to);
	wire_text(out, note->secret);
	wire_text(out, note->sign);
	wire_text(out, note->id);
}

bool
http_decode_note(struct rk_text bytes, struct net_note *note)
{
	struct wire_reader r = wire_reader(bytes);
	*note = (struct net_note){ .body = wire_take_text(&r) };
	note->server = wire_take_text(&r);
	note->starttls = (int32_t)wire_take_range(&r, 0, 1);
	note->user = wire_take_text(&r);
	note->from = wire_take_text(&r);
	note->to = wire_take_text(&r);
	note->secret = wire_take_text(&r);
	note->sign = wire_take_text(&r);
	note->id = wire_take_text(&r);
	return !r.bad && !wire_more(&r);
}

bool
http_decode_open(struct rk_text bytes, struct arena *arena, struct net_open *open)
{
	struct wire_reader r = wire_reader(bytes);
	*open = (struct net_open){ .connection = wire_take_text(&r) };
	open->user = wire_take_text(&r);
	open->origin_count = take_count(&r);
	struct rk_text *origins = arena_new_array(arena, open->origin_count, struct rk_text);
	for (size_t i = 0; i < open->origin_count; i++)
		origins[i] = wire_take_text(&r);
	open->secret_count = take_count(&r);
	struct net_secret *secrets = arena_new_array(arena, open->secret_count,
	                                             struct net_secret);
	for (size_t i = 0; i < open->secret_count; i++) {
		secrets[i].name = wire_take_text(&r);
		secrets[i].kind = (enum net_secret_kind)wire_take_range(
			&r, 0, NET_SECRET_SEALED_FILE);
		secrets[i].text = wire_take_text(&r);
	}
	http_take_limits(&r, arena, &open->limits, &open->limit_count);
	open->origins = origins;
	open->secrets = secrets;
	open->request_deadline_ms = wire_take_range(&r, 1, 86400000);
	open->max_body_bytes = wire_take_range(&r, 1, INT64_MAX / 2);
	open->proxy = wire_take_text(&r);
	open->ca_file = wire_take_text(&r);
	open->seal_key = wire_take_text(&r);
	decode_oauth(&r, &open->oauth);
	open->notes = (int32_t)wire_take_range(&r, 0, 1);
	return !r.bad && !wire_more(&r);
}

#define SPENT_ITEMS 10
#define SHARE_ITEMS 4

/* The lists are written by limiter_tell and ledger_shares. */
bool
http_decode_usage(struct rk_text bytes, struct arena *arena, struct net_usage *usage)
{
	struct wire_reader r = wire_reader(bytes);
	struct wire_reader spent = wire_take_list(&r, WIRE_LIST);
	struct wire_reader shares = wire_take_list(&r, WIRE_LIST);
	*usage = (struct net_usage){ .spent_count = wire_count(&spent) / SPENT_ITEMS,
	                             .share_count = wire_count(&shares) / SHARE_ITEMS };
	usage->spent = arena_new_array(arena, usage->spent_count, struct net_spent);
	usage->shares = arena_new_array(arena, usage->share_count, struct net_share);
	for (size_t i = 0; i < usage->spent_count; i++) {
		struct net_spent *s = &usage->spent[i];
		s->connection = arena_text(arena, wire_take_text(&spent));
		s->limit = arena_text(arena, wire_take_text(&spent));
		s->of = arena_text(arena, wire_take_text(&spent));
		int64_t *numbers[] = { &s->used, &s->under_way, &s->began_ms,
		                       &s->resets_ms, &s->paused_ms, &s->told_calls, &s->told_left };
		for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
			*numbers[n] = wire_take_int(&spent);
	}
	for (size_t i = 0; i < usage->share_count; i++) {
		struct net_share *s = &usage->shares[i];
		s->connection = arena_text(arena, wire_take_text(&shares));
		s->limit = arena_text(arena, wire_take_text(&shares));
		s->user = arena_text(arena, wire_take_text(&shares));
		s->calls = wire_take_int(&shares);
	}
	return !r.bad && !spent.bad && !shares.bad && !wire_more(&r) && !wire_more(&spent)
	       && !wire_more(&shares);
}

static void
encode_pieces(struct buf *out, const struct rk_piece *pieces, uint64_t count)
{
	wire_int(out, (int64_t)count);
	for (uint64_t i = 0; i < count; i++) {
		wire_int(out, pieces[i].kind);
		wire_int(out, pieces[i].encoding);
		wire_text(out, pieces[i].text);
		wire_text(out, pieces[i].second);
	}
}

static const struct rk_piece *
decode_pieces(struct wire_reader *r, struct arena *arena, uint64_t *count)
{
	*count = take_count(r);
	struct rk_piece *pieces = arena_new_array(arena, *count, struct rk_piece);
	for (uint64_t i = 0; i < *count; i++) {
		pieces[i].kind = (uint32_t)wire_take_range(r, 0, RK_PIECE_SECRET);
		pieces[i].encoding = (uint32_t)wire_take_range(r, 0, RK_ENC_BASIC);
		pieces[i].text = wire_take_text(r);
		pieces[i].second = wire_take_text(r);
	}
	return pieces;
}

static void
encode_headers(struct buf *out, const struct rk_header *headers, uint64_t count)
{
	wire_int(out, (int64_t)count);
	for (uint64_t i = 0; i < count; i++) {
		wire_text(out, headers[i].name);
		encode_pieces(out, headers[i].pieces, headers[i].piece_count);
	}
}

static const struct rk_header *
decode_headers(struct wire_reader *r, struct arena *arena, uint64_t *count)
{
	*count = take_count(r);
	struct rk_header *headers = arena_new_array(arena, *count, struct rk_header);
	for (uint64_t i = 0; i < *count; i++) {
		headers[i].name = wire_take_text(r);
		headers[i].pieces = decode_pieces(r, arena, &headers[i].piece_count);
	}
	return headers;
}

void
http_encode_request(struct buf *out, const struct rk_request *request,
                    int64_t deadline_ms)
{
	wire_int(out, request->flags);
	wire_text(out, request->method);
	wire_text(out, request->url);
	encode_headers(out, request->headers, request->header_count);
	encode_pieces(out, request->body, request->body_count);
	wire_text(out, request->object);
	wire_int(out, (int64_t)request->spend_count);
	for (uint64_t i = 0; i < request->spend_count; i++) {
		wire_text(out, request->spends[i].limit);
		wire_int(out, (int64_t)request->spends[i].cost);
	}
	wire_int(out, (int64_t)request->max_body_bytes);
	wire_int(out, deadline_ms);
}

bool
http_decode_request(struct rk_text bytes, struct arena *arena, struct rk_request *request,
                    int64_t *deadline_ms)
{
	struct wire_reader r = wire_reader(bytes);
	*request = (struct rk_request){ .struct_size = sizeof *request };
	request->flags = (uint32_t)wire_take_range(&r, 0, UINT32_MAX);
	request->method = wire_take_text(&r);
	request->url = wire_take_text(&r);
	request->headers = decode_headers(&r, arena, &request->header_count);
	request->body = decode_pieces(&r, arena, &request->body_count);
	request->object = wire_take_text(&r);
	request->spend_count = take_count(&r);
	struct rk_spend *spends = arena_new_array(arena, request->spend_count, struct rk_spend);
	for (uint64_t i = 0; i < request->spend_count; i++) {
		spends[i].limit = wire_take_text(&r);
		spends[i].cost = (uint64_t)wire_take_range(&r, 0, 1000000);
	}
	request->spends = spends;
	request->max_body_bytes = (uint64_t)wire_take_range(&r, 0, INT64_MAX / 2);
	*deadline_ms = wire_take_range(&r, 0, 86400000);
	return !r.bad && !wire_more(&r);
}

void
http_encode_reply(struct buf *out, int32_t status, const struct rk_err *err,
                  const struct rk_reply *reply)
{
	wire_int(out, status);
	if (status != RK_OK) {
		http_encode_err(out, err);
		return;
	}
	wire_int(out, reply->status);
	wire_int(out, reply->date_ms);
	wire_int(out, reply->retry_after_ms);
	encode_headers(out, reply->headers, reply->header_count);
	wire_text(out, reply->body);
}

bool
http_decode_reply(struct rk_text bytes, struct arena *arena, int32_t *status,
                  struct rk_err *err, struct rk_reply *reply)
{
	struct wire_reader r = wire_reader(bytes);
	*reply = (struct rk_reply){ .struct_size = sizeof *reply };
	*status = (int32_t)wire_take_range(&r, RK_OK, RK_BUG);
	if (*status != RK_OK) {
		http_decode_err(&r, err);
		return !r.bad && !wire_more(&r);
	}
	reply->status = (int32_t)wire_take_range(&r, 100, 999);
	reply->date_ms = wire_take_int(&r);
	reply->retry_after_ms = wire_take_range(&r, -1, INT64_MAX / 2);
	reply->headers = decode_headers(&r, arena, &reply->header_count);
	reply->body = wire_take_text(&r);
	return !r.bad && !wire_more(&r);
}
