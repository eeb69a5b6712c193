/* SPDX-License-Identifier: Apache-2.0
 *
 * departments.c - departments, each with its company's data and its people.  The API has
 * a tree for each company and no time of change, so a walk goes over the companies and
 * asks for the tree of each.  Called by list.c. */
#include "hotprofile.h"

#define COMPANIES   10u                /* Of one page. */
#define DAY_MS      INT64_C(86400000)
#define JAPAN_MS    INT64_C(32400000)  /* Ahead of UTC. */
#define OVERLAP_MS  INT64_C(120000)    /* Of a listing and the one before. */
#define LEVELS      10                 /* The API has 5. */

struct place {
	const cJSON *node;
	int64_t number;
	struct rk_text id, path, parent;
	int level;
};

struct walk {
	struct rk_listing *l;
	const cJSON *company;
	struct rk_text company_id;
	struct hot_rows leads;         /* Of the company.                     */
	struct place *places;          /* Its departments.                    */
	uint64_t place_count;
	int full;
};

/* ---- People ---------------------------------------------------------------------- */

static int32_t
ask_leads(struct walk *w)
{
	struct rk_json_out search = hot_form(w->l->host);

	hot_put(&search, "search[client_id]", w->company_id);
	return hot_ask_all(w->l, rk_z("leads"), &search, &w->leads);
}

/* The people of one department, a row each.  Those of too many cannot be told, which is
 * said where the table would be: no target takes a text for one, so that the host sets
 * this record aside with these words, and the others go on. */
static struct rk_value
read_persons(const struct walk *w, struct rk_text department)
{
	const struct rk_host *host = w->l->host;
	struct rk_value table = rk_value_of(RK_TABLE, rk_text_of(NULL, 0));
	struct rk_value *rows = host->alloc(host, (w->leads.count + 1) * sizeof *rows);

	if (w->leads.total > HOT_ROWS_MAX)
		return rk_value_of(RK_TEXT, rk_textf(host, "company %.*s has over %u leads: "
			"take persons out of the mapping", RK_S(w->company_id),
			HOT_ROWS_MAX));
	for (uint64_t i = 0; i < w->leads.count; i++) {
		struct rk_value *cells, *row = &rows[table.count];

		/* Hidden, it could be this department's: a table is told whole. */
		rk_json_each(hidden, rk_json_get2(w->leads.list[i], "private_items", "items"))
			if (rk_text_is(rk_json_text(host, hidden, NULL), "organization_id"))
				return rk_value_of(RK_ABSENT, rk_text_of(NULL, 0));
		if (!rk_text_eq(rk_json_str(host, w->leads.list[i], "organization_id"),
		                department))
			continue;
		cells = host->alloc(host, HOT_PERSON_COLUMNS * sizeof *cells);
		for (int c = 0; c < HOT_PERSON_COLUMNS; c++)
			cells[c] = rk_value_item(host, RK_TEXT, rk_json_get(
				w->leads.list[i], hot_person_columns[c].name.ptr));
		*row = rk_value_of(RK_ROW, rk_json_str(host, w->leads.list[i], "id"));
		row->items = cells;
		row->count = HOT_PERSON_COLUMNS;
		table.count++;
	}
	table.items = rows;
	return table;
}

/* ---- One department -------------------------------------------------------------- */

static struct rk_text
joined_id(const struct walk *w, struct rk_text id)
{
	return rk_textf(w->l->host, "%.*s-%.*s", RK_S(w->company_id), RK_S(id));
}

static struct rk_value
read_field(const struct walk *w, const struct rk_field *field, const struct place *at)
{
	const struct rk_host *host = w->l->host;
	struct rk_value level = rk_value_of(RK_INTEGER, rk_text_of(NULL, 0));
	const char *name = rk_text_z(host, field->name);
	const cJSON *member = rk_json_get(w->company, name + strcspn(name, ".") +
	                                  (strchr(name, '.') != NULL));

	level.number = at->level;
	if (rk_text_starts(field->name, "client."))
		return member ? hot_read_value(host, field, member)
		              : rk_value_of(RK_ABSENT, rk_text_of(NULL, 0));
	if (strcmp(name, "organization_id") == 0)
		return rk_value_item(host, RK_TEXT, rk_json_get(at->node, "id"));
	if (strcmp(name, "name") == 0)
		return rk_value_item(host, RK_TEXT, rk_json_get(at->node, "name"));
	if (strcmp(name, "path") == 0)
		return rk_value_of(RK_TEXT, at->path);
	if (strcmp(name, "level") == 0)
		return level;
	if (strcmp(name, "parent_id") == 0)
		return rk_value_ref(field->ref_object, at->parent);
	if (strcmp(name, "client_id") == 0)
		return rk_value_ref(field->ref_object, w->company_id);
	if (field->type == RK_TABLE)
		return read_persons(w, rk_json_str(host, at->node, "id"));
	return rk_value_of(RK_ABSENT, rk_text_of(NULL, 0));
}

static void
add_department(struct walk *w, const struct place *at)
{
	const struct rk_query *query = w->l->query;
	struct rk_value *values;
	struct rk_record *record;

	if (w->l->page->record_count == w->l->limit) {
		w->full = 1;
		return;
	}
	record = &w->l->records[w->l->page->record_count++];
	values = w->l->host->alloc(w->l->host, (query->field_count + 1) * sizeof *values);
	for (uint64_t i = 0; i < query->field_count; i++)
		values[i] = read_field(w, &query->fields[i], at);
	memset(record, 0, sizeof *record);
	record->modified_ms = RK_NO_TIME;       /* The API has none. */
	record->id = at->id;
	record->values = values;
}

