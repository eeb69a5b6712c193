/* SPDX-License-Identifier: Apache-2.0
 *
 * channel.c - see channel.h. */
#include "net/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "net/note.h"
#include "net/oauth.h"

#define CHANNELS_MAX 256
#define SECRETS_MAX 64
/* What frees so late is a quota, not a burst: no run waits for it. */
#define QUOTA_WAIT_MS 30000
/* The same of a pause that the CRM asked for. */
#define LONG_PAUSE_MS ((int64_t)600 * 1000)
#define BODY_MAX (FRAME_MESSAGE_MAX - 1024u * 1024)

/* ---- Opening, closing -------------------------------------------------- */

/* The end of the connector is always of interest. */
static void
watch(struct net *net, struct channel *ch, uint32_t events)
{
	events |= EPOLLRDHUP;
	if (events != ch->watched)
		loop_watch(&net->loop, ch->stream.fd, LOOP_CHANNEL, ch->id, events);
	ch->watched = events;
}

static struct account *
find_account(struct net *net, struct rk_text name)
{
	struct account *a;
	TAILQ_FOREACH(a, &net->accounts, link)
		if (text_is(name, a->name))
			return a;
	a = calloc(1, sizeof *a);
	char *copy = calloc(1, name.len + 1);
	if (a == NULL || copy == NULL)
		abort();
	memcpy(copy, name.ptr, name.len);
	a->name = copy;
	a->id = ++net->last_id;
	TAILQ_INSERT_TAIL(&net->accounts, a, link);
	return a;
}

static int32_t
check_open(const struct net *net, const struct net_open *open, struct rk_err *err)
{
	const struct channel *ch;
	size_t channels = 0;
	TAILQ_FOREACH(ch, &net->channels, link)
		channels++;
	if (channels >= CHANNELS_MAX)
		return err_set(err, RK_AGAIN, RK_CAT_OTHER, "over %d channels are open",
		               CHANNELS_MAX);
	if (open->connection.len == 0 || memchr(open->connection.ptr, '\0',
	                                        open->connection.len) != NULL)
		return err_set(err, RK_BUG, RK_CAT_BUG, "a channel of no connection");
	if (open->secret_count > SECRETS_MAX)
		return err_set(
		    err, RK_PAUSE, RK_CAT_CONFIG, "connection '%.*s' has over %d secrets",
		    (int)open->connection.len, open->connection.ptr, SECRETS_MAX);
	return RK_OK;
}

static int32_t
take_origins(struct channel *ch, const struct net_open *open, struct rk_err *err)
{
	ch->origins = arena_new_array(&ch->arena, open->origin_count, struct origin);
	ch->origin_count = open->origin_count;
	for (size_t i = 0; i < open->origin_count; i++)
		if (!origin_parse(open->origins[i], &ch->arena, &ch->origins[i]))
			return err_set(
			    err, RK_PAUSE, RK_CAT_CONFIG,
			    "connection '%.*s': '%.*s' is no address of the form "
			    "https://host[:port]",
			    (int)open->connection.len, open->connection.ptr,
			    (int)(open->origins[i].len < 200 ? open->origins[i].len
							     : 200),
			    open->origins[i].ptr);
	return RK_OK;
}

static const char *
copy_or(struct channel *ch, struct rk_text text, const char *other)
{
	return text.len > 0 ? arena_text(&ch->arena, text).ptr : other;
}

static void
add_tally(struct control *control, struct channel *ch)
{
	struct tally *tally = calloc(1, sizeof *tally);
	if (tally == NULL)
		abort();
	tally->channel = ch->id;
	TAILQ_INSERT_TAIL(&control->tallies, tally, link);
	control->tally_count++;
	ch->tally = tally;
}

static void
take_over(struct net *net, struct channel *ch, const struct net_open *open)
{
	secret_set(&ch->account->secrets, open);
	oauth_set(ch->account, open);
	ch->manages = open->oauth.manage != 0;
	ch->notes = open->notes != 0;
	ch->user = arena_text(&ch->arena, open->user).ptr;
	ch->route = (struct route){ .proxy = copy_or(ch, open->proxy, ""),
	                            .ca_file = copy_or(ch, open->ca_file, NULL) };
	ch->request_deadline_ms = open->request_deadline_ms;
	ch->max_body_bytes = open->max_body_bytes < (int64_t)BODY_MAX
	                             ? (size_t)open->max_body_bytes : BODY_MAX;
	ch->id = ++net->last_id;
	add_tally(ch->control, ch);
	transfer_open(&ch->transfer, ch, &ch->tally->calls);
	TAILQ_INSERT_TAIL(&net->channels, ch, link);
	watch(net, ch, EPOLLIN);
}

