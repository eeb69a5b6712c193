/* SPDX-License-Identifier: Apache-2.0
 *
 * search.c - the search call, HubSpot's only way to ask for changes: by window or by
 * values of a property, in keyset order of ids.  Called by list.c. */
#include <ctype.h>

#include "list.h"

#define SEARCH_BODY 3000u      /* Longest search body, in characters. */

static void
put_filter(struct rk_json_out *out, const char *name, const char *operator, int64_t value,
           int64_t high)
{
	const struct rk_host *host = out->host;

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", rk_z(name));
	rk_put_pair(out, "operator", rk_z(operator));
	rk_put_pair(out, "value", rk_textf(host, "%lld", (long long)value));
	if (high != RK_NO_TIME)
		rk_put_pair(out, "highValue", rk_textf(host, "%lld", (long long)high));
	rk_put_close(out, '}');
}

/* The window's own filter; a filter at the epoch itself was answered 500 (seen). */
static void
put_window(struct rk_json_out *out, const struct listing *l)
{
	int64_t since = l->query->since_ms < 1000 ? 1000 : l->query->since_ms;
	int64_t until = l->at.until_ms;

	if (until == RK_NO_TIME)
		put_filter(out, l->modified, "GTE", since, RK_NO_TIME);
	else
		put_filter(out, l->modified, "BETWEEN", since, until - 1);
}

/* Enumerations compare with case; strings only match in lower case (both as
 * documented for IN). */
static void
put_values(struct rk_json_out *out, const struct listing *l, uint64_t from,
           uint64_t count)
{
	const struct rk_query *query = l->query;
	const struct rk_field *field = rk_field_find(query->fields, query->field_count,
	                                             query->field);
	int exact = field && (field->type == RK_CHOICE || field->type == RK_CHOICES);

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", query->field);
	rk_put_pair(out, "operator", rk_z("IN"));
	rk_put_name(out, "values");
	rk_put_open(out, '[');
	for (uint64_t i = from; i < from + count; i++) {
		struct rk_text value = query->values[i];
		char *lower = l->host->alloc(l->host, value.len + 1);

		for (uint64_t j = 0; j < value.len; j++)
			lower[j] = (char)(exact || (unsigned char)value.ptr[j] >= 0x80
			         ? value.ptr[j] : tolower((unsigned char)value.ptr[j]));
		rk_put_text(out, rk_text_of(lower, value.len));
	}
	rk_put_close(out, ']');
	rk_put_close(out, '}');
}

/* A search body: the window or 'count' values, above the last id, in order of id.
 * Keyset paging: 'after' would end at 10,000 records. */
static struct rk_text
search_body(struct listing *l, uint64_t values, uint64_t limit, int all)
{
	struct rk_json_out out;

	rk_json_begin(&out, l->host, 4096, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "filterGroups");
	rk_put_raw(&out, rk_z("[{\"filters\":["));
	out.comma = 0;
	if (l->query->mode == RK_BY_FIELD)
		put_values(&out, l, (uint64_t)l->at.offset, values);
	else
		put_window(&out, l);
	put_filter(&out, "hs_object_id", "GT", l->at.last_id, RK_NO_TIME);
	rk_put_bytes(&out, "]}]", 3);
	rk_put_name(&out, "sorts");
	rk_put_raw(&out, rk_z("[{\"propertyName\":\"hs_object_id\","
	                      "\"direction\":\"ASCENDING\"}]"));
	listing_put_properties(&out, l, all);
	rk_put_name(&out, "limit");
	rk_put_int(&out, (int64_t)limit);
	rk_put_close(&out, '}');
	return rk_text_of(out.buf, out.len);
}

/* Seen live near "now": records outside of the window that was asked for. */
static int
in_window(const struct listing *l, const struct rk_record *record)
{
	if (l->query->mode != RK_BY_WINDOW || record->modified_ms == RK_NO_TIME)
		return 1;
	return record->modified_ms >= l->query->since_ms &&
	       (l->at.until_ms == RK_NO_TIME || record->modified_ms < l->at.until_ms);
}

/* Adds the found records that lie in the window; moves the last id on. */
static int32_t
read_found(struct listing *l, const cJSON *results)
{
	int32_t status;
	int64_t id;

	rk_json_each(item, results) {
		struct rk_record *record = &l->records[l->count];

		memset(record, 0, sizeof *record);
		status = listing_read_record(l, item, record);
		if (status != RK_OK)
			return status;
		if (!rk_text_int(record->id, &id) || id <= l->at.last_id)
			return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
			               "search: id \"%.*s\" does not follow %lld",
			               RK_S(record->id), (long long)l->at.last_id);
		l->at.last_id = id;
		if (in_window(l, record))
			l->count++;
	}
	return RK_OK;
}

/* One search call.  *full tells that more may match. */
int32_t
listing_search(struct listing *l, uint64_t values, int *full)
{
	struct call call = { .method = "POST", .object = l->query->object, .search = 1 };
	uint64_t limit = listing_limit(l->query, SEARCH_MAX);
	struct rk_answer answer;
	const cJSON *results;
	int32_t status;
	int slim;

	call.path = hubspot_crm_path(l->host, "objects", l->query->object, "/search");
	call.body = search_body(l, values, limit, 1);
	slim = call.body.len > SEARCH_BODY;
	if (slim)
		call.body = search_body(l, values, limit, 0);
	status = hubspot_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = listing_results(l, &answer, &results);
	if (status != RK_OK)
		return status;
	listing_clock(l, &answer);
	if (l->at.until_ms == RK_NO_TIME)
		l->at.until_ms = l->at.source_ms;
	status = read_found(l, results);
	*full = rk_json_count(results) >= limit ||
	        (results->child &&
	         rk_json_get(rk_json_get(answer.root, "paging"), "next"));
	return status == RK_OK && slim && l->count ? listing_reread(l) : status;
}
