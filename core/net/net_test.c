/* SPDX-License-Identifier: Apache-2.0
 *
 * net_test.c - renkei-net as it ships, seen from both of its sides: a run's
 * client and a connector's channel here, and on the other side a small HTTP
 * server of this file's own that misbehaves by script, byte by byte. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "net/address.h"
#include "net/client.h"
#include "record/frame.h"

/* ---- A web server that does as it is told ------------------------------ */

enum act {
	ANSWER,                        /* Sends 'text' and keeps the connection. */
	ANSWER_CLOSE,                  /* Sends 'text' and closes. */
	CLOSE,                         /* Reads the request, closes. */
	RESET,                         /* Reads the request, resets. */
	DRIP,                          /* Sends 'text' a byte each 50 ms. */
	HANG,                          /* Reads the request, says nothing. */
	DEAF,                          /* Answers nothing at all, reads on. */
	BLURT,                         /* Sends 'text' unasked, closes. */
	PACKED,                        /* Sends 'packed', keeps the connection. */
	FLOOD,                         /* Sends 'text', then 'x' without end. */
};

struct step {
	enum act act;
	const char *text;
};

/* 20,000 times 'x' by gzip -9, in 54 bytes. */
static const char packed[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
	"Content-Length: 54\r\n\r\n"
	"\037\213\010\000\000\000\000\000\002\377\355\301\061\001\000\000"
	"\000\302\240\332\213\157\015\017\240\000\000\000\000\000\000\000"
	"\000\000\000\000\000\000\000\000\000\000\000\000\170\060\003\107"
	"\145\101\040\116\000\000";

#define SEEN_MAX 64

struct web {
	struct web *next;
	int listener, port;
	const struct step *steps;      /* The last one holds for all that follow. */
	size_t step_count;
	pthread_mutex_t lock;
	size_t requests, connections, ended; /* ended: connections that were cut. */
	int64_t at[SEEN_MAX];          /* When each request came. */
	char seen[16384];              /* The latest request. */
};

static size_t
header_end(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");
	return end == NULL ? 0 : (size_t)(end - text) + 4;
}

/* Reads one request with its body; false when the connection ended. */
static bool
read_request(int fd, char *text, size_t size)
{
	size_t len = 0;
	for (;;) {
		text[len] = '\0';
		size_t head = header_end(text);
		const char *length = strcasestr(text, "\r\ncontent-length:");
		size_t body =
		    head > 0 && length != NULL ? strtoul(length + 17, NULL, 10) : 0;
		if (head > 0 && len >= head + body)
			return true;
		ssize_t n = read(fd, text + len, size - 1 - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
	}
}

static bool
put(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static void
wait_for_end(struct web *web, int fd)
{
	char byte;
	while (read(fd, &byte, 1) > 0)
		;
	pthread_mutex_lock(&web->lock);
	web->ended++;
	pthread_mutex_unlock(&web->lock);
}

static bool
act(struct web *web, int fd, const struct step *step)
{
	size_t len = step->text != NULL ? strlen(step->text) : 0;
	struct linger reset = { 1, 0 };
	char x[4096];
	memset(x, 'x', sizeof x);
	switch (step->act) {
	case ANSWER:
		return put(fd, step->text, len);
	case PACKED:
		return put(fd, packed, sizeof packed - 1);
	case ANSWER_CLOSE:
	case BLURT:
		put(fd, step->text, len);
		return false;
	case CLOSE:
	case DEAF:
		return false;
	case RESET:
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		return false;
	case DRIP:
		for (const char *at = step->text; *at != '\0' && put(fd, at, 1); at++)
			poll(NULL, 0, 50);
		return false;
	case HANG:
		wait_for_end(web, fd);
		return false;
	case FLOOD:
		put(fd, step->text, len);
		while (put(fd, x, sizeof x))
			;
		return false;
	}
	return false;
}

struct visit {
	struct web *web;
	int fd;
};

static void *
serve(void *arg)
{
	struct visit *visit = arg;
	struct web *web = visit->web;
	char *text = malloc(1 << 20);
	const struct step *step = &web->steps[0];
	do {
		if (step->act == DEAF) {
			wait_for_end(web, visit->fd);
			break;
		}
		if (step->act == BLURT) {
			act(web, visit->fd, step);
			break;
		}
		if (!read_request(visit->fd, text, 1 << 20))
			break;
		pthread_mutex_lock(&web->lock);
		size_t number = web->requests++;
		if (number < SEEN_MAX)
			web->at[number] = clock_mono_ms();
		snprintf(web->seen, sizeof web->seen, "%.16000s", text);
		pthread_mutex_unlock(&web->lock);
		step =
		    &web->steps[number < web->step_count ? number : web->step_count - 1];
	} while (act(web, visit->fd, step));
	close(visit->fd);
	free(text);
	free(visit);
	return NULL;
}

static void *
accept_all(void *arg)
{
	struct web *web = arg;
	for (;;) {
		int fd = accept(web->listener, NULL, NULL);
		if (fd < 0)
			return NULL;
		pthread_mutex_lock(&web->lock);
		web->connections++;
		pthread_mutex_unlock(&web->lock);
		struct visit *visit = malloc(sizeof *visit);
		*visit = (struct visit){ web, fd };
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, serve, visit), 0);
		pthread_detach(thread);
	}
}

/* Never freed: threads of it may outlive the test by a moment. */
static struct web *webs;

static struct web *
web_start(const struct step *steps, size_t count)
{
	struct web *web = calloc(1, sizeof *web);
	struct sockaddr_in address = { .sin_family = AF_INET,
	                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	web->next = webs;
	webs = web;
	web->steps = steps;
	web->step_count = count;
	pthread_mutex_init(&web->lock, NULL);
	web->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(web->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(web->listener, 16), 0);
	getsockname(web->listener, (struct sockaddr *)&address, &size);
	web->port = ntohs(address.sin_port);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, accept_all, web), 0);
	pthread_detach(thread);
	return web;
}

#define WEB(steps) web_start((steps), sizeof(steps) / sizeof *(steps))

static void
web_stop(struct web *web)
{
	shutdown(web->listener, SHUT_RDWR);
	close(web->listener);
}

static size_t
look(struct web *web, const size_t *counter)
{
	pthread_mutex_lock(&web->lock);
	size_t n = *counter;
	pthread_mutex_unlock(&web->lock);
	return n;
}

