/* SPDX-License-Identifier: Apache-2.0
 *
 * config.c - see config.h.  Finds the files, reads each as its own document by
 * the table of settings.c, merges them, and checks what refers across them. */
#include "config/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/io.h"
#include "base/text.h"
#include "config/names.h"
#include "config/scan.h"
#include "config/settings.h"

#define MOST_FILES 1000

struct loader {
	struct config *config;
	struct problems *problems;
	crypto_generichash_state hash;
	bool whole; /* No file was left out: references can be judged. */
};

/* ---- Merging ------------------------------------------------------------- */

/* The 'n' structs of 'size' at 'more' behind the '*count' at 'list'. */
static void *
joined(struct arena *arena, void *list, size_t *count, const void *more, size_t n,
       size_t size)
{
	if (n == 0)
		return list;
	char *all = arena_array(arena, *count + n, size);
	if (*count > 0)
		memcpy(all, list, *count * size);
	memcpy(all + *count * size, more, n * size);
	*count += n;
	return all;
}

static void
merge_dirs(struct loader *l, const struct config *part)
{
	struct config *config = l->config;
	if (part->connector_dirs == NULL)
		return;
	if (config->connector_dirs != NULL)
		problem_add(l->problems, PROBLEM_FATAL, part->connector_dirs_at, NULL,
		            "connector_dirs is given a second time, the first is at "
		            "%s:%u",
		            config->connector_dirs_at.file,
		            config->connector_dirs_at.line);
	config->connector_dirs = part->connector_dirs;
	config->connector_dirs_at = part->connector_dirs_at;
}

static void
merge(struct loader *l, const struct config *part)
{
	struct config *c = l->config;
	merge_dirs(l, part);
	c->connections = joined(&c->arena, c->connections, &c->connection_count,
	                        part->connections, part->connection_count,
	                        sizeof *c->connections);
	c->syncs = joined(&c->arena, c->syncs, &c->sync_count, part->syncs,
	                  part->sync_count, sizeof *c->syncs);
	c->notices = joined(&c->arena, c->notices, &c->notice_count, part->notices,
	                    part->notice_count, sizeof *c->notices);
}

/* ---- Files --------------------------------------------------------------- */

static void
add_text(struct loader *l, const char *file, struct rk_text text)
{
	struct config *config = l->config;
	struct config part = { 0 };
	struct table_reader reader = {
		.table = &config_table, .arena = &config->arena, .problems = l->problems,
		.file = arena_str(&config->arena, file), .weight = PROBLEM_FATAL,
		.unknown = PROBLEM_FATAL,
	};
	uint64_t len = text.len;
	crypto_generichash_update(&l->hash, (const unsigned char *)&len, sizeof len);
	crypto_generichash_update(&l->hash, (const unsigned char *)text.ptr, text.len);

	config_t doc;
	struct place at = { reader.file, 0 };
	char why[240];
	if (table_parse(&doc, text, &scan_file, &at.line, why)) {
		table_read(&reader, config_root_setting(&doc), AT_TOP, &part);
		merge(l, &part);
	} else {
		problem_add(l->problems, PROBLEM_FATAL, at, NULL, "%s", why);
		l->whole = false;
	}
	config_destroy(&doc);
}

static void
warn_of_mode(struct loader *l, const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH) != 0)
		problem_add(l->problems, PROBLEM_WARNING, (struct place){ path, 0 }, NULL,
		            "everybody on this machine may write this file; chmod o-w "
		            "it");
}

static void
add_file(struct loader *l, const char *path)
{
	BUF_AUTO text = BUF_INIT(scan_file.bytes);
	struct place at = { path, 0 };
	if (io_read_file(path, &text)) {
		warn_of_mode(l, path);
		add_text(l, path, buf_text(&text));
		return;
	}
	l->whole = false;
	if (errno == EFBIG)
		problem_add(l->problems, PROBLEM_FATAL, at, NULL,
		            "found more than %zu bytes, "
		            "expected a configuration; split it over files in conf.d",
		            scan_file.bytes);
	else
		problem_add(l->problems, PROBLEM_FATAL, at, NULL,
		            "cannot be read: %s; write one, or name another with -c",
		            strerror(errno));
}

static int
is_document(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 5 && entry->d_name[0] != '.'
	       && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);   /* alphasort follows the locale. */
}

static void
add_folder(struct loader *l, const char *main_file)
{
	const char *slash = strrchr(main_file, '/');
	int len = slash != NULL ? (int)(slash + 1 - main_file) : 0;
	const char *folder =
		arena_printf(&l->config->arena, "%.*sconf.d", len, main_file).ptr;
	struct dirent **entries;
	int n = scandir(folder, &entries, is_document, by_bytes);
	if (n < 0) {
		if (errno != ENOENT)
			problem_add(l->problems, PROBLEM_FATAL,
			            (struct place){ folder, 0 }, NULL,
			            "cannot be read: %s", strerror(errno));
		return;
	}
	if (n > MOST_FILES)
		problem_add(l->problems, PROBLEM_FATAL, (struct place){ folder, 0 }, NULL,
		            "found %d files, expected at most %d", n, MOST_FILES);
	for (int i = 0; i < n; i++) {
		if (n <= MOST_FILES)
			add_file(l, arena_printf(&l->config->arena, "%s/%s", folder,
			                         entries[i]->d_name).ptr);
		free(entries[i]);
	}
	free(entries);
}

/* ---- What refers across files -------------------------------------------- */

