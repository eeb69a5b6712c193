/* SPDX-License-Identifier: Apache-2.0
 *
 * login.c - see login.h.  The server for the browser knows one request, answers it with
 * one page, and closes. */
#include "net/login.h"

#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "net/channel.h"
#include "net/encode.h"
#include "net/oauth.h"

#define LOGIN_MS (15 * 60 * 1000)      /* For a person who has to find a password. */
#define BROWSER_MS 5000
#define HEAD_MAX 16384
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

void
login_init(struct login *l)
{
	*l = (struct login){ .listener = -1, .browser = -1, .head = BUF_INIT(HEAD_MAX) };
}

/* epoll lets go of a socket by itself when it is closed. */
void
login_forget(struct login *l)
{
	io_close(&l->browser);
	io_close(&l->listener);
	buf_free(&l->head);
	sodium_memzero(l->state, sizeof l->state);
	sodium_memzero(l->verifier, sizeof l->verifier);
	login_init(l);
}

/* ---- The address to open ------------------------------------------------------- */

static void
random_text(char out[48])
{
	unsigned char bytes[32];
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(out, 48, bytes, sizeof bytes, VARIANT);
	sodium_memzero(bytes, sizeof bytes);
}

static void
add_parameter(struct buf *out, const char *name, struct rk_text value)
{
	buf_addc(out, memchr(out->ptr, '?', out->len) != NULL ? '&' : '?');
	buf_adds(out, name);
	buf_addc(out, '=');
	encode_form(out, value);
}

static struct rk_text
address_of(const struct oauth *o, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(65536);
	buf_addt(&out, o->terms.authorize_url);
	add_parameter(&out, "response_type", TEXT_LIT("code"));
	add_parameter(&out, "client_id", o->terms.client_id);
	add_parameter(&out, "redirect_uri", o->terms.redirect_uri);
	add_parameter(&out, "scope", o->terms.scopes);
	add_parameter(&out, "state", text_of(o->login.state));
	if (o->terms.pkce) {
		unsigned char hash[crypto_hash_sha256_BYTES];
		char challenge[48];
		crypto_hash_sha256(hash, (const unsigned char *)o->login.verifier,
		                   strlen(o->login.verifier));
		sodium_bin2base64(challenge, sizeof challenge, hash, sizeof hash,
		                  VARIANT);
		add_parameter(&out, "code_challenge", text_of(challenge));
		add_parameter(&out, "code_challenge_method", TEXT_LIT("S256"));
	}
	return arena_text(arena, buf_text(&out));
}

/* ---- The way back -------------------------------------------------------------- */

/* The port and path of "http://localhost:PORT/path"; 0: it leads elsewhere. */
static unsigned
local_port(const char *uri, const char **path)
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1" };
	unsigned port = 80;
	int len = 0;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		size_t host = strlen(hosts[i]);
		if (strncmp(uri, hosts[i], host) != 0)
			continue;
		const char *rest = uri + host;
		if (*rest == ':'
		    && (sscanf(rest, ":%5u%n", &port, &len) != 1 || port > 65535))
			return 0;
		rest += len;
		if (*rest != '/' && *rest != '\0')
			continue;
		*path = *rest == '/' ? rest : "/";
		return port;
	}
	return 0;
}

