/* SPDX-License-Identifier: Apache-2.0
 *
 * seal.c - see seal.h. */
#include "net/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define FORM 1
#define ID_BYTES 4
#define HEAD_BYTES (1 + ID_BYTES + NONCE_BYTES)
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* In locked memory; given back by key_free. */
struct key {
	unsigned char bytes[KEY_BYTES], id[ID_BYTES];
};

static void
key_free(struct key **key)
{
	sodium_free(*key);
}

#define KEY_AUTO __attribute__((cleanup(key_free))) struct key

static void *
locked(size_t bytes)
{
	void *memory = sodium_malloc(bytes > 0 ? bytes : 1);
	if (memory == NULL)
		abort();
	return memory;
}

/* ---- The key file ------------------------------------------------------------- */

static int32_t
check_key_file(const char *path, int fd, struct rk_err *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			       "%s is no plain file; it "
			       "must hold the key that secrets are sealed with",
			       path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			       "%s belongs to another user; "
			       "chown it to the user that runs renkei",
			       path);
	/* systemd shows credentials with 0440 to the service alone. */
	if ((st.st_mode & (S_IWGRP | S_IRWXO)) != 0)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			       "%s can be read or written by "
			       "others; chmod 600 it",
			       path);
	return RK_OK;
}

static int32_t
read_key(const char *path, struct key *key, struct rk_err *err)
{
	char *text = locked(2 * KEY_BYTES + 2);
	size_t len = 0;
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int32_t status =
	    fd < 0
		? err_errno(err, RK_PAUSE, RK_CAT_CONFIG,
			    "the key that secrets are sealed "
			    "with cannot be read; put it back from a backup, or seal the "
			    "secrets anew: %s",
			    path)
		: check_key_file(path, fd, err);
	ssize_t got = status == RK_OK ? read(fd, text, 2 * KEY_BYTES + 2) : 0;
	if (got > 0 && text[got - 1] == '\n')
		got--;
	if (status == RK_OK && (got != 2 * KEY_BYTES ||
				sodium_hex2bin(key->bytes, KEY_BYTES, text, (size_t)got,
					       NULL, &len, NULL) != 0 ||
				len != KEY_BYTES))
		status =
		    err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			    "%s is damaged: expected %d "
			    "hexadecimal digits; put it back from a backup, or remove "
			    "it and seal the secrets anew",
			    path, 2 * (int)KEY_BYTES);
	sodium_free(text);
	if (status == RK_OK)
		crypto_generichash(key->id, ID_BYTES, key->bytes, KEY_BYTES, NULL, 0);
	return status;
}

