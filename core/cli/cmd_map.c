/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_map.c - renkei map: a sync from one object to another as configuration that can
 * be loaded as it stands, and below it, as comments, what does not fit and why. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/map.h"
#include "mapping/propose.h"

#define PAGE_MAX ((size_t)16 << 20)
#define LINE_COLUMNS 90
#define ACCOUNT_MS 3600000

struct side {
	const char *connection, *object;
	struct rk_schema schema;
	struct proposal_side described;
};

/* Two objects, and what is proposed for them. */
struct match {
	const char *names[2];          /* CONNECTION/OBJECT */
	struct side from, to;
	struct proposals found;
};

/* ---- Configuration ------------------------------------------------------------- */

static void
add_quoted(struct buf *out, struct rk_text text)
{
	buf_addc(out, '"');
	for (uint64_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, text.ptr[i]);
	}
	buf_addc(out, '"');
}

/* Pairs with a counterpart; 'all': the others too, to be filled in.  Long ones begin
 * their lines with 'margin'. */
static void
add_values(struct buf *out, const struct proposal *p, bool all, const char *margin)
{
	size_t count = 0;
	for (size_t i = 0; i < p->pair_count; i++) {
		if (!all && p->pairs[i].value.len == 0)
			continue;
		const char *line = memrchr(out->ptr, '\n', out->len);
		bool full = count > 0 && line != NULL
		            && out->ptr + out->len - line > LINE_COLUMNS - 20;
		buf_adds(out, count++ == 0 ? "; values = ( (" : full ? "," : ", (");
		if (full)
			buf_addf(out, "\n%s(", margin);
		add_quoted(out, p->pairs[i].label);
		buf_adds(out, ", ");
		add_quoted(out, p->pairs[i].value);
		buf_addc(out, ')');
	}
	buf_adds(out, count > 0 ? " )" : "");
}

static void
add_map(struct buf *out, const struct proposal *p, bool all, const char *margin)
{
	buf_adds(out, "{ from = ");
	add_quoted(out, text_of(p->expression));
	buf_adds(out, "; to = ");
	add_quoted(out, p->to->name);
	add_values(out, p, all, margin);
	buf_adds(out, "; }");
}

/* Where no field of the target can be the key, one that is to be made there. */
static void
add_key(struct app *app, struct buf *out, const struct proposals *found)
{
	if (found->key != NULL)
		add_quoted(out, found->key->to->name);
	else
		buf_addf(out, "\"%s\"", found->key_from != NULL ? PROPOSAL_NEW_KEY : "");
	buf_adds(out, "; };");
	if (found->key == NULL)
		buf_addf(out, "\n    # %s", found->key_from == NULL
		         ? app_say(app, W_MAP_NO_KEY)
		         : app_sayf(app, W_MAP_MAKE_KEY, PROPOSAL_NEW_KEY, NULL));
}

static void
add_sync(struct app *app, struct buf *out, const struct match *m, bool enabled)
{
	const struct side *from = &m->from, *to = &m->to;
	const struct proposals *found = &m->found;
	size_t count = 0;
	buf_addf(out, "  {\n    name    = \"%s-%s\";\n    enabled = %s;\n"
	         "    from = { connection = \"%s\"; object = \"%s\"; };\n"
	         "    to   = { connection = \"%s\"; object = \"%s\"; key = ",
	         from->object, to->object, enabled ? "true" : "false", from->connection,
	         from->object, to->connection, to->object);
	add_key(app, out, found);
	buf_adds(out, "\n    map = (");
	if (found->key == NULL && found->key_from != NULL) {
		buf_adds(out, "\n      { from = ");
		add_quoted(out, found->key_from->name);
		buf_adds(out, "; to = \"" PROPOSAL_NEW_KEY "\"; }");
		count++;
	}
	for (size_t i = 0; i < found->count; i++) {
		if (found->rows[i].kind != PROPOSAL_MAPPED)
			continue;
		buf_adds(out, count++ > 0 ? ",\n      " : "\n      ");
		add_map(out, &found->rows[i], false, "          ");
	}
	buf_adds(out, "\n    );\n  }");
}

/* ---- Comments ------------------------------------------------------------------ */

/* A list in comment lines under a heading that stands once, before the first name. */
struct list {
	struct buf *out;
	const char *heading;
	size_t column;
};

