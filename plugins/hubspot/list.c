/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: everything, a window of changes, ids, or values of a
 * property.  Each call goes on from its token alone.  Search, HubSpot's only way to ask
 * for changes, goes in keyset order of ids: its own paging ends at 10,000 records.
 * Called through the table of hubspot.c. */
#include "hubspot.h"

#define LIST_MAX    100u       /* Records of a listing page. */
#define SEARCH_MAX  200u       /* Records of a search page. */
#define IDS_MAX     1000u      /* Ids of one page, ten batch calls. */
#define URL_MAX     5000u      /* URLs broke between 8 and 16 KB; half of it. */
#define SEARCH_BODY 3000u      /* Longest search body, in characters. */
#define VALUES_BODY 1800u      /* What the values may have of it. */
#define HINTS_MAX   4u         /* Of the 6 filters of a group, two are ours. */

#define MERGED_MAX  5000u      /* Losers of merges, told with one page. */
#define MERGED_IDS  "hs_merged_object_ids"

#define BY_IDS      'I'        /* The kinds of our tokens. */
#define BY_LISTING  'L'
#define BY_SEARCH   'S'

/* Reads one record in one pass over its properties.
 *
 * Shape:  {"id":"51","properties":{name: text or null},"updatedAt":time,
 *         "archived":bool,"url":"..."} */
static int32_t
read_record(struct rk_listing *l, const cJSON *item)
{
	const char *modified = hubspot_modified_name(l->query->object);
	const cJSON *properties = rk_json_get(item, "properties");
	struct rk_record *record = rk_listing_add(l, properties);

	record->id = rk_json_str(l->host, item, "id");
	record->version = rk_json_str(l->host, item, "updatedAt");
	record->link = rk_json_str(l->host, item, "url");
	/* Whom it took over, for tell_merged(). */
	if (l->query->mode == RK_BY_WINDOW)
		record->merged_into = rk_json_str(l->host, properties, MERGED_IDS);
	if (rk_json_true(item, "archived"))
		record->flags |= RK_RECORD_DELETED;
	if (!rk_time_parse(rk_json_str(l->host, properties, modified),
	                   &record->modified_ms))
		rk_time_parse(record->version, &record->modified_ms);
	return RK_OK;
}

/* Adds a found record, unless it lies outside of the window that was asked for: seen
 * live near "now". */
static int32_t
read_found(struct rk_listing *l, const cJSON *item)
{
	int32_t status = read_record(l, item);

	if (status == RK_OK)
		status = rk_listing_advance(l, l->records[l->page->record_count - 1].id);
	if (status == RK_OK)
		rk_listing_trim(l);
	return status;
}

/* The properties to ask for: those that we need ourselves, and all wanted ones. */
static uint64_t
property_names(const struct rk_listing *l, struct rk_text **names)
{
	struct rk_text needed[] = { rk_z(hubspot_modified_name(l->query->object)),
	                            rk_z(MERGED_IDS) };
	uint64_t own = l->query->mode == RK_BY_WINDOW ? 2 : 1, kept = own;
	uint64_t count = rk_listing_names(l, needed, own, names);

	for (uint64_t i = own; i < count; i++)
		if (!hubspot_is_association((*names)[i]))
			(*names)[kept++] = (*names)[i];
	return kept;
}

/* "properties":[...]: all of them, or those alone that we need. */
static void
put_properties(struct rk_json_out *out, const struct rk_listing *l, int all)
{
	struct rk_text *names;
	uint64_t count = property_names(l, &names);

	rk_put_texts(out, "properties", names,
	             all ? count : l->query->mode == RK_BY_WINDOW ? 2 : 1);
}

/* ---- By id ------------------------------------------------------------------------ */

/* Errors of a batch read other than "not found" would hide records, and so would a
 * silent gap: an e-mail may be of nobody, an id that is told was one. */
static int32_t
check_found(struct rk_listing *l, const cJSON *root, uint64_t missing)
{
	rk_json_each(error, rk_json_get(root, "errors"))
		if (!rk_text_is(rk_json_str(l->host, error, "category"),
		                "OBJECT_NOT_FOUND"))
			return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
			               "batch read: %.*s",
			               RK_S(hubspot_read_fault(l->host, error).message));
	if (missing && rk_json_count(rk_json_get(root, "errors")) == 0)
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
		               "batch read: %llu records are not told",
		               (unsigned long long)missing);
	return RK_OK;
}

