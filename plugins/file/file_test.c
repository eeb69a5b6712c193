/* SPDX-License-Identifier: Apache-2.0
 *
 * file_test.c - what of the files is read, when, and what a batch makes of them.  The
 * directory is in memory (fake_host.h).  Run by make check. */
#include "plugins/testing/fake_host.h"

#include <iconv.h>

#include "file.h"

static const struct fake_setting csv[] = {
	{ "directory", "/d" }, { "key", "id" }, { "quiet", "60s" }, { "rotate", "never" },
	{ "rotate_size", "1" }, { "columns", "id,name" }, { NULL, NULL },
};
static const struct fake_setting jsonl[] = {
	{ "directory", "/d" }, { "key", "id" }, { "quiet", "60s" }, { "format", "jsonl" },
	{ "rotate_size", "1" }, { NULL, NULL },
};
static const struct fake_setting sjis[] = {
	{ "directory", "/d" }, { "key", "id" }, { "quiet", "60s" }, { "rotate_size", "1" },
	{ "encoding", "shift_jis" }, { "delimiter", "tab" }, { NULL, NULL },
};
static const struct fake_setting bare[] = {
	{ "directory", "/d" }, { "key", "id,name" }, { "header", "false" },
	{ "columns", "id, name" }, { "quiet", "60s" }, { NULL, NULL },
};

#define OLD (FAKE_NOW - 3600000)

static struct fake_file *
put(const char *name, const char *text, int64_t modified_ms)
{
	return fake_file_put(name, text, strlen(text), modified_ms);
}

static void
ask(uint32_t mode, uint64_t limit)
{
	fields[0] = fake_field("id", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_KEY);
	fields[1] = fake_field("name", RK_TEXT, RK_FIELD_WRITABLE);
	fake_query("people", mode, RK_NO_TIME, RK_NO_TIME);
	query.limit = limit;
}

/* A process that died has a successor, which knows the token alone. */
static void
die(void)
{
	renkei_connector_v1.close(fake_conn);
	assert_int_equal(renkei_connector_v1.open(&fake.host, &fake_conn, &fake_err), RK_OK);
}

static int dies;

/* All records from 'token' on, as "id=name;", and the last token. */
static char *
listed(struct rk_text *token, uint64_t limit)
{
	char *all = fake_string(rk_z(""));

	ask(RK_BY_WINDOW, limit);
	do {
		int32_t status;

		if (dies)
			die();
		status = list(*token);

		if (status != RK_OK)
			return fake_string(rk_textf(&fake.host, "%s!%d %s", all, status,
			                            fake_err.message));
		for (uint64_t i = 0; i < page.record_count; i++)
			all = fake_string(rk_textf(&fake.host, "%s%.*s=%s;", all,
				RK_S(page.records[i].id),
				strchr(fake_show(&page.records[i].values[1]), ':') + 1));
		*token = page.token;
	} while (page.more);
	return all;
}

#define EXPECT(token, limit, text) assert_string_equal(listed(token, limit), text)

/* ---- Rows ------------------------------------------------------------------------ */

struct rows_case {
	const char *text, *listed;
};

static void
try_rows(const char *name, const struct rows_case *cases, size_t count,
         const struct fake_setting *settings)
{
	for (size_t i = 0; i < count; i++) {
		struct rk_text token = rk_z("");
		char *all;

		fake_open(settings);
		put(name, cases[i].text, OLD);
		all = listed(&token, 100);
		if (strcmp(all, cases[i].listed) != 0)
			fail_msg("%s -> %s, expected %s", cases[i].text, all, cases[i].listed);
	}
}

