/* SPDX-License-Identifier: Apache-2.0
 *
 * note.c - see note.h. */
#include "net/note.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"

#define LIT(literal) { (literal), sizeof(literal) - 1 }

/* The address of the server without its scheme's secrets: none are in it. */
static bool
take_server(struct request *r, const char *server)
{
	CURLU *url = curl_url();
	char *host = NULL, *port = NULL;
	if (url == NULL)
		abort();
	bool good = curl_url_set(url, CURLUPART_URL, server, 0) == CURLUE_OK
	            && curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK
	            && curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT)
	               == CURLUE_OK;
	if (good)
		r->origin = (struct origin){ "smtp", arena_str(&r->arena, host),
		                             (unsigned)strtoul(port, NULL, 10) };
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return good;
}

/* Neither ends its line in the dialogue with the server. */
static bool
is_address(struct rk_text text)
{
	for (uint64_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= 0x20 || text.ptr[i] == 0x7f
		    || text.ptr[i] == '<' || text.ptr[i] == '>')
			return false;
	return text.len > 0 && text.len <= 320;
}

static int32_t
prepare_mail(struct request *r, const struct note_terms *terms, const struct net_note *n,
             struct rk_err *err)
{
	struct mail *m = &r->mail;
	m->server = arena_text(&r->arena, n->server).ptr;
	m->starttls = n->starttls != 0;
	m->from = arena_text(&r->arena, n->from).ptr;
	m->to = curl_slist_append(NULL, arena_text(&r->arena, n->to).ptr);
	if (!is_address(n->from) || !is_address(n->to) || !take_server(r, m->server))
		return err_set(err, RK_BUG, RK_CAT_BUG, "a mail without its addresses");
	if (n->user.len == 0)
		return RK_OK;
	m->user = arena_text(&r->arena, n->user).ptr;
	r->has_secret = true;
	return secret_get(terms->secrets, n->secret, SECRET_HIDDEN, &m->password, err);
}

/* "t=SECONDS,v1=HEX": HMAC-SHA256 over "SECONDS.BODY", so that an old notice cannot be
 * played again as a new one. */
static int32_t
sign(struct request *r, const struct note_terms *terms, const struct net_note *n,
     struct rk_piece *into, struct rk_err *err)
{
	crypto_auth_hmacsha256_state state;
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	char hex[2 * sizeof sum + 1], seconds[24];
	struct rk_text key;
	int32_t status = secret_get(terms->secrets, n->sign, SECRET_HIDDEN, &key, err);
	if (status != RK_OK)
		return status;
	snprintf(seconds, sizeof seconds, "%" PRId64, clock_now_ms() / 1000);
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
	crypto_auth_hmacsha256_update(&state, (unsigned char *)seconds, strlen(seconds));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)n->body.ptr, n->body.len);
	crypto_auth_hmacsha256_final(&state, sum);
	sodium_memzero(&state, sizeof state);
	sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
	into->text = arena_printf(&r->arena, "t=%s,v1=%s", seconds, hex);
	return RK_OK;
}

/* The address is a secret itself: who knows it may post there. */
static int32_t
take_address(struct request *r, const struct note_terms *terms, const struct net_note *n,
             struct origin *origin, struct rk_err *err)
{
	struct rk_text address;
	CURLU *url = curl_url();
	if (url == NULL)
		abort();
	int32_t status = secret_get(terms->secrets, n->secret, SECRET_HIDDEN, &address, err);
	if (status == RK_OK)
		r->asked.url = arena_text(&r->arena, address);
	if (status == RK_OK
	    && (curl_url_set(url, CURLUPART_URL, r->asked.url.ptr, 0) != CURLUE_OK
	        || !origin_of_url(url, &r->arena, origin)))
		status = err_set(err, RK_PAUSE, RK_CAT_CONFIG, "what stands for %.*s of %s is no "
		                 "URL; write https://HOST/PATH there", (int)n->secret.len,
		                 n->secret.ptr, terms->name);
	curl_url_cleanup(url);
	return status;
}

static int32_t
prepare_post(struct request *r, const struct note_terms *terms, const struct net_note *n,
             struct rk_err *err)
{
	static const struct rk_piece json = { RK_PIECE_TEXT, RK_ENC_RAW,
	                                      LIT("application/json"), { NULL, 0 } };
	struct origin origin;
	struct rk_header *headers = arena_new_array(&r->arena, 3, struct rk_header);
	struct rk_piece *pieces = arena_new_array(&r->arena, 3, struct rk_piece);
	uint64_t count = 0;
	headers[count++] = (struct rk_header){ LIT("Content-Type"), &json, 1 };
	if (n->sign.len > 0)
		headers[count++] = (struct rk_header){ LIT("X-Renkei-Signature"), pieces, 1 };
	if (n->id.len > 0)
		headers[count++] = (struct rk_header){ LIT("X-Renkei-Notice"), pieces + 2, 1 };
	r->asked = (struct rk_request){ .struct_size = sizeof r->asked,
	                                .method = TEXT_LIT("POST"), .headers = headers,
	                                .header_count = count,
	                                .body = pieces + 1, .body_count = 1 };
	pieces[1].text = n->body;
	pieces[2].text = n->id;
	int32_t status = take_address(r, terms, n, &origin, err);
	if (status == RK_OK && n->sign.len > 0)
		status = sign(r, terms, n, &pieces[0], err);
	struct request_rules rules = { .connection = terms->name, .origins = &origin,
	                               .origin_count = 1, .secrets = terms->secrets,
	                               .route = terms->route, .own = true,
	                               .max_body_bytes = terms->max_body_bytes };
	return status == RK_OK ? request_prepare(r, &rules, err) : status;
}

int32_t
note_prepare(struct request *r, const struct note_terms *terms, struct rk_text bytes,
             struct rk_err *err)
{
	struct net_note note;
	if (!http_decode_note(bytes, &note))
		return err_set(err, RK_BUG, RK_CAT_BUG, "a notice that is none");
	r->inside = true;
	r->route = terms->route;
	r->max_body_bytes = terms->max_body_bytes;
	r->body = note.body;
	return note.server.len > 0 ? prepare_mail(r, terms, &note, err)
	                           : prepare_post(r, terms, &note, err);
}
