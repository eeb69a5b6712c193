/* SPDX-License-Identifier: Apache-2.0
 *
 * revert.c - runs write what people edited at the source, killed or not; then people edit
 * some of it at the target, and later runs write some more; then those first runs are
 * undone, the last of them first, by reverts that are killed as well until one finds
 * nothing left to do.  At the end each field that they wrote has what it had before, if
 * nobody touched it since, and all others are as they were.  Where the sync goes both ways
 * people edit another field at the target meanwhile, which those runs write to the source
 * and no revert undoes, and what is put back comes to the source as an edit of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/deeds/deed.h"

#define CONTACTS 60
#define EDITS 25
#define TOUCHES 5
#define REVERT_TRIES 60
#define OWN_FIELD "役職"               /* Edited at the target only. */

static const char *const sync_words[] = { "sync", "contacts", NULL };

struct run_pair {
	struct deed *d;
	cJSON *before, *after, *touched; /* owned: the target's records */
	uint64_t first;                /* Id of a contact. */
	long first_run, last_run;      /* That are undone. */
};

static void
forget(struct run_pair *r)
{
	cJSON_Delete(r->before);
	cJSON_Delete(r->after);
	cJSON_Delete(r->touched);
	r->before = r->after = r->touched = NULL;
}

static bool
take(struct run_pair *r, cJSON **records)
{
	cJSON_Delete(*records);
	*records = deed_records(r->d, r->d->place.target_port, "1");
	return *records != NULL;
}

static bool
rest(struct run_pair *r)
{
	static const char *const syncs[] = { "contacts", NULL };
	return deed_calm(r->d) && deed_rest(r->d, syncs);
}

/* A number of the JSON that the last command printed; -1: it is not there. */
static long
number_of(const char *text, const char *name)
{
	char wanted[40];
	snprintf(wanted, sizeof wanted, "\"%s\":", name);
	const char *at = text != NULL ? strstr(text, wanted) : NULL;
	return at != NULL ? strtol(at + strlen(wanted), NULL, 10) : -1;
}

static bool
last_run(struct run_pair *r, long *number)
{
	struct place_run end;
	if (!deed_whole(r->d, (const char *[]){ "history", "contacts", "--json", NULL }, &end))
		return false;
	char *text = deed_printed(r->d);
	*number = number_of(text, "id");
	free(text);
	return *number > 0;
}

/* ---- What people do -------------------------------------------------------- */

static bool
edit_one(struct run_pair *r, uint64_t id)
{
	const struct place *p = &r->d->place;
	char text[40];
	size_t serial = ++r->d->serial;
	uint64_t what = deed_below(r->d, 12);
	snprintf(text, sizeof text, "s%zu%s", serial, what == 0 ? "@example.com" : "");
	if (what < 5)
		return place_edit(p, id, what == 0 ? PLACE_KEY : PLACE_NAME, text);
	return place_do(p, p->source_port, "edit", "{\"object\":\"contacts\",\"id\":\"%" PRIu64
	                "\",\"values\":{\"company\":\"%s\"}}", id, text);
}

/* Two of three contacts are edited at the source only, before and after; the others at
 * the target as well. */
static bool
edit_source(struct run_pair *r, size_t count, bool later)
{
	bool done = true;
	for (size_t i = 0; done && i < count; i++) {
		uint64_t at = deed_below(r->d, CONTACTS);
		done = edit_one(r, r->first + at + (later && at % 3 == 0));
	}
	return done && place_advance(&r->d->place, 1000 + (int64_t)deed_below(r->d, 2000));
}

/* While the source is edited. */
static bool
edit_target(struct run_pair *r)
{
	char text[40], id[24];
	bool done = true;
	for (int i = 0; done && r->d->both && i < TOUCHES; i++) {
		snprintf(text, sizeof text, "o%zu", ++r->d->serial);
		snprintf(id, sizeof id, "%" PRIu64, 1 + deed_below(r->d, CONTACTS));
		done = deed_edit(r->d, r->d->place.target_port, "1", id, OWN_FIELD, text);
	}
	return done;
}

static bool
touch_target(struct run_pair *r)
{
	char text[40];
	bool done = true;
	for (int i = 0; done && i < TOUCHES; i++) {
		uint64_t at = 1 + deed_below(r->d, CONTACTS / 3) * 3;
		char id[24];
		snprintf(text, sizeof text, "t%zu", ++r->d->serial);
		snprintf(id, sizeof id, "%" PRIu64, at);
		done = deed_edit(r->d, r->d->place.target_port, "1", id,
		                 deed_below(r->d, 2) > 0 ? "会社名" : "氏名", text);
	}
	return done;
}

/* ---- The truth ------------------------------------------------------------- */

static const cJSON *
record_of(const cJSON *records, const char *id)
{
	for (const cJSON *r = NULL; (r = deed_next(records, r)) != NULL;)
		if (strcmp(deed_id(r), id) == 0)
			return r;
	return NULL;
}

static void
judge_field(struct run_pair *r, const char *id, const char *field, const cJSON *now)
{
	const cJSON *lists[] = { record_of(r->before, id), record_of(r->after, id),
		                 record_of(r->touched, id) };
	if (lists[0] == NULL || lists[1] == NULL || lists[2] == NULL)
		return;
	const char *before = deed_value(lists[0], field), *after = deed_value(lists[1], field);
	const char *touched = deed_value(lists[2], field), *is = deed_value(now, field);
	bool ours = strcmp(before, after) != 0 && strcmp(after, touched) == 0
	            && strcmp(field, OWN_FIELD) != 0;
	const char *wanted = ours ? before : touched;
	if (strcmp(is, wanted) != 0)
		deed_wrong(r->d, "%s of %s was \"%s\", then \"%s\", then \"%s\"; it is \"%s\" "
		           "after runs %ld to %ld were undone", field, id, before, after,
		           touched, is, r->first_run, r->last_run);
	r->d->tally.checked += ours;
}