int32_t
channel_open(struct net *net, struct control *control, const struct net_open *open,
             struct channel **out, int *peer, struct rk_err *err)
{
	int32_t status = check_open(net, open, err);
	if (status != RK_OK)
		return status;
	struct channel *ch = calloc(1, sizeof *ch);
	if (ch == NULL)
		abort();
	ch->control = control;
	ch->account = find_account(net, open->connection);
	int ends[2] = { -1, -1 };
	status = take_origins(ch, open, err);
	if (status == RK_OK &&
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		status = err_errno(err, RK_AGAIN, RK_CAT_OTHER, "socketpair");
	if (status == RK_OK)
		status = limiter_rules_set(&ch->account->rules, open->limits,
		                           open->limit_count, err);
	if (status != RK_OK) {
		io_close(&ends[0]);
		io_close(&ends[1]);
		arena_free(&ch->arena);
		free(ch);
		return status;
	}
	frame_open(&ch->stream, ends[0], FRAME_MESSAGE_MAX);
	take_over(net, ch, open);
	*peer = ends[1];
	*out = ch;
	return RK_OK;
}

/* The request at hand is over, one way or another. */
static void
end_request(struct net *net, struct channel *ch)
{
	if (ch->state == CHANNEL_WAITING)
		TAILQ_REMOVE(&net->waiting, ch, waiting);
	if (ch->ticket.count > 0)
		net->wake = 0;          /* What it held may be another one's turn. */
	limiter_release(&ch->ticket, clock_mono_ms());
	request_clear(&ch->request);
}

void
channel_close(struct net *net, struct channel *ch)
{
	struct oauth *oauth = ch->account->oauth;
	if (oauth != NULL && oauth->login.channel == ch->id)
		login_forget(&oauth->login);
	transfer_close(&ch->transfer);
	end_request(net, ch);
	request_free(&ch->request);
	loop_unwatch(&net->loop, ch->stream.fd);
	frame_close(&ch->stream);
	TAILQ_REMOVE(&net->channels, ch, link);
	arena_free(&ch->arena);
	free(ch);
}

/* ---- Answering --------------------------------------------------------- */

/* Sends what is left of the reply; false when the channel is closed. */
static bool
push_reply(struct net *net, struct channel *ch)
{
	switch (sender_push(&ch->sender, ch->stream.fd)) {
	case SENDER_GONE:
		channel_close(net, ch);
		return false;
	case SENDER_BLOCKED:
		watch(net, ch, EPOLLOUT);
		return true;
	case SENDER_DONE:
		break;
	}
	transfer_forget(&ch->transfer);
	ch->state = CHANNEL_READY;
	watch(net, ch, EPOLLIN);
	return true;
}

static bool
answer_as(struct net *net, struct channel *ch, uint16_t type)
{
	end_request(net, ch);
	ch->state = CHANNEL_SENDING;
	sender_begin(&ch->sender, type, ch->call, buf_text(&ch->transfer.reply));
	return push_reply(net, ch);
}

static bool
answer(struct net *net, struct channel *ch)
{
	return answer_as(net, ch, NET_HTTP_REPLY);
}

static bool
refuse(struct net *net, struct channel *ch, int32_t status, const struct rk_err *err)
{
	transfer_refuse(&ch->transfer, status, err);
	return answer(net, ch);
}

/* A CRM that asks for patience is obeyed by all who spend the same limits. */
static void
note_answer(struct channel *ch, int64_t now)
{
	const struct transfer *t = &ch->transfer;
	limiter_note(&ch->ticket, &ch->account->rules, t->headers, t->header_count);
	if ((t->http_status == 429 || t->http_status == 503) && t->retry_after_ms > 0)
		limiter_pause(&ch->ticket, now + (t->retry_after_ms < LIMITER_PAUSE_MAX_MS
		                                          ? t->retry_after_ms
		                                          : LIMITER_PAUSE_MAX_MS));
}

/* ---- Asking ------------------------------------------------------------ */

/* "example.com", "127.0.0.1:8080": another port is another server. */
static struct rk_text
host_of(const struct origin *origin, char text[300])
{
	unsigned usual = strcmp(origin->scheme, "https") == 0 ? 443 : 80;
	snprintf(text, 300, origin->port == usual ? "%s" : "%s:%u", origin->host, origin->port);
	return text_of(text);
}

/* 'host' is borrowed by what is asked. */
static struct limiter_ask
make_ask(const struct channel *ch, char host[300])
{
	const struct request *r = &ch->request;
	return (struct limiter_ask){
		.rules = &ch->account->rules,
		.connection = text_of(ch->account->name),
		.object = r->asked.object,
		.host = host_of(&r->origin, host),
		.spends = r->asked.spends,
		.spend_count = r->asked.spend_count,
		.priority = ch->control->priority,
	};
}

/* Words for a wait that is longer than the caller's patience. */
static int32_t
explain_wait(const struct channel *ch, const struct limiter_answer *answer, int64_t now,
             struct rk_err *err)
{
	const struct limiter_rule *by = answer->by;
	int64_t wait = answer->at == INT64_MAX ? 1000 : answer->at - now;
	char span[48];
	/* What the CRM asks for so long is no burst, whichever limit stands for it. */
	bool quota = answer->at != INT64_MAX
	             && (answer->paused ? wait >= LONG_PAUSE_MS
	                                : by->by_day || wait > QUOTA_WAIT_MS);
	const char *why = answer->paused            ? "the CRM asked to wait"
	                  : answer->at == INT64_MAX ? "all its places are taken"
	                                            : "it is used up";
	int32_t status = err_set(err, quota ? RK_HOLD : RK_AGAIN,
	                         quota ? RK_CAT_QUOTA : RK_CAT_RATE_LIMIT,
	                         "limit '%s' of connection '%s': %s; room in %s",
	                         by->name, ch->account->name, why, text_wait(span, wait));
	err->retry_after_ms = wait;
	return status;
}

/* Sends the request if the limits admit it, refuses it if they never will in
 * time; else when to ask again.  0: it no longer waits. */
static int64_t
try_start(struct net *net, struct channel *ch, int64_t now)
{
	struct rk_err err = ERR_INIT;
	char host[300];
	struct limiter_ask ask = make_ask(ch, host);
	struct limiter_answer answer =
		limiter_ask(&net->limiter, &ask, now, clock_now_ms(), &ch->ticket);
	if (!answer.admitted) {
		bool in_time = answer.at < ch->deadline
		               || (answer.at == INT64_MAX && now < ch->deadline);
		if (in_time)
			return answer.at < ch->deadline ? answer.at : ch->deadline;
		int32_t status = explain_wait(ch, &answer, now, &err);
		refuse(net, ch, status, &err);
		return 0;
	}
	if (ch->state == CHANNEL_WAITING)
		TAILQ_REMOVE(&net->waiting, ch, waiting);
	ledger_spend(net->ledger, ask.connection, text_of(ch->user), ask.spends,
	             ask.spend_count, now, clock_now_ms());
	if (ch->control->priority != NET_BACKFILL)
		ledger_hour(net->ledger, ask.connection, clock_now_ms());
	ch->control->served = ++net->served;
	ch->state = CHANNEL_RUNNING;
	ch->timeout_ms = ch->deadline - now;
	watch(net, ch, 0);
	transfer_start(&ch->transfer, net->loop.multi, &ch->request, ch->timeout_ms);
	return 0;
}

static struct limiter_turn
turn_of(const struct channel *ch)
{
	return (struct limiter_turn){ ch->control->priority, ch->control->served };
}

/* Who goes first of those that were not asked for in this round; NULL: all were. */
static struct channel *
next_waiting(struct net *net)
{
	struct channel *ch, *first = NULL;
	TAILQ_FOREACH(ch, &net->waiting, waiting)
		if (ch->round != net->limiter.round
		    && (first == NULL || limiter_before(turn_of(ch), turn_of(first))))
			first = ch;
	return first;
}

void
channel_wake(struct net *net)
{
	int64_t now = clock_mono_ms();
	if (now < net->wake)
		return;
	net->wake = INT64_MAX;
	limiter_round(&net->limiter);
	for (struct channel *ch; (ch = next_waiting(net)) != NULL;) {
		ch->round = net->limiter.round;
		int64_t at = try_start(net, ch, now);
		if (at != 0 && at < net->wake)
			net->wake = at;
	}
}

static void
wait_for_turn(struct net *net, struct channel *ch)
{
	ch->state = CHANNEL_WAITING;
	TAILQ_INSERT_TAIL(&net->waiting, ch, waiting);
	watch(net, ch, 0);
	net->wake = 0;
}

static bool
bears_token(const struct rk_piece *pieces, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (pieces[i].kind == RK_PIECE_SECRET
		    && text_is(pieces[i].text, NET_ACCESS_TOKEN))
			return true;
	return false;
}

static bool
asks_for_token(const struct rk_request *asked)
{
	for (uint64_t i = 0; i < asked->header_count; i++)
		if (bears_token(asked->headers[i].pieces, asked->headers[i].piece_count))
			return true;
	return bears_token(asked->body, asked->body_count);
}

/* Fills in what it asks for, and lines it up. */
static void
start_request(struct net *net, struct channel *ch)
{
	struct rk_err err = ERR_INIT;
	int32_t refusal = RK_OK;
	enum oauth_ready ready = OAUTH_READY;
	ch->bears_token = ch->account->oauth != NULL && asks_for_token(&ch->request.asked);
	if (ch->bears_token) {
		/* It may end at once, and then nobody else may wake this one. */
		ch->state = CHANNEL_READY;
		watch(net, ch, 0);
		ready = oauth_ready(net, ch->account, &refusal, &err);
	}
	if (ready == OAUTH_WAIT) {
		ch->state = CHANNEL_RENEWING;
		return;
	}
	if (ready == OAUTH_FAILED) {
		refuse(net, ch, refusal, &err);
		return;
	}
	struct request_rules rules = {
		.connection = ch->account->name,
		.origins = ch->origins,
		.origin_count = ch->origin_count,
		.secrets = &ch->account->secrets,
		.max_body_bytes = ch->max_body_bytes,
		.route = &ch->route,
	};
	int32_t status = request_prepare(&ch->request, &rules, &err);
	ch->credentials = ch->account->secrets.changes;
	if (status == RK_OK && ch->deadline <= clock_mono_ms())
		status = err_set(&err, RK_AGAIN, RK_CAT_UNREACHABLE,
		                 "the call's deadline has passed; nothing was sent");
	if (status != RK_OK) {
		refuse(net, ch, status, &err);
		return;
	}
	/* Whoever waits already comes first, and is asked first. */
	wait_for_turn(net, ch);
	channel_wake(net);
}

static void
begin_request(struct net *net, struct channel *ch)
{
	int64_t willing = ch->request.willing_ms;
	ch->resent = false;
	ch->deadline = clock_mono_ms() + (willing < ch->request_deadline_ms
	                                          ? willing : ch->request_deadline_ms);
	start_request(net, ch);
}

/* Whether the request was refused, and would be filled in with other secrets now.  A key
 * that is wrong is a 400 at some CRMs, and at none of them did such a request act. */
static bool
has_new_credentials(struct channel *ch)
{
	int32_t http = ch->transfer.http_status;
	if (ch->resent || !ch->request.has_secret
	    || (http != 400 && http != 401 && http != 403))
		return false;
	secret_renew(&ch->account->secrets, http == 401);
	if (ch->bears_token && http == 401
	    && ch->account->secrets.changes == ch->credentials)
		return oauth_refused(ch->account);
	return ch->account->secrets.changes != ch->credentials;
}

void
channel_done(struct net *net, struct channel *ch, CURLcode result)
{
	transfer_finish(&ch->transfer, result, &ch->account->secrets.mask,
			ch->timeout_ms);
	ch->tally->bytes += (int64_t)ch->transfer.reply.len;
	note_answer(ch, clock_mono_ms());
	if (ch->bears_token && result == CURLE_OK && ch->transfer.http_status != 401)
		oauth_accepted(ch->account);
	if (result != CURLE_OK || !has_new_credentials(ch)) {
		answer(net, ch);
		return;
	}
	log_info("net.credentials", "conn=%s http=%d: refused; sent again with other "
	         "credentials", ch->account->name, ch->transfer.http_status);
	end_request(net, ch);
	ch->resent = true;
	request_decode(&ch->request, ch->asked);
	start_request(net, ch);
}

void
channel_resume(struct net *net, struct account *account)
{
	for (struct channel *ch = TAILQ_FIRST(&net->channels), *next; ch != NULL;
	     ch = next) {
		next = TAILQ_NEXT(ch, link);
		if (ch->account == account && ch->state == CHANNEL_RENEWING)
			start_request(net, ch);
	}
}

/* ---- Logins ------------------------------------------------------------- */

static void
tell_login(struct net *net, struct channel *ch, int32_t status, const struct rk_err *err,
           const struct net_grant *told)
{
	struct buf *out = &ch->transfer.reply;
	buf_reset(out);
	http_encode_grant(out, status, err, told);
	answer_as(net, ch, NET_LOGIN_REPLY);
}

void
channel_tell_login(struct net *net, struct account *account, int32_t status,
                   const struct rk_err *err)
{
	struct channel *ch;
	struct net_grant told;
	struct arena arena = ARENA_INIT;
	uint32_t id = account->oauth->login.channel;
	login_forget(&account->oauth->login);
	oauth_tell(account, &arena, &told);
	TAILQ_FOREACH(ch, &net->channels, link)
		if (ch->id == id && ch->state == CHANNEL_READY)
			break;
	if (ch != NULL)
		tell_login(net, ch, status, err, &told);
	arena_free(&arena);
}

/* Whether the answer comes when something that began has ended. */
static bool
obey_login(struct net *net, struct channel *ch, struct rk_text bytes, struct arena *arena,
           struct net_grant *told, int32_t *status, struct rk_err *err)
{
	struct account *a = ch->account;
	struct wire_reader r = wire_reader(bytes);
	int64_t verb = wire_take_range(&r, NET_LOGIN_SHOW, NET_LOGOUT);
	struct rk_text text = wire_take_text(&r);
	if (r.bad || !ch->manages || a->oauth == NULL) {
		*status = err_set(err, RK_BUG, RK_CAT_BUG, "no login can be managed here");
		return false;
	}
	oauth_look(net, a, err);
	switch ((enum net_login_verb)verb) {
	case NET_LOGIN_SHOW:
		break;
	case NET_LOGIN_BEGIN:
		*status = login_begin(net, a, ch->id, arena, told, err);
		break;
	case NET_LOGIN_CODE:
		*status = login_code(net, a, text, err);
		return *status == RK_OK;
	case NET_LOGOUT:
		login_await(a, ch->id);
		oauth_begin(net, a, OAUTH_REVOKE);
		return true;
	}
	return false;
}

static void
manage_login(struct net *net, struct channel *ch, struct rk_text bytes)
{
	struct arena arena = ARENA_INIT;
	struct net_grant told = { 0 }, seen = { 0 };
	struct rk_err err = ERR_INIT;
	int32_t status = RK_OK;
	bool later = obey_login(net, ch, bytes, &arena, &told, &status, &err);
	if (!later && ch->account->oauth != NULL) {
		oauth_tell(ch->account, &arena, &seen);
		seen.authorize_url = told.authorize_url;
		seen.listens = told.listens;
	}
	if (!later)
		tell_login(net, ch, status, &err, &seen);
	arena_free(&arena);
}

/* ---- Notices ------------------------------------------------------------ */

/* They spend no limit of a CRM, and so wait for none; nothing sends them twice. */
static void
send_note(struct net *net, struct channel *ch, struct rk_text bytes)
{
	struct rk_err err = ERR_INIT;
	struct note_terms terms = { .name = ch->account->name, .route = &ch->route,
	                            .secrets = &ch->account->secrets,
	                            .max_body_bytes = ch->max_body_bytes };
	ch->resent = true;
	ch->bears_token = false;
	ch->timeout_ms = ch->request_deadline_ms;
	int32_t status = note_prepare(&ch->request, &terms, bytes, &err);
	if (status != RK_OK) {
		refuse(net, ch, status, &err);
		return;
	}
	ch->state = CHANNEL_RUNNING;
	watch(net, ch, 0);
	transfer_start(&ch->transfer, net->loop.multi, &ch->request, ch->timeout_ms);
}

/* More than one request at a time is none: what stood behind the first would be
 * forgotten, as only new bytes wake this channel. */
static bool
is_alone(const struct frame_stream *stream)
{
	return stream->in.len == stream->in_at;
}

/* Takes a request, if a whole one is there. */
static void
receive(struct net *net, struct channel *ch)
{
	uint32_t id = ch->id;
	struct frame_message message;
	enum frame_status status = frame_receive(&ch->stream, &message);
	if (status == FRAME_NONE)
		return;
	if (status == FRAME_MESSAGE && message.type == NET_LOGIN && is_alone(&ch->stream)) {
		ch->call = message.call;
		manage_login(net, ch, message.bytes);
		return;
	}
	if (status == FRAME_MESSAGE && message.type == NET_NOTE && ch->notes
	    && is_alone(&ch->stream)) {
		ch->call = message.call;
		send_note(net, ch, message.bytes);
		return;
	}
	if (status == FRAME_MESSAGE && message.type == NET_HTTP &&
	    is_alone(&ch->stream)) {
		ch->call = message.call;
		ch->asked = message.bytes;
		if (request_decode(&ch->request, message.bytes)) {
			begin_request(net, ch);
			return;
		}
	}
	if (status != FRAME_CLOSED)
		log_warn("net.broken", "conn=%s channel=%u: what came is no request",
		         ch->account->name, id);
	channel_close(net, ch);
}

void
channel_event(struct net *net, struct channel *ch, uint32_t events)
{
	bool ended = (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0;
	if (ended && ch->state != CHANNEL_READY) {
		channel_close(net, ch);
		return;
	}
	if (ch->state == CHANNEL_SENDING)
		push_reply(net, ch);
	else if (ch->state == CHANNEL_READY)
		receive(net, ch);
}
