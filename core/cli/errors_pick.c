/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_pick.c - walks the rows of pending that a verb of "renkei errors" is about,
 * and says of one row what all verbs say of it.  Looks only: what changes rows stands
 * in errors_change.c. */
#include <string.h>

#include "base/advice.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/errors.h"
#include "record/record.h"
#include "sync/run.h"

#define CHUNK 500

/* ---- What a row is ------------------------------------------------------ */

int
errors_kind(const struct pending *row)
{
	if (row->state == PENDING_UNDECIDED)
		return ERRORS_UNDECIDED;
	bool known = row->category > 0 && row->category < RK_CAT_COUNT;
	return known ? (int)row->category : RK_CAT_OTHER;
}

bool
errors_waits(const struct pending *row)
{
	return row->state == PENDING_UNDECIDED
	       || (row->state == PENDING_FAILED
	           && (row->due_ms == INT64_MAX
	               || text_eq(row->code, TEXT_LIT(RK_CODE_RECORD_GONE))));
}

int64_t
errors_next_try(const struct pending *row)
{
	return row->due_ms == INT64_MAX || errors_waits(row) ? RK_NO_TIME : row->due_ms;
}

const char *
errors_kind_name(int kind)
{
	if (kind > ERRORS_UNDECIDED)
		return NULL;
	return kind == ERRORS_UNDECIDED ? "undecided" : err_category_name(kind);
}

const char *
errors_kind_shown(struct app *app, int kind, const char *code)
{
	kind = kind > 0 && kind < ERRORS_KINDS ? kind : RK_CAT_OTHER;
	const char *name = errors_kind_name(kind);
	const char *title = kind == ERRORS_UNDECIDED
		? app_say(app, W_UNDECIDED) : advice_for(kind, 0, code, app->lang).title;
	return app->json ? name : arena_printf(&app->arena, "%s (%s)", title, name).ptr;
}

int
errors_kind_of(const char *name)
{
	for (int kind = 1; kind < ERRORS_KINDS; kind++)
		if (strcmp(errors_kind_name(kind), name) == 0)
			return kind;
	return 0;
}

const char *
errors_state_name(const struct pending *row)
{
	switch (row->state) {
	case PENDING_QUEUED:    return "queued";
	case PENDING_UNKNOWN:   return "unknown";
	case PENDING_FAILED:    return "failed";
	case PENDING_UNDECIDED: return "undecided";
	case PENDING_IGNORED:   return "ignored";
	default:                return "";
	}
}

const char *
errors_state_shown(const struct app *app, const struct pending *row)
{
	if (app->json)
		return errors_state_name(row);
	switch (row->state) {
	case PENDING_QUEUED:    return app_say(app, W_STATE_QUEUED);
	case PENDING_UNKNOWN:   return app_say(app, W_STATE_UNKNOWN);
	case PENDING_FAILED:    return app_say(app, W_FAILED);
	case PENDING_UNDECIDED: return app_say(app, W_STATE_UNDECIDED);
	case PENDING_IGNORED:   return app_say(app, W_IGNORED);
	default:                return "";
	}
}

struct session *
errors_session(struct errors_place *place, bool target)
{
	const struct config_side *side = target ? &place->sync->to : &place->sync->from;
	struct session *session = target ? &place->to : &place->from;
	bool *tried = target ? &place->tried_to : &place->tried_from;
	bool *has = target ? &place->has_to : &place->has_from;
	struct rk_err unused;
	if (!*tried)
		*has = session_open(session, &place->app->world, side->connection,
		                    &unused) == RK_OK;
	*tried = true;
	return *has ? session : NULL;
}

struct rk_text
errors_link(struct errors_place *place, bool target, struct rk_text id,
            struct arena *arena)
{
	const struct config_side *side = target ? &place->sync->to : &place->sync->from;
	struct session *session = errors_session(place, target);
	if (session == NULL)
		return (struct rk_text){ NULL, 0 };
	return settings_link(&session->settings,
	                     manifest_object(&session->manifest, side->object),
	                     side->object, id, arena);
}

bool
errors_ends(struct errors_place *place, const struct pending *row, struct arena *arena,
            struct errors_ends *ends, struct rk_err *err)
{
	struct wire_reader r = wire_reader(row->body);
	struct rk_record record = { 0 };
	struct link link;
	*ends = (struct errors_ends){ 0 };
	/* What the source itself told of the record comes first. */
	if (row->body.len > 0 && record_decode_head(&r, &record))
		ends->from_link = arena_text(arena, record.link);
	if (ends->from_link.len == 0)
		ends->from_link = errors_link(place, false, row->id, arena);
	if (!store_link_get(place->store, row->id, arena, &link, err))
		return false;
	ends->to_id = link.to_id;
	ends->to_link = errors_link(place, true, link.to_id, arena);
	return true;
}

/* ---- Walking ------------------------------------------------------------- */

bool
errors_open(struct errors_place *place, struct app *app, const struct config_sync *sync,
            struct rk_err *err)
{
	struct rk_text identity = sync_identity(sync, &app->arena);
	*place = (struct errors_place){ .app = app, .sync = sync };
	if (!store_open(&place->file, app_syncs_dir(app), sync->name, identity.ptr, STORE_LOOK,
	                err))
		return false;
	place->store = sync->is_back ? store_back(place->file, err) : place->file;
	return place->store != NULL;
}

void
errors_close(struct errors_place *place)
{
	if (place->file == NULL)
		return;
	/* One that was never opened has descriptors of zero. */
	if (place->tried_from)
		session_close(&place->from);
	if (place->tried_to)
		session_close(&place->to);
	store_close(place->file);
	place->file = place->store = NULL;
}

