/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.c - see rows.h. */
#include "console/rows.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/text.h"

#define COLUMNS_MAX 32

static size_t
cells_of(const cJSON *row, bool names, struct rk_text cells[COLUMNS_MAX],
         char numbers[COLUMNS_MAX][32])
{
	size_t count = 0;
	for (const cJSON *c = row->child; c != NULL && count < COLUMNS_MAX; c = c->next) {
		snprintf(numbers[count], sizeof numbers[count], "%.15g",
		         cJSON_IsNumber(c) ? c->valuedouble : 0);
		cells[count] = text_of(names               ? c->string
		                       : cJSON_IsString(c) ? c->valuestring
		                       : cJSON_IsNumber(c) ? numbers[count] : "");
		count++;
	}
	return count;
}

void
rows_csv(struct answer *a)
{
	struct rk_text cells[COLUMNS_MAX];
	char numbers[COLUMNS_MAX][32];
	cJSON *root = cJSON_Parse(buf_str(&a->body));
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "records");
	if (cJSON_IsArray(rows)) {
		buf_reset(&a->body);
		buf_adds(&a->body, "\xEF\xBB\xBF");    /* Excel takes it for UTF-8 then. */
		for (const cJSON *row = rows->child; row != NULL; row = row->next) {
			if (row == rows->child)
				csv_line(&a->body, cells, cells_of(row, true, cells, numbers));
			csv_line(&a->body, cells, cells_of(row, false, cells, numbers));
		}
		a->type = "text/csv; charset=utf-8";
		a->file = "errors.csv";
	}
	cJSON_Delete(root);
}
