/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest_test.c - manifests out of files that may lie, and connections checked
 * against them.  Cases are rows: a text and the complaints it earns, all of them. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "connector/manifest.h"
#include "connector/section.h"
#include "connector/settings.h"

#define TOP "name = \"acme\"; title = \"Acme\"; version = \"1\"; vendor = \"A\"; " \
	"licence = \"MIT-0\"; abi = 1;\n"
#define OBJECTS "objects = ( { name = \"contacts\"; operations = ( \"list\", \"upsert\", " \
	"\"ids\", \"field\", \"create\", \"update\" ); writers = 2; guarantee = \"E1\"; },\n" \
	"{ name = \"reports\"; operations = ( \"list\" ); guarantee = \"E4\"; },\n" \
	"{ name = \"*\"; label = \"an app's number\"; id_pattern = \"[0-9]+\"; " \
	"id_reduce = \"/k/([0-9]+)\"; operations = ( \"list\", \"ids\", \"field\", " \
	"\"upsert\", \"update\" ); guarantee = \"E1\"; }, " \
	"{ name = \"notes\"; operations = ( \"list\", \"field\", \"upsert\" ); " \
	"guarantee = \"E1\"; } );\n"
#define SETTINGS "settings = (\n" \
	"{ name = \"host\"; type = \"url\"; required = true; hint = \"Your site\"; " \
	"example = \"https://a.acme.example\"; },\n" \
	"{ name = \"token\"; type = \"secret\"; required = true; hint = \"API token\"; },\n" \
	"{ name = \"space\"; type = \"text\"; pattern = \"[0-9]{1,9}\"; " \
	"reduce = \"space/([0-9]+)\"; hint = \"the number of the space\"; },\n" \
	"{ name = \"port\"; type = \"integer\"; }, { name = \"deep\"; type = \"bool\"; },\n" \
	"{ name = \"wait\"; type = \"seconds\"; default = \"30\"; },\n" \
	"{ name = \"index_lag\"; type = \"seconds\"; default = \"60s\"; },\n" \
	"{ name = \"region\"; type = \"choice\"; choices = ( \"jp\", \"us\" ); default = \"jp\"; },\n" \
	"{ name = \"sub\"; type = \"text\"; } );\n"
#define LIMITS "limits = ( { name = \"burst\"; calls = \"190\"; per = \"10s\"; },\n" \
	"{ name = \"day\"; calls = \"1000\"; per = \"1d\"; resets = \"00:00\"; zone = \"UTC\"; }, " \
	"{ name = \"parallel\"; concurrent = \"5\"; scope = \"host\"; } );\n"
#define HOSTS "hosts = ( \"${host}\", \"https://${sub}.acme.example\" );\n" \
	"lags = { index_lag = \"60s\"; t_land = \"30s\"; };\n"
#define ACME TOP SETTINGS HOSTS LIMITS OBJECTS

/* libconfig 1.5 loses the text that it was reading when it met a syntax error. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static void
assert_told(const struct problems *problems, const char *want, const char *of)
{
	BUF_AUTO got = BUF_INIT(1u << 20);
	problems_print(problems, &got);
	if (strcmp(buf_str(&got), want) != 0)
		fail_msg("%s\n-- got:\n%s-- wanted:\n%s", of, buf_str(&got), want);
}

/* ---- The text of a manifest ---------------------------------------------------- */

