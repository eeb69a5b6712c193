/* SPDX-License-Identifier: Apache-2.0
 *
 * cli_test.c - renkei as it is typed: every command with its exit code, its words in
 * both languages and its JSON, first without any CRM, then against simulated ones. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/simulator.h"
#include "store/lock.h"

#define OUTPUT_MAX (64u * 1024 * 1024)
#define RUN_MS 60000

/* ---- Running the program ----------------------------------------------- */

static char place[64];                 /* A folder of this test's own. */
static struct buf out = BUF_INIT(OUTPUT_MAX), err = BUF_INIT(OUTPUT_MAX);

static const char *
in_place(const char *name)
{
	static char paths[4][PATH_MAX + 64];
	static int at;
	at = (at + 1) % 4;
	snprintf(paths[at], sizeof paths[at], "%s/%s", place, name);
	return paths[at];
}

static void
write_text(const char *name, const char *text)
{
	FILE *f = fopen(in_place(name), "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int
wait_bounded(pid_t pid)
{
	int status;
	int64_t deadline = clock_mono_ms() + RUN_MS;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() > deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		usleep(2000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs renkei with the words of 'line'; fills 'out' and 'err'; its exit code. */
static int
renkei(const char *line)
{
	char program[PATH_MAX], words[4096], *args[64];
	int count = 0;
	snprintf(program, sizeof program, "%s/renkei", io_program_dir());
	snprintf(words, sizeof words, "%s", line);
	args[count++] = program;
	for (char *word = strtok(words, " "); word != NULL && count < 63;
	     word = strtok(NULL, " "))
		args[count++] = word;
	args[count] = NULL;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, in_place("stdout"),
	                                 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, 2, in_place("stderr"),
	                                 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char *environment[] = { (char *)(uintptr_t)"LANG=C",
	                        (char *)(uintptr_t)"HOME=/nonexistent", NULL };
	pid_t pid;
	assert_int_equal(posix_spawn(&pid, program, &actions, NULL, args, environment),
	                 0);
	posix_spawn_file_actions_destroy(&actions);
	int code = wait_bounded(pid);
	buf_reset(&out);
	buf_reset(&err);
	assert_true(io_read_file(in_place("stdout"), &out));
	assert_true(io_read_file(in_place("stderr"), &err));
	return code;
}

/* The same with -c and --state of this test before it. */
static int
with_config(const char *config, const char *line)
{
	char words[4096];
	snprintf(words, sizeof words, "-c %s --state %s %s", in_place(config),
	         in_place("state"), line);
	return renkei(words);
}

static bool
said(const struct buf *where, const char *what)
{
	if (what == NULL || strstr(buf_str(where), what) != NULL)
		return true;
	print_error("expected: %s\n--- out\n%s\n--- err\n%s\n", what, buf_str(&out),
	            buf_str(&err));
	return false;
}

/* No name twice in any object. */
static bool
names_are_single(const cJSON *item)
{
	for (const cJSON *a = item->child; a != NULL; a = a->next) {
		for (const cJSON *b = a->next; a->string != NULL && b != NULL;
		     b = b->next)
			if (strcmp(a->string, b->string) == 0)
				return false;
		if (!names_are_single(a))
			return false;
	}
	return true;
}

/* The document that was printed, freed by the caller. */
static cJSON *
document(int code)
{
	assert_true(text_utf8_valid(buf_text(&out)));
	cJSON *root = cJSON_ParseWithOpts(buf_str(&out), NULL, 1);
	if (root == NULL)
		print_error("no JSON: %s\n", buf_str(&out));
	assert_non_null(root);
	assert_true(names_are_single(root));
	cJSON *told = cJSON_GetObjectItemCaseSensitive(root, "exit_code");
	assert_true(cJSON_IsNumber(told));
	assert_int_equal(told->valueint, code);
	assert_true(cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(root, "errors")));
	return root;
}

/* ---- Without a CRM ----------------------------------------------------- */

struct typed {
	const char *line;
	int code;
	const char *out, *err;         /* NULL: whatever */
};

static void
mistakes_on_the_line_are_told_with_the_nearest_name(void **state)
{
	(void)state;
	static const struct typed cases[] = {
		{ "", 2, "Look, then write", NULL },
		{ "stats", 2, NULL, "did you mean \"status\"?" },
		{ "zzzzzzzz", 2, NULL, "there is no command \"zzzzzzzz\"" },
		{ "--lang ja stats", 2, NULL, "\"status\" のことですか" },
		{ "stats --lang ja", 2, NULL, "\"status\" のことですか" },
		{ "--lang fr check", 2, NULL, "expected en or ja" },
		{ "check --onlone", 2, NULL, "did you mean --online?" },
		{ "check -Z", 2, NULL, "there is no option -Z" },
		{ "check --config", 2, NULL, "--config wants a value" },
		{ "check more", 2, NULL, "too many arguments: renkei check" },
		{ "sync", 2, NULL, "something is missing: renkei sync SYNC... | --all" },
		{ "sync a --all", 2, NULL, "not both" },
		{ "plan", 2, NULL, "something is missing: renkei plan SYNC [--out FILE]" },
		{ "status a b", 2, NULL, "too many arguments" },
		{ "plan a --match b=c", 2, NULL,
		  "--match has no meaning for \"renkei plan\"" },
		{ "preview a", 2, NULL, "--match FIELD=VALUE" },
		{ "preview a --match b", 2, NULL, "--match FIELD=VALUE" },
		{ "cursor sho a", 2, NULL, "did you mean \"cursor show\"?" },
		{ "cursor sho", 2, NULL, "did you mean \"cursor show\"?" },
		{ "notify tset", 2, NULL, "did you mean \"notify test\"?" },
		{ "override cler enabled a", 2, NULL, "did you mean \"override clear\"?" },
		{ "user lnik anna", 2, NULL, "did you mean \"user link\"?" },
		{ "vendor crtify a.so", 2, NULL, "did you mean \"vendor certify\"?" },
		{ "notify zzzzzzzz", 2, NULL, "\"renkei help notify\" tells what there is" },
		{ "help consol", 2, NULL, "did you mean \"console\"?" },
		{ "cursor set a", 2, NULL, "something is missing" },
		{ "cursor show a now", 2, NULL, "too many arguments" },
		{ "errors a b c", 2, NULL, "expected list, show, resync" },
		{ "errors lst a", 2, NULL, "did you mean \"list\"?" },
		{ "history a --limit 0", 2, NULL, "a number from 1 to" },
		{ "why a", 2, NULL, "something is missing" },
		{ "connectors hubspot", 2, NULL, "renkei connectors show NAME" },
		{ "help stats", 2, NULL, "did you mean \"status\"?" },
		{ "help ../help/hubspot", 2, NULL, "there is no help on" },
		{ "-c /nonexistent/renkei.conf status", 2, NULL,
		  "/nonexistent/renkei.conf" },
		{ "simulate nosuchcrm", 2, NULL, "nosuchcrm" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("renkei %s\n", cases[i].line);
		assert_int_equal(renkei(cases[i].line), cases[i].code);
		assert_true(said(&out, cases[i].out) && said(&err, cases[i].err));
	}
}

static void
help_is_there_for_everything_in_both_languages(void **state)
{
	(void)state;
	static const char *const topics[] = { "config", "mapping", "hubspot", "kintone" };
	char line[128];
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (c->raw)
			continue;
		snprintf(line, sizeof line, "%s --help", c->name);
		assert_int_equal(renkei(line), 0);
		assert_true(said(&out, c->help) && said(&out, "--json"));
		snprintf(line, sizeof line, "--lang ja help %s", c->name);
		assert_int_equal(renkei(line), 0);
		assert_true(said(&out, c->help_ja));
		assert_int_equal(renkei("--lang ja --help"), 0);
		assert_true(said(&out, c->help_ja) && said(&out, c->name));
	}
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
		snprintf(line, sizeof line, "help %s", topics[i]);
		assert_int_equal(renkei(line), 0);
		assert_true(out.len > 200);
	}
	assert_int_equal(renkei("simulate --help"), 0);
	assert_true(said(&out, "--no-limits"));
	assert_int_equal(renkei("help simulate"), 0);
	assert_true(said(&out, "/_control/help") && said(&out, "--no-limits"));
	assert_int_equal(renkei("help demo"), 0);
	assert_true(said(&out, "renkei demo [--once]"));
	assert_int_equal(renkei("version"), 0);
	assert_true(said(&out, "renkei " PACKAGE_VERSION));
}

static void
look_at_manual(const char *line, const char *file)
{
	BUF_AUTO page = BUF_INIT(OUTPUT_MAX);
	char path[PATH_MAX];
	assert_int_equal(renkei(line), 0);
	for (const struct command *c = commands; c->name != NULL; c++) {
		char section[64];
		snprintf(section, sizeof section, ".Ss %s", c->name);
		assert_true(said(&out, section));
	}
	for (const struct option_row *o = option_rows; o->name != NULL; o++) {
		char flag[64];
		snprintf(flag, sizeof flag, "Fl \\-%s", o->name);
		assert_int_equal(strstr(buf_str(&out), flag) != NULL, o->hidden == NULL);
	}
	snprintf(path, sizeof path, "%s/docs/%s", io_program_dir(), file);
	assert_true(io_read_file(path, &page));
	assert_string_equal(buf_str(&page), buf_str(&out));
}

static void
the_manual_names_every_command_and_option(void **state)
{
	(void)state;
	look_at_manual("--lang en help --man", "renkei.1");
	look_at_manual("--lang ja help --man", "ja/renkei.1");
}

static void
whatever_is_printed_is_json_when_asked(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int code;
		const char *member;
	} cases[] = {
		{ "", 2, "text" },
		{ "help", 0, "text" },
		{ "help sync", 0, "text" },
		{ "help --man", 0, "text" },
		{ "version", 0, "version" },
		{ "nothing", 2, NULL },
		{ "check --bad", 2, NULL },
		{ "-c /nonexistent/renkei.conf check", 2, "problems" },
		{ "-c /nonexistent/renkei.conf connectors", 0, "connectors" },
		{ "-c /nonexistent/renkei.conf connectors show kintone", 0, "settings" },
		{ "-c /nonexistent/renkei.conf connectors show nosuch", 2, "manifest" },
		{ "-c /nonexistent/renkei.conf demo --once", 0, "runs" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int ja = 0; ja < 2; ja++) {
			char line[256];
			print_message("renkei --json %s\n", cases[i].line);
			snprintf(line, sizeof line, "--json --lang %s %s",
			         ja ? "ja" : "en", cases[i].line);
			assert_int_equal(renkei(line), cases[i].code);
			cJSON *root = document(cases[i].code);
			assert_true(cases[i].member == NULL
			            || cJSON_HasObjectItem(root, cases[i].member));
			cJSON_Delete(root);
		}
}

static void
a_broken_configuration_starts_nothing(void **state)
{
	(void)state;
	static const struct { const char *text, *err;
	} cases[] = {
		{ "connections: {", "broken.conf:" },
		{ "connections: { a: { connector = \"nosuch\"; }; };",
		  "no connector \"nosuch\"" },
		{ "connections: { a: { connector = \"kintone\"; host = "
		  "\"example.com\"; }; };",
		  "https://" },
		{ "connections: { a: { connector = \"hubspot\"; }; };", "token" },
		{ "conections: { };", "connections" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		write_text("broken.conf", cases[i].text);
		assert_int_equal(with_config("broken.conf", "check"), 2);
		assert_true(said(&err, cases[i].err) && said(&err, "broken.conf:1"));
		assert_int_equal(with_config("broken.conf", "sync --all"), 2);
	}
}

/* ---- Against simulated CRMs -------------------------------------------- */

static const char config_text[] =
	"connections: {\n"
	"  hub: { connector = \"hubspot\"; host = \"http://127.0.0.1:%u\";\n"
	"         token = \"file:%s/hub.token\"; index_lag = \"1s\";\n"
	"         t_land = \"1s\"; t_visible = \"1s\"; };\n"
	"  kin: { connector = \"kintone\"; host = \"http://127.0.0.1:%u\";\n"
	"         api_token = \"file:%s/kin.token\"; t_land = \"1s\";\n"
	"         t_visible = \"1s\"; };\n"
	"};\n"
	"syncs = (\n"
	"  { name = \"people\";\n"
	"    from = { connection = \"hub\"; object = \"contacts\";\n"
	"             filter = \"email is not empty\"; };\n"
	"    to = { connection = \"kin\"; object = \"%s\"; key = \"メールアドレス\"; };\n"
	"    every = \"5m\";\n"
	"    map = ( { from = \"email\"; to = \"メールアドレス\"; },\n"
	"            { from = \"${lastname} ${firstname}\"; to = \"氏名\"; },\n"
	"            { from = \"%s\"; to = \"会社名\"; },\n"
	"            { from = \"phone\"; to = \"電話\"; } ); },\n"
	"  { name = \"off\"; enabled = false;\n"
	"    from = { connection = \"hub\"; object = \"companies\"; };\n"
	"    to = { connection = \"kin\"; object = \"1\"; key = \"会員番号\"; };\n"
	"    map = ( { from = \"domain\"; to = \"会員番号\"; },\n"
	"            { from = \"name\"; to = \"氏名\"; } ); }\n"
	");\n";

static struct simulator simulator;

static void
write_config(const char *name, unsigned kintone_port, const char *app,
             const char *company)
{
	char text[8192];
	snprintf(text, sizeof text, config_text, simulator_port(&simulator, "hubspot"),
	         place, kintone_port, place, app, company);
	write_text(name, text);
}

static void
control(const char *crm, const char *path, const char *body)
{
	struct rk_err why;
	BUF_AUTO answer = BUF_INIT(OUTPUT_MAX);
	if (!simulator_ask(&simulator, crm, "POST", path, body, &answer, &why))
		fail_msg("%s", why.message);
}

static int64_t
calls(const char *crm)
{
	struct rk_err why;
	int64_t n = simulator_calls(&simulator, crm, &why);
	assert_true(n >= 0);
	return n;
}

static int
start_simulators(void **state)
{
	(void)state;
	static const char *const crms[] = { "hubspot", "kintone", NULL };
	struct rk_err why;
	if (!simulator_start(&simulator, crms, &why)) {
		print_error("%s\n", why.message);
		return -1;
	}
	unsigned kintone = simulator_port(&simulator, "kintone");
	write_text("hub.token", "sim-hubspot-token");
	write_text("kin.token", "sim-kintone-token");
	write_config("renkei.conf", kintone, "1", "company");
	write_config("down.conf", 1, "1", "company");
	write_config("app.conf", kintone, "77", "company");
	write_config("map.conf", kintone, "1", "compny");
	control("hubspot", "/_control/load",
	        "{\"object\":\"contacts\",\"records\":["
	        "{\"id\":\"1\",\"properties\":{\"email\":\"aya@example.jp\",\"lastname"
	        "\":\"森\","
	        "\"firstname\":\"彩\",\"company\":\"見本\",\"phone\":\"03-0000-0001\"},"
	        "\"updatedAt\":\"2026-01-05T00:00:00Z\"},"
	        "{\"id\":\"2\",\"properties\":{\"email\":\"bob@example.com\",\"lastname"
	        "\":\"B\","
	        "\"firstname\":\"Bob\",\"company\":\"Sample\",\"phone\":\"1\"},"
	        "\"updatedAt\":\"2026-01-05T00:00:00Z\"},"
	        "{\"id\":\"3\",\"properties\":{\"email\":\"long@example.com\",\"lastnam"
	        "e\":\"L\","
	        "\"phone\":\"123456789012345678901234567890123\"},"
	        "\"updatedAt\":\"2026-01-05T00:00:00Z\"},"
	        "{\"id\":\"4\",\"properties\":{\"lastname\":\"Nobody\"},"
	        "\"updatedAt\":\"2026-01-05T00:00:00Z\"}]}");
	return 0;
}

static int
stop_simulators(void **state)
{
	(void)state;
	simulator_stop(&simulator);
	return 0;
}

static void
check_online_asks_both_crms(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf", "check"), 0);
	assert_true(said(&out, "check --online"));
	assert_int_equal(with_config("renkei.conf", "check --online"), 0);
	assert_true(said(&out, "crm.objects.contacts.read") && said(&out, "Hub ID"));
	assert_true(said(&out, "Nothing wrong was found."));
	assert_true(said(&out, "nothing was synced yet"));
	assert_int_equal(with_config("renkei.conf", "--json check --online"), 0);
	cJSON *root = document(0);
	cJSON *sync = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "syncs"), 0);
	assert_true(cJSON_GetObjectItem(sync, "to_fields")->valueint >= 15);
	cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "results"), 0);
	assert_string_equal(cJSON_GetObjectItem(result, "sample")->valuestring, "none");
	cJSON_Delete(root);
	assert_int_equal(with_config("map.conf", "check --online"), 2);
	assert_true(said(&err, "did you mean \"company\"?"));
	/* Known by now, so that it is found without asking. */
	assert_int_equal(with_config("map.conf", "check"), 2);
	assert_true(said(&err, "did you mean \"company\"?"));
	assert_int_equal(with_config("app.conf", "check --online"), 2);
	assert_true(said(&err, "GAIA_AP01")
	            && said(&err, "subdomain, app number and login"));
}

