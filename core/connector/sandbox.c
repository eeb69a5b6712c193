/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox.c - see sandbox.h.  A system call that is not on the list of its stage
 * raises SIGSYS, whose handler ends the process with the code of what was tried; the
 * connector cannot replace that handler.  Landlock is asked for by number: Debian 12's
 * headers know its first versions only. */
#include "connector/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define MEMORY_MAX (512u * 1024 * 1024)
/* Calls have deadlines; this is for a run that is stopped and keeps none. */
#define CPU_SECONDS_MAX 3600
#define DESCRIPTORS_MAX 64
/* The last of the descriptors that the run gives, see main.c. */
#define NET_FD 4

/* What a call that is not allowed is called; one that is not here is just that. */
static const struct breach {
	int call;
	enum sandbox_exit code;
} breaches[] = {
	{ SCMP_SYS(clone), EXIT_PROCESS },
	{ SCMP_SYS(clone3), EXIT_PROCESS },
	{ SCMP_SYS(fork), EXIT_PROCESS },
	{ SCMP_SYS(vfork), EXIT_PROCESS },
	{ SCMP_SYS(execve), EXIT_EXEC },
	{ SCMP_SYS(execveat), EXIT_EXEC },
	{ SCMP_SYS(ptrace), EXIT_OTHERS },
	{ SCMP_SYS(process_vm_readv), EXIT_OTHERS },
	{ SCMP_SYS(process_vm_writev), EXIT_OTHERS },
	{ SCMP_SYS(process_madvise), EXIT_OTHERS },
	{ SCMP_SYS(kcmp), EXIT_OTHERS },
	{ SCMP_SYS(tkill), EXIT_OTHERS },
	{ SCMP_SYS(rt_sigqueueinfo), EXIT_OTHERS },
	{ SCMP_SYS(rt_tgsigqueueinfo), EXIT_OTHERS },
	{ SCMP_SYS(pidfd_open), EXIT_OTHERS },
	{ SCMP_SYS(pidfd_getfd), EXIT_OTHERS },
	{ SCMP_SYS(pidfd_send_signal), EXIT_OTHERS },
	{ SCMP_SYS(setpriority), EXIT_OTHERS },
	{ SCMP_SYS(setpgid), EXIT_OTHERS },
	{ SCMP_SYS(setsid), EXIT_OTHERS },
	{ SCMP_SYS(prlimit64), EXIT_OTHERS },
	{ SCMP_SYS(sched_setscheduler), EXIT_OTHERS },
	{ SCMP_SYS(sched_setparam), EXIT_OTHERS },
	{ SCMP_SYS(sched_setattr), EXIT_OTHERS },
	{ SCMP_SYS(sched_setaffinity), EXIT_OTHERS },
	{ SCMP_SYS(ioprio_set), EXIT_OTHERS },
	{ SCMP_SYS(migrate_pages), EXIT_OTHERS },
	{ SCMP_SYS(move_pages), EXIT_OTHERS },
	{ SCMP_SYS(socket), EXIT_SOCKET },
	{ SCMP_SYS(socketpair), EXIT_SOCKET },
	{ SCMP_SYS(connect), EXIT_SOCKET },
	{ SCMP_SYS(bind), EXIT_SOCKET },
	{ SCMP_SYS(listen), EXIT_SOCKET },
	{ SCMP_SYS(accept), EXIT_SOCKET },
	{ SCMP_SYS(accept4), EXIT_SOCKET },
	{ SCMP_SYS(mount), EXIT_SYSTEM },
	{ SCMP_SYS(umount2), EXIT_SYSTEM },
	{ SCMP_SYS(pivot_root), EXIT_SYSTEM },
	{ SCMP_SYS(chroot), EXIT_SYSTEM },
	{ SCMP_SYS(fsopen), EXIT_SYSTEM },
	{ SCMP_SYS(open_tree), EXIT_SYSTEM },
	{ SCMP_SYS(move_mount), EXIT_SYSTEM },
	{ SCMP_SYS(unshare), EXIT_SYSTEM },
	{ SCMP_SYS(setns), EXIT_SYSTEM },
	{ SCMP_SYS(bpf), EXIT_SYSTEM },
	{ SCMP_SYS(perf_event_open), EXIT_SYSTEM },
	{ SCMP_SYS(userfaultfd), EXIT_SYSTEM },
	{ SCMP_SYS(io_uring_setup), EXIT_SYSTEM },
	{ SCMP_SYS(io_uring_enter), EXIT_SYSTEM },
	{ SCMP_SYS(io_uring_register), EXIT_SYSTEM },
	{ SCMP_SYS(keyctl), EXIT_SYSTEM },
	{ SCMP_SYS(add_key), EXIT_SYSTEM },
	{ SCMP_SYS(request_key), EXIT_SYSTEM },
	{ SCMP_SYS(init_module), EXIT_SYSTEM },
	{ SCMP_SYS(finit_module), EXIT_SYSTEM },
	{ SCMP_SYS(kexec_load), EXIT_SYSTEM },
	{ SCMP_SYS(open_by_handle_at), EXIT_SYSTEM },
	{ SCMP_SYS(open), EXIT_FILE },
	{ SCMP_SYS(openat), EXIT_FILE },
	{ SCMP_SYS(openat2), EXIT_FILE },
	{ SCMP_SYS(creat), EXIT_FILE },
	{ SCMP_SYS(mkdir), EXIT_FILE },
	{ SCMP_SYS(mkdirat), EXIT_FILE },
	{ SCMP_SYS(rename), EXIT_FILE },
	{ SCMP_SYS(renameat), EXIT_FILE },
	{ SCMP_SYS(renameat2), EXIT_FILE },
	{ SCMP_SYS(unlink), EXIT_FILE },
	{ SCMP_SYS(unlinkat), EXIT_FILE },
	{ SCMP_SYS(mknod), EXIT_FILE },
	{ SCMP_SYS(mknodat), EXIT_FILE },
	{ SCMP_SYS(rmdir), EXIT_FILE },
	{ SCMP_SYS(link), EXIT_FILE },
	{ SCMP_SYS(linkat), EXIT_FILE },
	{ SCMP_SYS(symlink), EXIT_FILE },
	{ SCMP_SYS(symlinkat), EXIT_FILE },
	{ SCMP_SYS(chmod), EXIT_FILE },
	{ SCMP_SYS(fchmod), EXIT_FILE },
	{ SCMP_SYS(fchmodat), EXIT_FILE },
	{ SCMP_SYS(chown), EXIT_FILE },
	{ SCMP_SYS(fchown), EXIT_FILE },
	{ SCMP_SYS(lchown), EXIT_FILE },
	{ SCMP_SYS(fchownat), EXIT_FILE },
	{ SCMP_SYS(truncate), EXIT_FILE },
	{ SCMP_SYS(ftruncate), EXIT_FILE },
	{ SCMP_SYS(memfd_create), EXIT_FILE },
	{ SCMP_SYS(mmap), EXIT_CODE },
	{ SCMP_SYS(mprotect), EXIT_CODE },
	{ SCMP_SYS(kill), EXIT_OTHERS },
	{ SCMP_SYS(tgkill), EXIT_OTHERS },
};

