/* SPDX-License-Identifier: Apache-2.0
 *
 * deletes.c - people delete, restore and edit records at the source while runs are killed
 * and calls fail: at rest who lives there stands at the target once and as it is, and
 * nobody else; nobody was deleted and made anew on the way but who was restored.  Now and
 * then more are deleted than the budget allows: none of them goes before a person has
 * said how many they are.  The source tells its deletions (Salesforce) or does not
 * (HubSpot: a sweep finds them).  Where `deletes` says flag, who is deleted stays and has
 * the flag, until another one takes that record over by its key. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/deeds/deed.h"
#include "tests/image.h"
#include "tests/loopback.h"

#define FIRST 60
#define RECORDS_MAX 1000
#define REST_ROUNDS 7
#define SWEPT_US 1100000
#define BUDGET_TRIES 40
#define FLAG "gone"                    /* Nobody's company. */

#define MAP(key, name, company) \
	"{ from = \"" key "\"; to = \"メールアドレス\"; },\n" \
	"{ from = \"" name "\"; to = \"氏名\"; },\n" \
	"{ from = \"" company "\"; to = \"会社名\"; }"
static const struct checker_field sf_fields[] = {
	{ .from = "Email", .to = "メールアドレス" },
	{ .from = "LastName", .to = "氏名" },
	{ .from = "Company__c", .to = "会社名" },
};
static const struct checker_field hub_fields[] = {
	{ .from = "email", .to = "メールアドレス" },
	{ .from = "lastname", .to = "氏名" },
	{ .from = "company", .to = "会社名" },
};
static const struct checker_rule rules[] = {
	{ .name = "people", .from_crm = "salesforce", .from_object = "Contact",
	  .to_crm = "kintone", .to_object = "1", .fields = sf_fields, .field_count = 3,
	  .map = MAP("Email", "LastName", "Company__c") },
	{ .name = "people", .from_crm = "hubspot", .from_object = "contacts",
	  .to_crm = "kintone", .to_object = "1", .fields = hub_fields, .field_count = 3,
	  .map = MAP("email", "lastname", "company") },
};

struct person {
	char id[24], key[40];
	bool deleted;
	bool inherited;                /* Another one has its key: it does not come back. */
	size_t restores, creates;
};

struct people {
	struct deed *d;
	const struct checker_rule *rule;
	const char *member;            /* Of the source's control path. */
	bool flags;                    /* Nothing is deleted at the target. */
	struct person list[RECORDS_MAX];
	size_t count;
	uint64_t last_seq;
};

static const char *const sync_words[] = { "sync", "people", NULL };

static bool
set_budget(struct people *p, const char *budget)
{
	char more[200];
	snprintf(more, sizeof more, "%s; delete_budget = \"%s\";%s",
	         p->flags ? "deletes = \"flag\"; flag = { field = \"会社名\"; value = \""
	                    FLAG "\"; }" : "deletes = \"archive\"", budget,
	         p->rule == &rules[1] ? " sweep = \"1s\";" : "");
	p->d->options.sync_more = more;
	bool done = place_configure(&p->d->place, &p->d->options);
	p->d->options.sync_more = NULL;
	return done;
}

/* ---- What people do -------------------------------------------------------- */

/* SIZE_MAX: there is none. */
static size_t
some(struct people *p, bool deleted)
{
	size_t from = deed_newish(p->d, p->count);
	for (size_t i = 0; i < p->count; i++) {
		size_t at = (from + p->count - i) % p->count;
		if (p->list[at].deleted == deleted && !p->list[at].inherited)
			return at;
	}
	return SIZE_MAX;
}

static void
new_key(struct people *p, char key[40])
{
	snprintf(key, 40, "k%zu@example.com", ++p->d->serial);
}

/* A new one, or that of somebody who was deleted. */
static void
draw_key(struct people *p, char key[40])
{
	size_t from = deed_below(p->d, 3) == 0 && p->count > 0 ? some(p, true) : SIZE_MAX;
	if (from == SIZE_MAX) {
		new_key(p, key);
		return;
	}
	p->list[from].inherited = true;
	memcpy(key, p->list[from].key, 40);
}

