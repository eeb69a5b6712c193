/* SPDX-License-Identifier: Apache-2.0
 *
 * address.c - see address.h. */
#include "net/address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int
net_open_dir(const char *state_dir)
{
	return open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static struct sockaddr_un
address_of(int dir, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", dir,
	         name);
	return address;
}

int
net_dial(int dir, const char *name)
{
	struct sockaddr_un address = address_of(dir, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

/* Under a name of its own first: the real one must never lead to a socket that does
 * not listen yet, or a starter would take us for dead. */
int
net_listen(int dir, const char *name, ino_t *inode)
{
	char own[48];
	struct stat st;
	snprintf(own, sizeof own, "%s.%d", name, getpid());
	struct sockaddr_un address = address_of(dir, own);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	bool bound = bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	if (bound && listen(fd, 64) == 0
	    && fstatat(dir, own, &st, AT_SYMLINK_NOFOLLOW) == 0
	    && renameat(dir, own, dir, name) == 0) {
		*inode = st.st_ino;
		return fd;
	}
	int reason = errno;
	if (bound)
		unlinkat(dir, own, 0);
	close(fd);
	errno = reason;
	return -1;
}

void
net_unlisten(int dir, const char *name, ino_t inode)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == inode)
		unlinkat(dir, name, 0);
}

bool
net_same_user(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
	       && size == sizeof peer && peer.uid == geteuid();
}
