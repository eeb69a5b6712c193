/* SPDX-License-Identifier: Apache-2.0
 *
 * event.h - what happened to a sync, or how it stands, and the words and the JSON in which
 * a notice tells it.  Language and zone are those of notice_speak. */
#ifndef CLI_EVENT_H
#define CLI_EVENT_H

#include "cli/look.h"
#include "store/override.h"
#include "store/watch.h"
#include "sync/run.h"

struct event {
	const struct config_sync *sync;
	const struct sync_report *report;  /* NULL: no run has just ended. */
	const struct override *pause;  /* Why it is overdue; NULL: not by that. */
	bool off;                      /* Paused, or switched off in the configuration. */
	struct watch before;
	enum watch_state state;
	int64_t at_ms, broken_until_ms;
	int64_t failed;                /* Records that cannot be written. */
	struct look look;              /* Without a report: the last run, if there was one. */
};

/* Without a good run for so long it is overdue; INT64_MAX: never. */
int64_t event_overdue_after(const struct config_sync *sync);
const char *event_subject(struct app *app, const struct event *e);
void event_body(struct app *app, struct buf *body, const struct event *e,
                const struct config_notice *notice);
/* What a program wants to know of it: the members of an object, without its brackets. */
void event_doc(struct app *app, struct buf *doc, const struct event *e);

#endif
