/* SPDX-License-Identifier: MIT-0
 *
 * connector.h - the contract between renkei and a connector, version 1.
 *
 * A connector is one shared object that speaks one CRM's API.  It exports one
 * data symbol, `renkei_connector_v1`, a const table of operations:
 *
 *     open -> ( auth | describe_fields | list_changed | upsert )* -> close
 *
 * The rules that hold for all of it:
 * - Every call blocks, is never entered twice, and may be the first one in a
 *   fresh process.  No state that matters is kept between calls.
 * - A connector starts no threads, does not sleep, does not retry, opens no
 *   files and no sockets, and links to nothing of the host.  It classifies
 *   each answer of the CRM; the host alone waits, retries and decides.
 * - Memory of an answer comes from `host->alloc` and dies with the call.  What
 *   the host hands over is valid until the call returns.  Nobody frees
 *   anything of the other side.
 * - Text is UTF-8, a pointer and a length; a length of 0 may have a NULL
 *   pointer.  Times are milliseconds since 1970-01-01T00:00:00Z.
 * - Structs that begin with `struct_size` grow at their end only: the writer
 *   sets it to its own sizeof, the reader uses what lies inside the smaller of
 *   both.  Structs that stand in arrays have none and are frozen for ever;
 *   what they lack comes by a named extension. */
#ifndef RENKEI_CONNECTOR_H
#define RENKEI_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_ABI 1u                  /* Of this header; the symbol's number.   */

/* ---- Status: what the host does next ---------------------------------- */

#define RK_OK       0   /* Done; outputs are filled.                          */
#define RK_PENDING  1   /* upsert only: a job runs, call again with its token.*/
#define RK_AGAIN    2   /* A passing trouble: wait, then call again.          */
#define RK_HOLD     3   /* A quota is used up: wait for the window's reset.   */
#define RK_REJECT   4   /* Refused as a whole, and sure not to have happened. */
#define RK_PAUSE    5   /* Only a person can go on: auth, permission, config. */
#define RK_RESYNC   6   /* list_changed only: the token is dead, begin again. */
#define RK_BUG      7   /* An answer that the connector cannot make sense of. */

/* ---- Category: why ----------------------------------------------------- */

#define RK_CAT_NONE             0
/* Of one record. */
#define RK_CAT_ASSOCIATION      1
#define RK_CAT_CUSTOM_CODE      2
#define RK_CAT_DUPLICATE        3
#define RK_CAT_PERMISSION       4
#define RK_CAT_PICKLIST         5
#define RK_CAT_PROPERTY_MAPPING 6
#define RK_CAT_PROPERTY_VALUE   7
#define RK_CAT_OTHER            8
/* Of the connection. */
#define RK_CAT_AUTH             9
#define RK_CAT_RATE_LIMIT      10   /* A burst limit; seconds to wait.        */
#define RK_CAT_QUOTA           11   /* A daily limit; held until its reset.   */
#define RK_CAT_UNREACHABLE     12
#define RK_CAT_SERVER          13
#define RK_CAT_CONFIG          14
#define RK_CAT_BUG             15
#define RK_CAT_COUNT           16

/* Codes of cases that need words of their own, where the CRM has no code for them; the
 * CRM's code goes first.  The host has advice for each; so may a manifest's texts. */
#define RK_CODE_IP_RULE            "ip-rule"             /* permission */
#define RK_CODE_NOT_ENTITLED       "not-entitled"        /* permission */
#define RK_CODE_PARENT_MISSING     "parent-missing"      /* association */
#define RK_CODE_ASSOCIATION_LIMIT  "association-limit"   /* association */
#define RK_CODE_OPTION_UNKNOWN     "option-unknown"      /* picklist */
#define RK_CODE_OPTIONS_FULL       "options-full"        /* picklist */
#define RK_CODE_OPTION_INVALID     "option-invalid"      /* picklist */
#define RK_CODE_TYPES_DIFFER       "types-differ"        /* property-mapping */
#define RK_CODE_FIELD_GONE         "field-gone"          /* property-mapping */
#define RK_CODE_REFERENCE_UNMAPPED "reference-unmapped"  /* property-mapping */
#define RK_CODE_UNDECIDED          "undecided"           /* other; of the host */
#define RK_CODE_NEVER_TAKEN        "never-taken"         /* other; of the host */
#define RK_CODE_NO_OUTCOME         "no-outcome"          /* other; of the host */
#define RK_CODE_RECORD_GONE        "record-gone"         /* other; of the host */
#define RK_CODE_LOOP               "loop"                /* other; of the host */

