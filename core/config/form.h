/* SPDX-License-Identifier: Apache-2.0
 *
 * form.h - the forms that texts in the configuration take: names, times, counts,
 * zones.  Each function returns NULL if 'text' has the form, else what was
 * expected, as the end of a sentence. */
#ifndef CONFIG_FORM_H
#define CONFIG_FORM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

const char *form_filled(const char *text);     /* Anything but blanks. */
const char *form_name(const char *text);       /* Also a file's name: contacts, a-1. */
const char *form_sha256(const char *text);
const char *form_count(const char *text);      /* 100000 */
const char *form_share(const char *text);      /* 500 or 10% */
const char *form_duration(const char *text);   /* 10s */
const char *form_breaker(const char *text);    /* 3 in 1h */
const char *form_time(const char *text);       /* 09:30 */
const char *form_window(const char *text);     /* 22:00-06:00 */
const char *form_backfill(const char *text);   /* The same, or auto */
const char *form_zone(const char *text);       /* Asia/Tokyo */
const char *form_cron(const char *text);       /* 0 9 * * 1-5 */
const char *form_weekday(const char *text);    /* sun */
const char *form_day(const char *text);        /* 2027-01-01, 12-31, sun */
const char *form_mail(const char *text);
const char *form_path(const char *text);       /* An absolute path. */
const char *form_proxy(const char *text);      /* http://proxy.example:3128 */
const char *form_redirect(const char *text);   /* http://localhost:47811/callback */
const char *form_start(const char *text);      /* all, now, 2026-01-01 */

const char *form_listen(const char *text);     /* 127.0.0.1:8080 */
const char *form_origin(const char *text);     /* https://renkei.example.jp */
const char *form_ip(const char *text);         /* 10.0.0.5 */

/* As form_day has them, from Sunday on. */
extern const char *const form_weekdays[7];
/* The parts of a text that has form_breaker; false if it has not. */
bool form_breaker_read(const char *text, int64_t *runs, int64_t *per_ms);
/* The time of a text that has form_start; CONFIG_START_*. */
int64_t form_start_ms(const char *text);

/* The address of a text that has form_listen; its length, 0 if it has not.  '*here': only
 * this machine reaches it. */
socklen_t form_listen_at(const char *text, struct sockaddr_storage *at, bool *here);

#endif