static void
each_mistake_of_a_manifest_is_told(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } cases[] = {
		{ ACME, "" },
		{ "name = \"acme\";", "x/acme.so:0: a manifest without \"title\", expected a text "
		  "in quotes\n" },
		{ "{", "x/acme.so:1: manifest: found { that is never closed\n" },
		{ TOP OBJECTS "colour = \"red\";", "x/acme.so:5: warning: found \"colour\", expected "
		  "a setting of a manifest: name, title, title_ja, version, vendor, licence, "
		  "min_host, abi, settings, hosts, gone, limits, objects, lags, oauth, hook, texts, usual\n" },
		{ "name = \"other\"; title = \"Acme\"; version = \"1\"; vendor = \"A\"; "
		  "licence = \"MIT-0\"; abi = 2; " OBJECTS,
		  "x/acme.so: its manifest is that of \"other\"; a connector's file is NAME.so\n"
		  "x/acme.so: it was made for version 2 of the contract, this renkei has version "
		  "1; install the connector's release for it\n" },
		{ TOP OBJECTS "settings = ( { name = \"Host\"; type = \"adress\"; pattern = \"(\"; },\n"
		  "{ name = \"a\"; type = \"choice\"; }, { name = \"b\"; type = \"secret\"; default = "
		  "\"x\"; },\n{ name = \"a\"; type = \"text\"; reduce = \"((x{1,99}){1,99})\"; },\n"
		  "{ name = \"limits\"; type = \"text\"; pattern = \"(a)\\\\1\"; }, "
		  "{ name = \"t_land\"; type = \"text\"; } );",
		  "x/acme.so:5: name: found \"Host\", expected a name of 1 to 64 lower-case letters, "
		  "digits and \"_\"\n"
		  "x/acme.so:5: type: found \"adress\", expected \"text\", \"url\", \"integer\", "
		  "\"bool\", \"seconds\", \"secret\", \"choice\" or \"path\"\n"
		  "x/acme.so:5: pattern: found \"(\", expected an extended regular expression\n"
		  "x/acme.so:6: a is a choice without \"choices\"\n"
		  "x/acme.so:6: b is a secret with a default\n"
		  "x/acme.so:7: reduce: found \"((x{1,99}){1,99})\", expected an expression whose "
		  "counted repeats multiply to at most 1000\n"
		  "x/acme.so:7: setting \"a\" stands twice, or is one of the host's own\n"
		  "x/acme.so:8: pattern: found \"(a)\\1\", expected an expression without "
		  "back-references\n"
		  "x/acme.so:8: setting \"limits\" stands twice, or is one of the host's own\n"
		  "x/acme.so:8: setting \"t_land\" is a lag, expected type \"seconds\"\n" },
		{ TOP "settings = ( { name = \"t\"; type = \"secret\"; } ); objects = ( "
		  "{ name = \"o\"; operations = ( \"list\" ); links = \"x/${object}/${id}\"; }, "
		  "{ name = \"p\"; operations = ( \"list\" ); links = \"x/${t}\"; } );",
		  "x/acme.so: links: found \"x/${t}\", expected ${NAME} to be a setting that is no "
		  "secret\n" },
		{ TOP "hosts = ( \"${sub}.x\", \"${sub\" ); limits = ( { name = \"a\"; calls = \"x\"; } );"
		  "objects = ( { name = \"o\"; operations = ( \"fly\" ); page = 0; }, "
		  "{ name = \"o\"; operations = ( \"list\" ); batch = 4294967297; } );",
		  "x/acme.so: hosts: found \"${sub}.x\", expected ${NAME} to be a setting that is no "
		  "secret\n"
		  "x/acme.so: hosts: found \"${sub\", expected ${NAME} to be a setting that is no "
		  "secret\n"
		  "x/acme.so:2: calls: found \"x\", expected a whole number above 0, such as "
		  "\"100000\"\n"
		  "x/acme.so:2: a limit needs \"calls\" with \"per\", or \"concurrent\"\n"
		  "x/acme.so:2: operations: found \"fly\", expected \"list\", \"ids\", \"field\", "
		  "\"upsert\", \"create\", \"update\" or \"archive\"\n"
		  "x/acme.so:2: page: found the number 0, expected 1 to 100000\n"
		  "x/acme.so:2: batch: found the number 4294967297, expected 1 to 100000\n"
		  "x/acme.so:2: object \"o\" stands twice\n" },
		{ TOP "objects = ( { name = \"o\"; operations = ( \"list\" ); } );\n"
		  "usual = ( { object = \"p\"; fields = ( (\"email\", \"Mail\") ); },\n"
		  "{ object = \"o\"; fields = ( \"email\" ); } );",
		  "x/acme.so:3: usual: found \"p\", which is none of its objects\n"
		  "x/acme.so:4: fields: found \"email\", expected a pair of texts, (\"from\", "
		  "\"to\")\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct problems problems = PROBLEMS_INIT;
		struct manifest m;
		bool good = manifest_parse(&m, "x/acme.so", text_of(cases[i].text), &problems);
		assert_int_equal(good, !problems_fatal(&problems));
		if (i != 1)
			assert_told(&problems, cases[i].want, cases[i].text);
		else
			assert_int_equal(problems.count, 6);   /* Each of what is missing. */
		manifest_free(&m);
		problems_free(&problems);
	}
}

static void
the_longest_pattern_has_an_object(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct manifest m;
	static const char text[] = TOP SETTINGS HOSTS LIMITS "objects = ( "
		"{ name = \"*\"; operations = ( \"list\" ); }, "
		"{ name = \"2-*\"; operations = ( \"list\" ); }, "
		"{ name = \"2-7\"; operations = ( \"list\" ); } );";
	static const struct { const char *name, *entry; } cases[] = {
		{ "2-7", "2-7" }, { "2-70", "2-*" }, { "2-", "2-*" }, { "2", "*" },
		{ "x2-7", "*" }, { NULL, "*" },
	};
	assert_true(manifest_parse(&m, "x/acme.so", text_of(text), &problems));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(manifest_object(&m, cases[i].name)->name,
		                    cases[i].entry);
	manifest_free(&m);
	problems_free(&problems);
}

