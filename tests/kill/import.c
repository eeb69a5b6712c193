/* SPDX-License-Identifier: Apache-2.0
 *
 * import.c - see import.h. */
#include "tests/kill/import.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/names.h"

#define COLUMNS_MAX 12
#define PENDING SIZE_MAX
#define FILES_KEPT 100                 /* The connector follows some hundreds. */
/* So far are the times of two files apart: the clocks of file systems are coarse. */
#define APART_NS 20000000

struct row {
	char *cells[COLUMNS_MAX];      /* owned */
	size_t file;                   /* Where its last values stand; or PENDING. */
	bool live;
};

struct import {
	char dir[100];
	const struct checker_rule *rule;
	struct checker *checker;
	const char *columns[COLUMNS_MAX];
	enum checker_how hows[COLUMNS_MAX];
	const struct checker_choice *choices[COLUMNS_MAX];
	size_t column_count;
	struct row *rows;              /* owned; number 0 has the id 1. */
	size_t count, files;
	uint64_t random;
	char *pending;                 /* owned: rows that are in no file yet. */
	size_t pending_len;
	bool unsaved;
	unsigned age_s;
};

static uint64_t
below(struct import *m, uint64_t end)
{
	uint64_t z = m->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (z ^ z >> 31) % end;
}

/* ---- Values ------------------------------------------------------------------------ */

static void
add_column(struct import *m, const char *name, enum checker_how how,
           const struct checker_choice *choices)
{
	size_t at = m->column_count++;
	m->columns[at] = name;
	m->hows[at] = how;
	m->choices[at] = choices;
}

/* A remark is mapped nowhere, and holds what makes CSV hard. */
static void
add_columns(struct import *m)
{
	for (size_t i = 0; i < m->rule->field_count; i++) {
		const struct checker_field *f = &m->rule->fields[i];
		add_column(m, f->from, f->how, f->choices);
		if (f->also != NULL)
			add_column(m, f->also, f->how, NULL);
	}
	add_column(m, "remark", CHECKER_SAME, NULL);
}

static const char *
some_choice(struct import *m, const struct checker_choice *choices)
{
	size_t count = 0;
	while (choices[count].from != NULL)
		count++;
	size_t drawn = below(m, count + 1);
	return drawn < count ? choices[drawn].from : "another";
}

static char *
some_text(struct import *m, size_t column)
{
	static const char *const forms[][2] = {
		{ "第", "営業部" }, { "Smith, \"", "\"" }, { "", " 号" }, { "髙﨑 ", "" },
	};
	const char *const *form = forms[below(m, sizeof forms / sizeof *forms)];
	char text[100];
	unsigned n = (unsigned)below(m, 1000000);
	if (m->hows[column] == CHECKER_CHOICE)
		return names_copy(some_choice(m, m->choices[column]));
	if (m->hows[column] == CHECKER_DIGITS)
		snprintf(text, sizeof text, "03-%04u-%04u", n % 10000, n / 100);
	else if (column + 1 == m->column_count)
		snprintf(text, sizeof text, "%u\r\nlines, and \"\"", n);
	else
		snprintf(text, sizeof text, "%s%u%s", form[0], n, form[1]);
	return names_copy(text);
}

static void
set_cell(struct row *row, size_t column, char *text)
{
	free(row->cells[column]);
	row->cells[column] = text;
}

/* ---- Rows -------------------------------------------------------------------------- */

