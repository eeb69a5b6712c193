/* SPDX-License-Identifier: Apache-2.0
 *
 * mapping_fields.h - the source and the target of mapping.test: a field of every type,
 * named by it.  For mapping_test.c and the fuzz targets of mappings; each includes it
 * once. */
#ifndef MAPPING_FIELDS_H
#define MAPPING_FIELDS_H

#include <renkei/connector.h>

#define T(s) { (s), sizeof(s) - 1 }
#define LIMITS(least, most, digits, fraction)                                            \
	.min_length = (least), .max_length = (most), .integer_digits = (digits),         \
	.decimals = (fraction)
#define FREE LIMITS(-1, -1, -1, -1)
#define W RK_FIELD_WRITABLE
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct rk_option source_options[] = {
    {T("lead"), T("Lead")},
    {T("customer"), T("Customer")},
    {T("vip"), T("VIP")},
};
static const struct rk_option target_options[] = {
	{ T("L"), T("lead") }, { T("customer"), T("客") }, { T("X1"), T("Twice") },
	{ T("X2"), T("Twice") }, { T("true"), T("yes") },
};
static const struct rk_field source_columns[] = {
	{ .name = T("item"), .type = RK_TEXT, FREE },
	{ .name = T("qty"), .type = RK_INTEGER, FREE },
	{ .name = T("extra"), .type = RK_TEXT, FREE },
};
static const struct rk_field target_columns[] = {
	{ .name = T("qty"), .type = RK_DECIMAL, FREE, .flags = W, .max_value = T("99") },
	{ .name = T("item"), .type = RK_TEXT, FREE, .flags = W },
	{ .name = T("note"), .type = RK_TEXT, FREE, .flags = W },
};
static const struct rk_field computed_columns[] = {
	{ .name = T("item"), .type = RK_TEXT, FREE, .flags = RK_FIELD_COMPUTED },
	{ .name = T("file"), .type = RK_TEXT, FREE, .flags = W, .unmappable = T("a file") },
};

static const struct rk_field source_fields[] = {
	{ .name = T("text"), .label = T("Some text"), .type = RK_TEXT, FREE },
	{ .name = T("text2"), .type = RK_TEXT, FREE },
	{ .name = T("姓 名"), .type = RK_TEXT, FREE },
	{ .name = T("rich"), .type = RK_RICH, FREE },
	{ .name = T("bool"), .type = RK_BOOL, FREE },
	{ .name = T("int"), .type = RK_INTEGER, FREE },
	{ .name = T("dec"), .type = RK_DECIMAL, FREE },
	{ .name = T("date"), .type = RK_DATE, FREE },
	{ .name = T("time"), .type = RK_TIME, FREE },
	{ .name = T("moment"), .type = RK_DATETIME, FREE },
	{ .name = T("choice"),
	  .type = RK_CHOICE,
	  FREE,
	  .options = source_options,
	  .option_count = COUNT(source_options) },
	{ .name = T("choices"),
	  .type = RK_CHOICES,
	  FREE,
	  .options = source_options,
	  .option_count = COUNT(source_options) },
	{ .name = T("ref"), .type = RK_REF, FREE, .ref_object = T("companies") },
	{ .name = T("refs"), .type = RK_REFS, FREE, .ref_object = T("companies") },
	{ .name = T("user"), .type = RK_USER, FREE },
	{ .name = T("table"),
	  .type = RK_TABLE,
	  FREE,
	  .columns = source_columns,
	  .column_count = COUNT(source_columns) },
	{ .name = T("json"), .type = RK_JSON, FREE },
	{ .name = T("file"),
	  .type = RK_JSON,
	  FREE,
	  .unmappable = T("files are not carried") },
};

