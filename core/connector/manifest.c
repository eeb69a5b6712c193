/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.c - see manifest.h.  One row a key; what rows cannot say is checked
 * after.  Finding files is catalog.c's. */
#include "connector/manifest.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "config/form.h"
#include "config/table.h"
#include "connector/files.h"
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
	for (const char *at = pattern; (at = strchr(at, '{')) != NULL; at++) {
		char *rest;
		unsigned long most = strtoul(at + 1, &rest, 10);
		if (*rest == ',' && isdigit((unsigned char)rest[1]))
			most = strtoul(rest + 1, &rest, 10);
		product *= most > 0 && most <= PATTERN_REPEATS ? most : 1;
		if (most > PATTERN_REPEATS || product > PATTERN_REPEATS)
			return false;
	}
	return true;
}

static const char *
form_pattern(const char *pattern)
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

/* ---- The table -------------------------------------------------------------- */

#define LAG(text, member) \
	{ text, TABLE_DURATION, INTO(manifest_lags, member), WITHIN(0, 86400000), \
	  .normal = "0s" }
#define NUMBER(text, member, high, usual) \
	{ text, TABLE_INTEGER, INTO(manifest_object, member), WITHIN(1, high), \
	  .normal = (usual) }
#define TEXTS(text, type, list, number) { text, TABLE_TEXTS, LIST(type, list, number) }
#define TEXT(text, type, member) { text, TABLE_TEXT, INTO(type, member) }
#define FORM(text, type, member, how) \
	{ text, TABLE_TEXT, INTO(type, member), .form = (how) }
#define NEED(text, type, member, how) \
	{ text, TABLE_TEXT, INTO(type, member), .required = true, .form = (how) }

static void
finish_setting(struct table_reader *r, config_setting_t *group, void *into)
{
	const struct manifest_setting *s = into;
	const char *name = s->name != NULL ? s->name : "a setting";
	if (s->type == MANIFEST_CHOICE && s->choice_count == 0)
		table_complain(r, group, "%s is a choice without \"choices\"", name);
	if (s->type == MANIFEST_SECRET && s->normal != NULL)
		table_complain(r, group, "%s is a secret with a default", name);
	if (s->type == MANIFEST_PATH && strcmp(name, FILES_SETTING) != 0)
		table_complain(r, group, "%s is a path, which is called \"directory\"",
		               name);
	if (s->reduce != NULL && s->pattern == NULL)
		table_complain(r, group, "%s has \"reduce\" without \"pattern\"", name);
}

static const struct table_rule setting_rows[] = {
	NEED("name", manifest_setting, name, form_setting),
	{ "type", TABLE_PICK, INTO(manifest_setting, type), .required = true,
	  ONE_OF("text", "url", "integer", "bool", "seconds", "secret", "choice",
	         "path") },
	{ "required", TABLE_BOOL, INTO(manifest_setting, required) },
	TEXT("default", manifest_setting, normal),
	FORM("pattern", manifest_setting, pattern, form_pattern),
	FORM("reduce", manifest_setting, reduce, form_pattern),
	TEXTS("choices", manifest_setting, choices, choice_count),
	TEXT("hint", manifest_setting, hint),
	TEXT("hint_ja", manifest_setting, hint_ja),
	TEXT("example", manifest_setting, example),
};
static const struct table_level setting_level = {
	.what = "a setting", FILLS(manifest_setting), ROWS(setting_rows),
	PLACE(manifest_setting, at), .finish = finish_setting,
};

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

