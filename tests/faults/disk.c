/* SPDX-License-Identifier: Apache-2.0
 *
 * disk.c - stands between a run and the files of one directory, and does what disks and
 * other programs do: no room, no right, a broken sector, half a write, a file that is
 * another one or gone.  Loaded into `renkei` alone, by LD_PRELOAD; faults.c says in
 * RENKEI_DISK what is to be done, "LOG CALL NTH TIMES ACTION", and reads LOG: a word a
 * call, those that met the fault with a bang.
 *
 * Files of the directory are those that were opened below a descriptor; nothing else of
 * the run is touched. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FDS 1024
#define FILES 200

static bool ours[FDS];
static char names[FDS][256];
static int dir = -1;                   /* In which the last file was opened. */

static struct {
	bool read;
	char log[200], call[20], action[20];
	unsigned nth, times, seen;
} plan;

static void *
real(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	if (function == NULL)
		abort();
	return function;
}

static const struct { const char *action; int error; } errors[] = {
	{ "full", ENOSPC }, { "quota", EDQUOT }, { "large", EFBIG }, { "broken", EIO },
	{ "read-only", EROFS }, { "denied", EACCES }, { "too-many", EMFILE },
};

/* Its time as it was or a little later, so that it is as old beside the others. */
static void
touch(int fd, const struct timespec *was, bool later)
{
	long ns = was->tv_nsec + (later ? 1000000 : 0);
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ was->tv_sec + ns / 1000000000, ns % 1000000000 } };
	if (futimens(fd, times) != 0)
		abort();
}

/* The same bytes under another inode; 'later': as an editor leaves them, else as a copy
 * that keeps its time. */
static void
replace_file(const char *name, bool later)
{
	char bytes[65536];
	struct stat st;
	ssize_t n;
	int from = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0 || fstat(from, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(from);
		return;
	}
	int to = openat(dir, ".other", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	while ((n = read(from, bytes, sizeof bytes)) > 0)
		if (write(to, bytes, (size_t)n) != n)
			abort();
	touch(to, &st.st_mtim, later);
	close(from);
	close(to);
	if (renameat(dir, ".other", dir, name) != 0)
		abort();
}

/* All files are other ones, as after the directory was mounted from a copy. */
static void
replace_all(void)
{
	static char found[FILES][256];
	size_t count = 0;
	struct dirent *entry;
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	while (d != NULL && (entry = readdir(d)) != NULL && count < FILES)
		if (entry->d_name[0] != '.')
			strcpy(found[count++], entry->d_name);
	closedir(d);
	while (count > 0)
		replace_file(found[--count], false);
}

static void
touch_file(const char *name)
{
	struct stat st;
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0)
		touch(fd, &st.st_mtim, true);
	close(fd);
}

/* Whether this call meets the fault; those of other kinds are only written down. */
static bool
meets(const char *call)
{
	const char *text = getenv("RENKEI_DISK");
	if (!plan.read && text != NULL)
		plan.read = sscanf(text, "%199s %19s %u %u %19s", plan.log, plan.call,
		                   &plan.nth, &plan.times, plan.action) == 5;
	if (!plan.read)
		return false;
	bool hit = strcmp(call, plan.call) == 0 && ++plan.seen >= plan.nth
	           && plan.seen < plan.nth + plan.times;
	FILE *log = fopen(plan.log, "ae");
	if (log != NULL) {
		fprintf(log, "%s%s\n", call, hit ? "!" : "");
		fclose(log);
	}
	return hit;
}

/* What is done before the call goes on; false: it fails instead, errno says why. */
static bool
let(const char *call, const char *name)
{
	static bool busy;
	if (busy)
		return true;
	busy = true;
	bool hit = meets(call);
	if (hit && strcmp(plan.action, "replaced") == 0)
		replace_file(name, true);
	if (hit && strcmp(plan.action, "copied") == 0)
		replace_all();
	if (hit && strcmp(plan.action, "touched") == 0)
		touch_file(name);
	busy = false;
	for (size_t i = 0; hit && i < sizeof errors / sizeof *errors; i++)
		if (strcmp(errors[i].action, plan.action) == 0) {
			errno = errors[i].error;
			return false;
		}
	if (hit && strcmp(plan.action, "gone") == 0) {
		errno = ENOENT;
		return false;
	}
	return true;
}

/* All that follows stands before what the C library has. */
#pragma GCC visibility push(default)

static bool
is_ours(int fd)
{
	return fd >= 0 && fd < FDS && ours[fd];
}

int
openat(int at, const char *name, int flags, ...)
{
	int (*next)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))real("openat");
	va_list args;
	va_start(args, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	bool in_dir = at != AT_FDCWD && name[0] != '/';
	if (in_dir)
		dir = at;
	if (in_dir && !let(strcmp(name, ".") == 0 ? "list"
	                   : (flags & O_CREAT) != 0 ? "create" : "open", name))
		return -1;
	int fd = next(at, name, flags, mode);
	if (fd >= 0 && fd < FDS) {
		ours[fd] = in_dir;
		snprintf(names[fd], sizeof names[fd], "%s", name);
	}
	return fd;
}

int
close(int fd)
{
	int (*next)(int) = (int (*)(int))real("close");
	if (fd >= 0 && fd < FDS)
		ours[fd] = false;
	return next(fd);
}

ssize_t
pread(int fd, void *into, size_t len, off_t offset)
{
	ssize_t (*next)(int, void *, size_t, off_t)
		= (ssize_t (*)(int, void *, size_t, off_t))real("pread");
	return is_ours(fd) && !let("read", names[fd]) ? -1 : next(fd, into, len, offset);
}

/* Half of it, before the disk is full. */
ssize_t
write(int fd, const void *from, size_t len)
{
	ssize_t (*next)(int, const void *, size_t)
		= (ssize_t (*)(int, const void *, size_t))real("write");
	if (!is_ours(fd) || let("write", names[fd]))
		return next(fd, from, len);
	int error = errno;
	ssize_t half = next(fd, from, len / 2);
	errno = error;
	return half < 0 ? half : -1;
}

int
fsync(int fd)
{
	int (*next)(int) = (int (*)(int))real("fsync");
	return is_ours(fd) && !let("sync", names[fd]) ? -1 : next(fd);
}

int
renameat(int from, const char *old, int to, const char *new)
{
	int (*next)(int, const char *, int, const char *)
		= (int (*)(int, const char *, int, const char *))real("renameat");
	return to != AT_FDCWD && !let("rename", new) ? -1 : next(from, old, to, new);
}
