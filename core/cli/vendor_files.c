/* SPDX-License-Identifier: Apache-2.0
 *
 * vendor_files.c - a directory of JSON Lines as the CRM that a connector of files is
 * certified against: it is filled with records, a case reads in it what stands, and a
 * person changes a line of it.  Its requests are the run's (connector/files.c). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/vendor.h"

#define FILE_MAX_BYTES (64u * 1024 * 1024)
#define AGE_S 3600

static const char *
path_of(const struct vendor_files *v)
{
	return arena_printf(&v->scenario->arena, "%s/%s.jsonl", v->dir,
	                    v->scenario->object).ptr;
}

/* No HTTP is spoken here. */
static void
answer(struct crm *crm, const struct rk_request *request, struct arena *arena,
       struct rk_reply *reply)
{
	(void)arena;
	text_copy(crm->unknown, sizeof crm->unknown, request->url);
	reply->status = 404;
}

/* ---- Lines ----------------------------------------------------------------------- */

static cJSON *
new_line(const struct scenario *s, int64_t n)
{
	cJSON *line = cJSON_CreateObject();
	for (size_t i = 0; i < s->value_count; i++)
		cJSON_AddStringToObject(line, s->values[i].from,
		                        scenario_numbered(s->values[i].to, n,
		                                          &((struct scenario *)(uintptr_t)s)->arena));
	return line;
}

static const char *
key_of(const struct vendor_files *v, const cJSON *line)
{
	const char *key = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(line, v->scenario->key));
	return key != NULL ? key : "";
}

/* All lines, as a list. */
static cJSON *
read_lines(const struct vendor_files *v)
{
	BUF_AUTO text = BUF_INIT(FILE_MAX_BYTES);
	cJSON *lines = cJSON_CreateArray();
	if (!io_read_file(path_of(v), &text))
		return lines;
	char *rest = text.ptr;
	for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL;)
		if (line[0] != '\0')
			cJSON_AddItemToArray(lines, cJSON_Parse(line));
	return lines;
}

static bool
write_lines(const struct vendor_files *v, const cJSON *lines)
{
	BUF_AUTO text = BUF_INIT(FILE_MAX_BYTES);
	const cJSON *line = NULL;
	cJSON_ArrayForEach(line, lines) {
		char *printed = cJSON_PrintUnformatted(line);
		buf_addf(&text, "%s\n", printed);
		cJSON_free(printed);
	}
	return io_replace_file(path_of(v), text.ptr, text.len);
}

/* ---- From behind ----------------------------------------------------------------- */

static bool
look(struct crm *crm, struct arena *arena, struct crm_record **records, size_t *count)
{
	struct vendor_files *v = (struct vendor_files *)crm;
	struct stat st;
	const cJSON *line = NULL;
	cJSON_Delete(v->kept);
	v->kept = read_lines(v);
	*records = arena_new_array(arena, (size_t)cJSON_GetArraySize(v->kept) + 1,
	                           struct crm_record);
	*count = 0;
	if (stat(path_of(v), &st) != 0)
		return false;
	cJSON_ArrayForEach(line, v->kept)
		(*records)[(*count)++] = (struct crm_record){
			.id = text_of(arena_str(arena, key_of(v, line))), .values = line,
			.modified_ms = (int64_t)st.st_mtim.tv_sec * 1000 };
	return true;
}

/* Changes a line's last value, or takes the line away. */
static bool
change(struct vendor_files *v, struct rk_text id, bool gone)
{
	const struct scenario *s = v->scenario;
	const struct config_pair *last = &s->values[s->value_count - 1];
	cJSON *lines = read_lines(v), *line = lines->child;
	while (line != NULL && !text_is(id, key_of(v, line)))
		line = line->next;
	bool there = line != NULL;
	if (there && gone)
		cJSON_Delete(cJSON_DetachItemViaPointer(lines, line));
	else if (there)
		cJSON_ReplaceItemInObjectCaseSensitive(line, last->from, cJSON_CreateString(
			scenario_numbered(last->to, 900000 + v->edits++, &v->scenario->arena)));
	there = there && write_lines(v, lines);
	cJSON_Delete(lines);
	return there;
}

static bool
edit(struct crm *crm, struct rk_text id)
{
	return change((struct vendor_files *)crm, id, false);
}

static bool
remove_record(struct crm *crm, struct rk_text id)
{
	return change((struct vendor_files *)crm, id, true);
}

/* ---- Begin and end --------------------------------------------------------------- */

/* Its records are an hour old. */
static bool
fill(struct vendor_files *v)
{
	struct timespec old[2] = { { .tv_sec = clock_now_ms() / 1000 - AGE_S } };
	cJSON *lines = cJSON_CreateArray();
	old[1] = old[0];
	for (int64_t n = 1; n <= v->scenario->records; n++)
		cJSON_AddItemToArray(lines, new_line(v->scenario, n));
	bool done = write_lines(v, lines) && utimensat(AT_FDCWD, path_of(v), old, 0) == 0;
	cJSON_Delete(lines);
	return done;
}

bool
vendor_files_start(struct vendor_files *v, struct scenario *scenario, struct rk_err *err)
{
	const char *tmp = getenv("TMPDIR");
	*v = (struct vendor_files){ .scenario = scenario,
		.crm = { .answer = answer, .look = look, .edit = edit,
			 .remove = remove_record } };
	snprintf(v->dir, sizeof v->dir, "%s/renkei-files.XXXXXX", tmp != NULL ? tmp : "/tmp");
	for (size_t i = 0; i < scenario->setting_count; i++)
		if (strcmp(scenario->settings[i].to, "${simulator}") == 0)
			scenario->settings[i].to = v->dir;
	if (mkdtemp(v->dir) != NULL && fill(v))
		return true;
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be made", v->dir);
	vendor_files_stop(v);
	return false;
}

void
vendor_files_stop(struct vendor_files *v)
{
	DIR *dir = opendir(v->dir);
	struct dirent *entry;
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_type == DT_REG)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	rmdir(v->dir);
	cJSON_Delete(v->kept);
	v->kept = NULL;
}
