/* SPDX-License-Identifier: Apache-2.0
 *
 * files.c - see files.h.  A name without "/" that is opened below the directory's own
 * descriptor, and not through a link, cannot lead out of it: no more is needed of the
 * kernel, whatever its version.  A file takes the place of another by rename, after its
 * bytes are on the disk. */
#include "connector/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "record/http.h"
#include "record/wire.h"

#define FILE_BYTES_MAX (UINT64_C(1) << 30)
#define NAME_MAX_BYTES 200u            /* Room for what the temporary adds. */
#define LOOK (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* ---- Errors ----------------------------------------------------------------------- */

/* What a failed system call means; all others may pass. */
static const struct {
	int error;
	int32_t status, category;
} meanings[] = {
	{ EACCES, RK_PAUSE, RK_CAT_PERMISSION },
	{ EPERM, RK_PAUSE, RK_CAT_PERMISSION },
	{ EROFS, RK_PAUSE, RK_CAT_PERMISSION },
	{ ELOOP, RK_PAUSE, RK_CAT_CONFIG },
	{ ENOTDIR, RK_PAUSE, RK_CAT_CONFIG },
	{ EISDIR, RK_PAUSE, RK_CAT_CONFIG },
	{ ENAMETOOLONG, RK_PAUSE, RK_CAT_CONFIG },
	{ ENOENT, RK_AGAIN, RK_CAT_UNREACHABLE },
	{ ESTALE, RK_AGAIN, RK_CAT_UNREACHABLE },
	{ 0, RK_AGAIN, RK_CAT_SERVER },
};

static int32_t
fail(const struct files *f, const char *what, struct rk_text name, struct rk_err *err)
{
	size_t i = 0;
	int error = errno;
	while (meanings[i].error != 0 && meanings[i].error != error)
		i++;
	return err_set(err, meanings[i].status, meanings[i].category, "%s/%.*s cannot be %s: %s",
	               f->path, (int)name.len, name.ptr, what, strerror(error));
}

/* ---- Names and marks ---------------------------------------------------------------- */