static bool
comes_to(struct web *web, const size_t *counter, size_t wanted, int64_t within_ms)
{
	int64_t deadline = clock_mono_ms() + within_ms;
	while (look(web, counter) < wanted && clock_mono_ms() < deadline)
		poll(NULL, 0, 2);
	return look(web, counter) >= wanted;
}

/* ---- A run and its connectors ------------------------------------------ */

static char state_dir[256];
static struct net_client *client;

#define TOKEN "secret-token-0123456789"
#define SLASHED "pass/word+and\"quote"

struct connector {                     /* A connector's end of a channel. */
	struct frame_stream stream;
	uint32_t channel, call;
	struct arena arena;
	struct rk_reply reply;
	struct rk_err err;
};

struct terms {                         /* What a test asks of its channel. */
	const char *connection;
	const char *extra_origin;
	struct net_limit limits[2];
	size_t limit_count;
	const char *file;              /* Path of the secret "file". */
	int64_t deadline_ms, max_body_bytes;
};

static void
open_by(struct connector *c, struct net_client *by, int port, const struct terms *terms)
{
	char origin[64];
	snprintf(origin, sizeof origin, "http://127.0.0.1:%d", port);
	struct rk_text origins[2] = { text_of(origin), text_of(terms->extra_origin) };
	struct net_secret secrets[5] = {
		{ TEXT_LIT("token"), NET_SECRET_VALUE, TEXT_LIT(TOKEN) },
		{ TEXT_LIT("password"), NET_SECRET_VALUE, TEXT_LIT(SLASHED) },
		{ TEXT_LIT("login"), NET_SECRET_VALUE, TEXT_LIT("administrator") },
		{ TEXT_LIT("broken"), NET_SECRET_VALUE, TEXT_LIT("one\r\nX-Two: 2") },
		{ TEXT_LIT("file"), NET_SECRET_FILE, text_of(terms->file) },
	};
	struct net_open open = {
	    .connection = text_of(terms->connection != NULL ? terms->connection : "crm"),
	    .origins = origins,
	    .origin_count = terms->extra_origin != NULL ? 2 : 1,
	    .secrets = secrets,
	    .secret_count = terms->file != NULL ? 5 : 4,
	    .limits = terms->limits,
	    .limit_count = terms->limit_count,
	    .request_deadline_ms = terms->deadline_ms > 0 ? terms->deadline_ms : 5000,
	    .max_body_bytes =
		terms->max_body_bytes > 0 ? terms->max_body_bytes : 16 << 20,
	};
	int fd = -1;
	*c = (struct connector){ .call = 7 };
	struct rk_err err = ERR_INIT;
	int32_t status = net_open_channel(by, &open, &c->channel, &fd, &err);
	if (status != RK_OK)
		fail_msg("net_open_channel: %s", err.message);
	frame_open(&c->stream, fd, FRAME_MESSAGE_MAX);
}

static void
open_to(struct connector *c, struct web *web, const struct terms *terms)
{
	open_by(c, client, web->port, terms);
}

static void
close_connector(struct connector *c)
{
	frame_close(&c->stream);
	arena_free(&c->arena);
}

static void
send_request(struct connector *c, const struct rk_request *request, int64_t willing_ms)
{
	BUF_AUTO message = BUF_INIT(FRAME_MESSAGE_MAX);
	http_encode_request(&message, request, willing_ms);
	assert_true(frame_send(&c->stream, NET_HTTP, ++c->call, buf_text(&message), -1,
	                       clock_mono_ms() + 5000));
}

static int32_t
take_reply(struct connector *c)
{
	struct frame_message message;
	int32_t status;
	assert_int_equal(frame_wait(&c->stream, &message, clock_mono_ms() + 10000),
	                 FRAME_MESSAGE);
	assert_int_equal(message.type, NET_HTTP_REPLY);
	assert_int_equal(message.call, c->call);
	arena_clear(&c->arena);
	c->err = (struct rk_err)ERR_INIT;
	assert_true(
	    http_decode_reply(message.bytes, &c->arena, &status, &c->err, &c->reply));
	return status;
}

static int32_t
ask(struct connector *c, const struct rk_request *request)
{
	send_request(c, request, 60000);
	return take_reply(c);
}

#define TEXT_PIECE(s) { RK_PIECE_TEXT, RK_ENC_RAW, TEXT_LIT(s), { NULL, 0 } }
#define SECRET_PIECE(s, enc) { RK_PIECE_SECRET, (enc), TEXT_LIT(s), { NULL, 0 } }

static const struct rk_piece bearer[] = { TEXT_PIECE("Bearer "),
	                                  SECRET_PIECE("token", RK_ENC_RAW) };
static const struct rk_header with_bearer[] = {
	{ { "Authorization", 13 }, bearer, 2 },
};

static char url_text[256];

/* A request to 'path' of the web; 'url_text' holds one URL at a time. */
static struct rk_request
to(struct web *web, const char *method, const char *path)
{
	snprintf(url_text, sizeof url_text, "http://127.0.0.1:%d%s", web->port, path);
	return (struct rk_request){ .struct_size = sizeof(struct rk_request),
	                            .method = text_of(method), .url = text_of(url_text) };
}

