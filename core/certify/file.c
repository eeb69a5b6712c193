/* SPDX-License-Identifier: Apache-2.0
 *
 * file.c - the group "file": what the manifest says, and what the shared object is,
 * read and not run. */
#include <ctype.h>
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "certify/kit.h"
#include "record/record.h"

/* ---- The manifest ------------------------------------------------------------------ */

enum { M_NAME, M_TITLE, M_VERSION, M_VENDOR, M_LICENCE, M_ABI, M_HINTS, M_HINTS_JA,
       M_EXAMPLES, M_HOSTS, M_LIMITS, M_LABELS, M_OPERATIONS, M_PAGE, M_CLASS, M_LAGS,
       M_TEXTS, M_TEXTS_JA, M_LABELS_JA, M_SCOPES, M_LINKS };

static bool
filled(const char *text)
{
	return text != NULL && text_trim(text_of(text)).len > 0;
}

static bool
is_version(const char *text)
{
	size_t dots = 0;
	for (const char *at = text; at != NULL && *at != '\0'; at++) {
		if (!isdigit((unsigned char)*at) && *at != '.')
			return false;
		dots += *at == '.';
	}
	return text != NULL && isdigit((unsigned char)text[0]) && dots > 0;
}

static void
check_settings(struct kit *k, int which)
{
	const struct manifest *m = &k->manifest;
	for (size_t i = 0; i < m->setting_count; i++) {
		const struct manifest_setting *s = &m->settings[i];
		if (which == M_HINTS && !filled(s->hint))
			kit_fail(k, "the setting %s has no hint", s->name);
		if (which == M_HINTS_JA && !filled(s->hint_ja))
			kit_fail(k, "the setting %s has no hint_ja", s->name);
		if (which == M_EXAMPLES && s->required && s->normal == NULL
		    && s->type != MANIFEST_SECRET && !filled(s->example))
			kit_fail(k, "the setting %s is required and has no example", s->name);
	}
}

static void
check_texts(struct kit *k, int which)
{
	const struct manifest *m = &k->manifest;
	if (m->text_count == 0)
		kit_fail(k, "there are no texts: what a person can do about the CRM's "
		         "commonest codes");
	for (size_t i = 0; i < m->text_count; i++) {
		const struct manifest_text *t = &m->texts[i];
		if (which == M_TEXTS && (!filled(t->cause) || !filled(t->remedy)))
			kit_fail(k, "the text of %s lacks cause or remedy", t->code);
		if (which == M_TEXTS_JA && (!filled(t->cause_ja) || !filled(t->remedy_ja)))
			kit_fail(k, "the text of %s lacks cause_ja or remedy_ja", t->code);
	}
}

/* A class rests on operations, and a sync will ask for them. */
static void
check_class(struct kit *k)
{
	const struct manifest_object *o = k->object;
	const char *why, *lacking = settings_lacking(o, SETTINGS_WRITE, o->guarantee, NULL,
	                                             &k->scratch, &why);
	if (!manifest_can(o, "upsert") && !manifest_can(o, "create"))
		kit_skip(k, "nothing is created in %s", o->name);
	else if (lacking != NULL)
		kit_fail(k, "%s needs the operation \"%s\"", why, lacking);
}

static void
check_object(struct kit *k, int which)
{
	const struct manifest_object *o = k->object;
	bool writes = manifest_can(o, "upsert") || manifest_can(o, "create");
	if (which == M_LABELS && strcmp(o->name, "*") != 0 && !filled(o->label))
		kit_fail(k, "the object %s has no label", o->name);
	if (which == M_LABELS_JA && strcmp(o->name, "*") != 0 && !filled(o->label_ja))
		kit_fail(k, "the object %s has no label_ja", o->name);
	if (which == M_OPERATIONS && o->operation_count == 0)
		kit_fail(k, "the object %s has no operations", o->name);
	if (which == M_PAGE && (o->page <= 0 || o->page > RECORD_PAGE_MAX
	                        || (writes && o->batch <= 0)))
		kit_fail(k, "the object %s tells no page of 1 to %d, or no batch", o->name,
		         RECORD_PAGE_MAX);
	if (which == M_LINKS && !filled(o->links))
		kit_fail(k, "the object %s has no \"links\" to open a record by", o->name);
	if (which == M_SCOPES && k->manifest.oauth.grant_count == 0)
		kit_skip(k, "the manifest declares no OAuth");
	if (which == M_SCOPES && o->read_scope_count + o->write_scope_count == 0)
		kit_fail(k, "the object %s names no scopes", o->name);
}

