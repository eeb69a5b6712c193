/* SPDX-License-Identifier: Apache-2.0
 *
 * http.h - HTTP requests and replies of the contract as messages between
 * renkei-connector, which asks, and renkei-net, which sends.
 *
 * Request:  connector -> net, on the connection's channel.
 * Reply:    status and error record, then the answer of the CRM.
 * The control messages between a run and net stand here too:
 *
 *     HELLO (version, configuration hash) -> HELLO
 *     OPEN (struct net_open)              -> OPENED, with the channel's socket
 *     COUNT (channel number)              -> COUNTED (requests sent, bytes)
 *     USAGE                               -> USED (struct net_usage)
 *     VERIFY (struct net_verify)          -> VERIFIED, or REFUSED
 *     PRIORITY (enum net_priority)        -> OBEYED
 *     LIMITS (connection, its limits)     -> OBEYED  */
#ifndef RECORD_HTTP_H
#define RECORD_HTTP_H

#include "base/arena.h"
#include "record/wire.h"

enum net_message {
	NET_HELLO = 1,
	NET_OPEN = 2,
	NET_OPENED = 3,                /* With the channel's socket. */
	NET_COUNT = 4,
	NET_COUNTED = 5,
	NET_REFUSED = 6,               /* A status and an error record. */
	NET_USAGE = 7,
	NET_USED = 8,
	NET_PRIORITY = 9,
	NET_LIMITS = 10,
	NET_OBEYED = 11,
	NET_HTTP = 16,
	NET_HTTP_REPLY = 17,
	NET_LOGIN = 18,                /* enum net_login_verb and a text */
	NET_LOGIN_REPLY = 19,          /* Status, error record, struct net_grant. */
	NET_VERIFY = 20,
	NET_VERIFIED = 21,
	NET_NOTE = 22,                 /* struct net_note; answered by NET_HTTP_REPLY */
};

#define NET_PROTOCOL 5             /* Both sides come from one build. */

/* How a secret reaches net: as its value, as a file that net reads, or as either of
 * them sealed (net/seal.h). */
enum net_secret_kind { NET_SECRET_VALUE, NET_SECRET_FILE, NET_SECRET_SEALED,
                       NET_SECRET_SEALED_FILE };

struct net_secret {
	struct rk_text name;
	enum net_secret_kind kind;
	struct rk_text text;           /* The value, what is sealed, or the file's path. */
};

enum net_part_kind { NET_PART_NONE, NET_PART_NUMBER, NET_PART_PERCENT };

struct net_part {                  /* "500" or "80%" of a number of calls. */
	enum net_part_kind kind;
	int64_t number;
};

struct net_limit {                 /* One limit class of the connection. */
	struct rk_text name;
	int64_t calls, per_ms;         /* 0, 0: none. */
	int64_t concurrent;            /* 0: none. */
	struct rk_text scope;          /* "connection", "object", "host". */
	struct rk_text resets, zone;   /* Of windows that end at a time of day. */
	/* Headers in which the CRM tells its own limit, and what is left or taken of it. */
	struct rk_text told_calls, told_left, told_used;
	int32_t every;                 /* Each call counts, whatever it says that it spends. */
	struct net_part allocation;    /* What renkei may use of the calls; none: all. */
	struct net_part reserve;       /* What a backfill leaves of that; none: a tenth. */
};

/* Who goes first where calls wait; the last leaves the reserve to the others. */
enum net_priority {
	NET_BY_HAND,                   /* Somebody waits for it. */
	NET_INCREMENTAL,
	NET_RETRY,                     /* Of what failed before. */
	NET_BACKFILL,                  /* Reads everything. */
};

/* How tokens are had by OAuth 2.0 (RFC 6749); 'token_url' empty: not at all.  The secret
 * of the client is one of the secrets, NET_CLIENT_SECRET. */
struct net_oauth {
	struct rk_text token_url, revoke_url, authorize_url;
	struct rk_text client_id, redirect_uri;
	struct rk_text scopes;         /* That a login asks for, as the CRM separates them. */
	int32_t basic;                 /* The client tells itself in a header, not the body. */
	int32_t pkce;
	int32_t manage;                /* This channel may log in and out. */
	int32_t grant;                 /* NET_GRANT_... */
	struct rk_text subject, audience; /* NET_GRANT_JWT: for whom, at whom. */
};

#define NET_MIN_GAP "min_gap"      /* The limit that the setting of that name makes. */

#define NET_GRANT_CODE   0         /* A person logs in; then refresh tokens. */
#define NET_GRANT_CLIENT 1         /* RFC 6749, 4.4: the app itself. */
#define NET_GRANT_JWT    2         /* RFC 7523: the app signs for a user. */

/* The names of net's own secrets hold a dot: no setting has one, so no connector can ask
 * for them. */
#define NET_CLIENT_SECRET "oauth.client_secret"
#define NET_JWT_KEY "oauth.jwt_key"
#define NET_ACCESS_TOKEN "access_token"
#define NET_CLIENT_CERTIFICATE "tls.client_certificate"
#define NET_CLIENT_PASSWORD "tls.client_certificate_password"
#define NET_HOOK_SECRET "hook.secret"

/* Whether who sent 'text' has the connection's NET_HOOK_SECRET. */
enum net_proof {
	NET_PROOF_SECRET,              /* The proof is the secret itself. */
	NET_PROOF_HMAC_HEX,            /* HMAC-SHA256 (RFC 2104) over 'text' under it, */
	NET_PROOF_HMAC_BASE64,         /* written so. */
};

