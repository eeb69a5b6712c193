/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.c - see pages.h. */
#include "console/pages.h"

#include <string.h>

#include "base/text.h"
#include "console/console.h"
#include "record/hash.h"

static const struct { const char *ending, *type; } types[] = {
	{ ".html", "text/html; charset=utf-8" }, { ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" },
	{ ".json", "application/json" }, { ".png", "image/png" }, { ".ico", "image/x-icon" },
};

static const char *
type_of(const char *name)
{
	const char *ending = strrchr(name, '.');
	for (size_t i = 0; ending != NULL && i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].ending, ending) == 0)
			return types[i].type;
	return "application/octet-stream";
}

_Bool
pages_answer(struct request *q, struct answer *a)
{
	const char *name = q->path + 1;
	if (strcmp(q->path, "/") == 0)
		name = "index.html";
	if (strcmp(q->path, "/api/v1/openapi.json") == 0)
		name = "openapi.json";
	const struct page_file *f = page_files;
	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	if (f->name == NULL)
		return false;
	a->status = 200;
	a->type = type_of(name);
	a->tag = arena_printf(q->arena, "\"%016llx\"",
	                      (unsigned long long)hash_checksum(f->bytes, f->len)).ptr;
	buf_add(&a->body, f->bytes, f->len);
	return true;
}
