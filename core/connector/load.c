/* SPDX-License-Identifier: Apache-2.0
 *
 * load.c - see load.h.  libltdl follows .la files and says "file not found"
 * for every failure, so only an absolute .so is handed to it and dlerror is
 * asked for the reason. */
#include "connector/load.h"

#include <dlfcn.h>
#include <ltdl.h>
#include <string.h>

#include "base/err.h"

#define SYMBOL "renkei_connector_v1"

static int32_t
refuse(struct rk_err *err, const char *path, const char *why)
{
	return err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be loaded: %s", path, why);
}

/* libltdl binds lazily and would let a missing function be met in the middle of
 * a call; bound at once it is named now, and libltdl gets the same object. */
static const char *
bind_now(const char *path)
{
	if (dlopen(path, RTLD_NOW | RTLD_LOCAL) != NULL)
		return NULL;
	const char *why = dlerror();
	size_t len = strlen(path);
	if (strncmp(why, path, len) == 0 && strncmp(why + len, ": ", 2) == 0)
		why += len + 2;
	return why;
}

static lt_dlhandle
open_local(const char *path)
{
	lt_dladvise advise;
	if (lt_dladvise_init(&advise) != 0)
		return NULL;
	lt_dladvise_local(&advise);
	lt_dlhandle handle = lt_dlopenadvise(path, advise);
	lt_dladvise_destroy(&advise);
	return handle;
}

static const char *
missing_slot(const struct rk_connector *table)
{
	if (table->manifest == NULL)
		return "its table has no manifest";
	if (table->open == NULL || table->close == NULL)
		return "its table lacks open or close";
	if (table->auth == NULL || table->describe_fields == NULL)
		return "its table lacks auth or describe_fields";
	return NULL;
}

int32_t
load_connector(const char *path, struct rk_connector *table, struct rk_err *err)
{
	size_t len = strlen(path);
	if (path[0] != '/' || len < 4 || strcmp(path + len - 3, ".so") != 0)
		return refuse(err, path, "a connector is an absolute path that ends in .so");
	if (lt_dlinit() != 0)
		return refuse(err, path, lt_dlerror());
	const char *why = bind_now(path);
	if (why != NULL)
		return refuse(err, path, why);
	lt_dlhandle handle = open_local(path);
	if (handle == NULL)
		return refuse(err, path, lt_dlerror());
	const struct rk_connector *found = lt_dlsym(handle, SYMBOL);
	if (found == NULL)
		return refuse(err, path, "it does not export " SYMBOL
		                         "; it was built for another version of the "
		                         "contract, or is no connector");
	if (found->abi != RK_ABI
	    || found->struct_size < offsetof(struct rk_connector, extension))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "%s cannot be loaded: its table has ABI %u and size %u, expected "
		               "ABI %u and at least %zu", path, found->abi, found->struct_size,
		               RK_ABI, offsetof(struct rk_connector, extension));
	size_t size = found->struct_size < sizeof *table ? found->struct_size : sizeof *table;
	memset(table, 0, sizeof *table);
	memcpy(table, found, size);
	const char *missing = missing_slot(table);
	return missing != NULL ? refuse(err, path, missing) : RK_OK;
}
