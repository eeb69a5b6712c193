/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_conflicts.c - renkei conflicts: fields that both sides changed, where the sync says
 * conflict = "ask".  Here they are listed and shown; conflicts_settle.c decides. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/conflicts.h"
#include "cli/errors.h"
#include "sync/run.h"

#define ROWS_AT_ONCE 500

#define LIMIT_MOST 100000

/* A name that the mapping has at from is that one, whatever to calls so. */
static bool
is_from_field(const struct config_sync *sync, const char *name)
{
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].enabled && strcmp(sync->maps[i].from, name) == 0)
			return true;
	return false;
}

/* An id is from's: both CRMs may have a record 101, and nobody means the other one.  To's
 * is written with its connection. */
static bool
is_meant(const struct conflicts_pick *pick, const struct conflict *row)
{
	const char *mine = pick->id == NULL ? NULL : errors_id_of(pick->sync, pick->id);
	const char *theirs = pick->id == NULL ? NULL : errors_id_of(pick->sync->back, pick->id);
	bool id = pick->id == NULL || (mine != NULL ? text_is(row->from_id, mine)
	                                            : text_is(row->to_id, theirs));
	if (pick->field == NULL || !id)
		return id;
	return text_is(is_from_field(pick->sync, pick->field) ? row->from_field : row->to_field,
	               pick->field);
}

bool
conflicts_walk(struct store *store, const struct conflicts_pick *pick, conflicts_take *take,
               void *with, struct rk_err *err)
{
	size_t count = ROWS_AT_ONCE;
	for (int64_t after = 0; count == ROWS_AT_ONCE;) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		struct conflict *rows;
		if (!store_conflict_list(store, after, ROWS_AT_ONCE, &arena, &rows, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			after = rows[i].id;
			if (is_meant(pick, &rows[i]) && !take(with, store, &rows[i], err))
				return false;
		}
	}
	return true;
}

const char *
conflicts_mark(struct app *app, const struct conflict *row)
{
	BUF_AUTO seen = BUF_INIT(1024u * 1024);
	wire_text(&seen, row->from_value);
	wire_text(&seen, row->to_value);
	if (row->decision != CONFLICT_OPEN)
		buf_addf(&seen, "%d", (int)row->decision);
	return arena_printf(&app->arena, "%08x",
	                    (unsigned)hash_text64(buf_text(&seen))).ptr;
}

/* ---- Telling ------------------------------------------------------------------ */

static const struct column columns[] = {
	{ "id", W_RECORD, 30 }, { "field", W_FIELD, 30 }, { "from", W_FROM, 40 },
	{ "to", W_TO, 40 }, { "base", W_CONFLICT_BASE, 40 }, { "since", W_CONFLICT_SINCE, 0 },
	{ "state", W_STATE, 0 }, { "mark", W_CONFLICT_MARK, 0 },
	{ "target_id", W_TARGET_RECORD, 0 }, { "target_field", W_FIELD, 0 },
	{ "decided_by", W_STATE, 0 }, { "seen", W_CONFLICT_SINCE, 0 },
};
#define JSON_ALONE 4

struct listing {
	struct app *app;
	struct table table;
	int64_t open, room;
};

static const char *
state_of(struct app *app, const struct conflict *row)
{
	static const struct {
		enum word word;
		const char *code;
	} states[] = {
		[CONFLICT_OPEN] = { W_CONFLICT_OPEN, "open" },
		[CONFLICT_FROM] = { W_CONFLICT_FROM, "from" },
		[CONFLICT_TO] = { W_CONFLICT_TO, "to" },
	};
	bool again = row->decision == CONFLICT_OPEN && row->decided_by.len > 0;
	if (again)
		return app_code(app, W_CONFLICT_AGAIN, "again");
	return app_code(app, states[row->decision].word, states[row->decision].code);
}