static bool
has_text(struct rk_text text, const char *part)
{
	return text.len > 0 && memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static struct rk_text
reply_header(const struct connector *c, const char *name)
{
	for (uint64_t i = 0; i < c->reply.header_count; i++)
		if (text_is(c->reply.headers[i].name, name))
			return c->reply.headers[i].pieces[0].text;
	return (struct rk_text){ NULL, 0 };
}

static int64_t
calls_of(const struct connector *c)
{
	int64_t calls = -1;
	assert_int_equal(net_count(client, c->channel, &calls, NULL), RK_OK);
	return calls;
}

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* ---- What is sent ------------------------------------------------------ */

static void
a_request_goes_out_with_its_secrets_and_the_answer_comes_back(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER,
		"HTTP/1.1 201 Created\r\nX-Thing:  A b \r\nContent-Length: 5\r\n"
		"Date: Sat, 21 Nov 2026 19:44:40 GMT\r\nRetry-After: 3\r\n\r\nhello" } };
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	const struct rk_piece body[] = {
	    TEXT_PIECE("a="),
	    SECRET_PIECE("password", RK_ENC_FORM),
	    TEXT_PIECE("&b="),
	    SECRET_PIECE("password", RK_ENC_JSON),
	};
	struct rk_request request = to(web, "POST", "/x?y=1");
	request.headers = with_bearer;
	request.header_count = 1;
	request.body = body;
	request.body_count = 4;
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(c.reply.status, 201);
	assert_true(text_is(c.reply.body, "hello"));
	assert_true(text_is(reply_header(&c, "x-thing"), "A b"));
	assert_int_equal(c.reply.date_ms, 1795290280000);
	assert_int_equal(c.reply.retry_after_ms, 3000);
	assert_non_null(strstr(web->seen, "POST /x?y=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(web->seen, "\r\nAuthorization: Bearer " TOKEN "\r\n"));
	assert_non_null(strstr(web->seen, "\r\n\r\na=pass%2Fword%2Band%22quote"
	                                  "&b=pass/word+and\\\"quote"));
	assert_null(strcasestr(web->seen, "gzip"));
	assert_null(strcasestr(web->seen, "\r\nExpect"));
	assert_null(strcasestr(web->seen, "\r\nContent-Type"));
	assert_int_equal(calls_of(&c), 1);
	close_connector(&c);
	web_stop(web);
}

static void
methods_bodies_and_kept_connections_are_as_asked(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	static const struct {
		const char *method, *body, *first_line, *length;
	} cases[] = {
		{ "GET", NULL, "GET / HTTP/1.1\r\n", NULL },
		{ "DELETE", NULL, "DELETE / HTTP/1.1\r\n", NULL },
		{ "DELETE", "{}", "DELETE / HTTP/1.1\r\n", "\r\nContent-Length: 2\r\n" },
		{ "POST", NULL, "POST / HTTP/1.1\r\n", "\r\nContent-Length: 0\r\n" },
		{ "PUT", "abc", "PUT / HTTP/1.1\r\n", "\r\nContent-Length: 3\r\n" },
		{ "PATCH", "abc", "PATCH / HTTP/1.1\r\n", "\r\nContent-Length: 3\r\n" },
		{ "GET", NULL, "GET / HTTP/1.1\r\n", NULL },
	};
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rk_piece body = {
		    RK_PIECE_TEXT, RK_ENC_RAW, text_of(cases[i].body), {NULL, 0}};
		struct rk_request request = to(web, cases[i].method, "/");
		request.body = &body;
		request.body_count = cases[i].body != NULL;
		assert_int_equal(ask(&c, &request), RK_OK);
		assert_int_equal(strncmp(web->seen, cases[i].first_line,
		                         strlen(cases[i].first_line)), 0);
		if (cases[i].length != NULL)
			assert_non_null(strstr(web->seen, cases[i].length));
		else
			assert_null(strcasestr(web->seen, "content-length"));
	}
	assert_int_equal(web->connections, 1);
	close_connector(&c);
	web_stop(web);
}

static void
what_a_connector_may_not_ask_never_leaves(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	static const struct rk_piece plain[] = { TEXT_PIECE("Bearer abc") };
	static const struct rk_piece plain_after[] = { TEXT_PIECE("Bearer "),
		SECRET_PIECE("token", RK_ENC_RAW), TEXT_PIECE("x") };
	static const struct rk_piece value[] = { TEXT_PIECE("v") };
	static const struct rk_piece split[] = { TEXT_PIECE("v\r\nX-Two: 2") };
	static const struct rk_piece broken[] = { SECRET_PIECE("broken", RK_ENC_RAW) };
	static const struct rk_piece unknown[] = { SECRET_PIECE("nothing", RK_ENC_RAW) };
	static const struct rk_header h[] = {
		{ { "Authorization", 13 }, plain, 1 },
		{ { "authorization", 13 }, plain_after, 3 },
		{ { "Host", 4 }, value, 1 },
		{ { "content-LENGTH", 14 }, value, 1 },
		{ { "Transfer-Encoding", 17 }, value, 1 },
		{ { "Connection", 10 }, value, 1 },
		{ { "X-One", 5 }, split, 1 },
		{ { "X-One\r\nX-Two", 12 }, value, 1 },
		{ { "X One", 5 }, value, 1 },
		{ { "X-One", 5 }, broken, 1 },
		{ { "X-One", 5 }, unknown, 1 },
	};
	static const struct {
		const char *method, *url;      /* NULL: as it should be. */
		const struct rk_header *header;
		int32_t status, category;
		const char *words;
	} cases[] = {
	    {NULL, NULL, &h[0], RK_BUG, RK_CAT_BUG, "scheme and secrets"},
	    {NULL, NULL, &h[1], RK_BUG, RK_CAT_BUG, "scheme and secrets"},
	    {NULL, NULL, &h[2], RK_BUG, RK_CAT_BUG, "Host"},
	    {NULL, NULL, &h[3], RK_BUG, RK_CAT_BUG, "content-LENGTH"},
	    {NULL, NULL, &h[4], RK_BUG, RK_CAT_BUG, "Transfer-Encoding"},
	    {NULL, NULL, &h[5], RK_BUG, RK_CAT_BUG, "Connection"},
	    {NULL, NULL, &h[6], RK_BUG, RK_CAT_BUG, "control character"},
	    {NULL, NULL, &h[7], RK_BUG, RK_CAT_BUG, "header name"},
	    {NULL, NULL, &h[8], RK_BUG, RK_CAT_BUG, "header name"},
	    {NULL, NULL, &h[9], RK_PAUSE, RK_CAT_CONFIG, "line break"},
	    {NULL, NULL, &h[10], RK_PAUSE, RK_CAT_CONFIG, "'nothing'"},
	    {"GET / HTTP/1.1\r\nX: ", NULL, NULL, RK_BUG, RK_CAT_BUG, "method"},
	    {"CONNECT", NULL, NULL, RK_BUG, RK_CAT_BUG, "method"},
	    {NULL, "http://127.0.0.1:1/", NULL, RK_PAUSE, RK_CAT_BUG, "'crm'"},
	    {NULL, "https://127.0.0.1:PORT/", NULL, RK_PAUSE, RK_CAT_BUG, "'crm'"},
	    {NULL, "http://localhost:PORT/", NULL, RK_PAUSE, RK_CAT_BUG, "'crm'"},
	    {NULL, "http://evil.example/", NULL, RK_PAUSE, RK_CAT_BUG, "'crm'"},
	    {NULL, "http://127.0.0.1:PORT@evil.example/", NULL, RK_BUG, RK_CAT_BUG,
	     "without a login"},
	    {NULL, "file:///etc/passwd", NULL, RK_BUG, RK_CAT_BUG, "absolute"},
	    {NULL, "/x", NULL, RK_BUG, RK_CAT_BUG, "absolute"},
	    {NULL, "http://127.0.0.1:PORT/a b", NULL, RK_BUG, RK_CAT_BUG, "escaped"},
	    {NULL, "http://127.0.0.1:PORT/\r\nX: 1", NULL, RK_BUG, RK_CAT_BUG, "escaped"},
	    {NULL, "", NULL, RK_BUG, RK_CAT_BUG, "no bytes"},
	};
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rk_request request = to(web, "GET", "/");
		char url[128];
		const char *port =
		    cases[i].url != NULL ? strstr(cases[i].url, "PORT") : NULL;
		if (cases[i].method != NULL)
			request.method = text_of(cases[i].method);
		if (port != NULL) {
			snprintf(url, sizeof url, "%.*s%d%s", (int)(port - cases[i].url),
			         cases[i].url, web->port, port + 4);
			request.url = text_of(url);
		} else if (cases[i].url != NULL) {
			request.url = text_of(cases[i].url);
		}
		request.headers = cases[i].header;
		request.header_count = cases[i].header != NULL;
		int32_t status = ask(&c, &request);
		if (status != cases[i].status || c.err.category != cases[i].category
		    || strstr(c.err.message, cases[i].words) == NULL
		    || c.err.maybe_sent != 0)
			fail_msg("row %zu: %d %d '%s'", i, status, c.err.category,
			         c.err.message);
	}
	assert_int_equal(web->connections, 0);
	assert_int_equal(calls_of(&c), 0);
	/* And the channel is as good as before. */
	struct rk_request request = to(web, "GET", "/");
	assert_int_equal(ask(&c, &request), RK_OK);
	close_connector(&c);
	web_stop(web);
}

