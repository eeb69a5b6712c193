/* SPDX-License-Identifier: Apache-2.0
 *
 * place.c - see place.h. */
#include "tests/kill/place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kill/export.h"
#include "tests/kill/import.h"
#include "tests/kill/victim.h"
#include "tests/loopback.h"

#define RUN_PATIENCE_US 30000000
#define SETTLE_PATIENCE_US 200000000   /* Errors heal by waits of real minutes. */
#define POLL_US 2000

int64_t
place_mono_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void
place_sleep_us(int64_t us)
{
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	if (us > 0)
		nanosleep(&t, NULL);
}

/* ---- Files ----------------------------------------------------------------- */

#define REDIRECT_URI "https://desk.example/callback"
#define APP "client_id = \"sim-client-id\"; client_secret = \"env:APP_SECRET\"; " \
            "redirect_uri = \"" REDIRECT_URI "\";"

static const struct place_crm crms[] = {
	{ "hubspot", "token = \"env:HUBSPOT_TOKEN\";", APP, "properties",
	  "POST /crm/objects/batch/create", "POST /crm/objects/batch/update",
	  "POST /crm/objects/batch/upsert", "POST /crm/objects/batch/[cu]*", false, false, false },
	{ "kintone", "api_token = \"env:KINTONE_TOKEN\";", APP, "record",
	  "POST /k/v1/records.json", "PUT /k/v1/records.json",
	  "PUT /k/v1/records.json", "P* /k/v1/records.json", false, false, false },
	{ "sansan", "api_key = \"env:SANSAN_KEY\"; start_date = \"2026-01-01\"; "
	  "window_days = \"360\";", NULL, "values",
	  "POST /bizCards", "POST /bizCards", "POST /bizCards", "POST /bizCards", false, false, false },
	/* Row by row: what a job of a dead run may still do is waited for two hours. */
	{ "freshsales", "api_key = \"env:FRESH_KEY\"; bulk = \"false\";", NULL, "values",
	  "POST /", "PUT /id", "POST /upsert", "P* /contacts*", true, false, false },
	{ "salesforce", "token = \"env:FORCE_TOKEN\";", APP, "fields",
	  "POST /composite/sobjects", "PATCH /composite/sobjects",
	  "PATCH /composite/sobjects/key", "P* /composite/sobjects*", false, false, false },
	{ "hotprofile", "api_key = \"env:HOT_KEY\";", NULL, "values",
	  "leads/create", "leads/update", "leads/update", "leads/[cu]*", true, true, false },
	{ .name = "file", .one_writer = true, .only_e1 = true },
};

static const struct place_crm *
crm_named(const char *name)
{
	const struct place_crm *crm = crms;
	while (strcmp(name, crm->name) != 0)
		crm++;
	return crm;
}

static const char *
text_or(const char *text, const char *other)
{
	return text != NULL ? text : other;
}

#define WHERE_MAX 500

/* Where a connection leads, and what it needs there.  Rows at a source have a column of
 * their own to be known by, so that what syncs know them by may change. */
static const char *
where(const struct place *p, const struct place_options *o, bool is_source,
      char text[WHERE_MAX])
{
	const struct place_crm *crm = is_source ? p->source : p->target;
	const char *host = is_source ? o->source_host : o->target_host;
	char own[40];
	snprintf(own, sizeof own, "http://127.0.0.1:%u",
	         is_source ? p->source_port : p->target_port);
	if (crm->secret != NULL)
		snprintf(text, WHERE_MAX, "host = \"%s\"; %s", text_or(host, own),
		         o->oauth ? crm->app : crm->secret);
	else
		snprintf(text, WHERE_MAX, "directory = \"%s\"; key = \"%s\"; quiet = \"1s\";",
		         text_or(host, p->files), is_source ? "id" : p->rule->fields[0].to);
	return text;
}

