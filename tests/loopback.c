/* SPDX-License-Identifier: Apache-2.0
 *
 * loopback.c - see loopback.h. */
#include "tests/loopback.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 30

static int
dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static char *
receive_all(int fd)
{
	size_t len = 0, room = 65536;
	char *text = malloc(room + 1);
	for (;;) {
		if (text == NULL)
			abort();
		ssize_t n = recv(fd, text + len, room - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len == room)
			text = realloc(text, (room *= 2) + 1);
	}
	text[len] = '\0';
	return text;
}

/* The body alone, in place; frees what is no answer. */
static char *
body_of(char *answer)
{
	char *body = strstr(answer, "\r\n\r\n");
	if (body == NULL || strncmp(answer, "HTTP/1.1 200", 12) != 0) {
		free(answer);
		return NULL;
	}
	memmove(answer, body + 4, strlen(body + 4) + 1);
	return answer;
}

/* All of the answer, head and body; NULL: none. */
static char *
exchange(uint16_t port, const char *path, const char *body)
{
	char head[2048];
	int n = snprintf(head, sizeof head,
			 "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
			 "Connection: close\r\nContent-Length: %zu\r\n\r\n",
			 body != NULL ? "POST" : "GET", path,
			 body != NULL ? strlen(body) : 0);
	int fd = dial(port);
	if (fd < 0)
		return NULL;
	char *answer = NULL;
	if (n > 0 && (size_t)n < sizeof head && send_all(fd, head, (size_t)n)
	    && (body == NULL || send_all(fd, body, strlen(body))))
		answer = receive_all(fd);
	close(fd);
	return answer;
}

char *
loopback_ask(uint16_t port, const char *path, const char *body)
{
	char *answer = exchange(port, path, body);
	return answer != NULL ? body_of(answer) : NULL;
}

char *
loopback_redirect(uint16_t port, const char *path)
{
	static const char name[] = "\r\nLocation: ";
	char *answer = exchange(port, path, NULL), *to = NULL;
	char *at = answer != NULL && strncmp(answer, "HTTP/1.1 302", 12) == 0
	                   ? strstr(answer, name) : NULL;
	if (at != NULL) {
		at += strlen(name);
		to = strndup(at, strcspn(at, "\r\n"));
	}
	free(answer);
	return to;
}
