/* SPDX-License-Identifier: Apache-2.0
 *
 * section.c - see section.h.  Layout: System V ABI, "ELF-64 Object File Format". */
#include "connector/section.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_SECTIONS 65535u
#define MOST_NAMES (1024u * 1024)

/* The head of the program that runs, put there by the linker: a connector is for
 * the same machine, word size and byte order, or not for us. */
extern const Elf64_Ehdr __ehdr_start /* NOLINT(bugprone-reserved-identifier) */
	__attribute__((visibility("hidden")));

struct elf {
	int fd;
	uint64_t bytes;                /* of the file */
	Elf64_Ehdr head;
	uint64_t section_count;
	Elf64_Shdr names;              /* the section that holds the sections' names */
};

/* Each of these returns NULL, or what the file is instead. */

/* Reads 'len' bytes at 'offset', all of them. */
static const char *
read_at(const struct elf *elf, uint64_t offset, void *into, size_t len)
{
	if (len > elf->bytes || offset > elf->bytes - len)
		return "is cut short or damaged";
	bool whole = pread(elf->fd, into, len, (off_t)offset) == (ssize_t)len;
	return whole ? NULL : "cannot be read";
}

static const char *
read_section(const struct elf *elf, uint64_t number, Elf64_Shdr *into)
{
	if (number >= elf->section_count)
		return "is damaged: it names a section that it does not have";
	uint64_t offset = elf->head.e_shoff + number * sizeof *into;
	return read_at(elf, offset, into, sizeof *into);
}

static const char *
read_head(struct elf *elf)
{
	const Elf64_Ehdr *head = &elf->head, *ours = &__ehdr_start;
	const char *fault = read_at(elf, 0, &elf->head, sizeof elf->head);
	if (fault != NULL || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
		return "is no shared object";
	if (head->e_ident[EI_CLASS] != ours->e_ident[EI_CLASS]
	    || head->e_ident[EI_DATA] != ours->e_ident[EI_DATA]
	    || head->e_machine != ours->e_machine)
		return "was built for another kind of machine";
	return head->e_type == ET_DYN
		? NULL : "is no shared object (an object file or a program)";
}

/* Where the sections are: how many, and which one holds their names. */
static const char *
read_directory(struct elf *elf)
{
	const Elf64_Ehdr *head = &elf->head;
	Elf64_Shdr first;
	if (head->e_shoff == 0 || head->e_shentsize != sizeof first)
		return "has no section .renkei, so it is no connector (or was stripped "
		       "of its section headers)";
	const char *fault = read_at(elf, head->e_shoff, &first, sizeof first);
	if (fault != NULL)
		return fault;
	/* Numbers too large for the head stand in the first section's entry. */
	elf->section_count = head->e_shnum != 0 ? head->e_shnum : first.sh_size;
	if (elf->section_count > MOST_SECTIONS)
		return "has too many sections";
	fault = read_section(elf, head->e_shstrndx != SHN_XINDEX ? head->e_shstrndx
	                     : first.sh_link, &elf->names);
	if (fault == NULL && (elf->names.sh_type != SHT_STRTAB
	                      || elf->names.sh_size > MOST_NAMES))
		fault = "is damaged: it has no names of sections";
	return fault;
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
	uint64_t offset = elf->names.sh_offset + section->sh_name;
	return read_at(elf, offset, name, sizeof name) == NULL
	       && memcmp(name, ours, sizeof ours) == 0;
}

/* The text ends at the first NUL; what follows may only be filling. */
static const char *
take_text(const struct elf *elf, const Elf64_Shdr *section, struct buf *text)
{
	if (section->sh_type != SHT_PROGBITS || (section->sh_flags & SHF_COMPRESSED) != 0)
		return "has a section .renkei that holds no text";
	size_t begin = text->len, len = (size_t)section->sh_size;
	char *at = len > 0 && len <= SECTION_TEXT_BYTES ? buf_extend(text, len) : NULL;
	if (at == NULL)
		return "has a section .renkei of a wrong size, expected 1 byte to 256 "
		       "KiB";
	const char *fault = read_at(elf, section->sh_offset, at, len);
	if (fault != NULL)
		return fault;
	text->len = begin + strnlen(at, len);
	for (size_t i = text->len - begin; i < len; i++)
		if (at[i] != '\0')
			return "has more than one manifest in its section .renkei";
	return NULL;
}

const char *
section_read(int fd, struct buf *text)
{
	struct elf elf = { .fd = fd };
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "is no regular file";
	if (st.st_size > (off_t)SECTION_FILE_BYTES)
		return "is larger than 64 MiB";
	elf.bytes = (uint64_t)st.st_size;
	const char *fault = read_head(&elf);
	if (fault == NULL)
		fault = read_directory(&elf);
	for (uint64_t i = 0; fault == NULL && i < elf.section_count; i++) {
		Elf64_Shdr section;
		fault = read_section(&elf, i, &section);
		if (fault == NULL && is_ours(&elf, &section))
			return take_text(&elf, &section, text);
	}
	return fault != NULL ? fault : "has no section .renkei, so it is no connector";
}
