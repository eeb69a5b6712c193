/* SPDX-License-Identifier: Apache-2.0
 *
 * err.h - one way to fill the contract's error record.  The status says what
 * is done next, the record says what happened; both are passed up untouched. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <renkei/connector.h>

/* Code of a refusal: what is there now is not what was seen by whoever asks. */
#define ERR_CODE_STALE "stale"

#define ERR_INIT { .struct_size = sizeof(struct rk_err), .retry_after_ms = -1 }

/* Fills 'err' (unless NULL) and returns 'status'. */
int32_t err_set(struct rk_err *err, int32_t status, int32_t category,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same with the errno of the moment at the end of the text. */
int32_t err_errno(struct rk_err *err, int32_t status, int32_t category,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "property-value", ...; "none" for what is out of range. */
const char *err_category_name(int32_t category);
/* "again", "pause", ... */
const char *err_status_name(int32_t status);

#endif
