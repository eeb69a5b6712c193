/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_bundle.c - renkei bundle: what somebody who helps must see, in one archive
 * (base/tar.h), and nothing that they must not.  Each part is what a command tells with
 * --json, in a process of its own, so that one that fails costs its part alone; then:
 *
 * - secrets: the configuration is written anew without its comments, and each text of it
 *   that may be a secret is masked; what was masked, and what variables hold that it
 *   names, is looked for in every part;
 * - values of records: of an error the names of fields, ids and the exact text stay, but
 *   for the value in it and for addresses of mail. */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/program.h"
#include "base/tar.h"
#include "base/text.h"
#include "cli/command.h"
#include "connector/manifest.h"

#define PART_MAX (8u * 1024 * 1024)
#define NEEDLES_MAX 1000
/* Shorter ones stand in words that have nothing to do with them. */
#define NEEDLE_LEAST 4
#define MASK "(masked)"

struct bundle {
	struct app *app;
	struct tar tar;
	const char *needles[NEEDLES_MAX];
	size_t needle_count;
	struct rk_err err;
};

/* ---- Masking ----------------------------------------------------------------- */

static void
add_needle(struct bundle *b, const char *secret)
{
	if (secret != NULL && strlen(secret) >= NEEDLE_LEAST && b->needle_count < NEEDLES_MAX)
		b->needles[b->needle_count++] = arena_str(&b->app->arena, secret);
}

/* 'text' with 'mask' wherever 'needle' stands. */
static void
add_without(struct buf *out, const char *text, const char *needle, const char *mask)
{
	size_t len = strlen(needle);
	for (const char *at; len > 0 && (at = strstr(text, needle)) != NULL; text = at + len) {
		buf_add(out, text, (size_t)(at - text));
		buf_adds(out, mask);
	}
	buf_adds(out, text);
}

static bool
in_address(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || (c != '\0' && strchr("._%+-", c) != NULL);
}

/* Addresses of mail; whoever wrote them, they are somebody's. */
static void
add_without_mail(struct buf *out, const char *text)
{
	for (const char *at; (at = strchr(text, '@')) != NULL;) {
		const char *from = at, *to = at + 1;
		while (from > text && in_address(from[-1]))
			from--;
		while (in_address(*to))
			to++;
		bool address = from < at && to > at + 1;
		buf_add(out, text, (size_t)((address ? from : to) - text));
		buf_adds(out, address ? "(mail)" : "");
		text = to;
	}
	buf_adds(out, text);
}

/* Whoever has the link of a first start sets a password with it. */
static void
add_without_links(struct buf *out, const char *text)
{
	static const char link[] = "#link=";
	for (const char *at; (at = strstr(text, link)) != NULL;) {
		at += strlen(link);
		buf_add(out, text, (size_t)(at - text));
		buf_adds(out, MASK);
		text = at + strspn(at, "0123456789abcdef");
	}
	buf_adds(out, text);
}

static bool
add_part(struct bundle *b, const char *name, const char *text)
{
	BUF_AUTO from = BUF_INIT(2 * PART_MAX);
	BUF_AUTO linkless = BUF_INIT(2 * PART_MAX);
	add_without_links(&linkless, text);
	add_without_mail(&from, buf_str(&linkless));
	for (size_t i = 0; i < b->needle_count; i++) {
		BUF_AUTO without = BUF_INIT(2 * PART_MAX);
		add_without(&without, buf_str(&from), b->needles[i], MASK);
		buf_reset(&from);
		buf_addt(&from, buf_text(&without));
	}
	return tar_add(&b->tar, name, buf_text(&from));
}

/* ---- The configuration --------------------------------------------------------- */

static bool
sounds_secret(const char *name)
{
	static const char *const words[] = { "secret", "token", "pass", "key", "credential" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(name, words[i]) != NULL)
			return true;
	return false;
}

