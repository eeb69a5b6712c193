/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.c - see metrics.h.  What each figure is called stands in two tables; a scrape
 * asks the daemon at most once in five seconds. */
#include "console/metrics.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "schedule/control.h"

#define KEPT_MS 5000

struct figure {
	const char *member, *name, *type, *help;
};

static const struct figure of_syncs[] = {
	{ "waiting", "renkei_sync_records_waiting", "gauge",
	  "Records that wait to be written." },
	{ "failed", "renkei_sync_records_failed", "gauge",
	  "Records that could not be written, and why is known." },
	{ "conflicts", "renkei_sync_conflicts_open", "gauge",
	  "Fields that both sides changed and that wait for a person." },
	{ "ignored", "renkei_sync_records_ignored", "gauge", "Errors that were set aside." },
	{ "read", "renkei_sync_last_run_records_read", "gauge",
	  "Records read by the last run." },
	{ "written", "renkei_sync_last_run_records_written", "gauge",
	  "Records written by the last run." },
	{ "last_run", "renkei_sync_last_run_timestamp_seconds", "gauge",
	  "When the last run began." },
	{ "read_up_to", "renkei_sync_read_up_to_timestamp_seconds", "gauge",
	  "All changes before this time were read." },
	{ "next_due", "renkei_sync_next_due_timestamp_seconds", "gauge",
	  "When the daemon runs it next." },
};

static const struct figure of_limits[] = {
	{ "used", "renkei_limit_calls_used", "gauge", "Calls of the current window." },
	{ "allowed", "renkei_limit_calls_allocated", "gauge",
	  "Calls that renkei may make in a window." },
};

/* ---- Text ------------------------------------------------------------------ */

static void
add_label(struct buf *out, const char *name, const cJSON *row, const char *member)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, member);
	buf_addf(out, "%s=\"", name);
	for (const char *s = cJSON_IsString(value) ? value->valuestring : ""; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(out, '\\');
		if (*s == '\n')
			buf_adds(out, "\\n");
		else
			buf_addc(out, *s);
	}
	buf_addc(out, '"');
}

/* A number, or a time as seconds; false: it has none. */
static bool
add_number(struct buf *out, const cJSON *value)
{
	struct tm tm = { .tm_isdst = 0 };
	if (cJSON_IsNumber(value)) {
		buf_addf(out, " %.15g\n", value->valuedouble);
		return true;
	}
	if (!cJSON_IsString(value)
	    || strptime(value->valuestring, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		return false;
	buf_addf(out, " %" PRId64 "\n", (int64_t)timegm(&tm));
	return true;
}

/* Rows that have the member, each with its labels. */
static void
add_figure(struct buf *out, const struct figure *f, const cJSON *rows, bool limits)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", f->name, f->help, f->name, f->type);
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		BUF_AUTO line = BUF_INIT(64 * 1024);
		buf_addf(&line, "%s{", f->name);
		add_label(&line, limits ? "connection" : "sync", row,
		          limits ? "connection" : "name");
		if (limits) {
			buf_addc(&line, ',');
			add_label(&line, "limit", row, "limit");
		}
		buf_addc(&line, '}');
		if (add_number(&line, cJSON_GetObjectItemCaseSensitive(row, f->member)))
			buf_addt(out, buf_text(&line));
	}
}

/* ---- The daemon ------------------------------------------------------------ */

static cJSON *
ask(const struct console *c, const char *command)
{
	const char *argv[] = { command, "--lang=en" };
	BUF_AUTO out = BUF_INIT(CONTROL_ANSWER_MAX);
	struct rk_err err = ERR_INIT;
	int code;
	return control_ask(c->state_dir, "console:metrics", argv, 2, &out, &code, &err)
		? cJSON_Parse(buf_str(&out)) : NULL;
}

static void
write_metrics(const struct console *c, struct buf *out)
{
	cJSON *status = ask(c, "status"), *usage = ask(c, "usage");
	const cJSON *syncs = cJSON_GetObjectItemCaseSensitive(status, "syncs");
	const cJSON *limits = cJSON_GetObjectItemCaseSensitive(usage, "limits");
	buf_addf(out, "# HELP renkei_up Whether the daemon answers.\n# TYPE renkei_up gauge\n"
	         "renkei_up %d\n", status != NULL);
	for (size_t i = 0; i < sizeof of_syncs / sizeof *of_syncs; i++)
		add_figure(out, &of_syncs[i], syncs, false);
	for (size_t i = 0; i < sizeof of_limits / sizeof *of_limits; i++)
		add_figure(out, &of_limits[i], limits, true);
	cJSON_Delete(status);
	cJSON_Delete(usage);
}

static void
metrics(struct request *q, struct answer *a)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct buf kept = BUF_INIT(ANSWER_MAX);
	static int64_t until_ms;
	pthread_mutex_lock(&lock);
	if (clock_mono_ms() >= until_ms) {
		buf_reset(&kept);
		write_metrics(q->console, &kept);
		until_ms = clock_mono_ms() + KEPT_MS;
	}
	buf_addt(&a->body, buf_text(&kept));
	pthread_mutex_unlock(&lock);
	a->status = 200;
	a->type = "text/plain; version=0.0.4; charset=utf-8";
}

/* Whether the daemon takes questions; what it would answer is not awaited. */
static void
health(struct request *q, struct answer *a)
{
	bool up = control_reachable(q->console->state_dir);
	a->status = up ? 200 : 503;
	buf_addf(&a->body, "{\"status\":\"%s\"}\n", up ? "ok" : "daemon-unreachable");
}

void
metrics_answer(struct request *q, struct answer *a)
{
	bool here = strcmp(q->peer, "127.0.0.1") == 0 || strcmp(q->peer, "::1") == 0;
	if (strcmp(q->method, "GET") != 0) {
		a->allow = "GET";
		answer_refuse(q, a, 405, "method", "this address takes %s only", a->allow);
	} else if ((!here || q->forwarded) && q->user.name[0] == '\0') {
		answer_refuse(q, a, 401, "log-in", "log in first");
	} else if (strcmp(q->path, "/metrics") == 0) {
		metrics(q, a);
	} else {
		health(q, a);
	}
}
