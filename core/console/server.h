/* SPDX-License-Identifier: Apache-2.0
 *
 * server.h - HTTP for the console: libmicrohttpd, ceilings, what every answer says. */
#ifndef CONSOLE_SERVER_H
#define CONSOLE_SERVER_H

#include "console/console.h"

/* Takes the address; 'port' is where.  False: 'err' says why not. */
bool server_open(struct console *c, unsigned *port, struct rk_err *err);
/* Serves until the process ends. */
bool server_start(struct console *c, struct rk_err *err);

#endif
