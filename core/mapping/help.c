/* SPDX-License-Identifier: Apache-2.0
 *
 * help.c - what expressions and filters may say, for `--help` and the manual.
 * The list of transforms comes from the table that runs them. */
#include <string.h>

#include "mapping/transform.h"

struct row {
	const char *form, *en, *ja;
};

static const struct row expressions[] = {
	{ "email", "a field of the source, with its own type",
	  "元のフィールド（型はそのまま）" },
	{ "phone | digits", "a field through transforms", "フィールドを変換に通す" },
	{ "${lastname} ${firstname}", "a template: text; a bar is ||, a dollar $$",
	  "テンプレート（文字列）。| は ||、$ は $$ と書く" },
	{ "${zip} ${city} | trim", "transforms of the whole template",
	  "テンプレート全体の変換" },
	{ "'web'", "a fixed text", "固定の文字列" },
	{ "to = \"lines.item\"", "a column of a table: a list gives a row for each item",
	  "テーブルの列。リストは項目ごとに一行になる" },
	{ "$id, $modified", "the record's id and time of change",
	  "レコードの ID と更新日時" },
	{ NULL, NULL, NULL },
};

static const struct row filters[] = {
	{ "FIELD = VALUE", "also != < <= > >=", "ほかに != < <= > >=" },
	{ "FIELD in (VALUE, ...)", "one of these; also not in",
	  "いずれかに一致。not in もある" },
	{ "FIELD contains VALUE", "part of a text, item of a list; also not contains",
	  "文字列の一部、またはリストの項目。not contains もある" },
	{ "FIELD is empty", "has no value; also is not empty",
	  "値がない。is not empty もある" },
	{ "TEST and TEST, TEST or TEST", "`and` binds closer than `or`",
	  "and は or より強く結び付く" },
	{ "not TEST, ( ... )", "the opposite; brackets", "否定とかっこ" },
	{ "${FIELD}", "a name with blanks or signs in it",
	  "空白や記号を含むフィールド名" },
	{ NULL, NULL, NULL },
};

static void
print(struct buf *out, const struct row *rows, bool ja)
{
	for (; rows->form != NULL; rows++)
		buf_addf(out, "  %-28s %s\n", rows->form, ja ? rows->ja : rows->en);
}

void
mapping_print_help(struct buf *out, const char *lang)
{
	bool ja = strcmp(lang, "ja") == 0;
	buf_adds(out, ja ? "式（from = \"...\"）\n" : "Expressions (from = \"...\")\n");
	print(out, expressions, ja);
	buf_adds(out, ja ? "\n変換（| の後）\n" : "\nTransforms, after a |\n");
	transform_print_help(out, ja);
	buf_adds(out, ja ? "\nフィルター（filter = \"...\"）\n"
	                 : "\nFilter (filter = \"...\")\n");
	print(out, filters, ja);
}
