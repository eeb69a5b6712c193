/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.c - see compare.h: the walk itself.  Its three parts, each a page at a time and
 * a transaction a page: the source's listing, links that it did not name, and the target's
 * listing. */
#include "sync/compare.h"

#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "record/value.h"
#include "sync/compare_look.h"

#define KIND STORE_RECONCILE
/* Whom the walk has met at the target. */
#define KIND_TARGET "reconcile to"
#define LONG_MAX_MS 30000
#define FOUND_BYTES_MAX 4096

enum part { PART_NONE, PART_SOURCE, PART_LINKS, PART_TARGET, PART_DONE };

struct compare {
	struct run *run;               /* owned */
	const struct compare_options *options;
	struct compare_report *report;
	struct walk walk;
	struct compared *so_far;       /* report->result */
	struct set waits;              /* owned: ids that stand in the journal */
	struct arena token;            /* owned: where walk.token lies */
	struct arena arena;            /* owned: of the page */
	bool stopped;                  /* It was asked to end, or its time is up. */
	int64_t calls_from[2];         /* What earlier processes made of it. */
};

static bool
store_fails(struct compare *c)
{
	return run_store_failed(c->run);
}

/* ---- What counts ------------------------------------------------------------ */

static const char *const verdicts[] = {
	[PAIR_EQUAL] = "equal", [PAIR_EXCLUDED] = "excluded", [PAIR_GONE] = "gone",
	[PAIR_WAITING] = "waiting", [PAIR_MISSING] = "missing",
	[PAIR_DIFFERENT] = "different",
};

/* The digest of the list goes on with one more line. */
static void
note(struct compare *c, const char *verdict, struct rk_text id, struct rk_text to_id)
{
	unsigned char *digest = c->so_far->digest;
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof c->so_far->digest);
	crypto_generichash_update(&state, digest, sizeof c->so_far->digest);
	crypto_generichash_update(&state, (const unsigned char *)verdict, strlen(verdict) + 1);
	crypto_generichash_update(&state, (const unsigned char *)id.ptr, id.len);
	crypto_generichash_update(&state, (const unsigned char *)"", 1);
	crypto_generichash_update(&state, (const unsigned char *)to_id.ptr, to_id.len);
	crypto_generichash_final(&state, digest, sizeof c->so_far->digest);
}

static bool
keep(struct compare *c, const struct found *found)
{
	const struct compared *n = c->so_far;
	if (n->missing + n->different + n->waiting + n->extra > STORE_FOUND_KEPT)
		return true;
	return store_found_put(c->run->store, c->walk.began_ms, found, &c->run->err)
	       || store_fails(c);
}

static struct rk_text
shown(struct compare *c, const struct rk_value *value)
{
	BUF_AUTO text = BUF_INIT(16u * 1024 * 1024);
	char cut[FOUND_BYTES_MAX];
	value_show(&text, value);
	text_copy(cut, sizeof cut, buf_text(&text));
	return arena_text(&c->arena, text_of(cut));
}

/* A line for each field that differs, or one that says why there are none. */
static bool
keep_pair(struct compare *c, const struct pair *p)
{
	struct run *run = c->run;
	struct found found = { .verdict = text_of(verdicts[p->verdict]), .id = p->record->id,
	                       .key = p->key, .to_id = p->to_id, .reason = text_of(p->reason) };
	bool fields = false;
	for (size_t i = 0; p->row != NULL && p->there != NULL && i < run->to_count; i++) {
		if (look_agrees(run, p, i))
			continue;
		fields = true;
		found.field = run->to_fields[i].name;
		found.from = shown(c, &p->row[i]);
		found.to = shown(c, &p->there->values[i]);
		if (!keep(c, &found))
			return false;
	}
	return fields || keep(c, &found);
}

