/* SPDX-License-Identifier: Apache-2.0 */
/* sim.c - the HTTP side of a simulated CRM: a request becomes a struct, runs
 * under one lock, and its answer goes out; clock, counts and latency are here.
 * One thread a connection, so that a delayed answer holds nobody else up.
 * Faults are in fault.c, the control path in control.c.  Called by main.c. */
#include "oauth.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX ((size_t)1 << 30)      /* A million loaded records fit. */
#define CONNECTION_BYTES ((size_t)160 * 1024) /* URLs beyond every limit. */
#define CONNECTIONS_MAX 1024u

struct sim_options sim_options = { .index_lag_ms = 500 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int64_t clock_offset_ms;
static int stop_fd = -1;                 /* Readable once we are to end. */
static _Atomic int late_requests;

/* ---- Clock -------------------------------------------------------------- */

int64_t
sim_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + clock_offset_ms;
}

int64_t
sim_mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void
sim_clock_move(int64_t ms)
{
	clock_offset_ms += ms;
}

static void
nap(int64_t ms)
{
	struct pollfd p = { .fd = stop_fd, .events = POLLIN };

	if (ms > 0)
		poll(&p, 1, (int)ms);
}

void
sim_uuid(char *out)
{
	static _Atomic uint64_t serial;
	uint64_t n = ++serial * UINT64_C(0x9E3779B97F4A7C15);

	n ^= n >> 29;
	snprintf(out, 40, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(n >> 32),
		 (unsigned)(n >> 16 & 0xFFFF), (unsigned)(n >> 4 & 0xFFF),
		 (unsigned)(n & 0xFFF),
		 (unsigned long long)(n * 31 & UINT64_C(0xFFFFFFFFFFFF)));
}

/* ---- Requests and answers ----------------------------------------------- */

struct text
request_header(const struct request *q, const char *name)
{
	for (size_t i = 0; i < q->header_count; i++)
		if (q->headers[i].name.len == strlen(name) &&
		    !strncasecmp(q->headers[i].name.ptr, name, strlen(name)))
			return q->headers[i].value;
	return (struct text){ 0 };
}

struct text
request_query(const struct request *q, const char *name)
{
	for (size_t i = 0; i < q->query_count; i++)
		if (text_is(q->query[i].name, name))
			return q->query[i].value;
	return (struct text){ 0 };
}

void
reply_header(struct reply *r, const char *name, const char *format, ...)
{
	va_list args;

	if (r->header_count == REPLY_HEADERS)
		return;
	char (*h)[160] = r->headers[r->header_count++];
	snprintf(h[0], sizeof h[0], "%s", name);
	va_start(args, format);
	vsnprintf(h[1], sizeof h[1], format, args);
	va_end(args);
}

struct buf *
reply_start(struct reply *r, int status)
{
	r->status = status;
	r->body.len = 0;
	return &r->body;
}

const char *
sim_id(const struct crm *crm, uint64_t id, char out[SIM_ID_BYTES])
{
	if (crm->show_id)
		crm->show_id(out, id);
	else
		snprintf(out, SIM_ID_BYTES, "%llu", (unsigned long long)id);
	return out;
}

uint64_t
sim_id_number(const struct crm *crm, struct text shown)
{
	uint64_t id = crm->read_id ? crm->read_id(shown) : 0;
	int64_t number = 0;

	return id ? id : text_int(shown, &number) ? (uint64_t)number : 0;
}

struct object *
sim_object(struct sim *sim, struct text name)
{
	for (struct object *o = sim->objects; o; o = o->next)
		if (text_is(name, o->name))
			return o;
	return NULL;
}

struct object *
sim_add_object(struct sim *sim, const char *name)
{
	struct object *o = sim_object(sim, text_of(name));

	if (o)
		return o;
	o = object_new(sim->crm, name);
	o->next = sim->objects;
	sim->objects = o;
	return o;
}

/* ---- Routes ------------------------------------------------------------- */

static struct text
segment(struct text *path)
{
	const char *slash = memchr(path->ptr, '/', path->len);
	size_t len = slash ? (size_t)(slash - path->ptr) : path->len;
	struct text s = { path->ptr, len };

	path->ptr += len + (slash ? 1 : 0);
	path->len -= len + (slash ? 1 : 0);
	return s;
}

