/* SPDX-License-Identifier: Apache-2.0
 *
 * link_blocks.c - see link_blocks.h. */
#include "store/link_blocks.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Blocks are about 1.5 KB long: two or three a page of the file. */
static const int64_t entries_a_block[BLOCKS_MAPS] = { 12, 24, 24 };
#define HEADER_BYTES 16u
#define BLOCK_MAX (64u * 1024 * 1024)

/* ---- Rows ---------------------------------------------------------------------- */

static int64_t
row_of(enum block_map map, int64_t block)
{
	return (int64_t)map << 40 | block;
}

static int64_t
sum_of(int64_t row, struct rk_text body)
{
	int64_t parts[2] = { row, hash_checksum(body.ptr, body.len) };
	return hash_checksum(parts, sizeof parts);
}

static bool
read_row(struct store *s, int64_t row, struct buf *in, bool *there, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_BLOCK_GET, err);
	buf_reset(in);
	*there = false;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, row);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	*there = true;
	buf_add(in, sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1));
	bool sound = sqlite3_column_int64(st, 0) == sum_of(row, buf_text(in));
	sqlite3_reset(st);
	return sound || db_damaged(s, "link_block", err);
}

static bool
write_row(struct store *s, int64_t row, struct rk_text body, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_BLOCK_PUT, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, row);
	sqlite3_bind_int64(st, 2, sum_of(row, body));
	db_bind_blob(st, 3, body.ptr, body.len);
	return db_change(s, st, err);
}

/* ---- What is known of the maps ------------------------------------------------- */

/* The row that tells of all maps. */
#define HEAD_ROW ((int64_t)BLOCKS_MAPS << 40)

/* A first load asks for a million links that are not there.  'seen' is a Bloom filter:
 * two bits of each mark tell of most of them.  At a million entries one answer in six is
 * a block read for nothing. */
#define SEEN_BITS (1u << 22)

static void
see_bits(unsigned char *seen, uint64_t mark)
{
	for (int i = 0; i < 2; i++, mark >>= 22)
		seen[(mark & (SEEN_BITS - 1)) / 8] |= (unsigned char)(1u << mark % 8);
}

static bool
was_seen(const unsigned char *seen, uint64_t mark)
{
	for (int i = 0; i < 2; i++, mark >>= 22)
		if ((seen[(mark & (SEEN_BITS - 1)) / 8] >> mark % 8 & 1) == 0)
			return false;
	return true;
}

static void
begin_seen(struct blocks *b)
{
	for (int map = 0; map < BLOCKS_MAPS; map++)
		if (b->head.count[map] == 0 && (b->seen[map] = calloc(1, SEEN_BITS / 8)) == NULL)
			abort();
}

static bool
load_head(struct store *s, struct blocks *b, struct rk_err *err)
{
	BUF_AUTO in = BUF_INIT(BLOCK_MAX);
	bool there;
	if (!read_row(s, HEAD_ROW, &in, &there, err))
		return false;
	if (there && in.len != sizeof b->head)
		return db_damaged(s, "link_block", err);
	if (there)
		memcpy(&b->head, in.ptr, sizeof b->head);
	else
		randombytes_buf(b->head.seed, sizeof b->head.seed);
	begin_seen(b);
	return true;
}

static struct blocks *
blocks_of(struct store *s, struct rk_err *err)
{
	if (s->blocks != NULL)
		return s->blocks;
	struct blocks *b = s->blocks = calloc(1, sizeof *b);
	if (b == NULL)
		abort();
	for (int map = 0; map < BLOCKS_MAPS; map++)
		b->in[map].max = BLOCK_MAX;
	b->out.max = BLOCK_MAX;
	if (!load_head(s, b, err))
		blocks_forget(s);
	return s->blocks;
}

void
blocks_forget(struct store *s)
{
	struct blocks *b = s->blocks;
	s->blocks = NULL;
	if (b == NULL)
		return;
	for (int map = 0; map < BLOCKS_MAPS; map++) {
		buf_free(&b->in[map]);
		free(b->seen[map]);
	}
	buf_free(&b->out);
	free(b);
}

bool
blocks_count(struct store *s, enum block_map map, int64_t *entries, struct rk_err *err)
{
	const struct blocks *b = blocks_of(s, err);
	*entries = b != NULL ? b->head.entries[map] : 0;
	return b != NULL;
}

/* Of 'count' blocks: the power of two above tells, or the one below where its block
 * is not there yet. */