static bool
judge(struct run_pair *r)
{
	const struct checker_rule *rule = r->d->place.rule;
	cJSON *now = deed_records(r->d, r->d->place.target_port, "1");
	size_t count = 0;
	for (const cJSON *at = NULL; now != NULL && (at = deed_next(now, at)) != NULL; count++)
		for (size_t i = 0; i < rule->field_count; i++)
			judge_field(r, deed_id(at), rule->fields[i].to, at);
	cJSON_Delete(now);
	if (count != CONTACTS)
		deed_wrong(r->d, "%zu records at the target", count);
	return now != NULL && r->d->tally.wrong == 0;
}

static const cJSON *
with_key(const cJSON *records, const char *field, const char *key)
{
	for (const cJSON *r = NULL; (r = deed_next(records, r)) != NULL;)
		if (strcmp(deed_value(r, field), key) == 0)
			return r;
	return NULL;
}

static void
judge_pair(struct run_pair *r, const cJSON *from, const cJSON *to)
{
	const struct checker_rule *rule = r->d->place.rule;
	for (size_t i = 0; to != NULL && i < rule->field_count; i++) {
		const struct checker_field *f = &rule->fields[i];
		if (strcmp(deed_value(from, f->from), deed_value(to, f->to)) != 0)
			deed_wrong(r->d, "%s of %s is \"%s\" at the source and \"%s\" at the "
			           "target", f->from, deed_id(from), deed_value(from, f->from),
			           deed_value(to, f->to));
	}
	if (to == NULL)
		deed_wrong(r->d, "%s of the source is not at the target", deed_id(from));
}

/* What was undone came to the source. */
static bool
judge_both(struct run_pair *r)
{
	if (!r->d->both)
		return true;
	const struct checker_rule *rule = r->d->place.rule;
	cJSON *from = deed_records(r->d, r->d->place.source_port, rule->from_object);
	cJSON *to = deed_records(r->d, r->d->place.target_port, rule->to_object);
	size_t count = 0;
	bool read = from != NULL && to != NULL;
	for (const cJSON *at = NULL; read && (at = deed_next(from, at)) != NULL; count++)
		judge_pair(r, at, with_key(to, rule->fields[0].to,
		                           deed_value(at, rule->fields[0].from)));
	cJSON_Delete(from);
	cJSON_Delete(to);
	if (read && count != CONTACTS)
		deed_wrong(r->d, "%zu records at the source", count);
	return read && r->d->tally.wrong == 0;
}

/* ---- Rounds ---------------------------------------------------------------- */

/* The runs that will be undone: a killed one or a whole one, and those that carry on. */
static bool
write_runs(struct run_pair *r)
{
	struct place_run end;
	long last;
	bool done = take(r, &r->before) && last_run(r, &last)
	            && edit_source(r, EDITS, false) && edit_target(r) && deed_faults(r->d, r->d->place.target->any)
	            && (deed_below(r->d, 3) > 0 ? deed_killed(r->d, sync_words, NULL)
	                                        : deed_whole(r->d, sync_words, &end))
	            && rest(r) && take(r, &r->after);
	r->first_run = last + 1;
	return done && last_run(r, &r->last_run);
}

/* Reverted, and nothing open: so many of each word. */
static bool
is_done(struct run_pair *r, const struct place_run *end)
{
	char *text = deed_printed(r->d);
	bool nothing = end->code == 2;         /* The run wrote nothing. */
	bool done = nothing
	            || (number_of(text, "reverted") == 0 && number_of(text, "busy") == 0
	                && number_of(text, "failed") == 0 && number_of(text, "unknown") == 0);
	free(text);
	return done;
}

static bool
undo(struct run_pair *r, long run)
{
	char number[20];
	struct place_run end;
	snprintf(number, sizeof number, "%ld", run);
	const char *words[] = { "revert", "contacts", number, "--yes", "--json", NULL };
	for (uint64_t n = deed_below(r->d, 3); n > 0; n--)
		if (!deed_faults(r->d, r->d->place.target->any) || !deed_killed(r->d, words, NULL)
		    || (deed_below(r->d, 3) == 0 && !deed_killed(r->d, sync_words, NULL)))
			return false;
	if (!deed_calm(r->d))
		return false;
	for (int i = 0; i < REVERT_TRIES; i++) {
		if (!deed_whole(r->d, words, &end))
			return false;
		if (is_done(r, &end))
			return true;
		place_sleep_us(100000);
	}
	deed_wrong(r->d, "the revert of run %ld comes to no end, code %d", run, end.code);
	return false;
}

static bool
go_round(struct run_pair *r)
{
	if (!write_runs(r) || !touch_target(r) || !edit_source(r, TOUCHES, true) || !rest(r)
	    || !take(r, &r->touched))
		return false;
	for (long run = r->last_run; run >= r->first_run; run--)
		if (!undo(r, run))
			return false;
	return judge(r) && rest(r) && judge(r) && judge_both(r);
}

bool
deed_revert(struct deed *d, size_t kills, bool e3)
{
	struct place_options options = { .e3 = e3, .sync_more = "history = \"30d\";" };
	struct run_pair r = { .d = d };
	bool opened = d->kind == DEED_BOTH ? deed_open_both(d, e3) : deed_open(d, &options);
	r.first = opened ? place_seed(&d->place, CONTACTS, d->random % 1000) : 0;
	bool done = r.first != 0 && rest(&r);
	while (done && d->tally.kills < kills)
		done = go_round(&r);
	forget(&r);
	d->tally.broken = !done;
	if (opened)
		deed_close(d);
	return done;
}