static void
describe_lists_objects_and_fields_with_reasons(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf", "describe kin 1"), 0);
	assert_true(said(&out, "SINGLE_LINE_TEXT") && said(&out, "リード, 見込み客"));
	assert_true(said(&out, "cannot be mapped because"));
	assert_int_equal(with_config("renkei.conf", "--json describe kin 1"), 0);
	cJSON *root = document(0);
	cJSON *key = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "fields"), 0);
	assert_string_equal(cJSON_GetObjectItem(key, "field")->valuestring,
	                    "メールアドレス");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(key, "unique")));
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(key, "key")));
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf", "describe hub"), 0);
	assert_true(said(&out, "contacts"));
	assert_int_equal(with_config("renkei.conf", "describe hub nonsense"), 2);
	assert_true(said(&err, "nonsense") && said(&err, "objects there: contacts, "));
	assert_null(strstr(buf_str(&err), "Unexpected answer"));
	assert_int_equal(with_config("renkei.conf", "describe kin"), 0);
	assert_true(said(&out, "is given by its number")
	            && said(&out, "renkei describe kin 123"));
	assert_int_equal(with_config("renkei.conf", "--json describe kin"), 0);
	root = document(0);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "objects")), 0);
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf", "describe hubb"), 2);
	assert_true(said(&err, "did you mean \"hub\"?"));
}

