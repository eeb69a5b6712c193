/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - renkei-connector: one connector, one socket to its run (descriptor
 * 3), one to renkei-net (descriptor 4).  It answers one call at a time and
 * ends when the run does.
 *
 *     renkei-connector --probe
 *
 * says which sandbox this machine gives. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "connector/host.h"
#include "connector/load.h"
#include "connector/sandbox.h"
#include "record/http.h"
#include "record/record.h"
#include "record/schema.h"

#define RUN_FD 3
#define NET_FD 4

struct served {
	struct frame_stream run;
	struct host host;
	struct rk_connector table;
	struct rk_conn *conn;
	struct sandbox sandbox;
	struct arena arena;            /* owned: what a message decodes to */
	struct buf out;                /* owned: the answer's own part */
	struct buf message;            /* owned: the whole answer */
	struct rk_err err;
};

/* A call reads its message, works, and fills s->out if it is RK_OK; upsert
 * fills it always. */
typedef int32_t call_fn(struct served *s, struct wire_reader *r);

static int32_t
bad_message(struct served *s)
{
	return err_set(&s->err, RK_BUG, RK_CAT_BUG, "a message from the run was damaged");
}

static int32_t
no_slot(struct served *s, const char *slot)
{
	return err_set(&s->err, RK_PAUSE, RK_CAT_CONFIG, "this connector has no %s", slot);
}

/* Vendor code runs from the load on: half of the sandbox stands before it, the
 * rest before the first call. */
static int32_t
load_confined(struct served *s, const char *path, enum sandbox_level least)
{
	sandbox_begin(&s->sandbox, least, path);
	int32_t status = sandbox_check(&s->sandbox, least, &s->err);
	if (status == RK_OK)
		status = load_connector(path, &s->table, &s->err);
	if (status != RK_OK)
		return status;
	sandbox_finish(&s->sandbox);
	wire_int(&s->out, s->sandbox.level);
	return sandbox_check(&s->sandbox, least, &s->err);
}

static int32_t
call_open(struct served *s, struct wire_reader *r)
{
	struct host *host = &s->host;
	enum sandbox_level least =
		(enum sandbox_level)wire_take_range(r, SANDBOX_OFF, SANDBOX_FULL);
	struct rk_text path = arena_text(&host->kept, wire_take_text(r));
	size_t count = (size_t)wire_take_range(r, 0, 1000);
	host->settings = arena_new_array(&host->kept, count, struct host_setting);
	for (size_t i = 0; i < count; i++) {
		host->settings[i].name = arena_text(&host->kept, wire_take_text(r));
		host->settings[i].secret = wire_take_range(r, 0, 1) != 0;
		host->settings[i].value = arena_text(&host->kept, wire_take_text(r));
	}
	host->setting_count = count;
	if (r->bad || path.len == 0)
		return bad_message(s);
	int32_t status = load_confined(s, path.ptr, least);
	if (status != RK_OK)
		return status;
	return s->table.open(&host->table, &s->conn, &s->err);
}

static int32_t
call_auth(struct served *s, struct wire_reader *r)
{
	(void)r;
	struct rk_account account = { .struct_size = sizeof account, .expires_ms = -1 };
	int32_t status = s->table.auth(s->conn, &account, &s->err);
	if (status == RK_OK)
		account_encode(&s->out, &account);
	return status;
}

static int32_t
call_describe(struct served *s, struct wire_reader *r)
{
	struct rk_text object = wire_take_text(r);
	if (r->bad)
		return bad_message(s);
	struct rk_schema schema = { .struct_size = sizeof schema };
	int32_t status = s->table.describe_fields(s->conn, object, &schema, &s->err);
	if (status == RK_OK)
		schema_encode(&s->out, &schema);
	return status;
}

static struct rk_text
rest(struct wire_reader *r)
{
	return (struct rk_text){ (const char *)r->at, (uint64_t)(r->end - r->at) };
}

static int32_t
call_list(struct served *s, struct wire_reader *r)
{
	struct rk_query query;
	if (!record_decode_query(rest(r), &s->arena, &query))
		return bad_message(s);
	if (s->table.list_changed == NULL)
		return no_slot(s, "list_changed: nothing can be read from it");
	struct rk_page page = { .struct_size = sizeof page, .source_time_ms = RK_NO_TIME,
	                        .safe_until_ms = RK_NO_TIME };
	int32_t status = s->table.list_changed(s->conn, &query, &page, &s->err);
	if (status == RK_OK)
		record_encode_page(&s->out, &page, query.field_count);
	return status;
}

