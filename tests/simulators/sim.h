/* SPDX-License-Identifier: Apache-2.0 */
/* sim.h - the frame that every simulated CRM stands in.
 *
 * A CRM is one row in the table `crms` (main.c), one file, one table of routes.
 * The frame gives it a port, a request as a struct, the clock, faults, counts,
 * the control path and the store; the CRM gives back an answer as a struct.
 * Handlers run one at a time, under one lock. */
#ifndef SIM_H
#define SIM_H

#include "seeds.h"
#include "store.h"
#include "text.h"

#define SIM_VARS 4
#define SIM_ID_BYTES 48
#define REPLY_HEADERS 12

struct pair {
	struct text name, value;
};

struct request {
	struct sim *sim;                     /* borrowed */
	int64_t came_us;                     /* On the monotonic clock. */
	struct text method;                  /* What is meant: after an override. */
	struct text path;                    /* Decoded, normalised by the CRM. */
	struct text uri;                     /* As it was sent, with the query. */
	const struct pair *headers;
	size_t header_count;
	const struct pair *query;            /* Decoded, in order. */
	size_t query_count;
	struct text body;
	const struct json *json;             /* NULL: no body, or not JSON. */
	size_t json_stop;                    /* Where it stopped being JSON. */
	struct text vars[SIM_VARS];          /* The `{}` of the route. */
	const struct route *route;           /* NULL: none matches. */
	struct arena *arena;                 /* Dies with the request. */
	int64_t now_ms;
};

struct reply {
	int status;
	const char *type;                    /* Default application/json. */
	struct buf body;
	char headers[REPLY_HEADERS][2][160];
	size_t header_count;
	struct buf location;                 /* owned; of a redirect */
};

typedef void route_fn(struct request *q, struct reply *r);

struct route {
	const char *method, *path;           /* "{}" stands for one segment. */
	const char *label;                   /* Name in counts and faults. */
	route_fn *run;
	int kind;                            /* The CRM's own: limit class. */
};

/* A path below /_control/. */
struct control {
	const char *method, *path;
	const char *label;                   /* What it is for. */
	route_fn *run;
	const char *given;                   /* What it is given, as an example; NULL: nothing. */
};

/* One CRM.  All functions are called under the lock. */
struct crm {
	const char *name;
	const char *token;                   /* Default of --token. */
	const struct route *routes;          /* Ends with a NULL method. */
	/* Control routes of its own; may be NULL. */
	const struct control *controls;
	void (*init)(struct sim *sim);
	/* Old and new forms of a path become the one in the routes; may be NULL. */
	struct text (*normal)(struct arena *a, struct text path);
	/* Before the route: credentials, limits.  True: 'r' is the answer. */
	bool (*gate)(struct request *q, struct reply *r);
	/* After the route: headers that every answer has. */
	void (*finish)(struct request *q, struct reply *r);
	/* No route for this path. */
	route_fn *unknown;
	/* What a record of POST _control/load calls its values. */
	const char *values;
	/* One value of the control path -> raw JSON; checks nothing.  False: the
	 * object has no such field. */
	bool (*change)(struct arena *a, struct object *o, struct text name,
		       const struct json *value, struct change *change);
	/* How ids are shown, and the number in one, 0 if there is none; both NULL where
	 * they are decimal numbers. */
	void (*show_id)(char out[SIM_ID_BYTES], uint64_t id);
	uint64_t (*read_id)(struct text shown);
	/* The version of an entry of the log, as the CRM shows it. */
	void (*version)(struct buf *out, uint32_t revision, int64_t updated_ms);
	/* One generated row -> changes.  At most SEED_COLUMNS. */
	size_t (*seeded)(struct arena *a, struct object *o, const struct seed_row *row,
			 struct change *changes);
	/* Frees what hangs on 'state'; the state itself is freed after; may be NULL. */
	void (*end)(struct sim *sim);
	bool archives;                       /* What is deleted stays, marked. */
};