static const struct rk_field target_fields[] = {
	{ .name = T("key"),
	  .type = RK_TEXT,
	  FREE,
	  .flags = W | RK_FIELD_UNIQUE | RK_FIELD_KEY | RK_FIELD_KEY_NOCASE
	           | RK_FIELD_REQUIRED },
	{ .name = T("number_key"),
	  .type = RK_DECIMAL,
	  FREE,
	  .flags = W | RK_FIELD_UNIQUE | RK_FIELD_KEY },
	{ .name = T("to_text"), .label = T("Words"), .type = RK_TEXT, FREE, .flags = W },
	{ .name = T("short"), .type = RK_TEXT, LIMITS(-1, 4, -1, -1), .flags = W },
	{ .name = T("long"), .type = RK_TEXT, LIMITS(3, -1, -1, -1), .flags = W },
	{ .name = T("must"), .type = RK_TEXT, FREE, .flags = W | RK_FIELD_REQUIRED },
	{ .name = T("to_rich"), .type = RK_RICH, FREE, .flags = W },
	{ .name = T("to_int"), .type = RK_INTEGER, FREE, .flags = W },
	{ .name = T("int3"), .type = RK_INTEGER, LIMITS(-1, -1, 3, -1), .flags = W },
	{ .name = T("to_dec"), .type = RK_DECIMAL, FREE, .flags = W },
	{ .name = T("dec2"), .type = RK_DECIMAL, LIMITS(-1, -1, 3, 2), .flags = W },
	{ .name = T("range"),
	  .type = RK_DECIMAL,
	  FREE,
	  .flags = W,
	  .min_value = T("-1.5"),
	  .max_value = T("10") },
	{ .name = T("to_bool"), .type = RK_BOOL, FREE, .flags = W },
	{ .name = T("to_date"), .type = RK_DATE, FREE, .flags = W },
	{ .name = T("to_time"), .type = RK_TIME, FREE, .flags = W },
	{ .name = T("to_moment"), .type = RK_DATETIME, FREE, .flags = W },
	{ .name = T("to_second"), .type = RK_DATETIME, FREE, .flags = W | RK_FIELD_SECONDS },
	{ .name = T("to_minute"), .type = RK_DATETIME, FREE, .flags = W | RK_FIELD_MINUTES },
	{ .name = T("second_of_day"), .type = RK_TIME, FREE, .flags = W | RK_FIELD_SECONDS },
	{ .name = T("minute_of_day"), .type = RK_TIME, FREE, .flags = W | RK_FIELD_MINUTES },
	{ .name = T("to_choice"),
	  .type = RK_CHOICE,
	  FREE,
	  .flags = W,
	  .options = target_options,
	  .option_count = COUNT(target_options) },
	{ .name = T("must_choice"),
	  .type = RK_CHOICE,
	  FREE,
	  .flags = W | RK_FIELD_REQUIRED,
	  .options = target_options,
	  .option_count = COUNT(target_options) },
	{ .name = T("free_choice"), .type = RK_CHOICE, FREE, .flags = W },
	{ .name = T("to_choices"),
	  .type = RK_CHOICES,
	  FREE,
	  .flags = W,
	  .options = target_options,
	  .option_count = COUNT(target_options) },
	{ .name = T("to_ref"), .type = RK_REF, FREE, .flags = W, .ref_object = T("9") },
	{ .name = T("to_refs"), .type = RK_REFS, FREE, .flags = W, .ref_object = T("9") },
	{ .name = T("to_user"), .type = RK_USER, FREE, .flags = W },
	{ .name = T("to_table"),
	  .type = RK_TABLE,
	  FREE,
	  .flags = W,
	  .columns = target_columns,
	  .column_count = COUNT(target_columns) },
	{ .name = T("sums"),
	  .type = RK_TABLE,
	  FREE,
	  .flags = W,
	  .columns = computed_columns,
	  .column_count = COUNT(computed_columns) },
	{ .name = T("to_json"), .type = RK_JSON, FREE, .flags = W },
	{ .name = T("read_only"), .type = RK_TEXT, FREE, .flags = RK_FIELD_COMPUTED },
	{ .name = T("number"),
	  .type = RK_TEXT,
	  FREE,
	  .unmappable = T("record numbers are given by the CRM") },
};

static const struct rk_schema source = {
	.struct_size = sizeof source, .fields = source_fields,
	.field_count = COUNT(source_fields),
};
static const struct rk_schema target = {
	.struct_size = sizeof target, .fields = target_fields,
	.field_count = COUNT(target_fields),
};

#endif
