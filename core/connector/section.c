/* SPDX-License-Identifier: Apache-2.0
 *
 * section.c - see section.h.  Layout: System V ABI, "ELF-64 Object File Format". */
#include "connector/section.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_SECTIONS 65535u
#define MOST_NAMES (1024u * 1024)

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OUR_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OUR_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OUR_MACHINE EM_S390
#else
#error "name this machine's ELF number here"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ORDER ELFDATA2LSB
#else
#define OUR_ORDER ELFDATA2MSB
#endif

struct elf {
	int fd;
	uint64_t bytes;                /* of the file */
	Elf64_Ehdr head;
	uint64_t section_count;
	Elf64_Shdr names;              /* the section that holds the sections' names */
	char *why;
	size_t size;
};

static bool
refuse(const struct elf *elf, const char *text)
{
	snprintf(elf->why, elf->size, "%s", text);
	return false;
}

/* Reads 'len' bytes at 'offset', all of them or nothing. */
static bool
read_at(const struct elf *elf, uint64_t offset, void *into, size_t len)
{
	if (len > elf->bytes || offset > elf->bytes - len)
		return refuse(elf, "is cut short or damaged");
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(elf->fd, (char *)into + done, len - done,
		                  (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse(elf, "cannot be read");
		done += (size_t)n;
	}
	return true;
}

static bool
read_section(const struct elf *elf, uint64_t number, Elf64_Shdr *into)
{
	if (number >= elf->section_count)
		return refuse(elf, "is damaged: it names a section that it does not "
		                   "have");
	return read_at(elf, elf->head.e_shoff + number * sizeof *into, into,
	               sizeof *into);
}

static bool
read_head(struct elf *elf)
{
	if (elf->bytes < sizeof elf->head)
		return refuse(elf, "is no shared object");
	if (!read_at(elf, 0, &elf->head, sizeof elf->head))
		return false;
	const Elf64_Ehdr *head = &elf->head;
	if (memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
		return refuse(elf, "is no shared object");
	if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != OUR_ORDER
	    || head->e_machine != OUR_MACHINE)
		return refuse(elf, "was built for another kind of machine");
	if (head->e_type != ET_DYN)
		return refuse(elf, "is no shared object (an object file or a program)");
	return true;
}

/* Where the sections are: how many, and which one holds their names. */
static bool
read_directory(struct elf *elf)
{
	const Elf64_Ehdr *head = &elf->head;
	Elf64_Shdr first;
	if (head->e_shoff == 0 || head->e_shentsize != sizeof first)
		return refuse(elf, "has no section .renkei, so it is no connector (or "
		                   "was stripped of its section headers)");
	if (!read_at(elf, head->e_shoff, &first, sizeof first))
		return false;
	/* Numbers too large for the head stand in the first section's entry. */
	elf->section_count = head->e_shnum != 0 ? head->e_shnum : first.sh_size;
	if (elf->section_count > MOST_SECTIONS)
		return refuse(elf, "has too many sections");
	uint64_t names =
		head->e_shstrndx != SHN_XINDEX ? head->e_shstrndx : first.sh_link;
	if (!read_section(elf, names, &elf->names))
		return false;
	if (elf->names.sh_type != SHT_STRTAB || elf->names.sh_size > MOST_NAMES)
		return refuse(elf, "is damaged: it has no names of sections");
	return true;
}

/* Whether the section is called ".renkei"; a name out of bounds is another name. */
static bool
is_ours(const struct elf *elf, const Elf64_Shdr *section)
{
	static const char ours[] = ".renkei";
	char name[sizeof ours];
	if (elf->names.sh_size < sizeof name
	    || section->sh_name > elf->names.sh_size - sizeof name)
		return false;
	return read_at(elf, elf->names.sh_offset + section->sh_name, name, sizeof name)
	       && memcmp(name, ours, sizeof ours) == 0;
}

/* The text ends at the first NUL; what follows may only be filling. */
static bool
take_text(const struct elf *elf, const Elf64_Shdr *section, struct buf *text)
{
	if (section->sh_type != SHT_PROGBITS || (section->sh_flags & SHF_COMPRESSED) != 0)
		return refuse(elf, "has a section .renkei that holds no text");
	if (section->sh_size == 0 || section->sh_size > SECTION_TEXT_BYTES)
		return refuse(elf, "has a section .renkei of a wrong size, expected 1 "
		                   "byte to 256 KiB");
	size_t begin = text->len, len = (size_t)section->sh_size;
	char *at = buf_extend(text, len);
	if (at == NULL)
		return refuse(elf, "has a section .renkei of a wrong size");
	if (!read_at(elf, section->sh_offset, at, len))
		return false;
	size_t text_len = strnlen(at, len);
	for (size_t i = text_len; i < len; i++)
		if (at[i] != '\0')
			return refuse(elf, "has more than one manifest in its section "
			                   ".renkei");
	text->len = begin + text_len;
	return true;
}

bool
section_read(int fd, struct buf *text, char *why, size_t size)
{
	struct elf elf = { .fd = fd, .why = why, .size = size };
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refuse(&elf, "is no regular file");
	if (st.st_size > (off_t)SECTION_FILE_BYTES)
		return refuse(&elf, "is larger than 64 MiB");
	elf.bytes = (uint64_t)st.st_size;
	if (!read_head(&elf) || !read_directory(&elf))
		return false;
	for (uint64_t i = 0; i < elf.section_count; i++) {
		Elf64_Shdr section;
		if (!read_section(&elf, i, &section))
			return false;
		if (is_ours(&elf, &section))
			return take_text(&elf, &section, text);
	}
	return refuse(&elf, "has no section .renkei, so it is no connector");
}
