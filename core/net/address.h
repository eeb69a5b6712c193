/* SPDX-License-Identifier: Apache-2.0
 *
 * address.h - where renkei's programs listen: sockets in the state directory, reached
 * through the open directory, because a socket's path may not be longer than 107 bytes
 * and a state directory's often is.  `net.sock` is renkei-net's, shared by the program
 * and its client; the daemon's is in schedule/control.h. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <sys/types.h>

#define NET_SOCKET_NAME "net.sock"
#define NET_LOCK_NAME "net.lock"
#define NET_LOG_NAME "net.log"

/* Opens the state directory; -1 with errno set. */
int net_open_dir(const char *state_dir);
/* A socket connected to whoever listens as 'name'; -1 with errno set: ENOENT or
 * ECONNREFUSED when nobody does. */
int net_dial(int dir, const char *name);
/* Listens as 'name', without waiting in accept; the name never leads to a socket that
 * does not listen yet.  -1 with errno set. */
int net_listen(int dir, const char *name, ino_t *inode);
/* Takes the name away, unless it is another's by now. */
void net_unlisten(int dir, const char *name, ino_t inode);
/* Whether the other end of a Unix socket runs under our own user. */
bool net_same_user(int fd);

#endif