static int64_t
block_of(const struct blocks *b, int64_t mark, int64_t count)
{
	unsigned char bytes[sizeof mark];
	uint64_t hash, mask = 1;
	memcpy(bytes, &mark, sizeof mark);
	crypto_shorthash((unsigned char *)&hash, bytes, sizeof bytes, b->head.seed);
	while (mask < (uint64_t)count)
		mask *= 2;
	uint64_t at = hash & (mask - 1);
	return (int64_t)(at < (uint64_t)count ? at : hash & (mask / 2 - 1));
}

/* ---- One block ----------------------------------------------------------------- */

static bool
read_block(struct store *s, enum block_map map, int64_t block, struct rk_err *err)
{
	bool there;
	return read_row(s, row_of(map, block), &s->blocks->in[map], &there, err)
	       && (there || db_damaged(s, "link_block", err));
}

static void
add_entry(struct buf *out, const struct block_entry *entry)
{
	uint32_t lengths[2] = { (uint32_t)entry->id.len, (uint32_t)entry->body.len };
	buf_add(out, &entry->mark, sizeof entry->mark);
	buf_add(out, lengths, sizeof lengths);
	buf_addt(out, entry->id);
	buf_addt(out, entry->body);
}

/* Any next entry; false: none is left, or what follows is none. */
static bool
take_entry(struct rk_text *block, struct block_entry *entry)
{
	uint32_t lengths[2];
	if (block->len < HEADER_BYTES)
		return false;
	memcpy(&entry->mark, block->ptr, sizeof entry->mark);
	memcpy(lengths, block->ptr + sizeof entry->mark, sizeof lengths);
	uint64_t len = HEADER_BYTES + (uint64_t)lengths[0] + lengths[1];
	if (len > block->len)
		return false;
	entry->id = (struct rk_text){ block->ptr + HEADER_BYTES, lengths[0] };
	entry->body = (struct rk_text){ entry->id.ptr + lengths[0], lengths[1] };
	block->ptr += len;
	block->len -= len;
	return true;
}

bool
blocks_read(struct store *s, enum block_map map, int64_t mark, struct rk_text *block,
            struct rk_err *err)
{
	struct blocks *b = blocks_of(s, err);
	*block = (struct rk_text){ NULL, 0 };
	if (b == NULL || b->head.count[map] == 0
	    || (b->seen[map] != NULL && !was_seen(b->seen[map], (uint64_t)mark)))
		return b != NULL;
	if (!read_block(s, map, block_of(b, mark, b->head.count[map]), err))
		return false;
	*block = buf_text(&b->in[map]);
	return true;
}

bool
blocks_next(struct rk_text *block, int64_t mark, struct block_entry *entry)
{
	while (take_entry(block, entry))
		if (entry->mark == mark)
			return true;
	return false;
}

/* ---- Changes ------------------------------------------------------------------- */

/* A change of one map: from 'before' blocks to as many as the head says now. */
struct change {
	enum block_map map;
	int64_t before;
	const struct block_change *changes;
	uint32_t *firsts;              /* owned: where each block's changes begin, + 1 */
	uint32_t *split;               /* owned: the next block that splits from the same
	                                * one, + 1; begins at that one's own place. */
};

static uint32_t *
zeroes(int64_t count)
{
	uint32_t *numbers = calloc((size_t)count, sizeof *numbers);
	if (numbers == NULL)
		abort();
	return numbers;
}

/* The block of the 'before' ones in which entries of a new one stood. */
static int64_t
parent_of(int64_t block, int64_t before)
{
	int64_t half = 1;
	while (half * 2 <= block)
		half *= 2;
	for (; block >= before; half /= 2)
		if (block >= half)
			block -= half;
	return block;
}

static void
deal(const struct blocks *b, struct change *c, struct block_change *changes, size_t count)
{
	int64_t now = b->head.count[c->map];
	c->firsts = zeroes(now);
	c->split = zeroes(now);
	for (size_t i = 0; i < count; i++) {
		uint32_t *first = &c->firsts[block_of(b, changes[i].entry.mark, now)];
		changes[i].next = *first;
		*first = (uint32_t)i + 1;
	}
	for (int64_t block = now - 1; c->before > 0 && block >= c->before; block--) {
		int64_t parent = parent_of(block, c->before);
		c->split[block] = c->split[parent];
		c->split[parent] = (uint32_t)block + 1;
	}
}

static bool
is_changed(const struct block_entry *entry, const struct block_change *changes,
           uint32_t first)
{
	for (uint32_t at = first; at != 0; at = changes[at - 1].next)
		if (changes[at - 1].entry.mark == entry->mark
		    && text_eq(changes[at - 1].entry.id, entry->id))
			return true;
	return false;
}

