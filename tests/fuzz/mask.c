/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.c - secrets in what a CRM answers: lines 1 and 2 are two secrets, the rest is
 * an answer's text, in which every byte of '\1' stands for the first secret and '\2'
 * for the second, written in one of the ways in which it may come back.  Where they
 * stood are asterisks; what is no secret stays; the length stays. */
#include "fuzz.h"

#include <sodium.h>

#include "net/encode.h"
#include "net/mask.h"

#define MOST_BYTES 4096u

/* The secret as text, form or JSON, as the place tells. */
static void
plant(struct buf *out, struct rk_text secret, size_t how)
{
	switch (how % 3) {
	case 0: buf_addt(out, secret); break;
	case 1: encode_form(out, secret); break;
	default: encode_json(out, secret); break;
	}
}

/* Writes the answer; 'planted' gets an 'x' for every byte of a secret. */
static void
write_answer(struct rk_text text, const struct rk_text secrets[2], struct buf *out,
             struct buf *planted)
{
	for (uint64_t i = 0; i < text.len; i++) {
		unsigned which = (unsigned char)text.ptr[i];
		size_t from = out->len;
		if (which == 1 || which == 2)
			plant(out, secrets[which - 1], from);
		else
			buf_addc(out, text.ptr[i]);
		for (; from < out->len; from++)
			buf_addc(planted, which == 1 || which == 2 ? 'x' : ' ');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size);
	struct rk_text secrets[2] = { fuzz_line(&text), fuzz_line(&text) };
	struct mask mask = { 0 };
	BUF_AUTO before = BUF_INIT(1u << 24);
	BUF_AUTO after = BUF_INIT(1u << 24);
	BUF_AUTO planted = BUF_INIT(1u << 24);
	if (size > MOST_BYTES || sodium_init() < 0 || secrets[0].len < MASK_LEAST_BYTES
	    || secrets[1].len < MASK_LEAST_BYTES)
		return 0;
	mask_add_secret(&mask, secrets[0]);
	mask_add_secret(&mask, secrets[1]);
	write_answer(text, secrets, &before, &planted);
	buf_addt(&after, buf_text(&before));
	if (after.len > 0)
		mask_apply(&mask, after.ptr, after.len);
	MUST(after.len == before.len);
	for (size_t i = 0; i < after.len; i++) {
		MUST(planted.ptr[i] != 'x' || after.ptr[i] == '*');
		MUST(after.ptr[i] == before.ptr[i] || after.ptr[i] == '*');
	}
	mask_clear(&mask);
	return 0;
}
