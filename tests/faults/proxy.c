/* SPDX-License-Identifier: Apache-2.0
 *
 * proxy.c - see proxy.h.  One thread accepts, one a connection relays: plain
 * blocking code, as a dozen connections are many here. */
#include "tests/faults/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/faults/bytes.h"

#define PATIENCE_S 30
#define CONNECTIONS_MAX 256
#define FILLERS 4
#define SPLIT_BYTES 3000

struct action;

struct proxy {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	int listener;                  /* owned */
	int wake[2];                   /* owned */
	int fillers[FILLERS];          /* owned: they fill the queue of a black hole */
	uint16_t port, to;
	struct proxy_plan plan;
	const struct action *action;
	struct bytes last;             /* owned: the last answer */
	unsigned calls, hits, threads;
	bool gate_due, gate_shut, ending;
	int64_t opens_ms;              /* When the gate opens again. */
	int open[CONNECTIONS_MAX];     /* Sockets of connections, so that all can end. */
	size_t open_count;
};

struct exchange {                      /* One call. */
	struct proxy *p;
	int client;
	const struct proxy_plan *plan;
	struct bytes request, answer;  /* owned */
	size_t body_at;                /* In the answer. */
	bool close_after;
};

/* What is done; false ends the connection. */
typedef bool act_fn(struct exchange *x);
struct action { const char *name; act_fn *act; bool gate; };

static const char tunnel_made[] = "HTTP/1.1 200 Connection established\r\n\r\n";

static int64_t
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
rest(int64_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	if (ms > 0)
		nanosleep(&t, NULL);
}

/* ---- Sockets ------------------------------------------------------------------- */

static struct sockaddr_in
loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
	                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void
be_patient(int fd)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static int
bound(uint16_t *port)
{
	struct sockaddr_in at = loopback(*port);
	socklen_t size = sizeof at;
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, size) != 0
	    || getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		abort();
	*port = ntohs(at.sin_port);
	return fd;
}

/* Bound by its number, a port stays ours when the socket stops to listen. */
static int
listen_on(uint16_t *port)
{
	int first = bound(port), fd = bound(port);
	close(first);
	if (listen(fd, 128) != 0)
		abort();
	return fd;
}

static int
dial(uint16_t port, int more)
{
	struct sockaddr_in to = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | more, 0);
	if (fd < 0)
		return -1;
	be_patient(fd);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* The close that follows throws away what is unsent and says so to the other end. */
static bool
reset(int fd)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	return false;
}

/* Until the other end has had enough, or our patience is at its end. */
static void
wait_for_end(int fd)
{
	char bytes[4096];
	while (recv(fd, bytes, sizeof bytes, 0) > 0)
		continue;
}

/* ---- HTTP, as far as is needed ------------------------------------------------- */

/* Reads one message with a Content-Length or without a body.  0: it did not come. */
static size_t
read_message(int fd, struct bytes *b)
{
	for (;;) {
		size_t body_at = bytes_body(b);
		if (body_at > 0 && b->len >= body_at + bytes_length(b, body_at))
			return body_at;
		ssize_t n = recv(fd, bytes_room(b, 65536), 65536, 0);
		if (n <= 0)
			return 0;
		b->len += (size_t)n;
	}
}

/* Hands the request on and reads the answer; false: there is none. */
static bool
hand_on(struct exchange *x)
{
	int fd = dial(x->p->to, 0);
	if (fd < 0)
		return false;
	x->body_at = send_all(fd, x->request.ptr, x->request.len)
	                     ? read_message(fd, &x->answer)
	                     : 0;
	close(fd);
	return x->body_at > 0;
}

static bool
answer_part(struct exchange *x, size_t len)
{
	return send_all(x->client, x->answer.ptr, len);
}

static size_t
half(const struct exchange *x)
{
	return x->body_at + (x->answer.len - x->body_at) / 2;
}

