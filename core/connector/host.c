/* SPDX-License-Identifier: Apache-2.0
 *
 * host.c - see host.h.  Every size that the connector asks for has a ceiling;
 * past it the process ends, which costs that connector's call and nothing
 * else. */
#include "connector/host.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "connector/files.h"
#include "connector/sandbox.h"
#include "record/http.h"
#include "record/record.h"

#define CALL_MEMORY_MAX (256u * 1024 * 1024)
#define REQUEST_MAX (32u * 1024 * 1024)
#define LOG_LINE_MAX 1024
#define LOG_LINES_MAX 1000

static struct host *
of_table(const struct rk_host *table)
{
	return (struct host *)(uintptr_t)table;
}

static void *
serve_alloc(const struct rk_host *table, uint64_t bytes)
{
	struct host *host = of_table(table);
	if (bytes > CALL_MEMORY_MAX || host->call.total_bytes > CALL_MEMORY_MAX - bytes)
		_exit(EXIT_MEMORY);
	return arena_alloc(&host->call, bytes);
}

static const struct host_setting *
find_setting(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->setting_count; i++)
		if (text_is(host->settings[i].name, name))
			return &host->settings[i];
	return NULL;
}

static struct rk_text
serve_setting(const struct rk_host *table, const char *name)
{
	const struct host_setting *setting = find_setting(of_table(table), name);
	if (setting == NULL || setting->secret)
		return (struct rk_text){ "", 0 };
	return setting->value;
}

static int32_t
serve_has_setting(const struct rk_host *table, const char *name)
{
	const struct host_setting *setting = find_setting(of_table(table), name);
	return setting != NULL && (setting->secret || setting->value.len > 0);
}

static void
serve_log(const struct rk_host *table, int32_t level, struct rk_text text)
{
	struct host *host = of_table(table);
	if (host->next_call > LOG_LINES_MAX && level == RK_LOG_DEBUG)
		return;
	if (text.len > LOG_LINE_MAX)
		text.len = LOG_LINE_MAX;
	buf_reset(&host->out);
	wire_int(&host->out, level);
	wire_text(&host->out, text);
	frame_send(host->run, CONNECTOR_LOG, 0, buf_text(&host->out), -1,
	           clock_mono_ms() + 1000);
}

static int64_t
serve_now(const struct rk_host *table)
{
	(void)table;
	return clock_now_ms();
}

static int64_t
serve_deadline(const struct rk_host *table)
{
	return of_table(table)->deadline_ms;
}

/* ---- Files ----------------------------------------------------------------- */

/* Sends the request that lies in host->out and yields what follows the status of its
 * reply; it points into the stream. */
static int32_t
ask_files(struct host *host, struct wire_reader *in, struct rk_err *err)
{
	struct frame_message message;
	int64_t deadline = clock_mono_ms() + host->deadline_ms - clock_now_ms() + 1000;
	if (host->out.over)
		return err_set(err, RK_BUG, RK_CAT_BUG, "a write of over %u bytes", REQUEST_MAX);
	/* Without its run this process has nobody to answer. */
	if (!frame_send(host->run, CONNECTOR_FILES, ++host->next_call, buf_text(&host->out), -1,
	                deadline)
	    || frame_wait(host->run, &message, deadline) != FRAME_MESSAGE
	    || message.type != CONNECTOR_FILES_REPLY || message.call != host->next_call)
		_exit(0);
	*in = wire_reader(message.bytes);
	int32_t status = (int32_t)wire_take_range(in, RK_OK, RK_BUG);
	struct rk_err told;
	http_decode_err(in, &told);
	if (status != RK_OK)
		*err = told;
	return status;
}

static struct host *
begin_files(const struct rk_host *table, enum files_request request)
{
	struct host *host = of_table(table);
	buf_reset(&host->out);
	wire_int(&host->out, request);
	return host;
}

static int32_t
serve_files_list(const struct rk_host *table, const struct rk_file **files, uint64_t *count,
                 struct rk_err *err)
{
	struct host *host = begin_files(table, FILES_LIST);
	struct wire_reader in;
	int32_t status = ask_files(host, &in, err);
	if (status != RK_OK)
		return status;
	*count = (uint64_t)wire_take_range(&in, 0, FILES_MAX);
	struct rk_file *list = serve_alloc(table, (*count + 1) * sizeof *list);
	for (uint64_t i = 0; i < *count; i++) {
		list[i].name = arena_text(&host->call, wire_take_text(&in));
		list[i].mark = arena_text(&host->call, wire_take_text(&in));
		list[i].size = (uint64_t)wire_take_int(&in);
		list[i].modified_ms = wire_take_int(&in);
	}
	*files = list;
	return RK_OK;
}

static int32_t
serve_files_read(const struct rk_host *table, const struct rk_file *file, uint64_t offset,
                 void *into, uint64_t room, uint64_t *got, struct rk_err *err)
{
	struct host *host = begin_files(table, FILES_READ);
	struct wire_reader in;
	wire_text(&host->out, file->name);
	wire_text(&host->out, file->mark);
	wire_int(&host->out, (int64_t)offset);
	wire_int(&host->out, (int64_t)(room < RK_FILES_PIECE ? room : RK_FILES_PIECE));
	int32_t status = ask_files(host, &in, err);
	if (status != RK_OK)
		return status;
	struct rk_text data = wire_take_text(&in);
	*got = data.len < room ? data.len : room;
	memcpy(into, data.ptr, *got);
	return RK_OK;
}

