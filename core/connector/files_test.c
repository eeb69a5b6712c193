/* SPDX-License-Identifier: Apache-2.0
 *
 * files_test.c - the files of one directory as a connector gets them: what is no file of
 * it is not there, whatever a hostile one asks for, and a file is replaced whole or not at
 * all.  Requests are made as host.c makes them. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"
#include "connector/files.h"
#include "record/http.h"
#include "record/wire.h"

static char dir[64];
static struct files files;
static struct buf request = BUF_INIT(1u << 26), reply = BUF_INIT(1u << 26);
static struct wire_reader in;
static struct rk_err err;

static int
begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/renkei-files-test.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	files_open(&files, dir);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int
end(void **state)
{
	(void)state;
	files_close(&files);
	buf_free(&request);
	buf_free(&reply);
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT ? 0 : -1;
}

static const char *
path(const char *name)
{
	static char text[400];
	snprintf(text, sizeof text, "%s/%s", dir, name);
	return text;
}

static void
put(const char *name, const char *text)
{
	assert_true(io_replace_file(path(name), text, strlen(text)));
}

static void
begin_request(enum files_request kind)
{
	buf_reset(&request);
	buf_reset(&reply);
	wire_int(&request, kind);
}

/* The status of the answer; what follows it is in 'in'.  -1: the request is damaged. */
static int32_t
served(void)
{
	if (!files_serve(&files, buf_text(&request), &reply))
		return -1;
	in = wire_reader(buf_text(&reply));
	int32_t status = (int32_t)wire_take_range(&in, RK_OK, RK_BUG);
	http_decode_err(&in, &err);
	assert_false(in.bad);
	return status;
}

/* "name name " of what is listed. */
static const char *
listed(void)
{
	static char names[1000];
	names[0] = '\0';
	begin_request(FILES_LIST);
	assert_int_equal(served(), RK_OK);
	for (int64_t n = wire_take_range(&in, 0, FILES_MAX); n > 0; n--) {
		struct rk_text name = wire_take_text(&in);
		wire_take_text(&in);
		wire_take_int(&in);
		wire_take_int(&in);
		snprintf(names + strlen(names), sizeof names - strlen(names), "%.*s ",
		         (int)name.len, name.ptr);
	}
	assert_false(in.bad);
	return names;
}

static const char *
mark_of(const char *name)
{
	static char mark[100];
	begin_request(FILES_LIST);
	assert_int_equal(served(), RK_OK);
	for (int64_t n = wire_take_range(&in, 0, FILES_MAX); n > 0; n--) {
		bool same = text_is(wire_take_text(&in), name);
		struct rk_text text = wire_take_text(&in);
		wire_take_int(&in);
		wire_take_int(&in);
		if (!same)
			continue;
		text_copy(mark, sizeof mark, text);
		return mark;
	}
	return "";
}

static int32_t
read_file(const char *name, const char *mark, int64_t offset, int64_t room)
{
	begin_request(FILES_READ);
	wire_str(&request, name);
	wire_str(&request, mark);
	wire_int(&request, offset);
	wire_int(&request, room);
	return served();
}

static int32_t
name_and_text(enum files_request kind, const char *name, const char *text)
{
	begin_request(kind);
	wire_str(&request, name);
	wire_str(&request, text);
	return served();
}

static void
assert_holds(const char *name, const char *text)
{
	BUF_AUTO there = BUF_INIT(1u << 20);
	assert_true(io_read_file(path(name), &there));
	assert_string_equal(buf_str(&there), text);
}

/* ---- Reading ----------------------------------------------------------------------- */

static void
what_is_no_file_of_the_directory_is_not_there(void **state)
{
	(void)state;
	put("b.csv", "b");
	put("a.csv", "a");
	put(".hidden", "h");
	assert_int_equal(symlink("a.csv", path("link.csv")), 0);
	assert_int_equal(mkfifo(path("pipe.csv"), 0600), 0);
	assert_int_equal(mkdir(path("folder.csv"), 0700), 0);
	put("bad\xFF.csv", "x");
	assert_string_equal(listed(), "a.csv b.csv ");
	/* Nor by its name, with whatever mark. */
	assert_int_equal(read_file("link.csv", mark_of("a.csv"), 0, 10), RK_RESYNC);
	assert_int_equal(read_file("pipe.csv", "", 0, 10), RK_RESYNC);
	assert_int_equal(read_file("folder.csv", "", 0, 10), RK_RESYNC);
}

static void
a_request_that_leads_out_is_damaged(void **state)
{
	static const char *const names[] = { "", ".", "..", "../x", "/etc/passwd", "a/b", ".a",
		"a\nb", "\xFF" };
	char long_name[300];
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(read_file(names[i], "", 0, 10), -1);
		assert_int_equal(name_and_text(FILES_WRITE, names[i], "x"), -1);
		assert_int_equal(name_and_text(FILES_COMMIT, names[i], ""), -1);
	}
	memset(long_name, 'a', sizeof long_name);
	long_name[201] = '\0';
	assert_int_equal(name_and_text(FILES_WRITE, long_name, "x"), -1);
	assert_int_equal(read_file("a", "", -1, 10), -1);
	assert_int_equal(read_file("a", "", 0, (int64_t)RK_FILES_PIECE + 1), -1);
	begin_request(FILES_REQUESTS);
	assert_int_equal(served(), -1);
	begin_request(FILES_LIST);
	wire_int(&request, 0);
	assert_int_equal(served(), -1);
}

