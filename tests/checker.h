/* SPDX-License-Identifier: Apache-2.0
 *
 * checker.h - the checker that knows the truth.  It reads the simulators' write
 * logs, is told what stands in files, never asks renkei's state, and says what a sync did
 * wrong:
 *
 *     new -> add (a line at a time, as the log grows) -> judge ... -> free
 *
 * lost     the sync ran to its end, yet a live source record with a key has no
 *          record at the target, or one whose values are not its newest
 * doubled  one more live target record for a source record, or for a key
 * stale    a target's values went back in the order of the source, or stand
 *          still at an older version
 * phantom  values were written that no source record ever had
 *
 * Stale and phantom are counted as the lines come, lost and doubled by `judge`
 * from how things stand; so `judge` makes sense only when the sync has ended.
 * Echo is the caller's: `writes` must stand still over a window without edits.
 *
 * What the mapping should make of a record is computed here anew, from a small
 * table, so that a mistake of core/mapping is not believed. */
#ifndef TESTS_CHECKER_H
#define TESTS_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct cJSON;

enum checker_how {
	CHECKER_SAME,   /* As it is. */
	CHECKER_JOINED, /* "from also", with a blank between. */
	CHECKER_DIGITS, /* Only what is 0 to 9. */
	CHECKER_CHOICE, /* By 'choices'; the one without 'from' is the rest. */
};

struct checker_choice {
	const char *from, *to;         /* The last one has from NULL. */
};

struct checker_field {
	const char *from, *to;
	enum checker_how how;
	const char *also;              /* CHECKER_JOINED */
	const struct checker_choice *choices;  /* CHECKER_CHOICE */
};

struct checker_rule {
	const char *name;
	const char *from_crm, *from_object, *to_crm, *to_object;
	const struct checker_field *fields;    /* The first one is the key. */
	size_t field_count;
	const char *map;                       /* The text of `map = (...)`. */
};

/* HubSpot's contacts to a file, and rows of files to app 1 of kintone. */
extern const struct checker_rule checker_exports, checker_loads;
/* HubSpot contacts to app 1 of the kintone simulator, and the way back. */
extern const struct checker_rule checker_contacts, checker_customers;
/* To app 1: Sansan's cards, Freshsales' contacts, HotProfile's leads. */
extern const struct checker_rule checker_cards, checker_prospects, checker_visitors;
/* HubSpot's contacts to Salesforce, Freshsales, HotProfile; Salesforce's leads to it. */
extern const struct checker_rule checker_persons, checker_buyers, checker_guests,
	checker_leads;
/* Contacts of HubSpot and app 1 in step both ways: no rule for the checker, which knows of
 * one way. */
extern const struct checker_rule checker_pairs;
/* All but that one. */
extern const struct checker_rule *const checker_rules[];
extern const size_t checker_rule_count;
/* NULL: there is none of that name. */
const struct checker_rule *checker_rule_named(const char *name);

struct checker_counts {
	size_t sources, targets;       /* Live ones. */
	size_t writes;                 /* Records written at the target by its API. */
	size_t lost, doubled, stale, phantom;
};

struct checker;

/* 'rule' is borrowed. */
struct checker *checker_new(const struct checker_rule *rule);
void checker_free(struct checker *c);
/* One line of the log: {"seq","crm","object","op","by","id","values":{...}}, op one
 * of load, edit, create, update, archive, delete.  False: it is none, or not the
 * one that follows; nothing is taken from it. */
bool checker_add(struct checker *c, const char *line);
/* All lines that the simulator on this loopback port has and 'c' has not. */
bool checker_read(struct checker *c, uint16_t port);
/* The same of a side that no simulator stands at: what its record 'id' is now, after all
 * that was added before.  By the sync, but for a "load". */
void checker_source(struct checker *c, const char *id, const char *op,
                    const struct cJSON *values);
void checker_target(struct checker *c, const char *id, const char *op,
                    const struct cJSON *values);
/* Something at the target was lost, of which 'what' is said. */
void checker_lost(struct checker *c, const char *what);
/* This source record is not expected at the target, or not with its values. */
void checker_exempt(struct checker *c, const char *source_id);
/* One fault: its word, the source record (empty: none is known), and what is wrong. */
typedef void checker_tell_fn(void *with, const char *fault, const char *source_id,
                             const char *what);
/* 'tell' may be NULL. */
/* Written at the target until now. */
size_t checker_writes(const struct checker *c);
void checker_judge(const struct checker *c, struct checker_counts *counts,
                   checker_tell_fn *tell, void *with);
/* lost + doubled + stale + phantom */
size_t checker_faults(const struct checker_counts *counts);
/* The life of one source record: its versions, and what was written of it. */
void checker_print_record(const struct checker *c, const char *source_id, FILE *out);

#endif
