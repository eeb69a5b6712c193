/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - see fields.h. */
#include "cli/fields.h"

#include <string.h>

#include "base/text.h"
#include "cli/lines.h"
#include "store/field_log.h"

#define CHANGES_SHOWN 50
#define CHANGES_MOST 100000
#define PIECE 200
/* A record that was written more often than that is told by its newest lines. */
#define LINES_MOST 20000
/* Pairs before the one that stands: each took a person's word. */
#define OLDER_MOST 16

/* A change that the line of a decision told: the line of its write need not. */
struct beside {
	int64_t run, way;
	struct rk_text field;
};

struct teller {
	struct app *app;
	const struct config_sync *sync;
	const unsigned char *revision;
	unsigned char back_revision[16];
	struct beside *besides;
	size_t beside_count, beside_room;
	struct table table;
	size_t left;                   /* Changes to show. */
	int64_t damaged;
};

static const struct {
	const char *code;
	enum word word;
} causes[FIELD_CAUSE_COUNT] = {
	[0] = { "other", W_CAUSE_OTHER },
	[FIELD_MAPPED] = { "mapped", W_CAUSE_MAPPED },
	[FIELD_CREATED] = { "created", W_CAUSE_CREATED },
	[FIELD_ARCHIVED] = { "archived", W_CAUSE_ARCHIVED },
	[FIELD_CONFLICT] = { "conflict", W_CAUSE_CONFLICT },
	[FIELD_SETTLED] = { "settled", W_CAUSE_SETTLED },
	[FIELD_APPLIED] = { "applied", W_CAUSE_APPLIED },
	[FIELD_REVERTED] = { "reverted", W_CAUSE_REVERTED },
	[FIELD_ANEW] = { "anew", W_CAUSE_ANEW },
};

static struct cell
value_cell(struct app *app, const struct rk_value *value, bool cut)
{
	if (value->type == RK_ABSENT)
		return cell_str(NULL);
	struct rk_text text = lines_value(app, value);
	if (text.len == 0 && !app->json)
		return cell_str(app_say(app, W_EMPTY));
	return cell_text(cut ? arena_printf(&app->arena, "%.*s...", (int)text.len, text.ptr)
	                     : text);
}

/* The mapping's line; of an earlier mapping nobody knows it any more. */
static const char *
rule_of(const struct teller *t, const struct field_line *line, struct rk_text field)
{
	bool is_back = line->way == 2 && t->sync->back != NULL;
	const struct config_sync *way = is_back ? t->sync->back : t->sync;
	const unsigned char *revision = is_back ? t->back_revision : t->revision;
	if (memcmp(line->revision, revision, sizeof line->revision) != 0)
		return app_code(t->app, W_EARLIER_MAPPING, "earlier");
	for (size_t i = 0; i < way->map_count; i++)
		if (way->maps[i].to != NULL && text_is(field, way->maps[i].to))
			return way->maps[i].from;
	return NULL;
}

static struct rk_text
cause_of(const struct teller *t, const struct field_line *line)
{
	struct app *app = t->app;
	int64_t cause = line->cause > 0 && line->cause < FIELD_CAUSE_COUNT ? line->cause : 0;
	const char *told = app_code(app, causes[cause].word, causes[cause].code);
	if (cause == FIELD_MAPPED && t->sync->back != NULL && !app->json)
		told = app_sayf(app, W_CAUSE_MAPPED_AT,
		                line->way == 2 ? t->sync->to.connection
		                               : t->sync->from.connection, NULL);
	if (line->state == FIELD_UNKNOWN && !app->json)
		told = arena_printf(&app->arena, "%s (%s)", told,
		                    app_say(app, W_OUTCOME_UNKNOWN)).ptr;
	if (line->note.len == 0 || app->json)
		return text_of(told);
	return arena_printf(&app->arena, "%s: %.*s", told, (int)line->note.len,
	                    line->note.ptr);
}

