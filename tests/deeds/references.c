/* SPDX-License-Identifier: Apache-2.0
 *
 * references.c - contacts before their accounts, and accounts below others, between two
 * Salesforces whose ids differ, and often accounts that name a contact, so that the two syncs
 * refer to each other in a circle: people add records, give them other parents and other
 * keys, while runs of both syncs are killed and calls fail.  At rest each record stands
 * at the target once, with its newest values, below the record that its parent is there.
 * So too to HubSpot, where references are associations, and to kintone, where a record
 * looks up its parent by a key. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/deeds/house.h"

#define FIRST_ACCOUNTS 12
#define FIRST_CONTACTS 40
#define RECORDS_MAX 600
#define REST_ROUNDS 7

struct family {
	struct deed *d;
	const struct house *house;
	char ids[2][RECORDS_MAX][24];
	size_t counts[2];
	bool had[RECORDS_MAX][RECORDS_MAX]; /* A contact, and the accounts that it ever named. */
	char named[24];
	bool circle;                   /* Accounts name a contact. */
};

static bool
add_field(struct deed *d, uint16_t port)
{
	return place_do(&d->place, port, "field", "{\"object\":\"Account\",\"name\":\"Main__c\","
	                "\"type\":\"reference\",\"to\":\"Contact\",\"relation\":\"Main__r\"}");
}

static bool
set_up(struct family *f)
{
	struct deed *d = f->d;
	bool done = true;
	if (f->house == &houses[DEED_PLAIN])
		return add_field(d, d->place.source_port) && add_field(d, d->place.target_port);
	for (int i = 0; done && i < 2 && f->house->set_up[i][0] != NULL; i++)
		done = place_do(&d->place, d->place.target_port, f->house->set_up[i][0], "%s",
		                f->house->set_up[i][1]);
	return done;
}

static bool
configure(struct family *f)
{
	/* Each sync's writers. */
	const char *text = f->circle ? f->house->circle : f->house->syncs, *at;
	char syncs[1800];
	size_t n = 0;
	for (; (at = strstr(text, "%d")) != NULL; text = at + 2)
		n += (size_t)snprintf(syncs + n, sizeof syncs - n, "%.*s%d", (int)(at - text),
		                      text, f->d->options.writers);
	snprintf(syncs + n, sizeof syncs - n, "%s", text);
	return set_up(f) && deed_configure(f->d, syncs);
}

/* ---- What people do -------------------------------------------------------- */

/* An account below itself is none, nor is a circle: parents are older. */
static const char *
some_parent(struct family *f, int kind, size_t number)
{
	size_t end = kind == ACCOUNT ? number : f->counts[ACCOUNT];
	if (end == 0 || deed_below(f->d, 6) == 0)
		return "";
	size_t at = deed_newish(f->d, end);
	if (kind == CONTACT)
		f->had[number][at] = true;
	if (!f->house->by_key)
		return f->ids[ACCOUNT][at];
	snprintf(f->named, sizeof f->named, "a%zu", at);
	return f->named;
}

static bool
add(struct family *f, int kind)
{
	const struct kind *k = &f->house->from[kind];
	char values[300];
	size_t number = f->counts[kind], serial = ++f->d->serial;
	if (number == RECORDS_MAX)
		return true;
	bool named = f->house->by_key && kind == ACCOUNT;
	int n = snprintf(values, sizeof values, "\"%s\":\"%c%zu\",\"%s\":\"n%zu\"", k->key,
	                 named ? 'a' : 'k', named ? number : serial, k->name, serial);
	const char *parent = k->parent != NULL ? some_parent(f, kind, number) : "";
	if (parent[0] != '\0')
		snprintf(values + n, sizeof values - (size_t)n, ",\"%s\":\"%s\"", k->parent,
		         parent);
	f->counts[kind]++;
	return deed_load(f->d, f->d->place.source_port, k->object, "fields", values,
	                 f->ids[kind][number]);
}

static bool
edit(struct family *f)
{
	int kind = deed_below(f->d, 3) == 0 ? ACCOUNT : CONTACT;
	const struct kind *k = &f->house->from[kind];
	size_t number = deed_newish(f->d, f->counts[kind]);
	const char *field = k->name, *text;
	char fresh[40];
	snprintf(fresh, sizeof fresh, "n%zu", ++f->d->serial);
	text = fresh;
	switch (deed_below(f->d, 9)) {
	case 0:
		if (f->house->by_key && kind == ACCOUNT)
			break;
		fresh[0] = 'k';
		field = k->key;
		break;
	case 1: case 2: case 3:
		if (k->parent == NULL)
			break;
		field = k->parent;
		text = some_parent(f, kind, number);
		break;
	case 4: case 5:
		if (f->circle && k->main != NULL) {
			field = k->main;
			text = f->ids[CONTACT][deed_newish(f->d, f->counts[CONTACT])];
		}
		break;
	}
	return deed_edit(f->d, f->d->place.source_port, k->object, f->ids[kind][number], field,
	                 text);
}

