/* SPDX-License-Identifier: Apache-2.0 */
/* sansan.c - the simulated Sansan Open API: paths, keys, limits, parameters, tags and
 * users (sheet, sections 1, 2, 4.3, 7, 8).  Cards are in sansan_cards.c.  The table of
 * CRMs in main.c names `sansan_crm`. */
#include "sansan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS 10u
#define CALLS_MS 1000
#define TAGS_PAGE 100
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const tag_types[TAG_TYPES] = { "private", "shared", "public" };

static const struct sansan_user users[] = {
	{ "5501", "見本 一", "ichi@example.co.jp" },
	{ "5502", "例示 二", "ni@example.co.jp" },
	{ "5503", "架空 三", NULL },
};

struct sansan *
sansan_state(const struct sim *sim)
{
	return sim->state;
}

const struct sansan_user *
sansan_user(struct text id)
{
	for (size_t i = 0; i < COUNT(users); i++)
		if (text_is(id, users[i].id))
			return &users[i];
	return NULL;
}

/* The shape of an error is unconfirmed; this is one of those that are likely. */
void
sansan_error(struct reply *r, int status, const char *code, const char *format, ...)
{
	struct buf *out = reply_start(r, status);
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	buf_fmt(out, "{\"error\":{\"code\":\"%s\",\"message\":", code);
	buf_quotez(out, message);
	buf_str(out, "}}");
}

static void
sansan_unknown(struct request *q, struct reply *r)
{
	(void)q;
	sansan_error(r, 404, "not_found", "The resource does not exist.");
}

/* ---- The gate ----------------------------------------------------------- */

struct sansan_key *
sansan_caller(const struct request *q)
{
	struct sansan *s = sansan_state(q->sim);
	struct text given = request_header(q, "X-Sansan-Api-Key");

	if (given.len && text_is(given, q->sim->token))
		return &s->keys[0];
	for (size_t i = 1; i < s->key_count && given.len; i++)
		if (text_is(given, s->keys[i].key))
			return &s->keys[i];
	return NULL;
}

/* The versions that were seen in working code and have this shape. */
static bool
known_version(struct text uri)
{
	static const char *const versions[] = { "/v2.5/", "/v2.6/", "/v3.0/", "/v3.1/",
		"/v3.2/", "/v3.3/", "/v3.4/", "/v6.0/" };

	for (size_t i = 0; i < COUNT(versions); i++)
		if (text_starts(uri, versions[i]))
			return true;
	return false;
}

static bool
body_is_wrong(struct request *q, struct reply *r)
{
	if (!q->route || !text_is(q->method, "POST"))
		return false;
	if (!text_starts(request_header(q, "Content-Type"), "application/json"))
		sansan_error(r, 415, "unsupported_media_type",
			     "Content-Type must be application/json.");
	else if (!q->json || q->json->kind != JSON_OBJECT)
		sansan_error(r, 400, "invalid_json", "The body is no JSON object.");
	else
		return false;
	return true;
}

static bool
sansan_gate(struct request *q, struct reply *r)
{
	struct sansan *s = sansan_state(q->sim);
	struct sansan_key *key = sansan_caller(q);

	if (!known_version(q->uri)) {
		sansan_unknown(q, r);
		return true;
	}
	if (!key) {
		sansan_error(r, 401, "unauthorized", "The API key is not valid.");
		return true;
	}
	if (!sim_options.no_limits && !ring_take(&key->burst, q->now_ms)) {
		buf_str(reply_start(r, 429), "{\"message\":\"Too many requests.\","
			"\"retry_after\":1}");
		return true;
	}
	if (!s->entitled) {
		sansan_error(r, 403, "forbidden",
			     "ご契約のプランでは Open API をご利用いただけません。");
		return true;
	}
	return body_is_wrong(q, r);
}

static void
sansan_finish(struct request *q, struct reply *r)
{
	(void)q;
	(void)r;                             /* No headers are promised. */
}

/* "/v3.2/bizCards" is "/bizCards"; the gate looks at the version. */
static struct text
sansan_normal(struct arena *a, struct text path)
{
	const char *slash = path.len > 2 && text_starts(path, "/v") ?
		memchr(path.ptr + 1, '/', path.len - 1) : NULL;

	(void)a;
	return slash ? (struct text){ slash, path.len - (size_t)(slash - path.ptr) }
		     : path;
}

/* ---- Parameters --------------------------------------------------------- */

static bool
is_word(const char *words, struct text value)
{
	struct text rest = text_of(words);

	while (rest.len)
		if (text_equal(text_until(&rest, ' '), value))
			return true;
	return false;
}

