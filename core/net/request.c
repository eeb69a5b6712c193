/* SPDX-License-Identifier: Apache-2.0
 *
 * request.c - see request.h. */
#include "net/request.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/text.h"
#include "net/encode.h"
#include "net/limiter.h"
#include "record/frame.h"

/* Text of a connector in an error text is cut: it may be of any length. */
#define SHOW(text) (int)((text).len < 80 ? (text).len : 80), (text).ptr

static int32_t
bug(struct rk_err *err, const char *what, struct rk_text shown)
{
	return err_set(err, RK_BUG, RK_CAT_BUG, "the connector's request %s: '%.*s'",
		       what, SHOW(shown));
}

/* ---- Method, URL ------------------------------------------------------- */

/* A URL without its query, which may hold what belongs to people. */
static struct rk_text
without_query(struct rk_text url)
{
	const char *query = url.len > 0 ? memchr(url.ptr, '?', url.len) : NULL;
	return query == NULL ? url
			     : (struct rk_text){url.ptr, (uint64_t)(query - url.ptr)};
}

static int32_t
check_method(struct rk_text method, struct rk_err *err)
{
	static const char *const methods[] = { "GET",   "POST",   "PUT",    "PATCH",
	                                       "DELETE", "HEAD",  "OPTIONS" };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (text_is(method, methods[i]))
			return RK_OK;
	return bug(err, "has a method that is not spoken here", method);
}

/* Only what RFC 3986 lets stand in a URL: no blank, control or raw UTF-8. */
static int32_t
check_url_bytes(struct rk_text url, struct rk_err *err)
{
	struct rk_text shown = without_query(url);
	if (url.len == 0 || url.len > REQUEST_URL_MAX)
		return bug(err, "has a URL of no bytes or over 64 KiB", shown);
	for (uint64_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= 0x20 || url.ptr[i] >= 0x7f)
			return bug(err, "has a URL with a byte that must be escaped",
				   shown);
	return RK_OK;
}

static int32_t
check_url(struct request *r, const struct request_rules *rules, struct rk_err *err)
{
	struct rk_text text = r->asked.url;
	int32_t status = check_url_bytes(text, err);
	if (status != RK_OK)
		return status;
	r->url = curl_url();
	if (r->url == NULL)
		abort();
	const char *copy = arena_text(&r->arena, text).ptr;
	if (curl_url_set(r->url, CURLUPART_URL, copy, 0) != CURLUE_OK
	    || !origin_of_url(r->url, &r->arena, &r->origin))
		return bug(err, "has no absolute http or https URL without a login",
		           without_query(text));
	for (size_t i = 0; i < rules->origin_count; i++)
		if (origin_equal(&r->origin, &rules->origins[i]))
			return RK_OK;
	return err_set(err, RK_PAUSE, RK_CAT_BUG,
		       "the connector asked for %s://%.200s:%u, which is not a host of "
		       "connection '%s'",
		       r->origin.scheme, r->origin.host, r->origin.port,
		       rules->connection);
}

/* ---- Pieces ------------------------------------------------------------ */

static int32_t
look_up(const struct request_rules *rules, struct rk_text name, enum secret_use use,
        struct rk_text *text, struct rk_err *err)
{
	if (!rules->own && name.len > 0 && memchr(name.ptr, '.', name.len) != NULL)
		return bug(err, "names a secret that is no setting", name);
	return secret_get(rules->secrets, name, use, text, err);
}

/* Room that all pieces together need at most, so that no buffer with a secret
 * in it moves and leaves a copy behind. */
static int32_t
measure(const struct request_rules *rules, const struct rk_piece *pieces, uint64_t count,
        size_t *room, struct rk_err *err)
{
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text text = pieces[i].text, second = { NULL, 0 };
		bool basic = pieces[i].encoding == RK_ENC_BASIC;
		if (pieces[i].kind == RK_PIECE_TEXT) {
			*room += text.len;
			continue;
		}
		int32_t status =
		    look_up(rules, pieces[i].text, basic ? SECRET_LOGIN : SECRET_HIDDEN,
			    &text, err);
		if (status == RK_OK && basic)
			status = look_up(rules, pieces[i].second, SECRET_HIDDEN, &second,
					 err);
		if (status != RK_OK)
			return status;
		*room += 6 * (text.len + second.len) + 8;
	}
	return RK_OK;
}

/* An empty buffer with room for the pieces and 'more' bytes. */
static int32_t
make_room(const struct request_rules *rules, const struct rk_piece *pieces,
          uint64_t count, size_t more, struct buf *out, struct rk_err *err)
{
	size_t room = more;
	int32_t status = measure(rules, pieces, count, &room, err);
	if (status != RK_OK)
		return status;
	if (room > FRAME_MESSAGE_MAX)
		return err_set(err, RK_BUG, RK_CAT_BUG,
		               "the connector's request is over %u MiB",
		               FRAME_MESSAGE_MAX / 1024 / 1024);
	*out = (struct buf)BUF_INIT(room);
	buf_extend(out, room);
	buf_reset(out);
	return RK_OK;
}

