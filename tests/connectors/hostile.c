/* SPDX-License-Identifier: Apache-2.0
 *
 * hostile.c - a bundled connector with a hostile hand between it and the host: it does
 * its work, so that there is something to lose, and then crashes, hangs, reaches out
 * (deeds.h), or breaks the contract (below).  Built twice, over the connector of a
 * source and over that of a target.
 *
 * Which way it goes wrong stands in the file itself: whoever uses a copy writes one
 * name into the place that begins with "WAY=" (tests/scenarios.d/hostile.sh).  A source
 * goes wrong at the second page of a listing, a target in each batch, after the
 * records were written. */
#include "tests/connectors/deeds.h"

/* The build renames that of the bundled connector. */
extern const struct rk_connector honest_v1;
#undef renkei_connector_v1

static volatile const char way_bytes[] = "WAY=none....................";

struct rk_conn {
	int unused;                    /* The honest one's own. */
};

/* A call that was answered honestly and is about to go wrong. */
struct moment {
	const struct rk_query *query;
	struct rk_page *page;
	const struct rk_batch *batch;
	struct rk_result *result;
	struct rk_err *err;
};

typedef int32_t break_fn(struct moment *m);

static struct rk_text
the_way(void)
{
	static char name[sizeof way_bytes];
	uint64_t len = 0;
	for (size_t i = 4; way_bytes[i] != '.' && way_bytes[i] != '\0'; i++)
		name[len++] = way_bytes[i];
	return rk_text_of(name, len);
}

/* ---- A target ------------------------------------------------------------------ */

/* Two rows, one record. */
static int32_t
outcome_twice(struct moment *m)
{
	for (uint64_t i = 0; i < m->batch->row_count; i++) {
		m->result->outcomes[i].status = RK_CREATED;
		m->result->outcomes[i].id = m->result->outcomes[0].id;
	}
	return RK_OK;
}

static int32_t
outcome_missing(struct moment *m)
{
	memset(m->result->outcomes, 0, m->batch->row_count * sizeof *m->result->outcomes);
	return RK_OK;
}

static int32_t
outcome_out_of_range(struct moment *m)
{
	m->result->outcomes[0].status = 99;
	return RK_OK;
}

/* Archived, though it was to be created. */
static int32_t
outcome_of_another_kind(struct moment *m)
{
	m->result->outcomes[0].status = RK_ARCHIVED;
	return RK_OK;
}

static int32_t
no_status(struct moment *m)
{
	(void)m;
	return 99;
}

/* ---- A source -------------------------------------------------------------------- */

static struct rk_record *
copy_records(struct moment *m)
{
	uint64_t bytes = m->page->record_count * sizeof *m->page->records;
	struct rk_record *records = (struct rk_record *)deed_host->alloc(deed_host, bytes);
	memcpy(records, m->page->records, bytes);
	m->page->records = records;
	return records;
}

/* A, B, A, B ... */
static int32_t
cursor_goes_back(struct moment *m)
{
	static char first[4097];
	static uint64_t first_len;
	if (first_len == 0) {
		first_len = m->query->token.len;
		memcpy(first, m->query->token.ptr, first_len);
	}
	if (rk_text_eq(m->query->token, rk_text_of(first, first_len)))
		m->page->token = rk_z("again#back");
	else
		m->page->token = rk_text_of(first, first_len);
	m->page->more = 1;
	return RK_OK;
}

/* The same records below ever new tokens. */
static int32_t
page_repeats(struct moment *m)
{
	static unsigned count;
	m->page->token = rk_textf(deed_host, "%.*s#%u", 1000, "again", ++count);
	m->page->more = 1;
	return RK_OK;
}

static int32_t
record_without_id(struct moment *m)
{
	copy_records(m)->id.len = 0;
	return RK_OK;
}

static int32_t
id_twice(struct moment *m)
{
	struct rk_record *records = copy_records(m);
	records[1].id = records[0].id;
	return RK_OK;
}

static int32_t
token_over_size(struct moment *m)
{
	m->page->token = rk_text_of((char *)deed_host->alloc(deed_host, 5000), 5000);
	memset((char *)(uintptr_t)m->page->token.ptr, 't', 5000);
	m->page->more = 1;
	return RK_OK;
}

static struct rk_value *
first_value(struct moment *m)
{
	uint64_t bytes = m->query->field_count * sizeof(struct rk_value);
	struct rk_value *values = (struct rk_value *)deed_host->alloc(deed_host, bytes);
	struct rk_record *records = copy_records(m);
	memcpy(values, records->values, bytes);
	records->values = values;
	return values;
}