/* The next run reads it anew and writes it: what its link believes is forgotten. */
static bool
repair(struct compare *c, const struct pair *p)
{
	struct run *run = c->run;
	int64_t now = run_now(run);
	struct pending row = { .id = p->record->id, .state = PENDING_QUEUED, .due_ms = now,
	                       .first_ms = now, .modified_ms = RK_NO_TIME };
	struct link link = p->link;
	if (!c->options->repair || p->held)
		return true;
	if (link.to_id.len > 0) {
		link.from_hash = link.to_hash = (struct hash){ 0 };
		if (!store_link_put(run->store, &link, &run->err))
			return store_fails(c);
	}
	c->so_far->repaired++;
	return store_pending_put(run->store, &row, &run->err) || store_fails(c);
}

static bool
count_pair(struct compare *c, const struct pair *p)
{
	struct compared *n = c->so_far;
	int64_t *counters[] = {
		[PAIR_EQUAL] = &n->equal, [PAIR_EXCLUDED] = &n->excluded,
		[PAIR_GONE] = &n->excluded, [PAIR_WAITING] = &n->waiting,
		[PAIR_MISSING] = &n->missing, [PAIR_DIFFERENT] = &n->different,
	};
	(*counters[p->verdict])++;
	note(c, verdicts[p->verdict], p->record->id, p->to_id);
	/* Found by its key it has no link, and is none too many. */
	if (p->by_key
	    && !store_walk_see(c->run->store, KIND_TARGET, p->to_id, &c->run->err))
		return store_fails(c);
	if (p->verdict < PAIR_WAITING)
		return true;
	return keep_pair(c, p) && (p->verdict == PAIR_WAITING || repair(c, p));
}

/* ---- Pairs ------------------------------------------------------------------- */

/* What did not agree is read again, at both sides.  One that is gone by then is the
 * deletion's business and no difference. */
static bool
look_twice(struct compare *c, struct pair *pairs, size_t count)
{
	struct run *run = c->run;
	struct rk_text *ids = arena_new_array(&c->arena, count, struct rk_text);
	size_t doubtful = 0;
	struct rk_page page;
	for (size_t i = 0; i < count; i++)
		if (pairs[i].verdict >= PAIR_WAITING)
			ids[doubtful++] = pairs[i].record->id;
	if (!look_by_ids(run, &run->reader, run->sync->from.object, run->from_fields,
	                 run->from_count, ids, doubtful, &c->arena, &page))
		return false;
	struct pair *again = arena_new_array(&c->arena, page.record_count, struct pair);
	if (!look_at_pairs(run, &c->waits, page.records, (size_t)page.record_count, &c->arena,
	                   again))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (pairs[i].verdict < PAIR_WAITING)
			continue;
		const struct rk_record *record = pairs[i].record;
		pairs[i] = (struct pair){ .record = record, .verdict = PAIR_GONE };
		for (size_t j = 0; j < page.record_count; j++)
			if (text_eq(again[j].record->id, record->id))
				pairs[i] = again[j];
	}
	return true;
}

/* As many at once as the target takes.  Asks both sides, and changes nothing yet. */
static bool
look_all(struct compare *c, const struct rk_record *records, size_t count,
         struct pair *pairs)
{
	size_t most = c->run->batch_max;
	for (size_t i = 0; i < count; i += most) {
		size_t some = count - i < most ? count - i : most;
		if (!look_at_pairs(c->run, &c->waits, &records[i], some, &c->arena, &pairs[i])
		    || !look_twice(c, &pairs[i], some))
			return false;
	}
	return true;
}

/* What deletes leave at the target is for the links to find. */
static bool
count_all(struct compare *c, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pairs[i].verdict != PAIR_GONE
		    && !store_walk_see(c->run->store, KIND, pairs[i].record->id, &c->run->err))
			return store_fails(c);
		if (!count_pair(c, &pairs[i]))
			return false;
	}
	return true;
}

/* Those that it has not met: a listing gives a record again that changed on the way. */
static bool
fresh(struct compare *c, const char *kind, const struct rk_page *page,
      struct rk_record **records, size_t *count)
{
	*count = 0;
	*records = arena_new_array(&c->arena, page->record_count, struct rk_record);
	for (uint64_t i = 0; i < page->record_count; i++) {
		bool saw;
		if (!store_walk_saw(c->run->store, kind, page->records[i].id, &saw,
		                    &c->run->err))
			return store_fails(c);
		if (!saw)
			(*records)[(*count)++] = page->records[i];
	}
	return true;
}

