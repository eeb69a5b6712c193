/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.c - what a connector declares, and a connection checked against it: up to
 * a line "---" the manifest, behind it the settings of the connection, one a line as
 * NAME=VALUE.  What is taken keeps its promises: names that are names, origins that
 * have the form of one, no setting without its value's form. */
#include "fuzz.h"

#include "connector/checker.h"
#include "connector/settings.h"
#include "net/origin.h"

#define MOST_SETTINGS 16

const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

/* Reads "NAME=VALUE" lines. */
static size_t
read_settings(struct rk_text text, struct arena *arena, struct config_setting *settings)
{
	size_t count = 0;
	while (text.len > 0 && count < MOST_SETTINGS) {
		struct rk_text line = fuzz_line(&text);
		char *name = arena_str(arena, arena_text(arena, line).ptr);
		char *value = strchr(name, '=');
		if (value == NULL)
			continue;
		*value++ = '\0';
		settings[count++] = (struct config_setting){ name, value, { "f", 1 } };
	}
	return count;
}

static void
check_connection(const struct manifest *m, struct rk_text text, struct arena *arena)
{
	struct config_setting list[MOST_SETTINGS];
	struct config_connection connection = {
		.name = "c", .connector = "acme", .guarantee = -1,
		.request_deadline_ms = -1, .late_commit_ms = -1, .index_lag_ms = -1,
		.t_land_ms = -1, .t_visible_ms = -1, .at = { "f", 1 },
	};
	struct problems problems = PROBLEMS_INIT;
	struct settings out;
	connection.settings = list;
	connection.setting_count = read_settings(text, arena, list);
	if (settings_check(&out, &connection, m, arena, &problems)) {
		MUST(!problems_fatal(&problems));
		for (size_t i = 0; i < out.origin_count; i++) {
			struct origin origin;
			MUST(origins_fault(arena_text(arena, out.origins[i]).ptr) == NULL);
			MUST(origin_parse(out.origins[i], arena, &origin));
		}
	}
	problems_free(&problems);
}

static void
check_manifest(const struct manifest *m)
{
	MUST(strcmp(m->name, "acme") == 0 && m->abi == RK_ABI);
	for (size_t i = 0; i < m->setting_count; i++) {
		const char *name = m->settings[i].name;
		MUST(manifest_setting(m, name) == &m->settings[i]);
	}
	for (size_t i = 0; i < m->object_count; i++)
		MUST(manifest_object(m, m->objects[i].name) == &m->objects[i]);
	for (size_t i = 0; i < m->host_count; i++)
		MUST(m->hosts[i][0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size), settings = { 0 };
	const char *mark = size > 0 ? memmem(data, size, "\n---\n", 5) : NULL;
	struct problems problems = PROBLEMS_INIT;
	struct arena arena = ARENA_INIT;
	struct manifest m;
	if (mark != NULL) {
		settings = text;
		settings.ptr = mark + 5;
		settings.len = size - (uint64_t)(mark + 5 - text.ptr);
		text.len = (uint64_t)(mark - text.ptr);
	}
	bool good = manifest_parse(&m, "/x/acme.so", text, &problems);
	MUST(good == !problems_fatal(&problems));
	if (good) {
		check_manifest(&m);
		if (!fuzz_has_nul(settings))
			check_connection(&m, settings, &arena);
		manifest_free(&m);
	}
	problems_free(&problems);
	arena_free(&arena);
	return 0;
}