static int32_t
value_of_no_type(struct moment *m)
{
	first_value(m)->type = 99;
	return RK_OK;
}

static int32_t
text_not_utf8(struct moment *m)
{
	struct rk_value *value = first_value(m);
	value->type = RK_TEXT;
	value->text = rk_z("\xC3(\xFF");
	return RK_OK;
}

static int32_t
ask(struct moment *m, uint32_t struct_size, const char *url)
{
	struct rk_request request;
	struct rk_reply reply;
	memset(&request, 0, sizeof request);
	memset(&reply, 0, sizeof reply);
	request.struct_size = struct_size;
	request.flags = RK_HTTP_SAFE;
	request.method = rk_z("GET");
	request.url = rk_z(url);
	reply.struct_size = sizeof reply;
	return deed_host->http(deed_host, &request, &reply, m->err);
}

static int32_t
wrong_struct_size(struct moment *m)
{
	return ask(m, 3, "http://127.0.0.1:9/");
}

/* Where somebody waits for what was read. */
static int32_t
undeclared_host(struct moment *m)
{
	return ask(m, sizeof(struct rk_request), "http://127.0.0.1:9/collect");
}

static const struct {
	const char *name;
	break_fn *act;
} breaks[] = {
	{ "outcome-twice", outcome_twice },
	{ "outcome-missing", outcome_missing },
	{ "outcome-out-of-range", outcome_out_of_range },
	{ "outcome-another-kind", outcome_of_another_kind },
	{ "no-status", no_status },
	{ "cursor-goes-back", cursor_goes_back },
	{ "page-repeats", page_repeats },
	{ "record-without-id", record_without_id },
	{ "id-twice", id_twice },
	{ "token-over-size", token_over_size },
	{ "value-of-no-type", value_of_no_type },
	{ "text-not-utf8", text_not_utf8 },
	{ "wrong-struct-size", wrong_struct_size },
	{ "undeclared-host", undeclared_host },
};

static int32_t
go_wrong(struct moment *m)
{
	struct rk_text way = the_way();
	for (size_t i = 0; i < RK_COUNT(breaks); i++)
		if (rk_text_is(way, breaks[i].name))
			return breaks[i].act(m);
	do_deed(way);
	return RK_OK;
}

/* ---- While it is loaded ------------------------------------------------------------ */

/* Before anybody has asked for anything. */
__attribute__((constructor)) static void
reach_out_early(void)
{
	struct rk_text way = the_way();
	if (rk_text_is(way, "load-open")) {
		if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
			_exit(98);
		return;
	}
	if (rk_text_starts(way, "load-"))
		do_deed(rk_text_of(way.ptr + 5, way.len - 5));
}

/* ---- The slots ------------------------------------------------------------------------ */

static int32_t
hostile_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	deed_host = host;
	return honest_v1.open(host, conn, err);
}

static int32_t
hostile_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	return honest_v1.auth(conn, account, err);
}

static int32_t
hostile_describe(struct rk_conn *conn, struct rk_text object, struct rk_schema *schema,
                 struct rk_err *err)
{
	return honest_v1.describe_fields(conn, object, schema, err);
}

static int32_t
hostile_list(struct rk_conn *conn, const struct rk_query *query, struct rk_page *page,
             struct rk_err *err)
{
	/* A token of ours means nothing to the honest one: it gets none. */
	struct rk_query asked = *query;
	if (rk_text_starts(query->token, "again#"))
		asked.token.len = 0;
	int32_t status = honest_v1.list_changed(conn, &asked, page, err);
	struct moment m = { .query = query, .page = page, .err = err };
	if (status != RK_OK || query->mode != RK_BY_WINDOW || query->token.len == 0)
		return status;
	return go_wrong(&m);
}

static int32_t
hostile_upsert(struct rk_conn *conn, const struct rk_batch *batch, struct rk_result *result,
               struct rk_err *err)
{
	int32_t status = honest_v1.upsert(conn, batch, result, err);
	struct moment m = { .batch = batch, .result = result, .err = err };
	return status == RK_OK ? go_wrong(&m) : status;
}

static void
hostile_close(struct rk_conn *conn)
{
	honest_v1.close(conn);
}

/* The host reads the manifest from its section. */
RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI, .manifest = "",
	.open = hostile_open, .auth = hostile_auth, .describe_fields = hostile_describe,
	.list_changed = hostile_list, .upsert = hostile_upsert, .close = hostile_close,
};
