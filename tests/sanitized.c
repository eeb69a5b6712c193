/* SPDX-License-Identifier: Apache-2.0
 *
 * sanitized.c - how the sanitizers speak in a build made with --enable-sanitizers.
 * It stands in the programs themselves, because renkei-connector is started with an
 * empty environment and renkei-net outlives whoever asked for it: each process lays
 * its reports down as BUILD/reports/report.PID, and tests/check looks there.
 * Linked into such builds only. */

#define VISIBLE __attribute__((visibility("default")))
#define COMMON "log_path=" SANITIZED_REPORTS ":print_stacktrace=1"

VISIBLE const char *__asan_default_options(void);
VISIBLE const char *__ubsan_default_options(void);

/* The runtime's own exit code, 23 of LeakSanitizer and 1 of the other two, would be
 * taken for one of ours. */
VISIBLE const char *
__asan_default_options(void)
{
	return COMMON ":exitcode=99:detect_stack_use_after_return=1";
}

VISIBLE const char *
__ubsan_default_options(void)
{
	return COMMON;
}
