/* SPDX-License-Identifier: Apache-2.0
 *
 * notices.c - see notices.h: what a change of state is, and who is told of it.  Its words
 * are in event.c, digests in digest.c. */
#include "cli/notices.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/drift.h"
#include "cli/event.h"
#include "cli/look.h"
#include "cli/overrides.h"
#include "cli/report.h"
#include "notify/way.h"
#include "schedule/schedule.h"
#include "store/lock.h"
#include "store/outbox.h"
#include "store/override.h"
#include "sync/breaker.h"

#define TEXT_MAX (512u * 1024)
#define OFF_LEAST_MS ((int64_t)24 * 3600 * 1000)  /* Who pauses a sync knows of it so long. */
#define GOOD_STEP_MS 60000             /* How exactly the last good run is kept. */

/* ---- Whom, and how ------------------------------------------------------------ */

const char *
notice_send(struct app *app, struct host *host, const struct config_notice *notice)
{
	struct overrides all = override_list(host, &app->arena);
	const struct override *o = override_find(&all, OVERRIDE_SEND, notice->name, "");
	return o != NULL ? o->value : notice->send;
}

static const char *spoken_zone;        /* As notice_speak said. */

void
notice_speak(struct app *app, const struct config_notice *notice)
{
	static enum words_lang own;
	static bool known, json;
	if (!known) {
		own = app->lang;
		json = app->json;
		known = true;
	}
	app->lang = notice == NULL || notice->lang == NULL ? own
	            : strcmp(notice->lang, "ja") == 0 ? LANG_JA : LANG_EN;
	spoken_zone = notice != NULL ? notice->zone : NULL;
	/* In JSON states stay codes; a notice is for people. */
	app->json = notice == NULL && json;
}

const char *
notice_time(struct app *app, int64_t ms)
{
	BUF_AUTO text = BUF_INIT(64);
	zone_format_in(&text, spoken_zone, ms);
	return arena_text(&app->arena, buf_text(&text)).ptr;
}

static struct rk_text
whole_doc(const struct note *note, int64_t now_ms, struct buf *out)
{
	struct json_out j = { .out = out };
	BUF_AUTO at = BUF_INIT(64);
	clock_format(&at, now_ms);
	json_open(&j, NULL, '{');
	json_text(&j, "kind", text_of(note->kind));
	json_text(&j, "at", buf_text(&at));
	json_text(&j, "subject", note->subject);
	json_text(&j, "text", note->body);
	if (note->doc.len > 0) {
		buf_addc(out, ',');
		buf_addt(out, note->doc);
	}
	json_close(&j, '}');
	return buf_text(out);
}

bool
notice_put(struct host *host, const struct config_notice *notice,
           const struct note *note, int64_t now_ms, struct rk_err *err)
{
	BUF_AUTO doc = BUF_INIT(2 * TEXT_MAX);
	struct outbox_row row = { .target = text_of(notice->name), .kind = text_of(note->kind),
	                          .at_ms = now_ms, .due_ms = now_ms, .subject = note->subject,
	                          .body = note->body,
	                          .doc = whole_doc(note, now_ms, &doc) };
	for (size_t i = 0; i < WAY_COUNT; i++) {
		row.way = text_of(way_names[i]);
		if (way_is_used(notice, way_names[i]) && !outbox_put(host, &row, err))
			return false;
	}
	return true;
}

static const struct config_notice *
find_notice(const struct app *app, const char *name)
{
	for (size_t i = 0; i < app->config.notice_count; i++)
		if (strcmp(app->config.notices[i].name, name) == 0)
			return &app->config.notices[i];
	return NULL;
}

/* ---- Telling ------------------------------------------------------------------- */

static bool
tell_one(struct app *app, struct host *host, const struct event *e,
         const struct config_notice *notice, struct rk_err *err)
{
	BUF_AUTO body = BUF_INIT(TEXT_MAX);
	BUF_AUTO doc = BUF_INIT(TEXT_MAX);
	notice_speak(app, notice);
	const char *subject = event_subject(app, e);
	event_body(app, &body, e, notice);
	event_doc(app, &doc, e);
	struct note note = { .kind = "change", .subject = text_of(subject),
	                     .body = buf_text(&body), .doc = buf_text(&doc) };
	bool put = notice_put(host, notice, &note, e->at_ms, err);
	notice_speak(app, NULL);
	return put;
}

