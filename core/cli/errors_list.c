/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_list.c - renkei errors list: a card a category with how many errors and
 * records it has, the records or the errors that differ, and what helps, by category. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/errors.h"
#include "cli/kinds.h"
#include "cli/overrides.h"
#include "store/slots.h"

/* NAME is for programs: people see the side in a column. */
enum { ID, CATEGORY, FIELD, VALUE, ATTEMPTS, NEXT_TRY, CODE, MESSAGE, SIDE, NAME, CELLS };

struct listing {
	struct app *app;
	struct table records;
	struct table errors;           /* Those that differ. */
	struct kinds cards;
	size_t gone, heal;             /* Records deleted at the other side; tried by time. */
};

/* What lives longer than the chunk it came with. */
static struct cell
kept(struct app *app, struct rk_text text)
{
	return cell_text(arena_text(&app->arena, text));
}

static bool
take_row(void *with, struct errors_place *place, const struct pending *p)
{
	struct listing *l = with;
	struct app *app = l->app;
	struct cell *row = table_row(&l->records);
	if (l->records.column_count > SIDE)
		row[SIDE] = cell_str(place->sync->from.connection);
	if (l->records.column_count > NAME)
		row[NAME] = cell_str(errors_name(place->sync, p->id, &app->arena));
	row[ID] = kept(app, p->id);
	row[CATEGORY] = cell_str(errors_kind_name(errors_kind(p)));
	row[FIELD] = kept(app, p->field);
	row[VALUE] = kept(app, p->value);
	row[ATTEMPTS] = cell_number(p->attempts);
	row[NEXT_TRY] = cell_time(errors_next_try(p));
	row[CODE] = kept(app, p->code);
	row[MESSAGE] = cell_text(app_told(app, p->message));
	l->gone += p->state == PENDING_FAILED
	           && text_eq(p->code, TEXT_LIT(RK_CODE_RECORD_GONE));
	l->heal += !errors_waits(p);
	return true;
}

/* ---- What is the same error ------------------------------------------------ */

/* By category, field, value and code; rows that are equal in these are one error. */
static int
compare(const void *a, const void *b)
{
	static const int cells[] = { CATEGORY, FIELD, VALUE, CODE };
	const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
	int order = 0;
	for (size_t i = 0; i < sizeof cells / sizeof *cells && order == 0; i++)
		order = text_cmp(x[cells[i]].text, y[cells[i]].text);
	return order;
}

/* The expression of the map that fills a field. */
static const char *
filled_from(const struct config_sync *sync, struct rk_text field)
{
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].enabled && text_is(field, sync->maps[i].to))
			return sync->maps[i].from;
	return sync->back != NULL ? filled_from(sync->back, field) : NULL;
}

static void
add_error(struct listing *l, const struct config_sync *sync, const struct cell *first,
          size_t records)
{
	struct cell *row = table_row(&l->errors);
	row[0] = first[CATEGORY];
	row[1] = cell_str(filled_from(sync, first[FIELD].text));
	row[2] = first[FIELD];
	row[3] = first[VALUE];
	row[4] = cell_number((int64_t)records);
	row[5] = first[CODE];
	row[6] = first[MESSAGE];
	kinds_add(l->app, &l->cards, errors_kind_of(first[CATEGORY].text.ptr),
	          first[CODE].text.ptr, 1, (int64_t)records);
}

static void
group(struct listing *l, const struct config_sync *sync)
{
	size_t count = l->records.count, from = 0;
	struct cell **rows = arena_new_array(&l->app->arena, count, struct cell *);
	for (size_t i = 0; i < count; i++)
		rows[i] = &l->records.cells[i * l->records.column_count];
	qsort(rows, count, sizeof *rows, compare);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && compare(&rows[from], &rows[i]) == 0)
			continue;
		add_error(l, sync, rows[from], i - from);
		from = i;
	}
}

/* ---- Telling ------------------------------------------------------------------ */

