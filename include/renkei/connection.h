/* SPDX-License-Identifier: MIT-0
 *
 * connection.h - the connection of a connector that keeps nothing but its host, which is
 * what most need: no state between calls; and what the slots are called.  One that keeps
 * more defines struct rk_conn itself, and leaves this out.  Header only, C11 and C++17. */
#ifndef RENKEI_CONNECTION_H
#define RENKEI_CONNECTION_H

#include <stdlib.h>

#include <renkei/connector.h>

struct rk_conn {
	const struct rk_host *host;
};

/* What the slots of the table are, for a connector of several files that declares one:
 *
 *     rk_describer acme_describe_fields; */
typedef int32_t rk_describer(struct rk_conn *conn, struct rk_text object,
                             struct rk_schema *schema, struct rk_err *err);
typedef int32_t rk_lister(struct rk_conn *conn, const struct rk_query *query,
                          struct rk_page *page, struct rk_err *err);
typedef int32_t rk_upserter(struct rk_conn *conn, const struct rk_batch *batch,
                            struct rk_result *result, struct rk_err *err);

static inline int32_t
rk_conn_open(const struct rk_host *host, struct rk_conn **conn)
{
	*conn = (struct rk_conn *)calloc(1, sizeof **conn);
	if (!*conn)
		abort();
	(*conn)->host = host;
	return RK_OK;
}

static inline void
rk_conn_close(struct rk_conn *conn)
{
	free(conn);
}

#endif
