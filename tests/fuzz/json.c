/* SPDX-License-Identifier: Apache-2.0
 *
 * json.c - bodies of answers.  The reader takes what a second one takes (SQLite's), but
 * for the few things it says it does not and one in which SQLite errs; what was read is
 * written and read to the same; numbers keep their value. */
#include "fuzz.h"
#include "host.h"

#include <sqlite3.h>

#include "mapping/decimal.h"

/* Whether SQLite takes it for JSON; it does not look at UTF-8, and ends at a NUL. */
static bool
second_reader(struct rk_text body)
{
	static sqlite3_stmt *ask;
	static sqlite3 *db;
	if (ask == NULL) {
		MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
		MUST(sqlite3_prepare_v2(db, "select json_valid(?)", -1, &ask, NULL)
		     == SQLITE_OK);
	}
	if (!text_utf8_valid(body) || fuzz_has_nul(body))
		return false;
	sqlite3_bind_text(ask, 1, body.ptr, (int)body.len, SQLITE_STATIC);
	MUST(sqlite3_step(ask) == SQLITE_ROW);
	bool valid = sqlite3_column_int(ask, 0) != 0;
	sqlite3_reset(ask);
	return valid;
}

/* What the scan refuses although it is JSON. */
static bool
is_our_own_rule(const char *message)
{
	static const char *const rules[] = {
		"nested deeper", "stands twice", "surrogate", "holds U+0000",
	};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strstr(message, rules[i]) != NULL)
			return true;
	return false;
}

/* SQLite 3.40 takes {["a"]:1} and {{"a":"b"}:1}: an array or object that ends with
 * a string passes for a name, because it looks at the last node that it read.  RFC 8259,
 * 4: a name is a string. */
static bool
is_their_fault(const char *message, struct rk_text body)
{
	unsigned long long at;
	return strstr(message, "expected a name in quotes") != NULL
	       && sscanf(message, "JSON, byte %llu", &at) == 1 && at < body.len
	       && (body.ptr[at] == '[' || body.ptr[at] == '{');
}

static struct rk_text
write_again(const cJSON *root)
{
	struct rk_err err = { .struct_size = sizeof err };
	struct rk_json_out out;
	struct rk_text text;
	uint32_t flags = 0;
	rk_json_begin(&out, &memory_host, 16, RK_JSON_MAX_BYTES);
	rk_put_item(&out, root, &flags);
	MUST(rk_json_end(&out, &text, &err) == RK_OK);
	return text;
}

/* A body that is one number and nothing else. */
static void
number_keeps_its_value(struct rk_text body, const cJSON *root)
{
	struct decimal before, after;
	struct rk_text number = text_trim(body);
	if (number.len == 0 || (*number.ptr != '-' && !isdigit((unsigned char)*number.ptr))
	    || !decimal_parse(&before, number, &arena))
		return;
	MUST(decimal_parse(&after, rk_json_text(&memory_host, root, NULL), &arena));
	MUST(decimal_cmp(&before, &after) == 0);
}

static void
look(struct rk_text body)
{
	struct rk_err err = { .struct_size = sizeof err };
	cJSON *root, *again;
	if (rk_json_parse(&memory_host, body, &root, &err) != RK_OK) {
		MUST(is_our_own_rule(err.message) || is_their_fault(err.message, body)
		     || !second_reader(body));
		return;
	}
	MUST(second_reader(body));
	number_keeps_its_value(body, root);
	struct rk_text once = write_again(root);
	MUST(rk_json_parse(&memory_host, once, &again, &err) == RK_OK);
	MUST(text_eq(once, write_again(again)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	host_use_arena_for_json();
	look(fuzz_text(data, size));
	arena_free(&arena);
	return 0;
}
