/* SPDX-License-Identifier: Apache-2.0
 *
 * request.h - one request as a connector asks for it, checked and made ready to
 * send: the only place where secrets are filled in.
 *
 *     prepare -> ( look, send ) -> clear
 *
 * A connector is not trusted: it may name only hosts of its connection, set
 * only headers that are its business, and ask for secrets by name only. */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include "net/identity.h"
#include "net/origin.h"
#include "net/secret.h"

#define REQUEST_URL_MAX (64 * 1024)
#define REQUEST_HEAD_MAX (64 * 1024)

struct route {                         /* How a connection's requests go out. */
	const char *proxy;             /* "http://host:port"; "": straight. */
	const char *ca_file;           /* NULL: this machine's list. */
};

struct request_rules {                 /* What the connection allows. */
	const char *connection;
	const struct origin *origins;  /* borrowed */
	size_t origin_count;
	struct secret_set *secrets;    /* borrowed */
	const struct route *route;     /* borrowed */
	size_t max_body_bytes;
	bool own;                      /* Net itself asks, not a connector. */
};

struct mail {                          /* In place of a request's method, headers and so on. */
	const char *server;            /* NULL: it is none, but HTTP. */
	bool starttls;
	const char *user;              /* NULL: nobody logs in. */
	struct rk_text password;       /* borrowed, until the transfer starts */
	const char *from;
	struct curl_slist *to;         /* owned */
	size_t sent;                   /* Of the body. */
};

struct request {
	struct arena arena;            /* owned */
	struct rk_request asked;       /* borrowed: the message it came in */
	int64_t willing_ms;            /* How long its caller waits. */
	CURLU *url;                    /* owned */
	struct origin origin;
	const struct route *route;     /* borrowed */
	struct identity identity;      /* owned */
	struct curl_slist *headers;    /* owned, wiped */
	struct rk_text body;           /* In 'filled', or in the message. */
	struct buf filled;             /* owned, wiped */
	struct mask mask;              /* owned: what only this request used */
	size_t max_body_bytes;         /* Of the answer. */
	bool has_secret;
	struct mail mail;              /* owned */
	bool inside;                   /* The operator's own word: it may go anywhere. */
};

/* Takes 'bytes' apart, which must live until clear; false if they are no
 * request at all. */
bool request_decode(struct request *r, struct rk_text bytes);
/* RK_BUG for what a connector should not ask, RK_PAUSE for what only a person
 * can mend. */
int32_t request_prepare(struct request *r, const struct request_rules *rules,
                        struct rk_err *err);
/* Empties it; what was secret is wiped. */
void request_clear(struct request *r);
void request_free(struct request *r);

#endif
