/* SPDX-License-Identifier: Apache-2.0
 *
 * vendor_simulator.c - a bundled simulator as the CRM that a connector is certified
 * against: requests go to it over loopback as they are, secrets filled in, and its
 * control path shows what stands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/vendor.h"

#define BODY_MAX (64u * 1024 * 1024)

/* ---- A request ----------------------------------------------------------------- */

static const char *
secret_of(const struct scenario *s, struct rk_text name)
{
	for (size_t i = 0; i < s->setting_count; i++)
		if (text_is(name, s->settings[i].from))
			return s->settings[i].to;
	return "";
}

static void
add_pieces(struct buf *out, const struct scenario *s, const struct rk_piece *pieces,
           uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (pieces[i].kind == RK_PIECE_TEXT)
			buf_addt(out, pieces[i].text);
		else
			buf_adds(out, secret_of(s, pieces[i].text));
}

static void
add_headers(struct buf *out, const struct scenario *s, const struct rk_request *r)
{
	for (uint64_t i = 0; i < r->header_count; i++) {
		buf_addt(out, r->headers[i].name);
		buf_adds(out, ": ");
		add_pieces(out, s, r->headers[i].pieces, r->headers[i].piece_count);
		buf_adds(out, "\r\n");
	}
}

/* "name: value" lines into headers, whose names become lower case. */
static void
take_headers(char *lines, struct arena *arena, struct rk_reply *reply)
{
	struct rk_header *headers = arena_new_array(arena, 64, struct rk_header);
	char *rest = lines;
	for (char *line; reply->header_count < 64 && (line = strsep(&rest, "\r\n")) != NULL;) {
		char *colon = strchr(line, ':');
		if (colon == NULL)
			continue;
		struct rk_piece *piece = arena_new(arena, struct rk_piece);
		*colon = '\0';
		for (char *at = line; *at != '\0'; at++)
			*at |= *at >= 'A' && *at <= 'Z' ? 0x20 : 0;
		piece->text = text_trim(text_of(colon + 1));
		headers[reply->header_count++] = (struct rk_header){ text_of(line), piece, 1 };
	}
	reply->headers = headers;
}

static void
take_answer(struct buf *whole, struct arena *arena, struct rk_reply *reply)
{
	char *text = arena_text(arena, buf_text(whole)).ptr == NULL ? NULL
		: (char *)(uintptr_t)arena_text(arena, buf_text(whole)).ptr;
	char *end = text != NULL ? strstr(text, "\r\n\r\n") : NULL;
	if (end == NULL || sscanf(text, "HTTP/1.%*c %d", &reply->status) != 1)
		return;
	*end = '\0';
	reply->body = (struct rk_text){ end + 4, whole->len - (size_t)(end + 4 - text) };
	take_headers(text, arena, reply);
}

static void
answer(struct crm *crm, const struct rk_request *request, struct arena *arena,
       struct rk_reply *reply)
{
	struct vendor_simulator *v = (struct vendor_simulator *)crm;
	BUF_AUTO headers = BUF_INIT(65536);
	BUF_AUTO body = BUF_INIT(BODY_MAX);
	BUF_AUTO whole = BUF_INIT(BODY_MAX);
	char *url = arena_text(arena, request->url).ptr == NULL ? NULL
		: arena_str(arena, arena_text(arena, request->url).ptr);
	char *path = url != NULL ? strstr(url, "://") : NULL;
	path = path != NULL ? strchr(path + 3, '/') : NULL;
	add_headers(&headers, v->scenario, request);
	add_pieces(&body, v->scenario, request->body, request->body_count);
	reply->status = 502;
	if (path != NULL
	    && simulator_exchange(&v->simulator, v->scenario->simulator,
	                          arena_text(arena, request->method).ptr, path,
	                          buf_str(&headers), buf_text(&body), &whole))
		take_answer(&whole, arena, reply);
}

/* ---- From behind --------------------------------------------------------------- */

static bool
control(struct vendor_simulator *v, const char *method, const char *path, const char *body,
        struct buf *out)
{
	struct rk_err unused = ERR_INIT;
	return simulator_ask(&v->simulator, v->scenario->simulator, method, path, body, out,
	                     &unused);
}

static struct rk_text
text_member(struct arena *arena, const cJSON *item, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(item, name);
	return cJSON_IsString(member) ? arena_text(arena, text_of(member->valuestring))
	                              : (struct rk_text){ NULL, 0 };
}