static bool
list_row(void *with, struct store *store, struct conflict *row, struct rk_err *err)
{
	struct listing *l = with;
	struct arena *arena = &l->app->arena;
	(void)store;
	(void)err;
	l->open += row->decision == CONFLICT_OPEN;
	if (l->room-- <= 0)
		return true;
	struct cell *cells = table_row(&l->table);
	cells[0] = cell_text(arena_text(arena, row->from_id));
	cells[1] = cell_text(arena_text(arena, row->from_field));
	cells[2] = cell_text(arena_text(arena, row->from_value));
	cells[3] = cell_text(arena_text(arena, row->to_value));
	cells[4] = cell_text(arena_text(arena, row->base));
	cells[5] = cell_time(row->since_ms);
	cells[6] = cell_str(state_of(l->app, row));
	cells[7] = cell_str(conflicts_mark(l->app, row));
	if (!l->app->json)
		return true;
	cells[8] = cell_text(arena_text(arena, row->to_id));
	cells[9] = cell_text(arena_text(arena, row->to_field));
	cells[10] = cell_text(arena_text(arena, row->decided_by));
	cells[11] = cell_time(row->seen_ms);
	return true;
}

/* Walks the state of the sync, if there is one. */
static int
walk(struct app *app, const struct conflicts_pick *pick, conflicts_take *take, void *with)
{
	struct store *store;
	struct rk_err err = ERR_INIT;
	const char *name = pick->sync->name;
	struct rk_text identity = sync_identity(pick->sync, &app->arena);
	if (!store_exists(app_syncs_dir(app), name))
		return EXIT_DONE;
	if (!store_open(&store, app_syncs_dir(app), name, identity.ptr, STORE_LOOK, &err))
		return app_error(app, RK_PAUSE, &err, name);
	bool done = conflicts_walk(store, pick, take, with, &err);
	store_close(store);
	return done ? EXIT_DONE : app_error(app, RK_PAUSE, &err, name);
}

static int
list_sync(struct app *app, const struct config_sync *sync, int64_t most)
{
	size_t count = sizeof columns / sizeof *columns;
	struct conflicts_pick pick = { .sync = sync };
	struct listing l = { .app = app, .room = most };
	l.table = (struct table){ .columns = columns, .arena = &app->arena,
	                          .column_count = app->json ? count : count - JSON_ALONE };
	int code = walk(app, &pick, list_row, &l);
	out_group(&app->out, NULL, NULL);
	out_json_str(&app->out, "sync", sync->name);
	out_json_str(&app->out, "from", sync->from.connection);
	out_json_str(&app->out, "to", sync->to.connection);
	out_json_number(&app->out, "open", l.open);
	out_table(&app->out, "conflicts", &l.table);
	if (l.open > 0)
		out_line(&app->out, app_sayf(app, W_CONFLICTS_HOW, app_number(app, l.open),
		                             sync->name, sync->from.connection,
		                             sync->to.connection, NULL));
	out_group_end(&app->out);
	return code;
}

static int
list(struct app *app, const struct config_sync *only)
{
	int code = EXIT_DONE;
	size_t told = 0;
	int64_t most = INT64_MAX;
	if (app->limit != NULL && (!text_int64(text_of(app->limit), &most) || most < 1
	                           || most > LIMIT_MOST))
		return app_usage(app, app_sayf(app, W_BAD_LIMIT, app->limit, NULL));
	out_list(&app->out, "syncs");
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *sync = &app->config.syncs[i];
		if (sync->back == NULL || (only != NULL && sync != only))
			continue;
		if (told++ > 0)
			out_line(&app->out, "");
		if (only == NULL)
			out_title(&app->out, sync->name);
		code = exit_worse(code, list_sync(app, sync, most));
	}
	out_list_end(&app->out);
	if (told == 0)
		out_line(&app->out, app_say(app, W_CONFLICTS_NO_SYNC));
	return code;
}

int
conflicts_none(struct app *app, const struct conflicts_pick *pick)
{
	const char *name = pick->sync->name;
	const char *text = pick->field != NULL
	                   ? app_sayf(app, W_CONFLICTS_NO_FIELD, pick->id, name, pick->field,
	                              NULL)
	                   : app_sayf(app, W_CONFLICTS_NONE, pick->id, name,
	                              pick->sync->to.connection, NULL);
	/* Whoever has its mark has seen it: it was settled, or ended, since. */
	return app->seen != NULL ? app_stale(app, text) : app_usage(app, text);
}

