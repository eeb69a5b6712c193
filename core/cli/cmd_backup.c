/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_backup.c - renkei backup and restore: all that must survive, in one archive
 * (base/tar.h), and back.  Databases are copied while they are used (store/backup.h),
 * tokens stay sealed; the key that they are sealed with is not in it.  What a state that
 * is older than the target means for runs is in sync/doubt.c. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/tar.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/command.h"
#include "net/seal.h"
#include "store/backup.h"
#include "store/lock.h"
#include "sync/run.h"

#define HEAD "renkei-backup"
#define FORM 1
#define HEAD_MAX 1024

/* In the order in which they are put back: first what says what was done. */
static const struct part {
	const char *folder, *suffix;   /* folder "": the file 'suffix' itself. */
	bool database, sync;
} parts[] = {
	{ "syncs", ".db", true, true },
	{ "tokens", "", false, false },
	{ "", "net.db", true, false },
	{ "", "host.db", true, false },
};
#define PARTS (sizeof parts / sizeof *parts)

struct counted {
	int64_t syncs, tokens, at_ms;
};

static const char *
path_in(struct app *app, const char *dir, const char *name)
{
	return arena_printf(&app->arena, "%s/%s", dir, name).ptr;
}

/* The files of one place, as "DIR/NAME"; none where there is no such place. */
static const char **
files_of(struct app *app, const struct part *part, size_t *count)
{
	const char *dir = app->state_dir;
	*count = 0;
	if (part->folder[0] != '\0')
		return io_list(path_in(app, dir, part->folder), part->suffix, &app->arena, count);
	const char **one = arena_new(&app->arena, const char *);
	*one = path_in(app, dir, part->suffix);
	*count = access(*one, F_OK) == 0;
	return one;
}

static const char *
name_of(struct app *app, const struct part *part, const char *path)
{
	const char *file = strrchr(path, '/') + 1;
	return part->folder[0] != '\0' ? path_in(app, part->folder, file) : file;
}

/* Every row of a sync's file, as "renkei doctor" looks at them. */
static bool
verify(struct app *app, const char *folder, const char *file, struct rk_err *err)
{
	struct store *store;
	char *name = arena_str(&app->arena, file);
	name[strlen(name) - strlen(".db")] = '\0';
	if (!store_open(&store, folder, name, NULL, STORE_LOOK, err))
		return false;
	bool sound = store_verify(store, err);
	store_close(store);
	return sound;
}

/* ---- Backup ---------------------------------------------------------------- */

static bool
not_written(const char *path, struct rk_err *err)
{
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be written; name a file in a folder "
	          "where this user may write", path);
	return false;
}

static bool
add_copy(struct app *app, struct tar *tar, const struct part *part, const char *path,
         const char *aside, struct rk_err *err)
{
	const char *file = strrchr(path, '/') + 1, *copy = path_in(app, aside, file);
	bool added = backup_copy(path, copy, err) && (!part->sync || verify(app, aside, file, err))
	             && (tar_add_file(tar, name_of(app, part, path), copy)
	                 || not_written(app->file, err));
	unlink(copy);
	return added;
}

static bool
add_all(struct app *app, struct tar *tar, const char *aside, struct counted *counted,
        struct rk_err *err)
{
	for (size_t p = 0; p < PARTS; p++) {
		const struct part *part = &parts[p];
		size_t count;
		const char **paths = files_of(app, part, &count);
		for (size_t i = 0; i < count; i++)
			if (!(part->database
			      ? add_copy(app, tar, part, paths[i], aside, err)
			      : tar_add_file(tar, name_of(app, part, paths[i]), paths[i])
			        || not_written(app->file, err)))
				return false;
		counted->syncs += part->sync ? (int64_t)count : 0;
		counted->tokens += !part->database ? (int64_t)count : 0;
	}
	return true;
}

static bool
write_archive(struct app *app, struct tar *tar, struct counted *counted, struct rk_err *err)
{
	BUF_AUTO head = BUF_INIT(HEAD_MAX);
	buf_addf(&head, "form %d\nversion %s\nat_ms %" PRId64 "\n", FORM, PACKAGE_VERSION,
	         counted->at_ms);
	struct arena *arena = &app->arena;
	char *aside = arena_str(arena, arena_printf(arena, "%s.XXXXXX", app->file).ptr);
	if (!tar_create(tar, app->file) || mkdtemp(aside) == NULL)
		return not_written(app->file, err);
	bool done = (tar_add(tar, HEAD, buf_text(&head)) || not_written(app->file, err))
	            && add_all(app, tar, aside, counted, err)
	            && (tar_finish(tar) || not_written(app->file, err));
	rmdir(aside);
	return done;
}

