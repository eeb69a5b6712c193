/* SPDX-License-Identifier: Apache-2.0
 *
 * transfer.c - see transfer.h.
 *
 * Why no request goes twice.  libcurl sends a request again by itself, up to
 * five times and whatever its method, when a *kept* connection ends before the
 * first byte of an answer (Curl_retry_request in lib/transfer.c of 7.88).  It
 * takes that for a connection that the server had given up; but a server that
 * acted and then died looks the same, and a POST would be doubled.  No option
 * switches it off: CURLOPT_FORBID_REUSE would cost a TLS handshake a request,
 * and a body that cannot be rewound stops only those requests of which body
 * bytes had left, not a DELETE.  The pre-request callback is called each time
 * before the first byte is sent, on new and on kept connections; it lets one
 * attempt pass and ends the transfer at the second.  The same call is what
 * `maybe_sent` and the count of calls rest on: before it nothing has left,
 * after it anything may have. */
#include "net/transfer.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "net/answer.h"
#include "net/mail.h"
#include "record/frame.h"

#define CONNECT_MS 10000
#define KEEP_BYTES (1024 * 1024)       /* Memory that a channel keeps at rest. */
#define RESERVE_MAX (4u * 1024 * 1024) /* Believed of a Content-Length. */
#define MESSAGE_HEAD_MAX (512u * 1024) /* A reply without its body. */

/* ---- What libcurl calls ------------------------------------------------ */

static curl_socket_t
open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = user;
	/* A proxy is the operator's own word, and often inside. */
	bool told = t->request->route->proxy[0] != '\0' || t->request->inside;
	if (purpose != CURLSOCKTYPE_IPCXN
	    || (!told && !origin_admits(&t->request->origin, &address->addr))) {
		origin_address_text(&address->addr, t->inside, sizeof t->inside);
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

/* A plain close leaves the kernel sending what it still holds, for minutes if
 * the other side is slow: a request could land long after its deadline, or
 * after its run has died.  A reset throws those bytes away. */
static int
close_socket(void *user, curl_socket_t fd)
{
	(void)user;
	int unsent = 0;
	if (ioctl(fd, SIOCOUTQ, &unsent) == 0 && unsent > 0) {
		struct linger reset = { .l_onoff = 1, .l_linger = 0 };
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	}
	return close(fd);
}

static int
before_request(void *user, char *ip, char *local_ip, int port, int local_port)
{
	(void)ip, (void)local_ip, (void)port, (void)local_port;
	struct transfer *t = user;
	if (t->attempts > 0)
		return CURL_PREREQFUNC_ABORT;
	t->attempts++;
	++*t->calls;
	return CURL_PREREQFUNC_OK;
}

/* Lines come one by one; those of an interim answer (1xx) are forgotten when
 * the next status line comes. */
static size_t
take_header(char *bytes, size_t size, size_t count, void *user)
{
	struct transfer *t = user;
	size_t len = size * count;
	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		buf_reset(&t->head);
		t->head_ended = false;
		return len;
	}
	t->head_ended |= len > 0 && (bytes[0] == '\r' || bytes[0] == '\n');
	if (len > 0 && (bytes[0] == ' ' || bytes[0] == '\t'))
		return len;              /* Folded lines died with RFC 7230. */
	buf_add(&t->head, bytes, len);
	if (!t->head.over)
		return len;
	t->bad_head = true;
	return 0;
}

/* Where a rule of addresses may have refused us, a person must know ours. */
static void
add_own_address(struct transfer *t, long status)
{
	const char *address = NULL;
	if ((status == 401 || status == 403)
	    && curl_easy_getinfo(t->easy, CURLINFO_LOCAL_IP, &address) == CURLE_OK
	    && address != NULL && address[0] != '\0')
		buf_addf(&t->head, "renkei-own-address: %s\r\n", address);
}

/* The message for the connector up to its body, which follows as it comes in:
 * no byte of it is copied twice. */