static void
connectors_show_a_connection_and_no_secret(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf", "connectors show hub"), 0);
	assert_true(said(&out, "file:") && said(&out, "E1") && said(&out, "burst"));
	assert_null(strstr(buf_str(&out), "sim-hubspot-token"));
	assert_int_equal(with_config("renkei.conf", "--lang ja connectors show kintone"),
	                 0);
	assert_true(said(&out, "設定") && said(&out, "kintone"));
}

static void
plan_shows_every_write_and_makes_none(void **state)
{
	(void)state;
	int64_t before = calls("kintone");
	BUF_AUTO answer = BUF_INIT(OUTPUT_MAX);
	struct rk_err why;
	assert_int_equal(with_config("renkei.conf", "plan people"), 3);
	assert_true(said(&out, "create  1  aya@example.jp"));
	assert_true(said(&out, "氏名            森 彩"));
	assert_null(strstr(buf_str(&out), "skip    4"));
	assert_true(said(&out, "1 left out by the filter"));
	assert_true(said(&out, "fail    3") && said(&out, "電話"));
	assert_true(said(&out, "Nothing was changed"));
	assert_true(calls("kintone") > before);
	assert_true(simulator_ask(&simulator, "kintone", "GET",
	                          "/_control/records?object=1", "", &answer, &why));
	assert_non_null(strstr(buf_str(&answer), "\"records\":[]"));
	assert_int_equal(with_config("renkei.conf", "--json plan people"), 3);
	cJSON *root = document(3);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "records")), 3);
	cJSON *totals = cJSON_GetObjectItem(root, "totals");
	assert_int_equal(cJSON_GetObjectItem(totals, "create")->valueint, 2);
	assert_int_equal(cJSON_GetObjectItem(totals, "exclude")->valueint, 1);
	assert_int_equal(cJSON_GetObjectItem(totals, "write_calls")->valueint, 1);
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf", "-v plan people"), 3);
	assert_true(said(&out, "skip    4  left out by the filter"));
	assert_int_equal(with_config("renkei.conf", "cursor show people"), 0);
	assert_true(said(&out, "read up to        -"));
}

