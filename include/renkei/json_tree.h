/* SPDX-License-Identifier: MIT-0
 *
 * json_tree.h - cJSON's nodes of a text that the strict scan has passed.  Header only,
 * C11 and C++17.  Called by json.h.
 *
 * cJSON's own parser checks all of it again and asks for memory up to three times a
 * node; after the scan one walk is enough.  Nodes come in chunks, strings stay where
 * they are in a copy of the text, each ended by a NUL on its closing quote.  The nodes
 * are those that cJSON would make, and live as long as the call. */
#ifndef RENKEI_JSON_TREE_H
#define RENKEI_JSON_TREE_H

#include <cjson/cJSON.h>
#include <limits.h>

#include <renkei/json_scan.h>

#define RK_TREE_CHUNK 128u

struct rk_json_tree {
	const struct rk_host *host;
	char *at;
	cJSON *nodes;                  /* The next free one, of 'left'.       */
	uint32_t left, depth;
	cJSON *open[RK_JSON_MAX_DEPTH];
};

/* A node, hung in behind its elder brothers. */
static inline cJSON *
rk_tree_node(struct rk_json_tree *t)
{
	cJSON *parent = t->depth ? t->open[t->depth - 1] : NULL;
	cJSON *node, *first;

	if (t->left == 0) {
		t->left = RK_TREE_CHUNK;
		t->nodes = (cJSON *)t->host->alloc(t->host,
		                                   t->left * sizeof *t->nodes);
	}
	node = t->nodes++;
	t->left--;
	if (!parent)
		return node;
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

/* What stands between values: the scan has seen that it is in order. */
static inline void
rk_tree_skip(struct rk_json_tree *t)
{
	while (*t->at == ' ' || *t->at == '\n' || *t->at == '\r' || *t->at == '\t' ||
	       *t->at == ',' || *t->at == ':')
		t->at++;
}

/* Takes the escapes out of a string from the first one on, in its place: what an
 * escape stands for is never longer than it. */
static inline void
rk_tree_unescape(struct rk_json_tree *t, char *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";

	while (*t->at != '"') {
		const char *known;
		uint32_t code;

		if (*t->at != '\\') {
			*out++ = *t->at++;
			continue;
		}
		if (t->at[1] != 'u') {
			known = strchr(from, t->at[1]);
			*out++ = known ? to[known - from] : t->at[1];
			t->at += 2;
			continue;
		}
		code = (uint32_t)rk_hex4(t->at + 2, t->at + 6);
		t->at += 6;
		if (code >= 0xD800 && code <= 0xDFFF) {
			code = 0x10000 + ((code - 0xD800) << 10) +
			       ((uint32_t)rk_hex4(t->at + 2, t->at + 6) - 0xDC00);
			t->at += 6;
		}
		out = rk_utf8_put(out, code);
	}
	*out = '\0';
}

/* The string whose opening quote stands at t->at. */
static inline char *
rk_tree_string(struct rk_json_tree *t, const char *end)
{
	char *text = ++t->at;

	t->at += rk_scan_plain(text, end, 0) - text;
	if (*t->at == '\\')
		rk_tree_unescape(t, t->at);
	*t->at++ = '\0';
	return text;
}

/* At most 15 digits, no exponent: exact in a double, and one division by an exact power
 * of ten rounds as it must. */
static inline void
rk_tree_number(struct rk_json_tree *t, cJSON *node)
{
	static const double tens[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	const char *from = t->at;
	int negative = *t->at == '-', decimals = 0, point = 0;
	int64_t digits = 0;
	double number;

	for (t->at += negative; isdigit((unsigned char)*t->at) || *t->at == '.'; t->at++) {
		point |= *t->at == '.';
		if (*t->at == '.')
			continue;
		digits = digits * 10 + (*t->at - '0');
		decimals += point;
	}
	number = decimals < (int)RK_COUNT(tens) ? (double)digits / tens[decimals]
	                                        : strtod(from + negative, NULL);
	node->type = cJSON_Number;
	node->valuedouble = negative ? -number : number;
	node->valueint = number >= INT_MAX ? negative ? INT_MIN : INT_MAX
	                                   : (int)node->valuedouble;
}

static inline void
rk_tree_scalar(struct rk_json_tree *t, cJSON *node, const char *end)
{
	switch (*t->at) {
	case '"':
		node->type = cJSON_String;
		node->valuestring = rk_tree_string(t, end);
		break;
	case 't':
		node->type = cJSON_True;
		node->valueint = 1;
		t->at += 4;
		break;
	case 'f':
		node->type = cJSON_False;
		t->at += 5;
		break;
	case 'n':
		node->type = cJSON_NULL;
		t->at += 4;
		break;
	default:
		rk_tree_number(t, node);
	}
}

/* The nodes of 'clean', which the scan has passed and no other text. */
static inline cJSON *
rk_json_tree(const struct rk_host *host, struct rk_text clean)
{
	struct rk_json_tree t = { host, NULL, NULL, 0, 0, { NULL } };
	cJSON *root = NULL, *node;
	const char *end;

	t.at = (char *)host->alloc(host, clean.len + 1);
	end = t.at + clean.len;
	memcpy(t.at, clean.ptr, clean.len);
	do {
		rk_tree_skip(&t);
		if (*t.at == '}' || *t.at == ']') {
			t.at++;
			t.depth--;
			continue;
		}
		node = rk_tree_node(&t);
		root = root ? root : node;
		if (t.depth && t.open[t.depth - 1]->type == cJSON_Object) {
			node->string = rk_tree_string(&t, end);
			rk_tree_skip(&t);
		}
		if (*t.at != '{' && *t.at != '[') {
			rk_tree_scalar(&t, node, end);
			continue;
		}
		node->type = *t.at++ == '{' ? cJSON_Object : cJSON_Array;
		t.open[t.depth++] = node;
	} while (t.depth);
	return root;
}

#endif
