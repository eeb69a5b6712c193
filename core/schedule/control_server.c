/* SPDX-License-Identifier: Apache-2.0
 *
 * control_server.c - see control_server.h.  A command writes what it prints into a file
 * in memory whose size is fixed before, so that the daemon neither reads nor buffers it,
 * and too much of it fails where it is written. */
#include "schedule/control_server.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/program.h"
#include "base/text.h"
#include "net/address.h"
#include "record/frame.h"
#include "record/http.h"
#include "schedule/control.h"

#define CLIENTS_MAX 64
#define RUNS_MAX 8
#define ASK_MS 10000                   /* From coming in to having asked. */
#define SEND_MS 100                    /* An answer fits into the socket. */
#define KILL_MS 5000                   /* From being asked to end to being ended. */
#define IDLE_MS 60000
/* Nothing is written in one piece that is larger than what this is past the ceiling: what
 * does not fit lies past the ceiling already. */
#define OUTPUT_BYTES (CONTROL_ANSWER_MAX + (4u << 20))
#define LISTENER CLIENTS_MAX           /* As an event's number. */
#define USER_MAX 128

/* ---- What may be asked ----------------------------------------------------- */

static const struct row {
	const char *name;
	int64_t limit_ms;
	bool ours;                     /* The daemon does it itself. */
	bool lasting;                  /* Goes on when nobody waits for it any more. */
} rows[] = {
	{ .name = "status", .limit_ms = 60000 },
	{ .name = "errors", .limit_ms = CONTROL_LONGEST_MS, .lasting = true },
	{ .name = "history", .limit_ms = 60000 },
	{ .name = "why", .limit_ms = 60000 },
	{ .name = "usage", .limit_ms = 60000 },
	{ .name = "sync", .ours = true },
	{ .name = "reload", .ours = true },
	{ .name = "wake", .ours = true },
	{ .name = "pause", .limit_ms = 60000, .lasting = true },
	{ .name = "resume", .limit_ms = 60000, .lasting = true },
	{ .name = "override", .limit_ms = 60000, .lasting = true },
	{ .name = "audit", .limit_ms = 60000 },
	{ .name = "check", .limit_ms = 600000 },
	{ .name = "conflicts", .limit_ms = CONTROL_LONGEST_MS, .lasting = true },
	{ .name = "connectors", .limit_ms = 60000 },
	{ .name = "cursor", .limit_ms = 60000, .lasting = true },
	{ .name = "describe", .limit_ms = 300000 },
	{ .name = "help", .limit_ms = 60000 },
	{ .name = "map", .limit_ms = 300000 },
	{ .name = "plan", .limit_ms = CONTROL_LONGEST_MS },
	{ .name = "reconcile", .limit_ms = CONTROL_LONGEST_MS, .lasting = true },
	{ .name = "approve", .limit_ms = CONTROL_LONGEST_MS, .lasting = true },
	{ .name = "preview", .limit_ms = 300000 },
	{ .name = "test", .limit_ms = 300000, .lasting = true },
	{ .name = "doctor", .limit_ms = 300000 },
	{ .name = "hook", .limit_ms = 60000, .lasting = true },
	{ .name = "login", .limit_ms = 60000 },
	{ .name = "notify", .limit_ms = 300000, .lasting = true },
	{ .name = "user", .limit_ms = 60000, .lasting = true },
	{ .name = "version", .limit_ms = 60000 },
};

/* None of these names a file or another configuration. */
static const char *const options_allowed[] = {
	"--all", "--category", "--created-as", "--dry-run", "--field", "--group", "--ignored",
	"--lang", "--limit", "--links", "--match", "--not-created", "--online", "--repair",
	"--seen", "--take", "--value", "--verbose",
};