static const char *
mark_of(struct app *app, const struct config_notice *notice, const struct config_sync *sync)
{
	return arena_printf(&app->arena, "told:%s:%s", notice->name, sync->name).ptr;
}

/* While it is off a mark keeps the state that it was told last: when it is on again it
 * hears how things stand then, if that is another, and not of all that came between.
 * A digest tells how things stand in any case. */
static bool
tell_group(struct app *app, struct host *host, const struct event *e,
           const struct config_notice *notice, struct rk_err *err)
{
	const char *mark = mark_of(app, notice, e->sync);
	const char *send = notice_send(app, host, notice);
	int64_t told = mark_get(host, mark);
	if (strcmp(send, "off") == 0)
		return told != RK_NO_TIME || mark_put(host, mark, e->before.state, err);
	if (strcmp(send, "immediate") != 0)
		return true;
	if (told == RK_NO_TIME)
		return tell_one(app, host, e, notice, err);
	struct event since = *e;
	if (told >= 0 && told < WATCH_STATES)
		since.before.state = (enum watch_state)told;
	return (told == (int64_t)e->state || tell_one(app, host, &since, notice, err))
	       && mark_clear(host, mark, err);
}

static bool
tell(struct app *app, struct host *host, const struct event *e, struct rk_err *err)
{
	for (size_t i = 0; i < e->sync->notify_count; i++) {
		const struct config_notice *n = find_notice(app, e->sync->notify[i]);
		if (n != NULL && !tell_group(app, host, e, n, err))
			return false;
	}
	return true;
}

/* ---- Changes of state ---------------------------------------------------------- */

static enum watch_state
state_of(const struct event *e)
{
	static const struct { int code; enum watch_state state; } states[] = {
		{ EXIT_DONE, WATCH_WELL }, { EXIT_RECORDS, WATCH_RECORDS },
		{ EXIT_HELD, WATCH_HELD }, { EXIT_CREDENTIALS, WATCH_LOGIN },
	};
	enum watch_state state = WATCH_FAILING;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (states[i].code == e->report->exit_code)
			state = states[i].state;
	bool bad = state == WATCH_FAILING || state == WATCH_LOGIN;
	if (state == WATCH_RECORDS && e->report->counts.withheld > 0)
		return WATCH_DELETIONS;
	/* Neither hides that the other comes. */
	if (state <= WATCH_RECORDS && e->report->counts.asked > 0)
		return state == WATCH_WELL ? WATCH_CONFLICTS : WATCH_RECORDS_AND_CONFLICTS;
	return bad && e->broken_until_ms != 0 ? WATCH_BROKEN : state;
}

/* A breaker that lets one run try, which fails, is no news; nor is a run that had
 * nothing to do, while what failed before still waits for its turn. */
static bool
is_news(const struct event *e)
{
	bool bad = e->state == WATCH_FAILING || e->state == WATCH_LOGIN;
	bool well = e->state == WATCH_WELL || e->state == WATCH_CONFLICTS;
	bool waits = e->report != NULL && e->report->next_due_ms != INT64_MAX;
	if ((e->before.state == WATCH_BROKEN && bad)
	    || (!watch_is_good(e->before.state) && well && waits))
		return false;
	return e->before.state != e->state;
}

/* Compares and tells as one: of two runs that end at a time one sees the other. */
static bool
note_state(struct app *app, struct host *host, struct event *e, struct rk_err *err)
{
	if (!host_begin(host, err))
		return false;
	struct watch now = e->before = watch_get(host, e->sync->name);
	bool news = is_news(e);
	if (news || !now.known) {
		now.state = e->state;
		now.since_ms = e->at_ms;
	}
	if (watch_is_good(e->state))
		now.good_ms = e->at_ms;
	bool kept = (!news || tell(app, host, e, err))
	            && watch_put(host, e->sync->name, &now, err);
	return host_end(host, kept, err) && kept;
}

