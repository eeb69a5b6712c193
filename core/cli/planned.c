/* SPDX-License-Identifier: Apache-2.0
 *
 * planned.c - see planned.h. */
#include "cli/planned.h"

#include <cjson/cJSON.h>
#include <sodium.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define HOUR_MS 3600000

bool
planned_accounts(struct app *app, const struct config_sync *sync, const char **accounts)
{
	const char *names[] = { sync->from.connection, sync->to.connection };
	const char *told[2] = { "", "" };
	for (size_t i = 0; i < 2; i++) {
		struct session session;
		struct rk_account account;
		struct rk_err err = ERR_INIT;
		int code = EXIT_DONE;
		if (!app_session(app, names[i], &session, &code))
			return false;
		int32_t status = session_account(&session, HOUR_MS, &app->arena, &account, &err);
		if (status == RK_OK)
			told[i] = arena_text(&app->arena, account.account).ptr;
		session_close(&session);
		if (status != RK_OK) {
			app_error(app, status, &err, names[i]);
			return false;
		}
	}
	*accounts = arena_printf(&app->arena, "%s > %s", told[0], told[1]).ptr;
	return true;
}

void
planned_hex(const unsigned char revision[16], char hex[33])
{
	sodium_bin2hex(hex, 33, revision, 16);
}

void
planned_revision(const char *hex, unsigned char revision[16])
{
	size_t len = 0;
	sodium_hex2bin(revision, 16, hex, strlen(hex), NULL, &len, NULL);
}

/* ---- What has moved ----------------------------------------------------------- */

static const char *
text_at(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsString(item) ? item->valuestring : "";
}

static const cJSON *
change_of(const cJSON *line, const char *field)
{
	const cJSON *change;
	cJSON_ArrayForEach(change, cJSON_GetObjectItemCaseSensitive(line, "changes"))
		if (strcmp(text_at(change, "field"), field) == 0)
			return change;
	return NULL;
}

/* The first field of 'a' that 'b' does not have, or not so; NULL: there is none. */
static const char *
differs(const cJSON *a, const cJSON *b)
{
	const cJSON *change;
	cJSON_ArrayForEach(change, cJSON_GetObjectItemCaseSensitive(a, "changes")) {
		const char *field = text_at(change, "field");
		const cJSON *other = change_of(b, field);
		if (other == NULL || strcmp(text_at(change, "old"), text_at(other, "old")) != 0
		    || strcmp(text_at(change, "new"), text_at(other, "new")) != 0)
			return field;
	}
	return NULL;
}

/* In words, for one field or the record. */
static const char *
why(struct app *app, const cJSON *planned, const cJSON *now, const char *field)
{
	if (strcmp(text_at(planned, "op"), text_at(now, "op")) != 0)
		return app_say(app, strcmp(text_at(now, "op"), "create") == 0
		                    ? W_MOVED_GONE : W_MOVED_THERE);
	if (strcmp(text_at(planned, "target"), text_at(now, "target")) != 0)
		return app_sayf(app, W_MOVED_TARGET, text_at(now, "target"), NULL);
	if (field == NULL)
		return app_sayf(app, W_MOVED_KEY, text_at(now, "key"), NULL);
	const cJSON *before = change_of(planned, field), *after = change_of(now, field);
	if (before == NULL)
		return app_sayf(app, W_MOVED_MORE, text_at(after, "new"), NULL);
	if (after == NULL)
		return app_sayf(app, W_MOVED_SAME, text_at(before, "new"), NULL);
	if (strcmp(text_at(before, "old"), text_at(after, "old")) != 0)
		return app_sayf(app, W_MOVED_OLD, text_at(after, "old"), text_at(before, "old"),
		                NULL);
	return app_sayf(app, W_MOVED_NEW, text_at(after, "new"), text_at(before, "new"), NULL);
}

void
planned_tell_moved(struct app *app, const char *planned, const struct sync_line *line,
                   const char *now)
{
	struct out *o = &app->out;
	/* There may be a million of them. */
	struct arena kept = app->arena;
	app->arena = (struct arena)ARENA_INIT;
	cJSON *then = cJSON_Parse(planned);
	/* What is shown of a write ends before its version. */
	cJSON *today = now != NULL
		? cJSON_Parse(arena_printf(&app->arena, "%s}", now).ptr) : NULL;
	const char *field = today != NULL ? differs(then, today) : NULL;
	if (field == NULL && today != NULL)
		field = differs(today, then);
	bool gone = line->action == ACTION_UPDATE && line->change_count > 0
	            && line->changes[0].before == NULL;
	const char *reason = today == NULL ? app_told(app, line->reason).ptr
	                     : gone ? app_say(app, W_MOVED_GONE)
	                     : why(app, then, today, field);
	field = gone ? NULL : field;
	out_group(o, NULL, NULL);
	out_json_str(o, "action", "moved");
	out_json_str(o, "id", text_at(then, "id"));
	out_json_str(o, "key", text_at(then, "key"));
	out_json_str(o, "target_id", text_at(then, "target"));
	out_json_str(o, "field", field);
	out_json_str(o, "reason", reason);
	out_group_end(o);
	out_line(o, app_sayf(app, W_MOVED_LINE, text_at(then, "id"), text_at(then, "key"),
	                     field != NULL ? field : "", reason, NULL));
	cJSON_Delete(then);
	cJSON_Delete(today);
	arena_free(&app->arena);
	app->arena = kept;
}
