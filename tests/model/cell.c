/* SPDX-License-Identifier: Apache-2.0
 *
 * cell.c - see cell.h. */
#include "tests/model/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/names.h"

/* A run sees for sure what is so old: beyond all lags of the simulators. */
#define SEEN_MS 3000

/* ---- Touches and runs ------------------------------------------------------ */

static void *
grown(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room > 0 ? *room * 2 : 8;
	items = realloc(items, *room * size);
	if (items == NULL)
		abort();
	return items;
}

void
touches_add(struct touches *t, uint64_t seq, int64_t ms)
{
	t->items = grown(t->items, t->count, &t->room, sizeof *t->items);
	t->items[t->count++] = (struct touch){ seq, ms };
}

void
touches_clear(struct touches *t)
{
	t->count = 0;
}

void
runs_begin(struct runs *r, uint64_t seq, int64_t ms)
{
	r->items = grown(r->items, r->count, &r->room, sizeof *r->items);
	r->items[r->count++] = (struct runs_one){ seq, ms, false };
}

void
runs_end(struct runs *r, bool sound)
{
	r->items[r->count - 1].sound = sound;
}

void
runs_clear(struct runs *r)
{
	r->count = 0;
}

void
runs_free(struct runs *r)
{
	free(r->items);
	*r = (struct runs){ 0 };
}

/* ---- What happens to it ------------------------------------------------------ */

/* The newest event with that text; of one side, or (-1) of any. */
static struct cell_event *
event_of(const struct cell *c, int side, const char *text)
{
	for (size_t i = c->count; i-- > 0;)
		if ((side < 0 || (int)c->events[i].side == side)
		    && strcmp(c->events[i].text, text) == 0)
			return &c->events[i];
	return NULL;
}

/* Texts by which an edit can be told from all others. */
static bool
is_unique(const struct cell *c, const char *text)
{
	return !c->loose && text[0] != '\0';
}

static void
show(struct cell *c, struct cell_event *e, enum side side, uint64_t seq)
{
	size_t number = (size_t)(e - c->events) + 1;
	if (e->shown[side] == 0)
		e->shown[side] = seq;
	if (c->reached[side][e->side] < number)
		c->reached[side][e->side] = number;
}

void
cell_edited(struct cell *c, enum side side, const char *text, const char *other,
            uint64_t seq, int64_t ms)
{
	struct cell_event *same = event_of(c, !side, text);
	if (c->count == 0 || (c->count & (c->count - 1)) == 0) {
		size_t at = same != NULL ? (size_t)(same - c->events) : 0;
		c->events = realloc(c->events,
		                    (c->count > 0 ? c->count * 2 : 1) * sizeof *c->events);
		if (c->events == NULL)
			abort();
		same = same != NULL ? &c->events[at] : NULL;
	}
	struct cell_event *e = &c->events[c->count++];
	*e = (struct cell_event){ .text = names_copy(text), .side = side, .seq = seq,
	                          .ms = ms };
	show(c, e, side, seq);
	if (other == NULL || strcmp(other, text) != 0 || !is_unique(c, text))
		return;
	show(c, e, !side, seq);
	if (same != NULL)
		show(c, same, side, seq);
}

enum cell_fault
cell_written(struct cell *c, enum side side, const char *text, const char *before,
             uint64_t seq, const struct cell_event **overwritten)
{
	struct cell_event *e = event_of(c, -1, text), *old = event_of(c, (int)side, before);
	c->written[side] = seq;
	if (old != NULL && is_unique(c, before) && old->shown[!side] == 0 && !old->told) {
		old->told = true;
		*overwritten = old;
	}
	if (e == NULL)
		return text[0] != '\0' ? CELL_PHANTOM : CELL_SOUND;
	bool stale = is_unique(c, text)
	             && (size_t)(e - c->events) + 1 < c->reached[side][e->side];
	show(c, e, side, seq);
	return stale ? CELL_STALE : CELL_SOUND;
}

/* ---- What it should hold ------------------------------------------------------ */

static const struct cell_event *
last_of(const struct cell *c, enum side side)
{
	for (size_t i = c->count; i-- > c->first;)
		if (c->events[i].side == side)
			return &c->events[i];
	return NULL;
}

/* Whether a run that came to its end after another such one saw the first edit for sure,
 * and none of the second. */
static bool
agreed_between(const struct cell_rules *rules, const struct cell_event *first,
               const struct cell_event *second)
{
	const struct runs *r = &rules->runs;
	for (size_t i = 1; i < r->count; i++)
		if (r->items[i].sound && r->items[i - 1].sound
		    && r->items[i].seq >= first->seq && r->items[i].seq < second->seq
		    && r->items[i].ms >= first->ms + SEEN_MS)
			return true;
	return false;
}