static bool
has_state(struct app *app)
{
	for (size_t p = 0; p < PARTS; p++) {
		size_t count;
		files_of(app, &parts[p], &count);
		if (count > 0)
			return true;
	}
	return false;
}

static void
tell(struct app *app, enum word line, const struct counted *counted)
{
	BUF_AUTO at = BUF_INIT(64);
	zone_format(&at, counted->at_ms);
	out_json_str(&app->out, "file", app->file);
	out_json_number(&app->out, "syncs", counted->syncs);
	out_json_number(&app->out, "logins", counted->tokens);
	out_json_str(&app->out, "at", buf_str(&at));
	out_line(&app->out, app_sayf(app, line, app->file, app_number(app, counted->syncs),
	                             app_number(app, counted->tokens), buf_str(&at), NULL));
}

int
cmd_backup(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct rk_err err = ERR_INIT;
	struct tar tar = TAR_INIT;
	struct counted counted = { .at_ms = clock_now_ms() };
	app->file = argv[1];
	bool done = has_state(app);
	if (!done)
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "the state directory %s holds no state, so "
		        "there is nothing to keep; name another with --state", app->state_dir);
	done = done && write_archive(app, &tar, &counted, &err);
	tar_close(&tar);
	if (!done)
		return app_error(app, RK_PAUSE, &err, NULL);
	tell(app, W_BACKUP_DONE, &counted);
	out_line(&app->out, app_sayf(app, W_BACKUP_WITHOUT,
	                             path_in(app, app->state_dir, SEAL_KEY_NAME), NULL));
	return EXIT_DONE;
}

/* ---- Restore --------------------------------------------------------------- */

static bool
not_whole(const char *path, struct rk_err *err)
{
	if (errno == EBADMSG)
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s is no backup of renkei, or was cut off "
		        "or changed since; nothing was restored.  Take another one", path);
	else
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be restored; nothing was "
		          "changed", path);
	return false;
}

static bool
read_head(struct tar *tar, struct counted *counted, const char *path, struct rk_err *err)
{
	int form = 0;
	BUF_AUTO head = BUF_INIT(HEAD_MAX);
	if (!tar_next(tar))
		return not_whole(path, err);
	errno = EBADMSG;
	if (strcmp(tar->name, HEAD) != 0 || !tar_take(tar, &head)
	    || sscanf(buf_str(&head), "form %d version %*s at_ms %" SCNd64, &form,
	              &counted->at_ms) != 2 || form < 1)
		return not_whole(path, err);
	if (form == FORM)
		return true;
	err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s was made by a newer renkei; install that version "
	        "to restore it", path);
	return false;
}

/* Where a member belongs; NULL: nowhere. */
static const struct part *
part_of(const char *name)
{
	for (size_t p = 0; p < PARTS; p++) {
		const struct part *part = &parts[p];
		size_t len = strlen(part->folder), end = strlen(part->suffix);
		const char *file = name + len + 1;
		if (len == 0 ? strcmp(name, part->suffix) == 0
		             : strncmp(name, part->folder, len) == 0 && name[len] == '/'
		               && strchr(file, '/') == NULL && strlen(file) > end
		               && strcmp(file + strlen(file) - end, part->suffix) == 0)
			return part;
	}
	return NULL;
}

/* All of it into a folder of its own; nothing of it is used before every sum was right. */
static bool
unpack(struct app *app, struct tar *tar, const char *aside, struct counted *counted,
       struct rk_err *err)
{
	if (!read_head(tar, counted, app->file, err))
		return false;
	for (;;) {
		if (!tar_next(tar))
			return not_whole(app->file, err);
		if (tar->name[0] == '\0')
			return true;
		const struct part *part = part_of(tar->name);
		errno = EBADMSG;
		if (part == NULL || !tar_take_file(tar, path_in(app, aside, tar->name)))
			return not_whole(app->file, err);
		counted->syncs += part->sync;
		counted->tokens += !part->database;
	}
}

/* Each sync's file is one that this program can use, and says that it was put back. */
static bool
make_ready(struct app *app, const char *aside, struct rk_err *err)
{
	size_t count = 0;
	const char *folder = path_in(app, aside, "syncs");
	const char **paths = io_list(folder, ".db", &app->arena, &count);
	for (size_t i = 0; i < count; i++) {
		struct store *store = NULL;
		char *name = arena_str(&app->arena, strrchr(paths[i], '/') + 1);
		if (!verify(app, folder, name, err))
			return false;
		name[strlen(name) - strlen(".db")] = '\0';
		bool told = store_open(&store, folder, name, NULL, STORE_WRITE, err)
		            && sync_doubt(store, err);
		store_close(store);
		if (!told)
			return false;
	}
	return access(path_in(app, aside, "host.db"), F_OK) != 0
	       || backup_host_restored(aside, clock_now_ms(), err);
}

