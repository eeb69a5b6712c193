/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.c - see manifest.h.  One row a key; what rows cannot say is checked
 * after.  Finding files is catalog.c's. */
#include "connector/manifest.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "config/form.h"
#include "config/names.h"
#include "config/scan.h"
#include "config/table.h"
#include "connector/section.h"

/* ---- Forms ----------------------------------------------------------------- */

#define PATTERN_LEN 256
#define PATTERN_REPEATS 1000

/* A repeat count of up to 32767 inside another makes the C library's compiler
 * eat all memory; the product of all counts is a safe bound. */
static bool
repeats_are_tame(const char *pattern)
{
	unsigned long product = 1;
	for (const char *at = strchr(pattern, '{'); at != NULL;
	     at = strchr(at + 1, '{')) {
		char *rest;
		unsigned long most = strtoul(at + 1, &rest, 10);
		if (*rest == ',' && isdigit((unsigned char)rest[1]))
			most = strtoul(rest + 1, &rest, 10);
		if (most > PATTERN_REPEATS)
			return false;
		product *= most > 0 ? most : 1;
		if (product > PATTERN_REPEATS)
			return false;
	}
	return true;
}

const char *
manifest_pattern_fault(const char *pattern)
{
	if (strlen(pattern) > PATTERN_LEN)
		return "an expression of at most 256 bytes";
	if (!repeats_are_tame(pattern))
		return "an expression whose counted repeats multiply to at most 1000";
	for (const char *at = pattern; (at = strchr(at, '\\')) != NULL; at += 2) {
		if (isdigit((unsigned char)at[1]))
			return "an expression without back-references";
		if (at[1] == '\0')
			break;
	}
	regex_t regex;
	if (regcomp(&regex, pattern, REG_EXTENDED) != 0)
		return "an extended regular expression";
	regfree(&regex);
	return NULL;
}

static const char *
form_setting(const char *text)
{
	size_t len = strlen(text);
	bool good = islower((unsigned char)text[0]) && len <= 64
	            && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
	return good ? NULL : "a name of 1 to 64 lower-case letters, digits and \"_\"";
}

static const char *
form_operation(const char *text)
{
	static const char *const names[] = { "list", "ids", "field", "upsert", "create",
	                                     "update", "archive" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], text) == 0)
			return NULL;
	return "\"list\", \"ids\", \"field\", \"upsert\", \"create\", \"update\" or "
	       "\"archive\"";
}

/* ---- The table -------------------------------------------------------------- */

enum { AT_TOP, AT_SETTING, AT_LIMIT, AT_OBJECT, AT_LAGS, AT_OAUTH, AT_TEXT };

#define INTO(type, member) .offset = offsetof(struct type, member)
#define LIST(type, member, number) \
	INTO(type, member), .count = offsetof(struct type, number)
#define ONE_OF(...) .choices = (const char *const[]){ __VA_ARGS__, NULL }
#define NUMBER(low, high) .least = (low), .most = (high)
#define LAG(text, member) \
	{ AT_LAGS, text, TABLE_DURATION, INTO(manifest_lags, member), \
	  NUMBER(0, 86400000), .normal = "0s" }
#define TEXT(level, text, type, member) { level, text, TABLE_TEXT, INTO(type, member) }
#define NEED(level, text, type, member, how) \
	{ level, text, TABLE_TEXT, INTO(type, member), .required = true, .form = how }

static void finish_setting(struct table_reader *r, config_setting_t *group, void *into);
static void finish_limit(struct table_reader *r, config_setting_t *group, void *into);

static const struct table_level levels[] = {
	[AT_TOP] = { .what = "a manifest", .bytes = sizeof(struct manifest) },
	[AT_SETTING] = { .what = "a setting", .bytes = sizeof(struct manifest_setting),
	                 .at = offsetof(struct manifest_setting, at),
	                 .finish = finish_setting },
	[AT_LIMIT] = { .what = "a limit", .bytes = sizeof(struct manifest_limit),
	               .at = offsetof(struct manifest_limit, at),
	               .finish = finish_limit },
	[AT_OBJECT] = { .what = "an object", .bytes = sizeof(struct manifest_object),
	                .at = offsetof(struct manifest_object, at) },
	[AT_LAGS] = { .what = "the lags", .bytes = sizeof(struct manifest_lags) },
	[AT_OAUTH] = { .what = "the OAuth part", .bytes = sizeof(struct manifest_oauth),
	               .at = offsetof(struct manifest_oauth, at) },
	[AT_TEXT] = { .what = "a text", .bytes = sizeof(struct manifest_text),
	              .at = offsetof(struct manifest_text, at) },
};

