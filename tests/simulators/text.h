/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - text, growing buffers, one arena and a strict JSON reader for the
 * simulators.  A reader of its own and not cJSON, because a simulator must
 * neither round a number nor cut a string at U+0000: it is the witness.
 *
 * Small allocations abort when memory is gone: a simulator keeps nothing that
 * must survive. */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Text: a pointer and a length; it may hold NUL. --------------------- */

struct text {
	const char *ptr;
	size_t len;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

struct text text_of(const char *z);
bool text_is(struct text t, const char *z);
bool text_equal(struct text a, struct text b);
bool text_starts(struct text t, const char *z);
/* Without blanks at both ends. */
struct text text_trim(struct text t);
/* Takes the part before 'c' off the front of '*rest', and the 'c'. */
struct text text_until(struct text *rest, char c);
/* Characters, not bytes; malformed bytes count as one each. */
size_t text_chars(struct text t);
/* True and '*n' if all of 't' is a decimal integer that fits. */
bool text_int(struct text t, int64_t *n);

void *sim_alloc(size_t bytes);              /* Zeroed; never NULL. */
void *sim_realloc(void *old, size_t bytes);
char *sim_strdup(struct text t);

/* ---- A growing buffer; {0} is an empty one. ----------------------------- */

struct buf {
	char *ptr;                           /* owned */
	size_t len, cap;
};

void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_text(struct buf *b, struct text t);
void buf_str(struct buf *b, const char *z);
void buf_int(struct buf *b, int64_t n);
void buf_fmt(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* As a JSON string with its quotes; the one way that values are written, so
 * that equal texts have equal JSON. */
void buf_quote(struct buf *b, struct text t);
void buf_quotez(struct buf *b, const char *z);
/* `a,` unless this is the first element; for lists. */
void buf_comma(struct buf *b, bool *first);
void buf_clear(struct buf *b);
struct text buf_view(const struct buf *b);

/* ---- An arena: many small things that die together. --------------------- */

struct arena {
	struct arena_chunk *chunk;           /* owned */
};

void *arena_alloc(struct arena *a, size_t bytes);
struct text arena_copy(struct arena *a, struct text t);
/* The same with a NUL behind it. */
const char *sim_strz(struct arena *a, struct text t);
/* The text of buffer 'b', which is emptied. */
struct text arena_take(struct arena *a, struct buf *b);
void arena_clear(struct arena *a);

/* ---- JSON --------------------------------------------------------------- */

enum json_kind {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT,
};

struct json {
	enum json_kind kind;
	struct text name;                    /* Inside an object. */
	struct text text;                    /* String, decoded; number, as written. */
	bool truth;
	size_t count;                        /* Of the children. */
	struct json *child, *next;
};

/* Parses all of 'body'.  NULL if it is not JSON (RFC 8259, UTF-8, at most 64
 * levels); then '*at' is the byte where it stopped. */
struct json *json_parse(struct arena *a, struct text body, size_t *at);
/* The member called 'name', or NULL; 'object' may be NULL. */
const struct json *json_get(const struct json *object, const char *name);
/* The text of a string or number member, else an empty text with NULL ptr. */
struct text json_text(const struct json *object, const char *name);
/* An integer member, as number or string of digits; else 'otherwise'. */
int64_t json_int(const struct json *object, const char *name, int64_t otherwise);
bool json_true(const struct json *object, const char *name);
/* Writes 'value' without blanks, strings by buf_quote. */
void json_write(struct buf *b, const struct json *value);
/* The same into the arena. */
struct text json_raw(struct arena *a, const struct json *value);
/* 't' as a raw JSON string, in the arena. */
struct text json_quoted(struct arena *a, struct text t);
/* The text inside a raw JSON string (decoded into the arena), or 'raw' as it
 * is when it is no string. */
struct text json_unquote(struct arena *a, struct text raw);

/* ---- Times -------------------------------------------------------------- */

/* "2026-01-31T09:08:07.123Z" into 'out' (at least 32 bytes). */
void time_iso(char *out, int64_t ms);
/* "2026-01-31T09:08:00Z": the minute that 'ms' lies in. */
void time_minute(char *out, int64_t ms);
/* "2026-01-31". */
void time_date(char *out, int64_t ms);
/* "Sat, 31 Jan 2026 09:08:07 GMT", for the Date header. */
void time_http(char *out, int64_t ms);
/* Reads YYYY-MM-DD[Thh:mm[:ss[.fff]](Z|+hh:mm|+hhmm)]; false if it is not
 * one.  A date alone is midnight UTC; '*date_only' may be NULL. */
bool time_parse(struct text t, int64_t *ms, bool *date_only);

#endif
