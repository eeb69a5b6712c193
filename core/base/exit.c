/* SPDX-License-Identifier: Apache-2.0
 *
 * exit.c - see exit.h. */
#include "base/exit.h"

static const int order[] = { EXIT_USAGE, EXIT_CREDENTIALS, EXIT_FAILED, EXIT_HELD,
                             EXIT_RECORDS };
#define ORDERED ((int)(sizeof order / sizeof *order))

int
exit_of(int32_t status, const struct rk_err *err)
{
	if (status == RK_HOLD)
		return EXIT_HELD;
	if (err->category == RK_CAT_AUTH)
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
