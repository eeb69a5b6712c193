/* SPDX-License-Identifier: Apache-2.0
 *
 * asks.c - people edit fields at both sides of a two-way sync that asks a person about
 * conflicts, while runs are killed; now and then a person answers some of the open
 * questions, by commands that are killed as well, and edits a field beside the answer.
 * At rest a field that one side edited is the same at both; one that both edited is at
 * each side as its people left it, and asked about; and one that was answered is what the
 * person took, unless somebody edited it since. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/deeds/deed.h"

#define CONTACTS 24
#define FIELDS 4                       /* Of the rule; the first one is the key. */
#define ANSWERS 5
#define REST_ROUNDS 2
#define TEXT 160

enum { FROM, TO };

/* A field of a pair. */
struct cell {
	char is[2][TEXT];              /* At each side, when all is at rest. */
	bool edited;                   /* Since the last rest: not once more before it. */
	/* One side's edit came upon an answer of which nobody knew whether it had been
	 * carried out: it is asked about, or the newest. */
	bool unsure;
	int newer;                     /* Whose edit that is. */
};

struct asks {
	struct deed *d;
	char ids[CONTACTS][2][24];
	struct cell cells[CONTACTS][FIELDS];
};

static const char *const sync_words[] = { "sync", "contacts", NULL };

static const char *
field_name(const struct asks *a, int field, int side)
{
	const struct checker_field *f = &a->d->place.rule->fields[field];
	return side == FROM ? f->from : f->to;
}

static cJSON *
records(const struct asks *a, int side)
{
	const struct place *p = &a->d->place;
	return deed_records(a->d, side == FROM ? p->source_port : p->target_port,
	                    side == FROM ? p->rule->from_object : p->rule->to_object);
}

static bool
is_open(const struct cell *c)
{
	return strcmp(c->is[FROM], c->is[TO]) != 0;
}

/* ---- What people do -------------------------------------------------------- */

static bool
edit(struct asks *a, int pair, int field, int side)
{
	struct cell *c = &a->cells[pair][field];
	const struct place *p = &a->d->place;
	snprintf(c->is[side], TEXT, "%c%zu", side == FROM ? 's' : 't', ++a->d->serial);
	c->edited = true;
	return deed_edit(a->d, side == FROM ? p->source_port : p->target_port,
	                 side == FROM ? p->rule->from_object : p->rule->to_object,
	                 a->ids[pair][side], field_name(a, field, side), c->is[side]);
}

/* One side of what both have goes over; both sides of it are a question, and one side of
 * a question leaves it one. */
static bool
edit_some(struct asks *a)
{
	int pair = (int)deed_below(a->d, CONTACTS), field = 1 + (int)deed_below(a->d, FIELDS - 1);
	struct cell *c = &a->cells[pair][field];
	uint64_t what = deed_below(a->d, 5);
	bool open = is_open(c);
	if (c->edited)
		return true;
	if (what == 4)
		return edit(a, pair, field, FROM) && edit(a, pair, field, TO);
	int side = what % 2 == 0 ? FROM : TO;
	if (!edit(a, pair, field, side))
		return false;
	if (!open)
		memcpy(c->is[!side], c->is[side], TEXT);
	return true;
}

static bool
change(struct asks *a)
{
	bool done = true;
	for (uint64_t n = 4 + deed_below(a->d, 10); done && n > 0; n--)
		done = edit_some(a);
	return done && place_advance(&a->d->place, 60000 + (int64_t)deed_below(a->d, 60000));
}

/* ---- The truth ------------------------------------------------------------- */

static const cJSON *
record_of(const cJSON *list, const char *id)
{
	for (const cJSON *r = NULL; (r = deed_next(list, r)) != NULL;)
		if (strcmp(deed_id(r), id) == 0)
			return r;
	return NULL;
}

/* Whether the field of the record is among the open questions. */
static bool
is_asked(const cJSON *questions, const char *id, const char *field)
{
	const cJSON *q;
	cJSON_ArrayForEach(q, questions) {
		const char *of = cJSON_GetStringValue(cJSON_GetObjectItem(q, "id"));
		const char *about = cJSON_GetStringValue(cJSON_GetObjectItem(q, "field"));
		if (of != NULL && about != NULL && strcmp(of, id) == 0
		    && strcmp(about, field) == 0)
			return true;
	}
	return false;
}

/* What came of an edit upon an answer is known now. */
static void
make_sure(struct cell *c, const char *from, const char *to)
{
	const char *newer = c->is[c->newer];
	if (c->unsure && strcmp(from, newer) == 0 && strcmp(to, newer) == 0)
		memmove(c->is[!c->newer], newer, TEXT);
	c->unsure = false;
}

static void
judge_cell(struct asks *a, int pair, int field, const cJSON *const sides[2],
           const cJSON *questions)
{
	struct cell *c = &a->cells[pair][field];
	const char *id = a->ids[pair][FROM], *name = field_name(a, field, FROM);
	const char *from = deed_value(sides[FROM], name);
	const char *to = deed_value(sides[TO], field_name(a, field, TO));
	bool asked = is_asked(questions, id, name);
	make_sure(c, from, to);
	if (strcmp(from, c->is[FROM]) != 0 || strcmp(to, c->is[TO]) != 0)
		deed_wrong(a->d, "%s of %s is \"%s\" and \"%s\", not \"%s\" and \"%s\"", name, id,
		           from, to, c->is[FROM], c->is[TO]);
	if (asked != is_open(c))
		deed_wrong(a->d, "%s of %s, \"%s\" and \"%s\", is %s", name, id, from, to,
		           asked ? "asked about" : "in no question");
	c->edited = false;
	a->d->tally.checked++;
}