static int32_t
call_upsert(struct served *s, struct wire_reader *r)
{
	struct rk_batch batch;
	if (!record_decode_batch(rest(r), &s->arena, &batch))
		return bad_message(s);
	struct rk_result result = { .struct_size = sizeof result };
	result.outcomes = arena_new_array(&s->arena, batch.row_count, struct rk_outcome);
	int32_t status;
	if (s->table.upsert == NULL)
		status = no_slot(s, "upsert: nothing can be written to it");
	else
		status = s->table.upsert(s->conn, &batch, &result, &s->err);
	record_encode_outcomes(&s->out, &result, batch.row_count, batch.field_count);
	return status;
}

static call_fn *const calls[] = {
	[CONNECTOR_OPEN] = call_open,
	[CONNECTOR_AUTH] = call_auth,
	[CONNECTOR_DESCRIBE] = call_describe,
	[CONNECTOR_LIST] = call_list,
	[CONNECTOR_UPSERT] = call_upsert,
};

/* A status that the contract does not know is a fault of the connector. */
static int32_t
checked_status(struct served *s, int32_t status, uint16_t type)
{
	if (status < RK_OK || status > RK_BUG
	    || (status == RK_PENDING && type != CONNECTOR_UPSERT))
		return err_set(&s->err, RK_BUG, RK_CAT_BUG,
		               "the connector returned status %d, which is none here", status);
	return status;
}

static bool
answer(struct served *s, const struct frame_message *message, int32_t status)
{
	if (s->out.over)
		status = err_set(&s->err, RK_BUG, RK_CAT_BUG,
		                 "the connector's answer is over %u bytes", FRAME_MESSAGE_MAX);
	if (s->out.over)
		buf_reset(&s->out);
	buf_reset(&s->message);
	wire_int(&s->message, status);
	wire_int(&s->message, s->host.http_calls);
	http_encode_err(&s->message, &s->err);
	buf_add(&s->message, s->out.ptr, s->out.len);
	return frame_send(&s->run, CONNECTOR_RESULT, message->call, buf_text(&s->message), -1,
	                  clock_mono_ms() + 60000);
}

static bool
serve(struct served *s, const struct frame_message *message)
{
	size_t count = sizeof calls / sizeof *calls;
	if (message->type >= count || calls[message->type] == NULL)
		return false;
	if ((message->type == CONNECTOR_OPEN) != (s->conn == NULL))
		return false;
	arena_clear(&s->arena);
	/* A copy: the stream's buffer is used again when the call asks for files. */
	struct wire_reader r = wire_reader(arena_text(&s->arena, message->bytes));
	int64_t left_ms = wire_take_range(&r, 0, 86400000);
	buf_reset(&s->out);
	host_begin_call(&s->host, clock_now_ms() + left_ms);
	s->err = (struct rk_err)ERR_INIT;
	int32_t status = calls[message->type](s, &r);
	return answer(s, message, checked_status(s, status, message->type));
}

/* A parent that died before the signal was asked for would leave us alone. */
static bool
die_with_parent(void)
{
	pid_t parent = getppid();
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && parent != 1;
}

/* What this machine gives, tried on ourselves. */
static int
probe(void)
{
	struct sandbox sandbox;
	io_refuse_core_dumps();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	sandbox_begin(&sandbox, SANDBOX_FULL, "/");
	sandbox_finish(&sandbox);
	printf("sandbox=%s landlock=%d\n", sandbox_name(sandbox.level), sandbox.landlock_abi);
	return 0;
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--probe") == 0)
		return probe();
	if (fcntl(RUN_FD, F_GETFD) < 0 || fcntl(NET_FD, F_GETFD) < 0) {
		fputs("renkei-connector is started by renkei, not by hand\n", stderr);
		return 2;
	}
	if (!die_with_parent())
		return 0;
	io_refuse_core_dumps();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	static struct served s;
	s.out = (struct buf)BUF_INIT(FRAME_MESSAGE_MAX - 65536);
	s.message = (struct buf)BUF_INIT(FRAME_MESSAGE_MAX);
	frame_open(&s.run, RUN_FD, FRAME_MESSAGE_MAX);
	host_open(&s.host, &s.run, NET_FD);
	host_use_arena_for_json(&s.host);
	struct frame_message message;
	while (frame_wait(&s.run, &message, INT64_MAX) == FRAME_MESSAGE)
		if (!serve(&s, &message))
			break;
	if (s.conn != NULL)
		s.table.close(s.conn);
	return 0;
}