static bool
has_form(const struct sansan_param *p, struct text value)
{
	int64_t n;
	bool date_only;

	switch (p->form[1] ? 'w' : p->form[0]) {
	case 't': return value.len > 0 &&
			 (!p->most || (int64_t)text_chars(value) <= p->most);
	case 'b': return is_word("true false", value);
	case 'd': return time_parse(value, &n, &date_only) && !date_only;
	case 'n': return text_int(value, &n) && n >= 1 && n <= p->most;
	default:  return is_word(p->form, value);
	}
}

bool
sansan_params(struct request *q, struct reply *r, const struct sansan_param *table)
{
	for (size_t i = 0; i < q->query_count; i++) {
		const struct pair *pair = &q->query[i];
		const struct sansan_param *p = table;
		bool twice = false;

		while (p->name && !text_is(pair->name, p->name))
			p++;
		for (size_t j = 0; j < i; j++)
			twice |= text_equal(q->query[j].name, pair->name);
		if (p->name && has_form(p, pair->value) && (p->repeats || !twice))
			continue;
		sansan_error(r, 400, "invalid_parameter", "The parameter %.*s is %s.",
			     (int)pair->name.len, pair->name.ptr,
			     !p->name ? "unknown" : twice ? "given twice" : "malformed");
		return false;
	}
	return true;
}

/* Of all parameters but the token. */
static unsigned long long
params_mark(const struct request *q)
{
	unsigned long long h = 1469598103934665603ull;

	for (size_t i = 0; i < q->query_count; i++) {
		struct text parts[] = { q->query[i].name, q->query[i].value };

		for (size_t p = 0; p < 2 && !text_is(parts[0], "nextPageToken"); p++)
			for (size_t c = 0; c < parts[p].len; c++)
				h = (h ^ (unsigned char)parts[p].ptr[c]) * 1099511628211ull;
	}
	return h;
}

bool
sansan_page(struct request *q, struct reply *r, size_t *from)
{
	struct text token = request_query(q, "nextPageToken");
	unsigned long long mark;

	*from = 0;
	if (!token.len)
		return true;
	if (sscanf(sim_strz(q->arena, token), "eyJv%16llx%zx", &mark, from) == 2 &&
	    mark == params_mark(q))
		return true;
	sansan_error(r, 400, "invalid_parameter",
		     "The nextPageToken is not of this query.");
	return false;
}

/* A token holds an offset, which is the harder case: what changes while pages are read
 * moves, and another one slips through the gap. */
void
sansan_page_end(struct request *q, struct buf *out, size_t to, size_t count)
{
	buf_fmt(out, "],\"hasMore\":%s", to < count ? "true" : "false");
	if (to < count)
		buf_fmt(out, ",\"nextPageToken\":\"eyJv%016llx%zx\"", params_mark(q), to);
	buf_str(out, "}");
}

/* ---- Tags, users -------------------------------------------------------- */

bool
sansan_tag_seen(const struct sansan_tag *tag, const char *user)
{
	bool mine = !strcmp(tag->owner, user);

	for (size_t i = 0; tag->type == TAG_SHARED && i < SANSAN_MEMBERS; i++)
		mine |= !strcmp(tag->members[i], user);
	return mine || tag->type == TAG_PUBLIC;
}

const struct sansan_tag *
sansan_tag(const struct sansan *s, struct text id)
{
	for (size_t i = 0; i < s->tag_count; i++)
		if (text_is(id, s->tags[i].id))
			return &s->tags[i];
	return NULL;
}

void
sansan_put_tag(struct buf *out, const struct sansan_tag *tag, bool owner)
{
	buf_fmt(out, "{\"id\":\"%s\",\"name\":", tag->id);
	buf_quotez(out, tag->name);
	buf_fmt(out, ",\"type\":\"%s\"", tag_types[tag->type]);
	if (owner) {
		const struct sansan_user *user = sansan_user(text_of(tag->owner));

		buf_fmt(out, ",\"owner\":{\"id\":\"%s\",\"name\":", tag->owner);
		buf_quotez(out, user ? user->name : "");
		buf_str(out, "}");
	}
	buf_str(out, "}");
}

static bool
tag_wanted(const struct request *q, const struct sansan_tag *tag, const char *user)
{
	struct text type = request_query(q, "type"), name = request_query(q, "tagName");
	struct text owner = request_query(q, "ownerUserId");
	bool all = text_is(request_query(q, "range"), "all");

	return sansan_tag_seen(tag, user) && (all || !strcmp(tag->owner, user)) &&
		(!type.len || text_is(type, tag_types[tag->type])) &&
		(!owner.len || text_is(owner, tag->owner)) &&
		(!name.len || strstr(tag->name, sim_strz(q->arena, name)));
}