static bool
relay(struct exchange *x)
{
	if (!hand_on(x))
		return false;
	pthread_mutex_lock(&x->p->lock);
	x->p->last.len = 0;
	bytes_add(&x->p->last, x->answer.ptr, x->answer.len);
	pthread_mutex_unlock(&x->p->lock);
	if (x->close_after)
		x->body_at = bytes_header(&x->answer, "Connection", "close");
	return answer_part(x, x->answer.len) && !x->close_after;
}

static bool
say(struct exchange *x, const char *head, const char *body)
{
	return send_all(x->client, head, strlen(head))
	       && send_all(x->client, body, strlen(body));
}

/* ---- As an HTTP proxy ---------------------------------------------------------- */

static bool
carry(int from, int to)
{
	char bytes[16384];
	ssize_t n = recv(from, bytes, sizeof bytes, 0);
	return n > 0 && send_all(to, bytes, (size_t)n);
}

/* A tunnel to the port on loopback that the request names, until one end closes. */
static bool
tunnel(struct exchange *x)
{
	const char *colon = memchr(x->request.ptr, ':', bytes_line(&x->request));
	int fd = colon != NULL ? dial((uint16_t)strtoul(colon + 1, NULL, 10), 0) : -1;
	struct pollfd ends[] = { { x->client, POLLIN, 0 }, { fd, POLLIN, 0 } };
	bool open = fd >= 0 && send_all(x->client, tunnel_made, strlen(tunnel_made));
	while (open && poll(ends, 2, PATIENCE_S * 1000) > 0)
		open = (ends[0].revents == 0 || carry(x->client, fd))
		       && (ends[1].revents == 0 || carry(fd, x->client));
	if (fd >= 0)
		close(fd);
	return false;
}

static bool
is_tunnel(const struct exchange *x)
{
	return strncmp(x->request.ptr, "CONNECT ", 8) == 0;
}

/* ---- Before the effect --------------------------------------------------------- */

static bool
act_reset(struct exchange *x)
{
	return reset(x->client);
}

static bool
act_close(struct exchange *x)
{
	(void)x;
	return false;
}

static bool
act_swallow(struct exchange *x)
{
	wait_for_end(x->client);
	return false;
}

/* The far side does it when the client has long given it up. */
static bool
act_late(struct exchange *x)
{
	reset(x->client);
	shutdown(x->client, SHUT_RDWR);
	rest(x->plan->number);
	hand_on(x);
	return false;
}

static bool
act_late_timeout(struct exchange *x)
{
	wait_for_end(x->client);
	return act_late(x);
}

/* An answer that is none of the simulator's; the text says which bytes. */
static bool
act_blurt(struct exchange *x)
{
	struct bytes b = { 0 };
	bytes_unescape(&b, x->plan->text);
	bool sent = send_all(x->client, b.ptr, b.len);
	bytes_free(&b);
	/* What hangs is for the client to end. */
	if (sent && x->plan->number > 0)
		wait_for_end(x->client);
	return false;
}

/* "head|piece": the head, then the piece over and over, so many kilobytes. */
static bool
act_flood(struct exchange *x)
{
	struct bytes head = { 0 }, piece = { 0 };
	const char *bar = strchr(x->plan->text, '|');
	char *first = strndup(x->plan->text, (size_t)(bar - x->plan->text));
	bytes_unescape(&head, first);
	while (piece.len < 32768)
		bytes_unescape(&piece, bar + 1);
	bool sent = send_all(x->client, head.ptr, head.len);
	for (size_t told = 0; sent && told / 1024 < (size_t)x->plan->number;
	     told += piece.len)
		sent = send_all(x->client, piece.ptr, piece.len);
	free(first);
	bytes_free(&head);
	bytes_free(&piece);
	return false;
}

static bool
act_gzip_bomb(struct exchange *x)
{
	struct bytes b = { 0 };
	bytes_bomb(&b, (size_t)x->plan->number);
	bool sent = say(x, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	                   "Content-Encoding: gzip\r\nConnection: close\r\n\r\n", "")
	            && send_all(x->client, b.ptr, b.len);
	bytes_free(&b);
	(void)sent;
	return false;
}

