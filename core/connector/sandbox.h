/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox.h - what renkei-connector gives up, and how a run is told that its
 * connector reached for it all the same.
 *
 *     begin -> (the connector is loaded) -> finish
 *
 * Each stage is a list of system calls.  The first has what loading a library takes:
 * no other programs or processes, no network, no file but to read it, and where there
 * is Landlock libraries alone.  The second has what an answer takes: no files at all.
 * Whoever asks for more is ended at that call, with an exit code that names it.
 *
 * A connector runs its own code while it is loaded and can stay there: against an
 * author with intent the first stage is the one that holds.
 *
 * sandbox.c is part of renkei-connector alone; the words, sandbox_words.c, belong
 * to whoever tells people. */
#ifndef CONNECTOR_SANDBOX_H
#define CONNECTOR_SANDBOX_H

#include <stdbool.h>

#include <renkei/connector.h>

enum sandbox_level {
	SANDBOX_OFF,                   /* No core dumps and no new privileges, no more. */
	SANDBOX_SECCOMP,               /* System calls and resources are limited. */
	SANDBOX_FULL,                  /* Landlock besides. */
	SANDBOX_LEVELS
};

/* "off", "seccomp", "full" */
const char *sandbox_name(enum sandbox_level level);
/* NULL or another name: seccomp, which is the default. */
enum sandbox_level sandbox_named(const char *name);

/* Why renkei-connector ended; its exit code. */
enum sandbox_exit {
	EXIT_NO_NET = 69,              /* The channel to renkei-net closed. */
	EXIT_MEMORY,
	EXIT_PROCESS,
	EXIT_EXEC,
	EXIT_OTHERS,
	EXIT_SOCKET,
	EXIT_FILE,
	EXIT_SYSTEM,
	EXIT_CODE,
	EXIT_CALL,
	EXIT_BREACHES_END
};

/* "tried to open a file", ...; NULL: the code of no breach. */
const char *sandbox_breach(int exit_code);

struct sandbox {
	enum sandbox_level level;      /* What was reached. */
	int landlock_abi;              /* Of the kernel; 0: it has no Landlock. */
};

/* Gives up what no connector needs; only 'so_path' and libraries can be read
 * from now on, where there is Landlock.  With 'least' SANDBOX_OFF nothing is. */
void sandbox_begin(struct sandbox *sandbox, enum sandbox_level least,
                   const char *so_path);
/* Gives up the rest, once the connector is loaded. */
void sandbox_finish(struct sandbox *sandbox);
/* RK_PAUSE if less was reached than the connection accepts. */
int32_t sandbox_check(const struct sandbox *sandbox, enum sandbox_level least,
                      struct rk_err *err);

#endif