/* Reads up to HUBSPOT_BATCH_MAX records by id, or by the unique property of the query,
 * and adds them to the page.  What is not there is left out.
 *
 * Source: POST /crm/objects/{V}/{object}/batch/read; 207 tells missing ids. */
static int32_t
batch_read(struct rk_listing *l, const struct rk_text *ids, uint64_t count)
{
	int by_key = l->at.kind == BY_IDS && l->query->mode == RK_BY_FIELD;
	struct rk_call call = hubspot_call(l->host, "POST", "crm/objects",
	                                   l->query->object,
	                                   "/batch/read?archived=false");
	uint64_t before = l->page->record_count;
	struct rk_json_out out;
	struct rk_answer answer;
	int32_t status;

	rk_json_begin(&out, l->host, 4096, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	put_properties(&out, l, 1);
	rk_put_name(&out, "propertiesWithHistory");
	rk_put_raw(&out, rk_z("[]"));
	if (by_key)
		rk_put_pair(&out, "idProperty", l->query->field);
	rk_put_enter(&out, "inputs", '[');
	for (uint64_t i = 0; i < count; i++)
		rk_put_named(&out, "id", ids[i]);
	rk_put_ends(&out, "]}");
	status = rk_json_end(&out, &call.body, l->err);
	if (status == RK_OK)
		status = rk_listing_ask(l, &call, "results", count, read_record, &answer);
	if (status != RK_OK)
		return status;
	return check_found(l, answer.root,
	                   by_key ? 0 : count - (l->page->record_count - before));
}

static int32_t
read_again(struct rk_listing *l)
{
	return rk_listing_again(l, HUBSPOT_BATCH_MAX, batch_read);
}

static int32_t
list_ids(struct rk_listing *l)
{
	rk_listing_more(l, 0);
	return rk_listing_ids(l, l->values, l->value_count, HUBSPOT_BATCH_MAX, batch_read);
}

/* ---- Everything ------------------------------------------------------------------ */

/* What follows the object in the address of a listing page.  All wanted names go into
 * it while it stays short; *slim says that they did not. */
static const char *
listing_rest(struct rk_listing *l, int *slim)
{
	struct rk_text after = rk_url_text(l->host, l->at.note), *names;
	uint64_t count = property_names(l, &names), bare = 0;
	struct rk_json_out out;

	rk_json_begin(&out, l->host, 1024, HUBSPOT_BODY_MAX);
	rk_putf(&out, "?limit=%llu%s%.*s&archived=false&properties=",
	        (unsigned long long)l->limit, after.len ? "&after=" : "", RK_S(after));
	for (uint64_t i = 0; i < count; i++) {
		rk_putf(&out, "%s%.*s", i ? "," : "",
		        RK_S(rk_url_text(l->host, names[i])));
		bare = i < 2 ? out.len : bare;
	}
	*slim = out.len > URL_MAX;
	return rk_textf(l->host, "%.*s", (int)(*slim ? bare : out.len), out.buf).ptr;
}

/* How many there are, for who waits for the end; a listing does not tell it, and goes on
 * without it. */
static void
ask_total(struct rk_listing *l)
{
	struct rk_call call = hubspot_call(l->host, "POST", "crm/objects",
	                                   l->query->object, "/search");
	struct rk_answer answer;
	const cJSON *results;
	struct rk_err aside = { .struct_size = sizeof aside };

	call.body = rk_z("{\"filterGroups\":[],\"properties\":[],\"limit\":1}");
	if (rk_ask_list(l->host, &call, "results", &answer, &results, &aside) == RK_OK)
		rk_listing_total(l, rk_json_get(answer.root, "total"));
}

/* One page of everything.  No times here: what changes meanwhile is found by the
 * search that follows, from the first answer's clock on. */
static int32_t
list_all(struct rk_listing *l)
{
	int slim;
	struct rk_call call = hubspot_call(l->host, "GET", "crm/objects",
	                                   l->query->object, listing_rest(l, &slim));
	struct rk_answer answer;
	struct rk_text after;
	int32_t status = rk_listing_ask(l, &call, "results", l->limit, read_record,
	                                &answer);

	if (status != RK_OK)
		return status;
	after = rk_json_str(l->host, rk_json_get2(answer.root, "paging", "next"),
	                    "after");
	rk_listing_more(l, after.len != 0);
	if (after.len && rk_listing_is_first(l))
		ask_total(l);
	if (after.len)
		status = rk_listing_follow(l, after);
	return status == RK_OK && slim ? read_again(l) : status;
}

/* ---- Search ---------------------------------------------------------------------- */

/* The window's own filter; a filter at the epoch itself was answered 500 (seen). */
static void
put_window(struct rk_json_out *out, const struct rk_listing *l)
{
	const char *modified = hubspot_modified_name(l->query->object);
	int64_t since = l->query->since_ms < 1000 ? 1000 : l->query->since_ms;

	rk_putf(out, "{\"propertyName\":\"%s\",\"operator\":\"%s\",\"value\":\"%lld\"",
	        modified, l->at.until_ms == RK_NO_TIME ? "GTE" : "BETWEEN",
	        (long long)since);
	if (l->at.until_ms != RK_NO_TIME)
		rk_putf(out, ",\"highValue\":\"%lld\"", (long long)l->at.until_ms - 1);
	rk_putf(out, "}");
}

/* Enumerations compare with case; strings only match in lower case (both as
 * documented for IN). */
static void
put_values(struct rk_json_out *out, const struct rk_listing *l)
{
	const struct rk_query *query = l->query;
	const struct rk_field *field = rk_query_field(query, query->field);
	int exact = field && (field->type == RK_CHOICE || field->type == RK_CHOICES);

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", query->field);
	rk_put_pair(out, "operator", rk_z("IN"));
	rk_put_enter(out, "values", '[');
	for (uint64_t i = 0; i < l->value_count; i++)
		rk_put_text(out, exact ? l->values[i]
		                       : rk_text_lower(l->host, l->values[i]));
	rk_put_ends(out, "]}");
}

/* Whether a search means what the hint says, of those that the manifest declares.  What the
 * CRM computes itself may be old in its index, and no change will tell; who has nothing is
 * not asked for. */
static int
is_hinted(const struct rk_query *query, const struct rk_hint *hint)
{
	const struct rk_field *field = rk_query_field(query, hint->field);

	return field && field->flags & RK_FIELD_WRITABLE &&
	       (field->type == RK_CHOICE || field->type == RK_DECIMAL) &&
	       hint->test != RK_HINT_EMPTY;
}

/* {"propertyName":"stage","operator":"IN","values":["lead"]} */
static void
put_hint(struct rk_json_out *out, const struct rk_hint *hint)
{
	static const char *const operators[] = { "IN", "LTE", "GTE", "", "HAS_PROPERTY" };

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", hint->field);
	rk_put_pair(out, "operator", rk_z(operators[hint->test]));
	if (hint->test == RK_HINT_IN)
		rk_put_texts(out, "values", hint->values, hint->value_count);
	else if (hint->value_count > 0)
		rk_put_pair(out, "value", hint->values[0]);
	rk_put_close(out, '}');
}

/* As many filters as a group and its body have room for. */
static void
put_hints(struct rk_json_out *out, const struct rk_query *query)
{
	uint64_t count = 0, start = out->len;

	for (uint64_t i = 0; i < rk_hint_count(query) && count < HINTS_MAX; i++) {
		uint64_t before = out->len;

		if (!is_hinted(query, &query->hints[i]))
			continue;
		put_hint(out, &query->hints[i]);
		if (out->len - start > VALUES_BODY)
			out->len = before;
		else
			count++;
	}
}

/* A search body: the window and what it is narrowed by, or the next values, above the last id, in order of id. */
static struct rk_text
search_body(struct rk_listing *l, int all)
{
	struct rk_json_out out;

	rk_json_begin(&out, l->host, 4096, HUBSPOT_BODY_MAX);
	rk_putf(&out, "{\"filterGroups\":[{\"filters\":[");
	if (l->query->mode == RK_BY_FIELD)
		put_values(&out, l);
	else
		put_window(&out, l);
	out.comma = 1;
	put_hints(&out, l->query);
	rk_putf(&out, ",{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\","
	              "\"value\":\"%lld\"}]}],\"sorts\":[{\"propertyName\":"
	              "\"hs_object_id\",\"direction\":\"ASCENDING\"}],",
	        (long long)l->at.last_id);
	out.comma = 0;
	put_properties(&out, l, all);
	rk_putf(&out, ",\"limit\":%llu}", (unsigned long long)l->limit);
	return rk_text_of(out.buf, out.len);
}

static int32_t
list_search(struct rk_listing *l)
{
	struct rk_call call = hubspot_call(l->host, "POST", "crm/objects",
	                                   l->query->object, "/search");
	struct rk_answer answer;
	const cJSON *results, *next;
	int32_t status;
	int slim;

	call.body = search_body(l, 1);
	slim = call.body.len > SEARCH_BODY;
	if (slim)
		call.body = search_body(l, 0);
	status = rk_listing_ask(l, &call, "results", l->limit, read_found, &answer);
	if (status != RK_OK)
		return status;
	results = rk_json_get(answer.root, "results");
	next = rk_json_get2(answer.root, "paging", "next");
	if (next && !results->child)    /* Taken for the end, it would hide them. */
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER, "search promises more "
		               "records and tells none");
	rk_listing_total(l, rk_json_get(answer.root, "total"));
	rk_listing_more(l, rk_json_count(results) == l->limit || next);
	return slim ? read_again(l) : RK_OK;
}