/* All that an answer needs. */
static const int allowed[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(recvmsg), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(sendto),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(close), SCMP_SYS(fstat),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
	SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(pause),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getrandom),
	SCMP_SYS(sched_yield), SCMP_SYS(getrusage), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* What a load needs and a C library lives without later: it hears "no" then. */
static const int load_only[] = {
	SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(lseek), SCMP_SYS(pread64),
	SCMP_SYS(getrlimit), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(membarrier),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid),
};

/* What sandbox_finish asks for: these only take away. */
static const int to_finish[] = {
	SCMP_SYS(seccomp), SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_restrict_self),
	SCMP_SYS(close_range),
};

/* A C library asks for these in passing.  The handler of a breach stays, and is not
 * kept from being called; and no descriptor is told to signal anybody. */
static const int unheard[] = {
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(ioctl),
};

static void
end_of_breach(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	for (size_t i = 0; i < COUNT(breaches); i++)
		if (breaches[i].call == info->si_syscall)
			_exit((int)breaches[i].code);
	_exit(EXIT_CALL);
}

/* ---- System calls ------------------------------------------------------------- */

static bool
load(scmp_filter_ctx filter)
{
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	/* As a tree: the kernel tries all its calls on a filter when it takes it. */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	bool loaded = seccomp_load(filter) == 0;
	seccomp_release(filter);
	return loaded;
}