static const struct table_rule limit_rows[] = {
	NEED("name", manifest_limit, name, form_filled),
	FORM("calls", manifest_limit, calls, form_count),
	FORM("per", manifest_limit, per, form_duration),
	FORM("concurrent", manifest_limit, concurrent, form_count),
	{ "scope", TABLE_TEXT, INTO(manifest_limit, scope),
	  ONE_OF("connection", "object", "host"), .normal = "connection" },
	FORM("resets", manifest_limit, resets, form_time),
	TEXT("zone", manifest_limit, zone),
	FORM("reserve", manifest_limit, reserve, form_share),
	{ "reads_only", TABLE_BOOL, INTO(manifest_limit, reads_only) },
	TEXT("told_calls", manifest_limit, told_calls),
	TEXT("told_left", manifest_limit, told_left),
	TEXT("told_used", manifest_limit, told_used),
};
static const struct table_level limit_level = {
	.what = "a limit", FILLS(manifest_limit), ROWS(limit_rows),
	PLACE(manifest_limit, at), .finish = finish_limit,
};

static const struct table_rule object_rows[] = {
	NEED("name", manifest_object, name, form_filled),
	FORM("id_pattern", manifest_object, id_pattern, form_pattern),
	FORM("id_reduce", manifest_object, id_reduce, form_pattern),
	TEXT("label", manifest_object, label),
	TEXT("label_ja", manifest_object, label_ja),
	{ "operations", TABLE_TEXTS, LIST(manifest_object, operations, operation_count),
	  .required = true,
	  ONE_OF("list", "ids", "field", "upsert", "create", "update", "archive") },
	NUMBER("page", page, 100000, "100"),
	NUMBER("batch", batch, 100000, "100"),
	NUMBER("writers", writers, 64, "1"),
	{ "guarantee", TABLE_PICK, INTO(manifest_object, guarantee),
	  ONE_OF("E1", "E2", "E3", "E4"), .normal = "E4" },
	NUMBER("calls_page", calls_page, 1000, "1"),
	NUMBER("calls_batch", calls_batch, 1000, "1"),
	{ "rows_call", TABLE_INTEGER, INTO(manifest_object, rows_call), .most = 100000 },
	{ "resumes", TABLE_BOOL, INTO(manifest_object, resumes) },
	{ "tells_deleted", TABLE_BOOL, INTO(manifest_object, tells_deleted) },
	{ "hints", TABLE_TEXTS, LIST(manifest_object, hints, hint_count),
	  ONE_OF("integer in", "integer order", "integer empty", "decimal in",
	         "decimal order", "decimal empty", "date in", "date order", "date empty",
	         "choice in", "choice empty") },
	TEXTS("read_scopes", manifest_object, read_scopes, read_scope_count),
	TEXTS("write_scopes", manifest_object, write_scopes, write_scope_count),
	TEXT("links", manifest_object, links),
	TEXTS("told_as", manifest_object, told_as, told_as_count),
};
static const struct table_level object_level = {
	.what = "an object", FILLS(manifest_object), ROWS(object_rows),
	PLACE(manifest_object, at),
};

static const struct table_rule lags_rows[] = {
	LAG("late_commit", late_commit_ms),
	LAG("index_lag", index_lag_ms),
	LAG("clock", clock_ms),
	LAG("t_land", t_land_ms),
	LAG("t_visible", t_visible_ms),
};
static const struct table_level lags_level = {
	.what = "the lags", FILLS(manifest_lags), ROWS(lags_rows),
};

static const struct table_rule more_rows[] = {
	TEXT("object", manifest_more, object),
	TEXT("field", manifest_more, field),
	TEXT("setting", manifest_more, setting),
	TEXTS("values", manifest_more, values, value_count),
	TEXTS("read_scopes", manifest_more, read_scopes, read_scope_count),
	TEXTS("write_scopes", manifest_more, write_scopes, write_scope_count),
};
static const struct table_level more_level = {
	.what = "more scopes", FILLS(manifest_more), ROWS(more_rows),
	PLACE(manifest_more, at),
};

