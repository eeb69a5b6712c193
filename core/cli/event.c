/* SPDX-License-Identifier: Apache-2.0
 *
 * event.c - see event.h. */
#include "cli/event.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/kinds.h"
#include "cli/notices.h"
#include "cli/overrides.h"
#include "schedule/schedule.h"

#define OVERDUE_TIMES 3
#define OVERDUE_LEAST_MS 600000

static const char *const state_names[WATCH_STATES] = { "well", "records", "held", "login",
                                                       "failing", "broken", "overdue",
                                                       "deletions", "conflicts",
                                                       "records-and-conflicts" };

static void
add_lines(struct buf *body, const char *label, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(body, "%s%s  - %s\n", i == 0 ? label : "", i == 0 ? "\n" : "",
		         lines[i]);
}

void
notice_add_kind(struct app *app, struct buf *body, const struct kind_count *kind)
{
	struct explained x = errors_explain(app, NULL, kind->kind, kind->code);
	buf_addf(body, "%s: %" PRId64 "\n", kind->title, kind->records);
	add_lines(body, app_say(app, W_DO), x.remedies, x.remedy_count);
}

/* In the language of the notice, which is not known before. */
static void
add_kinds(struct app *app, struct buf *body, const struct config_sync *sync)
{
	struct kinds kinds = { 0 };
	struct rk_err err = ERR_INIT;
	buf_addc(body, '\n');
	if (!kinds_of_sync(app, sync, &kinds, &err))
		log_warn("notify.kinds", "sync=%s: %s", sync->name, err.message);
	for (size_t i = 0; i < kinds.count; i++)
		notice_add_kind(app, body, &kinds.list[i]);
}

int64_t
event_overdue_after(const struct config_sync *sync)
{
	int64_t every = 0;
	if (sync->overdue_ms > 0)
		return sync->overdue_ms;
	if (sync->every == NULL || !text_duration_ms(sync->every, &every))
		return INT64_MAX;
	return every * OVERDUE_TIMES > OVERDUE_LEAST_MS ? every * OVERDUE_TIMES
	                                                : OVERDUE_LEAST_MS;
}

/* When a run that goes well was due at the latest. */
static int64_t
expected(const struct event *e)
{
	struct schedule schedule;
	int64_t good = e->before.good_ms;
	schedule_read(&schedule, e->sync);
	int64_t due = schedule_due(&schedule, good, good);
	return e->sync->overdue_ms > 0 || due == SCHEDULE_NEVER ? good + event_overdue_after(e->sync)
	                                                       : due;
}

static bool
has_conflicts(const struct event *e)
{
	return e->state == WATCH_CONFLICTS || e->state == WATCH_RECORDS_AND_CONFLICTS;
}

static bool
has_records(const struct event *e)
{
	return e->state == WATCH_RECORDS || e->state == WATCH_RECORDS_AND_CONFLICTS;
}

/* Fields that wait for a person. */
static int64_t
open_conflicts(const struct event *e)
{
	return e->report != NULL ? e->report->counts.asked : e->look.conflicts;
}

static const char *
say_records(struct app *app, const struct event *e)
{
	return app_sayf(app, W_NOTE_RECORDS, app_number(app, e->failed), NULL);
}

static const char *
say_conflicts(struct app *app, const struct event *e)
{
	return app_sayf(app, W_NOTE_ASKED, app_number(app, open_conflicts(e)), e->sync->name,
	                NULL);
}

static const char *
phrase(struct app *app, const struct event *e)
{
	switch (e->state) {
	case WATCH_WELL:    return app_say(app, e->before.state == WATCH_CONFLICTS
	                                        ? W_NOTE_SETTLED : W_NOTE_WELL);
	case WATCH_RECORDS: return say_records(app, e);
	case WATCH_HELD:    return app_say(app, W_NOTE_HELD);
	case WATCH_LOGIN:   return app_say(app, W_NOTE_LOGIN);
	case WATCH_FAILING: return app_say(app, W_NOTE_FAILING);
	case WATCH_BROKEN:  return app_say(app, W_NOTE_BROKEN);
	case WATCH_OVERDUE: return app_sayf(app, e->pause != NULL ? W_NOTE_PAUSED
	                                         : e->off ? W_NOTE_OFF : W_NOTE_OVERDUE,
	                                    notice_time(app, e->before.good_ms), NULL);
	case WATCH_DELETIONS:
		return app_sayf(app, W_NOTE_DELETIONS,
		                app_number(app, e->report != NULL ? e->report->counts.withheld
		                                                  : e->look.withheld),
		                e->sync->name, NULL);
	case WATCH_CONFLICTS:
		return say_conflicts(app, e);
	case WATCH_RECORDS_AND_CONFLICTS:
		return arena_printf(&app->arena, "%s; %s", say_records(app, e),
		                    say_conflicts(app, e)).ptr;
	case WATCH_STATES:  break;
	}
	return "";
}

static void
add_error(struct app *app, struct buf *body, const struct rk_err *err, const char *side)
{
	struct explained x = explain(app, err->category, err->http_status, err->code, side);
	bool titled = x.title != NULL && strstr(err->message, x.title) == NULL;
	buf_addf(body, "\n%s%s%s%s%s", side != NULL ? side : "", side != NULL ? ": " : "",
	         titled ? x.title : "", titled ? ": " : "",
	         app_told(app, text_of(err->message)).ptr);
	if (err->code[0] != '\0' && strstr(err->message, err->code) == NULL)
		buf_addf(body, " [%s]", err->code);
	buf_addc(body, '\n');
	add_lines(body, app_say(app, W_WHY), x.causes, x.cause_count);
	add_lines(body, app_say(app, W_DO), x.remedies, x.remedy_count);
}

