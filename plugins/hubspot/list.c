/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - pages of records: everything, a window of changes, ids, or values of a
 * property.  Each call goes on from its token alone.  Searching is in search.c.
 * Called through the table of hubspot.c. */
#include "list.h"

#define LIST_MAX  100u         /* Records of one page, unless asked otherwise. */
#define URL_MAX   5000u        /* URLs broke between 8 and 16 KB; half of it. */
#define AFTER_MAX 1000u        /* Longest page token that we carry. */

static struct rk_text
cursor_text(const struct rk_host *host, const struct cursor *c)
{
	return rk_textf(host, "%c1 %lld %lld %lld %lld %lld %lld %llx %.*s", c->kind,
	                (long long)c->source_ms, (long long)c->until_ms,
	                (long long)c->last_id, (long long)c->offset, (long long)c->steps,
	                (long long)c->power, (unsigned long long)c->mark, RK_S(c->after));
}

static int
cursor_parse(const struct rk_host *host, struct rk_text token, struct cursor *c)
{
	struct rk_text text = rk_textf(host, "%.*s", RK_S(token));
	long long n[6];
	unsigned long long mark;
	int end = 0;

	if (sscanf(text.ptr, "%c1 %lld %lld %lld %lld %lld %lld %llx%n", &c->kind, &n[0],
	           &n[1], &n[2], &n[3], &n[4], &n[5], &mark, &end) != 8 || !end ||
	    text.ptr[end] != ' ')
		return 0;
	c->source_ms = n[0];
	c->until_ms = n[1];
	c->last_id = n[2];
	c->offset = n[3];
	c->steps = n[4];
	c->power = n[5];
	c->mark = mark;
	c->after = rk_z(text.ptr + end + 1);
	return c->offset >= 0;
}

/* Goes on to the page token 'after'.  Brent's rule: a mark that moves at every
 * power of two meets any loop of tokens, with no memory but the token itself. */
static int32_t
advance(struct cursor *c, struct rk_text after, struct rk_err *err)
{
	uint64_t hash = rk_hash(after.ptr, after.len);

	if (after.len > AFTER_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG,
		               "listing: a page token of %llu bytes",
		               (unsigned long long)after.len);
	if (rk_text_eq(after, c->after) || (c->steps && hash == c->mark))
		return rk_fail(err, RK_BUG, RK_CAT_BUG,
		               "listing: the page token \"%.*s\" came back, a loop",
		               RK_S(after));
	if (c->steps++ == c->power) {
		c->mark = hash;
		c->power = c->power * 2 + 1;
	}
	c->after = after;
	return RK_OK;
}

static uint64_t
lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t
listing_limit(const struct rk_query *query, uint64_t most)
{
	return query->limit ? lesser(query->limit, most) : LIST_MAX;
}

/* Reads one record of an answer into 'record'; one pass over its properties.
 *
 * Shape:  {"id":"51","properties":{name: text or null},"updatedAt":time,
 *         "archived":bool,"url":"..."}
 * Errors: RK_BUG if it has no id. */
int32_t
listing_read_record(struct listing *l, const cJSON *item, struct rk_record *record)
{
	const struct rk_host *host = l->host;
	const struct rk_query *query = l->query;
	struct rk_value *values = host->alloc(host,
	                          (query->field_count + 1) * sizeof *values);
	int64_t slot;

	record->id = rk_json_str(host, item, "id");
	if (record->id.len == 0)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "a record has no \"id\"");
	record->version = rk_json_str(host, item, "updatedAt");
	record->link = rk_json_str(host, item, "url");
	record->values = values;
	record->modified_ms = RK_NO_TIME;
	if (rk_json_bool(rk_json_get(item, "archived"), 0))
		record->flags |= RK_RECORD_DELETED;
	rk_json_each(property, rk_json_get(item, "properties")) {
		slot = rk_columns_find(&l->columns, property->string,
		                       strlen(property->string));
		if (slot >= 0)
			values[slot] = hubspot_read_value(host, &query->fields[slot],
			                                  property);
		if (strcmp(property->string, l->modified) == 0)
			rk_time_parse(rk_json_text(host, property, NULL),
			              &record->modified_ms);
	}
	if (record->modified_ms == RK_NO_TIME)
		rk_time_parse(record->version, &record->modified_ms);
	return RK_OK;
}

void
listing_put_properties(struct rk_json_out *out, const struct listing *l, int all)
{
	rk_put_name(out, "properties");
	rk_put_open(out, '[');
	rk_put_text(out, rk_z(l->modified));
	for (uint64_t i = 0; all && i < l->query->field_count; i++)
		if (!rk_text_is(l->query->fields[i].name, l->modified))
			rk_put_text(out, l->query->fields[i].name);
	rk_put_close(out, ']');
}

int32_t
listing_results(struct listing *l, const struct rk_answer *answer, const cJSON **results)
{
	*results = rk_json_get(answer->root, "results");
	if (!rk_json_is(*results, cJSON_Array))
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "no list \"results\"");
	if (rk_json_count(*results) > SEARCH_MAX)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "more records than asked for");
	return RK_OK;
}

