/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.h - /metrics for Prometheus, made of what `status` and `usage` tell, and
 * /healthz for whoever watches over the service. */
#ifndef CONSOLE_METRICS_H
#define CONSOLE_METRICS_H

#include "console/console.h"

/* Both are for this machine without a login, and for those who are logged in. */
void metrics_answer(struct request *q, struct answer *a);

#endif
