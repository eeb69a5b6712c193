/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs.c - see pairs.h. */
#include "tests/faults/pairs.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/image.h"
#include "tests/loopback.h"

#define FIELDS 4                       /* Of the rule; the last one is edited at the target. */
#define PAIRS_MAX 1000
#define TEXT 120
#define PATIENCE_US 60000000

enum { FROM, TO };

struct pairs {
	size_t count;
	char is[PAIRS_MAX][FIELDS][TEXT];
};

static cJSON *
read_side(const struct place *p, int side)
{
	char path[100];
	snprintf(path, sizeof path, "/_control/records?object=%s",
	         side == FROM ? p->rule->from_object : p->rule->to_object);
	char *text = loopback_ask(side == FROM ? p->source_port : p->target_port, path, NULL);
	cJSON *answer = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return answer;
}

static const char *
value_of(const struct place *p, const cJSON *record, int side, int field)
{
	const struct checker_field *f = &p->rule->fields[field];
	return image_text(cJSON_GetObjectItemCaseSensitive(record, "values"),
	                  side == FROM ? f->from : f->to);
}

static char (*find(struct pairs *pairs, const char *key))[TEXT]
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->is[i][0], key) == 0)
			return pairs->is[i];
	return NULL;
}

/* All of one side; of a record that is known already, the fields that people edit there. */
static void
know(struct pairs *pairs, const struct place *p, const cJSON *side_is, int side)
{
	const cJSON *r;
	cJSON_ArrayForEach(r, cJSON_GetObjectItem(side_is, "records")) {
		char (*known)[TEXT] = find(pairs, value_of(p, r, side, 0));
		bool old = known != NULL;
		if (!old && pairs->count == PAIRS_MAX)
			return;
		if (!old)
			known = pairs->is[pairs->count++];
		for (int f = old ? FIELDS - 1 : 0; f < FIELDS; f++)
			snprintf(known[f], TEXT, "%s", value_of(p, r, side, f));
	}
}

static bool
look(struct pairs *pairs, const struct place *p)
{
	cJSON *from = read_side(p, FROM), *to = read_side(p, TO);
	bool read = from != NULL && to != NULL;
	if (read) {
		know(pairs, p, from, FROM);
		know(pairs, p, to, TO);
	}
	cJSON_Delete(from);
	cJSON_Delete(to);
	return read;
}

bool
pairs_edit(struct pairs **pairs, const struct place *p, size_t records, size_t serial)
{
	const struct checker_field *f = p->rule->fields;
	char key[40], name[24];
	snprintf(key, sizeof key, "added.%zu@example.com", serial);
	snprintf(name, sizeof name, "No. %zu", serial);
	pairs_free(*pairs);
	*pairs = calloc(1, sizeof **pairs);
	return *pairs != NULL
	       && place_do(p, p->source_port, "edit", "{\"object\":\"%s\",\"random\":%zu,"
	                   "\"seed\":%zu,\"fields\":[\"%s\",\"%s\"]}", p->rule->from_object,
	                   records, serial, f[1].from, f[2].from)
	       && place_do(p, p->target_port, "edit", "{\"object\":\"%s\",\"random\":%zu,"
	                   "\"seed\":%zu,\"fields\":[\"%s\"]}", p->rule->to_object, records,
	                   serial + 1, f[3].to)
	       && place_add(p, key, name, 0) != 0
	       && place_do(p, p->target_port, "load", "{\"object\":\"%s\",\"records\":[{\"%s\":"
	                   "{\"%s\":\"to.%zu@example.com\",\"%s\":\"To %zu\"}}]}",
	                   p->rule->to_object, p->target->member, f[0].to, serial, f[1].to,
	                   serial)
	       && look(*pairs, p);
}

bool
pairs_settle(struct place *p)
{
	struct place_run end = { 0 };
	int64_t until = place_mono_us() + PATIENCE_US;
	if (!place_clear_faults(p))
		return false;
	while (place_mono_us() < until) {
		if (!place_advance(p, 300000) || !place_sync(p, &end))
			return false;
		if (end.told && end.code == 0 && end.waiting == 0 && end.failed == 0
		    && end.writes == 0)
			return true;
		place_sleep_us(100000);
	}
	fprintf(stderr, "no rest: the last run ended with code %d, %ld wait, %ld failed\n",
	        end.code, end.waiting, end.failed);
	return false;
}

static void
judge_record(const struct place *p, const char (*is)[TEXT], const cJSON *side_is, int side,
             struct checker_counts *counts, checker_tell_fn *tell, void *with)
{
	char what[400];
	const cJSON *r;
	size_t found = 0;
	bool same = true;
	cJSON_ArrayForEach(r, cJSON_GetObjectItem(side_is, "records")) {
		if (strcmp(value_of(p, r, side, 0), is[0]) != 0)
			continue;
		found++;
		for (int f = 0; f < FIELDS; f++)
			same = same && strcmp(value_of(p, r, side, f), is[f]) == 0;
	}
	counts->doubled += found > 1;
	counts->lost += found == 0 || !same;
	if (found == 1 && same)
		return;
	snprintf(what, sizeof what, "it is %zu times at the %s%s", found,
	         side == FROM ? "source" : "target", same ? "" : ", with other values");
	tell(with, found > 1 ? "doubled" : "lost", is[0], what);
}

bool
pairs_judge(const struct pairs *pairs, const struct place *p, struct checker_counts *counts,
            checker_tell_fn *tell, void *with)
{
	for (int side = FROM; side <= TO; side++) {
		cJSON *side_is = read_side(p, side);
		if (side_is == NULL)
			return false;
		for (size_t i = 0; i < pairs->count; i++)
			judge_record(p, pairs->is[i], side_is, side, counts, tell, with);
		int count = cJSON_GetArraySize(cJSON_GetObjectItem(side_is, "records"));
		if ((size_t)count != pairs->count) {
			counts->doubled++;
			tell(with, "doubled", "", "a side has records that nobody made there");
		}
		cJSON_Delete(side_is);
	}
	return true;
}

void
pairs_free(struct pairs *pairs)
{
	free(pairs);
}
