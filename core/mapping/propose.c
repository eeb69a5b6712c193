/* SPDX-License-Identifier: Apache-2.0
 *
 * propose.c - see propose.h.  A field of the source serves once: those that are called
 * the same take theirs before those that are only labelled or meant alike. */
#include "mapping/propose.h"

#include <string.h>

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/unicode.h"

/* Words for the same thing, as CRMs and their people call it, in the form that plain()
 * gives.  The first four rows are known by their number. */
enum { MEANS_EMAIL, MEANS_LAST, MEANS_FIRST, MEANS_WHOLE, MEANS_NOTHING = -1 };

static const char *const meanings[] = {
	[MEANS_EMAIL] = ("email mail emailaddress mailaddress メール メールアドレス "
	                 "eメール 電子メール"),
	[MEANS_LAST] = "lastname familyname surname 姓 苗字 名字",
	[MEANS_FIRST] = "firstname givenname 名",
	[MEANS_WHOLE] = "name fullname 氏名 名前 お名前 担当者名",
	"company companyname 会社 会社名 企業名 法人名 取引先 取引先名",
	"jobtitle title position 役職 肩書",
	"phone phonenumber tel telephone 電話 電話番号",
	"mobilephone mobilephonenumber mobile cellphone 携帯 携帯電話 携帯電話番号",
	"fax faxnumber ファックス fax番号",
	"website websiteurl url homepage ウェブ ウェブサイト ホームページ",
	"address streetaddress street 住所 番地",
	"zip zipcode postalcode 郵便番号",
	"city 市区町村",
	"state stateregion prefecture 都道府県",
	"country countryregion 国",
	"lifecyclestage stage 段階 ステージ",
	"numberofemployees numemployees employees 従業員数 社員数",
	"message note notes memo remarks description 備考 メモ 説明",
	"industry 業種 業界",
	"annualrevenue 年商 売上高",
	"amount 金額",
	"closedate 完了予定日 受注予定日",
	"dealname 案件名 商談名",
};

/* How a field is called, for comparing. */
struct called {
	struct rk_text name, label;
	int meaning;
	bool used;                     /* A source that has found its target. */
};

struct matching {
	const struct rk_schema *source, *target;
	struct called *from, *to;
	struct arena *arena;
	enum words_lang lang;
	struct proposals *out;
};

/* ---- Names -------------------------------------------------------------------- */

#define MIDDLE_DOT 0x30FB              /* Japanese writes it between foreign words. */

static int32_t
letters_only(int32_t c)
{
	c = unicode_lower(c);
	bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
	            || (c > 0xBF && c != MIDDLE_DOT);
	return kept ? c : -1;
}

/* Widths unified, lower case, without blanks and marks. */
static struct rk_text
plain(struct rk_text text, struct arena *arena)
{
	unicode_normal(&text, true, arena);
	return unicode_each(text, letters_only, arena);
}

static bool
has_word(const char *words, struct rk_text word)
{
	for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		if (len == word.len && memcmp(at, word.ptr, len) == 0)
			return true;
		at += len;
	}
	return false;
}

static int
meaning_of(struct rk_text word)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (has_word(meanings[i], word))
			return (int)i;
	return MEANS_NOTHING;
}

/* A label tells more than a name: HubSpot's "name" is labelled "Company name". */
static struct called *
call(const struct rk_schema *schema, struct arena *arena)
{
	struct called *all = arena_new_array(arena, schema->field_count, struct called);
	for (size_t i = 0; i < schema->field_count; i++) {
		all[i].name = plain(schema->fields[i].name, arena);
		all[i].label = plain(schema->fields[i].label, arena);
		all[i].meaning = meaning_of(all[i].label);
		if (all[i].meaning == MEANS_NOTHING)
			all[i].meaning = meaning_of(all[i].name);
	}
	return all;
}

/* The ways to be alike, the surest first. */
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
	return a->meaning != MEANS_NOTHING && a->meaning == b->meaning;
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

static struct rk_text
counterpart(const struct rk_field *to, const struct rk_option *option,
            struct arena *arena)
{
	struct rk_text value = plain(option->value, arena);
	struct rk_text label = plain(option->label, arena);
	for (size_t i = 0; i < to->option_count; i++) {
		struct rk_text a = plain(to->options[i].value, arena);
		struct rk_text b = plain(to->options[i].label, arena);
		if (text_eq(a, value) || text_eq(b, value) || text_eq(a, label)
		    || text_eq(b, label))
			return to->options[i].value;
	}
	return (struct rk_text){ 0 };
}

