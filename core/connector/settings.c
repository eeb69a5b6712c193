/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.c - see settings.h.  What a value must look like is in the manifest;
 * form that needs no manifest was checked by config/. */
#include "connector/settings.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "connector/checker.h"
#include "connector/files.h"

#define REQUEST_DEADLINE_MS 60000

void
checker_complain(struct checker *c, struct place at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	problem_addv(c->problems, c->weight, at, c->sync, format, args);
	va_end(args);
}

bool
checker_blank(const char *text)
{
	return text == NULL || text_trim(text_of(text)).len == 0;
}

/* ---- Settings ------------------------------------------------------------------ */

const struct config_setting *
checker_given(const struct checker *c, const char *name)
{
	const struct config_connection *own = c->connection;
	return named_find(NAMED(own->settings, own->setting_count), name);
}

const char *
checker_value(const struct checker *c, const char *name)
{
	for (size_t i = 0; i < c->out->value_count; i++)
		if (text_is(c->out->values[i].name, name))
			return c->out->values[i].value.ptr;
	return NULL;
}

static void
add_value(struct checker *c, const struct manifest_setting *s, const char *value)
{
	struct settings *out = c->out;
	bool secret = s->type == MANIFEST_SECRET;
	out->values[out->value_count++] = (struct runner_setting){
		.name = text_of(s->name), .secret = secret,
		.value = secret ? (struct rk_text){ NULL, 0 } : text_of(value),
	};
}

static void
check_setting(struct checker *c, const struct manifest_setting *s)
{
	const struct config_setting *written = checker_given(c, s->name);
	const char *value = written != NULL ? written->value : NULL;
	struct place at = written != NULL ? written->at : c->connection->at;
	if (checker_value(c, s->name) != NULL)
		return;                        /* A lag, which is the host's to say. */
	if (checker_blank(value) && s->normal == NULL) {
		/* Instead of a key there is what OAuth yields. */
		if (s->required && !(s->type == MANIFEST_SECRET && consent_wanted(c)))
			checker_complain(c, at, "connection \"%s\" without \"%s\": %s%s",
			                 c->connection->name, s->name,
			                 s->hint != NULL ? s->hint : "it is required",
			                 value_example(c, s));
		return;
	}
	if (s->type == MANIFEST_SECRET)
		reference_check(c, s, value, at);
	else if (checker_blank(value))
		value = value_take(c, s, s->normal, s->at);
	else
		value = value_take(c, s, value, at);
	if (value != NULL)
		add_value(c, s, value);
}

static void
check_unknown(struct checker *c)
{
	const struct manifest *m = c->manifest;
	const struct config_connection *connection = c->connection;
	struct named theirs = NAMED(m->settings, m->setting_count);
	struct named ours = config_own_settings();
	const char **names =
		arena_new_array(c->arena, theirs.count + ours.count, const char *);
	for (size_t i = 0; i < theirs.count; i++)
		names[i] = m->settings[i].name;
	memcpy(names + theirs.count, named_names(ours, c->arena),
	       ours.count * sizeof *names);
	for (size_t i = 0; i < connection->setting_count; i++) {
		const struct config_setting *s = &connection->settings[i];
		if (manifest_setting(m, s->name) != NULL)
			continue;
		const char *near = named_near(NAMED(names, theirs.count + ours.count),
		                              s->name, c->arena);
		if (near[0] == '\0')
			near = arena_printf(c->arena, "; see `renkei connectors show %s`",
			                    m->name).ptr;
		checker_complain(c, s->at, "found \"%s\", which is no setting of %s%s",
		                 s->name, m->name, near);
	}
}

/* ---- Limits, lags, guarantee --------------------------------------------------- */

static void
check_limit_names(struct checker *c)
{
	struct named limits = NAMED(c->manifest->limits, c->manifest->limit_count);
	struct named given = NAMED(c->connection->limits, c->connection->limit_count);
	for (size_t i = 0; i < given.count; i++) {
		const struct config_limit *l = &c->connection->limits[i];
		if (l->limit != NULL && named_find(limits, l->limit) == NULL)
			checker_complain(c, l->at, "limit: found \"%s\", expected a "
			                 "limit of %s: %s%s", l->limit, c->manifest->name,
			                 limits.count == 0
			                 ? "it has none" : named_joined(limits, c->arena),
			                 named_near(limits, l->limit, c->arena));
		if (l->limit != NULL && named_find(given, l->limit) != l)
			checker_complain(c, l->at, "limit \"%s\" stands twice", l->limit);
	}
}

static const char *
either(const char *own, const char *declared)
{
	return own != NULL ? own : declared;
}

/* A count that was checked for its form already; 0: not given. */
static int64_t
count_of(const char *text)
{
	int64_t n = 0;
	return text != NULL && text_int64(text_of(text), &n) ? n : 0;
}