static const struct table_rule oauth_rows[] = {
	TEXTS("grants", manifest_oauth, grants, grant_count),
	TEXT("authorize", manifest_oauth, authorize),
	TEXT("token", manifest_oauth, token),
	TEXT("revoke", manifest_oauth, revoke),
	TEXT("audience", manifest_oauth, audience),
	TEXT("scope_separator", manifest_oauth, scope_separator),
	TEXT("host_field", manifest_oauth, host_field),
	{ "pkce", TABLE_BOOL, INTO(manifest_oauth, pkce) },
	{ "client_auth", TABLE_TEXT, INTO(manifest_oauth, client_auth),
	  ONE_OF("body", "basic"), .normal = "body" },
	TEXTS("scopes", manifest_oauth, scopes, scope_count),
	{ "more", TABLE_GROUPS, LIST(manifest_oauth, more, more_count),
	  .sub = &more_level },
};
static const struct table_level oauth_level = {
	.what = "the OAuth part", FILLS(manifest_oauth), ROWS(oauth_rows),
	PLACE(manifest_oauth, at),
};

static const struct table_rule hook_rows[] = {
	{ "format", TABLE_TEXT, INTO(manifest_hook, format), ONE_OF("json", "soap"),
	  .normal = "json" },
	TEXT("header", manifest_hook, header),
	{ "encoding", TABLE_TEXT, INTO(manifest_hook, encoding), ONE_OF("hex", "base64"),
	  .normal = "base64" },
	{ "over", TABLE_TEXTS, LIST(manifest_hook, over, over_count),
	  ONE_OF("method", "url", "body", "time") },
	TEXT("time", manifest_hook, time),
	{ "events", TABLE_TEXT, INTO(manifest_hook, events), .normal = "" },
	TEXTS("objects", manifest_hook, objects, object_count),
	TEXTS("ids", manifest_hook, ids, id_count),
};
static const struct table_level hook_level = {
	.what = "the webhooks", FILLS(manifest_hook), ROWS(hook_rows),
	PLACE(manifest_hook, at),
};

static const struct table_rule text_rows[] = {
	NEED("code", manifest_text, code, form_filled),
	TEXT("cause", manifest_text, cause),
	TEXT("cause_ja", manifest_text, cause_ja),
	TEXT("remedy", manifest_text, remedy),
	TEXT("remedy_ja", manifest_text, remedy_ja),
};
static const struct table_level text_level = {
	.what = "a text", FILLS(manifest_text), ROWS(text_rows), PLACE(manifest_text, at),
};

static const struct table_rule usual_rows[] = {
	NEED("object", manifest_usual, object, form_filled),
	TEXT("is", manifest_usual, is),
	{ "fields", TABLE_PAIRS, LIST(manifest_usual, fields, field_count) },
};
static const struct table_level usual_level = {
	.what = "the usual fields of an object", FILLS(manifest_usual), ROWS(usual_rows),
	PLACE(manifest_usual, at),
};

/* The host's lags may be seen by the connector; its other settings are its own. */
static void
check_settings(struct table_reader *r, const struct manifest *m)
{
	struct named all = NAMED(m->settings, m->setting_count);
	struct named lags = NAMED(lags_rows, lags_level.rule_count);
	for (size_t i = 0; i < m->setting_count; i++) {
		const struct manifest_setting *s = &m->settings[i];
		bool own = named_find(config_own_settings(), s->name) != NULL;
		bool lag = own && named_find(lags, s->name) != NULL;
		if (s->name != NULL && ((own && !lag) || named_find(all, s->name) != s))
			problem_add(r->problems, r->weight, s->at, NULL, "setting \"%s\" "
			            "stands twice, or is one of the host's own", s->name);
		if (lag && s->type != MANIFEST_SECONDS)
			problem_add(r->problems, r->weight, s->at, NULL, "setting \"%s\" "
			            "is a lag, expected type \"seconds\"", s->name);
	}
}

