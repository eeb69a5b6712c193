/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.c - renkei-faults-test: every kind of fault of tests/faults.txt, at each side
 * of a sync, at the first, a middle and the last call of a run, and at the very first
 * call of one that remembers no description of fields.
 *
 *     renkei-faults-test [--kind PATTERN] [--workers N] [--verbose] TABLE
 *
 * Each case edits all contacts at the source, lets one run meet the fault, looks at
 * what that run told, then runs without the fault until nothing is left to do; then
 * the checker reads the simulators' logs.  Workers share nothing: each has its own
 * simulators, proxies and state; every other one has a target without upsert.  Says
 * "ok - ..." or "not ok - ..." a case and ends with
 *
 *     faults: kinds=60 connectors=7 lost=0 doubled=0 wrong_category=0
 *
 * and 1 if a case was not ok.  A CRM counts as a connector if it stands at a side of a
 * kind of the table. */
#include <fnmatch.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/front.h"
#include "tests/faults/pairs.h"
#include "tests/faults/proxy.h"
#include "tests/faults/table.h"
#include "tests/kill/import.h"
#include "tests/kill/place.h"
#include "tests/loopback.h"

#define WORKERS_MAX 32
#define PLACES 4
#define TOLD_MAX 5
#define PAUSE_STEP_MS 15               /* A run takes some 60. */
#define RETRY_US 1100000
#define RECORD "record:"

struct options {
	const char *kind;              /* A pattern; NULL: all. */
	size_t workers;
	bool verbose;
	char certificates[64];         /* A folder; empty: none is needed. */
};

struct a_case {                        /* One kind, way, side and place. */
	const struct kind *kind;
	enum way way;
	enum side side;
	unsigned place;                /* 0 first, 1 middle, 2 last, 3 fresh */
	size_t worker;
};

struct cases { struct a_case *list; size_t count; };

/* What a worker tells its parent; plain numbers, it goes through a pipe. */
struct tally {
	size_t cases, failed, lost, doubled, wrong_category, again;
	bool broken;
};

/* What is read is written, too. */
#define PAIR_SOURCE "t_land = \"500ms\"; t_visible = \"50ms\";"
/* Of a call, where nothing stands still. */
#define DEADLINE_MS 1200

struct worker {
	const struct options *options;
	struct place place;
	struct place_options usual;
	enum way way;
	struct proxy *proxies[SIDES];
	char hosts[SIDES][40];
	unsigned calls[SIDES];         /* Of an undisturbed run. */
	unsigned last_calls;           /* Of the last run, at the side of its case. */
	bool logged_in[SIDES];
	struct front front;
	struct pairs *pairs;           /* owned; of PAIRS_WAY. */
	struct tally tally;
	size_t serial, told;
	char why[400];                 /* The case is not ok; empty: it is. */
};

/* As many records as make three calls, where the source has such habits. */
static const struct {
	const struct checker_rule *rule;
	size_t records;
	/* Of those that share its cases, as each pays for a first load: how many from
	 * which on; 0: all. */
	size_t first_worker, workers;
	const char *habits;            /* For "options" of its control path; or NULL. */
} ways[WAYS] = {
	[CONTACTS_WAY] = { &checker_contacts, 410, 0, 0, NULL },
	[CUSTOMERS_WAY] = { &checker_customers, 1010, 0, 0, NULL },
	[CARDS_WAY] = { &checker_cards, 710, 0, 0, NULL },
	[PERSONS_WAY] = { &checker_persons, 410, 0, 6, NULL },
	[LEADS_WAY] = { &checker_leads, 110, 6, 4, "{\"page\":40}" },
	[BUYERS_WAY] = { &checker_buyers, 6, 10, 2, NULL },
	[PROSPECTS_WAY] = { &checker_prospects, 110, 10, 2, NULL },
	[GUESTS_WAY] = { &checker_guests, 6, 6, 2, NULL },
	[VISITORS_WAY] = { &checker_visitors, 110, 8, 2, NULL },
	[EXPORTS_WAY] = { &checker_exports, 210, 2, 2, NULL },
	[LOADS_WAY] = { &checker_loads, 310, 4, 2, NULL },
	[PAIRS_WAY] = { &checker_pairs, 110, 8, 4, NULL },
};
static const char *const side_names[SIDES] = { "source", "target" };
/* Of the two CRMs the one at a side of a way. */
static const char *
crm_at(enum way way, enum side side)
{
	return side == SOURCE ? ways[way].rule->from_crm : ways[way].rule->to_crm;
}

static const char *const place_names[PLACES] = { "first", "middle", "last", "very first" };

