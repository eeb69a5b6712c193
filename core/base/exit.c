/* SPDX-License-Identifier: Apache-2.0
 *
 * exit.c - see exit.h. */
#include "base/exit.h"

#include <stdbool.h>
#include <string.h>

static const int order[] = { EXIT_USAGE, EXIT_CREDENTIALS, EXIT_FAILED, EXIT_HELD,
                             EXIT_RECORDS };
#define ORDERED ((int)(sizeof order / sizeof *order))

/* A scope of the key or a right of its user; an address or a contract is neither. */
static bool
is_right(const struct rk_err *err)
{
	return err->category == RK_CAT_PERMISSION
	       && strcmp(err->code, RK_CODE_IP_RULE) != 0
	       && strcmp(err->code, RK_CODE_NOT_ENTITLED) != 0;
}

int
exit_of(int32_t status, const struct rk_err *err)
{
	if (status == RK_HOLD)
		return EXIT_HELD;
	if (err->category == RK_CAT_AUTH || is_right(err))
		return EXIT_CREDENTIALS;
	return err->category == RK_CAT_CONFIG ? EXIT_USAGE : EXIT_FAILED;
}

int
exit_rank(int code)
{
	int rank = 0;
	while (rank < ORDERED && order[rank] != code)
		rank++;
	return rank;
}

int
exit_worse(int a, int b)
{
	int rank = exit_rank(a) < exit_rank(b) ? exit_rank(a) : exit_rank(b);
	return rank < ORDERED ? order[rank] : EXIT_DONE;
}