/* Errors of a batch read other than "not found" would hide records. */
static int32_t
check_read_errors(struct listing *l, const struct rk_answer *answer, uint64_t asked)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	uint64_t found = rk_json_count(rk_json_get(answer->root, "results"));

	rk_json_each(error, errors) {
		struct fault fault = hubspot_read_fault(l->host, error);

		if (!rk_text_is(fault.category, "OBJECT_NOT_FOUND"))
			return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
			               "batch read: %.*s", RK_S(fault.message));
	}
	if (found < asked && !(errors && errors->child))
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
		               "batch read: %llu of %llu records told",
		               (unsigned long long)found, (unsigned long long)asked);
	return RK_OK;
}

void
listing_clock(struct listing *l, const struct rk_answer *answer)
{
	if (l->at.source_ms == RK_NO_TIME && answer->reply.date_ms >= 0)
		l->at.source_ms = answer->reply.date_ms;
}

static int32_t
batch_read_body(const struct listing *l, const struct rk_text *ids, uint64_t count,
                struct rk_text key, struct rk_text *body)
{
	struct rk_json_out out;

	rk_json_begin(&out, l->host, 4096, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	listing_put_properties(&out, l, 1);
	rk_put_name(&out, "propertiesWithHistory");
	rk_put_raw(&out, rk_z("[]"));
	if (key.len)
		rk_put_pair(&out, "idProperty", key);
	rk_put_name(&out, "inputs");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < count; i++) {
		rk_put_open(&out, '{');
		rk_put_pair(&out, "id", ids[i]);
		rk_put_close(&out, '}');
	}
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	return rk_json_end(&out, body, l->err);
}

/* Reads up to HUBSPOT_BATCH_MAX records by id, or by the unique property 'key', and
 * adds them to the page.  What is not there is left out.
 *
 * Source: POST /crm/objects/{V}/{object}/batch/read; 207 tells missing ids. */
static int32_t
batch_read(struct listing *l, const struct rk_text *ids, uint64_t count,
           struct rk_text key)
{
	struct call call = { .method = "POST", .object = l->query->object };
	struct rk_answer answer;
	const cJSON *results;
	int32_t status = batch_read_body(l, ids, count, key, &call.body);

	call.path = hubspot_crm_path(l->host, "objects", l->query->object,
	                             "/batch/read?archived=false");
	if (status == RK_OK)
		status = hubspot_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = listing_results(l, &answer, &results);
	if (status == RK_OK && rk_json_count(results) > count)
		status = rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		                 "more records than asked for");
	if (status == RK_OK)
		status = check_read_errors(l, &answer, key.len ? 0 : count);
	if (status != RK_OK)
		return status;
	listing_clock(l, &answer);
	rk_json_each(item, results) {
		status = listing_read_record(l, item, &l->records[l->count++]);
		if (status != RK_OK)
			return status;
	}
	return RK_OK;
}

/* Replaces records read with few properties by the same with all of them. */
int32_t
listing_reread(struct listing *l)
{
	uint64_t count = l->count;
	struct rk_text *ids = l->host->alloc(l->host, (count + 1) * sizeof *ids);
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < count; i++)
		ids[i] = l->records[i].id;
	memset(l->records, 0, count * sizeof *l->records);
	l->count = 0;
	for (uint64_t i = 0; i < count && status == RK_OK; i += HUBSPOT_BATCH_MAX)
		status = batch_read(l, ids + i, lesser(count - i, HUBSPOT_BATCH_MAX),
		                    rk_z(""));
	return status;
}

/* The path of a listing page.  All wanted names go into the URL while it stays
 * short; *slim says that they did not. */
static struct rk_text
listing_path(struct listing *l, uint64_t limit, int *slim)
{
	const struct rk_host *host = l->host;
	struct rk_text path = hubspot_crm_path(host, "objects", l->query->object, "");
	struct rk_text after = rk_url_text(host, l->at.after);
	uint64_t room = path.len + after.len + 64 + strlen(l->modified);
	char *names;
	uint64_t len = 0;

	for (uint64_t i = 0; i < l->query->field_count; i++)
		room += rk_url_text(host, l->query->fields[i].name).len + 1;
	*slim = room > URL_MAX;
	names = host->alloc(host, room);
	for (uint64_t i = 0; !*slim && i < l->query->field_count; i++) {
		struct rk_text name = rk_url_text(host, l->query->fields[i].name);

		if (rk_text_is(name, l->modified))
			continue;
		names[len++] = ',';
		memcpy(names + len, name.ptr, name.len);
		len += name.len;
	}
	return rk_textf(host, "%s?limit=%llu%s%.*s&archived=false&properties=%s%s",
	                path.ptr, (unsigned long long)limit, after.len ? "&after=" : "",
	                RK_S(after), l->modified, names);
}

/* One page of everything.  No times here: what changes meanwhile is found by the
 * search that follows, from the first answer's clock on. */