static void __attribute__((format(printf, 2, 3)))
complain(struct worker *w, const char *format, ...)
{
	va_list args;
	if (w->why[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(w->why, sizeof w->why, format, args);
	va_end(args);
}

static uint16_t
port_of(const struct worker *w, enum side side)
{
	return side == SOURCE ? w->place.source_port : w->place.target_port;
}

/* ---- The place ----------------------------------------------------------------- */

/* The app of a connection by OAuth, and a login where there is none: tokens that live for
 * years, so that none expires by the clock of the simulators, which runs ahead. */
static bool
log_in(struct worker *w, enum side side)
{
	if (!w->usual.oauth)
		return true;
	if (!place_do(&w->place, port_of(w, side), "oauth",
	              "{\"restore\":true,\"expires_in\":100000000}"))
		return false;
	if (!w->logged_in[side])
		w->logged_in[side] = place_login(&w->place, side_names[side],
		                                 port_of(w, side));
	return w->logged_in[side];
}

/* A file of the object beside the others, of whatever kind. */
static void
damage_path(const struct worker *w, char path[140])
{
	snprintf(path, 140, "%s/%s-900.csv", w->place.files, w->place.rule->from_object);
}

static void
remove_damage(const struct worker *w)
{
	char path[140];
	damage_path(w, path);
	if (w->place.import != NULL)
		remove(path);
}

static bool
plan_nothing(struct worker *w)
{
	static const struct proxy_plan nothing;
	w->place.disk[0] = '\0';
	remove_damage(w);
	bool done = place_configure(&w->place, &w->usual);
	for (enum side s = SOURCE; s < SIDES; s++)
		done = done && proxy_plan(w->proxies[s], &nothing)
		       && place_do(&w->place, port_of(w, s), "fault",
		                   "{\"clear\":true}")
		       && log_in(w, s);
	return done;
}

/* Ten seconds; where waits last until a slot or an hour of the clock ends, also until a
 * while after one began. */
static bool
pass_time(const struct worker *w)
{
	const int64_t hour_ms = 3600000, past_ms = 100000;
	int64_t now = place_now_ms(&w->place);
	return now != 0 && place_advance(&w->place, w->way <= CARDS_WAY ? 10000
	                                 : hour_ms - now % hour_ms + past_ms);
}

/* Every contact has something new, and a few are new; both ways, at either side. */
static bool
change_source(struct worker *w)
{
	struct place *p = &w->place;
	size_t n = ++w->serial;
	if (w->way == PAIRS_WAY)
		return pairs_edit(&w->pairs, p, ways[w->way].records, n) && pass_time(w);
	char key[40], name[24];
	snprintf(key, sizeof key, "added.%zu@example.com", n);
	snprintf(name, sizeof name, "No. %zu", n);
	return place_edit_some(p, ways[w->way].records, n)
	       && place_add(p, key, name, 0) != 0 && pass_time(w);
}

static const char *
host_at(const struct worker *w, enum way way, enum side side)
{
	return strcmp(crm_at(way, side), "file") == 0 ? NULL : w->hosts[side];
}

static bool
open_worker(struct worker *w, bool e3, enum way way)
{
	w->way = way;
	w->logged_in[SOURCE] = w->logged_in[TARGET] = false;
	w->usual = (struct place_options){
		.rule = ways[way].rule, .e3 = e3,
		.request_deadline_ms = DEADLINE_MS, .source_deadline_ms = DEADLINE_MS,
		.t_land_ms = 500, .t_visible_ms = 50, .verbose = true,
		.source_host = host_at(w, way, SOURCE), .target_host = host_at(w, way, TARGET) };
	if (way == PAIRS_WAY) {
		w->usual.sync_more = "direction = \"both\"; conflict = \"from\";"
		                     " loop_breaker = \"100 in 1s\";";
		w->usual.source_more = e3 ? PAIR_SOURCE " guarantee = \"E3\";" : PAIR_SOURCE;
		w->usual.target_more = "late_commit = \"2s\"; index_lag = \"100ms\";";
	}
	for (enum side s = SOURCE; s < SIDES; s++) {
		w->proxies[s] = proxy_open();
		if (w->proxies[s] == NULL)
			return false;
		snprintf(w->hosts[s], sizeof w->hosts[s], "http://127.0.0.1:%u",
		         proxy_port(w->proxies[s]));
	}
	if (!place_open(&w->place, &w->usual))
		return false;
	/* A file that is read right after it was changed is looked at once more: not a call
	 * of the run that counts them is to depend on that. */
	if (w->place.import != NULL)
		import_age(w->place.import, 10);
	proxy_lead(w->proxies[SOURCE], w->place.source_port);
	proxy_lead(w->proxies[TARGET], w->place.target_port);
	return true;
}

/* The first load, then a run of the kind that every case has, to count its calls. */
static bool
prepare(struct worker *w)
{
	struct place_run end;
	struct place *p = &w->place;
	const char *habits = ways[w->way].habits;
	if (habits != NULL && !place_do(p, p->source_port, "options", "%s", habits))
		return false;
	if (!place_seed(p, ways[w->way].records, 7) || !place_sync(p, &end)
	    || !change_source(w) || !plan_nothing(w)
	    || !place_sync(p, &end))
		return false;
	for (enum side s = SOURCE; s < SIDES; s++)
		w->calls[s] = proxy_calls(w->proxies[s]);
	if (w->options->verbose)
		fprintf(stderr, "    a run of %s: %u calls, %u calls\n", w->place.rule->name,
		        w->calls[SOURCE], w->calls[TARGET]);
	return end.code == 0;
}

/* ---- The fault ----------------------------------------------------------------- */

static unsigned
nth_of(const struct worker *w, const struct a_case *c)
{
	unsigned calls = w->calls[c->side];
	return c->place == 1 ? (calls + 1) / 2 : c->place == 2 ? calls : 1;
}

/* Another host for that side, and settings besides. */
static bool
lead(struct worker *w, enum side side, const char *host, const char *more)
{
	struct place_options o = w->usual;
	if (side == SOURCE) {
		o.source_host = host;
		o.source_more = more;
	} else {
		o.target_host = host;
		o.target_more = more;
	}
	return place_configure(&w->place, &o);
}

/* "HOST|SETTINGS"; a host "-" is the usual one. */
static bool
plant_host(struct worker *w, const struct a_case *c)
{
	char host[200];
	const char *bar = strchr(c->kind->text, '|');
	snprintf(host, sizeof host, "%.*s", (int)strcspn(c->kind->text, "|"),
	         c->kind->text);
	return lead(w, c->side, strcmp(host, "-") == 0 ? w->hosts[c->side] : host,
	            bar != NULL ? bar + 1 : "");
}

/* The simulator itself, through our proxy as a proxy. */
static bool
plant_route(struct worker *w, const struct a_case *c, const struct proxy_plan *plan)
{
	char host[40], more[100];
	snprintf(host, sizeof host, "http://127.0.0.1:%u", port_of(w, c->side));
	snprintf(more, sizeof more, "proxy = \"%s\";", w->hosts[c->side]);
	return proxy_plan(w->proxies[c->side], plan) && lead(w, c->side, host, more);
}

/* "SERVER", or "SERVER by-proxy": through our proxy as a proxy besides; "SERVER
 * no-authority": the file of certificates is not there; "SERVER as FILE PASSWORD": with a
 * certificate of the client's own. */
static bool
plant_front(struct worker *w, const struct a_case *c)
{
	static const struct proxy_plan through = { "tunnel", "", 0, 1, UINT_MAX, NULL };
	const uint16_t ports[] = { w->place.source_port, w->place.target_port };
	bool by_proxy = strstr(c->kind->text, " by-proxy") != NULL;
	char host[64], more[600], file[40], password[40];
	const char *as = strstr(c->kind->text, " as ");
	if (w->front.pid == 0 && !front_open(&w->front, w->options->certificates, ports))
		return false;
	int n = snprintf(more, sizeof more, "ca_file = \"%s/%s.pem\";",
	                 w->options->certificates,
	                 strstr(c->kind->text, " no-authority") != NULL ? "none" : "ca");
	if (as != NULL && sscanf(as, " as %39s %39s", file, password) == 2)
		n += snprintf(more + n, sizeof more - (size_t)n,
		              " client_certificate = \"file:%s/%s\";"
		              " client_certificate_password = \"file:%s/%s\";",
		              w->options->certificates, file, w->options->certificates,
		              password);
	if (by_proxy)
		snprintf(more + n, sizeof more - (size_t)n, " proxy = \"%s\";",
		         w->hosts[c->side]);
	return (!by_proxy || proxy_plan(w->proxies[c->side], &through))
	       && front_url(&w->front, c->kind->text, c->side, host)
	       && lead(w, c->side, host, more);
}

/* The app, or what it was given, is another one from that call on. */
static bool
plant_app(struct worker *w, const struct a_case *c, const char *change)
{
	char body[400];
	size_t n = 0;
	for (const char *at = change; *at != '\0' && n < sizeof body - 3; at++) {
		if (*at == '"')
			body[n++] = '\\';
		body[n++] = *at;
	}
	body[n] = '\0';
	return place_do(&w->place, port_of(w, c->side), "fault",
	                "{\"match\":\"*\",\"nth\":%u,\"times\":%u,\"action\":\"become\","
	                "\"body\":\"{%s}\"}", nth_of(w, c),
	                c->kind->maker == BY_APP ? c->kind->times : 1, body);
}

/* The access token expires at that call, and the proxy does what it does to the calls
 * that renew it. */
static bool
plant_renewal(struct worker *w, const struct a_case *c)
{
	const struct kind *k = c->kind;
	const struct proxy_plan plan = { k->action, k->text, k->number, 1, k->times,
	                                 "/token HTTP" };
	return plant_app(w, c, k->maker == BY_ROTATION
	                               ? "\"expire\":true,\"rotate\":true"
	                               : "\"expire\":true")
	       && proxy_plan(w->proxies[c->side], &plan);
}

/* "CODE|WORDS|FIELD": the target refuses one row so, of all that are written. */
static bool
plant_row(struct worker *w, const struct a_case *c)
{
	char code[80] = "", words[120] = "", field[40] = "";
	size_t rows = ways[w->way].records;
	sscanf(c->kind->text, "%79[^|]|%119[^|]|%39s", code, words, field);
	return place_do(&w->place, port_of(w, c->side), "rule",
	                "{\"object\":\"%s\",\"forbidden\":\"%s\",\"words\":\"%s\","
	                "\"of\":\"%s\",\"after\":%zu,\"times\":1}",
	                w->place.rule->to_object, code, words, field, c->place * rows / 2);
}

/* What the run asked of the disk, as its log has it: calls of that name, and those of them
 * that met the fault. */
static unsigned
disk_calls(const struct worker *w, const char *call, unsigned *hits)
{
	char path[120], word[40];
	unsigned calls = 0;
	*hits = 0;
	snprintf(path, sizeof path, "%s/disk.log", w->place.dir);
	FILE *f = fopen(path, "re");
	while (f != NULL && fscanf(f, "%39s", word) == 1) {
		bool hit = word[strlen(word) - 1] == '!';
		word[strcspn(word, "!")] = '\0';
		*hits += hit;
		calls += strcmp(word, call) == 0;
	}
	if (f != NULL)
		fclose(f);
	return calls;
}

static void
plan_disk(struct worker *w, const char *call, unsigned nth, unsigned times,
          const char *action)
{
	char path[120];
	snprintf(path, sizeof path, "%s/disk.log", w->place.dir);
	unlink(path);
	snprintf(w->place.disk, sizeof w->place.disk, "%s %s %u %u %s", path, call, nth,
	         times, action);
}

/* The calls of an undisturbed run are counted by one just before, with the same to do. */
static bool
plant_disk(struct worker *w, const struct a_case *c)
{
	struct place_run end;
	unsigned hits;
	plan_disk(w, "none", 1, 1, "none");
	if (!place_sync(&w->place, &end) || end.code != 0 || !change_source(w))
		return false;
	unsigned calls = disk_calls(w, c->kind->action, &hits);
	unsigned nth = c->place == 1 ? (calls + 1) / 2 : c->place == 2 ? calls : 1;
	plan_disk(w, c->kind->action, nth, c->kind->times, c->kind->text);
	return calls > 0;
}

/* Copies the newest file with something among its rows, before the first, a middle or the
 * last one.  Each ends with the remark of import.c, whose last sign is a quote. */
static bool
copy_damaged(const struct worker *w, const char *to, unsigned place, const char *damage)
{
	static const char row_end[] = "\"\"\"\r\n";
	char from[140], *at;
	snprintf(from, sizeof from, "%s/%s.csv", w->place.files, w->place.rule->from_object);
	char *text = calloc(1, 1000000);
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	size_t len = in != NULL && text != NULL ? fread(text, 1, 999999, in) : 0;
	at = text != NULL ? strstr(text, row_end) : NULL;
	if (place == 1 && at != NULL)
		at = strstr(text + len / 2, row_end);
	if (place == 2)
		at = len > sizeof row_end ? text + len - strlen(row_end) : NULL;
	bool done = at != NULL && out != NULL;
	if (done) {
		at += strlen(row_end);
		fwrite(text, 1, (size_t)(at - text), out);
		for (const char *p = damage; *p != '\0'; p++)
			if (*p == '@')
				fprintf(out, "%01200000d", 0);
			else if (*p == '\\')
				putc(p[1] == 'n' ? '\n' : '\377', out), p++;
			else
				putc(*p, out);
		fwrite(at, 1, len - (size_t)(at - text), out);
	}
	if (in != NULL)
		fclose(in);
	done = out != NULL && fclose(out) == 0 && done;
	free(text);
	return done;
}

/* "fifo", "link", "folder", or what stands among the rows: '@' is very long, \n ends a
 * row, \x is no UTF-8. */
static bool
plant_file(struct worker *w, const struct a_case *c)
{
	char path[140];
	const char *text = c->kind->text;
	damage_path(w, path);
	if (!import_save(w->place.import))
		return false;
	if (strcmp(text, "fifo") == 0)
		return mkfifo(path, 0600) == 0;
	if (strcmp(text, "link") == 0)
		return symlink("/etc/passwd", path) == 0;
	if (strcmp(text, "folder") == 0)
		return mkdir(path, 0700) == 0;
	return copy_damaged(w, path, c->place, text);
}

static bool
plant(struct worker *w, const struct a_case *c)
{
	const struct kind *k = c->kind;
	unsigned nth = nth_of(w, c);
	struct proxy_plan plan = { k->action, k->text, k->number, nth, k->times, NULL };
	switch (k->maker) {
	case BY_PROXY:
		return proxy_plan(w->proxies[c->side], &plan);
	case BY_SIMULATOR:
		return place_do(&w->place, port_of(w, c->side), "fault",
		                "{\"match\":\"*\",\"nth\":%u,\"times\":%u,%s}", nth,
		                k->times, k->text);
	case BY_HOST:
		return plant_host(w, c);
	case BY_ROUTE:
		return plant_route(w, c, &plan);
	case BY_FRONT:
		return plant_front(w, c);
	case BY_APP:
		return plant_app(w, c, k->text);
	case BY_RENEWAL:
	case BY_ROTATION:
		return plant_renewal(w, c);
	case BY_ROW:
		return plant_row(w, c);
	case BY_PAUSE:
		return true;
	case BY_DISK:
		return plant_disk(w, c);
	case BY_FILE:
		return plant_file(w, c);
	case MAKERS:
		break;
	}
	return false;
}

/* Whether some call met it; a host that is another one is met by all. */
static bool
was_met(struct worker *w, const struct a_case *c)
{
	static const bool by_proxy[MAKERS] = { [BY_PROXY] = true, [BY_ROUTE] = true,
	                                       [BY_RENEWAL] = true, [BY_ROTATION] = true };
	static const bool by_simulator[MAKERS] = { [BY_SIMULATOR] = true, [BY_APP] = true };
	unsigned hits = 0;
	if (c->kind->maker == BY_DISK)
		return disk_calls(w, c->kind->action, &hits) > 0 && hits > 0;
	if (by_proxy[c->kind->maker])
		return proxy_hits(w->proxies[c->side]) > 0;
	if (!by_simulator[c->kind->maker])
		return true;
	char *faults = loopback_ask(port_of(w, c->side), "/_control/fault", NULL);
	bool met = faults != NULL && strstr(faults, "\"hits\":0}") == NULL;
	free(faults);
	return met;
}

/* The run; a pause stops its process in the middle, longer than any deadline. */
static bool
meet(struct worker *w, const struct a_case *c, struct place_run *end)
{
	if (c->kind->maker != BY_PAUSE)
		return place_sync(&w->place, end);
	pid_t run = place_start(&w->place);
	if (run < 0)
		return false;
	place_sleep_us((int64_t)(c->place * PAUSE_STEP_MS + PAUSE_STEP_MS) * 1000);
	kill(run, SIGSTOP);
	place_sleep_us(strtoll(c->kind->text, NULL, 10) * 1000);
	kill(run, SIGCONT);
	place_wait(&w->place, run, end);
	return !end->hung;
}

/* ---- What the run told --------------------------------------------------------- */

static bool
is_among(const char *word, size_t len, const char *list)
{
	for (const char *at = list; *at != '\0';) {
		size_t size = strcspn(at, ",");
		if (size == len && strncmp(at, word, len) == 0)
			return true;
		at += size + (at[size] == ',');
	}
	return false;
}

static bool
log_line(const char *line)
{
	return strstr(line, "sync.waits") != NULL
	       || strstr(line, "sync.side_stopped") != NULL;
}

static bool
of_records(const struct kind *k)
{
	return strncmp(k->category, RECORD, strlen(RECORD)) == 0;
}

/* The categories in what the run logged from 'from' on: all must be expected ones. */
static void
check_categories(struct worker *w, const struct a_case *c, long from)
{
	char path[100], line[2000];
	bool none = true, silent = c->kind->category[0] == '-' || of_records(c->kind);
	bool said = c->kind->words == NULL;
	snprintf(path, sizeof path, "%s/run.log", w->place.dir);
	FILE *f = fopen(path, "re");
	if (f != NULL)
		fseek(f, from, SEEK_SET);
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		const char *at = log_line(line) ? strstr(line, "category=") : NULL;
		if (w->options->verbose)
			fprintf(stderr, "    %s", line);
		if (at == NULL)
			continue;
		none = false;
		said = said || strstr(at, c->kind->words) != NULL;
		at += strlen("category=");
		line[strcspn(line, "\n")] = '\0';
		if (!is_among(at, strcspn(at, " :"), c->kind->category))
			complain(w, "category, expected %s: %.300s", c->kind->category,
			         at);
	}
	if (f != NULL)
		fclose(f);
	if (none && !silent)
		complain(w, "category: %s was not told", c->kind->category);
	if (!said)
		complain(w, "category: \"%s\" was not said", c->kind->words);
}

/* What the records that failed are told to have, which are one or more; then a person
 * has them tried again. */
static void
check_records(struct worker *w, const struct a_case *c)
{
	static const char label[] = "\"category\":";
	const char *list[] = { "errors", "list", w->place.rule->name, "--json", NULL };
	const char *again[] = { "errors", "resync", w->place.rule->name, "--all", NULL };
	char path[100], text[20000];
	struct place_run end;
	size_t count = 0;
	snprintf(path, sizeof path, "%s/run.out", w->place.dir);
	FILE *f = place_command(&w->place, list, &end) ? fopen(path, "re") : NULL;
	text[f != NULL ? fread(text, 1, sizeof text - 1, f) : 0] = '\0';
	if (f != NULL)
		fclose(f);
	if (w->options->verbose)
		fprintf(stderr, "    %.2000s\n", text);
	for (const char *at = strstr(text, label); at != NULL; at = strstr(at, label)) {
		at += strlen(label);
		at += strcspn(at, "\"") + 1;
		size_t len = strcspn(at, "\"");
		count++;
		if (!is_among(at, len, c->kind->category + strlen(RECORD)))
			complain(w, "category, expected %s: %.*s", c->kind->category,
			         (int)len, at);
	}
	if (count == 0)
		complain(w, "category: no record has %s", c->kind->category);
	if (!place_command(&w->place, again, &end) || end.code != 0)
		complain(w, "exit code %d of records that are tried again", end.code);
}

static long
log_size(const struct worker *w)
{
	char path[100];
	struct stat st;
	snprintf(path, sizeof path, "%s/run.log", w->place.dir);
	return stat(path, &st) == 0 ? (long)st.st_size : 0;
}

/* ---- The truth ----------------------------------------------------------------- */

static void
tell(void *with, const char *fault, const char *source_id, const char *what)
{
	struct worker *w = with;
	if (w->told++ >= TOLD_MAX)
		return;
	fprintf(stderr, "faults: %s: source record %s: %s\n", fault, source_id, what);
	place_print_record(&w->place, source_id);
}

static void
tell_pair(void *with, const char *fault, const char *key, const char *what)
{
	struct worker *w = with;
	if (w->told++ < TOLD_MAX)
		fprintf(stderr, "faults: %s: %s: %s\n", fault, key, what);
}

static void
check_truth(struct worker *w)
{
	struct checker_counts counts = { 0 };
	size_t echo = 0;
	bool both = w->way == PAIRS_WAY;
	if (both ? !pairs_settle(&w->place)
	           || !pairs_judge(w->pairs, &w->place, &counts, tell_pair, w)
	         : !place_settle(&w->place, &counts, &echo, tell, w))
		complain(w, "it did not come to its end");
	w->tally.lost += counts.lost;
	w->tally.doubled += counts.doubled + counts.stale;
	if (checker_faults(&counts) + echo > 0)
		complain(w, "lost=%zu doubled=%zu stale=%zu phantom=%zu echo=%zu",
		         counts.lost, counts.doubled, counts.stale, counts.phantom, echo);
}

/* ---- One case ------------------------------------------------------------------ */

/* The next run asks for account and fields first. */
static void
forget_descriptions(struct worker *w)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	char path[100];
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/host.db%s", w->place.state, files[i]);
		unlink(path);
	}
}