void
place_print_connections(const struct place *p, const struct place_options *o, FILE *to)
{
	char more[WHERE_MAX];
	fprintf(to, "  %s = { connector = \"%s\"; %s\n"
	        "    limits = \"none\"; request_deadline = \"%dms\";\n"
	        "    late_commit = \"2s\"; index_lag = \"%dms\"; %s };\n",
	        p->source_name, p->source->name, where(p, o, true, more),
	        o->source_deadline_ms > 0 ? o->source_deadline_ms : 2000,
	        o->lag_ms > 0 ? o->lag_ms : 100, text_or(o->source_more, ""));
	fprintf(to, "  %s = { connector = \"%s\"; %s\n"
	        "    limits = \"none\"; %s %s request_deadline = \"%dms\";\n"
	        "    t_land = \"%dms\"; t_visible = \"%dms\"; };\n",
	        p->target_name, p->target->name, where(p, o, false, more),
	        o->e3 && !p->target->only_e1 ? "guarantee = \"E3\";" : "",
	        text_or(o->target_more, ""), o->request_deadline_ms, o->t_land_ms,
	        o->t_visible_ms);
}

void
place_print_sync(const struct place *p, const struct place_options *o, FILE *to)
{
	fprintf(to, "  { name = \"%s\"; %s\n"
	        "    from = { connection = \"%s\"; object = \"%s\"; };\n"
	        "    to = { connection = \"%s\"; object = \"%s\"; key = \"%s\";\n"
	        "      writers = %d; };\n"
	        "    map = (\n%s); }", p->name, text_or(o->sync_more, ""), p->source_name,
	        p->rule->from_object, p->target_name, p->rule->to_object,
	        p->rule->fields[0].to, p->target->one_writer || o->writers < 1 ? 1 : o->writers,
	        p->rule->map);
}

