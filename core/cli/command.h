/* SPDX-License-Identifier: Apache-2.0
 *
 * command.h - one row a command; help and manual print from the same table.
 * Each command stands in a file of its own, cmd_NAME.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/app.h"

/* Options that only some commands have, as bits. */
enum { USES_MATCH = 1, USES_ONLINE = 2, USES_ALL = 4, USES_LINKS = 8, USES_ONCE = 16,
       USES_MAN = 32, USES_ERRORS = 64, USES_LIMIT = 128,
       USES_OUT = 256, USES_VENDOR = 512, USES_DRY_RUN = 1024, USES_REPAIR = 1 << 21,
       USES_PRIORITY = 1 << 20, USES_OLDER = 1 << 22, USES_CONFLICTS = 1 << 23,
       USES_FIELD = 1 << 24,
       USES_YES = 1 << 25 };

#define ANY_NUMBER 1000000

/* Under which heading the overview has it. */
enum command_group { GROUP_NONE, GROUP_SETUP, GROUP_BEFORE, GROUP_RUN, GROUP_LOOK,
                     GROUP_MEND, GROUP_KEEP, GROUP_OTHER, GROUP_COUNT };

struct command {
	const char *name, *arguments;
	enum command_group group;
	unsigned options;
	int min, max;                  /* Arguments after the name. */
	bool raw;                      /* What follows the name is not ours to read. */
	int (*run)(struct app *app, int argc, char **argv);  /* argv[0] is the name. */
	const char *help, *help_ja;    /* One line. */
	const char *more, *more_ja;    /* What else to know; lines. */
};

/* What getopt calls an option: its letter, or a number past all letters. */
enum option_letter {
	OPTION_CONFIG = 'c', OPTION_HELP = 'h', OPTION_QUIET = 'q', OPTION_VERBOSE = 'v',
	OPTION_VERSION = 'V',
	OPTION_STATE = 256, OPTION_LANG, OPTION_JSON, OPTION_NO_COLOR, OPTION_ONLINE,
	OPTION_MATCH, OPTION_ALL, OPTION_LINKS, OPTION_ONCE, OPTION_MAN, OPTION_COMPLETION,
	OPTION_CATEGORY, OPTION_FIELD, OPTION_VALUE, OPTION_IGNORED, OPTION_GROUP,
	 OPTION_FORMAT, OPTION_OUT, OPTION_BOM,
	OPTION_CREATED_AS, OPTION_NOT_CREATED, OPTION_LIMIT,
	OPTION_SCENARIO, OPTION_SIMULATOR, OPTION_PAGE, OPTION_REPORT, OPTION_ONLY, OPTION_DRY_RUN,
	OPTION_PRIORITY, OPTION_YES, OPTION_REPAIR, OPTION_SLICE, OPTION_OLDER,
	OPTION_TAKE, OPTION_SEEN,
};

struct option_row {
	const char *name, *argument;   /* NULL: a switch */
	int letter;                    /* enum option_letter */
	unsigned use;                  /* 0: every command has it */
	const char *help, *help_ja;
	const char *hidden;            /* Not NULL: for the build, not for people. */
};

extern const struct command commands[];        /* Ends with a NULL name. */
extern const struct option_row option_rows[];  /* Ends with a NULL name. */

const struct command *command_find(const char *name);
/* The nearest command's name; NULL: none is near. */
const char *command_nearest(const char *name);
/* Whether 'word' may come first after the name of a command that asks for a verb there, as
 * "list | set WHAT ..." and "show|set SYNC" do; else '*near' is the nearest verb, or NULL. */
bool command_takes(const struct command *c, const char *word, struct arena *arena,
                   const char **near);

void help_overview(struct app *app, struct buf *out);
void help_command(struct app *app, const struct command *command, struct buf *out);
/* The page renkei(1). */
void help_man(const struct app *app, struct buf *out);

/* Tables for completion.bash; or what there is of "syncs", "connections",
 * "connectors" or "notices", a name a line. */
void help_completion(struct app *app, const char *names_of, struct buf *out);

int cmd_apply(struct app *app, int argc, char **argv);
int cmd_backup(struct app *app, int argc, char **argv);
int cmd_audit(struct app *app, int argc, char **argv);
/* Puts what was done on the list of actions. */
void audit_command(struct app *app, int argc, char **argv, int code);

int cmd_bundle(struct app *app, int argc, char **argv);
int cmd_check(struct app *app, int argc, char **argv);
int cmd_conflicts(struct app *app, int argc, char **argv);
int cmd_connectors(struct app *app, int argc, char **argv);
int cmd_cursor(struct app *app, int argc, char **argv);
int cmd_daemon(struct app *app, int argc, char **argv);
int cmd_demo(struct app *app, int argc, char **argv);
int cmd_describe(struct app *app, int argc, char **argv);
int cmd_doctor(struct app *app, int argc, char **argv);
int cmd_errors(struct app *app, int argc, char **argv);
int cmd_history(struct app *app, int argc, char **argv);
int cmd_hook(struct app *app, int argc, char **argv);
int cmd_help(struct app *app, int argc, char **argv);
int cmd_map(struct app *app, int argc, char **argv);
int cmd_login(struct app *app, int argc, char **argv);
int cmd_logout(struct app *app, int argc, char **argv);
int cmd_approve(struct app *app, int argc, char **argv);
int cmd_override(struct app *app, int argc, char **argv);
int cmd_pause(struct app *app, int argc, char **argv);
int cmd_notify(struct app *app, int argc, char **argv);
int cmd_plan(struct app *app, int argc, char **argv);
int cmd_preview(struct app *app, int argc, char **argv);
int cmd_reconcile(struct app *app, int argc, char **argv);
int cmd_reload(struct app *app, int argc, char **argv);
int cmd_restore(struct app *app, int argc, char **argv);
int cmd_resume(struct app *app, int argc, char **argv);
int cmd_revert(struct app *app, int argc, char **argv);
int cmd_seal(struct app *app, int argc, char **argv);
int cmd_simulate(struct app *app, int argc, char **argv);
int cmd_status(struct app *app, int argc, char **argv);
int cmd_sync(struct app *app, int argc, char **argv);
int cmd_test(struct app *app, int argc, char **argv);
int cmd_usage(struct app *app, int argc, char **argv);
int cmd_user(struct app *app, int argc, char **argv);
int cmd_vendor(struct app *app, int argc, char **argv);
int cmd_version(struct app *app, int argc, char **argv);
int cmd_why(struct app *app, int argc, char **argv);

#endif
