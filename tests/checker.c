/* SPDX-License-Identifier: Apache-2.0
 *
 * checker.c - see checker.h.
 *
 * Each source record is a list of versions: what the target should hold after
 * each edit, as one text, the "image".  Each write at the target is looked up
 * among all images.  What is found nowhere is a phantom; what is found at an
 * older version than the target record held before is stale. */
#include "tests/checker.h"

#include <stdlib.h>
#include <string.h>

#include "tests/image.h"
#include "tests/loopback.h"
#include "tests/names.h"

#define NONE SIZE_MAX
#define FAULTS_KEPT 200
#define LINES_A_CALL "4000"

struct version {
	char *image, *key;             /* owned */
	uint64_t seq;
};

struct source {
	char *id;                      /* owned */
	struct version *versions;      /* owned, in the order of the source */
	size_t count;
	bool live, exempt;
};

struct target {
	char *id;                      /* owned */
	char *image, *key;             /* owned: as it stands */
	bool live;
	bool foreign;                  /* Last changed by somebody else than the sync. */
	size_t source, version;        /* What it is an image of; NONE: not known. */
};

struct written {                       /* For checker_print_record. */
	uint64_t seq;
	int64_t ms;
	size_t target, source, version;
};

struct fault {
	const char *word;
	size_t source;
	char *what;                    /* owned */
};

struct checker {
	const struct checker_rule *rule;
	uint64_t last_seq;
	struct source *sources;        /* owned */
	struct target *targets;        /* owned */
	struct written *written;       /* owned */
	size_t source_count, target_count, written_count;
	struct names source_ids, target_ids;
	struct names images;           /* To source records. */
	struct fault faults[FAULTS_KEPT];
	size_t fault_count;
	size_t lost, stale, phantom;
};

/* Room for one more after 'count' things; grows by powers of two. */
static void *
with_room(void *things, size_t count, size_t size)
{
	if (count != 0 && (count < 16 || (count & (count - 1)) != 0))
		return things;
	things = realloc(things, (count < 16 ? 16 : count * 2) * size);
	if (things == NULL)
		abort();
	return things;
}

/* An image is shown with bars between its fields. */
static void
show(char *text)
{
	for (; *text != '\0'; text++)
		if (*text == IMAGE_BORDER)
			*text = '|';
}

/* ---- What the log tells ---------------------------------------------------- */

static void
note_fault(struct checker *c, const char *word, size_t source, uint64_t seq,
           const char *image)
{
	if (c->fault_count == FAULTS_KEPT)
		return;
	char what[600];
	snprintf(what, sizeof what, "log entry %llu wrote %.500s",
		 (unsigned long long)seq, image);
	show(what);
	c->faults[c->fault_count++] = (struct fault){ word, source, names_copy(what) };
}

static size_t
source_at(struct checker *c, const char *id)
{
	const struct names_entry *e = names_next(&c->source_ids, NULL, id);
	if (e != NULL)
		return e->number;
	c->sources = with_room(c->sources, c->source_count, sizeof *c->sources);
	c->sources[c->source_count] = (struct source){ .id = names_copy(id) };
	names_add(&c->source_ids, id, c->source_count);
	return c->source_count++;
}

static size_t
target_at(struct checker *c, const char *id)
{
	const struct names_entry *e = names_next(&c->target_ids, NULL, id);
	if (e != NULL)
		return e->number;
	c->targets = with_room(c->targets, c->target_count, sizeof *c->targets);
	c->targets[c->target_count] = (struct target){ .id = names_copy(id),
						       .source = NONE };
	names_add(&c->target_ids, id, c->target_count);
	return c->target_count++;
}

static bool
is_end(const char *op)
{
	return strcmp(op, "archive") == 0 || strcmp(op, "delete") == 0;
}

static void
add_version(struct checker *c, size_t at, char *image, char *key, uint64_t seq)
{
	struct source *s = &c->sources[at];
	/* An edit of what is not mapped makes no version. */
	if (s->count > 0 && strcmp(s->versions[s->count - 1].image, image) == 0) {
		free(image);
		free(key);
		return;
	}
	s->versions = with_room(s->versions, s->count, sizeof *s->versions);
	s->versions[s->count++] = (struct version){ image, key, seq };
	names_add(&c->images, image, at);
}

void
checker_source(struct checker *c, const char *id, const char *op, const cJSON *values)
{
	size_t at = source_at(c, id);
	c->sources[at].live = !is_end(op);
	if (is_end(op))
		return;
	char *key = image_key(image_text(values, c->rule->fields[0].from));
	add_version(c, at, image_of(c->rule, values, true), key, c->last_seq);
}

/* The version of source 's' with this image: the oldest one from 'from' on, or
 * the newest one before. */
static size_t
version_of(const struct source *s, const char *image, size_t from)
{
	for (size_t i = from; i < s->count; i++)
		if (strcmp(s->versions[i].image, image) == 0)
			return i;
	for (size_t i = from < s->count ? from : s->count; i-- > 0;)
		if (strcmp(s->versions[i].image, image) == 0)
			return i;
	return NONE;
}

