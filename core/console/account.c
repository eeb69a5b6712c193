/* SPDX-License-Identifier: Apache-2.0
 *
 * account.c - see account.h.  Keys of sessions and links are 32 random bytes, of which
 * only a hash is kept; passwords are hashed by argon2id, one at a time. */
#include "console/account.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/text.h"
#include "config/form.h"
#include "store/audit.h"

#define IDLE_MS (30 * 60000LL)
#define LONGEST_MS (12 * 3600000LL)
#define PASSWORD_MIN 10                /* Characters. */
#define PASSWORD_MAX 512               /* Bytes. */
/* A user may mistype a few times; from one address a few users may. */
#define USER_FREE 4
#define USER_MOST_MS 60000
#define PEER_FREE 10
#define PEER_MOST_MS 300000

/* ---- Sessions -------------------------------------------------------------- */

void
account_recognise(struct request *q, int64_t now_ms)
{
	struct console *c = q->console;
	unsigned char mark[USER_MARK_BYTES];
	if (q->cookie == NULL || strlen(q->cookie) != KEY_BYTES - 1)
		return;
	key_mark("session", q->cookie, mark);
	pthread_mutex_lock(&c->lock);
	if (user_session_get(c->host, mark, now_ms - LONGEST_MS, now_ms - IDLE_MS, now_ms,
	                     &q->user))
		q->session = q->cookie;
	pthread_mutex_unlock(&c->lock);
}

void
account_csrf(const struct request *q, char token[KEY_BYTES])
{
	unsigned char mark[USER_MARK_BYTES];
	key_mark("csrf", q->session, mark);
	sodium_bin2hex(token, KEY_BYTES, mark, sizeof mark);
}

/* ---- Answers --------------------------------------------------------------- */

static void
set_cookie(const struct request *q, struct answer *a, const char *key)
{
	const struct console *c = q->console;
	a->cookie = arena_printf(q->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
	                         c->cookie, key, c->tls ? "; Secure" : "",
	                         *key == '\0' ? "; Max-Age=0" : "").ptr;
}

void
account_who(struct request *q, struct answer *a)
{
	char token[KEY_BYTES] = "";
	struct json_out j = { .out = &a->body };
	bool in = q->user.name[0] != '\0';
	if (in)
		account_csrf(q, token);
	json_open(&j, NULL, '{');
	json_text(&j, "user", text_of(q->user.name));
	json_text(&j, "role", text_of(in ? user_role_name(q->user.role) : ""));
	json_text(&j, "csrf", text_of(token));
	json_close(&j, '}');
	buf_addc(&a->body, '\n');
	a->status = 200;
}

static void
broken_store(const struct request *q, struct answer *a, const struct rk_err *err)
{
	log_warn("console.store", "%s", err->message);
	answer_error(q, a, 503, err);
}

/* With the lock held. */
static bool
begin_session(struct request *q, struct answer *a, const struct user *user, int64_t now_ms)
{
	struct rk_err err = ERR_INIT;
	char key[KEY_BYTES];
	unsigned char mark[USER_MARK_BYTES];
	key_new(key);
	key_mark("session", key, mark);
	if (!user_session_put(q->console->host, mark, user->name, now_ms, &err)) {
		broken_store(q, a, &err);
		return false;
	}
	q->user = *user;
	q->session = arena_str(q->arena, key);
	set_cookie(q, a, key);
	account_who(q, a);
	return true;
}

/* ---- Logging in ------------------------------------------------------------ */

struct tries {
	char user[2 * USER_NAME_MAX + 8], peer[80];
};

static struct tries
tries_of(const struct request *q, const char *name)
{
	struct tries t;
	snprintf(t.user, sizeof t.user, "user:%s", name);
	snprintf(t.peer, sizeof t.peer, "from:%s", q->peer);
	return t;
}

/* With the lock held. */
static bool
must_wait(struct request *q, struct answer *a, const struct tries *t, int64_t now_ms)
{
	struct host *host = q->console->host;
	int64_t user = user_wait_ms(host, t->user, now_ms);
	int64_t peer = user_wait_ms(host, t->peer, now_ms);
	int64_t wait = user > peer ? user : peer;
	if (wait == 0)
		return false;
	a->retry_s = (wait + 999) / 1000;
	answer_refuse(q, a, 429, "too-many-tries", "too many attempts to log in failed; try "
	              "again in %lld seconds", (long long)a->retry_s);
	return true;
}

/* With the lock held.  A try is counted before it is known to fail, or many at once
 * would be free. */
static bool
may_try(struct request *q, struct answer *a, const char *name, struct user *user,
        int64_t now_ms)
{
	struct host *host = q->console->host;
	struct rk_err err = ERR_INIT;
	struct tries t = tries_of(q, name);
	if (must_wait(q, a, &t, now_ms))
		return false;
	if (!user_get(host, name, user))
		*user = (struct user){ .name = "" };
	if (user_failed(host, t.user, USER_FREE, USER_MOST_MS, now_ms, &err)
	    && user_failed(host, t.peer, PEER_FREE, PEER_MOST_MS, now_ms, &err))
		return true;
	broken_store(q, a, &err);
	return false;
}

