/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_look.c - see compare_look.h.
 *
 * A record that does not agree *waits*, if the sync is to carry it anyway: it stands in
 * pending or in a journal, or it changed since reading came to its end, or the mapping is
 * another one than that of the last listing. */
#include "sync/compare_look.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "mapping/unicode.h"
#include "record/value.h"

/* ---- Asking ---------------------------------------------------------------- */

static void
wait_for(const struct run *run, const struct caller *caller)
{
	int64_t wait = caller->side->pause_until_mono - run_mono(run);
	if (wait > 0)
		usleep((useconds_t)wait * 1000);
}

bool
look_ask(struct run *run, struct caller *caller, const char *object,
         const struct rk_query *query, const struct rk_text *token, bool *dead,
         struct arena *arena, struct rk_page *page)
{
	while (!caller->side->stopped) {
		struct runner_answer answer;
		struct rk_query asked = *query;
		wait_for(run, caller);
		if (!ask_list(run, caller, object, &asked))
			continue;
		session_wait(&caller->session, &answer);
		caller->asked = false;
		if (dead != NULL && answer.status == RK_RESYNC) {
			run->tokens = run->contents = (struct rk_circle){ 0 };
			*page = (struct rk_page){ 0 };
			return *dead = true;
		}
		size_t fields = (size_t)query->field_count;
		if (ask_take_page(run, caller, &answer, fields, token, arena, page))
			return true;
	}
	return false;
}

bool
look_by_ids(struct run *run, struct caller *caller, const char *object,
            const struct rk_field *fields, size_t field_count, const struct rk_text *ids,
            size_t count, struct arena *arena, struct rk_page *page)
{
	struct rk_query query = ASK_INIT;
	*page = (struct rk_page){ 0 };
	query.mode = RK_BY_IDS;
	query.fields = fields;
	query.field_count = field_count;
	query.values = ids;
	query.limit = query.value_count = count;
	return count == 0
	       || look_ask(run, caller, object, &query, NULL, NULL, arena, page);
}

/* ---- What the target has ------------------------------------------------------ */

static bool
find_linked(struct run *run, struct pair *pairs, size_t count, struct arena *arena)
{
	struct rk_text *ids = arena_new_array(arena, count, struct rk_text);
	struct rk_page page;
	size_t asked = 0;
	for (size_t i = 0; i < count; i++)
		if (pairs[i].row != NULL && pairs[i].link.to_id.len > 0)
			ids[asked++] = pairs[i].link.to_id;
	if (!look_by_ids(run, &run->writers[0].caller, run->sync->to.object, run->to_fields,
	                 run->to_count, ids, asked, arena, &page))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct pair *p = &pairs[i];
		if (p->row == NULL || p->link.to_id.len == 0)
			continue;
		p->to_id = p->link.to_id;
		p->there = ask_find(&page, p->to_id);
		if (p->there != NULL && (p->there->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)))
			p->there = NULL;
	}
	return true;
}

/* As probe.c: exactly, else without case where the target looks so. */
static const struct rk_record *
with_key(const struct run *run, const struct rk_page *page, struct rk_text key,
         bool with_case, struct arena *arena)
{
	for (uint64_t i = 0; i < page->record_count; i++) {
		const struct rk_record *record = &page->records[i];
		struct rk_text there = mapping_key_of(run->mapping, 0,
		                                      &record->values[run->key_slot], arena);
		if (text_eq(there, key)
		    || (!with_case && text_eq(unicode_each(there, unicode_lower, arena),
		                              unicode_each(key, unicode_lower, arena))))
			return record;
	}
	return NULL;
}

static void
take_by_key(const struct run *run, struct pair *p, const struct rk_page *page,
            struct arena *arena)
{
	p->there = with_key(run, page, p->key, true, arena);
	if (p->there == NULL && run->guarantee == GUARANTEE_E1)
		p->there = with_key(run, page, p->key, false, arena);
	if (p->there == NULL)
		return;
	p->by_key = true;
	p->to_id = p->there->id;
}

static bool
is_sought(const struct pair *p)
{
	return p->row != NULL && p->link.to_id.len == 0 && p->key.len > 0;
}