/* ---- After the effect ---------------------------------------------------------- */

static bool
act_reset_after(struct exchange *x)
{
	hand_on(x);
	return reset(x->client);
}

static bool
act_close_after(struct exchange *x)
{
	hand_on(x);
	return false;
}

static bool
act_swallow_after(struct exchange *x)
{
	hand_on(x);
	return act_swallow(x);
}

static bool
act_reset_body(struct exchange *x)
{
	if (hand_on(x) && answer_part(x, half(x)))
		rest(20);              /* Else the reset overtakes what came before. */
	return reset(x->client);
}

static bool
act_cut_body(struct exchange *x)
{
	return hand_on(x) && answer_part(x, half(x)) && false;
}

static bool
act_cut_head(struct exchange *x)
{
	return hand_on(x) && answer_part(x, x->body_at / 2) && false;
}

static bool
act_hang_body(struct exchange *x)
{
	if (hand_on(x) && answer_part(x, half(x)))
		wait_for_end(x->client);
	return false;
}

/* A byte each so many milliseconds; without a rest between them only the first
 * SPLIT_BYTES, as each is a packet. */
static bool
act_drip(struct exchange *x)
{
	bool sent = hand_on(x);
	size_t bytes = x->plan->number > 0 || x->answer.len < SPLIT_BYTES ? x->answer.len
	                                                                  : SPLIT_BYTES;
	for (size_t i = 0; sent && i < bytes; i++) {
		sent = send_all(x->client, x->answer.ptr + i, 1);
		rest(x->plan->number);
	}
	return sent && send_all(x->client, x->answer.ptr + bytes, x->answer.len - bytes);
}

static bool
act_delay(struct exchange *x)
{
	rest(x->plan->number);
	return relay(x);
}

/* The length is told as more, or as less, than what comes. */
static bool
act_lie(struct exchange *x)
{
	char told[32];
	if (!hand_on(x))
		return false;
	snprintf(told, sizeof told, "%lld",
	         (long long)(x->answer.len - x->body_at) + (long long)x->plan->number);
	bytes_header(&x->answer, "Content-Length", told);
	answer_part(x, x->answer.len);
	return false;
}

/* A header of the answer is changed or added, "Name: value", or taken away, "Name:". */
static bool
act_header(struct exchange *x)
{
	char name[64];
	const char *colon = strchr(x->plan->text, ':');
	if (!hand_on(x))
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(colon - x->plan->text), x->plan->text);
	bytes_header(&x->answer, name, colon[1] == ' ' ? colon + 2 : NULL);
	return answer_part(x, x->answer.len);
}

/* The same header once more, with another value. */
static bool
act_twice(struct exchange *x)
{
	if (!hand_on(x))
		return false;
	bytes_insert(&x->answer, bytes_line(&x->answer), x->plan->text);
	return answer_part(x, x->answer.len);
}

/* The clock of the source is off by so many seconds. */
static bool
act_date(struct exchange *x)
{
	char text[64];
	struct tm tm;
	time_t then = time(NULL) + (time_t)x->plan->number;
	if (!hand_on(x))
		return false;
	gmtime_r(&then, &tm);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	bytes_header(&x->answer, "Date", text);
	return answer_part(x, x->answer.len);
}

/* Something stands before the answer: 100, 103. */
static bool
act_before(struct exchange *x)
{
	struct bytes b = { 0 };
	bytes_unescape(&b, x->plan->text);
	bool sent = hand_on(x);
	for (int64_t i = 0; sent && i < x->plan->number; i++)
		sent = send_all(x->client, b.ptr, b.len);
	bytes_free(&b);
	return sent && answer_part(x, x->answer.len);
}