static const struct row *
row_of(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static bool
is_allowed(const char *option)
{
	size_t len = strcspn(option, "=");
	for (size_t i = 0; i < sizeof options_allowed / sizeof *options_allowed; i++)
		if (strlen(options_allowed[i]) == len
		    && memcmp(options_allowed[i], option, len) == 0)
			return true;
	return false;
}

/* Before "--" all that begins like an option is one, or the value of one: that must
 * stand in the same argument. */
static bool
may_be_asked(const struct control_question *q, const struct row **row, struct rk_err *err)
{
	*row = q->argc > 0 ? row_of(q->argv[0]) : NULL;
	if (*row == NULL) {
		err_set(err, RK_REJECT, RK_CAT_CONFIG, "the daemon does not run \"%s\"; type it "
		        "at a terminal", q->argc > 0 ? q->argv[0] : "");
		return false;
	}
	for (size_t i = 1; i < q->argc && strcmp(q->argv[i], "--") != 0; i++) {
		if (q->argv[i][0] != '-' || is_allowed(q->argv[i]))
			continue;
		err_set(err, RK_REJECT, RK_CAT_CONFIG, "the daemon does not take the option "
		        "\"%s\" of another program; type the command at a terminal",
		        q->argv[i]);
		return false;
	}
	/* A login that waits for a browser is for a terminal. */
	if (strcmp(q->argv[0], "login") != 0
	    || (q->argc > 1 && strcmp(q->argv[1], "--dry-run") == 0))
		return true;
	err_set(err, RK_REJECT, RK_CAT_CONFIG, "a login is made at a terminal: \"renkei login\"");
	return false;
}

/* ---- Clients --------------------------------------------------------------- */

enum stage { FREE, ASKING, QUEUED, RUNNING };

struct client {
	enum stage stage;
	struct frame_stream stream;    /* fd -1: nobody waits any more. */
	struct arena arena;            /* owned: the question */
	struct control_question question;
	const struct row *row;
	uint32_t call;
	uint64_t order;                /* Who asked first is served first. */
	int64_t due_ms;                /* When this stage takes too long; monotonic. */
	pid_t pid;
	int out;                       /* owned: what the command prints */
	bool late;                     /* It was asked to end. */
};

struct control {
	struct control_options options;
	int dir, listener, epoll;      /* owned */
	ino_t inode;
	uint64_t asked;
	struct client clients[CLIENTS_MAX];
};

static void
watch(struct control *c, int fd, uint32_t number)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP, .data.u32 = number };
	if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
		abort();
}

static const struct client nobody = { .stream = { .fd = -1, .received_fd = -1 }, .out = -1 };

static void
clear(struct client *cl)
{
	frame_close(&cl->stream);
	io_close(&cl->out);
	arena_free(&cl->arena);
	*cl = nobody;
}

static void
tell(struct client *cl, uint16_t type, const struct buf *bytes, int fd)
{
	if (cl->stream.fd >= 0)
		frame_send(&cl->stream, type, cl->call, buf_text(bytes), fd,
		           clock_mono_ms() + SEND_MS);
	clear(cl);
}

static void
refuse(struct client *cl, int32_t status, const struct rk_err *err)
{
	BUF_AUTO bytes = BUF_INIT(CONTROL_MESSAGE_MAX);
	wire_int(&bytes, status);
	http_encode_err(&bytes, err);
	tell(cl, CONTROL_REFUSED, &bytes, -1);
}

/* What was written stands before the file's offset, which the command shared. */
static void
answer(struct client *cl, int code)
{
	struct rk_err err = ERR_INIT;
	BUF_AUTO bytes = BUF_INIT(256);
	off_t len = lseek(cl->out, 0, SEEK_CUR);
	if (len < 0 || len > CONTROL_ANSWER_MAX) {
		err_set(&err, RK_REJECT, RK_CAT_CONFIG, "what \"%s\" prints is longer than %u "
		        "bytes; ask for less of it, as with --limit, or type it at a terminal",
		        cl->question.argv[0], CONTROL_ANSWER_MAX);
		refuse(cl, RK_REJECT, &err);
		return;
	}
	wire_int(&bytes, code);
	wire_int(&bytes, len);
	tell(cl, CONTROL_ANSWER, &bytes, cl->out);
}

/* ---- Commands -------------------------------------------------------------- */