static void
a_name_that_leads_inside_is_refused_and_localhost_is_meant(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	struct web *web = WEB(steps);
	struct connector c;
	char origin[64], url[80];
	/* Both are names of this machine; only one says so. */
	snprintf(origin, sizeof origin, "http://localhost:%d", web->port);
	open_to(&c, web, &(struct terms){ .extra_origin = origin });
	struct rk_request request = to(web, "GET", "/");
	request.url = text_of(origin);
	assert_int_equal(ask(&c, &request), RK_OK);
	close_connector(&c);
	/* libcurl leads every name under "localhost" to this machine by itself. */
	snprintf(origin, sizeof origin, "http://crm.localhost:%d", web->port);
	snprintf(url, sizeof url, "%s/", origin);
	open_to(&c, web, &(struct terms){ .extra_origin = origin });
	request.url = text_of(url);
	assert_int_equal(ask(&c, &request), RK_PAUSE);
	assert_int_equal(c.err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(c.err.message, "crm.localhost leads to "));
	assert_int_equal(c.err.maybe_sent, 0);
	assert_int_equal(look(web, &web->connections), 1);
	assert_int_equal(calls_of(&c), 0);
	close_connector(&c);
	web_stop(web);
}

/* ---- What comes back --------------------------------------------------- */

static void
a_redirect_is_handed_over_and_not_followed(void **state)
{
	(void)state;
	static const struct step steps[] = {
	    {ANSWER,
	     "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"}};
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	struct rk_request request = to(web, "GET", "/");
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(c.reply.status, 302);
	assert_true(text_is(reply_header(&c, "location"), "/elsewhere"));
	assert_int_equal(web->requests, 1);
	close_connector(&c);
	web_stop(web);
}