/* Under a name of its own first: a key that is half there would be taken for one. */
static int32_t
make_key(const char *path, struct rk_err *err)
{
	BUF_AUTO name = BUF_INIT(8192);
	char *text = locked(2 * KEY_BYTES + 1);
	struct key *key = locked(sizeof *key);
	buf_addf(&name, "%s.%d", path, getpid());
	randombytes_buf(key->bytes, KEY_BYTES);
	sodium_bin2hex(text, 2 * KEY_BYTES + 1, key->bytes, KEY_BYTES);
	FD_AUTO fd = open(buf_str(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool made = fd >= 0 && io_write_all(fd, text, 2 * KEY_BYTES) &&
		    io_write_all(fd, "\n", 1) && fsync(fd) == 0 &&
		    (link(buf_str(&name), path) == 0 || errno == EEXIST);
	int32_t status = made ? RK_OK
			      : err_errno(err, RK_PAUSE, RK_CAT_CONFIG,
					  "the key that "
					  "secrets are sealed with cannot be made: %s",
					  path);
	if (fd >= 0)
		unlink(buf_str(&name));
	sodium_free(text);
	sodium_free(key);
	return status;
}

/* ---- Sealing, opening ---------------------------------------------------------- */

int32_t
seal_close(const char *key_path, struct rk_text purpose, struct rk_text plain,
	   struct buf *out, struct rk_err *err)
{
	KEY_AUTO *key = locked(sizeof *key);
	int32_t status = RK_OK;
	if (access(key_path, F_OK) != 0 && errno == ENOENT)
		status = make_key(key_path, err);
	if (status == RK_OK)
		status = read_key(key_path, key, err);
	if (status != RK_OK)
		return status;
	size_t len = HEAD_BYTES + plain.len + TAG_BYTES;
	unsigned char *bytes = malloc(len);
	size_t room = sodium_base64_encoded_len(len, VARIANT);
	char *text = malloc(room);
	if (bytes == NULL || text == NULL)
		abort();
	unsigned char *nonce = bytes + 1 + ID_BYTES;
	bytes[0] = FORM;
	memcpy(bytes + 1, key->id, ID_BYTES);
	randombytes_buf(nonce, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    bytes + HEAD_BYTES, NULL, (const unsigned char *)plain.ptr, plain.len,
	    (const unsigned char *)purpose.ptr, purpose.len, NULL, nonce, key->bytes);
	sodium_bin2base64(text, room, bytes, len, VARIANT);
	buf_adds(out, text);
	free(text);
	free(bytes);
	return RK_OK;
}

/* The bytes behind the text; NULL: it has not the form. */
static unsigned char *
decode(struct rk_text sealed, size_t *len)
{
	unsigned char *bytes = malloc(sealed.len + 1);
	if (bytes == NULL)
		abort();
	if (sodium_base642bin(bytes, sealed.len + 1, sealed.ptr, sealed.len, NULL, len,
			      NULL, VARIANT) == 0 &&
	    *len >= HEAD_BYTES + TAG_BYTES && bytes[0] == FORM)
		return bytes;
	free(bytes);
	return NULL;
}

bool
seal_has_form(struct rk_text text)
{
	size_t len;
	unsigned char *bytes = text.len < 2 * SEAL_PLAIN_MAX ? decode(text, &len) : NULL;
	free(bytes);
	return bytes != NULL;
}

static int32_t
open_bytes(const struct key *key, struct rk_text purpose, const unsigned char *bytes,
	   size_t len, char *plain, struct rk_err *err)
{
	if (memcmp(bytes + 1, key->id, ID_BYTES) != 0)
		return err_set(
		    err, RK_PAUSE, RK_CAT_CONFIG,
		    "'%.*s' was sealed with another "
		    "key than the one that is here; put that key back, or seal "
		    "the secret anew (renkei seal)",
		    (int)purpose.len, purpose.ptr);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		(unsigned char *)plain, NULL, NULL, bytes + HEAD_BYTES, len - HEAD_BYTES,
		(const unsigned char *)purpose.ptr, purpose.len, bytes + 1 + ID_BYTES,
		key->bytes) == 0)
		return RK_OK;
	return err_set(
	    err, RK_PAUSE, RK_CAT_CONFIG,
	    "what stands at '%.*s' was sealed for "
	    "another connection or setting, or is damaged; seal the secret anew "
	    "(renkei seal)",
	    (int)purpose.len, purpose.ptr);
}

int32_t
seal_open(const char *key_path, struct rk_text purpose, struct rk_text sealed,
	  char **plain, size_t *len, struct rk_err *err)
{
	KEY_AUTO *key = locked(sizeof *key);
	int32_t status = read_key(key_path, key, err);
	if (status != RK_OK)
		return status;
	size_t whole;
	unsigned char *bytes = decode(sealed, &whole);
	if (bytes == NULL)
		return err_set(
		    err, RK_PAUSE, RK_CAT_CONFIG,
		    "what stands at '%.*s' is nothing "
		    "that renkei sealed, or was cut; seal the secret anew (renkei "
		    "seal)",
		    (int)purpose.len, purpose.ptr);
	*len = whole - HEAD_BYTES - TAG_BYTES;
	*plain = locked(*len);
	status = open_bytes(key, purpose, bytes, whole, *plain, err);
	if (status != RK_OK)
		sodium_free(*plain);
	free(bytes);
	return status;
}