static void
add_row(struct teller *t, const struct field_line *line, const struct field_change *change)
{
	const struct config_sync *sync = t->sync;
	struct cell *row = table_row(&t->table);
	row[0] = cell_time(line->at_ms);
	row[1] = cell_number(line->run);
	row[2] = cell_str(line->way == 2 ? sync->to.connection : sync->from.connection);
	row[3] = cell_text(change->field);
	row[4] = value_cell(t->app, &change->before, change->cut_before);
	row[5] = value_cell(t->app, &change->after, change->cut_after);
	row[6] = cell_text(cause_of(t, line));
	row[7] = cell_str(change->field.len > 0 ? rule_of(t, line, change->field) : NULL);
	if (!t->app->json)
		return;
	row[8] = cell_text(line->note);
	row[9] = cell_bool(line->state != FIELD_UNKNOWN);
	row[10] = cell_bool(change->cut_before || change->cut_after);
}

static void
note_beside(struct teller *t, const struct field_line *line, struct rk_text field)
{
	if (t->beside_count == t->beside_room) {
		size_t room = t->beside_room == 0 ? 16 : t->beside_room * 2;
		struct beside *more = arena_new_array(&t->app->arena, room, struct beside);
		if (t->beside_count > 0)
			memcpy(more, t->besides, t->beside_count * sizeof *more);
		t->besides = more;
		t->beside_room = room;
	}
	t->besides[t->beside_count++] = (struct beside){ line->run, line->way, field };
}

/* The line of a decision is younger than that of its write, and was told before it. */
static bool
was_told(struct teller *t, const struct field_line *line, struct rk_text field)
{
	if (field_is_beside(line->cause)) {
		note_beside(t, line, field);
		return false;
	}
	for (size_t i = 0; i < t->beside_count; i++) {
		const struct beside *b = &t->besides[i];
		if (b->run != line->run || b->way != line->way || !text_eq(b->field, field))
			continue;
		t->besides[i] = t->besides[--t->beside_count];
		return true;
	}
	return false;
}

/* Whether the person's field is this one of the line's target, or what is mapped to
 * it. */
static bool
is_asked(const struct teller *t, const struct field_line *line, struct rk_text field)
{
	const char *only = t->app->field;
	bool is_back = line->way == 2 && t->sync->back != NULL;
	const struct config_sync *way = is_back ? t->sync->back : t->sync;
	bool asked = only == NULL || text_is(field, only);
	for (size_t i = 0; i < way->map_count && !asked; i++)
		asked = way->maps[i].to != NULL && way->maps[i].from != NULL
		        && text_is(field, way->maps[i].to)
		        && strcmp(way->maps[i].from, only) == 0;
	return asked;
}

static void
add_line(struct teller *t, const struct field_line *line)
{
	const char *only = t->app->field;
	t->damaged += line->damaged;
	/* That a record was made or put away is told of no field. */
	if (line->count == 0 && !line->damaged && only == NULL && t->left > 0) {
		struct field_change none = { .field = { NULL, 0 } };
		add_row(t, line, &none);
		t->left--;
	}
	for (size_t i = 0; i < line->count && t->left > 0; i++) {
		if (!is_asked(t, line, line->changes[i].field))
			continue;
		if (was_told(t, line, line->changes[i].field))
			continue;
		add_row(t, line, &line->changes[i]);
		t->left--;
	}
}

static bool
add_lines(struct teller *t, struct store *store, struct rk_text from_id, struct rk_err *err)
{
	int64_t before = INT64_MAX;
	for (size_t seen = 0; seen < LINES_MOST && t->left > 0;) {
		struct field_lines lines;
		if (!field_log_of_record(store, from_id, before, PIECE, &t->app->arena, &lines,
		                         err))
			return false;
		for (size_t i = 0; i < lines.count; i++)
			add_line(t, &lines.list[i]);
		if (lines.count < PIECE)
			return true;
		seen += lines.count;
		before = lines.list[lines.count - 1].seq;
	}
	return true;
}

/* The way back has a mapping of its own. */
static bool
know_back(struct teller *t, struct store *store, struct rk_err *err)
{
	struct cursor cursor;
	if (t->sync->back == NULL || !store_has_back(store))
		return true;
	struct store *back = store_back(store, err);
	if (back == NULL || !store_cursor_get(back, &t->app->arena, &cursor, err))
		return false;
	memcpy(t->back_revision, cursor.revision, sizeof t->back_revision);
	return true;
}