static void
csv_is_taken_apart(void **state)
{
	static const struct rows_case cases[] = {
		{ "id,name\n1,a\n2,b\n", "1=a;2=b;" },
		{ "id,name\r\n1,a\r\n2,b", "1=a;2=b;" },
		{ "\xEF\xBB\xBF" "name,id\na,1\n", "1=a;" },
		{ "id,name\n1,\"a,\"\"b\"\"\nc\"\n", "1=a,\"b\"\nc;" },
		{ "id,name\n\n1,a\n\n", "1=a;" },
		{ "id,name\n1,5\" disk\n", "1=5\" disk;" },
		{ "id,name\n1,\"\"\n2,\n", "1=;2=;" },
		{ "id,name\n1,\"a\rb\"\n", "1=a\rb;" },
		{ "id,name\n1,a\n1,b\n", "1=b;" },
		{ "id,name\n ,a\n2,b\n", "people.csv:2=a;2=b;" },
		{ "id,name\n", "" }, { "", "" },
		{ "id,name\n1,\"a\n", "!5 people.csv:2: a quote is not closed" },
		{ "id,name\n1,\"a\"b\n", "!5 people.csv:2: behind a closing quote stands "
		                         "something else" },
		{ "id,name\n1\n", "!5 people.csv:2: it has fewer cells than there are columns" },
		{ "id,name\n\"1\n\",a\n2,b,c\n", "!5 people.csv:4: it has more cells than there "
		                                 "are columns" },
		{ "id,id\n1,a\n", "!5 people.csv:1: a column's name stands twice" },
		{ "id,\n1,a\n", "!5 people.csv:1: a column has no name" },
		{ "ident,name\n1,a\n", "!5 people.csv:2: there is no key column; set \"key\"" },
		{ "id,name\n1,\xFF\n", "!5 people.csv:2: it holds bytes that are no UTF-8" },
	};

	(void)state;
	try_rows("people.csv", cases, RK_COUNT(cases), csv);
}

static void
json_lines_are_taken_apart(void **state)
{
	static const struct rows_case cases[] = {
		{ "{\"id\":1,\"name\":\"a\"}\n{ \"name\" : null , \"id\" : \"2\" }\n", "1=a;2=;" },
		{ "{\"id\":1,\"name\":\"\\u3042\\ud83d\\ude00\\\"\\n\"}\r\n", "1=あ😀\"\n;" },
		{ "{\"id\":12.50,\"name\":{\"a\":[1,{}]}}\n\n", "12.50={\"a\":[1,{}]};" },
		{ "{\"name\":true}\n", "people.jsonl:1=true;" },
		{ "{\"id\":\"1\"}\n", "1=;" },
		{ "{\"id\":\"1\",}\n", "!5 people.jsonl:1: it is no JSON object" },
		{ "{}\n[]\n", "!5 people.jsonl:2: it is no JSON object" },
		{ "{\"id\":\"\\ud83d\"}\n", "!5 people.jsonl:1: it is no JSON object" },
		{ "{\"id\":\"\\u0000\"}\n", "!5 people.jsonl:1: it is no JSON object" },
		{ "{\"id\":01}\n", "!5 people.jsonl:1: it is no JSON object" },
		{ "{\"id\":\"1\"} x\n", "!5 people.jsonl:1: it is no JSON object" },
		{ "{\"id\":\"a\nb\"}\n", "!5 people.jsonl:1: it is no JSON object" },
	};

	(void)state;
	try_rows("people.jsonl", cases, RK_COUNT(cases), jsonl);
}

static void
a_file_without_header_has_the_columns_of_the_setting(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	put("people.csv", "1,a\n2,b\n", OLD);
	EXPECT(&token, 100, "1|a=a;2|b=b;");
}

/* Every text of one or two bytes: what iconv makes of it, and back. */
static void
shift_jis_is_what_iconv_says(void **state)
{
	struct cp932 *table = cp932_new();
	iconv_t to = iconv_open("UTF-8", "CP932"), from = iconv_open("CP932", "UTF-8");
	unsigned pairs = 0;

	(void)state;
	assert_true(to != (iconv_t)-1 && from != (iconv_t)-1);
	for (unsigned n = 0x100; n < 0x10000; n++) {
		char two[2] = { (char)(n >> 8), (char)n }, theirs[8], ours[8], back[8];
		char *in = two, *out = theirs, *again = theirs, *end = back;
		size_t left = 2, room = sizeof theirs, back_room = sizeof back;
		int known = cp932_is_first((unsigned char)two[0]) &&
		            iconv(to, &in, &left, &out, &room) == 0 && left == 0;
		int64_t len = cp932_is_first((unsigned char)two[0])
			? cp932_decode(table, rk_text_of(two, 2), ours) : -1;

		iconv(to, NULL, NULL, NULL, NULL);
		if (!known && len < 0)
			continue;
		assert_int_equal(len, known ? out - theirs : -1);
		assert_memory_equal(ours, theirs, (size_t)len);
		left = (size_t)len;
		assert_int_equal(iconv(from, &again, &left, &end, &back_room), 0);
		assert_int_equal(cp932_encode(table, rk_text_of(ours, (uint64_t)len), theirs),
		                 end - back);
		assert_memory_equal(theirs, back, (size_t)(end - back));
		pairs++;
	}
	assert_true(pairs > 7000);
	iconv_close(to);
	iconv_close(from);
	free(table);
}

