/* SPDX-License-Identifier: MIT-0
 *
 * json_scan.h - the strict reader of JSON: one walk that checks a text and makes
 * cJSON's nodes of it.  Header only, C11 and C++17.  Called by json.h.
 *
 * cJSON's own parser accepts raw control characters, bad UTF-8, "[01]" and names given
 * twice, alters integers above 2^53, cuts strings at U+0000, and asks for memory up to
 * three times a node.  This one refuses the first kind; makes strings of such numbers,
 * of the same digits; leaves U+0000 out, which it tells by a string's "valueint" of 1.
 * Else the nodes are those that cJSON would make.  They come in chunks, strings stay
 * where they are in a copy of the text, and all of it lives as long as the call. */
#ifndef RENKEI_JSON_SCAN_H
#define RENKEI_JSON_SCAN_H

#include <cjson/cJSON.h>
#include <limits.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <renkei/helpers.h>

#define RK_JSON_MAX_BYTES    (UINT64_C(10) << 20)
#define RK_JSON_MAX_DEPTH    64u
#define RK_JSON_MAX_ELEMENTS 1000000u
#define RK_JSON_MAX_DIGITS   15
#define RK_JSON_MAX_NUMBER   64     /* Bytes: so many zeros a double still holds. */
#define RK_JSON_CHUNK        128u   /* Nodes at once, at least ... */
#define RK_JSON_CHUNK_MAX    4096u  /* ... and at most. */
#define RK_SCAN_SLACK        16u

struct rk_json_name {
	const char *ptr;
	uint32_t len, hash;
};

/* The text is a copy that ends with a NUL, which is no part of any value: nothing
 * is read behind it. */
struct rk_json_scanner {
	const struct rk_host *host;
	struct rk_err *err;
	char *start, *at, *end;
	cJSON *root, *nodes;           /* The next free one, of 'left'.       */
	char *name;                    /* Of the next value, in an object.    */
	struct rk_json_name *names;
	uint64_t name_count, name_room, elements;
	uint32_t left, depth;
	cJSON *open[RK_JSON_MAX_DEPTH];
	uint64_t first_name[RK_JSON_MAX_DEPTH]; /* Of these, in 'names'.      */
};

static inline int32_t
rk_scan_fail(struct rk_json_scanner *s, const char *at, const char *expected)
{
	return rk_fail(s->err, RK_BUG, RK_CAT_BUG, "JSON, byte %llu of %llu: %s",
	               (unsigned long long)(at - s->start),
	               (unsigned long long)(s->end - s->start), expected);
}

/* ---- Strings ----------------------------------------------------------------- */

/* Skips plain text: stops at a quote, a backslash, a control character or the end; and
 * at bytes above ASCII if 'ascii' is set.  RK_SCAN_SLACK bytes behind the end may be
 * read, whatever they hold. */
static inline char *
rk_scan_plain(char *at, char *end, int ascii)
{
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');

	for (; at < end; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* Signed, bytes above ASCII are below a blank too. */
		__m128i low = ascii ? _mm_cmplt_epi8(x, _mm_set1_epi8(0x20))
		            : _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
		__m128i hit = _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(x, quote),
		                                             _mm_cmpeq_epi8(x, slash)));
		int hits = _mm_movemask_epi8(hit);

		if (hits) {
			at += __builtin_ctz((unsigned)hits);
			break;
		}
	}
	return at < end ? at : end;
#else
	while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\' &&
	       !(ascii && (unsigned char)*at >= 0x80))
		at++;
	return at;
#endif
}