/* The open questions, in a document for the caller to delete. */
static const cJSON *
ask_questions(struct asks *a, cJSON **document)
{
	struct place_run end;
	static const char *const words[] = { "conflicts", "list", "contacts", "--json", NULL };
	*document = NULL;
	if (!deed_whole(a->d, words, &end))
		return NULL;
	char *text = deed_printed(a->d);
	*document = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	const cJSON *sync = cJSON_GetArrayItem(cJSON_GetObjectItem(*document, "syncs"), 0);
	const cJSON *list = cJSON_GetObjectItem(sync, "conflicts");
	if (!cJSON_IsArray(list))
		fprintf(stderr, "deeds: %s: the questions are not told\n", a->d->name);
	return cJSON_IsArray(list) ? list : NULL;
}

static bool
judge(struct asks *a)
{
	cJSON *document, *from = records(a, FROM), *to = records(a, TO);
	const cJSON *questions = ask_questions(a, &document);
	bool read = from != NULL && to != NULL && questions != NULL;
	for (int pair = 0; read && pair < CONTACTS; pair++) {
		const cJSON *sides[2] = { record_of(from, a->ids[pair][FROM]),
			                  record_of(to, a->ids[pair][TO]) };
		for (int f = 0; sides[FROM] != NULL && sides[TO] != NULL && f < FIELDS; f++)
			judge_cell(a, pair, f, sides, questions);
		if (sides[FROM] == NULL || sides[TO] == NULL)
			deed_wrong(a->d, "%s is not at both sides", a->ids[pair][FROM]);
	}
	cJSON_Delete(from);
	cJSON_Delete(to);
	cJSON_Delete(document);
	return read && a->d->tally.wrong == 0;
}

static bool
rest(struct asks *a)
{
	static const char *const syncs[] = { "contacts", NULL };
	return deed_calm(a->d) && deed_rest(a->d, syncs);
}

/* ---- Answers --------------------------------------------------------------- */

/* The command was killed, or not: so the person edits a side and looks later, or says the
 * same once more. */
static bool
go_on(struct asks *a, int pair, int field, int taken, const char *const *words)
{
	struct cell *c = &a->cells[pair][field];
	struct place_run end;
	if (deed_below(a->d, 3) == 0) {
		c->newer = (int)deed_below(a->d, 2);
		c->unsure = true;
		return deed_calm(a->d) && edit(a, pair, field, c->newer);
	}
	memmove(c->is[!taken], c->is[taken], TEXT);
	return deed_whole(a->d, words, &end);
}

static bool
answer(struct asks *a, int pair, int field)
{
	int taken = (int)deed_below(a->d, 2);
	const char *words[] = { "conflicts", "settle", "contacts", a->ids[pair][FROM],
		                field_name(a, field, FROM), "--take",
		                taken == FROM ? "from" : "to", NULL };
	return deed_faults(a->d, a->d->place.target->any) && deed_killed(a->d, words, NULL)
	       && (deed_below(a->d, 3) != 0 || deed_killed(a->d, sync_words, NULL))
	       && go_on(a, pair, field, taken, words);
}

static bool
answer_some(struct asks *a)
{
	int answers = 0;
	uint64_t first = deed_below(a->d, CONTACTS);
	for (uint64_t i = 0; i < CONTACTS; i++) {
		int pair = (int)((first + i) % CONTACTS);
		for (int f = 1; f < FIELDS && answers < ANSWERS; f++)
			if (is_open(&a->cells[pair][f])) {
				answers++;
				if (!answer(a, pair, f))
					return false;
			}
	}
	return true;
}

/* ---- Rounds ---------------------------------------------------------------- */

static bool
go_round(struct asks *a)
{
	bool done = true;
	for (uint64_t n = 1 + deed_below(a->d, REST_ROUNDS); done && n > 0; n--)
		done = change(a) && deed_faults(a->d, a->d->place.target->any)
		       && deed_killed(a->d, sync_words, NULL);
	return done && rest(a) && judge(a) && answer_some(a) && rest(a) && judge(a);
}

/* Who belongs together, by their keys, and what they have. */
static bool
know_pairs(struct asks *a)
{
	cJSON *from = records(a, FROM), *to = records(a, TO);
	size_t count = 0;
	for (const cJSON *r = NULL; from != NULL && count < CONTACTS
	                            && (r = deed_next(from, r)) != NULL; count++) {
		const char *key = deed_value(r, field_name(a, 0, FROM));
		snprintf(a->ids[count][FROM], 24, "%s", deed_id(r));
		for (int f = 0; f < FIELDS; f++)
			for (int side = FROM; side <= TO; side++)
				snprintf(a->cells[count][f].is[side], TEXT, "%s",
				         deed_value(r, field_name(a, f, FROM)));
		for (const cJSON *t = NULL; to != NULL && (t = deed_next(to, t)) != NULL;)
			if (strcmp(deed_value(t, field_name(a, 0, TO)), key) == 0)
				snprintf(a->ids[count][TO], 24, "%s", deed_id(t));
	}
	cJSON_Delete(from);
	cJSON_Delete(to);
	return count == CONTACTS && judge(a);
}

bool
deed_asks(struct deed *d, size_t kills, bool e3)
{
	struct asks *a = calloc(1, sizeof *a);
	if (a == NULL)
		abort();
	a->d = d;
	bool opened = deed_open_both(d, e3);
	bool done = opened && place_seed(&d->place, CONTACTS, d->random % 1000) != 0 && rest(a)
	            && know_pairs(a);
	while (done && d->tally.kills < kills)
		done = go_round(a);
	d->tally.broken = !done;
	if (opened)
		deed_close(d);
	free(a);
	return done;
}
