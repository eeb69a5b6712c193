/* SPDX-License-Identifier: Apache-2.0
 *
 * check.h - what the files of renkei check share: the rights that syncs need, and what
 * each of them brought about. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/errors.h"

/* What a check has found of one sync. */
struct check_seen {
	bool sound;                    /* Its mapping fits both sides, which may be asked. */
	bool has_from, has_to;         /* The side told its fields: */
	struct rk_schema from, to;
};

/* Whether a sync of the configuration cannot work without this grant of the connection. */
bool check_needs(const struct config *config, const struct session *session,
                 struct rk_text grant);

/* Tells of one sync its sample, its last runs, fields that changed and its errors, as an
 * item of an open list; the exit code. */
int check_results(struct app *app, const struct config_sync *sync,
                  const struct check_seen *seen);

#endif
