/* SPDX-License-Identifier: Apache-2.0
 *
 * server.c - see server.h.  Each connection has a thread, as an answer waits for a
 * command.  libmicrohttpd ends a connection that is silent; one that drips is ended by
 * a thread here, which looks at how long each has taken to ask. */
#include "console/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "config/form.h"
#include "console/account.h"
#include "console/form.h"
#include "console/hooks.h"
#include "console/metrics.h"
#include "console/pages.h"
#include "console/routes.h"

#define CONNECTIONS_MAX 128u
#define CONNECTIONS_PER_PEER 48u
#define CONNECTION_BYTES ((size_t)64 * 1024)   /* Head of a request, and of an answer. */
#define STACK_BYTES ((size_t)512 * 1024)
#define SILENT_S 15u
#define ASK_MS 20000                   /* For a whole request, */
#define TAKE_MS 60000                  /* and to take the answer. */
#define FILE_BYTES_MAX (1024u * 1024)

/* ---- Connections that take too long ------------------------------------------ */

static struct watched {
	int fd;                        /* -1: free */
	int64_t until_ms;              /* Monotonic; INT64_MAX: we are at work. */
} watched[CONNECTIONS_MAX];

static pthread_mutex_t watching = PTHREAD_MUTEX_INITIALIZER;

/* What is put at 'fd'; -1 frees. */
static void
watch(int fd, int64_t until_ms, bool ends)
{
	struct watched *at = NULL;
	pthread_mutex_lock(&watching);
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (watched[i].fd == fd || (at == NULL && watched[i].fd < 0))
			at = &watched[i];
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (watched[i].fd == fd)
			at = &watched[i];
	if (at != NULL)
		*at = (struct watched){ ends ? -1 : fd, until_ms };
	pthread_mutex_unlock(&watching);
}

static void *
end_late(void *with)
{
	(void)with;
	for (;;) {
		sleep(1);
		int64_t now_ms = clock_mono_ms();
		pthread_mutex_lock(&watching);
		for (size_t i = 0; i < CONNECTIONS_MAX; i++)
			if (watched[i].fd >= 0 && watched[i].until_ms < now_ms)
				shutdown(watched[i].fd, SHUT_RDWR);
		pthread_mutex_unlock(&watching);
	}
	return NULL;
}

static int
fd_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	return info != NULL ? info->connect_fd : -1;
}

static void
connection_notice(void *with, struct MHD_Connection *connection, void **own,
                  enum MHD_ConnectionNotificationCode code)
{
	(void)with;
	(void)own;
	watch(fd_of(connection), clock_mono_ms() + ASK_MS, code == MHD_CONNECTION_NOTIFY_CLOSED);
}

/* ---- A request ------------------------------------------------------------- */

struct exchange {
	struct arena arena;            /* owned */
	struct request q;
	struct buf body;               /* owned */
	bool bad;                      /* A parameter is none. */
};

static const char *
header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result
take_param(void *with, enum MHD_ValueKind kind, const char *name, size_t name_len,
           const char *value, size_t value_len)
{
	struct exchange *x = with;
	(void)kind;
	if (name == NULL || value == NULL || strlen(name) != name_len
	    || strlen(value) != value_len || !form_value(text_of(value))
	    || !request_add(&x->q, name, value))
		x->bad = true;
	return MHD_YES;
}

static enum MHD_Result
take_header(void *with, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	buf_addf(with, "%s: %s\n", name, value != NULL ? value : "");
	return MHD_YES;
}

static struct rk_text
head_of(struct exchange *x, struct MHD_Connection *connection)
{
	BUF_AUTO head = BUF_INIT(CONNECTION_BYTES);
	MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &head);
	return arena_text(&x->arena, buf_text(&head));
}

static const char *
peer_of(struct exchange *x, struct MHD_Connection *connection)
{
	char host[64] = "?";
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *at = info != NULL ? info->client_addr : NULL;
	if (at != NULL)
		getnameinfo(at, at->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
		            : sizeof(struct sockaddr_in), host, sizeof host, NULL, 0,
		            NI_NUMERICHOST);
	return arena_str(&x->arena, host);
}

/* The last one is what the proxy itself saw. */
static const char *
forwarded_peer(struct exchange *x, const char *forwarded)
{
	const char *last = strrchr(forwarded, ',');
	struct rk_text text = text_trim(text_of(last != NULL ? last + 1 : forwarded));
	if (text.len > 45)
		text.len = 45;
	return arena_text(&x->arena, text).ptr;
}

