/* SPDX-License-Identifier: Apache-2.0
 *
 * limiter.c - see limiter.h.  A sliding window is kept in slices: a call leaves
 * it when its whole slice has, so that never more than the limit lie in any
 * window, and a little less than the limit may. */
#include "net/limiter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"

#define SLICES 64
/* Objects are named by connectors; buckets at rest go when there are more. */
#define BUCKETS_AT_REST 256
/* Past so many that do count, further objects share one. */
#define BUCKETS_MAX 10000
#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)
/* A call comes to the CRM at some moment between its leaving and its answer.  Windows of
 * this length or more count it from its answer on, so that none holds more at the CRM
 * either; shorter ones would lose more by that than a refusal costs. */
#define EXACT_MS 5000

struct slice {
	int64_t ends, calls;
};

struct limiter_bucket {
	char *key;                     /* owned: connection, rule, object or host */
	size_t key_len;
	struct slice slices[SLICES + 1]; /* A ring, the oldest first. */
	size_t first, used;
	int64_t in_window;
	int64_t flying;                /* Calls that have no answer yet, and no slice. */
	int64_t day_ends;              /* Wall time; windows by the day. */
	int64_t under_way;
	int64_t paused_until;
	int64_t rests_at;              /* From then on it counts nothing. */
	int64_t per_ms;                /* Of the sliding window. */
	int64_t told_calls, told_left; /* By the CRM; -1: not told. */
	bool changed;                  /* Since it was saved. */
	uint64_t wanted;               /* The round in which somebody waits for it ... */
	int64_t wanted_at;             /* ... until then. */
};

/* ---- Rules ------------------------------------------------------------- */

/* "00:00" -> 0, "23:59" -> 1439; -1 if it is no time of day. */
static int
minute_of_day(struct rk_text text)
{
	char copy[8];
	int hour, minute, end = 0;
	if (text.len != 5)
		return -1;
	text_copy(copy, sizeof copy, text);
	if (sscanf(copy, "%2d:%2d%n", &hour, &minute, &end) != 2 || end != 5)
		return -1;
	return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1
								  : hour * 60 + minute;
}

static bool
scope_of(struct rk_text text, enum limiter_scope *scope)
{
	static const struct { const char *name; enum limiter_scope scope; } scopes[] = {
		{ "", LIMITER_CONNECTION },       { "connection", LIMITER_CONNECTION },
		{ "object", LIMITER_OBJECT },     { "host", LIMITER_HOST },
	};
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		if (!text_is(text, scopes[i].name))
			continue;
		*scope = scopes[i].scope;
		return true;
	}
	return false;
}

static int32_t
set_rule(struct limiter_rule *rule, const struct net_limit *limit, struct rk_err *err)
{
	rule->name = text_dup(limit->name);
	rule->zone = text_dup(limit->zone.len > 0 ? limit->zone : TEXT_LIT("UTC"));
	rule->told_calls = text_dup(limit->told_calls);
	rule->told_left = text_dup(limit->told_left);
	rule->told_used = text_dup(limit->told_used);
	rule->calls = limit->calls;
	rule->per_ms = limit->per_ms;
	rule->concurrent = limit->concurrent;
	rule->every = limit->every != 0;
	rule->allocation = limit->allocation;
	rule->reserve = limit->reserve;
	rule->by_day = limit->resets.len > 0;
	if (!scope_of(limit->scope, &rule->scope))
		return err_set(
		    err, RK_PAUSE, RK_CAT_CONFIG,
		    "limit '%s': scope is connection, object or host, not '%.*s'",
		    rule->name, (int)limit->scope.len, limit->scope.ptr);
	if (rule->calls > 0 && rule->per_ms <= 0 && !rule->by_day)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "limit '%s': calls need a window", rule->name);
	rule->resets_minute = rule->by_day ? minute_of_day(limit->resets) : 0;
	if (rule->resets_minute < 0)
		return err_set(
		    err, RK_PAUSE, RK_CAT_CONFIG,
		    "limit '%s': resets is a time of day such as 00:00, not '%.*s'",
		    rule->name, (int)limit->resets.len, limit->resets.ptr);
	if (!zone_is_name(rule->zone))
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			       "limit '%s': '%s' is no time zone", rule->name,
			       rule->zone);
	return RK_OK;
}

