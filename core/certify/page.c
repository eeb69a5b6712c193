/* SPDX-License-Identifier: Apache-2.0
 *
 * page.c - the connector's help page, in the group "file": its sections stand in one
 * order, every setting is in the table, every code that has words of its own is in
 * troubleshooting; the same of the Japanese page beside it.  Of the Markdown it reads
 * headings and the cells of tables; whether the words are true is for people. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "certify/kit.h"

#define PAGE_MAX (256u * 1024)

enum { HELP_PAGE, HELP_SECTIONS, HELP_SETTINGS, HELP_TEXTS, HELP_KINDS };
/* Of the table of settings. */
enum { CELL_NAME, CELL_REQUIRED, CELL_MEANING, CELL_EXAMPLE };
enum { SECTION_SETTINGS = 2, SECTION_TROUBLE = 5, SECTIONS = 6 };

/* In English and in Japanese. */
static const char *const sections[2][SECTIONS] = {
	{ "Limits and cautions", "Authentication", "Settings", "Work on the CRM side",
	  "Permission check", "Troubleshooting" },
	{ "制限と注意", "認証方式", "設定", "CRM 側の作業", "権限の確認",
	  "トラブルシューティング" },
};

/* ---- Markdown ---------------------------------------------------------------------- */

/* Takes the next line off 'rest'; what is fenced by ``` is no line of the page. */
static bool
next_line(struct rk_text *rest, struct rk_text *line)
{
	for (bool fenced = false, fence; rest->len > 0;) {
		const char *end = memchr(rest->ptr, '\n', rest->len);
		size_t len = end != NULL ? (size_t)(end - rest->ptr) + 1 : rest->len;
		*line = text_trim((struct rk_text){ rest->ptr, len });
		*rest = (struct rk_text){ rest->ptr + len, rest->len - len };
		fence = line->len >= 3 && memcmp(line->ptr, "```", 3) == 0;
		if (!fenced && !fence)
			return true;
		fenced ^= fence;
	}
	return false;
}

static bool
is_heading(struct rk_text line, struct rk_text *title)
{
	if (line.len < 3 || memcmp(line.ptr, "## ", 3) != 0)
		return false;
	*title = text_trim((struct rk_text){ line.ptr + 3, line.len - 3 });
	return true;
}

/* Empty where the row has no such cell.  "\|" ends none. */
static struct rk_text
cell_of(struct rk_text row, size_t number)
{
	size_t from = 0, bars = 0;
	for (size_t i = 0; i <= row.len; i++) {
		if (i < row.len && (row.ptr[i] != '|' || (i > 0 && row.ptr[i - 1] == '\\')))
			continue;
		if (bars++ == number + 1)
			return text_trim((struct rk_text){ row.ptr + from, i - from });
		from = i + 1;
	}
	return (struct rk_text){ 0 };
}

/* The row of the section's tables whose first cell has 'word' as code; empty: there is none. */
static struct rk_text
row_of(struct kit *k, struct rk_text page, const char *section, const char *word)
{
	struct rk_text quoted = arena_printf(&k->scratch, "`%s`", word), line, title;
	bool inside = false;
	while (next_line(&page, &line)) {
		struct rk_text first = cell_of(line, CELL_NAME);
		if (is_heading(line, &title))
			inside = text_is(title, section);
		else if (inside && first.len > 0 && line.ptr[0] == '|'
		         && memmem(first.ptr, first.len, quoted.ptr, quoted.len) != NULL)
			return line;
	}
	return (struct rk_text){ 0 };
}

/* ---- What it must say -------------------------------------------------------------- */

static void
check_sections(struct kit *k, struct rk_text page, const char *const *names)
{
	struct rk_text line, title;
	int count = 0;
	while (next_line(&page, &line)) {
		if (!is_heading(line, &title))
			continue;
		if (count == SECTIONS)
			kit_fail(k, "the section \"%.*s\" stands behind the last one, which is "
			         "\"%s\"; use ### inside of a section", SHOW(title),
			         names[count - 1]);
		else if (!text_is(title, names[count]))
			kit_fail(k, "section %d is \"%.*s\", expected \"%s\"", count + 1,
			         SHOW(title), names[count]);
		count += count < SECTIONS;
	}
	if (count < SECTIONS)
		kit_fail(k, "the page has no section \"%s\"", names[count]);
}

