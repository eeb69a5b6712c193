/* SPDX-License-Identifier: Apache-2.0
 *
 * address.h - where renkei-net listens: the socket `net.sock` in the state
 * directory, reached through the open directory, because a socket's path may
 * not be longer than 107 bytes and a state directory's often is.  Shared by
 * the program and its client. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#define NET_SOCKET_NAME "net.sock"
#define NET_LOCK_NAME "net.lock"
#define NET_LOG_NAME "net.log"

/* Opens the state directory; -1 with errno set. */
int net_open_dir(const char *state_dir);
/* The address of socket 'name'; valid while 'dir' is open. */
void net_address(int dir, const char *name, struct sockaddr_un *address);
/* A socket connected to the net of 'dir'; -1 with errno set: ENOENT or
 * ECONNREFUSED when none listens. */
int net_dial(int dir);
/* Whether the other end of a Unix socket runs under our own user. */
bool net_same_user(int fd);

#endif
