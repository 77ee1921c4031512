// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: wait until the guest has nothing left to do
 *
 * Of the boot, of the case before and of our own setup: grace periods, deferred
 * frees, hash tables that grow, and free pages, which the kernel takes from the
 * processor a few each second, for minutes after a case that had many.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "bench.h"

/* Deferred frees may come so many seconds later (KFREE_DRAIN_JIFFIES). */
#define QUIET_SECONDS	6

/* A guest that has not come to rest by then never will. */
#define MAX_SECONDS	3600

/*
 * Nanoseconds, that is instructions, which all tasks may take in a second that is
 * quiet: it is 80,000 with nothing to do, of which we ourselves take most.
 */
#define QUIET_NS	200000

/* Nanoseconds that tasks have run on the only processor. */
static int read_busy(unsigned long long *ns)
{
	FILE *file = fopen("/proc/schedstat", "r");
	char line[256];
	int err = -ENODATA;

	if (!file)
		return -errno;
	while (err && fgets(line, sizeof(line), file))
		if (sscanf(line, "cpu0 %*s %*s %*s %*s %*s %*s %llu", ns) == 1)
			err = 0;
	fclose(file);
	return err;
}

/* To a full second, so that timer ticks lie the same in every run. */
static void sleep_second(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec++;
	ts.tv_nsec = 0;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/* Time that passes while all sleep costs nothing, so this takes but a moment. */
int bench_settle(const struct bench *b)
{
	unsigned long long before, now;
	int err, quiet = 0, i;

	err = read_busy(&before);
	for (i = 0; !err && i < MAX_SECONDS; i++) {
		sleep_second();
		err = read_busy(&now);
		quiet = now - before < QUIET_NS ? quiet + 1 : 0;
		if (quiet == QUIET_SECONDS)
			return 0;
		before = now;
	}
	return bench_fail(b, err ? err : -EBUSY, "the guest does not come to rest");
}
