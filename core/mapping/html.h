/* SPDX-License-Identifier: Apache-2.0
 *
 * html.h - rich text to plain text and back.  Plain text keeps words and
 * lines and loses all else; nothing is ever rendered. */
#ifndef MAPPING_HTML_H
#define MAPPING_HTML_H

#include <renkei/connector.h>

#include "base/arena.h"

/* Escapes what HTML would take as its own; a line end becomes <br>. */
struct rk_text html_from_text(struct rk_text text, struct arena *arena);
/* Drops tags, comments, scripts and styles; <br> and the ends of blocks become
 * line ends; the usual named and all numeric entities become characters. */
struct rk_text html_to_text(struct rk_text html, struct arena *arena);

#endif