static void
check_objects(struct table_reader *r, const struct manifest *m)
{
	struct named all = NAMED(m->objects, m->object_count);
	for (size_t i = 0; i < m->object_count; i++) {
		const struct manifest_object *o = &m->objects[i];
		if (o->name != NULL && named_find(all, o->name) != o)
			problem_add(r->problems, r->weight, o->at, NULL,
			            "object \"%s\" stands twice", o->name);
	}
	for (size_t i = 0; i < m->usual_count; i++) {
		const struct manifest_usual *u = &m->usual[i];
		if (u->object != NULL && manifest_object(m, u->object) == NULL)
			problem_add(r->problems, r->weight, u->at, NULL, "usual: found "
			            "\"%s\", which is none of its objects", u->object);
	}
}

size_t
manifest_template_name(const char *text, char name[65])
{
	int len = 0;
	if (sscanf(text, "${%64[^}]}%n", name, &len) != 1 || len == 0)
		name[0] = '\0';
	return (size_t)len;
}

/* Templates name settings that exist and are no secrets; 'more' is what else they may
 * name. */
static void
check_template(struct table_reader *r, const struct manifest *m, const char *key,
               const char *template, const char *const more[2])
{
	const char *at = template != NULL ? strstr(template, "${") : NULL;
	for (; at != NULL; at = strstr(at + 1, "${")) {
		char name[65];
		manifest_template_name(at, name);
		const struct manifest_setting *s = manifest_setting(m, name);
		if (more != NULL
		    && (strcmp(name, more[0]) == 0 || strcmp(name, more[1]) == 0))
			continue;
		if (s == NULL || s->type == MANIFEST_SECRET)
			table_complain(r, NULL, "%s: found \"%s\", expected ${NAME} "
			               "to be a setting that is no secret", key, template);
	}
}

static void
finish_top(struct table_reader *r, config_setting_t *group, void *into)
{
	const struct manifest *m = into;
	const char *slash = strrchr(m->path, '/');
	const char *file = slash != NULL ? slash + 1 : m->path;
	struct rk_text stem = { file, strcspn(file, ".") };
	static const char *const of_records[] = { "id", "object" };
	(void)group;
	if (m->name != NULL && !text_is(stem, m->name))
		table_complain(r, NULL, "its manifest is that of \"%s\"; a connector's "
		               "file is NAME.so", m->name);
	if (m->abi != 0 && m->abi != RK_ABI)
		table_complain(r, NULL, "it was made for version %lld of the contract, "
		               "this renkei has version %u; install the connector's "
		               "release for it", (long long)m->abi, RK_ABI);
	check_settings(r, m);
	check_objects(r, m);
	for (size_t i = 0; i < m->host_count; i++)
		check_template(r, m, "hosts", m->hosts[i], NULL);
	check_template(r, m, "oauth.authorize", m->oauth.authorize, NULL);
	check_template(r, m, "oauth.token", m->oauth.token, NULL);
	check_template(r, m, "oauth.revoke", m->oauth.revoke, NULL);
	check_template(r, m, "oauth.audience", m->oauth.audience, NULL);
	for (size_t i = 0; i < m->object_count; i++)
		check_template(r, m, "links", m->objects[i].links, of_records);
}

static const struct table_rule top_rows[] = {
	NEED("name", manifest, name, form_name),
	NEED("title", manifest, title, form_filled),
	TEXT("title_ja", manifest, title_ja),
	NEED("version", manifest, version, form_filled),
	NEED("vendor", manifest, vendor, form_filled),
	NEED("licence", manifest, licence, form_filled),
	TEXT("min_host", manifest, min_host),
	{ "abi", TABLE_INTEGER, INTO(manifest, abi), .required = true, WITHIN(1, 1000) },
	{ "settings", TABLE_GROUPS, LIST(manifest, settings, setting_count),
	  .sub = &setting_level },
	{ "hosts", TABLE_TEXTS, LIST(manifest, hosts, host_count), .form = form_filled },
	{ "gone", TABLE_TEXTS, LIST(manifest, gone, gone_count), .form = form_filled },
	{ "limits", TABLE_GROUPS, LIST(manifest, limits, limit_count),
	  .sub = &limit_level },
	{ "objects", TABLE_GROUPS, LIST(manifest, objects, object_count),
	  .sub = &object_level, .required = true },
	{ "lags", TABLE_GROUP, INTO(manifest, lags), .sub = &lags_level },
	{ "oauth", TABLE_GROUP, INTO(manifest, oauth), .sub = &oauth_level },
	{ "hook", TABLE_GROUP, INTO(manifest, hook), .sub = &hook_level },
	{ "texts", TABLE_GROUPS, LIST(manifest, texts, text_count), .sub = &text_level },
	{ "usual", TABLE_GROUPS, LIST(manifest, usual, usual_count),
	  .sub = &usual_level },
};
static const struct table_level top_level = {
	.what = "a manifest", FILLS(manifest), ROWS(top_rows),
	.finish = finish_top,
};

