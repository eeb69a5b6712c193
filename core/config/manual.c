/* SPDX-License-Identifier: Apache-2.0
 *
 * manual.c - prints the table of settings for people: as help on a terminal, and
 * as the middle of the page renkei.conf(5); the rest of that page is text.  What
 * a setting means stands in settings.c. */
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/table.h"

static const char *const kind_words[][2] = {   /* English, Japanese */
	[TABLE_TEXT] = { "text", "文字列" },
	[TABLE_BOOL] = { "true or false", "true か false" },
	[TABLE_INTEGER] = { "number", "数" },
	[TABLE_DURATION] = { "duration", "時間" },
	[TABLE_START] = { "text", "文字列" },
	[TABLE_TEXTS] = { "list of texts", "文字列の列" },
	[TABLE_PAIRS] = { "list of pairs", "組の列" },
	[TABLE_GROUP] = { "group", "グループ" },
	[TABLE_GROUPS] = { "list of groups", "グループの列" },
	[TABLE_NAMED] = { "group of groups", "名前付きグループの集まり" },
};

/* "duration, required", or the choices themselves, and what holds if not given. */
static void
add_type(struct buf *out, const struct table_rule *rule, bool ja)
{
	bool bare = rule->kind == TABLE_BOOL || rule->kind == TABLE_INTEGER;
	for (size_t i = 0; rule->choices != NULL && rule->choices[i] != NULL; i++)
		buf_addf(out, "%s\"%s\"", i > 0 ? ", " : "", rule->choices[i]);
	if (rule->choices == NULL)
		buf_adds(out, kind_words[rule->kind][ja]);
	if (rule->required)
		buf_adds(out, ja ? "、必須" : ", required");
	if (rule->normal != NULL)
		buf_addf(out, bare ? "%s%s" : "%s\"%s\"", ja ? "、省略時 " : ", default ",
		         rule->normal);
}

/* ---- Help ---------------------------------------------------------------- */

static void
help_level(struct buf *out, const struct table_level *level, bool ja)
{
	const struct table_rule *end = level->rules + level->rule_count;
	buf_addf(out, "%s%s%s%s\n", level == &config_top ? "" : "\n", level->path,
	         level->path[0] != '\0' ? ": " : "", ja ? level->title_ja : level->title);
	for (const struct table_rule *rule = level->rules; rule < end; rule++) {
		buf_addf(out, "  %-17s ", rule->name);
		add_type(out, rule, ja);
		buf_addf(out, "\n      %s\n", ja ? rule->hint_ja : rule->hint);
	}
	for (const struct table_rule *rule = level->rules; rule < end; rule++)
		if (rule->sub != NULL)
			help_level(out, rule->sub, ja);
}

void
config_print_help(struct buf *out, const char *lang)
{
	help_level(out, &config_top, lang != NULL && strncmp(lang, "ja", 2) == 0);
}

/* ---- Manual -------------------------------------------------------------- */

static void
man_level(struct buf *out, const struct table_level *level, bool ja)
{
	const struct table_rule *end = level->rules + level->rule_count;
	buf_adds(out, ".Ss ");
	text_add_troff(out, level->path[0] != '\0' ? level->path
	                    : ja ? "最上位" : "Top level");
	buf_addc(out, '\n');
	text_add_troff(out, ja ? level->title_ja : level->title);
	buf_adds(out, "\n.Bl -tag -width request_deadline\n");
	for (const struct table_rule *rule = level->rules; rule < end; rule++) {
		BUF_AUTO words = BUF_INIT(4096);
		add_type(&words, rule, ja);
		buf_adds(out, ".It Cm ");
		text_add_troff(out, rule->name);
		buf_adds(out, "\n(");
		text_add_troff(out, buf_str(&words));
		buf_adds(out, ")\n");
		text_add_troff(out, ja ? rule->hint_ja : rule->hint);
		buf_adds(out, ja ? "。\n" : ".\n");
	}
	buf_adds(out, ".El\n");
	for (const struct table_rule *rule = level->rules; rule < end; rule++)
		if (rule->sub != NULL)
			man_level(out, rule->sub, ja);
}

void
config_print_man(struct buf *out, const char *lang)
{
	man_level(out, &config_top, lang != NULL && strcmp(lang, "ja") == 0);
}
