/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.c - see compare.h: the walk itself, which keeps its place.  Its three parts are
 * in compare_parts.c: the source's listing, links that it did not name, and the target's
 * listing. */
#include "sync/compare.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "sync/compare_walk.h"

enum part { PART_NONE, PART_SOURCE, PART_LINKS, PART_TARGET, PART_DONE };

bool
compare_fails(struct compare *c)
{
	return run_store_failed(c->run);
}

/* ---- Keeping its place --------------------------------------------------------- */

void
compare_set_token(struct compare *c, struct rk_text token)
{
	struct arena arena = ARENA_INIT;
	c->walk.token = arena_text(&arena, token);
	arena_free(&c->token);
	c->token = arena;
}

bool
compare_keep(struct compare *c)
{
	struct run *run = c->run;
	BUF_AUTO body = BUF_INIT(4096);
	c->so_far->source_calls = c->calls_from[0] + run->reader.session.calls;
	c->so_far->target_calls = c->calls_from[1] + run_target(run)->calls;
	compared_encode(&body, c->so_far);
	c->walk.body = buf_text(&body);
	bool done = store_walk_put(run->store, COMPARE_KIND, &c->walk, &run->err);
	c->walk.body = (struct rk_text){ NULL, 0 };
	return (done && store_commit(run->store, &run->err)) || compare_fails(c);
}

bool
compare_change(struct compare *c)
{
	return store_begin(c->run->store, &c->run->err) || compare_fails(c);
}

void
compare_next_part(struct compare *c)
{
	c->walk.part++;
	c->walk.at = 0;
	compare_set_token(c, (struct rk_text){ NULL, 0 });
	c->run->tokens = c->run->contents = (struct rk_circle){ 0 };
}

/* ---- The walk --------------------------------------------------------------------- */

static void
gather_page(struct compare *c, const struct page *page)
{
	struct wire_reader r = wire_reader(page->body);
	while (wire_more(&r)) {
		struct rk_text part;
		wire_take_any(&r, &part);
		struct wire_reader record = wire_reader(part);
		set_add(&c->waits, hash_mark(wire_take_text(&record)));
	}
}

/* Ids of what was read and is not settled, and of what a dead run was writing. */
static bool
gather_waits(struct compare *c)
{
	struct run *run = c->run;
	struct page page = { 0 };
	struct store_batch batch = { 0 };
	do {
		arena_clear(&c->arena);
		if (!store_page_next(run->store, page.seq, &c->arena, &page, &run->err))
			return compare_fails(c);
		gather_page(c, &page);
	} while (page.seq != 0);
	do {
		arena_clear(&c->arena);
		if (!store_batch_next(run->store, batch.seq, &c->arena, &batch, &run->err))
			return compare_fails(c);
		for (size_t i = 0; i < batch.count; i++)
			set_add(&c->waits, hash_mark(batch.entries[i].id));
	} while (batch.seq != 0);
	return true;
}

/* The walk goes on where it stood, unless the mapping is another one by now. */
static bool
take_up(struct compare *c)
{
	struct run *run = c->run;
	struct arena arena = ARENA_INIT;
	bool done = store_walk_get(run->store, COMPARE_KIND, &arena, &c->walk, &run->err);
	bool goes_on = done && c->walk.part != PART_NONE
	               && memcmp(c->walk.revision, run->revision, sizeof run->revision) == 0
	               && compared_decode(c->walk.body, c->so_far);
	arena_free(&c->token);
	c->token = arena;
	c->walk.body = (struct rk_text){ NULL, 0 };
	if (!done)
		return compare_fails(c);
	c->calls_from[0] = c->so_far->source_calls;
	c->calls_from[1] = c->so_far->target_calls;
	if (goes_on)
		return true;
	*c->so_far = (struct compared){ .began_ms = run_now(run) };
	c->calls_from[0] = c->calls_from[1] = 0;
	c->walk = (struct walk){ .part = PART_SOURCE, .began_ms = c->so_far->began_ms };
	memcpy(c->walk.revision, run->revision, sizeof run->revision);
	return compare_change(c)
	       && ((store_walk_end(run->store, COMPARE_KIND, &run->err)
	            && store_walk_end(run->store, COMPARE_KIND_TARGET, &run->err)
	            && store_bind(run->store, sync_identity(run->sync, &run->arena).ptr,
	                          &run->err))
	           || compare_fails(c))
	       && compare_keep(c);
}

static bool
step(struct compare *c)
{
	arena_clear(&c->arena);
	switch ((enum part)c->walk.part) {
	case PART_SOURCE:
		return compare_source(c);
	case PART_LINKS:
		return compare_links(c);
	case PART_TARGET:
		c->so_far->whole = compare_lists_target(c);
		if (c->so_far->whole)
			return compare_target(c);
		compare_next_part(c);
		return true;
	case PART_NONE:
	case PART_DONE:
		break;
	}
	return true;
}

static bool
finish(struct compare *c)
{
	struct run *run = c->run;
	c->so_far->ended_ms = run_now(run);
	c->so_far->source_calls = c->calls_from[0] + run->reader.session.calls;
	c->so_far->target_calls = c->calls_from[1] + run_target(run)->calls;
	return compare_change(c)
	       && ((store_compared_put(run->store, c->so_far, &run->err)
	            && store_walk_end(run->store, COMPARE_KIND, &run->err)
	            && store_walk_end(run->store, COMPARE_KIND_TARGET, &run->err)
	            && store_commit(run->store, &run->err))
	           || compare_fails(c));
}

/* A page at least, however little time it has: it must come to its end some day. */
static bool
may_go_on(struct compare *c, int64_t began_mono)
{
	const struct compare_options *o = c->options;
	struct pollfd asked = { .fd = o->stop_fd, .events = POLLIN };
	bool over = o->most_ms > 0 && run_mono(c->run) - began_mono >= o->most_ms;
	c->stopped = over || (o->stop_fd != 0 && poll(&asked, 1, 0) > 0);
	return !c->stopped;
}

static void
walk(struct compare *c)
{
	int64_t began_mono = run_mono(c->run);
	do {
		if (!step(c))
			return;
		if (c->options->progress != NULL)
			c->options->progress(c->options->with, c->so_far);
		if (c->walk.part == PART_DONE) {
			finish(c);
			return;
		}
	} while (may_go_on(c, began_mono));
}

static void
sum_up(struct compare *c, const struct sync_report *run)
{
	struct compare_report *report = c->report;
	const struct compared *n = c->so_far;
	report->exit_code = run->exit_code;
	report->err = run->err;
	report->side = run->side;
	if (report->exit_code != EXIT_DONE || n->ended_ms == 0)
		return;
	if (n->missing + n->different + n->waiting + n->extra > 0)
		report->exit_code = EXIT_RECORDS;
}

void
sync_compare(struct world *world, const struct config_sync *sync,
             const struct compare_options *options, struct problems *problems,
             struct compare_report *report)
{
	struct sync_options look = { .mode = SYNC_COMPARE, .priority = NET_BACKFILL };
	struct sync_report told;
	int lock = -1;
	*report = (struct compare_report){ .err = ERR_INIT };
	struct compare c = { .options = options, .report = report,
	                     .so_far = &report->result,
	                     .run = run_new(world, sync, &look, problems, &told) };
	if (begin_walk(c.run, &lock) && gather_waits(&c) && take_up(&c))
		walk(&c);
	sum_up(&c, &told);
	set_free(&c.waits);
	arena_free(&c.token);
	arena_free(&c.arena);
	run_free(c.run);
	if (lock >= 0)
		close(lock);
}