static bool
path_matches(struct text pattern, struct text path, struct text vars[SIM_VARS])
{
	size_t n = 0;

	memset(vars, 0, SIM_VARS * sizeof *vars);
	while (pattern.len && path.len) {
		struct text want = segment(&pattern), got = segment(&path);

		if (text_is(want, "{}")) {
			if (!got.len || n == SIM_VARS)
				return false;
			vars[n++] = got;
		} else if (!text_equal(want, got)) {
			return false;
		}
	}
	return !pattern.len && !path.len;
}

static const struct route *
route_find(const struct route *routes, struct request *q)
{
	for (const struct route *t = routes; t && t->method; t++)
		if (text_is(q->method, t->method) &&
		    path_matches(text_of(t->path + 1),
				 (struct text){ q->path.ptr + 1, q->path.len - 1 },
				 q->vars))
			return t;
	return NULL;
}

static size_t
route_number(const struct sim *sim, const struct route *route)
{
	size_t n = 0;

	while (sim->crm->routes[n].method && &sim->crm->routes[n] != route)
		n++;
	return n;
}

void
sim_act(struct request *q, struct reply *r)
{
	const struct crm *crm = q->sim->crm;

	q->now_ms = sim_now_ms();
	if (!crm->gate(q, r)) {
		if (q->route)
			q->route->run(q, r);
		else
			crm->unknown(q, r);
	}
	crm->finish(q, r);
}

/* ---- Parsing what MHD hands over ---------------------------------------- */

static int64_t
mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

struct exchange {
	char *uri;                           /* owned */
	struct buf body;
	struct arena arena;
	bool seen;
	int64_t came_us;                     /* Its first bytes. */
};

static struct text
decode(struct arena *a, struct text t, bool plus)
{
	char *out = arena_alloc(a, t.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++) {
		unsigned code;
		char hex[3] = { 0 };

		if (plus && t.ptr[i] == '+') {
			out[n++] = ' ';
		} else if (t.ptr[i] == '%' && i + 2 < t.len) {
			memcpy(hex, t.ptr + i + 1, 2);
			code = (unsigned)strtoul(hex, NULL, 16);
			out[n++] = (char)code;
			i += 2;
		} else {
			out[n++] = t.ptr[i];
		}
	}
	return (struct text){ out, n };
}

static size_t
count_char(struct text t, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++)
		n += t.ptr[i] == c;
	return n;
}

static void
parse_query(struct request *q, struct text s)
{
	struct pair *pairs =
		arena_alloc(q->arena, (count_char(s, '&') + 1) * sizeof *pairs);

	q->query = pairs;
	while (s.len) {
		const char *amp = memchr(s.ptr, '&', s.len);
		struct text part = { s.ptr, amp ? (size_t)(amp - s.ptr) : s.len };
		const char *is = memchr(part.ptr, '=', part.len);
		size_t name = is ? (size_t)(is - part.ptr) : part.len;
		struct text value = { part.ptr + name + (is ? 1 : 0),
				      part.len - name - (is ? 1 : 0) };

		pairs[q->query_count].name =
			decode(q->arena, (struct text){ part.ptr, name }, true);
		pairs[q->query_count++].value = decode(q->arena, value, true);
		s.ptr += part.len + (amp ? 1 : 0);
		s.len -= part.len + (amp ? 1 : 0);
	}
}

size_t
request_form_pairs(const struct request *q, const struct pair **pairs)
{
	struct request form = { .arena = q->arena };

	parse_query(&form, q->body);
	*pairs = form.query;
	return form.query_count;
}

struct text
request_form(const struct request *q, const char *name)
{
	struct request form = { .arena = q->arena };

	form.query_count = request_form_pairs(q, &form.query);
	return request_query(&form, name);
}

static void
parse_uri(struct request *q)
{
	const char *mark = memchr(q->uri.ptr, '?', q->uri.len);
	size_t len = mark ? (size_t)(mark - q->uri.ptr) : q->uri.len;

	q->path = decode(q->arena, (struct text){ q->uri.ptr, len }, false);
	if (!q->path.len || q->path.ptr[0] != '/')
		q->path = TEXT("/");
	if (mark)
		parse_query(q, (struct text){ mark + 1, q->uri.len - len - 1 });
}

