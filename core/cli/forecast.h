/* SPDX-License-Identifier: Apache-2.0
 *
 * forecast.h - what the run after a plan costs: calls of both sides by limit, how they
 * stand to what is allowed and left, and about how long it takes. */
#ifndef CLI_FORECAST_H
#define CLI_FORECAST_H

#include "cli/app.h"
#include "net/client.h"
#include "sync/run.h"

struct forecast {
	struct net_usage begun, ended; /* What net had counted then; memory is the app's. */
};

/* The listing of the plan begins; its end. */
void forecast_begun(struct app *app, struct forecast *f);
void forecast_ended(struct app *app, struct forecast *f);
/* Under "calls", and "about_ms". */
void forecast_tell(struct app *app, const struct config_sync *sync,
                   const struct sync_report *report, const struct forecast *f);

/* Whether net counted this for the limit of the connection: by its name, or of a host of
 * its. */
bool forecast_is_of(const struct net_spent *spent, const struct settings *s,
                    struct rk_text limit);

#endif
