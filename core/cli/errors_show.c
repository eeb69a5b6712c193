/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_show.c - renkei errors show: all that is known of one error, both records
 * with the addresses that open them, and what helps. */
#include "base/err.h"
#include "base/text.h"
#include "cli/errors.h"

struct showing {
	struct app *app;
	const struct pending *row;
	int64_t same;                  /* Rows with the same category, field and value. */
	int code;
};

static bool
count_same(void *with, struct errors_place *place, const struct pending *other)
{
	struct showing *s = with;
	(void)place;
	s->same += errors_kind(other) == errors_kind(s->row)
	           && text_eq(other->field, s->row->field)
	           && text_eq(other->value, s->row->value)
	           && text_eq(other->code, s->row->code);
	return true;
}

void
errors_tell_record(struct errors_place *place, bool target, struct rk_text id,
                   struct rk_text link)
{
	struct app *app = place->app;
	struct out *o = &app->out;
	const struct config_side *side = target ? &place->sync->to : &place->sync->from;
	const char *of = arena_printf(&app->arena, "%s %s", side->connection,
	                              side->object).ptr;
	const char *known = arena_printf(&app->arena, "%.*s (%s)", (int)id.len, id.ptr,
	                                 of).ptr;
	if (!o->json)
		out_str(o, NULL, target ? W_TARGET_RECORD : W_RECORD,
		        id.len > 0 ? known : app_sayf(app, W_NOT_LINKED, of, NULL));
	else
		out_text(o, target ? "target_id" : "id", W_RECORD, id);
	if (link.len > 0 || o->json)
		out_text(o, target ? "target_link" : "link", W_OPENS_WITH, link);
}

/* ---- Who holds the value of a duplicate ---------------------------------- */

struct holder {
	struct rk_text from_id, to_id, to_link;
};

/* Known if the value is another record's key; else the target is asked, if that was
 * wished. */
static int32_t
find_holder(struct errors_place *place, const struct pending *row, struct holder *holder,
            struct rk_err *err)
{
	struct rk_text nobody = { "", 0 };
	struct arena *arena = &place->app->arena;
	struct link link;
	if (!store_link_by_key(place->store, hash_text64(row->value), row->id, arena,
	                       &link, err))
		return RK_PAUSE;
	holder->from_id = link.from_id;
	holder->to_id = link.to_id;
	if (link.from_id.len > 0 || !place->app->online || errors_session(place, true) == NULL)
		return RK_OK;
	struct rk_record there;
	int32_t status =
		errors_ask(place, RK_BY_FIELD, row->field, row->value, &there, err);
	holder->to_id = there.id;
	holder->to_link = there.link;
	if (status != RK_OK || there.id.len == 0)
		return status;
	if (!store_link_by_target(place->store, holder->to_id, nobody, arena, &link, err))
		return RK_PAUSE;
	holder->from_id = link.from_id;
	return RK_OK;
}

static int
tell_holder(struct errors_place *place, const struct pending *row)
{
	struct app *app = place->app;
	struct arena *arena = &app->arena;
	struct holder holder = { 0 };
	struct rk_err err = ERR_INIT;
	if (row->category != RK_CAT_DUPLICATE || row->value.len == 0)
		return EXIT_DONE;
	int32_t status = find_holder(place, row, &holder, &err);
	if (status != RK_OK)
		return app_error(app, status, &err, place->sync->to.connection);
	if (holder.to_id.len == 0) {
		enum word word = app->online ? W_NO_HOLDER : W_ASK_HOLDER;
		out_line(&app->out,
		         app_sayf(app, word, place->sync->to.connection,
		                  place->sync->name,
		                  errors_name(place->sync, row->id, &app->arena), NULL));
		return EXIT_DONE;
	}
	if (holder.to_link.len == 0)
		holder.to_link = errors_link(place, true, holder.to_id, arena);
	out_group(&app->out, "holder", app_say(app, W_HOLDER));
	if (holder.from_id.len > 0 || app->json)
		errors_tell_record(place, false, holder.from_id,
		            errors_link(place, false, holder.from_id, arena));
	errors_tell_record(place, true, holder.to_id, holder.to_link);
	out_group_end(&app->out);
	return EXIT_DONE;
}

/* ---- The error ------------------------------------------------------------ */

static void
tell_error(struct app *app, const struct pending *row, const struct explained *e)
{
	struct out *o = &app->out;
	const char *kind = errors_kind_name(errors_kind(row));
	out_str(o, "state", W_STATE, errors_state_shown(app, row));
	out_json_str(o, "category", kind);
	out_json_str(o, "title", e->title);
	if (!o->json)
		out_str(o, NULL, W_CATEGORY,
		        arena_printf(&app->arena, "%s (%s)", e->title, kind).ptr);
	out_text(o, "code", W_CODE, row->code);
	out_text(o, "field", W_FIELD, row->field);
	out_text(o, "value", W_VALUE, row->value);
	out_text(o, "message", W_MESSAGE, app_told(app, row->message));
	out_number(o, "attempts", W_ATTEMPTS, row->attempts);
	out_time(o, "first_seen", W_FIRST_SEEN, row->first_ms);
	out_time(o, "next_try", W_NEXT_TRY, errors_next_try(row));
}

static bool
show_row(void *with, struct errors_place *place, const struct pending *row)
{
	struct showing *s = with;
	struct app *app = s->app;
	struct errors_ends ends;
	struct rk_err err;
	if (!errors_ends(place, row, &app->arena, &ends, &err)) {
		s->code = app_error(app, RK_PAUSE, &err, place->sync->name);
		return false;
	}
	struct explained e = errors_explain(app, place->sync, errors_kind(row),
	                                    arena_text(&app->arena, row->code).ptr);
	struct errors_pick all = { .only = place->sync, .states = ~0u };
	s->row = row;
	s->same = 0;
	errors_walk_way(app, &all, place->sync, count_same, s);
	out_str(&app->out, "sync", W_SYNC, place->sync->name);
	errors_tell_record(place, false, row->id, ends.from_link);
	errors_tell_record(place, true, ends.to_id, ends.to_link);
	tell_error(app, row, &e);
	out_number(&app->out, "records", W_SAME_ERROR, s->same);
	s->code = exit_worse(s->code, tell_holder(place, row));
	errors_tell_explained(app, &e);
	return true;
}

int
errors_show(struct app *app, const struct errors_pick *pick)
{
	struct errors_found *found;
	struct showing s = { .app = app };
	size_t count;
	bool first = true;
	int code = errors_find(app, pick, &found, &count);
	if (code != EXIT_DONE)
		return code;
	out_list(&app->out, "records");
	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; n < found[i].count; n++) {
			char *id = (char *)(uintptr_t)found[i].ids[n].ptr;
			struct errors_pick one = { .states = pick->states, .ids = &id,
				                   .id_count = 1 };
			if (!first)
				out_line(&app->out, "");
			first = false;
			out_group(&app->out, NULL, NULL);
			code = exit_worse(code, errors_walk_way(app, &one, found[i].sync,
			                                        show_row, &s));
			out_group_end(&app->out);
		}
	out_list_end(&app->out);
	return exit_worse(code, s.code);
}
