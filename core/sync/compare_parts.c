/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_parts.c - see compare_walk.h: the three parts of the walk, each a page at a time
 * and a transaction a page. */
#include "sync/compare_walk.h"

#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

#define LONG_MAX_MS 30000

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
		compare_set_token(c, page->token);
	else
		compare_next_part(c);
}

bool
compare_source(struct compare *c)
{
	struct run *run = c->run;
	struct rk_page page;
	struct rk_record *records;
	size_t count;
	if (!list(c, &run->reader, run->sync->from.object, run->from_fields, run->from_count,
	          run->cursor.origin_ms, &page)
	    || !compare_fresh(c, COMPARE_KIND, &page, &records, &count))
		return false;
	struct pair *pairs = arena_new_array(&c->arena, count, struct pair);
	if (!compare_judge(c, records, count, pairs) || !compare_change(c)
	    || !compare_count(c, pairs, count))
		return false;
	turn_page(c, &page);
	return compare_keep(c);
}

/* ---- Part 2: links that no page named -------------------------------------------- */

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
	    || !compare_change(c))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct rk_record *there = ask_find(&page, links[i]->to_id);
		bool stands = there != NULL
		              && (there->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) == 0;
		if (stands && !compare_extra(c, links[i]->from_id, links[i]->to_id,
		                             "its record of the source is not there any more"))
			return false;
		if (!store_walk_see(run->store, COMPARE_KIND, links[i]->from_id, &run->err)
		    || (stands && !store_walk_see(run->store, COMPARE_KIND_TARGET,
		                                  links[i]->to_id, &run->err)))
			return compare_fails(c);
	}
	return compare_keep(c);
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
	return compare_judge(c, records, found, pairs) && compare_change(c)
	       && compare_count(c, pairs, found) && compare_keep(c)
	       && (gone_count == 0 || count_gone(c, gone, gone_count));
}

bool
compare_links(struct compare *c)
{
	struct run *run = c->run;
	struct link *links;
	size_t count, unmet = 0;
	int64_t at = c->walk.at;
	if (!compare_change(c))
		return false;
	if (!store_link_some(run->store, &at, &c->arena, &links, &count, &run->err)
	    || !store_commit(run->store, &run->err))
		return compare_fails(c);
	const struct link **list = arena_new_array(&c->arena, count, const struct link *);
	for (size_t i = 0; i < count; i++) {
		bool saw;
		if (!store_walk_saw(run->store, COMPARE_KIND, links[i].from_id, &saw,
		                    &run->err))
			return compare_fails(c);
		if (!saw)
			list[unmet++] = &links[i];
	}
	for (size_t i = 0; i < unmet; i += run->batch_max) {
		size_t some = unmet - i < run->batch_max ? unmet - i : run->batch_max;
		if (!look_at_links(c, &list[i], some))
			return false;
	}
	if (at < 0)
		compare_next_part(c);
	else
		c->walk.at = at;
	return compare_change(c) && compare_keep(c);
}

/* ---- Part 3: the target ------------------------------------------------------------ */

/* A sync that began with "now" knows nothing of what the target had before. */
bool
compare_lists_target(const struct compare *c)
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
			return compare_fails(c);
		if (link.from_id.len == 0)
			ids[unknown++] = records[i].id;
	}
	return look_by_ids(run, &run->writers[0].caller, run->sync->to.object,
	                   &run->to_fields[run->key_slot], 1, ids, unknown, &c->arena, page);
}

bool
compare_target(struct compare *c)
{
	struct run *run = c->run;
	struct rk_page page, again;
	struct rk_record *records;
	size_t count;
	if (!list(c, &run->writers[0].caller, run->sync->to.object,
	          &run->to_fields[run->key_slot], 1, RK_NO_TIME, &page)
	    || !compare_fresh(c, COMPARE_KIND_TARGET, &page, &records, &count)
	    || !unknown_ones(c, records, count, &again) || !compare_change(c))
		return false;
	for (uint64_t i = 0; i < again.record_count; i++) {
		const struct rk_record *record = &again.records[i];
		if ((record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
			continue;
		if (!compare_extra(c, (struct rk_text){ NULL, 0 }, record->id,
		                   "no record of the source is linked with it"))
			return false;
		if (!store_walk_see(run->store, COMPARE_KIND_TARGET, record->id, &run->err))
			return compare_fails(c);
	}
	turn_page(c, &page);
	return compare_keep(c);
}
