/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - the write log: every write in its order, for a checker that knows
 * nothing of renkei.  store.c adds, the control path reads; one log for all
 * CRMs of the process, so that its order is the order of the world. */
#include "log.h"
#include "sim.h"

#include <stdlib.h>

struct entry {
	const struct object *object;         /* borrowed */
	struct block *block;                 /* owned, counted */
	char *key;                           /* owned; NULL: none */
	const char *op, *by;
	uint64_t id;
	int64_t ms, mono_us, updated_ms;
	uint32_t revision;
	bool changed;
};

static struct {
	struct entry *entries;               /* owned */
	size_t count, cap;
	FILE *file;                          /* borrowed */
	bool dropped;                        /* Nothing is kept in memory. */
	bool waiting;                        /* A transaction is open ... */
	size_t mark;                         /* ... since this entry. */
	uint64_t last;
} journal;

static void
write_values(struct buf *out, const struct entry *e)
{
	size_t at = 0;
	unsigned slot;
	struct text raw;
	bool first = true;

	buf_str(out, "{");
	while (block_next(e->block, &at, &slot, &raw)) {
		buf_comma(out, &first);
		buf_str(out, e->object->fields[slot]->quoted);
		buf_text(out, raw);
	}
	buf_str(out, "}");
}

static void
write_entry(struct buf *out, uint64_t seq, const struct entry *e)
{
	char shown[SIM_ID_BYTES];

	buf_fmt(out, "{\"seq\":%llu,\"ms\":%lld,\"mono_us\":%lld,\"crm\":\"%s\",",
		(unsigned long long)seq, (long long)e->ms, (long long)e->mono_us,
		e->object->crm->name);
	buf_str(out, "\"object\":");
	buf_quotez(out, e->object->name);
	buf_fmt(out, ",\"op\":\"%s\",\"by\":\"%s\",\"id\":\"%s\",\"key\":", e->op,
		e->by, sim_id(e->object->crm, e->id, shown));
	if (e->key)
		buf_quotez(out, e->key);
	else
		buf_str(out, "null");
	buf_str(out, ",\"version\":\"");
	e->object->crm->version(out, e->revision, e->updated_ms);
	buf_fmt(out, "\",\"changed\":%s,\"values\":", e->changed ? "true" : "false");
	write_values(out, e);
	buf_str(out, "}\n");
}

static void
to_file(uint64_t seq, const struct entry *e)
{
	struct buf line = { 0 };

	if (!journal.file)
		return;
	write_entry(&line, seq, e);
	fwrite(line.ptr, 1, line.len, journal.file);
	fflush(journal.file);
	buf_clear(&line);
}

void
log_add(const struct object *o, const struct record *r, const struct origin *by,
	bool changed)
{
	struct entry e = {
		.object = o, .block = r->now.block, .op = by->op, .by = by->by,
		.id = r->id, .ms = by->now_ms, .mono_us = sim_mono_us(),
		.updated_ms = r->now.updated_ms, .revision = r->now.revision,
		.changed = changed,
	};

	journal.last++;
	e.key = by->key.ptr ? sim_strdup(by->key) : NULL;
	if (!journal.waiting)
		to_file(journal.last, &e);
	if (journal.dropped && !journal.waiting) {
		free(e.key);
		return;
	}
	if (journal.count == journal.cap) {
		journal.cap = journal.cap ? journal.cap * 2 : 4096;
		journal.entries = sim_realloc(journal.entries,
					      journal.cap * sizeof *journal.entries);
	}
	block_hold(e.block);
	journal.entries[journal.count++] = e;
}

static void
cut(size_t count)
{
	while (journal.count > count) {
		struct entry *e = &journal.entries[--journal.count];

		block_drop(e->block);
		free(e->key);
	}
}

void
log_begin(void)
{
	journal.waiting = true;
	journal.mark = journal.count;
}

void
log_commit(void)
{
	uint64_t first = journal.last - (journal.count - journal.mark) + 1;

	for (size_t i = journal.mark; i < journal.count; i++)
		to_file(first + (i - journal.mark), &journal.entries[i]);
	if (journal.dropped)
		cut(journal.mark);
	journal.waiting = false;
}

void
log_rollback(void)
{
	journal.last -= journal.count - journal.mark;
	cut(journal.mark);
	journal.waiting = false;
}

void
log_write(struct buf *out, uint64_t from, uint64_t limit)
{
	for (uint64_t seq = from ? from : 1; seq <= journal.count && limit;
	     seq++, limit--)
		write_entry(out, seq, &journal.entries[seq - 1]);
}

uint64_t
log_last(void)
{
	return journal.last;
}

void
log_to(FILE *file)
{
	journal.file = file;
}

void
log_keep(bool keep)
{
	journal.dropped = !keep;
}

void
log_free(void)
{
	cut(0);
	free(journal.entries);
	journal.entries = NULL;
	journal.cap = 0;
}
