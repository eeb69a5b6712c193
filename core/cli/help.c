/* SPDX-License-Identifier: Apache-2.0
 *
 * help.c - prints the tables of commands and options: for a terminal, and as the
 * page renkei(1). */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/width.h"

#define COMMAND_COLUMNS 12
#define OPTION_COLUMNS 22
#define PAGE_COLUMNS 76

/* ---- Terminal ---------------------------------------------------------- */

static const char *
told(const struct app *app, const char *en, const char *ja)
{
	return app->lang == LANG_JA ? ja : en;
}

static void
add_option(struct app *app, struct buf *out, const struct option_row *o)
{
	char form[64];
	char letter[8] = "    ";
	if (o->letter < 256)
		snprintf(letter, sizeof letter, "-%c, ", o->letter);
	snprintf(form, sizeof form, "%s--%s%s%s", letter, o->name,
	         o->argument != NULL ? " " : "", o->argument != NULL ? o->argument : "");
	buf_adds(out, "  ");
	width_add(out, text_of(form), OPTION_COLUMNS, 0);
	buf_addf(out, "  %s\n", told(app, o->help, o->help_ja));
}

/* Those that every command has, or those of 'use'. */
static void
add_options(struct app *app, struct buf *out, unsigned use)
{
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->hidden == NULL && (use == 0 ? o->use == 0 : (o->use & use) != 0))
			add_option(app, out, o);
}

static const enum word group_titles[GROUP_COUNT] = {
	[GROUP_SETUP] = W_GROUP_SETUP, [GROUP_BEFORE] = W_GROUP_BEFORE,
	[GROUP_RUN] = W_GROUP_RUN,     [GROUP_LOOK] = W_GROUP_LOOK,
	[GROUP_MEND] = W_GROUP_MEND,   [GROUP_KEEP] = W_GROUP_KEEP,
	[GROUP_OTHER] = W_GROUP_OTHER,
};

static void
add_group(struct app *app, struct buf *out, enum command_group group)
{
	buf_addf(out, "%s\n", app_say(app, group_titles[group]));
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (c->group != group)
			continue;
		buf_adds(out, "  ");
		width_add(out, text_of(c->name), COMMAND_COLUMNS, 0);
		buf_addf(out, "%s\n", told(app, c->help, c->help_ja));
	}
	buf_addc(out, '\n');
}

void
help_overview(struct app *app, struct buf *out)
{
	buf_addf(out, "%s\n\n", app_say(app, W_HELP_INTRO));
	buf_addf(out, "%s: renkei [OPTIONS] COMMAND [ARGUMENTS]\n\n",
	         app_say(app, W_USAGE));
	for (enum command_group group = GROUP_SETUP; group < GROUP_COUNT; group++)
		add_group(app, out, group);
	buf_addf(out, "%s\n", app_say(app, W_OPTIONS_OF_ALL));
	add_options(app, out, 0);
	buf_addf(out, "\n%s\n", app_say(app, W_HELP_PLACES));
	buf_addf(out, "%s\n", app_say(app, W_HELP_EXIT_CODES));
	buf_addf(out, "\n%s\n", app_say(app, W_HELP_MORE));
}

void
help_command(struct app *app, const struct command *c, struct buf *out)
{
	buf_addf(out, "%s: renkei %s%s%s\n\n%s\n", app_say(app, W_USAGE), c->name,
	         c->arguments[0] != '\0' ? " " : "", c->arguments,
	         told(app, c->help, c->help_ja));
	if (c->more != NULL) {
		buf_addc(out, '\n');
		width_wrap(out, text_of(told(app, c->more, c->more_ja)), PAGE_COLUMNS);
		buf_addc(out, '\n');
	}
	if (c->raw)
		return;
	buf_addf(out, "\n%s\n", app_say(app, W_OPTIONS_TITLE));
	if (c->options != 0)
		add_options(app, out, c->options);
	add_options(app, out, 0);
}

