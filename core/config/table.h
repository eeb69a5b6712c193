/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - reads libconfig groups into structs by tables of settings: one row a
 * setting, with its type, default, form and hint.  Unknown names, wrong types and
 * missing settings become problems, all of them at once; what is right is stored
 * all the same.
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
#include "config/names.h"
#include "config/problem.h"

enum table_kind {                      /* What is stored at 'offset': */
	TABLE_TEXT,                    /* const char *; one of 'choices', if any */
	TABLE_BOOL,                    /* bool */
	TABLE_INTEGER,                 /* int64_t, in least..most */
	TABLE_DURATION,                /* int64_t, ms in least..most; -1: not given */
	TABLE_START,                   /* int64_t, a time of form_start() */
	TABLE_PICK,                    /* int, its place among 'choices'; -1: not given */
	TABLE_TEXTS,                   /* const char **, with 'count', and a NULL */
	TABLE_PAIRS,                   /* struct config_pair *, with 'count' */
	TABLE_GROUP,                   /* the struct of level 'sub' itself */
	TABLE_GROUPS,                  /* a list of groups: struct *, with 'count' */
	TABLE_NAMED,                   /* a group of groups: the same, with names */
};

struct table_reader;
struct table_level;

/* What a text must look like; NULL: it does.  Else what was expected. */
typedef const char *table_form(const char *text);

struct table_rule {
	const char *name;
	enum table_kind kind;
	/* In the level's struct; 0: none.  Lists grow: what is there stays. */
	size_t offset, count, at;
	size_t none;                   /* bool, true if a list is written as "none" */
	const struct table_level *sub; /* TABLE_GROUP, _GROUPS, _NAMED: inside. */
	bool required;
	int64_t least, most;
	const char *const *choices;    /* Ends with NULL. */
	table_form *form;
	const char *expect;            /* What a wrong type is told; or NULL. */
	const char *normal;            /* The default; NULL: none. */
	const char *hint, *hint_ja;
};

struct table_level {
	const char *path;              /* "syncs.from", for the manual */
	const char *what;              /* "a sync", for complaints */
	const struct table_rule *rules;
	size_t rule_count;
	size_t bytes;                  /* of its struct; TABLE_NAMED: the name is first */
	size_t at;                     /* Its struct place; 0: none. */
	/* Before the members are read; after; and for names that no rule has
	 * (NULL: they are a problem).  Each may be NULL. */
	void (*begin)(struct table_reader *r, config_setting_t *group, void *into);
	void (*finish)(struct table_reader *r, config_setting_t *group, void *into);
	void (*other)(struct table_reader *r, config_setting_t *member, void *into);
	const char *title, *title_ja;
};

/* For rows: where a value goes, and what it must be. */
#define INTO(type, member) .offset = offsetof(struct type, member)
#define LIST(type, member, number) \
	INTO(type, member), .count = offsetof(struct type, number)
#define PLACE(type, member) .at = offsetof(struct type, member)
#define WITHIN(low, high) .least = (low), .most = (high)
#define ONE_OF(...) .choices = (const char *const[]){ __VA_ARGS__, NULL }
/* For levels. */
#define ROWS(list) .rules = (list), .rule_count = sizeof(list) / sizeof *(list)
#define FILLS(type) .bytes = sizeof(struct type)

/* The configuration as a whole, in settings.c; its other levels hang from its rows. */
extern const struct table_level config_top;

struct table_reader {
	struct arena *arena;           /* borrowed; what is stored lives here */
	struct problems *problems;
	const char *file;
	enum problem_weight weight;    /* of a mistake met now, and its sync */
	enum problem_weight unknown;   /* of a name that no rule has */
	const char *sync;
};

/* Parses 'text' after a look by the scan, and reads it as the level 'top' into
 * 'into'.  False: it is no document; a problem, of 'what' if not NULL, says where
 * it broke. */
bool table_read(struct table_reader *r, struct rk_text text,
                const struct table_level *top, const char *what, void *into);
/* Adds a problem at the line of 'setting' (NULL: the file), weighed as the reader
 * stands. */
void table_complain(struct table_reader *r, const config_setting_t *setting,
                    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "NAME: found ..., expected 'wanted'". */
void table_wrong(struct table_reader *r, const char *name,
                 const config_setting_t *setting, const char *wanted);
struct place table_place(const struct table_reader *r, const config_setting_t *setting);
/* A text, number or truth as text; NULL: it is none of these. */
const char *table_text(const struct table_reader *r, const config_setting_t *setting);

#endif