static const struct table_rule rows[] = {
	NEED(AT_TOP, "name", manifest, name, form_name),
	NEED(AT_TOP, "title", manifest, title, form_filled),
	TEXT(AT_TOP, "title_ja", manifest, title_ja),
	NEED(AT_TOP, "version", manifest, version, form_filled),
	NEED(AT_TOP, "vendor", manifest, vendor, form_filled),
	NEED(AT_TOP, "licence", manifest, licence, form_filled),
	TEXT(AT_TOP, "min_host", manifest, min_host),
	{ AT_TOP, "abi", TABLE_INTEGER, INTO(manifest, abi), .required = true,
	  NUMBER(1, 1000) },
	{ AT_TOP, "settings", TABLE_GROUPS, LIST(manifest, settings, setting_count),
	  .sub = AT_SETTING },
	{ AT_TOP, "hosts", TABLE_TEXTS, LIST(manifest, hosts, host_count),
	  .form = form_filled },
	{ AT_TOP, "limits", TABLE_GROUPS, LIST(manifest, limits, limit_count),
	  .sub = AT_LIMIT },
	{ AT_TOP, "objects", TABLE_GROUPS, LIST(manifest, objects, object_count),
	  .sub = AT_OBJECT, .required = true },
	{ AT_TOP, "lags", TABLE_GROUP, INTO(manifest, lags), .sub = AT_LAGS },
	{ AT_TOP, "oauth", TABLE_GROUP, INTO(manifest, oauth), .sub = AT_OAUTH },
	{ AT_TOP, "texts", TABLE_GROUPS, LIST(manifest, texts, text_count),
	  .sub = AT_TEXT },

	NEED(AT_SETTING, "name", manifest_setting, name, form_setting),
	{ AT_SETTING, "type", TABLE_PICK, INTO(manifest_setting, type), .required = true,
	  ONE_OF("text", "url", "integer", "bool", "seconds", "secret", "choice") },
	{ AT_SETTING, "required", TABLE_BOOL, INTO(manifest_setting, required) },
	TEXT(AT_SETTING, "default", manifest_setting, normal),
	{ AT_SETTING, "pattern", TABLE_TEXT, INTO(manifest_setting, pattern),
	  .form = manifest_pattern_fault },
	{ AT_SETTING, "reduce", TABLE_TEXT, INTO(manifest_setting, reduce),
	  .form = manifest_pattern_fault },
	{ AT_SETTING, "choices", TABLE_TEXTS,
	  LIST(manifest_setting, choices, choice_count) },
	TEXT(AT_SETTING, "hint", manifest_setting, hint),
	TEXT(AT_SETTING, "hint_ja", manifest_setting, hint_ja),
	TEXT(AT_SETTING, "example", manifest_setting, example),

	NEED(AT_LIMIT, "name", manifest_limit, name, form_filled),
	{ AT_LIMIT, "calls", TABLE_TEXT, INTO(manifest_limit, calls),
	  .form = form_count },
	{ AT_LIMIT, "per", TABLE_TEXT, INTO(manifest_limit, per), .form = form_duration },
	{ AT_LIMIT, "concurrent", TABLE_TEXT, INTO(manifest_limit, concurrent),
	  .form = form_count },
	{ AT_LIMIT, "scope", TABLE_CHOICE, INTO(manifest_limit, scope),
	  ONE_OF("connection", "object", "host"), .normal = "connection" },
	{ AT_LIMIT, "resets", TABLE_TEXT, INTO(manifest_limit, resets),
	  .form = form_time },
	TEXT(AT_LIMIT, "zone", manifest_limit, zone),
	{ AT_LIMIT, "reserve", TABLE_TEXT, INTO(manifest_limit, reserve),
	  .form = form_share },

	NEED(AT_OBJECT, "name", manifest_object, name, form_filled),
	{ AT_OBJECT, "id_pattern", TABLE_TEXT, INTO(manifest_object, id_pattern),
	  .form = manifest_pattern_fault },
	{ AT_OBJECT, "id_reduce", TABLE_TEXT, INTO(manifest_object, id_reduce),
	  .form = manifest_pattern_fault },
	TEXT(AT_OBJECT, "label", manifest_object, label),
	TEXT(AT_OBJECT, "label_ja", manifest_object, label_ja),
	{ AT_OBJECT, "operations", TABLE_TEXTS,
	  LIST(manifest_object, operations, operation_count), .required = true,
	  .form = form_operation },
	{ AT_OBJECT, "page", TABLE_INTEGER, INTO(manifest_object, page),
	  NUMBER(1, 100000), .normal = "100" },
	{ AT_OBJECT, "batch", TABLE_INTEGER, INTO(manifest_object, batch),
	  NUMBER(1, 100000), .normal = "100" },
	{ AT_OBJECT, "writers", TABLE_INTEGER, INTO(manifest_object, writers),
	  NUMBER(1, 64), .normal = "1" },
	{ AT_OBJECT, "guarantee", TABLE_PICK, INTO(manifest_object, guarantee),
	  ONE_OF("E1", "E2", "E3", "E4"), .normal = "E4" },
	{ AT_OBJECT, "calls_page", TABLE_INTEGER, INTO(manifest_object, calls_page),
	  NUMBER(1, 1000), .normal = "1" },
	{ AT_OBJECT, "calls_batch", TABLE_INTEGER, INTO(manifest_object, calls_batch),
	  NUMBER(1, 1000), .normal = "1" },
	{ AT_OBJECT, "read_scopes", TABLE_TEXTS,
	  LIST(manifest_object, read_scopes, read_scope_count) },
	{ AT_OBJECT, "write_scopes", TABLE_TEXTS,
	  LIST(manifest_object, write_scopes, write_scope_count) },
	TEXT(AT_OBJECT, "links", manifest_object, links),

	LAG("late_commit", late_commit_ms), LAG("index_lag", index_lag_ms),
	LAG("clock", clock_ms), LAG("t_land", t_land_ms), LAG("t_visible", t_visible_ms),

	{ AT_OAUTH, "grants", TABLE_TEXTS, LIST(manifest_oauth, grants, grant_count) },
	TEXT(AT_OAUTH, "authorize", manifest_oauth, authorize),
	TEXT(AT_OAUTH, "token", manifest_oauth, token),
	TEXT(AT_OAUTH, "revoke", manifest_oauth, revoke),
	TEXT(AT_OAUTH, "scope_separator", manifest_oauth, scope_separator),
	TEXT(AT_OAUTH, "host_field", manifest_oauth, host_field),
	{ AT_OAUTH, "pkce", TABLE_BOOL, INTO(manifest_oauth, pkce) },

	NEED(AT_TEXT, "code", manifest_text, code, form_filled),
	TEXT(AT_TEXT, "cause", manifest_text, cause),
	TEXT(AT_TEXT, "cause_ja", manifest_text, cause_ja),
	TEXT(AT_TEXT, "remedy", manifest_text, remedy),
	TEXT(AT_TEXT, "remedy_ja", manifest_text, remedy_ja),
};

