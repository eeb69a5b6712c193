/* SPDX-License-Identifier: Apache-2.0
 *
 * server.c - see server.h. */
#include "net/server.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "net/address.h"
#include "net/channel.h"
#include "net/oauth.h"
#include "net/proof.h"

#define CONTROLS_MAX 256
#define TALLIES_MAX 10000
#define CONTROL_MESSAGE_MAX (4u * 1024 * 1024)
/* An answer is small and fits into the socket; who lets it fill up is gone. */
#define ANSWER_MS 200
#define TRIM_MS 5000

/* ---- The socket -------------------------------------------------------- */

/* False with errno set; EADDRINUSE when another net listens. */
static bool
listen_in(struct net *net)
{
	int other = net_dial(net->dir, NET_SOCKET_NAME);
	if (other >= 0) {
		close(other);
		errno = EADDRINUSE;
		return false;
	}
	net->listener = net_listen(net->dir, NET_SOCKET_NAME, &net->name_inode);
	if (net->listener < 0)
		return false;
	loop_watch(&net->loop, net->listener, LOOP_LISTENER, 0, EPOLLIN);
	return true;
}

/* The name goes first, and once: whoever finds none starts a new net, and from
 * then on the name is that one's.  Who is in the queue is turned away by the
 * close and comes again.  A starter that died on its way may have left two
 * nets; the one whose name was taken over must not take it from the other. */
static void
let_go(struct net *net)
{
	if (net->listener < 0)
		return;
	net_unlisten(net->dir, NET_SOCKET_NAME, net->name_inode);
	loop_unwatch(&net->loop, net->listener);
	io_close(&net->listener);
}

/* ---- Runs -------------------------------------------------------------- */

/* Between runs: what calls left free between the connections that stay goes back to the
 * system, or a net that never leaves would hold more of it with each week. */
static void
rest(struct net *net)
{
	net->idle_since = clock_mono_ms();
	if (net->idle_since < net->trim_due)
		return;
	malloc_trim(0);
	net->trim_due = net->idle_since + TRIM_MS;
}

static void
open_control(struct net *net, int fd)
{
	struct control *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->id = ++net->last_id;
	TAILQ_INIT(&c->tallies);
	frame_open(&c->stream, fd, CONTROL_MESSAGE_MAX);
	TAILQ_INSERT_TAIL(&net->controls, c, link);
	net->idle_since = 0;
	loop_watch(&net->loop, fd, LOOP_CONTROL, c->id, EPOLLIN | EPOLLRDHUP);
}

