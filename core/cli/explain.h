/* SPDX-License-Identifier: Apache-2.0
 *
 * explain.h - an error record in words: title, causes, remedies.  The connector's
 * own words for the vendor's code come first, the host's for the category next. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/app.h"

struct explained {
	const char *title;             /* "HTTP 401 Unauthorized" */
	const char **causes, **remedies;
	size_t cause_count, remedy_count;
};

/* 'connection' NULL: the host's words alone.  Texts are the app's arena's. */
struct explained explain(struct app *app, int32_t category, int http_status,
                         const char *code, const char *connection);

#endif
