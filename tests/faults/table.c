/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - see table.h. */
#include "tests/faults/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/proxy.h"

#define LINE_MAX_BYTES 4096
#define ALWAYS 1000000
#define WORDS " # "

static const char *const makers[MAKERS] = {
	[BY_PROXY] = "proxy", [BY_SIMULATOR] = "simulator", [BY_FRONT] = "front",
	[BY_HOST] = "host", [BY_ROUTE] = "route", [BY_PAUSE] = "pause",
	[BY_ROW] = "row",
	[BY_APP] = "app", [BY_RENEWAL] = "renewal", [BY_ROTATION] = "rotation",
	[BY_DISK] = "disk", [BY_FILE] = "file",
};

static char *
copy(const char *text)
{
	char *made = strdup(text);
	if (made == NULL)
		abort();
	return made;
}

static bool
read_maker(struct kind *k, const char *word)
{
	for (k->maker = 0; k->maker < MAKERS; k->maker++)
		if (strcmp(makers[k->maker], word) == 0)
			return true;
	return false;
}

static bool
read_sides(struct kind *k, const char *word)
{
	static const struct { const char *word; bool sides[WAYS][SIDES]; } known[] = {
		{ "source",      { { true, false }, { false, false } } },
		{ "target",      { { false, true }, { false, false } } },
		{ "both",        { { true, true }, { false, false } } },
		{ "back-source", { { false, false }, { true, false } } },
		{ "back-target", { { false, false }, { false, true } } },
		{ "back",        { { false, false }, { true, true } } },
		{ "cards-source", { [CARDS_WAY] = { true, false } } },
		{ "force-target", { [PERSONS_WAY] = { false, true } } },
		{ "force-source", { [LEADS_WAY] = { true, false } } },
		{ "fresh-target", { [BUYERS_WAY] = { false, true } } },
		{ "fresh-source", { [PROSPECTS_WAY] = { true, false } } },
		{ "file-target", { [EXPORTS_WAY] = { false, true } } },
		{ "file-source", { [LOADS_WAY] = { true, false } } },
		{ "pair-source", { [PAIRS_WAY] = { true, false } } },
		{ "pair-target", { [PAIRS_WAY] = { false, true } } },
		{ "pair",        { [PAIRS_WAY] = { true, true } } },
		{ "hot-target",  { [GUESTS_WAY] = { false, true } } },
		{ "hot-source",  { [VISITORS_WAY] = { true, false } } },
		{ "force",       { [PERSONS_WAY] = { false, true },
		                   [LEADS_WAY] = { true, false } } },
		{ "fresh",       { [BUYERS_WAY] = { false, true },
		                   [PROSPECTS_WAY] = { true, false } } },
		{ "hot",         { [GUESTS_WAY] = { false, true },
		                   [VISITORS_WAY] = { true, false } } },
		{ "three",       { [PERSONS_WAY] = { false, true }, [LEADS_WAY] = { true, false },
		                   [BUYERS_WAY] = { false, true },
		                   [PROSPECTS_WAY] = { true, false },
		                   [GUESTS_WAY] = { false, true },
		                   [VISITORS_WAY] = { true, false } } },
		{ "sources",     { { true, false }, { true, false }, { true, false } } },
		{ "targets",     { { false, true }, { false, true } } },
		{ "all",         { { true, true }, { true, true } } },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].word, word) == 0) {
			memcpy(k->sides, known[i].sides, sizeof k->sides);
			return true;
		}
	return false;
}

static bool
read_places(struct kind *k, const char *word)
{
	static const struct { const char *word; unsigned from, count; } places[] = {
		{ "each", 0, 4 }, { "known", 0, 3 }, { "first", 0, 1 }, { "middle", 1, 1 },
		{ "last", 2, 1 }, { "fresh", 3, 1 },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (strcmp(places[i].word, word) != 0)
			continue;
		k->first_place = places[i].from;
		k->places = places[i].count;
		return true;
	}
	return false;
}

static bool
read_action(struct kind *k, char *rest)
{
	char action[40] = "", *words = strstr(rest, WORDS);
	int used = 0;
	if (words != NULL) {
		*words = '\0';
		k->words = copy(words + strlen(WORDS));
	}
	if (k->maker == BY_PROXY || k->maker == BY_ROUTE || k->maker == BY_RENEWAL
	    || k->maker == BY_ROTATION) {
		if (sscanf(rest, "%39s %ld %n", action, &k->number, &used) < 1
		    || !proxy_knows(action))
			return false;
		if (used == 0)
			used = (int)strlen(rest);
	}
	/* Of the calls to the disk it is the one that is meant. */
	if (k->maker == BY_DISK && sscanf(rest, "%39s %n", action, &used) < 1)
		return false;
	k->action = copy(action);
	k->text = copy(rest + used);
	return true;
}

/* name maker side places lasts category exit rest... */
static bool
read_line(struct kind *k, char *line)
{
	char name[64], maker[16], side[16], places[16], lasts[16], category[64];
	int used = 0;
	if (sscanf(line, "%63s %15s %15s %15s %15s %63s %d %n", name, maker, side, places,
	           lasts, category, &k->exit_code, &used) != 7 || used == 0)
		return false;
	k->times = strcmp(lasts, "once") == 0 ? 1 : ALWAYS;
	k->name = copy(name);
	k->category = copy(category);
	return read_places(k, places) && (k->times == 1 || strcmp(lasts, "run") == 0)
	       && read_maker(k, maker) && read_sides(k, side)
	       && read_action(k, line + used);
}

static void
add(struct table *t, const struct kind *k)
{
	t->kinds = realloc(t->kinds, (t->count + 1) * sizeof *t->kinds);
	if (t->kinds == NULL)
		abort();
	t->kinds[t->count++] = *k;
}

bool
table_read(struct table *t, const char *path)
{
	char line[LINE_MAX_BYTES];
	FILE *f = fopen(path, "re");
	bool good = f != NULL;
	*t = (struct table){ 0 };
	if (!good)
		perror(path);
	while (good && fgets(line, sizeof line, f) != NULL) {
		struct kind k = { 0 };
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		good = read_line(&k, line);
		add(t, &k);
		if (!good)
			fprintf(stderr, "%s: what is this: %s\n", path, line);
	}
	if (f != NULL)
		fclose(f);
	return good && t->count > 0;
}

size_t
table_names(const struct table *t)
{
	size_t names = 0;
	for (size_t i = 0; i < t->count; i++) {
		size_t before = 0;
		while (before < i && strcmp(t->kinds[i].name, t->kinds[before].name) != 0)
			before++;
		names += before == i;
	}
	return names;
}

void
table_free(struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->kinds[i].name);
		free(t->kinds[i].category);
		free(t->kinds[i].action);
		free(t->kinds[i].text);
		free(t->kinds[i].words);
	}
	free(t->kinds);
	*t = (struct table){ 0 };
}
