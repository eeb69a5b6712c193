/* SPDX-License-Identifier: Apache-2.0
 *
 * loop.c - see loop.h. */
#include "net/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"

#define EVENTS_A_TURN 64
#define KEPT_CONNECTIONS 64

void
loop_watch(struct loop *loop, int fd, enum loop_kind kind, uint32_t id, uint32_t events)
{
	struct epoll_event e = { .events = events,
	                         .data.u64 = (uint64_t)kind << 32 | id };
	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &e) == 0)
		return;
	if (errno != ENOENT || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
		abort();
}

void
loop_unwatch(struct loop *loop, int fd)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* Libcurl lets go of a socket before it closes it too: then this does nothing. */
static void
watch_kept(struct loop *loop, int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP,
	                         .data.u64 = (uint64_t)LOOP_KEPT << 32 | (uint32_t)fd };
	epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &e);
}

/* What comes when nothing was asked would be taken for the answer to the next request
 * (libcurl 7.88 looks only whether a kept connection has ended): it ends here, and the
 * next request has a new one. */
static void
spoil(struct loop *loop, int fd)
{
	char bytes[4096];
	loop_unwatch(loop, fd);
	shutdown(fd, SHUT_RDWR);
	while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
		continue;
}

static int
curl_wants_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
	(void)easy, (void)socket_user;
	struct loop *loop = user;
	if (what == CURL_POLL_REMOVE) {
		watch_kept(loop, fd);
		return 0;
	}
	uint32_t events = 0;
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	loop_watch(loop, fd, LOOP_CURL, (uint32_t)fd, events);
	return 0;
}

static int
curl_wants_timer(CURLM *multi, long timeout_ms, void *user)
{
	(void)multi;
	struct loop *loop = user;
	loop->curl_due = timeout_ms < 0 ? INT64_MAX : clock_mono_ms() + timeout_ms;
	return 0;
}

bool
loop_open(struct loop *loop)
{
	*loop = (struct loop){ .epoll = epoll_create1(EPOLL_CLOEXEC),
	                       .curl_due = INT64_MAX };
	if (loop->epoll < 0)
		return false;
	loop->multi = curl_multi_init();
	if (loop->multi == NULL)
		abort();
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, curl_wants_socket);
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, curl_wants_timer);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
	return true;
}

void
loop_close(struct loop *loop)
{
	curl_multi_cleanup(loop->multi);
	io_close(&loop->epoll);
}

static void
drive_curl(struct loop *loop, curl_socket_t fd, uint32_t events)
{
	int what = 0, running;
	if (events & EPOLLIN)
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & (EPOLLERR | EPOLLHUP))
		what |= CURL_CSELECT_ERR | CURL_CSELECT_IN;
	curl_multi_socket_action(loop->multi, fd, what, &running);
}

/* A timer that is due is run before the wait, so that a new request starts at
 * once; libcurl sets the next one in the call. */
static void
run_timer(struct loop *loop, int64_t now)
{
	if (loop->curl_due > now)
		return;
	loop->curl_due = INT64_MAX;
	drive_curl(loop, CURL_SOCKET_TIMEOUT, 0);
}

static bool
tell_done(struct loop *loop, const struct loop_user *user)
{
	CURLMsg *message;
	int left;
	bool told = false;
	while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
		void *owner = NULL;
		CURLcode result = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
		user->done(user->user, owner, result);
		told = true;
	}
	return told;
}

static int
wait_ms(int64_t due, int64_t now)
{
	int64_t left = due - now;
	return left <= 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static enum loop_kind
kind_of(const struct epoll_event *event)
{
	return (enum loop_kind)(event->data.u64 >> 32);
}

void
loop_turn(struct loop *loop, int64_t due, const struct loop_user *user)
{
	struct epoll_event events[EVENTS_A_TURN];
	int64_t now = clock_mono_ms();
	run_timer(loop, now);
	/* Whoever was told may have changed what is due. */
	bool told = tell_done(loop, user);
	int64_t first = told ? now : loop->curl_due < due ? loop->curl_due : due;
	int n = epoll_wait(loop->epoll, events, EVENTS_A_TURN, wait_ms(first, now));
	/* Before any of them can be used again. */
	for (int i = 0; i < n; i++)
		if (kind_of(&events[i]) == LOOP_KEPT)
			spoil(loop, (int)(uint32_t)events[i].data.u64);
	for (int i = 0; i < n; i++) {
		enum loop_kind kind = kind_of(&events[i]);
		uint32_t id = (uint32_t)events[i].data.u64;
		if (kind == LOOP_CURL)
			drive_curl(loop, (curl_socket_t)id, events[i].events);
		else if (kind != LOOP_KEPT)
			user->event(user->user, kind, id, events[i].events);
	}
	tell_done(loop, user);
}
