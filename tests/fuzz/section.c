/* SPDX-License-Identifier: Apache-2.0
 *
 * section.c - a file that calls itself a connector, read without loading it.  Either
 * the words say what it is instead, or the text is one that stands in the file. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "connector/section.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	if (fd < 0)
		fd = memfd_create("connector", MFD_CLOEXEC);
	MUST(fd >= 0 && ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
	BUF_AUTO text = BUF_INIT(SECTION_TEXT_BYTES);
	const char *fault = section_read(fd, &text);
	if (fault != NULL) {
		MUST(fault[0] != '\0');
		return 0;
	}
	MUST(text.len <= SECTION_TEXT_BYTES && strlen(buf_str(&text)) == text.len);
	MUST(text.len == 0 || memmem(data, size, text.ptr, text.len) != NULL);
	return 0;
}
