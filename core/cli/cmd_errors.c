/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_errors.c - renkei errors: the records that could not be written, and what a
 * person does about them.  Here is the table of verbs and how their arguments are
 * read; each verb stands in errors_VERB.c, those that change a row in
 * errors_change.c. */
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"

#define OPEN (ERRORS_STATE(PENDING_FAILED) | ERRORS_STATE(PENDING_UNDECIDED))
#define IGNORED ERRORS_STATE(PENDING_IGNORED)

static const struct verb {
	const char *name;
	int (*run)(struct app *app, const struct errors_pick *pick);
	unsigned states, named;        /* What it takes: all that fit, or by id. */
	bool wants_some;               /* Ids, a filter or --all must be given. */
	bool takes_ids;
} verbs[] = {
	{ "list", errors_list, OPEN, 0, false, false },
	{ "show", errors_show, OPEN, OPEN | IGNORED, true, true },
	{ "resync", errors_resync, ERRORS_STATE(PENDING_FAILED),
	  ERRORS_STATE(PENDING_FAILED) | IGNORED, true, true },
	{ "ignore", errors_ignore, ERRORS_STATE(PENDING_FAILED),
	  ERRORS_STATE(PENDING_FAILED), true, true },
	{ "settle", errors_settle, 0, ERRORS_STATE(PENDING_UNDECIDED), true, true },
	{ "export", errors_export, OPEN, 0, false, false },
};
#define VERBS (sizeof verbs / sizeof *verbs)

static const struct verb *
verb_of(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* One word alone may be meant as the name of a sync. */
static bool
no_verb(struct app *app, const char *given, bool alone)
{
	const char *known[VERBS];
	for (size_t i = 0; i < VERBS; i++)
		known[i] = verbs[i].name;
	const char *near = text_nearest(given, known, VERBS);
	if (near == NULL && alone)
		app_sync(app, given);
	else
		app_usage(app, app_sayf(app, W_ERRORS_VERB, given,
		                        near != NULL ? near : "list", NULL));
	return false;
}

/* The name of a sync may stand before the ids or behind them. */
static void
take_sync(struct app *app, struct errors_pick *pick)
{
	if (pick->id_count < 1)
		return;
	char *first = pick->ids[0], *last = pick->ids[pick->id_count - 1];
	pick->only = config_sync(&app->config, first);
	if (pick->only != NULL)
		pick->ids++;
	else
		pick->only = config_sync(&app->config, last);
	pick->id_count -= pick->only != NULL;
}

static const char *
joined(struct app *app, const char *const *names, size_t count)
{
	BUF_AUTO text = BUF_INIT(4096);
	for (size_t i = 0; i < count; i++)
		buf_addf(&text, "%s%s", i > 0 ? ", " : "", names[i]);
	return arena_text(&app->arena, buf_text(&text)).ptr;
}

static bool
take_category(struct app *app, struct errors_pick *pick)
{
	const char *known[ERRORS_KINDS];
	pick->field = app->field;
	pick->value = app->value;
	if (app->category == NULL)
		return true;
	pick->kind = errors_kind_of(app->category);
	if (pick->kind != 0)
		return true;
	for (int kind = 1; kind < ERRORS_KINDS; kind++)
		known[kind - 1] = errors_kind_name(kind);
	const char *near = text_nearest(app->category, known, ERRORS_KINDS - 1);
	if (near != NULL)
		app_usage(app, app_sayf(app, W_ERRORS_CATEGORY, app->category, near, NULL));
	else
		app_usage(app, app_sayf(app, W_ERRORS_CATEGORIES, app->category,
		                        joined(app, known, ERRORS_KINDS - 1), NULL));
	return false;
}

/* Ids, or what is meant by filters and --all; never both, and never everything by
 * mistake. */
static bool
take_what(struct app *app, const struct verb *verb, struct errors_pick *pick)
{
	bool filters = app->all || app->category != NULL || app->field != NULL
	               || app->value != NULL || app->ignored;
	bool ids = pick->id_count > 0;
	pick->states = ids ? verb->named : app->ignored ? IGNORED : verb->states;
	if (!verb->takes_ids && ids) {
		if (app_sync(app, pick->ids[0]) != NULL)
			app_usage(app, app_sayf(app, W_TOO_MANY, "errors", verb->name,
			                        NULL));
		return false;
	}
	if (verb->wants_some && ids == filters) {
		app_usage(app, app_sayf(app, ids ? W_ERRORS_WHICH : W_ERRORS_NO_ID,
		                        verb->name, NULL));
		return false;
	}
	return true;
}

static bool
read_arguments(struct app *app, int argc, char **argv, const struct verb **verb,
               struct errors_pick *pick)
{
	*verb = argc > 1 ? verb_of(argv[1]) : &verbs[0];
	/* A sync may be called "list" itself, or stand alone. */
	bool alone = argc == 2 && (*verb == NULL || *verb == &verbs[0])
	             && config_sync(&app->config, argv[1]) != NULL;
	if (alone)
		*verb = &verbs[0];
	int skip = argc > 1 && !alone ? 2 : 1;
	if (*verb == NULL)
		return no_verb(app, argv[1], argc == 2);
	pick->ids = argv + skip;
	pick->id_count = (size_t)(argc - skip);
	take_sync(app, pick);
	return take_category(app, pick) && take_what(app, *verb, pick);
}

int
cmd_errors(struct app *app, int argc, char **argv)
{
	const struct verb *verb;
	struct errors_pick pick = { 0 };
	if (argc > 2 && verb_of(argv[1]) == NULL) {
		no_verb(app, argv[1], false);
		return EXIT_USAGE;
	}
	if (!app_load(app) || !read_arguments(app, argc, argv, &verb, &pick))
		return EXIT_USAGE;
	app->acts = verb->run == errors_resync || verb->run == errors_ignore
	            || verb->run == errors_settle;
	return verb->run(app, &pick);
}
