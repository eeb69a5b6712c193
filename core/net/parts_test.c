/* SPDX-License-Identifier: Apache-2.0
 *
 * parts_test.c - the parts of renkei-net that need no network: origins and
 * addresses, heads of answers, masks, sealed secrets, client certificates. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/err.h"
#include "base/text.h"
#include "net/answer.h"
#include "net/identity.h"
#include "net/mask.h"
#include "net/origin.h"
#include "net/proof.h"
#include "net/seal.h"
#include "net/token_answer.h"
#include "record/http.h"

static void
origins_are_scheme_host_and_port_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *text, *scheme, *host;
		unsigned port;
	} cases[] = {
	    {"https://api.hubapi.com", "https", "api.hubapi.com", 443},
	    {"HTTPS://API.HubApi.Com/", "https", "api.hubapi.com", 443},
	    {"http://127.0.0.1:8080", "http", "127.0.0.1", 8080},
	    {"http://0x7f.1:8080", "http", "127.0.0.1", 8080},
	    {"https://[::1]:8443", "https", "::1", 8443},
	    {"https://a.example/path", NULL, NULL, 0},
	    {"https://a.example?x", NULL, NULL, 0},
	    {"https://a.example#x", NULL, NULL, 0},
	    {"https://user@a.example", NULL, NULL, 0},
	    {"https://user:pw@a.example", NULL, NULL, 0},
	    {"https://[fe80::1%25eth0]", NULL, NULL, 0},
	    {"ftp://a.example", NULL, NULL, 0},
	    {"a.example", NULL, NULL, 0},
	    {"https://", NULL, NULL, 0},
	    {"", NULL, NULL, 0},
	};
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct origin o;
		bool good = origin_parse(text_of(cases[i].text), &arena, &o);
		if (good != (cases[i].scheme != NULL))
			fail_msg("'%s'", cases[i].text);
		if (!good)
			continue;
		assert_string_equal(o.scheme, cases[i].scheme);
		assert_string_equal(o.host, cases[i].host);
		assert_int_equal(o.port, cases[i].port);
	}
	arena_free(&arena);
}

static void
addresses_inside_need_an_origin_that_names_them(void **state)
{
	(void)state;
	static const struct { const char *host, *address; bool admitted; } cases[] = {
		{ "api.example.com", "93.184.216.34", true },
		{ "api.example.com", "2606:2800:220:1::1", true },
		{ "api.example.com", "127.0.0.1", false },
		{ "api.example.com", "127.8.8.8", false },
		{ "api.example.com", "0.0.0.0", false },
		{ "api.example.com", "10.1.2.3", false },
		{ "api.example.com", "172.16.0.1", false },
		{ "api.example.com", "172.31.255.255", false },
		{ "api.example.com", "172.32.0.1", true },
		{ "api.example.com", "192.168.1.1", false },
		{ "api.example.com", "100.64.0.1", false },
		{ "api.example.com", "100.128.0.1", true },
		{ "api.example.com", "169.254.169.254", false },
		{ "api.example.com", "224.0.0.1", false },
		{ "api.example.com", "255.255.255.255", false },
		{ "api.example.com", "::1", false },
		{ "api.example.com", "::", false },
		{ "api.example.com", "::ffff:127.0.0.1", false },
		{ "api.example.com", "::ffff:93.184.216.34", true },
		{ "api.example.com", "::127.0.0.1", false },
		{ "api.example.com", "64:ff9b::7f00:1", false },
		{ "api.example.com", "64:ff9b::5db8:d822", true },
		{ "api.example.com", "64:ff9b:1::5db8:d822", false },
		{ "api.example.com", "fe80::1", false },
		{ "api.example.com", "fd00:ec2::254", false },
		{ "api.example.com", "ff02::1", false },
		{ "api.example.com", "2002:7f00:1::", false },
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "192.168.1.5", "192.168.1.5", true },
		{ "::1", "::1", true },
		{ "localhost", "127.0.0.1", true },
		{ "localhost", "::1", true },
		{ "localhost", "10.0.0.1", false },
		{ "localhost.example.com", "127.0.0.1", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct origin o = { "https", cases[i].host, 443 };
		struct sockaddr_storage s = { 0 };
		struct sockaddr_in in4 = { .sin_family = AF_INET };
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
		if (inet_pton(AF_INET, cases[i].address, &in4.sin_addr) == 1)
			memcpy(&s, &in4, sizeof in4);
		else if (inet_pton(AF_INET6, cases[i].address, &in6.sin6_addr) == 1)
			memcpy(&s, &in6, sizeof in6);
		else
			fail_msg("'%s' is no address", cases[i].address);
		if (origin_admits(&o, (const struct sockaddr *)&s) != cases[i].admitted)
			fail_msg("%s -> %s", cases[i].host, cases[i].address);
	}
	struct origin o = { "https", "a.example", 443 };
	struct sockaddr other = { .sa_family = AF_UNIX };
	assert_false(origin_admits(&o, &other));
}

#define NOW INT64_C(1795290280000)     /* Sat, 21 Nov 2026 19:44:40 GMT */

