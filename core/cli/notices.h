/* SPDX-License-Identifier: Apache-2.0
 *
 * notices.h - what is told to those whom `notify` names, in words: a change of state of a
 * sync, a digest, a test.  Who is told what is put into the outbox (store/outbox.h);
 * notify/deliver.h sends it. */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "cli/app.h"
#include "cli/kinds.h"
#include "store/host.h"
#include "store/watch.h"
#include "sync/run.h"

/* One notice in the language of whom it is for. */
struct note {
	const char *kind;              /* "change", "digest", "test" */
	struct rk_text subject, body;
	struct rk_text doc;            /* The members of its JSON beside those above, or empty. */
};

/* When it tells: "immediate", "daily", "weekly" or "off". */
const char *notice_send(struct app *app, struct host *host,
                        const struct config_notice *notice);
/* Puts it into the outbox, once for each way of 'notice'. */
bool notice_put(struct host *host, const struct config_notice *notice,
                const struct note *note, int64_t now_ms, struct rk_err *err);
/* Language and time zone of a notice hold until the next call; NULL: those of the program. */
void notice_speak(struct app *app, const struct config_notice *notice);
const char *notice_time(struct app *app, int64_t ms);
/* The title of a kind of errors with how many records have it, and what helps. */
void notice_add_kind(struct app *app, struct buf *body, const struct kind_count *kind);

/* After a run: tells those whom the sync names if its state is another than before. */
void notices_ran(struct app *app, const struct config_sync *sync,
                 const struct sync_report *report);
/* Fields that a sync uses have changed: told at once, before a record fails of it. */
void notices_drift(struct app *app, const struct config_sync *sync,
                   const struct drift *list, size_t count);
/* At the end of a command that ran syncs: where no daemon does it, sends what is due. */
void notices_flush(struct app *app);
/* Tells of syncs that have not run well for too long, and why if somebody wanted it so;
 * when the next one may be such. */
int64_t notices_look_overdue(struct app *app, struct host *host, int64_t now_ms);
/* Tells those whose notices were off how the syncs stand that changed meanwhile. */
void notices_catch_up(struct app *app, struct host *host, int64_t now_ms);

/* Puts the digests that are due into the outbox. */
void digests_put(struct app *app, struct host *host, int64_t now_ms);
/* When the next one is due; INT64_MAX: none is wanted. */
int64_t digests_due(struct app *app, struct host *host, int64_t now_ms);

/* The daemon's part: a child, `renkei notify send`, whenever something is due. */
struct notices_tender {
	int pid;                       /* 0: none runs. */
	int64_t look_ms;               /* When to look next; 0: now. */
	int64_t late_ms;               /* The same for syncs that are overdue. */
};

/* Starts the child if it is time; when to call again, at the latest. */
int64_t notices_tend(struct app *app, struct host *host, struct notices_tender *tender,
                     const char *program, int64_t now_ms);
/* A child has ended; false: it was not ours.  Whatever ended may have left a notice. */
bool notices_ended(struct notices_tender *tender, int pid, int64_t now_ms);

#endif