static void
check_manifest(struct kit *k, int which)
{
	const struct manifest *m = &k->manifest;
	const char *missing = NULL;
	bool files = settings_directory(&k->settings) != NULL;
	switch (which) {
	case M_NAME:    missing = filled(m->name) ? NULL : "name";       break;
	case M_TITLE:   missing = filled(m->title) ? NULL : "title";     break;
	case M_VERSION: missing = is_version(m->version) ? NULL : "version (digits and dots)"; break;
	case M_VENDOR:  missing = filled(m->vendor) ? NULL : "vendor";   break;
	case M_LICENCE: missing = filled(m->licence) ? NULL : "licence"; break;
	case M_ABI:     missing = m->abi == RK_ABI ? NULL : "abi = 1";   break;
	case M_HOSTS:   missing = m->host_count > 0 || files ? NULL : "hosts";    break;
	case M_LIMITS:  missing = m->limit_count > 0 || files ? NULL : "limits";  break;
	case M_LAGS:
		missing = m->lags.t_land_ms > 0 ? NULL : "lags, at least t_land";
		break;
	default:
		break;
	}
	if (missing != NULL)
		kit_fail(k, "the manifest lacks %s", missing);
}

static void
check_class_row(struct kit *k, int which)
{
	(void)which;
	check_class(k);
}

/* ---- The shared object --------------------------------------------------------------- */

enum { E_TABLE, E_ONE, E_HOST, E_RPATH, E_STACK, E_RELRO, E_NOW, E_TEXTREL, E_NEEDED,
       E_HOOKS, E_THREADS, E_FILES, E_SOCKETS, E_PROCESSES, E_SLEEP, E_SIGNALS, E_MODE };

struct image {
	const char *bytes;
	size_t size;
	const Elf64_Phdr *programs;
	size_t program_count;
	const Elf64_Dyn *dynamic;
	size_t dynamic_count;
	const Elf64_Sym *symbols;
	size_t symbol_count;
	struct rk_text strings;
};

static const void *
at(const struct image *m, uint64_t offset, uint64_t bytes)
{
	return offset <= m->size && bytes <= m->size - offset ? m->bytes + offset : NULL;
}

static const char *
string(const struct image *m, uint64_t offset)
{
	bool inside = offset < m->strings.len
	              && memchr(m->strings.ptr + offset, '\0', m->strings.len - offset) != NULL;
	return inside ? m->strings.ptr + offset : "";
}

/* The tables of symbols stand in the directory of sections; a file without one has no
 * manifest either, and was refused before. */
static bool
read_symbols(struct image *m, const Elf64_Ehdr *head)
{
	const Elf64_Shdr *s = at(m, head->e_shoff, (uint64_t)head->e_shnum * sizeof *s);
	for (size_t i = 0; s != NULL && i < head->e_shnum; i++) {
		if (s[i].sh_type != SHT_DYNSYM || s[i].sh_link >= head->e_shnum)
			continue;
		const Elf64_Shdr *names = &s[s[i].sh_link];
		m->symbols = at(m, s[i].sh_offset, s[i].sh_size);
		m->symbol_count = s[i].sh_size / sizeof *m->symbols;
		m->strings = (struct rk_text){ at(m, names->sh_offset, names->sh_size),
			                       names->sh_size };
		return m->symbols != NULL && m->strings.ptr != NULL;
	}
	return false;
}