static void
broken_answers_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		struct step step;
		int32_t category;
		const char *words;
	} cases[] = {
	    {{ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\nshort"},
	     RK_CAT_SERVER,
	     "over 10000 bytes"},
	    {{FLOOD, "HTTP/1.1 200 OK\r\n\r\n"}, RK_CAT_SERVER, "over 10000 bytes"},
	    {{FLOOD, "HTTP/1.1 200 OK\r\nX-Long: "}, RK_CAT_SERVER, "headers"},
	    {{ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort"},
	     RK_CAT_SERVER,
	     "cut short"},
	    {{ANSWER_CLOSE,
	      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
	     RK_CAT_SERVER,
	     "cut short"},
	    {{ANSWER_CLOSE, "no HTTP at all\r\n\r\n"}, RK_CAT_SERVER, "no HTTP"},
	    {{ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Type: te"}, RK_CAT_SERVER,
	     "cut short"},
	    {{ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
	                    "Content-Length: 3\r\n\r\n123"}, RK_CAT_SERVER, "headers"},
	    {{ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	                    "zz\r\n{}\r\n0\r\n\r\n"}, RK_CAT_SERVER, "no HTTP"},
	    {{DRIP, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n12345678901234567"},
	     RK_CAT_UNREACHABLE,
	     "timeout"},
	    {{HANG, NULL}, RK_CAT_UNREACHABLE, "timeout"},
	    {{CLOSE, NULL}, RK_CAT_UNREACHABLE, "without an answer"},
	    {{RESET, NULL}, RK_CAT_UNREACHABLE, "before the answer"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct web *web = web_start(&cases[i].step, 1);
		struct connector c;
		open_to(&c, web, &(struct terms){ .deadline_ms = 800,
		                                  .max_body_bytes = 10000 });
		struct rk_request request = to(web, "GET", "/");
		int64_t began = clock_mono_ms();
		int32_t status = ask(&c, &request);
		if (status != RK_AGAIN || c.err.category != cases[i].category
		    || strstr(c.err.message, cases[i].words) == NULL
		    || c.err.maybe_sent != 1)
			fail_msg("row %zu: %d %d maybe_sent=%u '%s'", i, status,
			         c.err.category, c.err.maybe_sent, c.err.message);
		assert_true(clock_mono_ms() - began < 1500);
		assert_int_equal(calls_of(&c), 1);
		close_connector(&c);
		web_stop(web);
	}
}

/* A label of more than 63 bytes: the resolver knows without asking anybody. */
#define SIXTEEN "abcdefghijklmnop"
#define UNKNOWN_HOST "http://" SIXTEEN SIXTEEN SIXTEEN SIXTEEN ".invalid"

static void
what_surely_never_left_is_said_so(void **state)
{
	(void)state;
	static const struct step steps[] = { { BLURT, "this is no TLS\r\n\r\n" } };
	struct web *web = WEB(steps), *gone = WEB(steps);
	web_stop(gone);
	char tls[64], dead[64];
	snprintf(tls, sizeof tls, "https://127.0.0.1:%d", web->port);
	snprintf(dead, sizeof dead, "http://127.0.0.1:%d", gone->port);
	const struct {
		const char *origin, *words;
		int64_t willing_ms;
	} cases[] = {
		{ dead, "no connection", 5000 },
		{ tls, "TLS failed", 5000 },
		{ UNKNOWN_HOST, "DNS", 5000 },
		{ dead, "deadline has passed", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct connector c;
		open_to(&c, web, &(struct terms){ .extra_origin = cases[i].origin });
		struct rk_request request = to(web, "POST", "/");
		request.url = text_of(cases[i].origin);
		send_request(&c, &request, cases[i].willing_ms);
		int32_t status = take_reply(&c);
		if (status != RK_AGAIN || c.err.category != RK_CAT_UNREACHABLE
		    || strstr(c.err.message, cases[i].words) == NULL
		    || c.err.maybe_sent != 0)
			fail_msg("row %zu: %d %d maybe_sent=%u '%s'", i, status,
			         c.err.category, c.err.maybe_sent, c.err.message);
		assert_int_equal(calls_of(&c), 0);
		close_connector(&c);
	}
	web_stop(web);
}

static void
no_request_is_sent_twice_when_a_kept_connection_dies(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER }, { CLOSE, NULL },
	                                     { ANSWER, OK_ANSWER }, { RESET, NULL },
	                                     { ANSWER, OK_ANSWER } };
	static const char *const methods[] = { "GET", "POST", "GET", "DELETE", "GET" };
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	for (size_t i = 0; i < 5; i++) {
		struct rk_request request = to(web, methods[i], "/");
		int32_t status = ask(&c, &request);
		bool fails = i == 1 || i == 3;
		assert_int_equal(status, fails ? RK_AGAIN : RK_OK);
		assert_int_equal(c.err.maybe_sent, fails);
		assert_int_equal(look(web, &web->requests), i + 1);
	}
	assert_int_equal(calls_of(&c), 5);
	close_connector(&c);
	web_stop(web);
}

static void
compression_that_nobody_asked_for_is_undone_and_counted(void **state)
{
	(void)state;
	static const struct step steps[] = { { PACKED, NULL } };
	struct web *web = WEB(steps);
	struct connector c;
	struct rk_request request = to(web, "GET", "/");
	open_to(&c, web, &(struct terms){ .max_body_bytes = 20000 });
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(c.reply.body.len, 20000);
	for (size_t i = 0; i < 20000; i++)
		assert_int_equal(c.reply.body.ptr[i], 'x');
	assert_non_null(strstr(web->seen, "\r\nAccept-Encoding: identity\r\n"));
	close_connector(&c);
	open_to(&c, web, &(struct terms){ .max_body_bytes = 19999 });
	assert_int_equal(ask(&c, &request), RK_AGAIN);
	assert_int_equal(c.err.category, RK_CAT_SERVER);
	assert_non_null(strstr(c.err.message, "over 19999 bytes"));
	close_connector(&c);
	web_stop(web);
}

static void
secrets_in_an_answer_are_masked_in_every_form(void **state)
{
	(void)state;
	static const struct step steps[] = {
	    {ANSWER_CLOSE,
	     "HTTP/1.1 400 Bad\r\nX-Echo: Bearer " TOKEN "\r\nConnection: close\r\n\r\n"
	     "{\"a\":\"" TOKEN "\",\"b\":\"pass/word+and\\\"quote\","
	     "\"c\":\"pass\\/word+and\\\"quote\",\"d\":\"pass%2Fword%2Band%22quote\","
	     "\"e\":\"pass%2fword%2band%22quote\",\"user\":\"administrator\","
	     /* base64 of administrator:pass/word+and"quote */
	     "\"f\":\"YWRtaW5pc3RyYXRvcjpwYXNzL3dvcmQrYW5kInF1b3Rl\"}"}};
	static const struct rk_piece basic[] = { TEXT_PIECE("Basic "),
		{ RK_PIECE_SECRET, RK_ENC_BASIC, { "login", 5 }, { "password", 8 } } };
	static const struct rk_header headers[] = {{{"X-Token", 7}, bearer + 1, 1},
						   {{"Authorization", 13}, basic, 2}};
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	struct rk_request request = to(web, "GET", "/");
	request.headers = headers;
	request.header_count = 2;
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_non_null(strstr(web->seen,
			       "Authorization: Basic "
			       "YWRtaW5pc3RyYXRvcjpwYXNzL3dvcmQrYW5kInF1b3Rl\r\n"));
	assert_true(
	    text_is(reply_header(&c, "x-echo"), "Bearer ***********************"));
	assert_true(text_is(c.reply.body,
		"{\"a\":\"***********************\",\"b\":\"********************\","
		"\"c\":\"*********************\",\"d\":\"*************************\","
		"\"e\":\"*************************\",\"user\":\"administrator\","
		"\"f\":\"********************************************\"}"));
	close_connector(&c);
	web_stop(web);
}

static void
write_secret(const char *path, const char *text)
{
	char fresh[300];
	snprintf(fresh, sizeof fresh, "%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && io_write_all(fd, text, strlen(text)));
	close(fd);
	assert_int_equal(rename(fresh, path), 0);
}

static void
a_secret_in_a_file_is_read_again_when_it_changes(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ ANSWER, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n" },
		{ ANSWER, OK_ANSWER } };
	static const struct rk_piece piece[] = { SECRET_PIECE("file", RK_ENC_RAW) };
	static const struct rk_header header = { { "X-Key", 5 }, piece, 1 };
	char path[300];
	snprintf(path, sizeof path, "%s/key", state_dir);
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ .file = path });
	struct rk_request request = to(web, "GET", "/");
	request.headers = &header;
	request.header_count = 1;
	assert_int_equal(ask(&c, &request), RK_PAUSE);
	assert_int_equal(c.err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(c.err.message, "secret 'file'"));
	write_secret(path, "first-key-0000\n");
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(c.reply.status, 401);
	assert_non_null(strstr(web->seen, "\r\nX-Key: first-key-0000\r\n"));
	write_secret(path, "other-key-1111\r\n");
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(c.reply.status, 200);
	assert_non_null(strstr(web->seen, "\r\nX-Key: other-key-1111\r\n"));
	close_connector(&c);
	web_stop(web);
}

static void *
turn_the_key(void *path)
{
	poll(NULL, 0, 300);
	write_secret(path, "other-key-1111\n");
	return NULL;
}

static void
a_refused_request_goes_again_once_when_its_file_has_changed(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ DRIP, "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n" },
		{ ANSWER, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n" } };
	static const struct rk_piece piece[] = { SECRET_PIECE("file", RK_ENC_RAW) };
	static const struct rk_header header = { { "X-Key", 5 }, piece, 1 };
	char path[300];
	pthread_t thread;
	snprintf(path, sizeof path, "%s/key", state_dir);
	struct web *web = WEB(steps);
	struct connector c;
	write_secret(path, "first-key-0000\n");
	open_to(&c, web, &(struct terms){ .file = path });
	struct rk_request request = to(web, "GET", "/");
	request.headers = &header;
	request.header_count = 1;
	assert_int_equal(pthread_create(&thread, NULL, turn_the_key, path), 0);
	assert_int_equal(ask(&c, &request), RK_OK);
	pthread_join(thread, NULL);
	assert_int_equal(c.reply.status, 401);
	assert_int_equal(look(web, &web->requests), 2);
	assert_non_null(strstr(web->seen, "\r\nX-Key: other-key-1111\r\n"));
	assert_int_equal(ask(&c, &request), RK_OK);
	assert_int_equal(look(web, &web->requests), 3);
	close_connector(&c);
	web_stop(web);
}

/* ---- Limits ------------------------------------------------------------ */

static void
requests_keep_to_the_limit_over_all_channels(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	static const struct rk_spend spend[] = { { { "burst", 5 }, 1 } };
	const struct terms terms = {
		.connection = "limited",
		.limits = { { .name = TEXT_LIT("burst"), .calls = 3, .per_ms = 300 } },
		.limit_count = 1,
	};
	struct web *web = WEB(steps);
	struct connector c[2];
	open_to(&c[0], web, &terms);
	open_to(&c[1], web, &terms);
	struct rk_request request = to(web, "GET", "/");
	request.spends = spend;
	request.spend_count = 1;
	int64_t began = clock_mono_ms();
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(ask(&c[i % 2], &request), RK_OK);
	/* The fourth and the seventh waited for a window of their own; on a busy machine
	 * that takes longer, never less. */
	assert_true(clock_mono_ms() - began >= 600);
	/* What cannot be had within the call's patience is refused at once. */
	assert_int_equal(ask(&c[0], &request), RK_OK);
	began = clock_mono_ms();
	for (int32_t status = RK_OK; status == RK_OK;) {
		send_request(&c[1], &request, 100);
		status = take_reply(&c[1]);
		assert_true(clock_mono_ms() - began < 3000);
	}
	assert_int_equal(c[1].err.category, RK_CAT_RATE_LIMIT);
	assert_true(c[1].err.retry_after_ms > 100 && c[1].err.retry_after_ms <= 310);
	assert_int_equal(c[1].err.maybe_sent, 0);
	close_connector(&c[0]);
	close_connector(&c[1]);
	web_stop(web);
}

static void
only_so_many_are_under_way_at_once(void **state)
{
	(void)state;
	static const struct step steps[] = { { HANG, NULL }, { ANSWER, OK_ANSWER } };
	static const struct rk_spend spend[] = { { { "parallel", 8 }, 1 } };
	const struct terms terms = {
		.connection = "parallel",
		.limits = { { .name = TEXT_LIT("parallel"), .concurrent = 1,
		              .scope = TEXT_LIT("host") } },
		.limit_count = 1,
	};
	struct web *web = WEB(steps);
	struct connector c[2];
	open_to(&c[0], web, &terms);
	open_to(&c[1], web, &terms);
	struct rk_request request = to(web, "GET", "/");
	request.spends = spend;
	request.spend_count = 1;
	send_request(&c[0], &request, 700);
	assert_true(comes_to(web, &web->requests, 1, 2000));
	send_request(&c[1], &request, 5000);
	poll(NULL, 0, 200);
	assert_int_equal(look(web, &web->requests), 1);
	assert_int_equal(take_reply(&c[0]), RK_AGAIN);      /* Its deadline. */
	assert_int_equal(take_reply(&c[1]), RK_OK);         /* And then the other. */
	close_connector(&c[0]);
	close_connector(&c[1]);
	web_stop(web);
}

static void
a_wait_that_the_crm_asks_for_is_kept_by_all(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ ANSWER, "HTTP/1.1 429 Slow\r\nRetry-After-Ms: 400\r\n"
		          "Content-Length: 0\r\n\r\n" },
		{ ANSWER, OK_ANSWER } };
	static const struct rk_spend spend[] = { { { "burst", 5 }, 1 } };
	const struct terms terms = {
		.connection = "paused",
		.limits = { { .name = TEXT_LIT("burst"), .calls = 100, .per_ms = 1000 } },
		.limit_count = 1,
	};
	struct web *web = WEB(steps);
	struct connector c[2];
	open_to(&c[0], web, &terms);
	open_to(&c[1], web, &terms);
	struct rk_request request = to(web, "GET", "/");
	request.spends = spend;
	request.spend_count = 1;
	assert_int_equal(ask(&c[0], &request), RK_OK);
	assert_int_equal(c[0].reply.status, 429);
	assert_int_equal(c[0].reply.retry_after_ms, 400);
	assert_int_equal(ask(&c[1], &request), RK_OK);
	assert_int_equal(c[1].reply.status, 200);
	assert_true(web->at[1] - web->at[0] >= 390);
	close_connector(&c[0]);
	close_connector(&c[1]);
	web_stop(web);
}