static void
second_bytes_of_shift_jis_are_no_delimiters(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	/* 表 ends with a backslash, ポ with a bar; two halves of kana. */
	put("people.csv", "id\tname\n1\t\x95\x5C\x83\x7C\n2\t\"\xB1\t\xB2\"\n", OLD);
	EXPECT(&token, 100, "1=表ポ;2=ｱ\tｲ;");
	put("people-1.csv", "id\tname\n1\t\x95\n", OLD + 1);
	EXPECT(&token, 100, "!5 people-1.csv:2: it holds bytes that are no Shift_JIS");
}

/* ---- Which files ----------------------------------------------------------------- */

static void
only_new_and_changed_files_are_read(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	put("people-2.csv", "id,name\n2,b\n", OLD + 2);
	put("people-1.csv", "id,name\n1,a\n2,old\n", OLD + 1);
	put("peoples.csv", "id,name\n7,x\n", OLD);
	put("people-x.csv", "id,name\n8,x\n", OLD);
	put("people.jsonl", "{\"id\":\"9\"}\n", OLD);
	EXPECT(&token, 1, "1=a;2=b;");
	EXPECT(&token, 1, "");
	put("people-1.csv", "id,name\n1,c\n2,b\n", OLD + 3);
	EXPECT(&token, 100, "1=c;2=b;");
	/* Renamed, it is the same. */
	fake_file_named(rk_z("people-1.csv"))->name = "people-2026-11-01.csv";
	EXPECT(&token, 100, "");
	/* Another mapping: all of it again. */
	token = rk_z("");
	EXPECT(&token, 100, "1=c;2=b;");
}

static void
a_file_read_at_once_is_looked_at_once_more(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	put("people-1.csv", "id,name\n1,old\n", FAKE_NOW - 600);
	put("people.csv", "id,name\n1,a\n", FAKE_NOW - 500);
	EXPECT(&token, 100, "1=a;");
	EXPECT(&token, 100, "");
	/* The clock of the file system stood still: of the same length and time. */
	put("people.csv", "id,name\n1,b\n", FAKE_NOW - 500);
	EXPECT(&token, 100, "");
	fake.now_ms = FAKE_NOW + 5000;
	EXPECT(&token, 100, "1=b;");
	EXPECT(&token, 100, "");
}

static void
a_file_that_is_being_written_waits(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	put("people-1.csv", "id,name\n1,a\n2,ha", FAKE_NOW - 30000);
	put("people-2.csv", "id,name\n3,\"c\n", FAKE_NOW - 20000);
	put("people-3.csv", "id,name\n1,d\n", FAKE_NOW - 10000);
	EXPECT(&token, 1, "");
	put("people-2.csv", "id,name\n3,\"c\"\n", FAKE_NOW - 20000);
	EXPECT(&token, 1, "3=c;1=d;");
	fake.now_ms = FAKE_NOW + 31000;
	/* It was changed before the others: their rows count. */
	EXPECT(&token, 1, "2=ha;");
}

static int32_t
becomes_another(struct rk_err *err)
{
	(void)err;
	put("people.csv", "id,name\n1,b\n2,b\n3,b\n", FAKE_NOW - 5000);
	return RK_OK;
}

static int32_t
vanishes(struct rk_err *err)
{
	(void)err;
	fake.file_count--;
	return RK_OK;
}

static void
a_file_that_changes_while_it_is_read_is_read_by_the_next_listing(void **state)
{
	static int32_t (*const deeds[])(struct rk_err *err) = { becomes_another, vanishes };

	(void)state;
	for (size_t deed = 0; deed < RK_COUNT(deeds); deed++)
		for (int at = 1; at < 12; at++) {
			struct rk_text token = rk_z("");

			fake_open(csv);
			put("people.csv", "id,name\n1,a\n2,a\n3,a\n", OLD);
			fake.meddle = deeds[deed];
			fake.meddle_at = at;
			if (strchr(listed(&token, 1), '!'))
				fail_msg("deed %zu at %d: %s", deed, at, fake_err.message);
			if (deed == 0 && fake.files_asked >= at &&
			    strcmp(listed(&token, 1), "1=b;2=b;3=b;") != 0 && at > 1)
				fail_msg("at %d the change was lost", at);
		}
}