/* When it last ran and should have run since, and what to do. */
static void
add_overdue(struct app *app, struct buf *body, const struct event *e)
{
	const struct config_sync *s = e->sync;
	if (e->look.run_count > 0)
		buf_addf(body, "\n%s\n",
		         app_sayf(app, W_NOTE_LAST_RUN,
		                  notice_time(app, e->look.runs[0].started_ms),
		                  look_result(app, e->look.runs[0].exit_code), NULL));
	if (!e->off)
		buf_addf(body, "%s\n", app_sayf(app, W_NOTE_EXPECTED,
		                                notice_time(app, expected(e)), NULL));
	buf_addf(body, "%s\n", e->pause != NULL ? overrides_words(app, s, e->pause)
	         : app_sayf(app, e->off ? W_NOTE_OFF_DO : W_NOTE_OVERDUE_DO, s->name, NULL));
}

/* Without a report: what its last run said, if that stopped it. */
static void
add_last_reason(struct app *app, struct buf *body, const struct event *e)
{
	const char *reason = e->report == NULL && !watch_is_good(e->state)
	                     && e->state != WATCH_HELD && e->state != WATCH_OVERDUE
	                     ? look_reason(app, e->sync, &e->look) : NULL;
	if (reason != NULL)
		buf_addf(body, "\n%s\n", reason);
}

const char *
event_subject(struct app *app, const struct event *e)
{
	return app_sayf(app, W_NOTE_SUBJECT, e->sync->name, phrase(app, e), NULL);
}

void
event_body(struct app *app, struct buf *body, const struct event *e,
           const struct config_notice *notice)
{
	const struct config_sync *s = e->sync;
	buf_addf(body, "%s: %s\n", s->name, phrase(app, e));
	buf_addf(body, "%s\n",
	         app_sayf(app, W_NOTE_SYNC, s->from.connection, s->from.object,
	                  s->to.connection, s->to.object, notice_time(app, e->at_ms), NULL));
	add_last_reason(app, body, e);
	if (e->state == WATCH_WELL && e->before.state != WATCH_CONFLICTS && e->report != NULL)
		buf_addf(body, "%s\n", app_sayf(app, W_NOTE_SINCE,
		                                notice_time(app, e->before.since_ms), NULL));
	if (e->report != NULL && e->report->err.category != RK_CAT_NONE)
		add_error(app, body, &e->report->err, e->report->side);
	if (has_records(e))
		add_kinds(app, body, s);
	if (e->state == WATCH_HELD)
		buf_addf(body, "\n%s\n", app_say(app, W_NOTE_GOES_ON));
	if (e->state == WATCH_OVERDUE)
		add_overdue(app, body, e);
	if (e->state == WATCH_BROKEN && e->broken_until_ms != 0)
		buf_addf(body, "\n%s\n",
		         app_sayf(app, W_NOTE_BREAKER, s->breaker,
		                  notice_time(app, e->broken_until_ms), s->name, NULL));
	buf_addf(body, "\n%s\n%s\n", app_sayf(app, W_NOTE_LOOK, s->name, NULL),
	         app_sayf(app, W_NOTE_WHO, notice->name, "immediate", NULL));
}

void
event_doc(struct app *app, struct buf *doc, const struct event *e)
{
	struct json_out j = { .out = doc };
	json_open(&j, NULL, '{');
	json_text(&j, "sync", text_of(e->sync->name));
	json_text(&j, "state", text_of(state_names[e->state]));
	json_text(&j, "before", text_of(state_names[e->before.state]));
	if (e->report != NULL && e->report->err.category != RK_CAT_NONE) {
		const struct rk_err *err = &e->report->err;
		struct explained x = explain(app, err->category, err->http_status, err->code,
		                             e->report->side);
		json_text(&j, "about", text_of(e->report->side));
		json_text(&j, "category", text_of(err_category_name(err->category)));
		json_text(&j, "code", text_of(err->code));
		json_text(&j, "message", text_of(err->message));
		json_open(&j, "remedies", '[');
		for (size_t i = 0; i < x.remedy_count; i++)
			json_text(&j, NULL, text_of(x.remedies[i]));
		json_close(&j, ']');
	}
	if (e->report != NULL || e->failed > 0)
		json_number(&j, "failed", e->failed);
	if (has_conflicts(e))
		json_number(&j, "conflicts", open_conflicts(e));
	if (e->off)
		json_text(&j, "why", text_of(e->pause != NULL ? "paused" : "off"));
	if (e->state == WATCH_BROKEN && e->broken_until_ms != 0) {
		BUF_AUTO until = BUF_INIT(64);
		clock_format(&until, e->broken_until_ms);
		json_text(&j, "breaker", text_of(e->sync->breaker));
		json_text(&j, "until", buf_text(&until));
	}
	json_close(&j, '}');
	/* Without its brackets it stands inside of another. */
	buf_consume(doc, 1);
	doc->len -= doc->len > 0;
}
