/* SPDX-License-Identifier: Apache-2.0
 *
 * runner.c - see runner.h. */
#include "connector/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/program.h"
#include "record/http.h"

#define PROGRAM "renkei-connector"
#define RUN_FD 3
#define NET_FD 4
/* Above any descriptor that dup2 in the child must not overwrite. */
#define SAFE_FD 10

static int
spawn(const char *path, const char *connector, const int fds[3], pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	sigemptyset(&none);
	sigfillset(&defaults);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	/* What a connector prints would stand between our own lines. */
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fds[0], STDERR_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], RUN_FD);
	posix_spawn_file_actions_adddup2(&actions, fds[2], NET_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, NET_FD + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
	                                              | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	/* The name is for people who look at the process list. */
	char *argv[] = { (char[]){ PROGRAM }, (char *)(uintptr_t)connector, NULL };
	char *envp[] = { NULL };
	int failed = posix_spawn(pid, path, &actions, &attributes, argv, envp);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

static int32_t
start_process(struct runner *r, int net_fd, struct rk_err *err)
{
	int pair[2], said[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_errno(err, RK_AGAIN, RK_CAT_BUG, "no socket for a connector");
	/* Not blocking: a full pipe drops what is said, and nobody waits. */
	if (pipe2(said, O_CLOEXEC | O_NONBLOCK) != 0) {
		close(pair[0]);
		close(pair[1]);
		return err_errno(err, RK_AGAIN, RK_CAT_BUG, "no pipe for a connector");
	}
	r->stderr_fd = said[0];
	FD_AUTO child_said = fcntl(said[1], F_DUPFD_CLOEXEC, SAFE_FD);
	FD_AUTO child_run = fcntl(pair[1], F_DUPFD_CLOEXEC, SAFE_FD);
	FD_AUTO child_net = fcntl(net_fd, F_DUPFD_CLOEXEC, SAFE_FD);
	close(pair[1]);
	close(said[1]);
	char path[PATH_MAX];
	program_path(PROGRAM, path, sizeof path);
	const int fds[] = { child_said, child_run, child_net };
	int failed = child_said < 0 || child_run < 0 || child_net < 0 ? errno
	             : spawn(path, r->connector, fds, &r->pid);
	if (failed != 0) {
		close(pair[0]);
		io_close(&r->stderr_fd);
		errno = failed;
		return err_errno(err, RK_AGAIN, RK_CAT_BUG, "%s cannot be started", path);
	}
	frame_open(&r->stream, pair[0], FRAME_MESSAGE_MAX);
	return RK_OK;
}

static void
write_open(struct runner *r, const struct runner_spec *spec)
{
	struct buf *out = runner_arguments(r, spec->open_deadline_ms);
	wire_int(out, spec->sandbox);
	wire_str(out, spec->so_path);
	wire_int(out, (int64_t)spec->setting_count);
	for (size_t i = 0; i < spec->setting_count; i++) {
		wire_text(out, spec->settings[i].name);
		wire_int(out, spec->settings[i].secret);
		wire_text(out, spec->settings[i].secret ? (struct rk_text){ NULL, 0 }
		                                        : spec->settings[i].value);
	}
}

int32_t
runner_start(struct runner *r, const struct runner_spec *spec, int net_fd,
             struct rk_err *err)
{
	*r = (struct runner)RUNNER_INIT;
	r->connector = spec->connector;
	r->out = (struct buf)BUF_INIT(FRAME_MESSAGE_MAX);
	files_open(&r->files, spec->directory);
	int32_t status = start_process(r, net_fd, err);
	close(net_fd);
	if (status != RK_OK)
		return status;
	write_open(r, spec);
	runner_ask(r, CONNECTOR_OPEN);
	struct runner_answer answer;
	runner_wait(r, &answer);
	if (answer.status != RK_OK) {
		*err = answer.err;
		runner_stop(r);
		return answer.status;
	}
	struct wire_reader in = wire_reader(answer.bytes);
	r->sandbox = (enum sandbox_level)wire_take_range(&in, SANDBOX_OFF, SANDBOX_FULL);
	log_info("connector.started", "connector=%s sandbox=%s", r->connector,
	         sandbox_name(r->sandbox));
	return RK_OK;
}

/* ---- Standard error ------------------------------------------------------------ */

#define STDERR_BYTES_MAX (64u * 1024)

/* What lies in the pipe, as lines of the log, which tames them. */
static void
pass_stderr(struct runner *r)
{
	char text[4096];
	while (r->stderr_fd >= 0 && r->stderr_bytes < STDERR_BYTES_MAX) {
		ssize_t n = read(r->stderr_fd, text, sizeof text - 1);
		if (n <= 0)
			return;
		r->stderr_bytes += (size_t)n;
		text[n] = '\0';
		char *rest = text;
		for (char *line; (line = strsep(&rest, "\n")) != NULL;)
			if (line[0] != '\0')
				log_warn("connector.stderr", "connector=%s: %s", r->connector, line);
	}
}

/* ---- The end ------------------------------------------------------------------- */

/* "was ended by signal 11 (Segmentation fault)"; true: of a breach. */
static bool
tell_end(const struct runner *r, int state, char *text, size_t size)
{
	int code = WIFEXITED(state) ? WEXITSTATUS(state) : 0;
	/* The handler that names what was tried was kept from it. */
	if (WIFSIGNALED(state) && WTERMSIG(state) == SIGSYS)
		code = EXIT_CALL;
	const char *breach = sandbox_breach(code);
	if (breach != NULL)
		snprintf(text, size, "connector %s %s and was ended", r->connector, breach);
	else if (WIFSIGNALED(state))
		snprintf(text, size, "connector %s was ended by signal %d (%s)", r->connector,
		         WTERMSIG(state), strsignal(WTERMSIG(state)));
	else if (code == EXIT_NO_NET)
		snprintf(text, size, "renkei-net ended, or stood still, while connector %s had a "
		         "call under way; the next call starts anew", r->connector);
	else
		snprintf(text, size, "connector %s ended by itself with code %d in the middle "
		         "of a call", r->connector, WEXITSTATUS(state));
	return breach != NULL;
}

/* Says in 'text' how the process ended, and whose fault that was; true: of a breach. */
static bool
end_process(struct runner *r, char *text, size_t size, int32_t *category)
{
	int state = 0;
	bool breach = false;
	text[0] = '\0';
	*category = RK_CAT_BUG;
	if (r->pid > 0) {
		/* One that died of its own fault is a zombie still; kill changes nothing then. */
		pid_t gone = waitpid(r->pid, &state, WNOHANG);
		if (gone == 0) {
			kill(-r->pid, SIGKILL);
			kill(r->pid, SIGKILL);     /* Should it have left its group. */
			while (waitpid(r->pid, &state, 0) < 0 && errno == EINTR)
				continue;
		}
		breach = tell_end(r, state, text, size);
		if (WIFEXITED(state) && WEXITSTATUS(state) == EXIT_NO_NET)
			*category = RK_CAT_UNREACHABLE;
	}
	pass_stderr(r);
	io_close(&r->stderr_fd);
	r->pid = 0;
	frame_close(&r->stream);
	return breach;
}

void
runner_stop(struct runner *r)
{
	char end[256];
	int32_t category;
	end_process(r, end, sizeof end, &category);
	files_close(&r->files);
	buf_free(&r->out);
}

struct buf *
runner_arguments(struct runner *r, int64_t allowed_ms)
{
	buf_reset(&r->out);
	r->allowed_ms = allowed_ms;
	wire_int(&r->out, allowed_ms);
	return &r->out;
}

/* Past the connector's own deadline it has this long to say so. */
#define GRACE_MS 2000

void
runner_ask(struct runner *r, enum connector_message type)
{
	r->asked = true;
	r->log_lines = 0;
	files_begin(&r->files);
	r->deadline = clock_mono_ms() + r->allowed_ms + GRACE_MS;
	/* What fails here is seen by poll: the stream is closed then. */
	if (r->pid > 0)
		frame_send(&r->stream, (uint16_t)type, ++r->call, buf_text(&r->out), -1,
		           r->deadline);
}

static void
failed(struct runner *r, struct runner_answer *answer, int32_t status, const char *why)
{
	char end[256];
	int32_t category;
	if (end_process(r, end, sizeof end, &category) && why == NULL)
		status = RK_PAUSE;
	*answer = (struct runner_answer){ .status = status, .ended = true };
	err_set(&answer->err, status, why != NULL ? RK_CAT_BUG : category, "%s",
	        why != NULL ? why : end[0] != '\0' ? end : "the connector is not running");
	answer->err.maybe_sent = 1;
	r->asked = false;
}

static void
failed_lying(struct runner *r, struct runner_answer *answer)
{
	char why[256];
	snprintf(why, sizeof why, "connector %s sent what is no valid answer and was ended",
	         r->connector);
	failed(r, answer, RK_PAUSE, why);
}

/* What a call says beyond this is dropped: a log is for people. */
#define LOG_LINES_MAX 1000

static void
pass_log(struct runner *r, struct rk_text bytes)
{
	if (r->log_lines++ >= LOG_LINES_MAX)
		return;
	struct wire_reader in = wire_reader(bytes);
	int64_t level = wire_take_range(&in, RK_LOG_DEBUG, RK_LOG_WARN);
	struct rk_text text = wire_take_text(&in);
	if (in.bad)
		return;
	log_event((enum log_level)level, "connector.says", "connector=%s: %.*s", r->connector,
	          (int)(text.len < 1024 ? text.len : 1024), text.ptr);
}

/* The connector waits for the answer, and asks nothing else meanwhile.  One that died
 * before it could have it did not lie: its end is what is seen next. */
static bool
serve_files(struct runner *r, const struct frame_message *message)
{
	buf_reset(&r->out);
	if (!r->asked || !files_serve(&r->files, message->bytes, &r->out))
		return false;
	frame_send(&r->stream, CONNECTOR_FILES_REPLY, message->call, buf_text(&r->out), -1,
	           r->deadline);
	return true;
}

static bool
decode_answer(struct rk_text bytes, struct runner_answer *answer)
{
	struct wire_reader in = wire_reader(bytes);
	*answer = (struct runner_answer){ 0 };
	answer->status = (int32_t)wire_take_range(&in, RK_OK, RK_BUG);
	answer->http_calls = (uint32_t)wire_take_range(&in, 0, 1000000);
	http_decode_err(&in, &answer->err);
	answer->bytes = (struct rk_text){ (const char *)in.at, (uint64_t)(in.end - in.at) };
	return !in.bad;
}

/* A process that talks without end is late like one that is silent. */
static bool
late(struct runner *r, struct runner_answer *answer)
{
	if (clock_mono_ms() < r->deadline)
		return false;
	char why[256];
	snprintf(why, sizeof why, "connector %s did not answer within %lld s and was ended",
	         r->connector, (long long)(r->allowed_ms + GRACE_MS) / 1000);
	failed(r, answer, RK_BUG, why);
	return true;
}

/* Handles what came; true when the call is over. */
static bool
take(struct runner *r, enum frame_status status, const struct frame_message *message,
     struct runner_answer *answer)
{
	if (status == FRAME_CLOSED) {
		failed(r, answer, RK_AGAIN, NULL);
		return true;
	}
	if (status == FRAME_NONE)
		return false;
	if (status == FRAME_MESSAGE && message->type == CONNECTOR_LOG) {
		pass_log(r, message->bytes);
		return late(r, answer);
	}
	if (status == FRAME_MESSAGE && message->type == CONNECTOR_FILES
	    && serve_files(r, message))
		return late(r, answer);
	if (status == FRAME_BROKEN || message->type != CONNECTOR_RESULT
	    || message->call != r->call || !decode_answer(message->bytes, answer)) {
		failed_lying(r, answer);
		return true;
	}
	r->asked = false;
	pass_stderr(r);
	return true;
}

bool
runner_poll(struct runner *r, struct runner_answer *answer)
{
	if (r->pid == 0) {
		failed(r, answer, RK_AGAIN, NULL);
		return true;
	}
	struct frame_message message;
	enum frame_status status;
	do {
		status = frame_receive(&r->stream, &message);
		if (take(r, status, &message, answer))
			return true;
	} while (status != FRAME_NONE);
	return late(r, answer);
}

void
runner_wait(struct runner *r, struct runner_answer *answer)
{
	struct frame_message message;
	for (;;) {
		if (r->pid == 0) {
			failed(r, answer, RK_AGAIN, NULL);
			return;
		}
		enum frame_status status = frame_wait(&r->stream, &message, r->deadline);
		if (take(r, status, &message, answer))
			return;
		if (status == FRAME_NONE && late(r, answer))
			return;
	}
}

int
runner_fd(const struct runner *r)
{
	return r->stream.fd;
}