static void
put_cell(FILE *out, const char *text)
{
	if (text[strcspn(text, "\",\r\n")] == '\0') {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void
put_row(const struct import *m, FILE *out, const char *id, char *const *cells)
{
	fputs(id, out);
	for (size_t i = 0; i < m->column_count; i++) {
		putc(',', out);
		put_cell(out, cells[i]);
	}
	fputs("\r\n", out);
}

static void
put_live(const struct import *m, FILE *out, size_t at)
{
	char id[24];
	snprintf(id, sizeof id, "%zu", at + 1);
	put_row(m, out, id, m->rows[at].cells);
}

static void
put_header(const struct import *m, FILE *out)
{
	put_row(m, out, "id", (char *const *)(uintptr_t)m->columns);
}

/* Adds the row as it is now to what waits for its file; each state of it is a row. */
static void
note_row(struct import *m, size_t at, const char *op)
{
	char *text, id[24];
	size_t len;
	cJSON *values = cJSON_CreateObject();
	for (size_t i = 0; i < m->column_count; i++)
		cJSON_AddStringToObject(values, m->columns[i], m->rows[at].cells[i]);
	snprintf(id, sizeof id, "%zu", at + 1);
	checker_source(m->checker, id, op, values);
	cJSON_Delete(values);
	m->unsaved = true;
	if (!m->rows[at].live)
		return;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL)
		abort();
	put_live(m, out, at);
	fclose(out);
	m->pending = realloc(m->pending, m->pending_len + len);
	if (m->pending == NULL)
		abort();
	memcpy(m->pending + m->pending_len, text, len);
	m->pending_len += len;
	m->rows[at].file = PENDING;
	free(text);
}

static size_t
new_row(struct import *m, const char *key)
{
	size_t at = m->count++;
	m->rows = realloc(m->rows, m->count * sizeof *m->rows);
	if (m->rows == NULL)
		abort();
	m->rows[at] = (struct row){ .live = true };
	for (size_t i = 0; i < m->column_count; i++)
		m->rows[at].cells[i] = i == 0 ? names_copy(key) : some_text(m, i);
	return at;
}

uint64_t
import_seed(struct import *m, size_t count, uint64_t seed)
{
	uint64_t first = m->count + 1;
	m->random = seed;
	for (size_t i = 0; i < count; i++) {
		char key[60];
		snprintf(key, sizeof key, "row.%zu@import.example.com", m->count + 1);
		note_row(m, new_row(m, key), "load");
	}
	return first;
}

uint64_t
import_add(struct import *m, const char *key, const char *name)
{
	size_t at = new_row(m, key);
	set_cell(&m->rows[at], 1, names_copy(name));
	note_row(m, at, "load");
	return at + 1;
}

bool
import_edit(struct import *m, uint64_t id, const char *column, const char *text)
{
	size_t at = 0;
	while (at < m->column_count && strcmp(m->columns[at], column) != 0)
		at++;
	if (id == 0 || id > m->count || !m->rows[id - 1].live || at == m->column_count)
		return false;
	set_cell(&m->rows[id - 1], at, names_copy(text));
	note_row(m, id - 1, "edit");
	return true;
}

bool
import_edit_some(struct import *m, size_t count, uint64_t seed)
{
	m->random = seed;
	size_t from = m->count > 0 ? below(m, m->count) : 0, done = 0;
	for (size_t i = 0; i < m->count && done < count; i++) {
		size_t at = (from + i) % m->count;
		if (!m->rows[at].live)
			continue;
		for (size_t c = 1; c < m->column_count; c++)
			set_cell(&m->rows[at], c, some_text(m, c));
		note_row(m, at, "edit");
		done++;
	}
	return true;
}

bool
import_remove(struct import *m, uint64_t id)
{
	if (id == 0 || id > m->count || !m->rows[id - 1].live)
		return false;
	m->rows[id - 1].live = false;
	note_row(m, id - 1, "delete");
	return true;
}

/* ---- Files ------------------------------------------------------------------------- */

static void
path_of(const struct import *m, const char *begin, const char *end, char path[200])
{
	snprintf(path, 200, "%s/%s%s%s", m->dir, begin, m->rule->from_object, end);
}

/* The newest file goes on: rows are added to it. */
static bool
append(struct import *m)
{
	char path[200];
	path_of(m, "", ".csv", path);
	FILE *f = fopen(path, "ae");
	bool done = f != NULL;
	if (done && ftell(f) == 0)
		put_header(m, f);
	done = done && fwrite(m->pending, 1, m->pending_len, f) == m->pending_len;
	return f != NULL && fclose(f) == 0 && done;
}

/* Another file takes its place, with what is in it now. */
static bool
replace(struct import *m)
{
	char path[200], fresh[200];
	path_of(m, "", ".csv", path);
	path_of(m, ".", ".new", fresh);
	FILE *f = fopen(fresh, "we");
	if (f == NULL)
		return false;
	put_header(m, f);
	for (size_t i = 0; i < m->count; i++)
		if (m->rows[i].live && m->rows[i].file >= m->files)
			put_live(m, f, i);
	return fclose(f) == 0 && rename(fresh, path) == 0;
}

/* It is moved aside under a name that is the object's too, and a new one begins. */
static bool
rotate(struct import *m)
{
	char path[200], aside[200], end[40];
	snprintf(end, sizeof end, "-%03zu.csv", ++m->files);
	path_of(m, "", ".csv", path);
	path_of(m, "", end, aside);
	return (rename(path, aside) == 0 || errno == ENOENT) && append(m);
}

void
import_age(struct import *m, unsigned age_s)
{
	m->age_s = age_s;
}

static bool
make_old(const struct import *m)
{
	char path[200];
	struct stat st;
	path_of(m, "", ".csv", path);
	if (m->age_s == 0)
		return true;
	if (stat(path, &st) != 0)
		return false;
	st.st_mtim.tv_sec -= m->age_s;
	return utimensat(AT_FDCWD, path, (struct timespec[]){ st.st_mtim, st.st_mtim }, 0) == 0;
}

bool
import_save(struct import *m)
{
	static const struct timespec apart = { .tv_nsec = APART_NS };
	if (!m->unsaved)
		return true;
	uint64_t drawn = below(m, 8);
	bool done = drawn < 2 && m->files < FILES_KEPT ? rotate(m)
	            : drawn < 5 ? replace(m) : append(m);
	done = done && make_old(m);
	if (!done)
		fprintf(stderr, "%s: a file cannot be written: %s\n", m->dir,
		        strerror(errno));
	for (size_t i = 0; i < m->count; i++)
		if (m->rows[i].file == PENDING)
			m->rows[i].file = m->files;
	m->pending_len = 0;
	m->unsaved = false;
	nanosleep(&apart, NULL);
	return done;
}

/* ---- Life -------------------------------------------------------------------------- */

struct import *
import_open(const char *dir, const struct checker_rule *rule, struct checker *checker)
{
	struct import *m = calloc(1, sizeof *m);
	if (m == NULL)
		abort();
	snprintf(m->dir, sizeof m->dir, "%s", dir);
	m->rule = rule;
	m->checker = checker;
	add_columns(m);
	return m;
}

void
import_close(struct import *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->count; i++)
		for (size_t c = 0; c < m->column_count; c++)
			free(m->rows[i].cells[c]);
	free(m->rows);
	free(m->pending);
	free(m);
}
