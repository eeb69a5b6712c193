/* SPDX-License-Identifier: Apache-2.0
 *
 * digest.c - the daily and the weekly digest of notices.h: how the syncs do and did
 * before, what is wrong most often and what helps, what waits for a person, and how much
 * of each quota is used. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cJSON.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/kinds.h"
#include "cli/look.h"
#include "cli/notices.h"
#include "cli/overrides.h"
#include "config/form.h"
#include "notify/child.h"
#include "schedule/schedule.h"
#include "store/outbox.h"

#define DAY_MS 86400000
#define CAUSES_MOST 5
#define TEXT_MAX (512u * 1024)
#define USAGE_MS 30000

struct digest {
	struct app *app;
	const struct config_notice *notice;
	int64_t from_ms, now_ms;       /* The span before it is as long. */
	struct run_tally now, before;
	int64_t syncs, well, waiting, failed, undecided, conflicts, logins, paused;
	struct kinds kinds;
	struct buf lines;              /* owned: a line a sync */
};

/* ---- When ------------------------------------------------------------------------ */

static bool
is_digest(const char *send)
{
	return strcmp(send, "daily") == 0 || strcmp(send, "weekly") == 0;
}

/* By the clocks of its zone; what was missed is made up for once. */
static int64_t
due_of(struct host *host, const struct config_notice *n, const char *send, int64_t now_ms)
{
	char name[128];
	struct schedule schedule;
	snprintf(name, sizeof name, "digest:%s", n->name);
	int64_t last = mark_get(host, name);
	if (last == RK_NO_TIME) {
		mark_put(host, name, now_ms, NULL);
		last = now_ms;
	}
	schedule_read_digest(&schedule, n, strcmp(send, "weekly") == 0);
	return schedule_due(&schedule, last, now_ms);
}

int64_t
digests_due(struct app *app, struct host *host, int64_t now_ms)
{
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < app->config.notice_count; i++) {
		const struct config_notice *n = &app->config.notices[i];
		const char *send = notice_send(app, host, n);
		int64_t due = is_digest(send) ? due_of(host, n, send, now_ms) : INT64_MAX;
		first = due < first ? due : first;
	}
	return first;
}

/* ---- What ------------------------------------------------------------------------- */

static void
add_runs(struct store *store, int64_t since_ms, int64_t until_ms, struct run_tally *into)
{
	struct run_tally t = { 0 };
	struct rk_err err;
	store_run_tally(store, since_ms, until_ms, &t, &err);
	into->runs += t.runs;
	into->stopped += t.stopped;
	into->written += t.written;
}

static void
add_figures(struct digest *d, const struct config_sync *sync)
{
	struct store *store;
	struct rk_err err;
	const char *identity = sync_identity(sync, &d->app->arena).ptr;
	if (!store_open(&store, app_syncs_dir(d->app), sync->name, identity, STORE_LOOK, &err))
		return;
	add_runs(store, d->from_ms, d->now_ms, &d->now);
	add_runs(store, 2 * d->from_ms - d->now_ms, d->from_ms, &d->before);
	store_close(store);
	kinds_of_sync(d->app, sync, &d->kinds, &err);
}

static bool
tells_of(const struct digest *d, const struct config_sync *sync)
{
	for (size_t i = 0; i < sync->notify_count; i++)
		if (strcmp(sync->notify[i], d->notice->name) == 0)
			return sync->enabled || overrides_enabled(d->app, sync);
	return false;
}

static void
add_sync(struct digest *d, const struct config_sync *sync)
{
	struct app *app = d->app;
	struct look look = { 0 };
	struct rk_err err = ERR_INIT;
	d->syncs++;
	if (!look_at_sync(app, sync, 1, &look, &err)) {
		buf_addf(&d->lines, "  - %s: %s\n", sync->name,
		         app_told(app, text_of(err.message)).ptr);
		return;
	}
	add_figures(d, sync);
	const struct override *pause = overrides_pause(app, sync);
	d->paused += pause != NULL;
	const struct pending_counts *p = &look.pending;
	bool ran = look.run_count > 0;
	const char *reason = look_reason(app, sync, &look);
	d->well += ran && look.runs[0].exit_code == EXIT_DONE;
	d->waiting += p->queued + p->unknown;
	d->failed += p->failed;
	d->undecided += p->undecided;
	d->conflicts += look.conflicts;
	d->logins += ran && look.runs[0].exit_code == EXIT_CREDENTIALS;
	if (pause != NULL)
		buf_addf(&d->lines, "  - %s\n", overrides_words(app, sync, pause));
	buf_addf(&d->lines, "  - %s: %s%s%s", sync->name,
	         ran ? look_result(app, look.runs[0].exit_code) : app_say(app, W_NEVER_RAN),
	         reason != NULL ? ": " : "", reason != NULL ? reason : "");
	if (p->failed + p->undecided > 0)
		buf_addf(&d->lines, " (%s %" PRId64 ")", app_say(app, W_FAILED),
		         p->failed + p->undecided);
	buf_addc(&d->lines, '\n');
}