static void
add_basic(struct request *r, struct buf *out, struct rk_text user,
	  struct rk_text password)
{
	size_t from = out->len;
	encode_basic(out, user, password);
	if (!out->over)
		mask_add(&r->mask, (struct rk_text){ out->ptr + from, out->len - from });
}

static int32_t
add_basic_pair(struct request *r, const struct request_rules *rules,
               const struct rk_piece *piece, struct buf *out, struct rk_err *err)
{
	struct rk_text user, password;
	int32_t status =
	    secret_get(rules->secrets, piece->text, SECRET_LOGIN, &user, err);
	if (status != RK_OK)
		return status;
	/* The second look may read its file, which leaves the first alone. */
	status = secret_get(rules->secrets, piece->second, SECRET_HIDDEN, &password, err);
	if (status != RK_OK)
		return status;
	if (text_eq(piece->text, piece->second))
		user = password;
	add_basic(r, out, user, password);
	return RK_OK;
}

static int32_t
add_secret(struct request *r, const struct request_rules *rules,
           const struct rk_piece *piece, struct buf *out, struct rk_err *err)
{
	struct rk_text secret;
	r->has_secret = true;
	if (piece->encoding == RK_ENC_BASIC)
		return add_basic_pair(r, rules, piece, out, err);
	int32_t status =
	    secret_get(rules->secrets, piece->text, SECRET_HIDDEN, &secret, err);
	if (status != RK_OK)
		return status;
	switch (piece->encoding) {
	case RK_ENC_FORM: encode_form(out, secret); break;
	case RK_ENC_JSON: encode_json(out, secret); break;
	default:          buf_addt(out, secret);    break;
	}
	return RK_OK;
}

/* Adds all pieces to 'out', which has the room. */
static int32_t
fill(struct request *r, const struct request_rules *rules, const struct rk_piece *pieces,
     uint64_t count, struct buf *out, struct rk_err *err)
{
	for (uint64_t i = 0; i < count; i++) {
		if (pieces[i].kind == RK_PIECE_TEXT) {
			buf_addt(out, pieces[i].text);
			continue;
		}
		int32_t status = add_secret(r, rules, &pieces[i], out, err);
		if (status != RK_OK)
			return status;
	}
	if (out->over)
		return err_set(err, RK_AGAIN, RK_CAT_OTHER,
		               "a secret changed while it was filled in");
	return RK_OK;
}

static void
wipe(struct buf *b)
{
	if (b->ptr != NULL)
		sodium_memzero(b->ptr, b->cap);
	buf_free(b);
}

static bool
holds_secret(const struct rk_piece *pieces, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (pieces[i].kind == RK_PIECE_SECRET)
			return true;
	return false;
}

/* ---- Headers ----------------------------------------------------------- */

static bool
is_token(struct rk_text name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	for (uint64_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		            || (c >= '0' && c <= '9');
		if (!word && (c == '\0' || strchr(others, c) == NULL))
			return false;
	}
	return name.len > 0 && name.len <= 256;
}

static bool
names_header(struct rk_text name, const char *header)
{
	return strlen(header) == name.len && strncasecmp(name.ptr, header, name.len) == 0;
}

/* Headers that say how a message is cut, where it goes or how it is packed:
 * those are net's. */
static bool
is_ours(struct rk_text name)
{
	static const char *const ours[] = {
		"host",    "content-length", "transfer-encoding", "connection",
		"trailer", "keep-alive",     "accept-encoding",   "upgrade",
		"te",      "expect",         "proxy-connection",  "proxy-authorization",
	};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (names_header(name, ours[i]))
			return true;
	return false;
}

/* A scheme's word and then secrets: whatever else stood there could carry the
 * login of somebody else, or a CRM's data to a log. */
static bool
is_authorization(const struct rk_header *header)
{
	static const char *const words[] = {"Bearer ", "Basic ",
					    "Token token=", "Token "};
	const struct rk_piece *pieces = header->pieces;
	uint64_t at = 0;
	if (header->piece_count > 0 && pieces[0].kind == RK_PIECE_TEXT) {
		bool known = false;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			known = known || text_is(pieces[0].text, words[i]);
		if (!known)
			return false;
		at = 1;
	}
	for (uint64_t i = at; i < header->piece_count; i++)
		if (pieces[i].kind != RK_PIECE_SECRET)
			return false;
	return at < header->piece_count;
}

