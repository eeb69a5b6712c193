/* SPDX-License-Identifier: Apache-2.0
 *
 * client.c - see client.h.  Two runs that find no net at the same moment are
 * kept apart by a lock on net.lock, which is held from the look to the moment
 * when the new net listens. */
#include "net/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/program.h"
#include "base/text.h"
#include "net/address.h"
#include "record/frame.h"

#define PROGRAM "renkei-net"
#define CALL_MS 10000
#define LOG_BYTES_MAX (1024 * 1024)
/* An answer is small; a request carries secrets and at most 1000 origins. */
#define MESSAGE_MAX (4u * 1024 * 1024)

struct net_client {
	struct frame_stream stream;    /* owned */
	uint32_t call;
	int32_t process;
};

static int32_t
gone(struct rk_err *err)
{
	return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		       PROGRAM
		       " ended while it was asked; it is started again next time");
}

/* ---- One question, one answer ------------------------------------------ */

/* An answer of type 'wanted', or the error record of a refusal. */
static int32_t
ask(struct net_client *c, uint16_t type, struct rk_text question, uint16_t wanted,
    struct rk_text *answer, struct rk_err *err)
{
	int64_t deadline = clock_mono_ms() + CALL_MS;
	uint32_t call = ++c->call;
	struct frame_message message = { 0 };
	if (!frame_send(&c->stream, type, call, question, -1, deadline))
		return gone(err);
	enum frame_status status = frame_wait(&c->stream, &message, deadline);
	if (status == FRAME_CLOSED)
		return gone(err);
	if (status == FRAME_NONE)
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		               PROGRAM " has not answered within %d seconds",
		               CALL_MS / 1000);
	if (status == FRAME_BROKEN || message.call != call)
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	if (message.type == NET_REFUSED) {
		struct wire_reader r = wire_reader(message.bytes);
		int32_t refusal = (int32_t)wire_take_range(&r, RK_AGAIN, RK_BUG);
		http_decode_err(&r, err);
		return r.bad ? err_set(err, RK_BUG, RK_CAT_BUG,
				       PROGRAM " broke the protocol")
			     : refusal;
	}
	if (message.type != wanted)
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	*answer = message.bytes;
	return RK_OK;
}

/* ---- Starting the program ---------------------------------------------- */

/* Where net writes what a person may have to read; a log of more than a
 * megabyte begins anew.  Without one, net's words go nowhere. */
static int
open_log(int dir)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	int fd = openat(dir, NET_LOG_NAME, flags, 0600);
	struct stat st;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > LOG_BYTES_MAX
	    && ftruncate(fd, 0) != 0)
		io_close(&fd);
	return fd >= 0 ? fd : open("/dev/null", O_WRONLY | O_CLOEXEC);
}

/* 'ready' becomes net's standard output: it closes it once it listens. */
static int
spawn(const char *path, const char *state_dir, int ready, int log)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ready, 1);
	posix_spawn_file_actions_adddup2(&actions, log, 2);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK
	                                        | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	char *const args[] = { (char *)(uintptr_t)PROGRAM, (char *)(uintptr_t)"--state",
	                       (char *)(uintptr_t)state_dir, NULL };
	char *const environment[] = { NULL };
	/* An earlier net of ours that has ended in the meantime leaves the table. */
	static pid_t last_started;
	if (last_started > 0)
		waitpid(last_started, NULL, WNOHANG);
	int failed = posix_spawn(&last_started, path, &actions, &attr, args, environment);
	if (failed != 0)
		last_started = 0;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return failed;
}

/* Waits until the other end of 'ready' is closed. */
static void
wait_closed(int ready, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - clock_mono_ms();
		struct pollfd p = { .fd = ready, .events = POLLIN };
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		char byte;
		if (n == 0 || (n < 0 && errno != EINTR))
			return;
		if (n > 0 && read(ready, &byte, 1) <= 0)
			return;
	}
}

