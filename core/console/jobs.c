/* SPDX-License-Identifier: Apache-2.0
 *
 * jobs.c - see jobs.h.  A job has a thread, which waits for the daemon.  Jobs end with
 * the console; the daemon ends commands that nobody waits for and that change nothing. */
#include "console/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/text.h"
#include "console/rows.h"
#include "schedule/control.h"

#define JOBS_MAX 16
#define KEPT_MS 600000
#define STACK_BYTES ((size_t)256 * 1024)

static struct slot {
	uint64_t number;               /* 0: free */
	bool done;
	int64_t ended_ms;              /* Monotonic. */
	struct request q;              /* What the answer needs of it. */
	struct arena arena;            /* owned: the arguments */
	const char **argv;
	size_t argc;
	struct answer answer;          /* owned, once it is done */
} slots[JOBS_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_number;

/* The command was refused, as somebody has acted since it was looked at. */
static bool
is_stale(const struct buf *said)
{
	cJSON *root = cJSON_ParseWithLength(said->ptr, said->len);
	const cJSON *errors = cJSON_GetObjectItemCaseSensitive(root, "errors");
	const char *code = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(errors, 0), "code"));
	bool stale = code != NULL && strcmp(code, ERR_CODE_STALE) == 0;
	cJSON_Delete(root);
	return stale;
}

/* What the command says is the answer, whatever its end; a mistake of who asks is told
 * by the status as well. */
static void
ask(const struct job *job, struct answer *a)
{
	const struct request *q = job->q;
	char user[USER_NAME_MAX + 16];
	struct rk_err err = ERR_INIT;
	int code = 0;
	snprintf(user, sizeof user, "console:%s", q->user.name);
	if (!control_ask(q->console->state_dir, user, job->argv, job->argc, &a->body, &code,
	                 &err)) {
		log_warn("console.ask", "command=%s user=%s: %s", job->argv[0], q->user.name,
		         err.message);
		a->retry_s = 5;
		answer_error(q, a, err.category == RK_CAT_CONFIG ? 400 : 503, &err);
		return;
	}
	log_info("console.asked", "command=%s user=%s code=%d bytes=%zu", job->argv[0],
	         q->user.name, code, a->body.len);
	a->status = code != EXIT_USAGE ? 200 : is_stale(&a->body) ? 409 : 400;
	if (job->csv && a->status == 200)
		rows_csv(a);
}

void
jobs_run(const struct job *job, struct answer *a)
{
	ask(job, a);
}

/* ---- Beside the request ----------------------------------------------------- */

static void
clear(struct slot *s)
{
	arena_free(&s->arena);
	buf_free(&s->answer.body);
	*s = (struct slot){ .number = 0 };
}

static void *
work(void *with)
{
	struct slot *s = with;
	struct job job = { .q = &s->q, .argv = s->argv, .argc = s->argc };
	struct answer answer = { .type = "application/json", .body = BUF_INIT(ANSWER_MAX) };
	ask(&job, &answer);
	pthread_mutex_lock(&lock);
	s->answer = answer;
	s->done = true;
	s->ended_ms = clock_mono_ms();
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* A free one, or that of the job that ended first if it is long ago; with the lock. */
static struct slot *
take_slot(void)
{
	struct slot *oldest = NULL;
	int64_t now_ms = clock_mono_ms();
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct slot *s = &slots[i];
		if (s->done && s->ended_ms < now_ms - KEPT_MS)
			clear(s);
		if (s->number == 0)
			return s;
		if (s->done && (oldest == NULL || s->ended_ms < oldest->ended_ms))
			oldest = s;
	}
	if (oldest != NULL)
		clear(oldest);
	return oldest;
}

static void
fill(struct slot *s, const struct job *job)
{
	s->number = ++last_number;
	s->q = (struct request){ .console = job->q->console, .lang = job->q->lang,
	                         .user = job->q->user };
	s->argv = arena_new_array(&s->arena, job->argc, const char *);
	for (size_t i = 0; i < job->argc; i++)
		s->argv[i] = arena_str(&s->arena, job->argv[i]);
	s->argc = job->argc;
}

static bool
start(struct slot *s)
{
	pthread_t thread;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	bool started = pthread_create(&thread, &attr, work, s) == 0;
	pthread_attr_destroy(&attr);
	return started;
}

static void
tell_number(struct answer *a, uint64_t number)
{
	struct json_out j = { .out = &a->body };
	json_open(&j, NULL, '{');
	json_number(&j, "job", (int64_t)number);
	json_close(&j, '}');
	buf_addc(&a->body, '\n');
	a->status = 202;
}

void
jobs_begin(const struct job *job, struct answer *a)
{
	pthread_mutex_lock(&lock);
	struct slot *s = take_slot();
	uint64_t number = 0;
	if (s != NULL) {
		fill(s, job);
		number = s->number;
		if (!start(s)) {
			clear(s);
			number = 0;
		}
	}
	pthread_mutex_unlock(&lock);
	if (number != 0) {
		tell_number(a, number);
		return;
	}
	a->retry_s = 10;
	answer_refuse(job->q, a, 503, "busy", "%d jobs run already; try again when one of them "
	              "has ended", JOBS_MAX);
}

/* Each user's own; to others there is no such job. */
void
jobs_answer(struct request *q, struct answer *a)
{
	int64_t number = 0;
	bool found = false, done = false;
	if (!text_int64(text_of(q->part), &number))
		number = 0;
	pthread_mutex_lock(&lock);
	for (size_t i = 0; number > 0 && i < JOBS_MAX; i++) {
		struct slot *s = &slots[i];
		if (s->number != (uint64_t)number || strcmp(s->q.user.name, q->user.name) != 0)
			continue;
		found = true;
		done = s->done;
		if (!done)
			continue;
		a->status = s->answer.status;
		buf_add(&a->body, s->answer.body.ptr, s->answer.body.len);
	}
	pthread_mutex_unlock(&lock);
	if (found && !done)
		tell_number(a, (uint64_t)number);
	if (!found)
		answer_refuse(q, a, 404, "no-such-job", "there is no such job, or it ended more "
		              "than ten minutes ago");
}