static void
tell_cards(struct app *app, const struct kinds *cards, struct kinds *seen)
{
	static const struct column columns[] = {
		{ "title", W_CATEGORY, 0 }, { "category", W_OPTION_VALUE, 0 },
		{ "errors", W_ERRORS, 0 },  { "records", W_RECORDS, 0 },
		{ "code", W_CODE, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = app->json ? 5 : 4 };
	for (size_t i = 0; i < cards->count; i++) {
		const struct kind_count *card = &cards->list[i];
		struct cell *row = table_row(&t);
		row[0] = cell_str(card->title);
		row[1] = cell_str(errors_kind_name(card->kind));
		row[2] = cell_number(card->errors);
		row[3] = cell_number(card->records);
		if (app->json)
			row[4] = cell_str(card->code);
		kinds_add(app, seen, card->kind, card->code, card->errors, card->records);
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "cards", &t);
	if (t.count > 0)
		out_line(&app->out, "");
}

/* Who tries them again: time, or a person. */
static void
tell_ends(struct app *app, const struct listing *l, const struct config_sync *sync)
{
	const char *form = errors_name_form(app, sync);
	if (app->ignored && l->records.count > 0)
		out_line(&app->out, app_sayf(app, W_ERRORS_ARE_IGNORED, sync->name, form, NULL));
	if (app->ignored)
		return;
	if (l->gone > 0)
		out_line(&app->out, app_sayf(app, W_ERRORS_WAIT, app_number(app, (int64_t)l->gone),
		                             sync->name, form, NULL));
	if (l->heal > 0)
		out_line(&app->out, app_sayf(app, l->heal == l->records.count ? W_ERRORS_HEAL
		                                                              : W_ERRORS_REST_HEALS,
		                             sync->name, form, NULL));
}

/* One sync; adds the kinds that it has to 'seen'. */
static int
list(struct app *app, const struct errors_pick *pick, const struct config_sync *sync,
     struct kinds *seen)
{
	static const struct column columns[CELLS] = {
		{ "id", W_RECORD, 30 },        { "category", W_CATEGORY, 0 },
		{ "field", W_FIELD, 30 },      { "value", W_VALUE, 30 },
		{ "attempts", W_ATTEMPTS, 0 }, { "next_try", W_NEXT_TRY, 0 },
		{ "code", W_CODE, 30 },        { "message", W_MESSAGE, 0 },
		{ "side", W_FROM_SIDE, 20 },   { "name", W_RECORD, 0 },
	};
	static const struct column grouped[] = {
		{ "category", W_CATEGORY, 0 }, { "from", W_FROM, 30 },
		{ "field", W_FIELD, 30 },      { "value", W_VALUE, 30 },
		{ "records", W_RECORDS, 0 },   { "code", W_CODE, 30 },
		{ "message", W_MESSAGE, 0 },
	};
	struct listing l = { .app = app };
	l.records = (struct table){ .columns = columns, .arena = &app->arena,
	                            .column_count = app->json ? CELLS
		: sync->back != NULL ? NAME : SIDE };
	l.errors = (struct table){ .columns = grouped, .arena = &app->arena,
	                           .column_count = sizeof grouped / sizeof *grouped };
	int code = errors_walk(app, pick, sync, take_row, &l);
	if (code != EXIT_DONE)
		return code;
	group(&l, sync);
	out_json_str(&app->out, "sync", sync->name);
	tell_cards(app, &l.cards, seen);
	out_table(&app->out, app->grouped ? "groups" : "records",
	          app->grouped ? &l.errors : &l.records);
	tell_ends(app, &l, sync);
	/* Nothing heals while it does not run. */
	bool held = slots_held(world_host(&app->world), sync->name) > clock_now_ms();
	const char *cause = overrides_cause(app, sync, held ? "" : NULL);
	if (cause != NULL)
		out_line(&app->out, cause);
	return pick->kind != 0 || app->ignored ? EXIT_DONE : errors_tell_waits(app, sync);
}

static int
list_all(struct app *app, const struct errors_pick *pick, struct kinds *seen)
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
tell_advice(struct app *app, const struct config_sync *sync, const struct kinds *seen)
{
	struct out *o = &app->out;
	out_list(o, "advice");
	for (size_t i = 0; i < seen->count; i++) {
		const struct kind_count *k = &seen->list[i];
		struct explained e = errors_explain(app, sync, k->kind, k->code);
		out_line(o, "");
		out_title(o, arena_printf(&app->arena, "%s (%s)", e.title,
		                          errors_kind_name(k->kind)).ptr);
		out_group(o, NULL, NULL);
		out_json_str(o, "category", errors_kind_name(k->kind));
		out_json_str(o, "code", k->code);
		out_json_str(o, "title", e.title);
		errors_tell_explained(app, &e);
		out_group_end(o);
	}
	out_list_end(o);
}

int
errors_list(struct app *app, const struct errors_pick *pick)
{
	struct kinds seen = { 0 };
	if (app->config.sync_count == 0)
		return EXIT_DONE;
	int code = pick->only == NULL ? list_all(app, pick, &seen)
	                              : list(app, pick, pick->only, &seen);
	tell_advice(app, pick->only != NULL ? pick->only : &app->config.syncs[0], &seen);
	return code;
}