/* The answer comes twice, in one go; the second one must not be taken for the next. */
static bool
act_answer_twice(struct exchange *x)
{
	if (!hand_on(x))
		return false;
	size_t len = x->answer.len;
	bytes_room(&x->answer, len);
	bytes_add(&x->answer, x->answer.ptr, len);
	return answer_part(x, x->answer.len);
}

/* The body is another one, after the effect: "from|to", the first place only, or "to"
 * in place of all of it. */
static bool
act_body(struct exchange *x)
{
	char told[32];
	struct bytes to = { 0 };
	const char *bar = strchr(x->plan->text, '|');
	if (!hand_on(x))
		return false;
	bytes_unescape(&to, bar != NULL ? bar + 1 : x->plan->text);
	bytes_replace(&x->answer, x->body_at, x->plan->text,
	              bar != NULL ? (size_t)(bar - x->plan->text) : 0, &to);
	bytes_free(&to);
	snprintf(told, sizeof told, "%zu", x->answer.len - x->body_at);
	bytes_header(&x->answer, "Content-Length", told);
	return answer_part(x, x->answer.len);
}

/* The answer of the call before comes again. */
static bool
act_replay(struct exchange *x)
{
	struct proxy *p = x->p;
	if (!hand_on(x))
		return false;
	pthread_mutex_lock(&p->lock);
	if (p->last.len > 0) {
		x->answer.len = 0;
		bytes_add(&x->answer, p->last.ptr, p->last.len);
	}
	pthread_mutex_unlock(&p->lock);
	return answer_part(x, x->answer.len);
}

static bool
act_chunked(struct exchange *x)
{
	char size[32];
	if (!hand_on(x))
		return false;
	snprintf(size, sizeof size, "%zx\r\n", x->answer.len - x->body_at);
	bytes_header(&x->answer, "Content-Length", NULL);
	x->body_at = bytes_header(&x->answer, "Transfer-Encoding", "chunked");
	return answer_part(x, x->body_at) && say(x, size, "")
	       && send_all(x->client, x->answer.ptr + x->body_at,
	                   x->answer.len - x->body_at)
	       && say(x, "\r\n", x->plan->text[0] == '\0' ? "0\r\n\r\n" : "")
	       && x->plan->text[0] == '\0';
}

static bool
act_gzip(struct exchange *x)
{
	char told[32];
	if (!hand_on(x))
		return false;
	struct bytes packed = { 0 };
	bytes_pack(&packed, x->answer.ptr + x->body_at, x->answer.len - x->body_at);
	x->answer.len = x->body_at;
	snprintf(told, sizeof told, "%zu", packed.len);
	bytes_header(&x->answer, "Content-Length", told);
	bytes_header(&x->answer, "Content-Encoding", "gzip");
	bool sent = answer_part(x, x->answer.len)
	            && send_all(x->client, packed.ptr,
	                        packed.len - (size_t)x->plan->number);
	bytes_free(&packed);
	return sent && x->plan->number == 0;
}

/* ---- The gate: what happens to connections ------------------------------------- */

static bool
act_refuse(struct exchange *x)
{
	(void)x;
	return false;
}

static bool
act_black_hole(struct exchange *x)
{
	(void)x;
	return false;
}

static const struct action actions[] = {
	{ "tunnel", tunnel, false },
	{ "refuse", act_refuse, true },        { "black-hole", act_black_hole, true },
	{ "reset", act_reset, false },         { "close", act_close, false },
	{ "swallow", act_swallow, false },     { "late", act_late, false },
	{ "late-timeout", act_late_timeout, false },
	{ "blurt", act_blurt, false },         { "flood", act_flood, false },
	{ "gzip-bomb", act_gzip_bomb, false }, { "reset-after", act_reset_after, false },
	{ "close-after", act_close_after, false },
	{ "swallow-after", act_swallow_after, false },
	{ "reset-body", act_reset_body, false }, { "cut-body", act_cut_body, false },
	{ "cut-head", act_cut_head, false },   { "hang-body", act_hang_body, false },
	{ "drip", act_drip, false },           { "delay", act_delay, false },
	{ "lie", act_lie, false },             { "header", act_header, false },
	{ "twice", act_twice, false },         { "date", act_date, false },
	{ "before", act_before, false },       { "answer-twice", act_answer_twice, false },
	{ "body", act_body, false },           { "chunked", act_chunked, false },
	{ "gzip", act_gzip, false },           { "replay", act_replay, false },
};

