/* SPDX-License-Identifier: Apache-2.0
 *
 * site.c - see site.h.  Source: RFC 3986, as far as servers of CRMs go. */
#include "connector/site.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "base/text.h"

static bool
begins(struct rk_text text, const char *prefix)
{
	size_t len = strlen(prefix);
	return text.len >= len && strncasecmp(text.ptr, prefix, len) == 0;
}

static bool
inside_v4(const struct in_addr *a)
{
	uint32_t ip = ntohl(a->s_addr);
	return ip >> 24 == 127 || ip >> 24 == 10 || ip >> 24 == 0 || ip >> 20 == 0xAC1
	       || ip >> 16 == 0xC0A8 || ip >> 16 == 0xA9FE || ip >> 28 >= 0xE;
}

static bool
inside_v6(const struct in6_addr *a)
{
	if (IN6_IS_ADDR_V4MAPPED(a)) {
		struct in_addr v4;
		memcpy(&v4, a->s6_addr + 12, sizeof v4);
		return inside_v4(&v4);
	}
	return IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_UNSPECIFIED(a)
	       || IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MULTICAST(a)
	       || (a->s6_addr[0] & 0xFE) == 0xFC;
}

/* Whether the host, by its look alone, is a place inside. */
static bool
looks_inside(struct rk_text host)
{
	char name[256];
	struct in_addr v4;
	struct in6_addr v6;
	bool bracket = host.len > 2 && host.ptr[0] == '[';
	text_copy(name, sizeof name,
	          bracket ? (struct rk_text){ host.ptr + 1, host.len - 2 } : host);
	size_t len = strlen(name);
	if (inet_pton(AF_INET6, name, &v6) == 1)
		return inside_v6(&v6);
	/* inet_aton also takes 127.1 and 0x7f000001, as the resolver does. */
	if (inet_aton(name, &v4) != 0)
		return inside_v4(&v4);
	return strcmp(name, "localhost") == 0
	       || (len > 10 && strcmp(name + len - 10, ".localhost") == 0);
}

static bool
good_host(struct rk_text host)
{
	char name[256];
	struct in6_addr v6;
	if (host.len == 0 || host.len > 253)
		return false;
	if (host.ptr[0] == '[') {
		text_copy(name, sizeof name,
		          (struct rk_text){ host.ptr + 1, host.len - 2 });
		return host.ptr[host.len - 1] == ']'
		       && inet_pton(AF_INET6, name, &v6) == 1;
	}
	for (size_t i = 0; i < host.len; i++)
		if (!isalnum((unsigned char)host.ptr[i]) && host.ptr[i] != '-'
		    && host.ptr[i] != '.')
			return false;
	return host.ptr[0] != '.' && host.ptr[0] != '-';
}

/* Splits "host:port"; false if the port is none. */
static bool
split_port(struct rk_text authority, struct rk_text *host, unsigned *port)
{
	size_t colon = authority.len;
	for (size_t i = authority.len; i > 0 && authority.ptr[i - 1] != ']'; i--)
		if (authority.ptr[i - 1] == ':')
			colon = i - 1;
	*host = (struct rk_text){ authority.ptr, colon };
	if (colon == authority.len)
		return true;
	int64_t number;
	struct rk_text digits = { authority.ptr + colon + 1, authority.len - colon - 1 };
	if (digits.len == 0 || !isdigit((unsigned char)digits.ptr[0])
	    || !text_int64(digits, &number) || number < 1 || number > 65535)
		return false;
	*port = (unsigned)number;
	return true;
}

const char *
site_parse(struct rk_text text, struct arena *arena, struct site *out)
{
	struct site a = { .port = 443 };
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' '
		    || strchr("\"<>\\^`{|}", text.ptr[i]) != NULL)
			return "an address without blanks and the like";
	if (begins(text, "http://")) {
		a.plain = true;
		a.port = 80;
	} else if (!begins(text, "https://")) {
		return "an address that begins with https:// (include https://)";
	}
	text.ptr += a.plain ? 7 : 8;
	text.len -= a.plain ? 7 : 8;
	size_t end = 0;
	while (end < text.len && strchr("/?#", text.ptr[end]) == NULL)
		end++;
	struct rk_text authority = { text.ptr, end };
	if (authority.len > 0 && memchr(authority.ptr, '@', authority.len) != NULL)
		return "an address without a user and password in it";
	if (!split_port(authority, &a.host, &a.port) || !good_host(a.host))
		return "an address such as https://HOST or https://HOST:PORT";
	a.host = arena_text(arena, a.host);
	for (size_t i = 0; i < a.host.len; i++)
		((char *)(uintptr_t)a.host.ptr)[i] =
			(char)tolower((unsigned char)a.host.ptr[i]);
	a.path = (struct rk_text){ text.ptr + end, text.len - end };
	a.inside = looks_inside(a.host);
	*out = a;
	return NULL;
}

struct rk_text
site_origin(const struct site *a, struct arena *arena)
{
	const char *scheme = a->plain ? "http" : "https";
	if (a->port == (a->plain ? 80 : 443))
		return arena_printf(arena, "%s://%.*s", scheme, (int)a->host.len,
		                    a->host.ptr);
	return arena_printf(arena, "%s://%.*s:%u", scheme, (int)a->host.len, a->host.ptr,
	                    a->port);
}