/* Whether something may be written when the run has ended: only then is it awaited. */
static bool
lands_late(const struct kind *k)
{
	return k->maker == BY_PAUSE || strncmp(k->action, "late", 4) == 0;
}

static bool
by_oauth(const struct kind *k)
{
	return k->maker == BY_APP || k->maker == BY_RENEWAL || k->maker == BY_ROTATION;
}

/* Both connections by OAuth, or by keys. */
static bool
connect_as(struct worker *w, const struct kind *k)
{
	if (w->usual.oauth == by_oauth(k))
		return true;
	w->usual.oauth = by_oauth(k);
	return plan_nothing(w);
}

/* What only a person can mend is mended, and a token that is to be renewed soon is not
 * left to the next case; anything else must mend itself, when net has ended the second
 * in which it asks no more. */
static bool
take_away(struct worker *w, const struct a_case *c, const struct place_run *end)
{
	static const char *const ends[] = { "revoke", "forget", "elsewhere", "scopes",
	                                    "expires_in" };
	bool ended = c->kind->maker == BY_ROTATION
	             || (c->kind->maker == BY_APP && c->kind->times > 1);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		ended |= strstr(c->kind->text, ends[i]) != NULL;
	if (ended && by_oauth(c->kind))
		w->logged_in[c->side] = false;
	else if (by_oauth(c->kind) && end->code != 0)
		place_sleep_us(RETRY_US);
	/* A wait of minutes or an hour would be kept from run to run. */
	if (end->code != 0 && c->way > CARDS_WAY)
		place_forget_waits(&w->place);
	return plan_nothing(w);
}

