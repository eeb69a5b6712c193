/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_phone.c - telephone numbers of Japan: as they are written there, or as
 * E.164 (ITU-T).  A number without a known area code keeps its digits and the groups
 * that it was written in; one of another country is only taken to E.164. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/japanese.h"

#define DIGITS_MAX 15                  /* E.164 */
#define WRITTEN_MAX (2 * DIGITS_MAX)
#define EXTENSION_MAX 8

struct phone {
	bool plus;                         /* Of another country, or written so. */
	char digits[DIGITS_MAX + 1], written[WRITTEN_MAX + 1];
	size_t count, written_len;
	struct rk_text extension;          /* Digits only. */
};

static bool
cut_word(struct rk_text *text, const char *word)
{
	size_t len = strlen(word);
	if (text->len < len || strncasecmp(text->ptr, word, len) != 0)
		return false;
	cut(text, len);
	return true;
}

/* "(内線12)", "ext. 12", ";ext=12" up to the end. */
static bool
take_extension(struct rk_text text, struct phone *phone)
{
	static const char *const words[] = { "内線番号", "内線", "内", ";ext=", "extension",
		                             "ext.", "ext", "x", "#" };
	size_t i = 0, n = 0;
	bool bracket = cut_char(&text, '(');
	while (i < sizeof words / sizeof *words && !cut_word(&text, words[i]))
		i++;
	if (i == sizeof words / sizeof *words)
		return false;
	cut_blanks(&text);
	(void)(cut_char(&text, ':') || cut_char(&text, '.'));
	cut_blanks(&text);
	while (n < text.len && cut_is_digit(text.ptr[n]))
		n++;
	phone->extension = (struct rk_text){ text.ptr, n };
	cut(&text, n);
	return n > 0 && n <= EXTENSION_MAX && (!bracket || cut_char(&text, ')'))
	       && text.len == 0;
}

static bool
take_digit(struct rk_text *text, struct phone *phone, bool parted)
{
	if (phone->count == DIGITS_MAX)
		return false;
	if (parted && phone->count > 0)
		phone->written[phone->written_len++] = '-';
	phone->written[phone->written_len++] = *text->ptr;
	phone->digits[phone->count++] = *text->ptr;
	cut(text, 1);
	return true;
}

/* Digits, and what may part them, up to an extension or the end. */
static bool
take_digits(struct rk_text *text, struct phone *phone)
{
	for (bool parted = false; text->len > 0;) {
		if (cut_is_digit(*text->ptr)) {
			if (!take_digit(text, phone, parted))
				return false;
			parted = false;
		} else if (take_extension(*text, phone)) {
			return true;
		} else if (cut_char(text, ' ') || cut_char(text, '(')
			   || cut_char(text, ')') || cut_char(text, '.')
			   || japanese_cut_dash(text)) {
			parted = true;
		} else {
			return false;
		}
	}
	return true;
}

/* "+81 (0)3" and "010-81-3" become "03". */
static void
come_home(struct phone *phone)
{
	size_t abroad = phone->plus ? 0 : strncmp(phone->digits, "0081", 4) == 0 ? 2
	                : strncmp(phone->digits, "01081", 5) == 0 ? 3 : SIZE_MAX;
	if (abroad == SIZE_MAX || strncmp(phone->digits + abroad, "81", 2) != 0)
		return;
	size_t skip = abroad + 2;
	skip += phone->digits[skip] == '0';
	memmove(phone->digits + 1, phone->digits + skip, phone->count - skip + 1);
	phone->digits[0] = '0';
	phone->count = phone->count - skip + 1;
	phone->plus = false;
	phone->written_len = 0;            /* Those were not the groups of a call here. */
}

static bool
read_phone(struct rk_text text, struct phone *phone)
{
	*phone = (struct phone){ 0 };
	if (cut_word(&text, "tel"))
		(void)(cut_char(&text, ':') || cut_char(&text, '.'));
	cut_blanks(&text);
	phone->plus = cut_char(&text, '+');
	if (!take_digits(&text, phone))
		return false;
	come_home(phone);
	return true;
}

/* Digits of the first and the second group; false: no such number is known. */
static bool
groups(const struct phone *phone, size_t *first, size_t *second)
{
	static const struct {
		const char *prefix;
		size_t count, first, second;
	} kinds[] = {
		{ "0120", 10, 4, 3 }, { "0570", 10, 4, 3 }, { "0990", 10, 4, 3 },
		{ "0800", 11, 4, 3 }, { "020", 11, 3, 4 },  { "050", 11, 3, 4 },
		{ "060", 11, 3, 4 },  { "070", 11, 3, 4 },  { "080", 11, 3, 4 },
		{ "090", 11, 3, 4 },
	};
	if (phone->plus || phone->digits[0] != '0')
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (phone->count == kinds[i].count
		    && strncmp(phone->digits, kinds[i].prefix, strlen(kinds[i].prefix))
		       == 0) {
			*first = kinds[i].first;
			*second = kinds[i].second;
			return true;
		}
	*first = phone->count == 10 ? japanese_area_digits(phone->digits) : 0;
	*second = 6 - *first;
	return *first > 0;
}

static struct rk_text
print(const char *number, const struct phone *phone, const char *mark, struct arena *arena)
{
	struct rk_text extension = phone->extension;
	if (extension.len == 0)
		return arena_printf(arena, "%s", number);
	return arena_printf(arena, "%s %s%.*s", number, mark, (int)extension.len,
	                    extension.ptr);
}

static enum japanese
domestic(const struct phone *phone, struct arena *arena, struct rk_text *out)
{
	size_t first, second;
	const char *at = phone->digits, *number = phone->written;
	bool known = groups(phone, &first, &second);
	if (known)
		number = arena_printf(arena, "%.*s-%.*s-%s", (int)first, at, (int)second,
		                      at + first, at + first + second).ptr;
	else if (phone->written_len == 0 || *at != '0' || phone->plus)
		return JAPANESE_UNKNOWN;
	*out = print(number, phone, "内線", arena);
	return known ? JAPANESE_DONE : JAPANESE_UNKNOWN;
}

static enum japanese
e164(const struct phone *phone, struct arena *arena, struct rk_text *out)
{
	size_t first, second;
	bool known = groups(phone, &first, &second);
	if (!known && (!phone->plus || phone->count < 7 || phone->digits[0] == '0'))
		return JAPANESE_UNKNOWN;
	struct rk_text number = arena_printf(arena, known ? "+81%s" : "+%s",
	                                     phone->digits + known);
	*out = print(number.ptr, phone, "ext. ", arena);
	return JAPANESE_DONE;
}

enum japanese
japanese_phone(struct rk_text text, unsigned word, struct arena *arena,
               struct rk_text *out)
{
	struct phone phone;
	if (!read_phone(japanese_plain(text, arena), &phone))
		return JAPANESE_UNKNOWN;
	return word == 0 ? domestic(&phone, arena, out) : e164(&phone, arena, out);
}