/* As probe.c: a key that many share may leave no room in the answer for the others, and who
 * is not told is asked for again, among fewer. */
static bool
ask_keys(struct run *run, struct pair **sought, size_t count, struct arena *arena)
{
	struct rk_text *keys = arena_new_array(arena, count, struct rk_text);
	struct rk_query query = ASK_INIT;
	struct rk_page page;
	size_t left = 0;
	for (size_t i = 0; i < count; i++)
		keys[i] = sought[i]->key;
	query.mode = RK_BY_FIELD;
	query.fields = run->to_fields;
	query.field_count = run->to_count;
	query.field = run->to_fields[run->key_slot].name;
	query.values = keys;
	query.value_count = count;
	query.limit = count * 2;
	if (!look_ask(run, &run->writers[0].caller, run->sync->to.object, &query, NULL, NULL,
	              arena, &page))
		return false;
	for (size_t i = 0; i < count; i++) {
		take_by_key(run, sought[i], &page, arena);
		if (sought[i]->there == NULL)
			sought[left++] = sought[i];
	}
	size_t half = left < count ? left : count / 2;
	if (count == 1 || left == 0 || page.record_count < count * 2)
		return true;
	return ask_keys(run, sought, half, arena)
	       && (half == left || ask_keys(run, sought + half, left - half, arena));
}

static bool
find_by_key(struct run *run, struct pair *pairs, size_t count, struct arena *arena)
{
	struct pair **sought = arena_new_array(arena, count, struct pair *);
	const struct session *target = run_target(run);
	size_t asked = 0;
	if (!manifest_can(manifest_object(&target->manifest, run->sync->to.object), "field"))
		return true;
	for (size_t i = 0; i < count; i++)
		if (is_sought(&pairs[i]))
			sought[asked++] = &pairs[i];
	return asked == 0 || ask_keys(run, sought, asked, arena);
}

/* ---- What it should have ------------------------------------------------------ */

/* References become the ids of the target; what cannot yet leaves the target alone, and
 * whoever waits for it stands in pending. */
static bool
resolve(struct run *run, const struct rk_record *record, struct rk_value *row,
        struct arena *arena)
{
	struct work_page page = { .arena = *arena };
	struct item item = { .record = record, .row = row, .page = &page };
	bool done = parents_resolve(run, &item);
	*arena = page.arena;
	return done;
}

