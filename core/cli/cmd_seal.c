/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_seal.c - renkei seal: takes a secret from a prompt that does not show it, or
 * from standard input, and prints it sealed (net/seal.h).  The configuration is not
 * read: the connection may want its key before it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "net/seal.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

/* ---- The prompt ------------------------------------------------------------ */

static volatile sig_atomic_t interrupted;

static void
note_signal(int number)
{
	interrupted = number;
}

static const int ending[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};
#define ENDINGS (sizeof ending / sizeof *ending)

/* Reads a line without its end into 'into'; its length, SIZE_MAX past 'room'. */
static size_t
read_line(char *into, size_t room)
{
	size_t len = 0;
	char c;
	ssize_t n;
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') {
		if (len == room)
			return SIZE_MAX;
		into[len++] = c;
	}
	c = 0;
	while (len > 0 && (into[len - 1] == '\r' || into[len - 1] == ' '))
		len--;
	return n < 0 ? 0 : len;
}

/* Whatever ends the prompt, the terminal shows again what is typed. */
static size_t
read_unseen(char *into, size_t room)
{
	struct termios shown, unseen;
	struct sigaction note = {.sa_handler = note_signal}, before[ENDINGS];
	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return read_line(into, room);
	for (size_t i = 0; i < ENDINGS; i++)
		sigaction(ending[i], &note, &before[i]);
	unseen = shown;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	unseen.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	size_t len = read_line(into, room);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	for (size_t i = 0; i < ENDINGS; i++)
		sigaction(ending[i], &before[i], NULL);
	io_write_all(STDERR_FILENO, "\n", 1);
	if (interrupted != 0)
		raise(interrupted);
	return len;
}

/* ---- The command ------------------------------------------------------------- */

static bool
is_clean(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
			return false;
	return true;
}

static int
tell(struct app *app, const char *connection, const char *setting, struct rk_text sealed)
{
	const char *reference;
	struct rk_err err = ERR_INIT;
	if (app->file == NULL) {
		reference = arena_printf(&app->arena, SEAL_PREFIX "%s", sealed.ptr).ptr;
	} else {
		if (!io_replace_file(app->file, sealed.ptr, sealed.len)) {
			err_errno(&err, RK_PAUSE, RK_CAT_CONFIG,
				  "%s cannot be written; name a "
				  "file in a folder where this user may write",
				  app->file);
			return app_error(app, RK_PAUSE, &err, NULL);
		}
		char *whole = realpath(app->file, NULL);
		reference = arena_printf(&app->arena, SEAL_PREFIX "%s",
					 whole != NULL ? whole : app->file)
				.ptr;
		free(whole);
	}
	out_json_str(&app->out, "connection", connection);
	out_json_str(&app->out, "setting", setting);
	out_json_str(&app->out, "reference", reference);
	if (isatty(STDOUT_FILENO))
		out_line(&app->out, app_sayf(app, W_SEAL_LINE, connection, NULL));
	out_line(&app->out,
		 arena_printf(&app->arena, "%s = \"%s\";", setting, reference).ptr);
	return EXIT_DONE;
}

static int
seal(struct app *app, const char *connection, const char *setting, struct rk_text plain)
{
	struct rk_err err = ERR_INIT;
	BUF_AUTO sealed = BUF_INIT(2 * SEAL_PLAIN_MAX);
	if (!io_mkdirs(app->state_dir)) {
		err_errno(&err, RK_PAUSE, RK_CAT_CONFIG,
			  "the state directory %s cannot be "
			  "made; name another with --state",
			  app->state_dir);
		return app_error(app, RK_PAUSE, &err, NULL);
	}
	struct rk_text purpose = arena_printf(&app->arena, "%s.%s", connection, setting);
	int32_t status = seal_close(settings_seal_key(app->state_dir, &app->arena),
				    purpose, plain, &sealed, &err);
	return status == RK_OK ? tell(app, connection, setting, buf_text(&sealed))
			       : app_error(app, status, &err, NULL);
}

int
cmd_seal(struct app *app, int argc, char **argv)
{
	(void)argc;
	for (int i = 1; i <= 2; i++)
		if (argv[i][0] == '\0' || argv[i][strspn(argv[i], NAME_CHARS)] != '\0')
			return app_usage(app, app_sayf(app, W_SEAL_NAMES, argv[i], NULL));
	char *plain = sodium_malloc(SEAL_PLAIN_MAX);
	if (plain == NULL)
		abort();
	if (isatty(STDIN_FILENO)) {
		const char *prompt = app_sayf(app, W_SEAL_PROMPT, argv[2], argv[1], NULL);
		io_write_all(STDERR_FILENO, prompt, strlen(prompt));
	}
	size_t len = isatty(STDIN_FILENO) ? read_unseen(plain, SEAL_PLAIN_MAX)
					  : read_line(plain, SEAL_PLAIN_MAX);
	int code;
	if (len == 0)
		code = app_usage(app, app_say(app, W_SEAL_NOTHING));
	else if (len == SIZE_MAX || !is_clean(plain, len))
		code = app_usage(app, app_say(app, W_SEAL_CONTROLS));
	else
		code = seal(app, argv[1], argv[2], (struct rk_text){plain, len});
	sodium_free(plain);
	return code;
}