static bool
has_control(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static int32_t
check_header(const struct rk_header *header, struct rk_err *err)
{
	if (!is_token(header->name))
		return bug(err, "has a header name that is none", header->name);
	if (is_ours(header->name))
		return bug(err, "sets a header that renkei sets itself", header->name);
	if (names_header(header->name, "authorization") && !is_authorization(header))
		return bug(err, "may put a scheme and secrets there and nothing else",
		           header->name);
	for (uint64_t i = 0; i < header->piece_count; i++)
		if (header->pieces[i].kind == RK_PIECE_TEXT &&
		    has_control(header->pieces[i].text.ptr, header->pieces[i].text.len))
			return bug(err, "has a control character in header",
				   header->name);
	return RK_OK;
}

static void
append(struct request *r, const char *line)
{
	struct curl_slist *longer = curl_slist_append(r->headers, line);
	if (longer == NULL)
		abort();
	r->headers = longer;
}

static int32_t
fill_header(struct request *r, const struct request_rules *rules,
            const struct rk_header *header, struct buf *line, struct rk_err *err)
{
	buf_addt(line, header->name);
	buf_adds(line, ": ");
	size_t from = line->len;
	int32_t status = fill(r, rules, header->pieces, header->piece_count, line, err);
	if (status != RK_OK)
		return status;
	if (has_control(line->ptr + from, line->len - from))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "a secret for header %.*s holds a line break or another "
		               "control character", SHOW(header->name));
	if (line->len == from) {
		/* This is how libcurl is told to send a header without a value. */
		line->len = header->name.len;
		line->ptr[line->len] = '\0';
		buf_addc(line, ';');
	}
	return RK_OK;
}

static int32_t
add_header(struct request *r, const struct request_rules *rules,
           const struct rk_header *header, size_t *total, struct rk_err *err)
{
	int32_t status = check_header(header, err);
	if (status != RK_OK)
		return status;
	struct buf line;
	status = make_room(rules, header->pieces, header->piece_count,
	                   header->name.len + 4, &line, err);
	if (status != RK_OK)
		return status;
	status = fill_header(r, rules, header, &line, err);
	*total += line.len;
	if (status == RK_OK && *total > REQUEST_HEAD_MAX)
		status = bug(err, "has headers over 64 KiB, at", header->name);
	if (status == RK_OK)
		append(r, buf_str(&line));
	if (holds_secret(header->pieces, header->piece_count))
		wipe(&line);
	buf_free(&line);
	return status;
}

static bool
has_header(const struct rk_request *asked, const char *name)
{
	for (uint64_t i = 0; i < asked->header_count; i++)
		if (names_header(asked->headers[i].name, name))
			return true;
	return false;
}

static int32_t
add_headers(struct request *r, const struct request_rules *rules, struct rk_err *err)
{
	size_t total = 0;
	for (uint64_t i = 0; i < r->asked.header_count; i++) {
		int32_t status = add_header(r, rules, &r->asked.headers[i], &total, err);
		if (status != RK_OK)
			return status;
	}
	/* Without a value libcurl leaves out what it would add of its own: a type
	 * that is wrong, and an Expect whose refusal it answers by asking twice. */
	if (!has_header(&r->asked, "content-type"))
		append(r, "Content-Type:");
	append(r, "Expect:");
	if (!has_header(&r->asked, "user-agent"))
		append(r, "User-Agent: renkei/" PACKAGE_VERSION);
	return RK_OK;
}

/* ---- Body, whole ------------------------------------------------------- */

static int32_t
fill_body(struct request *r, const struct request_rules *rules, struct rk_err *err)
{
	const struct rk_piece *pieces = r->asked.body;
	uint64_t count = r->asked.body_count;
	if (count == 1 && pieces[0].kind == RK_PIECE_TEXT) {
		r->body = pieces[0].text;
		return RK_OK;
	}
	int32_t status = make_room(rules, pieces, count, 1, &r->filled, err);
	if (status == RK_OK)
		status = fill(r, rules, pieces, count, &r->filled, err);
	r->body = buf_text(&r->filled);
	return status;
}

bool
request_decode(struct request *r, struct rk_text bytes)
{
	return http_decode_request(bytes, &r->arena, &r->asked, &r->willing_ms);
}

int32_t
request_prepare(struct request *r, const struct request_rules *rules, struct rk_err *err)
{
	int32_t status = check_method(r->asked.method, err);
	r->route = rules->route;
	if (status == RK_OK)
		status = check_url(r, rules, err);
	if (status == RK_OK && r->asked.spend_count > LIMITER_SPENDS_MAX)
		status = bug(err, "spends more than 16 limit classes",
		             without_query(r->asked.url));
	if (status == RK_OK)
		status = add_headers(r, rules, err);
	if (status == RK_OK)
		status = fill_body(r, rules, err);
	if (status == RK_OK)
		status = identity_take(&r->identity, rules->secrets, err);
	size_t most = rules->max_body_bytes, asked = r->asked.max_body_bytes;
	r->max_body_bytes = asked > 0 && asked < most ? asked : most;
	return status;
}

void
request_clear(struct request *r)
{
	if (r->url != NULL)
		curl_url_cleanup(r->url);
	r->url = NULL;
	for (struct curl_slist *at = r->headers; r->has_secret && at != NULL;
	     at = at->next)
		sodium_memzero(at->data, strlen(at->data));
	curl_slist_free_all(r->headers);
	r->headers = NULL;
	if (r->has_secret)
		wipe(&r->filled);
	buf_free(&r->filled);
	r->body = (struct rk_text){ NULL, 0 };
	identity_clear(&r->identity);
	mask_clear(&r->mask);
	r->has_secret = r->inside = false;
	curl_slist_free_all(r->mail.to);
	r->mail = (struct mail){ .server = NULL };
	arena_clear(&r->arena);
}

void
request_free(struct request *r)
{
	request_clear(r);
	arena_free(&r->arena);
}