static bool
change(struct family *f)
{
	bool done = true;
	for (uint64_t n = deed_below(f->d, 3); done && n > 0; n--)
		done = add(f, ACCOUNT);
	for (uint64_t n = deed_below(f->d, 8); done && n > 0; n--)
		done = add(f, CONTACT);
	for (uint64_t n = deed_below(f->d, 10); done && n > 0; n--)
		done = edit(f);
	return done && place_advance(&f->d->place, (int64_t)deed_below(f->d, 2500));
}

/* ---- The truth ------------------------------------------------------------- */

struct row {
	const char *key, *name, *parent, *main; /* Borrowed from the records. */
};

static int
compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->key, ((const struct row *)b)->key);
}

/* The key of the record of that id; the id itself if there is none. */
static const char *
key_of(const cJSON *records, const struct kind *k, const char *id)
{
	for (const cJSON *r = NULL; id[0] != '\0' && (r = deed_next(records, r)) != NULL;)
		if (strcmp(deed_id(r), id) == 0)
			return deed_value(r, k->key);
	return id;
}

/* Those with a key, by their keys. */
static size_t
take_rows(cJSON *const lists[2], const struct kind kinds[2], int kind, struct row *rows)
{
	const struct kind *k = &kinds[kind];
	size_t count = 0;
	const cJSON *r = NULL;
	while (count < RECORDS_MAX * 2 && (r = deed_next(lists[kind], r)) != NULL) {
		struct row row = {
			deed_value(r, k->key), deed_value(r, k->name),
			k->parent == NULL ? "" : key_of(lists[ACCOUNT], &kinds[ACCOUNT],
			                                deed_value(r, k->parent)),
			k->main == NULL ? "" : key_of(lists[CONTACT], &kinds[CONTACT],
			                              deed_value(r, k->main)),
		};
		if (row.key[0] != '\0')
			rows[count++] = row;
	}
	qsort(rows, count, sizeof *rows, compare_rows);
	return count;
}

static void
judge_row(struct family *f, const struct kind *k, const struct row *from,
          const struct row *to)
{
	if (strcmp(from->name, to->name) != 0)
		deed_wrong(f->d, "%s %s is \"%s\" at the target, not \"%s\"", k->object,
		           from->key, to->name, from->name);
	if (k->parent != NULL && strcmp(from->parent, to->parent) != 0)
		deed_wrong(f->d, "%s %s is below \"%s\" at the target, not \"%s\"", k->object,
		           from->key, to->parent, from->parent);
	if (strcmp(from->main, to->main) != 0)
		deed_wrong(f->d, "%s %s names \"%s\" at the target, not \"%s\"", k->object,
		           from->key, to->main, from->main);
}

static void
judge_rows(struct family *f, const struct kind *k, const struct row *from, size_t from_count,
           const struct row *to, size_t to_count)
{
	size_t i = 0, j = 0;
	while (i < from_count || j < to_count) {
		int order = i == from_count ? 1 : j == to_count ? -1
		            : strcmp(from[i].key, to[j].key);
		if (order < 0)
			deed_wrong(f->d, "%s %s is not at the target", k->object, from[i].key);
		else if (order > 0)
			deed_wrong(f->d, "%s %s is at the target, and should not, or twice",
			           k->object, to[j].key);
		else
			judge_row(f, k, &from[i], &to[j]);
		i += order <= 0;
		j += order >= 0;
	}
	f->d->tally.checked += from_count;
}

/* ---- References that are only added ---------------------------------------- */

static const cJSON *
find(const cJSON *records, const char *key, const char *text)
{
	for (const cJSON *r = NULL; (r = deed_next(records, r)) != NULL;)
		if (strcmp(key != NULL ? deed_value(r, key) : deed_id(r), text) == 0)
			return r;
	return NULL;
}

/* The record at the target of one at the source. */
static const char *
target_id(struct family *f, cJSON *const lists[2][2], int kind, size_t number)
{
	const cJSON *from = find(lists[0][kind], NULL, f->ids[kind][number]);
	const cJSON *to = from == NULL ? NULL
		: find(lists[1][kind], f->house->to[kind].key,
		       deed_value(from, f->house->from[kind].key));
	return to != NULL ? deed_id(to) : "";
}

static bool
is_linked(const cJSON *pairs, const char *from, const char *to)
{
	const cJSON *pair;
	cJSON_ArrayForEach(pair, pairs)
		if (cJSON_GetNumberValue(cJSON_GetArrayItem(pair, 0)) == atof(from)
		    && cJSON_GetNumberValue(cJSON_GetArrayItem(pair, 1)) == atof(to))
			return true;
	return false;
}

