/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - renkei: reads the options, finds the command, and runs it.  Options
 * may stand before or behind the command's name. */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"

#define OPTIONS_MAX 64

/* ---- Where things are -------------------------------------------------- */

static const char *
xdg(struct app *app, const char *variable, const char *otherwise, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	if (base != NULL && base[0] == '/')
		return arena_printf(&app->arena, "%s/%s", base, name).ptr;
	if (home == NULL || home[0] == '\0')
		home = "/root";
	return arena_printf(&app->arena, "%s/%s/%s", home, otherwise, name).ptr;
}

/* Those of the machine where they exist, for root and for whom the daemon runs as, who
 * owns its state; else those of the user. */
static void
find_places(struct app *app)
{
	static const char machine_config[] = "/etc/renkei/renkei.conf";
	static const char machine_state[] = "/var/lib/renkei";
	struct stat st;
	bool ours = geteuid() == 0
	            || (stat(machine_state, &st) == 0 && st.st_uid == geteuid());
	if (app->config_path == NULL)
		app->config_path = ours && access(machine_config, F_OK) == 0
			? machine_config
			: xdg(app, "XDG_CONFIG_HOME", ".config", "renkei/renkei.conf");
	if (app->state_dir == NULL)
		app->state_dir = ours && access(machine_state, F_OK) == 0
			? machine_state
			: xdg(app, "XDG_STATE_HOME", ".local/state", "renkei");
}

static enum words_lang
lang_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return words_lang_of(value);
	}
	return LANG_EN;
}

/* ---- Options ----------------------------------------------------------- */

/* What getopt wants, made from the table. */
struct wanted {
	struct option longs[OPTIONS_MAX];
	char shorts[2 * OPTIONS_MAX + 3];
};

/* 'permute': options may stand behind arguments. */
static void
make_wanted(struct wanted *w, bool permute)
{
	char *at = w->shorts;
	size_t count = 0;
	if (!permute)
		*at++ = '+';
	*at++ = ':';
	for (const struct option_row *o = option_rows; o->name != NULL; o++) {
		bool takes = o->argument != NULL;
		w->longs[count++] =
			(struct option){ o->name, takes ? required_argument : no_argument,
			                 NULL, o->letter };
		if (o->letter > 255)
			continue;
		*at++ = (char)o->letter;
		if (takes)
			*at++ = ':';
	}
	w->longs[count] = (struct option){ 0 };
	*at = '\0';
}