static bool
open_output(struct client *cl, struct rk_err *err)
{
	cl->out = memfd_create("answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (cl->out >= 0 && ftruncate(cl->out, OUTPUT_BYTES) == 0
	    && fcntl(cl->out, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0)
		return true;
	err_errno(err, RK_AGAIN, RK_CAT_OTHER, "no room for an answer");
	return false;
}

/* Our own environment, where secrets may stand, and who wants it. */
static char *const *
environment_of(struct client *cl)
{
	static const char as[] = CONTROL_USER_VARIABLE "=";
	size_t count = 0, at = 0;
	while (environ[count] != NULL)
		count++;
	char **list = arena_new_array(&cl->arena, count + 2, char *);
	list[at++] = (char *)(uintptr_t)arena_printf(&cl->arena, "%s%s", as,
	                                             cl->question.user).ptr;
	for (size_t i = 0; i < count; i++)
		if (strncmp(environ[i], as, sizeof as - 1) != 0)
			list[at++] = environ[i];
	return list;
}

/* What the command reads; -1: nothing. */
static int
open_input(struct rk_text input)
{
	int fd = input.len > 0 ? memfd_create("question", MFD_CLOEXEC) : -1;
	if (fd >= 0 && io_write_all(fd, input.ptr, input.len))
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static int
spawn(struct control *c, struct client *cl)
{
	const struct control_options *o = &c->options;
	const struct control_question *q = &cl->question;
	const char *first[] = { "renkei", "--json", "-c", o->config_path, "--state",
	                        o->state_dir };
	size_t ours = sizeof first / sizeof *first;
	const char **argv = arena_new_array(&cl->arena, ours + q->argc + 1, const char *);
	memcpy(argv, first, sizeof first);
	memcpy(argv + ours, q->argv, q->argc * sizeof *argv);
	FD_AUTO nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	FD_AUTO in = open_input(q->input);
	return program_spawn_fed(o->program, argv, environment_of(cl), in, cl->out, nowhere,
	                         &cl->pid);
}

static void
start(struct control *c, struct client *cl)
{
	struct rk_err err = ERR_INIT;
	if (!open_output(cl, &err)) {
		refuse(cl, RK_AGAIN, &err);
		return;
	}
	int failed = spawn(c, cl);
	if (failed != 0) {
		err_set(&err, RK_AGAIN, RK_CAT_OTHER, "cannot start %s: %s", "renkei",
		        strerror(failed));
		refuse(cl, RK_AGAIN, &err);
		return;
	}
	cl->stage = RUNNING;
	cl->due_ms = clock_mono_ms() + cl->row->limit_ms;
}

/* Those who wait, in the order in which they asked, as long as there is room. */
static void
start_waiting(struct control *c)
{
	for (;;) {
		size_t running = 0;
		struct client *first = NULL;
		for (size_t i = 0; i < CLIENTS_MAX; i++) {
			struct client *cl = &c->clients[i];
			running += cl->stage == RUNNING;
			if (cl->stage == QUEUED && (first == NULL || cl->order < first->order))
				first = cl;
		}
		if (first == NULL || running >= RUNS_MAX)
			return;
		start(c, first);
	}
}

bool
control_ended(struct control *c, pid_t pid, int status)
{
	struct rk_err err = ERR_INIT;
	struct client *cl = NULL;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].stage == RUNNING && c->clients[i].pid == pid)
			cl = &c->clients[i];
	if (cl == NULL)
		return false;
	if (WIFEXITED(status)) {
		answer(cl, WEXITSTATUS(status));
	} else if (cl->late) {
		err_set(&err, RK_AGAIN, RK_CAT_OTHER, "\"%s\" took longer than %lld seconds and "
		        "was ended; type it at a terminal", cl->question.argv[0],
		        (long long)cl->row->limit_ms / 1000);
		refuse(cl, RK_AGAIN, &err);
	} else {
		err_set(&err, RK_BUG, RK_CAT_BUG, "\"%s\" was ended by signal %d; type it at a "
		        "terminal to see more", cl->question.argv[0], WTERMSIG(status));
		refuse(cl, RK_BUG, &err);
	}
	start_waiting(c);
	return true;
}

static void
end_command(struct client *cl)
{
	kill(cl->pid, cl->late ? SIGKILL : SIGTERM);
	cl->late = true;
	cl->due_ms = clock_mono_ms() + KILL_MS;
}

/* ---- Questions ------------------------------------------------------------- */

static const char *
take_string(struct client *cl, struct wire_reader *r)
{
	struct rk_text text = wire_take_text(r);
	r->bad |= text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
	return text.len > 0 ? arena_text(&cl->arena, text).ptr : "";
}

static bool
read_question(struct client *cl, const struct frame_message *message, struct rk_err *err)
{
	struct wire_reader r = wire_reader(message->bytes);
	const char **argv = NULL;
	wire_take_range(&r, CONTROL_PROTOCOL, CONTROL_PROTOCOL);
	cl->question.user = take_string(cl, &r);
	cl->question.input = arena_text(&cl->arena, wire_take_text(&r));
	cl->question.argc = wire_count(&r);
	bool sound = !r.bad && message->type == CONTROL_ASK
	             && cl->question.argc <= CONTROL_ARGUMENTS_MAX
	             && strlen(cl->question.user) <= USER_MAX;
	if (sound)
		argv = arena_new_array(&cl->arena, cl->question.argc + 1, const char *);
	for (size_t i = 0; sound && i < cl->question.argc; i++)
		argv[i] = take_string(cl, &r);
	cl->question.argv = argv;
	if (sound && !r.bad)
		return true;
	err_set(err, RK_BUG, RK_CAT_BUG, "a question that is none; are the daemon and the "
	        "program that asks of one version?");
	return false;
}

static void
act(struct control *c, struct client *cl)
{
	struct rk_err err = ERR_INIT;
	BUF_AUTO out = BUF_INIT(CONTROL_ANSWER_MAX);
	int code = 0;
	if (!c->options.act(c->options.with, &cl->question, &out, &code, &err)
	    || !open_output(cl, &err)) {
		refuse(cl, RK_REJECT, &err);
		return;
	}
	io_write_all(cl->out, buf_str(&out), out.len);
	answer(cl, code);
}