/* ---- The newest file counts ------------------------------------------------------ */

/* Twelve months: each has customer 1, the last month's and one of its own. */
static void
put_months(void)
{
	static const char *const names[12] = { "people-01.csv", "people-02.csv",
		"people-03.csv", "people-04.csv", "people-05.csv", "people-06.csv",
		"people-07.csv", "people-08.csv", "people-09.csv", "people-10.csv",
		"people-11.csv", "people-12.csv" };

	for (int i = 0; i < 12; i++)
		put(names[i], fake_string(rk_textf(&fake.host, "id,name\n1,m%d\nc%d,m%d\nc%d,m%d\n",
		                                   i, i - 1, i, i, i)), OLD + i);
}

#define MONTHS "c-1=m0;c0=m1;c1=m2;c2=m3;c3=m4;c4=m5;c5=m6;c6=m7;c7=m8;c8=m9;c9=m10;" \
               "1=m11;c10=m11;c11=m11;"

static void
each_record_is_told_once(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct rk_text token = rk_z("");

		fake_open(csv);
		dies = i % 2;
		put_months();
		EXPECT(&token, (uint64_t)i / 2 + 1, MONTHS);
		EXPECT(&token, 100, "");
		/* Not mounted for a while. */
		fake.file_count = 0;
		EXPECT(&token, 100, "");
		fake.file_count = 12;
		EXPECT(&token, (uint64_t)i / 2 + 1, MONTHS);
		/* Mounted anew, as other files. */
		for (int file = 0; file < 12; file++)
			fake.files[file].inode = 1;
		EXPECT(&token, (uint64_t)i / 2 + 1, MONTHS);
		/* One that was copied. */
		fake.files[4].inode = 2;
		EXPECT(&token, 1, "c3=m4;");
		EXPECT(&token, 1, "");
	}
	dies = 0;
}

static void
a_file_that_comes_late_tells_what_no_newer_one_has(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	put("people.csv", "id,name\n1,a\n,nobody\n3,c\n", OLD + 1);
	EXPECT(&token, 1, "1=a;people.csv:3=nobody;3=c;");
	put("people-1.csv", "id,name\n1,old\n2,b\n,nobody\n3,old\n2,b2\n", OLD);
	EXPECT(&token, 1, "2=b;people-1.csv:4=nobody;2=b2;");
	EXPECT(&token, 1, "");
}

/* The last that was told of an id. */
static void
assert_last(const char *all, const char *id, const char *name)
{
	struct rk_text row = rk_textf(&fake.host, "%s=%s;", id, name);
	const char *found = NULL;

	for (const char *at = all; *at; at = strchr(at, ';') + 1)
		if (strncmp(at, row.ptr, strlen(id) + 1) == 0)
			found = at;
	if (!found || strncmp(found, row.ptr, row.len) != 0)
		fail_msg("%s is not the last of %s in %s", row.ptr, id, all);
}

static int32_t
newest_loses_a_row(struct rk_err *err)
{
	(void)err;
	put("people-3.csv", "id,name\n1,n\n4,n\n5,n\n", FAKE_NOW - 5000);
	return RK_OK;
}

static int32_t
newest_vanishes(struct rk_err *err)
{
	(void)err;
	fake.files[0] = fake.files[--fake.file_count];
	return RK_OK;
}

static int32_t
all_are_copied(struct rk_err *err)
{
	(void)err;
	for (size_t i = 0; i < fake.file_count; i++)
		fake.files[i].inode++;
	return RK_OK;
}

static int32_t
is_away(struct rk_err *err)
{
	return rk_fail(err, RK_RESYNC, RK_CAT_SERVER, "changed");
}

/* Whatever becomes of files, whenever, also of those that others' rows were left to: what
 * was told last is what the newest of those that are there says; and nothing that an older
 * one says was told after it. */