struct net_verify {
	uint32_t channel;              /* Of the connection. */
	enum net_proof how;
	struct rk_text text, proof;
};

struct net_open {                  /* A channel bound to one connection. */
	struct rk_text connection;
	struct rk_text user;           /* Who spends: a sync, or a command. */
	const struct rk_text *origins; /* "https://api.hubapi.com", nothing else. */
	size_t origin_count;
	const struct net_secret *secrets;
	size_t secret_count;
	const struct net_limit *limits;
	size_t limit_count;
	int64_t request_deadline_ms;
	int64_t max_body_bytes;
	struct rk_text proxy;          /* "http://host:port"; empty: straight. */
	struct rk_text ca_file;        /* Empty: this machine's list. */
	struct rk_text seal_key;       /* A file. */
	struct net_oauth oauth;
	int32_t notes;                 /* The channel is for NET_NOTE: no connector has it. */
};

/* What renkei itself has to tell somebody: a mail where 'server' says so, else a POST of
 * JSON.  It goes to the operator's own address, wherever that is, and past the limits. */
struct net_note {
	struct rk_text body;           /* The whole mail, or the JSON. */
	struct rk_text server;         /* "smtp://host:587", "smtps://host:465"; or empty */
	int32_t starttls;
	struct rk_text user, from, to; /* user: empty where nobody logs in. */
	struct rk_text secret;         /* Its name: the password; of a POST the address. */
	struct rk_text sign;           /* The name of what signs a POST; empty: nothing. */
	struct rk_text id;             /* Of a POST, in X-Renkei-Notice; empty: none. */
};

void http_encode_note(struct buf *out, const struct net_note *note);
bool http_decode_note(struct rk_text bytes, struct net_note *note);

struct net_spent {                 /* One window of one limit, as net counts it. */
	struct rk_text connection;     /* Empty: of a host, whatever the connection. */
	struct rk_text limit, of;      /* of: an object or a host; or empty. */
	int64_t used, under_way;
	int64_t began_ms;              /* UTC; when the first of these calls was made, or
	                                * the day began; 0: there is none. */
	int64_t resets_ms;             /* UTC; 0: the window slides. */
	int64_t paused_ms;             /* The CRM asked to wait until then; or 0. */
	int64_t told_calls, told_left; /* By the CRM; -1: not told. */
};

struct net_share {                 /* Calls of the last 24 hours. */
	struct rk_text connection;
	struct rk_text limit;          /* Empty: all calls, whatever they spend. */
	struct rk_text user;
	int64_t calls;
};

struct net_usage {
	struct net_spent *spent;
	size_t spent_count;
	struct net_share *shares;
	size_t share_count;
};

enum net_login_verb {
	NET_LOGIN_SHOW,                /* What is there. */
	NET_LOGIN_BEGIN,               /* Answers with the address for the browser; then,
	                                * when the login has ended, once more. */
	NET_LOGIN_CODE,                /* What a person pasted. */
	NET_LOGOUT,                    /* Revokes where that is possible, and forgets. */
};

struct net_grant {                 /* Tokens as they may be shown. */
	int32_t present;
	struct rk_text access, refresh; /* Masked: "abcd...". */
	struct rk_text scopes;
	int64_t obtained_ms, expires_ms, renewing_ms;
	struct rk_text authorize_url;  /* Of a login that has begun. */
	int32_t listens;               /* And the browser's way back is heard. */
};

void http_encode_grant(struct buf *out, int32_t status, const struct rk_err *err,
                       const struct net_grant *grant);
bool http_decode_grant(struct rk_text bytes, int32_t *status, struct rk_err *err,
                       struct net_grant *grant);

/* "80%" -> 80 of a hundred; "" or NULL -> none. */
struct net_part net_part_of(const char *text);
/* So much of 'whole', at most all of it; 'otherwise' of a part that is none. */
int64_t net_part_take(struct net_part part, int64_t whole, int64_t otherwise);
/* The calls that renkei may make of a limit; 'told_calls' is what the CRM itself says
 * that it allows (-1: nothing), and the lower figure holds. */
int64_t net_allowed(int64_t calls, int64_t told_calls, struct net_part allocation);

void http_encode_limits(struct buf *out, const struct net_limit *limits, size_t count);
bool http_take_limits(struct wire_reader *r, struct arena *arena,
                      const struct net_limit **limits, size_t *count);
bool http_decode_usage(struct rk_text bytes, struct arena *arena,
                       struct net_usage *usage);
void http_encode_open(struct buf *out, const struct net_open *open);
bool http_decode_open(struct rk_text bytes, struct arena *arena, struct net_open *open);

void http_encode_request(struct buf *out, const struct rk_request *request,
                         int64_t deadline_ms);
/* 'deadline_ms': how long the caller is still willing to wait. */
bool http_decode_request(struct rk_text bytes, struct arena *arena,
                         struct rk_request *request, int64_t *deadline_ms);

void http_encode_reply(struct buf *out, int32_t status, const struct rk_err *err,
                       const struct rk_reply *reply);
bool http_decode_reply(struct rk_text bytes, struct arena *arena, int32_t *status,
                       struct rk_err *err, struct rk_reply *reply);

void http_encode_err(struct buf *out, const struct rk_err *err);
void http_decode_err(struct wire_reader *r, struct rk_err *err);

#endif
