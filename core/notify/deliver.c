/* SPDX-License-Identifier: Apache-2.0
 *
 * deliver.c - see deliver.h. */
#include "notify/deliver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "store/lock.h"
#include "store/outbox.h"

#define MINUTE_MS 60000
#define HOUR_MS (60 * (int64_t)MINUTE_MS)
#define WAIT_MOST_MS HOUR_MS
#define LIFE_MS (24 * HOUR_MS)
#define KEPT_MS (30 * 24 * HOUR_MS)
#define AN_HOUR_MOST 12                /* Messages to one address. */
#define ROWS_MOST 200
#define JOINED_MOST 50
#define HEARTBEAT_MS (5 * (int64_t)MINUTE_MS)

static const struct config_notice *
find(const struct config *config, struct rk_text name)
{
	for (size_t i = 0; i < config->notice_count; i++)
		if (text_is(name, config->notices[i].name))
			return &config->notices[i];
	return NULL;
}

/* ---- One message ---------------------------------------------------------------- */

/* Several notices as one: the newest stands in the subject. */
static void
join(const struct outbox_row *rows, size_t count, struct buf *subject, struct buf *body,
     struct buf *doc)
{
	buf_addt(subject, rows[count - 1].subject);
	if (count > 1)
		buf_addf(subject, " (+%zu)", count - 1);
	buf_adds(doc, count > 1 ? "{\"kind\":\"several\",\"notices\":[" : "");
	for (size_t i = 0; i < count; i++) {
		if (count > 1)
			buf_addf(body, "%s== ", i > 0 ? "\n" : "");
		if (count > 1) {
			buf_addt(body, rows[i].subject);
			buf_adds(body, "\n\n");
		}
		buf_addt(body, rows[i].body);
		buf_adds(doc, i > 0 ? "," : "");
		buf_addt(doc, rows[i].doc);
	}
	buf_adds(doc, count > 1 ? "]}" : "");
}

static int32_t
send_rows(struct way_world *w, const struct config_notice *notice,
          const struct outbox_row *rows, size_t count, struct rk_err *err)
{
	char id[64];
	BUF_AUTO subject = BUF_INIT(4096);
	BUF_AUTO body = BUF_INIT(2u * 1024 * 1024);
	BUF_AUTO doc = BUF_INIT(3u * 1024 * 1024);
	join(rows, count, &subject, &body, &doc);
	snprintf(id, sizeof id, "renkei-%" PRId64 "-%" PRId64, rows[0].sent_as, rows[0].at_ms);
	struct way_message message = { .subject = buf_text(&subject), .body = buf_text(&body),
	                               .doc = buf_text(&doc), .at_ms = rows[0].at_ms,
	                               .id = id };
	return way_send(w, notice, rows[0].way, &message, err);
}

