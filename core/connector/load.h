/* SPDX-License-Identifier: Apache-2.0
 *
 * load.h - loads one connector and checks its table before anything of it is
 * called.  Used by renkei-connector only: no other program runs vendor code. */
#ifndef CONNECTOR_LOAD_H
#define CONNECTOR_LOAD_H

#include <renkei/connector.h>

/* Loads the file at an absolute 'path'.  'table' is a copy of what the
 * connector exports, cut or zero-filled to this host's size.  RK_PAUSE with
 * the true reason if it cannot be loaded or is no connector. */
int32_t load_connector(const char *path, struct rk_connector *table, struct rk_err *err);

#endif