int32_t
limiter_rules_set(struct limiter_rules *rules, const struct net_limit *limits,
                  size_t count, struct rk_err *err)
{
	struct limiter_rules new = {calloc(count > 0 ? count : 1, sizeof *new.rules),
				    count};
	if (new.rules == NULL)
		abort();
	int32_t status = RK_OK;
	for (size_t i = 0; i < count && status == RK_OK; i++)
		status = set_rule(&new.rules[i], &limits[i], err);
	if (status != RK_OK) {
		limiter_rules_clear(&new);
		return status;
	}
	limiter_rules_clear(rules);
	*rules = new;
	return RK_OK;
}

void
limiter_rules_clear(struct limiter_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		free(rules->rules[i].name);
		free(rules->rules[i].zone);
		free(rules->rules[i].told_calls);
		free(rules->rules[i].told_left);
		free(rules->rules[i].told_used);
	}
	free(rules->rules);
	*rules = (struct limiter_rules){ NULL, 0 };
}

/* ---- Buckets ----------------------------------------------------------- */

static void
free_bucket(struct limiter_bucket *b)
{
	free(b->key);
	free(b);
}

/* Moves the window: what has left it is forgotten. */
static void
settle(struct limiter_bucket *b, int64_t now, int64_t wall)
{
	if (b->day_ends != 0 && wall >= b->day_ends)
		b->in_window = b->day_ends = 0;
	while (b->used > 0 && b->slices[b->first].ends + b->per_ms <= now) {
		b->in_window -= b->slices[b->first].calls;
		b->first = (b->first + 1) % (SLICES + 1);
		b->used--;
	}
}

static void
count_calls(struct limiter_bucket *b, int64_t calls, int64_t now)
{
	int64_t length = b->per_ms / SLICES > 0 ? b->per_ms / SLICES : 1;
	b->in_window += calls;
	b->rests_at = now + length + b->per_ms;
	struct slice *last = &b->slices[(b->first + b->used + SLICES) % (SLICES + 1)];
	if (b->used > 0 && (now < last->ends || b->used == SLICES + 1)) {
		last->calls += calls;
		if (last->ends < now)
			last->ends = now;
		return;
	}
	b->slices[(b->first + b->used) % (SLICES + 1)] =
	    (struct slice){now + length, calls};
	b->used++;
}

/* What is to be counted when the answer has come; 0: it was counted. */
static int64_t
take_calls(struct limiter_bucket *b, const struct limiter_rule *rule, int64_t calls,
           int64_t now, int64_t wall)
{
	b->changed = true;
	b->under_way++;
	if (!rule->by_day && !rule->every && rule->per_ms >= EXACT_MS) {
		b->rests_at = now + 2 * rule->per_ms;
		b->flying += calls;
		return calls;
	}
	if (rule->by_day) {
		b->in_window += calls;
		b->rests_at = now + (b->day_ends - wall);
	} else {
		count_calls(b, calls, now);
	}
	return 0;
}

/* A backfill leaves its reserve; one call a window is everybody's, or it never ends. */
static int64_t
most_of(const struct limiter_bucket *b, const struct limiter_rule *rule,
        enum net_priority priority)
{
	int64_t most = net_allowed(rule->calls, b->told_calls, rule->allocation);
	if (priority != NET_BACKFILL || most <= 1)
		return most;
	int64_t left = most - net_part_take(rule->reserve, most, most / 10);
	return left > 1 ? left : 1;
}

/* When 'calls' more fit into the window; 'now' if they do already. */
static int64_t
window_at(const struct limiter_bucket *b, const struct limiter_rule *rule, int64_t calls,
          int64_t most, int64_t now, int64_t wall)
{
	int64_t too_many = b->in_window + b->flying + calls - most;
	if (rule->calls == 0 || too_many <= 0
	    || (b->in_window + b->flying == 0 && most > 0))
		return now;
	if (rule->by_day)
		return now + (b->day_ends - wall);
	for (size_t i = 0; i < b->used; i++) {
		const struct slice *s = &b->slices[(b->first + i) % (SLICES + 1)];
		too_many -= s->calls;
		if (too_many <= 0)
			return s->ends + rule->per_ms;
	}
	return now + rule->per_ms;
}