struct header_list {
	struct arena *arena;
	struct pair *pairs;
	size_t count, cap;
};

static enum MHD_Result
add_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct header_list *list = cls;

	(void)kind;
	if (list->count < list->cap)
		list->pairs[list->count++] = (struct pair){
			arena_copy(list->arena, text_of(name)),
			arena_copy(list->arena, text_of(value ? value : "")),
		};
	return MHD_YES;
}

/* An override counts as what it stands for, in routes, faults and counts. */
static struct text
meant_method(const struct request *q, const char *method)
{
	struct text override = request_header(q, "X-HTTP-Method-Override");

	if (override.len && !strcmp(method, "POST"))
		return override;
	return arena_copy(q->arena, text_of(method));
}

/* All of the request that is kept lies in the exchange, never in MHD: a late
 * request runs after its connection is gone. */
static struct request
parse_request(struct sim *sim, struct MHD_Connection *c, struct exchange *x,
	      const char *method)
{
	struct request q = { .sim = sim, .arena = &x->arena, .uri = text_of(x->uri),
			     .body = buf_view(&x->body), .came_us = x->came_us };
	struct header_list list = { .arena = &x->arena, .cap = 100 };

	list.pairs = arena_alloc(&x->arena, list.cap * sizeof *list.pairs);
	MHD_get_connection_values(c, MHD_HEADER_KIND, add_header, &list);
	q.headers = list.pairs;
	q.header_count = list.count;
	q.method = meant_method(&q, method);
	parse_uri(&q);
	if (q.body.len)
		q.json = json_parse(q.arena, q.body, &q.json_stop);
	q.now_ms = sim_now_ms();
	return q;
}

/* ---- Answering ---------------------------------------------------------- */

