/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_export.c - renkei errors export: one line an error, for a spreadsheet or for
 * a program. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "base/csv.h"
#include "cli/errors.h"

#define FLUSH_BYTES 65536
#define LINE_MAX_BYTES (64u * 1024 * 1024)

enum { SYNC, STATE, CATEGORY, CODE, MESSAGE, FIELD, VALUE, SOURCE_ID, SOURCE_LINK,
       TARGET_ID, TARGET_LINK, ATTEMPTS, FIRST_SEEN, NEXT_TRY, NAME, CELLS };

static const char *const names[CELLS] = {
	"sync", "state", "category", "code", "message", "field", "value", "source_id",
	"source_link", "target_id", "target_link", "attempts", "first_seen", "next_try",
	"name",
};

struct export {
	struct app *app;
	struct buf text;               /* owned: not written yet */
	int fd;
	bool csv, failed;
	int64_t records;
	struct rk_err err;
};

static void
flush(struct export *e)
{
	if (e->text.over || !io_write_all(e->fd, buf_str(&e->text), e->text.len))
		e->failed = true;
	buf_reset(&e->text);
}

static void
add_members(struct json_out *j, const struct rk_text cells[CELLS], int64_t attempts)
{
	for (int i = 0; i < CELLS; i++)
		if (i == ATTEMPTS)
			json_number(j, names[i], attempts);
		else if (i == NEXT_TRY && cells[i].len == 0)
			json_null(j, names[i]);
		else
			json_text(j, names[i], cells[i]);
}

static struct rk_text
time_cell(int64_t ms, struct arena *arena)
{
	BUF_AUTO text = BUF_INIT(64);
	if (ms != INT64_MAX)
		clock_format(&text, ms);
	return arena_text(arena, buf_text(&text));
}

static void
fill(struct rk_text cells[CELLS], const struct errors_place *place,
     const struct pending *row, const struct errors_ends *ends, struct arena *arena)
{
	cells[SYNC] = text_of(place->sync->name);
	cells[STATE] = text_of(errors_state_name(row));
	cells[CATEGORY] = text_of(errors_kind_name(errors_kind(row)));
	cells[CODE] = row->code;
	cells[MESSAGE] = row->message;
	cells[FIELD] = row->field;
	cells[VALUE] = row->value;
	cells[SOURCE_ID] = row->id;
	cells[SOURCE_LINK] = ends->from_link;
	cells[TARGET_ID] = ends->to_id;
	cells[TARGET_LINK] = ends->to_link;
	cells[ATTEMPTS] = arena_printf(arena, "%lld", (long long)row->attempts);
	cells[FIRST_SEEN] = time_cell(row->first_ms, arena);
	cells[NEXT_TRY] = time_cell(row->due_ms, arena);
	cells[NAME] = text_of(errors_name(place->sync, row->id, arena));
}

static bool
take_row(void *with, struct errors_place *place, const struct pending *row)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct export *e = with;
	struct errors_ends ends;
	struct rk_text cells[CELLS];
	e->failed = e->failed || !errors_ends(place, row, &arena, &ends, &e->err);
	if (e->failed)
		return false;
	fill(cells, place, row, &ends, &arena);
	if (e->fd < 0) {
		out_group(&e->app->out, NULL, NULL);
		add_members(&e->app->out.doc, cells, row->attempts);
		out_group_end(&e->app->out);
	} else if (e->csv) {
		csv_line(&e->text, cells, CELLS);
	} else {
		struct json_out j = { .out = &e->text };
		json_open(&j, NULL, '{');
		add_members(&j, cells, row->attempts);
		json_close(&j, '}');
		buf_addc(&e->text, '\n');
	}
	e->records++;
	if (e->text.len >= FLUSH_BYTES)
		flush(e);
	return !e->failed;
}

static int
write_rows(struct export *e, const struct errors_pick *pick)
{
	struct app *app = e->app;
	struct rk_text heads[CELLS];
	int code = EXIT_DONE;
	for (int i = 0; i < CELLS; i++)
		heads[i] = text_of(names[i]);
	if (e->csv && app->bom)
		buf_adds(&e->text, "\xEF\xBB\xBF");
	if (e->csv)
		csv_line(&e->text, heads, CELLS);
	for (size_t i = 0; i < app->config.sync_count; i++)
		if (pick->only == NULL || pick->only == &app->config.syncs[i])
			code = exit_worse(code, errors_walk(app, pick,
			                                    &app->config.syncs[i],
			                                    take_row, e));
	if (e->fd >= 0)
		flush(e);
	return code;
}

/* The file appears whole or not at all; one of that name is replaced. */
static int
write_file(struct export *e, const struct errors_pick *pick)
{
	struct app *app = e->app;
	char *path = (char *)(uintptr_t)arena_printf(&app->arena, "%s.XXXXXX",
	                                             app->file).ptr;
	e->fd = mkostemp(path, O_CLOEXEC);
	if (e->fd < 0) {
		err_errno(&e->err, RK_PAUSE, RK_CAT_CONFIG,
		          "%s cannot be written; name a file in a folder where this "
		          "user may write", app->file);
		return app_error(app, RK_PAUSE, &e->err, NULL);
	}
	int code = write_rows(e, pick);
	errno = 0;
	bool done = code == EXIT_DONE && !e->failed && fsync(e->fd) == 0
	            && rename(path, app->file) == 0;
	if (!done && code == EXIT_DONE && e->err.category == RK_CAT_NONE)
		err_errno(&e->err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be written; name "
		          "another file, or free some space", app->file);
	io_close(&e->fd);
	if (!done)
		unlink(path);
	if (code != EXIT_DONE || done)
		return code;
	return app_error(app, RK_PAUSE, &e->err, NULL);
}

static int
write_out(struct export *e, const struct errors_pick *pick)
{
	struct app *app = e->app;
	e->fd = app->json ? -1 : STDOUT_FILENO;
	e->csv = e->csv && !app->json;
	out_list(&app->out, "records");
	int code = write_rows(e, pick);
	out_list_end(&app->out);
	if (e->failed && e->err.category == RK_CAT_NONE)
		err_set(&e->err, RK_PAUSE, RK_CAT_OTHER,
		        "standard output could not be written; use --out FILE");
	return code == EXIT_DONE && e->failed ? app_error(app, RK_PAUSE, &e->err, NULL)
	                                      : code;
}

int
errors_export(struct app *app, const struct errors_pick *pick)
{
	const char *format = app->format != NULL ? app->format : "csv";
	struct export e = { .app = app, .text = BUF_INIT(LINE_MAX_BYTES), .fd = -1,
		            .csv = strcmp(format, "csv") == 0, .err = ERR_INIT };
	if (!e.csv && strcmp(format, "jsonl") != 0)
		return app_usage(app, app_sayf(app, W_ERRORS_FORMAT, format, NULL));
	int code = app->file != NULL ? write_file(&e, pick) : write_out(&e, pick);
	buf_free(&e.text);
	if (code != EXIT_DONE || app->file == NULL)
		return code;
	out_json_str(&app->out, "file", app->file);
	out_json_number(&app->out, "written", e.records);
	out_line(&app->out, app_sayf(app, W_ERRORS_WRITTEN, app_number(app, e.records),
	                             app->file, NULL));
	return code;
}