static uint64_t
count_nodes(const cJSON *list)
{
	uint64_t count = 0;

	rk_json_each(node, list)
		count += 1 + count_nodes(rk_json_get(node, "organizations"));
	return count;
}

/* Shape:  [{"id":1,"name":"..","organizations":[the same]}] */
static int32_t
walk_tree(struct walk *w, const cJSON *list, const struct place *above)
{
	const struct rk_host *host = w->l->host;
	int32_t status = RK_OK;

	rk_json_each(node, list) {
		struct rk_text name = rk_json_str(host, node, "name");
		struct place *at = &w->places[w->place_count++];

		at->node = node;
		at->number = hot_id(host, node, "id");
		at->level = above->level + 1;
		at->parent = above->id;
		if (at->number < 0 || at->level > LEVELS)
			return rk_fail_bug(w->l->err, "the departments of company %.*s "
			                   "are no tree", RK_S(w->company_id));
		at->path = rk_text_join(host, above->path, "/", name);
		at->id = joined_id(w, rk_json_str(host, node, "id"));
		if (status == RK_OK)
			status = walk_tree(w, rk_json_get(node, "organizations"), at);
	}
	return status;
}

static int
by_number(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* In the order of ids, as departments may come, go and move between two pages. */
static int32_t
list_tree(struct walk *w, const cJSON *tree, int64_t after)
{
	static const struct place root = { .level = 0 };
	const struct rk_listing *l = w->l;
	int32_t status;

	w->place_count = 0;
	w->places = w->l->host->alloc(w->l->host, (count_nodes(tree) + 1) *
	                              sizeof *w->places);
	status = walk_tree(w, tree, &root);
	if (status != RK_OK)
		return status;
	qsort(w->places, w->place_count, sizeof *w->places, by_number);
	for (uint64_t i = 0; i < w->place_count && !w->full; i++)
		if (w->places[i].number > after &&
		    (l->query->mode == RK_BY_WINDOW ||
		     rk_text_place(l->values, l->value_count, w->places[i].id) <
		     l->value_count))
			add_department(w, &w->places[i]);
	return RK_OK;
}

/* The departments of a company whose ids are above 'after'. */
static int32_t
list_company(struct walk *w, const cJSON *company, int64_t after)
{
	struct rk_json_out form = hot_form(w->l->host);
	struct rk_answer answer;
	const cJSON *tree;
	int32_t status = hot_check_cleansing(w->l, company);

	w->company = company;
	w->company_id = rk_json_str(w->l->host, company, "id");
	hot_put(&form, "client_id", w->company_id);
	if (status == RK_OK && rk_columns_find(&w->l->columns, rk_z("persons")) >= 0)
		status = ask_leads(w);
	if (status == RK_OK)
		status = hot_ask_list(w->l->host, rk_z("organizations"), &form, &answer,
		                      &tree, NULL, w->l->err);
	return status == RK_OK ? list_tree(w, tree, after) : status;
}

/* ---- Pages ----------------------------------------------------------------------- */

/* Whether those of companies that did not change are left out: always, or but for the first
 * listing of a day of Japan's. */
static int
only_changed(const struct rk_listing *l)
{
	struct rk_text which = l->host->setting(l->host, "departments");
	int64_t since = l->query->since_ms;

	if (rk_text_is(which, "daily"))
		return since != RK_NO_TIME && (since + OVERLAP_MS + JAPAN_MS) / DAY_MS ==
		       (l->host->now_ms(l->host) + JAPAN_MS) / DAY_MS;
	return rk_text_is(which, "changed");
}

/* The company's id of "41001-17", and the department's own; -1: it is none. */
static int64_t
company_of(struct rk_text id, int64_t *department)
{
	int64_t company;

	return rk_text_int(rk_text_next(&id, '-'), &company) && company > 0 &&
	       rk_text_int(id, department) ? company : -1;
}

/* The cursor's 'note' is the last department that was listed.  Tokens of before had none
 * and a count in 'steps': then the company behind 'last_id' begins anew. */
static int32_t
list_all(struct walk *w)
{
	struct rk_listing *l = w->l;
	int64_t done = l->at.last_id, after = 0;
	struct hot_range range;
	int32_t status = hot_ask_range(l, rk_z("clients"), only_changed(l), COMPANIES,
	                               &range);

	l->at.steps = 0;
	for (uint64_t i = 0; status == RK_OK && range.whole && i < range.count; i++) {
		if (company_of(l->at.note, &after) != range.ids[i])
			after = 0;
		status = list_company(w, range.rows[i], after);
		if (status == RK_OK && w->full) {
			l->at.note = l->records[l->page->record_count - 1].id;
			hot_range_done(l, &range, COMPANIES, done);
			return RK_OK;
		}
		done = range.ids[i];
	}
	if (status == RK_OK)
		hot_range_done(l, &range, COMPANIES, -1);
	return status;
}

static int32_t
list_ids(struct walk *w)
{
	struct rk_listing *l = w->l;
	int64_t taken = l->at.offset;  /* The ranges have it meanwhile. */
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < l->value_count && status == RK_OK; i++) {
		int64_t own, company = company_of(l->values[i], &own);
		struct hot_range range;
		uint64_t j = 0;

		while (j < i && company_of(l->values[j], &own) != company)
			j++;
		if (company < 0 || j < i)
			continue;
		l->at.last_id = company - 1;
		l->at.offset = 1;
		status = hot_ask_range(l, rk_z("clients"), 0, 1, &range);
		if (status == RK_OK && range.count)
			status = list_company(w, range.rows[0], 0);
	}
	l->at.offset = taken;
	rk_listing_more(l, 0);
	return status;
}

int32_t
hot_list_departments(struct rk_listing *l)
{
	struct walk w = { .l = l };

	return l->query->mode == RK_BY_WINDOW ? list_all(&w) : list_ids(&w);
}
