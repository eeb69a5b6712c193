/* SPDX-License-Identifier: Apache-2.0
 *
 * config.c - see config.h.  Finds the files, reads each as its own document by
 * the table of settings.c, merges them, and checks what refers across them. */
#include "config/config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/io.h"
#include "base/text.h"
#include "config/scan.h"
#include "config/table.h"

struct loader {
	struct config *config;
	struct problems *problems;
	crypto_generichash_state hash;
	bool whole; /* No file was left out: references can be judged. */
};

/* ---- Files --------------------------------------------------------------- */

static void
add_text(struct loader *l, const char *file, struct rk_text text)
{
	struct config *config = l->config;
	struct table_reader reader = {
		.arena = &config->arena, .problems = l->problems,
		.file = arena_str(&config->arena, file), .weight = PROBLEM_FATAL,
		.unknown = PROBLEM_FATAL,
	};
	uint64_t len = text.len;
	crypto_generichash_update(&l->hash, (const unsigned char *)&len, sizeof len);
	crypto_generichash_update(&l->hash, (const unsigned char *)text.ptr, text.len);
	if (!table_read(&reader, text, &config_top, NULL, config))
		l->whole = false;
}

static void
add_file(struct loader *l, const char *path)
{
	BUF_AUTO text = BUF_INIT(SCAN_BYTES);
	struct place at = { path, 0 };
	struct stat st;
	if (!io_read_file(path, &text)) {
		l->whole = false;
		problem_add(l->problems, PROBLEM_FATAL, at, NULL,
		            "cannot be read: %s; %s", strerror(errno), errno == EFBIG
		            ? "split it over files in conf.d" : errno == EACCES
		            ? "let the user who runs renkei read it, or name another with -c"
		            : "write one, or name another with -c");
		return;
	}
	if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH) != 0)
		problem_add(l->problems, PROBLEM_WARNING, at, NULL, "everybody on this "
		            "machine may write this file; chmod o-w it");
	add_text(l, path, buf_text(&text));
}

static void
add_folder(struct loader *l, const char *main_file)
{
	struct arena *arena = &l->config->arena;
	const char *slash = strrchr(main_file, '/');
	int len = slash != NULL ? (int)(slash + 1 - main_file) : 0;
	const char *folder = arena_printf(arena, "%.*sconf.d", len, main_file).ptr;
	size_t n = 0;
	const char **paths = io_list(folder, ".conf", arena, &n);
	if (paths == NULL && errno != ENOENT)
		problem_add(l->problems, PROBLEM_FATAL, (struct place){ folder, 0 }, NULL,
		            "cannot be read: %s", strerror(errno));
	for (size_t i = 0; paths != NULL && i < n; i++)
		add_file(l, paths[i]);
}

/* ---- What refers across files -------------------------------------------- */

/* Puts the things of a list into 'names', and calls out those of a name that is
 * there; 'at' is where a thing keeps its place. */
static void
index_names(struct loader *l, struct names *names, struct named of, size_t at,
            const char *what, enum problem_weight weight)
{
	for (const char *thing = of.list; of.count > 0; of.count--, thing += of.size) {
		const char *name = *(const char *const *)(const void *)thing;
		const char *twin = name != NULL ? names_add(names, thing) : NULL;
		if (twin == NULL)
			continue;
		const struct place *first = (const void *)(twin + at);
		const struct place *second = (const void *)(thing + at);
		problem_add(l->problems, weight, *second,
		            weight == PROBLEM_SYNC ? name : NULL,
		            "a second %s of the name \"%s\", the first is at %s:%u",
		            what, name, first->file, first->line);
	}
}

static void
check_side(struct loader *l, const struct names *connections, const char *sync,
           const struct config_side *side, const char *which)
{
	struct config *c = l->config;
	if (side->connection == NULL || names_find(connections, side->connection) != NULL)
		return;
	problem_add(l->problems, PROBLEM_SYNC, side->at, sync,
	            "%s: found no connection \"%s\"%s", which, side->connection,
	            c->connection_count == 0 ? "; there are none"
	            : named_near(NAMED(c->connections, c->connection_count),
	                         side->connection, &c->arena));
}

/* From one sync to the one that it runs after, and so on, nobody comes back to the
 * first; whose chain ends in such a ring is not in it. */
static bool
is_in_ring(const struct config *c, const struct names *syncs, const struct config_sync *s)
{
	const struct config_sync *at = s;
	for (size_t i = 0; i < c->sync_count && at->after != NULL; i++) {
		at = names_find(syncs, at->after);
		if (at == NULL || at == s)
			return at == s;
	}
	return false;
}

