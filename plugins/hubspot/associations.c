/* SPDX-License-Identifier: Apache-2.0
 *
 * associations.c - references to records of other objects, which HubSpot keeps beside
 * the properties: fields "associations.OBJECT" for all of them, and "associations.OBJECT.
 * LABEL" for those of one label, by the number of its type; their ids read after a page of
 * records, looked up before a batch is written and made after it, or with a new record
 * that must have them.  Called by fields.c, list.c and write.c.
 *
 * Source: HubSpot, "Associations"; an association that a batch read does not find is an
 * error there of its own kind (seen), and no failure. */
#include "hubspot.h"

#define PREFIX     "associations."
#define INPUTS_MAX 100u        /* The guide says 1,000; 100 were the most that worked. */
#define PAGES_MAX  100u        /* Of the associations of one page of records. */

#define PRIMARY    ".primary"  /* The one association that has that label. */
#define PARTNERS   8u          /* Objects whose labels are asked for. */
#define DEFINED    "HUBSPOT_DEFINED"

static const struct rk_kind references = { "", "", RK_REFS,
	RK_FIELD_WRITABLE | RK_FIELD_COMPUTED, NULL };
static const struct rk_kind reference = { "", "", RK_REF,
	RK_FIELD_WRITABLE | RK_FIELD_COMPUTED, NULL };

/* ---- Fields ------------------------------------------------------------------------ */

/* 'not_of' is never associated with it. */
static const struct { const char *name, *type_id, *label, *not_of; } own[] = {
	{ "contacts", "0-1", "Associated contacts", "" },
	{ "companies", "0-2", "Associated companies", "" },
	{ "deals", "0-3", "Associated deals", "leads 0-136" },
};

/* Who has one association that stands out, and its type; 'at_once': HubSpot makes no
 * record without it. */
static const struct primary {
	const char *object, *to, *label;
	int64_t type;
	int at_once;
} primaries[] = {
	{ "contacts 0-1", "companies", "Primary company", 1, 0 },
	{ "deals 0-3", "companies", "Primary company", 5, 0 },
	{ "leads 0-136", "contacts", "Primary contact", 578, 1 },
};

/* NULL: the object has none. */
static const struct primary *
primary_of(struct rk_text object)
{
	for (size_t i = 0; i < RK_COUNT(primaries); i++)
		if (rk_text_among(object, primaries[i].object))
			return &primaries[i];
	return NULL;
}

static void
refer_to(const struct rk_host *host, struct rk_text object, struct rk_text label,
         struct rk_field *field)
{
	rk_field_begin(field, &references,
	               rk_textf(host, PREFIX "%.*s", RK_S(object)), label);
	field->native = rk_z("association");
	field->ref_object = object;
}

/* Each object to which a custom one may be associated.  Several definitions may lead to
 * one, and the ways back stand there too. */
static uint64_t
describe_defined(const struct rk_host *host, const cJSON *schema,
                 struct rk_field *fields)
{
	struct rk_text self = rk_json_str(host, schema, "objectTypeId");
	uint64_t count = 0;

	rk_json_each(one, rk_json_get(schema, "associations")) {
		struct rk_text from = rk_json_str(host, one, "fromObjectTypeId");
		struct rk_text to = rk_json_str(host, one, "toObjectTypeId");
		struct rk_text label = rk_textf(host, "Associated %.*s", RK_S(to));
		uint64_t seen = 0;

		for (size_t i = 0; i < RK_COUNT(own); i++)
			if (rk_text_is(to, own[i].type_id)) {
				to = rk_z(own[i].name);
				label = rk_z(own[i].label);
				break;
			}
		while (seen < count && !rk_text_eq(fields[seen].ref_object, to))
			seen++;
		if (seen == count && to.len && rk_text_eq(from, self))
			refer_to(host, to, label, &fields[count++]);
	}
	return count;
}

