/* SPDX-License-Identifier: Apache-2.0
 *
 * console.h - what the parts of renkei-console share: the process, a request and its
 * answer.  A request is served by a thread of its own; what all of them use stands
 * behind locks of its owner (host.db: `lock` here). */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include <pthread.h>

#include "base/words.h"
#include "config/config.h"
#include "store/user.h"

#define REQUEST_BODY_MAX (512u * 1024)
#define REQUEST_PARAMS_MAX 10000u      /* As CONTROL_ARGUMENTS_MAX. */
#define REQUEST_VALUE_MAX 1024u
#define ANSWER_MAX (32u * 1024 * 1024)

struct console {
	const char *state_dir;
	const struct config_console *settings;
	char hosts[3][280];            /* What Host may say; "" is none. */
	char cookie[40];               /* Its name. */
	bool tls, trusted;             /* People come by https; from this machine alone. */
	int listener;                  /* owned */
	pthread_mutex_t lock;          /* Of 'host', */
	struct host *host;
	pthread_mutex_t hashing;       /* and of one password at a time: it takes 64 MiB. */
};

struct param {
	const char *name, *value;
};

struct request {
	struct console *console;
	struct arena *arena;           /* borrowed: all below lives here */
	const char *method, *path;
	const char *host, *origin, *cookie, *csrf, *type;   /* Headers; NULL: not sent */
	struct rk_text head;           /* All headers, a line each; of a webhook alone. */
	const char *peer;              /* Who asks, behind a named proxy too. */
	bool forwarded;                /* By a proxy. */
	struct param *params;          /* The query's, and the body's. */
	size_t param_count, param_room;
	struct rk_text body;
	enum words_lang lang;
	/* The session; user.name "" without one. */
	struct user user;
	const char *session;           /* Its key. */
	const char *part;              /* The first part of the path that varies. */
};

struct answer {
	int status;
	const char *type;              /* Of the body. */
	struct buf body;               /* owned */
	const char *cookie;            /* Set-Cookie; NULL: none */
	const char *allow;             /* With 405. */
	const char *file;              /* To be saved under this name; NULL: shown */
	const char *tag;               /* ETag, of what may be kept; NULL: none may */
	int64_t retry_s;               /* With 429 and 503; 0: not told */
};

/* The last one of that name; NULL: none. */
const char *request_param(const struct request *q, const char *name);
/* False: too many. */
bool request_add(struct request *q, const char *name, const char *value);

/* An answer in the form of a command's errors, with words in the language of who asks:
 *   {"errors": [{"category", "code", "message", ...}], "exit_code": N} */
void answer_error(const struct request *q, struct answer *a, int status,
                  const struct rk_err *err);
/* The same; 'code' tells programs what it is. */
void answer_refuse(const struct request *q, struct answer *a, int status, const char *code,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
