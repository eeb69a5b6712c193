/* SPDX-License-Identifier: MIT-0
 *
 * values.h - fields as a CRM describes them, and values of their types: finding a
 * field's slot by name, reading and writing a value, telling whether it keeps to its
 * description.  Header only, C11 and C++17.  Called by connectors, listing.h and
 * writing.h. */
#ifndef RENKEI_VALUES_H
#define RENKEI_VALUES_H

#include <renkei/json.h>
#include <renkei/times.h>

/* ---- Fields described ------------------------------------------------------- */

/* What a CRM's types of field are for us.  A table of these is searched from its top;
 * an empty text matches any, and the last row has two of them. */
struct rk_kind {
	const char *types, *variants;  /* One or more, between blanks.        */
	uint32_t is, flags;            /* RK_TEXT ..., RK_FIELD_*.            */
	const char *unmappable;        /* Why it cannot be mapped; or NULL.   */
};

static inline const struct rk_kind *
rk_kind_find(const struct rk_kind *kinds, struct rk_text type, struct rk_text variant)
{
	while ((*kinds->types && !rk_text_among(type, kinds->types)) ||
	       (*kinds->variants && !rk_text_among(variant, kinds->variants)))
		kinds++;
	return kinds;
}

/* A field of 'kind' of which no limit is told. */
static inline void
rk_field_begin(struct rk_field *field, const struct rk_kind *kind, struct rk_text name,
               struct rk_text label)
{
	memset(field, 0, sizeof *field);
	field->name = name;
	field->label = label;
	field->type = kind->is;
	field->flags = kind->flags;
	field->unmappable = rk_z(kind->unmappable);
	field->min_length = field->max_length = -1;
	field->integer_digits = field->decimals = -1;
}

/* The same of a field that the connector knows by itself. */
static inline void
rk_field_known(struct rk_field *field, uint32_t type, uint32_t flags, const char *name,
               const char *label)
{
	struct rk_kind kind = { "", "", type, flags, NULL };

	rk_field_begin(field, &kind, rk_z(name), rk_z(label));
}

/* The described field of an object whose fields the connector knows by itself, for static
 * tables: of a text of at most 'most' characters (-1: not told); one that points to records
 * of 'object'; one that takes 'choices', a table of struct rk_option; and a table whose
 * columns are such a table of fields. */
#define RK_FIELD_OF(name, label, is, flags, most, choices, count, object, cells, width, \
                    native) \
	{ RK_LIT(name), RK_LIT(label), is, flags, -1, most, -1, -1, RK_LIT(""), RK_LIT(""), \
	  choices, count, RK_LIT(object), cells, width, RK_LIT(native), RK_LIT(""), { 0 } }
#define RK_FIELD(name, label, is, flags, most, native) \
	RK_FIELD_OF(name, label, is, flags, most, NULL, 0, "", NULL, 0, native)
#define RK_FIELD_REF(name, label, flags, object, native) \
	RK_FIELD_OF(name, label, RK_REF, flags, -1, NULL, 0, object, NULL, 0, native)
#define RK_FIELD_CHOICE(name, label, flags, choices, native) \
	RK_FIELD_OF(name, label, RK_CHOICE, flags, -1, choices, RK_COUNT(choices), "", NULL, \
	            0, native)
#define RK_FIELD_TABLE(name, label, flags, cells, native) \
	RK_FIELD_OF(name, label, RK_TABLE, flags, -1, NULL, 0, "", cells, RK_COUNT(cells), \
	            native)

struct rk_ranked_option {
	struct rk_option option;
	int64_t rank;
};

static inline int
rk_option_order(const void *a, const void *b)
{
	int64_t x = ((const struct rk_ranked_option *)a)->rank;
	int64_t y = ((const struct rk_ranked_option *)b)->rank;

	return x < y ? -1 : x > y;
}

/* The options in 'list', a list or an object, by the names of their members; in order
 * of the number 'rank', or as they stand where it is missing. */