bool
place_configure(struct place *p, const struct place_options *o)
{
	char path[100];
	snprintf(path, sizeof path, "%s/renkei.conf", p->dir);
	FILE *f = fopen(path, "we");
	if (f == NULL)
		return false;
	fputs("connections: {\n", f);
	place_print_connections(p, o, f);
	fputs("};\nsyncs = (\n", f);
	place_print_sync(p, o, f);
	fputs(" );\n", f);
	bool done = ferror(f) == 0;
	return fclose(f) == 0 && done;
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
place_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- The simulator --------------------------------------------------------- */

static char *const environment[] = {
	(char[]){ "HUBSPOT_TOKEN=sim-hubspot-token" },
	(char[]){ "KINTONE_TOKEN=sim-kintone-token" },
	(char[]){ "APP_SECRET=sim-client-secret" },
	(char[]){ "SANSAN_KEY=sim-sansan-token" },
	(char[]){ "FRESH_KEY=sim-freshsales-token" },
	(char[]){ "FORCE_TOKEN=sim-salesforce-token" },
	(char[]){ "HOT_KEY=sim-hotprofile-token" },
	(char[]){ "PATH=/usr/bin:/bin" }, NULL,
};

static bool
find_programs(struct place *p)
{
	ssize_t n = readlink("/proc/self/exe", p->programs, sizeof p->programs - 1);
	if (n <= 0)
		return false;
	p->programs[n] = '\0';
	*strrchr(p->programs, '/') = '\0';
	return true;
}

/* The arguments of renkei-simulator that are the same for all come first. */
static size_t
add_crm(const char **argv, size_t count, const struct place_crm *crm, int delay_ms,
        char delay[40])
{
	if (crm->secret == NULL)
		return count;
	snprintf(delay, 40, "%s=%d", crm->name, delay_ms);
	argv[count++] = "--delay";
	argv[count++] = delay;
	argv[count++] = crm->name;
	return count;
}

/* Its standard output is the pipe: addresses, then "ready". */
static int
spawn_simulator(struct place *p, const struct place_options *o)
{
	int ends[2];
	char path[600], source[40], target[40], lag[20];
	snprintf(path, sizeof path, "%s/renkei-simulator", p->programs);
	const char *argv[20] = { path, "--die-with-parent", "--no-limits", "--index-lag",
	                         lag };
	snprintf(lag, sizeof lag, "%d", o->lag_ms > 0 ? o->lag_ms : 50);
	size_t count = add_crm(argv, 5, p->source, o->source_delay_ms, source);
	count = add_crm(argv, count, p->target, o->target_delay_ms, target);
	if (o->e3) {
		argv[count++] = "--no-upsert";
		argv[count++] = "--no-unique";
	}
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	int failed = posix_spawn(&p->simulator, path, &actions, NULL,
	                         (char **)(uintptr_t)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failed == 0)
		return ends[0];
	close(ends[0]);
	p->simulator = 0;
	fprintf(stderr, "%s: %s\n", path, strerror(failed));
	return -1;
}

static bool
start_simulator(struct place *p, const struct place_options *o)
{
	int fd = spawn_simulator(p, o);
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
	char line[200], name[20];
	unsigned port;
	bool ready = false;
	while (in != NULL && !ready && fgets(line, sizeof line, in) != NULL) {
		if (sscanf(line, "%19s http://127.0.0.1:%u", name, &port) == 2)
			*(strcmp(name, p->source->name) == 0 && p->source_port == 0
			      ? &p->source_port : &p->target_port) = (uint16_t)port;
		ready = strcmp(line, "ready\n") == 0;
	}
	if (in != NULL)
		fclose(in);
	if (p->source->secret == NULL)
		p->source_port = p->target_port;
	if (p->target->secret == NULL)
		p->target_port = p->source_port;
	return ready && p->source_port != 0 && p->target_port != 0;
}

static bool
open_files(struct place *p)
{
	snprintf(p->files, sizeof p->files, "%s/files", p->dir);
	if (p->source->secret != NULL && p->target->secret != NULL)
		return true;
	if (mkdir(p->files, 0750) != 0)
		return false;
	if (p->source->secret == NULL)
		p->import = import_open(p->files, p->rule, p->checker);
	else
		p->export = export_open(p->files, p->rule, p->checker);
	return p->import != NULL || p->export != NULL;
}

/* ---- The control path ------------------------------------------------------ */

static char *
control(uint16_t port, const char *what, const char *format, va_list args)
{
	char path[64], *body;
	snprintf(path, sizeof path, "/_control/%s", what);
	if (vasprintf(&body, format, args) < 0)
		abort();
	char *answer = loopback_ask(port, path, body);
	if (answer == NULL)
		fprintf(stderr, "the simulator refused %s %.300s\n", path, body);
	free(body);
	return answer;
}

char *
place_control(const struct place *p, uint16_t port, const char *what,
              const char *format, ...)
{
	va_list args;
	(void)p;
	va_start(args, format);
	char *answer = control(port, what, format, args);
	va_end(args);
	return answer;
}

bool
place_do(const struct place *p, uint16_t port, const char *what, const char *format, ...)
{
	va_list args;
	(void)p;
	va_start(args, format);
	char *answer = control(port, what, format, args);
	va_end(args);
	free(answer);
	return answer != NULL;
}

bool
place_advance(const struct place *p, int64_t ms)
{
	return place_do(p, p->source_port, "clock", "{\"advance_ms\":%" PRId64 "}", ms);
}

/* The number behind a name of an answer, which is freed; 0: it is not there. */
static uint64_t
number_of(char *answer, const char *name)
{
	const char *at = answer != NULL ? strstr(answer, name) : NULL;
	uint64_t number = at != NULL ? strtoull(at + strlen(name), NULL, 10) : 0;
	free(answer);
	return number;
}

uint64_t
place_seed(const struct place *p, size_t count, uint64_t seed)
{
	if (p->import != NULL)
		return import_seed(p->import, count, seed);
	return number_of(place_control(p, p->source_port, "seed", "{\"object\":\"%s\","
	                               "\"count\":%zu,\"seed\":%" PRIu64 "}",
	                               p->rule->from_object, count, seed), "\"number\":");
}

static const char *
edited_name(const struct checker_field *f)
{
	return f->also != NULL ? f->also : f->from;
}

bool
place_edit_some(const struct place *p, size_t count, uint64_t seed)
{
	char names[400] = "";
	if (p->import != NULL)
		return import_edit_some(p->import, count, seed);
	for (size_t i = 1, n = 0; i < p->rule->field_count; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s\"%s\"",
		                      i > 1 ? "," : "",
		                      edited_name(&p->rule->fields[i]));
	return place_do(p, p->source_port, "edit",
	                "{\"object\":\"%s\",\"random\":%zu,\"seed\":%" PRIu64
	                ",\"fields\":[%s]}", p->rule->from_object, count, seed, names);
}

bool
place_edit(const struct place *p, uint64_t id, enum place_field field, const char *text)
{
	if (p->import != NULL)
		return import_edit(p->import, id, edited_name(&p->rule->fields[field]),
		                   text);
	return place_do(p, p->source_port, "edit",
	                "{\"object\":\"%s\",\"id\":\"%" PRIu64 "\",\"values\":{\"%s\":"
	                "\"%s\"}}", p->rule->from_object, id,
	                edited_name(&p->rule->fields[field]), text);
}

/* Of every kind of field one, so that the mapping has something to do. */
uint64_t
place_add(const struct place *p, const char *key, const char *name, int64_t seen_ms)
{
	const struct checker_rule *rule = p->rule;
	char values[600], seen[64] = "";
	size_t n = 0;
	if (p->import != NULL)
		return import_add(p->import, key, name);
	for (size_t i = 0; i < rule->field_count; i++) {
		const struct checker_field *f = &rule->fields[i];
		const char *text = i == 0 ? key : i == 1 ? name
		                   : f->how == CHECKER_DIGITS ? "090-0000-0000"
		                   : f->how == CHECKER_CHOICE ? f->choices->from : "追加";
		n += (size_t)snprintf(values + n, sizeof values - n, "%s\"%s\":\"%s\"",
		                      i > 0 ? "," : "", edited_name(f), text);
	}
	if (seen_ms > 0)
		snprintf(seen, sizeof seen, ",\"visible_at_ms\":%" PRId64, seen_ms);
	return number_of(place_control(p, p->source_port, "load", "{\"object\":\"%s\","
	                               "\"records\":[{\"%s\":{%s}%s}]}",
	                               rule->from_object, p->source->member, values, seen),
	                 "\"last\":");
}

bool
place_delete(const struct place *p, uint64_t id)
{
	if (p->import != NULL)
		return import_remove(p->import, id);
	return place_do(p, p->source_port, "delete",
	                "{\"object\":\"%s\",\"ids\":[\"%" PRIu64 "\"]}",
	                p->rule->from_object, id);
}

int64_t
place_now_ms(const struct place *p)
{
	return (int64_t)number_of(place_control(p, p->source_port, "clock",
	                                        "{\"advance_ms\":0}"), "\"now_ms\":");
}

/* The number behind a route of "in_flight_by". */
static int
inside(const char *counts, const char *route)
{
	char label[64];
	const char *from = strstr(counts, "\"in_flight_by\"");
	snprintf(label, sizeof label, "\"%s\":", route);
	const char *at = from != NULL ? strstr(from, label) : NULL;
	return at != NULL ? atoi(at + strlen(label)) : 0;
}

int
place_writes_inside(const struct place *p)
{
	if (p->export != NULL)
		return export_is_written(p->export);
	char *counts = loopback_ask(p->target_port, "/_control/counts", NULL);
	if (counts == NULL)
		return -1;
	const struct place_crm *t = p->target;
	int n = inside(counts, t->create) + inside(counts, t->update);
	if (strcmp(t->upsert, t->update) != 0)
		n += inside(counts, t->upsert);
	free(counts);
	return n;
}

bool
place_clear_faults(const struct place *p)
{
	return p->export != NULL
	       || place_do(p, p->target_port, "fault", "{\"clear\":true}");
}

/* ---- Runs ------------------------------------------------------------------ */

/* With what stands between the run and its files, if that is wanted. */
static void
fill_environment(const struct place *p, char disk[400], char preload[700], char **to)
{
	size_t count = 0;
	for (; environment[count] != NULL; count++)
		to[count] = environment[count];
	snprintf(disk, 400, "RENKEI_DISK=%s", p->disk);
	snprintf(preload, 700, "LD_PRELOAD=%s/tests/faults/.libs/disk.so", p->programs);
	to[count++] = p->disk[0] != '\0' ? disk : NULL;
	to[count++] = p->disk[0] != '\0' ? preload : NULL;
	to[count] = NULL;
}

pid_t
place_spawn(const struct place *p, const char *const *words)
{
	char disk[400], preload[700], *with[20];
	char program[600], config[100], out[100], log[100];
	snprintf(program, sizeof program, "%s/renkei", p->programs);
	snprintf(config, sizeof config, "%s/renkei.conf", p->dir);
	snprintf(out, sizeof out, "%s/run.out", p->dir);
	snprintf(log, sizeof log, "%s/run.log", p->dir);
	const char *argv[16] = { program, "-c", config, "--state", p->state };
	for (size_t i = 5; *words != NULL; i++)
		argv[i] = *words++;
	pid_t pid;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC,
					 0600);
	posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND,
					 0600);
	fill_environment(p, disk, preload, with);
	int failed = posix_spawn(&pid, program, &actions, NULL, (char **)(uintptr_t)argv, with);
	posix_spawn_file_actions_destroy(&actions);
	if (failed == 0)
		return pid;
	fprintf(stderr, "%s: %s\n", program, strerror(failed));
	return -1;
}

