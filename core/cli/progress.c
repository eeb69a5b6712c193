/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.c - see progress.h. */
#include "cli/progress.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/width.h"

#define CELLS 20
#define PACE_MS 2000                   /* Before it is believed. */

static int64_t
settled(const struct sync_counts *c)
{
	return c->created + c->updated + c->archived + c->unchanged + c->excluded
	       + c->failed;
}

static void
add_bar(struct buf *out, int64_t done, int64_t of)
{
	int64_t full = of > 0 ? done * CELLS / of : 0;
	if (full < 0 || full > CELLS)
		full = full < 0 ? 0 : CELLS;
	buf_addc(out, '[');
	for (int64_t i = 0; i < CELLS; i++)
		buf_addc(out, i < full ? '#' : '.');
	buf_addc(out, ']');
}

static void
add_count(struct buf *out, const struct app *app, enum word what, int64_t n)
{
	buf_addf(out, "  %s %lld", app_say(app, what), (long long)n);
}

/* How much longer, once a while was seen of it. */
static void
add_left(struct buf *out, struct progress *p, const struct sync_counts *c)
{
	int64_t now = clock_mono_ms(), passed = now - p->began_mono;
	int64_t come = c->listed - p->began_at;
	char text[48];
	if (p->began_mono == 0) {
		p->began_mono = now;
		p->began_at = c->listed;
	} else if (passed > PACE_MS && come > 0) {
		double left = (double)(c->about - c->listed) * (double)passed / (double)come;
		buf_addf(out, "  %s %s", app_say(p->app, W_STILL),
		         text_wait(text, (int64_t)left));
	}
}

void
progress_show(struct progress *p, const struct sync_counts *c)
{
	const struct app *app = p->app;
	if (app->quiet || app->json || !isatty(STDERR_FILENO))
		return;
	BUF_AUTO out = BUF_INIT(4096);
	buf_adds(&out, "\r\033[K");
	width_add(&out, text_of(p->name), 0, 30);
	buf_addc(&out, ' ');
	bool known = c->about > c->listed;
	add_bar(&out, known ? c->listed : settled(c), known ? c->about : c->read + c->carried);
	if (known)
		add_left(&out, p, c);
	add_count(&out, app, W_READ, c->read);
	add_count(&out, app, W_WRITTEN, c->created + c->updated + c->archived);
	add_count(&out, app, W_FAILED, c->failed);
	io_write_all(STDERR_FILENO, buf_str(&out), out.len);
	p->shown = true;
}

void
progress_end(struct progress *p)
{
	static const char clear[] = "\r\033[K";
	if (p->shown)
		io_write_all(STDERR_FILENO, clear, sizeof clear - 1);
	p->shown = false;
}
