/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - objects, records, versions and unique keys of a simulated CRM; see
 * store.h.  The write log is in log.c, which store.c tells of every write.
 * Called by the CRMs and by the control path. */
#include "log.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

/* ---- Names of fields ---------------------------------------------------- */

static uint64_t
hash_name(struct text t)
{
	uint64_t h = FNV_BASIS;

	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (unsigned char)t.ptr[i]) * FNV_PRIME;
	return h ^ h >> 32;
}

static void
names_put(struct object *o, const struct field *f)
{
	size_t i = hash_name(text_of(f->name)) & (o->names_cap - 1);

	while (o->names[i])
		i = (i + 1) & (o->names_cap - 1);
	o->names[i] = f->slot + 1;
}

static void
names_grow(struct object *o)
{
	o->names_cap = o->names_cap ? o->names_cap * 2 : 64;
	free(o->names);
	o->names = sim_alloc(o->names_cap * sizeof *o->names);
	for (size_t i = 0; i < o->field_count; i++)
		names_put(o, o->fields[i]);
}

struct field *
object_field(const struct object *o, struct text name)
{
	if (!o->names_cap)
		return NULL;
	size_t i = hash_name(name) & (o->names_cap - 1);
	for (; o->names[i]; i = (i + 1) & (o->names_cap - 1))
		if (text_is(name, o->fields[o->names[i] - 1]->name))
			return o->fields[o->names[i] - 1];
	return NULL;
}

struct field *
object_add_field(struct object *o, struct text name)
{
	struct field *f = object_field(o, name);
	struct buf quoted = { 0 };

	if (f)
		return f;
	f = sim_alloc(sizeof *f);
	f->name = sim_strdup(name);
	buf_quote(&quoted, name);
	buf_str(&quoted, ":");
	f->quoted = quoted.ptr;
	f->slot = (unsigned)o->field_count;
	o->fields = sim_realloc(o->fields, (o->field_count + 1) * sizeof(void *));
	o->fields[o->field_count++] = f;
	if (o->field_count * 2 > o->names_cap)
		names_grow(o);
	else
		names_put(o, f);
	return f;
}

void
field_add_option(struct field *f, struct text option)
{
	if (field_has_option(f, option))
		return;
	f->options = sim_realloc(f->options, (f->option_count + 1) * sizeof(char *));
	f->options[f->option_count++] = sim_strdup(option);
}

bool
field_remove_option(struct field *f, struct text option)
{
	for (size_t i = 0; i < f->option_count; i++) {
		if (!text_is(option, f->options[i]))
			continue;
		free(f->options[i]);
		memmove(f->options + i, f->options + i + 1,
			(f->option_count - i - 1) * sizeof(char *));
		f->option_count--;
		return true;
	}
	return false;
}

bool
field_has_option(const struct field *f, struct text option)
{
	for (size_t i = 0; i < f->option_count; i++)
		if (text_is(option, f->options[i]))
			return true;
	return false;
}

/* ---- Blocks of values --------------------------------------------------- */

struct block *
block_hold(struct block *b)
{
	if (b)
		b->refs++;
	return b;
}

void
block_drop(struct block *b)
{
	if (b && --b->refs == 0)
		free(b);
}

bool
block_next(const struct block *b, size_t *at, unsigned *slot, struct text *raw)
{
	uint32_t head[2];

	if (!b || *at >= b->bytes)
		return false;
	memcpy(head, b->data + *at, sizeof head);
	*slot = head[0];
	*raw = (struct text){ b->data + *at + sizeof head, head[1] };
	*at += sizeof head + head[1];
	return true;
}

struct text
block_get(const struct block *b, const struct field *f)
{
	size_t at = 0;
	unsigned slot;
	struct text raw;

	while (block_next(b, &at, &slot, &raw) && slot <= f->slot)
		if (slot == f->slot)
			return raw;
	return (struct text){ 0 };
}

static struct block *
block_pack(const struct text *values, size_t count)
{
	size_t bytes = 0, at = 0;

	for (size_t i = 0; i < count; i++)
		bytes += values[i].len ? values[i].len + 8 : 0;
	struct block *b = sim_alloc(sizeof *b + bytes);
	b->refs = 1;
	b->bytes = (uint32_t)bytes;
	for (size_t i = 0; i < count; i++) {
		uint32_t head[2] = { (uint32_t)i, (uint32_t)values[i].len };

		if (!values[i].len)
			continue;
		memcpy(b->data + at, head, sizeof head);
		memcpy(b->data + at + sizeof head, values[i].ptr, values[i].len);
		at += sizeof head + values[i].len;
	}
	return b;
}

