/* SPDX-License-Identifier: Apache-2.0
 *
 * tar.c - see tar.h.  The form is ustar (POSIX.1-2017, pax, "ustar Interchange Format"):
 * a head of 512 bytes, the bytes of the member, zeros up to the next 512; at the end two
 * blocks of zeros. */
#include "base/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define BLOCK 512
#define CHUNK 65536
#define SIZE_MOST ((int64_t)1 << 33)   /* Eleven octal digits hold no more. */
#define SUMS "SHA256SUMS"
#define SUMS_MAX (TAR_MEMBERS_MAX * (TAR_NAME_MAX + 70))
#define DIGEST crypto_hash_sha256_BYTES

struct head {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100],
		magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155],
		pad[12];
};
_Static_assert(sizeof(struct head) == BLOCK, "the head of a member is one block");

static bool
broken(void)
{
	errno = EBADMSG;
	return false;
}

static unsigned
sum_of(const struct head *h)
{
	struct head copy = *h;
	unsigned sum = 0;
	memset(copy.sum, ' ', sizeof copy.sum);
	for (size_t i = 0; i < sizeof copy; i++)
		sum += ((const unsigned char *)&copy)[i];
	return sum;
}

/* What of the last block of a member is not its own. */
static int64_t
padding(int64_t size)
{
	return (BLOCK - size % BLOCK) % BLOCK;
}

static void
note_sum(struct tar *t, const char *name, crypto_hash_sha256_state *hash)
{
	unsigned char digest[DIGEST];
	char hex[2 * DIGEST + 1];
	crypto_hash_sha256_final(hash, digest);
	buf_addf(&t->sums, "%s  %s\n", sodium_bin2hex(hex, sizeof hex, digest, DIGEST), name);
}

/* ---- Writing ------------------------------------------------------------- */

bool
tar_create(struct tar *t, const char *path)
{
	char part[PATH_MAX];
	*t = (struct tar){ .fd = -1, .sums = BUF_INIT(SUMS_MAX) };
	if (snprintf(part, sizeof part, "%s.XXXXXX", path) >= (int)sizeof part) {
		errno = ENAMETOOLONG;
		return false;
	}
	t->fd = mkostemp(part, O_CLOEXEC);
	if (t->fd < 0)
		return false;
	t->path = text_dup(text_of(path));
	t->part = text_dup(text_of(part));
	return true;
}

static bool
write_head(struct tar *t, const char *name, int64_t size)
{
	struct head h = { .type = '0', .magic = "ustar", .version = { '0', '0' } };
	if (strlen(name) >= sizeof h.name || size >= SIZE_MOST) {
		errno = strlen(name) >= sizeof h.name ? ENAMETOOLONG : EFBIG;
		return false;
	}
	memcpy(h.name, name, strlen(name));
	snprintf(h.mode, sizeof h.mode, "%07o", 0600);
	snprintf(h.uid, sizeof h.uid, "%07o", 0);
	snprintf(h.gid, sizeof h.gid, "%07o", 0);
	snprintf(h.size, sizeof h.size, "%011" PRIo64, (uint64_t)size);
	snprintf(h.mtime, sizeof h.mtime, "%011" PRIo64, (uint64_t)time(NULL));
	snprintf(h.sum, sizeof h.sum, "%06o", sum_of(&h));
	return io_write_all(t->fd, &h, sizeof h);
}

static bool
write_padding(struct tar *t, int64_t size)
{
	static const char zeros[BLOCK];
	return io_write_all(t->fd, zeros, (size_t)padding(size));
}

bool
tar_add(struct tar *t, const char *name, struct rk_text bytes)
{
	crypto_hash_sha256_state hash;
	crypto_hash_sha256_init(&hash);
	crypto_hash_sha256_update(&hash, (const unsigned char *)bytes.ptr, bytes.len);
	note_sum(t, name, &hash);
	return write_head(t, name, (int64_t)bytes.len)
	       && io_write_all(t->fd, bytes.ptr, bytes.len)
	       && write_padding(t, (int64_t)bytes.len);
}

bool
tar_add_file(struct tar *t, const char *name, const char *path)
{
	unsigned char chunk[CHUNK];
	struct stat st;
	crypto_hash_sha256_state hash;
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) != 0 || !write_head(t, name, st.st_size))
		return false;
	crypto_hash_sha256_init(&hash);
	for (int64_t left = st.st_size; left > 0;) {
		ssize_t n = read(fd, chunk, left < CHUNK ? (size_t)left : CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;           /* It became shorter meanwhile. */
		if (n <= 0 || !io_write_all(t->fd, chunk, (size_t)n))
			return false;
		crypto_hash_sha256_update(&hash, chunk, (unsigned long long)n);
		left -= n;
	}
	note_sum(t, name, &hash);
	return write_padding(t, st.st_size);
}