/* Buckets that hold nothing any more make room. */
static void
drop_resting(struct limiter *limiter, int64_t now)
{
	size_t kept = 0;
	for (size_t i = 0; i < limiter->count; i++) {
		struct limiter_bucket *b = limiter->buckets[i];
		bool resting =
		    b->under_way == 0 && b->paused_until <= now && b->rests_at <= now;
		if (resting)
			free_bucket(b);
		else
			limiter->buckets[kept++] = b;
	}
	limiter->count = kept;
}

static void
make_key(struct buf *key, const struct limiter_ask *ask, const struct limiter_rule *rule,
         bool crowded)
{
	struct rk_text none = { NULL, 0 };
	bool by_object = rule->scope == LIMITER_OBJECT && !crowded;
	wire_int(key, rule->scope);
	wire_str(key, rule->name);
	wire_text(key, rule->scope == LIMITER_HOST ? none : ask->connection);
	wire_text(key, rule->scope == LIMITER_HOST ? ask->host
	               : by_object                 ? ask->object
	                                           : none);
}

static struct limiter_bucket *
add_bucket(struct limiter *limiter, struct rk_text key)
{
	struct limiter_bucket *b = calloc(1, sizeof *b);
	struct limiter_bucket **buckets = realloc(
	    limiter->buckets, (limiter->count + 1) * sizeof(struct limiter_bucket *));
	if (b == NULL || buckets == NULL)
		abort();
	b->key = text_dup(key);
	b->key_len = key.len;
	b->told_calls = b->told_left = -1;
	limiter->buckets = buckets;
	limiter->buckets[limiter->count++] = b;
	return b;
}

/* A window that was begun under another rule of that name begins anew. */
static void
fit_rule(struct limiter_bucket *b, const struct limiter_rule *rule, int64_t wall)
{
	int64_t per_ms = rule->by_day ? 0 : rule->per_ms;
	if (b->per_ms != per_ms || rule->by_day != (b->day_ends != 0)) {
		b->in_window = 0;
		b->used = 0;
	}
	b->per_ms = per_ms;
	if (!rule->by_day)
		b->day_ends = 0;
	else if (b->day_ends == 0)
		b->day_ends = zone_next(rule->zone, rule->resets_minute, wall);
}

static struct limiter_bucket *
find_bucket(struct limiter *limiter, const struct limiter_ask *ask,
            const struct limiter_rule *rule)
{
	BUF_AUTO key = BUF_INIT(1024 * 1024);
	make_key(&key, ask, rule, limiter->count >= BUCKETS_MAX);
	for (size_t i = 0; i < limiter->count; i++) {
		struct limiter_bucket *b = limiter->buckets[i];
		if (b->key_len == key.len && memcmp(b->key, key.ptr, key.len) == 0)
			return b;
	}
	return add_bucket(limiter, buf_text(&key));
}

/* ---- Asking ------------------------------------------------------------ */

static const struct limiter_rule *
find_rule(const struct limiter_rules *rules, struct rk_text name)
{
	for (size_t i = 0; i < rules->count; i++)
		if (text_is(name, rules->rules[i].name))
			return &rules->rules[i];
	return NULL;
}

struct claim {                         /* One spend that a rule speaks of. */
	const struct limiter_rule *rule;
	struct limiter_bucket *bucket;
	int64_t calls;
	int64_t at;                    /* When it alone would be admitted. */
};

static void
add_claim(struct limiter *limiter, const struct limiter_ask *ask,
          const struct limiter_rule *rule, int64_t calls, int64_t now, int64_t wall,
          struct claim *claim)
{
	struct limiter_bucket *bucket = find_bucket(limiter, ask, rule);
	settle(bucket, now, wall);
	fit_rule(bucket, rule, wall);
	*claim = (struct claim){ rule, bucket, calls, 0 };
}