static bool
fits(const struct errors_pick *pick, const struct pending *row)
{
	return (pick->states & ERRORS_STATE(row->state)) != 0
	       && (pick->kind == 0 || pick->kind == errors_kind(row))
	       && (pick->field == NULL || text_is(row->field, pick->field))
	       && (pick->value == NULL || text_is(row->value, pick->value));
}

const char *
errors_id_of(const struct config_sync *way, const char *given)
{
	const char *mine = way->from.connection, *other = way->to.connection;
	size_t mine_len = strlen(mine), other_len = strlen(other);
	if (way->back == NULL && !way->is_back)
		return given;
	if (strncmp(given, mine, mine_len) == 0 && given[mine_len] == '/')
		return given + mine_len + 1;
	bool others = strncmp(given, other, other_len) == 0 && given[other_len] == '/';
	return others ? NULL : given;
}

const char *
errors_name(const struct config_sync *way, struct rk_text id, struct arena *arena)
{
	bool both = way->back != NULL || way->is_back;
	return arena_printf(arena, "%s%s%.*s", both ? way->from.connection : "",
	                    both ? "/" : "", (int)id.len, id.ptr).ptr;
}

const char *
errors_name_form(const struct app *app, const struct config_sync *sync)
{
	return sync->back != NULL ? app_say(app, W_ID_OF_SIDE) : "ID";
}

static bool
walk_ids(struct errors_place *place, const struct errors_pick *pick, errors_take *take,
         void *with, struct rk_err *err)
{
	for (size_t i = 0; i < pick->id_count; i++) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		struct pending row;
		const char *id = errors_id_of(place->sync, pick->ids[i]);
		if (id == NULL)
			continue;
		if (!store_pending_get(place->store, text_of(id), &arena, &row, err))
			return false;
		if (row.id.len > 0 && !take(with, place, &row))
			return true;
	}
	return true;
}

static bool
walk_all(struct errors_place *place, const struct errors_pick *pick, errors_take *take,
         void *with, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena last = ARENA_INIT;
	struct rk_text after = { "", 0 };
	size_t count;
	do {
		__attribute__((cleanup(arena_free))) struct arena chunk = ARENA_INIT;
		struct pending *rows;
		if (!store_pending_errors(place->store, after, CHUNK, &chunk, &rows,
		                          &count, err))
			return false;
		for (size_t i = 0; i < count; i++)
			if (fits(pick, &rows[i]) && !take(with, place, &rows[i]))
				return true;
		if (count > 0) {
			arena_clear(&last);
			after = arena_text(&last, rows[count - 1].id);
		}
	} while (count == CHUNK);
	return true;
}

int
errors_walk_way(struct app *app, const struct errors_pick *pick,
                const struct config_sync *sync, errors_take *take, void *with)
{
	struct errors_place place;
	struct rk_err err;
	bool sound = errors_open(&place, app, sync, &err)
	             && (pick->id_count > 0 ? walk_ids(&place, pick, take, with, &err)
	                                    : walk_all(&place, pick, take, with, &err));
	errors_close(&place);
	return sound ? EXIT_DONE : app_error(app, RK_PAUSE, &err, sync->name);
}

int
errors_walk(struct app *app, const struct errors_pick *pick,
            const struct config_sync *sync, errors_take *take, void *with)
{
	int code = errors_walk_way(app, pick, sync, take, with);
	return code != EXIT_DONE || sync->back == NULL
	       ? code : errors_walk_way(app, pick, sync->back, take, with);
}

/* ---- Why, and what to do --------------------------------------------------- */

struct explained
errors_explain(struct app *app, const struct config_sync *sync, int kind,
               const char *code)
{
	static const enum word causes[] = { W_UNDECIDED_WHY };
	static const enum word remedies[] = { W_UNDECIDED_DO, W_UNDECIDED_DO_THERE,
	                                      W_UNDECIDED_DO_NOT };
	if (kind != ERRORS_UNDECIDED)
		return explain(app, kind, 0, code, sync != NULL ? sync->to.connection : NULL);
	struct explained e = { .title = app_say(app, W_UNDECIDED) };
	e.cause_count = sizeof causes / sizeof *causes;
	e.remedy_count = sizeof remedies / sizeof *remedies;
	e.causes = arena_new_array(&app->arena, e.cause_count, const char *);
	e.remedies = arena_new_array(&app->arena, e.remedy_count, const char *);
	for (size_t i = 0; i < e.cause_count; i++)
		e.causes[i] = app_say(app, causes[i]);
	for (size_t i = 0; i < e.remedy_count; i++)
		e.remedies[i] = app_say(app, remedies[i]);
	return e;
}

static void
tell_lines(struct app *app, const char *key, enum word label, const char **lines,
           size_t count)
{
	struct out *o = &app->out;
	if (o->json)
		json_open(&o->doc, key, '[');
	for (size_t i = 0; i < count; i++) {
		if (o->json)
			json_text(&o->doc, NULL, text_of(lines[i]));
		out_line(o, arena_printf(&app->arena, "  %s %s", app_say(app, label),
		                         lines[i]).ptr);
	}
	if (o->json)
		json_close(&o->doc, ']');
}

void
errors_tell_explained(struct app *app, const struct explained *e)
{
	tell_lines(app, "causes", W_WHY, e->causes, e->cause_count);
	tell_lines(app, "remedies", W_DO, e->remedies, e->remedy_count);
}