/* ---- Text, values ------------------------------------------------------ */

struct rk_text {
	const char *ptr;
	uint64_t len;
};

/* Absent, null and empty are three things: absent = not told, leave alone;
 * null = there is no value; empty = a value of no length. */
#define RK_ABSENT    0
#define RK_NULL      1
#define RK_BOOL      2   /* number: 0 or 1.                                   */
#define RK_INTEGER   3   /* number.                                           */
#define RK_DECIMAL   4   /* text: exact, [-]digits[.digits], no exponent.     */
#define RK_TEXT      5   /* text.                                             */
#define RK_RICH      6   /* text: HTML.                                       */
#define RK_DATE      7   /* text: YYYY-MM-DD.  A date has no zone.            */
#define RK_TIME      8   /* text: HH:MM or HH:MM:SS.  No zone.                */
#define RK_DATETIME  9   /* number: UTC milliseconds.                         */
#define RK_CHOICE   10   /* text: the option's value, not its label.          */
#define RK_CHOICES  11   /* items: RK_CHOICE each.                            */
#define RK_REF      12   /* object; text: the record's id (or key, flag).     */
#define RK_REFS     13   /* items: RK_REF each.                               */
#define RK_USER     14   /* text: id or code of a user; items, if several.    */
#define RK_TABLE    15   /* items: RK_ROW each.                               */
#define RK_ROW      16   /* items: the cells, in order of the field's columns;
                          * text: the row's own id, if it has one.            */
#define RK_JSON     17   /* text: raw JSON.                                   */
#define RK_TYPE_COUNT 18

#define RK_VALUE_HAS_NUL 1u   /* The text held U+0000; it was cut out.        */
#define RK_VALUE_BY_KEY  2u   /* RK_REF: text is a key value, not an id.      */

struct rk_value {               /* Frozen. */
	uint32_t type, flags;
	int64_t number;
	struct rk_text text;
	struct rk_text object;
	const struct rk_value *items;
	uint64_t count;
};

/* ---- Fields ------------------------------------------------------------ */

#define RK_FIELD_REQUIRED   0x01u
#define RK_FIELD_UNIQUE     0x02u
#define RK_FIELD_WRITABLE   0x04u
#define RK_FIELD_KEY        0x08u   /* May be the key of an upsert.           */
#define RK_FIELD_KEY_NOCASE 0x10u   /* As a key it compares without case.     */
#define RK_FIELD_COMPUTED   0x20u   /* May change without a newer stamp.      */
#define RK_FIELD_SECONDS    0x40u   /* Times are kept in whole seconds, ...   */
#define RK_FIELD_MINUTES    0x80u   /* ... in whole minutes: none finer goes. */

struct rk_option {              /* Frozen.  One option of a picklist. */
	struct rk_text value, label;
};

struct rk_field {               /* Frozen. */
	struct rk_text name, label;
	uint32_t type;                 /* RK_TEXT ... RK_JSON.                */
	uint32_t flags;                /* RK_FIELD_*.                         */
	int64_t min_length, max_length; /* Characters; -1: no limit told.     */
	int32_t integer_digits, decimals; /* -1: no limit told.               */
	struct rk_text min_value, max_value; /* Decimal text; empty: none.    */
	const struct rk_option *options;
	uint64_t option_count;
	struct rk_text ref_object;     /* RK_REF, RK_REFS: what it points to. */
	const struct rk_field *columns; /* RK_TABLE.                          */
	uint64_t column_count;
	struct rk_text native;         /* The CRM's own name of the type.     */
	struct rk_text unmappable;     /* Why it cannot be mapped; or empty.  */
	uint64_t reserved[4];
};