static struct net_limit
limit_of(const struct manifest_limit *m, const struct config_limit *own)
{
	static const struct config_limit none = { 0 };
	int64_t per_ms = 0;
	if (own == NULL)
		own = &none;
	const char *per = either(own->per, m->per);
	if (per != NULL)
		text_duration_ms(per, &per_ms);
	return (struct net_limit){
		.name = text_of(m->name),
		.calls = count_of(either(own->calls, m->calls)),
		.per_ms = per_ms,
		.concurrent = count_of(either(own->concurrent, m->concurrent)),
		.scope = text_of(m->scope),
		.resets = text_of(either(own->resets, m->resets)),
		.zone = text_of(either(own->zone, m->zone)),
		.told_calls = text_of(m->told_calls),
		.told_left = text_of(m->told_left),
		.told_used = text_of(m->told_used),
		.allocation = net_part_of(own->allocation),
		.reserve = net_part_of(either(own->reserve, m->reserve)),
	};
}

static void
fill_limits(struct checker *c)
{
	const struct manifest *m = c->manifest;
	const struct config_connection *connection = c->connection;
	check_limit_names(c);
	c->out->limits = arena_new_array(c->arena, m->limit_count + 1, struct net_limit);
	if (connection->min_gap_ms > 0)
		c->out->limits[c->out->limit_count++] = (struct net_limit){
			.name = TEXT_LIT(NET_MIN_GAP), .calls = 1,
			.per_ms = connection->min_gap_ms, .every = 1 };
	if (connection->limits_off)
		return;
	for (size_t i = 0; i < m->limit_count; i++)
		c->out->limits[c->out->limit_count++] = limit_of(&m->limits[i],
			named_find(NAMED(connection->limits, connection->limit_count),
			           m->limits[i].name));
}

/* Lags are the host's own settings, but a connector may ask to see one. */
static void
take_lag(struct checker *c, const char *name, int64_t own_ms, int64_t *lag_ms)
{
	const struct manifest_setting *s = manifest_setting(c->manifest, name);
	if (own_ms < 0)
		return;
	*lag_ms = own_ms;
	if (s != NULL)
		add_value(c, s, arena_printf(c->arena, "%lldms", (long long)own_ms).ptr);
}

static void
fill_lags(struct checker *c)
{
	const struct config_connection *own = c->connection;
	struct manifest_lags *lags = &c->out->lags;
	*lags = c->manifest->lags;
	take_lag(c, "late_commit", own->late_commit_ms, &lags->late_commit_ms);
	take_lag(c, "index_lag", own->index_lag_ms, &lags->index_lag_ms);
	take_lag(c, "t_land", own->t_land_ms, &lags->t_land_ms);
	take_lag(c, "t_visible", own->t_visible_ms, &lags->t_visible_ms);
	c->out->request_deadline_ms = own->request_deadline_ms >= 0
		? own->request_deadline_ms : REQUEST_DEADLINE_MS;
}

static void
check_guarantee(struct checker *c)
{
	const struct manifest *m = c->manifest;
	int own = c->connection->guarantee, best = GUARANTEE_E4;
	for (size_t i = 0; i < m->object_count; i++)
		if (m->objects[i].guarantee < best)
			best = m->objects[i].guarantee;
	if (own != GUARANTEE_NONE && own < best)
		checker_complain(c, c->connection->at, "guarantee: found \"E%d\", but %s "
		                 "declares no better than \"E%d\"; it may only be "
		                 "lowered", own + 1, m->name, best + 1);
}

static void
check_pin(struct checker *c)
{
	const struct config_connection *connection = c->connection;
	char hex[65];
	if (connection->sha256 == NULL)
		return;
	if (!manifest_file_hash(c->manifest->path, hex))
		checker_complain(c, connection->at, "sha256: %s cannot be read",
		                 c->manifest->path);
	else if (strcasecmp(hex, connection->sha256) != 0)
		checker_complain(c, connection->at, "sha256: %s is another file than the "
		                 "one pinned; its hash is %s", c->manifest->path, hex);
}

/* ---- A connection -------------------------------------------------------------- */

bool
settings_check(struct settings *out, const struct config_connection *connection,
               const struct manifest *manifest, struct arena *arena,
               struct problems *problems)
{
	struct checker c = { manifest, connection, out, arena, problems, PROBLEM_FATAL,
	                     NULL };
	size_t before = problems->fatal;
	*out = (struct settings){ .connection = connection, .manifest = manifest };
	out->values = arena_new_array(arena, manifest->setting_count + 2,
	                              struct runner_setting);
	check_unknown(&c);
	fill_lags(&c);
	for (size_t i = 0; i < manifest->setting_count; i++)
		check_setting(&c, &manifest->settings[i]);
	origins_fill(&c);
	consent_fill(&c);
	reference_check_own(&c);
	fill_limits(&c);
	check_guarantee(&c);
	check_pin(&c);
	return problems->fatal == before;
}

const char *
settings_directory(const struct settings *settings)
{
	const struct manifest_setting *s = manifest_setting(settings->manifest, FILES_SETTING);
	for (size_t i = 0; s != NULL && s->type == MANIFEST_PATH && i < settings->value_count; i++)
		if (text_is(settings->values[i].name, FILES_SETTING))
			return settings->values[i].value.ptr;
	return NULL;
}

/* ---- A side of a sync ---------------------------------------------------------- */

