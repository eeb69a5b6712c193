/* SPDX-License-Identifier: Apache-2.0
 *
 * catalog.c - which connectors there are: the folders, the files in them, the
 * file of a name.  Only *.so in the configured folders; no environment variable,
 * no working directory.  See manifest.h. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/io.h"
#include "base/text.h"
#include "config/form.h"
#include "config/names.h"
#include "connector/manifest.h"

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

/* ---- All of them ----------------------------------------------------------------- */

static int
is_connector(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 3 && entry->d_name[0] != '.'
	       && strcmp(entry->d_name + len - 3, ".so") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_folder(const char *dir, struct arena *arena, struct names *seen, const char **paths,
           size_t *count)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_connector, by_bytes);
	for (int i = 0; i < n; i++) {
		char *name = arena_str(arena, entries[i]->d_name);
		if (*count < MOST_CONNECTORS && names_add(seen, name, name) == NULL)
			paths[(*count)++] = arena_printf(arena, "%s/%s", dir, name).ptr;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static int
by_file_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	return strcmp(strrchr(x, '/'), strrchr(y, '/'));
}

const char *const *
manifest_list(const char *const *dirs, struct arena *arena, size_t *count)
{
	const char **paths = arena_new_array(arena, MOST_CONNECTORS + 1, const char *);
	struct names seen = NAMES_INIT(arena);
	*count = 0;
	for (size_t i = 0; dirs[i] != NULL; i++)
		add_folder(dirs[i], arena, &seen, paths, count);
	qsort(paths, *count, sizeof *paths, by_file_name);
	return paths;
}

/* ---- One of them ----------------------------------------------------------------- */

/* "NAME" of "DIR/NAME.so", for each path. */
static const char **
names_of(const char *const *paths, size_t count, struct arena *arena)
{
	const char **names = arena_new_array(arena, count + 1, const char *);
	for (size_t i = 0; i < count; i++) {
		const char *file = strrchr(paths[i], '/') + 1;
		names[i] =
			arena_text(arena, (struct rk_text){ file, strlen(file) - 3 }).ptr;
	}
	return names;
}

static void
add_joined(struct buf *out, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s%s", i > 0 ? ", " : "", list[i]);
}

/* "no connector "hubspto" in DIR; there are: hubspot, kintone; did you mean ..." */
static void
not_found(const char *const *dirs, const char *name, struct place at,
          struct problems *problems)
{
	struct arena scratch = ARENA_INIT;
	BUF_AUTO text = BUF_INIT(16384);
	size_t count, dir_count = 0;
	const char *const *paths = manifest_list(dirs, &scratch, &count);
	const char **names = names_of(paths, count, &scratch);
	while (dirs[dir_count] != NULL)
		dir_count++;
	buf_addf(&text, "no connector \"%s\" in ", name);
	add_joined(&text, dirs, dir_count);
	buf_adds(&text, count > 0 ? "; there are: " : "; there are none");
	add_joined(&text, names, count);
	const char *near = text_nearest(name, names, count);
	if (near != NULL)
		buf_addf(&text, "; did you mean \"%s\"?", near);
	problem_add(problems, PROBLEM_FATAL, at, NULL, "connector: %s", buf_str(&text));
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
	crypto_hash_sha256_state state;
	unsigned char chunk[65536], hash[crypto_hash_sha256_BYTES];
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	crypto_hash_sha256_init(&state);
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0)
			return false;
		if (n == 0)
			break;
		crypto_hash_sha256_update(&state, chunk, (size_t)n);
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(hex, 65, hash, sizeof hash);
	return true;
}