static bool
listen_at(struct net *net, struct account *a)
{
	struct login *l = &a->oauth->login;
	const char *path;
	unsigned port = local_port(a->oauth->terms.redirect_uri.ptr, &path);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int yes = 1;
	if (port == 0)
		return false;
	l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(l->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (l->listener < 0
	    || bind(l->listener, (const struct sockaddr *)&address, sizeof address) != 0
	    || listen(l->listener, 8) != 0) {
		log_warn("net.login", "conn=%s port=%u: %s", a->name, port,
		         strerror(errno));
		io_close(&l->listener);
		return false;
	}
	loop_watch(&net->loop, l->listener, LOOP_LOGIN, a->id, EPOLLIN);
	return true;
}

int32_t
login_begin(struct net *net, struct account *a, uint32_t channel, struct arena *arena,
            struct net_grant *told, struct rk_err *err)
{
	struct login *l = &a->oauth->login;
	if (l->channel != 0 && l->channel != channel)
		return err_set(err, RK_PAUSE, RK_CAT_OTHER,
		               "connection '%s': another login is under way; end that "
		               "one first", a->name);
	login_forget(l);
	random_text(l->state);
	random_text(l->verifier);
	l->channel = channel;
	l->until = clock_mono_ms() + LOGIN_MS;
	told->listens = listen_at(net, a);
	told->authorize_url = address_of(a->oauth, arena);
	return RK_OK;
}

void
login_await(struct account *a, uint32_t channel)
{
	a->oauth->login.channel = channel;
	a->oauth->login.until = clock_mono_ms() + LOGIN_MS;
}

/* ---- What comes back ----------------------------------------------------------- */

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* The parameter 'name' of a query, decoded; empty: it has none. */
static struct rk_text
parameter(struct rk_text query, const char *name, struct arena *arena)
{
	size_t want = strlen(name);
	const char *at = query.ptr, *end = query.ptr + query.len;
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);
		if (len > want && at[want] == '=' && memcmp(at, name, want) == 0) {
			char *out = arena_alloc(arena, len + 1);
			size_t n = 0;
			for (size_t i = want + 1; i < len; i++) {
				bool coded = at[i] == '%' && i + 2 < len
				             && hex(at[i + 1]) >= 0 && hex(at[i + 2]) >= 0;
				out[n] = at[i] == '+' ? ' ' : at[i];
				if (coded)
					out[n] = (char)(hex(at[i + 1]) * 16 + hex(at[i + 2]));
				n++;
				i += coded ? 2 : 0;
			}
			return (struct rk_text){ out, n };
		}
		at += len + 1;
	}
	return (struct rk_text){ NULL, 0 };
}

static int32_t
refuse(struct rk_err *err, const char *code, const struct account *a, const char *words,
       struct rk_text shown)
{
	err_set(err, RK_PAUSE, RK_CAT_AUTH, "connection '%s': %s%.*s", a->name, words,
	        (int)(shown.len < 200 ? shown.len : 200), shown.ptr);
	text_copy(err->code, sizeof err->code, text_of(code));
	return RK_PAUSE;
}

static int32_t
take_code(struct net *net, struct account *a, struct rk_text code, struct rk_err *err)
{
	struct login *l = &a->oauth->login;
	if (l->channel == 0 || l->verifier[0] == '\0')
		return refuse(err, "oauth-code", a, "no login has begun", TEXT_LIT(""));
	if (code.len == 0 || code.len > 4096)
		return refuse(err, "oauth-code", a, "what came holds no code",
		              TEXT_LIT(""));
	secret_put(&a->secrets, "oauth.code", code);
	secret_put(&a->secrets, "oauth.code_verifier", text_of(l->verifier));
	io_close(&l->listener);
	oauth_begin(net, a, OAUTH_EXCHANGE);
	return RK_OK;
}

/* What the browser was sent back with. */
static int32_t
take_query(struct net *net, struct account *a, struct rk_text query, struct rk_err *err)
{
	struct login *l = &a->oauth->login;
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text state = parameter(query, "state", &arena);
	struct rk_text error = parameter(query, "error", &arena);
	if (state.len != strlen(l->state) || l->state[0] == '\0'
	    || sodium_memcmp(state.ptr, l->state, state.len) != 0)
		return refuse(err, "oauth-code", a,
		              "the answer belongs to another login than the one that was "
		              "begun",
		              TEXT_LIT(""));
	if (error.len > 0)
		return refuse(err, "oauth-denied", a,
		              "the CRM did not let us in: ", error);
	return take_code(net, a, parameter(query, "code", &arena), err);
}

int32_t
login_code(struct net *net, struct account *a, struct rk_text pasted, struct rk_err *err)
{
	pasted = text_trim(pasted);
	const char *mark = pasted.len > 0 ? memchr(pasted.ptr, '?', pasted.len) : NULL;
	if (mark == NULL)
		return take_code(net, a, pasted, err);
	uint64_t before = (uint64_t)(mark + 1 - pasted.ptr);
	return take_query(net, a, (struct rk_text){ mark + 1, pasted.len - before }, err);
}

/* ---- The browser --------------------------------------------------------------- */

