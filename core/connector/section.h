/* SPDX-License-Identifier: Apache-2.0
 *
 * section.h - reads the section `.renkei` of a shared object without loading it,
 * so that nothing of a connector runs before the host has seen what it is.
 * The file is hostile until shown otherwise: each offset and size is checked.
 * What the text means is left to manifest.c. */
#ifndef CONNECTOR_SECTION_H
#define CONNECTOR_SECTION_H

#include "base/buf.h"

#define SECTION_FILE_BYTES (64u * 1024 * 1024)
#define SECTION_TEXT_BYTES (256u * 1024)

/* Adds the text of the section to 'text'; NULL, or what the file at 'fd' is instead. */
const char *section_read(int fd, struct buf *text);

#endif
