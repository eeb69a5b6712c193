/* SPDX-License-Identifier: Apache-2.0
 *
 * propose.c - see propose.h.  A field of the source serves once: those that are called
 * the same take theirs before those that are only labelled or meant alike. */
#include "mapping/propose.h"

#include <string.h>

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/meaning.h"

/* How a field is called, for comparing. */
struct called {
	struct rk_text name, label, meaning; /* Plain. */
	bool stated;                   /* The connector says what it means. */
	bool used;                     /* A source that has found its target. */
};

struct matching {
	const struct rk_schema *source, *target;
	const char *zone;              /* Of the source; NULL: not told. */
	struct called *from, *to;
	struct arena *arena;
	enum words_lang lang;
	struct proposals *out;
};

/* ---- Names -------------------------------------------------------------------- */

/* A label tells more than a name: HubSpot's "name" is labelled "Company name". */
static void
call_one(struct called *c, const struct rk_field *field, struct arena *arena)
{
	c->name = meaning_plain(field->name, arena);
	c->label = meaning_plain(field->label, arena);
	c->meaning = meaning_of_field(c->label);
	if (c->meaning.len == 0)
		c->meaning = meaning_of_field(c->name);
}

/* A word that we do not know stands for itself. */
static struct rk_text
meaning_stated(const char *text, struct arena *arena)
{
	struct rk_text word = meaning_plain(text_of(text), arena);
	struct rk_text known = meaning_of_field(word);
	return known.len > 0 ? known : word;
}

/* What the connector says goes before what fields are called. */
static void
call_stated(struct called *all, const struct proposal_side *side,
            const struct config_pair *usual, struct arena *arena)
{
	const struct rk_schema *schema = side->schema;
	struct rk_text meaning = meaning_stated(usual->from, arena);
	size_t at = 0;
	while (at < schema->field_count && !text_is(schema->fields[at].name, usual->to))
		at++;
	if (at == schema->field_count)
		return;
	for (size_t i = 0; i < schema->field_count; i++)
		if (!all[i].stated && text_eq(all[i].meaning, meaning))
			all[i].meaning = (struct rk_text){ 0 };
	all[at].meaning = meaning;
	all[at].stated = true;
}

static struct called *
call(const struct proposal_side *side, struct arena *arena)
{
	size_t count = side->schema->field_count;
	struct called *all = arena_new_array(arena, count, struct called);
	for (size_t i = 0; i < count; i++)
		call_one(&all[i], &side->schema->fields[i], arena);
	for (size_t i = 0; i < side->usual_count; i++)
		call_stated(all, side, &side->usual[i], arena);
	return all;
}

/* The ways to be alike, the surest first. */
static bool
same_stated(const struct called *a, const struct called *b)
{
	return a->stated && b->stated && text_eq(a->meaning, b->meaning);
}

static bool
same_name(const struct called *a, const struct called *b)
{
	return a->name.len > 0 && text_eq(a->name, b->name);
}

static bool
same_label(const struct called *a, const struct called *b)
{
	return (a->label.len > 0
	        && (text_eq(a->label, b->label) || text_eq(a->label, b->name)))
	       || (b->label.len > 0 && text_eq(a->name, b->label));
}

static bool
same_meaning(const struct called *a, const struct called *b)
{
	return a->meaning.len > 0 && text_eq(a->meaning, b->meaning);
}

static bool
near_meaning(const struct called *a, const struct called *b)
{
	return meaning_near(a->meaning, b->meaning);
}

/* ---- Fitting ------------------------------------------------------------------- */

static bool
share_a_column(const struct rk_field *from, const struct rk_field *to)
{
	for (size_t i = 0; i < from->column_count; i++)
		for (size_t k = 0; k < to->column_count; k++)
			if (text_eq(from->columns[i].name, to->columns[k].name)
			    && (to->columns[k].flags & RK_FIELD_WRITABLE) != 0)
				return true;
	return false;
}

/* How an option may be called at the target: just so, or a word for the same thing. */
static struct rk_text
counterpart(const struct rk_field *to, const struct rk_option *option,
            struct arena *arena)
{
	struct rk_text value = meaning_plain(option->value, arena), alike = { 0 };
	struct rk_text label = meaning_plain(option->label, arena);
	struct rk_text meaning = meaning_of_option(label.len > 0 ? label : value);
	for (size_t i = 0; i < to->option_count; i++) {
		struct rk_text a = meaning_plain(to->options[i].value, arena);
		struct rk_text b = meaning_plain(to->options[i].label, arena);
		if (text_eq(a, value) || text_eq(b, value) || text_eq(a, label)
		    || text_eq(b, label))
			return to->options[i].value;
		if (alike.len == 0 && meaning.len > 0
		    && text_eq(meaning_of_option(b.len > 0 ? b : a), meaning))
			alike = to->options[i].value;
	}
	return alike;
}

