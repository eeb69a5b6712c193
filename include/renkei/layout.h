/* SPDX-License-Identifier: MIT-0
 *
 * layout.h - the frozen layout of version 1 on 64-bit targets: every size,
 * offset and constant, so that a slip breaks the build of host and connector
 * alike.  Included by connector.h, at its end.  A released line never changes;
 * a struct that begins with struct_size may grow, which changes its RK_AT_LEAST
 * line and no other. */
#ifndef RENKEI_LAYOUT_H
#define RENKEI_LAYOUT_H

#ifdef __cplusplus
#define RK_ASSERT(x) static_assert(x, #x)
#else
#define RK_ASSERT(x) _Static_assert(x, #x)
#endif
#define RK_SIZE(s, n) RK_ASSERT(sizeof(struct s) == (n))
#define RK_AT_LEAST(s, n) RK_ASSERT(sizeof(struct s) >= (n))
#define RK_OFFSET(s, m, n) RK_ASSERT(offsetof(struct s, m) == (n))
#define RK_CONST(c, n) RK_ASSERT((c) == (n))

RK_ASSERT(sizeof(void *) == 8);


RK_SIZE(rk_text, 16);
RK_OFFSET(rk_text, ptr, 0);
RK_OFFSET(rk_text, len, 8);

RK_SIZE(rk_value, 64);
RK_OFFSET(rk_value, type, 0);
RK_OFFSET(rk_value, flags, 4);
RK_OFFSET(rk_value, number, 8);
RK_OFFSET(rk_value, text, 16);
RK_OFFSET(rk_value, object, 32);
RK_OFFSET(rk_value, items, 48);
RK_OFFSET(rk_value, count, 56);

RK_SIZE(rk_option, 32);
RK_OFFSET(rk_option, value, 0);
RK_OFFSET(rk_option, label, 16);

RK_SIZE(rk_field, 208);
RK_OFFSET(rk_field, name, 0);
RK_OFFSET(rk_field, label, 16);
RK_OFFSET(rk_field, type, 32);
RK_OFFSET(rk_field, flags, 36);
RK_OFFSET(rk_field, min_length, 40);
RK_OFFSET(rk_field, max_length, 48);
RK_OFFSET(rk_field, integer_digits, 56);
RK_OFFSET(rk_field, decimals, 60);
RK_OFFSET(rk_field, min_value, 64);
RK_OFFSET(rk_field, max_value, 80);
RK_OFFSET(rk_field, options, 96);
RK_OFFSET(rk_field, option_count, 104);
RK_OFFSET(rk_field, ref_object, 112);
RK_OFFSET(rk_field, columns, 128);
RK_OFFSET(rk_field, column_count, 136);
RK_OFFSET(rk_field, native, 144);
RK_OFFSET(rk_field, unmappable, 160);
RK_OFFSET(rk_field, reserved, 176);

RK_SIZE(rk_object, 64);
RK_OFFSET(rk_object, name, 0);
RK_OFFSET(rk_object, label, 16);
RK_OFFSET(rk_object, flags, 32);
RK_OFFSET(rk_object, reserved32, 36);
RK_OFFSET(rk_object, reserved, 40);

RK_AT_LEAST(rk_err, 1624);
RK_OFFSET(rk_err, struct_size, 0);
RK_OFFSET(rk_err, category, 4);
RK_OFFSET(rk_err, http_status, 8);
RK_OFFSET(rk_err, maybe_sent, 12);
RK_OFFSET(rk_err, retry_after_ms, 16);
RK_OFFSET(rk_err, code, 24);
RK_OFFSET(rk_err, field, 88);
RK_OFFSET(rk_err, value, 344);
RK_OFFSET(rk_err, message, 600);

RK_SIZE(rk_piece, 40);
RK_OFFSET(rk_piece, kind, 0);
RK_OFFSET(rk_piece, encoding, 4);
RK_OFFSET(rk_piece, text, 8);
RK_OFFSET(rk_piece, second, 24);

RK_SIZE(rk_header, 32);
RK_OFFSET(rk_header, name, 0);
RK_OFFSET(rk_header, pieces, 16);
RK_OFFSET(rk_header, piece_count, 24);

RK_SIZE(rk_spend, 24);
RK_OFFSET(rk_spend, limit, 0);
RK_OFFSET(rk_spend, cost, 16);