/* ---- Merges ---------------------------------------------------------------------- */

/* Who loses a merge is gone without a word; the survivor names all whom it took over, with
 * each of its changes.  Each of them becomes a record behind those of the page. */
static void
tell_merged(const struct rk_host *host, uint64_t field_count, struct rk_page *page)
{
	uint64_t count = page->record_count, found = 0;
	struct rk_record *records;

	for (uint64_t i = 0; i < count; i++)
		found += page->records[i].merged_into.len;
	if (found == 0)
		return;
	records = host->alloc(host, (count + MERGED_MAX) * sizeof *records);
	memcpy(records, page->records, count * sizeof *records);
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text list = records[i].merged_into;

		records[i].merged_into = rk_z("");
		while (list.len && page->record_count < count + MERGED_MAX) {
			struct rk_record *loser = &records[page->record_count];

			memset(loser, 0, sizeof *loser);
			loser->id = rk_text_next(&list, ';');
			loser->modified_ms = records[i].modified_ms;
			loser->flags = RK_RECORD_MERGED;
			loser->merged_into = records[i].id;
			loser->values = host->alloc(host, (field_count + 1) *
			                                  sizeof *loser->values);
			page->record_count += loser->id.len != 0;
		}
	}
	page->records = records;
}

static const struct rk_way
	by_ids = { .kind = BY_IDS, .most = IDS_MAX, .read = list_ids },
	by_listing = { .kind = BY_LISTING, .most = LIST_MAX, .read = list_all },
	by_search = { .kind = BY_SEARCH, .most = SEARCH_MAX, .read = list_search,
	              .values = HUBSPOT_BATCH_MAX, .bytes = VALUES_BODY };

