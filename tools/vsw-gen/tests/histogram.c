// SPDX-License-Identifier: GPL-2.0
/*
 * The histogram against what sorting says: percentiles are never too small, and
 * too large by less than 1/HIST_STEPS.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../lib/tests/ktap.h"
#include "../histogram.h"

#define VALUES	20000

static struct histogram hist;
static uint64_t values[VALUES];

static const double percents[] = { 0.001, 1, 50, 90, 99, 99.9, 99.99, 100 };

static uint64_t random64(void)
{
	static uint64_t state = 1;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool is_near(uint64_t value, uint64_t exact)
{
	return value >= exact && value - exact <= exact / HIST_STEPS;
}

/* Values of up to @bits bits: of all magnitudes if @skewed. */
static void test_random(int bits, bool skewed)
{
	double sum = 0;
	bool near = true, monotone = true;
	uint64_t last = 0, found;
	unsigned int i, rank;

	hist_init(&hist);
	for (i = 0; i < VALUES; i++) {
		int shift = 64 - bits + (skewed ? random64() % bits : 0);

		values[i] = random64() >> shift;
		sum += values[i];
		hist_add(&hist, values[i]);
	}
	qsort(values, VALUES, sizeof(values[0]), compare);

	for (i = 0; i < ARRAY_SIZE(percents); i++) {
		rank = ceil(VALUES * percents[i] / 100);
		found = hist_percentile(&hist, percents[i]);
		near &= is_near(found, values[(rank ?: 1) - 1]);
		monotone &= found >= last;
		last = found;
	}
	ok(near, "percentiles of %d bits%s", bits, skewed ? ", skewed" : "");
	ok(monotone, "they grow");
	ok(hist.count == VALUES && hist.min == values[0] &&
	   hist.max == values[VALUES - 1] && last == hist.max &&
	   hist_mean(&hist) == sum / VALUES, "count, least, largest and mean are exact");
}

/* Around each power of two, where a bucket ends and the next one begins. */
static void test_edges(void)
{
	bool near = true, grows = true, fits = true;
	uint32_t last = 0, at;
	int bit, step;

	for (bit = 2; bit < 64; bit++) {
		for (step = -1; step <= 1; step++) {
			uint64_t value = (1ULL << bit) + step;

			at = hist_bucket(value);
			grows &= at >= last;
			last = at;
			fits &= at < HIST_BUCKETS;
			hist_init(&hist);
			hist_add(&hist, value);
			hist_add(&hist, UINT64_MAX);
			near &= is_near(hist_percentile(&hist, 50), value);
		}
	}
	ok(near, "values next to powers of two");
	ok(grows, "buckets are in order");
	ok(fits && hist_bucket(UINT64_MAX) == HIST_BUCKETS - 1,
	   "the largest value is in the last bucket");
}

static void test_small(void)
{
	bool exact = true;
	uint64_t value;

	for (value = 0; value < 2 * HIST_STEPS; value++)
		exact &= hist_bucket(value) == value;
	ok(exact, "small values are exact");
}

static void test_empty(void)
{
	hist_init(&hist);
	ok(!hist_percentile(&hist, 50) && !hist_mean(&hist), "no values");
}

int main(void)
{
	int bits;

	ktap_begin();
	test_empty();
	test_small();
	test_edges();
	for (bits = 4; bits <= 64; bits += 20) {
		test_random(bits, false);
		test_random(bits, true);
	}
	return ktap_finish();
}