static void
check_after(struct loader *l, const struct names *syncs, const struct config_sync *s)
{
	const struct config *c = l->config;
	if (s->after == NULL)
		return;
	if (names_find(syncs, s->after) == NULL)
		problem_add(l->problems, PROBLEM_SYNC, s->at, s->name,
		            "after: found no sync \"%s\"%s", s->after,
		            named_near(NAMED(c->syncs, c->sync_count), s->after,
		                       &l->config->arena));
	else if (is_in_ring(c, syncs, s))
		problem_add(l->problems, PROBLEM_SYNC, s->at, s->name,
		            "after: \"%s\" waits, in the end, for this sync itself; take one "
		            "`after` of the ring away", s->after);
}

static void
check_references(struct loader *l, const struct names *connections,
                 const struct names *notices, const struct names *syncs)
{
	for (size_t i = 0; i < l->config->sync_count; i++) {
		const struct config_sync *s = &l->config->syncs[i];
		check_side(l, connections, s->name, &s->from, "from");
		check_side(l, connections, s->name, &s->to, "to");
		check_after(l, syncs, s);
		for (size_t k = 0; k < s->notify_count; k++)
			if (names_find(notices, s->notify[k]) == NULL)
				problem_add(l->problems, PROBLEM_SYNC, s->at, s->name,
				            "notify: found no \"%s\" in notify",
				            s->notify[k]);
	}
}

/* It may stand there since before mails were sent, so nothing stops for it. */
static void
check_mails(struct loader *l)
{
	const struct config *c = l->config;
	for (size_t i = 0; i < c->notice_count && c->smtp.host == NULL; i++)
		if (c->notices[i].mail != NULL)
			problem_add(l->problems, PROBLEM_WARNING, c->notices[i].at, NULL,
			            "notify \"%s\" has \"mail\", but there is no group smtp, "
			            "which names the mail server: no mail is sent",
			            c->notices[i].name);
}

static void
check_whole(struct loader *l)
{
	const struct config *c = l->config;
	struct names connections = { NULL }, notices = { NULL }, syncs = { NULL };
	index_names(l, &connections, NAMED(c->connections, c->connection_count),
	            offsetof(struct config_connection, at), "connection", PROBLEM_FATAL);
	index_names(l, &notices, NAMED(c->notices, c->notice_count),
	            offsetof(struct config_notice, at), "notice", PROBLEM_FATAL);
	index_names(l, &syncs, NAMED(c->syncs, c->sync_count),
	            offsetof(struct config_sync, at), "sync", PROBLEM_SYNC);
	if (l->whole) {
		check_references(l, &connections, &notices, &syncs);
		check_mails(l);
	}
	names_free(&connections);
	names_free(&notices);
	names_free(&syncs);
}

/* ---- The whole ----------------------------------------------------------- */

/* Reads 'text', or if it is NULL the files at 'path' and beside it. */
static bool
load(struct config *config, const char *path, const struct rk_text *text,
     struct problems *problems)
{
	unsigned char hash[16];
	struct loader l = { .config = config, .problems = problems, .whole = true };
	*config = (struct config){ .arena = ARENA_INIT };
	crypto_generichash_init(&l.hash, NULL, 0, sizeof hash);
	if (text != NULL) {
		add_text(&l, path, *text);
	} else {
		add_file(&l, path);
		add_folder(&l, path);
	}
	check_whole(&l);
	crypto_generichash_final(&l.hash, hash, sizeof hash);
	sodium_bin2hex(config->hash, sizeof config->hash, hash, sizeof hash);
	return !problems_fatal(problems);
}

bool
config_load(struct config *config, const char *path, struct problems *problems)
{
	return load(config, path, NULL, problems);
}

bool
config_load_text(struct config *config, const char *file, struct rk_text text,
                 struct problems *problems)
{
	return load(config, file, &text, problems);
}

void
config_free(struct config *config)
{
	arena_free(&config->arena);
	*config = (struct config){ .arena = ARENA_INIT };
}

bool
config_has_times(const struct config_sync *sync)
{
	return sync->every != NULL || sync->cron != NULL || sync->after != NULL;
}

const struct config_connection *
config_connection(const struct config *config, const char *name)
{
	return named_find(NAMED(config->connections, config->connection_count), name);
}

const struct config_sync *
config_sync(const struct config *config, const char *name)
{
	return named_find(NAMED(config->syncs, config->sync_count), name);
}

const char *
config_setting(const struct config_connection *connection, const char *name)
{
	const struct config_setting *setting =
		named_find(NAMED(connection->settings, connection->setting_count), name);
	return setting != NULL ? setting->value : NULL;
}
