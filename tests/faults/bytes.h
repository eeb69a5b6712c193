/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.h - bytes that grow, and what the proxy does to HTTP messages in them: find
 * the body, change a header, pack.  Memory that is gone ends the program.  Called by
 * proxy.c alone. */
#ifndef TESTS_FAULTS_BYTES_H
#define TESTS_FAULTS_BYTES_H

#include <stddef.h>

struct bytes {                         /* All zero is empty. */
	char *ptr;                     /* owned */
	size_t len, cap;
};

/* Room for so many more bytes, behind those that are there. */
char *bytes_room(struct bytes *b, size_t more);
void bytes_add(struct bytes *b, const char *more, size_t len);
void bytes_insert(struct bytes *b, size_t at, const char *text);
void bytes_free(struct bytes *b);

/* Adds 'text', in which \r, \n, \0 and \xHH stand for themselves. */
void bytes_unescape(struct bytes *b, const char *text);

/* Where the body begins; 0: the head is not whole. */
size_t bytes_body(const struct bytes *b);
/* Where the line behind the first one begins. */
size_t bytes_line(const struct bytes *b);
/* What the Content-Length says; 0 without one. */
size_t bytes_length(const struct bytes *b, size_t body_at);
/* Sets, adds or (value NULL) takes away a header; returns where the body is now. */
size_t bytes_header(struct bytes *b, const char *name, const char *value);
/* Replaces the first 'from' behind 'at', or (length 0) all that stands there. */
void bytes_replace(struct bytes *b, size_t at, const char *from, size_t from_len,
                   const struct bytes *to);

/* Adds 'len' bytes as gzip.  Source: RFC 1951, 1952; stored blocks. */
void bytes_pack(struct bytes *b, const char *plain, size_t len);
/* Adds a gzip stream of about 'len' zeros, without an end: 158 to 1. */
void bytes_bomb(struct bytes *b, size_t len);

#endif
