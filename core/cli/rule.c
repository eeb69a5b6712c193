/* SPDX-License-Identifier: Apache-2.0
 *
 * rule.c - see rule.h.  Each sentence is a row: when it is true of a sync, and what is
 * filled in.  Nothing is asked of a CRM. */
#include "cli/rule.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/zone.h"
#include "net/quiet.h"

#define PAIRS_SHOWN 8

static void
say(struct app *app, const char *sentence)
{
	struct out *o = &app->out;
	out_group(o, NULL, NULL);
	out_json_str(o, "text", sentence);
	out_group_end(o);
	out_line(o, sentence);
}

/* ---- The filter ---------------------------------------------------------------- */

/* The longest first, where one begins another. */
static const struct {
	const char *sign;
	enum word word;
} signs[] = {
	{ "is not empty", W_RULE_NOT_EMPTY }, { "is empty", W_RULE_EMPTY },
	{ "not contains", W_RULE_NOT_CONTAINS }, { "contains", W_RULE_CONTAINS },
	{ "not in", W_RULE_NOT_IN }, { "in", W_RULE_IN }, { "and", W_RULE_AND },
	{ "or", W_RULE_OR }, { "not", W_RULE_NOT }, { ">=", W_RULE_AT_LEAST },
	{ "<=", W_RULE_AT_MOST }, { "!=", W_RULE_IS_NOT }, { "=", W_RULE_IS },
	{ ">", W_RULE_MORE }, { "<", W_RULE_LESS },
};

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || ((unsigned char)c & 0x80);
}

/* How long the sign is that stands at 'at'; 0: none does. */
static size_t
sign_at(const char *filter, const char *at, enum word *word)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].sign);
		bool letters = isalpha((unsigned char)signs[i].sign[0]);
		if (strncmp(at, signs[i].sign, len) != 0
		    || (letters && (in_name(at[len]) || (at > filter && in_name(at[-1])))))
			continue;
		*word = signs[i].word;
		return len;
	}
	return 0;
}

/* Copies what is quoted; the end of it. */
static const char *
add_quoted(struct buf *out, const char *at)
{
	char quote = *at;
	do
		buf_addc(out, *at++);
	while (*at != '\0' && *at != quote);
	if (*at != '\0')
		buf_addc(out, *at++);
	return at;
}

static const char *
filter_words(struct app *app, const char *filter)
{
	BUF_AUTO out = BUF_INIT(1024 * 1024);
	for (const char *at = filter; *at != '\0';) {
		enum word word;
		size_t len = sign_at(filter, at, &word);
		if (*at == '\'' || *at == '"') {
			at = add_quoted(&out, at);
		} else if (len > 0) {
			buf_adds(&out, app_say(app, word));
			at += len;
		} else {
			buf_addc(&out, isspace((unsigned char)*at) ? ' ' : *at);
			at++;
		}
	}
	return arena_text(&app->arena, buf_text(&out)).ptr;
}

/* ---- Fields ---------------------------------------------------------------------- */

static const char *
values_words(struct app *app, const struct config_map *map)
{
	BUF_AUTO out = BUF_INIT(1024 * 1024);
	for (size_t i = 0; i < map->value_count && i < PAIRS_SHOWN; i++)
		buf_addf(&out, "%s%s -> %s", i > 0 ? ", " : "", map->values[i].from,
		         map->values[i].to);
	if (map->value_count > PAIRS_SHOWN)
		buf_adds(&out, ", ...");
	return arena_text(&app->arena, buf_text(&out)).ptr;
}

static void
say_map(struct app *app, const struct config_map *map)
{
	BUF_AUTO out = BUF_INIT(4 * 1024 * 1024);
	buf_addf(&out, "  %s", app_sayf(app, W_RULE_MAP, map->from, map->to, NULL));
	if (map->value_count > 0)
		buf_adds(&out, app_sayf(app, W_RULE_VALUES, values_words(app, map), NULL));
	if (map->value_count > 0 && map->otherwise != NULL)
		buf_adds(&out, app_sayf(app, W_RULE_OTHERWISE, map->otherwise, NULL));
	else if (map->value_count > 0)
		buf_adds(&out, app_say(app, W_RULE_REFUSED));
	if (map->only == ONLY_BLANKS)
		buf_adds(&out, app_say(app, W_RULE_BLANKS));
	if (map->nulls == NULLS_CLEAR)
		buf_adds(&out, app_say(app, W_RULE_CLEARS));
	if (map->nulls == NULLS_DEFAULT)
		buf_adds(&out, app_sayf(app, W_RULE_DEFAULT, map->default_value, NULL));
	say(app, buf_str(&out));
}

static void
say_maps(struct app *app, const struct config_sync *sync)
{
	bool keeps = false;
	for (size_t i = 0; i < sync->map_count; i++) {
		if (!sync->maps[i].enabled)
			continue;
		say_map(app, &sync->maps[i]);
		keeps |= sync->maps[i].nulls == NULLS_KEEP;
	}
	if (keeps)
		say(app, app_say(app, W_RULE_KEEPS));
}

/* ---- The rest --------------------------------------------------------------------- */