static enum MHD_Result
send_reply(struct MHD_Connection *c, struct reply *r)
{
	char date[40];

	struct MHD_Response *m = MHD_create_response_from_buffer(r->body.len, r->body.ptr,
								 MHD_RESPMEM_MUST_FREE);
	r->body = (struct buf){ 0 };
	if (!m)
		return MHD_NO;
	time_http(date, sim_now_ms());
	MHD_add_response_header(m, "Date", date);
	if (r->status != 204)
		MHD_add_response_header(m, "Content-Type",
			r->type ? r->type : "application/json;charset=utf-8");
	for (size_t i = 0; i < r->header_count; i++)
		MHD_add_response_header(m, r->headers[i][0], r->headers[i][1]);
	if (r->location.len)
		MHD_add_response_header(m, "Location", r->location.ptr);
	buf_clear(&r->location);
	enum MHD_Result done = MHD_queue_response(c, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return done;
}

static void
exchange_free(struct exchange *x)
{
	arena_clear(&x->arena);
	buf_clear(&x->body);
	free(x->uri);
	free(x);
}

/* ---- Late requests: the caller is gone, the effect comes ---------------- */

struct late {
	struct request q;
	struct exchange *x;                  /* owned */
	int64_t ms;
};

static void *
late_main(void *arg)
{
	struct late *late = arg;
	struct reply r = { .status = 200 };

	nap(late->ms);
	pthread_mutex_lock(&lock);
	sim_act(&late->q, &r);
	pthread_mutex_unlock(&lock);
	buf_clear(&r.body);
	exchange_free(late->x);
	free(late);
	late_requests--;
	return NULL;
}

static void
act_late(const struct request *q, struct exchange *x, int64_t ms)
{
	struct late *late = sim_alloc(sizeof *late);
	pthread_t thread;

	*late = (struct late){ .q = *q, .x = x, .ms = ms };
	late_requests++;
	if (pthread_create(&thread, NULL, late_main, late) != 0)
		abort();
	pthread_detach(thread);
}

/* ---- One API request, with its faults ----------------------------------- */

/* The fault is gone before the reply is sent: its text lives with the request. */
static void
fault_reply(const struct request *q, const struct fault *f, struct reply *r)
{
	int status = f->action == FAULT_BODY ? 200 : f->status;

	buf_text(reply_start(r, status), text_of(f->body ? f->body : ""));
	r->header_count = 0;
	r->type = f->type ? sim_strz(q->arena, text_of(f->type)) : NULL;
	for (size_t i = 0; i < f->header_count; i++)
		reply_header(r, f->headers[i][0], "%s", f->headers[i][1]);
}

static void
act(struct request *q, struct reply *r)
{
	pthread_mutex_lock(&lock);
	sim_act(q, r);
	pthread_mutex_unlock(&lock);
}

/* The app, or what it was given, is another one from this request on: as by
 * POST /_control/oauth. */
static void
become(struct request *q, const struct fault *f)
{
	const struct json *change =
		json_parse(q->arena, text_of(f->body ? f->body : ""), NULL);

	pthread_mutex_lock(&lock);
	if (q->sim->oauth)
		oauth_become(q->sim->oauth, change, q->now_ms);
	pthread_mutex_unlock(&lock);
}

/* False: no answer at all. */
static bool
run_with_fault(struct request *q, struct reply *r, const struct fault *f)
{
	switch (f->action) {
	case FAULT_STATUS:
	case FAULT_BODY:
		fault_reply(q, f, r);
		return true;
	case FAULT_STATUS_AFTER:
		act(q, r);
		fault_reply(q, f, r);
		return true;
	case FAULT_DROP_AFTER:
		act(q, r);
		return false;
	case FAULT_DELAY:
		nap(f->ms);
		act(q, r);
		return true;
	case FAULT_BECOME:
		become(q, f);
		act(q, r);
		return true;
	case FAULT_NONE:
	case FAULT_DROP:
	case FAULT_LATE:
		return false;
	}
	return false;
}

static void
enter(struct request *q, struct fault *fault)
{
	struct sim *sim = q->sim;

	pthread_mutex_lock(&lock);
	if (sim->crm->normal)
		q->path = sim->crm->normal(q->arena, q->path);
	q->route = route_find(sim->crm->routes, q);
	sim->calls++;
	sim->in_flight++;
	sim->by_route[route_number(sim, q->route)]++;
	sim->inside[route_number(sim, q->route)]++;
	fault_hit(sim, q, fault);
	pthread_mutex_unlock(&lock);
}

static void
leave(const struct request *q)
{
	struct sim *sim = q->sim;

	pthread_mutex_lock(&lock);
	sim->in_flight--;
	sim->inside[route_number(sim, q->route)]--;
	pthread_mutex_unlock(&lock);
}

/* One line of --record: what was asked and what was answered, so that both can
 * be held against the vendor's description. */
static void
record_exchange(const struct request *q, const struct reply *r, bool answer)
{
	struct buf line = { 0 };

	buf_fmt(&line, "{\"mono_us\":%lld,\"crm\":\"%s\",\"method\":", (long long)q->came_us,
		q->sim->crm->name);
	buf_quote(&line, q->method);
	buf_str(&line, ",\"uri\":");
	buf_quote(&line, q->uri);
	buf_str(&line, ",\"content_type\":");
	buf_quote(&line, request_header(q, "Content-Type"));
	buf_str(&line, ",\"override\":");
	buf_quote(&line, request_header(q, "X-HTTP-Method-Override"));
	buf_str(&line, ",\"body\":");
	buf_quote(&line, q->body);
	buf_fmt(&line, ",\"status\":%d,\"answer\":", answer ? r->status : 0);
	buf_quote(&line, buf_view(&r->body));
	buf_str(&line, "}\n");
	pthread_mutex_lock(&lock);
	fwrite(line.ptr, 1, line.len, sim_options.record);
	fflush(sim_options.record);
	pthread_mutex_unlock(&lock);
	buf_clear(&line);
}

/* An answer comes so long after its request, whatever was done meanwhile. */
static void
nap_until(int64_t until_us)
{
	int64_t us = until_us - mono_us();
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };
	struct pollfd p = { .fd = stop_fd, .events = POLLIN };

	if (us > 0)
		ppoll(&p, 1, &t, NULL);
}

/* Half of the latency lies before the effect and half behind it, as on a real
 * way.  False: close without an answer; '*x' is NULL once a late request has
 * taken it. */