static void
preview_stands_values_side_by_side_and_test_sends_one(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf",
	                             "preview people --match email=aya@example.jp"), 0);
	assert_true(said(&out, "森 / 彩") && said(&out, "森 彩") && said(&out, "create"));
	assert_int_equal(with_config("renkei.conf",
	                             "test people --match email=bob@example.com"), 0);
	assert_true(said(&out, "create  2  bob@example.com  -> 1"));
	assert_true(said(&out, "Processing succeeded"));
	assert_int_equal(with_config("renkei.conf",
	                             "test people --match email=bob@example.com --json"),
	                 0);
	cJSON *root = document(0);
	cJSON *sent = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "sent"), 0);
	assert_string_equal(cJSON_GetObjectItem(sent, "action")->valuestring, "update");
	assert_string_equal(cJSON_GetObjectItem(sent, "target_id")->valuestring, "1");
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf",
	                             "test people --match email=long@example.com"), 3);
	assert_true(said(&out, "fail    3"));
	assert_int_equal(with_config("renkei.conf",
	                             "preview people --match email=x@example.com"), 1);
	assert_true(said(&err, "x@example.com"));
	assert_int_equal(with_config("renkei.conf", "preview people --match lastname="),
	                 2);
	assert_int_equal(with_config("renkei.conf", "preview people --match emial=x"), 2);
	assert_true(said(&err, "hub contacts has no field \"emial\"; did you mean "
	                       "\"email\"?"));
	assert_int_equal(with_config("renkei.conf",
	                             "test people --match nothing.alike.here=x"), 2);
	assert_true(said(&err, "\"renkei describe hub contacts\" lists them"));
}