static void
list_add(struct list *l, struct rk_text name)
{
	size_t width = (size_t)text_utf8_count(name) + 2;
	if (l->column == 0)
		buf_addf(l->out, "\n# %s", l->heading);
	else
		buf_addc(l->out, ',');
	if (l->column == 0 || l->column + width > LINE_COLUMNS) {
		buf_adds(l->out, "\n#   ");
		l->column = 4;
	} else {
		buf_addc(l->out, ' ');
	}
	buf_addt(l->out, name);
	l->column += width;
}

static void
list_end(struct list *l)
{
	buf_adds(l->out, l->column > 0 ? "\n" : "");
}

static bool
is_longer(const struct proposal *p)
{
	return p->kind == PROPOSAL_MAPPED && p->longer;
}

static bool
is_parsed(const struct proposal *p)
{
	return p->kind == PROPOSAL_MAPPED && p->from != NULL && p->from->type == RK_TEXT
	       && p->to->type != RK_TEXT && p->to->type != RK_RICH;
}

static bool
is_needed(const struct proposal *p)
{
	return p->kind == PROPOSAL_ALONE && (p->to->flags & RK_FIELD_REQUIRED) != 0;
}

static bool
is_alone(const struct proposal *p)
{
	return p->kind == PROPOSAL_ALONE && !is_needed(p);
}

static bool
is_computed(const struct proposal *p)
{
	return p->kind == PROPOSAL_CLOSED && p->to->unmappable.len == 0
	       && (p->to->flags & RK_FIELD_COMPUTED) != 0;
}

static bool
is_closed(const struct proposal *p)
{
	return p->kind == PROPOSAL_CLOSED && p->to->unmappable.len == 0
	       && !is_computed(p);
}

static void
add_lists(struct app *app, struct buf *out, const struct proposals *found)
{
	static const struct { enum word heading; bool (*of)(const struct proposal *); }
	lists[] = {
		{ W_MAP_LONGER, is_longer },   { W_MAP_PARSED, is_parsed },
		{ W_MAP_NEEDED, is_needed },   { W_MAP_ALONE, is_alone },
		{ W_MAP_COMPUTED, is_computed }, { W_MAP_CLOSED, is_closed },
	};
	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
		struct list l = { out, app_say(app, lists[k].heading), 0 };
		for (size_t i = 0; i < found->count; i++)
			if (lists[k].of(&found->rows[i]))
				list_add(&l, found->rows[i].to->name);
		list_end(&l);
	}
}

/* Fields in lists by the reason that keeps them from being mapped; 'without' is the
 * heading of those that have none, or NULL. */
static void
add_by_reason(struct app *app, struct buf *out, const struct rk_field *const *fields,
              size_t count, const char *without, enum word with)
{
	for (size_t i = 0; i < count; i++) {
		struct rk_text why = fields[i]->unmappable;
		struct list l = { out, without, 0 };
		size_t before = 0;
		while (before < i && !text_eq(fields[before]->unmappable, why))
			before++;
		if (before < i || (why.len == 0 && without == NULL))
			continue;
		if (why.len > 0)
			l.heading = app_sayf(app, with,
			                     app_told(app, why).ptr, NULL);
		for (size_t k = i; k < count; k++)
			if (text_eq(fields[k]->unmappable, why))
				list_add(&l, fields[k]->name);
		list_end(&l);
	}
}

static void
add_unfit(struct app *app, struct buf *out, const struct proposals *found)
{
	size_t count = 0;
	for (size_t i = 0; i < found->count; i++) {
		const struct proposal *p = &found->rows[i];
		if (p->kind != PROPOSAL_UNFIT)
			continue;
		if (count++ == 0)
			buf_addf(out, "\n# %s\n", app_say(app, W_MAP_UNFIT));
		buf_adds(out, "#   ");
		add_map(out, p, true, "#       ");
		buf_addf(out, "\n#     %s", p->why);
		for (size_t k = 0; p->pair_count > 0 && k < p->to->option_count; k++) {
			buf_adds(out, k > 0 ? ", " : ": ");
			add_quoted(out, p->to->options[k].value);
		}
		buf_addc(out, '\n');
	}
}