bool
place_save(const struct place *p)
{
	return p->import == NULL || import_save(p->import);
}

pid_t
place_start(struct place *p)
{
	if (!place_save(p))
		return -1;
	return place_spawn(p, (const char *[]){ "sync", p->name, p->verbose ? "-v" : NULL,
	                                        NULL });
}

/* ---- Logging in ------------------------------------------------------------ */

/* Its input and output are the ends of 'both'; what it logs goes to a file. */
static pid_t
start_login(const struct place *p, const char *connection, int both)
{
	char program[600], config[100], log[100];
	snprintf(program, sizeof program, "%s/renkei", p->programs);
	snprintf(config, sizeof config, "%s/renkei.conf", p->dir);
	snprintf(log, sizeof log, "%s/login.out", p->dir);
	const char *argv[] = { program, "-c", config, "--state", p->state, "login",
	                       connection, NULL };
	pid_t pid;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, both, 0);
	posix_spawn_file_actions_adddup2(&actions, both, 2);
	posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC,
	                                 0600);
	int failed = posix_spawn(&pid, program, &actions, NULL, (char **)(uintptr_t)argv,
	                         environment);
	posix_spawn_file_actions_destroy(&actions);
	return failed == 0 ? pid : -1;
}

/* Reads as far as the address that a browser is to open, which the simulator is asked
 * for without one. */