static void
a_run_that_does_not_begin_counts_nothing(void **state)
{
	(void)state;
	static const char *const commands_run[] = { "plan people", "sync people" };
	char line[PATH_MAX];
	write_text("hub.token", "another-token-1234");
	for (size_t i = 0; i < 2; i++) {
		snprintf(line, sizeof line, "--state %s %s", in_place("fresh"),
		         commands_run[i]);
		assert_int_equal(with_config("renkei.conf", line), 5);
		assert_int_equal(out.len, 0);
		snprintf(line, sizeof line, "--state %s --json %s", in_place("fresh"),
		         commands_run[i]);
		assert_int_equal(with_config("renkei.conf", line), 5);
		cJSON *root = document(5);
		cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "syncs"), 0);
		assert_true(cJSON_IsFalse(
			cJSON_GetObjectItem(run != NULL ? run : root, "begun")));
		assert_null(cJSON_GetObjectItem(root, "totals"));
		cJSON_Delete(root);
	}
	write_text("hub.token", "sim-hubspot-token");
}

static void
a_run_is_one_line_and_says_what_to_do_next(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf", "sync people"), 3);
	assert_true(said(&out,
	                 "people: read=4 created=1 updated=0 unchanged=2 excluded=1 "
	                 "waiting=0 failed=1 carried=1 source_calls="));
	assert_true(said(&out, "renkei errors list people"));
	assert_int_equal(with_config("renkei.conf", "errors people"), 0);
	assert_true(said(&out, "property-value") && said(&out, "電話"));
	assert_true(said(&out, "do: correct the value at the source"));
	assert_int_equal(with_config("renkei.conf", "--json errors list people"), 0);
	cJSON *root = document(0);
	cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "records"), 0);
	assert_string_equal(cJSON_GetObjectItem(row, "id")->valuestring, "3");
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf", "errors"), 0);
	assert_true(said(&out, "people\n") && said(&out, "off\n(none)"));
	assert_true(said(&out, "property-value"));
	assert_int_equal(with_config("renkei.conf", "--json errors list"), 0);
	root = document(0);
	cJSON *each = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "syncs"), 0);
	assert_string_equal(cJSON_GetObjectItem(each, "sync")->valuestring, "people");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(each, "records")), 1);
	cJSON_Delete(root);
	assert_int_equal(with_config("renkei.conf", "status people"), 0);
	assert_true(said(&out, "some records failed") && said(&out, "Last runs"));
	assert_true(said(&out, "by hand"));
	assert_int_equal(with_config("renkei.conf", "--lang ja status"), 0);
	assert_true(said(&out, "一部失敗") && said(&out, "未実行"));
	assert_int_equal(with_config("renkei.conf", "sync off"), 2);
	assert_true(said(&err, "switched off"));
	assert_int_equal(with_config("renkei.conf", "sync peoples"), 2);
	assert_true(said(&err, "did you mean \"people\"?"));
	assert_int_equal(with_config("renkei.conf", "--json sync --all"), 3);
	root = document(3);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "syncs")), 1);
	cJSON_Delete(root);
}

