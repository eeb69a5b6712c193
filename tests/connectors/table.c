/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - connectors whose table is not as it should be, one a file, chosen when
 * they are built:
 *
 *     OTHER_ABI      of a contract that does not exist yet
 *     SMALL          the table ends before upsert
 *     LARGE          the table of a later version: more behind the end
 *     NO_SYMBOL      exports another name
 *     NO_FUNCTION    calls what nobody has
 *     NO_VARIABLE    points to what nobody has
 *     NO_OPEN        lacks a slot that must be there
 *     READ_ONLY      without upsert, which is allowed */
#include <stddef.h>

#include <renkei/helpers.h>
#include <renkei/manifest.h>

RK_MANIFEST(table_manifest,
	name = "table"; title = "Table"; version = "1.0.0"; vendor = "renkei";
	licence = "Apache-2.0"; abi = 1;
	settings = ( { name = "host"; type = "url"; required = true; hint = "Any address"; } );
	hosts = ( "${host}" );
	objects = ( { name = "*"; operations = ( "list", "ids", "field", "upsert", "update" ); guarantee = "E1"; } );
);

#ifdef NO_FUNCTION
void nobody_has_this_function(void);
#endif
#ifdef NO_VARIABLE
extern int nobody_has_this_variable;
#endif

struct rk_conn {
	int unused;
};

static struct rk_conn the_conn;

static int32_t
table_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	(void)host;
	(void)err;
	*conn = &the_conn;
#ifdef NO_FUNCTION
	nobody_has_this_function();
#endif
#ifdef NO_VARIABLE
	nobody_has_this_variable++;
#endif
	return RK_OK;
}

static int32_t
table_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	(void)conn;
	(void)err;
	account->account = rk_z("table");
	return RK_OK;
}

static int32_t
table_describe(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
               struct rk_err *err)
{
	(void)conn;
	(void)object;
	(void)schema;
	(void)err;
	return RK_OK;
}

static int32_t
table_list(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
           struct rk_err *err)
{
	(void)conn;
	(void)query;
	(void)page;
	(void)err;
	return RK_OK;
}

static void
table_close(struct rk_conn *conn)
{
	(void)conn;
}

#ifdef LARGE
struct later_table {
	struct rk_connector today;
	void (*tomorrow)(void);
	uint64_t more[7];
};
#define TABLE RK_EXTERN_CONST struct later_table renkei_connector_v1
#define OPEN_TODAY .today = {
#define CLOSE_TODAY }, .more = { 1, 2, 3 }
#define SIZE sizeof(struct later_table)
#elif defined NO_SYMBOL
#define TABLE RK_EXTERN_CONST struct rk_connector renkei_connector_v9
#endif
#ifndef TABLE
#define TABLE RK_CONNECTOR
#endif
#ifndef OPEN_TODAY
#define OPEN_TODAY
#define CLOSE_TODAY
#endif
#ifdef SMALL
#define SIZE offsetof(struct rk_connector, upsert)
#endif
#ifndef SIZE
#define SIZE sizeof(struct rk_connector)
#endif
#ifdef OTHER_ABI
#define ABI 2
#else
#define ABI RK_ABI
#endif
#ifdef NO_OPEN
#define OPEN (0 ? table_open : NULL)
#else
#define OPEN table_open
#endif

TABLE = {
	OPEN_TODAY
	.struct_size = (uint32_t)SIZE, .abi = ABI, .manifest = table_manifest,
	.open = OPEN, .auth = table_auth, .describe_fields = table_describe,
	.list_changed = table_list, .upsert = NULL, .close = table_close,
	CLOSE_TODAY
};