/* The four hex digits at 'at'; -1 if they are not there. */
static inline int32_t
rk_hex4(const char *at)
{
	int32_t code = 0;

	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int digit = c >= '0' && c <= '9' ? c - '0'
		          : c >= 'a' && c <= 'f' ? c - 'a' + 10
		          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

static inline char *
rk_utf8_put(char *out, uint32_t code)
{
	static const unsigned char first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	int bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (bytes == 1) {
		*out = (char)code;
		return out + 1;
	}
	for (int i = bytes - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(first[bytes] | code);
	return out + bytes;
}

/* Writes what the escape at *from stands for to *to, which is never longer; U+0000 is
 * told in *nul and not written. */
static inline int32_t
rk_scan_escape(struct rk_json_scanner *s, char **from, char **to, int *nul)
{
	static const char known[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	char *at = *from;
	const char *plain = at[1] ? strchr(known, at[1]) : NULL;
	int32_t code, low;

	*from = at + 2;
	if (plain) {
		*(*to)++ = means[plain - known];
		return RK_OK;
	}
	if (at[1] != 'u')
		return rk_scan_fail(s, at, "unknown escape in a string");
	code = rk_hex4(at + 2);
	if (code < 0)
		return rk_scan_fail(s, at, "expected four hex digits after \\u");
	*from = at + 6;
	if (code >= 0xD800 && code <= 0xDFFF) {
		low = at[6] == '\\' && at[7] == 'u' ? rk_hex4(at + 8) : -1;
		*from = at + 12;
		if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
			return rk_scan_fail(s, at, "half of a surrogate pair");
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	if (code)
		*to = rk_utf8_put(*to, (uint32_t)code);
	*nul |= code == 0;
	return RK_OK;
}

/* Moves *at to the quote or backslash that ends the text from there on. */
static inline int32_t
rk_scan_text(struct rk_json_scanner *s, char **at)
{
	char *p = *at;

	for (;;) {
		p = rk_scan_plain(p, s->end, 1);
		if (*p == '"' || *p == '\\')
			break;
		if ((unsigned char)*p < 0x20)
			return rk_scan_fail(s, p, p == s->end
			                    ? "expected the end of a string"
			                    : "raw control character in a string");
		p += rk_utf8_run(p, s->end) - p;
		if ((unsigned char)*p >= 0x80)
			return rk_scan_fail(s, p, "text is not UTF-8");
	}
	*at = p;
	return RK_OK;
}

/* The string whose quote stands at s->at, which ends in its place; leaves s->at behind
 * it. */
static inline int32_t
rk_scan_string(struct rk_json_scanner *s, char **text, uint64_t *len, int *nul)
{
	char *from = s->at + 1, *to, *next;
	int32_t status = rk_scan_text(s, &from);

	*text = s->at + 1;
	*nul = 0;
	to = from;
	while (status == RK_OK && *from == '\\') {
		status = rk_scan_escape(s, &from, &to, nul);
		next = from;
		if (status == RK_OK)
			status = rk_scan_text(s, &next);
		if (status != RK_OK)
			return status;
		memmove(to, from, (size_t)(next - from));
		to += next - from;
		from = next;
	}
	*len = (uint64_t)(to - *text);
	s->at = from + 1;
	if (status == RK_OK)
		*to = '\0';
	return status;
}

/* ---- Names ------------------------------------------------------------------- */

static inline void
rk_scan_remember(struct rk_json_scanner *s, const char *name, uint64_t len)
{
	struct rk_json_name *entry;

	if (s->name_count == s->name_room) {
		uint64_t room = s->name_room ? s->name_room * 2 : 256;
		struct rk_json_name *more = (struct rk_json_name *)s->host->alloc(
			s->host, room * sizeof *more);

		if (s->name_count)
			memcpy(more, s->names, s->name_count * sizeof *more);
		s->names = more;
		s->name_room = room;
	}
	entry = &s->names[s->name_count++];
	entry->ptr = name;
	entry->len = (uint32_t)len;
	entry->hash = (uint32_t)rk_hash(name, len);
}

static inline int
rk_json_name_order(const void *a, const void *b)
{
	const struct rk_json_name *x = (const struct rk_json_name *)a;
	const struct rk_json_name *y = (const struct rk_json_name *)b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->ptr, y->ptr, x->len) : 0;
}

/* Refuses a name given twice in the object that ends.  Small objects compare
 * hashes pair by pair, which beats any table; large ones are sorted, so that no
 * set of names makes it quadratic. */
static inline int32_t
rk_scan_names(struct rk_json_scanner *s, uint64_t first)
{
	struct rk_json_name *names = s->names + first;
	uint64_t count = s->name_count - first;

	s->name_count = first;
	if (count > 40)
		qsort(names, count, sizeof *names, rk_json_name_order);
	for (uint64_t i = 1; i < count; i++)
		for (uint64_t j = count > 40 ? i - 1 : 0; j < i; j++)
			if (names[i].hash == names[j].hash &&
			    rk_json_name_order(&names[i], &names[j]) == 0)
				return rk_scan_fail(s, s->at,
				                    "one name stands twice in an object");
	return RK_OK;
}

static inline void
rk_scan_blanks(struct rk_json_scanner *s)
{
	while (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t')
		s->at++;
}

static inline int32_t
rk_scan_name(struct rk_json_scanner *s)
{
	uint64_t len;
	int32_t status;
	int nul;

	rk_scan_blanks(s);
	if (*s->at != '"')
		return rk_scan_fail(s, s->at, "expected a name in quotes");
	status = rk_scan_string(s, &s->name, &len, &nul);
	if (status != RK_OK)
		return status;
	if (nul)
		return rk_scan_fail(s, s->name, "a name holds U+0000");
	rk_scan_remember(s, s->name, len);
	rk_scan_blanks(s);
	if (*s->at != ':')
		return rk_scan_fail(s, s->at, "expected ':'");
	s->at++;
	return RK_OK;
}

/* ---- Values ------------------------------------------------------------------ */

/* A node, hung in behind its elder brothers. */
static inline cJSON *
rk_scan_node(struct rk_json_scanner *s)
{
	cJSON *parent = s->depth ? s->open[s->depth - 1] : NULL;
	cJSON *node, *first;

	if (s->left == 0) {
		s->left = (uint32_t)(s->elements / 4);
		if (s->left < RK_JSON_CHUNK)
			s->left = RK_JSON_CHUNK;
		if (s->left > RK_JSON_CHUNK_MAX)
			s->left = RK_JSON_CHUNK_MAX;
		s->nodes = (cJSON *)s->host->alloc(s->host, s->left * sizeof *s->nodes);
	}
	node = s->nodes++;
	s->left--;
	if (!parent) {
		s->root = node;
		return node;
	}
	if (parent->type == cJSON_Object)
		node->string = s->name;
	first = parent->child;
	if (first) {
		node->prev = first->prev;
		first->prev->next = node;
		first->prev = node;
	} else {
		parent->child = node->prev = node;
	}
	return node;
}

/* At most 15 digits, no exponent: exact in a double, and one division by an exact power
 * of ten rounds as it must. */
static inline void
rk_scan_double(const char *from, const char *end, cJSON *node)
{
	static const double tens[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	int negative = *from == '-', decimals = 0, point = 0;
	int64_t digits = 0;
	double number;

	for (const char *at = from + negative; at < end; at++) {
		point |= *at == '.';
		if (*at == '.')
			continue;
		digits = digits * 10 + (*at - '0');
		decimals += point;
	}
	number = decimals < (int)RK_COUNT(tens) ? (double)digits / tens[decimals]
	                                        : strtod(from + negative, NULL);
	node->type = cJSON_Number;
	node->valuedouble = negative ? -number : number;
	node->valueint = number >= INT_MAX ? negative ? INT_MIN : INT_MAX
	                                   : (int)node->valuedouble;
}

/* Significant digits of a run of digits, to which 'before' already stand. */
static inline int64_t
rk_scan_digits(const char **at, const char *end, int64_t before)
{
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
		before += before || **at != '0';
	return before;
}

static inline int32_t
rk_scan_number(struct rk_json_scanner *s, cJSON *node)
{
	const char *at = s->at, *from = s->at, *digits;
	int64_t significant;
	int exponent = 0;

	at += *at == '-';
	digits = at;
	significant = rk_scan_digits(&at, s->end, 0);
	if (at == digits || (*digits == '0' && at - digits > 1))
		return rk_scan_fail(s, digits, "expected a number without leading zeros");
	if (rk_sign(&at, s->end, ".")) {
		digits = at;
		significant = rk_scan_digits(&at, s->end, significant);
		if (at == digits)
			return rk_scan_fail(s, at, "expected a digit");
	}
	if (rk_sign(&at, s->end, "eE")) {
		exponent = 1;
		rk_sign(&at, s->end, "+-");
		digits = at;
		rk_scan_digits(&at, s->end, 0);
		if (at == digits)
			return rk_scan_fail(s, at, "expected a digit");
	}
	if (exponent || significant > RK_JSON_MAX_DIGITS ||
	    at - from > RK_JSON_MAX_NUMBER) {
		/* What stands before a number is done with: room for its end. */
		node->type = cJSON_String;
		node->valuestring = s->at - 1;
		memmove(s->at - 1, from, (size_t)(at - from));
		node->valuestring[at - from] = '\0';
	} else {
		rk_scan_double(from, at, node);
	}
	s->at += at - from;
	return RK_OK;
}

static inline int32_t
rk_scan_literal(struct rk_json_scanner *s, cJSON *node)
{
	static const struct { const char *word; int type; } words[] = {
		{ "true", cJSON_True }, { "false", cJSON_False }, { "null", cJSON_NULL },
	};

	for (size_t i = 0; i < RK_COUNT(words); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(s->at, words[i].word, len) == 0) {
			s->at += len;
			node->type = words[i].type;
			node->valueint = words[i].type == cJSON_True;
			return RK_OK;
		}
	}
	return rk_scan_fail(s, s->at, "expected a value");
}

static inline int32_t
rk_scan_open(struct rk_json_scanner *s, cJSON *node)
{
	if (s->depth == RK_JSON_MAX_DEPTH)
		return rk_scan_fail(s, s->at, "nested deeper than 64");
	node->type = *s->at++ == '{' ? cJSON_Object : cJSON_Array;
	s->open[s->depth] = node;
	s->first_name[s->depth++] = s->name_count;
	rk_scan_blanks(s);
	return RK_OK;
}

/* What ends the innermost value. */
static inline char
rk_scan_close(const struct rk_json_scanner *s)
{
	return s->open[s->depth - 1]->type == cJSON_Object ? '}' : ']';
}

/* Behind a value: closes what ends here, or goes to the next value.  *done tells
 * that the outermost value is over. */
static inline int32_t
rk_scan_after(struct rk_json_scanner *s, int *done)
{
	int32_t status = RK_OK;

	for (;;) {
		char close;

		rk_scan_blanks(s);
		*done = s->depth == 0;
		if (*done)
			return s->at == s->end
			               ? RK_OK
			               : rk_scan_fail(s, s->at,
			                              "expected the end, something "
			                              "follows the document");
		close = rk_scan_close(s);
		if (*s->at != ',' && *s->at != close)
			return rk_scan_fail(s, s->at,
			                    close == '}' ? "expected ',' or '}'"
			                                 : "expected ',' or ']'");
		if (*s->at++ == ',')
			return close == '}' ? rk_scan_name(s) : RK_OK;
		s->depth--;
		if (close == '}')
			status = rk_scan_names(s, s->first_name[s->depth]);
		if (status != RK_OK)
			return status;
	}
}

/* One value at s->at, down to its first scalar. */
static inline int32_t
rk_scan_value(struct rk_json_scanner *s)
{
	int32_t status;
	uint64_t len;
	cJSON *node;

	for (;;) {
		rk_scan_blanks(s);
		if (++s->elements > RK_JSON_MAX_ELEMENTS)
			return rk_scan_fail(s, s->at, "more than a million elements");
		node = rk_scan_node(s);
		switch (*s->at) {
		case '"':
			node->type = cJSON_String;
			return rk_scan_string(s, &node->valuestring, &len,
			                      &node->valueint);
		case '{':
		case '[':
			break;
		case 't': case 'f': case 'n':
			return rk_scan_literal(s, node);
		default:
			return *s->at == '-' || isdigit((unsigned char)*s->at)
			     ? rk_scan_number(s, node)
			     : rk_scan_fail(s, s->at, "expected a value");
		}
		status = rk_scan_open(s, node);
		if (status != RK_OK)
			return status;
		if (*s->at == rk_scan_close(s))
			return RK_OK;           /* rk_scan_after closes it. */
		if (node->type == cJSON_Object)
			status = rk_scan_name(s);
		if (status != RK_OK)
			return status;
	}
}

/* Checks 'body' and makes nodes of it.
 *
 * Errors: RK_BUG with the byte and what was expected there; *root is then NULL.
 * Source: RFC 8259; the ceilings are ours. */
static inline int32_t
rk_json_parse(const struct rk_host *host, struct rk_text body, cJSON **root,
              struct rk_err *err)
{
	struct rk_json_scanner s;
	int32_t status = RK_OK;

	*root = NULL;
	memset(&s, 0, offsetof(struct rk_json_scanner, open));
	s.host = host;
	s.err = err;
	if (body.len > RK_JSON_MAX_BYTES)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "JSON of %llu bytes: longer than "
		               "10 MiB", (unsigned long long)body.len);
	/* A byte before it too, see rk_scan_number. */
	s.start = s.at = (char *)host->alloc(host, body.len + 2 + RK_SCAN_SLACK) + 1;
	s.end = s.start + body.len;
	if (body.len)
		memcpy(s.start, body.ptr, body.len);
	for (int done = 0; !done && status == RK_OK;) {
		status = rk_scan_value(&s);
		if (status == RK_OK)
			status = rk_scan_after(&s, &done);
	}
	if (status == RK_OK)
		*root = s.root;
	return status;
}

#endif