static bool
add(struct people *p)
{
	char values[300];
	size_t at = p->count;
	const struct checker_field *f = p->rule->fields;
	if (at == RECORDS_MAX)
		return true;
	struct person *w = &p->list[at];
	draw_key(p, w->key);
	p->count++;
	snprintf(values, sizeof values, "\"%s\":\"%s\",\"%s\":\"n%zu\",\"%s\":\"c%zu\"",
	         f[0].from, w->key, f[1].from, at, f[2].from, ++p->d->serial);
	return deed_load(p->d, p->d->place.source_port, p->rule->from_object, p->member,
	                 values, w->id);
}

/* Who comes back is stamped later than the deletion, where stamps are of whole seconds:
 * within one of them nobody could tell an older version that is told late. */
static bool
end_or_back(struct people *p, bool deletes)
{
	size_t at = some(p, !deletes);
	if (at == SIZE_MAX)
		return true;
	if (!deletes && !place_advance(&p->d->place, 1000))
		return false;
	p->list[at].deleted = deletes;
	p->list[at].restores += !deletes;
	return place_do(&p->d->place, p->d->place.source_port, deletes ? "delete" : "restore",
	                "{\"object\":\"%s\",\"ids\":[\"%s\"]}", p->rule->from_object,
	                p->list[at].id);
}

static bool
edit(struct people *p)
{
	size_t at = some(p, false);
	char text[40];
	if (at == SIZE_MAX)
		return true;
	bool key = deed_below(p->d, 6) == 0;
	if (key) {
		/* The target cannot have the key twice, as long as nobody takes over who has
		 * it beside the flag: only a new record does. */
		if (p->flags)
			new_key(p, text);
		else
			draw_key(p, text);
		memcpy(p->list[at].key, text, sizeof text);
	} else {
		snprintf(text, sizeof text, "c%zu", ++p->d->serial);
	}
	return deed_edit(p->d, p->d->place.source_port, p->rule->from_object, p->list[at].id,
	                 p->rule->fields[key ? 0 : 2].from, text);
}

static bool
change(struct people *p)
{
	struct deed *d = p->d;
	bool done = true;
	for (uint64_t n = deed_below(d, 5); done && n > 0; n--)
		done = add(p);
	for (uint64_t n = deed_below(d, 8); done && n > 0; n--)
		done = edit(p);
	for (uint64_t n = deed_below(d, 6); done && n > 0; n--)
		done = end_or_back(p, true);
	for (uint64_t n = deed_below(d, 3); done && n > 0; n--)
		done = end_or_back(p, false);
	return done && place_advance(&d->place, (int64_t)deed_below(d, 4000));
}

/* ---- The truth ------------------------------------------------------------- */

/* Whose these values are: nobody's name is edited. */
static struct person *
who(struct people *p, const cJSON *values, bool at_target)
{
	const struct checker_field *name = &p->rule->fields[1];
	size_t at;
	if (sscanf(image_text(values, at_target ? name->to : name->from), "n%zu", &at) != 1 || at >= p->count)
		return NULL;
	return &p->list[at];
}