RK_AT_LEAST(rk_request, 112);
RK_OFFSET(rk_request, struct_size, 0);
RK_OFFSET(rk_request, flags, 4);
RK_OFFSET(rk_request, method, 8);
RK_OFFSET(rk_request, url, 24);
RK_OFFSET(rk_request, headers, 40);
RK_OFFSET(rk_request, header_count, 48);
RK_OFFSET(rk_request, body, 56);
RK_OFFSET(rk_request, body_count, 64);
RK_OFFSET(rk_request, object, 72);
RK_OFFSET(rk_request, spends, 88);
RK_OFFSET(rk_request, spend_count, 96);
RK_OFFSET(rk_request, max_body_bytes, 104);

RK_AT_LEAST(rk_reply, 56);
RK_OFFSET(rk_reply, struct_size, 0);
RK_OFFSET(rk_reply, status, 4);
RK_OFFSET(rk_reply, headers, 8);
RK_OFFSET(rk_reply, header_count, 16);
RK_OFFSET(rk_reply, body, 24);
RK_OFFSET(rk_reply, date_ms, 40);
RK_OFFSET(rk_reply, retry_after_ms, 48);

RK_AT_LEAST(rk_host, 72);
RK_OFFSET(rk_host, struct_size, 0);
RK_OFFSET(rk_host, abi, 4);
RK_OFFSET(rk_host, http, 8);
RK_OFFSET(rk_host, setting, 16);
RK_OFFSET(rk_host, has_setting, 24);
RK_OFFSET(rk_host, log, 32);
RK_OFFSET(rk_host, now_ms, 40);
RK_OFFSET(rk_host, deadline_ms, 48);
RK_OFFSET(rk_host, alloc, 56);
RK_OFFSET(rk_host, extension, 64);

RK_SIZE(rk_file, 48);
RK_OFFSET(rk_file, name, 0);
RK_OFFSET(rk_file, mark, 16);
RK_OFFSET(rk_file, size, 32);
RK_OFFSET(rk_file, modified_ms, 40);

RK_AT_LEAST(rk_files, 40);
RK_OFFSET(rk_files, struct_size, 0);
RK_OFFSET(rk_files, reserved32, 4);
RK_OFFSET(rk_files, list, 8);
RK_OFFSET(rk_files, read, 16);
RK_OFFSET(rk_files, write, 24);
RK_OFFSET(rk_files, commit, 32);

RK_SIZE(rk_grant, 40);
RK_OFFSET(rk_grant, name, 0);
RK_OFFSET(rk_grant, granted, 16);
RK_OFFSET(rk_grant, reserved32, 20);
RK_OFFSET(rk_grant, detail, 24);

RK_AT_LEAST(rk_account, 80);
RK_OFFSET(rk_account, struct_size, 0);
RK_OFFSET(rk_account, not_entitled, 4);
RK_OFFSET(rk_account, account, 8);
RK_OFFSET(rk_account, user, 24);
RK_OFFSET(rk_account, zone, 40);
RK_OFFSET(rk_account, grants, 56);
RK_OFFSET(rk_account, grant_count, 64);
RK_OFFSET(rk_account, expires_ms, 72);

RK_AT_LEAST(rk_schema, 40);
RK_OFFSET(rk_schema, struct_size, 0);
RK_OFFSET(rk_schema, reserved32, 4);
RK_OFFSET(rk_schema, objects, 8);
RK_OFFSET(rk_schema, object_count, 16);
RK_OFFSET(rk_schema, fields, 24);
RK_OFFSET(rk_schema, field_count, 32);

RK_SIZE(rk_hint, 40);
RK_OFFSET(rk_hint, field, 0);
RK_OFFSET(rk_hint, test, 16);
RK_OFFSET(rk_hint, reserved32, 20);
RK_OFFSET(rk_hint, values, 24);
RK_OFFSET(rk_hint, value_count, 32);

RK_AT_LEAST(rk_query, 128);
RK_OFFSET(rk_query, struct_size, 0);
RK_OFFSET(rk_query, mode, 4);
RK_OFFSET(rk_query, object, 8);
RK_OFFSET(rk_query, fields, 24);
RK_OFFSET(rk_query, field_count, 32);
RK_OFFSET(rk_query, since_ms, 40);
RK_OFFSET(rk_query, until_ms, 48);
RK_OFFSET(rk_query, token, 56);
RK_OFFSET(rk_query, limit, 72);
RK_OFFSET(rk_query, values, 80);
RK_OFFSET(rk_query, value_count, 88);
RK_OFFSET(rk_query, field, 96);
RK_OFFSET(rk_query, hints, 112);
RK_OFFSET(rk_query, hint_count, 120);

