/* SPDX-License-Identifier: Apache-2.0
 *
 * catalog.c - which connectors there are: the folders, the files in them, the
 * file of a name.  Only *.so in the configured folders; no environment variable,
 * no working directory.  See manifest.h. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/io.h"
#include "base/text.h"
#include "config/form.h"
#include "connector/manifest.h"
#include "connector/section.h"

#ifndef RK_CONNECTORDIR
#define RK_CONNECTORDIR "/usr/lib/renkei/connectors"
#endif

#define MOST_CONNECTORS 1000

const char *const *
connector_dirs(const struct config *config, struct arena *arena)
{
	if (config != NULL && config->connector_dirs != NULL)
		return config->connector_dirs;
	const char **dirs = arena_new_array(arena, 2, const char *);
	struct stat st;
	dirs[0] = arena_printf(arena, "%s/plugins/.libs", io_program_dir()).ptr;
	if (stat(dirs[0], &st) != 0 || !S_ISDIR(st.st_mode))
		dirs[0] = RK_CONNECTORDIR;
	return dirs;
}

/* ---- All of them --------------------------------------------------------------- */

static const char *
file_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The folders of a configuration come in order: the first of a name counts. */
static void
add_path(const char **paths, size_t *count, const char *path)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(file_of(paths[i]), file_of(path)) == 0)
			return;
	if (*count < MOST_CONNECTORS)
		paths[(*count)++] = path;
}

static int
by_file(const void *a, const void *b)
{
	return strcmp(file_of(*(const char *const *)a), file_of(*(const char *const *)b));
}

const char *const *
manifest_list(const char *const *dirs, struct arena *arena, size_t *count)
{
	const char **paths = arena_new_array(arena, MOST_CONNECTORS + 1, const char *);
	*count = 0;
	for (; *dirs != NULL; dirs++) {
		size_t n = 0;
		const char **found = io_list(*dirs, ".so", arena, &n);
		for (size_t i = 0; i < n; i++)
			add_path(paths, count, found[i]);
	}
	qsort(paths, *count, sizeof *paths, by_file);
	return paths;
}

/* ---- One of them --------------------------------------------------------------- */

/* "no connector "hubspto" in DIR; there are: hubspot, kintone; did you mean ..." */
static void
not_found(const char *const *dirs, const char *name, struct place at,
          struct problems *problems)
{
	struct arena scratch = ARENA_INIT;
	size_t count, dir_count = 0;
	const char *const *paths = manifest_list(dirs, &scratch, &count);
	const char **names = arena_new_array(&scratch, count + 1, const char *);
	for (size_t i = 0; i < count; i++) {
		struct rk_text file = text_of(file_of(paths[i]));
		file.len -= strlen(".so");
		names[i] = arena_text(&scratch, file).ptr;
	}
	while (dirs[dir_count] != NULL)
		dir_count++;
	problem_add(problems, PROBLEM_FATAL, at, NULL,
	            "connector: no connector \"%s\" in %s; there are%s%s%s", name,
	            named_joined(NAMED(dirs, dir_count), &scratch),
	            count > 0 ? ": " : " none",
	            named_joined(NAMED(names, count), &scratch),
	            named_near(NAMED(names, count), name, &scratch));
	arena_free(&scratch);
}

bool
manifest_find(struct manifest *m, const char *const *dirs, const char *name,
              struct place at, struct problems *problems)
{
	*m = (struct manifest){ .arena = ARENA_INIT };
	const char *wanted = form_name(name);
	if (wanted != NULL) {
		problem_add(problems, PROBLEM_FATAL, at, NULL, "connector: found \"%s\", "
		            "expected %s", name, wanted);
		return false;
	}
	for (size_t i = 0; dirs[i] != NULL; i++) {
		char path[PATH_MAX];
		struct stat st;
		int len = snprintf(path, sizeof path, "%s/%s.so", dirs[i], name);
		if (len > 0 && (size_t)len < sizeof path && lstat(path, &st) == 0)
			return manifest_read(m, path, problems);
	}
	not_found(dirs, name, at, problems);
	return false;
}

bool
manifest_file_hash(const char *path, char hex[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	BUF_AUTO file = BUF_INIT(SECTION_FILE_BYTES);
	if (!io_read_file(path, &file))
		return false;
	crypto_hash_sha256(hash, (const unsigned char *)buf_str(&file), file.len);
	sodium_bin2hex(hex, 65, hash, sizeof hash);
	return true;
}
