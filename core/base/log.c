/* SPDX-License-Identifier: Apache-2.0
 *
 * log.c - see log.h.  A line is written by one write call, so that lines of
 * several processes do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"

#define LINE_BYTES 4096

static enum log_level least_level = LOG_LEVEL_WARN;

void
log_set_level(enum log_level least)
{
	least_level = least;
}

/* A newline in a foreign text must not forge a second line. */
static void
tame(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
}

void
log_event(enum log_level level, const char *event, const char *format, ...)
{
	static const char *const names[] = { "debug", "info", "warn" };
	if (level < least_level || level >= LOG_LEVEL_NONE)
		return;
	char words[LINE_BYTES - 256];
	va_list args;
	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	tame(words);
	BUF_AUTO line = BUF_INIT(LINE_BYTES);
	clock_format(&line, clock_now_ms());
	buf_addf(&line, " %s %s %s\n", names[level], event, words);
	io_write_all(STDERR_FILENO, buf_str(&line), line.len);
}