static const struct table manifest_table = {
	.rules = rows, .rule_count = sizeof rows / sizeof *rows,
	.levels = levels, .level_count = sizeof levels / sizeof *levels,
};

/* ---- What rows cannot say ----------------------------------------------------- */

static void
finish_setting(struct table_reader *r, config_setting_t *group, void *into)
{
	const struct manifest_setting *s = into;
	const char *name = s->name != NULL ? s->name : "a setting";
	if (s->type == MANIFEST_CHOICE && s->choice_count == 0)
		table_complain(r, group, "%s is a choice without \"choices\"", name);
	if (s->type == MANIFEST_SECRET && s->normal != NULL)
		table_complain(r, group, "%s is a secret with a default", name);
	if (s->reduce != NULL && s->pattern == NULL)
		table_complain(r, group, "%s has \"reduce\" without \"pattern\"", name);
}

static void
finish_limit(struct table_reader *r, config_setting_t *group, void *into)
{
	const struct manifest_limit *l = into;
	if (l->calls == NULL && l->concurrent == NULL)
		table_complain(r, group, "a limit needs \"calls\" with \"per\", or "
		               "\"concurrent\"");
	if ((l->calls == NULL) != (l->per == NULL))
		table_complain(r, group, "a limit has \"calls\" and \"per\" together");
}