static void
accept_runs(struct net *net)
{
	for (int i = 0; i < 16; i++) {
		int fd = accept4(net->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return;
		struct control *c;
		size_t count = 0;
		TAILQ_FOREACH(c, &net->controls, link)
			count++;
		if (count < CONTROLS_MAX && net_same_user(fd))
			open_control(net, fd);
		else
			close(fd);
	}
}

static void
close_control(struct net *net, struct control *c)
{
	for (struct channel *ch = TAILQ_FIRST(&net->channels), *next; ch != NULL;
	     ch = next) {
		next = TAILQ_NEXT(ch, link);
		if (ch->control == c)
			channel_close(net, ch);
	}
	struct tally *tally;
	while ((tally = TAILQ_FIRST(&c->tallies)) != NULL) {
		TAILQ_REMOVE(&c->tallies, tally, link);
		free(tally);
	}
	loop_unwatch(&net->loop, c->stream.fd);
	frame_close(&c->stream);
	TAILQ_REMOVE(&net->controls, c, link);
	free(c);
	if (TAILQ_EMPTY(&net->controls))
		rest(net);
}

/* ---- What they ask ----------------------------------------------------- */

struct answer {
	uint16_t type;
	struct buf bytes;
	int fd;                        /* owned; -1: none goes along */
};

static int32_t
hello(struct net *net, struct control *c, struct rk_text bytes, struct answer *out,
      struct rk_err *err)
{
	struct wire_reader r = wire_reader(bytes);
	int64_t protocol = wire_take_int(&r);
	struct rk_text version = wire_take_text(&r), hash = wire_take_text(&r);
	if (r.bad || hash.len >= sizeof net->hash)
		return err_set(err, RK_BUG, RK_CAT_BUG, "a greeting that is none");
	if (net->hash[0] == '\0')
		text_copy(net->hash, sizeof net->hash, hash);
	if (protocol != NET_PROTOCOL || !text_is(version, PACKAGE_VERSION)
	    || !text_is(hash, net->hash)) {
		let_go(net);
		return err_set(err, RK_AGAIN, RK_CAT_OTHER,
		               "renkei-net serves another version or configuration and "
		               "leaves");
	}
	c->greeted = true;
	out->type = NET_HELLO;
	wire_int(&out->bytes, NET_PROTOCOL);
	wire_str(&out->bytes, PACKAGE_VERSION);
	wire_int(&out->bytes, getpid());
	return RK_OK;
}

static int32_t
open_channel(struct net *net, struct control *c, struct rk_text bytes, struct answer *out,
             struct rk_err *err)
{
	struct arena arena = ARENA_INIT;
	struct net_open open;
	struct channel *ch;
	int32_t status = RK_OK;
	if (!http_decode_open(bytes, &arena, &open))
		status = err_set(err, RK_BUG, RK_CAT_BUG,
				 "a channel's settings that are none");
	else if (c->tally_count >= TALLIES_MAX)
		status = err_set(err, RK_PAUSE, RK_CAT_OTHER,
		                 "this run has opened over %d channels", TALLIES_MAX);
	if (status == RK_OK)
		status = channel_open(net, c, &open, &ch, &out->fd, err);
	if (status == RK_OK) {
		out->type = NET_OPENED;
		wire_int(&out->bytes, ch->id);
	}
	arena_free(&arena);
	/* Secrets stood in these bytes. */
	sodium_memzero((void *)(uintptr_t)bytes.ptr, bytes.len);
	return status;
}

static int32_t
count(struct control *c, struct rk_text bytes, struct answer *out, struct rk_err *err)
{
	struct wire_reader r = wire_reader(bytes);
	uint32_t id = (uint32_t)wire_take_range(&r, 0, UINT32_MAX);
	const struct tally *tally;
	TAILQ_FOREACH(tally, &c->tallies, link) {
		if (r.bad || tally->channel != id)
			continue;
		out->type = NET_COUNTED;
		wire_int(&out->bytes, tally->calls);
		wire_int(&out->bytes, tally->bytes);
		return RK_OK;
	}
	return err_set(err, RK_BUG, RK_CAT_BUG, "no channel %u of this run", id);
}

static int32_t
verify(struct net *net, struct control *c, struct rk_text bytes, struct answer *out,
       struct rk_err *err)
{
	struct wire_reader r = wire_reader(bytes);
	uint32_t id = (uint32_t)wire_take_range(&r, 0, UINT32_MAX);
	enum net_proof how = (enum net_proof)wire_take_range(&r, 0, NET_PROOF_HMAC_BASE64);
	struct rk_text text = wire_take_text(&r), proof = wire_take_text(&r);
	struct channel *ch;
	TAILQ_FOREACH(ch, &net->channels, link)
		if (ch->id == id && ch->control == c)
			break;
	if (r.bad || ch == NULL)
		return err_set(err, RK_BUG, RK_CAT_BUG, "no channel %u of this run", id);
	int32_t status = proof_check(&ch->account->secrets, how, text, proof, err);
	if (status == RK_OK)
		out->type = NET_VERIFIED;
	return status;
}

static void
tell_usage(struct net *net, struct answer *out)
{
	int64_t now = clock_mono_ms(), wall = clock_now_ms();
	ledger_flush(net->ledger, now, wall);
	out->type = NET_USED;
	limiter_tell(&net->limiter, &out->bytes, now, wall);
	ledger_shares(net->ledger, &out->bytes, wall);
}

static int32_t
take_priority(struct net *net, struct control *c, struct rk_text bytes, struct answer *out,
              struct rk_err *err)
{
	struct wire_reader r = wire_reader(bytes);
	int64_t priority = wire_take_range(&r, NET_BY_HAND, NET_BACKFILL);
	if (r.bad || wire_more(&r))
		return err_set(err, RK_BUG, RK_CAT_BUG, "a priority that is none");
	c->priority = (enum net_priority)priority;
	net->wake = 0;
	out->type = NET_OBEYED;
	return RK_OK;
}

/* Of a connection that nobody has used yet there is nothing to change: the next channel
 * brings its limits along. */
static int32_t
take_limits(struct net *net, struct rk_text bytes, struct answer *out, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct wire_reader r = wire_reader(bytes);
	struct rk_text connection = wire_take_text(&r);
	const struct net_limit *limits;
	size_t count;
	struct account *a;
	if (!http_take_limits(&r, &arena, &limits, &count) || wire_more(&r))
		return err_set(err, RK_BUG, RK_CAT_BUG, "limits that are none");
	out->type = NET_OBEYED;
	net->wake = 0;
	TAILQ_FOREACH(a, &net->accounts, link)
		if (text_is(connection, a->name))
			return limiter_rules_set(&a->rules, limits, count, err);
	return RK_OK;
}

static int32_t
obey(struct net *net, struct control *c, const struct frame_message *message,
     struct answer *out, struct rk_err *err)
{
	if (message->type == NET_HELLO)
		return hello(net, c, message->bytes, out, err);
	/* Those who were greeted are served while this net leaves, new channels
	 * too: a run would else bring back a net of its old configuration, which
	 * the next run would have to send away again. */
	if (c->greeted && message->type == NET_OPEN)
		return open_channel(net, c, message->bytes, out, err);
	if (c->greeted && message->type == NET_COUNT)
		return count(c, message->bytes, out, err);
	if (c->greeted && message->type == NET_VERIFY)
		return verify(net, c, message->bytes, out, err);
	if (c->greeted && message->type == NET_USAGE) {
		tell_usage(net, out);
		return RK_OK;
	}
	if (c->greeted && message->type == NET_PRIORITY)
		return take_priority(net, c, message->bytes, out, err);
	if (c->greeted && message->type == NET_LIMITS)
		return take_limits(net, message->bytes, out, err);
	return err_set(err, RK_BUG, RK_CAT_BUG, "no message of type %u here",
		       message->type);
}

/* Answers one message; false when the run is to be closed. */
static bool
serve(struct net *net, struct control *c, const struct frame_message *message)
{
	struct answer answer = { NET_REFUSED, BUF_INIT(CONTROL_MESSAGE_MAX), -1 };
	struct rk_err err = ERR_INIT;
	uint32_t call = message->call;
	int32_t status = obey(net, c, message, &answer, &err);
	if (status != RK_OK) {
		wire_int(&answer.bytes, status);
		http_encode_err(&answer.bytes, &err);
	}
	bool sent = frame_send(&c->stream, answer.type, call, buf_text(&answer.bytes),
	                       answer.fd, clock_mono_ms() + ANSWER_MS);
	io_close(&answer.fd);
	buf_free(&answer.bytes);
	return sent && (c->greeted || status == RK_OK);
}

static void
control_event(struct net *net, struct control *c)
{
	struct frame_message message;
	enum frame_status status;
	while ((status = frame_receive(&c->stream, &message)) == FRAME_MESSAGE)
		if (!serve(net, c, &message))
			break;
	if (status != FRAME_NONE)
		close_control(net, c);
}

/* ---- The loop ---------------------------------------------------------- */

static void
on_event(void *user, enum loop_kind kind, uint32_t id, uint32_t events)
{
	struct net *net = user;
	struct account *a;
	struct control *c;
	struct channel *ch;
	if (kind == LOOP_LISTENER && net->listener >= 0) {
		accept_runs(net);
		return;
	}
	if (kind == LOOP_CONTROL) {
		TAILQ_FOREACH(c, &net->controls, link)
			if (c->id == id)
				break;
		if (c != NULL)
			control_event(net, c);
		return;
	}
	TAILQ_FOREACH(a, &net->accounts, link)
		if (a->id == id && a->oauth != NULL
		    && (kind == LOOP_LOGIN || kind == LOOP_BROWSER)) {
			login_event(net, a, kind == LOOP_BROWSER);
			return;
		}
	TAILQ_FOREACH(ch, &net->channels, link)
		if (ch->id == id)
			break;
	if (ch != NULL)
		channel_event(net, ch, events);
}

static void
on_done(void *user, void *owner, CURLcode result)
{
	struct net *net = user;
	struct account *a;
	TAILQ_FOREACH(a, &net->accounts, link)
		if (owner == a)
			break;
	if (a != NULL)
		oauth_done(net, a, result);
	else
		channel_done(net, owner, result);
}

static int64_t
idle_due(const struct net *net)
{
	return net->idle_since == 0 ? INT64_MAX : net->idle_since + net->idle_ms;
}

/* Whether nobody is there and nobody will come. */
static bool
is_over(const struct net *net)
{
	const struct account *a;
	if (!TAILQ_EMPTY(&net->controls))
		return false;
	/* A token that is on its way is kept, also when its run has died. */
	TAILQ_FOREACH(a, &net->accounts, link)
		if (oauth_busy(a))
			return false;
	return net->listener < 0 || clock_mono_ms() >= idle_due(net);
}

/* When the next of the accounts has something to do. */
static int64_t
wake_accounts(struct net *net)
{
	struct account *a;
	int64_t first = INT64_MAX;
	TAILQ_FOREACH(a, &net->accounts, link) {
		int64_t due = a->oauth != NULL ? oauth_wake(net, a) : INT64_MAX;
		first = due < first ? due : first;
	}
	return first;
}

static void
serve_all(struct net *net)
{
	const struct loop_user user = { net, on_event, on_done };
	while (!is_over(net)) {
		int64_t accounts = wake_accounts(net);
		channel_wake(net);
		int64_t due = idle_due(net) > clock_mono_ms() ? idle_due(net)
		                                              : clock_mono_ms() + 50;
		int64_t flush = ledger_due(net->ledger);
		if (clock_mono_ms() >= flush) {
			ledger_flush(net->ledger, clock_mono_ms(), clock_now_ms());
			continue;
		}
		due = flush < due ? flush : due;
		due = accounts < due ? accounts : due;
		loop_turn(&net->loop, net->wake < due ? net->wake : due, &user);
	}
}

static void
clear(struct net *net)
{
	let_go(net);
	struct account *a;
	while ((a = TAILQ_FIRST(&net->accounts)) != NULL) {
		TAILQ_REMOVE(&net->accounts, a, link);
		oauth_free(a->oauth);
		secret_clear(&a->secrets);
		limiter_rules_clear(&a->rules);
		free(a->name);
		free(a);
	}
	ledger_flush(net->ledger, clock_mono_ms(), clock_now_ms());
	ledger_close(net->ledger);
	limiter_clear(&net->limiter);
	loop_close(&net->loop);
	io_close(&net->dir);
}

int
server_run(const char *state_dir, int64_t idle_ms, void (*ready)(void))
{
	struct net net = { .state_dir = state_dir, .dir = net_open_dir(state_dir),
	                   .listener = -1,
	                   .idle_ms = idle_ms, .wake = INT64_MAX };
	TAILQ_INIT(&net.accounts);
	TAILQ_INIT(&net.controls);
	TAILQ_INIT(&net.channels);
	TAILQ_INIT(&net.waiting);
	if (net.dir < 0 || !loop_open(&net.loop)) {
		log_warn("net.failed", "state=%s: %s", state_dir, strerror(errno));
		return 1;
	}
	if (!listen_in(&net)) {
		log_warn("net.failed", "state=%s: %s", state_dir,
		         errno == EADDRINUSE ? "another renkei-net serves it"
		                             : strerror(errno));
		return 1;
	}
	net.idle_since = clock_mono_ms();
	net.ledger = ledger_open(state_dir, &net.limiter, clock_mono_ms(), clock_now_ms());
	ready();
	log_info("net.started", "pid=%d version=%s", getpid(), PACKAGE_VERSION);
	serve_all(&net);
	clear(&net);
	log_info("net.left", "pid=%d", getpid());
	return 0;
}