struct rk_object {              /* Frozen.  One kind of record. */
	struct rk_text name, label;
	uint32_t flags, reserved32;
	uint64_t reserved[3];
};

/* ---- Errors ------------------------------------------------------------ */

/* What happened; the status beside it says what is done about it.  Text is
 * NUL-terminated UTF-8.  `field` and `value` name the cause where one stands
 * out, `code` and `message` are the CRM's own. */
struct rk_err {
	uint32_t struct_size;
	int32_t category;              /* RK_CAT_*.                           */
	int32_t http_status;           /* 0: none was received.               */
	uint32_t maybe_sent;           /* 1: the CRM may have acted on it.    */
	int64_t retry_after_ms;        /* -1: not told.                       */
	char code[64];
	char field[256];
	char value[256];
	char message[1024];
};

/* ---- HTTP -------------------------------------------------------------- */

/* Headers and body are lists of pieces: plain text, or the *name* of a secret
 * that the host fills in.  A connector never sees a secret; text is never
 * searched for placeholders.  "access_token" is what OAuth yields. */
#define RK_PIECE_TEXT   0
#define RK_PIECE_SECRET 1

#define RK_ENC_RAW   0
#define RK_ENC_FORM  1   /* application/x-www-form-urlencoded.                */
#define RK_ENC_JSON  2   /* Escaped for use inside a JSON string.             */
#define RK_ENC_BASIC 3   /* base64(text ":" second), both names of secrets.   */

struct rk_piece {               /* Frozen. */
	uint32_t kind, encoding;
	struct rk_text text;           /* The text, or the secret's name.     */
	struct rk_text second;         /* RK_ENC_BASIC: the second name.      */
};

struct rk_header {              /* Frozen. */
	struct rk_text name;
	const struct rk_piece *pieces;
	uint64_t piece_count;
};

struct rk_spend {               /* Frozen.  One limit class that a request spends. */
	struct rk_text limit;          /* Its name in the manifest.           */
	uint64_t cost;                 /* Usually 1.                          */
};

#define RK_HTTP_SAFE 1u   /* Changes nothing at the CRM: may be repeated.      */

struct rk_request {
	uint32_t struct_size, flags;
	struct rk_text method, url;    /* An absolute URL.                    */
	const struct rk_header *headers;
	uint64_t header_count;
	const struct rk_piece *body;
	uint64_t body_count;
	struct rk_text object;         /* Limits of scope object count by it. */
	const struct rk_spend *spends;
	uint64_t spend_count;
	uint64_t max_body_bytes;       /* Of the answer; 0: the host's limit. */
};

struct rk_reply {
	uint32_t struct_size;
	int32_t status;                /* As sent by the CRM: 200, 429 ...    */
	const struct rk_header *headers; /* Names in lower case, one piece.   */
	uint64_t header_count;
	struct rk_text body;           /* Decompressed.                       */
	int64_t date_ms;               /* The Date header; -1: none.          */
	int64_t retry_after_ms;        /* Retry-After; -1: none.              */
};

/* ---- Services of the host ---------------------------------------------- */

#define RK_LOG_DEBUG 0
#define RK_LOG_INFO  1
#define RK_LOG_WARN  2

struct rk_host {
	uint32_t struct_size, abi;

	/* Sends one request.  RK_OK: any HTTP answer at all arrived whole, the
	 * status is in 'reply' and is the connector's to judge.  Else 'err' is
	 * filled, its maybe_sent tells whether bytes left, and the status is
	 * what the connector should return. */
	int32_t (*http)(const struct rk_host *host, const struct rk_request *request,
	                struct rk_reply *reply, struct rk_err *err);

	/* The value of a setting, or its default; an empty text if neither.
	 * Secrets have no value here. */
	struct rk_text (*setting)(const struct rk_host *host, const char *name);

