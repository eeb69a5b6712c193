/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - what the rows of the table cannot say: settings of connectors, which
 * settings need or exclude each other, whose mistake a mistake is. */
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/form.h"
#include "config/names.h"
#include "config/settings.h"

/* ---- Connections --------------------------------------------------------- */

/* A setting of the connector: its meaning is for connector/settings.c, which has
 * the manifest; here it only becomes text. */
void
rules_other_setting(struct table_reader *r, config_setting_t *member, void *into)
{
	struct config_connection *connection = into;
	const char *name = config_setting_name(member), *value = table_text(r, member);
	int64_t number = config_setting_get_int64(member);
	if (value == NULL) {
		table_wrong(r, name, member, "a text, a number, true or false");
		return;
	}
	if (number > INT32_MAX || number < INT32_MIN) {
		table_wrong(r, name, member, "large numbers as text, in quotes");
		return;
	}
	if (connection->settings == NULL) {
		int most = config_setting_length(config_setting_parent(member));
		connection->settings = arena_new_array(r->arena, (size_t)most,
		                                       struct config_setting);
	}
	connection->settings[connection->setting_count++] = (struct config_setting){
		arena_str(r->arena, name), value, table_place(r, member)
	};
}

/* ---- Syncs --------------------------------------------------------------- */

/* From here on mistakes are those of this sync, by its name or its line. */
void
rules_begin_sync(struct table_reader *r, config_setting_t *group, void *into)
{
	const char *name = NULL;
	(void)into;
	r->weight = PROBLEM_SYNC;
	if (config_setting_lookup_string(group, "name", &name) && form_name(name) == NULL)
		r->sync = arena_str(r->arena, name);
	else
		r->sync = arena_printf(r->arena, "(line %u)",
		                       config_setting_source_line(group)).ptr;
}

/* Two sources for one field need an expression, else the last would win. */
static void
refuse_second_sources(struct table_reader *r, const struct config_sync *sync)
{
	struct names targets = { NULL };
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (map->to == NULL || !map->enabled)
			continue;
		const struct config_map *first = names_add(&targets, map);
		if (first != NULL)
			problem_add(r->problems, r->weight, map->at, r->sync,
			            "a second source for \"%s\", the first is in line "
			            "%u; join them in one expression, such as "
			            "from = \"${a} ${b}\"", map->to, first->at.line);
	}
	names_free(&targets);
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