static uint64_t
describe_own(const struct rk_host *host, struct rk_text object, struct rk_field *fields)
{
	uint64_t count = 0;

	for (size_t i = 0; i < RK_COUNT(own); i++)
		if (!rk_text_is(object, own[i].name) &&
		    !rk_text_is(object, own[i].type_id) &&
		    !rk_text_among(object, own[i].not_of))
			refer_to(host, rk_z(own[i].name), rk_z(own[i].label),
			         &fields[count++]);
	return count;
}

/* Adds the associations of each label to 'fields'; 'all' are those of any.
 *
 * Shape:  {"results":[{"category":"USER_DEFINED","typeId":37,"label":"Billing"}]}
 * Source: HubSpot, "Associations schema"; without a label it is the plain kind. */
static void
describe_labels(const struct rk_host *host, struct rk_text object, const cJSON *labels,
                const struct rk_field *all, struct rk_field *fields, uint64_t *count,
                uint64_t most)
{
	const struct primary *primary = primary_of(object);

	rk_json_each(one, labels) {
		struct rk_text label = rk_json_str(host, one, "label");
		struct rk_field *field = &fields[*count];
		int64_t type;

		if (label.len == 0 || !rk_json_int(rk_json_get(one, "typeId"), &type) ||
		    type <= 0 || (primary && type == primary->type) || *count == most)
			continue;
		rk_field_begin(field, &references,
		               rk_textf(host, "%.*s.%lld", RK_S(all->name),
		                        (long long)type),
		               rk_textf(host, "%.*s: %.*s", RK_S(all->label),
		                        RK_S(label)));
		field->native = rk_textf(host, "association/%.*s",
		                         RK_S(rk_json_str(host, one, "category")));
		field->ref_object = all->ref_object;
		++*count;
	}
}

int32_t
hubspot_describe_associations(const struct rk_host *host, struct rk_text object,
                              const cJSON *schema, struct rk_field *fields,
                              uint64_t *count, struct rk_err *err)
{
	struct rk_field *first = fields + *count;
	uint64_t partners = schema ? describe_defined(host, schema, first)
	                           : describe_own(host, object, first);
	uint64_t found = partners, most = partners + HUBSPOT_ASSOCIATIONS - RK_COUNT(own);
	const struct primary *primary = primary_of(object);
	int32_t status = RK_OK;

	if (primary) {
		rk_field_begin(&first[found], &reference,
		               rk_textf(host, PREFIX "%s" PRIMARY, primary->to),
		               rk_z(primary->label));
		first[found].native = rk_z("association/" DEFINED);
		first[found].flags |= primary->at_once ? RK_FIELD_REQUIRED : 0;
		first[found++].ref_object = rk_z(primary->to);
	}
	for (uint64_t i = 0; i < partners && i < PARTNERS && status == RK_OK; i++) {
		struct rk_call call = hubspot_call(host, "GET", "crm/associations", object,
			rk_textf(host, "/%.*s/labels",
		                 RK_S(rk_url_text(host, first[i].ref_object))).ptr);
		struct rk_answer answer;

		status = rk_ask_extra(host, &call, "labels of associations", &answer,
		                           err);
		if (status == RK_OK)
			describe_labels(host, object, rk_json_get(answer.root, "results"),
			                &first[i], first, &found, most);
	}
	*count += found;
	return status;
}

int
hubspot_is_association(struct rk_text name)
{
	return rk_text_starts(name, PREFIX);     /* A property's name has no dot. */
}

static int
is_association(const struct rk_field *field)
{
	return hubspot_is_association(field->name);
}

/* What follows the object in the name: "primary", the number of a type, or nothing. */
static struct rk_text
label_of(const struct rk_field *field)
{
	const char *end = field->name.ptr + field->name.len;
	const char *dot = field->name.ptr + strlen(PREFIX);

	while (dot < end && *dot != '.')
		dot++;
	return rk_text_of(dot + (dot < end), (uint64_t)(end - dot - (dot < end)));
}

static struct rk_text
other_object(const struct rk_field *field)
{
	struct rk_text label = label_of(field);

	return rk_text_of(field->name.ptr + strlen(PREFIX),
	                  field->name.len - strlen(PREFIX) - label.len - (label.len != 0));
}

