/* SPDX-License-Identifier: Apache-2.0
 *
 * hook.c - the first byte chooses the form, the rest is a webhook as `renkei hook` gets
 * it.  Its parts lie inside it; what it tells of records is bounded and told once; what is
 * refused says why. */
#include "fuzz.h"

#include "base/err.h"
#include "hook/hook.h"

static const struct manifest_hook forms[] = {
	{ .at.line = 0 },
	{ .format = "soap", .at.line = 1 },
	{ .format = "json", .events = "events", .at.line = 1,
	  .objects = (const char *[]){ "type", "a.b.c" }, .object_count = 2,
	  .ids = (const char *[]){ "id", "record.$id.value", "ids" }, .id_count = 3 },
};

static void
check_events(const struct hook_events *e)
{
	MUST(e->count <= HOOK_EVENTS_MAX);
	for (size_t i = 0; i < e->count; i++) {
		const struct hook_event *one = &e->list[i];
		MUST(one->id.len > 0 && one->id.len <= HOOK_ID_MAX);
		MUST(one->object.len > 0 && one->object.len <= HOOK_ID_MAX);
		for (size_t k = 0; k < i && k < 8; k++)
			MUST(!text_eq(one->id, e->list[k].id)
			     || !text_eq(one->object, e->list[k].object));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size);
	struct manifest m = { .hook = forms[fuzz_byte(&text) % (sizeof forms / sizeof *forms)] };
	struct hook_request r;
	struct hook_events events = { .count = 0 };
	struct arena arena = ARENA_INIT;
	struct rk_err err = ERR_INIT;
	if (hook_parse(&r, text, &err) != RK_OK) {
		MUST(err.message[0] != '\0');
		return 0;
	}
	MUST(fuzz_inside(r.method, text) && fuzz_inside(r.secret, text));
	MUST(fuzz_inside(r.head, text) && fuzz_inside(r.body, text));
	MUST(fuzz_inside(hook_header(&r, "x-signature"), r.head));
	if (hook_read(&m, &r, &arena, &events, &err) != RK_OK)
		MUST(err.message[0] != '\0');
	check_events(&events);
	arena_free(&arena);
	return 0;
}