/* Of a reference what it names is told, of what is sealed nothing. */
static bool
is_reference(struct bundle *b, const char *value)
{
	static const char *const kinds[] = { "env:", "file:", "credential:" };
	if (strncmp(value, "env:", 4) == 0)
		add_needle(b, getenv(value + 4));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(value, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

/* Whether a text of a connection may be told; 'm' NULL: nothing is known of it. */
static bool
is_plain(const struct manifest *m, const char *name)
{
	const struct manifest_setting *s = m != NULL ? manifest_setting(m, name) : NULL;
	if (s != NULL)
		return s->type != MANIFEST_SECRET;
	return strcmp(name, "connector") == 0 || (m != NULL && !sounds_secret(name));
}

typedef bool plain_fn(const struct manifest *m, const char *name, const char *value);

static bool
plain_in_connection(const struct manifest *m, const char *name, const char *value)
{
	(void)value;
	return is_plain(m, name);
}

/* Of a sync all is told; `key` is there the name of a field. */
static bool
plain_in_sync(const struct manifest *m, const char *name, const char *value)
{
	(void)m;
	(void)name;
	(void)value;
	return true;
}

/* Elsewhere an address may let in whoever knows it. */
static bool
plain_elsewhere(const struct manifest *m, const char *name, const char *value)
{
	(void)m;
	return !sounds_secret(name) && strstr(value, "://") == NULL;
}

static void
mask_setting(struct bundle *b, config_setting_t *s, const struct manifest *m, plain_fn *plain,
             const char *name)
{
	name = config_setting_name(s) != NULL ? config_setting_name(s) : name;
	for (int i = 0; config_setting_is_aggregate(s) == CONFIG_TRUE
	                && i < config_setting_length(s); i++)
		mask_setting(b, config_setting_get_elem(s, (unsigned)i), m, plain, name);
	const char *value = config_setting_type(s) == CONFIG_TYPE_STRING
		? config_setting_get_string(s) : NULL;
	if (value == NULL || is_reference(b, value) || plain(m, name, value))
		return;
	add_needle(b, value);
	config_setting_set_string(s, MASK);
}

static void
mask_connection(struct bundle *b, config_setting_t *s)
{
	struct manifest m;
	struct problems problems = PROBLEMS_INIT;
	const char *name = "";
	config_setting_lookup_string(s, "connector", &name);
	bool known = manifest_find(&m, connector_dirs(NULL, &b->app->arena), name,
	                           (struct place){ NULL, 0 }, &problems);
	mask_setting(b, s, known ? &m : NULL, plain_in_connection, "");
	if (known)
		manifest_free(&m);
	problems_free(&problems);
}

static void
mask_document(struct bundle *b, config_setting_t *root)
{
	for (int i = 0; i < config_setting_length(root); i++) {
		config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(s);
		if (strcmp(name, "connections") != 0)
			mask_setting(b, s, NULL, strcmp(name, "syncs") == 0 ? plain_in_sync
			                                                    : plain_elsewhere, "");
		else
			for (int c = 0; c < config_setting_length(s); c++)
				mask_connection(b, config_setting_get_elem(s, (unsigned)c));
	}
}

/* A file that cannot be read as a configuration may hold anything anywhere: it stays out,
 * and what is wrong with it is in check.json. */
static bool
add_config(struct bundle *b, const char *path, const char *name)
{
	config_t doc;
	char *text = NULL;
	size_t len = 0;
	config_init(&doc);
	FILE *out = NULL;
	if (config_read_file(&doc, path) == CONFIG_TRUE && (out = open_memstream(&text, &len)) != NULL) {
		mask_document(b, config_root_setting(&doc));
		config_write(&doc, out);
		fclose(out);
	}
	bool added = add_part(b, name, text != NULL ? text : "# It cannot be read: see check.json.\n");
	free(text);
	config_destroy(&doc);
	return added;
}

static bool
add_configs(struct bundle *b)
{
	struct arena *arena = &b->app->arena;
	const char *path = b->app->config_path, *slash = strrchr(path, '/');
	const char *folder = arena_printf(arena, "%.*sconf.d",
	                                  slash != NULL ? (int)(slash - path) + 1 : 0, path).ptr;
	size_t count = 0;
	const char **more = io_list(folder, ".conf", arena, &count);
	bool added = access(path, R_OK) != 0 || add_config(b, path, "config/renkei.conf");
	for (size_t i = 0; added && i < count; i++)
		added = add_config(b, more[i], arena_printf(arena, "config/conf.d/%zu.conf",
		                                            i + 1).ptr);
	return added;
}

/* ---- What commands tell -------------------------------------------------------- */

static const struct part {
	const char *name;
	const char *arguments[3];
} parts[] = {
	{ "check.json", { "check" } },
	{ "connectors.json", { "connectors" } },
	{ "doctor.json", { "doctor" } },
	{ "errors.json", { "errors", "list" } },
	{ "history.json", { "history", "--limit=200" } },
	{ "status.json", { "status" } },
	{ "usage.json", { "usage" } },
};

static void
run(const char *path, const char *const *argv, struct buf *out)
{
	int ends[2];
	char chunk[16384];
	ssize_t n;
	pid_t pid = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	int failed = program_spawn(path, argv, environ, ends[1], -1, &pid);
	close(ends[1]);
	while (failed == 0 && (n = read(ends[0], chunk, sizeof chunk)) > 0)
		buf_add(out, chunk, (size_t)n);
	close(ends[0]);
	if (failed == 0)
		waitpid(pid, NULL, 0);
}

static void
mask_text(cJSON *text, const char *value)
{
	BUF_AUTO without = BUF_INIT(PART_MAX);
	if (strstr(text->valuestring, value) == NULL)
		return;
	add_without(&without, text->valuestring, value, "(value)");
	cJSON_SetValuestring(text, buf_str(&without));
}

/* What is no text about a record, though a value may look like a part of it. */
static bool
is_name(const char *key)
{
	static const char *const names[] = { "id", "category", "field", "code", "sync" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(key, names[i]) == 0)
			return true;
	return false;
}

/* A value has its length told in its place, and is nowhere beside it. */
static void
mask_values(cJSON *node)
{
	char length[64];
	for (cJSON *child = node->child; child != NULL; child = child->next)
		mask_values(child);
	cJSON *value = cJSON_GetObjectItemCaseSensitive(node, "value");
	if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
		return;
	for (cJSON *beside = node->child; beside != NULL; beside = beside->next)
		if (beside != value && cJSON_IsString(beside) && !is_name(beside->string))
			mask_text(beside, value->valuestring);
	snprintf(length, sizeof length, "(%zu bytes)", strlen(value->valuestring));
	cJSON_SetValuestring(value, length);
}

static bool
add_told(struct bundle *b, const char *program, const struct part *part)
{
	struct app *app = b->app;
	const char *argv[] = { "renkei", "--json", "--lang=en", "-c", app->config_path,
	                       "--state", app->state_dir, part->arguments[0], part->arguments[1], NULL };
	BUF_AUTO out = BUF_INIT(PART_MAX);
	run(program, argv, &out);
	cJSON *doc = out.over ? NULL : cJSON_Parse(buf_str(&out));
	if (doc == NULL)
		return add_part(b, part->name, "{ \"bundle\": \"it told nothing, or too much\" }\n");
	mask_values(doc);
	char *text = cJSON_Print(doc);
	cJSON_Delete(doc);
	bool added = add_part(b, part->name, text != NULL ? text : "");
	cJSON_free(text);
	return added;
}

static const char about[] =
	"A support bundle of renkei.\n"
	"\n"
	"In it: versions and the machine (here); the configuration without comments and\n"
	"secrets; what renkei check, connectors, doctor, errors, history, status and usage\n"
	"told; the last lines of the service's journal, where there is one.\n"
	"\n"
	"Not in it: keys, tokens, the state, records. Of an error it has ids, names of fields\n"
	"and the exact text, with \"(value)\" for the value and \"(mail)\" for addresses.\n"
	"Names of syncs, connections, objects and fields are as they are: look through it\n"
	"before you hand it on.\n\n";

static bool
add_about(struct bundle *b)
{
	BUF_AUTO text = BUF_INIT(PART_MAX);
	BUF_AUTO at = BUF_INIT(64);
	struct utsname machine;
	clock_format(&at, clock_now_ms());
	buf_addf(&text, "%srenkei %s, contract %d\nat %s\n", about, PACKAGE_VERSION, RK_ABI,
	         buf_str(&at));
	if (uname(&machine) == 0)
		buf_addf(&text, "%s %s %s\n", machine.sysname, machine.release, machine.machine);
	buf_addf(&text, "configuration %s\nstate %s\nuser %u\n", b->app->config_path,
	         b->app->state_dir, (unsigned)geteuid());
	io_read_file("/etc/os-release", &text);
	return add_part(b, "README", buf_str(&text));
}

static bool
add_journal(struct bundle *b)
{
	static const char program[] = "/usr/bin/journalctl";
	static const char *const argv[] = { "journalctl", "--quiet", "--unit=renkei",
	                                    "--lines=2000", "--no-pager", "--output=short-iso", NULL };
	BUF_AUTO out = BUF_INIT(PART_MAX);
	if (access(program, X_OK) != 0)
		return true;
	run(program, argv, &out);
	return add_part(b, "journal.txt", buf_str(&out));
}

static bool
fill(struct bundle *b)
{
	char program[4096];
	program_path("renkei", program, sizeof program);
	/* The configuration first: it tells what must be nowhere else. */
	bool done = add_configs(b) && add_about(b) && add_journal(b);
	for (size_t i = 0; done && i < sizeof parts / sizeof *parts; i++)
		done = add_told(b, program, &parts[i]);
	return done && tar_finish(&b->tar);
}

int
cmd_bundle(struct app *app, int argc, char **argv)
{
	(void)argc;
	static struct bundle b;
	b = (struct bundle){ .app = app, .tar = TAR_INIT, .err = ERR_INIT };
	bool done = tar_create(&b.tar, argv[1]) && fill(&b);
	if (!done)
		err_errno(&b.err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be written; name a file in a "
		          "folder where this user may write", argv[1]);
	tar_close(&b.tar);
	if (!done)
		return app_error(app, RK_PAUSE, &b.err, NULL);
	out_json_str(&app->out, "file", argv[1]);
	out_line(&app->out, app_sayf(app, W_BUNDLE_DONE, argv[1], NULL));
	return EXIT_DONE;
}