/* Starts net and waits until it listens or is gone. */
static int32_t
start(int dir, const char *state_dir, int64_t deadline, struct rk_err *err)
{
	char path[4200];
	program_path(PROGRAM, path, sizeof path);
	/* Numbers above 2, or a dup2 onto the standard ones would lose them. */
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(err, RK_AGAIN, RK_CAT_OTHER, "cannot start %s", path);
	FD_AUTO ready = ends[0];
	FD_AUTO theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
	close(ends[1]);
	FD_AUTO opened = open_log(dir);
	FD_AUTO log = fcntl(opened, F_DUPFD_CLOEXEC, 3);
	int failed = spawn(path, state_dir, theirs, log);
	if (failed != 0)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "cannot start %s: %s", path,
		               strerror(failed));
	io_close(&theirs);
	wait_closed(ready, deadline);
	return RK_OK;
}

/* Waits for the lock of those who start a net. */
static int32_t
lock_start(int *lock, int dir, const char *state_dir, int64_t deadline,
           struct rk_err *err)
{
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	*lock = openat(dir, NET_LOCK_NAME, flags, 0600);
	if (*lock < 0)
		return err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s/" NET_LOCK_NAME,
		                 state_dir);
	while (flock(*lock, LOCK_EX | LOCK_NB) != 0) {
		if (clock_mono_ms() > deadline)
			return err_set(err, RK_AGAIN, RK_CAT_OTHER,
			               "%s/" NET_LOCK_NAME " is held by another program",
			               state_dir);
		poll(NULL, 0, 5);
	}
	return RK_OK;
}

/* ---- Connecting -------------------------------------------------------- */

/* A socket to the net of 'dir', which is started if there is none. */
static int32_t
dial_or_start(int *fd, int dir, const char *state_dir, int64_t deadline,
              struct rk_err *err)
{
	*fd = net_dial(dir, NET_SOCKET_NAME);
	if (*fd >= 0)
		return RK_OK;
	FD_AUTO lock = -1;
	int32_t status = lock_start(&lock, dir, state_dir, deadline, err);
	if (status != RK_OK)
		return status;
	*fd = net_dial(dir, NET_SOCKET_NAME);              /* Another one may have been faster. */
	if (*fd >= 0)
		return RK_OK;
	if (errno != ENOENT && errno != ECONNREFUSED)
		return err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s/" NET_SOCKET_NAME,
		                 state_dir);
	status = start(dir, state_dir, deadline, err);
	if (status != RK_OK)
		return status;
	*fd = net_dial(dir, NET_SOCKET_NAME);
	if (*fd >= 0)
		return RK_OK;
	return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE,
		       PROGRAM " did not start; %s/" NET_LOG_NAME " tells why",
		       state_dir);
}

static int32_t
greet(struct net_client *c, const char *config_hash, struct rk_err *err)
{
	BUF_AUTO hello = BUF_INIT(4096);
	wire_int(&hello, NET_PROTOCOL);
	wire_str(&hello, PACKAGE_VERSION);
	wire_str(&hello, config_hash);
	struct rk_text answer = { NULL, 0 };
	int32_t status = ask(c, NET_HELLO, buf_text(&hello), NET_HELLO, &answer, err);
	if (status != RK_OK)
		return status;
	struct wire_reader r = wire_reader(answer);
	wire_take_int(&r);
	wire_take_text(&r);
	c->process = (int32_t)wire_take_range(&r, 1, INT32_MAX);
	return r.bad ? err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol")
	             : RK_OK;
}

/* One try; RK_AGAIN may mean that the net was just leaving. */
static int32_t
try_connect(struct net_client **out, int dir, const char *state_dir,
            const char *config_hash, int64_t deadline, struct rk_err *err)
{
	int fd;
	int32_t status = dial_or_start(&fd, dir, state_dir, deadline, err);
	if (status != RK_OK)
		return status;
	if (!net_same_user(fd)) {
		close(fd);
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			       "%s/" NET_SOCKET_NAME " belongs to another user",
			       state_dir);
	}
	struct net_client *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	frame_open(&c->stream, fd, MESSAGE_MAX);
	status = greet(c, config_hash, err);
	if (status == RK_OK)
		*out = c;
	else
		net_close(c);
	return status;
}

