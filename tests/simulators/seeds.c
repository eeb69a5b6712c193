/* SPDX-License-Identifier: Apache-2.0 */
/* seeds.c - made-up contacts: "plain" ones, all valid for the sample mapping,
 * and "hard" ones, a table of deliberate troubles with what must come of each.
 * No person is meant: names are drawn from short lists, hosts are example.*.
 * Called by control.c. */
#include "seeds.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct name {
	const char *shown, *latin;
};

static const struct name lastnames[] = {
	{ "佐藤", "sato" }, { "鈴木", "suzuki" }, { "高橋", "takahashi" },
	{ "田中", "tanaka" }, { "渡辺", "watanabe" }, { "伊藤", "ito" },
	{ "山本", "yamamoto" }, { "中村", "nakamura" }, { "小林", "kobayashi" },
	{ "加藤", "kato" }, { "吉田", "yoshida" }, { "髙﨑", "takasaki" },
	{ "Smith", "smith" }, { "Müller", "mueller" }, { "Ng", "ng" },
	{ "O'Neill", "oneill" }, { "García", "garcia" }, { "Fujimoto", "fujimoto" },
};
static const struct name firstnames[] = {
	{ "花子", "hanako" }, { "太郎", "taro" }, { "さくら", "sakura" },
	{ "健一", "kenichi" }, { "由美子", "yumiko" }, { "翔", "sho" },
	{ "あかり", "akari" }, { "直樹", "naoki" }, { "Anna", "anna" },
	{ "Jörg", "joerg" }, { "Mei", "mei" }, { "ジョン", "john" },
};
static const char *const companies[] = {
	"株式会社サンプル商事", "例示工業株式会社", "Example Trading K.K.",
	"有限会社みほん", "Sample & Sons Ltd.", "合同会社テスト製作所",
	"株式会社エグザンプル・ホールディングス", "Placeholder GmbH",
};
static const char *const jobs[] = {
	"営業部長", "購買担当", "代表取締役", "Engineer", "情報システム部 課長",
	"Head of Purchasing", "総務",
};
static const struct { const char *city, *state, *address; } places[] = {
	{ "千代田区", "東京都", "例示町" }, { "大阪市北区", "大阪府", "見本通" },
	{ "札幌市中央区", "北海道", "南一条架空" }, { "福岡市博多区", "福岡県", "仮町" },
	{ "Yokohama", "Kanagawa", "Sample-cho" }, { "京都市", "京都府", "架空小路" },
};
static const char *const stages[] = {
	"subscriber", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead",
	"opportunity", "customer", "customer",
};
static const char *const interests[] = {
	"product", "event;product", "support", "event", "newsletter;product;support",
};
static const char *const notes[] = {
	"展示会で名刺交換。来月あらためて連絡する。",
	"資料請求あり。\n担当者は火曜と木曜に在席。",
	"Asked for a quote; prefers e-mail over phone.",
	"導入済み、更新時期は年度末。",
};

static uint64_t
mix(uint64_t z)
{
	z += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}


__attribute__((format(printf, 2, 3)))
static struct text
put(struct arena *a, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	return arena_copy(a, (struct text){ line, (size_t)len });
}

static void
put_person(struct arena *a, uint64_t seed, uint64_t i, uint64_t h, struct seed_row *row)
{
	const struct name *last = &lastnames[h % COUNT(lastnames)];
	const struct name *first = &firstnames[(h >> 8) % COUNT(firstnames)];
	unsigned host = (unsigned)(h >> 16 & 63);

	row->column[SEED_LASTNAME] = text_of(last->shown);
	row->column[SEED_FIRSTNAME] = text_of(first->shown);
	row->column[SEED_EMAIL] =
		put(a, "%s.%s.%llu-%06llu@k%u.example.com", first->latin, last->latin,
		    (unsigned long long)seed, (unsigned long long)i, host);
	row->column[SEED_WEBSITE] =
		put(a, "https://k%u.example.com/%s", host, last->latin);
	row->column[SEED_JOBTITLE] = text_of(jobs[(h >> 24) % COUNT(jobs)]);
	row->column[SEED_PHONE] = put(a, "03-%04llu-%04llu",
				      (unsigned long long)(i / 10000 % 10000),
				      (unsigned long long)(i % 10000));
	row->column[SEED_MEMBER] = put(a, "M%llu-%07llu", (unsigned long long)seed,
				       (unsigned long long)i);
}

