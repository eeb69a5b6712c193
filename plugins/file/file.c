/* SPDX-License-Identifier: Apache-2.0
 *
 * file.c - the file connector: CSV and JSON Lines in one directory, read and written
 * through the run ("renkei.files/1").  Here are its manifest, its table, its settings, and
 * which files an object has.  An object is the files of one name: "customers" is
 * customers.csv and customers-2026-11-22.csv.  A record is a row, known by its key.
 *
 * Source: RFC 4180 (CSV), jsonlines.org. */
#include "file.h"

RK_MANIFEST(file_manifest,
	name = "file"; title = "Files"; title_ja = "ファイル"; version = "1.0.0";
	vendor = "renkei"; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "directory"; type = "path"; required = true;
	    hint = "The directory that holds the files, and nothing else is used";
	    hint_ja = "ファイルを置くディレクトリー (これ以外は使わない)";
	    example = "/srv/renkei/files"; },
	  { name = "format"; type = "choice"; default = "csv"; choices = ( "csv", "jsonl" );
	    hint = "csv: NAME.csv; jsonl: one JSON object a line, NAME.jsonl";
	    hint_ja = "csv は NAME.csv、jsonl は 1 行 1 JSON オブジェクトの NAME.jsonl"; },
	  { name = "encoding"; type = "choice"; default = "utf-8";
	    choices = ( "utf-8", "shift_jis" );
	    hint = "Of the files; shift_jis is that of Windows (CP932)";
	    hint_ja = "ファイルの文字コード。shift_jis は Windows のもの (CP932)"; },
	  { name = "delimiter"; type = "choice"; default = "comma";
	    choices = ( "comma", "tab", "semicolon" );
	    hint = "Between the values of a CSV row"; hint_ja = "CSV の区切り文字"; },
	  { name = "header"; type = "bool"; default = "true";
	    hint = "Whether the first row of a CSV file names the columns; if not, set columns";
	    hint_ja = "CSV の先頭行が列名か (違う場合は columns を設定)"; },
	  { name = "key"; type = "text"; default = "id"; pattern = "[^,]+(,[^,]+)*";
	    hint = "The column that tells rows apart; several, joined by commas, are read only";
	    hint_ja = "行を区別する列。カンマ区切りで複数の場合は読み取り専用"; },
	  { name = "columns"; type = "text"; pattern = "[^,]+(,[^,]+)*";
	    hint = "The columns, joined by commas, of a file without a header or not there yet";
	    hint_ja = "列名 (カンマ区切り)。見出し行がないか、まだファイルがないとき";
	    example = "id,name,email"; },
	  { name = "quiet"; type = "seconds"; default = "60s";
	    hint = "A file without an end of its last row is read when it stood still so long";
	    hint_ja = "最終行の改行がないファイルは、この時間変化がなければ読む"; },
	  { name = "rotate"; type = "choice"; default = "never";
	    choices = ( "never", "day", "month" );
	    hint = "When what is written begins a new file, by UTC";
	    hint_ja = "新しいファイルに書き始める間隔 (UTC)"; },
	  { name = "rotate_size"; type = "integer"; default = "256"; pattern = "[1-9][0-9]{0,2}";
	    hint = "A file of so many MiB is followed by a new one";
	    hint_ja = "この MiB 数に達したら次のファイルに書く"; }
	);
	hosts = ();
	limits = ();
	objects = (
	  { name = "*"; label = "File"; label_ja = "ファイル"; id_pattern = "[^/.][^/]*";
	    operations = ( "list", "ids", "field", "upsert", "update" ); resumes = true;
	    page = 1000; calls_page = 5; batch = 1000; calls_batch = 2; guarantee = "E1"; }
	);
	lags = { late_commit = "0s"; index_lag = "0s"; clock = "0s"; t_land = "1s";
	         t_visible = "0s"; };
	texts = (
	  { code = "broken-row";
	    cause = "A row of a file cannot be read; the message names file and line.";
	    remedy = "Correct that row, or compare format, encoding and delimiter of the "
	             "connection with the file; the next run reads the file anew.";
	    cause_ja = "ファイルの行を読めない (メッセージにファイル名と行番号)。";
	    remedy_ja = "その行を直すか、接続の format、encoding、delimiter をファイルと"
	                "照合する。次の実行でファイルを読み直す。"; },
	  { code = "no-such-row";
	    cause = "The row that was to be changed is in no file any more.";
	    remedy = "Put the file back, or run `renkei cursor reset SYNC` and sync again.";
	    cause_ja = "変更する行がどのファイルにもない。";
	    remedy_ja = "ファイルを元に戻すか、`renkei cursor reset 同期名` のあと同期する。"; },
	  { code = "not-encodable";
	    cause = "A value has a character that the encoding of the files does not have.";
	    remedy = "Correct the value, or set encoding to utf-8.";
	    cause_ja = "ファイルの文字コードにない文字を含む値がある。";
	    remedy_ja = "値を直すか、encoding を utf-8 にする。"; }
	);
);

/* ---- Settings -------------------------------------------------------------------- */

/* The names between commas. */
static uint64_t
split(struct rk_text list, struct rk_text *names, uint64_t most)
{
	uint64_t count = 0;

	while (list.len && count < most) {
		const char *comma = memchr(list.ptr, ',', list.len);
		uint64_t len = comma ? (uint64_t)(comma - list.ptr) : list.len;

		names[count++] = rk_text_trim(rk_text_of(list.ptr, len));
		list.ptr += comma ? len + 1 : len;
		list.len -= comma ? len + 1 : len;
	}
	return count;
}

static int
setting_is(const struct rk_host *host, const char *name, const char *value)
{
	return rk_text_is(host->setting(host, name), value);
}