static void
what_a_manifest_declares_is_read(void **state)
{
	(void)state;
	struct problems problems = PROBLEMS_INIT;
	struct manifest m;
	static const char text[] = ACME "texts = ( { code = \"X1\"; remedy = \"Try.\"; } );"
		"oauth = { grants = ( \"authorization_code\" ); pkce = true; };";
	assert_true(manifest_parse(&m, "x/acme.1.2.so", text_of(text), &problems));
	assert_int_equal(m.setting_count, 9);
	assert_int_equal(manifest_setting(&m, "region")->type, MANIFEST_CHOICE);
	assert_string_equal(manifest_setting(&m, "region")->choices[1], "us");
	assert_null(manifest_setting(&m, "regio"));
	assert_string_equal(m.limits[0].scope, "connection");
	assert_int_equal(manifest_object(&m, "contacts")->guarantee, 0);
	assert_int_equal(manifest_object(&m, "contacts")->batch, 100);
	assert_string_equal(manifest_object(&m, "57")->name, "*");
	assert_true(manifest_can(manifest_object(&m, "contacts"), "field"));
	assert_false(manifest_can(manifest_object(&m, "reports"), "upsert"));
	assert_int_equal(m.lags.index_lag_ms, 60000);
	assert_int_equal(m.lags.t_visible_ms, 0);
	assert_true(m.oauth.pkce);
	assert_string_equal(manifest_text(&m, "X1")->remedy, "Try.");
	assert_null(manifest_text(&m, "X2"));
	manifest_free(&m);
	problems_free(&problems);
}

/* ---- Files --------------------------------------------------------------------- */

/* A shared object with nothing but the manifest: head, names, text, sections. */
struct object_file {
	Elf64_Ehdr head;
	char names[24];
	char text[1024];
	Elf64_Shdr sections[3];
};

static struct object_file
object_file(const char *text)
{
	struct object_file f = { .head = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64 },
		.e_type = ET_DYN, .e_shoff = offsetof(struct object_file, sections),
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 3, .e_shstrndx = 1 } };
	/* Machine and order are those of this program. */
	Elf64_Ehdr own;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, &own, sizeof own), sizeof own);
	close(fd);
	f.head.e_machine = own.e_machine;
	f.head.e_ident[EI_DATA] = own.e_ident[EI_DATA];
	memcpy(f.names, "\0.strtab\0.renkei", 17);
	snprintf(f.text, sizeof f.text, "%s", text);
	f.sections[1] = (Elf64_Shdr){ .sh_name = 1, .sh_type = SHT_STRTAB,
		.sh_offset = offsetof(struct object_file, names), .sh_size = 17 };
	f.sections[2] = (Elf64_Shdr){ .sh_name = 9, .sh_type = SHT_PROGBITS,
		.sh_offset = offsetof(struct object_file, text), .sh_size = sizeof f.text };
	return f;
}

/* NULL, or what the file is instead. */
static const char *
read_object(const void *bytes, size_t len, struct buf *text)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fflush(f), 0);
	const char *why = section_read(fileno(f), text);
	fclose(f);
	return why;
}

static void
a_section_is_read_and_what_is_none_is_told(void **state)
{
	(void)state;
	BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
	const char *why;
	struct object_file good = object_file("name = \"acme\";"), f = good;
	assert_null(read_object(&f, sizeof f, &text));
	assert_string_equal(buf_str(&text), "name = \"acme\";");

#define REFUSED(change, want) do { \
		f = good; \
		change; \
		why = read_object(&f, sizeof f, &text); \
		assert_non_null(why); \
		assert_non_null(strstr(why, want)); \
	} while (0)
	REFUSED(f.head.e_ident[0] = 'x', "no shared object");
	REFUSED(f.head.e_ident[EI_CLASS] = ELFCLASS32, "another kind of machine");
	REFUSED(f.head.e_machine ^= 1, "another kind of machine");
	REFUSED(f.head.e_type = ET_REL, "no shared object (an object file");
	REFUSED(f.head.e_shoff = 0, "no section .renkei");
	REFUSED(f.head.e_shoff = UINT64_MAX - 8, "cut short or damaged");
	REFUSED(f.head.e_shstrndx = 9, "damaged");
	REFUSED(f.head.e_shstrndx = 2, "damaged");
	REFUSED((f.head.e_shnum = 400, f.sections[2].sh_name = 1), "cut short or damaged");
	REFUSED(f.head.e_shnum = 2, "no section .renkei");
	REFUSED((f.head.e_shnum = 0, f.sections[0].sh_size = UINT64_MAX), "too many");
	REFUSED(f.sections[1].sh_offset = UINT64_MAX, "no section .renkei");
	REFUSED(f.sections[2].sh_name = UINT32_MAX, "no section .renkei");
	REFUSED(f.sections[2].sh_offset = sizeof f, "cut short or damaged");
	REFUSED(f.sections[2].sh_size = UINT64_MAX, "wrong size");
	REFUSED(f.sections[2].sh_size = 0, "wrong size");
	REFUSED(f.sections[2].sh_type = SHT_NOBITS, "holds no text");
	REFUSED(f.sections[2].sh_flags = SHF_COMPRESSED, "holds no text");
	REFUSED(f.text[100] = 'x', "more than one manifest");
#undef REFUSED
	assert_non_null(read_object(&good, 20, &text));
}