static void
put_place(struct arena *a, uint64_t h, struct seed_row *row)
{
	size_t at = (h >> 32) % COUNT(places);

	row->column[SEED_COMPANY] = text_of(companies[(h >> 28) % COUNT(companies)]);
	row->column[SEED_CITY] = text_of(places[at].city);
	row->column[SEED_STATE] = text_of(places[at].state);
	row->column[SEED_ADDRESS] = put(a, "%s%u-%u-%u", places[at].address,
					(unsigned)(h >> 36 & 7) + 1,
					(unsigned)(h >> 40 & 15) + 1,
					(unsigned)(h >> 44 & 31) + 1);
	row->column[SEED_ZIP] = put(a, "%03u-%04u", (unsigned)(h >> 5 & 1023) % 1000,
				    (unsigned)(h >> 15 & 8191));
	row->column[SEED_COUNTRY] = text_of("日本");
}

static void
put_business(struct arena *a, uint64_t h, struct seed_row *row)
{
	unsigned day = (unsigned)(h >> 20 & 15) + 1, month = (unsigned)(h >> 25 & 7) + 1;

	row->column[SEED_STAGE] = text_of(stages[(h >> 48) % COUNT(stages)]);
	row->column[SEED_EMPLOYEES] = put(a, "%u", (unsigned)(h >> 52 & 4095) + 1);
	row->column[SEED_CONTRACT] =
		put(a, "20%02u-%02u-%02u", (unsigned)(h >> 3 & 15) + 10, month, day);
	row->column[SEED_LAST_SEEN] =
		put(a, "2026-%02u-%02uT%02u:%02u:00.000Z", month, day,
		    (unsigned)(h >> 11 & 15), (unsigned)(h >> 30 & 31));
	row->column[SEED_INTERESTS] = text_of(interests[(h >> 54) % COUNT(interests)]);
	row->column[SEED_NOTE] = text_of(notes[(h >> 58) % COUNT(notes)]);
}

void
seed_plain(struct arena *a, uint64_t seed, uint64_t i, struct seed_row *row)
{
	uint64_t h = mix(seed * UINT64_C(0x100000001B3) + i);

	put_person(a, seed, i, h, row);
	put_place(a, mix(h), row);
	put_business(a, mix(h + 1), row);
}

void
seed_edit(struct arena *a, uint64_t seed, uint64_t serial, struct seed_row *row)
{
	static const enum seed_column texts[] = { SEED_LASTNAME, SEED_FIRSTNAME,
		SEED_COMPANY, SEED_JOBTITLE, SEED_ADDRESS, SEED_CITY, SEED_NOTE };

	seed_plain(a, seed ^ UINT64_C(0xED17), serial, row);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct text *t = &row->column[texts[i]];

		*t = put(a, "%.*s %llu", (int)t->len, t->ptr,
			 (unsigned long long)serial + 1);
	}
	row->column[SEED_PHONE] = put(a, "06-%04llu-%04llu",
				      (unsigned long long)(serial / 10000 % 10000),
				      (unsigned long long)(serial % 10000));
}

/* ---- Hard cases --------------------------------------------------------- */

#define BYTES(literal) { (literal), sizeof(literal) - 1 }

/* Expectations hold for the sample mapping of conf/ onto the default kintone
 * app: e-mail is the key, every other column goes to the field of its name. */
