/* SPDX-License-Identifier: Apache-2.0
 *
 * house.h - the CRMs to which references.c has contacts and their accounts brought from
 * Salesforce: what they are called there, and how a record refers to another. */
#ifndef TESTS_DEEDS_HOUSE_H
#define TESTS_DEEDS_HOUSE_H

#include "tests/deeds/deed.h"

/* An object at one side, and its fields that refer to an account and to a contact; NULL:
 * it has none. */
struct kind {
	const char *object, *key, *name, *parent, *main;
};
enum { ACCOUNT, CONTACT };

/* Where contacts and their accounts are to be. */
struct house {
	struct checker_rule rule;
	struct kind from[2], to[2];
	const char *set_up[2][2];      /* What the target is told first. */
	const char *syncs, *circle;
	const char *match;             /* The target's calls that refer; NULL: none do alone. */
	bool adds;                     /* No reference is taken away. */
	bool by_key;                   /* They name the account's key, which nobody edits. */
};
/* By the kind of the deed: Salesforce, HubSpot, kintone. */
extern const struct house houses[DEED_KINTONE + 1];

#endif