static bool
read_image(struct image *m, const char *path)
{
	struct stat st;
	FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < (off_t)sizeof(Elf64_Ehdr))
		return false;
	*m = (struct image){ .size = (size_t)st.st_size };
	m->bytes = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (m->bytes == MAP_FAILED)
		return false;
	const Elf64_Ehdr *head = (const Elf64_Ehdr *)(const void *)m->bytes;
	m->programs = at(m, head->e_phoff, (uint64_t)head->e_phnum * sizeof *m->programs);
	m->program_count = m->programs != NULL ? head->e_phnum : 0;
	for (size_t i = 0; i < m->program_count; i++) {
		const Elf64_Phdr *p = &m->programs[i];
		if (p->p_type != PT_DYNAMIC)
			continue;
		m->dynamic = at(m, p->p_offset, p->p_filesz);
		m->dynamic_count = m->dynamic != NULL ? p->p_filesz / sizeof *m->dynamic : 0;
	}
	if (read_symbols(m, head))
		return true;
	munmap((void *)(uintptr_t)m->bytes, m->size);
	return false;
}

static const Elf64_Dyn *
dynamic(const struct image *m, int64_t tag)
{
	for (size_t i = 0; i < m->dynamic_count; i++)
		if (m->dynamic[i].d_tag == tag)
			return &m->dynamic[i];
	return NULL;
}

static void
check_flags(struct kit *k, const struct image *m, int which)
{
	const Elf64_Dyn *flags = dynamic(m, DT_FLAGS), *flags_1 = dynamic(m, DT_FLAGS_1);
	bool now = dynamic(m, DT_BIND_NOW) != NULL
	           || (flags != NULL && (flags->d_un.d_val & DF_BIND_NOW) != 0)
	           || (flags_1 != NULL && (flags_1->d_un.d_val & DF_1_NOW) != 0);
	bool relro = false, loose = true;
	for (size_t i = 0; i < m->program_count; i++) {
		relro |= m->programs[i].p_type == PT_GNU_RELRO;
		if (m->programs[i].p_type == PT_GNU_STACK)
			loose = (m->programs[i].p_flags & PF_X) != 0;
	}
	if (which == E_RPATH && (dynamic(m, DT_RPATH) != NULL || dynamic(m, DT_RUNPATH) != NULL))
		kit_fail(k, "it names a path to search libraries in; link without -rpath");
	if (which == E_STACK && loose)
		kit_fail(k, "its stack is executable; link with -Wl,-z,noexecstack");
	if (which == E_RELRO && !relro)
		kit_fail(k, "what is relocated stays writable; link with -Wl,-z,relro");
	if (which == E_NOW && !now)
		kit_fail(k, "its symbols are bound late; link with -Wl,-z,now");
	if (which == E_TEXTREL && dynamic(m, DT_TEXTREL) != NULL)
		kit_fail(k, "its code is relocated; compile with -fPIC");
}

static void
check_exports(struct kit *k, const struct image *m, int which)
{
	bool found = false;
	for (size_t i = 0; i < m->symbol_count; i++) {
		const Elf64_Sym *s = &m->symbols[i];
		const char *name = string(m, s->st_name);
		if (s->st_shndx == SHN_UNDEF || name[0] == '\0')
			continue;
		bool ours = strcmp(name, "renkei_connector_v1") == 0;
		found |= ours && ELF64_ST_TYPE(s->st_info) == STT_OBJECT;
		if (which == E_ONE && !ours)
			kit_fail(k, "it exports %s too; compile with -fvisibility=hidden", name);
	}
	if (which == E_TABLE && !found)
		kit_fail(k, "it does not export the data symbol renkei_connector_v1");
}

