/* SPDX-License-Identifier: Apache-2.0
 *
 * config.h - the configuration as read from renkei.conf and the files
 * of conf.d, merged.  Every value keeps its place.  What is here was checked for form
 * (types, names, ranges, references between parts); what needs a connector's
 * manifest is checked by connector/settings.h, what needs a description of
 * fields by mapping/mapping.h.
 *
 *     load -> ( look ) -> free
 *
 * All memory is the arena's.  A NULL string is "not given". */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "config/names.h"
#include "config/problem.h"

struct config_setting {                /* One setting of a connector, as written. */
	const char *name, *value;
	struct place at;
};

struct config_limit {                  /* Overrides a limit class of the manifest. */
	const char *limit, *calls, *per, *concurrent, *resets, *zone;
	const char *allocation, *reserve;
	struct place at;
};

/* What a CRM lets be promised of a write whose answer was lost (docs/architecture.md). */
enum guarantee { GUARANTEE_NONE = -1, GUARANTEE_E1, GUARANTEE_E2, GUARANTEE_E3,
                 GUARANTEE_E4 };

/* How webhooks of a connection prove where they come from. */
struct config_hook {
	const char *secret;            /* NULL: none are taken. */
	const char *url;               /* As the CRM knows it. */
	const char *header;            /* With an HMAC; NULL: as the manifest says. */
	const char *encoding;          /* "hex", "base64" */
	struct place at;
};

struct config_connection {
	const char *name, *connector;
	const char *sha256;            /* Pins the connector's file. */
	const char *sandbox;           /* "full", "seccomp", "off"; default "seccomp". */
	int guarantee;                 /* Lowers the manifest's; _NONE: does not. */
	struct config_setting *settings; /* All that is not one of the host's own. */
	size_t setting_count;
	struct config_limit *limits;
	size_t limit_count;
	bool limits_off;               /* limits = "none" */
	const char *proxy, *ca_file;   /* NULL: none, this machine's list. */
	/* Shown in TLS; NULL: none. */
	const char *client_certificate, *client_certificate_password;
	/* OAuth 2.0: the app that is registered at the CRM; NULL: not used. */
	const char *client_id, *client_secret, *redirect_uri;
	const char *grant;             /* "authorization_code", ...; never NULL. */
	const char *jwt_key, *jwt_user;
	struct config_hook hook;
	/* -1: as the manifest declares. */
	int64_t min_gap_ms, request_deadline_ms, late_commit_ms, index_lag_ms;
	int64_t t_land_ms, t_visible_ms;
	struct place at;
};

struct config_side {
	const char *connection, *object, *filter, *key;
	const char **fallback_keys;    /* Asked in this order where the key is not met. */
	size_t fallback_count;
	int64_t writers;               /* Batches on their way to it at once. */
	struct place at, object_at, filter_at, key_at, fallback_at, writers_at;
};

enum config_nulls {                    /* What a source value of null does. */
	NULLS_KEEP,                    /* The target keeps what it has (default). */
	NULLS_CLEAR,                   /* The target's value is cleared. */
	NULLS_DEFAULT,                 /* `default` is written. */
};

enum config_parent {                   /* A reference to a record that is not linked yet: */
	PARENT_AUTO = -1,              /* (not given) waits; later, in a cycle of syncs. */
	PARENT_WAIT,                   /* the record waits for it. */
	PARENT_LATER,                  /* it goes without, and is completed then. */
	PARENT_SKIP,                   /* it goes without. */
};

struct config_pair {
	const char *from, *to;
};

enum config_map_only {                 /* When a field is written. */
	ONLY_ALWAYS,
	ONLY_BLANKS,                   /* Where the target has nothing. */
};

/* Of a two-way sync; of a single field -1: as the sync has it. */
enum config_conflict { CONFLICT_TAKE_FROM, CONFLICT_TAKE_TO, CONFLICT_NEWEST, CONFLICT_ASK };
/* Of a field; -1: both ways in a two-way sync. */
enum config_direction { DIRECTION_BOTH, DIRECTION_TO, DIRECTION_FROM };

struct config_map {
	const char *to, *from;
	struct config_pair *values;    /* The value map; NULL: none. */
	size_t value_count;
	const char *otherwise;         /* NULL: a value outside the map is rejected. */
	enum config_nulls nulls;
	const char *default_value;
	enum config_map_only only;
	enum config_parent parent;
	bool enabled;                  /* On this way. */
	int direction, conflict;       /* enum config_direction, config_conflict; or -1 */
	struct place at;
};

enum config_empty_key { EMPTY_KEY_SKIP, EMPTY_KEY_CREATE, EMPTY_KEY_ERROR };
enum config_existing { EXISTING_ADOPT, EXISTING_REFUSE };
enum config_only { ONLY_ALL, ONLY_CREATE, ONLY_UPDATE };
/* What becomes at the target of a record that was deleted at the source. */
enum config_deletes { DELETES_IGNORE, DELETES_FLAG, DELETES_ARCHIVE };