static const struct action *
action_of(const char *name)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

bool
proxy_knows(const char *action)
{
	return action_of(action) != NULL;
}

static void
shut_gate(struct proxy *p)
{
	p->gate_due = false;
	p->gate_shut = true;
	p->hits++;
	p->opens_ms = now_ms() + p->plan.number;
	if (p->action->act == act_refuse) {
		shutdown(p->listener, SHUT_RDWR);
		return;
	}
	/* A queue that is full makes the kernel drop whoever knocks. */
	listen(p->listener, 0);
	for (size_t i = 0; i < FILLERS; i++)
		p->fillers[i] = dial(p->port, SOCK_NONBLOCK);
}

static void
open_gate(struct proxy *p)
{
	p->gate_shut = false;
	if (listen(p->listener, 128) != 0)
		abort();
	for (size_t i = 0; i < FILLERS; i++) {
		if (p->fillers[i] >= 0)
			close(p->fillers[i]);
		p->fillers[i] = -1;
	}
}

/* The call after this one is to meet a shut gate: it is shut before the answer goes
 * out, and the connection is not kept. */
static void
shut_gate_in_time(struct exchange *x)
{
	struct proxy *p = x->p;
	pthread_mutex_lock(&p->lock);
	if (p->action != NULL && p->action->gate && p->hits < p->plan.times
	    && p->calls + 1 >= p->plan.nth) {
		x->close_after = true;
		p->gate_due = true;
		(void)!write(p->wake[1], "", 1);
		while (p->gate_due && !p->ending)
			pthread_cond_wait(&p->changed, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

/* ---- A connection -------------------------------------------------------------- */

/* Whether the request is one that the plan is for, by its first line. */
static bool
counts(const struct proxy *p, const struct bytes *request)
{
	return p->plan.only == NULL
	       || memmem(request->ptr, bytes_line(request), p->plan.only,
	                 strlen(p->plan.only)) != NULL;
}

static const struct action *
next_action(struct proxy *p, const struct bytes *request)
{
	pthread_mutex_lock(&p->lock);
	bool counted = counts(p, request);
	const struct action *action = counted ? p->action : NULL;
	p->calls += counted;
	if (action == NULL || action->gate || p->calls < p->plan.nth
	    || p->hits >= p->plan.times)
		action = NULL;
	p->hits += action != NULL;
	pthread_mutex_unlock(&p->lock);
	return action;
}

static bool
serve_one(struct proxy *p, int client)
{
	struct exchange x = { .p = p, .client = client, .plan = &p->plan };
	bool go_on = read_message(client, &x.request) > 0;
	if (go_on) {
		const struct action *action = next_action(p, &x.request);
		shut_gate_in_time(&x);
		go_on = action != NULL ? action->act(&x)
		        : is_tunnel(&x) ? tunnel(&x) : relay(&x);
	}
	bytes_free(&x.request);
	bytes_free(&x.answer);
	return go_on;
}

static void
forget(struct proxy *p, int fd)
{
	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->open_count; i++)
		if (p->open[i] == fd)
			p->open[i--] = p->open[--p->open_count];
	close(fd);
	p->threads--;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

struct connection { struct proxy *p; int fd; };

static void *
serve(void *with)
{
	struct connection c = *(struct connection *)with;
	free(with);
	be_patient(c.fd);
	while (serve_one(c.p, c.fd))
		continue;
	forget(c.p, c.fd);
	return NULL;
}

static void
take_connection(struct proxy *p, int fd)
{
	struct connection *c = malloc(sizeof *c);
	pthread_t thread;
	if (c == NULL)
		abort();
	*c = (struct connection){ p, fd };
	if (p->open_count < CONNECTIONS_MAX
	    && pthread_create(&thread, NULL, serve, c) == 0) {
		pthread_detach(thread);
		p->open[p->open_count++] = fd;
		p->threads++;
		return;
	}
	free(c);
	close(fd);
}

/* ---- Life ---------------------------------------------------------------------- */

static void
turn(struct proxy *p, const struct pollfd *wait)
{
	char byte;
	pthread_mutex_lock(&p->lock);
	if (wait[1].revents != 0)
		(void)!read(p->wake[0], &byte, 1);
	if (p->gate_due)
		shut_gate(p);
	else if (p->gate_shut && now_ms() >= p->opens_ms)
		open_gate(p);
	else if (wait[0].revents != 0 && !p->gate_shut) {
		int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			take_connection(p, fd);
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static void *
run(void *with)
{
	struct proxy *p = with;
	for (;;) {
		pthread_mutex_lock(&p->lock);
		bool ending = p->ending;
		struct pollfd wait[] = {
			{ .fd = p->gate_shut ? -1 : p->listener, .events = POLLIN },
			{ .fd = p->wake[0], .events = POLLIN } };
		int64_t left = p->gate_shut ? p->opens_ms - now_ms() : 1000;
		pthread_mutex_unlock(&p->lock);
		if (ending)
			return NULL;
		poll(wait, 2, left < 0 ? 0 : (int)left);
		turn(p, wait);
	}
}

struct proxy *
proxy_open(void)
{
	struct proxy *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	for (size_t i = 0; i < FILLERS; i++)
		p->fillers[i] = -1;
	p->listener = listen_on(&p->port);
	if (pipe(p->wake) == 0 && pthread_create(&p->thread, NULL, run, p) == 0)
		return p;
	free(p);
	return NULL;
}

uint16_t
proxy_port(const struct proxy *p)
{
	return p->port;
}

void
proxy_lead(struct proxy *p, uint16_t port)
{
	p->to = port;
}

bool
proxy_plan(struct proxy *p, const struct proxy_plan *plan)
{
	const struct action *action
		= plan->action != NULL ? action_of(plan->action) : NULL;
	if (plan->action != NULL && action == NULL)
		return false;
	pthread_mutex_lock(&p->lock);
	/* A kept connection would hide a gate that is shut from the first call on. */
	for (size_t i = 0; i < p->open_count; i++)
		shutdown(p->open[i], SHUT_RDWR);
	if (p->gate_shut)
		open_gate(p);
	p->plan = *plan;
	p->action = action;
	p->calls = p->hits = 0;
	p->last.len = 0;
	if (action != NULL && action->gate && plan->nth <= 1)
		shut_gate(p);
	(void)!write(p->wake[1], "", 1);
	pthread_mutex_unlock(&p->lock);
	return true;
}

static unsigned
look(struct proxy *p, const unsigned *number)
{
	pthread_mutex_lock(&p->lock);
	unsigned n = *number;
	pthread_mutex_unlock(&p->lock);
	return n;
}

unsigned
proxy_calls(struct proxy *p)
{
	return look(p, &p->calls);
}

unsigned
proxy_hits(struct proxy *p)
{
	return look(p, &p->hits);
}

void
proxy_close(struct proxy *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	(void)!write(p->wake[1], "", 1);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_mutex_lock(&p->lock);
	pthread_cond_broadcast(&p->changed);
	for (size_t i = 0; i < p->open_count; i++)
		shutdown(p->open[i], SHUT_RDWR);
	while (p->threads > 0)
		pthread_cond_wait(&p->changed, &p->lock);
	if (p->gate_shut)
		open_gate(p);
	close(p->listener);
	pthread_mutex_unlock(&p->lock);
	close(p->wake[0]);
	close(p->wake[1]);
	bytes_free(&p->last);
	free(p);
}