/* Whether something is there that a person would miss, or what a database left, which would
 * be read into the one that comes. */
static bool
is_used(struct app *app)
{
	size_t count, rest;
	for (size_t p = 0; p < PARTS; p++) {
		files_of(app, &parts[p], &count);
		if (count > 0 && parts[p].folder[0] != '\0')
			return true;
	}
	io_list(path_in(app, app->state_dir, "syncs"), ".db-wal", &app->arena, &rest);
	return rest > 0 || !backup_host_blank(app->state_dir)
	       || (access(path_in(app, app->state_dir, "host.db"), F_OK) != 0
	           && access(path_in(app, app->state_dir, "host.db-wal"), F_OK) == 0);
}

/* What only looks at a state leaves databases that nobody would miss: they go, when all
 * that comes is known to be whole. */
static void
make_room(struct app *app)
{
	static const char *const files[] = { "net.db", "host.db" };
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	for (size_t i = 0; i < 8; i++)
		unlink(arena_printf(&app->arena, "%s/%s%s", app->state_dir, files[i / 4],
		                    ends[i % 4]).ptr);
}

static bool
move_in(struct app *app, const char *aside, struct rk_err *err)
{
	const char *live = app->state_dir;
	make_room(app);
	for (size_t p = 0; p < PARTS; p++) {
		const struct part *part = &parts[p];
		size_t count;
		app->state_dir = aside;
		const char **paths = files_of(app, part, &count);
		app->state_dir = live;
		for (size_t i = 0; i < count; i++) {
			const char *to = path_in(app, live, name_of(app, part, paths[i]));
			if ((part->folder[0] != '\0' && i == 0
			     && !io_mkdirs(path_in(app, live, part->folder)))
			    || renameat2(AT_FDCWD, paths[i], AT_FDCWD, to, RENAME_NOREPLACE) != 0
			    || !io_sync_folder(to))
				return not_whole(app->file, err);
		}
	}
	return true;
}

static void
sweep(struct app *app, const char *aside)
{
	const char *live = app->state_dir;
	app->state_dir = aside;
	for (size_t p = 0; p < PARTS; p++) {
		size_t count;
		const char **paths = files_of(app, &parts[p], &count);
		for (size_t i = 0; i < count; i++)
			unlink(paths[i]);
		if (parts[p].folder[0] != '\0')
			rmdir(path_in(app, aside, parts[p].folder));
	}
	app->state_dir = live;
	rmdir(aside);
}

static bool
restore(struct app *app, struct tar *tar, struct counted *counted, struct rk_err *err)
{
	char *aside = arena_str(&app->arena, path_in(app, app->state_dir, "restore.XXXXXX"));
	if (!tar_open(tar, app->file) || mkdtemp(aside) == NULL)
		return not_whole(app->file, err);
	bool done = (io_mkdirs(path_in(app, aside, "syncs"))
	             && io_mkdirs(path_in(app, aside, "tokens"))) || not_whole(app->file, err);
	done = done && unpack(app, tar, aside, counted, err) && make_ready(app, aside, err)
	       && move_in(app, aside, err);
	sweep(app, aside);
	return done;
}

int
cmd_restore(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct rk_err err = ERR_INIT;
	struct tar tar = TAR_INIT;
	struct counted counted = { 0 };
	app->file = argv[1];
	/* No daemon begins on it while it comes; what a run by hand has begun stays. */
	FD_AUTO lock = lock_take(app->state_dir, "daemon", &err);
	bool there = access(app->file, R_OK) == 0 || not_whole(app->file, &err);
	bool empty = there && lock >= 0 && !is_used(app);
	if (there && !empty)
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "the state directory %s is in use; stop the "
		        "daemon, move syncs, tokens and all that begins with net.db or host.db "
		        "aside, or name another directory with --state", app->state_dir);
	bool done = empty && restore(app, &tar, &counted, &err);
	tar_close(&tar);
	if (!done)
		return app_error(app, RK_PAUSE, &err, NULL);
	tell(app, W_RESTORED, &counted);
	out_line(&app->out, app_say(app, W_RESTORED_MEANS));
	if (counted.tokens > 0 && access(path_in(app, app->state_dir, SEAL_KEY_NAME), F_OK) != 0)
		out_line(&app->out, app_sayf(app, W_RESTORED_KEY,
		         path_in(app, app->state_dir, SEAL_KEY_NAME), NULL));
	return EXIT_DONE;
}