static void
add_strangers(struct app *app, struct buf *out, const struct proposals *found)
{
	struct list l = { out, app_say(app, W_MAP_STRANGERS), 0 };
	for (size_t i = 0; i < found->count; i++) {
		const struct proposal *p = &found->rows[i];
		for (size_t k = 0; p->kind == PROPOSAL_MAPPED && k < p->pair_count; k++)
			if (p->pairs[k].value.len == 0)
				list_add(&l, arena_printf(&app->arena, "%s = %.*s",
				                          p->expression,
				                          (int)p->pairs[k].label.len,
				                          p->pairs[k].label.ptr));
	}
	list_end(&l);
}

static void
add_comments(struct app *app, struct buf *out, const struct proposals *found)
{
	const struct rk_field **closed =
		arena_new_array(&app->arena, found->count, const struct rk_field *);
	for (size_t i = 0; i < found->count; i++)
		closed[i] = found->rows[i].to;
	add_unfit(app, out, found);
	add_strangers(app, out, found);
	add_lists(app, out, found);
	add_by_reason(app, out, closed, found->count, NULL, W_MAP_CLOSED_WHY);
	add_by_reason(app, out, found->unused, found->unused_count,
	              app_say(app, W_MAP_UNUSED), W_MAP_UNUSED_WHY);
}

static void
tell_page(struct app *app, const char *const *names, const struct match *all, size_t count)
{
	BUF_AUTO out = BUF_INIT(PAGE_MAX);
	buf_addf(&out, "# %s\n", app_sayf(app, W_MAP_HEAD, names[0], names[1], NULL));
	buf_addf(&out, "# %s\nsyncs = (\n", app_say(app, W_MAP_OFF));
	for (size_t i = 0; i < count; i++) {
		buf_adds(&out, i > 0 ? ",\n" : "");
		add_sync(app, &out, &all[i], false);
	}
	buf_adds(&out, "\n);\n");
	for (size_t i = 0; i < count; i++) {
		if (count > 1)
			buf_addf(&out, "\n# ---- %s -> %s\n", all[i].names[0],
			         all[i].names[1]);
		add_comments(app, &out, &all[i].found);
	}
	out_line(&app->out, buf_str(&out));
}

/* ---- JSON ---------------------------------------------------------------------- */

static void
tell_json(struct app *app, const struct match *m)
{
	static const char *const kinds[] = { "mapped", "unfit", "alone", "closed" };
	struct out *out = &app->out;
	const struct proposals *found = &m->found;
	out_json_str(out, "from", m->names[0]);
	out_json_str(out, "to", m->names[1]);
	out_json_str(out, "key", found->key == NULL ? NULL
	             : arena_text(&app->arena, found->key->to->name).ptr);
	out_list(out, "fields");
	for (size_t i = 0; i < found->count; i++) {
		const struct proposal *p = &found->rows[i];
		out_group(out, NULL, NULL);
		out_json_str(out, "to", arena_text(&app->arena, p->to->name).ptr);
		out_json_str(out, "state", kinds[p->kind]);
		out_json_str(out, "from", p->expression);
		out_json_str(out, "why", p->why != NULL ? p->why
		             : p->to->unmappable.len == 0 ? NULL
		             : arena_text(&app->arena, p->to->unmappable).ptr);
		out_group_end(out);
	}
	out_list_end(out);
}

/* ---- Asking -------------------------------------------------------------------- */

/* What else is known of a side, which outlives its session; an account that is not told
 * has no zone. */
static void
add_known(struct app *app, struct session *session, struct side *side)
{
	struct rk_account account;
	struct rk_err unused = ERR_INIT;
	const struct manifest_usual *usual =
		manifest_usual(&session->manifest, side->object);
	size_t count = usual != NULL ? usual->field_count : 0;
	struct config_pair *fields =
		arena_new_array(&app->arena, count, struct config_pair);
	for (size_t i = 0; i < count; i++)
		fields[i] = (struct config_pair){
			arena_str(&app->arena, usual->fields[i].from),
			arena_str(&app->arena, usual->fields[i].to) };
	side->described = (struct proposal_side){ .schema = &side->schema,
		                                  .usual = fields, .usual_count = count };
	if (session_account(session, ACCOUNT_MS, &app->arena, &account, &unused) == RK_OK
	    && account.zone.len > 0)
		side->described.zone = arena_text(&app->arena, account.zone).ptr;
}

