/* SPDX-License-Identifier: Apache-2.0
 *
 * check_rights.c - which rights the syncs need of a connection: to read what they read, to
 * write what they write.  See check.h. */
#include <string.h>

#include "base/text.h"
#include "cli/check.h"

static bool
among(const char *const *names, size_t count, struct rk_text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, names[i]))
			return true;
	return false;
}

/* A side that is not whole has its mistake told elsewhere. */
static bool
side_needs(const struct session *session, const struct config_side *side, bool writes,
           struct rk_text grant)
{
	const struct manifest_object *object =
		manifest_object(&session->manifest, side->object);
	if (object == NULL || side->connection == NULL || side->object == NULL
	    || strcmp(side->connection, session->connection->name) != 0)
		return false;
	return text_is(grant, side->object)
	       || (writes ? among(object->write_scopes, object->write_scope_count, grant)
	                  : among(object->read_scopes, object->read_scope_count, grant));
}

bool
check_needs(const struct config *config, const struct session *session,
            struct rk_text grant)
{
	for (size_t i = 0; i < config->sync_count; i++) {
		const struct config_sync *way = &config->syncs[i];
		/* A two-way sync reads and writes both sides. */
		for (; way != NULL; way = way->back)
			if (side_needs(session, &way->from, false, grant)
			    || side_needs(session, &way->to, true, grant))
				return true;
	}
	return false;
}
