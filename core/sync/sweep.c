/* SPDX-License-Identifier: Apache-2.0
 *
 * sweep.c - deletions that a source does not tell: now and then all its ids are listed,
 * with one field beside them, and each link whose record is missing is asked for by its
 * id.  A listing may be short; who is not there when asked for by name is gone.  What
 * answers under another id was taken over by that one.
 *
 *     due? -> LIST page after page -> compare with the links -> ASK for who is missing
 *
 * What is found goes gone.c's way, budget and all; a listing that was empty needs a
 * person's word in any case.  A sweep lives in memory: one that is cut off begins anew
 * with the next run. */
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "sync/state.h"

#define LAST "sweep.last"
#define USUAL_MS (24 * 3600000)
/* More are found by the sweep after. */
#define MISSING_MAX 10000
#define ASKED_AT_ONCE 100
/* Eight to sixteen bytes each. */
#define IDS_MAX 4000000

enum phase { LIST, ASK, DONE };

struct sweep {
	enum phase phase;
	struct set ids;                /* owned: of all that are there */
	struct set dead;               /* owned: of whose deletion is known */
	struct buf token;              /* owned */
	struct arena arena;            /* owned */
	int64_t now_ms;                /* The source's, when it began. */
	int64_t wait_mono;             /* The next page not before. */
	struct rk_text *missing;
	size_t missing_count, at;      /* Asked for up to here. */
	size_t asked;                  /* With the call under way. */
	size_t single;                 /* So many more are asked for one by one. */
};

static int64_t
every_ms(const struct run *run)
{
	const struct manifest_object *object =
		manifest_object(&run->reader.session.manifest, run->sync->from.object);
	if (run->sync->deletes == DELETES_IGNORE || run->options->mode != SYNC_RUN)
		return -1;
	if (run->sync->sweep_ms >= 0)
		return run->sync->sweep_ms;
	return object->tells_deleted ? -1 : USUAL_MS;
}

static bool
set_last(struct run *run)
{
	return store_number_put(run->store, LAST, run_now(run), &run->err);
}

bool
sweep_begin(struct run *run)
{
	int64_t last, every = every_ms(run);
	if (every < 0)
		return true;
	if (!store_number_get(run->store, LAST, &last, &run->err))
		return run_store_failed(run);
	/* What is read for the first time is there. */
	if (last == 0)
		return (store_begin(run->store, &run->err) && set_last(run)
		        && store_commit(run->store, &run->err))
		       || run_store_failed(run);
	if (run_now(run) < last + every)
		return true;
	run->sweep = calloc(1, sizeof *run->sweep);
	if (run->sweep == NULL)
		abort();
	run->sweep->now_ms = RK_NO_TIME;
	run->sweep->token = (struct buf)BUF_INIT(RECORD_TOKEN_MAX);
	return true;
}

void
sweep_free(struct run *run)
{
	struct sweep *s = run->sweep;
	if (s == NULL)
		return;
	set_free(&s->ids);
	set_free(&s->dead);
	buf_free(&s->token);
	arena_free(&s->arena);
	free(s);
	run->sweep = NULL;
}

bool
sweep_lasts(const struct run *run)
{
	/* A listing that the source puts off goes on with the next run; so does this. */
	bool put_off = run->read_done && run->cursor.listing;
	return run->sweep != NULL && run->sweep->phase != DONE && !run->source.stopped
	       && !put_off;
}

void
sweep_step(struct run *run)
{
	struct sweep *s = run->sweep;
	struct rk_query query = ASK_INIT;
	if (!sweep_lasts(run) || !run->read_done || run->cursor.listing || run->arrived != NULL
	    || run->fetch_count > 0 || run->record_count > 0
	    || !run_may_call(run, &run->reader) || run_mono(run) < s->wait_mono)
		return;
	query.fields = run->from_fields;
	query.field_count = run->from_count > 0 ? 1 : 0;
	query.mode = RK_BY_WINDOW;
	query.token = buf_text(&s->token);
	s->asked = 0;
	if (s->phase == ASK) {
		size_t left = s->missing_count - s->at;
		s->asked = s->single > 0 ? 1 : left < ASKED_AT_ONCE ? left : ASKED_AT_ONCE;
		query.mode = RK_BY_IDS;
		query.token = (struct rk_text){ NULL, 0 };
		query.values = &s->missing[s->at];
		query.limit = query.value_count = s->asked;
	}
	run->sweeping = ask_list(run, &run->reader, run->sync->from.object, &query);
}

/* ---- Listing --------------------------------------------------------------------- */

static void
see_tomb(void *with, struct rk_text from_id)
{
	set_add(with, hash_mark(from_id));
}

static bool
see_link(void *with, const struct link *link)
{
	struct sweep *s = with;
	int64_t id = hash_mark(link->from_id);
	if (!set_has(&s->ids, id) && !set_has(&s->dead, id))
		s->missing[s->missing_count++] = arena_text(&s->arena, link->from_id);
	return s->missing_count < MISSING_MAX;
}

/* Who is missing; and who was, and waits as deleted, but is there: a change of it may not have
 * been written when it went missing. */