static bool
is_of_category(const struct worker *w)
{
	return strncmp(w->why, "category", 8) == 0;
}

static const char not_met[] = "the fault was not met";

static void
try_case(struct worker *w, const struct a_case *c)
{
	struct place_run end = { 0 };
	long from = log_size(w);
	unsigned before;
	w->why[0] = '\0';
	w->place.t_land_ms = lands_late(c->kind) ? w->usual.t_land_ms : 0;
	if (c->place == 3)
		forget_descriptions(w);
	if (w->calls[c->side] < 3 && c->way < EXPORTS_WAY)
		complain(w, "a run has %u calls at this side", w->calls[c->side]);
	bool ready = connect_as(w, c->kind) && change_source(w) && plant(w, c);
	before = proxy_calls(w->proxies[c->side]);
	if (!ready || !meet(w, c, &end))
		complain(w, "the run with the fault did not come to its end");
	else if (!was_met(w, c))
		complain(w, "%s", not_met);
	else if (end.code != c->kind->exit_code)
		complain(w, "exit code %d, expected %d", end.code, c->kind->exit_code);
	w->last_calls = proxy_calls(w->proxies[c->side]) - before;
	check_categories(w, c, from);
	if (!take_away(w, c, &end))
		complain(w, "the fault cannot be taken away");
	else if (of_records(c->kind))
		check_records(w, c);
	check_truth(w);
}