static char *
consent(FILE *login, uint16_t port)
{
	char line[4000];
	while (fgets(line, sizeof line, login) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		const char *host = strstr(line, "://");
		if (strncmp(line, "http", 4) == 0 && host != NULL && strchr(host + 3, '/'))
			return loopback_redirect(port, strchr(host + 3, '/'));
	}
	return NULL;
}

bool
place_login(const struct place *p, const char *connection, uint16_t port)
{
	int ends[2], state = -1;
	if (!place_do(p, port, "oauth", "{\"redirect_uri\":\"" REDIRECT_URI "\"}")
	    || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid_t login = start_login(p, connection, ends[1]);
	close(ends[1]);
	FILE *talk = fdopen(ends[0], "r+");
	char *to = login > 0 && talk != NULL ? consent(talk, port) : NULL;
	if (to != NULL)
		dprintf(ends[0], "%s\n", to);
	shutdown(ends[0], SHUT_WR);
	free(to);
	for (char line[1000]; talk != NULL && fgets(line, sizeof line, talk) != NULL;)
		continue;
	if (login > 0)
		waitpid(login, &state, 0);
	if (talk != NULL)
		fclose(talk);
	return state == 0;
}

/* ---- Figures ---------------------------------------------------------------- */

static long
figure(const char *line, const char *name)
{
	const char *at = strstr(line, name);
	return at != NULL ? strtol(at + strlen(name), NULL, 10) : -1;
}

static void
read_figures(const struct place *p, struct place_run *end)
{
	char path[100], line[1000];
	snprintf(path, sizeof path, "%s/run.out", p->dir);
	FILE *f = fopen(path, "re");
	while (f != NULL && !end->told && fgets(line, sizeof line, f) != NULL) {
		end->read = figure(line, " read=");
		end->waiting = figure(line, " waiting=");
		end->failed = figure(line, " failed=");
		end->writes = figure(line, " writes=");
		end->told = end->read >= 0 && end->waiting >= 0 && end->failed >= 0
		            && end->writes >= 0;
	}
	if (f != NULL)
		fclose(f);
}

/* What a file holds was at its source before. */
bool
place_look(struct place *p)
{
	if (!checker_read(p->checker, p->source_port)) {
		fprintf(stderr, "%s: the write log cannot be read\n", p->dir);
		return false;
	}
	if (p->export != NULL)
		export_look(p->export);
	return true;
}

bool
place_ended(struct place *p, pid_t run, struct place_run *end)
{
	int state;
	if (waitpid(run, &state, WNOHANG) == 0)
		return false;
	*end = (struct place_run){ .code = WIFSIGNALED(state) ? 128 + WTERMSIG(state)
	                                                       : WEXITSTATUS(state) };
	read_figures(p, end);
	if (p->export != NULL)
		place_look(p);
	victim_reap(p->simulator);
	return true;
}

void
place_wait(struct place *p, pid_t run, struct place_run *end)
{
	int64_t until = place_mono_us() + RUN_PATIENCE_US;
	for (;;) {
		if (place_ended(p, run, end))
			return;
		if (place_mono_us() > until)
			break;
		place_sleep_us(POLL_US);
	}
	kill(run, SIGKILL);
	while (waitpid(run, NULL, 0) < 0 && errno == EINTR)
		continue;
	*end = (struct place_run){ .hung = true, .code = 128 + SIGKILL };
	fprintf(stderr, "%s: a run did not end within 30 seconds\n", p->dir);
}

bool
place_sync(struct place *p, struct place_run *end)
{
	pid_t run = place_start(p);
	if (run < 0)
		return false;
	place_wait(p, run, end);
	return !end->hung;
}

bool
place_command(struct place *p, const char *const *words, struct place_run *end)
{
	pid_t run = place_spawn(p, words);
	if (run < 0)
		return false;
	place_wait(p, run, end);
	return !end->hung;
}

/* ---- Settling -------------------------------------------------------------- */

/* What the target was told to write until now, as its log has it. */
static bool
count_writes(struct place *p, size_t *writes)
{
	bool read = place_look(p);
	*writes = checker_writes(p->checker);
	return read;
}

static void
print_errors(const struct place *p)
{
	char command[900];
	snprintf(command, sizeof command, "cat '%s/run.out' 1>&2; '%s/renkei' -c "
	         "'%s/renkei.conf' --state '%s' errors list '%s' 1>&2", p->dir, p->programs,
	         p->dir, p->state, p->name);
	if (system(command) != 0)
		fprintf(stderr, "(renkei told nothing)\n");
}

/* A run that finds a listing of a dead one takes it to its old end, and what came
 * later is the next run's: so the end is where a run has nothing to write.  A record
 * that was in hand in one kill after another may be blamed for them; it is tried again
 * by itself, a minute later.  Of files the rest of such a listing may be nothing new, so
 * there it takes two.  '*before': of that run. */
static bool
sync_to_the_end(struct place *p, size_t *before)
{
	struct place_run end = { 0 };
	int64_t until = place_mono_us() + SETTLE_PATIENCE_US;
	int idle = 0, enough = p->import != NULL ? 2 : 1;
	while (place_mono_us() < until) {
		if (!count_writes(p, before) || !place_advance(p, 300000)
		    || !place_sync(p, &end))
			return false;
		bool ended = end.told && end.code == 0 && end.waiting == 0
		             && end.failed == 0;
		if (!ended)
			place_sleep_us(200000);
		idle = ended && end.writes == 0 ? idle + 1 : 0;
		if (idle == enough)
			return true;
	}
	fprintf(stderr, "%s: the last run ended with code %d:\n", p->dir, end.code);
	print_errors(p);
	return false;
}

static bool
count_echo(struct place *p, size_t before, size_t *echo)
{
	struct place_run end;
	size_t after;
	if (!place_advance(p, 300000) || !place_sync(p, &end) || !count_writes(p, &after))
		return false;
	*echo = after - before;
	return true;
}

/* The last run said that it wrote nothing; where the log says the same, it has shown
 * that there is no echo. */
bool
place_settle(struct place *p, struct checker_counts *counts, size_t *echo,
             checker_tell_fn *tell, void *with)
{
	size_t before = 0;
	bool ended = place_clear_faults(p) && sync_to_the_end(p, &before);
	/* What a killed run sent may land until then; it is no echo. */
	place_sleep_us((int64_t)p->t_land_ms * 1000);
	if (!place_look(p))
		return false;
	checker_judge(p->checker, counts, tell, with);
	return ended
	       && (counts->writes == before || count_echo(p, counts->writes, echo));
}

/* For a person who looks for the cause; without sqlite3 it says less. */
static void
print_rows(const struct place *p, const char *id)
{
	static const char *const tables[][2] = {
		{ "link", "from_id" }, { "pending", "id" },
	};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char command[600];
		snprintf(command, sizeof command, "sqlite3 -line '%s/syncs/%s.db' "
		         "\"SELECT * FROM %s WHERE %s = '%s'\" 1>&2", p->state,
		         p->name, tables[i][0], tables[i][1], id);
		fprintf(stderr, "%s:\n", tables[i][0]);
		if (system(command) != 0)
			fprintf(stderr, "(sqlite3 told nothing)\n");
	}
}