/* Most runs find all as it was: nothing is written then, and nothing waits for a disk. */
static bool
is_as_before(struct host *host, const struct event *e)
{
	struct watch before = watch_get(host, e->sync->name);
	int64_t after = event_overdue_after(e->sync);
	int64_t step = after / 4 < GOOD_STEP_MS ? after / 4 : GOOD_STEP_MS;
	return before.known && before.state == e->state
	       && (!watch_is_good(e->state) || e->at_ms - before.good_ms < step);
}

static void
look_at_last(struct app *app, struct event *e)
{
	struct rk_err err;
	if (!look_at_sync(app, e->sync, 1, &e->look, &err))
		e->look = (struct look){ 0 };
	e->broken_until_ms = e->look.broken_until_ms;
	e->failed = e->look.pending.failed;
}

static void
look_closer(struct app *app, struct event *e)
{
	if (e->sync->breaker != NULL && e->report->exit_code != EXIT_DONE)
		look_at_last(app, e);
	e->failed = e->report->counts.failed;
}

/* Another run holds the lock: this one was none. */
static bool
was_refused(struct app *app, const struct event *e)
{
	return !report_begun(e->report) && e->report->err.category == RK_CAT_OTHER
	       && lock_is_held(app_syncs_dir(app), e->sync->name);
}

void
notices_ran(struct app *app, const struct config_sync *sync,
            const struct sync_report *report)
{
	struct rk_err err = ERR_INIT;
	struct event e = { .sync = sync, .report = report, .at_ms = clock_now_ms() };
	if (sync->notify_count == 0 || was_refused(app, &e))
		return;
	look_closer(app, &e);
	e.state = state_of(&e);
	struct host *host = host_open(app->state_dir, &err);
	app->told = true;
	if (host == NULL || (!is_as_before(host, &e) && !note_state(app, host, &e, &err)))
		log_warn("notify.outbox", "sync=%s: %s", sync->name, err.message);
	host_close(host);
}

/* ---- Fields that changed ----------------------------------------------------------- */

static bool
tell_drift(struct app *app, struct host *host, const struct config_sync *sync,
           const struct config_notice *notice, const struct drift *list, size_t count,
           struct rk_err *err)
{
	BUF_AUTO body = BUF_INIT(TEXT_MAX);
	notice_speak(app, notice);
	for (size_t i = 0; i < count; i++)
		drift_words(app, &body, &list[i]);
	const char *what = app_sayf(app, W_NOTE_DRIFT, app_number(app, (int64_t)count), NULL);
	struct note note = { .kind = "drift", .body = buf_text(&body),
	                     .subject = text_of(app_sayf(app, W_NOTE_SUBJECT, sync->name, what,
	                                                 NULL)) };
	bool put = notice_put(host, notice, &note, clock_now_ms(), err);
	notice_speak(app, NULL);
	return put;
}

void
notices_drift(struct app *app, const struct config_sync *sync, const struct drift *list,
              size_t count)
{
	struct rk_err err = ERR_INIT;
	struct host *host = sync->notify_count > 0 ? host_open(app->state_dir, &err) : NULL;
	for (size_t i = 0; host != NULL && i < sync->notify_count; i++) {
		const struct config_notice *n = find_notice(app, sync->notify[i]);
		if (n == NULL || strcmp(notice_send(app, host, n), "off") == 0)
			continue;
		if (!tell_drift(app, host, sync, n, list, count, &err))
			log_warn("notify.outbox", "sync=%s: %s", sync->name, err.message);
		app->told = true;
	}
	host_close(host);
}

/* What nobody set is judged by the times at which it may run: a window that is closed
 * keeps nobody waiting. */
static bool
is_late(const struct config_sync *sync, int64_t good_ms, int64_t after, int64_t now_ms)
{
	struct schedule schedule;
	if (now_ms - good_ms < after)
		return false;
	if (sync->overdue_ms > 0)
		return true;
	schedule_read(&schedule, sync);
	int64_t due = schedule_due(&schedule, good_ms, good_ms);
	return due != SCHEDULE_NEVER && now_ms - due >= after / 2;
}

