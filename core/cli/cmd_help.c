/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_help.c - renkei help: the overview, a command, a connector's page, the
 * settings of the configuration, the language of mappings. */
#include <string.h>

#include "base/io.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/width.h"
#include "mapping/mapping.h"

#define PAGE_MAX (4u * 1024 * 1024)
#define PAGE_COLUMNS 80

#ifndef RK_HELPDIR
#define RK_HELPDIR "/usr/share/renkei/help"
#endif

/* NAME.ja.md for Japanese where there is one, else NAME.md: beside a program that
 * runs where it was built, else where pages are installed. */
static bool
read_page(struct app *app, const char *name, struct buf *page)
{
	const char *dirs[] = { arena_printf(&app->arena, "%s/help", io_program_dir()).ptr,
	                       RK_HELPDIR };
	if (strchr(name, '/') != NULL)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const char *ja =
			arena_printf(&app->arena, "%s/%s.ja.md", dirs[i], name).ptr;
		const char *en = arena_printf(&app->arena, "%s/%s.md", dirs[i], name).ptr;
		if (app->lang == LANG_JA && io_read_file(ja, page))
			return true;
		buf_reset(page);
		if (io_read_file(en, page))
			return true;
		buf_reset(page);
	}
	return false;
}

/* What a command hands on to another program, that program explains. */
static void
add_simulator(struct buf *text)
{
	BUF_AUTO options = BUF_INIT(PAGE_MAX);
	if (program_says("renkei-simulator", "--help", &options))
		buf_addf(text, "\n%s", buf_str(&options));
}

static void
add_wrapped(struct app *app, void print(struct buf *out, const char *lang), struct buf *text)
{
	BUF_AUTO page = BUF_INIT(PAGE_MAX);
	print(&page, app->lang == LANG_JA ? "ja" : "en");
	width_wrap(text, buf_text(&page), PAGE_COLUMNS);
}

/* What is no command of its own. */
static const struct { const char *name; enum word text; } topics[] = {
	{ "console", W_HELP_CONSOLE }, { "notices", W_HELP_NOTICES }, { "quotas", W_HELP_QUOTAS },
};
#define TOPICS (sizeof topics / sizeof *topics)

static bool
add_topic(struct app *app, const char *name, struct buf *text)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (strcmp(topics[i].name, name) == 0) {
			buf_adds(text, app_say(app, topics[i].text));
			return true;
		}
	return false;
}

static bool
fill(struct app *app, const char *topic, struct buf *text)
{
	const struct command *command = command_find(topic);
	if (command != NULL)
		help_command(app, command, text);
	else if (strcmp(topic, "config") == 0)
		add_wrapped(app, config_print_help, text);
	else if (strcmp(topic, "mapping") == 0)
		add_wrapped(app, mapping_print_help, text);
	else
		return add_topic(app, topic, text) || read_page(app, topic, text);
	if (command != NULL && command->run == cmd_simulate)
		add_simulator(text);
	return true;
}

static const char *
nearest_topic(const char *topic)
{
	const char *others[TOPICS + 2] = { "config", "mapping" };
	for (size_t i = 0; i < TOPICS; i++)
		others[i + 2] = topics[i].name;
	const char *near = text_nearest(topic, others, TOPICS + 2);
	return near != NULL ? near : command_nearest(topic);
}

int
cmd_help(struct app *app, int argc, char **argv)
{
	BUF_AUTO text = BUF_INIT(PAGE_MAX);
	const char *topic = argc > 1 ? argv[1] : NULL;
	if (app->man)
		help_man(app, &text);
	else if (app->completion)
		help_completion(app, topic, &text);
	else if (topic == NULL)
		help_overview(app, &text);
	else if (!fill(app, topic, &text)) {
		const char *near = nearest_topic(topic);
		return app_usage(app, near != NULL
			? app_sayf(app, W_NO_TOPIC_NEAR, topic, near, NULL)
			: app_sayf(app, W_NO_TOPIC, topic, NULL));
	}
	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.ptr[--text.len] = '\0';
	out_line(&app->out, buf_str(&text));
	out_json_str(&app->out, "topic", topic);
	out_json_str(&app->out, "text", buf_str(&text));
	return EXIT_DONE;
}