static bool
run_api(struct request *q, struct reply *r, struct exchange **x)
{
	struct fault fault = { .action = FAULT_NONE };
	int64_t delay = q->sim->delay_ms;
	bool answer = true;

	enter(q, &fault);
	nap(delay / 2);
	if (fault.action == FAULT_LATE) {
		act_late(q, *x, fault.ms);
		*x = NULL;
		answer = false;
	} else if (fault.action != FAULT_NONE) {
		answer = run_with_fault(q, r, &fault);
	} else {
		act(q, r);
	}
	if (delay > 0)
		nap_until(q->came_us + delay * 1000);
	if (sim_options.record && *x)
		record_exchange(q, r, answer);
	leave(q);
	free(fault.body);
	free(fault.type);
	return answer;
}

static bool
run(struct request *q, struct reply *r, struct exchange **x)
{
	if (!text_starts(q->path, "/_control/"))
		return run_api(q, r, x);
	pthread_mutex_lock(&lock);
	control_run(q, r);
	pthread_mutex_unlock(&lock);
	return true;
}

/* ---- MHD ---------------------------------------------------------------- */

static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
	struct exchange *x = sim_alloc(sizeof *x);

	(void)cls;
	(void)c;
	x->uri = sim_strdup(text_of(uri));
	return x;
}

static void
on_end(void *cls, struct MHD_Connection *c, void **state,
       enum MHD_RequestTerminationCode code)
{
	(void)cls;
	(void)c;
	(void)code;
	if (*state)
		exchange_free(*state);
	*state = NULL;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *c, const char *path, const char *method,
	   const char *version, const char *data, size_t *size, void **state)
{
	struct exchange *x = *state;
	struct reply r = { .status = 200 };

	(void)path;
	(void)version;
	if (!x->seen) {
		x->seen = true;
		x->came_us = mono_us();
		return MHD_YES;
	}
	if (*size) {
		if (x->body.len + *size > BODY_MAX)
			return MHD_NO;
		buf_add(&x->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	struct request q = parse_request(cls, c, x, method);
	bool answer = run(&q, &r, &x);
	*state = x;
	if (answer)
		return send_reply(c, &r);
	buf_clear(&r.body);
	return MHD_NO;
}

/* MHD's own complaints (a client went away) are nobody's news. */
static void
on_log(void *cls, const char *format, va_list args)
{
	(void)cls;
	(void)format;
	(void)args;
}

static uint16_t
bound_port(struct MHD_Daemon *d)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}

bool
sim_start(struct sim *sim)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(sim->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
		MHD_USE_SUPPRESS_DATE_NO_CLOCK | (sim_options.cert ? MHD_USE_TLS : 0u);

	if (stop_fd < 0)
		stop_fd = eventfd(0, EFD_CLOEXEC);
	size_t routes = route_number(sim, NULL);
	sim->by_route = sim_alloc((routes + 1) * sizeof *sim->by_route);
	sim->inside = sim_alloc((routes + 1) * sizeof *sim->inside);
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)sim_options.cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)sim_options.key },
		{ MHD_OPTION_END, 0, NULL },
	};
	sim->daemon = MHD_start_daemon(flags, sim->port, NULL, NULL, on_request, sim,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_SOCK_ADDR, &at,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
		MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
		MHD_OPTION_ARRAY, sim_options.cert ? tls : &tls[2],
		MHD_OPTION_END);
	if (!sim->daemon)
		return false;
	sim->port = bound_port(sim->daemon);
	return true;
}

void
sim_interrupt(void)
{
	uint64_t one = 1;

	if (stop_fd >= 0 && write(stop_fd, &one, sizeof one) < 0)
		abort();
}

void
sim_stop(struct sim *sim)
{
	if (sim->daemon)
		MHD_stop_daemon(sim->daemon);
	sim->daemon = NULL;
	while (late_requests > 0)
		usleep(1000);
}

void
sim_free(struct sim *sim)
{
	fault_free_all(sim);
	if (sim->crm->end)
		sim->crm->end(sim);
	while (sim->objects) {
		struct object *next = sim->objects->next;

		object_free(sim->objects);
		sim->objects = next;
	}
	free(sim->by_route);
	free(sim->inside);
	free(sim->new_token);
	oauth_free(sim->oauth);
	free(sim->state);
}
