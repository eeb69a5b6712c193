/* SPDX-License-Identifier: Apache-2.0
 *
 * io.c - see io.h. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

bool
io_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool
io_read_all(int fd, struct buf *out)
{
	for (;;) {
		char chunk[16384];
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		buf_add(out, chunk, (size_t)n);
		if (out->over) {
			errno = EFBIG;
			return false;
		}
	}
}

bool
io_read_file(const char *path, struct buf *out)
{
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && io_read_all(fd, out);
}

/* A new name is on the disk only when its folder is. */
bool
io_sync_folder(const char *path)
{
	BUF_AUTO folder = BUF_INIT(PATH_MAX);
	const char *slash = strrchr(path, '/');
	buf_add(&folder, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
	FD_AUTO fd = open(slash != NULL ? buf_str(&folder) : ".",
	                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0;
}

bool
io_replace_file(const char *path, const void *bytes, size_t len)
{
	char name[PATH_MAX];
	if (snprintf(name, sizeof name, "%s.XXXXXX", path) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return false;
	}
	FD_AUTO fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return false;
	if (io_write_all(fd, bytes, len) && fsync(fd) == 0 && rename(name, path) == 0)
		return io_sync_folder(path);
	int reason = errno;
	unlink(name);
	errno = reason;
	return false;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);   /* alphasort follows the locale. */
}

const char **
io_list(const char *dir, const char *suffix, struct arena *arena, size_t *count)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, by_bytes);
	if (n < 0)
		return NULL;
	const char **paths = arena_new_array(arena, (size_t)n + 1, const char *);
	*count = 0;
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		size_t len = strlen(name), end = strlen(suffix);
		if (name[0] != '.' && len > end && strcmp(name + len - end, suffix) == 0)
			paths[(*count)++] = arena_printf(arena, "%s/%s", dir, name).ptr;
		free(entries[i]);
	}
	free(entries);
	return paths;
}

bool
io_mkdirs(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	if (len == 0 || len >= sizeof part) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(part, path, len + 1);
	for (char *at = part + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return false;
		*at = '/';
	}
	if (mkdir(part, 0700) == 0)
		return true;
	struct stat st;
	if (errno == EEXIST && stat(part, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return false;
}

const char *
io_program_dir(void)
{
	static char dir[PATH_MAX];
	if (dir[0] != '\0')
		return dir;
	ssize_t n = readlink("/proc/self/exe", dir, sizeof dir - 1);
	if (n <= 0)
		return ".";
	dir[n] = '\0';
	char *slash = strrchr(dir, '/');
	if (slash != NULL)
		*slash = '\0';
	return dir;
}

void
io_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
io_refuse_core_dumps(void)
{
	/* The limit alone does not hold where a program takes the dumps. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
#ifndef __SANITIZE_ADDRESS__               /* Its leak check must look inside. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
