/* SPDX-License-Identifier: Apache-2.0
 *
 * origins.c - the addresses that settings hold, and where a connection's requests
 * may go: the manifest's templates, filled in with the connection's settings, cut
 * to origins.  Plain http and addresses inside are for the operator's own setting
 * to say, never for a manifest.  Which address a name leads to is net's to check,
 * at the moment of the connection.
 *
 * Source: RFC 3986, as far as servers of CRMs go. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "connector/checker.h"

#define MOST_HOSTS 64
#define TEXT_BYTES 8192
#define HOST_BYTES 256
#define IN_NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."

struct site {
	bool plain;                    /* http, not https */
	char host[HOST_BYTES];         /* lower case; with brackets, if it has them */
	unsigned port;                 /* of the scheme, if none is given */
	bool inside;                   /* loopback, private, link-local: by its look */
};

/* ---- Addresses ----------------------------------------------------------------- */

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
	struct in_addr v4;
	memcpy(&v4, a->s6_addr + 12, sizeof v4);
	if (IN6_IS_ADDR_V4MAPPED(a))
		return inside_v4(&v4);
	return IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_UNSPECIFIED(a)
	       || IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MULTICAST(a)
	       || (a->s6_addr[0] & 0xFE) == 0xFC;
}

/* Whether 'host' is a name or address; by its look alone, whether it is inside. */
static bool
judge_host(const char *host, bool *inside)
{
	char name[HOST_BYTES];
	struct in_addr v4;
	struct in6_addr v6;
	size_t len = strlen(host);
	if (host[0] == '[') {
		text_copy(name, sizeof name, (struct rk_text){ host + 1, len - 2 });
		if (len < 3 || host[len - 1] != ']'
		    || inet_pton(AF_INET6, name, &v6) != 1)
			return false;
		*inside = inside_v6(&v6);
		return true;
	}
	/* inet_aton also takes 127.1 and 0x7f000001, as the resolver does. */
	if (inet_aton(host, &v4) != 0)
		*inside = inside_v4(&v4);
	else
		*inside = strcmp(host, "localhost") == 0
		          || (len > 10 && strcmp(host + len - 10, ".localhost") == 0);
	return len > 0 && len <= 253 && strspn(host, IN_NAMES) == len && host[0] != '.'
	       && host[0] != '-';
}

/* Cuts ":PORT" off the host; false if what is there is no port. */
static bool
cut_port(struct site *site)
{
	char *colon = strrchr(site->host, ':');
	if (colon == NULL || strchr(colon, ']') != NULL)
		return true;
	*colon++ = '\0';
	site->port = (unsigned)strtoul(colon, NULL, 10);
	size_t len = strlen(colon);
	return len > 0 && len <= 5 && strspn(colon, "0123456789") == len
	       && site->port >= 1 && site->port <= 65535;
}

/* Takes 'text' apart; NULL, or what was expected as the end of a sentence. */
static const char *
parse(const char *text, struct site *out)
{
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || strchr("\"<>\\^`{|}", *at) != NULL)
			return "an address without blanks and the like";
	bool plain = strncasecmp(text, "http://", 7) == 0;
	if (!plain && strncasecmp(text, "https://", 8) != 0)
		return "an address that begins with https:// (include https://)";
	*out = (struct site){ .plain = plain, .port = plain ? 80 : 443 };
	text += plain ? 7 : 8;
	struct rk_text authority = { text, strcspn(text, "/?#") };
	if (memchr(text, '@', authority.len) != NULL)
		return "an address without a user and password in it";
	text_copy(out->host, sizeof out->host, authority);
	for (char *at = out->host; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	if (authority.len >= sizeof out->host || !cut_port(out)
	    || !judge_host(out->host, &out->inside))
		return "an address such as https://HOST or https://HOST:PORT";
	return NULL;
}

const char *
origins_fault(const char *address)
{
	struct site site;
	return parse(address, &site);
}

/* ---- Templates ----------------------------------------------------------------- */

/* Adds 'template' with its settings filled in; unless it is 'whole' they are parts
 * of a name, and what could end the host and begin a path is refused.  False if
 * one has no value, or one that does not fit; it was complained about where it
 * stands. */
static bool
fill_template(struct checker *c, const char *template, bool whole, struct buf *out)
{
	while (*template != '\0') {
		size_t len = strcspn(template, "$");
		buf_add(out, template, len);
		template += len;
		if (*template == '\0')
			break;
		char name[65];
		len = manifest_template_name(template, name);
		const char *value = checker_value(c, name);
		if (len == 0 || checker_blank(value))
			return false;
		if (!whole && value[strspn(value, IN_NAMES)] != '\0') {
			const struct config_setting *s = checker_given(c, name);
			checker_complain(c, s != NULL ? s->at : c->connection->at,
			                 "%s: found \"%.200s\", expected part of a "
			                 "host's name", name, value);
			return false;
		}
		buf_adds(out, value);
		template += len;
	}
	return !out->over;
}

static void
add_origin(struct checker *c, const char *template)
{
	struct settings *out = c->out;
	BUF_AUTO text = BUF_INIT(TEXT_BYTES);
	struct site site;
	char name[65];
	size_t len = manifest_template_name(template, name);
	bool whole = len > 0 && template[len] == '\0';
	if (!fill_template(c, template, whole, &text))
		return;
	const char *full = arena_printf(c->arena, "%s%s",
	                                strstr(buf_str(&text), "://") ? "" : "https://",
	                                buf_str(&text)).ptr;
	/* The operator's own setting, if the template is that and nothing else. */
	const struct config_setting *own = whole ? checker_given(c, name) : NULL;
	struct place at = own != NULL ? own->at : c->connection->at;
	const char *wanted = parse(full, &site);
	if (wanted != NULL) {
		checker_complain(c, at, "host: found \"%.200s\", expected %s", full,
		                 wanted);
		return;
	}
	if ((site.plain || site.inside) && own == NULL) {
		checker_complain(c, at, "%s wants to send to \"%.200s\", which is %s; "
		                 "only a setting of your own may say so",
		                 c->manifest->name, full,
		                 site.plain ? "plain http" : "inside this network");
		return;
	}
	if (site.plain && !site.inside)
		problem_add(c->problems, PROBLEM_WARNING, at, NULL, "%s: plain http; "
		            "whoever is on the way reads the credentials", own->name);
	struct rk_text origin = arena_printf(c->arena, "http%s://%s",
	                                     site.plain ? "" : "s", site.host);
	if (site.port != (site.plain ? 80 : 443))
		origin = arena_printf(c->arena, "%s:%u", origin.ptr, site.port);
	out->origins[out->origin_count++] = origin;
}

void
origins_fill(struct checker *c)
{
	const struct manifest *m = c->manifest;
	size_t n = m->host_count < MOST_HOSTS ? m->host_count : MOST_HOSTS;
	c->out->origins = arena_new_array(c->arena, n + 1, struct rk_text);
	for (size_t i = 0; i < n; i++)
		add_origin(c, m->hosts[i]);
}