/* The document that records point into is kept until the next look. */
static cJSON *kept;

static bool
look(struct crm *crm, struct arena *arena, struct crm_record **records, size_t *count)
{
	struct vendor_simulator *v = (struct vendor_simulator *)crm;
	BUF_AUTO text = BUF_INIT(BODY_MAX);
	const char *path = arena_printf(arena, "/_control/records?object=%s",
	                                v->scenario->object).ptr;
	if (!control(v, "GET", path, "", &text))
		return false;
	cJSON_Delete(kept);
	kept = cJSON_Parse(buf_str(&text));
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(kept, "records"), *item = NULL;
	*records = arena_new_array(arena, (size_t)cJSON_GetArraySize(list) + 1,
	                           struct crm_record);
	*count = 0;
	cJSON_ArrayForEach(item, list)
		(*records)[(*count)++] = (struct crm_record){
			.id = text_member(arena, item, "id"),
			.modified_ms = (int64_t)cJSON_GetNumberValue(
				cJSON_GetObjectItemCaseSensitive(item, "updated_ms")),
			.gone = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "archived")),
			.values = cJSON_GetObjectItemCaseSensitive(item, "values") };
	return true;
}

/* Changes the last of the scenario's values, which is not its key. */
static bool
edit(struct crm *crm, struct rk_text id)
{
	struct vendor_simulator *v = (struct vendor_simulator *)crm;
	const struct scenario *s = v->scenario;
	BUF_AUTO out = BUF_INIT(BODY_MAX);
	if (s->value_count == 0)
		return false;
	const struct config_pair *value = &s->values[s->value_count - 1];
	const char *text = scenario_numbered(value->to, 900000 + v->edits++,
	                                     &v->scenario->arena);
	cJSON *ask = cJSON_CreateObject();
	cJSON_AddStringToObject(ask, "object", s->object);
	cJSON_AddStringToObject(ask, "id", id.ptr);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(ask, "values"), value->from, text);
	char *body = cJSON_PrintUnformatted(ask);
	bool done = control(v, "POST", "/_control/edit", body, &out);
	cJSON_free(body);
	cJSON_Delete(ask);
	return done;
}

static bool
remove_record(struct crm *crm, struct rk_text id)
{
	struct vendor_simulator *v = (struct vendor_simulator *)crm;
	BUF_AUTO out = BUF_INIT(BODY_MAX);
	const char *body = arena_printf(&v->scenario->arena,
	                                "{\"object\":\"%s\",\"ids\":[\"%s\"]}",
	                                v->scenario->object, id.ptr).ptr;
	return control(v, "POST", "/_control/delete", body, &out);
}

/* ---- Start --------------------------------------------------------------------- */

static void
fill_settings(struct vendor_simulator *v)
{
	struct scenario *s = v->scenario;
	for (size_t i = 0; i < s->setting_count; i++) {
		const char *to = s->settings[i].to;
		if (strcmp(to, "${simulator}") == 0)
			to = arena_printf(&s->arena, "http://127.0.0.1:%u",
			                  simulator_port(&v->simulator, s->simulator)).ptr;
		else if (strcmp(to, "${token}") == 0)
			to = arena_printf(&s->arena, "sim-%s-token", s->simulator).ptr;
		s->settings[i].to = to;
	}
}

bool
vendor_simulator_start(struct vendor_simulator *v, struct scenario *scenario,
                       struct rk_err *err)
{
	const char *const crms[] = { "--no-limits", scenario->simulator, NULL };
	BUF_AUTO out = BUF_INIT(BODY_MAX);
	*v = (struct vendor_simulator){ .scenario = scenario,
		.crm = { .answer = answer, .look = look, .edit = edit,
			 .remove = remove_record } };
	if (!simulator_start(&v->simulator, crms, err))
		return false;
	fill_settings(v);
	const char *body = arena_printf(&scenario->arena, "{\"object\":\"%s\",\"count\":%lld}",
	                                scenario->object, (long long)scenario->records).ptr;
	if (simulator_ask(&v->simulator, scenario->simulator, "POST", "/_control/seed", body,
	                  &out, err))
		return true;
	vendor_simulator_stop(v);
	return false;
}

void
vendor_simulator_stop(struct vendor_simulator *v)
{
	simulator_stop(&v->simulator);
	cJSON_Delete(kept);
	kept = NULL;
}
