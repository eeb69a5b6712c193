/* SPDX-License-Identifier: Apache-2.0
 *
 * plan_file.c - see plan_file.h. */
#include "cli/plan_file.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/json_out.h"
#include "base/text.h"
#include "record/value.h"

#define FORM 1
/* The first line is filled up to this, for it is written last. */
#define HEAD_BYTES 4096
#define PLAN_LINE_MAX (64u * 1024 * 1024)
#define FILE_MAX ((int64_t)64 << 30)
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)

/* ---- Writing --------------------------------------------------------------- */

static int32_t
fail(struct rk_err *err, const char *path, const char *what)
{
	return err_set(err, RK_PAUSE, RK_CAT_OTHER, "plan %s: %s", path, what);
}

bool
plan_file_begin(struct plan_file *f, const char *path, struct arena *arena,
                struct rk_err *err)
{
	*f = (struct plan_file){ .path = path };
	f->part = arena_printf(arena, "%s.%ld.part", path, (long)getpid()).ptr;
	int fd = open(f->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	f->out = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (f->out == NULL) {
		fail(err, path, strerror(errno));
		io_close(&fd);
		return false;
	}
	f->failed = fprintf(f->out, "%*s\n", HEAD_BYTES - 1, "") != HEAD_BYTES;
	return true;
}

static void
show_value(struct json_out *j, const char *key, const struct rk_value *value)
{
	BUF_AUTO text = BUF_INIT(PLAN_LINE_MAX);
	if (value == NULL || value_is_empty(value)) {
		json_null(j, key);
		return;
	}
	value_show(&text, value);
	json_text(j, key, buf_text(&text));
}

void
plan_file_show(struct buf *out, const struct sync_line *line)
{
	struct json_out j = { .out = out };
	json_open(&j, NULL, '{');
	json_text(&j, "op", text_of(line->action == ACTION_CREATE ? "create" : "update"));
	json_text(&j, "id", line->id);
	json_text(&j, "key", line->key);
	json_text(&j, "target", line->target_id);
	json_open(&j, "changes", '[');
	for (size_t i = 0; i < line->change_count; i++) {
		json_open(&j, NULL, '{');
		json_text(&j, "field", line->changes[i].field);
		show_value(&j, "old", line->changes[i].before);
		show_value(&j, "new", line->changes[i].after);
		json_close(&j, '}');
	}
	json_close(&j, ']');
}

void
plan_file_line(struct plan_file *f, const struct sync_line *line)
{
	BUF_AUTO text = BUF_INIT(PLAN_LINE_MAX);
	plan_file_show(&text, line);
	buf_adds(&text, ",\"version\":");
	struct json_out j = { .out = &text };
	json_text(&j, NULL, line->version);
	buf_adds(&text, "}\n");
	f->lines++;
	f->failed |= text.over || fwrite(text.ptr, 1, text.len, f->out) != text.len;
}

static bool
put_head(struct plan_file *f, const struct plan_head *head)
{
	BUF_AUTO text = BUF_INIT(HEAD_BYTES - 1);
	struct json_out j = { .out = &text };
	json_open(&j, NULL, '{');
	json_number(&j, "renkei_plan", FORM);
	json_text(&j, "sync", text_of(head->sync));
	json_text(&j, "identity", text_of(head->identity));
	json_text(&j, "accounts", text_of(head->accounts));
	json_text(&j, "revision", text_of(head->revision));
	json_number(&j, "made_ms", head->made_ms);
	json_number(&j, "start_ms", head->start_ms);
	json_number(&j, "writes", f->lines);
	json_number(&j, "creates", head->creates);
	json_number(&j, "updates", head->updates);
	json_number(&j, "source_calls", head->source_calls);
	json_number(&j, "target_calls", head->target_calls);
	json_close(&j, '}');
	return !text.over && fflush(f->out) == 0
	       && pwrite(fileno(f->out), text.ptr, text.len, 0) == (ssize_t)text.len;
}

static void
end_hash(crypto_generichash_state *state, char hex[HASH_HEX])
{
	unsigned char hash[crypto_generichash_BYTES];
	crypto_generichash_final(state, hash, sizeof hash);
	sodium_bin2hex(hex, HASH_HEX, hash, sizeof hash);
}

static bool
put_hash(struct plan_file *f)
{
	unsigned char bytes[65536];
	char hex[HASH_HEX];
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES);
	rewind(f->out);
	for (size_t got; (got = fread(bytes, 1, sizeof bytes, f->out)) > 0;)
		crypto_generichash_update(&state, bytes, got);
	end_hash(&state, hex);
	return !ferror(f->out) && fseeko(f->out, 0, SEEK_END) == 0
	       && fprintf(f->out, "{\"blake2b\":\"%s\"}\n", hex) > 0 && fflush(f->out) == 0
	       && fsync(fileno(f->out)) == 0;
}