static void
any_changed_byte_of_an_object_is_survived(void **state)
{
	(void)state;
	struct object_file good = object_file("name = \"acme\";");
	for (size_t i = 0; i < sizeof good; i++) {
		static const unsigned char bytes[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
		if (i >= offsetof(struct object_file, text) + 32
		    && i < offsetof(struct object_file, sections))
			continue;
		for (size_t b = 0; b < sizeof bytes; b++) {
			BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
			struct object_file f = good;
			((unsigned char *)&f)[i] = bytes[b];
			if (read_object(&f, sizeof f, &text) == NULL)
				assert_true(text.len <= sizeof f.text);
		}
	}
}

static void
write_object(const char *folder, const char *name, const char *text, mode_t mode)
{
	char path[256];
	struct object_file f = object_file(text);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_true(io_write_all(fd, &f, sizeof f));
	fchmod(fd, mode);
	close(fd);
}

#define SMALL(name) "name=\"" name "\";title=\"t\";version=\"1\";vendor=\"v\";licence=\"l\";" \
	"abi=1;objects=({name=\"o\";operations=(\"list\");});"

static void
find(const char *const *dirs, const char *name, bool want, const char *words)
{
	struct problems problems = PROBLEMS_INIT;
	struct manifest m;
	BUF_AUTO got = BUF_INIT(65536);
	struct place at = { "renkei.conf", 7 };
	assert_int_equal(manifest_find(&m, dirs, name, at, &problems), want);
	problems_print(&problems, &got);
	if (strstr(buf_str(&got), words) == NULL)
		fail_msg("%s: got %s-- wanted %s", name, buf_str(&got), words);
	manifest_free(&m);
	problems_free(&problems);
}

static void
a_connector_is_found_in_its_folders_only_and_if_nobody_else_may_write_it(void **state)
{
	(void)state;
	char folder[] = "renkei-test-XXXXXX", path[64], link[64], words[256];
	static const char *const files[] = { "hubspot.so", "kintone.so", "loose.so", "link.so",
	                                     "text.so", "old.la" };
	assert_non_null(mkdtemp(folder));
	const char *const dirs[] = { "no-such-folder", folder, NULL };
	snprintf(path, sizeof path, "%s/hubspot.so", folder);
	snprintf(link, sizeof link, "%s/link.so", folder);
	find(dirs, "hubspot", false, "there are none\n");
	write_object(folder, "hubspot.so", SMALL("hubspot"), 0644);
	write_object(folder, "kintone.so", SMALL("kintone"), 0755);
	write_object(folder, "loose.so", SMALL("loose"), 0666);
	write_object(folder, "text.so", "", 0644);
	write_object(folder, "old.la", SMALL("old"), 0644);
	assert_int_equal(symlink("hubspot.so", link), 0);

	find(dirs, "hubspot", true, "");
	snprintf(words, sizeof words, "renkei.conf:7: connector: no connector \"hubspto\" in "
	         "no-such-folder, %s; there are: hubspot, kintone, link, loose, text; did you "
	         "mean \"hubspot\"?\n", folder);
	find(dirs, "hubspto", false, words);
	find(dirs, "../hubspot", false, "found \"../hubspot\", expected a name of");
	find(dirs, "loose", false, "may be written by others (chmod go-w it)");
	find(dirs, "link", false, "symbolic link");
	find(dirs, "old", false, "no connector \"old\"");
	find(dirs, "text", false, "without \"name\"");
	chmod(folder, 0777);
	find(dirs, "hubspot", false, "lies in a folder");
	chmod(folder, 0700);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 4242, 0), 0);
		find(dirs, "hubspot", false, "belongs to another user");
	}

	struct arena arena = ARENA_INIT;
	size_t count;
	const char *const *list = manifest_list(dirs, &arena, &count);
	assert_int_equal(count, 5);
	assert_non_null(strstr(list[1], "/kintone.so"));
	arena_free(&arena);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void