static int32_t
list_all(struct listing *l)
{
	struct call call = { .method = "GET", .object = l->query->object };
	struct rk_answer answer;
	const cJSON *results;
	struct rk_text after;
	int slim;
	int32_t status;

	call.path = listing_path(l, listing_limit(l->query, LIST_MAX), &slim);
	status = hubspot_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = listing_results(l, &answer, &results);
	if (status != RK_OK)
		return status;
	listing_clock(l, &answer);
	rk_json_each(item, results) {
		status = listing_read_record(l, item, &l->records[l->count++]);
		if (status != RK_OK)
			return status;
	}
	after = rk_json_str(l->host,
	                    rk_json_get(rk_json_get(answer.root, "paging"), "next"),
	                    "after");
	l->page->more = after.len != 0;
	if (l->page->more)
		status = advance(&l->at, after, l->err);
	return status == RK_OK && slim && l->count ? listing_reread(l) : status;
}

static int32_t
list_window(struct listing *l)
{
	int full = 0;
	int32_t status = listing_search(l, 0, &full);

	l->page->more = (uint32_t)full;
	return status;
}

/* As many values as fit into a search body beside the rest. */
static uint64_t
values_that_fit(const struct listing *l)
{
	uint64_t bytes = 0, count = 0;

	for (uint64_t i = (uint64_t)l->at.offset; i < l->query->value_count;
	     i++, count++) {
		bytes += l->query->values[i].len + 3;
		if (count && (bytes > 1800 || count == HUBSPOT_BATCH_MAX))
			break;
	}
	return count;
}

static int32_t
list_values(struct listing *l)
{
	uint64_t count = values_that_fit(l);
	int full = 0;
	int32_t status = count ? listing_search(l, count, &full) : RK_OK;

	if (status != RK_OK)
		return status;
	if (!full) {
		l->at.offset += (int64_t)count;
		l->at.last_id = 0;
	}
	l->page->more = (uint64_t)l->at.offset < l->query->value_count;
	return RK_OK;
}

static int32_t
list_ids(struct listing *l)
{
	struct rk_text key = l->query->mode == RK_BY_FIELD ? l->query->field : rk_z("");
	uint64_t done = (uint64_t)l->at.offset, all = l->query->value_count;
	uint64_t end = done + listing_limit(l->query, IDS_MAX);
	int32_t status = RK_OK;

	for (end = end < all ? end : all; done < end && status == RK_OK;) {
		uint64_t count = lesser(end - done, HUBSPOT_BATCH_MAX);

		status = batch_read(l, l->query->values + done, count, key);
		done += count;
	}
	l->at.offset = (int64_t)done;
	l->page->more = done < all;
	return status;
}

static const struct { char kind; int32_t (*run)(struct listing *l); } ways[] = {
	{ BY_LISTING, list_all }, { BY_SEARCH, list_window }, { BY_IDS, list_ids },
	{ BY_VALUES, list_values },
};

static char
way_of(const struct rk_query *query)
{
	const struct rk_field *field = rk_field_find(query->fields, query->field_count,
	                                             query->field);

	if (query->mode == RK_BY_IDS)
		return BY_IDS;
	if (query->mode == RK_BY_WINDOW)
		return query->since_ms == RK_NO_TIME ? BY_LISTING : BY_SEARCH;
	if ((hubspot_is_contacts(query->object) && rk_text_is(query->field, "email")) ||
	    (field && field->flags & RK_FIELD_KEY))
		return BY_IDS;
	return BY_VALUES;
}

static void
finish_page(struct listing *l)
{
	int64_t lag = rk_duration_ms(l->host->setting(l->host, "index_lag"), 60000);

	l->page->records = l->records;
	l->page->record_count = l->count;
	l->page->token = l->page->more ? cursor_text(l->host, &l->at) : rk_z("");
	l->page->wait_ms = 0;
	l->page->source_time_ms = l->at.source_ms;
	l->page->safe_until_ms = l->at.source_ms == RK_NO_TIME ? RK_NO_TIME
	                       : l->at.source_ms - lag;
}

int32_t
hubspot_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct listing l = { .host = host, .query = query, .page = page, .err = err,
		.modified = hubspot_modified_name(query->object),
		.at = { .kind = way_of(query), .source_ms = RK_NO_TIME,
		        .until_ms = query->until_ms } };
	char kind = l.at.kind;
	int32_t status = RK_BUG;

	if (query->token.len &&
	    (!cursor_parse(host, query->token, &l.at) || l.at.kind != kind))
		return rk_fail(err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is not of this query");
	l.columns = rk_columns_make(host, query->fields, query->field_count);
	l.records = host->alloc(host, (SEARCH_MAX + listing_limit(query, IDS_MAX)) *
	                              sizeof *l.records);
	for (size_t i = 0; i < RK_COUNT(ways); i++)
		if (ways[i].kind == kind)
			status = ways[i].run(&l);
	if (status == RK_OK)
		finish_page(&l);
	return status;
}
