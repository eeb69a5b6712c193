/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_find.c - the rows of pending that a verb of "renkei errors" names by ids or
 * filters, way by way, and what is wrong with an id that names none, or several. */
#include <string.h>

#include "base/text.h"
#include "cli/errors.h"

/* Of a row that was named, and that the verb is not for. */
struct misfit {
	const struct config_sync *way;
	struct rk_text id;
	int64_t state;
};

struct finding {
	struct app *app;
	const struct errors_pick *pick;
	struct errors_found *found;    /* Of the way that is walked. */
	struct errors_found *all;
	struct misfit *misfits;        /* One for each id at most. */
	size_t count, misfit_count;
	int code;
};

static void
add_found(struct app *app, struct errors_found *found, struct rk_text id)
{
	if (found->count == found->room) {
		size_t room = found->room == 0 ? 32 : found->room * 2;
		struct rk_text *ids = arena_new_array(&app->arena, room, struct rk_text);
		if (found->count > 0)
			memcpy(ids, found->ids, found->count * sizeof *ids);
		found->ids = ids;
		found->room = room;
	}
	found->ids[found->count++] = arena_text(&app->arena, id);
}

static void
complain_of_state(struct finding *f, const struct misfit *misfit)
{
	static const struct {
		int state;
		enum word word;
	} reasons[] = {
		{ PENDING_UNDECIDED, W_ERRORS_IS_UNDECIDED },
		{ PENDING_IGNORED, W_ERRORS_IS_IGNORED },
		{ PENDING_FAILED, W_ERRORS_IS_DECIDED },
	};
	const char *sync = misfit->way->name;
	enum word word = W_ERRORS_IS_WAITING;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].state == misfit->state)
			word = reasons[i].word;
	f->code = app_usage(f->app,
	                    app_sayf(f->app, word,
	                             errors_name(misfit->way, misfit->id, &f->app->arena), sync, NULL));
}

static bool
take_found(void *with, struct errors_place *place, const struct pending *row)
{
	struct finding *f = with;
	if (place->sync != f->found->sync) {
		/* The way back follows. */
		f->found++;
		f->found->sync = place->sync;
		f->count++;
	}
	for (size_t i = 0; i < f->found->count && f->pick->id_count > 0; i++)
		if (text_eq(f->found->ids[i], row->id))
			return true;
	bool fits = (f->pick->states & ERRORS_STATE(row->state)) != 0;
	/* It may be meant of another sync, or of the other side. */
	if (!fits && f->misfit_count < f->pick->id_count)
		f->misfits[f->misfit_count++] = (struct misfit){
			place->sync, arena_text(&f->app->arena, row->id), row->state };
	if (fits)
		add_found(f->app, f->found, row->id);
	return true;
}

static bool
has_id(const struct errors_found *found, const char *given)
{
	const char *id = errors_id_of(found->sync, given);
	for (size_t i = 0; id != NULL && i < found->count; i++)
		if (text_is(found->ids[i], id))
			return true;
	return false;
}

/* Two records that have nothing to do with each other. */
static void
complain_of_sides(struct finding *f, const struct config_sync *back, const char *id)
{
	f->code = app_usage(f->app, app_sayf(f->app, W_ERRORS_WHICH_SIDE, id,
	                                     back->to.connection, back->from.connection,
	                                     NULL));
}

static void
complain_of_none(struct finding *f, const char *id)
{
	for (size_t i = 0; i < f->misfit_count; i++) {
		const char *meant = errors_id_of(f->misfits[i].way, id);
		if (meant != NULL && text_is(f->misfits[i].id, meant)) {
			complain_of_state(f, &f->misfits[i]);
			return;
		}
	}
	f->code = app_usage(f->app, app_sayf(f->app, W_ERRORS_NOT_THERE, id,
	                                     f->pick->only != NULL
		? f->pick->only->name : app_say(f->app, W_ANY_SYNC), NULL));
}

/* Exactly one way of one sync must have it. */
static void
check_id(struct finding *f, const char *id)
{
	BUF_AUTO names = BUF_INIT(4096);
	size_t times = 0;
	const struct config_sync *back = NULL;
	const char *last = NULL;
	for (size_t i = 0; i < f->count; i++) {
		if (!has_id(&f->all[i], id))
			continue;
		if (times > 0 && last == f->all[i].sync->name) {
			back = f->all[i].sync;
			continue;
		}
		last = f->all[i].sync->name;
		buf_addf(&names, "%s%s", times++ > 0 ? ", " : "", f->all[i].sync->name);
	}
	if (times > 1)
		f->code = app_usage(f->app, app_sayf(f->app, W_ERRORS_WHICH_SYNC, id,
		                                     buf_str(&names), NULL));
	else if (back != NULL)
		complain_of_sides(f, back, id);
	else if (times == 0 && f->code == EXIT_DONE)
		complain_of_none(f, id);
}

int
errors_find(struct app *app, const struct errors_pick *pick, struct errors_found **found,
            size_t *count)
{
	struct finding f = { .app = app, .pick = pick, .code = EXIT_DONE };
	int code = EXIT_DONE;
	f.all = arena_new_array(&app->arena, 2 * app->config.sync_count, struct errors_found);
	f.misfits = arena_new_array(&app->arena, pick->id_count, struct misfit);
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *sync = &app->config.syncs[i];
		if (pick->only != NULL && pick->only != sync)
			continue;
		f.found = &f.all[f.count++];
		f.found->sync = sync;
		code = exit_worse(code, errors_walk(app, pick, sync, take_found, &f));
	}
	for (size_t i = 0; i < pick->id_count && code == EXIT_DONE; i++)
		check_id(&f, pick->ids[i]);
	*found = f.all;
	*count = f.count;
	return exit_worse(code, f.code);
}
