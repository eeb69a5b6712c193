/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.h - the OAuth 2.0 side of a simulated CRM: consent, codes, tokens.  What
 * differs between vendors is a row of facts; the rest is one file.  A CRM names its
 * routes with the handlers here and asks oauth_judge at its gate. */
#ifndef SIM_OAUTH_H
#define SIM_OAUTH_H

#include "sim.h"

/* Of routes that want no token of the API, in `kind`. */
#define ROUTE_OPEN 0x1000

struct oauth_vendor {
	const char *scopes;                  /* Of the app; blank-separated. */
	int64_t life_s;                      /* Of an access token. */
	size_t access_bytes;                 /* How long one is. */
	bool basic;                          /* The client comes as HTTP Basic. */
	bool wants_state, wants_response_type;
	bool alone;                          /* Apps may ask for themselves. */
	const char *audience;                /* Of what they sign. */
	/* Body of an answer to a grant beyond the four members that all have. */
	void (*grant)(struct buf *out, const struct sim *sim, const char *scopes);
	/* An error: RFC 6749's name, and the vendor's. */
	void (*error)(struct reply *r, int status, const char *error, const char *name,
		      const char *words);
};

struct oauth *oauth_new(const struct oauth_vendor *vendor);
void oauth_free(struct oauth *oauth);

enum oauth_verdict { OAUTH_UNKNOWN, OAUTH_EXPIRED, OAUTH_GOOD };
/* What a bearer token is worth now; '*scopes' and '*expired_s' where it is known. */
enum oauth_verdict oauth_judge(const struct request *q, struct text token,
			       const char **scopes, int64_t *expired_s);

route_fn oauth_authorize, oauth_token, oauth_revoke, oauth_introspect;
/* What is wrong with a signed claim (RFC 7523); NULL: nothing. */
struct jwt_terms {
	const char *issuer, *subject, *audience, *key;
};
const char *oauth_claim_fault(const struct request *q, const struct jwt_terms *terms,
			      struct text assertion);

/* What the app is from 'now_ms' on; NULL: as it was. */
void oauth_become(struct oauth *oauth, const struct json *change, int64_t now_ms);
/* GET and POST /_control/oauth */
route_fn oauth_look, oauth_change;

#endif
