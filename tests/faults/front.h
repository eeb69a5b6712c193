/* SPDX-License-Identifier: Apache-2.0
 *
 * front.h - a real nginx before the simulators: TLS servers good and bad, a redirect, an
 * error page in HTML.  Its ports are opened here and handed over, so that nothing
 * races for them; it runs in the foreground and is ended by its pid.
 *
 *     open -> url ... -> close */
#ifndef TESTS_FAULTS_FRONT_H
#define TESTS_FAULTS_FRONT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define FRONT_SERVERS 9
#define FRONT_SIDES 2

struct front {
	pid_t pid;                     /* 0: it does not run. */
	char dir[64];
	uint16_t ports[FRONT_SERVERS][FRONT_SIDES];
};

/* 'certificates': the folder that tests/faults/certificates filled; 'to': the ports
 * that stand behind, a side.  False: told on stderr. */
bool front_open(struct front *f, const char *certificates,
                const uint16_t to[FRONT_SIDES]);
/* The address of server 'name'; false: there is none. */
bool front_url(const struct front *f, const char *name, unsigned side, char out[64]);
void front_close(struct front *f);

#endif