static void
second_of_name(struct loader *l, enum problem_weight weight, const char *what,
               const char *name, struct place at, struct place first)
{
	problem_add(l->problems, weight, at, weight == PROBLEM_SYNC ? name : NULL,
	            "a second %s of the name \"%s\", the first is at %s:%u", what, name,
	            first.file, first.line);
}

static void
index_connections(struct loader *l, struct names *names)
{
	for (size_t i = 0; i < l->config->connection_count; i++) {
		struct config_connection *c = &l->config->connections[i];
		const struct config_connection *first = names_add(names, c->name, c);
		if (first != NULL)
			second_of_name(l, PROBLEM_FATAL, "connection", c->name, c->at,
			               first->at);
	}
}

static void
index_notices(struct loader *l, struct names *names)
{
	for (size_t i = 0; i < l->config->notice_count; i++) {
		struct config_notice *n = &l->config->notices[i];
		const struct config_notice *first = names_add(names, n->name, n);
		if (first != NULL)
			second_of_name(l, PROBLEM_FATAL, "notice", n->name, n->at,
			               first->at);
	}
}

static void
index_syncs(struct loader *l, struct names *names)
{
	for (size_t i = 0; i < l->config->sync_count; i++) {
		struct config_sync *s = &l->config->syncs[i];
		const struct config_sync *first = s->name == NULL ? NULL
		                                  : names_add(names, s->name, s);
		if (first != NULL)
			second_of_name(l, PROBLEM_SYNC, "sync", s->name, s->at,
			               first->at);
	}
}

/* "; did you mean ...?" among the connections; the list is cut, it is a courtesy. */
static const char *
near_connection(const struct config *config, const char *name, char *out, size_t size)
{
	enum { MOST = 256 };
	const char *names[MOST] = { NULL };
	size_t n = config->connection_count < MOST ? config->connection_count : MOST;
	for (size_t i = 0; i < n; i++)
		names[i] = config->connections[i].name;
	const char *near = text_nearest(name, names, n);
	out[0] = '\0';
	if (near != NULL)
		snprintf(out, size, "; did you mean \"%s\"?", near);
	else if (n == 0)
		snprintf(out, size, "; there are none");
	return out;
}

static void
check_side(struct loader *l, const struct names *connections, const char *sync,
           const struct config_side *side, const char *which)
{
	char near[128];
	if (side->connection != NULL && names_find(connections, side->connection) == NULL)
		problem_add(l->problems, PROBLEM_SYNC, side->at, sync,
		            "%s: found no connection \"%s\"%s", which, side->connection,
		            near_connection(l->config, side->connection, near,
		                            sizeof near));
}

static void
check_references(struct loader *l, const struct names *connections,
                 const struct names *notices)
{
	for (size_t i = 0; i < l->config->sync_count; i++) {
		const struct config_sync *s = &l->config->syncs[i];
		if (s->name == NULL)
			continue;
		check_side(l, connections, s->name, &s->from, "from");
		check_side(l, connections, s->name, &s->to, "to");
		for (size_t k = 0; k < s->notify_count; k++)
			if (names_find(notices, s->notify[k]) == NULL)
				problem_add(l->problems, PROBLEM_SYNC, s->at, s->name,
				            "notify: found no \"%s\" in notify",
				            s->notify[k]);
	}
}

static void
check_whole(struct loader *l)
{
	struct arena scratch = ARENA_INIT;
	struct names connections = NAMES_INIT(&scratch), notices = NAMES_INIT(&scratch);
	struct names syncs = NAMES_INIT(&scratch);
	index_connections(l, &connections);
	index_notices(l, &notices);
	index_syncs(l, &syncs);
	if (l->whole)
		check_references(l, &connections, &notices);
	arena_free(&scratch);
}

/* ---- The whole ----------------------------------------------------------- */

static struct loader
begin(struct config *config, const char *path, struct problems *problems)
{
	struct loader l = { .config = config, .problems = problems, .whole = true };
	*config = (struct config){ .arena = ARENA_INIT };
	config->main_file = arena_str(&config->arena, path);
	crypto_generichash_init(&l.hash, NULL, 0, 16);
	return l;
}

static bool
finish(struct loader *l)
{
	unsigned char hash[16];
	check_whole(l);
	crypto_generichash_final(&l->hash, hash, sizeof hash);
	sodium_bin2hex(l->config->hash, sizeof l->config->hash, hash, sizeof hash);
	return !problems_fatal(l->problems);
}

bool
config_load(struct config *config, const char *path, struct problems *problems)
{
	struct loader l = begin(config, path, problems);
	add_file(&l, path);
	add_folder(&l, path);
	return finish(&l);
}

bool
config_load_text(struct config *config, const char *file, struct rk_text text,
                 struct problems *problems)
{
	struct loader l = begin(config, file, problems);
	add_text(&l, file, text);
	return finish(&l);
}

void
config_free(struct config *config)
{
	arena_free(&config->arena);
	*config = (struct config){ .arena = ARENA_INIT };
}

const struct config_connection *
config_connection(const struct config *config, const char *name)
{
	for (size_t i = 0; name != NULL && i < config->connection_count; i++)
		if (strcmp(config->connections[i].name, name) == 0)
			return &config->connections[i];
	return NULL;
}

const struct config_sync *
config_sync(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->sync_count; i++)
		if (config->syncs[i].name != NULL
		    && strcmp(config->syncs[i].name, name) == 0)
			return &config->syncs[i];
	return NULL;
}

const char *
config_setting(const struct config_connection *connection, const char *name)
{
	for (size_t i = 0; i < connection->setting_count; i++)
		if (strcmp(connection->settings[i].name, name) == 0)
			return connection->settings[i].value;
	return NULL;
}