bool
tar_finish(struct tar *t)
{
	static const char zeros[2 * BLOCK];
	BUF_AUTO sums = t->sums;       /* Its own sum is not in it. */
	t->sums = (struct buf)BUF_INIT(SUMS_MAX);
	if (!tar_add(t, SUMS, buf_text(&sums)) || !io_write_all(t->fd, zeros, sizeof zeros)
	    || fsync(t->fd) != 0 || rename(t->part, t->path) != 0)
		return false;
	free(t->part);
	t->part = NULL;
	return io_sync_folder(t->path);
}

/* ---- Reading ------------------------------------------------------------- */

bool
tar_open(struct tar *t, const char *path)
{
	struct stat st;
	*t = (struct tar){ .sums = BUF_INIT(SUMS_MAX) };
	t->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &st) != 0)
		return false;
	if (!S_ISREG(st.st_mode))
		return broken();
	t->left = st.st_size;
	return true;
}

static bool
read_all(struct tar *t, void *bytes, size_t len)
{
	char *at = bytes;
	if ((int64_t)len > t->left)
		return broken();
	t->left -= (int64_t)len;
	while (len > 0) {
		ssize_t n = read(t->fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? broken() : false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
read_octal(const char *digits, size_t len, int64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < len && digits[i] != '\0' && digits[i] != ' '; i++) {
		if (digits[i] < '0' || digits[i] > '7' || *number >= SIZE_MOST)
			return broken();
		*number = *number * 8 + (digits[i] - '0');
	}
	return true;
}

/* Down, and by plain characters: nothing hidden, no "..", no "//". */
static bool
name_is_plain(const char *name)
{
	if (name[0] == '/' || name[0] == '.' || name[0] == '\0')
		return false;
	for (const char *at = name; *at != '\0'; at++)
		if ((unsigned char)*at < 0x21
		    || (*at == '/' && (at[1] == '/' || at[1] == '.' || at[1] == '\0')))
			return false;
	return true;
}

static bool
read_head(struct tar *t, bool *end)
{
	struct head h;
	static const struct head zeros;
	int64_t sum;
	if (!read_all(t, &h, sizeof h))
		return false;
	*end = memcmp(&h, &zeros, sizeof h) == 0;
	if (*end)
		return true;
	if (memcmp(h.magic, "ustar", 6) != 0 || h.type != '0' || h.prefix[0] != '\0'
	    || memchr(h.name, '\0', sizeof h.name) == NULL || !name_is_plain(h.name)
	    || !read_octal(h.sum, sizeof h.sum, &sum) || sum != (int64_t)sum_of(&h)
	    || !read_octal(h.size, sizeof h.size, &t->size)
	    || t->size + padding(t->size) > t->left || ++t->count > TAR_MEMBERS_MAX)
		return broken();
	memcpy(t->name, h.name, sizeof t->name);
	return true;
}

/* The last member says what the others must be. */
static bool
check_sums(struct tar *t)
{
	bool end;
	BUF_AUTO found = t->sums, told = BUF_INIT(SUMS_MAX);
	t->sums = (struct buf)BUF_INIT(SUMS_MAX);
	if (!tar_take(t, &told) || !text_eq(buf_text(&told), buf_text(&found))
	    || !read_head(t, &end) || !end)
		return broken();
	t->name[0] = '\0';
	return true;
}

bool
tar_next(struct tar *t)
{
	bool end;
	if (!read_head(t, &end))
		return false;
	/* Without its sums it was cut off, or another program wrote it. */
	if (end)
		return broken();
	return strcmp(t->name, SUMS) != 0 || check_sums(t);
}

typedef bool sink_fn(void *with, const void *bytes, size_t len);

static bool
take(struct tar *t, sink_fn *sink, void *with)
{
	unsigned char chunk[CHUNK];
	crypto_hash_sha256_state hash;
	crypto_hash_sha256_init(&hash);
	for (int64_t left = t->size; left > 0;) {
		size_t n = left < CHUNK ? (size_t)left : CHUNK;
		if (!read_all(t, chunk, n) || !sink(with, chunk, n))
			return false;
		crypto_hash_sha256_update(&hash, chunk, n);
		left -= (int64_t)n;
	}
	note_sum(t, t->name, &hash);
	return read_all(t, chunk, (size_t)padding(t->size));
}

static bool
to_buf(void *with, const void *bytes, size_t len)
{
	struct buf *out = with;
	buf_add(out, bytes, len);
	return !out->over || broken();
}

bool
tar_take(struct tar *t, struct buf *out)
{
	return take(t, to_buf, out);
}

static bool
to_file(void *with, const void *bytes, size_t len)
{
	return io_write_all(*(int *)with, bytes, len);
}

bool
tar_take_file(struct tar *t, const char *path)
{
	FD_AUTO fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && take(t, to_file, &fd) && fsync(fd) == 0;
}

void
tar_close(struct tar *t)
{
	if (t->part != NULL)
		unlink(t->part);
	io_close(&t->fd);
	free(t->path);
	free(t->part);
	buf_free(&t->sums);
	*t = (struct tar)TAR_INIT;
}
