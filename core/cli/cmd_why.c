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
#include "cli/conflicts.h"
#include "cli/errors.h"
#include "cli/fields.h"
#include "cli/look.h"
#include "store/field_log.h"
#include "mapping/unicode.h"

/* Of one way: there, or back. */
struct story {
	struct app *app;
	const struct config_sync *sync;
	struct errors_place place;     /* owned */
	struct rk_text id;             /* Of the way's source; empty: not found. */
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
find_way(struct story *s, struct rk_text name)
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

/* By an id of either side, "CONNECTION/ID", or a key; of a pair both ways are found. */
static bool
find_both(struct story *there, struct story *back, const char *name)
{
	const char *mine = errors_id_of(there->sync, name);
	const char *theirs = errors_id_of(back->sync, name);
	if (mine == NULL) {
		struct rk_text none = { "", 0 };
		if (!find_way(back, text_of(theirs))
		    || !store_link_by_target(there->place.store, text_of(theirs), none,
		                             &there->app->arena, &there->link, &there->err))
			return false;
		bool linked = there->link.from_id.len > 0;
		return !linked || find_way(there, there->link.from_id);
	}
	if (!find_way(there, text_of(mine)))
		return false;
	if (there->id.len > 0)
		return there->link.to_id.len == 0 || find_way(back, there->link.to_id);
	if (theirs == NULL || !find_way(back, text_of(theirs)))
		return theirs == NULL;
	return back->link.to_id.len == 0 || find_way(there, back->link.to_id);
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
		out_str(o, "category", W_CATEGORY, errors_kind_shown(s->app, errors_kind(row),
		                          arena_text(&s->app->arena, row->code).ptr));
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
	if (errors_next_try(row) != RK_NO_TIME)
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
	if (s->row.state == PENDING_FAILED && errors_waits(&s->row))
		return s->row.due_ms == INT64_MAX ? W_WHY_PERSON : W_WHY_GONE;
	if (s->row.id.len > 0 && s->row.state >= PENDING_QUEUED
	    && s->row.state <= PENDING_IGNORED)
		return by_state[s->row.state];
	return s->page != 0 ? W_WHY_JOURNAL : W_WHY_LINKED;
}

/* Something of it is under way, or stopped. */
static bool
is_open(const struct story *s)
{
	return s->row.id.len > 0 || s->page != 0 || s->batch != 0;
}

static void
tell_next(struct story *s)
{
	BUF_AUTO due = BUF_INIT(64);
	enum word next = next_of(s);
	if (next == W_WHY_LINKED && (s->sync->back != NULL || s->sync->is_back))
		next = W_WHY_LINKED_BOTH;
	if (s->row.id.len > 0 && s->row.due_ms != INT64_MAX)
		zone_format(&due, s->row.due_ms);
	out_str(&s->app->out, "next", W_NEXT,
	        app_sayf(s->app, next, buf_str(&due), s->sync->name,
	                 errors_name(s->sync, s->id, &s->app->arena), s->sync->from.connection,
	                 s->sync->to.connection, NULL));
}

/* What the way has to do with it now. */
static void
tell_way(struct story *s)
{
	struct out *o = &s->app->out;
	int64_t hold = s->hold_until_ms > s->row.hold_until_ms ? s->hold_until_ms
	                                                       : s->row.hold_until_ms;
	if (s->page != 0)
		out_number(o, "page", W_PAGE_OF_JOURNAL, s->page);
	if (s->batch != 0)
		out_number(o, "batch", W_BATCH_SENT, s->batch);
	if (hold > clock_now_ms())
		out_time(o, "may_land_until", W_HOLD_UNTIL, hold);
	if (s->row.id.len > 0)
		tell_row(s);
}

static void
tell_run(struct story *s, const struct look *look)
{
	struct out *o = &s->app->out;
	if (look->run_count > 0) {
		out_time(o, "last_run", W_LAST_RUN, look->runs[0].started_ms);
		out_str(o, "result", W_RESULT,
		        look_result(s->app, look->runs[0].exit_code));
	}
	out_time(o, "read_up_to", W_READ_UP_TO, look->cursor.watermark_ms);
}

struct asking {
	struct app *app;
	const char *sync;
	int64_t open;
};

static bool
tell_question(void *with, struct store *store, struct conflict *row, struct rk_err *err)
{
	struct asking *a = with;
	struct out *o = &a->app->out;
	(void)store;
	(void)err;
	if (row->decision != CONFLICT_OPEN)
		return true;
	if (a->open++ == 0)
		out_list(o, "conflicts");
	out_group(o, NULL, NULL);
	out_json_str(o, "field", row->from_field.ptr);
	out_json_str(o, "target_field", row->to_field.ptr);
	out_json_str(o, "from", row->from_value.ptr);
	out_json_str(o, "to", row->to_value.ptr);
	out_line(o, app_sayf(a->app, W_WHY_ASKED, row->from_field.ptr, row->from_value.ptr,
	                     row->to_value.ptr, a->sync, row->from_id.ptr, NULL));
	out_group_end(o);
	return true;
}

/* Fields of the pair that wait for a person. */
static bool
tell_questions(struct story *there, int64_t *open)
{
	struct asking a = { .app = there->app, .sync = there->sync->name };
	struct conflicts_pick pick = { .sync = there->sync, .id = there->id.ptr };
	if (!store_has_back(there->place.file))
		return true;
	bool read = conflicts_walk(there->place.file, &pick, tell_question, &a, &there->err);
	if (a.open > 0)
		out_list_end(&there->app->out);
	*open = a.open;
	return read;
}

/* Of a two-way sync; the way there is told if it knows the record, and leads to its pair. */
static bool
tell_both(struct story *there, struct story *back, const struct look *look)
{
	struct app *app = there->app;
	struct out *o = &app->out;
	int64_t asked = 0;
	struct story *first = there->id.len > 0 ? there : back;
	tell_ids(first);
	tell_way(first);
	tell_run(first, look);
	if (there->id.len > 0 && !tell_questions(there, &asked))
		return false;
	bool both = first == there && is_open(back);
	if (is_open(first) || (!both && asked == 0))
		tell_next(first);
	if (!both)
		return true;
	out_group(o, "back", app_sayf(app, W_WHY_BACK, back->sync->from.connection,
	                              back->sync->to.connection, NULL));
	out_text(o, "id", W_RECORD, back->id);
	tell_way(back);
	tell_next(back);
	out_group_end(o);
	return true;
}

static void
tell_one(struct story *s, const struct look *look)
{
	tell_ids(s);
	tell_way(s);
	tell_run(s, look);
	tell_next(s);
}

/* ---- The command ------------------------------------------------------------ */

/* Whose id stands in the history, and both ways of what was found. */
static bool
tell_story(struct story *there, struct story *back, const struct look *look)
{
	struct app *app = there->app;
	if (back->sync == NULL)
		tell_one(there, look);
	else if (!tell_both(there, back, look))
		return false;
	return there->id.len == 0
	       || (fields_tell_older(app, there->sync, there->place.file, there->id,
	                             look->cursor.revision, &there->err)
	           && fields_tell(app, there->sync, there->place.file, there->id,
	                          look->cursor.revision, &there->err));
}

static bool
find(struct story *there, struct story *back, const char *name)
{
	struct app *app = there->app;
	if (!errors_open(&there->place, app, there->sync, &there->err))
		return false;
	if (back->sync == NULL)
		return find_way(there, text_of(name));
	if (!errors_open(&back->place, app, back->sync, &there->err))
		return false;
	bool found = find_both(there, back, name);
	if (!found && back->err.category != RK_CAT_NONE)
		there->err = back->err;
	return found;
}

int
cmd_why(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct look look = { 0 };
	const struct config_sync *sync;
	if (!app_load(app) || (sync = app_sync(app, argv[1])) == NULL)
		return EXIT_USAGE;
	struct story there = { .app = app, .sync = sync, .err = ERR_INIT };
	struct story back = { .app = app, .sync = sync->back, .err = ERR_INIT };
	bool sound = look_at_sync(app, sync, 1, &look, &there.err)
	             && find(&there, &back, argv[2]);
	bool known = there.id.len > 0 || back.id.len > 0;
	if (sound && known)
		sound = tell_story(&there, &back, &look);
	int code = sound ? EXIT_DONE : app_error(app, RK_PAUSE, &there.err, sync->name);
	if (sound && !known)
		code = app_usage(app, app_sayf(app, W_WHY_UNKNOWN, argv[2], sync->name, NULL));
	errors_close(&back.place);
	errors_close(&there.place);
	return code;
}
