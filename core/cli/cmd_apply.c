/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_apply.c - renkei apply: does what a plan in a file says, write for write.  A line
 * is carried out only if its record would be written now just as it says: what has moved
 * at the source or the target since is refused and told.  What was done already, by an
 * apply that was cut off, is found as it should be and costs no write. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/command.h"
#include "cli/lines.h"
#include "cli/overrides.h"
#include "cli/plan_file.h"
#include "cli/planned.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "record/hash.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define AGE_MS DAY_MS
#define BUCKETS 1024
/* A write whose outcome is not known, or a key that is being given up, is waited for. */
#define AGAIN_MS 300
#define PATIENCE_MS 60000

/* A line that was handed to the run and has not ended. */
struct planned {
	struct planned *next;
	char *id, *text;               /* owned */
	bool again;                    /* It waits for the next round. */
};

struct apply {
	struct app *app;
	struct plan_reader reader;
	struct planned *buckets[BUCKETS];
	int64_t open, again;           /* Lines in the buckets; those that wait. */
	int64_t done, same, moved, failed;
	int64_t rounds, round_done, last_done, since_mono;
};

/* ---- Lines under way --------------------------------------------------------- */

static struct planned **
place_of(struct apply *a, struct rk_text id)
{
	struct planned **at = &a->buckets[(uint64_t)hash_mark(id) % BUCKETS];
	while (*at != NULL && !text_is(id, (*at)->id))
		at = &(*at)->next;
	return at;
}

static void
drop(struct apply *a, struct rk_text id)
{
	struct planned **at = place_of(a, id), *p = *at;
	if (p == NULL)
		return;
	*at = p->next;
	a->open--;
	a->again -= p->again;
	free(p->id);
	free(p->text);
	free(p);
}

static bool
take(struct apply *a, struct rk_text *id, struct arena *arena)
{
	cJSON *line = cJSON_Parse(buf_str(&a->reader.line));
	const cJSON *named = cJSON_GetObjectItemCaseSensitive(line, "id");
	const char *name = cJSON_IsString(named) ? named->valuestring : "";
	struct planned **at = place_of(a, text_of(name));
	bool good = name[0] != '\0' && *at == NULL;
	if (good) {
		struct planned *p = calloc(1, sizeof *p);
		if (p == NULL)
			abort();
		p->id = strdup(name);
		p->text = strdup(buf_str(&a->reader.line));
		*id = arena_text(arena, text_of(name));
		*at = p;
		a->open++;
	}
	cJSON_Delete(line);
	return good;
}

/* The next round: those that waited. */
static size_t
take_again(struct apply *a, struct arena *arena, struct rk_text *ids, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct planned *p = a->buckets[i]; p != NULL && count < most; p = p->next) {
			if (!p->again)
				continue;
			p->again = false;
			a->again--;
			ids[count++] = arena_text(arena, text_of(p->id));
		}
	return count;
}

static size_t
next(void *with, struct arena *arena, struct rk_text *ids, size_t most, bool idle,
     int64_t *wait_ms)
{
	struct apply *a = with;
	size_t count = 0;
	while (count < most && plan_file_next(&a->reader))
		count += take(a, &ids[count], arena);
	if (count > 0)
		return count;
	*wait_ms = !idle || a->again > 0 ? AGAIN_MS : 0;
	if (!idle || a->again == 0)
		return 0;
	/* As long as something ends in a round; then for a while. */
	if (a->round_done > 0 || a->since_mono == 0)
		a->since_mono = clock_mono_ms();
	a->rounds++;
	a->last_done = a->round_done;
	a->round_done = 0;
	if (clock_mono_ms() - a->since_mono > PATIENCE_MS)
		*wait_ms = 0;
	return *wait_ms == 0 ? 0 : take_again(a, arena, ids, most);
}

/* ---- What becomes of them ---------------------------------------------------- */

static bool
allow(void *with, const struct sync_line *line)
{
	struct apply *a = with;
	const struct planned *p = *place_of(a, line->id);
	BUF_AUTO now = BUF_INIT(64u * 1024 * 1024);
	static const char rest[] = ",\"version\":";
	if (p == NULL)
		return false;
	/* Nothing would be changed, whatever is sent. */
	if (line->action == ACTION_UPDATE && line->change_count == 0)
		return true;
	plan_file_show(&now, line);
	if (!now.over && strncmp(p->text, now.ptr, now.len) == 0
	    && strncmp(p->text + now.len, rest, sizeof rest - 1) == 0)
		return true;
	planned_tell_moved(a->app, p->text, line, buf_str(&now));
	a->moved++;
	a->round_done++;
	drop(a, line->id);
	return false;
}

static void
wait_again(struct apply *a, struct rk_text id)
{
	struct planned *p = *place_of(a, id);
	if (p == NULL || p->again)
		return;
	p->again = true;
	a->again++;
}