static struct place
at_file(const struct manifest *m)
{
	return (struct place){ m->path, 0 };
}

static void
check_setting_names(const struct manifest *m, struct problems *problems)
{
	static const char *const shared[] = { "late_commit", "index_lag", "t_land",
	                                      "t_visible" };
	struct arena scratch = ARENA_INIT;
	struct names seen = NAMES_INIT(&scratch);
	size_t n;
	const char *const *hosts_own = config_connection_settings(&scratch, &n);
	for (size_t i = 0; i < n; i++)
		names_add(&seen, hosts_own[i], (void *)(uintptr_t)hosts_own[i]);
	for (size_t i = 0; i < m->setting_count; i++) {
		const char *name = m->settings[i].name;
		if (name == NULL)
			continue;
		bool lag = false;      /* The host's lags may be seen by the connector. */
		for (size_t k = 0; k < sizeof shared / sizeof *shared; k++)
			lag = lag || strcmp(name, shared[k]) == 0;
		if (!lag && names_add(&seen, name, &m->settings[i]) != NULL)
			problem_add(problems, PROBLEM_FATAL, m->settings[i].at, NULL,
			            "setting \"%s\" stands twice, or is one of the "
			            "host's own",
			            name);
		if (lag && m->settings[i].type != MANIFEST_SECONDS)
			problem_add(problems, PROBLEM_FATAL, m->settings[i].at, NULL,
			            "setting \"%s\" is a lag, expected type \"seconds\"",
			            name);
	}
	arena_free(&scratch);
}

static void
check_object_names(const struct manifest *m, struct problems *problems)
{
	for (size_t i = 0; i < m->object_count; i++)
		for (size_t k = 0; k < i && m->objects[i].name != NULL; k++)
			if (m->objects[k].name != NULL
			    && strcmp(m->objects[i].name, m->objects[k].name) == 0)
				problem_add(problems, PROBLEM_FATAL, m->objects[i].at,
				            NULL, "object \"%s\" stands twice",
				            m->objects[i].name);
}

/* Templates name settings that exist and are no secrets. */
static void
check_template(const struct manifest *m, const char *template, struct problems *problems)
{
	for (const char *at = strstr(template, "${"); at != NULL; at = strstr(at, "${")) {
		char name[65];
		at += 2;
		size_t len = strcspn(at, "}");
		text_copy(name, sizeof name, (struct rk_text){ at, len });
		const struct manifest_setting *s = manifest_setting(m, name);
		if (at[len] != '}' || s == NULL || s->type == MANIFEST_SECRET)
			problem_add(problems, PROBLEM_FATAL, at_file(m), NULL,
			            "hosts: found \"%s\", expected ${NAME} to be a "
			            "setting that is no secret",
			            template);
	}
}

static void
check_name(const struct manifest *m, struct problems *problems)
{
	const char *slash = strrchr(m->path, '/');
	const char *file = slash != NULL ? slash + 1 : m->path;
	size_t len = strcspn(file, ".");
	if (m->name != NULL
	    && (strlen(m->name) != len || memcmp(m->name, file, len) != 0))
		problem_add(problems, PROBLEM_FATAL, at_file(m), NULL,
		            "its manifest is that of \"%s\"; a connector's file is "
		            "NAME.so", m->name);
}

static void
check_abi(const struct manifest *m, struct problems *problems)
{
	if (m->abi != 0 && m->abi != RK_ABI)
		problem_add(problems, PROBLEM_FATAL, at_file(m), NULL,
		            "it was made for version %lld of the contract, this renkei "
		            "has version %u; install the connector's release for it",
		            (long long)m->abi, RK_ABI);
}

/* ---- Reading ------------------------------------------------------------------ */