/* A listing of everything goes by search if that is asked for less; begun so it ends so. */
static int
is_narrowed(const struct rk_query *query)
{
	for (uint64_t i = 0; i < rk_hint_count(query); i++)
		if (is_hinted(query, &query->hints[i]))
			return 1;
	return query->token.len && query->token.ptr[0] == BY_SEARCH;
}

static const struct rk_way *
way_of(const struct rk_query *query)
{
	const struct rk_field *field = rk_query_field(query, query->field);

	if (query->mode == RK_BY_WINDOW)
		return query->since_ms == RK_NO_TIME && !is_narrowed(query) ? &by_listing
		                                                            : &by_search;
	if (query->mode == RK_BY_IDS || (field && field->flags & RK_FIELD_KEY) ||
	    (hubspot_is_contacts(query->object) && rk_text_is(query->field, "email")))
		return &by_ids;
	return &by_search;
}

int32_t
hubspot_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	struct rk_listing l = rk_listing_of(conn->host, query, page, err, rk_value_plain);
	struct rk_text lag = conn->host->setting(conn->host, "index_lag");
	int32_t status = rk_list_by(&l, way_of(query), 1, rk_duration_ms(lag, 60000));

	if (status == RK_OK)
		status = hubspot_read_associations(&l);
	if (status == RK_OK)
		tell_merged(conn->host, query->field_count, page);
	return status;
}