static const struct option_row *
row_of(int letter)
{
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static bool
take_lang(struct app *app, const char *value)
{
	if (strcmp(value, "en") != 0 && strcmp(value, "ja") != 0) {
		app_usage(app, app_sayf(app, W_BAD_LANG, value, NULL));
		return false;
	}
	app->lang = words_lang_of(value);
	return true;
}

static bool
take(struct app *app, const struct option_row *row, const char *value)
{
	switch (row->letter) {
	case OPTION_CONFIG: app->config_path = value; break;
	case OPTION_QUIET: app->quiet = true; break;
	case OPTION_VERBOSE: app->verbose++; break;
	case OPTION_HELP: app->help = true; break;
	case OPTION_VERSION: app->version = true; break;
	case OPTION_STATE: app->state_dir = value; break;
	case OPTION_LANG: return take_lang(app, value);
	case OPTION_JSON: app->json = true; break;
	case OPTION_NO_COLOR: app->color = false; break;
	case OPTION_ONLINE: app->online = true; break;
	case OPTION_MATCH: app->match = value; break;
	case OPTION_ALL: app->all = true; break;
	case OPTION_LINKS: app->links = true; break;
	case OPTION_ONCE: app->once = true; break;
	case OPTION_MAN: app->man = true; break;
	case OPTION_COMPLETION: app->completion = true; break;
	case OPTION_CATEGORY: app->category = value; break;
	case OPTION_FIELD: app->field = value; break;
	case OPTION_YES: app->yes = true; break;
	case OPTION_VALUE: app->value = value; break;
	case OPTION_IGNORED: app->ignored = true; break;
	case OPTION_GROUP: app->grouped = true; break;
	case OPTION_FORMAT: app->format = value; break;
	case OPTION_OUT: app->file = value; break;
	case OPTION_BOM: app->bom = true; break;
	case OPTION_CREATED_AS: app->created_as = value; break;
	case OPTION_NOT_CREATED: app->not_created = true; break;
	case OPTION_LIMIT: app->limit = value; break;
	case OPTION_SCENARIO: app->scenario = value; break;
	case OPTION_SIMULATOR: app->simulator = value; break;
	case OPTION_PAGE: app->page = value; break;
	case OPTION_REPORT: app->report = value; break;
	case OPTION_ONLY: app->only = value; break;
	case OPTION_OLDER: app->older = value; break;
	case OPTION_PRIORITY: app->priority = value; break;
	case OPTION_DRY_RUN: app->dry_run = true; break;
	case OPTION_REPAIR: app->repair = true; break;
	case OPTION_TAKE: app->take = value; break;
	case OPTION_SEEN: app->seen = value; break;
	case OPTION_SLICE: app->slice = true; break;
	default: break;
	}
	return true;
}

static bool
not_known(struct app *app, const char *given)
{
	const char *names[OPTIONS_MAX];
	size_t count = 0;
	char bare[64];
	const char *near = NULL;
	text_copy(bare, sizeof bare, text_of(given + strspn(given, "-")));
	bare[strcspn(bare, "=")] = '\0';
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->hidden == NULL)
			names[count++] = o->name;
	if (strncmp(given, "--", 2) == 0)
		near = text_nearest(bare, names, count);
	app_usage(app, near != NULL ? app_sayf(app, W_NO_OPTION_NEAR, given, near, NULL)
	                            : app_sayf(app, W_NO_OPTION, given, NULL));
	return false;
}

/* Reads options up to the first argument, or all of them if 'permute'.  'used'
 * gathers what only some commands have. */
static bool
read_options(struct app *app, int argc, char **argv, bool permute, unsigned *used)
{
	struct wanted wanted;
	make_wanted(&wanted, permute);
	opterr = 0;
	optind = 0;
	for (int letter;
	     (letter = getopt_long(argc, argv, wanted.shorts, wanted.longs, NULL))
	     != -1;) {
		const struct option_row *row = row_of(letter);
		const char *given = argv[optind - 1];
		if (letter == ':') {
			app_usage(app, app_sayf(app, W_OPTION_WANTS, given, NULL));
			return false;
		}
		if (row == NULL) {
			char one[3] = { '-', (char)optopt, '\0' };
			bool cluster = optopt > 0 && optopt < 256;
			return not_known(app, cluster ? one : given);
		}
		if (!take(app, row, optarg))
			return false;
		*used |= row->use;
		/* A value of --match may be of a person. */
		if (row->use != 0)
			app->options_told = arena_printf(&app->arena, "%.*s --%s%s%s",
				(int)app->options_told.len, app->options_told.len > 0
				? app->options_told.ptr : "", row->name,
				optarg != NULL && row->letter != OPTION_MATCH ? "=" : "",
				optarg != NULL && row->letter != OPTION_MATCH ? optarg : "");
	}
	return true;
}

/* ---- Running ----------------------------------------------------------- */

static bool
fits(struct app *app, const struct command *c, int arguments, const char *first,
     unsigned used)
{
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if ((used & o->use & ~c->options) != 0) {
			app_usage(app, app_sayf(app, W_OPTION_NOT_HERE, o->name, c->name,
			                        NULL));
			return false;
		}
	const char *near;
	if (arguments > 0 && !command_takes(c, first, &app->arena, &near)) {
		const char *typed = arena_printf(&app->arena, "%s %s", c->name, first).ptr;
		app_usage(app, near == NULL
			? app_sayf(app, W_NO_VERB, typed, c->name, NULL)
			: app_sayf(app, W_NO_COMMAND_NEAR, typed,
			           arena_printf(&app->arena, "%s %s", c->name, near).ptr, NULL));
		return false;
	}
	if (arguments >= c->min && arguments <= c->max)
		return true;
	app_usage(app, app_sayf(app, arguments < c->min ? W_TOO_FEW : W_TOO_MANY, c->name,
	                        c->arguments, NULL));
	return false;
}

