/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_list.c - renkei errors list: a card a category with how many errors and
 * records it has, the records, and what helps, by category. */
#include "base/text.h"
#include "cli/errors.h"
#include "record/hash.h"
#include "sync/set.h"

/* Records that share category, code, field and value have one error. */
struct card {
	struct set errors;             /* owned */
	int64_t records;
};

struct listing {
	struct app *app;
	struct table table;
	struct card cards[ERRORS_KINDS];
};

/* What lives longer than the chunk it came with. */
static struct cell
kept(struct app *app, struct rk_text text)
{
	return cell_text(arena_text(&app->arena, text));
}

static void
count_in(struct card *card, const struct pending *row)
{
	BUF_AUTO bytes = BUF_INIT(1024 * 1024);
	wire_text(&bytes, row->code);
	wire_text(&bytes, row->field);
	wire_text(&bytes, row->value);
	int64_t hash = hash_text64(buf_text(&bytes));
	card->records++;
	if (!set_has(&card->errors, hash))
		set_add(&card->errors, hash);
}

static bool
take_row(void *with, struct errors_place *place, const struct pending *p)
{
	struct listing *l = with;
	struct app *app = l->app;
	struct cell *row = table_row(&l->table);
	(void)place;
	row[0] = kept(app, p->id);
	row[1] = cell_str(errors_kind_name(errors_kind(p)));
	row[2] = kept(app, p->field);
	row[3] = kept(app, p->value);
	row[4] = cell_number(p->attempts);
	row[5] = p->due_ms == INT64_MAX ? (struct cell){ 0 } : cell_time(p->due_ms);
	row[6] = kept(app, p->code);
	row[7] = kept(app, p->message);
	count_in(&l->cards[errors_kind(p)], p);
	return true;
}

static void
tell_cards(struct app *app, const struct config_sync *sync, struct listing *l,
           bool seen[ERRORS_KINDS])
{
	static const struct column columns[] = {
		{ "title", W_CATEGORY, 0 }, { "category", W_OPTION_VALUE, 0 },
		{ "errors", W_ERRORS, 0 },  { "records", W_RECORDS, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 4 };
	for (int kind = 1; kind < ERRORS_KINDS; kind++) {
		struct card *card = &l->cards[kind];
		if (card->records == 0)
			continue;
		struct cell *row = table_row(&t);
		row[0] = cell_str(errors_explain(app, sync, kind, NULL).title);
		row[1] = cell_str(errors_kind_name(kind));
		row[2] = cell_number((int64_t)card->errors.count);
		row[3] = cell_number(card->records);
		seen[kind] = true;
		set_free(&card->errors);
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "cards", &t);
	if (t.count > 0)
		out_line(&app->out, "");
}

/* One sync; marks the kinds that it has in 'seen'. */
static int
list(struct app *app, const struct errors_pick *pick, const struct config_sync *sync,
     bool seen[ERRORS_KINDS])
{
	static const struct column columns[] = {
		{ "id", W_RECORD, 30 },        { "category", W_CATEGORY, 0 },
		{ "field", W_FIELD, 30 },      { "value", W_VALUE, 30 },
		{ "attempts", W_ATTEMPTS, 0 }, { "next_try", W_NEXT_TRY, 0 },
		{ "code", W_CODE, 30 },        { "message", W_MESSAGE, 0 },
	};
	struct listing l = { .app = app };
	l.table = (struct table){ .columns = columns, .arena = &app->arena,
	                          .column_count = sizeof columns / sizeof *columns };
	int code = errors_walk(app, pick, sync, take_row, &l);
	if (code != EXIT_DONE)
		return code;
	out_json_str(&app->out, "sync", sync->name);
	tell_cards(app, sync, &l, seen);
	out_table(&app->out, "records", &l.table);
	if (l.table.count > 0)
		out_line(&app->out, app_sayf(app, app->ignored ? W_ERRORS_ARE_IGNORED
		                                               : W_ERRORS_HEAL,
		                             sync->name, NULL));
	return EXIT_DONE;
}

static int
list_all(struct app *app, const struct errors_pick *pick, bool seen[ERRORS_KINDS])
{
	int code = EXIT_DONE;
	struct out *o = &app->out;
	out_list(o, "syncs");
	for (size_t i = 0; i < app->config.sync_count; i++) {
		if (i > 0)
			out_line(o, "");
		out_title(o, app->config.syncs[i].name);
		out_flush(o);          /* Before what goes to standard error. */
		out_group(o, NULL, NULL);
		code = exit_worse(code, list(app, pick, &app->config.syncs[i], seen));
		out_group_end(o);
	}
	out_list_end(o);
	return code;
}

static void
tell_advice(struct app *app, const struct config_sync *sync, const bool seen[ERRORS_KINDS])
{
	struct out *o = &app->out;
	out_list(o, "advice");
	for (int kind = 1; kind < ERRORS_KINDS; kind++) {
		if (!seen[kind])
			continue;
		struct explained e = errors_explain(app, sync, kind, NULL);
		out_line(o, "");
		out_title(o, arena_printf(&app->arena, "%s (%s)", e.title,
		                          errors_kind_name(kind)).ptr);
		out_group(o, NULL, NULL);
		out_json_str(o, "category", errors_kind_name(kind));
		errors_tell_explained(app, &e);
		out_group_end(o);
	}
	out_list_end(o);
}

int
errors_list(struct app *app, const struct errors_pick *pick)
{
	bool seen[ERRORS_KINDS] = { false };
	if (app->config.sync_count == 0)
		return EXIT_DONE;
	int code = pick->only == NULL ? list_all(app, pick, seen)
	                              : list(app, pick, pick->only, seen);
	tell_advice(app, pick->only != NULL ? pick->only : &app->config.syncs[0], seen);
	return code;
}