the_bundled_connectors_declare_themselves_well(void **state)
{
	(void)state;
	static const char *const names[] = { "hubspot", "kintone" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[1024];
		struct problems problems = PROBLEMS_INIT;
		struct manifest m;
		BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
		snprintf(path, sizeof path, PLUGINS "/%s.so", names[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		const char *why = section_read(fd, &text);
		if (why != NULL)
			fail_msg("%s: %s", path, why);
		close(fd);
		manifest_parse(&m, path, buf_text(&text), &problems);
		assert_told(&problems, "", path);
		for (size_t k = 0; k < m.setting_count; k++) {
			assert_non_null(m.settings[k].hint);
			assert_non_null(m.settings[k].hint_ja);
		}
		manifest_free(&m);
		problems_free(&problems);
	}
}

/* ---- Connections --------------------------------------------------------------- */

struct bench {                         /* A configuration and the manifest of "acme". */
	struct problems problems;
	struct config config;
	struct manifest manifest;
	struct settings settings;
	struct arena arena;
};

static bool
set_up(struct bench *b, const char *connection)
{
	BUF_AUTO text = BUF_INIT(65536);
	*b = (struct bench){ .problems = PROBLEMS_INIT };
	buf_addf(&text, "connections: { c: { connector = \"acme\"; %s }; };", connection);
	config_load_text(&b->config, "t", buf_text(&text), &b->problems);
	manifest_parse(&b->manifest, "x/acme.so", text_of(ACME), &b->problems);
	assert_told(&b->problems, "", connection);
	return settings_check(&b->settings, config_connection(&b->config, "c"), &b->manifest,
	                      &b->arena, &b->problems);
}

static void
take_down(struct bench *b)
{
	arena_free(&b->arena);
	manifest_free(&b->manifest);
	config_free(&b->config);
	problems_free(&b->problems);
}

#define GOOD "host = \"https://a.example\"; token = \"env:T\";"

static void
each_mistake_of_a_connection_is_told(void **state)
{
	(void)state;
	static const struct { const char *connection, *want; } cases[] = {
		{ GOOD, "" },
		{ GOOD "sub = \"tokyo\"; port = 5; deep = true; wait = \"5\"; space = \"12\";", "" },
		{ "", "t:1: connection \"c\" without \"host\": Your site, such as "
		  "\"https://a.acme.example\"\n"
		  "t:1: connection \"c\" without \"token\": API token\n" },
		{ "host = \" \";\ntoken = \"\";", "t:1: connection \"c\" without \"host\": Your site, "
		  "such as \"https://a.acme.example\"\n"
		  "t:2: connection \"c\" without \"token\": API token\n" },
		{ "host = \"a.example\"; token = \"file:/t\";", "t:1: host: found \"a.example\", "
		  "expected an address that begins with https:// (include https://), such as "
		  "\"https://a.acme.example\"\n" },
		{ "host = \"https://u:p@a.example\"; token = \"env:T\";", "t:1: host: found "
		  "\"https://***@a.example\", expected an address without a user and password in it, "
		  "such as \"https://a.acme.example\"\n" },
		{ "host = \"u:p@w@a.example\"; token = \"env:T\";", "t:1: host: found "
		  "\"***@a.example\", expected an address that begins with https:// (include "
		  "https://), such as \"https://a.acme.example\"\n" },
		{ "host = \"http://a.example\"; token = \"env:T\";", "t:1: warning: host: plain http; "
		  "whoever is on the way reads the credentials\n" },
		{ "host = \"http://127.0.0.1:8080/\"; token = \"env:T\";", "" },
		{ GOOD "tokn = \"x\";\n sandbx = \"off\"; zzzzzzzz = 1;",
		  "t:1: found \"tokn\", which is no setting of acme; did you mean \"token\"?\n"
		  "t:2: found \"sandbx\", which is no setting of acme; did you mean \"sandbox\"?\n"
		  "t:2: found \"zzzzzzzz\", which is no setting of acme; see `renkei connectors "
		  "show acme`\n" },
		{ GOOD "port = \"x\"; deep = \"yes\"; wait = \"soon\"; region = \"eu\"; space = \"one\";",
		  "t:1: space: found \"one\", expected the number of the space\n"
		  "t:1: port: found \"x\", expected a whole number\n"
		  "t:1: deep: found \"yes\", expected true or false\n"
		  "t:1: wait: found \"soon\", expected a duration such as \"30s\", \"500ms\" or \"2m\"\n"
		  "t:1: region: found \"eu\", expected one of \"jp\", \"us\"\n" },
		{ GOOD "space = \"https://a.example/space/77/x\";", "t:1: warning: space: found "
		  "\"https://a.example/space/77/x\", taken as \"77\"; write space = \"77\"\n" },
		{ "host = \"https://a.example\"; token = \"SeCrEt\";", "t:1: warning: token: the secret "
		  "itself stands in the file; write \"env:NAME\" or \"file:/PATH\" and keep it there, "
		  "or let \"renkei seal c token\" make it safe to stand here\n" },
		{ "host = \"https://a.example\"; token = \"env:1 2\";", "t:1: token: found \"env:1 2\", "
		  "expected the name of an environment variable, such as \"env:TOKEN\"\n" },
		{ "host = \"https://a.example\"; token = \"file:t\";", "t:1: token: found \"file:t\", "
		  "expected an absolute path, such as \"file:/run/secrets/token\"\n" },
		{ "host = \"https://a.example\"; token = \"sealed:abc\";", "t:1: token: found "
		  "\"sealed:abc...\", expected what \"renkei seal\" prints, or the absolute path of "
		  "a file with that\n" },
		{ "host = \"https://a.example\"; token = \"sealed:/run/t.sealed\";", "" },
		{ "host = \"https://a.example\"; token = \"credential:a/b\";", "t:1: token: found "
		  "\"credential:a/b\", expected the name of a credential of the service, as "
		  "LoadCredential= of its unit calls it\n" },
		{ GOOD "limits = ( { limit = \"dya\"; } );", "t:1: limit: found \"dya\", expected a "
		  "limit of acme: burst, day, parallel; did you mean \"day\"?\n" },
		{ GOOD "limits = ( { limit = \"day\"; calls = \"1\"; },\n"
		  "{ limit = \"day\"; calls = \"2\"; } );", "t:2: limit \"day\" stands twice\n" },
		{ GOOD "guarantee = \"E1\";", "" },
		{ GOOD "sub = \"127.0.0.1#\";", "t:1: sub: found \"127.0.0.1#\", expected part of a "
		  "host's name\n" },
		{ GOOD "sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\";",
		  "t:1: sha256: x/acme.so cannot be read\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bench b;
		bool good = set_up(&b, cases[i].connection);
		assert_told(&b.problems, cases[i].want, cases[i].connection);
		assert_int_equal(good, !problems_fatal(&b.problems));
		take_down(&b);
	}
}

static const char *
value_of(const struct settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->value_count; i++)
		if (text_is(settings->values[i].name, name))
			return settings->values[i].secret ? "(secret)" : settings->values[i].value.ptr;
	return NULL;
}

static void
a_connection_is_made_ready(void **state)
{
	(void)state;
	struct bench b;
	assert_true(set_up(&b, "host = \"http://127.0.0.1:8080/\"; token = \"env:T\"; sub = \"x\"; "
	                   "wait = 5; index_lag = \"500ms\"; t_visible = \"1s\"; "
	                   "limits = ( { limit = \"day\"; calls = \"7\"; zone = \"Asia/Tokyo\"; } );"));
	const struct settings *s = &b.settings;
	assert_string_equal(value_of(s, "host"), "http://127.0.0.1:8080");
	assert_string_equal(value_of(s, "token"), "(secret)");
	assert_string_equal(value_of(s, "wait"), "5s");
	assert_string_equal(value_of(s, "index_lag"), "500ms");
	assert_string_equal(value_of(s, "region"), "jp");
	assert_null(value_of(s, "port"));
	assert_int_equal(s->origin_count, 2);
	assert_string_equal(s->origins[0].ptr, "http://127.0.0.1:8080");
	assert_string_equal(s->origins[1].ptr, "https://x.acme.example");
	assert_int_equal(s->limit_count, 3);
	assert_int_equal(s->limits[0].per_ms, 10000);
	assert_int_equal(s->limits[1].calls, 7);
	assert_string_equal(s->limits[1].zone.ptr, "Asia/Tokyo");
	assert_string_equal(s->limits[1].resets.ptr, "00:00");
	assert_int_equal(s->limits[2].concurrent, 5);
	assert_int_equal(s->limits[2].calls, 0);
	assert_int_equal(s->lags.index_lag_ms, 500);
	assert_int_equal(s->lags.t_land_ms, 30000);
	assert_int_equal(s->lags.t_visible_ms, 1000);
	assert_int_equal(s->request_deadline_ms, 60000);
	take_down(&b);
	/* Spaced by two seconds: the connection's own numbers stand before the CRM's. */
	assert_true(set_up(&b, GOOD "limits = ( { limit = \"burst\"; calls = \"1\"; "
	                   "per = \"2s\"; } );"));
	assert_int_equal(b.settings.limits[0].calls, 1);
	assert_int_equal(b.settings.limits[0].per_ms, 2000);
	take_down(&b);
	assert_true(set_up(&b, GOOD "limits = \"none\";"));
	assert_int_equal(b.settings.limit_count, 0);
	assert_int_equal(b.settings.origin_count, 1);
	take_down(&b);
}

static void
a_manifest_cannot_send_inside_by_itself(void **state)
{
	(void)state;
	static const struct { const char *host, *want; } cases[] = {
		{ "https://api.example", "" },
		{ "http://api.example", "plain http" }, { "https://127.0.0.1", "inside" },
		{ "https://[::1]:8", "inside" }, { "https://localhost", "inside" },
		{ "https://169.254.169.254", "inside" }, { "https://0x7f000001", "inside" },
		{ "https://[::ffff:10.0.0.1]", "inside" }, { "https://2130706433", "inside" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bench b = { .problems = PROBLEMS_INIT };
		BUF_AUTO text = BUF_INIT(65536);
		BUF_AUTO got = BUF_INIT(65536);
		buf_addf(&text, TOP OBJECTS "hosts = ( \"%s\" );", cases[i].host);
		config_load_text(&b.config, "t", TEXT_LIT("connections: { c: { connector = \"acme\"; "
		                 "}; };"), &b.problems);
		assert_true(manifest_parse(&b.manifest, "x/acme.so", buf_text(&text), &b.problems));
		bool good = settings_check(&b.settings, config_connection(&b.config, "c"),
		                           &b.manifest, &b.arena, &b.problems);
		problems_print(&b.problems, &got);
		assert_int_equal(good, cases[i].want[0] == '\0');
		assert_non_null(strstr(buf_str(&got), cases[i].want));
		take_down(&b);
	}
}

static void
a_side_is_checked_against_its_object(void **state)
{
	(void)state;
	static const struct {
		const char *guarantee, *object;
		enum settings_use use;
		const char *want, *taken;
		int64_t writers;
	} cases[] = {
		{ "", "contacts", SETTINGS_WRITE, "", "contacts", 0 },
		{ "guarantee = \"E3\";", "contacts", SETTINGS_WRITE, "", "contacts", 0 },
		{ "", "123", SETTINGS_WRITE, "", "123", 0 },
		{ "", "contacts", SETTINGS_WRITE, "", "contacts", 2 },
		{ "", "contacts", SETTINGS_WRITE, "t:9: sync \"s\": writers: found 3, but acme "
		  "allows 2 for \"contacts\" at most\n", "contacts", 3 },
		{ "", "123", SETTINGS_WRITE, "t:9: sync \"s\": writers: found 2, but acme "
		  "allows 1 for \"123\" at most\n", "123", 2 },
		{ "", "https://a.example/k/123/", SETTINGS_READ, "t:9: warning: sync \"s\": object: "
		  "found \"https://a.example/k/123/\", taken as \"123\"; write object = \"123\"\n",
		  "123", 0 },
		{ "", "contcts", SETTINGS_READ, "t:9: sync \"s\": object: found \"contcts\", expected "
		  "an app's number of the form [0-9]+\n", "contcts", 0 },
		{ "", "reports", SETTINGS_WRITE, "t:9: sync \"s\": object: \"reports\" of acme cannot "
		  "be written (it has no \"create\", which guarantee class E4 asks for)\n", "reports", 0 },
		{ "guarantee = \"E3\";", "123", SETTINGS_WRITE, "t:9: sync \"s\": object: \"123\" of "
		  "acme cannot be written (it has no \"create\", which guarantee class E3 asks for)\n",
		  "123", 0 },
		{ "", "notes", SETTINGS_WRITE, "t:9: sync \"s\": object: \"notes\" of acme cannot be "
		  "written (it has no \"update\", which guarantee class E1 asks for)\n", "notes", 0 },
		{ "", "notes", SETTINGS_READ, "t:9: sync \"s\": object: \"notes\" of acme cannot be "
		  "read (it has no \"ids\", which a sync asks for)\n", "notes", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bench b;
		BUF_AUTO text = BUF_INIT(4096);
		buf_addf(&text, GOOD "%s", cases[i].guarantee);
		assert_true(set_up(&b, buf_str(&text)));
		struct config_side side = { .object = cases[i].object, .object_at = { "t", 9 },
			                    .writers = cases[i].writers,
			                    .writers_at = { "t", 9 } };
		struct config_sync sync = { .name = "s" };
		settings_check_side(&b.settings, &side, cases[i].use, &sync, &b.arena, &b.problems);
		assert_told(&b.problems, cases[i].want, cases[i].object);
		assert_string_equal(side.object, cases[i].taken);
		take_down(&b);
	}
}

/* The policies of a sync ask for operations that its class does without. */
static void
a_sync_asks_for_what_its_policies_do(void **state)
{
	(void)state;
	static const struct {
		const char *object;
		enum settings_use use;
		enum config_existing existing;
		enum config_empty_key empty_key;
		const char *operation, *why;
		enum config_deletes deletes;
	} cases[] = {
		{ "contacts", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_SKIP, "archive",
		  "deletes = \"archive\"", DELETES_ARCHIVE },
		{ "contacts", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_SKIP, NULL, NULL,
		  DELETES_FLAG },
		{ "contacts", SETTINGS_READ, EXISTING_ADOPT, EMPTY_KEY_SKIP, NULL, NULL,
		  DELETES_ARCHIVE },
		{ "123", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_SKIP, NULL, NULL,
		  DELETES_IGNORE },
		{ "123", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_ERROR, NULL, NULL,
		  DELETES_IGNORE },
		{ "123", SETTINGS_WRITE, EXISTING_REFUSE, EMPTY_KEY_SKIP, "create",
		  "existing = \"refuse\"", DELETES_IGNORE },
		{ "123", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_CREATE, "create",
		  "empty_key = \"create\"", DELETES_IGNORE },
		{ "123", SETTINGS_READ, EXISTING_REFUSE, EMPTY_KEY_CREATE, NULL, NULL,
		  DELETES_IGNORE },
		{ "contacts", SETTINGS_WRITE, EXISTING_REFUSE, EMPTY_KEY_CREATE, NULL, NULL,
		  DELETES_IGNORE },
		{ "notes", SETTINGS_WRITE, EXISTING_REFUSE, EMPTY_KEY_SKIP, "create",
		  "existing = \"refuse\"", DELETES_IGNORE },
		{ "notes", SETTINGS_WRITE, EXISTING_ADOPT, EMPTY_KEY_SKIP, "update",
		  "guarantee class E1", DELETES_IGNORE },
	};
	struct bench b;
	assert_true(set_up(&b, GOOD));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct config_sync sync = { .name = "s", .existing = cases[i].existing,
			                    .empty_key = cases[i].empty_key,
			                    .deletes = cases[i].deletes };
		const struct manifest_object *object = manifest_object(&b.manifest,
		                                                       cases[i].object);
		const char *why = NULL;
		const char *lacking = settings_lacking(object, cases[i].use, object->guarantee,
		                                       &sync, &b.arena, &why);
		assert_int_equal(lacking == NULL, cases[i].operation == NULL);
		if (lacking == NULL)
			continue;
		assert_string_equal(lacking, cases[i].operation);
		assert_string_equal(why, cases[i].why);
	}
	take_down(&b);
}

static void
secrets_are_had_or_their_absence_told_with_the_remedy(void **state)
{
	(void)state;
	struct bench b;
	struct net_secret *secrets;
	size_t count;
	struct rk_err err = ERR_INIT;
	assert_true(set_up(&b, GOOD));
	unsetenv("T");
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_PAUSE);
	assert_int_equal(err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(err.message, "token is env:T, but the environment variable T is "
	                       "not set; set it"));
	setenv("T", " ", 1);
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_PAUSE);
	assert_non_null(strstr(err.message, "blank"));
	setenv("T", "abc\r\nX: y", 1);
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_PAUSE);
	assert_null(strstr(err.message, "abc"));
	setenv("T", " abc\n", 1);
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_OK);
	assert_int_equal(count, 1);
	assert_int_equal(secrets[0].kind, NET_SECRET_VALUE);
	assert_string_equal(secrets[0].text.ptr, "abc");
	take_down(&b);
	assert_true(set_up(&b, "host = \"https://a.example\"; token = \"file:/run/t\";"));
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_OK);
	assert_int_equal(secrets[0].kind, NET_SECRET_FILE);
	assert_string_equal(secrets[0].text.ptr, "/run/t");
	take_down(&b);
	assert_true(set_up(&b, "host = \"https://a.example\"; token = \"credential:t\";"));
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_PAUSE);
	assert_non_null(strstr(err.message, "LoadCredential=t:/PATH"));
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_OK);
	assert_int_equal(secrets[0].kind, NET_SECRET_FILE);
	assert_string_equal(secrets[0].text.ptr, "/run/credentials/x/t");
	take_down(&b);
	assert_true(set_up(&b, "host = \"https://a.example\"; token = \"sealed:/run/t\";"));
	assert_int_equal(settings_secrets(&b.settings, &b.arena, &secrets, &count, &err), RK_OK);
	assert_int_equal(secrets[0].kind, NET_SECRET_SEALED_FILE);
	assert_string_equal(secrets[0].text.ptr, "/run/t");
	const struct manifest_setting *token = manifest_setting(&b.manifest, "token");
	assert_string_equal(settings_shown(token, "sealed:AAA"), "(sealed)");
	assert_string_equal(settings_shown(token, "env:T"), "env:T");
	assert_string_equal(settings_shown(token, "abc"), "(literal)");
	take_down(&b);
}