/* One, two, four minutes ... an hour. */
static int64_t
wait_of(int64_t tries)
{
	int64_t wait = tries < 7 ? MINUTE_MS * ((int64_t)1 << (tries - 1)) : WAIT_MOST_MS;
	return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

/* What was surely not taken may go with others next time. */
static bool
settle(struct host *host, struct outbox_row *row, int32_t status, int64_t now_ms,
       const struct rk_err *why, struct rk_err *err)
{
	row->tries++;
	if (status != RK_OK && why->maybe_sent == 0)
		row->sent_as = 0;
	row->state = status == RK_OK ? OUTBOX_SENT
	             : now_ms - row->at_ms >= LIFE_MS ? OUTBOX_GIVEN_UP : OUTBOX_WAITS;
	row->due_ms = status == RK_OK ? now_ms : now_ms + wait_of(row->tries);
	row->error = text_of(status == RK_OK ? NULL : why->message);
	return outbox_settle(host, row, err);
}

/* Sends what is for one address, and keeps what became of it. */
static bool
deliver(struct way_world *w, struct host *host, struct outbox_row *rows, size_t count,
        int64_t now_ms, struct delivery *d, struct rk_err *err)
{
	struct rk_err why = ERR_INIT;
	const struct config_notice *notice = find(w->config, rows[0].target);
	if (!outbox_claim(host, rows, count, err))
		return false;
	int32_t status = notice != NULL ? send_rows(w, notice, rows, count, &why)
		: err_set(&why, RK_PAUSE, RK_CAT_CONFIG, "notify has no \"%.*s\" any more",
		          (int)rows[0].target.len, rows[0].target.ptr);
	*(status == RK_OK ? &d->sent : &d->failed) += 1;
	if (status != RK_OK) {
		d->err = why;
		log_warn("notify.failed", "to=%.*s way=%.*s: %s", (int)rows[0].target.len,
		         rows[0].target.ptr, (int)rows[0].way.len, rows[0].way.ptr,
		         why.message);
	}
	bool kept = host_begin(host, err);
	for (size_t i = 0; i < count && kept; i++)
		kept = settle(host, &rows[i], status, now_ms, &why, err);
	return host_end(host, kept, err) && kept;
}

/* ---- All that is due -------------------------------------------------------------- */

/* Over the ceiling they wait together until the hour frees. */
static bool
hold_back(struct host *host, struct outbox_row *rows, size_t count, int64_t now_ms,
          bool *held, struct rk_err *err)
{
	int64_t oldest;
	int64_t sent = outbox_sent_since(host, rows[0].target, rows[0].way, now_ms - HOUR_MS,
	                                 &oldest);
	*held = sent >= AN_HOUR_MOST;
	for (size_t i = 0; i < count && *held; i++) {
		rows[i].due_ms = oldest + HOUR_MS + 1;
		if (!outbox_settle(host, &rows[i], err))
			return false;
	}
	return true;
}

static size_t
one_message(const struct outbox_row *rows, size_t count)
{
	size_t n = 1;
	while (n < count && n < JOINED_MOST && text_eq(rows[n].target, rows[0].target)
	       && text_eq(rows[n].way, rows[0].way) && rows[n].sent_as == rows[0].sent_as)
		n++;
	return n;
}

static bool
deliver_all(struct way_world *w, struct host *host, int64_t now_ms, struct delivery *d,
            struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct outbox_row *rows;
	size_t count, n;
	if (!outbox_due(host, now_ms, ROWS_MOST, &arena, &rows, &count, err))
		return false;
	for (size_t i = 0; i < count; i += n) {
		bool held;
		n = one_message(rows + i, count - i);
		/* The rest of this message may not have fitted. */
		if (i > 0 && i + n == ROWS_MOST)
			break;
		if (!hold_back(host, rows + i, n, now_ms, &held, err)
		    || (!held && !deliver(w, host, rows + i, n, now_ms, d, err)))
			return false;
	}
	return count == 0 || outbox_prune(host, now_ms - KEPT_MS, err);
}

bool
deliver_due(struct way_world *world, struct host *host, int64_t now_ms,
            struct delivery *delivery, struct rk_err *err)
{
	struct rk_err busy;
	FD_AUTO lock = lock_take(world->state_dir, "notify", &busy);
	return lock < 0 || deliver_all(world, host, now_ms, delivery, err);
}

/* ---- Heartbeats --------------------------------------------------------------------- */

static int64_t
heartbeat_due(const struct config_notice *n, struct host *host, char name[128])
{
	snprintf(name, 128, "heartbeat:%s", n->name);
	int64_t last = mark_get(host, name);
	int64_t every = n->heartbeat_ms > 0 ? n->heartbeat_ms : HEARTBEAT_MS;
	return last == RK_NO_TIME ? 0 : last + every;
}

int64_t
deliver_heartbeat_due(const struct config *config, struct host *host)
{
	char name[128];
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < config->notice_count; i++) {
		if (config->notices[i].heartbeat == NULL)
			continue;
		int64_t due = heartbeat_due(&config->notices[i], host, name);
		first = due < first ? due : first;
	}
	return first;
}

/* One that does not get through is not made up for: silence is what it would tell. */
void
deliver_heartbeats(struct way_world *world, struct host *host, int64_t now_ms,
                   struct delivery *delivery)
{
	char name[128];
	for (size_t i = 0; i < world->config->notice_count; i++) {
		const struct config_notice *n = &world->config->notices[i];
		struct rk_err err = ERR_INIT;
		if (n->heartbeat == NULL || heartbeat_due(n, host, name) > now_ms)
			continue;
		mark_put(host, name, now_ms, NULL);
		if (way_heartbeat(world, n, &err) == RK_OK)
			continue;
		delivery->failed++;
		delivery->err = err;
		log_warn("notify.heartbeat", "to=%s: %s", n->name, err.message);
	}
}