static bool
is_name(struct rk_text name)
{
	if (name.len == 0 || name.len > NAME_MAX_BYTES || name.ptr[0] == '.'
	    || !text_utf8_valid(name))
		return false;
	for (uint64_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '/' || (unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
			return false;
	return true;
}

#define MARK_BYTES 80

static struct rk_text
mark_of(const struct stat *st, char text[MARK_BYTES])
{
	int n = snprintf(text, MARK_BYTES, "%" PRIuMAX ".%" PRIdMAX ".%" PRIdMAX ".%09ld",
	                 (uintmax_t)st->st_ino, (intmax_t)st->st_size,
	                 (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	return (struct rk_text){ text, (uint64_t)n };
}

static bool
has_mark(const struct stat *st, struct rk_text mark)
{
	char text[MARK_BYTES];
	return S_ISREG(st->st_mode) && text_eq(mark_of(st, text), mark);
}

static int32_t
other_file(const struct files *f, struct rk_text name, struct rk_err *err)
{
	return err_set(err, RK_RESYNC, RK_CAT_SERVER, "%s/%.*s was changed by somebody else "
	               "meanwhile", f->path, (int)name.len, name.ptr);
}

/* ---- Requests ----------------------------------------------------------------------- */

struct asked {
	struct rk_text name, mark, data;
	uint64_t offset, room;
};

/* Adds to 'out' what follows the status. */
typedef int32_t serve_fn(struct files *f, const struct asked *a, struct buf *out,
                         struct rk_err *err);

static int
in_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of what may be a file, in order. */
static int32_t
read_names(struct files *f, DIR *dir, struct arena *arena, char **names, size_t *count,
           struct rk_err *err)
{
	struct dirent *entry;
	errno = 0;
	while ((entry = readdir(dir)) != NULL) {
		if (!is_name(text_of(entry->d_name)))
			continue;
		if (*count == FILES_MAX)
			return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s holds over %d files; move "
			               "those away that are no longer needed", f->path, FILES_MAX);
		names[(*count)++] = arena_str(arena, entry->d_name);
	}
	if (errno != 0)
		return fail(f, "listed", text_of("."), err);
	qsort(names, *count, sizeof *names, in_order);
	return RK_OK;
}

static void
put_files(const struct files *f, char *const *names, size_t count, struct buf *out)
{
	BUF_AUTO list = BUF_INIT(out->max);
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		char mark[MARK_BYTES];
		struct stat st;
		if (fstatat(f->dir, names[i], &st, AT_SYMLINK_NOFOLLOW) != 0
		    || !S_ISREG(st.st_mode))
			continue;
		found++;
		wire_str(&list, names[i]);
		wire_text(&list, mark_of(&st, mark));
		wire_int(&list, st.st_size);
		wire_int(&list, (int64_t)st.st_mtim.tv_sec * 1000
		                + st.st_mtim.tv_nsec / 1000000);
	}
	wire_int(out, (int64_t)found);
	buf_addt(out, buf_text(&list));
}

static int32_t
serve_list(struct files *f, const struct asked *a, struct buf *out, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct stat st;
	size_t count = 0;
	(void)a;
	/* One that was removed while it was open looks empty. */
	if (fstat(f->dir, &st) == 0 && st.st_nlink == 0) {
		errno = ENOENT;
		return fail(f, "listed", text_of("."), err);
	}
	int fd = openat(f->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		int32_t status = fail(f, "listed", text_of("."), err);
		io_close(&fd);
		return status;
	}
	char **names = arena_new_array(&arena, FILES_MAX, char *);
	int32_t status = read_names(f, dir, &arena, names, &count, err);
	if (status == RK_OK)
		put_files(f, names, count, out);
	closedir(dir);
	return status;
}

/* All bytes from 'offset' on, or as many as there is room for. */
static ssize_t
read_at(int fd, char *into, size_t room, off_t offset)
{
	size_t got = 0;
	while (got < room) {
		ssize_t n = pread(fd, into + got, room - got, offset + (off_t)got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? n : (ssize_t)got;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

static int32_t
serve_read(struct files *f, const struct asked *a, struct buf *out, struct rk_err *err)
{
	char name[NAME_MAX_BYTES + 1];
	struct stat st;
	text_copy(name, sizeof name, a->name);
	FD_AUTO fd = openat(f->dir, name, LOOK);
	/* A link has taken its place, or it is gone. */
	if (fd < 0 && (errno == ENOENT || errno == ELOOP))
		return other_file(f, a->name, err);
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(f, "read", a->name, err);
	if (!has_mark(&st, a->mark))
		return other_file(f, a->name, err);
	size_t mark = wire_open(out, WIRE_TEXT);
	char *into = buf_extend(out, a->room);
	ssize_t got = into != NULL ? read_at(fd, into, a->room, (off_t)a->offset) : -1;
	if (got < 0)
		return fail(f, "read", a->name, err);
	out->len -= a->room - (size_t)got;
	wire_close(out, mark);
	/* What was read while it changed is neither the old file nor the new one. */
	if (fstat(fd, &st) != 0 || !has_mark(&st, a->mark))
		return other_file(f, a->name, err);
	return RK_OK;
}

static void
temporary_name(struct rk_text name, char text[256])
{
	snprintf(text, 256, ".%.*s.renkei", (int)name.len, name.ptr);
}

/* One that a dead run left is used again; one that a living run holds is left alone. */
static int32_t
open_temporary(struct files *f, struct rk_text name, struct rk_err *err)
{
	char path[256];
	struct stat held, there;
	temporary_name(name, path);
	FD_AUTO fd = openat(f->dir, path, (LOOK & ~O_RDONLY) | O_RDWR | O_CREAT, 0640);
	if (fd < 0 || fstat(fd, &held) != 0)
		return fail(f, "written", name, err);
	if (!S_ISREG(held.st_mode) || flock(fd, LOCK_EX | LOCK_NB) != 0
	    || fstatat(f->dir, path, &there, AT_SYMLINK_NOFOLLOW) != 0
	    || there.st_ino != held.st_ino)
		return err_set(err, RK_AGAIN, RK_CAT_SERVER, "another run writes to %s/%.*s",
		               f->path, (int)name.len, name.ptr);
	if (ftruncate(fd, 0) != 0)
		return fail(f, "written", name, err);
	f->temporary = fd;
	f->bytes = 0;
	text_copy(f->written, sizeof f->written, name);
	fd = -1;
	return RK_OK;
}

static int32_t
serve_write(struct files *f, const struct asked *a, struct buf *out, struct rk_err *err)
{
	(void)out;
	int32_t status = RK_OK;
	if (f->temporary >= 0 && !text_is(a->name, f->written))
		files_begin(f);
	if (f->temporary < 0)
		status = open_temporary(f, a->name, err);
	if (status != RK_OK)
		return status;
	if (f->bytes + a->data.len > FILE_BYTES_MAX)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s/%.*s would be over 1 GiB; let "
		               "it be rotated", f->path, (int)a->name.len, a->name.ptr);
	f->bytes += a->data.len;
	if (!io_write_all(f->temporary, a->data.ptr, a->data.len))
		return fail(f, "written", a->name, err);
	return RK_OK;
}

/* The new file is used by whom the old one was used by. */
static bool
take_after(int fd, const struct stat *old)
{
	struct stat st;
	return fstat(fd, &st) == 0
	       && (st.st_uid == old->st_uid || geteuid() != 0
	           || fchown(fd, old->st_uid, old->st_gid) == 0)
	       && fchmod(fd, old->st_mode & 0777) == 0;
}

static int32_t
serve_commit(struct files *f, const struct asked *a, struct buf *out, struct rk_err *err)
{
	char path[256], name[NAME_MAX_BYTES + 1];
	struct stat old;
	(void)out;
	temporary_name(a->name, path);
	text_copy(name, sizeof name, a->name);
	if (f->temporary < 0 || !text_is(a->name, f->written))
		return err_set(err, RK_BUG, RK_CAT_BUG, "nothing was written that could become "
		               "%s", name);
	bool there = fstatat(f->dir, name, &old, AT_SYMLINK_NOFOLLOW) == 0;
	if (!there && errno != ENOENT)
		return fail(f, "replaced", a->name, err);
	if (there ? !has_mark(&old, a->mark) : a->mark.len > 0)
		return other_file(f, a->name, err);
	if ((there && !take_after(f->temporary, &old)) || fsync(f->temporary) != 0
	    || renameat(f->dir, path, f->dir, name) != 0)
		return fail(f, "replaced", a->name, err);
	io_close(&f->temporary);
	if (fsync(f->dir) == 0)
		return RK_OK;
	int32_t status = fail(f, "replaced for sure", a->name, err);
	err->maybe_sent = 1;
	return status;
}

static serve_fn *const serve[FILES_REQUESTS] = {
	[FILES_LIST] = serve_list, [FILES_READ] = serve_read, [FILES_WRITE] = serve_write,
	[FILES_COMMIT] = serve_commit,
};

static bool
decode(struct rk_text request, enum files_request *kind, struct asked *a)
{
	struct wire_reader in = wire_reader(request);
	*a = (struct asked){ 0 };
	*kind = (enum files_request)wire_take_range(&in, FILES_LIST, FILES_COMMIT);
	if (in.bad || *kind == FILES_LIST)
		return !in.bad && !wire_more(&in);
	a->name = wire_take_text(&in);
	if (*kind == FILES_WRITE)
		a->data = wire_take_text(&in);
	else
		a->mark = wire_take_text(&in);
	if (*kind == FILES_READ) {
		a->offset = (uint64_t)wire_take_range(&in, 0, INT64_MAX / 2);
		a->room = (uint64_t)wire_take_range(&in, 0, (int64_t)RK_FILES_PIECE);
	}
	return !in.bad && !wire_more(&in) && is_name(a->name);
}

static int32_t
answer(struct files *f, enum files_request kind, const struct asked *a, struct buf *out,
       struct rk_err *err)
{
	int32_t status = RK_OK;
	f->asked++;
	if (f->dir < 0) {
		errno = f->error;
		return f->path == NULL
		       ? err_set(err, RK_PAUSE, RK_CAT_CONFIG, "no directory is configured")
		       : fail(f, "opened", text_of(""), err);
	}
	if (f->fault != NULL)
		status = f->fault(f->with, kind, false, err);
	if (status == RK_OK)
		status = serve[kind](f, a, out, err);
	if (status == RK_OK && f->fault != NULL)
		status = f->fault(f->with, kind, true, err);
	return status;
}

bool
files_serve(struct files *f, struct rk_text request, struct buf *reply)
{
	struct asked a;
	enum files_request kind;
	struct rk_err err = ERR_INIT;
	BUF_AUTO out = BUF_INIT(reply->max);
	if (!decode(request, &kind, &a))
		return false;
	int32_t status = answer(f, kind, &a, &out, &err);
	wire_int(reply, status);
	http_encode_err(reply, &err);
	if (status == RK_OK)
		buf_addt(reply, buf_text(&out));
	return true;
}

/* ---- Begin and end ------------------------------------------------------------------ */

void
files_open(struct files *f, const char *path)
{
	*f = (struct files)FILES_INIT;
	f->path = path;
	if (path == NULL)
		return;
	/* A limit on the size of files is an error of the write, and ends no run. */
	signal(SIGXFSZ, SIG_IGN);
	f->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->error = errno;
}

void
files_begin(struct files *f)
{
	char path[256];
	f->asked = 0;
	if (f->temporary < 0)
		return;
	temporary_name(text_of(f->written), path);
	unlinkat(f->dir, path, 0);
	io_close(&f->temporary);
}

void
files_close(struct files *f)
{
	files_begin(f);
	io_close(&f->dir);
}

const char *
files_fault(const char *path)
{
	struct stat st;
	if (path[0] != '/')
		return "the absolute path of a directory";
	if (stat(path, &st) != 0)
		return errno == EACCES ? "a directory that this user may look into"
		                       : "a directory that is there";
	if (!S_ISDIR(st.st_mode))
		return "a directory";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "a directory that belongs to root or to this user";
	if ((st.st_mode & S_IWOTH) != 0)
		return "a directory that not everybody may write to (chmod o-w)";
	if (faccessat(AT_FDCWD, path, R_OK | X_OK, AT_EACCESS) != 0)
		return "a directory that this user may read";
	return NULL;
}
