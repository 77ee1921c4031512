/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: a histogram of durations
 *
 * Buckets are as wide as a share of their values, as in an HDR histogram: each
 * power of two is cut into HIST_STEPS equal steps. So the room does not depend on
 * the values, nor on how many there are, and a value is known to 1/HIST_STEPS.
 */
#ifndef _HISTOGRAM_H
#define _HISTOGRAM_H

#include <stdint.h>

#define HIST_STEP_BITS	7
#define HIST_STEPS	(1U << HIST_STEP_BITS)
/* Values below HIST_STEPS have a bucket each, and so do the steps above. */
#define HIST_BUCKETS	((64 - HIST_STEP_BITS + 1) * HIST_STEPS)

/**
 * struct histogram - values and how often they came
 * @count: number of values
 * @min: the smallest, exact; UINT64_MAX if there is none
 * @max: the largest, exact
 * @sum: of all values
 * @bucket: number of values in each bucket
 */
struct histogram {
	uint64_t	count;
	uint64_t	min;
	uint64_t	max;
	double		sum;
	uint64_t	bucket[HIST_BUCKETS];
};

void hist_init(struct histogram *hist);
uint64_t hist_percentile(const struct histogram *hist, double percent);

/**
 * hist_bucket() - the bucket of a value
 * @value: the value
 */
static inline uint32_t hist_bucket(uint64_t value)
{
	uint32_t shift;

	if (value < HIST_STEPS)
		return value;
	shift = 63 - HIST_STEP_BITS - __builtin_clzll(value);
	return (shift << HIST_STEP_BITS) + (value >> shift);
}

/**
 * hist_add() - count a value
 * @hist: the histogram
 * @value: the value
 */
static inline void hist_add(struct histogram *hist, uint64_t value)
{
	hist->bucket[hist_bucket(value)]++;
	hist->count++;
	hist->sum += value;
	if (value < hist->min)
		hist->min = value;
	if (value > hist->max)
		hist->max = value;
}

/**
 * hist_mean() - the mean of all values, 0 if there is none
 * @hist: the histogram
 */
static inline double hist_mean(const struct histogram *hist)
{
	return hist->count ? hist->sum / hist->count : 0;
}

#endif /* _HISTOGRAM_H */