	/* Whether a setting, a secret too, was given. */
	int32_t (*has_setting)(const struct rk_host *host, const char *name);

	void (*log)(const struct rk_host *host, int32_t level, struct rk_text text);

	int64_t (*now_ms)(const struct rk_host *host);

	/* The call's deadline, on the clock of now_ms. */
	int64_t (*deadline_ms)(const struct rk_host *host);

	/* Memory of the call's arena, zeroed, aligned for any type.  Never
	 * NULL: a call that asks for too much is ended by the host. */
	void *(*alloc)(const struct rk_host *host, uint64_t bytes);

	/* An extension of the host by name, "renkei.files/1"; NULL: none. */
	const void *(*extension)(const struct rk_host *host, const char *id);
};

/* ---- Files: the extension "renkei.files/1" ------------------------------ */

/* The files of one directory: that of the connection's setting "directory", of
 * type "path"; without that setting there is no extension.  The run opens them,
 * the connector has none.  Names have no "/" and do not begin with "."; what is
 * no regular file, a symbolic link too, is not there.  A file's mark is another
 * one whenever its content may be another; its name is no part of it. */
#define RK_FILES "renkei.files/1"
#define RK_FILES_PIECE (UINT64_C(4) << 20) /* Bytes of one read or write.     */

struct rk_file {                /* Frozen. */
	struct rk_text name, mark;
	uint64_t size;
	int64_t modified_ms;
};

struct rk_files {
	uint32_t struct_size, reserved32;

	/* All files, in order of their names; at most 10,000. */
	int32_t (*list)(const struct rk_host *host, const struct rk_file **files,
	                uint64_t *count, struct rk_err *err);

	/* Fills 'into' from 'offset' on; less than 'room' at the end only.
	 * RK_RESYNC: the file is gone, or has another mark by now. */
	int32_t (*read)(const struct rk_host *host, const struct rk_file *file,
	                uint64_t offset, void *into, uint64_t room, uint64_t *got,
	                struct rk_err *err);

	/* Adds to what the file of that name is to become.  What the call does
	 * not commit is forgotten when it ends. */
	int32_t (*write)(const struct rk_host *host, struct rk_text name,
	                 struct rk_text data, struct rk_err *err);

	/* What was written takes the file's place, whole and on the disk, or
	 * nothing does.  Only where the file still has this mark; an empty one:
	 * where there is none.  RK_RESYNC: it has another, nothing was done. */
	int32_t (*commit)(const struct rk_host *host, struct rk_text name,
	                  struct rk_text mark, struct rk_err *err);
};

/* ---- auth --------------------------------------------------------------- */

struct rk_grant {               /* Frozen.  One scope or object, and whether it is granted. */
	struct rk_text name;
	uint32_t granted, reserved32;
	struct rk_text detail;         /* Why not, or how to get it.          */
};

struct rk_account {
	uint32_t struct_size, not_entitled;
	struct rk_text account, user;  /* Whose data, and who asks.           */
	struct rk_text zone;           /* The account's time zone, if told.   */
	const struct rk_grant *grants;
	uint64_t grant_count;
	int64_t expires_ms;            /* Of the credentials; -1: not told.   */
};

/* ---- describe_fields ---------------------------------------------------- */

struct rk_schema {
	uint32_t struct_size, reserved32;
	const struct rk_object *objects; /* When object was empty.            */
	uint64_t object_count;
	const struct rk_field *fields; /* Else.                               */
	uint64_t field_count;
};

/* ---- list_changed ------------------------------------------------------- */

#define RK_BY_WINDOW 0   /* Changed at or after since_ms, before until_ms.     */
#define RK_BY_IDS    1   /* The records with these ids.                       */
#define RK_BY_FIELD  2   /* The records where 'field' is one of 'values'.     */

#define RK_NO_TIME INT64_MIN

#define RK_HINT_IN     0 /* The field's value is one of 'values'.             */
#define RK_HINT_MOST   1 /* It is values[0] or less.                          */
#define RK_HINT_LEAST  2 /* It is values[0] or more.                          */
#define RK_HINT_EMPTY  3 /* It has none.                                      */
#define RK_HINT_FILLED 4