/* ---- Keeping its place --------------------------------------------------------- */

static void
set_token(struct compare *c, struct rk_text token)
{
	struct arena arena = ARENA_INIT;
	c->walk.token = arena_text(&arena, token);
	arena_free(&c->token);
	c->token = arena;
}

static bool
put_walk(struct compare *c)
{
	struct run *run = c->run;
	BUF_AUTO body = BUF_INIT(4096);
	c->so_far->source_calls = c->calls_from[0] + run->reader.session.calls;
	c->so_far->target_calls = c->calls_from[1] + run_target(run)->calls;
	compared_encode(&body, c->so_far);
	c->walk.body = buf_text(&body);
	bool done = store_walk_put(run->store, KIND, &c->walk, &run->err);
	c->walk.body = (struct rk_text){ NULL, 0 };
	return (done && store_commit(run->store, &run->err)) || store_fails(c);
}

static bool
begin_change(struct compare *c)
{
	return store_begin(c->run->store, &c->run->err) || store_fails(c);
}

static void
next_part(struct compare *c)
{
	c->walk.part++;
	c->walk.at = 0;
	set_token(c, (struct rk_text){ NULL, 0 });
	c->run->tokens = c->run->contents = (struct rk_circle){ 0 };
}

/* ---- Part 1: the source ---------------------------------------------------------- */

/* The page that follows the walk's token. */
static bool
list(struct compare *c, struct caller *caller, const char *object,
     const struct rk_field *fields, size_t count, int64_t since_ms, struct rk_page *page)
{
	struct rk_query query = ASK_INIT;
	bool dead = false;
	query.mode = RK_BY_WINDOW;
	query.fields = fields;
	query.field_count = count;
	query.since_ms = since_ms;
	query.token = c->walk.token;
	if (!look_ask(c->run, caller, object, &query, &c->walk.token, &dead, &c->arena, page))
		return false;
	/* Lists again, and skips whom it has met. */
	if (dead) {
		page->more = 1;
		c->run->resyncs++;
	}
	if (c->run->resyncs <= RESYNCS_MAX)
		return true;
	struct rk_err err;
	err_set(&err, RK_BUG, RK_CAT_BUG, "page tokens were refused %d times in one run: %s",
	        c->run->resyncs, object);
	run_call_failed(c->run, caller, RK_BUG, &err, false);
	return false;
}

static void
heed_wait(const struct rk_page *page)
{
	int64_t wait = page->wait_ms < LONG_MAX_MS ? page->wait_ms : LONG_MAX_MS;
	if (page->more && wait > 0)
		usleep((useconds_t)wait * 1000);
}

static void
turn_page(struct compare *c, const struct rk_page *page)
{
	heed_wait(page);
	if (page->more)
		set_token(c, page->token);
	else
		next_part(c);
}

static bool
step_source(struct compare *c)
{
	struct run *run = c->run;
	struct rk_page page;
	struct rk_record *records;
	size_t count;
	if (!list(c, &run->reader, run->sync->from.object, run->from_fields, run->from_count,
	          run->cursor.origin_ms, &page)
	    || !fresh(c, KIND, &page, &records, &count))
		return false;
	struct pair *pairs = arena_new_array(&c->arena, count, struct pair);
	if (!look_all(c, records, count, pairs) || !begin_change(c)
	    || !count_all(c, pairs, count))
		return false;
	turn_page(c, &page);
	return put_walk(c);
}

/* ---- Part 2: links that no page named -------------------------------------------- */

static bool
count_extra(struct compare *c, struct rk_text id, struct rk_text to_id, const char *reason)
{
	c->so_far->extra++;
	note(c, "extra", id, to_id);
	return keep(c, &(struct found){ .verdict = TEXT_LIT("extra"), .id = id, .to_id = to_id,
	                                .reason = text_of(reason) });
}