/* The type of the associations that a field of 'object' is about; 0: of any. */
static int64_t
type_of(struct rk_text object, const struct rk_field *field)
{
	struct rk_text label = label_of(field);
	int64_t type = 0;

	if (rk_text_is(label, &PRIMARY[1]))
		return primary_of(object) ? primary_of(object)->type : 0;
	return rk_text_int(label, &type) ? type : 0;
}

/* Whether field 'at' goes with the record itself. */
static int
goes_along(const struct rk_batch *batch, uint64_t at)
{
	const struct primary *primary = primary_of(batch->object);

	return batch->operation == RK_OP_CREATE && primary && primary->at_once &&
	       is_association(&batch->fields[at]) &&
	       type_of(batch->object, &batch->fields[at]) == primary->type;
}

/* Whether both are references to the same object: one call serves them all. */
static int
meet(const struct rk_field *a, const struct rk_field *b)
{
	return is_association(a) && is_association(b) &&
	       rk_text_eq(other_object(a), other_object(b));
}

/* Whether field 'at' is the first one that leads to its object. */
static int
leads(const struct rk_field *fields, uint64_t at)
{
	for (uint64_t i = 0; i < at; i++)
		if (meet(&fields[i], &fields[at]))
			return 0;
	return is_association(&fields[at]);
}

static struct rk_call
associations_call(const struct rk_host *host, struct rk_text object,
                  const struct rk_field *field, const char *rest)
{
	return hubspot_call(host, "POST", "crm/associations", object,
	        rk_textf(host, "/%.*s%s",
	                 RK_S(rk_url_text(host, other_object(field))), rest).ptr);
}

/* ---- Writing: are they there? ------------------------------------------------------ */

static struct rk_text
id_at(const struct rk_value *value, uint64_t at)
{
	return rk_text_trim(rk_item_text(value, at));
}

struct parent {
	struct rk_text id;
	int there;
};

static int
parent_order(const void *a, const void *b)
{
	struct rk_text x = ((const struct parent *)a)->id;
	struct rk_text y = ((const struct parent *)b)->id;
	int order = memcmp(x.ptr, y.ptr, x.len < y.len ? x.len : y.len);

	return order ? order : (x.len > y.len) - (x.len < y.len);
}

/* What a row tells of field 'at'. */
static const struct rk_value *
cell(const struct rk_writing *w, uint64_t row, uint64_t at)
{
	static const struct rk_value absent;
	const struct rk_value *values = w->batch->rows[row].values;

	return values ? &values[at] : &absent;
}

/* Adds the ids that the rows name in field 'at'; NULL counts them alone. */
static uint64_t
add_parents(const struct rk_writing *w, uint64_t at, struct parent *parents)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		for (uint64_t j = 0; j < rk_item_count(cell(w, i, at)); j++, count++)
			if (parents)
				parents[count].id = id_at(cell(w, i, at), j);
	return count;
}

/* All ids of the object of field 'at' that the rows name in whatever field, in order and
 * each once.  Returns how many. */
static uint64_t
gather(const struct rk_writing *w, uint64_t at, struct parent **parents)
{
	const struct rk_batch *batch = w->batch;
	uint64_t most = 0, count = 0, kept = 0;

	for (uint64_t i = at; i < batch->field_count; i++)
		if (meet(&batch->fields[at], &batch->fields[i]))
			most += add_parents(w, i, NULL);
	*parents = w->host->alloc(w->host, (most + 1) * sizeof **parents);
	for (uint64_t i = at; i < batch->field_count; i++)
		if (meet(&batch->fields[at], &batch->fields[i]))
			count += add_parents(w, i, *parents + count);
	qsort(*parents, count, sizeof **parents, parent_order);
	for (uint64_t i = 0; i < count; i++)
		if (kept == 0 || parent_order(&(*parents)[kept - 1], &(*parents)[i]))
			(*parents)[kept++] = (*parents)[i];
	return kept;
}