/* A machine that stands still for a second makes a timeout of any fault: a wrong category
 * counts if it is wrong with longer deadlines too, and how often one was needed is told
 * at the end.  How many calls a run needs may hang on when its pages come: one that ended
 * before the call in question shows how many there are.  What is lost or doubled, and
 * every other failure, counts at once.  False: nothing more can be done in this place. */
static bool
run_case(struct worker *w, const struct a_case *c)
{
	try_case(w, c);
	for (int i = 0; i < 3 && strcmp(w->why, not_met) == 0 && w->last_calls >= 3; i++) {
		printf("# again, as there were %u calls: %s\n", w->last_calls, c->kind->name);
		w->calls[c->side] = w->last_calls;
		try_case(w, c);
	}
	for (int ms = 4 * DEADLINE_MS; is_of_category(w) && ms <= 16 * DEADLINE_MS;
	     ms *= 4) {
		printf("# again, with a longer deadline: %s: %s\n", c->kind->name, w->why);
		w->usual.request_deadline_ms = w->usual.source_deadline_ms = ms;
		w->tally.again++;
		try_case(w, c);
	}
	w->usual.request_deadline_ms = w->usual.source_deadline_ms = DEADLINE_MS;
	w->tally.wrong_category += is_of_category(w);
	w->tally.cases++;
	w->tally.failed += w->why[0] != '\0';
	printf("%s - %s at the %s call of the %s, %s%s%s%s\n",
	       w->why[0] == '\0' ? "ok" : "not ok", c->kind->name, place_names[c->place],
	       side_names[c->side],
	       c->side == SOURCE ? w->place.source->name : w->place.target->name,
	       w->usual.e3 ? ", without upsert" : "",
	       w->why[0] == '\0' ? "" : ": ", w->why);
	fflush(stdout);
	return w->why[0] == '\0' || is_of_category(w)
	       || strncmp(w->why, "exit", 4) == 0;
}