static void
ended(void *with, const struct sync_line *line)
{
	struct apply *a = with;
	const struct planned *p = *place_of(a, line->id);
	if (p == NULL)
		return;
	/* Another line may still give up the key. */
	bool key = line->action == ACTION_FAIL && line->category == RK_CAT_DUPLICATE
	           && (a->rounds == 0 || a->last_done + a->round_done > 0);
	if (line->action == ACTION_WAIT || key) {
		wait_again(a, line->id);
		return;
	}
	if (line->action == ACTION_EXCLUDE)
		planned_tell_moved(a->app, p->text, line, NULL);
	else if (line->action == ACTION_FAIL || a->app->verbose > 0)
		lines_tell(a->app, line);
	a->done += line->action == ACTION_CREATE || line->action == ACTION_UPDATE;
	a->same += line->action == ACTION_UNCHANGED;
	a->moved += line->action == ACTION_EXCLUDE;
	a->failed += line->action == ACTION_FAIL;
	a->round_done++;
	drop(a, line->id);
}

/* ---- The command --------------------------------------------------------------- */

static bool
is_young(struct app *app, const char *path, const struct plan_head *head)
{
	int64_t most = AGE_MS;
	if (app->older != NULL && !text_duration_ms(app->older, &most)) {
		app_usage(app, app_sayf(app, W_BAD_OLDER, app->older, NULL));
		return false;
	}
	if (clock_now_ms() - head->made_ms <= most)
		return true;
	BUF_AUTO made = BUF_INIT(64);
	zone_format(&made, head->made_ms);
	app_usage(app, app_sayf(app, W_PLAN_OLD, path, buf_str(&made), NULL));
	return false;
}

static const struct config_sync *
sync_of(struct app *app, const char *path, const struct plan_head *head)
{
	const struct config_sync *sync = app_sync(app, head->sync);
	if (sync == NULL || !is_young(app, path, head))
		return NULL;
	if (problems_stop_sync(&app->problems, sync->name)) {
		app_usage(app, app_sayf(app, W_SYNC_MISTAKES, sync->name, NULL));
		return NULL;
	}
	const struct override *pause = overrides_pause(app, sync);
	if (pause != NULL) {
		app_usage(app, overrides_words(app, sync, pause));
		return NULL;
	}
	const char *accounts;
	if (strcmp(head->identity, sync_identity(sync, &app->arena).ptr) == 0
	    && planned_accounts(app, sync, &accounts)
	    && strcmp(head->accounts, accounts) == 0)
		return sync;
	app_usage(app, app_sayf(app, W_PLAN_OTHER, path, sync->name, NULL));
	return NULL;
}

static int
tell(struct apply *a, const struct plan_head *head, const struct sync_report *report)
{
	struct app *app = a->app;
	struct out *o = &app->out;
	int64_t left = head->writes - a->done - a->same - a->moved - a->failed;
	out_line(o, "");
	out_group(o, "totals", app_say(app, W_TOTALS));
	out_number(o, "planned", W_PLANNED, head->writes);
	out_number(o, "done", W_APPLIED, a->done);
	out_number(o, "unchanged", W_APPLIED_BEFORE, a->same);
	out_number(o, "moved", W_MOVED, a->moved);
	out_number(o, "fail", W_FAILED, a->failed);
	out_number(o, "left", W_NOT_APPLIED, left);
	out_json_number(o, "source_calls", report->counts.source_calls);
	out_json_number(o, "target_calls", report->counts.target_calls);
	if (left > 0)
		out_line(o, app_say(app, W_APPLY_AGAIN));
	out_group_end(o);
	int code = report->exit_code == EXIT_RECORDS ? EXIT_DONE : report->exit_code;
	if (a->moved + a->failed > 0)
		code = exit_worse(code, EXIT_RECORDS);
	return left > 0 && (code == EXIT_DONE || code == EXIT_RECORDS) ? EXIT_FAILED : code;
}

static int
carry_out(struct apply *a, const struct config_sync *sync, const struct plan_head *head)
{
	struct app *app = a->app;
	unsigned char revision[16] = { 0 };
	struct sync_report report;
	struct problems problems = PROBLEMS_INIT;
	planned_revision(head->revision, revision);
	struct sync_options options = { .mode = SYNC_APPLY, .next = next, .allow = allow,
		                        .line = ended, .revision = revision, .with = a };
	out_json_str(&app->out, "sync", sync->name);
	out_list(&app->out, "records");
	sync_run(&app->world, sync, &options, &problems, &report);
	out_list_end(&app->out);
	int code = tell(a, head, &report);
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	report_error(app, &report, sync);
	return code;
}

int
cmd_apply(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct apply a = { .app = app };
	struct plan_head head;
	struct rk_err err = ERR_INIT;
	app->acts = true;
	if (!app_load(app))
		return EXIT_USAGE;
	if (!plan_file_open(&a.reader, argv[1], &app->arena, &head, &err)) {
		app_error(app, RK_PAUSE, &err, NULL);
		return EXIT_USAGE;
	}
	const struct config_sync *sync = sync_of(app, argv[1], &head);
	int code = sync != NULL ? carry_out(&a, sync, &head) : EXIT_USAGE;
	plan_file_close(&a.reader);
	for (size_t i = 0; i < BUCKETS; i++)
		while (a.buckets[i] != NULL)
			drop(&a, text_of(a.buckets[i]->id));
	return code;
}