static void
waits_are_read_in_every_form(void **state)
{
	(void)state;
	static const struct { const char *text; bool in_ms; int64_t ms;
	} cases[] = {
	    {"120", false, 120000},
	    {" 3 ", false, 3000},
	    {"0", false, 0},
	    {"1.5", false, 1500},
	    {"1500ms", false, 1500},
	    {"2s", false, 2000},
	    {"1500", true, 1500},
	    {"2s", true, 2000},
	    {"Sat, 21 Nov 2026 19:45:40 GMT", false, 60000},
	    {"Sat, 21 Nov 2026 19:40:00 GMT", false, 0},
	    {"Saturday, 21-Nov-26 19:45:40 GMT", false, 60000},
	    {"Sat Nov 21 19:45:40 2026", false, 60000},
	    {"Sat, 21 Nov 2099 19:45:40 GMT", false, INT64_C(31) * 86400000},
	    {"Thu, 01 Jan 1970 00:00:00 GMT", false, 0},
	    {"Sat, 99 Nov 2026 19:45:40 GMT", false, -1},
	    {"0.0001", false, 0},
	    {"000120", false, 120000},
	    {"120.", false, 120000},
	    {"0x10", false, -1},
	    {"1e3", false, -1},
	    {"1e999", false, -1},
	    {"inf", false, -1},
	    {"+5", false, -1},
	    {"120, 60", false, -1},
	    {"-0.5", false, -1},
	    {"2 s", false, -1},
	    {"60000000000000000000000000000000000000000000000000000000000000000", false,
	     -1},
	    {"99999999999999999999", false, INT64_C(31) * 86400000},
	    {"", false, -1},
	    {"soon", false, -1},
	    {"Fri, 31 Dec 441505005", false, -1},
	    {"-5", false, -1},
	    {"nan", false, -1},
	    {"5 apples", false, -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t ms = answer_wait_ms(text_of(cases[i].text), cases[i].in_ms, NOW);
		if (ms != cases[i].ms)
			fail_msg("'%s' gives %lld", cases[i].text, (long long)ms);
	}
}

static void
heads_are_taken_apart_or_refused(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	BUF_AUTO head = BUF_INIT(1 << 20);
	struct rk_reply reply = { .struct_size = sizeof reply };
	buf_adds(&head, "X-A:  1 2\t\r\nRetry-After: 9\r\nRETRY-after-MS: 250\r\n"
	                "Empty:\r\nDate: Sat, 21 Nov 2026 19:44:40 GMT\r\n\r\n");
	assert_true(answer_head(&head, &arena, NOW, &reply));
	assert_int_equal(reply.header_count, 5);
	assert_true(text_is(reply.headers[0].name, "x-a"));
	assert_true(text_is(reply.headers[0].pieces[0].text, "1 2"));
	assert_int_equal(reply.headers[3].pieces[0].text.len, 0);
	assert_int_equal(reply.retry_after_ms, 250);
	assert_int_equal(reply.date_ms, NOW);
	buf_reset(&head);
	buf_adds(&head, "\r\n");
	assert_true(answer_head(&head, &arena, NOW, &reply));
	assert_int_equal(reply.header_count, 0);
	assert_int_equal(reply.date_ms, -1);
	assert_int_equal(reply.retry_after_ms, -1);
	static const char *const bad[] = { "no colon\r\n", ": no name\r\n" };
	for (size_t i = 0; i < 2; i++) {
		buf_reset(&head);
		buf_adds(&head, bad[i]);
		assert_false(answer_head(&head, &arena, NOW, &reply));
	}
	buf_reset(&head);
	for (int i = 0; i < 600; i++)
		buf_adds(&head, "a: b\r\n");
	assert_false(answer_head(&head, &arena, NOW, &reply));
	arena_free(&arena);
}

static void
masks_cover_secrets_and_nothing_by_chance(void **state)
{
	(void)state;
	static const struct { const char *secret, *text, *masked;
	} cases[] = {
	    {"abcdefgh", "xabcdefghx", "x********x"},
	    {"abcdefgh", "abcdefghabcdefgh", "****************"},
	    {"abcdefgh", "abcdefg", "abcdefg"},
	    {"abcdefg", "abcdefg", "abcdefg"}, /* Under 8 bytes. */
	    {"a\"b/c d\\e", "a\\\"b/c d\\\\e", "***********"},
	    {"a\"b/c d\\e", "a%22b%2Fc%20d%5Ce", "*****************"},
	    {"\xe3\x81\x82\xe3\x81\x84\xe3\x81\x86",
	     "<\xe3\x81\x82\xe3\x81\x84\xe3\x81\x86>", "<*********>"},
		{ "the/key>~~>", "a dGhlL2tleT5+fj4= b", "a ************fj4= b" },
		{ "the/key>~~>", "a dGhlL2tleT5-fj4 b", "a ************fj4 b" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mask mask = { NULL, 0 };
		char text[100];
		snprintf(text, sizeof text, "%s", cases[i].text);
		mask_add_secret(&mask, text_of(cases[i].secret));
		mask_add_secret(&mask, text_of(cases[i].secret));
		mask_apply(&mask, text, strlen(text));
		assert_string_equal(text, cases[i].masked);
		mask_clear(&mask);
	}
}

static void
masks_cover_secrets_that_overlap(void **state)
{
	(void)state;
	static const struct { const char *text, *masked; } cases[] = {
		{ "abcdefghijkl.", "************." },
		{ "xxabcdefghyy efghijkl", "************ ********" },
		{ "zababababab", "z**********" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mask mask = { NULL, 0 };
		char text[100];
		snprintf(text, sizeof text, "%s", cases[i].text);
		mask_add_secret(&mask, text_of("abcdefgh"));
		mask_add_secret(&mask, text_of("efghijkl"));
		mask_add_secret(&mask, text_of("xxabcdefghyy"));
		mask_add_secret(&mask, text_of("abababab"));
		mask_apply(&mask, text, strlen(text));
		assert_string_equal(text, cases[i].masked);
		mask_clear(&mask);
	}
}

static void
a_mask_forgets_the_oldest_first_and_has_an_end(void **state)
{
	(void)state;
	struct mask mask = { NULL, 0 };
	char secret[32];
	for (int i = 0; i < 1000; i++) {
		snprintf(secret, sizeof secret, "secret-number-%04d", i);
		mask_add_secret(&mask, text_of(secret));
	}
	assert_true(mask.count <= 256);
	char text[] = "secret-number-0999 secret-number-0000";
	mask_apply(&mask, text, strlen(text));
	assert_string_equal(text, "****************** secret-number-0000");
	mask_clear(&mask);
}

static int
begin(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

/* ---- Sealed secrets --------------------------------------------------------- */

static int32_t
opened(const char *key, const char *purpose, struct rk_text sealed, const char *want,
       struct rk_err *err)
{
	char *plain;
	size_t len;
	int32_t status = seal_open(key, text_of(purpose), sealed, &plain, &len, err);
	if (status != RK_OK)
		return status;
	assert_int_equal(len, strlen(want));
	assert_memory_equal(plain, want, len);
	sodium_free(plain);
	return RK_OK;
}

static void
what_is_sealed_opens_for_its_purpose_and_key_alone(void **state)
{
	(void)state;
	char folder[] = "/tmp/renkei-seal.XXXXXX", key[64], other[64];
	struct rk_err err = ERR_INIT;
	BUF_AUTO sealed = BUF_INIT(4096);
	BUF_AUTO again = BUF_INIT(4096);
	assert_non_null(mkdtemp(folder));
	snprintf(key, sizeof key, "%s/key", folder);
	snprintf(other, sizeof other, "%s/other", folder);
	assert_int_equal(seal_close(key, text_of("a.token"), text_of("hush"), &sealed, &err), RK_OK);
	assert_int_equal(seal_close(key, text_of("a.token"), text_of("hush"), &again, &err), RK_OK);
	assert_string_not_equal(buf_str(&sealed), buf_str(&again));
	assert_null(strstr(buf_str(&sealed), "hush"));
	assert_true(seal_has_form(buf_text(&sealed)));
	assert_int_equal(opened(key, "a.token", buf_text(&sealed), "hush", &err), RK_OK);
	assert_int_equal(opened(key, "b.token", buf_text(&sealed), "", &err), RK_PAUSE);
	assert_non_null(strstr(err.message, "another connection"));
	BUF_AUTO third = BUF_INIT(4096);
	assert_int_equal(seal_close(other, text_of("a.token"), text_of("x"), &third, &err), RK_OK);
	assert_int_equal(opened(other, "a.token", buf_text(&sealed), "", &err), RK_PAUSE);
	assert_non_null(strstr(err.message, "another key"));
	for (size_t i = 0; i < sealed.len; i++) {
		char was = sealed.ptr[i];
		sealed.ptr[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(opened(key, "a.token", buf_text(&sealed), "", &err), RK_PAUSE);
		sealed.ptr[i] = was;
		assert_int_equal(opened(key, "a.token", (struct rk_text){ sealed.ptr, i }, "",
		                        &err), RK_PAUSE);
	}
	chmod(key, 0644);
	assert_int_equal(opened(key, "a.token", buf_text(&sealed), "", &err), RK_PAUSE);
	assert_non_null(strstr(err.message, "chmod 600"));
	unlink(key);
	assert_int_equal(opened(key, "a.token", buf_text(&sealed), "", &err), RK_PAUSE);
	unlink(other);
	rmdir(folder);
}

/* ---- Answers of token endpoints ------------------------------------------------ */

static int32_t
answered(const struct token_asked *asked, int http, const char *body, struct arena *arena,
         struct token_answer *answer, struct rk_err *err)
{
	BUF_AUTO reply = BUF_INIT(1 << 20);
	struct rk_err none = ERR_INIT;
	struct rk_reply whole = { .struct_size = sizeof whole, .status = http,
	                          .body = text_of(body), .date_ms = -1,
	                          .retry_after_ms = -1 };
	http_encode_reply(&reply, RK_OK, &none, &whole);
	return token_answer_read(asked, arena_text(arena, buf_text(&reply)), arena, answer, err);
}

static void
tokens_are_read_and_refusals_have_codes(void **state)
{
	(void)state;
	static const struct {
		bool exchange, lost;
		int http;
		const char *body;
		int32_t status;
		const char *code, *access, *scopes;
		int64_t expires_s;
	} cases[] = {
		{ 0, 0, 200, "{\"access_token\":\"a\",\"expires_in\":1800,\"scopes\":[\"x\",\"y\"]}",
		  RK_OK, "", "a", "x y", 1800 },
		{ 0, 0, 200, "{\"access_token\":\"a\",\"expires_in\":\"60\",\"scope\":\"x\"}", RK_OK,
		  "", "a", "x", 60 },
		{ 0, 0, 200, "{\"access_token\":\"a\"}", RK_OK, "", "a", "", 3600 },
		{ 0, 0, 200, "{\"access_token\":\"a\",\"expires_in\":-5}", RK_OK, "", "a", "", 3600 },
		{ 0, 0, 200, "{\"access_token\":\"a\",\"expires_in\":9e99}", RK_OK, "", "a", "",
		  3600 },
		{ 0, 0, 200, "{\"access_token\":\"a\\r\\nX: y\"}", RK_PAUSE, "oauth-refused", "", "", 0 },
		{ 0, 0, 200, "{\"access_token\":17}", RK_OK, "", "17", "", 3600 },
		{ 0, 0, 200, "[]", RK_PAUSE, "oauth-refused", "", "", 0 },
		{ 0, 0, 200, "<html>", RK_AGAIN, "", "", "", 0 },
		{ 0, 0, 503, "{}", RK_AGAIN, "", "", "", 0 },
		{ 0, 0, 400, "{\"error\":\"invalid_grant\"}", RK_PAUSE, "oauth-revoked", "", "", 0 },
		{ 0, 1, 400, "{\"error\":\"invalid_grant\"}", RK_PAUSE, "oauth-lost", "", "", 0 },
		{ 1, 0, 400, "{\"error\":\"invalid_grant\"}", RK_PAUSE, "oauth-code", "", "", 0 },
		{ 1, 0, 400, "{\"error\":\"invalid_grant\",\"status\":\"BAD_REDIRECT_URI\"}", RK_PAUSE,
		  "oauth-redirect", "", "", 0 },
		{ 0, 0, 400, "{\"error\":\"access_denied\",\"status\":\"BAD_HUB\"}", RK_PAUSE,
		  "oauth-account", "", "", 0 },
		{ 0, 0, 400, "{\"status\":\"BAD_CLIENT_SECRET\"}", RK_PAUSE, "oauth-client", "", "", 0 },
		{ 0, 0, 403, "nothing known", RK_PAUSE, "oauth-refused", "", "", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		struct token_answer answer;
		struct rk_err err = ERR_INIT;
		struct token_asked asked = { .connection = "c", .redirect_uri = "http://localhost/",
		                             .exchange = cases[i].exchange, .lost = cases[i].lost };
		assert_int_equal(answered(&asked, cases[i].http, cases[i].body, &arena, &answer,
		                          &err), cases[i].status);
		if (cases[i].status == RK_OK) {
			assert_true(text_is(answer.access, cases[i].access));
			assert_true(text_is(answer.scopes, cases[i].scopes));
			assert_int_equal(answer.expires_s, cases[i].expires_s);
		} else {
			assert_string_equal(err.code, cases[i].code);
		}
		arena_free(&arena);
	}
}

/* PKCS#12 by its first bytes, with a line end that is part of it; PEM; either in base64. */
#define PFX "\x30\x82\x01\x02\x03\n"
#define PEM "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

static void
a_client_certificate_is_taken_by_its_form(void **state)
{
	(void)state;
	static const struct {
		const char *given, *form;
		struct rk_text bytes;
	} cases[] = {
		{ PFX, "P12", { PFX, 6 } },
		{ "MIIBAgMK", "P12", { PFX, 6 } },
		{ " MIIB\r\n AgMK\n", "P12", { PFX, 6 } },
		{ PEM, "PEM", { PEM, sizeof PEM - 1 } },
		{ "Bag Attributes\n" PEM, "PEM", { "Bag", 3 } },
		{ "LS0tLS1CRUdJTiBYCg==", "PEM", { "-----BEGIN X\n", 13 } },
		{ "MIIBAgMK!", NULL, { NULL, 0 } },
		{ "aGVsbG8gd29ybGQ=", NULL, { NULL, 0 } },
		{ "/etc/kin.pfx", NULL, { NULL, 0 } },
		{ "0", NULL, { NULL, 0 } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct secret_set set = { .secrets = NULL };
		struct identity id = { .form = NULL };
		struct rk_err err = ERR_INIT;
		const struct net_secret secrets[] = {
			{ TEXT_LIT(NET_CLIENT_CERTIFICATE), NET_SECRET_VALUE,
			  text_of(cases[i].given) },
			{ TEXT_LIT(NET_CLIENT_PASSWORD), NET_SECRET_VALUE, TEXT_LIT("word") } };
		struct net_open open = { .connection = TEXT_LIT("c"), .secrets = secrets,
		                         .secret_count = 1 + i % 2 };
		secret_set(&set, &open);
		int32_t status = identity_take(&id, &set, &err);
		if (status != (cases[i].form != NULL ? RK_OK : RK_PAUSE))
			fail_msg("case %zu: %d %s", i, status, err.message);
		if (cases[i].form == NULL) {
			assert_non_null(strstr(err.message, "file:/PATH"));
		} else {
			assert_string_equal(id.form, cases[i].form);
			assert_memory_equal(id.bytes, cases[i].bytes.ptr, cases[i].bytes.len);
			assert_string_equal(id.password, i % 2 == 1 ? "word" : "");
		}
		identity_clear(&id);
		secret_clear(&set);
	}
}

static void
a_certificate_in_a_file_keeps_its_last_bytes(void **state)
{
	(void)state;
	char path[] = "/tmp/renkei-pfx.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, PFX, 6) == 6);
	close(fd);
	struct secret_set set = { .secrets = NULL };
	struct identity id = { .form = NULL };
	struct rk_err err = ERR_INIT;
	const struct net_secret secrets[] = {
		{ TEXT_LIT(NET_CLIENT_CERTIFICATE), NET_SECRET_FILE, text_of(path) },
		{ TEXT_LIT("token"), NET_SECRET_FILE, text_of(path) } };
	struct net_open open = { .connection = TEXT_LIT("c"), .secrets = secrets,
	                         .secret_count = 2 };
	struct rk_text token;
	secret_set(&set, &open);
	assert_int_equal(identity_take(&id, &set, &err), RK_OK);
	assert_int_equal(id.len, 6);
	assert_int_equal(secret_get(&set, TEXT_LIT("token"), SECRET_HIDDEN, &token, &err),
	                 RK_OK);
	assert_int_equal(token.len, 5);
	unlink(path);
	identity_clear(&id);
	secret_clear(&set);
	/* None is none. */
	assert_int_equal(identity_take(&id, &set, &err), RK_OK);
	assert_null(id.form);
}

/* HubSpot's own example, from the tests of its Python client. */
static void
a_webhook_is_proved_as_hubspot_signs_it(void **state)
{
	(void)state;
	struct secret_set set = { .secrets = NULL };
	struct rk_err err = ERR_INIT;
	const struct net_secret secrets[] = {
		{ TEXT_LIT(NET_HOOK_SECRET), NET_SECRET_VALUE,
		  TEXT_LIT("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy") } };
	struct net_open open = { .connection = TEXT_LIT("c"), .secrets = secrets,
	                         .secret_count = 1 };
	struct rk_text text = TEXT_LIT("POSThttps://www.example.com/webhook_uri"
	                               "{'example_field':'example_value'}1693657560000");
	struct rk_text good = TEXT_LIT("K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=");
	secret_set(&set, &open);
	assert_int_equal(proof_check(&set, NET_PROOF_HMAC_BASE64, text, good, &err), RK_OK);
	assert_int_equal(proof_check(&set, NET_PROOF_HMAC_HEX, text, good, &err), RK_REJECT);
	assert_int_equal(proof_check(&set, NET_PROOF_SECRET, text, good, &err), RK_REJECT);
	assert_int_equal(proof_check(&set, NET_PROOF_SECRET, text, secrets[0].text, &err), RK_OK);
	text.len--;
	assert_int_equal(proof_check(&set, NET_PROOF_HMAC_BASE64, text, good, &err), RK_REJECT);
	assert_int_equal(proof_check(&set, NET_PROOF_HMAC_BASE64, text, TEXT_LIT(""), &err),
	                 RK_REJECT);
	secret_clear(&set);
	assert_int_equal(proof_check(&set, NET_PROOF_SECRET, text, good, &err), RK_PAUSE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_are_scheme_host_and_port_and_nothing_else),
		cmocka_unit_test(addresses_inside_need_an_origin_that_names_them),
		cmocka_unit_test(waits_are_read_in_every_form),
		cmocka_unit_test(heads_are_taken_apart_or_refused),
		cmocka_unit_test(masks_cover_secrets_and_nothing_by_chance),
		cmocka_unit_test(masks_cover_secrets_that_overlap),
		cmocka_unit_test(tokens_are_read_and_refusals_have_codes),
		cmocka_unit_test(what_is_sealed_opens_for_its_purpose_and_key_alone),
		cmocka_unit_test(a_mask_forgets_the_oldest_first_and_has_an_end),
		cmocka_unit_test(a_client_certificate_is_taken_by_its_form),
		cmocka_unit_test(a_certificate_in_a_file_keeps_its_last_bytes),
		cmocka_unit_test(a_webhook_is_proved_as_hubspot_signs_it),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
