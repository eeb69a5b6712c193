/* SPDX-License-Identifier: Apache-2.0
 *
 * help.c - what expressions and filters may say, for `--help` and the manual.
 * The lists come from the tables that run them. */
#include <string.h>

#include "mapping/filter.h"
#include "mapping/mapping.h"
#include "mapping/transform.h"

static const struct {
	const char *form, *en, *ja;
} expressions[] = {
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
};

static void
print_expressions(struct buf *out, const char *lang)
{
	bool ja = strcmp(lang, "ja") == 0;
	for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
		buf_addf(out, "  %-28s %s\n", expressions[i].form,
		         ja ? expressions[i].ja : expressions[i].en);
}

static const struct {
	const char *en, *ja;
	void (*print)(struct buf *out, const char *lang);
} topics[] = {
	{ "Expressions (from = \"...\")", "式（from = \"...\"）", print_expressions },
	{ "Transforms, after a |", "変換（| の後）", transform_print_help },
	{ "Filter (filter = \"...\")", "フィルター（filter = \"...\"）", filter_print_help },
};

void
mapping_print_help(struct buf *out, const char *lang)
{
	bool ja = strcmp(lang, "ja") == 0;
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
		buf_addf(out, "%s%s\n", i > 0 ? "\n" : "",
			 ja ? topics[i].ja : topics[i].en);
		topics[i].print(out, lang);
	}
}