static void
say_which(struct app *app, const struct config_sync *sync)
{
	say(app, app_sayf(app, W_RULE_WAY, sync->from.object, sync->from.connection,
	                  sync->to.object, sync->to.connection, NULL));
	say(app, sync->from.filter != NULL
		? app_sayf(app, W_RULE_FILTER, filter_words(app, sync->from.filter), NULL)
		: app_say(app, W_RULE_ALL));
	if (sync->start_ms == CONFIG_START_ALL)
		return;
	BUF_AUTO text = BUF_INIT(64);
	if (sync->start_ms == CONFIG_START_NOW)
		buf_adds(&text, app_say(app, W_RULE_FIRST_RUN));
	else
		zone_format(&text, sync->start_ms);
	say(app, app_sayf(app, W_RULE_START, buf_str(&text), NULL));
}

static const char *
names_words(struct app *app, const struct config_side *side)
{
	BUF_AUTO out = BUF_INIT(64 * 1024);
	for (size_t i = 0; i < side->fallback_count; i++)
		buf_addf(&out, "%s%s", i > 0 ? ", " : "", side->fallback_keys[i]);
	return arena_text(&app->arena, buf_text(&out)).ptr;
}

static void
say_key(struct app *app, const struct config_sync *sync)
{
	static const enum word empty[] = {
		[EMPTY_KEY_SKIP] = W_RULE_KEY_SKIP, [EMPTY_KEY_CREATE] = W_RULE_KEY_CREATE,
		[EMPTY_KEY_ERROR] = W_RULE_KEY_ERROR };
	static const enum word only[] = {
		[ONLY_ALL] = W_RULE_BOTH, [ONLY_CREATE] = W_RULE_ONLY_CREATE,
		[ONLY_UPDATE] = W_RULE_ONLY_UPDATE };
	say(app, app_sayf(app, W_RULE_KEY, sync->to.key, NULL));
	if (sync->to.fallback_count > 0)
		say(app, app_sayf(app, W_RULE_FALLBACK, names_words(app, &sync->to), NULL));
	say(app, app_say(app, only[sync->only]));
	say(app, app_say(app, sync->existing == EXISTING_REFUSE ? W_RULE_REFUSE
	                                                        : W_RULE_ADOPT));
	say(app, app_say(app, empty[sync->empty_key]));
}

static void
say_backfill(struct app *app, const struct config_sync *sync)
{
	struct quiet quiet;
	char hours[QUIET_TEXT];
	quiet_look(&quiet, sync, app->state_dir, clock_now_ms());
	quiet_text(&quiet, hours);
	enum word word = !quiet_is_auto(sync) ? W_RULE_BACKFILL
	                 : quiet.days < QUIET_DAYS_LEAST ? W_RULE_BACKFILL_USUAL
	                 : W_RULE_BACKFILL_QUIET;
	say(app, app_sayf(app, word, hours, app_number(app, quiet.calls),
	                  app_number(app, quiet.all), app_number(app, quiet.days), NULL));
}

static void
say_times(struct app *app, const struct config_sync *sync)
{
	if (sync->every != NULL)
		say(app, app_sayf(app, W_RULE_EVERY, sync->every, NULL));
	else if (sync->cron != NULL)
		say(app, app_sayf(app, W_RULE_CRON, sync->cron,
		                  sync->zone != NULL ? sync->zone : "-", NULL));
	else if (sync->after != NULL)
		say(app, app_sayf(app, W_RULE_AFTER, sync->after, NULL));
	else
		say(app, app_say(app, W_RULE_BY_HAND));
	if (sync->window != NULL)
		say(app, app_sayf(app, W_RULE_WINDOW, sync->window, NULL));
	if (sync->backfill != NULL)
		say_backfill(app, sync);
}

/* A map may have a rule of its own; that is left to `renkei map`. */
static void
say_back(struct app *app, const struct config_sync *sync)
{
	const struct config_sync *back = sync->back;
	say(app, app_sayf(app, W_RULE_BACK, back->from.object, back->from.connection,
	                  back->to.object, back->to.connection, NULL));
	if (back->from.filter != NULL)
		say(app, app_sayf(app, W_RULE_FILTER, filter_words(app, back->from.filter),
		                  NULL));
	for (size_t i = 0; i < back->map_count; i++)
		say_map(app, &back->maps[i]);
	if (sync->conflict == CONFLICT_NEWEST)
		say(app, app_say(app, W_RULE_NEWEST));
	else if (sync->conflict == CONFLICT_ASK)
		say(app, app_say(app, W_RULE_ASKS));
	else
		say(app, app_sayf(app, W_RULE_WINS, sync->conflict == CONFLICT_TAKE_FROM
		                  ? sync->from.connection : sync->to.connection, NULL));
	say(app, app_sayf(app, W_RULE_THERE, sync->to.connection, NULL));
}

void
rule_tell(struct app *app, const struct config_sync *sync)
{
	static const enum word deleted[] = {
		[DELETES_IGNORE] = W_RULE_DELETED, [DELETES_FLAG] = W_RULE_FLAGGED,
		[DELETES_ARCHIVE] = W_RULE_ARCHIVED };
	struct out *o = &app->out;
	if (!o->json)
		out_title(o, app_sayf(app, W_RULE_TITLE, sync->name, NULL));
	out_list(o, "rule");
	say_which(app, sync);
	say_key(app, sync);
	say_maps(app, sync);
	if (sync->back == NULL)
		say(app, app_say(app, W_RULE_OVERWRITES));
	say(app, app_say(app, deleted[sync->deletes]));
	say_times(app, sync);
	if (sync->back != NULL)
		say_back(app, sync);
	out_list_end(o);
	out_line(o, "");
}