/* Asks for up to INPUTS_MAX of them by id, which sees what a search does not yet. */
static int32_t
look_up(const struct rk_writing *w, const struct rk_field *field, struct parent *parents,
        uint64_t count)
{
	struct rk_call call = hubspot_call(w->host, "POST", "crm/objects",
	                                   other_object(field),
	                                   "/batch/read?archived=false");
	struct rk_json_out out;
	struct rk_answer answer;
	int64_t number;
	int32_t status;

	rk_json_begin(&out, w->host, 4096, HUBSPOT_BODY_MAX);
	rk_putf(&out, "{\"properties\":[],\"propertiesWithHistory\":[],");
	rk_put_enter(&out, "inputs", '[');
	for (uint64_t i = 0; i < count; i++)
		if (rk_text_int(parents[i].id, &number))
			rk_put_named(&out, "id", parents[i].id);
	rk_put_ends(&out, "]}");
	status = rk_json_end(&out, &call.body, w->err);
	if (status == RK_OK)
		status = rk_ask_read(w->host, &call, &answer, w->err);
	if (status != RK_OK)
		return status;
	rk_json_each(item, rk_json_get(answer.root, "results")) {
		struct parent key = { .id = rk_json_str(w->host, item, "id") };
		struct parent *found = key.id.len == 0 ? NULL
			: bsearch(&key, parents, count, sizeof *parents, parent_order);

		if (found)
			found->there = 1;
	}
	return RK_OK;
}

/* Refuses the rows that name in field 'at' a record that is not there. */
static void
refuse_orphans(struct rk_writing *w, uint64_t at, const struct parent *parents,
               uint64_t count)
{
	const struct rk_field *field = &w->batch->fields[at];
	struct rk_fault fault = { .category = RK_CAT_ASSOCIATION,
	                          .code = rk_z(RK_CODE_PARENT_MISSING),
	                          .field = field->name };

	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		const struct rk_value *value = cell(w, i, at);

		for (uint64_t j = 0; j < rk_item_count(value) &&
		     w->outcomes[i].status == RK_UNKNOWN; j++) {
			struct parent key = { .id = id_at(value, j) };
			const struct parent *found = bsearch(
				&key, parents, count, sizeof *parents, parent_order);

			if (found && found->there)
				continue;
			fault.value = key.id;
			fault.message = rk_textf(w->host, "no record \"%.*s\" in %.*s",
			                         RK_S(key.id), RK_S(other_object(field)));
			rk_refuse_row(w, i, &fault);
		}
	}
}

int32_t
hubspot_check_associations(struct rk_writing *w)
{
	const struct rk_batch *batch = w->batch;
	uint64_t before = rk_rows_left(w);
	int32_t status = RK_OK;

	for (uint64_t at = 0; at < batch->field_count; at++) {
		struct parent *parents;
		uint64_t count, size;

		if (!leads(batch->fields, at))
			continue;
		count = gather(w, at, &parents);
		for (uint64_t i = 0; i < count && status == RK_OK; i += size) {
			size = count - i < INPUTS_MAX ? count - i : INPUTS_MAX;
			status = look_up(w, &batch->fields[at], parents + i, size);
		}
		for (uint64_t i = at; i < batch->field_count && status == RK_OK; i++)
			if (meet(&batch->fields[at], &batch->fields[i]))
				refuse_orphans(w, i, parents, count);
	}
	if (status != RK_OK || rk_rows_left(w) < before)
		rk_rest_is(w, RK_RETRY);        /* Nothing was written yet. */
	return status;
}

/* ---- Writing: the properties, then they -------------------------------------------- */

int
hubspot_has_associations(const struct rk_batch *batch)
{
	uint64_t i = 0;

	while (i < batch->field_count && !is_association(&batch->fields[i]))
		i++;
	return batch->operation != RK_OP_ARCHIVE && i < batch->field_count;
}