static size_t
find_claims(struct limiter *limiter, const struct limiter_ask *ask, int64_t now,
            int64_t wall, struct claim claims[LIMITER_SPENDS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < ask->rules->count && count < LIMITER_SPENDS_MAX; i++)
		if (ask->rules->rules[i].every)
			add_claim(limiter, ask, &ask->rules->rules[i], 1, now, wall,
			          &claims[count++]);
	for (size_t i = 0; i < ask->spend_count && count < LIMITER_SPENDS_MAX; i++) {
		const struct limiter_rule *rule =
		    find_rule(ask->rules, ask->spends[i].limit);
		if (rule == NULL)
			continue;
		add_claim(limiter, ask, rule, (int64_t)ask->spends[i].cost, now, wall,
		          &claims[count++]);
	}
	return count;
}

/* When this claim alone would be admitted. */
static struct limiter_answer
judge(const struct limiter *limiter, const struct claim *claim,
      enum net_priority priority, int64_t now, int64_t wall)
{
	const struct limiter_bucket *b = claim->bucket;
	struct limiter_answer answer = { .by = claim->rule };
	int64_t most = claim->rule->concurrent;
	/* Most places are taken, by others too: one at a time goes on, and hears more. */
	if (b->told_left >= 0 && b->told_left < b->told_calls / 2 && most > 1)
		most = 1;
	answer.at = window_at(b, claim->rule, claim->calls,
	                      most_of(b, claim->rule, priority), now, wall);
	if (b->paused_until > answer.at) {
		answer.at = b->paused_until;
		answer.paused = true;
	}
	if (most > 0 && b->under_way >= most && answer.at <= now)
		answer.at = INT64_MAX;
	if (limiter->round != 0 && b->wanted == limiter->round && b->wanted_at > answer.at)
		answer.at = b->wanted_at;
	return answer;
}

bool
limiter_before(struct limiter_turn a, struct limiter_turn b)
{
	return a.priority != b.priority ? a.priority < b.priority : a.served < b.served;
}

void
limiter_round(struct limiter *limiter)
{
	limiter->round++;
}

/* Those behind it in this round wait as long, for what it waits for. */
static void
want(const struct limiter *limiter, struct claim *claims, size_t count, int64_t now)
{
	for (size_t i = 0; i < count; i++) {
		if (claims[i].at <= now)
			continue;
		claims[i].bucket->wanted = limiter->round;
		claims[i].bucket->wanted_at = claims[i].at;
	}
}

struct limiter_answer
limiter_ask(struct limiter *limiter, const struct limiter_ask *ask, int64_t now,
            int64_t wall, struct limiter_ticket *ticket)
{
	struct claim claims[LIMITER_SPENDS_MAX];
	if (limiter->count > BUCKETS_AT_REST)
		drop_resting(limiter, now);
	size_t count = find_claims(limiter, ask, now, wall, claims);
	struct limiter_answer answer = { .admitted = true, .at = now };
	for (size_t i = 0; i < count; i++) {
		struct limiter_answer one = judge(limiter, &claims[i], ask->priority, now, wall);
		claims[i].at = one.at;
		if (one.at > answer.at)
			answer = one;
	}
	if (!answer.admitted) {
		want(limiter, claims, count, now);
		return answer;
	}
	ticket->count = count;
	for (size_t i = 0; i < count; i++) {
		ticket->taken[i] = claims[i].bucket;
		ticket->flying[i] = take_calls(claims[i].bucket, claims[i].rule,
		                               claims[i].calls, now, wall);
	}
	return answer;
}

void
limiter_release(struct limiter_ticket *ticket, int64_t now)
{
	for (size_t i = 0; i < ticket->count; i++) {
		struct limiter_bucket *b = ticket->taken[i];
		b->under_way--;
		b->flying -= ticket->flying[i];
		/* Its rule may be of another kind by now. */
		if (ticket->flying[i] > 0 && b->per_ms > 0) {
			b->changed = true;
			settle(b, now, 0);
			count_calls(b, ticket->flying[i], now);
		}
	}
	ticket->count = 0;
}

void
limiter_pause(struct limiter_ticket *ticket, int64_t until)
{
	for (size_t i = 0; i < ticket->count; i++) {
		struct limiter_bucket *b = ticket->taken[i];
		b->changed = true;
		if (b->paused_until < until)
			b->paused_until = until;
	}
}