static void
check_settings(struct kit *k, struct rk_text page, const char *section)
{
	for (size_t i = 0; i < k->manifest.setting_count && k->why == NULL; i++) {
		const struct manifest_setting *s = &k->manifest.settings[i];
		struct rk_text row = row_of(k, page, section, s->name);
		if (row.len == 0)
			kit_fail(k, "the setting %s is in no row below \"%s\"", s->name, section);
		else if (s->required && cell_of(row, CELL_REQUIRED).len == 0)
			kit_fail(k, "the setting %s is required, and its row does not say so",
			         s->name);
		else if (cell_of(row, CELL_EXAMPLE).len == 0)
			kit_fail(k, "the row of the setting %s has no example", s->name);
	}
}

/* A long code may go by its last part, as CRMs with "area.part.CODE" show it. */
static void
check_texts(struct kit *k, struct rk_text page, const char *section)
{
	for (size_t i = 0; i < k->manifest.text_count && k->why == NULL; i++) {
		const char *code = k->manifest.texts[i].code, *dot = strrchr(code, '.');
		if (row_of(k, page, section, code).len == 0
		    && (dot == NULL || row_of(k, page, section, dot + 1).len == 0))
			kit_fail(k, "the code %s has a text of its own, and is in no row below "
			         "\"%s\"", code, section);
	}
}

/* Reads the page; false: the case has its verdict. */
static bool
read_page(struct kit *k, bool ja, struct buf *text)
{
	const char *path = k->options->page;
	struct stat st = { 0 };
	if (path != NULL && ja) {
		size_t len = strlen(path), end = len > 3 && strcmp(path + len - 3, ".md") == 0;
		path = arena_printf(&k->scratch, "%.*s.ja.md", (int)(len - 3 * end), path).ptr;
		path = stat(path, &st) == 0 ? path : NULL;
	}
	if (path == NULL)
		kit_skip(k, "there is no such page");
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		kit_fail(k, "the help page %s is no file", path);
	else if (!io_read_file(path, text) && !text->over)
		kit_fail(k, "the help page %s cannot be read: %s", path, strerror(errno));
	else if (text->over)
		kit_fail(k, "the help page %s is larger than %u KiB", path, PAGE_MAX / 1024);
	else if (!text_utf8_valid(buf_text(text)))
		kit_fail(k, "the help page %s is no UTF-8", path);
	return k->why == NULL;
}

static void
check_page(struct kit *k, int which)
{
	bool ja = which >= HELP_KINDS;
	const char *const *names = sections[ja];
	BUF_AUTO text = BUF_INIT(PAGE_MAX);
	if (which == HELP_PAGE && k->options->page == NULL)
		kit_fail(k, "there is no page %s.md beside the file or the scenario; people ask "
		         "for it by \"renkei help %s\"", k->manifest.name, k->manifest.name);
	if (which == HELP_PAGE || !read_page(k, ja, &text))
		return;
	switch (which % HELP_KINDS) {
	case HELP_SECTIONS: check_sections(k, buf_text(&text), names); break;
	case HELP_SETTINGS:
		check_settings(k, buf_text(&text), names[SECTION_SETTINGS]);
		break;
	case HELP_TEXTS: check_texts(k, buf_text(&text), names[SECTION_TROUBLE]); break;
	default: break;
	}
}

static const struct certify_case cases[] = {
	{ .name = "file.help-page", .run = check_page, .which = HELP_PAGE, .advice = true,
	  .what = "there is a help page", .what_ja = "説明ページがある" },
#define JA(kind) (HELP_KINDS + (kind))
	CASE("file.help-sections", check_page, HELP_SECTIONS,
	     "the page has the six sections in their order", "説明ページの 6 つの節が順に並ぶ"),
	CASE("file.help-settings", check_page, HELP_SETTINGS,
	     "every setting is in the page's table", "すべての設定が説明ページの表にある"),
	CASE("file.help-texts", check_page, HELP_TEXTS,
	     "every code with words of its own is in troubleshooting",
	     "文言のあるコードがすべてトラブルシューティングにある"),
	CASE("file.help-sections-ja", check_page, JA(HELP_SECTIONS),
	     "so has the Japanese page", "日本語ページの 6 つの節が順に並ぶ"),
	CASE("file.help-settings-ja", check_page, JA(HELP_SETTINGS),
	     "every setting is in the Japanese page's table",
	     "すべての設定が日本語ページの表にある"),
	CASE("file.help-texts-ja", check_page, JA(HELP_TEXTS),
	     "every code with words of its own is in the Japanese troubleshooting",
	     "文言のあるコードがすべて日本語のトラブルシューティングにある"),
};

const struct certify_group group_page = { "file", cases, sizeof cases / sizeof *cases };
