/* SPDX-License-Identifier: Apache-2.0
 *
 * world.c - see world.h. */
#include "tests/model/world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/loopback.h"

#define KEPT 16                        /* Pairs that are never deleted, and pass keys on. */
#define LIVE_MOST 150
#define HIDDEN_MS 1500                 /* Below `late_commit`. */
#define BACK_MS 500
#define BACK_AFTER_MS 5000
#define RECENT (sizeof ((struct world *)0)->recent / sizeof (size_t))
#define TRIES 30

uint64_t
world_draw(struct world *w)
{
	uint64_t z = w->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

uint64_t
world_below(struct world *w, uint64_t end)
{
	return end > 0 ? world_draw(w) % end : 0;
}

static uint16_t
port_of(const struct world *w, enum side side)
{
	return side == SIDE_FROM ? w->place->source_port : w->place->target_port;
}

static const struct place_crm *
crm_of(const struct world *w, enum side side)
{
	return side == SIDE_FROM ? w->place->source : w->place->target;
}

static enum side
some_side(struct world *w)
{
	return w->both ? (enum side)world_below(w, 2) : SIDE_FROM;
}

/* ---- Values ---------------------------------------------------------------- */

#define VALUES_MAX 900

/* Members of a JSON object. */
struct values {
	char text[VALUES_MAX];
	size_t len;
};

__attribute__((format(printf, 3, 4))) static void
put(struct values *v, const char *field, const char *format, ...)
{
	va_list args;
	v->len += (size_t)snprintf(v->text + v->len, VALUES_MAX - v->len, "%s\"%s\":\"",
	                           v->len > 0 ? "," : "", field);
	va_start(args, format);
	v->len += (size_t)vsnprintf(v->text + v->len, VALUES_MAX - v->len, format, args);
	va_end(args);
	v->len += (size_t)snprintf(v->text + v->len, VALUES_MAX - v->len, "\"");
}

static void
put_field(struct world *w, struct values *v, enum side side, int field, size_t pair)
{
	const char *name = pairing_field(w->pairing, side, field);
	switch (field) {
	case FIELD_KEY:
		put(v, name, "k%" PRIu64 "@model.example.com", ++w->serial);
		break;
	case FIELD_STAGE:
		put(v, name, "%s",
		    pairing_stage(w->pairing, side, (size_t)world_below(w, PAIRING_STAGES)));
		break;
	default:
		put(v, name, "p%zu.%" PRIu64, pair, ++w->serial);
	}
}

/* ---- Which pair ------------------------------------------------------------ */

static bool
may_edit(const struct world *w, size_t pair, enum side side)
{
	return truth_record(w->truth, pair, side)->live && !truth_is_ended(w->truth, pair);
}

/* Every third edit is of what was edited lately, so that both sides edit one record.
 * SIZE_MAX: none was found. */
static size_t
some_pair(struct world *w, enum side side, size_t from)
{
	size_t count = truth_pair_count(w->truth);
	for (int i = 0; i < TRIES && count > from; i++) {
		size_t recent = w->recent[world_below(w, RECENT)];
		size_t pair = world_below(w, 3) == 0 && recent > 0
		                      ? recent - 1 : from + world_below(w, count - from);
		if (pair >= from && may_edit(w, pair, side))
			return pair;
	}
	return SIZE_MAX;
}

/* False: in this batch it got another key already. */
static bool
claim_key(struct world *w, size_t pair)
{
	while (w->batch_room <= pair) {
		size_t room = w->batch_room > 0 ? w->batch_room * 2 : 64;
		w->batch_of = realloc(w->batch_of, room * sizeof *w->batch_of);
		if (w->batch_of == NULL)
			abort();
		memset(w->batch_of + w->batch_room, 0,
		       (room - w->batch_room) * sizeof *w->batch_of);
		w->batch_room = room;
	}
	bool was = w->batch_of[pair] == w->batch;
	w->batch_of[pair] = w->batch;
	return !was;
}

/* ---- What people do -------------------------------------------------------- */

static bool
edit(struct world *w, enum side side, size_t pair, const struct values *v)
{
	w->recent[world_below(w, RECENT)] = pair + 1;
	return place_do(w->place, port_of(w, side), "edit",
	                "{\"object\":\"%s\",\"id\":\"%s\",\"values\":{%s}}",
	                pairing_object(w->pairing, side),
	                truth_record(w->truth, pair, side)->id, v->text);
}

static bool
edit_fields(struct world *w, enum side side, size_t pair, unsigned most)
{
	static const int fields[] = { FIELD_NAME, FIELD_COMPANY, FIELD_TITLE, FIELD_STAGE };
	struct values v = { .len = 0 };
	size_t from = world_below(w, 4), count = 1 + world_below(w, most);
	for (size_t i = 0; i < count; i++)
		put_field(w, &v, side, fields[(from + i) % 4], pair);
	return edit(w, side, pair, &v);
}

bool
world_edit_at(struct world *w, enum side side, bool lately)
{
	size_t recent = w->recent[world_below(w, RECENT)];
	size_t pair = lately && recent > 0 && may_edit(w, recent - 1, side)
	                      ? recent - 1 : some_pair(w, side, 0);
	return pair == SIZE_MAX || edit_fields(w, side, pair, 2);
}

static bool
edit_one(struct world *w)
{
	enum side side = some_side(w);
	size_t pair = some_pair(w, side, 0);
	return pair == SIZE_MAX || edit_fields(w, side, pair, 1);
}

static bool
edit_several(struct world *w)
{
	enum side side = some_side(w);
	size_t pair = some_pair(w, side, 0);
	return pair == SIZE_MAX || edit_fields(w, side, pair, 4);
}

static bool
clear_field(struct world *w)
{
	enum side side = some_side(w);
	size_t pair = some_pair(w, side, 0);
	struct values v = { .len = 0 };
	if (pair == SIZE_MAX)
		return true;
	int field = world_below(w, 2) == 0 ? FIELD_COMPANY : FIELD_TITLE;
	put(&v, pairing_field(w->pairing, side, field), "%s", "");
	return edit(w, side, pair, &v);
}

/* Two who made one record at both sides are known by its key, until the sync has seen it. */
static bool
is_unmet(const struct world *w, size_t pair)
{
	const struct truth_record *from = truth_record(w->truth, pair, SIDE_FROM);
	const struct truth_record *to = truth_record(w->truth, pair, SIDE_TO);
	return from->live && to->live
	       && strcmp(from->now[FIELD_NAME], to->now[FIELD_NAME]) != 0;
}

static bool
change_key(struct world *w)
{
	enum side side = some_side(w);
	size_t pair = some_pair(w, side, 0);
	struct values v = { .len = 0 };
	if (pair == SIZE_MAX || is_unmet(w, pair) || !claim_key(w, pair))
		return true;
	put_field(w, &v, side, FIELD_KEY, pair);
	return edit(w, side, pair, &v);
}

/* Keys go one way only: what two records exchange while no run got through is for a
 * person to settle. */
static bool
pass_key_on(struct world *w)
{
	enum side side = some_side(w);
	size_t from = world_below(w, KEPT - 1);
	size_t to = from + 1 + world_below(w, KEPT - 1 - from);
	struct values fresh = { .len = 0 }, old = { .len = 0 };
	if (to >= truth_pair_count(w->truth) || !may_edit(w, from, side)
	    || !may_edit(w, to, side) || !claim_key(w, from) || !claim_key(w, to))
		return true;
	put_field(w, &fresh, side, FIELD_KEY, from);
	put(&old, pairing_field(w->pairing, side, FIELD_KEY), "%s",
	    truth_record(w->truth, from, side)->now[FIELD_KEY]);
	return edit(w, side, from, &fresh) && edit(w, side, to, &old);
}

static bool
load(struct world *w, enum side side, size_t pair, const char *key, int64_t seen_ms)
{
	struct values v = { .len = 0 };
	char seen[64] = "";
	put(&v, pairing_field(w->pairing, side, FIELD_KEY), "%s", key);
	for (int f = FIELD_NAME; f < FIELDS; f++)
		put_field(w, &v, side, f, pair);
	if (seen_ms > 0)
		snprintf(seen, sizeof seen, ",\"visible_at_ms\":%" PRId64, seen_ms);
	return place_do(w->place, port_of(w, side), "load",
	                "{\"object\":\"%s\",\"records\":[{\"%s\":{%s}%s}]}",
	                pairing_object(w->pairing, side), crm_of(w, side)->member, v.text,
	                seen);
}

/* A new record; some commit late, stamped now and seen later, and some are made at both
 * sides by two who do not know of each other. */
static bool
create(struct world *w)
{
	enum side side = some_side(w);
	char key[60];
	size_t live = 0, count = truth_pair_count(w->truth);
	for (size_t i = 0; i < count; i++)
		live += may_edit(w, i, SIDE_FROM);
	if (live >= LIVE_MOST)
		return edit_one(w);
	size_t pair = truth_add_pair(w->truth);
	int64_t seen = world_below(w, 4) == 0 ? place_now_ms(w->place) + HIDDEN_MS : 0;
	/* A key that nobody can see yet is no key to the sync, which writes to that side too. */
	bool met = world_below(w, 6) == 0 && !(w->both && seen > 0);
	snprintf(key, sizeof key, "k%" PRIu64 "@model.example.com", ++w->serial);
	claim_key(w, pair);
	return load(w, side, pair, key, seen)
	       && (!met || load(w, !side, pair, key, 0));
}

/* Nobody edits it any more: the truth knows of it at once. */
static bool
delete_one(struct world *w)
{
	enum side side = some_side(w);
	size_t pair = some_pair(w, side, KEPT);
	return pair == SIZE_MAX || !claim_key(w, pair)
	       || (place_do(w->place, port_of(w, side), "delete",
	                    "{\"object\":\"%s\",\"ids\":[\"%s\"]}",
	                    pairing_object(w->pairing, side),
	                    truth_record(w->truth, pair, side)->id)
	           && truth_read(w->truth, w->place->source_port));
}

/* ---- Clock and faults ------------------------------------------------------ */

static bool
move_clock(struct world *w)
{
	static const int64_t most_ms[] = { 3000, 3000, 3000, 3000, 600000, 5400000, 36000000,
	                                   400000000 };
	if (w->advanced_ms >= BACK_AFTER_MS && world_below(w, 8) == 0) {
		w->advanced_ms = 0;
		return place_advance(w->place, -(int64_t)world_below(w, BACK_MS));
	}
	int64_t ms = (int64_t)world_below(w, (uint64_t)most_ms[world_below(w, 8)]);
	w->advanced_ms += ms;
	return place_advance(w->place, ms);
}

static const struct {
	bool writes;                   /* It hits writes only. */
	bool late;
	unsigned times;                /* At most. */
	const char *what;
} kinds[] = {
	{ false, false, 2, "\"action\":\"status\",\"status\":503" },
	{ true, false, 2, "\"action\":\"status_after\",\"status\":500" },
	{ true, false, 2, "\"action\":\"drop_after\"" },
	{ false, false, 2, "\"action\":\"drop\"" },
	{ false, false, 1, "\"action\":\"status\",\"status\":429,"
	  "\"headers\":{\"Retry-After\":\"1\"}" },
	{ true, false, 1, "\"action\":\"delay\",\"ms\":700" },
	{ true, true, 1, "\"action\":\"late\",\"ms\":" },
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* Of a late landing there is one at a time, and people keep away from that side. */
static bool
plant_fault(struct world *w)
{
	size_t kind = world_below(w, KINDS);
	char ms[20] = "";
	enum side side = w->both ? (enum side)world_below(w, 2)
	                 : kinds[kind].writes ? SIDE_TO : (enum side)world_below(w, 2);
	if (kinds[kind].late) {
		if (w->late)
			return true;
		w->late = true;
		w->late_side = side;
		snprintf(ms, sizeof ms, "%" PRIu64, 200 + world_below(w, WORLD_LATE_MS - 199));
	}
	w->faults++;
	return place_do(w->place, port_of(w, side), "fault",
	                "{\"match\":\"%s\",\"nth\":%" PRIu64 ",\"times\":%" PRIu64 ",%s%s}",
	                kinds[kind].writes ? crm_of(w, side)->any : "*",
	                1 + world_below(w, 3), 1 + world_below(w, kinds[kind].times),
	                kinds[kind].what, ms);
}

bool
world_clear_faults(struct world *w)
{
	return place_do(w->place, w->place->source_port, "fault", "{\"clear\":true}")
	       && place_do(w->place, w->place->target_port, "fault", "{\"clear\":true}");
}

bool
world_late_is_sent(const struct world *w)
{
	char *faults = loopback_ask(port_of(w, w->late_side), "/_control/fault", NULL);
	const char *at = faults != NULL ? strstr(faults, "\"action\":\"late\"") : NULL;
	at = at != NULL ? strstr(at, "\"hits\":") : NULL;
	bool sent = at != NULL && atoi(at + strlen("\"hits\":")) > 0;
	free(faults);
	return sent;
}

static int
inside(uint16_t port)
{
	char *counts = loopback_ask(port, "/_control/counts", NULL);
	const char *at = counts != NULL ? strstr(counts, "\"in_flight\":") : NULL;
	int n = at != NULL ? atoi(at + strlen("\"in_flight\":")) : -1;
	free(counts);
	return n;
}

int
world_inside(const struct world *w)
{
	int from = inside(w->place->source_port), to = inside(w->place->target_port);
	return from < 0 || to < 0 ? -1 : from + to;
}

/* ---- Steps ----------------------------------------------------------------- */

static const struct {
	unsigned share;                /* Of a hundred. */
	bool (*run)(struct world *w);
} steps[] = {
	{ 52, edit_one }, { 14, edit_several }, { 6, clear_field }, { 5, change_key },
	{ 2, pass_key_on }, { 8, create }, { 3, delete_one }, { 7, move_clock },
	{ 3, plant_fault },
};

bool
world_step(struct world *w)
{
	unsigned at = (unsigned)world_below(w, 100);
	size_t step = 0;
	while (at >= steps[step].share)
		at -= steps[step++].share;
	return steps[step].run(w);
}

void
world_next_batch(struct world *w)
{
	w->batch++;
}

bool
world_begin(struct world *w, size_t records)
{
	char key[60];
	w->batch = 1;
	for (size_t i = 0; i < records; i++) {
		size_t pair = truth_add_pair(w->truth);
		snprintf(key, sizeof key, "k%" PRIu64 "@model.example.com", ++w->serial);
		if (!load(w, some_side(w), pair, key, 0))
			return false;
	}
	return true;
}

void
world_end(struct world *w)
{
	free(w->batch_of);
	w->batch_of = NULL;
}