/* Each contact is linked to the account that it names now, and to none that it never did. */
static void
judge_added(struct family *f, cJSON *const lists[2][2], const cJSON *pairs)
{
	const char *parent = f->house->from[CONTACT].parent;
	for (size_t n = 0; n < f->counts[CONTACT]; n++) {
		const cJSON *from = find(lists[0][CONTACT], NULL, f->ids[CONTACT][n]);
		const char *contact = target_id(f, lists, CONTACT, n);
		for (size_t m = 0; from != NULL && m < f->counts[ACCOUNT]; m++) {
			const char *account = f->ids[ACCOUNT][m];
			bool named = strcmp(deed_value(from, parent), account) == 0;
			bool linked = is_linked(pairs, contact, target_id(f, lists, ACCOUNT, m));
			if (linked ? !f->had[n][m] : named)
				deed_wrong(f->d, "contact %s is %slinked to account %s",
				           f->ids[CONTACT][n], linked ? "" : "not ", account);
		}
	}
}

static bool
look_at_added(struct family *f, cJSON *const lists[2][2])
{
	if (!f->house->adds)
		return true;
	char *text = place_control(&f->d->place, f->d->place.target_port, "associations",
	                           "{\"from\":\"p62515_cars\",\"to\":\"contacts\"}");
	cJSON *answer = text != NULL ? cJSON_Parse(text) : NULL;
	const cJSON *pairs = cJSON_GetObjectItem(answer, "pairs");
	bool read = cJSON_IsArray(pairs);
	if (read)
		judge_added(f, lists, pairs);
	cJSON_Delete(answer);
	free(text);
	return read;
}

static bool
judge(struct family *f)
{
	static struct row from[RECORDS_MAX * 2], to[RECORDS_MAX * 2];
	const struct house *h = f->house;
	struct place *p = &f->d->place;
	cJSON *sides[2][2] = { { NULL } };
	bool read = true;
	for (int i = 0; i < 4; i++) {
		cJSON **list = &sides[i / 2][i % 2];
		*list = deed_records(f->d, i < 2 ? p->source_port : p->target_port,
		                     (i < 2 ? h->from : h->to)[i % 2].object);
		read &= *list != NULL;
	}
	for (int kind = ACCOUNT; read && kind <= CONTACT; kind++)
		judge_rows(f, &h->to[kind], from, take_rows(sides[0], h->from, kind, from), to,
		           take_rows(sides[1], h->to, kind, to));
	read = read && look_at_added(f, sides);
	for (int i = 0; i < 4; i++)
		cJSON_Delete(sides[i / 2][i % 2]);
	return read && f->d->tally.wrong == 0;
}

/* ---- Rounds ---------------------------------------------------------------- */

static bool
rest(struct family *f)
{
	static const char *const syncs[] = { "accounts", "contacts", NULL };
	return deed_calm(f->d) && deed_rest(f->d, syncs) && judge(f);
}

static bool
go_round(struct family *f)
{
	static const char *const contacts[] = { "sync", "contacts", NULL };
	static const char *const accounts[] = { "sync", "accounts", NULL };
	bool children = deed_below(f->d, 5) < 3, both = deed_below(f->d, 3) == 0;
	struct deed *d = f->d;
	bool refers = f->house->match != NULL && deed_below(d, 2) == 0;
	if (!change(f)
	    || !deed_faults(d, refers ? f->house->match : d->place.target->any))
		return false;
	return deed_killed(d, children ? contacts : accounts,
	                   !both ? NULL : children ? accounts : contacts)
	       && (deed_below(d, 3) != 0 || place_clear_faults(&d->place));
}

static bool
go(struct family *f, size_t kills)
{
	char id[24];
	bool done = true;
	/* So that no id is the same at both sides. */
	for (int i = 0; done && f->house == &houses[DEED_PLAIN] && i < 5; i++)
		done = deed_load(f->d, f->d->place.target_port, "Account", "fields",
		                 "\"Name\":\"other\"", id);
	for (int i = 0; done && i < FIRST_ACCOUNTS; i++)
		done = add(f, ACCOUNT);
	for (int i = 0; done && i < FIRST_CONTACTS; i++)
		done = add(f, CONTACT);
	for (size_t round = 1; done && f->d->tally.kills < kills; round++)
		done = go_round(f) && (round % REST_ROUNDS != 0 || rest(f));
	return done && rest(f);
}

bool
deed_references(struct deed *d, size_t kills, bool e3)
{
	const struct house *house = &houses[d->kind];
	struct place_options options = { .rule = &house->rule, .e3 = e3 };
	struct family *f = calloc(1, sizeof *f);
	if (f == NULL)
		abort();
	f->d = d;
	f->house = house;
	f->circle = house->circle != NULL && deed_below(d, 2) == 0;
	if (f->circle)
		strcat(d->name, "-circle");
	bool opened = deed_open(d, &options);
	bool done = opened && configure(f) && go(f, kills);
	d->tally.broken = !done;
	if (opened)
		deed_close(d);
	free(f);
	return done;
}
