/* SPDX-License-Identifier: Apache-2.0
 *
 * front.c - see front.h. */
#include "tests/faults/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NGINX "/usr/sbin/nginx"
#define SOCKETS (FRONT_SERVERS * FRONT_SIDES)
#define FIRST_FD 100                   /* Where nginx finds its sockets. */

static const struct server {
	const char *name, *certificate, *more;   /* certificate NULL: no TLS */
} servers[FRONT_SERVERS] = {
	{ "good", "good", "location / { proxy_pass http://127.0.0.1:%u; }" },
	{ "expired", "expired", "" },
	{ "wrong-name", "wrong-name", "" },
	{ "untrusted", "untrusted", "" },
	{ "old-tls", "good", "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;" },
	{ "page", "good", "location / { return 502; }" },
	{ "elsewhere", "good", "location / { return 302 https://127.0.0.1:1$uri; }" },
	{ "plain", NULL, "" },         /* Asked by TLS all the same. */
	{ "asks", "good",              /* For a certificate of its client. */
	  "ssl_verify_client on; location / { proxy_pass http://127.0.0.1:%u; }" },
};

static const char head[]
	= "daemon off; worker_processes 1; user root; pid %s/pid; error_log stderr crit;\n"
	  "events { worker_connections 128; }\n"
	  "http { access_log off; client_max_body_size 50m;\n"
	  "client_body_temp_path %s/t1; proxy_temp_path %s/t2; fastcgi_temp_path %s/t3;\n"
	  "uwsgi_temp_path %s/t4; scgi_temp_path %s/t5; proxy_http_version 1.1;\n";

static void
write_server(FILE *out, const struct front *f, size_t i, unsigned side,
             const char *certificates, unsigned to)
{
	const struct server *s = &servers[i];
	fprintf(out, "server { listen 127.0.0.1:%u%s;\n", f->ports[i][side],
	        s->certificate != NULL ? " ssl" : "");
	if (s->certificate != NULL)
		fprintf(out, "ssl_certificate %s/%s.pem; ssl_certificate_key %s/%s.key;\n"
		        "ssl_client_certificate %s/ca.pem;\n", certificates,
		        s->certificate, certificates, s->certificate, certificates);
	/* Two of them have a place for the port. */
	const char *place = strstr(s->more, "%u");
	if (place == NULL)
		fprintf(out, "%s }\n", s->more);
	else
		fprintf(out, "%.*s%u%s }\n", (int)(place - s->more), s->more, to,
		        place + 2);
}

static bool
write_config(const struct front *f, const char *certificates, const uint16_t *to)
{
	char path[100];
	const char *d = f->dir;
	snprintf(path, sizeof path, "%s/conf", d);
	FILE *out = fopen(path, "we");
	if (out == NULL)
		return false;
	fprintf(out, head, d, d, d, d, d, d);
	for (size_t i = 0; i < FRONT_SERVERS; i++)
		for (unsigned side = 0; side < FRONT_SIDES; side++)
			write_server(out, f, i, side, certificates, to[side]);
	fputs("}\n", out);
	return fclose(out) == 0;
}

static int
open_socket(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, size) != 0 || listen(fd, 64) != 0
	    || getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		abort();
	*port = ntohs(at.sin_port);
	return fd;
}

/* nginx takes over sockets of its addresses whose numbers stand in NGINX; it ends with
 * us, however we end. */
static void
become_nginx(const struct front *f, const int *sockets)
{
	char config[100], passed[8 + SOCKETS * 4] = "NGINX=";
	snprintf(config, sizeof config, "%s/conf", f->dir);
	for (int i = 0; i < SOCKETS; i++) {
		dup2(sockets[i], FIRST_FD + i);
		snprintf(passed + strlen(passed), sizeof passed - strlen(passed), "%d;",
		         FIRST_FD + i);
	}
	char *const environment[] = { passed, NULL };
	const char *argv[] = { NGINX, "-p", f->dir, "-e", "stderr", "-c", config, NULL };
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	int null = open("/dev/null", O_WRONLY);
	dup2(null, STDERR_FILENO);     /* It tells of each start. */
	execve(NGINX, (char **)(uintptr_t)argv, environment);
	_exit(127);
}

static bool
start(struct front *f, const int *sockets)
{
	f->pid = fork();
	if (f->pid == 0)
		become_nginx(f, sockets);
	if (f->pid > 0)
		return true;
	f->pid = 0;
	return false;
}

bool
front_open(struct front *f, const char *certificates, const uint16_t to[FRONT_SIDES])
{
	int sockets[SOCKETS];
	*f = (struct front){ .pid = 0 };
	snprintf(f->dir, sizeof f->dir, "/tmp/renkei-front.XXXXXX");
	if (mkdtemp(f->dir) == NULL) {
		perror(f->dir);
		return false;
	}
	for (int i = 0; i < SOCKETS; i++)
		sockets[i] = open_socket(&f->ports[i / FRONT_SIDES][i % FRONT_SIDES]);
	bool started = write_config(f, certificates, to) && start(f, sockets);
	for (int i = 0; i < SOCKETS; i++)
		close(sockets[i]);
	if (access(NGINX, X_OK) != 0) {
		fprintf(stderr, "there is no " NGINX "\n");
		started = false;
	}
	if (!started)
		front_close(f);
	return started;
}

bool
front_url(const struct front *f, const char *name, unsigned side, char out[64])
{
	size_t len = strcspn(name, " ");
	for (size_t i = 0; i < FRONT_SERVERS; i++) {
		const struct server *s = &servers[i];
		if (strlen(s->name) != len || strncmp(s->name, name, len) != 0)
			continue;
		snprintf(out, 64, "https://127.0.0.1:%u", f->ports[i][side]);
		return true;
	}
	return false;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
front_close(struct front *f)
{
	if (f->pid > 0) {
		kill(f->pid, SIGTERM);
		while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (f->dir[0] != '\0')
		nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	*f = (struct front){ .pid = 0 };
}
