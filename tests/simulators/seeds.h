/* SPDX-License-Identifier: Apache-2.0 */
/* seeds.h - made-up contacts, the same for the same seed.  Each CRM says in a
 * table of its own which column goes into which field. */
#ifndef SIM_SEEDS_H
#define SIM_SEEDS_H

#include "text.h"

enum seed_column {
	SEED_EMAIL, SEED_LASTNAME, SEED_FIRSTNAME, SEED_COMPANY, SEED_PHONE,
	SEED_MOBILE, SEED_JOBTITLE, SEED_WEBSITE, SEED_ADDRESS, SEED_CITY, SEED_STATE,
	SEED_ZIP, SEED_COUNTRY, SEED_STAGE, SEED_EMPLOYEES, SEED_CONTRACT, SEED_LAST_SEEN,
	SEED_NOTE, SEED_MEMBER, SEED_INTERESTS, SEED_COLUMNS,
};

/* A column's value is decoded text; a NULL ptr is "not set".  SEED_STAGE is a
 * HubSpot life cycle stage, SEED_INTERESTS is joined by ';', SEED_CONTRACT is
 * YYYY-MM-DD, SEED_LAST_SEEN ISO 8601. */
struct seed_row {
	struct text column[SEED_COLUMNS];
	bool late;                           /* Stamped now, visible a while after. */
	bool same_stamp;                     /* Shares one stamp with its like. */
};

/* One deliberate trouble of kind "hard". */
struct seed_case {
	const char *name;
	/* "ok", or the sync error category that must come of it. */
	const char *expect;
	const char *why;
	enum seed_column column;
	struct text value;
	size_t repeat;                       /* The value so many times. */
	bool late, same_stamp;
	bool copy_key;                       /* The e-mail of the row before. */
};

/* Row 'i' of the data with this seed; memory from the arena. */
void seed_plain(struct arena *a, uint64_t seed, uint64_t i, struct seed_row *row);
/* Cases in turn; a row past the table begins it again. */
void seed_hard(struct arena *a, uint64_t seed, uint64_t i, struct seed_row *row);
/* A plain row whose texts carry 'serial', so that no two edits look alike. */
void seed_edit(struct arena *a, uint64_t seed, uint64_t serial, struct seed_row *row);
extern const struct seed_case seed_cases[];
extern const size_t seed_case_count;

#endif