/* ---- Workers ------------------------------------------------------------------- */

static void
close_worker(struct worker *w)
{
	front_close(&w->front);
	pairs_free(w->pairs);
	w->pairs = NULL;
	place_close(&w->place, false);
	for (enum side s = SOURCE; s < SIDES; s++)
		proxy_close(w->proxies[s]);
}

/* A place in which something went wrong is left, and so is one of another way: what
 * follows has a new one. */
static void
work_on(struct worker *w, const struct cases *cases, size_t number)
{
	bool open = false;
	for (size_t i = 0; i < cases->count; i++) {
		enum way way = cases->list[i].way;
		if (cases->list[i].worker != number)
			continue;
		if (open && w->way != way) {
			close_worker(w);
			open = false;
		}
		bool e3 = number % 2 == 1 && way != BUYERS_WAY;
		if (!open && (!open_worker(w, e3, way) || !prepare(w))) {
			fprintf(stderr, "faults: the place cannot be set up\n");
			w->tally.broken = true;
			return;
		}
		open = run_case(w, &cases->list[i]);
		if (!open)
			close_worker(w);
	}
	if (open)
		close_worker(w);
}

static void
add_tally(struct tally *all, const struct tally *one)
{
	all->cases += one->cases;
	all->failed += one->failed;
	all->lost += one->lost;
	all->doubled += one->doubled;
	all->wrong_category += one->wrong_category;
	all->again += one->again;
	all->broken |= one->broken;
}