/* A new block: 'old' with the changes laid over; '*changed' if it differs. */
static struct block *
block_merge(const struct object *o, const struct block *old, const struct change *changes,
	    size_t count, bool *changed)
{
	struct text *values = sim_alloc((o->field_count + 1) * sizeof *values);
	size_t at = 0;
	unsigned slot;
	struct text raw;

	while (block_next(old, &at, &slot, &raw))
		values[slot] = raw;
	*changed = false;
	for (size_t i = 0; i < count; i++) {
		struct text *v = &values[changes[i].field->slot];

		*changed |= !text_equal(*v, changes[i].raw);
		*v = changes[i].raw;
	}
	struct block *b = block_pack(values, o->field_count);
	free(values);
	return b;
}

/* ---- Unique keys -------------------------------------------------------- */

struct index_slot {
	uint64_t hash;
	struct record *record;               /* borrowed; GRAVE: was removed. */
};

struct index {
	struct index_slot *slots;            /* owned */
	size_t cap, used, graves;
	const struct field *field;           /* borrowed */
};

static struct record grave;

static struct text
bare(struct text raw)
{
	if (raw.len >= 2 && raw.ptr[0] == '"')
		return (struct text){ raw.ptr + 1, raw.len - 2 };
	return raw;
}

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* The key inside a raw value; empty: none. */
static struct text
key_of(const struct object *o, struct text raw)
{
	struct text key = bare(raw);

	return o->fold_keys ? text_trim(key) : key;
}

static bool
keys_equal(const struct object *o, struct text a, struct text b)
{
	if (!o->fold_keys)
		return text_equal(a, b);
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fold(a.ptr[i]) != fold(b.ptr[i]))
			return false;
	return true;
}

static uint64_t
key_hash(const struct object *o, struct text key)
{
	uint64_t h = FNV_BASIS;

	for (size_t i = 0; i < key.len; i++) {
		char c = o->fold_keys ? fold(key.ptr[i]) : key.ptr[i];

		h = (h ^ (unsigned char)c) * FNV_PRIME;
	}
	return h ^ h >> 32;
}

static void
index_place(struct index *x, uint64_t hash, struct record *r)
{
	size_t i = hash & (x->cap - 1);

	while (x->slots[i].record)
		i = (i + 1) & (x->cap - 1);
	x->slots[i] = (struct index_slot){ hash, r };
	x->used++;
}

static void
index_grow(struct index *x)
{
	struct index_slot *old = x->slots;
	size_t cap = x->cap;

	if (!cap)
		x->cap = 1024;
	else if (x->graves < x->used / 2)
		x->cap *= 2;
	x->slots = sim_alloc(x->cap * sizeof *x->slots);
	x->used = x->graves = 0;
	for (size_t i = 0; i < cap; i++)
		if (old[i].record && old[i].record != &grave)
			index_place(x, old[i].hash, old[i].record);
	free(old);
}

static struct record *
index_find(const struct object *o, const struct index *x, struct text key)
{
	if (!key.len || !x->cap)
		return NULL;
	uint64_t hash = key_hash(o, key);
	size_t i = hash & (x->cap - 1);
	for (; x->slots[i].record; i = (i + 1) & (x->cap - 1)) {
		struct record *r = x->slots[i].record;

		if (r == &grave || x->slots[i].hash != hash)
			continue;
		if (keys_equal(o, key_of(o, block_get(r->now.block, x->field)), key))
			return r;
	}
	return NULL;
}

static void
index_add(struct object *o, struct index *x, struct record *r)
{
	struct text key = key_of(o, block_get(r->now.block, x->field));

	if (!key.len || r->gone || r->now.archived)
		return;
	if (index_find(o, x, key))
		o->doubled = true;
	if (x->used * 2 >= x->cap)
		index_grow(x);
	index_place(x, key_hash(o, key), r);
}

/* Takes 'r' out, which still has the value that it was put in with. */
static void
index_remove(const struct object *o, struct index *x, const struct record *r)
{
	struct text key = key_of(o, block_get(r->now.block, x->field));

	if (!key.len || !x->cap)
		return;
	uint64_t hash = key_hash(o, key);
	size_t i = hash & (x->cap - 1);
	for (; x->slots[i].record; i = (i + 1) & (x->cap - 1)) {
		if (x->slots[i].record == r) {
			x->slots[i].record = &grave;
			x->graves++;
			return;
		}
	}
}

struct record *
object_by_key(const struct object *o, const struct field *f, struct text key)
{
	struct buf quoted = { 0 };

	if (!f->index)
		return NULL;
	buf_quote(&quoted, o->fold_keys ? text_trim(key) : key);
	struct record *r = index_find(o, f->index, bare(buf_view(&quoted)));
	buf_clear(&quoted);
	return r;
}