/* ---- Ends -------------------------------------------------------------- */

static struct net_client *
connect_to(const char *dir, const char *hash)
{
	struct net_client *c = NULL;
	struct rk_err err = ERR_INIT;
	if (net_connect(&c, dir, hash, &err) != RK_OK)
		fail_msg("net_connect: %s", err.message);
	return c;
}

static void
the_end_of_a_run_ends_what_it_has_under_way(void **state)
{
	(void)state;
	static const struct step steps[] = { { HANG, NULL } };
	struct web *web = WEB(steps);
	struct net_client *run = connect_to(state_dir, "hash");
	struct connector c;
	open_by(&c, run, web->port, &(struct terms){ 0 });
	struct rk_request request = to(web, "POST", "/");
	send_request(&c, &request, 60000);
	assert_true(comes_to(web, &web->requests, 1, 2000));
	assert_int_equal(web->ended, 0);
	net_close(run);
	assert_true(comes_to(web, &web->ended, 1, 200));
	struct frame_message message;
	assert_int_equal(frame_wait(&c.stream, &message, clock_mono_ms() + 1000),
			 FRAME_CLOSED);
	close_connector(&c);
	web_stop(web);
}

static void
the_end_of_a_connector_ends_its_request_alone(void **state)
{
	(void)state;
	static const struct step steps[] = { { HANG, NULL } };
	struct web *web = WEB(steps);
	struct connector c[2];
	open_to(&c[0], web, &(struct terms){ 0 });
	open_to(&c[1], web, &(struct terms){ 0 });
	struct rk_request request = to(web, "POST", "/");
	send_request(&c[0], &request, 60000);
	send_request(&c[1], &request, 60000);
	assert_true(comes_to(web, &web->requests, 2, 2000));
	close_connector(&c[0]);
	assert_true(comes_to(web, &web->ended, 1, 200));
	poll(NULL, 0, 50);
	assert_int_equal(look(web, &web->ended), 1);
	assert_int_equal(calls_of(&c[0]), 1);              /* Still told. */
	close_connector(&c[1]);
	assert_true(comes_to(web, &web->ended, 2, 200));
	web_stop(web);
}

