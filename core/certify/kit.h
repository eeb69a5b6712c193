/* SPDX-License-Identifier: Apache-2.0
 *
 * kit.h - what the cases of the suite stand on: one connector in its process, called
 * as a run calls it; its requests, answered by the CRM or by a fault; and what it did
 * that no connector may do, whatever the case.
 *
 *     kit_open -> ( kit_fresh -> ( kit_auth | ... )* -> a verdict )* -> kit_close */
#ifndef CERTIFY_KIT_H
#define CERTIFY_KIT_H

#include "certify/certify.h"
#include "connector/runner.h"
#include "connector/settings.h"

/* An answer that is put in the place of the CRM's. */
struct fault {
	const char *name;
	bool after;                    /* The CRM has acted on it all the same. */
	int32_t http;                  /* 0: no answer arrived. */
	const char *body;              /* NULL: cut in half, of the CRM's own. */
	bool coded;                    /* The scenario's error, of a code that is known. */
	bool shorter;                  /* The CRM's own, a row's result left out. */
	const char *type;              /* Content-Type; NULL: JSON. */
	int64_t retry_after_ms;        /* 0: not told. */
	/* What may be made of it: statuses and categories, as bits. */
	uint32_t statuses, categories;
	const char *what, *what_ja;
};

#define BIT(n) (1u << (n))
/* What "%.*s" wants. */
#define SHOW(text) (int)((text).len < 200 ? (text).len : 200), (text).ptr

/* What may never be seen; each is a case of its own ("pure" in call.c). */
enum rule {
	RULE_HOSTS, RULE_URLS, RULE_SECRETS, RULE_AUTHORIZATION, RULE_LIMITS, RULE_METHOD,
	RULE_SAFE, RULE_BUDGET, RULE_NO_RETRY, RULE_STATUS, RULE_ERRORS, RULE_MESSAGES,
	RULE_STRUCTS, RULE_OUTPUT, RULE_LOG, RULE_ALIVE, RULE_OPEN, RULE_COUNT
};

struct kit {
	const struct certify_options *options;
	struct crm *crm;               /* borrowed */
	struct arena arena;            /* owned: of the suite */
	struct arena scratch;          /* owned: of the case */
	struct manifest manifest;      /* owned */
	struct config_connection connection;
	struct settings settings;
	const struct manifest_object *object;
	int64_t page, batch;
	struct runner runner;          /* owned */
	struct frame_stream net;       /* owned: in the place of renkei-net */
	/* As described. */
	struct arena described;        /* owned: what the fields point to */
	struct rk_schema schema;
	const struct rk_field *key;
	struct rk_field *fields;       /* Those that can be written, the key first. */
	size_t field_count;
	/* The call. */
	const struct fault *fault;     /* What its next request meets; NULL: nothing. */
	bool met;                      /* It has met it. */
	struct rk_text fault_url;
	unsigned asked, asked_after;   /* Requests; those that repeat the one that met it. */
	bool writes;                   /* It is an upsert. */
	bool by_name;                  /* It asks for ids or values. */
	struct rk_err err;
	const char *damage;            /* Of its answer, in words; NULL: none. */
	/* The suite. */
	uint64_t calls, requests;
	bool *spent;                   /* A limit of the manifest each: some request did. */
	unsigned late;                 /* Calls that did not come back. */
	const char *broken[RULE_COUNT];/* The first time, in words. */
	int64_t next_key;
	int proved;
	/* The case. */
	const char *why;               /* It failed, or is skipped. */
	bool skipped;
	struct walk *walk;             /* The listing, and the writing, that several */
	struct wrote *wrote;           /* cases look at; made when first asked for. */
};

typedef void case_fn(struct kit *k, int which);

struct certify_case {
	const char *name;
	case_fn *run;
	int which;                     /* What it looks at, of several. */
	bool advice;                   /* Not a must. */
	const char *what, *what_ja;
};

struct certify_group {
	const char *name;
	const struct certify_case *cases;
	size_t count;
};

extern const struct certify_group group_file, group_page, group_contract, group_auth,
	group_describe, group_list, group_write, group_pure;
/* hints.c: a listing narrowed by RK_HINT_IN (0), by order (1), by emptiness (2). */
void list_hints(struct kit *k, int which);
/* The faults, and the operations that each is tried on. */
size_t fault_case_count(void);
void fault_case(struct kit *k, size_t number, struct certify_result *result);

bool kit_open(struct kit *k, const struct certify_options *options, struct rk_err *err);
void kit_close(struct kit *k);
/* The next call is the first one of a process. */
void kit_fresh(struct kit *k);

/* The case failed; the first reason stands. */
void kit_fail(struct kit *k, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The case does not concern this connector. */
void kit_skip(struct kit *k, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Whether the object declares the operation; else the case is skipped. */
bool kit_can(struct kit *k, const char *operation);

/* The calls; the status is the connector's, k->err its error, k->damage what cannot be
 * read of its answer (then the status is RK_BUG).  Memory is the scratch arena's. */
int32_t kit_auth(struct kit *k, struct rk_account *account);
int32_t kit_describe(struct kit *k, const char *object, struct rk_schema *schema);
int32_t kit_list(struct kit *k, const struct rk_query *query, struct rk_page *page);
int32_t kit_write_once(struct kit *k, const struct rk_batch *batch,
                       struct rk_result *result);
/* The same, and a job that it becomes is asked for to its end, each time by a new
 * process; a fault meets the first call alone. */
int32_t kit_write(struct kit *k, const struct rk_batch *batch, struct rk_result *result);
/* "PAUSE/auth: HTTP 401 ..." of the last call, for reasons. */
const char *kit_told(struct kit *k, int32_t status);

/* A query for everything, with all fields. */
struct rk_query kit_query(struct kit *k);
/* A batch of 'count' rows with new keys; 'values' of the scenario. */
struct rk_batch kit_batch(struct kit *k, uint32_t operation, size_t count);
/* What stands at the CRM; NULL: it cannot be told. */
struct crm_record *kit_look(struct kit *k, size_t *count);
/* How many live records have this key. */
size_t kit_count_key(struct kit *k, const struct rk_value *key, struct rk_text *id);
/* What an outcome says to the host beside the call's status (sync/settle.c). */
int32_t kit_effect(const struct kit *k, int32_t status, const struct rk_outcome *outcome);

#define CASE(id, fn, number, en, ja) \
	{ .name = id, .run = fn, .which = number, .what = en, .what_ja = ja }

#endif
