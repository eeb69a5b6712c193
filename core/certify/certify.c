/* SPDX-License-Identifier: Apache-2.0
 *
 * certify.c - see certify.h.  Runs the tables of cases, in order. */
#include "certify/certify.h"

#include <fnmatch.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "certify/kit.h"

#define FIELDS_MAX 40

static const struct certify_group *const first_groups[] = {
	&group_file, &group_page, &group_contract, &group_auth, &group_describe, &group_list,
	&group_write,
};

/* The fields that cases read and write: those of the scenario, the key first. */
static void
choose_fields(struct kit *k, const struct rk_schema *schema)
{
	const struct scenario *s = k->options->scenario;
	struct rk_field *all = arena_new_array(&k->arena, schema->field_count + 1,
	                                       struct rk_field);
	size_t count = 0;
	k->fields = arena_new_array(&k->arena, s->value_count + 1, struct rk_field);
	for (uint64_t i = 0; i < schema->field_count; i++) {
		const struct rk_field *f = &schema->fields[i];
		bool is_key = s->key != NULL && text_is(f->name, s->key);
		bool told = is_key;
		for (size_t v = 0; v < s->value_count; v++)
			told |= text_is(f->name, s->values[v].from);
		if (f->unmappable.len == 0 && (told || count < FIELDS_MAX))
			all[count++] = *f;
		if (!told || (f->flags & RK_FIELD_WRITABLE) == 0)
			continue;
		k->fields[k->field_count++] = *f;
		struct rk_field *last = &k->fields[k->field_count - 1], other = k->fields[0];
		if (is_key) {
			k->fields[0] = *last;
			*last = k->field_count > 1 ? other : *last;
			k->key = &k->fields[0];
		}
	}
	k->schema = (struct rk_schema){ .struct_size = sizeof k->schema, .fields = all,
		                        .field_count = count };
}

/* What later groups need; what is wrong with it the group "describe" has told. */
static void
learn(struct kit *k)
{
	struct rk_schema schema;
	if (kit_describe(k, k->options->scenario->object, &schema) != RK_OK)
		return;
	/* The description lies in the scratch memory, which each case clears. */
	struct arena kept = k->scratch;
	k->scratch = (struct arena)ARENA_INIT;
	choose_fields(k, &schema);
	k->described = kept;
}

static void
end_case(struct kit *k, struct certify_report *report, const struct certify_result *told,
         bool advice)
{
	struct certify_result *r = &report->results[report->count++];
	*r = *told;
	r->why = k->why;
	r->state = k->why == NULL ? CERTIFY_PASSED : k->skipped ? CERTIFY_SKIPPED
	           : advice ? CERTIFY_ADVICE : CERTIFY_FAILED;
	report->of[r->state]++;
}

static void
begin_case(struct kit *k)
{
	arena_clear(&k->scratch);
	k->why = NULL;
	k->skipped = false;
	k->fault = NULL;
}

static bool
wanted(const struct certify_options *options, const char *name)
{
	return options->only == NULL || fnmatch(options->only, name, 0) == 0;
}

static void
run_group(struct kit *k, const struct certify_group *group, struct certify_report *report)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct certify_case *c = &group->cases[i];
		struct certify_result told = { .name = c->name, .what = c->what,
			                       .what_ja = c->what_ja };
		if (!wanted(k->options, c->name))
			continue;
		begin_case(k);
		c->run(k, c->which);
		end_case(k, report, &told, c->advice);
	}
}

static void
run_faults(struct kit *k, struct certify_report *report)
{
	for (size_t i = 0; i < fault_case_count(); i++) {
		struct certify_result told = { 0 };
		begin_case(k);
		/* Its name first: nothing runs where a reason stands already. */
		k->why = "";
		fault_case(k, i, &told);
		if (!wanted(k->options, told.name))
			continue;
		k->why = NULL;
		fault_case(k, i, &told);
		end_case(k, report, &told, false);
	}
}

static void
run_all(struct kit *k, struct certify_report *report)
{
	size_t count = sizeof first_groups / sizeof *first_groups, room = fault_case_count();
	for (size_t i = 0; i < count; i++)
		room += first_groups[i]->count;
	report->results = arena_new_array(&k->arena, room + group_pure.count,
	                                  struct certify_result);
	for (size_t i = 0; i < count; i++) {
		if (first_groups[i] == &group_list)
			learn(k);
		run_group(k, first_groups[i], report);
	}
	run_faults(k, report);
	run_group(k, &group_pure, report);
	report->proved = k->proved;
}

bool
certify(const struct certify_options *options, struct certify_report *report,
        struct rk_err *err)
{
	struct kit k;
	bool opened = kit_open(&k, options, err);
	*report = (struct certify_report){ .arena = ARENA_INIT };
	if (opened) {
		bool writes = manifest_can(k.object, "upsert") || manifest_can(k.object, "create");
		report->connector = arena_str(&k.arena, k.manifest.name);
		report->version = arena_str(&k.arena, k.manifest.version);
		report->object = options->scenario->object;
		report->claimed = writes ? k.object->guarantee + 1 : 0;
		run_all(&k, report);
		report->calls = k.calls;
		report->requests = k.requests;
		/* All that the report points to lives on in it. */
		report->arena = k.arena;
		k.arena = (struct arena)ARENA_INIT;
	}
	kit_close(&k);
	return opened;
}

void
certify_free(struct certify_report *report)
{
	arena_free(&report->arena);
}
