/* SPDX-License-Identifier: Apache-2.0
 *
 * loop.h - waits for sockets, ours and libcurl's, and for libcurl's timers.
 *
 * What is watched has a kind and an id, never a pointer: an event for
 * something that was closed a moment ago then finds nothing, and no harm. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* LOOP_KEPT: a connection that libcurl keeps and nothing uses; LOOP_LOGIN, LOOP_BROWSER:
 * where an account's login is awaited, and who came. */
enum loop_kind { LOOP_LISTENER, LOOP_CONTROL, LOOP_CHANNEL, LOOP_CURL, LOOP_KEPT,
                 LOOP_LOGIN, LOOP_BROWSER };

struct loop {
	int epoll;                     /* owned */
	CURLM *multi;                  /* owned */
	int64_t curl_due;              /* Monotonic; INT64_MAX: no timer. */
};

struct loop_user {
	void *user;
	void (*event)(void *user, enum loop_kind kind, uint32_t id, uint32_t events);
	/* A transfer has ended; 'owner' is its CURLINFO_PRIVATE. */
	void (*done)(void *user, void *owner, CURLcode result);
};

bool loop_open(struct loop *loop);     /* False with errno set. */
void loop_close(struct loop *loop);
/* Changes what is waited for at 'fd'; adds it if it is new. */
void loop_watch(struct loop *loop, int fd, enum loop_kind kind, uint32_t id,
                uint32_t events);
void loop_unwatch(struct loop *loop, int fd);
/* Waits until something happens, at most until 'due', and tells the user. */
void loop_turn(struct loop *loop, int64_t due, const struct loop_user *user);

#endif
