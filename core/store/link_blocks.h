/* SPDX-License-Identifier: Apache-2.0
 *
 * link_blocks.h - many small entries in few rows: what a B-tree takes twenty thousand
 * instructions for, a row for each entry and two indexes, is here a dozen entries a
 * row, found by a hash (linear hashing: the number of blocks grows by any number, and
 * each new one takes its entries from one that was there).  Changes come in bulk.
 * Three maps stand in the table `link_block`: links by the source's id, and ids by key
 * and by target.
 *
 * An entry has a mark (64 bits, many may have the same), an id, which tells entries
 * of one mark apart, and a body.  link.c uses them; verify.c looks at all of them. */
#ifndef STORE_LINK_BLOCKS_H
#define STORE_LINK_BLOCKS_H

#include "store/db_sqlite.h"

enum block_map { BLOCKS_LINK, BLOCKS_KEY, BLOCKS_TARGET, BLOCKS_MAPS };

struct block_entry {
	int64_t mark;
	struct rk_text id, body;
};

struct block_change {
	struct block_entry entry;
	bool gone;                     /* It is taken out; body does not matter. */
	uint32_t next;                 /* Of the same block: its place + 1; by blocks_change. */
};

/* As it stands in the file. */
struct blocks_head {
	int64_t count[BLOCKS_MAPS];    /* Of blocks. */
	int64_t entries[BLOCKS_MAPS];
	unsigned char seed[16];        /* Nobody outside can tell what shares a block. */
};

struct blocks {
	struct blocks_head head;
	unsigned char *seen[BLOCKS_MAPS]; /* owned: bits of the marks that a map has; only
	                                   * of one that was empty when it was opened */
	struct buf in[BLOCKS_MAPS];    /* owned: the block read last */
	struct buf out;                /* owned: the block being written */
};

/* The block in which entries with this mark stand, until the map is read again. */
bool blocks_read(struct store *s, enum block_map map, int64_t mark, struct rk_text *block,
                 struct rk_err *err);
/* Takes the next entry with this mark out of 'block'; false: none is left. */
bool blocks_next(struct rk_text *block, int64_t mark, struct block_entry *entry);
/* Takes in changes, of which no two have the same mark and id; in a transaction. */
bool blocks_change(struct store *s, enum block_map map, struct block_change *changes,
                   size_t count, struct rk_err *err);
bool blocks_count(struct store *s, enum block_map map, int64_t *entries,
                  struct rk_err *err);
/* Reads every block; each entry of BLOCKS_LINK is given to 'see', which says whether
 * it is sound. */
typedef bool blocks_see_fn(void *with, const struct block_entry *entry);
/* link.c: whether an entry of BLOCKS_LINK is a link. */
blocks_see_fn link_is_sound;
bool blocks_verify(struct store *s, blocks_see_fn *see, void *with, struct rk_err *err);
/* Every entry of a block of BLOCKS_LINK; false: 'see' stopped it or the block is
 * damaged, which 'err' says.  *left: how many blocks follow. */
bool blocks_each(struct store *s, int64_t block, blocks_see_fn *see, void *with,
                 int64_t *left, struct rk_err *err);
/* What is in memory is not what stands in the file any more. */
void blocks_forget(struct store *s);

#endif