/* Which source record has this image; the one that it had before comes first. */
static size_t
source_of(const struct checker *c, const struct target *t, const char *image)
{
	size_t found = NONE;
	for (const struct names_entry *e = names_next(&c->images, NULL, image); e != NULL;
	     e = names_next(&c->images, e, image)) {
		if (e->number == t->source)
			return e->number;
		found = e->number;
	}
	return found;
}

static void
note_written(struct checker *c, size_t at, uint64_t seq, int64_t ms)
{
	const struct target *t = &c->targets[at];
	c->written = with_room(c->written, c->written_count, sizeof *c->written);
	c->written[c->written_count++] =
		(struct written){ seq, ms, at, t->source, t->version };
}

/* A write of the sync: of which version of which source record? */
static void
judge_write(struct checker *c, struct target *t, const char *image, uint64_t seq)
{
	size_t source = source_of(c, t, image);
	if (source == NONE) {
		c->phantom++;
		note_fault(c, "phantom", t->source, seq, image);
		return;
	}
	size_t before = source == t->source ? t->version : 0;
	size_t version = version_of(&c->sources[source], image, before);
	if (version < before) {
		c->stale++;
		note_fault(c, "stale", source, seq, image);
	}
	t->source = source;
	t->version = version;
}

static void
take_target(struct checker *c, const char *id, const char *op, bool by_sync,
            const cJSON *values, int64_t ms)
{
	size_t at = target_at(c, id);
	struct target *t = &c->targets[at];
	t->live = !is_end(op);
	t->foreign = !by_sync;
	if (is_end(op))
		return;
	free(t->image);
	free(t->key);
	t->image = image_of(c->rule, values, false);
	t->key = image_key(image_text(values, c->rule->fields[0].to));
	if (!by_sync)
		return;
	judge_write(c, t, t->image, c->last_seq);
	note_written(c, at, c->last_seq, ms);
}

void
checker_target(struct checker *c, const char *id, const char *op, const cJSON *values)
{
	take_target(c, id, op, strcmp(op, "load") != 0, values, 0);
}

void
checker_lost(struct checker *c, const char *what)
{
	c->lost++;
	note_fault(c, "lost", NONE, c->last_seq, what);
}

static bool
is(const cJSON *line, const char *name, const char *wanted)
{
	return strcmp(image_text(line, name), wanted) == 0;
}

static bool
take(struct checker *c, const cJSON *line)
{
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(line, "values");
	double seq = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(line, "seq"));
	const char *id = image_text(line, "id"), *op = image_text(line, "op");
	if (!(seq == (double)(c->last_seq + 1)) || id[0] == '\0' || op[0] == '\0'
	    || !cJSON_IsObject(values))
		return false;
	c->last_seq++;
	if (is(line, "crm", c->rule->from_crm)
	    && is(line, "object", c->rule->from_object))
		checker_source(c, id, op, values);
	else if (is(line, "crm", c->rule->to_crm)
		 && is(line, "object", c->rule->to_object))
		take_target(c, id, op, is(line, "by", "api"), values,
		            (int64_t)cJSON_GetNumberValue(
		                    cJSON_GetObjectItemCaseSensitive(line, "ms")));
	return true;
}

bool
checker_add(struct checker *c, const char *line)
{
	cJSON *parsed = cJSON_Parse(line);
	bool taken = parsed != NULL && take(c, parsed);
	cJSON_Delete(parsed);
	return taken;
}

static bool
add_lines(struct checker *c, char *lines)
{
	for (char *line = lines, *end; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			return false;
		*end = '\0';
		if (!checker_add(c, line))
			return false;
	}
	return true;
}

bool
checker_read(struct checker *c, uint16_t port)
{
	for (;;) {
		char path[100];
		snprintf(path, sizeof path, "/_control/log?from=%llu&limit=" LINES_A_CALL,
		         (unsigned long long)c->last_seq + 1);
		char *lines = loopback_ask(port, path, NULL);
		if (lines == NULL)
			return false;
		bool more = lines[0] != '\0', sound = add_lines(c, lines);
		free(lines);
		if (!more || !sound)
			return sound;
	}
}

/* ---- The verdict ----------------------------------------------------------- */

struct verdict {
	const struct checker *c;
	struct checker_counts *counts;
	checker_tell_fn *tell;
	void *with;
	size_t *best_of;               /* owned: a source's newest live target; or NONE */
	struct names keys;             /* Of live targets. */
};

static void
tell(const struct verdict *v, const char *word, size_t source, const char *what)
{
	if (v->tell != NULL)
		v->tell(v->with, word, source != NONE ? v->c->sources[source].id : "",
			what);
}

static void
judge_target(struct verdict *v, size_t at)
{
	const struct target *t = &v->c->targets[at];
	char what[300];
	if (!t->live)
		return;
	v->counts->targets++;
	const struct names_entry *twin = t->key[0] != '\0'
					     ? names_next(&v->keys, NULL, t->key)
					     : NULL;
	size_t best = t->source != NONE ? v->best_of[t->source] : NONE;
	if (twin != NULL || best != NONE) {
		size_t other = twin != NULL ? twin->number : best;
		snprintf(what, sizeof what,
			 "records %s and %s of the target are one, key %.200s",
			 v->c->targets[other].id, t->id, t->key);
		v->counts->doubled++;
		tell(v, "doubled", t->source, what);
	}
	names_add(&v->keys, t->key, at);
	if (t->source != NONE
	    && (best == NONE || v->c->targets[best].version < t->version))
		v->best_of[t->source] = at;
}

