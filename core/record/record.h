/* SPDX-License-Identifier: Apache-2.0
 *
 * record.h - records, queries, pages, batches and outcomes as messages between
 * a run and renkei-connector, and records as rows of the journal.
 *
 *     OPEN (settings) -> RESULT     then, one at a time:
 *     AUTH | DESCRIBE | LIST | UPSERT -> ( LOG | FILES <- FILES_REPLY )* RESULT
 *
 * A RESULT is the status, the error record, how many HTTP requests the call
 * made, and what the operation fills. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/arena.h"
#include "record/wire.h"

enum connector_message {
	CONNECTOR_OPEN = 1,
	CONNECTOR_AUTH = 2,
	CONNECTOR_DESCRIBE = 3,
	CONNECTOR_LIST = 4,
	CONNECTOR_UPSERT = 5,
	CONNECTOR_RESULT = 16,
	CONNECTOR_LOG = 17,
	CONNECTOR_FILES = 18,          /* core/connector/files.h */
	CONNECTOR_FILES_REPLY = 19,
};

/* Ceilings of what a connector may tell. */
#define RECORD_PAGE_MAX 10000
#define RECORD_HINTS_MAX 32
#define RECORD_TOKEN_MAX 4096
#define RECORD_ID_MAX 512
#define RECORD_WORDS_MAX (1024 * 1024)

void record_encode(struct buf *out, const struct rk_record *record, size_t value_count);
/* All but the values; for who does not know how many there are. */
bool record_decode_head(struct wire_reader *r, struct rk_record *record);
/* Text points into the document. */
bool record_decode(struct wire_reader *r, struct arena *arena, size_t value_count,
                   struct rk_record *record);

/* The bytes of a record that was decoded with its values, in the document that it came
 * from: what record_encode would make of it again.  'values' are those of the values. */
struct rk_text record_bytes(const struct rk_record *record, size_t value_count,
                            struct rk_text *values);

void record_encode_query(struct buf *out, const struct rk_query *query);
bool record_decode_query(struct rk_text bytes, struct arena *arena,
                         struct rk_query *query);

/* A page of records with 'value_count' values each. */
void record_encode_page(struct buf *out, const struct rk_page *page, size_t value_count);
bool record_decode_page(struct rk_text bytes, struct arena *arena, size_t value_count,
                        struct rk_page *page);

void record_encode_batch(struct buf *out, const struct rk_batch *batch);
bool record_decode_batch(struct rk_text bytes, struct arena *arena,
                         struct rk_batch *batch);

/* Outcomes of 'row_count' rows; as-stored values have 'value_count' each. */
void record_encode_outcomes(struct buf *out, const struct rk_result *result,
                            size_t row_count, size_t value_count);
bool record_decode_outcomes(struct rk_text bytes, struct arena *arena, size_t row_count,
                            size_t value_count, struct rk_result *result);

#endif
