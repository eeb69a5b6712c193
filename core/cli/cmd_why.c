/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_why.c - renkei why: the story of one record, from what the sync's state holds of
 * it: journal, batch, pending, link, last run; and what happens next.  No CRM is
 * asked. */
#include "base/clock.h"
#include "base/zone.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/fields.h"
#include "cli/look.h"
#include "store/field_log.h"
#include "mapping/unicode.h"

struct story {
	struct app *app;
	const struct config_sync *sync;
	struct errors_place place;     /* owned */
	struct rk_text id;             /* Of the source; empty: not found. */
	struct pending row;            /* id empty: none. */
	struct link link;              /* to_id empty: none. */
	int64_t page, batch;           /* Where it lies; 0: nowhere. */
	int64_t hold_until_ms;
	struct rk_err err;
};

/* ---- Who is meant -------------------------------------------------------- */

static bool
by_key(struct story *s, struct rk_text key)
{
	struct rk_text none = { "", 0 };
	struct arena *arena = &s->app->arena;
	key = text_trim(key);
	if (key.len == 0 || !unicode_normal(&key, false, arena))
		return true;
	if (!store_link_by_key(s->place.store, hash_text64(key), none, arena, &s->link,
	                       &s->err))
		return false;
	/* Targets that do not tell upper case from lower keep the lower one. */
	key = unicode_each(key, unicode_lower, arena);
	return s->link.from_id.len > 0
	       || store_link_by_key(s->place.store, hash_text64(key), none, arena,
	                            &s->link, &s->err);
}

static bool
find_link(struct story *s, struct rk_text name)
{
	struct rk_text none = { "", 0 };
	struct store *store = s->place.store;
	struct arena *arena = &s->app->arena;
	if (!store_link_get(store, name, arena, &s->link, &s->err))
		return false;
	if (s->link.from_id.len > 0 || s->row.id.len > 0)
		return true;
	if (!store_link_by_target(store, name, none, arena, &s->link, &s->err))
		return false;
	return s->link.from_id.len > 0 || by_key(s, name);
}

static bool
find_page(struct story *s, struct rk_text id)
{
	struct page page = { .seq = 0 };
	do {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		if (!store_page_next(s->place.store, page.seq, &arena, &page, &s->err))
			return false;
		struct wire_reader r = wire_reader(page.body);
		while (page.seq != 0 && wire_more(&r)) {
			struct rk_text part;
			wire_take_any(&r, &part);
			struct wire_reader record = wire_reader(part);
			if (text_eq(wire_take_text(&record), id))
				s->page = page.seq;
		}
	} while (page.seq != 0);
	return true;
}

static bool
find_batch(struct story *s, struct rk_text id)
{
	struct store_batch batch = { .seq = 0 };
	do {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		if (!store_batch_next(s->place.store, batch.seq, &arena, &batch, &s->err))
			return false;
		for (size_t i = 0; i < batch.count; i++)
			if (text_eq(batch.entries[i].id, id)) {
				s->batch = batch.seq;
				s->hold_until_ms = batch.hold_until_ms;
			}
	} while (batch.seq != 0);
	return true;
}

/* Neither linked nor kept any more: what was written to it may still be known. */
static bool
find_lines(struct story *s, struct rk_text name)
{
	struct field_lines lines;
	if (s->id.len > 0)
		return true;
	if (!field_log_of_record(s->place.store, name, INT64_MAX, 1, &s->app->arena, &lines,
	                         &s->err))
		return false;
	if (lines.count > 0)
		s->id = name;
	return true;
}

static bool
find(struct story *s, struct rk_text name)
{
	struct store *store = s->place.store;
	struct arena *arena = &s->app->arena;
	if (!store_pending_get(store, name, arena, &s->row, &s->err)
	    || !find_link(s, name))
		return false;
	s->id = s->row.id.len > 0 ? s->row.id : s->link.from_id;
	struct rk_text id = s->id.len > 0 ? s->id : name;
	if (!find_page(s, id) || !find_batch(s, id))
		return false;
	if (s->page != 0 || s->batch != 0)
		s->id = id;
	if (!find_lines(s, id))
		return false;
	return s->row.id.len > 0 || store_pending_get(store, id, arena, &s->row, &s->err);
}

/* ---- Telling -------------------------------------------------------------- */

static void
tell_ids(struct story *s)
{
	struct app *app = s->app;
	struct out *o = &app->out;
	struct errors_ends ends = { 0 };
	struct pending row = s->row;
	row.id = s->id;
	if (!errors_ends(&s->place, &row, &app->arena, &ends, &s->err))
		return;
	out_str(o, "sync", W_SYNC, s->sync->name);
	out_text(o, "id", W_RECORD, s->id);
	if (ends.from_link.len > 0)
		out_text(o, "link", W_OPENS_WITH, ends.from_link);
	out_text(o, "target_id", W_TARGET_RECORD, ends.to_id);
	if (ends.to_link.len > 0)
		out_text(o, "target_link", W_OPENS_WITH, ends.to_link);
	if (ends.to_id.len > 0)
		out_time(o, "as_of", W_LAST_WRITTEN, s->link.from_ms);
}

