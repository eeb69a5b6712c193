/* SPDX-License-Identifier: Apache-2.0
 *
 * consent.c - a connection that uses OAuth 2.0: its addresses, by the manifest's
 * templates, and the scopes that its syncs need and no more.  See settings.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "connector/checker.h"

#define REDIRECT_NORMAL "http://localhost:47811/callback"
#define SCOPES_MAX 256

/* ---- Checks -------------------------------------------------------------------- */

/* Net sends the client's secret there: where the connection's own hosts are, and nowhere
 * else. */
static struct rk_text
own_address(struct checker *c, const char *key, const char *template)
{
	struct settings *out = c->out;
	if (template == NULL)
		return (struct rk_text){ NULL, 0 };
	struct rk_text address = settings_address(out, template, c->arena);
	for (size_t i = 0; i < out->origin_count; i++) {
		struct rk_text origin = out->origins[i];
		if (address.len > origin.len
		    && memcmp(address.ptr, origin.ptr, origin.len) == 0
		    && address.ptr[origin.len] == '/')
			return address;
	}
	checker_complain(c, c->connection->at,
	                 "oauth: %s of %s is \"%.200s\", which is at none of its hosts",
	                 key, c->manifest->name, address.ptr);
	return (struct rk_text){ NULL, 0 };
}

/* NET_GRANT_... of the connection, which its connector must know. */
static int32_t
grant_of(struct checker *c)
{
	static const char *const names[] = {
		[NET_GRANT_CODE] = "authorization_code",
		[NET_GRANT_CLIENT] = "client_credentials", [NET_GRANT_JWT] = "jwt_bearer" };
	const struct manifest_oauth *oauth = &c->manifest->oauth;
	int32_t grant = NET_GRANT_CODE;
	while (strcmp(names[grant], c->connection->grant) != 0)
		grant++;
	if (grant != NET_GRANT_CODE
	    && named_find(NAMED(oauth->grants, oauth->grant_count), names[grant]) == NULL)
		checker_complain(c, c->connection->at, "grant: %s has no \"%s\"",
		                 c->manifest->name, names[grant]);
	return grant;
}

static void
check_secret(struct checker *c, int32_t grant)
{
	const struct config_connection *own = c->connection;
	if (grant == NET_GRANT_JWT && (own->jwt_key == NULL || own->jwt_user == NULL))
		checker_complain(c, own->at, "connection \"%s\" has grant = \"jwt_bearer\" "
		                 "without \"jwt_key\" or \"jwt_user\"", own->name);
	else if (grant != NET_GRANT_JWT && own->client_secret == NULL)
		checker_complain(c, own->at,
		                 "connection \"%s\" has \"client_id\" without "
		                 "\"client_secret\"; the app's page at the CRM shows "
		                 "both", own->name);
}

bool
consent_wanted(const struct checker *c)
{
	return c->connection->client_id != NULL && c->manifest->oauth.token != NULL;
}

void
consent_fill(struct checker *c)
{
	const struct manifest_oauth *oauth = &c->manifest->oauth;
	const struct config_connection *own = c->connection;
	struct settings *out = c->out;
	if (own->client_id == NULL)
		return;
	if (!consent_wanted(c) || oauth->authorize == NULL) {
		checker_complain(c, own->at,
		                 "client_id: %s connects by a key alone; see `renkei "
		                 "connectors show %s`",
		                 c->manifest->name, c->manifest->name);
		return;
	}
	int32_t grant = grant_of(c);
	check_secret(c, grant);
	out->oauth = (struct net_oauth){
		.token_url = own_address(c, "token", oauth->token),
		.revoke_url = own_address(c, "revoke", oauth->revoke),
		.authorize_url = settings_address(out, oauth->authorize, c->arena),
		.client_id = text_of(own->client_id),
		.redirect_uri = text_of(own->redirect_uri != NULL ? own->redirect_uri
		                                                  : REDIRECT_NORMAL),
		.basic = strcmp(oauth->client_auth, "basic") == 0,
		.pkce = oauth->pkce,
		.grant = grant,
		.subject = text_of(own->jwt_user),
		.audience = oauth->audience != NULL
		            ? settings_address(out, oauth->audience, c->arena)
		            : own_address(c, "token", oauth->token),
	};
	out->values[out->value_count++] = (struct runner_setting){
		.name = TEXT_LIT(NET_ACCESS_TOKEN), .secret = true };
}