static void
take_question(struct control *c, struct client *cl, const struct frame_message *message)
{
	struct rk_err err = ERR_INIT;
	cl->call = message->call;
	if (!read_question(cl, message, &err)
	    || !may_be_asked(&cl->question, &cl->row, &err)) {
		refuse(cl, RK_REJECT, &err);
		return;
	}
	log_info("daemon.asked", "command=%s user=%s", cl->row->name, cl->question.user);
	if (cl->row->ours) {
		act(c, cl);
		return;
	}
	cl->stage = QUEUED;
	cl->order = ++c->asked;
	cl->due_ms = clock_mono_ms() + CONTROL_LONGEST_MS;
}

/* Who has left, or speaks where nothing is to be said.  Its command goes on only where
 * it changes something. */
static void
leave(struct client *cl)
{
	if (cl->stage != RUNNING) {
		clear(cl);
		return;
	}
	frame_close(&cl->stream);
	if (!cl->row->lasting && !cl->late)
		end_command(cl);
}

static void
hear(struct control *c, struct client *cl)
{
	struct frame_message message;
	enum frame_status status = cl->stage == ASKING ? frame_receive(&cl->stream, &message)
	                                               : FRAME_BROKEN;
	if (status == FRAME_MESSAGE)
		take_question(c, cl, &message);
	else if (status != FRAME_NONE)
		leave(cl);
}

/* ---- Life ------------------------------------------------------------------ */

static void
accept_clients(struct control *c)
{
	for (;;) {
		FD_AUTO fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return;
		uint32_t at = 0;
		while (at < CLIENTS_MAX && c->clients[at].stage != FREE)
			at++;
		if (at == CLIENTS_MAX || !net_same_user(fd))
			continue;
		struct client *cl = &c->clients[at];
		frame_open(&cl->stream, fd, CONTROL_MESSAGE_MAX);
		watch(c, fd, at);
		fd = -1;
		cl->stage = ASKING;
		cl->due_ms = clock_mono_ms() + ASK_MS;
	}
}

static void
take_late(struct client *cl)
{
	struct rk_err err = ERR_INIT;
	if (cl->stage == RUNNING) {
		end_command(cl);
		return;
	}
	err_set(&err, RK_AGAIN, RK_CAT_OTHER, "the daemon has too much to do; ask again later");
	refuse(cl, RK_AGAIN, &err);
}

int64_t
control_step(struct control *c)
{
	struct epoll_event events[CLIENTS_MAX + 1];
	int n = epoll_wait(c->epoll, events, CLIENTS_MAX + 1, 0);
	for (int i = 0; i < n; i++)
		if (events[i].data.u32 == LISTENER)
			accept_clients(c);
		else if (c->clients[events[i].data.u32].stage != FREE)
			hear(c, &c->clients[events[i].data.u32]);
	int64_t now = clock_mono_ms(), wait = IDLE_MS;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].stage != FREE && c->clients[i].due_ms <= now)
			take_late(&c->clients[i]);
	start_waiting(c);
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (c->clients[i].stage != FREE && c->clients[i].due_ms - now < wait)
			wait = c->clients[i].due_ms - now;
	return wait < 0 ? 0 : wait;
}

int
control_fd(const struct control *c)
{
	return c->epoll;
}

struct control *
control_open(const struct control_options *options, struct rk_err *err)
{
	struct control *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->options = *options;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		c->clients[i] = nobody;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	c->dir = net_open_dir(options->state_dir);
	c->listener = c->dir < 0 || c->epoll < 0 ? -1
	              : net_listen(c->dir, CONTROL_SOCKET_NAME, &c->inode);
	if (c->listener >= 0) {
		watch(c, c->listener, LISTENER);
		return c;
	}
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s/%s cannot be made; look who may "
	          "write there", options->state_dir, CONTROL_SOCKET_NAME);
	control_close(c);
	return NULL;
}

void
control_close(struct control *c)
{
	struct rk_err err = ERR_INIT;
	if (c == NULL)
		return;
	if (c->listener >= 0)
		net_unlisten(c->dir, CONTROL_SOCKET_NAME, c->inode);
	err_set(&err, RK_AGAIN, RK_CAT_OTHER, "the daemon is stopping; ask again when it runs");
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *cl = &c->clients[i];
		if (cl->stage == RUNNING) {
			kill(cl->pid, SIGKILL);
			waitpid(cl->pid, NULL, 0);
		}
		if (cl->stage != FREE)
			refuse(cl, RK_AGAIN, &err);
	}
	io_close(&c->listener);
	io_close(&c->epoll);
	io_close(&c->dir);
	free(c);
}
