/* SPDX-License-Identifier: Apache-2.0
 *
 * form.h - what comes from outside: parameters in a body, and their values. */
#ifndef CONSOLE_FORM_H
#define CONSOLE_FORM_H

#include "console/console.h"

/* Text of at most REQUEST_VALUE_MAX bytes, UTF-8, without control characters. */
bool form_value(struct rk_text value);
/* Adds the members of a JSON object to the parameters; a list gives one for each of its
 * elements.  False: it is none, or holds what is no parameter. */
bool form_read(struct request *q, struct rk_text body);
#endif
