/* SPDX-License-Identifier: Apache-2.0
 *
 * reference.c - maps whose value refers to another record by its id: which ones they
 * are, and which sync links the records that they refer to.  What becomes of a value
 * is sync/parents.c's. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mapping/compile.h"

static bool
is_reference(uint32_t type)
{
	return type == RK_REF || type == RK_REFS;
}

/* Of the source's field, through whatever transforms. */
static struct rk_text
referred_object(const struct work *w, const struct expr *expr)
{
	int slot = expr->part_count == 1 ? expr->parts[0].slot : SLOT_NONE;
	return slot < 0 ? (struct rk_text){ NULL, 0 } : w->m->inputs.used[slot].ref_object;
}

void
compile_reference(struct work *w, const struct config_map *map, const struct line *line,
                  struct complaint *c)
{
	struct mapping *m = w->m;
	const struct rk_field *to = line->target.field;
	bool refers = line->column < 0 && !line->has_values && is_reference(to->type)
	              && is_reference(line->expr.type);
	if (refers)
		m->references[m->reference_count++] = (struct mapping_reference){
			.slot = line->slot, .at = map->at, .parent = map->parent,
			.from_object = referred_object(w, &line->expr),
			.to_object = to->ref_object };
	else if (map->parent > PARENT_WAIT)
		complain_warning(c, "\"parent\" is not used: the map writes no reference by id");
}

const struct mapping_reference *
mapping_references(const struct mapping *m, size_t *count)
{
	*count = m->reference_count;
	return m->references;
}

static bool
is_at(const struct config_side *side, const struct config_side *of, struct rk_text object)
{
	return side->connection != NULL && of->connection != NULL && side->object != NULL
	       && strcmp(side->connection, of->connection) == 0
	       && text_is(object, side->object);
}

static bool
links(const struct config_sync *other, const struct config_sync *sync,
      const struct mapping_reference *ref, bool backwards)
{
	const struct config_side *from = backwards ? &other->to : &other->from;
	const struct config_side *to = backwards ? &other->from : &other->to;
	return is_at(from, &sync->from, ref->from_object)
	       && is_at(to, &sync->to, ref->to_object);
}

const struct config_sync *
mapping_reference_sync(const struct config *config, const struct config_sync *sync,
                       const struct mapping_reference *ref, bool *backwards)
{
	*backwards = false;
	if (links(sync, sync, ref, false))
		return sync;
	/* One that runs before one that is off, and the same way before the other. */
	for (int pass = 0; pass < 4; pass++)
		for (size_t i = 0; i < config->sync_count; i++) {
			*backwards = (pass & 1) != 0;
			if (config->syncs[i].enabled == (pass < 2)
			    && links(&config->syncs[i], sync, ref, *backwards))
				return &config->syncs[i];
		}
	return NULL;
}

bool
mapping_check_references(const struct mapping *m, const struct config *config,
                         const struct config_sync *sync, struct problems *problems)
{
	unsigned mistakes = 0;
	bool backwards;
	for (size_t i = 0; i < m->reference_count; i++) {
		const struct mapping_reference *ref = &m->references[i];
		struct rk_text field = m->targets[ref->slot].name;
		char what[120];
		if (ref->parent == PARENT_SKIP
		    || mapping_reference_sync(config, sync, ref, &backwards) != NULL)
			continue;
		struct complaint c = { problems, sync->name, ref->at, what, &mistakes };
		snprintf(what, sizeof what, "map to \"%.*s\"", SHOWN(field));
		complain(&c, "a reference needs a mapping of its own first (property-mapping): "
		         "found no sync from \"%.*s\" of \"%s\" to \"%.*s\" of \"%s\", expected "
		         "one; or say parent = \"skip\", or map the id as text into another field",
		         SHOWN(ref->from_object), sync->from.connection,
		         SHOWN(ref->to_object), sync->to.connection);
	}
	return mistakes == 0;
}
