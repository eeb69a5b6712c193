/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - what the rows of the table cannot say: settings of connectors, which
 * settings need or exclude each other, whose mistake a mistake is. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/form.h"
#include "config/names.h"
#include "config/settings.h"

/* ---- Connections --------------------------------------------------------- */

void
rules_begin_connection(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_connection *connection = into;
	size_t most = (size_t)config_setting_length(group);
	connection->settings = arena_new_array(r->arena, most + 1, struct config_setting);
}

/* A setting of the connector: its meaning is for connector/settings.c, which has
 * the manifest; here it only becomes text. */
void
rules_other_setting(struct table_reader *r, config_setting_t *member, void *into)
{
	struct config_connection *connection = into;
	struct config_setting *setting = &connection->settings[connection->setting_count];
	char found[128];
	if (table_too_large(member)) {
		table_complain(r, member,
		               "%s: found %s, expected large numbers as text, in quotes",
		               config_setting_name(member),
		               table_found(member, found, sizeof found));
		return;
	}
	switch (config_setting_type(member)) {
	case CONFIG_TYPE_STRING:
		setting->value = arena_str(r->arena, config_setting_get_string(member));
		break;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		setting->value = arena_printf(r->arena, "%lld",
		                              config_setting_get_int64(member)).ptr;
		break;
	case CONFIG_TYPE_BOOL:
		setting->value = config_setting_get_bool(member) ? "true" : "false";
		break;
	default:
		table_complain(r, member,
		               "%s: found %s, expected a text, a number, true or false",
		               config_setting_name(member),
		               table_found(member, found, sizeof found));
		return;
	}
	setting->name = arena_str(r->arena, config_setting_name(member));
	setting->at = table_place(r, member);
	connection->setting_count++;
}

void
rules_limits(struct table_reader *r, config_setting_t *member, void *into)
{
	static const struct table_rule list = {
		.name = "limits", .kind = TABLE_GROUPS, .sub = AT_LIMIT,
		.offset = offsetof(struct config_connection, limits),
		.count = offsetof(struct config_connection, limit_count),
		.expect = "a list of limits, ( { limit = \"...\"; } ), or \"none\"",
	};
	struct config_connection *connection = into;
	const char *text = config_setting_get_string(member);
	if (text != NULL && strcmp(text, "none") == 0)
		connection->limits_off = true;
	else
		table_read_groups(r, &list, member, into);
}

/* ---- Syncs --------------------------------------------------------------- */

/* From here on mistakes are those of this sync, by its name or its line. */
void
rules_begin_sync(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_sync *sync = into;
	const char *name = NULL;
	r->weight = PROBLEM_SYNC;
	if (config_setting_lookup_string(group, "name", &name) && form_name(name) == NULL)
		r->sync = arena_str(r->arena, name);
	else
		r->sync = arena_printf(r->arena, "(line %u)",
		                       config_setting_source_line(group)).ptr;
	sync->start_ms = CONFIG_START_ALL;
}

void
rules_start(struct table_reader *r, config_setting_t *member, void *into)
{
	struct config_sync *sync = into;
	const char *text = config_setting_get_string(member);
	const char *wanted = form_start(text != NULL ? text : "");
	char found[128];
	if (text != NULL && wanted == NULL)
		sync->start_ms = form_start_ms(text);
	else
		table_complain(r, member, "start: found %s, expected %s",
		               table_found(member, found, sizeof found), wanted);
}

/* Two sources for one field need an expression, else the last would win. */
static void
refuse_second_sources(struct table_reader *r, const struct config_sync *sync)
{
	struct arena scratch = ARENA_INIT;
	struct names targets = NAMES_INIT(&scratch);
	for (size_t i = 0; i < sync->map_count; i++) {
		struct config_map *map = &sync->maps[i];
		if (map->to == NULL || !map->enabled)
			continue;
		const struct config_map *first = names_add(&targets, map->to, map);
		if (first != NULL)
			problem_add(r->problems, r->weight, map->at, r->sync,
			            "a second "
			            "source for \"%s\", the first is in line %u; join "
			            "them in "
			            "one expression, such as from = \"${a} ${b}\"",
			            map->to, first->at.line);
	}
	arena_free(&scratch);
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

void
rules_finish_sync(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_sync *sync = into;
	if (sync->map_count == 0 && config_setting_get_member(group, "map") != NULL)
		table_complain(r, config_setting_get_member(group, "map"),
		               "map: found no fields, expected at least the key's");
	if (sync->every != NULL && sync->cron != NULL)
		table_complain(r, config_setting_get_member(group, "cron"),
		               "found both \"every\" and \"cron\", expected one of them");
	if (same(sync->from.connection, sync->to.connection)
	    && same(sync->from.object, sync->to.object))
		table_complain(r, group,
		               "from and to are the same object, \"%s\" of \"%s\"",
		               sync->to.object, sync->to.connection);
	refuse_second_sources(r, sync);
	r->weight = PROBLEM_FATAL;
	r->sync = NULL;
}

void
rules_finish_map(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_map *map = into;
	bool told = config_setting_get_member(group, "nulls") != NULL;
	if (map->default_value != NULL && !told)
		map->nulls = NULLS_DEFAULT;
	if (map->nulls == NULLS_DEFAULT && map->default_value == NULL)
		table_complain(r, group,
		               "nulls = \"default\" without \"default\", expected the "
		               "text to write");
	if (map->default_value != NULL && map->nulls != NULLS_DEFAULT)
		table_complain(r, group,
		               "found \"default\" beside nulls = \"%s\", expected "
		               "nulls = \"default\"",
		               map->nulls == NULLS_KEEP ? "keep" : "clear");
	if (map->otherwise != NULL && map->value_count == 0)
		table_complain(r, group, "found \"otherwise\" without \"values\"");
}

void
rules_finish_notice(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_notice *notice = into;
	if (config_setting_length(group) > 0 && notice->mail == NULL
	    && notice->chat == NULL && notice->webhook == NULL)
		table_complain(r, group,
		               "found neither \"mail\" nor \"chat\" nor \"webhook\", "
		               "expected at least one");
}