static bool
password_fits(struct console *c, const struct user *user, const char *password)
{
	/* Of no password: whoever is no user takes as long as one who is. */
	static char nobody[crypto_pwhash_STRBYTES];
	pthread_mutex_lock(&c->hashing);
	if (nobody[0] == '\0'
	    && crypto_pwhash_str(nobody, "", 0, crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                         crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		nobody[0] = '\0';
	const char *hash = user->password[0] != '\0' ? user->password : nobody;
	bool fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	pthread_mutex_unlock(&c->hashing);
	return fits && user->password[0] != '\0';
}

void
account_log_in(struct request *q, struct answer *a)
{
	struct console *c = q->console;
	const char *name = request_param(q, "user"), *password = request_param(q, "password");
	int64_t now_ms = clock_now_ms();
	struct user user = { .name = "" };
	if (name == NULL || password == NULL || strlen(name) > USER_NAME_MAX
	    || strlen(password) > PASSWORD_MAX) {
		answer_refuse(q, a, 400, "bad-request", "a login needs \"user\" and \"password\"");
		return;
	}
	pthread_mutex_lock(&c->lock);
	bool may = may_try(q, a, name, &user, now_ms);
	pthread_mutex_unlock(&c->lock);
	if (!may)
		return;
	if (!password_fits(c, &user, password)) {
		log_warn("console.refused", "login user=%s from=%s",
		         form_name(name) == NULL ? name : "?", q->peer);
		answer_refuse(q, a, 401, "wrong-password", "user or password is wrong; an "
		              "operator of this machine makes a new link with \"renkei user "
		              "link NAME\"");
		return;
	}
	struct tries t = tries_of(q, name);
	pthread_mutex_lock(&c->lock);
	user_forgiven(c->host, t.user, NULL);
	user_forgiven(c->host, t.peer, NULL);
	if (begin_session(q, a, &user, now_ms))
		log_info("console.login", "user=%s from=%s", user.name, q->peer);
	pthread_mutex_unlock(&c->lock);
}

void
account_log_out(struct request *q, struct answer *a)
{
	struct console *c = q->console;
	unsigned char mark[USER_MARK_BYTES];
	struct rk_err err = ERR_INIT;
	key_mark("session", q->session, mark);
	pthread_mutex_lock(&c->lock);
	bool done = user_session_end(c->host, mark, &err);
	pthread_mutex_unlock(&c->lock);
	if (!done) {
		broken_store(q, a, &err);
		return;
	}
	q->user = (struct user){ .name = "" };
	set_cookie(q, a, "");
	account_who(q, a);
}

/* ---- Setting a password ---------------------------------------------------- */

static bool
hash_password(struct console *c, const char *password, struct user *user)
{
	_Static_assert(USER_PASSWORD_BYTES >= crypto_pwhash_STRBYTES, "a hash fits");
	pthread_mutex_lock(&c->hashing);
	bool done = crypto_pwhash_str(user->password, password, strlen(password),
	                              crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                              crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
	pthread_mutex_unlock(&c->hashing);
	return done;
}

void
account_set_password(struct request *q, struct answer *a)
{
	struct console *c = q->console;
	const char *key = request_param(q, "link"), *password = request_param(q, "password");
	int64_t now_ms = clock_now_ms();
	struct rk_err err = ERR_INIT;
	unsigned char mark[USER_MARK_BYTES];
	struct user user = { .name = "" };
	struct tries t = tries_of(q, "");
	if (key == NULL || password == NULL) {
		answer_refuse(q, a, 400, "bad-request", "setting a password needs \"link\" and "
		              "\"password\"");
		return;
	}
	if (text_utf8_count(text_of(password)) < PASSWORD_MIN
	    || strlen(password) > PASSWORD_MAX) {
		answer_refuse(q, a, 400, "weak-password", "a password has at least %d characters "
		              "and at most %d bytes", PASSWORD_MIN, PASSWORD_MAX);
		return;
	}
	key_mark("link", key, mark);
	pthread_mutex_lock(&c->lock);
	bool waits = must_wait(q, a, &t, now_ms);
	bool invited = !waits && user_invited(c->host, mark, now_ms, &user);
	if (!waits && !invited)
		user_failed(c->host, t.peer, PEER_FREE, PEER_MOST_MS, now_ms, NULL);
	pthread_mutex_unlock(&c->lock);
	if (waits)
		return;
	if (!invited) {
		answer_refuse(q, a, 401, "spent-link", "this link was used already, has run "
		              "out, or a newer one was made; \"renkei user link NAME\" makes another");
		return;
	}
	if (!hash_password(c, password, &user)) {
		answer_refuse(q, a, 503, "no-memory", "there is no memory to hash a password; "
		              "free 64 MiB, and make a new link with \"renkei user link NAME\"");
		return;
	}
	struct audit row = { .at_ms = now_ms, .who = user.name, .action = "set a password" };
	pthread_mutex_lock(&c->lock);
	if (!user_put(c->host, &user, &err) || !audit_add(c->host, &row, &err))
		broken_store(q, a, &err);
	else if (begin_session(q, a, &user, now_ms))
		log_info("console.password", "user=%s role=%s from=%s", user.name,
		         user_role_name(user.role), q->peer);
	pthread_mutex_unlock(&c->lock);
}
