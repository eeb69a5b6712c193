/* SPDX-License-Identifier: Apache-2.0
 *
 * demo_pairs.c - the last runs of renkei demo: other pairs of CRMs, each by the mapping
 * that `map` proposes for it as it stands, a line a run. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "cli/demo.h"
#include "cli/map.h"
#include "cli/report.h"

#define TEXT_FIELD(name, more) "\"" name "\":{\"type\":\"SINGLE_LINE_TEXT\"" more "}"
#define UNIQUE ",\"unique\":true"
#define SEED(object, count) \
	"{\"object\":\"" object "\",\"count\":" count ",\"seed\":2,\"age_ms\":7200000}"

/* Apps as people make them, and records to read. */
static const struct deed before[] = {
	{ "kintone", "/_control/app", "{\"app\":\"2\",\"fields\":{"
	  TEXT_FIELD("会社ID", UNIQUE) "," TEXT_FIELD("会社名", "") ","
	  TEXT_FIELD("代表電話", "") "," TEXT_FIELD("郵便番号", "") ","
	  TEXT_FIELD("住所", "") "," TEXT_FIELD("ウェブサイト", "") "}}" },
	{ "kintone", "/_control/app", "{\"app\":\"3\",\"fields\":{"
	  TEXT_FIELD("部署ID", UNIQUE) "," TEXT_FIELD("部署名", "") ","
	  TEXT_FIELD("会社名", "") "," TEXT_FIELD("住所", "") "}}" },
	{ "kintone", "/_control/app", "{\"app\":\"4\",\"fields\":{"
	  TEXT_FIELD("リードID", UNIQUE) "," TEXT_FIELD("氏名", "") ","
	  TEXT_FIELD("会社名", "") "," TEXT_FIELD("役職", "") ","
	  TEXT_FIELD("メールアドレス", "") "," TEXT_FIELD("電話番号", "") "}}" },
	{ "sansan", "/_control/seed", SEED("cards", "200") },
	{ "hotprofile", "/_control/seed", SEED("clients", "40") },
	{ "hotprofile", "/_control/seed", SEED("leads", "100") },
	{ "freshsales", "/_control/seed", SEED("contacts", "200") },
	{ "freshsales", "/_control/seed", SEED("sales_accounts", "50") },
	{ "freshsales", "/_control/seed", SEED("deals", "100") },
	{ 0 },
};

/* HubSpot's search has what was written a moment ago. */
static const struct deed all_seen[] = {
	{ "hubspot", "/_control/clock", "{\"advance_ms\":300000}" }, { 0 },
};

static const struct pair {
	const char *crms[2];
	const char *sides[2];          /* As `map` takes them. */
	const char *sync;              /* As `map` calls it. */
	int64_t records;
	const struct deed *deeds;      /* Before it; or NULL. */
} pairs[] = {
	{ { "sansan", "hubspot" }, { "sansan/persons", "hubspot/contacts" },
	  "persons-contacts", 200, NULL },
	{ { "hotprofile", "kintone" }, { "hotprofile/clients", "kintone/2" },
	  "clients-2", 41, NULL },
	{ { "hotprofile", "kintone" }, { "hotprofile/organizations", "kintone/3" },
	  "organizations-3", 41, NULL },
	{ { "hotprofile", "kintone" }, { "hotprofile/leads", "kintone/4" },
	  "leads-4", 100, NULL },
	{ { "hubspot", "salesforce" }, { "hubspot/contacts", "salesforce/Contact" },
	  "contacts-Contact", 1200, all_seen },
	{ { "freshsales", NULL }, { "freshsales/contacts", "file/contacts" },
	  "contacts-contacts", 200, NULL },
	{ { "freshsales", NULL }, { "freshsales/sales_accounts", "file/accounts" },
	  "sales_accounts-accounts", 50, NULL },
	{ { "freshsales", NULL }, { "freshsales/deals", "file/deals" },
	  "deals-deals", 100, NULL },
};

#define PAIRS (sizeof pairs / sizeof *pairs)

static const struct column columns[] = {
	{ "run", W_RUN, 0 },
	{ "from", W_FROM, 0 },
	{ "to", W_TO, 0 },
	{ "read", W_READ, 0 },
	{ "created", W_CREATED, 0 },
	{ "failed", W_FAILED, 0 },
	{ "calls", W_CALLS, 0 },
	{ "seconds", W_SECONDS, 0 },
};

/* What `map` proposes, loaded. */
static bool
configure(struct demo *d, struct rk_err *err)
{
	BUF_AUTO syncs = BUF_INIT(1u << 20);
	for (size_t i = 0; i < PAIRS; i++) {
		buf_adds(&syncs, ",\n");
		if (map_usual(d->app, pairs[i].sides, &syncs) != EXIT_DONE)
			d->wrong = true;
	}
	return demo_configure(d, buf_str(&syncs), err);
}

static void
tell(struct demo *d, const struct pair *p, const struct sync_report *report,
     struct table *t)
{
	struct out *o = &d->app->out;
	const struct sync_counts *counts = &report->counts;
	struct cell *row = table_row(t);
	row[0] = cell_number(d->run);
	row[1] = cell_str(p->sides[0]);
	row[2] = cell_str(p->sides[1]);
	row[3] = cell_number(counts->read);
	row[4] = cell_number(counts->created);
	row[5] = cell_number(counts->failed);
	row[6] = cell_number(counts->source_calls + counts->target_calls);
	row[7] = cell_text(arena_printf(&d->app->arena, "%.2f",
	                                (double)(report->ended_ms - report->started_ms)
	                                        / 1000));
	out_group(o, NULL, NULL);
	out_json_number(o, "run", d->run);
	out_json_str(o, "from", p->sides[0]);
	out_json_str(o, "to", p->sides[1]);
	if (o->json)
		report_json(o, report);
	out_group_end(o);
}

bool
demo_play_pairs(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err)
{
	struct app *app = d->app;
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	if (!go_on(d))
		return true;
	out_line(&app->out, app_say(app, W_DEMO_PAIRS));
	if (!demo_do(d, before, err) || !configure(d, err))
		return false;
	out_list(&app->out, "pairs");
	for (const struct pair *p = pairs; p < pairs + PAIRS && go_on(d); p++) {
		struct sync_report report;
		const struct figure figures[] = {
			{ "read", offsetof(struct sync_counts, read), p->records, false },
			{ "created", offsetof(struct sync_counts, created), p->records, false },
			{ 0 },
		};
		if (p->deeds != NULL && !demo_do(d, p->deeds, err))
			return false;
		if (!demo_run(d, p->sync, p->crms, figures, EXIT_DONE, &report, err))
			return false;
		tell(d, p, &report, &t);
	}
	out_list_end(&app->out);
	if (!app->json)
		out_table(&app->out, "pairs", &t);
	return true;
}