/* Sets the value map, if the options are not the same anyway; false if no option has
 * a counterpart. */
static bool
pair_options(struct proposal *p, struct arena *arena)
{
	const struct rk_field *from = p->from, *to = p->to;
	size_t same = 0, found = 0;
	if (from->option_count == 0 || to->option_count == 0)
		return true;
	struct rk_option *pairs =
		arena_new_array(arena, from->option_count, struct rk_option);
	for (size_t i = 0; i < from->option_count; i++) {
		struct rk_text value = counterpart(to, &from->options[i], arena);
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

static bool
is_longer(const struct rk_field *from, const struct rk_field *to)
{
	return to->max_length >= 0
	       && (from->max_length < 0 || from->max_length > to->max_length)
	       && (from->type == RK_TEXT || from->type == RK_RICH);
}

static void
fit(const struct matching *m, struct proposal *p, const struct rk_field *from)
{
	struct arena *arena = m->arena;
	p->from = from;
	p->expression = arena_text(arena, from->name).ptr;
	p->longer = is_longer(from, p->to);
	if (from->unmappable.len > 0)
		p->why = arena_text(arena, from->unmappable).ptr;
	else if ((p->why = convert_why_not_in(m->lang, from->type, p->to->type)) == NULL
	         && from->type == RK_TABLE && !share_a_column(from, p->to))
		p->why = word(m->lang, W_MAP_NO_COLUMN);
	else if (p->why == NULL && !pair_options(p, arena))
		p->why = word(m->lang, W_MAP_NO_OPTION);
	p->kind = p->why == NULL ? PROPOSAL_MAPPED : PROPOSAL_UNFIT;
}

/* The source for one field of the target; one that fits before one that does not. */
static void
match_one(struct matching *m, size_t at,
          bool (*alike)(const struct called *, const struct called *))
{
	struct proposal *p = &m->out->rows[at], best = { .kind = PROPOSAL_ALONE };
	size_t used = 0;
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
source_meaning(const struct matching *m, int meaning, struct called **called)
{
	for (size_t i = 0; i < m->source->field_count; i++) {
		*called = &m->from[i];
		if (m->from[i].meaning == meaning && m->source->fields[i].type == RK_TEXT)
			return &m->source->fields[i];
	}
	return NULL;
}

/* The family's name goes first where the field is not called in English. */
static void
join_names(struct matching *m)
{
	struct called *a, *b;
	const struct rk_field *last = source_meaning(m, MEANS_LAST, &a);
	const struct rk_field *first = source_meaning(m, MEANS_FIRST, &b);
	for (size_t i = 0; last != NULL && first != NULL && i < m->out->count; i++) {
		struct proposal *p = &m->out->rows[i];
		if (p->kind != PROPOSAL_ALONE || m->to[i].meaning != MEANS_WHOLE
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

/* An e-mail address before all that could be the key, then what is required. */
static void
choose_key(struct matching *m)
{
	int best = 0;
	for (size_t i = 0; i < m->out->count; i++) {
		const struct proposal *p = &m->out->rows[i];
		int worth = 1 + ((p->to->flags & RK_FIELD_REQUIRED) != 0)
		            + 2 * (m->to[i].meaning == MEANS_EMAIL);
		if (p->kind == PROPOSAL_MAPPED && (p->to->flags & RK_FIELD_KEY) != 0
		    && worth > best) {
			best = worth;
			m->out->key = p;
		}
	}
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
propose(const struct rk_schema *source, const struct rk_schema *target,
        enum words_lang lang, struct arena *arena, struct proposals *out)
{
	static bool (*const ways[])(const struct called *, const struct called *) = {
		same_name, same_label, same_meaning,
	};
	struct matching m = { .source = source, .target = target, .arena = arena,
	                      .lang = lang,
	                      .from = call(source, arena), .to = call(target, arena),
	                      .out = out };
	*out = (struct proposals){ .count = target->field_count };
	out->rows = arena_new_array(arena, out->count, struct proposal);
	for (size_t i = 0; i < out->count; i++) {
		const struct rk_field *f = &target->fields[i];
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