/* ---- Reading ------------------------------------------------------------------ */

bool
manifest_parse(struct manifest *m, const char *path, struct rk_text text,
               struct problems *problems)
{
	size_t before = problems->fatal;
	*m = (struct manifest){ .arena = ARENA_INIT };
	m->path = arena_str(&m->arena, path);
	struct table_reader reader = {
		.arena = &m->arena, .problems = problems, .file = m->path,
		.weight = PROBLEM_FATAL, .unknown = PROBLEM_WARNING,
	};
	table_read(&reader, text, &top_level, "manifest: ", m);
	if (problems->fatal == before)
		return true;
	manifest_free(m);
	return false;
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
	char copy[PATH_MAX];
	struct stat st;
	text_copy(copy, sizeof copy, text_of(path));
	if (stat(dirname(copy), &st) == 0 && owner_fault(&st) == NULL)
		return NULL;
	return "lies in a folder that belongs to another user or may be written by "
	       "others (chown it, chmod go-w it)";
}

/* Reads the text in the file at 'path'; NULL, or what is wrong with the file. */
static const char *
read_file(const char *path, struct buf *text)
{
	struct stat st;
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		return errno == ELOOP ? "is a symbolic link, expected the file itself"
		                      : strerror(errno);
	const char *fault = owner_fault(&st);
	if (fault == NULL)
		fault = folder_fault(path);
	return fault != NULL ? fault : section_read(fd, text);
}

bool
manifest_read(struct manifest *m, const char *path, struct problems *problems)
{
	BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
	const char *fault = read_file(path, &text);
	if (fault == NULL)
		return manifest_parse(m, path, buf_text(&text), problems);
	*m = (struct manifest){ .arena = ARENA_INIT };
	problem_add(problems, PROBLEM_FATAL, (struct place){ path, 0 }, NULL, "%s",
	            fault);
	return false;
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
	return named_find(NAMED(m->settings, m->setting_count), name);
}

const struct manifest_object *
manifest_object(const struct manifest *m, const char *name)
{
	struct named objects = NAMED(m->objects, m->object_count);
	const struct manifest_object *best = named_find(objects, name);
	size_t longest = 0;
	if (best != NULL)
		return best;
	for (size_t i = 0; i < m->object_count; i++) {
		const struct manifest_object *o = &m->objects[i];
		size_t len = o->name != NULL ? strlen(o->name) : 0;
		if (len <= longest || o->name[len - 1] != '*'
		    || strncmp(o->name, name != NULL ? name : "", len - 1) != 0)
			continue;
		best = o;
		longest = len;
	}
	return best;
}

bool
manifest_can(const struct manifest_object *object, const char *operation)
{
	return named_find(NAMED(object->operations, object->operation_count), operation)
	       != NULL;
}

const struct manifest_text *
manifest_text(const struct manifest *m, const char *code)
{
	return named_find(NAMED(m->texts, m->text_count), code);
}

const struct manifest_usual *
manifest_usual(const struct manifest *m, const char *object)
{
	return named_find(NAMED(m->usual, m->usual_count), object);
}