struct shown {
	struct app *app;
	struct errors_place place;     /* owned */
	size_t count;
};

static bool
show_row(void *with, struct store *store, struct conflict *row, struct rk_err *err)
{
	struct shown *s = with;
	struct out *o = &s->app->out;
	(void)store;
	(void)err;
	if (s->count++ == 0) {
		errors_tell_record(&s->place, false, row->from_id,
		                   errors_link(&s->place, false, row->from_id,
		                               &s->app->arena));
		errors_tell_record(&s->place, true, row->to_id,
		                   errors_link(&s->place, true, row->to_id, &s->app->arena));
		out_list(o, "fields");
	}
	out_line(o, "");
	out_group(o, NULL, NULL);
	out_text(o, "field", W_FIELD, row->from_field);
	out_text(o, "target_field", W_CONFLICT_TARGET_FIELD, row->to_field);
	out_text(o, "from", W_FROM, row->from_value);
	out_text(o, "to", W_TO, row->to_value);
	out_text(o, "base", W_CONFLICT_BASE, row->base);
	out_time(o, "since", W_CONFLICT_SINCE, row->since_ms);
	out_str(o, "state", W_STATE, state_of(s->app, row));
	if (row->decided_by.len > 0)
		out_text(o, "decided_by", W_CONFLICT_BY, row->decided_by);
	out_str(o, "mark", W_CONFLICT_MARK, conflicts_mark(s->app, row));
	out_group_end(o);
	return true;
}

static int
show(struct app *app, const struct conflicts_pick *pick)
{
	struct shown s = { .app = app };
	struct rk_err err = ERR_INIT;
	int code = EXIT_DONE;
	if (!errors_open(&s.place, app, pick->sync, &err))
		code = app_error(app, RK_PAUSE, &err, pick->sync->name);
	else
		code = walk(app, pick, show_row, &s);
	if (s.count > 0)
		out_list_end(&app->out);
	errors_close(&s.place);
	if (code == EXIT_DONE && s.count == 0)
		return conflicts_none(app, pick);
	return code;
}

/* ---- Arguments ------------------------------------------------------------------ */

static bool
is_verb(const char *word)
{
	return strcmp(word, "list") == 0 || strcmp(word, "show") == 0
	       || strcmp(word, "settle") == 0;
}

static int
run_verb(struct app *app, const char *verb, const struct conflicts_pick *pick)
{
	bool lists = strcmp(verb, "list") == 0, shows = strcmp(verb, "show") == 0;
	if (pick->sync != NULL && pick->sync->back == NULL)
		return app_usage(app, app_sayf(app, W_CONFLICTS_ONE_WAY, pick->sync->name,
		                               NULL));
	if (lists && pick->id == NULL)
		return list(app, pick->sync);
	if (lists || (shows && pick->id == NULL)
	    || (!shows && (pick->sync == NULL || (pick->id == NULL) != app->all)))
		return app_usage(app, app_say(app, W_CONFLICTS_FORM));
	if (shows)
		return show(app, pick);
	app->acts = true;
	return conflicts_settle(app, pick);
}

int
cmd_conflicts(struct app *app, int argc, char **argv)
{
	struct conflicts_pick pick = { 0 };
	const char *verb = "list";
	if (!app_load(app))
		return EXIT_USAGE;
	/* A sync may be called "list" itself. */
	bool alone = argc == 2 && (!is_verb(argv[1]) || config_sync(&app->config, argv[1]));
	int at = 1;
	if (argc > 1 && !alone)
		verb = argv[at++];
	if (!is_verb(verb))
		return app_usage(app, app_say(app, W_CONFLICTS_FORM));
	if (argc > at && (pick.sync = app_sync(app, argv[at])) == NULL)
		return EXIT_USAGE;
	if (argc > at + 1)
		pick.id = argv[at + 1];
	if (argc > at + 2)
		pick.field = argv[at + 2];
	return run_verb(app, verb, &pick);
}
