/* SPDX-License-Identifier: Apache-2.0
 *
 * config.c - the text of a configuration, through the scan, libconfig and the table.
 * A refusal has a line that exists and words; what the scan took it takes again
 * unchanged; the same text says the same things twice. */
#include "fuzz.h"

#include "config/config.h"
#include "config/scan.h"

/* libconfig 1.5 loses the text that it was reading when it met a syntax error. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static unsigned
lines(struct rk_text text)
{
	unsigned count = 1;
	for (uint64_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
}

/* Whether the scan takes it; 'fit' has then what libconfig gets. */
static bool
scan(struct rk_text text, struct buf *fit)
{
	struct scan_fault fault = { 0 };
	struct scan_fault alone = { 0 };
	bool good = scan_text(text, fit, &fault);
	MUST(scan_text(text, NULL, &alone) == good);
	if (good)
		return true;
	MUST(fault.line <= lines(text) && fault.text[0] != '\0');
	MUST(alone.line == fault.line && strcmp(alone.text, fault.text) == 0);
	return false;
}

/* Loads it and prints what is wrong with it. */
static bool
load(struct rk_text text, struct buf *said, char hash[33])
{
	struct config config;
	struct problems problems = PROBLEMS_INIT;
	bool good = config_load_text(&config, "f.conf", text, &problems);
	MUST(good == !problems_fatal(&problems));
	for (size_t i = 0; i < problems.count; i++)
		MUST(problems.list[i].at.line <= lines(text) + 1);
	for (size_t i = 0; i < config.sync_count; i++)
		MUST(good == false || config_sync(&config, config.syncs[i].name) != NULL);
	problems_print(&problems, said);
	memcpy(hash, config.hash, 33);
	config_free(&config);
	problems_free(&problems);
	return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size);
	BUF_AUTO fit = BUF_INIT(1u << 22);
	BUF_AUTO again = BUF_INIT(1u << 22);
	BUF_AUTO said = BUF_INIT(1u << 22);
	BUF_AUTO said_again = BUF_INIT(1u << 22);
	char hash[33], hash_again[33];
	if (scan(text, &fit) && fit.len > 0) {
		MUST(scan(buf_text(&fit), &again));
		MUST(again.len == fit.len + 1 && memcmp(fit.ptr, again.ptr, fit.len) == 0);
	}
	bool good = load(text, &said, hash);
	MUST(load(text, &said_again, hash_again) == good);
	MUST(strcmp(buf_str(&said), buf_str(&said_again)) == 0);
	MUST(strcmp(hash, hash_again) == 0);
	return 0;
}
