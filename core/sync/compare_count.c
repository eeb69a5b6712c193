/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_count.c - see compare_walk.h: what the walk makes of the records that it meets,
 * which is counted, kept for a person, and repaired if that was asked for. */
#include "sync/compare_walk.h"

#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "record/value.h"

#define FOUND_BYTES_MAX 4096

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
	       || compare_fails(c);
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
			return compare_fails(c);
	}
	c->so_far->repaired++;
	return store_pending_put(run->store, &row, &run->err) || compare_fails(c);
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
	    && !store_walk_see(c->run->store, COMPARE_KIND_TARGET, p->to_id, &c->run->err))
		return compare_fails(c);
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
bool
compare_judge(struct compare *c, const struct rk_record *records, size_t count,
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
bool
compare_count(struct compare *c, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pairs[i].verdict != PAIR_GONE
		    && !store_walk_see(c->run->store, COMPARE_KIND, pairs[i].record->id,
		                       &c->run->err))
			return compare_fails(c);
		if (!count_pair(c, &pairs[i]))
			return false;
	}
	return true;
}

/* Those that it has not met: a listing gives a record again that changed on the way. */
bool
compare_fresh(struct compare *c, const char *kind, const struct rk_page *page,
              struct rk_record **records, size_t *count)
{
	*count = 0;
	*records = arena_new_array(&c->arena, page->record_count, struct rk_record);
	for (uint64_t i = 0; i < page->record_count; i++) {
		bool saw;
		if (!store_walk_saw(c->run->store, kind, page->records[i].id, &saw,
		                    &c->run->err))
			return compare_fails(c);
		if (!saw)
			(*records)[(*count)++] = page->records[i];
	}
	return true;
}

bool
compare_extra(struct compare *c, struct rk_text id, struct rk_text to_id, const char *reason)
{
	c->so_far->extra++;
	note(c, "extra", id, to_id);
	return keep(c, &(struct found){ .verdict = TEXT_LIT("extra"), .id = id, .to_id = to_id,
	                                .reason = text_of(reason) });
}