static void
the_cursor_is_shown_moved_and_reset(void **state)
{
	(void)state;
	assert_int_equal(with_config("renkei.conf", "cursor set people 2026-01-04"), 0);
	assert_true(said(&out, "2026-01-04T00:00:00Z"));
	assert_int_equal(with_config("renkei.conf", "sync people"), 3);
	assert_true(said(&out, "read=4 "));
	assert_int_equal(with_config("renkei.conf",
	                             "cursor set people 2026-02-01T09:00:00+09:00"), 0);
	assert_true(said(&out, "2026-02-01T00:00:00Z"));
	assert_int_equal(with_config("renkei.conf", "cursor set people yesterday"), 2);
	assert_true(said(&err, "now, a date"));
	assert_int_equal(with_config("renkei.conf", "cursor reset people"), 0);
	assert_true(said(&out, "links             2")
	            && said(&out, "read up to        -"));
	assert_int_equal(with_config("renkei.conf", "cursor reset people --links"), 0);
	assert_true(said(&out, "links             0"));
	assert_int_equal(with_config("renkei.conf", "sync people"), 3);
	assert_true(said(&out, "updated=2") || said(&out, "unchanged=2"));
}

static void
one_run_at_a_time(void **state)
{
	(void)state;
	struct rk_err why;
	int lock = lock_take(in_place("state/syncs"), "people", &why);
	assert_true(lock >= 0);
	assert_int_equal(with_config("renkei.conf", "sync people"), 1);
	assert_true(said(&err, "is running already"));
	assert_int_equal(with_config("renkei.conf", "cursor reset people"), 1);
	assert_true(said(&err, "is running already"));
	assert_int_equal(with_config("renkei.conf", "status"), 0);
	close(lock);
}