static void
two_requests_at_once_on_one_channel_end_it(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	struct web *web = WEB(steps);
	struct connector c;
	open_to(&c, web, &(struct terms){ 0 });
	BUF_AUTO both = BUF_INIT(4096);
	BUF_AUTO one = BUF_INIT(4096);
	struct rk_request request = to(web, "GET", "/");
	http_encode_request(&one, &request, 1000);
	for (int i = 0; i < 2; i++) {
		unsigned char head[FRAME_HEADER_BYTES] = { (unsigned char)one.len,
			(unsigned char)(one.len >> 8), 0, 0, NET_HTTP, 0, 0, 0, 1 };
		buf_add(&both, head, sizeof head);
		buf_addt(&both, buf_text(&one));
	}
	assert_true(io_write_all(c.stream.fd, both.ptr, both.len));
	struct frame_message message;
	assert_int_equal(frame_wait(&c.stream, &message, clock_mono_ms() + 2000),
			 FRAME_CLOSED);
	assert_int_equal(web->requests, 0);
	close_connector(&c);
	web_stop(web);
}

static void
large_answers_come_whole_and_slow_readers_stop_nobody(void **state)
{
	(void)state;
	static char text[9 * 1024 * 1024 + 100];       /* The web's threads read it. */
	size_t len = sizeof text - 100;
	int head = sprintf(text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", len);
	for (size_t i = 0; i < len; i++)
		text[(size_t)head + i] = (char)('a' + i % 23);
	text[(size_t)head + len] = '\0';
	static const struct step big[] = { { ANSWER, text } };
	static const struct step small[] = { { ANSWER, OK_ANSWER } };
	struct web *web = WEB(big), *other = WEB(small);
	struct connector slow, quick;
	open_to(&slow, web, &(struct terms){ 0 });
	open_to(&quick, other, &(struct terms){ .connection = "other" });
	struct rk_request request = to(web, "GET", "/");
	send_request(&slow, &request, 10000);
	assert_true(comes_to(web, &web->requests, 1, 2000));
	poll(NULL, 0, 100);
	request = to(other, "GET", "/");
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(&quick, &request), RK_OK);
	assert_int_equal(take_reply(&slow), RK_OK);
	assert_int_equal(slow.reply.body.len, len);
	assert_memory_equal(slow.reply.body.ptr, text + head, len);
	close_connector(&slow);
	close_connector(&quick);
	web_stop(web);
	web_stop(other);
}

/* ---- The program itself ------------------------------------------------ */

static char made[16][64];
static size_t made_count;

static void
make_dir(char *path, size_t size, size_t longer_by)
{
	snprintf(path, size, "/tmp/renkei-net-test-XXXXXX");
	assert_non_null(mkdtemp(path));
	assert_true(made_count < 16);
	memcpy(made[made_count++], path, strlen(path) + 1);
	while (longer_by > 0) {
		strcat(path, "/long-long-long-long-long-long-long-long-long-long");
		assert_int_equal(mkdir(path, 0700), 0);
		longer_by--;
	}
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st, (void)type, (void)place;
	return remove(path);
}