static bool
map(struct run *run, const struct rk_record *record, struct arena *arena, struct pair *p)
{
	struct mapping_fault fault = { 0 };
	struct rk_text values;
	*p = (struct pair){ .record = record };
	record_bytes(record, run->from_count, &values);
	p->from_hash = hash_encoded(&run->from_hash_key, values);
	if ((record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0) {
		p->verdict = PAIR_GONE;
		return true;
	}
	if (!mapping_keeps(run->mapping, record)) {
		p->verdict = PAIR_EXCLUDED;
		return true;
	}
	if (!store_link_get(run->store, record->id, arena, &p->link, &run->err))
		return run_store_failed(run);
	struct rk_value *row = arena_new_array(arena, run->to_count, struct rk_value);
	p->verdict = p->link.to_id.len > 0 ? PAIR_DIFFERENT : PAIR_MISSING;
	if (!mapping_apply(run->mapping, record, arena, row, &fault)) {
		p->reason = arena_printf(arena, "%.*s: %.*s", (int)fault.field.len,
		                         fault.field.ptr, (int)fault.message.len,
		                         fault.message.ptr).ptr;
		return true;
	}
	if (!resolve(run, record, row, arena))
		return false;
	p->row = row;
	p->key = mapping_key(run->mapping, 0, row, arena);
	if (p->key.len == 0 && p->link.to_id.len == 0
	    && run->sync->empty_key == EMPTY_KEY_SKIP)
		p->verdict = PAIR_EXCLUDED;
	return true;
}

/* ---- Judging ------------------------------------------------------------------- */

bool
look_agrees(const struct run *run, const struct pair *pair, size_t field)
{
	const struct rk_value *after = &pair->row[field];
	const struct rk_value *there = &pair->there->values[field];
	bool leaves = run->creates_only || run->sync->only == ONLY_CREATE
	              || (mapping_only_blanks(run->mapping, field) && !value_is_empty(there));
	return after->type == RK_ABSENT || leaves
	       || before_same(there, after);
}

/* The sync carries it: it stands in the journal or in pending, changed since the last
 * listing ended, or was read for another mapping. */
static bool
is_carried(struct run *run, const struct set *waits, struct pair *p, struct arena *arena,
           bool *carried)
{
	const struct cursor *c = &run->cursor;
	const struct rk_record *record = p->record;
	struct pending row;
	*carried = true;
	if (!store_pending_get(run->store, record->id, arena, &row, &run->err))
		return run_store_failed(run);
	if (row.id.len > 0) {
		p->reason = row.message.len > 0 ? row.message.ptr : "it waits for its turn";
		return true;
	}
	if (set_has(waits, hash_mark(record->id))) {
		p->reason = "it is on its way";
		return true;
	}
	bool other = memcmp(c->revision, run->revision, sizeof c->revision) != 0;
	bool seen = p->link.to_id.len > 0 && hash_eq(&p->link.from_hash, &p->from_hash);
	/* A listing that was cut off: the rest of it is still to be read. */
	bool open = c->listing && !seen;
	bool late = c->watermark_ms != RK_NO_TIME && record->modified_ms != RK_NO_TIME
	            && record->modified_ms >= c->watermark_ms
	                                              - run->reader.session.overlap_ms;
	p->reason = "it changed since the last run read the source";
	*carried = other || open || !cursor_was_listed(c) || (late && !seen);
	return true;
}

/* Two records of the source lead to one of the target: which is it? */
static bool
is_shared(struct run *run, struct pair *p, struct arena *arena, bool *shared)
{
	struct link link;
	if (!store_link_by_target(run->store, p->to_id, p->record->id, arena, &link,
	                          &run->err))
		return run_store_failed(run);
	*shared = link.from_id.len > 0;
	if (*shared)
		p->reason = arena_printf(arena, "record %.*s of the source leads to this record "
		                         "of the target, too", (int)link.from_id.len,
		                         link.from_id.ptr).ptr;
	return true;
}

static bool
judge(struct run *run, const struct set *waits, struct pair *p, struct arena *arena)
{
	bool carried = false;
	if (p->verdict == PAIR_GONE || p->verdict == PAIR_EXCLUDED)
		return true;
	const char *reason = p->reason;
	if (p->row != NULL && p->there != NULL) {
		size_t i = 0;
		while (i < run->to_count && look_agrees(run, p, i))
			i++;
		p->verdict = i == run->to_count ? PAIR_EQUAL : PAIR_DIFFERENT;
	} else if (p->row != NULL) {
		/* One that the sync is not to create is not missed. */
		bool left = run->sync->only == ONLY_UPDATE && p->link.to_id.len == 0;
		p->verdict = left ? PAIR_EXCLUDED : PAIR_MISSING;
	}
	if (p->verdict == PAIR_EQUAL || p->verdict == PAIR_EXCLUDED)
		return true;
	if (!is_carried(run, waits, p, arena, &carried))
		return false;
	if (carried) {
		p->verdict = PAIR_WAITING;
		return true;
	}
	p->reason = reason;
	if (p->verdict == PAIR_MISSING && p->link.to_id.len > 0)
		p->reason = "the record of the target that it is linked with is not there any "
		            "more";
	return p->verdict != PAIR_DIFFERENT || p->to_id.len == 0
	       || is_shared(run, p, arena, &p->held);
}

bool
look_at_pairs(struct run *run, const struct set *waits, const struct rk_record *records,
              size_t count, struct arena *arena, struct pair *pairs)
{
	for (size_t i = 0; i < count; i++)
		if (!map(run, &records[i], arena, &pairs[i]))
			return false;
	if (!find_linked(run, pairs, count, arena) || !find_by_key(run, pairs, count, arena))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!judge(run, waits, &pairs[i], arena))
			return false;
	return true;
}
