/* SPDX-License-Identifier: Apache-2.0
 *
 * deed.c - see deed.h. */
#include "tests/deeds/deed.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/image.h"
#include "tests/kill/victim.h"
#include "tests/loopback.h"

#define FIRST_LENGTH_US 150000
#define LENGTH_STEP 16                 /* A run that ends before moves it by such a part. */
#define LATE_MS 300                    /* Well below T_land. */
#define REST_PATIENCE_US INT64_C(100000000)
#define WRONG_TOLD 8
#define NEWEST 6

uint64_t
deed_below(struct deed *d, uint64_t end)
{
	uint64_t z = d->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	z ^= z >> 31;
	return end > 0 ? z % end : 0;
}

size_t
deed_newish(struct deed *d, size_t count)
{
	if (count > NEWEST && deed_below(d, 8) < (d->fierce ? 7 : 4))
		return count - 1 - deed_below(d, NEWEST);
	return deed_below(d, count);
}

void
deed_wrong(struct deed *d, const char *format, ...)
{
	va_list args;
	if (d->tally.wrong++ >= WRONG_TOLD)
		return;
	fprintf(stderr, "deeds: %s: ", d->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n", stderr);
}

/* ---- Life ------------------------------------------------------------------ */

bool
deed_open(struct deed *d, const struct place_options *options)
{
	struct place_options *o = &d->options;
	*o = *options;
	o->request_deadline_ms = 400;
	o->t_land_ms = DEED_T_LAND_MS;
	o->t_visible_ms = 50;
	o->source_delay_ms = 2;
	o->target_delay_ms = 8;
	o->writers = 1 + (int)deed_below(d, 2);
	o->verbose = d->verbose;
	d->fierce = deed_below(d, 2) == 0;
	if (d->fierce)
		strcat(d->name, "-fierce");
	d->length_us = FIRST_LENGTH_US;
	return place_open(&d->place, o);
}

bool
deed_open_both(struct deed *d, bool e3)
{
	char more[160];
	struct place_options options = {
		.rule = &checker_pairs, .e3 = e3, .source_deadline_ms = 400,
		/* The clock of the simulators runs faster. */
		.sync_more = "direction = \"both\"; conflict = \"ask\"; history = \"30d\";"
		             " loop_breaker = \"100 in 1s\";",
		.target_more = "late_commit = \"2s\"; index_lag = \"100ms\";",
		.source_more = more };
	snprintf(more, sizeof more, "t_land = \"%dms\"; t_visible = \"50ms\";%s",
	         DEED_T_LAND_MS, e3 ? " guarantee = \"E3\";" : "");
	d->both = true;
	return deed_open(d, &options);
}

bool
deed_configure(struct deed *d, const char *syncs)
{
	char path[100];
	snprintf(path, sizeof path, "%s/renkei.conf", d->place.dir);
	FILE *f = fopen(path, "we");
	if (f == NULL)
		return false;
	fputs("connections: {\n", f);
	place_print_connections(&d->place, &d->options, f);
	fprintf(f, "};\nsyncs = (\n%s\n);\n", syncs);
	bool done = ferror(f) == 0;
	return fclose(f) == 0 && done;
}

void
deed_close(struct deed *d)
{
	bool keep = d->tally.wrong > 0 || d->tally.broken;
	if (keep)
		fprintf(stderr, "deeds: %s: kept for a look: %s\n", d->name, d->place.dir);
	place_close(&d->place, keep);
}

/* ---- Faults ---------------------------------------------------------------- */

static bool
plant(struct deed *d, uint16_t port, const char *match)
{
	static const char *const kinds[] = {
		"\"action\":\"drop_after\"", "\"action\":\"status_after\",\"status\":500",
		"\"action\":\"drop\"", "\"action\":\"delay\",\"ms\":700",
		"\"action\":\"status\",\"status\":503", "\"action\":\"late\",\"ms\":",
	};
	size_t kind = deed_below(d, sizeof kinds / sizeof *kinds);
	char ms[20] = "";
	if (strstr(kinds[kind], "late") != NULL)
		snprintf(ms, sizeof ms, "%" PRIu64, LATE_MS / 3 + deed_below(d, LATE_MS));
	d->tally.faults++;
	return place_do(&d->place, port, "fault",
	                "{\"match\":\"%s\",\"nth\":%" PRIu64 ",\"times\":1,%s%s}", match,
	                1 + deed_below(d, 2), kinds[kind], ms);
}

bool
deed_faults(struct deed *d, const char *match)
{
	uint64_t count = d->fierce ? 1 + deed_below(d, 3) : deed_below(d, 2);
	bool done = true;
	for (; done && count > 0; count--)
		done = d->both && deed_below(d, 2) == 0
		       ? plant(d, d->place.source_port, d->place.source->any)
		       : plant(d, d->place.target_port, match);
	return done;
}

bool
deed_calm(struct deed *d)
{
	bool done = place_clear_faults(&d->place)
	            && place_do(&d->place, d->place.source_port, "fault", "{\"clear\":true}");
	place_sleep_us((LATE_MS + LATE_MS / 3) * 1000);
	return done;
}

/* ---- Runs ------------------------------------------------------------------ */

static pid_t
draw_victim(struct deed *d, pid_t run)
{
	uint64_t at = deed_below(d, 10);
	if (at < 5)
		return run;
	if (at < 8)
		return victim_connector(run, d->place.target->name, (size_t)at);
	return victim_net(run, d->place.state);
}

/* Whoever is gone by then is not killed: it is a run like others. */
static bool
kill_within(struct deed *d, pid_t run)
{
	struct place_run end;
	place_sleep_us((int64_t)deed_below(d, (uint64_t)d->length_us));
	if (place_ended(&d->place, run, &end)) {
		d->length_us -= d->length_us / LENGTH_STEP;
		return true;
	}
	pid_t pid = draw_victim(d, run);
	d->tally.kills += pid > 0 && kill(pid, SIGKILL) == 0;
	d->length_us += d->length_us / LENGTH_STEP;
	place_wait(&d->place, run, &end);
	return !end.hung;
}

bool
deed_killed(struct deed *d, const char *const *words, const char *const *beside)
{
	struct place_run end = { 0 };
	pid_t other = beside != NULL ? place_spawn(&d->place, beside) : 0;
	pid_t run = other >= 0 ? place_spawn(&d->place, words) : -1;
	d->tally.runs += other > 0 ? 2 : 1;
	bool done = run > 0 && kill_within(d, run);
	if (other > 0)
		place_wait(&d->place, other, &end);
	return done && !end.hung;
}

bool
deed_whole(struct deed *d, const char *const *words, struct place_run *end)
{
	d->tally.runs++;
	return place_command(&d->place, words, end);
}

static bool
tell_restless(struct deed *d, const char *sync, const struct place_run *end)
{
	char command[1000];
	fprintf(stderr, "deeds: %s: no rest: %s ended with code %d:\n", d->name, sync,
	        end->code);
	snprintf(command, sizeof command, "cat '%s/run.out' 1>&2; '%s/renkei' -c "
	         "'%s/renkei.conf' --state '%s' errors list '%s' 1>&2", d->place.dir,
	         d->place.programs, d->place.dir, d->place.state, sync);
	if (system(command) != 0)
		fprintf(stderr, "(renkei told nothing)\n");
	return false;
}

/* Errors heal by waits of real minutes; a person need not wait. */
static bool
send_again(struct deed *d, const char *sync)
{
	struct place_run end;
	return deed_whole(d, (const char *[]){ "errors", "resync", sync, "--all", NULL }, &end);
}

bool
deed_rest(struct deed *d, const char *const *syncs)
{
	struct place_run end = { 0 };
	int64_t until = place_mono_us() + REST_PATIENCE_US;
	size_t idle = 0, at = 0, count = 0, rounds = 0;
	while (syncs[count] != NULL)
		count++;
	while (idle < count) {
		const char *sync = syncs[at];
		if (!place_advance(&d->place, 300000)
		    || !deed_whole(d, (const char *[]){ "sync", sync, NULL }, &end))
			return false;
		bool sound = end.told && end.code == 0 && end.waiting == 0
		             && end.failed == 0;
		idle = sound && end.writes == 0 ? idle + 1 : 0;
		if (!sound)
			place_sleep_us(100000);
		if (end.failed > 0 && rounds > 2 && !send_again(d, sync))
			return false;
		if (place_mono_us() > until)
			return tell_restless(d, sync, &end);
		at = (at + 1) % count;
		rounds += at == 0;
	}
	return true;
}

/* ---- What stands there ----------------------------------------------------- */

char *
deed_printed(struct deed *d)
{
	char path[100], *text = NULL;
	size_t room = 0;
	snprintf(path, sizeof path, "%s/run.out", d->place.dir);
	FILE *f = fopen(path, "re");
	if (f == NULL || getdelim(&text, &room, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f != NULL)
		fclose(f);
	return text;
}

cJSON *
deed_records(struct deed *d, uint16_t port, const char *object)
{
	char path[100];
	snprintf(path, sizeof path, "/_control/records?object=%s", object);
	char *text = loopback_ask(port, path, NULL);
	cJSON *answer = text != NULL ? cJSON_Parse(text) : NULL;
	cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(answer, "records");
	if (list == NULL)
		fprintf(stderr, "deeds: %s: the records of %s cannot be read\n", d->name,
		        object);
	cJSON_Delete(answer);
	free(text);
	return list;
}

const cJSON *
deed_next(const cJSON *records, const cJSON *r)
{
	r = r == NULL ? records->child : r->next;
	while (r != NULL
	       && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(r, "archived")))
		r = r->next;
	return r;
}

const char *
deed_id(const cJSON *record)
{
	return image_text(record, "id");
}

const char *
deed_value(const cJSON *record, const char *field)
{
	return image_text(cJSON_GetObjectItemCaseSensitive(record, "values"), field);
}

bool
deed_load(struct deed *d, uint16_t port, const char *object, const char *member,
          const char *values, char id[24])
{
	char *answer = place_control(&d->place, port, "load", "{\"object\":\"%s\","
	                             "\"records\":[{\"%s\":{%s}}]}", object, member, values);
	const char *at = answer != NULL ? strstr(answer, "\"ids\":[\"") : NULL;
	bool done = at != NULL && sscanf(at, "\"ids\":[\"%23[^\"]", id) == 1;
	free(answer);
	return done;
}

bool
deed_edit(struct deed *d, uint16_t port, const char *object, const char *id,
          const char *field, const char *text)
{
	return place_do(&d->place, port, "edit", "{\"object\":\"%s\",\"id\":\"%s\","
	                "\"values\":{\"%s\":\"%s\"}}", object, id, field, text);
}
