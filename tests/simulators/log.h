/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - what store.c and log.c share: a block, and the telling of a write. */
#ifndef SIM_LOG_H
#define SIM_LOG_H

#include "store.h"

/* Values of one record at one time; never changed once made. */
struct block {
	uint32_t refs, bytes;
	char data[];                         /* (slot, length, raw JSON)... */
};

struct block *block_hold(struct block *b);
void block_drop(struct block *b);

/* One write has happened; the record stands as it was left. */
void log_add(const struct object *o, const struct record *r, const struct origin *by,
	     bool changed);

/* Entries from here on wait for the one or the other. */
void log_begin(void);
void log_commit(void);
void log_rollback(void);

#endif