bool
plan_file_end(struct plan_file *f, const struct plan_head *head, struct rk_err *err)
{
	bool done = !f->failed && put_head(f, head) && put_hash(f)
	            && rename(f->part, f->path) == 0 && io_sync_folder(f->path);
	if (!done) {
		fail(err, f->path, errno != 0 ? strerror(errno) : "it could not be written");
		plan_file_drop(f);
		return false;
	}
	fclose(f->out);
	*f = (struct plan_file){ 0 };
	return true;
}

void
plan_file_drop(struct plan_file *f)
{
	if (f->out == NULL)
		return;
	fclose(f->out);
	unlink(f->part);
	*f = (struct plan_file){ 0 };
}

/* ---- Reading --------------------------------------------------------------- */

/* A line without its end, in r->line; false: there is none, or none that may be. */
static bool
read_line(struct plan_reader *r)
{
	char piece[65536];
	buf_reset(&r->line);
	while (fgets(piece, sizeof piece, r->in) != NULL) {
		size_t len = strlen(piece);
		bool ends = len > 0 && piece[len - 1] == '\n';
		buf_add(&r->line, piece, ends ? len - 1 : len);
		if (ends)
			return !r->line.over;
		if (r->line.over)
			return false;
	}
	return false;
}

/* The number of lines between the first and the last; -1: the hash is not theirs. */
static int64_t
check_hash(struct plan_reader *r)
{
	char hex[HASH_HEX], last[HASH_HEX + 32];
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES);
	for (int64_t lines = 0; read_line(r); lines++) {
		const char *line = buf_str(&r->line);
		if (strncmp(line, "{\"blake2b\":", 11) == 0) {
			end_hash(&state, hex);
			snprintf(last, sizeof last, "{\"blake2b\":\"%s\"}", hex);
			return strcmp(line, last) == 0 && fgetc(r->in) == EOF && lines > 0
			       ? lines - 1 : -1;
		}
		crypto_generichash_update(&state, (const void *)r->line.ptr, r->line.len);
		crypto_generichash_update(&state, (const void *)"\n", 1);
	}
	return -1;
}

static const char *
text_at(const cJSON *root, const char *name, struct arena *arena)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
	return cJSON_IsString(item) ? arena_str(arena, item->valuestring) : "";
}

static int64_t
number_at(const cJSON *root, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
	return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : -1;
}

static bool
read_head(struct plan_reader *r, struct arena *arena, struct plan_head *head)
{
	if (!read_line(r))
		return false;
	cJSON *root = cJSON_Parse(buf_str(&r->line));
	bool known = number_at(root, "renkei_plan") == FORM;
	*head = (struct plan_head){
		.sync = text_at(root, "sync", arena),
		.identity = text_at(root, "identity", arena),
		.accounts = text_at(root, "accounts", arena),
		.made_ms = number_at(root, "made_ms"), .start_ms = number_at(root, "start_ms"),
		.writes = number_at(root, "writes"), .creates = number_at(root, "creates"),
		.updates = number_at(root, "updates") };
	text_copy(head->revision, sizeof head->revision,
	          text_of(text_at(root, "revision", arena)));
	cJSON_Delete(root);
	return known && head->writes == r->left;
}

bool
plan_file_open(struct plan_reader *r, const char *path, struct arena *arena,
               struct plan_head *head, struct rk_err *err)
{
	struct stat st;
	*r = (struct plan_reader){ .in = fopen(path, "re"), .line = BUF_INIT(PLAN_LINE_MAX) };
	if (r->in == NULL || fstat(fileno(r->in), &st) != 0) {
		fail(err, path, strerror(errno));
		plan_file_close(r);
		return false;
	}
	bool sound = S_ISREG(st.st_mode) && st.st_size <= FILE_MAX
	             && (r->left = check_hash(r)) >= 0;
	if (sound) {
		rewind(r->in);
		sound = read_head(r, arena, head);
	}
	if (!sound) {
		fail(err, path, "it is no plan of renkei, or was cut off or altered; make a new "
		     "one with \"renkei plan SYNC --out FILE\"");
		plan_file_close(r);
	}
	return sound;
}

bool
plan_file_next(struct plan_reader *r)
{
	if (r->in == NULL || r->left <= 0 || !read_line(r))
		return false;
	r->left--;
	return true;
}

void
plan_file_close(struct plan_reader *r)
{
	if (r->in != NULL)
		fclose(r->in);
	buf_free(&r->line);
	*r = (struct plan_reader){ 0 };
}
