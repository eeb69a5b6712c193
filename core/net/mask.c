/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.c - see mask.h. */
#include "net/mask.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "net/encode.h"

/* Forms of old values stay until so many newer ones have come: an answer under
 * way may still repeat what was just replaced. */
#define FORMS_MAX 256

struct mask_form {
	char *text;                    /* owned, locked */
	size_t len;
};

static void
drop_oldest(struct mask *mask)
{
	sodium_free(mask->forms[0].text);
	mask->count--;
	memmove(mask->forms, mask->forms + 1, mask->count * sizeof *mask->forms);
}

void
mask_add(struct mask *mask, struct rk_text text)
{
	if (text.len < MASK_LEAST_BYTES)
		return;
	for (size_t i = 0; i < mask->count; i++)
		if (mask->forms[i].len == text.len
		    && sodium_memcmp(mask->forms[i].text, text.ptr, text.len) == 0)
			return;
	if (mask->count == FORMS_MAX)
		drop_oldest(mask);
	struct mask_form *forms =
		realloc(mask->forms, (mask->count + 1) * sizeof *mask->forms);
	char *copy = sodium_malloc(text.len);
	if (forms == NULL || copy == NULL)
		abort();
	memcpy(copy, text.ptr, text.len);
	mask->forms = forms;
	mask->forms[mask->count++] = (struct mask_form){ copy, text.len };
}

/* Some writers of JSON escape the slash, some of forms write small digits. */
static void
escape_slashes(struct buf *out, struct rk_text text)
{
	for (uint64_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '/')
			buf_addc(out, '\\');
		buf_addc(out, text.ptr[i]);
	}
}

static void
lower_hex(struct buf *form)
{
	for (size_t i = 0; i + 2 < form->len; i++) {
		if (form->ptr[i] != '%')
			continue;
		for (size_t k = i + 1; k <= i + 2; k++)
			if (form->ptr[k] >= 'A' && form->ptr[k] <= 'F')
				form->ptr[k] = (char)(form->ptr[k] - 'A' + 'a');
	}
}

/* Whole groups alone: the last one would depend on what stands behind the secret. */
static void
add_base64(struct mask *mask, struct buf *form, struct rk_text secret, int variant)
{
	size_t groups = secret.len / 3;
	sodium_bin2base64(form->ptr, form->cap, (const unsigned char *)secret.ptr,
	                  groups * 3, variant);
	mask_add(mask, (struct rk_text){ form->ptr, groups * 4 });
}

/* Room for the longest form at once: a buffer that moves leaves copies. */
static void
scratch_open(struct buf *scratch, size_t len)
{
	size_t room = len * 6 + 1;
	*scratch = (struct buf)BUF_INIT(room);
	buf_extend(scratch, room);
	buf_reset(scratch);
}

static void
scratch_close(struct buf *scratch)
{
	if (scratch->ptr != NULL)
		sodium_memzero(scratch->ptr, scratch->cap);
	buf_free(scratch);
}

void
mask_add_secret(struct mask *mask, struct rk_text secret)
{
	if (secret.len < MASK_LEAST_BYTES)
		return;
	struct buf form, json;
	scratch_open(&form, secret.len);
	scratch_open(&json, secret.len);
	mask_add(mask, secret);
	encode_json(&json, secret);
	mask_add(mask, buf_text(&json));
	escape_slashes(&form, buf_text(&json));
	mask_add(mask, buf_text(&form));
	buf_reset(&form);
	encode_form(&form, secret);
	mask_add(mask, buf_text(&form));
	lower_hex(&form);
	mask_add(mask, buf_text(&form));
	add_base64(mask, &form, secret, sodium_base64_VARIANT_ORIGINAL);
	add_base64(mask, &form, secret, sodium_base64_VARIANT_URLSAFE);
	scratch_close(&form);
	scratch_close(&json);
}

/* Where a form stands next, from 'at' on; 'end' if nowhere. */
static char *
find_next(const struct mask_form *form, char *at, char *end)
{
	char *found = memmem(at, (size_t)(end - at), form->text, form->len);
	return found != NULL ? found : end;
}

/* Moves on all that begins up to 'upto'; returns where the last of it ends. */
static char *
pass_over(const struct mask *mask, char **next, char *upto, char *end)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < mask->count; i++) {
			if (next[i] == end || next[i] > upto)
				continue;
			if (upto < next[i] + mask->forms[i].len)
				upto = next[i] + mask->forms[i].len;
			next[i] = find_next(&mask->forms[i], next[i] + 1, end);
			more = true;
		}
	}
	return upto;
}

/* Forms overlap, and one may be part of another: what is found is overwritten only
 * when nothing else begins inside it, or the rest of the other would stay. */
void
mask_apply(const struct mask *mask, char *bytes, size_t len)
{
	char *next[FORMS_MAX], *end = bytes + len;
	for (size_t i = 0; i < mask->count; i++)
		next[i] = find_next(&mask->forms[i], bytes, end);
	for (;;) {
		char *from = end;
		for (size_t i = 0; i < mask->count; i++)
			if (next[i] < from)
				from = next[i];
		if (from == end)
			return;
		char *upto = pass_over(mask, next, from, end);
		memset(from, '*', (size_t)(upto - from));
	}
}

void
mask_clear(struct mask *mask)
{
	for (size_t i = 0; i < mask->count; i++)
		sodium_free(mask->forms[i].text);
	free(mask->forms);
	*mask = (struct mask){ NULL, 0 };
}