/* ---- Scopes -------------------------------------------------------------------- */

struct scopes {
	const char **list;
	size_t count;
};

static void
add_scopes(struct scopes *s, const char *const *more, size_t count)
{
	for (size_t i = 0; i < count && s->count < SCOPES_MAX; i++)
		if (named_find(NAMED(s->list, s->count), more[i]) == NULL)
			s->list[s->count++] = more[i];
}

/* Whether a line of the sync has the field on that side: there by name, or somewhere in
 * an expression. */
static bool
has_field(const struct config_sync *sync, bool writes, const char *field)
{
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		const char *text = writes ? map->to : map->from;
		if (map->enabled && text != NULL && strstr(text, field) != NULL)
			return true;
	}
	return false;
}

static bool
is_wanted(const struct manifest_more *more, const struct settings *settings,
          const struct manifest_object *object, const struct config_sync *sync,
          bool writes)
{
	const char *value = more->setting != NULL
		? config_setting(settings->connection, more->setting) : NULL;
	return (more->object == NULL || strcmp(more->object, object->name) == 0)
	       && (more->field == NULL || has_field(sync, writes, more->field))
	       && (more->setting == NULL
	           || (value != NULL && named_find(NAMED(more->values, more->value_count),
	                                           value) != NULL));
}

/* One side of a sync.  A target is read too: by plan, and to see whether a write
 * landed. */
static void
add_side(struct scopes *s, const struct settings *settings,
         const struct config_sync *sync, bool writes)
{
	const struct manifest *m = settings->manifest;
	const struct config_side *side = writes ? &sync->to : &sync->from;
	const struct manifest_object *object = manifest_object(m, side->object);
	if (object == NULL || side->connection == NULL
	    || strcmp(side->connection, settings->connection->name) != 0)
		return;
	add_scopes(s, object->read_scopes, object->read_scope_count);
	if (writes)
		add_scopes(s, object->write_scopes, object->write_scope_count);
	for (size_t i = 0; i < m->oauth.more_count; i++) {
		const struct manifest_more *more = &m->oauth.more[i];
		if (!is_wanted(more, settings, object, sync, writes))
			continue;
		add_scopes(s, more->read_scopes, more->read_scope_count);
		if (writes)
			add_scopes(s, more->write_scopes, more->write_scope_count);
	}
}

/* A two-way sync reads and writes both sides: its way back counts as well. */
static void
add_sync(struct scopes *s, const struct settings *settings, const struct config_sync *sync)
{
	for (const struct config_sync *way = sync; way != NULL; way = way->back) {
		add_side(s, settings, way, false);
		add_side(s, settings, way, true);
	}
}

const char **
settings_scopes(const struct settings *settings, const struct config *config,
                struct arena *arena, size_t *count)
{
	const struct manifest *m = settings->manifest;
	struct scopes s = { arena_new_array(arena, SCOPES_MAX, const char *), 0 };
	add_scopes(&s, m->oauth.scopes, m->oauth.scope_count);
	size_t base = s.count;
	for (size_t i = 0; i < config->sync_count; i++)
		add_sync(&s, settings, &config->syncs[i]);
	/* Before there is a sync one wants to look around; not every account has what
	 * a longer pattern stands for. */
	for (size_t i = 0; s.count == base && i < m->object_count; i++)
		if (strcmp(m->objects[i].name, "*") == 0
		    || strchr(m->objects[i].name, '*') == NULL)
			add_scopes(&s, m->objects[i].read_scopes,
			           m->objects[i].read_scope_count);
	*count = s.count;
	return s.list;
}
