/* SPDX-License-Identifier: Apache-2.0
 *
 * io.h - whole reads and writes, small files, paths beside this program,
 * and what this process leaves behind when it dies. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/* Writes all of it; false with errno set. */
bool io_write_all(int fd, const void *bytes, size_t len);
/* Reads up to the end, at most out->max bytes; false with errno set (EFBIG past the
 * ceiling). */
bool io_read_all(int fd, struct buf *out);
/* The same of a whole file. */
bool io_read_file(const char *path, struct buf *out);
/* The file at 'path' holds these bytes, on the disk, or is as it was; mode 0600.  False
 * with errno set. */
bool io_replace_file(const char *path, const void *bytes, size_t len);
/* A name in the folder of 'path' that came or went is so on the disk. */
bool io_sync_folder(const char *path);
/* The paths "DIR/NAME" of what stands in 'dir' with 'suffix' at the end of its name,
 * in order of bytes; hidden ones are left out.  NULL with errno set. */
const char **io_list(const char *dir, const char *suffix, struct arena *arena,
                     size_t *count);
/* Makes 'path' and its parents, mode 0700; false with errno set. */
bool io_mkdirs(const char *path);
/* The folder that the running program lies in, without a slash at its end. */
const char *io_program_dir(void);
void io_close(int *fd);
/* What this process remembers goes into no file when it crashes, and to no debugger
 * of the same user. */
void io_refuse_core_dumps(void);

#define FD_AUTO __attribute__((cleanup(io_close))) int

#endif
