/* SPDX-License-Identifier: Apache-2.0
 *
 * vendor_new.c - renkei vendor new: a project of its own, written from the templates of
 * samples/vendor.  They are a connector called acme that builds and certifies; here its
 * name becomes the vendor's.  The contract's headers go along, so that the project needs
 * nothing of this tree. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/vendor.h"

#define FILE_MAX (1024u * 1024)
#define NAME_MAX_LEN 32

#ifndef RK_VENDORDIR
#define RK_VENDORDIR "/usr/share/renkei/vendor"
#define RK_CONTRACTDIR "/usr/include/renkei"
#endif

/* A template, and what it becomes; "acme" is the connector's name in both. */
static const struct {
	const char *from, *to;
} templates[] = {
	{ "acme.c", "acme.c" }, { "acme.scenario", "acme.scenario" },
	{ "acme_test.c", "acme_test.c" }, { "acme.md", "acme.md" },
	{ "acme.mk", "Makefile" }, { "README.md", "README.md" },
};

static bool
is_name(const char *name)
{
	size_t len = strlen(name);
	return islower((unsigned char)name[0]) && len <= NAME_MAX_LEN
	       && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") == len;
}

/* The name as "acme", "Acme" or "ACME" stands there. */
static void
add_name(struct buf *out, const char *name, const char *like)
{
	bool first = isupper((unsigned char)like[0]), rest = isupper((unsigned char)like[1]);
	for (size_t i = 0; name[i] != '\0'; i++)
		buf_addc(out, (i == 0 ? first : rest) ? (char)toupper((unsigned char)name[i])
		                                      : name[i]);
}

/* The text with that name in its place, and this program for @RENKEI@. */
static void
rename_all(struct buf *out, const char *text, const char *name)
{
	while (*text != '\0') {
		if (strncmp(text, "@RENKEI@", 8) == 0) {
			buf_addf(out, "%s/renkei", io_program_dir());
			text += 8;
		} else if (strncasecmp(text, "acme", 4) == 0) {
			add_name(out, name, text);
			text += 4;
		} else {
			buf_addc(out, *text++);
		}
	}
}

static bool
write_file(const char *path, const struct buf *text, struct rk_err *err)
{
	FILE *file = fopen(path, "wxe");
	bool done = file != NULL && fwrite(buf_str(text), 1, text->len, file) == text->len;
	done = (file == NULL || fclose(file) == 0) && done;
	if (!done)
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be written", path);
	return done;
}

static bool
copy(const char *from, const char *to, const char *name, struct rk_err *err)
{
	BUF_AUTO text = BUF_INIT(FILE_MAX), named = BUF_INIT(2 * FILE_MAX);
	if (!io_read_file(from, &text)) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be read; is renkei "
		          "installed as a whole?", from);
		return false;
	}
	if (name != NULL)
		rename_all(&named, buf_str(&text), name);
	return write_file(to, name != NULL ? &named : &text, err);
}

/* What was built beside this program, else what is installed. */
static const char *
place_of(struct app *app, const char *built, const char *installed)
{
	struct stat st;
	const char *dir = arena_printf(&app->arena, "%s/%s", io_program_dir(), built).ptr;
	return stat(dir, &st) == 0 ? dir : installed;
}

static bool
write_project(struct app *app, const char *name, const char *dir, struct rk_err *err)
{
	const char *from = place_of(app, "vendor", RK_VENDORDIR);
	const char *headers = place_of(app, "vendor/include/renkei", RK_CONTRACTDIR);
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		BUF_AUTO to = BUF_INIT(4096);
		rename_all(&to, templates[i].to, name);
		if (!copy(arena_printf(&app->arena, "%s/%s", from, templates[i].from).ptr,
		          arena_printf(&app->arena, "%s/%s", dir, buf_str(&to)).ptr, name, err))
			return false;
	}
	size_t count;
	const char **list = io_list(headers, ".h", &app->arena, &count);
	if (list == NULL || count == 0) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be read; install the "
		          "contract's headers", headers);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (!copy(list[i], arena_printf(&app->arena, "%s/include/renkei/%s", dir,
		                                strrchr(list[i], '/') + 1).ptr, NULL, err))
			return false;
	return true;
}

/* Nothing is there, or a folder with nothing in it. */
static bool
is_free(const char *dir)
{
	DIR *there = opendir(dir);
	size_t entries = 0;
	if (there == NULL)
		return errno == ENOENT;
	while (readdir(there) != NULL)
		entries++;
	closedir(there);
	return entries <= 2;           /* "." and ".." */
}

int
vendor_new(struct app *app, const char *name, const char *dir)
{
	struct rk_err err = ERR_INIT;
	if (!is_name(name))
		return app_usage(app, app_sayf(app, W_VENDOR_NAME, name, NULL));
	if (dir == NULL)
		dir = name;
	if (!is_free(dir))
		return app_usage(app, app_sayf(app, W_VENDOR_THERE, dir, NULL));
	if (!io_mkdirs(arena_printf(&app->arena, "%s/include/renkei", dir).ptr))
		err_errno(&err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be made", dir);
	else if (write_project(app, name, dir, &err)) {
		out_json_str(&app->out, "connector", name);
		out_json_str(&app->out, "folder", dir);
		out_line(&app->out, app_sayf(app, W_VENDOR_MADE, dir, NULL));
		return EXIT_DONE;
	}
	return app_error(app, RK_PAUSE, &err, NULL);
}
