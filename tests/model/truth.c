/* SPDX-License-Identifier: Apache-2.0
 *
 * truth.c - see truth.h; what a field should hold at rest stands in cell.c. */
#include "tests/model/truth.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/image.h"
#include "tests/loopback.h"
#include "tests/model/cell.h"
#include "tests/names.h"

#define LINES_A_CALL "4000"
#define FAULTS_KEPT 50

struct pair {
	struct truth_record records[2];
	struct cell cells[FIELDS];
	struct touches touches[2];
	bool deleted[2];               /* By people. */
};

struct fault {
	const char *word;
	size_t pair;
	char what[400];
};

struct truth {
	const struct pairing *pairing;
	struct cell_rules rules;
	struct pair *pairs;            /* owned */
	size_t pair_count;
	struct names ids[2];           /* To pairs. */
	uint64_t last_seq;
	size_t edits, writes;
	struct truth_conflict *conflicts; /* owned */
	size_t conflict_count;
	struct fault faults[FAULTS_KEPT];
	size_t fault_count, doubled, stale, phantom;
};

/* Room for one more after 'count' things; grows by powers of two. */
static void *
with_room(void *things, size_t count, size_t size)
{
	if (count != 0 && (count < 16 || (count & (count - 1)) != 0))
		return things;
	things = realloc(things, (count < 16 ? 16 : count * 2) * size);
	if (things == NULL)
		abort();
	return things;
}

static void
note(struct truth *t, const char *word, size_t pair, const char *what)
{
	if (t->fault_count == FAULTS_KEPT)
		return;
	struct fault *f = &t->faults[t->fault_count++];
	*f = (struct fault){ .word = word, .pair = pair };
	snprintf(f->what, sizeof f->what, "log entry %" PRIu64 ": %.300s", t->last_seq, what);
}

/* ---- What the log tells ---------------------------------------------------- */

/* One entry of the log, of one of the two sides. */
struct entry {
	enum side side;
	bool human;
	int64_t ms;
	const char *id, *op;
	const cJSON *values;
};

/* The pair that a name belongs to; SIZE_MAX: it is not one of ours. */
static size_t
pair_named(const struct truth *t, const char *name)
{
	size_t number = name[0] == 'p' ? (size_t)strtoull(name + 1, NULL, 10) : SIZE_MAX;
	return number < t->pair_count ? number : SIZE_MAX;
}

static void
note_conflict(struct truth *t, size_t pair, int field, enum side loser, const char *text)
{
	t->conflicts = with_room(t->conflicts, t->conflict_count, sizeof *t->conflicts);
	t->conflicts[t->conflict_count++] =
		(struct truth_conflict){ pair, field, loser, names_copy(text) };
}

/* A value of the sync that differs from what stood there. */
static void
take_written(struct truth *t, const struct entry *e, size_t pair, int field,
             const char *text)
{
	struct pair *p = &t->pairs[pair];
	char what[300];
	snprintf(what, sizeof what, "%s of %s %s was \"%.60s\" and was written \"%.60s\"",
	         pairing_field(t->pairing, e->side, field), pairing_crm(t->pairing, e->side),
	         e->id, p->records[e->side].now[field], text);
	const struct cell_event *overwritten = NULL;
	switch (cell_written(&p->cells[field], e->side, text, p->records[e->side].now[field],
	                     t->last_seq, &overwritten)) {
	case CELL_SOUND:
		break;
	case CELL_STALE:
		t->stale++;
		note(t, "stale", pair, what);
		break;
	case CELL_PHANTOM:
		t->phantom++;
		note(t, "phantom", pair, what);
		break;
	}
	if (overwritten != NULL && t->rules.both && !p->deleted[0] && !p->deleted[1])
		note_conflict(t, pair, field, e->side, overwritten->text);
}

static void
take_values(struct truth *t, const struct entry *e, size_t pair)
{
	struct pair *p = &t->pairs[pair];
	struct truth_record *r = &p->records[e->side];
	for (int f = 0; f < FIELDS; f++) {
		const char *field = pairing_field(t->pairing, e->side, f);
		const char *text = pairing_common(t->pairing, e->side, f,
		                                  image_text(e->values, field));
		if (r->now[f] == NULL)
			r->now[f] = names_copy("");
		if (strcmp(r->now[f], text) == 0)
			continue;
		if (e->human)
			cell_edited(&p->cells[f], e->side, text,
			            p->records[!e->side].now[f], t->last_seq, e->ms);
		else
			take_written(t, e, pair, f, text);
		free(r->now[f]);
		r->now[f] = names_copy(text);
	}
	/* An edit that changes nothing stamps the record too. */
	touches_add(&p->touches[e->side], t->last_seq, e->ms);
}