RK_SIZE(rk_record, 104);
RK_OFFSET(rk_record, id, 0);
RK_OFFSET(rk_record, version, 16);
RK_OFFSET(rk_record, modified_ms, 32);
RK_OFFSET(rk_record, flags, 40);
RK_OFFSET(rk_record, reserved32, 44);
RK_OFFSET(rk_record, merged_into, 48);
RK_OFFSET(rk_record, link, 64);
RK_OFFSET(rk_record, values, 80);
RK_OFFSET(rk_record, reserved, 88);

RK_AT_LEAST(rk_page, 72);
RK_OFFSET(rk_page, struct_size, 0);
RK_OFFSET(rk_page, more, 4);
RK_OFFSET(rk_page, records, 8);
RK_OFFSET(rk_page, record_count, 16);
RK_OFFSET(rk_page, token, 24);
RK_OFFSET(rk_page, wait_ms, 40);
RK_OFFSET(rk_page, source_time_ms, 48);
RK_OFFSET(rk_page, safe_until_ms, 56);
RK_OFFSET(rk_page, total, 64);

RK_SIZE(rk_row, 80);
RK_OFFSET(rk_row, id, 0);
RK_OFFSET(rk_row, version, 16);
RK_OFFSET(rk_row, key, 32);
RK_OFFSET(rk_row, values, 40);
RK_OFFSET(rk_row, trace, 48);
RK_OFFSET(rk_row, reserved, 64);

RK_AT_LEAST(rk_batch, 80);
RK_OFFSET(rk_batch, struct_size, 0);
RK_OFFSET(rk_batch, operation, 4);
RK_OFFSET(rk_batch, object, 8);
RK_OFFSET(rk_batch, fields, 24);
RK_OFFSET(rk_batch, field_count, 32);
RK_OFFSET(rk_batch, key_field, 40);
RK_OFFSET(rk_batch, rows, 48);
RK_OFFSET(rk_batch, row_count, 56);
RK_OFFSET(rk_batch, token, 64);

RK_SIZE(rk_outcome, 144);
RK_OFFSET(rk_outcome, status, 0);
RK_OFFSET(rk_outcome, category, 4);
RK_OFFSET(rk_outcome, id, 8);
RK_OFFSET(rk_outcome, version, 24);
RK_OFFSET(rk_outcome, values, 40);
RK_OFFSET(rk_outcome, code, 48);
RK_OFFSET(rk_outcome, message, 64);
RK_OFFSET(rk_outcome, field, 80);
RK_OFFSET(rk_outcome, value, 96);
RK_OFFSET(rk_outcome, other_id, 112);
RK_OFFSET(rk_outcome, reserved, 128);

RK_AT_LEAST(rk_result, 40);
RK_OFFSET(rk_result, struct_size, 0);
RK_OFFSET(rk_result, reserved32, 4);
RK_OFFSET(rk_result, outcomes, 8);
RK_OFFSET(rk_result, token, 16);
RK_OFFSET(rk_result, wait_ms, 32);

RK_AT_LEAST(rk_connector, 72);
RK_OFFSET(rk_connector, struct_size, 0);
RK_OFFSET(rk_connector, abi, 4);
RK_OFFSET(rk_connector, manifest, 8);
RK_OFFSET(rk_connector, open, 16);
RK_OFFSET(rk_connector, auth, 24);
RK_OFFSET(rk_connector, describe_fields, 32);
RK_OFFSET(rk_connector, list_changed, 40);
RK_OFFSET(rk_connector, upsert, 48);
RK_OFFSET(rk_connector, close, 56);
RK_OFFSET(rk_connector, extension, 64);