int32_t
net_connect(struct net_client **out, const char *state_dir, const char *config_hash,
            struct rk_err *err)
{
	FD_AUTO dir = net_open_dir(state_dir);
	if (dir < 0)
		return err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "state directory %s",
		                 state_dir);
	struct rk_err why = ERR_INIT;
	int64_t deadline = clock_mono_ms() + CALL_MS;
	int32_t status = RK_AGAIN;
	for (int tries = 0; tries < 5 && status == RK_AGAIN; tries++) {
		status = try_connect(out, dir, state_dir, config_hash, deadline, &why);
		if (clock_mono_ms() > deadline)
			break;
	}
	if (status != RK_OK && err != NULL)
		*err = why;
	return status;
}

int32_t
net_open_channel(struct net_client *client, const struct net_open *open,
                 uint32_t *channel, int *fd, struct rk_err *err)
{
	BUF_AUTO question = BUF_INIT(MESSAGE_MAX);
	http_encode_open(&question, open);
	if (question.over)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "the settings of connection %.*s are over 4 MiB",
		               (int)open->connection.len, open->connection.ptr);
	struct rk_text answer = { NULL, 0 };
	int32_t status =
	    ask(client, NET_OPEN, buf_text(&question), NET_OPENED, &answer, err);
	explicit_bzero(question.ptr, question.len);
	if (status != RK_OK)
		return status;
	struct wire_reader r = wire_reader(answer);
	uint32_t number = (uint32_t)wire_take_range(&r, 1, UINT32_MAX);
	if (r.bad || client->stream.received_fd < 0)
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	*channel = number;
	*fd = client->stream.received_fd;
	client->stream.received_fd = -1;
	return RK_OK;
}

int32_t
net_count(struct net_client *client, uint32_t channel, int64_t *calls, struct rk_err *err)
{
	BUF_AUTO question = BUF_INIT(64);
	wire_int(&question, channel);
	struct rk_text answer = { NULL, 0 };
	int32_t status =
	    ask(client, NET_COUNT, buf_text(&question), NET_COUNTED, &answer, err);
	if (status != RK_OK)
		return status;
	struct wire_reader r = wire_reader(answer);
	int64_t count = wire_take_range(&r, 0, INT64_MAX);
	if (r.bad)
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	*calls = count;
	return RK_OK;
}

int32_t
net_verify(struct net_client *client, const struct net_verify *verify, struct rk_err *err)
{
	BUF_AUTO question = BUF_INIT(MESSAGE_MAX);
	wire_int(&question, verify->channel);
	wire_int(&question, verify->how);
	wire_text(&question, verify->text);
	wire_text(&question, verify->proof);
	struct rk_text answer = { NULL, 0 };
	return ask(client, NET_VERIFY, buf_text(&question), NET_VERIFIED, &answer, err);
}

int32_t
net_priority(struct net_client *client, enum net_priority priority, struct rk_err *err)
{
	BUF_AUTO question = BUF_INIT(64);
	struct rk_text answer;
	wire_int(&question, priority);
	return ask(client, NET_PRIORITY, buf_text(&question), NET_OBEYED, &answer, err);
}

int32_t
net_limits(struct net_client *client, struct rk_text connection,
           const struct net_limit *limits, size_t count, struct rk_err *err)
{
	BUF_AUTO question = BUF_INIT(MESSAGE_MAX);
	struct rk_text answer;
	wire_text(&question, connection);
	http_encode_limits(&question, limits, count);
	return ask(client, NET_LIMITS, buf_text(&question), NET_OBEYED, &answer, err);
}

