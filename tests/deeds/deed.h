/* SPDX-License-Identifier: Apache-2.0
 *
 * deed.h - what the tests of deeds.c share: a place, numbers drawn from a seed, commands
 * that are killed at a random moment, calls that fail, and what stands at a CRM.
 *
 *     open -> ( fault | run ... -> rest -> records )* -> close
 *
 * The truth is what the simulators hold; renkei's own words only say whether it has come
 * to its end. */
#ifndef TESTS_DEEDS_DEED_H
#define TESTS_DEEDS_DEED_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/kill/place.h"

#define DEED_T_LAND_MS 600

/* Where one file has several deeds. */
enum deed_kind { DEED_PLAIN, DEED_HUBSPOT, DEED_KINTONE, DEED_FLAGS, DEED_BOTH };

/* Plain numbers, they go through a pipe. */
struct deed_tally {
	size_t kills, runs, faults, checked, wrong;
	bool broken;
};

struct deed {
	struct place place;
	struct place_options options;
	struct deed_tally tally;
	enum deed_kind kind;
	uint64_t random;
	size_t serial;
	int64_t length_us;             /* Of a run, about. */
	bool verbose;
	bool fierce;                   /* A few records take all, and each run has faults. */
	bool both;                     /* What is written at the source may fail, too. */
	char name[40];
};

uint64_t deed_below(struct deed *d, uint64_t end);
/* One of so many; half of them, or nearly all, of the newest, of which the sync may not
 * know yet what became of what it sent. */
size_t deed_newish(struct deed *d, size_t count);
/* A fault of the truth, told on stderr. */
void deed_wrong(struct deed *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The place for options->rule; what is 0 in 'options' has a usual value. */
bool deed_open(struct deed *d, const struct place_options *options);
/* The same for contacts of HubSpot and records of kintone, in step both ways.  All fields of
 * the rule may be edited at either side, the first one is the key. */
bool deed_open_both(struct deed *d, bool e3);
/* The configuration anew, with these syncs instead of the one of the rule. */
bool deed_configure(struct deed *d, const char *syncs);
void deed_close(struct deed *d);

/* Perhaps calls of the target that are like 'match' fail, or their answers are lost, or
 * they land late. */
bool deed_faults(struct deed *d, const char *match);
/* Runs a command, a list that NULL ends; one of its processes is killed at a moment that
 * is drawn.  'beside' is another command that runs at the same time, or NULL. */
bool deed_killed(struct deed *d, const char *const *words, const char *const *beside);
/* A command that is left alone. */
bool deed_whole(struct deed *d, const char *const *words, struct place_run *end);
/* No more faults, and nothing of a dead run is still to land. */
bool deed_calm(struct deed *d);
/* The syncs in turn, until none has anything to write, or waits, or has failed. */
bool deed_rest(struct deed *d, const char *const *syncs);

/* What the last command printed, for the caller to free; NULL: nothing. */
char *deed_printed(struct deed *d);
/* The list of what stands there; for the caller to delete. */
cJSON *deed_records(struct deed *d, uint16_t port, const char *object);
/* The next one that nobody deleted, after 'r'; NULL: the first one.  NULL: no more. */
const cJSON *deed_next(const cJSON *records, const cJSON *r);
const char *deed_id(const cJSON *record);
const char *deed_value(const cJSON *record, const char *field);
/* A record that somebody makes there, of the members of a JSON object; its id. */
bool deed_load(struct deed *d, uint16_t port, const char *object, const char *member,
               const char *values, char id[24]);
bool deed_edit(struct deed *d, uint16_t port, const char *object, const char *id,
               const char *field, const char *text);

/* The deeds: each ends after so many kills.  False: something is wrong, as told. */
bool deed_references(struct deed *d, size_t kills, bool e3);
bool deed_deletes(struct deed *d, size_t kills, bool e3);
bool deed_revert(struct deed *d, size_t kills, bool e3);
bool deed_asks(struct deed *d, size_t kills, bool e3);

#endif
