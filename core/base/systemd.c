/* SPDX-License-Identifier: Apache-2.0
 *
 * systemd.c - see systemd.h. */
#include "base/systemd.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The address is a path, or "@" and a name that is in no file system. */
void
systemd_tell(const char *lines)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (path == NULL || (path[0] != '/' && path[0] != '@')
	    || strlen(path) >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, strlen(path));
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	/* Nobody there is nothing to us. */
	(void)!sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT,
	              (struct sockaddr *)&to, len);
	close(fd);
}

int64_t
systemd_watchdog_ms(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	if (us == NULL || (pid != NULL && atoll(pid) != getpid()))
		return 0;
	return atoll(us) / 1000;
}