static bool
open_reply(struct transfer *t)
{
	struct rk_reply reply = { .struct_size = sizeof reply };
	long status = 0;
	curl_off_t length = -1;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	add_own_address(t, status);
	if (!answer_head(&t->head, &t->request->arena, clock_now_ms(), &reply)
	    || status < 100 || status > 999) {
		t->bad_head = true;
		return false;
	}
	reply.status = (int32_t)status;
	t->http_status = reply.status;
	t->retry_after_ms = reply.retry_after_ms;
	t->headers = reply.headers;
	t->header_count = reply.header_count;
	buf_reset(&t->reply);
	t->reply.max = MESSAGE_HEAD_MAX + t->request->max_body_bytes;
	http_encode_reply(&t->reply, RK_OK, NULL, &reply);
	t->body_at = t->reply.len;
	/* What is announced too long need not be fetched first; a HEAD announces
	 * what does not come. */
	t->too_large = length > (curl_off_t)t->request->max_body_bytes
	               && !text_is(t->request->asked.method, "HEAD");
	size_t room = length > (curl_off_t)RESERVE_MAX ? RESERVE_MAX
	              : length > 0                     ? (size_t)length
	                                               : 0;
	if (!t->too_large && buf_extend(&t->reply, room) != NULL)
		t->reply.len = t->body_at;
	return !t->reply.over && !t->too_large;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *user)
{
	struct transfer *t = user;
	size_t len = size * count;
	if (t->body_at == 0 && !open_reply(t))
		return 0;
	/* Counted here, after decompression: libcurl's own ceiling is not. */
	if (len > t->request->max_body_bytes - (t->reply.len - t->body_at)) {
		t->too_large = true;
		return 0;
	}
	buf_add(&t->reply, bytes, len);
	return len;
}

/* ---- Sending ----------------------------------------------------------- */

static const struct { CURLoption option; long value; } numbers[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
	/* One request a connection: to end it is to end that request alone. */
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS },
	/* Shorter than servers commonly keep a connection: the fewer dead ones. */
	{ CURLOPT_MAXAGE_CONN, 50 },
	{ CURLOPT_BUFFERSIZE, 64 * 1024 },
	/* Else ending a transfer waits for the system's resolver. */
	{ CURLOPT_QUICK_EXIT, 1 },
};

static void
set_common(struct transfer *t)
{
	CURL *e = t->easy;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		curl_easy_setopt(e, numbers[i].option, numbers[i].value);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	/* With a path set, libcurl reads all certificates for each connection. */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	/* Asks for no compression, and understands it if it comes all the same. */
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "identity");
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_request);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
}

static void
set_request(struct transfer *t, int64_t timeout_ms)
{
	CURL *e = t->easy;
	struct request *r = t->request;
	bool head = text_is(r->asked.method, "HEAD");
	if (r->mail.server != NULL) {
		mail_set(e, r);
		curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
		return;
	}
	bool get = text_is(r->asked.method, "GET") || text_is(r->asked.method, "DELETE")
	           || text_is(r->asked.method, "OPTIONS");
	curl_easy_setopt(e, CURLOPT_CURLU, r->url);
	/* Always as a tunnel: the proxy sees no header and no secret. */
	curl_easy_setopt(e, CURLOPT_PROXY, r->route->proxy);
	curl_easy_setopt(e, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (r->route->ca_file != NULL) {
		curl_easy_setopt(e, CURLOPT_CAINFO, r->route->ca_file);
		curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, r->route->ca_file);
	}
	identity_show(&r->identity, e);
	if (head && r->body.len == 0) {
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	} else if (get && r->body.len == 0) {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	} else {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS,
				 r->body.len > 0 ? r->body.ptr : "");
	}
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST,
	                 arena_text(&r->arena, r->asked.method).ptr);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, r->headers);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
}

void
transfer_open(struct transfer *t, void *owner, int64_t *calls)
{
	*t = (struct transfer){
		.easy = curl_easy_init(),
		.calls = calls,
		.head = BUF_INIT(REQUEST_HEAD_MAX),
		.reply = BUF_INIT(FRAME_MESSAGE_MAX),
	};
	if (t->easy == NULL)
		abort();
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, owner);
}

static void
begin(struct transfer *t)
{
	t->attempts = 0;
	t->too_large = t->bad_head = t->head_ended = false;
	t->inside[0] = t->why[0] = '\0';
	t->body_at = 0;
	t->http_status = 0;
	t->retry_after_ms = -1;
	t->header_count = 0;
	buf_reset(&t->head);
	buf_reset(&t->reply);
}

void
transfer_start(struct transfer *t, CURLM *multi, struct request *request,
               int64_t timeout_ms)
{
	void *owner = NULL;
	begin(t);
	t->request = request;
	/* Begins anew: nothing of the request before may show in this one. */
	curl_easy_getinfo(t->easy, CURLINFO_PRIVATE, &owner);
	curl_easy_reset(t->easy);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, owner);
	set_common(t);
	set_request(t, timeout_ms > 0 ? timeout_ms : 1);
	if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
		abort();
	t->multi = multi;
}

/* ---- Ending ------------------------------------------------------------ */

struct failure {
	CURLcode code;
	int32_t category;
	const char *words;
};