/* "CONNECTION/OBJECT", described; EXIT_DONE, or it was said what is wrong. */
static int
ask_side(struct app *app, const char *name, const char *example, struct side *side)
{
	struct session session;
	int code = EXIT_DONE;
	const char *slash = strchr(name, '/');
	if (slash == NULL || slash == name || slash[1] == '\0')
		return app_usage(app, app_sayf(app, W_MAP_WANTS, name, example, NULL));
	struct rk_text connection = { name, (uint64_t)(slash - name) };
	side->connection = arena_text(&app->arena, connection).ptr;
	side->object = slash + 1;
	if (app_connection(app, side->connection) == NULL)
		return EXIT_USAGE;
	if (!app_session(app, side->connection, &session, &code))
		return code;
	code = describe_object(app, &session, side->object, &side->schema);
	if (code == EXIT_DONE)
		add_known(app, &session, side);
	session_close(&session);
	return code;
}

static int
ask(struct app *app, struct match *m)
{
	int code = ask_side(app, m->names[0], "hubspot-main/contacts", &m->from);
	if (code == EXIT_DONE)
		code = ask_side(app, m->names[1], "kintone-jp/123", &m->to);
	if (code == EXIT_DONE)
		propose(&m->from.described, &m->to.described, app->lang, &app->arena,
		        &m->found);
	return code;
}

int
map_usual(struct app *app, const char *const *names, struct buf *out)
{
	struct match m = { .names = { names[0], names[1] } };
	int code = ask(app, &m);
	if (code == EXIT_DONE)
		add_sync(app, out, &m, true);
	return code;
}

/* ---- Whole connections ----------------------------------------------------------- */

#define MATCHES_MAX 32

/* The objects of two connections that are the same kind of thing; 0: there are none. */
static size_t
pair_objects(struct app *app, const char *const *names, const struct session *sides,
             struct match *all)
{
	const struct manifest *a = &sides[0].manifest, *b = &sides[1].manifest;
	size_t count = 0;
	for (size_t i = 0; i < a->usual_count; i++)
		for (size_t k = 0; k < b->usual_count && count < MATCHES_MAX; k++) {
			const struct manifest_usual *x = &a->usual[i], *y = &b->usual[k];
			if (x->is == NULL || y->is == NULL || strcmp(x->is, y->is) != 0)
				continue;
			struct match *m = &all[count++];
			m->names[0] = arena_printf(&app->arena, "%s/%s", names[0],
			                           x->object).ptr;
			m->names[1] = arena_printf(&app->arena, "%s/%s", names[1],
			                           y->object).ptr;
		}
	return count;
}

static int
find_objects(struct app *app, const char *const *names, struct match *all, size_t *count)
{
	struct session sides[2];
	int code = EXIT_DONE;
	if (app_connection(app, names[0]) == NULL || app_connection(app, names[1]) == NULL)
		return EXIT_USAGE;
	if (!app_session(app, names[0], &sides[0], &code))
		return code;
	if (app_session(app, names[1], &sides[1], &code)) {
		*count = pair_objects(app, names, sides, all);
		session_close(&sides[1]);
	}
	session_close(&sides[0]);
	if (code == EXIT_DONE && *count == 0)
		code = app_usage(app, app_sayf(app, W_MAP_NO_PAIR, names[0], names[1], NULL));
	return code;
}

/* ---- The command --------------------------------------------------------------- */

int
cmd_map(struct app *app, int argc, char **argv)
{
	const char *const *names = (const char *const *)argv + 1;
	struct match all[MATCHES_MAX] = { { .names = { names[0], names[1] } } };
	size_t count = 1;
	int code = EXIT_DONE;
	if (!app_load(app))
		return EXIT_USAGE;
	if (argc == 2)
		return map_tell_sync(app, names[0]);
	bool whole = strchr(names[0], '/') == NULL && strchr(names[1], '/') == NULL;
	if (whole)
		code = find_objects(app, names, all, &count);
	for (size_t i = 0; i < count && code == EXIT_DONE; i++)
		code = ask(app, &all[i]);
	if (code != EXIT_DONE)
		return code;
	if (!app->json) {
		tell_page(app, names, all, count);
	} else if (!whole) {
		tell_json(app, &all[0]);
	} else {
		out_list(&app->out, "pairs");
		for (size_t i = 0; i < count; i++) {
			out_group(&app->out, NULL, NULL);
			tell_json(app, &all[i]);
			out_group_end(&app->out);
		}
		out_list_end(&app->out);
	}
	return EXIT_DONE;
}
