/* SPDX-License-Identifier: Apache-2.0 */
/* asking.h - rows of requests against a simulator that was started for them; a row
 * names the status and a fragment that the answer must hold, or with '!' must not.
 * Who includes it has a table `vendors` of VENDORS names and headers before. */
#ifndef SIM_ASKING_H
#define SIM_ASKING_H

#include <curl/curl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define TIMEOUT_S 20L
#define LINE_MAX_BYTES 256

/* ---- The program under test --------------------------------------------- */

struct program {
	pid_t pid;
	int keep_alive;                      /* Its standard input. */
	char address[VENDORS][LINE_MAX_BYTES];
};

static struct program program;

static void
take_line(struct program *p, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < VENDORS; i++) {
		size_t len = strlen(vendors[i].name);

		if (!strncmp(line, vendors[i].name, len) && line[len] == ' ')
			snprintf(p->address[i], sizeof p->address[i], "%s",
				 line + len + 1);
	}
}

static void
run_child(char *const *arguments, int in, int out)
{
	const char *path =
		getenv("SIMULATOR") ? getenv("SIMULATOR") : "./renkei-simulator";

	dup2(in, 0);
	dup2(out, 1);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execv(path, arguments);
	_exit(127);
}

/* Up to three more arguments; the last one NULL. */
static void
start(const char *a, const char *b, const char *c)
{
	const char *arguments[VENDORS + 7] = { "renkei-simulator",
		"--until-stdin-closes", "--die-with-parent" };
	const char *more[] = { a, b, c };
	int in[2], out[2];
	char line[LINE_MAX_BYTES];

	for (size_t i = 0; i < VENDORS; i++)
		arguments[3 + i] = vendors[i].name;
	for (size_t i = 0; i < 3; i++)
		arguments[3 + VENDORS + i] = more[i];
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	program.pid = fork();
	assert_true(program.pid >= 0);
	if (program.pid == 0)
		run_child((char *const *)(uintptr_t)arguments, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	program.keep_alive = in[1];
	FILE *f = fdopen(out[0], "r");
	assert_non_null(f);
	do {
		assert_non_null(fgets(line, sizeof line, f));
		take_line(&program, line);
	} while (strcmp(line, "ready") != 0);
	fclose(f);
}

static int
stop(void **state)
{
	int status;

	(void)state;
	close(program.keep_alive);
	if (waitpid(program.pid, &status, 0) != program.pid)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static inline int
start_plain(void **state)
{
	(void)state;
	start("--index-lag", "0", NULL);
	return 0;
}

/* ---- Requests ----------------------------------------------------------- */

struct answer {
	char *text;                          /* owned; headers and body */
	size_t len;
	long status;                         /* 0: no answer at all. */
};

struct row {
	const char *method, *path, *body;
	long status;
	const char *want;                    /* NULL: anything. */
	const char *header;                  /* Another one; "-" leaves auth out. */
};

static size_t
collect(char *bytes, size_t size, size_t count, void *to)
{
	struct answer *a = to;

	a->text = realloc(a->text, a->len + size * count + 1);
	assert_non_null(a->text);
	memcpy(a->text + a->len, bytes, size * count);
	a->len += size * count;
	a->text[a->len] = '\0';
	return size * count;
}

static struct curl_slist *
headers_of(const struct row *row, size_t vendor)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	int bare = row->header && row->header[0] == '-';

	if (!bare)
		list = curl_slist_append(list, vendors[vendor].header);
	if (row->body && !(row->header && strstr(row->header, "Content-Type")))
		list = curl_slist_append(list, "Content-Type: application/json");
	if (row->header && row->header[1])
		list = curl_slist_append(list, row->header + bare);
	return list;
}

static struct answer
ask(const struct row *row, size_t vendor)
{
	struct answer a = { 0 };
	char url[32768];
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = headers_of(row, vendor);

	assert_non_null(curl);
	snprintf(url, sizeof url, "%s%s", program.address[vendor], row->path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, row->method);
	if (row->body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, row->body);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &a);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &a.status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return a;
}

static void
check_row(const struct row *row, size_t vendor, size_t number)
{
	struct answer a = ask(row, vendor);
	const char *text = a.text ? a.text : "";
	int not = row->want && row->want[0] == '!';
	int found = row->want && strstr(text, row->want + not) != NULL;

	if (a.status != row->status || (row->want && found == not))
		fail_msg("row %zu, %s %s %s\n  wanted %ld %s\n  got %ld %s", number,
			 row->method, row->path, row->body ? row->body : "", row->status,
			 row->want ? row->want : "", a.status, text);
	free(a.text);
}

/* A test's own process, without rate limits. */
static inline int
start_unlimited(void **state)
{
	(void)state;
	start("--no-limits", NULL, NULL);
	return 0;
}

#define UNLIMITED(test) { #test, test, start_unlimited, stop, NULL }

/* Rows of one vendor, by its place in the table. */
#define ROWS_OF(vendor, rows) \
	for (size_t i_ = 0; i_ < sizeof rows / sizeof *rows; i_++) \
		check_row(&rows[i_], vendor, i_)

/* Like 'n' copies of 'part', joined; the caller frees. */
static inline char *
many(const char *before, const char *part, size_t n, const char *after)
{
	size_t len = strlen(before) + n * (strlen(part) + 13) + strlen(after) + 1;
	char *z = malloc(len), *to = z;

	assert_non_null(z);
	to += sprintf(to, "%s", before);
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = ',';
		for (const char *p = part; *p; p++) {
			if (*p == '#')
				to += sprintf(to, "%zu", i);
			else
				*to++ = *p;
		}
	}
	strcpy(to, after);
	return z;
}

#endif