struct config_flag {                   /* What DELETES_FLAG writes. */
	const char *field, *value;
	struct place at;
};

enum config_drift { DRIFT_GO_ON, DRIFT_PAUSE, DRIFT_REFUSE };

struct config_reconcile {              /* Both sides are compared by schedule. */
	const char *cron;              /* NULL: they are not. */
	bool repair;
	struct place at;
};

#define CONFIG_START_ALL INT64_MIN
#define CONFIG_START_NOW INT64_MAX

struct config_sync {
	const char *name;
	bool enabled;
	struct config_side from, to;
	struct config_map *maps;
	size_t map_count;
	int64_t start_ms;              /* CONFIG_START_ALL, CONFIG_START_NOW or a time. */
	enum config_empty_key empty_key;
	enum config_existing existing;
	enum config_only only;
	enum config_deletes deletes;
	struct config_flag flag;
	const char *delete_budget;     /* Of one run; more waits for a person. */
	int64_t sweep_ms;              /* All ids are listed so often; -1: not given. */
	const char *every, *cron, *zone, *window;  /* Used by the schedule. */
	const char *backfill;          /* "22:00-06:00" or "auto"; NULL: at any time. */
	const char *after;             /* A sync: runs when that one ended well. */
	const char **blackout;
	size_t blackout_count;
	const char *breaker;           /* NULL: no rule. */
	const char **notify;
	size_t notify_count;
	struct config_reconcile reconcile;
	int64_t history_ms;            /* How long the field log is kept; -1: none is. */
	enum config_drift drift;
	int64_t overdue_ms;            /* Without a good run for so long: told; -1: not given. */
	int two_way;                   /* 1: direction = "both" */
	int conflict;                  /* enum config_conflict */
	const char *loop_breaker;      /* Two-way: never NULL. */
	const struct config_sync *back; /* The same, turned round; NULL: one way only. */
	bool is_back;                  /* It is such a one. */
	struct place at;
};

struct config_notice {                 /* Whom to tell, and how. */
	const char *name, *mail, *chat, *webhook, *command;
	const char *secret;            /* Signs what goes to 'webhook'; NULL: nothing does. */
	const char *heartbeat;
	int64_t heartbeat_ms;
	const char *send;              /* "immediate", "daily", "weekly", "off" */
	const char *digest_at, *zone;  /* "08:00"; NULL: the clocks of this machine. */
	const char *digest_day;        /* "mon" */
	const char *lang;              /* "en", "ja"; NULL: as renkei was started. */
	struct place at;
};

struct config_smtp {                   /* The server that takes mails. */
	const char *host;              /* NULL: there is none. */
	int64_t port;                  /* 0: as 'tls' has it. */
	const char *tls;               /* "starttls", "tls", "none" */
	const char *user, *password, *from, *ca_file;
	struct place at;
};

struct config_console {                /* The page for people; at.line 0: there is none. */
	const char *listen;            /* "127.0.0.1:8080"; never NULL if there is one */
	const char *address;           /* Where people find it; NULL: where it listens. */
	const char *certificate, *key; /* PEM files; NULL: no TLS. */
	const char *behind;            /* The proxy that alone may come; NULL: none. */
	struct place at;
};

struct config {
	struct arena arena;            /* owned */
	const char **connector_dirs;   /* NULL-terminated; NULL: the built-in place. */
	size_t connector_dir_count;
	struct config_connection *connections;
	size_t connection_count;
	struct config_sync *syncs;
	size_t sync_count;
	struct config_notice *notices;
	size_t notice_count;
	struct config_console console;
	struct config_smtp smtp;
	char hash[33];                 /* Of all texts read; hex. */
};

/* Reads 'path' and the conf.d folder beside it.  Everything wrong is added to
 * 'problems'; what could be read is in 'config' all the same.  False if a
 * problem is fatal. */
bool config_load(struct config *config, const char *path, struct problems *problems);
/* The same for one document in memory; 'file' is what problems call it. */
bool config_load_text(struct config *config, const char *file, struct rk_text text,
                      struct problems *problems);
void config_free(struct config *config);
/* NULL if there is none of that name, or 'name' is NULL. */
/* Whether a daemon runs it by itself, by times or after another one. */
bool config_has_times(const struct config_sync *sync);
const struct config_connection *config_connection(const struct config *config,
                                                  const char *name);
const struct config_sync *config_sync(const struct config *config, const char *name);
/* Why a console with these settings does not start, as found and expected; NULL: it
 * does. */
const char *config_console_mistake(const struct config_console *console);
/* The value of a connector's setting; NULL if not given. */
const char *config_setting(const struct config_connection *connection, const char *name);

/* The settings of a connection that are the host's own and not its connector's. */
struct named config_own_settings(void);

/* The manual of all settings, printed from the same table that checks them. */
void config_print_help(struct buf *out, const char *lang);
/* The settings alone, in mdoc; 'lang' as above. */
void config_print_man(struct buf *out, const char *lang);

#endif
