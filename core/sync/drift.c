/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.c - fields that are not what they were: what the sync uses of a side, and what the
 * target requires, is kept with the sync; a description that differs is told as a list of
 * changes, each with the lines of the mapping that it breaks, before a record fails of it.
 * What is done then is the sync's own policy. */
#include "sync/drift.h"

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "record/value.h"
#include "store/override.h"
#include "sync/state.h"

#define NAME(text) (int)(text).len, (text).ptr

static const char *
side_name(const struct drift_look *l)
{
	return l->target ? "to" : "from";
}

static const char *
refused_name(const struct drift_look *l)
{
	return l->target ? STORE_DRIFT_REFUSED "to" : STORE_DRIFT_REFUSED "from";
}

/* In a transaction. */
static bool
put_all(struct run *run, const struct drift_look *l, int64_t refused)
{
	for (size_t i = 0; i < l->count; i++) {
		l->list[i].refused = refused;
		if (!store_drift_put(run->store, &l->list[i], &run->err))
			return false;
	}
	return run->sync->drift != DRIFT_REFUSE
	       || store_number_put(run->store, refused_name(l), refused, &run->err);
}

static bool
keep(struct run *run, const struct drift_look *l, struct rk_text body)
{
	return (store_begin(run->store, &run->err)
	        && store_fields_put(run->store, side_name(l), body, &run->err)
	        && put_all(run, l, 0) && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

static void
tell(const struct run *run, const struct drift_look *l)
{
	for (size_t i = 0; i < l->count; i++)
		log_info("sync.drift", "sync=%s connection=%s object=%s: %.*s",
		         l->sync->name, l->side->connection, l->side->object,
		         NAME(l->list[i].what));
	if (l->count > 0 && run->options->drifted != NULL)
		run->options->drifted(run->options->with, l->list, l->count);
}

static bool
end_run(struct run *run, const struct drift_look *l, bool pauses)
{
	struct rk_err err;
	const struct drift *d = l->list;
	while (d->gravity != l->worst)
		d++;
	if (pauses)
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%.*s; the sync's drift says pause: look at "
		        "it, then \"renkei resume %s\"", NAME(d->what), run->sync->name);
	else
		err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%.*s; the sync's drift says refuse: runs "
		        "of \"%s\" end here until the configuration or the field fits",
		        NAME(d->what), run->sync->name);
	run_report_failure(run, EXIT_USAGE, &err, NULL);
	run->source.stopped = run->target.stopped = true;
	return false;
}

/* Told once, and looked at by each run: what was known stays what it was. */
static bool
refuse(struct run *run, const struct drift_look *l, struct rk_text body)
{
	int64_t refused, sum = hash_checksum(body.ptr, body.len);
	if (!store_number_get(run->store, refused_name(l), &refused, &run->err))
		return run_store_failed(run);
	if (refused != sum) {
		tell(run, l);
		if (!store_begin(run->store, &run->err) || !put_all(run, l, sum)
		    || !store_commit(run->store, &run->err))
			return run_store_failed(run);
	}
	return end_run(run, l, false);
}

/* What was refused is what it was before. */
static bool
admit(struct run *run, const struct drift_look *l)
{
	int64_t refused = 0;
	if (run->sync->drift != DRIFT_REFUSE)
		return true;
	if (!store_number_get(run->store, refused_name(l), &refused, &run->err))
		return run_store_failed(run);
	return refused == 0
	       || (store_begin(run->store, &run->err)
	           && store_number_put(run->store, refused_name(l), 0, &run->err)
	           && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

/* The pause first: who dies in between meets the same change again. */
static bool
pause_sync(struct run *run)
{
	struct override pause = { .what = OVERRIDE_ENABLED, .name = run->sync->name, .item = "",
	                          .value = "false", .who = "drift", .at_ms = run_now(run) };
	return override_put(world_host(run->world), &pause, &run->err)
	       || run_store_failed(run);
}

static bool
heed(struct run *run, const struct drift_look *l, struct rk_text body)
{
	enum config_drift policy = run->sync->drift;
	bool pauses = policy == DRIFT_PAUSE && l->worst > DRIFT_OK;
	if (policy == DRIFT_REFUSE && l->worst == DRIFT_WILL_FAIL)
		return refuse(run, l, body);
	tell(run, l);
	if ((pauses && !pause_sync(run)) || !keep(run, l, body))
		return false;
	return !pauses || end_run(run, l, true);
}

bool
drift_look(struct run *run, bool target)
{
	BUF_AUTO body = BUF_INIT(DRIFT_FIELDS_MAX);
	struct rk_text before;
	struct drift_look l = { .sync = run->sync, .target = target, .store = run->store,
	                        .side = target ? &run->sync->to : &run->sync->from,
	                        .now = target ? &run->target_schema : &run->source_schema,
	                        .arena = &run->arena, .at_ms = run_now(run) };
	/* The first pass of a two-way run looked at both sides. */
	if (run->sync->is_back || run->options->mode != SYNC_RUN)
		return true;
	drift_encode(&l, &body);
	if (!store_fields_get(run->store, side_name(&l), &run->arena, &before, &run->err))
		return run_store_failed(run);
	if (text_eq(before, buf_text(&body)))
		return admit(run, &l);
	drift_compare(&l, before);
	return heed(run, &l, buf_text(&body));
}
