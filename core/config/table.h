/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - reads libconfig groups into structs by a table of settings: one row
 * a setting, with its type, default, form and hint.  Unknown names, wrong types
 * and missing settings become problems, all of them at once; what is right is
 * stored all the same.
 *
 * The rows of the configuration are in settings.c, those of a connector's
 * manifest in connector/manifest.c. */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libconfig.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/problem.h"

enum table_kind {                      /* What is stored at 'offset': */
	TABLE_TEXT,                    /* const char * */
	TABLE_BOOL,                    /* bool */
	TABLE_INTEGER,                 /* int64_t, in least..most */
	TABLE_DURATION,                /* int64_t, milliseconds; -1: not given */
	TABLE_CHOICE,                  /* const char *, one of 'choices' */
	TABLE_PICK,                    /* int, its place among 'choices' */
	TABLE_TEXTS,                   /* const char **, with 'count', and a NULL */
	TABLE_PAIRS,                   /* struct config_pair *, with 'count' */
	TABLE_GROUP,                   /* the struct of level 'sub' itself */
	TABLE_GROUPS,                  /* a list of groups: struct *, with 'count' */
	TABLE_NAMED,                   /* a group of groups: the same, with names */
	TABLE_OWN,                     /* read by 'own' */
};

struct table_reader;

/* What a text must look like; NULL: it does.  Else what was expected. */
typedef const char *table_form(const char *text);

struct table_rule {
	int level;                     /* The level it belongs to. */
	const char *name;
	enum table_kind kind;
	size_t offset, count, at;      /* In the level's struct; 0: none. */
	int sub;                       /* TABLE_GROUP, _GROUPS, _NAMED: level inside. */
	bool required;
	int64_t least, most;
	const char *const *choices;    /* Ends with NULL. */
	table_form *form;
	const char *expect;            /* What a wrong type is told; or NULL. */
	const char *normal;            /* The default; NULL: none. */
	void (*own)(struct table_reader *r, config_setting_t *member, void *into);
	const char *hint, *hint_ja;
};

struct table_level {
	const char *path;              /* "syncs.from", for the manual */
	const char *what;              /* "a sync", for complaints */
	size_t bytes;                  /* of its struct */
	size_t at;                     /* Its struct place; 0: none. */
	size_t name;                   /* TABLE_NAMED: const char *, the group's name. */
	/* Before the members are read; after; and for names that no rule has
	 * (NULL: they are a problem).  Each may be NULL. */
	void (*begin)(struct table_reader *r, config_setting_t *group, void *into);
	void (*finish)(struct table_reader *r, config_setting_t *group, void *into);
	void (*other)(struct table_reader *r, config_setting_t *member, void *into);
	const char *title, *title_ja;
};

struct table {
	const struct table_rule *rules;        /* Those of one level stand together. */
	size_t rule_count;
	const struct table_level *levels;
	size_t level_count;
};

struct table_reader {
	const struct table *table;
	struct arena *arena;           /* borrowed; what is stored lives here */
	struct problems *problems;
	const char *file;
	enum problem_weight weight;    /* of a mistake met now, and its sync */
	enum problem_weight unknown;   /* of a name that no rule has */
	const char *sync;
	void *user;
};

void table_read(struct table_reader *r, config_setting_t *group, int level, void *into);
/* For a rule's own reader: the list of groups, or group of groups, that 'rule' tells. */
void table_read_groups(struct table_reader *r, const struct table_rule *rule,
                       config_setting_t *member, void *into);
/* Adds a problem at the line of 'setting', weighed as the reader stands. */
void table_complain(struct table_reader *r, const config_setting_t *setting,
                    const char *format, ...) __attribute__((format(printf, 3, 4)));
struct place table_place(const struct table_reader *r, const config_setting_t *setting);
/* What stands there, for people: the number 5, "text", a list of 3. */
const char *table_found(const config_setting_t *setting, char *out, size_t size);
/* Whether it is a number that takes more than 32 bits: such are written as text. */
bool table_too_large(const config_setting_t *setting);
/* The names of a level's settings; the list is the arena's. */
const char *const *table_names(const struct table *table, int level, struct arena *arena,
                               size_t *count);

/* Reads 'text' with libconfig after the scan; false: 'line' and 'why' (240 bytes)
 * say where it broke.  Ends with config_destroy(doc) in both cases. */
struct scan_limits;
bool table_parse(config_t *doc, struct rk_text text, const struct scan_limits *limits,
                 unsigned *line, char *why);

#endif