/* ---- Manual ------------------------------------------------------------ */

static void
man_option(const struct app *app, struct buf *out, const struct option_row *o)
{
	buf_adds(out, ".It ");
	if (o->letter < 256)
		buf_addf(out, "Fl %c , ", o->letter);
	buf_addf(out, "Fl \\-%s", o->name);
	if (o->argument != NULL) {
		buf_adds(out, " Ar ");
		text_add_troff(out, o->argument);
	}
	buf_addc(out, '\n');
	text_add_troff(out, told(app, o->help, o->help_ja));
	buf_adds(out, told(app, ".\n", "。\n"));
}

static void
man_options(const struct app *app, struct buf *out, unsigned use)
{
	buf_adds(out, ".Bl -tag -width Ds\n");
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->hidden == NULL && (use == 0 ? o->use == 0 : (o->use & use) != 0))
			man_option(app, out, o);
	buf_adds(out, ".El\n");
}

static bool
has_options(const struct command *c)
{
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->hidden == NULL && (o->use & c->options) != 0)
			return true;
	return false;
}

static void
man_command(const struct app *app, struct buf *out, const struct command *c)
{
	buf_addf(out, ".Ss %s", c->name);
	if (c->arguments[0] != '\0') {
		buf_addc(out, ' ');
		text_add_troff(out, c->arguments);
	}
	buf_addc(out, '\n');
	text_add_troff(out, told(app, c->help, c->help_ja));
	buf_adds(out, told(app, ".\n", "。\n"));
	if (c->more != NULL) {
		BUF_AUTO lines = BUF_INIT(64 * 1024);
		width_wrap(&lines, text_of(told(app, c->more, c->more_ja)), PAGE_COLUMNS);
		buf_adds(out, ".Pp\n");
		text_add_troff(out, buf_str(&lines));
		buf_addc(out, '\n');
	}
	if (has_options(c))
		man_options(app, out, c->options);
}

static const char man_head[] =
	".\\\" Printed by \"renkei help --man\" from the table of commands.\n"
	".Dd January 1, 2026\n.Dt RENKEI 1\n.Os\n"
	".Sh NAME\n.Nm renkei\n.Nd keeps CRMs in step\n"
	".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar command\n.Op Ar arguments\n"
	".Sh DESCRIPTION\n"
	".Nm\nkeeps an object of one CRM in step with an object of another, by the "
	"rules of\n"
	".Xr renkei.conf 5 .\n"
	"A run can be cut off at any moment: the next one goes on where it stood, "
	"nothing\n"
	"is lost and nothing is written twice.\n.Pp\n"
	"Options may stand before or behind the command:\n";

static const char man_tail[] =
	".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	".It Ev LC_ALL , LC_MESSAGES , LANG\n"
	"The first that is set decides the language; one that begins with\n.Ql ja\n"
	"gives Japanese.\n"
	".It Ev NO_COLOR\nIf set, no colours are used.\n"
	".It Ev TZ\nThe time zone in which people are told times, with its offset; by\n"
	"default the machine's.\nJSON, exports and logs are in UTC.\n"
	".It Ev XDG_CONFIG_HOME , XDG_STATE_HOME\nWhere a user's files are.\n.El\n"
	".Sh FILES\n.Bl -tag -width Ds\n"
	".It Pa /etc/renkei/renkei.conf , /var/lib/renkei\n"
	"Configuration and state of the machine, taken by root, and by the\n"
	"user who owns that state, where they exist.\n"
	".It Pa ~/.config/renkei/renkei.conf , ~/.local/state/renkei\n"
	"Configuration and state of one user.\n.El\n"
	".Sh EXIT STATUS\nThe first that applies:\n.Bl -tag -width Ds\n"
	".It 2\nusage or configuration\n.It 5\ncredentials\n.It 1\nfailed\n"
	".It 4\nheld by a quota\n.It 3\n"
	"some records failed, older errors that still stand included\n.It 0\ndone\n"
	".El\n"
	".Sh SEE ALSO\n.Xr renkei.conf 5 ,\n.Xr renkei-connector 7 ,\n"
	".Xr renkei-freshsales 7 ,\n.Xr renkei-hotprofile 7 ,\n.Xr renkei-hubspot 7 ,\n"
	".Xr renkei-kintone 7 ,\n.Xr renkei-salesforce 7 ,\n.Xr renkei-sansan 7\n";

