/* SPDX-License-Identifier: Apache-2.0
 *
 * propose.h - which field of the source could fill which field of the target: by what
 * both connectors say that it usually means, by name, by label, or by what both are
 * called; and what does not fit, with the reason.  Only a proposal, for a person to look
 * through (`renkei map`). */
#ifndef MAPPING_PROPOSE_H
#define MAPPING_PROPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "base/words.h"
#include "config/config.h"

/* One object of two. */
struct proposal_side {
	const struct rk_schema *schema;
	/* Meaning and field, as the connector's manifest has them. */
	const struct config_pair *usual;
	size_t usual_count;
	const char *zone;              /* Of the account; NULL: not told. */
};

enum proposal_kind {
	PROPOSAL_MAPPED,
	PROPOSAL_UNFIT,                /* A source was found that does not fit: 'why'. */
	PROPOSAL_ALONE,                /* Nothing of the source is like it. */
	PROPOSAL_CLOSED,               /* It cannot be written. */
};

/* For one field of the target. */
struct proposal {
	const struct rk_field *to, *from; /* 'from' NULL: none, or several at once. */
	enum proposal_kind kind;
	const char *expression;        /* NULL: no source was found. */
	const char *why;               /* Why it does not fit; NULL: it does. */
	/* Options of the source and what they are at the target; an empty 'value' has
	 * no counterpart there.  None if all are called the same. */
	const struct rk_option *pairs;
	size_t pair_count;
	bool longer;                   /* The source may hold more than it takes. */
};

/* What a custom key is called where the target has no field that could be one. */
#define PROPOSAL_NEW_KEY "renkei_id"

struct proposals {
	struct proposal *rows;         /* One for each field of the target. */
	size_t count;
	const struct proposal *key;    /* NULL: no mapped field can be the key. */
	const struct rk_field *key_from; /* What a custom key would hold, then; or NULL. */
	const struct rk_field **unused; /* Of the source. */
	size_t unused_count;
};

/* Both sides are borrowed; all else is the arena's.  Reasons are in 'lang'. */
void propose(const struct proposal_side *source, const struct proposal_side *target,
             enum words_lang lang, struct arena *arena, struct proposals *out);

#endif