static void
no_row_is_lost_to_a_file_that_changes(void **state)
{
	static int32_t (*const deeds[])(struct rk_err *err) = {
		newest_loses_a_row, newest_vanishes, all_are_copied, is_away };

	(void)state;
	for (int i = 0; i < 16; i++)
		for (int at = 2, asked = at; asked >= at; at++) {
			struct rk_text token = rk_z("");
			char *all;

			fake_open(csv);
			put("people-3.csv", "id,name\n1,n\n2,n\n4,n\n", OLD + 3);
			put("people-2.csv", "id,name\n3,m\n2,m\n", OLD + 2);
			put("people-1.csv", "id,name\n1,o\n2,o\n3,o\n6,o\n", OLD);
			dies = i & 1;
			fake.meddle = deeds[i / 4];
			fake.meddle_at = at;
			all = listed(&token, i & 2 ? 100 : 1);
			asked = fake.files_asked;
			/* The list of files is never away. */
			if (strstr(all, "!6"))
				continue;
			for (int again = 0; again < 3; again++)
				all = fake_string(rk_textf(&fake.host, "%s%s", all,
				                           listed(&token, 1)));
			if (strchr(all, '!'))
				fail_msg("deed %d at %d: %s", i, at, all);
			assert_string_equal(listed(&token, 1), "");
			assert_last(all, "3", "m");
			assert_last(all, "6", "o");
			if (deeds[i / 4] == newest_loses_a_row)
				assert_last(all, "5", "n");
			if (!strstr(all, "2=n;"))
				assert_last(all, "2", "m");
			if (!strstr(all, "1=n;"))
				assert_last(all, "1", "o");
			if (deeds[i / 4] == newest_vanishes)
				continue;
			assert_last(all, "1", "n");
			assert_last(all, "4", "n");
			if (strstr(strstr(all, "1=n;"), "1=o;"))
				fail_msg("deed %d at %d: %s", i, at, all);
		}
	dies = 0;
}

/* Where there are more ids than there is room for, the oldest file is read first. */
static void
too_many_ids_cost_writes_and_no_row(void **state)
{
	(void)state;
	for (uint64_t limit = 1; limit < 8; limit++) {
		struct rk_text token = rk_z("");
		char *all;

		fake_open(csv);
		fake_conn->ids.most = limit;
		put_months();
		all = listed(&token, limit);
		EXPECT(&token, limit, "");
		assert_last(all, "1", "m11");
		for (int i = 0; i < 12; i++)
			assert_last(all, rk_textf(&fake.host, "c%d", i - 1).ptr,
			            rk_textf(&fake.host, "m%d", i).ptr);
		assert_non_null(strstr(all, "1=m0;"));
	}
}

/* Ten rows of a MiB: what is learnt of them takes several calls. */
static void
large_files_are_learnt_piece_by_piece(void **state)
{
	static char large[10 << 20], *at = large;
	struct rk_text token = rk_z("");
	int waits = 0;

	(void)state;
	at = stpcpy(at, "id,name\n");
	for (int i = 0; i < 10; i++) {
		at += sprintf(at, "%d,", i);
		memset(at, 'x', 1000000);
		at = stpcpy(at + 1000000, "\n");
	}
	put("people-2.csv", large, OLD + 1);
	put("people-1.csv", "id,name\n9,old\n10,new\n", OLD);
	ask(RK_BY_WINDOW, 100);
	for (uint64_t told = 0;; token = page.token) {
		assert_int_equal(list(token), RK_OK);
		waits += page.wait_ms > 0;
		told += page.record_count;
		if (page.more)
			continue;
		assert_int_equal(told, 11);
		assert_text(page.records[page.record_count - 1].id, "9");
		break;
	}
	assert_int_equal(waits, 2);
}

static void
a_token_that_is_none_begins_anew(void **state)
{
	static const char *const tokens[] = { "x", "1 2 3", "1 2 3 - =short", "1 2 3 - !AAAAAAAA",
		"99999999999999999999999 1 1 -", "1 1 1 AAAAAAAAA" };

	(void)state;
	put("people.csv", "id,name\n1,a\n", OLD);
	for (size_t i = 0; i < RK_COUNT(tokens); i++) {
		ask(RK_BY_WINDOW, 10);
		if (list(rk_z(tokens[i])) != RK_RESYNC)
			fail_msg("%s", tokens[i]);
	}
}