static struct exchange *
begin(struct console *c, struct MHD_Connection *connection, const char *url,
      const char *method)
{
	struct exchange *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	struct request *q = &x->q;
	const char *forwarded = header(connection, "X-Forwarded-For");
	x->body = (struct buf)BUF_INIT(REQUEST_BODY_MAX);
	q->console = c;
	q->arena = &x->arena;
	q->method = arena_str(&x->arena, method);
	q->path = arena_str(&x->arena, url);
	q->host = header(connection, "Host");
	q->origin = header(connection, "Origin");
	q->csrf = header(connection, "X-CSRF-Token");
	q->type = header(connection, "Content-Type");
	q->cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, c->cookie);
	q->peer = peer_of(x, connection);
	q->forwarded = forwarded != NULL;
	if (strncmp(q->path, HOOKS_PREFIX, strlen(HOOKS_PREFIX)) == 0)
		q->head = head_of(x, connection);
	MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_param, x);
	const char *lang = request_param(q, "lang");
	q->lang = words_lang_of(lang != NULL ? lang : header(connection, "Accept-Language"));
	if (c->settings->behind != NULL && forwarded != NULL
	    && strcmp(q->peer, c->settings->behind) == 0)
		q->peer = forwarded_peer(x, forwarded);
	return x;
}

/* ---- Whether it is for us ----------------------------------------------------- */

/* A page elsewhere whose name leads here (DNS rebinding) says its own name; one that
 * sends something here is told by Origin. */
static bool
is_ours(const struct request *q, struct answer *a)
{
	const struct console *c = q->console;
	size_t at = 0, count = sizeof c->hosts / sizeof *c->hosts;
	while (at < count && (q->host == NULL || c->hosts[at][0] == '\0'
	                      || strcasecmp(q->host, c->hosts[at]) != 0))
		at++;
	if (at == count) {
		answer_refuse(q, a, 421, "host", "this console is not at the address that was "
		              "asked for; \"address\" of the console's settings tells where it is");
		return false;
	}
	if (q->origin == NULL)
		return true;
	const char *scheme = strstr(q->origin, "://");
	bool https = strncasecmp(q->origin, "https://", 8) == 0;
	if (scheme != NULL && strcasecmp(scheme + 3, q->host) == 0 && https == c->tls)
		return true;
	answer_refuse(q, a, 403, "origin", "a page of another origin may not ask this");
	return false;
}

static bool
read_body(struct exchange *x, struct answer *a)
{
	struct request *q = &x->q;
	if (x->body.over) {
		answer_refuse(q, a, 413, "too-long", "a request has at most %u bytes",
		              REQUEST_BODY_MAX);
		return false;
	}
	if (x->body.len > 0
	    && (q->type == NULL || strncasecmp(q->type, "application/json", 16) != 0)) {
		answer_refuse(q, a, 415, "type", "what is sent is application/json");
		return false;
	}
	if (!x->bad && (x->body.len == 0 || form_read(q, buf_text(&x->body))))
		return true;
	answer_refuse(q, a, 400, "bad-request", "parameters are text without control characters "
	              "of at most %u bytes; a body is one JSON object of texts, numbers, "
	              "truths, or lists of them", REQUEST_VALUE_MAX);
	return false;
}

static void
serve(struct exchange *x, struct answer *a)
{
	struct request *q = &x->q;
	bool known = strcmp(q->method, "GET") == 0 || strcmp(q->method, "POST") == 0
	             || strcmp(q->method, "DELETE") == 0;
	if (!known) {
		a->allow = "GET, POST, DELETE";
		answer_refuse(q, a, 405, "method", "this address takes %s only", a->allow);
		return;
	}
	if (strncmp(q->path, HOOKS_PREFIX, strlen(HOOKS_PREFIX)) == 0) {
		hooks_answer(q, buf_text(&x->body), a);
		return;
	}
	if (!is_ours(q, a) || !read_body(x, a))
		return;
	account_recognise(q, clock_now_ms());
	if (strcmp(q->method, "GET") == 0 && pages_answer(q, a))
		return;
	if (strcmp(q->path, "/metrics") == 0 || strcmp(q->path, "/healthz") == 0)
		metrics_answer(q, a);
	else if (strncmp(q->path, ROUTES_PREFIX "/", sizeof ROUTES_PREFIX) == 0)
		routes_answer(q, a);
	else
		answer_refuse(q, a, 404, "no-such-address", "there is nothing at this address");
}

/* ---- An answer --------------------------------------------------------------- */

