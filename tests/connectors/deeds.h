/* SPDX-License-Identifier: Apache-2.0
 *
 * deeds.h - what a hostile connector does with its process: it crashes, hangs, lies in
 * its frames, or reaches for what it must not have.  Each returns only if nobody
 * stopped it.  Included by the connectors that must be contained, rogue.c and
 * hostile.c. */
#ifndef TESTS_CONNECTORS_DEEDS_H
#define TESTS_CONNECTORS_DEEDS_H

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <renkei/helpers.h>

#define RUN_FD 3
#define RESULT 16u
#define LOG_LINE 17u

static const struct rk_host *deed_host;

static void
deed_crash(void)
{
	signal(SIGSEGV, SIG_DFL);      /* A sanitizer would make an exit of it. */
	raise(SIGSEGV);
}

static void
deed_leave(void)
{
	_exit(7);
}

static void
deed_hang(void)
{
	for (;;)
		pause();
}

static void
deed_spin(void)
{
	for (volatile unsigned long i = 0;; i++)
		continue;
}

static void
deed_memory(void)
{
	for (;;)
		deed_host->alloc(deed_host, 1024 * 1024);
}

static void
deed_one_piece(void)
{
	deed_host->alloc(deed_host, UINT64_MAX);
}

/* Not the host's memory but its own, past what the process may have. */
static void
deed_own_memory(void)
{
	for (;;)
		memset(malloc(16u << 20), 1, 16u << 20);
}

static void
send_all(const void *bytes, size_t len)
{
	const char *at = (const char *)bytes;
	while (len > 0) {
		ssize_t n = send(RUN_FD, at, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		at += n;
		len -= (size_t)n;
	}
}

static void
send_frame(uint16_t type, uint32_t call, uint16_t flags, const void *bytes, uint32_t len)
{
	struct __attribute__((packed)) {
		uint32_t len;
		uint16_t type, flags;
		uint32_t call;
	} head = { len, type, flags, call };
	send_all(&head, sizeof head);
	send_all(bytes, len);
}

static void
deed_garbage(void)
{
	char noise[4096];
	memset(noise, 0xA5, sizeof noise);
	send_all(noise, sizeof noise);
	deed_hang();
}

/* Lines of log, until somebody stops it. */
static void
deed_flood(void)
{
	static const unsigned char line[] = { 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	                                      2, 2, 0, 0, 0, 'h', 'i' };
	for (;;)
		send_frame(LOG_LINE, 0, 0, line, sizeof line);
}

static void
deed_close(void)
{
	close(RUN_FD);
	deed_hang();
}

static void
deed_fork(void)
{
	if (fork() == 0)
		deed_hang();
}

static void *
thread(void *nothing)
{
	return nothing;
}

static void
deed_thread(void)
{
	pthread_t id;
	pthread_create(&id, NULL, thread, NULL);
}

static void
deed_exec(void)
{
	char *argv[] = { (char[]){ "true" }, NULL }, *envp[] = { NULL };
	execve("/bin/true", argv, envp);
}

static void
deed_ptrace(void)
{
	ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static void
deed_kill(void)
{
	kill(getppid(), SIGTERM);
}

/* The kernel signals whoever owns a descriptor, with the signal of its choice. */
static void
deed_own(void)
{
	fcntl(RUN_FD, F_SETOWN, getppid());
	fcntl(RUN_FD, F_SETSIG, SIGKILL);
	fcntl(RUN_FD, F_SETFL, fcntl(RUN_FD, F_GETFL) | O_ASYNC);
}

/* Out of reach of who ends its group. */
static void
deed_group(void)
{
	setpgid(0, getppid());
	deed_hang();
}

/* Alive when its run is not. */
static void
deed_outlive(void)
{
	prctl(PR_SET_PDEATHSIG, 0);
	_exit(98);
}

static void
deed_limit(void)
{
	prlimit(getppid(), RLIMIT_NOFILE, &(struct rlimit){ 0, 0 }, NULL);
}

static void
deed_write(void)
{
	open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static void
deed_mode(void)
{
	if (fchmodat(AT_FDCWD, "/nowhere/at/all", 0600, 0) != 0)
		_exit(99);
}

static void
deed_open(void)
{
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0)
		_exit(99);                 /* A "no" is not enough: it must be seen. */
}

static void
deed_socket(void)
{
	if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0)
		_exit(99);
}

static void
deed_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
deed_print(void)
{
	printf("created=1000000\n");
	fflush(stdout);
	fprintf(stderr, "\033[31mred\033[0m\nand a second line\n");
}

/* More than anybody wants to read. */
static void
deed_mutter(void)
{
	for (int i = 0; i < 100000; i++)
		fprintf(stderr, "muttering without an end, line %d\n", i);
}

static const struct deed {
	const char *name;
	void (*act)(void);
} deeds[] = {
	{ "crash", deed_crash }, { "leave", deed_leave }, { "hang", deed_hang },
	{ "spin", deed_spin }, { "memory", deed_memory }, { "one-piece", deed_one_piece },
	{ "own-memory", deed_own_memory }, { "garbage", deed_garbage },
	{ "flood", deed_flood }, { "close", deed_close }, { "fork", deed_fork },
	{ "thread", deed_thread }, { "exec", deed_exec }, { "ptrace", deed_ptrace },
	{ "kill", deed_kill }, { "open", deed_open }, { "socket", deed_socket },
	{ "own", deed_own }, { "group", deed_group }, { "outlive", deed_outlive },
	{ "limit", deed_limit }, { "write", deed_write }, { "mode", deed_mode },
	{ "code", deed_code }, { "print", deed_print }, { "mutter", deed_mutter },
};

static void
do_deed(struct rk_text name)
{
	for (size_t i = 0; i < RK_COUNT(deeds); i++)
		if (rk_text_is(name, deeds[i].name))
			deeds[i].act();
}

#endif