/* Whether the row was written and names somebody in field 'at'. */
static uint64_t
due(const struct rk_writing *w, uint64_t row, uint64_t at)
{
	int32_t status = w->outcomes[row].status;

	return (status == RK_CREATED || status == RK_UPDATED) &&
	       !goes_along(w->batch, at) ? rk_item_count(cell(w, row, at)) : 0;
}

static int
names_id(const struct rk_value *value, struct rk_text id)
{
	for (uint64_t i = 0; i < rk_item_count(value); i++)
		if (rk_text_eq(id_at(value, i), id))
			return 1;
	return 0;
}

static void
put_type(struct rk_json_out *out, struct rk_text category, int64_t type)
{
	rk_put_open(out, '{');
	rk_put_pair(out, "associationCategory", category);
	rk_putf(out, ",\"associationTypeId\":%lld", (long long)type);
	rk_put_close(out, '}');
}

void
hubspot_put_parents(struct rk_json_out *out, const struct rk_batch *batch,
                    const struct rk_row *row)
{
	rk_put_enter(out, "associations", '[');
	for (uint64_t at = 0; at < batch->field_count && row->values; at++)
		for (uint64_t i = 0; goes_along(batch, at) &&
		     i < rk_item_count(&row->values[at]); i++) {
			rk_put_open(out, '{');
			rk_put_name(out, "to");
			rk_put_named(out, "id", id_at(&row->values[at], i));
			rk_put_enter(out, "types", '[');
			put_type(out, rk_z(DEFINED),
			         type_of(batch->object, &batch->fields[at]));
			rk_put_ends(out, "]}");
		}
	rk_put_close(out, ']');
}

/* The labels that a pair is to have, of all fields: HubSpot drops those that a call does
 * not name. */
static void
put_types(struct rk_json_out *out, const struct rk_writing *w, uint64_t row,
          const struct rk_field *of, struct rk_text id)
{
	rk_put_enter(out, "types", '[');
	for (uint64_t at = 0; at < w->batch->field_count; at++) {
		const struct rk_field *field = &w->batch->fields[at];
		const char *category = rk_text_find(field->native, "/");
		int64_t type = is_association(field) ? type_of(w->batch->object, field) : 0;

		if (type == 0 || !rk_text_eq(other_object(field), other_object(of)) ||
		    !names_id(cell(w, row, at), id))
			continue;
		put_type(out, category == NULL ? rk_z(DEFINED)
		         : rk_text_of(category + 1, field->native.len - 1 -
		                      (uint64_t)(category - field->native.ptr)), type);
	}
	rk_put_close(out, ']');
}

