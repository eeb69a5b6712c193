/* SPDX-License-Identifier: Apache-2.0
 *
 * json_out.h - writes one JSON document straight into a buffer.
 *
 *     open('{') -> ( text | number | ... | open )* -> close('}')
 *
 * A key is NULL inside an array.  What is no UTF-8 is written as U+FFFD, so the
 * document is valid whatever a command was given. */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define JSON_OUT_DEPTH 16

struct json_out {
	struct buf *out;               /* borrowed */
	unsigned depth;
	bool filled[JSON_OUT_DEPTH];   /* Something stands at this level already. */
};

void json_open(struct json_out *j, const char *key, char bracket);
void json_close(struct json_out *j, char bracket);
void json_text(struct json_out *j, const char *key, struct rk_text text);
void json_number(struct json_out *j, const char *key, int64_t number);
void json_bool(struct json_out *j, const char *key, bool value);
void json_null(struct json_out *j, const char *key);

#endif
