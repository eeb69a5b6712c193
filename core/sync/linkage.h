/* SPDX-License-Identifier: Apache-2.0
 *
 * linkage.h - the links of another sync, looked into for what a reference of this one is at
 * the target.  No CRM is asked. */
#ifndef RENKEI_SYNC_LINKAGE_H
#define RENKEI_SYNC_LINKAGE_H

#include "sync/state.h"

/* As long as the name of a number in a store, and of what it is about. */
#define LINKAGE_NAME_MAX 200

/* A sync whose links are looked into. */
struct linkage {
	const struct config_sync *sync;
	bool own, backwards;
	struct store *store;           /* owned, but the run's own; NULL: not open. */
	int64_t made;                  /* Links, as of when it was opened. */
};

struct reference {
	size_t slot;
	struct rk_text object;         /* Of the source. */
	struct linkage *place;           /* NULL: none; it is left out. */
	enum config_parent parent;     /* Never AUTO. */
};

struct parents {
	struct linkage *places;          /* owned; as many as there are syncs, at most */
	size_t place_count;
	struct reference *references;  /* owned */
	size_t count;
	int64_t look_mono;             /* Look for new links then. */
};

/* Those of the run; made when they are asked for first. */
struct parents *linkage_all(struct run *run);
/* Between the same two connections as the run's. */
bool linkage_is_near(const struct config_sync *sync, const struct run *run);
/* The place of a sync's links; backwards: the reference has ids of its target. */
struct linkage *linkage_of(struct run *run, const struct config_sync *sync, bool backwards);
/* The store of another sync, only to look. */
bool linkage_open_sync(struct run *run, const struct config_sync *sync,
                       struct store **store);
bool linkage_open(struct run *run, struct linkage *place);
/* What a record of the source is at the target; empty: it is not linked. */
bool linkage_find(struct run *run, struct linkage *place, struct rk_text id,
                  struct arena *arena, struct rk_text *found);
/* All are opened anew when they are needed again. */
void linkage_close(struct parents *p);
/* What a record that waits is noted under: "SYNC>ID", or "SYNC<ID" where it is backwards. */
struct rk_text linkage_parent(const struct linkage *place, struct rk_text id,
                              struct arena *arena);
/* The same taken apart; false: it is no such name. */
bool linkage_parse(struct rk_text parent, struct rk_text *sync, bool *backwards,
                   struct rk_text *id);

/* circle.c: syncs that refer to each other, directly or through others. */
/* Notes in the store which syncs the run looks into, for others to see a circle. */
bool circle_note(struct run *run);
/* Whether the links of this place lead back to the run's own sync. */
bool circle_closes(struct run *run, const struct linkage *place, bool *closes);

#endif
