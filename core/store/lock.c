/* SPDX-License-Identifier: Apache-2.0
 *
 * lock.c - see lock.h. */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"

/* Who looks whether it is held has it for an instant. */
static bool
lock_soon(int fd)
{
	for (int i = 0; i < 25; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK)
			return false;
		usleep(2000);
	}
	errno = EWOULDBLOCK;
	return false;
}

int
lock_take(const char *dir, const char *name, struct rk_err *err)
{
	char path[PATH_MAX];
	if (!io_mkdirs(dir)) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG,
		          "the state directory %s cannot be made; make it writable for this "
		          "user, or name another with --state", dir);
		return -1;
	}
	snprintf(path, sizeof path, "%s/%s.lock", dir, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG,
		          "the state directory %s cannot be written; make it writable for "
		          "this user, or free some space", dir);
		return -1;
	}
	if (lock_soon(fd))
		return fd;
	if (errno == EWOULDBLOCK)
		err_set(err, RK_AGAIN, RK_CAT_OTHER,
		        "sync \"%s\" is running already; wait until that run has ended", name);
	else
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be locked", path);
	close(fd);
	return -1;
}

bool
lock_is_held(const char *dir, const char *name)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/%s.lock", dir, name);
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}
