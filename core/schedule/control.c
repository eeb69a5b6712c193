/* SPDX-License-Identifier: Apache-2.0
 *
 * control.c - see control.h: the side of who asks. */
#include "schedule/control.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "net/address.h"
#include "record/frame.h"
#include "record/http.h"

#define SEND_MS 10000

static bool
cannot_read(struct rk_err *err)
{
	err_set(err, RK_BUG, RK_CAT_BUG, "the daemon broke the protocol; are it and this "
	        "program of one version?");
	return false;
}

static bool
dial(const char *state_dir, struct frame_stream *stream, struct rk_err *err)
{
	FD_AUTO dir = net_open_dir(state_dir);
	FD_AUTO fd = dir >= 0 ? net_dial(dir, CONTROL_SOCKET_NAME) : -1;
	if (fd < 0 && (errno == ENOENT || errno == ECONNREFUSED)) {
		err_set(err, RK_PAUSE, RK_CAT_OTHER, "no daemon runs on the state directory %s; "
		        "start it (\"renkei daemon\", or its service), or name another "
		        "directory with --state", state_dir);
		return false;
	}
	if (fd < 0 || !net_same_user(fd)) {
		err_errno(err, RK_PAUSE, RK_CAT_OTHER, "the daemon of the state directory %s "
		          "cannot be reached; ask as the user that it runs as", state_dir);
		return false;
	}
	frame_open(stream, fd, CONTROL_MESSAGE_MAX);
	fd = -1;
	return true;
}

static bool
send_question(struct frame_stream *stream, const char *user, struct rk_text input,
              const char *const *argv, size_t argc, struct rk_err *err)
{
	BUF_AUTO bytes = BUF_INIT(CONTROL_MESSAGE_MAX);
	wire_int(&bytes, CONTROL_PROTOCOL);
	wire_str(&bytes, user);
	wire_text(&bytes, input);
	for (size_t i = 0; i < argc; i++)
		wire_str(&bytes, argv[i]);
	if (bytes.over || argc > CONTROL_ARGUMENTS_MAX) {
		err_set(err, RK_REJECT, RK_CAT_CONFIG, "more than %u arguments or %u bytes are "
		        "too many for one question; ask in parts", CONTROL_ARGUMENTS_MAX,
		        CONTROL_MESSAGE_MAX);
		return false;
	}
	if (frame_send(stream, CONTROL_ASK, 1, buf_text(&bytes), -1,
	               clock_mono_ms() + SEND_MS))
		return true;
	err_errno(err, RK_AGAIN, RK_CAT_OTHER, "the daemon does not listen");
	return false;
}

static bool
take_answer(struct frame_stream *stream, struct rk_text bytes, struct buf *out,
            int *exit_code, struct rk_err *err)
{
	struct wire_reader r = wire_reader(bytes);
	int code = (int)wire_take_range(&r, 0, 255);
	size_t len = (size_t)wire_take_range(&r, 0, CONTROL_ANSWER_MAX), at = 0;
	char *room = r.bad || stream->received_fd < 0 ? NULL : buf_extend(out, len);
	if (room == NULL)
		return cannot_read(err);
	for (ssize_t n; at < len; at += (size_t)n) {
		n = pread(stream->received_fd, room + at, len - at, (off_t)at);
		if (n <= 0) {
			out->len -= len;
			return cannot_read(err);
		}
	}
	*exit_code = code;
	return true;
}

static bool
hear(struct frame_stream *stream, struct buf *out, int *exit_code, struct rk_err *err)
{
	struct frame_message message;
	enum frame_status status = frame_wait(stream, &message,
	                                      clock_mono_ms() + 2 * CONTROL_LONGEST_MS);
	if (status == FRAME_CLOSED || status == FRAME_NONE) {
		err_set(err, RK_AGAIN, RK_CAT_OTHER, "the daemon ended before it answered; "
		        "look at what was done, then ask again");
		return false;
	}
	if (status != FRAME_MESSAGE)
		return cannot_read(err);
	if (message.type == CONTROL_ANSWER)
		return take_answer(stream, message.bytes, out, exit_code, err);
	struct wire_reader r = wire_reader(message.bytes);
	wire_take_range(&r, RK_AGAIN, RK_BUG);
	http_decode_err(&r, err);
	return message.type == CONTROL_REFUSED && !r.bad ? false : cannot_read(err);
}

bool
control_ask_with(const char *state_dir, const char *user, struct rk_text input,
                 const char *const *argv, size_t argc, struct buf *out, int *exit_code,
                 struct rk_err *err)
{
	struct frame_stream stream;
	if (!dial(state_dir, &stream, err))
		return false;
	bool done = send_question(&stream, user, input, argv, argc, err)
	            && hear(&stream, out, exit_code, err);
	frame_close(&stream);
	return done;
}

bool
control_ask(const char *state_dir, const char *user, const char *const *argv, size_t argc,
            struct buf *out, int *exit_code, struct rk_err *err)
{
	return control_ask_with(state_dir, user, (struct rk_text){ NULL, 0 }, argv, argc, out,
	                        exit_code, err);
}

bool
control_reachable(const char *state_dir)
{
	struct frame_stream stream = { .fd = -1, .received_fd = -1 };
	struct rk_err err;
	if (!dial(state_dir, &stream, &err))
		return false;
	frame_close(&stream);
	return true;
}