static const struct failure failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, RK_CAT_UNREACHABLE, "the name is not found (DNS)"},
    {CURLE_COULDNT_RESOLVE_PROXY, RK_CAT_UNREACHABLE,
     "the name of the proxy is not found (DNS)"},
    {CURLE_COULDNT_CONNECT, RK_CAT_UNREACHABLE, "no connection"},
    {CURLE_SSL_CONNECT_ERROR, RK_CAT_UNREACHABLE, "TLS failed"},
    {CURLE_SSL_CERTPROBLEM, RK_CAT_CONFIG, "client_certificate cannot be used"},
    {CURLE_SSL_CACERT_BADFILE, RK_CAT_CONFIG,
     "the list of certificates cannot be read (ca_file, or the package "
     "ca-certificates)"},
    {CURLE_GOT_NOTHING, RK_CAT_UNREACHABLE, "the connection ended without an answer"},
    {CURLE_SEND_ERROR, RK_CAT_UNREACHABLE, "the connection broke while sending"},
    {CURLE_RECV_ERROR, RK_CAT_UNREACHABLE, "the connection broke before the answer"},
    {CURLE_ABORTED_BY_CALLBACK, RK_CAT_UNREACHABLE,
     "a kept connection ended without an answer; the request is not sent twice"},
    {CURLE_PARTIAL_FILE, RK_CAT_SERVER, "the answer is cut short"},
    {CURLE_BAD_CONTENT_ENCODING, RK_CAT_SERVER, "the answer cannot be decompressed"},
    {CURLE_WEIRD_SERVER_REPLY, RK_CAT_SERVER, "the answer is no HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, RK_CAT_SERVER, "the answer is no HTTP"},
    /* So libcurl says that a header line is over 100 KB. */
    {CURLE_OUT_OF_MEMORY, RK_CAT_SERVER, "the answer's headers are too long"},
};

static int32_t
explain_timeout(const struct transfer *t, int64_t timeout_ms, struct rk_err *err)
{
	const struct origin *o = &t->request->origin;
	const char *proxy = t->request->route->proxy;
	if (t->attempts == 0 && proxy[0] != '\0')
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               "the proxy %s made no connection to %s:%u within %lld ms",
		               proxy, o->host, o->port,
		               (long long)(timeout_ms < CONNECT_MS ? timeout_ms
		                                                   : CONNECT_MS));
	if (t->attempts == 0)
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               "%s:%u: no connection within %lld ms", o->host, o->port,
		               (long long)(timeout_ms < CONNECT_MS ? timeout_ms
		                                                   : CONNECT_MS));
	return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		       "%s:%u: no whole answer within %lld ms (timeout)", o->host,
		       o->port, (long long)timeout_ms);
}

/* What OpenSSL and libcurl say of a certificate, and what it means. */
struct saying {
	const char *says, *words;
};

static const struct saying certificates[] = {
	{ "expired", "its certificate has expired (or this machine's clock is wrong)" },
	{ "not yet valid", "its certificate is not valid yet (or this machine's clock is "
	                   "wrong)" },
	{ "self-signed", "who issued its certificate is not trusted here (ca_file names an "
	                 "authority of your own)" },
	{ "issuer certificate", "who issued its certificate is not trusted here (ca_file "
	                        "names an authority of your own)" },
	{ "name", "its certificate is for another host" },
	{ "", "its certificate is not trusted" },
};

/* Of our own: what cannot be used here, and what the other side sends as an alert. */
static const struct saying own_certificates[] = {
	{ "unsupported", "client_certificate is locked by a cipher that OpenSSL 3 no longer "
	                 "opens; write it anew (`openssl pkcs12 -legacy -in OLD -nodes -out "
	                 "NEW.pem`)" },
	{ "mac verify", "client_certificate_password does not fit client_certificate" },
	{ "PKCS12", "client_certificate cannot be opened; see whether its file is whole and "
	            "client_certificate_password is right" },
	{ "client certificate", "client_certificate cannot be used; it must hold a "
	                        "certificate and its key" },
	{ "private key", "the key in client_certificate is missing, or "
	                 "client_certificate_password does not fit it" },
	{ "certificate required", "it lets nobody in without a client certificate; set "
	                          "client_certificate of the connection" },
	{ "alert bad certificate", "it does not accept client_certificate" },
	{ "alert unknown ca", "it does not accept client_certificate" },
	{ "alert certificate unknown", "it does not accept client_certificate" },
	{ "certificate revoked", "client_certificate was revoked; get a new one" },
	{ "alert certificate expired", "client_certificate has expired; get a new one" },
};

static const char *
meaning(const struct transfer *t, const struct saying *sayings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(t->why, sayings[i].says) != NULL)
			return sayings[i].words;
	return NULL;
}
#define MEANING(t, sayings) meaning((t), (sayings), sizeof(sayings) / sizeof *(sayings))

static int32_t
explain_certificate(const struct transfer *t, struct rk_err *err)
{
	const struct origin *o = &t->request->origin;
	return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, "%s:%u: %s: %s", o->host,
	               o->port, MEANING(t, certificates), t->why);
}

static int32_t
explain_own(const struct transfer *t, const char *words, struct rk_err *err)
{
	const struct origin *o = &t->request->origin;
	return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s:%u: %s: %s", o->host, o->port,
	               words, t->why);
}