/* A test that each record passes which the host would keep.  The CRM may be asked for
 * those alone; the host looks at whatever comes all the same.  Who is not sure that the
 * CRM lets each such record pass leaves the hint alone: too much costs a call, too little
 * a record. */
struct rk_hint {                /* Frozen. */
	struct rk_text field;          /* One of query->fields.               */
	uint32_t test, reserved32;     /* RK_HINT_...                         */
	const struct rk_text *values;  /* As rk_value_text() gives them.      */
	uint64_t value_count;
};

struct rk_query {
	uint32_t struct_size, mode;
	struct rk_text object;
	const struct rk_field *fields; /* Wanted, as last described.          */
	uint64_t field_count;
	int64_t since_ms;              /* RK_NO_TIME: from the beginning.     */
	int64_t until_ms;              /* RK_NO_TIME: open.                   */
	struct rk_text token;          /* Of the page before; empty: first.
	                                * An object that `resumes` gets with its
	                                * first page the last one's before.   */
	uint64_t limit;                /* At most this many records.          */
	const struct rk_text *values;  /* Ids, or values of 'field'.          */
	uint64_t value_count;
	struct rk_text field;
	const struct rk_hint *hints;   /* Of RK_BY_WINDOW; see rk_hint_count(). */
	uint64_t hint_count;
};

#define RK_RECORD_DELETED 1u
#define RK_RECORD_MERGED  2u   /* merged_into names who took it over.          */

struct rk_record {              /* Frozen. */
	struct rk_text id, version;
	int64_t modified_ms;           /* RK_NO_TIME: not told.               */
	uint32_t flags, reserved32;
	struct rk_text merged_into;
	struct rk_text link;           /* For people: opens it in the CRM.    */
	const struct rk_value *values; /* One for each query->fields.         */
	uint64_t reserved[2];
};

struct rk_page {
	uint32_t struct_size, more;    /* 1: another page follows 'token'.    */
	const struct rk_record *records;
	uint64_t record_count;
	struct rk_text token;          /* Enough to go on from, in a new
	                                * process; at most 4096 bytes.        */
	int64_t wait_ms;               /* Before the next page; usually 0.    */
	int64_t source_time_ms;        /* The CRM's clock; RK_NO_TIME: none.  */
	int64_t safe_until_ms;         /* Changes before it are all visible;
	                                * RK_NO_TIME: not told.               */
	int64_t total;                 /* Of a first page: records of the whole
	                                * listing, about; 0: not told.        */
};

/* ---- upsert -------------------------------------------------------------- */

#define RK_OP_UPSERT  1   /* By key: creates or updates.                       */
#define RK_OP_CREATE  2
#define RK_OP_UPDATE  3   /* By id.                                           */
#define RK_OP_ARCHIVE 4   /* By id.                                           */

struct rk_row {                 /* Frozen. */
	struct rk_text id;             /* RK_OP_UPDATE, RK_OP_ARCHIVE.        */
	struct rk_text version;        /* Expected; empty: do not check.      */
	const struct rk_value *key;    /* RK_OP_UPSERT: of batch->key_field.  */
	const struct rk_value *values; /* One for each batch->fields; absent
	                                * ones are left alone.                */
	struct rk_text trace;          /* Unique in the batch, ours.          */
	uint64_t reserved[2];
};

struct rk_batch {
	uint32_t struct_size, operation;
	struct rk_text object;
	const struct rk_field *fields;
	uint64_t field_count;
	const struct rk_field *key_field; /* NULL if the operation has none.  */
	const struct rk_row *rows;
	uint64_t row_count;
	struct rk_text token;          /* After RK_PENDING: what it gave.     */
};

