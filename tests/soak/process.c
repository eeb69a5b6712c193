/* SPDX-License-Identifier: Apache-2.0
 *
 * process.c - see process.h. */
#include "tests/soak/process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exact, while what /proc/PID/status says is some pages late. */
static long
memory_kb(pid_t pid)
{
	char path[64], line[200];
	long kb = 0;
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	FILE *f = fopen(path, "re");
	while (f != NULL && kb == 0 && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "Anonymous: %ld", &kb) != 1)
			kb = 0;
	if (f != NULL)
		fclose(f);
	return kb;
}

static long
entries(pid_t pid, const char *of)
{
	char path[64];
	long count = 0;
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, of);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		count += e->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return count;
}

bool
process_sample(struct process_watch *w, int span)
{
	long now[PROCESS_FIGURES] = {
		[PROCESS_MEMORY_KB] = memory_kb(w->pid), [PROCESS_FDS] = entries(w->pid, "fd"),
		[PROCESS_THREADS] = entries(w->pid, "task"),
	};
	if (now[PROCESS_MEMORY_KB] == 0)
		return false;
	if (w->count[span] == PROCESS_SAMPLES)
		return true;
	for (size_t i = 0; i < PROCESS_FIGURES; i++)
		w->samples[span][i][w->count[span]] = now[i];
	w->count[span]++;
	return true;
}

static int
compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;
	return (x > y) - (x < y);
}

long
process_holds(const struct process_watch *w, int span, enum process_figure figure)
{
	long sorted[PROCESS_SAMPLES];
	size_t count = w->count[span];
	memcpy(sorted, w->samples[span][figure], sizeof sorted);
	qsort(sorted, count, sizeof *sorted, compare);
	return count == 0 ? 0 : sorted[figure == PROCESS_MEMORY_KB ? 0 : count / 2];
}
