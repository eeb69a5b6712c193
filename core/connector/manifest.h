/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.h - what a connector declares about itself: its settings, hosts,
 * limits, objects, lags.  Read from the file without loading its code; the keys
 * are those of renkei/manifest.h.  It drives checks, `connectors show`, plan,
 * console and the help page.
 *
 *     connector_dirs -> manifest_find (or manifest_list) -> ( look ) -> free
 *
 * Everything wrong is added to a list of problems: of the manifest at the place
 * of its file, of the configuration at the place given.  All memory is the
 * manifest's arena.  A NULL text is "not given". */
#ifndef CONNECTOR_MANIFEST_H
#define CONNECTOR_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "config/config.h"
#include "config/problem.h"

enum manifest_type {
	MANIFEST_TEXT, MANIFEST_URL, MANIFEST_INTEGER, MANIFEST_BOOL, MANIFEST_SECONDS,
	MANIFEST_SECRET, MANIFEST_CHOICE, MANIFEST_PATH,
};

struct manifest_setting {
	const char *name;
	int type;                      /* enum manifest_type */
	bool required;
	const char *normal;            /* The default, as text. */
	const char *pattern, *reduce;  /* Extended regular expressions; tame. */
	const char **choices;          /* NULL after the last. */
	size_t choice_count;
	const char *hint, *hint_ja, *example;
	struct place at;
};

struct manifest_limit {
	const char *name;
	const char *calls, *per, *concurrent;   /* As texts of their form. */
	const char *scope;             /* "connection", "object", "host" */
	const char *resets, *zone, *reserve;
	bool reads_only;               /* What writes does not spend it. */
	const char *told_calls, *told_left, *told_used; /* Headers, in lower case. */
	struct place at;
};

struct manifest_object {
	const char *name;              /* "*": any other; "2-*": any that begins so. */
	const char *id_pattern, *id_reduce;
	const char *label, *label_ja;
	const char **operations;       /* "list", "upsert", ... */
	size_t operation_count;
	int64_t page, batch, writers;
	bool resumes;                  /* The last token starts the next listing. */
	bool tells_deleted;            /* A listing has what was deleted as well. */
	const char **hints;            /* "TYPE TEST" that a listing may be narrowed by. */
	size_t hint_count;
	int guarantee;                 /* enum guarantee */
	int64_t calls_page, calls_batch;
	int64_t rows_call;             /* Of one request that writes; 0: a whole batch. */
	const char **read_scopes, **write_scopes;
	size_t read_scope_count, write_scope_count;
	const char *links;             /* Template: opens a record in the CRM. */
	const char **told_as;          /* What webhooks call it, beside its name. */
	size_t told_as_count;
	struct place at;
};

struct manifest_lags {
	int64_t late_commit_ms, index_lag_ms, clock_ms, t_land_ms, t_visible_ms;
};

/* Scopes that a use of an object needs beside the object's own. */
struct manifest_more {
	const char *object;            /* The object's name in the manifest; NULL: any. */
	const char *field;             /* Stands in what is mapped; NULL: whatever is. */
	const char *setting, **values; /* The setting has one of these; NULL: whatever. */
	size_t value_count;
	const char **read_scopes, **write_scopes;
	size_t read_scope_count, write_scope_count;
	struct place at;
};

struct manifest_oauth {
	const char **grants;
	size_t grant_count;
	const char *authorize, *token, *revoke, *scope_separator, *host_field;
	const char *audience;          /* Of a JWT; a template. */
	const char *client_auth;       /* "body", "basic" */
	const char **scopes;           /* That every use needs. */
	size_t scope_count;
	struct manifest_more *more;
	size_t more_count;
	bool pkce;
	struct place at;               /* line 0: not declared. */
};

/* What its webhooks look like; a path names members, "a.b", and "" is the event itself. */
struct manifest_hook {
	const char *format;            /* "json", "soap" */
	const char *header;            /* With the signature; NULL: the secret stands in the
	                                * address. */
	const char *encoding;          /* "hex", "base64" */
	const char **over;             /* HMAC-SHA256 of "method", "url", "body", "time". */
	size_t over_count;
	const char *time;              /* The header with the time, Unix ms. */
	const char *events;            /* The path of the list, or of the one event. */
	/* In an event: the first that names an object, up to a '.', counts; ids all do. */
	const char **objects, **ids;
	size_t object_count, id_count;
	struct place at;               /* line 0: not declared. */
};

struct manifest_usual {                /* What fields of an object usually mean. */
	const char *object;
	const char *is;                /* What kind of thing: "person"; NULL: not told. */
	struct config_pair *fields;    /* From a meaning to the name of a field. */
	size_t field_count;
	struct place at;
};

struct manifest_text {                 /* Words for operators, by vendor code. */
	const char *code, *cause, *cause_ja, *remedy, *remedy_ja;
	struct place at;
};

struct manifest {
	struct arena arena;            /* owned */
	const char *path;              /* Absolute, of the .so. */
	const char *name, *title, *title_ja, *version, *vendor, *licence, *min_host;
	int64_t abi;
	struct manifest_setting *settings;
	size_t setting_count;
	/* Codes by which an update or archive says that its record is not there. */
	const char **gone;
	size_t gone_count;
	const char **hosts;            /* Templates over the settings. */
	size_t host_count;
	struct manifest_limit *limits;
	size_t limit_count;
	struct manifest_object *objects;
	size_t object_count;
	struct manifest_lags lags;
	struct manifest_oauth oauth;
	struct manifest_hook hook;
	struct manifest_text *texts;
	size_t text_count;
	struct manifest_usual *usual;
	size_t usual_count;
};

/* The folders that hold connectors: those of the configuration; else, for a
 * program that runs where it was built, the plugins beside it; else the place
 * where they are installed.  Ends with NULL; 'config' may be NULL. */
const char *const *connector_dirs(const struct config *config, struct arena *arena);

/* Finds NAME.so in 'dirs' and reads its manifest.  False: problems at 'at' (of
 * the connection that names it) or of the file; 'm' is then empty. */
bool manifest_find(struct manifest *m, const char *const *dirs, const char *name,
                   struct place at, struct problems *problems);
/* Reads the file at an absolute path. */
bool manifest_read(struct manifest *m, const char *path, struct problems *problems);
/* Reads the text of a manifest; 'path' is what problems call it, and the manifest's
 * name must be that of its file. */
bool manifest_parse(struct manifest *m, const char *path, struct rk_text text,
                    struct problems *problems);
void manifest_free(struct manifest *m);

/* The paths of all connectors in 'dirs', by name; the first of a name counts. */
const char *const *manifest_list(const char *const *dirs, struct arena *arena,
                                 size_t *count);

/* SHA-256 of a file in hex; false with errno set. */
bool manifest_file_hash(const char *path, char hex[65]);

const struct manifest_setting *manifest_setting(const struct manifest *m,
                                                const char *name);
/* The object of that name, else the one that stands for any other; NULL: none. */
const struct manifest_object *manifest_object(const struct manifest *m, const char *name);
bool manifest_can(const struct manifest_object *object, const char *operation);
/* The words for a vendor's code; NULL: none. */
const struct manifest_text *manifest_text(const struct manifest *m, const char *code);
/* What is told of that very object; NULL: nothing. */
const struct manifest_usual *manifest_usual(const struct manifest *m, const char *object);

/* Reads "${NAME}" at the beginning of 'text'; its length, 0: it is none.  'name' is
 * then empty. */
size_t manifest_template_name(const char *text, char name[65]);
#endif