static void
tell_row(struct story *s)
{
	struct out *o = &s->app->out;
	const struct pending *row = &s->row;
	out_str(o, "state", W_STATE, errors_state_shown(s->app, row));
	if (row->state >= PENDING_FAILED)
		out_str(o, "category", W_CATEGORY, errors_kind_shown(s->app, errors_kind(row)));
	if (row->code.len > 0)
		out_text(o, "code", W_CODE, row->code);
	if (row->field.len > 0)
		out_text(o, "field", W_FIELD, row->field);
	if (row->value.len > 0)
		out_text(o, "value", W_VALUE, row->value);
	if (row->message.len > 0)
		out_text(o, "message", W_MESSAGE, app_told(s->app, row->message));
	out_number(o, "attempts", W_ATTEMPTS, row->attempts);
	out_time(o, "first_seen", W_FIRST_SEEN, row->first_ms);
	if (row->due_ms != INT64_MAX)
		out_time(o, "next_try", W_NEXT_TRY, row->due_ms);
}

static enum word
next_of(const struct story *s)
{
	static const enum word by_state[] = {
		[PENDING_QUEUED] = W_WHY_QUEUED, [PENDING_UNKNOWN] = W_WHY_LOST,
		[PENDING_FAILED] = W_WHY_FAILED, [PENDING_UNDECIDED] = W_WHY_UNDECIDED,
		[PENDING_IGNORED] = W_WHY_IGNORED,
	};
	if (s->batch != 0)
		return W_WHY_SENT;
	if (s->row.due_ms == INT64_MAX
	    && (text_eq(s->row.code, TEXT_LIT(STORE_CODE_WAITS))
	        || text_eq(s->row.code, TEXT_LIT(STORE_CODE_LATER))))
		return W_WHY_PARENT;
	if (s->row.id.len > 0 && s->row.state >= PENDING_QUEUED
	    && s->row.state <= PENDING_IGNORED)
		return by_state[s->row.state];
	return s->page != 0 ? W_WHY_JOURNAL : W_WHY_LINKED;
}

static void
tell_story(struct story *s, const struct look *look)
{
	struct out *o = &s->app->out;
	BUF_AUTO due = BUF_INIT(64);
	int64_t hold = s->hold_until_ms > s->row.hold_until_ms ? s->hold_until_ms
	                                                       : s->row.hold_until_ms;
	tell_ids(s);
	if (s->page != 0)
		out_number(o, "page", W_PAGE_OF_JOURNAL, s->page);
	if (s->batch != 0)
		out_number(o, "batch", W_BATCH_SENT, s->batch);
	if (hold > clock_now_ms())
		out_time(o, "may_land_until", W_HOLD_UNTIL, hold);
	if (s->row.id.len > 0)
		tell_row(s);
	if (look->run_count > 0) {
		out_time(o, "last_run", W_LAST_RUN, look->runs[0].started_ms);
		out_str(o, "result", W_RESULT,
		        look_result(s->app, look->runs[0].exit_code));
	}
	out_time(o, "read_up_to", W_READ_UP_TO, look->cursor.watermark_ms);
	if (s->row.id.len > 0 && s->row.due_ms != INT64_MAX)
		zone_format(&due, s->row.due_ms);
	out_str(o, "next", W_NEXT,
	        app_sayf(s->app, next_of(s), buf_str(&due), s->sync->name, s->id.ptr,
	                 NULL));
}

int
cmd_why(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct look look = { 0 };
	struct story s = { .app = app, .err = ERR_INIT };
	if (!app_load(app) || (s.sync = app_sync(app, argv[1])) == NULL)
		return EXIT_USAGE;
	bool sound = look_at_sync(app, s.sync, 1, &look, &s.err)
	             && errors_open(&s.place, app, s.sync, &s.err)
	             && find(&s, text_of(argv[2]));
	int code = sound ? EXIT_DONE : app_error(app, RK_PAUSE, &s.err, s.sync->name);
	if (sound && s.id.len > 0) {
		tell_story(&s, &look);
		if (!fields_tell(app, s.sync, s.place.store, s.id, look.cursor.revision, &s.err))
			code = app_error(app, RK_PAUSE, &s.err, s.sync->name);
	}
	if (sound && s.id.len == 0)
		code = app_usage(app, app_sayf(app, W_WHY_UNKNOWN, argv[2], s.sync->name,
		                               NULL));
	errors_close(&s.place);
	return code;
}
