/* SPDX-License-Identifier: Apache-2.0
 *
 * runner.h - one connector in its own process, seen from the run.
 *
 *     start -> ( ask -> ( poll | wait ) )* -> stop
 *
 * One call at a time; 'ask' sends it, 'poll' looks for the answer without
 * waiting.  A process that dies, lies in its frames or is late is ended, and
 * its call answers with RK_AGAIN (it died) or RK_BUG (it was late), after which
 * the caller may start another, or with RK_PAUSE (it lied, or reached for what
 * its sandbox refuses): that is no passing trouble.
 *
 * What a connector writes to its standard error becomes lines of the log that
 * name it, so many bytes a process; the rest is dropped. */
#ifndef CONNECTOR_RUNNER_H
#define CONNECTOR_RUNNER_H

#include <sys/types.h>

#include "base/arena.h"
#include "connector/files.h"
#include "connector/sandbox.h"
#include "record/frame.h"
#include "record/record.h"

struct runner_setting {
	struct rk_text name, value;
	bool secret;
};

struct runner_spec {
	const char *connector;         /* Its name, for messages. */
	const char *so_path;           /* Absolute. */
	const struct runner_setting *settings;
	size_t setting_count;
	enum sandbox_level sandbox;    /* The least that is accepted. */
	const char *directory;         /* Whose files it may use; NULL: none. */
	int64_t open_deadline_ms;
};

struct runner {
	const char *connector;         /* borrowed */
	pid_t pid;                     /* 0: not running */
	enum sandbox_level sandbox;    /* What was reached. */
	struct frame_stream stream;    /* owned */
	struct buf out;                /* owned */
	struct files files;            /* owned */
	int stderr_fd;                 /* owned; -1: none */
	size_t stderr_bytes;           /* Told so far. */
	uint32_t call;
	uint32_t log_lines;            /* Said by this call. */
	bool asked;
	int64_t deadline;              /* clock_mono_ms */
	int64_t allowed_ms;
};

/* Not running; may be stopped. */
#define RUNNER_INIT \
	{ .stream = { .fd = -1, .received_fd = -1 }, .files = FILES_INIT, .stderr_fd = -1 }

struct runner_answer {
	int32_t status;
	uint32_t http_calls;
	struct rk_err err;
	struct rk_text bytes;          /* The operation's part; until the next ask. */
	bool ended;                    /* The process is gone. */
};

/* Starts the process and opens the connector; takes 'net_fd'. */
int32_t runner_start(struct runner *r, const struct runner_spec *spec, int net_fd,
                     struct rk_err *err);
/* Ends the process at once. */
void runner_stop(struct runner *r);

/* The buffer of the next call's arguments, emptied; then ask. */
struct buf *runner_arguments(struct runner *r, int64_t allowed_ms);
/* Sends it; a process that is gone is told by the answer. */
void runner_ask(struct runner *r, enum connector_message type);

/* Whether the answer is there (or the process failed). */
bool runner_poll(struct runner *r, struct runner_answer *answer);
void runner_wait(struct runner *r, struct runner_answer *answer);
int runner_fd(const struct runner *r);

#endif
