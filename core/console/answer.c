/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.c - parameters of a request, and answers that say no; see console.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/json_out.h"
#include "base/text.h"
#include "base/texts.h"
#include "console/console.h"


const char *
request_param(const struct request *q, const char *name)
{
	for (size_t i = q->param_count; i > 0; i--)
		if (strcmp(q->params[i - 1].name, name) == 0)
			return q->params[i - 1].value;
	return NULL;
}

bool
request_add(struct request *q, const char *name, const char *value)
{
	if (q->param_count == REQUEST_PARAMS_MAX)
		return false;
	if (q->param_count == q->param_room) {
		size_t room = q->param_room * 2 + 16;
		struct param *more = arena_new_array(q->arena, room, struct param);
		if (q->param_count > 0)
			memcpy(more, q->params, q->param_count * sizeof *more);
		q->params = more;
		q->param_room = room;
	}
	q->params[q->param_count++] = (struct param){ arena_str(q->arena, name),
		                                      arena_str(q->arena, value) };
	return true;
}

void
answer_error(const struct request *q, struct answer *a, int status,
             const struct rk_err *err)
{
	BUF_AUTO told = BUF_INIT(64 * 1024);
	struct json_out j = { .out = &a->body };
	texts_add(&told, q->lang, text_of(err->message));
	buf_reset(&a->body);
	a->status = status;
	a->type = "application/json";
	json_open(&j, NULL, '{');
	json_open(&j, "errors", '[');
	json_open(&j, NULL, '{');
	json_null(&j, "about");
	json_text(&j, "category", text_of(err_category_name(err->category)));
	json_text(&j, "code", text_of(err->code));
	json_text(&j, "message", buf_text(&told));
	json_close(&j, '}');
	json_close(&j, ']');
	json_number(&j, "exit_code", EXIT_USAGE);
	json_close(&j, '}');
	buf_addc(&a->body, '\n');
}

void
answer_refuse(const struct request *q, struct answer *a, int status, const char *code,
              const char *format, ...)
{
	struct rk_err err = ERR_INIT;
	va_list args;
	va_start(args, format);
	vsnprintf(err.message, sizeof err.message, format, args);
	va_end(args);
	err.category = status == 401 || status == 403 ? RK_CAT_PERMISSION : RK_CAT_CONFIG;
	snprintf(err.code, sizeof err.code, "%s", code);
	answer_error(q, a, status, &err);
}