static void
another_object_under_the_same_name_begins_anew_as_a_whole(void **state)
{
	(void)state;
	control("kintone", "/_control/app",
	        "{\"app\":\"77\",\"fields\":{"
	        "\"メールアドレス\":{\"type\":\"SINGLE_LINE_TEXT\",\"unique\":true},"
	        "\"氏名\":{\"type\":\"SINGLE_LINE_TEXT\"},"
	        "\"会社名\":{\"type\":\"SINGLE_LINE_TEXT\"},"
	        "\"電話\":{\"type\":\"SINGLE_LINE_TEXT\"}}}");
	assert_int_equal(with_config("app.conf", "sync people"), 2);
	assert_true(said(&err, "renkei cursor reset people"));
	/* The remedy stands in the words themselves. */
	assert_null(strstr(buf_str(&err), "correct what is named"));
	assert_int_equal(with_config("app.conf", "status"), 0);
	assert_true(said(&out, "its state is of other objects")
	            && said(&out, "renkei cursor reset people"));
	assert_int_equal(with_config("app.conf", "--json status people"), 0);
	cJSON *root = document(0);
	cJSON *sync = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "syncs"), 0);
	assert_non_null(strstr(cJSON_GetObjectItem(sync, "reason")->valuestring,
	                       "renkei cursor reset people"));
	cJSON_Delete(root);
	assert_int_equal(with_config("app.conf", "cursor reset people"), 0);
	assert_true(said(&out, "links             0"));
	assert_int_equal(with_config("app.conf", "sync people"), 0);
	assert_true(said(&out, "created=3"));
	assert_int_equal(with_config("renkei.conf", "check --online"), 2);
	assert_true(said(&err, "renkei cursor reset people"));
	assert_int_equal(with_config("renkei.conf", "cursor reset people"), 0);
}

