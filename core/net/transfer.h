/* SPDX-License-Identifier: Apache-2.0
 *
 * transfer.h - one request on its way, by libcurl, and its answer as the
 * message that the connector gets.
 *
 *     open -> ( start -> ( finish | abort ) )* -> close
 *
 * What libcurl may not do here: follow redirects, use proxies or logins of the
 * environment, open a socket to an address that the origin does not admit,
 * keep more of an answer than was allowed, and send a request twice. */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>

#include "net/request.h"

struct transfer {
	CURL *easy;                    /* owned */
	CURLM *multi;                  /* borrowed; NULL: not under way */
	struct request *request;       /* borrowed, while under way */
	int64_t *calls;                /* borrowed: counts what is sent */
	int attempts;                  /* How often libcurl began to send. */
	bool too_large, bad_head;
	bool head_ended;               /* The empty line behind the headers came. */
	char inside[64];               /* The address that was refused. */
	char why[CURL_ERROR_SIZE];     /* libcurl's words. */
	struct buf head;               /* owned: header lines of the answer */
	struct buf reply;              /* owned: the message for the connector */
	size_t body_at;                /* Where the body stands in it; 0: no yet. */
	int32_t http_status;
	int64_t retry_after_ms;
	/* Of the answer; they live as long as the request. */
	const struct rk_header *headers;
	size_t header_count;
};

/* 'owner' is what curl_easy_getinfo(CURLINFO_PRIVATE) gives; '*calls' grows by
 * one for each request that is sent. */
void transfer_open(struct transfer *t, void *owner, int64_t *calls);
/* Sends 'request', which lives until finish or abort. */
void transfer_start(struct transfer *t, CURLM *multi, struct request *request,
                    int64_t timeout_ms);
/* libcurl is done: 'reply' is the message.  'secrets' are masked in it. */
void transfer_finish(struct transfer *t, CURLcode result, const struct mask *secrets,
                     int64_t timeout_ms);
/* Makes 'reply' the message of an error that came before any transfer. */
void transfer_refuse(struct transfer *t, int32_t status, const struct rk_err *err);
/* The reply is sent: a large one gives its memory back. */
void transfer_forget(struct transfer *t);
void transfer_close(struct transfer *t);

#endif