static inline void
rk_options_read(const struct rk_host *host, const cJSON *list, const char *value,
                const char *label, const char *rank, struct rk_field *field)
{
	uint64_t count = rk_json_count(list), i = 0;
	struct rk_ranked_option *ranked = (struct rk_ranked_option *)host->alloc(
		host, (count + 1) * sizeof *ranked);
	struct rk_option *options = (struct rk_option *)host->alloc(
		host, (count + 1) * sizeof *options);

	rk_json_each(item, list) {
		ranked[i].option.value = rk_json_str(host, item, value);
		ranked[i].option.label = rk_json_str(host, item, label);
		ranked[i].rank = (int64_t)i;
		rk_json_int(rk_json_get(item, rank), &ranked[i++].rank);
	}
	qsort(ranked, count, sizeof *ranked, rk_option_order);
	for (i = 0; i < count; i++)
		options[i] = ranked[i].option;
	field->options = options;
	field->option_count = count;
}

/* The described field 'name', or NULL. */
static inline const struct rk_field *
rk_field_find(const struct rk_field *fields, uint64_t count, struct rk_text name)
{
	for (uint64_t i = 0; i < count; i++)
		if (rk_text_eq(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* ---- A value from what the CRM sent ------------------------------------------ */

static inline struct rk_value
rk_value_of(uint32_t type, struct rk_text text)
{
	struct rk_value value;

	memset(&value, 0, sizeof value);
	value.type = type;
	value.text = text;
	return value;
}

/* A reference to the record 'id' of 'object'; without an id there is none. */
static inline struct rk_value
rk_value_ref(struct rk_text object, struct rk_text id)
{
	struct rk_value value = rk_value_of(id.len ? RK_REF : RK_NULL, id);

	if (id.len)
		value.object = object;
	return value;
}

static inline int
rk_bool_parse(struct rk_text text, int64_t *number)
{
	static const char *const words[] = { "false", "true", "no", "yes" };

	for (size_t i = 0; i < RK_COUNT(words); i++)
		if (rk_text_eq_nocase(text, rk_z(words[i]))) {
			*number = (int64_t)(i & 1);
			return 1;
		}
	return 0;
}

/* A time with a zone, or milliseconds. */
static inline int
rk_moment_parse(struct rk_text text, int64_t *ms)
{
	return rk_text_int(text, ms) ? rk_time_sane(*ms) : rk_time_parse(text, ms);
}

/* A time of day as HH:MM or HH:MM:SS; it may come with a fraction, and with UTC as its
 * zone: "09:15:30.000Z". */
static inline int
rk_clock_parse(struct rk_text text, struct rk_text *clock)
{
	const char *at = text.ptr, *end = at + text.len;
	int64_t ms, zone = 0;

	if (!rk_clock_at(&at, end, &ms) ||
	    (at != end && (!rk_zone_at(&at, end, &zone) || at != end || zone)))
		return 0;
	*clock = rk_text_of(text.ptr, text.len > 7 && text.ptr[5] == ':' ? 8 : 5);
	return 1;
}

/* YYYY-MM-DD; or midnight UTC, as a time or as milliseconds. */
static inline int
rk_day_parse(const struct rk_host *host, struct rk_text text, struct rk_text *date)
{
	int64_t days, ms;

	if (rk_date_parse(text, &days)) {
		*date = text;
		return 1;
	}
	if (!rk_moment_parse(text, &ms) || ms % RK_DAY_MS)
		return 0;
	*date = rk_date_text(host, ms / RK_DAY_MS);
	return 1;
}

/* "a;b;c" as its parts; a leading ';' and empty parts are nothing. */
static inline struct rk_value
rk_value_split(const struct rk_host *host, struct rk_text text)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items;
	uint64_t most = 1;

	for (uint64_t i = 0; i < text.len; i++)
		most += text.ptr[i] == ';';
	items = (struct rk_value *)host->alloc(host, most * sizeof *items);
	while (text.len) {
		struct rk_text part = rk_text_next(&text, ';');

		if (part.len)
			items[value.count++] = rk_value_of(RK_CHOICE, part);
	}
	value.items = items;
	return value;
}

/* 'text' as a value of 'type'; as RK_TEXT if it does not read so, which makes the
 * host fail that record and no other. */
static inline struct rk_value
rk_value_read(const struct rk_host *host, uint32_t type, struct rk_text text)
{
	struct rk_value value = rk_value_of(type, rk_text_of(NULL, 0));
	int ok = 1;

	switch (type) {
	case RK_BOOL:     ok = rk_bool_parse(text, &value.number); break;
	case RK_INTEGER:  ok = rk_text_int(text, &value.number); break;
	case RK_DATETIME: ok = rk_moment_parse(text, &value.number); break;
	case RK_DECIMAL:  ok = rk_decimal(host, text, &value.text); break;
	case RK_DATE:     ok = rk_day_parse(host, text, &value.text); break;
	case RK_TIME:     ok = rk_clock_parse(text, &value.text); break;
	case RK_CHOICES:  return rk_value_split(host, text);
	default:          value.text = text;
	}
	return ok ? value : rk_value_of(RK_TEXT, text);
}

/* What a JSON value is for a field of 'type': nothing and "" are null, a structure is
 * raw JSON, anything else is read as its text. */
static inline struct rk_value
rk_value_item(const struct rk_host *host, uint32_t type, const cJSON *item)
{
	uint32_t flags = 0;
	struct rk_json_out out;
	struct rk_value value;
	struct rk_text text;

	if (rk_json_is(item, cJSON_Object) || rk_json_is(item, cJSON_Array)) {
		rk_json_begin(&out, host, 256, RK_JSON_MAX_BYTES * 2);
		rk_put_item(&out, item, &flags);
		value = rk_value_of(RK_JSON, rk_text_of(out.buf, out.len));
	} else {
		text = rk_json_text(host, item, &flags);
		value = text.len || flags ? rk_value_read(host, type, text)
		                          : rk_value_of(RK_NULL, text);
	}
	value.flags |= flags;
	return value;
}

/* What a cell of a file is for a field of 'type': nothing is null; U+0000 is cut out, and
 * told. */
static inline struct rk_value
rk_value_cell(const struct rk_host *host, uint32_t type, struct rk_text cell)
{
	char *kept = NULL;
	uint64_t len = 0;
	struct rk_value value;

	if (cell.len == 0)
		return rk_value_of(RK_NULL, cell);
	if (!memchr(cell.ptr, 0, cell.len))
		return rk_value_read(host, type, cell);
	kept = (char *)host->alloc(host, cell.len);
	for (uint64_t i = 0; i < cell.len; i++) {
		kept[len] = cell.ptr[i];
		len += cell.ptr[i] != 0;
	}
	value = rk_value_read(host, type, rk_text_of(kept, len));
	value.flags |= RK_VALUE_HAS_NUL;
	return value;
}

/* A list as a value of 'type': of texts, or of what each item names 'member'. */
static inline struct rk_value
rk_value_list(const struct rk_host *host, uint32_t type, uint32_t item_type,
              const cJSON *list, const char *member)
{
	struct rk_value value = rk_value_of(type, rk_text_of(NULL, 0));
	struct rk_value *items = (struct rk_value *)host->alloc(
		host, (rk_json_count(list) + 1) * sizeof *items);

	rk_json_each(item, list) {
		struct rk_value *one = &items[value.count++];

		*one = rk_value_of(item_type, rk_text_of(NULL, 0));
		one->text = rk_json_text(host, member ? rk_json_get(item, member) : item,
		                         &one->flags);
		value.flags |= one->flags;
	}
	value.items = items;
	return value;
}

/* One user or a list of them, each of which names itself 'member'. */
static inline struct rk_value
rk_value_users(const struct rk_host *host, const cJSON *item, const char *member)
{
	struct rk_value value;

	if (!rk_json_is(item, cJSON_Array))
		return rk_value_of(RK_USER, rk_json_str(host, item, member));
	value = rk_value_list(host, RK_USER, RK_USER, item, member);
	return value.count == 1 ? value.items[0] : value;
}

/* How a connector reads one member of a record for its field. */
typedef struct rk_value rk_value_reader(const struct rk_host *host,
                                        const struct rk_field *field,
                                        const cJSON *item);

/* For a CRM whose members are the values themselves. */
static inline struct rk_value
rk_value_plain(const struct rk_host *host, const struct rk_field *field,
               const cJSON *item)
{
	return rk_value_item(host, field->type, item);
}

/* ---- Columns by name ---------------------------------------------------------- */

/* Finds the slot of a wanted field by its name, so that a record is filled in one
 * pass over what the CRM sent. */
struct rk_columns {
	const struct rk_field *fields;
	uint32_t *slots;               /* Slot + 1; 0: free.                  */
	uint64_t count, mask;
};

static inline struct rk_columns
rk_columns_make(const struct rk_host *host, const struct rk_field *fields,
                uint64_t count)
{
	struct rk_columns columns;
	uint64_t size = 8;

	while (size < count * 2)
		size *= 2;
	columns.fields = fields;
	columns.count = count;
	columns.mask = size - 1;
	columns.slots = (uint32_t *)host->alloc(host, size * sizeof(uint32_t));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = rk_hash(fields[i].name.ptr, fields[i].name.len);

		while (columns.slots[at & columns.mask])
			at++;
		columns.slots[at & columns.mask] = (uint32_t)i + 1;
	}
	return columns;
}

/* The slot of 'name', or -1.  Where one name is wanted twice, the first. */
static inline int64_t
rk_columns_find(const struct rk_columns *columns, struct rk_text name)
{
	uint64_t at = rk_hash(name.ptr, name.len);
	uint32_t slot;

	for (; (slot = columns->slots[at & columns->mask]) != 0; at++)
		if (rk_text_eq(columns->fields[slot - 1].name, name))
			return (int64_t)slot - 1;
	return -1;
}

/* The values of all columns from the members of 'object', in one pass; a field that
 * it does not name is absent. */
static inline struct rk_value *
rk_columns_read(const struct rk_host *host, const struct rk_columns *columns,
                const cJSON *object, rk_value_reader *read)
{
	struct rk_value *values = (struct rk_value *)host->alloc(
		host, (columns->count + 1) * sizeof *values);
	int64_t slot;

	if (!rk_json_is(object, cJSON_Object))
		return values;
	rk_json_each(member, object) {
		slot = rk_columns_find(columns, rk_z(member->string));
		if (slot >= 0)
			values[slot] = read(host, &columns->fields[slot], member);
	}
	return values;
}

/* Adds to those the columns whose names are paths of two parts, "owner.email": from the
 * members of objects that 'object' holds.  Where such an object lacks the member the reader
 * is given NULL; without the object the value stays as it is. */
static inline void
rk_columns_read_inner(const struct rk_host *host, const struct rk_columns *columns,
                      const cJSON *object, rk_value_reader *read,
                      struct rk_value *values)
{
	for (uint64_t i = 0; i < columns->count; i++) {
		struct rk_text rest = columns->fields[i].name;
		struct rk_text outer = rk_text_next(&rest, '.');
		const cJSON *parent = rest.len
			? rk_json_get(object, rk_text_z(host, outer)) : NULL;

		if (parent)
			values[i] = read(host, &columns->fields[i],
			                 rk_json_get(parent, rk_text_z(host, rest)));
	}
}

/* ---- A value as text, and against its field ------------------------------------- */

static inline struct rk_text
rk_items_text(const struct rk_host *host, const struct rk_value *value)
{
	uint64_t room = 1, len = 0;
	char *all;

	for (uint64_t i = 0; i < value->count; i++)
		room += value->items[i].text.len + 1;
	all = (char *)host->alloc(host, room);
	for (uint64_t i = 0; i < value->count; i++) {
		struct rk_text item = value->items[i].text;

		if (i)
			all[len++] = ';';
		if (item.len)
			memcpy(all + len, item.ptr, item.len);
		len += item.len;
	}
	return rk_text_of(all, len);
}

/* A value as text: true, -5, 1.50, 2026-01-31T09:08:07.123Z, a;b ... */
static inline struct rk_text
rk_value_text(const struct rk_host *host, const struct rk_value *value, int with_ms)
{
	if (value->count)
		return rk_items_text(host, value);
	switch (value->type) {
	case RK_BOOL:
		return rk_z(value->number ? "true" : "false");
	case RK_INTEGER:
		return rk_textf(host, "%lld", (long long)value->number);
	case RK_DATETIME:
		return rk_time_text(host, value->number, with_ms);
	default:
		return value->text;
	}
}

/* How many options or users a value names: its items, or the one that its text is. */
static inline uint64_t
rk_item_count(const struct rk_value *value)
{
	return value->count ? value->count : value->text.len != 0;
}

static inline struct rk_text
rk_item_text(const struct rk_value *value, uint64_t at)
{
	return value->count ? value->items[at].text : value->text;
}

/* Puts several options or users as a list, also of one or none: of texts, or of
 * {"MEMBER": text}. */
static inline void
rk_put_items(struct rk_json_out *out, const struct rk_value *value, const char *member)
{
	uint64_t count = rk_item_count(value);

	rk_put_open(out, '[');
	for (uint64_t i = 0; i < count; i++)
		rk_put_named(out, member, rk_item_text(value, i));
	rk_put_close(out, ']');
}

/* Whether a picklist's field knows all options of 'value'. */
static inline int
rk_options_fit(const struct rk_field *field, const struct rk_value *value)
{
	uint64_t count = rk_item_count(value), known = 0;

	if (field->option_count == 0 || value->type <= RK_NULL)
		return 1;
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text text = rk_item_text(value, i);
		uint64_t j = 0;

		while (j < field->option_count &&
		       !rk_text_eq(field->options[j].value, text))
			j++;
		known += j < field->option_count;
	}
	return known == count;
}