/* Writes one block: what stood in 'old' and belongs there, and its changes. */
static bool
write_changed(struct store *s, const struct change *c, int64_t block, struct rk_text old,
              bool splits, struct rk_err *err)
{
	struct blocks *b = s->blocks;
	struct blocks_head *head = &b->head;
	struct block_entry entry;
	buf_reset(&b->out);
	while (take_entry(&old, &entry)) {
		if (splits && block_of(b, entry.mark, head->count[c->map]) != block)
			continue;
		if (is_changed(&entry, c->changes, c->firsts[block]))
			head->entries[c->map]--;
		else
			add_entry(&b->out, &entry);
	}
	for (uint32_t at = c->firsts[block]; at != 0; at = c->changes[at - 1].next) {
		if (c->changes[at - 1].gone)
			continue;
		add_entry(&b->out, &c->changes[at - 1].entry);
		if (b->seen[c->map] != NULL)
			see_bits(b->seen[c->map],
			         (uint64_t)c->changes[at - 1].entry.mark);
		head->entries[c->map]++;
	}
	if (b->out.over)
		return db_too_large(s, err);
	return write_row(s, row_of(c->map, block), buf_text(&b->out), err);
}

/* One of the blocks there were, and those that split from it. */
static bool
change_block(struct store *s, const struct change *c, int64_t block, struct rk_err *err)
{
	bool splits = c->split[block] != 0;
	if (!splits && c->firsts[block] == 0)
		return true;
	if (!read_block(s, c->map, block, err))
		return false;
	struct rk_text old = buf_text(&s->blocks->in[c->map]);
	bool done = write_changed(s, c, block, old, splits, err);
	for (uint32_t at = c->split[block]; done && at != 0; at = c->split[at - 1])
		done = write_changed(s, c, at - 1, old, true, err);
	return done;
}

bool
blocks_change(struct store *s, enum block_map map, struct block_change *changes,
              size_t count, struct rk_err *err)
{
	static const struct rk_text none = { "", 0 };
	struct blocks *b = blocks_of(s, err);
	if (b == NULL || count == 0)
		return b != NULL;
	struct blocks_head *head = &b->head;
	struct change c = { .map = map, .before = head->count[map], .changes = changes };
	int64_t wanted = (head->entries[map] + (int64_t)count) / entries_a_block[map] + 1;
	if (head->count[map] < wanted)
		head->count[map] = wanted;
	deal(b, &c, changes, count);
	bool done = true;
	for (int64_t block = 0; done && block < c.before; block++)
		done = change_block(s, &c, block, err);
	for (int64_t block = 0; done && c.before == 0 && block < head->count[map]; block++)
		done = write_changed(s, &c, block, none, false, err);
	free(c.firsts);
	free(c.split);
	return done && write_row(s, HEAD_ROW, (struct rk_text){ (const char *)head,
	                                                        sizeof *head }, err);
}

/* ---- All of it ----------------------------------------------------------------- */

static bool
verify_block(struct store *s, enum block_map map, int64_t block, blocks_see_fn *see,
             void *with, int64_t *entries, struct rk_err *err)
{
	struct blocks *b = s->blocks;
	if (!read_block(s, map, block, err))
		return false;
	struct rk_text left = buf_text(&b->in[map]);
	struct block_entry entry;
	for (; take_entry(&left, &entry); (*entries)++)
		if (block_of(b, entry.mark, b->head.count[map]) != block
		    || (map == BLOCKS_LINK && !see(with, &entry)))
			return db_damaged(s, "link_block", err);
	return left.len == 0 || db_damaged(s, "link_block", err);
}

bool
blocks_each(struct store *s, int64_t block, blocks_see_fn *see, void *with, int64_t *left,
            struct rk_err *err)
{
	const struct blocks *b = blocks_of(s, err);
	int64_t entries = 0;
	if (b == NULL)
		return false;
	*left = b->head.count[BLOCKS_LINK] - block - 1;
	return *left < 0
	       || verify_block(s, BLOCKS_LINK, block, see, with, &entries, err);
}

bool
blocks_verify(struct store *s, blocks_see_fn *see, void *with, struct rk_err *err)
{
	blocks_forget(s);
	struct blocks *b = blocks_of(s, err);
	for (int map = 0; b != NULL && map < BLOCKS_MAPS; map++) {
		int64_t entries = 0;
		for (int64_t block = 0; block < b->head.count[map]; block++)
			if (!verify_block(s, (enum block_map)map, block, see, with, &entries,
			                  err))
				return false;
		if (entries != b->head.entries[map])
			return db_damaged(s, "link_block", err);
	}
	return b != NULL;
}