int32_t
net_usage(struct net_client *client, struct arena *arena, struct net_usage *usage,
          struct rk_err *err)
{
	struct rk_text answer = { NULL, 0 };
	int32_t status =
		ask(client, NET_USAGE, (struct rk_text){ NULL, 0 }, NET_USED, &answer, err);
	if (status == RK_OK && !http_decode_usage(answer, arena, usage))
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	return status;
}

/* What the answer to a POST means; a mail's is 250. */
static int32_t
judge(struct rk_text bytes, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_reply reply;
	int32_t status;
	if (!http_decode_reply(bytes, &arena, &status, err, &reply))
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	if (status != RK_OK || (reply.status >= 200 && reply.status < 300))
		return status;
	bool again = reply.status == 429 || reply.status >= 500;
	err_set(err, again ? RK_AGAIN : RK_PAUSE, RK_CAT_SERVER, "the address answers %d to "
	        "the notice", (int)reply.status);
	err->http_status = reply.status;
	/* It may have been taken before something behind the address failed. */
	err->maybe_sent = reply.status >= 500;
	return again ? RK_AGAIN : RK_PAUSE;
}

int32_t
net_tell(struct net_client *client, const struct net_open *open, const struct net_note *note,
         struct rk_err *err)
{
	uint32_t channel;
	int fd;
	struct frame_message message;
	BUF_AUTO question = BUF_INIT(MESSAGE_MAX);
	http_encode_note(&question, note);
	if (question.over)
		return err_set(err, RK_BUG, RK_CAT_BUG, "a notice of over 4 MiB");
	int32_t status = net_open_channel(client, open, &channel, &fd, err);
	if (status != RK_OK)
		return status;
	struct frame_stream stream;
	frame_open(&stream, fd, MESSAGE_MAX);
	int64_t deadline = clock_mono_ms() + open->request_deadline_ms + CALL_MS;
	bool sent = frame_send(&stream, NET_NOTE, 1, buf_text(&question), -1, deadline);
	bool told = sent && frame_wait(&stream, &message, deadline) == FRAME_MESSAGE
	            && message.type == NET_HTTP_REPLY;
	status = told ? judge(message.bytes, err) : gone(err);
	if (!told)
		err->maybe_sent = 1;
	frame_close(&stream);
	return status;
}

void
net_login_open(struct net_login *login, int fd)
{
	*login = (struct net_login){ .call = 0 };
	frame_open(&login->stream, fd, MESSAGE_MAX);
}

bool
net_login_ask(struct net_login *login, enum net_login_verb verb, struct rk_text text)
{
	BUF_AUTO question = BUF_INIT(65536);
	wire_int(&question, verb);
	wire_text(&question, text);
	return !question.over && frame_send(&login->stream, NET_LOGIN, ++login->call,
	                                    buf_text(&question), -1,
	                                    clock_mono_ms() + CALL_MS);
}

int32_t
net_login_take(struct net_login *login, int64_t wait_ms, struct net_grant *told,
               struct rk_err *err)
{
	struct frame_message message;
	int32_t status;
	enum frame_status got = frame_wait(&login->stream, &message,
	                                   clock_mono_ms() + wait_ms);
	if (got == FRAME_CLOSED)
		return gone(err);
	if (got == FRAME_NONE)
		return err_set(err, RK_AGAIN, RK_CAT_UNREACHABLE, PROGRAM " has not answered");
	if (got == FRAME_BROKEN || message.type != NET_LOGIN_REPLY
	    || !http_decode_grant(message.bytes, &status, err, told))
		return err_set(err, RK_BUG, RK_CAT_BUG, PROGRAM " broke the protocol");
	return status;
}

void
net_login_close(struct net_login *login)
{
	frame_close(&login->stream);
}

int32_t
net_process(const struct net_client *client)
{
	return client->process;
}

void
net_close(struct net_client *client)
{
	if (client == NULL)
		return;
	frame_close(&client->stream);
	free(client);
}