const struct seed_case seed_cases[] = {
	{ .name = "plain", .expect = "ok", .why = "nothing is wrong with it" },
	{ .name = "half-width-kana",
	  .expect = "ok",
	  .why = "kept as it is, not widened",
	  .column = SEED_COMPANY,
	  .value = BYTES("ｶﾌﾞｼｷｶﾞｲｼｬ ﾃｽﾄ") },
	{ .name = "full-width-ascii",
	  .expect = "ok",
	  .why = "kept as it is, not narrowed",
	  .column = SEED_COMPANY,
	  .value = BYTES("ＡＢＣ　１２３（株）") },
	{ .name = "emoji",
	  .expect = "ok",
	  .why = "four-byte characters and a joiner",
	  .column = SEED_COMPANY,
	  .value = BYTES("👩‍💻 Sample 🗻🇯🇵") },
	{ .name = "four-byte-kanji",
	  .expect = "ok",
	  .why = "beyond the basic plane",
	  .column = SEED_LASTNAME,
	  .value = BYTES("𠮷野𩸽") },
	{ .name = "combining",
	  .expect = "ok",
	  .why = "decomposed kana stay decomposed",
	  .column = SEED_FIRSTNAME,
	  .value = BYTES("か\u3099くろう") },
	{ .name = "variation-selector",
	  .expect = "ok",
	  .why = "an ideographic variant",
	  .column = SEED_LASTNAME,
	  .value = BYTES("葛\U000E0100城") },
	{ .name = "right-to-left",
	  .expect = "ok",
	  .why = "bidirectional marks",
	  .column = SEED_COMPANY,
	  .value = BYTES("\u202Bשלום\u202C") },
	{ .name = "nul",
	  .expect = "property-value",
	  .why = "U+0000 in a text",
	  .column = SEED_COMPANY,
	  .value = BYTES("before\0after") },
	{ .name = "control-characters",
	  .expect = "ok",
	  .why = "tab and bell in a long text",
	  .column = SEED_NOTE,
	  .value = BYTES("a\tb\ac") },
	{ .name = "crlf",
	  .expect = "ok",
	  .why = "CR LF and LF line ends",
	  .column = SEED_NOTE,
	  .value = BYTES("一行目\r\n二行目\n三行目") },
	{ .name = "quotes",
	  .expect = "ok",
	  .why = "quotes, backslashes, slashes",
	  .column = SEED_COMPANY,
	  .value = BYTES("\"Sample\" \\ 'Co' / <b>&amp;</b>") },
	{ .name = "template-like",
	  .expect = "ok",
	  .why = "looks like a placeholder",
	  .column = SEED_COMPANY,
	  .value = BYTES("${token} {{secret}} %s %n") },
	{ .name = "query-like",
	  .expect = "ok",
	  .why = "looks like a query",
	  .column = SEED_COMPANY,
	  .value = BYTES("\" or $id > 0 or \"\" = \"") },
	{ .name = "leading-blanks",
	  .expect = "ok",
	  .why = "blanks at both ends are kept",
	  .column = SEED_COMPANY,
	  .value = BYTES("  間隔 商店　 ") },
	{ .name = "integer-2^53",
	  .expect = "ok",
	  .why = "2^53 + 1 must stay exact",
	  .column = SEED_EMPLOYEES,
	  .value = BYTES("9007199254740993") },
	{ .name = "integer-max",
	  .expect = "ok",
	  .why = "2^63 - 1 must stay exact",
	  .column = SEED_EMPLOYEES,
	  .value = BYTES("9223372036854775807") },
	{ .name = "decimal-exact",
	  .expect = "ok",
	  .why = "20 digits, 4 behind the point",
	  .column = SEED_EMPLOYEES,
	  .value = BYTES("1234567890123456.7891") },
	{ .name = "number-too-long",
	  .expect = "property-value",
	  .why = "more digits than the target keeps",
	  .column = SEED_EMPLOYEES,
	  .value = BYTES("1"),
	  .repeat = 40 },
	{ .name = "number-negative",
	  .expect = "property-value",
	  .why = "below the least value of the target",
	  .column = SEED_EMPLOYEES,
	  .value = BYTES("-1") },
	{ .name = "text-64k",
	  .expect = "ok",
	  .why = "65,536 characters, the most there is",
	  .column = SEED_NOTE,
	  .value = BYTES("あ"),
	  .repeat = 65536 },
	{ .name = "text-too-long",
	  .expect = "property-value",
	  .why = "longer than the target's field allows",
	  .column = SEED_COMPANY,
	  .value = BYTES("長"),
	  .repeat = 300 },
	{ .name = "same-stamp-1",
	  .expect = "ok",
	  .why = "shares its stamp with others",
	  .same_stamp = true },
	{ .name = "same-stamp-2",
	  .expect = "ok",
	  .why = "shares its stamp with others",
	  .same_stamp = true },
	{ .name = "same-stamp-3",
	  .expect = "ok",
	  .why = "shares its stamp with others",
	  .same_stamp = true },
	{ .name = "late-commit",
	  .expect = "ok",
	  .why = "stamped now, but seen only \"late_ms\" after (default 400)",
	  .late = true },
	{ .name = "key-first", .expect = "ok", .why = "the first holder of its key" },
	{ .name = "key-twice",
	  .expect = "duplicate",
	  .why = "the key before in capitals and with a blank",
	  .copy_key = true },
	{ .name = "key-empty",
	  .expect = "excluded",
	  .why = "an empty key is skipped",
	  .column = SEED_EMAIL,
	  .value = BYTES("") },
	{ .name = "key-blank",
	  .expect = "excluded",
	  .why = "a key of blanks is empty",
	  .column = SEED_EMAIL,
	  .value = BYTES("   ") },
	{ .name = "date-midnight",
	  .expect = "ok",
	  .why = "a date has no zone: no day off",
	  .column = SEED_CONTRACT,
	  .value = BYTES("2026-01-01") },
	{ .name = "date-leap",
	  .expect = "ok",
	  .why = "the 29th of February",
	  .column = SEED_CONTRACT,
	  .value = BYTES("2024-02-29") },
	{ .name = "date-small",
	  .expect = "ok",
	  .why = "long before 1970",
	  .column = SEED_CONTRACT,
	  .value = BYTES("1000-01-01") },
	{ .name = "date-large",
	  .expect = "ok",
	  .why = "the last day of four digits",
	  .column = SEED_CONTRACT,
	  .value = BYTES("9999-12-31") },
	{ .name = "datetime-midnight",
	  .expect = "ok",
	  .why = "midnight in Tokyo",
	  .column = SEED_LAST_SEEN,
	  .value = BYTES("2026-01-31T15:00:00.000Z") },
	{ .name = "link-refused",
	  .expect = "property-value",
	  .why = "no web address, the target checks it",
	  .column = SEED_WEBSITE,
	  .value = BYTES("ここに書く") },
};
const size_t seed_case_count = COUNT(seed_cases);

static struct text
repeated(struct arena *a, const struct seed_case *c)
{
	size_t times = c->repeat ? c->repeat : 1;
	struct buf b = { 0 };

	buf_add(&b, "", 0);
	for (size_t i = 0; i < times; i++)
		buf_text(&b, c->value);
	return arena_take(a, &b);
}

static struct text
shouted(struct arena *a, struct text key)
{
	struct text t = put(a, " %.*s ", (int)key.len, key.ptr);
	char *p = (char *)(uintptr_t)t.ptr;

	for (size_t i = 0; i < t.len; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return t;
}

void
seed_hard(struct arena *a, uint64_t seed, uint64_t i, struct seed_row *row)
{
	const struct seed_case *c = &seed_cases[i % seed_case_count];
	struct seed_row before = { 0 };

	seed_plain(a, seed, i, row);
	if (c->value.ptr)
		row->column[c->column] = repeated(a, c);
	if (c->copy_key) {
		seed_plain(a, seed, i - 1, &before);
		row->column[SEED_EMAIL] = shouted(a, before.column[SEED_EMAIL]);
	}
	row->late = c->late;
	row->same_stamp = c->same_stamp;
}