/* CRMs tell when a record changed, not when a field did: the older edit looks newer if
 * anything else of its record changed later. */
static bool
may_look_newer(const struct cell *c, const struct cell_rules *rules,
               const struct touches *touches, const struct cell_event *earlier,
               const struct cell_event *later)
{
	int64_t from_ms = later->ms - rules->stamp_ms;
	if (earlier->ms >= from_ms)
		return true;
	for (size_t i = 0; i < touches->count; i++)
		if (touches->items[i].seq > earlier->seq && touches->items[i].ms >= from_ms
		    && touches->items[i].seq < c->written[later->side])
			return true;
	return false;
}

/* Both sides were edited since the last rest, and the earlier edit stands there. */
static const char *
earlier_fault(const struct cell *c, const struct cell_rules *rules,
              const struct touches *touches, const struct cell_event *earlier,
              const struct cell_event *later)
{
	uint64_t shown = earlier->shown[later->side];
	bool known = shown != 0 && shown < later->seq;
	enum side master = rules->rule == RULE_FROM ? SIDE_FROM : SIDE_TO;
	if (known && agreed_between(rules, earlier, later))
		return "the later edit is gone, which had seen the other one";
	if (rules->rule == RULE_NEWEST)
		return may_look_newer(c, rules, touches, earlier, later)
		               ? NULL : "the newest edit should have won";
	return earlier->side == master ? NULL : "the edit of the side that wins is gone";
}

static const char *
later_fault(const struct cell_rules *rules, const struct cell_event *earlier,
            const struct cell_event *later)
{
	uint64_t shown = earlier->shown[later->side];
	enum side master = rules->rule == RULE_FROM ? SIDE_FROM : SIDE_TO;
	if (rules->rule == RULE_NEWEST || later->side == master
	    || (shown != 0 && shown < later->seq))
		return NULL;
	return "the side that wins had another value";
}

static const char *
both_fault(const struct cell *c, const struct cell_rules *rules,
           struct touches *const touches[2], const struct cell_event *a,
           const struct cell_event *b, const char *text)
{
	const struct cell_event *earlier = a->seq < b->seq ? a : b;
	const struct cell_event *later = a->seq < b->seq ? b : a;
	bool is_earlier = strcmp(earlier->text, text) == 0;
	bool is_later = strcmp(later->text, text) == 0;
	if (!is_earlier && !is_later)
		return "neither side wrote that last";
	if ((is_earlier && is_later) || !is_unique(c, earlier->text)
	    || !is_unique(c, later->text))
		return NULL;
	return is_later ? later_fault(rules, earlier, later)
	                : earlier_fault(c, rules, touches[earlier->side], earlier, later);
}

static const char *
fault_of(const struct cell *c, const struct cell_rules *rules,
         struct touches *const touches[2], const char *text)
{
	const struct cell_event *a = last_of(c, SIDE_FROM);
	const struct cell_event *b = last_of(c, SIDE_TO);
	if (!rules->both)
		b = a != NULL ? NULL : b;
	if (a != NULL && b != NULL)
		return both_fault(c, rules, touches, a, b, text);
	const char *wanted = a != NULL ? a->text : b != NULL ? b->text
	                     : c->settled != NULL ? c->settled : "";
	return strcmp(wanted, text) == 0 ? NULL : "that is not what was written last";
}

bool
cell_judge(struct cell *c, const struct cell_rules *rules, struct touches *const touches[2],
           const char *from, const char *to, char why[200])
{
	const char *fault = strcmp(from, to) != 0 ? "they differ"
	                                          : fault_of(c, rules, touches, from);
	if (fault != NULL) {
		snprintf(why, 200, "%s", fault);
		return false;
	}
	free(c->settled);
	c->settled = names_copy(from);
	c->first = c->count;
	return true;
}

/* ---- Printing, and the end --------------------------------------------------- */

void
cell_print(const struct cell *c, const char *name)
{
	fprintf(stderr, "  %s: settled at \"%s\"\n", name,
	        c->settled != NULL ? c->settled : "");
	for (size_t i = c->first > 3 ? c->first - 3 : 0; i < c->count; i++) {
		const struct cell_event *e = &c->events[i];
		fprintf(stderr, "    log entry %" PRIu64 " at %" PRId64 " ms: `%s` side \"%s\", "
		        "shown since %" PRIu64 " and %" PRIu64 "\n", e->seq, e->ms,
		        e->side == SIDE_FROM ? "from" : "to", e->text, e->shown[0],
		        e->shown[1]);
	}
}

void
cell_free(struct cell *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->events[i].text);
	free(c->events);
	free(c->settled);
}