/* An object that goes by any name still has a form, and a pasted address may hold
 * it. */
static bool
fit_object(struct checker *c, struct config_side *side,
           const struct manifest_object *object)
{
	if (strchr(object->name, '*') == NULL || object->id_pattern == NULL)
		return true;
	struct value_shape shape = {
		"object", object->id_pattern, object->id_reduce,
		arena_printf(c->arena, "%s of the form %s",
		             object->label != NULL ? object->label : "a name",
		             object->id_pattern).ptr,
	};
	const char *fit = value_fit(c, &shape, side->object, side->object_at);
	if (fit != NULL)
		side->object = fit;
	return fit != NULL;
}

enum guarantee
settings_guarantee(const struct settings *settings, const struct manifest_object *object)
{
	int own = settings->connection->guarantee;
	return (enum guarantee)(own > object->guarantee ? own : object->guarantee);
}

enum { READS = 1, BY_UPSERT = 2, BY_LOOK_UP = 4, REFUSES = 8, KEYLESS = 16,
       ARCHIVES = 32, FLAGS = 64 };

/* Who asks for an operation.  A linked record is updated by its id; an object that is
 * looked up and has no update takes new records only.  A plan, and a record whose key
 * changed while a write of it was unknown, is looked up by its key, and what is taken up
 * again by its id. */
static const struct {
	const char *operation;
	unsigned asked_by;
} needs[] = {
	{ "list", READS },
	{ "upsert", BY_UPSERT },
	{ "create", BY_LOOK_UP | REFUSES | KEYLESS },
	{ "update", BY_UPSERT | FLAGS },
	{ "archive", ARCHIVES },
	{ "field", BY_UPSERT | BY_LOOK_UP },
	{ "ids", READS | BY_UPSERT | BY_LOOK_UP },
};

const char *
settings_lacking(const struct manifest_object *object, enum settings_use use,
                 enum guarantee guarantee, const struct config_sync *sync,
                 struct arena *arena, const char **why)
{
	bool writes = use == SETTINGS_WRITE;
	bool refuses = writes && sync != NULL
	               && (sync->existing == EXISTING_REFUSE || sync->only == ONLY_CREATE);
	bool keyless = writes && sync != NULL && sync->empty_key == EMPTY_KEY_CREATE;
	unsigned class = !writes ? READS : guarantee == GUARANTEE_E1 ? BY_UPSERT
	                         : BY_LOOK_UP;
	bool archives = writes && sync != NULL && sync->deletes == DELETES_ARCHIVE;
	bool flags = writes && sync != NULL && sync->deletes == DELETES_FLAG;
	unsigned asks = class | (refuses ? REFUSES : 0) | (keyless ? KEYLESS : 0)
	                | (archives ? ARCHIVES : 0) | (flags ? FLAGS : 0);
	size_t at = 0, count = sizeof needs / sizeof *needs;
	while (at < count && ((needs[at].asked_by & asks) == 0
	                      || manifest_can(object, needs[at].operation)))
		at++;
	if (at == count)
		return NULL;
	if (!writes)
		*why = "a sync";
	else if ((needs[at].asked_by & class) != 0)
		*why = arena_printf(arena, "guarantee class E%d", guarantee + 1).ptr;
	else if (archives && (needs[at].asked_by & ARCHIVES) != 0)
		*why = "deletes = \"archive\"";
	else if (flags && (needs[at].asked_by & FLAGS) != 0)
		*why = "deletes = \"flag\"";
	else
		*why = refuses ? "existing = \"refuse\"" : "empty_key = \"create\"";
	return needs[at].operation;
}

bool
settings_check_side(const struct settings *settings, struct config_side *side,
                    enum settings_use use, const struct config_sync *sync,
                    struct arena *arena, struct problems *problems)
{
	const struct manifest *m = settings->manifest;
	struct checker c = { m, settings->connection, NULL, arena, problems, PROBLEM_SYNC,
	                     sync->name };
	if (side->object == NULL)
		return false;
	const struct manifest_object *object = manifest_object(m, side->object);
	if (object == NULL) {
		checker_complain(&c, side->object_at,
		                 "object: found \"%.200s\", which %s does not have%s",
		                 side->object, m->name,
		                 named_near(NAMED(m->objects, m->object_count),
		                            side->object, arena));
		return false;
	}
	if (!fit_object(&c, side, object))
		return false;
	int guarantee = settings_guarantee(settings, object);
	const char *why, *lacking = settings_lacking(object, use, guarantee, sync, arena,
	                                             &why);
	if (lacking != NULL)
		checker_complain(&c, side->object_at, "object: \"%s\" of %s cannot be %s "
		                 "(it has no \"%s\", which %s asks for)",
		                 side->object, m->name,
		                 use == SETTINGS_READ ? "read" : "written", lacking, why);
	bool crowded = use == SETTINGS_WRITE && side->writers > object->writers;
	if (crowded)
		checker_complain(&c, side->writers_at, "writers: found %lld, but %s allows %lld "
		                 "for \"%s\" at most", (long long)side->writers, m->name,
		                 (long long)object->writers, side->object);
	return lacking == NULL && !crowded;
}