static const struct { const char *name, *value; } always[] = {
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
	  "img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
	  "base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

static void
add_header(struct MHD_Response *r, const char *name, const char *format, ...)
{
	char value[512];
	va_list args;
	va_start(args, format);
	vsnprintf(value, sizeof value, format, args);
	va_end(args);
	MHD_add_response_header(r, name, value);
}

static void
add_headers(struct MHD_Response *r, const struct console *c, const struct answer *a)
{
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		MHD_add_response_header(r, always[i].name, always[i].value);
	MHD_add_response_header(r, "Content-Type", a->type);
	MHD_add_response_header(r, "Cache-Control", a->tag != NULL ? "no-cache" : "no-store");
	if (c->tls)
		MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
	if (a->tag != NULL)
		MHD_add_response_header(r, "ETag", a->tag);
	if (a->cookie != NULL)
		MHD_add_response_header(r, "Set-Cookie", a->cookie);
	if (a->allow != NULL)
		MHD_add_response_header(r, "Allow", a->allow);
	if (a->file != NULL)
		add_header(r, "Content-Disposition", "attachment; filename=\"%s\"", a->file);
	if (a->retry_s > 0)
		add_header(r, "Retry-After", "%lld", (long long)a->retry_s);
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, const struct console *c, struct answer *a)
{
	const char *known = header(connection, "If-None-Match");
	if (a->body.over) {
		a->status = 500;
		buf_reset(&a->body);
	}
	if (a->tag != NULL && known != NULL && strcmp(known, a->tag) == 0) {
		a->status = 304;
		buf_reset(&a->body);
	}
	struct MHD_Response *r = MHD_create_response_from_buffer(a->body.len, a->body.ptr,
	                                                         MHD_RESPMEM_MUST_FREE);
	if (r == NULL) {
		buf_free(&a->body);
		return MHD_NO;
	}
	add_headers(r, c, a);
	enum MHD_Result sent = MHD_queue_response(connection, (unsigned)a->status, r);
	MHD_destroy_response(r);
	return sent;
}

static enum MHD_Result
handle(void *with, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload, size_t *upload_len, void **own)
{
	struct console *c = with;
	struct exchange *x = *own;
	(void)version;
	if (x == NULL) {
		*own = begin(c, connection, url, method);
		return MHD_YES;
	}
	if (*upload_len > 0) {
		buf_add(&x->body, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	struct answer a = { .type = "application/json", .body = BUF_INIT(ANSWER_MAX) };
	watch(fd_of(connection), INT64_MAX, false);
	serve(x, &a);
	watch(fd_of(connection), clock_mono_ms() + TAKE_MS, false);
	return send_answer(connection, c, &a);
}

static void
completed(void *with, struct MHD_Connection *connection, void **own,
          enum MHD_RequestTerminationCode code)
{
	struct exchange *x = *own;
	(void)with;
	(void)code;
	watch(fd_of(connection), clock_mono_ms() + ASK_MS, false);
	*own = NULL;
	if (x == NULL)
		return;
	arena_free(&x->arena);
	buf_free(&x->body);
	free(x);
}

/* Behind a named proxy nobody else is let in. */
static enum MHD_Result
let_in(void *with, const struct sockaddr *at, socklen_t len)
{
	const struct console *c = with;
	char host[64] = "";
	if (c->settings->behind == NULL)
		return MHD_YES;
	getnameinfo(at, len, host, sizeof host, NULL, 0, NI_NUMERICHOST);
	return strcmp(host, c->settings->behind) == 0 ? MHD_YES : MHD_NO;
}

/* ---- Start ------------------------------------------------------------------ */

static int
listen_at(const char *listen_to, unsigned *port, struct rk_err *err)
{
	struct sockaddr_storage at;
	bool here;
	socklen_t len = form_listen_at(listen_to, &at, &here);
	int yes = 1;
	int fd = len > 0 ? socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
	    || bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 128) != 0) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "the console cannot listen at %s; free "
		          "that port, or name another with listen in the group console", listen_to);
		io_close(&fd);
		return -1;
	}
	char shown[16] = "";
	getsockname(fd, (struct sockaddr *)&at, &len);
	getnameinfo((struct sockaddr *)&at, len, NULL, 0, shown, sizeof shown, NI_NUMERICSERV);
	*port = (unsigned)strtoul(shown, NULL, 10);
	return fd;
}

static bool
read_pem(const char *path, struct buf *out, struct rk_err *err)
{
	if (path == NULL || io_read_file(path, out))
		return true;
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "the console cannot read %s; let the user who "
	          "runs renkei read it", path);
	return false;
}

bool
server_open(struct console *c, unsigned *port, struct rk_err *err)
{
	c->listener = listen_at(c->settings->listen, port, err);
	return c->listener >= 0;
}

bool
server_start(struct console *c, struct rk_err *err)
{
	const struct config_console *s = c->settings;
	BUF_AUTO key = BUF_INIT(FILE_BYTES_MAX);
	BUF_AUTO certificate = BUF_INIT(FILE_BYTES_MAX);
	pthread_t thread;
	if (!read_pem(s->key, &key, err) || !read_pem(s->certificate, &certificate, err))
		return false;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		watched[i].fd = -1;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)buf_str(&key) },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)buf_str(&certificate) },
		{ MHD_OPTION_END, 0, NULL },
	};
	unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD
	                 | MHD_USE_POLL | (s->key != NULL ? MHD_USE_TLS : 0);
	/* All of a proxy come from one address. */
	unsigned peer = s->behind != NULL ? CONNECTIONS_MAX : CONNECTIONS_PER_PEER;
	struct MHD_Daemon *d = MHD_start_daemon(
		flags, 0, let_in, c, handle, c, MHD_OPTION_LISTEN_SOCKET, c->listener,
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_NOTIFY_CONNECTION,
		connection_notice, NULL, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, peer, MHD_OPTION_CONNECTION_TIMEOUT,
		SILENT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
		MHD_OPTION_THREAD_STACK_SIZE, STACK_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_ARRAY, s->key != NULL ? tls : tls + 2, MHD_OPTION_END);
	if (d != NULL && pthread_create(&thread, NULL, end_late, NULL) == 0)
		return true;
	err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the console cannot serve at %s; if certificate "
	        "and key are given, are they of one pair, in PEM?", s->listen);
	return false;
}