/* ---- What the CRM tells --------------------------------------------------- */

/* Behind 'pattern' at 'at', where '#' stands for digits; NULL: it does not stand there. */
static const char *
match(const char *at, const char *end, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		const char *from = at;
		while (*pattern == '#' && at < end && *at >= '0' && *at <= '9')
			at++;
		if (*pattern != '#' && at < end && *at == *pattern)
			at++;
		if (at == from)
			return NULL;
	}
	return at;
}

/* The digits behind the first place of 'pattern' that is no end of a longer word: of
 * "api-usage=#/" in "api-usage=18/1000; per-app-api-usage=1/5" it is 1000. */
static struct rk_text
behind(struct rk_text text, const char *pattern)
{
	const char *end = text.ptr + text.len, *found = NULL;
	bool in_word = false;
	for (const char *at = text.ptr; at < end && found == NULL; at++) {
		found = in_word ? NULL : match(at, end, pattern);
		in_word = isalnum((unsigned char)*at) || *at == '-';
	}
	struct rk_text number = { found, 0 };
	while (found != NULL && found + number.len < end && found[number.len] >= '0'
	       && found[number.len] <= '9')
		number.len++;
	return number;
}

/* 'name' is "HEADER", or "HEADER PATTERN" where the number is a part of the text. */
static int64_t
number_in(const struct rk_header *headers, size_t count, const char *name)
{
	struct rk_text header = { name, strcspn(name, " ") };
	const char *pattern = name[header.len] == ' ' ? name + header.len + 1 : NULL;
	int64_t number = -1;
	for (size_t i = 0; i < count && header.len > 0; i++) {
		struct rk_text text = headers[i].pieces[0].text;
		if (!text_eq(headers[i].name, header))
			continue;
		if (!text_int64(pattern != NULL ? behind(text, pattern) : text, &number)
		    || number < 0)
			number = -1;
	}
	return number;
}

void
limiter_note(struct limiter_ticket *ticket, const struct limiter_rules *rules,
             const struct rk_header *headers, size_t count)
{
	for (size_t i = 0; i < ticket->count; i++) {
		struct limiter_bucket *b = ticket->taken[i];
		struct wire_reader key =
			wire_reader((struct rk_text){ b->key, b->key_len });
		wire_take_int(&key);
		const struct limiter_rule *rule = find_rule(rules, wire_take_text(&key));
		int64_t calls = rule ? number_in(headers, count, rule->told_calls) : -1;
		if (calls < 0)
			continue;
		b->told_calls = calls;
		b->told_left = number_in(headers, count, rule->told_left);
		int64_t used = number_in(headers, count, rule->told_used);
		if (used >= 0)
			b->told_left = used < calls ? calls - used : 0;
		b->changed = true;
	}
}

/* ---- For a later net ------------------------------------------------------ */

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What has no answer yet counts as of now. */
static void
encode_bucket(struct buf *out, const struct limiter_bucket *bucket, int64_t now,
              int64_t to_wall)
{
	struct limiter_bucket copy = *bucket;
	const struct limiter_bucket *b = &copy;
	if (copy.flying > 0)
		count_calls(&copy, copy.flying, now);
	wire_int(out, b->per_ms);
	wire_int(out, b->day_ends);
	wire_int(out, b->in_window);
	wire_int(out, b->paused_until != 0 ? b->paused_until + to_wall : 0);
	wire_int(out, b->told_calls);
	wire_int(out, b->told_left);
	for (size_t i = 0; i < b->used; i++) {
		const struct slice *s = &b->slices[(b->first + i) % (SLICES + 1)];
		wire_int(out, s->ends + to_wall);
		wire_int(out, s->calls);
	}
}

bool
limiter_save(const struct limiter *limiter, int64_t now, int64_t wall,
             bool (*put)(void *with, struct rk_text key, struct rk_text body,
                         int64_t rests), void *with)
{
	bool good = true;
	for (size_t i = 0; i < limiter->count && good; i++) {
		const struct limiter_bucket *b = limiter->buckets[i];
		BUF_AUTO body = BUF_INIT(64 * 1024);
		if (!b->changed)
			continue;
		encode_bucket(&body, b, now, wall - now);
		good = put(with, (struct rk_text){ b->key, b->key_len }, buf_text(&body),
		           later(b->rests_at, b->paused_until) + wall - now);
	}
	return good;
}

