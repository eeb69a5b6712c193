/* SPDX-License-Identifier: Apache-2.0
 *
 * secret.c - see secret.h. */
#include "net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "net/seal.h"

struct secret {
	char *name;                    /* owned */
	enum net_secret_kind kind;
	char *path;                    /* owned; NULL: no file */
	char *sealed;                  /* owned; NULL: nothing that stands in it sealed */
	char *value;                   /* owned, locked; NULL: not read yet */
	size_t len;
	struct stat seen;              /* The file as it was when read. */
	bool distrusted, masked;
};

/* Locked memory is short on some machines, and a secret that may reach the
 * swap is worse than a program that says so and ends. */
static char *
locked(size_t bytes)
{
	char *memory = sodium_malloc(bytes > 0 ? bytes : 1);
	if (memory == NULL)
		abort();
	return memory;
}

static void
forget(struct secret *s)
{
	sodium_free(s->value);
	s->value = NULL;
	s->len = 0;
}

static void
keep(struct secret_set *set, struct secret *s, const char *bytes, size_t len)
{
	bool same = s->value != NULL && s->len == len && memcmp(s->value, bytes, len) == 0;
	if (same)
		return;
	set->changes++;
	forget(s);
	s->masked = false;
	s->value = locked(len);
	if (len > 0)
		memcpy(s->value, bytes, len);
	s->len = len;
}

static void
free_secrets(struct secret *secrets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		forget(&secrets[i]);
		free(secrets[i].name);
		free(secrets[i].path);
		free(secrets[i].sealed);
	}
	free(secrets);
}

/* One of net's own goes by the name that the operator gave. */
static const char *
shown(const struct secret *s)
{
	const char *dot = strrchr(s->name, '.');
	return dot != NULL ? dot + 1 : s->name;
}

void
secret_clear(struct secret_set *set)
{
	free_secrets(set->secrets, set->count);
	free_secrets(set->own, set->own_count);
	free(set->connection);
	free(set->seal_key);
	mask_clear(&set->mask);
	*set = (struct secret_set){ .secrets = NULL };
}

static bool
is_given(const struct secret *s, const struct net_secret *given)
{
	struct rk_text has = s->path != NULL     ? text_of(s->path)
	                     : s->sealed != NULL ? text_of(s->sealed)
	                                         : (struct rk_text){ s->value, s->len };
	return text_is(given->name, s->name) && s->kind == given->kind
	       && text_eq(given->text, has);
}

static bool
is_same(const struct secret_set *set, const struct net_open *given)
{
	bool same = set->count == given->secret_count && set->connection != NULL
	            && text_is(given->seal_key, set->seal_key);
	for (size_t i = 0; same && i < set->count; i++)
		same = is_given(&set->secrets[i], &given->secrets[i]);
	return same;
}

static void
take(struct secret_set *set, struct secret *s, const struct net_secret *given)
{
	s->name = text_dup(given->name);
	s->kind = given->kind;
	switch (given->kind) {
	case NET_SECRET_VALUE:
		keep(set, s, given->text.ptr, given->text.len);
		break;
	case NET_SECRET_SEALED:
		s->sealed = text_dup(given->text);
		break;
	case NET_SECRET_FILE:
	case NET_SECRET_SEALED_FILE:
		s->path = text_dup(given->text);
		break;
	}
}

void
secret_set(struct secret_set *set, const struct net_open *given)
{
	size_t count = given->secret_count;
	if (is_same(set, given))
		return;
	struct secret *secrets = calloc(count > 0 ? count : 1, sizeof *secrets);
	if (secrets == NULL)
		abort();
	set->changes++;
	for (size_t i = 0; i < count; i++)
		take(set, &secrets[i], &given->secrets[i]);
	free_secrets(set->secrets, set->count);
	free(set->connection);
	free(set->seal_key);
	set->connection = text_dup(given->connection);
	set->seal_key = text_dup(given->seal_key);
	set->secrets = secrets;
	set->count = count;
}

void
secret_put(struct secret_set *set, const char *name, struct rk_text value)
{
	struct secret *s = NULL;
	for (size_t i = 0; i < set->own_count; i++)
		if (strcmp(set->own[i].name, name) == 0)
			s = &set->own[i];
	if (s == NULL) {
		set->own = realloc(set->own, (set->own_count + 1) * sizeof *set->own);
		if (set->own == NULL)
			abort();
		s = &set->own[set->own_count++];
		*s = (struct secret){ .name = text_dup(text_of(name)) };
	}
	/* Those that no connector can ask for are in no request of theirs. */
	uint64_t before = set->changes;
	keep(set, s, value.ptr, value.len);
	if (strchr(name, '.') != NULL)
		set->changes = before;
}

