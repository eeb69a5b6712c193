/* SPDX-License-Identifier: Apache-2.0
 *
 * image.h - what the target should hold for a source record, as one text: the
 * mapping as the checker understands it, computed without core/mapping. */
#ifndef TESTS_IMAGE_H
#define TESTS_IMAGE_H

#include <cjson/cJSON.h>

#include "tests/checker.h"

#define IMAGE_BORDER '\x1f'            /* Behind each field. */

/* A member that is text; empty if there is none. */
const char *image_text(const cJSON *values, const char *name);
/* What the target should hold ('mapped', from the source's values), or what it
 * does hold (from its own); for the caller to free. */
char *image_of(const struct checker_rule *rule, const cJSON *values, bool mapped);
/* The key as it compares: without blanks around it, without case. */
char *image_key(const char *text);

#endif