static void
rows_are_found_by_id_and_value(void **state)
{
	struct rk_text wanted[] = { rk_z("2"), rk_z("9"), rk_z(" 1 ") };

	(void)state;
	put("people-1.csv", "id,name\n1,a\n2,a\n3,a\n", OLD);
	put("people-2.csv", "id,name\n2,b\n", OLD + 1);
	ask(RK_BY_IDS, 10);
	query.values = wanted;
	query.value_count = 3;
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_string_equal(fake_show(&page.records[1].values[1]), "TEXT:b");
	/* By value: not what a row said before. */
	ask(RK_BY_FIELD, 1);
	wanted[0] = rk_z("a");
	query.values = wanted;
	query.value_count = 1;
	query.field = rk_z("name");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "1");
	assert_int_equal(page.more, 1);
	assert_int_equal(list(page.token), RK_OK);
	assert_text(page.records[0].id, "3");
	assert_int_equal(page.more, 0);
}

/* ---- Writing --------------------------------------------------------------------- */

static int32_t
write_rows(uint32_t operation, uint64_t count, const char *const *some_keys)
{
	ask(RK_BY_WINDOW, 10);
	fake_batch("people", operation, 2, count, some_keys, 1);
	return write_batch();
}

static const char *const keys_of[FAKE_ROWS] = { "k1", "k2", "k3", "k4", "k5", "k6", "k7",
	                                        "k8" };