/* A call that this machine does not have is passed over by the library. */
static void
add_rules(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		seccomp_rule_add(filter, action, calls[i], 0);
}

/* In both stages.  A descriptor that may have an owner and a signal kills whoever
 * is named as its owner. */
static void
allow_to_itself(scmp_filter_ctx filter)
{
	static const int commands[] = { F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC };
	for (size_t i = 0; i < COUNT(commands); i++)
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
		                 SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)commands[i]));
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 2,
	                 SCMP_A1(SCMP_CMP_EQ, F_SETFL),
	                 SCMP_A2(SCMP_CMP_MASKED_EQ, O_ASYNC, 0));
	/* Itself it may signal: that is how it aborts. */
	static const int signals[] = { SCMP_SYS(kill), SCMP_SYS(tgkill) };
	for (size_t i = 0; i < COUNT(signals); i++)
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, signals[i], 1,
		                 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

static void
allow_load(scmp_filter_ctx filter)
{
	static const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	const scmp_datum_t writes = O_ACCMODE | O_CREAT | O_TRUNC;
	add_rules(filter, SCMP_ACT_ALLOW, load_only, COUNT(load_only));
	add_rules(filter, SCMP_ACT_ALLOW, to_finish, COUNT(to_finish));
	add_rules(filter, SCMP_ACT_ALLOW, maps, COUNT(maps));
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
	                 SCMP_A1(SCMP_CMP_MASKED_EQ, writes, 0));
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
	                 SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0));
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
	                 SCMP_A0(SCMP_CMP_EQ, 0));
	/* libseccomp sets it again; those above it are names for memory and the like. */
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
	                 SCMP_A0(SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS));
	seccomp_rule_add(filter, SCMP_ACT_ERRNO(1), SCMP_SYS(prctl), 1,
	                 SCMP_A0(SCMP_CMP_GT, PR_SET_NO_NEW_PRIVS));
}

static void
allow_answers(scmp_filter_ctx filter)
{
	static const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	static const int limits[] = { SCMP_SYS(prctl), SCMP_SYS(prlimit64) };
	add_rules(filter, SCMP_ACT_ERRNO(1), load_only, COUNT(load_only));
	add_rules(filter, SCMP_ACT_ERRNO(1), limits, COUNT(limits));
	for (size_t i = 0; i < COUNT(maps); i++)
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, maps[i], 1,
		                 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

typedef void stage_fn(scmp_filter_ctx filter);

static bool
allow_by_name(stage_fn *stage)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	if (filter == NULL)
		return false;
	add_rules(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
	add_rules(filter, SCMP_ACT_ERRNO(1), unheard, COUNT(unheard));
	allow_to_itself(filter);
	stage(filter);
	return load(filter);
}

/* ---- Landlock ------------------------------------------------------------------ */

/* As kernel 6.12 knows it; an older one reads as much as it knows. */
struct landlock_ruleset {
	uint64_t files, net, scoped;
};

static int
landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	                   LANDLOCK_CREATE_RULESET_VERSION);
	return abi > 0 ? (int)abi : 0;
}