bool
manifest_parse(struct manifest *m, const char *path, struct rk_text text,
               struct problems *problems)
{
	size_t before = problems->count;
	*m = (struct manifest){ .arena = ARENA_INIT };
	m->path = arena_str(&m->arena, path);
	struct table_reader reader = {
		.table = &manifest_table, .arena = &m->arena, .problems = problems,
		.file = m->path, .weight = PROBLEM_FATAL, .unknown = PROBLEM_WARNING,
	};
	config_t doc;
	struct place at = { m->path, 0 };
	char why[240];
	if (table_parse(&doc, text, &scan_manifest, &at.line, why)) {
		table_read(&reader, config_root_setting(&doc), AT_TOP, m);
		check_name(m, problems);
		check_abi(m, problems);
		check_setting_names(m, problems);
		check_object_names(m, problems);
		for (size_t i = 0; i < m->host_count; i++)
			check_template(m, m->hosts[i], problems);
	} else {
		problem_add(problems, PROBLEM_FATAL, at, NULL, "manifest: %s", why);
	}
	config_destroy(&doc);
	for (size_t i = before; i < problems->count; i++) {
		if (problems->list[i].weight == PROBLEM_FATAL) {
			manifest_free(m);
			return false;
		}
	}
	return true;
}

/* Whoever may write the file or its folder decides what runs here. */
static const char *
owner_fault(const struct stat *st)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "belongs to another user; expected root or you (chown it)";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "may be written by others (chmod go-w it)";
	return NULL;
}

static const char *
folder_fault(const char *path)
{
	char folder[PATH_MAX];
	struct stat st;
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
	if (len == 0 || len >= sizeof folder)
		return "lies nowhere";
	text_copy(folder, sizeof folder, (struct rk_text){ path, len });
	if (stat(folder, &st) != 0)
		return "lies in a folder that cannot be read";
	if (owner_fault(&st) != NULL)
		return "lies in a folder that belongs to another user or may be written "
		       "by others (chown it, chmod go-w it)";
	return NULL;
}

/* Why the file could not be opened. */
static const char *
open_fault(void)
{
	return errno == ELOOP ? "it is a symbolic link, expected the file itself"
	                      : strerror(errno);
}

bool
manifest_read(struct manifest *m, const char *path, struct problems *problems)
{
	struct place at = { path, 0 };
	struct stat st;
	*m = (struct manifest){ .arena = ARENA_INIT };
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0) {
		problem_add(problems, PROBLEM_FATAL, at, NULL, "cannot be read: %s",
		            open_fault());
		return false;
	}
	const char *fault = owner_fault(&st);
	if (fault == NULL)
		fault = folder_fault(path);
	if (fault != NULL) {
		problem_add(problems, PROBLEM_FATAL, at, NULL, "%s", fault);
		return false;
	}
	BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
	char why[160];
	if (!section_read(fd, &text, why, sizeof why)) {
		problem_add(problems, PROBLEM_FATAL, at, NULL, "%s", why);
		return false;
	}
	return manifest_parse(m, path, buf_text(&text), problems);
}

void
manifest_free(struct manifest *m)
{
	arena_free(&m->arena);
	*m = (struct manifest){ .arena = ARENA_INIT };
}

/* ---- Looking ------------------------------------------------------------------ */

const struct manifest_setting *
manifest_setting(const struct manifest *m, const char *name)
{
	for (size_t i = 0; i < m->setting_count; i++)
		if (m->settings[i].name != NULL && strcmp(m->settings[i].name, name) == 0)
			return &m->settings[i];
	return NULL;
}

const struct manifest_limit *
manifest_limit(const struct manifest *m, const char *name)
{
	for (size_t i = 0; i < m->limit_count; i++)
		if (strcmp(m->limits[i].name, name) == 0)
			return &m->limits[i];
	return NULL;
}

const struct manifest_object *
manifest_object(const struct manifest *m, const char *name)
{
	const struct manifest_object *any = NULL;
	for (size_t i = 0; i < m->object_count; i++) {
		if (strcmp(m->objects[i].name, name) == 0)
			return &m->objects[i];
		if (strcmp(m->objects[i].name, "*") == 0)
			any = &m->objects[i];
	}
	return any;
}

bool
manifest_can(const struct manifest_object *object, const char *operation)
{
	for (size_t i = 0; i < object->operation_count; i++)
		if (strcmp(object->operations[i], operation) == 0)
			return true;
	return false;
}

const struct manifest_text *
manifest_text(const struct manifest *m, const char *code)
{
	for (size_t i = 0; i < m->text_count; i++)
		if (strcmp(m->texts[i].code, code) == 0)
			return &m->texts[i];
	return NULL;
}