/* ---- Quotas: what `renkei usage --json` tells -------------------------------------- */

static const char *
member(const cJSON *row, const char *name, char text[64])
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, name);
	if (cJSON_IsString(item))
		return item->valuestring;
	if (!cJSON_IsNumber(item))
		return NULL;
	snprintf(text, 64, "%.0f", item->valuedouble);
	return text;
}

/* "2026-11-22T20:00:00Z", as people read it. */
static const char *
time_shown(struct app *app, const char *text)
{
	return form_start(text) == NULL ? notice_time(app, form_start_ms(text)) : text;
}

static void
add_limit(struct app *app, struct buf *body, const cJSON *row)
{
	char used[64], allowed[64], left[64];
	const char *connection = member(row, "connection", used);
	const char *limit = member(row, "limit", allowed);
	const char *per = member(row, "per", left);
	/* Of a burst of seconds there is nothing to foresee. */
	if (connection == NULL || limit == NULL || per == NULL
	    || (strchr(per, 'h') == NULL && strchr(per, 'd') == NULL))
		return;
	const char *u = member(row, "used", used), *a = member(row, "allowed", allowed);
	const char *l = member(row, "crm_left", left);
	buf_addf(body, "  - %s\n",
	         app_sayf(app, l != NULL ? W_DIGEST_LIMIT : W_DIGEST_LIMIT_OURS, connection,
	                  limit, u != NULL ? u : "0", a != NULL ? a : "-", l, NULL));
	if ((l = member(row, "used_up", left)) != NULL)
		buf_addf(body, "    %s\n", app_sayf(app, W_DIGEST_USED_UP,
		                                    time_shown(app, l), NULL));
}

static void
add_usage(struct digest *d, struct buf *body)
{
	struct app *app = d->app;
	char path[4200];
	struct rk_err err = ERR_INIT;
	BUF_AUTO out = BUF_INIT(1024u * 1024);
	program_path("renkei", path, sizeof path);
	const char *argv[] = { path, "--json", "-c", app->config_path, "--state",
	                       app->state_dir, "usage", NULL };
	struct child child = { .argv = argv, .environment = environ, .most_ms = USAGE_MS,
	                       .out = &out };
	child_run(&child, &err);
	cJSON *doc = cJSON_ParseWithLength(buf_str(&out), out.len);
	const cJSON *row, *rows = cJSON_GetObjectItemCaseSensitive(doc, "limits");
	size_t before = body->len;
	cJSON_ArrayForEach(row, rows)
		add_limit(app, body, row);
	if (body->len == before)
		buf_addf(body, "  - %s\n", app_say(app, W_NONE));
	cJSON_Delete(doc);
}

/* ---- Its words ----------------------------------------------------------------------- */

static void
add_causes(struct digest *d, struct buf *body)
{
	for (int n = 0; n < CAUSES_MOST; n++) {
		struct kind_count *most = NULL;
		for (size_t i = 0; i < d->kinds.count; i++)
			if (d->kinds.list[i].records > (most != NULL ? most->records : 0))
				most = &d->kinds.list[i];
		if (most == NULL)
			break;
		notice_add_kind(d->app, body, most);
		most->records = 0;
	}
}

static void
add_trend(struct app *app, struct buf *body, enum word what, int64_t now, int64_t before)
{
	buf_addf(body, "  - %s\n", app_sayf(app, what, app_number(app, now),
	                                     app_number(app, before), NULL));
}

