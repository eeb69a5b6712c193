/* SPDX-License-Identifier: Apache-2.0
 *
 * mail.c - see mail.h.  RFC 5321; with STARTTLS (RFC 3207) nothing of the mail, and no
 * password, goes out before the channel is encrypted. */
#include "net/mail.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

static size_t
give_body(char *into, size_t size, size_t count, void *user)
{
	struct request *r = user;
	size_t left = r->body.len - r->mail.sent, room = size * count;
	size_t len = left < room ? left : room;
	memcpy(into, r->body.ptr + r->mail.sent, len);
	r->mail.sent += len;
	return len;
}

/* libcurl takes a copy, of a text that ends with a NUL: the secret does not. */
static void
set_login(CURL *e, const struct mail *m)
{
	char *password = sodium_malloc(m->password.len + 1);
	if (password == NULL)
		abort();
	memcpy(password, m->password.ptr, m->password.len);
	password[m->password.len] = '\0';
	curl_easy_setopt(e, CURLOPT_USERNAME, m->user);
	curl_easy_setopt(e, CURLOPT_PASSWORD, password);
	sodium_free(password);
}

void
mail_set(CURL *e, struct request *r)
{
	struct mail *m = &r->mail;
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(e, CURLOPT_URL, m->server);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(e, CURLOPT_USE_SSL, m->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
	if (r->route->ca_file != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, r->route->ca_file);
	if (m->user != NULL)
		set_login(e, m);
	curl_easy_setopt(e, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(e, CURLOPT_MAIL_RCPT, m->to);
	curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(e, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(e, CURLOPT_READDATA, r);
	curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)r->body.len);
}

/* The server's last refusal, without what could do harm where it is shown; empty: it
 * refused nothing.  Behind a refusal comes its answer to our leaving. */
static void
last_refusal(struct rk_text said, char out[200])
{
	struct rk_text line, found = { NULL, 0 };
	for (uint64_t at = 0; at < said.len; at += line.len + 1) {
		const char *end = memchr(said.ptr + at, '\n', said.len - at);
		line = (struct rk_text){ said.ptr + at, end != NULL
		                         ? (uint64_t)(end - said.ptr) - at : said.len - at };
		if (line.len > 0 && (line.ptr[0] == '4' || line.ptr[0] == '5'))
			found = text_trim(line);
	}
	text_copy(out, 200, text_utf8_valid(found) ? found : TEXT_LIT("5?"));
	for (char *at = out; *at != '\0'; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = '?';
}

int32_t
mail_explain(const struct request *r, CURLcode result, struct rk_text said,
             int32_t status, struct rk_err *err)
{
	const struct origin *o = &r->origin;
	char line[200];
	last_refusal(said, line);
	if (result == CURLE_USE_SSL_FAILED)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the mail server %s:%u offers no "
		               "STARTTLS; see whether `port` and `tls` of smtp fit together",
		               o->host, o->port);
	if (result == CURLE_LOGIN_DENIED)
		return err_set(err, RK_PAUSE, RK_CAT_AUTH, "the mail server %s:%u does not "
		               "accept `user` and `password` of smtp: %s", o->host, o->port,
		               line);
	if (line[0] != '\0' && (result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY))
		return err_set(err, line[0] == '5' ? RK_PAUSE : RK_AGAIN, RK_CAT_SERVER,
		               "the mail server %s:%u does not take the mail: %s", o->host,
		               o->port, line);
	return status;
}