/* Names that a connector may not ask for: of 'prefix', or among the words. */
static void
refuse_imports(struct kit *k, const struct image *m, const char *words, const char *why)
{
	for (size_t i = 0; i < m->symbol_count; i++) {
		const char *name = string(m, m->symbols[i].st_name);
		if (m->symbols[i].st_shndx != SHN_UNDEF || name[0] == '\0')
			continue;
		for (const char *word = words; *word != '\0'; word += strspn(word, " ")) {
			size_t len = strcspn(word, " ");
			bool prefix = word[len - 1] == '*';
			if (strncmp(name, word, len - prefix) == 0
			    && (prefix || name[len] == '\0'))
				kit_fail(k, "it calls %s: %s", name, why);
			word += len;
		}
	}
}

static const struct {
	int which;
	const char *words, *why;
} imports[] = {
	{ E_HOST, "rk_* renkei_*", "the host's services come by the table that open is given" },
	{ E_HOOKS, "cJSON_InitHooks", "the host has set the hooks" },
	{ E_THREADS, "pthread_create thrd_create", "a connector has one thread" },
	{ E_FILES, "open open64 openat openat64 fopen fopen64 creat opendir mkstemp freopen "
	           "unlink rename", "a connector reads and writes no files" },
	{ E_SOCKETS, "socket connect getaddrinfo gethostbyname bind listen accept curl_*",
	  "only the host speaks to the world" },
	{ E_PROCESSES, "fork vfork clone exec* posix_spawn* system popen exit _exit _Exit",
	  "a connector neither starts programs nor ends its own" },
	{ E_SLEEP, "sleep usleep nanosleep clock_nanosleep poll select alarm timer_create",
	  "the host alone waits" },
	{ E_SIGNALS, "signal sigaction raise kill setjmp _setjmp atexit on_exit",
	  "a connector leaves the process as it is" },
};

static void
check_needed(struct kit *k, const struct image *m)
{
	static const char *const allowed[] = { "libc.so", "libm.so", "libcjson.so", "ld-linux",
		                               "libgcc_s.so", "libstdc++.so" };
	for (size_t i = 0; i < m->dynamic_count; i++) {
		if (m->dynamic[i].d_tag != DT_NEEDED)
			continue;
		const char *name = string(m, m->dynamic[i].d_un.d_val);
		bool known = false;
		for (size_t a = 0; a < sizeof allowed / sizeof *allowed; a++)
			known |= strncmp(name, allowed[a], strlen(allowed[a])) == 0;
		if (!known)
			kit_fail(k, "it needs %s: whoever installs it must have that too", name);
	}
}