/* When it is overdue, counted from its last good run; INT64_MAX: nobody is told. */
static int64_t
watched_after(struct app *app, const struct config_sync *sync)
{
	int64_t after = sync->notify_count > 0 ? event_overdue_after(sync) : INT64_MAX;
	return after < OFF_LEAST_MS && !overrides_enabled(app, sync) ? OFF_LEAST_MS : after;
}

/* One that never ran is counted from now on; the first start of ten thousand is one
 * commit. */
static bool
watch_new(struct app *app, struct host *host, const struct watches *all, int64_t now_ms,
          struct rk_err *err)
{
	const struct watch first = { .state = WATCH_WELL, .since_ms = now_ms,
	                             .good_ms = now_ms };
	bool begun = false, kept = true;
	for (size_t i = 0; kept && i < app->config.sync_count; i++) {
		const struct config_sync *s = &app->config.syncs[i];
		if (watch_of(all, s->name).known || !overrides_enabled(app, s)
		    || watched_after(app, s) == INT64_MAX)
			continue;
		kept = (begun || host_begin(host, err)) && watch_put(host, s->name, &first, err);
		begun = true;
	}
	return !begun || (host_end(host, kept, err) && kept);
}

/* Of a state that was told already nobody is told again, as it goes on. */
static bool
tell_overdue(struct app *app, struct host *host, const struct config_sync *s, int64_t now_ms,
             struct rk_err *err)
{
	struct event e = { .sync = s, .state = WATCH_OVERDUE, .at_ms = now_ms,
	                   .off = !overrides_enabled(app, s),
	                   .pause = overrides_pause(app, s) };
	look_at_last(app, &e);
	return note_state(app, host, &e, err);
}

int64_t
notices_look_overdue(struct app *app, struct host *host, int64_t now_ms)
{
	struct rk_err err = ERR_INIT;
	int64_t next = INT64_MAX;
	struct watches all = watch_list(host, &app->arena);
	if (!watch_new(app, host, &all, now_ms, &err))
		log_warn("notify.outbox", "%s", err.message);
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *s = &app->config.syncs[i];
		int64_t after = watched_after(app, s);
		struct watch watch = watch_of(&all, s->name);
		if (after == INT64_MAX || !watch_is_good(watch.state))
			continue;
		int64_t late = (watch.known ? watch.good_ms : now_ms) + after;
		if (late > now_ms)
			next = late < next ? late : next;
		else if (is_late(s, watch.good_ms, after, now_ms)
		         && !tell_overdue(app, host, s, now_ms, &err))
			log_warn("notify.outbox", "sync=%s: %s", s->name, err.message);
	}
	return next;
}

/* ---- Those who were not told for a while ------------------------------------------- */

static bool
catch_up(struct app *app, struct host *host, const struct config_sync *sync,
         const struct config_notice *notice, int64_t now_ms, struct rk_err *err)
{
	struct event e = { .sync = sync, .at_ms = now_ms };
	look_at_last(app, &e);
	if (!host_begin(host, err))
		return false;
	e.before = watch_get(host, sync->name);
	e.state = e.before.state;
	bool kept = tell_group(app, host, &e, notice, err);
	return host_end(host, kept, err) && kept;
}

void
notices_catch_up(struct app *app, struct host *host, int64_t now_ms)
{
	struct rk_err err = ERR_INIT;
	if (!mark_any(host, "told:*"))
		return;
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *s = &app->config.syncs[i];
		for (size_t k = 0; k < s->notify_count; k++) {
			const struct config_notice *n = find_notice(app, s->notify[k]);
			if (n != NULL && mark_get(host, mark_of(app, n, s)) != RK_NO_TIME
			    && strcmp(notice_send(app, host, n), "immediate") == 0
			    && !catch_up(app, host, s, n, now_ms, &err))
				log_warn("notify.outbox", "sync=%s: %s", s->name, err.message);
		}
	}
}