static inline double
rk_text_double(const struct rk_host *host, struct rk_text text)
{
	return strtod(rk_text_z(host, text), NULL);
}

static inline int
rk_number_fits(const struct rk_host *host, const struct rk_field *field,
               struct rk_text text)
{
	struct rk_text plain, whole;
	double number;

	if (!rk_decimal(host, rk_text_trim(text), &plain))
		return 0;
	number = rk_text_double(host, plain);
	whole.ptr = rk_text_z(host, plain);
	whole.len = strcspn(whole.ptr, ".") - (*whole.ptr == '-');
	return !(field->integer_digits >= 0 &&
	         whole.len > (uint64_t)field->integer_digits) &&
	       !(field->min_value.len &&
	         number < rk_text_double(host, field->min_value)) &&
	       !(field->max_value.len &&
	         number > rk_text_double(host, field->max_value));
}

/* Whether 'value' keeps to the form, digits, range and length that were described. */
static inline int
rk_value_fits(const struct rk_host *host, const struct rk_field *field,
              const struct rk_value *value)
{
	struct rk_text text = rk_value_text(host, value, 0);
	int64_t length = 0;

	if (field->type == RK_DECIMAL && text.len)
		return rk_number_fits(host, field, text);
	for (uint64_t i = 0; i < text.len; i++)
		length += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return !(field->min_length >= 0 && length < field->min_length) &&
	       !(field->max_length >= 0 && length > field->max_length);
}

/* Why a CRM may have refused 'value' (NULL: not known), where it names the field (NULL:
 * none that was described) but not the reason: RK_CAT_*, RK_CAT_NONE if all that was
 * described is kept. */
static inline int32_t
rk_value_fault(const struct rk_host *host, const struct rk_field *field,
               const struct rk_value *value)
{
	if (!field || !(field->flags & RK_FIELD_WRITABLE))
		return RK_CAT_PROPERTY_MAPPING;
	if (value && !rk_options_fit(field, value))
		return RK_CAT_PICKLIST;
	if (field->ref_object.len)
		return RK_CAT_ASSOCIATION;
	if (!value || rk_value_text(host, value, 0).len == 0 ||
	    !rk_value_fits(host, field, value))
		return RK_CAT_PROPERTY_VALUE;
	return RK_CAT_NONE;
}

#endif