void
limiter_saved(struct limiter *limiter)
{
	for (size_t i = 0; i < limiter->count; i++)
		limiter->buckets[i]->changed = false;
}

/* The wall clock may have been set meanwhile: nothing counts from the future, and no
 * pause is longer than one that could be laid upon us now.  What was cut is saved anew,
 * or each net would find the future again. */
void
limiter_load(struct limiter *limiter, struct rk_text key, struct rk_text body,
             int64_t now, int64_t wall)
{
	struct wire_reader r = wire_reader(body);
	struct limiter_bucket b = { .key = NULL };
	int64_t *numbers[] = { &b.per_ms, &b.day_ends, &b.in_window, &b.paused_until,
	                       &b.told_calls, &b.told_left };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = wire_take_range(&r, -1, INT64_MAX / 4);
	while (wire_more(&r) && b.used <= SLICES) {
		struct slice *s = &b.slices[b.used++];
		int64_t ends = wire_take_range(&r, 0, INT64_MAX / 4) - wall;
		b.changed |= ends > 0;
		s->ends = now + (ends < 0 ? ends : 0);
		s->calls = wire_take_range(&r, 0, INT64_MAX / 4);
	}
	if (r.bad || wire_more(&r) || limiter->count >= BUCKETS_MAX
	    || b.day_ends > wall + DAY_MS + HOUR_MS || b.per_ms < 0 || b.in_window < 0)
		return;
	b.paused_until = b.paused_until > wall ? now + b.paused_until - wall : 0;
	if (b.paused_until > now + LIMITER_PAUSE_MAX_MS) {
		b.paused_until = now + LIMITER_PAUSE_MAX_MS;
		b.changed = true;
	}
	b.rests_at = b.day_ends != 0 ? now + b.day_ends - wall
	             : b.used > 0   ? b.slices[b.used - 1].ends + b.per_ms : now;
	struct limiter_bucket *new = add_bucket(limiter, key);
	b.key = new->key;
	b.key_len = new->key_len;
	*new = b;
}

/* When the calls of the window began. */
static int64_t
began(const struct limiter_bucket *b, int64_t now, int64_t wall)
{
	if (b->day_ends != 0)
		return b->day_ends - DAY_MS;
	if (b->used == 0)
		return 0;
	return b->slices[b->first].ends - b->per_ms / SLICES + wall - now;
}

void
limiter_tell(struct limiter *limiter, struct buf *out, int64_t now, int64_t wall)
{
	size_t mark = wire_open(out, WIRE_LIST);
	for (size_t i = 0; i < limiter->count; i++) {
		struct limiter_bucket *b = limiter->buckets[i];
		struct wire_reader key =
			wire_reader((struct rk_text){ b->key, b->key_len });
		settle(b, now, wall);
		int64_t scope = wire_take_int(&key);
		struct rk_text limit = wire_take_text(&key);
		struct rk_text connection = wire_take_text(&key);
		/* Across connections a host counts: the row is of no single one. */
		wire_text(out, scope == LIMITER_HOST ? (struct rk_text){ NULL, 0 }
		                                     : connection);
		wire_text(out, limit);
		wire_text(out, wire_take_text(&key));
		wire_int(out, b->in_window + b->flying);
		wire_int(out, b->under_way);
		wire_int(out, began(b, now, wall));
		wire_int(out, b->day_ends);
		wire_int(out, b->paused_until > now ? b->paused_until - now + wall : 0);
		wire_int(out, b->told_calls);
		wire_int(out, b->told_left);
	}
	wire_close(out, mark);
}

void
limiter_clear(struct limiter *limiter)
{
	for (size_t i = 0; i < limiter->count; i++)
		free_bucket(limiter->buckets[i]);
	free(limiter->buckets);
	*limiter = (struct limiter){ NULL, 0, 0 };
}