static void
a_record_has_an_address_in_its_crm(void **state)
{
	(void)state;
	static const struct { const char *links, *id, *want; } cases[] = {
		{ "${host}/r/${object}/${id}", "12", "https://a.example/r/%E9%A1%A7%20o/12" },
		{ "${host}/#${id}", "a/../b?c&\"d", "https://a.example/#a%2F..%2Fb%3Fc%26%22d" },
		{ "${host}/[g/${space}/]${id}", "12", "https://a.example/12" },
		{ "${host}/[g/${port}/]${id}", "12", "https://a.example/g/8080/12" },
		{ "${host}/${space}/${id}", "12", "" },
		{ "${host}/${token}/${id}", "12", "" },
		{ "${host}/${id}", "", "" },
		{ "${host}/[${id}", "1", "https://a.example/1" },
		{ NULL, "12", "" },
	};
	struct bench b;
	assert_true(set_up(&b, "host = \"https://a.example\"; token = \"env:T\"; port = 8080;"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct manifest_object object = { .links = cases[i].links };
		struct rk_text link = settings_link(&b.settings, &object, "顧 o",
		                                    text_of(cases[i].id), &b.arena);
		if (!text_is(link, cases[i].want))
			fail_msg("row %zu: got %s, wanted %s", i,
			         link.len > 0 ? link.ptr : "nothing", cases[i].want);
	}
	assert_int_equal(settings_link(&b.settings, NULL, "o", text_of("1"), &b.arena).len, 0);
	take_down(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_of_a_manifest_is_told),
		cmocka_unit_test(the_longest_pattern_has_an_object),
		cmocka_unit_test(what_a_manifest_declares_is_read),
		cmocka_unit_test(a_section_is_read_and_what_is_none_is_told),
		cmocka_unit_test(any_changed_byte_of_an_object_is_survived),
		cmocka_unit_test(
			a_connector_is_found_in_its_folders_only_and_if_nobody_else_may_write_it),
		cmocka_unit_test(the_bundled_connectors_declare_themselves_well),
		cmocka_unit_test(each_mistake_of_a_connection_is_told),
		cmocka_unit_test(a_connection_is_made_ready),
		cmocka_unit_test(a_manifest_cannot_send_inside_by_itself),
		cmocka_unit_test(a_side_is_checked_against_its_object),
		cmocka_unit_test(a_sync_asks_for_what_its_policies_do),
		cmocka_unit_test(secrets_are_had_or_their_absence_told_with_the_remedy),
		cmocka_unit_test(a_record_has_an_address_in_its_crm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
