/* SPDX-License-Identifier: Apache-2.0
 *
 * revision.h - a fingerprint of what decides a row: when it changes, records
 * that did not change must be looked at again. */
#ifndef MAPPING_REVISION_H
#define MAPPING_REVISION_H

#include "config/config.h"
#include "mapping/inputs.h"

/* Of objects, key, filter, the maps that are on, and the types of the fields
 * they use.  The order of the maps counts: it gives the order of the values
 * that a link's hash is made of. */
void revision_make(unsigned char out[16], const struct config_sync *sync,
                   const struct inputs *in);

#endif