static int
help_on(struct app *app, const char *topic)
{
	const char *args[] = { "help", topic, NULL };
	return cmd_help(app, topic != NULL ? 2 : 1, (char **)(uintptr_t)args);
}

/* What was typed is no command: help, if that was asked for or nothing was. */
static int
no_command(struct app *app, const char *given)
{
	if (given == NULL || app->help)
		return exit_worse(help_on(app, NULL), app->help ? EXIT_DONE : EXIT_USAGE);
	const char *near = command_nearest(given);
	return app_usage(app, near != NULL
		? app_sayf(app, W_NO_COMMAND_NEAR, given, near, NULL)
		: app_sayf(app, W_NO_COMMAND, given, NULL));
}

static int
run_command(struct app *app, int argc, char **argv, unsigned used)
{
	static const enum log_level levels[] = { LOG_LEVEL_WARN, LOG_LEVEL_INFO,
	                                         LOG_LEVEL_DEBUG };
	const struct command *c = app->command;
	if (!c->raw) {
		if (!read_options(app, argc, argv, true, &used))
			return EXIT_USAGE;
		/* The arguments stand at the end now; the name goes before them. */
		argv[optind - 1] = (char *)(uintptr_t)c->name;
		argc -= optind - 1;
		argv += optind - 1;
	}
	if (app->help)
		return help_on(app, c->name);
	if (app->version)
		return cmd_version(app, 0, NULL);
	if (!fits(app, c, argc - 1, argv[1], used))
		return EXIT_USAGE;
	log_set_level(levels[app->verbose > 2 ? 2 : app->verbose]);
	find_places(app);
	int code = c->run(app, argc, argv);
	if (app->acts)
		audit_command(app, argc, argv, code);
	return code;
}

static int
run(struct app *app, int argc, char **argv)
{
	unsigned used = 0;
	if (!read_options(app, argc, argv, false, &used))
		return EXIT_USAGE;
	argc -= optind;
	argv += optind;
	if (app->version)
		return cmd_version(app, 0, NULL);
	app->command = argc > 0 ? command_find(argv[0]) : NULL;
	if (app->command == NULL)
		return no_command(app, argc > 0 ? argv[0] : NULL);
	return run_command(app, argc, argv, used);
}

/* Language and form of output hold for the very first complaint, wherever they
 * stand on the line; what follows a raw command's name is not looked at. */
static void
look_ahead(struct app *app, int argc, char **argv)
{
	app->lang = lang_of_environment();
	for (int i = 1; i < argc; i++) {
		const struct command *c = command_find(argv[i]);
		if (c != NULL && c->raw)
			return;
		if (strcmp(argv[i], "--") == 0)
			return;
		if (strcmp(argv[i], "--json") == 0)
			app->json = true;
		if (strcmp(argv[i], "--no-color") == 0)
			app->color = false;
		if (strcmp(argv[i], "--lang=ja") == 0
		    || (strcmp(argv[i], "--lang") == 0 && i + 1 < argc
		        && strcmp(argv[i + 1], "ja") == 0))
			app->lang = LANG_JA;
		if (strcmp(argv[i], "--lang=en") == 0
		    || (strcmp(argv[i], "--lang") == 0 && i + 1 < argc
		        && strcmp(argv[i + 1], "en") == 0))
			app->lang = LANG_EN;
	}
}

int
main(int argc, char **argv)
{
	static struct app app = { .problems = PROBLEMS_INIT };
	signal(SIGPIPE, SIG_IGN);
	/* Secrets of the environment and records of people pass through here. */
	io_refuse_core_dumps();
	if (sodium_init() < 0)
		abort();
	app.color = getenv("NO_COLOR") == NULL;
	look_ahead(&app, argc, argv);
	app_open(&app);
	return app_close(&app, run(&app, argc, argv));
}