static void
get_tags(struct request *q, struct reply *r)
{
	static const struct sansan_param params[] = {
		{ "range", "me all", 0, false }, { "type", "private shared public", 0, false },
		{ "tagName", "t", 50, false }, { "ownerUserId", "t", 0, false },
		{ "nextPageToken", "t", 0, false }, { "limit", "n", TAGS_PAGE, false },
		{ NULL, NULL, 0, false },
	};
	const struct sansan *s = sansan_state(q->sim);
	const char *user = sansan_caller(q)->user;
	int64_t limit = TAGS_PAGE;
	size_t from, count = 0;
	bool first = true;

	if (!sansan_params(q, r, params) || !sansan_page(q, r, &from))
		return;
	text_int(request_query(q, "limit"), &limit);
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"data\":[");
	for (size_t i = 0; i < s->tag_count; i++) {
		if (!tag_wanted(q, &s->tags[i], user))
			continue;
		if (count >= from && count < from + (size_t)limit) {
			buf_comma(out, &first);
			sansan_put_tag(out, &s->tags[i], true);
		}
		count++;
	}
	sansan_page_end(q, out, from + (size_t)limit, count);
}

static void
get_me(struct request *q, struct reply *r)
{
	const struct sansan_user *user = sansan_user(text_of(sansan_caller(q)->user));
	struct buf *out = reply_start(r, 200);

	buf_fmt(out, "{\"id\":\"%s\",\"name\":", user->id);
	buf_quotez(out, user->name);
	buf_str(out, ",\"email\":");
	if (user->email)
		buf_quotez(out, user->email);
	else
		buf_str(out, "null");
	buf_str(out, "}");
}

/* ---- The control path's own --------------------------------------------- */

static void
copy_member(const struct json *j, const char *name, char *out, size_t size)
{
	struct text t = json_text(j, name);

	snprintf(out, size, "%.*s", (int)t.len, t.ptr ? t.ptr : "");
}

static bool
read_tag(const struct json *j, struct sansan_tag *tag)
{
	const struct json *members = json_get(j, "members");
	size_t n = 0;

	*tag = (struct sansan_tag){ .type = TAG_TYPES };
	copy_member(j, "id", tag->id, sizeof tag->id);
	copy_member(j, "name", tag->name, sizeof tag->name);
	copy_member(j, "owner", tag->owner, sizeof tag->owner);
	for (int t = 0; t < TAG_TYPES; t++)
		if (text_is(json_text(j, "type"), tag_types[t]))
			tag->type = (enum sansan_tag_type)t;
	for (const struct json *m = members ? members->child : NULL;
	     m && n < SANSAN_MEMBERS; m = m->next)
		snprintf(tag->members[n++], sizeof tag->members[0], "%.*s",
			 (int)m->text.len, m->text.ptr);
	return tag->id[0] && tag->name[0] && tag->type != TAG_TYPES &&
		sansan_user(text_of(tag->owner));
}

/* {"tags":[{"id","name","type","owner","members":[..]}]}: these and no others. */
static void
control_tags(struct request *q, struct reply *r)
{
	struct sansan *s = sansan_state(q->sim);
	const struct json *tags = json_get(q->json, "tags");

	s->tag_count = 0;
	for (const struct json *j = tags ? tags->child : NULL; j; j = j->next) {
		if (s->tag_count == SANSAN_TAGS || !read_tag(j, &s->tags[s->tag_count])) {
			buf_str(reply_start(r, 400), "{\"error\":\"a tag wants id, name, type "
				"and owner, and there are at most 400\"}");
			return;
		}
		s->tag_count++;
	}
	buf_fmt(reply_start(r, 200), "{\"count\":%zu}", s->tag_count);
}

/* {"keys":[{"key","user","sees":"all" or "own"}]}: beside the first one. */
static void
control_keys(struct request *q, struct reply *r)
{
	struct sansan *s = sansan_state(q->sim);
	const struct json *keys = json_get(q->json, "keys");

	s->key_count = 1;
	for (const struct json *j = keys ? keys->child : NULL;
	     j && s->key_count < SANSAN_KEYS; j = j->next) {
		struct sansan_key *key = &s->keys[s->key_count];

		*key = (struct sansan_key){ .burst = { .limit = CALLS, .window_ms = CALLS_MS },
			.sees_all = text_is(json_text(j, "sees"), "all") };
		copy_member(j, "key", key->key, sizeof key->key);
		copy_member(j, "user", key->user, sizeof key->user);
		if (!key->key[0] || !sansan_user(text_of(key->user))) {
			buf_str(reply_start(r, 400), "{\"error\":\"a key wants key and user\"}");
			return;
		}
		s->key_count++;
	}
	buf_fmt(reply_start(r, 200), "{\"count\":%zu}", s->key_count);
}