/* A record that this side did not have. */
static size_t
take_new(struct truth *t, const struct entry *e)
{
	const char *name = image_text(e->values,
	                              pairing_field(t->pairing, e->side, FIELD_NAME));
	size_t pair = pair_named(t, name);
	if (pair == SIZE_MAX) {
		t->phantom += !e->human;
		note(t, "phantom", SIZE_MAX, name);
		return pair;
	}
	struct truth_record *r = &t->pairs[pair].records[e->side];
	names_add(&t->ids[e->side], e->id, pair);
	if (r->id[0] != '\0') {
		char what[200];
		snprintf(what, sizeof what, "%s of %s was %s, and is again there as %s",
		         r->live ? "a record" : "a deleted record",
		         pairing_crm(t->pairing, e->side), r->id, e->id);
		t->doubled++;
		note(t, "doubled", pair, what);
		return SIZE_MAX;
	}
	snprintf(r->id, sizeof r->id, "%s", e->id);
	r->live = true;
	return pair;
}

static void
take_end(struct truth *t, const struct entry *e, size_t pair)
{
	t->pairs[pair].records[e->side].live = false;
	t->pairs[pair].deleted[e->side] |= e->human;
	touches_add(&t->pairs[pair].touches[e->side], t->last_seq, e->ms);
}

static void
take_entry(struct truth *t, const struct entry *e)
{
	const struct names_entry *known = names_next(&t->ids[e->side], NULL, e->id);
	size_t pair = known != NULL ? known->number : SIZE_MAX;
	*(e->human ? &t->edits : &t->writes) += 1;
	if (strcmp(e->op, "archive") == 0 || strcmp(e->op, "delete") == 0) {
		if (pair != SIZE_MAX)
			take_end(t, e, pair);
		return;
	}
	if (known == NULL)
		pair = take_new(t, e);
	/* Another record of the pair than the first one is a fault already. */
	if (pair != SIZE_MAX && strcmp(t->pairs[pair].records[e->side].id, e->id) == 0)
		take_values(t, e, pair);
}

static bool
is(const cJSON *line, const char *name, const char *wanted)
{
	return strcmp(image_text(line, name), wanted) == 0;
}

static bool
take_line(struct truth *t, const cJSON *line)
{
	double seq = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(line, "seq"));
	struct entry e = {
		.human = !is(line, "by", "api"),
		.ms = (int64_t)cJSON_GetNumberValue(
			cJSON_GetObjectItemCaseSensitive(line, "ms")),
		.id = image_text(line, "id"), .op = image_text(line, "op"),
		.values = cJSON_GetObjectItemCaseSensitive(line, "values"),
	};
	if (!(seq == (double)(t->last_seq + 1)) || e.id[0] == '\0')
		return false;
	t->last_seq++;
	for (e.side = SIDE_FROM; e.side <= SIDE_TO; e.side++)
		if (is(line, "crm", pairing_crm(t->pairing, e.side))
		    && is(line, "object", pairing_object(t->pairing, e.side))) {
			take_entry(t, &e);
			break;
		}
	return true;
}

static bool
take_lines(struct truth *t, char *lines)
{
	for (char *line = lines, *end; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			return false;
		*end = '\0';
		cJSON *parsed = cJSON_Parse(line);
		bool taken = parsed != NULL && take_line(t, parsed);
		cJSON_Delete(parsed);
		if (!taken)
			return false;
	}
	return true;
}

bool
truth_read(struct truth *t, uint16_t port)
{
	for (;;) {
		char path[100];
		snprintf(path, sizeof path,
		         "/_control/log?from=%" PRIu64 "&limit=" LINES_A_CALL,
		         t->last_seq + 1);
		char *lines = loopback_ask(port, path, NULL);
		if (lines == NULL)
			return false;
		bool more = lines[0] != '\0', sound = take_lines(t, lines);
		free(lines);
		if (!more || !sound)
			return sound;
	}
}

/* ---- Runs ------------------------------------------------------------------ */

void
truth_run_begins(struct truth *t, int64_t now_ms)
{
	runs_begin(&t->rules.runs, t->last_seq, now_ms);
}

void
truth_run_ends(struct truth *t, bool sound)
{
	runs_end(&t->rules.runs, sound);
}

/* ---- The verdict ----------------------------------------------------------- */

struct verdict {
	struct truth *t;
	struct truth_counts *counts;
	truth_tell_fn *tell;
	void *with;
	struct names keys[2];          /* Of live records, to pairs. */
};

static void
lost(struct verdict *v, size_t pair, const char *what)
{
	v->counts->lost++;
	v->tell(v->with, "lost", pair, what);
}

static void
judge_keys(struct verdict *v, size_t pair, enum side side)
{
	const struct truth_record *r = &v->t->pairs[pair].records[side];
	char what[200];
	if (!r->live)
		return;
	if (names_next(&v->keys[side], NULL, r->now[FIELD_KEY]) != NULL) {
		snprintf(what, sizeof what, "the key %.80s stands twice at %s",
		         r->now[FIELD_KEY], pairing_crm(v->t->pairing, side));
		v->counts->doubled++;
		v->tell(v->with, "doubled", pair, what);
	}
	names_add(&v->keys[side], r->now[FIELD_KEY], pair);
}

