/* SPDX-License-Identifier: Apache-2.0
 *
 * describe.h - the fields of one object, as the CRM tells them now.  For the commands
 * that show them. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include "cli/app.h"

/* Fills 'schema', which is the app's arena's; "" lists the objects.  Not EXIT_DONE:
 * that it is, and what objects there are, was said. */
int describe_object(struct app *app, struct session *session, const char *object,
                    struct rk_schema *schema);

#endif