static void
send_page(int fd, const char *status, const char *words)
{
	char page[1024];
	int len = snprintf(page, sizeof page,
	                   "HTTP/1.1 %s\r\nContent-Type: text/html;charset=utf-8\r\n"
	                   "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	                   "Content-Security-Policy: default-src 'none'\r\n"
	                   "Connection: close\r\n\r\n"
	                   "<!doctype html><title>renkei</title><p>%s</p>",
	                   status, words);
	ssize_t sent = send(fd, page, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)sent;                    /* The terminal says the same. */
	shutdown(fd, SHUT_WR);
}

/* "GET /callback?code=... HTTP/1.1": the query behind the path of redirect_uri; false: it
 * asks for something else, as browsers do for an icon. */
static bool
query_of(const struct oauth *o, const char *head, struct rk_text *query)
{
	const char *path;
	size_t line = strcspn(head, "\r\n"), len;
	if (strncmp(head, "GET ", 4) != 0
	    || local_port(o->terms.redirect_uri.ptr, &path) == 0)
		return false;
	len = strcspn(path, "?");
	if (strncmp(head + 4, path, len) != 0 || head[4 + len] != '?')
		return false;
	const char *at = head + 4 + len + 1;
	*query = (struct rk_text){ at, strcspn(at, " \r\n") };
	return at + query->len < head + line;
}

static void
end_browser(struct login *l)
{
	io_close(&l->browser);
	buf_reset(&l->head);
}

static void
serve_browser(struct net *net, struct account *a)
{
	struct login *l = &a->oauth->login;
	struct rk_text query;
	struct rk_err err = ERR_INIT;
	if (!query_of(a->oauth, buf_str(&l->head), &query)) {
		send_page(l->browser, "404 Not Found", "");
		end_browser(l);
		return;
	}
	int32_t status = take_query(net, a, query, &err);
	bool denied = status != RK_OK && strcmp(err.code, "oauth-denied") == 0;
	if (status == RK_OK)
		send_page(l->browser, "200 OK",
		          "renkei has what it needs. You may close this page and go back to "
		          "the terminal.<br>このページを閉じて、端末に戻ってください。");
	else
		send_page(l->browser, denied ? "200 OK" : "400 Bad Request",
		          "The login did not succeed; the terminal says "
		          "why.<br>ログインできませんでした。理由は端末に表示されます。");
	end_browser(l);
	if (denied)
		channel_tell_login(net, a, status, &err);
}

static void
read_browser(struct net *net, struct account *a)
{
	struct login *l = &a->oauth->login;
	char bytes[4096];
	ssize_t n = recv(l->browser, bytes, sizeof bytes, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	buf_add(&l->head, bytes, n > 0 ? (size_t)n : 0);
	if (n <= 0 || l->head.over)
		end_browser(l);
	else if (strstr(buf_str(&l->head), "\r\n\r\n") != NULL)
		serve_browser(net, a);
}

/* One at a time: the next one waits in the queue of the listener for some seconds. */
static void
accept_browser(struct net *net, struct account *a)
{
	struct login *l = &a->oauth->login;
	if (l->browser >= 0 && clock_mono_ms() < l->browser_until)
		return;
	end_browser(l);
	l->browser = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (l->browser < 0)
		return;
	l->browser_until = clock_mono_ms() + BROWSER_MS;
	loop_watch(&net->loop, l->browser, LOOP_BROWSER, a->id, EPOLLIN);
}

void
login_event(struct net *net, struct account *a, bool browser)
{
	struct login *l = &a->oauth->login;
	if (browser && l->browser >= 0)
		read_browser(net, a);
	else if (!browser && l->listener >= 0)
		accept_browser(net, a);
}

int64_t
login_wake(struct net *net, struct account *a)
{
	struct login *l = &a->oauth->login;
	struct rk_err err = ERR_INIT;
	int64_t now = clock_mono_ms();
	if (l->browser >= 0 && now >= l->browser_until)
		end_browser(l);
	if (l->channel == 0)
		return INT64_MAX;
	if (now >= l->until && a->oauth->state == OAUTH_IDLE)
		channel_tell_login(net, a,
		                   refuse(&err, "oauth-code", a,
		                          "the login was not ended within 15 minutes",
		                          TEXT_LIT("")), &err);
	if (l->browser >= 0 && l->browser_until < l->until)
		return l->browser_until;
	return l->channel == 0 ? INT64_MAX : l->until > now ? l->until : now + 1000;
}