/* What the sync made at the target since the last look. */
static bool
count_creates(struct people *p)
{
	char path[100];
	snprintf(path, sizeof path, "/_control/log?from=%" PRIu64 "&limit=1000000",
	         p->last_seq + 1);
	char *lines = loopback_ask(p->d->place.source_port, path, NULL);
	for (char *line = lines, *end; line != NULL && (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		*end = '\0';
		cJSON *entry = cJSON_Parse(line);
		struct person *w = who(p, cJSON_GetObjectItemCaseSensitive(entry, "values"),
		                       true);
		if (w != NULL && strcmp(image_text(entry, "crm"), "kintone") == 0
		    && strcmp(image_text(entry, "op"), "create") == 0)
			w->creates++;
		cJSON_Delete(entry);
		p->last_seq++;
	}
	free(lines);
	return lines != NULL;
}

static void
judge_one(struct people *p, const cJSON *from, const cJSON *records)
{
	const struct checker_field *f = p->rule->fields;
	const char *key = deed_value(from, f[0].from);
	const struct person *w = who(p, cJSON_GetObjectItemCaseSensitive(from, "values"),
	                             false);
	size_t found = 0;
	for (const cJSON *to = NULL; (to = deed_next(records, to)) != NULL;) {
		if (who(p, cJSON_GetObjectItemCaseSensitive(to, "values"), true) != w)
			continue;
		found++;
		for (size_t i = 0; i < p->rule->field_count; i++)
			if (strcmp(deed_value(from, f[i].from), deed_value(to, f[i].to)) != 0)
				deed_wrong(p->d, "%s: %s is \"%s\" at the target, not \"%s\"",
				           key, f[i].to, deed_value(to, f[i].to),
				           deed_value(from, f[i].from));
	}
	if (found != 1)
		deed_wrong(p->d, "%s lives and is %zu times at the target", key, found);
}

static bool
has_flag(const struct people *p, const cJSON *to)
{
	return p->flags && strcmp(deed_value(to, p->rule->fields[2].to), FLAG) == 0;
}

/* Who was deleted after it came to the target is there once, with the flag: but where
 * another one took the record over. */
static void
judge_flagged(struct people *p, const struct person *w, const cJSON *records)
{
	size_t found = 0;
	for (const cJSON *to = NULL; (to = deed_next(records, to)) != NULL;)
		found += who(p, cJSON_GetObjectItemCaseSensitive(to, "values"), true) == w;
	if (found > 1 || (found == 0 && w->creates > 0 && !w->inherited))
		deed_wrong(p->d, "%s was deleted, and is %zu times at the target with the flag",
		           w->key, found);
}

static size_t
count_live(const cJSON *records)
{
	size_t count = 0;
	for (const cJSON *r = NULL; (r = deed_next(records, r)) != NULL;)
		count++;
	return count;
}

static bool
judge(struct people *p)
{
	struct place *place = &p->d->place;
	cJSON *from = deed_records(p->d, place->source_port, p->rule->from_object);
	cJSON *to = deed_records(p->d, place->target_port, p->rule->to_object);
	bool read = from != NULL && to != NULL && count_creates(p);
	for (const cJSON *r = NULL; read && (r = deed_next(from, r)) != NULL;)
		judge_one(p, r, to);
	for (const cJSON *r = NULL; read && (r = deed_next(to, r)) != NULL;) {
		const struct person *w = who(p, cJSON_GetObjectItemCaseSensitive(r, "values"),
		                             true);
		if (w == NULL || (w->deleted && !has_flag(p, r)))
			deed_wrong(p->d, "%s is at the target, and deleted at the source",
			           deed_value(r, p->rule->fields[0].to));
	}
	for (size_t i = 0; read && i < p->count; i++) {
		const struct person *w = &p->list[i];
		if (w->creates > 1 + (p->flags ? 0 : w->restores))
			deed_wrong(p->d, "n%zu was made %zu times and restored %zu times", i,
			           w->creates, w->restores);
		if (p->flags && w->deleted)
			judge_flagged(p, w, to);
	}
	if (read)
		p->d->tally.checked += count_live(from);
	cJSON_Delete(from);
	cJSON_Delete(to);
	return read && p->d->tally.wrong == 0;
}

/* A sweep is due by the machine's clock; the one before it may have been the last. */
static bool
rest(struct people *p)
{
	static const char *const syncs[] = { "people", NULL };
	bool done = deed_calm(p->d) && deed_rest(p->d, syncs);
	if (done && p->rule == &rules[1]) {
		place_sleep_us(SWEPT_US);
		done = deed_rest(p->d, syncs);
	}
	return done && judge(p);
}

/* ---- More than the budget -------------------------------------------------- */

/* How many wait for a person, as `approve` tells; -1: it does not. */
static int
ask_withheld(struct people *p)
{
	static const char *const words[] = { "approve", "people", "--json", NULL };
	struct place_run end;
	if (!deed_whole(p->d, words, &end))
		return -1;
	char *text = deed_printed(p->d);
	const char *at = text != NULL ? strstr(text, "\"deletions\":") : NULL;
	int told = at != NULL ? atoi(at + strlen("\"deletions\":")) : -1;
	free(text);
	return told;
}

/* Who is deleted at the source and still stands at the target. */
static size_t
count_remaining(struct people *p)
{
	cJSON *to = deed_records(p->d, p->d->place.target_port, p->rule->to_object);
	size_t count = 0;
	for (const cJSON *r = NULL; to != NULL && (r = deed_next(to, r)) != NULL;) {
		const struct person *w = who(p, cJSON_GetObjectItemCaseSensitive(r, "values"),
		                             true);
		count += w != NULL && w->deleted && !has_flag(p, r);
	}
	cJSON_Delete(to);
	return count;
}

static bool
await_withheld(struct people *p, size_t gone)
{
	struct place_run end;
	int told = 0;
	for (int i = 0; i < BUDGET_TRIES; i++) {
		if (!place_advance(&p->d->place, 60000) || !deed_whole(p->d, sync_words, &end))
			return false;
		told = ask_withheld(p);
		if (told == (int)gone)
			return true;
		place_sleep_us(200000);
	}
	deed_wrong(p->d, "%zu deletions are over the budget, and %d are told to wait", gone,
	           told);
	return false;
}

static bool
all_remain(struct people *p, size_t gone, const char *when)
{
	size_t remain = count_remaining(p);
	if (remain != gone)
		deed_wrong(p->d, "%zu of %zu deletions over the budget are left %s", remain,
		           gone, when);
	return remain == gone;
}

/* Another number than waits is refused; the right one is killed, and the sync goes on. */
static bool
approve(struct people *p, size_t gone)
{
	char number[20], other[20];
	struct place_run end;
	snprintf(number, sizeof number, "%zu", gone);
	snprintf(other, sizeof other, "%zu", gone - 1);
	if (!deed_whole(p->d, (const char *[]){ "approve", "people", other, NULL }, &end)
	    || !all_remain(p, gone, "after another number"))
		return false;
	if (end.code != 2)
		deed_wrong(p->d, "another number is approved with code %d", end.code);
	const char *words[] = { "approve", "people", number, NULL };
	if (!deed_killed(p->d, words, NULL) || !deed_killed(p->d, sync_words, NULL))
		return false;
	for (int i = 0, left; i < BUDGET_TRIES && (left = ask_withheld(p)) != 0; i++) {
		snprintf(number, sizeof number, "%d", left);
		if (left < 0 || !deed_whole(p->d, words, &end))
			return false;
	}
	return true;
}

static bool
exceed(struct people *p)
{
	struct deed *d = p->d;
	size_t gone = 5 + deed_below(d, 4);
	bool done = set_budget(p, "3");
	for (size_t i = 0; done && i < gone; i++)
		done = end_or_back(p, true);
	for (int i = 0; done && i < 3; i++)
		done = place_advance(&d->place, 60000) && deed_killed(d, sync_words, NULL);
	return done && await_withheld(p, gone) && all_remain(p, gone, "before a person's word")
	       && approve(p, gone) && set_budget(p, "100000") && rest(p);
}

/* ---- Rounds ---------------------------------------------------------------- */

static bool
go_round(struct people *p)
{
	struct deed *d = p->d;
	static const char *const matches[] = { "P* /k/v1/records.json",
		                               "DELETE /k/v1/records.json" };
	if (!change(p) || !deed_faults(d, matches[deed_below(d, 4) == 0]))
		return false;
	return deed_killed(d, sync_words, NULL)
	       && (deed_below(d, 3) != 0 || place_clear_faults(&d->place));
}

static bool
go(struct people *p, size_t kills)
{
	bool done = true;
	for (int i = 0; done && i < FIRST; i++)
		done = add(p);
	for (size_t round = 1; done && p->d->tally.kills < kills; round++)
		done = go_round(p)
		       && (round % REST_ROUNDS != 0 || (rest(p) && exceed(p)));
	return done && rest(p) && exceed(p);
}

bool
deed_deletes(struct deed *d, size_t kills, bool e3)
{
	struct place_options options = { .e3 = e3, .lag_ms = 20 };
	struct people *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->d = d;
	p->flags = d->kind == DEED_FLAGS;
	options.rule = p->rule = &rules[deed_below(d, 2)];
	p->member = p->rule == &rules[0] ? "fields" : "properties";
	if (p->rule == &rules[1])
		strcat(d->name, "-swept");
	bool opened = deed_open(d, &options);
	bool done = opened && set_budget(p, "100000") && go(p, kills);
	d->tally.broken = !done;
	if (opened)
		deed_close(d);
	free(p);
	return done;
}