static bool
compare(struct run *run)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct sweep *s = run->sweep;
	struct pending *rows;
	size_t count;
	s->missing = arena_new_array(&s->arena, MISSING_MAX, struct rk_text);
	if (!store_tomb_walk(run->store, see_tomb, &s->dead, &run->err))
		return false;
	if (!store_link_walk(run->store, see_link, s, &run->err)
	    && s->missing_count < MISSING_MAX)
		return false;
	if (!store_pending_held(run->store, MISSING_MAX, &arena, &rows, &count, &run->err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (set_has(&s->ids, hash_mark(rows[i].id)) && !keep_read_anew(run, &rows[i]))
			return false;
	return true;
}

static bool
end(struct run *run)
{
	struct sweep *s = run->sweep;
	s->phase = DONE;
	run->gone_empty = s->ids.count == 0 && s->missing_count > 0;
	return set_last(run);
}

/* One that was taken over is not there, and not deleted either: asked for by its id it
 * may be nobody. */
static bool
take_listed(struct run *run, const struct rk_record *record)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	if (!gone_is(record))
		set_add(&run->sweep->ids, hash_mark(record->id));
	if ((record->flags & RK_RECORD_MERGED) == 0)
		return true;
	enum gone_told told = gone_told(run, record, &arena);
	run->counts->read += told == GONE_KEPT;
	return told != GONE_BROKEN;
}

static bool
take_page(struct run *run, const struct rk_page *page)
{
	struct sweep *s = run->sweep;
	if (s->now_ms == RK_NO_TIME)
		s->now_ms = page->source_time_ms;
	for (uint64_t i = 0; i < page->record_count; i++)
		if (!take_listed(run, &page->records[i]))
			return false;
	s->wait_mono = run_mono(run) + page->wait_ms;
	buf_reset(&s->token);
	buf_addt(&s->token, page->token);
	if (s->ids.count > IDS_MAX) {
		log_info("sync.sweep", "sync=%s: more than %d ids; what is missing is not looked "
		         "for", run->sync->name, IDS_MAX);
		return end(run);
	}
	if (page->more)
		return true;
	if (!compare(run))
		return false;
	s->phase = ASK;
	log_info("sync.sweep", "sync=%s ids=%zu missing=%zu", run->sync->name, s->ids.count,
	         s->missing_count);
	return s->missing_count > 0 || end(run);
}

/* ---- Asking ---------------------------------------------------------------------- */

static bool
is_asked(const struct sweep *s, struct rk_text id)
{
	for (size_t i = 0; i < s->asked; i++)
		if (text_eq(s->missing[s->at + i], id))
			return true;
	return false;
}

/* A record that nobody asked for: one of those that were answers under its id. */
static bool
has_foreign(const struct sweep *s, const struct rk_page *page)
{
	for (uint64_t i = 0; i < page->record_count; i++)
		if (!is_asked(s, page->records[i].id))
			return true;
	return false;
}

static bool
judge(struct run *run, struct rk_text id, const struct rk_page *page)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct sweep *s = run->sweep;
	const struct rk_record *there = ask_find(page, id);
	struct rk_record gone = { .id = id, .modified_ms = s->now_ms,
		                  .flags = RK_RECORD_DELETED };
	if (there != NULL && !gone_is(there))
		return true;
	if (there != NULL && (there->flags & RK_RECORD_MERGED) != 0)
		gone = (struct rk_record){ .id = id, .modified_ms = s->now_ms,
			.flags = RK_RECORD_MERGED, .merged_into = there->merged_into };
	else if (there == NULL && s->asked == 1 && page->record_count == 1)
		gone = (struct rk_record){ .id = id, .modified_ms = s->now_ms,
			.flags = RK_RECORD_MERGED, .merged_into = page->records[0].id };
	enum gone_told told = gone_told(run, &gone, &arena);
	run->counts->read += told == GONE_KEPT;
	return told != GONE_BROKEN;
}

static bool
take_asked(struct run *run, const struct rk_page *page)
{
	struct sweep *s = run->sweep;
	if (s->asked > 1 && has_foreign(s, page)) {
		s->single = s->asked;
		return true;
	}
	for (size_t i = 0; i < s->asked; i++)
		if (!judge(run, s->missing[s->at + i], page))
			return false;
	s->at += s->asked;
	s->single -= s->single > 0;
	return s->at < s->missing_count || end(run);
}

void
sweep_answer(struct run *run, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct sweep *s = run->sweep;
	struct rk_text token = buf_text(&s->token);
	struct rk_page page;
	run->sweeping = false;
	if (answer->status == RK_RESYNC) {
		s->phase = DONE;               /* The next run begins anew. */
		return;
	}
	if (!ask_take_page(run, &run->reader, answer, run->from_count > 0 ? 1 : 0,
	                   s->phase == LIST ? &token : NULL, &arena, &page))
		return;
	if (!store_begin(run->store, &run->err)
	    || !(s->phase == LIST ? take_page(run, &page) : take_asked(run, &page))
	    || !store_commit(run->store, &run->err))
		run_store_failed(run);
}