/* Takes 'r' out of the indexes whose value will differ in block 'then'; NULL:
 * out of all. */
static void
indexes_remove(const struct object *o, const struct record *r, const struct block *then)
{
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];

		if (f->index && (!then || !text_equal(block_get(r->now.block, f),
						      block_get(then, f))))
			index_remove(o, f->index, r);
	}
}

/* Puts 'r' into the indexes whose value differed in block 'before'. */
static void
indexes_add(struct object *o, struct record *r, const struct block *before)
{
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];

		if (f->index &&
		    !text_equal(block_get(r->now.block, f), block_get(before, f)))
			index_add(o, f->index, r);
	}
}

void
object_index(struct object *o, struct field *f)
{
	if (f->index)
		return;
	f->flags |= FIELD_UNIQUE;
	f->index = sim_alloc(sizeof *f->index);
	f->index->field = f;
	for (size_t i = 0; i < o->count; i++)
		index_add(o, f->index, o->records[i]);
}

/* ---- Records ------------------------------------------------------------ */

size_t
object_seek(const struct object *o, uint64_t id)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->records[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct record *
object_record(const struct object *o, uint64_t id)
{
	size_t i = object_seek(o, id);

	if (i == o->count || o->records[i]->id != id || o->records[i]->gone)
		return NULL;
	return o->records[i];
}

static void
versions_free(struct version *v)
{
	while (v) {
		struct version *older = v->older;

		block_drop(v->block);
		free(v);
		v = older;
	}
}

const struct version *
record_seen(const struct record *r, int64_t now_ms, int64_t lag_ms)
{
	const struct version *v = &r->now;

	if (r->gone || r->visible_ms > now_ms)
		return NULL;
	while (v && v->written_ms + lag_ms > now_ms)
		v = v->older;
	return v;
}

/* Keeps what stands now as an older version, as long as the lag may show it. */
static void
keep_version(const struct object *o, struct record *r, int64_t now_ms)
{
	if (o->lag_ms <= 0) {
		block_drop(r->now.block);
		return;
	}
	struct version *old = sim_alloc(sizeof *old);
	*old = r->now;
	r->now.older = old;
	for (struct version *v = old; v; v = v->older) {
		if (v->written_ms + o->lag_ms > now_ms)
			continue;
		versions_free(v->older);
		v->older = NULL;
	}
}

static void
insert_record(struct object *o, struct record *r)
{
	if (o->count == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 1024;
		o->records = sim_realloc(o->records, o->cap * sizeof(void *));
	}
	size_t at = o->count && o->records[o->count - 1]->id < r->id ?
		o->count : object_seek(o, r->id);
	memmove(o->records + at + 1, o->records + at,
		(o->count - at) * sizeof(void *));
	o->records[at] = r;
	o->count++;
	o->live++;
	if (r->id > o->last_id)
		o->last_id = r->id;
}

/* ---- Undoing ------------------------------------------------------------ */

/* How one record stood before a write of the open transaction. */
struct undo {
	struct object *object;               /* borrowed */
	struct record *record;               /* borrowed */
	struct version was;                  /* block: owned, counted */
	bool created, gone;
};

static struct {
	struct undo *list;                   /* owned */
	size_t count, cap;
	bool open;
} transaction;

static void
note_undo(struct object *o, struct record *r, bool created)
{
	if (!transaction.open)
		return;
	if (transaction.count == transaction.cap) {
		transaction.cap = transaction.cap ? transaction.cap * 2 : 64;
		transaction.list = sim_realloc(transaction.list, transaction.cap *
					       sizeof *transaction.list);
	}
	transaction.list[transaction.count++] = (struct undo){
		.object = o, .record = r, .was = r->now, .created = created,
		.gone = r->gone,
	};
	block_hold(r->now.block);
}

static void
forget_record(struct object *o, struct record *r)
{
	size_t at = object_seek(o, r->id);

	memmove(o->records + at, o->records + at + 1,
		(o->count - at - 1) * sizeof(void *));
	o->count--;
	o->live--;
	versions_free(r->now.older);
	block_drop(r->now.block);
	free(r);
}

static void
undo_one(struct undo *u)
{
	struct record *r = u->record;

	if (!r->gone)
		indexes_remove(u->object, r, NULL);
	block_drop(u->created ? u->was.block : r->now.block);
	u->object->edition++;
	if (u->created) {
		forget_record(u->object, r);
		return;
	}
	u->object->live += (size_t)r->gone;
	r->now.block = u->was.block;
	r->now.updated_ms = u->was.updated_ms;
	r->now.written_ms = u->was.written_ms;
	r->now.revision = u->was.revision;
	r->gone = u->gone;
	indexes_add(u->object, r, NULL);
}

void
store_begin(void)
{
	transaction.open = true;
	log_begin();
}

void
store_commit(void)
{
	for (size_t i = 0; i < transaction.count; i++)
		block_drop(transaction.list[i].was.block);
	transaction.count = 0;
	transaction.open = false;
	log_commit();
}

void
store_rollback(void)
{
	while (transaction.count)
		undo_one(&transaction.list[--transaction.count]);
	transaction.open = false;
	log_rollback();
}

/* ---- Writing ------------------------------------------------------------ */

static bool
id_taken(const struct object *o, uint64_t id)
{
	size_t i = object_seek(o, id);

	return i < o->count && o->records[i]->id == id;
}

static int64_t
stamp_of(const struct origin *by)
{
	return by->updated_ms ? by->updated_ms : by->now_ms;
}

static int64_t
written_of(const struct origin *by)
{
	return by->settled ? stamp_of(by) : by->now_ms;
}

struct record *
store_create(struct object *o, uint64_t id, const struct change *changes, size_t count,
	     const struct origin *by)
{
	struct record *r = sim_alloc(sizeof *r);
	bool changed;

	r->id = id && !id_taken(o, id) ? id : o->last_id + 1;
	r->created_ms = stamp_of(by);
	r->now = (struct version){
		.block = block_merge(o, NULL, changes, count, &changed),
		.updated_ms = stamp_of(by), .written_ms = written_of(by), .revision = 1,
	};
	insert_record(o, r);
	indexes_add(o, r, NULL);
	note_undo(o, r, true);
	o->edition++;
	log_add(o, r, by, true);
	return r;
}

bool
store_update(struct object *o, struct record *r, const struct change *changes,
	     size_t count, const struct origin *by)
{
	bool changed;
	note_undo(o, r, false);
	struct block *before = block_hold(r->now.block);
	struct block *b = block_merge(o, before, changes, count, &changed);

	indexes_remove(o, r, b);
	keep_version(o, r, by->now_ms);
	r->now.block = b;
	r->now.updated_ms = stamp_of(by);
	r->now.written_ms = written_of(by);
	r->now.revision++;
	if (!r->now.archived)
		indexes_add(o, r, before);
	block_drop(before);
	o->edition++;
	log_add(o, r, by, changed);
	return changed;
}

bool
store_archive(struct object *o, struct record *r, const struct origin *by)
{
	if (r->now.archived || r->gone)
		return false;
	indexes_remove(o, r, NULL);
	struct block *b = block_hold(r->now.block);
	keep_version(o, r, by->now_ms);
	r->now.block = b;
	r->now.archived = true;
	r->now.written_ms = by->now_ms;
	r->archived_ms = by->now_ms;
	o->live--;
	o->edition++;
	log_add(o, r, by, true);
	return true;
}

/* Out of the recycle bin; its time of change moves. */
bool
store_restore(struct object *o, struct record *r, const struct origin *by)
{
	if (!r->now.archived || r->gone)
		return false;
	struct block *b = block_hold(r->now.block);
	keep_version(o, r, by->now_ms);
	r->now.block = b;
	r->now.archived = false;
	r->now.written_ms = r->now.updated_ms = by->now_ms;
	indexes_add(o, r, NULL);
	o->live++;
	o->edition++;
	log_add(o, r, by, false);
	return true;
}

void
store_delete(struct object *o, struct record *r, const struct origin *by)
{
	if (r->gone)
		return;
	note_undo(o, r, false);
	indexes_remove(o, r, NULL);
	o->live -= !r->now.archived;
	r->gone = true;
	o->edition++;
	log_add(o, r, by, true);
	versions_free(r->now.older);
	r->now.older = NULL;
}

/* ---- Objects ------------------------------------------------------------ */

struct object *
object_new(const struct crm *crm, const char *name)
{
	struct object *o = sim_alloc(sizeof *o);

	o->crm = crm;
	o->name = sim_strdup(text_of(name));
	return o;
}

static void
field_free(struct field *f)
{
	for (size_t i = 0; i < f->option_count; i++)
		free(f->options[i]);
	free(f->options);
	if (f->index)
		free(f->index->slots);
	free(f->index);
	free((char *)(uintptr_t)f->definition.ptr);
	free(f->rules);
	free(f->quoted);
	free(f->name);
	free(f);
}

void
object_free(struct object *o)
{
	for (size_t i = 0; i < o->count; i++) {
		versions_free(o->records[i]->now.older);
		block_drop(o->records[i]->now.block);
		free(o->records[i]);
	}
	for (size_t i = 0; i < o->field_count; i++)
		field_free(o->fields[i]);
	free(o->records);
	free(o->fields);
	free(o->names);
	free(o->extra);
	free(o->name);
	free(o);
}