static int32_t
explain(const struct transfer *t, CURLcode result, int64_t timeout_ms, struct rk_err *err)
{
	const struct origin *o = &t->request->origin;
	if (t->too_large)
		return err_set(err, RK_AGAIN, RK_CAT_SERVER,
		               "%s:%u: the answer is over %zu bytes", o->host, o->port,
		               t->request->max_body_bytes);
	if (t->bad_head)
		return err_set(err, RK_AGAIN, RK_CAT_SERVER,
		               "%s:%u: the answer's headers are malformed or over %d KiB",
		               o->host, o->port, REQUEST_HEAD_MAX / 1024);
	if (t->inside[0] != '\0' && t->attempts == 0)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "%s leads to %s, an address inside a network; only a host "
		               "setting that names the address itself may reach it",
		               o->host, t->inside);
	if (result == CURLE_OPERATION_TIMEDOUT)
		return explain_timeout(t, timeout_ms, err);
	if (t->attempts == 0 && strstr(t->why, "CONNECT tunnel failed") != NULL)
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               "%s:%u: the proxy %s does not lead there: %s", o->host,
		               o->port, t->request->route->proxy, t->why);
	if (result == CURLE_COULDNT_CONNECT && t->request->route->proxy[0] != '\0')
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               "the proxy %s, which should lead to %s:%u, takes no "
		               "connection: see whether it runs, or correct `proxy` of the "
		               "connection", t->request->route->proxy, o->host, o->port);
	if (result == CURLE_PEER_FAILED_VERIFICATION)
		return explain_certificate(t, err);
	const char *own = MEANING(t, own_certificates);
	if (own != NULL && (result == CURLE_SSL_CERTPROBLEM
	                    || result == CURLE_SSL_CONNECT_ERROR
	                    || result == CURLE_RECV_ERROR))
		return explain_own(t, own, err);
	/* The same code as for a reset. */
	if (result == CURLE_RECV_ERROR && strstr(t->why, "chunked-encoding") != NULL)
		result = CURLE_WEIRD_SERVER_REPLY;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (failures[i].code == result)
			return err_set(err, failures[i].category == RK_CAT_CONFIG
			                            ? RK_PAUSE : RK_AGAIN,
				       failures[i].category, "%s:%u: %s: %s", o->host, o->port,
				       failures[i].words, t->why);
	return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, "%s:%u: %s: %s", o->host,
		       o->port, curl_easy_strerror(result), t->why);
}

static void
leave_multi(struct transfer *t)
{
	if (t->multi != NULL)
		curl_multi_remove_handle(t->multi, t->easy);
	t->multi = NULL;
}

void
transfer_refuse(struct transfer *t, int32_t status, const struct rk_err *err)
{
	buf_reset(&t->reply);
	t->reply.max = FRAME_MESSAGE_MAX;
	http_encode_reply(&t->reply, status, err, NULL);
}

void
transfer_finish(struct transfer *t, CURLcode result, const struct mask *secrets,
                int64_t timeout_ms)
{
	struct rk_err err = ERR_INIT;
	/* libcurl takes a connection's end for the end of the headers. */
	bool mail = t->request->mail.server != NULL;
	if (result == CURLE_OK && !mail && !t->head_ended)
		result = CURLE_PARTIAL_FILE;
	if (mail && result == CURLE_OK)
		buf_reset(&t->head);    /* A dialogue, and no headers. */
	if (result == CURLE_OK && t->body_at == 0 && !open_reply(t))
		result = CURLE_WRITE_ERROR;
	if (result == CURLE_OK) {
		wire_close(&t->reply, t->body_at);
		mask_apply(secrets, t->reply.ptr, t->reply.len);
		mask_apply(&t->request->mask, t->reply.ptr, t->reply.len);
	} else {
		int32_t status = explain(t, result, timeout_ms, &err);
		if (mail)
			status = mail_explain(t->request, result, buf_text(&t->head), status,
			                      &err);
		/* Before its text is asked for, a mail is not taken. */
		err.maybe_sent = mail ? t->request->mail.sent > 0 : t->attempts > 0;
		err.http_status = t->http_status;
		mask_apply(secrets, err.message, strlen(err.message));
		transfer_refuse(t, status, &err);
	}
	leave_multi(t);
	t->request = NULL;
}

void
transfer_forget(struct transfer *t)
{
	if (t->reply.cap > KEEP_BYTES)
		buf_free(&t->reply);
	buf_reset(&t->reply);
}

void
transfer_close(struct transfer *t)
{
	leave_multi(t);
	curl_easy_cleanup(t->easy);
	buf_free(&t->head);
	buf_free(&t->reply);
	*t = (struct transfer){ .easy = NULL };
}
