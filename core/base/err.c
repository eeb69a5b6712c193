/* SPDX-License-Identifier: Apache-2.0
 *
 * err.c - see err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const category_names[RK_CAT_COUNT] = {
	[RK_CAT_NONE] = "none",
	[RK_CAT_ASSOCIATION] = "association",
	[RK_CAT_CUSTOM_CODE] = "custom-code",
	[RK_CAT_DUPLICATE] = "duplicate",
	[RK_CAT_PERMISSION] = "permission",
	[RK_CAT_PICKLIST] = "picklist",
	[RK_CAT_PROPERTY_MAPPING] = "property-mapping",
	[RK_CAT_PROPERTY_VALUE] = "property-value",
	[RK_CAT_OTHER] = "other",
	[RK_CAT_AUTH] = "auth",
	[RK_CAT_RATE_LIMIT] = "rate-limit",
	[RK_CAT_QUOTA] = "quota",
	[RK_CAT_UNREACHABLE] = "unreachable",
	[RK_CAT_SERVER] = "server",
	[RK_CAT_CONFIG] = "config",
	[RK_CAT_BUG] = "bug",
};

static const char *const status_names[] = {
	[RK_OK] = "ok",         [RK_PENDING] = "pending", [RK_AGAIN] = "again",
	[RK_HOLD] = "hold",     [RK_REJECT] = "reject",   [RK_PAUSE] = "pause",
	[RK_RESYNC] = "resync", [RK_BUG] = "bug",
};

/* Bytes cut in the middle of a character would make the text unprintable. */
static void
cut_at_character(char *text, size_t size)
{
	size_t len = strlen(text);
	if (len + 1 < size)
		return;
	while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
		len--;
	if (len > 0 && ((unsigned char)text[len - 1] & 0x80) != 0)
		len--;
	text[len] = '\0';
}

int32_t
err_set(struct rk_err *err, int32_t status, int32_t category, const char *format, ...)
{
	if (err == NULL)
		return status;
	*err = (struct rk_err)ERR_INIT;
	err->category = category;
	va_list args;
	va_start(args, format);
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	cut_at_character(err->message, sizeof err->message);
	return status;
}

int32_t
err_errno(struct rk_err *err, int32_t status, int32_t category, const char *format, ...)
{
	int number = errno;
	char text[900];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return err_set(err, status, category, "%s: %s", text, strerror(number));
}

const char *
err_category_name(int32_t category)
{
	if (category < 0 || category >= RK_CAT_COUNT)
		return "none";
	return category_names[category];
}

const char *
err_status_name(int32_t status)
{
	if (status < 0 || (size_t)status >= sizeof status_names / sizeof *status_names)
		return "bug";
	return status_names[status];
}