bool
fields_tell(struct app *app, const struct config_sync *sync, struct store *store,
            struct rk_text from_id, const unsigned char revision[16], struct rk_err *err)
{
	static const struct column columns[] = {
		{ "at", W_TIME, 0 }, { "run", W_RUN, 0 }, { "side", W_FROM_SIDE, 20 },
		{ "field", W_FIELD, 30 }, { "before", W_BEFORE, 40 }, { "after", W_AFTER, 40 },
		{ "cause", W_CAUSE, 40 }, { "rule", W_MAPPING_LINE, 40 },
		{ "note", W_NOTE, 0 }, { "known", W_KNOWN, 0 }, { "cut", W_CUT, 0 },
	};
	int64_t most = CHANGES_SHOWN;
	if (app->limit != NULL && (!text_int64(text_of(app->limit), &most) || most < 1
	                           || most > CHANGES_MOST))
		most = CHANGES_SHOWN;
	struct teller t = { .app = app, .sync = sync, .revision = revision,
	                    .left = (size_t)most };
	size_t people = 8, all = sizeof columns / sizeof *columns;
	t.table = (struct table){ .columns = columns, .arena = &app->arena,
	                          .column_count = app->json ? all : people };
	if (!know_back(&t, store, err) || !add_lines(&t, store, from_id, err))
		return false;
	if (t.table.count > 0 || app->json)
		out_table(&app->out, "changes", &t.table);
	else if (sync->history_ms <= 0)
		out_line(&app->out, app_say(app, W_NO_HISTORY));
	if (t.damaged > 0)
		out_line(&app->out, app_sayf(app, W_LINES_DAMAGED,
		                             app_number(app, t.damaged), NULL));
	return true;
}

/* ---- Pairs before ------------------------------------------------------------------ */

/* The id, at from, of the record in whose place this one was made; empty: of none. */
static bool
find_older(struct app *app, struct store *store, struct rk_text from_id,
           struct rk_text *older, struct rk_err *err)
{
	int64_t before = INT64_MAX;
	*older = (struct rk_text){ NULL, 0 };
	for (size_t seen = 0; seen < LINES_MOST;) {
		struct field_lines lines;
		if (!field_log_of_record(store, from_id, before, PIECE, &app->arena, &lines,
		                         err))
			return false;
		/* What was made anew at the other side has the same line. */
		for (size_t i = 0; i < lines.count; i++)
			if (lines.list[i].cause == FIELD_ANEW && lines.list[i].way == 2)
				*older = lines.list[i].note;
		if (lines.count < PIECE)
			return true;
		seen += lines.count;
		before = lines.list[lines.count - 1].seq;
	}
	return true;
}

bool
fields_tell_older(struct app *app, const struct config_sync *sync, struct store *store,
                  struct rk_text from_id, const unsigned char revision[16],
                  struct rk_err *err)
{
	const char *side = sync->from.connection, *shown;
	struct rk_text ids[OLDER_MOST], id = from_id;
	size_t count = 0;
	while (count < OLDER_MOST && id.len > 0) {
		if (!find_older(app, store, id, &ids[count], err))
			return false;
		id = ids[count];
		count += id.len > 0;
	}
	if (count == 0)
		return true;
	out_list(&app->out, "older");
	for (size_t i = count; i-- > 0;) {
		shown = arena_text(&app->arena, ids[i]).ptr;
		out_group(&app->out, NULL, NULL);
		out_json_str(&app->out, "id", shown);
		out_line(&app->out, "");
		out_line(&app->out, app_sayf(app, W_WHY_OLDER, shown, side, NULL));
		if (!fields_tell(app, sync, store, ids[i], revision, err))
			return false;
		out_group_end(&app->out);
	}
	out_list_end(&app->out);
	shown = arena_text(&app->arena, from_id).ptr;
	out_line(&app->out, "");
	out_line(&app->out, app_sayf(app, W_WHY_NOW, shown, side, NULL));
	return true;
}
