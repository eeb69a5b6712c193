/* SPDX-License-Identifier: Apache-2.0
 *
 * grant.c - see grant.h. */
#include "net/grant.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "net/seal.h"
#include "record/wire.h"

#define FOLDER "tokens"
#define FORM 1
#define PLAIN_MAX (256 * 1024)
#define FILE_MAX (512 * 1024)

void
grant_keep(char **into, struct rk_text text)
{
	char *copy = sodium_malloc(text.len + 1);
	if (copy == NULL)
		abort();
	if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	sodium_free(*into);
	*into = copy;
}

void
grant_clear(struct grant *g)
{
	sodium_free(g->access);
	sodium_free(g->refresh);
	free(g->scopes);
	free(g->client_id);
	free(g->token_url);
	*g = (struct grant){ .access = NULL };
}

/* ---- Its file ------------------------------------------------------------------ */

/* No name of a connection begins with a dot, so a lock is never another one's tokens. */
static const char *
path_of(const struct grant_place *place, const char *before, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/" FOLDER "/%s%s", place->state_dir, before,
	         place->connection);
	return path;
}

static void
purpose_of(const struct grant_place *place, char purpose[512])
{
	snprintf(purpose, 512, "%s.(tokens)", place->connection);
}

static bool
decode(struct grant *g, struct rk_text plain)
{
	struct wire_reader r = wire_reader(plain);
	int64_t form = wire_take_int(&r);
	g->generation = wire_take_int(&r);
	g->obtained_ms = wire_take_int(&r);
	g->expires_ms = wire_take_int(&r);
	g->renewing_ms = wire_take_int(&r);
	struct rk_text client_id = wire_take_text(&r), token_url = wire_take_text(&r);
	struct rk_text scopes = wire_take_text(&r), access = wire_take_text(&r);
	struct rk_text refresh = wire_take_text(&r);
	if (r.bad || form != FORM)
		return false;
	g->client_id = text_dup(client_id);
	g->token_url = text_dup(token_url);
	g->scopes = scopes.len > 0 ? text_dup(scopes) : NULL;
	if (access.len > 0)
		grant_keep(&g->access, access);
	if (refresh.len > 0)
		grant_keep(&g->refresh, refresh);
	return true;
}

static int32_t
unseal(struct grant *g, const struct grant_place *place, struct rk_text sealed,
       struct rk_err *err)
{
	char *plain, purpose[512];
	size_t len;
	purpose_of(place, purpose);
	int32_t status = seal_open(place->seal_key, text_of(purpose), sealed, &plain, &len,
	                           err);
	if (status != RK_OK) {
		text_copy(err->code, sizeof err->code, TEXT_LIT("oauth-key"));
		err->category = RK_CAT_AUTH;
		return status;
	}
	bool good = decode(g, (struct rk_text){plain, len});
	sodium_free(plain);
	return good ? RK_OK
		    : err_set(err, RK_PAUSE, RK_CAT_AUTH,
			      "the tokens of connection '%s' are of another version of "
			      "renkei; log in again: renkei login %s",
			      place->connection, place->connection);
}

int32_t
grant_load(struct grant *g, const struct grant_place *place, struct rk_err *err)
{
	char path[PATH_MAX];
	struct grant fresh = {.access = NULL};
	BUF_AUTO sealed = BUF_INIT(FILE_MAX);
	bool there = io_read_file(path_of(place, "", path), &sealed);
	if (!there && errno != ENOENT)
		return err_errno(err, RK_PAUSE, RK_CAT_CONFIG,
				 "the tokens of connection '%s' "
				 "cannot be read: %s",
				 place->connection, path);
	int32_t status = there ? unseal(&fresh, place, buf_text(&sealed), err) : RK_OK;
	if (status != RK_OK) {
		grant_clear(&fresh);
		return status;
	}
	grant_clear(g);
	*g = fresh;
	return RK_OK;
}

static void
encode(const struct grant *g, struct buf *out)
{
	wire_int(out, FORM);
	wire_int(out, g->generation);
	wire_int(out, g->obtained_ms);
	wire_int(out, g->expires_ms);
	wire_int(out, g->renewing_ms);
	wire_str(out, g->client_id);
	wire_str(out, g->token_url);
	wire_str(out, g->scopes);
	wire_str(out, g->access);
	wire_str(out, g->refresh);
}

int32_t
grant_save(const struct grant *g, const struct grant_place *place, struct rk_err *err)
{
	char path[PATH_MAX], purpose[512];
	BUF_AUTO plain = BUF_INIT(PLAIN_MAX);
	BUF_AUTO sealed = BUF_INIT(FILE_MAX);
	/* Room at once: a buffer that moves leaves copies. */
	buf_extend(&plain, PLAIN_MAX - 1);
	buf_reset(&plain);
	encode(g, &plain);
	purpose_of(place, purpose);
	int32_t status = plain.over ? err_set(err, RK_PAUSE, RK_CAT_AUTH,
					      "the tokens are over %d bytes", PLAIN_MAX)
				    : seal_close(place->seal_key, text_of(purpose),
						 buf_text(&plain), &sealed, err);
	sodium_memzero(plain.ptr, plain.cap);
	if (status != RK_OK)
		return status;
	if (io_replace_file(path_of(place, "", path), sealed.ptr, sealed.len))
		return RK_OK;
	err_errno(err, RK_AGAIN, RK_CAT_OTHER,
	          "the tokens of connection '%s' cannot be written to %s; make room, "
	          "or the folder writable", place->connection, path);
	return RK_AGAIN;
}

int32_t
grant_remove(const struct grant_place *place, struct rk_err *err)
{
	char path[PATH_MAX];
	if (unlink(path_of(place, "", path)) == 0 || errno == ENOENT)
		return RK_OK;
	return err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be removed", path);
}

int
grant_lock(const struct grant_place *place)
{
	char path[PATH_MAX];
	if (mkdirat(place->dir, FOLDER, 0700) != 0 && errno != EEXIST)
		return -1;
	int fd = open(path_of(place, ".lock-", path),
	              O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int reason = errno;
		close(fd);
		errno = reason;
		return -1;
	}
	return fd;
}