/* What is written for an option.  A text takes any; people read its label, and its value
 * may be no more than a number. */
static struct rk_text
written_for(const struct rk_field *to, const struct rk_option *option,
            struct arena *arena)
{
	struct rk_text found = counterpart(to, option, arena);
	if (found.len > 0 || to->type != RK_TEXT)
		return found;
	return option->label.len > 0 ? option->label : option->value;
}

/* Sets the value map, if the options are not the same anyway; false if none has a
 * counterpart. */
static bool
pair_options(struct proposal *p, struct arena *arena)
{
	const struct rk_field *from = p->from, *to = p->to;
	bool text = to->type == RK_TEXT;
	size_t same = 0, found = 0;
	/* An amount is hardly ever the name of an option, such as "1-5". */
	if (to->option_count > 0 && (from->type == RK_INTEGER || from->type == RK_DECIMAL))
		return false;
	if (from->option_count == 0 || (to->option_count == 0 && !text)
	    || (text && from->type != RK_CHOICE))
		return true;
	struct rk_option *pairs =
		arena_new_array(arena, from->option_count, struct rk_option);
	for (size_t i = 0; i < from->option_count; i++) {
		struct rk_text value = written_for(to, &from->options[i], arena);
		pairs[i] = (struct rk_option){ value, from->options[i].value };
		same += text_eq(value, from->options[i].value);
		found += value.len > 0;
	}
	if (same == from->option_count)
		return true;
	p->pairs = pairs;
	p->pair_count = from->option_count;
	return found > 0;
}

/* What makes one type of the other without a loss; NULL: nothing does.  A date that is
 * always there becomes its noon in UTC, which is the same day nearly everywhere. */
static const char *
converted(const struct matching *m, const struct rk_field *from,
          const struct rk_field *to)
{
	int len = (int)from->name.len;
	const char *name = from->name.ptr;
	if (from->type == RK_DATETIME && to->type == RK_DATE && m->zone != NULL)
		return arena_printf(m->arena, "%.*s | date(%s)", len, name, m->zone).ptr;
	if (from->type == RK_DATE && to->type == RK_DATETIME
	    && (from->flags & RK_FIELD_REQUIRED) != 0)
		return arena_printf(m->arena, "${%.*s}T12:00:00Z", len, name).ptr;
	if (from->type == RK_CHOICES && to->type == RK_TEXT)
		return arena_printf(m->arena, "%.*s | join(', ')", len, name).ptr;
	return NULL;
}

static bool
is_longer(const struct rk_field *from, const struct rk_field *to)
{
	return to->max_length >= 0
	       && (from->max_length < 0 || from->max_length > to->max_length)
	       && (from->type == RK_TEXT || from->type == RK_RICH);
}

/* NULL: it fits; the expression and the pairs are then set. */
static const char *
why_not(const struct matching *m, struct proposal *p)
{
	const struct rk_field *from = p->from, *to = p->to;
	if (from->unmappable.len > 0)
		return arena_text(m->arena, from->unmappable).ptr;
	const char *why = convert_why_not_in(m->lang, from->type, to->type);
	const char *way = why != NULL ? converted(m, from, to) : NULL;
	if (way != NULL)
		p->expression = way;
	else if (why != NULL)
		return why;
	if (from->type == RK_TABLE && !share_a_column(from, to))
		return word(m->lang, W_MAP_NO_COLUMN);
	return pair_options(p, m->arena) ? NULL : word(m->lang, W_MAP_NO_OPTION);
}

static void
fit(const struct matching *m, struct proposal *p, const struct rk_field *from)
{
	p->from = from;
	p->expression = arena_text(m->arena, from->name).ptr;
	p->longer = is_longer(from, p->to);
	p->why = why_not(m, p);
	p->kind = p->why == NULL ? PROPOSAL_MAPPED : PROPOSAL_UNFIT;
}

/* The source for one field of the target; one that fits before one that does not.  A
 * key that was made for us holds the id of a record and nothing else. */
static void
match_one(struct matching *m, size_t at,
          bool (*alike)(const struct called *, const struct called *))
{
	struct proposal *p = &m->out->rows[at], best = { .kind = PROPOSAL_ALONE };
	size_t used = 0;
	if (text_is(m->to[at].meaning, "renkeiid"))
		return;
	for (size_t i = 0; i < m->source->field_count; i++) {
		struct proposal tried = { .to = p->to };
		if (m->from[i].used || !alike(&m->from[i], &m->to[at]))
			continue;
		fit(m, &tried, &m->source->fields[i]);
		if (best.to == NULL || tried.kind < best.kind) {
			best = tried;
			used = i;
		}
	}
	if (best.to == NULL)
		return;
	*p = best;
	m->from[used].used = true;
}

/* ---- A name in two parts ------------------------------------------------------- */