static bool
start_worker(const struct options *o, const struct cases *cases, size_t number, int report)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid > 0;
	struct worker w = { .options = o };
	work_on(&w, cases, number);
	_exit(write(report, &w.tally, sizeof w.tally) == sizeof w.tally ? 0 : 1);
}

static bool
run_workers(const struct options *o, const struct cases *cases, struct tally *all)
{
	int ends[2];
	if (pipe(ends) != 0)
		return false;
	for (size_t i = 0; i < o->workers; i++)
		if (!start_worker(o, cases, i, ends[1]))
			return false;
	close(ends[1]);
	size_t told = 0;
	struct tally one;
	for (; read(ends[0], &one, sizeof one) == sizeof one; told++)
		add_tally(all, &one);
	close(ends[0]);
	while (wait(NULL) > 0)
		continue;
	return told == o->workers && !all->broken;
}

/* ---- Beginning and end --------------------------------------------------------- */

static size_t
worker_of(const struct cases *cases, enum way way, size_t workers)
{
	size_t share = ways[way].workers > 0 ? ways[way].workers : workers;
	return (ways[way].first_worker + cases->count % share) % workers;
}

static void
add_cases(struct cases *cases, const struct kind *k, enum way way, size_t workers)
{
	for (enum side s = SOURCE; s < SIDES; s++) {
		unsigned end = k->sides[way][s] ? k->first_place + k->places : 0;
		for (unsigned place = k->first_place; place < end; place++) {
			cases->list = realloc(cases->list, (cases->count + 1)
			                                       * sizeof *cases->list);
			if (cases->list == NULL)
				abort();
			cases->list[cases->count] = (struct a_case){ k, way, s, place,
				worker_of(cases, way, workers) };
			cases->count++;
		}
	}
}