/* "60s", "500ms", "2m" */
static int64_t
duration_ms(struct rk_text text)
{
	static const struct { const char *unit; int64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	uint64_t digits = 0;
	int64_t n = 0;

	while (digits < text.len && isdigit((unsigned char)text.ptr[digits]))
		digits++;
	rk_text_int(rk_text_of(text.ptr, digits), &n);
	for (size_t i = 0; i < RK_COUNT(units); i++)
		if (rk_text_is(rk_text_of(text.ptr + digits, text.len - digits), units[i].unit))
			return n < 86400000 ? n * units[i].ms : 0;
	return 0;
}

static void
take_settings(struct rk_conn *conn)
{
	const struct rk_host *host = conn->host;
	int64_t mebi = 0;

	conn->jsonl = setting_is(host, "format", "jsonl");
	conn->header = !setting_is(host, "header", "false");
	conn->delimiter = setting_is(host, "delimiter", "tab") ? '\t'
	                : setting_is(host, "delimiter", "semicolon") ? ';' : ',';
	conn->quiet_ms = duration_ms(host->setting(host, "quiet"));
	rk_text_int(host->setting(host, "rotate_size"), &mebi);
	conn->rotate_bytes = mebi << 20;
	conn->key_count = split(host->setting(host, "key"), conn->keys, FILE_KEYS);
	conn->column_count = split(host->setting(host, "columns"), conn->columns,
	                           FILE_COLUMNS);
	if (setting_is(host, "encoding", "shift_jis"))
		conn->cp932 = cp932_new();
}

static void
file_close(struct rk_conn *conn)
{
	file_ids_forget(&conn->ids);
	free(conn->cp932);
	free(conn);
}

static int32_t
file_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	const struct rk_files *files = host->extension(host, RK_FILES);

	if (!files)
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "directory is missing");
	*conn = calloc(1, sizeof **conn);
	if (!*conn)
		abort();
	(*conn)->host = host;
	(*conn)->files = files;
	(*conn)->ids.most = FILE_IDS_MOST;
	take_settings(*conn);
	if ((*conn)->header || (*conn)->jsonl || (*conn)->column_count)
		return RK_OK;
	file_close(*conn);
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
	               "header is false: columns must name the columns");
}

/* ---- Files ----------------------------------------------------------------------- */

/* What stands behind the object's name begins with a dash and a digit, and has nothing
 * but digits and signs: "-2026-11-22", "-20261122T0900", "-2". */
static uint64_t
suffix_at(const char *stem, uint64_t len)
{
	uint64_t at = len;

	for (uint64_t i = len; i-- > 1;) {
		if (stem[i] == '-' && i + 1 < len && isdigit((unsigned char)stem[i + 1]))
			at = i;
		if (!isdigit((unsigned char)stem[i]) && !strchr("-_T", stem[i]))
			break;
	}
	return at;
}

struct rk_text
file_object(const struct rk_conn *conn, struct rk_text name)
{
	const char *end = conn->jsonl ? ".jsonl" : ".csv";
	size_t len = strlen(end);

	if (name.len <= len || strncasecmp(name.ptr + name.len - len, end, len) != 0)
		return rk_z("");
	return rk_text_of(name.ptr, suffix_at(name.ptr, name.len - len));
}

struct rk_text
file_name(const struct rk_conn *conn, struct rk_text object, const char *suffix)
{
	return rk_textf(conn->host, "%.*s%s%s", RK_S(object), suffix,
	                conn->jsonl ? ".jsonl" : ".csv");
}

static int
by_time(const void *a, const void *b)
{
	const struct rk_file *x = a, *y = b;

	if (x->modified_ms != y->modified_ms)
		return x->modified_ms < y->modified_ms ? -1 : 1;
	return strcmp(x->name.ptr, y->name.ptr);
}

int32_t
file_of(const struct rk_conn *conn, struct rk_text object, const struct rk_file **files,
        uint64_t *count, struct rk_err *err)
{
	const struct rk_file *all;
	struct rk_file *own;
	uint64_t all_count;
	int32_t status;

	if (!rk_text_eq(file_object(conn, file_name(conn, object, "")), object))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "\"%.*s\" is no name of files: it "
		               "may not end like a date or a number", RK_S(object));
	status = conn->files->list(conn->host, &all, &all_count, err);
	if (status != RK_OK)
		return status;
	own = conn->host->alloc(conn->host, (all_count + 1) * sizeof *own);
	*count = 0;
	for (uint64_t i = 0; i < all_count; i++)
		if (rk_text_eq(file_object(conn, all[i].name), object))
			own[(*count)++] = all[i];
	qsort(own, *count, sizeof *own, by_time);
	*files = own;
	return RK_OK;
}

int
file_is_young(const struct rk_conn *conn, const struct rk_file *file, int64_t ms)
{
	int64_t age = conn->host->now_ms(conn->host) - file->modified_ms;

	return age < ms && age > -ms;
}

int32_t
file_is_written(const struct rk_conn *conn, const struct rk_file *file, struct rk_err *err)
{
	rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "%.*s is being written: its last row has no end",
	        RK_S(file->name));
	err->retry_after_ms = conn->quiet_ms;
	return RK_AGAIN;
}

/* ---- auth ------------------------------------------------------------------------ */

static int32_t
file_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	const struct rk_file *files;
	uint64_t count;
	int32_t status = conn->files->list(host, &files, &count, err);

	if (status != RK_OK)
		return status;
	account->account = host->setting(host, "directory");
	account->expires_ms = -1;
	return RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = file_manifest,
	.open = file_open, .auth = file_auth, .describe_fields = file_describe_fields,
	.list_changed = file_list_changed, .upsert = file_upsert, .close = file_close,
};