/* Another source record has its key, and is at the target with it. */
static bool
key_is_taken(const struct verdict *v, size_t source, const char *key)
{
	const struct names_entry *e = NULL;
	while ((e = names_next(&v->keys, e, key)) != NULL) {
		size_t owner = v->c->targets[e->number].source;
		if (owner == NONE || owner == source || !v->c->sources[owner].live)
			continue;
		const struct source *o = &v->c->sources[owner];
		if (strcmp(o->versions[o->count - 1].key, key) == 0)
			return true;
	}
	return false;
}

static void
judge_source(struct verdict *v, size_t at)
{
	const struct source *s = &v->c->sources[at];
	char what[600];
	if (!s->live || s->count == 0)
		return;
	v->counts->sources++;
	const struct version *newest = &s->versions[s->count - 1];
	const struct target *t =
		v->best_of[at] != NONE ? &v->c->targets[v->best_of[at]] : NULL;
	if (s->exempt || newest->key[0] == '\0' || (t != NULL && t->foreign)
	    || (t != NULL && strcmp(t->image, newest->image) == 0)
	    || key_is_taken(v, at, newest->key))
		return;
	v->counts->lost++;
	snprintf(what, sizeof what, "the target should have %.200s, but has %.200s",
	         newest->image, t != NULL ? t->image : "no record");
	show(what);
	tell(v, "lost", at, what);
	if (t != NULL && strcmp(s->versions[t->version].image, t->image) == 0) {
		v->counts->stale++;
		tell(v, "stale", at, "the target stands still at an older version");
	}
}

size_t
checker_writes(const struct checker *c)
{
	return c->written_count;
}

void
checker_judge(const struct checker *c, struct checker_counts *counts,
              checker_tell_fn *tell_it, void *with)
{
	struct verdict v = { .c = c, .counts = counts, .tell = tell_it, .with = with };
	*counts = (struct checker_counts){ .lost = c->lost, .stale = c->stale,
	                                   .phantom = c->phantom,
	                                   .writes = c->written_count };
	v.best_of = malloc((c->source_count + 1) * sizeof *v.best_of);
	if (v.best_of == NULL)
		abort();
	for (size_t i = 0; i < c->source_count; i++)
		v.best_of[i] = NONE;
	for (size_t i = 0; i < c->fault_count; i++)
		tell(&v, c->faults[i].word, c->faults[i].source, c->faults[i].what);
	for (size_t i = 0; i < c->target_count; i++)
		judge_target(&v, i);
	for (size_t i = 0; i < c->source_count; i++)
		judge_source(&v, i);
	free(v.best_of);
	names_free(&v.keys);
}

size_t
checker_faults(const struct checker_counts *counts)
{
	return counts->lost + counts->doubled + counts->stale + counts->phantom;
}

void
checker_print_record(const struct checker *c, const char *source_id, FILE *out)
{
	const struct names_entry *e = names_next(&c->source_ids, NULL, source_id);
	if (e == NULL)
		return;
	const struct source *s = &c->sources[e->number];
	fprintf(out, "source record %s, %s\n", s->id, s->live ? "live" : "deleted");
	for (size_t i = 0; i < s->count; i++) {
		char *image = names_copy(s->versions[i].image);
		show(image);
		fprintf(out, "  version %zu at log entry %llu: %s\n", i,
		        (unsigned long long)s->versions[i].seq, image);
		free(image);
	}
	for (size_t i = 0; i < c->written_count; i++) {
		const struct written *w = &c->written[i];
		if (w->source == e->number)
			fprintf(out,
				"  log entry %llu at %lld ms: version %zu -> target %s\n",
				(unsigned long long)w->seq, (long long)w->ms, w->version,
				c->targets[w->target].id);
	}
}

/* ---- Life ------------------------------------------------------------------ */

struct checker *
checker_new(const struct checker_rule *rule)
{
	struct checker *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->rule = rule;
	return c;
}

void
checker_exempt(struct checker *c, const char *source_id)
{
	c->sources[source_at(c, source_id)].exempt = true;
}

static void
free_source(struct source *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->versions[i].image);
		free(s->versions[i].key);
	}
	free(s->versions);
	free(s->id);
}

void
checker_free(struct checker *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->source_count; i++)
		free_source(&c->sources[i]);
	for (size_t i = 0; i < c->target_count; i++) {
		free(c->targets[i].id);
		free(c->targets[i].image);
		free(c->targets[i].key);
	}
	for (size_t i = 0; i < c->fault_count; i++)
		free(c->faults[i].what);
	free(c->sources);
	free(c->targets);
	free(c->written);
	names_free(&c->source_ids);
	names_free(&c->target_ids);
	names_free(&c->images);
	free(c);
}