#define RK_UNKNOWN    0   /* Pre-filled.  The host's rules settle it.          */
#define RK_CREATED    1
#define RK_UPDATED    2
#define RK_UNCHANGED  3
#define RK_ARCHIVED   4
#define RK_REJECTED   5   /* Sure not to have happened; see category.         */
#define RK_CONFLICT   6   /* Sure not: the expected version was another.      */
#define RK_RETRY      7   /* Sure not to have happened; may go again.         */
#define RK_OUTCOME_COUNT 8

struct rk_outcome {             /* Frozen. */
	int32_t status, category;      /* RK_CREATED ..., RK_CAT_*.           */
	struct rk_text id, version;
	const struct rk_value *values; /* As stored, if the reply tells; else
	                                * NULL.  One for each batch->fields.  */
	struct rk_text code, message;  /* The CRM's own words.                */
	struct rk_text field, value;   /* What it objects to.                 */
	struct rk_text other_id;       /* Duplicate: who holds the value.     */
	uint64_t reserved[2];
};

struct rk_result {
	uint32_t struct_size, reserved32;
	struct rk_outcome *outcomes;   /* The host's array, row_count long.   */
	struct rk_text token;          /* RK_PENDING: the job.                */
	int64_t wait_ms;               /* RK_PENDING: before the next call.   */
};

/* ---- The table ----------------------------------------------------------- */

struct rk_conn;                 /* The connector's own; opaque to the host. */

struct rk_connector {
	uint32_t struct_size, abi;

	/* What RK_MANIFEST wrote: facts, as data.  See manifest.h. */
	const char *manifest;

	/* Prepares a connection.  'host' lives until close.  No network. */
	int32_t (*open)(const struct rk_host *host, struct rk_conn **conn,
	                struct rk_err *err);

	/* Proves the credentials: whose account, which user, what is granted
	 * and what is missing, by name.  RK_PAUSE with RK_CAT_AUTH if refused. */
	int32_t (*auth)(struct rk_conn *conn, struct rk_account *account,
	                struct rk_err *err);

	/* Object empty: lists the objects.  Else: every field of it. */
	int32_t (*describe_fields)(struct rk_conn *conn, struct rk_text object,
	                           struct rk_schema *schema, struct rk_err *err);

	/* One page a call.  'page' is read only on RK_OK.  Nothing new is RK_OK
	 * and a count of zero; an empty page with 'more' is legal. */
	int32_t (*list_changed)(struct rk_conn *conn, const struct rk_query *query,
	                        struct rk_page *page, struct rk_err *err);

	/* One batch of one operation.  Fills an outcome a row; what it leaves
	 * alone stays RK_UNKNOWN.  The status speaks of the call as a whole and
	 * never turns an outcome into a success; the outcomes are read whatever
	 * the status. */
	int32_t (*upsert)(struct rk_conn *conn, const struct rk_batch *batch,
	                  struct rk_result *result, struct rk_err *err);

	void (*close)(struct rk_conn *conn);

	/* An extension of the connector by name; may be NULL. */
	const void *(*extension)(const char *id);
};

#if defined(__GNUC__)
#define RK_EXPORT __attribute__((visibility("default"), used))
#define RK_SECTION(name) __attribute__((section(name), used))
#else
#error "renkei needs a compiler with visibility and section attributes"
#endif

#ifdef __cplusplus
#define RK_EXTERN_CONST extern "C" RK_EXPORT const
#else
#define RK_EXTERN_CONST RK_EXPORT const
#endif

/* RK_MANIFEST(name, text...) defines a string 'name' that holds the text as it
 * stands, in the section that lets the host read it without loading code.  The
 * text has the syntax of a libconfig document; comments may not hold an
 * unpaired quote or bracket.  Keys and meaning: manifest.h. */
#define RK_MANIFEST(name, ...) \
	static const char name[] RK_SECTION(".renkei") = #__VA_ARGS__

/* RK_CONNECTOR = { .struct_size = ..., ... };  defines the exported table. */
#define RK_CONNECTOR RK_EXTERN_CONST struct rk_connector renkei_connector_v1

#ifdef __cplusplus
}
#endif

#include <renkei/layout.h>

#endif