/* Handles everything that the kernel's version can handle; -1: it cannot. */
static int
new_ruleset(int abi)
{
	static const int file_rights[] = { 13, 13, 14, 15, 15, 16 };
	int known = abi > 5 ? 5 : abi;
	struct landlock_ruleset set = { .files = (1ull << file_rights[known]) - 1 };
	size_t size = sizeof set.files;
	if (abi >= 4) {
		set.net = 3;                   /* To bind and to connect. */
		size = offsetof(struct landlock_ruleset, scoped);
	}
	if (abi >= 6) {
		set.scoped = 3;                /* Abstract sockets, signals. */
		size = sizeof set;
	}
	return (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
}

static void
let_read(int rules, const char *path)
{
	FD_AUTO fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE,
		.parent_fd = fd };
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* Only 'readable' (NULL-terminated) can be opened from now on. */
static bool
close_files(int abi, const char *const *readable)
{
	FD_AUTO rules = new_ruleset(abi);
	if (rules < 0)
		return false;
	for (; *readable != NULL; readable++)
		let_read(rules, *readable);
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* ---- Both stages --------------------------------------------------------------- */

static void
limit_resources(void)
{
	static const struct { __rlimit_resource_t which; rlim_t most; } limits[] = {
		{ RLIMIT_AS, MEMORY_MAX },
		{ RLIMIT_CPU, CPU_SECONDS_MAX },
		{ RLIMIT_NOFILE, DESCRIPTORS_MAX },
		{ RLIMIT_NPROC, 0 },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
	};
	for (size_t i = 0; i < COUNT(limits); i++)
		setrlimit(limits[i].which, &(struct rlimit){ limits[i].most, limits[i].most });
}

/* One that root started keeps root's name and none of root's rights. */
static void
drop_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	syscall(SYS_capset, &head, none);
}

void
sandbox_begin(struct sandbox *sandbox, enum sandbox_level least, const char *so_path)
{
	*sandbox = (struct sandbox){ .level = SANDBOX_OFF };
#ifdef __SANITIZE_ADDRESS__
	/* Its shadow needs the address space, its leak check another process. */
	(void)so_path;
	(void)least;
#else
	sandbox->landlock_abi = landlock_abi();
	if (least == SANDBOX_OFF)
		return;
	tzset();                       /* Reads a file, which is too late later on. */
	limit_resources();
	drop_capabilities();
	const char *const readable[] = { "/lib", "/lib64", "/usr/lib", "/usr/lib64",
		                         "/usr/local/lib", "/etc/ld.so.cache", so_path,
		                         NULL };
	bool files = sandbox->landlock_abi > 0 && close_files(sandbox->landlock_abi, readable);
	struct sigaction breach = { .sa_sigaction = end_of_breach, .sa_flags = SA_SIGINFO };
	sigaction(SIGSYS, &breach, NULL);
	if (allow_by_name(allow_load))
		sandbox->level = files ? SANDBOX_FULL : SANDBOX_SECCOMP;
#endif
}

void
sandbox_finish(struct sandbox *sandbox)
{
	static const char *const nothing[] = { NULL };
	if (sandbox->level == SANDBOX_OFF)
		return;
	/* What was opened while it was loaded. */
	close_range(NET_FD + 1, ~0u, 0);
	if (sandbox->level == SANDBOX_FULL && !close_files(sandbox->landlock_abi, nothing))
		sandbox->level = SANDBOX_SECCOMP;
	if (!allow_by_name(allow_answers))
		sandbox->level = SANDBOX_OFF;
}

int32_t
sandbox_check(const struct sandbox *sandbox, enum sandbox_level least, struct rk_err *err)
{
#ifdef __SANITIZE_ADDRESS__
	(void)least;
	return RK_OK;
#endif
	if (sandbox->level >= least)
		return RK_OK;
	return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the connection accepts no less than "
	               "sandbox = \"%s\", and this machine gives \"%s\"; `renkei doctor` says "
	               "what its kernel lacks", sandbox_name(least),
	               sandbox_name(sandbox->level));
}