static void
add_body(struct digest *d, struct buf *body, const char *send)
{
	struct app *app = d->app;
	buf_addf(body, "%s\n", app_sayf(app, W_DIGEST_SPAN, notice_time(app, d->from_ms),
	                                notice_time(app, d->now_ms), NULL));
	buf_addf(body, "\n%s\n%s", app_say(app, W_DIGEST_SYNCS), buf_str(&d->lines));
	buf_addf(body, "\n%s\n", app_say(app, W_DIGEST_TREND));
	add_trend(app, body, W_DIGEST_RUNS, d->now.runs, d->before.runs);
	add_trend(app, body, W_DIGEST_STOPPED, d->now.stopped, d->before.stopped);
	add_trend(app, body, W_DIGEST_WRITTEN, d->now.written, d->before.written);
	if (d->kinds.count > 0) {
		buf_addf(body, "\n%s\n", app_say(app, W_DIGEST_CAUSES));
		add_causes(d, body);
	}
	buf_addf(body, "\n%s\n", app_say(app, W_DIGEST_PERSON));
	if (d->failed + d->undecided > 0)
		buf_addf(body, "  - %s\n",
		         app_sayf(app, W_DIGEST_ERRORS,
		                  app_number(app, d->failed + d->undecided), NULL));
	if (d->conflicts > 0)
		buf_addf(body, "  - %s\n", app_sayf(app, W_DIGEST_CONFLICTS,
		                                     app_number(app, d->conflicts), NULL));
	if (d->logins > 0)
		buf_addf(body, "  - %s\n", app_sayf(app, W_DIGEST_LOGINS,
		                                     app_number(app, d->logins), NULL));
	if (d->paused > 0)
		buf_addf(body, "  - %s\n", app_sayf(app, W_DIGEST_PAUSED,
		                                     app_number(app, d->paused), NULL));
	if (d->failed + d->undecided + d->conflicts + d->logins + d->paused == 0)
		buf_addf(body, "  - %s\n", app_say(app, W_NONE));
	buf_addf(body, "\n%s\n", app_say(app, W_DIGEST_QUOTA));
	add_usage(d, body);
	buf_addf(body, "\n%s\n", app_sayf(app, W_NOTE_WHO, d->notice->name, send, NULL));
}

static void
add_doc(const struct digest *d, struct buf *doc, const char *send)
{
	struct json_out j = { .out = doc };
	json_open(&j, NULL, '{');
	json_text(&j, "span", text_of(send));
	json_number(&j, "syncs", d->syncs);
	json_number(&j, "well", d->well);
	json_number(&j, "runs", d->now.runs);
	json_number(&j, "runs_before", d->before.runs);
	json_number(&j, "stopped", d->now.stopped);
	json_number(&j, "stopped_before", d->before.stopped);
	json_number(&j, "written", d->now.written);
	json_number(&j, "written_before", d->before.written);
	json_number(&j, "waiting", d->waiting);
	json_number(&j, "failed", d->failed);
	json_number(&j, "undecided", d->undecided);
	json_number(&j, "conflicts", d->conflicts);
	json_number(&j, "paused", d->paused);
	json_close(&j, '}');
	buf_consume(doc, 1);
	doc->len -= doc->len > 0;
}

static bool
put(struct app *app, struct host *host, const struct config_notice *n, const char *send,
    int64_t now_ms, struct rk_err *err)
{
	char mark[128];
	bool weekly = strcmp(send, "weekly") == 0;
	struct digest d = { .app = app, .notice = n, .now_ms = now_ms,
	                    .from_ms = now_ms - (weekly ? 7 : 1) * (int64_t)DAY_MS,
	                    .lines = BUF_INIT(TEXT_MAX) };
	BUF_AUTO body = BUF_INIT(TEXT_MAX);
	BUF_AUTO doc = BUF_INIT(TEXT_MAX);
	notice_speak(app, n);
	for (size_t i = 0; i < app->config.sync_count; i++)
		if (tells_of(&d, &app->config.syncs[i]))
			add_sync(&d, &app->config.syncs[i]);
	add_body(&d, &body, send);
	add_doc(&d, &doc, send);
	const char *subject = app_sayf(app, weekly ? W_DIGEST_WEEKLY : W_DIGEST_DAILY,
	                               app_number(app, d.well), app_number(app, d.syncs), NULL);
	struct note note = { .kind = "digest", .subject = text_of(subject),
	                     .body = buf_text(&body), .doc = buf_text(&doc) };
	snprintf(mark, sizeof mark, "digest:%s", n->name);
	bool kept = host_begin(host, err)
	            && mark_put(host, mark, now_ms, err)
	            && notice_put(host, n, &note, now_ms, err);
	kept = host_end(host, kept, err) && kept;
	notice_speak(app, NULL);
	buf_free(&d.lines);
	return kept;
}

void
digests_put(struct app *app, struct host *host, int64_t now_ms)
{
	for (size_t i = 0; i < app->config.notice_count; i++) {
		const struct config_notice *n = &app->config.notices[i];
		const char *send = notice_send(app, host, n);
		struct rk_err err = ERR_INIT;
		if (is_digest(send) && due_of(host, n, send, now_ms) <= now_ms
		    && !put(app, host, n, send, now_ms, &err))
			log_warn("notify.digest", "to=%s: %s", n->name, err.message);
	}
}