static const struct rk_field *
source_meaning(const struct matching *m, const char *meaning, struct called **called)
{
	for (size_t i = 0; i < m->source->field_count; i++) {
		*called = &m->from[i];
		if (text_is(m->from[i].meaning, meaning)
		    && convert_why_not(m->source->fields[i].type, RK_TEXT) == NULL)
			return &m->source->fields[i];
	}
	return NULL;
}

/* The family's name goes first where the field is not called in English. */
static void
join_names(struct matching *m)
{
	struct called *a, *b;
	const struct rk_field *last = source_meaning(m, "lastname", &a);
	const struct rk_field *first = source_meaning(m, "firstname", &b);
	for (size_t i = 0; last != NULL && first != NULL && i < m->out->count; i++) {
		struct proposal *p = &m->out->rows[i];
		if (p->kind != PROPOSAL_ALONE || !text_is(m->to[i].meaning, "name")
		    || p->to->type != RK_TEXT)
			continue;
		bool english = text_ascii_prefix(p->to->name) == p->to->name.len;
		const struct rk_field *one = english ? first : last;
		const struct rk_field *two = english ? last : first;
		p->kind = PROPOSAL_MAPPED;
		p->expression = arena_printf(m->arena, "${%.*s} ${%.*s}",
		                             (int)one->name.len, one->name.ptr,
		                             (int)two->name.len, two->name.ptr).ptr;
		p->longer = is_longer(one, p->to) || is_longer(two, p->to);
		a->used = b->used = true;
		return;
	}
}

/* ---- All of it ----------------------------------------------------------------- */

/* The source's own id, which never changes, before an e-mail address, before all else
 * that could be the key. */
static int
key_worth(const struct matching *m, size_t at)
{
	const struct proposal *p = &m->out->rows[at];
	if (p->kind != PROPOSAL_MAPPED || (p->to->flags & RK_FIELD_KEY) == 0)
		return 0;
	const struct called *from =
		p->from != NULL ? &m->from[p->from - m->source->fields] : NULL;
	bool id = from != NULL && text_is(from->meaning, "id");
	return 1 + ((p->to->flags & RK_FIELD_REQUIRED) != 0)
	       + (id ? 4 : 2 * text_is(m->to[at].meaning, "email"));
}

/* A field made for the id of another system takes it, where nothing else is a key. */
static void
fill_external_id(struct matching *m)
{
	struct called *called;
	const struct rk_field *id = source_meaning(m, "id", &called);
	for (size_t i = 0; id != NULL && i < m->out->count; i++) {
		struct proposal *p = &m->out->rows[i];
		struct rk_text meaning = m->to[i].meaning;
		if (p->kind != PROPOSAL_ALONE || (p->to->flags & RK_FIELD_KEY) == 0
		    || !(text_is(meaning, "renkeiid") || text_is(meaning, "externalid")))
			continue;
		fit(m, p, id);
		called->used = true;
		m->out->key = p->kind == PROPOSAL_MAPPED ? p : NULL;
		return;
	}
	m->out->key_from = id;
	if (id != NULL)
		called->used = true;
}

static void
choose_key(struct matching *m)
{
	int best = 0;
	for (size_t i = 0; i < m->out->count; i++) {
		if (key_worth(m, i) <= best)
			continue;
		best = key_worth(m, i);
		m->out->key = &m->out->rows[i];
	}
	if (m->out->key == NULL)
		fill_external_id(m);
}

static void
list_unused(struct matching *m)
{
	size_t count = m->source->field_count;
	m->out->unused = arena_new_array(m->arena, count, const struct rk_field *);
	for (size_t i = 0; i < count; i++)
		if (!m->from[i].used)
			m->out->unused[m->out->unused_count++] = &m->source->fields[i];
}

void
propose(const struct proposal_side *source, const struct proposal_side *target,
        enum words_lang lang, struct arena *arena, struct proposals *out)
{
	static bool (*const ways[])(const struct called *, const struct called *) = {
		same_stated, same_name, same_label, same_meaning, near_meaning,
	};
	struct matching m = { .source = source->schema, .target = target->schema,
	                      .zone = source->zone, .arena = arena, .lang = lang,
	                      .from = call(source, arena), .to = call(target, arena),
	                      .out = out };
	*out = (struct proposals){ .count = target->schema->field_count };
	out->rows = arena_new_array(arena, out->count, struct proposal);
	for (size_t i = 0; i < out->count; i++) {
		const struct rk_field *f = &target->schema->fields[i];
		bool open = (f->flags & RK_FIELD_WRITABLE) != 0 && f->unmappable.len == 0;
		out->rows[i].to = f;
		out->rows[i].kind = open ? PROPOSAL_ALONE : PROPOSAL_CLOSED;
	}
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
		for (size_t i = 0; i < out->count; i++)
			if (out->rows[i].kind == PROPOSAL_ALONE)
				match_one(&m, i, ways[way]);
	join_names(&m);
	choose_key(&m);
	list_unused(&m);
}