void
place_print_record(const struct place *p, const char *source_id)
{
	if (source_id[0] == '\0')
		return;
	checker_print_record(p->checker, source_id, stderr);
	print_rows(p, source_id);
}

/* ---- Life ------------------------------------------------------------------ */

static pid_t
end_net(const struct place *p)
{
	pid_t net = victim_net(0, p->state);
	if (net > 0)
		kill(net, SIGKILL);
	return net;
}

void
place_forget_waits(const struct place *p)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	char path[120];
	pid_t net = end_net(p);
	if (net > 0)
		waitpid(net, NULL, 0);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/net.db%s", p->state, files[i]);
		unlink(path);
	}
}

static void
take_names(struct place *p, const struct place_options *o)
{
	const char *before = text_or(o->name, ""), *dash = o->name != NULL ? "-" : "";
	snprintf(p->name, sizeof p->name, "%s", text_or(o->name, p->rule->name));
	snprintf(p->source_name, sizeof p->source_name, "%s%ssource", before, dash);
	snprintf(p->target_name, sizeof p->target_name, "%s%starget", before, dash);
}

static bool
open_state(struct place *p, const struct place_options *o)
{
	if (o->state != NULL)
		snprintf(p->state, sizeof p->state, "%s", o->state);
	else
		snprintf(p->state, sizeof p->state, "%s/state", p->dir);
	return o->state != NULL || mkdir(p->state, 0700) == 0;
}