static struct secret *
find(const struct secret_set *set, struct rk_text name)
{
	for (size_t i = 0; i < set->own_count; i++)
		if (text_is(name, set->own[i].name))
			return &set->own[i];
	for (size_t i = 0; i < set->count; i++)
		if (text_is(name, set->secrets[i].name))
			return &set->secrets[i];
	return NULL;
}

bool
secret_is_set(const struct secret_set *set, const char *name)
{
	return find(set, text_of(name)) != NULL;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	       a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Reads to the end or to the ceiling; the bytes, or -1 with errno set. */
static ssize_t
read_whole(int fd, char *into, size_t size)
{
	size_t len = 0;
	while (len < size) {
		ssize_t n = read(fd, into + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			return (ssize_t)len;
		len += (size_t)n;
	}
	errno = EFBIG;
	return -1;
}

static int32_t
unseal(struct secret_set *set, struct secret *s, struct rk_text sealed,
       struct rk_err *err)
{
	char *plain, purpose[512];
	size_t len;
	snprintf(purpose, sizeof purpose, "%s.%s", set->connection, shown(s));
	int32_t status = seal_open(set->seal_key, text_of(purpose), sealed, &plain, &len,
	                           err);
	if (status != RK_OK)
		return status;
	keep(set, s, plain, len);
	sodium_free(plain);
	return RK_OK;
}

static int32_t
read_file(struct secret_set *set, struct secret *s, struct rk_err *err)
{
	/* Never waits: a FIFO in this place must not stop all connections. */
	FD_AUTO fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat now;
	if (fd < 0 || fstat(fd, &now) != 0)
		return err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "secret '%s': file %s",
		                 shown(s), s->path);
	if (!S_ISREG(now.st_mode))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "secret '%s': %s is not a plain file", shown(s), s->path);
	char *bytes = locked(SECRET_BYTES_MAX);
	ssize_t len = read_whole(fd, bytes, SECRET_BYTES_MAX);
	if (len < 0) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "secret '%s': file %s", shown(s),
		          s->path);
		sodium_free(bytes);
		return RK_PAUSE;
	}
	/* Editors end a file with a newline; no secret of ours does, but for the bytes of
	 * a certificate. */
	bool text = strcmp(s->name, NET_CLIENT_CERTIFICATE) != 0;
	while (text && len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
		len--;
	int32_t status = RK_OK;
	if (s->kind == NET_SECRET_SEALED_FILE)
		status = unseal(set, s, (struct rk_text){ bytes, (uint64_t)len }, err);
	else
		keep(set, s, bytes, (size_t)len);
	sodium_free(bytes);
	if (status != RK_OK)
		return status;
	s->seen = now;
	s->distrusted = false;
	return RK_OK;
}

/* Reads the file if it was not read, looks changed or is distrusted. */
static int32_t
refresh(struct secret_set *set, struct secret *s, struct rk_err *err)
{
	struct stat now;
	if (s->sealed != NULL && s->value == NULL)
		return unseal(set, s, text_of(s->sealed), err);
	if (s->path == NULL)
		return RK_OK;
	if (s->value != NULL && !s->distrusted && stat(s->path, &now) == 0
	    && same_file(&now, &s->seen))
		return RK_OK;
	return read_file(set, s, err);
}

int32_t
secret_get(struct secret_set *set, struct rk_text name, enum secret_use use,
           struct rk_text *text, struct rk_err *err)
{
	struct secret *s = find(set, name);
	if (s == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "secret '%.*s' is not set for this connection",
		               (int)(name.len < 100 ? name.len : 100), name.ptr);
	int32_t status = refresh(set, s, err);
	if (status != RK_OK)
		return status;
	if (s->len == 0)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "secret '%s' is empty", shown(s));
	*text = (struct rk_text){ s->value, s->len };
	if (use == SECRET_HIDDEN && !s->masked)
		mask_add_secret(&set->mask, *text);
	s->masked = s->masked || use == SECRET_HIDDEN;
	return RK_OK;
}

/* One that cannot be read now is told at its next use. */
void
secret_renew(struct secret_set *set, bool distrust)
{
	struct rk_err unused = ERR_INIT;
	for (size_t i = 0; i < set->count; i++) {
		struct secret *s = &set->secrets[i];
		s->distrusted |= distrust;
		if (s->path != NULL && s->value != NULL)
			refresh(set, s, &unused);
	}
}