static void
set_flag(const struct json *j, const char *name, bool *flag)
{
	if (json_get(j, name))
		*flag = json_true(j, name);
}

/* {"burst":N,"window_days":N,"entitled":bool,"creates":bool,"wrapped":bool,
 * "answer":"id|data|item|none","sees":"all|own"}; what is left out stays. */
static void
control_options(struct request *q, struct reply *r)
{
	struct sansan *s = sansan_state(q->sim);
	struct text sees = json_text(q->json, "sees");

	for (size_t i = 0; i < SANSAN_KEYS; i++)
		s->keys[i].burst.limit = (unsigned)json_int(q->json, "burst",
			s->keys[i].burst.limit) % RING;
	s->window_days = json_int(q->json, "window_days", s->window_days);
	set_flag(q->json, "entitled", &s->entitled);
	set_flag(q->json, "creates", &s->creates);
	set_flag(q->json, "wrapped", &s->wrapped);
	if (json_get(q->json, "answer"))
		copy_member(q->json, "answer", s->answer, sizeof s->answer);
	if (sees.len)
		s->keys[0].sees_all = text_is(sees, "all");
	buf_str(reply_start(r, 200), "{}");
}

/* ---- Tables ------------------------------------------------------------- */

static const struct route routes[] = {
	{ "GET", "/bizCards", "GET /bizCards", sansan_list, 0 },
	{ "POST", "/bizCards", "POST /bizCards", sansan_create, 0 },
	{ "GET", "/bizCards/search", "GET /bizCards/search", sansan_search, 0 },
	{ "GET", "/bizCards/{}", "GET /bizCards/id", sansan_get_card, 0 },
	{ "GET", "/bizCards/{}/tags", "GET /bizCards/id/tags", sansan_card_tags, 0 },
	{ "GET", "/persons/{}", "GET /persons/id", sansan_get_person, 0 },
	{ "GET", "/tags", "GET /tags", get_tags, 0 },
	{ "GET", "/me", "GET /me", get_me, 0 },
	{ NULL, NULL, NULL, NULL, 0 },
};

static const struct control controls[] = {
	{ "POST", "tags",    "the tags that there are", control_tags,
	  "{\"tags\":[{\"id\":\"7001\",\"name\":\"Fair\",\"type\":\"public\","
	  "\"owner\":\"5501\",\"members\":[]}]}" },
	{ "POST", "keys",    "more keys, each of a user", control_keys,
	  "{\"keys\":[{\"key\":\"sim-second-key\",\"user\":\"5502\","
	  "\"sees\":\"own\"}]}" },
	{ "POST", "options", "limits and habits", control_options,
	  "{\"burst\":10,\"window_days\":30,\"entitled\":true,\"creates\":true,"
	  "\"sees\":\"all\"}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct sansan_tag first_tags[] = {
	{ "7001", "展示会2026", "5501", TAG_PUBLIC, { "" } },
	{ "7002", "重点顧客", "5502", TAG_SHARED, { "5501" } },
	{ "7003", "個人メモ", "5501", TAG_PRIVATE, { "" } },
	{ "7004", "renkei", "5502", TAG_PUBLIC, { "" } },
};

static void
sansan_init(struct sim *sim)
{
	struct sansan *s = sim_alloc(sizeof *s);

	s->keys[0] = (struct sansan_key){ .user = "5501", .sees_all = true,
		.burst = { .limit = CALLS, .window_ms = CALLS_MS } };
	s->key_count = 1;
	memcpy(s->tags, first_tags, sizeof first_tags);
	s->tag_count = COUNT(first_tags);
	s->window_days = 366;
	s->entitled = s->creates = s->wrapped = true;
	snprintf(s->answer, sizeof s->answer, "id");
	sim->state = s;
	sansan_define(sim);
}

static void
sansan_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	char iso[40];

	(void)revision;
	time_iso(iso, updated_ms);
	buf_str(out, iso);
}

const struct crm sansan_crm = {
	.name = "sansan", .token = "sim-sansan-token",
	.routes = routes, .controls = controls,
	.init = sansan_init, .normal = sansan_normal, .gate = sansan_gate,
	.finish = sansan_finish, .unknown = sansan_unknown,
	.values = "values", .change = sansan_change, .seeded = sansan_seeded,
	.show_id = sansan_show_id, .read_id = sansan_read_id, .version = sansan_version,
};