static int32_t
serve_files_write(const struct rk_host *table, struct rk_text name, struct rk_text data,
                  struct rk_err *err)
{
	struct host *host = begin_files(table, FILES_WRITE);
	struct wire_reader in;
	wire_text(&host->out, name);
	wire_text(&host->out, data);
	return ask_files(host, &in, err);
}

static int32_t
serve_files_commit(const struct rk_host *table, struct rk_text name, struct rk_text mark,
                   struct rk_err *err)
{
	struct host *host = begin_files(table, FILES_COMMIT);
	struct wire_reader in;
	wire_text(&host->out, name);
	wire_text(&host->out, mark);
	return ask_files(host, &in, err);
}

static const void *
serve_extension(const struct rk_host *table, const char *id)
{
	static const struct rk_files files = {
		.struct_size = sizeof files, .list = serve_files_list, .read = serve_files_read,
		.write = serve_files_write, .commit = serve_files_commit,
	};
	bool there = serve_setting(table, FILES_SETTING).len > 0;
	return there && strcmp(id, RK_FILES) == 0 ? &files : NULL;
}

/* Without net there is no world.  The run finds this process gone and spawns
 * another, with a new channel. */
static void
leave_without_net(void)
{
	log_info("connector.net_gone", "the channel to renkei-net closed");
	_exit(EXIT_NO_NET);
}

static void
send_request(struct host *host, const struct rk_request *request, int64_t left_ms)
{
	buf_reset(&host->out);
	http_encode_request(&host->out, request, left_ms);
	if (host->out.over)
		return;
	if (!frame_send(&host->net, NET_HTTP, ++host->next_call, buf_text(&host->out), -1,
	                clock_mono_ms() + left_ms))
		leave_without_net();
}

static int32_t
await_reply(struct host *host, int64_t left_ms, struct rk_reply *reply,
            struct rk_err *err)
{
	struct frame_message message;
	/* Net keeps the deadline; the second is for its answer to arrive. */
	switch (frame_wait(&host->net, &message, clock_mono_ms() + left_ms + 1000)) {
	case FRAME_MESSAGE:
		break;
	case FRAME_NONE:
	case FRAME_CLOSED:
	case FRAME_BROKEN:
		leave_without_net();
	}
	int32_t status;
	/* The body outlives the stream's buffer: it is the connector's until its call ends. */
	struct rk_text bytes = arena_text(&host->call, message.bytes);
	if (message.type != NET_HTTP_REPLY || message.call != host->next_call
	    || !http_decode_reply(bytes, &host->call, &status, err, reply))
		leave_without_net();
	return status;
}

static int32_t
serve_http(const struct rk_host *table, const struct rk_request *request,
           struct rk_reply *reply, struct rk_err *err)
{
	struct host *host = of_table(table);
	struct rk_reply whole = { 0 };
	if (request->struct_size < offsetof(struct rk_request, max_body_bytes))
		return err_set(err, RK_BUG, RK_CAT_BUG, "HTTP request with struct_size %u",
		               request->struct_size);
	struct rk_request asked = { 0 };
	size_t size = request->struct_size < sizeof asked ? request->struct_size : sizeof asked;
	memcpy(&asked, request, size);
	int64_t left_ms = host->deadline_ms - clock_now_ms();
	if (left_ms <= 0)
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               "no time is left in this call for another request");
	send_request(host, &asked, left_ms);
	if (host->out.over)
		return err_set(err, RK_BUG, RK_CAT_BUG, "HTTP request over %u bytes", REQUEST_MAX);
	int32_t status = await_reply(host, left_ms, &whole, err);
	/* What a pause or a limit refused never left: the CRM counts no call either. */
	host->http_calls += status == RK_OK || err->maybe_sent != 0;
	if (status != RK_OK)
		return status;
	size = reply->struct_size >= sizeof(uint32_t) && reply->struct_size < sizeof whole
	               ? reply->struct_size : sizeof whole;
	whole.struct_size = (uint32_t)size;
	memcpy(reply, &whole, size);
	return RK_OK;
}

void
host_open(struct host *host, struct frame_stream *run, int net_fd)
{
	*host = (struct host){
		.table = { .struct_size = sizeof host->table, .abi = RK_ABI,
			   .http = serve_http, .setting = serve_setting,
			   .has_setting = serve_has_setting, .log = serve_log,
			   .now_ms = serve_now, .deadline_ms = serve_deadline,
			   .alloc = serve_alloc, .extension = serve_extension },
		.call = ARENA_INIT,
		.kept = ARENA_INIT,
		.run = run,
		.out = BUF_INIT(REQUEST_MAX),
	};
	frame_open(&host->net, net_fd, FRAME_MESSAGE_MAX);
}

void
host_begin_call(struct host *host, int64_t deadline_ms)
{
	arena_clear(&host->call);
	host->deadline_ms = deadline_ms;
	host->http_calls = 0;
}

/* cJSON's hooks have no argument. */
static struct host *json_host;

static void *
json_alloc(size_t bytes)
{
	return serve_alloc(&json_host->table, bytes);
}

static void
json_free(void *memory)
{
	(void)memory;                  /* It dies with the call. */
}

void
host_use_arena_for_json(struct host *host)
{
	json_host = host;
	cJSON_InitHooks(&(cJSON_Hooks){ json_alloc, json_free });
}
