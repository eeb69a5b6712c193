/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - a connection of the configuration against the manifest of its
 * connector: every setting checked and filled in, and what a run needs to open
 * it: values for the connector, origins, limits and lags for the host, secrets
 * for net.
 *
 *     settings_check -> settings_check_side -> settings_secrets -> ( use )
 *
 * Everything wrong becomes a problem at the setting's own line, all at once.
 * The value of a secret is never printed. */
#ifndef CONNECTOR_SETTINGS_H
#define CONNECTOR_SETTINGS_H

#include "base/arena.h"
#include "config/config.h"
#include "connector/manifest.h"
#include "connector/runner.h"
#include "record/http.h"

struct settings {
	const struct config_connection *connection; /* borrowed */
	const struct manifest *manifest;            /* borrowed */
	/* All that the manifest declares and that has a value, defaults filled in;
	 * secrets by name alone. */
	struct runner_setting *values;
	size_t value_count;
	struct rk_text *origins;       /* "https://api.hubapi.com", ... */
	size_t origin_count;
	struct net_limit *limits;      /* Empty with limits = "none". */
	size_t limit_count;
	struct manifest_lags lags;     /* Of the manifest, where not overridden. */
	int64_t request_deadline_ms;
	struct net_oauth oauth;        /* Without a token_url: not used. */
};

/* Whose files the connector may use; NULL: it has none. */
const char *settings_directory(const struct settings *settings);

/* Checks the connection and fills 'out', whose memory is the arena's.  False if
 * a problem was fatal. */
bool settings_check(struct settings *out, const struct config_connection *connection,
                    const struct manifest *manifest, struct arena *arena,
                    struct problems *problems);

enum settings_use { SETTINGS_READ, SETTINGS_WRITE };

/* Checks one side of a sync against the manifest: whether there is such an
 * object and whether it can be read or written as the sync will ask.  A
 * pasted address is reduced to the object's id, in place, with a warning.
 * Problems are the sync's. */
bool settings_check_side(const struct settings *settings, struct config_side *side,
                         enum settings_use use, const struct config_sync *sync,
                         struct arena *arena, struct problems *problems);
/* The operation that a sync will ask for and the object does not declare; NULL: there
 * is none.  'sync' NULL: one that says nothing of existing and empty_key.  'why' is who
 * asks for it, for people. */
const char *settings_lacking(const struct manifest_object *object, enum settings_use use,
                             enum guarantee guarantee, const struct config_sync *sync,
                             struct arena *arena, const char **why);
/* The guarantee class of an object: what the manifest declares, or what the
 * connection lowers it to. */
enum guarantee settings_guarantee(const struct settings *settings,
                                  const struct manifest_object *object);

/* The address that opens a record of the object 'name' in the CRM, by the manifest's
 * template; empty if it has none, or if a setting that it needs is not given.  A part
 * in brackets goes when its setting is not given. */
struct rk_text settings_link(const struct settings *settings,
                             const struct manifest_object *object, const char *name,
                             struct rk_text id, struct arena *arena);

/* A template of the manifest with settings filled in; empty if one has no value. */
struct rk_text settings_address(const struct settings *settings, const char *template,
                                struct arena *arena);
/* The scopes that the connection's syncs need and no more. */
const char **settings_scopes(const struct settings *settings, const struct config *config,
                             struct arena *arena, size_t *count);

/* The secrets as net takes them: env: references are read here, file: ones are
 * passed on by path.  RK_PAUSE, category config, if one cannot be had, with its
 * name and the remedy. */
int32_t settings_secrets(const struct settings *settings, struct arena *arena,
                         struct net_secret **secrets, size_t *count, struct rk_err *err);
/* One that belongs to no connection but to 'owner', "notify.ops": the name that it is
 * sealed for, and that errors tell. */
int32_t settings_secret(const char *owner, const char *name, const char *written,
                        struct arena *arena, struct net_secret *secret,
                        struct rk_err *err);
/* The form of such a reference. */
void settings_check_secret(const char *owner, const char *name, const char *written,
                           struct place at, struct problems *problems);
/* Wipes the values, once net has them. */
void settings_forget(struct net_secret *secrets, size_t count);

/* The file of the key that secrets are sealed with: a credential of the service with
 * that name, else the one in the state directory, which may not be there yet. */
const char *settings_seal_key(const char *state_dir, struct arena *arena);

/* What may be shown of a value: a secret's reference, "(literal)" for one that
 * stands in the file itself, "(sealed)" for one that stands there sealed. */
const char *settings_shown(const struct manifest_setting *setting, const char *value);

#endif