bool
place_open(struct place *p, const struct place_options *options)
{
	const struct checker_rule *rule
		= options->rule != NULL ? options->rule : &checker_contacts;
	*p = (struct place){ .checker = checker_new(rule), .rule = rule,
	                     .source = crm_named(rule->from_crm),
	                     .target = crm_named(rule->to_crm),
	                     .t_land_ms = options->t_land_ms,
	                     .verbose = options->verbose };
	take_names(p, options);
	snprintf(p->dir, sizeof p->dir, "/tmp/renkei-kill.XXXXXX");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (mkdtemp(p->dir) == NULL) {
		fprintf(stderr, "%s: %s\n", p->dir, strerror(errno));
		p->dir[0] = '\0';
	} else {
		if (open_state(p, options) && find_programs(p) && open_files(p)
		    && start_simulator(p, options) && place_configure(p, options))
			return true;
		fprintf(stderr, "%s: the place cannot be set up\n", p->dir);
	}
	place_close(p, false);
	return false;
}

/* What the simulators wrote down, beside the state that is kept. */
static void
keep_log(const struct place *p)
{
	char path[100];
	snprintf(path, sizeof path, "%s/log.jsonl", p->dir);
	char *lines = loopback_ask(p->source_port, "/_control/log?limit=1000000", NULL);
	FILE *to = lines != NULL ? fopen(path, "we") : NULL;
	if (to == NULL || fputs(lines, to) < 0)
		fprintf(stderr, "%s: the log cannot be kept\n", p->dir);
	if (to != NULL)
		fclose(to);
	free(lines);
}

void
place_close(struct place *p, bool keep)
{
	end_net(p);
	if (keep && p->simulator > 0 && p->dir[0] != '\0')
		keep_log(p);
	if (p->simulator > 0) {
		kill(p->simulator, SIGTERM);
		waitpid(p->simulator, NULL, 0);
		p->simulator = 0;
	}
	victim_reap(0);
	import_close(p->import);
	export_close(p->export);
	checker_free(p->checker);
	p->checker = NULL;
	if (!keep && p->dir[0] != '\0')
		place_remove(p->dir);
}