static void
remove_dirs(void)
{
	for (size_t i = 0; i < made_count; i++)
		nftw(made[i], remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Only what this test started is ended, by its number. */
static void
end_net(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

static void
a_long_state_path_and_two_starters_are_fine(void **state)
{
	(void)state;
	char dir[1024];
	make_dir(dir, sizeof dir, 8);
	struct net_client *one = connect_to(dir, "a");
	struct net_client *two = connect_to(dir, "a");
	assert_int_equal(net_process(one), net_process(two));
	pid_t pid = net_process(one);
	net_close(one);
	net_close(two);
	end_net(pid);
	/* What a dead net left behind stops nobody. */
	struct net_client *three = connect_to(dir, "a");
	assert_int_not_equal(net_process(three), pid);
	pid = net_process(three);
	net_close(three);
	end_net(pid);
}

static void *
start_and_leave(void *arg)
{
	struct net_client *c = NULL;
	struct rk_err err = ERR_INIT;
	if (net_connect(&c, arg, "a", &err) != RK_OK)
		return NULL;
	return c;
}

static void
of_many_starters_at_once_one_net_comes(void **state)
{
	(void)state;
	char dir[64];
	make_dir(dir, sizeof dir, 0);
	pthread_t threads[6];
	void *clients[6];
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, start_and_leave, dir),
				 0);
	for (size_t i = 0; i < 6; i++)
		pthread_join(threads[i], &clients[i]);
	assert_non_null(clients[0]);
	pid_t pid = net_process(clients[0]);
	for (size_t i = 0; i < 6; i++) {
		assert_non_null(clients[i]);
		assert_int_equal(net_process(clients[i]), pid);
		net_close(clients[i]);
	}
	end_net(pid);
}

static void
a_net_of_another_configuration_finishes_and_leaves(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	char dir[64];
	make_dir(dir, sizeof dir, 0);
	struct web *web = WEB(steps);
	struct net_client *old = connect_to(dir, "old");
	struct connector c;
	open_by(&c, old, web->port, &(struct terms){ 0 });
	struct net_client *new = connect_to(dir, "new");
	pid_t old_net = net_process(old), new_net = net_process(new);
	assert_int_not_equal(old_net, new_net);
	struct rk_request request = to(web, "GET", "/");
	assert_int_equal(ask(&c, &request), RK_OK);
	close_connector(&c);
	net_close(old);
	/* Gone by itself; it may have been collected at the second start. */
	int64_t deadline = clock_mono_ms() + 2000;
	while (waitpid(old_net, NULL, WNOHANG) == 0 && clock_mono_ms() < deadline)
		poll(NULL, 0, 5);
	assert_int_equal(kill(old_net, 0), -1);
	struct net_client *again = connect_to(dir, "new");
	assert_int_equal(net_process(again), new_net);
	net_close(again);
	net_close(new);
	end_net(new_net);
	web_stop(web);
}

static pid_t
spawn_net(const char *dir, const char *idle_ms)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/renkei-net", io_program_dir());
	char *args[] = {path,
			(char *)(uintptr_t) "--state",
			(char *)(uintptr_t)dir,
			(char *)(uintptr_t) "--idle-ms",
			(char *)(uintptr_t)idle_ms,
			NULL};
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	pid_t pid = -1;
	assert_int_equal(posix_spawn(&pid, path, &actions, NULL, args, environment), 0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void
it_leaves_when_nobody_was_there_for_a_while(void **state)
{
	(void)state;
	static const struct step steps[] = { { ANSWER, OK_ANSWER } };
	char dir[64], socket_path[128];
	make_dir(dir, sizeof dir, 0);
	snprintf(socket_path, sizeof socket_path, "%s/" NET_SOCKET_NAME, dir);
	pid_t pid = spawn_net(dir, "300");
	int64_t deadline = clock_mono_ms() + 3000;
	while (access(socket_path, F_OK) != 0 && clock_mono_ms() < deadline)
		poll(NULL, 0, 2);
	struct net_client *c = connect_to(dir, "a");
	assert_int_equal(net_process(c), pid);
	struct connector used;
	struct web *web = WEB(steps);
	open_by(&used, c, web->port, &(struct terms){ 0 });
	struct rk_request request = to(web, "GET", "/");
	request.headers = with_bearer;
	request.header_count = 1;
	assert_int_equal(ask(&used, &request), RK_OK);
	close_connector(&used);
	web_stop(web);
	poll(NULL, 0, 500);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);   /* Somebody is there. */
	net_close(c);
	int status = -1;
	int64_t began = clock_mono_ms();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(clock_mono_ms() - began >= 200 && clock_mono_ms() - began < 2000);
	assert_int_equal(status, 0);
	assert_int_not_equal(access(socket_path, F_OK), 0);
}

static void
a_state_directory_that_cannot_be_used_is_named(void **state)
{
	(void)state;
	struct net_client *c = NULL;
	struct rk_err err = ERR_INIT;
	assert_int_equal(net_connect(&c, "/nonexistent/renkei", "a", &err), RK_PAUSE);
	assert_int_equal(err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(err.message, "/nonexistent/renkei"));
	assert_null(c);
}

static void
no_secret_is_in_the_log(void **state)
{
	(void)state;
	char path[300];
	snprintf(path, sizeof path, "%s/" NET_LOG_NAME, state_dir);
	BUF_AUTO log = BUF_INIT(1 << 20);
	assert_true(io_read_file(path, &log));
	assert_true(has_text(buf_text(&log), "net.started"));
	assert_false(has_text(buf_text(&log), TOKEN));
	assert_false(has_text(buf_text(&log), "word+and"));
}

static int
begin(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	make_dir(state_dir, sizeof state_dir, 0);
	client = connect_to(state_dir, "hash");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	pid_t pid = net_process(client);
	net_close(client);
	end_net(pid);
	remove_dirs();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_request_goes_out_with_its_secrets_and_the_answer_comes_back),
	    cmocka_unit_test(methods_bodies_and_kept_connections_are_as_asked),
	    cmocka_unit_test(what_a_connector_may_not_ask_never_leaves),
	    cmocka_unit_test(a_name_that_leads_inside_is_refused_and_localhost_is_meant),
	    cmocka_unit_test(a_redirect_is_handed_over_and_not_followed),
	    cmocka_unit_test(broken_answers_are_told_apart),
	    cmocka_unit_test(what_surely_never_left_is_said_so),
	    cmocka_unit_test(no_request_is_sent_twice_when_a_kept_connection_dies),
	    cmocka_unit_test(compression_that_nobody_asked_for_is_undone_and_counted),
	    cmocka_unit_test(secrets_in_an_answer_are_masked_in_every_form),
	    cmocka_unit_test(a_secret_in_a_file_is_read_again_when_it_changes),
	    cmocka_unit_test(
		a_refused_request_goes_again_once_when_its_file_has_changed),
	    cmocka_unit_test(requests_keep_to_the_limit_over_all_channels),
	    cmocka_unit_test(only_so_many_are_under_way_at_once),
	    cmocka_unit_test(a_wait_that_the_crm_asks_for_is_kept_by_all),
	    cmocka_unit_test(the_end_of_a_run_ends_what_it_has_under_way),
	    cmocka_unit_test(the_end_of_a_connector_ends_its_request_alone),
	    cmocka_unit_test(two_requests_at_once_on_one_channel_end_it),
	    cmocka_unit_test(large_answers_come_whole_and_slow_readers_stop_nobody),
	    cmocka_unit_test(a_long_state_path_and_two_starters_are_fine),
	    cmocka_unit_test(of_many_starters_at_once_one_net_comes),
	    cmocka_unit_test(a_net_of_another_configuration_finishes_and_leaves),
	    cmocka_unit_test(it_leaves_when_nobody_was_there_for_a_while),
	    cmocka_unit_test(a_state_directory_that_cannot_be_used_is_named),
	    cmocka_unit_test(no_secret_is_in_the_log),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