static struct rk_text
pairs_body(const struct rk_writing *w, uint64_t at, uint64_t from, uint64_t end)
{
	const struct rk_field *field = &w->batch->fields[at];
	struct rk_json_out out;

	rk_json_begin(&out, w->host, 4096, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_enter(&out, "inputs", '[');
	for (uint64_t i = from; i < end; i++)
		for (uint64_t j = 0; j < due(w, i, at); j++) {
			struct rk_text id = id_at(cell(w, i, at), j);

			rk_put_open(&out, '{');
			rk_put_name(&out, "from");
			rk_put_named(&out, "id", w->outcomes[i].id);
			rk_put_name(&out, "to");
			rk_put_named(&out, "id", id);
			if (type_of(w->batch->object, field))
				put_types(&out, w, i, field, id);
			rk_put_close(&out, '}');
		}
	rk_put_ends(&out, "]}");
	return rk_text_of(out.buf, out.len);
}

/* The rows were written but not associated.  What was refused for good is told; a
 * repeated create would double the record, so those are for the host to look up. */
static void
take_back(struct rk_writing *w, uint64_t at, uint64_t from, uint64_t end,
          const struct rk_fault *fault)
{
	for (uint64_t i = from; i < end; i++) {
		if (due(w, i, at) == 0)
			continue;
		memset(&w->outcomes[i], 0, sizeof w->outcomes[i]);
		if (fault && w->batch->operation != RK_OP_CREATE)
			rk_refuse_row(w, i, fault);
	}
}

static int32_t
associate(struct rk_writing *w, uint64_t at, uint64_t from, uint64_t end)
{
	const struct rk_field *field = &w->batch->fields[at];
	struct rk_call call = associations_call(w->host, w->batch->object, field,
	                                        type_of(w->batch->object, field)
	                                        ? "/batch/create"
	                                        : "/batch/associate/default");
	struct rk_answer answer;
	struct rk_fault fault;
	const cJSON *errors;
	int32_t status;

	call.body = pairs_body(w, at, from, end);
	status = rk_ask(w->host, &call, &answer, w->err);
	errors = status == RK_OK ? rk_json_get(answer.root, "errors") : NULL;
	if (status == RK_OK && answer.reply.status / 100 != 2)
		status = rk_judge(w->host, call.api, &answer, w->err);
	else if (status == RK_OK && rk_json_count(errors))
		status = RK_REJECT;
	else if (status == RK_OK)
		return RK_OK;
	if (status != RK_REJECT) {
		take_back(w, at, from, end, NULL);
		w->err->maybe_sent = 1;
		return status;
	}
	fault = hubspot_read_fault(w->host, errors ? errors->child : answer.root);
	fault.category = RK_CAT_ASSOCIATION;
	fault.field = field->name;
	take_back(w, at, from, end, &fault);
	return RK_OK;
}

/* A few rows at a time, so that a call has about INPUTS_MAX pairs. */
int32_t
hubspot_associate(struct rk_writing *w)
{
	int32_t status = RK_OK;

	for (uint64_t at = 0; at < w->batch->field_count; at++) {
		uint64_t from = 0, pairs = 0;

		if (!is_association(&w->batch->fields[at]))
			continue;
		for (uint64_t i = 0; i < w->batch->row_count && status == RK_OK; i++) {
			uint64_t more = due(w, i, at);

			if (pairs && pairs + more > INPUTS_MAX) {
				status = associate(w, at, from, i);
				from = i;
				pairs = 0;
			}
			pairs += more;
		}
		if (pairs && status == RK_OK)
			status = associate(w, at, from, w->batch->row_count);
		if (status != RK_OK)
			take_back(w, at, from, w->batch->row_count, NULL);
	}
	return status;
}

/* ---- Reading ----------------------------------------------------------------------- */

static int
value_order(const void *a, const void *b)
{
	struct rk_text x = ((const struct rk_value *)a)->text;
	struct rk_text y = ((const struct rk_value *)b)->text;

	return x.len != y.len ? (x.len > y.len) - (x.len < y.len)
	                      : memcmp(x.ptr, y.ptr, x.len);
}

static int
has_type(const cJSON *item, int64_t type)
{
	int64_t one;

	rk_json_each(label, rk_json_get(item, "associationTypes"))
		if (rk_json_int(rk_json_get(label, "typeId"), &one) && one == type)
			return 1;
	return 0;
}

/* Adds the ids that a field is about to its value, in order and each once: a label
 * beside "no label" makes two.  A single reference has the last of them. */
static void
add_ids(const struct rk_listing *l, uint64_t at, struct rk_value *value, const cJSON *list)
{
	const struct rk_field *field = &l->query->fields[at];
	int64_t type = type_of(l->query->object, field);
	uint64_t most = value->count + rk_json_count(list), kept = 0;
	struct rk_value *items = l->host->alloc(l->host, (most + 1) * sizeof *items);

	for (uint64_t i = 0; i < value->count; i++)
		items[i] = value->items[i];
	rk_json_each(item, list) {
		struct rk_text id = rk_json_str(l->host, item, "toObjectId");

		if (id.len == 0 || (type && !has_type(item, type)))
			continue;
		items[value->count] = rk_value_of(RK_REF, id);
		items[value->count++].object = other_object(field);
	}
	qsort(items, value->count, sizeof *items, value_order);
	for (uint64_t i = 0; i < value->count; i++)
		if (kept == 0 || value_order(&items[kept - 1], &items[i]))
			items[kept++] = items[i];
	if (kept == 0)
		return;
	*value = rk_text_is(label_of(field), &PRIMARY[1]) ? items[kept - 1]
	       : (struct rk_value){ .type = RK_REFS, .items = items, .count = kept };
}

static int32_t
check_errors(const struct rk_listing *l, const cJSON *errors)
{
	rk_json_each(error, errors)
		if (!rk_text_find(rk_json_str(l->host, error, "subCategory"),
		                  "NO_ASSOCIATIONS_FOUND"))
			return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
			               "associations: %.*s",
			               RK_S(hubspot_read_fault(l->host, error).message));
	return RK_OK;
}

