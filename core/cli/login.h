/* SPDX-License-Identifier: Apache-2.0
 *
 * login.h - what there is of OAuth at a connection, for the commands that tell it. */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/app.h"

/* The tokens as they may be shown; no CRM is asked.  Texts are the app's arena's. */
int32_t login_look(struct app *app, struct session *s, struct net_grant *told,
                   struct rk_err *err);
void login_tell(struct app *app, const struct net_grant *told);
/* Complains of each scope that syncs need and the CRM did not grant; the exit code. */
int login_tell_missing(struct app *app, struct session *s, const struct net_grant *told);

#endif
