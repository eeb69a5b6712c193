/* SPDX-License-Identifier: Apache-2.0
 *
 * export.c - see export.h. */
#include "tests/kill/export.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/names.h"

#define FOREIGN_ROWS 2000              /* Each batch writes them all. */
#define ROW_END "\r\n"
#define CELL_MAX 500

struct export {
	char path[200], temporary[200], columns[200];
	const struct checker_rule *rule;
	struct checker *checker;
	struct stat seen;              /* Of the last look. */
	char **rows;                   /* owned: as they stand there; the header is none. */
	size_t count;
};

/* ---- One row ------------------------------------------------------------------------- */

/* The length of the row at 'at', its end included; 0: it has none. */
static size_t
row_length(const char *at)
{
	bool quoted = false;
	for (const char *p = at; *p != '\0'; p++) {
		quoted ^= *p == '"';
		if (!quoted && strncmp(p, ROW_END, strlen(ROW_END)) == 0)
			return (size_t)(p - at) + strlen(ROW_END);
	}
	return 0;
}

/* One cell, without its quotes; yields where it ends. */
static const char *
take_cell(const char *at, char cell[CELL_MAX])
{
	size_t len = 0;
	bool quoted = false;
	for (; *at != '\0' && (quoted || strchr(",\r", *at) == NULL); at++) {
		bool twice = quoted && at[0] == '"' && at[1] == '"';
		if (*at == '"' && !twice) {
			quoted = !quoted;
			continue;
		}
		at += twice;
		if (len < CELL_MAX - 1)
			cell[len++] = *at;
	}
	cell[len] = '\0';
	return at;
}

/* A row that has not as many cells as there are columns has no values, which nobody ever
 * wanted to be written. */
static cJSON *
values_of(const struct export *e, const char *row)
{
	char cell[CELL_MAX];
	cJSON *values = cJSON_CreateObject();
	const char *at = row;
	for (size_t i = 0; i < e->rule->field_count; i++) {
		bool last = i + 1 == e->rule->field_count;
		at = take_cell(at, cell);
		if (*at != (last ? '\r' : ',')) {
			cJSON_Delete(values);
			return cJSON_CreateObject();
		}
		at++;
		cJSON_AddStringToObject(values, e->rule->fields[i].to, cell);
	}
	return values;
}

/* ---- A look ------------------------------------------------------------------------ */

static void
tell_row(struct export *e, size_t at, const char *op)
{
	char id[24];
	snprintf(id, sizeof id, "row %zu", at + 1);
	cJSON *values = values_of(e, e->rows[at]);
	checker_target(e->checker, id, op, values);
	cJSON_Delete(values);
}

/* Takes the row in; true: it is another one than before. */
static bool
take_row(struct export *e, size_t at, const char *text, size_t len, const char *by)
{
	bool is_new = at == e->count;
	if (!is_new && strlen(e->rows[at]) == len && memcmp(e->rows[at], text, len) == 0)
		return false;
	if (is_new) {
		e->rows = realloc(e->rows, ++e->count * sizeof *e->rows);
		if (e->rows == NULL)
			abort();
	} else {
		free(e->rows[at]);
	}
	e->rows[at] = strndup(text, len);
	if (e->rows[at] == NULL)
		abort();
	tell_row(e, at, by != NULL ? by : is_new ? "create" : "update");
	return true;
}

static char *
read_whole(struct export *e, struct stat *st)
{
	int fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char *text = NULL;
	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode)) {
		text = calloc(1, (size_t)st->st_size + 1);
		if (text == NULL)
			abort();
		if (read(fd, text, (size_t)st->st_size) != st->st_size)
			text[0] = '\0';
	}
	if (fd >= 0)
		close(fd);
	return text;
}

static bool
is_seen(const struct export *e, const struct stat *st)
{
	return st->st_ino == e->seen.st_ino && st->st_size == e->seen.st_size
	       && st->st_ctim.tv_sec == e->seen.st_ctim.tv_sec
	       && st->st_ctim.tv_nsec == e->seen.st_ctim.tv_nsec;
}

/* NULL, or what is wrong with the file.  One that was written anew and says the same is a
 * write too, of which row is the same. */
static const char *
take_text(struct export *e, const char *text, const char *by)
{
	size_t rows = 0, changed = 0, head = strlen(e->columns);
	const char *at = text;
	if (strncmp(at, e->columns, head) != 0 || row_length(at) != head + strlen(ROW_END))
		return "has not the header that it had";
	for (at += row_length(at); *at != '\0'; rows++) {
		size_t len = row_length(at);
		if (len == 0)
			return "ends within a row";
		changed += take_row(e, rows, at, len, by);
		at += len;
	}
	if (changed == 0 && rows > 0)
		tell_row(e, rows - 1, "update");
	return rows < e->count ? "has fewer rows than it had" : NULL;
}

static void
look(struct export *e, const char *by)
{
	struct stat st = { 0 };
	char *text = read_whole(e, &st);
	if (text == NULL || !is_seen(e, &st)) {
		const char *fault = text != NULL ? take_text(e, text, by) : "is not there";
		if (fault != NULL)
			checker_lost(e->checker, fault);
	}
	e->seen = st;
	free(text);
}

void
export_look(struct export *e)
{
	look(e, NULL);
}

bool
export_is_written(const struct export *e)
{
	return access(e->temporary, F_OK) == 0;
}

const char *
export_columns(const struct export *e)
{
	return e->columns;
}

/* ---- Life ---------------------------------------------------------------------------- */

static bool
begin_file(const struct export *e)
{
	FILE *f = fopen(e->path, "we");
	if (f == NULL)
		return false;
	fprintf(f, "%s" ROW_END, e->columns);
	for (size_t i = 0; i < FOREIGN_ROWS; i++) {
		fprintf(f, "foreign.%zu@export.example.com", i);
		for (size_t c = 1; c < e->rule->field_count; c++)
			fprintf(f, c % 2 == 1 ? ",\"No. %zu, of \"\"others\"\"\"" : ",%zu", i);
		fputs(ROW_END, f);
	}
	return fclose(f) == 0;
}

struct export *
export_open(const char *dir, const struct checker_rule *rule, struct checker *checker)
{
	struct export *e = calloc(1, sizeof *e);
	if (e == NULL)
		abort();
	e->rule = rule;
	e->checker = checker;
	snprintf(e->path, sizeof e->path, "%s/%s.csv", dir, rule->to_object);
	snprintf(e->temporary, sizeof e->temporary, "%s/.%s.csv.renkei", dir,
	         rule->to_object);
	for (size_t i = 0, n = 0; i < rule->field_count; i++)
		n += (size_t)snprintf(e->columns + n, sizeof e->columns - n, "%s%s",
		                      i > 0 ? "," : "", rule->fields[i].to);
	if (begin_file(e)) {
		look(e, "load");
		return e;
	}
	perror(e->path);
	export_close(e);
	return NULL;
}

void
export_close(struct export *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->count; i++)
		free(e->rows[i]);
	free(e->rows);
	free(e);
}
