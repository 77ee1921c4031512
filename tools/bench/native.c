// SPDX-License-Identifier: GPL-2.0
/*
 * bench-native: nanoseconds for each frame; runs in the guest of native.sh
 *
 * System calls are dear in user-mode Linux, and none of ours. So what counts is
 * the slope: what a round with a large batch takes more than one with a small
 * batch, for each frame that it has more. Next to it is the slope of a loop that
 * does nothing but copy, from and to the very buffers that the frames use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define NSEC_PER_SEC	1000000000ULL

#define SMALL		128
#define LARGE		512
/* What was received is returned only with the next batch. */
#define SLOTS		(2 * LARGE + 1)

/* Each repetition has so many samples of both batches, in turn. */
#define REPETITIONS	9
#define SAMPLES		256
#define ROUNDS		8	/* of a sample */

#define UNICAST(l)	.name = "native-unicast", .len = (l), .slots = SLOTS
#define DIRECT(l)	.name = "native-unicast-direct", .len = (l), \
			.slots = SLOTS, .attach_flags = VSW_ATTACH_RX_DIRECT

static const struct bench_case cases[] = {
	{ UNICAST(60) },
	{ UNICAST(1500) },
	{ DIRECT(60) },
	{ DIRECT(1500) },
	/* Buffers of 2048 bytes share a few sets of the cache; these do not. */
	{ .name = "native-unicast-spread", .len = 60, .slots = SLOTS,
	  .buf_size = 2048 + 64 },
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* memcpy() is what a program has, and it knows the processor. */
static int round_copy(struct bench *b)
{
	const struct bench_port *tx = &b->tx[0], *rx = &b->rx[0];
	const uint8_t *from = vsw_ring_buf(tx->tx, tx->buf[0]);
	uint8_t *to = vsw_ring_buf(rx->rx, rx->rx->slot[0].buf_idx);
	size_t size = tx->tx->buf_size, len = b->c.len;
	uint32_t i = b->turn % SLOTS, left;

	for (left = b->c.batch; left; left--) {
		memcpy(to + i * size, from + i * size, len);
		i = i + 1 == SLOTS ? 0 : i + 1;
	}
	b->turn += b->c.batch;
	return 0;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The value that a part of all of them, a fraction of one, is below. */
static double quantile(double *value, size_t n, double part)
{
	qsort(value, n, sizeof(*value), compare);
	return value[(size_t)((n - 1) * part)];
}

/* Nanoseconds that a round takes. */
static int sample(struct bench *b, bench_round_fn *round,
		  uint32_t batch, double *ns)
{
	uint64_t begin;
	uint32_t i;
	int err;

	b->c.batch = batch;
	begin = now();
	for (i = 0; i < ROUNDS; i++) {
		err = round(b);
		if (err)
			return err;
	}
	*ns = (double)(now() - begin) / ROUNDS;
	return 0;
}

/*
 * The host takes the processor away now and then, for longer than a sample
 * takes. So it is the better samples that tell; not the best one, which may be
 * that of a clock which was read early.
 */
static int slope(struct bench *b, bench_round_fn *round, double *ns)
{
	double small[SAMPLES], large[SAMPLES];
	size_t i;
	int err;

	for (i = 0; i < SAMPLES; i++) {
		err = sample(b, round, SMALL, &small[i]);
		if (!err)
			err = sample(b, round, LARGE, &large[i]);
		if (err)
			return err;
	}
	*ns = (quantile(large, SAMPLES, 0.25) - quantile(small, SAMPLES, 0.25)) /
	      (LARGE - SMALL);
	return 0;
}

static int measure(struct bench *b)
{
	double ns[REPETITIONS], loop[REPETITIONS], ratio[REPETITIONS];
	double frame, copy;
	size_t i;
	int err;

	for (i = 0; i < REPETITIONS; i++) {
		err = slope(b, bench_round_of(&b->c), &ns[i]);
		if (!err)
			err = slope(b, round_copy, &loop[i]);
		if (err)
			return err;
		ratio[i] = ns[i] / loop[i];
	}
	frame = quantile(ns, REPETITIONS, 0.5);
	copy = quantile(loop, REPETITIONS, 0.5);
	printf("{\"case\":\"%s\",\"len\":%u,\"ns_per_frame\":%.2f,\"loop_ns\":%.2f,\"ratio\":%.2f,",
	       b->c.name, b->c.len, frame, copy, quantile(ratio, REPETITIONS, 0.5));
	printf("\"ns_min\":%.2f,\"ns_max\":%.2f,\"loop_min\":%.2f,\"loop_max\":%.2f}\n",
	       ns[0], ns[REPETITIONS - 1], loop[0], loop[REPETITIONS - 1]);
	fflush(stdout);
	return 0;
}

static int run(const struct bench_case *c)
{
	struct bench b;
	double warm;
	int err;

	err = bench_open(&b, c);
	if (!err)
		err = slope(&b, bench_round_of(&b.c), &warm);
	if (!err)
		err = measure(&b);
	if (!err && (!b.result.received || b.result.received != b.result.sent)) {
		fprintf(stderr, "%s %u: of %llu frames sent, %llu received\n",
			c->name, c->len, (unsigned long long)b.result.sent,
			(unsigned long long)b.result.received);
		err = -1;
	}
	bench_close(&b);
	return err;
}

int main(void)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (run(&cases[i]))
			ret = 1;
	return ret;
}
