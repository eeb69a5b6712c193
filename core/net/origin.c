/* SPDX-License-Identifier: Apache-2.0
 *
 * origin.c - see origin.h.  URLs are parsed by libcurl's own parser, the same
 * that sends the request, so that nothing can mean one host to the check and
 * another to the transfer. */
#include "net/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Special-purpose blocks of RFC 6890 and its registry; bits of prefix. */
struct block {
	unsigned char prefix[16];
	unsigned bits;
};

static const struct block inside4[] = {
	{ { 0 }, 8 },                  /* this network */
	{ { 10 }, 8 },                 /* private */
	{ { 100, 64 }, 10 },           /* shared by carriers */
	{ { 127 }, 8 },                /* loopback */
	{ { 169, 254 }, 16 },          /* link-local, metadata */
	{ { 172, 16 }, 12 },           /* private */
	{ { 192, 0, 0 }, 24 },         /* protocol assignments */
	{ { 192, 0, 2 }, 24 },         /* documentation */
	{ { 192, 168 }, 16 },          /* private */
	{ { 198, 18 }, 15 },           /* benchmarks */
	{ { 198, 51, 100 }, 24 },      /* documentation */
	{ { 203, 0, 113 }, 24 },       /* documentation */
	{ { 224 }, 3 },                /* multicast, reserved, broadcast */
};

static const struct block inside6[] = {
	{ { 0 }, 96 },                 /* ::, ::1, compatible */
	{ { 0, 0x64, 0xff, 0x9b, 0, 1 }, 48 }, /* translated, for local use */
	{ { 0x01 }, 8 },               /* discard */
	{ { 0x20, 0x01, 0x00 }, 23 },  /* protocol assignments, Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02 }, 16 },        /* 6to4 */
	{ { 0xfc }, 7 },               /* unique local, fd00:ec2::254 */
	{ { 0xfe }, 8 },               /* link-local, site-local */
	{ { 0xff }, 8 },               /* multicast */
};

static bool
in_block(const unsigned char *address, const struct block *block)
{
	unsigned whole = block->bits / 8, rest = block->bits % 8;
	if (memcmp(address, block->prefix, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	unsigned mask = 0xffu << (8 - rest) & 0xffu;
	return ((unsigned)address[whole] & mask) == block->prefix[whole];
}

static bool
in_any(const unsigned char *address, const struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (in_block(address, &blocks[i]))
			return true;
	return false;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* IPv4 addresses in IPv6 clothes: mapped (::ffff:0:0/96), and translated by the
 * network's NAT64 (64:ff9b::/96), which is how IPv6-only hosts reach IPv4. */
static const unsigned char clothes[2][12] = {
	{ [10] = 0xff, [11] = 0xff },
	{ 0, 0x64, 0xff, 0x9b },
};

/* The bytes of an address, 4 or 16; one in clothes is looked at as what it is.
 * 0: neither. */
static size_t
address_bytes(const struct sockaddr *address, unsigned char out[16])
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in4;
		memcpy(&in4, address, sizeof in4);
		memcpy(out, &in4.sin_addr, 4);
		return 4;
	}
	if (address->sa_family != AF_INET6)
		return 0;
	struct sockaddr_in6 in6;
	memcpy(&in6, address, sizeof in6);
	memcpy(out, &in6.sin6_addr, 16);
	if (memcmp(out, clothes[0], 12) != 0 && memcmp(out, clothes[1], 12) != 0)
		return 16;
	memmove(out, out + 12, 4);
	return 4;
}

static bool
is_inside(const unsigned char *address, size_t len)
{
	return len == 4 ? in_any(address, inside4, COUNT(inside4))
	                : in_any(address, inside6, COUNT(inside6));
}

static bool
is_loopback(const unsigned char *address, size_t len)
{
	static const unsigned char one[16] = { [15] = 1 };
	return len == 4 ? address[0] == 127 : memcmp(address, one, sizeof one) == 0;
}

/* Whether the origin's host is this very address, written as numbers. */
static bool
names_address(const struct origin *origin, const unsigned char *address, size_t len)
{
	unsigned char named[16];
	return inet_pton(len == 4 ? AF_INET : AF_INET6, origin->host, named) == 1
	       && memcmp(named, address, len) == 0;
}

bool
origin_admits(const struct origin *origin, const struct sockaddr *address)
{
	unsigned char bytes[16];
	size_t len = address_bytes(address, bytes);
	if (len == 0)
		return false;
	if (!is_inside(bytes, len) || names_address(origin, bytes, len))
		return true;
	return strcmp(origin->host, "localhost") == 0 && is_loopback(bytes, len);
}

void
origin_address_text(const struct sockaddr *address, char *out, size_t size)
{
	unsigned char bytes[16];
	size_t len = address_bytes(address, bytes);
	if (len == 0 || inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, out,
	                          (socklen_t)size) == NULL)
		snprintf(out, size, "?");
}

static const char *
part(CURLU *url, CURLUPart what, unsigned flags, struct arena *arena)
{
	char *text = NULL;
	if (curl_url_get(url, what, &text, flags) != CURLUE_OK)
		return NULL;
	char *copy = arena_str(arena, text);
	curl_free(text);
	for (char *at = copy; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return copy;
}

static bool
has_part(CURLU *url, CURLUPart what)
{
	char *text = NULL;
	bool has = curl_url_get(url, what, &text, 0) == CURLUE_OK;
	curl_free(text);
	return has;
}

bool
origin_of_url(CURLU *url, struct arena *arena, struct origin *out)
{
	const char *scheme = part(url, CURLUPART_SCHEME, 0, arena);
	char *host = (char *)(uintptr_t)part(url, CURLUPART_HOST, 0, arena);
	const char *port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, arena);
	if (scheme == NULL || host == NULL || port == NULL ||
	    has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD) ||
	    has_part(url, CURLUPART_ZONEID))
		return false;
	if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
		return false;
	size_t len = strlen(host);
	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		host++;
	}
	*out = (struct origin){ scheme, host, (unsigned)strtoul(port, NULL, 10) };
	return true;
}

bool
origin_parse(struct rk_text text, struct arena *arena, struct origin *out)
{
	CURLU *url = curl_url();
	if (url == NULL)
		abort();
	const char *copy = arena_text(arena, text).ptr;
	bool good = text.len < 2048 && memchr(copy, '\0', text.len) == NULL
	            && curl_url_set(url, CURLUPART_URL, copy, 0) == CURLUE_OK
	            && origin_of_url(url, arena, out) && !has_part(url, CURLUPART_QUERY)
	            && !has_part(url, CURLUPART_FRAGMENT);
	if (good) {
		const char *path = part(url, CURLUPART_PATH, 0, arena);
		good = path == NULL || strcmp(path, "/") == 0;
	}
	curl_url_cleanup(url);
	return good;
}

bool
origin_equal(const struct origin *a, const struct origin *b)
{
	return a->port == b->port && strcmp(a->scheme, b->scheme) == 0
	       && strcmp(a->host, b->host) == 0;
}