/* The source has no such record any more: does the target? */
static bool
count_gone(struct compare *c, const struct link *const *links, size_t count)
{
	struct run *run = c->run;
	struct rk_text *ids = arena_new_array(&c->arena, count, struct rk_text);
	struct rk_page page;
	for (size_t i = 0; i < count; i++)
		ids[i] = links[i]->to_id;
	if (!look_by_ids(run, &run->writers[0].caller, run->sync->to.object,
	                 &run->to_fields[run->key_slot], 1, ids, count, &c->arena, &page)
	    || !begin_change(c))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct rk_record *there = ask_find(&page, links[i]->to_id);
		bool stands = there != NULL
		              && (there->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) == 0;
		if (stands && !count_extra(c, links[i]->from_id, links[i]->to_id,
		                           "its record of the source is not there any more"))
			return false;
		if (!store_walk_see(run->store, KIND, links[i]->from_id, &run->err)
		    || (stands && !store_walk_see(run->store, KIND_TARGET, links[i]->to_id,
		                                  &run->err)))
			return store_fails(c);
	}
	return put_walk(c);
}

/* One batch of links that no page named: the source is asked for each. */
static bool
look_at_links(struct compare *c, const struct link *const *links, size_t count)
{
	struct run *run = c->run;
	struct rk_text *ids = arena_new_array(&c->arena, count, struct rk_text);
	const struct link **gone = arena_new_array(&c->arena, count, const struct link *);
	struct rk_page page;
	size_t gone_count = 0, found = 0;
	for (size_t i = 0; i < count; i++)
		ids[i] = links[i]->from_id;
	if (!look_by_ids(run, &run->reader, run->sync->from.object, run->from_fields,
	                 run->from_count, ids, count, &c->arena, &page))
		return false;
	struct rk_record *records = arena_new_array(&c->arena, count, struct rk_record);
	for (size_t i = 0; i < count; i++) {
		const struct rk_record *record = ask_find(&page, links[i]->from_id);
		if (record == NULL
		    || (record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
			gone[gone_count++] = links[i];
		else
			records[found++] = *record;
	}
	struct pair *pairs = arena_new_array(&c->arena, found, struct pair);
	return look_all(c, records, found, pairs) && begin_change(c)
	       && count_all(c, pairs, found) && put_walk(c)
	       && (gone_count == 0 || count_gone(c, gone, gone_count));
}

static bool
step_links(struct compare *c)
{
	struct run *run = c->run;
	struct link *links;
	size_t count, unmet = 0;
	int64_t at = c->walk.at;
	if (!begin_change(c))
		return false;
	if (!store_link_some(run->store, &at, &c->arena, &links, &count, &run->err)
	    || !store_commit(run->store, &run->err))
		return store_fails(c);
	const struct link **list = arena_new_array(&c->arena, count, const struct link *);
	for (size_t i = 0; i < count; i++) {
		bool saw;
		if (!store_walk_saw(run->store, KIND, links[i].from_id, &saw, &run->err))
			return store_fails(c);
		if (!saw)
			list[unmet++] = &links[i];
	}
	for (size_t i = 0; i < unmet; i += run->batch_max) {
		size_t some = unmet - i < run->batch_max ? unmet - i : run->batch_max;
		if (!look_at_links(c, &list[i], some))
			return false;
	}
	if (at < 0)
		next_part(c);
	else
		c->walk.at = at;
	return begin_change(c) && put_walk(c);
}

/* ---- Part 3: the target ------------------------------------------------------------ */

/* A sync that began with "now" knows nothing of what the target had before. */
static bool
lists_target(const struct compare *c)
{
	const struct run *run = c->run;
	const struct manifest_object *object =
		manifest_object(&run_target(run)->manifest, run->sync->to.object);
	return run->cursor.origin_ms == RK_NO_TIME && manifest_can(object, "list");
}

/* Those that neither a link nor a key leads to, asked for once more. */
static bool
unknown_ones(struct compare *c, const struct rk_record *records, size_t count,
             struct rk_page *page)
{
	struct run *run = c->run;
	struct rk_text *ids = arena_new_array(&c->arena, count, struct rk_text);
	size_t unknown = 0;
	for (size_t i = 0; i < count; i++) {
		struct link link;
		if ((records[i].flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
			continue;
		if (!store_link_by_target(run->store, records[i].id,
		                          (struct rk_text){ NULL, 0 }, &c->arena, &link,
		                          &run->err))
			return store_fails(c);
		if (link.from_id.len == 0)
			ids[unknown++] = records[i].id;
	}
	return look_by_ids(run, &run->writers[0].caller, run->sync->to.object,
	                   &run->to_fields[run->key_slot], 1, ids, unknown, &c->arena, page);
}

static bool
step_target(struct compare *c)
{
	struct run *run = c->run;
	struct rk_page page, again;
	struct rk_record *records;
	size_t count;
	if (!list(c, &run->writers[0].caller, run->sync->to.object,
	          &run->to_fields[run->key_slot], 1, RK_NO_TIME, &page)
	    || !fresh(c, KIND_TARGET, &page, &records, &count)
	    || !unknown_ones(c, records, count, &again) || !begin_change(c))
		return false;
	for (uint64_t i = 0; i < again.record_count; i++) {
		const struct rk_record *record = &again.records[i];
		if ((record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
			continue;
		if (!count_extra(c, (struct rk_text){ NULL, 0 }, record->id,
		                 "no record of the source is linked with it"))
			return false;
		if (!store_walk_see(run->store, KIND_TARGET, record->id, &run->err))
			return store_fails(c);
	}
	turn_page(c, &page);
	return put_walk(c);
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
			return store_fails(c);
		gather_page(c, &page);
	} while (page.seq != 0);
	do {
		arena_clear(&c->arena);
		if (!store_batch_next(run->store, batch.seq, &c->arena, &batch, &run->err))
			return store_fails(c);
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
	bool done = store_walk_get(run->store, KIND, &arena, &c->walk, &run->err);
	bool goes_on = done && c->walk.part != PART_NONE
	               && memcmp(c->walk.revision, run->revision, sizeof run->revision) == 0
	               && compared_decode(c->walk.body, c->so_far);
	arena_free(&c->token);
	c->token = arena;
	c->walk.body = (struct rk_text){ NULL, 0 };
	if (!done)
		return store_fails(c);
	c->calls_from[0] = c->so_far->source_calls;
	c->calls_from[1] = c->so_far->target_calls;
	if (goes_on)
		return true;
	*c->so_far = (struct compared){ .began_ms = run_now(run) };
	c->calls_from[0] = c->calls_from[1] = 0;
	c->walk = (struct walk){ .part = PART_SOURCE, .began_ms = c->so_far->began_ms };
	memcpy(c->walk.revision, run->revision, sizeof run->revision);
	return begin_change(c)
	       && ((store_walk_end(run->store, KIND, &run->err)
	            && store_walk_end(run->store, KIND_TARGET, &run->err)
	            && store_bind(run->store, sync_identity(run->sync, &run->arena).ptr,
	                          &run->err))
	           || store_fails(c))
	       && put_walk(c);
}

static bool
step(struct compare *c)
{
	arena_clear(&c->arena);
	switch ((enum part)c->walk.part) {
	case PART_SOURCE:
		return step_source(c);
	case PART_LINKS:
		return step_links(c);
	case PART_TARGET:
		c->so_far->whole = lists_target(c);
		if (c->so_far->whole)
			return step_target(c);
		next_part(c);
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
	return begin_change(c)
	       && ((store_compared_put(run->store, c->so_far, &run->err)
	            && store_walk_end(run->store, KIND, &run->err)
	            && store_walk_end(run->store, KIND_TARGET, &run->err)
	            && store_commit(run->store, &run->err))
	           || store_fails(c));
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
	if (report->exit_code != 0 || n->ended_ms == 0)
		return;
	if (n->missing + n->different + n->waiting + n->extra > 0)
		report->exit_code = 3;
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
