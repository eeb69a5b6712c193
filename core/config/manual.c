/* SPDX-License-Identifier: Apache-2.0
 *
 * manual.c - prints the table of settings for people: as help on a terminal, and
 * as the page renkei.conf(5).  What a setting means stands in settings.c. */
#include <string.h>

#include "config/config.h"
#include "config/settings.h"

static const char *const kind_words[] = {
	[TABLE_TEXT] = "text", [TABLE_BOOL] = "true or false", [TABLE_INTEGER] = "number",
	[TABLE_DURATION] = "duration", [TABLE_CHOICE] = "choice", [TABLE_PICK] = "choice",
	[TABLE_TEXTS] = "list of texts", [TABLE_PAIRS] = "list of pairs",
	[TABLE_GROUP] = "group", [TABLE_GROUPS] = "list of groups",
	[TABLE_NAMED] = "group of groups", [TABLE_OWN] = "text",
};
static const char *const kind_words_ja[] = {
	[TABLE_TEXT] = "文字列", [TABLE_BOOL] = "true か false", [TABLE_INTEGER] = "数",
	[TABLE_DURATION] = "時間", [TABLE_CHOICE] = "選択", [TABLE_PICK] = "選択",
	[TABLE_TEXTS] = "文字列の列", [TABLE_PAIRS] = "組の列",
	[TABLE_GROUP] = "グループ", [TABLE_GROUPS] = "グループの列",
	[TABLE_NAMED] = "名前付きグループの集まり", [TABLE_OWN] = "文字列",
};

/* "duration", or the choices themselves. */
static void
add_type(struct buf *out, const struct table_rule *rule, bool ja)
{
	if (rule->choices == NULL) {
		bool list = rule->kind == TABLE_OWN && rule->count != 0;
		enum table_kind kind = list ? TABLE_GROUPS : rule->kind;
		buf_adds(out, (ja ? kind_words_ja : kind_words)[kind]);
		return;
	}
	for (size_t i = 0; rule->choices[i] != NULL; i++)
		buf_addf(out, "%s\"%s\"", i > 0 ? ", " : "", rule->choices[i]);
}

static void
add_normal(struct buf *out, const struct table_rule *rule, bool ja)
{
	bool bare = rule->kind == TABLE_BOOL || rule->kind == TABLE_INTEGER;
	if (rule->required)
		buf_adds(out, ja ? "、必須" : ", required");
	if (rule->normal != NULL)
		buf_addf(out, bare ? "%s%s" : "%s\"%s\"", ja ? "、省略時 " : ", default ",
		         rule->normal);
}

/* ---- Help ---------------------------------------------------------------- */

static void
help_rule(struct buf *out, const struct table_rule *rule, bool ja)
{
	buf_addf(out, "  %-17s ", rule->name);
	add_type(out, rule, ja);
	add_normal(out, rule, ja);
	buf_addf(out, "\n      %s\n", ja ? rule->hint_ja : rule->hint);
}

void
config_print_help(struct buf *out, const char *lang)
{
	bool ja = lang != NULL && strncmp(lang, "ja", 2) == 0;
	for (size_t l = 0; l < config_table.level_count; l++) {
		const struct table_level *level = &config_table.levels[l];
		buf_addf(out, "%s%s%s%s\n", l > 0 ? "\n" : "", level->path,
		         level->path[0] != '\0' ? ": " : "",
		         ja ? level->title_ja : level->title);
		for (size_t i = 0; i < config_table.rule_count; i++)
			if (config_table.rules[i].level == (int)l)
				help_rule(out, &config_table.rules[i], ja);
	}
}

/* ---- Manual -------------------------------------------------------------- */

/* Adds text that troff takes as it stands. */
static void
add_plain(struct buf *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		buf_adds(out, "\\&");
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			buf_adds(out, "\\e");
		else if (*text == '-')
			buf_adds(out, "\\-");
		else if (*text == '"')
			buf_adds(out, "\\(dq");
		else if (*text == '`')
			buf_adds(out, "\\(oq");
		else
			buf_addc(out, *text);
	}
}

static void
man_rule(struct buf *out, const struct table_rule *rule)
{
	BUF_AUTO words = BUF_INIT(4096);
	add_type(&words, rule, false);
	add_normal(&words, rule, false);
	buf_adds(out, ".It Cm ");
	add_plain(out, rule->name);
	buf_adds(out, "\n(");
	add_plain(out, buf_str(&words));
	buf_adds(out, ")\n");
	add_plain(out, rule->hint);
	buf_adds(out, ".\n");
}

static void
man_level(struct buf *out, size_t l)
{
	const struct table_level *level = &config_table.levels[l];
	buf_adds(out, ".Ss ");
	add_plain(out, level->path[0] != '\0' ? level->path : "Top level");
	buf_addc(out, '\n');
	add_plain(out, level->title);
	buf_adds(out, "\n.Bl -tag -width request_deadline\n");
	for (size_t i = 0; i < config_table.rule_count; i++)
		if (config_table.rules[i].level == (int)l)
			man_rule(out, &config_table.rules[i]);
	buf_adds(out, ".El\n");
}

void
config_print_man(struct buf *out)
{
	static const char head[] =
		".\\\" Printed from the table that checks the configuration.\n"
		".Dd January 1, 2026\n.Dt RENKEI.CONF 5\n.Os\n"
		".Sh NAME\n.Nm renkei.conf\n.Nd configuration of renkei\n"
		".Sh DESCRIPTION\n"
		"The configuration is read from\n.Pa renkei.conf\n"
		"and from every file\n.Pa conf.d/*.conf\n"
		"beside it, in the order of their names.\n"
		"Each file is a document of its own; all of them are merged, and one "
		"name\n"
		"may stand in one file only.\n.Pp\n"
		"A setting is\n.Ql name = value;\n"
		"Texts stand in double quotes, lists in\n.Ql \\&( \\&)\n"
		"with commas between, groups in\n.Ql { } .\n"
		"Numbers, sizes and durations are texts:\n.Ql 250ms ,\n.Ql 90s ,\n"
		".Ql 5m ,\n.Ql 1h ,\n.Ql 2d .\n"
		"Comments begin with\n.Ql #\nor\n.Ql //\nand end with the line.\n.Pp\n"
		"A secret is not written here but named:\n.Ql env:NAME\n"
		"takes it from the environment,\n.Ql file:/PATH\nfrom a file.\n.Pp\n"
		"A mistake inside one sync switches that sync off; any other mistake, "
		"and\n"
		"nothing starts.\nAll mistakes are told at once.\n"
		".Sh SETTINGS\n";
	static const char tail[] =
		".Sh FILES\n.Bl -tag -width Ds\n"
		".It Pa /etc/renkei/renkei.conf\nof the machine\n"
		".It Pa ~/.config/renkei/renkei.conf\nof one user\n.El\n"
		".Sh SEE ALSO\n.Xr renkei 1\n";
	buf_adds(out, head);
	for (size_t l = 0; l < config_table.level_count; l++)
		man_level(out, l);
	buf_adds(out, tail);
}