static const char man_head_ja[] =
	".\\\" Printed by \"renkei help --man --lang ja\" from the table of commands.\n"
	".Dd January 1, 2026\n.Dt RENKEI 1\n.Os\n"
	".Sh NAME\n.Nm renkei\n.Nd CRM 同士のデータを同期する\n"
	".Sh 書式\n.Nm\n.Op Ar オプション\n.Ar コマンド\n.Op Ar 引数\n"
	".Sh 説明\n"
	".Nm\nは、\n.Xr renkei.conf 5\nの規則に従って、"
	"ある CRM のオブジェクトを別の CRM のオブジェクトに合わせ続けます。\n"
	"実行はいつ中断されてもかまいません。次の実行が続きから始め、"
	"データの欠落も二重の書き込みも起きません。\n.Pp\n"
	"オプションはコマンドの前にも後にも書けます。\n";

static const char man_tail_ja[] =
	".Sh 環境変数\n.Bl -tag -width Ds\n"
	".It Ev LC_ALL , LC_MESSAGES , LANG\n"
	"最初に設定されているものが言語を決めます。\n.Ql ja\n"
	"で始まる値なら日本語になります。\n"
	".It Ev NO_COLOR\n設定されていれば色を使いません。\n"
	".It Ev TZ\n画面に表示する日時のタイムゾーンです（時差も表示します）。"
	"既定値はマシンの設定です。\n"
	"JSON、エクスポート、ログは UTC です。\n"
	".It Ev XDG_CONFIG_HOME , XDG_STATE_HOME\n"
	"ユーザーごとのファイルの場所です。\n.El\n"
	".Sh ファイル\n.Bl -tag -width Ds\n"
	".It Pa /etc/renkei/renkei.conf , /var/lib/renkei\n"
	"マシン全体の設定と状態です。存在すれば root と、その状態の所有者が使います。\n"
	".It Pa ~/.config/renkei/renkei.conf , ~/.local/state/renkei\n"
	"ユーザーごとの設定と状態です。\n.El\n"
	".Sh 終了ステータス\n上から順に、最初に当てはまるものです。\n.Bl -tag -width Ds\n"
	".It 2\n使い方または設定の誤り\n.It 5\n認証情報の誤り\n.It 1\n失敗\n"
	".It 4\n利用量の上限による保留\n.It 3\n"
	"一部のレコードの失敗（以前から残っているエラーを含む）\n.It 0\n完了\n"
	".El\n"
	".Sh 関連項目\n.Xr renkei.conf 5 ,\n.Xr renkei-connector 7 ,\n"
	".Xr renkei-freshsales 7 ,\n.Xr renkei-hotprofile 7 ,\n.Xr renkei-hubspot 7 ,\n"
	".Xr renkei-kintone 7 ,\n.Xr renkei-salesforce 7 ,\n.Xr renkei-sansan 7\n.Pp\n"
	"この日本語版が英語版と異なる場合は、英語版が優先します。\n";

void
help_man(const struct app *app, struct buf *out)
{
	buf_adds(out, told(app, man_head, man_head_ja));
	man_options(app, out, 0);
	buf_adds(out, told(app, ".Sh COMMANDS\n", ".Sh コマンド\n"));
	for (const struct command *c = commands; c->name != NULL; c++)
		man_command(app, out, c);
	buf_adds(out, told(app, man_tail, man_tail_ja));
}
