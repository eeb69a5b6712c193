/* SPDX-License-Identifier: Apache-2.0
 *
 * errors.h - what the verbs of "renkei errors" share: which rows of pending they are
 * about, and how such a row is told.  A verb a file, errors_VERB.c; those that
 * change a row in errors_change.c.
 *
 * A row failed, waits for a person's decision ("undecided"), or was set aside by a
 * person ("ignored"). */
#ifndef CLI_ERRORS_H
#define CLI_ERRORS_H

#include "cli/explain.h"
#include "store/store.h"

/* The kinds of errors: the categories of the contract, and those that a person
 * decides. */
#define ERRORS_UNDECIDED RK_CAT_COUNT
#define ERRORS_KINDS (RK_CAT_COUNT + 1)

#define ERRORS_STATE(state) (1u << (state))

struct errors_pick {
	const struct config_sync *only; /* NULL: every sync. */
	unsigned states;               /* Bits of ERRORS_STATE. */
	int kind;                      /* 0: any. */
	const char *field, *value;     /* NULL: any. */
	char **ids;                    /* Of the source; 'id_count' 0: all that fit. */
	size_t id_count;
};

/* One sync's rows, open to be looked at. */
struct errors_place {
	struct app *app;
	const struct config_sync *sync;
	struct store *file;            /* owned */
	struct store *store;           /* borrowed: the tables of this way */
	struct session from, to;       /* owned: for what their manifests say */
	bool tried_from, has_from, tried_to, has_to;
};

/* Both records of an error, as people open them.  What is not known is empty. */
struct errors_ends {
	struct rk_text from_link, to_id, to_link;
};

/* Takes a row, whose texts die with the call; false ends the walk. */
typedef bool errors_take(void *with, struct errors_place *place,
                         const struct pending *row);

/* Hands the rows of one sync that fit to 'take', those of its way back too, with a place
 * of their own; the exit code. */
int errors_walk(struct app *app, const struct errors_pick *pick,
                const struct config_sync *sync, errors_take *take, void *with);
/* The same for one way alone, which may be a way back. */
int errors_walk_way(struct app *app, const struct errors_pick *pick,
                    const struct config_sync *way, errors_take *take, void *with);
/* The id as this way has it: of a two-way sync "CONNECTION/ID" says which side is meant;
 * NULL: the other one. */
const char *errors_id_of(const struct config_sync *way, const char *given);
/* How a person names that record in a command: of a two-way sync "CONNECTION/ID". */
const char *errors_name(const struct config_sync *way, struct rk_text id,
                        struct arena *arena);
/* The same where any record is meant: "ID". */
const char *errors_name_form(const struct app *app, const struct config_sync *sync);
int errors_kind(const struct pending *row);
/* Time alone does not end it: undecided, deleted at the other side, or merged. */
bool errors_waits(const struct pending *row);
/* RK_NO_TIME: none that means anything to a person. */
int64_t errors_next_try(const struct pending *row);
/* "picklist", "undecided"; NULL past the last kind. */
const char *errors_kind_name(int kind);
/* The kind of that name; 0: there is none. */
int errors_kind_of(const char *name);
const char *errors_state_name(const struct pending *row);
/* The same for people in their language; in JSON the name. */
const char *errors_state_shown(const struct app *app, const struct pending *row);
bool errors_ends(struct errors_place *place, const struct pending *row,
                 struct arena *arena, struct errors_ends *ends, struct rk_err *err);
/* An id of one side as an address; empty if the manifest has no template. */
struct rk_text errors_link(struct errors_place *place, bool target, struct rk_text id,
                           struct arena *arena);
/* An id of one side with the address that opens it, which may be empty. */
void errors_tell_record(struct errors_place *place, bool target, struct rk_text id,
                        struct rk_text link);
/* Opens and closes such a place by hand; 'sync' may be a way back. */
bool errors_open(struct errors_place *place, struct app *app,
                 const struct config_sync *sync, struct rk_err *err);
void errors_close(struct errors_place *place);
/* Opened when it is first asked for; NULL: a connection with mistakes has none. */
struct session *errors_session(struct errors_place *place, bool target);

/* Asks the target for a record by its id (RK_BY_IDS) or by the value of 'field'; the
 * field must be one of the object's all the same, and is the record's only value.  Its
 * id is empty: there is none, or the CRM cannot be asked so. */
int32_t errors_ask(struct errors_place *place, uint32_t mode, struct rk_text field,
                   struct rk_text value, struct rk_record *record, struct rk_err *err);

/* Causes and remedies of a kind; with a code and a sync those that the target's connector
 * has for it. */
struct explained errors_explain(struct app *app, const struct config_sync *sync, int kind,
                                const char *code);
/* A kind for people, "Duplicate (duplicate)", by the words of the code if it has its own;
 * in JSON its name alone. */
const char *errors_kind_shown(struct app *app, int kind, const char *code);
void errors_tell_explained(struct app *app, const struct explained *e);

/* The rows that ids or filters name, way by way. */
struct errors_found {
	const struct config_sync *sync;
	struct rk_text *ids;
	size_t count, room;
};
/* Each id must be an error of exactly one way, in one of the pick's states; else it is
 * complained about and the code is EXIT_USAGE.  'found' has one entry a sync, and one more
 * for its way back, right behind it. */
int errors_find(struct app *app, const struct errors_pick *pick,
                struct errors_found **found, size_t *count);

/* Makes what was found due at once, as "errors resync" does; false: 'code' is set. */
bool errors_make_due(struct app *app, const struct errors_found *found, int *code);

/* What waits for records that are not linked yet, by what it waits for. */
int errors_tell_waits(struct app *app, const struct config_sync *sync);
int errors_list(struct app *app, const struct errors_pick *pick);
int errors_show(struct app *app, const struct errors_pick *pick);
int errors_resync(struct app *app, const struct errors_pick *pick);
int errors_ignore(struct app *app, const struct errors_pick *pick);
int errors_settle(struct app *app, const struct errors_pick *pick);
int errors_export(struct app *app, const struct errors_pick *pick);

#endif