static void
a_file_is_read_as_long_as_it_is_the_same(void **state)
{
	char mark[100];
	(void)state;
	put("a.csv", "0123456789");
	snprintf(mark, sizeof mark, "%s", mark_of("a.csv"));
	assert_int_equal(read_file("a.csv", mark, 4, 3), RK_OK);
	assert_true(text_is(wire_take_text(&in), "456"));
	assert_int_equal(read_file("a.csv", mark, 8, 100), RK_OK);
	assert_true(text_is(wire_take_text(&in), "89"));
	assert_int_equal(read_file("a.csv", mark, 20, 100), RK_OK);
	assert_int_equal(wire_take_text(&in).len, 0);
	put("a.csv", "9876543210");
	assert_int_equal(read_file("a.csv", mark, 4, 3), RK_RESYNC);
	unlink(path("a.csv"));
	assert_int_equal(read_file("a.csv", mark, 4, 3), RK_RESYNC);
}

static void
a_directory_that_is_gone_is_not_empty(void **state)
{
	(void)state;
	assert_int_equal(rmdir(dir), 0);
	begin_request(FILES_LIST);
	assert_int_equal(served(), RK_AGAIN);
	assert_int_equal(err.category, RK_CAT_UNREACHABLE);
	files_close(&files);
	files_open(&files, dir);
	begin_request(FILES_LIST);
	assert_int_equal(served(), RK_AGAIN);
	files_open(&files, NULL);
	begin_request(FILES_LIST);
	assert_int_equal(served(), RK_PAUSE);
	assert_int_equal(err.category, RK_CAT_CONFIG);
}

/* ---- Writing ----------------------------------------------------------------------- */

static void
a_file_is_replaced_whole(void **state)
{
	(void)state;
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "one "), RK_OK);
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "two"), RK_OK);
	assert_string_equal(listed(), "");
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_OK);
	assert_holds("a.csv", "one two");
	assert_int_equal(chmod(path("a.csv"), 0604), 0);
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "three"), RK_OK);
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", mark_of("a.csv")), RK_OK);
	assert_holds("a.csv", "three");
	struct stat st;
	assert_int_equal(stat(path("a.csv"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0604);
	assert_int_equal(access(path(".a.csv.renkei"), F_OK), -1);
}

static void
what_somebody_else_changed_is_not_replaced(void **state)
{
	char mark[100];
	(void)state;
	put("a.csv", "one");
	snprintf(mark, sizeof mark, "%s", mark_of("a.csv"));
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "two"), RK_OK);
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_RESYNC);
	put("a.csv", "other");
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", mark), RK_RESYNC);
	assert_holds("a.csv", "other");
	assert_int_equal(symlink("/etc/hostname", path("b.csv")), 0);
	assert_int_equal(name_and_text(FILES_WRITE, "b.csv", "two"), RK_OK);
	assert_int_equal(name_and_text(FILES_COMMIT, "b.csv", ""), RK_RESYNC);
}

static void
what_is_not_committed_is_forgotten(void **state)
{
	(void)state;
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_BUG);
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "one"), RK_OK);
	files_begin(&files);
	assert_int_equal(access(path(".a.csv.renkei"), F_OK), -1);
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_BUG);
	/* What a dead run left is used again. */
	put(".a.csv.renkei", "left by a dead run");
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "new"), RK_OK);
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_OK);
	assert_holds("a.csv", "new");
}

static void
what_another_run_writes_is_left_alone(void **state)
{
	struct files other;
	(void)state;
	files_open(&other, dir);
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "one"), RK_OK);
	struct files first = files;
	files = other;
	assert_int_equal(name_and_text(FILES_WRITE, "a.csv", "two"), RK_AGAIN);
	other = files;
	files = first;
	assert_int_equal(name_and_text(FILES_COMMIT, "a.csv", ""), RK_OK);
	assert_holds("a.csv", "one");
	files_close(&other);
	/* A link in the place of what is written leads nowhere. */
	assert_int_equal(symlink("a.csv", path(".b.csv.renkei")), 0);
	assert_int_equal(name_and_text(FILES_WRITE, "b.csv", "x"), RK_PAUSE);
	assert_holds("a.csv", "one");
}

static void
a_full_disk_is_an_error_of_the_write(void **state)
{
	struct rlimit was, small;
	(void)state;
	put("a.csv", "one");
	getrlimit(RLIMIT_FSIZE, &was);
	small = (struct rlimit){ 4, was.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	int32_t status = name_and_text(FILES_WRITE, "a.csv", "longer than that");
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(status, RK_AGAIN);
	assert_int_equal(err.category, RK_CAT_SERVER);
	assert_int_equal(err.maybe_sent, 0);
	files_begin(&files);
	assert_holds("a.csv", "one");
}

/* ---- The directory ----------------------------------------------------------------- */

static void
a_directory_has_an_owner_and_rights(void **state)
{
	(void)state;
	assert_null(files_fault(dir));
	assert_string_equal(files_fault("files"), "the absolute path of a directory");
	assert_string_equal(files_fault(path("none")), "a directory that is there");
	put("a.csv", "one");
	assert_string_equal(files_fault(path("a.csv")), "a directory");
	assert_int_equal(chmod(dir, 0777), 0);
	assert_non_null(strstr(files_fault(dir), "chmod o-w"));
	assert_int_equal(chmod(dir, 0700), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_no_file_of_the_directory_is_not_there),
		TEST(a_request_that_leads_out_is_damaged),
		TEST(a_file_is_read_as_long_as_it_is_the_same),
		TEST(a_directory_that_is_gone_is_not_empty),
		TEST(a_file_is_replaced_whole),
		TEST(what_somebody_else_changed_is_not_replaced),
		TEST(what_is_not_committed_is_forgotten),
		TEST(what_another_run_writes_is_left_alone),
		TEST(a_full_disk_is_an_error_of_the_write),
		TEST(a_directory_has_an_owner_and_rights),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
