/* SPDX-License-Identifier: Apache-2.0
 *
 * app.h - what every command has: the options, the configuration, the state
 * directory, where output goes, and how a complaint is made. */
#ifndef CLI_APP_H
#define CLI_APP_H

#include "base/exit.h"
#include "cli/out.h"
#include "config/config.h"
#include "connector/session.h"

struct complaint_row;                  /* A complaint kept for JSON. */
struct command;
struct overrides;

struct app {
	const struct command *command;
	const char *config_path;       /* -c */
	const char *state_dir;         /* --state */
	enum words_lang lang;
	bool json, quiet, color;
	int verbose;
	/* Of single commands. */
	const char *match;
	const char *category, *field, *format, *file, *value, *created_as, *limit;
	const char *scenario, *simulator, *page, *report, *only, *priority, *older, *take, *seen;
	bool help, version, online, all, links, once, man, completion, ignored, grouped, not_created,
	     bom, yes, dry_run, repair, slice;

	struct arena arena;            /* owned */
	struct out out;                /* owned */
	struct config config;          /* owned, as all below */
	struct problems problems;
	struct world world;
	bool loaded;
	bool acts;                     /* It changes something: goes on the list of actions. */
	struct rk_text options_told;   /* Those of this command alone, as they were typed. */
	struct overrides *overrides;   /* NULL: not looked at yet. */
	bool told;                     /* A run may have left a notice to be sent. */
	struct complaint_row *complaints, **complaints_last;
};

const char *app_say(const struct app *app, enum word id);
/* The words with {1}, {2} ... filled in; the list of texts ends with NULL. */
const char *app_sayf(struct app *app, enum word id, ...) __attribute__((sentinel));
/* One of few words, for people; in JSON its code, the same in every language. */
const char *app_code(const struct app *app, enum word id, const char *code);
/* A time as tables have it, in the zone of whoever looks. */
const char *app_time(struct app *app, int64_t ms);
/* An error text in the language of the person. */
struct rk_text app_told(struct app *app, struct rk_text text);
/* A number as text. */
const char *app_number(struct app *app, int64_t number);

/* Who acts: whom the daemon acts for (schedule/control.h), else the name of our login. */
const char *app_user(struct app *app);
/* Another program asks for it by the daemon: nobody typed it at a terminal. */
bool app_is_asked(void);

/* Reads and checks the configuration against the manifests, and tells what is
 * wrong; false: exit with EXIT_USAGE. */
bool app_load(struct app *app);
/* Tells problems on standard error, and in JSON under "problems". */
void app_tell_problems(struct app *app, const struct problems *problems);
/* NULL: there is none, and that was said with the nearest name. */
const struct config_sync *app_sync(struct app *app, const char *name);
const struct config_connection *app_connection(struct app *app, const char *name);
/* Opens a connection; false: it was said why, and 'code' is set. */
bool app_session(struct app *app, const char *connection, struct session *session,
                 int *code);
/* state/syncs */
const char *app_syncs_dir(struct app *app);

/* What happened, why, and what to do.  'about' is a connection, a sync, or NULL.
 * Returns the exit code that fits. */
int app_error(struct app *app, int32_t status, const struct rk_err *err,
              const char *about);
/* A mistake on the command line, with words filled in as app_sayf does. */
int app_usage(struct app *app, const char *text);
/* The same for what was right when it was looked at: others may act on its code. */
int app_stale(struct app *app, const char *text);

/* Where all commands come in and go out. */
void app_open(struct app *app);
/* Ends output; returns 'code', or EXIT_FAILED if output could not be written. */
int app_close(struct app *app, int code);

#endif
