// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: a histogram of durations
 */
#include <string.h>

#include "histogram.h"

/* The largest value that a bucket takes. */
static uint64_t bucket_end(uint32_t i)
{
	uint32_t shift;

	if (i < HIST_STEPS)
		return i;
	shift = (i >> HIST_STEP_BITS) - 1;
	return ((i - ((uint64_t)shift << HIST_STEP_BITS) + 1) << shift) - 1;
}

/**
 * hist_init() - begin
 * @hist: the histogram
 */
void hist_init(struct histogram *hist)
{
	memset(hist, 0, sizeof(*hist));
	hist->min = UINT64_MAX;
}

/**
 * hist_percentile() - a value which that share of all values does not exceed
 * @hist: the histogram
 * @percent: the share, above 0 and up to 100
 *
 * Return: the smallest such value or somewhat more, by less than 1/HIST_STEPS of
 * it; never more than the largest value. 0 if there is none.
 */
uint64_t hist_percentile(const struct histogram *hist, double percent)
{
	double want = hist->count * percent / 100;
	uint64_t seen = 0;
	uint32_t i;

	for (i = 0; i < HIST_BUCKETS; i++) {
		seen += hist->bucket[i];
		if (seen && seen >= want)
			return bucket_end(i) < hist->max ? bucket_end(i) : hist->max;
	}
	return hist->max;
}