RK_CONST(RK_ABI, 1u);
RK_CONST(RK_OK, 0);
RK_CONST(RK_PENDING, 1);
RK_CONST(RK_AGAIN, 2);
RK_CONST(RK_HOLD, 3);
RK_CONST(RK_REJECT, 4);
RK_CONST(RK_PAUSE, 5);
RK_CONST(RK_RESYNC, 6);
RK_CONST(RK_BUG, 7);
RK_CONST(RK_CAT_NONE, 0);
RK_CONST(RK_CAT_ASSOCIATION, 1);
RK_CONST(RK_CAT_CUSTOM_CODE, 2);
RK_CONST(RK_CAT_DUPLICATE, 3);
RK_CONST(RK_CAT_PERMISSION, 4);
RK_CONST(RK_CAT_PICKLIST, 5);
RK_CONST(RK_CAT_PROPERTY_MAPPING, 6);
RK_CONST(RK_CAT_PROPERTY_VALUE, 7);
RK_CONST(RK_CAT_OTHER, 8);
RK_CONST(RK_CAT_AUTH, 9);
RK_CONST(RK_CAT_RATE_LIMIT, 10);
RK_CONST(RK_CAT_QUOTA, 11);
RK_CONST(RK_CAT_UNREACHABLE, 12);
RK_CONST(RK_CAT_SERVER, 13);
RK_CONST(RK_CAT_CONFIG, 14);
RK_CONST(RK_CAT_BUG, 15);
RK_CONST(RK_CAT_COUNT, 16);
RK_CONST(RK_ABSENT, 0);
RK_CONST(RK_NULL, 1);
RK_CONST(RK_BOOL, 2);
RK_CONST(RK_INTEGER, 3);
RK_CONST(RK_DECIMAL, 4);
RK_CONST(RK_TEXT, 5);
RK_CONST(RK_RICH, 6);
RK_CONST(RK_DATE, 7);
RK_CONST(RK_TIME, 8);
RK_CONST(RK_DATETIME, 9);
RK_CONST(RK_CHOICE, 10);
RK_CONST(RK_CHOICES, 11);
RK_CONST(RK_REF, 12);
RK_CONST(RK_REFS, 13);
RK_CONST(RK_USER, 14);
RK_CONST(RK_TABLE, 15);
RK_CONST(RK_ROW, 16);
RK_CONST(RK_JSON, 17);
RK_CONST(RK_TYPE_COUNT, 18);
RK_CONST(RK_VALUE_HAS_NUL, 1u);
RK_CONST(RK_VALUE_BY_KEY, 2u);
RK_CONST(RK_FIELD_REQUIRED, 0x01u);
RK_CONST(RK_FIELD_UNIQUE, 0x02u);
RK_CONST(RK_FIELD_WRITABLE, 0x04u);
RK_CONST(RK_FIELD_KEY, 0x08u);
RK_CONST(RK_FIELD_KEY_NOCASE, 0x10u);
RK_CONST(RK_FIELD_COMPUTED, 0x20u);
RK_CONST(RK_PIECE_TEXT, 0);
RK_CONST(RK_PIECE_SECRET, 1);
RK_CONST(RK_ENC_RAW, 0);
RK_CONST(RK_ENC_FORM, 1);
RK_CONST(RK_ENC_JSON, 2);
RK_CONST(RK_ENC_BASIC, 3);
RK_CONST(RK_HTTP_SAFE, 1u);
RK_CONST(RK_LOG_DEBUG, 0);
RK_CONST(RK_LOG_INFO, 1);
RK_CONST(RK_LOG_WARN, 2);
RK_CONST(RK_BY_WINDOW, 0);
RK_CONST(RK_BY_IDS, 1);
RK_CONST(RK_BY_FIELD, 2);
RK_CONST(RK_HINT_IN, 0);
RK_CONST(RK_HINT_MOST, 1);
RK_CONST(RK_HINT_LEAST, 2);
RK_CONST(RK_HINT_EMPTY, 3);
RK_CONST(RK_HINT_FILLED, 4);
RK_CONST(RK_RECORD_DELETED, 1u);
RK_CONST(RK_RECORD_MERGED, 2u);
RK_CONST(RK_OP_UPSERT, 1);
RK_CONST(RK_OP_CREATE, 2);
RK_CONST(RK_OP_UPDATE, 3);
RK_CONST(RK_OP_ARCHIVE, 4);
RK_CONST(RK_UNKNOWN, 0);
RK_CONST(RK_CREATED, 1);
RK_CONST(RK_UPDATED, 2);
RK_CONST(RK_UNCHANGED, 3);
RK_CONST(RK_ARCHIVED, 4);
RK_CONST(RK_REJECTED, 5);
RK_CONST(RK_CONFLICT, 6);
RK_CONST(RK_RETRY, 7);
RK_CONST(RK_OUTCOME_COUNT, 8);

#undef RK_SIZE
#undef RK_AT_LEAST
#undef RK_OFFSET
#undef RK_CONST
#undef RK_ASSERT

#endif