static void
judge_cell(struct verdict *v, size_t pair, int field)
{
	struct pair *p = &v->t->pairs[pair];
	char what[400], why[200];
	const char *from = p->records[SIDE_FROM].now[field];
	const char *to = p->records[SIDE_TO].now[field];
	struct touches *const touches[2] = { &p->touches[0], &p->touches[1] };
	if (cell_judge(&p->cells[field], &v->t->rules, touches, from, to, why))
		return;
	snprintf(what, sizeof what, "%s is \"%.60s\", %s is \"%.60s\": %s",
	         pairing_field(v->t->pairing, SIDE_FROM, field), from,
	         pairing_field(v->t->pairing, SIDE_TO, field), to, why);
	lost(v, pair, what);
}

/* What stands at the `to` side alone is nobody's business if only one way goes. */
static void
judge_pair(struct verdict *v, size_t pair)
{
	struct pair *p = &v->t->pairs[pair];
	bool from = p->records[SIDE_FROM].live, to = p->records[SIDE_TO].live;
	judge_keys(v, pair, SIDE_FROM);
	judge_keys(v, pair, SIDE_TO);
	if (p->deleted[0] || p->deleted[1] || (!from && !to))
		return;
	v->counts->pairs++;
	if (from != to) {
		if (from || v->t->rules.both)
			lost(v, pair, from ? "it is not at the other side"
			                   : "it is not at the `from` side");
		return;
	}
	for (int f = 0; f < FIELDS; f++)
		judge_cell(v, pair, f);
	touches_clear(&p->touches[0]);
	touches_clear(&p->touches[1]);
}

void
truth_judge(struct truth *t, struct truth_counts *counts, truth_tell_fn *tell, void *with)
{
	struct verdict v = { .t = t, .counts = counts, .tell = tell, .with = with };
	*counts = (struct truth_counts){
		.edits = t->edits, .writes = t->writes, .conflicts = t->conflict_count,
		.doubled = t->doubled, .stale = t->stale, .phantom = t->phantom,
	};
	for (size_t i = 0; i < t->fault_count; i++)
		tell(with, t->faults[i].word, t->faults[i].pair, t->faults[i].what);
	for (size_t i = 0; i < t->pair_count; i++)
		judge_pair(&v, i);
	names_free(&v.keys[0]);
	names_free(&v.keys[1]);
	runs_clear(&t->rules.runs);
}

/* ---- Asking ---------------------------------------------------------------- */

size_t
truth_add_pair(struct truth *t)
{
	t->pairs = with_room(t->pairs, t->pair_count, sizeof *t->pairs);
	t->pairs[t->pair_count] = (struct pair){ .cells[FIELD_STAGE].loose = true };
	return t->pair_count++;
}

size_t
truth_pair_count(const struct truth *t)
{
	return t->pair_count;
}

const struct truth_record *
truth_record(const struct truth *t, size_t pair, enum side side)
{
	return &t->pairs[pair].records[side];
}

bool
truth_is_ended(const struct truth *t, size_t pair)
{
	return t->pairs[pair].deleted[0] || t->pairs[pair].deleted[1];
}

size_t
truth_writes(const struct truth *t)
{
	return t->writes;
}

const struct truth_conflict *
truth_conflicts(const struct truth *t, size_t *count)
{
	*count = t->conflict_count;
	return t->conflicts;
}

void
truth_print(const struct truth *t, size_t pair)
{
	if (pair >= t->pair_count)
		return;
	const struct pair *p = &t->pairs[pair];
	for (int s = SIDE_FROM; s <= SIDE_TO; s++)
		fprintf(stderr, "  %s %s%s\n", pairing_crm(t->pairing, s),
		        p->records[s].id[0] != '\0' ? p->records[s].id : "(none)",
		        p->records[s].live ? "" : ", not live");
	for (int f = 0; f < FIELDS; f++)
		cell_print(&p->cells[f], pairing_field(t->pairing, SIDE_FROM, f));
}

/* ---- Life ------------------------------------------------------------------ */

struct truth *
truth_new(const struct pairing *pairing, bool both, enum truth_rule rule)
{
	struct truth *t = calloc(1, sizeof *t);
	if (t == NULL)
		abort();
	t->pairing = pairing;
	t->rules = (struct cell_rules){ .both = both, .rule = rule,
	                                .stamp_ms = pairing->stamp_ms };
	return t;
}

static void
free_pair(struct pair *p)
{
	for (int s = SIDE_FROM; s <= SIDE_TO; s++) {
		touches_clear(&p->touches[s]);
		free(p->touches[s].items);
		for (int f = 0; f < FIELDS; f++)
			free(p->records[s].now[f]);
	}
	for (int f = 0; f < FIELDS; f++)
		cell_free(&p->cells[f]);
}

void
truth_free(struct truth *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->pair_count; i++)
		free_pair(&t->pairs[i]);
	for (size_t i = 0; i < t->conflict_count; i++)
		free((char *)(uintptr_t)t->conflicts[i].text);
	free(t->pairs);
	free(t->conflicts);
	names_free(&t->ids[0]);
	names_free(&t->ids[1]);
	runs_free(&t->rules.runs);
	free(t);
}