static bool
stands_at(const struct table *t, const char *crm, enum way way, enum side side)
{
	bool stands = false;
	for (size_t i = 0; i < t->count; i++)
		stands |= t->kinds[i].sides[way][side];
	return stands && strcmp(crm_at(way, side), crm) == 0;
}

/* Each CRM at its first side. */
static size_t
count_connectors(const struct table *t)
{
	size_t count = 0;
	for (size_t i = 0; i < WAYS * SIDES; i++) {
		const char *crm = crm_at((enum way)(i / SIDES), (enum side)(i % SIDES));
		size_t first = 0;
		while (!stands_at(t, crm, (enum way)(first / SIDES),
		                  (enum side)(first % SIDES)) && first < i)
			first++;
		count += first == i && stands_at(t, crm, (enum way)(i / SIDES),
		                                 (enum side)(i % SIDES));
	}
	return count;
}

static const char *
read_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{ "kind", required_argument, NULL, 'k' },
		{ "workers", required_argument, NULL, 'w' },
		{ "verbose", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (option) {
		case 'k': o->kind = optarg;                            break;
		case 'w': o->workers = strtoul(optarg, NULL, 10);      break;
		case 'v': o->verbose = true;                           break;
		default:  return NULL;
		}
	return optind == argc - 1 && o->workers >= 1 && o->workers <= WORKERS_MAX
	               ? argv[optind]
	               : NULL;
}

/* The script stands beside the table. */
static bool
make_certificates(struct options *o, const char *table)
{
	char command[4200];
	const char *slash = strrchr(table, '/');
	int folder = slash != NULL ? (int)(slash - table) + 1 : 0;
	snprintf(o->certificates, sizeof o->certificates, "/tmp/renkei-certs.XXXXXX");
	if (mkdtemp(o->certificates) == NULL) {
		o->certificates[0] = '\0';
		return false;
	}
	snprintf(command, sizeof command, "'%.*sfaults/certificates' '%s'", folder, table,
	         o->certificates);
	return system(command) == 0;
}

int
main(int argc, char **argv)
{
	struct options o = { .workers = 12 };   /* They mostly wait. */
	struct table table;
	struct cases cases = { 0 };
	struct tally all = { 0 };
	const char *path = read_options(&o, argc, argv);
	if (path == NULL) {
		fputs("usage: renkei-faults-test [--kind PATTERN] [--workers N] [--verbose] "
		      "TABLE\n", stderr);
		return 2;
	}
	if (!table_read(&table, path))
		return 2;
	bool fronts = false;
	for (enum way way = CONTACTS_WAY; way < WAYS; way++)
		for (size_t i = 0; i < table.count; i++) {
			const struct kind *k = &table.kinds[i];
			if (o.kind != NULL && fnmatch(o.kind, k->name, 0) != 0)
				continue;
			add_cases(&cases, k, way, o.workers);
			fronts |= k->maker == BY_FRONT;
		}
	signal(SIGPIPE, SIG_IGN);
	bool sound = (!fronts || make_certificates(&o, path)) && cases.count > 0
	             && run_workers(&o, &cases, &all)
	             && all.cases == cases.count;
	fprintf(stderr, "faults: %zu cases, %zu not ok, %zu tried again%s\n", all.cases,
	        all.failed, all.again, sound ? "" : ", and not all was done");
	printf("faults: kinds=%zu connectors=%zu lost=%zu doubled=%zu wrong_category=%zu\n",
	       table_names(&table), count_connectors(&table), all.lost, all.doubled,
	       all.wrong_category);
	if (o.certificates[0] != '\0')
		place_remove(o.certificates);
	free(cases.list);
	table_free(&table);
	return sound && all.failed == 0 ? 0 : 1;
}