struct sim {
	const struct crm *crm;
	const char *token;                   /* borrowed */
	char *new_token;                     /* owned; NULL: never replaced */
	uint16_t port;
	struct MHD_Daemon *daemon;
	struct object *objects;              /* owned; a list */
	int64_t delay_ms;                    /* Of every API answer. */
	uint64_t calls, in_flight;
	uint64_t *by_route;                  /* owned; one a route, one for the rest */
	uint64_t *inside;                    /* owned; the same, what is in flight */
	struct fault *faults;                /* owned; a list */
	struct oauth *oauth;                 /* owned; NULL: this CRM has none */
	void *state;                         /* owned; the CRM's own */
};

/* Set once by main.c, read by all. */
struct sim_options {
	bool no_limits, no_upsert, no_unique;
	int64_t index_lag_ms;
	const char *cert, *key;              /* PEM text, or NULL. */
	FILE *record;                        /* Of all exchanges, or NULL. */
};
extern struct sim_options sim_options;

/* ---- What handlers use -------------------------------------------------- */

int64_t sim_now_ms(void);
int64_t sim_mono_us(void);
void sim_clock_move(int64_t ms);

struct text request_header(const struct request *q, const char *name);
struct text request_query(const struct request *q, const char *name);
/* Of a form in the body. */
struct text request_form(const struct request *q, const char *name);
/* All of it, decoded, in order; how many. */
size_t request_form_pairs(const struct request *q, const struct pair **pairs);
void reply_header(struct reply *r, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Drops the body so far and starts with this status. */
struct buf *reply_start(struct reply *r, int status);
/* 32 hexadecimal digits in the shape of a UUID; 'out' has 40 bytes. */
void sim_uuid(char *out);

/* An id as the CRM shows it, into 'out', which it returns. */
const char *sim_id(const struct crm *crm, uint64_t id, char out[SIM_ID_BYTES]);
/* The number in it, or that it is, as the control path takes ids; 0: none. */
uint64_t sim_id_number(const struct crm *crm, struct text shown);

struct object *sim_object(struct sim *sim, struct text name);
struct object *sim_add_object(struct sim *sim, const char *name);

/* Runs a parsed request: gate, route, finish.  control.c has its own. */
void sim_act(struct request *q, struct reply *r);
/* The control path, `/_control/...`. */
void control_run(struct request *q, struct reply *r);

/* ---- Faults ------------------------------------------------------------- */

enum fault_action {
	FAULT_NONE, FAULT_STATUS, FAULT_STATUS_AFTER, FAULT_DROP, FAULT_DROP_AFTER,
	FAULT_DELAY, FAULT_LATE, FAULT_BODY, FAULT_BECOME,
};

struct fault {
	char *match;                         /* owned; "METHOD path", with '*' */
	char *contains;                      /* owned; of query or body, or NULL */
	enum fault_action action;
	uint64_t nth, times, seen, hits;
	int64_t ms;
	int status;
	char *body, *type;                   /* owned; may be NULL */
	char headers[REPLY_HEADERS][2][160];
	size_t header_count;
	struct fault *next;
};

void fault_set(struct request *q, struct reply *r);
void fault_list(struct request *q, struct reply *r);
/* True if a fault hits this request; then 'copy' is it, with a 'body' and 'type'
 * of its own, which the caller frees.  Counts. */
bool fault_hit(struct sim *sim, const struct request *q, struct fault *copy);
void fault_free_all(struct sim *sim);

/* ---- Starting and stopping (main.c) ------------------------------------- */

/* False: the port cannot be had; said on stderr. */
bool sim_start(struct sim *sim);
void sim_stop(struct sim *sim);
/* Wakes everything that sleeps; before sim_stop. */
void sim_interrupt(void);
void sim_free(struct sim *sim);

extern const struct crm hubspot_crm, kintone_crm, sansan_crm, salesforce_crm,
	hotprofile_crm, freshsales_crm;

#endif