static void
check_mode(struct kit *k)
{
	struct stat st;
	if (stat(k->manifest.path, &st) == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		kit_fail(k, "others than its owner can write to the file; chmod go-w");
}

static void
check_image(struct kit *k, int which)
{
	struct image m;
	if (!read_image(&m, k->manifest.path)) {
		kit_fail(k, "its table of symbols cannot be read");
		return;
	}
	check_flags(k, &m, which);
	check_exports(k, &m, which);
	for (size_t i = 0; i < sizeof imports / sizeof *imports; i++)
		if (imports[i].which == which)
			refuse_imports(k, &m, imports[i].words, imports[i].why);
	if (which == E_NEEDED)
		check_needed(k, &m);
	if (which == E_MODE)
		check_mode(k);
	munmap((void *)(uintptr_t)m.bytes, m.size);
}

#define ADVISE .advice = true
#define ROW(id, fn, number, en, ja, ...) \
	{ .name = "file." id, .run = fn, .which = number, .what = en, .what_ja = ja, __VA_ARGS__ }

static const struct certify_case cases[] = {
	ROW("name", check_manifest, M_NAME, "the manifest has a name", "名前がある"),
	ROW("title", check_manifest, M_TITLE, "the manifest has a title", "表題がある"),
	ROW("version", check_manifest, M_VERSION, "the version is digits and dots",
	    "バージョンが数字と点である"),
	ROW("vendor", check_manifest, M_VENDOR, "the vendor is named", "提供元がある"),
	ROW("licence", check_manifest, M_LICENCE, "the licence is named", "ライセンスがある"),
	ROW("abi", check_manifest, M_ABI, "the contract's version is 1", "契約の版が 1 である"),
	ROW("hints", check_settings, M_HINTS, "each setting has a hint", "各設定に説明がある"),
	ROW("hints-ja", check_settings, M_HINTS_JA, "each setting has a Japanese hint",
	    "各設定に日本語の説明がある", ADVISE),
	ROW("examples", check_settings, M_EXAMPLES, "each required setting has an example",
	    "必須の設定に例がある", ADVISE),
	ROW("hosts", check_manifest, M_HOSTS, "the hosts are declared", "接続先が宣言されている"),
	ROW("limits", check_manifest, M_LIMITS, "the CRM's limits are declared",
	    "CRM の制限が宣言されている", ADVISE),
	ROW("labels", check_object, M_LABELS, "the object has a label", "オブジェクトに表示名がある"),
	ROW("labels-ja", check_object, M_LABELS_JA, "the object has a Japanese label",
	    "オブジェクトに日本語の表示名がある", ADVISE),
	ROW("operations", check_object, M_OPERATIONS, "the object has operations",
	    "オブジェクトに操作がある"),
	ROW("page", check_object, M_PAGE, "page and batch are told", "ページと一括の件数がある"),
	ROW("class", check_class_row, 0, "the class fits the operations",
	    "保証クラスが操作と合う"),
	ROW("lags", check_manifest, M_LAGS, "the lags are told", "遅れが宣言されている", ADVISE),
	ROW("scopes", check_object, M_SCOPES, "the scopes are named", "スコープがある"),
	ROW("links", check_object, M_LINKS, "a record can be opened by a link",
	    "レコードを開くリンクがある", ADVISE),
	ROW("texts", check_texts, M_TEXTS, "texts have cause and remedy",
	    "文言に原因と対処がある", ADVISE),
	ROW("texts-ja", check_texts, M_TEXTS_JA, "texts have cause and remedy in Japanese",
	    "文言に日本語の原因と対処がある", ADVISE),
	ROW("table", check_image, E_TABLE, "it exports the table", "表を公開している"),
	ROW("one-symbol", check_image, E_ONE, "it exports nothing else", "他に公開しない"),
	ROW("no-host-symbols", check_image, E_HOST, "it links to nothing of the host",
	    "本体の関数を参照しない"),
	ROW("no-rpath", check_image, E_RPATH, "it has no library path", "ライブラリーパスがない"),
	ROW("no-exec-stack", check_image, E_STACK, "its stack is no code",
	    "スタックが実行可能でない"),
	ROW("relro", check_image, E_RELRO, "relocations become read-only",
	    "再配置が読み取り専用になる", ADVISE),
	ROW("bind-now", check_image, E_NOW, "symbols are bound at the load",
	    "シンボルを読込時に束縛する"),
	ROW("no-textrel", check_image, E_TEXTREL, "its code needs no relocation",
	    "コードの再配置がない"),
	ROW("libraries", check_image, E_NEEDED, "it needs libc, libm and cJSON only",
	    "libc・libm・cJSON だけを使う", ADVISE),
	ROW("no-hooks", check_image, E_HOOKS, "it leaves cJSON's hooks alone",
	    "cJSON のフックを変えない"),
	ROW("no-threads", check_image, E_THREADS, "it starts no threads", "スレッドを作らない"),
	ROW("no-files", check_image, E_FILES, "it opens no files", "ファイルを開かない"),
	ROW("no-sockets", check_image, E_SOCKETS, "it opens no sockets", "ソケットを開かない"),
	ROW("no-processes", check_image, E_PROCESSES, "it starts and ends no processes",
	    "プロセスを操作しない"),
	ROW("no-sleep", check_image, E_SLEEP, "it does not sleep", "待機しない"),
	ROW("no-signals", check_image, E_SIGNALS, "it sets no signals", "シグナルを変えない"),
	ROW("mode", check_image, E_MODE, "only its owner can write to it",
	    "所有者だけが書き込める"),
};

const struct certify_group group_file = { "file", cases, sizeof cases / sizeof *cases };