static void
rows_are_added_and_replaced(void **state)
{
	(void)state;
	assert_int_equal(write_rows(RK_OP_UPSERT, 2, keys_of), RK_OK);
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_string_equal(fake.files[0].name, "people.csv");
	assert_string_equal(fake.files[0].data, "id,name\r\nk1,N0\r\nk2,N1\r\n");
	/* The same again is the same, and not written. */
	assert_int_equal(write_rows(RK_OP_UPSERT, 3, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UNCHANGED);
	assert_int_equal(outcomes[2].status, RK_CREATED);
	put("people.csv", "x,id,name\n1,k2,\"a,\"\"\n2\"\n2,\"k1\",b\n\n3,z,z\n", OLD);
	assert_int_equal(write_rows(RK_OP_UPSERT, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_string_equal(fake.files[0].data, "x,id,name\n1,k2,\"a,\"\"\n2\"\n2,k1,N0\n3,z,z\n");
}

/* A run that died may have written it before. */
static void
a_key_that_changes_changes_once(void **state)
{
	(void)state;
	put("people.csv", "id,name\n0,z\n1,x\n", OLD);
	assert_int_equal(write_rows(RK_OP_UPDATE, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_string_equal(fake.files[0].data, "id,name\n0,z\nk1,N0\n");
	assert_int_equal(write_rows(RK_OP_UPDATE, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UNCHANGED);
	put("people.csv", "id,name\n0,z\nk1,old\n", OLD);
	assert_int_equal(write_rows(RK_OP_UPDATE, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_string_equal(fake.files[0].data, "id,name\n0,z\nk1,N0\n");
	put("people.csv", "id,name\nk1,x\n1,y\n", OLD);
	assert_int_equal(write_rows(RK_OP_UPDATE, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	put("people.csv", "id,name\n0,z\n", OLD);
	assert_int_equal(write_rows(RK_OP_UPDATE, 1, keys_of), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
}

static void
what_is_not_mapped_stays(void **state)
{
	(void)state;
	put("people.jsonl", "{\"t\":[1, 2],\"id\":\"k1\",\"name\":\"b\",\"n\":1.0}", OLD);
	assert_int_equal(write_rows(RK_OP_UPSERT, 2, keys_of), RK_OK);
	assert_string_equal(fake.files[0].data,
	                    "{\"t\":[1, 2],\"id\":\"k1\",\"name\":\"N0\",\"n\":1.0}\n"
	                    "{\"id\":\"k2\",\"name\":\"N1\"}\n");
}

static void
a_large_file_is_followed_by_the_next(void **state)
{
	static char large[1100000];

	(void)state;
	memcpy(large, "id,name\nk2,", 11);
	memset(large + 11, 'x', 1000000);
	strcpy(large + 1000011, "\nk9,");
	memset(large + 1000015, 'y', 60000);
	put("people.csv", large, OLD);
	assert_int_equal(write_rows(RK_OP_UPSERT, 2, keys_of), RK_OK);
	assert_string_equal(fake.files[1].name, "people-2.csv");
	assert_string_equal(fake.files[1].data, "id,name\r\nk1,N0\r\nk2,N1\r\n");
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_int_equal(outcomes[1].status, RK_UPDATED);
	assert_int_equal(write_rows(RK_OP_UPSERT, 2, keys_of), RK_OK);
	assert_int_equal(outcomes[1].status, RK_UNCHANGED);
	assert_int_equal(fake.file_count, 2);
}

static int32_t
fails(struct rk_err *err)
{
	return rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "No space left on device");
}

/* Whatever fails, whenever: the file is the old one or the new one, and the same rows
 * again are there once. */
static void
a_write_that_failed_changed_nothing(void **state)
{
	static const char old[] = "id,name\nk2,x\n", new[] = "id,name\nk2,N1\nk1,N0\n";

	(void)state;
	for (int at = 1;; at++) {
		int32_t status;

		fake_open(csv);
		put("people.csv", old, OLD);
		fake.meddle = fails;
		fake.meddle_at = at;
		status = write_rows(RK_OP_UPSERT, 2, keys_of);
		if (fake.files_asked < at)
			break;
		assert_int_equal(status, RK_AGAIN);
		assert_int_equal(fake_err.maybe_sent, 0);
		assert_string_equal(fake.files[0].data, old);
		fake.written_len = 0;
		assert_int_equal(write_rows(RK_OP_UPSERT, 2, keys_of), RK_OK);
		assert_string_equal(fake.files[0].data, new);
	}
	assert_true(fake.files_asked > 4);
}

static int32_t
is_edited(struct rk_err *err)
{
	(void)err;
	put("people.csv", "id,name\nk2,edited\n", OLD + 5);
	return RK_OK;
}

static void
what_somebody_else_wrote_is_not_written_over(void **state)
{
	(void)state;
	for (int at = 2;; at++) {
		int32_t status;

		fake_open(csv);
		put("people.csv", "id,name\nk2,x\n", OLD);
		fake.meddle = is_edited;
		fake.meddle_at = at;
		status = write_rows(RK_OP_UPSERT, 1, keys_of);
		if (fake.files_asked < at)
			break;
		if (status != RK_AGAIN || !strstr(fake.files[0].data, "edited"))
			fail_msg("at %d: status %d, %s", at, status, fake.files[0].data);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(csv_is_taken_apart, csv),
		FAKE_TEST(json_lines_are_taken_apart, jsonl),
		FAKE_TEST(a_file_without_header_has_the_columns_of_the_setting, bare),
		FAKE_TEST(shift_jis_is_what_iconv_says, sjis),
		FAKE_TEST(second_bytes_of_shift_jis_are_no_delimiters, sjis),
		FAKE_TEST(only_new_and_changed_files_are_read, csv),
		FAKE_TEST(a_file_read_at_once_is_looked_at_once_more, csv),
		FAKE_TEST(a_file_that_is_being_written_waits, csv),
		FAKE_TEST(a_file_that_changes_while_it_is_read_is_read_by_the_next_listing, csv),
		FAKE_TEST(each_record_is_told_once, csv),
		FAKE_TEST(a_file_that_comes_late_tells_what_no_newer_one_has, csv),
		FAKE_TEST(no_row_is_lost_to_a_file_that_changes, csv),
		FAKE_TEST(too_many_ids_cost_writes_and_no_row, csv),
		FAKE_TEST(large_files_are_learnt_piece_by_piece, csv),
		FAKE_TEST(a_token_that_is_none_begins_anew, csv),
		FAKE_TEST(rows_are_found_by_id_and_value, csv),
		FAKE_TEST(rows_are_added_and_replaced, csv),
		FAKE_TEST(a_key_that_changes_changes_once, csv),
		FAKE_TEST(what_is_not_mapped_stays, jsonl),
		FAKE_TEST(a_large_file_is_followed_by_the_next, csv),
		FAKE_TEST(a_write_that_failed_changed_nothing, csv),
		FAKE_TEST(what_somebody_else_wrote_is_not_written_over, csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
