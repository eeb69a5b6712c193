/* SPDX-License-Identifier: Apache-2.0
 *
 * hook.c - whether a webhook comes from the CRM, and what the CRM is answered; see hook.h. */
#include "hook/hook.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "record/hash.h"

/* Adds what the signature covers, in the manifest's order. */
static void
add_covered(struct buf *out, const struct manifest_hook *how,
            const struct hook_request *request, const char *url)
{
	for (size_t i = 0; i < how->over_count; i++) {
		const char *part = how->over[i];
		if (strcmp(part, "method") == 0)
			buf_addt(out, request->method);
		else if (strcmp(part, "url") == 0)
			buf_adds(out, url != NULL ? url : "");
		else if (strcmp(part, "time") == 0)
			buf_addt(out, hook_header(request, how->time));
		else
			buf_addt(out, request->body);
	}
}

static bool
is_fresh(const struct manifest_hook *how, const struct hook_request *request, int64_t now_ms)
{
	int64_t at;
	if (how->time == NULL)
		return true;
	return text_int64(hook_header(request, how->time), &at) && at >= now_ms - HOOK_AGE_MS
	       && at <= now_ms + HOOK_AGE_MS;
}

/* One of the operator's own, signed as the configuration says. */
static const struct manifest_hook *
own_signature(const struct config_hook *own, struct manifest_hook *into)
{
	static const char *const body[] = { "body" };
	*into = (struct manifest_hook){ .header = own->header, .encoding = own->encoding,
	                                .over = (const char **)(uintptr_t)body,
	                                .over_count = 1 };
	return into;
}

static int32_t
lacks_proof(const struct manifest_hook *how, struct rk_err *err)
{
	if (how->header != NULL)
		return err_set(err, RK_REJECT, RK_CAT_AUTH, "this webhook has no signature (%s)",
		               how->header);
	return err_set(err, RK_REJECT, RK_CAT_AUTH, "the address of this webhook does not end in "
	               "the secret of the connection's hook");
}

int32_t
hook_prove(struct session *session, const struct hook_request *request, int64_t now_ms,
           int64_t *mark, struct rk_err *err)
{
	const struct config_hook *own = &session->connection->hook;
	struct manifest_hook written;
	const struct manifest_hook *how = own->header != NULL
	                                  ? own_signature(own, &written)
	                                  : &session->manifest.hook;
	BUF_AUTO covered = BUF_INIT(2 * HOOK_BODY_MAX);
	struct net_verify verify = { .how = NET_PROOF_SECRET, .proof = request->secret };
	if (how->header != NULL) {
		verify.how = strcmp(how->encoding, "hex") == 0 ? NET_PROOF_HMAC_HEX
		                                               : NET_PROOF_HMAC_BASE64;
		verify.proof = hook_header(request, how->header);
		add_covered(&covered, how, request, own->url);
		verify.text = buf_text(&covered);
	}
	int32_t status;
	if (verify.proof.len == 0)
		status = lacks_proof(how, err);
	else if (!is_fresh(how, request, now_ms))
		status = err_set(err, RK_REJECT, RK_CAT_AUTH, "this webhook is signed with another "
		                 "time than now; look whether this machine's clock is right");
	else
		status = session_verify(session, &verify, err);
	if (status == RK_REJECT)
		text_copy(err->code, sizeof err->code, TEXT_LIT("hook-proof"));
	/* Whoever signs the body alone, and a sender of one's own, may say the same twice. */
	bool alike = (how->header != NULL && how->time == NULL)
	             || session->manifest.hook.at.line == 0;
	struct rk_text of = how->time != NULL ? verify.proof : request->body;
	*mark = alike ? 0 : hash_mark(of);
	return status;
}

bool
hook_is_object(const struct manifest *manifest, struct rk_text told, const char *object)
{
	const struct manifest_object *o = manifest_object(manifest, object);
	if (text_is(told, object))
		return true;
	for (size_t i = 0; o != NULL && i < o->told_as_count; i++)
		if (text_is(told, o->told_as[i]))
			return true;
	return false;
}

const char *
hook_answer(const struct manifest *manifest, const char **type)
{
	bool soap = manifest->hook.format != NULL
	            && strcmp(manifest->hook.format, "soap") == 0;
	*type = soap ? "text/xml" : "application/json";
	return soap ? "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/"
	              "\"><soapenv:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/"
	              "09/outbound\"><Ack>true</Ack></notificationsResponse></soapenv:Body>"
	              "</soapenv:Envelope>"
	            : "{}";
}
