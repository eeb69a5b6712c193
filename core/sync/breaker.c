/* SPDX-License-Identifier: Apache-2.0
 *
 * breaker.c - see breaker.h. */
#include "sync/breaker.h"

#include "base/exit.h"
#include "config/form.h"

/* -1, which is a run that was killed, says nothing of a connection. */
static bool
is_broken(int64_t exit_code)
{
	return exit_code == EXIT_FAILED || exit_code == EXIT_USAGE
	       || exit_code == EXIT_CREDENTIALS;
}

size_t
breaker_runs(const struct config_sync *sync)
{
	int64_t runs = 0, per_ms;
	if (sync->breaker != NULL)
		form_breaker_read(sync->breaker, &runs, &per_ms);
	return (size_t)runs;
}

int64_t
breaker_until(const struct config_sync *sync, const struct run_row *runs, size_t count,
              int64_t now_ms)
{
	int64_t most = 0, per_ms = 0;
	if (sync->breaker == NULL || !form_breaker_read(sync->breaker, &most, &per_ms))
		return 0;
	for (size_t i = 0, broken = 0; i < count; i++) {
		if (runs[i].exit_code < 0)
			continue;
		if (!is_broken(runs[i].exit_code))
			return 0;
		int64_t until = runs[i].ended_ms + per_ms;
		/* A clock that was set back must not hold a sync longer than the rule. */
		if (until <= now_ms || until > now_ms + per_ms)
			return 0;
		if (++broken == (size_t)most)
			return until;
	}
	return 0;
}
