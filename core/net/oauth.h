/* SPDX-License-Identifier: Apache-2.0
 *
 * oauth.h - the access token of a connection that uses OAuth 2.0 (RFC 6749): had by a
 * login, renewed in time and after a refusal, for all channels at once.
 *
 * One renewal at a time, however many ask: in this net by its state, between a net that
 * leaves and one that comes by the lock of the token file.  Before a renewal a mark of
 * it is on the disk, and the new token is on the disk before its first use:
 *
 *     lock -> read anew (another net was faster? done) -> mark -> ask -> save -> use
 *
 * A net that dies in between leaves the mark.  Most CRMs still take the old refresh
 * token then; where one does not, the mark is how a person is told what happened.
 * Nothing that the CRM says ever removes a grant: a refusal may be mended over there. */
#ifndef NET_OAUTH_H
#define NET_OAUTH_H

#include "net/grant.h"
#include "net/login.h"
#include "net/net.h"

enum oauth_state { OAUTH_IDLE, OAUTH_LOCKING, OAUTH_ASKING };
enum oauth_work { OAUTH_NOTHING, OAUTH_RENEW, OAUTH_EXCHANGE, OAUTH_REVOKE };

struct oauth {
	struct arena arena;            /* owned: the terms */
	struct net_oauth terms;
	struct origin *origins;
	size_t origin_count;
	struct route route;
	int64_t deadline_ms;           /* Of one call to the CRM. */
	struct grant grant;            /* owned */
	bool loaded, unsaved;          /* unsaved: newer than its file. */
	bool refused;                  /* The API no longer takes the access token. */
	bool lost;                     /* A mark of an earlier renewal was found. */
	int64_t renew_ms;              /* UTC: from then on a new token is wanted. */
	int64_t renewed_at;            /* Monotonic; of a token that nothing has */
	bool unproven;                 /* accepted yet. */
	enum oauth_state state;
	enum oauth_work work, wanted;  /* wanted: what begins when this one has ended */
	int lock;                      /* owned; -1: not held */
	int64_t due, lock_until;       /* Monotonic. */
	struct request request;        /* owned */
	struct transfer transfer;      /* owned */
	int64_t calls;
	/* Why the last work failed, and not to be tried again before; monotonic. */
	int32_t status;
	struct rk_err failure;
	int64_t retry_at;
	uint64_t failed_with;          /* The secrets' changes at that time. */
	struct login login;
};

/* Takes over what a channel was opened with. */
void oauth_set(struct account *account, const struct net_open *open);
void oauth_free(struct oauth *oauth);

enum oauth_ready { OAUTH_READY, OAUTH_WAIT, OAUTH_FAILED };
/* Whether a request may be filled in with the access token now.  OAUTH_WAIT: a renewal is
 * under way, channel_resume follows. */
enum oauth_ready oauth_ready(struct net *net, struct account *account, int32_t *status,
                             struct rk_err *err);
/* The API refused the access token; whether a new one is worth a try. */
bool oauth_refused(struct account *account);
/* The API took it. */
void oauth_accepted(struct account *account);
/* Begins this as soon as nothing else is under way. */
void oauth_begin(struct net *net, struct account *account, enum oauth_work work);
/* Its call to the CRM has ended. */
void oauth_done(struct net *net, struct account *account, CURLcode result);
/* Goes on with what is due; returns when to look again (monotonic). */
int64_t oauth_wake(struct net *net, struct account *account);
/* Whether something is under way that must not be cut off. */
bool oauth_busy(const struct account *account);
/* Reads the token file, if that was not done. */
void oauth_look(struct net *net, struct account *account, struct rk_err *err);
/* What may be shown; the texts are the arena's. */
void oauth_tell(struct account *account, struct arena *arena, struct net_grant *told);

#endif
