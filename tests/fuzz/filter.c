/* SPDX-License-Identifier: Apache-2.0
 *
 * filter.c - line 1 is a filter, the rest a record (rows.h).  What does not compile
 * says why; "not (F)" compiles where F does, within the ceilings, and keeps exactly
 * what F drops; "(F) and (F)" is F. */
#include "fuzz.h"
#include "rows.h"

#include "mapping/filter.h"

struct asked {
	struct arena arena;
	struct inputs inputs;
	struct problems problems;
	unsigned mistakes;
};

static const struct filter *
compile(struct asked *a, const char *text)
{
	unsigned before = a->mistakes;
	struct complaint c = { .problems = &a->problems, .sync = "s", .what = "filter",
		               .mistakes = &a->mistakes };
	const struct filter *f = filter_compile(text, &a->inputs, &c);
	MUST((f == NULL) == (a->mistakes > before));
	return f;
}

/* Whether the last thing said is that a ceiling is reached. */
static bool
too_much(const struct asked *a)
{
	const char *said = a->problems.list[a->problems.count - 1].text;
	return strstr(said, "expected fewer") != NULL || strstr(said, "at most") != NULL;
}

/* Another form of the filter decides as 'kept' says. */
static void
form_decides(struct asked *a, const char *form, const char *text,
             const struct scene *s, bool kept)
{
	BUF_AUTO other = BUF_INIT(2 * FILTER_BYTES_MAX + 64);
	for (; *form != '\0'; form++)
		*form == 'F' ? buf_adds(&other, text) : buf_addc(&other, *form);
	const struct filter *f = compile(a, buf_str(&other));
	MUST(f != NULL || too_much(a));
	if (f != NULL)
		MUST(filter_judges(f, s) && filter_keeps(f, s) == kept);
}

static void
ask(struct asked *a, const char *text, struct rk_text rest)
{
	const struct filter *f = compile(a, text);
	struct mapping_fault fault = { 0 };
	if (f == NULL)
		return;
	struct rk_record record = rows_record(a->inputs.used, a->inputs.used_count, rest,
	                                      &a->arena);
	struct scene s = { &a->inputs, &record, &a->arena, &fault };
	if (!filter_judges(f, &s)) {
		MUST(fault.message.len > 0);
		return;
	}
	bool kept = filter_keeps(f, &s);
	form_decides(a, "not (F)", text, &s, !kept);
	form_decides(a, " ( F ) and(F)", text, &s, kept);
	form_decides(a, "NOT not (F) or (F)", text, &s, kept);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text rest = fuzz_text(data, size), text = fuzz_line(&rest);
	struct asked a = { .problems = PROBLEMS_INIT };
	if (fuzz_has_nul(text))
		return 0;
	inputs_init(&a.inputs, &source, &a.arena);
	ask(&a, arena_text(&a.arena, text).ptr, rest);
	problems_free(&a.problems);
	arena_free(&a.arena);
	return 0;
}
