/* SPDX-License-Identifier: Apache-2.0
 *
 * log.h - one line an event on standard error: time, level, event, key=value,
 * words.  Only the place that decides writes a line.  Secrets and record
 * bodies never reach a format string. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_NONE };

void log_set_level(enum log_level least);
void log_event(enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define log_debug(...) log_event(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...) log_event(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warn(...) log_event(LOG_LEVEL_WARN, __VA_ARGS__)

#endif