static void
trouble_with_a_crm_is_told_with_causes_and_remedies(void **state)
{
	(void)state;
	static const struct {
		const char *crm, *fault, *config, *line;
		int code;
		const char *err[4];
	} cases[] = {
		{ "hubspot",
		  NULL,
		  "down.conf",
		  "check --online",
		  1,
		  { "Connection failed", "the host is mistyped", "https://",
		    "admin screen" } },
		{ "hubspot",
		  "{\"match\":\"*info*\",\"times\":9,\"action\":\"status\","
		  "\"status\":401,\"body\":\"{\\\"status\\\":\\\"error\\\",\\\"message"
		  "\\\":"
		  "\\\"bad\\\",\\\"category\\\":\\\"INVALID_AUTHENTICATION\\\"}\"}",
		  "renkei.conf",
		  "check --online",
		  5,
		  { "HTTP 401 Unauthorized", "mistyped", "disabled", "regenerated" } },
		{ "hubspot",
		  "{\"match\":\"*propert*\",\"times\":9,\"action\":\"status\","
		  "\"status\":403,\"body\":\"{\\\"status\\\":\\\"error\\\",\\\"message"
		  "\\\":"
		  "\\\"This app hasn't been granted all required "
		  "scopes\\\",\\\"category\\\":"
		  "\\\"MISSING_SCOPES\\\",\\\"context\\\":{\\\"requiredGranularScopes\\"
		  "\":"
		  "[\\\"crm.objects.contacts.read\\\"]}}\"}",
		  "renkei.conf",
		  "describe hub contacts",
		  -1,
		  { "crm.objects.contacts.read", "scope", NULL, NULL } },
		{ "kintone",
		  "{\"match\":\"*form/fields*\",\"times\":99,\"action\":\"status\","
		  "\"status\":429,\"headers\":{\"Retry-After\":\"1\"},\"body\":\"{}"
		  "\"}",
		  "renkei.conf",
		  "describe kin 1",
		  -1,
		  { "HTTP 429", "other applications", "wait", "issue one for renkei" } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s, %s\n", cases[i].config, cases[i].line);
		if (cases[i].fault != NULL)
			control(cases[i].crm, "/_control/fault", cases[i].fault);
		int code = with_config(cases[i].config, cases[i].line);
		control(cases[i].crm, "/_control/fault", "{\"clear\":true}");
		assert_int_not_equal(code, 0);
		if (cases[i].code >= 0)
			assert_int_equal(code, cases[i].code);
		for (size_t w = 0; w < 4; w++)
			assert_true(said(&err, cases[i].err[w]));
		assert_null(strstr(buf_str(&err), "sim-hubspot-token"));
	}
}

static void
a_wrong_token_ends_with_5_in_both_languages(void **state)
{
	(void)state;
	write_text("hub.token", "another-token-1234");
	assert_int_equal(with_config("renkei.conf", "check --online"), 5);
	assert_true(said(&err, "HTTP 401 Unauthorized")
	            && said(&err, "update the secret"));
	assert_int_equal(with_config("renkei.conf", "--lang ja sync people"), 5);
	assert_true(said(&err, "原因:") && said(&err, "対処:"));
	assert_null(strstr(buf_str(&err), "another-token-1234"));
	/* The secret is read anew; nothing else needs a change. */
	write_text("hub.token", "sim-hubspot-token");
	assert_int_equal(with_config("renkei.conf", "check --online"), 0);
}

static void
a_right_that_a_sync_needs_is_missed_by_name(void **state)
{
	(void)state;
	control("hubspot", "/_control/fault",
	        "{\"match\":\"*access-token-info*\",\"times\":9,\"action\":\"body\",\"b"
	        "ody\":"
	        "\"{\\\"hubId\\\":1,\\\"userId\\\":2,\\\"scopes\\\":[\\\"oauth\\\"]}\"}");
	int code = with_config("renkei.conf", "check --online");
	control("hubspot", "/_control/fault", "{\"clear\":true}");
	assert_int_equal(code, 5);
	assert_true(said(&err, "\"crm.objects.contacts.read\" is not granted"));
	assert_null(strstr(buf_str(&err), "\"crm.objects.deals.read\" is not granted"));
}

/* ---- ------------------------------------------------------------------------------- */

static int
make_place(void)
{
	snprintf(place, sizeof place, "/tmp/renkei-cli-test-XXXXXX");
	return mkdtemp(place) != NULL ? 0 : -1;
}

static void
remove_place(void)
{
	char *args[] = { (char *)(uintptr_t)"rm", (char *)(uintptr_t)"-rf",
	                 (char *)(uintptr_t)"--", place, NULL };
	char *environment[] = { NULL };
	pid_t pid;
	if (posix_spawn(&pid, "/bin/rm", NULL, NULL, args, environment) == 0)
		wait_bounded(pid);
	buf_free(&out);
	buf_free(&err);
}

int
main(void)
{
	const struct CMUnitTest alone[] = {
		cmocka_unit_test(mistakes_on_the_line_are_told_with_the_nearest_name),
		cmocka_unit_test(help_is_there_for_everything_in_both_languages),
		cmocka_unit_test(the_manual_names_every_command_and_option),
		cmocka_unit_test(whatever_is_printed_is_json_when_asked),
		cmocka_unit_test(a_broken_configuration_starts_nothing),
	};
	const struct CMUnitTest simulated[] = {
		cmocka_unit_test(check_online_asks_both_crms),
		cmocka_unit_test(describe_lists_objects_and_fields_with_reasons),
		cmocka_unit_test(connectors_show_a_connection_and_no_secret),
		cmocka_unit_test(plan_shows_every_write_and_makes_none),
		cmocka_unit_test(preview_stands_values_side_by_side_and_test_sends_one),
		cmocka_unit_test(a_run_that_does_not_begin_counts_nothing),
		cmocka_unit_test(a_run_is_one_line_and_says_what_to_do_next),
		cmocka_unit_test(the_cursor_is_shown_moved_and_reset),
		cmocka_unit_test(one_run_at_a_time),
		cmocka_unit_test(
			another_object_under_the_same_name_begins_anew_as_a_whole),
		cmocka_unit_test(trouble_with_a_crm_is_told_with_causes_and_remedies),
		cmocka_unit_test(a_wrong_token_ends_with_5_in_both_languages),
		cmocka_unit_test(a_right_that_a_sync_needs_is_missed_by_name),
	};
	if (make_place() != 0)
		return 99;
	int failed = cmocka_run_group_tests_name("cli", alone, NULL, NULL);
	failed += cmocka_run_group_tests_name("cli against simulated CRMs", simulated,
	                                      start_simulators, stop_simulators);
	remove_place();
	return failed;
}