static struct rk_value *
values_of(const struct rk_listing *l, uint64_t at)
{
	return (struct rk_value *)(uintptr_t)l->records[at].values;
}

/* Takes one answer about the object of field 'at'; '*more' are the inputs of the next call, where a record has more
 * associations than an answer tells. */
static int32_t
take_links(const struct rk_listing *l, uint64_t at, const cJSON *root,
           struct rk_json_out *more)
{
	rk_json_each(result, rk_json_get(root, "results")) {
		const cJSON *from = rk_json_get(result, "from");
		struct rk_text id = rk_json_str(l->host, from, "id");
		struct rk_text after = rk_json_str(l->host,
		        rk_json_get2(result, "paging", "next"), "after");
		uint64_t i = rk_listing_place(l, id);

		if (i == l->page->record_count)
			continue;
		for (uint64_t j = at; j < l->query->field_count; j++)
			if (meet(&l->query->fields[at], &l->query->fields[j]))
				add_ids(l, j, &values_of(l, i)[j], rk_json_get(result, "to"));
		if (after.len == 0)
			continue;
		rk_put_open(more, '{');
		rk_put_pair(more, "id", id);
		rk_put_pair(more, "after", after);
		rk_put_close(more, '}');
	}
	return check_errors(l, rk_json_get(root, "errors"));
}

/* All references to the object of field 'at' of the records from 'from' to 'end', page by
 * page. */
static int32_t
read_links(const struct rk_listing *l, uint64_t at, uint64_t from, uint64_t end)
{
	struct rk_json_out inputs;

	rk_json_begin(&inputs, l->host, 4096, HUBSPOT_BODY_MAX);
	for (uint64_t i = from; i < end; i++)
		rk_put_named(&inputs, "id", l->records[i].id);
	for (unsigned page = 0; inputs.len && page < PAGES_MAX; page++) {
		struct rk_call call = associations_call(l->host, l->query->object,
		        &l->query->fields[at], "/batch/read");
		struct rk_json_out body;
		struct rk_answer answer;
		int32_t status;

		rk_json_begin(&body, l->host, inputs.len + 32, HUBSPOT_BODY_MAX);
		rk_putf(&body, "{\"inputs\":[");
		rk_put_bytes(&body, inputs.buf, inputs.len);
		rk_putf(&body, "]}");
		status = rk_json_end(&body, &call.body, l->err);
		if (status == RK_OK)
			status = rk_ask_read(l->host, &call, &answer, l->err);
		rk_json_begin(&inputs, l->host, 256, HUBSPOT_BODY_MAX);
		if (status == RK_OK)
			status = take_links(l, at, answer.root, &inputs);
		if (status != RK_OK)
			return status;
	}
	return inputs.len == 0 ? RK_OK
	     : rk_fail_bug(l->err, "associations do not end");
}

int32_t
hubspot_read_associations(struct rk_listing *l)
{
	const struct rk_query *query = l->query;
	uint64_t count = l->page->record_count;
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < count; i++)
		for (uint64_t at = 0; at < query->field_count; at++)
			if (is_association(&query->fields[at]))
				values_of(l, i)[at].type = RK_NULL;
	for (uint64_t at = 0; at < query->field_count; at++)
		for (uint64_t i = 0; i < count && status == RK_OK &&
		     leads(query->fields, at); i += INPUTS_MAX)
			status = read_links(l, at, i, count - i < INPUTS_MAX
			                              ? count : i + INPUTS_MAX);
	return status;
}
