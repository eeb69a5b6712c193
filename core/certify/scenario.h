/* SPDX-License-Identifier: Apache-2.0
 *
 * scenario.h - the file that a vendor writes so that a connector can be certified: its
 * settings, the object and key, values to write, what the CRM refuses, and how the
 * CRM answers, request by request; or the name of a bundled simulator instead.
 * docs/connector-guide.md explains each key.
 *
 *     scenario_read -> ( look, played_new ) -> scenario_free */
#ifndef CERTIFY_SCENARIO_H
#define CERTIFY_SCENARIO_H

#include "certify/crm.h"
#include "config/config.h"

enum scenario_does { DOES_ANSWER, DOES_LIST, DOES_GET, DOES_FIND, DOES_UPSERT, DOES_CREATE,
                     DOES_UPDATE, DOES_ARCHIVE, DOES_JOB };
enum scenario_time { TIME_MS, TIME_S, TIME_ISO };

struct scenario_rule {
	const char *request;           /* "GET /contacts/{id}", "GET /contacts?ids" */
	int does;                      /* enum scenario_does */
	/* Where in a request something stands: "query.NAME", "path.NAME",
	 * "body.NAME.NAME", "body"; "=TEXT" is the text itself. */
	const char *since, *until, *after, *limit, *ids, *field, *match, *rows;
	/* The same inside of a row: "NAME.NAME", or "" for the row itself. */
	const char *id, *values, *version;
	int64_t status, refused_status;
	int64_t most;                  /* Of records or rows; 0: as asked. */
	bool job;                      /* Rows are taken as a job, which tells them later. */
	int64_t polls;                 /* A job is under way so often. */
	bool shuffled;                 /* Rows are answered in another order. */
	/* Templates with ${...}. */
	const char *answer, *each, *refused, *pending, *conflict;
	const char *when, *then;       /* The state that it needs, and leaves. */
	struct place at;
};

struct scenario {
	struct arena arena;            /* owned */
	const char *simulator, *object, *key;
	const char *error;             /* The body of an error with a code that is known. */
	int time;                      /* enum scenario_time */
	int64_t records;
	bool versions;                 /* The CRM refuses who expects another one. */
	struct config_pair *settings, *values, *refuses;
	size_t setting_count, value_count, refuse_count;
	struct scenario_rule *rules;
	size_t rule_count;
};

/* False: problems say why. */
bool scenario_read(struct scenario *s, const char *path, struct problems *problems);
void scenario_free(struct scenario *s);

/* 'text' with ${n} filled in. */
const char *scenario_numbered(const char *text, int64_t n, struct arena *arena);

/* The CRM of the scenario's requests; its memory is the scenario's. */
struct crm *played_new(struct scenario *s);
void played_free(struct crm *crm);

#endif
